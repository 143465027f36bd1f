"""The ways out at any moment: stopping, and leaving in a hurry."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bot.conversation.draft import Clears, Draft
from bot.conversation.scene import Scene
from flows.outcome import Message
from storage.conversations import ConversationStatus

StopWords = Literal["stop_done", "stop_done_worry", "stop_done_sent"]


def stop(scene: Scene, draft: Draft, words: StopWords) -> None:
    """They asked us to stop: nothing more is sent until they write again."""
    _go_quiet(scene, draft)
    scene.promises.stopped(scene.heard)  # who leaves in a hurry may still want to be rung when they said
    draft.say(scene, words)


def leave_in_a_hurry(scene: Scene, draft: Draft) -> None:
    """Stop, and clear the screen as far as the channel can."""
    draft.clears = on_screen(scene)
    _go_quiet(scene, draft)
    # Nothing else is said: somebody may be looking over their shoulder.
    draft.messages = [Message(scene.words(draft.memory, "quick_exit_done"))]


def on_screen(scene: Scene) -> Clears:
    """Return what both sides have sent in this chat, by the channel's references."""
    conversation = scene.conversation
    ours = [
        str(ref)
        for row in scene.uow.outbox.of_conversation(conversation.id, limit=1000)
        for ref in (row.receipt or {}).get("refs", ())
    ]
    theirs = [str(turn.message["ref"]) for turn in scene.uow.turns.of(conversation.id) if "ref" in turn.message]
    return Clears(conversation.channel, conversation.address, tuple(dict.fromkeys([*ours, *theirs])))


def _go_quiet(scene: Scene, draft: Draft) -> None:
    scene.uow.outbox.cancel_pending(scene.conversation.id, scene.now)
    scene.promises.quietened(scene.heard)
    draft.memory = replace(draft.memory, stopped=True, pending="")
    draft.status = ConversationStatus.DORMANT

"""How a conversation begins, and begins again: the first message, a stopped one taken up, a new enquiry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.channels.base import MessageKind
from bot.conversation.attachments import KEPT_WORDS, keep_attachment, say_it_is_kept
from bot.conversation.draft import Draft
from bot.conversation.incoming import Incoming
from bot.conversation.interrupted import heed_interrupt
from bot.conversation.interrupts import Interrupt
from bot.conversation.keeping import FINDS_BY_ID
from bot.conversation.replying import reply, resume
from bot.conversation.routing import audience_of_link, begun_with_words, known_from
from bot.conversation.scene import Scene
from storage.conversations import ConversationStatus

AT_THE_START = frozenset({Interrupt.GREETING, Interrupt.HELP, Interrupt.BACK, Interrupt.CHANGE, Interrupt.RESTART})
"""Said as a first message these only open the conversation, which has just begun."""

DONE_AT_ONCE = frozenset({Interrupt.STOP, Interrupt.QUICK_EXIT, Interrupt.DELETE, Interrupt.PERSON})
"""Said after they asked us to stop these are done first; anything else goes on where we were."""


def open_flow(
    scene: Scene,
    draft: Draft,
    audience: str | None,
    *,
    worry: str = "",
    facts: Mapping[str, str] | None = None,
    concern: str = "none",
) -> None:
    """Put the first question that is not answered yet. `worry` is what they have told already, in their words."""
    outcome = scene.engine(draft.memory).begin(
        audience=audience or "unknown",
        language=scene.conversation.language,
        given={**known_from(audience), **(begun_with_words(worry) if worry else {})},
        concern=concern,
        told={name: (words, scene.today.isoformat()) for name, words in (facts or {}).items()},
    )
    if audience:
        scene.uow.enquiries.set_audience(scene.conversation.enquiry_id, audience)
    draft.take(outcome)


def first_message(scene: Scene, draft: Draft, incoming: Incoming) -> None:
    """Greet; take a first message that is already the worry as the worry."""
    message = incoming.message
    audience = audience_of_link(message.payload) if message.kind is MessageKind.START else None
    worry = message.text if incoming.is_a_worry else ""
    facts = incoming.understanding.facts if worry else {}
    open_flow(scene, draft, audience, worry=worry, facts=facts, concern=incoming.heard.urgency.value)
    draft.outcome_code = "begun"
    if message.kind in (MessageKind.START, MessageKind.EDIT) or worry:
        return
    if message.kind in KEPT_WORDS:
        draft.ask_nothing()
        keep_attachment(scene, draft, scene.engine(draft.memory), incoming)
        return
    interrupt = incoming.interrupt()
    if interrupt is not None and interrupt not in AT_THE_START:
        draft.ask_nothing()
        heed_interrupt(scene, draft, scene.engine(draft.memory), interrupt, incoming)


def come_back(scene: Scene, draft: Draft, incoming: Incoming) -> None:
    """They asked us to stop, or it was not safe, and they have written again: go on where we were."""
    message = incoming.message
    draft.memory = replace(draft.memory, stopped=False)
    draft.status = ConversationStatus.ACTIVE
    interrupt = incoming.interrupt()
    if interrupt in DONE_AT_ONCE:
        heed_interrupt(scene, draft, scene.engine(draft.memory), interrupt, incoming)
    elif incoming.is_alerting or (message.choice is not None and message.prompt is not None):
        reply(scene, draft, incoming)
    else:
        if message.kind in KEPT_WORDS:
            say_it_is_kept(scene, draft, message)
        resume(scene, draft, scene.engine(draft.memory))


def begins_anew(scene: Scene, incoming: Incoming) -> bool:
    """To start again after an enquiry was sent opens a new one, except where the address is the old id."""
    if incoming.message.channel in FINDS_BY_ID or not scene.conversation.finished:
        return False
    if incoming.is_alerting:  # danger belongs to what a worker already has
        return False
    return incoming.message.kind is MessageKind.START or incoming.interrupt() is Interrupt.RESTART

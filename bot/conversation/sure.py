"""Asks whether they are sure to begin again or to delete, and does it where they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

from bot.channels.base import InboundMessage, MessageKind
from bot.conversation.draft import Draft
from bot.conversation.endings import on_screen
from bot.conversation.incoming import Incoming
from bot.conversation.interrupts import Interrupt
from bot.conversation.just_asked import sure_of
from bot.conversation.memory import Memory
from bot.conversation.presses import is_old_press
from bot.conversation.scene import Scene
from flows.answers import Given
from flows.engine import Engine
from flows.outcome import Message
from flows.reading import Expected, Option, read
from storage.conversations import ConversationStatus
from storage.erasure import erase_draft

_SURE = Expected(kind="yes_no", options=(Option("yes", "Yes", ("delete it", "start again")), Option("no", "No")))


def ask_whether_sure(scene: Scene, draft: Draft, about: Literal["restart", "delete"]) -> None:
    draft.memory = replace(draft.memory, pending=about)
    buttons = sure_of(draft.memory, scene.house.voice(scene.now)).buttons
    draft.messages.append(Message(scene.words(draft.memory, f"{about}_ask"), buttons, asks=True))


def is_about_being_sure(draft: Draft, incoming: Incoming) -> bool:
    """Whatever outranks a question outranks this one too, and a button of another question is no yes."""
    message = incoming.message
    if message.kind not in (MessageKind.TEXT, MessageKind.CHOICE) or incoming.is_alerting:
        return False
    if is_old_press(message, draft.memory):
        return False
    if _says_yes(message):
        return True
    interrupt = incoming.interrupt(answers=lambda choice: choice in ("yes", "no"))
    return interrupt is None or interrupt is Interrupt.BACK


def settle_pending(scene: Scene, draft: Draft, message: InboundMessage, engine: Engine) -> None:
    """Do what they are sure of, or go on where we were."""
    pending = draft.memory.pending
    draft.memory = replace(draft.memory, pending="")
    if not _says_yes(message):
        draft.outcome_code = f"{pending}_refused"
        draft.take(engine.repeat(draft.state, scene.words(draft.memory, "also_heard")))
        return
    draft.outcome_code = pending
    if pending == "restart":
        _restart(scene, draft, engine)
    else:
        _delete(scene, draft)


def _restart(scene: Scene, draft: Draft, engine: Engine) -> None:
    state = draft.state
    if state.is_over:
        draft.say(scene, "start_another")
        return
    for key in state.answers:
        scene.uow.answers.retire(scene.conversation.id, key, scene.now)
    draft.say(scene, "restart_done")
    # What was heard stays heard: beginning again does not take a worry back.
    draft.take(engine.begin(language=state.language, concern=state.concern))


def _delete(scene: Scene, draft: Draft) -> None:
    """A draft in which nothing worrying was heard goes; anything else is kept, and they are told why. A legal hold
    beats this too.
    """
    # held, as a legal hold is set under the same lock
    enquiry = scene.uow.enquiries.get_for_update(scene.conversation.enquiry_id)
    # Left half way with a worry in it, it was sent for them.
    sent_for_them = enquiry.submitted_at is not None and not scene.conversation.finished
    worried = sent_for_them or bool(scene.uow.concerns.of(enquiry.id))
    is_held = scene.uow.legal_holds.standing_for(enquiry.id) is not None
    if worried or is_held or enquiry.submitted_at is not None:
        draft.say(scene, _why_kept(worried=worried, sent=enquiry.submitted_at is not None))
        return
    draft.clears = on_screen(scene)
    erase_draft(scene.uow, scene.conversation, scene.now)
    scene.uow.follow_ups.cancel_of(enquiry.id, "erased", scene.now)
    draft.messages = [Message(scene.words(draft.memory, "delete_done"))]
    draft.memory = Memory(reference="")
    draft.status = ConversationStatus.CLOSED


def _why_kept(*, worried: bool, sent: bool) -> str:
    if worried:
        return "delete_kept"
    return "delete_kept_sent" if sent else "delete_kept_held"


def _says_yes(message: InboundMessage) -> bool:
    if message.choice is not None:
        return message.choice == "yes"
    found = read(message.text, _SURE, today=date.min)
    return isinstance(found, Given) and found.value == "yes"

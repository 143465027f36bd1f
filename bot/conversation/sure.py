"""Asks whether they are sure to begin again or to delete, and does it where they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
from flows.reading import Expected, read, words
from flows.reading.leave import is_question
from flows.reading.yes_no import is_thanks
from flows.state import Mode
from storage.conversations import ConversationStatus
from storage.enquiries import EnquiryRecord
from storage.erasure import erase_draft

_YES = r"(?:yes|yeah|yep|yh|yea|ye|sure)"
_WHY = r"(?:he|hes|she|shes|they|theyre|my|mum|dad|some(?:one|body)|before|because|cos|so)"
_DO_IT: Mapping[str, re.Pattern[str]] = {
    about: re.compile(
        rf"(?:(?:{_YES}|ok|okay|please|pls|just|i am|im|{words.THANKS}) )*(?:{_YES}|{do_it})"
        r"(?: (?:it|all|everything|this|that|of|the|lot|my|messages?|chat|now|quick|quickly|fast|please|pls"
        rf"|{words.THANKS}))*(?: {_WHY}\b(?!.*\b(?:no|if|wait|stop|(?:dont|do not)(?: (?:delete|start).*)?$)).*)?"
    )
    for about, do_it in {
        "delete": r"(?:delete|erase|remove|get rid of)",
        "restart": r"(?:(?:start|begin) (?:again|over|afresh)|restart)",
    }.items()
}
"""Who is watched has little time: what stands behind a yes of their own is why, and takes nothing back."""


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
    if _says_yes(message, draft.memory.pending):
        return True
    interrupt = incoming.interrupt(answers=lambda choice: choice in ("yes", "no"))
    return interrupt is None or interrupt is Interrupt.BACK


def settle_pending(scene: Scene, draft: Draft, message: InboundMessage, engine: Engine) -> None:
    """Do what they are sure of, or go on where we were."""
    pending = draft.memory.pending
    draft.memory = replace(draft.memory, pending="")
    if not _says_yes(message, pending):
        draft.outcome_code = f"{pending}_refused"
        draft.take(engine.repeat(draft.state, scene.words(draft.memory, "also_heard")))
        return
    draft.outcome_code = pending
    if pending == "restart":
        _restart(scene, draft, engine)
    elif not refuse_to_delete(scene, draft, engine):
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


def refuse_to_delete(scene: Scene, draft: Draft, engine: Engine) -> bool:
    """Say why it cannot be deleted, where it cannot, and go on where we were.

    Nobody is asked whether they are sure of what we would not do.
    """
    # held, as a legal hold is set and an enquiry is decided under the same lock
    why = _why_kept(scene, scene.uow.enquiries.get_for_update(scene.conversation.enquiry_id))
    if not why:
        return False
    draft.outcome_code = "delete"
    draft.say(scene, why)
    if draft.before.stopped or draft.state.mode is Mode.PAUSED:  # quiet they wanted it, and quiet it stays
        draft.memory = replace(draft.memory, stopped=draft.before.stopped)
        draft.status = ConversationStatus.DORMANT
    elif not draft.state.is_over:
        draft.take(engine.repeat(draft.state))
    return True


def _delete(scene: Scene, draft: Draft) -> None:
    """A draft in which nothing worrying was heard goes."""
    draft.clears = on_screen(scene)
    erase_draft(scene.uow, scene.conversation, scene.now)
    scene.uow.follow_ups.cancel_of(scene.conversation.enquiry_id, "erased", scene.now)
    draft.messages = [Message(scene.words(draft.memory, "delete_done"))]
    draft.memory = Memory(reference="")
    draft.status = ConversationStatus.CLOSED


def _why_kept(scene: Scene, enquiry: EnquiryRecord) -> str:
    """Return the id of the words that say why it is kept; nothing where it goes.

    What somebody has decided about, or is to decide, is a record, sent or not.
    """
    uow, is_sent = scene.uow, enquiry.submitted_at is not None
    if uow.concerns.of(enquiry.id) or (is_sent and not scene.conversation.finished):
        return "delete_kept"  # left half way with a worry in it, it was sent for them
    if is_sent:
        return "delete_kept_sent"
    if uow.decisions.of(enquiry.id) or uow.holds.standing_for(enquiry.id) is not None:
        return "delete_kept_decided"
    return "" if uow.legal_holds.standing_for(enquiry.id) is None else "delete_kept_held"


def _says_yes(message: InboundMessage, pending: str) -> bool:
    """Thanks with a bare "ok" are manners, and a question or half a yes is none: nothing is lost on those."""
    if message.choice is not None:
        return message.choice == "yes"
    normal = words.normalise(message.text[: words.LOOK_AT])
    if is_thanks(message.text) or is_question(normal):
        return False
    said_so = _DO_IT.get(pending)
    if said_so is not None and said_so.fullmatch(words.plain(normal)):
        return True
    sure = Expected(kind="consent", leave=frozenset({"yes"}))
    found = read(message.text, sure, today=date.min)
    return isinstance(found, Given) and found.value == "yes"

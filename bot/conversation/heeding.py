"""Heeds what a message says to a promise: an answer to its question, a wish, a chase, a wrong person."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.channels.base import MessageKind
from bot.conversation.draft import Draft
from bot.conversation.incoming import Incoming
from bot.conversation.interrupts import Interrupt, in_our_words
from bot.conversation.just_asked import asked_outside, expected_of
from bot.conversation.memory import Memory
from bot.conversation.promises import Heeded, Place, asking_message, pressed
from bot.conversation.references import asks_after, is_a_reference
from bot.conversation.scene import Scene
from flows.answers import Answer, Given, Unread
from flows.reading import read, whole_answer
from flows.state import Mode
from storage.conversations import ConversationStatus
from storage.recordings import RECORDED

SAID_TO_US = frozenset({Interrupt.PERSON, Interrupt.STOP, Interrupt.QUICK_EXIT, Interrupt.DELETE, Interrupt.CHASE})
"""Never taken as somebody's own words about how it went."""


@dataclass(frozen=True, slots=True)
class _Answered:
    """A question asked outside the flow, and the answer to it that a message holds."""

    place: Place
    option: str
    words: str


def heed_promises(scene: Scene, draft: Draft, incoming: Incoming) -> bool:
    """Do what a message asks of a promise; say whether it was that. What is not goes its own way to the flow."""
    return (
        _heed_mistake(scene, draft, incoming)
        or _heed_answer(scene, draft, _answered_outside(scene, draft.memory, incoming))
        or _heed_wish(scene, draft, incoming)
        or _heed_chase(scene, draft, incoming)
    )


def heed_press(scene: Scene, draft: Draft, incoming: Incoming) -> bool:
    """Take an answer by a button while a worker has the conversation. Words are said to the worker."""
    tapped = pressed(incoming.message.choice)
    return _heed_answer(scene, draft, None if tapped is None else _Answered(*tapped, ""))


def offer(scene: Scene, draft: Draft) -> None:
    """Say what is offered to somebody who has just sent an enquiry."""
    heeded = scene.promises.sent(scene.heard)
    if heeded is not None and heeded.asks is not None:
        _ask(scene, draft, heeded.asks)


def _heed_mistake(scene: Scene, draft: Draft, incoming: Incoming) -> bool:
    """Stop everything where they say that we have the wrong person, and say nothing of whom we wanted."""
    if incoming.message.kind is not MessageKind.TEXT or incoming.is_alerting:
        return False
    state = draft.memory.state
    begun = draft.memory.begun or (state is not None and state.is_over)
    heeded = scene.promises.mistaken(scene.heard, incoming.message.text, begun=begun)
    if heeded is None:
        return False
    scene.uow.outbox.cancel_pending(scene.conversation.id, scene.now)
    draft.messages.clear()
    return _take(scene, draft, heeded)


def _answered_outside(scene: Scene, memory: Memory, incoming: Incoming) -> _Answered | None:
    """Return the answer a message is to a question outside the flow: by its button at any time, in words while it
    is the newest. Words of danger are no answer, nor is what we are asked to do.
    """
    message = incoming.message
    tapped = pressed(message.choice)
    if tapped is not None:
        return _Answered(*tapped, "" if message.kind is MessageKind.CHOICE else message.text)
    if message.kind is not MessageKind.TEXT or message.choice is not None or memory.pending:
        return None
    asked = None if incoming.is_alerting else asked_outside(scene, memory)
    if asked is None or not message.text.strip():
        return None
    place, question = asked
    expected = expected_of(question)
    whole = _option(whole_answer(message.text, expected, today=scene.today))
    if whole:
        return _Answered(place, whole, "")
    interrupt = incoming.interrupt()
    if interrupt in SAID_TO_US or (interrupt is not None and not question.takes_any_words):
        return None
    option = _option(read(message.text, expected, today=scene.today)) if question.options else ""
    return _Answered(place, option, message.text) if option or question.takes_any_words else None


def _heed_answer(scene: Scene, draft: Draft, answered: _Answered | None) -> bool:
    if answered is None:
        return False
    return _take(scene, draft, scene.promises.answer(scene.heard, answered.place, answered.option, answered.words))


def _heed_wish(scene: Scene, draft: Draft, incoming: Incoming) -> bool:
    """Do what they ask of a promise in their own words, where no flow and no danger comes first."""
    message, state = incoming.message, draft.memory.state
    if message.kind is not MessageKind.TEXT or message.choice is not None or message.choices is not None:
        return False
    is_over = state is not None and state.is_over and not draft.memory.pending
    if not is_over or incoming.is_alerting or in_our_words(message.text) is not None:
        return False
    return _take(scene, draft, scene.promises.words(scene.heard, message.text))


def _heed_chase(scene: Scene, draft: Draft, incoming: Incoming) -> bool:
    """Say what became of something they sent before, where they ask that, and no answer of theirs is in it."""
    message, state = incoming.message, draft.memory.state
    if message.kind is not MessageKind.TEXT or incoming.is_alerting or draft.memory.pending:
        return False
    if scene.conversation.channel in RECORDED:  # it was said to the worker who writes it down
        return False
    asks = incoming.interrupt() is Interrupt.CHASE or asks_after(message.text)
    if not asks and not (is_a_reference(message.text) and (state is None or state.is_over)):
        return False
    if state is not None and scene.engine(draft.memory).names_an_answer(state, message.text):
        return False
    return _take(scene, draft, scene.promises.chased(scene.heard, message.text))


def _take(scene: Scene, draft: Draft, heeded: Heeded | None) -> bool:
    """Take what a promise led to; say whether it was one."""
    if heeded is None:
        return False
    draft.outcome_code = heeded.outcome
    draft.messages.extend(heeded.messages)
    draft.rows.extend(heeded.rows)
    draft.effects.extend(heeded.effects)
    draft.reopens = heeded.reopens
    state = draft.memory.state
    draft.memory = replace(draft.memory, stopped=False, outside="")
    if heeded.asks is not None:
        _ask(scene, draft, heeded.asks)
    elif heeded.goes_on and state is not None and not state.is_over:
        engine = scene.engine(draft.memory)
        draft.take(engine.resume(state) if state.mode is Mode.PAUSED else engine.repeat(state))
    if state is not None and state.mode is Mode.PAUSED and not heeded.goes_on:
        draft.status = ConversationStatus.DORMANT
    if heeded.ends:
        draft.memory = replace(draft.memory, stopped=True, pending="")
        draft.status = ConversationStatus.CLOSED
    return True


def _ask(scene: Scene, draft: Draft, place: Place) -> None:
    question = scene.promises.question(scene.heard, place)
    if question is not None:
        draft.messages.append(asking_message(place, question))
        draft.memory = replace(draft.memory, outside=str(place))


def _option(found: Answer | Unread | None) -> str:
    return found.value if isinstance(found, Given) and isinstance(found.value, str) else ""

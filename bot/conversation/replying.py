"""Which way a message goes while a flow is at hand: a reply to its question, or anything that is not one."""

from __future__ import annotations

from dataclasses import replace

from bot.channels.base import MessageKind
from bot.conversation.attachments import KEPT_WORDS, take_attachment
from bot.conversation.draft import Draft
from bot.conversation.incoming import Incoming
from bot.conversation.interrupted import heed_interrupt
from bot.conversation.interrupts import Interrupt, perhaps_asked_of_us
from bot.conversation.presses import is_old_press, raised_by
from bot.conversation.scene import Scene
from bot.conversation.sure import is_about_being_sure, settle_pending
from flows.engine import Engine
from flows.outcome import Message, Outcome
from flows.state import Mode


def reply(scene: Scene, draft: Draft, incoming: Incoming) -> None:
    """Give the message to whatever it belongs to, first come first served; what is left is a reply."""
    engine, state, message = scene.engine(draft.memory), draft.state, incoming.message
    if draft.memory.pending and is_about_being_sure(draft, incoming):
        settle_pending(scene, draft, message, engine)
        return
    draft.memory = replace(draft.memory, pending="")
    if message.kind is MessageKind.START:
        resume(scene, draft, engine)
    elif message.kind is MessageKind.EDIT:
        _edited(scene, draft, engine, incoming)
    elif message.kind in KEPT_WORDS:
        take_attachment(scene, draft, engine, incoming)
    elif is_old_press(message, draft.memory):
        _press_again(scene, draft, engine, incoming)
    else:
        interrupt = incoming.interrupt(
            answers=lambda choice: any(button.id == choice for button in engine.asking(state).buttons)
        )
        if interrupt is not None and not (message.choice is None and engine.names_an_answer(state, message.text)):
            heed_interrupt(scene, draft, engine, interrupt, incoming)
        elif incoming.is_empty:
            draft.outcome_code = "empty"
            draft.take(engine.repeat(state, scene.words(draft.memory, "empty_message")))
        else:
            _answer(scene, draft, engine, incoming)


def _answer(scene: Scene, draft: Draft, engine: Engine, incoming: Incoming) -> None:
    before = draft.state
    outcome = engine.reply(before, incoming.reply(), today=scene.today)
    asked = perhaps_asked_of_us(incoming.message, incoming.understanding)
    is_unanswered = outcome.state.at == before.at and outcome.state.mode is before.mode
    is_for_a_person = asked is Interrupt.PERSON
    if asked is None or not is_unanswered or incoming.is_alerting or (outcome.effects and not is_for_a_person):
        draft.take(outcome)
        return
    # it counts as a miss all the same: whoever is misunderstood again and again gets on
    misses = max(outcome.state.misses, before.misses + 1)
    draft.take(replace(outcome, state=replace(outcome.state, misses=misses), messages=()))
    heed_interrupt(scene, draft, engine, asked, incoming)


def resume(scene: Scene, draft: Draft, engine: Engine) -> None:
    """Go on where they were."""
    state = draft.state
    draft.outcome_code = "resumed"
    if state.mode is Mode.PAUSED:
        draft.take(engine.resume(state))
    elif state.is_over:
        draft.say(scene, "after_sent")
    else:
        draft.take(engine.repeat(state, scene.words(draft.memory, "resume")))


def _edited(scene: Scene, draft: Draft, engine: Engine, incoming: Incoming) -> None:
    """The old words and the new are both kept; the question at hand stands."""
    state = draft.state
    draft.outcome_code = "edited"
    heeded = engine.heed(state, incoming.heard.urgency.value) if incoming.is_alerting else Outcome(state)
    if heeded.messages:
        draft.take(heeded)
        return
    draft.messages.append(Message(scene.words(draft.memory, "edited_kept")))
    draft.memory = replace(draft.memory, state=heeded.state)


def _press_again(scene: Scene, draft: Draft, engine: Engine, incoming: Incoming) -> None:
    raised = raised_by(scene, engine, draft.state, incoming.message)
    draft.outcome_code = "old_button" if raised is None else "answered"
    draft.take(raised or engine.repeat(draft.state, scene.words(draft.memory, "old_button")))

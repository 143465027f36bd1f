"""Does what an interrupt asks: answers a digression and asks again, goes back, brings a person, stops."""

from __future__ import annotations

from bot.conversation.draft import Draft
from bot.conversation.endings import StopWords, leave_in_a_hurry, stop
from bot.conversation.heard import let_the_flow_know
from bot.conversation.incoming import Incoming
from bot.conversation.interrupts import DIGRESSIONS, Interrupt
from bot.conversation.scene import Scene
from bot.conversation.sure import ask_whether_sure, refuse_to_delete
from flows.effects import BringPerson
from flows.engine import Engine
from flows.state import State

DIGRESSION_WORDS = {
    Interrupt.PRIVACY: "privacy_short",
    Interrupt.ABOUT: "about_bot",
    Interrupt.HOURS: "hours_open",
    Interrupt.CHASE: "chase_ask",
    Interrupt.WRONG_SERVICE: "wrong_service",
    Interrupt.THANKS: "thanks_back",
    Interrupt.GREETING: "greeting_back",
    Interrupt.ABUSE: "abuse_calm",
    Interrupt.COMPLAINT: "complaint_how",
}


def heed_interrupt(scene: Scene, draft: Draft, engine: Engine, interrupt: Interrupt, incoming: Incoming) -> None:
    state = let_the_flow_know(draft, engine, incoming)
    draft.outcome_code = interrupt.value
    if interrupt in DIGRESSIONS:
        draft.take(engine.repeat(state, scene.words(draft.memory, DIGRESSION_WORDS[interrupt])))
        return
    match interrupt:
        case Interrupt.BACK:
            draft.take(engine.back(state))
        case Interrupt.CHANGE:
            draft.take(engine.change(state))
        case Interrupt.HELP:
            draft.take(engine.help(state))
        case Interrupt.PERSON:
            draft.effects.append(BringPerson("asked"))
            draft.take(engine.repeat(state, scene.words(draft.memory, "person_open")))
        case Interrupt.STOP:
            stop(scene, draft, _words_of_stopping(scene, state))
        case Interrupt.QUICK_EXIT:
            leave_in_a_hurry(scene, draft)
        case Interrupt.RESTART:
            ask_whether_sure(scene, draft, "restart")
        case Interrupt.DELETE:
            if not refuse_to_delete(scene, draft, engine):
                ask_whether_sure(scene, draft, "delete")


def _words_of_stopping(scene: Scene, state: State) -> StopWords:
    if state.is_over:
        return "stop_done_sent"
    # What worries us is not put away with the other drafts.
    return "stop_done_worry" if scene.uow.concerns.of(scene.conversation.enquiry_id) else "stop_done"

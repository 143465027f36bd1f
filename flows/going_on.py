"""Goes on to the next question without an answer, or puts the one at hand again; what is said after the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flows.answers import Answer
from flows.asking import ALERTING, Asker
from flows.effects import BringPerson, Effect, Pause, RecordConsent, Submit
from flows.model import Ask, Finish, Say
from flows.outcome import Message, Outcome
from flows.path import Place
from flows.state import Mode, State
from flows.taking import Taken
from flows.told import facts_told


def go_on(asker: Asker, state: State, messages: Sequence[Message] = (), effects: Sequence[Effect] = ()) -> Outcome:
    """Walk to the first question without an answer, saying what is to be said on the way."""
    said: list[Message] = list(messages)
    done: list[Effect] = list(effects)
    state = replace(state, mode=Mode.ASKING if state.mode is not Mode.CONFIRMING else state.mode)
    needed = _short_version(asker, state) if state.enough else None
    for place in asker.way(state):
        match place.node:
            case Say(say=key, records=purpose) if key not in state.said:
                state = replace(state, said=(*state.said, key))
                said.append(Message(asker.fixed(key, state)))
                if purpose:
                    done.append(_shown(asker, purpose, key, said[-1].text))
            case Ask() if place.key not in state.answers and (needed is None or place.key in needed):
                state = replace(state, at=place.key, misses=0, picked=())
                told = facts_told(asker, state, place)
                if told:
                    return offer(asker, state, told, said, done)
                return Outcome(state, (*said, asker.question(state, place)), tuple(done))
            case Finish() as end:
                return _finish(asker, state, end, said, done)
            case _:
                pass
    # A flow that ends nowhere is a mistake that `flows check` finds; a person is told all the same.
    state = replace(state, mode=Mode.HANDED_OVER, at="")
    said.append(Message(asker.fixed("person_open", state)))
    return Outcome(state, tuple(said), (*done, BringPerson("dead_end")))


def go_on_from(asker: Asker, taken: Taken) -> Outcome:
    return go_on(asker, taken.state, taken.messages, taken.effects)


def offer(
    asker: Asker,
    state: State,
    offered: Mapping[str, Answer],
    messages: Sequence[Message] = (),
    effects: Sequence[Effect] = (),
) -> Outcome:
    """Say back what else they told us, and ask whether it is right."""
    state = replace(state, mode=Mode.CONFIRMING, offered={**state.offered, **offered}, misses=0)
    return Outcome(state, (*messages, asker.asking_message(state, asker.offer_words(state))), tuple(effects))


def ask_again(asker: Asker, state: State, lead_in: str) -> Outcome:
    """Put the question at hand again, with words before it."""
    lead = (Message(lead_in),) if lead_in else ()
    if state.is_over or state.mode is Mode.PAUSED:
        return Outcome(state, lead) if lead else not_asking(asker, state)
    if state.mode is Mode.CONFIRMING:
        return Outcome(state, (*lead, asker.asking_message(state, asker.offer_words(state))))
    if state.mode is Mode.CHOOSING:
        return Outcome(state, (*lead, asker.asking_message(state, asker.fixed("change_which", state))))
    place = asker.place(state)
    if place is None or not isinstance(place.node, Ask):
        return Outcome(state, lead)
    return Outcome(state, (*lead, asker.question(state, place)))


def not_asking(asker: Asker, state: State) -> Outcome:
    """Answer whoever writes while nothing is asked."""
    return resume(asker, state) if state.mode is Mode.PAUSED else after_the_end(asker, state, state)


def resume(asker: Asker, state: State) -> Outcome:
    """Begin again where a paused conversation stopped: with the question that paused it."""
    stopped_at = paused_by(asker, state)
    last = stopped_at.key if stopped_at else ""
    answers = {k: a for k, a in state.answers.items() if k != last}
    opened = replace(state, mode=Mode.ASKING, answers=answers, misses=0, picked=())
    return go_on(asker, opened, [Message(asker.fixed("resume_paused", state))])


def paused_by(asker: Asker, state: State) -> Place | None:
    """Return the question whose answer paused the conversation."""
    last: Place | None = None
    for place in asker.way(state):
        if isinstance(place.node, Finish):
            break
        if isinstance(place.node, Ask) and place.key in state.answers:
            last = place
    return last


def after_the_end(asker: Asker, before: State, state: State) -> Outcome:
    """Whatever comes after sending is added for the worker; a new danger opens the danger questions."""
    if state.concern in ALERTING and before.concern not in ALERTING:
        opened = go_on(asker, replace(state, mode=Mode.ASKING))
        if not opened.state.is_over:
            return opened
    key = "line_open" if state.mode is Mode.HANDED_OVER or state.concern in ALERTING else "after_sent"
    return Outcome(state, (Message(asker.fixed(key, state)),), (BringPerson("added"),))


def _short_version(asker: Asker, state: State) -> frozenset[str]:
    return frozenset(place.key for place in asker.way(replace(state, depth="quick")))


def _shown(asker: Asker, purpose: str, key: str, text: str) -> RecordConsent:
    return RecordConsent(purpose, "shown", key, asker.voice.wording.entry(key).version, text)


def _finish(
    asker: Asker, state: State, end: Finish, messages: Sequence[Message], effects: Sequence[Effect]
) -> Outcome:
    said = (*messages, *(Message(asker.fixed(key, state)) for key in end.say))
    match end.finish:
        case "submit":
            return Outcome(replace(state, mode=Mode.FINISHED, at=""), said, (*effects, Submit()))
        case "handover":
            handed = (*effects, Submit(), BringPerson("handover"))
            return Outcome(replace(state, mode=Mode.HANDED_OVER, at=""), said, handed)
        case "pause":
            return Outcome(replace(state, mode=Mode.PAUSED, at=""), said, (*effects, Pause()))

"""Takes one answer: what is recorded, what it raises, and what joins or leaves the path because of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flows.answers import Answer, Given
from flows.asking import Asker, ask_of
from flows.conditions import at_least, chosen
from flows.effects import (
    Effect,
    RaiseConcern,
    RecordAnswer,
    RecordConsent,
    RetireAnswer,
    SetAudience,
    SetDepth,
)
from flows.model import Ask
from flows.outcome import Message, Outcome
from flows.path import Place, facts
from flows.state import Mode, State


@dataclass(frozen=True, slots=True)
class Taken:
    """The state with an answer in it, and what that leads to. Nothing is asked yet."""

    state: State
    effects: tuple[Effect, ...] = ()
    messages: tuple[Message, ...] = ()


def take(asker: Asker, state: State, place: Place, answer: Answer) -> Taken:
    ask = ask_of(place)
    turns = ask.name in asker.flow.turning_points
    was_on_path = asker.way(state).answered() if turns else {}
    old = state.answers.get(place.key)
    new = replace(state.with_answer(place.key, answer), misses=0, picked=(), mode=Mode.ASKING)
    effects: list[Effect] = []
    if old != answer or (turns and place.key not in was_on_path):
        effects.append(record(asker, place, answer, new))
    new, set_effects = _apply_sets(new, ask, answer)
    effects.extend(set_effects)
    if ask.consent and old != answer:
        effects.append(_consent(asker, place, answer, new))
    raised = _raise(asker, new, place)
    if turns:
        effects.extend(_path_changes(asker, was_on_path, raised.state, place.key))
    return Taken(raised.state, (*effects, *raised.effects), raised.messages)


def record(asker: Asker, place: Place, answer: Answer, state: State, source: str = "person") -> RecordAnswer:
    ask = ask_of(place)
    words = asker.voice.flow(ask.words, state.audience, asker.names(state, place.prefix))
    return RecordAnswer(place.key, ask.ask, words, answer, source)


def would_raise(state: State, place: Place, answer: Answer) -> bool:
    """Say whether an answer tells of danger."""
    seen = facts(state.with_answer(place.key, answer), place.prefix)
    return any(worry.when.held(seen).holds for worry in ask_of(place).raises)


def turned(asker: Asker, before: State, outcome: Outcome) -> Outcome:
    """Note what left the path or came back to it because a worry was heard."""
    if outcome.state.concern == before.concern:
        return outcome
    known = {e.key for e in outcome.effects if isinstance(e, RecordAnswer | RetireAnswer)}
    changes = _path_changes(asker, asker.way(before).answered(), outcome.state, "")
    more = [e for e in changes if e.key not in known]
    return replace(outcome, effects=(*outcome.effects, *more))


def _consent(asker: Asker, place: Place, answer: Answer, state: State) -> RecordConsent:
    ask = ask_of(place)
    given = ",".join(chosen(answer)) or type(answer).__name__.lower()
    shown = asker.voice.flow(ask.words, state.audience, asker.names(state, place.prefix))
    return RecordConsent(ask.consent, given, f"{place.section}.{ask.name}", asker.flow.version, shown)


def _path_changes(
    asker: Asker, was: Mapping[str, Place], state: State, taken: str
) -> list[RecordAnswer | RetireAnswer]:
    now = asker.way(state).answered()
    gone = [RetireAnswer(key) for key in was if key not in now]
    back = [
        record(asker, place, state.answers[key], state)
        for key, place in now.items()
        if key not in was and key != taken
    ]
    return [*gone, *back]


def _raise(asker: Asker, state: State, place: Place) -> Taken:
    effects: list[Effect] = []
    messages: list[Message] = []
    seen = facts(state, place.prefix)
    for worry in ask_of(place).raises:
        name = f"{place.key}:{worry.indicator}:{worry.urgency}"
        if not worry.when.held(seen).holds:
            continue
        state = replace(state, concern=at_least(state.concern, worry.urgency))
        if worry.say:
            messages.append(Message(asker.fixed(worry.say, state)))
        if name not in state.raised:
            state = replace(state, raised=(*state.raised, name))
            effects.append(RaiseConcern(worry.indicator, worry.urgency, worry.why))
    return Taken(state, tuple(effects), tuple(messages))


def _apply_sets(state: State, ask: Ask, answer: Answer) -> tuple[State, list[Effect]]:
    values = chosen(answer)
    if not ask.sets or not values:
        return state, []
    if isinstance(answer, Given) and not answer.checked and ask.sets == "audience" and state.audience != "unknown":
        return state, []  # words we could not read say nothing against the link they came by
    value = ask.maps.get(values[0], values[0])
    match ask.sets:
        case "audience":
            return replace(state, audience=value), [SetAudience(value)]
        case "depth":
            return replace(state, depth=value), [SetDepth(value)]
        case "language":
            return replace(state, language=value), []
    return state, []

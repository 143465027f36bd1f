"""Facts found in what they said beside the answer: kept for the questions they answer, never asked for again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.answers import Answer, Given, Unread
from flows.asking import ALERTING, WAYS, Asker, ask_of
from flows.model import Ask, Finish
from flows.outcome import Reply
from flows.path import Place
from flows.reading import read, tells_a_way
from flows.state import Mode, State


def remember(state: State, reply: Reply, today: date) -> State:
    """Keep facts for the questions they answer, however far off those are."""
    new = {fact: (words, today.isoformat()) for fact, words in reply.facts if fact not in state.told}
    return replace(state, told={**state.told, **new}) if new and state.mode is Mode.ASKING else state


def tells_ways(asker: Asker, state: State, place: Place, reply: Reply, today: date) -> bool:
    """Say whether a closed question was answered with a number and how to use it, not asked for yet."""
    ask = ask_of(place)
    if reply.choice is not None or reply.choices is not None or not ask.options or ask.or_text:
        return False
    target = next((p for p in asker.way(state).questions() if p.key == WAYS), None)
    if target is None or target.key in state.answers or target.key == place.key:
        return False
    return tells_a_way(reply.text, asker.expected(state, target), today=today)


def facts_ahead(asker: Asker, state: State, place: Place, reply: Reply, today: date) -> dict[str, Answer]:
    """Read facts for questions that are still to come, each as its own question would."""
    found: dict[str, Answer] = {}
    if state.concern in ALERTING or ask_of(place).raises:  # nothing is put between a danger and its questions
        return found
    here = ask_of(place).ask
    ahead = _ahead(asker, state, place)
    for fact, words in reply.facts:
        target = ahead.get(fact)
        if fact == here or target is None or target.key in state.answers or target.key in state.refused:
            continue
        answer = _read(asker, state, target, words, today)
        if isinstance(answer, Given):
            found[target.key] = answer
    return found


def facts_told(asker: Asker, state: State, place: Place) -> dict[str, Answer]:
    """Return what they told us before that answers the question just reached, and others on the way.

    In danger only what stands for the question itself, so that nothing more is asked for it.
    """
    if place.instance or ask_of(place).ask not in state.told:
        return {}
    found: dict[str, Answer] = {}
    for field, target in _ahead(asker, state, place).items():
        if state.concern in ALERTING and target.key != place.key:
            continue
        if field not in state.told or target.key in state.refused or target.instance:
            continue
        words, day = state.told[field]
        answer = _read(asker, state, target, words, date.fromisoformat(day))
        if isinstance(answer, Given):
            found[target.key] = answer
    return found if place.key in found else {}


def corrections(asker: Asker, state: State, reply: Reply, today: date) -> dict[str, Answer]:
    """Read facts that say otherwise than what was just offered back."""
    by_field = {
        ask_of(place).ask: place
        for place in asker.way(state)
        if isinstance(place.node, Ask) and (place.key in state.offered or place.key not in state.answers)
    }
    found: dict[str, Answer] = {}
    for fact, words in reply.facts:
        if fact in by_field:
            place = by_field[fact]
            answer = _read(asker, state, place, words, today)
            if isinstance(answer, Given) and state.offered.get(place.key) != answer:
                found[place.key] = answer
    return found


def repeats(asker: Asker, state: State, reply: Reply, today: date) -> bool:
    """Say whether they told us again all that was just offered back, and nothing else: that is a yes."""
    by_field = {ask_of(p).ask: p for p in asker.way(state).questions() if p.key in state.offered}
    told = {fact: words for fact, words in reply.facts if fact in by_field}
    if len(told) < len(state.offered):
        return False
    rest = reply.text
    for fact, words in sorted(told.items(), key=lambda said: -len(said[1])):
        answer = _read(asker, state, by_field[fact], words, today)
        if not isinstance(answer, Given) or answer.value != _value(state.offered[by_field[fact].key]):
            return False
        rest = rest.replace(words, " ")
    return "?" not in rest and not any(character.isalpha() for character in rest)


def _value(answer: Answer) -> object:
    return answer.value if isinstance(answer, Given) else None


def _read(asker: Asker, state: State, place: Place, words: str, today: date) -> Answer | Unread:
    return read(words, asker.expected(state, place), today=today, language=state.language)


def _ahead(asker: Asker, state: State, place: Place) -> dict[str, Place]:
    """Return the questions that may come, by field: in this group first, then the first of any group."""
    ahead: dict[str, Place] = {}
    for candidate in asker.way(state):
        if isinstance(candidate.node, Finish):
            break
        if isinstance(candidate.node, Ask) and candidate.key not in state.answers:
            nearer = candidate.prefix == place.prefix
            if candidate.node.ask not in ahead or nearer:
                ahead[candidate.node.ask] = candidate
    return ahead

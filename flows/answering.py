"""Takes a reply as an answer to the question at hand: one choice, several, free words, or check-your-answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.answers import Answer, Given, Skipped, Unread
from flows.asking import (
    ALERTING,
    FREE_WORDS,
    OPEN_WORDS,
    TAKEN_WHOLE,
    TO_CHECK,
    TO_CONFIRM,
    WAYS,
    Asker,
    ask_of,
)
from flows.changing import change, number_in
from flows.conditions import chosen
from flows.going_on import go_on, go_on_from, offer
from flows.misread import MISSES_BEFORE_HELP, missed, move_on, take_story
from flows.model import Ask
from flows.outcome import Message, Outcome, Reply
from flows.path import Place
from flows.reading import read, read_choice_id, read_choice_ids, whole_answer
from flows.reading.asides import Aside, aside
from flows.reading.choices import is_own_age
from flows.reading.leave import tells_of_danger
from flows.reading.places import names_a_place
from flows.reading.special import tells_of_doubt
from flows.reading.yes_no import sounds_doubtful
from flows.state import Mode, State
from flows.taking import take, would_raise
from flows.told import facts_ahead, tells_ways

OF_AN_AGE = ("age", "date", "number")


def answer(asker: Asker, state: State, reply: Reply, today: date) -> Outcome:
    place = asker.place(state)
    if place is None:
        return go_on(asker, state)
    ask = ask_of(place)
    if reply.choice == "send_now":
        return go_on(asker, replace(state, enough=True, misses=0, picked=()))
    if reply.choice == "keep" and place.key in state.answers:
        return settle(asker, state, place, state.answers[place.key], reply, today)
    if ask.kind == "choices" and state.picked and reply.text.strip().casefold() == "done":
        return _tick(asker, state, place, replace(reply, choice="done"), today)
    if ask.kind == "choices" and reply.choice is not None:
        return _tick(asker, state, place, reply, today)
    if ask.kind == "check":
        return _check(asker, state, place, reply, today)
    who = _who_they_are(asker, state, place, reply, today)
    if who is not None:
        return who
    found = _read(asker, state, place, reply, today)
    if isinstance(found, Given) and _says_no_words(state, ask, reply, today):
        return missed(asker, state, place, Unread("empty"), reply, today)
    found = _careful(asker, state, place, reply, found)
    if tells_ways(asker, state, place, reply, today):
        state = replace(state, told={**state.told, WAYS: (reply.text, today.isoformat())})
        found = _no_doubt(found, ask, reply)
    if reply.heard in ALERTING and not _stands_as_answer(found, ask, reply):
        return _spoken_over(asker, state, place, found, reply, today)
    if isinstance(found, Unread):
        return missed(asker, state, place, found, reply, today)
    return settle(asker, state, place, found, reply, today)


def settle(asker: Asker, state: State, place: Place, found: Answer, reply: Reply, today: date) -> Outcome:
    """Take the answer, raise what it raises, offer back whatever else the message told us."""
    ask = ask_of(place)
    if isinstance(found, Skipped) and not ask.optional and ask.unreadable_as:
        return missed(asker, state, place, Unread("skip_not_here"), reply, today)
    taken = take(asker, state, place, found)
    if not isinstance(found, Given) or reply.choice is not None:
        return go_on_from(asker, taken)
    offered = facts_ahead(asker, taken.state, place, reply, today)
    if offered and reply.heard not in ALERTING:
        return offer(asker, taken.state, offered, taken.messages, taken.effects)
    return go_on_from(asker, taken)


def _read(asker: Asker, state: State, place: Place, reply: Reply, today: date) -> Answer | Unread:
    expected = asker.expected(state, place)
    ask = ask_of(place)
    if ask.kind == "file" and reply.file:
        return Given({"file": reply.file}, reply.text)
    if reply.choices is not None:
        return read_choice_ids(reply.choices, expected)
    if reply.choice is not None:
        found = read_choice_id(reply.choice, expected)
        if not isinstance(found, Unread) or not reply.text:
            return found
    stated = dict(reply.facts).get(ask.ask)
    if stated and ask.kind not in TAKEN_WHOLE:
        found = read(stated, expected, today=today, language=state.language)
        if isinstance(found, Given):
            return replace(found, words=reply.text or stated)
    return read(reply.text, expected, today=today, language=state.language)


def _says_no_words(state: State, ask: Ask, reply: Reply, today: date) -> bool:
    """Say whether a question for words got a bare yes or no, or what is said to us. It is asked once more."""
    if not ask.in_words or state.misses or reply.choice is not None or reply.heard != "none":
        return False
    said = aside(reply.text)  # kept words may be a place: "I am at number 13"
    return (
        said in (Aside.ASKS_BACK, Aside.ASKS_OF_US)
        or whole_answer(reply.text, TO_CONFIRM, today=today) is not None
    )


def _careful(asker: Asker, state: State, place: Place, reply: Reply, found: Answer | Unread) -> Answer | Unread:
    """Where an answer can raise a worry, a typed yes or no with more behind it is not taken for calm.

    "No, I'm not safe" and "yes, he is here" answer another question than the one that was asked; "yes, he beats
    me" does not say that it is safe to talk to him.
    """
    ask = ask_of(place)
    if not ask.unreadable_as or reply.choice is not None or not isinstance(found, Given):
        return found
    if found.value in ask.leave and ask.unreadable_as == "not_sure" and tells_of_danger(reply.text):
        return Given("not_sure", reply.text, checked=False)
    if not ask.raises:
        return found
    if asker.names_an_answer(state, reply.text) or not sounds_doubtful(reply.text):
        return found
    if would_raise(state, place, found):
        return found
    return Given(ask.unreadable_as, reply.text, checked=False)


def _no_doubt(found: Answer | Unread, ask: Ask, reply: Reply) -> Answer | Unread:
    """ "07700 900123 text dont ring" is no doubt about a doctor. Doubt that raises a worry, or is told, stays."""
    is_doubt = isinstance(found, Given) and found.value == "not_sure"
    return Unread("yes_no") if is_doubt and not ask.raises and not tells_of_doubt(reply.text) else found


def _stands_as_answer(found: Answer | Unread, ask: Ask, reply: Reply) -> bool:
    """While danger is spoken of, free words are taken as an answer only where words are asked for."""
    if isinstance(found, Unread):
        return False
    return reply.choice is not None or ask.kind in OPEN_WORDS or ask.kind not in FREE_WORDS


def _who_they_are(asker: Asker, state: State, place: Place, reply: Reply, today: date) -> Outcome | None:
    """Take "I'm 13" for who they are, whatever was asked but an age, and ask on in the words for them."""
    if (
        reply.choice is not None
        or ask_of(place).sets
        or ask_of(place).kind in OF_AN_AGE
        or not is_own_age(reply.text)
    ):
        return None
    target = next((p for p in asker.way(state).questions() if ask_of(p).sets == "audience"), None)
    if target is None or target.key in state.answers:
        return None
    found = read(reply.text, asker.expected(state, target), today=today, language=state.language)
    return go_on_from(asker, take(asker, state, target, found)) if isinstance(found, Given) else None


def _spoken_over(
    asker: Asker, state: State, place: Place, found: Answer | Unread, reply: Reply, today: date
) -> Outcome:
    """What they told is kept as what they came to say, and the questions about danger come first."""
    story = take_story(asker, state, reply) if ask_of(place).kind not in FREE_WORDS else None
    if story is None:
        return _danger_first(asker, state, place, found, reply, today)
    outcome = _danger_first(asker, replace(story.state, misses=state.misses), place, found, reply, today)
    said, done = (*story.messages, *outcome.messages), (*story.effects, *outcome.effects)
    return replace(outcome, messages=said, effects=done)


def _danger_first(
    asker: Asker, state: State, place: Place, found: Answer | Unread, reply: Reply, today: date
) -> Outcome:
    """Danger was spoken of where an answer was wanted: its questions come first.

    Where it is one of them that was asked, a place is taken as told. Other words leave the question to be asked
    once more, and then stand as typed: whoever is in danger is not asked the same without end.
    """
    opened = go_on(asker, replace(state, misses=0, picked=()))
    is_asked_still = opened.state.mode is Mode.ASKING and opened.state.at == place.key
    is_of_a_place = ask_of(place).kind in TAKEN_WHOLE and names_a_place(reply.text)
    if is_of_a_place and not isinstance(found, Unread) and (is_asked_still or place.key in state.answers):
        return settle(asker, state, place, found, reply, today)
    if not is_asked_still:
        return opened
    if state.misses >= MISSES_BEFORE_HELP:
        return move_on(asker, state, place, reply)
    again = replace(opened.state, misses=state.misses + 1)
    return Outcome(again, (Message(asker.fixed("ask_once_more", again)), asker.question(again, place)))


def _tick(asker: Asker, state: State, place: Place, reply: Reply, today: date) -> Outcome:
    """One tap of a several-choice question ticks or unticks; `done` settles."""
    offered = [o.id for o in asker.options(state, place)]
    choice = reply.choice or ""
    if choice == "done":
        picked = read_choice_ids([o for o in offered if o in state.picked], asker.expected(state, place))
        if isinstance(picked, Unread):
            return missed(asker, replace(state, picked=()), place, picked, reply, today)
        return settle(asker, state, place, picked, reply, today)
    if choice in offered:
        picked_now = tuple(p for p in state.picked if p != choice)
        if choice not in state.picked:
            picked_now = (*picked_now, choice)
        ticked = replace(state, picked=picked_now)
        return Outcome(ticked, (replace(asker.question(ticked, place), in_place=True),))
    found = _read(asker, state, place, reply, today)
    if isinstance(found, Unread):
        return missed(asker, state, place, found, reply, today)
    return settle(asker, state, place, found, reply, today)


def _check(asker: Asker, state: State, place: Place, reply: Reply, today: date) -> Outcome:
    number = number_in(reply.text) if reply.choice is None else None
    if number is not None:
        return change(asker, state, number)
    found = (
        read_choice_id(reply.choice, TO_CHECK)
        if reply.choice is not None
        else read(reply.text, TO_CHECK, today=today, language=state.language)
    )
    match chosen(found if not isinstance(found, Unread) else None):
        case ["send"]:
            return go_on_from(asker, take(asker, state, place, Given("send", reply.text)))
        case ["change"]:
            return change(asker, state)
        case _ if reply.heard in ALERTING:
            return go_on(asker, replace(state, misses=0))
        case _:
            return missed(asker, state, place, Unread("choose_one"), reply, today)

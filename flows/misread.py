"""What follows where a reply cannot be read: other words, then help and a person, then it is taken as typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.answers import Answer, Given, Skipped, Unread
from flows.asking import FREE_WORDS, OWN_WORDS, WAYS, Asker, ask_of
from flows.effects import BringPerson
from flows.going_on import go_on, offer
from flows.model import Ask
from flows.outcome import Message, Outcome, Reply
from flows.path import Place
from flows.reading.asides import Aside, aside
from flows.reading.worries import names_only_whom
from flows.state import State
from flows.taking import Taken, take
from flows.told import facts_ahead

MISSES_BEFORE_HELP = 1
MISSES_BEFORE_MOVING_ON = 2
GIVEN_UP_BEFORE_PERSON = 3
WORDS_OF_A_WORRY = 6
"""From so many words on, what cannot be read as an answer is taken as what they came to say."""


def missed(asker: Asker, state: State, place: Place, unread: Unread, reply: Reply, today: date) -> Outcome:
    """Say it another way, then offer help and a person, then take it as typed. It never loops."""
    ask = ask_of(place)
    offered = facts_ahead(asker, state, place, reply, today)
    if offered:
        return offer(asker, state, offered)
    said = _said_to_us(ask, reply)
    told = _told_early(asker, state, place, reply) if said is None else _told_beside(asker, state, place, said)
    if told is not None:
        return told
    misses = state.misses + 1
    patience = MISSES_BEFORE_HELP if ask.unreadable_as else MISSES_BEFORE_MOVING_ON
    if misses > patience and ask.kind != "check":
        return move_on(asker, state, place, reply)
    again = replace(state, misses=misses)
    if ask.kind == "check" and misses > patience:
        helped = Message(asker.fixed("check_unread", state))  # the help for all says "skip", which fails here
        first = misses == patience + 1
        bring = (BringPerson("not_understood"),) if first else ()
        return Outcome(again, (helped, asker.question(again, place)), bring)
    if said is Aside.ASKS_BACK:
        helped = Message(asker.voice.flow(ask.help, state.audience) or asker.fixed("help_general", again))
        return Outcome(again, (helped, asker.question(again, place)))
    text = asker.error(ask, unread, state) if misses <= MISSES_BEFORE_HELP else asker.helping(ask, state)
    return Outcome(again, (asker.asking_message(again, text),))


def _told_early(asker: Asker, state: State, place: Place, reply: Reply) -> Outcome | None:
    """A worry told in answer to a closed question is kept as the worry, and not asked for again."""
    if ask_of(place).kind in FREE_WORDS:
        return None
    taken = take_story(asker, state, reply)
    if taken is None:
        return None
    thanks = Message(asker.fixed("told_early", taken.state))
    return Outcome(taken.state, (thanks, *taken.messages, asker.question(taken.state, place)), taken.effects)


def take_story(asker: Asker, state: State, reply: Reply) -> Taken | None:
    """Keep what they came to say, where it was told before it was asked for."""
    target = next((p for p in asker.way(state).questions() if p.key == OWN_WORDS), None)
    is_story = len(reply.text.split()) >= WORDS_OF_A_WORRY and not names_only_whom(reply.text)
    if WAYS in state.told and state.told[WAYS][0] == reply.text:  # how to reach them is no worry
        return None
    if reply.choice is not None or not is_story or target is None or target.key in state.answers:
        return None
    return take(asker, state, target, Given(reply.text, reply.text))


def _said_to_us(ask: Ask, reply: Reply) -> Aside | None:
    if reply.choice is not None or ask.kind == "check" or reply.heard != "none":
        return None
    found = aside(reply.text)
    return found if ask.options or found is Aside.ASKS_BACK else None


def _told_beside(asker: Asker, state: State, place: Place, said: Aside) -> Outcome | None:
    """What is said to us is no worry: it is heeded once in these words, and the question is put again."""
    is_for_us = said is Aside.ASKS_OF_US and not asker.voice.at_desk  # at the desk a worker was asked it
    key = "help_general" if is_for_us else "told_early"
    if said is Aside.ASKS_BACK or key in state.said:
        return None
    heeded = replace(state, said=(*state.said, key))
    return Outcome(heeded, (Message(asker.fixed(key, heeded)), asker.question(heeded, place)))


def move_on(asker: Asker, state: State, place: Place, reply: Reply) -> Outcome:
    """Keep the words as they were typed, and ask the next question."""
    taken = take(asker, state, place, _as_typed(place, reply))
    state = replace(taken.state, given_up=taken.state.given_up + 1)
    moved = (Message(asker.fixed("miss_moved_on", state)), *taken.messages)
    if state.given_up != GIVEN_UP_BEFORE_PERSON:
        return go_on(asker, state, moved, taken.effects)
    said = (*moved, Message(asker.fixed("person_open", state)))
    return go_on(asker, state, said, (*taken.effects, BringPerson("not_understood")))


def _as_typed(place: Place, reply: Reply) -> Answer:
    ask = ask_of(place)
    words = reply.text or reply.choice or ""
    if ask.unreadable_as:
        return Given(ask.unreadable_as, words, checked=False)
    if not words.strip():
        return Skipped()
    if ask.kind == "consent":  # neither a yes nor a no is ever written for them
        return Skipped(words)
    if ask.options:
        return Given({"choice": None, "text": words}, words, checked=False)
    return Given(words, words, checked=False)

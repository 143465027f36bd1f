"""Takes a reply to what was said back to them: right, wrong, or put right in the same breath."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.answers import Unread
from flows.asking import ALERTING, TO_CONFIRM, Asker
from flows.conditions import chosen
from flows.effects import Effect
from flows.going_on import go_on, offer
from flows.misread import MISSES_BEFORE_HELP
from flows.model import Ask
from flows.outcome import Message, Outcome, Reply
from flows.reading import read, read_choice_id
from flows.state import Mode, State
from flows.taking import take
from flows.told import corrections, repeats


def confirm(asker: Asker, state: State, reply: Reply, today: date) -> Outcome:
    found = (
        read_choice_id(reply.choice, TO_CONFIRM)
        if reply.choice is not None
        else read(reply.text, TO_CONFIRM, today=today, language=state.language)
    )
    if chosen(found if not isinstance(found, Unread) else None) == ["yes"]:
        return _accept(asker, state)
    corrected = corrections(asker, state, reply, today)
    if corrected:
        return offer(asker, state, corrected)
    if isinstance(found, Unread) and repeats(asker, state, reply, today):
        return _accept(asker, state)
    if isinstance(found, Unread) and reply.heard not in ALERTING and state.misses < MISSES_BEFORE_HELP:
        missed = replace(state, misses=state.misses + 1)
        return Outcome(missed, (asker.asking_message(missed, asker.offer_words(missed)),))
    refused = (*state.refused, *state.offered)
    dropped = replace(state, mode=Mode.ASKING, offered={}, misses=0, refused=refused)
    return go_on(asker, dropped, [Message(asker.fixed("facts_dropped", state))])


def _accept(asker: Asker, state: State) -> Outcome:
    offered = dict(state.offered)
    state = replace(state, offered={}, mode=Mode.ASKING, misses=0)
    effects: list[Effect] = []
    messages: list[Message] = []
    for key, answer in offered.items():
        place = next((p for p in asker.way(state) if p.key == key and isinstance(p.node, Ask)), None)
        if place is not None:
            taken = take(asker, state, place, answer)
            state = taken.state
            effects.extend(taken.effects)
            messages.extend(taken.messages)
    return go_on(asker, state, messages, effects)

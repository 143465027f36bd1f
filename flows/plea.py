"""Sees that a plea, "I cannot ring", is kept as the answer to nothing: the question is put again."""

from __future__ import annotations

from dataclasses import replace

from flows.asking import ALERTING, Asker
from flows.effects import RaiseConcern
from flows.going_on import ask_again, go_on
from flows.misread import MISSES_BEFORE_MOVING_ON
from flows.outcome import Outcome, Reply
from flows.reading.asides import says_only_that_they_cannot_ring
from flows.state import Mode, State


def unless_a_plea(asker: Asker, state: State, reply: Reply, led_to: Outcome) -> Outcome:
    """Return what a reply led to, and where it is only a plea, the question again.

    What rings a duty worker stands, and so does what is typed over and over: nobody is asked without end.
    """
    if reply.choice is not None or not says_only_that_they_cannot_ring(reply.text):
        return led_to
    if asker.voice.at_desk or any(isinstance(effect, RaiseConcern) for effect in led_to.effects):
        return led_to
    if led_to.state.mode is state.mode and led_to.state.answers == state.answers:
        if led_to.state.at != state.at:  # the questions of a danger that was heard
            return led_to
        return replace(ask_again(asker, led_to.state, ""), effects=led_to.effects)
    if state.misses >= MISSES_BEFORE_MOVING_ON:
        return led_to
    again = replace(state, misses=state.misses + 1)
    if reply.heard in ALERTING and state.mode is Mode.ASKING:
        opened = go_on(asker, replace(again, picked=()))
        is_asked_still = opened.state.at == state.at and opened.state.mode is Mode.ASKING
        return replace(opened, state=replace(opened.state, misses=again.misses)) if is_asked_still else opened
    return ask_again(asker, again, "")

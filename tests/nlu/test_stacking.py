"""How the views of danger are weighed: rules raise and never lower, and readers are asked only where needed."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.base import Urgency
from nlu.stacking import (
    ENGLISH,
    MULTILINGUAL,
    WORDS,
    Stack,
    Thresholds,
    Told,
    Tongue,
    fit,
    fit_thresholds,
    from_json,
    to_json,
)
from nlu.trained import Reading

_CALM = (0.9, 0.07, 0.01, 0.01, 0.01)
_GRAVE = (0.01, 0.01, 0.03, 0.25, 0.7)
_BETWEEN = (0.3, 0.2, 0.2, 0.2, 0.1)


def _reading(shares: tuple[float, ...]) -> Reading:
    return Reading(shares, {}, {})


def _told(count: int = 400) -> list[Told]:
    """Made-up messages of which every view is right four times in five, each by itself."""
    chance = random.Random(4)
    made = []
    for n in range(count):
        urgency = (Urgency.NONE, Urgency.ADVICE, Urgency.SAME_DAY, Urgency.IMMEDIATE, Urgency.EMERGENCY)[n % 5]
        readings = {}
        for name in (ENGLISH, MULTILINGUAL, WORDS):
            right = chance.random() < 0.8
            grave = urgency.rank >= 2 if right else urgency.rank < 2
            readings[name] = _reading(_GRAVE if grave else _CALM)
        phrase = Urgency.IMMEDIATE if urgency.rank >= 3 and chance.random() < 0.4 else Urgency.NONE
        made.append(Told(urgency, phrase, readings))
    return made


@pytest.fixture(scope="module")
def stack() -> Stack:
    told = _told()
    return fit_thresholds(fit(told), told, false_alerts=0.1, false_looks=0.2)


_shares = st.lists(st.floats(0.001, 1), min_size=5, max_size=5).map(lambda v: tuple(x / sum(v) for x in v))


@given(_shares, st.sampled_from(list(Urgency)), st.sampled_from(list(Urgency)))
def test_a_phrase_raises_and_never_lowers(
    stack: Stack, shares: tuple[float, ...], one: Urgency, other: Urgency
) -> None:
    """Whatever the readers make of a message, a graver phrase in it makes the whole no calmer."""
    calmer, graver = sorted((one, other), key=lambda u: u.rank)
    readings = {ENGLISH: _reading(shares)}
    before, after = stack.decide(readings, calmer), stack.decide(readings, graver)
    assert after.alert >= before.alert
    assert after.look >= before.look
    assert after.urgency.rank >= min(before.urgency.rank, Urgency.SAME_DAY.rank)


def test_who_says_it_counts() -> None:
    """A teacher who writes has mostly seen something. Whoever is not known is taken for any of them."""
    told = [
        replace(t, speaker=("professional" if t.urgency.raises_alert else "parent") if n % 3 else None)
        for n, t in enumerate(_told())
    ]
    unsure = {ENGLISH: _reading((0.3, 0.2, 0.1, 0.2, 0.2))}
    stack = fit(told)
    heard = [stack.decide(unsure, Urgency.NONE, who).alert for who in ("parent", None, "professional")]
    assert heard == sorted(heard)
    assert heard[0] < heard[1] < heard[2]
    assert stack.decide(unsure, Urgency.NONE, "a word nobody knows").alert == heard[1]
    again = from_json(json.loads(json.dumps(to_json(stack))))
    assert again == stack


@given(_shares)
def test_an_alert_is_a_look_as_well(stack: Stack, shares: tuple[float, ...]) -> None:
    """What must be read at once must be read today."""
    verdict = stack.decide({ENGLISH: _reading(shares)}, Urgency.NONE)
    assert verdict.look >= verdict.alert


def test_every_set_of_readers_has_a_scale(stack: Stack) -> None:
    """Any reader may be missing on a machine: those that are there are weighed as they deserve."""
    assert set(stack.scales) == {
        *(ENGLISH, MULTILINGUAL, WORDS, "english+multilingual", "english+words", "multilingual+words"),
        "english+multilingual+words",
    }


def _asked(stack: Stack, shares: tuple[float, ...], tongue: Tongue) -> list[str]:
    asked: list[str] = []

    def ask(name: str) -> Reading:
        asked.append(name)
        return _reading(shares)

    stack.weigh(ask, (ENGLISH, MULTILINGUAL, WORDS), Urgency.NONE, tongue=tongue)
    return asked


def test_a_sure_reader_is_enough(stack: Stack) -> None:
    """The second encoder costs as much as all else together."""
    sure = Stack(stack.scales, stack.thresholds, unsure=(0.5, 0.6))
    assert _asked(sure, _CALM, Tongue.ENGLISH) == [ENGLISH, WORDS]
    assert _asked(sure, _CALM, Tongue.OTHER) == [MULTILINGUAL, WORDS]


def test_an_unsure_reader_is_not_enough(stack: Stack) -> None:
    """Where one cannot say, two are asked; strange English is read by both in any case."""
    unsure = Stack(stack.scales, stack.thresholds, unsure=(0.0, 1.0))
    assert _asked(unsure, _BETWEEN, Tongue.ENGLISH) == [ENGLISH, WORDS, MULTILINGUAL]
    sure = Stack(stack.scales, stack.thresholds, unsure=(0.5, 0.5))
    assert MULTILINGUAL in _asked(sure, _CALM, Tongue.STRANGE)


def test_one_reader_alone_still_decides(stack: Stack) -> None:
    """A machine may have only one of them."""
    verdict, _ = stack.weigh(lambda _: _reading(_GRAVE), (WORDS,), Urgency.NONE, tongue=Tongue.ENGLISH)
    assert verdict.urgency.raises_alert


def test_thresholds_keep_the_share_of_false_alarms(stack: Stack) -> None:
    """Fitted on development: no more calm messages call a person than was asked for."""
    told = _told()
    calm = [t for t in told if t.urgency.rank < 2]
    heard = [stack.weigh(t.readings.__getitem__, tuple(t.readings), t.phrase, tongue=t.tongue)[0] for t in calm]
    alerts = sum(v.urgency.raises_alert for v in heard) / len(calm)
    assert alerts <= 0.1 + 0.02


def test_an_area_can_only_be_more_careful() -> None:
    """A setting that would hear less is not heeded."""
    own = Thresholds(0.4, 0.3, 0.5)
    assert own.no_calmer_than(Thresholds(0.9, 0.1, 1.0)) == Thresholds(0.4, 0.1, 0.5)


def test_what_is_stored_comes_back(stack: Stack) -> None:
    """The figures that ship are the figures that were fitted."""
    assert from_json(to_json(stack)) == stack

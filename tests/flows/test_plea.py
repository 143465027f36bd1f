"""Who cannot ring or speak: their plea is known, and is kept as the answer to nothing."""

from __future__ import annotations

import pytest

from flows.answers import Given
from flows.effects import RaiseConcern
from flows.loader import load_catalog, load_wording
from flows.reading.asides import cannot_ring, says_only_that_they_cannot_ring
from tests.flows.playing import Play, front_door

PLEAS = [
    "i cant call im deaf can i text 999",
    "im deaf i cant ring anyone, how do i get help",
    "i cant ring 999 he took my phone im on the school laptop",
    "i cant talk out loud how do i call 999",
    "no credit cant ring",
    "can i text 999",
    "How do I text 999?",
    "I can't ring the police, he has got my phone",
    "how do i call 999 without talking",
]
WITH_MORE = ["i cant ring 999 im at 12 high street", "he hit me again and i cant call anyone"]
NO_PLEAS = [
    "he doesnt let me call my mum",
    "i cant ring his school",
    "she cant talk yet she is 2",
    "i cant talk hes back",
    "i rang 999 already",
    "my son is deaf and cant talk",
    "i cant ring you in the day",
    "i cant talk to my mum",
    "can i text you",
    "he cant ring me",
    "my ex says i cant ring the kids",
    "i cant call it love",
]


@pytest.mark.parametrize("said", PLEAS)
def test_a_plea_is_known(said: str) -> None:
    """Whoever cannot ring is told how help is got without it."""
    assert cannot_ring(said)
    assert says_only_that_they_cannot_ring(said)


@pytest.mark.parametrize("said", WITH_MORE)
def test_a_plea_with_more_in_it_may_be_an_answer(said: str) -> None:
    """A place or a worry beside the plea is not to be lost."""
    assert cannot_ring(said)
    assert not says_only_that_they_cannot_ring(said)


@pytest.mark.parametrize("said", NO_PLEAS)
def test_what_is_no_plea_is_left_alone(said: str) -> None:
    """A child who cannot talk yet, and a partner who lets nobody ring, need other words."""
    assert not cannot_ring(said)


@pytest.mark.parametrize("said", PLEAS)
@pytest.mark.parametrize("heard", ["none", "emergency"])
def test_a_plea_is_no_place(said: str, heard: str) -> None:
    """Help is sent to the place they name: a plea there sends it nowhere."""
    play = Play.of(front_door(), audience="parent").say("yes")
    assert play.at == "whereabouts_now"
    play.say(said, heard=heard)
    assert play.at == "whereabouts_now"
    assert play.answer("whereabouts_now") is None
    assert "Where is your child now?" in play.last_words
    play.say("12 High Street")
    assert play.answer("whereabouts_now") == Given("12 High Street", "12 High Street")


def test_pleas_without_end_get_on() -> None:
    """Nobody is asked the same for ever."""
    play = Play.of(front_door(), audience="parent").say("yes").says(*["can i text 999"] * 3)
    assert play.at == "medical_help_needed"


def test_pleas_without_end_about_danger_ring() -> None:
    """What cannot be read about danger brings a person, as before."""
    play = Play.of(front_door()).says(*["can i text 999"] * 4)
    assert play.asked_for(RaiseConcern)


def test_the_address_of_999_bsl_is_the_catalogues() -> None:
    """A wrong address given to somebody in danger is worse than none."""
    text = load_wording().text("cannot_ring", "unknown", {})
    assert load_catalog().helplines["emergency_bsl"].contacts["web"] in text
    assert "register" not in text  # how to set texts up is for the area to check first
    assert text.endswith("before now.")

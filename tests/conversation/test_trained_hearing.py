"""The front door with the trained files that ship: hints reach a person, ordinary words do not."""

from __future__ import annotations

import pytest

from bot.app import build_screener
from bot.clock import SteppedClock
from flows.loader import load_catalog
from storage.database import Database
from tests.conversation.front import Outside, Sender, build_front


@pytest.fixture(scope="module")
def screener():  # type: ignore[no-untyped-def]
    return build_screener(load_catalog())


@pytest.mark.parametrize(
    "words", ["cant talk hes back", "he used to hit me, he's out next week", "my stepdad hits me"]
)
async def test_a_hint_rings_the_duty_workers(
    database: Database,
    clock: SteppedClock,
    screener,
    words: str,  # type: ignore[no-untyped-def]
) -> None:
    """Promise one, with what ships."""
    outside = Outside()
    front = build_front(database, clock=clock, outside=outside, screener=screener)
    person = Sender(outside, clock)
    await front.accept(person.says(words))
    assert outside.duty


@pytest.mark.parametrize(
    "words", ["He will not sleep", "he used to hit me, he's in prison now, I need help with the school run"]
)
async def test_ordinary_words_are_no_alarm(
    database: Database,
    clock: SteppedClock,
    screener,
    words: str,  # type: ignore[no-untyped-def]
) -> None:
    """A tired parent is not an emergency."""
    outside = Outside()
    front = build_front(database, clock=clock, outside=outside, screener=screener)
    person = Sender(outside, clock)
    await front.accept(person.says(words))
    assert not screener.screen(words).urgency.raises_alert
    assert "Where is the person who may be in danger" not in person.words

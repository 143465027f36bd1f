"""Somebody who writes in another language than English is told that they may."""

from __future__ import annotations

import pytest

from bot.clock import SteppedClock
from storage.database import Database
from tests.conversation.front import Outside, Sender, build_front, parts

APPROVED = "Tak, po polsku."


async def test_an_approved_translation_follows_the_english_words(
    database: Database, clock: SteppedClock, outside: Outside
) -> None:
    """Until an area has had it translated by a person, nothing is said that nobody here can check."""
    area = parts()[0].model_copy(update={"own_language": {"pl": APPROVED}})
    front = build_front(database, clock=clock, outside=outside, area=area)
    person = Sender(outside, clock)
    await front.accept(person.says("nie wiem co mam robić, proszę o pomoc dla mojej rodziny"))
    told = [m.text for m in outside.sent if m.address == person.address]
    assert sum(text.endswith(f"what you say private.\n\n{APPROVED}") for text in told) == 1
    assert "call 999" in told[0]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("nie wiem co mam robić", "pl"),
        ("مجھے مدد چاہیے", "ur"),
        ("I need help with school", "en"),
        ("tak", "en"),  # too short to tell
    ],
)
async def test_the_language_they_write_in_is_remembered(
    database: Database, clock: SteppedClock, outside: Outside, words: str, language: str
) -> None:
    """Dates are read in it, and a worker is told."""
    front = build_front(database, clock=clock, outside=outside)
    person = Sender(outside, clock)
    await front.accept(person.starts())
    await front.accept(person.says(words))
    assert front.conversation(person.address).language == language

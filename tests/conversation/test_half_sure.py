"""What people ask of us is heeded half sure, where their words answer nothing that was asked."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.clock import SteppedClock
from nlu.base import Understanding
from storage.database import Database
from tests.conversation.front import Front, Outside, Sender, build_front


@dataclass
class Takes:
    """Takes every message to mean this."""

    intent: str
    confidence: float
    name: str = "takes"

    async def understand(self, text: str, *, language: str = "en") -> Understanding:
        return Understanding(intent=self.intent, confidence=self.confidence)


async def _said(front: Front, person: Sender, text: str) -> str:
    await front.accept(person.starts())
    before = len(front.outside.sent)
    await front.accept(person.says(text))
    return "\n".join(m.text for m in front.outside.sent[before:] if m.address == person.address)


@pytest.mark.parametrize(
    ("intent", "text", "hears"),
    [
        ("ask_for_person", "let me speak to someone", "We have asked a worker"),
        ("ask_privacy", "who can see", "Read more:"),
        ("delete_data", "rub it all out", "delete"),
    ],
)
async def test_half_sure_is_enough_where_the_words_answer_nothing(
    sqlite_database: Database, clock: SteppedClock, outside: Outside, intent: str, text: str, hears: str
) -> None:
    """ "Choose yes, no or not sure" is no answer to somebody who asks for a person."""
    front = build_front(sqlite_database, clock=clock, outside=outside, understander=Takes(intent, 0.4))
    assert hears in await _said(front, Sender(outside, clock), text)


@pytest.mark.parametrize(
    ("intent", "confidence", "text"),
    [("ask_privacy", 0.4, "no"), ("ask_privacy", 0.3, "who can see"), ("stop", 0.4, "who can see")],
)
async def test_an_answer_stays_an_answer_and_nothing_ends_half_sure(
    sqlite_database: Database, clock: SteppedClock, outside: Outside, intent: str, confidence: float, text: str
) -> None:
    """Only what answers them or asks them again is done on half a guess."""
    front = build_front(sqlite_database, clock=clock, outside=outside, understander=Takes(intent, confidence))
    said = await _said(front, Sender(outside, clock), text)
    assert "Read more:" not in said
    assert "stopped" not in said


async def test_whoever_is_misunderstood_again_and_again_gets_on(
    sqlite_database: Database, clock: SteppedClock, outside: Outside
) -> None:
    """The same half guess each time would put the same question for ever."""
    front = build_front(sqlite_database, clock=clock, outside=outside, understander=Takes("ask_privacy", 0.4))
    person = Sender(outside, clock)
    await front.accept(person.starts())
    await front.accept(person.says("no"))
    for _ in range(3):
        await front.accept(person.says("qwerty asdf"))
    assert "role" in front.answers(front.conversation(person.address))

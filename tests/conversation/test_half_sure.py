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
    also: tuple[str, ...] = ()
    name: str = "takes"

    async def understand(self, text: str, *, language: str = "en", audience: str | None = None) -> Understanding:
        return Understanding(intent=self.intent, confidence=self.confidence, also=self.also)


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


async def test_of_several_things_asked_at_once_a_person_comes_first(
    sqlite_database: Database, clock: SteppedClock, outside: Outside
) -> None:
    """ "Can I talk to a person, and also how do I delete this" got neither."""
    understander = Takes("delete_data", 0.4, ("ask_for_person",))
    front = build_front(sqlite_database, clock=clock, outside=outside, understander=understander)
    said = await _said(front, Sender(outside, clock), "talk to a person and also how do i delete it")
    assert "We have asked a worker" in said


async def test_what_is_asked_beside_no_answer_is_heeded(
    sqlite_database: Database, clock: SteppedClock, outside: Outside
) -> None:
    """The whole reads as something told; the last part asks."""
    understander = Takes("inform", 0.9, ("ask_privacy",))
    front = build_front(sqlite_database, clock=clock, outside=outside, understander=understander)
    assert "Read more:" in await _said(front, Sender(outside, clock), "erm well. who can see this")


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


@dataclass
class Listens:
    """Keeps who it was told is writing."""

    told: list[str | None]
    name: str = "listens"

    async def understand(self, text: str, *, language: str = "en", audience: str | None = None) -> Understanding:
        self.told.append(audience)
        return Understanding()


async def test_what_is_read_is_read_knowing_who_writes(
    sqlite_database: Database, clock: SteppedClock, outside: Outside
) -> None:
    """ "I'm 17" is the child's age from a young person, and nobody's from a parent."""
    listens = Listens([])
    front = build_front(sqlite_database, clock=clock, outside=outside, understander=listens)
    person = Sender(outside, clock)
    await front.accept(person.starts())
    for text in ("no", "mum", "im 17 and my baby wont sleep"):
        await front.accept(person.says(text))
    assert listens.told[-3:] == [None, None, "parent"]

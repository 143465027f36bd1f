"""What was said to a worry a moment ago is said shorter; whoever did not hear it hears all of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SteppedClock
from bot.conversation.heard import without_promises
from bot.desk.handoffs import hand_back, take
from storage.duty_workers import DutyWorkerRecord
from tests.conversation.front import Front, Sender, parts
from tests.storage.builders import duty_worker

AGAIN = "Thank you for telling us that too."
FRIDAY_BEFORE_CLOSING = datetime(2026, 3, 6, 15, 50, tzinfo=UTC)


async def heard(front: Front, person: Sender, text: str) -> str:
    """Say it, and return what was said to it alone."""
    before = len(person.seen)
    await front.accept(person.says(text))
    return "\n".join(m.text for m in person.seen[before:])


async def taken(front: Front, person: Sender, clock: SteppedClock) -> DutyWorkerRecord:
    worker = front.database.run_now(lambda uow: duty_worker(uow, clock.now()))
    enquiry = front.enquiry(front.conversation(person.address))
    front.database.run_now(lambda uow: take(uow, front.house, enquiry, worker, clock.now()))
    await front.settle()
    return worker


async def handed_back(front: Front, person: Sender, worker: DutyWorkerRecord, clock: SteppedClock) -> None:
    enquiry = front.enquiry(front.conversation(person.address))
    front.database.run_now(lambda uow: hand_back(uow, front.house, enquiry, worker, "All said.", clock.now()))
    await front.settle()


async def test_the_same_words_are_not_said_twice_within_the_hour(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """Long words that are said again and again are no longer read."""
    await front.accept(person.starts("professional"))
    first = await heard(front, person, "bruising to the cheek of a baby of 6 months")
    clock.tick(timedelta(minutes=11))
    again = await heard(front, person, "bruising to the cheek of a baby of 6 months")
    assert "call 999" in first
    assert AGAIN not in first
    assert AGAIN in again
    assert "call 999" in again


@pytest.mark.parametrize("later", [timedelta(minutes=11), timedelta(days=2)])
async def test_who_may_harm_themself_hears_who_helps_each_time(
    front: Front, person: Sender, clock: SteppedClock, later: timedelta
) -> None:
    """A child who took more tablets needs the lines that are there for that, and not thanks."""
    await front.accept(person.starts("young_person"))
    first = await heard(front, person, "i want to die, i took tablets")
    clock.tick(later)
    again = await heard(front, person, "i took more tablets")
    for said in (first, again):
        assert "Childline" in said
    assert AGAIN not in again


@pytest.mark.parametrize(
    ("link", "words", "hears"),
    [
        ("professional", "bruising to the cheek of a baby of 6 months", "call 999"),
        ("young_person", "i want to kill myself", "Childline"),
    ],
)
async def test_what_a_worker_had_in_hand_was_not_answered_by_us(
    front: Front, person: Sender, clock: SteppedClock, link: str, words: str, hears: str
) -> None:
    """While a worker has the chat we say nothing: the first words they hear of it must name who helps."""
    await front.accept(person.starts(link))
    worker = await taken(front, person, clock)
    assert await heard(front, person, words) == ""
    await handed_back(front, person, worker, clock)
    clock.tick(timedelta(minutes=15))
    said = await heard(front, person, words)
    assert AGAIN not in said
    assert hears in said


async def test_a_worry_told_beside_a_graver_one_is_answered_when_it_is_told_alone(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """Of two worries in one breath one is answered: the other has not had its words."""
    await front.accept(person.starts("parent"))
    both = await heard(front, person, "i want to kill myself and my ex keeps hitting me and my son")
    clock.tick(timedelta(minutes=12))
    alone = await heard(front, person, "my ex keeps hitting me and my son")
    assert "option 2" in both
    assert "option 2" not in alone
    assert "call 999" in alone
    assert AGAIN not in alone


async def test_what_was_said_before_closing_is_not_what_is_said_after(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """Whoever was told "now" on Friday has to be told that nobody reads it before Monday."""
    clock.tick(FRIDAY_BEFORE_CLOSING - clock.now())
    await front.accept(person.starts("professional"))
    await heard(front, person, "bruising to the cheek of a baby of 6 months")
    clock.tick(timedelta(hours=2))
    said = await heard(front, person, "and her boyfriend hits the baby")
    assert AGAIN not in said
    assert "a worker may not see this until" in said


async def test_what_was_said_long_ago_is_said_again(front: Front, person: Sender, clock: SteppedClock) -> None:
    """Nobody looks for words of yesterday when somebody is in danger."""
    await front.accept(person.starts("professional"))
    await heard(front, person, "bruising to the cheek of a baby of 6 months")
    clock.tick(timedelta(days=1))
    assert AGAIN not in await heard(front, person, "bruising to the cheek of a baby of 6 months")


# -- the numbers before the questions of danger -------------------------------------------------------------


async def test_the_questions_of_danger_bring_the_numbers_where_nothing_else_did(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """Told to a worker and then to us, a worry is not new, so its own words are not said."""
    await front.accept(person.starts("parent"))
    worker = await taken(front, person, clock)
    assert await heard(front, person, "my ex keeps hitting me and my son") == ""
    await handed_back(front, person, worker, clock)
    clock.tick(timedelta(minutes=3))
    said = await heard(front, person, "my ex keeps hitting me and my son")
    assert "I will ask a few short questions" in said
    assert "call 999" in said
    assert front.house.area.phones.duty in said


async def test_the_numbers_are_said_once_in_one_breath(front: Front, person: Sender, clock: SteppedClock) -> None:
    """Two alarms in one breath say the same, and push the question off the screen."""
    del clock
    await front.accept(person.starts("parent"))
    said = await heard(front, person, "my ex keeps hitting me and my son")
    assert "I will ask a few short questions" in said
    assert sum("999" in m.text for m in person.seen[-3:]) == 1


@pytest.mark.parametrize("words", ["bot_says_now", "bot_says_now_young_person"])
def test_what_is_said_at_night_promises_nothing_and_asks_nothing(words: str) -> None:
    """A worker who looks "straight away" is not there before morning; the flow asks its own question next."""
    for indicator in parts()[2].indicators.values():
        said = without_promises(getattr(indicator, words))
        assert "?" not in said
        assert not re.search(r"\b(worker|passing|sending|straight away|real person)\b", said, re.IGNORECASE), (
            indicator.id
        )


def test_help_that_is_there_at_any_hour_is_kept() -> None:
    indicators = parts()[2].indicators
    assert "Childline 0800 1111" in without_promises(
        indicators["child_self_harm_suicide"].bot_says_now_young_person
    )
    assert "press 55" in without_promises(indicators["domestic_abuse"].bot_says_now)
    assert "any officer" in without_promises(indicators["forced_marriage"].bot_says_now_young_person)

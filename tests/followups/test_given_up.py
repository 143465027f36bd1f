"""What we begin goes while it is safe or not at all, and then a worker has it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.channels.base import ChannelDown, RecipientUnreachable
from bot.clock import SteppedClock
from bot.followups.kinds import FollowUpKind, promise
from storage.database import Database
from storage.follow_ups import Actor, FollowUpRecord
from storage.outbox import OutboxRecord, OutboxStatus
from storage.unit_of_work import UnitOfWork
from tests.followups.calling import DAY, HOUR, MINUTE, SECOND, Calling, Person

K = FollowUpKind
AFTERNOONS: dict[str, Any] = {
    "safe_contact_methods": {"is": "given", "value": ["reply_in_this_chat"], "words": ""},
    "safe_times": {"is": "given", "value": ["afternoons"], "words": "Afternoons"},
}
ENDS = timedelta(hours=17)
"""From midnight, in March: when afternoons end."""


@pytest.fixture
def calling(database: Database, clock: SteppedClock) -> Calling:
    return Calling(database, clock)


async def asked_for(calling: Calling, kind: FollowUpKind, at: datetime) -> tuple[Person, FollowUpRecord]:
    """Let somebody whose afternoons are safe be asked something then."""
    person = calling.person()
    await person.sends(
        "no", "a parent", "yes", "Rowan will not go to school", "short version",
        "reply in this chat", "Alex", "yes", "send",
        answers=AFTERNOONS,
    )  # fmt: skip
    conversation, now = calling.front.conversation(person.sender.address), calling.clock.now()

    def work(uow: UnitOfWork) -> FollowUpRecord:
        uow.enquiries.set_status(conversation.enquiry_id, "closed", now)
        return promise(
            uow, kind, enquiry_id=conversation.enquiry_id, conversation_id=conversation.id, due_at=at, now=now
        )

    return person, calling.do(work)


def midnight(calling: Calling) -> datetime:
    return calling.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)


def begun(calling: Calling, person: Person) -> list[OutboxRecord]:
    rows = calling.front.rows(calling.front.conversation(person.sender.address))
    return [row for row in rows if row.follow_up_id is not None]


def tasks(calling: Calling) -> list[tuple[str, str | None]]:
    found = calling.do(lambda uow: uow.follow_ups.standing(actor=Actor.WORKER))
    return [(task.kind, task.why) for task in found]


async def test_it_is_not_sent_after_the_end_of_their_safe_hours(calling: Calling) -> None:
    """The channel was down at ten to five. At half past five somebody else reads the phone."""
    at = midnight(calling) + ENDS - 10 * MINUTE
    person, made = await asked_for(calling, K.HELPED_SIGNPOST, at)
    calling.outside.fails_at[person.sender.address] = ChannelDown("down")
    await calling.until(at + SECOND, HOUR)
    [row] = begun(calling, person)
    assert (row.not_after, row.follow_up_id, row.status) == (at + 10 * MINUTE, made.id, OutboxStatus.PENDING)
    await calling.until(at + 15 * MINUTE, MINUTE / 4)
    calling.outside.fails_at.clear()
    before = len(person.sender.seen)
    await calling.until(at + 2 * DAY, HOUR)
    assert len(person.sender.seen) == before
    [row] = begun(calling, person)
    assert (row.status, row.error_code) == (OutboxStatus.FAILED, "TooLate")
    assert tasks(calling) == [(K.ANSWER_AWAITED, "too_late_to_send")]
    acts = [entry.act for entry in calling.do(lambda uow: uow.audit.of(made.enquiry_id))]
    assert "message.not_delivered" in acts
    assert "follow_up.given" in acts


async def test_a_machine_that_slept_does_not_send_it_when_it_wakes(calling: Calling) -> None:
    """It was in the outbox at four, and the machine woke at three in the morning."""
    at = midnight(calling) + ENDS - HOUR
    person, _ = await asked_for(calling, K.HELPED_SIGNPOST, at)
    calling.outside.fails_at[person.sender.address] = ChannelDown("down")
    await calling.until(at + SECOND, HOUR)
    calling.outside.fails_at.clear()
    before = len(person.sender.seen)
    calling.clock.tick(11 * HOUR)
    await calling.ring()
    assert len(person.sender.seen) == before
    assert tasks(calling) == [(K.ANSWER_AWAITED, "too_late_to_send")]


async def test_in_time_it_is_tried_again_and_goes(calling: Calling) -> None:
    """A channel that is down for a minute costs nobody a task."""
    at = midnight(calling) + ENDS - HOUR
    person, _ = await asked_for(calling, K.HELPED_SIGNPOST, at)
    calling.outside.fails_at[person.sender.address] = ChannelDown("down")
    await calling.until(at + SECOND, HOUR)
    calling.outside.fails_at.clear()
    await calling.until(at + 5 * MINUTE, MINUTE)
    assert begun(calling, person)[0].status is OutboxStatus.SENT
    assert tasks(calling) == []


async def test_words_are_no_answer_to_a_question_that_never_came(calling: Calling) -> None:
    """We asked whether it helped, and it did not get there. "No" the next day is about something else."""
    at = midnight(calling) + ENDS - 10 * MINUTE
    person, _ = await asked_for(calling, K.HELPED_SIGNPOST, at)
    calling.outside.fails_at[person.sender.address] = ChannelDown("down")
    await calling.until(at + HOUR, MINUTE)
    assert calling.front.conversation(person.sender.address).state.get("outside", "") == ""
    calling.outside.fails_at.clear()
    await person.hears("no")
    answers = calling.front.answers(calling.front.conversation(person.sender.address))
    assert not any(key.startswith("after.") for key in answers)


async def test_what_nobody_was_promised_ends_quietly(calling: Calling) -> None:
    """A worker has no use for a task to ask somebody how we did."""
    at = midnight(calling) + ENDS - 10 * MINUTE
    person, _ = await asked_for(calling, K.FEEDBACK, at)
    calling.outside.fails_at[person.sender.address] = ChannelDown("down")
    await calling.until(at + HOUR, MINUTE)
    assert [row.status for row in begun(calling, person)] == [OutboxStatus.FAILED]
    assert tasks(calling) == []


async def test_whoever_blocked_us_is_dealt_with_as_before(calling: Calling) -> None:
    """It did not come too late: there is nobody there, and that is known when the answer is looked for."""
    at = midnight(calling) + ENDS - HOUR
    person, _ = await asked_for(calling, K.HELPED_SIGNPOST, at)
    calling.outside.fails_at[person.sender.address] = RecipientUnreachable("blocked")
    await calling.until(at + MINUTE, HOUR)
    assert tasks(calling) == []
    assert calling.front.conversation(person.sender.address).blocked_at is not None

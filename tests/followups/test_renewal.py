"""Whether they still agree is asked again, in words that give nothing away; and what they say holds at once."""

from __future__ import annotations

import pytest

from bot.clock import SteppedClock
from bot.followups.renewal import promise_renewal
from storage.consents import ConsentRecord
from storage.database import Database
from storage.follow_ups import Actor, FollowUpRecord
from storage.unit_of_work import UnitOfWork
from tests.followups.calling import DAY, HOUR, MINUTE, SENT, Calling, Person


@pytest.fixture
async def person(database: Database, clock: SteppedClock) -> Person:
    """Somebody who agreed, and for whom this chat is safe."""
    calling = Calling(database, clock)
    person = calling.person()
    chat = [text if "mobile" not in text else "reply in this chat" for text in SENT if text != "07700 900123"]
    await person.sends(*chat)
    return person


def consents(person: Person) -> list[ConsentRecord]:
    enquiry_id = person.enquiry.id
    found: list[ConsentRecord] = person.calling.do(lambda uow: uow.consents.of(enquiry_id))
    return [consent for consent in found if consent.given == "yes"]


def renewing(person: Person) -> FollowUpRecord | None:
    calling, enquiry = person.calling, person.enquiry
    now = calling.clock.now()

    def work(uow: UnitOfWork) -> FollowUpRecord | None:
        conversation = uow.conversations.of_enquiry(enquiry.id)[-1]
        return promise_renewal(uow, calling.front.house, enquiry, conversation, now, at=now + HOUR)

    made: FollowUpRecord | None = calling.do(work)
    return made


async def asked(person: Person) -> None:
    assert renewing(person) is not None
    await person.calling.until(person.calling.clock.now() + 2 * HOUR, 10 * MINUTE)


async def test_a_locked_screen_shows_only_that_something_was_agreed(person: Person) -> None:
    await asked(person)
    assert person.sender.last.text == "Hello. A while ago you agreed to something with us. Do you still agree?"
    said = await person.taps("What did I agree to?")
    assert consents(person)[0].wording in said
    await person.taps("Yes, I still agree")
    assert [(c.given, c.withdrawn_at is None) for c in consents(person)] == [("yes", True), ("yes", True)]


async def test_no_withdraws_it_at_once_and_a_worker_hears(person: Person) -> None:
    await asked(person)
    await person.taps("No, not any more")
    assert consents(person)[0].withdrawn_at is not None
    assert [task.why for task in person.tasks("help_task")] == ["not_agreed"]
    assert renewing(person) is None


async def test_silence_is_not_agreement(person: Person) -> None:
    """Asked twice, then a worker looks: nobody's silence renews anything."""
    await asked(person)
    await person.calling.until(person.calling.clock.now() + 12 * DAY, 2 * HOUR)
    assert len(consents(person)) == 1
    [waiting] = person.tasks("answer_awaited")
    assert (waiting.actor, waiting.why) == (Actor.WORKER, "no_answer")

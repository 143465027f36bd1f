"""A late decision climbs until somebody decides, whatever happens meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import SteppedClock
from bot.desk.holding import Evidence, Holds, hold
from storage.conversations import ConversationRecord
from storage.database import Database
from storage.duty_workers import DutyWorkerRecord, Role
from storage.incidents import IncidentKind
from storage.outbox import OutboxRecord
from storage.unit_of_work import UnitOfWork
from tests.conversation.front import Front, Outside, Sender, build_front

HOUR = timedelta(hours=1)
NOTHING = Evidence((), "why", "", "", "", "", "", "4", "because")


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def front(database: Database, clock: SteppedClock, outside: Outside) -> Front:
    return build_front(database, clock=clock, outside=outside)


@pytest.fixture
def holds(front: Front, clock: SteppedClock) -> Holds:
    return Holds(database=front.database, house=front.house, dispatcher=front.dispatcher, clock=clock)


def hire(front: Front, clock: SteppedClock, name: str, role: Role, telegram: str) -> DutyWorkerRecord:
    email = f"{name}@exampleshire.example"

    def work(uow: UnitOfWork) -> DutyWorkerRecord:
        return uow.duty_workers.add(name=name, email=email, role=role, now=clock.now(), telegram=telegram)

    return front.database.run_now(work)


async def held(front: Front, clock: SteppedClock, outside: Outside) -> tuple[ConversationRecord, list[str]]:
    """Hold an enquiry for Sam; return it, and the chats of Sam, the other manager and the head of service."""
    person = Sender(outside, clock)
    await front.accept(person.says("hello, I would like some help"))
    conversation = front.conversation(person.address)
    alex = hire(front, clock, "alex", Role.DUTY_WORKER, "960600")
    sam = hire(front, clock, "sam", Role.MANAGER, "960601")
    hire(front, clock, "kim", Role.MANAGER, "960602")
    hire(front, clock, "robin", Role.HEAD_OF_SERVICE, "960603")

    def work(uow: UnitOfWork) -> list[OutboxRecord]:
        enquiry, house = uow.enquiries.get(conversation.enquiry_id), front.house
        now, version = clock.now(), enquiry.version
        return hold(uow, house, enquiry, alex, NOTHING, "the plan", sam.id, now, expected_version=version)[1]

    front.dispatcher.offer(front.database.run_now(work))
    await front.settle()
    return conversation, ["960601", "960602", "960603"]


def told(outside: Outside, chats: list[str]) -> list[int]:
    return [len(outside.to(chat)) for chat in chats]


async def test_a_late_decision_goes_to_the_next_manager_and_then_the_head_of_service(
    front: Front, holds: Holds, clock: SteppedClock, outside: Outside
) -> None:
    """Due in one working day; late, it climbs and an incident stands; and it never stops climbing."""
    conversation, chats = await held(front, clock, outside)
    assert told(outside, chats) == [1, 0, 0]
    clock.tick(timedelta(hours=23))
    await holds.tick()
    await front.settle()
    assert told(outside, chats) == [1, 0, 0]
    clock.tick(HOUR)
    for _ in range(2):  # once, however often the bell rings
        await holds.tick()
        await front.settle()
    late = told(outside, chats)
    assert late[0] == 2
    assert late[1] == 1
    clock.tick(2 * HOUR)
    await holds.tick()
    await front.settle()
    assert told(outside, chats)[2] >= 1
    clock.tick(timedelta(days=1))
    before = told(outside, chats)
    await holds.tick()
    await front.settle()
    assert told(outside, chats)[2] == before[2] + 1
    kinds = [i.kind for i in front.database.run_now(lambda uow: uow.incidents.of(conversation.enquiry_id))]
    assert kinds == [IncidentKind.DECISION_LATE]
    said = {m.text for chat in chats for m in outside.to(chat)}
    assert all("help" not in text for text in said)


async def test_a_decider_who_is_gone_is_late_at_once(
    front: Front, holds: Holds, clock: SteppedClock, outside: Outside
) -> None:
    """Nobody may wait a day for a manager who has left."""
    conversation, chats = await held(front, clock, outside)
    sam = front.database.run_now(lambda uow: uow.holds.standing_for(conversation.enquiry_id))
    assert sam is not None
    front.database.run_now(lambda uow: uow.duty_workers.disable(sam.decider_id, clock.now()))
    await holds.tick()
    await front.settle()
    assert told(outside, chats)[1] == 1
    standing = front.database.run_now(lambda uow: uow.holds.standing_for(conversation.enquiry_id))
    assert standing is not None
    assert standing.next_step_at is not None

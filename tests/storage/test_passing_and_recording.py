"""What is passed on and what was written down of a call are kept once, and held by the database itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from storage.columns import table_of
from storage.conversations import ConversationRecord
from storage.database import Database
from storage.due import DueSource
from storage.duty_workers import DutyWorkerRecord, Role
from storage.identifiers import OutboxId
from storage.outbox import OutboxMessage, OutboxStatus
from storage.pass_ons import PassOn, PassOnEnd, PassOnKind, PassOnRecord, ToldBy
from storage.recordings import Hand, RecordedWay, RecordingRecord
from storage.repository import UniqueRace
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import NOW, begin, erase_old_drafts, outgoing

HOUR = timedelta(hours=1)


@pytest.fixture
def alex(database: Database) -> DutyWorkerRecord:
    return database.run_now(
        lambda uow: uow.duty_workers.add(
            name="Alex", email="alex@exampleshire.example", role=Role.DUTY_WORKER, now=NOW
        )
    )


@pytest.fixture
def conversation(database: Database) -> ConversationRecord:
    return database.run_now(begin)


def pass_on(uow: UnitOfWork, conversation: ConversationRecord, worker: DutyWorkerRecord) -> PassOnRecord:
    return uow.pass_ons.begin(
        enquiry_id=conversation.enquiry_id,
        worker_id=worker.id,
        kind=PassOnKind.OTHER_AREA,
        to_whom="Otherborough",
        told_by=ToldBy.PHONE,
        reason="They live there.",
        agreed=None,
        due_at=NOW + HOUR,
        due_because=["it counts from Monday"],
        now=NOW,
    )


def record(
    uow: UnitOfWork, conversation: ConversationRecord, worker: DutyWorkerRecord, form: str = "f" * 64
) -> RecordingRecord:
    return uow.recordings.begin(
        enquiry_id=conversation.enquiry_id,
        conversation_id=conversation.id,
        worker_id=worker.id,
        form=form,
        way=RecordedWay.PHONE,
        hand=Hand.UNKNOWN,
        now=NOW,
    )


def test_an_enquiry_is_passed_on_once_at_a_time(
    database: Database, alex: DutyWorkerRecord, conversation: ConversationRecord
) -> None:
    """Two processes may pass on at one instant; the database lets one through."""
    passed = database.run_now(lambda uow: pass_on(uow, conversation, alex))
    with pytest.raises(UniqueRace):
        database.run_now(lambda uow: pass_on(uow, conversation, alex))
    assert database.run_now(lambda uow: uow.pass_ons.standing_for(conversation.enquiry_id)) == passed

    def end(uow: UnitOfWork, enquiry_id: Any, said: PassOnEnd) -> bool:
        return uow.pass_ons.end(passed.id, enquiry_id, said, alex.id, {"name": "Kim"}, NOW)

    assert not database.run_now(lambda uow: end(uow, "0" * 32, PassOnEnd.CONFIRMED))
    assert database.run_now(lambda uow: end(uow, conversation.enquiry_id, PassOnEnd.CONFIRMED))
    assert not database.run_now(lambda uow: end(uow, conversation.enquiry_id, PassOnEnd.TAKEN_BACK))
    database.run_now(lambda uow: pass_on(uow, conversation, alex))
    ends = [p.ended_as for p in database.run_now(lambda uow: uow.pass_ons.of(conversation.enquiry_id))]
    assert sorted(ends, key=str) == [None, PassOnEnd.CONFIRMED] or ends == [PassOnEnd.CONFIRMED, None]


def test_what_waits_always_has_a_next_step(
    database: Database, alex: DutyWorkerRecord, conversation: ConversationRecord
) -> None:
    """The database itself refuses one that nobody would ever be reminded of."""
    database.run_now(lambda uow: pass_on(uow, conversation, alex))
    with pytest.raises(IntegrityError):
        database.run_now(lambda uow: uow.connection.execute(update(table_of(PassOn)).values(next_step_at=None)))


def test_due_steps_are_taken_by_one(
    database: Database, alex: DutyWorkerRecord, conversation: ConversationRecord
) -> None:
    """Two bells ring at once: a manager is told once."""
    passed = database.run_now(lambda uow: pass_on(uow, conversation, alex))
    assert database.run_now(lambda uow: uow.pass_ons.due(NOW)) == []
    later = NOW + HOUR
    assert database.run_now(lambda uow: uow.pass_ons.due(later)) == [passed.id]
    seen = database.run_now(lambda uow: uow.due.next(until=later + HOUR, limit=10))
    assert [(row.source, row.id, row.due_at) for row in seen] == [(DueSource.PASS_ON, passed.id, later)]

    def step(uow: UnitOfWork) -> bool:
        taken = uow.pass_ons.take(passed.id, later)
        if taken is not None:
            uow.pass_ons.note_step(taken.id, later + HOUR)
        return taken is not None

    assert [database.run_now(step) for _ in range(2)] == [True, False]


def test_both_leave_a_mark_in_the_queue(
    database: Database, alex: DutyWorkerRecord, conversation: ConversationRecord
) -> None:
    """Nobody who writes has to think of the queue."""

    def cleared(uow: UnitOfWork) -> list[Any]:
        numbers, marked = uow.queue.take_marks(100)
        uow.queue.put([], marks=numbers, marked=[], rules="x")
        return marked

    works: list[Any] = [
        lambda uow: record(uow, conversation, alex),
        lambda uow: uow.recordings.set_hand(uow.recordings.of(conversation.enquiry_id).id, Hand.FIRST),
        lambda uow: pass_on(uow, conversation, alex),
        lambda uow: uow.pass_ons.end(
            uow.pass_ons.standing_for(conversation.enquiry_id).id,
            conversation.enquiry_id,
            PassOnEnd.TAKEN_BACK,
            alex.id,
            {"why": "ours"},
            NOW,
        ),
    ]
    database.run_now(cleared)
    for work in works:
        database.run_now(work)
        assert database.run_now(cleared) == [conversation.enquiry_id]
    facts = database.run_now(lambda uow: uow.queue.facts([conversation.enquiry_id]))[0]
    assert (facts.recorded_at, facts.passed_due_at) == (NOW, None)


def test_a_form_begins_one_recording(
    database: Database, alex: DutyWorkerRecord, conversation: ConversationRecord
) -> None:
    """A form sent twice is one call."""
    first = database.run_now(lambda uow: record(uow, conversation, alex))
    other = database.run_now(begin)
    with pytest.raises(UniqueRace):
        database.run_now(lambda uow: record(uow, other, alex))
    assert database.run_now(lambda uow: uow.recordings.by_form("f" * 64)) == first
    assert database.run_now(lambda uow: uow.recordings.of(other.enquiry_id)) is None


def test_a_confirmation_is_noted_once_it_went_and_given_back_when_it_did_not(
    database: Database, alex: DutyWorkerRecord, conversation: ConversationRecord
) -> None:
    """What an e-mail server refused has not been confirmed to anybody."""
    recording = database.run_now(lambda uow: record(uow, conversation, alex))

    def send(uow: UnitOfWork) -> OutboxId:
        row = uow.outbox.put([outgoing(conversation)])[0]
        assert uow.recordings.confirm_with(recording.id, "in writing", row.id)
        assert not uow.recordings.confirm_with(recording.id, "again", row.id)
        return row.id

    def becomes(status: OutboxStatus) -> None:
        values = {"status": status, "sent_at": NOW if status is OutboxStatus.SENT else None}
        database.run_now(lambda uow: uow.connection.execute(update(table_of(OutboxMessage)).values(**values)))

    database.run_now(send)
    becomes(OutboxStatus.FAILED)
    assert [r.id for r in database.run_now(lambda uow: uow.recordings.not_delivered())] == [recording.id]
    database.run_now(lambda uow: uow.recordings.confirm_by_hand(recording.id))
    assert database.run_now(lambda uow: uow.recordings.not_delivered()) == []
    database.run_now(send)
    becomes(OutboxStatus.SENT)
    assert database.run_now(lambda uow: uow.recordings.delivered()) == [(recording.id, NOW)]
    assert database.run_now(lambda uow: uow.recordings.confirmed(recording.id, None, NOW))
    assert not database.run_now(lambda uow: uow.recordings.confirmed(recording.id, alex.id, NOW))
    assert database.run_now(lambda uow: uow.recordings.delivered()) == []


def test_a_call_is_never_erased_as_an_old_draft(
    database: Database, alex: DutyWorkerRecord, conversation: ConversationRecord
) -> None:
    """Nobody sent it, and still somebody rang."""

    def begin_call(uow: UnitOfWork) -> ConversationRecord:
        enquiry = uow.enquiries.open(audience="parent", area="exampleshire", reporter_id=None, now=NOW)
        return uow.conversations.begin(
            channel="phone",
            address="x",
            enquiry_id=enquiry.id,
            person_id=conversation.person_id,
            flow="front_door",
            flow_version=1,
            language="en",
            state={},
            now=NOW,
        )

    call = database.run_now(begin_call)
    later = NOW + timedelta(days=60)
    database.run_now(lambda uow: erase_old_drafts(uow, later, later))
    assert database.run_now(lambda uow: uow.conversations.get(call.id)).status == "active"
    assert database.run_now(lambda uow: uow.conversations.get(conversation.id)).status == "closed"

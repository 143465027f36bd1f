"""What workers do with an enquiry is kept once, in order, and held by the database itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from storage.blind_index import sounds_like
from storage.conversations import ConversationRecord
from storage.database import Database
from storage.decisions import FeedbackWay
from storage.duty_workers import DutyWorkerRecord, Role
from storage.enquiries import EnquiryChanged, EnquiryStatus
from storage.enquiry_keys import FoundKey, KeyKind
from storage.erasure import erase_draft
from storage.handoffs import HandoffEnd
from storage.holds import HoldRecord
from storage.identifiers import OutboxId
from storage.repository import UniqueRace
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import NOW, begin, outgoing

HOUR = timedelta(hours=1)
Hire = Callable[..., DutyWorkerRecord]


@pytest.fixture
def hire(database: Database) -> Hire:
    def hire(name: str = "Alex", role: Role = Role.DUTY_WORKER) -> DutyWorkerRecord:
        email = f"{name}@exampleshire.example"
        return database.run_now(lambda uow: uow.duty_workers.add(name=name, email=email, role=role, now=NOW))

    return hire


@pytest.fixture
def conversation(database: Database) -> ConversationRecord:
    return database.run_now(begin)


def hold(uow: UnitOfWork, conversation: ConversationRecord, worker: DutyWorkerRecord) -> HoldRecord:
    return uow.holds.begin(
        enquiry_id=conversation.enquiry_id,
        worker_id=worker.id,
        decider_id=worker.id,
        evidence={"analysis": "why"},
        safety_plan="the plan",
        due_at=NOW + HOUR,
        due_because=["it counts from Monday"],
        now=NOW,
    )


def test_one_worker_at_a_time_has_a_conversation(
    database: Database, hire: Hire, conversation: ConversationRecord
) -> None:
    """Two processes may decide at one instant; the database lets one through."""
    alex, sam = hire("Alex"), hire("Sam")
    first = database.run_now(lambda uow: uow.handoffs.take(conversation.enquiry_id, conversation.id, alex.id, NOW))
    with pytest.raises(UniqueRace):
        database.run_now(lambda uow: uow.handoffs.take(conversation.enquiry_id, conversation.id, sam.id, NOW))
    assert database.run_now(lambda uow: uow.handoffs.open_for(conversation.id)) == first
    assert database.run_now(lambda uow: uow.handoffs.end(first.id, HandoffEnd.HANDED_BACK, NOW, "We agreed."))
    assert not database.run_now(lambda uow: uow.handoffs.end(first.id, HandoffEnd.TAKEN_OVER, NOW))
    database.run_now(lambda uow: uow.handoffs.take(conversation.enquiry_id, conversation.id, sam.id, NOW + HOUR))
    summaries = [h.summary for h in database.run_now(lambda uow: uow.handoffs.of(conversation.enquiry_id))]
    assert summaries == ["We agreed.", None]


def test_what_the_disabled_hold_is_found(database: Database, hire: Hire, conversation: ConversationRecord) -> None:
    """Somebody who cannot sign in cannot give back what they have."""
    alex = hire()

    def take(uow: UnitOfWork) -> None:
        uow.handoffs.take(conversation.enquiry_id, conversation.id, alex.id, NOW)
        uow.enquiries.set_worker(conversation.enquiry_id, alex.id)

    database.run_now(take)
    assert database.run_now(lambda uow: (uow.handoffs.orphaned(), uow.enquiries.held_by_the_disabled())) == (
        [],
        [],
    )
    database.run_now(lambda uow: uow.duty_workers.disable(alex.id, NOW))
    handoffs, enquiries = database.run_now(
        lambda uow: (uow.handoffs.orphaned(), uow.enquiries.held_by_the_disabled())
    )
    assert [h.conversation_id for h in handoffs] == [conversation.id]
    assert [e.id for e in enquiries] == [conversation.enquiry_id]


def test_a_hold_stands_once_and_is_never_silent(
    database: Database, hire: Hire, conversation: ConversationRecord
) -> None:
    """A hold without a next step would be waited for by nobody."""
    alex = hire()
    held = database.run_now(lambda uow: hold(uow, conversation, alex))
    with pytest.raises(UniqueRace):
        database.run_now(lambda uow: hold(uow, conversation, alex))
    with pytest.raises(IntegrityError):
        database.run_now(lambda uow: uow.holds.wake_at(held.id, None))  # type: ignore[arg-type]
    assert database.run_now(lambda uow: uow.holds.due(NOW)) == []
    later = NOW + 2 * HOUR
    assert database.run_now(lambda uow: uow.holds.due(later)) == [held.id]
    assert database.run_now(lambda uow: uow.holds.take(held.id, later)) == held
    database.run_now(lambda uow: uow.holds.note_step(held.id, later + HOUR))
    assert database.run_now(lambda uow: uow.holds.take(held.id, later)) is None
    assert database.run_now(lambda uow: uow.holds.end(held.id, later))
    assert not database.run_now(lambda uow: uow.holds.end(held.id, later))
    assert database.run_now(lambda uow: uow.holds.standing_for(conversation.enquiry_id)) is None
    database.run_now(lambda uow: hold(uow, conversation, alex))


def test_a_decision_on_what_somebody_changed_is_not_kept(
    database: Database, conversation: ConversationRecord
) -> None:
    """Two managers, one enquiry: one of them is told to look again."""
    enquiry = database.run_now(lambda uow: uow.enquiries.get(conversation.enquiry_id))

    def close(uow: UnitOfWork) -> None:
        uow.enquiries.move(enquiry.id, EnquiryStatus.CLOSED, NOW, expected_version=enquiry.version)

    database.run_now(close)
    with pytest.raises(EnquiryChanged):
        database.run_now(close)
    assert database.run_now(lambda uow: uow.enquiries.get(enquiry.id)).closed_at == NOW
    assert database.run_now(lambda uow: uow.enquiries.raise_urgency(enquiry.id, "immediate"))
    assert database.run_now(lambda uow: uow.enquiries.get(enquiry.id)).version == enquiry.version + 2


def test_feedback_that_did_not_go_is_found_and_done_once(
    database: Database, hire: Hire, conversation: ConversationRecord
) -> None:
    """Whoever was to be told and could not be is a task for somebody."""
    alex = hire()

    def decide(uow: UnitOfWork) -> tuple[str, OutboxId]:
        decision = uow.decisions.record(
            enquiry_id=conversation.enquiry_id,
            hold_id=None,
            worker_id=alex.id,
            outcome="IA",
            referral_outcome=None,
            reason="because",
            details={},
            now=NOW,
        )
        (row,) = uow.outbox.put([outgoing(conversation)])
        told = uow.decisions.tell(
            decision,
            way=FeedbackWay.CHAT,
            outbox_id=row.id,
            wording_id="feedback_ia",
            words="words",
            reason=None,
            due_at=NOW + HOUR,
            now=NOW,
        )
        return told.id, row.id

    feedback_id, outbox_id = database.run_now(decide)
    lost = database.run_now(lambda uow: uow.decisions.feedback(feedback_id))
    assert lost is not None
    assert (lost.way, lost.outbox_id) == (FeedbackWay.CHAT, outbox_id)
    database.run_now(lambda uow: uow.decisions.tell_by_hand(lost.id))
    given = database.run_now(lambda uow: uow.decisions.feedback(feedback_id))
    assert given is not None
    assert (given.way, given.outbox_id) == (FeedbackWay.BY_HAND, None)
    assert database.run_now(lambda uow: uow.decisions.told(lost.id, alex.id, NOW))
    assert not database.run_now(lambda uow: uow.decisions.told(lost.id, alex.id, NOW))


def test_an_own_disagreement_is_answered_by_somebody_else(
    database: Database, hire: Hire, conversation: ConversationRecord
) -> None:
    """Nobody ends their own disagreement."""
    alex, sam = hire("Alex"), hire("Sam")
    raised = database.run_now(lambda uow: uow.notes.disagree(conversation.enquiry_id, alex.id, "why", NOW))

    def answer(worker: DutyWorkerRecord) -> bool:
        of = (raised.id, conversation.enquiry_id, worker.id, "so", NOW)
        return database.run_now(lambda uow: uow.notes.answer(*of))

    assert [answer(alex), answer(sam), answer(sam)] == [False, True, False]


def test_who_has_it_open_is_forgotten_soon(
    database: Database, hire: Hire, conversation: ConversationRecord
) -> None:
    """A closed laptop is not a colleague."""
    alex = hire()
    enquiry_id = conversation.enquiry_id
    for _ in range(2):
        database.run_now(lambda uow: uow.presences.beat(enquiry_id, alex.id, NOW))
    assert [p.name for p in database.run_now(lambda uow: uow.presences.here(enquiry_id, NOW))] == ["Alex"]
    assert database.run_now(lambda uow: uow.presences.here(enquiry_id, NOW + HOUR)) == []
    assert database.run_now(lambda uow: uow.presences.forget_before(NOW + HOUR)) == 1


def test_enquiries_that_share_a_key_find_each_other(database: Database) -> None:
    """However a name is spelt and a number is written."""
    first, second, other = (database.run_now(lambda uow, a=a: begin(uow, a)) for a in ("1", "2", "3"))  # type: ignore[misc]
    keys = [
        [FoundKey(KeyKind.CHILD, "Rowan Example|2017-03-27"), FoundKey(KeyKind.PHONE, "07700 900123")],
        [FoundKey(KeyKind.CHILD, "example, Rowen|2017-03-27"), FoundKey(KeyKind.PHONE, "+44 7700 900123")],
        [FoundKey(KeyKind.CHILD, "Rowan Example|2016-03-27"), FoundKey(KeyKind.POSTCODE, "DH1 5UL")],
    ]

    def note(uow: UnitOfWork) -> None:
        for conversation, theirs in zip((first, second, other), keys, strict=True):
            uow.enquiry_keys.note(conversation.enquiry_id, "children.0", theirs)

    database.run_now(note)
    found = database.run_now(lambda uow: uow.enquiry_keys.like(first.enquiry_id))
    assert {(m.enquiry_id, m.kind) for m in found} == {
        (second.enquiry_id, KeyKind.CHILD),
        (second.enquiry_id, KeyKind.PHONE),
    }
    postcode = FoundKey(KeyKind.POSTCODE, "dh15ul")
    assert database.run_now(lambda uow: uow.enquiry_keys.find(postcode)) == [other.enquiry_id]
    database.run_now(lambda uow: erase_draft(uow, other, NOW))
    assert database.run_now(lambda uow: uow.enquiry_keys.find(postcode)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("Katherine Smith", "Smyth, Catherine"), ("Rowan Example", "Rowen Exampel"), ("Philippa", "Filipa")],
)
def test_names_that_sound_alike_are_alike(one: str, other: str) -> None:
    """A name is heard on the phone before it is read."""
    assert sounds_like(one) == sounds_like(other)


def test_names_that_do_not_sound_alike_are_not() -> None:
    """A list of everybody is no help."""
    assert len({sounds_like(name) for name in ("Rowan Example", "Maryam Khan", "Ali Khan", "Olu Adeyemi")}) == 4

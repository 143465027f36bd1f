"""One set of rules: who sees what and does what, the same in Python and in SQL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import pytest

from bot.desk.access import ALLOWED, Act, allows, may, may_go_on_recording, may_see_incident, sight_of
from storage.database import Database
from storage.duty_workers import DutyWorkerRecord, Role
from storage.enquiries import Audience, EnquiryStatus, StoredUrgency
from storage.identifiers import DutyWorkerId, EnquiryId
from storage.queue import Place, QueueView, is_in_view
from tests.storage.builders import NOW

ME, OTHER = DutyWorkerId("a" * 32), DutyWorkerId("b" * 32)
ORDINARY = frozenset({Role.DUTY_WORKER, Role.MANAGER, Role.HEAD_OF_SERVICE, Role.OUT_OF_HOURS, Role.AUDITOR})


AN_ENQUIRY = EnquiryId("e" * 32)


@dataclass(frozen=True)
class Record:
    enquiry_id: EnquiryId = AN_ENQUIRY
    closed_queue: bool = False
    worker_id: DutyWorkerId | None = None


def worker(role: Role) -> DutyWorkerRecord:
    return DutyWorkerRecord(ME, "Alex", "alex@exampleshire.example", role, None, None, None, NOW)


@pytest.mark.parametrize("role", Role)
def test_the_closed_queue_is_the_officers_alone(role: Role) -> None:
    """Somebody accused may sit in the same room."""
    assert sight_of(worker(role)).sees(Record(closed_queue=True)) is (role is Role.LADO)
    assert sight_of(worker(role)).sees(Record()) is (role in ORDINARY)


@pytest.mark.parametrize("role", Role)
def test_holding_an_enquiry_does_not_open_the_closed_queue(role: Role) -> None:
    """It may have been taken before it turned out to be about a colleague."""
    held = Record(closed_queue=True, worker_id=ME)
    assert sight_of(worker(role)).sees(held) is (role is Role.LADO)


def test_the_officer_sees_of_the_rest_only_what_they_hold() -> None:
    """Each sees what their work needs."""
    sight = sight_of(worker(Role.LADO))
    assert sight.sees(Record(worker_id=ME))
    assert not sight.sees(Record(worker_id=OTHER))


@pytest.mark.parametrize("role", Role)
def test_glass_is_broken_for_one_enquiry_only(role: Role) -> None:
    """And not by those who only read, or keep settings."""
    closed = Record(closed_queue=True)
    assert may(worker(role), Act.BREAK_GLASS, closed) is (role in ALLOWED[Act.BREAK_GLASS])
    assert not may(worker(role), Act.BREAK_GLASS, Record())
    if role in ALLOWED[Act.BREAK_GLASS]:
        opened = frozenset({closed.enquiry_id})
        assert may(worker(role), Act.WRITE, closed, opened)
        assert not may(worker(role), Act.WRITE, replace(closed, enquiry_id=EnquiryId("f" * 32)), opened)
        assert not may(worker(role), Act.BREAK_GLASS, closed, opened)


@pytest.mark.parametrize("act", Act)
def test_nobody_disabled_does_anything(act: Act) -> None:
    """Somebody who has left has left."""
    for role in Role:
        gone = replace(worker(role), disabled_at=NOW)
        assert not allows(gone, act)
        assert not sight_of(gone).sees(Record())


def test_an_auditor_reads_and_an_administrator_sees_no_enquiry() -> None:
    """Neither acts on what people told us."""
    acts = {Act.ANSWER, Act.WRITE, Act.HOLD, Act.DECIDE, Act.BREAK_GLASS, Act.REVIEW_GLASS, Act.MARK_INCIDENTS}
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        assert not [act for act in acts if allows(worker(role), act)]
    assert not allows(worker(Role.ADMINISTRATOR), Act.SEE_QUEUE)
    assert not allows(worker(Role.ADMINISTRATOR), Act.EXPORT)


def test_only_managers_decide() -> None:
    """A Referral is a manager's to make."""
    assert ALLOWED[Act.DECIDE] == {Role.MANAGER, Role.HEAD_OF_SERVICE}


def test_only_managers_step_up_and_an_auditor_passes_nothing_on() -> None:
    """To step up makes a Referral."""
    assert ALLOWED[Act.STEP_UP] == ALLOWED[Act.DECIDE]
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        assert not [act for act in (Act.RECORD, Act.PASS_ON, Act.STEP_UP) if allows(worker(role), act)]


@pytest.mark.parametrize("role", Role)
def test_who_writes_a_call_down_finishes_it_though_it_closes_the_queue(role: Role) -> None:
    """The caller is on the line. Once it is sent, the closed queue is closed to them as to all."""
    closed = Record(closed_queue=True)
    may_record = role in ALLOWED[Act.RECORD]
    assert may_go_on_recording(worker(role), closed, ME, is_over=False) is may_record
    assert may_go_on_recording(worker(role), closed, ME, is_over=True) is (role is Role.LADO)
    assert may_go_on_recording(worker(role), closed, OTHER, is_over=False) is (role is Role.LADO)
    assert may_go_on_recording(worker(role), Record(), OTHER, is_over=True) is (
        may_record and role is not Role.LADO
    )
    gone = replace(worker(role), disabled_at=NOW)
    assert not may_go_on_recording(gone, Record(), ME, is_over=False)


def test_an_incident_of_the_closed_queue_reaches_managers_all_the_same() -> None:
    """Somebody has to hear that nobody was told, though they may not see of what."""
    closed = Record(closed_queue=True)
    sees = {role for role in Role if may_see_incident(worker(role), closed, sight_of(worker(role)))}
    assert sees == {Role.MANAGER, Role.HEAD_OF_SERVICE, Role.LADO}
    assert all(may_see_incident(worker(role), None, sight_of(worker(role))) for role in Role)


@pytest.mark.parametrize("glass", [False, True])
def test_sql_and_python_agree_for_every_role_and_view(database: Database, glass: bool) -> None:
    """A list that shows more than the page it leads to tells what it should not."""
    places = _every_kind_of_place()
    opened = frozenset({places[1].enquiry_id, places[-1].enquiry_id}) if glass else frozenset[EnquiryId]()

    def check(uow):  # type: ignore[no-untyped-def]
        _keep(uow, places)
        for role in Role:
            sight = sight_of(worker(role), opened if role in ALLOWED[Act.BREAK_GLASS] else frozenset())
            counts = uow.queue.counts(sight, worker_id=ME, now=NOW)
            for view in QueueView:
                seen = [p for p in places if p.listed and sight.sees(p)]
                within = [p for p in seen if is_in_view(p, view, worker_id=ME, now=NOW)]
                shown = [p for p in seen if p.unanswered or is_in_view(p, view, worker_id=ME, now=NOW)]
                rows = uow.queue.page(sight, view, worker_id=ME, now=NOW, most=1000)
                shown.sort(key=lambda p: (p.tier, p.due_at, p.enquiry_id))
                assert [row.place for row in rows] == shown, (role, view)
                assert counts[view] == len(within), (role, view)
            assert uow.queue.unanswered(sight) == sum(p.unanswered for p in seen)

    database.run_now(check)


def _every_kind_of_place() -> list[Place]:
    kinds = product((False, True), (False, True), (None, ME, OTHER), (True, False), EnquiryStatus)
    return [
        Place(
            enquiry_id=EnquiryId(f"{number:032x}"),
            tier=number % 5,
            due_at=NOW.replace(hour=9 + number % 3),
            due="contact",
            why="first_contact",
            waiting_since=NOW,
            urgency=StoredUrgency.ADVICE,
            audience=Audience.PARENT,
            status=status,
            closed_queue=closed,
            unanswered=unanswered,
            alert_id=None,
            worker_id=holder,
            listed=listed,
            passed_on=number % 3 == 0,
        )
        for number, (closed, unanswered, holder, listed, status) in enumerate(kinds)
    ]


def _keep(uow, places):  # type: ignore[no-untyped-def]
    from sqlalchemy import insert

    from storage.columns import table_of
    from storage.enquiries import Enquiry
    from storage.queue import QueuePlace

    enquiry = uow.enquiries.open(audience="parent", area="exampleshire", reporter_id=None, now=NOW)
    row = dict(uow.connection.execute(table_of(Enquiry).select()).mappings().one())
    for number, place in enumerate(places):
        values = row | {"id": place.enquiry_id, "reference_index": f"{number:032x}"}
        uow.connection.execute(insert(table_of(Enquiry)), values)
        values = {name: getattr(place, name) for name in Place.__dataclass_fields__}
        uow.connection.execute(insert(table_of(QueuePlace)), values | {"rules": "x", "change": number + 1})
    del enquiry

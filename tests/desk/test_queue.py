"""Where enquiries stand: danger first, then by what is due; and kept right by whatever changes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.desk.queue import Placing, refresh
from bot.settings import EXAMPLE_AREA
from flows.loader import load_area
from storage.alerts import AlertStatus
from storage.concerns import ConcernStatus
from storage.database import Database
from storage.duty_workers import Role
from storage.enquiries import Audience, EnquiryStatus, StoredUrgency
from storage.erasure import erase_draft
from storage.identifiers import AlertId, DutyWorkerId, EnquiryId
from storage.outbox import OutboxKind
from storage.queue import AlertFacts, ConcernFacts, Cursor, QueueFacts, QueueView
from storage.sight import Sight
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import NOW, begin, concern_about, outgoing

PLACING = Placing(load_area(EXAMPLE_AREA))
EVERYTHING = Sight(ordinary=True, closed=True)
ME = DutyWorkerId("a" * 32)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def facts(**given: Any) -> QueueFacts:
    values = {
        "enquiry_id": EnquiryId("e" * 32),
        "audience": Audience.PARENT,
        "status": EnquiryStatus.OPEN,
        "urgency": StoredUrgency.NONE,
        "opened_at": NOW - HOUR,
        "submitted_at": NOW,
        "worker_id": None,
    }
    return QueueFacts(**{**values, **given})


def concern(urgency: StoredUrgency, status: ConcernStatus = ConcernStatus.RAISED, **given: Any) -> ConcernFacts:
    return ConcernFacts(**{"urgency": urgency, "status": status, "raised_at": NOW, "closed_queue": False, **given})


def alert(urgency: StoredUrgency, status: AlertStatus = AlertStatus.RAISED, **given: Any) -> AlertFacts:
    values = {
        "id": AlertId("c" * 32),
        "urgency": urgency,
        "status": status,
        "climbs_from": NOW,
        "acknowledged_at": None,
        "acknowledged_by": None,
    }
    return AlertFacts(**{**values, **given})


def test_danger_stands_before_all_else() -> None:
    """An emergency nobody has answered, then other alerts, then danger in hand, then the rest."""
    emergency, immediate = StoredUrgency.EMERGENCY, StoredUrgency.IMMEDIATE
    in_order = [
        facts(alerts=(alert(emergency),), concerns=(concern(emergency),)),
        facts(alerts=(alert(immediate),), concerns=(concern(immediate),)),
        facts(concerns=(concern(emergency, ConcernStatus.IN_HAND),)),
        facts(concerns=(concern(immediate, ConcernStatus.IN_HAND),)),
        facts(concerns=(concern(StoredUrgency.SAME_DAY),)),
    ]
    assert [PLACING.place(each).tier for each in in_order] == [0, 1, 2, 3, 4]
    assert PLACING.place(facts(concerns=(concern(emergency, ConcernStatus.RESOLVED),))).tier == 4


@pytest.mark.parametrize(
    ("given_facts", "due_in", "why"),
    [
        ({"alerts": (alert(StoredUrgency.EMERGENCY),)}, 5 * MINUTE, "emergency_unanswered"),
        ({"alerts": (alert(StoredUrgency.IMMEDIATE),)}, 15 * MINUTE, "immediate_unanswered"),
        ({"concerns": (concern(StoredUrgency.SAME_DAY),)}, 4 * HOUR, "same_day"),
        ({"concerns": (concern(StoredUrgency.IMMEDIATE),)}, 4 * HOUR, "immediate_in_hand"),
        ({"audience": Audience.YOUNG_PERSON}, 2 * HOUR, "young_person"),
        ({}, 24 * HOUR, "first_contact"),
        ({"contacted_at": NOW}, 24 * HOUR, "to_decide"),
        ({"wanted_at": NOW}, 10 * MINUTE, "person_wanted"),
        ({"status": EnquiryStatus.AWAITING_DECISION}, 24 * HOUR, "held"),
        ({"passed_due_at": NOW + 3 * HOUR}, 3 * HOUR, "passed_on"),
        ({"passed_due_at": NOW + 3 * HOUR, "wanted_at": NOW}, 10 * MINUTE, "person_wanted"),
        ({"recorded_at": NOW, "submitted_at": None}, 2 * HOUR, "being_recorded"),
        ({"recorded_at": NOW}, 24 * HOUR, "to_decide"),
        ({"recorded_at": NOW - HOUR, "audience": Audience.PROFESSIONAL}, 23 * HOUR, "not_confirmed"),
        (
            {"recorded_at": NOW - HOUR, "confirmed_at": NOW, "audience": Audience.PROFESSIONAL},
            24 * HOUR,
            "to_decide",
        ),
    ],
)
def test_what_is_due_follows_the_areas_times(given_facts: dict[str, Any], due_in: timedelta, why: str) -> None:
    """FD03, FD06, FD09 to FD11, FD14, FD19, FD20, ST01 and ST05, on a Monday morning."""
    place = PLACING.place(facts(**given_facts))
    assert place.due_at == NOW + due_in
    assert place.why == why


def test_same_day_is_due_before_the_team_goes() -> None:
    """Four hours after two o'clock nobody is in."""
    two, five = NOW.replace(hour=14), NOW.replace(hour=17)
    late = facts(submitted_at=two, concerns=(concern(StoredUrgency.SAME_DAY, raised_at=two),))
    assert PLACING.place(late).due_at == five


def test_a_draft_is_listed_once_it_holds_a_worry_or_asks_for_a_person() -> None:
    """A draft without either is theirs alone."""
    draft = facts(submitted_at=None)
    assert not PLACING.place(draft).listed
    assert PLACING.place(replace(draft, wanted_at=NOW)).listed
    assert PLACING.place(replace(draft, concerns=(concern(StoredUrgency.SAME_DAY),))).listed


def test_a_call_is_listed_from_its_first_question_and_nobody_waits() -> None:
    """Somebody rang: that is no draft, and a worker is with them."""
    call = facts(submitted_at=None, recorded_at=NOW, wanted_at=NOW)
    place = PLACING.place(call)
    assert place.listed
    assert place.waiting_since is None
    assert place.answered_at == NOW


def test_closing_an_enquiry_does_not_take_its_alert_off_the_queue() -> None:
    """Nobody's tidying ends an alert."""
    closed = facts(status=EnquiryStatus.CLOSED)
    assert not PLACING.place(closed).listed
    assert PLACING.place(replace(closed, alerts=(alert(StoredUrgency.EMERGENCY),))).listed


def test_who_answered_the_alert_has_it_until_somebody_takes_it() -> None:
    """Answered in Telegram, it is not nobody's at the desk."""
    answered = alert(StoredUrgency.EMERGENCY, AlertStatus.ACKNOWLEDGED, acknowledged_at=NOW, acknowledged_by=ME)
    assert PLACING.place(facts(alerts=(answered,))).worker_id == ME
    other = DutyWorkerId("b" * 32)
    assert PLACING.place(facts(alerts=(answered,), worker_id=other)).worker_id == other


_urgency = st.sampled_from(StoredUrgency)
_at = st.timedeltas(timedelta(days=-9), timedelta(days=9)).map(lambda by: NOW + by)


@given(
    facts=st.builds(
        QueueFacts,
        enquiry_id=st.just(EnquiryId("e" * 32)),
        audience=st.sampled_from(Audience),
        status=st.sampled_from(EnquiryStatus),
        urgency=_urgency,
        opened_at=_at,
        submitted_at=st.none() | _at,
        worker_id=st.none() | st.just(ME),
        concerns=st.lists(
            st.builds(ConcernFacts, _urgency, st.sampled_from(ConcernStatus), _at, st.booleans()), max_size=3
        ).map(tuple),
        alerts=st.lists(
            st.builds(
                AlertFacts,
                st.just(AlertId("c" * 32)),
                _urgency,
                st.sampled_from(AlertStatus),
                _at,
                st.none() | _at,
                st.none() | st.just(ME),
            ),
            max_size=2,
        ).map(tuple),
        wanted_at=st.none() | _at,
        contacted_at=st.none() | _at,
    )
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_everything_has_a_place_and_nothing_unanswered_is_left_out(facts: QueueFacts) -> None:
    """Whatever is known of an enquiry, something is due of it, and an alert nobody answered is on top."""
    place = PLACING.place(facts)
    assert place.why
    assert place.due_at.utcoffset() is not None
    if any(a.status is AlertStatus.RAISED for a in facts.alerts):
        assert place.listed
        assert place.unanswered
        assert place.tier <= 1
    if any(c.status is ConcernStatus.RAISED for c in facts.concerns):
        assert place.unanswered


# -- kept right ----------------------------------------------------------------------------------------------


def _rows(uow: UnitOfWork, view: QueueView = QueueView.ALL) -> list[Any]:
    refresh(uow, PLACING)
    return uow.queue.page(EVERYTHING, view, worker_id=ME, now=NOW, most=100)


def test_whatever_changes_an_enquiry_moves_it(database: Database) -> None:
    """Nobody who writes has to think of the queue."""

    def work(uow: UnitOfWork) -> None:
        conversation = begin(uow)
        enquiry_id = conversation.enquiry_id
        assert _rows(uow) == []
        uow.audit.write(
            chain=enquiry_id, at=NOW, actor="x", act="person.wanted", record_type="enquiry", record_id=enquiry_id
        )
        assert [row.place.why for row in _rows(uow)] == ["person_wanted"]
        kept = concern_about(uow, enquiry_id, urgency="immediate")
        assert [(row.place.tier, row.indicators) for row in _rows(uow)] == [(3, ("neglect",))]
        worker = uow.duty_workers.add(name="Al", email="a@b.example", role=Role.DUTY_WORKER, now=NOW)
        climbing = uow.alerts.raise_(enquiry_id=enquiry_id, conversation_id=None, urgency="immediate", now=NOW)
        assert [row.place.alert_id for row in _rows(uow)] == [climbing.id]
        uow.alerts.acknowledge(climbing.id, worker.id, NOW)
        uow.concerns.set_status(kept.id, "in_hand")
        assert [(row.place.tier, row.holder, row.place.unanswered) for row in _rows(uow)] == [(3, "Al", False)]
        uow.outbox.put([outgoing(conversation, kind=OutboxKind.WORKER, created_at=NOW + MINUTE)])
        assert [row.place.waiting_since for row in _rows(uow)] == [None]
        uow.concerns.set_status(kept.id, "resolved")
        uow.enquiries.set_status(enquiry_id, "closed", NOW)
        assert _rows(uow) == []

    database.run_now(work)


def test_an_unchanged_place_is_no_news(database: Database) -> None:
    """Open desks would read their page again for nothing."""

    def work(uow: UnitOfWork) -> None:
        enquiry_id = begin(uow).enquiry_id
        uow.enquiries.submit(enquiry_id, summary={}, now=NOW)
        assert refresh(uow, PLACING) == 1
        before = uow.queue.last_change()
        uow.enquiries.submit(enquiry_id, summary={"more": 1}, now=NOW)
        assert refresh(uow, PLACING) == 0
        assert uow.queue.last_change() == before
        uow.enquiries.raise_urgency(enquiry_id, "same_day")
        refresh(uow, PLACING)
        assert [p.enquiry_id for p in uow.queue.changed_after(before, 10)] == [enquiry_id]

    database.run_now(work)


def test_an_erased_draft_leaves_the_queue(database: Database) -> None:
    """What was taken back is not there to be seen."""

    def work(uow: UnitOfWork) -> None:
        conversation = begin(uow)
        uow.audit.write(
            chain=conversation.enquiry_id, at=NOW, actor="x", act="person.wanted", record_type="e", record_id="e"
        )
        assert len(_rows(uow)) == 1
        erase_draft(uow, conversation, NOW)
        assert _rows(uow) == []

    database.run_now(work)


def test_other_hours_put_every_enquiry_in_a_new_place(database: Database) -> None:
    """The area changes its times: what was worked out before is worked out anew."""
    area = load_area(EXAMPLE_AREA)
    quicker = Placing(area.model_copy(update={"due": area.due.model_copy(update={"same_day_hours": 1.0})}))
    assert quicker.rules != PLACING.rules

    def work(uow: UnitOfWork) -> None:
        uow.enquiries.submit(begin(uow).enquiry_id, summary={}, now=NOW)
        refresh(uow, PLACING)
        uow.queue.mark_older_than(PLACING.rules)
        assert not uow.queue.has_marks()
        uow.queue.mark_older_than(quicker.rules)
        assert refresh(uow, quicker) == 1

    database.run_now(work)


def test_pages_together_hold_each_row_once_and_in_order(database: Database) -> None:
    """A row lost between two pages is somebody who waits for nobody."""

    def work(uow: UnitOfWork) -> None:
        for number in range(23):
            enquiry_id = begin(uow, f"96{number:04}").enquiry_id
            uow.enquiries.submit(enquiry_id, summary={}, now=NOW + (number % 5) * HOUR)
        refresh(uow, PLACING)
        whole = [r.place for r in uow.queue.page(EVERYTHING, QueueView.ALL, worker_id=ME, now=NOW, most=100)]
        found, after = [], None
        while page := uow.queue.page(EVERYTHING, QueueView.ALL, worker_id=ME, now=NOW, most=4, after=after):
            found += [row.place for row in page]
            after = Cursor(found[-1].tier, found[-1].due_at, found[-1].enquiry_id)
        assert found == whole
        assert len(whole) == 23

    database.run_now(work)

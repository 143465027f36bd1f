"""Passing an enquiry on: up, down, to who has the family, to another area. Done once they say they have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.house import House
from bot.desk.access import Act, allows
from bot.desk.handoffs import EnquiryClosed
from bot.followups.reminders import remind_of_pass_on
from bot.safeguarding.telling import managers, next_managers, note_act, rows_to
from bot.working_time import Reckoned
from storage.duty_workers import DutyWorkerRecord, Role
from storage.enquiries import EnquiryRecord, EnquiryStatus, StoredUrgency
from storage.identifiers import EnquiryId, PassOnId
from storage.incidents import IncidentKind
from storage.outbox import OutboxRecord
from storage.pass_ons import PassOnEnd, PassOnKind, PassOnRecord, ToldBy
from storage.queue import Place
from storage.unit_of_work import UnitOfWork

KINDS = {
    PassOnKind.ALLOCATED: "To the worker who has the family already",
    PassOnKind.STEP_DOWN: "Down to early help",
    PassOnKind.STEP_UP: "Up to social care",
    PassOnKind.OTHER_AREA: "To another area",
}
TOLD_BY = {
    ToldBy.PHONE: "By phone",
    ToldBy.IN_PERSON: "In person",
    ToldBy.SECURE_EMAIL: "By secure e-mail",
    ToldBy.CASE_SYSTEM: "In the case system",
}

OUTCOMES: Mapping[PassOnKind, frozenset[str]] = {
    PassOnKind.STEP_UP: frozenset({"REF", "CPE"}),
    PassOnKind.STEP_DOWN: frozenset({"EH"}),
    PassOnKind.ALLOCATED: frozenset({"EXIST"}),
    PassOnKind.OTHER_AREA: frozenset({"OLA"}),
}
"""The outcomes an enquiry may be closed with, by how it was passed on."""


class MayNotPassOn(Exception):
    """Their role does not let them pass this on so, or it is held for a decision that is not theirs."""


class AlreadyPassedOn(Exception):
    """It is passed on, and whoever is to take it has not said yet that they have it."""


@dataclass(frozen=True, slots=True)
class Onward:
    """What was written on the form. `agreed` says who of the family agreed, where it goes to early help."""

    kind: PassOnKind
    to_whom: str
    told_by: ToldBy
    reason: str
    agreed: str


def kinds_for(uow: UnitOfWork, worker: DutyWorkerRecord, enquiry_id: EnquiryId) -> list[PassOnKind]:
    """Return how somebody may pass on an enquiry they see. Managers alone pass on what is held, or step up."""
    if not allows(worker, Act.PASS_ON):
        return []
    if uow.holds.standing_for(enquiry_id) is not None and not allows(worker, Act.DECIDE):
        return []
    return [kind for kind in PassOnKind if kind is not PassOnKind.STEP_UP or allows(worker, Act.STEP_UP)]


def pass_on(
    uow: UnitOfWork,
    house: House,
    enquiry: EnquiryRecord,
    place: Place,
    worker: DutyWorkerRecord,
    onward: Onward,
    now: datetime,
    *,
    expected_version: int,
) -> PassOnRecord:
    """Pass an enquiry on. It stays here, and with who holds it, until the other side has confirmed.

    Raises `EnquiryClosed`, `MayNotPassOn`, `AlreadyPassedOn` and `EnquiryChanged`.
    """
    if enquiry.status is EnquiryStatus.CLOSED:
        raise EnquiryClosed
    if onward.kind not in kinds_for(uow, worker, enquiry.id):
        raise MayNotPassOn
    if uow.pass_ons.standing_for(enquiry.id) is not None:
        raise AlreadyPassedOn
    uow.enquiries.move(enquiry.id, enquiry.status, now, expected_version=expected_version)
    if enquiry.worker_id is None:
        uow.enquiries.set_worker(enquiry.id, worker.id)
    due = due_of(house, onward.kind, place.urgency, now)
    passed = uow.pass_ons.begin(
        enquiry_id=enquiry.id,
        worker_id=worker.id,
        kind=onward.kind,
        to_whom=onward.to_whom,
        told_by=onward.told_by,
        reason=onward.reason,
        agreed=onward.agreed or None,
        due_at=due.at,
        due_because=list(due.reasons),
        now=now,
    )
    remind_of_pass_on(uow, house, passed, now)
    details = {"kind": onward.kind.value, "told_by": onward.told_by.value, "due_at": due.at.isoformat()}
    record = ("pass_on", passed.id)
    note_act(uow, enquiry, worker.id, "enquiry.passed_on", record, now, reason=onward.reason, **details)
    return passed


def due_of(house: House, kind: PassOnKind, urgency: StoredUrgency, now: datetime) -> Reckoned:
    """Return when the other side is to have it: in danger as soon as an alert is to be answered."""
    times = house.area.due
    minutes = {StoredUrgency.EMERGENCY: times.emergency_minutes, StoredUrgency.IMMEDIATE: times.immediate_minutes}
    if urgency in minutes:
        return Reckoned(now + timedelta(minutes=minutes[urgency]), ("somebody may be in danger",))
    days = {PassOnKind.ALLOCATED: times.allocated_days, PassOnKind.OTHER_AREA: times.other_area_days}
    return house.working_time.add_days(now, days.get(kind, times.step_days))


def confirm(
    uow: UnitOfWork,
    enquiry: EnquiryRecord,
    worker: DutyWorkerRecord,
    pass_on_id: str,
    name: str,
    when: str,
    now: datetime,
) -> bool:
    """Record who on the other side has it, and when they said so. False where it had ended before."""
    return _end(uow, enquiry, worker, pass_on_id, PassOnEnd.CONFIRMED, {"name": name, "when": when}, now)


def take_back(
    uow: UnitOfWork, enquiry: EnquiryRecord, worker: DutyWorkerRecord, pass_on_id: str, why: str, now: datetime
) -> bool:
    """Keep it after all: they would not take it, or it was wrong. False where it had ended before."""
    return _end(uow, enquiry, worker, pass_on_id, PassOnEnd.TAKEN_BACK, {"why": why}, now)


def confirmed_for(uow: UnitOfWork, enquiry_id: EnquiryId, outcome: str) -> PassOnRecord | None:
    """Return the confirmed pass-on that an outcome rests on: one that no decision has used up."""
    decisions = uow.decisions.of(enquiry_id)
    found = [
        passed
        for passed in uow.pass_ons.of(enquiry_id)
        if passed.ended_as is PassOnEnd.CONFIRMED
        and outcome in OUTCOMES[passed.kind]
        and (not decisions or passed.passed_at >= decisions[-1].at)
    ]
    return found[-1] if found else None


def who_has_it(passed: PassOnRecord | None) -> str:
    """Return who confirmed, and when, in words."""
    if passed is None or passed.ending is None:
        return ""
    return f"{passed.ending.get('name', '')}, {passed.ending.get('when', '')} ({passed.to_whom})"


def late_step(uow: UnitOfWork, house: House, pass_on_id: PassOnId, now: datetime) -> list[OutboxRecord]:
    """Tell who passed it on and the next manager that nobody has confirmed; then the head of service, again and
    again. The next step is always known: nobody's silence ends it.
    """
    passed = uow.pass_ons.take(pass_on_id, now)
    if passed is None:
        return []
    enquiry = uow.enquiries.get(passed.enquiry_id)
    wait = timedelta(hours=house.area.due.late_decision_hours)
    uow.pass_ons.note_step(passed.id, house.working_time.add_hours(now, wait).at)
    uow.incidents.raise_(
        IncidentKind.PASS_ON_LATE,
        key=passed.id,
        now=now,
        enquiry_id=enquiry.id,
        details={"kind": passed.kind.value},
    )
    told = _who_hears(uow, house, passed, now)
    record = ("pass_on", passed.id)
    note_act(uow, enquiry, "front_door", "pass_on.late", record, now, step=passed.steps + 1, told=len(told))
    return uow.outbox.put(rows_to(uow, told, "duty_pass_on_late", enquiry, house.doorbell, now))


def _who_hears(uow: UnitOfWork, house: House, passed: PassOnRecord, now: datetime) -> Sequence[DutyWorkerRecord]:
    worker = [w for w in uow.duty_workers.list_all() if w.id == passed.worker_id and w.disabled_at is None]
    if passed.steps == 0:
        return [*worker, *next_managers(uow, house.working_time, now, besides=passed.worker_id)]
    return [*worker, *(managers(uow, Role.HEAD_OF_SERVICE) or managers(uow))]


def _end(
    uow: UnitOfWork,
    enquiry: EnquiryRecord,
    worker: DutyWorkerRecord,
    pass_on_id: str,
    ended_as: PassOnEnd,
    ending: dict[str, str],
    now: datetime,
) -> bool:
    is_first = uow.pass_ons.end(pass_on_id, enquiry.id, ended_as, worker.id, ending, now)
    if is_first:
        reason = ending.get("why") or f"{ending['name']}, {ending['when']}"
        act = f"pass_on.{ended_as.value}"
        note_act(uow, enquiry, worker.id, act, ("pass_on", pass_on_id), now, reason=reason)
    return is_first

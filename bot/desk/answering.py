"""What a worker does from the queue: answers an alert, takes an enquiry, breaks the glass. All on the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.desk.access import ALLOWED, Act
from bot.safeguarding.alerts import acknowledge
from bot.safeguarding.doorbell import DutyDoorbell
from storage.alerts import AlertRecord, AlertStatus
from storage.concerns import ConcernStatus
from storage.duty_workers import DutyWorkerRecord
from storage.enquiries import EnquiryRecord
from storage.identifiers import DutyWorkerId
from storage.incidents import IncidentKind
from storage.outbox import NewOutbox, OutboxRecord
from storage.unit_of_work import UnitOfWork

SHORTEST_REASON = 10
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Taken:
    """Who has an enquiry. `is_mine`: this worker; `is_first`: from now on. Offer `rows` to the dispatcher."""

    by: str
    is_mine: bool
    is_first: bool
    at: datetime
    rows: tuple[OutboxRecord, ...] = ()


def answer(
    uow: UnitOfWork, doorbell: DutyDoorbell, enquiry: EnquiryRecord, worker: DutyWorkerRecord, now: datetime
) -> Taken:
    """Answer what nobody has answered about an enquiry, and hold it if nobody does.

    Whoever comes second is told who has it. Raises `MayNotAnswer`.
    """
    alerts = uow.alerts.of(enquiry.id)
    climbing = next((alert for alert in alerts if alert.status is AlertStatus.RAISED), None)
    rows: tuple[OutboxRecord, ...] = ()
    if climbing is not None:
        answered = acknowledge(uow, doorbell, climbing.id, worker, now)
        if not answered.is_first and answered.by.id != worker.id:
            return Taken(answered.by.name, False, False, answered.at, answered.rows)
        rows = answered.rows
    holder = _holder(uow, enquiry, alerts)
    taken_up = _take_up(uow, enquiry, worker, now)
    if climbing is None and holder is not None and holder != worker.id:
        return Taken(uow.duty_workers.get(holder).name, False, False, _since(alerts, now), rows)
    held = _hold(uow, enquiry, worker, now)
    return Taken(worker.name, True, held or taken_up or climbing is not None, now, rows)


def break_glass(
    uow: UnitOfWork,
    doorbell: DutyDoorbell,
    enquiry: EnquiryRecord,
    worker: DutyWorkerRecord,
    *,
    reason: str,
    now: datetime,
    ends_at: datetime,
) -> list[OutboxRecord]:
    """Let a worker see one enquiry of the closed queue for a while, and alarm those who review it.

    Whoever is told hears of the reference in no message: it stands on the desk, for those who may see it.
    """
    glass = uow.broken_glass.break_(worker.id, enquiry.id, reason=reason, now=now, ends_at=ends_at)
    uow.audit.write(
        chain=enquiry.id,
        at=now,
        actor=worker.id,
        act="glass.broken",
        record_type="broken_glass",
        record_id=glass.id,
        reason=reason,
        details={"until": ends_at.isoformat()},
    )
    uow.incidents.raise_(
        IncidentKind.GLASS_BROKEN,
        key=glass.id,
        now=now,
        enquiry_id=enquiry.id,
        details={"role": worker.role.value},
    )
    return uow.outbox.put(_alarms(uow, doorbell, enquiry, worker, now))


def _alarms(
    uow: UnitOfWork, doorbell: DutyDoorbell, enquiry: EnquiryRecord, worker: DutyWorkerRecord, now: datetime
) -> list[NewOutbox]:
    """Tell each who reviews, by each way that reaches them alone. The duty chat is not told of a closed queue."""
    role = doorbell.wording.text(f"role_{worker.role.value}")
    text = doorbell.wording.text("glass_alarm", values={"role": role})
    rows = []
    for reviewer in uow.duty_workers.list_all():
        if reviewer.disabled_at is not None or reviewer.id == worker.id:
            continue
        if reviewer.role not in ALLOWED[Act.REVIEW_GLASS]:
            continue
        for way, address in (("telegram", reviewer.telegram), ("sms", reviewer.phone), ("email", reviewer.email)):
            if way in doorbell.ways and address:
                payload = {"text": text, "subject": text}
                rows.append(doorbell.message(way, address, payload, enquiry, now))
    return rows


def _holder(uow: UnitOfWork, enquiry: EnquiryRecord, alerts: list[AlertRecord]) -> DutyWorkerId | None:
    """Return who holds it; of one that nobody took, who answered its last alert, unless they are disabled."""
    if enquiry.worker_id is not None:
        return enquiry.worker_id
    answered = [alert.acknowledged_by for alert in alerts if alert.status is AlertStatus.ACKNOWLEDGED]
    last = answered[-1] if answered else None
    return None if last is None or uow.duty_workers.get(last).disabled_at is not None else last


def _since(alerts: list[AlertRecord], now: datetime) -> datetime:
    return max((a.acknowledged_at for a in alerts if a.acknowledged_at is not None), default=now)


def _take_up(uow: UnitOfWork, enquiry: EnquiryRecord, worker: DutyWorkerRecord, now: datetime) -> bool:
    """Put every concern that nobody has taken up in hand; say whether there was one."""
    raised = [c for c in uow.concerns.of(enquiry.id) if c.status is ConcernStatus.RAISED]
    for concern in raised:
        uow.concerns.set_status(concern.id, ConcernStatus.IN_HAND)
        _note(uow, enquiry, worker, "concern.taken_up", "concern", concern.id, now)
    return bool(raised)


def _hold(uow: UnitOfWork, enquiry: EnquiryRecord, worker: DutyWorkerRecord, now: datetime) -> bool:
    """Let a worker hold an enquiry that nobody holds; say whether they took it just now."""
    if enquiry.worker_id is not None:
        return False
    uow.enquiries.set_worker(enquiry.id, worker.id)
    _note(uow, enquiry, worker, "enquiry.taken", "enquiry", enquiry.id, now)
    return True


def _note(
    uow: UnitOfWork,
    enquiry: EnquiryRecord,
    worker: DutyWorkerRecord,
    act: str,
    kind: str,
    record_id: str,
    now: datetime,
) -> None:
    uow.audit.write(chain=enquiry.id, at=now, actor=worker.id, act=act, record_type=kind, record_id=record_id)

"""Telling duty workers by themselves: a reference and a kind, by every way that reaches one of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.safeguarding.doorbell import DutyDoorbell
from storage.duty_workers import DutyWorkerRecord, Role
from storage.enquiries import EnquiryRecord
from storage.outbox import NewOutbox
from storage.unit_of_work import UnitOfWork

MANAGERS = (Role.MANAGER, Role.HEAD_OF_SERVICE)


def rows_to(
    workers: Iterable[DutyWorkerRecord], key: str, enquiry: EnquiryRecord, doorbell: DutyDoorbell, now: datetime
) -> list[NewOutbox]:
    """Return the messages that tell these workers, once each. Where none of them can be reached, the duty chat."""
    text = doorbell.words(key, enquiry)
    rows = []
    for worker in {worker.id: worker for worker in workers if worker.disabled_at is None}.values():
        for way, address in (("telegram", worker.telegram), ("sms", worker.phone), ("email", worker.email)):
            if way not in doorbell.ways or not address:
                continue
            whole = text if way == "telegram" else "\n".join(filter(None, (text, doorbell.desk_url)))
            payload = {"text": whole, "subject": doorbell.words("duty_look", enquiry)}
            rows.append(doorbell.message(way, address, payload, enquiry, now))
    if not rows:
        rows.append(doorbell.message(doorbell.channel, doorbell.address, {"text": text}, enquiry, now))
    return rows


def managers(uow: UnitOfWork, *roles: Role) -> list[DutyWorkerRecord]:
    """Return who may decide, of these roles or of all."""
    wanted = roles or MANAGERS
    return [w for w in uow.duty_workers.list_all() if w.disabled_at is None and w.role in wanted]


def note_act(
    uow: UnitOfWork,
    enquiry: EnquiryRecord,
    actor: str,
    act: str,
    record: tuple[str, str],
    now: datetime,
    *,
    reason: str | None = None,
    **details: str | int,
) -> None:
    """Put what was done on the record; `record` is its type and id."""
    uow.audit.write(
        chain=enquiry.id,
        at=now,
        actor=actor,
        act=act,
        record_type=record[0],
        record_id=record[1],
        reason=reason,
        details=dict(details),
    )

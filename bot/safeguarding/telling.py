"""Telling duty workers by themselves: a reference and a kind, by every way that reaches one of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from bot.rota import Rota
from bot.safeguarding.doorbell import DutyDoorbell
from bot.working_time import WorkingTime
from storage.duty_workers import DutyWorkerRecord, Role
from storage.enquiries import EnquiryRecord
from storage.identifiers import EnquiryId
from storage.outbox import NewOutbox
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

MANAGERS = (Role.MANAGER, Role.HEAD_OF_SERVICE)


def rows_to(
    uow: UnitOfWork,
    workers: Iterable[DutyWorkerRecord],
    key: str,
    enquiry: EnquiryRecord,
    doorbell: DutyDoorbell,
    now: datetime,
    *,
    urgent: bool = True,
    **values: str,
) -> list[NewOutbox]:
    """Return the messages that tell these workers, once each. Where none of them can be reached, the duty chat.

    Of the closed queue only those who may see it are told, or else its officers; and the duty chat hears that
    something waits, and not what. What is not `urgent` waits behind every alert.
    """
    if is_closed(uow, enquiry.id):
        workers = list(workers)
        told = [w for w in workers if w.role is Role.LADO or enquiry.id in uow.broken_glass.open_to(w.id, now)]
        groups = (told, _officers(uow))  # those told may have no address left
        tries = (_to_each(each, key, enquiry, doorbell, now, urgent=urgent, **values) for each in groups)
        return next(filter(None, tries), None) or [something_waits(enquiry, doorbell, now, urgent=urgent)]
    rows = _to_each(workers, key, enquiry, doorbell, now, urgent=urgent, **values)
    if not rows:
        text = doorbell.words(key, enquiry, **values)
        rows.append(
            doorbell.message(doorbell.channel, doorbell.address, {"text": text}, enquiry, now, urgent=urgent)
        )
    return rows


def _to_each(
    workers: Iterable[DutyWorkerRecord],
    key: str,
    enquiry: EnquiryRecord,
    doorbell: DutyDoorbell,
    now: datetime,
    *,
    urgent: bool,
    **values: str,
) -> list[NewOutbox]:
    text = doorbell.words(key, enquiry, **values)
    rows = []
    for worker in {worker.id: worker for worker in workers if worker.disabled_at is None}.values():
        for way, address in _addresses(worker):
            if way not in doorbell.ways or not address:
                continue
            whole = text if way == "telegram" else "\n".join(filter(None, (text, doorbell.desk_url)))
            payload = {"text": whole, "subject": doorbell.words("duty_look", enquiry)}
            rows.append(doorbell.message(way, address, payload, enquiry, now, urgent=urgent))
    return rows


def _addresses(worker: DutyWorkerRecord) -> tuple[tuple[str, str | None], ...]:
    return (("telegram", worker.telegram), ("sms", worker.phone), ("email", worker.email))


def tell_duty(
    uow: UnitOfWork,
    key: str,
    enquiry: EnquiryRecord,
    doorbell: DutyDoorbell,
    now: datetime,
    *,
    channel: str,
    urgent: bool,
    indicators: str = "",
) -> list[NewOutbox]:
    """Return what tells the duty chat; of the closed queue, what tells the officers for allegations alone."""
    if not is_closed(uow, enquiry.id):
        return [doorbell.ring(key, enquiry, now, channel=channel, urgent=urgent, indicators=indicators)]
    return rows_to(uow, (), key, enquiry, doorbell, now, urgent=urgent, channel=channel, indicators=indicators)


def is_closed(uow: UnitOfWork, enquiry_id: EnquiryId) -> bool:
    """Say whether an enquiry is in the closed queue."""
    return bool(uow.concerns.in_closed_queue([enquiry_id]))


def _officers(uow: UnitOfWork) -> list[DutyWorkerRecord]:
    """Return the officers for allegations."""
    return [w for w in uow.duty_workers.list_all() if w.role is Role.LADO]


def something_waits(enquiry: EnquiryRecord, doorbell: DutyDoorbell, now: datetime, *, urgent: bool) -> NewOutbox:
    """Return what the duty chat may hear of the closed queue."""
    text = doorbell.wording.text("duty_closed")
    return doorbell.message(doorbell.channel, doorbell.address, {"text": text}, enquiry, now, urgent=urgent)


def managers(uow: UnitOfWork, *roles: Role) -> list[DutyWorkerRecord]:
    """Return who may decide, of these roles or of all."""
    wanted = roles or MANAGERS
    return [w for w in uow.duty_workers.list_all() if w.disabled_at is None and w.role in wanted]


def next_managers(
    uow: UnitOfWork, working_time: WorkingTime, now: datetime, *, besides: str = ""
) -> list[DutyWorkerRecord]:
    """Return the next manager on shift; all of them where nobody is, or where the rota cannot be read."""
    others = [w for w in managers(uow) if w.id != besides]
    try:
        rota = Rota(uow.shifts.at(now), uow.duty_workers.list_all(), working_time)
        on_shift = [w for w in rota.on_duty(Role.MANAGER, now) if w.id != besides]
    except Exception:
        log.exception("telling.rota_unreadable")
        on_shift = []
    return on_shift[:1] or others


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

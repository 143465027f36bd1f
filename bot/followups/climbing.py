"""Climbs a worker's task: tells its worker before and when it is due, then managers, until it is done."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.conversation.house import House
from bot.followups.kinds import KINDS, FollowUpKind, Weight, name_of
from bot.rota import Rota
from bot.safeguarding.telling import (
    is_closed,
    managers,
    next_managers,
    note_act,
    rows_to,
    something_waits,
)
from bot.working_time import WorkingTime
from flows.area import Bells
from storage.duty_workers import DutyWorkerRecord, Role
from storage.enquiries import EnquiryRecord
from storage.follow_ups import Actor, FollowUpRecord
from storage.identifiers import ConversationId, DutyWorkerId, EnquiryId
from storage.incidents import IncidentKind
from storage.outbox import NewOutbox
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


class Stage(StrEnum):
    """Who hears a bell. Each has words of its own, `duty_task_<stage>`."""

    SOON = "soon"
    """Its worker: it will be due."""
    DUE = "due"
    """Its worker: it is."""
    AGAIN = "again"
    """Its worker: it was."""
    LATE = "late"
    """Its worker and the next manager."""
    HIGHER = "higher"
    """Its worker and the head of service, again and again."""


@dataclass(frozen=True, slots=True)
class Bell:
    at: datetime
    stage: Stage


def task_due(house: House, now: datetime) -> datetime:
    """Return by when a worker has done what has no time of its own: so many working hours from now."""
    return house.working_time.add_hours(now, timedelta(hours=house.area.follow_ups.task_hours)).at


def give_task(
    uow: UnitOfWork,
    house: House,
    kind: FollowUpKind,
    *,
    enquiry_id: EnquiryId,
    now: datetime,
    why: str,
    by: datetime | None = None,
    worker_id: DutyWorkerId | None = None,
    conversation_id: ConversationId | None = None,
    key: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> FollowUpRecord:
    """Give a worker a new task, to be done by `by`, or else by `task_due`; without a worker it is whoever's is on
    duty.

    Where a task of the same key stands it comes back, as it is.
    """
    by = task_due(house, now) if by is None else by
    return uow.follow_ups.add(
        enquiry_id=enquiry_id,
        conversation_id=conversation_id,
        kind=kind,
        weight=min(KINDS[kind].weight, Weight.TASK),
        actor=Actor.WORKER,
        worker_id=worker_id,
        due_at=first_bell(house, kind, by, now),
        promised_at=by,
        why=why,
        key=key,
        details=details,
        now=now,
    )


def give(
    uow: UnitOfWork,
    house: House,
    follow_up: FollowUpRecord,
    worker_id: DutyWorkerId | None,
    *,
    why: str,
    now: datetime,
    by: datetime | None = None,
) -> None:
    """Make a follow-up that stands a worker's task, to be done by `by`: unless said, by when it was promised, or
    where that is over within the area's working hours for such a task.
    """
    if by is None:
        by = follow_up.promised_at
    if by is None or by <= now:
        by = task_due(house, now)
    uow.follow_ups.give_to_worker(
        follow_up.id,
        worker_id,
        why=why,
        due_at=by,
        bell_at=first_bell(house, follow_up.kind, by, now),
        most_weight=Weight.TASK,
    )
    enquiry = uow.enquiries.get(follow_up.enquiry_id)
    record = ("follow_up", follow_up.id)
    note_act(uow, enquiry, "front_door", "follow_up.given", record, now, kind=follow_up.kind, why=why)


def ring(
    uow: UnitOfWork, house: House, follow_up: FollowUpRecord, enquiry: EnquiryRecord, now: datetime
) -> list[NewOutbox]:
    """Tell who is to hear this bell, and set the next one: there always is one."""
    by = follow_up.promised_at or follow_up.due_at
    bells = bells_of(_settings(house, follow_up.kind), by, house.working_time)
    stage = stage_of(bells, rung_at=follow_up.due_at, now=now)
    uow.follow_ups.note_step(follow_up.id, upcoming=next_bell(house, follow_up.kind, by, now))
    if stage in (Stage.LATE, Stage.HIGHER):
        uow.incidents.raise_(IncidentKind.TASK_LATE, key=follow_up.id, now=now, enquiry_id=enquiry.id)
    rows = _rows(uow, house, follow_up, enquiry, stage, now)
    record, kind = ("follow_up", follow_up.id), follow_up.kind
    note_act(
        uow, enquiry, "front_door", "follow_up.rung", record, now, kind=kind, stage=stage.value, told=len(rows)
    )
    return rows


def _rows(
    uow: UnitOfWork, house: House, follow_up: FollowUpRecord, enquiry: EnquiryRecord, stage: Stage, now: datetime
) -> list[NewOutbox]:
    """Return what tells them. Of the closed queue its officers alone hear; once it is late the duty chat hears
    that something waits, and a manager finds the incident.
    """
    key, task = f"duty_task_{stage}", name_of(house.wording, follow_up)
    closed = is_closed(uow, enquiry.id)
    told = () if closed else _who_hears(uow, house, follow_up, stage, now)
    rows = rows_to(uow, told, key, enquiry, house.doorbell, now, urgent=False, task=task)
    if closed and stage in (Stage.LATE, Stage.HIGHER):
        rows.append(something_waits(enquiry, house.doorbell, now, urgent=False))
    return rows


def first_bell(house: House, kind: str, by: datetime, now: datetime) -> datetime:
    """Return when its worker first hears of a task due by `by`: in working hours, where that leaves time."""
    at = max(bells_of(_settings(house, kind), by, house.working_time)[0].at, now)
    if house.working_time.is_open(at):
        return at
    opens_at = house.working_time.opens_next(at)
    return opens_at if opens_at is not None and opens_at < by else at


def next_bell(house: House, kind: str, by: datetime, now: datetime) -> datetime:
    """Return when the bell after one rung at `now` rings."""
    settings = _settings(house, kind)
    to_come = [bell.at for bell in bells_of(settings, by, house.working_time) if bell.at > now]
    if to_come:
        return to_come[0]
    return house.working_time.add_hours(now, timedelta(hours=settings.repeat_hours)).at


def bells_of(settings: Bells, by: datetime, working_time: WorkingTime) -> list[Bell]:
    """Return the bells of a task due by `by`, in order. After the last one it is rung again and again."""
    late = Bell(_later(by, settings.manager_minutes, settings.manager_days, working_time), Stage.LATE)
    bells = [Bell(by, Stage.DUE)]
    if settings.before_minutes or settings.before_days:
        early = days_before(by, settings.before_days, working_time) - timedelta(minutes=settings.before_minutes)
        bells.insert(0, Bell(early, Stage.SOON))
    if settings.again_minutes or settings.again_days:
        again = _later(by, settings.again_minutes, settings.again_days, working_time)
        bells += [Bell(again, Stage.AGAIN)] if again < late.at else []
    return [*bells, late]


def stage_of(bells: Sequence[Bell], *, rung_at: datetime, now: datetime) -> Stage:
    """Return which bell this is: the last whose time has come, and above the last where that one was rung."""
    if rung_at > bells[-1].at:
        return Stage.HIGHER
    rung = [bell.stage for bell in bells if bell.at <= now]
    return rung[-1] if rung else Stage.SOON


def days_before(at: datetime, days: int, working_time: WorkingTime) -> datetime:
    """Return the same time of day so many working days earlier."""
    day = working_time.date_of(at)
    local = at.astimezone(working_time.zone)
    while days:
        day -= timedelta(days=1)
        days -= working_time.is_working_day(day)
    return (local + (day - local.date())).astimezone(at.tzinfo)


def _later(by: datetime, minutes: float, days: int, working_time: WorkingTime) -> datetime:
    return (working_time.add_days(by, days).at if days else by) + timedelta(minutes=minutes)


def _settings(house: House, kind: str) -> Bells:
    times = house.area.follow_ups
    return times.bells_of.get(kind, times.bells)


def _who_hears(
    uow: UnitOfWork, house: House, follow_up: FollowUpRecord, stage: Stage, now: datetime
) -> list[DutyWorkerRecord]:
    rota = _rota(uow, house, now)
    told = _owners(uow, follow_up, rota, now)
    if stage is Stage.LATE:
        told += next_managers(uow, house.working_time, now)
    elif stage is Stage.HIGHER:
        told += managers(uow, Role.HEAD_OF_SERVICE) or managers(uow)
    return list({worker.id: worker for worker in told}.values())


def _owners(
    uow: UnitOfWork, follow_up: FollowUpRecord, rota: Rota | None, now: datetime
) -> list[DutyWorkerRecord]:
    """Return its worker; whoever is on duty where that is nobody, or somebody who is gone or away."""
    on_duty = _on_shift(rota, Role.DUTY_WORKER, now) or _on_shift(rota, Role.OUT_OF_HOURS, now)
    if follow_up.worker_id is None:
        return on_duty
    owner = uow.duty_workers.get(follow_up.worker_id)
    if owner.disabled_at is not None:
        return on_duty
    is_away = rota is not None and rota.is_absent(owner.id, owner.role, now)
    return [owner, *on_duty] if is_away else [owner]


def _rota(uow: UnitOfWork, house: House, now: datetime) -> Rota | None:
    """Return the rota; nothing where it cannot be read, and then it is as if nobody were on shift."""
    try:
        return Rota(uow.shifts.at(now), uow.duty_workers.list_all(), house.working_time)
    except Exception:
        log.exception("follow_up.rota_unreadable")
        return None


def _on_shift(rota: Rota | None, role: Role, now: datetime) -> list[DutyWorkerRecord]:
    return [] if rota is None else list(rota.on_duty(role, now))

"""Alerts: telling people about a concern until one answers, and each step taken to tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Index,
    UniqueConstraint,
    bindparam,
    exists,
    insert,
    or_,
    select,
    text,
    update,
)

from storage.columns import (
    StoredTable,
    code,
    columns_of,
    instant,
    link,
    primary_id,
    sealed_json,
    table_of,
    values_of,
    whole,
)
from storage.concerns import Concern, ConcernStatus
from storage.duty_workers import DutyWorker
from storage.enquiries import Enquiry, EnquiryStatus, StoredUrgency
from storage.identifiers import AlertId, AlertStepId, ConversationId, DutyWorkerId, EnquiryId, new_id
from storage.prepared import Prepared
from storage.repository import NotFound, Repository

NO_RUNG = -1
_RAISED = text("status = 'raised'")


class AlertStatus(StrEnum):
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class StepOutcome(StrEnum):
    """`told`: a named person was sent something. `nobody`: nobody is on shift, or has no way to be told.
    `failed`: nothing that was sent could be delivered.
    """

    TOLD = "told"
    NOBODY = "nobody"
    FAILED = "failed"


class Alert(StoredTable, table=True):
    """The database itself holds that an alert nobody answered has a next step, and that an enquiry has one."""

    __tablename__ = "alert"
    __table_args__ = (
        CheckConstraint("status <> 'raised' OR next_step_at IS NOT NULL", name="ck_alert_never_silent"),
        Index("ix_alert_due", "next_step_at", sqlite_where=_RAISED, postgresql_where=_RAISED),
        Index("uq_alert_open", "enquiry_id", unique=True, sqlite_where=_RAISED, postgresql_where=_RAISED),
    )

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    conversation_id: str | None = link("conversation.id", nullable=True)
    urgency: str = code(20, StoredUrgency)
    status: str = code(20, AlertStatus)
    climb: int = whole()
    rung: int = whole()
    steps: int = whole()
    raised_at: datetime = instant()
    climbs_from: datetime = instant()
    next_step_at: datetime | None = instant(nullable=True)
    acknowledged_at: datetime | None = instant(nullable=True)
    acknowledged_by: str | None = link("duty_worker.id", nullable=True)
    closed_at: datetime | None = instant(nullable=True)
    closed_by: str | None = link("duty_worker.id", nullable=True)


class AlertStep(StoredTable, table=True):
    """A step is written with the messages it sends, in one transaction; its number can be taken once."""

    __tablename__ = "alert_step"
    __table_args__ = (UniqueConstraint("alert_id", "number"),)

    id: str = primary_id()
    alert_id: str = link("alert.id")
    number: int = whole()
    climb: int = whole()
    rung: int = whole()
    role: str = code(40)
    due_at: datetime = instant()
    at: datetime = instant()
    messages: list[Any] = sealed_json("alert_step.messages")
    outcome: str = code(40, StepOutcome)


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """`climb` counts how often the ladder was begun, `rung` is the highest taken in this climb (`NO_RUNG` before
    the first), `steps` counts the steps of all climbs. `climbs_from` is the instant waits are counted from.
    """

    id: AlertId
    enquiry_id: EnquiryId
    conversation_id: ConversationId | None
    urgency: StoredUrgency
    status: AlertStatus
    climb: int
    rung: int
    steps: int
    raised_at: datetime
    climbs_from: datetime
    next_step_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: DutyWorkerId | None
    closed_at: datetime | None
    closed_by: DutyWorkerId | None


@dataclass(frozen=True, slots=True)
class AlertStepRecord:
    """`messages` says what was sent: each an outbox message's `id`, its `channel`, and `to`, a duty worker's id or
    "chat" for the duty chat.
    """

    id: AlertStepId
    alert_id: AlertId
    number: int
    climb: int
    rung: int
    role: str
    due_at: datetime
    at: datetime
    messages: list[Mapping[str, str]]
    outcome: StepOutcome


_alerts, _steps = table_of(Alert), table_of(AlertStep)
_a, _s = _alerts.c, _steps.c
_record = select(*columns_of(_alerts, AlertRecord))
_of_id = _a.id == bindparam("alert_id")
_raised = _a.status == text("'raised'")
_get = Prepared(_record.where(_of_id))
_get_locked = Prepared(_record.where(_of_id).with_for_update())
_open_for = Prepared(_record.where(_a.enquiry_id == bindparam("enquiry"), _raised).with_for_update())
_of = Prepared(_record.where(_a.enquiry_id == bindparam("enquiry")).order_by(_a.id))
_standing = Prepared(_record.where(_a.status != AlertStatus.CLOSED).order_by(_a.raised_at, _a.id))
_due = Prepared(
    select(_a.id)
    .where(_raised, _a.next_step_at <= bindparam("now"))
    .order_by(_a.next_step_at, _a.id)
    .limit(bindparam("most"))
)
_take = Prepared(
    _record.where(_of_id, _raised, _a.next_step_at <= bindparam("now")).with_for_update(skip_locked=True)
)
_new = Prepared(insert(_alerts))
_climb_anew = Prepared(
    update(_alerts)
    .where(_of_id, _raised)
    .values(
        urgency=bindparam("worse"),
        climb=_a.climb + 1,
        rung=NO_RUNG,
        climbs_from=bindparam("now"),
        next_step_at=bindparam("now"),
    )
)
_note_step = Prepared(
    update(_alerts)
    .where(_of_id, _raised)
    .values(rung=bindparam("reached"), steps=_a.steps + 1, next_step_at=bindparam("upcoming"))
)
_wake = Prepared(update(_alerts).where(_of_id, _raised).values(next_step_at=bindparam("upcoming")))
_acknowledge = Prepared(
    update(_alerts)
    .where(_of_id, _raised)
    .values(
        status=AlertStatus.ACKNOWLEDGED,
        next_step_at=None,
        acknowledged_at=bindparam("now"),
        acknowledged_by=bindparam("worker"),
    )
)
_close = Prepared(
    update(_alerts)
    .where(_of_id, _a.status != AlertStatus.CLOSED)
    .values(
        status=AlertStatus.CLOSED, next_step_at=None, closed_at=bindparam("now"), closed_by=bindparam("worker")
    )
)
_newer, _danger = _alerts.alias("newer"), table_of(Concern)
_enquiry, _worker = table_of(Enquiry), table_of(DutyWorker)
_answered_by_the_gone = Prepared(
    select(_a.enquiry_id)
    .join(_worker, _worker.c.id == _a.acknowledged_by)
    .join(_enquiry, _enquiry.c.id == _a.enquiry_id)
    .where(
        _a.status == AlertStatus.ACKNOWLEDGED,
        _worker.c.disabled_at.is_not(None),
        _enquiry.c.worker_id.is_(None),
        _enquiry.c.status != EnquiryStatus.CLOSED,
        ~exists().where(_newer.c.enquiry_id == _a.enquiry_id, _newer.c.id > _a.id),
        exists().where(
            _danger.c.enquiry_id == _a.enquiry_id,
            _danger.c.status != ConcernStatus.RESOLVED,
            or_(
                _danger.c.urgency == StoredUrgency.IMMEDIATE,
                _danger.c.urgency == StoredUrgency.EMERGENCY,
            ),
        ),
    )
    .limit(100)
)
_step_record = select(*columns_of(_steps, AlertStepRecord))
_steps_of = Prepared(_step_record.where(_s.alert_id == bindparam("alert_id")).order_by(_s.number))
_new_step = Prepared(insert(_steps))
_set_outcome = Prepared(
    update(_steps)
    .where(_s.alert_id == bindparam("of_alert"), _s.number == bindparam("step_number"))
    .values(outcome=bindparam("became"))
)


class Alerts(Repository):
    __slots__ = ()

    def raise_(
        self, *, enquiry_id: EnquiryId, conversation_id: ConversationId | None, urgency: str, now: datetime
    ) -> AlertRecord:
        """Raise an alert whose first step is due at once.

        Raises `UniqueRace` where the enquiry has one that nobody has answered: ask `open_for` first.
        """
        alert = AlertRecord(
            id=AlertId(new_id()),
            enquiry_id=enquiry_id,
            conversation_id=conversation_id,
            urgency=StoredUrgency(urgency),
            status=AlertStatus.RAISED,
            climb=1,
            rung=NO_RUNG,
            steps=0,
            raised_at=now,
            climbs_from=now,
            next_step_at=now,
            acknowledged_at=None,
            acknowledged_by=None,
            closed_at=None,
            closed_by=None,
        )
        self._change(_new, values_of(alert))
        return alert

    def get(self, alert_id: AlertId, *, hold: bool = False) -> AlertRecord:
        """Return an alert; with `hold`, nobody else changes it until the unit ends. Raises `NotFound`."""
        row = self._one(_get_locked if hold else _get, {"alert_id": alert_id})
        if row is None:
            raise NotFound(f"alert {alert_id}")
        return AlertRecord(*row)

    def open_for(self, enquiry_id: EnquiryId) -> AlertRecord | None:
        """Return the enquiry's alert that nobody has answered, held until the unit ends."""
        row = self._one(_open_for, {"enquiry": enquiry_id})
        return None if row is None else AlertRecord(*row)

    def of(self, enquiry_id: EnquiryId) -> list[AlertRecord]:
        """Return every alert of an enquiry, in the order raised."""
        return [AlertRecord(*row) for row in self._all(_of, {"enquiry": enquiry_id})]

    def standing(self) -> list[AlertRecord]:
        """Return every alert that is not closed, answered or not, the oldest first."""
        return [AlertRecord(*row) for row in self._all(_standing, {})]

    def answered_by_the_gone(self) -> list[EnquiryId]:
        """Return enquiries in danger that nobody took after their last alert was answered by a worker who was
        disabled meanwhile: they are in nobody's hands.
        """
        return [EnquiryId(row[0]) for row in self._all(_answered_by_the_gone, {})]

    def due(self, now: datetime, limit: int) -> list[AlertId]:
        """Return alerts whose next step is due, the longest due first. They are not held: see `take`."""
        return [AlertId(row[0]) for row in self._all(_due, {"now": now, "most": limit})]

    def take(self, alert_id: AlertId, now: datetime) -> AlertRecord | None:
        """Hold an alert whose step is still due; None where somebody else takes it, or has."""
        row = self._one(_take, {"alert_id": alert_id, "now": now})
        return None if row is None else AlertRecord(*row)

    def climb_anew(self, alert_id: AlertId, urgency: str, now: datetime) -> None:
        """A worse concern: begin the ladder of this urgency, at once."""
        values = {"alert_id": alert_id, "worse": StoredUrgency(urgency), "now": now}
        self._must_change(_climb_anew, values, alert_id)

    def note_step(
        self,
        alert: AlertRecord,
        *,
        rung: int,
        role: str,
        due_at: datetime,
        messages: Sequence[Mapping[str, str]],
        outcome: StepOutcome,
        next_step_at: datetime,
        now: datetime,
    ) -> AlertStepRecord:
        """Write the step after those `alert` has, and when the next one is due.

        Raises `UniqueRace` where that step was taken already.
        """
        step = AlertStepRecord(
            id=AlertStepId(new_id()),
            alert_id=alert.id,
            number=alert.steps + 1,
            climb=alert.climb,
            rung=rung,
            role=role,
            due_at=due_at,
            at=now,
            messages=[dict(message) for message in messages],
            outcome=outcome,
        )
        self._change(_new_step, values_of(step))
        values = {"alert_id": alert.id, "reached": max(rung, alert.rung), "upcoming": next_step_at}
        self._must_change(_note_step, values, alert.id)
        return step

    def wake_at(self, alert_id: AlertId, at: datetime) -> None:
        """Let the next step be due at another time. An alert that was answered stays as it is."""
        self._change(_wake, {"alert_id": alert_id, "upcoming": at})

    def steps_of(self, alert_id: AlertId) -> list[AlertStepRecord]:
        """Return the steps taken, in order, those of earlier climbs among them."""
        return [AlertStepRecord(*row) for row in self._all(_steps_of, {"alert_id": alert_id})]

    def set_outcome(self, alert_id: AlertId, number: int, outcome: StepOutcome) -> None:
        self._change(_set_outcome, {"of_alert": alert_id, "step_number": number, "became": outcome})

    def acknowledge(self, alert_id: AlertId, worker_id: DutyWorkerId, now: datetime) -> bool:
        """Return whether this worker is the one who answered; False where somebody had before."""
        return self._change(_acknowledge, {"alert_id": alert_id, "worker": worker_id, "now": now}) == 1

    def close(self, alert_id: AlertId, worker_id: DutyWorkerId, now: datetime) -> bool:
        """Return False where it was closed before."""
        return self._change(_close, {"alert_id": alert_id, "worker": worker_id, "now": now}) == 1

    def _must_change(self, statement: Prepared, values: Mapping[str, Any], alert_id: AlertId) -> None:
        if self._change(statement, values) != 1:
            raise NotFound(f"alert {alert_id} that nobody has answered")

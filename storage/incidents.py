"""Incidents: what went wrong on the way to a person, standing on the desk until somebody has seen it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, bindparam, insert, select, text, update

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
)
from storage.identifiers import AlertId, DutyWorkerId, EnquiryId, IncidentId, new_id
from storage.prepared import Prepared
from storage.repository import Repository

_STANDING = text("seen_at IS NULL")


class IncidentKind(StrEnum):
    NOBODY_ON_SHIFT = "nobody_on_shift"
    NO_WAY_TO_TELL = "no_way_to_tell"
    EMPTY_LADDER = "empty_ladder"
    CHANNEL_FAILED = "channel_failed"
    NOBODY_ANSWERED = "nobody_answered"
    ROTA_UNREADABLE = "rota_unreadable"
    STEP_FAILED = "step_failed"
    GLASS_BROKEN = "glass_broken"
    DISAGREEMENT = "disagreement"
    FEEDBACK_NOT_SENT = "feedback_not_sent"
    DECISION_LATE = "decision_late"
    WORKER_GONE = "worker_gone"
    PASS_ON_LATE = "pass_on_late"  # noqa: S105 - no password
    CONFIRMATION_NOT_SENT = "confirmation_not_sent"
    FOLLOW_UP_FAILED = "follow_up_failed"
    TASK_LATE = "task_late"
    PROMISE_LATE = "promise_late"
    CALL_BACK_MISSED = "call_back_missed"
    CALL_BACK_UNKEPT = "call_back_unkept"


class Incident(StoredTable, table=True):
    """`key` says what it is about: the same thing stands once."""

    __tablename__ = "incident"
    __table_args__ = (
        Index("uq_incident_standing", "key", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
    )

    id: str = primary_id()
    kind: str = code(60, IncidentKind)
    key: str = code(160)
    enquiry_id: str | None = link("enquiry.id", nullable=True, index=True)
    alert_id: str | None = link("alert.id", nullable=True)
    details: dict[str, Any] = sealed_json("incident.details")
    raised_at: datetime = instant()
    seen_at: datetime | None = instant(nullable=True)
    seen_by: str | None = link("duty_worker.id", nullable=True)


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """`details` holds codes and numbers: a role, a channel, a rung. Never a person's words."""

    id: IncidentId
    kind: IncidentKind
    key: str
    enquiry_id: EnquiryId | None
    alert_id: AlertId | None
    details: dict[str, Any]
    raised_at: datetime
    seen_at: datetime | None
    seen_by: DutyWorkerId | None


_incidents = table_of(Incident)
_i = _incidents.c
_record = select(*columns_of(_incidents, IncidentRecord))
_unseen = _i.seen_at.is_(None)
_new = Prepared(insert(_incidents))
_standing = Prepared(_record.where(_unseen).order_by(_i.raised_at, _i.id))
_standing_one = Prepared(_record.where(_unseen, _i.key == bindparam("of_key")))
_of = Prepared(_record.where(_i.enquiry_id == bindparam("enquiry")).order_by(_i.raised_at, _i.id))
_see = Prepared(
    update(_incidents)
    .where(_i.id == bindparam("incident"), _unseen)
    .values(seen_at=bindparam("now"), seen_by=bindparam("worker"))
)


class Incidents(Repository):
    __slots__ = ()

    def raise_(
        self,
        kind: IncidentKind,
        *,
        key: str,
        now: datetime,
        enquiry_id: EnquiryId | None = None,
        alert_id: AlertId | None = None,
        details: Mapping[str, str | int] | None = None,
    ) -> IncidentRecord:
        """Raise an incident, or return the one of the same kind and key that stands."""
        whole_key = f"{kind}:{key}"
        row = self._one(_standing_one, {"of_key": whole_key})
        if row is not None:
            return IncidentRecord(*row)
        incident = IncidentRecord(
            id=IncidentId(new_id()),
            kind=kind,
            key=whole_key,
            enquiry_id=enquiry_id,
            alert_id=alert_id,
            details=dict(details or {}),
            raised_at=now,
            seen_at=None,
            seen_by=None,
        )
        self._change(_new, values_of(incident))
        return incident

    def standing(self) -> list[IncidentRecord]:
        """Return what nobody has seen yet, the oldest first."""
        return [IncidentRecord(*row) for row in self._all(_standing, {})]

    def of(self, enquiry_id: EnquiryId) -> list[IncidentRecord]:
        """Return an enquiry's incidents, seen or not."""
        return [IncidentRecord(*row) for row in self._all(_of, {"enquiry": enquiry_id})]

    def see(self, incident_id: IncidentId, worker_id: DutyWorkerId, now: datetime) -> bool:
        """Note who has seen it; False where somebody had before, or there is none."""
        return self._change(_see, {"incident": incident_id, "worker": worker_id, "now": now}) == 1

"""Passing on: an enquiry that somebody else is to take, open until they have said that they have it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, bindparam, insert, select, text, update

from storage.columns import (
    StoredTable,
    code,
    columns_of,
    instant,
    link,
    primary_id,
    sealed_json,
    sealed_text,
    table_of,
    values_of,
    whole,
)
from storage.identifiers import DutyWorkerId, EnquiryId, PassOnId, new_id
from storage.prepared import Prepared
from storage.repository import Repository

_STANDING = text("ended_at IS NULL")


class PassOnKind(StrEnum):
    """`allocated`: to the worker who has the family already. `other_area`: to another council."""

    STEP_UP = "step_up"
    STEP_DOWN = "step_down"
    ALLOCATED = "allocated"
    OTHER_AREA = "other_area"


class ToldBy(StrEnum):
    """How the other side was told."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    SECURE_EMAIL = "secure_email"
    CASE_SYSTEM = "case_system"


class PassOnEnd(StrEnum):
    """`confirmed`: the other side has it. `taken_back`: it stays with us."""

    CONFIRMED = "confirmed"
    TAKEN_BACK = "taken_back"


class PassOn(StoredTable, table=True):
    """The database itself holds that an enquiry is passed on once at a time, and that one has a next step."""

    __tablename__ = "pass_on"
    __table_args__ = (
        CheckConstraint("ended_at IS NOT NULL OR next_step_at IS NOT NULL", name="ck_pass_on_never_silent"),
        Index(
            "uq_pass_on_standing", "enquiry_id", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING
        ),
        Index("ix_pass_on_due", "next_step_at", sqlite_where=_STANDING, postgresql_where=_STANDING),
    )

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    worker_id: str = link("duty_worker.id")
    kind: str = code(20, PassOnKind)
    to_whom: str = sealed_text("pass_on.to_whom")
    told_by: str = code(20, ToldBy)
    reason: str = sealed_text("pass_on.reason")
    agreed: str | None = sealed_text("pass_on.agreed", nullable=True)
    due_because: list[Any] = sealed_json("pass_on.due_because")
    passed_at: datetime = instant()
    due_at: datetime = instant()
    steps: int = whole()
    next_step_at: datetime | None = instant(nullable=True)
    ended_at: datetime | None = instant(nullable=True)
    ended_as: str | None = code(20, PassOnEnd, nullable=True)
    ended_by: str | None = link("duty_worker.id", nullable=True)
    ending: dict[str, Any] | None = sealed_json("pass_on.ending", nullable=True)


@dataclass(frozen=True, slots=True)
class PassOnRecord:
    """`agreed` says who of the family agreed. `steps` counts how often somebody was told that it is late.

    `ending` holds the name of who confirmed and when they said so, or why it was taken back.
    """

    id: PassOnId
    enquiry_id: EnquiryId
    worker_id: DutyWorkerId
    kind: PassOnKind
    to_whom: str
    told_by: ToldBy
    reason: str
    agreed: str | None
    due_because: list[str]
    passed_at: datetime
    due_at: datetime
    steps: int
    next_step_at: datetime | None
    ended_at: datetime | None = None
    ended_as: PassOnEnd | None = None
    ended_by: DutyWorkerId | None = None
    ending: dict[str, Any] | None = None


_passed = table_of(PassOn)
_p = _passed.c
_record = select(*columns_of(_passed, PassOnRecord))
_stands = _p.ended_at.is_(None)
_this = _p.id == bindparam("pass_on")
_standing_for = Prepared(_record.where(_p.enquiry_id == bindparam("enquiry"), _stands).with_for_update())
_of = Prepared(_record.where(_p.enquiry_id == bindparam("enquiry")).order_by(_p.passed_at, _p.id))
_due = Prepared(
    select(_p.id).where(_stands, _p.next_step_at <= bindparam("now")).order_by(_p.next_step_at, _p.id).limit(100)
)
_take = Prepared(
    _record.where(_this, _stands, _p.next_step_at <= bindparam("now")).with_for_update(skip_locked=True)
)
_new = Prepared(insert(_passed))
_step = Prepared(
    update(_passed).where(_this, _stands).values(steps=_p.steps + 1, next_step_at=bindparam("upcoming"))
)
_end = Prepared(
    update(_passed)
    .where(_this, _p.enquiry_id == bindparam("enquiry"), _stands)
    .values(
        ended_at=bindparam("now"),
        ended_as=bindparam("became"),
        ended_by=bindparam("worker"),
        ending=bindparam("said"),
        next_step_at=None,
    )
)


class PassOns(Repository):
    __slots__ = ()

    def begin(
        self,
        *,
        enquiry_id: EnquiryId,
        worker_id: DutyWorkerId,
        kind: PassOnKind,
        to_whom: str,
        told_by: ToldBy,
        reason: str,
        agreed: str | None,
        due_at: datetime,
        due_because: list[str],
        now: datetime,
    ) -> PassOnRecord:
        """Raises `UniqueRace` where it is passed on already."""
        passed = PassOnRecord(
            id=PassOnId(new_id()),
            enquiry_id=enquiry_id,
            worker_id=worker_id,
            kind=kind,
            to_whom=to_whom,
            told_by=told_by,
            reason=reason,
            agreed=agreed,
            due_because=due_because,
            passed_at=now,
            due_at=due_at,
            steps=0,
            next_step_at=due_at,
        )
        self._change(_new, values_of(passed))
        return passed

    def standing_for(self, enquiry_id: EnquiryId) -> PassOnRecord | None:
        """Return what waits for the other side, which nobody else may change until the unit ends."""
        row = self._one(_standing_for, {"enquiry": enquiry_id})
        return None if row is None else PassOnRecord(*row)

    def of(self, enquiry_id: EnquiryId) -> list[PassOnRecord]:
        return [PassOnRecord(*row) for row in self._all(_of, {"enquiry": enquiry_id})]

    def due(self, now: datetime) -> list[PassOnId]:
        """Return those whose next step is due; the oldest first."""
        return [PassOnId(row[0]) for row in self._all(_due, {"now": now})]

    def take(self, pass_on_id: PassOnId, now: datetime) -> PassOnRecord | None:
        """Hold the row of one that is still due; None where somebody else has it, or it is not due any more."""
        row = self._one(_take, {"pass_on": pass_on_id, "now": now})
        return None if row is None else PassOnRecord(*row)

    def note_step(self, pass_on_id: PassOnId, upcoming: datetime) -> None:
        self._change(_step, {"pass_on": pass_on_id, "upcoming": upcoming})

    def end(
        self,
        pass_on_id: str,
        enquiry_id: EnquiryId,
        ended_as: PassOnEnd,
        worker_id: DutyWorkerId,
        ending: dict[str, Any],
        now: datetime,
    ) -> bool:
        """End it; False where it had ended before, or is not this enquiry's."""
        values = {
            "pass_on": pass_on_id,
            "enquiry": enquiry_id,
            "became": ended_as,
            "worker": worker_id,
            "said": ending,
            "now": now,
        }
        return self._change(_end, values) == 1

"""Holds: an enquiry held for a manager's decision, with its evidence and the plan that keeps the child safe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, bindparam, insert, select, text, update

from storage.columns import (
    StoredTable,
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
from storage.duty_workers import DutyWorker
from storage.identifiers import DutyWorkerId, EnquiryId, HoldId, new_id
from storage.prepared import Prepared
from storage.repository import Repository

_STANDING = text("ended_at IS NULL")


class Hold(StoredTable, table=True):
    """The database itself holds that an enquiry is held once, and that a hold always has a next step."""

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("ended_at IS NOT NULL OR next_step_at IS NOT NULL", name="ck_hold_never_silent"),
        Index("uq_hold_standing", "enquiry_id", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
        Index("ix_hold_due", "next_step_at", sqlite_where=_STANDING, postgresql_where=_STANDING),
    )

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    worker_id: str = link("duty_worker.id")
    decider_id: str = link("duty_worker.id")
    evidence: dict[str, Any] = sealed_json("hold.evidence")
    safety_plan: str = sealed_text("hold.safety_plan")
    due_because: list[Any] = sealed_json("hold.due_because")
    held_at: datetime = instant()
    due_at: datetime = instant()
    steps: int = whole()
    next_step_at: datetime | None = instant(nullable=True)
    ended_at: datetime | None = instant(nullable=True)


@dataclass(frozen=True, slots=True)
class HoldRecord:
    """`worker_id` owns it, `decider_id` decides. `steps` counts how often somebody was told that it is late."""

    id: HoldId
    enquiry_id: EnquiryId
    worker_id: DutyWorkerId
    decider_id: DutyWorkerId
    evidence: dict[str, Any]
    safety_plan: str
    due_because: list[str]
    held_at: datetime
    due_at: datetime
    steps: int
    next_step_at: datetime | None
    ended_at: datetime | None


_holds, _workers = table_of(Hold), table_of(DutyWorker)
_h = _holds.c
_record = select(*columns_of(_holds, HoldRecord))
_stands = _h.ended_at.is_(None)
_standing_for = Prepared(_record.where(_h.enquiry_id == bindparam("enquiry"), _stands).with_for_update())
_of = Prepared(_record.where(_h.enquiry_id == bindparam("enquiry")).order_by(_h.held_at, _h.id))
_due = Prepared(
    select(_h.id).where(_stands, _h.next_step_at <= bindparam("now")).order_by(_h.next_step_at, _h.id).limit(100)
)
_take = Prepared(
    _record.where(_h.id == bindparam("hold"), _stands, _h.next_step_at <= bindparam("now")).with_for_update(
        skip_locked=True
    )
)
_without_decider = Prepared(
    select(_h.id)
    .join(_workers, _workers.c.id == _h.decider_id)
    .where(_stands, _workers.c.disabled_at.is_not(None), _h.steps == 0, _h.next_step_at > bindparam("now"))
)
_new = Prepared(insert(_holds))
_step = Prepared(
    update(_holds)
    .where(_h.id == bindparam("hold"), _stands)
    .values(steps=_h.steps + 1, next_step_at=bindparam("upcoming"))
)
_wake = Prepared(
    update(_holds).where(_h.id == bindparam("hold"), _stands).values(next_step_at=bindparam("upcoming"))
)
_name_decider = Prepared(
    update(_holds).where(_h.id == bindparam("hold"), _stands).values(decider_id=bindparam("decider"))
)
_end = Prepared(
    update(_holds).where(_h.id == bindparam("hold"), _stands).values(ended_at=bindparam("now"), next_step_at=None)
)


class Holds(Repository):
    __slots__ = ()

    def begin(
        self,
        *,
        enquiry_id: EnquiryId,
        worker_id: DutyWorkerId,
        decider_id: DutyWorkerId,
        evidence: dict[str, Any],
        safety_plan: str,
        due_at: datetime,
        due_because: list[str],
        now: datetime,
    ) -> HoldRecord:
        """Raises `UniqueRace` where the enquiry is held already."""
        hold = HoldRecord(
            id=HoldId(new_id()),
            enquiry_id=enquiry_id,
            worker_id=worker_id,
            decider_id=decider_id,
            evidence=evidence,
            safety_plan=safety_plan,
            due_because=due_because,
            held_at=now,
            due_at=due_at,
            steps=0,
            next_step_at=due_at,
            ended_at=None,
        )
        self._change(_new, values_of(hold))
        return hold

    def standing_for(self, enquiry_id: EnquiryId) -> HoldRecord | None:
        """Return the hold that stands, which nobody else may change until the unit ends."""
        row = self._one(_standing_for, {"enquiry": enquiry_id})
        return None if row is None else HoldRecord(*row)

    def of(self, enquiry_id: EnquiryId) -> list[HoldRecord]:
        return [HoldRecord(*row) for row in self._all(_of, {"enquiry": enquiry_id})]

    def due(self, now: datetime) -> list[HoldId]:
        """Return holds whose next step is due; the oldest first."""
        return [HoldId(row[0]) for row in self._all(_due, {"now": now})]

    def take(self, hold_id: HoldId, now: datetime) -> HoldRecord | None:
        """Hold the row of one that is still due; None where somebody else has it, or it is not due any more."""
        row = self._one(_take, {"hold": hold_id, "now": now})
        return None if row is None else HoldRecord(*row)

    def without_decider(self, now: datetime) -> list[HoldId]:
        """Return holds whose decider was disabled before the first step."""
        return [HoldId(row[0]) for row in self._all(_without_decider, {"now": now})]

    def note_step(self, hold_id: HoldId, upcoming: datetime) -> None:
        self._change(_step, {"hold": hold_id, "upcoming": upcoming})

    def wake_at(self, hold_id: HoldId, at: datetime) -> None:
        self._change(_wake, {"hold": hold_id, "upcoming": at})

    def name_decider(self, hold_id: HoldId, decider_id: DutyWorkerId) -> None:
        self._change(_name_decider, {"hold": hold_id, "decider": decider_id})

    def end(self, hold_id: HoldId, now: datetime) -> bool:
        """End it with a decision; False where one ended it before."""
        return self._change(_end, {"hold": hold_id, "now": now}) == 1

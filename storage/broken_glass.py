"""Broken glass: who looked into a closed queue without being one of its own, why, and what came of the review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, insert, select, text, update

from storage.columns import StoredTable, columns_of, instant, link, primary_id, sealed_text, table_of
from storage.identifiers import DutyWorkerId, EnquiryId, GlassId, new_id
from storage.prepared import Prepared
from storage.repository import Repository

_TO_REVIEW = text("reviewed_at IS NULL")


class Glass(StoredTable, table=True):
    __tablename__ = "broken_glass"
    __table_args__ = (
        Index(None, "worker_id", "ends_at"),
        Index("ix_broken_glass_to_review", "broken_at", sqlite_where=_TO_REVIEW, postgresql_where=_TO_REVIEW),
    )

    id: str = primary_id()
    worker_id: str = link("duty_worker.id")
    enquiry_id: str = link("enquiry.id")
    reason: str = sealed_text("broken_glass.reason")
    broken_at: datetime = instant()
    ends_at: datetime = instant()
    reviewed_at: datetime | None = instant(nullable=True)
    reviewed_by: str | None = link("duty_worker.id", nullable=True)
    finding: str | None = sealed_text("broken_glass.finding", nullable=True)


@dataclass(frozen=True, slots=True)
class GlassRecord:
    """It is broken for one worker and one enquiry, until `ends_at`."""

    id: GlassId
    worker_id: DutyWorkerId
    enquiry_id: EnquiryId
    reason: str
    broken_at: datetime
    ends_at: datetime
    reviewed_at: datetime | None
    reviewed_by: DutyWorkerId | None
    finding: str | None


_glass = table_of(Glass)
_g = _glass.c
_record = select(*columns_of(_glass, GlassRecord))
_new = Prepared(insert(_glass))
_open_to = Prepared(
    select(_g.enquiry_id).where(_g.worker_id == bindparam("worker"), _g.ends_at > bindparam("now"))
)
_to_review = Prepared(_record.where(_g.reviewed_at.is_(None)).order_by(_g.broken_at, _g.id))
_review = Prepared(
    update(_glass)
    .where(_g.id == bindparam("glass"), _g.reviewed_at.is_(None), _g.worker_id != bindparam("reviewer"))
    .values(reviewed_at=bindparam("now"), reviewed_by=bindparam("reviewer"), finding=bindparam("found"))
)


class BrokenGlass(Repository):
    __slots__ = ()

    def break_(
        self, worker_id: DutyWorkerId, enquiry_id: EnquiryId, *, reason: str, now: datetime, ends_at: datetime
    ) -> GlassRecord:
        values: dict[str, Any] = {
            "id": GlassId(new_id()),
            "worker_id": worker_id,
            "enquiry_id": enquiry_id,
            "reason": reason,
            "broken_at": now,
            "ends_at": ends_at,
            "reviewed_at": None,
            "reviewed_by": None,
            "finding": None,
        }
        self._change(_new, values)
        return GlassRecord(**values)

    def open_to(self, worker_id: DutyWorkerId, now: datetime) -> frozenset[EnquiryId]:
        """Return the enquiries that a worker may look into for now."""
        rows = self._all(_open_to, {"worker": worker_id, "now": now})
        return frozenset(EnquiryId(row[0]) for row in rows)

    def to_review(self) -> list[GlassRecord]:
        """Return what nobody has reviewed yet, the oldest first."""
        return [GlassRecord(*row) for row in self._all(_to_review, {})]

    def review(self, glass_id: GlassId, reviewer: DutyWorkerId, finding: str, now: datetime) -> bool:
        """Note a review. False where there was one, there is none to review, or it is the reviewer's own."""
        values = {"glass": glass_id, "reviewer": reviewer, "found": finding, "now": now}
        return self._change(_review, values) == 1

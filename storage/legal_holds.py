"""Legal holds: a record that no rule deletes, and no request either, for a reason and with an owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, bindparam, insert, select, text, update

from storage.columns import StoredTable, columns_of, instant, link, primary_id, sealed_text, table_of, values_of
from storage.identifiers import DutyWorkerId, EnquiryId, LegalHoldId, new_id
from storage.prepared import Prepared
from storage.repository import Repository

_STANDING = text("ended_at IS NULL")


class LegalHold(StoredTable, table=True):
    """The database itself holds that an enquiry has one at a time."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        Index(
            "uq_legal_hold_standing",
            "enquiry_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    reason: str = sealed_text("legal_hold.reason")
    owner_id: str = link("duty_worker.id")
    begun_at: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)
    ended_by: str | None = link("duty_worker.id", nullable=True)
    ended_because: str | None = sealed_text("legal_hold.ended_because", nullable=True)


@dataclass(frozen=True, slots=True)
class LegalHoldRecord:
    """`owner_id` answers for it: whoever is asked whether it is still needed."""

    id: LegalHoldId
    enquiry_id: EnquiryId
    reason: str
    owner_id: DutyWorkerId
    begun_at: datetime
    ended_at: datetime | None = None
    ended_by: DutyWorkerId | None = None
    ended_because: str | None = None


_holds = table_of(LegalHold)
_h = _holds.c
_record = select(*columns_of(_holds, LegalHoldRecord))
_stands = _h.ended_at.is_(None)
_new = Prepared(insert(_holds))
_standing_for = Prepared(_record.where(_h.enquiry_id == bindparam("enquiry"), _stands))
_of = Prepared(_record.where(_h.enquiry_id == bindparam("enquiry")).order_by(_h.begun_at, _h.id))
_standing = Prepared(_record.where(_stands).order_by(_h.begun_at, _h.id))
_end = Prepared(
    update(_holds)
    .where(_h.enquiry_id == bindparam("enquiry"), _stands)
    .values(ended_at=bindparam("now"), ended_by=bindparam("worker"), ended_because=bindparam("because"))
)


class LegalHolds(Repository):
    __slots__ = ()

    def begin(
        self, enquiry_id: EnquiryId, *, owner_id: DutyWorkerId, reason: str, now: datetime
    ) -> LegalHoldRecord:
        """Raises `UniqueRace` where one stands already."""
        begun = LegalHoldRecord(LegalHoldId(new_id()), enquiry_id, reason, owner_id, now)
        self._change(_new, values_of(begun))
        return begun

    def standing_for(self, enquiry_id: EnquiryId) -> LegalHoldRecord | None:
        row = self._one(_standing_for, {"enquiry": enquiry_id})
        return None if row is None else LegalHoldRecord(*row)

    def of(self, enquiry_id: EnquiryId) -> list[LegalHoldRecord]:
        return [LegalHoldRecord(*row) for row in self._all(_of, {"enquiry": enquiry_id})]

    def standing(self) -> list[LegalHoldRecord]:
        """Return every one that stands, the oldest first."""
        return [LegalHoldRecord(*row) for row in self._all(_standing, {})]

    def end(self, enquiry_id: EnquiryId, *, worker_id: DutyWorkerId, because: str, now: datetime) -> bool:
        """End it; False where none stands."""
        values = {"enquiry": enquiry_id, "worker": worker_id, "because": because, "now": now}
        return self._change(_end, values) == 1

"""Presence: which duty workers have an enquiry open. Beats, kept for a minute or so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, bindparam, delete, insert, select, update
from sqlmodel import Field

from storage.columns import StoredTable, instant, table_of
from storage.duty_workers import DutyWorker
from storage.identifiers import ID_LENGTH, DutyWorkerId, EnquiryId
from storage.prepared import Prepared
from storage.repository import Repository


class Presence(StoredTable, table=True):
    __tablename__ = "presence"

    enquiry_id: str = Field(sa_type=String(ID_LENGTH), foreign_key="enquiry.id", primary_key=True)
    worker_id: str = Field(sa_type=String(ID_LENGTH), foreign_key="duty_worker.id", primary_key=True)
    seen_at: datetime = instant()


@dataclass(frozen=True, slots=True)
class Present:
    worker_id: DutyWorkerId
    name: str
    seen_at: datetime


_presence, _workers = table_of(Presence), table_of(DutyWorker)
_p = _presence.c
_key = (_p.enquiry_id == bindparam("enquiry"), _p.worker_id == bindparam("worker"))
_beat = Prepared(update(_presence).where(*_key).values(seen_at=bindparam("now")))
_new = Prepared(insert(_presence))
_leave = Prepared(delete(_presence).where(*_key))
_forget = Prepared(delete(_presence).where(_p.seen_at < bindparam("before")))
_here = Prepared(
    select(_p.worker_id, _workers.c.name, _p.seen_at)
    .join(_workers, _workers.c.id == _p.worker_id)
    .where(_p.enquiry_id == bindparam("enquiry"), _p.seen_at >= bindparam("since"))
    .order_by(_p.worker_id)
)


class Presences(Repository):
    __slots__ = ()

    def beat(self, enquiry_id: EnquiryId, worker_id: DutyWorkerId, now: datetime) -> None:
        """Note that a worker has it open. On PostgreSQL a race of two first beats raises `UniqueRace`."""
        values = {"enquiry": enquiry_id, "worker": worker_id, "now": now}
        if self._change(_beat, values) == 0:
            self._change(_new, {"enquiry_id": enquiry_id, "worker_id": worker_id, "seen_at": now})

    def leave(self, enquiry_id: EnquiryId, worker_id: DutyWorkerId) -> None:
        self._change(_leave, {"enquiry": enquiry_id, "worker": worker_id})

    def here(self, enquiry_id: EnquiryId, since: datetime) -> list[Present]:
        """Return who has had it open since an instant."""
        return [Present(*row) for row in self._all(_here, {"enquiry": enquiry_id, "since": since})]

    def forget_before(self, before: datetime) -> int:
        return self._change(_forget, {"before": before})

"""Handoffs: a conversation in the hands of a duty worker, from when they took it until they gave it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, bindparam, insert, select, text, update

from storage.columns import (
    StoredTable,
    code,
    columns_of,
    instant,
    link,
    primary_id,
    sealed_text,
    table_of,
    values_of,
)
from storage.duty_workers import DutyWorker
from storage.identifiers import ConversationId, DutyWorkerId, EnquiryId, HandoffId, new_id
from storage.prepared import Prepared
from storage.repository import Repository

_OPEN = text("ended_at IS NULL")


class HandoffEnd(StrEnum):
    """`fell_back`: its worker could no longer hold it."""

    HANDED_BACK = "handed_back"
    TAKEN_OVER = "taken_over"
    DECIDED = "decided"
    FELL_BACK = "fell_back"


class Handoff(StoredTable, table=True):
    """The database itself holds that one worker at a time has a conversation."""

    __tablename__ = "handoff"
    __table_args__ = (
        Index("uq_handoff_open", "conversation_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    conversation_id: str = link("conversation.id")
    worker_id: str = link("duty_worker.id")
    taken_at: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)
    ended_as: str | None = code(20, HandoffEnd, nullable=True)
    summary: str | None = sealed_text("handoff.summary", nullable=True)


@dataclass(frozen=True, slots=True)
class HandoffRecord:
    """`summary` is what was said aloud to the person as it was handed back."""

    id: HandoffId
    enquiry_id: EnquiryId
    conversation_id: ConversationId
    worker_id: DutyWorkerId
    taken_at: datetime
    ended_at: datetime | None = None
    ended_as: HandoffEnd | None = None
    summary: str | None = None


_handoffs, _workers = table_of(Handoff), table_of(DutyWorker)
_h = _handoffs.c
_record = select(*columns_of(_handoffs, HandoffRecord))
_still_open = _h.ended_at.is_(None)
_open_for = Prepared(_record.where(_h.conversation_id == bindparam("conversation"), _still_open))
_of = Prepared(_record.where(_h.enquiry_id == bindparam("enquiry")).order_by(_h.taken_at, _h.id))
_orphaned = Prepared(
    _record.join(_workers, _workers.c.id == _h.worker_id)
    .where(_still_open, _workers.c.disabled_at.is_not(None))
    .order_by(_h.taken_at)
    .limit(100)
)
_new = Prepared(insert(_handoffs))
_end = Prepared(
    update(_handoffs)
    .where(_h.id == bindparam("handoff"), _still_open)
    .values(ended_at=bindparam("now"), ended_as=bindparam("became"), summary=bindparam("said"))
)


class Handoffs(Repository):
    __slots__ = ()

    def take(
        self, enquiry_id: EnquiryId, conversation_id: ConversationId, worker_id: DutyWorkerId, now: datetime
    ) -> HandoffRecord:
        """Raises `UniqueRace` where somebody has the conversation; hold its row first and look."""
        taken = HandoffRecord(HandoffId(new_id()), enquiry_id, conversation_id, worker_id, now)
        self._change(_new, values_of(taken))
        return taken

    def open_for(self, conversation_id: ConversationId) -> HandoffRecord | None:
        """Return who has the conversation now, if anybody."""
        row = self._one(_open_for, {"conversation": conversation_id})
        return None if row is None else HandoffRecord(*row)

    def of(self, enquiry_id: EnquiryId) -> list[HandoffRecord]:
        return [HandoffRecord(*row) for row in self._all(_of, {"enquiry": enquiry_id})]

    def orphaned(self) -> list[HandoffRecord]:
        """Return what is in the hands of workers who were disabled meanwhile."""
        return [HandoffRecord(*row) for row in self._all(_orphaned, {})]

    def end(self, handoff_id: HandoffId, ended_as: HandoffEnd, now: datetime, summary: str | None = None) -> bool:
        """Return False where it had ended before."""
        values = {"handoff": handoff_id, "became": ended_as, "said": summary, "now": now}
        return self._change(_end, values) == 1

"""Follow-ups: a later question or act that we promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, bindparam, insert, or_, select, text, update

from storage.columns import (
    StoredTable,
    code,
    columns_of,
    instant,
    link,
    primary_id,
    sealed_json,
    table_of,
    whole,
)
from storage.identifiers import ConversationId, EnquiryId, FollowUpId, new_id
from storage.prepared import Prepared
from storage.repository import NotFound, Repository

_WAITING = text("done_at IS NULL")


class FollowUp(StoredTable, table=True):
    __tablename__ = "follow_up"
    __table_args__ = (Index("ix_follow_up_due", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),)

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    conversation_id: str | None = link("conversation.id", nullable=True)
    kind: str = code(60)
    due_at: datetime = instant()
    claimed_by: str | None = code(80, nullable=True)
    claimed_until: datetime | None = instant(nullable=True)
    done_at: datetime | None = instant(nullable=True)
    outcome: str | None = code(60, nullable=True)
    attempts: int = whole()
    details: dict[str, Any] = sealed_json("follow_up.details")
    created_at: datetime = instant()


@dataclass(frozen=True, slots=True)
class FollowUpRecord:
    id: FollowUpId
    enquiry_id: EnquiryId
    conversation_id: ConversationId | None
    kind: str
    due_at: datetime
    claimed_by: str | None
    claimed_until: datetime | None
    done_at: datetime | None
    outcome: str | None
    attempts: int
    details: dict[str, Any]
    created_at: datetime


_follow_ups = table_of(FollowUp)
_f = _follow_ups.c
_record = select(*columns_of(_follow_ups, FollowUpRecord))
_new = Prepared(insert(_follow_ups))
_of = Prepared(_record.where(_f.enquiry_id == bindparam("enquiry")).order_by(_f.due_at, _f.id))
_due = (
    select(_f.id)
    .where(_f.done_at.is_(None), _f.due_at <= bindparam("now"))
    .where(or_(_f.claimed_until.is_(None), _f.claimed_until <= bindparam("now")))
    .order_by(_f.due_at, _f.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_ids = _f.id.in_(bindparam("ids", expanding=True))
_claim = (
    update(_follow_ups)
    .where(_ids)
    .values(claimed_by=bindparam("owner"), claimed_until=bindparam("until"), attempts=_f.attempts + 1)
)
_claimed = _record.where(_ids).order_by(_f.due_at, _f.id)
_change = update(_follow_ups).where(_f.id == bindparam("follow_up_id"), _f.done_at.is_(None))
_cancel = Prepared(
    update(_follow_ups)
    .where(_f.conversation_id == bindparam("conversation"), _f.done_at.is_(None))
    .values(done_at=bindparam("now"), outcome=bindparam("why"))
)


class FollowUps(Repository):
    __slots__ = ()

    def add(
        self,
        *,
        enquiry_id: EnquiryId,
        conversation_id: ConversationId | None,
        kind: str,
        due_at: datetime,
        now: datetime,
        details: dict[str, Any] | None = None,
    ) -> FollowUpRecord:
        follow_up = FollowUpRecord(
            id=FollowUpId(new_id()),
            enquiry_id=enquiry_id,
            conversation_id=conversation_id,
            kind=kind,
            due_at=due_at,
            claimed_by=None,
            claimed_until=None,
            done_at=None,
            outcome=None,
            attempts=0,
            details=details or {},
            created_at=now,
        )
        values = {name: getattr(follow_up, name) for name in FollowUpRecord.__dataclass_fields__}
        self._change(_new, values)
        return follow_up

    def claim_due(self, *, now: datetime, owner: str, lease: timedelta, limit: int) -> list[FollowUpRecord]:
        """Claim what is due and nobody holds, until `now + lease`; the oldest first."""
        ids = [row.id for row in self._all(_due, {"now": now, "most": limit})]
        if not ids:
            return []
        self._change(_claim, {"ids": ids, "owner": owner, "until": now + lease})
        return [FollowUpRecord(*row) for row in self._all(_claimed, {"ids": ids})]

    def done(self, follow_up_id: FollowUpId, outcome: str, now: datetime) -> None:
        values = {"follow_up_id": follow_up_id, "done_at": now, "outcome": outcome, "claimed_until": None}
        if self._change(_change, values) != 1:
            raise NotFound(f"follow-up {follow_up_id} not yet done")

    def put_off(self, follow_up_id: FollowUpId, *, due_at: datetime) -> None:
        values = {"follow_up_id": follow_up_id, "due_at": due_at, "claimed_by": None, "claimed_until": None}
        if self._change(_change, values) != 1:
            raise NotFound(f"follow-up {follow_up_id} not yet done")

    def cancel(self, conversation_id: ConversationId, outcome: str, now: datetime) -> int:
        """Finish every follow-up of a conversation without doing it; return how many."""
        return self._change(_cancel, {"conversation": conversation_id, "why": outcome, "now": now})

    def of(self, enquiry_id: EnquiryId) -> list[FollowUpRecord]:
        return [FollowUpRecord(*row) for row in self._all(_of, {"enquiry": enquiry_id})]

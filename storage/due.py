"""What is due, of every kind, in one place to look at: a view over the rows that carry their own due times.

Nothing is claimed through it: each kind is claimed in its own table, by whoever acts on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, bindparam, column, func, select, table

from storage.columns import Instant
from storage.identifiers import ConversationId, EnquiryId
from storage.prepared import Prepared
from storage.repository import Repository


class DueSource(StrEnum):
    """Where a row comes from: a turn not handled, a message to send, an alert that climbs, an enquiry held for a
    decision, a follow-up, something passed on that nobody has confirmed.
    """

    TURN = "turn"
    OUTBOX = "outbox"
    ALERT = "alert"
    HOLD = "hold"
    FOLLOW_UP = "follow_up"
    PASS_ON = "pass_on"  # noqa: S105 - no password


@dataclass(frozen=True, slots=True)
class DueRow:
    """One thing that stands. `kind` is a code that says more: an urgency, a way, a kind of follow-up."""

    source: DueSource
    id: str
    kind: str
    enquiry_id: EnquiryId | None
    conversation_id: ConversationId | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many rows of one source should have been acted on, and since when the oldest."""

    source: DueSource
    count: int
    oldest_at: datetime


_due = table(
    "due",
    column("source", String),
    column("id", String),
    column("kind", String),
    column("enquiry_id", String),
    column("conversation_id", String),
    column("due_at", Instant()),
)
_d = _due.c
_next = Prepared(
    select(_d.source, _d.id, _d.kind, _d.enquiry_id, _d.conversation_id, _d.due_at)
    .where(_d.due_at < bindparam("until"))
    .order_by(_d.due_at, _d.id)
    .limit(bindparam("most"))
)
_overdue = Prepared(
    select(_d.source, func.count(), func.min(_d.due_at))
    .where(_d.due_at <= bindparam("before"))
    .group_by(_d.source)
    .order_by(_d.source)
)


class Due(Repository):
    __slots__ = ()

    def next(self, *, until: datetime, limit: int) -> list[DueRow]:
        """Return what falls due before `until`, the soonest first, whatever is late among it."""
        rows = self._all(_next, {"until": until, "most": limit})
        return [DueRow(DueSource(row[0]), *row[1:]) for row in rows]

    def overdue(self, before: datetime) -> list[Overdue]:
        """Return what fell due at or before this and still stands, by source."""
        rows = self._all(_overdue, {"before": before})
        return [Overdue(DueSource(source), int(count), oldest) for source, count, oldest in rows]

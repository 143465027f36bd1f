"""A place in the queue: its tables, what a place says, and the facts that it is worked out from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from storage.alerts import AlertStatus
from storage.columns import (
    Sequence64,
    StoredTable,
    code,
    instant,
    long_whole,
    plain_id,
    primary_id,
    whole,
    yes_no,
)
from storage.concerns import ConcernStatus
from storage.enquiries import Audience, EnquiryStatus, StoredUrgency
from storage.identifiers import AlertId, DutyWorkerId, EnquiryId

_LISTED = text("listed")


class QueueMark(StoredTable, table=True):
    """An enquiry whose place may have changed. Written by triggers."""

    __tablename__ = "queue_mark"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: int = Field(sa_type=Sequence64(), primary_key=True, sa_column_kwargs={"autoincrement": True})
    enquiry_id: str = plain_id()


class QueuePlace(StoredTable, table=True):
    """`rules` names the clocks by which it was worked out."""

    __tablename__ = "queue_place"
    __table_args__ = (
        Index(
            "ix_queue_place_order",
            "tier",
            "due_at",
            "enquiry_id",
            sqlite_where=_LISTED,
            postgresql_where=_LISTED,
        ),
        Index(None, "change"),
        Index(None, "came_at"),
    )

    enquiry_id: str = primary_id()
    tier: int = whole()
    due_at: datetime = instant()
    due: str = code(20)
    why: str = code(40)
    waiting_since: datetime | None = instant(nullable=True)
    urgency: str = code(20, StoredUrgency)
    audience: str = code(20, Audience)
    status: str = code(20, EnquiryStatus)
    closed_queue: bool = yes_no()
    unanswered: bool = yes_no()
    alert_id: str | None = plain_id(nullable=True)
    worker_id: str | None = plain_id(nullable=True, index=True)
    listed: bool = yes_no()
    came_at: datetime | None = instant(nullable=True)
    answered_at: datetime | None = instant(nullable=True)
    channel: str = code(20)
    passed_on: bool = yes_no()
    rules: str = code(16)
    change: int = long_whole()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an enquiry stands. `tier`, `due_at` and the id are its order; `why` and `due` are codes of words.

    `unanswered`: nobody has answered its alert, or taken up a concern. `alert_id` is the alert still climbing.
    `listed`: False once it has left the queue. `worker_id` holds it. `came_at` is when it first came before us and
    `answered_at` when a worker first wrote; `channel` is where it began. `passed_on`: whoever is to take it
    has not said yet that they have it.
    """

    enquiry_id: EnquiryId
    tier: int
    due_at: datetime
    due: str
    why: str
    waiting_since: datetime | None
    urgency: StoredUrgency
    audience: Audience
    status: EnquiryStatus
    closed_queue: bool
    unanswered: bool
    alert_id: AlertId | None
    worker_id: DutyWorkerId | None
    listed: bool
    came_at: datetime | None = None
    answered_at: datetime | None = None
    channel: str = ""
    passed_on: bool = False


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A place with the words that only rows which are shown are opened for."""

    place: Place
    reference: str
    holder: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConcernFacts:
    urgency: StoredUrgency
    status: ConcernStatus
    raised_at: datetime
    closed_queue: bool


@dataclass(frozen=True, slots=True)
class AlertFacts:
    id: AlertId
    urgency: StoredUrgency
    status: AlertStatus
    climbs_from: datetime
    acknowledged_at: datetime | None
    acknowledged_by: DutyWorkerId | None


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """What a place is worked out from. `wanted_at` is when a worker was last asked for, `contacted_at` when one
    last wrote, `decide_by` when the decision it is held for is due. `channel` is that of its first conversation.
    `recorded_at`: when somebody rang or came, and `confirmed_at` when they had it in writing. `passed_due_at`:
    when whoever it was passed on to is to have said that they have it.
    """

    enquiry_id: EnquiryId
    audience: Audience
    status: EnquiryStatus
    urgency: StoredUrgency
    opened_at: datetime
    submitted_at: datetime | None
    worker_id: DutyWorkerId | None
    concerns: tuple[ConcernFacts, ...] = ()
    alerts: tuple[AlertFacts, ...] = ()
    wanted_at: datetime | None = None
    contacted_at: datetime | None = None
    first_wanted_at: datetime | None = None
    first_contacted_at: datetime | None = None
    decide_by: datetime | None = None
    channel: str = ""
    recorded_at: datetime | None = None
    confirmed_at: datetime | None = None
    passed_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last place of a page."""

    tier: int
    due_at: datetime
    enquiry_id: str

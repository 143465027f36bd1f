"""An outbox message's row: its table, one to put in, and what a row says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, text
from sqlmodel import Field

from storage.columns import (
    Sequence64,
    StoredTable,
    code,
    instant,
    link,
    plain_id,
    sealed_json,
    sealed_text,
    whole,
    yes_no,
)
from storage.identifiers import ID_LENGTH, ConversationId, EnquiryId, FollowUpId, OutboxId, TurnId


class OutboxKind(StrEnum):
    REPLY = "reply"
    DUTY = "duty"
    WORKER = "worker"
    NOTICE = "notice"


class OutboxStatus(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


_PENDING = text("status = 'pending'")
_URGENT = text("status = 'pending' AND urgent")
_CLAIMED = text("status = 'pending' AND claimed_by IS NOT NULL")
_BEGUN = text("status = 'pending' AND follow_up_id IS NOT NULL")


class OutboxMessage(StoredTable, table=True):
    """On SQLite `sequence` numbers itself and never uses a number twice; on PostgreSQL a sequence does."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_message_due", "due_at", "sequence", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_outbox_message_urgent", "due_at", "sequence", sqlite_where=_URGENT, postgresql_where=_URGENT),
        Index("ix_outbox_message_claimed", "claimed_by", sqlite_where=_CLAIMED, postgresql_where=_CLAIMED),
        Index(
            "ix_outbox_message_waiting",
            "conversation_id",
            "sequence",
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
        Index("ix_outbox_message_follow_up", "follow_up_id", sqlite_where=_BEGUN, postgresql_where=_BEGUN),
        Index(None, "conversation_id", "sequence"),
        Index(None, "turn_id"),
        {"sqlite_autoincrement": True},
    )

    sequence: int = Field(sa_type=Sequence64(), primary_key=True, sa_column_kwargs={"autoincrement": True})
    id: str = Field(sa_type=String(ID_LENGTH), unique=True)
    conversation_id: str | None = link("conversation.id", nullable=True)
    enquiry_id: str | None = link("enquiry.id", nullable=True)
    turn_id: str | None = link("turn.id", nullable=True)
    channel: str = code(20)
    address: str = sealed_text("outbox_message.address")
    kind: str = code(20, OutboxKind)
    payload: dict[str, Any] = sealed_json("outbox_message.payload")
    urgent: bool = yes_no()
    status: str = code(20, OutboxStatus)
    due_at: datetime = instant()
    attempts: int = whole()
    claimed_by: str | None = code(80, nullable=True)
    claimed_until: datetime | None = instant(nullable=True)
    sent_at: datetime | None = instant(nullable=True)
    failed_at: datetime | None = instant(nullable=True)
    error_code: str | None = code(60, nullable=True)
    receipt: dict[str, Any] | None = sealed_json("outbox_message.receipt", nullable=True)
    created_at: datetime = instant()
    not_after: datetime | None = instant(nullable=True)
    follow_up_id: str | None = plain_id(nullable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutbox:
    """A message to put in the outbox. `payload` is what the channel needs: text, choices, and the like.

    With `claimed_by` it is born claimed, so that whoever commits it may send it at once. Of a message that we
    begin, `not_after` is the end of the time at which that is safe, and `follow_up_id` is what it was promised by.
    """

    channel: str
    address: str
    kind: OutboxKind | str
    payload: dict[str, Any]
    created_at: datetime
    due_at: datetime | None = None
    conversation_id: ConversationId | None = None
    enquiry_id: EnquiryId | None = None
    turn_id: TurnId | None = None
    urgent: bool = False
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    id: OutboxId | None = None
    not_after: datetime | None = None
    follow_up_id: FollowUpId | None = None


@dataclass(frozen=True, slots=True)
class OutboxRecord:
    id: OutboxId
    sequence: int
    conversation_id: ConversationId | None
    enquiry_id: EnquiryId | None
    turn_id: TurnId | None
    channel: str
    address: str
    kind: OutboxKind
    payload: dict[str, Any]
    urgent: bool
    status: OutboxStatus
    due_at: datetime
    attempts: int
    claimed_by: str | None
    claimed_until: datetime | None
    sent_at: datetime | None
    failed_at: datetime | None
    error_code: str | None
    receipt: dict[str, Any] | None
    created_at: datetime
    not_after: datetime | None = None
    follow_up_id: FollowUpId | None = None

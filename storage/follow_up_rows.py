"""A follow-up's row: its table, what a row says, and who acts on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text

from storage.columns import StoredTable, code, instant, link, primary_id, sealed_json, whole
from storage.identifiers import ConversationId, DutyWorkerId, EnquiryId, FollowUpId

WEIGHTS = range(10)
"""0 is the most urgent. What is due of one weight is claimed before anything of the next."""

_WAITING = text("done_at IS NULL")
_TASKS = text("done_at IS NULL AND actor = 'worker'")


class Actor(StrEnum):
    """Who acts when it falls due. A worker's task rings its bells until the worker has done it."""

    FRONT_DOOR = "front_door"
    WORKER = "worker"


def _only(where: Any) -> dict[str, Any]:
    return {"sqlite_where": where, "postgresql_where": where}


class FollowUp(StoredTable, table=True):
    """A key stands once: the same promise made again is the one that stands."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index("ix_follow_up_due", "weight", "due_at", **_only(_WAITING)),
        Index("ix_follow_up_standing", "due_at", **_only(_WAITING)),
        Index("ix_follow_up_kind", "kind", "due_at", **_only(_WAITING)),
        Index("ix_follow_up_conversation", "conversation_id", **_only(_WAITING)),
        Index("ix_follow_up_worker", "worker_id", "due_at", **_only(_TASKS)),
        Index("uq_follow_up_key", "key", unique=True, **_only(_WAITING)),
    )

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    conversation_id: str | None = link("conversation.id", nullable=True)
    kind: str = code(60)
    weight: int = whole()
    due_at: datetime = instant()
    promised_at: datetime | None = instant(nullable=True)
    actor: str = code(20, Actor)
    worker_id: str | None = link("duty_worker.id", nullable=True)
    key: str | None = code(160, nullable=True)
    steps: int = whole()
    attempts: int = whole()
    why: str | None = code(60, nullable=True)
    claimed_by: str | None = code(80, nullable=True)
    claimed_until: datetime | None = instant(nullable=True)
    done_at: datetime | None = instant(nullable=True)
    outcome: str | None = code(60, nullable=True)
    details: dict[str, Any] = sealed_json("follow_up.details")
    created_at: datetime = instant()


@dataclass(frozen=True, slots=True)
class FollowUpRecord:
    """`due_at` is the next bell, `promised_at` the last moment at which the promise is kept, where there is one.

    `steps` counts the bells rung for a worker, `attempts` the tries of its own that were begun and not finished:
    kept together with others it has none, and one that was in the hands of a process that died begins with one.
    `why` is a code: why it stands with a worker, or was put off. `outcome` is a code: how it ended.
    `details` is ours alone (a slot, the reasons of the planned time): sealed, but never a person's words.
    """

    id: FollowUpId
    enquiry_id: EnquiryId
    conversation_id: ConversationId | None
    kind: str
    weight: int
    due_at: datetime
    promised_at: datetime | None
    actor: Actor
    worker_id: DutyWorkerId | None
    key: str | None
    steps: int
    attempts: int
    why: str | None
    claimed_by: str | None
    claimed_until: datetime | None
    done_at: datetime | None
    outcome: str | None
    details: dict[str, Any]
    created_at: datetime

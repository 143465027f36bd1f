"""Call-backs: an hour at which a worker rings somebody, how each call went, and what the person says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, bindparam, insert, select, text, update

from storage.blind_index import token_digest
from storage.columns import StoredTable, code, columns_of, instant, link, primary_id, table_of, values_of, whole
from storage.identifiers import (
    CallBackId,
    ConversationId,
    DutyWorkerId,
    EnquiryId,
    FollowUpId,
    new_id,
)
from storage.prepared import Prepared
from storage.repository import NotFound, Repository

_STANDING = text("ended_at IS NULL")
_only: dict[str, Any] = {"sqlite_where": _STANDING, "postgresql_where": _STANDING}


class CallOutcome(StrEnum):
    """How a call-back ended."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    NOT_SAFE = "not_safe"
    """It was not safe for them to talk."""
    MOVED = "moved"
    CANCELLED = "cancelled"
    MISSED = "missed"
    """We did not ring."""


class Said(StrEnum):
    """What the person says when we ask whether we rang."""

    TALKED = "talked"
    MISSED_IT = "missed_it"
    """We rang, and they could not answer."""
    COULD_NOT_TALK = "could_not_talk"
    NOT_RUNG = "not_rung"


class CallBack(StoredTable, table=True):
    """One stands for an enquiry at most. What has ended is never opened again: moving it makes a new one."""

    __tablename__ = "call_back"
    __table_args__ = (
        Index("ix_call_back_standing", "starts_at", **_only),
        Index("uq_call_back_standing", "enquiry_id", unique=True, **_only),
        Index("uq_call_back_token_digest", "token_digest", unique=True),
    )

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    conversation_id: str | None = link("conversation.id", nullable=True)
    follow_up_id: str | None = link("follow_up.id", nullable=True)
    worker_id: str | None = link("duty_worker.id", nullable=True)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    way: str = code(40)
    tries: int = whole()
    made_by: str = code(40)
    token_digest: str | None = code(64, nullable=True)
    sequence: int = whole()
    outcome: str | None = code(40, CallOutcome, nullable=True)
    ended_at: datetime | None = instant(nullable=True)
    ended_by: str | None = code(40, nullable=True)
    said: str | None = code(40, Said, nullable=True)
    said_at: datetime | None = instant(nullable=True)
    created_at: datetime = instant()


@dataclass(frozen=True, slots=True)
class CallBackRecord:
    """`follow_up_id` is the worker's task. `tries` counts from 1: the second is the last before a worker looks.

    `made_by` and `ended_by` are "person", "front_door" or a worker's id. `sequence` rises as it moves.
    """

    id: CallBackId
    enquiry_id: EnquiryId
    conversation_id: ConversationId | None
    follow_up_id: FollowUpId | None
    worker_id: DutyWorkerId | None
    starts_at: datetime
    ends_at: datetime
    way: str
    tries: int
    made_by: str
    sequence: int
    outcome: CallOutcome | None
    ended_at: datetime | None
    ended_by: str | None
    said: Said | None
    said_at: datetime | None
    created_at: datetime

    @property
    def stands(self) -> bool:
        return self.ended_at is None


_call_backs = table_of(CallBack)
_c = _call_backs.c
_stands = _c.ended_at.is_(None)
_of_id = _c.id == bindparam("call_back_id")
_record = select(*columns_of(_call_backs, CallBackRecord))
_new = Prepared(insert(_call_backs))
_get = Prepared(_record.where(_of_id))
_get_for_update = Prepared(_record.where(_of_id).with_for_update())
_of = Prepared(_record.where(_c.enquiry_id == bindparam("enquiry")).order_by(_c.created_at, _c.id))
_standing_of = Prepared(_record.where(_c.enquiry_id == bindparam("enquiry"), _stands).with_for_update())
_by_token = Prepared(_record.where(_c.token_digest == bindparam("digest")))
_by_task = Prepared(_record.where(_c.follow_up_id == bindparam("task")))
_between = Prepared(
    _record.where(_stands, _c.starts_at < bindparam("until"), _c.ends_at > bindparam("since")).order_by(
        _c.starts_at, _c.id
    )
)
_change = update(_call_backs).where(_of_id)
_end = Prepared(
    _change.where(_stands).values(
        outcome=bindparam("became"), ended_at=bindparam("now"), ended_by=bindparam("actor")
    )
)
_mend = Prepared(_change.values(outcome=bindparam("became")))
_say = Prepared(_change.values(said=bindparam("answer"), said_at=bindparam("now")))
_set_task = Prepared(_change.values(follow_up_id=bindparam("task")))
_set_worker = Prepared(_change.where(_stands).values(worker_id=bindparam("worker")))
_set_token = Prepared(_change.values(token_digest=bindparam("digest")))


class CallBacks(Repository):
    __slots__ = ()

    def lock(self) -> None:
        """Let nobody else give a time away until the unit ends: asked before what is booked is read."""
        self._lock_name("call_backs")

    def book(
        self,
        *,
        enquiry_id: EnquiryId,
        conversation_id: ConversationId | None,
        worker_id: DutyWorkerId | None,
        starts_at: datetime,
        ends_at: datetime,
        way: str,
        tries: int,
        sequence: int,
        made_by: str,
        now: datetime,
    ) -> CallBackRecord:
        """Raises `UniqueRace` where one stands for the enquiry already."""
        made = CallBackRecord(
            id=CallBackId(new_id()),
            enquiry_id=enquiry_id,
            conversation_id=conversation_id,
            follow_up_id=None,
            worker_id=worker_id,
            starts_at=starts_at,
            ends_at=ends_at,
            way=str(way),
            tries=tries,
            made_by=made_by,
            sequence=sequence,
            outcome=None,
            ended_at=None,
            ended_by=None,
            said=None,
            said_at=None,
            created_at=now,
        )
        values = values_of(made)
        self._change(_new, {**values, "token_digest": None})
        return made

    def get(self, call_back_id: CallBackId) -> CallBackRecord:
        """Raises `NotFound`."""
        return self._found_one(_get, {"call_back_id": call_back_id})

    def get_for_update(self, call_back_id: CallBackId) -> CallBackRecord:
        """Return it, held until the unit ends. Raises `NotFound`."""
        return self._found_one(_get_for_update, {"call_back_id": call_back_id})

    def of(self, enquiry_id: EnquiryId) -> list[CallBackRecord]:
        """Return every call-back of an enquiry, in the order they were made."""
        return [CallBackRecord(*row) for row in self._all(_of, {"enquiry": enquiry_id})]

    def standing_of(self, enquiry_id: EnquiryId) -> CallBackRecord | None:
        """Return the one that stands, held until the unit ends."""
        row = self._one(_standing_of, {"enquiry": enquiry_id})
        return None if row is None else CallBackRecord(*row)

    def by_token(self, token: str) -> CallBackRecord | None:
        """Return the one whose calendar file this token opens."""
        row = self._one(_by_token, {"digest": token_digest(token)})
        return None if row is None else CallBackRecord(*row)

    def by_task(self, follow_up_id: FollowUpId) -> CallBackRecord | None:
        """Return the one that is this task of a worker's."""
        row = self._one(_by_task, {"task": follow_up_id})
        return None if row is None else CallBackRecord(*row)

    def standing(self, since: datetime, until: datetime) -> list[CallBackRecord]:
        """Return those that stand and touch this span, by their start."""
        return [CallBackRecord(*row) for row in self._all(_between, {"since": since, "until": until})]

    def end(self, call_back_id: CallBackId, outcome: CallOutcome, actor: str, now: datetime) -> bool:
        """Say how it ended; False where it had ended before."""
        values = {"call_back_id": call_back_id, "became": outcome, "now": now, "actor": actor}
        return self._change(_end, values) == 1

    def mend(self, call_back_id: CallBackId, outcome: CallOutcome) -> None:
        """Say otherwise how one ended: the person knows better."""
        self._change(_mend, {"call_back_id": call_back_id, "became": outcome})

    def note_said(self, call_back_id: CallBackId, said: Said, now: datetime) -> None:
        """Keep what the person says of it."""
        self._change(_say, {"call_back_id": call_back_id, "answer": said, "now": now})

    def set_task(self, call_back_id: CallBackId, follow_up_id: FollowUpId) -> None:
        self._change(_set_task, {"call_back_id": call_back_id, "task": follow_up_id})

    def set_worker(self, call_back_id: CallBackId, worker_id: DutyWorkerId | None) -> None:
        """Let somebody else ring at that hour."""
        self._change(_set_worker, {"call_back_id": call_back_id, "worker": worker_id})

    def set_token(self, call_back_id: CallBackId, token: str) -> None:
        """Let this token open its calendar file, and none before it."""
        self._change(_set_token, {"call_back_id": call_back_id, "digest": token_digest(token)})

    def _found_one(self, statement: Prepared, values: Mapping[str, Any]) -> CallBackRecord:
        row = self._one(statement, values)
        if row is None:
            raise NotFound("no such call-back")
        return CallBackRecord(*row)

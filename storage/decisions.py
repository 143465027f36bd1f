"""Decisions: what was decided about an enquiry, by whom and why, and who was told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, bindparam, insert, select, text, update

from storage.columns import (
    StoredTable,
    code,
    columns_of,
    instant,
    link,
    plain_id,
    primary_id,
    sealed_json,
    sealed_text,
    table_of,
    values_of,
)
from storage.identifiers import DecisionId, DutyWorkerId, EnquiryId, FeedbackId, HoldId, OutboxId, new_id
from storage.prepared import Prepared
from storage.repository import Repository

_WAITING = text("done_at IS NULL")


class FeedbackWay(StrEnum):
    """`by_hand`: a worker tells them. `not_told`: it is not safe or not possible, for a reason on the record."""

    CHAT = "chat"
    SMS = "sms"
    EMAIL = "email"
    BY_HAND = "by_hand"
    NOT_TOLD = "not_told"


class Decision(StoredTable, table=True):
    __tablename__ = "decision"

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    hold_id: str | None = link("hold.id", nullable=True)
    worker_id: str = link("duty_worker.id")
    outcome: str = code(40)
    referral_outcome: str | None = code(60, nullable=True)
    reason: str = sealed_text("decision.reason")
    details: dict[str, Any] = sealed_json("decision.details")
    at: datetime = instant()


class Feedback(StoredTable, table=True):
    __tablename__ = "feedback"
    __table_args__ = (Index("ix_feedback_waiting", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),)

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    decision_id: str = link("decision.id")
    way: str = code(20, FeedbackWay)
    outbox_id: str | None = plain_id(nullable=True)
    wording_id: str = code(120)
    words: str = sealed_text("feedback.words")
    reason: str | None = sealed_text("feedback.reason", nullable=True)
    due_at: datetime = instant()
    created_at: datetime = instant()
    done_at: datetime | None = instant(nullable=True)
    done_by: str | None = link("duty_worker.id", nullable=True)


class CaseEntry(StoredTable, table=True):
    __tablename__ = "case_entry"

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    worker_id: str = link("duty_worker.id")
    system_reference: str = sealed_text("case_entry.system_reference")
    entered_at: datetime = instant()


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """`outcome` is a code of contact_outcome.csv. `details`: who was told, who agreed, who took it over."""

    id: DecisionId
    enquiry_id: EnquiryId
    hold_id: HoldId | None
    worker_id: DutyWorkerId
    outcome: str
    referral_outcome: str | None
    reason: str
    details: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class FeedbackRecord:
    """`outbox_id` is the message that carries it, if one does; `reason` is why nobody was told."""

    id: FeedbackId
    enquiry_id: EnquiryId
    decision_id: DecisionId
    way: FeedbackWay
    outbox_id: OutboxId | None
    wording_id: str
    words: str
    reason: str | None
    due_at: datetime
    created_at: datetime
    done_at: datetime | None = None
    done_by: DutyWorkerId | None = None


@dataclass(frozen=True, slots=True)
class CaseEntryRecord:
    """Somebody has entered the enquiry in the case system, and this is what it is called there."""

    id: str
    enquiry_id: EnquiryId
    worker_id: DutyWorkerId
    system_reference: str
    entered_at: datetime


_decisions, _feedback, _entries = table_of(Decision), table_of(Feedback), table_of(CaseEntry)
_d, _f, _e = _decisions.c, _feedback.c, _entries.c
_new = Prepared(insert(_decisions))
_of = Prepared(
    select(*columns_of(_decisions, DecisionRecord))
    .where(_d.enquiry_id == bindparam("enquiry"))
    .order_by(_d.at, _d.id)
)
_feedback_record = select(*columns_of(_feedback, FeedbackRecord))
_new_feedback = Prepared(insert(_feedback))
_feedback_of = Prepared(
    _feedback_record.where(_f.enquiry_id == bindparam("enquiry")).order_by(_f.created_at, _f.id)
)
_one_feedback = Prepared(_feedback_record.where(_f.id == bindparam("feedback")))
_done = Prepared(
    update(_feedback)
    .where(_f.id == bindparam("feedback"), _f.done_at.is_(None))
    .values(done_at=bindparam("now"), done_by=bindparam("worker"))
)
_by_hand = Prepared(
    update(_feedback)
    .where(_f.id == bindparam("feedback"), _f.done_at.is_(None))
    .values(way=FeedbackWay.BY_HAND, outbox_id=None)
)
_new_entry = Prepared(insert(_entries))
_entries_of = Prepared(
    select(*columns_of(_entries, CaseEntryRecord))
    .where(_e.enquiry_id == bindparam("enquiry"))
    .order_by(_e.entered_at, _e.id)
)


class Decisions(Repository):
    __slots__ = ()

    def record(
        self,
        *,
        enquiry_id: EnquiryId,
        hold_id: HoldId | None,
        worker_id: DutyWorkerId,
        outcome: str,
        referral_outcome: str | None,
        reason: str,
        details: dict[str, Any],
        now: datetime,
    ) -> DecisionRecord:
        decision = DecisionRecord(
            DecisionId(new_id()), enquiry_id, hold_id, worker_id, outcome, referral_outcome, reason, details, now
        )
        self._change(_new, values_of(decision))
        return decision

    def of(self, enquiry_id: EnquiryId) -> list[DecisionRecord]:
        return [DecisionRecord(*row) for row in self._all(_of, {"enquiry": enquiry_id})]

    # -- telling them ----------------------------------------------------------------------------------------

    def tell(
        self,
        decision: DecisionRecord,
        *,
        way: FeedbackWay,
        outbox_id: OutboxId | None,
        wording_id: str,
        words: str,
        reason: str | None,
        due_at: datetime,
        now: datetime,
    ) -> FeedbackRecord:
        feedback = FeedbackRecord(
            id=FeedbackId(new_id()),
            enquiry_id=decision.enquiry_id,
            decision_id=decision.id,
            way=way,
            outbox_id=outbox_id,
            wording_id=wording_id,
            words=words,
            reason=reason,
            due_at=due_at,
            created_at=now,
        )
        self._change(_new_feedback, values_of(feedback))
        return feedback

    def feedback_of(self, enquiry_id: EnquiryId) -> list[FeedbackRecord]:
        return [FeedbackRecord(*row) for row in self._all(_feedback_of, {"enquiry": enquiry_id})]

    def feedback(self, feedback_id: FeedbackId) -> FeedbackRecord | None:
        row = self._one(_one_feedback, {"feedback": feedback_id})
        return None if row is None else FeedbackRecord(*row)

    def tell_by_hand(self, feedback_id: FeedbackId) -> None:
        self._change(_by_hand, {"feedback": feedback_id})

    def told(self, feedback_id: FeedbackId, worker_id: DutyWorkerId | None, now: datetime) -> bool:
        """Note that they were told; False where that was noted before."""
        return self._change(_done, {"feedback": feedback_id, "worker": worker_id, "now": now}) == 1

    # -- the case system -------------------------------------------------------------------------------------

    def enter(
        self, enquiry_id: EnquiryId, worker_id: DutyWorkerId, system_reference: str, now: datetime
    ) -> CaseEntryRecord:
        entry = CaseEntryRecord(new_id(), enquiry_id, worker_id, system_reference, now)
        self._change(_new_entry, values_of(entry))
        return entry

    def entries_of(self, enquiry_id: EnquiryId) -> list[CaseEntryRecord]:
        return [CaseEntryRecord(*row) for row in self._all(_entries_of, {"enquiry": enquiry_id})]

"""Concerns: safeguarding worries, raised by screening, by an answer, by silence or by a worker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.columns import (
    StoredTable,
    code,
    columns_of,
    instant,
    link,
    primary_id,
    sealed_json,
    table_of,
    values_of,
    yes_no,
)
from storage.enquiries import StoredUrgency
from storage.identifiers import ConcernId, ConversationId, EnquiryId, TurnId, new_id
from storage.prepared import Prepared
from storage.repository import NotFound, Repository


class ConcernSource(StrEnum):
    SCREENING = "screening"
    ANSWER = "answer"
    SILENCE = "silence"
    WORKER = "worker"


class ConcernStatus(StrEnum):
    RAISED = "raised"
    IN_HAND = "in_hand"
    RESOLVED = "resolved"


class Concern(StoredTable, table=True):
    __tablename__ = "concern"

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    conversation_id: str | None = link("conversation.id", nullable=True)
    turn_id: str | None = link("turn.id", nullable=True)
    indicator: str = code(60)
    urgency: str = code(20, StoredUrgency)
    source: str = code(20, ConcernSource)
    status: str = code(20, ConcernStatus)
    reasons: list[Any] = sealed_json("concern.reasons")
    raised_at: datetime = instant()
    closed_queue: bool = yes_no()


@dataclass(frozen=True, slots=True)
class ConcernRecord:
    """`closed_queue`: the concern is about a worker, a school or the like, and only a few may see it."""

    id: ConcernId
    enquiry_id: EnquiryId
    conversation_id: ConversationId | None
    turn_id: TurnId | None
    indicator: str
    urgency: StoredUrgency
    source: ConcernSource
    status: ConcernStatus
    reasons: list[Any]
    raised_at: datetime
    closed_queue: bool


_concerns = table_of(Concern)
_c = _concerns.c
_record = select(*columns_of(_concerns, ConcernRecord))
_all_of = _record.where(_c.enquiry_id == bindparam("enquiry")).order_by(_c.id)
_of = Prepared(_all_of)
_open_for = Prepared(
    _all_of.where(_c.indicator == bindparam("of_indicator"), _c.status != ConcernStatus.RESOLVED).limit(1)
)
_in_closed_queue = (
    select(_c.enquiry_id).where(_c.enquiry_id.in_(bindparam("ids", expanding=True)), _c.closed_queue).distinct()
)
_new = Prepared(insert(_concerns))
_change = update(_concerns).where(_c.id == bindparam("concern_id"))


class Concerns(Repository):
    __slots__ = ()

    def raise_(
        self,
        *,
        enquiry_id: EnquiryId,
        conversation_id: ConversationId | None,
        turn_id: TurnId | None,
        indicator: str,
        urgency: str,
        source: ConcernSource | str,
        reasons: list[Any],
        now: datetime,
        closed_queue: bool = False,
    ) -> ConcernRecord:
        concern = ConcernRecord(
            id=ConcernId(new_id()),
            enquiry_id=enquiry_id,
            conversation_id=conversation_id,
            turn_id=turn_id,
            indicator=indicator,
            urgency=StoredUrgency(urgency),
            source=ConcernSource(source),
            status=ConcernStatus.RAISED,
            reasons=reasons,
            raised_at=now,
            closed_queue=closed_queue,
        )
        self._change(_new, values_of(concern))
        return concern

    def of(self, enquiry_id: EnquiryId) -> list[ConcernRecord]:
        """Return every concern of an enquiry, in the order raised."""
        return [ConcernRecord(*row) for row in self._all(_of, {"enquiry": enquiry_id})]

    def in_closed_queue(self, enquiry_ids: Iterable[EnquiryId]) -> frozenset[EnquiryId]:
        """Return which of these enquiries are in the closed queue."""
        ids = list(set(enquiry_ids))
        rows = self._all(_in_closed_queue, {"ids": ids}) if ids else ()
        return frozenset(EnquiryId(row[0]) for row in rows)

    def open_for(self, enquiry_id: EnquiryId, indicator: str) -> ConcernRecord | None:
        """Return the first concern of this indicator that is not resolved."""
        row = self._one(_open_for, {"enquiry": enquiry_id, "of_indicator": indicator})
        return None if row is None else ConcernRecord(*row)

    def set_status(self, concern_id: ConcernId, status: ConcernStatus | str) -> None:
        if self._change(_change, {"concern_id": concern_id, "status": status}) != 1:
            raise NotFound(f"concern {concern_id}")

"""Recordings: a phone call or a visit that a worker wrote down, question by question."""

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
    plain_id,
    primary_id,
    sealed_text,
    table_of,
    values_of,
)
from storage.identifiers import ConversationId, DutyWorkerId, EnquiryId, OutboxId, RecordingId, new_id
from storage.outbox import OutboxMessage, OutboxStatus
from storage.prepared import Prepared
from storage.repository import Repository


class RecordedWay(StrEnum):
    """How somebody came to us by word of mouth. Its values are channels of conversations."""

    PHONE = "phone"
    VISIT = "visit"


RECORDED = frozenset(way.value for way in RecordedWay)
"""Channels on which a worker writes for the person: nobody reads there what we send but the worker."""


class Hand(StrEnum):
    """`first`: they saw, heard or lived it. `second`: somebody told them."""

    FIRST = "first"
    SECOND = "second"
    UNKNOWN = "unknown"


class Recording(StoredTable, table=True):
    """`form` is the form it was begun with, so that one sent twice begins one."""

    __tablename__ = "recording"
    __table_args__ = (
        Index(None, "enquiry_id", unique=True),
        Index("uq_recording_form", "form", unique=True),
        Index(
            "ix_recording_outbox",
            "outbox_id",
            sqlite_where=text("confirmed_at IS NULL"),
            postgresql_where=text("confirmed_at IS NULL"),
        ),
    )

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id")
    conversation_id: str = link("conversation.id")
    worker_id: str = link("duty_worker.id")
    writer_id: str = link("duty_worker.id")
    form: str = code(64)
    way: str = code(20, RecordedWay)
    hand: str = code(20, Hand)
    began_at: datetime = instant()
    confirmation: str | None = sealed_text("recording.confirmation", nullable=True)
    outbox_id: str | None = plain_id(nullable=True)
    confirmed_at: datetime | None = instant(nullable=True)
    confirmed_by: str | None = link("duty_worker.id", nullable=True)


@dataclass(frozen=True, slots=True)
class RecordingRecord:
    """`worker_id` began it and `writer_id` goes on with it. `confirmation` are the words of the written one."""

    id: RecordingId
    enquiry_id: EnquiryId
    conversation_id: ConversationId
    worker_id: DutyWorkerId
    writer_id: DutyWorkerId
    form: str
    way: RecordedWay
    hand: Hand
    began_at: datetime
    confirmation: str | None = None
    outbox_id: OutboxId | None = None
    confirmed_at: datetime | None = None
    confirmed_by: DutyWorkerId | None = None


_recordings, _outbox = table_of(Recording), table_of(OutboxMessage)
_r = _recordings.c
_record = select(*columns_of(_recordings, RecordingRecord))
_this = _r.id == bindparam("recording")
_of = Prepared(_record.where(_r.enquiry_id == bindparam("enquiry")))
_by_form = Prepared(_record.where(_r.form == bindparam("of_form")))
_carries = _outbox.c.id == _r.outbox_id
_delivered = Prepared(
    select(_r.id, _outbox.c.sent_at)
    .join(_outbox, _carries)
    .where(_r.confirmed_at.is_(None), _outbox.c.status == OutboxStatus.SENT)
    .order_by(_r.id)
    .limit(100)
)
_not_delivered = Prepared(
    _record.join(_outbox, _carries)
    .where(_r.confirmed_at.is_(None), _outbox.c.status == OutboxStatus.FAILED)
    .order_by(_r.id)
    .limit(100)
)
_new = Prepared(insert(_recordings))
_set_hand = Prepared(update(_recordings).where(_this).values(hand=bindparam("now_known")))
_set_writer = Prepared(update(_recordings).where(_this).values(writer_id=bindparam("worker")))
_confirm_with = Prepared(
    update(_recordings)
    .where(_this, _r.confirmed_at.is_(None), _r.outbox_id.is_(None))
    .values(confirmation=bindparam("words"), outbox_id=bindparam("outbox"))
)
_not_gone = Prepared(update(_recordings).where(_this, _r.confirmed_at.is_(None)).values(outbox_id=None))
_confirmed = Prepared(
    update(_recordings)
    .where(_this, _r.confirmed_at.is_(None))
    .values(confirmed_at=bindparam("now"), confirmed_by=bindparam("worker"))
)


class Recordings(Repository):
    __slots__ = ()

    def begin(
        self,
        *,
        enquiry_id: EnquiryId,
        conversation_id: ConversationId,
        worker_id: DutyWorkerId,
        form: str,
        way: RecordedWay,
        hand: Hand,
        now: datetime,
    ) -> RecordingRecord:
        """Raises `UniqueRace` where this form has begun one already."""
        recording = RecordingRecord(
            RecordingId(new_id()), enquiry_id, conversation_id, worker_id, worker_id, form, way, hand, now
        )
        self._change(_new, values_of(recording))
        return recording

    def of(self, enquiry_id: EnquiryId) -> RecordingRecord | None:
        row = self._one(_of, {"enquiry": enquiry_id})
        return None if row is None else RecordingRecord(*row)

    def by_form(self, form: str) -> RecordingRecord | None:
        row = self._one(_by_form, {"of_form": form})
        return None if row is None else RecordingRecord(*row)

    def set_hand(self, recording_id: RecordingId, hand: Hand) -> None:
        self._change(_set_hand, {"recording": recording_id, "now_known": hand})

    def set_writer(self, recording_id: RecordingId, worker_id: DutyWorkerId) -> None:
        self._change(_set_writer, {"recording": recording_id, "worker": worker_id})

    # -- the written confirmation ------------------------------------------------------------------------------

    def confirm_with(self, recording_id: RecordingId, words: str, outbox_id: OutboxId | None) -> bool:
        """Keep the words of the written confirmation, and what carries them. False where some are on their way."""
        values = {"recording": recording_id, "words": words, "outbox": outbox_id}
        return self._change(_confirm_with, values) == 1

    def confirmed(self, recording_id: RecordingId, worker_id: DutyWorkerId | None, now: datetime) -> bool:
        """Note that it was confirmed in writing; False where that was noted before."""
        return self._change(_confirmed, {"recording": recording_id, "worker": worker_id, "now": now}) == 1

    def delivered(self) -> list[tuple[RecordingId, datetime]]:
        """Return those whose confirmation has gone and is not noted, with when it went."""
        return [(RecordingId(row[0]), row[1]) for row in self._all(_delivered, {})]

    def not_delivered(self) -> list[RecordingRecord]:
        """Return those whose confirmation no channel would take: a worker sends it another way."""
        return [RecordingRecord(*row) for row in self._all(_not_delivered, {})]

    def confirm_by_hand(self, recording_id: RecordingId) -> None:
        self._change(_not_gone, {"recording": recording_id})

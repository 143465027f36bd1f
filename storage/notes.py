"""Notes: what duty workers write to each other about an enquiry, and where they disagree. Only ever added to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage.columns import StoredTable, columns_of, instant, link, primary_id, sealed_text, table_of, values_of
from storage.identifiers import DisagreementId, DutyWorkerId, EnquiryId, NoteId, new_id
from storage.prepared import Prepared
from storage.repository import Repository


class Note(StoredTable, table=True):
    __tablename__ = "note"

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    worker_id: str = link("duty_worker.id")
    words: str = sealed_text("note.words")
    at: datetime = instant()


class Disagreement(StoredTable, table=True):
    __tablename__ = "disagreement"

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    worker_id: str = link("duty_worker.id")
    reason: str = sealed_text("disagreement.reason")
    raised_at: datetime = instant()
    answered_at: datetime | None = instant(nullable=True)
    answered_by: str | None = link("duty_worker.id", nullable=True)
    answer: str | None = sealed_text("disagreement.answer", nullable=True)


@dataclass(frozen=True, slots=True)
class NoteRecord:
    id: NoteId
    enquiry_id: EnquiryId
    worker_id: DutyWorkerId
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DisagreementRecord:
    """A professional disagreement: it stands until a manager has answered it in writing."""

    id: DisagreementId
    enquiry_id: EnquiryId
    worker_id: DutyWorkerId
    reason: str
    raised_at: datetime
    answered_at: datetime | None = None
    answered_by: DutyWorkerId | None = None
    answer: str | None = None


_notes, _disagreements = table_of(Note), table_of(Disagreement)
_n, _d = _notes.c, _disagreements.c
_new = Prepared(insert(_notes))
_of = Prepared(
    select(*columns_of(_notes, NoteRecord)).where(_n.enquiry_id == bindparam("enquiry")).order_by(_n.at, _n.id)
)
_disagree = Prepared(insert(_disagreements))
_disagreements_of = Prepared(
    select(*columns_of(_disagreements, DisagreementRecord))
    .where(_d.enquiry_id == bindparam("enquiry"))
    .order_by(_d.raised_at, _d.id)
)
_answer = Prepared(
    update(_disagreements)
    .where(
        _d.id == bindparam("disagreement"),
        _d.enquiry_id == bindparam("enquiry"),
        _d.answered_at.is_(None),
        _d.worker_id != bindparam("worker"),
    )
    .values(answered_at=bindparam("now"), answered_by=bindparam("worker"), answer=bindparam("words"))
)


class Notes(Repository):
    __slots__ = ()

    def add(self, enquiry_id: EnquiryId, worker_id: DutyWorkerId, words: str, now: datetime) -> NoteRecord:
        note = NoteRecord(NoteId(new_id()), enquiry_id, worker_id, words, now)
        self._change(_new, values_of(note))
        return note

    def of(self, enquiry_id: EnquiryId) -> list[NoteRecord]:
        return [NoteRecord(*row) for row in self._all(_of, {"enquiry": enquiry_id})]

    def disagree(
        self, enquiry_id: EnquiryId, worker_id: DutyWorkerId, reason: str, now: datetime
    ) -> DisagreementRecord:
        raised = DisagreementRecord(DisagreementId(new_id()), enquiry_id, worker_id, reason, now)
        self._change(_disagree, values_of(raised))
        return raised

    def disagreements(self, enquiry_id: EnquiryId) -> list[DisagreementRecord]:
        return [DisagreementRecord(*row) for row in self._all(_disagreements_of, {"enquiry": enquiry_id})]

    def answer(
        self, disagreement_id: str, enquiry_id: EnquiryId, worker_id: DutyWorkerId, words: str, now: datetime
    ) -> bool:
        """Answer a disagreement. False where it is answered, is not this enquiry's, or is the worker's own."""
        values = {
            "disagreement": disagreement_id,
            "enquiry": enquiry_id,
            "worker": worker_id,
            "words": words,
            "now": now,
        }
        return self._change(_answer, values) == 1

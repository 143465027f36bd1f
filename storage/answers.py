"""Answers: what we took each reply to mean, with every earlier value."""

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
from storage.identifiers import AnswerId, ConversationId, EnquiryId, TurnId, new_id
from storage.prepared import Prepared
from storage.repository import Repository


class AnswerSource(StrEnum):
    PERSON = "person"
    INFERRED = "inferred"
    WORKER = "worker"


_CURRENT = text("superseded_at IS NULL")


class Answer(StoredTable, table=True):
    __tablename__ = "answer"
    __table_args__ = (
        Index(
            "uq_answer_current",
            "conversation_id",
            "key",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
    )

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    conversation_id: str = link("conversation.id", index=True)
    turn_id: str | None = link("turn.id", nullable=True)
    key: str = code(200)
    field: str = code(80)
    label: str = sealed_text("answer.label")
    value: dict[str, Any] = sealed_json("answer.value")
    words: str = sealed_text("answer.words")
    source: str = code(20, AnswerSource)
    given_at: datetime = instant()
    superseded_at: datetime | None = instant(nullable=True)
    replaces_id: str | None = plain_id(nullable=True)


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """`key` is the place on the path, such as "children.0.child_name"; `value` is `flows.answers.to_json`'s."""

    id: AnswerId
    enquiry_id: EnquiryId
    conversation_id: ConversationId
    turn_id: TurnId | None
    key: str
    field: str
    label: str
    value: dict[str, Any]
    words: str
    source: AnswerSource
    given_at: datetime
    superseded_at: datetime | None
    replaces_id: AnswerId | None


_answers = table_of(Answer)
_a = _answers.c
_record = select(*columns_of(_answers, AnswerRecord))
_supersede = Prepared(
    update(_answers)
    .where(
        _a.conversation_id == bindparam("conversation"),
        _a.key == bindparam("at_key"),
        _a.superseded_at.is_(None),
    )
    .values(superseded_at=bindparam("now"))
    .returning(_a.id)
)
_new = Prepared(insert(_answers))
_of = _record.where(_a.enquiry_id == bindparam("enquiry")).order_by(_a.id)
_history = Prepared(_of)
_current = Prepared(_of.where(_a.superseded_at.is_(None)))


class Answers(Repository):
    __slots__ = ()

    def record(
        self,
        *,
        enquiry_id: EnquiryId,
        conversation_id: ConversationId,
        turn_id: TurnId | None,
        key: str,
        field: str,
        label: str,
        answer: dict[str, Any],
        words: str,
        source: AnswerSource | str,
        now: datetime,
    ) -> AnswerRecord:
        """Keep an answer as the current one at `key`. The one before it stays, superseded."""
        recorded = AnswerRecord(
            id=AnswerId(new_id()),
            enquiry_id=enquiry_id,
            conversation_id=conversation_id,
            turn_id=turn_id,
            key=key,
            field=field,
            label=label,
            value=answer,
            words=words,
            source=AnswerSource(source),
            given_at=now,
            superseded_at=None,
            replaces_id=self._supersede(conversation_id, key, now),
        )
        self._change(_new, values_of(recorded))
        return recorded

    def retire(self, conversation_id: ConversationId, key: str, now: datetime) -> bool:
        """The question is off the path now: its answer stays as history. Say whether there was one."""
        return self._supersede(conversation_id, key, now) is not None

    def current(self, enquiry_id: EnquiryId) -> list[AnswerRecord]:
        """Return the answers that stand, in the order given."""
        return [AnswerRecord(*row) for row in self._all(_current, {"enquiry": enquiry_id})]

    def history(self, enquiry_id: EnquiryId) -> list[AnswerRecord]:
        """Return every answer ever given, in the order given."""
        return [AnswerRecord(*row) for row in self._all(_history, {"enquiry": enquiry_id})]

    def _supersede(self, conversation_id: ConversationId, key: str, now: datetime) -> AnswerId | None:
        values = {"conversation": conversation_id, "at_key": key, "now": now}
        row = self._one(_supersede, values)
        return None if row is None else AnswerId(row[0])

"""Turns: one message from the person, in their own words, and what we did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, insert, or_, select, text, update

from storage.blind_index import Purpose, message_text
from storage.columns import (
    StoredTable,
    blind_index,
    code,
    columns_of,
    instant,
    link,
    long_whole,
    primary_id,
    sealed_json,
    sealed_text,
    table_of,
    values_of,
    whole,
)
from storage.conversations import ConversationRecord, Conversations
from storage.enquiries import StoredUrgency
from storage.identifiers import ConversationId, TurnId, new_id
from storage.prepared import Prepared
from storage.repository import Findable, NotFound, Repository
from storage.sealed import Keyring

_WAITING = text("handled_at IS NULL")


class Turn(StoredTable, table=True):
    """`external` is the channel, the address and the channel's own id of the message, as one text."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("conversation_id", "position"),
        Index(
            "ix_turn_waiting",
            "conversation_id",
            "sent_order",
            "position",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_turn_waiting_since", "kept_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: str = primary_id()
    conversation_id: str = link("conversation.id")
    position: int = whole()
    channel: str = code(20)
    external: str = sealed_text("turn.external")
    external_index: str = blind_index(unique=True)
    kind: str = code(20)
    sent_order: int = long_whole()
    words: str = sealed_text("turn.words")
    choice: str | None = sealed_text("turn.choice", nullable=True)
    message: dict[str, Any] = sealed_json("turn.message")
    screening: dict[str, Any] = sealed_json("turn.screening")
    urgency: str = code(20, StoredUrgency)
    received_at: datetime = instant()
    kept_at: datetime = instant()
    handled_at: datetime | None = instant(nullable=True)
    outcome: str | None = code(60, nullable=True)
    edits_turn_id: str | None = link("turn.id", nullable=True)
    attempts: int = whole()
    not_before: datetime | None = instant(nullable=True)


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """`message` is the whole message as it came; `outcome` is a short code of what we did."""

    id: TurnId
    conversation_id: ConversationId
    position: int
    channel: str
    kind: str
    sent_order: int
    words: str
    choice: str | None
    message: dict[str, Any]
    screening: dict[str, Any]
    urgency: StoredUrgency
    received_at: datetime
    kept_at: datetime
    handled_at: datetime | None
    outcome: str | None
    edits_turn_id: TurnId | None
    attempts: int
    not_before: datetime | None


_turns = table_of(Turn)
_t = _turns.c
_of_id = _t.id == bindparam("turn_id")
_record = select(*columns_of(_turns, TurnRecord))
_get = Prepared(_record.where(_of_id))
_by_external = Findable(_record, _t.external_index)
_keep = Prepared(insert(_turns))
_of_conversation = _t.conversation_id == bindparam("conversation")
_next_unhandled = Prepared(
    _record.where(_of_conversation, _t.handled_at.is_(None)).order_by(_t.sent_order, _t.position).limit(1)
)
_of = Prepared(_record.where(_of_conversation).order_by(_t.position))
_mark_handled = Prepared(update(_turns).where(_of_id))
_note_failure = Prepared(
    update(_turns).where(_of_id).values(attempts=_t.attempts + 1, not_before=bindparam("later"))
)
_with_unhandled = Prepared(
    select(_t.conversation_id)
    .where(_t.handled_at.is_(None), _t.kept_at <= bindparam("before"))
    .where(or_(_t.not_before.is_(None), _t.not_before <= bindparam("before")))
    .order_by(_t.kept_at)
    .limit(bindparam("most"))
)


class Turns(Repository):
    __slots__ = ()

    def keep(
        self,
        *,
        conversation: ConversationRecord,
        external_id: str,
        channel: str,
        address: str,
        kind: str,
        order: int,
        words: str,
        choice: str | None,
        message: dict[str, Any],
        screening: dict[str, Any],
        urgency: str,
        received_at: datetime,
        now: datetime,
        edits_turn_id: TurnId | None = None,
    ) -> tuple[TurnRecord, bool]:
        """Keep a message as the conversation's next turn.

        The same message again changes nothing: the turn kept before comes back, with False.
        """
        before = self.by_external(channel, address, external_id)
        if before is not None:
            return before, False
        turn = TurnRecord(
            id=TurnId(new_id()),
            conversation_id=conversation.id,
            position=Conversations(self._connection, self.keyring).give_position(conversation.id, now),
            channel=channel,
            kind=str(kind),
            sent_order=order,
            words=words,
            choice=choice,
            message=message,
            screening=screening,
            urgency=StoredUrgency(urgency),
            received_at=received_at,
            kept_at=now,
            handled_at=None,
            outcome=None,
            edits_turn_id=edits_turn_id,
            attempts=0,
            not_before=None,
        )
        values = values_of(turn)
        values["external"] = message_text(channel, address, external_id)
        self._change(_keep, {**values, **turn_indexes(self.keyring, values)})
        return turn, True

    def get(self, turn_id: TurnId) -> TurnRecord:
        """Raises `NotFound`."""
        row = self._one(_get, {"turn_id": turn_id})
        if row is None:
            raise NotFound(f"turn {turn_id}")
        return TurnRecord(*row)

    def by_external(self, channel: str, address: str, external_id: str) -> TurnRecord | None:
        """Return the turn made of the message that the channel knows by this id."""
        name = message_text(channel, address, external_id)
        rows = self._found(_by_external, Purpose.MESSAGE, name)
        return TurnRecord(*rows[0]) if rows else None

    def next_unhandled(self, conversation_id: ConversationId) -> TurnRecord | None:
        """Return the turn to handle next: in the order sent, where the channel tells it, then as kept.

        A turn that failed comes back too, whatever its `not_before`: turns are never handled out of order.
        """
        row = self._one(_next_unhandled, {"conversation": conversation_id})
        return None if row is None else TurnRecord(*row)

    def mark_handled(self, turn_id: TurnId, outcome: str, now: datetime) -> None:
        self._change(_mark_handled, {"turn_id": turn_id, "handled_at": now, "outcome": outcome})

    def note_failure(self, turn_id: TurnId, now: datetime, not_before: datetime) -> int:
        """Count one more failed try, to be tried again from `not_before`; return how many there were."""
        del now  # the row keeps when to try again, not when it failed
        self._change(_note_failure, {"turn_id": turn_id, "later": not_before})
        return self.get(turn_id).attempts

    def conversations_with_unhandled(self, before: datetime, limit: int) -> list[ConversationId]:
        """Return conversations in which a turn kept at or before `before` waits and may be tried; oldest first."""
        rows = self._all(_with_unhandled, {"before": before, "most": limit})
        return list(dict.fromkeys(ConversationId(row[0]) for row in rows))

    def of(self, conversation_id: ConversationId) -> list[TurnRecord]:
        """Return every turn, in the order kept."""
        return [TurnRecord(*row) for row in self._all(_of, {"conversation": conversation_id})]


def turn_indexes(keyring: Keyring, row: Mapping[str, Any]) -> dict[str, str | None]:
    return {"external_index": keyring.index(Purpose.MESSAGE, row["external"])}

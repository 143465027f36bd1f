"""The outbox: messages we have decided to send, until they are sent.

Within one conversation messages go in the order of `sequence`, and none overtakes another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from storage.columns import columns_of, table_of, values_of
from storage.identifiers import ConversationId, OutboxId, TurnId, new_id
from storage.outbox_rows import NewOutbox, OutboxKind, OutboxMessage, OutboxRecord, OutboxStatus
from storage.prepared import Prepared
from storage.repository import NotFound, Repository

__all__ = ["NewOutbox", "Outbox", "OutboxKind", "OutboxMessage", "OutboxRecord", "OutboxStatus"]


_outbox = table_of(OutboxMessage)
_o = _outbox.c
_earlier = _outbox.alias("earlier")
_pending = _o.status == text("'pending'")
_is_free = or_(_o.claimed_until.is_(None), _o.claimed_until <= bindparam("now"))
_is_due = and_(_pending, _o.due_at <= bindparam("now"), _is_free)
_nothing_earlier = or_(
    _o.conversation_id.is_(None),
    ~exists().where(
        _earlier.c.conversation_id == _o.conversation_id,
        _earlier.c.status == text("'pending'"),
        _earlier.c.sequence < _o.sequence,
    ),
)

_record = select(*columns_of(_outbox, OutboxRecord))
_of_id = _o.id == bindparam("outbox_id")
_get = Prepared(_record.where(_of_id))
_of_turn = Prepared(_record.where(_o.turn_id == bindparam("turn")).order_by(_o.sequence))
_of_conversation = Prepared(
    _record.where(_o.conversation_id == bindparam("conversation"), _o.sequence > bindparam("after_sequence"))
    .order_by(_o.sequence)
    .limit(bindparam("most"))
)
_waiting_before = Prepared(
    select(_o.conversation_id, _o.claimed_by).where(_pending, _o.conversation_id == bindparam("conversation"))
)
_put = Prepared(insert(_outbox))
_next_numbers = Prepared(text("SELECT nextval('outbox_message_sequence_seq') FROM generate_series(1, :how_many)"))
_last_number = Prepared(text("SELECT seq FROM sqlite_sequence WHERE name = 'outbox_message'"))


_MOST_URGENT = 500
"""As many urgent messages as are looked at in one claim. The rest are looked at in the next."""


def _heads(which: ColumnElement[bool]) -> Select[Any]:
    """Return the statement that locks the messages that are due and first in their conversation."""
    return (
        select(_o.sequence, _o.conversation_id)
        .where(_is_due, _nothing_earlier, which)
        .order_by(_o.due_at, _o.sequence)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )


_urgent = Prepared(
    select(_o.sequence, _o.conversation_id)
    .where(_is_due, text("outbox_message.urgent"))
    .order_by(_o.due_at, _o.sequence)
    .limit(_MOST_URGENT)
)
_urgent_heads = _heads(
    or_(
        _o.sequence.in_(bindparam("sequences", expanding=True)),
        _o.conversation_id.in_(bindparam("conversations", expanding=True)),
    )
)
_other_heads = _heads(_o.sequence.not_in(bindparam("taken", expanding=True)))
_pending_of = (
    select(_o.sequence, _o.conversation_id, and_(_o.due_at <= bindparam("now"), _is_free))
    .where(_pending, _o.conversation_id.in_(bindparam("conversations", expanding=True)))
    .order_by(_o.sequence)
)
_claim = (
    update(_outbox)
    .where(_o.sequence.in_(bindparam("sequences", expanding=True)))
    .values(claimed_by=bindparam("owner"), claimed_until=bindparam("until"))
)
_claimed = _record.where(_o.sequence.in_(bindparam("sequences", expanding=True)))

_change_pending = update(_outbox).where(_of_id, _pending)
_unclaimed = {"claimed_by": None, "claimed_until": None}
_mark_sent = Prepared(
    _change_pending.values(
        status=OutboxStatus.SENT,
        sent_at=bindparam("now"),
        receipt=bindparam("said"),
        attempts=_o.attempts + 1,
        error_code=None,
        **_unclaimed,
    )
)
_put_off = Prepared(
    _change_pending.values(
        due_at=bindparam("later"), error_code=bindparam("why"), attempts=_o.attempts + 1, **_unclaimed
    )
)
_fail = Prepared(
    _change_pending.values(
        status=OutboxStatus.FAILED,
        failed_at=bindparam("now"),
        error_code=bindparam("why"),
        attempts=_o.attempts + 1,
        **_unclaimed,
    )
)
_cancel = Prepared(
    update(_outbox)
    .where(_o.conversation_id == bindparam("conversation"), _pending)
    .values(status=OutboxStatus.CANCELLED, **_unclaimed)
)
_release = (
    update(_outbox).where(_pending, _o.claimed_by.in_(bindparam("owners", expanding=True))).values(**_unclaimed)
)
_owners = select(_o.claimed_by).where(_pending, _o.claimed_by.is_not(None)).distinct().order_by(_o.claimed_by)
_pending_count = select(func.count()).where(_pending)
_oldest_pending = select(func.min(_o.due_at)).where(_pending)
_oldest_duty = select(func.min(_o.created_at)).where(_pending, _o.kind == OutboxKind.DUTY)
_move = update(_outbox).where(_o.conversation_id == bindparam("conversation"), _pending)


class Outbox(Repository):
    __slots__ = ()

    def put(self, rows: Sequence[NewOutbox]) -> list[OutboxRecord]:
        """Put messages in, in this order.

        A message asked to be born claimed is not, when its conversation already has a message waiting that
        somebody else must send first: see `claimed_by` of what comes back.
        """
        if not rows:
            return []
        blocked = self._conversations_blocked(rows)
        numbers = self._numbers(len(rows))
        records = [_born(row, number, blocked) for row, number in zip(rows, numbers, strict=True)]
        self._change_each(_put, [values_of(record) for record in records])
        return records

    def get(self, outbox_id: OutboxId) -> OutboxRecord:
        """Raises `NotFound`."""
        row = self._one(_get, {"outbox_id": outbox_id})
        if row is None:
            raise NotFound(f"outbox message {outbox_id}")
        return OutboxRecord(*row)

    def claim_due(self, *, now: datetime, owner: str, lease: timedelta, limit: int) -> list[OutboxRecord]:
        """Claim what is due and nobody holds, until `now + lease`; what is urgent first, then the oldest.

        A message is claimed only with every message that waits before it in its conversation, and comes
        after them in the list. A conversation that holds something urgent is urgent as a whole.
        """
        heads = self._urgent_heads(now, limit)
        if len(heads) < limit:
            taken = [sequence for sequence, _ in heads]
            heads += self._all(_other_heads, {"now": now, "most": limit - len(heads), "taken": taken})
        sequences = self._with_followers(heads, now)[:limit]
        if not sequences:
            return []
        self._change(_claim, {"sequences": sequences, "owner": owner, "until": now + lease})
        claimed = {row.sequence: OutboxRecord(*row) for row in self._all(_claimed, {"sequences": sequences})}
        return [claimed[sequence] for sequence in sequences]

    def mark_sent(self, sent: Sequence[tuple[OutboxId, dict[str, Any] | None]], now: datetime) -> None:
        """Note messages as sent, each with what the channel said when it took it."""
        if sent:
            values = [{"outbox_id": outbox_id, "said": said, "now": now} for outbox_id, said in sent]
            self._change_each(_mark_sent, values)

    def put_off(self, outbox_id: OutboxId, *, due_at: datetime, error_code: str, now: datetime) -> None:
        """It did not go: let it be tried again at `due_at`, by anybody."""
        del now  # kept for the day a row notes when it was last tried
        self._change(_put_off, {"outbox_id": outbox_id, "later": due_at, "why": error_code})

    def fail(self, outbox_id: OutboxId, error_code: str, now: datetime) -> None:
        """It will never go. The messages behind it may."""
        self._change(_fail, {"outbox_id": outbox_id, "why": error_code, "now": now})

    def cancel_pending(self, conversation_id: ConversationId, now: datetime) -> int:
        """Take back what has not been sent; return how many."""
        del now
        return self._change(_cancel, {"conversation": conversation_id})

    def cancel(self, ids: Sequence[OutboxId]) -> None:
        """Take back those of these messages that have not been sent."""
        if ids:
            taken_back = _change_pending.values(status=OutboxStatus.CANCELLED, **_unclaimed)
            self._connection.execute(taken_back, [{"outbox_id": i} for i in ids])

    def move_pending(self, conversation_id: ConversationId, new_address: str) -> int:
        """The chat has moved: what waits goes to the new address."""
        return self._change(_move, {"conversation": conversation_id, "address": new_address})

    def of_turn(self, turn_id: TurnId) -> list[OutboxRecord]:
        return [OutboxRecord(*row) for row in self._all(_of_turn, {"turn": turn_id})]

    def of_conversation(
        self, conversation_id: ConversationId, after_sequence: int = 0, limit: int = 200
    ) -> list[OutboxRecord]:
        """Return the first messages after a sequence, in order, sent or not."""
        values = {"conversation": conversation_id, "after_sequence": after_sequence, "most": limit}
        return [OutboxRecord(*row) for row in self._all(_of_conversation, values)]

    def let_go(self, ids: Sequence[OutboxId]) -> None:
        """Give back messages that have to wait behind one that did not go."""
        if ids:
            self._connection.execute(_change_pending.values(**_unclaimed), [{"outbox_id": i} for i in ids])

    def release(self, owner: str) -> int:
        """Give back what an owner claimed and did not send; return how many."""
        return self.release_owners([owner])

    def release_owners(self, owners: Iterable[str]) -> int:
        return self._change(_release, {"owners": list(owners)})

    def owners(self) -> list[str]:
        """Return who holds messages not yet sent."""
        return [row[0] for row in self._all(_owners, {})]

    def pending_count(self) -> int:
        return int(self._connection.execute(_pending_count).scalar_one())

    def oldest_pending_at(self) -> datetime | None:
        """Return the earliest instant at which a message still waiting was due."""
        at: datetime | None = self._connection.execute(_oldest_pending).scalar_one_or_none()
        return at

    def oldest_duty_at(self) -> datetime | None:
        """Return since when a message to duty workers has waited, however often it was put off."""
        at: datetime | None = self._connection.execute(_oldest_duty).scalar_one_or_none()
        return at

    def _numbers(self, how_many: int) -> list[int]:
        if self._is_postgresql:
            return sorted(row[0] for row in self._all(_next_numbers, {"how_many": how_many}))
        (last,) = self._one(_last_number, {}) or (0,)
        return list(range(last + 1, last + 1 + how_many))

    def _conversations_blocked(self, rows: Sequence[NewOutbox]) -> set[tuple[str, str | None]]:
        """Return (conversation, holder) of messages already waiting, where that can matter."""
        conversations = {row.conversation_id for row in rows if row.claimed_by and row.conversation_id}
        return {
            (name, holder)
            for conversation in conversations
            for name, holder in self._all(_waiting_before, {"conversation": conversation})
        }

    def _urgent_heads(self, now: datetime, limit: int) -> list[Any]:
        """Return what must go first for something urgent to go: itself, or what waits before it."""
        urgent = self._all(_urgent, {"now": now})
        if not urgent:
            return []
        sequences = [sequence for sequence, _ in urgent]
        conversations = list({conversation for _, conversation in urgent if conversation is not None})
        values = {"now": now, "most": limit, "sequences": sequences, "conversations": conversations}
        return list(self._all(_urgent_heads, values))

    def _with_followers(self, heads: Sequence[Any], now: datetime) -> list[int]:
        """Return the heads and, behind each, the messages of its conversation that may go with it."""
        conversations = [conversation for _, conversation in heads if conversation is not None]
        behind: dict[str, list[int]] = {name: [] for name in conversations}
        stopped = set()
        if conversations:
            waiting = self._all(_pending_of, {"now": now, "conversations": conversations})
            for sequence, conversation, may_go in waiting:
                if not may_go:
                    stopped.add(conversation)
                elif conversation not in stopped:
                    behind[conversation].append(sequence)
        found: list[int] = []
        for sequence, conversation in heads:
            found += [sequence] if conversation is None else behind[conversation]
        return found


def _born(row: NewOutbox, number: int, waiting: set[tuple[str, str | None]]) -> OutboxRecord:
    others = {holder for conversation, holder in waiting if conversation == row.conversation_id}
    is_claimed = row.claimed_by is not None and others <= {row.claimed_by}
    return OutboxRecord(
        id=row.id or OutboxId(new_id()),
        sequence=number,
        conversation_id=row.conversation_id,
        enquiry_id=row.enquiry_id,
        turn_id=row.turn_id,
        channel=row.channel,
        address=row.address,
        kind=OutboxKind(row.kind),
        payload=row.payload,
        urgent=row.urgent,
        status=OutboxStatus.PENDING,
        due_at=row.due_at or row.created_at,
        attempts=0,
        claimed_by=row.claimed_by if is_claimed else None,
        claimed_until=row.claimed_until if is_claimed else None,
        sent_at=None,
        failed_at=None,
        error_code=None,
        receipt=None,
        created_at=row.created_at,
        not_after=row.not_after,
        follow_up_id=row.follow_up_id,
    )

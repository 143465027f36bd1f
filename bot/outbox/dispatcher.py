"""Sends what the outbox holds: at once when this process committed it, and again from the bell when not."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

from bot.channels.base import (
    Channel,
    ChannelDown,
    OutboundMessage,
    Receipt,
    RecipientMoved,
    RecipientUnreachable,
    SendError,
)
from bot.clock import Clock
from bot.outbox.retry import next_attempt
from storage.database import Database
from storage.identifiers import OutboxId
from storage.outbox import OutboxKind, OutboxRecord
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

OnFailure: TypeAlias = Callable[[UnitOfWork, OutboxRecord, SendError, datetime], None]

BATCH = 200
LATE_AFTER = timedelta(minutes=2)
SEND_AT_ONCE = 32
"""Addresses served at the same time; within one address messages go one after another. As many again are served
beside them for what is urgent, which waits for nothing else.
"""


_BORN = secrets.token_hex(4)
"""Tells this process from an earlier one with the same number, as in a container, where every first one is 1."""


def owner_name() -> str:
    """Name this process: its leases can be told from those of a process that died on the same machine."""
    return f"{socket.gethostname()[:40]}:{_BORN}:{os.getpid()}"


def dead_owners(owners: Iterable[str], mine: str) -> list[str]:
    """Return owners on this machine whose process is gone: a crash need not wait for its lease to end."""
    host, _, my_number = mine.rsplit(":", 2)
    others = [o for o in owners if o != mine and o.count(":") >= 2 and o.rsplit(":", 2)[0] == host]
    return [o for o in others if o.rsplit(":", 1)[1] == my_number or not _is_running(o)]


def _is_running(owner: str) -> bool:
    try:
        os.kill(int(owner.rsplit(":", 1)[1]), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _mark_sent(uow: UnitOfWork, *, marks: Sequence[tuple[OutboxId, dict[str, Any]]], now: datetime) -> None:
    uow.outbox.mark_sent(marks, now)


_Place: TypeAlias = tuple[str, str, bool]
"""A channel, an address, and whether its messages pass all others: messages of one place go one after another."""


def _place_of(row: OutboxRecord) -> _Place:
    """What a conversation says keeps its order; an alert for a chat does not wait behind a reminder for it."""
    return row.channel, row.address, row.urgent and row.conversation_id is None


def _is_past(row: OutboxRecord, at: datetime) -> bool:
    return row.not_after is not None and at > row.not_after


def _let_go(uow: UnitOfWork, *, ids: Sequence[OutboxId]) -> None:
    uow.outbox.let_go(ids)


class TooLate(SendError):
    """The time at which it was safe to send is over, or would be by the next try."""

    retryable = False


@dataclass(frozen=True, slots=True)
class _Sent:
    id: OutboxId
    receipt: Receipt


class Dispatcher:
    """Sends messages in order within each address.

    Nothing is marked sent before the channel has taken it, so a crash sends a message twice rather than never.
    """

    def __init__(
        self,
        *,
        database: Database,
        channels: Mapping[str, Channel],
        read: Callable[[OutboxRecord], OutboundMessage],
        clock: Clock,
        owner: str,
        lease: timedelta,
        on_failure: OnFailure | None = None,
        on_given_up: OnFailure | None = None,
    ) -> None:
        """`on_failure` hears, in the unit that notes it, of each try of a duty message that failed; `on_given_up`
        of each message that we began ourselves and that will never go.
        """
        self._database = database
        self._on_failure = on_failure
        self._on_given_up = on_given_up
        self._channels = dict(channels)
        self._read = read
        self._clock = clock
        self._owner = owner
        self._lease = lease
        self._queues: dict[_Place, deque[OutboxRecord]] = {}
        self._serving: dict[_Place, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(SEND_AT_ONCE)
        self._urgent_room = asyncio.Semaphore(SEND_AT_ONCE)
        self._in_hand: set[OutboxId] = set()
        self._sent: list[_Sent] = []
        self._marking: asyncio.Task[None] | None = None
        self._stopping = False

    def offer(self, rows: Sequence[OutboxRecord]) -> None:
        """Send rows this process holds. Rows somebody else holds, or nobody, are left to the bell."""
        for row in rows:
            # A row whose lease ran out while it waited here is claimed anew: it is in hand all the same.
            if row.claimed_by != self._owner or self._stopping or row.id in self._in_hand:
                continue
            self._in_hand.add(row.id)
            place = _place_of(row)
            queue = self._queues.get(place)
            if queue is not None:
                queue.append(row)
                continue
            self._queues[place] = deque([row])
            self._serving[place] = self._start(self._serve(place, self._urgent_room if row.urgent else self._room))

    async def tick(self) -> int:
        """Claim what is due and send it; return how many rows were claimed."""
        now = self._clock.now()

        def claim(uow: UnitOfWork) -> list[OutboxRecord]:
            gone = dead_owners(uow.outbox.owners(), self._owner)
            if gone:
                uow.outbox.release_owners(gone)
            return uow.outbox.claim_due(now=now, owner=self._owner, lease=self._lease, limit=BATCH)

        rows = await self._database.run(claim)
        self.offer(rows)
        return len(rows)

    async def show_typing(self, channel: str, address: str) -> None:
        """Show the person that somebody is writing, where the channel can."""
        known = self._channels.get(channel)
        if known is not None:
            await known.show_typing(address)

    def is_keeping_up(self, oldest_due_at: datetime | None) -> bool:
        """Say whether nothing has waited long past its time."""
        return oldest_due_at is None or self._clock.now() - oldest_due_at < LATE_AFTER

    async def settle(self) -> None:
        """Wait until everything offered has been sent or put off, and marked."""
        while self._tasks:
            await asyncio.gather(*list(self._tasks), return_exceptions=True)

    async def settle_address(self, channel: str, address: str) -> None:
        """Wait until what was offered for one address has gone, or has been put off."""
        serving = [task for place, task in self._serving.items() if place[:2] == (channel, address)]
        if serving:
            await asyncio.wait(serving)

    async def stop(self) -> None:
        """Finish what is in hand and give back the rest."""
        self._stopping = True
        await self.settle()
        await self._database.run(lambda uow: uow.outbox.release(self._owner))

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _serve(self, place: _Place, room: asyncio.Semaphore) -> None:
        async with room:
            queue = self._queues[place]
            try:
                while queue:
                    row = queue.popleft()
                    try:
                        if not await self._send(row):
                            await self._put_back(queue)
                    finally:
                        self._in_hand.discard(row.id)
            except Exception:
                # What is left keeps its lease and comes back with the bell.
                log.exception("outbox.serving_failed")
            finally:
                self._in_hand.difference_update(left.id for left in queue)
                del self._queues[place], self._serving[place]

    async def _send(self, row: OutboxRecord) -> bool:
        """Return whether the messages behind this one may go now."""
        channel = self._channels.get(row.channel)
        try:
            if _is_past(row, self._clock.now()):
                raise TooLate("its time is over")  # the machine slept, or the channel was slow
            if channel is None:
                raise ChannelDown(f"there is no channel {row.channel}")
            receipt = await channel.send(self._read(row))
        except RecipientMoved as moved:
            return await self._move(row, moved.new_address)
        except SendError as error:
            return await self._not_sent(row, error)
        except Exception:
            # Not what a channel promises; counted as a failed try, so that one message cannot hold up others.
            log.exception("outbox.channel_broke", extra={"message_id": row.id, "channel": row.channel})
            return await self._not_sent(row, ChannelDown("the channel broke"))
        self._mark(_Sent(row.id, receipt))
        return True

    def _mark(self, sent: _Sent) -> None:
        """Gather marks while one batch is being written: under load they share a commit."""
        self._sent.append(sent)
        if self._marking is None or self._marking.done():
            self._marking = self._start(self._mark_all())

    async def _mark_all(self) -> None:
        while self._sent:
            batch, self._sent = self._sent, []
            now = self._clock.now()
            marks = [(sent.id, asdict(sent.receipt)) for sent in batch]
            try:
                await self._database.run(partial(_mark_sent, marks=marks, now=now))
            except Exception:
                log.exception("outbox.not_marked", extra={"count": len(batch)})
                return

    async def _not_sent(self, row: OutboxRecord, error: SendError) -> bool:
        now = self._clock.now()
        is_duty = row.kind is OutboxKind.DUTY
        # The duty chat is tried whatever it says. One worker who cannot be reached has others above them.
        is_chat = is_duty and row.payload.get("to", "chat") == "chat"
        later = next_attempt(error, row.attempts + 1, now, urgent=row.urgent or is_duty, whatever=is_chat)
        if later is not None and _is_past(row, later):
            later, error = None, TooLate("its time would be over")
        code = type(error).__name__
        details = {"message_id": row.id, "channel": row.channel, "error": code, "attempts": row.attempts + 1}
        if later is not None:
            log.warning("outbox.not_sent", extra=details)

            def put_off(uow: UnitOfWork) -> None:
                uow.outbox.put_off(row.id, due_at=later, error_code=code, now=now)

            heard = self._on_failure if is_duty else None
            await self._note_failure(row, error, now, put_off, heard)
            return False
        log.error("outbox.given_up", extra=details)

        def give_up(uow: UnitOfWork) -> None:
            uow.outbox.fail(row.id, code, now)
            if isinstance(error, RecipientUnreachable) and row.conversation_id is not None:
                uow.conversations.mark_blocked(row.conversation_id, now)
            if row.enquiry_id is not None:
                uow.audit.write(
                    chain=row.enquiry_id,
                    at=now,
                    actor="front_door",
                    act="message.not_delivered",
                    record_type="outbox_message",
                    record_id=row.id,
                    details={"error": code, "channel": row.channel},
                )

        heard = self._on_failure if is_duty else self._on_given_up if row.follow_up_id is not None else None
        await self._note_failure(row, error, now, give_up, heard)
        return True

    async def _note_failure(
        self,
        row: OutboxRecord,
        error: SendError,
        now: datetime,
        note: Callable[[UnitOfWork], None],
        heard: OnFailure | None,
    ) -> None:
        """Note that a message did not go, and let it be heard of; whatever that does, the message is noted."""

        def both(uow: UnitOfWork) -> None:
            if heard is not None:
                heard(uow, row, error, now)
            note(uow)

        try:
            await self._database.run(both)
        except Exception:
            if heard is None:
                raise
            log.exception("outbox.failure_not_heard", extra={"message_id": row.id})
            await self._database.run(note)

    async def _move(self, row: OutboxRecord, new_address: str) -> bool:
        conversation_id = row.conversation_id
        if conversation_id is not None:

            def move(uow: UnitOfWork) -> None:
                uow.conversations.move_address(conversation_id, new_address)
                uow.outbox.move_pending(conversation_id, new_address)

            await self._database.run(move)
        return await self._send(replace(row, address=new_address))

    async def _put_back(self, queue: deque[OutboxRecord]) -> None:
        """Messages behind one that failed wait with it: the bell claims them together, in order."""
        while queue:  # others may be offered while these are given back
            ids = [row.id for row in queue]
            queue.clear()
            self._in_hand.difference_update(ids)
            await self._database.run(partial(_let_go, ids=ids))

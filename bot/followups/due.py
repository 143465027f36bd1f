"""Keeps what was promised: what is due is claimed, the weightiest first, done, and given up only into hands.

A handler decides inside one unit of work: what it does, the messages it writes and the end of its follow-up are
committed together, or none of them is. So a promise is kept once, however often a process is killed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from bot.clock import Clock
from bot.conversation.house import House
from bot.followups.climbing import give, ring
from bot.followups.kinds import KINDS, FollowUpKind
from bot.outbox.dispatcher import Dispatcher, dead_owners
from bot.safeguarding.telling import note_act, tell_duty
from storage.conversations import ConversationRecord
from storage.database import Database
from storage.enquiries import EnquiryRecord
from storage.follow_ups import Actor, FollowUpRecord
from storage.identifiers import ConversationId, DutyWorkerId, FollowUpId
from storage.incidents import IncidentKind
from storage.outbox import NewOutbox, OutboxRecord
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

BATCH = 25
"""Done in one unit of work: a commit each is slow, and an alert waits for one such unit at most."""
LATE_AFTER = timedelta(minutes=1)
"""A promise kept so long after it should have been is one that was kept late."""
SOONEST_AGAIN = timedelta(seconds=1)
LOOK_FOR_THE_DEAD = timedelta(seconds=5)
FAILED = "failed"
NOBODY_KNOWS_HOW = "nobody_knows_how"
FELL_DUE = "fell_due"
TASKS = frozenset(str(kind) for kind, of in KINDS.items() if of.actor is Actor.WORKER)
"""Kinds that are a worker's task from the moment they fall due, without anything having failed."""
OWN = "front_door"


@dataclass(frozen=True, slots=True)
class Moment:
    """All that a handler may read, and the unit of work it writes in.

    The conversation, where there is one, and the follow-up are held until the unit ends: what a person or a worker
    did before is in them.
    """

    uow: UnitOfWork
    follow_up: FollowUpRecord
    enquiry: EnquiryRecord
    conversation: ConversationRecord | None
    house: House
    now: datetime

    @property
    def is_late(self) -> bool:
        """Say whether the time it was promised for is over."""
        promised_at = self.follow_up.promised_at
        return promised_at is not None and self.now > promised_at


@dataclass(frozen=True, slots=True)
class Done:
    """It is kept. `outcome` is a code; `rows` are put in the outbox, in this order."""

    outcome: str
    rows: tuple[NewOutbox, ...] = ()


@dataclass(frozen=True, slots=True)
class PutOff:
    """Not now: at `due_at`, because of `why`, a code. Later than it was promised, a worker has it instead."""

    due_at: datetime
    why: str
    rows: tuple[NewOutbox, ...] = ()


@dataclass(frozen=True, slots=True)
class ForWorker:
    """A worker does it, because of `why`, a code: whoever is on duty where none is named. See `climbing.give`."""

    why: str
    worker_id: DutyWorkerId | None = None
    by: datetime | None = None
    rows: tuple[NewOutbox, ...] = ()


@dataclass(frozen=True, slots=True)
class Stale:
    """There is nothing to do any more, because of `why`, a code: kept as the outcome `stale.<why>`."""

    why: str


Result: TypeAlias = Done | PutOff | ForWorker | Stale
Handler: TypeAlias = Callable[[Moment], Result]


def _never(moment: Moment) -> str | None:
    del moment
    return None


@dataclass(frozen=True, slots=True)
class Handling:
    """How one kind is kept. All of them are plain functions that read and write in the moment's unit only.

    `act` does it; without one it is always a worker's task. `stale` is asked before it is done and before each
    bell of a worker's task, and returns why there is nothing to do any more. `says` returns what it will say to
    the person, for workers to read before: it changes nothing. `by_itself`: each in a unit of its own, where one
    alone holds the database long.
    """

    act: Handler | None = None
    stale: Callable[[Moment], str | None] = _never
    says: Callable[[Moment], str] | None = None
    by_itself: bool = False


Handlings: TypeAlias = Mapping[FollowUpKind, Handling]


@dataclass(slots=True)
class Pace:
    """So many messages in a second, with a second's worth at once. More than that are owed, and waited for."""

    per_second: float
    _room: float = field(init=False)
    _at: datetime | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._room = max(self.per_second, 1.0)

    def room(self, now: datetime) -> int:
        """Return how many messages may go now."""
        passed = 0.0 if self._at is None else (now - self._at).total_seconds()
        self._at = now
        gained = max(passed, 0.0) * self.per_second  # a clock that jumps back gains nothing, and loses nothing
        self._room = min(self._room + gained, max(self.per_second, 1.0))
        return int(self._room)

    def spend(self, messages: int) -> None:
        self._room -= messages


class FollowUps:
    """One process's part in what was promised. Several share it: whoever claims a row keeps the promise."""

    def __init__(
        self, *, database: Database, house: House, handlings: Handlings, dispatcher: Dispatcher, clock: Clock
    ) -> None:
        self._database = database
        self._house = house
        self._handlings = {str(kind): handling for kind, handling in handlings.items()}
        self._dispatcher = dispatcher
        self._clock = clock
        self._pace = Pace(house.area.follow_ups.per_second)
        self._in_hand: set[FollowUpId] = set()
        self._looked_at: datetime | None = None
        self._stopping = False

    @property
    def _waits(self) -> list[float]:
        return self._house.area.follow_ups.retry_minutes

    async def tick(self) -> int:
        """Keep what is due, as fast as messages may go; return how many were looked at.

        What is weightier and falls due meanwhile is claimed next.
        """
        count = 0
        while not self._stopping:
            now = self._clock.now()
            room = self._pace.room(now)
            if room < 1:
                break
            due = await self._database.run(partial(self._claim, now=now, limit=min(BATCH, room)))
            if not due:
                break
            self._in_hand.update(f.id for f in due)
            await self._keep(due, now)
            self._in_hand.difference_update(f.id for f in due)  # where this is cancelled, `stop` gives them back
            count += len(due)
        return count

    async def stop(self) -> None:
        """Give back what was claimed and not yet done."""
        self._stopping = True
        ids = list(self._in_hand)
        if ids:
            await self._database.run(lambda uow: uow.follow_ups.release(ids, self._house.owner))

    def _claim(self, uow: UnitOfWork, *, now: datetime, limit: int) -> list[FollowUpRecord]:
        house = self._house
        if self._looked_at is None or abs(now - self._looked_at) >= LOOK_FOR_THE_DEAD:
            self._looked_at = now
            gone = dead_owners(uow.follow_ups.owners(now), house.owner)
            if gone:
                uow.follow_ups.release_owners(gone, now)
        return uow.follow_ups.claim_due(now=now, owner=house.owner, lease=house.lease, limit=limit)

    async def _keep(self, due: Sequence[FollowUpRecord], now: datetime) -> None:
        """Keep those that never failed together, and the others, or all where one fails, one by one."""
        alone = [f for f in due if f.attempts or self._handling_of(f).by_itself]
        sound = [f for f in due if f not in alone]
        if sound:
            try:
                self._send(await self._database.run(partial(self._act_on, due=sound, now=now)))
            except Exception as error:
                details = {"count": len(sound), "error": type(error).__name__}
                log.warning("follow_up.batch_failed", extra=details)
                alone += sound
        for follow_up in alone:
            await self._keep_one(follow_up, now)

    async def _keep_one(self, follow_up: FollowUpRecord, now: datetime) -> None:
        """Keep one by itself. Its try is counted first: one that kills the process is not tried for ever."""
        details = {"follow_up_id": follow_up.id, "kind": follow_up.kind, "attempts": follow_up.attempts}
        try:
            if not await self._database.run(partial(self._begin_try, follow_up=follow_up)):
                return
            if follow_up.attempts > len(self._waits):
                raise _TriedEnough  # whoever tried died of it, again and again
            self._send(await self._database.run(partial(self._act_on, due=[follow_up], now=now)))
        except Exception:
            log.exception("follow_up.failed", extra=details)
            try:
                self._send(await self._database.run(partial(self._note_failure, follow_up=follow_up, now=now)))
            except Exception:
                log.exception("follow_up.failure_not_noted", extra=details)  # its lease ends, and it comes back

    def _handling_of(self, follow_up: FollowUpRecord) -> Handling:
        return self._handlings.get(follow_up.kind, Handling())

    def _begin_try(self, uow: UnitOfWork, *, follow_up: FollowUpRecord) -> bool:
        until = self._clock.now() + self._house.lease
        return uow.follow_ups.begin_try(follow_up.id, owner=self._house.owner, until=until)

    def _send(self, rows: list[OutboxRecord]) -> None:
        self._pace.spend(len(rows))
        self._dispatcher.offer(rows)

    def _act_on(self, uow: UnitOfWork, *, due: Sequence[FollowUpRecord], now: datetime) -> list[OutboxRecord]:
        conversations = _held_conversations(uow, due)
        rows: list[NewOutbox] = []
        for follow_up in due:
            rows += self._act(uow, follow_up, conversations, now)
        return uow.outbox.put(rows)

    def _act(
        self, uow: UnitOfWork, claimed: FollowUpRecord, conversations: _Conversations, now: datetime
    ) -> Sequence[NewOutbox]:
        moment = self._moment(uow, claimed, conversations, now)
        if moment is None:
            return ()
        handling = self._handling_of(claimed)
        why = handling.stale(moment)
        if why is not None:
            return self._finish(moment, Stale(why))
        if moment.follow_up.actor is Actor.WORKER:
            return ring(uow, self._house, moment.follow_up, moment.enquiry, now)
        if handling.act is None:
            if moment.follow_up.kind in TASKS:
                return self._finish(moment, ForWorker(FELL_DUE))
            _raise_failed(moment)
            return self._finish(moment, ForWorker(NOBODY_KNOWS_HOW))
        return self._finish(moment, handling.act(moment))

    def _moment(
        self, uow: UnitOfWork, claimed: FollowUpRecord, conversations: _Conversations, now: datetime
    ) -> Moment | None:
        """Hold what a handler may write to; None where it is done, moved, or somebody else's by now."""
        held = uow.follow_ups.take(claimed.id, owner=self._house.owner, now=now)
        if held is None or held.due_at > now:
            return None
        conversation = None
        if held.conversation_id is not None:
            # Once as it was held; read again where an earlier promise of this unit may have changed it.
            known = conversations.pop(held.conversation_id, None)
            conversation = known or uow.conversations.get(held.conversation_id)
        return Moment(uow, held, uow.enquiries.get(held.enquiry_id), conversation, self._house, now)

    def _finish(self, moment: Moment, result: Result) -> Sequence[NewOutbox]:
        follow_ups, held, now = moment.uow.follow_ups, moment.follow_up, moment.now
        match result:
            case Stale(why):
                follow_ups.done(held.id, f"stale.{why}", now)
                _note(moment, "follow_up.stale", why=why)
                return ()
            case Done(outcome, rows):
                follow_ups.done(held.id, outcome, now)
                _note(moment, "follow_up.done", outcome=outcome)
                _note_late(moment)
                return rows
            case PutOff(due_at, why, rows):
                if held.promised_at is not None and due_at > held.promised_at:
                    give(moment.uow, self._house, held, None, why=why, now=now)
                    return rows
                follow_ups.put_off(held.id, due_at=max(due_at, now + SOONEST_AGAIN), why=why)
                _note(moment, "follow_up.put_off", why=why)
                return rows
            case ForWorker(why, worker_id, by, rows):
                give(moment.uow, self._house, held, worker_id, why=why, now=now, by=by)
                return rows

    def _note_failure(self, uow: UnitOfWork, *, follow_up: FollowUpRecord, now: datetime) -> list[OutboxRecord]:
        """Try again by plan; then, or where the promise would be broken by waiting, put it in someone's hands."""
        moment = self._moment(uow, follow_up, _held_conversations(uow, [follow_up]), now)
        if moment is None:
            return []
        held, waits = moment.follow_up, self._waits
        # None counted: not even that could be written down. It is tried again as soon as any.
        again_at = now + timedelta(minutes=waits[min(max(held.attempts, 1), len(waits)) - 1])
        if held.actor is Actor.WORKER:
            uow.follow_ups.fail(held.id, due_at=again_at)
            return self._tell_anyway(moment) if held.attempts >= len(waits) else []
        is_over = held.promised_at is not None and again_at > held.promised_at
        if held.attempts <= len(waits) and not is_over:
            uow.follow_ups.fail(held.id, due_at=again_at)
            return []
        _raise_failed(moment)
        give(uow, self._house, held, None, why=FAILED, now=now)
        return []

    def _tell_anyway(self, moment: Moment) -> list[OutboxRecord]:
        """The bell of a worker's task itself fails: ring the duty chat, in the fewest words."""
        _raise_failed(moment)
        rows = tell_duty(
            moment.uow,
            "duty_look",
            moment.enquiry,
            self._house.doorbell,
            moment.now,
            channel="",
            urgent=False,
        )
        return moment.uow.outbox.put(rows)


_Conversations: TypeAlias = dict[ConversationId, ConversationRecord]


def _held_conversations(uow: UnitOfWork, due: Sequence[FollowUpRecord]) -> _Conversations:
    """Hold the conversations first, as a turn does, and in one order: so nobody waits for the other for ever."""
    ids = sorted({f.conversation_id for f in due if f.conversation_id is not None})
    return {conversation_id: uow.conversations.get_for_update(conversation_id) for conversation_id in ids}


class _TriedEnough(Exception):
    """It was claimed too often by processes that died."""


def _note(moment: Moment, act: str, **details: str) -> None:
    record = ("follow_up", moment.follow_up.id)
    note_act(moment.uow, moment.enquiry, OWN, act, record, moment.now, kind=moment.follow_up.kind, **details)


def _note_late(moment: Moment) -> None:
    """A promise kept late is on the enquiry's record, and an incident stands: one for each kind and day."""
    promised_at = moment.follow_up.promised_at
    if promised_at is None or moment.now <= promised_at + LATE_AFTER:
        return
    _note(moment, "follow_up.late", promised_at=promised_at.isoformat())
    day = moment.house.today(moment.now).isoformat()
    details = {"kind": moment.follow_up.kind}
    key = f"{moment.follow_up.kind}:{day}"
    moment.uow.incidents.raise_(IncidentKind.PROMISE_LATE, key=key, now=moment.now, details=details)


def _raise_failed(moment: Moment) -> None:
    moment.uow.incidents.raise_(
        IncidentKind.FOLLOW_UP_FAILED,
        key=moment.follow_up.id,
        now=moment.now,
        enquiry_id=moment.enquiry.id,
        details={"kind": moment.follow_up.kind, "attempts": moment.follow_up.attempts},
    )

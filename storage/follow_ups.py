"""Follow-ups: a later question or act that we promised, and when the next bell for it rings.

A follow-up stands until it is done: it always has a next bell (`due_at`), and nobody's silence ends it. What is
due is claimed for a while (a lease), the weightiest first, and done in the unit of work that writes what it does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    case,
    column,
    func,
    insert,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy import values as rows_of

from storage.columns import columns_of, table_of, values_of
from storage.follow_up_rows import WEIGHTS, Actor, FollowUp, FollowUpRecord
from storage.identifiers import ConversationId, DutyWorkerId, EnquiryId, FollowUpId, new_id
from storage.prepared import Prepared
from storage.repository import NotFound, Repository

__all__ = ["WEIGHTS", "Actor", "FollowUp", "FollowUpRecord", "FollowUps"]

_follow_ups = table_of(FollowUp)
_f = _follow_ups.c
_stands = _f.done_at.is_(None)
_is_workers = _f.actor == text("'worker'")
_of_id = _f.id == bindparam("follow_up_id")
_record = select(*columns_of(_follow_ups, FollowUpRecord))
_new = Prepared(insert(_follow_ups))
_get = Prepared(_record.where(_of_id))
_by_key = Prepared(_record.where(_f.key == bindparam("of_key"), _stands))
_of = Prepared(_record.where(_f.enquiry_id == bindparam("enquiry")).order_by(_f.due_at, _f.id))
_of_conversation = Prepared(
    _record.where(_f.conversation_id == bindparam("conversation"), _stands).order_by(_f.due_at, _f.id)
)
_weights = (
    rows_of(column("weight", Integer), name="weights").data([(weight,) for weight in WEIGHTS]).cte("weights")
)
_heads = Prepared(
    select(
        _weights.c.weight,
        select(_f.due_at)
        .where(_stands, _f.weight == _weights.c.weight)
        .order_by(_f.due_at)
        .limit(1)
        .scalar_subquery()
        .label("head"),
    ).order_by(_weights.c.weight)
)
_is_free = or_(
    _f.claimed_until.is_(None),
    _f.claimed_until <= bindparam("now"),
    # Longer than any lease we give: a clock has jumped back since.
    _f.claimed_until > bindparam("beyond"),
)
_due = Prepared(
    select(_f.id)
    .where(_stands, _f.weight == bindparam("of_weight"), _f.due_at <= bindparam("now"), _is_free)
    .order_by(_f.due_at)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_ids = _f.id.in_(bindparam("ids", expanding=True))
_claim = (
    update(_follow_ups)
    .where(_ids)
    .values(
        claimed_by=bindparam("owner"),
        claimed_until=bindparam("until"),
        # Whoever held it before died or stood still: it may have been of this one. See `begin_try`.
        attempts=case((and_(_f.claimed_by.is_not(None), _f.attempts == 0), 1), else_=_f.attempts),
    )
)
_claimed = _record.where(_ids).order_by(_f.weight, _f.due_at, _f.id)
_take = Prepared(
    _record.where(
        _of_id,
        _stands,
        or_(
            _f.claimed_by.is_(None),
            _f.claimed_by == bindparam("owner", type_=String),
            _f.claimed_until <= bindparam("now"),
        ),
    ).with_for_update(skip_locked=True)
)
_unclaimed = {"claimed_by": None, "claimed_until": None}
_change = update(_follow_ups).where(_of_id, _stands).values(**_unclaimed)
_done = Prepared(_change.values(done_at=bindparam("now"), outcome=bindparam("became")))
_put_off = Prepared(_change.values(due_at=bindparam("later"), why=bindparam("reason"), attempts=0))
_fail = Prepared(_change.values(due_at=bindparam("later")))
_begin_try = Prepared(
    update(_follow_ups)
    .where(_of_id, _stands, _f.claimed_by == bindparam("owner"))
    .values(attempts=_f.attempts + 1, claimed_until=bindparam("until"))
)
_most_weight = bindparam("most_weight", type_=Integer)
_give = Prepared(
    _change.values(
        actor=Actor.WORKER,
        worker_id=bindparam("worker"),
        why=bindparam("reason"),
        due_at=bindparam("bell"),
        promised_at=bindparam("by"),
        weight=case((_f.weight > _most_weight, _most_weight), else_=_f.weight),
        steps=0,
        attempts=0,
    )
)
_note_step = Prepared(_change.values(due_at=bindparam("later"), steps=_f.steps + 1, attempts=0))
_assign = Prepared(update(_follow_ups).where(_of_id, _stands).values(worker_id=bindparam("worker")))
_set_details = Prepared(update(_follow_ups).where(_of_id, _stands).values(details=bindparam("written")))
_owners_now = Prepared(
    select(_f.claimed_by).where(_stands, _f.claimed_by.is_not(None), _f.due_at <= bindparam("now")).distinct()
)
_release = update(_follow_ups).where(_ids, _stands, _f.claimed_by == bindparam("owner")).values(**_unclaimed)
_release_owners = (
    update(_follow_ups)
    .where(_stands, _f.due_at <= bindparam("now"), _f.claimed_by.in_(bindparam("owners", expanding=True)))
    .values(**_unclaimed, attempts=case((_f.attempts == 0, 1), else_=_f.attempts))
)
_next_due = Prepared(select(func.min(_f.due_at)).where(_stands))


class FollowUps(Repository):
    __slots__ = ()

    def add(
        self,
        *,
        enquiry_id: EnquiryId,
        kind: str,
        due_at: datetime,
        now: datetime,
        conversation_id: ConversationId | None = None,
        weight: int = 5,
        promised_at: datetime | None = None,
        actor: Actor = Actor.FRONT_DOOR,
        worker_id: DutyWorkerId | None = None,
        key: str | None = None,
        why: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> FollowUpRecord:
        """Promise something. Where one of the same key stands, that one comes back, as it is.

        In the application ask `bot.followups.kinds.promise`, which knows the weight of each kind.
        """
        if weight not in WEIGHTS:
            raise ValueError(f"a weight is 0 to {WEIGHTS[-1]}")
        if key is not None and (standing := self.by_key(key)) is not None:
            return standing
        follow_up = FollowUpRecord(
            id=FollowUpId(new_id()),
            enquiry_id=enquiry_id,
            conversation_id=conversation_id,
            kind=str(kind),
            weight=weight,
            due_at=due_at,
            promised_at=promised_at,
            actor=Actor(actor),
            worker_id=worker_id,
            key=key,
            steps=0,
            attempts=0,
            why=why,
            claimed_by=None,
            claimed_until=None,
            done_at=None,
            outcome=None,
            details=dict(details or {}),
            created_at=now,
        )
        self._change(_new, values_of(follow_up))
        return follow_up

    def get(self, follow_up_id: FollowUpId) -> FollowUpRecord:
        """Return it, done or not. Raises `NotFound`."""
        row = self._one(_get, {"follow_up_id": follow_up_id})
        if row is None:
            raise NotFound(f"follow-up {follow_up_id}")
        return FollowUpRecord(*row)

    def by_key(self, key: str) -> FollowUpRecord | None:
        """Return the one of this key that stands."""
        row = self._one(_by_key, {"of_key": key})
        return None if row is None else FollowUpRecord(*row)

    def of(self, enquiry_id: EnquiryId) -> list[FollowUpRecord]:
        """Return every follow-up of an enquiry, done or not."""
        return [FollowUpRecord(*row) for row in self._all(_of, {"enquiry": enquiry_id})]

    def of_conversation(self, conversation_id: ConversationId) -> list[FollowUpRecord]:
        """Return those of a conversation that stand."""
        return [FollowUpRecord(*row) for row in self._all(_of_conversation, {"conversation": conversation_id})]

    def claim_due(self, *, now: datetime, owner: str, lease: timedelta, limit: int) -> list[FollowUpRecord]:
        """Claim what is due and nobody holds, until `now + lease`: the weightiest first, then the oldest."""
        values = {"now": now, "beyond": now + 2 * lease}
        ids: list[str] = []
        for weight, head in self._all(_heads, {}):
            if head is None or head > now or len(ids) >= limit:
                continue
            found = self._all(_due, {**values, "of_weight": weight, "most": limit - len(ids)})
            ids.extend(row[0] for row in found)
        if not ids:
            return []
        self._change(_claim, {"ids": ids, "owner": owner, "until": now + lease})
        return [FollowUpRecord(*row) for row in self._all(_claimed, {"ids": ids})]

    def take(self, follow_up_id: FollowUpId, *, owner: str, now: datetime) -> FollowUpRecord | None:
        """Hold the row until the unit ends; None where it is done, or somebody else has it."""
        row = self._one(_take, {"follow_up_id": follow_up_id, "owner": owner, "now": now})
        return None if row is None else FollowUpRecord(*row)

    def done(self, follow_up_id: FollowUpId, outcome: str, now: datetime) -> None:
        """Raises `NotFound` where it was done before."""
        self._must_change(_done, {"follow_up_id": follow_up_id, "became": outcome, "now": now})

    def put_off(self, follow_up_id: FollowUpId, *, due_at: datetime, why: str | None = None) -> None:
        """Let the next bell ring at another time; whoever claimed it does not hold it any more."""
        self._must_change(_put_off, {"follow_up_id": follow_up_id, "later": due_at, "reason": why})

    def begin_try(self, follow_up_id: FollowUpId, *, owner: str, until: datetime) -> bool:
        """Count a try before it is made, in a unit of its own: then it counts even where it kills the process.

        The claim lasts until `until`. False where it is done, or somebody else's by now.
        """
        values = {"follow_up_id": follow_up_id, "owner": owner, "until": until}
        return self._change(_begin_try, values) == 1

    def fail(self, follow_up_id: FollowUpId, *, due_at: datetime) -> None:
        """The try that was begun failed: let it be tried again at `due_at`, by anybody."""
        self._must_change(_fail, {"follow_up_id": follow_up_id, "later": due_at})

    def give_to_worker(
        self,
        follow_up_id: FollowUpId,
        worker_id: DutyWorkerId | None,
        *,
        why: str,
        due_at: datetime,
        bell_at: datetime | None = None,
        most_weight: int = WEIGHTS[-1],
    ) -> None:
        """Make it a worker's task, to be done by `due_at`; without a worker it is whoever's is on duty.

        The first bell is `bell_at`. In the application ask `bot.followups.climbing.give`, which plans the bells.
        """
        given = {
            "follow_up_id": follow_up_id,
            "worker": worker_id,
            "reason": why,
            "by": due_at,
            "bell": bell_at or due_at,
            "most_weight": most_weight,
        }
        self._must_change(_give, given)

    def note_step(self, follow_up_id: FollowUpId, *, upcoming: datetime) -> None:
        """A bell of a worker's task was rung: count it, and set the next."""
        self._must_change(_note_step, {"follow_up_id": follow_up_id, "later": upcoming})

    def assign(self, follow_up_id: FollowUpId, worker_id: DutyWorkerId | None) -> None:
        """Let it be somebody else's, with its bells as they are."""
        self._must_change(_assign, {"follow_up_id": follow_up_id, "worker": worker_id})

    def set_details(self, follow_up_id: FollowUpId, details: Mapping[str, Any]) -> None:
        self._must_change(_set_details, {"follow_up_id": follow_up_id, "written": dict(details)})

    def cancel(
        self,
        conversation_id: ConversationId,
        outcome: str,
        now: datetime,
        *,
        actor: Actor | None = None,
        kinds: Collection[str] = (),
    ) -> int:
        """Finish what stands of a conversation, of one actor or of these kinds if said; return how many."""
        return self._cancel(_f.conversation_id == conversation_id, outcome, now, actor, kinds)

    def cancel_of(
        self,
        enquiry_id: EnquiryId,
        outcome: str,
        now: datetime,
        *,
        actor: Actor | None = None,
        kinds: Collection[str] = (),
    ) -> int:
        """Finish what stands of an enquiry without doing it, all of it or of one actor or of these kinds."""
        return self._cancel(_f.enquiry_id == enquiry_id, outcome, now, actor, kinds)

    def cancel_one(self, follow_up_id: FollowUpId, outcome: str, now: datetime) -> bool:
        """Finish one without doing it; False where it was finished before."""
        return self._change(_done, {"follow_up_id": follow_up_id, "became": outcome, "now": now}) == 1

    def cancel_keyed(self, kind: str, prefix: str, outcome: str, now: datetime) -> int:
        """Finish those of a kind whose keys begin so, without doing them; return how many."""
        which = (_f.kind == str(kind), _f.key.startswith(prefix, autoescape=True), _stands)
        return self._change(
            update(_follow_ups).where(*which).values(done_at=now, outcome=outcome, **_unclaimed), {}
        )

    def keyed_unlike(self, kind: str, suffix: str, *, limit: int) -> list[FollowUpRecord]:
        """Return those of a kind that stand and whose keys do not end so."""
        which = (_f.kind == str(kind), ~_f.key.endswith(suffix, autoescape=True), _stands)
        return [FollowUpRecord(*row) for row in self._all(_record.where(*which).order_by(_f.id).limit(limit), {})]

    def release(self, ids: Sequence[FollowUpId], owner: str) -> int:
        """Give back what an owner claimed and will not do; return how many."""
        return self._change(_release, {"ids": list(ids), "owner": owner}) if ids else 0

    def owners(self, now: datetime) -> list[str]:
        """Return who holds something that is due."""
        return [row[0] for row in self._all(_owners_now, {"now": now})]

    def release_owners(self, owners: Sequence[str], now: datetime) -> int:
        """Give back what owners held who died before they did it, each to be tried by itself."""
        return self._change(_release_owners, {"owners": list(owners), "now": now})

    def standing(
        self,
        *,
        kinds: Collection[str] = (),
        actor: Actor | None = None,
        worker_id: DutyWorkerId | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        promised_since: datetime | None = None,
        promised_until: datetime | None = None,
        after: tuple[datetime, FollowUpId] | None = None,
        limit: int = 100,
    ) -> list[FollowUpRecord]:
        """Return what stands, by the next bell, then id: one page, from `since`, before `until`, after a place.

        With `worker_id` only that worker's tasks. `promised_…` look at when it is to be done at the latest.
        """
        wanted: list[ColumnElement[bool]] = [_stands]
        if worker_id is not None:
            wanted += [_f.worker_id == worker_id, _is_workers]
        elif actor is not None:
            # Said as the partial index says it: PostgreSQL uses that index for nothing less plain.
            wanted.append(_is_workers if actor is Actor.WORKER else _f.actor == actor)
        if kinds:
            wanted.append(_f.kind.in_([str(kind) for kind in kinds]))
        if since is not None:
            wanted.append(_f.due_at >= since)
        if until is not None:
            wanted.append(_f.due_at < until)
        if promised_since is not None:
            wanted.append(_f.promised_at >= promised_since)
        if promised_until is not None:
            wanted.append(_f.promised_at < promised_until)
        if after is not None:
            wanted.append(tuple_(_f.due_at, _f.id) > after)
        found = _record.where(*wanted).order_by(_f.due_at, _f.id).limit(limit)
        return [FollowUpRecord(*row) for row in self._all(found, {})]

    def next_due_at(self) -> datetime | None:
        """Return when the next bell of all rings."""
        row = self._one(_next_due, {})
        return None if row is None else row[0]

    def counts(self, *, until: datetime, since: datetime | None = None) -> dict[str, int]:
        """Return how many of each kind have their next bell before `until`."""
        wanted: list[ColumnElement[bool]] = [_stands, _f.due_at < until]
        if since is not None:
            wanted.append(_f.due_at >= since)
        rows = self._all(select(_f.kind, func.count()).where(*wanted).group_by(_f.kind).order_by(_f.kind), {})
        return {kind: int(how_many) for kind, how_many in rows}

    def _cancel(self, of: Any, outcome: str, now: datetime, actor: Actor | None, kinds: Collection[str]) -> int:
        which: list[ColumnElement[bool]] = [of, _stands]
        if actor is not None:
            which.append(_f.actor == actor)
        if kinds:
            which.append(_f.kind.in_([str(kind) for kind in kinds]))
        finished = update(_follow_ups).where(*which).values(done_at=now, outcome=outcome, **_unclaimed)
        return self._change(finished, {})

    def _must_change(self, statement: Prepared, values: Mapping[str, Any]) -> None:
        if self._change(statement, values) != 1:
            raise NotFound(f"follow-up {values['follow_up_id']} not yet done")

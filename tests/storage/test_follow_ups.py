"""A promise is kept once, in order of urgency, by whoever holds it, and stands until it is done."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.database import Database
from storage.due import DueSource
from storage.follow_ups import Actor, FollowUpRecord
from storage.identifiers import FollowUpId
from storage.repository import NotFound
from storage.sealed import Keyring
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import NOW, begin, keep, outgoing

MINUTE = timedelta(minutes=1)
LEASE = timedelta(seconds=20)


def promise(database: Database, **given: Any) -> FollowUpRecord:
    """Promise something about a new enquiry, due now unless told."""

    def work(uow: UnitOfWork) -> FollowUpRecord:
        values: dict[str, Any] = {"kind": "check_in", "due_at": NOW, "now": NOW}
        if "enquiry_id" not in given:
            conversation = begin(uow)
            values |= {"enquiry_id": conversation.enquiry_id, "conversation_id": conversation.id}
        return uow.follow_ups.add(**{**values, **given})

    return database.run_now(work)


def claim(database: Database, at: datetime = NOW, owner: str = "me", limit: int = 100) -> list[FollowUpRecord]:
    return database.run_now(lambda uow: uow.follow_ups.claim_due(now=at, owner=owner, lease=LEASE, limit=limit))


def got(database: Database, follow_up: FollowUpRecord) -> FollowUpRecord:
    return database.run_now(lambda uow: uow.follow_ups.get(follow_up.id))


def taken(database: Database, follow_up: FollowUpRecord, owner: str, at: datetime = NOW) -> bool:
    return database.run_now(lambda uow: uow.follow_ups.take(follow_up.id, owner=owner, now=at)) is not None


def test_what_is_urgent_is_claimed_before_what_is_older(database: Database) -> None:
    """A worry in a draft does not wait behind a thousand requests for feedback."""
    old = promise(database, weight=9, due_at=NOW - timedelta(days=3))
    later = promise(database, weight=0, due_at=NOW)
    first = promise(database, weight=0, due_at=NOW - MINUTE)
    not_yet = promise(database, weight=0, due_at=NOW + MINUTE)
    assert [f.id for f in claim(database, limit=2)] == [first.id, later.id]
    assert [f.id for f in claim(database)] == [old.id]
    assert [f.id for f in claim(database, at=NOW + MINUTE, limit=1)] == [first.id]  # its lease is over
    assert [f.weight for f in claim(database, at=NOW + MINUTE)] == [0, 0, 9]
    assert got(database, not_yet).claimed_by == "me"


@settings(max_examples=30, deadline=None)
@given(
    made=st.lists(st.tuples(st.integers(0, 9), st.integers(-300, 300)), max_size=30),
    limits=st.lists(st.integers(1, 7), min_size=1, max_size=10),
)
def test_claims_come_by_weight_and_then_by_age(made: list[tuple[int, int]], limits: list[int]) -> None:
    """However many there are and however many are asked for, nothing is passed over and nothing comes twice."""
    database = in_memory()
    database.run_now(lambda uow: uow.connection.exec_driver_sql("DELETE FROM follow_up"))
    for weight, minutes in made:
        promise(database, weight=weight, due_at=NOW + minutes * MINUTE)
    found: list[FollowUpRecord] = []
    for limit in [*limits, 100]:
        some = claim(database, limit=limit)
        assert len(some) <= limit
        found += some
    assert [(f.weight, f.due_at) for f in found] == sorted((w, NOW + m * MINUTE) for w, m in made if m <= 0)
    assert len({f.id for f in found}) == len(found)


@cache
def in_memory() -> Database:
    database = Database("sqlite://", keyring=Keyring.generate())
    database.upgrade()
    return database


def test_several_processes_share_what_is_due(postgresql_database: Database) -> None:
    """Two workers who are asked for the same follow-up would both ring the family."""
    made = {promise(postgresql_database).id for _ in range(60)}

    def some(owner: str) -> list[FollowUpId]:
        return [f.id for _ in range(10) for f in claim(postgresql_database, owner=owner, limit=3)]

    with ThreadPoolExecutor(4) as pool:
        found: list[Sequence[FollowUpId]] = list(pool.map(some, ["a", "b", "c", "d"]))
    every = [one for share in found for one in share]
    assert len(every) == len(set(every))
    assert set(every) == made


def test_a_claim_ends_with_its_lease_and_counts_as_a_try(database: Database) -> None:
    """A process that died with a promise in its hands does not take it to the grave, nor die of it for ever.

    Of what it held it died of one at most: a try counts for what was tried by itself.
    """
    made = promise(database)
    assert [f.attempts for f in claim(database)] == [0]
    assert claim(database, at=NOW + LEASE - timedelta(seconds=1), owner="other") == []
    [again] = claim(database, at=NOW + LEASE, owner="other")
    assert (again.id, again.attempts, again.claimed_by) == (made.id, 1, "other")
    assert not taken(database, made, "me", NOW + LEASE)
    assert taken(database, made, "other", NOW + LEASE)
    [third] = claim(database, at=NOW + 2 * LEASE, owner="third")
    assert third.attempts == 1

    def begin_try(owner: str) -> bool:
        until = NOW + 3 * LEASE
        return database.run_now(lambda uow: uow.follow_ups.begin_try(made.id, owner=owner, until=until))

    assert [begin_try("other"), begin_try("third")] == [False, True]
    assert got(database, made).attempts == 2
    assert [f.attempts for f in claim(database, at=NOW + 3 * LEASE)] == [2]


def test_a_clock_that_jumps_back_does_not_hold_a_claim_for_a_day(database: Database) -> None:
    """The lease of a dead process ends by the clock it was given by, which may have been wrong by a day."""
    promise(database, due_at=NOW - MINUTE)
    assert claim(database, at=NOW + timedelta(days=1))
    assert [f.attempts for f in claim(database, owner="other")] == [1]


def test_what_a_dead_process_held_is_given_back_before_its_lease_ends(database: Database) -> None:
    """A restart takes a second; a lease takes longer."""
    made = promise(database)
    claim(database, owner="dead")
    assert database.run_now(lambda uow: uow.follow_ups.owners(NOW)) == ["dead"]
    assert database.run_now(lambda uow: uow.follow_ups.release_owners(["dead"], NOW)) == 1
    assert [(f.id, f.attempts) for f in claim(database)] == [(made.id, 1)]


def test_what_is_given_back_is_free_and_was_no_try(database: Database) -> None:
    """A process that stops by itself has not failed."""
    made = promise(database)
    claim(database)
    assert database.run_now(lambda uow: uow.follow_ups.release([made.id], "another")) == 0
    assert database.run_now(lambda uow: uow.follow_ups.release([made.id], "me")) == 1
    assert [f.attempts for f in claim(database, owner="other")] == [0]


def test_what_was_done_or_put_off_is_held_by_nobody(database: Database) -> None:
    """Done once: the second who tries hears that it was."""
    made = promise(database)
    claim(database)
    database.run_now(lambda uow: uow.follow_ups.put_off(made.id, due_at=NOW + MINUTE, why="not_safe_now"))
    kept = got(database, made)
    assert (kept.due_at, kept.why, kept.claimed_by) == (NOW + MINUTE, "not_safe_now", None)
    database.run_now(lambda uow: uow.follow_ups.done(made.id, "asked", NOW))
    assert claim(database, at=NOW + timedelta(days=1)) == []
    assert not taken(database, made, "me")
    for late in (
        lambda uow: uow.follow_ups.done(made.id, "asked", NOW),
        lambda uow: uow.follow_ups.put_off(made.id, due_at=NOW),
        lambda uow: uow.follow_ups.fail(made.id, due_at=NOW),
        lambda uow: uow.follow_ups.assign(made.id, None),
    ):
        with pytest.raises(NotFound):
            database.run_now(late)
    assert got(database, made).outcome == "asked"


def test_the_same_promise_made_twice_is_one(database: Database) -> None:
    """Two nudges for one draft would be one too many; when the first is done, there may be another."""
    made = promise(database, key="draft:1")
    assert promise(database, key="draft:1", enquiry_id=made.enquiry_id, due_at=NOW + MINUTE) == got(database, made)
    assert database.run_now(lambda uow: uow.follow_ups.by_key("draft:1")) == made
    database.run_now(lambda uow: uow.follow_ups.done(made.id, "asked", NOW))
    assert database.run_now(lambda uow: uow.follow_ups.by_key("draft:1")) is None
    assert promise(database, key="draft:1", enquiry_id=made.enquiry_id).id != made.id


def test_the_same_promise_made_at_the_same_time_is_one(postgresql_database: Database) -> None:
    """Two processes that hear of one thing at once promise it once."""
    enquiry_id = promise(postgresql_database).enquiry_id
    with ThreadPoolExecutor(4) as pool:
        made = list(
            pool.map(lambda _: promise(postgresql_database, key="one", enquiry_id=enquiry_id).id, range(8))
        )
    assert len(set(made)) == 1


def test_weight_that_is_none_is_refused(database: Database) -> None:
    """It would never be claimed."""
    with pytest.raises(ValueError, match="0 to 9"):
        promise(database, weight=10)


def test_given_to_a_worker_it_weighs_what_a_task_weighs(database: Database) -> None:
    """A worker's task out of a campaign does not wait behind the campaign; one about a worry stays urgent."""
    light, heavy = promise(database, weight=8), promise(database, weight=0)
    for made in (light, heavy):
        database.run_now(
            lambda uow, made=made: uow.follow_ups.give_to_worker(  # type: ignore[misc]
                made.id, None, why="not_safe", due_at=NOW + MINUTE, bell_at=NOW, most_weight=3
            )
        )
    assert [got(database, made).weight for made in (light, heavy)] == [3, 0]
    kept = got(database, light)
    assert (kept.actor, kept.why, kept.promised_at, kept.due_at) == (Actor.WORKER, "not_safe", NOW + MINUTE, NOW)
    database.run_now(lambda uow: uow.follow_ups.note_step(light.id, upcoming=NOW + 2 * MINUTE))
    assert (got(database, light).steps, got(database, light).due_at) == (1, NOW + 2 * MINUTE)


def test_stop_ends_what_stands_and_nothing_else(database: Database) -> None:
    """Nothing more is sent to somebody who said stop; what a worker has to do may stay."""
    made = promise(database)
    of = {"enquiry_id": made.enquiry_id, "conversation_id": made.conversation_id}
    task = promise(database, **of, kind="call_back", actor=Actor.WORKER)
    other = promise(database)

    def stop(uow: UnitOfWork, **which: Any) -> int:
        assert made.conversation_id is not None
        return uow.follow_ups.cancel(made.conversation_id, "stopped", NOW, **which)

    assert database.run_now(lambda uow: stop(uow, actor=Actor.FRONT_DOOR)) == 1
    assert [got(database, f).outcome for f in (made, task, other)] == ["stopped", None, None]
    assert database.run_now(lambda uow: uow.follow_ups.cancel_of(made.enquiry_id, "closed", NOW, kinds=["x"])) == 0
    assert database.run_now(lambda uow: uow.follow_ups.cancel_of(made.enquiry_id, "closed", NOW)) == 1
    assert database.run_now(lambda uow: uow.follow_ups.cancel_one(other.id, "by_hand", NOW))
    assert not database.run_now(lambda uow: uow.follow_ups.cancel_one(other.id, "by_hand", NOW))
    assert claim(database) == []


def test_lists_are_in_order_and_in_pages(database: Database) -> None:
    """A worker sees today's follow-ups, and only theirs where they ask for theirs."""
    worker = database.run_now(
        lambda uow: uow.duty_workers.add(name="Ash", email="ash@exampleshire.example", role="duty_worker", now=NOW)  # type: ignore[arg-type]
    )
    made = [promise(database, due_at=NOW + n * MINUTE, kind=f"k{n % 2}") for n in range(5)]
    task = promise(database, actor=Actor.WORKER, worker_id=worker.id, due_at=NOW + 9 * MINUTE)

    def standing(**which: Any) -> list[FollowUpId]:
        return [f.id for f in database.run_now(lambda uow: uow.follow_ups.standing(**which))]

    whole = [f.id for f in [*made, task]]
    assert standing() == whole
    first = standing(limit=3)
    assert first == whole[:3]
    assert standing(limit=3, after=(made[2].due_at, made[2].id)) == whole[3:]
    assert standing(kinds=["k1"]) == [made[1].id, made[3].id]
    assert standing(worker_id=worker.id) == standing(actor=Actor.WORKER) == [task.id]
    assert standing(since=NOW + MINUTE, until=NOW + 3 * MINUTE) == whole[1:3]
    counts = database.run_now(lambda uow: uow.follow_ups.counts(until=NOW + 5 * MINUTE))
    assert counts == {"k0": 3, "k1": 2}
    assert database.run_now(lambda uow: uow.follow_ups.counts(until=NOW + MINUTE, since=NOW)) == {"k0": 1}
    assert database.run_now(lambda uow: uow.follow_ups.next_due_at()) == NOW
    database.run_now(lambda uow: uow.follow_ups.assign(task.id, None))
    assert standing(worker_id=worker.id) == []
    [of_conversation] = database.run_now(lambda uow: uow.follow_ups.of_conversation(made[0].conversation_id))  # type: ignore[arg-type]
    assert of_conversation == made[0]


def test_all_that_falls_due_is_seen_in_one_place(database: Database) -> None:
    """Whatever carries a due time: an operator asks once what is late."""

    def fill(uow: UnitOfWork) -> None:
        conversation = begin(uow)
        keep(uow, conversation)
        uow.outbox.put([outgoing(conversation, due_at=NOW - MINUTE)])
        uow.alerts.raise_(
            enquiry_id=conversation.enquiry_id, conversation_id=conversation.id, urgency="emergency", now=NOW
        )
        boss = uow.duty_workers.add(name="Cam", email="cam@exampleshire.example", role="manager", now=NOW)  # type: ignore[arg-type]
        uow.holds.begin(
            enquiry_id=conversation.enquiry_id,
            worker_id=boss.id,
            decider_id=boss.id,
            evidence={},
            safety_plan="",
            due_at=NOW + MINUTE,
            due_because=[],
            now=NOW,
        )
        uow.follow_ups.add(enquiry_id=conversation.enquiry_id, kind="call_back", due_at=NOW + 2 * MINUTE, now=NOW)
        done = uow.follow_ups.add(enquiry_id=conversation.enquiry_id, kind="done", due_at=NOW, now=NOW)
        uow.follow_ups.done(done.id, "asked", NOW)

    database.run_now(fill)
    rows = database.run_now(lambda uow: uow.due.next(until=NOW + timedelta(hours=1), limit=10))
    assert {row.source for row in rows} == set(DueSource) - {DueSource.PASS_ON}
    assert [row.due_at for row in rows] == sorted(row.due_at for row in rows)
    assert [row.kind for row in rows if row.source is DueSource.FOLLOW_UP] == ["call_back"]
    assert len(database.run_now(lambda uow: uow.due.next(until=NOW, limit=10))) == 1
    late = {one.source: one for one in database.run_now(lambda uow: uow.due.overdue(NOW))}
    assert set(late) == {DueSource.TURN, DueSource.OUTBOX, DueSource.ALERT}
    assert (late[DueSource.OUTBOX].count, late[DueSource.OUTBOX].oldest_at) == (1, NOW - MINUTE)

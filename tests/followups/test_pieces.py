"""A run-through of a thousand promises is cut up, so that a person who writes meanwhile is heard."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.clock import SteppedClock
from bot.followups import pieces
from bot.followups.kinds import FollowUpKind
from bot.followups.pieces import AT_ONCE, Through, in_pieces
from storage.database import Database
from storage.follow_ups import FollowUpRecord
from storage.unit_of_work import UnitOfWork
from tests.conversation.front import Front, Outside, build_front

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MANY = 3 * AT_ONCE + 10


def fill(database: Database, clock: SteppedClock) -> list[FollowUpRecord]:
    """So many promises, two at each minute: a piece ends between two of the same instant."""
    now = clock.now()

    def work(uow: UnitOfWork) -> list[FollowUpRecord]:
        enquiry = uow.enquiries.open(audience="parent", area="exampleshire", reporter_id=None, now=now)
        return [
            uow.follow_ups.add(
                enquiry_id=enquiry.id,
                kind=FollowUpKind.RECORD_DELETION,
                due_at=now + number // 2 * MINUTE,
                now=now,
            )
            for number in range(MANY)
        ]

    return database.run_now(work)


@pytest.fixture
def standing(front: Front, clock: SteppedClock) -> list[FollowUpRecord]:
    return fill(front.database, clock)


def all_of(_: UnitOfWork, found: Sequence[FollowUpRecord]) -> Sequence[FollowUpRecord]:
    return found


async def run_through(front: Front, clock: SteppedClock, choose: pieces.Choose, most: int = 1_000) -> Through:
    now, house = clock.now(), front.house
    return await in_pieces(front.database, house, house, choose, until=now + DAY, now=now, most=most)


async def test_a_turn_gets_in_between_any_two_pieces(sqlite_database: Database, clock: SteppedClock) -> None:
    """SQLite has one writer: whoever is in danger waits for twenty-five promises, never for a thousand."""
    front = build_front(sqlite_database, clock=clock, outside=Outside())
    fill(sqlite_database, clock)
    order: list[int] = []

    def choose(_: UnitOfWork, found: Sequence[FollowUpRecord]) -> Sequence[FollowUpRecord]:
        order.append(len(found))
        return found

    running = asyncio.create_task(run_through(front, clock, choose))
    while not running.done():
        await front.database.run(lambda _: order.append(0))
    assert sum(order) == MANY
    assert max(order) == AT_ONCE
    assert all(0 in pair for pair in pairwise(order))


async def test_each_is_run_through_once_in_order(
    front: Front, clock: SteppedClock, standing: list[FollowUpRecord]
) -> None:
    """A cut may neither lose one nor count one twice."""
    found = await run_through(front, clock, all_of)
    assert [line.follow_up for line in found.lines] == sorted(standing, key=lambda f: (f.due_at, f.id))
    assert found.left_out == 0


@pytest.mark.parametrize("most", [1, AT_ONCE, AT_ONCE + 1, MANY])
async def test_no_more_than_the_most_is_looked_at(
    front: Front, clock: SteppedClock, standing: list[FollowUpRecord], most: int
) -> None:
    """What may not be shown counts in it, or a closed queue would make the work endless."""
    hidden = {f.id for f in standing[::3]}

    def choose(_: UnitOfWork, found: Sequence[FollowUpRecord]) -> list[FollowUpRecord]:
        return [f for f in found if f.id not in hidden]

    found = await run_through(front, clock, choose, most)
    assert len(found.lines) + found.left_out == most
    assert not hidden & {line.follow_up.id for line in found.lines}


async def test_what_ends_or_moves_between_two_pieces_is_left_out_or_comes_once(
    front: Front, clock: SteppedClock, standing: list[FollowUpRecord]
) -> None:
    """The front door goes on while somebody tries rules."""
    first, last, now = standing[0], standing[-1], clock.now()
    asked: list[int] = []

    def choose(uow: UnitOfWork, found: Sequence[FollowUpRecord]) -> Sequence[FollowUpRecord]:
        asked.append(len(found))
        if len(asked) == 2:
            uow.follow_ups.done(last.id, "done", now)
            uow.follow_ups.put_off(first.id, due_at=now + DAY / 2)
        return found

    ids = [line.follow_up.id for line in (await run_through(front, clock, choose)).lines]
    assert sum(asked) == MANY  # one came twice, and one not at all
    assert last.id not in ids
    assert ids.count(first.id) == 1
    assert len(ids) == MANY - 1

"""Runs through what is promised in pieces, so that whoever writes meanwhile waits for one of them only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.conversation.house import House
from bot.followups.preview import RunThrough, run_through
from bot.followups.registry import handlings
from storage.database import Database
from storage.follow_ups import FollowUpRecord
from storage.identifiers import FollowUpId
from storage.unit_of_work import UnitOfWork

AT_ONCE = 25
"""In one unit of work: SQLite has one writer, and a person's message waits for it."""

Choose = Callable[[UnitOfWork, Sequence[FollowUpRecord]], Sequence[FollowUpRecord]]
"""Returns which of these may be shown."""


@dataclass(frozen=True, slots=True)
class Through:
    """What was run through, the soonest first, and how many more there were that may not be shown."""

    lines: tuple[RunThrough, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class _Pass:
    """One run-through of what stands before an instant."""

    house: House
    other: House
    choose: Choose
    until: datetime
    now: datetime

    def piece(
        self, uow: UnitOfWork, after: tuple[datetime, FollowUpId] | None, limit: int
    ) -> list[tuple[FollowUpRecord, RunThrough | None]]:
        """Return what comes next; None beside what may not be shown."""
        found = uow.follow_ups.standing(until=self.until, after=after, limit=limit)
        kept = self.choose(uow, found)
        lines = run_through(uow, self.house, self.other, handlings(), kept, self.now)
        shown = {line.follow_up.id: line for line in lines}
        return [(follow_up, shown.get(follow_up.id)) for follow_up in found]


async def in_pieces(
    database: Database, house: House, other: House, choose: Choose, *, until: datetime, now: datetime, most: int
) -> Through:
    """Run through what stands before `until`, at most so many, by the rules of one house and of the other.

    Each piece is read as it is run through: what ends before its turn is left out, and what is put off in the
    middle of it comes once.
    """
    run, after = _Pass(house, other, choose, until, now), None
    lines: dict[FollowUpId, RunThrough | None] = {}
    while (limit := min(AT_ONCE, most - len(lines))) > 0:
        piece = await database.run(partial(run.piece, after=after, limit=limit))
        lines.update({follow_up.id: line for follow_up, line in piece})
        if len(piece) < limit:
            break
        last = piece[-1][0]
        after = (last.due_at, last.id)
    shown = tuple(line for line in lines.values() if line is not None)
    return Through(shown, len(lines) - len(shown))

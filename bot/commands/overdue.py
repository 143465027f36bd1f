"""What the doctor says of promises: when the next bell rings, and what should have been done and was not."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from storage.database import Database
from storage.due import DueSource

LATE_AFTER = timedelta(minutes=2)
WORDS = {
    DueSource.TURN: "messages from people not answered",
    DueSource.OUTBOX: "messages not sent",
    DueSource.ALERT: "steps of alerts not taken",
    DueSource.HOLD: "held decisions nobody was told of",
    DueSource.FOLLOW_UP: "promises not acted on",
    DueSource.PASS_ON: "things passed on, late, of which nobody was told",
}


def what_is_due(database: Database, now: datetime, timezone: str) -> tuple[str, list[str]]:
    """Return a line about what is promised, and what to mend where no bell is rung."""
    zone = ZoneInfo(timezone)
    next_at = database.run_now(lambda uow: uow.follow_ups.next_due_at())
    late = database.run_now(lambda uow: uow.due.overdue(now - LATE_AFTER))
    said = "nothing is promised" if next_at is None else f"the next bell rings at {_when(next_at, zone)}"
    problems = [
        f"overdue: {one.count} {WORDS[one.source]}, the oldest since {_when(one.oldest_at, zone)}; "
        "is `frontdoor serve` or `frontdoor worker` running?"
        for one in late
        if one.source in WORDS
    ]
    return f"promises: {said}", problems


def _when(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M on %d %B %Y}"

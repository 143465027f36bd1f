"""Times of day on days of the week, by the clock on the wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

DAY = 24 * 60
"""A day in minutes: times of day are counted so, by the clock on the wall."""
EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
WEEKEND = EVERY_DAY - WEEKDAYS


@dataclass(frozen=True, slots=True)
class Window:
    """A time of day on some days of the week (Monday is 0), by the clock on the wall. `until` is not included.

    `on_school_days`: only on a day that is surely one.
    """

    days: frozenset[int]
    from_: int
    until: int
    on_school_days: bool = False

    def holds(self, weekday: int, minute: int, *, is_school_day: bool) -> bool:
        """Say whether it is now, on a day of the week, at a minute of the day."""
        if weekday not in self.days or not self.from_ <= minute < self.until:
            return False
        return is_school_day or not self.on_school_days


def minute_of(at: time) -> int:
    return at.hour * 60 + at.minute


def end_minute_of(at: time) -> int:
    """Return the minute at which a span of the day ends: midnight is the one at its end."""
    return minute_of(at) or DAY

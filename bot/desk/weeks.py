"""The weeks that the calendar shows: of a whole month, or one week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Month:
    """The weeks that a calendar shows: a whole month, or one week."""

    first: date
    last: date
    weeks: tuple[tuple[date, ...], ...]
    before: str
    after: str
    is_week: bool


def month_of(query: Mapping[str, str], today: date) -> Month:
    """Return the month or the week that is asked for; this month where it is neither."""
    week = query.get("week", "")
    if week:
        monday = _monday_of(week) or today - timedelta(days=today.weekday())
        days = tuple(monday + timedelta(days=n) for n in range(7))
        before, after = (f"week={(monday + timedelta(days=n)).strftime('%G-W%V')}" for n in (-7, 7))
        return Month(days[0], days[-1], (days,), before, after, is_week=True)
    first = _first_of(query.get("month", "")) or today.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    begins = first - timedelta(days=first.weekday())
    weeks = []
    while begins < following:
        weeks.append(tuple(begins + timedelta(days=n) for n in range(7)))
        begins += timedelta(days=7)
    before = (first - timedelta(days=1)).strftime("month=%Y-%m")
    return Month(
        weeks[0][0], weeks[-1][-1], tuple(weeks), before, following.strftime("month=%Y-%m"), is_week=False
    )


def _monday_of(text: str) -> date | None:
    year, _, week = text.partition("-W")
    try:
        return date.fromisocalendar(int(year), int(week), 1) if 2000 < int(year) < 2200 else None
    except ValueError:
        return None


def _first_of(text: str) -> date | None:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first if 2000 < first.year < 2200 else None

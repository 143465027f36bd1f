"""Working time: when the team is in, and when something is due in working hours or working days, with reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from flows.area import DAYS, Area, Hours, Nation

_FARTHEST = 400
"""Days looked ahead. No office is shut for longer; one without any hours is known before the year is out."""
_MIDNIGHT = time(0)
_ONE_DAY = timedelta(days=1)
_SUBDIVISIONS = {
    Nation.ENGLAND: "ENG",
    Nation.WALES: "WLS",
    Nation.SCOTLAND: "SCT",
    Nation.NORTHERN_IRELAND: "NIR",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time between two instants in UTC. The last is not included."""

    starts_at: datetime
    ends_at: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A time worked out, and why it is that one, in words a worker can read."""

    at: datetime
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One day: when the team is in, whether it is a working day by law, and what is not usual about it."""

    date: date
    spans: tuple[Span, ...]
    is_working: bool
    why: str

    @property
    def opens_at(self) -> datetime | None:
        return self.spans[0].starts_at if self.spans else None

    @property
    def closes_at(self) -> datetime | None:
        return self.spans[-1].ends_at if self.spans else None


@cache
def bank_holidays(nation: Nation, year: int) -> dict[date, str]:
    """Return one year's bank holidays with their names; the day kept instead of one at a weekend among them."""
    known = holidays.country_holidays("GB", subdiv=_SUBDIVISIONS[nation], years=year)
    return {day: name.replace("(observed)", "(substitute day)") for day, name in known.items()}


def instant_of(local: datetime, zone: ZoneInfo, *, is_end: bool = False) -> datetime:
    """Return the instant of a local time without a timezone.

    In October an hour comes twice: what begins in it begins the first time, and what ends in it ends the
    second. In March an hour is missing: a time inside it is as long after midnight as it says.
    """
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return max(first, second) if is_end else first


class WorkingTime:
    """One area's hours: its week, its nation's bank holidays, its half days and the days it keeps closed."""

    def __init__(self, area: Area) -> None:
        self._area = area
        self.zone = ZoneInfo(area.timezone)
        self._days: dict[date, tuple[Span, ...]] = {}  # a turn asks again what the turn before asked

    def is_open(self, at: datetime) -> bool:
        """Say whether the team is in."""
        return any(at in span for span in self._open_on(self.date_of(at)))

    def opens_next(self, at: datetime) -> datetime | None:
        """Return when the team is next in, after `at`; None if it has no hours at all."""
        return next((span.starts_at for span in self._spans_from(at) if span.starts_at > at), None)

    def closes_next(self, at: datetime) -> datetime | None:
        """Return when the team next goes, after `at`; None if it has no hours at all."""
        return next((span.ends_at for span in self._spans_from(at)), None)

    def spans(self, since: datetime, until: datetime) -> list[Span]:
        """Return when the team is in between two instants."""
        found = []
        for span in self._between(since, until):
            starts_at, ends_at = max(span.starts_at, since), min(span.ends_at, until)
            if starts_at < ends_at:
                found.append(Span(starts_at, ends_at))
        return found

    def spans_closed(self, since: datetime, until: datetime) -> list[Span]:
        """Return when the team is not in between two instants."""
        found, reached = [], since
        for span in self.spans(since, until):
            if reached < span.starts_at:
                found.append(Span(reached, span.starts_at))
            reached = max(reached, span.ends_at)
        if reached < until:
            found.append(Span(reached, until))
        return found

    def add_hours(self, at: datetime, length: timedelta) -> Reckoned:
        """Return when so many working hours after `at` are over.

        An area without hours is counted by the clock: what is due is never lost.
        """
        left, reasons = length, self._not_in_yet(at)
        for span in self._spans_from(at):
            starts_at = max(at, span.starts_at)
            if left <= span.ends_at - starts_at:
                due = starts_at + left
                return Reckoned(due, (*reasons, *self._unusual(at, due)))
            left -= span.ends_at - starts_at
        return Reckoned(at + length, ("the area has no working hours, so it is counted by the clock",))

    def add_days(self, at: datetime, days: int) -> Reckoned:
        """Return when so many working days after `at` are over: the same time of that day, in its hours.

        What comes at night, at a weekend or on a bank holiday counts from the next working morning. No days
        at all is the end of the day it counts from.
        """
        counted_from = self._first_working_day(at)
        reasons = [] if counted_from == self.date_of(at) else [f"it counts from {_day(counted_from)}"]
        last = counted_from
        for _ in range(days):
            last = self._next_working_day(last)
        opens_at, closes_at = self._hours_by_law(last)
        clock = self._clock_of(at, counted_from)
        due = (
            closes_at
            if days == 0
            else min(max(instant_of(datetime.combine(last, clock), self.zone), opens_at), closes_at)
        )
        return Reckoned(max(due, at), (*reasons, *self._unusual(at, due)))

    def day(self, on: date) -> Day:
        """Return one day as the area keeps it."""
        return Day(
            date=on,
            spans=self._open_on(on),
            is_working=self.is_working_day(on),
            why=self._why(on),
        )

    def is_working_day(self, on: date) -> bool:
        """Say whether this is a working day as the law counts: Monday to Friday and no bank holiday.

        A day the office keeps closed is one all the same, unless the area says otherwise.
        """
        if on.weekday() > 4 or self.bank_holiday(on):
            return False
        return self._area.closed_days_count or on not in self._area.closed_on

    def bank_holiday(self, on: date) -> str:
        """Return the name of the bank holiday, or nothing."""
        return bank_holidays(self._area.nation, on.year).get(on, "")

    def date_of(self, at: datetime) -> date:
        """Return the day it is where the area is."""
        return at.astimezone(self.zone).date()

    def midnight(self, on: date) -> datetime:
        """Return the instant at which a day begins where the area is."""
        return instant_of(datetime.combine(on, _MIDNIGHT), self.zone)

    def _open_on(self, on: date) -> tuple[Span, ...]:
        spans = self._days.get(on)
        if spans is None:
            hours = [] if on in self._area.closed_on else self._hours_unless_closed(on)
            spans = self._days[on] = self._spans_of(on, hours)
        return spans

    def _hours_unless_closed(self, on: date) -> list[Hours]:
        if self.bank_holiday(on):
            return self._area.bank_holiday_hours
        return self._area.hours.get(DAYS[on.weekday()], [])

    def _spans_of(self, on: date, hours: list[Hours]) -> tuple[Span, ...]:
        """Turn local hours into instants, cut by a half day and joined where they overlap."""
        goes_at = self._end_of(on, self._area.half_days.get(on, _MIDNIGHT))
        spans: list[Span] = []
        for span in sorted(hours, key=lambda span: span.from_):
            starts_at = instant_of(datetime.combine(on, span.from_), self.zone)
            ends_at = min(self._end_of(on, span.until), goes_at)
            if spans and starts_at <= spans[-1].ends_at:
                before = spans.pop()
                spans.append(Span(before.starts_at, max(before.ends_at, ends_at)))
            elif starts_at < ends_at:
                spans.append(Span(starts_at, ends_at))
        return tuple(spans)

    def _end_of(self, on: date, until: time) -> datetime:
        if until == _MIDNIGHT:
            return self.midnight(on + _ONE_DAY)
        return instant_of(datetime.combine(on, until), self.zone, is_end=True)

    def _why(self, on: date) -> str:
        """Return what is not usual about a day. A weekend is usual."""
        holiday, goes = self.bank_holiday(on), self._area.half_days.get(on)
        if on in self._area.closed_on and not holiday:
            by_law = ", and a working day by law all the same" if self.is_working_day(on) else ""
            return f"{_day(on)} is a day the office keeps closed{by_law}"
        if holiday:
            return f"{_day(on)} is a bank holiday: {holiday}"
        if goes is not None:
            return f"{_day(on)} is a half day: the team goes at {goes:%H:%M}"
        return ""

    def _unusual(self, since: datetime, until: datetime) -> Iterator[str]:
        day, last = self.date_of(since), self.date_of(until)
        while day <= last:
            if why := self._why(day):
                yield why
            day += _ONE_DAY

    def _spans_from(self, at: datetime) -> Iterator[Span]:
        """Yield the spans that have not ended at `at`, as far ahead as anybody looks."""
        return self._between(at, at + timedelta(days=_FARTHEST))

    def _between(self, since: datetime, until: datetime) -> Iterator[Span]:
        day, last = self.date_of(since), self.date_of(until)
        while day <= last:
            yield from (s for s in self._open_on(day) if s.ends_at > since and s.starts_at < until)
            day += _ONE_DAY

    def _not_in_yet(self, at: datetime) -> tuple[str, ...]:
        if self.is_open(at):
            return ()
        opens_at = self.opens_next(at)
        if opens_at is None:
            return ()
        local = opens_at.astimezone(self.zone)
        return (f"it counts from {local:%H:%M} on {_day(local.date())}, when the team is next in",)

    def _first_working_day(self, at: datetime) -> date:
        """Return the day from which working days count: this one, unless it is over or no working day."""
        today = self.date_of(at)
        if self.is_working_day(today) and at < self._hours_by_law(today)[1]:
            return today
        return self._next_working_day(today)

    def _next_working_day(self, after: date) -> date:
        day = after + _ONE_DAY
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def _hours_by_law(self, on: date) -> tuple[datetime, datetime]:
        """Return when a working day begins and ends, for the law: by the week's hours even where the office is
        closed, and from midnight to midnight where the week has none.
        """
        spans = self._spans_of(on, self._hours_unless_closed(on))
        if spans:
            return spans[0].starts_at, spans[-1].ends_at
        return self.midnight(on), self.midnight(on + _ONE_DAY)

    def _clock_of(self, at: datetime, counted_from: date) -> time:
        """Return the local time of day to keep: midnight, so the morning, of what did not come on the day."""
        local = at.astimezone(self.zone)
        return local.time() if local.date() == counted_from else _MIDNIGHT


def _day(on: date) -> str:
    return f"{on:%A} {on.day} {on:%B %Y}"

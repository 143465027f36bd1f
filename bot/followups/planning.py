"""When a message we begin may go: inside safe hours and never before its promise, or a worker holds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import TypeAlias

from bot.followups.reasons import Held, Moved, Reason
from bot.followups.safe_contact import SafeContact, Way, why_not_by
from bot.followups.windows import DAY, Window, end_minute_of, minute_of
from bot.working_time import Span, WorkingTime
from flows.area import Area, Contacting

_ONE_DAY = timedelta(days=1)
_STEP_ON_CHANGE = 15
"""Minutes: a day on which the clocks change is cut so. Everywhere they change on a quarter of an hour."""


class SchoolDay(Enum):
    """Whether children are at school on a day. `NOT_KNOWN` is both: nothing is safe because of it."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Planned:
    """When it is to be begun, until when that stays safe, and why then."""

    at: datetime
    until: datetime
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ForWorker:
    """Why the front door may not begin it, and by when a worker should have looked."""

    why: Held
    by: datetime
    reasons: tuple[Reason, ...] = ()


Plan: TypeAlias = Planned | ForWorker


class Calendar:
    """An area's days: its working time, its quiet hours, its school year. Everything here is a pure question."""

    def __init__(self, area: Area, working_time: WorkingTime | None = None) -> None:
        self.area = area
        self.contacting: Contacting = area.contacting
        self.working_time = working_time or WorkingTime(area)
        self.zone = self.working_time.zone

    def school_day(self, on: date) -> SchoolDay:
        """Say whether children are at school. A weekday the list of holidays does not speak of is not known."""
        school = self.contacting.school
        if (
            on.weekday() > 4
            or self.working_time.bank_holiday(on)
            or any(h.from_ <= on <= h.until for h in school.holidays)
        ):
            return SchoolDay.NO
        known = school.known_until is not None and on <= school.known_until
        return SchoolDay.YES if known else SchoolDay.NOT_KNOWN

    def why_not(self, contact: SafeContact, at: datetime, *, known_hours_only: bool = True) -> Moved | None:
        """Return why this instant is not safe for them, or None where it is."""
        local = at.astimezone(self.zone)
        on, minute = local.date(), local.hour * 60 + local.minute
        if self._is_quiet(minute):
            return Moved.QUIET
        if self.working_time.bank_holiday(on) and not self.contacting.on_bank_holidays:
            return Moved.BANK_HOLIDAY
        return self._not_theirs(contact, on, minute, known_hours_only=known_hours_only)

    def stretches(
        self, contact: SafeContact, since: datetime, until: datetime, *, known_hours_only: bool = True
    ) -> Iterator[tuple[Span, Moved | None]]:
        """Yield the whole time between two instants, cut wherever it changes whether it is safe, and why not."""
        begun, why = since, self.why_not(contact, since, known_hours_only=known_hours_only)
        for at in self._cuts(contact, since, until):
            now = self.why_not(contact, at, known_hours_only=known_hours_only)
            if now is not why:
                yield Span(begun, at), why
                begun, why = at, now
        yield Span(begun, until), why

    def _not_theirs(self, contact: SafeContact, on: date, minute: int, *, known_hours_only: bool) -> Moved | None:
        school_day = self.school_day(on)
        weekday, is_school_day = on.weekday(), school_day is SchoolDay.YES
        if any(w.holds(weekday, minute, is_school_day=is_school_day) for w in contact.avoid):
            return Moved.TO_AVOID
        if contact.is_young and not contact.may_ring_in_school and self._may_be_at_school(school_day, minute):
            return Moved.SCHOOL_DAY if is_school_day else Moved.SCHOOL_NOT_KNOWN
        if contact.hours is None:
            return Moved.THEIR_HOURS if known_hours_only else None
        if any(w.holds(weekday, minute, is_school_day=is_school_day) for w in contact.hours):
            return None
        if school_day is SchoolDay.NOT_KNOWN and any(
            w.holds(weekday, minute, is_school_day=True) for w in contact.hours
        ):
            return Moved.SCHOOL_NOT_KNOWN
        return Moved.THEIR_HOURS

    def _is_quiet(self, minute: int) -> bool:
        from_, until = minute_of(self.contacting.quiet.from_), minute_of(self.contacting.quiet.until)
        if from_ <= until:
            return from_ <= minute < until
        return minute >= from_ or minute < until

    def _may_be_at_school(self, school_day: SchoolDay, minute: int) -> bool:
        begins, ends = self._school_minutes()
        return school_day is not SchoolDay.NO and begins <= minute < ends

    def _school_minutes(self) -> tuple[int, int]:
        """Return when a child may be at school, on the way there or on the way back."""
        school = self.contacting.school
        begins, ends = minute_of(school.hours.from_), end_minute_of(school.hours.until)
        return begins - school.either_side_minutes, ends + school.either_side_minutes

    def _cuts(self, contact: SafeContact, since: datetime, until: datetime) -> Iterator[datetime]:
        """Yield every instant at which it may change, in order."""
        minutes = self._minutes(contact)
        day = self.working_time.date_of(since)
        while (begins := self.working_time.midnight(day)) < until:
            ends = self.working_time.midnight(day + _ONE_DAY)
            every = minutes if ends - begins == _ONE_DAY else minutes | set(range(0, DAY, _STEP_ON_CHANGE))
            found = {at for minute in every for at in self._both_instants(day, minute)}
            yield from (at for at in sorted(found) if since < at < until)
            day += _ONE_DAY

    def _minutes(self, contact: SafeContact) -> set[int]:
        windows: tuple[Window, ...] = (*(contact.hours or ()), *contact.avoid)
        quiet = self.contacting.quiet
        ends = {0, minute_of(quiet.from_), minute_of(quiet.until), *self._school_minutes()}
        return ends | {at for window in windows for at in (window.from_, window.until)}

    def _both_instants(self, on: date, minute: int) -> Iterator[datetime]:
        """Yield the instant of a minute of a day: two where the clocks go back over it."""
        if not 0 <= minute < DAY:
            return
        local = datetime.combine(on, time(minute // 60, minute % 60), self.zone)
        yield local.astimezone(UTC)
        yield local.replace(fold=1).astimezone(UTC)


def plan(
    wanted_at: datetime,
    *,
    contact: SafeContact,
    way: Way,
    calendar: Calendar,
    now: datetime,
    latest: datetime | None = None,
) -> Plan:
    """Return the first safe time that is neither before `wanted_at` nor past, or why a worker holds it.

    `latest` is the last moment at which the promise is kept. Planning what was planned gives the same time
    again, for as long as it has not passed.
    """
    earliest = max(wanted_at, now)
    held = why_held(contact, way)
    if held is not None:
        return _for_worker(held, earliest, calendar, now, latest)
    reasons = [Moved.WAS_LATE] if wanted_at < now else []
    shortest = timedelta(minutes=calendar.contacting.shortest_minutes)
    before_end = timedelta(minutes=calendar.contacting.before_end_minutes)
    too_short = True
    for span, why in _around(calendar, contact, earliest):
        if why is not None:
            reasons.append(why)
            continue
        if span.ends_at - span.starts_at < shortest:
            reasons.append(Moved.TOO_SHORT)
            continue
        too_short = False
        at = max(span.starts_at, earliest)
        if at > span.ends_at - before_end:
            reasons.append(Moved.ENDING)
            continue
        if latest is not None and at > latest:
            return _for_worker(Held.TOO_LATE, earliest, calendar, now, latest, reasons)
        return Planned(at, span.ends_at, _reasons(reasons or [Moved.AS_WANTED]))
    why_none = Held.TOO_SHORT if too_short and Moved.TOO_SHORT in reasons else Held.NO_SAFE_TIME
    return _for_worker(why_none, earliest, calendar, now, latest, reasons)


def why_held(contact: SafeContact, way: Way) -> Held | None:
    """Return why nothing may be begun by this way at any time, or None."""
    if contact.held:
        return contact.held[0]
    return why_not_by(contact, way) or (
        contact.hours_held or Held.TIMES_NOT_KNOWN if contact.hours is None else None
    )


def why_not_now(contact: SafeContact, way: Way, calendar: Calendar, now: datetime) -> Reason | None:
    """Return why it may not be begun at this very moment, or None: what is asked just before it goes (FD17)."""
    held = why_held(contact, way)
    if held is not None:
        return Reason(held)
    moved = calendar.why_not(contact, now)
    return Reason(moved) if moved is not None else None


def _around(calendar: Calendar, contact: SafeContact, earliest: datetime) -> Iterator[tuple[Span, Moved | None]]:
    """Yield what follows, beginning with the whole of the stretch that `earliest` is in, so that the length of a
    safe time is the same wherever in it one stands.
    """
    until = earliest + timedelta(days=calendar.contacting.look_ahead_days)
    for span, why in calendar.stretches(contact, earliest - _ONE_DAY, until + _ONE_DAY):
        if span.ends_at > earliest and span.starts_at < until:
            yield span, why


def _for_worker(
    why: Held,
    earliest: datetime,
    calendar: Calendar,
    now: datetime,
    latest: datetime | None,
    moved: list[Moved] | None = None,
) -> ForWorker:
    """Give it to a worker for when it was to be begun, in working time unless that is past what was promised."""
    working = calendar.working_time
    by = earliest if working.is_open(earliest) else working.opens_next(earliest) or earliest
    if latest is not None and by > latest:
        by = max(latest, now)
    return ForWorker(why, by, (Reason(why), *_reasons(moved or [])))


def _reasons(moved: list[Moved]) -> tuple[Reason, ...]:
    return tuple(Reason(code) for code in dict.fromkeys(moved))

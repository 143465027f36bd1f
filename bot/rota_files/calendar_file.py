"""A rota in iCalendar: an event for each shift, with who is invited and, in its title, the kind and the role."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component

from bot.rota_files.base import (
    BIGGEST_FILE,
    MOST_SHIFTS,
    Mistake,
    Placed,
    Staff,
    Timetable,
    WrongRota,
    kind_of,
    overlapping,
    role_of,
    shift_of,
)
from bot.working_time import instant_of
from storage.duty_workers import DutyWorkerRecord, Role
from storage.shifts import NewShift, ShiftKind

LOOKED_BACK = timedelta(days=7)
LOOKED_AHEAD = timedelta(days=366)
"""How far a repeated event is followed. One without an end has to be imported again before then."""

MOST_EVENTS = 2_000
_NUMBER = "X-FRONT-DOOR-NUMBER"
_MAY_REPEAT = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_PARTS_OF_A_DAY = {"BYHOUR", "BYMINUTE", "BYSECOND"}
_ONCE = ("DTSTART", "DTEND", "DURATION", "RRULE", "SUMMARY", "STATUS", "ORGANIZER")
_EARLIEST_YEAR = 2000
_EMAIL = re.compile(r"[^\s<>():,;]+@[^\s<>():,;]+")
_KIND = re.compile(r"\s*(on|cover|absence)\b\s*[:,-]?", re.IGNORECASE)


def read_calendar(data: bytes, workers: Iterable[DutyWorkerRecord], zone: ZoneInfo, now: datetime) -> Timetable:
    """Return what the calendar says, from a week ago to a year ahead. Raises `WrongRota` with every mistake.

    An event's title is a kind and a role: `Duty worker`, `Cover: manager`, `Absence`. Who it is about is
    invited (ATTENDEE), or else has made it (ORGANIZER), or else is named in the title by e-mail. Whoever has
    declined is left out, and so is an event that was cancelled.
    """
    since, until = _window(now, zone)
    calendar, events = _events(data)
    staff, mistakes, notes = Staff(workers), list[str](), list[str]()
    for place, event in events.items():
        wrong = [f"{place}: {mistake}" for mistake in _wrong(event, staff, zone)]
        mistakes += wrong
        if not wrong:
            notes += [f"{place}: {note}" for note in _notes(event, until.astimezone(zone).date())]
    if mistakes:
        raise WrongRota(mistakes)
    placed = list(_placed(calendar, list(events), staff, zone, since, until))
    mistakes = overlapping(placed)
    if not placed:
        mistakes.append("there is no shift in this calendar from a week ago to a year ahead")
    if mistakes:
        raise WrongRota(mistakes)
    return Timetable(tuple(each.shift for each in placed), since, until, tuple(notes))


def _window(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    today = datetime.combine(now.astimezone(zone).date(), time(0))
    return instant_of(today - LOOKED_BACK, zone), instant_of(today + LOOKED_AHEAD, zone)


def _events(data: bytes) -> tuple[Calendar, dict[str, Component]]:
    """Return the calendar and its events by their place. Raises `WrongRota`."""
    if len(data) > BIGGEST_FILE:
        raise WrongRota([f"the file is bigger than {BIGGEST_FILE // 1_000_000} MB: no rota is"])
    try:
        calendar = Calendar.from_ical(data)
        if not isinstance(calendar, Calendar):
            raise ValueError
    except (ValueError, KeyError, IndexError, AttributeError):
        raise WrongRota(["this is not one iCalendar file: export the calendar again"]) from None
    events = calendar.walk("VEVENT")
    if len(events) > MOST_EVENTS:
        raise WrongRota([f"a file holds at most {MOST_EVENTS} events; make several"])
    lines = [number for number, line in enumerate(data.splitlines(), 1) if line.strip().upper() == b"BEGIN:VEVENT"]
    for number, event in enumerate(events):
        event[_NUMBER] = str(number)  # each occurrence of the event carries it along
    places = (f"event {number} (line {line})" for number, line in enumerate(lines, 1))
    return calendar, dict(zip(places, events, strict=False))


def _wrong(event: Component, staff: Staff, zone: ZoneInfo) -> Iterator[str]:
    """Yield what is wrong with an event, whichever of its occurrences one looks at."""
    if event.errors:
        named = sorted({str(name) for name, _ in event.errors if name}) or ["a line"]
        yield f"{', '.join(named)} cannot be read: make the event again"
        return
    try:
        _check_once(event)
        _check_repeats(event)
        _check_zone(event)
        if _is_off(event):
            return
        for _ in _shifts(event, staff, zone):
            pass
    except Mistake as mistake:
        yield str(mistake)


def _check_once(event: Component) -> None:
    for name in _ONCE:
        if isinstance(event.get(name), list):
            raise Mistake(f"{name} is there more than once: make the event again")


def _check_repeats(event: Component) -> None:
    """Refuse what could be followed for ever, and what no rota is."""
    rule = event.get("RRULE")
    if rule is None:
        return
    if set(rule.get("FREQ", [])) - _MAY_REPEAT or _PARTS_OF_A_DAY & set(rule):
        raise Mistake("it repeats within a day: repeat it by day, week, month or year")
    if any(interval < 1 for interval in rule.get("INTERVAL", [])):
        raise Mistake("it repeats every 0 days or weeks: write how many")
    start = event.get("DTSTART")
    if start is not None and start.dt.year < _EARLIEST_YEAR:
        raise Mistake(f"it repeats since before {_EARLIEST_YEAR}: let it begin this year")


def _check_zone(event: Component) -> None:
    for name in ("DTSTART", "DTEND"):
        value = event.get(name)
        if value is None or "TZID" not in value.params:
            continue
        if isinstance(value.dt, datetime) and value.dt.tzinfo is None:
            raise Mistake(f"the timezone of {name} is not known: use Europe/London")


def _notes(event: Component, until: date) -> Iterator[str]:
    rule = event.get("RRULE")
    if rule is not None and "UNTIL" not in rule and "COUNT" not in rule:
        yield f"it repeats without end; it was read up to {until}, so import it again before then"
    if any(_has_declined(person) for person in _people(event, "ATTENDEE")):
        yield "somebody has declined it and was left out"


def _placed(
    calendar: Calendar, places: Sequence[str], staff: Staff, zone: ZoneInfo, since: datetime, until: datetime
) -> Iterator[Placed]:
    count = 0
    for occurrence in _occurrences(calendar, since, until):
        if _is_off(occurrence):
            continue
        place = places[int(occurrence[_NUMBER])]
        for shift in _occurring(place, occurrence, staff, zone):
            if shift.starts_at < until:
                yield Placed(f"{place} on {shift.starts_at.astimezone(zone):%Y-%m-%d}", shift)
        count += 1
        if count > MOST_SHIFTS:
            raise WrongRota([f"a file holds at most {MOST_SHIFTS} shifts; make several"])


def _occurrences(calendar: Calendar, since: datetime, until: datetime) -> list[Any]:
    try:
        return list(recurring_ical_events.of(calendar).between(since, until))
    except (recurring_ical_events.InvalidCalendar, ValueError, OverflowError):
        raise WrongRota(["a repeated event cannot be followed: export the calendar again"]) from None


def _occurring(place: str, occurrence: Component, staff: Staff, zone: ZoneInfo) -> list[NewShift]:
    """Raises `WrongRota` where an occurrence goes wrong though the event did not, as on the night of a change."""
    try:
        return list(_shifts(occurrence, staff, zone))
    except Mistake as mistake:
        raise WrongRota([f"{place}: {mistake}"]) from None


def _shifts(event: Component, staff: Staff, zone: ZoneInfo) -> Iterator[NewShift]:
    """Yield a shift for each worker the event is about. Raises `Mistake`."""
    title, emails = _about(event)
    role, kind = _title(title)
    starts_at, ends_at = _times(event, zone)
    for email in emails:
        yield shift_of(staff.named(email), role, kind, starts_at, ends_at)


def _about(event: Component) -> tuple[str, list[str]]:
    """Return the title without the addresses in it, and who the event is about."""
    title = str(event.get("SUMMARY", ""))
    invited = _people(event, "ATTENDEE")
    emails = [_email(person) for person in invited if not _has_declined(person)]
    if not invited:
        emails = [_email(person) for person in _people(event, "ORGANIZER")] or _EMAIL.findall(title)
        if not emails:
            raise Mistake("it does not say who it is about: invite the worker, or write their e-mail in the title")
    return _EMAIL.sub(" ", title).strip(" \t()<>:,;-"), list(dict.fromkeys(emails))


def _title(title: str) -> tuple[Role | None, ShiftKind]:
    match = _KIND.match(title)
    kind = kind_of(match[1] if match else "")
    return role_of(title[match.end() :] if match else title), kind


def _times(event: Component, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start = event.get("DTSTART")
    if start is None or ("DTEND" not in event and "DURATION" not in event and isinstance(start.dt, datetime)):
        raise Mistake("it has no end: a shift does not go on for ever")
    try:
        return _instant(event.start, zone), _instant(event.end, zone, is_end=True)  # type: ignore[attr-defined]
    except (ValueError, OverflowError):
        raise Mistake("its start and its end do not go together: make the event again") from None


def _instant(at: date | datetime, zone: ZoneInfo, *, is_end: bool = False) -> datetime:
    """Return the instant. A time without a timezone is the area's; a day alone begins at its midnight."""
    if not isinstance(at, datetime):
        return instant_of(datetime.combine(at, time(0)), zone)
    if at.tzinfo is None:
        return instant_of(at, zone, is_end=is_end)
    first, second = at.replace(fold=0).astimezone(UTC), at.replace(fold=1).astimezone(UTC)
    return max(first, second) if is_end else first


def _is_off(event: Component) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _people(event: Component, name: str) -> list[Any]:
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]


def _has_declined(person: Any) -> bool:
    return str(person.params.get("PARTSTAT", "")).upper() == "DECLINED"


def _email(person: Any) -> str:
    text = str(person)
    return text[7:] if text.lower().startswith("mailto:") else text

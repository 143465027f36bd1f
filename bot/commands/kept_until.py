"""What the doctor says of how long things are kept, and of calendars that end soon."""

from __future__ import annotations

from datetime import date, timedelta

from bot.working_time import bank_holidays
from flows.area import Area

SOON = timedelta(days=60)
"""Time enough to agree next year's days and write them down."""


def what_is_deleted(area: Area) -> str:
    """Return a line about which rules for records are on."""
    rules = area.retention.records
    on, off = [r.name for r in rules if r.is_on], [r.name for r in rules if not r.is_on]
    said = f"retention: drafts {area.retention.draft_days} days"
    if not on:
        waits = f"{', '.join(off)} is not confirmed" if off else "there is no rule"
        return f"{said}; sent records are never deleted, as {waits} (retention.records)"
    still_off = f"; not confirmed, so off: {', '.join(off)}" if off else ""
    held = "; nothing is deleted for now (retention.hold)" if area.retention.hold.strip() else ""
    return f"{said}; sent records by {', '.join(on)}{still_off}{held}"


def calendars_that_end(area: Area, today: date) -> list[str]:
    """Return what an operator should add: each list of days that does not speak of the next 60 days."""
    problems = [_ends(name, last, mend) for name, last, mend in _lists(area) if last - today < SOON]
    school = area.contacting.school.known_until
    if school is None:
        problems.append(
            "the school year: no weekday is known to be one or not (contacting.school.known_until), "
            "so that no young person is written to in school hours on any of them"
        )
    if not bank_holidays(area.nation, (today + SOON).year):
        problems.append(
            f"bank holidays: none is known for {(today + SOON).year}; a newer version of `holidays` knows them"
        )
    return problems


def _lists(area: Area) -> list[tuple[str, date, str]]:
    """Return each list of days, its last day, and the setting it is in. An empty list speaks of no day at all."""
    found = []
    if area.contacting.school.known_until is not None:
        found.append(("the school year", area.contacting.school.known_until, "contacting.school"))
    if area.closed_on:
        found.append(("days the office keeps closed", max(area.closed_on), "closed_on"))
    if area.half_days:
        found.append(("half days", max(area.half_days), "half_days"))
    return found


def _ends(name: str, last: date, setting: str) -> str:
    return f"{name}: known until {last.day} {last:%B %Y} only; add the next ones to `{setting}`"

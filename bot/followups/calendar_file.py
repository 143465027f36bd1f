"""Writes one appointment as an iCalendar file that says nothing of what it is about, nor of who we are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event

FILE_NAME = "call.ics"
CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Appointment:
    """`uid` stays the same when it moves, and `sequence` rises, so that a calendar moves it too.

    `uid` is an id of ours without a meaning. `title` is in neutral words: a calendar is often shared.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    sequence: int = 0
    is_cancelled: bool = False


def write(appointment: Appointment, now: datetime) -> bytes:
    """Return the file. Times are in UTC, so that no night of changing clocks can move them; nothing rings."""
    calendar = Calendar()
    calendar.add("prodid", "-//calendar//en-GB")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if appointment.is_cancelled else "PUBLISH")
    event = Event()
    event.add("uid", appointment.uid)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("sequence", appointment.sequence)
    event.add("summary", appointment.title)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if appointment.is_cancelled else "CONFIRMED")
    calendar.add_component(event)
    return bytes(calendar.to_ical())

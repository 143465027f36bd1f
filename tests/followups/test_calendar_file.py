"""The appointment somebody may keep in their own calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from bot.followups.calendar_file import FILE_NAME, Appointment, write
from flows.loader import load_wording
from tests.app.rota_builders import area, at

NOW = at("2026-10-20 12:00")


def appointment(**changes: object) -> Appointment:
    starts_at = at("2026-10-26 09:30")
    title = load_wording().text("calendar_title")
    plain = {
        "uid": "0198c0de",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=30),
        "title": title,
    }
    return Appointment(**{**plain, **changes})  # type: ignore[arg-type]


def read(data: bytes) -> dict[str, object]:
    calendar = Calendar.from_ical(data)
    assert isinstance(calendar, Calendar)
    [event] = calendar.walk("VEVENT")
    return {
        "method": str(calendar["METHOD"]),
        "starts_at": event["DTSTART"].dt,
        "ends_at": event["DTEND"].dt,
        "uid": str(event["UID"]),
        "sequence": event["SEQUENCE"],
        "status": str(event["STATUS"]),
        "title": str(event["SUMMARY"]),
    }


def test_a_calendar_reads_the_time_that_was_agreed() -> None:
    """In UTC: the clocks go back between the day it is written and the day it is for."""
    found = read(write(appointment(), NOW))
    assert found["starts_at"] == datetime(2026, 10, 26, 9, 30, tzinfo=UTC)
    assert found["ends_at"] == datetime(2026, 10, 26, 10, 0, tzinfo=UTC)
    assert found["method"] == "PUBLISH"
    assert found["status"] == "CONFIRMED"


def test_it_says_nothing_of_who_we_are_or_what_it_is_about() -> None:
    """A family's calendar hangs in the kitchen."""
    plain = area()
    text = write(appointment(), NOW).decode().casefold() + FILE_NAME
    for telling in (
        plain.service_name,
        plain.team_name,
        plain.council_name,
        plain.name,
        "front door",
        "frontdoor",
    ):
        assert telling.casefold() not in text
    for telling in ("duty", "child", "family", "worker", "social", "valarm", "organizer", "url", "description"):
        assert telling not in text


def test_one_that_moved_or_is_cancelled_is_the_same_one() -> None:
    """Otherwise both times stand in the calendar."""
    moved = read(write(appointment(starts_at=at("2026-10-27 10:00"), sequence=1), NOW))
    gone = read(write(appointment(sequence=2, is_cancelled=True), NOW))
    assert moved["uid"] == gone["uid"] == "0198c0de"
    assert (moved["sequence"], gone["sequence"]) == (1, 2)
    assert gone["method"] == "CANCEL"
    assert gone["status"] == "CANCELLED"


def test_a_title_cannot_break_the_file() -> None:
    """Words are words, whatever line ends are in them."""
    found = read(write(appointment(title="Call\r\nURL:https://example.test; a, b"), NOW))
    assert str(found["title"]).startswith("Call")
    assert b"\r\nURL:" not in write(appointment(title="Call\r\nURL:https://example.test"), NOW)

"""A rota out of a spreadsheet or a calendar: taken whole, or refused with every mistake named."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rota_files.base import Timetable, WrongRota
from bot.rota_files.calendar_file import read_calendar
from bot.rota_files.csv_file import read_csv
from storage.duty_workers import Role
from storage.shifts import ShiftKind
from tests.app.rota_builders import LONDON, at, worker

ALEX, SAM, LEE = worker("Alex"), worker("Sam"), worker("Lee", Role.MANAGER)
STAFF = [ALEX, SAM, LEE, worker("Robin", disabled=True), worker("Jo", Role.AUDITOR)]
NOW = at("2026-10-20 09:00")
HEAD = "email,role,starts,ends,kind\n"
ALEX_AT = "alex@exampleshire.example"


def csv_of(*lines: str, head: str = HEAD) -> Timetable:
    return read_csv((head + "\n".join(lines)).encode(), STAFF, LONDON)


def mistakes_of(*lines: str, head: str = HEAD) -> list[str]:
    with pytest.raises(WrongRota) as caught:
        csv_of(*lines, head=head)
    return list(caught.value.mistakes)


def calendar_of(*events: str, now: datetime = NOW) -> Timetable:
    return read_calendar(_calendar(*events), STAFF, LONDON, now)


def calendar_mistakes(*events: str) -> list[str]:
    with pytest.raises(WrongRota) as caught:
        calendar_of(*events)
    return list(caught.value.mistakes)


def _calendar(*events: str) -> bytes:
    each = "".join(
        f"BEGIN:VEVENT\nUID:{number}\nDTSTAMP:20260301T000000Z\n{event.strip()}\nEND:VEVENT\n"
        for number, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Rota//EN\n{each}END:VCALENDAR\n".replace(
        "\n", "\r\n"
    ).encode()


def test_a_spreadsheet_is_read_in_local_time() -> None:
    """As a team leader writes it, and as Excel saves it: with a mark at its start, British dates and spaces."""
    table = read_csv(
        (
            "\ufeffRole,Email,Starts,Ends,Kind\r\n"
            f"duty_worker,{ALEX_AT},2026-03-02 08:30,2026-03-02 17:00,on\r\n"
            "\r\n"
            "Duty worker,SAM@Exampleshire.example, 02/07/2026 08:30:00 ,2026-07-02T17:00,\r\n"
            f",{ALEX_AT},2026-07-02 00:00,2026-07-03 00:00,Absence\r\n"
        ).encode(),
        STAFF,
        LONDON,
    )
    first, second, third = table.shifts
    assert (first.worker_id, first.role, first.kind) == (ALEX.id, Role.DUTY_WORKER, ShiftKind.ON)
    assert (first.starts_at, first.ends_at) == (at("2026-03-02 08:30"), at("2026-03-02 17:00"))
    assert (second.worker_id, second.starts_at) == (SAM.id, at("2026-07-02 08:30"))
    assert second.starts_at.hour == 7, "summer time"
    assert (third.role, third.kind) == (None, ShiftKind.ABSENCE)
    assert (table.since, table.until) == (at("2026-03-02 08:30"), at("2026-07-03 00:00"))


def test_every_wrong_line_is_named_with_what_to_mend() -> None:
    """Nobody wants to be told of the second mistake after mending the first; and no address is repeated."""
    good = f"{ALEX_AT},duty_worker,2026-03-02 08:30,2026-03-02 17:00,on"
    said = mistakes_of(
        good,
        "stranger@exampleshire.example,duty_worker,2026-03-02 08:30,2026-03-02 17:00,on",
        f"{ALEX_AT},wizard,2026-03-03 08:30,2026-03-03 17:00,on",
        f"{ALEX_AT},duty_worker,2026-03-03 08:30,2026-03-03 08:30,on",
        f"{ALEX_AT},duty_worker,2026-03-03 22:00,2026-03-03 08:00,on",
        f"{ALEX_AT},duty_worker,2026-03-03 08:30,,on",
        f"{ALEX_AT},duty_worker,2026-03-03 08:30,2027-03-03 08:30,on",
        f"{ALEX_AT},duty_worker,next Tuesday,2026-03-03 17:00,on",
        f"{ALEX_AT},duty_worker,2026-02-30 08:30,2026-03-03 17:00,on",
        f"{ALEX_AT},duty_worker,2026-03-04 08:30,2026-03-04 17:00,maybe",
        f"{ALEX_AT},,2026-03-04 08:30,2026-03-04 17:00,on",
        "robin@exampleshire.example,duty_worker,2026-03-02 08:30,2026-03-02 17:00,on",
        "jo@exampleshire.example,duty_worker,2026-03-02 08:30,2026-03-02 17:00,on",
        f"{ALEX_AT},lado,2026-03-04 08:30,2026-03-04 17:00,on",
        f"{ALEX_AT},duty_worker,2026-03-04 08:30",
        ",duty_worker,2026-03-04 08:30,2026-03-04 17:00,on",
        f"{ALEX_AT},duty_worker,2026-03-02 16:00,2026-03-02 18:00,on",
    )
    expected = [
        (3, "nobody has this e-mail address"),
        (4, "role is not known"),
        (5, "ends when it starts"),
        (6, "a night shift ends on the next day"),
        (7, "a shift does not go on for ever"),
        (8, "longer than 31 days"),
        (9, "`starts` is not a time: write it as 2026-03-02 08:30"),
        (10, "not a time there is"),
        (11, "kind is not known: write one of on, cover, absence"),
        (12, "there is no role"),
        (13, "disabled"),
        (14, "never on duty"),
        (15, "only a lado"),
        (16, "it has 3 columns, and the first line has 5"),
        (17, "no e-mail address"),
        (18, "it overlaps line 2"),
    ]
    assert len(said) == len(expected)
    for (line, words), mistake in zip(expected, said, strict=True):
        assert mistake.startswith(f"line {line}: "), mistake
        assert words in mistake
        assert "@" not in mistake


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("email,role,starts,ends\n", "missing: kind"),
        ("email,role,starts,ends,kind,notes\n", "1 not known"),
        ("email;role;starts;ends;kind\n", "separated by commas"),
        ("email,email,role,starts,ends,kind\n", "twice"),
        ("", "missing: email, role, starts, ends, kind"),
    ],
)
def test_wrong_columns_are_one_clear_line(head: str, words: str) -> None:
    """The commonest mistake, and not one for each line."""
    [said] = mistakes_of(f"{ALEX_AT},duty_worker,2026-03-02 08:30,2026-03-02 17:00,on", head=head)
    assert words in said
    assert "email,role,starts,ends,kind" in said


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (HEAD.encode(), "no shift"),
        (b"\xff\xfee\x00m\x00", "UTF-8"),
        ((HEAD + 'a,"b\n').encode(), "not CSV"),
        (b"x" * 5_000_001, "bigger than 5 MB"),
        ((HEAD + "\x00,,,,\n").encode(), "line 2"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, words: str) -> None:
    """A picture, a spreadsheet's own format, half a file."""
    with pytest.raises(WrongRota) as caught:
        read_csv(data, STAFF, LONDON)
    assert words in caught.value.mistakes[0]


def test_the_hour_that_comes_twice_is_taken_the_longer_way_and_said() -> None:
    """25 October 2026: a shift to 01:30 ends the second time, one from 01:30 begins the first."""
    table = csv_of(
        f"{ALEX_AT},duty_worker,2026-10-24 22:00,2026-10-25 01:30,on",
        "sam@exampleshire.example,duty_worker,2026-10-25 01:30,2026-10-25 08:00,on",
    )
    early, late = table.shifts
    assert early.ends_at - early.starts_at == timedelta(hours=4, minutes=30)
    assert late.ends_at - late.starts_at == timedelta(hours=7, minutes=30)
    assert late.starts_at < early.ends_at, "an hour with both, rather than one with neither"
    assert table.notes == (
        "line 2: `ends`: 01:30 comes twice as the clocks go back; the second was taken (2026-10-25 01:30+00:00)",
        "line 3: `starts`: 01:30 comes twice as the clocks go back; the first was taken (2026-10-25 01:30+01:00)",
    )
    exact = csv_of(f"{ALEX_AT},duty_worker,2026-10-24 22:00,2026-10-25 01:30+01:00,on")
    assert exact.shifts[0].ends_at - exact.shifts[0].starts_at == timedelta(hours=3, minutes=30)
    assert exact.notes == ()


def test_the_hour_that_is_not_there_is_refused() -> None:
    """29 March 2026: whoever wrote 01:30 meant something else."""
    [said] = mistakes_of(f"{ALEX_AT},duty_worker,2026-03-29 01:30,2026-03-29 08:00,on")
    assert "there is no 01:30 on this day" in said


def test_a_shift_over_a_clock_change_keeps_its_local_ends() -> None:
    """Nine to nine is eleven hours in March and thirteen in October."""
    table = csv_of(
        f"{ALEX_AT},duty_worker,2026-03-28 21:00,2026-03-29 09:00,on",
        f"{ALEX_AT},duty_worker,2026-10-24 21:00,2026-10-25 09:00,on",
    )
    assert [s.ends_at - s.starts_at for s in table.shifts] == [timedelta(hours=11), timedelta(hours=13)]


def test_long_absences_and_the_out_of_hours_team_may_last_a_year() -> None:
    """Leave to have a child, and a team that is one address."""
    table = csv_of(
        f"{ALEX_AT},,2026-03-02 00:00,2027-03-01 00:00,absence",
        "sam@exampleshire.example,out_of_hours,2026-01-01 00:00,2027-01-01 00:00,on",
    )
    assert len(table.shifts) == 2


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.booleans())
def test_any_text_is_read_or_refused(text: str, with_head: bool) -> None:
    """A stranger's file never ends in a traceback."""
    with suppress(WrongRota):
        assert read_csv(((HEAD if with_head else "") + text).encode(errors="replace"), STAFF, LONDON).shifts


WEEKLY = """
DTSTART;TZID=Europe/London:20261019T083000
DTEND;TZID=Europe/London:20261019T170000
RRULE:FREQ=WEEKLY;BYDAY=MO,TU
EXDATE;TZID=Europe/London:20261027T083000
SUMMARY:Duty worker
ATTENDEE;CN=Alex:mailto:Alex@exampleshire.example
"""


def test_a_repeated_event_is_followed_for_a_year_and_over_the_clock_change() -> None:
    """Half past eight stays half past eight, a week left out is left out, and its owner hears how far it goes."""
    table = calendar_of(WEEKLY)
    starts = [s.starts_at for s in table.shifts]
    assert starts[0] == at("2026-10-19 08:30")
    assert at("2026-10-26 08:30") in starts, "after the clocks went back"
    assert at("2026-10-27 08:30") not in starts
    assert at("2027-10-19 08:30") in starts
    assert max(starts) < table.until == at("2027-10-21 00:00")
    assert {s.ends_at - s.starts_at for s in table.shifts} == {timedelta(hours=8.5)}
    assert table.notes == ("event 1 (line 4): it repeats without end; it was read up to 2027-10-21, "
                           "so import it again before then",)  # fmt: skip


def test_titles_and_people_say_the_kind_the_role_and_the_worker() -> None:
    """As calendars hold them: invited, or whoever made it, or an address in the title."""
    hours = "DTSTART:20261102T083000Z\nDTEND:20261102T170000Z\n"
    table = calendar_of(
        hours + "SUMMARY:Cover: manager\nATTENDEE:mailto:lee@exampleshire.example",
        hours + "SUMMARY:Absence\nORGANIZER:MAILTO:sam@exampleshire.example",
        hours + "SUMMARY:Duty worker (alex@exampleshire.example)",
        hours + "SUMMARY:out of hours\nATTENDEE:mailto:alex@exampleshire.example\n"
        "ATTENDEE;PARTSTAT=DECLINED:mailto:sam@exampleshire.example",
        hours + "SUMMARY:Duty worker\nATTENDEE:mailto:lee@exampleshire.example\nSTATUS:CANCELLED",
    )
    said = {(s.worker_id, s.role, s.kind) for s in table.shifts}
    assert said == {
        (LEE.id, Role.MANAGER, ShiftKind.COVER),
        (SAM.id, None, ShiftKind.ABSENCE),
        (ALEX.id, Role.DUTY_WORKER, ShiftKind.ON),
        (ALEX.id, Role.OUT_OF_HOURS, ShiftKind.ON),
    }
    assert any("declined" in note for note in table.notes)


def test_days_alone_and_times_without_a_zone_are_the_areas() -> None:
    """Leave is entered as whole days."""
    table = calendar_of(
        "DTSTART;VALUE=DATE:20261024\nDTEND;VALUE=DATE:20261026\nSUMMARY:Absence\nATTENDEE:mailto:" + ALEX_AT,
        "DTSTART:20261024T220000\nDTEND:20261025T013000\nSUMMARY:Duty worker\n"
        "ATTENDEE:mailto:sam@exampleshire.example",
    )
    leave = next(s for s in table.shifts if s.kind is ShiftKind.ABSENCE)
    night = next(s for s in table.shifts if s.kind is ShiftKind.ON)
    assert (leave.starts_at, leave.ends_at) == (at("2026-10-24 00:00"), at("2026-10-26 00:00"))
    assert leave.ends_at - leave.starts_at == timedelta(hours=49)
    assert night.ends_at - night.starts_at == timedelta(hours=4, minutes=30), "it ends the second 01:30"


def test_one_moved_occurrence_takes_the_place_of_its_own() -> None:
    """A swap for one week must not put both people on."""
    moved = (
        WEEKLY.replace("UID:0", "")
        .replace(
            "DTSTART;TZID=Europe/London:20261019T083000",
            "RECURRENCE-ID;TZID=Europe/London:20261102T083000\nDTSTART;TZID=Europe/London:20261102T103000",
        )
        .replace("DTEND;TZID=Europe/London:20261019T170000", "DTEND;TZID=Europe/London:20261102T170000")
    )
    moved = "\n".join(line for line in moved.splitlines() if not line.startswith(("RRULE", "EXDATE")))
    data = _calendar(WEEKLY, moved.replace(ALEX_AT.capitalize(), "sam@exampleshire.example")).replace(
        b"UID:1\r\n", b"UID:0\r\n"
    )
    table = read_calendar(data, STAFF, LONDON, NOW)
    that_day = [s for s in table.shifts if at("2026-11-02 00:00") <= s.starts_at < at("2026-11-03 00:00")]
    assert [(s.worker_id, s.starts_at) for s in that_day] == [(SAM.id, at("2026-11-02 10:30"))]


def test_every_wrong_event_is_named_by_its_place() -> None:
    """A calendar is mended in the calendar, so the event has to be found there."""
    hours = "DTSTART:20261102T083000Z\nDTEND:20261102T170000Z\n"
    who = "\nATTENDEE:mailto:" + ALEX_AT
    said = calendar_mistakes(
        WEEKLY,
        hours + "SUMMARY:Team lunch" + who,
        hours + "SUMMARY:Duty worker\nATTENDEE:mailto:stranger@exampleshire.example",
        hours + "SUMMARY:Duty worker",
        "DTSTART:20261102T083000Z\nSUMMARY:Duty worker" + who,
        "DTSTART:20261102T083000Z\nDTEND:20261102T083000Z\nSUMMARY:Duty worker" + who,
        "DTSTART:20261102T083000Z\nDTEND:20261101T083000Z\nSUMMARY:Duty worker" + who,
        "DTSTART:2026\nDTEND:20261102T083000Z\nSUMMARY:Duty worker" + who,
        hours + "RRULE:FREQ=SECONDLY\nSUMMARY:Duty worker" + who,
        hours + "RRULE:FREQ=DAILY;BYHOUR=1,2,3\nSUMMARY:Duty worker" + who,
        "DTSTART;TZID=Mars/Base:20261102T083000\nDTEND;TZID=Mars/Base:20261102T093000\nSUMMARY:Duty worker" + who,
        hours + "RRULE:FREQ=OFTEN\nSUMMARY:Duty worker" + who,
        hours + "RRULE:FREQ=DAILY;INTERVAL=0\nSUMMARY:Duty worker" + who,
        "DTSTART:00010101T000000Z\nDTEND:00010101T010000Z\nRRULE:FREQ=DAILY\nSUMMARY:Duty worker" + who,
        hours + "DTSTART:20261103T083000Z\nSUMMARY:Duty worker" + who,
    )
    expected = [
        (2, "role is not known"),
        (3, "nobody has this e-mail address"),
        (4, "does not say who it is about"),
        (5, "has no end"),
        (6, "ends when it starts"),
        (7, "ends before it starts"),
        (8, "DTSTART cannot be read"),
        (9, "repeats within a day"),
        (10, "repeats within a day"),
        (11, "timezone of DTSTART is not known"),
        (12, "RRULE cannot be read"),
        (13, "every 0 days"),
        (14, "since before 2000"),
        (15, "DTSTART is there more than once"),
    ]
    assert len(said) >= len(expected)
    for number, words in expected:
        assert any(line.startswith(f"event {number} (line ") and words in line for line in said), (number, said)
    assert not any("@" in line for line in said)


def test_overlapping_events_of_one_worker_are_named_once_with_the_day() -> None:
    """Two series that run into each other."""
    said = calendar_mistakes(WEEKLY, WEEKLY.replace("FREQ=WEEKLY;BYDAY=MO,TU", "FREQ=DAILY;COUNT=1"))
    assert said == [
        "event 2 (line 14) on 2026-10-19: it overlaps event 1 (line 4) on 2026-10-19, the same worker in the "
        "same role: mend a time, or make one of the two"
    ]


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xfe\x00", _calendar(WEEKLY) * 2, b"BEGIN:VCALENDAR\n"])
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    """An exported page, half a download, two files in one."""
    with pytest.raises(WrongRota):
        read_calendar(data, STAFF, LONDON, NOW)


def test_a_calendar_of_other_years_is_refused() -> None:
    """Nothing taken in would look like a success."""
    [said] = calendar_mistakes(
        "DTSTART:20201102T083000Z\nDTEND:20201102T170000Z\nSUMMARY:Duty worker\nATTENDEE:mailto:" + ALEX_AT
    )
    assert "no shift" in said


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120), st.text(max_size=60))
def test_any_calendar_is_read_or_refused(line: str, title: str) -> None:
    """Whatever is between the lines we know."""
    with suppress(WrongRota):
        assert calendar_of(f"{WEEKLY.strip()}\n{line}\nSUMMARY:{title}").shifts

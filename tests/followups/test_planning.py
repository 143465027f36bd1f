"""When a message we begin may go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.followups.planning import Calendar, ForWorker, Plan, Planned, SchoolDay, plan, why_not_now
from bot.followups.reasons import Held, Lost, Moved, words_id
from bot.followups.safe_contact import NOT_KNOWN, SafeContact, Way
from bot.followups.windows import DAY, EVERY_DAY, WEEKDAYS, WEEKEND, Window
from flows.loader import load_wording
from tests.app.rota_builders import LONDON, at
from tests.followups.contacts import calendar, contact, contacts, said, times, typed

CLOCKS_BACK, CLOCKS_FORWARD = at("2026-10-25 00:00"), at("2027-03-28 00:00")
NO_NIGHT = {"quiet": {"from": "00:00", "until": "00:00"}}


def planned(wanted: str, who: SafeContact, *, now: str = "", latest: str = "", **changes: Any) -> Plan:
    return plan(
        at(wanted),
        contact=who,
        way=Way.CHAT,
        calendar=calendar(**changes),
        now=at(now or wanted),
        latest=at(latest) if latest else None,
    )


def when(found: Plan) -> str:
    assert isinstance(found, Planned), found
    return f"{found.at.astimezone(LONDON):%Y-%m-%d %H:%M}"


def why(found: Plan) -> list[Any]:
    return [reason.code for reason in found.reasons]


def test_a_safe_time_is_kept_as_it_was_wanted() -> None:
    """No clock is moved without a reason."""
    found = planned("2026-03-02 10:00", contact())
    assert when(found) == "2026-03-02 10:00"
    assert why(found) == [Moved.AS_WANTED]


@pytest.mark.parametrize(
    ("wanted", "who", "then", "reason"),
    [
        ("2026-03-02 23:15", contact(), "2026-03-03 08:00", Moved.QUIET),
        ("2026-03-02 07:59", contact(), "2026-03-02 08:00", Moved.QUIET),
        ("2026-12-25 10:00", contact(), "2026-12-27 08:00", Moved.BANK_HOLIDAY),
        ("2026-03-02 10:00", contact(hours=(Window(WEEKEND, 0, DAY),)), "2026-03-07 08:00", Moved.THEIR_HOURS),
        ("2026-03-02 10:00", contact(avoid=(Window(WEEKDAYS, 0, DAY),)), "2026-03-07 08:00", Moved.TO_AVOID),
        ("2026-03-02 10:00", contact(is_young=True), "2026-03-02 16:00", Moved.SCHOOL_DAY),
        ("2029-03-05 10:00", contact(is_young=True), "2029-03-05 16:00", Moved.SCHOOL_NOT_KNOWN),
        ("2026-12-22 10:00", contact(is_young=True), "2026-12-22 10:00", Moved.AS_WANTED),
        ("2026-03-02 19:57", contact(), "2026-03-03 08:00", Moved.ENDING),
    ],
)
def test_what_moves_a_time_is_said(wanted: str, who: SafeContact, then: str, reason: Moved) -> None:
    """A worker who asks why it did not go yet is told."""
    found = planned(wanted, who)
    assert when(found) == then
    assert reason in why(found)


def test_a_young_person_who_chose_school_hours_is_reached_in_them() -> None:
    """It may be the only time without somebody beside them; in the holidays it is no time at all."""
    who = said(audience="young_person", safe_times=["school_hours"])
    assert when(planned("2026-03-02 07:00", who)) == "2026-03-02 09:00"
    assert when(planned("2026-12-22 10:00", who)) == "2027-01-04 09:00"
    not_known = planned("2029-03-05 10:00", who)
    assert isinstance(not_known, ForWorker)
    assert Moved.SCHOOL_NOT_KNOWN in why(not_known)


def test_five_minutes_a_day_are_a_workers_to_keep() -> None:
    """ "Only 3 to 3.05": nothing a machine does is on time to the minute every time."""
    found = planned("2026-03-02 10:00", said(safe_times=typed("only 3 to 3.05")))
    assert isinstance(found, ForWorker)
    assert found.why is Held.TOO_SHORT
    assert found.by == at("2026-03-02 10:00")
    longer = planned("2026-03-02 10:00", said(safe_times=typed("only 3 to 3.30")))
    assert when(longer) == "2026-03-02 15:00"


@pytest.mark.parametrize(
    ("who", "held"),
    [
        (NOT_KNOWN, Held.NOT_ASKED),
        (said(safe_contact_methods=["none_is_safe"]), Held.NONE_SAFE),
        (said(safe_contact_methods=["call_mobile"]), Held.WAY_NOT_SAFE),
        (said(safe_times=typed("when he is out")), Held.TIMES_NOT_READ),
        (said(safe_times=["only_when_i_say"]), Held.ONLY_WHEN_THEY_SAY),
        (said(safe_times=None), Held.TIMES_NOT_KNOWN),
        (said(unsafe_times_or_people="my dad reads everything"), Held.TO_AVOID_NOT_READ),
        (contact(hours=(Window(EVERY_DAY, 0, 7 * 60),)), Held.NO_SAFE_TIME),
    ],
)
def test_what_is_not_safe_or_not_known_is_a_workers_in_working_time(who: SafeContact, held: Held) -> None:
    """Never a message in the hope that it is all right."""
    found = planned("2026-03-07 10:00", who)
    assert isinstance(found, ForWorker)
    assert found.why is held
    assert found.reasons[0].code is held
    assert found.by == at("2026-03-09 08:30"), "Saturday: the team is in on Monday"


def test_a_promise_that_cannot_be_kept_in_time_is_a_workers_before_it_is_broken() -> None:
    """To be told by five, and safe in the evening only."""
    who = contact(hours=(Window(WEEKDAYS, 17 * 60, 20 * 60),))
    found = planned("2026-03-02 10:00", who, latest="2026-03-02 16:00")
    assert isinstance(found, ForWorker)
    assert found.why is Held.TOO_LATE
    assert found.by == at("2026-03-02 10:00")
    night = planned("2026-03-02 18:00", NOT_KNOWN, latest="2026-03-02 19:00")
    assert isinstance(night, ForWorker)
    assert night.by == at("2026-03-02 19:00"), "the next working morning is past the promise"


def test_what_is_late_goes_at_the_next_safe_time_and_says_so() -> None:
    """The machine slept for a day, and nobody is woken for it."""
    found = planned("2026-03-01 10:00", contact(), now="2026-03-02 03:00")
    assert when(found) == "2026-03-02 08:00"
    assert why(found) == [Moved.WAS_LATE, Moved.QUIET]


def test_safe_hours_are_hours_on_the_wall_on_both_nights_of_changing_clocks() -> None:
    """From one to half past one in the morning: twice, with half an hour between, and in March not at all."""
    who = contact(hours=(Window(EVERY_DAY, 60, 90),))
    first = planned("2026-10-25 00:30", who, contacting=NO_NIGHT)
    assert isinstance(first, Planned)
    assert first.at == datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    assert first.until == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    cal = calendar(contacting=NO_NIGHT)
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    again = plan(between, contact=who, way=Way.CHAT, calendar=cal, now=between)
    assert isinstance(again, Planned)
    assert again.at == datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    spring = planned("2027-03-28 00:30", who, contacting={**NO_NIGHT, "on_bank_holidays": True})
    assert when(spring) == "2027-03-29 01:00"


def test_just_before_it_goes_it_is_asked_again() -> None:
    """What was safe when it was planned may not be safe now (FD17)."""
    cal, noon = calendar(), at("2026-03-02 12:00")
    assert why_not_now(contact(), Way.CHAT, cal, noon) is None
    for who, code in (
        (said(safe_contact_methods=["none_is_safe"]), Held.NONE_SAFE),
        (contact(is_young=True), Moved.SCHOOL_DAY),
        (contact(ways=frozenset({Way.MOBILE})), Held.WAY_NOT_SAFE),
    ):
        reason = why_not_now(who, Way.CHAT, cal, noon)
        assert reason is not None
        assert reason.code is code


def test_every_code_has_words() -> None:
    """A reason nobody can read is none."""
    wording = load_wording()
    for codes in (Moved, Held, Lost):
        for code in codes:
            assert words_id(code) in wording, code


def test_a_school_day_that_nobody_wrote_down_is_not_known() -> None:
    """Both a child at school and a child at home have to be safe from it."""
    cal = calendar()
    assert cal.school_day(at("2026-03-02 12:00").date()) is SchoolDay.YES
    assert cal.school_day(at("2026-03-01 12:00").date()) is SchoolDay.NO
    assert cal.school_day(at("2026-12-25 12:00").date()) is SchoolDay.NO
    assert cal.school_day(at("2026-12-31 12:00").date()) is SchoolDay.NO
    assert cal.school_day(at("2029-03-05 12:00").date()) is SchoolDay.NOT_KNOWN


# -- for any settings, any safe hours and any day -------------------------------------------------------------

_near_a_change = st.sampled_from([CLOCKS_BACK, CLOCKS_FORWARD, at("2026-12-24 12:00"), at("2026-02-27 12:00")])
instants = st.builds(
    lambda start, minutes: start + timedelta(minutes=minutes), _near_a_change, st.integers(-4 * DAY, 4 * DAY)
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    shortest = draw(st.integers(2, 90))
    contacting = {
        "quiet": {"from": draw(times), "until": draw(times)},
        "on_bank_holidays": draw(st.booleans()),
        "shortest_minutes": shortest,
        "before_end_minutes": draw(st.integers(0, shortest - 1)),
        "look_ahead_days": draw(st.integers(1, 10)),
    }
    return calendar(contacting=contacting)


def is_safe(cal: Calendar, who: SafeContact, instant: datetime) -> bool:
    """Say it again in the plainest way there is, from the clock on the wall alone."""
    local = instant.astimezone(LONDON)
    minute, settings_ = local.hour * 60 + local.minute, cal.contacting
    quiet, until = settings_.quiet.from_, settings_.quiet.until
    clock = local.time()
    if (quiet <= clock < until) if quiet <= until else (clock >= quiet or clock < until):
        return False
    holiday = bool(cal.working_time.bank_holiday(local.date()))
    if holiday and not settings_.on_bank_holidays:
        return False
    off = any(h.from_ <= local.date() <= h.until for h in settings_.school.holidays)
    school = local.weekday() < 5 and not holiday and not off
    if who.is_young and not who.may_ring_in_school and school and 8 * 60 <= minute < 16 * 60:
        return False

    def inside(windows: tuple[Window, ...]) -> bool:
        return any(
            local.weekday() in w.days and w.from_ <= minute < w.until and (school or not w.on_school_days)
            for w in windows
        )

    return who.hours is not None and inside(who.hours) and not inside(who.avoid)


@settings(max_examples=250, deadline=None)
@given(calendars(), contacts, instants, instants, st.one_of(st.none(), instants), st.sampled_from(Way))
def test_a_planned_time_is_safe_and_stays_or_a_worker_has_it(
    cal: Calendar, who: SafeContact, wanted: datetime, now: datetime, latest: datetime | None, way: Way
) -> None:
    """The promise of the whole module."""
    found = plan(wanted, contact=who, way=way, calendar=cal, now=now, latest=latest)
    if isinstance(found, ForWorker):
        assert found.by >= now
        assert found.reasons
        return
    assert way in who.ways
    assert found.at >= max(wanted, now), "never before the promise, never in the past"
    assert latest is None or found.at <= latest
    for minutes in (0, cal.contacting.before_end_minutes):
        later = found.at + timedelta(minutes=minutes)
        assert later == found.until or is_safe(cal, who, later)
    assert found.reasons
    for then in (found.at, now):
        again = plan(found.at, contact=who, way=way, calendar=cal, now=then, latest=latest)
        assert isinstance(again, Planned)
        assert (again.at, again.until) == (found.at, found.until), "stable under re-planning"
    assert why_not_now(who, way, cal, found.at) is None


@settings(max_examples=120, deadline=None)
@given(calendars(), contacts.filter(lambda who: who.hours is not None), instants)
def test_no_earlier_time_would_have_done(cal: Calendar, who: SafeContact, wanted: datetime) -> None:
    """A promise is not put off for nothing, and nothing is given to a worker that could have gone."""
    who = contact(hours=who.hours, avoid=who.avoid, is_young=who.is_young)
    found = plan(wanted, contact=who, way=Way.CHAT, calendar=cal, now=wanted)
    looked_at = timedelta(days=min(2, cal.contacting.look_ahead_days))
    until = found.at if isinstance(found, Planned) else wanted + looked_at
    until = min(until, wanted + looked_at - timedelta(minutes=cal.contacting.shortest_minutes))
    room = 0
    instant = wanted
    while instant < until:
        room = room + 1 if is_safe(cal, who, instant) else 0
        assert room <= cal.contacting.shortest_minutes + cal.contacting.before_end_minutes
        instant += timedelta(minutes=1)


@settings(max_examples=60, deadline=None)
@given(calendars(), contacts, instants)
def test_stretches_cover_the_time_and_each_is_one_thing(cal: Calendar, who: SafeContact, since: datetime) -> None:
    """A gap would be a time nobody looked at, the hour that comes twice among them."""
    until = since + timedelta(days=2)
    found = list(cal.stretches(who, since, until))
    assert found[0][0].starts_at == since
    assert found[-1][0].ends_at == until
    assert all(a[0].ends_at == b[0].starts_at and a[1] is not b[1] for a, b in pairwise(found))
    for span, reason in found:
        for instant in (span.starts_at, span.ends_at - timedelta(seconds=1)):
            assert cal.why_not(who, instant) is reason
            assert is_safe(cal, who, instant) is (reason is None)

"""When the team is in, and when something is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.working_time import WorkingTime, bank_holidays
from flows.area import Nation
from tests.app.rota_builders import at, working_time

ENGLAND_2026 = [
    "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25",
    "2026-12-28",
]  # fmt: skip
ENGLAND_2027 = [
    "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30", "2027-12-27",
    "2027-12-28",
]  # fmt: skip
instants = st.datetimes(
    min_value=datetime(2026, 1, 1),
    max_value=datetime(2027, 12, 31),
    timezones=st.just(UTC),
)
few = settings(max_examples=40, deadline=None)


def weekdays(nation: Nation, year: int) -> list[str]:
    return [day.isoformat() for day in sorted(bank_holidays(nation, year)) if day.weekday() < 5]


def test_england_and_wales_keep_these_bank_holidays() -> None:
    """As the government lists them. Boxing Day 2026 is a Saturday, and Monday 28 December is kept for it."""
    for nation in (Nation.ENGLAND, Nation.WALES):
        assert weekdays(nation, 2026) == ENGLAND_2026
        assert weekdays(nation, 2027) == ENGLAND_2027


def test_scotland_and_northern_ireland_keep_their_own() -> None:
    """A clock that runs through 30 November in Glasgow, or 12 July in Derry, is a day short."""
    scotland, ireland = weekdays(Nation.SCOTLAND, 2026), weekdays(Nation.NORTHERN_IRELAND, 2026)
    assert {"2026-01-02", "2026-08-03", "2026-11-30"} <= set(scotland)
    assert not {"2026-04-06", "2026-08-31"} & set(scotland)
    assert {"2026-03-17", "2026-04-06", "2026-07-13", "2026-08-31"} <= set(ireland)
    assert "2027-01-04" in weekdays(Nation.SCOTLAND, 2027), "2 January 2027 is a Saturday"
    assert "2027-07-12" in weekdays(Nation.NORTHERN_IRELAND, 2027)
    for nation in Nation:
        assert {"2026-12-25", "2026-12-28"} <= set(weekdays(nation, 2026))


def test_one_working_day_from_christmas_eve_goes_over_the_holidays_and_says_so() -> None:
    """Thursday 24 December 2026, 11am: Friday, the weekend and Monday do not count."""
    due = working_time().add_days(at("2026-12-24 11:00"), 1)
    assert due.at == at("2026-12-29 11:00")
    assert "Friday 25 December 2026 is a bank holiday: Christmas Day" in due.reasons
    assert "Monday 28 December 2026 is a bank holiday: Boxing Day (substitute day)" in due.reasons


def test_a_closed_day_is_a_working_day_by_law_unless_the_area_says_otherwise() -> None:
    """An office that shuts between the years may not put off a decision by shutting."""
    closed = {"closed_on": ["2026-12-29"]}
    by_law = working_time(**closed).add_days(at("2026-12-24 11:00"), 1)
    assert by_law.at == at("2026-12-29 11:00")
    assert any("a working day by law all the same" in reason for reason in by_law.reasons)
    put_off = working_time(**closed, closed_days_count=False).add_days(at("2026-12-24 11:00"), 1)
    assert put_off.at == at("2026-12-30 11:00")
    assert not working_time(**closed).is_open(at("2026-12-29 11:00")), "nobody is in all the same"


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-03-02 10:00", 1, "2026-03-03 10:00"),
        ("2026-03-06 10:00", 1, "2026-03-09 10:00"),
        ("2026-03-05 16:45", 1, "2026-03-06 16:30"),  # on Fridays the team goes at 16:30
        ("2026-03-06 18:00", 1, "2026-03-10 08:30"),  # Friday night counts from Monday
        ("2026-03-07 12:00", 1, "2026-03-10 08:30"),
        ("2026-03-02 03:00", 1, "2026-03-03 08:30"),
        ("2026-03-02 10:00", 0, "2026-03-02 17:00"),
        ("2026-03-02 18:00", 0, "2026-03-03 17:00"),
        ("2026-03-27 10:00", 1, "2026-03-30 10:00"),  # over the night the clocks go forward
        ("2026-10-23 10:00", 1, "2026-10-26 10:00"),  # and the night they go back
    ],
)
def test_working_days_keep_the_time_of_day_within_the_hours(received: str, days: int, due: str) -> None:
    """What a manager means by *one working day*."""
    assert working_time().add_days(at(received), days).at == at(due)


@pytest.mark.parametrize(
    ("received", "hours", "due"),
    [
        ("2026-03-02 10:00", 4, "2026-03-02 14:00"),
        ("2026-03-02 15:00", 4, "2026-03-03 10:30"),
        ("2026-03-06 15:00", 4, "2026-03-09 11:00"),
        ("2026-03-07 15:00", 4, "2026-03-09 12:30"),
        ("2026-12-24 16:00", 4, "2026-12-29 11:30"),
        ("2026-03-02 13:00", 4, "2026-03-02 17:00"),
    ],
)
def test_working_hours_run_only_while_the_team_is_in(received: str, hours: int, due: str) -> None:
    """FD09: four working hours to the first human contact."""
    assert working_time().add_hours(at(received), timedelta(hours=hours)).at == at(due)


def test_a_half_day_ends_early_and_says_so() -> None:
    """Christmas Eve at half past twelve is closed, whatever Thursdays are."""
    half = working_time(half_days={"2026-12-24": "12:30"})
    assert half.is_open(at("2026-12-24 12:29"))
    assert not half.is_open(at("2026-12-24 12:30"))
    due = half.add_hours(at("2026-12-24 11:30"), timedelta(hours=4))
    assert due.at == at("2026-12-29 11:30")
    assert due.reasons[0] == "Thursday 24 December 2026 is a half day: the team goes at 12:30"


def test_an_area_may_be_in_on_bank_holidays() -> None:
    """Plymouth is, from 9am to 5pm; the working days of the law stay as they are."""
    open_then = working_time(bank_holiday_hours=[{"from": "09:00", "until": "17:00"}])
    assert open_then.is_open(at("2026-12-25 10:00"))
    assert not working_time().is_open(at("2026-12-25 10:00"))
    assert not open_then.is_working_day(date(2026, 12, 25))


def test_the_night_the_clocks_go_back_is_an_hour_longer() -> None:
    """25 October 2026: 01:30 comes twice, and a night shift from 22:00 to 08:00 is eleven hours."""
    nights = working_time(hours={"saturday": [{"from": "22:00", "until": "00:00"}],
                                 "sunday": [{"from": "00:00", "until": "08:00"}]})  # fmt: skip
    spans = nights.spans(at("2026-10-24 12:00"), at("2026-10-25 12:00"))
    assert sum((s.ends_at - s.starts_at for s in spans), timedelta()) == timedelta(hours=11)
    due = nights.add_hours(at("2026-10-24 22:00"), timedelta(hours=10))
    assert due.at == at("2026-10-25 07:00")


def test_the_night_the_clocks_go_forward_is_an_hour_shorter() -> None:
    """29 March 2026: there is no 01:30."""
    nights = working_time(hours={"sunday": [{"from": "00:00", "until": "08:00"}]})
    [span] = nights.spans(at("2026-03-28 12:00"), at("2026-03-29 12:00"))
    assert span.ends_at - span.starts_at == timedelta(hours=7)
    assert nights.add_hours(span.starts_at, timedelta(hours=2)).at == at("2026-03-29 03:00")


def test_hours_inside_the_hour_that_comes_twice_are_open_both_times() -> None:
    """Who comes for an hour that lasts two finds somebody in throughout."""
    odd = working_time(hours={"sunday": [{"from": "01:15", "until": "01:45"}]})
    [span] = odd.spans(at("2026-10-24 12:00"), at("2026-10-25 12:00"))
    assert span.ends_at - span.starts_at == timedelta(minutes=90)


def test_an_area_without_hours_counts_by_the_clock() -> None:
    """A setting left out must not leave anything without a due time."""
    never = working_time(hours={})
    received = at("2026-03-02 10:00")
    due = never.add_hours(received, timedelta(hours=4))
    assert due.at == received + timedelta(hours=4)
    assert due.reasons == ("the area has no working hours, so it is counted by the clock",)
    assert never.opens_next(received) is None
    assert never.add_days(received, 1).at == at("2026-03-03 10:00")


def test_hours_that_overlap_are_counted_once() -> None:
    """An area that writes its lunch cover over its hours does not get eleven hours out of eight."""
    double = working_time(
        hours={"monday": [{"from": "09:00", "until": "13:00"}, {"from": "12:00", "until": "17:00"}]}
    )
    [span] = double.spans(at("2026-03-02 00:00"), at("2026-03-03 00:00"))
    assert (span.starts_at, span.ends_at) == (at("2026-03-02 09:00"), at("2026-03-02 17:00"))


@few
@given(received=instants, hours=st.integers(min_value=0, max_value=60))
def test_working_hours_are_the_time_the_team_was_in(received: datetime, hours: int) -> None:
    """Whatever the hour, the holiday and the clock change: no more, no less, and never before it came."""
    reckoner = WORKING_TIME
    due = reckoner.add_hours(received, timedelta(hours=hours)).at
    assert due >= received
    spent = sum((s.ends_at - s.starts_at for s in reckoner.spans(received, due)), timedelta())
    assert spent == timedelta(hours=hours)


@few
@given(received=instants, days=st.integers(min_value=0, max_value=20))
def test_due_days_are_working_days_within_hours(received: datetime, days: int) -> None:
    """Nothing is due on a day that does not count, nor sooner than it came, nor sooner for more days."""
    reckoner = WORKING_TIME
    due = reckoner.add_days(received, days).at
    assert due >= received
    assert reckoner.is_working_day(reckoner.date_of(due - timedelta(microseconds=1)))
    assert due <= reckoner.add_days(received, days + 1).at


@few
@given(since=instants, length=st.integers(min_value=1, max_value=20 * 24))
def test_open_and_closed_make_up_the_whole_time(since: datetime, length: int) -> None:
    """An instant is in one or the other, or the out-of-hours team and the day team would both leave it."""
    reckoner = WORKING_TIME
    until = since + timedelta(hours=length)
    spans = sorted(
        [*reckoner.spans(since, until), *reckoner.spans_closed(since, until)], key=lambda s: s.starts_at
    )
    assert spans[0].starts_at == since
    assert spans[-1].ends_at == until
    assert all(a.ends_at == b.starts_at for a, b in pairwise(spans))
    for span in spans:
        assert reckoner.is_open(span.starts_at) == (span in reckoner.spans(since, until))


@few
@given(now=instants)
def test_opening_and_closing_come_next(now: datetime) -> None:
    """What people are told of when somebody is in next has to be so."""
    reckoner = WORKING_TIME
    opens_at, closes_at = reckoner.opens_next(now), reckoner.closes_next(now)
    assert opens_at is not None
    assert closes_at is not None
    assert opens_at > now
    assert reckoner.is_open(opens_at)
    assert not reckoner.is_open(closes_at)
    assert reckoner.is_open(now) == (closes_at < opens_at)


WORKING_TIME: WorkingTime = working_time(
    half_days={"2026-12-24": "12:30"}, closed_on=["2026-12-29"], nation="northern_ireland"
)

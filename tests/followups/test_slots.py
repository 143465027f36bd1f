"""Times to be rung at that the rota can really keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.followups.planning import Calendar
from bot.followups.reasons import Held, Lost
from bot.followups.safe_contact import CALLS, SafeContact, Way
from bot.followups.slots import Booked, CannotKeep, Kept, NoCalls, Slot, Slots, instant_asked_for, offered
from bot.followups.windows import DAY, EVERY_DAY, WEEKDAYS, Window
from bot.rota import Rota
from storage.duty_workers import DutyWorkerRecord, Role
from storage.shifts import ShiftKind, ShiftRecord
from tests.app.rota_builders import LONDON, at, shift, worker
from tests.followups.contacts import calendar, contact, contacts, said, typed

ALEX, BEA, CHI = worker("Alex"), worker("Bea"), worker("Chi")
EVERYONE = (ALEX, BEA, CHI)
AROUND_THE_CLOCK = {
    day: [{"from": "00:00", "until": "00:00"}]
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}
NO_NIGHT = {"quiet": {"from": "00:00", "until": "00:00"}}
MONDAY = "2026-03-02 08:00"


def on(who: DutyWorkerRecord, starts: str, ends: str, **more: Any) -> ShiftRecord:
    return shift(who, starts, ends, **more)


ALL_WEEK = (on(ALEX, "2026-03-02 08:30", "2026-03-02 17:00"), on(BEA, "2026-03-03 08:30", "2026-03-03 17:00"))


def slots(
    *shifts: ShiftRecord,
    now: str = MONDAY,
    booked: Sequence[Booked] = (),
    cal: Calendar | None = None,
    **settings_: Any,
) -> Slots:
    cal = cal or calendar(call_backs=settings_)
    rota = Rota(shifts, EVERYONE, cal.working_time)
    return Slots(calendar=cal, rota=rota, booked=booked, now=at(now))


def booked(starts: str, who: DutyWorkerRecord | None = None, *, minutes: int = 30, key: str = "") -> Booked:
    starts_at = at(starts)
    ends_at = starts_at + timedelta(minutes=minutes)
    return Booked(key or f"{starts} {who.name if who else ''}", starts_at, ends_at, who.id if who else None)


def unsafe(starts: str, who: DutyWorkerRecord) -> Booked:
    """One whose way they have taken back since."""
    return replace(booked(starts, who), way=Way.MOBILE, contact=contact(ways=frozenset({Way.CHAT})))


def free(of: Slots, who: SafeContact | None = None) -> list[str]:
    found = of.free(who or contact())
    assert isinstance(found, list)
    return [f"{slot.starts_at.astimezone(LONDON):%a %H:%M}" for slot in found]


def still(of: Slots, one: Booked) -> Kept:
    """Whether one that stands can be kept."""
    [kept] = [each.kept for each in of.standing() if each.booked == one]
    return kept


def lost(kept: Kept) -> Lost:
    assert isinstance(kept, CannotKeep), kept
    return kept.why


def whose(kept: Kept) -> str:
    assert isinstance(kept, Slot), kept
    return kept.worker_id


def test_times_are_those_of_somebody_on_duty_in_working_hours() -> None:
    """A time is offered when somebody is there to keep it, from an hour from now."""
    short = on(ALEX, "2026-03-02 07:00", "2026-03-02 10:45")
    assert free(slots(short)) == ["Mon 09:00", "Mon 09:30", "Mon 10:00"]
    assert free(slots(short, lead_minutes=0)) == ["Mon 08:30", "Mon 09:00", "Mon 09:30", "Mon 10:00"]
    assert free(slots(short, slot_minutes=45)) == ["Mon 09:00", "Mon 09:45"]
    assert free(slots()) == []


def test_a_time_that_two_share_between_them_is_nobodys() -> None:
    """One goes at ten to ten, the other comes: neither can keep half past nine."""
    both = (on(ALEX, "2026-03-02 08:30", "2026-03-02 09:50"), on(BEA, "2026-03-02 09:50", "2026-03-02 11:00"))
    assert free(slots(*both)) == ["Mon 09:00", "Mon 10:00", "Mon 10:30"]


def test_who_is_absent_is_not_offered_and_who_covers_is() -> None:
    """The rota's own rules."""
    shifts = [
        on(ALEX, "2026-03-02 08:30", "2026-03-02 10:30"),
        on(ALEX, "2026-03-02 09:30", "2026-03-02 10:30", kind=ShiftKind.ABSENCE, role=None),
    ]
    assert free(slots(*shifts)) == ["Mon 09:00"]
    shifts.append(on(BEA, "2026-03-02 09:30", "2026-03-02 10:30", kind=ShiftKind.COVER))
    assert free(slots(*shifts)) == ["Mon 09:00", "Mon 09:30", "Mon 10:00"]


def test_only_times_inside_their_safe_hours_are_offered() -> None:
    """And what we could not read of them is theirs to choose."""
    who = said(safe_times=typed("weekday mornings after 9.30"), unsafe_times_or_people="tuesdays")
    assert free(slots(*ALL_WEEK), who) == ["Mon 09:30", "Mon 10:00", "Mon 10:30", "Mon 11:00", "Mon 11:30"]
    unread = said(safe_times=typed("when he is out"))
    assert "Mon 14:00" in free(slots(*ALL_WEEK), unread)
    young = contact(is_young=True)
    assert free(slots(*ALL_WEEK), young) == ["Mon 16:00", "Mon 16:30", "Tue 16:00", "Tue 16:30"]


def test_five_minutes_are_not_enough_for_a_call() -> None:
    """ "Only 3 to 3.05": no time can be offered, and a worker has to think."""
    assert free(slots(*ALL_WEEK), said(safe_times=typed("only 3 to 3.05"))) == []


@pytest.mark.parametrize(
    ("who", "held"),
    [
        (said(safe_contact_methods=["none_is_safe"]), Held.NONE_SAFE),
        (said(safe_contact_methods=["reply_in_this_chat"]), Held.NO_CALLS),
        (said(safe_contact_methods=None), Held.NOT_ASKED),
        (said(communication_needs=["text_only_no_calls"]), Held.NO_CALLS),
    ],
)
def test_who_is_not_to_be_rung_is_offered_no_time(who: SafeContact, held: Held) -> None:
    """A time offered is a promise to ring."""
    assert slots(*ALL_WEEK).free(who) == NoCalls(held)


def test_a_taken_time_is_not_offered_again() -> None:
    """Two people in one worker's half hour: one of them waits for nothing."""
    taken = booked("2026-03-02 09:30", ALEX)
    assert "Mon 09:30" not in free(slots(*ALL_WEEK, booked=[taken]))
    assert "Mon 09:00" in free(slots(*ALL_WEEK, booked=[taken]))
    straddles = booked("2026-03-02 09:15", ALEX)
    assert free(slots(*ALL_WEEK, booked=[straddles]))[0] == "Mon 10:00"
    assert "Mon 09:30" in free(slots(*ALL_WEEK, booked=[taken], calls_at_once=2))
    assert lost(slots(*ALL_WEEK, booked=[taken]).can_book(at("2026-03-02 09:30"), contact())) is Lost.FULL


def test_what_is_booked_with_nobody_takes_room_too() -> None:
    """Somebody will have to keep it, whoever that is."""
    for nobodys in (booked("2026-03-02 09:30"), booked("2026-03-02 09:30", CHI)):
        assert "Mon 09:30" not in free(slots(*ALL_WEEK, booked=[nobodys]))


def test_workers_may_be_kept_free_of_calls() -> None:
    """Somebody has to be there for danger. What was promised is kept all the same."""
    both = (on(ALEX, "2026-03-02 09:00", "2026-03-02 10:00"), on(BEA, "2026-03-02 09:30", "2026-03-02 10:00"))
    assert free(slots(*both, kept_free=1)) == ["Mon 09:30"]
    taken = booked("2026-03-02 09:30", ALEX)
    assert free(slots(*both, kept_free=1, booked=[taken])) == []
    alone = booked("2026-03-02 09:00", ALEX)
    assert whose(still(slots(*both, kept_free=1, booked=[alone]), alone)) == ALEX.id


def test_the_one_with_least_to_do_that_day_has_it_unless_another_is_preferred() -> None:
    """Fair, and better with somebody they know."""
    both = (on(ALEX, "2026-03-02 09:00", "2026-03-02 12:00"), on(BEA, "2026-03-02 09:00", "2026-03-02 12:00"))
    of = slots(*both, booked=[booked("2026-03-02 09:00", ALEX)])
    assert whose(of.can_book(at("2026-03-02 10:00"), contact())) == BEA.id
    assert whose(of.can_book(at("2026-03-02 10:00"), contact(), prefer=ALEX.id)) == ALEX.id
    assert whose(of.can_book(at("2026-03-02 09:00"), contact(), prefer=ALEX.id)) == BEA.id


def test_an_interpreter_takes_longer_to_find() -> None:
    """The soonest time is one at which there can be one."""
    assert free(slots(*ALL_WEEK), contact(needs_interpreter=True))[0] == "Tue 08:30"


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ("2026-12-18 09:00", Lost.PAST),
        ("2026-12-21 07:00", Lost.PAST),
        ("2026-12-21 08:30", Lost.TOO_SOON),
        ("2026-12-24 12:30", Lost.SHUT),  # a half day
        ("2026-12-25 10:00", Lost.BANK_HOLIDAY),
        ("2026-12-27 10:00", Lost.SHUT),  # a Sunday
        ("2026-12-28 10:00", Lost.BANK_HOLIDAY),
        ("2026-12-22 01:30", Lost.SHUT),
        ("2026-12-22 16:45", Lost.SHUT),  # ends after five
        ("2026-12-23 10:00", Lost.NOBODY_IN),
        ("2026-12-29 10:00", Lost.TOO_FAR),
        ("2026-12-22 12:00", Lost.NOT_SAFE_THEN),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_its_reason(when: str, why: Lost) -> None:
    """In the past, on Christmas Day, at night, with nobody in."""
    cal = calendar(half_days={"2026-12-24": "12:30"}, call_backs={})
    on_duty = [
        on(ALEX, "2026-12-20 00:00", "2026-12-23 00:00"),
        on(ALEX, "2026-12-24 00:00", "2026-12-30 00:00"),
    ]
    of = slots(*on_duty, now="2026-12-21 08:00", cal=cal)
    who = contact(avoid=(Window(WEEKDAYS, 12 * 60, 12 * 60 + 15),))
    assert lost(of.can_book(at(when), who)) is why


def test_nobody_is_rung_back_on_a_bank_holiday_even_with_a_team_in() -> None:
    """Those who are in are there for danger."""
    cal = calendar(bank_holiday_hours=[{"from": "09:00", "until": "17:00"}])
    of = slots(on(ALEX, "2026-12-24 00:00", "2026-12-30 00:00"), now="2026-12-24 08:00", cal=cal)
    assert {when.split()[0] for when in free(of)} == {"Thu", "Tue", "Wed"} - {"Wed"}


def test_half_past_one_on_the_night_the_clocks_go_back_is_not_offered() -> None:
    """It comes twice, and somebody would wait an hour for a call that has been."""
    cal = calendar(hours=AROUND_THE_CLOCK, contacting=NO_NIGHT, call_backs={"lead_minutes": 0})
    of = slots(on(ALEX, "2026-10-24 00:00", "2026-10-27 00:00"), now="2026-10-25 00:00", cal=cal)
    found = of.free(contact())
    assert isinstance(found, list)
    assert [f"{slot.starts_at:%H:%M}" for slot in found[:4]] == ["23:30", "02:00", "02:30", "03:00"]
    for first in (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)):
        assert lost(of.can_book(first, contact())) is Lost.TWICE
    assert all(one.ends_at <= two.starts_at for one, two in pairwise(found))


def test_the_hour_that_is_not_there_in_spring_is_offered_once_as_the_next() -> None:
    """01:30 that night would be read as 02:30, which is there already."""
    cal = calendar(hours=AROUND_THE_CLOCK, contacting=NO_NIGHT, call_backs={"lead_minutes": 0})
    of = slots(on(ALEX, "2027-03-30 00:00", "2027-03-31 00:00"), now="2027-03-30 00:00", cal=cal)
    assert free(of)[:3] == ["Tue 00:30", "Tue 01:00", "Tue 01:30"]
    of = slots(on(ALEX, "2027-03-28 00:00", "2027-03-28 06:00"), now="2027-03-28 00:00", cal=cal)
    assert free(of)[:4] == ["Sun 00:30", "Sun 02:00", "Sun 02:30", "Sun 03:00"]


def test_a_time_asked_for_by_the_clock_on_the_wall_is_one_instant_or_none() -> None:
    """Nobody is made to guess which half past one was meant."""
    cal, now = calendar(), at("2026-10-24 12:00")
    back, forward = datetime(2026, 10, 25, 1, 30), datetime(2027, 3, 28, 1, 30)
    assert instant_asked_for(back, cal, now) == CannotKeep(Lost.TWICE)
    assert instant_asked_for(forward, cal, now) == CannotKeep(Lost.NEVER)
    assert instant_asked_for(datetime(2026, 10, 24, 11, 59), cal, now) == CannotKeep(Lost.PAST)
    assert instant_asked_for(datetime(2026, 10, 26, 9), cal, now) == datetime(2026, 10, 26, 9, tzinfo=UTC)


def test_a_rota_emptied_after_times_were_offered_says_so() -> None:
    """The person has a promise. Whoever emptied the rota does not know, and the desk is told."""
    promised = booked("2026-03-02 10:00", ALEX)
    assert whose(still(slots(*ALL_WEEK, booked=[promised]), promised)) == ALEX.id
    assert lost(still(slots(booked=[promised]), promised)) is Lost.NOBODY_IN
    assert lost(slots().can_book(at("2026-03-02 10:00"), contact())) is Lost.NOBODY_IN


def test_one_that_stands_moves_to_another_worker_where_its_own_has_gone() -> None:
    """The call is what was promised, by whoever is there."""
    promised = booked("2026-03-02 10:00", ALEX)
    [standing] = slots(on(BEA, "2026-03-02 08:30", "2026-03-02 17:00"), booked=[promised]).standing()
    assert whose(standing.kept) == BEA.id
    assert standing.has_moved


def test_what_stands_stays_with_its_own_worker_before_the_rest_is_given_out() -> None:
    """Otherwise one that has nobody takes the place of one that was safe, and both have to move."""
    first, second = booked("2026-03-02 10:00", CHI), booked("2026-03-02 10:00", ALEX)
    third = booked("2026-03-02 10:00", CHI, key="third")
    both = (on(ALEX, "2026-03-02 08:30", "2026-03-02 17:00"), on(BEA, "2026-03-02 08:30", "2026-03-02 17:00"))
    found = {each.booked.id: each.kept for each in slots(*both, booked=[first, second, third]).standing()}
    assert whose(found[second.id]) == ALEX.id
    assert whose(found[first.id]) == BEA.id
    assert lost(found["third"]) is Lost.FULL


def test_a_call_of_the_closed_queue_takes_no_room_of_the_duty_workers() -> None:
    """Only an officer for allegations may make it: whether one is there says nothing of who else can ring."""
    officers = replace(booked("2026-03-02 10:00", key="closed"), roles=(Role.LADO,))
    promised = booked("2026-03-02 10:00", ALEX)
    of = slots(*ALL_WEEK, booked=[officers, promised])
    assert lost(still(of, officers)) is Lost.NOBODY_IN
    assert whose(still(of, promised)) == ALEX.id
    assert "Mon 10:00" in free(slots(*ALL_WEEK, booked=[officers]))


def test_one_that_stands_is_asked_about_closures_too() -> None:
    """The office closes that day after all."""
    promised = booked("2026-03-02 10:00", ALEX)
    closed = calendar(closed_on=["2026-03-02"])
    assert lost(still(slots(*ALL_WEEK, booked=[promised], cal=closed), promised)) is Lost.SHUT
    over = slots(*ALL_WEEK, booked=[promised], now="2026-03-02 10:30")
    assert lost(still(over, promised)) is Lost.PAST


def test_a_few_are_offered_spread_over_the_days() -> None:
    """Six half hours of one morning are no choice for somebody at work."""
    of = slots(*ALL_WEEK)
    found = of.free(contact())
    assert isinstance(found, list)
    few = offered(found, 6, calendar())
    shown = [f"{slot.starts_at.astimezone(LONDON):%a %H:%M}" for slot in few]
    assert shown == ["Mon 09:00", "Mon 09:30", "Mon 12:00", "Mon 12:30", "Tue 08:30", "Tue 12:00"]
    assert offered(found, 2, calendar()) == [found[0], few[2]]
    assert offered([], 6, calendar()) == []


# -- for any rota, any hours and any people -------------------------------------------------------------------

_starts = st.sampled_from([at("2026-10-23 12:00"), at("2027-03-26 00:00"), at("2026-12-23 09:00"), at(MONDAY)])
_shifts = st.lists(
    st.tuples(
        st.sampled_from(EVERYONE),
        st.integers(-24, 8 * 24),
        st.integers(1, 40),
        st.sampled_from([ShiftKind.ON, ShiftKind.ON, ShiftKind.COVER, ShiftKind.ABSENCE]),
    ),
    max_size=14,
)


@st.composite
def days_at_work(draw: st.DrawFn) -> tuple[Calendar, Rota, datetime]:
    hours = draw(st.sampled_from([{}, {"hours": AROUND_THE_CLOCK, "contacting": NO_NIGHT}]))
    cal = calendar(
        **hours,
        closed_on=draw(st.sampled_from([[], ["2026-12-29", "2026-03-04"]])),
        half_days=draw(st.sampled_from([{}, {"2026-12-24": "12:30", "2026-10-26": "11:10"}])),
        bank_holiday_hours=draw(st.sampled_from([[], [{"from": "10:00", "until": "12:00"}]])),
        call_backs={
            "slot_minutes": draw(st.sampled_from([20, 30, 45, 60])),
            "lead_minutes": draw(st.integers(0, 180)),
            "days_ahead": draw(st.integers(1, 4)),
            "calls_at_once": draw(st.integers(1, 2)),
            "kept_free": draw(st.integers(0, 1)),
        },
    )
    start = draw(_starts)
    shifts = [
        shift(who, start + timedelta(hours=begins), start + timedelta(hours=begins + length), kind=kind)
        for who, begins, length, kind in draw(_shifts)
    ]
    now = start + timedelta(minutes=draw(st.integers(0, DAY)))
    return cal, Rota(shifts, EVERYONE, cal.working_time), now


@settings(max_examples=40, deadline=None)
@given(days_at_work(), contacts, st.data())
def test_every_time_offered_can_be_kept_and_none_is_given_twice(
    work: tuple[Calendar, Rota, datetime], who: SafeContact, data: st.DataObject
) -> None:
    """People book one after another until nothing is left; then the day is looked at hour by hour."""
    cal, rota, now = work
    given_out = list[Booked]()
    for number in range(12):
        of = Slots(calendar=cal, rota=rota, booked=given_out, now=now)
        found = of.free(who)
        if isinstance(found, NoCalls):
            assert not who.ways & CALLS
            return
        if not found:
            break
        slot = data.draw(st.sampled_from(found))
        given_out.append(Booked(str(number), slot.starts_at, slot.ends_at, slot.worker_id))
    settings_ = cal.area.call_backs
    for one in given_out:
        local = one.starts_at.astimezone(LONDON)
        assert one.starts_at >= now + timedelta(minutes=settings_.lead_minutes)
        assert one.ends_at - one.starts_at == timedelta(minutes=settings_.slot_minutes)
        assert not cal.working_time.bank_holiday(local.date())
        assert local.date() not in cal.area.closed_on
        assert local.utcoffset() == local.replace(fold=1).utcoffset(), "an hour that comes twice"
        minute = one.starts_at
        while minute < one.ends_at:
            assert cal.working_time.is_open(minute)
            assert one.worker_id in {each.id for each in rota.on_duty(Role.DUTY_WORKER, minute)}
            assert cal.why_not(who, minute, known_hours_only=False) is None
            at_once = [other.worker_id for other in given_out if other.starts_at <= minute < other.ends_at]
            assert at_once.count(one.worker_id) <= settings_.calls_at_once
            minute += timedelta(minutes=5)
    for standing in Slots(calendar=cal, rota=rota, booked=given_out, now=now).standing():
        assert isinstance(standing.kept, Slot)
        assert not standing.has_moved


@pytest.mark.parametrize(
    ("since", "unsafe"),
    [
        ({}, None),
        ({"hours": (Window(EVERY_DAY, 0, DAY),)}, None),
        ({"hours": (Window(EVERY_DAY, 14 * 60, 17 * 60),)}, Lost.NOT_SAFE_THEN),
        ({"avoid": (Window(EVERY_DAY, 9 * 60, 12 * 60),)}, Lost.NOT_SAFE_THEN),
        ({"ways": frozenset({Way.CHAT})}, Lost.NOT_SAFE_THEN),
        ({"ways": frozenset({Way.LANDLINE})}, Lost.NOT_SAFE_THEN),
    ],
)
def test_what_stands_is_asked_of_what_they_have_said_since(since: dict[str, Any], unsafe: Lost | None) -> None:
    """It was safe when they chose it. They may have told us more before we ring."""
    one = replace(booked("2026-03-02 10:00", ALEX), way=Way.MOBILE, contact=contact(**since))
    [standing] = slots(*ALL_WEEK, booked=[one]).standing()
    assert standing.unsafe is unsafe
    assert whose(standing.kept) == ALEX.id, "it stands until a worker decides"


def test_one_that_is_not_safe_any_more_still_goes_to_whoever_is_in() -> None:
    """Somebody has to decide about it: who is away does not."""
    one = unsafe("2026-03-02 10:00", ALEX)
    [standing] = slots(on(BEA, "2026-03-02 08:30", "2026-03-02 17:00"), booked=[one]).standing()
    assert whose(standing.kept) == BEA.id
    assert standing.has_moved
    assert standing.unsafe is Lost.NOT_SAFE_THEN


def test_one_that_is_not_safe_any_more_keeps_its_place() -> None:
    """It may turn out safe. Two calls at once of one worker are a promise that one of them is broken."""
    first, second = unsafe("2026-03-02 10:00", ALEX), booked("2026-03-02 10:00", BEA)
    of = slots(on(ALEX, "2026-03-02 08:30", "2026-03-02 17:00"), booked=[first, second])
    assert whose(still(of, first)) == ALEX.id
    assert lost(still(of, second)) is Lost.FULL


def test_one_that_is_over_is_not_asked_about() -> None:
    """Whether it was safe is what its worker records."""
    [standing] = slots(*ALL_WEEK, now="2026-03-02 11:00", booked=[unsafe("2026-03-02 10:00", ALEX)]).standing()
    assert lost(standing.kept) is Lost.PAST
    assert standing.unsafe is None


@settings(max_examples=40, deadline=None)
@given(
    days_at_work(), st.integers(1, 3), st.lists(st.tuples(st.integers(0, 200), st.integers(10, 70)), max_size=12)
)
def test_whatever_stands_is_given_to_nobody_twice(
    work: tuple[Calendar, Rota, datetime], number: int, pieces: list[tuple[int, int]]
) -> None:
    """After any change of the rota each call-back has one worker who is there, or is said to have none."""
    cal, rota, now = work
    many = [
        Booked(
            str(n),
            now + timedelta(minutes=15 * begins),
            now + timedelta(minutes=15 * begins + length),
            EVERYONE[n % 3].id if n % (number + 1) else None,
        )
        for n, (begins, length) in enumerate(pieces)
    ]
    found = Slots(calendar=cal, rota=rota, booked=many, now=now).standing()
    assert [each.booked for each in found] == sorted(many, key=lambda one: (one.starts_at, one.id))
    kept = [each.kept for each in found if isinstance(each.kept, Slot)]
    for slot in kept:
        on_duty = {each.id for each in rota.on_duty(Role.DUTY_WORKER, slot.starts_at)}
        assert slot.worker_id in on_duty
        together = [o for o in kept if o.starts_at <= slot.starts_at < o.ends_at and o.worker_id == slot.worker_id]
        assert len(together) <= cal.area.call_backs.calls_at_once
    nobody = contact(ways=frozenset())
    since = [replace(one, way=Way.MOBILE, contact=nobody if n % 2 else None) for n, one in enumerate(many)]
    again = Slots(calendar=cal, rota=rota, booked=since, now=now).standing()
    assert [each.kept for each in again] == [each.kept for each in found], "what is safe is not the rota's"


def test_every_way_to_call_is_a_way() -> None:
    """A call-back by text would be no call."""
    assert {Way.MOBILE, Way.LANDLINE, Way.WORK_PHONE} == CALLS

"""Who is on duty, and where nobody is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rota import MUST_BE_FILLED, ON_THE_ROTA, Rota
from bot.rota_drawing import WIDTH, draw
from storage.duty_workers import DutyWorkerRecord, Role
from storage.shifts import ShiftKind, ShiftRecord
from tests.app.rota_builders import at, shift, worker, working_time

ALEX, SAM, KIM = worker("Alex"), worker("Sam"), worker("Kim")
MANAGER = worker("Morgan", Role.MANAGER)
GONE = worker("Robin", disabled=True)
STAFF = [ALEX, SAM, KIM, MANAGER, GONE]
few = settings(max_examples=50, deadline=None)


def names(workers: tuple[DutyWorkerRecord, ...]) -> list[str]:
    return [each.name for each in workers]


def test_on_duty_from_the_first_instant_to_before_the_last() -> None:
    """At five o'clock the evening's worker is told, and not both or neither."""
    rota = Rota(
        [shift(ALEX, "2026-03-02 08:30", "2026-03-02 17:00"), shift(SAM, "2026-03-02 17:00", "2026-03-02 22:00")],
        STAFF,
    )
    assert names(rota.on_duty(Role.DUTY_WORKER, at("2026-03-02 08:29"))) == []
    assert names(rota.on_duty(Role.DUTY_WORKER, at("2026-03-02 08:30"))) == ["Alex"]
    assert names(rota.on_duty(Role.DUTY_WORKER, at("2026-03-02 17:00"))) == ["Sam"]
    assert rota.gaps(Role.DUTY_WORKER, at("2026-03-02 08:30"), at("2026-03-02 22:00")) == ()


def test_cover_stands_where_the_absent_would_have_stood() -> None:
    """The ladder asks the first and then the second: who covers for the first is the first."""
    rota = Rota(
        [
            shift(ALEX, "2026-03-02 08:00", "2026-03-02 17:00"),
            shift(SAM, "2026-03-02 08:30", "2026-03-02 17:00"),
            shift(ALEX, "2026-03-02 00:00", "2026-03-03 00:00", role=None, kind=ShiftKind.ABSENCE),
            shift(KIM, "2026-03-02 09:00", "2026-03-02 17:00", kind=ShiftKind.COVER),
        ],
        STAFF,
    )
    assert names(rota.on_duty(Role.DUTY_WORKER, at("2026-03-02 10:00"))) == ["Kim", "Sam"]
    assert names(rota.on_duty(Role.DUTY_WORKER, at("2026-03-02 08:45"))) == ["Sam"]
    assert names(rota.absent(Role.DUTY_WORKER, at("2026-03-02 10:00"))) == ["Alex"]


def test_absence_without_cover_is_a_gap() -> None:
    """It has to be seen a week before, and not when nobody answers."""
    rota = Rota(
        [
            shift(ALEX, "2026-03-02 08:30", "2026-03-02 17:00"),
            shift(ALEX, "2026-03-02 12:00", "2026-03-02 13:00", role=None, kind=ShiftKind.ABSENCE),
        ],
        STAFF,
        working_time(),
    )
    [gap] = rota.gaps(Role.DUTY_WORKER, at("2026-03-02 00:00"), at("2026-03-03 00:00"))
    assert (gap.starts_at, gap.ends_at) == (at("2026-03-02 12:00"), at("2026-03-02 13:00"))


def test_absence_from_one_role_leaves_the_other() -> None:
    """A worker lent to the manager's desk for a day is still a worker somewhere."""
    rota = Rota(
        [
            shift(MANAGER, "2026-03-02 08:30", "2026-03-02 17:00"),
            shift(MANAGER, "2026-03-02 08:30", "2026-03-02 17:00", role=Role.MANAGER),
            shift(MANAGER, "2026-03-02 08:30", "2026-03-02 17:00", kind=ShiftKind.ABSENCE),
        ],
        STAFF,
    )
    assert rota.on_duty(Role.DUTY_WORKER, at("2026-03-02 10:00")) == ()
    assert names(rota.on_duty(Role.MANAGER, at("2026-03-02 10:00"))) == ["Morgan"]
    assert rota.is_on_duty(MANAGER.id, at("2026-03-02 10:00"))


def test_who_has_two_shifts_at_once_is_told_once() -> None:
    """Two files may say the same."""
    rota = Rota(
        [shift(ALEX, "2026-03-02 08:30", "2026-03-02 17:00"), shift(ALEX, "2026-03-02 10:00", "2026-03-02 18:00")],
        STAFF,
    )
    assert names(rota.on_duty(Role.DUTY_WORKER, at("2026-03-02 11:00"))) == ["Alex"]


def test_disabled_unknown_and_not_allowed_are_never_on_duty() -> None:
    """An alert sent to somebody who has left is an alert sent to nobody."""
    stranger, auditor = worker("Stranger"), worker("Jo", Role.AUDITOR)
    day = ("2026-03-02 08:30", "2026-03-02 17:00")
    rota = Rota([shift(GONE, *day), shift(stranger, *day), shift(auditor, *day)], [*STAFF, auditor])
    assert rota.on_duty(Role.DUTY_WORKER, at("2026-03-02 10:00")) == ()
    assert len(rota.gaps(Role.DUTY_WORKER, at(day[0]), at(day[1]))) == 1


def test_zero_length_and_backward_shifts_put_nobody_on_duty() -> None:
    """They cannot be imported; one that is there all the same must not hide a gap."""
    rota = Rota(
        [shift(ALEX, "2026-03-02 10:00", "2026-03-02 10:00"), shift(SAM, "2026-03-02 12:00", "2026-03-02 09:00")],
        STAFF,
    )
    assert rota.on_duty(Role.DUTY_WORKER, at("2026-03-02 10:00")) == ()
    assert len(rota.gaps(Role.DUTY_WORKER, at("2026-03-02 08:00"), at("2026-03-02 17:00"))) == 1


def test_a_shift_without_end_is_on_duty_as_long_as_time_goes() -> None:
    """The far end of the calendar is no reason to break."""
    ever = shift(ALEX, "2026-03-02 08:30", datetime.max.replace(tzinfo=UTC))
    rota = Rota([ever], STAFF, working_time())
    assert names(rota.on_duty(Role.DUTY_WORKER, at("2099-03-02 10:00"))) == ["Alex"]
    assert rota.gaps(Role.DUTY_WORKER, at("2026-03-03 00:00"), at("2026-04-03 00:00")) == ()
    assert "=" in draw(rota, working_time(), at("2026-03-03 12:00").date(), 1)


def test_the_out_of_hours_team_is_on_duty_outside_the_working_hours_only() -> None:
    """Its shift is the whole year; in the day the duty worker is told."""
    team = worker("Nights", Role.OUT_OF_HOURS)
    rota = Rota(
        [shift(team, "2026-01-01 00:00", "2027-01-01 00:00", role=Role.OUT_OF_HOURS)],
        [*STAFF, team],
        working_time(),
    )
    assert rota.on_duty(Role.OUT_OF_HOURS, at("2026-03-02 10:00")) == ()
    for night in ("2026-03-02 17:00", "2026-03-01 12:00", "2026-12-25 10:00", "2026-10-25 01:30"):
        assert names(rota.on_duty(Role.OUT_OF_HOURS, at(night))) == ["Nights"]
    assert rota.gaps(Role.OUT_OF_HOURS, at("2026-12-20 00:00"), at("2026-12-31 00:00")) == ()
    assert len(rota.gaps(Role.DUTY_WORKER, at("2026-03-02 00:00"), at("2026-03-07 00:00"))) == 5


def test_gaps_of_the_day_roles_are_sought_in_working_hours_only() -> None:
    """A manager at home on a Sunday is no gap."""
    rota = Rota([], STAFF, working_time())
    assert rota.gaps(Role.MANAGER, at("2026-03-07 00:00"), at("2026-03-09 08:30")) == ()
    assert len(rota.gaps(Role.MANAGER, at("2026-03-07 00:00"), at("2026-03-09 08:31"))) == 1
    assert rota.gaps(Role.AUDITOR, at("2026-03-02 00:00"), at("2026-03-03 00:00")) == ()


def test_the_rota_is_drawn_with_its_gaps_in_eighty_columns() -> None:
    """A manager looks at it over a terminal on a phone call."""
    rota = Rota(
        [
            shift(ALEX, "2026-03-02 08:30", "2026-03-02 12:00"),
            shift(SAM, "2026-03-02 13:00", "2026-03-02 17:00"),
            shift(KIM, "2026-03-02 16:00", "2026-03-02 17:00"),
            shift(KIM, "2026-03-02 16:30", "2026-03-02 17:00", role=None, kind=ShiftKind.ABSENCE),
            shift(MANAGER, "2026-03-02 08:30", "2026-03-02 17:00", role=Role.MANAGER),
        ],
        [*STAFF, worker("A" * 90)],
        working_time(),
    )
    drawn = draw(rota, working_time(), at("2026-03-02 12:00").date(), 1)
    assert drawn.splitlines() == [
        "Monday 2 March 2026, open 08:30 to 17:00",
        "                        00    03    06    09    12    15    18    21",
        "Duty worker",
        "  Alex                  .................=======........................",
        "  Sam                   ..........................========..............",
        "  Kim                   ................................=-..............",
        "  nobody                ........................!!......................",
        "Manager",
        "  Morgan                .................=================..............",
        "Out of hours",
        "  nobody                !!!!!!!!!!!!!!!!!.................!!!!!!!!!!!!!!",
        "! out of hours: nobody from 00:00 to 08:30",
        "! duty worker: nobody from 12:00 to 13:00",
        "! out of hours: nobody from 17:00 to midnight",
        "",
        "= on duty   - absent   ! nobody",
        "3 gaps, marked with !",
    ]


def test_days_of_the_clock_changes_are_drawn_with_the_hours_they_have() -> None:
    """46 half hours in March and 50 in October; a line of 48 would put every later hour in the wrong place."""
    everyone = [worker("N" * 90), MANAGER]
    shifts = [shift(each, "2026-01-01 00:00", "2027-01-01 00:00") for each in everyone]
    for day, half_hours in (("2026-03-29", 46), ("2026-10-25", 50), ("2026-10-24", 48)):
        drawn = draw(Rota(shifts, everyone, working_time()), working_time(), at(f"{day} 12:00").date(), 1)
        assert "=" * half_hours in drawn
        assert "=" * (half_hours + 1) not in drawn
        assert max(len(line) for line in drawn.splitlines()) <= WIDTH


START = datetime(2026, 10, 23, tzinfo=UTC)
UNTIL = START + timedelta(days=5)
minutes = st.integers(min_value=-600, max_value=5 * 24 * 60 + 600)
shifts_drawn = st.lists(
    st.builds(
        lambda who, role, kind, starts, ends: shift(
            who, START + timedelta(minutes=starts), START + timedelta(minutes=ends), role, kind
        ),
        st.sampled_from([*STAFF, worker("Stranger")]),
        st.sampled_from(ON_THE_ROTA),
        st.sampled_from(list(ShiftKind)),
        minutes,
        minutes,
    ),
    max_size=14,
)


@few
@given(shifts=shifts_drawn, minute=minutes, role=st.sampled_from(ON_THE_ROTA))
def test_whoever_is_on_duty_has_a_shift_and_no_absence(shifts: list[ShiftRecord], minute: int, role: Role) -> None:
    """Whatever the rota: nobody disabled, absent or off shift is told, and nobody on shift is left out."""
    now = START + timedelta(minutes=minute)
    on = Rota(shifts, STAFF).on_duty(role, now)
    held = [s for s in shifts if s.starts_at <= now < s.ends_at]
    absent = {s.worker_id for s in held if s.kind is ShiftKind.ABSENCE and s.role in (None, role)}
    shifted = {s.worker_id for s in held if s.kind is not ShiftKind.ABSENCE and s.role is role}
    able = {w.id for w in STAFF if w.disabled_at is None}
    assert {w.id for w in on} == (shifted & able) - absent
    assert len(on) == len({w.id for w in on})


@few
@given(shifts=shifts_drawn, minute=minutes, role=st.sampled_from(MUST_BE_FILLED))
def test_a_gap_is_exactly_where_somebody_should_be_and_nobody_is(
    shifts: list[ShiftRecord], minute: int, role: Role
) -> None:
    """Over the October night too. A gap not seen is an alert nobody hears."""
    hours = working_time()
    rota = Rota(shifts, STAFF, hours)
    gaps = rota.gaps(role, START, UNTIL)
    assert all(a.ends_at <= b.starts_at for a, b in pairwise(gaps))
    assert all(START <= gap.starts_at < gap.ends_at <= UNTIL for gap in gaps)
    now = START + timedelta(minutes=minute)
    if not START <= now < UNTIL:
        return
    is_needed = hours.is_open(now) == (role is not Role.OUT_OF_HOURS)
    is_gap = any(gap.starts_at <= now < gap.ends_at for gap in gaps)
    assert is_gap == (is_needed and not rota.on_duty(role, now))


@few
@given(shifts=shifts_drawn, role=st.sampled_from(ON_THE_ROTA), minute=minutes)
def test_stretches_say_the_same_as_asking_at_each_instant(
    shifts: list[ShiftRecord], role: Role, minute: int
) -> None:
    """The desk's page draws stretches; the ladder asks for an instant. They may never differ."""
    rota = Rota(shifts, STAFF, working_time())
    stretches = rota.stretches(role, START, UNTIL)
    assert (stretches[0].starts_at, stretches[-1].ends_at) == (START, UNTIL)
    assert all(a.ends_at == b.starts_at for a, b in pairwise(stretches))
    now = START + timedelta(minutes=minute)
    for stretch in stretches:
        if stretch.starts_at <= now < stretch.ends_at:
            assert stretch.on == rota.on_duty(role, now)
            assert stretch.absent == rota.absent(role, now)


@few
@given(shifts=shifts_drawn, role=st.sampled_from(ON_THE_ROTA))
def test_the_order_of_the_shifts_does_not_matter(shifts: list[ShiftRecord], role: Role) -> None:
    """Two databases hand rows over in two orders, and the same person is first."""
    there, back = Rota(shifts, STAFF), Rota(list(reversed(shifts)), list(reversed(STAFF)))
    for hours in range(0, 120, 7):
        now = START + timedelta(hours=hours)
        assert there.on_duty(role, now) == back.on_duty(role, now)


@few
@given(shifts=shifts_drawn)
def test_any_rota_can_be_drawn(shifts: list[ShiftRecord]) -> None:
    """The command that shows where the gaps are must not break on a strange rota."""
    drawn = draw(Rota(shifts, STAFF, working_time()), working_time(), START.date(), 4)
    assert all(len(line) <= WIDTH for line in drawn.splitlines())

"""Nobody's silence ends an alert: the ladder, for every rota, hour, failure and clock change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.safeguarding.ladder import Climb, Ladder, OnDuty, Rung, Step, Taken, When, Who, ladder_of, next_step
from bot.working_time import WorkingTime
from flows.area import Ladders
from storage.duty_workers import Role
from tests.safeguarding.rotas import EXAMPLE, FULL, MadeUpRota, area, ladders, worker

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SATURDAY_NIGHT = datetime(2026, 3, 7, 2, 0, tzinfo=UTC)
HOURS = WorkingTime(EXAMPLE)
NOBODY = MadeUpRota()


def of(urgency: str) -> Ladder:
    return ladder_of(EXAMPLE, urgency, HOURS)


def walk(
    ladder: Ladder, rota: OnDuty, begins: datetime, steps: int, failing: frozenset[int] = frozenset()
) -> list[Step]:
    """Take steps as they fall due, with nobody answering; those numbered in `failing` reach nobody."""
    climb, now, taken = Climb(begins), begins, []
    for number in range(steps):
        step = next_step(climb, ladder, rota, now)
        assert step is not None
        now = max(now, step.due_at)
        step = next_step(climb, ladder, rota, now) or step
        taken.append(step)
        reached = bool(step.workers) and number not in failing
        climb = climb.then(Taken(step.rung.number, now, reached))
    return taken


def told(steps: Sequence[Step], begins: datetime) -> list[tuple[float, str, str]]:
    return [
        ((s.due_at - begins) / timedelta(minutes=1), s.rung.role.value, ",".join(w.name for w in s.workers))
        for s in steps
    ]


def test_an_emergency_in_hours_climbs_as_the_area_says() -> None:
    """FD03 to FD05: five minutes, then the second and the manager, then the head of service."""
    assert told(walk(of("emergency"), FULL, MONDAY, 6), MONDAY) == [
        (0, "duty_worker", "Ash"),
        (5, "duty_worker", "Bo"),
        (5, "manager", "Cam"),
        (15, "head_of_service", "Dee"),
        (20, "head_of_service", "Dee"),
        (25, "head_of_service", "Dee"),
    ]


def test_what_is_immediate_climbs_more_slowly() -> None:
    """FD06 to FD08: fifteen minutes, then thirty, then an hour from the alert."""
    assert told(walk(of("immediate"), FULL, MONDAY, 5), MONDAY) == [
        (0, "duty_worker", "Ash"),
        (15, "duty_worker", "Bo"),
        (30, "manager", "Cam"),
        (60, "head_of_service", "Dee"),
        (75, "head_of_service", "Dee"),
    ]


def test_out_of_hours_the_emergency_duty_team_is_first() -> None:
    """Day staff are at home: nobody is called who is not there, and nothing waits for Monday."""
    assert told(walk(of("emergency"), FULL, SATURDAY_NIGHT, 4), SATURDAY_NIGHT) == [
        (0, "out_of_hours", "Eli"),
        (5, "manager", "Cam"),
        (15, "head_of_service", "Dee"),
        (20, "head_of_service", "Dee"),
    ]


def test_an_alert_open_at_close_of_day_goes_to_the_emergency_duty_team() -> None:
    """FD15: it is handed over the moment the office closes."""
    begins = datetime(2026, 3, 2, 16, 50, tzinfo=UTC)
    steps = walk(of("immediate"), FULL, begins, 4)
    assert told(steps, begins)[1] == (10, "out_of_hours", "Eli")


def test_an_alert_open_in_the_morning_goes_to_the_day_team() -> None:
    """FD16: the day team is called when it comes in, whatever was tried in the night."""
    begins = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    steps = walk(of("immediate"), FULL, begins, 10)
    [at] = [s.due_at for s in steps if s.rung.role is Role.DUTY_WORKER and s.rung.who is Who.FIRST]
    assert at == datetime(2026, 3, 3, 8, 30, tzinfo=UTC)


def test_nobody_on_shift_is_not_waited_for() -> None:
    """A rota gap costs no time where somebody above it is there."""
    rota = MadeUpRota({Role.MANAGER: FULL.always[Role.MANAGER]})
    assert told(walk(of("emergency"), rota, MONDAY, 4), MONDAY)[:3] == [
        (0, "duty_worker", ""),
        (0, "duty_worker", ""),
        (0, "manager", "Cam"),
    ]


def test_a_rung_that_reached_nobody_is_not_waited_for() -> None:
    """A dead channel is as good as an empty chair."""
    steps = walk(of("emergency"), FULL, MONDAY, 3, failing=frozenset({0}))
    assert told(steps, MONDAY)[:3] == [(0, "duty_worker", "Ash"), (0, "duty_worker", "Bo"), (5, "manager", "Cam")]


def test_with_nobody_anywhere_the_rungs_keep_their_times() -> None:
    """To race to the top of an empty ladder would ring the duty chat three times in a second, and then wait."""
    assert [m for m, _, _ in told(walk(of("emergency"), NOBODY, MONDAY, 6), MONDAY)] == [0, 5, 5, 15, 20, 25]


def test_an_answer_ends_it_and_nothing_else_does() -> None:
    answered = Climb(MONDAY, (), is_answered=True)
    assert next_step(answered, of("emergency"), FULL, MONDAY) is None


@pytest.mark.parametrize("rungs", [[], [{"minutes": 0, "role": "duty_worker", "when": "in_hours"}]])
def test_a_ladder_without_a_rung_for_this_hour_has_one_that_stands_in(rungs: list[dict[str, Any]]) -> None:
    """A mistake in the settings must not be a silence."""
    changed = area(ladders=ladders("emergency", rungs, 5))
    ladder = ladder_of(changed, "emergency", WorkingTime(changed))
    first, second, *_ = walk(ladder, FULL, SATURDAY_NIGHT, 3)
    assert (first.due_at, first.is_stand_in) == (SATURDAY_NIGHT, True)
    assert second.due_at == SATURDAY_NIGHT + timedelta(minutes=5)


@pytest.mark.parametrize(
    "night", [datetime(2026, 3, 29, 0, 50, tzinfo=UTC), datetime(2026, 10, 25, 0, 50, tzinfo=UTC)]
)
def test_the_night_the_clocks_change_moves_no_step(night: datetime) -> None:
    """Fifteen minutes are fifteen minutes, though the clock on the wall says an hour more or less."""
    assert [m for m, _, _ in told(walk(of("emergency"), FULL, night, 5), night)] == [0, 5, 15, 20, 25]


def test_in_october_the_morning_shift_is_called_at_half_past_eight_on_the_wall() -> None:
    """Hours are the area's own time: after the change the same hour is another instant."""
    begins = datetime(2026, 10, 26, 7, 0, tzinfo=UTC)  # Monday, the day after
    steps = walk(of("immediate"), FULL, begins, 12)
    [at] = [s.due_at for s in steps if s.rung.role is Role.DUTY_WORKER and s.rung.who is Who.FIRST]
    assert at == datetime(2026, 10, 26, 8, 30, tzinfo=UTC)


# -- whatever the rota, the hour, the order of failures ------------------------------------------------------

minutes = st.integers(0, 240)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
rungs = st.lists(
    st.builds(
        lambda after, role, who, when: (timedelta(minutes=after), role, who, when),
        minutes,
        st.sampled_from([Role.DUTY_WORKER, Role.MANAGER, Role.HEAD_OF_SERVICE, Role.OUT_OF_HOURS, Role.LADO]),
        st.sampled_from(list(Who)),
        st.sampled_from(list(When)),
    ),
    max_size=6,
)
some_ladders = st.builds(
    lambda made, repeat: Ladder(
        tuple(Rung(n, after, role, who, when=when) for n, (after, role, who, when) in enumerate(made)),
        timedelta(minutes=repeat),
        HOURS,
    ),
    rungs,
    st.integers(1, 120),
)


@st.composite
def some_rotas(draw: st.DrawFn) -> MadeUpRota:
    """Shifts that overlap, are of no length, or never end, of anybody at any time."""
    spans = draw(st.lists(st.tuples(st.sampled_from(list(Role)), instants, st.integers(0, 100_000)), max_size=8))
    people = [worker(f"W{n}", role) for n, (role, _, _) in enumerate(spans)]
    return MadeUpRota(
        spans=[
            (role, since, since + timedelta(minutes=length), who)
            for (role, since, length), who in zip(spans, people, strict=True)
        ]
    )


@settings(max_examples=150, deadline=None)
@given(some_ladders, some_rotas(), instants, st.lists(st.tuples(st.integers(0, 600), st.booleans()), max_size=12))
def test_an_unanswered_alert_always_has_a_next_step_at_a_known_time(
    ladder: Ladder, rota: MadeUpRota, begins: datetime, happens: list[tuple[int, bool]]
) -> None:
    """Whatever the rota, the hour, what failed, and how late we look: never silence, and never longer than said.

    A process that was down looks late; a step that reached nobody comes in any order.
    """
    longest = max([ladder.repeat_every, *(rung.after for rung in ladder.rungs)])
    climb, now = Climb(begins), begins
    for late, reached in [(0, True), *happens]:
        step = next_step(climb, ladder, rota, now)
        assert step is not None
        last_at = climb.taken[-1].at if climb.taken else begins
        assert step.due_at <= last_at + longest
        now = max(now, step.due_at) + timedelta(seconds=late)
        taken = next_step(climb, ladder, rota, now)
        assert taken is not None
        assert taken.due_at <= now
        climb = climb.then(Taken(taken.rung.number, now, reached and bool(taken.workers)))


@settings(max_examples=100, deadline=None)
@given(some_ladders, some_rotas(), instants)
def test_every_rung_is_taken_once_before_the_top_is_taken_again(
    ladder: Ladder, rota: MadeUpRota, begins: datetime
) -> None:
    """Nobody is left out, and nobody is called again while somebody has not been called at all."""
    seen: set[int] = set()
    for step in walk(ladder, rota, begins, len(ladder.rungs) + 3):
        if step.repeats:
            assert step.rung.number in seen
        else:
            assert step.rung.number not in seen
        seen.add(step.rung.number)
    always = {rung.number for rung in ladder.rungs if rung.when is When.ALWAYS}
    assert always <= seen


@settings(max_examples=100, deadline=None)
@given(some_ladders, some_rotas(), instants, st.integers(1, 8))
def test_a_restart_changes_nothing(ladder: Ladder, rota: MadeUpRota, begins: datetime, steps: int) -> None:
    """What is next follows from what was taken alone: the same question has the same answer in any process."""
    taken = walk(ladder, rota, begins, steps)
    kept = tuple(Taken(s.rung.number, max(s.due_at, begins), bool(s.workers)) for s in taken)
    now = max(one.at for one in kept)
    first = next_step(Climb(begins, kept), ladder, rota, now)
    assert first == next_step(Climb(begins, tuple(kept)), ladder, rota, now)
    assert first is not None


def test_the_example_area_writes_out_the_ladders_that_stand_where_none_are_written() -> None:
    """Practitioners review the file; what is in the code besides must be the same."""
    assert EXAMPLE.ladders == Ladders()

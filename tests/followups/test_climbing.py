"""A worker's task is told of before it is due, when it is, and after, higher and higher, until it is done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SteppedClock
from bot.followups.acts import acts_for
from bot.followups.climbing import Stage, bells_of, days_before, first_bell, give, give_task, next_bell, stage_of
from bot.followups.due import FollowUps, Handling
from bot.followups.kinds import FollowUpKind
from bot.working_time import WorkingTime
from flows.area import Bells
from storage.duty_workers import DutyWorkerRecord, Role
from storage.follow_ups import Actor, FollowUpRecord
from storage.incidents import IncidentKind
from storage.shifts import NewShift, ShiftKind
from storage.unit_of_work import UnitOfWork
from tests.conversation.front import Front, Outside
from tests.followups.promising import acts, keeping, kept, pass_time, promised, ring, standing_incidents
from tests.safeguarding.rotas import EXAMPLE, staff
from tests.storage.builders import begin, close_queue

MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))
HOURS = WorkingTime(EXAMPLE)
ASH, BO, CAM, DEE = "960101", "960102", "960103", "960104"


@pytest.fixture
def people(front: Front) -> dict[str, DutyWorkerRecord]:
    return staff(front.database)


@pytest.fixture
def follow_ups(front: Front, clock: SteppedClock) -> FollowUps:
    return keeping(front, clock)


def tasked(front: Front, clock: SteppedClock, by: timedelta, **given: Any) -> FollowUpRecord:
    """Give a task about somebody new, due so long from now."""

    def work(uow: UnitOfWork) -> FollowUpRecord:
        values: dict[str, Any] = {"kind": FollowUpKind.HELP_TASK, "why": "asked_for", **given}
        kind = values.pop("kind")
        enquiry_id = begin(uow, "960900").enquiry_id
        now = clock.now()
        return give_task(uow, front.house, kind, enquiry_id=enquiry_id, by=now + by, now=now, **values)

    return front.database.run_now(work)


def told(outside: Outside) -> dict[str, int]:
    return {chat: len(outside.to(chat)) for chat in (ASH, BO, CAM, DEE) if outside.to(chat)}


async def test_its_worker_hears_before_and_then_managers_without_end(
    front: Front, follow_ups: FollowUps, clock: SteppedClock, outside: Outside, people: dict[str, DutyWorkerRecord]
) -> None:
    """Nobody's silence ends it, and a manager hears within minutes of a missed call."""
    made = tasked(front, clock, 3 * HOUR, worker_id=people["Ash"].id)
    for much, expected in (
        (2 * HOUR - MINUTE, {}),
        (MINUTE, {ASH: 1}),  # an hour before
        (HOUR, {ASH: 2}),  # now
        (14 * MINUTE, {ASH: 2}),
        (MINUTE, {ASH: 3, CAM: 1}),  # late
        (2 * HOUR, {ASH: 4, CAM: 1, DEE: 1}),
        (2 * HOUR, {ASH: 4, CAM: 1, DEE: 1}),  # the team has gone home
        (16 * HOUR, {ASH: 5, CAM: 1, DEE: 2}),
    ):
        await pass_time(front, follow_ups, clock, much, max(MINUTE, much / 4))
        assert told(outside) == expected
    await pass_time(front, follow_ups, clock, 7 * DAY, HOUR)
    assert told(outside)[DEE] > 20
    assert kept(front, made).done_at is None
    assert [i.kind for i in standing_incidents(front)] == [IncidentKind.TASK_LATE]
    assert {act for act, _ in acts(front, made.enquiry_id)} == {"follow_up.rung"}
    assert "read what they wrote" in outside.to(ASH)[0].text
    front.database.run_now(lambda uow: uow.follow_ups.done(made.id, "rung", clock.now()))
    before = told(outside)
    await pass_time(front, follow_ups, clock, 3 * DAY, HOUR)
    assert told(outside) == before


async def test_a_task_of_nobody_is_told_to_who_is_on_duty(
    front: Front, follow_ups: FollowUps, clock: SteppedClock, outside: Outside, people: dict[str, DutyWorkerRecord]
) -> None:
    """The rota knows who is in; nobody has to be named."""
    del people
    tasked(front, clock, HOUR)
    await ring(front, follow_ups)
    assert told(outside) == {ASH: 1, BO: 1}


async def test_a_worker_who_has_left_is_not_waited_for(
    front: Front, follow_ups: FollowUps, clock: SteppedClock, outside: Outside, people: dict[str, DutyWorkerRecord]
) -> None:
    """Their tasks are whoever's is on duty from that day."""
    tasked(front, clock, HOUR, worker_id=people["Ash"].id)
    front.database.run_now(lambda uow: uow.duty_workers.disable(people["Ash"].id, clock.now()))
    await ring(front, follow_ups)
    assert told(outside) == {BO: 1}


async def test_for_a_worker_who_is_away_others_hear_too(
    front: Front, follow_ups: FollowUps, clock: SteppedClock, outside: Outside, people: dict[str, DutyWorkerRecord]
) -> None:
    """Ill this morning: the call is promised all the same."""
    ash = people["Ash"].id
    ill = NewShift(ash, None, ShiftKind.ABSENCE, clock.now() - HOUR, clock.now() + DAY)
    front.database.run_now(lambda uow: uow.shifts.add(ill, source="test", now=clock.now()))
    tasked(front, clock, HOUR, worker_id=ash)
    await ring(front, follow_ups)
    assert told(outside) == {ASH: 1, BO: 1}


async def test_with_nobody_at_all_the_duty_chat_hears(
    front: Front, follow_ups: FollowUps, clock: SteppedClock, outside: Outside
) -> None:
    """A rota emptied after a call was promised: somebody is told all the same."""
    tasked(front, clock, HOUR)
    await ring(front, follow_ups)
    assert len(outside.duty) == 1


async def test_a_task_that_became_needless_rings_no_more(
    front: Front, clock: SteppedClock, outside: Outside, people: dict[str, DutyWorkerRecord]
) -> None:
    """The family rang us first."""
    made = tasked(front, clock, HOUR, worker_id=people["Ash"].id)
    await ring(front, keeping(front, clock, help_task=Handling(stale=lambda moment: "they_rang")))
    assert told(outside) == {}
    assert kept(front, made).outcome == "stale.they_rang"


async def test_asleep_through_all_its_bells_it_rings_once_and_goes_on(
    front: Front, follow_ups: FollowUps, clock: SteppedClock, outside: Outside, people: dict[str, DutyWorkerRecord]
) -> None:
    """After a day without power nobody needs four messages about one call; a manager needs one."""
    tasked(front, clock, 3 * HOUR, worker_id=people["Ash"].id)
    clock.tick(DAY)
    assert await ring(front, follow_ups) == 1
    assert told(outside) == {ASH: 1, CAM: 1}
    await pass_time(front, follow_ups, clock, 2 * HOUR, MINUTE)
    assert told(outside) == {ASH: 2, CAM: 1, DEE: 1}


async def test_a_bell_that_cannot_be_rung_rings_the_duty_chat(
    front: Front,
    follow_ups: FollowUps,
    clock: SteppedClock,
    outside: Outside,
    people: dict[str, DutyWorkerRecord],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever is broken in the telling, a person hears that there is something."""
    del people

    def breaks(*_: object) -> list[DutyWorkerRecord]:
        raise RuntimeError("broken")

    monkeypatch.setattr("bot.followups.climbing._who_hears", breaks)
    made = tasked(front, clock, HOUR)
    await pass_time(front, follow_ups, clock, 2 * HOUR, MINUTE)
    assert any("look at the desk" in text for text in outside.duty)
    assert [i.kind for i in standing_incidents(front)] == [IncidentKind.FOLLOW_UP_FAILED]
    assert kept(front, made).done_at is None


async def test_a_task_of_a_kind_we_do_not_know_is_told_all_the_same(
    front: Front, follow_ups: FollowUps, clock: SteppedClock, outside: Outside, people: dict[str, DutyWorkerRecord]
) -> None:
    """A newer process gave it, and an older one rings: its worker hears of it in words for any task."""
    made = tasked(front, clock, HOUR, worker_id=people["Ash"].id)
    front.database.run_now(lambda uow: uow.connection.exec_driver_sql("UPDATE follow_up SET kind = 'of_tomorrow'"))
    await ring(front, follow_ups)
    assert "look at what was promised" in outside.to(ASH)[0].text
    assert standing_incidents(front) == []
    assert acts_for(kept(front, made)) == ("done", "snooze", "reassign", "cancel")


async def test_a_task_of_the_closed_queue_is_told_to_its_officers_alone(
    front: Front, follow_ups: FollowUps, clock: SteppedClock, outside: Outside, people: dict[str, DutyWorkerRecord]
) -> None:
    """An allegation against a colleague is not spoken of where that colleague reads along."""
    made = tasked(front, clock, HOUR, worker_id=people["Ash"].id)

    def close_the_queue(uow: UnitOfWork) -> str:
        close_queue(uow, made.enquiry_id, clock.now())
        uow.duty_workers.add(
            name="Lee Ode", email="lee@exampleshire.example", role=Role.LADO, now=clock.now(), telegram="960105"
        )
        return uow.enquiries.get(made.enquiry_id).reference

    reference = front.database.run_now(close_the_queue)
    await pass_time(front, follow_ups, clock, 2 * HOUR, 5 * MINUTE)
    assert reference in outside.to("960105")[0].text
    assert told(outside) == {}
    assert all(reference not in text for text in outside.duty)
    assert any("only a few of us may see" in text for text in outside.duty), "late, and a manager hears nothing"


async def test_an_action_is_spoken_of_days_before(
    front: Front, follow_ups: FollowUps, clock: SteppedClock, outside: Outside, people: dict[str, DutyWorkerRecord]
) -> None:
    """Five working days before, on the day, two after to its owner, five after to a manager (CE06 to CE08)."""
    tasked(front, clock, 14 * DAY, kind=FollowUpKind.ACTION, worker_id=people["Ash"].id)
    heard: dict[int, dict[str, int]] = {}
    for day in range(1, 23):
        await pass_time(front, follow_ups, clock, DAY, 6 * HOUR)
        if told(outside) != (heard[max(heard)] if heard else {}):
            heard[day] = told(outside)
    assert heard == {7: {ASH: 1}, 14: {ASH: 2}, 16: {ASH: 3}, 21: {ASH: 4, CAM: 1}, 22: heard[22]}


def test_given_again_it_begins_again(front: Front, clock: SteppedClock) -> None:
    """Given to a worker after five failed tries, it is told of from the first bell."""
    made = promised(front, clock)

    def work(uow: UnitOfWork) -> None:
        uow.follow_ups.claim_due(now=clock.now(), owner="me", lease=HOUR, limit=1)
        uow.follow_ups.begin_try(made.id, owner="me", until=clock.now() + HOUR)
        uow.follow_ups.note_step(made.id, upcoming=clock.now())
        give(
            uow,
            front.house,
            uow.follow_ups.get(made.id),
            None,
            why="not_safe",
            now=clock.now(),
            by=clock.now() + DAY,
        )

    front.database.run_now(work)
    task = kept(front, made)
    assert (task.actor, task.steps, task.attempts, task.why) == (Actor.WORKER, 0, 0, "not_safe")
    assert task.due_at == clock.now() + DAY - HOUR


def test_a_first_bell_at_night_waits_for_the_morning(front: Front, clock: SteppedClock) -> None:
    """A telephone that rings at three in the morning about a task for noon is switched off."""
    noon = datetime(2026, 3, 3, 12, tzinfo=UTC)
    night = noon - timedelta(hours=9)
    assert first_bell(front.house, FollowUpKind.HELP_TASK, noon, night) == noon - HOUR
    early = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    opens = front.house.working_time.opens_next(night)
    assert first_bell(front.house, FollowUpKind.HELP_TASK, early, night) == opens
    assert first_bell(front.house, FollowUpKind.HELP_TASK, night + MINUTE, night) == night


def test_working_days_are_counted_back_over_a_bank_holiday() -> None:
    """Five working days before the Wednesday after Easter is the Monday eight days before."""
    wednesday = datetime(2026, 4, 8, 9, 0, tzinfo=UTC)  # Good Friday is the 3rd, Easter Monday the 6th
    assert days_before(wednesday, 5, HOURS) == datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
    over_the_change = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)  # ten o'clock: the clocks changed on Sunday
    assert days_before(over_the_change, 1, HOURS) == datetime(2026, 3, 27, 10, 0, tzinfo=UTC)


INSTANTS = st.integers(0, 400 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE)
BELLS = st.builds(
    Bells,
    before_minutes=st.sampled_from([0, 30, 60, 600]),
    before_days=st.integers(0, 5),
    again_minutes=st.sampled_from([0, 10]),
    again_days=st.integers(0, 3),
    manager_minutes=st.sampled_from([0, 15, 120]),
    manager_days=st.integers(0, 5),
    repeat_hours=st.sampled_from([0.5, 2, 8]),
)


@given(settings=BELLS, by=INSTANTS)
def test_bells_are_in_order_and_end_with_a_manager(settings: Bells, by: datetime) -> None:
    """Whatever an area sets, each task is told when it is due and reaches a manager."""
    bells = bells_of(settings, by, HOURS)
    assert [b.at for b in bells] == sorted(b.at for b in bells)
    assert bells[-1].stage is Stage.LATE
    assert [b.at for b in bells if b.stage is Stage.DUE] == [by]


@given(by=INSTANTS, late=st.integers(-30 * 24 * 60, 30 * 24 * 60), kind=st.sampled_from(list(FollowUpKind)))
def test_there_is_always_a_next_bell_and_it_is_later(by: datetime, late: int, kind: FollowUpKind) -> None:
    """A bell that is not later rings without end; none at all is a promise forgotten."""
    house: Any = _House()
    now = by + late * MINUTE
    upcoming = next_bell(house, kind, by, now)
    assert upcoming > now
    assert upcoming - now < timedelta(days=60)
    assert first_bell(house, kind, by, now) >= now
    bells = bells_of(house.area.follow_ups.bells_of.get(kind, house.area.follow_ups.bells), by, HOURS)
    if now >= bells[-1].at:
        assert stage_of(bells, rung_at=now + MINUTE, now=now + MINUTE) is Stage.HIGHER
    elif now < by:
        assert stage_of(bells, rung_at=now, now=now) is Stage.SOON


class _House:
    area = EXAMPLE
    working_time = HOURS


async def test_alerts_and_tasks_tell_the_head_of_service_when_there_is_no_manager(
    front: Front, follow_ups: FollowUps, clock: SteppedClock, outside: Outside, people: dict[str, DutyWorkerRecord]
) -> None:
    """A service without a manager today still has somebody above the worker."""
    front.database.run_now(lambda uow: uow.duty_workers.disable(people["Cam"].id, clock.now()))
    tasked(front, clock, HOUR, worker_id=people["Ash"].id)
    await pass_time(front, follow_ups, clock, 2 * HOUR, MINUTE)
    assert told(outside)[DEE] >= 1
    assert people["Dee"].role is Role.HEAD_OF_SERVICE

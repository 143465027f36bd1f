"""A promise is kept on time and once, or somebody is told: whatever fails, and whoever dies of it."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest

from bot.clock import SteppedClock
from bot.followups.due import BATCH, Done, ForWorker, Handling, Moment, Pace, PutOff, Result, Stale
from bot.followups.kinds import KINDS, FollowUpKind
from flows.loader import load_wording
from storage.follow_ups import Actor, FollowUpRecord
from storage.incidents import IncidentKind
from storage.unit_of_work import UnitOfWork
from tests.conversation.front import Front, Outside, build_front, parts
from tests.followups.promising import (
    NUDGE,
    acts,
    keeping,
    kept,
    message,
    pass_time,
    promised,
    ring,
    says,
    standing_incidents,
    stop,
)

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))


def another(front: Front, clock: SteppedClock, name: str = "another") -> Front:
    """Another process on the same database."""
    return build_front(front.database, clock=clock, outside=front.outside, owner=f"elsewhere:{name}:1")


async def test_kept_when_it_is_due_and_only_once(front: Front, clock: SteppedClock, outside: Outside) -> None:
    """Not before, not twice, and the message goes at once."""
    made = promised(front, clock, due_at=clock.now() + MINUTE)
    follow_ups = keeping(front, clock)
    assert await ring(front, follow_ups) == 0
    clock.tick(MINUTE)
    assert [await ring(front, follow_ups) for _ in range(3)] == [1, 0, 0]
    assert [m.text for m in outside.to("960001")] == ["about 0"]
    assert (kept(front, made).outcome, kept(front, made).done_at) == ("said", clock.now())
    assert acts(front, made.enquiry_id) == [("follow_up.done", {"kind": NUDGE, "outcome": "said"})]


async def test_many_processes_keep_each_promise_once(front: Front, clock: SteppedClock, outside: Outside) -> None:
    """Each bell rings in every process at the same moment."""
    made = [promised(front, clock, address=f"96{n:04}", details={"n": n}) for n in range(60)]
    processes = [front, *(another(front, clock, name) for name in "abc")]
    follow_ups = [keeping(process, clock) for process in processes]
    for _ in range(4):
        await asyncio.gather(*(one.tick() for one in follow_ups))
        clock.tick(SECOND)
    for process in processes:
        await process.settle()
    assert {kept(front, one).outcome for one in made} == {"said"}
    assert sorted(m.text for m in outside.sent) == sorted(f"about {n}" for n in range(60))


async def test_what_is_urgent_is_kept_first(front: Front, clock: SteppedClock) -> None:
    """A worry does not wait behind a campaign, even one that began before it."""
    order: list[str] = []

    def note(moment: Moment) -> Result:
        order.append(moment.follow_up.kind)
        return Done("noted")

    kinds = [
        FollowUpKind.CAMPAIGN,
        FollowUpKind.HELPED_LATER,
        FollowUpKind.CALL_BACK_CHECK,
        FollowUpKind.DRAFT_WORRY,
    ]
    for kind in kinds:
        made = promised(front, clock, kind=kind, address=f"96{len(kind):04}")
        assert made.weight == KINDS[kind].weight
        clock.tick(MINUTE)
    follow_ups = keeping(front, clock, note)
    await ring(front, follow_ups)
    weights = [KINDS[FollowUpKind(kind)].weight for kind in order]
    assert sorted(order) == sorted(kinds)
    assert weights == sorted(weights)


async def test_all_that_one_promise_does_is_kept_or_none_of_it(
    front: Front, clock: SteppedClock, outside: Outside
) -> None:
    """A promise that half happened would be told as kept."""

    def breaks(moment: Moment) -> Result:
        moment.uow.enquiries.set_worker(moment.enquiry.id, None)
        moment.uow.outbox.put([message(moment, "half of it")])
        raise RuntimeError("the other half")

    made = promised(front, clock)
    await ring(front, keeping(front, clock, breaks))
    assert outside.sent == []
    assert front.count("outbox_message") == 0
    assert (kept(front, made).attempts, kept(front, made).due_at) == (1, clock.now() + MINUTE)


async def test_one_that_fails_holds_up_no_other(front: Front, clock: SteppedClock, outside: Outside) -> None:
    """Of a batch, the others are kept in the same ring of the bell."""
    made = [promised(front, clock, address=f"96{n:04}", details={"n": n}) for n in range(6)]

    def fourth_breaks(moment: Moment) -> Result:
        if moment.follow_up.id == made[3].id:
            raise RuntimeError("broken")
        return says(moment)

    await ring(front, keeping(front, clock, fourth_breaks))
    assert sorted(m.text for m in outside.sent) == [f"about {n}" for n in (0, 1, 2, 4, 5)]
    assert [kept(front, one).outcome for one in made] == ["said"] * 3 + [None] + ["said"] * 2
    assert kept(front, made[3]).attempts == 1


async def test_what_keeps_failing_ends_in_someones_hands(
    front: Front, clock: SteppedClock, outside: Outside
) -> None:
    """Tried by plan, and then it is a worker's, with an incident: never dropped."""

    def breaks(moment: Moment) -> Result:
        del moment
        raise RuntimeError("broken")

    made = promised(front, clock)
    follow_ups = keeping(front, clock, breaks)
    waits = [timedelta(minutes=m) for m in front.house.area.follow_ups.retry_minutes]
    for number, wait in enumerate(waits):
        await ring(front, follow_ups)
        assert (kept(front, made).attempts, kept(front, made).actor) == (number + 1, Actor.FRONT_DOOR)
        clock.tick(wait - SECOND)
        assert await ring(front, follow_ups) == 0
        clock.tick(SECOND)
    assert await ring(front, follow_ups) == 1
    task = kept(front, made)
    assert (task.actor, task.why, task.done_at) == (Actor.WORKER, "failed", None)
    [incident] = standing_incidents(front)
    assert (incident.kind, incident.enquiry_id) == (IncidentKind.FOLLOW_UP_FAILED, made.enquiry_id)
    await pass_time(front, follow_ups, clock, DAY, timedelta(minutes=30))
    assert any("a task" in text for text in outside.duty)


async def test_a_try_that_could_not_even_be_counted_is_made_again_soon(
    front: Front, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was away for a moment: nobody waits an hour for that."""

    def breaks(moment: Moment) -> Result:
        del moment
        raise RuntimeError("broken")

    made = promised(front, clock)
    follow_ups = keeping(front, clock, breaks)

    def away(uow: UnitOfWork, *, follow_up: FollowUpRecord) -> bool:
        del uow, follow_up
        raise OSError("away")

    monkeypatch.setattr(follow_ups, "_begin_try", away)
    await ring(front, follow_ups)
    assert (kept(front, made).due_at, kept(front, made).attempts) == (clock.now() + MINUTE, 0)


async def test_a_try_too_late_for_the_promise_is_not_waited_for(front: Front, clock: SteppedClock) -> None:
    """Somebody can still keep it, if they hear of it before its hour is over."""

    def breaks(moment: Moment) -> Result:
        del moment
        raise RuntimeError("broken")

    made = promised(front, clock, promised_at=clock.now() + timedelta(seconds=30))
    await ring(front, keeping(front, clock, breaks))
    task = kept(front, made)
    assert (task.actor, task.promised_at) == (Actor.WORKER, made.promised_at)
    assert task.steps == 1  # and was told of it at once


async def test_whoever_dies_of_it_each_time_does_not_do_so_for_ever(front: Front, clock: SteppedClock) -> None:
    """One promise that kills the process would otherwise stop all the others."""
    made = promised(front, clock)

    def die_of_it(uow: UnitOfWork) -> None:
        uow.follow_ups.claim_due(now=clock.now(), owner="dies", lease=SECOND, limit=1)
        uow.follow_ups.begin_try(made.id, owner="dies", until=clock.now() + SECOND)

    for _ in range(len(front.house.area.follow_ups.retry_minutes) + 1):
        assert kept(front, made).actor is Actor.FRONT_DOOR
        front.database.run_now(die_of_it)
        clock.tick(SECOND)
    await ring(front, keeping(front, clock, says))
    assert (kept(front, made).actor, kept(front, made).why) == (Actor.WORKER, "failed")


async def test_many_deaths_around_it_are_not_held_against_it(
    front: Front, clock: SteppedClock, outside: Outside
) -> None:
    """A machine that restarts ten times in a minute has not tried each promise ten times."""
    made = promised(front, clock)
    for _ in range(10):
        front.database.run_now(
            lambda uow: uow.follow_ups.claim_due(now=clock.now(), owner="dies", lease=SECOND, limit=1)
        )
        clock.tick(SECOND)
    await ring(front, keeping(front, clock))
    assert (kept(front, made).outcome, len(outside.sent)) == ("said", 1)


async def test_a_stale_promise_does_nothing_and_says_why(
    front: Front, clock: SteppedClock, outside: Outside
) -> None:
    """The person came back: to be asked whether they still want to go on would only hurt."""
    made = promised(front, clock)
    came_back = Handling(says, stale=lambda moment: "came_back" if moment.conversation else None)
    await ring(front, keeping(front, clock, came_back))
    assert outside.sent == []
    assert kept(front, made).outcome == "stale.came_back"
    assert acts(front, made.enquiry_id) == [("follow_up.stale", {"kind": NUDGE, "why": "came_back"})]
    other = promised(front, clock, address="960002")
    await ring(front, keeping(front, clock, lambda moment: Stale("closed")))
    assert kept(front, other).outcome == "stale.closed"


async def test_stopped_between_the_claim_and_the_act_nothing_is_sent(
    front: Front, clock: SteppedClock, outside: Outside
) -> None:
    """What the person said a moment ago counts, however far the machine had come."""
    made = promised(front, clock)
    follow_ups = keeping(front, clock)

    def claim(uow: UnitOfWork) -> list[FollowUpRecord]:
        return uow.follow_ups.claim_due(now=clock.now(), owner=front.house.owner, lease=MINUTE, limit=9)

    [claimed] = front.database.run_now(claim)
    assert stop(front, made.conversation_id, clock) == 1
    await follow_ups._keep([claimed], clock.now())
    await front.settle()
    assert outside.sent == []
    assert kept(front, made).outcome == "stopped"


async def test_each_sees_what_the_one_before_it_did(front: Front, clock: SteppedClock) -> None:
    """Two promises to one person fall due together: the second knows of the first."""
    seen: list[object] = []

    def note(moment: Moment) -> Result:
        assert moment.conversation is not None
        seen.append(moment.conversation.blocked_at)
        moment.uow.conversations.mark_blocked(moment.conversation.id, moment.now)
        return Done("noted")

    made = promised(front, clock)
    promised(front, clock, enquiry_id=made.enquiry_id, conversation_id=made.conversation_id)
    await ring(front, keeping(front, clock, note))
    assert seen == [None, clock.now()]


async def test_put_off_it_comes_again_and_says_why(front: Front, clock: SteppedClock, outside: Outside) -> None:
    """It is night where the person is: they are asked in the morning."""
    morning = clock.now() + 12 * HOUR

    def not_at_night(moment: Moment) -> Result:
        return says(moment) if moment.now >= morning else PutOff(morning, "quiet")

    made = promised(front, clock)
    follow_ups = keeping(front, clock, not_at_night)
    await ring(front, follow_ups)
    assert (kept(front, made).due_at, kept(front, made).why) == (morning, "quiet")
    clock.tick(12 * HOUR)
    await ring(front, follow_ups)
    assert len(outside.sent) == 1


async def test_put_off_past_its_promise_it_is_a_workers(front: Front, clock: SteppedClock) -> None:
    """We promised to tell them today, and it is not safe until tomorrow: a worker finds another way."""
    today = clock.now() + 6 * HOUR
    made = promised(front, clock, promised_at=today)
    await ring(front, keeping(front, clock, lambda moment: PutOff(moment.now + DAY, "quiet")))
    task = kept(front, made)
    assert (task.actor, task.why, task.promised_at) == (Actor.WORKER, "quiet", today)


async def test_put_off_into_the_past_it_does_not_ring_without_end(front: Front, clock: SteppedClock) -> None:
    """A mistake in a plan must not take the whole processor."""
    made = promised(front, clock)
    follow_ups = keeping(front, clock, lambda moment: PutOff(moment.now - DAY, "wrong"))
    assert await ring(front, follow_ups) == 1
    assert kept(front, made).due_at == clock.now() + SECOND


async def test_a_worker_gets_it_by_working_hours_where_no_time_was_promised(
    front: Front, clock: SteppedClock
) -> None:
    """On Friday night nobody is asked to have it done by midnight."""
    clock.tick(timedelta(days=4, hours=9))  # Friday, 19:00
    made = promised(front, clock)
    await ring(front, keeping(front, clock, lambda moment: ForWorker("not_known")))
    task = kept(front, made)
    assert task.promised_at is not None
    assert front.house.working_time.date_of(task.promised_at).strftime("%A") == "Monday"
    assert front.house.working_time.is_open(task.due_at)
    assert [act for act, _ in acts(front, made.enquiry_id)] == ["follow_up.given"]


async def test_a_kind_nobody_knows_is_put_in_someones_hands(front: Front, clock: SteppedClock) -> None:
    """A promise made by a newer version, or one whose file is gone, is a promise all the same."""
    made = promised(front, clock)
    front.database.run_now(
        lambda uow: uow.connection.exec_driver_sql("UPDATE follow_up SET kind = 'of_another_time'")
    )
    await ring(front, keeping(front, clock))
    assert (kept(front, made).actor, kept(front, made).why) == (Actor.WORKER, "nobody_knows_how")
    assert [i.kind for i in standing_incidents(front)] == [IncidentKind.FOLLOW_UP_FAILED]


async def test_a_kind_that_is_a_workers_becomes_a_task_when_it_falls_due(
    front: Front, clock: SteppedClock
) -> None:
    """It is given to somebody then, and nothing has failed."""
    made = promised(front, clock, kind=FollowUpKind.REFERRER_PROMPT)
    await ring(front, keeping(front, clock, Handling()))
    assert (kept(front, made).actor, kept(front, made).why) == (Actor.WORKER, "fell_due")
    assert standing_incidents(front) == []


async def test_kept_late_it_is_on_the_record(front: Front, clock: SteppedClock, outside: Outside) -> None:
    """The machine slept for a day: what is still wanted is kept, and nobody has to guess that it was late."""
    late = [promised(front, clock, address=f"96{n:04}", promised_at=clock.now() + HOUR) for n in range(3)]
    in_time = promised(front, clock, address="960009", promised_at=clock.now() + 2 * DAY)
    clock.tick(DAY)
    await ring(front, keeping(front, clock))
    assert len(outside.sent) == 4
    assert all("follow_up.late" in dict(acts(front, one.enquiry_id)) for one in late)
    assert "follow_up.late" not in dict(acts(front, in_time.enquiry_id))
    [incident] = standing_incidents(front)  # one for the kind and the day, not one for each
    assert (incident.kind, incident.details) == (IncidentKind.PROMISE_LATE, {"kind": NUDGE})


async def test_a_clock_that_jumps_back_keeps_nothing_twice(
    front: Front, clock: SteppedClock, outside: Outside
) -> None:
    """A wrong clock is set right: what was done is done, and what was claimed is not lost."""
    first = promised(front, clock)
    follow_ups = keeping(front, clock)
    await ring(front, follow_ups)
    second = promised(front, clock, address="960002", due_at=clock.now() - 2 * HOUR)
    front.database.run_now(
        lambda uow: uow.follow_ups.claim_due(now=clock.now(), owner="dead", lease=MINUTE, limit=5)
    )
    clock.tick(-HOUR)
    await ring(front, follow_ups)
    assert {kept(front, one).outcome for one in (first, second)} == {"said"}
    assert len(outside.sent) == 2


async def test_messages_go_at_the_channels_rate(front: Front, clock: SteppedClock, outside: Outside) -> None:
    """Telegram stops whoever writes too fast, and then an alert would wait too."""
    per_second = int(front.house.area.follow_ups.per_second)
    for n in range(3 * per_second):
        promised(front, clock, address=f"96{n:04}")
    follow_ups = keeping(front, clock)
    sent = []
    for _ in range(8):
        await ring(front, follow_ups)
        sent.append(len(outside.sent))
        clock.tick(timedelta(seconds=0.5))
    half = per_second // 2
    assert sent == [min(per_second + n * half, 3 * per_second) for n in range(8)]


async def test_what_sends_nothing_waits_for_no_rate(front: Front, clock: SteppedClock) -> None:
    """A thousand stale promises cost a moment, and no messages."""
    for n in range(3 * BATCH):
        promised(front, clock, address=f"96{n:04}")
    assert await ring(front, keeping(front, clock, lambda moment: Stale("closed"))) == 3 * BATCH


def test_pace_owes_what_was_more_than_its_share(clock: SteppedClock) -> None:
    """A worker told by three ways counts three times, and a clock that jumps back gains nothing."""
    pace = Pace(10)
    assert pace.room(clock.now()) == 10
    pace.spend(15)
    assert pace.room(clock.now()) == -5
    clock.tick(-HOUR)
    assert pace.room(clock.now()) == -5
    clock.tick(timedelta(seconds=1))
    assert pace.room(clock.now()) == 5
    clock.tick(DAY)
    assert pace.room(clock.now()) == 10


async def test_a_process_that_stops_gives_back_what_it_holds(front: Front, clock: SteppedClock) -> None:
    """It finishes what it is in the middle of; for the rest the next process need not wait for the lease."""
    made = [promised(front, clock, address=f"96{n:04}") for n in range(2)]
    front.database.run_now(  # whoever held them died, so that they are kept one by one
        lambda uow: uow.follow_ups.claim_due(now=clock.now(), owner="dead", lease=SECOND, limit=5)
    )
    clock.tick(MINUTE)
    began, go_on = threading.Event(), threading.Event()

    def slowly(moment: Moment) -> Result:
        began.set()
        assert go_on.wait(30)
        return says(moment)

    follow_ups = keeping(front, clock, slowly)
    ticking = asyncio.create_task(follow_ups.tick())
    await asyncio.to_thread(began.wait, 30)
    ticking.cancel()
    await asyncio.sleep(0)
    go_on.set()
    await follow_ups.stop()
    assert [kept(front, one).claimed_by for one in made] == [None, None]
    assert sorted(str(kept(front, one).outcome) for one in made) == ["None", "said"]
    assert await follow_ups.tick() == 0  # it has stopped
    assert await ring(front, keeping(front, clock)) == 1


async def test_what_a_dead_process_of_this_machine_held_is_taken_up_at_once(
    front: Front, clock: SteppedClock, outside: Outside
) -> None:
    """A restart after a crash takes up what was in hand before its lease is over."""
    promised(front, clock)
    host, _, _ = front.house.owner.rsplit(":", 2)
    dead = f"{host}:0a0a0a0a:4194303"  # no process has this number
    front.database.run_now(lambda uow: uow.follow_ups.claim_due(now=clock.now(), owner=dead, lease=HOUR, limit=5))
    await ring(front, keeping(front, clock))
    assert len(outside.sent) == 1


def test_every_kind_has_words_and_a_weight() -> None:
    """A kind without them could not be told to the worker who is to do it."""
    wording, area = load_wording(), parts()[0]
    assert set(KINDS) == set(FollowUpKind)
    for kind in FollowUpKind:
        assert wording.text(f"follow_up_{kind}")
    assert set(area.follow_ups.bells_of) <= set(FollowUpKind)

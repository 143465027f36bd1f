"""Who is told first: whoever has the conversation; of the closed queue its officer, and nobody besides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.clock import SteppedClock
from bot.desk.handoffs import fall_back, take
from bot.safeguarding.alerts import MayNotAnswer
from bot.safeguarding.escalation import Worry, raise_worries
from bot.safeguarding.ladder import FIRST_CLOSED_RUNG, HOLDER_RUNG
from nlu.base import Urgency
from storage.alerts import AlertRecord, AlertStatus, StepOutcome
from storage.concerns import ConcernStatus
from storage.database import Database
from storage.duty_workers import DutyWorkerRecord, Role
from storage.incidents import IncidentKind
from storage.shifts import NewShift, ShiftKind
from tests.conversation.front import DUTY, Front, Outside, Sender, build_front
from tests.safeguarding.climbing import EMERGENCY, alerts, in_danger, incidents, pass_time, ring, steps
from tests.safeguarding.conftest import Way
from tests.safeguarding.rotas import FAR_AWAY, LONG_AGO, area, ladders, staff

MINUTE = timedelta(minutes=1)


async def taken_by(front: Front, person: Sender, worker: DutyWorkerRecord, clock: SteppedClock) -> None:
    """The worker has the conversation, and nothing is unanswered."""
    await front.accept(person.starts())
    await front.accept(person.says("we argue a lot at home"))
    enquiry = front.enquiry(front.conversation(person.address))

    def work(uow: Any) -> None:
        take(uow, front.house, enquiry, worker, clock.now())

    front.database.run_now(work)
    await ring(front)
    clock.tick(60)


def officer(front: Front, **given: Any) -> DutyWorkerRecord:
    """The officer for allegations, on shift."""

    def add(uow: Any) -> DutyWorkerRecord:
        values = {"telegram": "960109", "phone": "07700900109", "now": LONG_AGO} | given
        kept: DutyWorkerRecord = uow.duty_workers.add(
            name="Noor", email="noor@exampleshire.example", role=Role.LADO, **values
        )
        uow.shifts.add(NewShift(kept.id, Role.LADO, ShiftKind.ON, LONG_AGO, FAR_AWAY), source="test", now=LONG_AGO)
        return kept

    return front.database.run_now(add)


async def alleged(
    front: Front, person: Sender, clock: SteppedClock, urgency: Urgency = Urgency.IMMEDIATE
) -> AlertRecord | None:
    """Somebody tells of a worker who hurts children; return the alert that stands, if there is one."""
    if not front.count("conversation"):
        await front.accept(person.starts())
    conversation = front.conversation(person.address)
    worry = Worry("allegation_professional", urgency, "screening")

    def work(uow: Any) -> list[Any]:
        return list(
            uow.outbox.put(raise_worries(uow, [worry], conversation, None, front.house.doorbell, clock.now()))
        )

    front.dispatcher.offer(front.database.run_now(work))
    await front.settle()
    found = alerts(front, person)
    return found[-1] if found else None


# -- whoever has the conversation ----------------------------------------------------------------------------


async def test_danger_said_to_a_worker_reaches_that_worker_first_and_at_once(
    front: Front, person: Sender, sms: Way, clock: SteppedClock
) -> None:
    """They know the family, and are in the chat: two minutes of head start, and then everybody as ever."""
    people = staff(front.database)
    await taken_by(front, person, people["Bo"], clock)
    sms.sent.clear()
    rung_before = len(front.outside.duty)
    await front.accept(person.says(EMERGENCY))
    [alert] = alerts(front, person)
    [step] = steps(front, alert)
    assert (step.rung, step.outcome) == (HOLDER_RUNG, StepOutcome.TOLD)
    assert [m.address for m in sms.sent] == [people["Bo"].phone]
    assert len(front.outside.duty) == rung_before
    assert alert.next_step_at == clock.now() + 2 * MINUTE
    await pass_time(front, clock, 2 * MINUTE)
    assert [m.address for m in sms.sent][1:] == [people["Ash"].phone]
    assert len(front.outside.duty) == rung_before + 1
    await pass_time(front, clock, 15 * MINUTE)
    assert [s.rung for s in steps(front, alert)] == [HOLDER_RUNG, 1, 2, 3, 4]


async def test_the_worker_who_has_the_conversation_answers_and_nobody_else_is_called(
    front: Front, person: Sender, sms: Way, clock: SteppedClock
) -> None:
    """A team that is called out for nothing comes more slowly the next time."""
    people = staff(front.database)
    await taken_by(front, person, people["Bo"], clock)
    sms.sent.clear()
    await front.accept(person.says(EMERGENCY))
    [alert] = alerts(front, person)
    await front.alerts.acknowledge(alert.id, people["Bo"].id)
    await pass_time(front, clock, 30 * MINUTE)
    assert [m.address for m in sms.sent] == [people["Bo"].phone]
    assert len(steps(front, alert)) == 1


async def test_a_worker_who_cannot_be_reached_costs_no_time(
    database: Database, person: Sender, outside: Outside, clock: SteppedClock
) -> None:
    """No phone, no chat, and the page closed: the ladder begins in the same second."""
    front = build_front(database, clock=clock, outside=outside)
    people = staff(database, telegram=None)
    await taken_by(front, person, people["Bo"], clock)
    await front.accept(person.says(EMERGENCY))
    [alert] = alerts(front, person)
    assert [(s.rung, s.outcome) for s in steps(front, alert)] == [
        (HOLDER_RUNG, StepOutcome.NOBODY),
        (1, StepOutcome.TOLD),
    ]


async def test_a_worker_who_has_the_page_open_has_been_told_by_it(
    database: Database, person: Sender, outside: Outside, clock: SteppedClock
) -> None:
    """It sounds and flashes before them."""
    front = build_front(database, clock=clock, outside=outside)
    people = staff(database, telegram=None)
    await taken_by(front, person, people["Bo"], clock)
    enquiry = front.enquiry(front.conversation(person.address))
    database.run_now(lambda uow: uow.presences.beat(enquiry.id, people["Bo"].id, clock.now()))
    await front.accept(person.says(EMERGENCY))
    [alert] = alerts(front, person)
    [step] = steps(front, alert)
    assert (step.rung, step.outcome) == (HOLDER_RUNG, StepOutcome.TOLD)
    assert len(front.outside.duty) >= 1  # somebody is rung, whatever else


async def test_a_restart_keeps_the_head_start(front: Front, person: Sender, sms: Way, clock: SteppedClock) -> None:
    """What is next follows from the record: the worker may have handed the conversation back meanwhile."""
    people = staff(front.database)
    await taken_by(front, person, people["Bo"], clock)
    await front.accept(person.says(EMERGENCY))
    [alert] = alerts(front, person)
    conversation = front.conversation(person.address)

    def end(uow: Any) -> None:
        uow.handoffs.end(uow.handoffs.open_for(conversation.id).id, "handed_back", clock.now())

    front.database.run_now(end)
    await pass_time(front, clock, 8 * MINUTE)
    assert [(s.rung, (s.at - alert.raised_at) // MINUTE) for s in steps(front, alert)] == [
        (HOLDER_RUNG, 0), (1, 2), (2, 7), (3, 7),
    ]  # fmt: skip


async def test_what_a_disabled_worker_answered_in_telegram_is_alerted_again(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """Nobody took it at the desk: with its answerer gone it would be in nobody's hands, and look as if it were."""
    people = staff(front.database)
    alert = await in_danger(front, person)
    await front.alerts.acknowledge(alert.id, people["Ash"].id)
    front.database.run_now(lambda uow: uow.duty_workers.disable(people["Ash"].id, clock.now()))
    for _ in range(2):
        front.database.run_now(lambda uow: uow.outbox.put([]) or fall_back(uow, front.house, clock.now()))
    found = alerts(front, person)
    assert [a.status for a in found] == [AlertStatus.ACKNOWLEDGED, AlertStatus.RAISED]
    assert IncidentKind.WORKER_GONE in {i.kind for i in incidents(front)}
    concerns = front.database.run_now(lambda uow: uow.concerns.of(alert.enquiry_id))
    assert ConcernStatus.RAISED in {c.status for c in concerns}


# -- the closed queue ----------------------------------------------------------------------------------------


async def test_an_allegation_climbs_a_ladder_of_its_own_and_no_chat_hears_of_it(
    front: Front, person: Sender, sms: Way, email: Way, clock: SteppedClock
) -> None:
    """The one it is about may sit before the duty chat."""
    people, noor = staff(front.database), officer(front)
    alert = await alleged(front, person, clock)
    assert alert is not None
    assert [m.address for m in sms.sent] == [noor.phone]
    await pass_time(front, clock, 61 * MINUTE)
    told = [m.address for m in sms.sent]
    assert told == [noor.phone, people["Cam"].phone, people["Dee"].phone]
    assert front.outside.duty == []
    assert [s.rung - FIRST_CLOSED_RUNG for s in steps(front, alert)] == [0, 1, 2]
    assert {m.address for m in front.outside.sent} & {people[n].telegram for n in ("Ash", "Bo", "Eli")} == set()


async def test_the_area_names_the_manager_whom_it_climbs_to(
    database: Database, person: Sender, outside: Outside, sms: Way, clock: SteppedClock
) -> None:
    """On shift or not: not every manager may know of it. Once they are gone, whoever is on shift."""
    rungs = [
        {"minutes": 0, "role": "lado", "who": "all"},
        {"minutes": 30, "role": "manager", "named": "Vic@exampleshire.example"},
    ]
    own = area(ladders=ladders("allegation", rungs, 30))
    front = build_front(database, clock=clock, outside=outside, others={"sms": sms}, area=own)
    people, noor = staff(database), officer(front)
    vic = database.run_now(
        lambda uow: uow.duty_workers.add(
            name="Vic", email="vic@exampleshire.example", role=Role.MANAGER, now=LONG_AGO, phone="07700900199"
        )
    )
    await alleged(front, person, clock)
    await pass_time(front, clock, 31 * MINUTE)
    assert [m.address for m in sms.sent] == [noor.phone, vic.phone]
    database.run_now(lambda uow: uow.duty_workers.disable(vic.id, clock.now()))
    await pass_time(front, clock, 30 * MINUTE)
    assert [m.address for m in sms.sent][2:] == [people["Cam"].phone]


async def test_a_child_in_danger_has_a_duty_worker_whoever_the_danger_comes_from(
    front: Front, person: Sender, sms: Way, clock: SteppedClock
) -> None:
    """An emergency of the closed queue climbs both ladders: secrecy keeps nobody safe tonight."""
    people, noor = staff(front.database), officer(front)
    await alleged(front, person, clock, Urgency.EMERGENCY)
    assert {m.address for m in sms.sent} == {noor.phone, people["Ash"].phone}
    assert len(front.outside.duty) == 1
    assert "kept to a few people" in front.outside.duty[0]


async def test_an_allegation_that_comes_while_an_alert_climbs_reaches_the_officer_at_once(
    front: Front, person: Sender, sms: Way, clock: SteppedClock
) -> None:
    """And from then on the duty chat hears no more of it."""
    staff(front.database)
    noor = officer(front)
    await front.accept(person.starts())
    conversation = front.conversation(person.address)
    worry = Worry("neglect", Urgency.IMMEDIATE, "screening")

    def work(uow: Any) -> list[Any]:
        return list(
            uow.outbox.put(raise_worries(uow, [worry], conversation, None, front.house.doorbell, clock.now()))
        )

    front.dispatcher.offer(front.database.run_now(work))
    await front.settle()
    before = len(front.outside.duty)
    clock.tick(60)
    await alleged(front, person, clock)
    assert noor.phone in {m.address for m in sms.sent}
    await pass_time(front, clock, 62 * MINUTE)
    assert len(front.outside.duty) == before


async def test_an_allegation_without_anybody_to_tell_is_still_told(
    database: Database, person: Sender, outside: Outside, clock: SteppedClock
) -> None:
    """The chat hears that something waits: no reference, no sign, no button."""
    front = build_front(database, clock=clock, outside=outside)
    alert = await alleged(front, person, clock)
    assert alert is not None
    [said] = [m for m in outside.sent if m.address == DUTY]
    assert front.enquiry(front.conversation(person.address)).reference not in said.text
    assert said.choices == ()
    assert IncidentKind.NOBODY_ON_SHIFT in {i.kind for i in incidents(front)}


async def test_only_who_was_told_of_an_allegation_answers_it(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """A tap on a message that was passed on is no answer; breaking the glass is a way, and is reviewed."""
    people, noor = staff(front.database), officer(front)
    alert = await alleged(front, person, clock)
    assert alert is not None
    for name in ("Ash", "Cam"):
        with pytest.raises(MayNotAnswer):
            await front.alerts.acknowledge(alert.id, people[name].id)
    await pass_time(front, clock, 31 * MINUTE)
    answer = await front.alerts.acknowledge(alert.id, people["Cam"].id)
    assert answer.is_first
    again = await front.alerts.acknowledge(alert.id, noor.id)
    assert again.by.id == people["Cam"].id


async def test_who_breaks_the_glass_may_answer(front: Front, person: Sender, clock: SteppedClock) -> None:
    """They have read it: nobody else may be there."""
    people = staff(front.database)
    officer(front)
    alert = await alleged(front, person, clock)
    assert alert is not None
    until = clock.now() + timedelta(hours=1)
    front.database.run_now(
        lambda uow: uow.broken_glass.break_(
            people["Ash"].id, alert.enquiry_id, reason="the officer is ill", now=clock.now(), ends_at=until
        )
    )
    assert (await front.alerts.acknowledge(alert.id, people["Ash"].id)).is_first


async def test_a_worry_of_the_closed_queue_that_can_wait_is_told_to_the_officer_alone(
    front: Front, person: Sender, sms: Way, clock: SteppedClock
) -> None:
    """What makes no alert rings the duty chat otherwise; so does an enquiry that is sent."""
    people, noor = staff(front.database), officer(front)
    assert await alleged(front, person, clock, Urgency.SAME_DAY) is None
    assert [m.address for m in sms.sent] == [noor.phone]
    await front.accept(person.taps("person"))
    assert front.outside.duty == []
    assert {m.address for m in sms.sent} == {noor.phone}
    assert {m.address for m in front.outside.sent} & {w.telegram for w in people.values()} == set()

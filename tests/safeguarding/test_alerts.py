"""A concern reaches a person, and climbs until one answers: on both databases, with the whole front door."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot.channels.base import ChannelDown
from bot.clock import SteppedClock
from bot.safeguarding.alerts import MayNotAnswer
from bot.safeguarding.escalation import Worry, raise_worries
from nlu.base import Urgency
from storage.alerts import AlertStatus, StepOutcome
from storage.concerns import ConcernStatus
from storage.database import Database
from storage.duty_workers import Role
from storage.incidents import IncidentKind
from storage.outbox import OutboxStatus
from tests.conversation.front import DUTY, Front, Outside, Sender, build_front
from tests.safeguarding.climbing import EMERGENCY, alerts, in_danger, incidents, pass_time, ring, steps
from tests.safeguarding.conftest import Way
from tests.safeguarding.rotas import LONG_AGO, area, ladders, staff


async def test_an_alert_starts_in_the_transaction_that_keeps_the_words(front: Front, person: Sender) -> None:
    """What is safe in the database is on its way to a person as well: there is no moment between the two."""
    staff(front.database)
    [kept] = await front.line._keep([person.says(EMERGENCY)])
    assert not isinstance(kept, BaseException)
    [alert] = alerts(front, person)
    assert (alert.urgency.value, alert.status) == ("emergency", AlertStatus.RAISED)
    [step] = steps(front, alert)
    assert {m["to"] for m in step.messages} >= {"chat"}
    assert {row.id for row in kept.to_send} == {m["id"] for m in step.messages}


async def test_who_is_on_shift_is_told_by_every_way_of_the_rung(
    front: Front, person: Sender, sms: Way, clock: SteppedClock
) -> None:
    """The duty chat, the worker's own chat and a text message, all at once."""
    ash = staff(front.database)["Ash"]
    await in_danger(front, person)
    assert len(front.outside.duty) == 1
    assert [m.address for m in front.outside.sent if m.address == ash.telegram] == [ash.telegram]
    assert [m.address for m in sms.sent] == [ash.phone]
    assert front.outside.to(DUTY)[0].choices[0].label == "I have this"
    assert sms.sent[0].choices == ()


async def test_the_doorbell_holds_no_words_and_no_names(
    front: Front, person: Sender, sms: Way, email: Way, clock: SteppedClock
) -> None:
    """Telegram, a text message and an e-mail are seen on many screens."""
    people = staff(front.database)
    alert = await in_danger(front, person, "my name is Robin and i have taken an overdose")
    await pass_time(front, clock, timedelta(minutes=21))
    told = [m.text for way in (front.outside, sms, email) for m in way.sent if m.address != person.address]
    reference = front.enquiry(front.conversation(person.address)).reference
    assert len(told) > 8
    for text in told:
        assert reference in text
        assert "emergency" in text
        assert "Robin" not in text
        assert not any(name in text for name in people)
    assert alert.id not in "".join(told)


async def test_with_every_rung_silent_the_ladder_is_climbed_to_the_end_and_an_incident_stands(
    front: Front, person: Sender, clock: SteppedClock, sms: Way, email: Way
) -> None:
    """FD03 to FD05, and then the last rung again and again: nobody's silence ends an alert."""
    people = staff(front.database)
    alert = await in_danger(front, person)
    begun = clock.now()
    await pass_time(front, clock, timedelta(hours=3), every=60)
    taken = steps(front, alert)
    at = [((s.at - begun) / timedelta(minutes=1), s.rung) for s in taken]
    assert at[:6] == [(0, 1), (5, 2), (5, 3), (15, 4), (20, 4), (25, 4)]
    assert len(at) == 4 + 33
    called = [next((m["to"] for m in s.messages if m["channel"] == "sms"), "") for s in taken[:5]]
    names = {str(w.id): name for name, w in people.items()}
    assert [names[c] for c in called] == ["Ash", "Bo", "Cam", "Dee", "Dee"]
    assert {m.address for m in email.sent} == {people["Cam"].email, people["Dee"].email}
    assert [i.kind for i in incidents(front)] == [IncidentKind.NOBODY_ANSWERED]
    [still] = alerts(front, person)
    assert still.status is AlertStatus.RAISED
    assert still.next_step_at == begun + timedelta(hours=3, minutes=5)


async def test_without_staff_or_rota_the_duty_chat_is_rung_all_the_way_up(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """The first day, before anybody has made a rota: the chat hears at once, the gap stands on the desk."""
    await in_danger(front, person)
    assert len(front.outside.duty) == 1
    assert [i.kind for i in incidents(front)] == [IncidentKind.NOBODY_ON_SHIFT]
    await pass_time(front, clock, timedelta(minutes=21))
    assert len(front.outside.duty) == 4  # at 0, 5, 15 and 20: two rungs at five minutes ring it once
    assert Counter(i.kind for i in incidents(front)) == {
        IncidentKind.NOBODY_ON_SHIFT: 4,
        IncidentKind.NOBODY_ANSWERED: 1,
    }


async def test_a_rota_gap_goes_straight_to_who_is_there(front: Front, person: Sender, sms: Way) -> None:
    """The duty workers' shifts ended: the manager is told in the same second."""
    people = staff(front.database)
    front.database.run_now(
        lambda uow: [uow.duty_workers.disable(people[name].id, LONG_AGO) for name in ("Ash", "Bo")]
    )
    await in_danger(front, person)
    assert [m.address for m in sms.sent] == [people["Cam"].phone]
    kinds = {(i.kind, i.details["role"]) for i in incidents(front)}
    assert kinds == {(IncidentKind.NOBODY_ON_SHIFT, "duty_worker")}


async def test_a_manager_who_cannot_be_told_is_an_incident_and_not_an_end(
    database: Database, person: Sender, clock: SteppedClock, outside: Outside
) -> None:
    """On shift, and without a phone or a chat of their own: the next rung is not waited for."""
    front = build_front(database, clock=clock, outside=outside)
    staff(database, phone=None, telegram=None)
    alert = await in_danger(front, person)
    await pass_time(front, clock, timedelta(minutes=6))
    assert [(s.role, s.outcome) for s in steps(front, alert)] == [
        ("duty_worker", StepOutcome.TOLD),
        ("duty_worker", StepOutcome.TOLD),
        ("manager", StepOutcome.NOBODY),
        ("head_of_service", StepOutcome.NOBODY),
    ]
    assert {(i.kind, i.details["role"]) for i in incidents(front)} == {
        (IncidentKind.NO_WAY_TO_TELL, "manager"),
        (IncidentKind.NO_WAY_TO_TELL, "head_of_service"),
    }


async def test_the_same_again_within_minutes_does_not_begin_anew(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """Somebody in distress writes it three times: one alert, and its ladder goes on as it was."""
    staff(front.database)
    alert = await in_danger(front, person)
    clock.tick(120)
    await front.accept(person.says(EMERGENCY))
    assert alerts(front, person) == [alert]
    await pass_time(front, clock, timedelta(minutes=4))
    assert [s.rung for s in steps(front, alert)] == [1, 2, 3]


async def test_something_worse_begins_the_ladder_again_at_once(
    front: Front, person: Sender, clock: SteppedClock, sms: Way
) -> None:
    """It was immediate and now it is an emergency: five minutes count from now, and the first is told again."""
    people = staff(front.database)
    await front.accept(person.starts())
    await front.accept(person.says("my uncle touches me at night"))
    [alert] = alerts(front, person)
    assert alert.urgency.value == "immediate"
    clock.tick(60)
    await front.accept(person.says(EMERGENCY))
    [raised] = alerts(front, person)
    assert (raised.id, raised.urgency.value, raised.climb) == (alert.id, "emergency", 2)
    assert [m.address for m in sms.sent] == [people["Ash"].phone] * 2
    assert raised.next_step_at == clock.now() + timedelta(minutes=5)


async def test_an_enquiry_cannot_have_two_alerts_that_nobody_has_answered(front: Front, person: Sender) -> None:
    """The database itself refuses; and it refuses an alert without a next step."""
    alert = await in_danger(front, person)

    def silence(uow: Any) -> None:
        uow.connection.exec_driver_sql("UPDATE alert SET next_step_at = NULL")

    with pytest.raises(IntegrityError):
        front.database.run_now(silence)
    assert alerts(front, person) == [alert]


# -- answering -------------------------------------------------------------------------------------------------


async def test_an_answer_is_on_record_and_ends_the_climb(
    front: Front, person: Sender, clock: SteppedClock, outside: Outside
) -> None:
    """Who and when; the concern is in hand; the chat says who has it; the person is told that it was seen."""
    bo = staff(front.database)["Bo"]
    alert = await in_danger(front, person)
    clock.tick(90)
    answer = await front.alerts.acknowledge(alert.id, bo.id)
    await front.settle()
    assert (answer.is_first, answer.by.name, answer.at) == (True, "Bo", clock.now())
    [kept] = alerts(front, person)
    assert (kept.status, kept.acknowledged_by, kept.next_step_at) == (AlertStatus.ACKNOWLEDGED, bo.id, None)
    found = front.database.run_now(lambda uow: uow.concerns.of(alert.enquiry_id))
    assert {c.status for c in found} == {ConcernStatus.IN_HAND}
    changed = [m for m in outside.to(DUTY) if m.replaces]
    assert [("Bo has this, since 10.01am" in m.text, m.choices) for m in changed] == [(True, ())]
    assert "A duty worker has seen that you wrote to us." in person.last.text
    sent = len(outside.sent)
    await pass_time(front, clock, timedelta(hours=2), every=300)
    assert len(outside.sent) == sent
    acts = [e.act for e in front.database.run_now(lambda uow: uow.audit.of(alert.enquiry_id))]
    assert "alert.acknowledged" in acts
    assert front.database.run_now(lambda uow: uow.audit.verify()) == []


async def test_two_who_answer_at_once_are_told_who_has_it(front: Front, person: Sender) -> None:
    """Two thumbs, one second: one has it, and the other knows who."""
    people = staff(front.database)
    alert = await in_danger(front, person)
    names = ("Ash", "Bo", "Cam", "Dee")
    answers = await asyncio.gather(*(front.alerts.acknowledge(alert.id, people[n].id) for n in names))
    [first] = [a for a in answers if a.is_first]
    assert {a.by.name for a in answers} == {first.by.name}
    assert len({a.at for a in answers}) == 1
    notes = front.database.run_now(lambda uow: uow.audit.of(alert.enquiry_id))
    assert [n.act for n in notes].count("alert.acknowledged") == 1


async def test_an_auditor_reads_and_does_not_answer(front: Front, person: Sender) -> None:
    """Nor does somebody who was disabled a minute ago."""
    people = staff(front.database)
    alert = await in_danger(front, person)

    def add(uow: Any) -> Any:
        return uow.duty_workers.add(name="Fay", email="fay@exampleshire.example", role=Role.AUDITOR, now=LONG_AGO)

    auditor = front.database.run_now(add)
    front.database.run_now(lambda uow: uow.duty_workers.disable(people["Ash"].id, LONG_AGO))
    for worker_id in (auditor.id, people["Ash"].id):
        with pytest.raises(MayNotAnswer):
            await front.alerts.acknowledge(alert.id, worker_id)
    assert alerts(front, person)[0].status is AlertStatus.RAISED


async def test_what_waits_to_be_sent_is_taken_back_when_somebody_answers(
    front: Front, person: Sender, clock: SteppedClock, sms: Way
) -> None:
    """Notify comes back an hour later: nobody is woken for what is in hand."""
    people = staff(front.database)
    sms.fails_at = {str(w.phone): ChannelDown("away") for w in people.values()}
    alert = await in_danger(front, person)
    await pass_time(front, clock, 60)
    await front.alerts.acknowledge(alert.id, people["Cam"].id)
    sms.fails_at = {}
    await pass_time(front, clock, timedelta(hours=1))
    assert sms.sent == []


async def test_danger_after_an_answer_is_an_alert_of_its_own(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """Whoever answered the first may have gone home: it is never thought that they still look."""
    people = staff(front.database)
    first = await in_danger(front, person)
    await front.alerts.acknowledge(first.id, people["Ash"].id)
    clock.tick(timedelta(minutes=30))
    await front.accept(person.says(EMERGENCY))
    assert [a.status for a in alerts(front, person)] == [AlertStatus.ACKNOWLEDGED, AlertStatus.RAISED]


async def test_an_alert_is_closed_with_a_reason_on_record(front: Front, person: Sender) -> None:
    """To close one that nobody had answered is to answer it."""
    people = staff(front.database)
    alert = await in_danger(front, person)
    answer = await front.alerts.close(alert.id, people["Cam"].id, "seen at home by the police")
    assert answer.is_first
    [kept] = alerts(front, person)
    assert (kept.status, kept.closed_by) == (AlertStatus.CLOSED, people["Cam"].id)
    [note] = [
        n for n in front.database.run_now(lambda uow: uow.audit.of(alert.enquiry_id)) if n.act == "alert.closed"
    ]
    assert note.reason == "seen at home by the police"
    again = await front.alerts.acknowledge(alert.id, people["Ash"].id)
    assert (again.is_first, again.by.name) == (False, "Cam")


# -- the person ------------------------------------------------------------------------------------------------


async def test_the_person_is_told_the_truth_when_nobody_has_answered(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """FD05: with 999 and the area's number, once, at the rung at which they should know."""
    staff(front.database)
    await in_danger(front, person)
    seen = len(person.seen)
    await pass_time(front, clock, timedelta(minutes=14))
    assert len(person.seen) == seen
    await pass_time(front, clock, timedelta(hours=1))
    [told] = person.seen[seen:]
    assert "No worker has answered yet." in told.text
    assert "999" in told.text
    assert "01632 960 001" in told.text


async def test_somebody_who_has_left_is_not_written_to(front: Front, person: Sender, clock: SteppedClock) -> None:
    """They pressed the way out: somebody may be looking over their shoulder."""
    people = staff(front.database)
    alert = await in_danger(front, person)
    await front.accept(person.taps("quick_exit"))
    seen = len(person.seen)
    await pass_time(front, clock, timedelta(minutes=30))
    await front.alerts.acknowledge(alert.id, people["Ash"].id)
    await front.settle()
    assert len(person.seen) == seen


# -- when it goes wrong ----------------------------------------------------------------------------------------


async def test_a_way_that_fails_is_an_incident_and_the_next_rung_is_not_waited_for(
    front: Front, person: Sender, clock: SteppedClock, outside: Outside, sms: Way
) -> None:
    """Nothing of the first rung can be delivered: the second is called within seconds, not minutes."""
    people = staff(front.database)
    outside.fails_at = {DUTY: ChannelDown("away"), str(people["Ash"].telegram): ChannelDown("away")}
    sms.fails_at = {str(people["Ash"].phone): ChannelDown("away")}
    alert = await in_danger(front, person)
    await pass_time(front, clock, 6, every=1)
    taken = steps(front, alert)
    assert [(s.rung, s.outcome) for s in taken] == [(1, StepOutcome.FAILED), (2, StepOutcome.TOLD)]
    assert [m.address for m in sms.sent] == [people["Bo"].phone]
    failed = {i.details["channel"] for i in incidents(front) if i.kind is IncidentKind.CHANNEL_FAILED}
    assert failed == {"telegram", "sms"}


async def test_one_way_that_fails_of_two_is_an_incident_alone(
    front: Front, person: Sender, clock: SteppedClock, sms: Way
) -> None:
    """The worker was told in Telegram: the ladder keeps its time, and somebody mends Notify."""
    people = staff(front.database)
    sms.fails_at = {str(people["Ash"].phone): ChannelDown("away")}
    alert = await in_danger(front, person)
    await pass_time(front, clock, 30, every=1)
    assert [s.rung for s in steps(front, alert)] == [1]
    assert [i.details for i in incidents(front)] == [{"channel": "sms"}]


async def test_with_telegram_and_notify_down_together_everybody_is_called_when_they_return(
    front: Front, person: Sender, clock: SteppedClock, outside: Outside, sms: Way, email: Way
) -> None:
    """The ladder is climbed, the incident stands, and what could not be sent is sent."""
    people = staff(front.database)
    down = ChannelDown("away")
    outside.fails_at = {DUTY: down} | {str(w.telegram): down for w in people.values()}
    sms.fails_at = {str(w.phone): down for w in people.values()}
    email.fails_at = {w.email: down for w in people.values()}
    alert = await in_danger(front, person)
    await pass_time(front, clock, 20, every=1)
    await pass_time(front, clock, timedelta(minutes=6), every=20)
    assert [s.rung for s in steps(front, alert)][:4] == [1, 2, 3, 4]
    kinds = {i.kind for i in incidents(front)}
    assert kinds == {IncidentKind.CHANNEL_FAILED, IncidentKind.NOBODY_ANSWERED}
    assert not outside.duty
    outside.fails_at, sms.fails_at, email.fails_at = {}, {}, {}
    await pass_time(front, clock, timedelta(minutes=1), every=5)
    assert outside.duty
    assert {m.address for m in sms.sent} == {people[n].phone for n in ("Ash", "Bo", "Cam", "Dee")}


async def test_an_empty_ladder_rings_the_chat_and_leaves_an_incident(
    database: Database, clock: SteppedClock, outside: Outside, person: Sender
) -> None:
    """A mistake in the area's settings is not a silence."""
    changed = area(ladders=ladders("emergency", [], 5))
    front = build_front(database, clock=clock, outside=outside, area=changed)
    alert = await in_danger(front, person)
    assert len(outside.duty) == 1
    assert IncidentKind.EMPTY_LADDER in {i.kind for i in incidents(front)}
    await pass_time(front, clock, timedelta(minutes=11))
    assert len(steps(front, alert)) == 3
    assert len(outside.duty) == 3


async def test_a_step_that_breaks_rings_the_chat_and_is_tried_again(
    front: Front, person: Sender, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of our own in the ladder must bring a person, not stop the climb."""
    staff(front.database)
    alert = await in_danger(front, person)
    with monkeypatch.context() as broken:
        broken.setattr("bot.safeguarding.climbing.next_step", lambda *_: 1 / 0)
        await pass_time(front, clock, timedelta(minutes=5))
        assert IncidentKind.STEP_FAILED in {i.kind for i in incidents(front)}
        assert len(front.outside.duty) == 2
    await pass_time(front, clock, timedelta(minutes=1))
    assert [s.rung for s in steps(front, alert)] == [1, 2, 3]


async def test_a_step_that_falls_due_is_taken_once_however_many_look(
    front: Front, person: Sender, clock: SteppedClock, outside: Outside
) -> None:
    """Many processes ring the same bell in the same second."""
    staff(front.database)
    alert = await in_danger(front, person)
    others = [build_front(front.database, clock=clock, outside=outside, owner=f"other{n}:0:0") for n in range(4)]
    clock.tick(timedelta(minutes=5))
    await asyncio.gather(*(one.alerts.tick() for one in (front, *others)))
    for one in (front, *others):
        await one.settle()
    assert [s.number for s in steps(front, alert)] == [1, 2, 3]
    assert len(outside.duty) == 2


async def test_steps_missed_while_nothing_ran_are_all_taken_at_once(
    front: Front, person: Sender, clock: SteppedClock, sms: Way
) -> None:
    """The machine was off for an hour: whoever should have been called by now is called now, each once."""
    people = staff(front.database)
    alert = await in_danger(front, person)
    clock.tick(timedelta(hours=1))
    await ring(front)
    assert [s.rung for s in steps(front, alert)] == [1, 2, 3, 4]
    assert [m.address for m in sms.sent] == [people[n].phone for n in ("Ash", "Bo", "Cam", "Dee")]
    assert alerts(front, person)[0].next_step_at == clock.now() + timedelta(minutes=5)


async def test_a_concern_for_today_has_no_alert(front: Front, person: Sender, clock: SteppedClock) -> None:
    """It stands in the queue; to wake people for it would teach them not to look."""
    await front.accept(person.starts())
    conversation = front.conversation(person.address)
    today = [Worry("neglect", Urgency.SAME_DAY, "worker")]
    doorbell = front.house.doorbell

    def worry(uow: Any) -> Any:
        return uow.outbox.put(raise_worries(uow, today, conversation, None, doorbell, clock.now()))

    [row] = front.database.run_now(worry)
    assert "choices" not in row.payload
    assert alerts(front, person) == []


async def test_nothing_of_an_alert_is_left_pending_when_all_is_sent(front: Front, person: Sender) -> None:
    """Proves that the messages of a step are the outbox's own rows."""
    staff(front.database)
    alert = await in_danger(front, person)
    [step] = steps(front, alert)
    rows = [front.database.run_now(lambda uow, i=m["id"]: uow.outbox.get(i)) for m in step.messages]  # type: ignore[misc]
    assert {r.status for r in rows} == {OutboxStatus.SENT}

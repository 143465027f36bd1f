"""What the tests of alerts do again and again: somebody is in danger, time passes, the bells ring."""

from __future__ import annotations

from datetime import timedelta

from bot.clock import SteppedClock
from storage.alerts import AlertRecord, AlertStepRecord
from storage.incidents import IncidentRecord
from tests.conversation.front import Front, Sender

EMERGENCY = "i have taken an overdose"


async def in_danger(front: Front, person: Sender, words: str = EMERGENCY) -> AlertRecord:
    """Somebody writes that they are in danger; return the alert that stands."""
    await front.accept(person.starts())
    await front.accept(person.says(words))
    return alerts(front, person)[-1]


def alerts(front: Front, person: Sender) -> list[AlertRecord]:
    enquiry_id = front.conversation(person.address).enquiry_id
    return front.database.run_now(lambda uow: uow.alerts.of(enquiry_id))


def steps(front: Front, alert: AlertRecord) -> list[AlertStepRecord]:
    return front.database.run_now(lambda uow: uow.alerts.steps_of(alert.id))


def incidents(front: Front) -> list[IncidentRecord]:
    return front.database.run_now(lambda uow: uow.incidents.standing())


async def pass_time(front: Front, clock: SteppedClock, much: timedelta | float, every: float = 30) -> None:
    """Let time pass with the bells ringing: each half minute, unless told."""
    left = much.total_seconds() if isinstance(much, timedelta) else much
    while left > 0:
        clock.tick(min(every, left))
        left -= every
        await ring(front)


async def ring(front: Front) -> None:
    """Ring the bells once, and let what they sent go."""
    await front.alerts.tick()
    await front.dispatcher.tick()
    await front.settle()

"""Alerts as the rest of the front door uses them: steps taken when they are due, and answers from workers."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.channels.base import SendError, SlowDown
from bot.clock import Clock
from bot.outbox.dispatcher import Dispatcher
from bot.safeguarding.alert_messages import AlertMessages
from bot.safeguarding.climbing import (
    MAY_ANSWER,
    TRIES_BEFORE_A_CHANNEL_FAILS,
    Answer,
    Climber,
    MayNotAnswer,
)
from bot.safeguarding.doorbell import DutyDoorbell
from bot.safeguarding.telling import is_closed
from storage.audit import SYSTEM_CHAIN
from storage.database import Database
from storage.duty_workers import DutyWorkerRecord
from storage.identifiers import AlertId, DutyWorkerId
from storage.incidents import IncidentKind
from storage.outbox import NewOutbox, OutboxRecord
from storage.repository import NotFound
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

__all__ = ["MAY_ANSWER", "Alerts", "Answer", "MayNotAnswer", "Tapped", "acknowledge", "close", "on_failure"]

MOST_AT_ONCE = 100
TRIED_AGAIN_AFTER = timedelta(seconds=30)
"""A step that could not be taken is taken again so soon; the duty chat has been rung for it by then."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """A press of the button that answers an alert: by whom, and on which message of which chat."""

    alert_id: AlertId
    tapper: str
    address: str
    ref: str


def acknowledge(
    uow: UnitOfWork, doorbell: DutyDoorbell, alert_id: AlertId, worker: DutyWorkerRecord, now: datetime
) -> Answer:
    """Record in this unit who has an alert. See `Climber.acknowledge`. Offer `Answer.rows` to the dispatcher."""
    return Climber(uow, doorbell, now).acknowledge(alert_id, worker)


def close(
    uow: UnitOfWork,
    doorbell: DutyDoorbell,
    alert_id: AlertId,
    worker: DutyWorkerRecord,
    reason: str,
    now: datetime,
) -> Answer:
    return Climber(uow, doorbell, now).close(alert_id, worker, reason)


def on_failure(
    doorbell: DutyDoorbell, uow: UnitOfWork, row: OutboxRecord, error: SendError, now: datetime
) -> None:
    """Hear that a duty message did not go. To be asked to wait is no failure, nor is one try."""
    if "alert" not in row.payload or isinstance(error, SlowDown):
        return
    if row.attempts + 1 >= TRIES_BEFORE_A_CHANNEL_FAILS or not error.retryable:
        Climber(uow, doorbell, now).note_failure(row, row.channel)


class Alerts:
    """One process's part in the alerts. Several share the steps: whoever holds an alert's row takes its step."""

    def __init__(
        self, *, database: Database, doorbell: DutyDoorbell, dispatcher: Dispatcher, clock: Clock
    ) -> None:
        self._database = database
        self._doorbell = doorbell
        self._dispatcher = dispatcher
        self._clock = clock

    async def tick(self) -> int:
        """Take the steps that are due; return of how many alerts."""
        now = self._clock.now()
        due = await self._database.run(lambda uow: uow.alerts.due(now, MOST_AT_ONCE))
        # Each alert is a unit of its own: one that cannot climb holds up no other.
        taken = await asyncio.gather(*(self._take(alert_id) for alert_id in due))
        return sum(taken)

    async def acknowledge(self, alert_id: AlertId, worker_id: DutyWorkerId) -> Answer:
        """Raises `NotFound` and `MayNotAnswer`."""
        now = self._clock.now()

        def work(uow: UnitOfWork) -> Answer:
            return acknowledge(uow, self._doorbell, alert_id, uow.duty_workers.get(worker_id), now)

        return self._sent(await self._database.run(work))

    async def close(self, alert_id: AlertId, worker_id: DutyWorkerId, reason: str) -> Answer:
        """Raises `NotFound` and `MayNotAnswer`."""
        now = self._clock.now()

        def work(uow: UnitOfWork) -> Answer:
            return close(uow, self._doorbell, alert_id, uow.duty_workers.get(worker_id), reason, now)

        return self._sent(await self._database.run(work))

    async def tapped(self, tap: Tapped) -> str:
        """Answer an alert for whoever tapped its button in Telegram; return what to tell them."""
        now = self._clock.now()
        answer, words = await self._database.run(partial(self._tap, tap=tap, now=now))
        if answer is not None:
            self._sent(answer)
        return words

    def _tap(self, uow: UnitOfWork, *, tap: Tapped, now: datetime) -> tuple[Answer | None, str]:
        wording = self._doorbell.wording
        worker = uow.duty_workers.by_telegram(tap.tapper)
        if worker is None:
            _note_unknown(uow, tap, now)
            return None, wording.text("alert_unknown_tap")
        try:
            answer = Climber(uow, self._doorbell, now).acknowledge(tap.alert_id, worker, (tap.address, tap.ref))
        except NotFound:
            return None, wording.text("alert_gone")
        except MayNotAnswer:
            return None, wording.text("alert_may_not_answer")
        enquiry = uow.enquiries.get(uow.alerts.get(tap.alert_id).enquiry_id)
        key = "alert_you_have_it" if answer.by.id == worker.id else "alert_taken"
        since = self._doorbell.time_of(answer.at)
        return answer, self._doorbell.words(key, enquiry, worker=answer.by.name, since=since)

    async def _take(self, alert_id: AlertId) -> bool:
        now = self._clock.now()

        def work(uow: UnitOfWork) -> list[OutboxRecord] | None:
            alert = uow.alerts.take(alert_id, now)
            return None if alert is None else uow.outbox.put(Climber(uow, self._doorbell, now).take_due(alert))

        try:
            rows = await self._database.run(work)
        except Exception:
            log.exception("alert.step_failed", extra={"alert_id": alert_id})
            rows = await self._database.run(partial(self._ring_anyway, alert_id=alert_id, now=now))
        if rows is not None:
            self._dispatcher.offer(rows)
        return rows is not None

    def _ring_anyway(self, uow: UnitOfWork, *, alert_id: AlertId, now: datetime) -> list[OutboxRecord] | None:
        """The step itself fails: ring the duty chat, leave an incident, and try the step again soon."""
        alert = uow.alerts.take(alert_id, now)
        if alert is None:
            return None
        enquiry = uow.enquiries.get(alert.enquiry_id)
        uow.incidents.raise_(
            IncidentKind.STEP_FAILED, key=alert.id, now=now, enquiry_id=enquiry.id, alert_id=alert.id
        )
        uow.alerts.wake_at(alert.id, now + TRIED_AGAIN_AFTER)
        if is_closed(uow, enquiry.id):
            return uow.outbox.put([AlertMessages(self._doorbell, now).nameless(alert, enquiry)])
        row: NewOutbox = self._doorbell.ring(
            "duty_waiting", enquiry, now, channel="", urgent=True, alert_id=alert.id
        )
        return uow.outbox.put([row])

    def _sent(self, answer: Answer) -> Answer:
        self._dispatcher.offer(answer.rows)
        return answer


def _note_unknown(uow: UnitOfWork, tap: Tapped, now: datetime) -> None:
    try:
        chain: str = uow.alerts.get(tap.alert_id).enquiry_id
    except NotFound:
        chain = SYSTEM_CHAIN
    uow.audit.write(
        chain=chain,
        at=now,
        actor="unknown",
        act="alert.unknown_tap",
        record_type="alert",
        record_id=tap.alert_id,
        details={"telegram": tap.tapper},
    )

"""Rings the bells. What is due is a column in the database; a bell only says that it is time to look."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bell:
    """Something to do again and again. A bell that is still ringing is not rung twice at once."""

    name: str
    every: timedelta
    ring: Callable[[], Awaitable[object]]


class Schedule:
    """The bells of one process, rung by APScheduler. Nothing is lost with it: what is due waits in its row."""

    def __init__(self, bells: list[Bell]) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_listener(_report, EVENT_JOB_ERROR)
        for bell in bells:
            self._scheduler.add_job(
                _ringing(bell),
                "interval",
                seconds=bell.every.total_seconds(),
                id=bell.name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)


def _ringing(bell: Bell) -> Callable[[], Awaitable[None]]:
    """Return a coroutine function: APScheduler runs anything else in a thread, and drops what comes back."""

    async def ring() -> None:
        await bell.ring()

    return ring


def _report(event: JobExecutionEvent) -> None:
    kind = type(event.exception).__name__ if event.exception else "unknown"
    log.error("bell.failed", extra={"bell": event.job_id, "error": kind})

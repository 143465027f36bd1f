"""Who is writing just now, shown to the other side while a worker has the conversation. Kept for seconds."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from bot.clock import Clock
from storage.conversations import ConversationStatus
from storage.database import Database
from storage.identifiers import ConversationId
from storage.repository import NotFound, UniqueRace
from storage.typing import Writer
from storage.unit_of_work import UnitOfWork

LASTS = timedelta(seconds=7)
"""A sign is given every few seconds for as long as somebody writes; so long after the last they have stopped."""


class Writing:
    """Signs of writing, by way of the store: each side may be at another process. A courtesy: it never raises."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def person_writes(self, conversation: str) -> None:
        """Show the worker that the person writes. With the assistant there is nobody to show it to."""
        until = self._clock.now() + LASTS

        def work(uow: UnitOfWork) -> None:
            found = uow.conversations.get(ConversationId(conversation))
            if found.status is ConversationStatus.WITH_WORKER:
                uow.typing.note(found.id, Writer.PERSON, until)

        with suppress(NotFound, UniqueRace):
            await self._database.run(work)

    async def worker_writes(self, conversation: str) -> None:
        until = self._clock.now() + LASTS
        with suppress(UniqueRace):
            await self._database.run(
                lambda uow: uow.typing.note(ConversationId(conversation), Writer.WORKER, until)
            )

    async def is_worker_writing(self, conversation: str) -> bool:
        now = self._clock.now()
        return await self._database.run(
            lambda uow: uow.typing.until(ConversationId(conversation), Writer.WORKER, now) is not None
        )


def person_writes_since(
    uow: UnitOfWork, conversation_id: ConversationId, said_at: datetime | None, now: datetime
) -> bool:
    """Say whether the person writes, and not only what they sent at `said_at`."""
    until = uow.typing.until(conversation_id, Writer.PERSON, now)
    return until is not None and (said_at is None or until - LASTS > said_at)

"""Whole conversations, held by many people at once."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from tests.telegram.chats import Person

if TYPE_CHECKING:
    from tests.telegram.bot_api_server import BotApiServer


class Play:
    """Conversations as people hold them. `waits` are seconds until the first answer to each turn."""

    def __init__(self, server: BotApiServer, script: list[Any], patience: float) -> None:
        self.waits: list[float] = []
        self.stuck: list[str] = []
        self._server = server
        self._script = script
        self._patience = patience
        self._left = 0
        self._over: deque[int] = deque()

    async def hold(self, people: int, conversations: int) -> None:
        self._left = conversations
        await asyncio.gather(*(self._one_after_another() for _ in range(people)))

    async def _one_after_another(self) -> None:
        while self._left > 0 and not self.stuck:
            self._left -= 1
            person = self._server.person()
            for number, line in enumerate(self._script, 1):
                try:
                    async with asyncio.timeout(self._patience):
                        await self._turn(person, line)
                except TimeoutError:
                    last = [(m.text[:60], m.labels) for m in person.from_bot[-2:]]
                    self.stuck.append(f"turn {number}, {line}: {last}")
                    return
            self._forget_later(person.id)

    async def _turn(self, person: Person, line: Any) -> None:
        if isinstance(line, dict):
            await person.offered(line["tap"])
        before, began = person.answers, time.monotonic()
        if isinstance(line, dict):
            await person.taps(line["tap"], person.last)
        else:
            await person.says(line)
        await person.answered(after=before)
        self.waits.append(time.monotonic() - began)

    def _forget_later(self, chat_id: int) -> None:
        """Forget old chats, so that a hundred thousand turns fit; late calls for the newest still find theirs."""
        self._over.append(chat_id)
        if len(self._over) > 500:
            del self._server.chats[self._over.popleft()]

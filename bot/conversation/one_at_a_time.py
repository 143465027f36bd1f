"""One thing at a time for each conversation, within this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class OneAtATime:
    """Between processes a conversation is held by its row, while it is decided."""

    def __init__(self) -> None:
        self._in_hand: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        """Wait until nobody else holds `name`, in the order they came, and hold it."""
        lock, waiting = self._in_hand.get(name, (asyncio.Lock(), 0))
        self._in_hand[name] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._in_hand[name]
            if waiting == 1:
                del self._in_hand[name]
            else:
                self._in_hand[name] = (lock, waiting - 1)

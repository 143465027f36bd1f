"""The web chat: what is sent is already kept in the outbox row, so sending is waking whoever is looking."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from bot.channels.base import OutboundMessage, Receipt

WEBCHAT = "webchat"


class FellBehind(Exception):
    """The listener was too slow and missed messages. Read back from the last one seen, then listen anew."""


class HubClosed(Exception):
    """The front door is stopping: nothing more will come."""


class Listener:
    """One open page's place at the hub. Made by `Hub.subscribe`; usable in an `async with`."""

    def __init__(self, hub: Hub, conversation: str, most: int) -> None:
        self._hub = hub
        self._conversation = conversation
        self._waiting: asyncio.Queue[OutboundMessage] = asyncio.Queue(most)
        self._changed = asyncio.Event()
        self._fell_behind = False
        self._closed = False

    async def __aenter__(self) -> Listener:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._hub.unsubscribe(self._conversation, self)

    def __aiter__(self) -> Listener:
        return self

    async def __anext__(self) -> OutboundMessage:
        """Raises `FellBehind` once messages were missed; ends when the hub closes."""
        try:
            return await self.next()
        except HubClosed:
            raise StopAsyncIteration from None

    async def next(self) -> OutboundMessage:
        """Return the next message. Raises `FellBehind` or `HubClosed`. Safe to cancel, as by a timeout."""
        while True:
            if self._fell_behind:
                raise FellBehind
            if not self._waiting.empty():
                return self._waiting.get_nowait()
            if self._closed:
                raise HubClosed
            self._changed.clear()
            await self._changed.wait()

    def offer(self, message: OutboundMessage) -> bool:
        """Put a message before the listener; False where there is no room and the listener is dropped."""
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self._fell_behind = True
        self._changed.set()
        return not self._fell_behind

    def close(self) -> None:
        self._closed = True
        self._changed.set()


class Hub:
    """Brings messages to the pages open in this process. Used from one event loop.

    It keeps nothing: a page that listens elsewhere, or later, reads back from the store.
    """

    def __init__(self, *, most_waiting: int = 64) -> None:
        self._most = most_waiting
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self._closed = False

    def subscribe(self, conversation: str) -> Listener:
        listener = Listener(self, conversation, self._most)
        if self._closed:
            listener.close()
        else:
            self._listeners[conversation].add(listener)
        return listener

    def unsubscribe(self, conversation: str, listener: Listener) -> None:
        listeners = self._listeners.get(conversation)
        if listeners is None:
            return
        listeners.discard(listener)
        if not listeners:
            del self._listeners[conversation]

    def publish(self, message: OutboundMessage) -> int:
        """Give a message to every listener of its conversation; return how many took it."""
        listeners = tuple(self._listeners.get(message.address, ()))
        taken = 0
        for listener in listeners:
            if listener.offer(message):
                taken += 1
            else:
                self.unsubscribe(message.address, listener)
        return taken

    def listening(self) -> int:
        return sum(len(listeners) for listeners in self._listeners.values())

    def close(self) -> None:
        """End every listener, so that the server can stop without waiting for open pages."""
        self._closed = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.close()
        self._listeners.clear()


class WebChatChannel:
    """Implements `Channel`. A message is delivered once it can be read back, which it already can."""

    name = WEBCHAT

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def send(self, message: OutboundMessage) -> Receipt:
        self._hub.publish(message)
        return Receipt(refs=(message.id,))

    async def show_typing(self, address: str) -> None:
        """The page shows it for itself, while it waits for an answer."""
        del address

    async def clear(self, address: str, refs: tuple[str, ...]) -> int:
        """Nothing is on a screen that we can reach: the page clears itself."""
        del address, refs
        return 0

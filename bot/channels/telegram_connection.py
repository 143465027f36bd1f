"""One HTTP/1.1 connection to a Bot API server, and where a call on it goes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from urllib.parse import urlsplit

import httptools
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest

# Asking these twice has the effect of asking once, so a call that a dying connection swallowed may be repeated.
# `send…` is not here: a call that may have been heard is left to the outbox, which alone may send twice.
_REPEATABLE = ("get", "edit", "answer", "delete", "set")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes, and the part of its head that never changes."""

    host: str
    port: int
    tls: bool
    line: bytes
    repeatable: bool


@lru_cache(maxsize=256)
def target_of(method: str, url: str) -> Target:
    parts = urlsplit(url)
    path = parts.path or "/"
    if parts.query:
        path += "?" + parts.query
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NetworkError("the address of the Bot API server is not an http address")
    if not path.isascii() or any(c <= " " for c in path):
        raise NetworkError("the address of a file has letters that no address may have")
    tls = parts.scheme == "https"
    name = path.rpartition("/")[2].lower()
    return Target(
        host=parts.hostname,
        port=parts.port or (443 if tls else 80),
        tls=tls,
        line=(
            f"{method} {path} HTTP/1.1\r\nHost: {parts.netloc.rpartition('@')[2]}\r\n"
            f"User-Agent: {BaseRequest.USER_AGENT}\r\nAccept: */*\r\n"
        ).encode("ascii"),
        repeatable=method == "GET" or name.startswith(_REPEATABLE),
    )


class Dropped(NetworkError):
    """The connection ended before one byte of an answer."""

    __slots__ = ()


class Connection(asyncio.Protocol):
    """One connection. It answers one call at a time, and is closed when anything about it is in doubt."""

    __slots__ = (
        "_body", "_limit", "_loop", "_parser", "_seconds", "_size", "_timer", "_transport", "_waiter",
        "heard_at", "idle_since", "is_open", "key", "uses",
    )  # fmt: skip

    def __init__(self, loop: asyncio.AbstractEventLoop, key: tuple[str, int, bool], limit: int) -> None:
        self.key = key
        self.is_open = False
        self.uses = 0
        self.idle_since = 0.0
        self.heard_at = 0.0
        self._loop = loop
        self._limit = limit
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[tuple[int, bytes]] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._seconds: float | None = None
        self._body: list[bytes] = []
        self._size = 0

    async def ask(self, request: bytes, seconds: float | None) -> tuple[int, bytes]:
        """Send `request` and return the status and body. The other side may be silent for `seconds`."""
        assert self._transport is not None
        waiter: asyncio.Future[tuple[int, bytes]] = self._loop.create_future()
        self._waiter = waiter
        self._body, self._size = [], 0
        self.uses += 1
        self.heard_at = 0.0
        self._seconds = seconds
        if seconds is not None:
            self._timer = self._loop.call_later(seconds, self._look_at_the_clock)
        self._transport.write(request)
        try:
            return await waiter
        except asyncio.CancelledError:
            self.close()  # its answer would be taken for the next call's
            raise
        finally:
            self._waiter = None
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def close(self) -> None:
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()

    def _look_at_the_clock(self) -> None:
        assert self._seconds is not None
        left = self.heard_at + self._seconds - self._loop.time() if self.heard_at else 0.0
        if left > 0:
            self._timer = self._loop.call_later(left, self._look_at_the_clock)
        else:
            self._fail(TimedOut())

    def _fail(self, error: TelegramError) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_exception(error)
        self.close()

    # asyncio calls these

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are none by type
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        if self._waiter is None:
            self.close()  # an answer to nothing: what comes next could not be trusted
            return
        self.heard_at = self._loop.time()
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail(NetworkError("the answer was not HTTP"))

    def eof_received(self) -> None:
        self.is_open = False

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self.heard_at:
            self._fail(NetworkError("the connection ended in the middle of an answer"))
        else:
            self._fail(Dropped("dropped"))

    # httptools calls these

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size > self._limit:
            self._fail(NetworkError("the answer is too long"))
        else:
            self._body.append(body)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:  # 100 Continue: the answer is still to come
            return
        if not self._parser.should_keep_alive():
            self.is_open = False
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            body = self._body
            waiter.set_result((status, body[0] if len(body) == 1 else b"".join(body)))
        if not self.is_open:
            self.close()

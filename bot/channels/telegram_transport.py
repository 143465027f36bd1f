"""Carries python-telegram-bot's calls over HTTP/1.1 on pooled connections, with little ceremony."""

from __future__ import annotations

import asyncio
import json
import secrets
import ssl
from collections import deque
from typing import Any

import aiohappyeyeballs
import certifi
import orjson
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram_connection import Connection, Dropped, Target, target_of

# A Bot API server sends files of at most 20 MB; an answer to a method is far smaller.
# https://core.telegram.org/bots/api#getfile
LARGEST_ANSWER = 24 * 1024 * 1024

Timeout = float | None | DefaultValue[Any]


class LeanRequest(BaseRequest):
    """A transport for `telegram.Bot`. It verifies certificates, follows no redirect and speaks to no proxy.

    Timeouts are as PTB means them: `read_timeout` is how long the other side may be silent. A call is repeated
    only where the connection was an old one that died unheard, and asking twice does no harm.
    """

    __slots__ = (
        "_connect_timeout", "_file_write_timeout", "_idle", "_is_running", "_keep_alive", "_largest_answer",
        "_limit", "_loop", "_open", "_pool_timeout", "_queue", "_read_timeout", "_tls", "_write_timeout",
    )  # fmt: skip

    def __init__(
        self,
        *,
        connections: int = 64,
        connect_timeout: float | None = 5.0,
        read_timeout: float | None = 10.0,
        write_timeout: float | None = 5.0,
        file_write_timeout: float | None = 60.0,
        pool_timeout: float | None = 5.0,
        keep_alive: float = 30.0,
        largest_answer: int = LARGEST_ANSWER,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._limit = connections
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._file_write_timeout = file_write_timeout
        self._pool_timeout = pool_timeout
        self._keep_alive = keep_alive
        self._largest_answer = largest_answer
        self._tls = tls
        self._idle: list[Connection] = []
        self._queue: deque[asyncio.Future[Connection | None]] = deque()
        self._open = 0
        self._is_running = False
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read_timeout

    async def initialize(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._is_running = True

    async def shutdown(self) -> None:
        self._is_running = False
        while self._idle:
            self._idle.pop().close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As PTB's own, faster, and without writing the answer to a log: it may hold a person's words."""
        try:
            data = orjson.loads(payload)
        except orjson.JSONDecodeError:
            data = None
        if not isinstance(data, dict) or not ("result" in data or "description" in data):
            raise TelegramError("the answer is not one of a Bot API server")
        return data

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        write_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        connect_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        pool_timeout: Timeout = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        target = target_of(method, url)
        kind, body = _encode(request_data)
        request = b"%bContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (target.line, kind, len(body), body)
        own_write = self._file_write_timeout if kind is not _JSON else self._write_timeout
        silence = _sum(_or(read_timeout, self._read_timeout), _or(write_timeout, own_write))
        waits = _or(connect_timeout, self._connect_timeout), _or(pool_timeout, self._pool_timeout)
        while True:
            connection = await self._take(target, *waits)
            was_used = connection.uses > 0
            try:
                return await connection.ask(request, silence)
            except Dropped:
                if not (was_used and target.repeatable):
                    raise NetworkError("the connection ended before an answer") from None
            finally:
                self._give_back(connection)

    async def _take(self, target: Target, connect: float | None, pool: float | None) -> Connection:
        """Return an open connection to `target`, an idle one first; wait for a place where all are taken."""
        if not self._is_running or self._loop is None:
            raise NetworkError("the transport is not running")
        key = (target.host, target.port, target.tls)
        fresh_after = self._loop.time() - self._keep_alive
        idle = self._idle
        for at in range(len(idle) - 1, -1, -1):  # the newest first: it is the least likely to have gone stale
            connection = idle[at]
            if not connection.is_open or connection.idle_since < fresh_after:
                del idle[at]
                connection.close()
                self._leave()
            elif connection.key == key:
                del idle[at]
                return connection
        handed = await self._find_place(pool)
        if handed is not None:
            if handed.key == key and handed.is_open:
                return handed
            handed.close()
        try:
            return await self._connect(target, key, connect)
        except BaseException:
            self._leave()
            raise

    async def _find_place(self, seconds: float | None) -> Connection | None:
        """Return when one more connection may be open; it may be one that somebody just finished with."""
        assert self._loop is not None
        if self._open >= self._limit and self._idle:  # an idle connection to another host makes room
            self._idle.pop(0).close()
            self._open -= 1
        if self._open < self._limit:
            self._open += 1
            return None
        place: asyncio.Future[Connection | None] = self._loop.create_future()
        self._queue.append(place)
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(place)
        except TimeoutError:
            self._refuse_place(place)
            raise TimedOut("every connection is in use; the call was not sent") from None
        except asyncio.CancelledError:
            self._refuse_place(place)
            raise

    def _refuse_place(self, place: asyncio.Future[Connection | None]) -> None:
        """Pass on a place that was handed over in the very moment its taker gave up."""
        if not place.done():
            place.cancel()
            return
        connection = place.result()
        if connection is None:
            self._leave()
        else:
            self._give_back(connection)

    def _leave(self, connection: Connection | None = None) -> None:
        """Hand a place, and an open connection with it, to the one who has waited longest."""
        while self._queue:
            place = self._queue.popleft()
            if not place.done():
                place.set_result(connection)
                return
        if connection is None:
            self._open -= 1
        else:
            self._idle.append(connection)

    def _give_back(self, connection: Connection) -> None:
        assert self._loop is not None
        connection.idle_since = self._loop.time()
        if connection.is_open and self._is_running:
            self._leave(connection)
        else:
            connection.close()
            self._leave()

    async def _connect(self, target: Target, key: tuple[str, int, bool], seconds: float | None) -> Connection:
        loop = self._loop
        assert loop is not None
        try:
            async with asyncio.timeout(seconds):
                found = await loop.getaddrinfo(target.host, target.port, type=1)
                # a broken IPv6 path costs a quarter of a second, not the whole timeout
                socket = await aiohappyeyeballs.start_connection(found, happy_eyeballs_delay=0.25)
                _, connection = await loop.create_connection(
                    lambda: Connection(loop, key, self._largest_answer),
                    sock=socket,
                    ssl=self._context() if target.tls else None,
                    server_hostname=target.host if target.tls else None,
                )
        except TimeoutError:
            raise TimedOut("no connection in time; the call was not sent") from None
        except (OSError, ssl.SSLError) as error:
            raise NetworkError(f"no connection ({type(error).__name__}); the call was not sent") from None
        return connection

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            # The system's certificates, for a Bot API server of one's own; certifi's, for an image without any.
            self._tls = ssl.create_default_context()
            self._tls.load_verify_locations(certifi.where())
        return self._tls


_JSON = b"application/json"


def _encode(data: RequestData | None) -> tuple[bytes, bytes]:
    """Return the body's media type and the body. https://core.telegram.org/bots/api#making-requests"""
    if data is None:
        return _JSON, b""
    if data.contains_files:
        return _multipart(data)
    parameters = data.parameters
    try:
        return _JSON, orjson.dumps(parameters)
    except TypeError:  # half of a surrogate pair, or a number past 64 bits: Telegram shall judge it, not we
        return _JSON, json.dumps(parameters).encode()


def _multipart(data: RequestData) -> tuple[bytes, bytes]:
    boundary = secrets.token_hex(16).encode()
    parts: list[bytes] = []
    for name, value in data.json_parameters.items():
        parts.append(b'--%b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n' % (boundary, _quoted(name)))
        parts.append(value.encode("utf-8", "replace") + b"\r\n")
    for name, (filename, content, media_type) in data.multipart_data.items():
        parts.append(
            b'--%b\r\nContent-Disposition: form-data; name="%b"; filename="%b"\r\nContent-Type: %b\r\n\r\n'
            % (boundary, _quoted(name), _quoted(filename), _quoted(media_type))
        )
        parts.append((content if isinstance(content, bytes) else content.read()) + b"\r\n")
    parts.append(b"--%b--\r\n" % boundary)
    return b"multipart/form-data; boundary=" + boundary, b"".join(parts)


def _quoted(value: str) -> bytes:
    """https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data"""
    safe = value.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    return safe.encode("utf-8", "replace")


def _or(value: Timeout, default: float | None) -> float | None:
    return default if isinstance(value, DefaultValue) else value


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other

"""A small HTTP/1.1 server: one handler for every request, cheap enough to stand beside a bot being measured."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import cast

import httptools


@dataclass(slots=True)
class Request:
    """One request, read whole."""

    method: str = ""
    target: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. `None` in place of one closes the connection without a word."""

    status: int
    body: bytes
    media_type: str = "application/json"
    close: bool = False


Handler = Callable[[Request], Awaitable[Response | None]]


class _Protocol(asyncio.Protocol):
    def __init__(self, handler: Handler, everyone: set[_Protocol]) -> None:
        self._handler = handler
        self._everyone = everyone
        self._parser = httptools.HttpRequestParser(self)
        self._request = Request()
        self._body: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are none by type
        self._everyone.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._everyone.discard(self)
        if self._task is not None:
            self._task.cancel()  # the caller has gone: a long poll must not go on in its name

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    def on_message_begin(self) -> None:
        self._request, self._body = Request(), []

    def on_url(self, url: bytes) -> None:
        self._request.target += url.decode()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._request.headers[name.decode().lower()] = value.decode()

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        self._request.method = self._parser.get_method().decode()
        self._request.body = b"".join(self._body)
        self._task = asyncio.get_running_loop().create_task(self._answer(self._request))

    async def _answer(self, request: Request) -> None:
        response = await self._handler(request)
        if self._transport is None or self._transport.is_closing():
            return
        if response is None:
            self._transport.abort()
            return
        keep = self._parser.should_keep_alive() and not response.close
        self._transport.write(
            b"HTTP/1.1 %d -\r\nContent-Type: %b\r\nContent-Length: %d\r\nConnection: %b\r\n\r\n%b"
            % (
                response.status,
                response.media_type.encode(),
                len(response.body),
                b"keep-alive" if keep else b"close",
                response.body,
            )
        )
        if not keep:
            self._transport.close()


class HttpServer:
    """Listens on one port until stopped. `drop_connections` ends every open connection, as a restart would."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._protocols: set[_Protocol] = set()
        self._server: asyncio.Server | None = None
        self.connections_made = 0

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        def protocol() -> _Protocol:
            self.connections_made += 1
            return _Protocol(self._handler, self._protocols)

        self._server = await asyncio.get_running_loop().create_server(protocol, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    def drop_connections(self) -> None:
        for protocol in list(self._protocols):
            protocol.close()

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.drop_connections()
        await asyncio.sleep(0)

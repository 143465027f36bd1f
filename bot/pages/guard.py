"""What stands before every page and call: body limits, security headers, rate limits, and the last net."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
}
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"?')
_BRACKETS = re.compile(rb"[\[\]{}]")
DEEPEST = 32


class BodyTooLong(Exception):
    """More came than we take. The rest is not read."""


class BrokenOff(Exception):
    """An answer failed half way: the connection is cut, so that nobody takes it for whole. Holds no words."""


class Guard:
    """ASGI middleware around everything else.

    `failed` answers an exception that nothing caught; `too_long` a body above `most` bytes.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        most: int,
        is_https: bool,
        failed: Callable[[Request, Exception], Response],
        too_long: Callable[[Request], Response],
        not_well_formed: Callable[[Request], Response],
    ) -> None:
        self._app = app
        self._most = most
        self._is_https = is_https
        self._failed = failed
        self._too_long = too_long
        self._not_well_formed = not_well_formed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._harden(message)
            await send(message)

        request = Request(scope)
        try:
            body = await self._read(request, receive)
            if body and _is_json(request) and depth(body) > DEEPEST:
                answer: Response = self._not_well_formed(request)
            else:
                await self._app(scope, replay(body, receive), guarded)
                return
        except BodyTooLong:
            answer = self._too_long(request)
            answer.headers["Connection"] = "close"
        except Exception as error:
            answer = self._failed(request, error)
            if begun:
                raise BrokenOff from None
        await answer(scope, receive, guarded)

    async def _read(self, request: Request, receive: Receive) -> bytes:
        """Read the body up to the limit. Raises `BodyTooLong` without reading what a header gave away."""
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return b""
        told = request.headers.get("content-length", "")
        if told.isascii() and told.isdigit() and int(told) > self._most:
            raise BodyTooLong
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return bytes(body)
            body += message.get("body", b"")
            if len(body) > self._most:
                raise BodyTooLong
            if not message.get("more_body", False):
                return bytes(body)

    def _harden(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
        if self._is_https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def _is_json(request: Request) -> bool:
    return "json" in request.headers.get("content-type", "json")


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body once, then what the connection says."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def depth(body: bytes) -> int:
    """Return how deeply JSON is nested, brackets inside strings aside."""
    deepest = now = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub(b"", body)):
        now += 1 if bracket in b"[{" else -1
        if now > deepest:
            deepest = now
            if deepest > DEEPEST:
                break
    return deepest


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RateLimit:
    """Lets `burst` through at once and `each_minute` over time, for each key. In memory, oldest keys forgotten.

    `ticks` is a steady count of seconds: how long ago, never what time it is.
    """

    def __init__(
        self,
        *,
        each_minute: float,
        burst: float,
        most_keys: int = 50_000,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate = each_minute / 60
        self._burst = burst
        self._most_keys = most_keys
        self._ticks = ticks
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def forget(self, key: str) -> None:
        """Let a key begin anew."""
        self._buckets.pop(key, None)

    def wait(self, key: str) -> float:
        """Take one; return 0, or the seconds until one is to be had."""
        now = self._ticks()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(self._burst, now)
            if len(self._buckets) > self._most_keys:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0.0
        return (1 - bucket.tokens) / self._rate

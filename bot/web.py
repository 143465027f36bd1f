"""The web application: the web chat and its pages, the webhook, health. `bot/app.py` hands it its parts."""

import asyncio
import logging
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.base import SentFile
from bot.channels.webchat import Hub
from bot.clock import Clock
from bot.conversation.base import FrontDoor
from bot.conversation.writing import Writing
from bot.desk.frame import STATIC, Desk, DeskPages
from bot.desk.pages import install_desk
from bot.pages.api import chat_api
from bot.pages.assets import Assets, Pages
from bot.pages.doorway import Doorway
from bot.pages.errors import ErrorReplies, Refused
from bot.pages.guard import Guard
from bot.pages.plain import plain_pages
from bot.pages.settings import WebSettings
from bot.pages.shown import SafetyWords, Typesetter
from bot.working_time import WorkingTime
from flows.area import Area
from flows.wording import Wording

__all__ = ["WebServer", "WebSettings", "build_web"]

log = logging.getLogger(__name__)

WEBHOOK_PATH = "/telegram/webhook"
LARGEST_UPDATE = 1024 * 1024
"""In bytes: many times the largest update that Telegram makes."""

_SECRET_HEADER = b"x-telegram-bot-api-secret-token"

TelegramWebhook = Callable[[str | None, bytes], Awaitable[tuple[int, dict[str, Any] | None]]]
"""Takes the secret header and the body of an update; returns the status and the body to answer with."""

CalendarFile = Callable[[str], Awaitable[SentFile | None]]
"""Returns the file behind a link's token; None where it opens nothing."""
_LONGEST_TOKEN = 64

Readiness = Callable[[], Awaitable[Mapping[str, bool | str]]]
"""Says of each part whether it can do its work, or which one does it."""


class WebServer(uvicorn.Server):
    """Ends the live pages first when it stops: they would hold it open for ever."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub
        self._is_open = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._is_open.set()

    async def opened(self, serving: asyncio.Task[None]) -> None:
        """Wait until people can come in, or until serving has failed."""
        waiting = asyncio.create_task(self._is_open.wait())
        await asyncio.wait({waiting, serving}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.close()
        await super().shutdown(sockets)


class RequestCounts:
    """ASGI middleware that counts requests by route, never by address: an address may name a conversation."""

    def __init__(self, app: ASGIApp, *, registry: CollectorRegistry) -> None:
        self._app = app
        labels = ("route", "method", "status")
        self._count = Counter("frontdoor_http_requests", "Requests answered", labels, registry=registry)
        self._seconds = Histogram(
            "frontdoor_http_seconds", "Seconds until an answer began", ("route",), registry=registry
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.monotonic()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "none")
                method = scope["method"] if scope["method"] in _METHODS else "other"
                self._count.labels(route, method, str(message["status"])).inc()
                self._seconds.labels(route).observe(time.monotonic() - started)
            await send(message)

        await self._app(scope, receive, counted)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def build_web(
    front_door: FrontDoor,
    *,
    area: Area,
    wording: Wording,
    settings: WebSettings,
    clock: Clock,
    hub: Hub,
    is_urgent: Callable[[str], bool],
    readiness: Readiness,
    registry: CollectorRegistry,
    desk: Desk | None = None,
    telegram_webhook: TelegramWebhook | None = None,
    calendar: CalendarFile | None = None,
    unavailable: tuple[type[Exception], ...] = (OSError, TimeoutError),
) -> FastAPI:
    """Build the web application.

    `is_urgent` says whether words sound like danger: such a message is never held back by a rate limit.
    `calendar` opens the calendar file behind a link.
    `unavailable` are the exceptions that mean the store is out of reach: answered with 503 and the numbers.
    """
    assets = Assets(STATIC)
    shared = {
        "area": area,
        "words": lambda key: wording.text(key, values=area.values()),
        "is_open": lambda: WorkingTime(area).is_open(clock.now()),
    }
    pages = Pages(assets, shared)
    desk_pages: DeskPages | None = None

    def error_page(request: Request, status: int, words: str) -> Response:
        if desk_pages is not None and request.url.path.startswith("/desk"):
            return desk_pages.plain(request, "error.html", status, message=words)
        return pages.render(request, "error.html", status, message=words)

    errors = ErrorReplies(area, error_page)
    app = FastAPI(
        title=area.service_name, version="1", openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None
    )
    doorway = Doorway(front_door, clock=clock, settings=settings, is_urgent=is_urgent)
    safety = SafetyWords(wording)
    typesetter = Typesetter((area.phones.duty, area.phones.out_of_hours), area.timezone, safety)
    writing = None if desk is None else Writing(desk.database, clock)
    app.include_router(chat_api(doorway, hub, settings, safety, writing))
    app.include_router(plain_pages(doorway, pages, settings, typesetter, errors.message, area.exit_url))
    if calendar is not None:
        _add_calendar(app, calendar)
    if desk is not None:
        desk_pages = install_desk(app, desk, assets)
    _add_static(app, assets)
    _add_health(app, readiness, registry)
    errors.install(app)
    app.add_middleware(
        Guard,
        most=settings.most_bytes,
        is_https=settings.is_https,
        failed=lambda request, error: errors.failed(request, error, unavailable),
        too_long=lambda request: errors.answer(request, "too_long"),
        not_well_formed=lambda request: errors.answer(request, "not_well_formed"),
    )
    app.add_middleware(RequestCounts, registry=registry)
    if telegram_webhook is not None:
        app.add_middleware(TelegramDoor, webhook=telegram_webhook)
    return app


def _add_static(app: FastAPI, assets: Assets) -> None:
    @app.get("/static/{_name}", include_in_schema=False)
    async def static(request: Request) -> Response:
        answer = assets.answer(request)
        if answer is None:
            raise Refused("not_found")
        return answer


def _add_calendar(app: FastAPI, calendar: CalendarFile) -> None:
    @app.get("/calendar/{token}", include_in_schema=False)
    async def file(token: str) -> Response:
        """The token is all there is in the address, and opens this file alone."""
        found = await calendar(token) if len(token) <= _LONGEST_TOKEN else None
        if found is None:
            raise Refused("not_found")
        headers = {"Content-Disposition": f'attachment; filename="{found.name}"', "Cache-Control": "no-store"}
        return Response(found.content, media_type=found.media_type, headers=headers)


def _add_health(app: FastAPI, readiness: Readiness, registry: CollectorRegistry) -> None:
    @app.get("/healthz", tags=["health"])
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", tags=["health"])
    async def ready() -> Response:
        """Able to take messages: every part that has to be there is there."""
        parts: Mapping[str, Any] = {}
        with suppress(Exception):
            parts = await asyncio.wait_for(readiness(), 5)
        is_ready = bool(parts) and all(parts.values())
        status = "ready" if is_ready else "not ready"
        return JSONResponse({"status": status, "parts": dict(parts)}, 200 if is_ready else 503)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class TelegramDoor:
    """ASGI middleware that answers Telegram's calls first: they are most of what comes.

    A call that fails is answered with 500, and Telegram makes it again.
    """

    def __init__(self, app: ASGIApp, *, webhook: TelegramWebhook) -> None:
        self._app = app
        self._webhook = webhook

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != WEBHOOK_PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        answer = await self._answer(scope, receive)
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        body = await _body(receive)
        if body is None:
            return PlainTextResponse("", 413, {"Connection": "close"})
        secret = dict(scope["headers"]).get(_SECRET_HEADER)
        try:
            status, reply = await self._webhook(None if secret is None else secret.decode("latin-1"), body)
        except Exception:
            log.exception("telegram.webhook_failed")
            return PlainTextResponse("", 500)
        return PlainTextResponse("", status) if reply is None else JSONResponse(reply, status)


async def _body(receive: Receive) -> bytes | None:
    """Return the whole body; None where it is larger than any update."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_UPDATE:
            return None
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(body)

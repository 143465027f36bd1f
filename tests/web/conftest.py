"""The real front door on a free port, and a real browser before it."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.app import build_app
from bot.channels.webchat import WEBCHAT, Hub
from bot.process import App
from bot.settings import Settings, new_key
from bot.web import WebServer
from storage.identifiers import ConversationId
from storage.outbox import NewOutbox, OutboxKind
from tests.browser_at_hand import find_browser

T = TypeVar("T")
PATIENCE_MS = 20_000
"""A browser and a server share what processors there are with every other test."""

expect.set_options(timeout=PATIENCE_MS)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AWAY = "https://www.bbc.co.uk/weather"


class MovingClock:
    """Begins on a Monday morning, when the team is in, and then goes as any clock does."""

    def __init__(self) -> None:
        self._start = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)

    def jump(self, to: datetime) -> None:
        """Let time pass at once: until then, and on from there."""
        self._start, self._began = to, time.monotonic()


class Served:
    """A web application on a free loopback port, in a thread with its own event loop."""

    def __init__(self, web: FastAPI, hub: Hub) -> None:
        config = uvicorn.Config(web, host="127.0.0.1", port=0, log_config=None, access_log=False)
        self._server = WebServer(config, hub)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._server.serve()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in the server's own loop."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def stop(self) -> bool:
        """Ask the server to stop as a signal would; say whether it did."""
        self._server.should_exit = True
        self._thread.join(20)
        return not self._thread.is_alive()


@dataclass(frozen=True, slots=True)
class FrontDoorServer:
    """The whole product behind one address."""

    url: str
    app: App
    served: Served

    def worker_says(self, conversation: str, text: str) -> None:
        """Send a duty worker's message as the desk does: an outbox row, and then the dispatcher."""

        async def send() -> None:
            now = self.app.clock.now()
            row = NewOutbox(
                channel=WEBCHAT,
                address=conversation,
                kind=OutboxKind.WORKER,
                payload={"text": text},
                conversation_id=ConversationId(conversation),
                created_at=now,
                claimed_by=self.app.house.owner,
                claimed_until=now + self.app.house.lease,
            )
            rows = await self.app.database.run(lambda uow: uow.outbox.put([row]))
            self.app.dispatcher.offer(rows)

        self.served.do(send())


@pytest.fixture(scope="module")
def front_door(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[FrontDoorServer]:
    path = tmp_path_factory.mktemp("web") / "frontdoor.db"
    shutil.copyfile(migrated_sqlite, path)
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{path}",
        encryption_keys=new_key(),
        session_secret=new_key(),
    )
    app = build_app(settings, clock=MovingClock(), write=lambda line: None)
    served = Served(app.web, app.hub)
    served.do(app.start(clocks=False))
    yield FrontDoorServer(served.url, app, served)
    served.do(app.stop())
    served.stop()


@pytest.fixture
def api(front_door: FrontDoorServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=front_door.url, timeout=30) as client:
        yield client


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation held through the API."""

    client: httpx.Client
    conversation: str
    token: str
    begun: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, **body: Any) -> httpx.Response:
        return self.client.post(f"/api/chat/{self.conversation}/messages", json=body, headers=self.headers)

    def say(self, **body: Any) -> dict[str, Any]:
        response = self.post(**body)
        assert response.status_code == 200, response.text
        return response.json()

    def read_back(self, after: int = 0) -> dict[str, Any]:
        response = self.client.get(f"/api/chat/{self.conversation}", params={"after": after}, headers=self.headers)
        assert response.status_code == 200, response.text
        return response.json()


@pytest.fixture
def begin(api: httpx.Client) -> Callable[..., Chat]:
    def begin(**body: Any) -> Chat:
        response = api.post("/api/chat", json=body)
        assert response.status_code == 201, response.text
        begun = response.json()
        return Chat(api, begun["conversation"], begun["token"], begun)

    return begin


def chromium() -> str:
    """Return the browser to drive."""
    found = find_browser()
    assert found, "no Chromium: set FRONTDOOR_CHROMIUM to one"
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_context(browser: Browser, front_door: FrontDoorServer) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browser contexts that may ask no other host for anything, and must run without an error."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []
    own = urlsplit(front_door.url).netloc

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on("request", lambda request: _note_stranger(request.url, own, troubles))
        page.on("console", lambda line: troubles.append(line.text) if "Content Security" in line.text else None)

    def open_context(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=front_door.url, **options)
        context.set_default_timeout(PATIENCE_MS)
        context.route(
            f"{AWAY}**",
            lambda route: route.fulfill(body="<title>Weather</title>Dry", content_type="text/html"),
        )
        context.on("page", watch)
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()
    assert not troubles, troubles


def _note_stranger(url: str, own: str, troubles: list[str]) -> None:
    if urlsplit(url).netloc != own and not url.startswith(AWAY):
        troubles.append(f"asked a stranger: {url}")


@pytest.fixture
def phone_page(open_context: Callable[..., BrowserContext]) -> Page:
    return open_context(viewport={"width": 360, "height": 740}, has_touch=True).new_page()


@pytest.fixture
def desk_page(open_context: Callable[..., BrowserContext]) -> Page:
    return open_context(viewport={"width": 1280, "height": 800}).new_page()


@pytest.fixture
def plain_page(open_context: Callable[..., BrowserContext]) -> Page:
    """A phone without scripts."""
    return open_context(viewport={"width": 360, "height": 740}, java_script_enabled=False).new_page()

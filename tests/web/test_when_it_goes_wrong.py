"""When parts fail or are flooded: the numbers are always shown, and nobody's words come out in an error."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.requests import Request

from bot.channels.base import InboundMessage
from bot.channels.webchat import Hub
from bot.clock import SteppedClock
from bot.conversation.base import Exchange, Expects, Shown
from bot.pages.doorway import Doorway
from bot.pages.errors import Refused
from bot.pages.guard import RateLimit
from bot.pages.wire import NewMessage
from bot.web import WebSettings, build_web
from flows.loader import load_area, load_wording

AREA = Path(__file__).resolve().parents[2] / "flows" / "definitions" / "areas" / "exampleshire.yaml"
SETTINGS = WebSettings(secret="s" * 32)
WORDS = "my neighbour keeps shouting"


class StoreOutOfReach(Exception):
    """What a database library raises, with the words it was handed."""


class FailingDoor:
    """A front door whose store may be out of reach, or which has a mistake in it."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.heard: list[InboundMessage] = []

    async def begin(
        self, *, channel: str, audience: str | None = None, language: str | None = None
    ) -> tuple[Exchange, str]:
        self._fail()
        return Exchange("c", (), Expects()), "token"

    async def hear(self, message: InboundMessage) -> Exchange:
        self._fail()
        self.heard.append(message)
        return Exchange("c", (), Expects())

    async def read_back(self, conversation: str, *, after: int = 0) -> Exchange:
        self._fail()
        return Exchange("c", (), Expects())

    async def find(self, token: str) -> str | None:
        return "c" if token == "token" else None

    async def forget(self, conversation: str) -> None:
        self._fail()

    async def listen(self, conversation: str) -> AsyncIterator[Shown]:
        self._fail()
        return
        yield

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error


async def _ready() -> dict[str, bool]:
    return {"store": True}


def _client(
    door: FailingDoor,
    clock: SteppedClock,
    settings: WebSettings = SETTINGS,
    ready: Callable[[], Awaitable[dict[str, bool]]] = _ready,
    **options: Any,
) -> httpx.AsyncClient:
    web = build_web(
        door,
        area=load_area(AREA),
        wording=load_wording(),
        settings=settings,
        clock=clock,
        hub=Hub(),
        is_urgent=lambda text: "danger" in text,
        readiness=ready,
        registry=CollectorRegistry(),
        unavailable=(StoreOutOfReach,),
        **options,
    )
    base = settings.public_url or "http://chat.example"
    return httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url=base)


async def _say(client: httpx.AsyncClient, text: str, number: int = 1) -> httpx.Response:
    return await client.post(
        "/api/chat/c/messages", json={"id": f"m{number}", "text": text}, headers={"Authorization": "Bearer token"}
    )


async def test_a_store_out_of_reach_is_answered_with_503_and_the_numbers(clock: SteppedClock) -> None:
    """Where we cannot keep what they say, they must not wait for us."""
    async with _client(FailingDoor(StoreOutOfReach(WORDS)), clock) as client:
        answer = await _say(client, WORDS)

    assert answer.status_code == 503
    message = answer.json()["error"]["message"]
    assert "01632 960 001" in message
    assert "999" in message
    assert answer.headers["retry-after"]


async def test_a_mistake_of_ours_shows_neither_trace_nor_words(
    clock: SteppedClock, caplog: pytest.LogCaptureFixture
) -> None:
    """A stack trace tells an attacker about us, and a log line about a person tells everyone."""
    with caplog.at_level(logging.DEBUG):
        async with _client(FailingDoor(ValueError(WORDS)), clock) as client:
            answer = await _say(client, WORDS)

    assert answer.status_code == 500
    assert set(answer.json()["error"]) == {"code", "message"}
    assert "999" in answer.text
    assert "Traceback" not in answer.text
    for told in (answer.text, caplog.text, *(str(vars(r)) for r in caplog.records)):
        assert "neighbour" not in told
    assert any(record.message == "web.failed" for record in caplog.records)


async def test_a_person_without_scripts_sees_the_numbers_when_the_store_is_out_of_reach(
    clock: SteppedClock,
) -> None:
    """The first page and the numbers stand even where nothing behind them does."""
    async with _client(FailingDoor(StoreOutOfReach()), clock) as client:
        first = await client.get("/")
        begun = await client.post("/chat/begin", headers={"Accept": "text/html"})

    assert first.status_code == 200
    assert begun.status_code == 503
    assert "tel:01632960001" in begun.text
    assert "tel:999" in begun.text


async def test_a_flood_is_slowed_and_still_given_the_numbers(clock: SteppedClock) -> None:
    """One sender must not use up what everyone needs; but nobody is turned away without a number to ring."""
    async with _client(FailingDoor(), clock, replace(SETTINGS, messages_a_minute=3)) as client:
        answers = [await _say(client, "hello", n) for n in range(5)]

    assert [a.status_code for a in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "01632 960 001" in answers[-1].json()["error"]["message"]


async def test_a_message_about_danger_is_never_held_back(clock: SteppedClock) -> None:
    """A person in fear sends many short messages."""
    door = FailingDoor()
    async with _client(door, clock, replace(SETTINGS, messages_a_minute=1)) as client:
        await _say(client, "hello", 1)
        assert (await _say(client, "hello", 2)).status_code == 429
        assert (await _say(client, "there is danger", 3)).status_code == 200
        headers = {"Authorization": "Bearer token"}
        asked = await client.post("/api/chat/c/messages", json={"id": "p", "choice": "person"}, headers=headers)
        assert asked.status_code == 200
        for _ in range(3):
            assert (await client.get("/")).status_code == 200

    assert [m.text for m in door.heard] == ["hello", "there is danger", ""]


class Weighing:
    """Says of words whether they are urgent. The first is kept until `waits_for` was weighed, or `go_on`."""

    def __init__(self, *, waits_for: str = "") -> None:
        self.order: list[str] = []
        self._waits_for = waits_for
        self._may_go_on = threading.Event()
        self.first_is_in = threading.Event()

    def go_on(self) -> None:
        self._may_go_on.set()

    def is_urgent(self, text: str) -> bool:
        if not self.first_is_in.is_set():
            self.first_is_in.set()
            self._may_go_on.wait(5)
        self.order.append(text)
        if text == self._waits_for:
            self.go_on()
        return "danger" in text


def _from(address: str) -> Request:
    return Request({"type": "http", "client": (address, 50_000), "headers": []})


def _flooded(weighing: Weighing, door: FailingDoor, clock: SteppedClock) -> Doorway:
    """A doorway where nothing passes without being weighed."""
    tight = replace(SETTINGS, messages_a_minute=1, messages_a_minute_from_one_address=1)
    doorway = Doorway(door, clock=clock, settings=tight, is_urgent=weighing.is_urgent)
    for conversation in ("flood", "other"):
        doorway._messages.wait(conversation)
    return doorway


def _sent(doorway: Doorway, address: str, conversation: str, text: str) -> asyncio.Task[Exchange]:
    message = NewMessage.model_validate({"id": text.replace(" ", "-"), "text": text})
    return asyncio.create_task(doorway.hear(_from(address), conversation, message))


async def test_one_address_s_flood_does_not_slow_the_danger_of_another(clock: SteppedClock) -> None:
    """Somebody who sends rubbish without end must not stand between a child and the duty workers."""
    weighing = Weighing(waits_for="danger here")
    door = FailingDoor()
    doorway = _flooded(weighing, door, clock)

    flood = [_sent(doorway, "192.0.2.1", "flood", f"rubbish {n}") for n in range(3)]
    await asyncio.to_thread(weighing.first_is_in.wait, 5)
    await _sent(doorway, "192.0.2.2", "other", "danger here")
    refused = await asyncio.gather(*flood, return_exceptions=True)

    assert weighing.order[0] == "danger here"
    assert [m.text for m in door.heard] == ["danger here"]
    assert all(isinstance(answer, Refused) for answer in refused)


async def test_a_flood_in_one_chat_keeps_another_at_its_address_for_one_message_only(clock: SteppedClock) -> None:
    """A school is one address: what one pupil sends without end must not keep another's words for long."""
    weighing = Weighing()
    door = FailingDoor()
    doorway = _flooded(weighing, door, clock)
    doorway._from_address.wait("192.0.2.1")

    flood = [_sent(doorway, "192.0.2.1", "flood", f"rubbish {n}") for n in range(4)]
    await asyncio.to_thread(weighing.first_is_in.wait, 5)
    danger = _sent(doorway, "192.0.2.1", "other", "danger here")
    await asyncio.sleep(0)
    weighing.go_on()
    await danger
    await asyncio.gather(*flood, return_exceptions=True)

    assert weighing.order[:2] == ["rubbish 0", "danger here"]


async def test_guessing_tokens_is_slowed(clock: SteppedClock) -> None:
    """A token is long; it still must not be tried a million times."""
    async with _client(FailingDoor(), clock, replace(SETTINGS, wrong_tokens_a_minute=2)) as client:
        headers = {"Authorization": "Bearer wrong"}
        answers = [await client.get("/api/chat/c", headers=headers) for _ in range(3)]

    assert [a.status_code for a in answers] == [401, 401, 429]


def test_a_limit_fills_up_again_with_time() -> None:
    """Whoever waits as told is let in."""
    now = [0.0]
    limit = RateLimit(each_minute=60, burst=2, ticks=lambda: now[0])

    assert [limit.wait("a"), limit.wait("a")] == [0, 0]
    wait = limit.wait("a")
    assert 0 < wait <= 1
    assert limit.wait("b") == 0
    now[0] += wait
    assert limit.wait("a") == 0


async def test_not_ready_is_said_with_503(clock: SteppedClock) -> None:
    """The balancer sends people elsewhere."""

    async def no_store() -> dict[str, bool]:
        return {"store": False, "outbox": True}

    async def broken() -> dict[str, bool]:
        raise StoreOutOfReach

    for ready in (no_store, broken):
        async with _client(FailingDoor(), clock, ready=ready) as client:
            assert (await client.get("/readyz")).status_code == 503
            assert (await client.get("/healthz")).status_code == 200


async def test_behind_https_the_cookie_is_locked_to_it(clock: SteppedClock) -> None:
    """A cookie sent in the clear once is a chat read by whoever runs the café's wireless."""
    settings = replace(SETTINGS, public_url="https://chat.example")
    async with _client(FailingDoor(), clock, settings) as client:
        begun = await client.post("/chat/begin")

    cookie = begun.headers["set-cookie"]
    assert cookie.startswith("__Host-chat=token")
    for mark in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert mark in cookie
    assert "strict-transport-security" in begun.headers


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
async def test_a_form_from_another_site_is_refused(clock: SteppedClock, headers: dict[str, str]) -> None:
    """Another page must not write in a person's name."""
    door = FailingDoor()
    async with _client(door, clock) as client:
        client.cookies.set("chat", "token")
        begun = await client.post("/chat/begin", headers=headers)
        said = await client.post("/chat", data={"text": "hello", "mark": "guessed"})

    assert begun.status_code == 403
    assert said.status_code == 403
    assert door.heard == []


async def test_telegram_calls_are_handed_on_with_their_secret(clock: SteppedClock) -> None:
    """The channel checks the secret; the web only carries it."""
    calls: list[tuple[str | None, bytes]] = []

    async def webhook(secret: str | None, body: bytes) -> tuple[int, dict[str, Any] | None]:
        calls.append((secret, body))
        return (200, {"method": "answerCallbackQuery"}) if secret == "known" else (403, None)

    async with _client(FailingDoor(), clock, telegram_webhook=webhook) as client:
        known = {"X-Telegram-Bot-Api-Secret-Token": "known"}
        taken = await client.post("/telegram/webhook", content=b'{"update_id": 1}', headers=known)
        refused = await client.post("/telegram/webhook", content=b"{}")

    assert (taken.status_code, taken.json()) == (200, {"method": "answerCallbackQuery"})
    assert refused.status_code == 403
    assert calls == [("known", b'{"update_id": 1}'), (None, b"{}")]

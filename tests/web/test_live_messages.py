"""Live messages: a duty worker's words reach an open page, whatever breaks in between."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry

from bot.channels.base import OutboundMessage
from bot.channels.webchat import WEBCHAT, FellBehind, Hub, HubClosed, WebChatChannel
from bot.web import WebSettings, build_web
from tests.web.conftest import Chat, FrontDoorServer, Served

Begin = Callable[..., Chat]


def _message(text: str, conversation: str = "a") -> OutboundMessage:
    return OutboundMessage(id=text, channel=WEBCHAT, address=conversation, text=text)


def _events(response: httpx.Response) -> Iterator[dict[str, Any]]:
    """Read server-sent events as a browser does."""
    event: dict[str, Any] = {}
    for line in response.iter_lines():
        if line.startswith(":"):
            yield {"comment": line[1:].strip()}
        elif line:
            name, _, value = line.partition(": ")
            event[name] = value
        elif event:
            yield event
            event = {}


def _next(events: Iterator[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(e for e in events if e.get("event") == name)


# -- the hub ---------------------------------------------------------------------------------------------


async def test_everyone_who_looks_at_a_conversation_hears_it_and_nobody_else() -> None:
    """One family must never see another's message."""
    hub = Hub()
    channel = WebChatChannel(hub)
    async with hub.subscribe("a") as first, hub.subscribe("a") as second, hub.subscribe("b") as other:
        receipt = await channel.send(_message("hello"))

        assert (await first.next()).text == (await second.next()).text == "hello"
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(other.next(), 0.01)
    assert receipt.refs == ("hello",)
    assert hub.listening() == 0


async def test_a_slow_listener_is_dropped_and_told_to_read_back() -> None:
    """One phone in a tunnel must not hold messages in memory for ever."""
    hub = Hub(most_waiting=2)
    async with hub.subscribe("a") as slow:
        for n in range(4):
            hub.publish(_message(str(n)))

        with pytest.raises(FellBehind):
            await slow.next()
        assert hub.listening() == 0


async def test_a_closing_hub_ends_those_who_wait_and_those_who_come_later() -> None:
    """The server cannot stop while a page holds it open."""
    hub = Hub()
    async with hub.subscribe("a") as listener:
        waiting = asyncio.create_task(listener.next())
        await asyncio.sleep(0)
        hub.close()
        with pytest.raises(HubClosed):
            await waiting
    assert [m async for m in hub.subscribe("a")] == []


# -- the stream ------------------------------------------------------------------------------------------


def test_a_duty_workers_message_comes_live_and_says_who_it_is_from(
    front_door: FrontDoorServer, begin: Begin
) -> None:
    """A person has to know whether it is a computer or a worker who writes."""
    chat = begin()
    path = f"/api/chat/{chat.conversation}/events"
    with chat.client.stream("GET", path, headers=chat.headers) as response:
        events = _events(response)
        assert next(events) == {"retry": "3000"}
        assert json.loads(_next(events, "expects")["data"])["field"] == "immediate_danger"

        front_door.worker_says(chat.conversation, "Hello, I am Sam, a duty worker.")

        event = _next(events, "message")
        message = json.loads(event["data"])
    assert response.headers["content-type"].startswith("text/event-stream")
    assert message["from"] == "worker"
    assert message["text"] == "Hello, I am Sam, a duty worker."
    assert int(event["id"]) == message["sequence"]


def test_a_stream_taken_up_again_gives_what_was_missed(front_door: FrontDoorServer, begin: Begin) -> None:
    """A phone loses its line many times in one conversation."""
    chat = begin()
    front_door.worker_says(chat.conversation, "first")
    front_door.worker_says(chat.conversation, "second")
    told = chat.read_back()["messages"]
    first = next(m for m in told if m["text"] == "first")

    path = f"/api/chat/{chat.conversation}/events"
    headers = {**chat.headers, "Last-Event-ID": str(first["sequence"])}
    with chat.client.stream("GET", path, headers=headers) as response:
        event = _next(_events(response), "message")

    assert json.loads(event["data"])["text"] == "second"


def test_a_message_that_another_process_sent_is_found_by_reading_back(
    front_door: FrontDoorServer, begin: Begin
) -> None:
    """With several processes the hub of this one hears nothing: the store is the net."""
    chat = begin()
    registry = CollectorRegistry()
    served = Served(_another_process(front_door, Hub(), registry, read_back=0.05), Hub())
    try:
        path = f"{served.url}/api/chat/{chat.conversation}/events"
        with httpx.Client(timeout=20) as client, client.stream("GET", path, headers=chat.headers) as response:
            events = _events(response)
            _next(events, "expects")
            front_door.worker_says(chat.conversation, "from elsewhere")
            assert json.loads(_next(events, "message")["data"])["text"] == "from elsewhere"
    finally:
        served.stop()


def test_a_quiet_stream_is_kept_alive_and_ends_when_the_server_stops(
    front_door: FrontDoorServer, begin: Begin
) -> None:
    """Middle boxes cut silent lines; and a stop must not wait for every open page."""
    chat = begin()
    hub = Hub()
    served = Served(_another_process(front_door, hub, CollectorRegistry(), read_back=0.02, alive=0.04), hub)
    path = f"{served.url}/api/chat/{chat.conversation}/events"
    with httpx.Client(timeout=20) as client, client.stream("GET", path, headers=chat.headers) as response:
        events = _events(response)
        assert next(e for e in events if "comment" in e)["comment"] == "still here"
        stopped: list[bool] = []
        stopper = threading.Thread(target=lambda: stopped.append(served.stop()))
        stopper.start()
        for _ in events:
            pass
        stopper.join()
    assert stopped == [True]


def test_a_stream_of_a_cleared_chat_says_so_and_ends(begin: Begin) -> None:
    """The other device still showing the chat has to let go of it."""
    chat = begin()
    path = f"/api/chat/{chat.conversation}/events"
    with chat.client.stream("GET", path, headers=chat.headers) as response:
        events = _events(response)
        _next(events, "expects")
        httpx.delete(str(chat.client.base_url) + path.removesuffix("/events"), headers=chat.headers)
        assert _next(events, "cleared")["data"] == "{}"
        assert list(events) == []


def test_a_stream_of_a_chat_closed_by_words_says_that_it_was(begin: Begin) -> None:
    """The page whose message closed it waits for the answer, and any other has nothing to wait for."""
    chat = begin(audience="parent")
    chat.say(id="one", choice="no")
    path = f"/api/chat/{chat.conversation}/events"
    with chat.client.stream("GET", path, headers=chat.headers) as response:
        events = _events(response)
        _next(events, "expects")
        body = {"id": "two", "text": "You have the wrong person"}
        httpx.post(
            f"{chat.client.base_url}/api/chat/{chat.conversation}/messages", json=body, headers=chat.headers
        )
        assert _next(events, "cleared")["data"] == '{"closed":true}'
        assert list(events) == []


def _another_process(
    front_door: FrontDoorServer, hub: Hub, registry: CollectorRegistry, *, read_back: float, alive: float = 15.0
) -> Any:
    app = front_door.app

    async def ready() -> dict[str, bool]:
        return {"store": True}

    return build_web(
        app.line,
        area=app.house.area,
        wording=app.house.wording,
        settings=WebSettings(secret="s" * 32, read_back_seconds=read_back, keep_alive_seconds=alive),
        clock=app.clock,
        hub=hub,
        is_urgent=lambda text: False,
        readiness=ready,
        registry=registry,
    )

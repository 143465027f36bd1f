"""The web chat API: begin, say, read back, listen, clear."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from bot.channels.webchat import FellBehind, Hub, HubClosed, Listener
from bot.conversation.base import NoSuchConversation
from bot.conversation.writing import Writing
from bot.pages.doorway import Doorway
from bot.pages.errors import Refused
from bot.pages.settings import WebSettings
from bot.pages.shown import SafetyWords
from bot.pages.wire import (
    BegunOut,
    ErrorOut,
    ExchangeOut,
    NewConversation,
    NewMessage,
    exchange_out,
    expects_out,
    message_out,
)

RETRY = b"retry: 3000\n\n"
KEEP_ALIVE = b": still here\n\n"
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorOut} for status in (400, 401, 403, 404, 413, 422, 429, 503)
}


@dataclass(frozen=True, slots=True)
class Key:
    """A conversation, and the token that opens it."""

    conversation: str
    token: str


@dataclass(slots=True)
class _Stream:
    """What one open page has been shown."""

    key: Key
    last: int
    expects: dict[str, Any] | None = None
    is_writing: bool = False


class LiveEvents:
    """Server-sent events of one conversation. The hub wakes it; reading back is the truth and the net."""

    def __init__(
        self,
        doorway: Doorway,
        hub: Hub,
        settings: WebSettings,
        safety: SafetyWords,
        writing: Writing | None,
    ) -> None:
        self._writing = writing
        self._front_door = doorway.front_door
        self._hub = hub
        self._settings = settings
        self._safety = safety

    async def of(self, key: Key, after: int | None) -> AsyncIterator[bytes]:
        """Yield events until the chat is cleared or the server stops. `after` None: from now on."""
        yield RETRY
        stream = _Stream(key, -1 if after is None else after)
        while True:
            try:
                async with self._hub.subscribe(key.conversation) as listener:
                    async for chunk in self._follow(stream, listener):
                        yield chunk
            except FellBehind:
                continue
            except HubClosed:
                return
            except NoSuchConversation:
                yield _event("cleared", await self._how_it_went(stream), None)
                return

    async def _how_it_went(self, stream: _Stream) -> dict[str, Any]:
        """Say whether the chat was closed by what was said in it, and not only cleared from the device."""
        try:
            # from what was sent last: how it ended is no reason to unseal what was said
            ended = await self._front_door.read_back(stream.key.conversation, after=max(stream.last, 1))
        except NoSuchConversation:
            return {}
        return {"closed": True} if ended.closed else {}

    async def _follow(self, stream: _Stream, listener: Listener) -> AsyncIterator[bytes]:
        quiet = 0.0
        while True:
            events = await self._news(stream)
            for event in events:
                yield event
            quiet = 0.0 if events else quiet + self._settings.read_back_seconds
            if quiet >= self._settings.keep_alive_seconds:
                quiet = 0.0
                yield KEEP_ALIVE
            try:
                await asyncio.wait_for(listener.next(), self._settings.read_back_seconds)
            except TimeoutError:
                continue

    async def _news(self, stream: _Stream) -> list[bytes]:
        """Read what came since, and what is expected if that changed.

        Raises `NoSuchConversation` once the chat was cleared: the token is asked for again each time.
        """
        if await self._front_door.find(stream.key.token) != stream.key.conversation:
            raise NoSuchConversation
        exchange = await self._front_door.read_back(stream.key.conversation, after=max(stream.last, 0))
        events = []
        only_count = stream.last < 0
        for shown in exchange.messages:
            if not only_count and shown.speaker != "person":
                events.append(_event("message", message_out(shown, self._safety), shown.sequence))
            stream.last = max(stream.last, shown.sequence)
        stream.last = max(stream.last, 0)
        expects = expects_out(exchange.expects)
        if expects != stream.expects:
            stream.expects = expects
            events.append(_event("expects", expects, None))
        is_writing = exchange.expects.with_worker and await self._is_worker_writing(stream.key)
        if is_writing != stream.is_writing:
            stream.is_writing = is_writing
            events.append(_event("typing", {"on": is_writing}, None))
        return events

    async def _is_worker_writing(self, key: Key) -> bool:
        return self._writing is not None and await self._writing.is_worker_writing(key.conversation)


def _event(name: str, data: dict[str, Any], sequence: int | None) -> bytes:
    number = f"id: {sequence}\n".encode() if sequence is not None else b""
    return number + b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"


def chat_api(
    doorway: Doorway, hub: Hub, settings: WebSettings, safety: SafetyWords, writing: Writing | None = None
) -> APIRouter:
    router = APIRouter(prefix="/api/chat", responses=_ERRORS, tags=["web chat"])
    live = LiveEvents(doorway, hub, settings, safety, writing)

    async def opened(
        request: Request, conversation: str, authorization: Annotated[str | None, Header()] = None
    ) -> Key:
        """Return the conversation with its token, if the one opens the other."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Refused("not_signed_in", headers={"WWW-Authenticate": "Bearer"})
        found = await doorway.opened_by(request, token.strip())
        if found is None:
            raise Refused("chat_closed", headers={"WWW-Authenticate": "Bearer"})
        if found != conversation:
            raise Refused("not_yours")
        return Key(found, token.strip())

    _Opened = Annotated[Key, Depends(opened)]  # noqa: N806 - it is a type

    @router.post("", status_code=201, response_model=BegunOut)
    async def begin(request: Request, new: NewConversation | None = None) -> Response:
        exchange, token = await doorway.begin(request, new or NewConversation())
        out = exchange_out(exchange, safety)
        return JSONResponse({"conversation": out.pop("conversation"), "token": token} | out, 201)

    @router.post("/{conversation}/messages", response_model=ExchangeOut)
    async def say(request: Request, key: _Opened, message: NewMessage) -> Response:
        return JSONResponse(exchange_out(await doorway.hear(request, key.conversation, message), safety))

    @router.get("/{conversation}", response_model=ExchangeOut)
    async def read_back(key: _Opened, after: Annotated[int, Query(ge=0, lt=2**53)] = 0) -> Response:
        exchange = await doorway.front_door.read_back(key.conversation, after=after)
        return JSONResponse(exchange_out(exchange, safety, both_sides=True))

    @router.get("/{conversation}/events", response_class=StreamingResponse)
    async def events(
        key: _Opened,
        last_event_id: Annotated[str | None, Header()] = None,
        after: Annotated[int | None, Query(ge=0, lt=2**53)] = None,
    ) -> Response:
        resumed = last_event_id or ""
        start = int(resumed) if resumed.isascii() and resumed.isdigit() and len(resumed) < 16 else after
        return StreamingResponse(
            live.of(key, start),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"},
        )

    @router.post("/{conversation}/typing", status_code=204)
    async def typing(key: _Opened) -> Response:
        """The person writes: shown to the worker who has the conversation, and to nobody else."""
        if writing is not None and doorway.may_show_writing(key.conversation):
            await writing.person_writes(key.conversation)
        return Response(status_code=204)

    @router.delete("/{conversation}", status_code=204)
    async def clear(key: _Opened) -> Response:
        await doorway.front_door.forget(key.conversation)
        return Response(status_code=204)

    return router

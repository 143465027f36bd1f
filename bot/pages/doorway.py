"""The one way in from the web to the front door, shared by the API and the pages: limits, then the door."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

from starlette.requests import Request

from bot.channels.webchat import WEBCHAT
from bot.clock import Clock
from bot.conversation.base import Exchange, FrontDoor
from bot.conversation.one_at_a_time import OneAtATime
from bot.pages.errors import Refused
from bot.pages.guard import RateLimit
from bot.pages.settings import WebSettings
from bot.pages.wire import NewConversation, NewMessage


class Doorway:
    """`is_urgent` says whether words sound like danger: those always pass, however many came before."""

    def __init__(
        self, front_door: FrontDoor, *, clock: Clock, settings: WebSettings, is_urgent: Callable[[str], bool]
    ) -> None:
        self.front_door = front_door
        self._clock = clock
        self._is_urgent = is_urgent
        self._turn_of = OneAtATime().hold
        self._begins = _limit(settings.begins_a_minute)
        self._messages = _limit(settings.messages_a_minute)
        self._from_address = _limit(settings.messages_a_minute_from_one_address)
        self._wrong_tokens = _limit(settings.wrong_tokens_a_minute)
        self._writing = _limit(settings.messages_a_minute)

    async def begin(self, request: Request, new: NewConversation) -> tuple[Exchange, str]:
        _hold(self._begins.wait(_address(request)))
        return await self.front_door.begin(channel=WEBCHAT, audience=new.audience, language=new.language)

    async def hear(self, request: Request, conversation: str, message: NewMessage) -> Exchange:
        if message.is_empty:
            raise Refused("empty")
        if message.is_too_long:
            raise Refused("too_long")
        await self._limit_messages(request, conversation, message)
        return await self.front_door.hear(message.to_inbound(conversation, self._clock.now()))

    async def _limit_messages(self, request: Request, conversation: str, message: NewMessage) -> None:
        address = _address(request)
        wait = max(self._messages.wait(conversation), self._from_address.wait(address))
        if not wait or message.choice == "person":
            return
        # A flood waits for itself: nobody's danger waits for another address, nor for more than one message
        # of another chat at the same one.
        async with self._turn_of(f"chat {conversation}"), self._turn_of(f"address {address}"):
            is_urgent = await asyncio.to_thread(self._is_urgent, message.text or "")
        if not is_urgent:
            _hold(wait)

    def may_show_writing(self, conversation: str) -> bool:
        """Say whether a sign of writing is passed on: too many are let go, and nobody is told off for them."""
        return not self._writing.wait(conversation)

    async def opened_by(self, request: Request, token: str) -> str | None:
        """Return the conversation a token opens. Many wrong tokens from one address are made to wait."""
        conversation = await self.front_door.find(token) if 0 < len(token) <= 200 else None
        if conversation is None:
            _hold(self._wrong_tokens.wait(_address(request)))
        return conversation


def _limit(each_minute: int) -> RateLimit:
    return RateLimit(each_minute=each_minute, burst=each_minute)


def _hold(seconds: float) -> None:
    if seconds:
        wait = str(max(1, math.ceil(seconds)))
        raise Refused("too_many", {"seconds": wait}, {"Retry-After": wait})


def _address(request: Request) -> str:
    return request.client.host if request.client else ""

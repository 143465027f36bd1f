"""One conversation as people hold it, and made-up people who hold it with the line in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.channels.base import InboundMessage, MessageKind, OutboundMessage, Receipt
from bot.process import App

Line = str | dict[str, str]

PARENT: tuple[Line, ...] = (
    "/start",
    {"tap": "no"},
    {"tap": "parent_or_carer"},
    {"tap": "yes"},
    "He will not go to school and I am worn out",
    {"tap": "quick"},
    {"tap": "reply_in_this_chat"},
    {"tap": "done"},
    "Sam",
    {"tap": "yes"},
    {"tap": "send"},
)
"""A parent's short version, from the first word to the sent enquiry: eight turns in eleven are taps."""

PATIENCE = 30.0

_numbers = count(1)


class Stuck(Exception):
    """A conversation did not go as written, so what it costs says nothing."""


class QuietChannel:
    """Stands where Telegram stands, and takes every message at once: what is left is our own cost."""

    name = "telegram"

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self._sent = count(1)

    async def send(self, message: OutboundMessage) -> Receipt:
        person = self.people.get(message.address)
        if person is not None:
            person.shown(message)
        return Receipt((str(next(self._sent)),))

    async def show_typing(self, address: str) -> None:
        pass

    async def clear(self, address: str, refs: tuple[str, ...]) -> int:
        return len(refs)


def use_quiet_channel(app: App) -> QuietChannel:
    """Put it in Telegram's place. There is no setting for this, and there should be none."""
    channel = QuietChannel()
    channels: dict[str, Any] = {**app.dispatcher._channels, channel.name: channel}
    app.dispatcher._channels = channels
    app.line._channels = channels
    return channel


@dataclass(slots=True)
class _Screen:
    """What a person sees: the last question, and how many messages have come."""

    question: OutboundMessage | None = None
    came: int = 0

    def offers(self, choice: str) -> bool:
        if self.question is None:
            return False
        controls = ("done",) if self.question.multiple else ()
        return choice in controls or any(c.id == choice for c in (*self.question.choices, *self.question.controls))


class Person:
    """Somebody made up. Waits for the answer to each turn before the next."""

    def __init__(self, app: App, channel: QuietChannel) -> None:
        self.address = str(7_000_000 + next(_numbers))
        self._app = app
        self._screen = _Screen()
        self._news = asyncio.Event()
        self._said = 0
        channel.people[self.address] = self

    def shown(self, message: OutboundMessage) -> None:
        self._screen.came += 1
        if message.prompt is not None:
            self._screen.question = message
        self._news.set()

    async def says(self, line: Line) -> None:
        """Take one turn, and wait until something is answered. Raises `Stuck`."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._turn(line)
        except TimeoutError:
            raise Stuck(f"{line!r} was not offered or not answered; asked last: {self._screen.question}") from None

    async def _turn(self, line: Line) -> None:
        while isinstance(line, dict) and not self._screen.offers(line["tap"]):
            await self._wait()
        before = self._screen.came
        await self._app.line.accept([self._message(line)])
        while self._screen.came == before:
            await self._wait()

    async def _wait(self) -> None:
        self._news.clear()
        await self._news.wait()

    def _message(self, line: Line) -> InboundMessage:
        self._said += 1
        question = self._screen.question
        tapped = line["tap"] if isinstance(line, dict) else None
        kind = MessageKind.CHOICE if tapped else MessageKind.TEXT
        return InboundMessage(
            channel=QuietChannel.name,
            address=self.address,
            external_id=f"{self.address}-{self._said}",
            received_at=self._app.clock.now(),
            kind=MessageKind.START if line == "/start" else kind,
            text=line if isinstance(line, str) else "",
            choice=tapped,
            prompt=question.prompt if tapped and question else None,
            order=self._said,
            language="en",
        )


async def hold(
    app: App, channel: QuietChannel, *, people: int, conversations: int, script: Iterable[Line] = PARENT
) -> int:
    """Let `people` at once hold `conversations` in all; return how many turns that was. Raises `Stuck`."""
    lines = tuple(script)
    left = iter(range(conversations))

    async def one_after_another() -> None:
        for _ in left:
            person = Person(app, channel)
            for line in lines:
                await person.says(line)
            del channel.people[person.address]

    async with asyncio.TaskGroup() as group:
        for _ in range(people):
            group.create_task(one_after_another())
    await app.line.settle()
    await app.dispatcher.settle()
    return conversations * len(lines)

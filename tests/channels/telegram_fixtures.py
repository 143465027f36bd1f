"""A Bot API server, a bot and a channel, real on both sides of the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import telegram

from bot.channels.base import Choice, OutboundMessage
from bot.channels.telegram import TelegramChannel, TelegramWords, connect, make_bot
from bot.clock import SteppedClock
from tests.telegram.bot_api_server import BotApiServer
from tests.telegram.chats import Person

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

WORDS = TelegramWords(
    done="Done",
    group_refusal="I can only talk with one person at a time. Send me a message on my own.",
    commands={"help": "Get help", "person": "Talk to a person", "exit": "Leave quickly"},
    description="Tell children's services about a worry.",
    short_description="Children's services",
)


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    """Every test that uses it also checks that no call broke a published rule."""
    server = BotApiServer()
    await server.start()
    yield server
    await server.stop()
    assert server.violations == []


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[telegram.Bot]:
    bot = make_bot(server.token, api_url=server.root_url)
    await connect(bot)
    yield bot
    await bot.shutdown()


@pytest.fixture
def channel(bot: telegram.Bot) -> TelegramChannel:
    return TelegramChannel(bot, words=WORDS, clock=SteppedClock(NOON), staff_chats=frozenset({"-8000099"}))


@pytest.fixture
def person(server: BotApiServer) -> Person:
    return server.person()


def message(to: Person, text: str = "Is the child safe now?", **more: object) -> OutboundMessage:
    fields: dict[str, object] = {"id": "1", "channel": "telegram", "address": str(to.id), "text": text}
    return OutboundMessage(**(fields | more))  # type: ignore[arg-type]


def choices(*labels: str, chosen: str = "") -> tuple[Choice, ...]:
    return tuple(Choice(label.lower().replace(" ", "_"), label, label == chosen) for label in labels)

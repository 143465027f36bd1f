"""The link to Telegram: made however long it takes, heard through while there are people to answer, and ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.arrivals import TelegramArrivals
from bot.channels import telegram as tg
from bot.channels.base import SendError
from bot.clock import Clock
from bot.settings import BadSettings, Settings
from flows.wording import Wording

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(seconds=30)

_COMMANDS = ("start", "help", "person", "back", "change", "stop", "restart", "delete", "exit", "privacy")


@dataclass(frozen=True, slots=True)
class TelegramEnds:
    """Our end, the library's, and the words of Telegram's own places."""

    channel: tg.TelegramChannel
    bot: Any
    words: tg.TelegramWords


def telegram_of(settings: Settings, wording: Wording, clock: Clock) -> TelegramEnds | None:
    """Return what speaks to Telegram, not yet connected; None without a token. Raises `BadSettings`."""
    if settings.telegram_token is None:
        return None
    if settings.telegram_mode == "webhook" and not (
        settings.telegram_webhook_secret and settings.telegram_webhook_url
    ):
        raise BadSettings(
            "where FRONTDOOR_TELEGRAM_MODE is webhook, FRONTDOOR_TELEGRAM_WEBHOOK_URL and "
            "FRONTDOOR_TELEGRAM_WEBHOOK_SECRET have to be set"
        )
    words = tg.TelegramWords(
        done=wording.text("tg_done"),
        group_refusal=wording.text("tg_group_refused"),
        commands={name: wording.text(f"tg_command_{name}") for name in _COMMANDS},
        description=wording.text("tg_description"),
        short_description=wording.text("tg_short_description"),
    )
    bot = tg.make_bot(settings.telegram_token.get_secret_value(), api_url=settings.telegram_api_url)
    staff = frozenset({settings.telegram_duty_chat_id}) if settings.telegram_duty_chat_id else frozenset()
    return TelegramEnds(tg.TelegramChannel(bot, words=words, clock=clock, staff_chats=staff), bot, words)


def webhook_secret(settings: Settings) -> str:
    """Return what Telegram shows us to be known by; empty where there is none."""
    secret = settings.telegram_webhook_secret
    return secret.get_secret_value() if secret else ""


class TelegramLink:
    """Connects, and brings what people write to `arrivals`."""

    def __init__(self, settings: Settings, ends: TelegramEnds, arrivals: TelegramArrivals) -> None:
        self._settings = settings
        self._ends = ends
        self._arrivals = arrivals
        self._poller: tg.TelegramPoller | None = None
        self._reaching: asyncio.Task[None] | None = None

    def start(self, *, people: bool) -> None:
        """Begin to connect. Without `people` we only send: their messages are another process's to hear."""
        self._reaching = asyncio.create_task(self._reach(people=people))

    async def stop_hearing(self) -> None:
        """Take no more updates; what is in hand is kept."""
        if self._reaching is None:
            return
        if self._poller is not None:
            self._poller.stop()
        else:
            self._reaching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reaching

    async def settle(self) -> None:
        """Wait until what was done on the screen is answered."""
        await self._arrivals.settle()

    async def close(self) -> None:
        await self._ends.bot.shutdown()

    async def _reach(self, *, people: bool) -> None:
        """Connect, however long it takes: the web chat and the bells do not wait for Telegram."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._connect(people=people)
            except Exception as error:
                kind = str(error) if isinstance(error, SendError) else type(error).__name__
                log.error("telegram.not_reached", extra={"error": kind, "again_in": pause.total_seconds()})
                await asyncio.sleep(pause.total_seconds())
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                break
        if self._poller is not None:
            await self._poller.run()

    async def _connect(self, *, people: bool) -> None:
        await tg.connect(self._ends.bot)
        if not people:
            return
        await tg.set_up(
            self._ends.bot,
            mode=self._settings.telegram_mode,
            words=self._ends.words,
            url=self._settings.telegram_webhook_url,
            secret=webhook_secret(self._settings),
        )
        if self._settings.telegram_mode == "polling":
            self._poller = tg.TelegramPoller(self._ends.bot, self._arrivals.accept)

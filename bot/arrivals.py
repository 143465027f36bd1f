"""Brings Telegram's updates to the line: keeps them first, then answers what was done on the screen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from typing import Any

from bot.channels.base import InboundMessage
from bot.channels.telegram import (
    BadUpdate,
    Blocked,
    Heard,
    Moved,
    NotFromTelegram,
    Refusal,
    StaffPress,
    TelegramChannel,
    TelegramUpdate,
    Unblocked,
    UpdateSequencer,
    parse_webhook,
    webhook_reply,
)
from bot.clock import Clock
from bot.conversation.turn import Line
from bot.safeguarding.alerts import Alerts, Tapped
from bot.safeguarding.doorbell import ANSWER
from storage.database import Database
from storage.identifiers import AlertId
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


class TelegramArrivals:
    """Takes updates from the poller or the webhook. Returns only when what they say is safe."""

    def __init__(
        self,
        *,
        channel: TelegramChannel,
        line: Line,
        alerts: Alerts,
        database: Database,
        clock: Clock,
        secret: str = "",
    ) -> None:
        self._channel = channel
        self._alerts = alerts
        self._line = line
        self._database = database
        self._clock = clock
        self._secret = secret
        self._sequencer = UpdateSequencer()
        self._tasks: set[asyncio.Task[None]] = set()

    async def accept(self, updates: Sequence[TelegramUpdate], *, answered: bool = False) -> None:
        """Keep every message of a batch in one go, and see to the rest."""
        heard = [(update, self._channel.read(update)) for update in updates]
        await self._line.accept([what for _, what in heard if isinstance(what, InboundMessage)])
        for update, what in heard:
            if update.callback_query is not None and not isinstance(what, StaffPress):
                self._soon(self._channel.acknowledge(update, answered=answered))
            await self._see_to(what)

    async def webhook(self, secret: str | None, body: bytes) -> tuple[int, dict[str, Any] | None]:
        """Return the status and the body with which to answer Telegram's call."""
        try:
            update = parse_webhook(body, secret, self._secret)
        except NotFromTelegram:
            return 403, None
        except BadUpdate:
            return 400, None
        await self._sequencer.wait_for_turn(update.update_id)
        reply = webhook_reply(update)
        await self.accept([update], answered=reply is not None)
        return 200, reply

    async def settle(self) -> None:
        while self._tasks:
            await asyncio.gather(*list(self._tasks), return_exceptions=True)

    async def _see_to(self, what: Heard) -> None:
        match what:
            case Refusal():
                self._soon(self._channel.refuse(what))
            case StaffPress():
                await self._answered(what)
            case Blocked(address=address):
                await self._database.run(lambda uow: self._mark_blocked(uow, address, blocked=True))
            case Unblocked(address=address):
                await self._database.run(lambda uow: self._mark_blocked(uow, address, blocked=False))
            case Moved(address=address, new_address=new_address):
                await self._database.run(lambda uow: self._move(uow, address, new_address))
            case _:
                pass

    async def _answered(self, press: StaffPress) -> None:
        """A duty worker answers an alert: on record before Telegram hears that we have the press."""
        alert_id = AlertId(press.choice.removeprefix(ANSWER))
        said = await self._alerts.tapped(Tapped(alert_id, press.tapper, press.address, press.ref))
        self._soon(self._channel.answer_press(press, said))

    def _mark_blocked(self, uow: UnitOfWork, address: str, *, blocked: bool) -> None:
        conversation = uow.conversations.find(self._channel.name, address)
        if conversation is None:
            return
        now = self._clock.now()
        if blocked:
            uow.conversations.mark_blocked(conversation.id, now)
        else:
            uow.conversations.mark_reachable(conversation.id, now)

    def _move(self, uow: UnitOfWork, address: str, new_address: str) -> None:
        conversation = uow.conversations.find(self._channel.name, address)
        if conversation is not None:
            uow.conversations.move_address(conversation.id, new_address)
            uow.outbox.move_pending(conversation.id, new_address)

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

"""One process of the front door, with its parts at hand: starts them, serves, and stops them in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from bot.bells import bells_of
from bot.channels.webchat import Hub
from bot.clock import Clock
from bot.conversation.house import House
from bot.conversation.turn import Line
from bot.desk.frame import Desk
from bot.desk.holding import Holds
from bot.followups.due import FollowUps
from bot.outbox.dispatcher import Dispatcher
from bot.rasa.engine import RasaEngine
from bot.safeguarding.alerts import Alerts
from bot.schedule import Schedule
from bot.settings import Settings
from bot.telegram_link import TelegramLink
from bot.understanding import give_back_memory
from bot.web import WebServer
from storage.database import Database


@dataclass(slots=True)
class App:
    """What `bot.app` put together. Tests and commands reach its parts here."""

    settings: Settings
    database: Database
    house: House
    line: Line
    dispatcher: Dispatcher
    alerts: Alerts
    holds: Holds
    follow_ups: FollowUps
    clock: Clock
    hub: Hub
    desk: Desk
    web: FastAPI
    telegram: TelegramLink | None = None
    rasa: RasaEngine | None = None
    _schedule: Schedule | None = None
    _server: WebServer | None = None

    async def start(self, *, people: bool = True, clocks: bool = True) -> None:
        """Start answering people, ringing bells, or both."""
        give_back_memory()
        if self.rasa is not None and people:
            await self.rasa.start()  # a process that only rings bells does with what stands in for it
        if self.telegram is not None:
            self.telegram.start(people=people)
        if clocks:
            self._schedule = self._bells()
            self._schedule.start()
            # What an earlier process kept and did not answer is not made to wait for a bell.
            await self.line.take_up_unhandled()
            await self.alerts.tick()
            await self.dispatcher.tick()
            await self.desk.feed.settle()

    def _bells(self) -> Schedule:
        return Schedule(
            bells_of(
                database=self.database,
                house=self.house,
                line=self.line,
                dispatcher=self.dispatcher,
                alerts=self.alerts,
                holds=self.holds,
                follow_ups=self.follow_ups,
                feed=self.desk.feed,
                clock=self.clock,
            )
        )

    async def stop(self) -> None:
        """Stop hearing first, finish what is in hand, and give back the rest."""
        if self._schedule is not None:
            self._schedule.stop()
        if self.telegram is not None:
            await self.telegram.stop_hearing()
        await self.line.settle()
        if self.telegram is not None:
            await self.telegram.settle()
        await self.follow_ups.stop()
        await self.dispatcher.stop()
        if self.telegram is not None:
            await self.telegram.close()
        if self.rasa is not None:
            await self.rasa.stop()
        self.hub.close()
        self.database.dispose()

    async def serve(self, host: str, port: int, *, on_ready: Callable[[int], None], clocks: bool = True) -> None:
        """Answer on the web until told to stop; `on_ready` hears the port."""
        config = uvicorn.Config(
            self.web, host=host, port=port, log_config=None, access_log=False, loop="auto", http="auto"
        )
        server = self._server = WebServer(config, self.hub)
        await self.start(clocks=clocks)
        serving = asyncio.create_task(server.serve())
        try:
            await server.opened(serving)
            if server.started:
                on_ready(server.servers[0].sockets[0].getsockname()[1])
            await serving
        finally:
            await self.stop()

    def quit(self) -> None:
        """Ask `serve` to end, as a signal would."""
        if self._server is not None:
            self._server.should_exit = True

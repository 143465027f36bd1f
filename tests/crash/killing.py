"""A Bot API server that kills the bot at the very call it is told to, and what starts the bot again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from bot.settings import new_key
from storage.database import Database
from storage.sealed import Keyring
from storage.unit_of_work import UnitOfWork
from tests.telegram.bot_api_server import BotApiServer
from tests.telegram.chats import Person
from tests.telegram.http_server import Response

HERE = Path(__file__).resolve().parents[2]
DUTY_CHAT = "-8000099"
SECONDS = 60.0
"""More than any wait needs on a busy machine; a wait that is over goes on at once."""

Strike = Callable[[str, str, Mapping[str, Any], Response | None], bool]
"""Says of a call, "before" or "after" it is done, what was asked and answered, whether to kill the bot now."""


class KillingServer(BotApiServer):
    """Kills when its strike says so. Killed before: the call is not done. After: it is, and nobody hears so."""

    def __init__(self) -> None:
        super().__init__()
        self.strike: Strike | None = None
        self.kill: Callable[[], None] = lambda: None
        self.kills = 0

    async def _call(self, method: str, raw: Any, uploads: Any, *, is_json: bool) -> Response | None:
        if self._strikes("before", method, raw, None):
            return None
        answer = await super()._call(method, raw, uploads, is_json=is_json)
        if self._strikes("after", method, raw, answer):
            return None
        return answer

    def _forget_before(self, offset: int) -> None:
        super()._forget_before(offset)
        self._strikes("confirmed", "getUpdates", {"offset": offset}, None)

    def _strikes(self, when: str, method: str, raw: Mapping[str, Any], answer: Response | None) -> bool:
        if self.strike is None or not self.strike(when, method, raw, answer):
            return False
        self.strike = None
        self.kill_now()
        return True

    def kill_now(self) -> None:
        self.kills += 1
        self.kill()


# When to strike, for one thing a person did.


def delivered(update_id: int) -> Strike:
    """The bot was given the update: it dies while it keeps it, or before."""

    def strike(when: str, method: str, raw: Mapping[str, Any], answer: Response | None) -> bool:
        if (when, method) != ("after", "getUpdates") or answer is None:
            return False
        result = orjson.loads(answer.body).get("result") or []
        return any(u["update_id"] == update_id for u in result)

    return strike


def confirming(update_id: int) -> Strike:
    """The update is kept, and Telegram does not know yet: it comes again."""

    def strike(when: str, method: str, raw: Mapping[str, Any], answer: Response | None) -> bool:
        return (when, method) == ("before", "getUpdates") and int(raw.get("offset") or 0) > update_id

    return strike


def confirmed(update_id: int) -> Strike:
    """Telegram will not send the update again: from here on it is ours alone."""

    def strike(when: str, method: str, raw: Mapping[str, Any], answer: Response | None) -> bool:
        return when == "confirmed" and int(raw["offset"]) > update_id

    return strike


def sending(person: Person) -> Strike:
    """The answer is decided; its first message does not arrive."""
    return lambda when, method, raw, _: when == "before" and _is_to(method, raw, person)


def sent(person: Person) -> Strike:
    """The first message arrived, and the bot does not know."""
    return lambda when, method, raw, _: when == "after" and _is_to(method, raw, person)


def _is_to(method: str, raw: Mapping[str, Any], person: Person) -> bool:
    return method == "sendMessage" and str(raw.get("chat_id")) == str(person.id)


@dataclass
class Bot:
    """The front door as a process that is started again whenever it was killed."""

    environment: dict[str, str]
    log: Path
    launcher: Process | None = None
    number: int = 0
    starts: int = 0
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _keeper: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Start the warm process, the bot, and whoever starts it again."""
        self.launcher = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.crash.launcher"),
            stdin=PIPE,
            stdout=PIPE,
            env=self.environment,
            cwd=HERE,
            start_new_session=True,
        )
        assert self.launcher.stdout is not None
        assert await self.launcher.stdout.readline() == b"ready\n"
        self._keeper = asyncio.create_task(self._keep())
        self._wanted.set()

    async def _keep(self) -> None:
        assert self.launcher is not None
        assert self.launcher.stdin is not None
        assert self.launcher.stdout is not None
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            self.launcher.stdin.write(b"serve --port 0\n")
            self.number = int(await self.launcher.stdout.readline())
            self.starts += 1

    def kill(self) -> None:
        """Kill it in the middle of whatever it does, and have it started again."""
        if self.number:
            os.kill(self.number, signal.SIGKILL)
            self.number = 0
            self._wanted.set()

    async def web(self, after: int = 0) -> str:
        """Return where the newest start listens, once it does."""
        async with asyncio.timeout(SECONDS):
            # Another process writes it, so that there is nothing to wait on but the file.
            while len(found := re.findall(r"Web chat\s+(http://\S+)", self._said())) <= after:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return found[-1].rstrip("/")

    @property
    def ready(self) -> int:
        """How many starts have come as far as listening."""
        return len(re.findall(r"Web chat\s+http", self._said()))

    def _said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    async def end(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
        if self.launcher is not None:
            # the whole group: one that was just started has not told us its number yet
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.launcher.pid, signal.SIGKILL)
            await self.launcher.wait()


@dataclass(frozen=True, slots=True)
class Death:
    """What stood when the bot was killed: the newest message of any chat, and the rows not yet marked as sent."""

    newest: int
    unmarked: frozenset[str]


def death(told: Mapping[str, str], server: BotApiServer) -> Death:
    """Look at once, before the bot is started again."""
    database = opened(told)

    def read(uow: UnitOfWork) -> frozenset[str]:
        rows = uow.connection.exec_driver_sql("SELECT id FROM outbox_message WHERE status = 'pending'")
        return frozenset(row[0] for row in rows)

    unmarked = database.run_now(read)
    database.dispose()
    return Death(max((max(chat.messages, default=0) for chat in server.chats.values()), default=0), unmarked)


def environment(database_url: str, folder: Path, *, telegram: str = "", token: str = "") -> dict[str, str]:
    """Return what the process is told, with keys of its own."""
    given = {
        "FRONTDOOR_DATABASE_URL": database_url,
        "FRONTDOOR_ENCRYPTION_KEYS": new_key(),
        "FRONTDOOR_SESSION_SECRET": new_key(),
        "CRASH_LOG": str(folder / "log.txt"),
    }
    if telegram:
        given |= {
            "FRONTDOOR_TELEGRAM_TOKEN": token,
            "FRONTDOOR_TELEGRAM_API_URL": telegram,
            "FRONTDOOR_TELEGRAM_DUTY_CHAT_ID": DUTY_CHAT,
        }
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FRONTDOOR_")}
    return kept | given


def opened(told: Mapping[str, str]) -> Database:
    """Open the database the process uses, with its keys."""
    return Database(told["FRONTDOOR_DATABASE_URL"], keyring=Keyring.from_text(told["FRONTDOOR_ENCRYPTION_KEYS"]))

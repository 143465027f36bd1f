"""The database: opens it, runs units of work in it, and keeps its tables and keys up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import StaticPool

from storage import migrations
from storage.group_commit import Writer
from storage.pooled import Pooled
from storage.repository import UniqueRace
from storage.rotation import newest_opens, rotate, what_does_not_open
from storage.sealed import Keyring, use_keyring
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")

_BUSY_MILLISECONDS = 15_000
_STATEMENTS_REMEMBERED = 1_000
_UNIQUE_VIOLATION = "23505"


class Database:
    """Everything we keep. One for a process and a URL.

    A unit of work is a plain function of a `UnitOfWork`. It runs in a thread, in one transaction, and its result
    comes back only when that is durable; if it raises, nothing it did is kept. On PostgreSQL it may be run again
    after losing a race, so it does nothing but read and write here. It returns values, never the unit itself.
    """

    def __init__(self, url: str, *, keyring: Keyring, threads: int = 4) -> None:
        self.keyring = keyring
        self.engine = _engine(url, threads)
        use_keyring(self.engine.dialect, keyring)
        self._runner: Writer | Pooled
        if self.is_sqlite:
            self._runner = Writer(self.engine, keyring, foreign=_ours)
        else:
            self._runner = Pooled(self.engine, keyring, threads=threads, foreign=_ours)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run a unit of work without holding up the loop. Cancelling the wait does not cancel the unit."""
        return await self._runner.run(work)

    def run_now(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run a unit of work and wait, for commands and tests. Never from the loop, nor from a unit."""
        return self._runner.run_now(work)

    def upgrade(self) -> None:
        """Bring the tables up to date. Safe to call each time, and from several processes at once."""
        with self._alone():
            migrations.upgrade(self.engine)

    def downgrade(self, revision: str) -> None:
        """Take the tables back to an earlier revision, or to "base"."""
        with self._alone():
            migrations.downgrade(self.engine, revision)

    def check(self) -> list[str]:
        """Return what is wrong, in words an operator can act on; nothing when all is well."""
        with self._alone():
            problems = migrations.problems(self.engine)
        return problems or self.run_now(what_does_not_open)

    def opens(self) -> bool:
        """Say whether our keys open what was kept last. With other keys nobody who comes back would be found."""
        return self.run_now(newest_opens)

    def rotate(self, batch: int = 500) -> Mapping[str, int]:
        """Seal everything with the newest key; return how many rows of each table were sealed anew.

        Works in batches beside the running front door. Interrupted, it goes on where it stopped when run again.
        """
        return rotate(self.run_now, batch)

    def dispose(self) -> None:
        """Finish what was asked, and close every connection."""
        self._runner.stop()
        self.engine.dispose()

    def _alone(self) -> AbstractContextManager[Any]:
        """Hold back our own units: a database in memory has one connection for all."""
        return self._runner.turnstile if isinstance(self._runner, Writer) else nullcontext()


def _engine(url: str, threads: int) -> Engine:
    """Errors never show parameters: they may be a person's words."""
    parsed = make_url(url)
    shared: dict[str, Any] = {"hide_parameters": True, "query_cache_size": _STATEMENTS_REMEMBERED}
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_size=threads + 2, max_overflow=threads, **shared)
    in_memory = parsed.database in (None, "", ":memory:")
    if in_memory:
        shared["poolclass"] = StaticPool
    else:
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"check_same_thread": False}, **shared)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:  # noqa: ARG001
    """Set what SQLite forgets between connections. FULL waits for the disk at every commit."""
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in (
        f"busy_timeout = {_BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "temp_store = MEMORY",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    """Take the write lock at once: a transaction that reads first and writes later can be refused the lock."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _ours(error: BaseException) -> BaseException:
    if isinstance(error, IntegrityError) and _is_unique_violation(error.orig):
        return UniqueRace("a row with this unique value is there already")
    return error


def _is_unique_violation(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.IntegrityError):
        return error.sqlite_errorname in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
    return getattr(error, "sqlstate", None) == _UNIQUE_VIOLATION

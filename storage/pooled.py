"""The writers of a PostgreSQL database: a few threads, a transaction to each unit of work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from storage.repository import UniqueRace
from storage.sealed import Keyring
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")

ATTEMPTS = 4
"""The first, and three more."""

_TRY_AGAIN = {"40001", "40P01"}  # serialization_failure, deadlock_detected


class ServerWentAway(Exception):
    """The connection was lost in the middle of a unit, before its commit: nothing of it was kept."""


class Pooled:
    """Runs units of work side by side. A unit that lost a race or its connection is run again from its start."""

    def __init__(
        self,
        engine: Engine,
        keyring: Keyring,
        *,
        threads: int,
        foreign: Callable[[BaseException], BaseException],
    ) -> None:
        self._engine = engine
        self._keyring = keyring
        self._foreign = foreign
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="storage")

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.run_now, work)

    def run_now(self, work: Callable[[UnitOfWork], T]) -> T:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._run_once(work)
            except Exception as error:
                ours = self._foreign(error)
                if attempt == ATTEMPTS or not _lost_a_race(ours):
                    raise ours from (None if ours is error else error)
        raise AssertionError("the last attempt returned or raised")

    def stop(self) -> None:
        self._threads.shutdown()

    def _run_once(self, work: Callable[[UnitOfWork], T]) -> T:
        with self._engine.begin() as connection:
            try:
                return work(UnitOfWork(connection, self._keyring))
            except DBAPIError as error:
                if self._is_gone(connection, error):
                    connection.invalidate(error)
                    self._engine.dispose()  # the others went with it
                    raise ServerWentAway("the connection to the database was lost") from error
                raise

    def _is_gone(self, connection: Connection, error: DBAPIError) -> bool:
        driver = connection.connection.dbapi_connection
        return connection.dialect.is_disconnect(cast("Any", error.orig), driver, None)


def _lost_a_race(error: BaseException) -> bool:
    if isinstance(error, UniqueRace | ServerWentAway):
        return True
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _TRY_AGAIN

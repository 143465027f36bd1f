"""The writer of an SQLite database: one thread that commits what waits together.

SQLite lets one transaction write at a time, and a durable commit waits for the disk. So the units that queue up
while the disk is busy share the next commit: each in its own savepoint, so that one that fails takes nothing
else with it. A unit is answered only after the commit that holds it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread, current_thread
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from storage.sealed import Keyring
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")

MOST_TOGETHER = 64


@dataclass(slots=True, eq=False)
class _Unit:
    """A unit that waits, and the one who waits for it: a coroutine on `loop`, or a thread."""

    work: Callable[[UnitOfWork], Any]
    waiting: asyncio.Future[Any] | Future[Any]
    loop: asyncio.AbstractEventLoop | None = None
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.waiting.done():  # cancelled by the one who waited; the unit is committed all the same
            return
        if self.error is None:
            self.waiting.set_result(self.result)
        else:
            self.waiting.set_exception(self.error)


class Writer:
    """Runs units of work one after another, on its own thread and its own connection."""

    def __init__(
        self, engine: Engine, keyring: Keyring, *, foreign: Callable[[BaseException], BaseException]
    ) -> None:
        """`foreign` turns the database's errors into ours."""
        self._engine = engine
        self._keyring = keyring
        self._foreign = foreign
        self._queue: SimpleQueue[_Unit | None] = SimpleQueue()
        self._connection: Connection | None = None
        self._thread: Thread | None = None
        self._starting = Lock()
        self._stopped = False
        self.turnstile = Lock()
        """Held while a transaction is open. Migrations hold it too, where memory has one connection."""

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[T] = loop.create_future()
        self._put(_Unit(work, waiting, loop))
        return await waiting

    def run_now(self, work: Callable[[UnitOfWork], T]) -> T:
        if current_thread() is self._thread:
            raise RuntimeError("a unit of work cannot wait for another")
        waiting: Future[T] = Future()
        self._put(_Unit(work, waiting))
        return waiting.result()

    def stop(self) -> None:
        """Finish what was asked before, and stop."""
        with self._starting:
            already, self._stopped = self._stopped, True
        if not already and self._thread is not None:
            self._queue.put(None)
            self._thread.join()

    def _put(self, unit: _Unit) -> None:
        if self._thread is None or self._stopped:
            self._start()
        self._queue.put(unit)

    def _start(self) -> None:
        with self._starting:
            if self._stopped:
                raise RuntimeError("the database is disposed of")
            if self._thread is None:
                self._thread = Thread(target=self._write_until_stopped, name="storage-writer", daemon=True)
                self._thread.start()

    def _write_until_stopped(self) -> None:
        going_on = True
        while going_on:
            batch, going_on = self._next_batch()
            if batch:
                self._commit(batch)
                _settle(batch)
        self._forget_connection()

    def _next_batch(self) -> tuple[list[_Unit], bool]:
        """Return what waits, and whether there may be more."""
        unit = self._queue.get()
        batch: list[_Unit] = []
        while unit is not None:
            batch.append(unit)
            if len(batch) == MOST_TOGETHER:
                return batch, True
            try:
                unit = self._queue.get_nowait()
            except Empty:
                return batch, True
        return batch, False

    def _commit(self, batch: list[_Unit]) -> None:
        """Run a batch and commit it. Anything that fails here has failed for every unit of the batch."""
        with self.turnstile:
            try:
                connection = self._connected()
                with connection.begin():
                    uow = UnitOfWork(connection, self._keyring)
                    if len(batch) == 1:
                        batch[0].result = batch[0].work(uow)
                    else:
                        self._run_in_savepoints(batch, uow)
            except BaseException as error:
                ours = self._foreign(error)
                for unit in batch:
                    unit.error = unit.error or ours
                self._forget_connection()

    def _run_in_savepoints(self, batch: list[_Unit], uow: UnitOfWork) -> None:
        driver = uow.connection.connection.driver_connection
        assert driver is not None
        for unit in batch:
            driver.execute("SAVEPOINT unit")
            try:
                unit.result = unit.work(uow)
            except BaseException as error:
                unit.error = self._foreign(error)
                driver.execute("ROLLBACK TO unit")
            driver.execute("RELEASE unit")

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _forget_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()


def _settle(batch: list[_Unit]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[_Unit]] = {}
    for unit in batch:
        if unit.loop is None:
            unit.settle()
        else:
            by_loop.setdefault(unit.loop, []).append(unit)
    for loop, units in by_loop.items():
        with suppress(RuntimeError):  # the loop closed while we wrote: nobody waits any more
            loop.call_soon_threadsafe(_settle_here, units)


def _settle_here(units: list[_Unit]) -> None:
    for unit in units:
        unit.settle()

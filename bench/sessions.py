"""Measures ways of running one unit of work: in a writer thread, inline on the loop, or with an async driver.

The unit is what a turn costs us: keep a turn, save its conversation, put two messages in the outbox, commit
durably. The same code runs each way. Prints CPU of this process per unit and units per second, and both as ratios
to the way we chose; the database server's own CPU is not counted.

    python bench/sessions.py [--units 1500] [--rounds 3] [--postgresql URL]

The async way on SQLite needs `aiosqlite` on the path, which the product does not use; without it that row is left
out, and says so.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median

from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from storage.conversations import ConversationRecord
from storage.database import Database
from storage.outbox import NewOutbox
from storage.sealed import Keyring, use_keyring
from storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
CONVERSATIONS = 64
WORDS = "My sister's boy is seven and I am worried about what happens at home when his dad is there."

Work = Callable[[UnitOfWork], None]
Run = Callable[[Work], Awaitable[None]]
_names = count(1)


def begin(uow: UnitOfWork) -> ConversationRecord:
    person = uow.people.new("reporter", NOW)
    enquiry = uow.enquiries.open(audience="public", area="exampleshire", reporter_id=person.id, now=NOW)
    return uow.conversations.begin(
        channel="telegram",
        address=str(next(_names)),
        enquiry_id=enquiry.id,
        person_id=person.id,
        flow="public",
        flow_version=1,
        language="en",
        state={"path": ["opening", "worry", "where"], "answers": {"worry": WORDS}},
        now=NOW,
    )


def unit(conversation: ConversationRecord) -> Work:
    name = str(next(_names))

    def work(uow: UnitOfWork) -> None:
        turn, _ = uow.turns.keep(
            conversation=conversation,
            external_id=name,
            channel="telegram",
            address=conversation.address,
            kind="text",
            order=0,
            words=WORDS,
            choice=None,
            message={"text": WORDS, "channel": "telegram"},
            screening={"urgency": "none", "signals": []},
            urgency="none",
            received_at=NOW,
            now=NOW,
        )
        found = uow.conversations.get(conversation.id)
        uow.conversations.save(
            found.id,
            expected_version=found.version,
            state=found.state,
            status=found.status,
            finished=False,
            flow=found.flow,
            flow_version=found.flow_version,
            language=found.language,
            turns_handled=turn.position,
            now=NOW,
            spoke=True,
        )
        reply = NewOutbox(
            channel="telegram",
            address=conversation.address,
            kind="reply",
            payload={"text": WORDS},
            created_at=NOW,
            conversation_id=conversation.id,
            turn_id=turn.id,
        )
        uow.outbox.put([reply, reply])

    return work


@asynccontextmanager
async def in_threads(database: Database) -> AsyncIterator[Run]:
    yield database.run


@asynccontextmanager
async def inline(database: Database) -> AsyncIterator[Run]:
    """The loop itself waits for the disk."""
    connection = database.engine.connect()

    async def run(work: Work) -> None:
        with connection.begin():
            work(UnitOfWork(connection, database.keyring))

    yield run
    connection.close()


@asynccontextmanager
async def with_async_driver(database: Database) -> AsyncIterator[Run]:
    url = make_url(database.engine.url)
    if not database.is_sqlite:
        engine = create_async_engine(url.set(drivername="postgresql+psycopg_async"), pool_size=6)
        one_at_a_time: asyncio.Semaphore = asyncio.Semaphore(6)
    else:
        engine = create_async_engine(url.set(drivername="sqlite+aiosqlite"), pool_size=1)
        event.listen(engine.sync_engine, "connect", _prepare_aiosqlite)
        event.listen(engine.sync_engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
        one_at_a_time = asyncio.Semaphore(1)
    use_keyring(engine.dialect, database.keyring)

    async def run(work: Work) -> None:
        async with one_at_a_time, engine.begin() as connection:
            await connection.run_sync(lambda sync: work(UnitOfWork(sync, database.keyring)))

    yield run
    await engine.dispose()


def _prepare_aiosqlite(connection: object, record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    connection.isolation_level = None  # type: ignore[attr-defined]
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 15000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


async def measure(
    run: Run, conversations: list[ConversationRecord], units: int, at_once: int
) -> tuple[float, float]:
    """Return (CPU microseconds per unit, units per second)."""

    async def talk(conversation: ConversationRecord) -> None:
        for _ in range(units // at_once):
            await run(unit(conversation))

    began, cpu = time.perf_counter(), _cpu()
    await asyncio.gather(*(talk(conversation) for conversation in conversations[:at_once]))
    done = units // at_once * at_once
    return (_cpu() - cpu) / done * 1e6, done / (time.perf_counter() - began)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


WAYS = {"writer threads": in_threads, "inline on the loop": inline, "async driver": with_async_driver}


def compare(url: str, units: int, rounds: int) -> None:
    database = Database(url, keyring=Keyring.generate())
    database.upgrade()
    conversations = [database.run_now(begin) for _ in range(CONVERSATIONS)]
    ways = dict(WAYS)
    if database.is_sqlite and importlib.util.find_spec("aiosqlite") is None:
        print("  (no aiosqlite here: the async driver on SQLite is left out)")
        del ways["async driver"]
    for at_once in (1, 16, 64):
        seen: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                seen[name].append(asyncio.run(_one_round(way, database, conversations, units, at_once)))
        _show(at_once, seen)
    database.dispose()


async def _one_round(
    way: Callable[..., object],
    database: Database,
    conversations: list[ConversationRecord],
    units: int,
    at_once: int,
) -> tuple[float, float]:
    async with way(database) as run:  # type: ignore[attr-defined]
        await measure(run, conversations, 200, at_once)
        return await measure(run, conversations, units, at_once)


def _show(at_once: int, seen: dict[str, list[tuple[float, float]]]) -> None:
    print(f"  {at_once} at once")
    chosen_cpu, chosen_rate = (median(values) for values in zip(*seen["writer threads"], strict=True))
    for name, rounds in seen.items():
        cpu, rate = (median(values) for values in zip(*rounds, strict=True))
        print(
            f"    {name:20} {cpu:7.0f} us CPU a unit ({cpu / chosen_cpu:4.2f}) "
            f"{rate:7.0f} units a second ({rate / chosen_rate:4.2f})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgresql", help="the URL of an empty PostgreSQL database to measure as well")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print("SQLite, WAL, synchronous=FULL")
        compare(f"sqlite:///{Path(folder) / 'bench.db'}", given.units, given.rounds)
    if given.postgresql:
        print("PostgreSQL, synchronous_commit=on")
        compare(given.postgresql, given.units, given.rounds)


if __name__ == "__main__":
    main()

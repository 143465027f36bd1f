"""A unit of work is kept whole or not at all, and what was acknowledged survives anything."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, get_ident

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.enquiries import EnquiryRecord
from storage.repository import UniqueRace
from storage.sealed import Keyring
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import NOW, begin, keep


class Stopped(Exception):
    """Something went wrong in a unit."""


async def test_unit_returns_its_result(database: Database) -> None:
    """The turn is written in units and goes on with what they return."""
    opened = await database.run(_open)
    assert await database.run(lambda uow: uow.enquiries.get(opened.id)) == opened
    assert database.run_now(lambda uow: uow.enquiries.get(opened.id)) == opened


async def test_unit_that_raises_keeps_nothing(database: Database) -> None:
    """Half a decision is worse than none."""

    def work(uow: UnitOfWork) -> None:
        _open(uow)
        raise Stopped

    with pytest.raises(Stopped):
        await database.run(work)
    assert await database.run(lambda uow: uow.enquiries.list_for_export()) == []


async def test_loop_goes_on_while_a_unit_is_at_work(database: Database) -> None:
    """A slow disk must not stop the front door from hearing the next person."""
    going_on = Event()
    unit = asyncio.create_task(database.run(lambda _: going_on.wait(60)))
    await asyncio.sleep(0)
    going_on.set()
    assert await unit is True


async def test_units_that_wait_together_share_a_commit(sqlite_database: Database) -> None:
    """A durable commit waits for the disk: sharing it is what makes many people as quick as one."""
    commits = _count_commits(sqlite_database)
    await _hold_then_run(sqlite_database, [_open] * 40)
    assert commits() == 2  # the one that held the writer, and one for all forty
    assert len(sqlite_database.run_now(lambda uow: uow.enquiries.list_for_export())) == 40


async def test_unit_that_fails_takes_nobody_else_with_it(sqlite_database: Database) -> None:
    """One person's broken turn must not undo the turns of those who share its commit."""

    def fail(uow: UnitOfWork) -> EnquiryRecord:
        _open(uow)
        raise Stopped

    def break_a_rule(uow: UnitOfWork) -> EnquiryRecord:
        opened = _open(uow)
        uow.connection.execute(text("INSERT INTO enquiry (id) VALUES ('x')"))
        return opened

    works = [_open, fail, _open, break_a_rule, _open]
    results = await _hold_then_run(sqlite_database, works)
    kept = {enquiry.id for enquiry in sqlite_database.run_now(lambda uow: uow.enquiries.list_for_export())}
    assert isinstance(results[1], Stopped)
    assert isinstance(results[3], DBAPIError)
    assert kept == {result.id for result in results if isinstance(result, EnquiryRecord)}
    assert len(kept) == 3


async def test_unit_sees_what_the_unit_before_it_did(sqlite_database: Database) -> None:
    """Units that share a commit still follow each other."""
    conversation = sqlite_database.run_now(begin)
    works = [lambda uow: keep(uow, conversation)[0].position] * 5
    assert await _hold_then_run(sqlite_database, works) == [1, 2, 3, 4, 5]


async def test_commit_that_fails_fails_everyone_who_shared_it(sqlite_database: Database) -> None:
    """Nobody may be told that their words are kept when they are not."""

    def leave_a_loose_end(uow: UnitOfWork) -> None:
        uow.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        uow.connection.exec_driver_sql("INSERT INTO household VALUES ('x', 'no such enquiry', '')")

    results = await _hold_then_run(sqlite_database, [_open, leave_a_loose_end, _open])
    assert all(isinstance(result, DBAPIError) for result in results)
    assert sqlite_database.run_now(lambda uow: uow.enquiries.list_for_export()) == []
    assert sqlite_database.run_now(_open)


async def test_wait_cut_short_does_not_undo_the_unit(database: Database) -> None:
    """A web request that goes away has still said what it said."""
    started, going_on = Event(), Event()

    def work(uow: UnitOfWork) -> None:
        started.set()
        going_on.wait(60)
        _open(uow)

    waiting = asyncio.create_task(database.run(work))
    await asyncio.to_thread(started.wait, 60)
    waiting.cancel()
    going_on.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    database.dispose()
    again = Database(database.engine.url.render_as_string(hide_password=False), keyring=database.keyring)
    assert len(again.run_now(lambda uow: uow.enquiries.list_for_export())) == 1
    again.dispose()


def test_disposed_database_finishes_what_was_asked_first(sqlite_database: Database) -> None:
    """Stopping the front door loses nothing that was on its way."""
    with ThreadPoolExecutor(8) as threads:
        opened = [threads.submit(sqlite_database.run_now, _open) for _ in range(20)]
    sqlite_database.dispose()
    assert len({future.result().id for future in opened}) == 20
    with pytest.raises(RuntimeError, match="disposed"):
        sqlite_database.run_now(_open)


def test_unit_cannot_wait_for_a_unit(sqlite_database: Database) -> None:
    """It would wait for itself for ever."""
    with pytest.raises(RuntimeError, match="cannot wait"):
        sqlite_database.run_now(lambda _: sqlite_database.run_now(_open))


def test_sqlite_writes_on_one_thread(sqlite_database: Database) -> None:
    """One writer is what makes `database is locked` impossible in one process."""
    with ThreadPoolExecutor(4) as threads:
        writers = set(threads.map(lambda _: sqlite_database.run_now(lambda _: get_ident()), range(16)))
    assert len(writers) == 1


def test_sqlite_waits_for_the_disk_at_every_commit(sqlite_database: Database) -> None:
    """NORMAL would lose the last words before a power cut."""

    def pragmas(uow: UnitOfWork) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        return {name: uow.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names}

    full, on = 2, 1
    assert sqlite_database.run_now(pragmas) == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": on,
        "secure_delete": on,
    }


def test_postgresql_waits_for_the_disk_at_every_commit(postgresql_database: Database) -> None:
    """The server's default is ours too: nothing of ours may turn it off."""
    setting = postgresql_database.run_now(
        lambda uow: uow.connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()
    )
    assert setting == "on"


def test_two_processes_can_write_one_sqlite_database(sqlite_url: str, keyring: Keyring) -> None:
    """A command run beside the front door waits its turn and is not refused."""
    databases = [Database(sqlite_url, keyring=keyring) for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda database: [database.run_now(_read_then_write) for _ in range(50)], databases))
    assert len(databases[0].run_now(lambda uow: uow.enquiries.list_for_export())) == 100
    for database in databases:
        database.dispose()


def test_unit_that_lost_a_race_is_run_again(postgresql_database: Database) -> None:
    """Two units that insert the same thing at once: the second finds what the first kept."""
    tries: list[int] = []

    def work(uow: UnitOfWork) -> str:
        tries.append(1)
        if len(tries) < 4:
            raise UniqueRace
        return "kept"

    assert postgresql_database.run_now(work) == "kept"


def test_unit_that_keeps_losing_gives_up(postgresql_database: Database) -> None:
    """A duplicate that is no race must not be tried for ever."""
    tries: list[int] = []

    def work(uow: UnitOfWork) -> None:
        tries.append(1)
        raise UniqueRace

    with pytest.raises(UniqueRace):
        postgresql_database.run_now(work)
    assert len(tries) == 4


def test_deadlock_is_run_again(postgresql_database: Database) -> None:
    """PostgreSQL breaks a deadlock by failing one unit; its person must not notice."""
    one, other = postgresql_database.run_now(begin), postgresql_database.run_now(lambda uow: begin(uow, "2"))
    held = {one.id: Event(), other.id: Event()}

    def lock_both(first: str, second: str) -> bool:
        def work(uow: UnitOfWork) -> bool:
            uow.conversations.get_for_update(first)
            held[first].set()
            held[second].wait(60)
            uow.conversations.get_for_update(second)
            return True

        return postgresql_database.run_now(work)

    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(lock_both, one.id, other.id), threads.submit(lock_both, other.id, one.id)]
        assert all(future.result() for future in waiting)


def test_server_that_restarts_is_not_noticed(postgresql_database: Database) -> None:
    """A database is patched at night, and whoever writes then is answered like anybody else."""
    enquiries = [postgresql_database.run_now(_open)]
    with ThreadPoolExecutor(4) as threads:  # fill the pool
        enquiries += threads.map(lambda _: postgresql_database.run_now(_open), range(20))
    _drop_all_connections(postgresql_database)
    enquiries += [postgresql_database.run_now(_open) for _ in range(5)]
    kept = postgresql_database.run_now(lambda uow: uow.enquiries.list_for_export())
    assert kept == sorted(enquiries, key=lambda enquiry: (enquiry.opened_at, enquiry.id))


def test_unit_cut_off_in_the_middle_is_run_again(postgresql_database: Database) -> None:
    """Before its commit nothing of it is kept, and so it can be run again whole."""
    tries: list[int] = []

    def work(uow: UnitOfWork) -> EnquiryRecord:
        opened = _open(uow)
        tries.append(1)
        if len(tries) == 1:
            _drop_all_connections(postgresql_database)
            uow.enquiries.get(opened.id)
        return opened

    opened = postgresql_database.run_now(work)
    assert postgresql_database.run_now(lambda uow: uow.enquiries.list_for_export()) == [opened]


def test_errors_do_not_show_what_was_being_kept(database: Database) -> None:
    """An error ends in a log, and the values of the statement are a person's words."""

    def work(uow: UnitOfWork) -> None:
        uow.connection.execute(
            text("INSERT INTO household (id, enquiry_id, created_at) VALUES (:words, NULL, NULL)"),
            {"words": "Robin"},
        )

    with pytest.raises(DBAPIError) as caught:
        database.run_now(work)
    assert "Robin" not in str(caught.value).split("DETAIL")[0]


KILLED = textwrap.dedent(
    """
    import asyncio, sys
    from storage.database import Database
    from storage.sealed import Keyring
    from tests.storage.builders import begin, keep, outgoing

    database = Database(sys.argv[1], keyring=Keyring.from_text(sys.argv[2]))
    conversations = [database.run_now(lambda uow, n=n: begin(uow, str(n))) for n in range(8)]

    def unit(conversation, name):
        def work(uow):
            turn, _ = keep(uow, conversation, external_id=name)
            uow.outbox.put([outgoing(conversation, turn_id=turn.id) for _ in range(2)])
        return work

    async def talk(conversation):
        for number in range(100_000):
            name = f"{conversation.address}-{number}"
            await database.run(unit(conversation, name))
            sys.stdout.write(conversation.address + " " + name + chr(10))
            sys.stdout.flush()

    async def main():
        await asyncio.gather(*(talk(conversation) for conversation in conversations))

    asyncio.run(main())
    """
)


@pytest.mark.parametrize("acknowledged", [1, 40, 300])
def test_killed_process_loses_nothing_it_acknowledged(
    database_url: str, keyring: Keyring, acknowledged: int
) -> None:
    """`kill -9` at any moment: what a person was told is kept is kept, and never by halves."""
    said = _run_and_kill(database_url, keyring, acknowledged)
    database = Database(database_url, keyring=keyring)

    def look(uow: UnitOfWork) -> None:
        for line in said:
            address, name = line.split()
            turn = uow.turns.by_external("telegram", address, name)
            assert turn is not None
            assert len(uow.outbox.of_turn(turn.id)) == 2
        for conversation_id in set(uow.turns.conversations_with_unhandled(NOW, 10_000)):
            turns = uow.turns.of(conversation_id)
            assert uow.conversations.get(conversation_id).turns_kept == len(turns)
            assert len(uow.outbox.of_conversation(conversation_id, limit=100_000)) == 2 * len(turns)

    database.run_now(look)
    database.dispose()


def _run_and_kill(database_url: str, keyring: Keyring, acknowledged: int) -> list[str]:
    """Run units in another process, kill it once it has said this much, and return all that it said."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, database_url, keyring.as_text()],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(acknowledged)]
    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read()
    process.wait()
    process.stdout.close()
    said += rest.splitlines(keepends=True)
    return [line for line in said if line.endswith("\n")]


async def _hold_then_run(database: Database, works: list[object]) -> list[object]:
    """Keep the writer busy until all these units wait, and so have them share a commit."""
    held, going_on = Event(), Event()

    def hold(_: UnitOfWork) -> None:
        held.set()
        going_on.wait(60)

    holding = asyncio.create_task(database.run(hold))
    await asyncio.to_thread(held.wait, 60)
    waiting = [asyncio.create_task(database.run(work)) for work in works]  # type: ignore[arg-type]
    await asyncio.sleep(0)
    going_on.set()
    await holding
    return await asyncio.gather(*waiting, return_exceptions=True)


def _drop_all_connections(database: Database) -> None:
    """As the server does when it is restarted."""
    other = create_engine(database.engine.url, poolclass=NullPool)
    with other.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _count_commits(database: Database):  # type: ignore[no-untyped-def]
    from sqlalchemy import event

    commits: list[int] = []
    event.listen(database.engine, "commit", lambda _: commits.append(1))
    return lambda: len(commits)


def _read_then_write(uow: UnitOfWork) -> EnquiryRecord:
    uow.enquiries.list_for_export()
    return _open(uow)


def _open(uow: UnitOfWork) -> EnquiryRecord:
    return uow.enquiries.open(audience="public", area="exampleshire", reporter_id=None, now=NOW)

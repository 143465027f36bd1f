"""Processes are killed at random while ten thousand promises fall due: none is lost, and none is kept twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import psutil
import pytest
from sqlalchemy import Connection, create_engine

from bot.followups.kinds import FollowUpKind, Weight, promise
from bot.settings import new_key
from storage.database import Database
from storage.sealed import Keyring
from storage.unit_of_work import UnitOfWork
from tests.crash.killing import HERE, SECONDS
from tests.storage.builders import begin

PROMISES = 10_000
URGENT = 1_000
ONE_IN = 10
"""So many of them say something: enough to see what a crash sends twice."""
PEOPLE = 400
AT_ONCE = 2
BETWEEN_DEATHS = (50, 1_000)
"""So many promises are kept from one death to the next, at random."""
LEFT = "SELECT count(*) FROM due"
"""Promises not kept and messages not sent: nothing else falls due here."""
SENT_AT_ONCE = 64
"""More messages than one process ever has on their way and not yet marked as sent."""


class Keepers:
    """Processes that keep promises, started from a warm one, killed at random and started again."""

    def __init__(self, life: dict[str, str]) -> None:
        self._life = orjson.dumps(life).decode()
        command = [sys.executable, "-m", "tests.crash.keeper"]
        self._warm = subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._read() == "ready"
        self.numbers: list[int] = []
        self.kills = 0

    def _read(self) -> str:
        assert self._warm.stdout is not None
        return self._warm.stdout.readline().strip()

    def start(self) -> None:
        assert self._warm.stdin is not None
        self._warm.stdin.write(self._life + "\n")
        self._warm.stdin.flush()
        self.numbers.append(int(self._read()))

    def kill(self, which: random.Random) -> None:
        """Kill one in the middle of whatever it does, and start another."""
        number = self.numbers.pop(which.randrange(len(self.numbers)))
        if psutil.pid_exists(number):
            os.kill(number, signal.SIGKILL)
            self.kills += 1
        self.start()

    def end(self) -> None:
        for number in self.numbers:
            if psutil.pid_exists(number):
                os.kill(number, signal.SIGKILL)
        self._warm.kill()
        self._warm.wait()
        for pipe in (self._warm.stdin, self._warm.stdout):
            assert pipe is not None
            pipe.close()


@pytest.fixture
def keys() -> str:
    return new_key()


@pytest.fixture
def database(database_url: str, keys: str) -> Iterator[Database]:
    database = Database(database_url, keyring=Keyring.from_text(keys))
    yield database
    database.dispose()


def fill(uow: UnitOfWork) -> None:
    """Promise ten thousand things, all of them due, to a few hundred people: one in ten urgent, the last ones."""
    people = [begin(uow, f"96{number:04}") for number in range(PEOPLE)]
    now = datetime.now(UTC)
    for number in range(PROMISES):
        is_urgent = number >= PROMISES - URGENT
        conversation = people[number % PEOPLE]
        promise(
            uow,
            FollowUpKind.DRAFT_WORRY if is_urgent else FollowUpKind.CAMPAIGN,
            enquiry_id=conversation.enquiry_id,
            conversation_id=conversation.id,
            due_at=now - timedelta(seconds=PROMISES - number),
            details={"n": number, "speaks": number % ONE_IN == 0},
            now=now,
        )


@pytest.fixture
def watching(database_url: str, database: Database) -> Iterator[Connection]:
    """A reader of its own: the database's takes SQLite's writer first, and would wait behind busy keepers."""
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def fewer(watching: Connection, than: int) -> int:
    """Wait until no more than so many are left; return how many."""
    until = time.monotonic() + SECONDS
    while (now := watching.exec_driver_sql(LEFT).scalar_one()) > max(than, 0):
        assert time.monotonic() < until, f"{now} are left, and nobody gets on"
        time.sleep(0.01)
    return int(now)


def test_killed_at_random_while_ten_thousand_promises_fall_due(
    database: Database, watching: Connection, database_url: str, keys: str, tmp_path: Path
) -> None:
    """Nobody is left unasked, nobody is asked twice, and a worry goes first, whoever dies."""
    database.run_now(fill)
    path = tmp_path / "sent"
    keepers = Keepers({"url": database_url, "keys": keys, "path": str(path)})
    chance = random.Random(20260302)
    try:
        for _ in range(AT_ONCE):
            keepers.start()
        at = PROMISES
        while at:
            # However slow the machine: it gets on for a while between two deaths.
            at = fewer(watching, at - chance.randrange(*BETWEEN_DEATHS))
            time.sleep(chance.uniform(0, 0.05))
            keepers.kill(chance)
    finally:
        keepers.end()
    assert keepers.kills >= PROMISES / BETWEEN_DEATHS[1] / 2
    rows = database.run_now(_kept)
    assert Counter(outcome for outcome, *_ in rows) == {"said": PROMISES}
    assert database.run_now(_noted) == PROMISES
    urgent = [at for _, weight, at in rows if weight == Weight.SAFETY]
    before = sum(weight != Weight.SAFETY and at < max(urgent) for _, weight, at in rows)
    assert before < PROMISES / 10
    sent = Counter(orjson.loads(line)[2] for line in path.read_bytes().splitlines())
    assert set(sent) == {str(number) for number in range(0, PROMISES, ONE_IN)}
    assert sum(sent.values()) - len(sent) <= keepers.kills * SENT_AT_ONCE
    assert len(database.run_now(_messages)) == len(sent)


def _kept(uow: UnitOfWork) -> list[Any]:
    found = uow.connection.exec_driver_sql("SELECT outcome, weight, done_at FROM follow_up")
    return [tuple(row) for row in found]


def _noted(uow: UnitOfWork) -> int:
    """Return how many promises are noted as done, each of them once."""
    found = uow.connection.exec_driver_sql(
        "SELECT record_id, count(*) FROM audit_entry WHERE act = 'follow_up.done' GROUP BY record_id"
    )
    counts = [row[1] for row in found]
    assert set(counts) == {1}
    return len(counts)


def _messages(uow: UnitOfWork) -> list[str]:
    """Return the messages that were decided on: each is a row, however often it was sent."""
    return [row[0] for row in uow.connection.exec_driver_sql("SELECT id FROM outbox_message")]

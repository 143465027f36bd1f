"""Whole conversations, each in a file, on a database of each kind, every turn in a new process."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from storage.sealed import Keyring
from tests.transcripts.player import HERE, Player

STORIES = sorted(HERE.glob("*.yaml"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Database]]:
    """A way to open the one database all the people of these files share, as one process after another does."""
    keyring = Keyring.generate()
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("transcripts") / "frontdoor.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        yield lambda: Database(f"sqlite:///{path}", keyring=keyring, threads=1)
        return
    server: Any = request.getfixturevalue("postgresql")
    name = f"test_transcripts_{os.getpid()}"
    server.do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    server.do(f"CREATE DATABASE {name} TEMPLATE {server.template}")
    yield lambda: Database(server.url(name), keyring=keyring, threads=1)
    server.do(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_conversation(story: Path, opened: Callable[[], Database]) -> None:
    """A person's whole way through, with nothing in memory between two turns."""
    asyncio.run(Player(opened, f"96{STORIES.index(story):04}").play(story))

"""Whole conversations, each in a file, with all that ships and with no model file at all.

With all that ships on SQLite, with one memory; without any file on PostgreSQL, each turn in a new process.
tests/rasa plays the same ones with Rasa, and with Rasa killed half way.
"""

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
from tests.conversation.front import as_it_ships, parts, without_files
from tests.transcripts.player import Ears, OneMemory, Player, is_of_hints, stories

STORIES = stories()
WITH_ALL, WITH_NO_FILE = "sqlite", "postgresql"
PLAYED = [(WITH_ALL, s) for s in STORIES] + [(WITH_NO_FILE, s) for s in STORIES if not is_of_hints(s)]


Doors: TypeAlias = tuple[Callable[[], Database], Callable[[Database], None]]


@pytest.fixture(scope="module")
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


@pytest.mark.parametrize(
    ("doors", "story"), PLAYED, indirect=["doors"], ids=[f"{door}-{story.stem}" for door, story in PLAYED]
)
def test_conversation(doors: Doors, story: Path, request: pytest.FixtureRequest) -> None:
    """A person's whole way through: with all that ships, and with no model file at all."""
    address = f"96{STORIES.index(story):04}"
    if request.node.callspec.params["doors"] == WITH_ALL:
        _, _, _, _, embedded = parts()
        player: Player = OneMemory(*doors, address, Ears(as_it_ships(), embedded))
    else:
        usual, nothing = parts()[3], without_files()
        assert usual.trained is None
        assert nothing.name == "keywords"
        player = Player(*doors, address, Ears(usual, nothing))
    asyncio.run(player.play(story))


def test_what_ships_hears_with_every_view() -> None:
    """Without its files it would hear by phrases alone, and these conversations would prove nothing."""
    trained = as_it_ships().trained
    assert trained is not None
    assert {"english", "multilingual", "words"} <= trained.readers.keys()

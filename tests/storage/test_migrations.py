"""The steps make the tables the code was written for, on both engines, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from storage.columns import metadata
from storage.database import Database
from storage.sealed import Keyring
from tests.storage.builders import begin


@pytest.fixture(params=["sqlite", "sqlite in memory", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path, keyring: Keyring) -> Iterator[Database]:
    urls = {"sqlite": f"sqlite:///{tmp_path}/folder/that/is/not/there/new.db", "sqlite in memory": "sqlite://"}
    url = urls.get(request.param) or request.getfixturevalue("empty_postgresql_url")
    database = Database(url, keyring=keyring)
    yield database
    database.dispose()


def test_new_database_says_what_it_needs(empty_database: Database) -> None:
    """The first thing an operator sees must be what to do."""
    assert any("frontdoor db upgrade" in problem for problem in empty_database.check())


def test_steps_make_the_tables_the_code_expects(empty_database: Database) -> None:
    """A column added to the code and forgotten in the steps works in no real database."""
    empty_database.upgrade()
    with empty_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert empty_database.check() == []


def test_missing_column_would_be_noticed(empty_database: Database) -> None:
    """Proves that the test above can fail."""
    empty_database.upgrade()
    with empty_database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE consent DROP COLUMN wording_version")
    with empty_database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) != []


def test_upgrading_again_changes_nothing(empty_database: Database) -> None:
    """Each start of the front door upgrades first."""
    empty_database.upgrade()
    conversation = empty_database.run_now(begin)
    empty_database.upgrade()
    assert empty_database.run_now(lambda uow: uow.conversations.get(conversation.id)) == conversation


def test_steps_can_be_taken_back_and_taken_again(empty_database: Database) -> None:
    """A release that goes wrong is undone with its tables."""
    empty_database.upgrade()
    empty_database.downgrade("base")
    assert set(inspect(empty_database.engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    empty_database.upgrade()
    assert empty_database.check() == []


def test_database_in_memory_works_like_any_other() -> None:
    """Tests of other parts use one, and rehearsals."""
    database = Database("sqlite://", keyring=Keyring.generate())
    database.upgrade()
    conversation: Any = database.run_now(begin)
    assert database.run_now(lambda uow: uow.conversations.find("telegram", "960001")) == conversation
    database.dispose()

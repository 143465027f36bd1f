"""The steps by which the tables came to be, on SQLite and on PostgreSQL alike.

A new step: `python -m storage.migrations "what it does"` compares the tables with the code and writes the
difference to `versions/`, to be read and mended by hand. Steps add now and remove later, so that old code runs on
the new tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

HERE = Path(__file__).parent


def config(connection: Connection | None = None) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(HERE))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


def upgrade(engine: Engine, revision: str = "head") -> None:
    with _alone(engine) as connection:
        command.upgrade(config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    with _alone(engine) as connection:
        command.downgrade(config(connection), revision)


def problems(engine: Engine) -> list[str]:
    """Say whether the tables are those this code was written for."""
    wanted = ScriptDirectory.from_config(config()).get_current_head()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found == wanted:
        return []
    return [f"the tables are at {found or 'nothing'}, and should be at {wanted}: run `frontdoor db upgrade`"]


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Open one transaction for all the steps, and let no other process take them at the same time.

    SQLite changes a table by copying it, which foreign keys would forbid; they are checked afterwards instead.
    """
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:
            driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                if not is_sqlite:
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7303014)")
                yield connection
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("a migration left rows that point at nothing")
        finally:
            if is_sqlite:
                driver.execute("PRAGMA foreign_keys = ON")

"""The database, opened for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.app import keyring_of
from bot.settings import Settings, with_own_secrets
from storage.database import Database


@contextmanager
def open_database() -> Iterator[Database]:
    """Open the database of the settings, and close it after."""
    settings, _ = with_own_secrets(Settings(), may_make=True)
    database = Database(settings.database_url, keyring=keyring_of(settings))
    try:
        yield database
    finally:
        database.dispose()

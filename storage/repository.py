"""The parent of each noun's queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Executable, Row, text

from storage.sealed import Keyring

AnyRow: TypeAlias = Row[*tuple[Any, ...]]

_LOCK_NAME = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


class UniqueRace(Exception):
    """A row with the same unique value is there already; on PostgreSQL perhaps one kept a moment ago."""


class NotFound(LookupError):
    """There is no such record. Holds its id, never its words."""


class Repository:
    """Queries of one noun, inside somebody's unit of work."""

    __slots__ = ("_connection", "_is_postgresql", "keyring")

    def __init__(self, connection: Connection, keyring: Keyring) -> None:
        self._connection = connection
        self.keyring = keyring
        self._is_postgresql = connection.dialect.name == "postgresql"

    def _one(self, statement: Executable, values: Mapping[str, Any]) -> AnyRow | None:
        return self._connection.execute(statement, values).first()

    def _all(self, statement: Executable, values: Mapping[str, Any]) -> Sequence[AnyRow]:
        return self._connection.execute(statement, values).all()

    def _change(self, statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> int:
        """Return how many rows changed."""
        return self._connection.execute(statement, values).rowcount

    def _lock_name(self, name: str) -> None:
        """Hold a name until the unit ends. On SQLite one unit writes at a time, and nothing is needed."""
        if self._is_postgresql:
            self._connection.execute(_LOCK_NAME, {"name": name})

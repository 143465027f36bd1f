"""The parent of each noun's queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Connection, Executable, Select, bindparam, text

from storage.blind_index import Purpose
from storage.prepared import Prepared
from storage.sealed import Keyring

T = TypeVar("T")

AnyRow: TypeAlias = Any
"""A row: SQLAlchemy's, or of a prepared statement a plain sequence."""

_LOCK_NAME = Prepared(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"))


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

    def _one(self, statement: Executable | Prepared, values: Mapping[str, Any]) -> AnyRow | None:
        if isinstance(statement, Prepared):
            return statement.first(self._connection, values)
        return self._connection.execute(statement, values).first()

    def _all(self, statement: Executable | Prepared, values: Mapping[str, Any]) -> Sequence[AnyRow]:
        if isinstance(statement, Prepared):
            return statement.all(self._connection, values)
        return self._connection.execute(statement, values).all()

    def _change(self, statement: Executable | Prepared, values: Mapping[str, Any]) -> int:
        """Return how many rows changed."""
        if isinstance(statement, Prepared):
            return statement.change(self._connection, values)
        return self._connection.execute(statement, values).rowcount

    def _change_each(self, statement: Prepared, each: Sequence[Mapping[str, Any]]) -> None:
        statement.change_each(self._connection, each)

    def _found(self, statement: Findable, purpose: Purpose, value: str) -> Sequence[AnyRow]:
        """Return the rows kept under any key's fingerprint of this value."""
        candidates = self.keyring.index_candidates(purpose, value)
        return statement.of(len(candidates)).all(self._connection, _numbered(candidates))

    def _lock_name(self, name: str) -> None:
        """Hold a name until the unit ends. On SQLite one unit writes at a time, and nothing is needed."""
        if self._is_postgresql:
            self._one(_LOCK_NAME, {"name": name})


class Findable:
    """A statement that finds rows by a blind index, prepared for each number of keys."""

    __slots__ = ("_column", "_prepared", "_statement")

    def __init__(self, statement: Select[*tuple[Any, ...]], column: ColumnElement[Any]) -> None:
        self._statement = statement
        self._column = column
        self._prepared: dict[int, Prepared] = {}

    def of(self, how_many: int) -> Prepared:
        if how_many not in self._prepared:
            names = [bindparam(name, type_=self._column.type) for name in _numbered(range(how_many))]
            self._prepared[how_many] = Prepared(self._statement.where(self._column.in_(names)))
        return self._prepared[how_many]


def _numbered(candidates: Iterable[T]) -> dict[str, T]:
    return {f"candidate_{place}": candidate for place, candidate in enumerate(candidates)}

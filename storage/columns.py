"""The kinds of column our tables are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, String, Table
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.identifiers import ID_LENGTH
from storage.sealed import SealedJson, SealedText

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

INDEX_LENGTH = 32
_PRINTABLE = re.compile(r"[!-~]*")


class StoredTable(SQLModel):
    """The parent of every table. Rows are read and written by statements, not by sessions."""

    metadata = metadata


class Code(TypeDecorator[str]):
    """A short word of our own: an id, a status, a rule. Never anything a person typed.

    Both databases refuse the same values: too long, not plain ASCII, or outside `among`.
    """

    impl = String
    cache_ok = True

    def __init__(self, length: int = 40, among: type[StrEnum] | None = None) -> None:
        super().__init__(length)
        self.length = length
        self.among = among

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        if self.among is not None:
            return str(self.among(value))
        if len(value) > self.length or not _PRINTABLE.fullmatch(value):
            raise ValueError(f"not a code of at most {self.length} plain characters")
        return str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return value if value is None or self.among is None else self.among(value)


class Sequence64(TypeDecorator[int]):
    """A 64-bit number. SQLite numbers rows by itself only when the column is called INTEGER."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


class Instant(UTCDateTime):
    """An aware instant, in UTC. On SQLite it is text that sorts by time, written here as SQLAlchemy would."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)


def _as_text(at: datetime | None) -> str | None:
    if at is None:
        return None
    if at.tzinfo is not UTC:
        if at.utcoffset() is None:
            raise ValueError("an instant needs its timezone")
        at = at.astimezone(UTC)
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")


def primary_id() -> Any:
    return Field(sa_type=String(ID_LENGTH), primary_key=True)


def link(target: str, *, nullable: bool = False, index: bool = False) -> Any:
    """A foreign key to `target`, written "table.column"."""
    return Field(sa_type=String(ID_LENGTH), foreign_key=target, nullable=nullable, index=index)


def plain_id(*, nullable: bool = False, index: bool = False) -> Any:
    """An id without a foreign key: the record may be gone, or lives in a table made later."""
    return Field(sa_type=String(ID_LENGTH), nullable=nullable, index=index)


def code(length: int = 40, among: type[StrEnum] | None = None, *, nullable: bool = False) -> Any:
    return Field(sa_type=Code(length, among), nullable=nullable)


def blind_index(*, nullable: bool = False, unique: bool = False, index: bool = True) -> Any:
    """A keyed fingerprint by which a sealed value is found."""
    return Field(sa_type=String(INDEX_LENGTH), nullable=nullable, unique=unique, index=index and not unique)


def instant(*, nullable: bool = False) -> Any:
    return Field(sa_type=Instant(), nullable=nullable)


def whole(*, nullable: bool = False) -> Any:
    return Field(sa_type=Integer(), nullable=nullable)


def long_whole(*, nullable: bool = False) -> Any:
    return Field(sa_type=BigInteger(), nullable=nullable)


def yes_no() -> Any:
    return Field(sa_type=Boolean(), nullable=False)


def sealed_text(column: str, *, nullable: bool = False) -> Any:
    """Words under lock. `column` is "table.column", and opens only there."""
    return Field(sa_type=SealedText(column), nullable=nullable)


def sealed_json(column: str, *, nullable: bool = False) -> Any:
    return Field(sa_type=SealedJson(column), nullable=nullable)


def table_of(model: type[StoredTable]) -> Table:
    return metadata.tables[str(model.__tablename__)]


def columns_of(table: Table, record: type[Any]) -> list[Column[Any]]:
    """Return the columns a record is made of, in the order of its fields, so that `Record(*row)` holds."""
    fields = cast("Mapping[str, Any]", record.__dataclass_fields__)
    return [table.c[name] for name in fields]


def values_of(record: Any) -> dict[str, Any]:
    """Return a record's fields by name, as a statement takes them."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}

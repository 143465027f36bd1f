"""Changing keys: every sealed value sealed anew, and every blind index made anew, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)

from storage.audit import AuditUnlocked
from storage.columns import metadata, table_of
from storage.conversations import conversation_indexes
from storage.duty_workers import duty_worker_indexes
from storage.enquiries import enquiry_indexes
from storage.enquiry_keys import enquiry_key_indexes
from storage.identifiers import new_id
from storage.people import person_indexes
from storage.sealed import Keyring, SealedJson, SealedText
from storage.turns import turn_indexes
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")
Run = Callable[[Callable[[UnitOfWork], int]], int]
Indexes = Callable[[Keyring, Mapping[str, Any]], dict[str, str | None]]

INDEXES: Mapping[str, Indexes] = {
    "person": person_indexes,
    "enquiry": enquiry_indexes,
    "conversation": conversation_indexes,
    "turn": turn_indexes,
    "duty_worker": duty_worker_indexes,
    "enquiry_key": enquiry_key_indexes,
}
"""Each table with blind indexes, and how they follow from its other columns."""

_HEAD_LENGTH = 5
_unlocked = table_of(AuditUnlocked)


def sealed_tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if sealed_columns(table)]


def sealed_columns(table: Table) -> list[str]:
    return [column.name for column in table.columns if isinstance(column.type, SealedText | SealedJson)]


def rotate(run: Run, batch: int) -> dict[str, int]:
    """Return how many rows of each table were sealed anew."""
    counts = {}
    for table in sealed_tables():
        counts[table.name] = 0
        while moved := run(lambda uow, table=table: _rotate_some(uow, table, batch)):  # type: ignore[misc]
            counts[table.name] += moved
    return counts


def what_does_not_open(uow: UnitOfWork) -> list[str]:
    """Return a line for each table that holds values sealed with a key we do not have."""
    return [
        f"{table.name}: some of it is sealed with a key that is not among ENCRYPTION_KEYS"
        for table in sealed_tables()
        if uow.connection.execute(_any_not_under(table, uow.people.keyring.heads)).scalar_one()
    ]


def newest_opens(uow: UnitOfWork) -> bool:
    """Say whether the newest row of each table was sealed with a key we have. Quick with any number of rows."""
    return not any(_newest_is_foreign(uow, table) for table in sealed_tables())


def _newest_is_foreign(uow: UnitOfWork, table: Table) -> bool:
    key = next(iter(table.primary_key))
    newest = select(key).order_by(key.desc()).limit(1).scalar_subquery()
    columns = [table.c[name] for name in sealed_columns(table)]
    is_foreign = or_(*(_is_foreign(column, uow.people.keyring.heads) for column in columns))
    return uow.connection.execute(select(key).where(key == newest, is_foreign)).first() is not None


def _rotate_some(uow: UnitOfWork, table: Table, batch: int) -> int:
    keyring = uow.people.keyring
    stale = _not_under(table, (keyring.newest_head,)).limit(batch).with_for_update()
    rows = [dict(row._mapping) for row in uow.connection.execute(stale)]
    if not rows:
        return 0
    is_audit = table.name == "audit_entry"
    if is_audit:
        uow.connection.execute(insert(_unlocked), {"id": new_id(), "purpose": "rotation"})
    uow.connection.execute(_seal_anew(table), [_anew(table, keyring, row) for row in rows])
    if is_audit:
        uow.connection.execute(delete(_unlocked))
    return len(rows)


def _not_under(table: Table, heads: tuple[bytes, ...]) -> Any:
    """Select the rows of which some sealed value was sealed with none of these keys."""
    columns = [table.c[name] for name in sealed_columns(table)]
    return select(table).where(or_(*(_is_foreign(column, heads) for column in columns)))


def _any_not_under(table: Table, heads: tuple[bytes, ...]) -> Any:
    return select(_not_under(table, heads).with_only_columns(next(iter(table.primary_key))).exists())


def _is_foreign(column: ColumnElement[Any], heads: tuple[bytes, ...]) -> ColumnElement[bool]:
    head = func.substr(type_coerce(column, LargeBinary), 1, _HEAD_LENGTH, type_=LargeBinary)
    return and_(column.is_not(None), head.not_in(heads))


def _seal_anew(table: Table) -> Any:
    key = next(iter(table.primary_key))
    return update(table).where(key == bindparam("row_key"))


def _anew(table: Table, keyring: Keyring, row: Mapping[str, Any]) -> dict[str, Any]:
    key = next(iter(table.primary_key)).name
    sealed = {name: row[name] for name in sealed_columns(table)}
    indexes = INDEXES[table.name](keyring, row) if table.name in INDEXES else {}
    return {"row_key": row[key], **sealed, **indexes}

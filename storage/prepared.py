"""Statements compiled once, and then run on the driver itself.

Of the CPU that a unit of short statements costs through SQLAlchemy, about half is spent around the statements:
looking up the compiled form, wrapping the cursor, building rows. A turn is a dozen short statements, so those
it is made of are prepared. They are written, typed and tested as SQLAlchemy statements all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Executable
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.selectable import ReturnsRows
from sqlalchemy.types import TypeEngine

Processor: TypeAlias = Callable[[Any], Any]
Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement in the words of one driver. `slots` are its parameters in order, with how each is written."""

    sql: str
    is_positional: bool
    slots: tuple[tuple[str, Processor | None], ...]
    constants: Values
    readers: tuple[tuple[int, Processor], ...]

    def parameters(self, values: Values) -> Any:
        if self.constants:
            values = {**self.constants, **values}
        if self.is_positional:
            return [values[name] if write is None else write(values[name]) for name, write in self.slots]
        return {name: values[name] if write is None else write(values[name]) for name, write in self.slots}

    def read(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self.readers:
            return row
        values = list(row)
        for place, read in self.readers:
            values[place] = read(values[place])
        return values


class Prepared:
    """One statement, without lists that grow (`IN`), in the form of each dialect that has run it."""

    __slots__ = ("_forms", "statement")

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._forms: WeakKeyDictionary[Dialect, dict[tuple[str, ...], _Form]] = WeakKeyDictionary()

    def all(self, connection: Connection, values: Values) -> list[Sequence[Any]]:
        form = self._form(connection.dialect, values)
        cursor = self._run(connection, form, form.parameters(values))
        rows = [form.read(row) for row in cursor.fetchall()]
        cursor.close()
        return rows

    def first(self, connection: Connection, values: Values) -> Sequence[Any] | None:
        form = self._form(connection.dialect, values)
        cursor = self._run(connection, form, form.parameters(values))
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else form.read(row)

    def change(self, connection: Connection, values: Values) -> int:
        """Return how many rows changed."""
        form = self._form(connection.dialect, values)
        cursor = self._run(connection, form, form.parameters(values))
        count = int(cursor.rowcount)
        cursor.close()
        return count

    def change_each(self, connection: Connection, each: Sequence[Values]) -> None:
        """Run once for each set of values, all of one shape."""
        form = self._form(connection.dialect, each[0])
        self._run(connection, form, [form.parameters(values) for values in each], many=True).close()

    def _run(self, connection: Connection, form: _Form, parameters: Any, *, many: bool = False) -> Any:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        cursor = driver.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(form.sql, parameters)
        except Exception as error:
            cursor.close()
            raise _as_sqlalchemy_says_it(error, connection.dialect) from error
        return cursor

    def _form(self, dialect: Dialect, values: Values) -> _Form:
        names = tuple(values)
        forms = self._forms.get(dialect)
        if forms is None:
            forms = self._forms[dialect] = {}
        form = forms.get(names)
        if form is None:
            form = forms[names] = _compile(self.statement, dialect, names)
        return form


def _compile(statement: Any, dialect: Dialect, names: Iterable[str]) -> _Form:
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    writers = {name: _writer(bind.type, dialect) for name, bind in binds.items()}
    ordered = compiled.positiontup if compiled.positional else list(writers)
    return _Form(
        sql=str(compiled),
        is_positional=compiled.positional,
        slots=tuple((name, writers[name]) for name in ordered),
        constants={name: bind.value for name, bind in binds.items() if not bind.required},
        readers=tuple(_readers(statement, dialect)),
    )


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _readers(statement: Any, dialect: Dialect) -> Iterable[tuple[int, Processor]]:
    if not isinstance(statement, ReturnsRows):
        return
    for place, column in enumerate(statement.exported_columns):
        read = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if read is not None:
            yield place, read


def _as_sqlalchemy_says_it(error: Exception, dialect: Dialect) -> BaseException:
    """Give the driver's error the class that SQLAlchemy would, and none of the values."""
    foreign = dialect.loaded_dbapi.Error
    if not isinstance(error, foreign):
        return error
    return DBAPIError.instance(None, None, error, foreign, hide_parameters=True, dialect=dialect)

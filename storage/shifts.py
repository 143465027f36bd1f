"""Shifts: who is on the rota, in which role, and when."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, delete, insert, select

from storage.columns import StoredTable, code, columns_of, instant, link, primary_id, table_of, values_of
from storage.duty_workers import Role
from storage.identifiers import DutyWorkerId, ShiftId, new_id
from storage.prepared import Prepared
from storage.repository import Repository

_SMALLEST = timedelta(microseconds=1)


class ShiftKind(StrEnum):
    """`cover` stands in for whoever is absent; `absence` takes its worker off the rota."""

    ON = "on"
    COVER = "cover"
    ABSENCE = "absence"


class Shift(StoredTable, table=True):
    """`source` is the file it came from; `source_key` is the same each time the same shift is read from it."""

    __tablename__ = "shift"
    __table_args__ = (UniqueConstraint("source_key"), Index(None, "ends_at"))

    id: str = primary_id()
    worker_id: str = link("duty_worker.id", index=True)
    role: Role | None = code(40, Role, nullable=True)
    kind: ShiftKind = code(20, ShiftKind)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    source: str = code(120)
    source_key: str = code(64)
    created_at: datetime = instant()


@dataclass(frozen=True, slots=True)
class NewShift:
    """A shift to be kept. `role` is None only of an absence, which is then from every role."""

    worker_id: DutyWorkerId
    role: Role | None
    kind: ShiftKind
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ShiftRecord:
    """`ends_at` is not included. `role` is None only of an absence, which is then from every role."""

    id: ShiftId
    worker_id: DutyWorkerId
    role: Role | None
    kind: ShiftKind
    starts_at: datetime
    ends_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """What became of a source's shifts. `outside` were kept because the new ones say nothing of their time."""

    added: int
    removed: int
    unchanged: int
    outside: int


_shifts = table_of(Shift)
_s = _shifts.c
_record = select(*columns_of(_shifts, ShiftRecord))
_new = insert(_shifts)
_between = Prepared(
    _record.where(_s.starts_at < bindparam("until"), _s.ends_at > bindparam("since")).order_by(_s.starts_at, _s.id)
)
_of = Prepared(
    _record.where(_s.worker_id == bindparam("worker"), _s.ends_at > bindparam("since")).order_by(
        _s.starts_at, _s.id
    )
)
_of_source = select(_s.id, _s.source_key, _s.starts_at).where(_s.source == bindparam("of_source"))
_remove = delete(_shifts).where(_s.id.in_(bindparam("ids", expanding=True)))


class Shifts(Repository):
    __slots__ = ()

    def add(self, shift: NewShift, *, source: str, now: datetime) -> ShiftRecord:
        """Keep one shift. Raises `UniqueRace` when the same one is there from the same source."""
        values = _values(shift, source, now)
        self._connection.execute(_new, values)
        return ShiftRecord(**{name: values[name] for name in ShiftRecord.__dataclass_fields__})

    def between(self, since: datetime, until: datetime) -> list[ShiftRecord]:
        """Return the shifts and absences that touch this span, by their start."""
        return [ShiftRecord(*row) for row in self._all(_between, {"since": since, "until": until})]

    def at(self, now: datetime) -> list[ShiftRecord]:
        """Return the shifts and absences that hold at one instant."""
        return self.between(now, now + _SMALLEST)

    def of(self, worker_id: DutyWorkerId, since: datetime) -> list[ShiftRecord]:
        """Return a worker's shifts and absences that have not ended by `since`."""
        return [ShiftRecord(*row) for row in self._all(_of, {"worker": worker_id, "since": since})]

    def replace(
        self, source: str, shifts: Sequence[NewShift], *, since: datetime, until: datetime, now: datetime
    ) -> Replaced:
        """Make what a source says of the span exactly `shifts`. Of a shift, the start decides where it belongs.

        The same again changes nothing. What the source said of other times stays as it was.
        """
        self._lock_name("rota")
        kept = self._all(_of_source, {"of_source": source})
        wanted = {values["source_key"]: values for values in (_values(shift, source, now) for shift in shifts)}
        known = {row.source_key for row in kept}
        inside = {row.source_key: row.id for row in kept if since <= row.starts_at < until}
        gone = [shift_id for key, shift_id in inside.items() if key not in wanted]
        added = [values for key, values in wanted.items() if key not in known]
        if gone:
            self._connection.execute(_remove, {"ids": gone})
        if added:
            self._connection.execute(_new, added)
        return Replaced(
            added=len(added),
            removed=len(gone),
            unchanged=len(wanted) - len(added),
            outside=len(known - inside.keys() - wanted.keys()),
        )


def _values(shift: NewShift, source: str, now: datetime) -> dict[str, Any]:
    """Raises `ValueError` on a shift that could never be on duty, or of no role."""
    if shift.ends_at <= shift.starts_at:
        raise ValueError("a shift ends after it begins")
    if shift.role is None and shift.kind is not ShiftKind.ABSENCE:
        raise ValueError("only an absence may be from every role")
    values = values_of(shift)
    key = _source_key(shift, source)
    return {**values, "id": ShiftId(new_id()), "source": source, "source_key": key, "created_at": now}


def _source_key(shift: NewShift, source: str) -> str:
    parts = (
        source,
        shift.worker_id,
        shift.role or "",
        shift.kind,
        shift.starts_at.astimezone(UTC).isoformat(),
        shift.ends_at.astimezone(UTC).isoformat(),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()

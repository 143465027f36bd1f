"""Shifts are kept, found by time, and replaced by the file they came from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from storage.database import Database
from storage.duty_workers import DutyWorkerRecord, Role
from storage.identifiers import DutyWorkerId
from storage.repository import UniqueRace
from storage.shifts import NewShift, Replaced, ShiftKind

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


@pytest.fixture
def alex(database: Database) -> DutyWorkerRecord:
    return database.run_now(
        lambda uow: uow.duty_workers.add(
            name="Alex", email="alex@exampleshire.example", role=Role.DUTY_WORKER, now=NOW
        )
    )


def of(who: DutyWorkerRecord, hour: int, *, length: int = 8, kind: ShiftKind = ShiftKind.ON) -> NewShift:
    """A shift so many hours from now."""
    starts_at = NOW + hour * HOUR
    return NewShift(who.id, Role.DUTY_WORKER, kind, starts_at, starts_at + length * HOUR)


def replace(database: Database, shifts: list[NewShift], *, source: str = "rota.csv") -> Replaced:
    return database.run_now(lambda uow: uow.shifts.replace(source, shifts, since=NOW, until=NOW + WEEK, now=NOW))


def test_shifts_come_back_as_they_were_kept(database: Database, alex: DutyWorkerRecord) -> None:
    """The ladder compares these instants to the microsecond."""
    kept = database.run_now(lambda uow: uow.shifts.add(of(alex, 1), source="test", now=NOW))
    absence = NewShift(alex.id, None, ShiftKind.ABSENCE, NOW + 2 * HOUR, NOW + 3 * HOUR)
    database.run_now(lambda uow: uow.shifts.add(absence, source="test", now=NOW))
    found = database.run_now(lambda uow: uow.shifts.between(NOW, NOW + WEEK))
    assert found[0] == kept
    assert (found[0].role, found[0].kind, found[0].starts_at.tzinfo) == (Role.DUTY_WORKER, ShiftKind.ON, UTC)
    assert (found[1].role, found[1].kind) == (None, ShiftKind.ABSENCE)


def test_a_shift_holds_from_its_first_instant_to_before_its_last(
    database: Database, alex: DutyWorkerRecord
) -> None:
    """What the query finds and what the rota says must be the same."""
    database.run_now(lambda uow: uow.shifts.add(of(alex, 1), source="test", now=NOW))

    def at(moment: datetime) -> int:
        return len(database.run_now(lambda uow: uow.shifts.at(moment)))

    tick = timedelta(microseconds=1)
    assert [at(NOW + HOUR - tick), at(NOW + HOUR), at(NOW + 9 * HOUR - tick), at(NOW + 9 * HOUR)] == [0, 1, 1, 0]
    assert database.run_now(lambda uow: uow.shifts.of(alex.id, NOW + 9 * HOUR)) == []
    assert len(database.run_now(lambda uow: uow.shifts.of(alex.id, NOW))) == 1


def test_the_same_file_again_changes_nothing(database: Database, alex: DutyWorkerRecord) -> None:
    """A rota is imported by a clock, or by somebody who is not sure whether it went in."""
    assert replace(database, [of(alex, 1), of(alex, 24)]) == Replaced(2, 0, 0, 0)
    before = database.run_now(lambda uow: uow.shifts.between(NOW, NOW + WEEK))
    assert replace(database, [of(alex, 24), of(alex, 1)]) == Replaced(0, 0, 2, 0)
    assert database.run_now(lambda uow: uow.shifts.between(NOW, NOW + WEEK)) == before


def test_a_changed_file_takes_its_old_shifts_out(database: Database, alex: DutyWorkerRecord) -> None:
    """A shift taken out of the spreadsheet and left in the database is somebody told who is at home."""
    replace(database, [of(alex, 1), of(alex, 24)])
    assert replace(database, [of(alex, 1, length=4)]) == Replaced(1, 2, 0, 0)
    [left] = database.run_now(lambda uow: uow.shifts.between(NOW, NOW + WEEK))
    assert left.ends_at - left.starts_at == 4 * HOUR


def test_other_files_and_other_weeks_are_left_alone(database: Database, alex: DutyWorkerRecord) -> None:
    """Next week's file must not empty this week."""
    replace(database, [of(alex, 1)], source="nights.csv")
    database.run_now(lambda uow: uow.shifts.add(of(alex, -24), source="rota.csv", now=NOW))
    assert replace(database, [of(alex, 2)]) == Replaced(1, 0, 0, 1)
    assert len(database.run_now(lambda uow: uow.shifts.between(NOW - WEEK, NOW + WEEK))) == 3


def test_the_same_shift_twice_from_one_source_is_refused(database: Database, alex: DutyWorkerRecord) -> None:
    """Two imports at once cannot double a rota."""
    database.run_now(lambda uow: uow.shifts.add(of(alex, 1), source="test", now=NOW))
    with pytest.raises(UniqueRace):
        database.run_now(lambda uow: uow.shifts.add(of(alex, 1), source="test", now=NOW))
    database.run_now(lambda uow: uow.shifts.add(of(alex, 1), source="other", now=NOW))


@pytest.mark.parametrize("length", [0, -1])
def test_a_shift_that_is_never_on_is_not_kept(database: Database, alex: DutyWorkerRecord, length: int) -> None:
    """The last wall behind the import."""
    with pytest.raises(ValueError, match="ends after it begins"):
        database.run_now(lambda uow: uow.shifts.add(of(alex, 1, length=length), source="test", now=NOW))


def test_only_an_absence_may_be_from_every_role(database: Database, alex: DutyWorkerRecord) -> None:
    """A shift in no role is on duty for nobody."""
    nowhere = NewShift(alex.id, None, ShiftKind.ON, NOW, NOW + HOUR)
    with pytest.raises(ValueError, match="only an absence"):
        database.run_now(lambda uow: uow.shifts.add(nowhere, source="test", now=NOW))


def test_a_shift_of_nobody_is_refused(database: Database, alex: DutyWorkerRecord) -> None:
    """A row that names no worker could only ever be a gap."""
    nobody = NewShift(DutyWorkerId("0" * 32), Role.DUTY_WORKER, ShiftKind.ON, NOW, NOW + HOUR)
    with pytest.raises(IntegrityError):
        database.run_now(lambda uow: uow.shifts.add(nobody, source="test", now=NOW))


def test_a_role_that_there_is_not_is_refused(database: Database) -> None:
    """A worker of an unknown role would be in no rung of any ladder."""
    with pytest.raises(StatementError):
        database.run_now(
            lambda uow: uow.duty_workers.add(
                name="Alex",
                email="alex@exampleshire.example",
                role="wizard",
                now=NOW,  # type: ignore[arg-type]
            )
        )

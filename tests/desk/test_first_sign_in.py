"""On a fresh database of the made-up area there is somebody to be, and somebody on duty."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.desk.first_sign_in import make_first_sign_in
from bot.desk.passwords import check_password
from bot.rota import MUST_BE_FILLED, Rota
from bot.working_time import WorkingTime
from storage.database import Database
from storage.duty_workers import Role
from tests.app.rota_builders import area

NOW = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def test_a_worker_and_a_manager_can_sign_in_and_are_on_duty_at_once(database: Database) -> None:
    """Whoever tries the product sees a concern ring in the first minute, at any hour of any day."""
    made = make_first_sign_in(database, area(), NOW)
    assert [each.role for each in made] == [Role.DUTY_WORKER, Role.MANAGER]
    workers = database.run_now(lambda uow: uow.duty_workers.list_all())
    for each in made:
        kept = database.run_now(lambda uow, email=each.email: uow.duty_workers.by_email(email))
        assert kept is not None
        checked = check_password(kept.password_hash, each.password)
        assert (checked.is_right, checked.is_one_time) == (True, False)
        assert each.password not in repr(kept)
    until = NOW + timedelta(days=180)
    shifts = database.run_now(lambda uow: uow.shifts.between(NOW, until))
    rota = Rota(shifts, workers, WorkingTime(area()))
    for role in (*MUST_BE_FILLED, Role.HEAD_OF_SERVICE):
        assert rota.gaps(role, NOW, until) == ()


def test_it_is_made_once(database: Database) -> None:
    """A second start must print no password that does not work, and make no second pair."""
    assert make_first_sign_in(database, area(), NOW)
    assert make_first_sign_in(database, area(), NOW) == ()
    assert len(database.run_now(lambda uow: uow.duty_workers.list_all())) == 2


def test_a_real_area_gets_nobody_made_up(database: Database) -> None:
    """Made-up staff of a real front door would be somebody told who is not there."""
    assert make_first_sign_in(database, area(id="real_place"), NOW) == ()
    assert database.run_now(lambda uow: uow.duty_workers.list_all()) == []


def test_it_is_on_the_record(database: Database) -> None:
    """Every way in has a beginning in the audit."""
    make_first_sign_in(database, area(), NOW)
    entries = database.run_now(lambda uow: uow.audit.of("system"))
    assert [entry.act for entry in entries] == ["staff.added", "staff.added"]

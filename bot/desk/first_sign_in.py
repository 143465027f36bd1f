"""The first sign-in of the made-up area: somebody to be, and a rota that covers now, so that all works at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.passwords import hash_password, new_password
from bot.working_time import WorkingTime
from flows.area import Area
from storage.audit import SYSTEM_CHAIN
from storage.database import Database
from storage.duty_workers import Role
from storage.repository import UniqueRace
from storage.shifts import NewShift, ShiftKind
from storage.unit_of_work import UnitOfWork

MADE_UP = "exampleshire"
COVERED = timedelta(days=366)
SOURCE = "first-sign-in"


@dataclass(frozen=True, slots=True)
class FirstSignIn:
    """Somebody made up, who may sign in. The password is shown once and kept nowhere."""

    name: str
    email: str
    role: Role
    password: str


_STAFF: tuple[tuple[str, str, Role, tuple[Role, ...]], ...] = (
    ("Alex Morgan", "alex.morgan@exampleshire.example", Role.DUTY_WORKER, (Role.DUTY_WORKER, Role.OUT_OF_HOURS)),
    ("Sam Okafor", "sam.okafor@exampleshire.example", Role.MANAGER, (Role.MANAGER, Role.HEAD_OF_SERVICE)),
)
"""Who they are, and the roles in which they are on duty."""


def make_first_sign_in(database: Database, area: Area, now: datetime) -> tuple[FirstSignIn, ...]:
    """Make a duty worker and a manager, on duty for a year from today, where nobody can sign in yet.

    Only for the made-up area: of a real one, `frontdoor staff add` says who may sign in. Returns nothing where
    there is nothing to make, and so on every start but the first.
    """
    if area.id != MADE_UP or database.run_now(lambda uow: uow.duty_workers.list_all()):
        return ()
    made = tuple(FirstSignIn(name, email, role, new_password()) for name, email, role, _ in _STAFF)
    kept = [hash_password(each.password) for each in made]
    working_time = WorkingTime(area)
    since = working_time.midnight(working_time.date_of(now))

    def work(uow: UnitOfWork) -> None:
        for each, password_hash, (*_, roles) in zip(made, kept, _STAFF, strict=True):
            _keep(uow, each, password_hash, roles, since, now)

    try:
        database.run_now(work)
    except UniqueRace:  # another process was first, and has said so
        return ()
    return made


def _keep(
    uow: UnitOfWork, who: FirstSignIn, password_hash: str, roles: tuple[Role, ...], since: datetime, now: datetime
) -> None:
    worker = uow.duty_workers.add(
        name=who.name, email=who.email, role=who.role, now=now, password_hash=password_hash
    )
    for role in roles:
        shift = NewShift(worker.id, role, ShiftKind.ON, since, since + COVERED)
        uow.shifts.add(shift, source=SOURCE, now=now)
    uow.audit.write(
        chain=SYSTEM_CHAIN,
        at=now,
        actor="system:first_sign_in",
        act="staff.added",
        record_type="duty_worker",
        record_id=worker.id,
        details={"role": who.role.value},
    )

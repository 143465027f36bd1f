"""Made-up workers, rotas and areas for the ladder's tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.area import Area
from flows.loader import DEFINITIONS, load_area
from storage.database import Database
from storage.duty_workers import DutyWorkerRecord, Role
from storage.identifiers import DutyWorkerId
from storage.shifts import NewShift, ShiftKind

EXAMPLE = load_area(DEFINITIONS / "areas" / "exampleshire.yaml")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FAR_AWAY = datetime(2027, 6, 1, tzinfo=UTC)


def worker(name: str, role: Role, **more: Any) -> DutyWorkerRecord:
    values: dict[str, Any] = {
        "id": DutyWorkerId(name.lower()),
        "name": name,
        "email": f"{name.lower()}@exampleshire.example",
        "role": role,
        "telegram": None,
        "password_hash": None,
        "disabled_at": None,
        "created_at": LONG_AGO,
    }
    return DutyWorkerRecord(**{**values, **more})


@dataclass
class MadeUpRota:
    """Who is on duty in each role, always; or within spans, each (role, from, until, workers)."""

    always: Mapping[Role, Sequence[DutyWorkerRecord]] = field(default_factory=dict)
    spans: Sequence[tuple[Role, datetime, datetime, DutyWorkerRecord]] = ()

    def on_duty(self, role: Role, at: datetime) -> tuple[DutyWorkerRecord, ...]:
        within = [who for of, since, until, who in self.spans if of is role and since <= at < until]
        return (*self.always.get(role, ()), *within)

    def named(self, who: str) -> DutyWorkerRecord | None:
        everybody = [w for workers in self.always.values() for w in workers] + [w for *_, w in self.spans]
        return next((w for w in everybody if who in (w.id, w.email)), None)


FULL = MadeUpRota(
    {
        Role.DUTY_WORKER: [worker("Ash", Role.DUTY_WORKER), worker("Bo", Role.DUTY_WORKER)],
        Role.MANAGER: [worker("Cam", Role.MANAGER)],
        Role.HEAD_OF_SERVICE: [worker("Dee", Role.HEAD_OF_SERVICE)],
        Role.OUT_OF_HOURS: [worker("Eli", Role.OUT_OF_HOURS)],
    }
)


def area(**changes: Any) -> Area:
    """Return the example area with some settings changed."""
    return Area.model_validate({**EXAMPLE.model_dump(by_alias=True), **changes})


def ladders(urgency: str, rungs: Sequence[Mapping[str, Any]], repeat_minutes: float) -> dict[str, Any]:
    both = EXAMPLE.ladders.model_dump()
    return {**both, urgency: {"rungs": list(rungs), "repeat_minutes": repeat_minutes}}


def staff(database: Database, **phones: Any) -> dict[str, DutyWorkerRecord]:
    """Keep one person for each role, two duty workers, all on shift for a year; return them by name."""
    people = (
        ("Ash", Role.DUTY_WORKER),
        ("Bo", Role.DUTY_WORKER),
        ("Cam", Role.MANAGER),
        ("Dee", Role.HEAD_OF_SERVICE),
        ("Eli", Role.OUT_OF_HOURS),
    )
    found = {}
    for number, (name, role) in enumerate(people, 1):
        values: dict[str, Any] = {
            "name": name,
            "email": f"{name.lower()}@exampleshire.example",
            "role": role,
            "telegram": f"96010{number}",
            "phone": f"0770090010{number}",
            "now": LONG_AGO,
        }
        values.update(phones)

        def add(uow: Any, values: dict[str, Any] = values, number: int = number, role: Role = role) -> Any:
            kept = uow.duty_workers.add(**values)
            starts_at = LONG_AGO + timedelta(minutes=number)  # the first to begin is the first to be told
            shift = NewShift(kept.id, role, ShiftKind.ON, starts_at, FAR_AWAY)
            uow.shifts.add(shift, source="test", now=LONG_AGO)
            return kept

        found[name] = database.run_now(add)
    return found

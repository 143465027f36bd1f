"""Made-up staff and shifts: valid ones, of which a test states only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from bot.settings import EXAMPLE_AREA
from bot.working_time import WorkingTime
from flows.area import Area
from flows.loader import load_area
from storage.duty_workers import DutyWorkerRecord, Role
from storage.identifiers import DutyWorkerId, ShiftId
from storage.shifts import ShiftKind, ShiftRecord

LONDON = ZoneInfo("Europe/London")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_numbers = count(1)


def area(**changes: Any) -> Area:
    """Exampleshire, but for what a test says."""
    plain = load_area(EXAMPLE_AREA).model_dump(by_alias=True)
    quiet = {"half_days": {}, "closed_on": []}
    return Area.model_validate({**plain, **quiet, **changes})


def working_time(**changes: Any) -> WorkingTime:
    return WorkingTime(area(**changes))


def at(text: str) -> datetime:
    """Return an instant from local time, such as "2026-03-02 08:30"; the first of two in October."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def worker(name: str = "Alex", role: Role = Role.DUTY_WORKER, *, disabled: bool = False) -> DutyWorkerRecord:
    return DutyWorkerRecord(
        id=DutyWorkerId(f"{name.lower():0>32}"[-32:]),
        name=name,
        email=f"{name.lower()}@exampleshire.example",
        role=role,
        telegram=None,
        password_hash=None,
        disabled_at=LONG_AGO if disabled else None,
        created_at=LONG_AGO,
    )


def shift(
    who: DutyWorkerRecord,
    starts: str | datetime,
    ends: str | datetime,
    role: Role | None = Role.DUTY_WORKER,
    kind: ShiftKind = ShiftKind.ON,
) -> ShiftRecord:
    return ShiftRecord(
        id=ShiftId(f"{next(_numbers):032}"),
        worker_id=who.id,
        role=role,
        kind=kind,
        starts_at=at(starts) if isinstance(starts, str) else starts,
        ends_at=at(ends) if isinstance(ends, str) else ends,
        source="test",
    )

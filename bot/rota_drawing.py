"""Draws the rota for a terminal of 80 columns: who is on in each role, half hour by half hour, and the gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from textwrap import wrap

from bot.rota import MUST_BE_FILLED, ON_THE_ROTA, Gap, Rota
from bot.working_time import WorkingTime
from storage.duty_workers import DutyWorkerRecord, Role

WIDTH = 80
LEGEND = "= on duty   - absent   ! nobody"
_NAME_WIDTH = 24
_HALF_HOUR = timedelta(minutes=30)
_RULER_EVERY = 3
TITLES = {
    Role.DUTY_WORKER: "Duty worker",
    Role.MANAGER: "Manager",
    Role.HEAD_OF_SERVICE: "Head of service",
    Role.OUT_OF_HOURS: "Out of hours",
    Role.LADO: "LADO",
    Role.AUDITOR: "Auditor",
    Role.ADMINISTRATOR: "Administrator",
}


def draw(rota: Rota, working_time: WorkingTime, first: date, days: int) -> str:
    """Return so many days from the first, each with its gaps in words as well."""
    drawn = [_day(rota, working_time, first + timedelta(days=ahead)) for ahead in range(days)]
    since, until = working_time.midnight(first), working_time.midnight(first + timedelta(days=days))
    count = len(gaps(rota, since, until))
    said = "No gaps." if count == 0 else f"{count} gap{'s' if count > 1 else ''}, marked with !"
    return "\n\n".join([*drawn, f"{LEGEND}\n{said}"])


def gaps(rota: Rota, since: datetime, until: datetime) -> list[Gap]:
    """Return the gaps of every role that must be filled, in order of time."""
    found = chain.from_iterable(rota.gaps(role, since, until) for role in MUST_BE_FILLED)
    return sorted(found, key=lambda gap: (gap.starts_at, gap.role))


def gap_in_words(gap: Gap, working_time: WorkingTime) -> str:
    starts, ends = (at.astimezone(working_time.zone) for at in (gap.starts_at, gap.ends_at))
    until = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{ends:%H:%M} on {_date(ends.date())}"
    return f"{TITLES[gap.role].lower()}: nobody from {starts:%H:%M} on {_date(starts.date())} to {until}"


def _day(rota: Rota, working_time: WorkingTime, on: date) -> str:
    since, until = working_time.midnight(on), working_time.midnight(on + timedelta(days=1))
    slots = _slots(since, until)
    lines = [*_heading(working_time, on), " " * _NAME_WIDTH + _ruler(slots, working_time)]
    for role in ON_THE_ROTA:
        lines += _role(rota, role, since, until, slots)
    lines += [_gap_of_day(gap, working_time, until) for gap in gaps(rota, since, until)]
    return "\n".join(line.rstrip() for line in lines)


def _heading(working_time: WorkingTime, on: date) -> Iterator[str]:
    day = working_time.day(on)
    hours = [
        " to ".join(f"{at.astimezone(working_time.zone):%H:%M}" for at in (span.starts_at, span.ends_at))
        for span in day.spans
    ]
    yield from wrap(f"{_date(on)}, {'open ' + ' and '.join(hours) if hours else 'closed'}", WIDTH)
    yield from wrap(day.why.removeprefix(f"{_date(on)} is "), WIDTH)


def _role(rota: Rota, role: Role, since: datetime, until: datetime, slots: list[datetime]) -> Iterator[str]:
    stretches = rota.stretches(role, since, until)
    on = [(worker, s.starts_at, s.ends_at) for s in stretches for worker in s.on]
    absent = [(worker, s.starts_at, s.ends_at) for s in stretches for worker in s.absent]
    nobody = [(g.starts_at, g.ends_at) for g in rota.gaps(role, since, until)] if role in MUST_BE_FILLED else []
    if not (on or absent or nobody):
        return
    yield TITLES[role]
    for worker in _each(worker for worker, *_ in (*on, *absent)):
        row = _marks(slots, "-", [(a, b) for w, a, b in absent if w.id == worker.id])
        row = _marks(slots, "=", [(a, b) for w, a, b in on if w.id == worker.id], row)
        yield f"  {_fitted(worker.name)}{row}"
    if nobody:
        yield f"  {_fitted('nobody')}{_marks(slots, '!', nobody)}"


def _gap_of_day(gap: Gap, working_time: WorkingTime, midnight: datetime) -> str:
    starts, ends = (f"{at.astimezone(working_time.zone):%H:%M}" for at in (gap.starts_at, gap.ends_at))
    until = "midnight" if gap.ends_at == midnight else ends
    return f"! {TITLES[gap.role].lower()}: nobody from {starts} to {until}"


def _slots(since: datetime, until: datetime) -> list[datetime]:
    """Return the half hours of a day: 48, but 46 and 50 when the clocks change."""
    return [since + _HALF_HOUR * number for number in range(int((until - since) / _HALF_HOUR))]


def _ruler(slots: list[datetime], working_time: WorkingTime) -> str:
    """Return the hours above the marks. An hour that comes twice is written the first time."""
    marks, written = [" "] * len(slots), set[int]()
    for place, slot in enumerate(slots):
        local = slot.astimezone(working_time.zone)
        if local.minute == 0 and local.hour % _RULER_EVERY == 0 and local.hour not in written:
            marks[place : place + 2] = f"{local:%H}"
            written.add(local.hour)
    return "".join(marks)


def _marks(slots: list[datetime], mark: str, times: list[tuple[datetime, datetime]], under: str = "") -> str:
    row = list(under or "." * len(slots))
    for place, slot in enumerate(slots):
        if any(starts_at < slot + _HALF_HOUR and ends_at > slot for starts_at, ends_at in times):
            row[place] = mark
    return "".join(row)


def _each(workers: Iterable[DutyWorkerRecord]) -> list[DutyWorkerRecord]:
    return list({worker.id: worker for worker in workers}.values())


def _fitted(name: str) -> str:
    width = _NAME_WIDTH - 3
    plain = "".join(c if c.isprintable() else "?" for c in name)
    return f"{plain[:width]:<{width}} "


def _date(on: date) -> str:
    return f"{on:%A} {on.day} {on:%B %Y}"

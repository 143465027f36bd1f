"""What both kinds of file have in common: a line becomes a shift, or a mistake with what to mend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.rota import ON_THE_ROTA
from storage.duty_workers import DutyWorkerRecord, Role
from storage.shifts import NewShift, ShiftKind

BIGGEST_FILE = 5_000_000
MOST_SHIFTS = 20_000
LONGEST_SHIFT = timedelta(days=31)
LONGEST = timedelta(days=400)
"""Of an absence, and of the out-of-hours team, which is one address all year round in many places."""


class WrongRota(Exception):
    """A rota that cannot be imported. Each mistake names its place and how to mend it, and no person."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(self.mistakes[:3]))


class Mistake(Exception):
    """What is wrong with one line or event, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """What a file says of the time from `since` to `until`; `notes` are what its owner should know."""

    shifts: tuple[NewShift, ...]
    since: datetime
    until: datetime
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A shift, and where in the file it was read."""

    place: str
    shift: NewShift


@dataclass(slots=True)
class Staff:
    """Who may be named in a rota, by e-mail."""

    workers: Iterable[DutyWorkerRecord]
    _by_email: dict[str, DutyWorkerRecord] = field(init=False)

    def __post_init__(self) -> None:
        self._by_email = {_tidy(worker.email): worker for worker in self.workers}

    def named(self, email: str) -> DutyWorkerRecord:
        """Raises `Mistake`."""
        if not email.strip():
            raise Mistake("there is no e-mail address: say who this is about")
        worker = self._by_email.get(_tidy(email))
        if worker is None:
            raise Mistake("nobody has this e-mail address: check it, or add them first with `frontdoor staff add`")
        if worker.disabled_at is not None:
            raise Mistake("this worker is disabled: take the line out, or name somebody else")
        return worker


def shift_of(
    worker: DutyWorkerRecord, role: Role | None, kind: ShiftKind, starts_at: datetime, ends_at: datetime
) -> NewShift:
    """Raises `Mistake` where such a shift makes no sense."""
    _check_role(worker, role, kind)
    if ends_at == starts_at:
        raise Mistake("it ends when it starts: write a later end")
    if ends_at < starts_at:
        raise Mistake("it ends before it starts: a night shift ends on the next day")
    may_be_long = kind is ShiftKind.ABSENCE or role is Role.OUT_OF_HOURS
    longest = LONGEST if may_be_long else LONGEST_SHIFT
    if ends_at - starts_at > longest:
        raise Mistake(f"it is longer than {longest.days} days: write shorter shifts one after another")
    return NewShift(worker.id, role, kind, starts_at, ends_at)


def _check_role(worker: DutyWorkerRecord, role: Role | None, kind: ShiftKind) -> None:
    if kind is ShiftKind.ABSENCE:
        return
    if role is None:
        raise Mistake(f"there is no role: write one of {names(ON_THE_ROTA)}")
    if worker.role not in ON_THE_ROTA:
        raise Mistake(f"this is an {worker.role}, who is never on duty: name somebody else")
    if role is Role.LADO and worker.role is not Role.LADO:
        raise Mistake("only a lado may be on duty as lado: that queue is closed to everybody else")


def role_of(text: str) -> Role | None:
    """Read a role as people write it; nothing is None. Raises `Mistake`."""
    tidy = "_".join(_tidy(text).replace("_", " ").replace("-", " ").split())
    if not tidy:
        return None
    if tidy not in ON_THE_ROTA:
        raise Mistake(f"the role is not known: write one of {names(ON_THE_ROTA)}")
    return Role(tidy)


def kind_of(text: str) -> ShiftKind:
    """Read a kind; nothing is `on`. Raises `Mistake`."""
    tidy = _tidy(text) or ShiftKind.ON
    if tidy not in set(ShiftKind):
        raise Mistake(f"the kind is not known: write one of {names(ShiftKind)}")
    return ShiftKind(tidy)


def overlapping(placed: Sequence[Placed]) -> list[str]:
    """Return a line for each shift that begins before another of the same worker, role and kind is over."""
    mistakes: list[str] = []
    last: dict[tuple[str, Role | None, ShiftKind], Placed] = {}
    for each in sorted(placed, key=lambda p: (p.shift.starts_at, p.shift.ends_at)):
        shift = each.shift
        same = (shift.worker_id, shift.role, shift.kind)
        before = last.get(same)
        if before is not None and shift.starts_at < before.shift.ends_at:
            mistakes.append(
                f"{each.place}: it overlaps {before.place}, the same worker in the same role: "
                "mend a time, or make one of the two"
            )
        if before is None or shift.ends_at > before.shift.ends_at:
            last[same] = each
    return mistakes


def names(words: Iterable[str]) -> str:
    return ", ".join(words)


def _tidy(text: str) -> str:
    return text.strip().casefold()

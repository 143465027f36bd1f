"""The rota: who is on duty in a role at a time, and where nobody is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from bot.working_time import Span, WorkingTime
from storage.duty_workers import DutyWorkerRecord, Role
from storage.identifiers import DutyWorkerId
from storage.shifts import ShiftKind, ShiftRecord

ON_THE_ROTA = (Role.DUTY_WORKER, Role.MANAGER, Role.HEAD_OF_SERVICE, Role.OUT_OF_HOURS, Role.LADO)
"""The roles that have shifts. An auditor only reads, and an administrator sees no enquiry."""
MUST_BE_FILLED = (Role.DUTY_WORKER, Role.MANAGER, Role.OUT_OF_HOURS)
"""The roles that leave a gap when nobody is on: the first two in working hours, the last outside them."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which somebody should be on duty and nobody is."""

    role: Role
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which nothing changes: who is on duty, and who would be and is absent."""

    starts_at: datetime
    ends_at: datetime
    on: tuple[DutyWorkerRecord, ...]
    absent: tuple[DutyWorkerRecord, ...]


class Rota:
    """A timetable, as far as its shifts go.

    Shifts may overlap: somebody with two at once is on duty once. A shift that ends before it has begun, or as
    it begins, puts nobody on duty. An absence wins over any shift of the same worker, a cover among them. A
    disabled worker is never on duty, nor is an auditor or an administrator.

    With `working_time` the out-of-hours team is on duty outside the working hours only, however long its
    shifts are.
    """

    def __init__(
        self,
        shifts: Iterable[ShiftRecord],
        workers: Iterable[DutyWorkerRecord],
        working_time: WorkingTime | None = None,
    ) -> None:
        self._workers = {w.id: w for w in workers if w.disabled_at is None and w.role in ON_THE_ROTA}
        known = [s for s in shifts if s.worker_id in self._workers and s.starts_at < s.ends_at]
        known.sort(key=lambda shift: (shift.starts_at, shift.worker_id, shift.id))
        self._absences = [s for s in known if s.kind is ShiftKind.ABSENCE]
        self._shifts = {role: [s for s in known if s.role is role and _is_on(s)] for role in Role}
        self._working_time = working_time

    def on_duty(self, role: Role, at: datetime) -> tuple[DutyWorkerRecord, ...]:
        """Return who is on duty, in the order in which they are told: by the start of their shift.

        Cover stands where the absent would have stood, and after the others where nobody is absent.
        """
        if not self._works_at(role, at):
            return ()
        holding = [shift for shift in self._shifts.get(role, ()) if _holds(shift, at)]
        covers = [
            s.worker_id for s in holding if s.kind is ShiftKind.COVER and not self.is_absent(s.worker_id, role, at)
        ]
        order: list[DutyWorkerId] = []
        for shift in holding:
            if shift.kind is not ShiftKind.ON:
                continue
            if not self.is_absent(shift.worker_id, role, at):
                order.append(shift.worker_id)
            elif covers:
                order.append(covers.pop(0))
        return tuple(self._workers[worker_id] for worker_id in dict.fromkeys([*order, *covers]))

    def named(self, who: str) -> DutyWorkerRecord | None:
        """Return one worker by id or e-mail address, on duty or not; None where they may no longer sign in."""
        address = who.strip().casefold()
        found = (w for w in self._workers.values() if who == w.id or w.email.casefold() == address)
        return next(found, None)

    def is_on_duty(self, worker_id: DutyWorkerId, at: datetime) -> bool:
        """Say whether this worker is on duty in any role."""
        return any(worker.id == worker_id for role in ON_THE_ROTA for worker in self.on_duty(role, at))

    def is_absent(self, worker_id: DutyWorkerId, role: Role, at: datetime) -> bool:
        """Say whether an absence takes this worker off this role."""
        return any(a.worker_id == worker_id and a.role in (None, role) and _holds(a, at) for a in self._absences)

    def absent(self, role: Role, at: datetime) -> tuple[DutyWorkerRecord, ...]:
        """Return who would be on duty in this role, and is absent."""
        holding = (shift.worker_id for shift in self._shifts[role] if _holds(shift, at))
        gone = [worker_id for worker_id in holding if self.is_absent(worker_id, role, at)]
        return tuple(self._workers[worker_id] for worker_id in dict.fromkeys(gone))

    def stretches(self, role: Role, since: datetime, until: datetime) -> tuple[Stretch, ...]:
        """Return the whole time between two instants, cut wherever it changes who is on duty."""
        if since >= until:
            return ()
        pieces = self._pieces(role, Span(since, until), self._edges(since, until))
        return tuple(
            Stretch(p.starts_at, p.ends_at, self.on_duty(role, p.starts_at), self.absent(role, p.starts_at))
            for p in pieces
        )

    def gaps(self, role: Role, since: datetime, until: datetime) -> tuple[Gap, ...]:
        """Return when somebody should be on duty between two instants and nobody is; the first gap first."""
        found: list[Gap] = []
        for span in self._needed(role, since, until):
            for piece in self._pieces(role, span):
                if self.on_duty(role, piece.starts_at):
                    continue
                goes_on = bool(found) and found[-1].ends_at == piece.starts_at
                starts_at = found.pop().starts_at if goes_on else piece.starts_at
                found.append(Gap(role, starts_at, piece.ends_at))
        return tuple(found)

    def _works_at(self, role: Role, at: datetime) -> bool:
        return role is not Role.OUT_OF_HOURS or self._working_time is None or not self._working_time.is_open(at)

    def _needed(self, role: Role, since: datetime, until: datetime) -> Sequence[Span]:
        if since >= until or role not in ON_THE_ROTA:
            return ()
        if self._working_time is None:
            return (Span(since, until),)
        if role is Role.OUT_OF_HOURS:
            return self._working_time.spans_closed(since, until)
        return self._working_time.spans(since, until)

    def _edges(self, since: datetime, until: datetime) -> set[datetime]:
        """Return when the team comes and goes, which is when the out-of-hours team goes and comes."""
        if self._working_time is None:
            return set()
        return {at for span in self._working_time.spans(since, until) for at in (span.starts_at, span.ends_at)}

    def _pieces(self, role: Role, span: Span, edges: Iterable[datetime] = ()) -> list[Span]:
        """Cut a span wherever a shift or an absence begins or ends, so that within a piece nothing changes."""
        touching = [s for s in (*self._shifts[role], *self._absences) if _touches(s, span)]
        cuts = {span.starts_at, span.ends_at, *(at for at in edges if at in span)}
        cuts.update(at for s in touching for at in (s.starts_at, s.ends_at) if at in span)
        return [Span(starts_at, ends_at) for starts_at, ends_at in pairwise(sorted(cuts))]


def _is_on(shift: ShiftRecord) -> bool:
    return shift.kind is not ShiftKind.ABSENCE


def _holds(shift: ShiftRecord, at: datetime) -> bool:
    return shift.starts_at <= at < shift.ends_at


def _touches(shift: ShiftRecord, span: Span) -> bool:
    return shift.starts_at < span.ends_at and shift.ends_at > span.starts_at

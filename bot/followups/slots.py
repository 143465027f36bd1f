"""Times to be rung at that the rota can really keep, and whether one that was given still can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from bot.followups.planning import Calendar
from bot.followups.reasons import Held, Lost, Reason
from bot.followups.safe_contact import SafeContact
from bot.rota import Rota, Stretch
from bot.working_time import Span
from storage.duty_workers import Role
from storage.identifiers import DutyWorkerId

_ONE_DAY = timedelta(days=1)
_DAY_MINUTES = 24 * 60
BY_DUTY_WORKERS = (Role.DUTY_WORKER,)


@dataclass(frozen=True, slots=True)
class Booked:
    """A call-back that stands. `id` is whatever the caller knows it by. Without a worker anyone on duty has it.

    `roles` are those who may ring there. One for others takes no room here, but for that of its own worker.
    `way` is how they are to be rung and `contact` what they say of it by now; None where that is not asked.
    """

    id: str
    starts_at: datetime
    ends_at: datetime
    worker_id: DutyWorkerId | None = None
    roles: tuple[Role, ...] = BY_DUTY_WORKERS
    way: str = ""
    contact: SafeContact | None = None

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be kept. `workers` are those who can, the one to have it first."""

    starts_at: datetime
    ends_at: datetime
    workers: tuple[DutyWorkerId, ...]

    @property
    def worker_id(self) -> DutyWorkerId:
        return self.workers[0]


@dataclass(frozen=True, slots=True)
class CannotKeep:
    """Why a time cannot be kept."""

    why: Lost

    @property
    def reason(self) -> Reason:
        return Reason(self.why)


@dataclass(frozen=True, slots=True)
class NoCalls:
    """Why this person is not to be offered any time."""

    why: Held

    @property
    def reason(self) -> Reason:
        return Reason(self.why)


Kept: TypeAlias = Slot | CannotKeep


@dataclass(frozen=True, slots=True)
class Standing:
    """A call-back that stands, and whether it can still be kept: by its own worker, by another, or not.

    `unsafe` says that it may not be safe by now, whoever can make it: a worker decides, and it keeps its place.
    """

    booked: Booked
    kept: Kept
    unsafe: Lost | None = None

    @property
    def worker_id(self) -> DutyWorkerId | None:
        """Return who has to have it now: its own worker, where nobody can keep it."""
        return self.kept.worker_id if isinstance(self.kept, Slot) else self.booked.worker_id

    @property
    def has_moved(self) -> bool:
        """Say whether another worker than before has to have it."""
        return self.worker_id != self.booked.worker_id

    @property
    def why_not(self) -> tuple[Lost, ...]:
        """Return why it should not be made as it stands: what the rota says first."""
        lost = self.kept.why if isinstance(self.kept, CannotKeep) else None
        return tuple(why for why in (lost, self.unsafe) if why is not None)


class Slots:
    """The call-backs of one area at one time: who is on duty, what is booked, what is open.

    Build it anew for each question, from what the database says in that unit of work. Two people who choose the
    same last time at once are told apart there: hold a lock on call-backs, read what is booked, ask
    `can_book`, write. A new one is for `roles` to make; of what is booked each says for itself.
    """

    def __init__(
        self,
        *,
        calendar: Calendar,
        rota: Rota,
        booked: Iterable[Booked],
        now: datetime,
        roles: Sequence[Role] = BY_DUTY_WORKERS,
    ) -> None:
        self._calendar = calendar
        self._settings = calendar.area.call_backs
        self._rota = rota
        self._booked = sorted(booked, key=lambda one: (one.starts_at, one.id))
        self._now = now
        self._roles = tuple(roles)
        self._length = timedelta(minutes=self._settings.slot_minutes)
        self._days: dict[tuple[Role, date], tuple[Stretch, ...]] = {}

    def free(self, contact: SafeContact, *, prefer: DutyWorkerId | None = None) -> list[Slot] | NoCalls:
        """Return every time they may choose, the soonest first.

        Where we do not know their safe hours any working time is offered: they choose it themselves. `prefer`
        has it where they can, such as the worker they spoke to.
        """
        if (why := self._no_calls(contact)) is not None:
            return NoCalls(why)
        found = (self.can_book(at, contact, prefer=prefer) for at in self._starts(contact))
        return [slot for slot in found if isinstance(slot, Slot)]

    def can_book(self, starts_at: datetime, contact: SafeContact, *, prefer: DutyWorkerId | None = None) -> Kept:
        """Say whether a time may be given now, and who would have it."""
        if starts_at <= self._now:
            return CannotKeep(Lost.PAST)
        if starts_at < self._now + self._lead(contact):
            return CannotKeep(Lost.TOO_SOON)
        if starts_at >= self._last_midnight():
            return CannotKeep(Lost.TOO_FAR)
        if self._is_twice(starts_at):
            return CannotKeep(Lost.TWICE)
        span = Span(starts_at, starts_at + self._length)
        if (lost := self._shut(span) or self._not_safe(span, contact)) is not None:
            return CannotKeep(lost)
        return self._can_be(span, self._roles, self._booked, prefer, kept_free=self._settings.kept_free)

    def standing(self) -> list[Standing]:
        """Return all that stand, the soonest first, though the rota, the area or what is safe may have changed.

        What is not safe by now changes nothing of who has which. Each stays with its own worker where they can
        keep it; then what is left is given to whoever has room, those that come first before the others. No two
        are given to one worker beyond what one can keep.
        """
        kept = dict[str, Kept]()
        given = list[Booked]()
        for own in (True, False):
            for booked in self._booked:
                found = None if booked.id in kept else self._still(booked, given)
                if isinstance(found, Slot) and own is (found.worker_id == booked.worker_id):
                    given.append(replace(booked, worker_id=found.worker_id))
                elif own:
                    continue
                if found is not None:
                    kept[booked.id] = found
        return [Standing(each, kept[each.id], self._not_safe_by_now(each)) for each in self._booked]

    def _still(self, booked: Booked, given: Sequence[Booked]) -> Kept:
        if booked.ends_at <= self._now:
            return CannotKeep(Lost.PAST)
        if (lost := self._shut(booked.span)) is not None:
            return CannotKeep(lost)
        return self._can_be(booked.span, booked.roles, given, booked.worker_id, kept_free=0)

    def _no_calls(self, contact: SafeContact) -> Held | None:
        """Return why they are not to be rung. Times we could not read do not count: they choose one now."""
        if contact.calls:
            return None
        return next(iter(contact.held), Held.NO_CALLS)

    def _lead(self, contact: SafeContact) -> timedelta:
        settings = self._settings
        minutes = settings.lead_minutes
        if contact.needs_interpreter:
            minutes = max(minutes, settings.interpreter_lead_minutes)
        return timedelta(minutes=minutes)

    def _last_midnight(self) -> datetime:
        today = self._calendar.working_time.date_of(self._now)
        return self._calendar.working_time.midnight(today + timedelta(days=self._settings.days_ahead + 1))

    def _starts(self, contact: SafeContact) -> Iterator[datetime]:
        """Yield the times one may begin: on the hour, and each slot's length after, by the clock on the wall."""
        working = self._calendar.working_time
        soonest, last = self._now + self._lead(contact), self._last_midnight()
        day = working.date_of(soonest)
        while working.midnight(day) < last:
            for minute in range(0, _DAY_MINUTES, self._settings.slot_minutes) if working.day(day).spans else ():
                at = self._instant(day, minute)
                if at is not None and soonest <= at < last:
                    yield at
            day += _ONE_DAY

    def _instant(self, on: date, minute: int) -> datetime | None:
        """Return the instant; None where there is none that day, or two."""
        local = datetime.combine(on, time(minute // 60, minute % 60), self._calendar.zone)
        first, second = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
        return first if first == second else None

    def _is_twice(self, at: datetime) -> bool:
        local = at.astimezone(self._calendar.zone)
        return local.replace(fold=0).astimezone(UTC) != local.replace(fold=1).astimezone(UTC)

    def _can_be(
        self,
        span: Span,
        roles: Sequence[Role],
        others: Sequence[Booked],
        prefer: DutyWorkerId | None,
        *,
        kept_free: int,
    ) -> Kept:
        workers = self._on_duty(span, roles)
        if not workers:
            return CannotKeep(Lost.NOBODY_IN)
        free = self._free(workers, span, others, kept_free, roles)
        if not free:
            return CannotKeep(Lost.FULL)
        if prefer in free:
            free = [prefer, *(worker for worker in free if worker != prefer)]
        return Slot(span.starts_at, span.ends_at, tuple(free))

    def _shut(self, span: Span) -> Lost | None:
        """Return why the team is not in throughout. Nobody is rung back on a bank holiday, team or not."""
        working = self._calendar.working_time
        days = {working.date_of(span.starts_at), working.date_of(span.ends_at - timedelta.resolution)}
        if any(working.bank_holiday(day) for day in days):
            return Lost.BANK_HOLIDAY
        return None if working.spans(span.starts_at, span.ends_at) == [span] else Lost.SHUT

    def _not_safe(self, span: Span, contact: SafeContact) -> Lost | None:
        stretches = self._calendar.stretches(contact, span.starts_at, span.ends_at, known_hours_only=False)
        return Lost.NOT_SAFE_THEN if any(why is not None for _, why in stretches) else None

    def _not_safe_by_now(self, booked: Booked) -> Lost | None:
        """Return why one that was safe when it was made is not, by what they have said since."""
        if booked.contact is None or booked.ends_at <= self._now:
            return None
        return (
            self._not_safe(booked.span, booked.contact)
            if booked.way in booked.contact.ways
            else Lost.NOT_SAFE_THEN
        )

    def _on_duty(self, span: Span, roles: Sequence[Role]) -> list[DutyWorkerId]:
        """Return who is on duty for the whole of it, in the order of the rota."""
        found = list[DutyWorkerId]()
        for role in roles:
            found += _throughout([each for each in self._stretches(role, span) if _touch(each, span)])
        return list(dict.fromkeys(found))

    def _stretches(self, role: Role, span: Span) -> Iterator[Stretch]:
        """Yield the rota of the days a span is on. Of each day it is asked once."""
        working = self._calendar.working_time
        day, last = working.date_of(span.starts_at), working.date_of(span.ends_at - timedelta.resolution)
        while day <= last:
            known = self._days.get((role, day))
            if known is None:
                begins, ends = working.midnight(day), working.midnight(day + _ONE_DAY)
                known = self._days[role, day] = self._rota.stretches(role, begins, ends)
            yield from known
            day += _ONE_DAY

    def _free(
        self,
        workers: Sequence[DutyWorkerId],
        span: Span,
        others: Sequence[Booked],
        kept_free: int,
        roles: Sequence[Role],
    ) -> list[DutyWorkerId]:
        """Return who has room, those with the least that day first.

        What is booked at the same time for these roles with nobody, or with somebody who is not in for it, will
        be somebody's: it takes as much room.
        """
        each, date_of = self._settings.calls_at_once, self._calendar.working_time.date_of
        near = Span(span.starts_at - _ONE_DAY, span.ends_at + _ONE_DAY)
        others = [one for one in others if one.starts_at < near.ends_at and one.ends_at > near.starts_at]
        at_once = [one for one in others if one.starts_at < span.ends_at and one.ends_at > span.starts_at]
        holders = [(self._holder(one), one) for one in at_once]
        taken = Counter(holder for holder, _ in holders)
        room = {worker: max(each - taken[worker], 0) for worker in workers}
        nobodys = sum(holder is None and not set(roles).isdisjoint(one.roles) for holder, one in holders)
        if sum(room.values()) <= kept_free * each + nobodys:
            return []
        load = Counter(one.worker_id for one in others if date_of(one.starts_at) == date_of(span.starts_at))
        return sorted((worker for worker in workers if room[worker]), key=lambda worker: load[worker])

    def _holder(self, one: Booked) -> DutyWorkerId | None:
        """Return its own worker, where they are in for the whole of it and may ring there."""
        return one.worker_id if one.worker_id in self._on_duty(one.span, one.roles) else None


def offered(slots: Sequence[Slot], most: int, calendar: Calendar) -> list[Slot]:
    """Return a few to choose from, spread over mornings and afternoons of the days there are, in order of time."""
    halves: dict[tuple[date, bool], list[Slot]] = {}
    for slot in slots:
        local = slot.starts_at.astimezone(calendar.zone)
        halves.setdefault((local.date(), local.hour >= 12), []).append(slot)
    chosen = list[Slot]()
    for turn in range(max(map(len, halves.values()), default=0)):
        chosen += [half[turn] for half in halves.values() if turn < len(half)]
    return sorted(chosen[:most], key=lambda slot: slot.starts_at)


def instant_asked_for(local: datetime, calendar: Calendar, now: datetime) -> datetime | CannotKeep:
    """Return the instant of a time somebody asked for by the clock on the wall, without a timezone.

    On the night the clocks go back 01:30 comes twice and on the night they go forward not at all: nobody is
    made to guess which was meant.
    """
    at = local.replace(tzinfo=calendar.zone, fold=0)
    first, second = at.astimezone(UTC), at.replace(fold=1).astimezone(UTC)
    if first == second:
        return first if first > now else CannotKeep(Lost.PAST)
    return CannotKeep(Lost.TWICE if first < second else Lost.NEVER)


def _touch(stretch: Stretch, span: Span) -> bool:
    return stretch.starts_at < span.ends_at and stretch.ends_at > span.starts_at


def _throughout(stretches: Sequence[Stretch]) -> list[DutyWorkerId]:
    """Return who is on in every one of them."""
    if not stretches:
        return []
    always = set[DutyWorkerId].intersection(*({worker.id for worker in each.on} for each in stretches))
    return [worker.id for worker in stretches[0].on if worker.id in always]

"""The ladder of an alert: who is told next, and when, until somebody answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from flows.area import Area, LadderSettings, RungSettings
from storage.alerts import AlertRecord, AlertStatus, AlertStepRecord, StepOutcome
from storage.duty_workers import DutyWorkerRecord, Role
from storage.identifiers import DutyWorkerId

HOLDER_RUNG = -2
"""The number of the rung of whoever has the conversation: before, and apart from, the area's own."""
FIRST_CLOSED_RUNG = 50
"""The closed queue's rungs are numbered from here: no alert takes one of them for a rung of another ladder."""


class Who(StrEnum):
    FIRST = "first"
    SECOND = "second"
    ALL = "all"


class When(StrEnum):
    ALWAYS = "always"
    IN_HOURS = "in_hours"
    OUT_OF_HOURS = "out_of_hours"


class OfficeHours(Protocol):
    """When the team is in. `opens_next` and `closes_next` are after the instant given; None: never."""

    def is_open(self, at: datetime) -> bool: ...

    def opens_next(self, at: datetime) -> datetime | None: ...

    def closes_next(self, at: datetime) -> datetime | None: ...


class OnDuty(Protocol):
    """Who is on duty, in the order in which they are told; and one worker by name, on duty or not."""

    def on_duty(self, role: Role, at: datetime) -> tuple[DutyWorkerRecord, ...]: ...

    def named(self, who: str) -> DutyWorkerRecord | None: ...


@dataclass(frozen=True, slots=True)
class Rung:
    """`number` names it within its ladder. `by` holds ways: telegram, desk, sms, email, spoken. `named`: the one
    worker it is for, by id or e-mail address. `is_closed`: nobody but those it is for is told, and no chat.
    """

    number: int
    after: timedelta
    role: Role
    who: Who = Who.FIRST
    by: tuple[str, ...] = ("telegram", "desk", "sms")
    when: When = When.ALWAYS
    tell_person: bool = False
    ring: str = ""
    named: str = ""
    is_closed: bool = False

    @property
    def is_holders(self) -> bool:
        return self.number == HOLDER_RUNG


@dataclass(frozen=True, slots=True)
class Ladder:
    """`holder_wait` is how long the worker who has the conversation is given before the first rung."""

    rungs: tuple[Rung, ...]
    repeat_every: timedelta
    hours: OfficeHours
    holder_wait: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Taken:
    """A rung that was taken. `reached` is False where nobody could be told, so far as we know."""

    rung: int
    at: datetime
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Climb:
    """How far one alert has come, counted from the instant its ladder was begun."""

    climbs_from: datetime
    taken: tuple[Taken, ...] = ()
    is_answered: bool = False

    def then(self, taken: Taken) -> Climb:
        return Climb(self.climbs_from, (*self.taken, taken), self.is_answered)


@dataclass(frozen=True, slots=True)
class Step:
    """`workers` may be empty: nobody is on shift. `repeats`: the top was reached, and nobody answered.

    `is_stand_in`: the area's ladder has no rung that is ever due for this alert, and this one stands in.
    """

    rung: Rung
    due_at: datetime
    workers: tuple[DutyWorkerRecord, ...] = ()
    repeats: bool = False
    is_stand_in: bool = False


def ladder_of(area: Area, urgency: str, hours: OfficeHours, *, is_closed: bool = False) -> Ladder:
    """Return the area's ladder for an urgency. What is not an emergency climbs as what is immediate.

    The closed queue has its own. A child in danger needs a duty worker as well, whoever the danger comes from: an
    emergency there climbs both.
    """
    is_emergency = urgency == "emergency"
    open_ladder = area.ladders.emergency if is_emergency else area.ladders.immediate
    if not is_closed:
        return _ladder(open_ladder, _rungs_of(open_ladder, area), hours)
    own = area.ladders.allegation
    rungs = _rungs_of(own, area, first=FIRST_CLOSED_RUNG)
    if not is_emergency:
        return _ladder(own, rungs, hours)
    return _ladder(open_ladder, (*rungs, *_rungs_of(open_ladder, area)), hours)


def with_holder(ladder: Ladder, worker_id: DutyWorkerId | str, role: Role) -> Ladder:
    """Return the ladder with a rung before all others for the worker who has the conversation."""
    ways = ("telegram", "desk", "sms")
    is_closed = any(rung.is_closed for rung in ladder.rungs)
    first = Rung(HOLDER_RUNG, timedelta(), role, by=ways, named=str(worker_id), is_closed=is_closed)
    later = (replace(rung, after=rung.after + ladder.holder_wait) for rung in ladder.rungs)
    return replace(ladder, rungs=(first, *later))


def climb_of(alert: AlertRecord, steps: list[AlertStepRecord]) -> Climb:
    """Return how far a kept alert has come in the climb it is in."""
    taken = tuple(
        Taken(step.rung, step.at, step.outcome is StepOutcome.TOLD) for step in steps if step.climb == alert.climb
    )
    return Climb(alert.climbs_from, taken, alert.status is not AlertStatus.RAISED)


def next_step(alert: Climb, ladder: Ladder, rota: OnDuty, now: datetime) -> Step | None:
    """Return the next step and when it is due, in the past where it is late; None once somebody has answered.

    Each rung is due when its wait is over and its hours have come. Where a step reached nobody the next rung at
    which somebody is on duty is not waited for. Above the last rung it is taken again and again.
    """
    if alert.is_answered:
        return None
    rungs, is_stand_in = _rungs(alert, ladder)
    found = _earliest_new(alert, ladder, rungs, rota, now) or _again(alert, ladder, rungs)
    found = min((found, _again_if_at_the_top(alert, ladder, rungs) or found), key=lambda step: step.due_at)
    at = max(found.due_at, now)
    return Step(found.rung, found.due_at, _called(found.rung, rota, at), found.repeats, is_stand_in)


def _ladder(settings: LadderSettings, rungs: tuple[Rung, ...], hours: OfficeHours) -> Ladder:
    return Ladder(
        rungs, timedelta(minutes=settings.repeat_minutes), hours, timedelta(minutes=settings.holder_minutes)
    )


def _rungs_of(settings: LadderSettings, area: Area, first: int = 0) -> tuple[Rung, ...]:
    is_closed = first >= FIRST_CLOSED_RUNG
    return tuple(_rung(n, rung, area, is_closed=is_closed) for n, rung in enumerate(settings.rungs, first))


def _rung(number: int, settings: RungSettings, area: Area, *, is_closed: bool) -> Rung:
    return Rung(
        number=number,
        after=timedelta(minutes=settings.minutes),
        role=Role(settings.role),
        who=Who(settings.who),
        by=tuple(settings.by),
        when=When(settings.when),
        tell_person=settings.tell_person,
        ring=(settings.number or area.phones.out_of_hours) if "spoken" in settings.by else "",
        named=settings.named,
        is_closed=is_closed,
    )


def _rungs(alert: Climb, ladder: Ladder) -> tuple[tuple[Rung, ...], bool]:
    """Return the rungs, with one that stands in where none would be due by its own wait."""
    own = [rung for rung in ladder.rungs if not rung.is_holders]
    if any(_is_due_by_its_wait(rung, alert, ladder) for rung in own):
        return ladder.rungs, False
    number = max((rung.number for rung in own), default=-1) + 1
    wait = ladder.holder_wait if len(own) < len(ladder.rungs) else timedelta()
    return (*ladder.rungs, Rung(number, wait, Role.DUTY_WORKER, Who.ALL)), True


def _is_due_by_its_wait(rung: Rung, alert: Climb, ladder: Ladder) -> bool:
    return _fits(rung, ladder.hours, alert.climbs_from + rung.after)


def _due_at(rung: Rung, alert: Climb, ladder: Ladder) -> datetime | None:
    """Return the first instant, its wait over, at which the rung's hours hold; None if they never do."""
    own = alert.climbs_from + rung.after
    if _fits(rung, ladder.hours, own):
        return own
    return ladder.hours.opens_next(own) if rung.when is When.IN_HOURS else ladder.hours.closes_next(own)


def _fits(rung: Rung, hours: OfficeHours, at: datetime) -> bool:
    return rung.when is When.ALWAYS or hours.is_open(at) is (rung.when is When.IN_HOURS)


def _waiting(alert: Climb, rungs: tuple[Rung, ...]) -> list[Rung]:
    taken = {one.rung for one in alert.taken}
    return [rung for rung in rungs if rung.number not in taken]


def _earliest_new(
    alert: Climb, ladder: Ladder, rungs: tuple[Rung, ...], rota: OnDuty, now: datetime
) -> Step | None:
    waiting = _waiting(alert, rungs)
    dues = [(due, rung.number, rung) for rung in waiting if (due := _due_at(rung, alert, ladder)) is not None]
    if not dues:
        return None
    hurried = _hurried(alert, ladder, [rung for _, _, rung in sorted(dues)], rota, now)
    due_at, _, rung = min(dues)
    if hurried is not None and hurried.due_at < due_at:
        return hurried
    return Step(rung, due_at)


def _hurried(alert: Climb, ladder: Ladder, waiting: list[Rung], rota: OnDuty, now: datetime) -> Step | None:
    """Return the next rung, due at once, where the last step reached nobody and a rung above can."""
    if not alert.taken or alert.taken[-1].reached:
        return None
    last_at = alert.taken[-1].at
    at = max(last_at, now)
    open_now = [rung for rung in waiting if _fits(rung, ladder.hours, at)]
    if not any(_called(rung, rota, at) for rung in open_now):
        return None
    return Step(open_now[0], last_at)


def _again_if_at_the_top(alert: Climb, ladder: Ladder, rungs: tuple[Rung, ...]) -> Step | None:
    """Return the last rung again, where only rungs are left that wait for other hours."""
    left = [rung for rung in _waiting(alert, rungs) if _is_due_by_its_wait(rung, alert, ladder)]
    return None if left or not alert.taken else _again(alert, ladder, rungs)


def _again(alert: Climb, ladder: Ladder, rungs: tuple[Rung, ...]) -> Step:
    last_at = alert.taken[-1].at if alert.taken else alert.climbs_from - ladder.repeat_every
    due_at = last_at + ladder.repeat_every
    taken = {one.rung for one in alert.taken}
    climbed = [rung for rung in rungs if rung.number in taken] or list(rungs)
    fitting = [rung for rung in climbed if _fits(rung, ladder.hours, due_at)] or climbed
    return Step(max(fitting, key=lambda rung: (rung.after, rung.number)), due_at, repeats=True)


def _called(rung: Rung, rota: OnDuty, at: datetime) -> tuple[DutyWorkerRecord, ...]:
    if rung.named and (one := rota.named(rung.named)) is not None:
        return (one,)
    if rung.is_holders:
        return ()
    on_duty = rota.on_duty(rung.role, at)
    match rung.who:
        case Who.FIRST:
            return on_duty[:1]
        case Who.SECOND:
            return on_duty[1:2]
        case Who.ALL:
            return on_duty

"""Holding an enquiry for a manager's decision: its evidence, when it is due, and who hears once it is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.conversation.house import House
from bot.desk.access import Act, allows
from bot.desk.handoffs import EnquiryClosed, fall_back
from bot.desk.passing import late_step as late_pass_on
from bot.desk.recording import note_confirmations
from bot.followups.reminders import remind_of_hold
from bot.outbox.dispatcher import Dispatcher
from bot.safeguarding.telling import managers, next_managers, note_act, rows_to
from storage.database import Database
from storage.duty_workers import DutyWorkerRecord, Role
from storage.enquiries import EnquiryRecord, EnquiryStatus
from storage.holds import HoldRecord
from storage.identifiers import DutyWorkerId, HoldId
from storage.incidents import IncidentKind
from storage.notes import DisagreementRecord
from storage.outbox import OutboxRecord
from storage.unit_of_work import UnitOfWork

PRESENCE_KEPT = timedelta(hours=1)


class AlreadyHeld(Exception):
    """Somebody holds it for a decision already."""


class NotADecider(Exception):
    """Whoever was named may not decide."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of theirs and when they came. `hand`: `first`, `second` or `unknown`; `of_child`: a child's own."""

    turn_id: str
    at: str
    words: str
    hand: str
    of_child: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a manager decides on. Everything but `quoted` is the worker's own writing."""

    quoted: tuple[Quoted, ...]
    analysis: str
    impact: str
    history: str
    tried: str
    strengths: str
    gaps: str
    threshold: str
    threshold_why: str


def hold(
    uow: UnitOfWork,
    house: House,
    enquiry: EnquiryRecord,
    worker: DutyWorkerRecord,
    evidence: Evidence,
    safety_plan: str,
    decider_id: str,
    now: datetime,
    *,
    expected_version: int,
) -> tuple[HoldRecord, list[OutboxRecord]]:
    """Hold an enquiry until a manager has decided. Nothing but a decision ends it.

    Raises `EnquiryClosed`, `AlreadyHeld`, `NotADecider` and `EnquiryChanged`.
    """
    if enquiry.status is EnquiryStatus.CLOSED:
        raise EnquiryClosed
    if uow.holds.standing_for(enquiry.id) is not None:
        raise AlreadyHeld
    decider = next((w for w in managers(uow) if w.id == decider_id), None)
    if decider is None or not allows(decider, Act.DECIDE):
        raise NotADecider
    uow.enquiries.move(enquiry.id, EnquiryStatus.AWAITING_DECISION, now, expected_version=expected_version)
    if enquiry.worker_id is None:
        uow.enquiries.set_worker(enquiry.id, worker.id)
    due = house.working_time.add_days(now, house.area.due.decision_days)
    held = uow.holds.begin(
        enquiry_id=enquiry.id,
        worker_id=worker.id,
        decider_id=decider.id,
        evidence=asdict(evidence),
        safety_plan=safety_plan,
        due_at=due.at,
        due_because=list(due.reasons),
        now=now,
    )
    remind_of_hold(uow, house, held, now)
    details = {"decider": decider.id, "due_at": due.at.isoformat(), "threshold": evidence.threshold}
    note_act(uow, enquiry, worker.id, "enquiry.held", ("hold", held.id), now, **details)
    rows = rows_to(uow, [decider], "duty_decide", enquiry, house.doorbell, now)
    return held, uow.outbox.put(rows)


def disagree(
    uow: UnitOfWork, house: House, enquiry: EnquiryRecord, worker: DutyWorkerRecord, reason: str, now: datetime
) -> tuple[DisagreementRecord, list[OutboxRecord]]:
    """Open a professional disagreement: it stands until a manager has answered it, and managers are told."""
    raised = uow.notes.disagree(enquiry.id, worker.id, reason, now)
    note_act(uow, enquiry, worker.id, "disagreement.raised", ("disagreement", raised.id), now, reason=reason)
    uow.incidents.raise_(IncidentKind.DISAGREEMENT, key=raised.id, now=now, enquiry_id=enquiry.id)
    told = [w for w in managers(uow) if w.id != worker.id]
    return raised, uow.outbox.put(rows_to(uow, told, "duty_disagreement", enquiry, house.doorbell, now))


class Holds:
    """One process's part in what falls due at the desk. Several share it: whoever holds a row takes its step."""

    def __init__(self, *, database: Database, house: House, dispatcher: Dispatcher, clock: Clock) -> None:
        self._database = database
        self._house = house
        self._dispatcher = dispatcher
        self._clock = clock

    async def tick(self) -> int:
        """Tell of what is late or did not go, and bring back what disabled workers held."""
        now = self._clock.now()
        due = await self._database.run(lambda uow: [*uow.holds.due(now), *_without_decider(uow, now)])
        rows: list[OutboxRecord] = []
        for hold_id in due:
            rows.extend(await self._database.run(lambda uow, h=hold_id: late_step(uow, self._house, h, now)))  # type: ignore[misc]
        rows.extend(await self._database.run(lambda uow: fall_back(uow, self._house, now)))
        for late in await self._database.run(lambda uow: uow.pass_ons.due(now)):
            rows.extend(await self._database.run(lambda uow, p=late: late_pass_on(uow, self._house, p, now)))  # type: ignore[misc]
        await self._database.run(lambda uow: note_confirmations(uow, now))
        await self._database.run(lambda uow: uow.presences.forget_before(now - PRESENCE_KEPT))
        await self._database.run(lambda uow: uow.typing.forget_before(now - PRESENCE_KEPT))
        self._dispatcher.offer(rows)
        return len(due)


def late_step(uow: UnitOfWork, house: House, hold_id: HoldId, now: datetime) -> list[OutboxRecord]:
    """Tell the decider and the next manager that a decision is late; then the head of service, again and again.

    The next step is always known: nobody's silence ends it.
    """
    held = uow.holds.take(hold_id, now)
    if held is None:
        return []
    enquiry = uow.enquiries.get(held.enquiry_id)
    wait = timedelta(hours=house.area.due.late_decision_hours)
    uow.holds.note_step(held.id, house.working_time.add_hours(now, wait).at)
    uow.incidents.raise_(IncidentKind.DECISION_LATE, key=held.id, now=now, enquiry_id=enquiry.id)
    told = _who_hears(uow, house, held, now)
    note_act(uow, enquiry, "front_door", "hold.late", ("hold", held.id), now, step=held.steps + 1, told=len(told))
    return uow.outbox.put(rows_to(uow, told, "duty_decide_late", enquiry, house.doorbell, now))


def name_decider(
    uow: UnitOfWork, enquiry: EnquiryRecord, worker: DutyWorkerRecord, decider_id: str, now: datetime
) -> bool:
    """Let another manager decide; a hold is never anybody's no longer. Raises `NotADecider`."""
    held = uow.holds.standing_for(enquiry.id)
    decider = next((w for w in managers(uow) if w.id == decider_id), None)
    if held is None:
        return False
    if decider is None:
        raise NotADecider
    uow.holds.name_decider(held.id, DutyWorkerId(decider.id))
    note_act(uow, enquiry, worker.id, "hold.decider_named", ("hold", held.id), now, decider=decider.id)
    return True


def _who_hears(uow: UnitOfWork, house: House, held: HoldRecord, now: datetime) -> Sequence[DutyWorkerRecord]:
    decider = [w for w in managers(uow) if w.id == held.decider_id]
    if held.steps == 0:
        return [*decider, *next_managers(uow, house.working_time, now, besides=held.decider_id)]
    return [*decider, *managers(uow, Role.HEAD_OF_SERVICE)] or managers(uow)


def _without_decider(uow: UnitOfWork, now: datetime) -> list[HoldId]:
    """A decider who is gone is as late as can be: the next manager hears of it now."""
    found = uow.holds.without_decider(now)
    for hold_id in found:
        uow.holds.wake_at(hold_id, now)
    return found

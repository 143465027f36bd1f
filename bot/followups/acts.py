"""What a worker does with a follow-up: done, put off, given to another, now, or ended. All on the record."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.conversation.house import House
from bot.followups.climbing import first_bell, task_due
from bot.followups.due import FAILED
from bot.followups.kinds import FollowUpKind, Weight, kind_of, promise
from bot.followups.told import note_told
from bot.safeguarding.telling import note_act
from storage.duty_workers import DutyWorkerRecord
from storage.enquiries import EnquiryRecord
from storage.follow_ups import Actor, FollowUpRecord
from storage.identifiers import DutyWorkerId, FeedbackId, FollowUpId
from storage.unit_of_work import UnitOfWork

DONE, SNOOZE, REASSIGN, NOW, CANCEL = "done", "snooze", "reassign", "now", "cancel"
LONGEST_SNOOZE = timedelta(days=31)
SHORTEST_SNOOZE = timedelta(minutes=5)

_CALLS = frozenset(kind for kind in FollowUpKind if kind.value.startswith("call_back"))
"""Kept where the call is kept: on the enquiry's page."""
_LAW = frozenset({FollowUpKind.DRAFT_DELETION, FollowUpKind.RECORD_DELETION})
"""Promised to a person, or a rule of the law: nobody puts it off or ends it here. What failed is tried again."""


class ChangedSince(Exception):
    """Somebody did something to it since the page was opened, or is doing it at this moment."""


class NotPossible(Exception):
    """It cannot be done to a follow-up such as this. Says why, in words for a worker."""


def mark_of(follow_up: FollowUpRecord) -> str:
    """Return what tells whether it changed since it was read."""
    worker = follow_up.worker_id or ""
    return f"{follow_up.due_at.isoformat()}|{follow_up.actor.value}|{worker}|{follow_up.steps}"


def acts_for(follow_up: FollowUpRecord) -> tuple[str, ...]:
    """Return what a worker may do with it on a list."""
    kind = kind_of(follow_up.kind)
    if follow_up.done_at is not None or kind in _CALLS:
        return ()
    if kind in _LAW:
        return (NOW,) if follow_up.actor is Actor.WORKER else ()
    if kind is FollowUpKind.DRAFT_WORRY:
        # a worker's task of it ends when somebody has looked: begun anew it would climb from the foot again
        return (NOW,) if follow_up.actor is Actor.FRONT_DOOR or follow_up.why == FAILED else ()
    if kind is FollowUpKind.CAMPAIGN:
        return (CANCEL,)
    if follow_up.actor is Actor.WORKER:
        return (DONE, SNOOZE, REASSIGN, CANCEL)
    return (NOW, SNOOZE, REASSIGN, DONE, CANCEL)


def take(
    uow: UnitOfWork, follow_up_id: FollowUpId, act: str, mark: str, worker: DutyWorkerRecord, now: datetime
) -> FollowUpRecord:
    """Hold a follow-up for this act. Raises `ChangedSince`, `NotPossible`."""
    held = uow.follow_ups.take(follow_up_id, owner=f"desk:{worker.id}", now=now)
    if held is None or mark_of(held) != mark:
        raise ChangedSince
    if act not in acts_for(held):
        raise NotPossible("This is not done here.")
    return held


def finish(
    uow: UnitOfWork,
    enquiry: EnquiryRecord,
    held: FollowUpRecord,
    worker: DutyWorkerRecord,
    note: str,
    now: datetime,
) -> None:
    """A worker has done it."""
    if held.kind == FollowUpKind.OUTCOME_TOLD:
        note_told(uow, FeedbackId(str(held.details["feedback"])), worker.id, now)
    else:
        uow.follow_ups.done(held.id, "done_by_worker", now)
    _note(uow, enquiry, held, worker, DONE, note, now)


def snooze(
    uow: UnitOfWork,
    house: House,
    enquiry: EnquiryRecord,
    held: FollowUpRecord,
    worker: DutyWorkerRecord,
    until: datetime,
    reason: str,
    now: datetime,
) -> None:
    """Put it off until then; a worker's task is to be done by then. Raises `NotPossible`."""
    if not now + SHORTEST_SNOOZE <= until <= now + LONGEST_SNOOZE:
        raise NotPossible("Choose a time from 5 minutes to 31 days ahead.")
    if held.actor is Actor.WORKER:
        bell_at = first_bell(house, held.kind, until, now)
        uow.follow_ups.give_to_worker(held.id, held.worker_id, why="snoozed", due_at=until, bell_at=bell_at)
    else:
        if held.promised_at is not None and until > held.promised_at:
            raise NotPossible("They were promised this sooner. Do it now, or do it yourself.")
        uow.follow_ups.put_off(held.id, due_at=until, why="snoozed")
    _note(uow, enquiry, held, worker, SNOOZE, reason, now, until=until.isoformat())


def reassign(
    uow: UnitOfWork,
    house: House,
    enquiry: EnquiryRecord,
    held: FollowUpRecord,
    worker: DutyWorkerRecord,
    to: DutyWorkerId,
    reason: str,
    now: datetime,
) -> None:
    """Let another worker do it; what we would have done ourselves becomes theirs to do."""
    if held.actor is Actor.WORKER:
        uow.follow_ups.assign(held.id, to)
    else:
        by = held.promised_at or held.due_at
        if by <= now:
            by = task_due(house, now)
        bell_at = first_bell(house, held.kind, by, now)
        uow.follow_ups.give_to_worker(
            held.id, to, why="taken", due_at=by, bell_at=bell_at, most_weight=Weight.TASK
        )
    _note(uow, enquiry, held, worker, REASSIGN, reason, now, to=to)


def do_now(
    uow: UnitOfWork, enquiry: EnquiryRecord, held: FollowUpRecord, worker: DutyWorkerRecord, now: datetime
) -> None:
    """Let it be due at once. Whether it is safe is read again all the same. A deletion that failed and became a
    worker's task is tried anew.
    """
    if held.actor is Actor.WORKER:
        uow.follow_ups.done(held.id, "tried_again", now)
        promise(
            uow,
            FollowUpKind(held.kind),
            enquiry_id=held.enquiry_id,
            conversation_id=held.conversation_id,
            due_at=now,
            key=held.key,
            details=held.details,
            now=now,
        )
    else:
        uow.follow_ups.put_off(held.id, due_at=now, why="by_worker")
    _note(uow, enquiry, held, worker, NOW, "", now)


def cancel(
    uow: UnitOfWork,
    enquiry: EnquiryRecord,
    held: FollowUpRecord,
    worker: DutyWorkerRecord,
    reason: str,
    now: datetime,
) -> None:
    """End it without doing it. A campaign counts whoever was taken out of it."""
    if held.kind == FollowUpKind.CAMPAIGN:
        uow.campaigns.count(held.details["campaign"], was_sent=False)
    uow.follow_ups.done(held.id, "cancelled_by_worker", now)
    _note(uow, enquiry, held, worker, CANCEL, reason, now)


def _note(
    uow: UnitOfWork,
    enquiry: EnquiryRecord,
    held: FollowUpRecord,
    worker: DutyWorkerRecord,
    act: str,
    reason: str,
    now: datetime,
    **details: str,
) -> None:
    record = ("follow_up", held.id)
    note_act(
        uow,
        enquiry,
        worker.id,
        f"follow_up.worker_{act}",
        record,
        now,
        reason=reason or None,
        kind=held.kind,
        **details,
    )

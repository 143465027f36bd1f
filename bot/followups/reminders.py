"""Reminds workers before something is due: a held decision, a pass-on to confirm, what they set themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.conversation.house import House
from bot.followups.climbing import days_before, give_task
from bot.followups.due import Done, Handling, Moment, Result
from bot.followups.kinds import FollowUpKind, promise
from bot.safeguarding.telling import managers, rows_to
from storage.duty_workers import DutyWorkerRecord
from storage.enquiries import EnquiryRecord
from storage.follow_ups import FollowUpRecord
from storage.holds import HoldRecord
from storage.identifiers import DutyWorkerId, EnquiryId
from storage.pass_ons import PassOnRecord
from storage.unit_of_work import UnitOfWork

SET = "set"
SET_BY_WORKERS = (FollowUpKind.INFORMATION_REQUEST, FollowUpKind.MEETING, FollowUpKind.ACTION)
LONGEST_WHAT = 300
_SOONEST = timedelta(minutes=30)
"""What is due sooner than twice this is not reminded of before: whoever set it knows."""


def remind_of_hold(uow: UnitOfWork, house: House, held: HoldRecord, now: datetime) -> FollowUpRecord | None:
    """Remind the decider before a decision is due. Once it is due the hold itself climbs, and nothing here."""
    return _remind(
        uow, house, FollowUpKind.DECISION_REMINDER, held.enquiry_id, held.due_at, f"hold:{held.id}", now
    )


def remind_of_pass_on(uow: UnitOfWork, house: House, passed: PassOnRecord, now: datetime) -> FollowUpRecord | None:
    """Remind whoever passed it on before the other side is to have it. Once that is late the pass-on climbs."""
    key = f"pass_on:{passed.id}"
    return _remind(uow, house, FollowUpKind.ALLOCATED, passed.enquiry_id, passed.due_at, key, now)


def set_task(
    uow: UnitOfWork,
    house: House,
    enquiry: EnquiryRecord,
    kind: FollowUpKind,
    what: str,
    by: datetime,
    worker_id: DutyWorkerId,
    set_by: DutyWorkerId,
    now: datetime,
) -> FollowUpRecord:
    """Write down a request, a meeting or an action of an enquiry: what, by when, and who."""
    details = {"what": what, "set_by": set_by}
    return give_task(
        uow, house, kind, enquiry_id=enquiry.id, by=by, worker_id=worker_id, why=SET, details=details, now=now
    )


def _remind(
    uow: UnitOfWork,
    house: House,
    kind: FollowUpKind,
    enquiry_id: EnquiryId,
    due_at: datetime,
    key: str,
    now: datetime,
) -> FollowUpRecord | None:
    at = earlier(house, due_at, timedelta(hours=house.area.afterwards.remind_hours))
    if at <= now:
        at = now + (due_at - now) / 2  # less time than that: half way
    if due_at - at < _SOONEST or not house.working_time.is_open(at):
        return None
    details = {"due": due_at.isoformat()}
    return promise(uow, kind, enquiry_id=enquiry_id, due_at=at, key=key, details=details, now=now)


def earlier(house: House, due_at: datetime, hours: timedelta) -> datetime:
    """Return a time so much earlier at which the team is in: when it opens, or on the working day before."""
    wanted, time = due_at - hours, house.working_time
    if time.is_open(wanted):
        return wanted
    opens_at = time.opens_next(wanted)
    if opens_at is not None and opens_at <= due_at - _SOONEST:
        return opens_at
    return days_before(due_at, 1, time)


def _of_hold(moment: Moment) -> Result:
    held = moment.uow.holds.standing_for(moment.enquiry.id)
    told = [] if held is None else [w for w in managers(moment.uow) if w.id == held.decider_id]
    return _told(moment, told)


def _of_pass_on(moment: Moment) -> Result:
    passed = moment.uow.pass_ons.standing_for(moment.enquiry.id)
    return _told(moment, [] if passed is None else [moment.uow.duty_workers.get(passed.worker_id)])


def _told(moment: Moment, told: list[DutyWorkerRecord]) -> Result:
    task = moment.house.wording.text(f"follow_up_{moment.follow_up.kind}")
    doorbell = moment.house.doorbell
    rows = rows_to(
        moment.uow, told, "duty_task_soon", moment.enquiry, doorbell, moment.now, urgent=False, task=task
    )
    return Done("reminded", tuple(rows))


def _hold_is_over(moment: Moment) -> str | None:
    held = moment.uow.holds.standing_for(moment.enquiry.id)
    if held is None or moment.follow_up.key != f"hold:{held.id}":
        return "decided"
    return "climbs_by_itself" if held.due_at <= moment.now else None


def _pass_on_is_over(moment: Moment) -> str | None:
    passed = moment.uow.pass_ons.standing_for(moment.enquiry.id)
    if passed is None or moment.follow_up.key != f"pass_on:{passed.id}":
        return "confirmed"
    return "climbs_by_itself" if passed.due_at <= moment.now else None


HANDLINGS = {
    FollowUpKind.DECISION_REMINDER: Handling(act=_of_hold, stale=_hold_is_over),
    FollowUpKind.ALLOCATED: Handling(act=_of_pass_on, stale=_pass_on_is_over),
}

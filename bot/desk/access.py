"""Who may see and do what at the desk. Pure: asked by every page, list, count, search and stream.

Only the officer for allegations (LADO) sees the closed queue, and besides it what they hold themselves. Whoever
may break the glass sees one enquiry of it for a while, with a reason, an alarm and a review. An auditor reads.
An administrator keeps settings, and sees nothing that anybody told us.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from storage.duty_workers import DutyWorkerRecord, Role
from storage.identifiers import DutyWorkerId, EnquiryId
from storage.sight import Seen, Sight


class Act(StrEnum):
    """What can be asked for. `record`: to write down a call or a visit. `step_up`: to pass on to social care,
    which makes a Referral. `try_rules`: a run-through by other rules, which shows who sees no enquiry no more than
    counts. `see_gaps_in_telling`: incidents, those of a closed queue without a reference."""

    SEE_QUEUE = "see_queue"
    ANSWER = "answer"
    WRITE = "write"
    HOLD = "hold"
    DECIDE = "decide"
    RECORD = "record"
    PASS_ON = "pass_on"  # noqa: S105 - no password
    STEP_UP = "step_up"
    EXPORT = "export"
    BREAK_GLASS = "break_glass"
    SEE_GLASS = "see_glass"
    REVIEW_GLASS = "review_glass"
    SEE_INCIDENTS = "see_incidents"
    SEE_GAPS_IN_TELLING = "see_gaps_in_telling"
    MARK_INCIDENTS = "mark_incidents"
    SEE_ROTA = "see_rota"
    SEE_FIGURES = "see_figures"
    SEE_FOLLOW_UPS = "see_follow_ups"
    DO_FOLLOW_UPS = "do_follow_ups"
    WRITE_TO_GROUP = "write_to_group"
    TRY_RULES = "try_rules"


_R = Role
_WORKERS = frozenset({_R.DUTY_WORKER, _R.OUT_OF_HOURS, _R.MANAGER, _R.HEAD_OF_SERVICE, _R.LADO})
_MANAGERS = frozenset({_R.MANAGER, _R.HEAD_OF_SERVICE})
_EVERYBODY = frozenset(Role)

ALLOWED: Mapping[Act, frozenset[Role]] = {
    Act.SEE_QUEUE: _WORKERS | {_R.AUDITOR},
    Act.ANSWER: _WORKERS,
    Act.WRITE: _WORKERS,
    Act.HOLD: _WORKERS,
    Act.DECIDE: _MANAGERS,
    Act.RECORD: _WORKERS,
    Act.PASS_ON: _WORKERS,
    Act.STEP_UP: _MANAGERS,
    Act.EXPORT: _WORKERS | {_R.AUDITOR},
    Act.BREAK_GLASS: _WORKERS - {_R.LADO},
    Act.SEE_GLASS: _MANAGERS | {_R.LADO, _R.AUDITOR},
    Act.REVIEW_GLASS: _MANAGERS | {_R.LADO},
    Act.SEE_INCIDENTS: _EVERYBODY,
    Act.SEE_GAPS_IN_TELLING: _MANAGERS | {_R.LADO},
    Act.MARK_INCIDENTS: _WORKERS,
    Act.SEE_ROTA: _EVERYBODY,
    Act.SEE_FIGURES: _MANAGERS | {_R.AUDITOR},
    Act.SEE_FOLLOW_UPS: _WORKERS | {_R.AUDITOR},
    Act.DO_FOLLOW_UPS: _WORKERS,
    Act.WRITE_TO_GROUP: _MANAGERS,
    Act.TRY_RULES: _MANAGERS | {_R.ADMINISTRATOR},
}


def allows(worker: DutyWorkerRecord, act: Act) -> bool:
    """Say whether a worker may do this at all. A disabled worker may do nothing."""
    return worker.disabled_at is None and worker.role in ALLOWED[act]


def sight_of(worker: DutyWorkerRecord, opened: frozenset[EnquiryId] = frozenset()) -> Sight:
    """Return which enquiries a worker may see. `opened` are those for which they broke the glass just now."""
    if worker.disabled_at is not None:
        return Sight()
    match worker.role:
        case Role.DUTY_WORKER | Role.OUT_OF_HOURS | Role.MANAGER | Role.HEAD_OF_SERVICE:
            return Sight(ordinary=True, opened=opened)
        case Role.LADO:
            return Sight(closed=True, own=worker.id)
        case Role.AUDITOR:
            return Sight(ordinary=True)
        case Role.ADMINISTRATOR:
            return Sight()


def may(worker: DutyWorkerRecord, act: Act, record: Seen, opened: frozenset[EnquiryId] = frozenset()) -> bool:
    """Say whether a worker may do this to one enquiry: nothing is done to what is not seen.

    To break the glass is for what is not seen.
    """
    sees = sight_of(worker, opened).sees(record)
    if act is Act.BREAK_GLASS:
        return allows(worker, act) and record.closed_queue and not sees
    return allows(worker, act) and sees


def may_go_on_recording(
    worker: DutyWorkerRecord,
    record: Seen,
    writer_id: DutyWorkerId,
    *,
    is_over: bool,
    opened: frozenset[EnquiryId] = frozenset(),
) -> bool:
    """Say whether a worker may go on writing down a call or a visit.

    What is said may close the queue to them while they write. They finish what they write, and it is gone.
    """
    if may(worker, Act.RECORD, record, opened):
        return True
    return allows(worker, Act.RECORD) and worker.id == writer_id and not is_over


def may_see_incident(worker: DutyWorkerRecord, record: Seen | None, sight: Sight) -> bool:
    """Say whether a worker sees an incident; `record` is the enquiry it is about, if it is about one.

    One of the closed queue is seen by managers too, who see no more of it than that nobody was told.
    """
    if not allows(worker, Act.SEE_INCIDENTS):
        return False
    if record is None or not record.closed_queue:
        return True
    return sight.sees(record) or allows(worker, Act.SEE_GAPS_IN_TELLING)

"""What was decided reaches them within the working day, with proof that it went; if not, a worker is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.conversation.house import House
from bot.followups.climbing import give_task
from bot.followups.due import Done, ForWorker, Handling, Moment, PutOff, Result
from bot.followups.kinds import FollowUpKind, promise
from bot.safeguarding.telling import note_act
from storage.decisions import FeedbackRecord, FeedbackWay
from storage.enquiries import EnquiryRecord
from storage.follow_ups import FollowUpRecord
from storage.identifiers import ConversationId, DutyWorkerId, FeedbackId
from storage.incidents import IncidentKind
from storage.outbox import OutboxStatus
from storage.repository import NotFound
from storage.unit_of_work import UnitOfWork

BY_HAND = "by_hand"
NOT_SENT = "not_sent"
NOT_GONE = "not_gone"


def promise_told(
    uow: UnitOfWork,
    house: House,
    enquiry: EnquiryRecord,
    feedback: FeedbackRecord,
    worker_id: DutyWorkerId,
    now: datetime,
    *,
    conversation_id: ConversationId | None = None,
) -> FollowUpRecord | None:
    """Promise that they hear what was decided by when it is due: from us, with proof, or from a worker.

    The message itself is in the outbox by now. None where they are not to be told.
    """
    details = {"feedback": feedback.id, "worker": worker_id}
    if feedback.way is FeedbackWay.NOT_TOLD:
        return None
    if feedback.way is FeedbackWay.BY_HAND:
        return give_task(
            uow,
            house,
            FollowUpKind.OUTCOME_TOLD,
            enquiry_id=enquiry.id,
            by=feedback.due_at,
            worker_id=worker_id,
            why=BY_HAND,
            key=key_of(feedback.id),
            details=details,
            now=now,
        )
    return promise(
        uow,
        FollowUpKind.OUTCOME_TOLD,
        enquiry_id=enquiry.id,
        conversation_id=conversation_id,
        due_at=now + timedelta(minutes=house.area.afterwards.look_minutes),
        promised_at=feedback.due_at,
        key=key_of(feedback.id),
        details=details,
        now=now,
    )


def note_told(uow: UnitOfWork, feedback_id: FeedbackId, worker_id: DutyWorkerId | None, now: datetime) -> bool:
    """Note that they were told, and end the promise; False where that was noted before."""
    is_first = uow.decisions.told(feedback_id, worker_id, now)
    standing = uow.follow_ups.by_key(key_of(feedback_id))
    if standing is not None:
        uow.follow_ups.done(standing.id, "told_by_worker" if worker_id else "told", now)
    return is_first


def key_of(feedback_id: FeedbackId) -> str:
    return f"told:{feedback_id}"


def _look(moment: Moment) -> Result:
    """Look for the proof that it went."""
    feedback = _feedback(moment)
    if feedback is None or _has_gone(moment, feedback):
        return Done("told")
    if feedback.outbox_id is not None and _status(moment, feedback) is OutboxStatus.PENDING:
        again_at = moment.now + timedelta(minutes=moment.house.area.afterwards.look_minutes)
        if again_at <= feedback.due_at:
            return PutOff(again_at, "on_its_way")
        return ForWorker(NOT_GONE, _worker(moment))
    moment.uow.decisions.tell_by_hand(feedback.id)
    moment.uow.incidents.raise_(
        IncidentKind.FEEDBACK_NOT_SENT, key=feedback.id, now=moment.now, enquiry_id=moment.enquiry.id
    )
    record = ("feedback", feedback.id)
    note_act(moment.uow, moment.enquiry, "front_door", "feedback.not_delivered", record, moment.now)
    return ForWorker(NOT_SENT, _worker(moment))


def _is_told(moment: Moment) -> str | None:
    """A worker's task is over once they were told, by whomever; ours ends with its proof."""
    feedback = _feedback(moment)
    if feedback is None or feedback.done_at is not None:
        return "told"
    is_given = moment.follow_up.why is not None and _has_gone(moment, feedback)
    return "told" if is_given else None


def _has_gone(moment: Moment, feedback: FeedbackRecord) -> bool:
    """Say whether they were told, and note when the message went: that is the proof."""
    if feedback.done_at is not None:
        return True
    if feedback.outbox_id is None or _status(moment, feedback) is not OutboxStatus.SENT:
        return False
    sent_at = moment.uow.outbox.get(feedback.outbox_id).sent_at or moment.now
    moment.uow.decisions.told(feedback.id, None, sent_at)
    record = ("feedback", feedback.id)
    note_act(
        moment.uow,
        moment.enquiry,
        "front_door",
        "feedback.sent",
        record,
        moment.now,
        way=feedback.way.value,
        sent_at=sent_at.isoformat(),
    )
    return True


def _status(moment: Moment, feedback: FeedbackRecord) -> OutboxStatus | None:
    if feedback.outbox_id is None:
        return None
    try:
        return moment.uow.outbox.get(feedback.outbox_id).status
    except NotFound:
        return None


def _feedback(moment: Moment) -> FeedbackRecord | None:
    return moment.uow.decisions.feedback(FeedbackId(str(moment.follow_up.details["feedback"])))


def _worker(moment: Moment) -> DutyWorkerId | None:
    worker = moment.follow_up.details.get("worker")
    return DutyWorkerId(str(worker)) if worker else None


def _says(moment: Moment) -> str:
    feedback = _feedback(moment)
    return "" if feedback is None else feedback.words


HANDLINGS = {FollowUpKind.OUTCOME_TOLD: Handling(act=_look, stale=_is_told, says=_says)}

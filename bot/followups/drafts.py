"""A draft left half way: with a worry in it a worker sees it soon (FD12); else one nudge, and then it goes (FD13).

One row stands for the worry and one for the rest, made when they begin to write or come back to it, never at each
turn: when a bell rings it looks at when they were last heard, and is put off.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.conversation.memory import Memory
from bot.conversation.promises import Heard
from bot.conversation.summary import describe_people, summarise
from bot.followups.due import Done, ForWorker, Handling, Handlings, Moment, PutOff, Result, Stale
from bot.followups.kinds import FollowUpKind, promise
from bot.followups.reaching import Safe, begin, may_begin
from bot.safeguarding.telling import note_act
from flows.answers import Given, from_json
from flows.area import DraftTimes
from flows.outcome import Message
from storage.conversations import ConversationRecord, ConversationStatus
from storage.enquiries import EnquiryRecord, EnquiryStatus, StoredUrgency
from storage.erasure import erase_old_draft
from storage.follow_ups import Actor, FollowUpRecord
from storage.recordings import RECORDED
from storage.unit_of_work import UnitOfWork

LEFT_WITH_A_WORRY = "left_with_a_worry"
NUDGED = "nudged"
SEEN = "enquiry.viewed"
OWN_WORDS = frozenset({"reason_in_own_words", "worries", "impact_on_child", "childs_own_words", "childs_voice"})
"""Fields in which somebody says what is wrong."""
ALWAYS_A_WORRY = frozenset({"worries", "impact_on_child"})
"""Whoever answers these has named one."""
SOON = timedelta(minutes=5)


# -- made by a turn ---------------------------------------------------------------------------------------------


def go_on(heard: Heard) -> None:
    """They wrote in a draft: promise to look at it once they are silent, where nobody has promised that yet."""
    conversation = heard.conversation
    if conversation.channel in RECORDED:
        return  # a worker writes it down, and has clocks of their own
    left_after = timedelta(minutes=heard.house.area.drafts.left_minutes)
    before = conversation.last_spoke_at or conversation.updated_at
    is_answer_to_us = bool(conversation.state.get("begun"))
    if conversation.turns_handled and not is_answer_to_us and heard.now - before < left_after / 2:
        return  # it stands since their last message
    promise(
        heard.uow,
        FollowUpKind.DRAFT_WORRY,
        enquiry_id=conversation.enquiry_id,
        conversation_id=conversation.id,
        due_at=heard.now + left_after,
        key=f"draft_worry:{conversation.id}",
        now=heard.now,
    )


def keep_what_must_be(heard: Heard) -> None:
    """They asked us to stop: what they wrote is still looked at for a worry, and is deleted when we said."""
    conversation = heard.conversation
    if conversation.finished or conversation.channel in RECORDED:
        return
    enquiry = heard.uow.enquiries.get(conversation.enquiry_id)
    if enquiry.submitted_at is None:
        _promise_deletion(
            heard.uow, conversation, heard.now + _kept_for(heard.house.area.retention.draft_days), heard.now
        )


# -- kept by the clock ------------------------------------------------------------------------------------------


def see_worry(moment: Moment) -> Result:
    """Put a draft with a worry in it before a worker, as an enquiry like any other; else promise the rest."""
    conversation, times = _draft(moment), moment.house.area.drafts
    last = _last_heard(conversation)
    if (left_at := last + timedelta(minutes=times.left_minutes)) > moment.now:
        return PutOff(left_at, "still_writing")
    worry = worry_in(moment.uow, moment.enquiry, times)
    if not worry:
        _promise_nudge(moment, conversation, last)
        return Done("no_worry")
    _send_as_it_is(moment, conversation, worry)
    if _in_hand(moment, since=last):
        return Done("in_hand")
    return ForWorker(LEFT_WITH_A_WORRY, by=max(last + timedelta(minutes=times.seen_minutes), moment.now + SOON))


def nudge(moment: Moment) -> Result:
    """Say once, where that is safe, that it is not finished and until when it is kept."""
    conversation = _draft(moment)
    last = _last_heard(conversation)
    if (nudge_at := last + timedelta(hours=moment.house.area.drafts.nudge_hours)) > moment.now:
        return PutOff(nudge_at, "they_wrote")
    safe = may_begin(moment)
    if isinstance(safe, PutOff) and safe.due_at < _ending_at(moment, last):
        return safe
    if not isinstance(safe, Safe):
        _promise_ending(moment, conversation, last)
        return Done(f"not_nudged.{safe.why}")
    rows = begin(moment, safe, [Message(_words(moment, "draft_nudge", _deleted_at(moment, last)))])
    _promise_ending(moment, conversation, last)
    return Done(NUDGED, rows)


def tell_ending(moment: Moment) -> Result:
    """Say, where that is safe, when it will be deleted. Where it is not, they were told at the beginning."""
    conversation = _draft(moment)
    last = _last_heard(conversation)
    if (ending_at := _ending_at(moment, last)) > moment.now:
        return PutOff(ending_at, "they_wrote")
    delete_at = _deleted_at(moment, last)
    safe = may_begin(moment)
    if isinstance(safe, PutOff) and safe.due_at < delete_at:
        return safe
    if not isinstance(safe, Safe):
        _promise_deletion(moment.uow, conversation, delete_at, moment.now)
        return Done(f"not_told.{safe.why}")
    # Told late, as after a night the machine slept through: they have as long as anybody.
    delete_at = max(delete_at, moment.now + timedelta(days=moment.house.area.drafts.ending_days))
    rows = begin(moment, safe, [Message(_words(moment, "draft_ending", delete_at))])
    _promise_deletion(moment.uow, conversation, delete_at, moment.now)
    return Done("told", rows)


def delete(moment: Moment) -> Result:
    """Delete it by the rule that `storage.erasure` holds; what the rule keeps stays, and somebody has it."""
    conversation = _draft(moment)
    days = moment.house.area.retention.draft_days
    if (delete_at := _deleted_at(moment, _last_heard(conversation))) > moment.now:
        return PutOff(delete_at, "they_wrote")
    if not erase_old_draft(moment.uow, conversation.id, moment.now - _kept_for(days), moment.now):
        return Stale("kept")
    others = [kind for kind in FollowUpKind if kind is not FollowUpKind.DRAFT_DELETION]
    moment.uow.follow_ups.cancel_of(moment.enquiry.id, "erased", moment.now, kinds=others)
    return Done("deleted")


def why_stale(moment: Moment) -> str | None:
    """Say why there is no draft any more."""
    conversation = moment.conversation
    if conversation is None or conversation.status is ConversationStatus.CLOSED:
        return "chat_closed"
    if moment.enquiry.submitted_at is not None or conversation.finished:
        return "sent"
    return "with_worker" if conversation.status is ConversationStatus.WITH_WORKER else None


def why_worry_stale(moment: Moment) -> str | None:
    """For a worker the task ends when one has looked at what they wrote last; before that, when they have sent it
    themselves or a worker has it. What we have sent for them they may still be writing.
    """
    conversation = moment.conversation
    if moment.follow_up.actor is Actor.WORKER:
        return "seen" if conversation is None or _in_hand(moment, since=_last_heard(conversation)) else None
    if conversation is not None and conversation.finished:
        return "sent"
    return why_stale(moment) if moment.enquiry.submitted_at is None else None


def worry_in(uow: UnitOfWork, enquiry: EnquiryRecord, times: DraftTimes) -> str:
    """Return what makes a draft one that a worker has to see, as a code; nothing where it is not."""
    if uow.concerns.of(enquiry.id):
        return "concern"
    if enquiry.urgency not in (StoredUrgency.NONE, StoredUrgency.ADVICE):
        return "urgency"
    for conversation in uow.conversations.of_enquiry(enquiry.id):
        if any(turn.screening.get("signals") for turn in uow.turns.of(conversation.id)):
            return "signal"
    given = {a.field for a in uow.answers.current(enquiry.id) if isinstance(from_json(a.value), Given)}
    named = ALWAYS_A_WORRY if enquiry.audience.value not in times.words_are_a_worry else OWN_WORDS
    return "own_words" if given & named else ""


def _send_as_it_is(moment: Moment, conversation: ConversationRecord, worry: str) -> None:
    """Make it an enquiry. They may still go on with it, and send it again."""
    describe_people(moment.uow, conversation, moment.now)
    summary = summarise(moment.uow, moment.enquiry.id)
    moment.uow.enquiries.submit(moment.enquiry.id, summary=summary, now=moment.now)
    record = ("enquiry", moment.enquiry.id)
    note_act(moment.uow, moment.enquiry, "front_door", "draft.sent", record, moment.now, worry=worry)


def _in_hand(moment: Moment, since: datetime) -> bool:
    """Say whether a worker has it, or has looked at it since."""
    enquiry = moment.enquiry
    if enquiry.worker_id is not None or enquiry.status is not EnquiryStatus.OPEN:
        return True
    return any(entry.act == SEEN and entry.at >= since for entry in moment.uow.audit.of(enquiry.id))


# -- when -------------------------------------------------------------------------------------------------------


def _draft(moment: Moment) -> ConversationRecord:
    if moment.conversation is None:
        raise ValueError("a draft is a conversation")
    return moment.conversation


def _last_heard(conversation: ConversationRecord) -> datetime:
    return conversation.last_heard_at or conversation.updated_at


def _kept_for(days: int) -> timedelta:
    return timedelta(days=days)


def _deleted_at(moment: Moment, last: datetime) -> datetime:
    return last + _kept_for(moment.house.area.retention.draft_days)


def _ending_at(moment: Moment, last: datetime) -> datetime:
    return _deleted_at(moment, last) - timedelta(days=moment.house.area.drafts.ending_days)


def _words(moment: Moment, key: str, at: datetime) -> str:
    zone = moment.house.working_time.zone
    day = at.astimezone(zone)
    values = {"when": f"{day:%A} {day.day} {day:%B}"}
    voice = moment.house.voice(moment.now, moment.enquiry.reference)
    return voice.fixed(key, moment.enquiry.audience.value, values)


# -- what comes next --------------------------------------------------------------------------------------------


def _promise_nudge(moment: Moment, conversation: ConversationRecord, last: datetime) -> None:
    hours = moment.house.area.drafts.nudge_hours
    nudged = any(
        f.kind == FollowUpKind.DRAFT_NUDGE and f.outcome == NUDGED
        for f in moment.uow.follow_ups.of(moment.enquiry.id)
    )
    if not hours or nudged or Memory.from_json(conversation.state).stopped:
        _promise_ending(moment, conversation, last)
    else:
        _promise(moment.uow, FollowUpKind.DRAFT_NUDGE, conversation, last + timedelta(hours=hours), moment.now)


def _promise_ending(moment: Moment, conversation: ConversationRecord, last: datetime) -> None:
    _promise(moment.uow, FollowUpKind.DRAFT_ENDING, conversation, _ending_at(moment, last), moment.now)


def _promise_deletion(uow: UnitOfWork, conversation: ConversationRecord, at: datetime, now: datetime) -> None:
    standing = _promise(uow, FollowUpKind.DRAFT_DELETION, conversation, at, now)
    if standing.due_at < at:
        uow.follow_ups.put_off(standing.id, due_at=at, why="told_later")


def _promise(
    uow: UnitOfWork, kind: FollowUpKind, conversation: ConversationRecord, at: datetime, now: datetime
) -> FollowUpRecord:
    return promise(
        uow,
        kind,
        enquiry_id=conversation.enquiry_id,
        conversation_id=conversation.id,
        due_at=at,
        key=f"{kind}:{conversation.id}",
        now=now,
    )


HANDLINGS: Handlings = {
    FollowUpKind.DRAFT_WORRY: Handling(see_worry, why_worry_stale),
    FollowUpKind.DRAFT_NUDGE: Handling(
        nudge, why_stale, lambda m: _words(m, "draft_nudge", _deleted_at(m, _last_heard(_draft(m))))
    ),
    FollowUpKind.DRAFT_ENDING: Handling(
        tell_ending, why_stale, lambda m: _words(m, "draft_ending", _deleted_at(m, _last_heard(_draft(m))))
    ),
    FollowUpKind.DRAFT_DELETION: Handling(delete, why_stale),
}

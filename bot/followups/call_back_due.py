"""Keeps what was promised about call-backs: offers times, reminds, and asks afterwards whether we rang."""

from __future__ import annotations

from bot.conversation.promises import Place, asking_message
from bot.followups.asking import Setting
from bot.followups.call_back_talk import (
    KEPT,
    LEADS,
    RANG,
    CallTalk,
    ask_rang,
    ask_reminder,
    ask_slot,
)
from bot.followups.call_back_words import CallWords
from bot.followups.call_backs import FRONT_DOOR, CallBacks
from bot.followups.due import Done, ForWorker, Handling, Moment, PutOff, Result, Stale
from bot.followups.kinds import FollowUpKind
from bot.followups.reaching import Safe, begin, may_begin
from storage.call_backs import CallOutcome
from storage.follow_ups import FollowUpRecord
from storage.identifiers import CallBackId
from storage.outbox import NewOutbox

TOLD = "told"
"""A part of no question: a worker has booked or moved it, and the person is told."""


def _offer_due(moment: Moment) -> Result:
    """Offer times, or tell them of the call a worker booked, where that is safe; later see whether they chose."""
    details = moment.follow_up.details
    if details.get("asked"):
        return ForWorker("not_chosen") if details.get("silent") else Done("not_chosen")
    safe = may_begin(moment)
    if isinstance(safe, ForWorker) and details.get("part") == TOLD:
        return Done("not_told")  # the worker who booked it was told that it may not be safe
    if not isinstance(safe, Safe):
        return safe
    assert moment.conversation is not None  # `may_begin` asks for a chat
    talk = CallTalk(moment.uow, moment.house, moment.conversation, moment.enquiry, moment.now)
    if details.get("part") == TOLD:
        question = talk.kept_question(KEPT)
        if question is None:
            return Stale("call_over")
        place = Place(moment.follow_up.id, KEPT)
        return Done("told", begin(moment, safe, [asking_message(place, question)], place))
    offer = talk.offer(str(details.get("part", "offer")), tries=int(details.get("tries", 1)), silent=True)
    if offer is None:
        return ForWorker("no_time")
    setting = _setting(moment, moment.uow.follow_ups.get(moment.follow_up.id))
    question = ask_slot(setting)
    if question is None:
        return ForWorker("no_time")
    rows = begin(moment, safe, [asking_message(offer, question)], offer)
    return PutOff(talk.until(silent=True), "offered", rows)


def _remind(moment: Moment) -> Result:
    """See that the rota still keeps it; remind them where it is safe now, whatever we knew when they booked it.

    A reminder is never a worker's task.
    """
    call = moment.uow.call_backs.get(CallBackId(str(moment.follow_up.details["call_back"])))
    calls = CallBacks(moment.uow, moment.house, moment.now)
    unkept = calls.recheck(call)
    if unkept is not None:
        return Done("unkept", tuple(unkept))
    safe = may_begin(moment)
    if isinstance(safe, PutOff) and safe.due_at < call.starts_at:
        return safe
    question = ask_reminder(_setting(moment, moment.follow_up)) if isinstance(safe, Safe) else None
    if not isinstance(safe, Safe) or question is None:
        return Stale("not_safe_to_remind")
    place = Place(moment.follow_up.id, "reminder")
    return Done("reminded", begin(moment, safe, [asking_message(place, question)], place, by=call.starts_at))


def _check(moment: Moment) -> Result:
    """Ask whether we rang, once. Where a worker has not said, a manager hears of it as well."""
    call = moment.uow.call_backs.get(CallBackId(str(moment.follow_up.details["call_back"])))
    if moment.follow_up.details.get("asked"):
        return Done("no_answer") if call.outcome is CallOutcome.REACHED else ForWorker("no_answer")
    rows: list[NewOutbox] = []
    if call.stands:
        rows = CallBacks(moment.uow, moment.house, moment.now).missed(moment.enquiry, call, said_by=FRONT_DOOR)
    safe = may_begin(moment)
    if isinstance(safe, PutOff):
        return PutOff(safe.due_at, safe.why, tuple(rows))
    question = ask_rang(_setting(moment, moment.follow_up)) if isinstance(safe, Safe) else None
    if not isinstance(safe, Safe) or question is None:
        return Done("not_asked", tuple(rows))  # what is not recorded goes on climbing as its worker's task
    place = Place(moment.follow_up.id, RANG)
    asked = begin(moment, safe, [asking_message(place, question)], place)
    moment.uow.follow_ups.set_details(moment.follow_up.id, {**moment.follow_up.details, "asked": True})
    later = moment.house.working_time.add_days(moment.now, moment.house.area.call_backs.answer_days).at
    return PutOff(later, "asked", (*rows, *asked))


def _call_is_over(moment: Moment) -> str | None:
    key = str(moment.follow_up.details.get("call_back", ""))
    call = moment.uow.call_backs.get(CallBackId(key)) if key else None
    if call is None or call.outcome in (CallOutcome.MOVED, CallOutcome.CANCELLED):
        return "call_over"
    return None


def _reminder_is_over(moment: Moment) -> str | None:
    call = moment.uow.call_backs.get(CallBackId(str(moment.follow_up.details["call_back"])))
    return None if call.stands and call.starts_at > moment.now else "call_over"


def _task_is_over(moment: Moment) -> str | None:
    call = moment.uow.call_backs.by_task(moment.follow_up.id)
    return None if call is not None and call.stands else "call_over"


def _chosen_since(moment: Moment) -> str | None:
    if moment.follow_up.details.get("part") == TOLD:
        return None
    calls = moment.uow.call_backs.of(moment.enquiry.id)
    made = moment.follow_up.created_at
    return "chosen" if any(call.stands and call.created_at > made for call in calls) else None


def _setting(moment: Moment, follow_up: FollowUpRecord) -> Setting:
    assert moment.conversation is not None
    return Setting(moment.uow, moment.house, moment.conversation, moment.enquiry, follow_up, moment.now)


def _says_offer(moment: Moment) -> str:
    words = CallWords(moment.house, moment.enquiry, moment.now)
    details = moment.follow_up.details
    if details.get("asked") or details.get("part") == TOLD:
        return ""
    return words.say(LEADS.get(str(details.get("part")), "call_offer"))


def _says_reminder(moment: Moment) -> str:
    call = moment.uow.call_backs.get(CallBackId(str(moment.follow_up.details["call_back"])))
    words = CallWords(moment.house, moment.enquiry, moment.now)
    return words.say("call_reminder", when=words.when(call))


def _says_check(moment: Moment) -> str:
    if moment.follow_up.details.get("asked"):
        return ""
    return CallWords(moment.house, moment.enquiry, moment.now).say("call_check")


HANDLINGS = {
    FollowUpKind.CALL_BACK: Handling(stale=_task_is_over),
    FollowUpKind.CALL_BACK_SLOTS: Handling(act=_offer_due, stale=_chosen_since, says=_says_offer),
    FollowUpKind.CALL_BACK_REMINDER: Handling(act=_remind, stale=_reminder_is_over, says=_says_reminder),
    FollowUpKind.CALL_BACK_CHECK: Handling(act=_check, stale=_call_is_over, says=_says_check),
}

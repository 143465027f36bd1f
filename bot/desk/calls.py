"""Call-backs as the desk shows them: what was promised, what a voicemail may say, and how each went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.finding import text_of
from bot.conversation.house import House
from bot.followups.call_back_words import day_and_time, option_of
from bot.followups.call_backs import FRONT_DOOR, NUMBERS, PERSON, CallBacks
from bot.followups.safe_contact import SafeContact, Voicemail, Way
from bot.followups.slots import NoCalls, Slot
from flows.answers import Given, from_json
from storage.call_backs import CallBackRecord, CallOutcome, Said
from storage.enquiries import EnquiryRecord
from storage.identifiers import DutyWorkerId
from storage.unit_of_work import UnitOfWork

WAYS = {
    Way.MOBILE: "their mobile",
    Way.LANDLINE: "their home phone",
    Way.WORK_PHONE: "their work phone",
}
VOICEMAIL = {
    Voicemail.NO: "Leave no voicemail.",
    Voicemail.FIRST_NAME: "A voicemail may say a first name only.",
    Voicemail.SAY_WHO: "A voicemail may say who is calling.",
}
OUTCOMES = {
    CallOutcome.REACHED: "Reached: we talked",
    CallOutcome.NO_ANSWER: "No answer",
    CallOutcome.WRONG_NUMBER: "Wrong number",
    CallOutcome.NOT_SAFE: "Not safe to talk",
}
"""What a worker may say of a call. That they moved it is said by booking another time."""
ENDED = {
    **OUTCOMES,
    CallOutcome.MOVED: "Moved to another time",
    CallOutcome.CANCELLED: "Cancelled",
    CallOutcome.MISSED: "Missed: we did not ring",
}
SAID = {
    Said.TALKED: "They say: we talked.",
    Said.MISSED_IT: "They say: they missed the call.",
    Said.COULD_NOT_TALK: "They say: they could not talk.",
    Said.NOT_RUNG: "They say: nobody rang.",
}


@dataclass(frozen=True, slots=True)
class CallShown:
    """One call. `cannot`: why nobody on the rota can make it. `is_late`: it is over, and nothing is recorded."""

    call: CallBackRecord
    reference: str
    worker: str
    way: str
    outcome: str = ""
    said: str = ""
    made_by: str = ""
    cannot: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class CallsView:
    """The call-backs of one enquiry. `why_none`: why no call may be booked, in words."""

    standing: CallShown | None
    earlier: tuple[CallShown, ...]
    times: tuple[tuple[str, str], ...]
    why_none: str
    number: str
    voicemail: str
    code_word: str
    needs_interpreter: bool
    may_offer: bool


def read_calls(uow: UnitOfWork, house: House, enquiry: EnquiryRecord, now: datetime) -> CallsView:
    calls = CallBacks(uow, house, now)
    contact = calls.contact(enquiry)
    names = {worker.id: worker.name for worker in uow.duty_workers.list_all()}
    shown = [call_shown(uow, house, call, enquiry.reference, names, now) for call in uow.call_backs.of(enquiry.id)]
    slots = calls.free(enquiry)
    zone = house.working_time.zone
    times = [] if isinstance(slots, NoCalls) else slots
    standing = next((one for one in shown if one.call.stands), None)
    way = Way(standing.call.way) if standing else calls.way(enquiry, contact)
    return CallsView(
        standing=standing,
        earlier=tuple(one for one in shown if not one.call.stands),
        times=tuple((option_of(s.starts_at), day_and_time(s.starts_at, zone)) for s in times),
        why_none=_why_none(house, slots),
        number=_number(uow, enquiry, way),
        voicemail=VOICEMAIL[contact.voicemail],
        code_word=contact.code_word,
        needs_interpreter=contact.needs_interpreter,
        may_offer=calls.chat(enquiry) is not None and bool(times) and _may_chat(contact),
    )


def call_shown(
    uow: UnitOfWork,
    house: House,
    call: CallBackRecord,
    reference: str,
    names: Mapping[DutyWorkerId, str],
    now: datetime,
) -> CallShown:
    kept = CallBacks(uow, house, now).can_keep(call) if call.stands and call.ends_at > now else None
    nobody = "whoever is on duty"
    cannot = "" if kept is None or isinstance(kept, Slot) else kept.reason.in_words(house.wording)
    return CallShown(
        call=call,
        reference=reference,
        worker=names.get(call.worker_id, nobody) if call.worker_id else nobody,
        way=WAYS.get(Way(call.way), ""),
        outcome=ENDED[call.outcome] if call.outcome else "",
        said=SAID[call.said] if call.said else "",
        made_by={PERSON: "by them", FRONT_DOOR: "by rule"}.get(
            call.made_by, names.get(DutyWorkerId(call.made_by), "")
        ),
        cannot=cannot,
        is_late=call.stands and call.ends_at <= now,
    )


def coming(uow: UnitOfWork, house: House, now: datetime) -> list[CallBackRecord]:
    """Return what stands: late, today and in the days ahead."""
    since = now - timedelta(days=60)
    return uow.call_backs.standing(since, now + timedelta(days=house.area.call_backs.days_ahead + 2))


def _may_chat(contact: SafeContact) -> bool:
    return Way.CHAT in contact.ways and not contact.held


def _why_none(house: House, slots: list[Slot] | NoCalls) -> str:
    if isinstance(slots, NoCalls):
        return slots.reason.in_words(house.wording)
    return "" if slots else "Nobody on the rota has a free time in the days ahead that is safe for them."


def _number(uow: UnitOfWork, enquiry: EnquiryRecord, way: Way | None) -> str:
    if way is None:
        return ""
    answers = {a.key: from_json(a.value) for a in uow.answers.current(enquiry.id)}
    answer = answers.get(NUMBERS[way])
    typed = answer.value.get("typed") if isinstance(answer, Given) and isinstance(answer.value, dict) else None
    return str(typed or text_of(answer))

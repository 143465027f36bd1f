"""Call-backs as the desk shows them: what was promised, what a voicemail may say, and how each went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.finding import text_of
from bot.conversation.house import House
from bot.desk.feed import places_of
from bot.desk.frame import Desk
from bot.desk.signing import SignedIn
from bot.followups.call_back_reach import Reach, reach_of
from bot.followups.call_back_rota import CallRota
from bot.followups.call_back_words import day_and_time, option_of
from bot.followups.call_backs import FRONT_DOOR, PERSON, CallBacks
from bot.followups.reasons import Reason
from bot.followups.safe_contact import SafeContact, Voicemail, Way
from bot.followups.slots import CannotKeep, NoCalls, Slot, Standing
from flows.wording import Wording
from storage.call_backs import CallBackRecord, CallOutcome, Said
from storage.enquiries import EnquiryRecord
from storage.identifiers import DutyWorkerId
from storage.unit_of_work import UnitOfWork

LOOK_BACK = timedelta(days=60)
"""What nobody has recorded for so long is not in today's list any more."""
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
    """One call. `cannot`: why not to make it as it stands. `is_late`: it is over, and nothing is recorded."""

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
    calls, reach = CallBacks(uow, house, now), reach_of(uow, house, enquiry)
    contact = reach.contact
    names = {worker.id: worker.name for worker in uow.duty_workers.list_all()}
    shown = [
        call_shown(house, call, enquiry.reference, names, now, calls.can_keep(call) if call.stands else None)
        for call in uow.call_backs.of(enquiry.id)
    ]
    slots = calls.free(enquiry, reach)
    zone = house.working_time.zone
    times = [] if isinstance(slots, NoCalls) else slots
    standing = next((one for one in shown if one.call.stands), None)
    way = Way(standing.call.way) if standing else reach.way
    return CallsView(
        standing=standing,
        earlier=tuple(one for one in shown if not one.call.stands),
        times=tuple((option_of(s.starts_at), day_and_time(s.starts_at, zone)) for s in times),
        why_none=_why_none(house, slots),
        number=_number(reach, way),
        voicemail=VOICEMAIL[contact.voicemail],
        code_word=contact.code_word,
        needs_interpreter=contact.needs_interpreter,
        may_offer=calls.chat(enquiry) is not None and bool(times) and _may_chat(contact),
    )


def call_shown(
    house: House,
    call: CallBackRecord,
    reference: str,
    names: Mapping[DutyWorkerId, str],
    now: datetime,
    standing: Standing | None,
) -> CallShown:
    """Show one; `standing` says whether it can be kept and is safe, of one that stands and is not over."""
    nobody = "whoever is on duty"
    cannot = ""
    if call.ends_at > now and standing is not None and standing.why_not:
        cannot = " ".join(_why_not(house.wording, standing))
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


def _why_not(wording: Wording, standing: Standing) -> list[str]:
    """Return what to think of first, and then why. A call that is not safe may have somebody to make it."""
    first = "duty_call_nobody" if isinstance(standing.kept, CannotKeep) else "duty_call_look_again"
    return [wording.text(first), *(Reason(why).in_words(wording) for why in standing.why_not)]


def coming(uow: UnitOfWork, desk: Desk, signed_in: SignedIn, now: datetime) -> list[CallShown]:
    """Return what stands of what somebody may see: late, today and in the days ahead."""
    rota = CallRota(uow, desk.house, now)
    calls = uow.call_backs.standing(now - LOOK_BACK, rota.until)
    places = places_of(uow, desk.placing, [call.enquiry_id for call in calls])
    seen = [call for call in calls if signed_in.sight.sees(places[call.enquiry_id])]
    ids = {call.id for call in seen}
    kept = {call.id: standing for call, standing in rota.still_kept(rota.until, lambda call: call.id in ids)}
    names = {worker.id: worker.name for worker in uow.duty_workers.list_all()}
    return [
        call_shown(desk.house, call, uow.enquiries.get(call.enquiry_id).reference, names, now, kept.get(call.id))
        for call in seen
    ]


def _may_chat(contact: SafeContact) -> bool:
    return Way.CHAT in contact.ways and not contact.held


def _why_none(house: House, slots: list[Slot] | NoCalls) -> str:
    if isinstance(slots, NoCalls):
        return slots.reason.in_words(house.wording)
    return "" if slots else "Nobody on the rota has a free time in the days ahead that is safe for them."


def _number(reach: Reach, way: Way | None) -> str:
    answer = reach.numbers.get(way) if way is not None else None
    typed = answer.value.get("typed") if answer is not None and isinstance(answer.value, dict) else None
    return str(typed or text_of(answer))

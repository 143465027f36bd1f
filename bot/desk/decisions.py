"""Deciding an enquiry: which outcomes somebody may record, what closing it does, and how people are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.conversation.finding import text_of
from bot.conversation.house import House
from bot.conversation.memory import Memory
from bot.conversation.speaking import notice_to
from bot.desk.access import Act, allows
from bot.desk.handoffs import message_to, open_conversation_of
from bot.desk.passing import confirmed_for, who_has_it
from bot.followups.helped import NOT_LATER, Later, promise_to_ask
from bot.followups.records import promise_deletion
from bot.followups.renewal import promise_renewal
from bot.followups.safe_contact import MAY_WRITE
from bot.followups.told import promise_told
from bot.safeguarding.alerts import close
from bot.safeguarding.telling import note_act
from flows.answers import Answer, Given, from_json
from storage.alerts import AlertStatus
from storage.concerns import ConcernStatus
from storage.conversations import ConversationRecord, ConversationStatus
from storage.decisions import DecisionRecord, FeedbackRecord, FeedbackWay
from storage.duty_workers import DutyWorkerRecord, Role
from storage.enquiries import Audience, EnquiryRecord, EnquiryStatus
from storage.handoffs import HandoffEnd
from storage.identifiers import EnquiryId, OutboxId
from storage.outbox import NewOutbox, OutboxKind, OutboxRecord
from storage.queue import Place
from storage.unit_of_work import UnitOfWork

REFERRALS = frozenset({"REF", "CPE"})
"""Outcomes that make a Referral, which only a manager does."""

PASSED_ON = frozenset({"EH", "EXIST", "OLA"})
"""Outcomes by which somebody else takes it: recorded only once they have said that they have it."""


GOES_ON = "EH"
"""The outcome after which what they agreed to lasts, and is asked again."""


class MayNotDecide(Exception):
    """Their role does not let them record this outcome of this enquiry."""


class NotConfirmed(Exception):
    """Nobody has said that they have it: it waits for that, or was not passed on to whom this outcome names."""


class SaidMore(Exception):
    """The person has written since the page was opened: their words are read first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen on the form. `told` is who else was told, `later` whether they may be asked afterwards."""

    outcome: str
    referral_outcome: str | None
    reason: str
    told: str
    way: FeedbackWay
    not_told_because: str
    later: Later = NOT_LATER


@dataclass(frozen=True, slots=True)
class Way:
    """One way to tell them. `said_safe`: they said that it is; `can_go`: we have what it takes."""

    way: FeedbackWay
    said_safe: bool
    can_go: bool
    address: str = ""


def outcomes(house: House) -> dict[str, Mapping[str, str]]:
    """Return the outcomes of a contact by their codes."""
    return {row["code"]: row for row in house.catalog.lists["contact_outcome"].rows}


def referral_outcomes(house: House) -> dict[str, str]:
    """Return the outcomes of a referral by codes of our own: the list has none."""
    rows = house.catalog.lists["referral_outcome"].rows
    return {_code_of(row["description"]): row["description"] for row in rows}


def may_record(
    uow: UnitOfWork, house: House, worker: DutyWorkerRecord, place: Place, enquiry_id: EnquiryId
) -> list[str]:
    """Return the outcomes that somebody may record of an enquiry they see.

    A manager: all. The officer for allegations: all of the closed queue but a Referral. A duty worker: what the
    area lets them, where nothing is held and no danger is open.
    """
    codes = list(outcomes(house))
    if allows(worker, Act.DECIDE):
        return codes
    if not allows(worker, Act.WRITE) or uow.holds.standing_for(enquiry_id) is not None:
        return []
    if worker.role is Role.LADO and place.closed_queue:
        return [code for code in codes if code not in REFERRALS]
    is_calm = place.urgency.value in ("none", "advice") and not place.unanswered
    mine = house.area.workers_decide if is_calm and not place.closed_queue else []
    return [code for code in codes if code in mine and code not in REFERRALS]


def decide(
    uow: UnitOfWork,
    house: House,
    enquiry: EnquiryRecord,
    place: Place,
    worker: DutyWorkerRecord,
    choice: Choice,
    now: datetime,
    *,
    expected_version: int,
    expected_turns: int,
) -> tuple[DecisionRecord, list[OutboxRecord]]:
    """Record a decision and close the enquiry. Raises `MayNotDecide`, `EnquiryChanged`, `SaidMore` and
    `NotConfirmed`.
    """
    if choice.outcome not in may_record(uow, house, worker, place, enquiry.id):
        raise MayNotDecide
    uow.enquiries.move(enquiry.id, EnquiryStatus.CLOSED, now, expected_version=expected_version)
    if turns_of(uow, enquiry) > expected_turns:
        raise SaidMore
    if uow.pass_ons.standing_for(enquiry.id) is not None:
        raise NotConfirmed
    passed = confirmed_for(uow, enquiry.id, choice.outcome)
    if passed is None and choice.outcome in PASSED_ON:
        raise NotConfirmed
    held = uow.holds.standing_for(enquiry.id)
    decision = uow.decisions.record(
        enquiry_id=enquiry.id,
        hold_id=held.id if held else None,
        worker_id=worker.id,
        outcome=choice.outcome,
        referral_outcome=choice.referral_outcome if choice.outcome in REFERRALS else None,
        reason=choice.reason,
        details={
            "told": choice.told,
            "taken_by": who_has_it(passed),
            "agreed_by": (passed.agreed or "") if passed else "",
        },
        now=now,
    )
    if held is not None:
        uow.holds.end(held.id, now)
    rows = _settle(uow, house, enquiry, worker, choice.reason, now)
    note_act(
        uow,
        enquiry,
        worker.id,
        "enquiry.decided",
        ("decision", decision.id),
        now,
        reason=choice.reason,
        outcome=choice.outcome,
        feedback=choice.way.value,
        asked_later="yes" if choice.later.may_ask else "no",
        though_about_safety="yes" if choice.later.anyway else "no",
    )
    conversation = open_conversation_of(uow, enquiry)
    promise_to_ask(uow, house, enquiry, conversation, choice.outcome, choice.later, now)
    if choice.outcome == GOES_ON:
        promise_renewal(uow, house, enquiry, conversation, now)
    promise_deletion(uow, house.area, house.working_time, enquiry.id, now)
    return decision, [*rows, *_tell(uow, house, enquiry, decision, choice, now)]


def turns_of(uow: UnitOfWork, enquiry: EnquiryRecord) -> int:
    """Return how many messages of theirs are kept."""
    return sum(c.turns_kept for c in uow.conversations.of_enquiry(enquiry.id))


# -- telling them ------------------------------------------------------------------------------------------


def ways(uow: UnitOfWork, house: House, enquiry: EnquiryRecord) -> list[Way]:
    """Return how they could be told, by what they said is safe."""
    answers = {a.key.rpartition(".")[2]: from_json(a.value) for a in uow.answers.current(enquiry.id)}
    safe = _list(answers.get("safe_contact_methods"))
    is_professional = enquiry.audience is Audience.PROFESSIONAL
    conversation = open_conversation_of(uow, enquiry)
    in_chat = conversation is not None and conversation.blocked_at is None and _is_listening(conversation)
    number = text_of(answers.get("phone"))
    email = text_of(answers.get("professional_email" if is_professional else "email"))
    may_text = "text" in safe or text_of(answers.get("text_ok")) == "yes"
    sends = house.doorbell.ways
    may_write = text_of(answers.get(MAY_WRITE))
    said_chat = may_write != "no" and (is_professional or "reply_in_this_chat" in safe or may_write == "yes")
    return [
        Way(FeedbackWay.CHAT, said_chat and "none_is_safe" not in safe, in_chat),
        Way(FeedbackWay.EMAIL, is_professional or "email" in safe, "email" in sends and bool(email), email),
        Way(FeedbackWay.SMS, may_text, "sms" in sends and bool(number), number),
        Way(FeedbackWay.BY_HAND, True, True),
        Way(FeedbackWay.NOT_TOLD, True, True),
    ]


def feedback_words(
    house: House, enquiry: EnquiryRecord, outcome: str, way: FeedbackWay, now: datetime
) -> tuple[str, str]:
    """Return the id of the approved words for an outcome, and the words. A text message names nothing."""
    voice = house.voice(now, enquiry.reference)
    is_professional = enquiry.audience is Audience.PROFESSIONAL
    if way is FeedbackWay.SMS or (way is FeedbackWay.EMAIL and not is_professional):
        return "feedback_waiting", voice.fixed("feedback_waiting", enquiry.audience.value)
    key = f"feedback_{outcome.lower()}"
    label = outcomes(house)[outcome]["description"]
    return key, voice.fixed(key, enquiry.audience.value, {"outcome": label.lower()})


def _tell(
    uow: UnitOfWork, house: House, enquiry: EnquiryRecord, decision: DecisionRecord, choice: Choice, now: datetime
) -> list[OutboxRecord]:
    known = {way.way: way for way in ways(uow, house, enquiry)}
    chosen = known[choice.way]
    way = chosen.way if chosen.can_go and chosen.said_safe else FeedbackWay.BY_HAND
    wording_id, words = feedback_words(house, enquiry, decision.outcome, way, now)
    row = _feedback_row(uow, house, enquiry, way, chosen.address, words, now)
    rows = uow.outbox.put([row] if row else [])
    due = house.working_time.add_days(now, house.area.due.feedback_days)
    feedback: FeedbackRecord = uow.decisions.tell(
        decision,
        way=way,
        outbox_id=OutboxId(rows[0].id) if rows else None,
        wording_id=wording_id,
        words=words,
        reason=choice.not_told_because or None,
        due_at=due.at,
        now=now,
    )
    conversation = open_conversation_of(uow, enquiry) if way is FeedbackWay.CHAT else None
    conversation_id = None if conversation is None else conversation.id
    promise_told(uow, house, enquiry, feedback, decision.worker_id, now, conversation_id=conversation_id)
    if way is FeedbackWay.NOT_TOLD:
        uow.decisions.told(feedback.id, decision.worker_id, now)
    return rows


def _feedback_row(
    uow: UnitOfWork,
    house: House,
    enquiry: EnquiryRecord,
    way: FeedbackWay,
    address: str,
    words: str,
    now: datetime,
) -> NewOutbox | None:
    match way:
        case FeedbackWay.CHAT:
            conversation = open_conversation_of(uow, enquiry)
            return None if conversation is None else message_to(conversation, OutboxKind.NOTICE, words, house, now)
        case FeedbackWay.SMS | FeedbackWay.EMAIL:
            subject = house.wording.text("feedback_subject")
            return notice_to(way.value, address, subject, words, enquiry, house, now)
        case FeedbackWay.BY_HAND | FeedbackWay.NOT_TOLD:
            return None


def _is_listening(conversation: ConversationRecord) -> bool:
    return not Memory.from_json(conversation.state).stopped


# -- closing -----------------------------------------------------------------------------------------------


def _settle(
    uow: UnitOfWork, house: House, enquiry: EnquiryRecord, worker: DutyWorkerRecord, reason: str, now: datetime
) -> list[OutboxRecord]:
    """End what was open about an enquiry: its alert, its concerns, the worker's hold on the conversation."""
    rows: list[OutboxRecord] = []
    for alert in uow.alerts.of(enquiry.id):
        if alert.status is not AlertStatus.CLOSED:
            rows.extend(close(uow, house.doorbell, alert.id, worker, reason, now).rows)
    for concern in uow.concerns.of(enquiry.id):
        if concern.status is not ConcernStatus.RESOLVED:
            uow.concerns.set_status(concern.id, ConcernStatus.RESOLVED)
    for conversation in uow.conversations.of_enquiry(enquiry.id):
        if conversation.status is not ConversationStatus.CLOSED:
            _let_go(uow, conversation, now)
    return rows


def _let_go(uow: UnitOfWork, conversation: ConversationRecord, now: datetime) -> None:
    """Give a conversation back to the bot; what they write in it from now on brings the enquiry back."""
    current = uow.conversations.get_for_update(conversation.id)
    handoff = uow.handoffs.open_for(current.id)
    if handoff is not None:
        uow.handoffs.end(handoff.id, HandoffEnd.DECIDED, now)
    is_with_worker = current.status is ConversationStatus.WITH_WORKER
    uow.conversations.save(
        current.id,
        expected_version=current.version,
        state={**current.state, "decided": True},
        status=ConversationStatus.ACTIVE if is_with_worker else current.status,
        finished=current.finished,
        flow=current.flow,
        flow_version=current.flow_version,
        language=current.language,
        turns_handled=current.turns_handled,
        now=now,
        spoke=False,
    )


def _list(answer: Answer | None) -> list[str]:
    if isinstance(answer, Given) and isinstance(answer.value, list):
        return [str(value) for value in answer.value]
    return [text_of(answer)] if answer else []


def _code_of(description: str) -> str:
    return "_".join("".join(c if c.isalnum() else " " for c in description.lower()).split())[:60]

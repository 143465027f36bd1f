"""Says what became of something that was sent, to whoever sent it and nobody else; a worker has the rest (ST04).

It is theirs where they ask in the same chat. From elsewhere a professional is asked what only they can answer, the
phone or the e-mail they gave; anybody else is answered by a worker, by the way they said is safe. What is said to
them is the same whether or not there is such a reference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.conversation.finding import text_of
from bot.conversation.promises import Heard, Heeded, Place, Question
from bot.conversation.references import is_like_a_reference, reference_in
from bot.followups.asking import Answered, Asks, Reaction, Setting
from bot.followups.climbing import give_task
from bot.followups.due import Done, Handling, Handlings, Moment, Result
from bot.followups.kinds import FollowUpKind, promise
from bot.safeguarding.telling import note_act
from flows.answers import from_json
from flows.outcome import Message
from flows.reading import Option
from storage.blind_index import Purpose, normal_form
from storage.decisions import FeedbackRecord, FeedbackWay
from storage.enquiries import Audience, EnquiryRecord, EnquiryStatus
from storage.follow_ups import Actor
from storage.identifiers import EnquiryId
from storage.unit_of_work import UnitOfWork

REFERENCE, CHECK = "reference", "check"
WAITS_FOR_THEM = timedelta(minutes=30)
"""So long we wait for the reference or the check; then a worker has what there is."""
MOST_FAILED = 3
"""Checks of one enquiry, from wherever: nobody tries numbers until one fits."""
CHASED = "enquiry.chased"
THEIR_OWN = frozenset({"professional_email", "professional_phone", "professional_contact"})
_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+?\d[\d ()-]{8,18}\d")


@dataclass(frozen=True, slots=True)
class _Known:
    """What they may be told of an enquiry, as the id of its words; of a decision the words they were sent."""

    words: str
    values: dict[str, str]
    is_over: bool


# -- in a turn --------------------------------------------------------------------------------------------------


def chased(heard: Heard, text: str) -> Heeded | None:
    """Say what became of what they sent in this chat; otherwise ask which it is, and that it is theirs."""
    reference = reference_in(text)
    theirs = _theirs(heard, reference)
    if theirs is not None:
        return _heeded(_tell(heard, theirs))
    made = promise(
        heard.uow,
        FollowUpKind.CHASED,
        enquiry_id=heard.conversation.enquiry_id,
        conversation_id=heard.conversation.id,
        due_at=heard.now + WAITS_FOR_THEM,
        key=f"chase:{heard.conversation.id}",
        details={"reference": ""},
        now=heard.now,
    )
    if reference is None:
        return Heeded("chase_asked", asks=Place(made.id, REFERENCE))
    heard.uow.follow_ups.set_details(made.id, {**made.details, "reference": reference})
    return Heeded("chase_asked", asks=Place(made.id, CHECK))


def answered(answer: Answered) -> Reaction | None:
    """Take the reference, or the answer to the check."""
    setting = answer.setting
    heard = Heard(setting.uow, setting.house, setting.conversation, answer.turn_id, setting.now)
    if answer.part == REFERENCE:
        return _took_reference(heard, setting, answer)
    reference = str(setting.follow_up.details.get("reference", ""))
    enquiry = setting.uow.enquiries.by_reference(reference) if reference else None
    passed = enquiry is not None and _passes(setting.uow, enquiry, answer.words)
    _note(heard, enquiry, passed=passed)
    if enquiry is not None and passed:
        return _tell(heard, enquiry)
    return _hand_over(heard, enquiry)


def _took_reference(heard: Heard, setting: Setting, answer: Answered) -> Reaction | None:
    reference = reference_in(answer.words)
    if reference is None:  # what they wrote is about something else, unless they said that they have none
        if is_like_a_reference(answer.words):
            says = (setting.words("chase_misread"),)
            return Reaction("chase_misread", says=says, asks=REFERENCE, took_words=True)
        return _hand_over(heard, None) if answer.option else None
    theirs = _theirs(heard, reference)
    if theirs is not None:
        return _tell(heard, theirs)
    if setting.follow_up.done_at is None:
        details = {**setting.follow_up.details, "reference": reference}
        setting.uow.follow_ups.set_details(setting.follow_up.id, details)
    return Reaction("chase_asked", asks=CHECK, took_words=True)


def _theirs(heard: Heard, reference: str | None) -> EnquiryRecord | None:
    """Return the enquiry where it is surely theirs: sent in this very chat, now or before."""
    mine = heard.uow.conversations.enquiries_at(heard.conversation)
    if reference is None:
        sent = (heard.uow.enquiries.get(enquiry_id) for enquiry_id in mine)
        return next((e for e in sent if e.submitted_at is not None and not _was_wrong(heard.uow, e)), None)
    found = heard.uow.enquiries.by_reference(reference)
    if found is None or found.id not in mine or found.submitted_at is None or _was_wrong(heard.uow, found):
        return None
    return found


def _was_wrong(uow: UnitOfWork, enquiry: EnquiryRecord) -> bool:
    """Say whether somebody in this chat said that it is not theirs any more."""
    return any(entry.act == "conversation.wrong_person" for entry in uow.audit.of(enquiry.id))


def _passes(uow: UnitOfWork, enquiry: EnquiryRecord, words: str) -> bool:
    """Say whether a professional names the phone or the e-mail that they gave. Others are answered by a worker."""
    if enquiry.audience is not Audience.PROFESSIONAL or enquiry.submitted_at is None:
        return False
    failed = [e for e in uow.audit.of(enquiry.id) if e.act == CHASED and not e.details.get("passed")]
    if len(failed) >= MOST_FAILED:
        return False
    given = _given_by(uow, enquiry)
    emails = {normal_form(Purpose.EMAIL, found.group()) for found in _EMAIL.finditer(words)}
    phones = {normal_form(Purpose.PHONE, found.group()) for found in _PHONE.finditer(words)}
    return bool(emails & {normal_form(Purpose.EMAIL, g) for g in given if "@" in g}) or bool(
        phones & {normal_form(Purpose.PHONE, g) for g in given if "@" not in g}
    )


def _given_by(uow: UnitOfWork, enquiry: EnquiryRecord) -> list[str]:
    answers = (a for a in uow.answers.current(enquiry.id) if a.key.rpartition(".")[2] in THEIR_OWN)
    return [text for a in answers if (text := text_of(from_json(a.value)))]


# -- what they may know -----------------------------------------------------------------------------------------


def _tell(heard: Heard, enquiry: EnquiryRecord) -> Reaction:
    known = _known(heard.uow, enquiry)
    if not known.is_over:
        _give(heard, enquiry)
    voice = heard.house.voice(heard.now, enquiry.reference)
    text = voice.fixed(known.words, enquiry.audience.value, known.values)
    return Reaction("chase_told", says=(text,), took_words=True, goes_on=True)


def _known(uow: UnitOfWork, enquiry: EnquiryRecord) -> _Known:
    if enquiry.status is EnquiryStatus.CLOSED:
        feedback = uow.decisions.feedback_of(enquiry.id)
        told = next((f for f in reversed(feedback) if _may_say_again(f)), None)
        if told is not None:
            return _Known("chase_decided", {"decided": told.words}, is_over=True)
        # Nothing is promised to whoever is not told, or has been told by a worker.
        is_awaited = not feedback or (
            feedback[-1].way is not FeedbackWay.NOT_TOLD and feedback[-1].done_at is None
        )
        return _Known("chase_decided_soon" if is_awaited else "chase_decided_before", {}, is_over=False)
    if enquiry.status in (EnquiryStatus.WITH_WORKER, EnquiryStatus.AWAITING_DECISION) or enquiry.worker_id:
        return _Known("chase_in_hand", {}, is_over=False)
    return _Known("chase_waiting", {}, is_over=False)


def _may_say_again(feedback: FeedbackRecord) -> bool:
    """Approved words that were sent to them in writing before."""
    return feedback.way in (FeedbackWay.CHAT, FeedbackWay.EMAIL) and feedback.done_at is not None


def _hand_over(heard: Heard, enquiry: EnquiryRecord | None) -> Reaction:
    """A worker looks at it. What is said is the same whether or not there is such an enquiry."""
    own = heard.uow.enquiries.get(heard.conversation.enquiry_id)
    _give(heard, own if enquiry is None else enquiry, asked_in=own)
    voice = heard.house.voice(heard.now, own.reference)
    text = voice.fixed("chase_handed", own.audience.value)
    return Reaction("chase_handed", says=(text,), took_words=True, goes_on=True)


def _give(heard: Heard, enquiry: EnquiryRecord, asked_in: EnquiryRecord | None = None) -> None:
    give_task(
        heard.uow,
        heard.house,
        FollowUpKind.CHASED,
        enquiry_id=enquiry.id,
        conversation_id=heard.conversation.id if enquiry.id == heard.conversation.enquiry_id else None,
        worker_id=enquiry.worker_id,
        why="not_checked" if asked_in is not None else "they_asked",
        key=f"chased:{enquiry.id}",
        details={"asked_in": asked_in.reference} if asked_in is not None else {},
        now=heard.now,
    )


def _heeded(reaction: Reaction) -> Heeded:
    messages = tuple(Message(text) for text in reaction.says)
    return Heeded(reaction.outcome, messages=messages, rows=reaction.rows, goes_on=reaction.goes_on)


def _note(heard: Heard, enquiry: EnquiryRecord | None, *, passed: bool) -> None:
    """Both enquiries have it on their record: that somebody asked, from where, and whether they passed."""
    own = heard.uow.enquiries.get(heard.conversation.enquiry_id)
    for each in {e.id: e for e in (own, enquiry) if e is not None}.values():
        record = ("conversation", heard.conversation.id)
        note_act(heard.uow, each, "person", CHASED, record, heard.now, passed=int(passed))


# -- by the clock -----------------------------------------------------------------------------------------------


def hear_no_more(moment: Moment) -> Result:
    """They did not say which, or did not answer the check: a worker has what there is."""
    reference = str(moment.follow_up.details.get("reference", ""))
    if not reference or moment.conversation is None:
        return Done("no_reference")
    heard = Heard(moment.uow, moment.house, moment.conversation, None, moment.now)
    _hand_over(heard, moment.uow.enquiries.by_reference(reference))
    return Done("chase_handed")


def prompt_before_they_chase(heard: Heard) -> None:
    """A professional has sent a referral: the team hears of it before they have to ask (ST04)."""
    enquiry = heard.uow.enquiries.get(heard.conversation.enquiry_id)
    if enquiry.audience is not Audience.PROFESSIONAL:
        return
    days = heard.house.area.follow_ups.referrer_days
    give_task(
        heard.uow,
        heard.house,
        FollowUpKind.REFERRER_PROMPT,
        enquiry_id=enquiry.id,
        conversation_id=heard.conversation.id,
        by=heard.house.working_time.add_days(heard.now, days).at,
        why="nothing_heard",
        key=f"referrer:{enquiry.id}",
        now=heard.now,
    )


def why_heard(moment: Moment) -> str | None:
    """They were told what was decided, or a worker has written to them since."""
    if has_been_told(moment.uow, moment.enquiry.id):
        return "told"
    [facts] = moment.uow.queue.facts([moment.enquiry.id])
    since = moment.follow_up.created_at
    return "contacted" if facts.contacted_at is not None and facts.contacted_at > since else None


def has_been_told(uow: UnitOfWork, enquiry_id: EnquiryId) -> bool:
    """Say whether whoever sent an enquiry knows what was decided, or that they will not be told."""
    return any(feedback.done_at is not None for feedback in uow.decisions.feedback_of(enquiry_id))


def _why_chase_is_over(moment: Moment) -> str | None:
    return why_heard(moment) if moment.follow_up.actor is Actor.WORKER else None


def _ask_reference(setting: Setting) -> Question | None:
    none = Option("none", setting.words("chase_no_reference"), ("no", "lost it", "i dont have it"))
    return Question(setting.words("chase_which"), (none,), own_words=True)


def _ask_check(setting: Setting) -> Question | None:
    return Question(setting.words("chase_check"))


ASKINGS = {
    FollowUpKind.CHASED: Asks(REFERENCE, {REFERENCE: _ask_reference, CHECK: _ask_check}, answered, keeps=False)
}
HANDLINGS: Handlings = {
    FollowUpKind.CHASED: Handling(hear_no_more, _why_chase_is_over),
    FollowUpKind.REFERRER_PROMPT: Handling(None, why_heard),
}

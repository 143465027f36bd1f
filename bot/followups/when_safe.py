"""Asks whoever has just sent an enquiry when we may write to them again, where nobody has asked: once, by buttons.

The short way through the questions leaves safe times out, and without them nothing may be begun (FD17). So it is
asked outside the flow, after the reference is given. The answer is kept with the others, as if the flow had asked:
`safe_times`, and in `MAY_WRITE` whether we may write in this chat at all. Silence is not known: a worker has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from bot.conversation.finding import text_of
from bot.conversation.promises import Heard, Heeded, Place, Question
from bot.followups.asking import Answered, Asks, Reaction, Setting
from bot.followups.call_back_hearing import offer_after_sending
from bot.followups.kinds import FollowUpKind, promise
from bot.followups.reaching import contact_of
from bot.followups.reasons import Held
from bot.followups.safe_contact import MAY_WRITE, NOT_SAFE_TO_CHAT
from bot.followups.safe_times import read_safe
from flows.answers import Answer, Given, Value, from_json, to_json
from flows.reading import Option, special
from flows.reading import words as typed
from nlu.base import Urgency
from storage.alerts import AlertStatus
from storage.answers import AnswerSource
from storage.conversations import ConversationStatus
from storage.enquiries import Audience, EnquiryRecord, EnquiryStatus
from storage.recordings import RECORDED
from storage.unit_of_work import UnitOfWork

SAFE, WHEN = "safe", "when"
"""The parts: whether and when, by buttons; and then, of other times, when."""
TIMES = "safe_times"
DAY, SCHOOL, EVENING, OTHER, NO = "day", "school", "evening", "other", "no"
CHOSEN = {DAY: "any_time", SCHOOL: "school_hours", EVENING: "evenings"}
"""What each button says, as the flow's own question keeps it."""

LONGEST = 160
"""Characters; what is longer tells of something else."""

_ALSO = {
    DAY: ("any time", "anytime", "whenever", "all day", "any"),
    SCHOOL: ("school hours", "in school hours", "school times"),
    EVENING: ("evenings", "evening", "in the evenings"),
    OTHER: ("yes", "yes please", "yes you can", "yes that is fine", "ok", "sure", "other", "another time"),
    NO: (
        "no",
        "no thanks",
        "no thank you",
        "do not write",
        "please do not write",
        "don't write",
        "please don't",
        "never",
        "not safe",
    ),
}
_WITH_CHILDREN = frozenset({Audience.PARENT, Audience.YOUNG_PERSON})
_PLACE = re.compile(r"(?:(?:option|number) )?[1-9][.)]?", re.IGNORECASE)
_COURTESY = re.compile(
    r"(?:(?:ok|okay|hi|hello|hey|oh|well|and|thanks|thank you|cheers|good (?:morning|afternoon|evening|night|day))"
    r"(?: (?:all|everyone|there|again|so much|very much|a lot))*\b ?)+"
)


def ask_after_sending(heard: Heard) -> Heeded | None:
    """Ask it of somebody who has just sent an enquiry; None where it is not to be asked of them."""
    enquiry = heard.uow.enquiries.get(heard.conversation.enquiry_id)
    if heard.conversation.channel in RECORDED or heard.house.at_desk or not _is_to_be_asked(heard, enquiry):
        return None
    made = promise(
        heard.uow,
        FollowUpKind.WHEN_SAFE,
        enquiry_id=enquiry.id,
        conversation_id=heard.conversation.id,
        due_at=heard.now,
        now=heard.now,
    )
    heard.uow.follow_ups.done(made.id, "asked", heard.now)  # nobody rings for it, and it is never asked again
    return Heeded("when_safe_asked", asks=Place(made.id, SAFE))


def _is_to_be_asked(heard: Heard, enquiry: EnquiryRecord) -> bool:
    """Never in danger, where a worker speaks; never of who has answered it, or was asked it before."""
    uow = heard.uow
    if enquiry.audience is Audience.PROFESSIONAL or enquiry.status is EnquiryStatus.CLOSED:
        return False
    if Urgency(enquiry.urgency.value).raises_alert or _is_alert_open(uow, enquiry):
        return False
    if any(f.kind == FollowUpKind.WHEN_SAFE for f in uow.follow_ups.of(enquiry.id)):
        return False
    answers = {a.field: from_json(a.value) for a in uow.answers.current(enquiry.id)}
    if TIMES in answers or text_of(answers.get("can_talk_safely")) in NOT_SAFE_TO_CHAT:
        return False
    return set(contact_of(uow, heard.house, enquiry).held) <= {Held.NOT_ASKED}


def _is_alert_open(uow: UnitOfWork, enquiry: EnquiryRecord) -> bool:
    return any(alert.status is not AlertStatus.CLOSED for alert in uow.alerts.of(enquiry.id))


# -- asking ------------------------------------------------------------------------------------------------


def _whether(setting: Setting) -> Question:
    left_out = set() if setting.enquiry.audience in _WITH_CHILDREN else {SCHOOL}
    options = (Option(o, setting.words(f"when_safe_{o}"), _ALSO[o]) for o in _ALSO if o not in left_out)
    return Question(setting.words("when_safe_ask"), tuple(options), own_words=True, reads=_reads(setting))


def _when(setting: Setting) -> Question:
    no = Option(NO, setting.words("when_safe_no"), _ALSO[NO])
    return Question(setting.words("when_safe_when"), (no,), own_words=True, reads=_reads(setting))


def _reads(setting: Setting) -> Callable[[str], bool]:
    """Return what says whether every word of a text is of times: then it tells of nothing else."""
    contacting = setting.house.area.contacting
    return lambda text: read_safe(text, contacting) is not None


# -- hearing -----------------------------------------------------------------------------------------------


def _answered(answered: Answered) -> Reaction | None:
    """Words of their own count before the button they were taken for, and a "no" among them before either."""
    setting, words = answered.setting, answered.words.strip()
    if answered.option and _PLACE.fullmatch(words):
        words = ""  # as the terminal numbers its buttons
    if not words and answered.option == OTHER:
        return Reaction("when_safe_other", asks=WHEN, stands=True)
    if not words and answered.option == NO:
        return _refused(answered, "")
    if not words:
        label = setting.words(f"when_safe_{answered.option}")
        return _kept(answered, Given([CHOSEN[answered.option]], label))
    if not _may_be_times(words):
        return None
    plain = typed.plain(typed.normalise(words))
    if (passed_over := special.whole(plain, kind="text", optional=True)) is not None:
        _record(answered, TIMES, passed_over(words))
        return _then(answered, "when_safe_skipped", "when_safe_skipped", took_words=True)
    if read_safe(words, setting.house.area.contacting) is not None:
        return _kept(answered, _in_own_words(words))
    if answered.option == NO:
        return _refused(answered, words)
    if answered.option == OTHER:
        return Reaction("when_safe_other", asks=WHEN, stands=True, took_words=True)
    if answered.option or answered.part == WHEN:
        return _kept(answered, _in_own_words(words), is_read=False)
    return None  # it is about something else


def _kept(answered: Answered, times: Given, *, is_read: bool = True) -> Reaction:
    """Keep when. Words we cannot read are a worker's, and nothing is begun by us before."""
    if is_read:  # "only after I have written first" is no yes
        _record(answered, MAY_WRITE, Given("yes", times.words))
    _record(answered, TIMES, times)
    says = "when_safe_said" if is_read else "when_safe_unread"
    return _then(answered, "when_safe", says, took_words=is_read)


def _refused(answered: Answered, words: str) -> Reaction:
    """They do not want to be written to: we begin nothing here. What they said besides, a worker reads."""
    _record(answered, MAY_WRITE, Given("no", words or answered.setting.words("when_safe_no")))
    return _then(answered, "when_safe_refused", "when_safe_refused", took_words=not words)


def _may_be_times(words: str) -> bool:
    """Say whether it may be an answer: no courtesy, no question of their own, and no long story."""
    plain = typed.plain(typed.normalise(words))
    return len(words) <= LONGEST and not words.endswith("?") and not _COURTESY.fullmatch(plain)


def _in_own_words(words: str) -> Given:
    value: Value = {"choice": None, "text": typed.keep(words)}
    return Given(value, words)


def _then(answered: Answered, outcome: str, says: str, *, took_words: bool) -> Reaction:
    """Offer a call next, at times that fit, where one would have been offered instead of this question."""
    setting = answered.setting
    offered = None
    if _may_offer_call(setting):
        at = Heard(setting.uow, setting.house, setting.conversation, answered.turn_id, setting.now)
        offered = offer_after_sending(at)
    place = None if offered is None else offered.asks
    return Reaction(outcome, says=(setting.words(says),), at=place, stands=True, took_words=took_words)


def _may_offer_call(setting: Setting) -> bool:
    """Not while a worker writes with them, not days later, and not twice."""
    if setting.conversation.status is ConversationStatus.WITH_WORKER:
        return False
    soon = timedelta(hours=setting.house.area.call_backs.stands_hours)
    known = setting.uow.follow_ups.of(setting.enquiry.id)
    was_offered = any(f.kind == FollowUpKind.CALL_BACK_SLOTS for f in known)
    return setting.now - setting.follow_up.created_at < soon and not was_offered


def _record(answered: Answered, key: str, answer: Answer) -> None:
    """Keep an answer as the flow would have, in place of the one before."""
    setting = answered.setting
    setting.uow.answers.record(
        enquiry_id=setting.enquiry.id,
        conversation_id=setting.conversation.id,
        turn_id=answered.turn_id,
        key=key,
        field=key,
        label=setting.words(f"label_{key}"),
        answer=to_json(answer),
        words=answer.words,
        source=AnswerSource.PERSON,
        now=setting.now,
    )


ASKS = Asks(SAFE, {SAFE: _whether, WHEN: _when}, _answered, keeps=False)
ASKINGS = {FollowUpKind.WHEN_SAFE: ASKS}

"""Asks afterwards whether it helped and how we did: short, by buttons, and never after a worry unless allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.conversation.house import House
from bot.conversation.promises import Question
from bot.followups.asking import Answered, Asks, Reaction, Setting, ask, give_help
from bot.followups.due import ForWorker, Handling, Moment, Result, Stale
from bot.followups.kinds import FollowUpKind, promise
from bot.followups.reaching import planned_for
from flows.reading import Option
from storage.conversations import ConversationRecord
from storage.enquiries import Audience, EnquiryRecord, EnquiryStatus
from storage.follow_ups import FollowUpRecord
from storage.unit_of_work import UnitOfWork

ADVICE = "IA"
CALM = frozenset({"NFA", ADVICE, "EH"})
"""Outcomes that say nothing of safety. After any other nobody is asked until a worker allows it."""

HELPED, HOW, MATTERS, MORE = "helped", "how", "matters", "more"
YES, BIT, NO, NOT_YET = "yes", "bit", "no", "not_yet"
HOWS = ("good", "fair", "bad")
THEMES = ("listened", "fast", "clear", "safe", "help", "other")
UNSAID = "unsaid"
ASKED = (FollowUpKind.HELPED_SIGNPOST, FollowUpKind.HELPED_LATER, FollowUpKind.FEEDBACK)
NOT_HELPED = "not_helped"

_WHETHER_IT_HELPED = frozenset({Audience.PARENT, Audience.YOUNG_PERSON, Audience.UNKNOWN})
"""Who is asked whether it helped. Whoever told us of another family is asked how we did, and no more."""
_ALSO: Mapping[str, tuple[str, ...]] = {
    YES: ("yes it did", "yes thanks", "yes thank you", "it helped", "they are", "much better", "better"),
    BIT: ("a little", "a little bit", "somewhat", "sort of", "some", "a bit better"),
    NO: ("not really", "no it did not", "no it didn't", "not at all", "worse", "they are not", "it did not help"),
    NOT_YET: ("not yet", "not tried", "i haven't tried it yet", "havent tried", "too soon", "don't know yet"),
}


@dataclass(frozen=True, slots=True)
class Later:
    """Whether somebody may be asked afterwards: a worker's two ticks. `anyway`: though it was about safety."""

    may_ask: bool = False
    anyway: bool = False


NOT_LATER = Later()


def is_about_safety(uow: UnitOfWork, enquiry: EnquiryRecord, outcome: str = ADVICE) -> bool:
    """Say whether there ever was a worry about safety: a concern, an alert, a hold, or an outcome that says so."""
    return (
        outcome not in CALM
        or bool(uow.concerns.of(enquiry.id))
        or bool(uow.alerts.of(enquiry.id))
        or bool(uow.holds.of(enquiry.id))
    )


def promise_to_ask(
    uow: UnitOfWork,
    house: House,
    enquiry: EnquiryRecord,
    conversation: ConversationRecord | None,
    outcome: str,
    later: Later,
    now: datetime,
) -> FollowUpRecord | None:
    """Promise to ask afterwards, where a worker allows it; what was promised of an earlier decision ends."""
    uow.follow_ups.cancel_of(enquiry.id, "decided_again", now, kinds=ASKED)
    if not later.may_ask or (is_about_safety(uow, enquiry, outcome) and not later.anyway):
        return None
    times = house.area.afterwards
    if enquiry.audience not in _WHETHER_IT_HELPED:
        kind, days = FollowUpKind.FEEDBACK, times.feedback_days
    elif outcome == ADVICE:
        kind, days = FollowUpKind.HELPED_SIGNPOST, times.signpost_days
    else:
        kind, days = FollowUpKind.HELPED_LATER, times.closed_days
    if conversation is None and kind is FollowUpKind.FEEDBACK:
        return None  # nobody is rung to be asked how we did
    planned = planned_for(uow, house, enquiry, now + timedelta(days=days), now)
    return promise(
        uow,
        kind,
        enquiry_id=enquiry.id,
        conversation_id=None if conversation is None else conversation.id,
        due_at=planned.at,
        key=f"afterwards:{enquiry.id}",
        details={
            "outcome": outcome,
            "anyway": later.anyway,
            "worker_if_silent": is_about_safety(uow, enquiry, outcome),
            "reasons": list(planned.reasons),
        },
        now=now,
    )


# -- asking ------------------------------------------------------------------------------------------------


def _not_any_more(moment: Moment) -> str | None:
    if moment.enquiry.status is not EnquiryStatus.CLOSED:
        return "open_again"
    details = moment.follow_up.details
    outcome = str(details.get("outcome", ADVICE))
    if not details.get("anyway") and is_about_safety(moment.uow, moment.enquiry, outcome):
        return "about_safety"
    return None


def _ask_helped(moment: Moment) -> Result:
    return ask(moment, HELPED_ASKS)


def _ask_feedback(moment: Moment) -> Result:
    """Ask how we did, where that is safe: it is never a worker's task to ask it."""
    asked = ask(moment, FEEDBACK_ASKS)
    return Stale("not_safe_to_ask") if isinstance(asked, ForWorker) else asked


def _helped_question(setting: Setting) -> Question:
    kind = setting.follow_up.kind
    not_yet = "helped_not_yet" if kind == FollowUpKind.HELPED_SIGNPOST else "helped_too_soon"
    labels = {YES: "helped_yes", BIT: "helped_bit", NO: "helped_no", NOT_YET: not_yet}
    return Question(
        setting.words(kind), tuple(Option(o, setting.words(key), _ALSO[o]) for o, key in labels.items())
    )


def _how_question(setting: Setting) -> Question:
    also = {"good": ("great", "fine", "very good"), "fair": ("ok", "okay", "so so"), "bad": ("poor", "terrible")}
    options = tuple(Option(how, setting.words(f"feedback_{how}"), also[how]) for how in HOWS)
    return Question(setting.words("feedback_how"), options)


def _matters_question(setting: Setting) -> Question:
    options = tuple(Option(theme, setting.words(f"theme_{theme}")) for theme in (*THEMES, UNSAID))
    return Question(setting.words("feedback_matters"), options)


def _more_question(setting: Setting) -> Question:
    nothing = Option(
        "none", setting.words("feedback_nothing_more"), ("no", "no thanks", "nothing", "no thank you")
    )
    return Question(setting.words("feedback_more"), (nothing,), own_words=True)


# -- hearing -----------------------------------------------------------------------------------------------


def _answered(answered: Answered) -> Reaction:
    match answered.part:
        case "helped":
            return _helped(answered)
        case "how":
            _note(answered, how=answered.option)
            return Reaction(f"was.{answered.option}", asks=MATTERS)
        case "matters":
            _note(answered, theme=answered.option)
            return Reaction("mattered", asks=MORE)
        case _:
            return Reaction("said_all", says=(answered.setting.words("feedback_thanks"),))


def _helped(answered: Answered) -> Reaction:
    setting, option = answered.setting, answered.option
    _note(answered, how=option)
    says = (setting.words(f"helped_said_{option}"),)
    if option == NO:
        # a worker looks at what else could help
        key = f"not_helped:{setting.follow_up.id}"
        give_help(setting, NOT_HELPED, key=key, worker_id=setting.enquiry.worker_id)
        return Reaction(NOT_HELPED, says=says, reopens=True)
    if option == NOT_YET:
        return Reaction("not_yet", says=says)
    return Reaction(f"helped.{option}", says=says, asks=MATTERS)


def _note(answered: Answered, *, how: str = "", theme: str = "") -> None:
    setting = answered.setting
    setting.uow.opinions.note(
        setting.follow_up.id,
        setting.enquiry.id,
        kind=setting.follow_up.kind,
        audience=setting.enquiry.audience.value,
        how=how,
        theme=theme,
        now=setting.now,
    )


def _says(question: Callable[[Setting], Question]) -> Callable[[Moment], str]:
    """Return what says a question's words to a worker before it is asked."""

    def says(moment: Moment) -> str:
        if moment.conversation is None:
            return ""
        at = Setting(moment.uow, moment.house, moment.conversation, moment.enquiry, moment.follow_up, moment.now)
        return question(at).text

    return says


_AFTER: Mapping[str, Callable[[Setting], Question | None]] = {MATTERS: _matters_question, MORE: _more_question}
HELPED_ASKS = Asks(HELPED, {HELPED: _helped_question, **_AFTER}, _answered)
FEEDBACK_ASKS = replace(HELPED_ASKS, first=HOW, questions={HOW: _how_question, **_AFTER}, tries=1)

ASKINGS = {
    FollowUpKind.HELPED_SIGNPOST: HELPED_ASKS,
    FollowUpKind.HELPED_LATER: HELPED_ASKS,
    FollowUpKind.FEEDBACK: FEEDBACK_ASKS,
}
_HELPED = Handling(act=_ask_helped, stale=_not_any_more, says=_says(_helped_question))
HANDLINGS = {
    FollowUpKind.HELPED_SIGNPOST: _HELPED,
    FollowUpKind.HELPED_LATER: _HELPED,
    FollowUpKind.FEEDBACK: Handling(act=_ask_feedback, stale=_not_any_more, says=_says(_how_question)),
}

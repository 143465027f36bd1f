"""What a person told us of reaching them safely, read again before anything we begin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.followups.reasons import Held
from bot.followups.safe_times import Times, chosen, read_avoid, read_safe
from bot.followups.windows import DAY, WEEKDAYS, Window, end_minute_of, minute_of
from flows.answers import Answer, Given, from_json
from flows.area import Contacting
from flows.reading import words
from storage.answers import AnswerRecord


class Way(StrEnum):
    """A way to reach somebody. `school_or_gp` and `trusted_person` are for workers only, and so are letters."""

    CHAT = "reply_in_this_chat"
    MOBILE = "call_mobile"
    LANDLINE = "call_landline"
    WORK_PHONE = "professional_contact"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    TRUSTED_PERSON = "through_someone_i_trust"
    SCHOOL_OR_GP = "through_school_or_gp"


CALLS = frozenset({Way.MOBILE, Way.LANDLINE, Way.WORK_PHONE})
"""The ways of a call-back."""


class Voicemail(StrEnum):
    NO = "no"
    FIRST_NAME = "yes_but_only_a_first_name"
    SAY_WHO = "yes_say_who_is_calling"


@dataclass(frozen=True, slots=True)
class SafeContact:
    """Everything that says how and when we may reach one person.

    `hours` is None where we do not surely know them, and `hours_held` says why not. `held` are the reasons for
    which nothing may be begun without a worker, whatever the time. `avoid` counts against `hours`.
    `asked_not_to_write`: they asked us not to write to them in the chat.
    `is_neutral`: somebody else may see what we send. `may_ring_in_school`: a young person said so.
    """

    ways: frozenset[Way]
    hours: tuple[Window, ...] | None
    hours_held: Held | None = None
    avoid: tuple[Window, ...] = ()
    held: tuple[Held, ...] = ()
    voicemail: Voicemail = Voicemail.NO
    is_neutral: bool = True
    is_young: bool = False
    may_ring_in_school: bool = False
    needs_interpreter: bool = False
    asked_not_to_write: bool = False
    code_word: str = field(default="", repr=False)

    @property
    def is_known(self) -> bool:
        """Say whether we know enough to begin anything without a worker."""
        return not self.held and self.hours is not None

    @property
    def calls(self) -> frozenset[Way]:
        return self.ways & CALLS


MAY_WRITE = "may_write_later"
"""The field in which somebody says whether we may write to them in the chat at all: "yes" or "no"."""
NOT_SAFE_TO_CHAT = ("no", "not_sure")

NOT_KNOWN = SafeContact(frozenset(), None, Held.NOT_ASKED, held=(Held.NOT_ASKED,))
"""What we know of somebody who was never asked."""


def safe_contact_of(records: Iterable[AnswerRecord], *, audience: str, contacting: Contacting) -> SafeContact:
    """Read the answers that stand. Of several conversations the newest answer to a question counts."""
    newest: dict[str, AnswerRecord] = {}
    for record in records:
        known = newest.get(record.key)
        if known is None or known.given_at <= record.given_at:
            newest[record.key] = record
    answers = {key: from_json(record.value) for key, record in newest.items()}
    return read_safe_contact(answers, audience=audience, contacting=contacting)


def read_safe_contact(answers: Mapping[str, Answer], *, audience: str, contacting: Contacting) -> SafeContact:
    """Read answers by their field. What is not surely understood is not known, and a worker has it.

    `audience` is the conversation's: "parent", "young_person", "public", "professional" or "unknown".
    """
    ways, held = _professional_ways(answers) if audience == "professional" else _ways(answers)
    times, hours_held = _times(answers, audience, contacting)
    avoid = _avoid(answers, contacting)
    if avoid is None and audience != "professional":  # a professional writes of the family there
        held = (*held, Held.TO_AVOID_NOT_READ)
    hours = times.safe if times else None
    return SafeContact(
        ways=ways,
        hours=hours,
        hours_held=hours_held,
        avoid=(*(times.avoid if times else ()), *(avoid or ())),
        held=held,
        voicemail=_voicemail(answers),
        is_neutral=audience != "professional" and _surely(answers, "who_may_see") != "no_one",
        is_young=audience == "young_person" and _choice(answers, "role") != "young_person_18_to_25",
        may_ring_in_school=_includes_school(hours or (), contacting),
        needs_interpreter=_choice(answers, "interpreter_needed") not in ("", "no"),
        asked_not_to_write=_choice(answers, MAY_WRITE) == "no",
        code_word=_text(answers, "safe_word"),
    )


def why_not_by(contact: SafeContact, way: Way) -> Held | None:
    """Return why this way is not one of theirs, or None where it is."""
    if way in contact.ways:
        return None
    if way is Way.CHAT and contact.asked_not_to_write:
        return Held.ASKED_NOT_TO_WRITE
    return Held.NO_CALLS if way in CALLS and not contact.calls else Held.WAY_NOT_SAFE


# -- ways ------------------------------------------------------------------------------------------------------

_LATER = "but|if|when|while|unless|except|before|after|until|sometimes|depends"
_AFTERTHOUGHT = re.compile(rf"\b(?:{_LATER})\b")
_CONDITION = re.compile(rf"\b(?:{_LATER}|only|just|not|dont|do not|never|between)\b")


def _ways(answers: Mapping[str, Answer]) -> tuple[frozenset[Way], tuple[Held, ...]]:
    answer = _given(answers, "safe_contact_methods")
    if answer is None:
        return _only_in_chat(answers)
    said = words.plain(words.normalise(answer.words))
    if isinstance(answer.value, list) and "none_is_safe" in answer.value and not _AFTERTHOUGHT.search(said):
        return frozenset(), (Held.NONE_SAFE,)  # "do not" is no condition of a refusal
    if not isinstance(answer.value, list) or _CONDITION.search(said):
        return frozenset(), (Held.WAYS_NOT_READ,)
    ways = {way for way in Way if way.value in answer.value}
    if not ways:
        return frozenset(), (Held.THEY_CONTACT_US,)
    if _choice(answers, MAY_WRITE) == "yes":
        ways.add(Way.CHAT)
    if Way.MOBILE in ways and _surely(answers, "text_ok") == "yes":
        ways.add(Way.TEXT)
    if _choice(answers, "interpreter_needed") == "bsl" or "text_only_no_calls" in _ids(
        answers, "communication_needs"
    ):
        ways -= CALLS
    if _choice(answers, "can_talk_safely") in NOT_SAFE_TO_CHAT:
        ways -= {Way.CHAT}
        return frozenset(ways), () if ways else (Held.NOT_SAFE_IN_CHAT,)
    if _choice(answers, MAY_WRITE) == "no":
        ways -= {Way.CHAT}
        return frozenset(ways), () if ways else (Held.ASKED_NOT_TO_WRITE,)
    return frozenset(ways), ()


def _only_in_chat(answers: Mapping[str, Answer]) -> tuple[frozenset[Way], tuple[Held, ...]]:
    """They did not say how to reach them. That we may write in the chat they may have said by itself."""
    said = _choice(answers, MAY_WRITE)
    if said == "yes" and _choice(answers, "can_talk_safely") not in NOT_SAFE_TO_CHAT:
        return frozenset({Way.CHAT}), ()
    return frozenset(), (Held.ASKED_NOT_TO_WRITE if said == "no" else Held.NOT_ASKED,)


def _professional_ways(answers: Mapping[str, Answer]) -> tuple[frozenset[Way], tuple[Held, ...]]:
    """A professional is not asked what is safe: what they gave is their work's."""
    ways = {Way.CHAT}
    if _given(answers, "professional_phone"):
        ways.add(Way.WORK_PHONE)
    if _given(answers, "professional_email"):
        ways.add(Way.EMAIL)
    return frozenset(ways), ()


def _voicemail(answers: Mapping[str, Answer]) -> Voicemail:
    said = _surely(answers, "voicemail_ok")
    return Voicemail(said) if said in set(Voicemail) else Voicemail.NO


# -- times -----------------------------------------------------------------------------------------------------

_TICKED = {
    "mornings": "mornings",
    "afternoons": "afternoons",
    "evenings": "evenings",
    "in school hours": "school_hours",
    "school hours": "school_hours",
    "weekends": "weekends",
    "only when i say": "only_when_i_say",
    "any time": "any_time",
}
"""The labels of the choices, as a tap says them."""
_NUMBERS = re.compile(r"\d(?: ?\d)*")


def _times(
    answers: Mapping[str, Answer], audience: str, contacting: Contacting
) -> tuple[Times | None, Held | None]:
    if audience == "professional":
        return Times((Window(WEEKDAYS, 0, DAY),)), None
    answer = _given(answers, "safe_times")
    if answer is None:
        return None, Held.TIMES_NOT_KNOWN
    if isinstance(answer.value, list) and "only_when_i_say" in answer.value:
        return None, Held.ONLY_WHEN_THEY_SAY
    times = _ticked(answer, contacting) or read_safe(_own_words(answer), contacting)
    return (times, None) if times else (None, Held.TIMES_NOT_READ)


def _ticked(answer: Given, contacting: Contacting) -> Times | None:
    """Return the times of choices ticked. Words of their own count before what a choice made of them:
    "only 3 to 3.05" is not the third choice.
    """
    if not isinstance(answer.value, list):
        return None
    said = [words.plain(part) for part in words.normalise(answer.words).split(",")]
    by_label = [_TICKED.get(part, "") for part in said]
    by_number = _NUMBERS.fullmatch(" ".join(said)) and len(" ".join(said).split()) == len(answer.value)
    if answer.words and sorted(by_label) != sorted(answer.value) and not by_number:
        return None
    windows = chosen(answer.value, contacting)
    return Times(windows) if windows else None


def _own_words(answer: Given) -> str:
    if isinstance(answer.value, dict):
        return str(answer.value.get("text") or answer.words)
    return answer.words


def _avoid(answers: Mapping[str, Answer], contacting: Contacting) -> tuple[Window, ...] | None:
    text = _text(answers, "unsafe_times_or_people")
    return read_avoid(text, contacting) if text else ()


def _includes_school(windows: Iterable[Window], contacting: Contacting) -> bool:
    """Say whether they chose school hours themselves."""
    begins, ends = contacting.school.hours.from_, end_minute_of(contacting.school.hours.until)
    return any(w.on_school_days and minute_of(begins) <= w.from_ and w.until <= ends for w in windows)


# -- answers ---------------------------------------------------------------------------------------------------


def _given(answers: Mapping[str, Answer], key: str) -> Given | None:
    answer = answers.get(key)
    return answer if isinstance(answer, Given) else None


def _choice(answers: Mapping[str, Answer], key: str) -> str:
    answer = _given(answers, key)
    return answer.value if answer is not None and isinstance(answer.value, str) else ""


def _surely(answers: Mapping[str, Answer], key: str) -> str:
    """Return a choice, unless they said more that may take it back: "yes but not if he answers"."""
    answer = _given(answers, key)
    if answer is None or _AFTERTHOUGHT.search(words.plain(words.normalise(answer.words))):
        return ""
    return _choice(answers, key)


def _ids(answers: Mapping[str, Answer], key: str) -> list[str]:
    answer = _given(answers, key)
    return answer.value if answer is not None and isinstance(answer.value, list) else []


def _text(answers: Mapping[str, Answer], key: str) -> str:
    answer = _given(answers, key)
    if answer is None:
        return ""
    return answer.value if isinstance(answer.value, str) else _own_words(answer)

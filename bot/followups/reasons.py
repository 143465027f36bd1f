"""Why a time is the one it is, why there is none, and the words for both."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from flows.wording import Wording


class Moved(StrEnum):
    """Why a time is the one it is. Each is said as `planned_<code>`."""

    AS_WANTED = "as_wanted"
    WAS_LATE = "was_late"
    THEIR_HOURS = "their_hours"
    TO_AVOID = "to_avoid"
    SCHOOL_DAY = "school_day"
    SCHOOL_NOT_KNOWN = "school_not_known"
    QUIET = "quiet"
    BANK_HOLIDAY = "bank_holiday"
    TOO_SHORT = "too_short"
    ENDING = "ending"


class Held(StrEnum):
    """Why a worker holds it instead. Each is said as `held_<code>`."""

    NOT_ASKED = "not_asked"
    WAYS_NOT_READ = "ways_not_read"
    NONE_SAFE = "none_safe"
    THEY_CONTACT_US = "they_contact_us"
    WAY_NOT_SAFE = "way_not_safe"
    ASKED_NOT_TO_WRITE = "asked_not_to_write"
    NOT_SAFE_IN_CHAT = "not_safe_in_chat"
    NO_CALLS = "no_calls"
    TIMES_NOT_KNOWN = "times_not_known"
    TIMES_NOT_READ = "times_not_read"
    ONLY_WHEN_THEY_SAY = "only_when_they_say"
    TO_AVOID_NOT_READ = "to_avoid_not_read"
    TOO_SHORT = "too_short"
    NO_SAFE_TIME = "no_safe_time"
    TOO_LATE = "too_late"


class Lost(StrEnum):
    """Why a call-back cannot be at a time. Each is said as `slot_<code>`."""

    PAST = "past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    TWICE = "twice"
    NEVER = "never"
    BANK_HOLIDAY = "bank_holiday"
    SHUT = "shut"
    NOBODY_IN = "nobody_in"
    FULL = "full"
    NOT_SAFE_THEN = "not_safe_then"


Code: TypeAlias = Moved | Held | Lost


@dataclass(frozen=True, slots=True)
class Reason:
    """A code, and the words for it. Nothing in it is the person's."""

    code: Code

    @property
    def words_id(self) -> str:
        return words_id(self.code)

    def in_words(self, wording: Wording) -> str:
        return wording.text(self.words_id)


def words_id(code: Code) -> str:
    """Return the id in words.yaml that says a code."""
    match code:
        case Moved():
            return f"planned_{code.value}"
        case Held():
            return f"held_{code.value}"
        case Lost():
            return f"slot_{code.value}"

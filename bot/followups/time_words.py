"""Reads people's own words about times: what each word of them means, or nothing where one means nothing to us."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from bot.followups.windows import DAY, EVERY_DAY, WEEKDAYS, WEEKEND
from flows.reading import words

NOON = HALF = DAY // 2


class Mark(Enum):
    SEPARATED = "separated"
    OR = "or"
    NOT = "not"
    ANY = "any"
    ONLY = "only"
    GOOD = "good"
    WAY = "way"


@dataclass(frozen=True, slots=True)
class Days:
    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class Part:
    name: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A start, an end, or both; each as the minutes of the day it may mean."""

    starts: tuple[int, ...] | None
    ends: tuple[int, ...] | None


Atom: TypeAlias = Mark | Days | Part | Clock

_NAMES = ("mon(?:day)?", "tue(?:s(?:day)?)?", "wed(?:s|nesday)?", "thu(?:r(?:s(?:day)?)?)?", "fri(?:day)?",
          "sat(?:urday)?", "sun(?:day)?")  # fmt: skip
_NAME = "(?:" + "|".join(_NAMES) + ")(?:'?s)?"
_TO = r"\s*(?:-|to|till?|until)\s*"
_TIME = (
    r"(?:(?:(?P<{0}past>half past|quarter past|quarter to)\s+)?"
    r"(?P<{0}h>\d{{1,2}})(?:[.:](?P<{0}m>\d\d))?(?![\d.:]*\d)"
    r"\s*(?:o'?\s?clock\s*)?(?P<{0}s>[ap]\.?m\b\.?)?|(?P<{0}noon>noon|mid-?\s?day))"
)
_ONE, _TWO = _TIME.format("a"), _TIME.format("b")

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("not", r"(?:but\s+)?(?:not|except(?:\s+for)?|apart from|other than|excluding)\b"),
        ("not", r"(?:never|avoid|no|do not|don'?t)\b"),
        ("any", r"any\s?times?\b|whenever\b|all day\b"),
        ("day_range", rf"(?P<first>{_NAME}){_TO}(?P<last>{_NAME})\b"),
        ("weekdays", r"week\s?-?days?\b|(?:during|in) the week\b"),
        ("weekend", r"week\s?-?ends?\b"),
        ("every_day", r"every\s?day\b|any day\b|daily\b|7 days a week\b"),
        ("day", rf"(?P<name>{_NAME})\b"),
        ("school", r"(?:(?:in|during)\s+)?school\s+(?:hours|times?)\b|during school\b"),
        ("after_school", r"after school\b"),
        ("morning", r"mornings?\b"),
        ("afternoon", r"after-?noons?\b"),
        ("evening", r"evenings?\b"),
        ("range", rf"(?:from\s+)?{_ONE}{_TO}{_TWO}"),
        ("range", rf"between\s+{_ONE}\s*(?:and|&|-|to)\s*{_TWO}"),
        ("after", rf"(?:after|from|past)\s+{_ONE}(?:\s+(?:onwards?|on)\b)?"),
        ("after", rf"{_ONE}\s+onwards?\b"),
        ("before", rf"(?:before|until|till?|up to)\s+{_ONE}"),
        ("only", r"only\b|just\b"),
        ("or", r"or\b"),
        ("separated", r"(?:[,;/&+.]|and\b|then\b|also\b)"),
        ("good", r"(?:best|safest|safe|okay|ok|fine|good|free|works?\s+for me|yes|you can|can be)\b"),
        ("way", r"(?:ring|call|phone|text|e-?mail|message|knock|come round)\b"),
        ("filler", r"(?:please|pls|at|on|in|the|is|are|it'?s|i'?m|i am|me|a|of|day|times?)\b"),
        ("filler", r"(?:contact|reach|thanks|thank you)\b"),
    )
)  # fmt: skip
_PARTS = frozenset({"school", "after_school", "morning", "afternoon", "evening"})


def atoms_of(text: str) -> list[Atom] | None:
    """Return what each word means; None if there is one that means nothing to us."""
    normal = words.normalise(text)
    if not normal or len(normal) >= words.LOOK_AT:
        return None
    rest, found = words.digits(normal), list[Atom]()
    while rest:
        said = next(((name, match) for name, rule in _RULES if (match := rule.match(rest))), None)
        if said is None:
            return None
        name, match = said
        atom = _atom(name, match)
        if atom is None:
            return None
        found += atom
        rest = rest[match.end() :].strip()
    return found


def _atom(name: str, match: re.Match[str]) -> list[Atom] | None:
    if name == "filler":
        return []
    if name in _PARTS:
        return [Part(name)]
    if name in ("range", "after", "before"):
        clock = _clock(name, match)
        return None if clock is None else [clock]
    days = _days(name, match)
    return [Days(days)] if days else [Mark(name)]


def _days(name: str, match: re.Match[str]) -> frozenset[int]:
    match name:
        case "weekdays":
            return WEEKDAYS
        case "weekend":
            return WEEKEND
        case "every_day":
            return EVERY_DAY
        case "day":
            return frozenset({_weekday(match["name"])})
        case "day_range":
            first, last = _weekday(match["first"]), _weekday(match["last"])
            return frozenset((first + n) % 7 for n in range((last - first) % 7 + 1))
        case _:
            return frozenset()


def _weekday(name: str) -> int:
    return next(n for n, pattern in enumerate(_NAMES) if re.fullmatch(f"{pattern}(?:'?s)?", name))


def _clock(name: str, match: re.Match[str]) -> Clock | None:
    first = _minutes(match, "a")
    if first is None:
        return None
    if name == "after":
        return Clock(first, None)
    if name == "before":
        return Clock(None, first)
    second = _minutes(match, "b")
    return None if second is None else Clock(*_both(match, first, second))


def _both(match: re.Match[str], first: tuple[int, ...], second: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Let one time's "pm" tell of the other: "3 to 5pm" is in the afternoon, "9 to 5pm" begins in the morning."""
    if match["bs"] and _is_bare(match, "a"):
        return (max((m for m in _halves(first[0]) if m < second[0]), default=DAY),), second
    if match["as"] and _is_bare(match, "b"):
        return first, (min((m for m in (*_halves(second[0]), DAY) if m > first[0]), default=0),)
    return first, second


def _is_bare(match: re.Match[str], which: str) -> bool:
    hour = match[f"{which}h"]
    return bool(hour) and not match[f"{which}s"] and not hour.startswith("0") and int(hour) <= 12


def _halves(minute: int) -> tuple[int, int]:
    return minute % HALF, minute % HALF + HALF


def _minutes(match: re.Match[str], which: str) -> tuple[int, ...] | None:
    """Return the minutes of the day a time may mean: one where it is sure, None where there is no such time.

    One to five without more is in the afternoon, twelve is noon; six to eleven may be either half of the day.
    """
    if match[f"{which}noon"]:
        return (NOON,)
    hour, minute = int(match[f"{which}h"]), int(match[f"{which}m"] or 0)
    past, half = match[f"{which}past"] or "", (match[f"{which}s"] or "")[:1]
    minute += {"half past": 30, "quarter past": 15, "quarter to": -15}.get(past, 0)
    if hour > 23 or minute > 59 or ((half or past) and not 1 <= hour <= 12):
        return None
    if half:
        return ((hour % 12 + (12 if half == "p" else 0)) * 60 + minute,)
    if not _is_bare(match, which) or hour == 12:
        return (hour * 60 + minute,)
    if hour <= 5:
        return ((hour + 12) * 60 + minute,)
    return (hour * 60 + minute, (hour + 12) * 60 + minute)

"""Reads people's own words about safe times: every word of them surely understood, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from enum import Enum
from typing import TypeAlias

from flows.area import Contacting, Hours
from flows.reading import words

DAY = 24 * 60
"""A day in minutes: times of day are counted so, by the clock on the wall."""
EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
WEEKEND = EVERY_DAY - WEEKDAYS

_NOON = DAY // 2
_HALF = DAY // 2
_AFTER_SCHOOL = 120
_WIDER = 60
"""How much wider a part of the day is where it is to be avoided: nobody's evening begins on the minute."""


@dataclass(frozen=True, slots=True)
class Window:
    """A time of day on some days of the week (Monday is 0), by the clock on the wall. `until` is not included.

    `on_school_days`: only on a day that is surely one.
    """

    days: frozenset[int]
    from_: int
    until: int
    on_school_days: bool = False

    def holds(self, weekday: int, minute: int, *, is_school_day: bool) -> bool:
        """Say whether it is now, on a day of the week, at a minute of the day."""
        if weekday not in self.days or not self.from_ <= minute < self.until:
            return False
        return is_school_day or not self.on_school_days


@dataclass(frozen=True, slots=True)
class Times:
    """When they said is safe, and what they took out of it."""

    safe: tuple[Window, ...]
    avoid: tuple[Window, ...] = ()


class _Mark(Enum):
    SEPARATED = "separated"
    OR = "or"
    NOT = "not"
    ANY = "any"
    ONLY = "only"
    GOOD = "good"
    WAY = "way"


@dataclass(frozen=True, slots=True)
class _Days:
    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Part:
    name: str


@dataclass(frozen=True, slots=True)
class _Clock:
    """A start, an end, or both; each as the minutes of the day it may mean."""

    starts: tuple[int, ...] | None
    ends: tuple[int, ...] | None


_Atom: TypeAlias = _Mark | _Days | _Part | _Clock
_Span: TypeAlias = tuple[int, int, bool]
"""From, until, and whether on school days only."""

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
_NOTHING = re.compile(r"(?:no|none|nope|nah|nothing|nobody|no one|noone|n a|na|nil)(?: thanks| thank you)?")


def read_safe(text: str, contacting: Contacting) -> Times | None:
    """Return when they said is safe; None where any word of it is not surely understood."""
    atoms = _atoms(text)
    if atoms is None:
        return None
    first_not = atoms.index(_Mark.NOT) if _Mark.NOT in atoms else len(atoms)
    safe = _safe_windows(atoms[:first_not], contacting)
    avoid = _avoid_windows(atoms[first_not:], contacting) if first_not < len(atoms) else ()
    return Times(safe, avoid) if safe and avoid is not None else None


def read_avoid(text: str, contacting: Contacting) -> tuple[Window, ...] | None:
    """Return the times they said to avoid, none for "no"; None where it is not surely understood.

    In doubt between two times both are avoided.
    """
    if _NOTHING.fullmatch(words.plain(words.normalise(text))):
        return ()
    atoms = _atoms(text)
    return _avoid_windows(atoms, contacting) if atoms else None


def chosen(ids: Sequence[str], contacting: Contacting) -> tuple[Window, ...]:
    """Return the windows of the choices they ticked; none at all where one of them is not a time.

    Times of day alone are of Monday to Friday, since nobody spoke of weekends. With weekends they are of every
    day, and of a weekend only the same times of it.
    """
    parts = [name for name, option in _OPTIONS.items() if option in ids]
    if set(ids) - set(_OPTIONS.values()) - {"weekends", "any_time"}:
        return ()
    days = EVERY_DAY if "weekends" in ids else WEEKDAYS
    if parts:
        return tuple(_window(days, _part(part, contacting)) for part in parts)
    if "weekends" in ids:
        return (Window(WEEKEND, 0, DAY),)
    return (Window(EVERY_DAY, 0, DAY),) if "any_time" in ids else ()


_OPTIONS = {"morning": "mornings", "afternoon": "afternoons", "evening": "evenings", "school": "school_hours"}


def minute_of(at: time) -> int:
    return at.hour * 60 + at.minute


def end_minute_of(at: time) -> int:
    """Return the minute at which a span of the day ends: midnight is the one at its end."""
    return minute_of(at) or DAY


# -- words into atoms ------------------------------------------------------------------------------------------


def _atoms(text: str) -> list[_Atom] | None:
    """Return what each word means; None if there is one that means nothing to us."""
    normal = words.normalise(text)
    if not normal or len(normal) >= words.LOOK_AT:
        return None
    rest, found = words.digits(normal), list[_Atom]()
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


def _atom(name: str, match: re.Match[str]) -> list[_Atom] | None:
    if name == "filler":
        return []
    if name in _PARTS:
        return [_Part(name)]
    if name in ("range", "after", "before"):
        clock = _clock(name, match)
        return None if clock is None else [clock]
    days = _days(name, match)
    return [_Days(days)] if days else [_Mark(name)]


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


def _clock(name: str, match: re.Match[str]) -> _Clock | None:
    first = _minutes(match, "a")
    if first is None:
        return None
    if name == "after":
        return _Clock(first, None)
    if name == "before":
        return _Clock(None, first)
    second = _minutes(match, "b")
    return None if second is None else _Clock(*_both(match, first, second))


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
    return minute % _HALF, minute % _HALF + _HALF


def _minutes(match: re.Match[str], which: str) -> tuple[int, ...] | None:
    """Return the minutes of the day a time may mean: one where it is sure, None where there is no such time.

    One to five without more is in the afternoon, twelve is noon; six to eleven may be either half of the day.
    """
    if match[f"{which}noon"]:
        return (_NOON,)
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


# -- atoms into windows ----------------------------------------------------------------------------------------


def _safe_windows(atoms: Sequence[_Atom], contacting: Contacting) -> tuple[Window, ...]:
    """Return the windows, of several readings the smallest; none where there is none that is sure."""
    if _Mark.WAY in atoms:
        return ()  # the times of one way may not be those of another
    if all(isinstance(atom, _Mark) for atom in atoms):
        return (Window(EVERY_DAY, 0, DAY),) if _Mark.ANY in atoms else ()
    windows = list[Window]()
    for days, spoken in _pairs(list(_groups(atoms))):
        spans = _spans(spoken, contacting, is_safe=True)
        if spans is None:
            return ()
        windows += [_window(days or WEEKDAYS, span) for span in spans]
    return tuple(windows)


def _avoid_windows(atoms: Sequence[_Atom], contacting: Contacting) -> tuple[Window, ...] | None:
    """Return what to avoid, in doubt more of it."""
    if {_Mark.ONLY, _Mark.GOOD, _Mark.ANY} & set(atoms):
        return None
    windows = list[Window]()
    for section in _split_at_not(atoms):
        for days, spoken in _widest_pairs(section):
            spans = _spans(spoken, contacting, is_safe=False)
            if spans is None:
                return None
            windows += [_window(days or EVERY_DAY, span) for span in spans]
    return tuple(windows) or None


def _split_at_not(atoms: Sequence[_Atom]) -> Iterator[list[_Atom]]:
    section = list[_Atom]()
    for atom in (*atoms, _Mark.NOT):
        if atom is not _Mark.NOT:
            section.append(atom)
        elif any(not isinstance(each, _Mark) for each in section):
            yield section
            section = []


_Group: TypeAlias = tuple[bool, list[_Atom]]
"""Whether it is one of days, and its atoms with what stands between them."""


def _groups(atoms: Sequence[_Atom]) -> Iterator[_Group]:
    """Yield runs of days and runs of times as they are said."""
    run, of_days = list[_Atom](), False
    for atom in atoms:
        if isinstance(atom, _Mark):
            if run:
                run.append(atom)
            continue
        if run and isinstance(atom, _Days) is not of_days:
            yield of_days, run
            run = []
        of_days = isinstance(atom, _Days)
        run.append(atom)
    if run:
        yield of_days, run


_Pair: TypeAlias = tuple[frozenset[int], list[_Atom]]


def _pairs(groups: Sequence[_Group]) -> list[_Pair]:
    """Put days and times together; nothing where it is not sure which belong together."""
    if len(groups) == 1:
        of_days, atoms = groups[0]
        return [(_days_of(atoms), [])] if of_days else [(frozenset(), atoms)]
    if len(groups) % 2:
        return []
    pairs = list[_Pair]()
    for first, second in zip(groups[::2], groups[1::2], strict=True):
        (_, days), (_, times) = (first, second) if first[0] else (second, first)
        pairs.append((_days_of(days), times))
    return pairs


def _widest_pairs(section: Sequence[_Atom]) -> list[_Pair]:
    """Put days and times together only where nothing stands between: "Mondays and evenings" are two things."""
    groups = list(_groups(section))
    if len(groups) == 1 or (len(groups) == 2 and not any(isinstance(atom, _Mark) for atom in section)):
        return _pairs(groups)
    return [(_days_of(atoms), []) if of_days else (frozenset(), atoms) for of_days, atoms in groups]


def _days_of(atoms: Sequence[_Atom]) -> frozenset[int]:
    return frozenset().union(*(atom.days for atom in atoms if isinstance(atom, _Days)))


def _spans(atoms: Sequence[_Atom], contacting: Contacting, *, is_safe: bool) -> list[_Span] | None:
    """Return the times of day a run speaks of. A part and a clock side by side are one: "mornings after 9.30"."""
    if not atoms:
        return [(0, DAY, False)]
    spans = list[_Span]()
    for piece in _pieces(atoms):
        found = _of_piece(piece, contacting, is_safe=is_safe)
        if not found:
            return None
        spans += found
    return spans


def _pieces(atoms: Sequence[_Atom]) -> Iterator[list[_Part | _Clock]]:
    """Cut a run where a mark stands, except between "after nine" and "before three", which are one time."""
    piece, is_open = list[_Part | _Clock](), True
    for atom in atoms:
        if isinstance(atom, _Part | _Clock):
            if piece and not is_open and not _closes(piece[-1], atom):
                yield piece
                piece = []
            piece.append(atom)
            is_open = True
        elif atom in (_Mark.SEPARATED, _Mark.OR):
            is_open = False
    if piece:
        yield piece


def _closes(first: _Part | _Clock, second: _Part | _Clock) -> bool:
    """Say whether a start and an end are one time: the start is before the end, however they are read."""
    if not isinstance(first, _Clock) or not isinstance(second, _Clock):
        return False
    starts = first.starts if first.ends is None else second.starts if second.ends is None else None
    ends = first.ends if first.starts is None else second.ends if second.starts is None else None
    return starts is not None and ends is not None and min(starts) < max(ends)


def _of_piece(piece: Sequence[_Part | _Clock], contacting: Contacting, *, is_safe: bool) -> list[_Span]:
    parts = [each for each in piece if isinstance(each, _Part)]
    clocks = [each for each in piece if isinstance(each, _Clock)]
    if len(parts) > 1 or len(clocks) > 2:
        return []
    clock = _one_clock(clocks)
    if parts and clock is None:
        span = _part(parts[0].name, contacting)
        return [span if is_safe else _wider(parts[0].name, span)]
    if clock is None:
        return []
    within = _within(parts[0].name) if parts else (0, DAY)
    if within is None:
        return []
    part = _part(parts[0].name, contacting) if parts else (0, DAY, False)
    readings = _readings(clock, within, part if is_safe or not parts else _wider(parts[0].name, part))
    if len(readings) == 1 or not is_safe:
        return [(from_, until, False) for from_, until in readings]
    return []


def _one_clock(clocks: Sequence[_Clock]) -> _Clock | None:
    if len(clocks) < 2:
        return clocks[0] if clocks else None
    first, second = clocks
    if (first.starts is None) == (second.starts is None) or (first.ends is None) == (second.ends is None):
        return _Clock((), ())
    return _Clock(first.starts or second.starts, first.ends or second.ends)


def _readings(clock: _Clock, within: tuple[int, int], part: _Span) -> list[tuple[int, int]]:
    """Return each way to read a clock inside a part of the day. A range is never longer than half a day."""
    first, last = within
    starts = (part[0],) if clock.starts is None else clock.starts
    ends = (part[1],) if clock.ends is None else clock.ends
    longest = _HALF if clock.starts is not None and clock.ends is not None else DAY
    if _NOON in ends and len(starts) > 1:
        ends = (*ends, DAY)  # "10 to 12" may be at night
    return [(s, e) for s in starts for e in ends if min(first, part[0]) <= s < e <= last and e - s <= longest]


def _within(part: str) -> tuple[int, int] | None:
    """Return how far a clock beside a part may go: "evenings 6 to 8" is in the evening."""
    return {"morning": (5 * 60, _NOON), "afternoon": (_NOON, 18 * 60), "evening": (16 * 60, DAY)}.get(part)


def _part(name: str, contacting: Contacting) -> _Span:
    either_side = contacting.school.either_side_minutes
    match name:
        case "school":
            hours = contacting.school.hours
            return minute_of(hours.from_) + either_side, end_minute_of(hours.until) - either_side, True
        case "after_school":
            ends = end_minute_of(contacting.school.hours.until) + either_side
            return ends, min(ends + _AFTER_SCHOOL, DAY), True
        case _:
            hours = {"morning": contacting.mornings, "afternoon": contacting.afternoons}.get(
                name, contacting.evenings
            )
            return _of_hours(hours)


def _of_hours(hours: Hours) -> _Span:
    return minute_of(hours.from_), end_minute_of(hours.until), False


def _wider(name: str, span: _Span) -> _Span:
    """Return a part of the day as widely as anybody may mean it."""
    from_, until, _ = span
    match name:
        case "morning":
            return 0, min(until + _WIDER, DAY), False
        case "evening" | "after_school":
            return max(from_ - _WIDER, 0), DAY, False
        case _:
            return max(from_ - _WIDER, 0), min(until + _WIDER, DAY), False


def _window(days: frozenset[int], span: _Span) -> Window:
    return Window(days, *span)

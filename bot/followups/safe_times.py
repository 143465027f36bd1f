"""Reads people's own words about safe times: every word of them surely understood, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.followups.time_words import HALF, NOON, Atom, Clock, Days, Mark, Part, atoms_of
from bot.followups.windows import DAY, EVERY_DAY, WEEKDAYS, WEEKEND, Window, end_minute_of, minute_of
from flows.area import Contacting, Hours
from flows.reading import words

_AFTER_SCHOOL = 120
_WIDER = 60
"""How much wider a part of the day is where it is to be avoided: nobody's evening begins on the minute."""

_Span: TypeAlias = tuple[int, int, bool]
"""From, until, and whether on school days only."""
_NOTHING = re.compile(r"(?:no|none|nope|nah|nothing|nobody|no one|noone|n a|na|nil)(?: thanks| thank you)?")


@dataclass(frozen=True, slots=True)
class Times:
    """When they said is safe, and what they took out of it."""

    safe: tuple[Window, ...]
    avoid: tuple[Window, ...] = ()


def read_safe(text: str, contacting: Contacting) -> Times | None:
    """Return when they said is safe; None where any word of it is not surely understood."""
    atoms = atoms_of(text)
    if atoms is None:
        return None
    first_not = atoms.index(Mark.NOT) if Mark.NOT in atoms else len(atoms)
    safe = _safe_windows(atoms[:first_not], contacting)
    avoid = _avoid_windows(atoms[first_not:], contacting) if first_not < len(atoms) else ()
    return Times(safe, avoid) if safe and avoid is not None else None


def read_avoid(text: str, contacting: Contacting) -> tuple[Window, ...] | None:
    """Return the times they said to avoid, none for "no"; None where it is not surely understood.

    In doubt between two times both are avoided.
    """
    if _NOTHING.fullmatch(words.plain(words.normalise(text))):
        return ()
    atoms = atoms_of(text)
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


# -- what they mean into windows -------------------------------------------------------------------------------


def _safe_windows(atoms: Sequence[Atom], contacting: Contacting) -> tuple[Window, ...]:
    """Return the windows, of several readings the smallest; none where there is none that is sure."""
    if Mark.WAY in atoms:
        return ()  # the times of one way may not be those of another
    if all(isinstance(atom, Mark) for atom in atoms):
        return (Window(EVERY_DAY, 0, DAY),) if Mark.ANY in atoms else ()
    windows = list[Window]()
    for days, spoken in _pairs(list(_groups(atoms))):
        spans = _spans(spoken, contacting, is_safe=True)
        if spans is None:
            return ()
        windows += [_window(days or WEEKDAYS, span) for span in spans]
    return tuple(windows)


def _avoid_windows(atoms: Sequence[Atom], contacting: Contacting) -> tuple[Window, ...] | None:
    """Return what to avoid, in doubt more of it."""
    if {Mark.ONLY, Mark.GOOD, Mark.ANY} & set(atoms):
        return None
    windows = list[Window]()
    for section in _split_at_not(atoms):
        for days, spoken in _widest_pairs(section):
            spans = _spans(spoken, contacting, is_safe=False)
            if spans is None:
                return None
            windows += [_window(days or EVERY_DAY, span) for span in spans]
    return tuple(windows) or None


def _split_at_not(atoms: Sequence[Atom]) -> Iterator[list[Atom]]:
    section = list[Atom]()
    for atom in (*atoms, Mark.NOT):
        if atom is not Mark.NOT:
            section.append(atom)
        elif any(not isinstance(each, Mark) for each in section):
            yield section
            section = []


_Group: TypeAlias = tuple[bool, list[Atom]]
"""Whether it is one of days, and its atoms with what stands between them."""


def _groups(atoms: Sequence[Atom]) -> Iterator[_Group]:
    """Yield runs of days and runs of times as they are said."""
    run, of_days = list[Atom](), False
    for atom in atoms:
        if isinstance(atom, Mark):
            if run:
                run.append(atom)
            continue
        if run and isinstance(atom, Days) is not of_days:
            yield of_days, run
            run = []
        of_days = isinstance(atom, Days)
        run.append(atom)
    if run:
        yield of_days, run


_Pair: TypeAlias = tuple[frozenset[int], list[Atom]]


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


def _widest_pairs(section: Sequence[Atom]) -> list[_Pair]:
    """Put days and times together only where nothing stands between: "Mondays and evenings" are two things."""
    groups = list(_groups(section))
    if len(groups) == 1 or (len(groups) == 2 and not any(isinstance(atom, Mark) for atom in section)):
        return _pairs(groups)
    return [(_days_of(atoms), []) if of_days else (frozenset(), atoms) for of_days, atoms in groups]


def _days_of(atoms: Sequence[Atom]) -> frozenset[int]:
    return frozenset().union(*(atom.days for atom in atoms if isinstance(atom, Days)))


def _spans(atoms: Sequence[Atom], contacting: Contacting, *, is_safe: bool) -> list[_Span] | None:
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


def _pieces(atoms: Sequence[Atom]) -> Iterator[list[Part | Clock]]:
    """Cut a run where a mark stands, except between "after nine" and "before three", which are one time."""
    piece, is_open = list[Part | Clock](), True
    for atom in atoms:
        if isinstance(atom, Part | Clock):
            if piece and not is_open and not _closes(piece[-1], atom):
                yield piece
                piece = []
            piece.append(atom)
            is_open = True
        elif atom in (Mark.SEPARATED, Mark.OR):
            is_open = False
    if piece:
        yield piece


def _closes(first: Part | Clock, second: Part | Clock) -> bool:
    """Say whether a start and an end are one time: the start is before the end, however they are read."""
    if not isinstance(first, Clock) or not isinstance(second, Clock):
        return False
    starts = first.starts if first.ends is None else second.starts if second.ends is None else None
    ends = first.ends if first.starts is None else second.ends if second.starts is None else None
    return starts is not None and ends is not None and min(starts) < max(ends)


def _of_piece(piece: Sequence[Part | Clock], contacting: Contacting, *, is_safe: bool) -> list[_Span]:
    parts = [each for each in piece if isinstance(each, Part)]
    clocks = [each for each in piece if isinstance(each, Clock)]
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


def _one_clock(clocks: Sequence[Clock]) -> Clock | None:
    if len(clocks) < 2:
        return clocks[0] if clocks else None
    first, second = clocks
    if (first.starts is None) == (second.starts is None) or (first.ends is None) == (second.ends is None):
        return Clock((), ())
    return Clock(first.starts or second.starts, first.ends or second.ends)


def _readings(clock: Clock, within: tuple[int, int], part: _Span) -> list[tuple[int, int]]:
    """Return each way to read a clock inside a part of the day. A range is never longer than half a day."""
    first, last = within
    starts = (part[0],) if clock.starts is None else clock.starts
    ends = (part[1],) if clock.ends is None else clock.ends
    longest = HALF if clock.starts is not None and clock.ends is not None else DAY
    if NOON in ends and len(starts) > 1:
        ends = (*ends, DAY)  # "10 to 12" may be at night
    return [(s, e) for s in starts for e in ends if min(first, part[0]) <= s < e <= last and e - s <= longest]


def _within(part: str) -> tuple[int, int] | None:
    """Return how far a clock beside a part may go: "evenings 6 to 8" is in the evening."""
    return {"morning": (5 * 60, NOON), "afternoon": (NOON, 18 * 60), "evening": (16 * 60, DAY)}.get(part)


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

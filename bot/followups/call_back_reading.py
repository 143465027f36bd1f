"""Reads when somebody would like to be rung, in their own words. What is not surely understood is not read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.followups.safe_times import read_safe
from bot.followups.slots import Slot
from bot.followups.windows import DAY, Window
from flows.area import Contacting
from flows.reading import words


@dataclass(frozen=True, slots=True)
class Wish:
    """When they would like it. Without `days` on any day; without `spans` at any time of it.

    A span is from a minute of the day until another; `is_exact`: each is a time they named.
    """

    days: frozenset[date] | None = None
    spans: tuple[tuple[int, int], ...] | None = None
    is_exact: bool = False

    @property
    def instants(self) -> list[datetime]:
        """Return the local times they named, without a timezone; none where they left it open."""
        if not self.is_exact or self.days is None or self.spans is None:
            return []
        begins = [datetime.combine(day, datetime.min.time()) for day in sorted(self.days)]
        return [at + timedelta(minutes=from_) for at in begins for from_, _ in self.spans]


_NAMES = ("mon(?:day)?", "tue(?:s(?:day)?)?", "wed(?:s|nesday)?", "thu(?:r(?:s(?:day)?)?)?", "fri(?:day)?",
          "sat(?:urday)?", "sun(?:day)?")  # fmt: skip
_MONTHS = ("jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?",
           "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?")  # fmt: skip
_ANY_NAME, _ANY_MONTH = "|".join(_NAMES), "|".join(_MONTHS)
_DAY_RULES = tuple(
    (name, re.compile(rf"\b(?:on )?{pattern}(?!\w)"))
    for name, pattern in (
        ("after_tomorrow", r"(?:the )?day after (?:tomorrow|tmrw)"),
        ("tomorrow", r"(?:tomorrow|tomorow|tommorow|tommorrow|tmrw|tmw|tmr|2moro|tomoz)"),
        ("today", r"(?:today|2day)"),
        ("this", r"(?=this (?:morning|afternoon|evening))this"),
        ("tonight", r"tonight"),
        ("christmas", r"(?:christmas day|xmas day)"),
        ("boxing", r"boxing day"),
        ("date", rf"(?:(?:{_ANY_NAME}) )?(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_ANY_MONTH})"),
        ("date", rf"(?:(?:{_ANY_NAME}) )?(?P<m>{_ANY_MONTH}) (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?"),
        ("slashed", r"(?P<d>\d{1,2})/(?P<n>\d{1,2})"),
        ("ordinal", rf"(?:(?:{_ANY_NAME}) )?(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)"),
        ("weekday", rf"(?:(?:this|next|coming|this coming) )?(?P<w>{_ANY_NAME})"),
    )
)
_POLITE = re.compile(
    r"\b(?:please|pls|plz|thanks|thank you|hi|hello|yes|yeah|ok|okay|can|could|would|you|someone|somebody|a worker"
    r"|ring|call|phone|me|us|back|like|i'?d|i would|prefer|is|it|be|would be|that|best|good|better|fine|great|for"
    r"|works?|suits?|at|about|around|on|in|the|some ?time|any ?time|maybe|do|how|what|we|say|instead|then|to"
    r"|move|change|the call|my|our|we|do|make)\b"
)
_SOONEST = re.compile(r"\b(?:as soon as (?:possible|you can)|asap|straight ?away|right away|now|soon)\b")
_CLOCK = re.compile(
    r"(?:(?P<past>half past|half|quarter past|quarter to) )?(?P<h>\d{1,2})(?:[.:](?P<m>\d\d))?\s*(?:o'?\s?clock)?"
    r"\s*(?P<s>[ap]\.?m\.?)?|(?P<noon>noon|mid-?\s?day|12 noon)"
)
_LUNCH = re.compile(r"\blunch ?times?\b|\blunch\b|\bdinner time\b")
_NOT_A_WISH = re.compile(r"[^\w]+")
_NOON = DAY // 2


def read_wish(text: str, *, today: date, contacting: Contacting) -> Wish | None:
    """Return what they would like; None where any word of it is not understood, a "not" among them."""
    normal = words.normalise(text)
    if not normal or len(normal) >= words.LOOK_AT:
        return None
    rest = _soonest(words.digits(normal))
    days, rest = _days(rest, today)
    if days is not None and not days:
        return None
    spans, is_exact = _spans(rest, contacting)
    if spans is None and _NOT_A_WISH.sub("", _POLITE.sub(" ", rest)):
        return None
    if days is None and (normal.isdecimal() or (spans is None and not _asks_for_any(normal))):
        return None  # a number alone may be anything
    return Wish(days, spans, is_exact)


def matching(slots: Iterable[Slot], wish: Wish, zone: ZoneInfo) -> list[Slot]:
    """Return the times that are as they would like, the soonest first."""
    return [slot for slot in slots if _fits(slot, wish, zone)]


def nearest(slots: Sequence[Slot], wish: Wish, zone: ZoneInfo, most: int) -> list[Slot]:
    """Return the times nearest to what they would like: on their days where there are any, else after them."""
    if wish.days is None:
        return list(slots[:most])
    same = [slot for slot in slots if slot.starts_at.astimezone(zone).date() in wish.days]
    later = [slot for slot in slots if slot.starts_at.astimezone(zone).date() > min(wish.days)]
    return (same or later or list(slots))[:most]


def _fits(slot: Slot, wish: Wish, zone: ZoneInfo) -> bool:
    starts = slot.starts_at.astimezone(zone)
    if wish.days is not None and starts.date() not in wish.days:
        return False
    if wish.spans is None:
        return True
    begins = starts.hour * 60 + starts.minute
    ends = begins + int((slot.ends_at - slot.starts_at).total_seconds()) // 60
    if wish.is_exact:
        return any(begins <= from_ < ends for from_, _ in wish.spans)
    return any(from_ <= begins and ends <= until for from_, until in wish.spans)


def _soonest(normal: str) -> str:
    return _SOONEST.sub(" any time ", normal)


def _asks_for_any(normal: str) -> bool:
    return bool(_SOONEST.search(normal) or re.search(r"\bany ?time\b|\bwhenever\b", normal))


# -- days ----------------------------------------------------------------------------------------------------


def _days(rest: str, today: date) -> tuple[frozenset[date] | None, str]:
    """Return the days a text names and what is left of it; an empty set where a day of it is not one."""
    found: set[date] = set()
    named = False
    for name, rule in _DAY_RULES:
        match = rule.search(rest)
        if match is None:
            continue
        if named:
            return frozenset(), rest  # two days, and we cannot tell which belongs to what
        named = True
        found.update(_day(name, match, today))
        rest = f"{rest[: match.start()]} {'evening' if name == 'tonight' else ''} {rest[match.end() :]}"
    return (frozenset(found) if named else None), rest


def _day(name: str, match: re.Match[str], today: date) -> list[date]:
    match name:
        case "today" | "this" | "tonight":
            return [today]
        case "tomorrow":
            return [today + timedelta(days=1)]
        case "after_tomorrow":
            return [today + timedelta(days=2)]
        case "christmas":
            return _coming(25, 12, today)
        case "boxing":
            return _coming(26, 12, today)
        case "weekday":
            return _weekday(match["w"], today)
        case "date":
            month = next(n for n, month in enumerate(_MONTHS, 1) if re.fullmatch(month, match["m"]))
            return _coming(int(match["d"]), month, today)
        case "slashed":
            return _coming(int(match["d"]), int(match["n"]), today)
        case _:
            return _ordinal(int(match["d"]), today)


def _weekday(name: str, today: date) -> list[date]:
    """Return both days that may be meant: "Monday" on a Monday, and "next Tuesday" at any time, are two."""
    number = next(n for n, pattern in enumerate(_NAMES) if re.fullmatch(pattern, name))
    first = today + timedelta(days=(number - today.weekday()) % 7)
    return [first, first + timedelta(days=7)]


def _coming(day: int, month: int, today: date) -> list[date]:
    """Return a day of this year, or of the next where it is long past: one just past was a slip, and is past."""
    try:
        on = date(today.year, month, day)
    except ValueError:
        return []
    return [on if (today - on).days < 31 else on.replace(year=today.year + 1)] if (month, day) != (2, 29) else [on]


def _ordinal(day: int, today: date) -> list[date]:
    for ahead in range(32):
        on = today + timedelta(days=ahead)
        if on.day == day:
            return [on]
    return []


# -- times of day --------------------------------------------------------------------------------------------


def _spans(rest: str, contacting: Contacting) -> tuple[tuple[tuple[int, int], ...] | None, bool]:
    """Return the times of day a text names, and whether each is a time on the clock."""
    tidy = " ".join(_LUNCH.sub("between 12 and 2", rest).replace(",", " ").strip(" .?").split())
    bare = " ".join(_NOT_A_WISH_EDGES.sub(" ", _POLITE.sub(" ", tidy)).split())
    exact = _CLOCK.fullmatch(bare)
    if exact is not None:
        minutes = _minutes(exact)
        return (tuple((minute, minute + 1) for minute in minutes) or None), bool(minutes)
    for said in (tidy, bare):
        times = read_safe(said, contacting) if said else None
        if times is not None and not times.avoid:
            spans = tuple(dict.fromkeys(_span(window) for window in times.safe))
            return (spans, False) if spans != ((0, DAY),) else (None, False)
    return None, False


_NOT_A_WISH_EDGES = re.compile(r"(?<!\d)[^\w\s](?!\d)|[?]")


def _span(window: Window) -> tuple[int, int]:
    return window.from_, window.until


def _minutes(found: re.Match[str]) -> list[int]:
    """Return the minutes of the day a time on the clock may mean: both halves of the day where none is said."""
    if found["noon"]:
        return [_NOON]
    hour, minute, half = int(found["h"]), int(found["m"] or 0), (found["s"] or "")[:1]
    minute += {"half past": 30, "half": 30, "quarter past": 15, "quarter to": -15}.get(found["past"] or "", 0)
    if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
        return []
    if half:
        return [(hour % 12 + (12 if half == "p" else 0)) * 60 + minute]
    if hour > 12 or hour == 0 or found["h"].startswith("0"):
        return [hour * 60 + minute]
    return [at for at in (hour % 12 * 60 + minute, (hour % 12 + 12) * 60 + minute) if at >= 0]

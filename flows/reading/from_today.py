"""Reads a date told by how far it is from today: "yesterday", "2 weeks ago", "next tuesday", "in march"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flows.reading import words
from flows.reading.partial import Asked, Partial
from flows.reading.written_dates import month_of

DAY_NAMES = tuple(words.in_turn("monday tuesday wednesday thursday friday saturday sunday"))
_DAY_STARTS = {
    **{d: i for i, d in enumerate(DAY_NAMES)},
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "weds": 2,
    "wednes": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}
_NAMED_DAYS = (
    (re.compile(r"\b(?:hours?|hrs?|minutes?|mins?) ago\b|\bin (?:an|\d+) (?:hours?|hrs?|minutes?|mins?)\b"), 0),
    (re.compile(r"\b(?:a |1 )?week today\b"), 7),
    (re.compile(r"\b(?:a |1 )?week tomorrow\b"), 8),
    (re.compile(r"\b(?:a )?fortnight today\b"), 14),
    (re.compile(r"\bday before yesterday\b"), -2),
    (re.compile(r"\bday after tomorrow\b"), 2),
    (re.compile(r"\b(?:yesterday|yesterdy|last night)\b"), -1),
    (re.compile(r"\b(?:tomorrow|tomorow|tommorow|tommorrow|tmrw|tmr|2moro|tomoz)\b"), 1),
    (re.compile(r"\b(?:today|2day|tonight|this (?:morning|afternoon|evening)|just now)\b"), 0),
)
_COUNTED = re.compile(
    r"(?<![\d.])(?P<in>in |within )?(?:the last |about |around )?(?P<n>\d{1,3}|an?|a couple of|couple of) ?"
    r"(?P<unit>days?|weeks?|wks?|fortnights?|months?|mths?|years?|yrs?)'?s?'?(?P<after> ago| time"
    r"| from (?:now|today)| back)?"
)
_WEEKDAY = re.compile(
    r"\b(?P<more>(?:a |1 )?week )?(?P<which>last|next|this(?: coming)?|coming|on)? ?(?P<day>"
    + "|".join(sorted(_DAY_STARTS, key=len, reverse=True))
    + r")\b(?P<week> week)?"
)
_WHICH = re.compile(r"\b(last|this|next) (month|year|week)\b")
_DAY_OF_WHICH = re.compile(r"(?<!\d)(\d{1,2})°? (?:of )?(last|this|next) month\b")
_FEW_WORDS = 4
_WHICH_MONTH = re.compile(r"(?:\b(last|this|next) )?@([a-l])")


def from_today(canon: str, asked: Asked) -> Partial | None:
    """Return a date told by how far it is from today; None where none is."""
    for pattern, days in _NAMED_DAYS:
        if pattern.search(canon):
            return _on(asked.today, days)
    m = _COUNTED.search(canon)
    if m and (m["after"] or m["in"]):
        return _counted(m, asked)
    m = _WEEKDAY.search(canon)
    if m and (m["which"] not in (None, "on") or "born" in canon or canon.count(" ") < _FEW_WORDS):
        return _weekday(m, asked)
    m = _DAY_OF_WHICH.search(canon)
    if m:
        month = _which(m[2], "month", asked.today)
        return Partial(month.year, month.month, int(m[1]))
    m = _WHICH.search(canon)
    return _which(m[1], m[2], asked.today) if m else None


def _on(today: date, days: int) -> Partial:
    day = today + timedelta(days=days)
    return Partial(day.year, day.month, day.day)


def _counted(m: re.Match[str], asked: Asked) -> Partial:
    count = int(m["n"]) if m["n"].isdecimal() else (2 if "couple" in m["n"] else 1)
    count *= -1 if (m["after"] or "").strip() in ("ago", "back") else 1
    unit = m["unit"]
    if unit.startswith("d"):
        return _on(asked.today, count)
    if unit.startswith(("w", "f")):
        return _on(asked.today, count * (14 if unit.startswith("f") else 7))
    if unit.startswith("m"):
        return months_on(asked.today, count)
    return Partial(asked.today.year + count)


def months_on(today: date, count: int) -> Partial:
    """Return the month `count` months from this one."""
    years, month = divmod(today.month - 1 + count, 12)
    return Partial(today.year + years, month + 1)


def _weekday(m: re.Match[str], asked: Asked) -> Partial:
    ahead = (_DAY_STARTS[m["day"]] - asked.today.weekday()) % 7
    which = m["which"]
    if which == "last" or (asked.past and which not in ("next", "coming", "this coming")):
        behind = (7 - ahead) % 7
        return _on(asked.today, -(behind or (7 if which == "last" else 0)) - (7 if m["more"] else 0))
    if which == "next":
        ahead = ahead or 7
    return _on(asked.today, ahead + (7 if m["week"] or m["more"] else 0))


def _which(which: str, unit: str, today: date) -> Partial:
    step = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "month":
        return months_on(today, step)
    if unit == "year":
        return Partial(today.year + step)
    day = today + timedelta(days=7 * step)
    return Partial(day.year, day.month)


def nearest_month(month: int, asked: Asked, which: str | None = None) -> Partial:
    """Return the year and month a bare month name means, looking the way the question looks."""
    today = asked.today
    back = which == "last" or (which is None and asked.past is True)
    if back:
        year = today.year - (month > today.month or (which == "last" and month == today.month))
    else:
        year = today.year + (month < today.month or (which == "next" and month == today.month))
    return Partial(year, month)


def month_alone(canon: str, asked: Asked) -> Partial | None:
    m = _WHICH_MONTH.search(canon)
    if m is None or (asked.birth and not m[1]):
        return None
    short_reply = len(words.plain(canon).split()) <= 6
    return nearest_month(month_of(m[2]), asked, m[1]) if short_reply or m[1] else None


def nearest_day(day: int, month: int, asked: Asked) -> Partial:
    today = asked.today
    here = Partial(today.year, month, day)
    passed = (month, day) < (today.month, today.day)
    if asked.past is True and (month, day) > (today.month, today.day):
        return Partial(today.year - 1, month, day)
    return Partial(today.year + 1, month, day) if asked.past is False and passed else here

"""Reads a date, whole or in part: "14/3/15", "the 3rd of march", "march 2014", "next tuesday". Days "
"come first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import dateparser
from rapidfuzz.distance import OSA

from flows.answers import Answer, Given, Unread
from flows.reading import words
from flows.reading.expected import Expected

OLDEST_YEARS = 120
_FURTHEST_YEARS = 100
_MONTHS = tuple(
    words.in_turn("january february march april may june july august september october november december")
)
_SHORT = {m[:3]: i for i, m in enumerate(_MONTHS, 1)} | {"sept": 9, "janu": 1, "febr": 2, "octo": 10, "novem": 11}
_MONTH_NAMES = {**{m: i for i, m in enumerate(_MONTHS, 1)}, **_SHORT}
_MONTH = re.compile(r"(?<![a-z])(" + "|".join(sorted(_MONTH_NAMES, key=len, reverse=True)) + r")\.?(?![a-z])")
_LONG_WORD = re.compile(r"(?<![a-z])[a-z]{5,10}(?![a-z])")
_ORDINAL = re.compile(r"(?<=\d) ?(?:st|nd|rd|th)(?![a-z])")
_DAY_NAMES = tuple(words.in_turn("monday tuesday wednesday thursday friday saturday sunday"))
_DAY_STARTS = {
    **{d: i for i, d in enumerate(_DAY_NAMES)},
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


@dataclass(frozen=True, slots=True)
class Partial:
    """A date as far as they gave it."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def iso(self) -> str:
        parts = [f"{self.year:04d}"] + [f"{p:02d}" for p in (self.month, self.day) if p is not None]
        return "-".join(parts)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a date is being read for: on which day, looking back or forward, and whether it is a birth."""

    today: date
    past: bool | None = None
    birth: bool = False


# Months are one letter after "@" and ordinals end in "°", so that one pattern fits every spelling.


def canonical(normal: str) -> str:
    """Return `normal` with numbers in figures, months as "@a" to "@l", and "3rd" as "3°"."""
    figures = _ORDINAL.sub("°", _LETTERS_AMONG_FIGURES.sub(_as_figures, words.digits(normal)))
    marked = _MONTH.sub(lambda m: _marked(_MONTH_NAMES[m[1]]), figures)
    if "@" not in marked and any(c.isdecimal() for c in marked):
        marked = _LONG_WORD.sub(_month_nearly, marked)
    return marked


_LETTERS_AMONG_FIGURES = re.compile(r"(?<![a-z0-9'])(?=[oil]*\d)[\doil]{2,4}(?![a-z0-9])")
_FIGURES = str.maketrans("oil", "011")


def _as_figures(found: re.Match[str]) -> str:
    return found[0].translate(_FIGURES)


def _marked(month: int) -> str:
    return f"@{chr(ord('a') + month - 1)}"


def _month_nearly(found: re.Match[str]) -> str:
    typed = found[0]
    if typed in _NOT_MONTHS:
        return typed
    most = 1 if len(typed) < 7 else 2
    for number, name in enumerate(_MONTHS, 1):
        if typed[0] == name[0] and OSA.distance(typed, name, score_cutoff=most) <= most:
            return _marked(number)
    return typed


_NOT_MONTHS = frozenset({"match", "marsh", "months", "month", "mouth", "juice", "number"})


def month_of(letter: str) -> int:
    return ord(letter) - ord("a") + 1


_GAP = r"[\s./,\\_:\-]+"
_YEAR = r"'?(\d{4}|\d{2})(?![\d°]|\s*(?:am|pm|years?|yrs?|months?|mths?|weeks?|wks?|days?|%|o'?clock|kg|lbs?)\b)"
_RELATIVE_YEAR = r"(last year|this year|next year|the year before last)"
_DMY = re.compile(rf"(?<!\d)(\d{{1,2}})°?{_GAP}(?:of |the )*(\d{{1,2}})°?{_GAP}(?:of |in )*{_YEAR}")
_YMD = re.compile(rf"(?<!\d)((?:1\d|20|21)\d{{2}}){_GAP}(\d{{1,2}}){_GAP}(\d{{1,2}})(?!\d)")
_RUN = re.compile(r"(?<![\d/.@])(\d{8}|\d{6})(?![\d/.])")
_D_MON_Y = re.compile(
    rf"(?<!\d)(\d{{1,2}})°?[\s./,\\_\-]*(?:of |the )*@([a-l])[\s./,\\_\-]*(?:of |in |the )*(?:{_YEAR}"
    rf"|{_RELATIVE_YEAR})"
)
_MON_D_Y = re.compile(
    rf"@([a-l])[\s./,\-]*(?:the )?(\d{{1,2}})°?[\s,./\-]+(?:of |in )*(?:{_YEAR}|{_RELATIVE_YEAR})"
)
_Y_MON_D = re.compile(r"(?<!\d)((?:19|20)\d{2})[\s./,\-]*@([a-l])[\s./,\-]*(\d{1,2})(?!\d)")
_MON_Y = re.compile(
    rf"@([a-l])[\s./,\-]*(?:of |in |the |year )*(?:((?:1\d|2\d)\d{{2}})(?!\d)|'(\d{{2}})(?!\d)"
    rf"|{_RELATIVE_YEAR})"
)
_Y_MON = re.compile(r"(?<!\d)((?:19|20)\d{2})[\s,./\-]*(?:in )?@([a-l])")
_NUM_Y = re.compile(r"(?<![\d/.\-])(\d{1,2})[\s]*[/.\-\s][\s]*((?:19|20|21)\d{2})(?!\d)")
_Y_NUM = re.compile(r"(?<![\d/.\-])((?:19|20)\d{2})[/\-.](\d{1,2})(?![\d/.\-])")
_D_MON = re.compile(r"(?<!\d)(\d{1,2})°?[\s./,\\_\-]*(?:of |the )*@([a-l])")
_MON_D = re.compile(r"@([a-l])[\s.,\-]*(?:the )?(\d{1,2})(?!\d)")
_NUM_D = re.compile(
    r"(?<![\d/.\-])(\d{1,2})[/.\-](\d{1,2})(?![\d/.\-])(?! ?(?:days?|weeks?|wks?|months?|mths?|years?|yrs?"
    r"|hours?))"
)
_TURNED_DOWN = re.compile(
    r"\b(?:not\b(?! (?:sure|certain|too sure|really sure))|except\b|never\b|don'?t\b(?! know)|any day but)"
)
_ONLY_YEAR = re.compile(r"(?<![\d@/.\-])((?:1\d|2\d|30)\d{2})(?![\d/.\-])")
_BORN_SHORT_YEAR = re.compile(r"(?:^|born in |in |of )'(\d{2})(?!\d)")
_DAY_ALONE = re.compile(r"(?<!\d)([1-9]|[12]\d|3[01])°(?!\d)")


def whole_dates(canon: str, asked: Asked) -> list[Partial]:
    """Return the different dates with day, month and year in the reply, real or not, in the order "
    "of the patterns."""
    found = dict.fromkeys(_whole_dates(canon, asked))
    return list(found)


def _whole_dates(canon: str, asked: Asked) -> Iterator[Partial]:
    named = "@" in canon
    for m in _YMD.finditer(canon):
        yield Partial(int(m[1]), int(m[2]), int(m[3]))
    if named:
        for m in _Y_MON_D.finditer(canon):
            yield Partial(int(m[1]), month_of(m[2]), int(m[3]))
            return
        for m in _D_MON_Y.finditer(canon):
            yield _dated(m[3], m[4], month_of(m[2]), int(m[1]), asked)
        if _D_MON.search(canon) is None:
            for m in _MON_D_Y.finditer(canon):
                yield _dated(m[3], m[4], month_of(m[1]), int(m[2]), asked)
        return
    if _YMD.search(canon):
        return
    for m in _DMY.finditer(canon):
        day, month = _in_order(int(m[1]), int(m[2]))
        yield _dated(m[3], None, month, day, asked)
    run = _RUN.search(canon)
    if run and sum(c.isdecimal() for c in canon) == len(run[1]):
        yield _from_run(run[1], asked)


def _in_order(first: int, second: int) -> tuple[int, int]:
    """Return day and month. Only what cannot be a month is taken for a day in second place."""
    return (second, first) if second > 12 >= first else (first, second)


def _dated(year: str | None, relative: str | None, month: int, day: int | None, asked: Asked) -> Partial:
    if relative:
        return Partial(_relative_year(relative, asked.today), month, day)
    number = int(year or 0)
    if year is not None and len(year) == 2:
        number = _full_year(number, month, day, asked)
    return Partial(number, month, day)


def _relative_year(said: str, today: date) -> int:
    return today.year + {"last year": -1, "this year": 0, "next year": 1}.get(said, -2)


def _full_year(short: int, month: int, day: int | None, asked: Asked) -> int:
    """Return the year a two-figure year means: not yet to come if the date must be past."""
    year = asked.today.year // 100 * 100 + short
    limit = asked.today.year + (0 if asked.past else 20)
    in_future = (year, month, day or 1) > (asked.today.year, asked.today.month, asked.today.day)
    if asked.past is not False and (year > limit or (asked.past and in_future and year > asked.today.year)):
        return year - 100
    return year


def _from_run(run: str, asked: Asked) -> Partial:
    day, month = _in_order(int(run[:2]), int(run[2:4]))
    if len(run) == 8 and run[:2] in ("19", "20") and not (1 <= month <= 12 and run[4:6] in ("19", "20")):
        return Partial(int(run[:4]), int(run[4:6]), int(run[6:]))
    return _dated(run[4:], None, month, day, asked)


def month_and_year(canon: str, asked: Asked) -> Partial | None:
    """Return a month with its year: "march 2014", "03/2014", "march last year"."""
    m = _MON_Y.search(canon)
    if m:
        return _dated(m[2] or m[3], m[4], month_of(m[1]), None, asked)
    m = _Y_MON.search(canon)
    if m:
        return Partial(int(m[1]), month_of(m[2]))
    m = _NUM_Y.search(canon)
    if m:
        return Partial(int(m[2]), int(m[1]))
    m = _Y_NUM.search(canon)
    return Partial(int(m[1]), int(m[2])) if m and int(m[2]) <= 12 else None


# Days counted from today.

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
    """Return a date told by how far it is from today: "yesterday", "2 weeks ago", "last tuesday", "
    ""next month"."""
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


def _without_year(canon: str, asked: Asked) -> Partial | Unread | None:
    """Read a day and month with no year. A birth needs its year."""
    m = _D_MON.search(canon)
    if m:
        day, month = int(m[1]), month_of(m[2])
    elif m := _MON_D.search(canon):
        day, month = int(m[2]), month_of(m[1])
    elif (m := _NUM_D.search(canon)) and "@" not in canon:
        day, month = _in_order(int(m[1]), int(m[2]))
    else:
        return None
    if asked.birth:
        return Unread("date_unread")
    return _nearest_day(day, month, asked)


def _month_alone(canon: str, asked: Asked) -> Partial | None:
    m = _WHICH_MONTH.search(canon)
    if m is None or (asked.birth and not m[1]):
        return None
    short_reply = len(words.plain(canon).split()) <= 6
    return nearest_month(month_of(m[2]), asked, m[1]) if short_reply or m[1] else None


def _nearest_day(day: int, month: int, asked: Asked) -> Partial:
    today = asked.today
    here = Partial(today.year, month, day)
    passed = (month, day) < (today.month, today.day)
    if asked.past is True and (month, day) > (today.month, today.day):
        return Partial(today.year - 1, month, day)
    return Partial(today.year + 1, month, day) if asked.past is False and passed else here


# The whole reading.


def asked_by(expected: Expected, today: date) -> Asked:
    return Asked(today, expected.past, birth=expected.or_age or expected.kind == "age")


def exact(canon: str, text: str, asked: Asked) -> Answer | Unread | None:
    """Read a date with day, month and year, or None. Two different ones are not an answer."""
    found = whole_dates(canon, asked)
    if not found:
        return None
    return _sound(found[0], text, asked) if len(found) == 1 else Unread("date_unread")


def in_part(canon: str, text: str, asked: Asked) -> Answer | Unread | None:
    """Read a month and year, or None."""
    found = month_and_year(canon, asked)
    return _sound(found, text, asked) if found else None


def rest(canon: str, normal: str, text: str, asked: Asked, language: str) -> Answer | Unread:
    """Read what is left: days told from today, a day without a year, a year alone, other wordings."""
    found = _without_year(canon, asked)
    if found is None and not _TURNED_DOWN.search(canon):
        found = from_today(canon, asked) or _month_alone(canon, asked)
    if isinstance(found, Unread):
        return found
    if found is None:
        found = _year_alone(canon, asked)
    if found is None and _TURNED_DOWN.search(canon):
        return Unread("date_unread")
    if found is None and _DAY_ALONE.search(canon):
        other = _otherwise(normal, asked, language)
        return _sound(other, text, asked) if other else Unread("date_needs_month")
    found = found or _otherwise(normal, asked, language)
    return _sound(found, text, asked) if found else Unread("date_unread")


def _year_alone(canon: str, asked: Asked) -> Partial | None:
    years = set(_ONLY_YEAR.findall(canon))
    if len(years) == 1:
        return Partial(int(years.pop()))
    short = _BORN_SHORT_YEAR.search(canon)
    return Partial(_full_year(int(short[1]), 1, 1, asked)) if short and not years else None


def _sound(found: Partial, text: str, asked: Asked) -> Answer | Unread:
    why = _fault(found, asked)
    return Unread(why) if why else Given(found.iso, text)


def _fault(found: Partial, asked: Asked) -> str | None:
    if not _is_real(found):
        return "date_not_real"
    today = (asked.today.year, asked.today.month, asked.today.day)
    given = tuple(p for p in (found.year, found.month, found.day) if p is not None)
    if asked.past is False and given < today[: len(given)]:
        return "date_in_past"
    if found.year < asked.today.year - OLDEST_YEARS:
        return "date_too_old"
    if asked.past is True and given > today[: len(given)]:
        return "date_in_future"
    return "date_not_real" if found.year > asked.today.year + _FURTHEST_YEARS else None


def _is_real(found: Partial) -> bool:
    try:
        date(found.year, found.month or 1, found.day or 1)
    except ValueError:
        return False
    return True


_FALLBACK_LONGEST = 60
_FALLBACK_HINT = re.compile(r"\d|@|\bago\b|\blast\b|\bnext\b|week|month|year|\bday\b|" + "|".join(_DAY_NAMES))
_BARE_SPAN = re.compile(r"(?:about |for )?(?:\d{1,4}|an?) ?[a-z]+")
_BASE_LANGUAGE = re.compile(r"[a-z]{2,3}")


def _otherwise(normal: str, asked: Asked, language: str) -> Partial | None:
    """Ask `dateparser`, which knows other languages and rarer wordings but is slow: short replies only."""
    if len(normal) > _FALLBACK_LONGEST or _FALLBACK_HINT.search(normal) is None or _BARE_SPAN.fullmatch(normal):
        return None
    base = _BASE_LANGUAGE.match(language.casefold())
    languages = list(dict.fromkeys([base[0] if base else "en", "en"]))
    found = _parsed(normal, languages, asked) or (_parsed(normal, ["en"], asked) if len(languages) > 1 else None)
    return Partial(found.year, found.month, found.day) if found else None


def _parsed(normal: str, languages: list[str], asked: Asked) -> datetime | None:
    try:
        return dateparser.parse(
            normal,
            languages=languages,
            settings={
                "DATE_ORDER": "DMY",
                "RELATIVE_BASE": datetime(asked.today.year, asked.today.month, asked.today.day),  # noqa: DTZ001
                "PREFER_DATES_FROM": {True: "past", False: "future", None: "current_period"}[asked.past],
                "STRICT_PARSING": True,
                "RETURN_AS_TIMEZONE_AWARE": False,
            },
        )
    except Exception:
        return None

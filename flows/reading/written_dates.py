"""Reads a date as it is written: "14/3/15", "the 3rd of march 2014", "march 2014". Days come first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from rapidfuzz.distance import OSA

from flows.reading import words
from flows.reading.partial import Asked, Partial

_MONTHS = tuple(
    words.in_turn("january february march april may june july august september october november december")
)
_SHORT = {m[:3]: i for i, m in enumerate(_MONTHS, 1)} | {"sept": 9, "janu": 1, "febr": 2, "octo": 10, "novem": 11}
_MONTH_NAMES = {**{m: i for i, m in enumerate(_MONTHS, 1)}, **_SHORT}
_MONTH = re.compile(r"(?<![a-z])(" + "|".join(sorted(_MONTH_NAMES, key=len, reverse=True)) + r")\.?(?![a-z])")
_LONG_WORD = re.compile(r"(?<![a-z])[a-z]{5,10}(?![a-z])")
_ORDINAL = re.compile(r"(?<=\d) ?(?:st|nd|rd|th)(?![a-z])")

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


_ONLY_YEAR = re.compile(r"(?<![\d@/.\-])((?:1\d|2\d|30)\d{2})(?![\d/.\-])")
_BORN_SHORT_YEAR = re.compile(r"(?:^|born in |in |of )'(\d{2})(?!\d)")


def whole_dates(canon: str, asked: Asked) -> list[Partial]:
    """Return the different dates with day, month and year, real or not, in the order of the patterns."""
    return list(dict.fromkeys(_whole_dates(canon, asked)))


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


def day_and_month(canon: str) -> tuple[int, int] | None:
    """Return a day and its month where no year is told: "the 3rd of march", "3/4"."""
    m = _D_MON.search(canon)
    if m:
        return int(m[1]), month_of(m[2])
    m = _MON_D.search(canon)
    if m:
        return int(m[2]), month_of(m[1])
    m = _NUM_D.search(canon)
    return _in_order(int(m[1]), int(m[2])) if m and "@" not in canon else None


def year_alone(canon: str, asked: Asked) -> Partial | None:
    years = set(_ONLY_YEAR.findall(canon))
    if len(years) == 1:
        return Partial(int(years.pop()))
    short = _BORN_SHORT_YEAR.search(canon)
    return Partial(_full_year(int(short[1]), 1, 1, asked)) if short and not years else None

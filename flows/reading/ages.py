"""Reads an age as people tell it: "7", "about 8", "he's 7 next month", "6/52", "year 4"."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, TypeAlias

from flows.answers import Answer, Given, Unread
from flows.reading import dates, words
from flows.reading.expected import Expected
from flows.reading.from_today import from_today, nearest_month
from flows.reading.partial import Asked, Partial
from flows.reading.unborn import due_date, is_of_a_birth_to_come, unborn
from flows.reading.written_dates import canonical, month_of

OLDEST = 120
_EARLIEST = 1900
_Found: TypeAlias = dict[str, Any]

# A birthday near at hand.

_N = r"(?<![\d/.@°])(\d{1,3})(?![\d/.°%])"
_COMING = (
    r"next month|next week|next year|(?:later )?this month|this week|this year|later this year|tomorrow|soon"
    r"|very soon"
    r"|any day now|in a (?:week|month|few weeks|few days|couple of weeks)|in (?:the )?@[a-l]|in the (?:summer"
    r"|spring|autumn|winter|new year|holidays)"
    r"|in \d{1,2} (?:days|weeks|months)"
    r"|(?:on )?(?:the )?\d{1,2}°? (?:of )?@[a-l]|(?:on )?@[a-l] (?:the )?\d{1,2}°?|this @[a-l]|next @[a-l]"
    r"|(?:on |this |next )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
)
_TURNING_LEAD = (
    r"(?:turning|turns|turn|will be|going to be|gonna be|ll be|nearly|almost|coming up to|coming up|going on"
    r"|not quite|just under|close to|soon to be|due to be|due to turn|approaching|gets to be"
    r"|about to turn|about to be|nrly)"
)
_TURNING = re.compile(rf"\b{_TURNING_LEAD} ?{_N}(?: years? old| yrs?| y/o| yo)?(?: ?,? ?({_COMING}))?")
_BIRTHDAY_SAID = re.compile(rf"{_N}(?: years? old| yrs?| y/o| yo)? ?,? ?({_COMING})\b")
_HAS_TURNED = re.compile(rf"\b(?:was|turned|just turned|just had|had)(?: her| his| their)? {_N}")
_MONTH_SAID = re.compile(r"@([a-l])")


def turning(canon: str, text: str, asked: Asked) -> Answer | Unread | None:
    """Read "7 next month" and "nearly 7": one year less for now, and the age they turn."""
    if _HAS_TURNED.search(canon) or "birthday" in canon:
        return None
    m = _TURNING.search(canon) or _BIRTHDAY_SAID.search(canon)
    if m is None or _after(m, canon) in ("month", "week", "day"):
        return None
    turns = int(m[1])
    if not 1 <= turns <= OLDEST:
        return Unread("age_out_of_range")
    value: _Found = {"age": turns - 1, "turns": turns, "as_of": asked.today.isoformat()}
    month = _birthday_month(m[2] or "", asked)
    if month:
        value["birthday_month"] = month
    return Given(value, text)


def _after(m: re.Match[str], canon: str) -> str:
    unit = re.match(r" ?(month|week|day)", canon[m.end(1) :])
    return unit[1] if unit else ""


def _birthday_month(said: str, asked: Asked) -> str | None:
    named = _MONTH_SAID.search(said)
    if named:
        return nearest_month(month_of(named[1]), Asked(asked.today)).iso
    found = from_today(said, Asked(asked.today))
    if found is None or found.month is None:
        return None
    return Partial(found.year, found.month).iso


# Groups and ranges.

_GROUPS: tuple[tuple[re.Pattern[str], int, int], ...] = tuple(
    (re.compile(rf"\b(?:{words_}) ?(?:school|age|aged|class|group)?\b"), low, high)
    for words_, low, high in (
        (r"pre ?-?teens?|tweens?|tweenager", 9, 12),
        (r"(?:a )?few (?:days|weeks|months)", 0, 1),
        (r"early teens", 13, 14),
        (r"mid(?:dle)? ?-?teens", 14, 16),
        (r"late teens|older teen(?:ager)?", 17, 19),
        (r"teenagers?|teens?|teenage|adolescent", 13, 19),
        (r"toddlers?|todler", 1, 3),
        (r"infant school|infants", 4, 7),
        (r"baby|babies|infant|bubba|babe in arms", 0, 1),
        (r"nursery|pre ?-?school(?:er)?", 2, 4),
        (r"primary|junior", 4, 11),
        (r"secondary|comp|high school", 11, 16),
        (r"sixth form|6° form|6th form|college", 16, 18),
    )
)
_NEWBORN = re.compile(r"\bnew ?-?born\b|\bjust (?:been )?born\b|\bneonate\b")
_SCHOOL_YEAR = re.compile(
    r"(?<![\d.])(?<!\d )(?:\b(?:years?|yrs?|yaer|class year)"
    r"|\by) ?(?:group )?(\d{1,2})(?![\d/.°])(?! ?(?:months|mths))"
)
_RECEPTION = re.compile(r"\b(?:reception|year r|yr r|eyfs)\b")
_OLDEST_SCHOOL_YEAR = 13
_RANGE = re.compile(
    r"(?<![\d/.])(?:between )?(\d{1,2}) ?(?:or|to|-|and|/|&|maybe)(?: maybe)? ?(\d{1,2})(?![\d/.])(?! ?/)"
)
_DECADE = re.compile(r"\b(early |mid |late )?(\d0)'?s\b")
_UNDER = re.compile(rf"\b(?:under|below|less than|younger than|not yet) (?:the age of )?{_N}")
_OVER = re.compile(
    rf"\b(?:over|above|more than|older than|at least) (?:the age of )?{_N}|(?<![\d/.@°])(\d{{1,3}})\+(?!\d)"
)
_ABOUT = re.compile(
    r"\b(?:about|abt|abut|bout|around|round|roughly|approx(?:imately)?|approx\.|maybe|probably|prob"
    r"|probs|think|guess|say|circa|like"
    r"|perhaps|possibly|looks|must be|reckon|or so|ish|thereabouts|give or take|not sure|estimate)\b"
    r"|\dish\b|~|\bc\.? ?\d"
)


def group(canon: str, text: str, asked: Asked) -> Answer | Unread | None:
    """Read an age told as a stage, a school year or a range."""
    if _NEWBORN.search(canon):
        return _given({"age": 0, "months": 0}, text, asked)
    school = set(_SCHOOL_YEAR.findall(canon))
    if school:
        return _school_year(int(school.pop()), text, asked) if len(school) == 1 else Unread("age_unread")
    if _RECEPTION.search(canon):
        return _school_year(0, text, asked)
    if not any(c.isdecimal() for c in canon):
        return _stage(canon, text, asked)
    return _range(canon, text, asked)


def _school_year(year: int, text: str, asked: Asked) -> Answer | Unread:
    if year > _OLDEST_SCHOOL_YEAR:
        return Unread("age_out_of_range")
    return _given({"age_from": year + 4, "age_to": year + 5, "school_year": year}, text, asked)


def _stage(canon: str, text: str, asked: Asked) -> Answer | None:
    if len(words.plain(canon).split()) > 10:
        return None
    for pattern, low, high in _GROUPS:
        if pattern.search(canon):
            return _given({"age_from": low, "age_to": high}, text, asked)
    return None


def _range(canon: str, text: str, asked: Asked) -> Answer | Unread | None:
    under, over, decade = _UNDER.search(canon), _OVER.search(canon), _DECADE.search(canon)
    if under:
        return _bounded({"age_from": 0, "age_to": max(0, int(under[1]) - 1)}, text, asked)
    if over:
        return _bounded({"age_from": int(over[1] or over[2])}, text, asked)
    if decade:
        low = int(decade[2]) + {"mid ": 4, "late ": 7}.get(decade[1] or "", 0)
        high = int(decade[2]) + {"early ": 3, "mid ": 6}.get(decade[1] or "", 9)
        return _bounded({"age_from": low, "age_to": high}, text, asked)
    m = _RANGE.search(canon)
    if m is None:
        return None
    return _between(m, canon, text, asked)


def _between(m: re.Match[str], canon: str, text: str, asked: Asked) -> Answer | Unread | None:
    low, high = int(m[1]), int(m[2])
    two_children = re.search(r"\d ?(?:and|&) ?\d", m[0]) and "between" not in m[0]
    unit = re.match(r" ?(months?|mths?|weeks?|wks?|days?)", canon[m.end() :])
    if two_children or low >= high:
        return Unread("age_unread")
    if "/" in m[0] and high != low + 1:
        return None
    if unit:
        scale = 1.0 if unit[1].startswith("m") else (7 / 30.44 if unit[1].startswith("w") else 1 / 30.44)
        months_from, months_to = int(low * scale), int(high * scale)
        return _given({"age_from": months_from // 12, "age_to": months_to // 12}, text, asked)
    return _bounded({"age_from": low, "age_to": high}, text, asked)


# So many years, months, weeks.

_SPAN = re.compile(
    r"(?<![\d/@])(?<!in )(?:(\d{1,3}(?:\.\d{1,2})?) ?|\ban? )(?P<unit>y/?o\b|years?\b|yrs?\b|yers?\b|y\b|months?\b"
    r"|mths?\b|mnths?\b|mos?\b|m\b|weeks?\b"
    r"|wks?\b|w\b|days?\b|d\b|/12\b|/52\b|/7\b|ye?a?rs?old\b)(?! ago| time| away)"
)
_AND_A_HALF = re.compile(
    r"(\d{1,2}|\ba) ?(?:(years?|yrs?|months?) )?(?:and|&|n) (?:a )?(?:half|1/2)\b|(\d{1,2}) 1/2\b"
    r"|(\d{1,2}) (?=\.[257]5?)"
)
_AND_QUARTERS = re.compile(r"(\d{1,2}) (?:and )?3 quarters")
_SAID_AGE = re.compile(
    rf"\b(?:age[ds]?:?|is|'s|im|i'm|am|turned|was|hes|shes|now|be|only|just|had her|had his"
    rf"|age of) ?{_N}(?!\.\d)"
)
_OLD = re.compile(rf"{_N} ?(?:years?|yrs?|yr|y)?[ -]?(?:of age|old|yr old)\b")
_EARLY = re.compile(r"\d{1,2} ?(?:weeks?|wks?|days?|months?|mths?) (?:premature(?:ly)?|prem|early|late|overdue)\b")
_AHEAD = re.compile(r"\bin (?:an?|\d{1,2}) (?:days?|weeks?|wks?|months?|mths?|years?|yrs?)\b")
_LETTER_AND_NUMBER = re.compile(r"[a-z]\d")
_ANY_NUMBER = re.compile(r"(?<!@)\d+(?:\.\d+)?")


def years(canon: str, text: str, asked: Asked, *, or_date: bool) -> Answer | Unread | None:
    """Read an age in years, months, weeks or days, or a number alone."""
    if _AHEAD.search(canon):
        return None
    spans = _spans(canon, or_date=or_date)
    if spans:
        return _from_spans(spans, canon, text, asked)
    for pattern in (_OLD, _SAID_AGE):
        found = set(pattern.findall(canon))
        if len(found) == 1:
            return _plain_age(float(found.pop()), canon, text, asked)
        if found:
            return Unread("age_unread")
    numbers = set(_ANY_NUMBER.findall(canon))
    if len(numbers) != 1:
        return Unread("age_unread") if numbers and not or_date else None
    return _number_alone(numbers.pop(), canon, text, asked, or_date=or_date)


def _half(m: re.Match[str]) -> str:
    if m[4]:
        return m[4]
    number = "1" if (m[1] or m[3]) == "a" else (m[1] or m[3])
    return f"{number}.5 {m[2] or ''}"


def _spans(canon: str, *, or_date: bool) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = []
    for m in _SPAN.finditer(canon):
        unit = m["unit"]
        if unit in ("/12", "/7") and or_date and not re.search(r"\bold\b|\bage", canon):
            continue
        number = float(m[1] or 1)
        found.append((number, {"/12": "m", "/52": "w", "/7": "d"}.get(unit, unit[0])))
    return found


def _from_spans(spans: list[tuple[float, str]], canon: str, text: str, asked: Asked) -> Answer | Unread:
    units = [unit for _, unit in spans]
    if len(set(units)) != len(units) or len(units) > 3:
        return Unread("age_unread")
    total = dict(zip(units, (n for n, _ in spans), strict=True))
    if units == ["y"]:
        loose = re.search(r"\by(?:ears?|rs?)?\b ?(?:and|&)? (\d{1,2})\b", canon)
        if loose and int(loose[1]) < 12:
            total["m"] = float(loose[1])
        else:
            return _plain_age(total["y"], canon, text, asked)
    return _in_months(total, text, asked)


def _in_months(total: dict[str, float], text: str, asked: Asked) -> Answer | Unread:
    days = total.get("w", 0) * 7 + total.get("d", 0)
    months = int(total.get("y", 0) * 12 + total.get("m", 0) + days / 30.44)
    value: _Found = {"age": months // 12, "months": months}
    if set(total) <= {"w", "d"}:
        value["weeks" if "w" in total else "days"] = int(total.get("w", total.get("d", 0)))
    return _bounded(value, text, asked)


def _plain_age(number: float, canon: str, text: str, asked: Asked) -> Answer | Unread:
    if number != int(number):
        return _bounded({"age": int(number), "months": int(number * 12)}, text, asked)
    age = int(number)
    if _ABOUT.search(canon):
        return _bounded({"age": age, "about": True, "age_from": max(0, age - 1), "age_to": age + 1}, text, asked)
    return _bounded({"age": age}, text, asked)


def _number_alone(number: str, canon: str, text: str, asked: Asked, *, or_date: bool) -> Answer | Unread | None:
    if len(number) > 3 and "." not in number:
        is_year = len(number) == 4 and (or_date or _EARLIEST <= int(number) <= asked.today.year)
        return None if is_year else Unread("age_out_of_range")
    if _LETTER_AND_NUMBER.search(canon) or "°" in canon or "@" in canon or "'" + number in canon:
        return None
    if len(words.plain(canon).split()) > 12:
        return Unread("age_unread") if not or_date else None
    return _plain_age(float(number), canon, text, asked)


def _bounded(value: _Found, text: str, asked: Asked) -> Answer | Unread:
    oldest = max(value.get("age", 0), value.get("age_from", 0))
    return Unread("age_out_of_range") if oldest > OLDEST else _given(value, text, asked)


def _given(value: _Found, text: str, asked: Asked) -> Given:
    return Given({**value, "as_of": asked.today.isoformat()}, text)


# The whole reading.


def date_or_age(normal: str, text: str, expected: Expected, today: date, language: str) -> Answer | Unread:
    """Read a date; an age too where the question takes one, or where it is what was asked."""
    asked = dates.asked_by(expected, today)
    canon = canonical(normal)
    if not asked.birth:
        return _date_only(canon, normal, text, asked, language)
    canon = _EARLY.sub("", canon)
    canon = _AND_QUARTERS.sub(r"\1.75", _AND_A_HALF.sub(_half, canon))
    answer = (
        unborn(canon, text, asked)
        or dates.exact(canon, text, asked)
        or turning(canon, text, asked)
        or dates.in_part(canon, text, asked)
        or group(canon, text, asked)
        or years(canon, text, asked, or_date=expected.kind != "age")
        or dates.rest(canon, normal, text, asked, language)
    )
    if expected.kind == "age":
        return _as_age(answer, text, expected, asked)
    return Unread("date_unread") if answer == Unread("age_unread") else answer


def _date_only(canon: str, normal: str, text: str, asked: Asked, language: str) -> Answer | Unread:
    answer = dates.exact(canon, text, asked) or dates.in_part(canon, text, asked)
    if answer is None and asked.past is False and is_of_a_birth_to_come(canon):
        due = due_date(canon, asked.today)
        answer = Given(due, text) if due else None
    return answer or dates.rest(canon, normal, text, asked, language)


def _as_age(answer: Answer | Unread, text: str, expected: Expected, asked: Asked) -> Answer | Unread:
    if isinstance(answer, Unread):
        return Unread("age_unread") if answer.why == "date_unread" else answer
    if isinstance(answer, Given) and isinstance(answer.value, str):
        answer = _given({"age": age_on(asked.today, answer.value), "born": answer.value}, text, asked)
    if isinstance(answer, Given) and isinstance(answer.value, dict):
        return _in_bounds(answer, answer.value, expected)
    return answer


def _in_bounds(answer: Given, value: _Found, expected: Expected) -> Answer | Unread:
    low = value.get("age", value.get("age_from"))
    high = value.get("age", value.get("age_to", low))
    if low is None or high is None:
        return answer
    too_young = expected.minimum is not None and high < expected.minimum
    too_old = expected.maximum is not None and low > expected.maximum
    bounds = {"minimum": expected.minimum, "maximum": expected.maximum}
    shown = {name: str(bound) for name, bound in bounds.items() if bound is not None}
    return Unread("age_out_of_range", shown) if too_young or too_old else answer


def age_on(today: date, born: str) -> int:
    """Return the age in whole years of someone born on an ISO date, whole or in part."""
    parts = [int(part) for part in born.split("-")]
    birthday = [*parts, 1, 1][1:3]
    return max(0, today.year - parts[0] - ((today.month, today.day) < (birthday[0], birthday[1])))

"""Reads a date, whole or in part: "14/3/15", "the 3rd of march", "march 2014", "next tuesday"."""

from __future__ import annotations

import re
from datetime import date, datetime

import dateparser

from flows.answers import Answer, Given, Unread
from flows.reading.expected import Expected
from flows.reading.from_today import DAY_NAMES, from_today, month_alone, nearest_day
from flows.reading.partial import Asked, Partial
from flows.reading.written_dates import day_and_month, month_and_year, whole_dates, year_alone

OLDEST_YEARS = 120
_FURTHEST_YEARS = 100
_TURNED_DOWN = re.compile(
    r"\b(?:not\b(?! (?:sure|certain|too sure|really sure))|except\b|never\b|don'?t\b(?! know)|any day but)"
)
_DAY_ALONE = re.compile(r"(?<!\d)([1-9]|[12]\d|3[01])°(?!\d)")


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
        found = from_today(canon, asked) or month_alone(canon, asked)
    if isinstance(found, Unread):
        return found
    if found is None:
        found = year_alone(canon, asked)
    if found is None and _TURNED_DOWN.search(canon):
        return Unread("date_unread")
    if found is None and _DAY_ALONE.search(canon):
        other = _otherwise(normal, asked, language)
        return _sound(other, text, asked) if other else Unread("date_needs_month")
    found = found or _otherwise(normal, asked, language)
    return _sound(found, text, asked) if found else Unread("date_unread")


def _without_year(canon: str, asked: Asked) -> Partial | Unread | None:
    """Read a day and month with no year. A birth needs its year."""
    found = day_and_month(canon)
    if found is None:
        return None
    return Unread("date_unread") if asked.birth else nearest_day(*found, asked)


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
_FALLBACK_HINT = re.compile(r"\d|@|\bago\b|\blast\b|\bnext\b|week|month|year|\bday\b|" + "|".join(DAY_NAMES))
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

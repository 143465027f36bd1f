"""Reads a phone number and an e-mail address out of what was typed."""

from __future__ import annotations

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from flows.answers import Answer, Given, Unread
from flows.reading import words

HOME = "GB"
_LETTERS_FOR_FIGURES = str.maketrans("OoIl|", "00111")
_MIXED = re.compile(r"(?<!\S)[\d()+.\-/OoIl|]*\d[\d()+.\-/OoIl|]*(?=[,;:!?]?(?:\s|$))")
_CANDIDATE = re.compile(r"(?<![\w@.])\+?[\d(][\d\s().\-/]{4,30}\d(?![\w@])")
_LONG_RUN = re.compile(r"\d{16,}")
_EXTENSION = re.compile(r"[\s,]*(?:ext(?:ension)?\.?|x)\s*(\d{1,6})\b")
_NOT_THIS = re.compile(r"\b(?:not|dont|don't|do not|never|old|isnt|isn't|no longer)(?:\s+[a-z']+){0,3}\s*$")
_UK = re.compile(r"7\d{9}|[23]\d{9}|1\d{8,9}|[58]\d{8,9}|8001111|84546\d{2}|9\d{9}")
_FIGURES = {
    **dict(zip(words.in_turn("zero one two three four five six seven eight nine"), "0123456789", strict=True)),
    "oh": "0",
    "o": "0",
    "nought": "0",
    "hundred": "00",
    "plus": "+",
    "for": "4",
    "to": "2",
    "too": "2",
    "ate": "8",
}
_ONLY_BETWEEN = frozenset({"o", "for", "to", "too", "ate"})
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_FEWEST_FIGURES = 6


def phone(text: str) -> Answer | Unread:
    """Read the first phone number that could be dialled. Another country's is kept with its region."""
    tidy = words.tidy(text)[: words.LOOK_AT]
    if _LONG_RUN.search(tidy):
        return Unread("phone_not_possible")
    figures = _MIXED.sub(lambda m: m[0].translate(_LETTERS_FOR_FIGURES), tidy)
    found = list(_CANDIDATE.finditer(figures))
    for match in found:
        if _NOT_THIS.search(figures[: match.start()].casefold()):
            continue
        value = _first_dialled(match[0], tidy[match.start() : match.end()])
        if value is not None:
            extension = _EXTENSION.match(figures[match.end() :].casefold())
            return Given({**value, "extension": extension[1]} if extension else value, text)
    spoken = _spoken(tidy.casefold()) if not found else ""
    value = _dialled(spoken, tidy) if spoken else None
    if value is not None:
        return Given(value, text)
    some_figures = sum(c.isdecimal() for c in tidy) >= 3
    return Unread("phone_not_possible" if some_figures else "phone_unread")


def _first_dialled(candidate: str, typed: str) -> dict[str, str] | None:
    """Read a number, or the first of two with a stroke between them."""
    whole = _dialled(candidate, typed)
    if whole is None and "/" in candidate:
        return _dialled(candidate.split("/")[0], typed.split("/")[0])
    return whole


def _dialled(candidate: str, typed: str) -> dict[str, str] | None:
    try:
        number = phonenumbers.parse(candidate, HOME)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == 44:
        possible = _UK.fullmatch(str(number.national_number)) is not None
    else:
        reason = phonenumbers.is_possible_number_with_reason(number)
        possible = reason == phonenumbers.ValidationResult.IS_POSSIBLE
    if not possible:
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return {"typed": typed.strip(), "e164": e164, "region": region}


def _spoken(normal: str) -> str:
    """Return the figures of a number said aloud ("oh double seven"), or nothing if it is not one."""
    figures = ""
    times = 1
    for said in re.findall(r"[a-z]+|\d+|\+", normal):
        if said in _TIMES:
            times = _TIMES[said]
        elif said in _ONLY_BETWEEN and not figures and said != "o":
            continue
        elif said in _FIGURES or said.isdecimal() or said == "+":
            figures += _FIGURES.get(said, said) * times
            times = 1
        elif figures and len(figures) >= _FEWEST_FIGURES:
            break
        else:
            figures, times = "", 1
    return figures if len(figures) >= _FEWEST_FIGURES else ""


_LONGEST_EMAIL = 254
_LONGEST_LOCAL_PART = 64
_AT_WITH_SPACE = re.compile(r"\s*@\s*")
_SPOKEN_AT = re.compile(r"\s*[\[(]\s*at\s*[\])]\s*|\s+at\s+")
_SPOKEN_DOT = re.compile(r"\s*[\[(]\s*dot\s*[\])]\s*|\s+(?:dot|full stop|point)\s+")
_SPOKEN_MARKS = ((re.compile(r"\s+underscore\s+"), "_"), (re.compile(r"\s+(?:dash|hyphen)\s+"), "-"))
_EMAIL = re.compile(r"(?<![^\s<>()\[\]\",;:@])[^\s<>()\[\]\",;:@]+@[^\s<>()\[\]\"@;:]{1,255}")
_COMMA_FOR_DOT = re.compile(r"(?<=[a-z0-9]),(?=[a-z]{2,})")


def email(text: str) -> Answer | Unread:
    """Read the first well-formed e-mail address. Nothing is looked up."""
    tidy = words.tidy(text)[: words.LOOK_AT]
    joined = _AT_WITH_SPACE.sub("@", tidy) if "@" in tidy else _as_spoken(tidy)
    for found in _EMAIL.findall(joined):
        address = _checked_email(found.rstrip(".,'!?-").lstrip("'"))
        if address:
            return Given(address, text)
    return Unread("email_unread")


def _as_spoken(tidy: str) -> str:
    if _SPOKEN_AT.search(tidy) is None:
        return ""
    spoken = _SPOKEN_AT.sub("@", tidy)
    spoken = _SPOKEN_DOT.sub(".", spoken)
    for said, mark in _SPOKEN_MARKS:
        spoken = said.sub(mark, spoken)
    return spoken


def _checked_email(candidate: str) -> str | None:
    candidate = _COMMA_FOR_DOT.sub(".", candidate)
    if len(candidate) > _LONGEST_EMAIL or candidate.index("@") > _LONGEST_LOCAL_PART:
        return None
    try:
        return validate_email(candidate, check_deliverability=False).normalized
    except (EmailNotValidError, UnicodeError):
        return None

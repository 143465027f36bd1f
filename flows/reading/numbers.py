"""Reads a whole number: "7", "seven out of ten", "7/10", "about 7"."""

from __future__ import annotations

import re

from flows.answers import Answer, Given, Unread
from flows.reading import words
from flows.reading.expected import Expected

_MOST_DIGITS = 9
_NOTHING = re.compile(
    r"(?:(?:i|we|they|have|has|ive|got|there|are|is|its|just|well|oh|no) )*(?:none|nothing|no one"
    r"|nobody|nil|nowt|not any"
    r"|no (?:kids|children|child|others?|siblings|pets|more))(?: (?:at all|really|thanks|sorry|yet|now))*"
)
_COUPLES = re.compile(r"\b(?:a couple|couple|a pair|twice)\b|\bonce\b|\ba dozen\b")
_IN_FIGURES = {"once": "1", "a dozen": "12"}
_OUT_OF = re.compile(r"(?<![\d/.])(-?\d{1,9})(?:\.0+)? ?(?:/|out ?of|of) ?(\d{1,9})(?![\d/])")
_NUMBER = re.compile(r"(?<![\d.])(?:minus |(?<![\w\d])-)?\d+(?:,\d{3})*(?:\.\d+)?")
_BECAUSE = re.compile(r"^[^\d]{0,40}?(\d{1,9})(?:ish)?[,. ]*-? *(?:because|cos|cuz|coz|as|since|bc)\b")
_NOT_THIS = re.compile(r"\b(?:not|isn'?t|never)\b(?! (?:sure|certain|too sure|really sure|good|great|bad|well))")
_HALF = re.compile(r"\d ?(?:and a half|1/2)|\d\.\d*[1-9]")


def number(normal: str, text: str, expected: Expected) -> Answer | Unread:
    """Read a whole number within bounds. A range, or several numbers, is not one."""
    plain = words.plain(normal)
    if _NOTHING.fullmatch(plain):
        return _bounded(0, text, expected)
    if _NOT_THIS.search(normal):
        return Unread("number_unread")
    figures = _COUPLES.sub(lambda m: _IN_FIGURES.get(m[0], "2"), words.digits(normal))
    because = _BECAUSE.match(figures)
    if because:
        return _bounded(int(because[1]), text, expected)
    out_of = _OUT_OF.search(figures)
    if out_of:
        return _of_whole(int(out_of[1]), int(out_of[2]), text, expected)
    if _HALF.search(figures):
        return Unread("number_unread")
    return _only_one(figures, text, expected)


def _only_one(figures: str, text: str, expected: Expected) -> Answer | Unread:
    found = {n.replace(",", "").replace("minus ", "-") for n in _NUMBER.findall(figures)}
    if len(found) != 1 or "%" in figures:
        return Unread("number_unread")
    whole = found.pop().split(".")[0]
    if len(whole) > _MOST_DIGITS:
        return _out_of_range(expected)
    return _bounded(int(whole), text, expected)


def _of_whole(part: int, whole: int, text: str, expected: Expected) -> Answer | Unread:
    if expected.maximum is not None and whole != expected.maximum:
        return Unread("number_unread")
    return _bounded(part, text, expected)


def _bounded(value: int, text: str, expected: Expected) -> Answer | Unread:
    too_low = expected.minimum is not None and value < expected.minimum
    too_high = expected.maximum is not None and value > expected.maximum
    return _out_of_range(expected) if too_low or too_high else Given(value, text)


def _out_of_range(expected: Expected) -> Unread:
    bounds = {"minimum": expected.minimum, "maximum": expected.maximum}
    return Unread("number_out_of_range", {k: str(v) for k, v in bounds.items() if v is not None})

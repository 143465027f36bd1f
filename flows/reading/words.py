"""Makes typed words comparable: Unicode forms, invisible characters, quotes, spaces, case, "
"spelled-out numbers."""

from __future__ import annotations

import re
import unicodedata


def in_turn(spaced: str) -> tuple[str, ...]:
    """Return the words of a list written with spaces."""
    return tuple(spaced.split())


def listed(spaced: str) -> frozenset[str]:
    """Return the words of a list written with spaces, to look up in."""
    return frozenset(spaced.split())


THANKS = r"(?:thanks|thank (?:yo)?u|thankyou|thx|ta|cheers)"
COURTESIES = listed("please pls plz thanks ta hi hello hey sorry just well x xx xxx")
KIN = (
    r"(?:mum|mam|mom|mummy|mother|mama|dad|daddy|father|tata|brother|sister|uncle|aunt|auntie|cousin|nan|gran"
    r"|grandad|grandma|carer|teacher|friend|neighbour)"
)
"""Of whom people tell us, each reader adding those that its own question needs."""

LOOK_AT = 300
"""Closed questions look at this many characters and no more, so that time does not grow with the reply."""

MOST = 20_000

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)
_HARMFUL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
_SPACES = re.compile(r"\s+")
_LOOK_ALIKES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u0060\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        "\u2044": "/",
        "½": ".5",
        "¼": ".25",
        "¾": ".75",
        "\U0001f44d": " yes ",
        "\U0001f44c": " ok ",
        "\u2705": " yes ",
        "\u2714": " yes ",
        "\U0001f44e": " no ",
        "\u274c": " no ",
    }
)
_NOT_PLAIN = re.compile(r"[\W_]+")


def tidy(text: str) -> str:
    """Return `text` with its case, but one kind of quote, dash, digit and space, and nothing invisible."""
    text = text[:MOST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_LOOK_ALIKES)).translate(_LOOK_ALIKES)
        text = "".join(_western(c) for c in text)
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def normalise(text: str) -> str:
    """Return `tidy(text)` without case: what the closed questions read."""
    return tidy(text).casefold()


def plain(text: str) -> str:
    """Return only letters and digits, one space between words, apostrophes closed up ("don't" is "dont")."""
    return _NOT_PLAIN.sub(" ", text.replace("'", "")).strip()


def keep(text: str) -> str:
    """Return `text` as typed and trimmed, without the characters that could garble a page it is shown on."""
    return _HARMFUL.sub("", text).strip()


def _western(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return character


_UNITS = dict(zip(in_turn("one two three four five six seven eight nine"), range(1, 10), strict=True))
_TEENS = dict(
    zip(
        in_turn("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"),
        range(10, 20),
        strict=True,
    )
)
_TENS = dict(
    zip(in_turn("twenty thirty forty fifty sixty seventy eighty ninety"), range(20, 100, 10), strict=True)
)
_NUMBERS = {"zero": 0, "nought": 0, "nil": 0, "fourty": 40, **_UNITS, **_TEENS, **_TENS}
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "thirteenth": 13,
    "fourteenth": 14,
    "fifteenth": 15,
    "sixteenth": 16,
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
    "twentieth": 20,
    "thirtieth": 30,
}


def _any_of(*names: str) -> str:
    return "(?:" + "|".join(sorted(names, key=len, reverse=True)) + ")"


_UNIT, _TEEN, _TEN = _any_of(*_UNITS), _any_of(*_TEENS), _any_of(*_TENS, "fourty")
_BELOW_100 = rf"(?:{_TEN}(?:[ -]{_UNIT})?|{_TEEN}|{_UNIT}|zero|nought|nil)"
_SPELLED = re.compile(
    r"(?<![a-z])(?:"
    rf"(?P<thousands>{_UNIT}) thousand(?:,? (?:and )?(?P<over>{_BELOW_100}))?"
    rf"|(?P<century>nineteen|twenty)[ -](?P<years>{_TEEN}|{_TEN}(?:[ -]{_UNIT})?|oh[ -]{_UNIT})"
    rf"|(?:{_UNIT}|a) hundred(?: (?:and )?(?P<beyond>{_BELOW_100}))?"
    rf"|(?P<ordinal>(?:{_TEN}[ -])?{_any_of(*_ORDINALS)})"
    rf"|(?P<small>{_BELOW_100})"
    r")(?![a-z])"
)
_SPELLED_HINT = re.compile(_any_of(*_NUMBERS, *_ORDINALS, "hundred"))


def digits(normal: str) -> str:
    """Return `normal` with spelled-out numbers in figures: "twenty seventh of march" is "27th of march"."""
    if _SPELLED_HINT.search(normal) is None:
        return normal
    return _SPELLED.sub(_in_figures, normal)


def _in_figures(found: re.Match[str]) -> str:
    if found["thousands"]:
        return str(_UNITS[found["thousands"]] * 1000 + _below_100(found["over"]))
    if found["century"]:
        return str(_NUMBERS[found["century"]] * 100 + _below_100(found["years"].removeprefix("oh")))
    if found["ordinal"]:
        *tens, last = re.split("[ -]", found["ordinal"])
        number = sum(_NUMBERS[ten] for ten in tens) + _ORDINALS[last]
        return f"{number}{ordinal_ending(number)}"
    if found["small"]:
        return str(_below_100(found["small"]))
    hundreds = found[0].split(" ")[0]
    return str(_UNITS.get(hundreds, 1) * 100 + _below_100(found["beyond"]))


def _below_100(spelled: str | None) -> int:
    return sum(_NUMBERS[part] for part in re.split("[ -]", spelled or "") if part)


def ordinal_ending(number: int) -> str:
    """Return "st", "nd", "rd" or "th"."""
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")

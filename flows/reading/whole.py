"""Knows a reply that is an answer to what was asked and nothing besides. Half a word more, and it is not."""

from __future__ import annotations

import re
from datetime import date

from flows.answers import Answer, Unread
from flows.reading import choices, special, words
from flows.reading.expected import Expected
from flows.reading.reply import read

LONGEST = 80
_CHOOSING = frozenset({"choice", "choices", "yes_no", "consent"})
_AGES = frozenset({"date", "age"})
_OPEN = frozenset({"text", "long_text"})
_PARTS = re.compile(r"[,;/&+\n]|\band\b|\bor\b")
_PLAINLY_WRITTEN = re.compile(r"[\w\s.,;:/&+()'’!?-]*")  # a picture beside a word may say another thing
_ORDINAL_END = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")

_AROUND = words.listed("a an the i im am is it its my their yes please thanks thank you ok okay")
"""What may stand around an option's own words. No "he", "on" or "with": those begin to tell something."""

_DAYS = words.listed(
    "today yesterday monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec"
)
_OF_AN_AGE = words.listed(
    "was were are born on of in and about around nearly almost maybe roughly "
    "just turned next last this year years yrs old month months week weeks day days half age aged yo baby "
    "newborn toddler teenager teen reception nursery not yet due expecting"
)


def whole_answer(text: str, expected: Expected, *, today: date, example: str = "") -> Answer | None:
    """Return the answer that the whole of `text` is, or None where it is none or holds anything besides.

    `example` is what the question itself gave as an example of an answer.
    """
    if not 0 < len(text.strip()) <= LONGEST or not _PLAINLY_WRITTEN.fullmatch(text):
        return None
    if not (_is_whole(text, expected) or (expected.kind in _OPEN and _is_of_the_example(text, example))):
        return None
    found = read(text, expected, today=today)
    return None if isinstance(found, Unread) else found


def _is_whole(text: str, expected: Expected) -> bool:
    normal = words.normalise(text)
    plain = words.plain(normal)
    if expected.kind in _CHOOSING:
        if choices.names_exactly(plain, expected):
            return True
        return _is_said_not_to_be(plain, expected) or _is_in_their_words(normal, expected)
    if expected.kind in _AGES:
        return _is_said_not_to_be(plain, expected) or _is_made_of(plain, _OF_AN_AGE | _DAYS)
    return expected.kind not in _OPEN and _is_said_not_to_be(plain, expected)


def _is_said_not_to_be(plain: str, expected: Expected) -> bool:
    """Not known, or rather not said."""
    return special.whole(plain, kind=expected.kind, optional=expected.optional) is not None


def _is_in_their_words(normal: str, expected: Expected) -> bool:
    """Every part is of the words of one option: "I saw it myself", "food and money"."""
    parts = [p for p in map(words.plain, _PARTS.split(normal)) if p]
    return bool(parts) and all(choices.is_of_one_option(part, expected, around=_AROUND) for part in parts)


def _is_of_the_example(text: str, example: str) -> bool:
    own = frozenset(words.plain(words.normalise(example)).split()) - _AROUND
    return bool(own) and _is_made_of(words.plain(words.normalise(text)), own | _DAYS)


def _is_made_of(plain: str, own: frozenset[str]) -> bool:
    """Say whether there is nothing but figures and those words."""
    said = [w for w in _ORDINAL_END.sub("", words.digits(plain)).split() if w not in _AROUND and w != "and"]
    return bool(said) and all(word in own or word.isdecimal() for word in said)

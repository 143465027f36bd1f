"""Reads a reply as an answer to what was asked: the one way in to reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from flows.answers import Answer, Given, NotKnown, Unread
from flows.reading import ages, choices, contact, numbers, places, special, words
from flows.reading.expected import Expected

_OPEN = frozenset({"text", "long_text", "name", "none"})
_POLAR = frozenset({"yes_no", "consent"})
_CHOOSING = frozenset({"choice", "choices"}) | _POLAR
_GIVES_CONTACT = frozenset({"phone", "email", "postcode"})
_FAULTS = frozenset(
    {"age_out_of_range", "date_in_future", "date_in_past", "date_not_real", "date_too_old", "number_out_of_range"}
)


def read(text: str, expected: Expected, *, today: date, language: str = "en") -> Answer | Unread:
    """Return what `text` answers. Never raises, and takes no longer for a long reply to a closed question."""
    if len(text) > expected.longest:
        return Unread("too_long")
    if expected.kind in _OPEN:
        return _open(text, expected)
    normal = words.normalise(text)[: words.LOOK_AT]
    if not normal:
        return Unread("empty")
    plain = words.plain(normal)
    if expected.kind in _CHOOSING:
        return _choosing(normal, plain, text, expected)
    said = special.whole(plain, kind=expected.kind, optional=expected.optional)
    if said is None and expected.kind in _GIVES_CONTACT:
        said = special.nothing_to_give(plain, optional=expected.optional)
    if said is not None:
        return said(text)
    return _closed(normal, plain, text, expected, today=today, language=language)


def read_choice_id(choice: str, expected: Expected) -> Answer | Unread:
    """Return what one pressed button answers: an option id, "not_known", "prefer_not_to_say" or "skip"."""
    return choices.tapped((choice,), expected)


def read_choice_ids(chosen: Sequence[str], expected: Expected) -> Answer | Unread:
    """Return what several pressed buttons answer together."""
    return choices.tapped(tuple(chosen), expected)


def _choosing(normal: str, plain: str, text: str, expected: Expected) -> Answer | Unread:
    if not choices.names_exactly(plain, expected):
        said = special.whole(plain, kind=expected.kind, optional=expected.optional)
        if said is not None:
            return _or_unsure(said(text), text, expected)
    if expected.kind in _POLAR:
        answer = choices.yes_or_no(normal, text, expected)
    elif expected.kind == "choices":
        answer = choices.choices(normal, text, expected)
    else:
        answer = choices.choice(normal, text, expected)
    if isinstance(answer, Unread):
        said = special.among(plain)
        return _or_unsure(said(text), text, expected) if said else answer
    return answer


def _or_unsure(answer: Answer, text: str, expected: Expected) -> Answer:
    """Not knowing is the option "not sure" where there is one, so that doubt about safety is never a gap."""
    if isinstance(answer, NotKnown) and any(option.id == "not_sure" for option in expected.options):
        return Given(["not_sure"] if expected.kind == "choices" else "not_sure", text)
    return answer


def _closed(
    normal: str, plain: str, text: str, expected: Expected, *, today: date, language: str
) -> Answer | Unread:
    answer = _by_kind(normal, text, expected, today=today, language=language)
    if not isinstance(answer, Unread) or answer.why in _FAULTS:
        return answer
    said = special.among(plain) if expected.kind != "file" else None
    return said(text) if said else answer


def _by_kind(normal: str, text: str, expected: Expected, *, today: date, language: str) -> Answer | Unread:
    match expected.kind:
        case "date" | "age":
            return ages.date_or_age(normal, text, expected, today, language)
        case "number":
            return numbers.number(normal, text, expected)
        case "phone":
            return contact.phone(text)
        case "email":
            return contact.email(text)
        case "postcode":
            return places.postcode(text)
        case "address":
            return places.address(text)
        case _:
            return Unread("file_expected")


# Open questions: nearly anything is an answer.

_NAME_LEAD = re.compile(
    r"(?:(?:hi|hello|hey)[ ,]+)?(?:(?:my|his|her|their|the child'?s|the baby'?s|our|child'?s|full"
    r"|first) name(?:'?s| is| are|:)|name:"
    r"|(?:i am|i'm|im|he is|he's|hes|she is|she's|shes|they are|they're|it's|its|we are) called"
    r"|call me|it's|its|it is|this is|i'm"
    r"(?= (?-i:[A-Z])))[ ,]+(?=\S)",
    re.IGNORECASE,
)
_MOST_NAMES = 5
_SHORT = 300
_NOT_NAMES = frozenset({"me", "us", "him", "her", "later", "back", "mine"})


def _open(text: str, expected: Expected) -> Answer | Unread:
    kept = words.keep(text)
    head = words.normalise(text[:_SHORT])
    if not head and not words.tidy(text):
        return Unread("empty")
    if expected.kind != "none" and len(text) <= _SHORT:
        said = special.whole(words.plain(head), kind=expected.kind, optional=expected.optional)
        if said is not None:
            return said(text)
    return _name(kept, text) if expected.kind == "name" else Given(kept, text)


def _name(kept: str, text: str) -> Answer | Unread:
    if not any(character.isalpha() for character in kept[: words.LOOK_AT]):
        return Unread("name_unread")
    lead = _NAME_LEAD.match(kept.replace("\u2019", "'")[: words.LOOK_AT])
    rest = kept[lead.end() :] if lead else ""
    named = 0 < len(rest.split()) <= _MOST_NAMES and any(character.isalpha() for character in rest)
    named = named and rest.casefold() not in _NOT_NAMES
    return Given(rest if named else kept, text)

"""What an answer lets an enquiry be found by, and known again by. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flows.answers import Answer, Given
from storage.enquiry_keys import FoundKey, KeyKind

NAMES = frozenset({"child_name", "adult_name", "contact_name"})
BIRTHS = frozenset({"child_dob_or_age"})
ADDRESSES = frozenset({"child_address", "children"})
NEEDS = frozenset({"need_categories"})
PHONES = frozenset({"phone", "professional_contact"})
MOST_WORDS_OF_A_NAME = 4

_POSTCODE = re.compile(r"(?<![A-Z0-9])([A-Z]{1,2}[0-9][0-9A-Z]?)\s{0,2}([0-9][ABD-HJLNP-UW-Z]{2})(?![A-Z0-9])")
_HOUSE = re.compile(r"(?<![\w/])(\d{1,4}[A-Za-z]?)(?=[ ,]+[A-Za-z])")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,39}")  # of our list: never their own words
_PHONE = re.compile(r"\+?[\d() ]{9,}")


def keys_of(field: str, answer: Answer) -> list[FoundKey]:
    """Return what one answer lets the enquiry be found by."""
    return [] if not isinstance(answer, Given) else list(_keys(field, answer))


def key_of_child(name: str, date_of_birth: str) -> FoundKey | None:
    """Return what a child is known again by, where the name and the day are known."""
    if not name.strip() or not _DAY.fullmatch(date_of_birth):
        return None
    return FoundKey(KeyKind.CHILD, f"{name}|{date_of_birth}")


def text_of(answer: Answer | None) -> str:
    """Return what was given as one text."""
    match answer:
        case Given(str() as value):
            return value
        case Given(Mapping() as parts):
            said = (parts.get(name) for name in ("e164", "typed", "postcode", "text"))
            return next((str(part) for part in said if part), answer.words)
        case Given(list() as values):
            return ", ".join(str(value) for value in values)
        case Given(value):
            return str(value)
        case _:
            return ""


def homes_in(text: str) -> Iterator[FoundKey]:
    """Yield the postcode in a text, and the house where its number is known too."""
    upper = text.upper()
    for found in _POSTCODE.finditer(upper):
        postcode = f"{found[1]} {found[2]}"
        yield FoundKey(KeyKind.POSTCODE, postcode)
        house = _HOUSE.search(upper[: found.start()])
        if house:
            yield FoundKey(KeyKind.HOME, f"{house[1]} {postcode}")


def _keys(field: str, answer: Given) -> Iterator[FoundKey]:
    text = text_of(answer)
    if field in NAMES and text:
        yield FoundKey(KeyKind.NAME, text)
        yield FoundKey(KeyKind.SOUND, text)
    if field in ADDRESSES:
        homes = list(homes_in(f"{text} {answer.words}" if answer.words != text else text))
        yield from homes
        yield from (FoundKey(KeyKind.DISTRICT, k.value.split()[0]) for k in homes if k.kind is KeyKind.POSTCODE)
    if field in NEEDS and isinstance(answer.value, list):
        yield from (FoundKey(KeyKind.NEED, code) for code in answer.value if _CODE.fullmatch(code))
    if field == "children":
        name = text.split(",", 1)[0].strip()
        if 0 < len(name.split()) <= MOST_WORDS_OF_A_NAME:
            yield FoundKey(KeyKind.NAME, name)
            yield FoundKey(KeyKind.SOUND, name)
    if field in PHONES and _PHONE.fullmatch(text):
        yield FoundKey(KeyKind.PHONE, text)
    if field in ("email", "professional_contact") and "@" in text:
        yield FoundKey(KeyKind.EMAIL, text)

"""References people can say on the phone: no look-alike letters, no words, and a check character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

ALPHABET = "234679CDFGHJKMNPQRTVWXY"
"""23 characters, a prime number, so that the check catches every slip of one character and every swap of two."""

_RANDOM = 7
_WEIGHTS = range(2, 2 + _RANDOM)
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_HEARD_AS = str.maketrans({"Z": "2", "U": "V"})
"""Look-alikes with one reading. O, I, L, S, B and their numbers have none here and are refused."""

_WRITTEN = re.compile(
    r"(?<![A-Za-z0-9])(?=(([A-Za-z0-9]{4})([ \-\u2010-\u2015]?)([A-Za-z0-9]{4}))(?![A-Za-z0-9]))"
)
"""Whole, first half, what stands between, second half. It looks ahead: the word before may be half of one too."""


def new_reference(random_bytes: bytes) -> str:
    """Return a reference such as "7KM4-29QX". Give at least 8 bytes that nobody can guess."""
    if len(random_bytes) < 8:
        raise ValueError("a reference needs at least 8 random bytes")
    number = int.from_bytes(random_bytes, "big")
    characters = []
    for _ in range(_RANDOM):
        number, value = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[value])
    body = "".join(characters)
    return _shown(body + _check_character(body))


def parse_reference(text: str) -> str | None:
    """Return the reference as we show it, or None. Case, spaces and dashes do not matter."""
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Pd")
    plain = plain.translate(_HEARD_AS)
    if len(plain) != _RANDOM + 1 or any(c not in _VALUE for c in plain):
        return None
    return _shown(plain) if _check_character(plain[:-1]) == plain[-1] else None


def references_in(text: str) -> Iterator[str]:
    """Yield each reference in a text, as we show it."""
    found = (parse_reference(match[1]) for match in _WRITTEN.finditer(text))
    return (reference for reference in found if reference is not None)


def without_references(text: str) -> str:
    """Return the text with spaces where a reference stood: every other letter keeps its place.

    Only what cannot be words: with a dash, or a number in both halves. "Hurt Yung" and "drug 3mth" fit the check.
    """
    for match in _WRITTEN.finditer(text):
        whole, first, between, second = match.groups()
        has_numbers = any(map(str.isdigit, first)) and any(map(str.isdigit, second))
        if (between.strip() or has_numbers) and parse_reference(whole):
            text = text[: match.start(1)] + " " * len(whole) + text[match.end(1) :]
    return text


def _check_character(body: str) -> str:
    total = sum(weight * _VALUE[c] for weight, c in zip(_WEIGHTS, body, strict=True))
    return ALPHABET[-total % len(ALPHABET)]


def _shown(plain: str) -> str:
    return f"{plain[:4]}-{plain[4:]}"

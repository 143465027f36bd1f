"""Knows a message that is nothing but an address, a postcode, a number or a date: an answer, not a worry."""

from __future__ import annotations

import re

_POSTCODE = r"[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}"
_STREET = (
    "street|st|road|rd|lane|ln|avenue|ave|close|drive|court|place|terrace|gardens|crescent|way|row|hill|"
    "park|view|square|walk|grove|house|mews"
)
_NAME = r"[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,3}"
_BARE = re.compile(
    rf"(?:{_POSTCODE}"
    rf"|(?:flat\s+\w{{1,4}},?\s*)?\d{{1,4}}[a-z]?,?\s+(?:[a-z'’.-]+\s+){{0,3}}(?:{_STREET})\.?,?\s*(?:{_POSTCODE})?"
    r"|\+?[\d\s()/.:-]+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)",
    re.IGNORECASE,
)
_LONGEST = 80
_CALL = re.compile(r"\W*(?:9\W*){3}(?:\W*999)*\W*")
"""Typed here it is a call for help, and no number of anything."""

_NAMED = re.compile(_NAME)


def is_bare_fact(text: str) -> bool:
    """Say whether the whole message is such facts, one or several by commas, names among them.

    Half a word more, and it is not. Names alone are not facts of this kind: "He Hit Me" is spelt like one.
    """
    if len(text) > _LONGEST:
        return False
    whole = text.strip().rstrip(".")
    if _CALL.fullmatch(whole):
        return False
    if _BARE.fullmatch(whole):
        return True
    parts = [part.strip() for part in whole.split(",")]
    bare = [_BARE.fullmatch(part) is not None for part in parts]
    return any(bare) and all(b or _NAMED.fullmatch(part) for b, part in zip(bare, parts, strict=True))

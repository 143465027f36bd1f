"""Finds a reference in what somebody typed, and knows when they ask after it. Pure."""

from __future__ import annotations

import re

from storage.reference import parse_reference, references_in

LONGEST_ASKED = 200
"""Characters. Whoever writes more tells something besides."""

_SHAPE = re.compile(
    r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]{3,5} ?[A-Za-z0-9]{3,5}"
    r"|[A-Za-z0-9]{3,5}[\-\u2010-\u2015][A-Za-z0-9]{3,5}"
)
_ASKS_AFTER = re.compile(
    r"\b(?:what(?:'?s| is| has)? ?(?:happen\w*|going on)|happening with|any (?:news|update|progress)|update|heard"
    r"|hear|chas(?:e|ing)|follow(?:ing)? up|status|outcome|decided|decision|how far|progress|get back|got back"
    r"|still waiting|waiting to hear)\b",
    re.IGNORECASE,
)


def reference_in(text: str) -> str | None:
    """Return the first reference in a text, as we show it."""
    return next(references_in(text), None)


def is_like_a_reference(text: str) -> bool:
    """Say whether the whole of a text looks like one, though it may be mistyped."""
    return _SHAPE.fullmatch(text.strip(" .?")) is not None


def asks_after(text: str) -> bool:
    """Say whether somebody asks what became of the reference they name."""
    return len(text) <= LONGEST_ASKED and _ASKS_AFTER.search(text) is not None and reference_in(text) is not None


def is_a_reference(text: str) -> bool:
    """Say whether there is nothing but a reference."""
    return parse_reference(text.strip(" .?")) is not None

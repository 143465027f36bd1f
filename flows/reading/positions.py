"""Reads which options a reply names by their places: "2", "the second one", "b", "last"."""

from __future__ import annotations

import re

from flows.reading import words
from flows.reading.menu import Menu

_MOST_LETTERS = 8
_PLACE_LEAD = words.listed(
    "option options number numbers no nos answer choice choices the and or both please pls to one ones i "
    "id say would think its thanks teh"
)
_BEFORE_ONE = frozenset({"", "and", "or", "to", "option", "number", "no", "answer", "choice", "say", "think"})
_JOINS = frozenset({"and", "or", "to"})
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_ORDINAL_NAMES = {
    name: i
    for i, name in enumerate(words.in_turn("first second third fourth fifth sixth seventh eighth ninth tenth"))
}
_CARDINAL_NAMES = {
    name: i for i, name in enumerate(words.in_turn("one two three four five six seven eight nine ten"))
}
_ENDS = {"top": 0, "last": -1, "bottom": -1}
_FIRST_OR_LAST = re.compile(
    r"(?:the |your )?(first|top|last|bottom) (two|three|four|2|3|4)(?: ones| options| please)?"
)


def positions(tokens: list[str], menu: Menu) -> list[int] | None:
    """Return the places a reply names if it says nothing else, or None. None of them here is an empty list."""
    count = len(menu.ids)
    if not count or not 0 < len(tokens) <= 24 or _JOINS & {tokens[0], tokens[-1]}:
        return None
    run = _FIRST_OR_LAST.fullmatch(" ".join(tokens))
    if run:
        size = int(run[2]) if run[2].isdigit() else _CARDINAL_NAMES[run[2]] + 1
        places = range(size) if run[1] in ("first", "top") else range(count - size, count)
        return list(places) if size <= count else None
    found: list[int] = []
    before = ""
    for said in tokens:
        place = 0 if said == "one" and before in _BEFORE_ONE and not menu.numbered else _place(said, count, menu)
        if place is not None:
            found.append(place)
        elif said not in _PLACE_LEAD:
            return None
        before = said
    if any(not 0 <= place < count for place in found):
        return []
    if "to" in tokens and len(found) == 2:
        return list(range(found[0], found[1] + 1))
    return list(dict.fromkeys(found)) or None


def _place(said: str, count: int, menu: Menu) -> int | None:
    if said.isdecimal():
        return None if menu.numbered else int(said[:4]) - 1
    ordinal = _ORDINAL.fullmatch(said)
    if ordinal:
        return int(ordinal[1]) - 1
    if said in _ORDINAL_NAMES:
        return _ORDINAL_NAMES[said]
    if said in _ENDS:
        return _ENDS[said] % count
    if said == "middle" and count % 2:
        return count // 2
    if len(said) == 1 and "a" <= said < chr(ord("a") + min(count, _MOST_LETTERS)):
        return ord(said) - ord("a")
    return None if said == "one" or menu.numbered else _CARDINAL_NAMES.get(said)

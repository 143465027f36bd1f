"""Fits words and buttons to Telegram: parts short enough to send, rows wide enough to read. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

LONGEST_TEXT = 4096
"""In UTF-16 code units. https://core.telegram.org/bots/api#sendmessage"""

_ROW_WIDTH = 34
"""Letters that fit in a row of buttons on a narrow phone, the space around them taken off."""

# Where to break, best first: between paragraphs, lines, sentences (of scripts that end them otherwise too), words.
_BREAKS = tuple(re.compile(p) for p in (r"\n[ \t\r]*\n", r"\n", r"[.!?…。！？؟۔।][\"'”’)\]]*\s|[。！？]", r"\s"))
_FURTHEST_BACK = 64


def utf16_length(text: str) -> int:
    """Return the length as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_text(text: str, limit: int = LONGEST_TEXT) -> list[str]:
    """Return `text` in parts of at most `limit` units, in order; only white space at the breaks is lost."""
    parts: list[str] = []
    rest = text.strip()
    while rest:
        if utf16_length(rest) <= limit:
            parts.append(rest)
            break
        cut = _cut(rest, _fitting(rest, limit))
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return parts


def _fitting(text: str, limit: int) -> int:
    """Return how many letters from the start fit into `limit` units."""
    fits = min(len(text), limit)
    while (over := utf16_length(text[:fits]) - limit) > 0:
        fits -= (over + 1) // 2
    return max(fits, 1)


def _cut(text: str, fits: int) -> int:
    """Return the best place to break within the first `fits` letters; a short first part is the worse evil."""
    for break_ in _BREAKS:
        if last := _last_break(break_, text, fits // 2, fits):
            return last
    if last := _last_break(_BREAKS[-1], text, 0, fits):
        return last
    cut = fits
    while cut > max(1, fits - _FURTHEST_BACK) and _is_joined(text, cut):
        cut -= 1
    return cut if not _is_joined(text, cut) else fits


def _last_break(break_: re.Pattern[str], text: str, start: int, fits: int) -> int:
    """Return where the last break ends, 0 for none. One letter more may count if it is white space, to be lost."""
    window = text[: fits + 1]
    ends = (m.end() for m in break_.finditer(window, start))
    return max((end for end in ends if end <= fits or window[-1].isspace()), default=0)


def _is_joined(text: str, at: int) -> bool:
    """Return whether the letters on both sides of `at` are drawn as one."""
    after, before = text[at], text[at - 1]
    if unicodedata.combining(after) or unicodedata.category(after) in ("Mn", "Mc", "Me"):
        return True
    if after in "\u200d\ufe0e\ufe0f\u20e3" or before == "\u200d" or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    if "\U000e0020" <= after <= "\U000e007f":  # the tags that spell the flags of England, Scotland and Wales
        return True
    return _is_flag_letter(after) and _flag_letters_before(text, at) % 2 == 1


def _is_flag_letter(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _flag_letters_before(text: str, at: int) -> int:
    start = at
    while start and _is_flag_letter(text[start - 1]):
        start -= 1
    return at - start


def rows_of_answers(buttons: Sequence[T], labels: Sequence[str]) -> list[list[T]]:
    """Lay out answers: one a row where any label is long, else two or three; six where all are a digit or two."""
    longest = max(map(len, labels), default=0)
    if longest <= 2:
        most = 6
    else:
        most = max(1, min(3, _ROW_WIDTH // (longest + 2)))
    if most == 3 and len(buttons) == 4:
        most = 2
    return [list(buttons[n : n + most]) for n in range(0, len(buttons), most)]


def rows_of_controls(buttons: Sequence[T], labels: Sequence[str]) -> list[list[T]]:
    """Lay out the quiet buttons in one row; in more only where a label could not be read."""
    rows: list[list[T]] = []
    widest = 0
    for button, label in zip(buttons, labels, strict=True):
        widest = max(widest, len(label))
        if rows and (len(rows[-1]) + 1) * (widest + 1) <= _ROW_WIDTH:
            rows[-1].append(button)
        else:
            rows.append([button])
            widest = len(label)
    return rows

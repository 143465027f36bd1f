"""How wide words are on paper, near enough to wrap them and to give each its box."""

from __future__ import annotations

from functools import lru_cache

# Widths of a common sans-serif at size 1000, from space to tilde.
_WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_MARKS = {"‘": 222, "’": 222, "“": 333, "”": 333, "…": 1000, "–": 556, "—": 1000, "‹": 333, "›": 333, "£": 556}
_OTHER = 600
_WIDE = 1000
_BOLD = 1.08


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide the words are, in the unit of `size`."""
    total = sum(_width(letter) for letter in text)
    return total * size / 1000 * (_BOLD if bold else 1)


def _width(letter: str) -> int:
    place = ord(letter) - 32
    if 0 <= place < len(_WIDTHS):
        return _WIDTHS[place]
    return _MARKS.get(letter, _WIDE if ord(letter) >= 0x1100 and not 0x2000 <= ord(letter) < 0x2100 else _OTHER)


def wrap(text: str, size: float, room: float, *, bold: bool = False, most: int = 0) -> list[str]:
    """Return the text as lines that fit the room; after `most` lines, if not 0, the last ends in `…`."""
    lines = [line for paragraph in text.splitlines() for line in _wrapped(paragraph, size, room, bold)]
    if not most or len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width_of(f"{last}…", size, bold=bold) > room:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def _wrapped(paragraph: str, size: float, room: float, bold: bool) -> list[str]:
    lines: list[str] = []
    line = ""
    words = (piece for whole in paragraph.split() for piece in _broken(whole, size, room, bold))
    for word in words:
        longer = f"{line} {word}".strip()
        if line and width_of(longer, size, bold=bold) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def _broken(word: str, size: float, room: float, bold: bool) -> list[str]:
    """Break a word that is wider than the room, such as an address."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_of(pieces[-1] + letter, size, bold=bold) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces

"""Takes off what words are dressed in, to slip past or by accident: unseen, wide and spaced letters."""

from __future__ import annotations

import re
import unicodedata

_SPACED = re.compile(r"(?<!\S)(?:[^\W_] +){5,}[^\W_](?!\S)")
_UNSEEN = frozenset({"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u3164", "\uffa0"})
_JOINERS = frozenset({"\u200c", "\u200d"})


def undisguised(text: str) -> str:
    """Return the text as it looks: without letters that cannot be seen, wide ones narrow, spaced ones together.

    Words stay apart only where there is more room between them than between their letters.
    """
    seen = unicodedata.normalize("NFKC", "".join(c for n, c in enumerate(text) if not _is_unseen(text, n)))
    return _SPACED.sub(_together, seen)


def is_spelt_out(text: str) -> bool:
    """Say whether letters stand apart, so that only phrases can tell where words end."""
    return _SPACED.search(text) is not None


def _is_unseen(text: str, place: int) -> bool:
    char = text[place]
    if char in _JOINERS:  # some scripts and pictures are spelt with them
        return place > 0 and text[place - 1].isascii()
    return char in _UNSEEN or unicodedata.category(char) == "Cf"


def _together(found: re.Match[str]) -> str:
    return " ".join(word.replace(" ", "") for word in re.split(r" {2,}", found.group()))

"""BERT's uncased WordPiece, as the English encoder was trained with.

Own code because the library that does it brings a client of a model hub and its whole train of packages with it.
Checked against that library when it was written: the same pieces on every message we have.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

_LONGEST_WORD = 100
_UNKNOWN, _START, _END = "[UNK]", "[CLS]", "[SEP]"


class WordPiece:
    """Splits text into ids of `vocabulary`, whose place is their id."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._ids = {piece: n for n, piece in enumerate(vocabulary)}
        self._unknown = (self._ids[_UNKNOWN],)
        self._start, self._end = self._ids[_START], self._ids[_END]
        self._word = lru_cache(maxsize=20_000)(self._split)

    @classmethod
    def read(cls, path: Path) -> WordPiece:
        """Read a vocabulary, one piece a line. Raises OSError or KeyError where it is none."""
        return cls(path.read_text(encoding="utf-8").splitlines())

    def pieces(self, text: str) -> list[int]:
        """Return the ids of the text's pieces, without the marks at either end."""
        return [i for word in _words(text) for i in self._word(word)]

    def encode(self, text: str, longest: int) -> list[int]:
        """Return at most `longest` ids, the marks at either end among them."""
        return [self._start, *self.pieces(text)[: longest - 2], self._end]

    def _split(self, word: str) -> tuple[int, ...]:
        if len(word) > _LONGEST_WORD:
            return self._unknown
        found: list[int] = []
        at = 0
        while at < len(word):
            end = len(word)
            while end > at and (piece := self._ids.get(("##" if at else "") + word[at:end])) is None:
                end -= 1
            if end == at or piece is None:
                return self._unknown
            found.append(piece)
            at = end
        return tuple(found)


def _words(text: str) -> Iterator[str]:
    """Yield words and single marks, in small letters without accents."""
    word: list[str] = []
    for letter in unicodedata.normalize("NFD", _clean(text).lower()):
        kind = unicodedata.category(letter)
        if kind == "Mn":
            continue
        if letter.isspace() or _stands_alone(letter, kind):
            if word:
                yield "".join(word)
                word = []
            if not letter.isspace():
                yield letter
        else:
            word.append(letter)
    if word:
        yield "".join(word)


def _clean(text: str) -> str:
    return "".join(
        " " if c in "\t\n\r" or unicodedata.category(c) == "Zs" else c
        for c in text
        if c in "\t\n\r" or (c not in "\x00\ufffd" and unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs"))
    )


def _stands_alone(letter: str, kind: str) -> bool:
    code = ord(letter)
    if 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126 or kind.startswith("P"):
        return True
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or 0x20000 <= code <= 0x2CEAF
        or 0xF900 <= code <= 0xFAFF
        or 0x2F800 <= code <= 0x2FA1F
    )

"""Turns a message into its words and pieces of words, weighed: exact where the encoder is vague. Numpy only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.base import KEPT

Hashes = NDArray[np.uint64]

PIECES = (2, 3, 4, 5)
"""Lengths of the pieces of words. A piece does not cross from one word into the next."""

SEEN_LENGTH = 4
LONGEST = 6000

_TOKEN = re.compile(r"\w+|[^\w\s]")
_STEP = np.uint64(0x9E3779B97F4A7C15)
_SPACE = np.uint64(ord(" "))


@dataclass(frozen=True, slots=True)
class Bag:
    """What a message holds: columns with weights, both blocks of length one; and how familiar it is.

    `familiar` is the share of its four-letter pieces seen in training: near 1 in the training's own language,
    small in another.
    """

    columns: NDArray[np.int64]
    weights: NDArray[np.float32]
    familiar: float


class Vocabulary:
    """The words and pieces seen in training with their weights. Hashes stand for them, so no word is kept."""

    def __init__(self, words: Hashes, pieces: Hashes, weights: NDArray[np.float32], seen: Hashes) -> None:
        self._words, self._pieces, self._seen = words, pieces, seen
        self._weights = weights

    @property
    def size(self) -> int:
        return len(self._words) + len(self._pieces)

    @classmethod
    def of(cls, texts: Sequence[str], *, fewest: int = 1) -> Vocabulary:
        """Learn from texts. What is in fewer than `fewest` of them is left out."""
        cut = [_hashes(text) for text in texts]
        words, word_weights = _counted([each[0] for each in cut], fewest)
        pieces, piece_weights = _counted([each[1] for each in cut], fewest)
        seen = np.unique(np.concatenate([each[2] for each in cut])) if cut else np.zeros(0, np.uint64)
        return cls(words, pieces, np.concatenate([word_weights, piece_weights]), seen)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Vocabulary:
        return cls(arrays["words"], arrays["pieces"], arrays["weights"], arrays["seen"])

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        return {"words": self._words, "pieces": self._pieces, "weights": self._weights, "seen": self._seen}

    def bag(self, text: str) -> Bag:
        words, pieces, fours = _hashes(text)
        word_columns, word_weights = self._weighed(words, self._words, 0)
        piece_columns, piece_weights = self._weighed(pieces, self._pieces, len(self._words))
        return Bag(
            np.concatenate([word_columns, piece_columns]),
            np.concatenate([word_weights, piece_weights]),
            float(_is_in(fours, self._seen).mean()) if len(fours) else 0.0,
        )

    def _weighed(self, found: Hashes, known: Hashes, first: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        if not len(found) or not len(known):
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        values, counts = np.unique(found, return_counts=True)
        place = np.searchsorted(known, values).clip(max=len(known) - 1)
        hit = known[place] == values
        columns = place[hit] + first
        weights = (1.0 + np.log(counts[hit])).astype(np.float32) * self._weights[columns]
        length = float(np.linalg.norm(weights))
        return columns, weights / np.float32(length) if length else weights


def _is_in(found: Hashes, known: Hashes) -> NDArray[np.bool_]:
    if not len(known):
        return np.zeros(len(found), np.bool_)
    place = np.searchsorted(known, found).clip(max=len(known) - 1)
    answer: NDArray[np.bool_] = known[place] == found
    return answer


def _counted(texts: Sequence[Hashes], fewest: int) -> tuple[Hashes, NDArray[np.float32]]:
    """Return what is in enough texts, sorted, and how much each tells: rarer tells more."""
    own = [np.unique(each) for each in texts]
    if not own:
        return np.zeros(0, np.uint64), np.zeros(0, np.float32)
    values, counts = np.unique(np.concatenate(own), return_counts=True)
    kept = counts >= fewest
    weights = np.log((1.0 + len(texts)) / (1.0 + counts[kept])) + 1.0
    return values[kept], weights.astype(np.float32)


@lru_cache(maxsize=KEPT)
def _hashes(text: str) -> tuple[Hashes, Hashes, Hashes]:
    """Return words with pairs of words, pieces of words, and the four-letter pieces among those.

    Remembered for a while: screening and understanding look the same message up in vocabularies of their own.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    tokens = _TOKEN.findall(plain)
    letters = f" {' '.join(plain.split())} ".encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(letters, np.uint32).astype(np.uint64)
    pieces = [_windows(codes, length) for length in PIECES]
    return _word_hashes(tokens), np.concatenate(pieces), pieces[PIECES.index(SEEN_LENGTH)]


def _word_hashes(tokens: Sequence[str]) -> Hashes:
    single = np.array([_hash(token) for token in tokens], np.uint64)
    with np.errstate(over="ignore"):
        pairs = (single[:-1] * _STEP) ^ single[1:]
    return np.concatenate([single, pairs])


def _hash(token: str) -> int:
    return int.from_bytes(blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _windows(codes: Hashes, length: int) -> Hashes:
    """Return a number for each run of `length` letters with no space inside it."""
    count = len(codes) - length + 1
    if count <= 0:
        return np.zeros(0, np.uint64)
    spaces = codes == _SPACE
    runs = np.full(count, np.uint64(length))
    inside = np.zeros(count, np.bool_)
    with np.errstate(over="ignore"):
        for place in range(length):
            runs = (runs ^ codes[place : place + count]) * _STEP
            runs ^= runs >> np.uint64(29)
            if 0 < place < length - 1:
                inside |= spaces[place : place + count]
    kept: Hashes = runs[~inside]
    return kept

"""A person's words with the places marked that raised a concern. Pure: not a letter is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

BY = {
    "phrase": "a phrase we look for",
    "model": "the reading model",
    "rule": "a rule of ours",
    "answer": "their answer to a question",
    "worker": "a worker",
}
"""Who noticed, in words for duty workers."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a message raised a concern: what it is a sign of, who noticed, and what in it."""

    number: int
    sign: str
    urgency: str
    noticed_by: str
    what: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the words; `numbers` of the reasons they are marked for, and of those whose place ends here."""

    text: str
    numbers: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


def reasons_of(signals: Sequence[Mapping[str, Any]], label: Mapping[str, str], length: int) -> list[Reason]:
    """Return the reasons of a message's signals, numbered in the order of their places."""
    ordered = sorted(signals, key=lambda signal: (int(signal.get("start", 0)), int(signal.get("end", 0))))
    return [
        Reason(
            number=number,
            sign=label.get(str(signal["indicator"]), str(signal["indicator"])),
            urgency=str(signal["urgency"]),
            noticed_by=BY.get(str(signal["by"]), str(signal["by"])),
            what=str(signal["what"]),
            start=max(0, min(int(signal.get("start", 0)), length)),
            end=max(0, min(int(signal.get("end", 0)), length)),
        )
        for number, signal in enumerate(ordered, start=1)
    ]


def marked(words: str, reasons: Sequence[Reason]) -> list[Piece]:
    """Cut words wherever a mark begins or ends. Joined again the pieces are the words."""
    edges = sorted({0, len(words), *(r.start for r in reasons), *(r.end for r in reasons)})
    pieces = []
    for start, end in pairwise(edges):
        marks = [r for r in reasons if r.start <= start and end <= r.end and r.start < r.end]
        ends = tuple(r.number for r in marks if r.end == end)
        pieces.append(Piece(words[start:end], tuple(r.number for r in marks), ends))
    return pieces

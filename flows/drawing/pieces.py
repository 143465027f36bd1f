"""What is to be drawn of a flow, before it has a place: cards, frames around them, and the rows on a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(slots=True)
class Card:
    """One step. `rows` are written from top to bottom."""

    number: int
    style: str
    rows: list[Row]
    guard: str = ""
    ends: bool = False
    again: bool = False


@dataclass(slots=True)
class Open:
    """The top of a frame around steps. `after` is the number of the first step after it."""

    title: str
    style: str
    guard: str
    after: int = 0


@dataclass(slots=True)
class Close:
    """The foot of a frame."""


Piece: TypeAlias = Card | Open | Close


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: str
    size: float = 13
    bold: bool = False
    style: str = ""
    most: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """A coloured strip with words."""

    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Chips:
    """Answers, side by side."""

    labels: tuple[str, ...]
    style: str = "chip"


Row: TypeAlias = Paragraph | Band | Chips

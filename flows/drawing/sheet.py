"""What is drawn, with its place on the sheet: boxes, lines of words, the ways between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from flows.drawing.measuring import width_of

COLUMN = 400.0
GUTTER = 56.0
MARGIN = 32.0
INDENT = 12.0
LANE = 16.0
GAP = 30.0
PAD = 10.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle. `parent` is the number of the box it stands in; None on the open sheet."""

    x: float
    y: float
    width: float
    height: float
    style: str
    parent: int | None = None
    radius: float = 4

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words. `y` is its base line, `box` the number of the box it stands in."""

    x: float
    y: float
    text: str
    size: float
    style: str
    box: int | None = None
    bold: bool = False

    @property
    def width(self) -> float:
        return width_of(self.text, self.size, bold=self.bold)


@dataclass(frozen=True, slots=True)
class Way:
    """A line from step to step. `kind` is `on`, `out` (of a frame), `skip` or `again`."""

    points: tuple[tuple[float, float], ...]
    kind: Literal["on", "out", "skip", "again"] = "on"


@dataclass(slots=True)
class Sheet:
    """Everything drawn, with its place."""

    width: float = 0
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)

    def add(self, box: Box) -> int:
        self.boxes.append(box)
        return len(self.boxes) - 1

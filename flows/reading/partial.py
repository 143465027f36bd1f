"""A date as far as they gave it, and what it is being read for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Partial:
    """A date as far as they gave it."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def iso(self) -> str:
        parts = [f"{self.year:04d}"] + [f"{p:02d}" for p in (self.month, self.day) if p is not None]
        return "-".join(parts)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a date is being read for: on which day, looking back or forward, and whether it is a birth."""

    today: date
    past: bool | None = None
    birth: bool = False

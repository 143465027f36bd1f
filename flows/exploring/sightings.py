"""What was seen while flows were followed: what was reached, what held, where the way ended."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.conditions import Condition
from flows.exploring.flat import Where


@dataclass(frozen=True, slots=True)
class Look:
    """A condition of a step, or a part of one. `of` says which: its `when`, an option's, a worry's."""

    where: Where
    of: str
    path: tuple[int, ...]


@dataclass(slots=True)
class Seen:
    """What became of one condition."""

    condition: Condition
    held: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A way on which nothing more is asked and nothing ends it. `how` is who and which answers lead there."""

    flow: str
    how: tuple[str, ...]


@dataclass(slots=True)
class Sightings:
    """What was seen over every flow explored: a shared part is judged by all the flows that use it."""

    arrived: set[Where] = field(default_factory=set)
    reached: dict[Where, set[str]] = field(default_factory=dict)
    conditions: dict[Look, Seen] = field(default_factory=dict)
    offered: dict[Where, set[tuple[str, frozenset[int]]]] = field(default_factory=dict)
    audiences: dict[Where, set[str]] = field(default_factory=dict)
    looked: dict[tuple[Where, str, str], set[str]] = field(default_factory=dict)
    values: dict[tuple[Where, str, str, str], set[bool]] = field(default_factory=dict)
    asked_again: dict[Where, str] = field(default_factory=dict)
    out_of_order: dict[Where, str] = field(default_factory=dict)
    dead_ends: dict[tuple[str, str], list[DeadEnd]] = field(default_factory=dict)
    longest: dict[tuple[str, str], int] = field(default_factory=dict)
    cut_short: set[str] = field(default_factory=set)

"""Says what one result hears better and worse than another over the same messages, and whether that is chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nlu.evaluation import Change, Scored, compare, cut_values, in_order

_CUTS = ("urgency", "indicator", "language", "style")


@dataclass(frozen=True, slots=True)
class Flips:
    """Messages on which only the one, or only the other, did something."""

    only_before: int
    only_after: int

    @property
    def chance(self) -> float:
        """Return McNemar's exact two-sided p: how often chance alone would part them so far or further."""
        total = self.only_before + self.only_after
        tail = sum(math.comb(total, k) for k in range(min(self.only_before, self.only_after) + 1))
        return min(1.0, 2 * tail / (1 << total))


@dataclass(frozen=True, slots=True)
class Moved:
    """How many of some messages are heard better, and how many worse."""

    of: int
    better: int
    worse: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole of it. `heard` is of messages that need an alert, `false` of calm ones."""

    change: Change
    heard: Flips
    false: Flips
    cuts: Mapping[str, Mapping[str, Moved]]


def compare_in_full(before: Sequence[Scored], after: Sequence[Scored]) -> Comparison:
    """Both must be of the same messages: raises ValueError where they are not."""
    change = compare(before, after)
    earlier = {s.message.id: s for s in before}
    return Comparison(
        change,
        heard=_flips(earlier, [s for s in after if s.needs_alert], lambda s: s.is_alerted),
        false=_flips(earlier, [s for s in after if s.is_calm], lambda s: s.is_alerted),
        cuts={cut: _moved(change, after, cut) for cut in _CUTS},
    )


def _flips(earlier: Mapping[str, Scored], after: Sequence[Scored], does: Callable[[Scored], bool]) -> Flips:
    pairs = [(does(earlier[s.message.id]), does(s)) for s in after]
    return Flips(sum(old and not new for old, new in pairs), sum(new and not old for old, new in pairs))


def _moved(change: Change, after: Sequence[Scored], cut: str) -> Mapping[str, Moved]:
    better, worse = set(change.better), set(change.worse)
    parts: dict[str, list[str]] = {}
    for each in after:
        for value in cut_values(each.message, cut):
            parts.setdefault(value, []).append(each.message.id)
    return {
        value: Moved(len(parts[value]), len(better & set(parts[value])), len(worse & set(parts[value])))
        for value in in_order(parts)
    }

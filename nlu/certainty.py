"""How far the shares behind verdicts can be trusted, and what other thresholds would give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from nlu.base import Urgency
from nlu.evaluation import Rate, Scored

Kind = Literal["alert", "look"]
KINDS: tuple[Kind, ...] = ("alert", "look")

_BINS = 10
_FEWEST_APART = 0.002
"""Points of a curve nearer to each other than this add nothing to a picture."""


@dataclass(frozen=True, slots=True)
class Guess:
    """How likely it was thought, and whether it was so."""

    share: float
    is_so: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Guesses between two shares: how likely they were thought on average, and how many were so."""

    low: float
    high: float
    thought: float
    was: Rate


@dataclass(frozen=True, slots=True)
class Reliability:
    """`error` is the expected calibration error, `brier` the mean square; `brier_of_base` what always guessing
    the overall share would give."""

    bins: tuple[Bin, ...]
    error: float
    brier: float
    brier_of_base: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Recall against false alarms among the calm at every threshold, and where the screener really stands."""

    urgency: Urgency
    points: tuple[tuple[float, float], ...]
    works_at: tuple[float, float]


def guesses(result: Iterable[Scored], kind: Kind) -> list[Guess]:
    """Return the guesses of one kind; none where phrases stood alone."""
    found = []
    for scored in result:
        share = share_of(scored, kind)
        if share is not None:
            found.append(Guess(share, scored.needs_alert if kind == "alert" else not scored.is_calm))
    return found


def share_of(scored: Scored, kind: Kind) -> float | None:
    return scored.alert_share if kind == "alert" else scored.look_share


def reliability(found: Sequence[Guess]) -> Reliability:
    """Compare what was thought with what was, in ten bins of equal width. Raises ValueError of nothing."""
    if not found:
        raise ValueError("there are no shares to judge")
    parts = [[g for g in found if _bin_of(g.share) == n] for n in range(_BINS)]
    bins = tuple(_bin(n, part) for n, part in enumerate(parts) if part)
    base = sum(g.is_so for g in found) / len(found)
    return Reliability(
        bins,
        error=sum(b.was.of * abs(b.thought - b.was.share) for b in bins) / len(found),
        brier=sum((g.share - g.is_so) ** 2 for g in found) / len(found),
        brier_of_base=base * (1 - base),
    )


def _bin_of(share: float) -> int:
    return min(int(share * _BINS), _BINS - 1)


def _bin(number: int, part: Sequence[Guess]) -> Bin:
    return Bin(
        number / _BINS,
        (number + 1) / _BINS,
        sum(g.share for g in part) / len(part),
        Rate(sum(g.is_so for g in part), len(part)),
    )


def curves(result: Sequence[Scored], kind: Kind) -> tuple[Curve, ...]:
    """Return a curve for each urgency that calls for an alert, or for a look; none without shares or calm.

    A message that only phrases heard (a bare name, a date) counts as thought unlikely.
    """
    wanted = (Urgency.EMERGENCY, Urgency.IMMEDIATE, *((Urgency.SAME_DAY,) if kind == "look" else ()))
    calm = [s for s in result if s.is_calm]
    if not calm or all(share_of(s, kind) is None for s in result):
        return ()
    parts = [(urgency, [s for s in result if s.message.urgency is urgency]) for urgency in wanted]
    return tuple(_curve(urgency, danger, calm, kind) for urgency, danger in parts if danger)


def _curve(urgency: Urgency, danger: Sequence[Scored], calm: Sequence[Scored], kind: Kind) -> Curve:
    marked = sorted(
        [(share_of(s, kind) or 0.0, True) for s in danger] + [(share_of(s, kind) or 0.0, False) for s in calm],
        reverse=True,
    )
    points, heard, false = [(0.0, 0.0)], 0, 0
    for place, (share, is_danger) in enumerate(marked):
        heard, false = heard + is_danger, false + (not is_danger)
        if place + 1 == len(marked) or marked[place + 1][0] != share:  # ties are on one side together
            points.append((false / len(calm), heard / len(danger)))
    return Curve(urgency, tuple(_thinned(points)), (_called(calm, kind), _called(danger, kind)))


def _called(part: Sequence[Scored], kind: Kind) -> float:
    return sum(s.is_alerted if kind == "alert" else s.is_read_today for s in part) / len(part)


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Leave out points that a picture could not tell apart; the ends stay."""
    kept = [points[0]]
    for point, following in pairwise(points[1:]):
        if max(abs(point[0] - kept[-1][0]), abs(point[1] - kept[-1][1])) >= _FEWEST_APART:
            kept.append(point)
        elif following[0] - kept[-1][0] >= _FEWEST_APART:
            kept.append(point)  # the last before a step
    return [*kept, points[-1]]

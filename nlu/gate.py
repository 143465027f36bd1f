"""The figures that a change must not lower: measured once, written down with a floor each, held in CI."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.base import Urgency
from nlu.dataset import data_hash
from nlu.evaluation import Rate, Scored, figures, named_right

FILE = Path(__file__).parent / "models" / "gate.json"

CALLS = frozenset({"calm_alerted", "calm_read_today", "other_languages_calm_alerted"})
"""Figures of false alarms: they must not rise. All others must not fall."""


@dataclass(frozen=True, slots=True)
class Floor:
    """How far a figure may go: down to `limit`, or up to it where it is of false alarms."""

    figure: str
    limit: float

    def is_held(self, measured: Rate) -> bool:
        """Return False where nothing was measured."""
        if not measured.of:
            return False
        return measured.share <= self.limit if self.figure in CALLS else measured.share >= self.limit

    def broken_by(self, measured: Rate) -> str:
        """Say in words what is wrong."""
        way = "at most" if self.figure in CALLS else "at least"
        return f"{self.figure}: {measured}, has to be {way} {self.limit:.3f}"


def measure(result: Sequence[Scored]) -> Mapping[str, Rate]:
    """Return every figure that the gate holds."""
    everyone = figures(result)
    elsewhere = figures(s for s in result if s.message.language != "en")
    emergencies = figures(s for s in result if s.message.urgency is Urgency.EMERGENCY)
    immediates = figures(s for s in result if s.message.urgency is Urgency.IMMEDIATE)
    return {
        "emergency_alerted": emergencies.alert_recall,
        "emergency_read_today": emergencies.same_day_recall,
        "immediate_alerted": immediates.alert_recall,
        "immediate_read_today": immediates.same_day_recall,
        "danger_read_today": everyone.same_day_recall,
        "calm_alerted": everyone.false_alerts,
        "calm_read_today": everyone.false_same_days,
        "other_languages_alerted": elsewhere.alert_recall,
        "other_languages_calm_alerted": elsewhere.false_alerts,
        "indicator_named": named_right(result),
    }


def broken(result: Sequence[Scored], floors: Sequence[Floor]) -> tuple[str, ...]:
    """Return a line for each floor that does not hold. Raises KeyError for a figure there is not."""
    measured = measure(result)
    return tuple(f.broken_by(measured[f.figure]) for f in floors if not f.is_held(measured[f.figure]))


def write(result: Sequence[Scored], path: Path = FILE) -> None:
    """Write each figure with its floor: the end of its 95 % interval on the worse side."""
    rows = {
        name: {"hits": rate.hits, "of": rate.of, "share": round(rate.share, 4), "limit": _limit(name, rate)}
        for name, rate in measure(result).items()
    }
    content = {
        "about": "Floors for the sealed split. Written by `frontdoor nlu evaluate --split sealed --write-gate`.",
        "messages": {"count": len(result), "sha256": data_hash([s.message for s in result])},
        "figures": rows,
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _limit(name: str, rate: Rate) -> float:
    low, high = rate.interval
    return round(high if name in CALLS else low, 4)


def read(path: Path = FILE) -> tuple[Floor, ...]:
    """Raises ValueError where the file holds no floors: a gate that holds nothing would look like a good one."""
    content: Any = json.loads(path.read_text(encoding="utf-8"))
    floors = tuple(Floor(name, float(row["limit"])) for name, row in content["figures"].items())
    if not floors:
        raise ValueError(f"{path} holds no figures")
    return floors

"""Hears danger in every message, typed or tapped, in every state. Works with everything else broken."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from nlu.base import Screening, Signal, Urgency, most_urgent

log = logging.getLogger(__name__)

BROKEN = "screening_broken"
"""Stands in place of an indicator when a view failed: a person reads what it could not."""


class View(Protocol):
    """One way of hearing danger. May fail; its failure brings a person."""

    def screen(self, text: str, *, speaker: str | None = None) -> Screening: ...


@dataclass(frozen=True, slots=True)
class Screener:
    """Asks every view and keeps the most careful opinion: a view can raise and never lower."""

    views: Sequence[View]

    def screen(self, text: str, *, speaker: str | None = None) -> Screening:
        """Return what was heard. Never raises: a broken view counts as something a person reads today."""
        if not text.strip():
            return Screening()
        signals: list[Signal] = []
        for view in self.views:
            try:
                signals.extend(view.screen(text, speaker=speaker).signals)
            except Exception:
                log.exception("screening.view_failed", extra={"view": type(view).__name__})
                signals.append(
                    Signal(BROKEN, Urgency.SAME_DAY, "rule", "Screening failed on this message: read it yourself.")
                )
        return Screening(most_urgent(*(s.urgency for s in signals)), tuple(signals))


def words_sound_urgent(screener: Screener, text: str) -> bool:
    """Say whether words are of a kind that nothing may hold back."""
    return screener.screen(text).urgency.rank >= Urgency.SAME_DAY.rank


def to_json(screening: Screening) -> dict[str, Any]:
    """Return what is kept with the turn."""
    return {"urgency": screening.urgency.value, "signals": [asdict(s) for s in screening.signals]}


def from_json(data: dict[str, Any]) -> Screening:
    """Undo `to_json`; an empty object is a message in which nothing was heard."""
    signals = tuple(Signal(**{**s, "urgency": Urgency(s["urgency"])}) for s in data.get("signals", ()))
    return Screening(Urgency(data.get("urgency", "none")), signals)

"""What understanding a message gives back, and who can give it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

KEPT = 64
"""Messages of which is remembered what reading them gave, so that every view of one message asks but once."""


class Urgency(StrEnum):
    """How soon a person must look, from `domain/code-lists/urgency.csv`. Ordered: see `rank`."""

    EMERGENCY = "emergency"
    IMMEDIATE = "immediate"
    SAME_DAY = "same_day"
    ADVICE = "advice"
    NONE = "none"

    @property
    def rank(self) -> int:
        """0 is nothing, 4 is an emergency."""
        return _RANK[self]

    @property
    def raises_alert(self) -> bool:
        return self.rank >= _RANK[Urgency.IMMEDIATE]


_RANK = {
    Urgency.NONE: 0,
    Urgency.ADVICE: 1,
    Urgency.SAME_DAY: 2,
    Urgency.IMMEDIATE: 3,
    Urgency.EMERGENCY: 4,
}


def most_urgent(*found: Urgency) -> Urgency:
    """Return the highest, or `NONE` of nothing."""
    return max(found, key=lambda u: u.rank, default=Urgency.NONE)


RULE = "rule"
"""Noticed by a rule that looks at the whole message: what it says stands, whatever a model makes of it."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What screening noticed in one message.

    `by` names the view that noticed (`phrase`, `rule`, `model`), `what` says it in words a worker can
    read, `start` and `end` are character offsets in the message as typed (equal where there is no place).
    """

    indicator: str
    urgency: Urgency
    by: str
    what: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Screening:
    """What the front door would do on this message alone, and why.

    The shares say how likely an alert and a look are thought to be called for; None where phrases stand alone.
    """

    urgency: Urgency = Urgency.NONE
    signals: tuple[Signal, ...] = ()
    alert_share: float | None = None
    look_share: float | None = None

    @property
    def indicators(self) -> tuple[str, ...]:
        """Ids of the indicators heard, most urgent first, each once."""
        ordered = sorted(self.signals, key=lambda s: -s.urgency.rank)
        return tuple(dict.fromkeys(s.indicator for s in ordered))


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a message means, apart from danger.

    `intent` is one of the intents of `nlu/training/`; `facts` maps field ids of the catalogue to the words
    that state them, as typed (`{"child_name": "Sam", "child_dob_or_age": "7"}`). `also` holds what else is surely
    asked, each in a part of its own: "... and also how do I delete this".
    """

    intent: str = "inform"
    confidence: float = 0.0
    language: str = "en"
    needs: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()


class NluUnavailable(Exception):
    """The understander cannot be reached or has no model. Never holds the message's words."""


class Understander(Protocol):
    """Reads a message. Raises `NluUnavailable`; never guesses when it cannot reach its model.

    `audience` is who writes, as far as they told us: "I'm 17" is the child's age from a young person only.
    """

    @property
    def name(self) -> str: ...

    async def understand(
        self, text: str, *, language: str = "en", audience: str | None = None
    ) -> Understanding: ...

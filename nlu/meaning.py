"""Scores an understander on labelled messages: intents, what is out of scope, and needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from nlu.base import Understanding
from nlu.dataset import Labelled
from nlu.evaluation import Rate

OUT_OF_SCOPE = "out_of_scope"
ACTED_ON = 0.5
"""Confidence from which an intent is acted on, for every engine alike."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A labelled message and how it was understood."""

    message: Labelled
    understood: Understanding

    @property
    def is_right(self) -> bool:
        return self.message.intent == self.understood.intent

    @property
    def is_known_as_strange(self) -> bool:
        """Heard as out of scope, or too unsure to be acted on: either way nothing wrong is done."""
        return self.understood.intent == OUT_OF_SCOPE or self.understood.confidence < ACTED_ON


@dataclass(frozen=True, slots=True)
class Found:
    """How well one name is found: of those that have it, and of those said to."""

    recall: Rate
    precision: Rate

    @property
    def f1(self) -> float:
        both = self.recall.share + self.precision.share
        return 2 * self.recall.share * self.precision.share / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Meanings:
    """The figures of a whole set."""

    accuracy: Rate
    macro_f1: float
    intents: Mapping[str, Found]
    confused: Mapping[tuple[str, str], int]
    strange_known: Rate
    strange_wrongly: Rate
    needs: Mapping[str, Found]
    needs_together: Found
    languages: Mapping[str, Rate]


def meanings(result: Sequence[Meant]) -> Meanings:
    """Count everything. Macro-F1 is over the intents that are labelled at least once."""
    intents = {
        name: _found(name, [((m.message.intent,), (m.understood.intent,)) for m in result])
        for name in sorted({m.message.intent for m in result})
    }
    told = [(m.message.needs, m.understood.needs) for m in result]
    strange = [m for m in result if m.message.intent == OUT_OF_SCOPE]
    others = [m for m in result if m.message.intent != OUT_OF_SCOPE]
    return Meanings(
        accuracy=_right(result),
        macro_f1=sum(f.f1 for f in intents.values()) / len(intents) if intents else 0.0,
        intents=intents,
        confused=Counter((m.message.intent, m.understood.intent) for m in result),
        strange_known=Rate(sum(m.is_known_as_strange for m in strange), len(strange)),
        strange_wrongly=Rate(sum(m.understood.intent == OUT_OF_SCOPE for m in others), len(others)),
        needs={name: _found(name, told) for name in sorted({n for labelled, _ in told for n in labelled})},
        needs_together=_together(told),
        languages={
            code: _right([m for m in result if m.message.language == code])
            for code in sorted({m.message.language for m in result})
        },
    )


def most_confused(figures: Meanings, most: int = 15) -> list[tuple[str, str, int]]:
    """Return labelled, understood, how often: the most frequent mistakes first."""
    wrong = [(a, b, n) for (a, b), n in figures.confused.items() if a != b]
    return sorted(wrong, key=lambda each: (-each[2], each[0], each[1]))[:most]


def _right(result: Collection[Meant]) -> Rate:
    return Rate(sum(m.is_right for m in result), len(result))


def _found(name: str, told: Iterable[tuple[Collection[str], Collection[str]]]) -> Found:
    pairs = [(name in labelled, name in understood) for labelled, understood in told]
    both = sum(a and b for a, b in pairs)
    return Found(Rate(both, sum(a for a, _ in pairs)), Rate(both, sum(b for _, b in pairs)))


def _together(told: Sequence[tuple[Collection[str], Collection[str]]]) -> Found:
    both = sum(len(set(labelled) & set(understood)) for labelled, understood in told)
    return Found(
        Rate(both, sum(len(labelled) for labelled, _ in told)),
        Rate(both, sum(len(understood) for _, understood in told)),
    )

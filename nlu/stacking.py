"""Weighs the views of danger together: phrases and trained readers. Rules can raise and never lower."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.base import Urgency
from nlu.trained import Reading

ENGLISH, MULTILINGUAL, WORDS = "english", "multilingual", "words"

ANYBODY = ""
"""Stands for a speaker who is not known: as likely as the others to be any of them."""

Array = NDArray[np.float64]


class Tongue(StrEnum):
    """What a message is written in, as far as it matters to who can read it."""

    ENGLISH = "english"
    STRANGE = "strange"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Scale:
    """One logistic scale: a start, what each encoder's log-odds weigh, what a phrase and the speaker add."""

    start: float
    readers: Mapping[str, float]
    phrases: Mapping[str, float]
    speakers: Mapping[str, float] = field(default_factory=dict)

    def share(self, odds: Mapping[str, float], phrase: Urgency, speaker: str | None = None) -> float:
        """Return the share of such messages that are so. Readers this scale has no weight for are not asked."""
        total = self.start + sum(weight * odds[name] for name, weight in self.readers.items())
        total += self.speakers.get(speaker or ANYBODY, self.speakers.get(ANYBODY, 0.0))
        total += sum(more for urgency, more in self.phrases.items() if phrase.rank >= Urgency(urgency).rank)
        return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, total))))


@dataclass(frozen=True, slots=True)
class Scales:
    """The three questions asked of one set of readers."""

    alert: Scale
    look: Scale
    emergency: Scale


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which share on: an alert, a person today, an emergency. An area may only lower them."""

    alert: float = 0.5
    look: float = 0.5
    emergency: float = 0.5

    def no_calmer_than(self, other: Thresholds) -> Thresholds:
        """Return the more careful of both, figure by figure."""
        return Thresholds(
            min(self.alert, other.alert), min(self.look, other.look), min(self.emergency, other.emergency)
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the whole says, and how likely it thinks an alert and a look are called for."""

    urgency: Urgency
    alert: float
    look: float
    read_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stack:
    """Scales for each set of readers (names joined by `+`, in order), thresholds, and when one more is asked."""

    scales: Mapping[str, Scales]
    thresholds: Thresholds = field(default_factory=Thresholds)
    unsure: tuple[float, float] = (0.1, 0.7)
    """One more is asked where a look is likelier than the first of these and an alert less than the second."""

    def decide(self, readings: Mapping[str, Reading], phrase: Urgency, speaker: str | None = None) -> Verdict:
        """Return the verdict of those readings; at least one must be there. Raises KeyError for an unknown set."""
        scales = self.scales[_key(readings)]
        alert = scales.alert.share({n: r.alert for n, r in readings.items()}, phrase, speaker)
        look = max(alert, scales.look.share({n: r.look for n, r in readings.items()}, phrase, speaker))
        emergency = scales.emergency.share({n: r.emergency for n, r in readings.items()}, phrase, speaker)
        at = self.thresholds
        if alert >= at.alert:
            urgency = Urgency.EMERGENCY if emergency >= at.emergency else Urgency.IMMEDIATE
        elif look >= at.look:
            urgency = Urgency.SAME_DAY
        else:
            shares = np.mean([r.urgency for r in readings.values()], axis=0)
            urgency = Urgency.ADVICE if shares[1] > shares[0] else Urgency.NONE
        return Verdict(urgency, alert, look, tuple(readings))

    def weigh(
        self,
        ask: Callable[[str], Reading],
        at_hand: Collection[str],
        phrase: Urgency,
        *,
        tongue: Tongue,
        speaker: str | None = None,
    ) -> tuple[Verdict, dict[str, Reading]]:
        """Ask as few readers as the message needs: one encoder where it is sure, both where it is not.

        `ask` gives the reading of one of the readers `at_hand`, of which there must be at least one. `speaker` is
        who they said they are: the same words of a teacher and of somebody passing by are not as often so.
        """
        first = ENGLISH if tongue is Tongue.ENGLISH else MULTILINGUAL
        readings = {name: ask(name) for name in (first, WORDS) if name in at_hand}
        verdict = self.decide(readings, phrase, speaker) if readings else None
        others = () if tongue is Tongue.OTHER and MULTILINGUAL in readings else (ENGLISH, MULTILINGUAL)
        more = [name for name in others if name in at_hand and name not in readings]
        if verdict is None or (more and (tongue is Tongue.STRANGE or self._is_unsure(verdict))):
            readings |= {name: ask(name) for name in more or at_hand}
            verdict = self.decide(readings, phrase, speaker)
        return verdict, readings

    def _is_unsure(self, verdict: Verdict) -> bool:
        low, high = self.unsure
        return low < verdict.look and verdict.alert < high


def _key(names: Iterable[str]) -> str:
    return "+".join(sorted(names))


def to_json(stack: Stack) -> dict[str, Any]:
    """Return what `from_json` reads."""
    return asdict(stack)


def from_json(data: Mapping[str, Any]) -> Stack:
    """Read a stored stack. Raises KeyError or TypeError where it is not one."""

    def scales(part: Mapping[str, Any]) -> Scales:
        return Scales(Scale(**part["alert"]), Scale(**part["look"]), Scale(**part["emergency"]))

    low, high = data["unsure"]
    return Stack(
        {key: scales(part) for key, part in data["scales"].items()},
        Thresholds(**data["thresholds"]),
        (float(low), float(high)),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One labelled message of the development split with every view of it."""

    urgency: Urgency
    phrase: Urgency
    readings: Mapping[str, Reading]
    tongue: Tongue = Tongue.ENGLISH
    speaker: str | None = None


_PHRASES = {"alert": ("immediate", "emergency"), "look": ("same_day", "immediate"), "emergency": ("emergency",)}


def fit(told: Sequence[Told], unsure: tuple[float, float] = (0.1, 0.7)) -> Stack:
    """Fit scales for every set of readers: penalised logistic regression, every weight at or above nought."""
    names = sorted(told[0].readings)
    sets = [subset for size in range(1, len(names) + 1) for subset in combinations(names, size)]
    return Stack({_key(subset): _scales(told, subset) for subset in sets}, unsure=unsure)


def _scales(told: Sequence[Told], readers: tuple[str, ...]) -> Scales:
    alerting = [t for t in told if t.urgency.raises_alert]
    return Scales(
        alert=_scale(told, readers, "alert", [t.urgency.raises_alert for t in told]),
        look=_scale(told, readers, "look", [t.urgency.rank >= Urgency.SAME_DAY.rank for t in told]),
        emergency=_scale(alerting, readers, "emergency", [t.urgency is Urgency.EMERGENCY for t in alerting]),
    )


def _scale(told: Sequence[Told], readers: tuple[str, ...], kind: str, wanted: Sequence[bool]) -> Scale:
    degrees, speakers = _PHRASES[kind], _shares(told)
    rows = [
        [
            1.0,
            *(getattr(t.readings[name], kind) for name in readers),
            *(float(t.phrase.rank >= Urgency(d).rank) for d in degrees),
            *(float(t.speaker == who) if t.speaker else share for who, share in speakers.items()),
        ]
        for t in told
    ]
    weights = _logistic(np.array(rows), np.array(wanted, dtype=float))
    named = iter(map(float, weights))
    scale = Scale(
        next(named),
        {n: next(named) for n in readers},
        {d: next(named) for d in degrees},
        {who: next(named) for who in speakers},
    )
    anybody = sum(share * scale.speakers[who] for who, share in speakers.items())
    return replace(scale, speakers={**scale.speakers, ANYBODY: anybody})


def _shares(told: Sequence[Told]) -> Mapping[str, float]:
    """Return how many of those who are known each kind of speaker is."""
    known = Counter(t.speaker for t in told if t.speaker)
    return {who: known[who] / known.total() for who in sorted(known)}


def _logistic(rows: Array, wanted: Array, penalty: float = 1.0, steps: int = 4000) -> Array:
    """Fit by projected gradient with momentum: every weight but the first stays at or above nought."""
    weights = np.zeros(rows.shape[1])
    step = 4.0 / np.linalg.eigvalsh(rows.T @ rows / len(rows))[-1]
    held, before = weights.copy(), weights.copy()
    for n in range(steps):
        shares = 1 / (1 + np.exp(-np.clip(rows @ held, -40, 40)))
        slope = rows.T @ (shares - wanted) / len(rows) + penalty * np.r_[0.0, held[1:]] / len(rows)
        weights = held - step * slope
        weights[1:] = np.maximum(weights[1:], 0.0)
        held = weights + n / (n + 3) * (weights - before)
        before = weights
    return weights


def fit_thresholds(stack: Stack, told: Sequence[Told], *, false_alerts: float, false_looks: float) -> Stack:
    """Set each threshold so low that at most those shares of calm messages reach it; an emergency at evens."""
    verdicts = [
        stack.weigh(t.readings.__getitem__, tuple(t.readings), t.phrase, tongue=t.tongue, speaker=t.speaker)[0]
        for t in told
    ]
    calm = [v for t, v in zip(told, verdicts, strict=True) if t.urgency.rank < Urgency.SAME_DAY.rank]
    alert = _above([v.alert for v in calm], false_alerts)
    look = _above([v.look for v in calm], false_looks)
    return replace(stack, thresholds=Thresholds(alert, min(look, alert), 0.5))


def _above(shares: Sequence[float], most: float) -> float:
    """Return the lowest threshold that at most so large a part of the shares reaches, ties among them."""
    highest_first = sorted(shares, reverse=True)
    return math.nextafter(highest_first[int(most * len(highest_first))], 1.0)

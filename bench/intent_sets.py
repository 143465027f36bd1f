"""The labelled messages that understanders are measured on: public sets of intents, and our own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nlu.dataset import Example

OURS = "ours"


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a public set. It has no needs, and what is learned from is English."""

    text: str
    intent: str
    needs: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class IntentSet:
    """One set as its file gives it; parts that are not there are empty."""

    name: str
    train: Sequence[Example]
    valid: Sequence[Example]
    test: Sequence[Example]
    oos_valid: Sequence[Example] = ()
    oos_test: Sequence[Example] = ()


def read_set(path: Path) -> IntentSet:
    """Read `{"name", "train", "valid", "test", "oos_valid", "oos_test"}`, lists of `{"text", "intent"}`."""
    content = json.loads(path.read_text(encoding="utf-8"))
    parts = {
        part: tuple(Said(row["text"], row["intent"]) for row in content.get(part) or [])
        for part in ("train", "valid", "test", "oos_valid", "oos_test")
    }
    return IntentSet(content["name"], **parts)


def accuracy(named: Sequence[str], messages: Sequence[Example]) -> tuple[float, float, Any]:
    """Return accuracy, macro-F1, and which were right."""
    said, truth = np.array(named), np.array([m.intent for m in messages])
    f = []
    for intent in sorted(set(truth)):
        hits = ((said == intent) & (truth == intent)).sum()
        f.append(2 * hits / max(1, (said == intent).sum() + (truth == intent).sum()))
    right = said == truth
    return float(right.mean()), float(np.mean(f)), right


def area_under(inside: Any, outside: Any) -> float:
    """Return how often a message in scope is surer than one out of scope."""
    order = np.sort(inside)
    below = np.searchsorted(order, outside, "left") + np.searchsorted(order, outside, "right")
    return float(1.0 - below.mean() / 2 / len(inside))

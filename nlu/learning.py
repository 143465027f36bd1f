"""Learns what each view makes of messages: a linear reading for each, all at once. Needs scipy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
import scipy.sparse as sparse  # type: ignore[import-untyped]
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from nlu.dataset import Example
from nlu.embedded import WORDS, View, log_softmax, reads, sigmoid
from nlu.sentences import SentenceEncoder
from nlu.tfidf import Vocabulary

STEPS = 100
MANY = 5000
"""From so many messages on, a word seen in fewer than three of them is left out: a third of the time and size."""

_STRENGTH = 10.0
_RARE = 0.5
"""Power by which a rarer intent's messages count for more. Without it the few who ask for a person go unheard
among the many who tell us something; with 1 too much is taken for a request."""

_NEEDS_SHARE = 0.3

Floats = NDArray[np.float64]
_Done = TypeVar("_Done")
_Matrix = Any


@dataclass(frozen=True, slots=True)
class Truth:
    """What labels say: each message's intent by its place, which needs it has (nought or one), what it counts."""

    intents: NDArray[np.int64]
    needs: Floats
    worth: Floats


def learn(
    messages: Sequence[Example], intents: list[str], needs: list[str], encoders: Sequence[SentenceEncoder]
) -> tuple[Vocabulary, dict[str, View]]:
    """Return the words of the messages, and a view by them and by each encoder that reads any of them."""
    vocabulary = Vocabulary.of([m.text for m in messages], fewest=3 if len(messages) >= MANY else 1)

    def view(seeing: _Seeing) -> tuple[str, View] | None:
        places, matrix = seeing.see(messages)
        if not len(places):
            return None
        truth = truth_of([messages[i] for i in places], intents, needs)
        weights, bias = _linear(matrix, truth, len(intents))
        weights = weights.astype(np.float16 if seeing.name == WORDS else np.float32)
        return seeing.name, View(weights, bias.astype(np.float32))

    return vocabulary, dict(filter(None, _at_once(view, _seeings(vocabulary, encoders))))


def read(
    messages: Sequence[Example],
    vocabulary: Vocabulary,
    views: Mapping[str, View],
    encoders: Sequence[SentenceEncoder],
) -> tuple[dict[str, Floats], Floats]:
    """Return what each view makes of the messages, not numbers where it reads none; and how familiar each is."""

    def score(seeing: _Seeing) -> tuple[str, Floats]:
        view = views[seeing.name]
        found = np.full((len(messages), len(view.bias)), np.nan)
        places, matrix = seeing.see(messages)
        if len(places):
            found[places] = matrix @ view.weights.astype(np.float32) + view.bias
        return seeing.name, found

    seeings = _seeings(vocabulary, [e for e in encoders if e.name in views])
    return dict(_at_once(score, seeings)), np.array([vocabulary.bag(m.text).familiar for m in messages])


@dataclass(frozen=True, slots=True)
class _Seeing:
    """A view's way of seeing: which messages it reads (their places), and how."""

    name: str
    see: Callable[[Sequence[Example]], tuple[NDArray[np.int64], _Matrix]]


def _seeings(vocabulary: Vocabulary, encoders: Sequence[SentenceEncoder]) -> list[_Seeing]:
    return [
        _Seeing(WORDS, lambda messages: (np.arange(len(messages)), _bags(messages, vocabulary))),
        *(_Seeing(encoder.name, partial(_vectors, encoder=encoder)) for encoder in encoders),
    ]


def _bags(messages: Sequence[Example], vocabulary: Vocabulary) -> _Matrix:
    bags = [vocabulary.bag(m.text) for m in messages]
    ends = np.cumsum([0, *(len(bag.columns) for bag in bags)])
    values = np.concatenate([b.weights for b in bags]), np.concatenate([b.columns for b in bags]), ends
    return sparse.csr_matrix(values, shape=(len(bags), vocabulary.size))


def _vectors(messages: Sequence[Example], encoder: SentenceEncoder) -> tuple[NDArray[np.int64], _Matrix]:
    places = np.array([i for i, m in enumerate(messages) if reads(encoder.name, m.language)], np.int64)
    return places, encoder.encode([messages[i].text for i in places]) if len(places) else None


def _at_once(act: Callable[[_Seeing], _Done], seeings: Sequence[_Seeing]) -> list[_Done]:
    """Do it for all views side by side: encoders and fits compute outside the interpreter's lock."""
    with ThreadPoolExecutor(len(seeings)) as pool:
        return list(pool.map(act, seeings))


def _linear(matrix: _Matrix, truth: Truth, intents: int) -> tuple[Floats, Floats]:
    """Fit intents, of which one is right, and needs, of which any number are, in one go."""
    rows, width = matrix.shape
    columns = intents + truth.needs.shape[1]
    # Vectors have a large part in common; without it the fit converges in a fraction of the steps.
    is_dense = not sparse.issparse(matrix)
    middle = matrix.mean(axis=0) if is_dense else np.zeros(width, np.float32)
    centred = (matrix - middle if is_dense else matrix).astype(np.float32)
    turned = centred.T if is_dense else centred.T.tocsr()
    share = 1.0 / (_STRENGTH * rows)

    def cost(flat: Floats) -> tuple[float, Floats]:
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


def _loss(scores: Floats, truth: Truth, intents: int) -> tuple[float, Floats]:
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


def truth_of(messages: Sequence[Example], intents: Sequence[str], needs: Sequence[str]) -> Truth:
    """Return the labels as numbers. A rarer intent's messages count for more."""
    place = {name: i for i, name in enumerate(intents)}
    needed = np.array([[need in m.needs for need in needs] for m in messages], np.float64)
    named = np.array([place[m.intent] for m in messages])
    count = np.bincount(named, minlength=len(intents)).astype(np.float64)
    worth = count[named] ** -_RARE
    return Truth(named, needed.reshape(len(messages), len(needs)), worth / worth.mean())

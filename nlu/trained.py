"""Hears danger with the tuned encoders. Loads plain arrays and ONNX files only."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nlu import encoder as encoders
from nlu.base import NluUnavailable, Urgency
from nlu.embedded import Model
from nlu.encoder import Encoder, Floats, english, multilingual, windows
from nlu.sentences import SentenceEncoder

FOLDER = encoders.FOLDER
WORDS_FOLDER = "words"
URGENCIES = (Urgency.NONE, Urgency.ADVICE, Urgency.SAME_DAY, Urgency.IMMEDIATE, Urgency.EMERGENCY)
_ALERT = 3
_LOOK = 2
_FURTHEST = 9.0
"""Log-odds beyond this say no more: one view may not shout the others down."""


class ModelMissing(Exception):
    """The trained files are not there, or are not the ones `model.json` was made with."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one encoder made of one message. `urgency` holds five shares, calmest first; odds are logs."""

    urgency: tuple[float, ...]
    indicators: Mapping[str, float]
    needs: Mapping[str, float]

    @property
    def alert(self) -> float:
        """Log-odds that a person must be alerted."""
        return log_odds(sum(self.urgency[_ALERT:]))

    @property
    def look(self) -> float:
        """Log-odds that a person must read it today."""
        return log_odds(sum(self.urgency[_LOOK:]))

    @property
    def emergency(self) -> float:
        """Log-odds of an emergency, given that it is an alert."""
        return log_odds(self.urgency[-1] / max(1e-9, sum(self.urgency[_ALERT:])))


def log_odds(share: float) -> float:
    """Return `log(share / (1 - share))`, kept within what a single view may say."""
    held = min(max(share, 1e-6), 1 - 1e-6)
    return max(-_FURTHEST, min(_FURTHEST, math.log(held / (1 - held))))


class Reader(Protocol):
    """Reads messages; the same message twice gives the same.

    `gravest` gives the part of a long message that others need to read; `strangeness` the pieces of a word.
    """

    def read(self, texts: Sequence[str]) -> list[Reading]: ...

    def gravest(self, text: str) -> str: ...

    def strangeness(self, text: str, /) -> float: ...


@dataclass(frozen=True, slots=True)
class TunedReader:
    """One tuned encoder with its heads: `weights` and `biases` by head, columns as `labels` names them."""

    name: str
    encoder: Encoder
    weights: Mapping[str, Floats]
    biases: Mapping[str, Floats]
    labels: Mapping[str, tuple[str, ...]]

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Read each text; of a long one every window, keeping the most careful window's view."""
        cut = [windows(text) for text in texts]
        pooled = self.encoder.encode([part for parts in cut for part in parts])
        found = self.readings(pooled)
        out, at = [], 0
        for parts in cut:
            out.append(max(found[at : at + len(parts)], key=lambda r: r.alert))
            at += len(parts)
        return out

    def gravest(self, text: str) -> str:
        """Return the window of a long text that most calls for a person; a short text is its own."""
        parts = windows(text)
        if len(parts) == 1:
            return text
        # one by one: the encoder remembers them so, and the gravest is read again at once
        found = self.readings(np.concatenate([self.encoder.encode([part]) for part in parts]))
        return max(zip(parts, found, strict=True), key=lambda pair: pair[1].alert)[0]

    def strangeness(self, text: str) -> float:
        """Return how strange the language is to this encoder: only the beginning is looked at."""
        return self.encoder.pieces_a_word(text[:400])

    def readings(self, pooled: Floats) -> list[Reading]:
        """Return what the heads make of pooled vectors `(n, width)`."""
        urgency = softmax(self.logits("urgency", pooled))
        indicators = sigmoid(self.logits("indicators", pooled))
        needs = sigmoid(self.logits("needs", pooled))
        return [
            Reading(
                tuple(map(float, urgency[i])),
                dict(zip(self.labels["indicators"], map(float, indicators[i]), strict=True)),
                dict(zip(self.labels["needs"], map(float, needs[i]), strict=True)),
            )
            for i in range(len(pooled))
        ]

    def logits(self, head: str, pooled: Floats) -> Floats:
        return np.asarray(pooled @ self.weights[head].T + self.biases[head], dtype=np.float32)


def softmax(logits: Floats) -> NDArray[np.float64]:
    """Return shares along the last axis."""
    raised = np.exp(logits.astype(np.float64) - logits.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True))


def sigmoid(logits: Floats) -> NDArray[np.float64]:
    """Return each logit's own share."""
    return np.asarray(1.0 / (1.0 + np.exp(-logits.astype(np.float64))))


_ENCODERS: Mapping[str, Callable[[Path], Encoder]] = {"english": english, "multilingual": multilingual}


def load_reader(name: str, folder: Path = FOLDER) -> TunedReader:
    """Load one encoder and its heads. Raises `ModelMissing`."""
    try:
        labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{name}.heads.npz", allow_pickle=False) as stored:
            arrays = {key: np.asarray(stored[key], dtype=np.float32) for key in stored.files}
        encoder = _ENCODERS[name](folder)
    except Exception as error:  # onnxruntime raises kinds of its own
        raise ModelMissing(
            f"the {name} screening model in {folder} cannot be loaded: {type(error).__name__}"
        ) from error
    return TunedReader(
        name,
        encoder,
        {k.removesuffix(".weight"): v for k, v in arrays.items() if k.endswith(".weight")},
        {k.removesuffix(".bias"): v for k, v in arrays.items() if k.endswith(".bias")},
        {k: tuple(v) for k, v in labels.items()},
    )


@dataclass(frozen=True, slots=True)
class WordsReader:
    """Reads by words, pieces of words and the sentence vector that the understander makes anyway."""

    model: Model
    encoder: SentenceEncoder | None

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Read each text; only the beginning of a long one, whose every window the encoders read."""
        return [self._reading(text) for text in texts]

    def gravest(self, text: str) -> str:
        """Return the text: it is not read in windows."""
        return text

    def strangeness(self, _text: str) -> float:
        """Return 1: every language is as strange to it as another."""
        return 1.0

    def _reading(self, text: str) -> Reading:
        vectors = {} if self.encoder is None else {self.encoder.name: self.encoder.encode([text])[0]}
        urgency, indicators = (scores[0] for scores in self.model.scores(text, vectors))
        shares = dict(zip(self.model.intents, map(float, urgency), strict=True))
        return Reading(
            tuple(shares.get(u.value, 0.0) for u in URGENCIES),
            dict(zip(self.model.needs, map(float, indicators), strict=True)),
            {},
        )


def load_words(folder: Path = FOLDER, encoder: SentenceEncoder | None = None) -> WordsReader:
    """Load the reader by words, with the understander's own sentence encoder. Raises `ModelMissing`."""
    try:
        return WordsReader(Model.load(folder / WORDS_FOLDER), encoder)
    except NluUnavailable as error:
        raise ModelMissing(f"the words model in {folder} cannot be loaded") from error

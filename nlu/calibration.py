"""Fits how the views of danger are weighed, and from where on they call a person, on the development split."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nlu import fitting, stacking
from nlu.base import Urgency
from nlu.dataset import Labelled, data_hash
from nlu.encoder import sha256
from nlu.sentences import SentenceEncoder
from nlu.shipped import MODEL, tongue_of
from nlu.stacking import ENGLISH, Stack, Told
from nlu.trained import FOLDER, WORDS_FOLDER, Reader

FALSE_ALERTS = 0.08
FALSE_LOOKS = 0.18
"""At most these shares of calm development messages may call a person at once, or today.

More than is aimed at (0.05 and 0.12): half of the calm messages are twins of dangerous ones.
"""


def told(
    messages: Sequence[Labelled],
    readers: Mapping[str, Reader],
    phrases: Callable[[str], Urgency],
    language_of: Callable[[str], str],
) -> list[Told]:
    """Return every view of every message. Slow: each encoder reads each message, side by side with the others."""
    texts = [m.text for m in messages]
    with ThreadPoolExecutor(len(readers)) as pool:
        found = pool.map(lambda reader: reader.read(texts), readers.values())
        by_reader = dict(zip(readers, found, strict=True))
    return [
        Told(
            m.urgency,
            phrases(m.text),
            {name: readings[i] for name, readings in by_reader.items()},
            tongue_of(m.text, language_of(m.text), readers[ENGLISH]),
            m.told_by,
        )
        for i, m in enumerate(messages)
    ]


@dataclass(frozen=True, slots=True)
class _AsUrgency:
    """A labelled message whose urgency stands where the understander's fitting looks for an intent."""

    text: str
    intent: str
    needs: tuple[str, ...]
    language: str


def fit_words(
    training: Sequence[Labelled], development: Sequence[Labelled], encoder: SentenceEncoder, folder: Path = FOLDER
) -> None:
    """Fit the reader by words as the understander is fitted, and write it."""

    def as_urgency(messages: Sequence[Labelled]) -> list[_AsUrgency]:
        return [_AsUrgency(m.text, m.urgency.value, m.indicators, m.language) for m in messages]

    model = fitting.fit(as_urgency(training), as_urgency(development), encoders=[encoder])
    fitting.save(model, folder / WORDS_FOLDER)


def fit(views: Sequence[Told]) -> Stack:
    """Return scales and thresholds fitted on those views of the development split."""
    return stacking.fit_thresholds(stacking.fit(views), views, false_alerts=FALSE_ALERTS, false_looks=FALSE_LOOKS)


def write(stack: Stack, provenance: Mapping[str, Any], folder: Path = FOLDER) -> None:
    """Write `model.json` beside the files it vouches for."""
    found = (p for p in folder.rglob("*") if p.is_file() and p.name != MODEL)
    names = sorted(p.relative_to(folder).as_posix() for p in found)
    made = {
        **provenance,
        "files": {name: sha256(folder / name) for name in names},
        "versions": {n: version(n) for n in ("numpy", "onnxruntime", "sentencepiece")},
        "python": platform.python_version(),
    }
    text = json.dumps({"stack": stacking.to_json(stack), "provenance": made}, indent=1, sort_keys=True)
    unfinished = folder / f"{MODEL}.new"
    unfinished.write_text(text + "\n", encoding="utf-8")
    unfinished.replace(folder / MODEL)


def about(messages: Sequence[Labelled]) -> dict[str, Any]:
    """Return how many messages and which, for a model to say what it was made from."""
    return {"messages": len(messages), "sha256": data_hash(messages)}

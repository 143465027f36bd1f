"""Loads the trained readers that ship, and refuses files that are not the ones that were measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu import stacking
from nlu.encoder import sha256
from nlu.sentences import SentenceEncoder
from nlu.stacking import ENGLISH, MULTILINGUAL, WORDS, Stack, Tongue
from nlu.trained import FOLDER, ModelMissing, Reader, load_reader, load_words

MODEL = "model.json"
STRANGE = 1.6
"""Pieces a word from which English may not be what it is written in: 1.3 is usual, 1 message in 10 is above."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything trained that screening needs, and what is known of how it was made."""

    readers: Mapping[str, Reader]
    stack: Stack
    provenance: Mapping[str, Any]


def load(folder: Path = FOLDER, encoder: SentenceEncoder | None = None) -> Loaded:
    """Load all that ships. Raises `ModelMissing` where a file is not there or is not the measured one."""
    try:
        stored = json.loads((folder / MODEL).read_text(encoding="utf-8"))
        stack = stacking.from_json(stored["stack"])
        files = stored["provenance"]["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelMissing(f"{folder / MODEL} is not there or cannot be read: {type(error).__name__}") from error
    for name, wanted in files.items():
        path = folder / name
        if not path.is_file() or sha256(path) != wanted:
            raise ModelMissing(f"{path} is missing or is not the file that was measured")
    return Loaded(readers(folder, encoder), stack, stored["provenance"])


def readers(folder: Path = FOLDER, encoder: SentenceEncoder | None = None) -> dict[str, Reader]:
    """Load every trained reader. Raises `ModelMissing`."""
    return {
        ENGLISH: load_reader(ENGLISH, folder),
        MULTILINGUAL: load_reader(MULTILINGUAL, folder),
        WORDS: load_words(folder, encoder),
    }


def tongue_of(text: str, language: str, english: Reader) -> Tongue:
    """Say who can read the text, whose language was found to be `language`."""
    if language != "en":
        return Tongue.OTHER
    return Tongue.STRANGE if english.strangeness(text) > STRANGE else Tongue.ENGLISH

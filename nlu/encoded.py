"""Keeps on disk what an encoder made of messages: fitting again then reads only those it has not met."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlu.encoder import LONGEST
from nlu.sentences import HEAD, TAIL, SentenceEncoder, Vectors


class EncodedBefore:
    """An encoder that keeps each vector in a file of `folder`, one file for each encoder and its weights.

    The file holds hashes of texts and no words. One that cannot be read is made anew.
    """

    def __init__(self, encoder: SentenceEncoder, folder: Path) -> None:
        self.name, self.made_of = encoder.name, encoder.made_of
        self._encoder = encoder
        # what is read of a long message belongs to what was read
        weights = hashlib.sha256(f"{encoder.made_of} {HEAD} {TAIL} {LONGEST}".encode()).hexdigest()[:12]
        self._path = folder / f"encoded-{encoder.name}-{weights}.npz"
        self._known = _read(self._path)

    def encode(self, texts: Sequence[str]) -> Vectors:
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            self._known.update(zip(missing, self._encoder.encode(list(missing.values())), strict=True))
            _write(self._path, self._known)
        return np.stack([self._known[key] for key in keys])


def _read(path: Path) -> dict[bytes, Vectors]:
    try:
        with np.load(path, allow_pickle=False) as kept:
            return dict(zip(map(bytes, kept["keys"]), kept["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


def _write(path: Path, known: dict[bytes, Vectors]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = np.frombuffer(b"".join(known), np.uint8).reshape(len(known), -1)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as unfinished:
        new = Path(unfinished) / path.name
        np.savez(new, keys=keys, vectors=np.stack(list(known.values())))
        new.replace(path)

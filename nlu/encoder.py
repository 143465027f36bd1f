"""The tuned encoders that ship: words to a vector, by onnxruntime, without torch. Built by `nlu/tuning`."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from sentencepiece import SentencePieceProcessor

from nlu.base import NluUnavailable
from nlu.sentences import KeepingEncoder, SentenceEncoder
from nlu.wordpiece import WordPiece

Floats = NDArray[np.float32]

FOLDER = Path(__file__).parent / "models" / "screening"
"""Where the encoders are: screening's, which the understander reads with too."""

LONGEST = 192
"""Tokens read at once, as in tuning. `windows` cuts what is longer."""

ENCODERS = "encoders.json"
"""Says from which published weights each encoder was tuned, on which data: written by `nlu/tuning/export.py`."""

_BLOCK = 32
_MOST_AT_ONCE = 16


def windows(text: str, *, words: int = 110, overlap: int = 30) -> tuple[str, ...]:
    """Return the whole of a short text, or overlapping parts of a long one, so that nothing goes unread.

    A part that says what another says is read once.
    """
    said = text.split()
    if len(said) <= words and len(text) <= 8 * words:
        return (text,)
    parts = [" ".join(said[at : at + words]) for at in range(0, max(1, len(said) - overlap), words - overlap)]
    # a wall without spaces is cut by length instead
    cut = (part[at : at + 8 * words] for part in parts for at in range(0, len(part), 8 * words))
    return tuple(dict.fromkeys(cut))


def whole(text: str) -> str:
    """Put a mark in place of half characters (lone surrogates), which JSON may carry and no encoder reads."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@dataclass(frozen=True, slots=True)
class _Batches:
    """Reads a batch of texts with one session. `read` gives what the session takes."""

    name: str
    made_of: str
    session: onnxruntime.InferenceSession
    read: Callable[[Sequence[str]], dict[str, NDArray[Any]]]

    def encode(self, texts: Sequence[str]) -> Floats:
        out: list[Floats] = []
        for at in range(0, len(texts), _MOST_AT_ONCE):
            out.append(self.session.run(["pooled"], self.read(texts[at : at + _MOST_AT_ONCE]))[0])
        return np.concatenate(out)


class Encoder:
    """One encoder. `made_of` is the hash of its file."""

    def __init__(self, batches: SentenceEncoder, pieces: Callable[[str], int]) -> None:
        self.name, self.made_of = batches.name, batches.made_of
        self._batches, self._pieces = batches, pieces
        self._late = KeepingEncoder(batches)

    def pieces_a_word(self, text: str) -> float:
        """Return how far words fall apart when read: about 1.3 for plain English, above 2 where it is strange."""
        return self._pieces(text) / max(1, len(text.split()))

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return `(texts, width)`: the mean and the greatest of each text's token vectors. Long ones are cut.

        What was read alone is remembered for a while: screening and understanding read the same message.
        """
        return self._late.encode(texts) if len(texts) == 1 else self._batches.encode(texts)


class TunedSentences:
    """A tuned encoder as one more view for the understander: mean and greatest weigh the same, whatever their
    size.

    Texts are read one by one, as messages come: in 8 bits a vector hangs a little on what it is read with. Of a
    long text only the first window.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.made_of = encoder.name, encoder.made_of
        self._encoder = encoder

    def encode(self, texts: Sequence[str]) -> Floats:
        pooled = np.concatenate([self._encoder.encode([windows(text)[0]]) for text in texts])
        halves = pooled.reshape(len(texts), 2, -1)
        lengths = np.linalg.norm(halves, axis=2, keepdims=True) * np.sqrt(2.0, dtype=np.float32)
        even: Floats = (halves / np.maximum(lengths, 1e-6)).reshape(pooled.shape).astype(np.float32)
        return even


def english(folder: Path) -> Encoder:
    """Load the small English encoder. Raises OSError or onnxruntime's own errors where files are missing."""
    words = WordPiece.read(folder / "english.vocabulary.txt")

    def read(texts: Sequence[str]) -> dict[str, NDArray[Any]]:
        ids, mask = _padded([words.encode(text, LONGEST) for text in texts], pad=0)
        return {"ids": ids, "mask": mask}

    def count(text: str) -> int:
        return len(words.pieces(text))

    return Encoder(_batches("english", folder / "english.onnx", read), count)


def multilingual(folder: Path) -> Encoder:
    """Load the encoder of many languages. Its word vectors stay on disk: only those of words met are read."""
    pieces = SentencePieceProcessor(model_file=str(folder / "multilingual.spm"))
    vectors = np.load(folder / "multilingual.words.npy", mmap_mode="r", allow_pickle=False)

    def read(texts: Sequence[str]) -> dict[str, NDArray[Any]]:
        coded = [[0, *pieces.encode(unicodedata.normalize("NFKC", whole(t)))[: LONGEST - 2], 2] for t in texts]
        ids, mask = _padded(coded, pad=1)
        known, place = np.unique(ids, return_inverse=True)
        words = unpacked(np.asarray(vectors[known]))
        return {"words": words[place.reshape(ids.shape)], "mask": mask}

    def count(text: str) -> int:
        return len(pieces.encode(text))

    return Encoder(_batches("multilingual", folder / "multilingual.onnx", read), count)


def open_tuned(folder: Path = FOLDER) -> tuple[TunedSentences, ...]:
    """Return both encoders as the understander reads with them. Raises `NluUnavailable`."""
    try:
        return TunedSentences(english(folder)), TunedSentences(multilingual(folder))
    except Exception as error:  # onnxruntime raises kinds of its own
        raise NluUnavailable(f"the tuned encoders cannot be loaded: {type(error).__name__}") from error


def unpacked(blocks: NDArray[np.uint8]) -> Floats:
    """Return float32 rows of 4-bit rows `(n, width / 32 * 18)`: a float16 scale and 32 nibbles a block."""
    b = blocks.reshape(len(blocks), -1, 18)
    scale = b[:, :, :2].copy().view(np.float16).astype(np.float32)
    nibbles = b[:, :, 2:]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=2).astype(np.float32) - np.float32(8)
    return (values * scale).reshape(len(blocks), b.shape[1] * _BLOCK)


def _padded(coded: Sequence[Sequence[int]], *, pad: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    ids = np.full((len(coded), max(len(c) for c in coded)), pad, dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(coded):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return ids, mask


def _batches(name: str, path: Path, read: Callable[[Sequence[str]], dict[str, NDArray[Any]]]) -> _Batches:
    return _Batches(name, sha256(path), _session(path), read)


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # one thread: a turn must not take the whole machine, and one core is what is promised
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # without the arena memory stays where it was after one long message
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    # this fusion's kernel takes longer than those it stands for: an eighth of a message
    return onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )


def sha256(path: Path) -> str:
    """Return the file's hash in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

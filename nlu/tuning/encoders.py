"""The encoders that are tuned whole, written out in torch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from safetensors.torch import load_file
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Shape:
    """What differs between the two encoders. Sizes are those of the published weights."""

    layers: int
    width: int
    attention_heads: int
    vocabulary: int
    positions: int
    epsilon: float
    mask_id: int
    names: dict[str, str]


_BERT_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "o": "attention.output.dense",
    "n1": "attention.output.LayerNorm",
    "f1": "intermediate.dense",
    "f2": "output.dense",
    "n2": "output.LayerNorm",
}
MINILM = Shape(6, 384, 12, 30522, 512, 1e-12, 103, _BERT_NAMES)
"""all-MiniLM-L6-v2, Apache-2.0."""


class Layer(nn.Module):
    """One transformer layer, normalised after."""

    def __init__(self, shape: Shape, drop: float = 0.1) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.attention_heads
        self.q, self.k, self.v, self.o = (nn.Linear(width, width) for _ in range(4))
        self.n1, self.n2 = (nn.LayerNorm(width, eps=shape.epsilon) for _ in range(2))
        self.f1, self.f2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.drop = nn.Dropout(drop)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        rows, length, width = x.shape

        def split(t: Tensor) -> Tensor:
            return t.view(rows, length, self.heads, width // self.heads).transpose(1, 2)

        scores = split(self.q(x)) @ split(self.k(x)).transpose(-1, -2) / math.sqrt(width // self.heads) + bias
        mixed = (torch.softmax(scores, -1) @ split(self.v(x))).transpose(1, 2).reshape(rows, length, width)
        x = self.n1(x + self.drop(self.o(mixed)))
        return self.n2(x + self.drop(self.f2(F.gelu(self.f1(x)))))


class Net(nn.Module):
    """An encoder with a linear head for each thing learned, over the mean and the greatest of its tokens."""

    def __init__(self, shape: Shape, heads: dict[str, int]) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.drop = nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.heads = nn.ModuleDict({name: nn.Linear(2 * shape.width, size) for name, size in heads.items()})

    def pooled(self, read: Tensor, mask: Tensor, *, looked_up: bool = False) -> Tensor:
        """Return `(rows, 2 * width)` of token ids `(rows, length)`, or of their vectors if `looked_up`."""
        places = torch.arange(read.shape[1])
        words = read if looked_up else self.words(read)
        x = self.drop(self.norm(words + self.positions(places)[None]))
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        weight = mask[:, :, None].to(x.dtype)
        mean = (x * weight).sum(1) / weight.sum(1)
        return torch.cat([mean, (x + (1 - weight) * -1e4).max(1).values], 1)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """Return each head's logits, in the order the heads were given."""
        pooled = self.drop(self.pooled(ids, mask))
        return tuple(head(pooled) for head in self.heads.values())

    def start_from(self, weights: Path) -> None:
        """Take the published weights, a safetensors file. The heads stay as they are."""
        stored = load_file(weights)
        with torch.no_grad():
            self.words.weight.copy_(stored["embeddings.word_embeddings.weight"])
            self.positions.weight.copy_(stored["embeddings.position_embeddings.weight"])
            if "embeddings.token_type_embeddings.weight" in stored:
                self.positions.weight.add_(stored["embeddings.token_type_embeddings.weight"][0])
            self._take(self.norm, stored, "embeddings.LayerNorm")
            for i, layer in enumerate(self.layers):
                for ours, theirs in self.shape.names.items():
                    self._take(getattr(layer, ours), stored, f"encoder.layer.{i}.{theirs}")

    @staticmethod
    def _take(module: Any, stored: dict[str, Tensor], name: str) -> None:
        module.weight.copy_(stored[f"{name}.weight"])
        module.bias.copy_(stored[f"{name}.bias"])

"""Turns labelled messages into batches: tokens, targets, and the small changes that teach what does not matter."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

import torch
from torch import Tensor

from nlu.base import Urgency
from nlu.dataset import Labelled

URGENCIES = (Urgency.NONE, Urgency.ADVICE, Urgency.SAME_DAY, Urgency.IMMEDIATE, Urgency.EMERGENCY)
LONGEST = 192
"""Tokens of one message or window; longer messages are read in windows."""

Encode = Callable[[str], list[int]]


@dataclass(frozen=True, slots=True)
class Labels:
    """The names behind each head's columns, in order."""

    indicators: tuple[str, ...]
    needs: tuple[str, ...]
    intents: tuple[str, ...]
    speakers: tuple[str, ...]

    @classmethod
    def of(cls, messages: Sequence[Labelled]) -> Labels:
        """Collect them from the training split."""
        return cls(
            tuple(sorted({i for m in messages for i in m.indicators})),
            tuple(sorted({n for m in messages for n in m.needs})),
            tuple(sorted({m.intent for m in messages})),
            tuple(sorted({m.speaker for m in messages})),
        )

    def sizes(self) -> dict[str, int]:
        """Return each head's name and width, in the order `Batch` holds their targets."""
        return {
            "urgency": len(URGENCIES),
            "indicators": len(self.indicators),
            "needs": len(self.needs),
            "intent": len(self.intents),
            "speaker": len(self.speakers),
        }


@dataclass(slots=True)
class Example:
    """One message ready to learn from. `urgency` is a distribution: readers may differ.

    `among` is the same message among ordinary sentences, "" where it is read as it stands only.
    """

    text: str
    urgency: tuple[float, ...]
    indicators: frozenset[str]
    needs: frozenset[str]
    intent: str
    speaker: str
    among: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded `ids` and `mask` `(rows, length)` and one target a head.

    `among_ids` and `among_mask` are those of the rows `twins`, among ordinary sentences: they are read after the
    others, and have the last targets. There may be none.
    """

    ids: Tensor
    mask: Tensor
    among_ids: Tensor
    among_mask: Tensor
    twins: Tensor
    urgency: Tensor
    indicators: Tensor
    needs: Tensor
    intent: Tensor
    speaker: Tensor


_Coded: TypeAlias = tuple[list[int], list[int], Example]
"""The tokens of a message, those of it among ordinary sentences (none where it is not), and the message."""


def example(message: Labelled) -> Example:
    """Return what to learn from; where another reader differed, part of the weight is theirs."""
    weights = [0.0] * len(URGENCIES)
    weights[URGENCIES.index(message.urgency)] += 0.7
    weights[URGENCIES.index(message.also or message.urgency)] += 0.3
    return Example(
        message.text,
        tuple(weights),
        frozenset(message.indicators),
        frozenset(message.needs),
        message.intent,
        message.speaker,
    )


_SLIPS = {
    "a": "sq",
    "e": "wr",
    "i": "uo",
    "o": "ip",
    "t": "ry",
    "n": "bm",
    "s": "ad",
    "r": "et",
    "h": "gj",
    "l": "ok",
}


def _slip(text: str, rng: random.Random) -> str:
    """Return the text with a letter or two dropped, doubled, swapped or struck wrong."""
    letters = list(text)
    for _ in range(rng.randint(1, 2 + len(letters) // 40)):
        at = rng.randrange(len(letters)) if letters else 0
        if not letters or not letters[at].isalpha():
            continue
        how = rng.random()
        if how < 0.3:
            letters[at] = ""
        elif how < 0.5:
            letters[at] *= 2
        elif how < 0.75 and at + 1 < len(letters):
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        else:
            letters[at] = rng.choice(_SLIPS.get(letters[at].lower(), letters[at]))
    return "".join(letters)


def _joined(first: Example, second: Example, rng: random.Random) -> Example:
    """Return both messages as one: as urgent as the more urgent, with all that either tells."""
    parts = [first.text, second.text]
    rng.shuffle(parts)
    rank = [sum(i * w for i, w in enumerate(e.urgency)) for e in (first, second)]
    lead = first if rank[0] >= rank[1] else second
    return Example(
        rng.choice((". ", "\n", " ", ". Also ")).join(p.rstrip(". \n") for p in parts),
        lead.urgency,
        first.indicators | second.indicators,
        first.needs | second.needs,
        lead.intent,
        lead.speaker,
    )


def _among(ordinary: Sequence[str], text: str, rng: random.Random) -> str:
    """Return the text with ordinary sentences before it, after it or both: they make nothing less true."""
    before, after = rng.choice(((1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 2)))
    parts = [p.strip() for p in (*rng.sample(ordinary, before), text, *rng.sample(ordinary, after))]
    said = parts[0]
    for before_it, part in pairwise(parts):
        said += rng.choice(_BETWEEN if before_it[-1:].isalnum() else _AFTER_A_STOP) + part
    return said


_BETWEEN = (". ", ". ", "\n", " ", ", ")
_AFTER_A_STOP = (" ", " ", "\n")


def varied(
    examples: Sequence[Example],
    rng: random.Random,
    *,
    ordinary: Sequence[str] = (),
    slips: float = 0.12,
    joins: float = 0.12,
    ends: float = 0.25,
) -> list[Example]:
    """Return one epoch's examples: some mistyped, some with another message beside, some read a second time among
    `ordinary` sentences.
    """
    calm = [e for e in examples if e.urgency[0] + e.urgency[1] >= 0.99 and len(e.text) < 160]
    out = []
    for e in examples:
        if rng.random() < joins and len(e.text) < 300:
            e = _joined(e, rng.choice(calm), rng)
        elif ordinary and rng.random() < ends and len(e.text) < 400:
            e = replace(e, among=_among(ordinary, e.text, rng))
        if rng.random() < slips:
            e = replace(e, text=_slip(e.text, rng), among="")
        out.append(e)
    return out


def batched(
    examples: Sequence[Example],
    encode: Encode,
    labels: Labels,
    *,
    size: int,
    pad: int,
    rng: random.Random | None = None,
    tokens: int = 1400,
) -> Iterator[Batch]:
    """Yield batches of at most `size` rows and about `tokens` tokens, shuffled and of like lengths with `rng`."""
    coded = [(encode(e.text)[:LONGEST], encode(e.among)[:LONGEST] if e.among else [], e) for e in examples]
    if rng:
        rng.shuffle(coded)
    chunks: list[list[_Coded]] = []
    for start in range(0, len(coded), size * 24):
        block = (
            sorted(coded[start : start + size * 24], key=lambda c: len(c[0]))
            if rng
            else coded[start : start + size * 24]
        )
        chunk: list[_Coded] = []
        for item in block:
            longest = max(len(item[0]), *(len(c[0]) for c in chunk)) if chunk else len(item[0])
            if chunk and (len(chunk) >= size or longest * (len(chunk) + 1) > tokens):
                chunks.append(chunk)
                chunk = []
            chunk.append(item)
        if chunk:
            chunks.append(chunk)
    if rng:
        rng.shuffle(chunks)
    for chunk in chunks:
        yield _batch(chunk, labels, pad)


def _batch(chunk: Sequence[_Coded], labels: Labels, pad: int) -> Batch:
    twins = [row for row, (_, among, _) in enumerate(chunk) if among]
    told = [e for _, _, e in chunk] + [chunk[row][2] for row in twins]
    return Batch(
        *_padded([ids for ids, _, _ in chunk], pad),
        *_padded([chunk[row][1] for row in twins], pad),
        torch.tensor(twins, dtype=torch.long),
        torch.tensor([e.urgency for e in told]),
        torch.tensor([[float(i in e.indicators) for i in labels.indicators] for e in told]),
        torch.tensor([[float(n in e.needs) for n in labels.needs] for e in told]),
        torch.tensor([labels.intents.index(e.intent) for e in told]),
        torch.tensor([labels.speakers.index(e.speaker) for e in told]),
    )


def _padded(coded: Sequence[list[int]], pad: int) -> tuple[Tensor, Tensor]:
    """Return ids and mask `(rows, length)`."""
    length = max((len(ids) for ids in coded), default=0)
    ids = torch.full((len(coded), length), pad, dtype=torch.long)
    mask = torch.zeros(len(coded), length, dtype=torch.long)
    for row, tokens in enumerate(coded):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
    return ids, mask

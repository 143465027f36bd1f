"""The made-up labelled messages under `training/data`, in Rasa's own format: one set for every engine."""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol

import yaml

from nlu.base import Urgency

Split = Literal["training", "development", "sealed"]
SPLITS: tuple[Split, ...] = ("training", "development", "sealed")

NEAR = 0.55
"""Two messages sharing more than this of their four-letter pieces nearly repeat each other."""

_ENOUGH = NEAR / (1 + NEAR)  # the same, as a share of both sizes together

_ROOT = Path(__file__).parent / "training" / "data"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there


class Example(Protocol):
    """A message with its labels; `Labelled` is one."""

    @property
    def text(self) -> str: ...
    @property
    def intent(self) -> str: ...
    @property
    def needs(self) -> tuple[str, ...]: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Labelled:
    """One made-up message and what a careful duty worker would have the front door do with it.

    `group` is shared by messages that were written as a pair or nearly repeat each other: they are never
    in two splits. `why` says why, where the label is not plain; `also` is what another careful reader said, where
    they differ.
    """

    id: str
    text: str
    speaker: str
    language: str
    intent: str
    urgency: Urgency
    indicators: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    style: tuple[str, ...] = ()
    why: str = ""
    group: str = ""
    also: Urgency | None = None

    @property
    def told_by(self) -> str | None:
        """Who says so, as screening is told; None where the words do not show it."""
        return None if self.speaker == "unknown" else self.speaker


@cache
def load(split: Split) -> tuple[Labelled, ...]:
    """Return one split. Nobody tunes anything on `sealed`: it is for measuring only."""
    return tuple(message for path in sorted((_ROOT / split).glob("*.yml")) for message in _read(path))


def _read(path: Path) -> Iterator[Labelled]:
    with path.open(encoding="utf-8") as file:
        content = yaml.load(file, Loader=_Loader)  # noqa: S506 - both loaders are safe ones
    for block in content["nlu"]:
        for example in block["examples"]:
            yield _labelled(block["intent"], example["text"].strip(), example["metadata"])


def _labelled(intent: str, text: str, metadata: Mapping[str, Any]) -> Labelled:
    return Labelled(
        id=metadata["id"],
        text=text,
        speaker=metadata["speaker"],
        language=metadata["language"],
        intent=intent,
        urgency=Urgency(metadata["urgency"]),
        indicators=tuple(metadata["indicators"]),
        needs=tuple(metadata["needs"]),
        style=tuple(metadata["style"]),
        why=metadata["why"],
        group=metadata["group"],
        also=Urgency(metadata["also"]) if "also" in metadata else None,
    )


def plain(text: str) -> str:
    """Return letters, digits and pictures only, for telling whether two messages are the same."""
    return " ".join("".join(c if _says_something(c) else " " for c in text.casefold()).split())


def _says_something(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind[0] in "LNM" or kind == "So"  # marks are vowels in Hindi; So holds the emoji


def near_repeats(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield every two places whose texts nearly repeat each other. Exact: none is missed.

    Two sets that share enough must share one of their rarest members, so only texts that meet there are
    compared, shorter ones first; and where they first meet far down, too little is left to share.
    """
    pieces = _ranked(texts)
    met: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for here in sorted(range(len(texts)), key=lambda i: len(pieces[i])):
        mine = sorted(pieces[here])  # rarest first
        size = len(mine)
        seen: set[int] = set()
        for place, piece in enumerate(mine[: size - math.floor(NEAR * size)]):
            for there, its_place in met[piece]:
                if there in seen:
                    continue
                seen.add(there)
                other = len(pieces[there])
                most = min(size - place, other - its_place)
                if most > _ENOUGH * (size + other) and _alike(pieces[here], pieces[there]):
                    yield min(here, there), max(here, there)
        for place, piece in enumerate(mine[: size - math.floor(2 * _ENOUGH * size)]):
            met[piece].append((here, place))


def _ranked(texts: Sequence[str]) -> list[frozenset[int]]:
    """Return each text's pieces as numbers, a rarer piece having a lower one."""
    pieces = [_pieces(text) for text in texts]
    count = Counter(piece for each in pieces for piece in each)
    rank = {piece: n for n, piece in enumerate(sorted(count, key=lambda p: (count[p], p)))}
    return [frozenset(rank[piece] for piece in each) for each in pieces]


def _alike(one: frozenset[int], other: frozenset[int]) -> bool:
    return len(one & other) > _ENOUGH * (len(one) + len(other))


def _pieces(text: str) -> frozenset[str]:
    words = plain(text) or text
    return frozenset(words[i : i + 4] for i in range(max(1, len(words) - 3)))


def data_hash(messages: Sequence[Labelled]) -> str:
    """Return a hash of messages and labels, so that a model says which data it was made from."""
    lines = [f"{m.id}\t{m.urgency}\t{m.indicators}\t{m.needs}\t{m.intent}\t{m.text}" for m in messages]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()

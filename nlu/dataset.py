"""The made-up labelled messages under `training/data`, in Rasa's own format: one set for every engine."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from nlu.base import Urgency

Split = Literal["training", "development", "sealed"]
SPLITS: tuple[Split, ...] = ("training", "development", "sealed")

NEAR = 0.55
"""Two messages sharing more than this of their four-letter pieces nearly repeat each other."""

_ROOT = Path(__file__).parent / "training" / "data"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there


@dataclass(frozen=True, slots=True)
class Labelled:
    """One made-up message and what a careful duty worker would have the front door do with it.

    `group` is shared by messages that were written as a pair or nearly repeat each other: they are never
    in two splits. `why` says why, where the label is not plain.
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
    )


def plain(text: str) -> str:
    """Return the letters and digits only, for telling whether two messages are the same."""
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def near_repeats(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield every two places whose texts nearly repeat each other. Exact: none is missed.

    Two sets that share enough must share one of their rarest members, so only texts that meet there are
    compared, shorter ones first.
    """
    pieces = [_pieces(text) for text in texts]
    count = Counter(piece for each in pieces for piece in each)
    met: dict[str, list[int]] = defaultdict(list)
    for here in sorted(range(len(texts)), key=lambda i: len(pieces[i])):
        mine = pieces[here]
        rarest = sorted(mine, key=lambda piece: (count[piece], piece))
        rarest = rarest[: len(mine) - math.ceil(NEAR * len(mine)) + 1]
        for there in {other for piece in rarest for other in met[piece]}:
            if _alike(mine, pieces[there]):
                yield min(here, there), max(here, there)
        for piece in rarest:
            met[piece].append(here)


def _alike(longer: frozenset[str], shorter: frozenset[str]) -> bool:
    if len(shorter) <= NEAR * len(longer):
        return False
    shared = len(longer & shorter)
    return shared > NEAR * (len(longer) + len(shorter) - shared)


def _pieces(text: str) -> frozenset[str]:
    words = plain(text) or text
    return frozenset(words[i : i + 4] for i in range(max(1, len(words) - 3)))

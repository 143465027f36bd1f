"""The phrase screener over the real indicators, built once, and the labelled messages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from nlu.base import Urgency
from nlu.phrase_lines import IndicatorPhrases
from nlu.phrases import PhraseScreener

_ROOT = Path(__file__).resolve().parents[2]
_DATA = Path(__file__).parent / "data"


class Labelled(NamedTuple):
    """A made-up message and the bounds of what it should be heard as."""

    text: str
    at_least: Urgency
    at_most: Urgency


def labelled(name: str) -> list[Labelled]:
    rows = (json.loads(line) for line in (_DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    return [Labelled(row["text"], Urgency(row["at_least"]), Urgency(row["at_most"])) for row in rows]


@pytest.fixture(scope="session")
def indicators() -> list[IndicatorPhrases]:
    source = (_ROOT / "flows/definitions/safeguarding-indicators.yaml").read_text(encoding="utf-8")
    return [
        IndicatorPhrases(
            id=each["id"],
            label=each["label"],
            urgency=Urgency(each["urgency"]),
            raise_to_emergency_if=each["raise_to_emergency_if"],
            lay=tuple(each["signals"]["lay"]),
            youth=tuple(each["signals"]["youth"]),
            professional=tuple(each["signals"]["professional"]),
            false_alarms=tuple(each["typical_false_alarms"]),
        )
        for each in yaml.safe_load(source)["indicators"]
    ]


@pytest.fixture(scope="session")
def screener(indicators: list[IndicatorPhrases]) -> PhraseScreener:
    return PhraseScreener(indicators)


@pytest.fixture(scope="session")
def urgency_of(screener: PhraseScreener) -> Callable[[str], Urgency]:
    return lambda text: screener.screen(text).urgency

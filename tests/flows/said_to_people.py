"""Every word a person may read, with where it stands and who reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flows.loader import load_files, load_wording
from flows.model import Ask, Each, Option, Step, Words

STAFF_ONLY = ("duty_", "kind_", "urgency_", "desk_language", "language_")
"""Beginnings of ids in words.yaml that only duty workers read."""


@dataclass(frozen=True, slots=True)
class Said:
    """One text: `place` finds it, `part` says what it is for, `audience` who reads it (`all` for everyone)."""

    place: str
    part: str
    audience: str
    text: str

    def __str__(self) -> str:
        return f"{self.place} ({self.part}, {self.audience}): {self.text}"


def all_said() -> list[Said]:
    """Return every text of the flows and of words.yaml."""
    return [*in_flows(), *in_wording()]


def in_wording() -> list[Said]:
    wording = load_wording()
    return [
        Said(key, "error" if key.startswith("error_") else "fixed", audience, text)
        for key in sorted(wording.ids())
        if not key.startswith(STAFF_ONLY)
        for audience, text in _by_audience(wording.entry(key).text)
    ]


def in_flows() -> list[Said]:
    return [
        said
        for name, file in load_files().items()
        for ask in asks_in(file.steps)
        for said in _of_ask(f"{name}.{ask.name}", ask, file.audience)
    ]


def asks_in(steps: list[Step]) -> Iterator[Ask]:
    """Every question written in these steps, `more` questions among them; parts used are not opened."""
    for step in steps:
        if isinstance(step, Ask):
            yield step
        elif isinstance(step, Each):
            yield from asks_in(step.steps)
            yield step.more


def _of_ask(place: str, ask: Ask, audience: str) -> Iterator[Said]:
    everyone = audience if audience != "unknown" else "all"
    parts: list[tuple[str, Words]] = [
        ("words", ask.words), ("hint", ask.hint), ("label", ask.label), ("help", ask.help),
        *(("error", text) for text in ask.errors.values()),
        *(("option", _label(option)) for option in ask.options),
    ]  # fmt: skip
    for part, words in parts:
        for who, text in _by_audience(words):
            if text:
                yield Said(place, part, everyone if who == "all" else who, text)


def _label(option: Option) -> Words:
    return option.label


def _by_audience(words: Words) -> list[tuple[str, str]]:
    if isinstance(words, str):
        return [("all", words)]
    return [(str(who), text) for who, text in words.items()]

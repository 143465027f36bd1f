"""Where one person is in one flow. A frozen value that survives JSON between any two turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from flows.answers import Answer, from_json, to_json


class Mode(StrEnum):
    """What the person's next reply will be taken as."""

    ASKING = "asking"  # an answer to the question `at`
    CONFIRMING = "confirming"  # yes or no to facts we noticed in their words
    CHOOSING = "choosing"  # the number of an answer they want to change
    PAUSED = "paused"  # not safe to talk: the next message begins with that question again
    HANDED_OVER = "handed_over"  # a person has it; whatever comes is added for them
    FINISHED = "finished"  # sent; whatever comes is added to it


@dataclass(frozen=True, slots=True)
class State:
    """Everything the engine needs to go on.

    `answers` keeps the order in which they were first given, and holds answers that are off the path for now.
    `offered` are facts read from free words that wait for a yes. `raised` names worries raised by answers, so
    that going back and forth raises none twice. `misses` counts unreadable replies to the question at hand,
    `given_up` the questions taken as typed. `enough`: they want to send what there is, and only what a short
    version needs is still asked. `refused` are the facts they would not confirm: asked in their place, not
    offered again. `told` are words of theirs for questions not reached yet, by field, with the day they were said.
    """

    flow: str
    version: int
    audience: str = "unknown"
    depth: str = "quick"
    language: str = "en"
    mode: Mode = Mode.ASKING
    at: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    picked: tuple[str, ...] = ()
    offered: Mapping[str, Answer] = field(default_factory=dict)
    concern: str = "none"
    raised: tuple[str, ...] = ()
    misses: int = 0
    given_up: int = 0
    enough: bool = False
    refused: tuple[str, ...] = ()
    told: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON object from which `from_json` makes an equal state."""
        return {
            "flow": self.flow,
            "version": self.version,
            "audience": self.audience,
            "depth": self.depth,
            "language": self.language,
            "mode": self.mode.value,
            "at": self.at,
            "answers": {key: to_json(answer) for key, answer in self.answers.items()},
            "said": list(self.said),
            "picked": list(self.picked),
            "offered": {key: to_json(answer) for key, answer in self.offered.items()},
            "concern": self.concern,
            "raised": list(self.raised),
            "misses": self.misses,
            "given_up": self.given_up,
            "enough": self.enough,
            "refused": list(self.refused),
            "told": {name: list(words) for name, words in self.told.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> State:
        """Undo `to_json`. Raises `KeyError` or `ValueError` on anything else."""
        return cls(
            flow=data["flow"],
            version=data["version"],
            audience=data["audience"],
            depth=data["depth"],
            language=data["language"],
            mode=Mode(data["mode"]),
            at=data["at"],
            answers={key: from_json(answer) for key, answer in data["answers"].items()},
            said=tuple(data["said"]),
            picked=tuple(data["picked"]),
            offered={key: from_json(answer) for key, answer in data["offered"].items()},
            concern=data["concern"],
            raised=tuple(data["raised"]),
            misses=data["misses"],
            given_up=data["given_up"],
            enough=data.get("enough", False),
            refused=tuple(data.get("refused", ())),
            told={name: (words, day) for name, (words, day) in data.get("told", {}).items()},
        )

    def with_answer(self, key: str, answer: Answer) -> State:
        return replace(self, answers={**self.answers, key: answer})

    @property
    def is_over(self) -> bool:
        return self.mode in (Mode.FINISHED, Mode.HANDED_OVER)

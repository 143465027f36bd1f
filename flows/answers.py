"""What we took a reply to mean. `Given`, `NotKnown`, `PreferNotToSay` and `Skipped` are four different facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias, assert_never

Value: TypeAlias = str | int | bool | list[str] | dict[str, Any]
"""A JSON value. Dates are ISO 8601; a multi-choice is a list of choice ids."""


@dataclass(frozen=True, slots=True)
class Given:
    """They told us. `words` are theirs, unedited. `checked` is False where we kept what we could not read."""

    value: Value
    words: str = ""
    checked: bool = True


@dataclass(frozen=True, slots=True)
class NotKnown:
    """They were asked and do not know."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class PreferNotToSay:
    """They were asked and would rather not say."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """They were asked and passed it over."""

    words: str = ""


Answer: TypeAlias = Given | NotKnown | PreferNotToSay | Skipped


@dataclass(frozen=True, slots=True)
class Unread:
    """A reply we could not read. `why` is the id of the error words that say how to put it right."""

    why: str
    values: dict[str, str] = field(default_factory=dict)


def to_json(answer: Answer) -> dict[str, Any]:
    """Return a JSON object from which `from_json` makes an equal answer."""
    match answer:
        case Given(value, words, checked):
            data: dict[str, Any] = {"is": "given", "value": value, "words": words}
            if not checked:
                data["checked"] = False
            return data
        case NotKnown(words):
            return {"is": "not_known", "words": words}
        case PreferNotToSay(words):
            return {"is": "prefer_not_to_say", "words": words}
        case Skipped(words):
            return {"is": "skipped", "words": words}
        case _:
            assert_never(answer)


def from_json(data: dict[str, Any]) -> Answer:
    """Undo `to_json`. Raises `ValueError` on anything else."""
    words = str(data.get("words", ""))
    match data.get("is"):
        case "given":
            return Given(data["value"], words, bool(data.get("checked", True)))
        case "not_known":
            return NotKnown(words)
        case "prefer_not_to_say":
            return PreferNotToSay(words)
        case "skipped":
            return Skipped(words)
        case other:
            raise ValueError(f"not an answer: {other!r}")

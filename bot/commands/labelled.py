"""Labelled and reviewed messages in files. Names the line that is wrong, never its words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.settings import BadSettings
from nlu.base import Screening, Signal, Urgency
from nlu.dataset import Labelled

NOT_A_CONCERN, SHOULD_HAVE_BEEN = "not_a_concern", "should_have_been_one"
VERDICTS = {
    NOT_A_CONCERN: (Urgency.ADVICE, Urgency.NONE),
    SHOULD_HAVE_BEEN: (Urgency.EMERGENCY, Urgency.IMMEDIATE, Urgency.SAME_DAY),
}
"""What a worker may say of a message, and the urgencies that go with it; the first of calm ones where none is
given. The format is in `docs/reviewed-examples.md`."""

_WRITTEN = ("id", "text", "speaker", "language", "intent", "urgency", "indicators", "needs", "style")


def read_labelled(path: Path) -> tuple[Labelled, ...]:
    """Read messages in the screening format, or reviewed ones, mixed as they come. Raises `BadSettings`."""
    read = [_labelled(row, number) for number, row in _rows(path)]
    if len({message.id for message in read}) < len(read):
        raise BadSettings("two messages have the same `id`")
    return tuple(read)


def write_labelled(messages: Iterable[Labelled], path: Path) -> None:
    """Write messages in the screening format, with their labels: what `read_labelled` reads."""
    with path.open("w", encoding="utf-8") as file:
        for message in messages:
            row = {name: getattr(message, name) for name in _WRITTEN}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def read_result(path: Path) -> dict[str, Screening]:
    """Read what `frontdoor screen` wrote. Raises `BadSettings`."""
    return {str(row.get("id")): _heard(row, number) for number, row in _rows(path)}


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, _object(line, number)


def _labelled(row: dict[str, Any], number: int) -> Labelled:
    if "id" not in row or not isinstance(row.get("text"), str):
        raise BadSettings(f"line {number} needs an `id` and a `text`")
    reviewed = "verdict" in row
    return Labelled(
        id=str(row["id"]),
        text=row["text"],
        speaker=str(row.get("speaker") or "unknown"),
        language=str(row.get("language") or "en"),
        intent=str(row.get("intent") or "inform"),
        urgency=_reviewed(row, number) if reviewed else _urgency(row, number),
        indicators=_names(row, "indicators", number),
        needs=_names(row, "needs", number),
        style=(*_names(row, "style", number), *((str(row["verdict"]),) if reviewed else ())),
    )


def _reviewed(row: dict[str, Any], number: int) -> Urgency:
    allowed = VERDICTS.get(row["verdict"]) if isinstance(row["verdict"], str) else None
    if allowed is None:
        raise BadSettings(f"line {number}: `verdict` is one of {', '.join(VERDICTS)}")
    if "urgency" not in row and row["verdict"] == NOT_A_CONCERN:
        return allowed[0]
    urgency = _urgency(row, number)
    if urgency not in allowed:
        raise BadSettings(f"line {number}: with that `verdict` the `urgency` is one of {', '.join(allowed)}")
    return urgency


def _heard(row: dict[str, Any], number: int) -> Screening:
    urgency = _urgency(row, number)
    signals = (Signal(i, urgency, "earlier", "") for i in _names(row, "indicators", number))
    return Screening(urgency, tuple(signals))


def _object(line: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError:
        raise BadSettings(f"line {number} is not JSON") from None
    if not isinstance(row, dict):
        raise BadSettings(f"line {number} is not a JSON object")
    return row


def _urgency(row: dict[str, Any], number: int) -> Urgency:
    try:
        return Urgency(row.get("urgency", ""))
    except ValueError:
        raise BadSettings(f"line {number} needs an `urgency`: {', '.join(Urgency)}") from None


def _names(row: dict[str, Any], key: str, number: int) -> tuple[str, ...]:
    names = row.get(key) or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadSettings(f"line {number}: `{key}` is a list of names")
    return tuple(names)

"""Commands about understanding: how well danger is heard on labelled messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.app import build_screener
from bot.settings import BadSettings
from flows.loader import load_catalog
from nlu.base import Screening, Urgency
from nlu.dataset import Labelled, load
from nlu.evaluation import Change, Scored, compare, figures, report, score

app = typer.Typer(help="Understanding: evaluate.", no_args_is_help=True)


class Part(StrEnum):
    """A split one may measure on."""

    DEVELOPMENT = "development"
    SEALED = "sealed"


@app.callback()
def understanding() -> None:
    """Understanding: evaluate."""


@app.command("evaluate")
def evaluate(
    split: Annotated[
        Part, typer.Option(help="our own made-up messages; never tune on `sealed`")
    ] = Part.DEVELOPMENT,
    file: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="labelled messages instead: id, text, urgency, ..., one JSON object a line",
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="an earlier result over the same messages, as `frontdoor screen` wrote it",
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="write the report here")] = None,
    show_words: Annotated[
        bool, typer.Option("--show-words", help="list the words of what was missed (our made-up messages only)")
    ] = False,
) -> None:
    """Score screening on labelled messages: recall and false alarms, with intervals, and what was missed."""
    if show_words and file is not None:
        raise BadSettings(
            "--show-words: only with our own made-up messages; a file may hold a real person's words"
        )
    messages = load(split.value) if file is None else read_labelled(file)
    if not messages:
        raise BadSettings("there are no messages to score")
    screener = build_screener(load_catalog())
    result = score(lambda m: screener.screen(m.text, speaker=_speaker(m)), messages)
    change = None if against is None else _changed(against, result)
    title = f"Screening on {split.value if file is None else file.name}"
    text = report(result, title=title, change=change, show_words=show_words)
    if output is None:
        typer.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    all_of_it = figures(result)
    typer.echo(f"alerts heard: {all_of_it.alert_recall}; same day or more: {all_of_it.same_day_recall}")
    typer.echo(f"false alerts: {all_of_it.false_alerts}; calm at same day or more: {all_of_it.false_same_days}")
    typer.echo(f"wrote {output}")


def read_labelled(path: Path) -> tuple[Labelled, ...]:
    """Read labelled messages in the screening format. Names the line that is wrong, never its words."""
    with path.open(encoding="utf-8") as lines:
        read = [_labelled(line, number) for number, line in enumerate(lines, 1) if line.strip()]
    if len({message.id for message in read}) < len(read):
        raise BadSettings("two messages have the same `id`")
    return tuple(read)


def _labelled(line: str, number: int) -> Labelled:
    row = _object(line, number)
    if "id" not in row or not isinstance(row.get("text"), str):
        raise BadSettings(f"line {number} needs an `id` and a `text`")
    return Labelled(
        id=str(row["id"]),
        text=row["text"],
        speaker=str(row.get("speaker") or "unknown"),
        language=str(row.get("language") or "en"),
        intent=str(row.get("intent") or "inform"),
        urgency=_urgency(row, number),
        indicators=_names(row, "indicators", number),
        needs=_names(row, "needs", number),
        style=_names(row, "style", number),
    )


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


def _speaker(message: Labelled) -> str | None:
    return None if message.speaker == "unknown" else message.speaker


def _changed(path: Path, result: Sequence[Scored]) -> Change:
    with path.open(encoding="utf-8") as lines:
        rows = [(_object(line, number), number) for number, line in enumerate(lines, 1) if line.strip()]
    earlier = {str(row.get("id")): Screening(_urgency(row, number)) for row, number in rows}
    if earlier.keys() != {s.message.id for s in result}:
        raise BadSettings("--against: that result is of other messages")
    return compare(score(lambda m: earlier[m.id], (s.message for s in result)), result)

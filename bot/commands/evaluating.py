"""`frontdoor nlu evaluate`: scores any engine on labelled messages, with a report and pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import data
from bot.commands.labelled import read_labelled, read_result
from bot.safeguarding.screening import Screener
from bot.settings import BadSettings, Settings
from bot.understanding import build_screener, build_understander, indicator_phrases
from flows.loader import load_area, load_catalog
from nlu import gate, pictures, reporting
from nlu.certainty import KINDS, curves, guesses, reliability
from nlu.comparison import Comparison, compare_in_full
from nlu.dataset import Labelled, load
from nlu.evaluation import Scored, confusion, figures, figures_by, report, score
from nlu.meaning import Meanings, Meant, meanings
from nlu.phrases import PhraseScreener
from nlu.pictures import Picture

REPORT = "report.md"


class Part(StrEnum):
    """A split one may measure on."""

    DEVELOPMENT = "development"
    SEALED = "sealed"


class Engine(StrEnum):
    """What is scored: how danger is heard, whole or by phrases alone; or how meaning is understood."""

    SCREENING = "screening"
    PHRASES = "phrases"
    EMBEDDED = "embedded"
    RASA = "rasa"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be scored on what, and where the report goes; nowhere is to the terminal."""

    messages: Sequence[Labelled]
    source: str
    engine: Engine
    output: Path | None


def evaluate(
    file: Annotated[
        Path | None,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="labelled or reviewed messages instead of ours, one JSON object a line: id, text, urgency, ...",
        ),
    ] = None,
    split: Annotated[
        Part, typer.Option(help="our own made-up messages; never tune on `sealed`")
    ] = Part.DEVELOPMENT,
    engine: Annotated[
        Engine, typer.Option(help="screening: danger; embedded, rasa: intents and needs")
    ] = Engine.SCREENING,
    against: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            help="compare with a result over the same messages, as `frontdoor screen` wrote it, or a folder of "
            "screening models",
        ),
    ] = None,
    heard: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="score what `frontdoor screen` wrote of these messages"),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", file_okay=False, help="write report.md and pictures here")
    ] = None,
    show_words: Annotated[
        bool, typer.Option("--show-words", help="list the words of what was missed (our made-up messages only)")
    ] = False,
    write_gate: Annotated[
        bool, typer.Option("--write-gate", help="set the floors that CI holds (with --split sealed only)")
    ] = False,
) -> None:
    """Score an engine on labelled messages: recall and false alarms, intents and needs, with intervals."""
    messages = load(split.value) if file is None else read_labelled(file)
    _check(messages, is_ours=file is None, show_words=show_words)
    asked = _Asked(messages, split.value if file is None else file.name, engine, output)
    hears = engine in (Engine.SCREENING, Engine.PHRASES)
    if write_gate and (file is not None or split is not Part.SEALED or engine is not Engine.SCREENING):
        raise BadSettings("--write-gate: only with --split sealed and the engine `screening`")
    if not hears:
        if against is not None or heard is not None:
            raise BadSettings("--against, --heard: only with the engines `screening` and `phrases`")
        _score_meaning(asked)
        return
    if heard is not None:
        if write_gate:
            raise BadSettings("--write-gate: only with what is heard now, not with a file")
        result = _heard_before(heard, messages, "--heard")
    else:
        screener = _screener(engine)
        if write_gate and screener.trained is None:
            raise BadSettings(
                "--write-gate: the trained models are not there; floors for phrases alone hold little"
            )
        result = _hear(screener, messages)
    _tell_hearing(asked, result, _compared(against, result), show_words=show_words)
    if write_gate:
        gate.write(result)
        typer.echo(f"wrote {gate.FILE}")


def _check(messages: Sequence[Labelled], *, is_ours: bool, show_words: bool) -> None:
    if show_words and not is_ours:
        raise BadSettings(
            "--show-words: only with our own made-up messages; a file may hold a real person's words"
        )
    if not messages:
        raise BadSettings("there are no messages to score")


def _screener(engine: Engine) -> Screener:
    catalog = load_catalog()
    if engine is Engine.PHRASES:
        return Screener((PhraseScreener(indicator_phrases(catalog)),))
    settings = Settings()
    return build_screener(catalog, load_area(settings.area), models=settings.screening_models)


def _hear(screener: Screener, messages: Sequence[Labelled]) -> tuple[Scored, ...]:
    return score(lambda m: screener.screen(m.text, speaker=m.told_by), messages)


def _compared(against: Path | None, result: Sequence[Scored]) -> Comparison | None:
    if against is None:
        return None
    if against.is_dir():
        other = build_screener(load_catalog(), models=against)
        if other.trained is None:
            raise BadSettings("--against: that folder holds no screening models, or not as they were measured")
        return compare_in_full(_hear(other, [s.message for s in result]), result)
    return compare_in_full(_heard_before(against, [s.message for s in result], "--against"), result)


def _heard_before(file: Path, messages: Sequence[Labelled], option: str) -> tuple[Scored, ...]:
    earlier = read_result(file)
    if earlier.keys() != {m.id for m in messages}:
        raise BadSettings(f"{option}: that result is of other messages")
    return score(lambda m: earlier[m.id], messages)


def _tell_hearing(
    asked: _Asked, result: Sequence[Scored], comparison: Comparison | None, *, show_words: bool
) -> None:
    drawn = [] if asked.output is None else list(_drawn(result))
    more = [
        *reporting.with_pictures(drawn),
        *([] if comparison is None else reporting.compared(comparison)),
        *reporting.certainty(result),
        *reporting.names(result),
    ]
    text = report(
        result,
        title=_title(asked),
        change=None if comparison is None else comparison.change,
        show_words=show_words,
        more=more,
    )
    all_of_it = figures(result)
    _write(
        asked,
        text,
        drawn,
        f"alerts heard: {all_of_it.alert_recall}; same day or more: {all_of_it.same_day_recall}",
        f"false alerts: {all_of_it.false_alerts}; calm at same day or more: {all_of_it.false_same_days}",
    )


def _drawn(result: Sequence[Scored]) -> Iterator[Picture]:
    yield pictures.urgencies(confusion(result))
    for kind in KINDS:
        if found := curves(result, kind):
            yield pictures.trade_off(found, kind)
        if thought := guesses(result, kind):
            yield pictures.reliable(reliability(thought), kind)
    if by_indicator := figures_by(result, "indicator"):
        yield pictures.indicators(by_indicator)


def _score_meaning(asked: _Asked) -> None:
    found = meanings(asyncio.run(_understand(asked)))
    drawn = [] if asked.output is None else list(_drawn_meaning(found))
    text = reporting.meaning(found, title=_title(asked), pictures=drawn)
    _write(asked, text, drawn, f"intents right: {found.accuracy}; macro-F1 {found.macro_f1:.3f}")


async def _understand(asked: _Asked) -> list[Meant]:
    embedded = build_understander(load_catalog())
    async with data.open_engine(data.Engine(asked.engine.value), embedded) as engine:
        return [Meant(m, await engine.understand(m.text, language=m.language)) for m in asked.messages]


def _drawn_meaning(found: Meanings) -> Iterator[Picture]:
    yield pictures.intents(found.confused)
    if found.needs:
        yield pictures.needs({name: each.recall for name, each in found.needs.items()})


def _title(asked: _Asked) -> str:
    return f"{asked.engine.value.capitalize()} on {asked.source}"


def _write(asked: _Asked, text: str, drawn: Sequence[Picture], *summary: str) -> None:
    if asked.output is None:
        typer.echo(text, nl=False)
        return
    asked.output.mkdir(parents=True, exist_ok=True)
    (asked.output / REPORT).write_text(text, encoding="utf-8")
    pictures.write(drawn, asked.output)
    for line in summary:
        typer.echo(line)
    typer.echo(f"wrote {asked.output / REPORT} and {len(drawn)} pictures")

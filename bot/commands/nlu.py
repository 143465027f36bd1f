"""Commands about understanding: training what needs no torch, and how well danger is heard."""

from __future__ import annotations

from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import evaluating
from bot.commands.labelled import write_labelled
from bot.rasa.environment import cache_folder
from bot.settings import BadSettings
from bot.understanding import indicator_phrases
from flows.loader import load_catalog
from nlu import embedded, sentences, shipped, trained
from nlu.dataset import load
from nlu.encoded import EncodedBefore
from nlu.language import LanguageFinder
from nlu.phrases import PhraseScreener

app = typer.Typer(help="Understanding: train, evaluate.", no_args_is_help=True)


@app.callback()
def understanding() -> None:
    """Understanding: train, evaluate."""


class What(StrEnum):
    """What is trained."""

    ALL = "all"
    SCREENING = "screening"
    UNDERSTANDING = "understanding"


@app.command("train")
def train(
    what: Annotated[What, typer.Option("--what", help="which of the two models")] = What.ALL,
    folder: Annotated[
        Path | None, typer.Option(file_okay=False, help="write here instead of where the front door looks")
    ] = None,
) -> None:
    """Fit what is fitted without torch, from our made-up messages: how views of danger are weighed, from where on
    they call a person (both on the development split), and the embedded understander."""
    if find_spec("scipy") is None:
        raise BadSettings("training needs scipy, which `make test` installs; what is trained needs it no more")
    if what in (What.ALL, What.SCREENING):
        _train_screening(folder)
    if what in (What.ALL, What.UNDERSTANDING):
        _train_understanding(folder)


def _train_screening(folder: Path | None) -> None:
    from nlu import calibration  # needs scipy, which only those who train have

    where = folder or trained.FOLDER
    encoder = sentences.open_universal()
    calibration.fit_words(load("training"), load("development"), EncodedBefore(encoder, cache_folder()), where)
    try:
        readers = shipped.readers(where, encoder)
    except trained.ModelMissing as missing:
        raise BadSettings(f"{missing}; the encoders are made by nlu/tuning (docs/training.md)") from None
    phrases = PhraseScreener(indicator_phrases(load_catalog()))
    finder = LanguageFinder()
    development = load("development")
    views = calibration.told(
        development, readers, lambda text: phrases.screen(text).urgency, lambda text: finder.find(text).code
    )
    stack = calibration.fit(views)
    calibration.write(stack, {"fitted_on": calibration.about(development)}, where)
    at = stack.thresholds
    typer.echo(f"screening: alert from {at.alert:.3f}, same day from {at.look:.3f}; wrote {where}")


def _train_understanding(folder: Path | None) -> None:
    from nlu import fitting  # needs scipy, which only those who train have

    where = folder or embedded.FOLDER
    encoders = [EncodedBefore(encoder, cache_folder()) for encoder in embedded.open_encoders()]
    model = fitting.fit(load("training"), load("development"), encoders=encoders)
    fitting.save(model, where)
    typer.echo(f"understanding: {len(model.intents)} intents, {len(model.needs)} needs; wrote {where}")


app.command("evaluate")(evaluating.evaluate)


@app.command("messages")
def messages(
    output: Annotated[Path, typer.Option("--output", "-o", dir_okay=False, help="the file to write")],
    split: Annotated[
        evaluating.Part, typer.Option(help="our own made-up messages; never tune on `sealed`")
    ] = evaluating.Part.DEVELOPMENT,
) -> None:
    """Write a split of our made-up messages with their labels, for `frontdoor screen` and other engines."""
    written = load(split.value)
    write_labelled(written, output)
    typer.echo(f"wrote {len(written)} messages to {output}")

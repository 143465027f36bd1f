"""Trains Rasa on the data every engine learns from, and keeps the model in the cache by what it was made of."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.rasa.environment import REQUIREMENTS, being_made, cache_folder, one_at_a_time
from bot.rasa.server import RasaServer, environment_of_child
from bot.settings import BadSettings
from nlu.base import NluUnavailable
from nlu.dataset import Labelled, load
from nlu.rasa import EVEN, Heard, RasaUnderstander, Silent, fit_sure

TRAINING = Path(__file__).resolve().parents[2] / "nlu" / "training"
RECIPES = {"default": "config.yml", "diet": "diet.yml"}
SAID_LINES = 5

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RasaModel:
    """A trained model, with the confidence from which it is acted on and how many of our messages it got right."""

    archive: Path
    sure: float
    right: float


def config_of(recipe: str) -> Path:
    return TRAINING / "rasa" / RECIPES[recipe]


def model_folder(recipe: str) -> Path:
    """Return where the model for these very messages, recipe and version of Rasa is, made or not."""
    digest = hashlib.sha256()
    for path in _made_of(recipe):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return cache_folder() / f"rasa-model-{recipe}-{digest.hexdigest()[:12]}"


def trained_model(recipe: str) -> RasaModel:
    """Return the trained model. Raises `BadSettings` where there is none for the data as it is now."""
    folder = model_folder(recipe)
    if not folder.exists():
        raise BadSettings("Rasa is not trained on the messages as they are now: run `make rasa`")
    card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    return RasaModel(folder / "nlu.tar.gz", card["sure"], card["right"])


def train(python: Path, recipe: str, say: Say = print) -> RasaModel:
    """Train unless it has been done; return the model. Half a model is never taken for a whole one."""
    folder = model_folder(recipe)
    with one_at_a_time(folder):
        if not folder.exists():
            say("Training Rasa on our own messages (once for each change of them; some minutes)")
            making = being_made(folder)
            try:
                archive = train_on(python, TRAINING / "data" / "training", config_of(recipe), making)
                card = asyncio.run(_measured(python, archive))
                (making / "model.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
                making.rename(folder)
            finally:
                shutil.rmtree(making, ignore_errors=True)
    return trained_model(recipe)


def _made_of(recipe: str) -> Iterator[Path]:
    yield REQUIREMENTS
    yield config_of(recipe)
    for split in ("training", "development"):
        yield from sorted((TRAINING / "data" / split).glob("*.yml"))


def train_on(python: Path, messages: Path, config: Path, making: Path) -> Path:
    """Train in the folder `making`; return the model's archive in it. Raises `BadSettings`."""
    work = making / "work"
    work.mkdir()
    command: list[str | Path] = [python, "-I", "-m", "rasa", "train", "nlu"]
    command += ["--nlu", messages, "--config", config, "--out", making, "--fixed-model-name", "nlu"]
    environment = environment_of_child(work, os.environ)
    done = subprocess.run(command, capture_output=True, text=True, cwd=work, env=environment)  # noqa: S603
    archive = making / "nlu.tar.gz"
    if done.returncode != 0 or not archive.exists():
        said = (done.stderr or done.stdout).strip().splitlines()[-SAID_LINES:]
        raise BadSettings("training Rasa failed: " + " / ".join(said))
    shutil.rmtree(work)
    return archive


async def _measured(python: Path, archive: Path) -> dict[str, float]:
    """Return how sure this model has to be, and how often it is right, on messages it has not learned from."""
    server = RasaServer(python=python, model=archive, sure=EVEN)
    await server.start()
    rasa = RasaUnderstander(lambda: server.endpoint, beside=Silent(), timeout=30.0)
    try:
        await server.wait_ready()
        heard = await _heard(rasa, load("development"))
    except (TimeoutError, NluUnavailable):
        raise BadSettings("training Rasa failed: the trained model does not answer") from None
    finally:
        await rasa.close()
        await server.stop()
    right = sum(one.truth == one.intent for one in heard) / len(heard)
    return {"sure": round(fit_sure(heard), 4), "right": round(right, 4)}


async def _heard(rasa: RasaUnderstander, messages: Sequence[Labelled]) -> list[Heard]:
    found = []
    for message in messages:
        meant = await rasa.understand(message.text)
        found.append(Heard(message.intent, meant.intent, meant.confidence))
    return found

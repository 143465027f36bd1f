"""Understanders side by side in one run: embedded as it ships, our Rasa recipe, Rasa's own default.

    python -m bench.engines FOLDER --json FILE [--markdown FILE] [--sets NAME ...] [--engines NAME ...]
        [--epochs SET=N ...]

FOLDER holds public sets, as `bench.intent_sets` reads them; `ours` is our own training split, measured on the
development and the sealed split. Each engine trains on each set in a process of its own, and answers in another,
message by message: embedded in process, Rasa over HTTP on loopback. Rows already in the JSON file stand, so that a
run that was stopped goes on where it was. `--markdown` writes the tables of that file.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import psutil

from bench import machine
from bench.intent_sets import OURS, IntentSet, accuracy, area_under, read_set
from nlu.dataset import Example

# What trains and what asks Rasa is imported where it is used: it would count as memory of what answers in process.

RASA = {"rasa-default": "diet", "rasa-ours": "default"}
"""Engines that are Rasa, with their recipes (`bot.rasa.training.RECIPES`)."""

ENGINES = (*RASA, "embedded")
SETS = ("hwu64-fold1-50", "clinc150-20", "banking77-10", OURS)
TITLES = {
    "embedded": "embedded, as it ships",
    "rasa-ours": "Rasa, our recipe",
    "rasa-default": "Rasa, its default (DIET)",
}
EPOCHS = 100
WARM_UP = 20

Row = dict[str, Any]
Ask = Callable[[str], tuple[str, float]]


def read(name: str, folder: Path) -> tuple[IntentSet, Mapping[str, Sequence[Example]]]:
    """Return a set, and the parts to measure by name: the first of them is the one in the table."""
    if name != OURS:
        found = read_set(folder / f"{name}.json")
        return found, {"test": found.test}
    from nlu.dataset import load

    ours = IntentSet(OURS, load("training"), load("development"), load("development"))
    return ours, {"development": ours.valid, "sealed": load("sealed")}


# -- one engine on one set -----------------------------------------------------------------------------------


def measure(engine: str, name: str, folder: Path, epochs: int) -> Row:
    with tempfile.TemporaryDirectory(prefix="frontdoor-engines-") as made:
        begun = time.perf_counter()
        trained = alone(train, engine, name, folder, Path(made), epochs)
        trained["train_s"] = time.perf_counter() - begun
        return {"set": name, "engine": engine} | trained | alone(answer, engine, name, folder, Path(made))


def alone(work: Callable[..., Row], *given: Any) -> Row:
    """Do it in a new process, so that its memory and processor time are its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def train(engine: str, name: str, folder: Path, made: Path, epochs: int) -> Row:
    """Train into the folder `made`. Whole processes are counted, with what they take to start."""
    if engine in RASA:
        _train_rasa(RASA[engine], name, folder, made, epochs)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
    else:
        _train_embedded(name, folder, made)
        used = resource.getrusage(resource.RUSAGE_SELF)
    row = {"train_cpu_s": used.ru_utime + used.ru_stime, "train_peak_mb": used.ru_maxrss / 1024}
    size = sum(file.stat().st_size for file in made.rglob("*") if file.is_file())
    return row | {"model_mb": size / 1e6} | ({"epochs": epochs} if engine == "rasa-default" else {})


def _train_embedded(name: str, folder: Path, made: Path) -> None:
    from nlu import embedded, fitting

    data, _ = read(name, folder)
    passive = embedded.PASSIVE if name == OURS else frozenset[str]()
    fitting.save(fitting.fit(data.train, data.valid, encoders=embedded.open_encoders(), passive=passive), made)


def _train_rasa(recipe: str, name: str, folder: Path, made: Path, epochs: int) -> None:
    from bot.rasa.environment import installed_python
    from bot.rasa.training import TRAINING, config_of, train_on

    written = made / "given"
    written.mkdir()
    config = written / "config.yml"
    config.write_text(config_of(recipe).read_text().replace(f"epochs: {EPOCHS}", f"epochs: {epochs}"))
    messages = TRAINING / "data" / "training"
    if name != OURS:
        messages = written / "messages.yml"
        messages.write_text(as_rasa(read(name, folder)[0].train), encoding="utf-8")
    train_on(installed_python(), messages, config, made)
    shutil.rmtree(written)


def as_rasa(messages: Sequence[Example]) -> str:
    """Return messages in Rasa's format. JSON is YAML too, but Rasa wants the outer keys on lines of their own."""
    intents = sorted({m.intent for m in messages})
    grouped = (
        {"intent": intent, "examples": [{"text": m.text} for m in messages if m.intent == intent]}
        for intent in intents
    )
    return "\n".join(['version: "3.1"', "nlu:", *(f"- {json.dumps(each)}" for each in grouped), ""])


def answer(engine: str, name: str, folder: Path, made: Path) -> Row:
    data, parts = read(name, folder)
    if engine in RASA:
        return asyncio.run(_answer_by_rasa(made / "nlu.tar.gz", data, parts))
    ask = _ours(made) if name == OURS else _public(made)
    return questioned(ask, data, parts, psutil.Process())


def _ours(made: Path) -> Ask:
    """The whole understander, as a turn asks it: language, keywords, needs and facts too."""
    from flows.loader import load_catalog
    from nlu.embedded import EmbeddedUnderstander

    rows = load_catalog().lists["need_categories"].rows
    needs = [(row["code"], row["label"], row["plain_words"]) for row in rows]
    understander = EmbeddedUnderstander.load(made, needs=needs)

    def ask(text: str) -> tuple[str, float]:
        read = understander.read(text)
        return read.intent, read.confidence

    return ask


def _public(made: Path) -> Ask:
    """The model with its encoders and the language found; our own keywords mean nothing in a public set."""
    from nlu.embedded import Model, open_encoders, reads, sureness
    from nlu.language import LanguageFinder

    model, finder = Model.load(made), LanguageFinder()
    encoders = [encoder for encoder in open_encoders() if model.was_learned_with(encoder)]

    def ask(text: str) -> tuple[str, float]:
        code = finder.find(text).code
        vectors = {e.name: e.encode([text])[0] for e in encoders if reads(e.name, code)}
        chances, _ = model.scores(text, vectors)
        return model.intents[int(chances[0].argmax())], float(sureness(chances)[0])

    return ask


async def _answer_by_rasa(archive: Path, data: IntentSet, parts: Mapping[str, Sequence[Example]]) -> Row:
    import httpx

    from bot.rasa.environment import installed_python
    from bot.rasa.server import RasaServer

    server = RasaServer(python=installed_python(), model=archive, sure=0.5)
    await server.start()
    try:
        at = await server.wait_ready()
        with httpx.Client(trust_env=False, timeout=60.0, params={"token": at.token}) as http:

            def ask(text: str) -> tuple[str, float]:
                told = http.post(f"{at.url}/model/parse", json={"text": text}).raise_for_status().json()["intent"]
                return str(told["name"]), float(told["confidence"])

            assert server.pid is not None
            return await asyncio.to_thread(questioned, ask, data, parts, psutil.Process(server.pid))
    finally:
        await server.stop()


def questioned(ask: Ask, data: IntentSet, parts: Mapping[str, Sequence[Example]], process: psutil.Process) -> Row:
    """Ask about every message one by one. `process` is the one that answers."""
    for message in data.train[:WARM_UP]:
        ask(message.text)
    row: Row = {}
    sure: list[float] = []
    took: list[float] = []
    before, count = _processor(process), 0
    for part, messages in parts.items():
        named = []
        for message in messages:
            begun = time.perf_counter()
            intent, confidence = ask(message.text)
            took.append((time.perf_counter() - begun) * 1000)
            named.append(intent)
            sure.append(confidence)
        right, f, _ = accuracy(named, messages)
        row[part] = {"messages": len(messages), "accuracy": right, "macro_f1": f}
        count += len(messages)
    row["processor_ms"] = (_processor(process) - before) / count * 1000
    if data.oos_test:
        row["oos_auroc"] = area_under(sure, [ask(message.text)[1] for message in data.oos_test])
    cuts = statistics.quantiles(took, n=20)
    return row | {"median_ms": statistics.median(took), "p95_ms": cuts[18], "resident_mb": _resident(process)}


def _processor(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)


def _resident(process: psutil.Process) -> float:
    return float(sum(p.memory_info().rss for p in (process, *process.children(recursive=True)))) / 2**20


# -- the tables ----------------------------------------------------------------------------------------------

HEADS = (
    "engine", "accuracy", "macro-F1", "out of scope told", "median ms", "p95 ms", "processor ms", "resident MB",
    "training s", "training processor s", "training peak MB", "model MB",
)  # fmt: skip


def tables(run: Row) -> str:
    """Return a Markdown table for each set, with the engines below each other."""
    found = [f"{run['machine']}"]
    for name in dict.fromkeys(row["set"] for row in run["rows"]):
        rows = sorted((r for r in run["rows"] if r["set"] == name), key=lambda r: -ENGINES.index(r["engine"]))
        found.append(f"### {name}\n\n{_table(rows)}")
    return "\n\n".join(found) + "\n"


def _table(rows: Sequence[Row]) -> str:
    lines = [f"| {' | '.join(HEADS)} |", "|---|" + "--:|" * (len(HEADS) - 1)]
    return "\n".join([*lines, *(f"| {' | '.join(_cells(row))} |" for row in rows)])


def _cells(row: Row) -> list[str]:
    parts = [row[part] for part in ("test", "development", "sealed") if part in row]
    epochs = f", {row['epochs']} epochs" if "epochs" in row else ""
    return [
        TITLES[row["engine"]] + epochs,
        " / ".join(f"{100 * part['accuracy']:.1f}" for part in parts),
        " / ".join(f"{100 * part['macro_f1']:.1f}" for part in parts),
        f"{row['oos_auroc']:.3f}" if "oos_auroc" in row else "",
        *(f"{row[name]:.1f}" for name in ("median_ms", "p95_ms", "processor_ms")),
        *(f"{row[n]:,.0f}" for n in ("resident_mb", "train_s", "train_cpu_s", "train_peak_mb", "model_mb")),
    ]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.engines", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, required=True, help="every figure; rows already there stand")
    parser.add_argument("--markdown", type=Path, help="write the tables here")
    parser.add_argument("--sets", nargs="*", default=SETS)
    parser.add_argument("--engines", nargs="*", default=ENGINES, choices=ENGINES)
    parser.add_argument("--epochs", nargs="*", default=(), metavar="SET=N", help="for Rasa's default, else 100")
    given = parser.parse_args(argv)
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    epochs = {name: int(number) for name, _, number in (each.partition("=") for each in given.epochs)}
    run: Row = {"machine": machine.line(), "rows": []}
    if given.json.exists():
        run = json.loads(given.json.read_text(encoding="utf-8"))
    done = {(row["engine"], row["set"]) for row in run["rows"]}
    for engine in given.engines:
        for name in given.sets:
            if (engine, name) in done:
                continue
            run["rows"].append(measure(engine, name, given.folder, epochs.get(name, EPOCHS)))
            print(json.dumps(run["rows"][-1]), flush=True)
            given.json.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
    if given.markdown:
        given.markdown.write_text(tables(run), encoding="utf-8")


if __name__ == "__main__":
    main()

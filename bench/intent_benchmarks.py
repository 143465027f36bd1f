"""Trains the embedded understander on public sets of intents, and prints how right, sure, fast and large it is.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m bench.intent_benchmarks FOLDER
        [--sentence-model MODEL.onnx VOCABULARY.txt] [--only NAME ...] [--json FILE]

FOLDER holds one JSON file for each set: `{"name", "train", "valid", "test", "oos_valid", "oos_test"}`, lists of
`{"text", "intent"}`. Nothing of the sets is kept. Thresholds, mixtures and strengths come from the training and
validation parts alone; the test parts are only measured.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bench.intent_sets import IntentSet, accuracy, area_under, read_set
from nlu.dataset import Example
from nlu.embedded import Model, reads, sureness
from nlu.encoder import open_tuned
from nlu.fitting import fit, save
from nlu.language import LanguageFinder
from nlu.sentences import KeepingEncoder, SentenceEncoder, UniversalEncoder
from nlu.wordpiece import WordPiece

MANY = 1_000_000
TIMED = 200
KEEP = 0.02


class SentenceModel:
    """A small sentence encoder as an ONNX file, for measuring what a third view adds. Mean of the tokens."""

    name = made_of = "minilm"

    def __init__(self, model: Path, vocabulary: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options)
        self._takes = {each.name for each in self._session.get_inputs()}
        self._words = WordPiece.read(vocabulary)

    def encode(self, texts: Sequence[str]) -> Any:
        return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> Any:
        ids = np.array([self._words.encode(text, 128)], np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        tokens = self._session.run(None, {k: v for k, v in given.items() if k in self._takes})[0]
        mean = tokens[0].mean(axis=0)
        return (mean / np.linalg.norm(mean)).astype(np.float32)


@cache
def language_finder() -> LanguageFinder:
    return LanguageFinder()


def chances(model: Model, messages: Sequence[Example], encoders: Sequence[SentenceEncoder]) -> Any:
    """Return a row for each message with the chance of each intent."""
    if not messages:
        return np.zeros((0, len(model.intents)))
    encoders = [encoder for encoder in encoders if model.was_learned_with(encoder)]
    vectors = {encoder.name: encoder.encode([m.text for m in messages]) for encoder in encoders}
    finder = language_finder()
    rows = []
    for i, message in enumerate(messages):
        code = "en" if all(reads(name, "") for name in vectors) else finder.find(message.text).code
        asked = {name: found[i] for name, found in vectors.items() if reads(name, code)}
        rows.append(model.scores(message.text, asked)[0])
    return np.concatenate(rows)


def judged(model: Model, scores: Any, messages: Sequence[Example]) -> tuple[float, float, Any]:
    return accuracy([model.intents[i] for i in scores.argmax(axis=1)], messages)


def thresholds(best: Any, right: Any, oos_best: Any) -> dict[str, float]:
    """Return thresholds fitted on validation: `balanced` and `keep`, as in the study they are compared with."""
    grid = np.unique(np.concatenate([best, oos_best]))
    kept = np.array([(right & (best >= t)).mean() for t in grid])
    refused = np.array([(oos_best < t).mean() for t in grid])
    balanced = float(grid[int(np.argmax(kept + refused))])
    enough = np.flatnonzero(kept >= right.mean() - KEEP)
    return {"balanced": balanced, "keep": float(grid[enough[-1]])}


def measure(data: IntentSet, encoders: Sequence[SentenceEncoder], label: str) -> dict[str, Any]:
    start, cpu = time.perf_counter(), time.process_time()
    model = fit(data.train, data.valid, encoders=encoders, passive=frozenset())
    row: dict[str, Any] = {
        "set": data.name,
        "engine": label,
        "train_s": round(time.perf_counter() - start, 1),
        "train_cpu_s": round(time.process_time() - cpu, 1),
    }
    scores = chances(model, data.test, encoders)
    row["accuracy"], row["macro_f1"], right = judged(model, scores, data.test)
    best = sureness(scores)
    surest = np.argsort(-best)[: round(0.8 * len(best))]
    row["accuracy_of_surest_80"] = float(right[surest].mean())
    if data.oos_test:
        row |= _out_of_scope(model, data, encoders, best, right)
    return row | _cost(model, data, encoders)


def _out_of_scope(
    model: Model, data: IntentSet, encoders: Sequence[SentenceEncoder], best: Any, right: Any
) -> dict[str, Any]:
    oos = sureness(chances(model, data.oos_test, encoders))
    valid = chances(model, data.valid, encoders)
    _, _, valid_right = judged(model, valid, data.valid)
    limits = thresholds(sureness(valid), valid_right, sureness(chances(model, data.oos_valid, encoders)))
    row: dict[str, Any] = {"oos_auroc": area_under(best, oos)}
    for name, limit in limits.items():
        row[name] = {
            "threshold": round(limit, 3),
            "in_scope": float((right & (best >= limit)).mean()),
            "oos_recall": float((oos < limit).mean()),
        }
    return row


def _cost(model: Model, data: IntentSet, encoders: Sequence[SentenceEncoder]) -> dict[str, Any]:
    """Store, load, and answer some messages one by one, each encoded anew."""
    with tempfile.TemporaryDirectory() as folder:
        save(model, Path(folder))
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        start = time.perf_counter()
        loaded = Model.load(Path(folder))
        load = time.perf_counter() - start
    bare = [getattr(each, "bare", each) for each in encoders if model.was_learned_with(each)]
    taken = []
    for message in data.test[:TIMED]:
        start = time.perf_counter()
        loaded.scores(message.text, {each.name: each.encode([message.text])[0] for each in bare})
        taken.append((time.perf_counter() - start) * 1000)
    return {
        "model_mb": round(size / 1e6, 1),
        "load_s": round(load, 2),
        "p50_ms": round(statistics.median(taken), 2),
        "p99_ms": round(sorted(taken)[int(0.99 * len(taken))], 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


class Kept(KeepingEncoder):
    """Keeps every vector, so that each engine compared does not encode the sets again."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        super().__init__(encoder, MANY)
        self.bare = encoder


def engines(third: SentenceEncoder | None) -> dict[str, tuple[SentenceEncoder, ...]]:
    universal, *tuned = (Kept(encoder) for encoder in (UniversalEncoder(), *open_tuned()))
    found: dict[str, tuple[SentenceEncoder, ...]] = {
        "words": (),
        "use + words": (universal,),
        "as it ships": (universal, *tuned),
    }
    if third is not None:
        found["use + words + minilm"] = (universal, Kept(third))
        found["as it ships + minilm"] = (universal, *tuned, Kept(third))
    return found


def languages(folder: Path) -> dict[str, Any]:
    """Return how often the language of a short public message is told, among the set's own languages."""
    rows = json.loads((folder / "lid-xsid.json").read_text(encoding="utf-8"))
    named = sorted({row["lang"] for row in rows})
    finder = LanguageFinder([*named, "bs"])
    same = {"hr": "sr"}
    hits: dict[str, list[bool]] = {name: [] for name in named}
    for row in rows:
        code = finder.find(row["text"], last=row["lang"] if row["lang"] == "en" else "").code
        hits[row["lang"]].append(same.get(code, code) == row["lang"])
    every = [hit for each in hits.values() for hit in each]
    return {"all": round(float(np.mean(every)), 4)} | {k: round(float(np.mean(v)), 3) for k, v in hits.items()}


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sentence-model", nargs=2, type=Path, metavar=("MODEL", "VOCABULARY"))
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument("--json", type=Path, help="write every figure here")
    chosen = parser.parse_args(argv)
    third = SentenceModel(*chosen.sentence_model) if chosen.sentence_model else None
    rows = []
    wanted = engines(third)
    for path in sorted(chosen.folder.glob("*.json")):
        if path.stem.startswith("lid-") or (chosen.only and path.stem not in chosen.only):
            continue
        if path.stem.startswith("xsid-") and path.stem != "xsid-en-en":
            continue
        data = read_set(path)
        for label, encoders in wanted.items():
            rows.append(measure(data, encoders, label))
            print(_line(rows[-1]), flush=True)
    if not chosen.only or "xsid" in chosen.only:
        for label, encoders in wanted.items():
            rows.append(_across(chosen.folder, encoders, label))
            print(rows[-1], flush=True)
        rows.append({"set": "lid-xsid", **languages(chosen.folder)})
        print(rows[-1], flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _across(folder: Path, encoders: Sequence[SentenceEncoder], label: str) -> dict[str, Any]:
    """Train on English only and measure each language."""
    english = read_set(folder / "xsid-en-en.json")
    model = fit(english.train, english.valid, encoders=encoders, passive=frozenset())
    found: dict[str, Any] = {"set": "xsid, trained on 300 in English", "engine": label}
    for path in sorted(folder.glob("xsid-en-*.json")):
        test = read_set(path).test
        found[path.stem[-2:]] = round(judged(model, chances(model, test, encoders), test)[0], 3)
    return found


def _line(row: dict[str, Any]) -> str:
    shown = [f"{row['set']:<18} {row['engine']:<24} acc {row['accuracy']:.4f} macro {row['macro_f1']:.4f}"]
    shown.append(f"best80 {row['accuracy_of_surest_80']:.4f}")
    if "oos_auroc" in row:
        shown.append(f"auroc {row['oos_auroc']:.4f}")
        shown += [f"{k} {row[k]['in_scope']:.3f}/{row[k]['oos_recall']:.3f}" for k in ("balanced", "keep")]
    shown.append(f"train {row['train_s']} s ({row['train_cpu_s']} cpu) load {row['load_s']} s")
    shown.append(f"p50 {row['p50_ms']} p99 {row['p99_ms']} ms, {row['model_mb']} MB")
    return "  ".join(shown)


if __name__ == "__main__":
    main()

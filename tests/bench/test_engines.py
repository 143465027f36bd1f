"""A table of engines beside each other is only worth reading where each learned and answered for itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import yaml

from bench import engines
from bench.intent_sets import IntentSet, Said, accuracy, area_under

ROOT = Path(__file__).parents[2]
_SAID = {
    "ask_hours": ["when do you open", "what time do you close", "are you open on sunday", "opening hours please"],
    "stop": ["stop writing to me", "i want to stop", "please end this", "no more messages"],
    "thanks": ["thank you so much", "thanks for that", "cheers for your help", "many thanks"],
}


def _messages() -> list[Said]:
    return [Said(text, intent) for intent, texts in _SAID.items() for text in texts]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [{"text": m.text, "intent": m.intent} for m in _messages()]
    small = {"name": "small", "train": rows, "test": rows[::2], "oos_test": [{"text": "blue", "intent": "oos"}]}
    (tmp_path / "small.json").write_text(json.dumps(small))
    return tmp_path


def test_rasa_is_given_every_message_in_its_own_format() -> None:
    """Rasa skips a file it does not know for its own, and then trains on nothing."""
    written = engines.as_rasa([*_messages(), Said('say "hi": [now]', "thanks")])
    assert written.splitlines()[1] == "nlu:"
    read = yaml.safe_load(written)
    given = {each["intent"]: [row["text"] for row in each["examples"]] for each in read["nlu"]}
    assert given == _SAID | {"thanks": [*_SAID["thanks"], 'say "hi": [now]']}


def test_embedded_learns_and_answers_by_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Memory and time of one engine must not hold another's; and a run that was stopped goes on where it was."""
    asked = [str(folder), "--json", str(folder / "run.json"), "--markdown", str(folder / "run.md")]
    engines.main([*asked, "--sets", "small", "--engines", "embedded"])
    (row,) = json.loads((folder / "run.json").read_text())["rows"]
    assert (row["engine"], row["set"], row["test"]["messages"]) == ("embedded", "small", 6)
    assert row["test"]["accuracy"] > 0.8
    assert 0 <= row["oos_auroc"] <= 1
    assert all(row[figure] > 0 for figure in ("train_s", "train_cpu_s", "resident_mb", "median_ms", "model_mb"))
    capsys.readouterr()
    engines.main([*asked, "--sets", "small", "--engines", "embedded"])
    assert capsys.readouterr().out == ""
    assert "| embedded, as it ships |" in (folder / "run.md").read_text()


def test_each_message_is_asked_about_by_itself() -> None:
    """Figures of one message at a time are what a person waits for."""
    said = _messages()
    data = IntentSet("small", said, (), said, oos_test=[Said("blue", "oos")])
    asked: list[str] = []

    def ask(text: str) -> tuple[str, float]:
        asked.append(text)
        return ("oos", 0.1) if text == "blue" else ("stop", 0.9)

    row = engines.questioned(ask, data, {"test": said}, psutil.Process())
    assert asked == [m.text for m in (*said, *said)] + ["blue"]
    assert row["test"]["accuracy"] == pytest.approx(1 / 3)
    assert row["oos_auroc"] == 1


def test_table_has_a_row_for_each_engine_of_a_set() -> None:
    """The table in the docs is the one the run wrote, so it has to say what was done: Rasa's epochs too."""
    part = {"messages": 10, "accuracy": 0.876, "macro_f1": 0.8}
    costs = ("median_ms", "p95_ms", "processor_ms", "resident_mb", "train_s", "train_cpu_s", "train_peak_mb")
    figures = dict.fromkeys((*costs, "model_mb"), 1234.5)
    rows = [
        {"set": "ours", "engine": "rasa-default", "epochs": 12, "development": part, "sealed": part} | figures,
        {"set": "ours", "engine": "embedded", "development": part, "sealed": part} | figures,
    ]
    drawn = engines.tables({"machine": "a laptop", "rows": rows}).splitlines()
    assert drawn[0] == "a laptop"
    assert [line.split("|")[1].strip() for line in drawn if "87.6 / 87.6" in line] == [
        "embedded, as it ships", "Rasa, its default (DIET), 12 epochs",
    ]  # fmt: skip


def test_scores_are_what_they_say() -> None:
    """Everything else in the table rests on these two."""
    said = [Said("a", "x"), Said("b", "x"), Said("c", "y")]
    right, f, hits = accuracy(["x", "y", "y"], said)
    assert (right, f) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert list(hits) == [True, False, True]
    assert area_under([0.9, 0.8], [0.1, 0.85]) == pytest.approx(0.75)


def test_what_only_training_needs_is_not_loaded_with_the_bench() -> None:
    """It would count as memory of what answers in process."""
    code = "import sys, bench.engines; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0

"""`frontdoor nlu`, as an operator runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nlu.dataset import load
from tests.commands.conftest import Run


def _write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


HEARD: dict[str, Any] = {"id": "1", "text": "he is strangling my mum right now", "urgency": "emergency"}
HEARD |= {"indicators": ["domestic_abuse"], "speaker": "young_person"}
CALM: dict[str, Any] = {"id": "2", "text": "what time do you open", "urgency": "none", "intent": "ask_hours"}
MISSED: dict[str, Any] = {"id": "3", "text": "blue teapots everywhere", "urgency": "immediate"}


def test_a_split_is_scored_and_the_report_holds_no_words(run: Run, tmp_path: Path) -> None:
    """The report is for sharing; the messages stay where they are."""
    result = run("nlu", "evaluate", "--engine", "phrases", "-o", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    assert "alerts heard" in result.output
    text = (tmp_path / "out/report.md").read_text(encoding="utf-8")
    assert f"{len(load('development'))} messages" in text
    assert "## By indicator" in text
    assert "Phrases alone give no shares" in text
    assert not any(m.text in text for m in load("development") if len(m.text) > 40)


def test_the_whole_screening_is_scored_with_pictures(run: Run, tmp_path: Path) -> None:
    """What a threshold would cost is seen sooner than read; each picture is said in words beside it."""
    source = _write(tmp_path / "own.jsonl", HEARD, CALM, MISSED)
    result = run("nlu", "evaluate", str(source), "-o", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    text = (tmp_path / "out/report.md").read_text(encoding="utf-8")
    drawn = {path.name for path in (tmp_path / "out").glob("*.svg")}
    assert {"urgencies.svg", "trade-off-alert.svg", "reliability-look.svg", "indicators.svg"} <= drawn
    assert all(f"]({name})" in text for name in drawn)
    assert "labelled emergency: 1 heard emergency" in text
    assert "calibration error" in text
    assert "## Indicators named" in text


def test_a_file_of_ones_own_is_scored_and_compared(run: Run, tmp_path: Path) -> None:
    """An area measures on messages of its own, before and after a change."""
    source = _write(tmp_path / "own.jsonl", HEARD, CALM, MISSED)
    earlier = _write(
        tmp_path / "earlier.jsonl",
        {"id": "1", "urgency": "none"},
        {"id": "2", "urgency": "none"},
        {"id": "3", "urgency": "immediate"},
    )
    result = run("nlu", "evaluate", str(source), "--engine", "phrases", "--against", str(earlier))
    assert result.exit_code == 0, result.output
    assert "1 of 2" in result.output
    assert "Worse: 3\n" in result.output
    assert "Better: 1\n" in result.output
    assert "1 heard only now, 1 heard only before (McNemar's exact test: p = 1.000)" in result.output
    assert "| domestic_abuse | 1 | 1 | 0 |" in result.output
    assert "`3` immediate, heard none" in result.output
    assert "teapots" not in result.output


def test_what_the_front_door_screened_can_be_compared_with(run: Run, tmp_path: Path) -> None:
    """The file that `screen` writes is the file that `--against` reads."""
    source = _write(tmp_path / "own.jsonl", HEARD, CALM)
    earlier = tmp_path / "earlier.jsonl"
    assert run("screen", "--in", str(source), "--out", str(earlier)).exit_code == 0
    result = run("nlu", "evaluate", str(source), "--against", str(earlier))
    assert result.exit_code == 0, result.output
    assert "0 messages are heard better, 0 worse" in result.output


def test_what_the_front_door_screened_is_scored_as_it_stands(run: Run, tmp_path: Path) -> None:
    """The figures we quote come from the command an operator runs, over messages anybody can write out."""
    source, heard = tmp_path / "development.jsonl", tmp_path / "heard.jsonl"
    assert run("nlu", "messages", "-o", str(source)).exit_code == 0
    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    assert [row["text"] for row in rows] == [m.text for m in load("development")]
    calm = [{"id": row["id"], "urgency": "none"} for row in rows]
    result = run("nlu", "evaluate", "--heard", str(_write(heard, *calm)))
    assert result.exit_code == 0, result.output
    danger = sum(m.urgency.raises_alert for m in load("development"))
    assert f"0 of {danger}" in result.output
    assert run("nlu", "evaluate", str(source), "--heard", str(heard)).output.count(f"0 of {danger}")


def test_a_folder_without_models_is_not_compared_with(run: Run, tmp_path: Path) -> None:
    """Phrases alone would stand in silently, and the model would look better than it is."""
    source = _write(tmp_path / "own.jsonl", HEARD)
    result = run("nlu", "evaluate", str(source), "--engine", "phrases", "--against", str(tmp_path))
    assert result.exit_code != 0
    assert "holds no screening models" in str(result.exception)


def test_a_result_of_other_messages_is_refused(run: Run, tmp_path: Path) -> None:
    """The difference would be of the messages."""
    source = _write(tmp_path / "own.jsonl", HEARD)
    earlier = _write(tmp_path / "earlier.jsonl", {"id": "9", "urgency": "none"})
    result = run("nlu", "evaluate", str(source), "--engine", "phrases", "--against", str(earlier))
    assert result.exit_code != 0
    assert "other messages" in str(result.exception)


def test_intents_and_needs_are_scored(run: Run, tmp_path: Path) -> None:
    """Understanding has figures of its own, with pictures of its own."""
    source = _write(
        tmp_path / "own.jsonl", CALM, {"id": "5", "text": "we owe rent", "urgency": "advice", "needs": ["DEBT"]}
    )
    result = run("nlu", "evaluate", str(source), "--engine", "embedded", "-o", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    assert "intents right" in result.output
    text = (tmp_path / "out/report.md").read_text(encoding="utf-8")
    assert "# Embedded on own.jsonl" in text
    assert "| ask_hours |" in text
    assert "| DEBT |" in text
    assert "teapots" not in text
    assert {path.name for path in (tmp_path / "out").glob("*.svg")} == {"intents.svg", "needs.svg"}


def test_reviewed_messages_are_scored(run: Run, tmp_path: Path) -> None:
    """A duty worker's "this was not a concern" and "this should have been one" count as labels."""
    source = _write(
        tmp_path / "reviewed.jsonl",
        {"id": "a", "text": "he is strangling my mum right now", "verdict": "not_a_concern", "heard": "emergency"},
        {"id": "b", "text": "blue teapots", "verdict": "should_have_been_one", "urgency": "immediate"},
    )
    result = run("nlu", "evaluate", str(source), "--engine", "phrases")
    assert result.exit_code == 0, result.output
    assert "`b` immediate, heard none" in result.output
    assert "`a` advice, heard" in result.output
    assert "| not_a_concern |" in result.output
    assert "teapots" not in result.output


def test_a_verdict_and_its_urgency_must_agree(run: Run, tmp_path: Path) -> None:
    """A slip in an export must not teach that danger is calm."""
    rows = (
        {"verdict": "should_have_been_one"},
        {"verdict": "not_a_concern", "urgency": "immediate"},
        {"verdict": "ok"},
    )
    for row in rows:
        source = _write(tmp_path / "reviewed.jsonl", CALM, {"id": "b", "text": "blue teapots", **row})
        result = run("nlu", "evaluate", str(source), "--engine", "phrases")
        assert result.exit_code != 0
        assert "line 2" in str(result.exception)
        assert "teapots" not in result.output + str(result.exception)


def test_the_gate_is_written_from_the_sealed_split_only(run: Run, tmp_path: Path) -> None:
    """Floors from other messages would hold nothing."""
    for words in (("--split", "development"), ("--split", "sealed", "--engine", "phrases")):
        result = run("nlu", "evaluate", *words, "--write-gate")
        assert result.exit_code != 0
        assert "--write-gate" in str(result.exception)


def test_words_of_a_file_are_never_listed(run: Run, tmp_path: Path) -> None:
    """A file may hold what a real person said."""
    source = _write(tmp_path / "own.jsonl", MISSED)
    result = run("nlu", "evaluate", str(source), "--show-words")
    assert result.exit_code != 0
    assert "teapots" not in result.output + str(result.exception)


def test_a_bad_line_is_named_by_its_number_only(run: Run, tmp_path: Path) -> None:
    """The error is read by whoever mends the file, and logged."""
    source = _write(tmp_path / "own.jsonl", CALM, {"id": "4", "text": "blue teapots", "urgency": "soon"})
    result = run("nlu", "evaluate", str(source))
    assert result.exit_code != 0
    assert "line 2" in str(result.exception)
    assert "teapots" not in result.output + str(result.exception)

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
CALM: dict[str, Any] = {"id": "2", "text": "what time do you open", "urgency": "none"}
MISSED: dict[str, Any] = {"id": "3", "text": "blue teapots everywhere", "urgency": "immediate"}


def test_a_split_is_scored_and_the_report_holds_no_words(run: Run, tmp_path: Path) -> None:
    """The report is for sharing; the messages stay where they are."""
    target = tmp_path / "report.md"
    result = run("nlu", "evaluate", "-o", str(target))
    assert result.exit_code == 0, result.output
    assert "alerts heard" in result.output
    text = target.read_text(encoding="utf-8")
    assert f"{len(load('development'))} messages" in text
    assert "## By indicator" in text
    assert not any(m.text in text for m in load("development") if len(m.text) > 40)


def test_a_file_of_ones_own_is_scored_and_compared(run: Run, tmp_path: Path) -> None:
    """An area measures on messages of its own, before and after a change."""
    source = _write(tmp_path / "own.jsonl", HEARD, CALM, MISSED)
    earlier = _write(
        tmp_path / "earlier.jsonl",
        {"id": "1", "urgency": "none"},
        {"id": "2", "urgency": "none"},
        {"id": "3", "urgency": "immediate"},
    )
    result = run("nlu", "evaluate", "--file", str(source), "--against", str(earlier))
    assert result.exit_code == 0, result.output
    assert "1 of 2" in result.output
    assert "Worse: 3\n" in result.output
    assert "Better: 1\n" in result.output
    assert "`3` immediate, heard none" in result.output
    assert "teapots" not in result.output


def test_words_of_a_file_are_never_listed(run: Run, tmp_path: Path) -> None:
    """A file may hold what a real person said."""
    source = _write(tmp_path / "own.jsonl", MISSED)
    result = run("nlu", "evaluate", "--file", str(source), "--show-words")
    assert result.exit_code != 0
    assert "teapots" not in result.output + str(result.exception)


def test_a_bad_line_is_named_by_its_number_only(run: Run, tmp_path: Path) -> None:
    """The error is read by whoever mends the file, and logged."""
    source = _write(tmp_path / "own.jsonl", CALM, {"id": "4", "text": "blue teapots", "urgency": "soon"})
    result = run("nlu", "evaluate", "--file", str(source))
    assert result.exit_code != 0
    assert "line 2" in str(result.exception)
    assert "teapots" not in result.output + str(result.exception)

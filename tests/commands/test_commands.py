"""The commands operators script against."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.commands.overdue import what_is_due
from bot.settings import Settings
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.commands.conftest import Run
from tests.storage.builders import NOW, begin

ROOT = Path(__file__).parents[2]


def test_every_command_has_help(run: Run) -> None:
    """A tired operator asks the program first."""
    listed = ["serve", "worker", "play", "screen", "export", "doctor", "flows check", "flows draw", "flows list"]
    listed += ["follow-ups preview"]
    listed += [
        "flows schema",
        "db upgrade",
        "db check",
        "db rotate-keys",
        "keys new",
        "audit verify",
        "retention run",
    ]
    listed += [
        "staff add",
        "staff list",
        "staff disable",
        "staff password",
        "staff phone",
        "rota import",
        "rota show",
    ]
    for command in listed:
        result = run(*command.split(), "--help")
        assert result.exit_code == 0, command
        assert "Usage" in result.output


def test_the_flows_are_sound(run: Run) -> None:
    """What `make check` asks before anything is built."""
    result = run("flows", "check", "--offline")
    assert result.exit_code == 0, result.output
    assert "0 errors" in result.output


def test_a_flow_is_drawn_as_an_svg(run: Run, tmp_path: Path) -> None:
    """Practitioners review flows as pictures."""
    target = tmp_path / "family.svg"
    assert run("flows", "draw", "family", "-o", str(target)).exit_code == 0
    assert ElementTree.parse(target).getroot().tag.endswith("svg")


def test_the_list_names_each_flow_with_its_version(run: Run) -> None:
    """The ids are what `draw` and `play` take."""
    output = run("flows", "list").output
    for name in ("front_door", "family", "young_person", "public", "professional"):
        assert f"{name}  version" in output


def test_screening_a_file_keeps_order_and_says_why(run: Run, tmp_path: Path) -> None:
    """Measurements and partners rely on the format."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [
        {"id": "a", "text": "We need help with school uniform"},
        {"id": "b", "text": "my dad hits me", "speaker": "young_person"},
        {"id": "c", "text": ""},
    ]
    source.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    result = run("screen", "--in", str(source), "--out", str(target))
    assert result.exit_code == 0, result.output
    out = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in out] == ["a", "b", "c"]
    assert out[1]["urgency"] in ("immediate", "emergency")
    assert "physical_abuse" in out[1]["indicators"]
    reason = out[1]["reasons"][0]
    assert rows[1]["text"][reason["from"] : reason["to"]]
    assert out[2]["urgency"] == "none"
    for row in out:
        assert set(row) == {
            "id", "urgency", "indicators", "needs", "intent", "confidence", "language", "reasons",
        }  # fmt: skip


@pytest.mark.parametrize("line", ["not json", '{"id": 1}', '{"text": "no id"}', "[]"])
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, line: str) -> None:
    """One clear line, and never the words that were in the file."""
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "a", "text": "hello"}\n' + line + "\n", encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "bot", "screen", "--in", str(source), "--out", str(tmp_path / "out.jsonl")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "line 2" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_conversation_in_the_terminal_is_exported_whole(run: Run, tmp_path: Path) -> None:
    """From the first word to the enquiry a worker reads, with nothing but the commands."""
    typed = "\n".join(
        [
            "no", "a parent or carer", "yes", "Rowan will not go to school and I am worn out", "short version",
            "reply in this chat", "Alex", "yes", "send", "[Other times]", "after 6pm", "",
        ]
    )  # fmt: skip
    played = run("play", "--keep", typed=typed + "\n")
    assert played.exit_code == 0, played.output
    target = tmp_path / "out.json"
    assert run("export", "-o", str(target)).exit_code == 0
    [enquiry] = json.loads(target.read_text(encoding="utf-8"))
    assert enquiry["audience"] == "parent"
    assert enquiry["submitted_at"]
    said = {a["field"]: a["answer"] for a in enquiry["answers"]}
    assert said["reason_in_own_words"]["value"] == "Rowan will not go to school and I am worn out"
    assert said["safe_times"]["value"] == {"choice": None, "text": "after 6pm"}
    assert said["consent_to_help"]["value"] == "yes"
    assert {c["purpose"] for c in enquiry["consents"]} >= {"privacy_notice_seen"}
    assert enquiry["reference"] in played.output
    signed = [line for line in played.output.splitlines() if "[duty]" in line]
    assert len(signed) == 1, "only what duty workers are told is signed as theirs"
    one = run("export", enquiry["reference"].lower().replace("-", " "))
    assert json.loads(one.output)["reference"] == enquiry["reference"]
    assert run("audit", "verify").output.strip() == "the audit record is whole"
    assert run("db", "check").exit_code == 0


def test_playing_keeps_nothing_unless_asked(run: Run, tmp_path: Path) -> None:
    """Somebody tries it with real words before they think."""
    assert run("play", "family", typed="no\n\n").exit_code == 0
    assert not (tmp_path / "data").exists()


def test_doctor_says_what_to_mend(run: Run) -> None:
    """A concern that rings nowhere is the first thing to say."""
    run("db", "upgrade")
    result = run("doctor")
    assert result.exit_code == 1
    assert "FRONTDOOR_TELEGRAM_DUTY_CHAT_ID" in result.output


def test_doctor_says_what_is_promised_and_what_is_late(database: Database) -> None:
    """Bells that nobody rings are noticed by an operator before a family does."""
    assert what_is_due(database, NOW, "Europe/London") == ("promises: nothing is promised", [])

    def work(uow: UnitOfWork) -> None:
        enquiry_id = begin(uow).enquiry_id
        for minutes in (-3, 60):
            due_at = NOW + timedelta(minutes=minutes)
            uow.follow_ups.add(enquiry_id=enquiry_id, kind="call_back", due_at=due_at, now=NOW)

    database.run_now(work)
    line, problems = what_is_due(database, NOW, "Europe/London")
    assert line == "promises: the next bell rings at 09:57 on 02 March 2026"
    [problem] = problems
    assert problem.startswith("overdue: 1 promises not acted on, the oldest since 09:57 on 02 March 2026")
    assert "frontdoor worker" in problem


def test_doctor_says_that_the_models_are_here(run: Run) -> None:
    """Whoever sets up a front door can see that it hears more than phrases."""
    run("db", "upgrade")
    said = run("doctor").output
    assert "the trained models are here (english, multilingual, words)" in said
    assert "understanding: the embedded engine, and its trained model is here" in said


def test_doctor_says_that_the_models_are_missing(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Phrases alone hear a third of what needs an alert: nobody should run so without knowing."""
    run("db", "upgrade")
    monkeypatch.setenv("FRONTDOOR_SCREENING_MODELS", str(tmp_path))
    monkeypatch.setattr("bot.commands.data.FOLDER", tmp_path)
    result = run("doctor")
    assert result.exit_code == 1
    assert "screening: phrases and rules alone" in result.output
    assert "danger without alarming words goes unheard" in result.output
    assert "understanding: keywords alone" in result.output


def test_a_reference_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    """References are read out on the phone, and misheard."""
    result = subprocess.run(
        [sys.executable, "-m", "bot", "export", "7KM4-29QX"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "FRONTDOOR_DATABASE_URL": f"sqlite:///{tmp_path}/a.db"},
    )
    assert result.returncode == 1
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_public_address_needs_keys_of_its_own(tmp_path: Path) -> None:
    """No real enquiry is ever kept under a key nobody chose."""
    result = subprocess.run(
        [sys.executable, "-m", "bot", "serve", "--port", "0"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "FRONTDOOR_PUBLIC_URL": "https://chat.exampleshire.example"},
    )
    assert result.returncode == 1
    assert "FRONTDOOR_ENCRYPTION_KEYS" in result.stderr


def test_every_setting_is_in_the_readme() -> None:
    """A setting nobody can find is not a setting."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`FRONTDOOR_{name.upper()}`" in readme, name

"""Rasa's environment and model: found, made once, never half made, and said plainly where they cannot be."""

from __future__ import annotations

import fcntl
import re
import stat
import sys
from pathlib import Path

import pytest

from bot.rasa import environment, training
from bot.rasa.environment import REQUIREMENTS, find_python, install, installed_python, one_at_a_time
from bot.rasa.training import model_folder, trained_model
from bot.settings import BadSettings, Settings


def script(path: Path, ends_with: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {ends_with}\n", encoding="ascii")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_a_stand_in_on_the_path_that_does_not_run_is_passed_over(tmp_path: Path) -> None:
    """Version switchers put a `python3.10` on the path that only says which version to choose."""
    script(tmp_path / "shims" / "python3.10", 127)
    good = script(tmp_path / "pyenv" / "versions" / "3.10.13" / "bin" / "python3.10", 0)
    found = find_python("", {"PATH": str(tmp_path / "shims"), "PYENV_ROOT": str(tmp_path / "pyenv")})
    assert found == good


def test_the_one_on_the_path_comes_before_others_and_the_chosen_one_before_it(tmp_path: Path) -> None:
    """An operator's word is final."""
    on_path = script(tmp_path / "bin" / "python3.10", 0)
    chosen = script(tmp_path / "chosen" / "python", 0)
    script(tmp_path / "versions" / "3.10.1" / "bin" / "python3.10", 0)
    seen = {"PATH": str(tmp_path / "bin"), "PYENV_ROOT": str(tmp_path)}
    assert find_python("", seen) == on_path
    assert find_python(str(chosen), seen) == chosen


def test_no_python_310_is_said_with_what_to_do(tmp_path: Path) -> None:
    """One clear line, and what to set."""
    with pytest.raises(BadSettings, match=r"needs Python 3\.10.*FRONTDOOR_RASA_PYTHON"):
        find_python("", {"PATH": str(tmp_path), "PYENV_ROOT": str(tmp_path)})


def test_a_chosen_python_of_another_version_is_refused() -> None:
    """TensorFlow 2.12 would fail an hour later, in words nobody understands."""
    with pytest.raises(BadSettings, match=r"not a Python 3\.10"):
        find_python(sys.executable)


def test_a_failed_install_leaves_nothing_behind_and_one_that_was_killed_is_cleared_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half an environment is never taken for a whole one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = environment.environment_folder()
    killed = folder.with_name(f"{folder.name}.making-x")
    (killed / "bin").mkdir(parents=True)
    with pytest.raises(BadSettings, match="what builds packages failed"):
        install(Settings(rasa_python=str(script(tmp_path / "python", 0))))
        # It says yes to the question and then makes nothing: the next step cannot run.
    assert not folder.exists()
    assert not killed.exists()
    assert [path.name for path in folder.parent.iterdir()] == [f"{folder.name}.lock"]


def test_what_is_not_there_is_said_with_the_command_that_makes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody reads the source to start it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(BadSettings, match="make rasa"):
        installed_python()
    with pytest.raises(BadSettings, match="make rasa"):
        trained_model("default")


def test_a_model_is_known_by_what_it_was_made_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed message is a new model; an unchanged one costs nothing."""
    before = model_folder("default")
    assert before == model_folder("default")
    assert before != model_folder("diet")
    changed = tmp_path / "requirements-rasa.txt"
    changed.write_text("rasa==0\n", encoding="ascii")
    monkeypatch.setattr(training, "REQUIREMENTS", changed)
    assert model_folder("default") != before


def test_two_processes_do_not_make_the_same_thing_at_once(tmp_path: Path) -> None:
    """Test workers, `make rasa` and CI share one cache."""
    with (
        one_at_a_time(tmp_path / "thing"),
        (tmp_path / "thing.lock").open("w") as other,
        pytest.raises(BlockingIOError),
    ):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_rasa_is_pinned_with_hashes_and_not_below_its_mended_version() -> None:
    """CVE-2024-49375: a lower version runs what a model says."""
    text = REQUIREMENTS.read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9][\w.\[\]-]*==\S+", text, flags=re.M)
    assert len(re.findall(r"^[a-z0-9][^\n]*\\\n\s+--hash=sha256:", text, flags=re.M)) == len(pins)
    assert "rasa==3.6.21" in pins
    assert "".join(environment._pins("wheel")).startswith("wheel==")

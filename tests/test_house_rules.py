"""The code checks its own promises."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (".py", ".txt", ".toml", ".md", ".yaml", ".yml", ".in", ".html", ".js", ".css", "")
PACKAGES = ("bot", "flows", "nlu", "storage")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def test_the_clock_is_read_in_one_file() -> None:
    """Everything that decides is given the time."""
    reads = re.compile(r"\bdatetime\.(now|utcnow|today)\(|\btime\.time\(|\bdate\.today\(")
    found = [p.relative_to(ROOT).as_posix() for p in SOURCES if reads.search(p.read_text(encoding="utf-8"))]
    assert found == ["bot/clock.py"]


def test_every_module_says_its_duty_in_one_line() -> None:
    """The first line of a file is its sign on the door."""
    for path in SOURCES:
        if "versions" in path.parts:
            continue
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert doc, path


def test_modules_are_named_for_what_they_hold() -> None:
    """A drawer called `utils` has no bottom."""
    names = {path.stem for path in SOURCES}
    assert not names & {"utils", "helpers", "common", "manager", "service", "core"}


def test_no_package_index_and_no_path_of_a_machine_is_named() -> None:
    """Requirements are pinned by hash, and install from whatever index a machine has."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    wrong = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|--index-url|(?<![\w.-])/(?:work|root|farm)/[\w.]")
    for name in tracked.decode().split("\0"):
        path = ROOT / name
        if not name or path.suffix not in TEXT:
            continue
        if path.is_file() and path != Path(__file__):
            assert not wrong.search(path.read_text(encoding="utf-8", errors="replace")), name


def test_an_installed_front_door_has_every_file_it_reads() -> None:
    """A wheel without the models would hear by phrases alone, and say so only to who asks the doctor."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    kept = project["tool"]["setuptools"]["package-data"]
    listing = ["git", "ls-files", "-z", *PACKAGES]
    tracked = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout
    files = [name for name in tracked.decode().split("\0") if name and not name.endswith(".py")]
    assert any(name.endswith(".onnx") for name in files)
    for name in files:
        package = name.split("/", 1)[0]
        assert any(Path(name).match(pattern) for pattern in kept[package]), name


def test_requirements_are_pinned_with_hashes() -> None:
    """What ships is what was tested."""
    for name in ("requirements.txt", "requirements-test.txt", "requirements-fuzz.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9][\w.\[\]-]*==\S+", text, flags=re.M)
        assert pins
        assert len(re.findall(r"^[a-z0-9][^\n]*\\\n\s+--hash=sha256:", text, flags=re.M)) == len(pins)


def test_the_two_commands_are_in_the_readme_and_ci_calls_one() -> None:
    """A newcomer needs nothing else."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make run" in readme
    assert "make test" in readme
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")

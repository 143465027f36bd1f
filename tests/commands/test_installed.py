"""What `make run` installs is enough for what runs. This environment has more, and would hide what is missing."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
TRAINS = ("nlu.tuning", "nlu.fitting", "nlu.learning", "nlu.model_card", "nlu.calibration")
"""Only those who train need these."""

IMPORTS_ALL = """
import importlib, pkgutil, sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in HIDDEN:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

HIDDEN, TRAINS = set(sys.argv[1].split(",")), tuple(sys.argv[2].split(","))
sys.meta_path.insert(0, Missing())
for package in ("bot", "flows", "nlu", "storage"):
    for found in pkgutil.walk_packages([package], f"{package}."):
        if not found.name.startswith((*TRAINS, "storage.migrations")):
            importlib.import_module(found.name)
"""


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _wanted(file: str) -> set[str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return {
        _plain(line.partition("==")[0].partition("[")[0])
        for line in lines
        if re.match(r"[\w.-]+(\[.*\])?==", line)
    }


def test_all_that_runs_can_be_imported_with_what_make_run_installs() -> None:
    """Once the newcomer's first command failed for want of a library that only training uses."""
    only_tests = _wanted("requirements-test.txt") - _wanted("requirements.txt")
    hidden = sorted(
        name for name, owners in packages_distributions().items() if {_plain(o) for o in owners} <= only_tests
    )
    assert "scipy" in hidden
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS_ALL, ",".join(hidden), ",".join(TRAINS)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-600:]

"""Averages the weights of several rounds of tuning of one encoder: steadier than any one of them, and as quick.

`python -m nlu.tuning.average --out FOLDER ROUND=WEIGHT ...`, each ROUND a folder that `nlu.tuning.tune` wrote.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor


def average(rounds: Mapping[Path, float], out: Path) -> None:
    """Write what `nlu.tuning.export` reads. Raises ValueError where the rounds do not name the same labels."""
    first = next(iter(rounds))
    names = (first / "labels.json").read_text(encoding="utf-8")
    if any((folder / "labels.json").read_text(encoding="utf-8") != names for folder in rounds):
        raise ValueError("the rounds were not tuned for the same labels")
    total = sum(rounds.values())
    found: dict[str, Tensor] = {}
    for folder, weight in rounds.items():
        for name, values in load_file(folder / "weights.safetensors").items():
            part = values.float() * (weight / total)
            found[name] = found[name] + part if name in found else part
    out.mkdir(parents=True, exist_ok=True)
    save_file({name: values.contiguous() for name, values in found.items()}, out / "weights.safetensors")
    shutil.copyfile(first / "labels.json", out / "labels.json")
    made = [
        {"weight": weight, "round": json.loads((folder / "tuned.json").read_text())}
        for folder, weight in rounds.items()
    ]
    (out / "tuned.json").write_text(json.dumps({"averaged": made}, indent=1))


def main() -> None:
    """Read the arguments and average."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("rounds", nargs="+", metavar="ROUND=WEIGHT")
    given = parser.parse_args()
    told = (each.rpartition("=") for each in given.rounds)
    average({Path(folder): float(weight) for folder, _, weight in told}, given.out)


if __name__ == "__main__":
    main()

"""`python -m bench.screening`: milliseconds of hearing and understanding a message, view by view, and memory."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean, quantiles

import psutil

import nlu
from bench import machine
from bot.commands.labelled import read_labelled
from bot.understanding import build_screener, build_understander
from flows.loader import load_catalog
from nlu.dataset import load

MESSAGES = 600
FRESH = Path(nlu.__file__).parent / "training" / "fresh.jsonl"


def _resident() -> float:
    return float(psutil.Process(os.getpid()).memory_info().rss) / 2**20


def _row(name: str, act: Callable[[str], object], texts: Sequence[str]) -> str:
    act(texts[0])
    took: list[float] = []
    started = time.process_time()
    for text in texts:
        before = time.perf_counter()
        act(text)
        took.append((time.perf_counter() - before) * 1000)
    cpu = (time.process_time() - started) / len(texts) * 1000
    cuts = quantiles(took, n=100)
    return f"| {name} | {cuts[49]:.2f} | {mean(took):.2f} | {cuts[98]:.2f} | {cpu:.2f} |"


def main() -> None:
    """Print one row for each view, and for the whole, over the development messages as they come.

    Two in five of those need a person, who is shown where: that costs most. The last row is of the fresh messages.
    """
    print(machine.line())
    catalog = load_catalog()
    at_rest = _resident()
    started = time.perf_counter()
    screener = build_screener(catalog)
    screening_ready = time.perf_counter() - started
    understander = build_understander(catalog)
    ready = time.perf_counter() - started
    texts = [m.text for m in load("development")][:MESSAGES]
    fresh = [m.text for m in read_labelled(FRESH)]

    def understand(text: str) -> object:
        return asyncio.run(understander.understand(text))

    def both(text: str) -> None:
        screener.screen(text)
        understand(text)

    print(f"Screening ready after {screening_ready:.1f} s, both after {ready:.1f} s.")
    print("| | median ms | mean ms | 99th ms | processor ms |\n|---|--:|--:|--:|--:|")
    print(_row("phrases", screener.views[0].screen, texts))
    if screener.trained is not None:
        for name, reader in screener.trained.readers.items():
            print(_row(name, lambda text, r=reader: r.read([text]), texts))  # type: ignore[misc]
    print(_row("screening", screener.screen, texts))
    print(_row("understanding, said before", understand, texts))
    print(_row("both, other order", both, texts[::-1]))
    print(_row("both, as a month may bring them", both, fresh))
    print(f"Resident: {at_rest:.0f} MB before, {_resident():.0f} MB after (no web application, no database).")


if __name__ == "__main__":
    main()

"""`python -m bench.fuzzing [SECONDS]`: a coverage-guided fuzzer looks for what breaks or slows the screener.

Needs atheris, which is not among the pinned packages (35 MB): `pip install atheris` first. What breaks it is
written to a file, as libFuzzer does: https://github.com/google/atheris
"""

from __future__ import annotations

import sys
import time

import atheris

with atheris.instrument_imports(include=["nlu", "bot.safeguarding"]):
    from bot.safeguarding.screening import BROKEN
    from bot.understanding import build_screener
    from flows.loader import load_catalog

SECONDS = 120
SLOWEST = 0.25
"""Seconds of one core for each thousand characters begun: five times what is promised, for it is watched."""

_SCREENER = build_screener(load_catalog())


class Broken(Exception):
    """The screener failed on a text, or took too long over it."""


def try_one(data: bytes) -> None:
    """Screen what the bytes make: any text, lone surrogates among it."""
    provider = atheris.FuzzedDataProvider(data)
    text = provider.ConsumeUnicode(4096)
    started = time.process_time()
    heard = _SCREENER.screen(text)
    took = time.process_time() - started
    if BROKEN in heard.indicators:
        raise Broken("a view failed")
    if any(not 0 <= s.start <= s.end <= len(text) for s in heard.signals):
        raise Broken("a place outside the text")
    if took > SLOWEST * max(1.0, len(text) / 1000) and _is_slow(text):
        raise Broken(f"{took * 1000:.0f} ms for {len(text)} characters")


def _is_slow(text: str) -> bool:
    """Say whether it is slow the second and third time too: the machine may have been busy."""
    took = []
    for _ in range(2):
        started = time.process_time()
        _SCREENER.screen(text)
        took.append(time.process_time() - started)
    return min(took) > SLOWEST * max(1.0, len(text) / 1000)


def main() -> None:
    """Fuzz for so many seconds, from nothing or from the folders named after them."""
    seconds, *folders = sys.argv[1:] or [str(SECONDS)]
    options = [f"-max_total_time={seconds}", "-max_len=4096", "-timeout=30", "-rss_limit_mb=4096"]
    _SCREENER.screen("the first message loads what is loaded late")
    atheris.Setup([sys.argv[0], *options, *folders], try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

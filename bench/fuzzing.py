"""`python -m bench.fuzzing TARGET [SECONDS [FOLDER ...]]`: a coverage-guided fuzzer looks for what breaks or slows
the reading of a message. TARGET is one of `TARGETS`; `make fuzz` runs each.

Needs atheris, which is pinned in requirements-fuzz.txt. What breaks a target is written to a file, as libFuzzer
does: https://github.com/google/atheris
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date

SECONDS = 120
LONGEST = 4096
SLOWEST = 0.25
"""Seconds of one core for each thousand characters begun: five times what is promised, for it is watched."""

Target = Callable[[str, int], None]
"""Tries one text. The number chooses among what it may be tried with: the question, the audience."""


class Broken(Exception):
    """A target failed on a text, or took too long over it."""


def screening() -> Target:
    """Every view of danger."""
    from bot.safeguarding.screening import BROKEN
    from bot.understanding import build_screener
    from flows.loader import load_catalog

    screener = build_screener(load_catalog())

    def try_one(text: str, _: int) -> None:
        heard = screener.screen(text)
        if BROKEN in heard.indicators:
            raise Broken("a view failed")
        if any(not 0 <= s.start <= s.end <= len(text) for s in heard.signals):
            raise Broken("a place outside the text")

    return try_one


def understanding() -> Target:
    """The embedded understander, the facts it is told, and the language."""
    from bot.understanding import build_understander
    from flows.loader import load_catalog
    from nlu.embedded import EmbeddedUnderstander
    from nlu.facts import find_facts
    from nlu.language import LanguageFinder

    understander = build_understander(load_catalog())
    assert isinstance(understander, EmbeddedUnderstander)
    languages = LanguageFinder()
    audiences = (None, "parent", "young_person", "public", "professional", "unknown")

    def try_one(text: str, number: int) -> None:
        audience = audiences[number % len(audiences)]
        read = understander.read(text, audience=audience)
        if not 0 <= read.confidence <= 1:
            raise Broken(f"a confidence of {read.confidence}")
        if any(not isinstance(value, str) for value in find_facts(text, audience=audience).values()):
            raise Broken("a fact that is no text")
        if not languages.find(text).code:
            raise Broken("no language")

    return try_one


def answers() -> Target:
    """The reading of a reply, as an answer to every question of the flows."""
    from flows.answers import Unread
    from flows.loader import assemble, load_files
    from flows.reading import ERRORS, Expected, Option, read

    files = load_files()
    kinds = list(
        dict.fromkeys(
            Expected(
                kind=ask.kind,
                options=tuple(
                    Option(o.id, str(o.label), tuple(o.also), o.ages, tuple(o.whole), tuple(o.by))
                    for o in ask.options
                ),
                optional=ask.optional,
                or_age=ask.or_age,
                or_text=ask.or_text,
                leave=frozenset(ask.leave),
                past=ask.past,
                minimum=ask.minimum,
                maximum=ask.maximum,
            )
            for name in files
            for ask in assemble(name, files).asks()
        )
    )

    def try_one(text: str, number: int) -> None:
        answer = read(text, kinds[number % len(kinds)], today=date(2026, 1, 31))
        if isinstance(answer, Unread) and answer.why not in ERRORS:
            raise Broken(f"an unknown error: {answer.why}")

    return try_one


TARGETS: dict[str, Callable[[], Target]] = {
    "screening": screening,
    "understanding": understanding,
    "answers": answers,
}


def timed(target: Target) -> Target:
    """The target, broken too by a text it is slow on each time: once may be a busy machine."""

    def try_one(text: str, number: int) -> None:
        longest = SLOWEST * max(1.0, len(text) / 1000)
        for _ in range(3):
            started = time.process_time()
            target(text, number)
            took = time.process_time() - started
            if took <= longest:
                return
        raise Broken(f"{took * 1000:.0f} ms for {len(text)} characters")

    return try_one


def main() -> None:
    """Fuzz for so many seconds, from nothing or from the folders named after them."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"Say which: {', '.join(TARGETS)}")
    name, seconds, *folders = [*sys.argv[1:], str(SECONDS)][: max(2, len(sys.argv) - 1)]

    import atheris

    with atheris.instrument_imports(include=["nlu", "flows", "bot.safeguarding"]):
        target = TARGETS[name]()
    target("the first message loads what is loaded late", 0)
    watched = timed(target)

    def from_bytes(data: bytes) -> None:
        """Any text, lone surrogates among it."""
        provider = atheris.FuzzedDataProvider(data)
        number = provider.ConsumeIntInRange(0, 999)
        watched(provider.ConsumeUnicode(LONGEST), number)

    # Long texts from the start: left to itself libFuzzer was still at 14 bytes after a minute.
    lengths = [f"-max_len={LONGEST}", "-len_control=0"]
    options = [f"-max_total_time={seconds}", *lengths, "-timeout=30", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *options, *folders], from_bytes)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

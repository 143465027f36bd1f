"""Finds what people wrote beside lines that a program wrote: pasted logs tell nothing of anybody's safety."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BEGINNING = (
    r"^[ \t]*\d{4}-\d\d-\d\d(?:T\d\d:\d\d| \d\d:\d\d:\d\d)[^\sA-Za-z]*Z?\s+"
    r"\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)\b"
)
"""A time as programs write it and a level in capitals: a chat's export has names in that place, and stays."""

_WRITTEN_BY_A_PROGRAM = re.compile(rf"{_BEGINNING}[^\n]*(?:\n|$)", re.MULTILINE)
_BEGINS_AS_ONE = re.compile(_BEGINNING)

_FEWEST = 2
"""One such line may be a person's own note."""


def without_machine_lines(text: str) -> str:
    """Return the lines that a person may have written; empty where there is none."""
    left, lines = _WRITTEN_BY_A_PROGRAM.subn("", text)
    return left if lines >= _FEWEST else text


def on_one_line(words: Sequence[str]) -> str:
    """Return the words on one line that `without_machine_lines` never takes for a program's, whatever they are."""
    line = " ".join(words)
    while begins := _BEGINS_AS_ONE.match(line):
        line = line[begins.end() :].lstrip()
    return line

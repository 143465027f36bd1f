"""Finds what people wrote beside lines that a program wrote: pasted logs tell nothing of anybody's safety."""

from __future__ import annotations

import re

_WRITTEN_BY_A_PROGRAM = re.compile(
    r"^[ \t]*\d{4}-\d\d-\d\d(?:T\d\d:\d\d| \d\d:\d\d:\d\d)[^\sA-Za-z]*Z?\s+"
    r"\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)\b[^\n]*(?:\n|$)",
    re.MULTILINE,
)
"""A time as programs write it and a level in capitals: a chat's export has names in that place, and stays."""

_FEWEST = 2
"""One such line may be a person's own note."""


def without_machine_lines(text: str) -> str:
    """Return the lines that a person may have written; empty where there is none."""
    left, lines = _WRITTEN_BY_A_PROGRAM.subn("", text)
    return left if lines >= _FEWEST else text

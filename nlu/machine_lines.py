"""Finds what people wrote beside lines that a program wrote: pasted logs tell nothing of anybody's safety."""

from __future__ import annotations

import re

_WRITTEN_BY_A_PROGRAM = re.compile(
    r"^[ \t]*\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?[^\sA-Za-z]*Z?\s+"
    r"\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)\b[^\n]*(?:\n|$)",
    re.MULTILINE,
)
"""A time to the minute and a level in capitals: a chat's export has names in that place, and stays."""


def without_machine_lines(text: str) -> str:
    """Return the lines that a person may have written; empty where there is none."""
    return _WRITTEN_BY_A_PROGRAM.sub("", text)

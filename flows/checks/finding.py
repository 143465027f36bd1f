"""One mistake in a flow: where it is, what it is, how to put it right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flows.exploring.flat import Where

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake: where, what, and how to put it right. An error can harm a person; a warning is untidy."""

    flow: str
    place: str
    kind: str
    message: str
    how_to_mend: str
    severity: Severity = "error"

    def __str__(self) -> str:
        place = f"{self.flow}: {self.place}" if self.place else self.flow
        return f"{self.severity} ({self.kind}) {place}: {self.message} {self.how_to_mend}"


def found(where: Where, kind: str, message: str, how_to_mend: str, severity: Severity = "error") -> Finding:
    return Finding(where.file, str(where), kind, message, how_to_mend, severity)

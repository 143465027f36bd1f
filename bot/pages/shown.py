"""A message as a page shows it: paragraphs, with the numbers to ring as links, and the time of day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.conversation.base import Shown
from bot.pages.assets import tel
from flows.model import every_wording
from flows.wording import Wording

ALERTS = ("danger_now", "heard_", "cannot_talk")
"""How the ids begin of the words said when danger was heard. Other safety words are said calmly."""

_HOLDER = re.compile(r"\{[^{}]*\}")


class SafetyWords:
    """Knows our own words about danger again, so that a page can make them stand out and be read out at once."""

    def __init__(self, wording: Wording) -> None:
        entries = [wording.entry(key) for key in sorted(wording.ids()) if key.startswith(ALERTS)]
        shapes = {_shape(text) for entry in entries for text in every_wording(entry.text)}
        self._any = re.compile("|".join(sorted(shapes))) if shapes else None

    def are_in(self, text: str) -> bool:
        return self._any is not None and self._any.search(text) is not None


def _shape(text: str) -> str:
    """Return a pattern of the words with anything in place of each place-holder."""
    literal = [part.strip() for part in _HOLDER.split(text)]
    return r"[\s\S]*?".join(r"\s+".join(map(re.escape, part.split())) for part in literal)


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on the page: paragraphs of lines of pieces."""

    speaker: str
    paragraphs: tuple[tuple[tuple[Piece, ...], ...], ...]
    urgent: bool
    at: str
    instant: str
    link: str = ""
    link_label: str = ""


class Typesetter:
    """Sets our own messages with links to ring. What a person typed is shown as they typed it."""

    def __init__(self, phones: Iterable[str], timezone: str, safety: SafetyWords) -> None:
        self._safety = safety
        numbers = sorted({"999", *phones}, key=len, reverse=True)
        rings = "|".join(map(re.escape, numbers))
        self._links = re.compile(rf"(?<!\d)(https?://\S+[^\s.,)]|(?:{rings})(?!\d))")
        self._zone = ZoneInfo(timezone)

    def set(self, shown: Shown) -> Bubble:
        link = shown.speaker != "person"
        paragraphs = tuple(
            tuple(self._pieces(line) if link else (Piece(line),) for line in block.split("\n"))
            for block in re.split(r"\n\s*\n", shown.text.strip())
        )
        urgent = shown.speaker == "bot" and self._safety.are_in(shown.text)
        at, instant = self._time(shown.sent_at), shown.sent_at.isoformat()
        return Bubble(shown.speaker, paragraphs, urgent, at, instant, shown.link, shown.link_label)

    def _pieces(self, line: str) -> tuple[Piece, ...]:
        parts = self._links.split(line)
        return tuple(Piece(part, _address(part) if n % 2 else "") for n, part in enumerate(parts) if part)

    def _time(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        return f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"


def _address(linked: str) -> str:
    return linked if linked.startswith("http") else tel(linked)

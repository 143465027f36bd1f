"""What the terminal shows."""

from __future__ import annotations

import asyncio

from bot.channels.base import Choice, OutboundMessage
from bot.channels.console import ConsoleChannel


def _written(*choices: Choice) -> list[str]:
    written: list[str] = []
    message = OutboundMessage("1", "console", "a", "1. Name: Sam", choices)
    asyncio.run(ConsoleChannel(written.append).send(message))
    return written


def test_at_the_check_only_lines_of_the_list_have_numbers() -> None:
    """Two lists from 1 made a 1 open an answer where it was meant to send."""
    said = _written(Choice("send", "Send to the duty team"), Choice("change", "Change an answer"))
    assert said == ["1. Name: Sam", "   [Send to the duty team] · [Change an answer]"]


def test_elsewhere_choices_have_numbers() -> None:
    """They are answered with them."""
    assert _written(Choice("yes", "Yes"))[1:] == ["   1. Yes"]

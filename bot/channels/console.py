"""The terminal: a conversation for `frontdoor play`, and a duty doorbell where no duty chat is set."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.base import OutboundMessage, Receipt

CONSOLE = "console"
_AT_CHECK = ("send", "change")
DUTY = "duty"
"""The address of duty workers, where no duty chat is set: their lines are signed, a conversation's are not."""


class ConsoleChannel:
    """Prints messages. Implements `Channel`; duty messages hold a reference and kinds, never a person's words."""

    name = CONSOLE

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    async def send(self, message: OutboundMessage) -> Receipt:
        if message.address == DUTY:  # an alert is answered at the desk: there is nothing to press here
            self._write(f"[duty] {message.text}")
            return Receipt()
        self._write(message.text)
        if tuple(choice.id for choice in message.choices) == _AT_CHECK:  # a number there means a line of the list
            self._write("   " + " · ".join(f"[{choice.label}]" for choice in message.choices))
        else:
            for number, choice in enumerate(message.choices, 1):
                self._write(f"   {number}. {choice.label}{' (chosen)' if choice.chosen else ''}")
        if message.controls:
            self._write("   " + " · ".join(f"[{c.label}]" for c in message.controls))
        return Receipt()

    async def show_typing(self, address: str) -> None:
        del address

    async def clear(self, address: str, refs: tuple[str, ...]) -> int:
        del address, refs
        return 0

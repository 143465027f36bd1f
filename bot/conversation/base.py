"""What the front door shows the channels that ask and answer in one breath: the web chat and the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.channels.base import Choice, InboundMessage

Speaker = Literal["bot", "worker", "person"]


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of a conversation, as the person sees it.

    `sequence` rises within a conversation, over both sides; reading back `after` one gives what came later.
    `link` is where a file of ours can be had, on our own site.
    """

    id: str
    sequence: int
    speaker: Speaker
    text: str
    sent_at: datetime
    choices: tuple[Choice, ...] = ()
    controls: tuple[Choice, ...] = ()
    multiple: bool = False
    prompt: int | None = None
    link: str = ""
    link_label: str = ""


@dataclass(frozen=True, slots=True)
class Expects:
    """What the next message is expected to be, so that any client can draw the right input."""

    flow: str = ""
    step: str = ""
    field: str = ""
    kind: str = "none"
    choices: tuple[Choice, ...] = ()
    controls: tuple[Choice, ...] = ()
    hint: str = ""
    optional: bool = True
    can_go_back: bool = False
    finished: bool = False
    with_worker: bool = False
    multiple: bool = False
    prompt: int | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one message from the person led to. `closed`: the chat is over, and its token opens it no more."""

    conversation: str
    messages: tuple[Shown, ...]
    expects: Expects
    closed: bool = False


class NoSuchConversation(Exception):
    """There is no such conversation, or it was cleared."""


class FrontDoor(Protocol):
    """Hears messages and answers them. One turn at a time for each conversation."""

    async def begin(
        self, *, channel: str, audience: str | None = None, language: str | None = None
    ) -> tuple[Exchange, str]:
        """Open a conversation; return what it says first, and the token that opens it again."""

    async def hear(self, message: InboundMessage) -> Exchange:
        """Keep, screen, decide, record. The same `external_id` again gives the same result, handled once.

        Raises `NoSuchConversation` where `address` is not a conversation that can be written to.
        """

    async def read_back(self, conversation: str, *, after: int = 0) -> Exchange:
        """Return both sides' messages after a sequence number, and what is expected now."""

    async def find(self, token: str) -> str | None:
        """Return the conversation a token opens, or None."""

    async def forget(self, conversation: str) -> None:
        """Clear the chat from the person's device: the token opens it no more. What was sent is kept."""

"""What every channel speaks: one message in, one message out, and the ways sending can fail."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class MessageKind(StrEnum):
    """What a person sent us. Everything that is not words keeps its caption in `text`."""

    START = "start"  # opened the chat; `text` holds the command, `payload` the deep link's words
    TEXT = "text"
    CHOICE = "choice"  # tapped a button
    EDIT = "edit"  # changed words sent earlier; `edits` names that message
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    DOCUMENT = "document"
    LOCATION = "location"
    CONTACT = "contact"
    STICKER = "sticker"
    OTHER = "other"  # poll, dice, story, and what a channel adds tomorrow


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something sent that is not words. We keep the channel's own reference and never open it unasked.

    `data` is small channel-native content worth keeping with the turn: a location's coordinates,
    a contact card's number. `size` is in bytes.
    """

    kind: MessageKind
    reference: str = ""
    name: str = ""
    media_type: str = ""
    size: int = 0
    data: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message from a person, in the shape every channel shares.

    `address` finds the person again on that channel (Telegram's chat id, the web chat's conversation id).
    `external_id` is the channel's own id of this message: the same id again is the same message.
    `order` is the channel's own order within one address, rising; 0 where the channel has none.
    `choice` is the id of a tapped button, or a control (`back`, `skip`, `keep`, `person`, ...); `prompt` is
    the number of the question the button belonged to, so that an old button is known as old.
    `ref` is what the channel needs to change what it showed (Telegram's message id of the keyboard).
    """

    channel: str
    address: str
    external_id: str
    received_at: datetime
    kind: MessageKind = MessageKind.TEXT
    text: str = ""
    choice: str | None = None
    choices: tuple[str, ...] | None = None
    prompt: int | None = None
    order: int = 0
    edits: str | None = None
    payload: str = ""
    language: str | None = None
    attachment: Attachment | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One button. `id` is ASCII and short enough for any channel's button data: at most 40 characters, or 63 where
    its message has no `prompt`.
    """

    id: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class SentFile:
    """A small file of ours that goes with a message, where a channel takes files."""

    name: str
    media_type: str
    content: str


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message to send.

    `id` is the outbox row's. `prompt` numbers the question that `choices` answer. `controls` are the quiet
    buttons under the answers (back, skip, talk to a person). `replaces` is the channel's `ref` of a
    message to change in place where the channel can; a channel that cannot sends a new one.
    `urgent` asks the channel to make itself heard. `subject` is for channels whose messages have one.
    """

    id: str
    channel: str
    address: str
    text: str
    choices: tuple[Choice, ...] = ()
    controls: tuple[Choice, ...] = ()
    multiple: bool = False
    prompt: int | None = None
    replaces: str = ""
    urgent: bool = False
    subject: str = ""
    file: SentFile | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the channel said when it took a message: its own ids, one for each part sent."""

    refs: tuple[str, ...] = ()


class SendError(Exception):
    """A message did not go. `retryable` says whether trying again can help. Never holds the message's words."""

    retryable = True

    def __init__(self, why: str = "", *, retry_after: timedelta | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class RecipientUnreachable(SendError):
    """The person blocked us or deleted the chat. Trying again will not help."""

    retryable = False


class MessageRefused(SendError):
    """The channel will never take this message as it is."""

    retryable = False


class RecipientMoved(SendError):
    """The chat has a new address: send there instead."""

    def __init__(self, new_address: str) -> None:
        super().__init__("the chat has moved")
        self.new_address = new_address


class SlowDown(SendError):
    """The channel asks us to wait `retry_after`."""


class ChannelDown(SendError):
    """The channel could not be reached, or failed on its side."""


class Channel(Protocol):
    """Sends messages on one channel. Raises `SendError` and its kinds, and nothing else."""

    name: str

    async def send(self, message: OutboundMessage) -> Receipt: ...

    async def show_typing(self, address: str) -> None:
        """Show that an answer is coming. Never raises: it is a courtesy."""

    async def clear(self, address: str, refs: tuple[str, ...]) -> int:
        """Take what can be taken from the person's screen; return how many of `refs` went."""

"""Reads what Telegram sends: each update becomes a message of ours, or says why it is none."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import orjson
import telegram
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.base import Attachment, InboundMessage, MessageKind

NAME = "telegram"

# https://core.telegram.org/bots/api#update
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post")

LARGEST_UPDATE = 1024 * 1024
"""In bytes: many times the largest update that Telegram makes."""

COMMANDS = {
    "help": "help",
    "stop": "stop",
    "back": "back",
    "skip": "skip",
    "person": "person",
    "delete": "delete",
    "restart": "restart",
    "exit": "quick_exit",
    "privacy": "privacy",
    "change": "change",
}
"""What people may type after a slash, and the control that it means."""


class NotFromTelegram(Exception):
    """The secret header is missing or wrong: answer 403."""


class BadUpdate(Exception):
    """What came is not an update: answer 400. Never holds what came."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The message came from a group or a channel. We talk to one person at a time: say so once, and leave."""

    chat_id: int
    leave: bool = True


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person blocked us, or the duty chat threw us out: nothing sent there will arrive."""

    address: str


@dataclass(frozen=True, slots=True)
class Unblocked:
    """The person let us in again."""

    address: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A group became a supergroup, with a new address."""

    address: str
    new_address: str


@dataclass(frozen=True, slots=True)
class StaffPress:
    """A press of a button that is for duty workers only, in the duty chat or in a worker's own."""

    choice: str
    address: str
    tapper: str
    query: str
    ref: str = ""


Heard: TypeAlias = InboundMessage | Refusal | Blocked | Unblocked | Moved | StaffPress | None
"""What an update says. `None` is nothing for us: a service message, the duty chat's talk, a stranger's press."""


def read_update(
    update: telegram.Update, received_at: datetime, *, staff_chats: frozenset[str] = frozenset()
) -> Heard:
    """Return what `update` says. Never raises on anything Telegram may send.

    `order` is the update's id. It rises with every update of the bot, whatever its kind, except that Telegram
    begins at a random number after a week without any: so a lower order than the last is old only within a week.
    https://core.telegram.org/bots/api#update
    """
    if update.callback_query is not None:
        return _read_press(update, update.callback_query, received_at, staff_chats)
    if update.my_chat_member is not None:
        return _read_membership(update.my_chat_member, staff_chats)
    message = update.message or update.edited_message or update.channel_post
    if message is None:
        return None
    if message.migrate_to_chat_id:
        return Moved(str(message.chat.id), str(message.migrate_to_chat_id))
    if message.migrate_from_chat_id and str(message.migrate_from_chat_id) in staff_chats:
        return Moved(str(message.migrate_from_chat_id), str(message.chat.id))
    if message.chat.type != ChatType.PRIVATE:
        return None if str(message.chat.id) in staff_chats or _is_goodbye(message) else Refusal(message.chat.id)
    if any(getattr(message, name, None) for name in _SERVICE):
        return None
    return _read_message(update, message, received_at)


# What Telegram itself writes into a chat. A person did not say it.
_SERVICE = ("pinned_message", "message_auto_delete_timer_changed", "chat_background_set", "write_access_allowed")


def _is_goodbye(message: telegram.Message) -> bool:
    """Telegram reports our own leaving as a message; to answer it would be to refuse for ever."""
    return message.left_chat_member is not None


def _read_message(update: telegram.Update, message: telegram.Message, received_at: datetime) -> InboundMessage:
    text = message.text or message.caption or ""
    attachment = None if message.text is not None else _read_attachment(message)
    if attachment is not None and message.poll is not None:
        text = message.poll.question
    common: dict[str, Any] = {
        "channel": NAME,
        "address": str(message.chat.id),
        "received_at": received_at,
        "order": update.update_id,
        "language": _language(message.from_user),
        "ref": str(message.message_id),
        "text": text,
        "attachment": attachment,
    }
    if update.edited_message is not None:
        stamp = int(message.edit_date.timestamp()) if message.edit_date else 0
        return InboundMessage(
            **common,
            external_id=f"e{message.message_id}:{stamp}",
            kind=MessageKind.EDIT,
            edits=f"m{message.message_id}",
        )
    common["external_id"] = f"m{message.message_id}"
    if attachment is not None:
        return InboundMessage(**common, kind=attachment.kind)
    return InboundMessage(**common, **_read_command(text))


_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(?P<rest>.*))?", re.DOTALL)


def _read_command(text: str) -> dict[str, Any]:
    """Return the fields that a command sets; none for plain words, and for a command we do not know."""
    command = _COMMAND.fullmatch(text.strip()) if text.startswith("/") else None
    if command is None:
        return {}
    name = command["name"].lower()
    if name == "start":
        return {"kind": MessageKind.START, "payload": (command["rest"] or "").strip()}
    if name in COMMANDS:
        return {"kind": MessageKind.CHOICE, "choice": COMMANDS[name]}
    return {}


def _language(person: telegram.User | None) -> str | None:
    return person.language_code if person is not None else None


# Presses

_PRESS = re.compile(
    r"(?P<prompt>\d{1,9}):(?P<choice>[\x21-\x7e]{1,40})|:(?P<alone>[\x21-\x7e]{1,63})"  # 64 bytes in all
)


def _read_press(
    update: telegram.Update, query: telegram.CallbackQuery, received_at: datetime, staff_chats: frozenset[str]
) -> Heard:
    message = query.message
    address = message.chat.id if message is not None else query.from_user.id
    if is_for_staff(query):
        ref = str(message.message_id) if message is not None else ""
        return StaffPress(choice_of(query.data) or "", str(address), str(query.from_user.id), query.id, ref)
    if query.from_user.id != address:  # in a private chat the chat's id is the person's
        is_group = message is not None and message.chat.type != ChatType.PRIVATE
        return Refusal(address) if is_group and str(address) not in staff_chats else None
    parsed = _PRESS.fullmatch(query.data or "")
    return InboundMessage(
        channel=NAME,
        address=str(address),
        external_id=f"c{query.id}",
        received_at=received_at,
        kind=MessageKind.CHOICE,
        text=label_pressed(query),
        choice=(parsed["choice"] or parsed["alone"]) if parsed else None,
        prompt=int(parsed["prompt"]) if parsed and parsed["prompt"] else None,
        order=update.update_id,
        language=_language(query.from_user),
        ref=str(message.message_id) if message is not None else "",
    )


def buttons_shown(query: telegram.CallbackQuery) -> list[telegram.InlineKeyboardButton]:
    """Return the buttons under the message that was pressed; none where Telegram no longer shows it to us."""
    markup = getattr(query.message, "reply_markup", None)
    return [button for row in markup.inline_keyboard for button in row] if markup is not None else []


TICK = "✓ "


def label_pressed(query: telegram.CallbackQuery) -> str:
    """Return the words on the button, or nothing where they cannot be known."""
    labels = (b.text for b in buttons_shown(query) if b.callback_data == query.data)
    return next(labels, "").removeprefix(TICK)


def choice_of(data: object) -> str | None:
    """Return the choice id in a button's data."""
    parsed = _PRESS.fullmatch(data) if isinstance(data, str) else None
    return (parsed["choice"] or parsed["alone"]) if parsed else None


_FOR_STAFF = re.compile(r":ack\.[0-9a-f]{32}")


def is_for_staff(query: telegram.CallbackQuery) -> bool:
    """Say whether the button that was pressed is one of those we show to duty workers only."""
    return isinstance(query.data, str) and _FOR_STAFF.fullmatch(query.data) is not None


def webhook_reply(update: telegram.Update) -> dict[str, Any] | None:
    """Return the body that answers the webhook and the press in one, or None where nothing was pressed.

    A duty worker's press is answered later, with who has the alert.

    https://core.telegram.org/bots/api#making-requests-when-getting-updates
    """
    if update.callback_query is None or is_for_staff(update.callback_query):
        return None
    return {"method": "answerCallbackQuery", "callback_query_id": update.callback_query.id}


# Membership


def _read_membership(change: telegram.ChatMemberUpdated, staff_chats: frozenset[str]) -> Heard:
    if change.old_chat_member is None or change.new_chat_member is None:
        return None
    old, new = change.old_chat_member.status, change.new_chat_member.status
    address = str(change.chat.id)
    is_out = new in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    was_out = old in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    if change.chat.type == ChatType.PRIVATE or address in staff_chats:
        if is_out == was_out:
            return None
        return Blocked(address) if is_out else Unblocked(address)
    return None if is_out else Refusal(change.chat.id)


# What is not words

_Reader: TypeAlias = Callable[[Any], Attachment]


def _file(kind: MessageKind, name: str = "") -> _Reader:
    def read(sent: Any) -> Attachment:
        file = sent[-1] if isinstance(sent, tuple) else sent  # a photo comes in sizes, the largest last
        return Attachment(
            kind=kind,
            reference=json.dumps({"file_id": file.file_id, "file_unique_id": file.file_unique_id}),
            name=getattr(file, "file_name", None) or name,
            media_type=getattr(file, "mime_type", None) or "",
            size=file.file_size or 0,
        )

    return read


def _location(sent: telegram.Location) -> Attachment:
    place = {"latitude": str(sent.latitude), "longitude": str(sent.longitude)}
    return Attachment(kind=MessageKind.LOCATION, data=place)


def _venue(sent: telegram.Venue) -> Attachment:
    place = _location(sent.location).data | {"address": sent.address}
    return Attachment(kind=MessageKind.LOCATION, name=sent.title, data=place)


def _contact(sent: telegram.Contact) -> Attachment:
    name = f"{sent.first_name} {sent.last_name or ''}".strip()
    return Attachment(kind=MessageKind.CONTACT, name=name, data={"phone_number": sent.phone_number})


def _sticker(sent: telegram.Sticker) -> Attachment:
    return _file(MessageKind.STICKER, sent.emoji or "")(sent)


def _poll(sent: telegram.Poll) -> Attachment:
    options = {f"option_{n}": option.text for n, option in enumerate(sent.options, 1)}
    return Attachment(kind=MessageKind.OTHER, name="poll", data=options)


def _named(name: str) -> _Reader:
    return lambda _sent: Attachment(kind=MessageKind.OTHER, name=name)


# In this order: an animation comes as a document too, and a venue as a location. https://core.telegram.org/bots/api#message
_READERS: Mapping[str, _Reader] = {
    "animation": _file(MessageKind.VIDEO, "animation"),
    "photo": _file(MessageKind.PHOTO),
    "video": _file(MessageKind.VIDEO),
    "video_note": _file(MessageKind.VIDEO),
    "voice": _file(MessageKind.VOICE),
    "audio": _file(MessageKind.VOICE),
    "document": _file(MessageKind.DOCUMENT),
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "sticker": _sticker,
    "poll": _poll,
    "dice": _named("dice"),
    "story": _named("story"),
}


def _read_attachment(message: telegram.Message) -> Attachment:
    """Return what was sent in place of words; something of a kind we do not know is still something sent."""
    for name, read in _READERS.items():
        if sent := getattr(message, name):
            return read(sent)
    return Attachment(kind=MessageKind.OTHER)


# From bytes to updates


def parse_webhook(
    body: bytes, secret_header: str | None, expected_secret: str, bot: telegram.Bot | None = None
) -> telegram.Update:
    """Return the update in a webhook's body. Raises `NotFromTelegram` and `BadUpdate`.

    https://core.telegram.org/bots/api#setwebhook
    """
    given = (secret_header or "").encode("utf-8", "replace")
    if not expected_secret or not hmac.compare_digest(given, expected_secret.encode()):
        raise NotFromTelegram("the secret is missing or wrong")
    if len(body) > LARGEST_UPDATE:
        raise BadUpdate("too long")
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadUpdate("not JSON") from None
    return parse_update(data, bot)


def parse_update(data: Any, bot: telegram.Bot | None = None) -> telegram.Update:
    """Return the update. Where a part of it cannot be read the words in it still are. Raises `BadUpdate`."""
    if not isinstance(data, dict) or type(data.get("update_id")) is not int:
        raise BadUpdate("not an update")
    for shape in (data, _words_of(data)):
        try:
            return telegram.Update.de_json(shape, bot)
        except Exception:  # noqa: S112 - whatever a new kind of message breaks, the words in it must not be lost
            continue
    raise BadUpdate("an update that cannot be read")


_MESSAGE_HEAD = ("message_id", "date", "edit_date", "text", "caption")


def _words_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return the update with nothing in its message but who, when and the words."""
    words: dict[str, Any] = {"update_id": data["update_id"]}
    for name in ("message", "edited_message"):
        message = data.get(name)
        if isinstance(message, dict):
            kept = {key: message[key] for key in _MESSAGE_HEAD if key in message}
            words[name] = kept | {
                "chat": _only(message.get("chat"), "id", "type"),
                "from": _only(message.get("from"), "id", "is_bot", "first_name", "language_code"),
            }
    return words


def _only(data: Any, *names: str) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data} if isinstance(data, dict) else {}

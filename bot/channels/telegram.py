"""Telegram: sends our messages, and offers what the other `telegram_…` modules read and bring in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import telegram
from telegram.error import TelegramError

from bot.channels.base import Choice, MessageRefused, OutboundMessage, Receipt, SentFile
from bot.channels.telegram_arrivals import ArrivalOrder, TelegramPoller, UpdateSequencer
from bot.channels.telegram_calls import as_send_error, attempt, call
from bot.channels.telegram_layout import rows_of_answers, rows_of_controls, split_text, utf16_length
from bot.channels.telegram_transport import LeanRequest
from bot.channels.telegram_updates import (
    ALLOWED_UPDATES,
    COMMANDS,
    NAME,
    TICK,
    BadUpdate,
    Blocked,
    Heard,
    Moved,
    NotFromTelegram,
    Refusal,
    StaffPress,
    Unblocked,
    buttons_shown,
    choice_of,
    parse_update,
    parse_webhook,
    read_update,
    webhook_reply,
)
from bot.clock import Clock

__all__ = [
    "ALLOWED_UPDATES",
    "COMMANDS",
    "CONTROLS",
    "DONE",
    "ArrivalOrder",
    "BadUpdate",
    "Blocked",
    "Heard",
    "Moved",
    "NotFromTelegram",
    "Refusal",
    "StaffPress",
    "TelegramChannel",
    "TelegramPoller",
    "TelegramUpdate",
    "TelegramWords",
    "Unblocked",
    "UpdateSequencer",
    "connect",
    "make_bot",
    "parse_update",
    "parse_webhook",
    "read_update",
    "set_up",
    "split_text",
    "utf16_length",
    "webhook_reply",
]

TelegramUpdate = telegram.Update

log = logging.getLogger(__name__)

PUBLIC_API = "https://api.telegram.org"

DONE = "done"
"""The choice id of the button that ends a choice of several."""

CONTROLS = frozenset(
    {"back", "person", "help", "stop", "restart", "delete", "quick_exit", "privacy", "change", DONE}
)
"""Buttons that do not answer the question they stand under, and so are not shown as its answer."""

_LONGEST_DATA = 64  # bytes. https://core.telegram.org/bots/api#inlinekeyboardbutton
_LONGEST_ANSWER = 200  # characters. https://core.telegram.org/bots/api#answercallbackquery
_MOST_DELETED = 100  # messages at once. https://core.telegram.org/bots/api#deletemessages
_MOST_REFUSED_REMEMBERED = 1000
_SAME = ("message_is_not_modified",)
_GONE = ("message_to_edit_not_found", "message_can_t_be_edited", "MESSAGE_ID_INVALID")


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramWords:
    """The words of Telegram's own places. `commands` maps a command to what the menu says of it."""

    done: str
    group_refusal: str
    commands: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    short_description: str = ""


def make_bot(token: str, *, api_url: str = PUBLIC_API, connections: int = 64) -> telegram.Bot:
    """Return a bot on the lean transport. `api_url` is the root of a Bot API server."""
    # PTB writes every call with its words at DEBUG, and httpx every address with the token at INFO.
    for name in ("telegram", "httpx"):
        logging.getLogger(name).setLevel(logging.WARNING)
    root = api_url.rstrip("/")
    return telegram.Bot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=LeanRequest(connections=connections),
        get_updates_request=LeanRequest(connections=2),
    )


async def connect(bot: telegram.Bot) -> None:
    """Open the transport and check the token. Raises `ChannelDown`."""
    try:
        await bot.initialize()
    except TelegramError as error:
        failure = as_send_error(error)
    else:
        return
    raise failure


async def set_up(
    bot: telegram.Bot,
    *,
    mode: Literal["polling", "webhook"],
    words: TelegramWords,
    url: str = "",
    secret: str = "",
) -> None:
    """Tell Telegram where updates go, keeping those that wait, and what the menu says. Raises `SendError`.

    Only where updates go must succeed: a menu is a courtesy.
    """
    if mode == "webhook":
        where = {"url": url, "secret_token": secret, "allowed_updates": ALLOWED_UPDATES, "max_connections": 40}
        await call(bot, "setWebhook", where)
    else:
        await call(bot, "deleteWebhook", {"drop_pending_updates": False})
    commands = [{"command": name, "description": says} for name, says in words.commands.items()]
    await attempt(bot, "setMyCommands", {"commands": commands})
    await attempt(bot, "setMyDescription", {"description": words.description})
    await attempt(bot, "setMyShortDescription", {"short_description": words.short_description})


class TelegramChannel:
    """Talks to people in private chats, and to the duty chat. Implements `Channel`."""

    name = NAME

    def __init__(
        self,
        bot: telegram.Bot,
        *,
        words: TelegramWords,
        clock: Clock,
        staff_chats: frozenset[str] = frozenset(),
        controls: frozenset[str] = CONTROLS,
    ) -> None:
        self._bot = bot
        self._words = words
        self._clock = clock
        self._staff_chats = staff_chats
        self._controls = controls
        self._refused: dict[int, None] = {}

    def read(self, update: telegram.Update) -> Heard:
        """Return what `update` says, received now."""
        heard = read_update(update, self._clock.now(), staff_chats=self._staff_chats)
        if isinstance(heard, Moved) and heard.address in self._staff_chats:
            self._staff_chats |= {heard.new_address}  # the duty chat goes on under a new number
            log.error("telegram.duty_chat_moved", extra={"mend": "set FRONTDOOR_TELEGRAM_DUTY_CHAT_ID anew"})
        return heard

    # Sending

    async def send(self, message: OutboundMessage) -> Receipt:
        """Send in as many parts as it needs, the buttons under the last; or change `replaces` in place."""
        parts = split_text(_sendable(message.text))
        if not parts:
            raise MessageRefused("no_words")
        fields = {
            "chat_id": _chat_id(message.address),
            "link_preview_options": {"is_disabled": True},
        }
        markup = self._markup(message)
        if message.replaces and len(parts) == 1:
            receipt = await self._change(fields, message.replaces, parts[0], markup)
            if receipt is not None:
                return receipt
        if message.urgent:
            fields["disable_notification"] = False
        refs = []
        for part in parts[:-1]:
            refs.append(await self._send_part(fields | {"text": part}))
        last = fields | {"text": parts[-1]}
        refs.append(await self._send_part(last | {"reply_markup": markup} if markup else last))
        if message.file is not None:
            refs.append(await self._send_file(_chat_id(message.address), message.file))
        return Receipt(tuple(refs))

    async def _send_file(self, chat_id: int | str, file: SentFile) -> str:
        """https://core.telegram.org/bots/api#senddocument"""
        document = telegram.InputFile(file.content.encode(), filename=file.name)
        sent = await call(self._bot, "sendDocument", {"chat_id": chat_id, "document": document})
        return str(sent.get("message_id", "")) if isinstance(sent, dict) else ""

    async def _send_part(self, fields: dict[str, Any]) -> str:
        sent = await call(self._bot, "sendMessage", fields)
        return str(sent.get("message_id", "")) if isinstance(sent, dict) else ""

    async def _change(
        self, fields: dict[str, Any], ref: str, text: str, markup: dict[str, Any] | None
    ) -> Receipt | None:
        """Change a message of ours; return None where there is nothing left to change."""
        if not ref.isdecimal():
            return None
        changed = fields | {"message_id": int(ref), "text": text}
        if markup:
            changed["reply_markup"] = markup
        try:
            await call(self._bot, "editMessageText", changed)
        except MessageRefused as error:
            if str(error) not in _SAME and str(error) not in _GONE:
                raise
            if str(error) in _GONE:
                return None
        return Receipt((ref,))

    def _markup(self, message: OutboundMessage) -> dict[str, Any] | None:
        # Plain dicts: PTB's own button classes cost 60 µs a keyboard, and end as the same JSON.
        answers = [_button(message.prompt, choice) for choice in message.choices]
        rows = rows_of_answers(answers, [button["text"] for button in answers])
        if message.multiple and answers:
            rows.append([_button(message.prompt, Choice(DONE, self._words.done))])
        controls = [_button(message.prompt, choice) for choice in message.controls]
        rows += rows_of_controls(controls, [button["text"] for button in controls])
        return {"inline_keyboard": rows} if rows else None

    async def show_typing(self, address: str) -> None:
        await attempt(self._bot, "sendChatAction", {"chat_id": _chat_id(address), "action": "typing"})

    async def clear(self, address: str, refs: tuple[str, ...]) -> int:
        """Take messages off the person's screen; return how many went.

        Telegram lets a bot delete what is younger than 48 hours, and says of a batch only that it was done: those
        it no longer knew count as gone, which they are. Where it refuses a batch we delete one by one.
        https://core.telegram.org/bots/api#deletemessage
        """
        ids = [int(ref) for ref in refs if ref.isdecimal()]
        chat_id = _chat_id(address)
        gone = 0
        for start in range(0, len(ids), _MOST_DELETED):
            batch = ids[start : start + _MOST_DELETED]
            if await attempt(self._bot, "deleteMessages", {"chat_id": chat_id, "message_ids": batch}):
                gone += len(batch)
                continue
            for message_id in batch:
                gone += await attempt(self._bot, "deleteMessage", {"chat_id": chat_id, "message_id": message_id})
        return gone

    # Answering what was done on the screen

    async def acknowledge(
        self, update: telegram.Update, *, answered: bool = False, show_choice: bool = True
    ) -> None:
        """Stop the pressed button's waiting sign, and leave of an answered question only the answer. Never raises.

        `answered` says that the webhook's own answer carried `webhook_reply`; then this is one call, or none.
        """
        query = update.callback_query
        if query is None:
            return
        calls = []
        if not answered:
            calls.append(attempt(self._bot, "answerCallbackQuery", {"callback_query_id": query.id}))
        if show_choice and (shown := self._answer_shown(query)) is not None:
            calls.append(attempt(self._bot, "editMessageReplyMarkup", shown))
        if len(calls) == 1:
            await calls[0]
        elif calls:
            await asyncio.gather(*calls)

    async def answer_press(self, press: StaffPress, text: str) -> None:
        """Tell a duty worker what became of their press, over the chat. Never raises."""
        shown = {"callback_query_id": press.query, "text": text[:_LONGEST_ANSWER], "show_alert": True}
        await attempt(self._bot, "answerCallbackQuery", shown)

    def _answer_shown(self, query: telegram.CallbackQuery) -> dict[str, Any] | None:
        """Return what shows the choice on the old keyboard; None where nothing is to be shown."""
        buttons = buttons_shown(query)
        pressed = next((b for b in buttons if b.callback_data == query.data), None)
        if pressed is None or query.message is None or choice_of(query.data) in self._controls:
            return None
        if any(choice_of(button.callback_data) == DONE for button in buttons):
            return None  # one of several: the question comes again with its ticks
        if len(buttons) == 1 and pressed.text.startswith(TICK):
            return None  # shown already
        ticked = {"text": TICK + pressed.text.removeprefix(TICK), "callback_data": query.data}
        return {
            "chat_id": query.message.chat.id,
            "message_id": query.message.message_id,
            "reply_markup": {"inline_keyboard": [[ticked]]},
        }

    async def refuse(self, refusal: Refusal) -> None:
        """Say in a group or channel, once, that we talk to one person at a time; and leave. Never raises."""
        if refusal.chat_id not in self._refused:
            self._refused[refusal.chat_id] = None
            if len(self._refused) > _MOST_REFUSED_REMEMBERED:
                del self._refused[next(iter(self._refused))]
            await attempt(
                self._bot, "sendMessage", {"chat_id": refusal.chat_id, "text": self._words.group_refusal}
            )
        if refusal.leave and await attempt(self._bot, "leaveChat", {"chat_id": refusal.chat_id}):
            self._refused.pop(refusal.chat_id, None)  # whoever adds us again is told again


def _button(prompt: int | None, choice: Choice) -> dict[str, str]:
    data = f"{'' if prompt is None else prompt}:{choice.id}"
    if not data.isascii() or len(data) > _LONGEST_DATA:
        raise MessageRefused("choice_id_unfit")
    return {"text": _sendable(TICK + choice.label if choice.chosen else choice.label), "callback_data": data}


def _sendable(text: str) -> str:
    """Return `text` without halves of surrogate pairs, which no UTF-8 can carry."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


def _chat_id(address: str) -> int | str:
    return int(address) if address.removeprefix("-").isdecimal() else address

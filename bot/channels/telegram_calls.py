"""Calls one method of Telegram's Bot API, and turns its errors into ours."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import telegram
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.base import (
    ChannelDown,
    MessageRefused,
    RecipientMoved,
    RecipientUnreachable,
    SendError,
    SlowDown,
)

log = logging.getLogger(__name__)


async def call(bot: telegram.Bot, method: str, fields: Mapping[str, Any]) -> Any:
    """Call a method of the Bot API through PTB. Raises `SendError`.

    By `Bot._post`, which every method of `Bot` ends in: `send_message` with a keyboard costs 200 µs besides,
    nearly all to build objects from an answer of which we want one number. Addresses, encoding, transport and
    errors stay PTB's. `bench/telegram_transport.py` measures it; the tests check each call against the API.
    """
    failure: SendError
    try:
        return await bot._post(method, dict(fields))
    except TelegramError as error:
        failure = as_send_error(error)
    except KeyError:  # an answer that says ok, and nothing else
        failure = ChannelDown("odd_answer")
    raise failure  # here, not above: PTB's error would come along as its context, with the words it holds


async def attempt(bot: telegram.Bot, method: str, fields: Mapping[str, Any]) -> bool:
    """Call, and return whether it went well."""
    try:
        await call(bot, method, fields)
    except SendError as error:
        log.info("telegram.call_failed", extra={"method": method, "error": str(error)})
        return False
    return True


# How Telegram begins the descriptions that we tell apart. https://core.telegram.org/bots/api#making-requests
_UNREACHABLE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "group chat was deactivated",
    "not enough rights",
    "have no rights to send a message",
    "need administrator rights",
    "chat_write_forbidden",
    "user_is_blocked",
    "input_user_deactivated",
)
_REASONS = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "message text is empty",
    "text must be non-empty",
    "message is too long",
    "query is too old",
)


def as_send_error(error: TelegramError) -> SendError:
    """Return ours for PTB's. It holds a code, never words of the message and never the token."""
    match error:
        case Forbidden():
            return RecipientUnreachable("forbidden")
        case ChatMigrated():
            return RecipientMoved(str(error.new_chat_id))
        case RetryAfter():
            return SlowDown("slow_down", retry_after=retry_after(error))
        case InvalidToken():
            return ChannelDown("token_refused")
        case Conflict():
            return ChannelDown("conflict")
        case BadRequest():  # before NetworkError, of which PTB makes it a kind
            said = error.message.lower()
            if said.startswith(_UNREACHABLE):
                return RecipientUnreachable("chat_not_found")
            return MessageRefused(_reason(error.message))
        case TimedOut():
            return ChannelDown("timed_out")
        case _:
            return ChannelDown("network")


def retry_after(error: RetryAfter) -> timedelta:
    """Return how long Telegram asks us to wait."""
    # the property warns, at every reading, that its type will change
    wait: timedelta = error._retry_after
    return wait


def _reason(description: str) -> str:
    """Return a code for why, of Telegram's own making: its descriptions may quote the message."""
    if re.fullmatch(r"[A-Z0-9_]{3,60}", description.upper()) and "_" in description:
        return description.upper()
    known: Sequence[str] = [reason for reason in _REASONS if description.lower().startswith(reason)]
    return re.sub(r"[^a-z]+", "_", known[0]) if known else "bad_request"

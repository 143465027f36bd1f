"""GOV.UK Notify: tells duty workers by text message and e-mail. https://docs.notifications.service.gov.uk/python.html"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeAlias

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from bot.channels.base import (
    ChannelDown,
    MessageRefused,
    OutboundMessage,
    Receipt,
    RecipientUnreachable,
    SendError,
    SlowDown,
)

_Client: TypeAlias = Any
"""A `NotificationsAPIClient`, which says nothing of its types."""

SMS, EMAIL = "sms", "email"
ANSWERED_WITHIN = timedelta(seconds=10)
AT_ONCE = 8
_WAIT_WHEN_TOLD = timedelta(seconds=30)
"""Notify limits calls a minute and does not say for how long to wait."""


class Notify:
    """The client, which waits for its answers, in threads of its own: each has one, as it is not safe to share.

    Raises `SendError` and its kinds only.
    """

    def __init__(self, api_key: str, url: str, *, answered_within: timedelta = ANSWERED_WITHIN) -> None:
        # What it logs of an error is Notify's own text, which may quote a number.
        logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)
        self._api_key = api_key
        self._url = url
        self._seconds = answered_within.total_seconds()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="notify")
        self._own = threading.local()

    async def call(self, work: Callable[[_Client], Any]) -> str:
        """Return the id of the notification that was made."""
        loop = asyncio.get_running_loop()
        failure: SendError
        try:
            async with asyncio.timeout(self._seconds):
                answer = await loop.run_in_executor(self._threads, lambda: work(self._client()))
        except TimeoutError:
            failure = ChannelDown("timed_out")
        except APIError as error:
            failure = as_send_error(error)
        else:
            return str(answer.get("id", "")) if isinstance(answer, dict) else ""
        raise failure  # here, not above: theirs would come along as its context, with what it quotes

    def _client(self) -> _Client:
        if not hasattr(self._own, "client"):
            make: Any = NotificationsAPIClient
            self._own.client = make(self._api_key, base_url=self._url, timeout=self._seconds)
        return self._own.client


class NotifyChannel:
    """One of Notify's ways, by one template of the area's. Implements `Channel`."""

    def __init__(self, name: str, notify: Notify, template: str) -> None:
        self.name = name
        self._notify = notify
        self._template = template

    async def send(self, message: OutboundMessage) -> Receipt:
        if self.name == SMS:
            said = {"message": message.text}

            def send(client: _Client) -> Any:
                return client.send_sms_notification(message.address, self._template, said, reference=message.id)
        else:
            said = {"message": message.text, "subject": message.subject or message.text.partition("\n")[0]}

            def send(client: _Client) -> Any:
                return client.send_email_notification(message.address, self._template, said, reference=message.id)

        return Receipt((await self._notify.call(send),))

    async def show_typing(self, address: str) -> None:
        del address

    async def clear(self, address: str, refs: tuple[str, ...]) -> int:
        """What is on a phone is out of our reach."""
        del address, refs
        return 0


def as_send_error(error: APIError) -> SendError:
    """Return ours for Notify's. https://docs.notifications.service.gov.uk/python.html#error-codes"""
    match error.status_code:
        case 400 if _is_about_the_recipient(error):
            return RecipientUnreachable("recipient_refused")
        case 400 | 404 | 413:
            return MessageRefused("refused")
        case 401 | 403:
            return ChannelDown("key_refused")
        case 429:
            return SlowDown("slow_down", retry_after=_WAIT_WHEN_TOLD)
        case _:
            return ChannelDown("notify_failed")


def _is_about_the_recipient(error: APIError) -> bool:
    said = str(error.message)
    return any(name in said for name in ("phone_number", "email_address", "team-only"))

"""What is sent by GOV.UK Notify arrives there as it asks, and each way it fails is known for what it is."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from bot.channels.base import (
    ChannelDown,
    MessageRefused,
    OutboundMessage,
    RecipientUnreachable,
    SendError,
    SlowDown,
)
from bot.channels.notify import Notify, NotifyChannel
from tests.notify.server import API_KEY, EMAIL_TEMPLATE, SMS_TEMPLATE, NotifyServer

PHONE = "07700900123"
TEXT = "Concern in ABC. Urgency: emergency."


def sms(
    server: NotifyServer, *, key: str = API_KEY, template: str = SMS_TEMPLATE, seconds: float = 5
) -> NotifyChannel:
    return NotifyChannel("sms", Notify(key, server.url, answered_within=timedelta(seconds=seconds)), template)


def message(way: str = "sms", to: str = PHONE, **more: str) -> OutboundMessage:
    return OutboundMessage(id="0" * 32, channel=way, address=to, text=TEXT, **more)


async def test_a_text_message_is_sent_as_notify_asks(notify: NotifyServer) -> None:
    """Its own client signs the call; the server checks the signature, the template and what fills it."""
    receipt = await sms(notify).send(message())
    [sent] = notify.sent
    assert (sent.way, sent.to, sent.text, sent.reference) == ("sms", PHONE, TEXT, "0" * 32)
    assert len(receipt.refs[0]) == 36
    assert notify.violations == []


async def test_an_e_mail_has_a_subject(notify: NotifyServer) -> None:
    """A preview on a locked screen shows the subject: it says that a worker is needed, and no more."""
    channel = NotifyChannel("email", Notify(API_KEY, notify.url), EMAIL_TEMPLATE)
    await channel.send(message("email", "ash@exampleshire.example", subject="ABC: a worker is needed now"))
    [sent] = notify.sent
    assert sent.personalisation == {"message": TEXT, "subject": "ABC: a worker is needed now"}


@pytest.mark.parametrize(
    ("status", "said", "ours"),
    [
        (400, "phone_number Not a UK mobile number", RecipientUnreachable),
        (400, "Template not found", MessageRefused),
        (403, "Invalid token", ChannelDown),
        (429, "Exceeded rate limit", SlowDown),
        (500, "Internal server error", ChannelDown),
        (503, "Unavailable", ChannelDown),
    ],
)
async def test_each_refusal_says_what_to_do_next(
    notify: NotifyServer, status: int, said: str, ours: type[SendError]
) -> None:
    """A wrong number will never work; a server that is away will."""
    notify.fail_next(status, message=said)
    with pytest.raises(SendError) as failed:
        await sms(notify).send(message())
    assert type(failed.value) is ours


async def test_a_key_that_is_not_ours_is_not_taken(notify: NotifyServer) -> None:
    """Proves that the server does check who calls."""
    wrong = API_KEY[:-1] + ("1" if API_KEY[-1] == "0" else "0")
    with pytest.raises(ChannelDown, match="key_refused"):
        await sms(notify, key=wrong).send(message())
    assert notify.sent == []


async def test_notify_that_does_not_answer_is_not_waited_for(notify: NotifyServer) -> None:
    """Its client waits in a thread; the alert goes on by other ways meanwhile."""
    notify.slow_by = 30
    with pytest.raises(ChannelDown):
        await sms(notify, seconds=0.2).send(message())


async def test_notify_that_is_gone_is_down(notify: NotifyServer) -> None:
    """Both the cut connection and the closed port."""
    notify.is_down = True
    with pytest.raises(ChannelDown):
        await sms(notify).send(message())
    await notify.stop()
    with pytest.raises(ChannelDown):
        await sms(notify).send(message())


async def test_neither_the_log_nor_the_error_holds_a_number_or_a_word(
    notify: NotifyServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Notify's own words of an error may quote what was sent."""
    caplog.set_level(logging.DEBUG)
    notify.fail_next(400, message=f"phone_number {PHONE} is not on the team-only list for {TEXT}")
    with pytest.raises(RecipientUnreachable) as failed:
        await sms(notify).send(message())
    assert failed.value.__context__ is None
    for text in (caplog.text, repr(failed.value), str(failed.value)):
        assert PHONE not in text
        assert TEXT not in text

"""One tap in Telegram answers an alert, end to end: the whole front door, a Bot API server, both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot.app import build_app
from bot.channels.base import InboundMessage
from bot.clock import SteppedClock
from bot.process import App
from bot.settings import Settings, new_key
from storage.alerts import AlertRecord, AlertStatus
from storage.duty_workers import DutyWorkerRecord
from storage.outbox import OutboxStatus
from storage.unit_of_work import UnitOfWork
from tests.notify.server import API_KEY, EMAIL_TEMPLATE, SMS_TEMPLATE, NotifyServer
from tests.safeguarding.climbing import EMERGENCY
from tests.safeguarding.rotas import staff
from tests.telegram.bot_api_server import BotApiServer
from tests.telegram.chats import Group, Person
from tests.whole.test_on_telegram import _free_port

DUTY_CHAT = -8_000_099


@pytest.fixture
async def telegram() -> AsyncIterator[BotApiServer]:
    server = BotApiServer()
    await server.start()
    duty = server.group("Duty team")
    duty.id = DUTY_CHAT
    server.chats[DUTY_CHAT] = duty
    yield server
    await server.stop()
    assert server.violations == []


@pytest.fixture
async def notify() -> AsyncIterator[NotifyServer]:
    server = NotifyServer()
    await server.start()
    yield server
    await server.stop()
    assert server.violations == []


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(datetime(2026, 3, 2, 10, 0, tzinfo=UTC))


def settings_of(url: str, telegram: BotApiServer, notify: NotifyServer, **more: Any) -> Settings:
    given: dict[str, Any] = {
        "database_url": url,
        "encryption_keys": SecretStr(new_key()),
        "session_secret": SecretStr(new_key()),
        "telegram_token": SecretStr(telegram.token),
        "telegram_api_url": telegram.root_url,
        "telegram_duty_chat_id": str(DUTY_CHAT),
        "notify_api_key": SecretStr(API_KEY),
        "notify_url": notify.url,
        "notify_sms_template": SMS_TEMPLATE,
        "notify_email_template": EMAIL_TEMPLATE,
    }
    return Settings(**{**given, **more})


@pytest.fixture(params=["polling", "webhook"])
async def app(
    request: pytest.FixtureRequest,
    telegram: BotApiServer,
    notify: NotifyServer,
    database_url: str,
    clock: SteppedClock,
) -> AsyncIterator[App]:
    """The whole front door, hearing Telegram both ways, on both databases."""
    if request.param == "polling":
        app = build_app(settings_of(database_url, telegram, notify), clock=clock, write=lambda line: None)
        await app.start(clocks=False)
        yield app
        await app.stop()
        return
    port = await _free_port()
    settings = settings_of(
        database_url,
        telegram,
        notify,
        telegram_mode="webhook",
        telegram_webhook_secret=SecretStr("made-up_secret"),
        telegram_webhook_url=f"http://127.0.0.1:{port}/telegram/webhook",
    )
    app = build_app(settings, clock=clock, write=lambda line: None)

    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(app.serve("127.0.0.1", port, on_ready=ready.set_result, clocks=False))
    await asyncio.wait({ready, serving}, return_when=asyncio.FIRST_COMPLETED)
    assert ready.done()
    yield app
    app.quit()
    await serving


async def alerted(app: App, telegram: BotApiServer) -> tuple[Person, Group, AlertRecord]:
    """Somebody writes that they are in danger, and the duty chat shows it."""
    duty = telegram.chats[DUTY_CHAT]
    assert isinstance(duty, Group)
    person = telegram.person()
    await person.says(EMERGENCY)
    await duty.expects(lambda chat: any("I have this" in m.labels for m in chat.from_bot))
    await person.expects(lambda chat: bool(chat.from_bot))
    [alert] = await app.database.run(lambda uow: uow.alerts.standing())
    await noted(app, alert)
    return person, duty, alert


async def noted(app: App, alert: AlertRecord) -> None:
    """Wait until it is written down which messages told of it: nobody reads and presses in a few milliseconds."""

    def waits(uow: UnitOfWork) -> bool:
        told = [uow.outbox.get(m["id"]) for step in uow.alerts.steps_of(alert.id) for m in step.messages]
        return not told or any(row.status is OutboxStatus.PENDING for row in told)

    for _ in range(500):
        if not await app.database.run(waits):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("what was sent is not written down")


def tap(duty: Group | Person, by: Person) -> None:
    """Press the button of the newest message that has it, as `by`."""
    shown = next(m for m in reversed(duty.from_bot) if m.buttons)
    Person.presses(duty, shown.buttons[0][1], shown, by=by)  # type: ignore[arg-type] - a group is pressed in as well


async def said_to_tapper(telegram: BotApiServer, how_many: int) -> list[str]:
    async with asyncio.timeout(10):
        while len(found := [c for c in telegram.said("answerCallbackQuery") if c.fields.get("text")]) < how_many:
            await telegram.changed()
    return [str(c.fields["text"]) for c in found]


def worker_in_telegram(app: App, telegram: BotApiServer, name: str) -> tuple[Person, DutyWorkerRecord]:
    people = staff(app.database)
    worker = people[name]
    return telegram.person(name, chat_id=int(worker.telegram or 0)), worker


async def test_one_tap_in_the_duty_chat_answers(app: App, telegram: BotApiServer) -> None:
    """Who is on record, the chat says so, and the person is told that it was seen."""
    ash, worker = worker_in_telegram(app, telegram, "Ash")
    person, duty, alert = await alerted(app, telegram)
    tap(duty, ash)
    await duty.expects(lambda chat: "Ash has this, since 10.00am" in chat.last.text and not chat.last.buttons)
    await person.expects(lambda chat: "A duty worker has seen" in chat.last.text)
    kept = await app.database.run(lambda uow: uow.alerts.get(alert.id))
    assert (kept.status, kept.acknowledged_by) == (AlertStatus.ACKNOWLEDGED, worker.id)
    [said] = await said_to_tapper(telegram, 1)
    assert "you have this" in said
    # The worker's own chat said the same, and says now who has it.
    await ash.expects(lambda chat: "Ash has this" in chat.last.text)


async def test_a_tap_in_a_workers_own_chat_answers_and_opens_no_enquiry(app: App, telegram: BotApiServer) -> None:
    """A private chat with the bot is how people write to us: a worker's press is not such a message."""
    ash, _ = worker_in_telegram(app, telegram, "Ash")
    _, duty, alert = await alerted(app, telegram)
    await ash.expects(lambda chat: bool(chat.from_bot))
    tap(ash, ash)
    await duty.expects(lambda chat: "Ash has this" in chat.last.text)
    enquiries = await app.database.run(lambda uow: uow.enquiries.list_for_export())
    assert len(enquiries) == 1
    assert (await app.database.run(lambda uow: uow.alerts.get(alert.id))).status is AlertStatus.ACKNOWLEDGED


async def test_a_second_tap_is_told_who_already_has_it(app: App, telegram: BotApiServer) -> None:
    """From a screen on which the button still stood."""
    ash, _ = worker_in_telegram(app, telegram, "Ash")
    bo = telegram.person("Bo", chat_id=960102)
    _, duty, _ = await alerted(app, telegram)
    button = next(m for m in duty.from_bot if m.buttons)
    data = button.buttons[0][1]
    tap(duty, ash)
    await duty.expects(lambda chat: "Ash has this" in chat.last.text)
    Person.presses(duty, data, button, by=bo)  # type: ignore[arg-type]
    said = await said_to_tapper(telegram, 2)
    assert "Ash has this, since 10.00am" in said[1]


async def test_a_stranger_in_the_duty_chat_is_told_to_sign_in(app: App, telegram: BotApiServer) -> None:
    """Whoever was let into the group is not on record as somebody who may answer; the try is."""
    staff(app.database)
    stranger = telegram.person("Somebody")
    _, duty, alert = await alerted(app, telegram)
    tap(duty, stranger)
    [said] = await said_to_tapper(telegram, 1)
    assert said == "We do not know you here. Sign in at the desk to answer this."
    assert (await app.database.run(lambda uow: uow.alerts.get(alert.id))).status is AlertStatus.RAISED
    acts = [e.act for e in await app.database.run(lambda uow: uow.audit.of(alert.enquiry_id))]
    assert "alert.unknown_tap" in acts
    assert any(m.buttons for m in duty.from_bot)


async def test_a_forged_press_in_a_persons_own_chat_does_nothing(app: App, telegram: BotApiServer) -> None:
    """Anybody can send the data of a button; only a worker's id opens anything."""
    staff(app.database)
    person, _, alert = await alerted(app, telegram)
    person.presses(f":ack.{alert.id}", person.last)
    await said_to_tapper(telegram, 1)
    person.presses(f":ack.{'0' * 32}", person.last)
    said = await said_to_tapper(telegram, 2)
    assert said[0].startswith("We do not know you")
    assert said[1].startswith("We do not know you")
    assert (await app.database.run(lambda uow: uow.alerts.get(alert.id))).status is AlertStatus.RAISED


async def test_the_rungs_reach_telegram_and_notify(
    app: App, telegram: BotApiServer, notify: NotifyServer, clock: SteppedClock
) -> None:
    """The manager at five minutes by text message and by e-mail, as Notify asks."""
    people = staff(app.database)
    for worker in people.values():
        telegram.person(worker.name, chat_id=int(worker.telegram or 0))
    await alerted(app, telegram)
    await notify.expects(1)
    clock.tick(timedelta(minutes=5))
    await app.alerts.tick()
    await notify.expects(4)
    assert {(n.way, n.to) for n in notify.sent} == {
        ("sms", people["Ash"].phone),
        ("sms", people["Bo"].phone),
        ("sms", people["Cam"].phone),
        ("email", people["Cam"].email),
    }
    [mail] = [n for n in notify.sent if n.way == "email"]
    assert mail.personalisation["subject"].endswith("a worker is needed now")


async def test_telegram_and_notify_down_together(
    app: App, telegram: BotApiServer, notify: NotifyServer, clock: SteppedClock
) -> None:
    """By the web chat somebody is in danger; nobody can be told; the incidents stand; then all is told."""
    staff(app.database)
    notify.is_down = True
    telegram.fail_next("sendMessage", 502, "Bad Gateway", times=100)
    exchange, _ = await app.line.begin(channel="webchat")

    message = InboundMessage(
        channel="webchat",
        address=exchange.conversation,
        external_id="1",
        received_at=clock.now(),
        text=EMERGENCY,
    )
    await app.line.hear(message)
    for _ in range(12):
        await app.dispatcher.settle()
        clock.tick(2)
        await app.alerts.tick()
        await app.dispatcher.tick()
    await app.dispatcher.settle()  # what is on its way fails before they are up again: nobody rings again here
    [alert] = await app.database.run(lambda uow: uow.alerts.standing())
    assert alert.rung > 1
    failed = await app.database.run(lambda uow: uow.incidents.standing())
    assert {i.details.get("channel") for i in failed} >= {"telegram", "sms"}
    notify.is_down = False
    telegram._fails.clear()
    clock.tick(timedelta(minutes=1))
    await app.dispatcher.tick()
    await notify.expects(1)
    duty = telegram.chats[DUTY_CHAT]
    await duty.expects(lambda chat: bool(chat.from_bot))

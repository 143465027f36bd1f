"""The bells ring: what is due is a row, but somebody has to look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
from pydantic import SecretStr

from bot.app import build_app
from bot.channels.base import InboundMessage
from bot.clock import SteppedClock
from bot.followups.climbing import give_task
from bot.followups.kinds import FollowUpKind
from bot.process import App
from bot.schedule import Bell, Schedule
from bot.settings import Settings, new_key
from storage.follow_ups import FollowUpRecord
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import begin
from tests.telegram.bot_api_server import BotApiServer


async def test_a_bell_that_is_a_partial_or_a_lambda_rings_as_any_other() -> None:
    """APScheduler runs what it does not know as a coroutine function in a thread, and drops what comes back."""
    rung = {name: asyncio.Event() for name in ("method", "partial", "lambda")}

    async def ring(name: str) -> None:
        rung[name].set()

    async def method() -> None:
        await ring("method")

    soon = timedelta(seconds=0.05)
    schedule = Schedule(
        [
            Bell("method", soon, method),
            Bell("partial", soon, partial(ring, "partial")),
            Bell("lambda", soon, lambda: ring("lambda")),
        ]
    )
    schedule.start()
    async with asyncio.timeout(10):
        await asyncio.gather(*(event.wait() for event in rung.values()))
    schedule.stop()


@pytest.fixture
async def app(sqlite_url: str, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    monkeypatch.setattr("bot.bells.TURNS_BELL", timedelta(seconds=0.1))
    settings = Settings(
        database_url=sqlite_url, encryption_keys=SecretStr(new_key()), session_secret=SecretStr(new_key())
    )
    app = build_app(settings, clock=clock, write=lambda line: None)
    await app.start()
    yield app
    await app.stop()


async def test_the_turns_bell_answers_a_turn_that_was_kept_and_left(app: App, clock: SteppedClock) -> None:
    """A crash between keeping and answering, in another process than this one."""
    exchange, _ = await app.line.begin(channel="webchat")
    message = InboundMessage(
        channel="webchat",
        address=exchange.conversation,
        external_id="1",
        received_at=clock.now(),
        text="no",
    )
    await app.line._keep([message])
    clock.tick(timedelta(seconds=30))
    listener = app.hub.subscribe(exchange.conversation)
    async with asyncio.timeout(10), listener:
        await listener.next()
    assert (await app.line.read_back(exchange.conversation)).expects.field == "role"


async def test_the_follow_ups_bell_keeps_what_is_promised(app: App, clock: SteppedClock) -> None:
    """A promise made by any process, this one or one that died, is looked for by every one that rings bells."""

    def work(uow: UnitOfWork) -> FollowUpRecord:
        enquiry_id, now = begin(uow).enquiry_id, clock.now()
        by = now + timedelta(hours=1)
        kind = FollowUpKind.HELP_TASK
        return give_task(uow, app.house, kind, enquiry_id=enquiry_id, by=by, now=now, why="test")

    made = await app.database.run(work)
    async with asyncio.timeout(10):
        while not (await app.database.run(lambda uow: uow.follow_ups.get(made.id))).steps:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_the_web_chat_opens_while_telegram_is_down(sqlite_url: str, clock: SteppedClock) -> None:
    """Whatever else is broken, people are answered; Telegram joins when it comes back."""
    telegram = BotApiServer()
    await telegram.start()
    port = int(telegram.root_url.rsplit(":", 1)[1])
    await telegram.stop()
    settings = Settings(
        database_url=sqlite_url,
        encryption_keys=SecretStr(new_key()),
        session_secret=SecretStr(new_key()),
        telegram_token=SecretStr(telegram.token),
        telegram_api_url=f"http://127.0.0.1:{port}",
    )
    app = build_app(settings, clock=clock, write=lambda line: None)
    await app.start(clocks=False)
    exchange, _ = await app.line.begin(channel="webchat")
    assert exchange.expects.kind == "yes_no"
    await telegram.start(port)
    person = telegram.person()
    await person.starts()
    await person.expects(lambda p: bool(p.from_bot))
    await app.stop()
    await telegram.stop()

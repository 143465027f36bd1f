"""A whole conversation for each audience on Telegram, through a server that checks every call of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import build_app
from bot.clock import SteppedClock
from bot.process import App
from bot.settings import Settings, new_key
from flows.answers import Given, from_json
from storage.enquiries import EnquiryRecord
from tests.telegram.bot_api_server import BotApiServer
from tests.telegram.chats import Person
from tests.whole.stories import STORIES, Story, Taps

DUTY_CHAT = "-8000099"


@pytest.fixture
async def telegram() -> AsyncIterator[BotApiServer]:
    server = BotApiServer()
    await server.start()
    yield server
    await server.stop()
    assert server.violations == []


@pytest.fixture(params=["polling", "webhook"])
async def app(
    request: pytest.FixtureRequest, telegram: BotApiServer, database_url: str, clock: SteppedClock, tmp_path: Path
) -> AsyncIterator[App]:
    """The whole front door, hearing Telegram both ways, on both databases."""
    duty = telegram.group("Duty team")
    duty.id = int(DUTY_CHAT)
    telegram.chats[duty.id] = duty
    settings = Settings(
        database_url=database_url,
        encryption_keys=SecretStr(new_key()),
        session_secret=SecretStr(new_key()),
        telegram_token=SecretStr(telegram.token),
        telegram_api_url=telegram.root_url,
        telegram_duty_chat_id=DUTY_CHAT,
        telegram_mode=request.param,
        telegram_webhook_secret=SecretStr("made-up_secret"),
        telegram_webhook_url="http://127.0.0.1:1/telegram/webhook",
    )
    app = build_app(settings, clock=clock, write=lambda line: None)
    if request.param == "polling":
        await app.start(clocks=False)
        yield app
        await app.stop()
        return
    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    # The port is known only once it listens: find one first, as a proxy would have been told.
    port = await _free_port()
    object.__setattr__(settings, "telegram_webhook_url", f"http://127.0.0.1:{port}/telegram/webhook")
    serving = asyncio.create_task(app.serve("127.0.0.1", port, on_ready=ready.set_result, clocks=False))
    await asyncio.wait({ready, serving}, return_when=asyncio.FIRST_COMPLETED)
    assert ready.done()
    yield app
    app.quit()
    await serving


async def _free_port() -> int:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.audience)
async def test_each_audience_sends_an_enquiry_on_telegram(story: Story, app: App, telegram: BotApiServer) -> None:
    """The main job: from the first tap to the enquiry before a duty worker."""
    person = telegram.person()
    await _tells(person, story, "professional" if story.audience == "professional" else "")
    [enquiry] = await app.database.run(lambda uow: uow.enquiries.list_for_export())
    assert enquiry.submitted_at is not None
    assert enquiry.audience == story.audience
    assert any(f"Your reference is {enquiry.reference}" in message.text for message in person.from_bot)
    await _assert_said(app, enquiry, story)
    await _assert_duty_told(telegram, enquiry, story)


async def _tells(person: Person, story: Story, payload: str) -> None:
    seen = len(person.from_bot)
    await person.starts(payload)
    for asked, does in story.moves:
        await person.expects(lambda p, asked=asked, seen=seen: any(asked in m.text for m in p.from_bot[seen:]))
        seen = len(person.from_bot)
        await _does(person, does)
    await person.expects(lambda p: story.ends in p.last.text)


async def _does(person: Person, does: object) -> None:
    if not isinstance(does, Taps):
        await person.says(does.words)  # type: ignore[attr-defined]
        return
    for label in does.labels:
        await person.offered(label)
        await person.taps(label)


async def _assert_said(app: App, enquiry: EnquiryRecord, story: Story) -> None:
    answers = await app.database.run(lambda uow: uow.answers.current(enquiry.id))
    given = {}
    for record in answers:
        answer = from_json(record.value)
        given[record.field] = answer.value if isinstance(answer, Given) else None
    for name, value in story.said.items():
        assert given[name] == value, name
    turns = await app.database.run(
        lambda uow: [t for c in uow.conversations.of_enquiry(enquiry.id) for t in uow.turns.of(c.id)]
    )
    typed = [does.words for _, does in story.moves if not isinstance(does, Taps)]
    kept = [t.words for t in turns]
    assert all(words in kept for words in typed)
    assert all(t.handled_at is not None for t in turns)


async def _assert_duty_told(telegram: BotApiServer, enquiry: EnquiryRecord, story: Story) -> None:
    duty = telegram.chats[int(DUTY_CHAT)]
    await duty.expects(lambda chat: any(enquiry.reference in m.text for m in chat.screen))
    told = "\n".join(m.text for m in duty.screen)
    for _, does in story.moves:
        if not isinstance(does, Taps) and len(does.words) > 8:
            assert does.words not in told


async def test_a_second_start_after_sending_opens_a_new_enquiry(app: App, telegram: BotApiServer) -> None:
    """People come back with another worry; the first stays as it was sent."""
    person = telegram.person()
    story = next(s for s in STORIES if s.audience == "public")
    for _ in range(2):
        await _tells(person, story, "public")
    enquiries = await app.database.run(lambda uow: uow.enquiries.list_for_export())
    assert len([e for e in enquiries if e.submitted_at]) == 2
    assert len({e.reporter_id for e in enquiries}) == 1

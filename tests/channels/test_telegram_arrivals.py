"""Nothing a person sends is lost or overtaken on its way in."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import telegram
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import (
    ALLOWED_UPDATES,
    ArrivalOrder,
    NotFromTelegram,
    TelegramPoller,
    UpdateSequencer,
    connect,
    make_bot,
    parse_webhook,
    set_up,
    webhook_reply,
)
from tests.channels.telegram_fixtures import WORDS, choices, message
from tests.telegram.bot_api_server import BotApiServer
from tests.telegram.chats import Person
from tests.telegram.http_server import HttpServer, Request, Response


class Kept:
    """Keeps what it is given, as the store would; `breaks` times it fails first."""

    def __init__(self, breaks: int = 0) -> None:
        self.texts: list[str] = []
        self.offered: list[list[int]] = []
        self.breaks = breaks
        self.new = asyncio.Event()

    async def __call__(self, updates: Sequence[telegram.Update]) -> None:
        self.offered.append([u.update_id for u in updates])
        self.new.set()
        if self.breaks:
            self.breaks -= 1
            raise RuntimeError("the disk is full")
        self.texts += [u.message.text or "" for u in updates if u.message]

    async def until(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.texts) < count:
                self.new.clear()
                await self.new.wait()
                await asyncio.sleep(0)


class Pauses:
    """Remembers how long the poller meant to wait, and does not wait."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def polling(poller: TelegramPoller) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(poller.run())
    yield task
    poller.stop()
    async with asyncio.timeout(5):
        await task


async def test_poller_keeps_words_in_order(bot: telegram.Bot, person: Person) -> None:
    """The ordinary case, with what was written while we were away first."""
    await person.says("one")
    kept = Kept()
    async with polling(TelegramPoller(bot, kept)):
        await kept.until(1)
        await person.says("two")
        await person.says("three")
        await kept.until(3)
    assert kept.texts == ["one", "two", "three"]


async def test_updates_that_were_not_kept_come_again(
    bot: telegram.Bot, person: Person, server: BotApiServer
) -> None:
    """Telegram forgets an update once a later one is asked for: so that is asked only after the commit."""
    first = await person.says("he hit me")
    kept, pauses = Kept(breaks=2), Pauses()
    async with polling(TelegramPoller(bot, kept, pause=pauses)):
        await kept.until(1)
    assert kept.offered == [[first], [first], [first]]
    assert kept.texts == ["he hit me"]
    assert pauses.seconds == [0.5, 1.0]


async def test_process_killed_between_fetching_and_keeping_loses_nothing(
    bot: telegram.Bot, person: Person, server: BotApiServer
) -> None:
    """A power cut in the worst moment."""
    await person.says("please help")
    fetched = asyncio.Event()

    async def never_done(updates: Sequence[telegram.Update]) -> None:
        fetched.set()
        await asyncio.Event().wait()

    killed = asyncio.create_task(TelegramPoller(bot, never_done).run())
    await fetched.wait()
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    kept = Kept()
    async with polling(TelegramPoller(bot, kept)):
        await kept.until(1)
    assert kept.texts == ["please help"]


async def test_poller_asks_for_all_kinds_we_read(bot: telegram.Bot, person: Person, server: BotApiServer) -> None:
    """An edit or a block that Telegram never sends cannot be heard."""
    await person.says("x")
    kept = Kept()
    async with polling(TelegramPoller(bot, kept)):
        await kept.until(1)
    assert tuple(server.settings["allowed_updates"]) == ALLOWED_UPDATES


async def test_poller_waits_longer_after_each_failure_and_no_longer_after_success(
    bot: telegram.Bot, person: Person, server: BotApiServer
) -> None:
    """Hammering a server in trouble keeps it there."""
    await person.says("x")
    server.fail_next("getUpdates", 502, "Bad Gateway", times=9)
    kept, pauses = Kept(), Pauses()
    async with polling(TelegramPoller(bot, kept, pause=pauses)):
        await kept.until(1)
        server.fail_next("getUpdates", 500)
        await person.says("y")
        await kept.until(2)
        await person.says("z")
        await kept.until(3)
    assert pauses.seconds == [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 0.5]


async def test_poller_waits_as_long_as_it_is_told(bot: telegram.Bot, person: Person, server: BotApiServer) -> None:
    """Telegram names the time; less is punished, more keeps people waiting."""
    await person.says("x")
    server.fail_next("getUpdates", 429, "Too Many Requests: retry after 7", retry_after=7)
    kept, pauses = Kept(), Pauses()
    async with polling(TelegramPoller(bot, kept, pause=pauses)):
        await kept.until(1)
    assert pauses.seconds == [7]


async def test_second_poller_is_told_of_plainly(
    bot: telegram.Bot, person: Person, server: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Two processes with one token take each other's messages; the operator must be able to see why."""
    other = make_bot(server.token, api_url=server.root_url)
    await connect(other)
    conflict = asyncio.Event()

    async def stop_here(seconds: float) -> None:
        conflict.set()
        await asyncio.Event().wait()

    with caplog.at_level(logging.ERROR):
        async with polling(TelegramPoller(bot, Kept(), pause=stop_here)):
            await person.expects(lambda _: server.said("getUpdates"))
            async with polling(TelegramPoller(other, Kept())), asyncio.timeout(10):
                await conflict.wait()
    assert [record.message for record in caplog.records] == ["telegram.poll_conflict"]
    await other.shutdown()


async def test_update_nobody_can_read_does_not_stop_the_rest(
    bot: telegram.Bot, person: Person, server: BotApiServer
) -> None:
    """One broken update would otherwise hold up every family in the area, for ever."""
    server.push({"message": {"message_id": "?"}})
    await person.says("behind it")
    kept = Kept()
    async with polling(TelegramPoller(bot, kept)):
        await kept.until(1)
    assert kept.texts[-1] == "behind it"


@pytest.mark.parametrize("result", ['"x"', "[1]", "[{}]", "{}", "null"])
async def test_nonsense_in_place_of_updates_is_a_failure_to_retry(
    result: str, bot: telegram.Bot, person: Person, server: BotApiServer
) -> None:
    """A broken proxy must not end the poll."""
    await person.says("x")
    server.answer_next("getUpdates", 200, f'{{"ok":true,"result":{result}}}'.encode())
    kept = Kept()
    async with polling(TelegramPoller(bot, kept, pause=Pauses())):
        await kept.until(1)


async def test_no_words_reach_the_log(
    bot: telegram.Bot, person: Person, server: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Logs are read by people who have no business knowing."""
    caplog.set_level(logging.INFO)
    await person.says("the blue suitcase")
    await person.sends(text="the blue suitcase", photo=17)
    kept = Kept(breaks=1)
    async with polling(TelegramPoller(bot, kept, pause=Pauses())):
        await kept.until(2)
    assert "suitcase" not in caplog.text
    assert server.token not in caplog.text


# The webhook


class Door:
    """Our side of a webhook, as the web application will have it."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.heard: list[int] = []
        self.fails = 0
        self.sequencer = UpdateSequencer()
        self.http = HttpServer(self.answer)

    async def answer(self, request: Request) -> Response:
        try:
            header = request.headers.get("x-telegram-bot-api-secret-token")
            update = parse_webhook(request.body, header, self.secret)
        except NotFromTelegram:
            return Response(403, b"{}")
        await self.sequencer.wait_for_turn(update.update_id)
        if self.fails:
            self.fails -= 1
            return Response(500, b"{}")
        self.heard.append(update.update_id)
        return Response(200, json.dumps(webhook_reply(update) or {}).encode())


@asynccontextmanager
async def open_door(bot: telegram.Bot, secret: str, theirs: str = "") -> AsyncIterator[Door]:
    door = Door(secret)
    url = f"http://127.0.0.1:{await door.http.start()}/telegram/webhook"
    await set_up(bot, mode="webhook", words=WORDS, url=url, secret=theirs or secret)
    yield door
    await bot.delete_webhook()
    await door.http.stop()


async def test_webhook_hears_what_was_waiting_and_answers_presses(
    bot: telegram.Bot, channel: object, person: Person, server: BotApiServer
) -> None:
    """A change from polling to webhook loses nothing, and a tap costs no call of its own."""
    first = await person.says("before")
    async with open_door(bot, "s3cret") as door:
        await person.expects(lambda _: door.heard == [first])
        await channel.send(message(person, choices=choices("Yes"), prompt=1))  # type: ignore[attr-defined]
        press = await person.taps("Yes")
        await person.expects(lambda _: not server.unanswered)
        assert door.heard == [first, press]


async def test_webhook_redelivers_until_it_is_heard(
    bot: telegram.Bot, person: Person, server: BotApiServer
) -> None:
    """A restart of ours in the middle of a delivery loses nothing."""
    async with open_door(bot, "s3cret") as door:
        door.fails = 3
        update_id = await person.says("x")
        await person.expects(lambda _: len(server.webhook_answers) == 4)
        assert door.heard == [update_id]
        server.redeliver(update_id)
        await person.says("y")
        await person.expects(lambda _: len(door.heard) == 3)
        assert door.heard == [update_id, update_id, update_id + 1]


async def test_webhook_with_another_secret_is_not_heard(
    bot: telegram.Bot, person: Person, server: BotApiServer
) -> None:
    """A stranger's update must not become somebody's words."""
    async with open_door(bot, "s3cret", theirs="guessed") as door:
        await person.says("x")
        await person.expects(lambda _: server.webhook.failures)
        assert door.heard == []
        assert "403" in server.webhook.last_error


async def test_webhook_updates_out_of_order_are_put_in_order(
    bot: telegram.Bot, person: Person, server: BotApiServer
) -> None:
    """A press may overtake the words typed before it; answered in the wrong order they mean something else."""
    async with open_door(bot, "s3cret") as door:
        first = await person.says("0")
        await person.expects(lambda _: door.heard == [first])
        server.hold()
        ids = [await person.says(str(n)) for n in range(1, 6)]
        server.release(reverse=True)
        await person.expects(lambda _: len(door.heard) == 6)
        assert door.heard == [first, *ids]


# The order itself

arrivals = st.lists(st.tuples(st.integers(100, 130), st.floats(0, 0.5)), max_size=40)


def play(order: ArrivalOrder[int], come: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Let each id come after a pause; return the ids as given out, with when."""
    now, given_out = 0.0, []
    for update_id, pause in come:
        now += pause
        while (due := order.next_due_at()) is not None and due <= now:
            given_out += [(item, due) for item in order.due(due)]
        given_out += [(item, now) for item in order.arrive(update_id, update_id, now)]
    while (due := order.next_due_at()) is not None:
        given_out += [(item, due) for item in order.due(due)]
    return given_out


@given(arrivals)
def test_every_arrival_is_given_out_exactly_once(come: list[tuple[int, float]]) -> None:
    """Held for ever is lost; given twice is heard twice."""
    assert sorted(item for item, _ in play(ArrivalOrder(0.25), come)) == sorted(item for item, _ in come)


@given(arrivals)
def test_nothing_waits_longer_than_patience(come: list[tuple[int, float]]) -> None:
    """A lost update must not keep the next person waiting."""
    order: ArrivalOrder[float] = ArrivalOrder(0.25)
    now = 0.0
    for update_id, pause in come:
        now += pause
        assert all(now - came <= 0.5 + 0.25 for came in order.due(now))
        order.arrive(update_id, now, now)
        due = order.next_due_at()
        assert due is None or due <= now + 0.25
        assert order.due(now) == []


@given(st.permutations(list(range(100, 115))))
def test_what_comes_within_patience_leaves_in_order(come: list[int]) -> None:
    """Whatever way they overtake each other."""
    given_out = [item for item, _ in play(ArrivalOrder(0.25), [(item, 0.0) for item in come])]
    assert given_out == sorted(come)


@given(st.integers(1, 10**9), st.integers(1, 50))
def test_updates_in_order_after_the_first_do_not_wait(start: int, count: int) -> None:
    """Patience is for gaps; the ordinary message must not pay for it."""
    order: ArrivalOrder[int] = ArrivalOrder(0.25)
    order.arrive(start, start, 0.0)
    order.due(0.25)
    for n in range(start + 1, start + count):
        assert order.arrive(n, n, 1.0) == [n]


def test_repeats_and_latecomers_pass_at_once() -> None:
    """Whether it is a repeat is for the store to say."""
    order: ArrivalOrder[str] = ArrivalOrder(0.25)
    order.arrive(10, "a", 0.0)
    assert order.due(0.25) == ["a"]
    assert order.arrive(10, "a again", 0.3) == ["a again"]
    assert order.arrive(9, "late", 0.3) == ["late"]
    assert order.arrive(12, "c", 0.3) == []
    assert order.arrive(12, "c again", 0.4) == []
    assert order.arrive(11, "b", 0.5) == ["b", "c", "c again"]


def test_ids_that_begin_anew_are_put_in_order_again() -> None:
    """After a week of silence Telegram begins at a random number, perhaps a lower one."""
    order: ArrivalOrder[int] = ArrivalOrder(0.25)
    order.arrive(900_000, 900_000, 0.0)
    order.due(0.25)
    assert order.arrive(501, 501, 1.0) == []
    assert order.arrive(500, 500, 1.1) == []
    assert order.due(1.25) == [500, 501]
    assert order.arrive(502, 502, 1.3) == [502]


async def test_waiters_go_on_in_order_even_as_others_arrive() -> None:
    """Those told to go on wake a moment later; who comes in that moment must not pass them."""
    sequencer = UpdateSequencer(timedelta(seconds=0.05))
    went: list[int] = []

    async def come(update_id: int) -> None:
        await sequencer.wait_for_turn(update_id)
        went.append(update_id)

    await come(1)
    async with asyncio.timeout(5):
        await asyncio.gather(*(come(n) for n in (4, 3, 5, 2, 6, 7)))
    assert went == [1, 2, 3, 4, 5, 6, 7]


async def test_a_request_given_up_does_not_hold_the_others() -> None:
    """Telegram closes a connection it waited on too long."""
    sequencer = UpdateSequencer(timedelta(seconds=0.01))
    gone = asyncio.create_task(sequencer.wait_for_turn(5))
    await asyncio.sleep(0)
    gone.cancel()
    async with asyncio.timeout(5):
        await sequencer.wait_for_turn(6)

"""What one call to Telegram costs in CPU, by transport and by way of calling, against our Bot API server."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import orjson
import telegram
import uvloop
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.channels.base import Choice, OutboundMessage
from bot.channels.telegram import TelegramChannel, TelegramWords
from bot.channels.telegram_transport import LeanRequest
from bot.clock import SystemClock

TOKEN = "4242:TEST-token_for-tests"
PERSON = 7_000_001
TEXT = "How old is the child you are worried about? An age is fine if you do not know the date of birth."
ANSWERS = (("0_4", "0 to 4"), ("5_10", "5 to 10"), ("11_15", "11 to 15"), ("16_17", "16 or 17"))
CONTROLS = (("back", "Go back"), ("skip", "Skip"), ("person", "Talk to a person"))


class AiohttpRequest(BaseRequest):
    """The runner-up: aiohttp's client, with the same JSON bodies."""

    read_timeout = 10.0

    async def initialize(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=64), timeout=aiohttp.ClientTimeout(total=10)
        )

    async def shutdown(self) -> None:
        await self._session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        return orjson.loads(payload)

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        body = orjson.dumps(request_data.parameters) if request_data else b""
        headers = {"Content-Type": "application/json"}
        async with self._session.request(method, url, data=body, headers=headers) as answer:
            return answer.status, await answer.read()


def keyboard() -> telegram.InlineKeyboardMarkup:
    rows = [
        [telegram.InlineKeyboardButton(label, callback_data=f"3:{id_}") for id_, label in group]
        for group in (ANSWERS[:2], ANSWERS[2:], CONTROLS)
    ]
    return telegram.InlineKeyboardMarkup(rows)


def question(number: int) -> OutboundMessage:
    return OutboundMessage(
        id=str(number),
        channel="telegram",
        address=str(PERSON),
        text=TEXT,
        choices=tuple(Choice(*pair) for pair in ANSWERS),
        controls=tuple(Choice(*pair) for pair in CONTROLS),
        prompt=3,
    )


async def cpu_of(call: Callable[[], Awaitable[Any]], times: int, at_once: int) -> float:
    """Return CPU microseconds of this process for one call."""

    async def some(count: int) -> None:
        for _ in range(count):
            await call()

    await some(20)
    began = time.process_time()
    await asyncio.gather(*(some(times // at_once) for _ in range(at_once)))
    return (time.process_time() - began) / times * 1e6


async def measure(root: str, times: int, at_once: int) -> dict[str, float]:
    """Return the cost of each way, in the order measured."""
    async with aiohttp.ClientSession() as session:
        await session.post(f"{root}/control/say", json={"chat_id": PERSON, "text": "hello"})
    found: dict[str, float] = {}
    for name, make in (("httpx", HTTPXRequest), ("aiohttp", AiohttpRequest), ("lean", LeanRequest)):
        bot = telegram.Bot(TOKEN, base_url=f"{root}/bot", request=make(), get_updates_request=make())
        await bot.initialize()
        channel = TelegramChannel(bot, words=TelegramWords(done="Done", group_refusal="-"), clock=SystemClock())
        ways: dict[str, Callable[[], Awaitable[Any]]] = {
            "send_message, words only": lambda bot=bot: bot.send_message(PERSON, TEXT),
            "send_message, keyboard": lambda bot=bot: bot.send_message(PERSON, TEXT, reply_markup=keyboard()),
            "TelegramChannel.send, keyboard": lambda channel=channel: channel.send(question(1)),
            "show_typing": lambda channel=channel: channel.show_typing(str(PERSON)),
        }
        for way, call in ways.items():
            found[f"{name:8}{way}"] = await cpu_of(call, times, at_once)
        await bot.shutdown()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=4000)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--uvloop", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    serve = [sys.executable, "-m", "tests.telegram.bot_api_server", "--no-validate"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        root = server.stdout.readline().strip()
        factory = uvloop.new_event_loop if options.uvloop else None
        try:
            with asyncio.Runner(loop_factory=factory) as runner:
                found = runner.run(measure(root, options.times, options.at_once))
        finally:
            server.terminate()
    base = found["httpx   send_message, keyboard"]
    for name, cost in found.items():
        print(f"{name:42}{cost:8.0f} µs CPU   {base / cost:5.2f} of httpx send_message with a keyboard")


if __name__ == "__main__":
    main()

"""The stand-in for Telegram can itself say no: a check that cannot fail proves nothing."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.telegram.api_spec import METHODS, Wrong, read_call
from tests.telegram.bot_api_server import BotApiServer

BUTTON = {"text": "Yes", "callback_data": "1:yes"}


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [list(buttons)]}}


SOUND: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", {"chat_id": 1, "text": "x" * 4096}),
    ("sendMessage", {"chat_id": "@channel", "text": "😀" * 2048}),
    ("sendMessage", keyboard(BUTTON)),
    ("sendMessage", keyboard({"text": "x", "callback_data": "é" * 32})),
    ("sendMessage", {"chat_id": 1, "text": "x", "reply_parameters": {"message_id": 3}}),
    ("getUpdates", {}),
    ("setMyCommands", {"commands": [{"command": "help", "description": "Help"}]}),
]

BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("sendMassage", {}, "no such method"),
    ("sendMessage", {"chat_id": 1}, "sendMessage.text: missing"),
    ("sendMessage", {"chat_id": 1, "text": "x", "markup": {}}, "sendMessage.markup: no such field"),
    ("sendMessage", {"chat_id": 1, "text": 5}, "sendMessage.text: not String"),
    ("sendMessage", {"chat_id": 1.5, "text": "x"}, "sendMessage.chat_id"),
    ("sendMessage", {"chat_id": 1, "text": "x", "disable_notification": 1}, "not Boolean"),
    ("sendMessage", {"chat_id": 1, "text": "x", "parse_mode": None}, "null"),
    ("sendMessage", {"chat_id": 1, "text": ""}, "empty"),
    ("sendMessage", {"chat_id": 1, "text": " \n"}, "empty"),
    ("sendMessage", {"chat_id": 1, "text": "x" * 4097}, "4097"),
    ("sendMessage", {"chat_id": 1, "text": "😀" * 2049}, "4098"),
    ("sendMessage", keyboard({"text": "Yes"}), "exactly one"),
    ("sendMessage", keyboard({**BUTTON, "url": "https://example.org"}), "exactly one"),
    ("sendMessage", keyboard({"callback_data": "1:yes"}), "text: missing"),
    ("sendMessage", keyboard({"text": "", "callback_data": "1:yes"}), "empty"),
    ("sendMessage", keyboard({"text": "x", "callback_data": ""}), "not 1 to 64"),
    ("sendMessage", keyboard({"text": "x", "callback_data": "é" * 33}), "not 1 to 64"),
    ("sendMessage", keyboard({**BUTTON, "colour": "red"}), "no such field in InlineKeyboardButton"),
    ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [BUTTON]}}, "not an array"),
    ("sendMessage", {"chat_id": 1, "text": "x", "reply_parameters": {}}, "message_id: missing in ReplyParameters"),
    ("sendMessage", {"chat_id": 1, "text": "x", "link_preview_options": {"is_disabled": "y"}}, "not Boolean"),
    ("editMessageText", {"chat_id": 1, "message_id": "x", "text": "x"}, "message_id"),
    ("answerCallbackQuery", {}, "callback_query_id: missing"),
    ("deleteMessages", {"chat_id": 1, "message_ids": list(range(101))}, "not 1 to 100"),
    ("sendChatAction", {"chat_id": 1, "action": "thinking"}, "not an allowed value"),
    ("setMyCommands", {"commands": [{"command": "Help", "description": "x"}]}, "does not match"),
    ("setWebhook", {"url": "https://example.org", "secret_token": "a b"}, "does not match"),
    ("getUpdates", {"limit": 101}, "not 1 to 100"),
]


@pytest.mark.parametrize(("method", "fields"), SOUND)
def test_sound_calls_pass(method: str, fields: dict[str, Any]) -> None:
    """A checker that refuses what Telegram takes would shape the product wrongly."""
    assert read_call(method, fields, {}, is_json=True) == fields


@pytest.mark.parametrize(("method", "fields", "why"), BROKEN, ids=[f"{m}-{w}" for m, _, w in BROKEN])
def test_broken_calls_are_found(method: str, fields: dict[str, Any], why: str) -> None:
    """Each rule must be able to fail, or the other tests' silence means nothing."""
    with pytest.raises(Wrong, match=why):
        read_call(method, fields, {}, is_json=True)


def test_the_rules_are_the_published_ones() -> None:
    """The description that the calls are checked against is the whole API, not a part chosen to fit."""
    assert len(METHODS) == 180


async def test_server_records_and_refuses_a_broken_call() -> None:
    """As Telegram does: with a code and a description; and the test that made it can see it."""
    server = BotApiServer()
    await server.start()
    person = server.person()
    async with aiohttp.ClientSession() as session:
        url = f"{server.root_url}/bot{server.token}/sendMessage"
        answer = await session.post(url, json={"chat_id": person.id, "text": "x", "oops": 1})
        assert answer.status == 400
        assert (await answer.json())["description"] == "Bad Request: sendMessage.oops: no such field"
        assert server.violations == ["sendMessage.oops: no such field"]
        wrong_token = await session.post(f"{server.root_url}/bot1:wrong/getMe")
        assert wrong_token.status == 401
    await server.stop()


@pytest.mark.parametrize("how", ["query", "form", "json", "multipart"])
async def test_server_reads_every_way_of_calling(how: str, server: BotApiServer) -> None:
    """Any client library may speak to it, PTB with httpx among them."""
    person = server.person()
    markup = '{"inline_keyboard":[[{"text":"Yes","callback_data":"1:yes"}]]}'
    fields = {"chat_id": str(person.id), "text": "Größe", "reply_markup": markup}
    url = f"{server.root_url}/bot{server.token}/sendMessage"
    multipart = aiohttp.FormData(fields, default_to_multipart=True)
    async with aiohttp.ClientSession() as session:
        answer = await {
            "query": lambda: session.get(url, params=fields),
            "form": lambda: session.post(url, data=fields),
            "json": lambda: session.post(url, json=fields | {"chat_id": person.id}),
            "multipart": lambda: session.post(url, data=multipart),
        }[how]()
        assert (await answer.json())["ok"] is True
    assert (person.last.text, person.last.rows) == ("Größe", [[("Yes", "1:yes")]])


async def test_an_answered_press_cannot_be_answered_again(server: BotApiServer) -> None:
    """Telegram refuses it, so a bot that does it must show here."""
    person = server.person()
    person.presses("1:yes", None)
    (query,) = server.unanswered
    url = f"{server.root_url}/bot{server.token}/answerCallbackQuery"
    async with aiohttp.ClientSession() as session:
        codes = [(await session.post(url, json={"callback_query_id": query})).status for _ in range(2)]
    assert codes == [200, 400]


async def test_benchmark_can_play_a_conversation_from_outside(server: BotApiServer) -> None:
    """The control door: people that talk without a test in the same process."""
    async with aiohttp.ClientSession() as session:
        root = f"{server.root_url}/control"
        await session.post(f"{root}/say", json={"chat_id": 7, "text": "hello"})
        screen = await (await session.get(f"{root}/screen", params={"chat_id": 7})).json()
        counters = await (await session.get(f"{root}/counters")).json()
    assert [(m["text"], m["from_bot"]) for m in screen] == [("hello", False)]
    assert (counters["pending"], counters["violations"]) == (1, [])

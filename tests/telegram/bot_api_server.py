"""A Bot API server for one bot and made-up people; it checks every call against the published rules."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import logging
import random
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import aiohttp
import orjson

from tests.telegram.api_spec import METHODS, Upload, Wrong, read_call
from tests.telegram.bodies import loosely, read_body
from tests.telegram.chats import Chat, Group, Json, Person, Refused, Shown
from tests.telegram.http_server import HttpServer, Request, Response
from tests.telegram.playing import Play

BOT = {"id": 4242, "is_bot": True, "first_name": "Front Door", "username": "front_door_test_bot"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the bot made it."""

    method: str
    fields: Json
    at: float


@dataclass(slots=True)
class _Webhook:
    url: str = ""
    secret: str = ""
    failures: int = 0
    last_error: str = ""


class BotApiServer:
    """Everything Telegram keeps for one bot. `violations` holds each call that broke the published rules."""

    def __init__(self, token: str = "4242:TEST-token_for-tests", *, validate: bool = True, seed: int = 1) -> None:
        self.token = token
        self.validate = validate
        self.keep_messages = 500
        self.violations: list[str] = []
        self.calls: list[Call] = []
        self.keep_calls = True
        self.counts: Counter[str] = Counter()
        self.chats: dict[int, Chat] = {}
        self.unanswered: dict[str, int] = {}
        self.answered: list[str] = []
        self.pending: deque[Json] = deque()
        self.history: dict[int, Json] = {}
        self.keep_history = 1000
        self.settings: dict[str, Any] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.webhook = _Webhook()
        self.webhook_answers: list[tuple[int, int]] = []
        self.webhook_retry = 0.02
        self.root_url = ""
        self.http = HttpServer(self._handle)
        self._random = random.Random(seed)
        self._update_id = 100_000
        self._message_id = 10
        self._id = 0
        self._fails: deque[tuple[str, Response | None]] = deque()
        self._holding = False
        self._arrived = asyncio.Event()
        self._changes = asyncio.Event()
        self._poll: asyncio.Future[None] | None = None
        self._deliveries: dict[int, deque[Json]] = {}
        self._delivering: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._people = 0

    async def start(self, port: int = 0) -> None:
        self.root_url = f"http://127.0.0.1:{await self.http.start(port=port)}"

    async def stop(self) -> None:
        for task in self._delivering.values():
            task.cancel()
        await asyncio.gather(*self._delivering.values(), return_exceptions=True)
        if self._session is not None:
            await self._session.close()
        await self.http.stop()

    # The people's side

    def person(self, first_name: str = "Made Up", language_code: str | None = "en", chat_id: int = 0) -> Person:
        self._people += 1
        person = Person(self, chat_id or 7_000_000 + self._people, first_name, language_code)
        self.chats[person.id] = person
        return person

    def group(self, title: str = "The Made Up Street Group", kind: str = "group") -> Group:
        self._people += 1
        group = Group(self, -(8_000_000 + self._people), kind, title)
        self.chats[group.id] = group
        return group

    def fail_next(
        self, method: str, error_code: int, description: str = "", *, times: int = 1, **parameters: Any
    ) -> None:
        """The next calls of `method` fail so. Code 0 cuts the connection without a word."""
        error = Refused(error_code, description or f"Error {error_code}", **parameters)
        answer = None if error_code == 0 else _error(error)
        self._fails.extend([(method, answer)] * times)

    def answer_next(self, method: str, status: int, body: bytes) -> None:
        """The next call of `method` is answered with this and nothing else, however odd."""
        self._fails.append((method, Response(status, body)))

    def redeliver(self, update_id: int) -> None:
        """Send an update again, with the same id, as Telegram does where it saw no acknowledgement."""
        self._enqueue(self.history[update_id])

    def hold(self) -> None:
        """Keep new updates back until `release`."""
        self._holding = True

    def release(self, *, reverse: bool = False) -> None:
        """Let held updates go; with `reverse`, to a webhook, the newest first and not waiting for each other."""
        self._holding = False
        held = list(self.pending)
        if self.webhook.url:
            self.pending.clear()
            for update in reversed(held) if reverse else held:
                self._deliver(update, alone=reverse)
        self._arrived.set()

    def said(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    async def changed(self) -> None:
        """Wait for the next call that changed something."""
        self._changes.clear()
        await self._changes.wait()

    # What chats use

    def now(self) -> int:
        return int(time.time())

    def next_id(self) -> int:
        self._id += 1
        return 900_000_000_000_000_000 + self._id

    def next_message_id(self) -> int:
        self._message_id += 1
        return self._message_id

    def push(self, update: Json) -> int:
        """Give the bot an update; return its id."""
        self._update_id += 1
        whole = {"update_id": self._update_id, **update}
        self.history[self._update_id] = whole
        if len(self.history) > self.keep_history:
            del self.history[next(iter(self.history))]
        self._enqueue(whole)
        self._changes.set()
        return self._update_id

    def push_member(self, chat: Chat, by: Json, old: str, new: str) -> int:
        def member(status: str) -> Json:
            return {"user": BOT, "status": status} | ({"until_date": 0} if status == "kicked" else {})

        change = {"chat": chat.as_json(), "from": by, "date": self.now()}
        return self.push(
            {"my_chat_member": change | {"old_chat_member": member(old), "new_chat_member": member(new)}}
        )

    def keep_file(self, kind: str, content: bytes) -> Json:
        unique = hashlib.blake2b(f"{kind}{self.next_id()}".encode(), digest_size=8).hexdigest()
        file_id = f"FILE-{kind}-{unique}"
        self.files[file_id] = (f"{kind}/file_{unique}.bin", content)
        return {"file_id": file_id, "file_unique_id": unique}

    def message_json(self, chat: Chat, shown: Shown) -> Json:
        message: Json = {
            "message_id": shown.message_id,
            "from": BOT if shown.is_from_bot else getattr(chat, "user", BOT),
            "chat": chat.as_json(),
            "date": shown.date,
            "text": shown.text,
            **shown.extra,
        }
        if shown.is_edited:
            message["edit_date"] = self.now()
        if shown.rows:
            rows = [[{"text": label, "callback_data": data} for label, data in row] for row in shown.rows]
            message["reply_markup"] = {"inline_keyboard": rows}
        return message

    def _enqueue(self, update: Json) -> None:
        allowed = self.settings.get("allowed_updates")
        if allowed and next(k for k in update if k != "update_id") not in allowed:
            return
        if self.webhook.url and not self._holding:
            self._deliver(update)
            return
        self.pending.append(update)
        if not self._holding:
            self._arrived.set()

    # The webhook

    def _deliver(self, update: Json, *, alone: bool = False) -> None:
        """One after the other within a chat, chats beside each other; `alone` waits for nobody."""
        key = -update["update_id"] if alone else _queue_of(update)
        self._deliveries.setdefault(key, deque()).append(update)
        if key not in self._delivering:
            self._delivering[key] = asyncio.get_running_loop().create_task(self._deliver_all(key))

    async def _deliver_all(self, key: int) -> None:
        waiting = self._deliveries[key]
        while waiting and self.webhook.url:
            if await self._post_update(waiting[0]):
                waiting.popleft()
            else:
                await asyncio.sleep(self.webhook_retry)
        self.pending.extend(waiting)
        del self._deliveries[key], self._delivering[key]

    async def _post_update(self, update: Json) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=40))
        headers = {"Content-Type": "application/json"}
        if self.webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook.secret
        try:
            async with self._session.post(self.webhook.url, data=orjson.dumps(update), headers=headers) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            self._webhook_failed(type(error).__name__)
            return False
        self.webhook_answers.append((update["update_id"], answer.status))
        self._changes.set()
        if not 200 <= answer.status < 300:
            self._webhook_failed(f"Wrong response from the webhook: {answer.status}")
            return False
        if body[:1] == b"{":
            await self._call_in_answer(orjson.loads(body))
        return True

    def _webhook_failed(self, why: str) -> None:
        self.webhook.failures += 1
        self.webhook.last_error = why
        self._changes.set()

    async def _call_in_answer(self, call: Json) -> None:
        """https://core.telegram.org/bots/api#making-requests-when-getting-updates"""
        method = call.pop("method", "")
        if method:
            await self._call(method, call, {}, is_json=True)

    # Calls

    async def _handle(self, request: Request) -> Response | None:
        path = unquote(urlsplit(request.target).path)
        if path.startswith("/control/"):
            return await self._control(path.removeprefix("/control/"), request)
        if path.startswith("/file/bot"):
            return self._download(path)
        token, _, method = path.removeprefix("/bot").partition("/")
        if token != self.token:
            return _error(Refused(401, "Unauthorized"))
        try:
            raw, uploads, is_json = read_body(request)
        except ValueError:
            self.violations.append(f"{method}: a body that cannot be read")
            return _error(Refused(400, "Bad Request: can't parse the body"))
        return await self._call(method, raw, uploads, is_json=is_json)

    async def _call(self, method: str, raw: Json, uploads: dict[str, Upload], *, is_json: bool) -> Response | None:
        self.counts[method] += 1
        fields = raw
        try:
            if self.validate:
                fields = read_call(method, raw, uploads, is_json=is_json)
            elif not is_json:
                fields = loosely(raw)
        except Wrong as wrong:
            self.violations.append(str(wrong))
            return _error(Refused(404 if method not in METHODS else 400, f"Bad Request: {wrong}"))
        if self.keep_calls:
            self.calls.append(Call(method, fields, time.monotonic()))
            self._changes.set()
        for failing in self._fails:
            if failing[0] == method:
                self._fails.remove(failing)
                self._changes.set()
                return failing[1]
        return await self._answer(method, fields)

    async def _answer(self, method: str, fields: Json) -> Response:
        do = getattr(self, f"_{method}", None)
        if do is None:
            return _error(Refused(501, f"{method} is not played by this server"))
        try:
            result = do(fields)
            if asyncio.iscoroutine(result):
                result = await result
        except Refused as error:
            return _error(error)
        if method != "getUpdates":
            self._changes.set()
        return Response(200, orjson.dumps({"ok": True, "result": result}))

    def _download(self, path: str) -> Response:
        token, _, wanted = path.removeprefix("/file/bot").partition("/")
        for name, content in self.files.values():
            if token == self.token and name == wanted:
                return Response(200, content, "application/octet-stream")
        return _error(Refused(404, "Not Found"))

    # The methods, by the names Telegram gives them

    def _getMe(self, fields: Json) -> Json:  # noqa: N802
        return BOT | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def _getUpdates(self, fields: Json) -> list[Json]:  # noqa: N802
        if self.webhook.url:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if "allowed_updates" in fields:
            self.settings["allowed_updates"] = fields["allowed_updates"]
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(
                Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
            )
        self._forget_before(fields.get("offset", 0))
        await self._wait_for_updates(fields.get("timeout", 0))
        if self._holding:
            return []
        return [self.pending[n] for n in range(min(fields.get("limit", 100), len(self.pending)))]

    def _forget_before(self, offset: int) -> None:
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        while offset > 0 and self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()

    async def _wait_for_updates(self, seconds: float) -> None:
        if (self.pending and not self._holding) or not seconds:
            return
        self._arrived.clear()
        loop = asyncio.get_running_loop()
        poll: asyncio.Future[None] = loop.create_future()
        self._poll = poll
        arrival = asyncio.create_task(self._arrived.wait())
        both: list[asyncio.Future[Any]] = [poll, arrival]
        try:
            await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrival.cancel()
            if self._poll is poll:
                self._poll = None
        if poll.done():
            poll.result()

    def _setWebhook(self, fields: Json) -> bool:  # noqa: N802
        url = fields["url"]
        if url and not (url.startswith("https://") or urlsplit(url).hostname == "127.0.0.1"):
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = _Webhook(url, fields.get("secret_token", ""))
        self.settings.update({k: v for k, v in fields.items() if k in ("allowed_updates", "max_connections")})
        if fields.get("drop_pending_updates"):
            self.pending.clear()
        if url and not self._holding:
            self.release()
        return True

    def _deleteWebhook(self, fields: Json) -> bool:  # noqa: N802
        self.webhook = _Webhook()
        if fields.get("drop_pending_updates"):
            self.pending.clear()
        return True

    def _getWebhookInfo(self, fields: Json) -> Json:  # noqa: N802
        waiting = len(self.pending) + sum(len(q) for q in self._deliveries.values())
        info: Json = {"url": self.webhook.url, "has_custom_certificate": False, "pending_update_count": waiting}
        if self.webhook.last_error:
            info |= {"last_error_message": self.webhook.last_error, "last_error_date": self.now()}
        return info

    def _sendMessage(self, fields: Json) -> Json:  # noqa: N802
        chat = self._chat(fields)
        shown = chat.put(self.next_message_id(), fields["text"].strip(), is_from_bot=True)
        shown.rows = _rows(fields)
        return self.message_json(chat, shown)

    def _sendDocument(self, fields: Json) -> Json:  # noqa: N802
        chat = self._chat(fields)
        name, content, media_type = fields["document"]
        document = self.keep_file("document", content) | {"file_name": name, "mime_type": media_type}
        more = {"document": document | {"file_size": len(content)}, "caption": fields.get("caption", "")}
        return self.message_json(chat, chat.put(self.next_message_id(), "", is_from_bot=True, **more))

    def _editMessageText(self, fields: Json) -> Json:  # noqa: N802
        chat, shown = self._own_message(fields)
        message = self._edit(chat, shown, fields["text"].strip(), _rows(fields))
        chat.note_answer()
        return message

    def _editMessageReplyMarkup(self, fields: Json) -> Json:  # noqa: N802
        chat, shown = self._own_message(fields)
        return self._edit(chat, shown, shown.text, _rows(fields))

    def _edit(self, chat: Chat, shown: Shown, text: str, rows: list[list[tuple[str, str]]]) -> Json:
        if (shown.text, shown.rows) == (text, rows):
            raise Refused(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup "
                "are exactly the same as a current content and reply markup of the message",
            )
        shown.text, shown.rows, shown.is_edited = text, rows, True
        return self.message_json(chat, shown)

    def _answerCallbackQuery(self, fields: Json) -> bool:  # noqa: N802
        query = fields["callback_query_id"]
        if self.unanswered.pop(query, None) is None:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if self.keep_calls:
            self.answered.append(query)
        return True

    def _deleteMessage(self, fields: Json) -> bool:  # noqa: N802
        chat = self._chat(fields)
        shown = chat.messages.get(fields["message_id"])
        if shown is None:
            raise Refused(400, "Bad Request: message to delete not found")
        if self.now() - shown.date > 48 * 3600:
            raise Refused(400, "Bad Request: message can't be deleted for everyone")
        del chat.messages[shown.message_id]
        return True

    def _deleteMessages(self, fields: Json) -> bool:  # noqa: N802
        for message_id in fields["message_ids"]:
            try:
                self._deleteMessage({"chat_id": fields["chat_id"], "message_id": message_id})
            except Refused as error:
                if "not found" not in error.description:  # those "can't be found, they are skipped"
                    raise
        return True

    def _sendChatAction(self, fields: Json) -> bool:  # noqa: N802
        return bool(self._chat(fields))

    def _leaveChat(self, fields: Json) -> bool:  # noqa: N802
        chat = self._chat(fields)
        chat.bot_is_in = False
        chat.refuses = Refused(403, "Forbidden: bot is not a member of the group chat")
        return True

    def _setMyCommands(self, fields: Json) -> bool:  # noqa: N802
        return self._keep("commands", fields["commands"])

    def _getMyCommands(self, fields: Json) -> list[Json]:  # noqa: N802
        return list(self.settings.get("commands", []))

    def _setMyDescription(self, fields: Json) -> bool:  # noqa: N802
        return self._keep("description", fields.get("description", ""))

    def _setMyShortDescription(self, fields: Json) -> bool:  # noqa: N802
        return self._keep("short_description", fields.get("short_description", ""))

    def _getFile(self, fields: Json) -> Json:  # noqa: N802
        found = self.files.get(fields["file_id"])
        if found is None:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        path, content = found
        ids = {"file_id": fields["file_id"], "file_unique_id": "u"}
        return ids | {"file_path": path, "file_size": len(content)}

    def _keep(self, name: str, value: Any) -> bool:
        self.settings[name] = value
        return True

    def _chat(self, fields: Mapping[str, Any]) -> Chat:
        try:
            chat = self.chats.get(int(fields["chat_id"]))
        except ValueError:
            chat = None
        if chat is None:
            raise Refused(400, "Bad Request: chat not found")
        if chat.refuses is not None:
            raise chat.refuses
        return chat

    def _own_message(self, fields: Mapping[str, Any]) -> tuple[Chat, Shown]:
        chat = self._chat(fields)
        shown = chat.messages.get(fields["message_id"])
        if shown is None:
            raise Refused(400, "Bad Request: message to edit not found")
        if not shown.is_from_bot:
            raise Refused(400, "Bad Request: message can't be edited")
        return chat, shown

    # The control API, for a bot in another process

    async def _control(self, what: str, request: Request) -> Response:
        query = dict(parse_qsl(urlsplit(request.target).query))
        body: Json = orjson.loads(request.body) if request.body else query
        do = getattr(self, f"_control_{what}", None)
        if do is None:
            return Response(404, b"{}")
        result = do(body)
        if asyncio.iscoroutine(result):
            result = await result
        return Response(200, orjson.dumps(result))

    def _person(self, body: Json) -> Person:
        chat = self.chats.get(int(body["chat_id"]))
        if chat is None:
            return self.person(chat_id=int(body["chat_id"]))
        assert isinstance(chat, Person)
        return chat

    async def _control_say(self, body: Json) -> Json:
        return {"update_id": await self._person(body).says(body["text"])}

    async def _control_tap(self, body: Json) -> Json:
        return {"update_id": await self._person(body).taps(body["button"])}

    def _control_inject(self, body: Json) -> Json:
        return {"update_ids": [self.push(update) for update in body["updates"]]}

    def _control_counters(self, body: Json) -> Json:
        waiting = len(self.pending) + sum(len(q) for q in self._deliveries.values())
        return {
            "calls": dict(self.counts),
            "violations": self.violations[:100],
            "pending": waiting,
            "cpu_seconds": time.process_time(),
        }

    def _control_screen(self, body: Json) -> list[Json]:
        return [
            {"id": m.message_id, "text": m.text, "from_bot": m.is_from_bot, "rows": m.rows}
            for m in self._person(body).screen
        ]

    async def _control_play(self, body: Json) -> Json:
        """Let `people` at once hold `conversations` in all, each turn waiting for the bot's answer to the last.

        Every conversation is another person's and follows `script`: words to say, or `{"tap": "a label or id"}`,
        which waits until the newest message has that button. `stuck` tells which turn was not answered.
        """
        play = Play(self, body.get("script") or ["hello"], float(body.get("patience", 20)))
        began = time.monotonic()
        people = int(body.get("people", 1))
        await play.hold(people, int(body.get("conversations", people)))
        seconds = time.monotonic() - began
        waits = sorted(play.waits)
        return {
            "turns": len(waits),
            "seconds": seconds,
            "wait_median": waits[len(waits) // 2] if waits else 0.0,
            "wait_95th": waits[len(waits) * 95 // 100] if waits else 0.0,
            "stuck": play.stuck,
        }


def _queue_of(update: Json) -> int:
    for key, value in update.items():
        if key == "update_id":
            continue
        if key == "callback_query":
            # Telegram queues presses apart from messages, so that one may overtake the other on a webhook
            return -int(value["from"]["id"]) - (1 << 40)
        chat = value.get("chat") or value.get("from")
        return int(chat["id"]) if chat else 0
    return 0


def _rows(fields: Json) -> list[list[tuple[str, str]]]:
    markup = fields.get("reply_markup") or {}
    return [[(b["text"], b.get("callback_data", "")) for b in row] for row in markup.get("inline_keyboard", [])]


def _error(error: Refused) -> Response:
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return Response(error.code, orjson.dumps(body))


async def _serve(port: int, token: str, *, validate: bool) -> None:
    server = BotApiServer(token, validate=validate)
    server.keep_calls = False
    server.keep_messages = 20
    await server.start(port)
    print(server.root_url, flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default="4242:TEST-token_for-tests")
    parser.add_argument("--validate", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(options.port, options.token, validate=options.validate))


if __name__ == "__main__":
    main()

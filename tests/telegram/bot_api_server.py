"""A Bot API server for one bot and made-up people; it checks every call against the published rules."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import logging
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import aiohttp
import orjson
from python_multipart.multipart import parse_options_header

from tests.telegram.api_spec import METHODS, Upload, Wrong, read_call
from tests.telegram.http_server import HttpServer, Request, Response

TICK = "✓ "
BOT = {"id": 4242, "is_bot": True, "first_name": "Front Door", "username": "front_door_test_bot"}

Json = dict[str, Any]


class Refused(Exception):
    """The call is answered with an error, as Telegram words it."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the bot made it."""

    method: str
    fields: Json
    at: float


@dataclass(slots=True)
class Shown:
    """One message as a person sees it. `rows` is the keyboard: rows of (label, data)."""

    message_id: int
    text: str
    is_from_bot: bool
    rows: list[list[tuple[str, str]]] = field(default_factory=list)
    is_edited: bool = False
    extra: Json = field(default_factory=dict)
    date: int = 0

    @property
    def buttons(self) -> list[tuple[str, str]]:
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [label for label, _ in self.buttons]


class Chat:
    """One chat, with what is on its screen."""

    def __init__(self, server: BotApiServer, chat_id: int, kind: str, **about: str) -> None:
        self.server = server
        self.id = chat_id
        self.kind = kind
        self.about = about
        self.messages: dict[int, Shown] = {}
        self.refuses: Refused | None = None
        self.bot_is_in = True
        self.answers = 0
        self._shown = asyncio.Event()

    @property
    def screen(self) -> list[Shown]:
        """What is shown, oldest first."""
        return list(self.messages.values())

    @property
    def from_bot(self) -> list[Shown]:
        return [m for m in self.messages.values() if m.is_from_bot]

    @property
    def last(self) -> Shown:
        """The newest message of the bot."""
        return self.from_bot[-1]

    def as_json(self) -> Json:
        return {"id": self.id, "type": self.kind, **self.about}

    async def expects(self, is_so: Callable[[Any], bool], *, seconds: float = 10.0) -> None:
        """Wait until `is_so(self)`; fail with what is on the screen."""
        try:
            async with asyncio.timeout(seconds):
                while not is_so(self):
                    await self.server.changed()
        except TimeoutError:
            seen = [(m.is_from_bot, m.text, m.labels) for m in self.screen]
            raise AssertionError(f"not shown within {seconds} s; on the screen: {seen}") from None

    async def answered(self, after: int) -> None:
        """Wait until the bot has sent or reworded more messages than `after`; `answers` counts them."""
        while self.answers <= after:
            await self._next_answer()

    async def offered(self, label_or_id: str) -> None:
        """Wait until the newest message of the bot has this button, found as `Person.taps` finds it."""
        while not (self.answers and any(_is_button(label_or_id, *button) for button in self.last.buttons)):
            await self._next_answer()

    def note_answer(self) -> None:
        self.answers += 1
        self._shown.set()

    async def _next_answer(self) -> None:
        self._shown.clear()
        await self._shown.wait()

    def put(self, message_id: int, text: str, *, is_from_bot: bool, **extra: Any) -> Shown:
        shown = Shown(message_id, text, is_from_bot, extra=extra, date=self.server.now())
        self.messages[message_id] = shown
        if is_from_bot:
            self.note_answer()
        if len(self.messages) > self.server.keep_messages:
            del self.messages[next(iter(self.messages))]
        return shown


class Person(Chat):
    """A made-up person in a private chat with the bot. Each act returns the update's id."""

    def __init__(self, server: BotApiServer, chat_id: int, first_name: str, language_code: str | None) -> None:
        super().__init__(server, chat_id, "private", first_name=first_name)
        self.user: Json = {"id": chat_id, "is_bot": False, "first_name": first_name}
        if language_code:
            self.user["language_code"] = language_code

    async def says(self, text: str, **more: Any) -> int:
        return self._sends(text, {"text": text, **_entities(text), **more})

    async def starts(self, payload: str = "") -> int:
        return await self.says(f"/start {payload}".rstrip())

    async def edits(self, text: str, message: Shown | int | None = None) -> int:
        """Change words sent earlier: `message`, or the last of this person's."""
        own = [m for m in self.screen if not m.is_from_bot]
        found = message if isinstance(message, Shown) else None
        found = found or next((m for m in own if m.message_id == message), None) or own[-1]
        found.text, found.is_edited = text, True
        dates = {"edit_date": self.server.now(), "date": found.date}
        return self.server.push({"edited_message": self._message(found.message_id, {"text": text}) | dates})

    async def taps(self, label_or_id: str, message: Shown | None = None) -> int:
        """Press a button by its label (a tick aside), its data, or the choice id in its data; the newest such."""
        shown, data = self._find(label_or_id, message)
        return self.presses(data, shown)

    def presses(
        self, data: str | None, shown: Shown | None, *, by: Person | None = None, old: bool = False
    ) -> int:
        """Press with any data at all. `old` gives Telegram's stand-in for a message it no longer shows."""
        query: Json = {
            "id": str(self.server.next_id()),
            "from": (by or self).user,
            "chat_instance": str(self.id),
        }
        if data is not None:
            query["data"] = data
        if shown is not None:
            query["message"] = (
                {"chat": self.as_json(), "message_id": shown.message_id, "date": 0}
                if old
                else self.server.message_json(self, shown)
            )
        self.server.unanswered[query["id"]] = self.id
        return self.server.push({"callback_query": query})

    async def sends_photo(self, caption: str = "") -> int:
        sizes = [{**self._file("photo"), "width": w, "height": w, "file_size": w * 10} for w in (90, 320, 1280)]
        return self._sends_media("photo", sizes, caption)

    async def sends_voice(self) -> int:
        return self._sends_media("voice", {**self._file("voice"), "duration": 3, "mime_type": "audio/ogg"})

    async def sends_audio(self, caption: str = "") -> int:
        audio = {**self._file("audio"), "duration": 3, "file_name": "sound.mp3"}
        return self._sends_media("audio", audio, caption)

    async def sends_video(self, caption: str = "") -> int:
        video = {**self._file("video"), "width": 640, "height": 360, "duration": 4, "mime_type": "video/mp4"}
        return self._sends_media("video", video, caption)

    async def sends_video_note(self) -> int:
        return self._sends_media("video_note", {**self._file("note"), "length": 240, "duration": 4})

    async def sends_animation(self, caption: str = "") -> int:
        animation = {**self._file("animation"), "width": 320, "height": 240, "duration": 2}
        both = {"animation": animation, "document": {**animation, "file_name": "moving.mp4"}}
        return self._sends("", {**both, **_caption(caption)})

    async def sends_document(
        self, name: str = "letter.pdf", caption: str = "", content: bytes = b"made up"
    ) -> int:
        document = self._file("document", content) | {"file_name": name, "mime_type": "application/pdf"}
        return self._sends_media("document", document | {"file_size": len(content)}, caption)

    async def sends_sticker(self, emoji: str = "🙂") -> int:
        kind = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._sends_media("sticker", {**self._file("sticker"), **kind, "emoji": emoji})

    async def sends_location(self, latitude: float = 54.7761, longitude: float = -1.5733) -> int:
        return self._sends_media("location", {"latitude": latitude, "longitude": longitude})

    async def sends_venue(self, title: str = "The Made Up Cafe") -> int:
        place = {"latitude": 54.7761, "longitude": -1.5733}
        venue = {"location": place, "title": title, "address": "1 High Street"}
        return self._sends("", {"venue": venue, "location": place})

    async def sends_contact(self, phone_number: str = "+447700900123", first_name: str = "Sam") -> int:
        return self._sends_media("contact", {"phone_number": phone_number, "first_name": first_name})

    async def sends_poll(self, question: str = "Which day suits you") -> int:
        days = enumerate(("Monday", "Friday"))
        options = [{"persistent_id": str(n), "text": day, "voter_count": 0} for n, day in days]
        poll = {"id": "1", "question": question, "options": options, "total_voter_count": 0, "is_closed": False}
        poll |= {"is_anonymous": True, "type": "regular", "allows_multiple_answers": False}
        return self._sends_media("poll", poll | {"allows_revoting": False, "members_only": False})

    async def sends_dice(self) -> int:
        return self._sends_media("dice", {"emoji": "🎲", "value": 4})

    async def sends_story(self) -> int:
        return self._sends_media("story", {"chat": self.as_json(), "id": 7})

    async def sends(self, **content: Any) -> int:
        """Send a message with any content at all."""
        return self._sends(str(content.get("text", "")), content)

    async def blocks(self) -> int:
        self.refuses = Refused(403, "Forbidden: bot was blocked by the user")
        return self._member("member", "kicked")

    async def unblocks(self) -> int:
        self.refuses = None
        return self._member("kicked", "member")

    def leaves_telegram(self) -> None:
        self.refuses = Refused(403, "Forbidden: user is deactivated")

    def _find(self, wanted: str, message: Shown | None) -> tuple[Shown, str]:
        places = [message] if message is not None else list(reversed(self.from_bot))
        for shown in places:
            for label, data in shown.buttons:
                if _is_button(wanted, label, data):
                    return shown, data
        raise AssertionError(f"no button {wanted!r} on the screen: {[m.labels for m in places]}")

    def _sends_media(self, kind: str, content: Any, caption: str = "") -> int:
        return self._sends(caption, {kind: content, **_caption(caption)})

    def _sends(self, text: str, content: Json) -> int:
        message_id = self.server.next_message_id()
        self.put(message_id, text, is_from_bot=False)
        return self.server.push({"message": self._message(message_id, content)})

    def _message(self, message_id: int, content: Json) -> Json:
        head = {"message_id": message_id, "from": self.user, "chat": self.as_json(), "date": self.server.now()}
        return head | content

    def _member(self, old: str, new: str) -> int:
        return self.server.push_member(self, self.user, old, new)

    def _file(self, kind: str, content: bytes = b"made up") -> Json:
        return self.server.keep_file(kind, content)


class Group(Chat):
    """A group or a channel that somebody added the bot to."""

    def __init__(self, server: BotApiServer, chat_id: int, kind: str, title: str) -> None:
        super().__init__(server, chat_id, kind, title=title)
        self.moved_to: int | None = None

    async def adds_bot(self, by: Person) -> int:
        self.bot_is_in = True
        return self.server.push_member(self, by.user, "left", "member")

    async def hears(self, by: Person, text: str) -> int:
        message_id = self.server.next_message_id()
        self.put(message_id, text, is_from_bot=False)
        head = {"message_id": message_id, "chat": self.as_json(), "date": self.server.now(), "text": text}
        if self.kind == "channel":
            return self.server.push({"channel_post": head})
        return self.server.push({"message": head | {"from": by.user}})

    async def removes_bot(self, by: Person) -> int:
        self.refuses = Refused(403, "Forbidden: bot was kicked from the group chat")
        self.bot_is_in = False
        return self.server.push_member(self, by.user, "member", "kicked")

    async def migrates(self, by: Person) -> int:
        """Become a supergroup with a new id, and tell the bot."""
        self.moved_to = self.id - 1_000_000_000_000
        self.server.chats[self.moved_to] = Group(self.server, self.moved_to, "supergroup", self.about["title"])
        self.refuses = Refused(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=self.moved_to,
        )
        head = {"message_id": self.server.next_message_id(), "chat": self.as_json(), "from": by.user}
        moved = {"date": self.server.now(), "migrate_to_chat_id": self.moved_to}
        return self.server.push({"message": head | moved})


def _is_button(wanted: str, label: str, data: str) -> bool:
    return wanted in (label, label.removeprefix(TICK), data, data.partition(":")[2])


def _caption(caption: str) -> Json:
    return {"caption": caption} if caption else {}


def _entities(text: str) -> Json:
    if not text.startswith("/"):
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]}


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
            raw, uploads, is_json = _read_body(request)
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
                fields = _loosely(raw)
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
        play = _Play(self, body.get("script") or ["hello"], float(body.get("patience", 20)))
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


class _Play:
    """Conversations as people hold them. `waits` are seconds until the first answer to each turn."""

    def __init__(self, server: BotApiServer, script: list[Any], patience: float) -> None:
        self.waits: list[float] = []
        self.stuck: list[str] = []
        self._server = server
        self._script = script
        self._patience = patience
        self._left = 0
        self._over: deque[int] = deque()

    async def hold(self, people: int, conversations: int) -> None:
        self._left = conversations
        await asyncio.gather(*(self._one_after_another() for _ in range(people)))

    async def _one_after_another(self) -> None:
        while self._left > 0 and not self.stuck:
            self._left -= 1
            person = self._server.person()
            for number, line in enumerate(self._script, 1):
                try:
                    async with asyncio.timeout(self._patience):
                        await self._turn(person, line)
                except TimeoutError:
                    last = [(m.text[:60], m.labels) for m in person.from_bot[-2:]]
                    self.stuck.append(f"turn {number}, {line}: {last}")
                    return
            self._forget_later(person.id)

    async def _turn(self, person: Person, line: Any) -> None:
        if isinstance(line, dict):
            await person.offered(line["tap"])
        before, began = person.answers, time.monotonic()
        if isinstance(line, dict):
            await person.taps(line["tap"], person.last)
        else:
            await person.says(line)
        await person.answered(after=before)
        self.waits.append(time.monotonic() - began)

    def _forget_later(self, chat_id: int) -> None:
        """Forget old chats, so that a hundred thousand turns fit; late calls for the newest still find theirs."""
        self._over.append(chat_id)
        if len(self._over) > 500:
            del self._server.chats[self._over.popleft()]


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


def _read_body(request: Request) -> tuple[Json, dict[str, Upload], bool]:
    """Return the fields, the files and whether they came as JSON."""
    query: Json = dict(parse_qsl(urlsplit(request.target).query, keep_blank_values=True))
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if not request.body:
        return query, {}, False
    if kind == b"application/json":
        data = orjson.loads(request.body)
        if not isinstance(data, dict):
            raise ValueError("not an object")
        return query | data, {}, True
    if kind == b"multipart/form-data":
        fields, uploads = _multipart(request.body, options[b"boundary"])
        return query | fields, uploads, False
    if kind == b"application/x-www-form-urlencoded":
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True))
        return query | form, {}, False
    raise ValueError("a media type that the Bot API does not read")


def _multipart(body: bytes, boundary: bytes) -> tuple[Json, dict[str, Upload]]:
    fields: Json = {}
    uploads: dict[str, Upload] = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = dict(line.split(b": ", 1) for line in head.split(b"\r\n"))
        lower = {k.lower(): v for k, v in headers.items()}
        _, options = parse_options_header(lower[b"content-disposition"])
        name = options[b"name"].decode()
        content = content.removesuffix(b"\r\n")
        if b"filename" in options:
            uploads[name] = (options[b"filename"].decode(), content, lower.get(b"content-type", b"").decode())
        else:
            fields[name] = content.decode()
    return fields, uploads


def _loosely(raw: Json) -> Json:
    """Without checks: whatever reads as JSON is JSON, except words and an id that is written as words."""
    as_it_came = ("text", "callback_query_id")
    return {k: v if k in as_it_came or not isinstance(v, str) else _or_text(v) for k, v in raw.items()}


def _or_text(value: str) -> Any:
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


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

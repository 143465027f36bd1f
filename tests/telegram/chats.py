"""Made-up people and groups with their screens, as they meet a bot on Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.telegram.bot_api_server import BotApiServer

TICK = "✓ "

Json = dict[str, Any]


class Refused(Exception):
    """The call is answered with an error, as Telegram words it."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


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

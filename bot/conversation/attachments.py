"""Messages that are not words: taken as the answer where one is asked for, kept for a person anywhere else."""

from __future__ import annotations

from bot.channels.base import Attachment, InboundMessage, MessageKind
from bot.conversation.draft import Draft
from bot.conversation.heard import let_the_flow_know
from bot.conversation.incoming import Incoming
from bot.conversation.scene import Scene
from flows.effects import BringPerson
from flows.engine import Engine
from flows.outcome import Asking, Reply

KEPT_WORDS = {
    MessageKind.PHOTO: "photo_kept",
    MessageKind.VIDEO: "video_kept",
    MessageKind.VOICE: "voice_kept",
    MessageKind.DOCUMENT: "document_kept",
    MessageKind.LOCATION: "location_kept",
    MessageKind.CONTACT: "contact_kept",
    MessageKind.STICKER: "sticker_kept",
    MessageKind.OTHER: "other_kept",
}


def take_attachment(scene: Scene, draft: Draft, engine: Engine, incoming: Incoming) -> None:
    """Take it as the answer where that is what is asked for, and keep it where not."""
    if not _answers_with_it(scene, draft, engine, incoming):
        keep_attachment(scene, draft, engine, incoming)


def keep_attachment(scene: Scene, draft: Draft, engine: Engine, incoming: Incoming) -> None:
    """Say that it is kept, and put the question at hand again."""
    draft.outcome_code = incoming.message.kind.value
    state = let_the_flow_know(draft, engine, incoming)
    say_it_is_kept(scene, draft, incoming.message)
    draft.take(engine.repeat(state))


def say_it_is_kept(scene: Scene, draft: Draft, message: InboundMessage) -> None:
    draft.say(scene, KEPT_WORDS[message.kind])
    if message.kind is not MessageKind.STICKER:
        draft.effects.append(BringPerson("unreadable"))


def _answers_with_it(scene: Scene, draft: Draft, engine: Engine, incoming: Incoming) -> bool:
    """Take a file where one is asked for, a contact card's number for a phone, a place for an address."""
    message, state = incoming.message, draft.state
    if message.attachment is None or incoming.is_alerting:
        return False
    asking = engine.asking(state)
    words = _words_of(message.attachment, message.kind, asking)
    if not words:
        return False
    draft.outcome_code = "answered"
    file = words if asking.kind == "file" else ""
    draft.take(engine.reply(state, Reply(text=message.text if file else words, file=file), today=scene.today))
    return True


def _words_of(sent: Attachment, kind: MessageKind, asking: Asking) -> str:
    if asking.kind == "file" and kind in (MessageKind.DOCUMENT, MessageKind.PHOTO):
        return sent.name or kind.value
    if asking.kind == "phone" and kind is MessageKind.CONTACT:
        return sent.data.get("phone_number", "")
    if kind is MessageKind.LOCATION and (asking.kind == "address" or asking.field == "whereabouts_now"):
        return ", ".join(sent.data[name] for name in ("latitude", "longitude") if name in sent.data)
    return ""

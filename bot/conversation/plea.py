"""Tells whoever says that they cannot ring or speak how help is got all the same."""

from __future__ import annotations

from bot.channels.base import MessageKind
from bot.conversation.draft import Draft
from bot.conversation.incoming import Incoming
from bot.conversation.scene import Scene
from flows.outcome import Message
from flows.reading.asides import cannot_ring

TEXTING = "emergency_sms"


def tell_who_cannot_ring(scene: Scene, draft: Draft, incoming: Incoming) -> None:
    """Say it before the next question, or last where nothing is asked. Who is rung stays as it is.

    How to register a phone for texts is said where the area has checked it.
    """
    message = incoming.message
    if message.kind is not MessageKind.TEXT or scene.house.at_desk or draft.memory.stopped:
        return
    if draft.clears is not None or not cannot_ring(message.text):
        return
    is_checked = TEXTING in scene.house.area.helplines
    checked = {"register": scene.words(draft.memory, "cannot_ring_register")} if is_checked else {}
    asks = next((at for at, said in enumerate(draft.messages) if said.asks), len(draft.messages))
    draft.messages.insert(asks, Message(scene.words(draft.memory, "cannot_ring", checked)))

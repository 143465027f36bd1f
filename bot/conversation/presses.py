"""Buttons that were pressed: which are of the question at hand, which are old, and which count all the same."""

from __future__ import annotations

from bot.channels.base import InboundMessage
from bot.conversation.memory import Memory
from bot.conversation.promises import pressed
from bot.conversation.scene import Scene
from flows.engine import Engine
from flows.outcome import Outcome
from flows.state import State

LABELS_PRESSES = frozenset({"telegram"})
"""Channels that send our own label as the text of a press. Elsewhere text beside a choice is the person's."""

ALWAYS_HONOURED = frozenset({"person", "stop", "quick_exit", "exit", "delete", "help"})
"""Buttons that mean the same on any message, however old."""


def is_old_press(message: InboundMessage, memory: Memory) -> bool:
    """Say whether it is a button of a question that is no longer the one at hand."""
    if pressed(message.choice) is not None:
        return True
    if message.choice is None or message.prompt is None or message.choice in ALWAYS_HONOURED:
        return False
    return not memory.since <= message.prompt <= memory.prompt


def raised_by(scene: Scene, engine: Engine, state: State, message: InboundMessage) -> Outcome | None:
    """A button of an older question counts all the same where it says that somebody is in danger."""
    for row in reversed(scene.uow.outbox.of_conversation(scene.conversation.id, limit=1000)):
        if row.payload.get("prompt") == message.prompt and message.choice is not None:
            step = str(row.payload.get("step", ""))
            return engine.press_again(state, step, message.choice, today=scene.today)
    return None

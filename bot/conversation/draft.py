"""What one turn is becoming while it is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.conversation.memory import Memory
from bot.conversation.scene import Scene
from flows.effects import Effect
from flows.outcome import Message, Outcome
from flows.state import Mode, State
from storage.conversations import ConversationStatus
from storage.outbox import NewOutbox


@dataclass(frozen=True, slots=True)
class Clears:
    """Messages of one chat, by the channel's own references."""

    channel: str
    address: str
    refs: tuple[str, ...]


@dataclass(slots=True)
class Draft:
    """What is to be said, done and remembered. `outcome_code` says in one word what the turn came to."""

    memory: Memory
    outcome_code: str
    before: Memory = field(init=False)
    """What was remembered when the turn began."""
    messages: list[Message] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    rows: list[NewOutbox] = field(default_factory=list)
    status: ConversationStatus = ConversationStatus.ACTIVE
    clears: Clears | None = None
    reopens: bool | None = None  # unless said, by what they did: see `decided.LEAVES_CLOSED`

    def __post_init__(self) -> None:
        self.before = self.memory

    @property
    def state(self) -> State:
        """Return where they are in the flow, which has begun."""
        if self.memory.state is None:
            raise ValueError("the flow has not begun")
        return self.memory.state

    def take(self, outcome: Outcome) -> None:
        """Take what the flow said to it."""
        self.messages.extend(outcome.messages)
        self.effects.extend(outcome.effects)
        self.memory = replace(self.memory, state=outcome.state)
        if outcome.state.mode is Mode.PAUSED:
            self.status = ConversationStatus.DORMANT

    def say(self, scene: Scene, key: str, values: Mapping[str, str] | None = None) -> None:
        """Say our own words."""
        self.messages.append(Message(scene.words(self.memory, key, values)))

    def ask_nothing(self) -> None:
        """Take back the question: something else is said first, and then it is put again."""
        self.messages = [message for message in self.messages if not message.asks]

"""Where a turn is decided: the conversation it is in, the unit of work, and the hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.conversation.house import House
from bot.conversation.memory import Memory
from bot.conversation.promises import Heard, Promises
from flows.engine import Engine
from storage.conversations import ConversationRecord, ConversationStatus
from storage.identifiers import TurnId
from storage.turns import TurnRecord
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Scene:
    """All there is at hand but what was said. `turn` is None where nobody wrote, as when a worker gives back.

    The conversation is as it stood before; what we remember of it now is in the draft.
    """

    uow: UnitOfWork
    house: House
    promises: Promises
    conversation: ConversationRecord
    turn: TurnRecord | None
    now: datetime

    @property
    def turn_id(self) -> TurnId | None:
        return self.turn.id if self.turn else None

    @property
    def is_with_worker(self) -> bool:
        return self.conversation.status is ConversationStatus.WITH_WORKER

    @property
    def today(self) -> date:
        return self.house.today(self.now)

    @property
    def heard(self) -> Heard:
        """Return the same as promises know it."""
        return Heard(self.uow, self.house, self.conversation, self.turn_id, self.now)

    def engine(self, memory: Memory) -> Engine:
        """Return what plays the flow this conversation began with."""
        flow = self.house.shelf.pinned(self.uow, self.conversation.flow, self.conversation.flow_version)
        return self.house.engine(flow, self.now, memory.reference)

    def words(self, memory: Memory, key: str, values: Mapping[str, str] | None = None) -> str:
        """Return our own words for whoever this is."""
        audience = memory.state.audience if memory.state else "unknown"
        return self.house.voice(self.now, memory.reference).fixed(key, audience, values)

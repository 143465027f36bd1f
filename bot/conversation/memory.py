"""What we remember of a conversation between two turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flows.state import State

Pending = Literal["", "restart", "delete"]


@dataclass(frozen=True, slots=True)
class Memory:
    """`state` is None until the flow has begun.

    `prompt` numbers the message that last asked something, and `since` the first that asked the same: a button
    of any of those is one of the question at hand, an earlier one is old. `pending` is what we asked them to
    be sure of. `stopped` says they asked us to stop, until they write again. `decided`: the enquiry was closed
    with a decision, and what they write now brings it back. `outside` is the question asked outside the flow that
    was asked last of all, as `bot.conversation.promises.Place`; empty where the flow has asked since. `begun`:
    what we said last we began ourselves.
    """

    reference: str
    state: State | None = None
    prompt: int = 0
    since: int = 0
    pending: Pending = ""
    stopped: bool = False
    decided: bool = False
    outside: str = ""
    begun: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "reference": self.reference,
            "state": None if self.state is None else self.state.to_json(),
            "prompt": self.prompt,
            "since": self.since,
            "pending": self.pending,
            "stopped": self.stopped,
            "decided": self.decided,
            **({"outside": self.outside} if self.outside else {}),
            **({"begun": True} if self.begun else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Memory:
        """Undo `to_json`."""
        state = data["state"]
        return cls(
            reference=data["reference"],
            state=None if state is None else State.from_json(state),
            prompt=data["prompt"],
            since=data["since"],
            pending=data["pending"],
            stopped=data["stopped"],
            decided=bool(data.get("decided", False)),
            outside=str(data.get("outside", "")),
            begun=bool(data.get("begun", False)),
        )

"""A conversation as the person sees it: what they said and what was said back, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.conversation.base import Shown
from bot.conversation.speaking import shown
from storage.outbox import OutboxKind, OutboxRecord
from storage.turns import TurnRecord


def replies(rows: Sequence[OutboxRecord]) -> tuple[Shown, ...]:
    """Return what was said to the person, and nothing that was said to duty workers."""
    return tuple(shown(r) for r in rows if r.kind is not OutboxKind.DUTY and r.payload.get("text"))


def both_sides(turns: Sequence[TurnRecord], rows: Sequence[OutboxRecord]) -> tuple[Shown, ...]:
    """Return the whole of it: the replies, and each of the person's own messages placed by the reply before it."""
    said = [m for m in _said(turns, rows) if m.text]
    return tuple(sorted([*replies(rows), *said], key=lambda m: (m.sent_at, m.speaker != "person")))


def _said(turns: Sequence[TurnRecord], rows: Sequence[OutboxRecord]) -> list[Shown]:
    labels: dict[int | None, dict[str, str]] = {}
    for row in rows:
        buttons = (*row.payload.get("controls", ()), *row.payload.get("choices", ()))
        labels.setdefault(row.payload.get("prompt"), {}).update({choice: label for choice, label, _ in buttons})
    return [
        Shown(
            id=turn.id,
            sequence=max((row.sequence for row in rows if row.created_at <= turn.kept_at), default=0),
            speaker="person",
            text=turn.words or _tapped(turn, labels),
            sent_at=turn.kept_at,
        )
        for turn in turns
    ]


def _tapped(turn: TurnRecord, labels: Mapping[int | None, Mapping[str, str]]) -> str:
    """Return what was tapped in the words it stood in. What was typed is never put in other words."""
    tapped = [turn.choice] if turn.choice is not None else turn.message.get("choices", ())
    anywhere = {choice: label for of_prompt in labels.values() for choice, label in of_prompt.items()}
    buttons = labels.get(turn.message.get("prompt"), {})
    return ", ".join(buttons.get(choice) or anywhere.get(choice, choice) for choice in tapped)

"""Turns what is to be said into outbox rows, and rows back into what a person sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.channels.base import Choice, OutboundMessage, SentFile
from bot.conversation.base import Expects, Shown
from bot.conversation.house import House
from bot.conversation.memory import Memory
from flows.outcome import Asking, Button, Message
from storage.conversations import ConversationRecord
from storage.enquiries import EnquiryRecord
from storage.identifiers import TurnId
from storage.outbox import NewOutbox, OutboxKind, OutboxRecord


def rows_of(
    messages: Sequence[Message],
    conversation: ConversationRecord,
    turn_id: TurnId | None,
    memory: Memory,
    house: House,
    now: datetime,
    ref: str = "",
) -> list[NewOutbox]:
    """Return one row for each message, born claimed so that this process sends them at once.

    `ref` is the channel's reference of the message a button was pressed on: one ticked in place is changed
    there.
    """
    return [
        row_in(
            conversation,
            OutboxKind.REPLY,
            _payload(message, memory.prompt, ref if message.in_place else ""),
            house,
            now,
            turn_id,
        )
        for message in messages
        if message.text
    ]


def row_in(
    conversation: ConversationRecord,
    kind: OutboxKind,
    payload: dict[str, Any],
    house: House,
    now: datetime,
    turn_id: TurnId | None = None,
) -> NewOutbox:
    """Return one message in a conversation, born claimed as all are that this process sends at once."""
    return NewOutbox(
        channel=conversation.channel,
        address=conversation.address,
        kind=kind,
        payload=payload,
        conversation_id=conversation.id,
        enquiry_id=conversation.enquiry_id,
        turn_id=turn_id,
        created_at=now,
        claimed_by=house.owner,
        claimed_until=now + house.lease,
    )


def notice_to(
    channel: str, address: str, subject: str, words: str, enquiry: EnquiryRecord, house: House, now: datetime
) -> NewOutbox:
    """Return a notice about an enquiry to where somebody is reached outside any conversation."""
    return NewOutbox(
        channel=channel,
        address=address,
        kind=OutboxKind.NOTICE,
        payload={"text": words, "subject": subject},
        enquiry_id=enquiry.id,
        created_at=now,
        claimed_by=house.owner,
        claimed_until=now + house.lease,
    )


def _payload(message: Message, prompt: int, replaces: str) -> dict[str, Any]:
    payload: dict[str, Any] = {"text": message.text}
    if message.buttons:
        payload["choices"] = [[b.id, b.label, b.chosen] for b in message.buttons]
    if message.controls:
        payload["controls"] = [[b.id, b.label, False] for b in message.controls]
    if message.multiple:
        payload["multiple"] = True
    if message.asks:
        payload["prompt"] = prompt
        payload["step"] = message.step
    if replaces:
        payload["replaces"] = replaces
    return payload


def outbound(row: OutboxRecord) -> OutboundMessage:
    """Return a row as the channels take it."""
    payload = row.payload
    return OutboundMessage(
        id=row.id,
        channel=row.channel,
        address=row.address,
        text=str(payload.get("text", "")),
        choices=_choices(payload.get("choices", ())),
        controls=_choices(payload.get("controls", ())),
        multiple=bool(payload.get("multiple", False)),
        prompt=payload.get("prompt"),
        replaces=str(payload.get("replaces", "")),
        urgent=row.urgent,
        subject=str(payload.get("subject", "")),
        file=_file(payload.get("file", {})),
    )


def shown(row: OutboxRecord) -> Shown:
    """Return a row as the person sees it."""
    message, file = outbound(row), row.payload.get("file", {})
    return Shown(
        id=row.id,
        sequence=row.sequence,
        speaker="worker" if row.kind is OutboxKind.WORKER else "bot",
        text=message.text,
        sent_at=row.created_at,
        choices=message.choices,
        controls=message.controls,
        multiple=message.multiple,
        prompt=message.prompt,
        link=f"/calendar/{file['token']}" if "token" in file else "",
        link_label=str(file.get("label", "")),
    )


def expects(asking: Asking, memory: Memory, *, finished: bool, with_worker: bool) -> Expects:
    """Return what the next message is expected to be."""
    return Expects(
        flow=asking.flow,
        step=asking.step,
        field=asking.field,
        kind=asking.kind,
        choices=_buttons(asking.buttons),
        controls=_buttons(asking.controls),
        hint=asking.hint,
        optional=asking.optional,
        can_go_back=asking.can_go_back,
        finished=finished,
        with_worker=with_worker,
        multiple=asking.multiple,
        prompt=memory.prompt,
    )


def _file(kept: Mapping[str, str]) -> SentFile | None:
    return SentFile(kept["name"], kept["type"], kept["content"]) if "content" in kept else None


def _choices(kept: Iterable[Sequence[Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(str(i), str(label), bool(chosen)) for i, label, chosen in kept)


def _buttons(buttons: Sequence[Button]) -> tuple[Choice, ...]:
    return tuple(Choice(b.id, b.label, b.chosen) for b in buttons)

"""Keep and screen: the person's words, and any worry in them, are safe before anything can fail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from bot.channels.base import Attachment, InboundMessage, MessageKind
from bot.conversation.base import NoSuchConversation
from bot.conversation.house import House
from bot.conversation.memory import Memory
from bot.conversation.presses import LABELS_PRESSES
from bot.conversation.promises import pressed
from bot.safeguarding import screening as screens
from bot.safeguarding.escalation import raise_worries, worries_of
from nlu.base import Screening
from storage.conversations import ConversationRecord, ConversationStatus
from storage.identifiers import ConversationId
from storage.outbox import OutboxRecord
from storage.recordings import RECORDED
from storage.repository import NotFound
from storage.turns import TurnRecord
from storage.unit_of_work import UnitOfWork

FINDS_BY_ID = frozenset({"webchat", "console"}) | RECORDED
"""Channels whose address is the conversation's own id, given when it began."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,3}")

_FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)

MOST_KEPT = 20_000
"""Characters of one message that are kept; no channel of ours lets more through."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that is safe. `is_new` is False where it had been kept before."""

    turn: TurnRecord
    is_new: bool
    to_send: tuple[OutboxRecord, ...] = ()


def words_to_screen(message: InboundMessage) -> str:
    """Return everything in a message that screening has to read.

    A tapped answer is in our words, not theirs: what it may mean is for the question to say (`raises`), the same
    on every channel. A command typed with more after it is their words.
    """
    tapped = (
        message.kind is MessageKind.CHOICE
        and (message.prompt is not None or pressed(message.choice) is not None)
        and message.channel in LABELS_PRESSES
    )
    parts = [] if tapped else [message.text]
    if message.attachment is not None:
        parts.append(message.attachment.name)
        parts.extend(message.attachment.data.values())
    return "\n".join(p for p in parts if p)


def keep(uow: UnitOfWork, message: InboundMessage, heard: Screening, house: House, now: datetime) -> Kept:
    """Keep one message as a turn, with what screening heard in it; tell the duty workers of a worry.

    Raises `NoSuchConversation` where the channel's address is a conversation's id and there is none.
    """
    conversation = _conversation(uow, message, house, now)
    edited = uow.turns.by_external(message.channel, message.address, message.edits) if message.edits else None
    turn, is_new = uow.turns.keep(
        conversation=conversation,
        external_id=message.external_id,
        channel=message.channel,
        address=message.address,
        kind=message.kind.value,
        order=message.order,
        words=message.text[:MOST_KEPT],
        choice=message.choice,
        message=to_json(message),
        screening=screens.to_json(heard),
        urgency=heard.urgency.value,
        received_at=message.received_at,
        now=now,
        edits_turn_id=edited.id if edited else None,
    )
    if not is_new:
        return Kept(turn, False)
    rows = raise_worries(uow, worries_of(heard), conversation, turn.id, house.doorbell, now)
    return Kept(turn, True, tuple(uow.outbox.put(rows)))


def open_conversation(
    uow: UnitOfWork,
    house: House,
    now: datetime,
    *,
    channel: str,
    address: str,
    language: str | None,
    conversation_id: ConversationId | None = None,
    token: str | None = None,
    audience: str = "unknown",
    person: ConversationRecord | None = None,
) -> ConversationRecord:
    """Open an enquiry and its conversation, not yet begun; `person` is an earlier one of the same person."""
    person_id = person.person_id if person else uow.people.new("reporter", now).id
    enquiry = uow.enquiries.open(audience=audience, area=house.area.id, reporter_id=person_id, now=now)
    flow = house.shelf.current(uow, now)
    return uow.conversations.begin(
        channel=channel,
        address=address,
        enquiry_id=enquiry.id,
        person_id=person_id,
        flow=flow.flow,
        flow_version=flow.version,
        language=language if language and _LANGUAGE.fullmatch(language) else "en",
        state=Memory(reference=enquiry.reference, prompt=first_prompt(now)).to_json(),
        now=now,
        token=token,
        conversation_id=conversation_id,
    )


def first_prompt(now: datetime) -> int:
    """Return where a conversation begins to number its questions: above any that was asked in the chat before it.

    So a button of an earlier enquiry is known as old. In seconds, which no one outruns with questions.
    """
    return max(0, int((now - _FIRST_DAY).total_seconds()))


def conversation_at(uow: UnitOfWork, message: InboundMessage) -> ConversationRecord | None:
    """Return the conversation a message belongs to, where there is one. Opens none.

    Raises `NoSuchConversation` where the channel's address is a conversation's id and there is none.
    """
    if message.channel not in FINDS_BY_ID:
        return uow.conversations.find(message.channel, message.address)
    try:
        return uow.conversations.get(ConversationId(message.address))
    except NotFound:
        raise NoSuchConversation from None


def _conversation(uow: UnitOfWork, message: InboundMessage, house: House, now: datetime) -> ConversationRecord:
    known = conversation_at(uow, message)
    if known is not None and message.channel in FINDS_BY_ID:
        if known.status is ConversationStatus.CLOSED and _of_repeated(uow, message) is None:
            raise NoSuchConversation
        return known
    if known is None:
        known = _of_repeated(uow, message)
    if known is None:
        return open_conversation(
            uow, house, now, channel=message.channel, address=message.address, language=message.language
        )
    if known.blocked_at is not None:
        uow.conversations.mark_reachable(known.id, now)
    return known


def _of_repeated(uow: UnitOfWork, message: InboundMessage) -> ConversationRecord | None:
    """Return the conversation of a message heard before: a repeat opens no new one, though the old is closed."""
    before = uow.turns.by_external(message.channel, message.address, message.external_id)
    return None if before is None else uow.conversations.get(before.conversation_id)


def to_json(message: InboundMessage) -> dict[str, Any]:
    """Return what is kept of a message beside its words."""
    kept: dict[str, Any] = {
        "external_id": message.external_id,
        "address": message.address,
        "choices": None if message.choices is None else list(message.choices),
        "prompt": message.prompt,
        "edits": message.edits,
        "payload": message.payload,
        "language": message.language,
        "ref": message.ref,
    }
    kept = {name: value for name, value in kept.items() if value not in (None, "")}
    if message.attachment is not None:
        kept["attachment"] = asdict(message.attachment)
    return kept


def from_turn(turn: TurnRecord, conversation: ConversationRecord) -> InboundMessage:
    """Return the message a turn was made of."""
    kept: Mapping[str, Any] = turn.message
    choices = kept.get("choices")
    attachment = kept.get("attachment")
    return InboundMessage(
        channel=turn.channel,
        address=conversation.address,
        external_id=str(kept.get("external_id", "")),
        received_at=turn.received_at,
        kind=MessageKind(turn.kind),
        text=turn.words,
        choice=turn.choice,
        choices=None if choices is None else tuple(choices),
        prompt=kept.get("prompt"),
        order=turn.sent_order,
        edits=kept.get("edits"),
        payload=str(kept.get("payload", "")),
        language=kept.get("language"),
        attachment=Attachment(**{**attachment, "kind": MessageKind(attachment["kind"])}) if attachment else None,
        ref=str(kept.get("ref", "")),
    )

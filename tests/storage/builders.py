"""Builders: each makes a valid thing, and the test states only what it is about. Everybody here is made up."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from storage.conversations import ConversationRecord
from storage.outbox import NewOutbox
from storage.turns import TurnRecord
from storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
_ids = count(1)


def begin(uow: UnitOfWork, address: str = "960001", **given: Any) -> ConversationRecord:
    """Begin a conversation of a new person about a new enquiry."""
    person = uow.people.new("reporter", NOW)
    enquiry = uow.enquiries.open(audience="parent", area="exampleshire", reporter_id=person.id, now=NOW)
    values: dict[str, Any] = {
        "channel": "telegram",
        "address": address,
        "enquiry_id": enquiry.id,
        "person_id": person.id,
        "flow": "family",
        "flow_version": 1,
        "language": "en",
        "state": {},
        "now": NOW,
    }
    return uow.conversations.begin(**{**values, **given})


def keep(uow: UnitOfWork, conversation: ConversationRecord, **given: Any) -> tuple[TurnRecord, bool]:
    """Keep a message in a conversation: a new one, unless an `external_id` is given."""
    values: dict[str, Any] = {
        "conversation": conversation,
        "external_id": f"message-{next(_ids)}",
        "channel": conversation.channel,
        "address": conversation.address,
        "kind": "text",
        "order": 0,
        "words": "Hello",
        "choice": None,
        "message": {},
        "screening": {},
        "urgency": "none",
        "received_at": NOW,
        "now": NOW,
    }
    return uow.turns.keep(**{**values, **given})


def outgoing(conversation: ConversationRecord | None = None, **given: Any) -> NewOutbox:
    values: dict[str, Any] = {
        "channel": "telegram",
        "address": conversation.address if conversation else "960999",
        "kind": "reply" if conversation else "duty",
        "payload": {"text": "Thank you"},
        "created_at": NOW,
        "conversation_id": conversation.id if conversation else None,
    }
    return NewOutbox(**{**values, **given})


def answer(uow: UnitOfWork, conversation: ConversationRecord, **given: Any) -> Any:
    values: dict[str, Any] = {
        "enquiry_id": conversation.enquiry_id,
        "conversation_id": conversation.id,
        "turn_id": None,
        "key": "children.0.child_name",
        "field": "child_name",
        "label": "What is the child's name?",
        "answer": {"is": "given", "value": "Robin", "words": "Robin"},
        "words": "Robin",
        "source": "person",
        "now": NOW,
    }
    return uow.answers.record(**{**values, **given})

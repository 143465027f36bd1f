"""Builders: each makes a valid thing, and the test states only what it is about. Everybody here is made up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from storage.concerns import ConcernRecord
from storage.conversations import ConversationRecord
from storage.decisions import DecisionRecord
from storage.duty_workers import DutyWorkerRecord, Role
from storage.erasure import erase_old_draft, old_drafts
from storage.holds import HoldRecord
from storage.identifiers import EnquiryId
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


def know(uow: UnitOfWork, conversation: ConversationRecord, answers: Mapping[str, Any], now: datetime) -> None:
    """Let these be their answers besides, each as JSON by the id of its question."""
    for key, value in answers.items():
        answer(uow, conversation, key=key, field=key, label=key, answer=value, words="", now=now)


def concern_about(uow: UnitOfWork, enquiry_id: EnquiryId, now: datetime = NOW, **given: Any) -> ConcernRecord:
    values: dict[str, Any] = {
        "enquiry_id": enquiry_id,
        "conversation_id": None,
        "turn_id": None,
        "indicator": "neglect",
        "urgency": "same_day",
        "source": "worker",
        "reasons": [],
        "now": now,
    }
    return uow.concerns.raise_(**{**values, **given})


def close_queue(uow: UnitOfWork, enquiry_id: EnquiryId, now: datetime = NOW, **given: Any) -> ConcernRecord:
    """Raise what only the officer for allegations may see."""
    return concern_about(uow, enquiry_id, now, indicator="allegation_professional", closed_queue=True, **given)


def duty_worker(uow: UnitOfWork, now: datetime = NOW, **given: Any) -> DutyWorkerRecord:
    values: dict[str, Any] = {"name": "Cam Diaz", "email": "cam@exampleshire.example", "role": Role.DUTY_WORKER}
    return uow.duty_workers.add(**{**values, **given}, now=now)


def decision_about(
    uow: UnitOfWork, enquiry_id: EnquiryId, worker: DutyWorkerRecord, now: datetime = NOW, **given: Any
) -> DecisionRecord:
    values: dict[str, Any] = {
        "hold_id": None,
        "outcome": "advice",
        "referral_outcome": None,
        "reason": "made up",
        "details": {},
    }
    return uow.decisions.record(enquiry_id=enquiry_id, worker_id=worker.id, **{**values, **given}, now=now)


def hold_of(
    uow: UnitOfWork, enquiry_id: EnquiryId, worker: DutyWorkerRecord, now: datetime = NOW, **given: Any
) -> HoldRecord:
    """Hold it for a decision of the same worker."""
    values: dict[str, Any] = {"evidence": {}, "safety_plan": "made up", "due_because": [], "due_at": now}
    return uow.holds.begin(
        enquiry_id=enquiry_id, worker_id=worker.id, decider_id=worker.id, **{**values, **given}, now=now
    )


def erase_old_drafts(uow: UnitOfWork, before: datetime, now: datetime) -> int:
    """Erase and close what the rule deletes; return how many."""
    return sum(erase_old_draft(uow, conversation_id, before, now) for conversation_id in old_drafts(uow, before))

"""One enquiry, whole, for a worker or another system."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from storage.enquiries import EnquiryRecord
from storage.outbox import OutboxKind
from storage.unit_of_work import UnitOfWork


def export_enquiry(uow: UnitOfWork, enquiry: EnquiryRecord) -> dict[str, Any]:
    """Return everything kept about one enquiry: their own words first, what we said, every earlier answer."""
    conversations = uow.conversations.of_enquiry(enquiry.id)
    return {
        "reference": enquiry.reference,
        "audience": enquiry.audience.value,
        "urgency": enquiry.urgency.value,
        "status": enquiry.status.value,
        "area": enquiry.area,
        "opened_at": enquiry.opened_at.isoformat(),
        "submitted_at": enquiry.submitted_at.isoformat() if enquiry.submitted_at else None,
        "concerns": [
            {
                "indicator": c.indicator,
                "urgency": c.urgency.value,
                "source": c.source.value,
                "status": c.status.value,
                "reasons": c.reasons,
                "raised_at": c.raised_at.isoformat(),
            }
            for c in uow.concerns.of(enquiry.id)
        ],
        "answers": [
            {
                "key": a.key,
                "field": a.field,
                "question": a.label,
                "answer": a.value,
                "words": a.words,
                "source": a.source.value,
                "given_at": a.given_at.isoformat(),
                "superseded_at": a.superseded_at.isoformat() if a.superseded_at else None,
                "replaces_earlier": a.replaces_id is not None,
            }
            for a in uow.answers.history(enquiry.id)
        ],
        "consents": [
            {"purpose": c.purpose, "given": c.given, "wording": c.wording, "at": c.at.isoformat()}
            for c in uow.consents.of(enquiry.id)
        ],
        "household": [
            _plainly(uow.people.get(m.person_id)) | {"place": m.relationship} for m in _members(uow, enquiry)
        ],
        "conversations": [
            {
                "channel": c.channel,
                "turns": [
                    {
                        "position": t.position,
                        "kind": t.kind,
                        "words": t.words,
                        "choice": t.choice,
                        "urgency": t.urgency.value,
                        "screening": t.screening,
                        "attachment": t.message.get("attachment"),
                        "received_at": t.received_at.isoformat(),
                    }
                    for t in uow.turns.of(c.id)
                ],
                "said": [
                    {"text": o.payload.get("text", ""), "status": o.status.value, "at": o.created_at.isoformat()}
                    for o in uow.outbox.of_conversation(c.id, limit=10_000)
                    if o.kind is not OutboxKind.DUTY
                ],
            }
            for c in conversations
        ],
        "notes": [_plainly(note) for note in uow.notes.of(enquiry.id)],
        "disagreements": [_plainly(one) for one in uow.notes.disagreements(enquiry.id)],
        "handoffs": [_plainly(handoff) for handoff in uow.handoffs.of(enquiry.id)],
        "holds": [_plainly(hold) for hold in uow.holds.of(enquiry.id)],
        "decisions": [_plainly(decision) for decision in uow.decisions.of(enquiry.id)],
        "feedback": [_plainly(feedback) for feedback in uow.decisions.feedback_of(enquiry.id)],
        "recording": _plainly(recording) if (recording := uow.recordings.of(enquiry.id)) else None,
        "pass_ons": [_plainly(passed) for passed in uow.pass_ons.of(enquiry.id)],
        "case_system": [_plainly(entry) for entry in uow.decisions.entries_of(enquiry.id)],
        "duty_workers": _workers(uow, enquiry),
    }


def _plainly(record: Any) -> dict[str, Any]:
    """Return a record as JSON can hold it."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(record).items()
        if name != "enquiry_id"
    }


def _workers(uow: UnitOfWork, enquiry: EnquiryRecord) -> dict[str, str]:
    """Return the names behind the ids of duty workers who had a part in it."""
    actors = {entry.actor for entry in uow.audit.of(enquiry.id)} | {enquiry.worker_id}
    actors |= {hold.decider_id for hold in uow.holds.of(enquiry.id)}
    return {worker.id: worker.name for worker in uow.duty_workers.list_all() if worker.id in actors}


def _members(uow: UnitOfWork, enquiry: EnquiryRecord) -> list[Any]:
    return uow.households.of_enquiry(enquiry.id)

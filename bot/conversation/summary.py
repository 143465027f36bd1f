"""The enquiry as it is sent: answers that stand, people named in them, and what is missing."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flows.answers import Given, from_json
from storage.answers import AnswerRecord
from storage.conversations import ConversationRecord
from storage.identifiers import EnquiryId
from storage.unit_of_work import UnitOfWork

_IN_GROUP = re.compile(r"^(children|household)\.(\d+)\.(\w+)$")

_FULL_DATE = re.compile(r"^\d{4}-\d\d-\d\d$")


def summarise(uow: UnitOfWork, enquiry_id: EnquiryId) -> dict[str, Any]:
    """Return what a worker needs, in one JSON object, as it stands now."""
    return {
        "answers": [
            {
                "key": a.key,
                "field": a.field,
                "question": a.label,
                "answer": a.value,
                "given_at": a.given_at.isoformat(),
            }
            for a in uow.answers.current(enquiry_id)
        ],
        "changed": sorted({a.key for a in uow.answers.history(enquiry_id) if a.superseded_at is not None}),
        "concerns": [
            {"indicator": c.indicator, "urgency": c.urgency.value, "source": c.source.value, "reasons": c.reasons}
            for c in uow.concerns.of(enquiry_id)
        ],
        "consents": [
            {"purpose": c.purpose, "given": c.given, "wording": c.wording, "at": c.at.isoformat()}
            for c in uow.consents.of(enquiry_id)
        ],
    }


def describe_people(uow: UnitOfWork, conversation: ConversationRecord, now: datetime) -> None:
    """Write down who was named: the one who got in touch, each child, each adult at home.

    Sent again after a change, the people of the first time are described anew rather than doubled.
    """
    answers = {a.key: a for a in uow.answers.current(conversation.enquiry_id)}
    uow.people.describe(
        conversation.person_id,
        now=now,
        name=_text(answers, "contact_name"),
        phone=_text(answers, "phone"),
        email=_text(answers, "email"),
    )
    named = _groups(answers)
    if not named:
        return
    enquiry = uow.enquiries.get(conversation.enquiry_id)
    if enquiry.household_id is None:
        household = uow.households.new(conversation.enquiry_id, now)
        uow.enquiries.set_household(conversation.enquiry_id, household)
    else:
        household = enquiry.household_id
    known = {m.relationship: m.person_id for m in uow.households.of_enquiry(conversation.enquiry_id)}
    for (group, number), fields in named.items():
        place = f"{group}.{number}"
        if place not in known:
            kind = "child" if group == "children" else "adult"
            known[place] = uow.people.new(kind, now).id
            uow.households.add(household, known[place], place)
        uow.people.describe(
            known[place],
            now=now,
            name=_given_text(fields.get("child_name") or fields.get("adult_name")),
            date_of_birth=_full_date(fields.get("child_dob_or_age")),
            details={name: a.value for name, a in fields.items()},
        )


def _groups(answers: dict[str, AnswerRecord]) -> dict[tuple[str, int], dict[str, AnswerRecord]]:
    groups: dict[tuple[str, int], dict[str, AnswerRecord]] = {}
    for key, answer in answers.items():
        match = _IN_GROUP.match(key)
        if match:
            groups.setdefault((match[1], int(match[2])), {})[match[3]] = answer
    return groups


def _text(answers: dict[str, AnswerRecord], key: str) -> str | None:
    return _given_text(answers.get(key))


def _given_text(answer: AnswerRecord | None) -> str | None:
    if answer is None:
        return None
    read = from_json(answer.value)
    match read:
        case Given(str() as value):
            return value
        case Given(dict() as parts):
            return str(parts.get("e164") or parts.get("typed") or parts.get("text") or "") or None
        case _:
            return None


def _full_date(answer: AnswerRecord | None) -> str | None:
    text = _given_text(answer)
    return text if text and _FULL_DATE.match(text) else None

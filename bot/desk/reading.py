"""Everything the enquiry page shows, gathered in one unit of work."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.conversation.finding import text_of
from bot.conversation.house import House
from bot.conversation.memory import Memory
from bot.conversation.presses import LABELS_PRESSES
from bot.desk.handoffs import can_be_written_in
from bot.desk.marking import Piece, Reason, marked, reasons_of
from bot.followups.safe_contact import MAY_WRITE
from flows.answers import Given, NotKnown, PreferNotToSay, Skipped, from_json
from storage.answers import AnswerRecord, AnswerSource
from storage.concerns import ConcernSource
from storage.conversations import ConversationRecord
from storage.decisions import DecisionRecord, FeedbackRecord, FeedbackWay
from storage.enquiries import EnquiryRecord
from storage.handoffs import HandoffRecord
from storage.holds import HoldRecord
from storage.identifiers import ConversationId, DutyWorkerId, EnquiryId
from storage.notes import DisagreementRecord, NoteRecord
from storage.outbox import OutboxKind, OutboxRecord, OutboxStatus
from storage.pass_ons import PassOnRecord
from storage.presence import Present
from storage.recordings import RECORDED, RecordingRecord
from storage.repository import NotFound
from storage.turns import TurnRecord
from storage.unit_of_work import UnitOfWork

HERE_FOR = timedelta(seconds=40)
"""A worker whose page has not been heard of for longer has gone."""

SAFE = (
    "safe_contact_methods", "phone", "email", "professional_contact", "text_ok", "voicemail_ok", "who_may_see",
    "safe_times", MAY_WRITE, "unsafe_times_or_people", "safe_word", "trusted_adult", "wants_anonymity",
    "address_is_confidential",
)  # fmt: skip
"""The fields of the safe-contact box, in its order."""

_STAGES = frozenset({"first", "core", "before_submit"})
_NOT_ASKED = frozenset({"privacy_notice_seen", "check_answers", "young_person_choice"})
"""Fields that are steps of a flow rather than facts about a family."""
_MOST_MESSAGES = 2_000
_PLACE = re.compile(r"^(children|household)\.(\d+)$")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """One message of theirs, marked, with why."""

    turn: TurnRecord
    pieces: tuple[Piece, ...]
    reasons: tuple[Reason, ...]
    attachment: str


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the conversation, from either side."""

    id: str
    speaker: str
    text: str
    at: datetime
    state: str = ""


@dataclass(frozen=True, slots=True)
class AnswerShown:
    key: str
    field: str
    label: str
    value: str
    source: str
    given_at: datetime
    earlier: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """Feedback, with what became of it: `sent`, `waiting`, `to_do`, `done` or `not_told`."""

    feedback: FeedbackRecord
    state: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class EnquiryView:
    """One enquiry as a worker reads it."""

    enquiry: EnquiryRecord
    own_words: tuple[OwnWords, ...]
    lines: tuple[Line, ...]
    answers: tuple[AnswerShown, ...]
    safe_contact: tuple[AnswerShown, ...]
    missing: tuple[str, ...]
    other_concerns: tuple[tuple[str, str, str], ...]
    household: tuple[dict[str, Any], ...]
    consents: tuple[Any, ...]
    conversation: ConversationRecord | None
    language: str
    """The name of the language they seem to write in; empty for English, and once they have told us theirs."""
    handoff: HandoffRecord | None
    is_stopped: bool
    hold: HoldRecord | None
    decisions: tuple[DecisionRecord, ...]
    told: tuple[Told, ...]
    notes: tuple[NoteRecord, ...]
    disagreements: tuple[DisagreementRecord, ...]
    entries: tuple[Any, ...]
    here: tuple[Present, ...]
    recording: RecordingRecord | None
    pass_ons: tuple[PassOnRecord, ...]
    turns: int
    names: Mapping[str, str]


def read_enquiry(
    uow: UnitOfWork, house: House, enquiry: EnquiryRecord, worker_id: DutyWorkerId, now: datetime
) -> EnquiryView:
    conversations = uow.conversations.of_enquiry(enquiry.id)
    turns = [turn for c in conversations for turn in uow.turns.of(c.id)]
    rows = [row for c in conversations for row in uow.outbox.of_conversation(c.id, limit=_MOST_MESSAGES)]
    written_down = frozenset(c.id for c in conversations if c.channel in RECORDED)
    answers = _answers(uow.answers.history(enquiry.id), written_down)
    concerns = uow.concerns.of(enquiry.id)
    label = {c.indicator: house.doorbell.label(c.indicator) for c in concerns}
    label |= {i.id: i.label for i in house.catalog.indicators.values()}
    open_ = [c for c in conversations if can_be_written_in(c)]
    recording = uow.recordings.of(enquiry.id)
    conversation = open_[-1] if open_ else None
    people = {m.relationship: uow.people.get(m.person_id) for m in uow.households.of_enquiry(enquiry.id)}
    return EnquiryView(
        enquiry=enquiry,
        own_words=tuple(_own_words(turn, label) for turn in _in_order(turns) if _is_theirs(turn)),
        lines=tuple(lines_of(turns, rows)),
        answers=tuple(a for a in answers if a.field not in SAFE),
        safe_contact=tuple(sorted((a for a in answers if a.field in SAFE), key=lambda a: SAFE.index(a.field))),
        missing=tuple(missing(house, enquiry, {a.field for a in answers if a.value})),
        other_concerns=tuple(
            (label[c.indicator], c.urgency.value, "; ".join(str(r.get("what", "")) for r in c.reasons))
            for c in concerns
            if c.source is not ConcernSource.SCREENING
        ),
        household=tuple(_member(place, person) for place, person in sorted(people.items())),
        consents=tuple(uow.consents.of(enquiry.id)),
        conversation=conversation,
        language="" if enquiry.erased_at else _language(house, answers, conversations),
        handoff=None if conversation is None else uow.handoffs.open_for(conversation.id),
        is_stopped=conversation is not None and Memory.from_json(conversation.state).stopped,
        hold=uow.holds.standing_for(enquiry.id) or next(iter(uow.holds.of(enquiry.id)[-1:]), None),
        decisions=tuple(uow.decisions.of(enquiry.id)),
        told=tuple(_told(uow, feedback) for feedback in uow.decisions.feedback_of(enquiry.id)),
        notes=tuple(uow.notes.of(enquiry.id)),
        disagreements=tuple(uow.notes.disagreements(enquiry.id)),
        entries=tuple(uow.decisions.entries_of(enquiry.id)),
        here=tuple(who_else_is_here(uow, enquiry.id, worker_id, now)),
        recording=recording,
        pass_ons=tuple(uow.pass_ons.of(enquiry.id)),
        turns=sum(c.turns_kept for c in conversations),
        names={w.id: w.name for w in uow.duty_workers.list_all()},
    )


def _language(house: House, answers: Sequence[AnswerShown], conversations: Sequence[ConversationRecord]) -> str:
    theirs = [c.language.casefold().split("-")[0] for c in conversations if c.channel not in RECORDED]
    told = any(answer.field == "first_language" and answer.value for answer in answers)
    if told or not theirs or theirs[-1] == "en":
        return ""
    key = f"language_{theirs[-1]}"
    return house.wording.text(key if key in house.wording else "language_other")


def who_else_is_here(
    uow: UnitOfWork, enquiry_id: EnquiryId, worker_id: DutyWorkerId, now: datetime
) -> list[Present]:
    return [p for p in uow.presences.here(enquiry_id, now - HERE_FOR) if p.worker_id != worker_id]


def lines_of(turns: Sequence[TurnRecord], rows: Sequence[OutboxRecord]) -> list[Line]:
    """Return both sides of a conversation, in order."""
    theirs = [Line(t.id, "person", _said(t, rows), t.kept_at) for t in turns]
    speaker = {OutboxKind.WORKER: "worker"}
    ours = [
        Line(r.id, speaker.get(r.kind, "bot"), str(r.payload["text"]), r.created_at, _state(r))
        for r in rows
        if r.kind is not OutboxKind.DUTY and r.payload.get("text") and r.status is not OutboxStatus.CANCELLED
    ]
    return sorted([*theirs, *ours], key=lambda line: (line.at, line.speaker != "person"))


def missing(house: House, enquiry: EnquiryRecord, given: set[str]) -> list[str]:
    """Return what is always asked of somebody like them, and is not answered."""
    who, known = enquiry.audience.value, given | _NOT_ASKED
    return [
        field.question.get(who) or next(iter(field.question.values()), field.id)
        for field in house.catalog.fields.values()
        if field.requirement.get(who) == "ask_always" and field.stage in _STAGES and field.id not in known
    ]


def value_of(data: Mapping[str, Any]) -> str:
    """Return an answer as a worker reads it; nothing where they gave none."""
    answer = from_json(dict(data))
    match answer:
        case Given():
            text = _plain(answer)
            return text if answer.checked else f"{text} (as they typed it)"
        case NotKnown():
            return "They do not know"
        case PreferNotToSay():
            return "They would rather not say"
        case Skipped():
            return ""


def _plain(answer: Given) -> str:
    """Return their words, and what we took them to mean where that is not the same."""
    meant = text_of(answer)
    if isinstance(answer.value, list) or (meant.replace("_", "").isalnum() and "_" in meant):
        meant = meant.replace("_", " ")
    meant = meant[:1].upper() + meant[1:] if isinstance(answer.value, list) else meant
    if answer.words and answer.words.strip().casefold() != meant.casefold():
        return f"{answer.words} ({meant})" if meant and meant not in answer.words else answer.words
    return meant


def _answers(history: Sequence[AnswerRecord], written_down: frozenset[ConversationId]) -> list[AnswerShown]:
    by_key: dict[str, list[AnswerRecord]] = {}
    for answer in history:
        by_key.setdefault(f"{answer.conversation_id}.{answer.key}", []).append(answer)
    sources = {
        AnswerSource.PERSON: "them",
        AnswerSource.INFERRED: "read from their words",
        AnswerSource.WORKER: "a worker",
    }
    shown = []
    for answers in by_key.values():
        current = answers[-1]
        if current.superseded_at is not None:
            continue
        earlier = tuple((value_of(a.value), a.given_at) for a in answers[:-1])
        value, source = value_of(current.value), sources[current.source]
        if current.conversation_id in written_down:
            source = "them, as a worker wrote it down"
        label = current.label or current.field.replace("_", " ")
        shown.append(AnswerShown(current.key, current.field, label, value, source, current.given_at, earlier))
    return shown


def _own_words(turn: TurnRecord, label: Mapping[str, str]) -> OwnWords:
    reasons = reasons_of(turn.screening.get("signals", ()), label, len(turn.words))
    attachment = turn.message.get("attachment") or {}
    kind = "" if not attachment else f"{attachment.get('kind', 'file')} {attachment.get('name', '')}".strip()
    return OwnWords(turn, tuple(marked(turn.words, reasons)), tuple(reasons), kind)


def _is_theirs(turn: TurnRecord) -> bool:
    """Say whether a message holds words of their own: a press of a button holds ours, where they come with it."""
    is_press = turn.channel in LABELS_PRESSES and turn.choice is not None
    return bool(turn.message.get("attachment")) or (bool(turn.words.strip()) and not is_press)


def _in_order(turns: Sequence[TurnRecord]) -> list[TurnRecord]:
    return sorted(turns, key=lambda turn: (turn.kept_at, turn.position))


def _said(turn: TurnRecord, rows: Sequence[OutboxRecord]) -> str:
    if turn.words.strip():
        return turn.words
    tapped = [turn.choice] if turn.choice is not None else (turn.message.get("choices") or [])
    labels = {
        str(choice): str(label)
        for row in rows
        for choice, label, _ in (*row.payload.get("controls", ()), *row.payload.get("choices", ()))
    }
    return ", ".join(labels.get(str(choice), str(choice)) for choice in tapped) or "(sent something without words)"


def _state(row: OutboxRecord) -> str:
    if row.status is OutboxStatus.FAILED:
        return "not delivered"
    return "sending" if row.status is OutboxStatus.PENDING else ""


def _member(place: str, person: Any) -> dict[str, Any]:
    found = _PLACE.match(place)
    role = {"children": "Child", "household": "At home"}[found[1]] if found else place
    details = {name.replace("_", " "): value_of(value) for name, value in person.details.items()}
    return {
        "role": f"{role} {int(found[2]) + 1}" if found else role,
        "name": person.name or "Name not given",
        "born": person.date_of_birth or "",
        "details": {name: value for name, value in details.items() if value and value != person.name},
    }


def _told(uow: UnitOfWork, feedback: FeedbackRecord) -> Told:
    if feedback.way is FeedbackWay.NOT_TOLD:
        return Told(feedback, "not_told", feedback.created_at)
    if feedback.outbox_id is not None:
        try:
            row = uow.outbox.get(feedback.outbox_id)
        except NotFound:
            return Told(feedback, "to_do", None)
        if row.status is OutboxStatus.SENT:
            return Told(feedback, "sent", row.sent_at)
        return Told(feedback, "to_do" if row.status is not OutboxStatus.PENDING else "waiting", None)
    return Told(feedback, "done" if feedback.done_at else "to_do", feedback.done_at)

"""Brings a worry to a person: raises the concern and tells the duty workers, in one unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.safeguarding.climbing import Climber
from bot.safeguarding.doorbell import CLOSED_QUEUE, DutyDoorbell
from bot.safeguarding.telling import tell_duty
from nlu.base import Screening, Urgency, most_urgent
from storage.concerns import ConcernStatus
from storage.conversations import ConversationRecord
from storage.identifiers import TurnId
from storage.outbox import NewOutbox
from storage.unit_of_work import UnitOfWork

RAISED_AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Worry:
    """One thing to raise: an indicator, how urgent, and the reasons a worker reads."""

    indicator: str
    urgency: Urgency
    source: str
    reasons: tuple[dict[str, Any], ...] = ()


def worries_of(screening: Screening) -> list[Worry]:
    """Return what a screening asks a person to look at: one worry for each indicator, `same_day` and above."""
    found: list[Worry] = []
    for indicator in screening.indicators:
        signals = [s for s in screening.signals if s.indicator == indicator]
        urgency = most_urgent(*(s.urgency for s in signals))
        if urgency.rank >= Urgency.SAME_DAY.rank:
            reasons = tuple({"by": s.by, "what": s.what, "from": s.start, "to": s.end} for s in signals)
            found.append(Worry(indicator, urgency, "screening", reasons))
    return found


def raise_worries(
    uow: UnitOfWork,
    worries: Sequence[Worry],
    conversation: ConversationRecord,
    turn_id: TurnId | None,
    doorbell: DutyDoorbell,
    now: datetime,
) -> list[NewOutbox]:
    """Raise what is new or worse than before, with its alert, and return what tells the duty workers.

    The same worry again within minutes is one concern: its words are in the turns the worker reads. Later it is
    raised anew: nobody can know that it is still the same.
    """
    fresh = _new_or_worse(uow, worries, conversation, now) if worries else []
    if not fresh:
        return []
    for worry in fresh:
        concern = uow.concerns.raise_(
            enquiry_id=conversation.enquiry_id,
            conversation_id=conversation.id,
            turn_id=turn_id,
            indicator=worry.indicator,
            urgency=worry.urgency.value,
            source=worry.source,
            reasons=list(worry.reasons),
            now=now,
            closed_queue=worry.indicator in CLOSED_QUEUE,
        )
        uow.audit.write(
            chain=conversation.enquiry_id,
            at=now,
            actor="front_door",
            act="concern.raised",
            record_type="concern",
            record_id=concern.id,
            details={"indicator": worry.indicator, "urgency": worry.urgency.value, "source": worry.source},
        )
    highest = most_urgent(*(w.urgency for w in fresh))
    uow.enquiries.raise_urgency(conversation.enquiry_id, highest.value)
    labels = "; ".join(dict.fromkeys(doorbell.label(w.indicator) for w in fresh))
    if highest.raises_alert:
        return Climber(uow, doorbell, now).alert(
            conversation.enquiry_id,
            highest,
            conversation_id=conversation.id,
            channel=conversation.channel,
            indicators=labels,
        )
    enquiry = uow.enquiries.get(conversation.enquiry_id)
    channel = conversation.channel
    return tell_duty(uow, "duty_concern", enquiry, doorbell, now, channel=channel, urgent=False, indicators=labels)


def _new_or_worse(
    uow: UnitOfWork, worries: Sequence[Worry], conversation: ConversationRecord, now: datetime
) -> list[Worry]:
    standing: dict[str, int] = {}
    for concern in uow.concerns.of(conversation.enquiry_id):
        if concern.status is not ConcernStatus.RESOLVED and now - concern.raised_at < RAISED_AGAIN_AFTER:
            rank = Urgency(concern.urgency.value).rank
            standing[concern.indicator] = max(rank, standing.get(concern.indicator, 0))
    return [w for w in worries if standing.get(w.indicator, 0) < w.urgency.rank]

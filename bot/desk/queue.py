"""Where an enquiry stands in the queue and what is due of it, when. Danger first, then by what is due."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.working_time import WorkingTime
from flows.area import Area, DueTimes
from storage.alerts import AlertStatus
from storage.concerns import ConcernStatus
from storage.enquiries import Audience, EnquiryStatus, StoredUrgency
from storage.identifiers import DutyWorkerId
from storage.queue import AlertFacts, Place, QueueFacts
from storage.unit_of_work import UnitOfWork

MOST_MARKS = 200
"""Marks taken in one unit of work, so that it stays short."""

RECORDED = "recorded"
"""Stands for the channel of a phone call or a visit that a worker wrote down."""

_FIRST_LETTERS = 12
_TODAY = (StoredUrgency.SAME_DAY, StoredUrgency.IMMEDIATE, StoredUrgency.EMERGENCY)
_RULES = {
    "due",
    "hours",
    "timezone",
    "nation",
    "bank_holiday_hours",
    "half_days",
    "closed_on",
    "closed_days_count",
}
"""What of an area decides when things are due."""


@dataclass(frozen=True, slots=True)
class Due:
    """`what` and `why` are codes that the desk has words for."""

    at: datetime
    what: str
    why: str


class Placing:
    """One area's way of ordering the queue. `rules` changes when that way does."""

    def __init__(self, area: Area) -> None:
        self._times: DueTimes = area.due
        self._working_time = WorkingTime(area)
        rules = area.model_dump_json(include=_RULES)
        self.rules = hashlib.sha256(rules.encode()).hexdigest()[:_FIRST_LETTERS]

    def place(self, facts: QueueFacts) -> Place:
        """Work out where an enquiry stands. The same facts always give the same place."""
        alert = _climbing(facts)
        worst = _worst(facts)
        due = min(self._everything_due(facts, alert), key=lambda due: due.at)
        unanswered = alert is not None or any(c.status is ConcernStatus.RAISED for c in facts.concerns)
        tier = _tier(alert, worst)
        return Place(
            enquiry_id=facts.enquiry_id,
            tier=tier,
            due_at=due.at,
            due=due.what,
            why=_why_of_tier(tier) or due.why,
            waiting_since=_waiting_since(facts),
            urgency=max(worst, facts.urgency, key=list(StoredUrgency).index),
            audience=facts.audience,
            status=facts.status,
            closed_queue=any(c.closed_queue for c in facts.concerns),
            unanswered=unanswered,
            alert_id=alert.id if alert else None,
            worker_id=facts.worker_id or _who_answered(facts),
            listed=_is_listed(facts, alert),
            came_at=_first_came(facts),
            answered_at=facts.recorded_at or facts.first_contacted_at,
            channel=RECORDED if facts.recorded_at is not None else facts.channel,
            passed_on=facts.passed_due_at is not None,
        )

    def _everything_due(self, facts: QueueFacts, alert: AlertFacts | None) -> Iterator[Due]:
        """Yield each thing that is still to be done; always at least one."""
        times, working_time = self._times, self._working_time
        if alert is not None:
            yield Due(alert.climbs_from + self._answer_time(alert.urgency), "answer", "alert")
        if facts.passed_due_at is not None:
            yield Due(facts.passed_due_at, "confirm", "passed_on")
        if _is_to_be_confirmed(facts):
            assert facts.recorded_at is not None
            wait = timedelta(hours=times.confirm_in_writing_hours)
            yield Due(facts.recorded_at + wait, "confirm_in_writing", "not_confirmed")
        if facts.status is EnquiryStatus.AWAITING_DECISION:
            since = facts.submitted_at or facts.opened_at
            at = facts.decide_by or working_time.add_days(since, times.decision_days).at
            yield Due(at, "decide", "held")
            return
        if _is_wanted(facts):
            assert facts.wanted_at is not None
            wait = timedelta(minutes=times.wanted_minutes)
            yield Due(working_time.add_hours(facts.wanted_at, wait).at, "contact", "person_wanted")
        if facts.passed_due_at is not None:
            return
        since = _came(facts)
        if facts.recorded_at is not None and facts.submitted_at is None:
            wait = timedelta(hours=times.recording_hours)
            yield Due(working_time.add_hours(facts.recorded_at, wait).at, "finish", "being_recorded")
        elif facts.contacted_at is None and facts.recorded_at is None:
            yield from self._first_contact(facts, since)
        else:
            yield Due(working_time.add_days(since, times.decision_days).at, "decide", "to_decide")

    def _first_contact(self, facts: QueueFacts, since: datetime) -> Iterator[Due]:
        times, working_time = self._times, self._working_time
        yield Due(working_time.add_days(since, times.advice_days).at, "contact", "first_contact")
        for answered in facts.alerts:
            if answered.status is AlertStatus.ACKNOWLEDGED and answered.acknowledged_at is not None:
                ring_by = answered.acknowledged_at + self._answer_time(answered.urgency)
                yield Due(ring_by, "ring", "answered_not_rung")
        for concern in facts.concerns:
            if concern.urgency in _TODAY and concern.status is not ConcernStatus.RESOLVED:
                yield self._before_close(concern.raised_at, times.same_day_hours, "same_day")
        if facts.audience is Audience.YOUNG_PERSON:
            yield self._before_close(since, times.young_person_hours, "young_person")

    def _before_close(self, since: datetime, hours: float, why: str) -> Due:
        """Return when so many working hours are over, or when the team goes, if that is sooner."""
        at = self._working_time.add_hours(since, timedelta(hours=hours)).at
        closes_at = self._working_time.closes_next(since)
        return Due(at if closes_at is None else min(at, closes_at), "contact", why)

    def _answer_time(self, urgency: StoredUrgency) -> timedelta:
        is_emergency = urgency is StoredUrgency.EMERGENCY
        return timedelta(minutes=self._times.emergency_minutes if is_emergency else self._times.immediate_minutes)


def refresh(uow: UnitOfWork, placing: Placing, most: int = MOST_MARKS) -> int:
    """Work out the places of what was marked; return how many changed."""
    numbers, marked = uow.queue.take_marks(most)
    if not numbers:
        return 0
    places = [placing.place(facts) for facts in uow.queue.facts(marked)]
    return uow.queue.put(places, marks=numbers, marked=marked, rules=placing.rules)


def _climbing(facts: QueueFacts) -> AlertFacts | None:
    return next((alert for alert in facts.alerts if alert.status is AlertStatus.RAISED), None)


def _worst(facts: QueueFacts) -> StoredUrgency:
    """Return the worst of the concerns that are not resolved."""
    found = [c.urgency for c in facts.concerns if c.status is not ConcernStatus.RESOLVED]
    return max(found, key=list(StoredUrgency).index, default=StoredUrgency.NONE)


def _tier(alert: AlertFacts | None, worst: StoredUrgency) -> int:
    """Return 0 and 1 for what nobody has answered, 2 and 3 for danger in hand, 4 for the rest."""
    if alert is not None:
        return 0 if alert.urgency is StoredUrgency.EMERGENCY else 1
    return {StoredUrgency.EMERGENCY: 2, StoredUrgency.IMMEDIATE: 3}.get(worst, 4)


def _why_of_tier(tier: int) -> str:
    whys = ("emergency_unanswered", "immediate_unanswered", "emergency_in_hand", "immediate_in_hand")
    return whys[tier] if tier < len(whys) else ""


def _is_wanted(facts: QueueFacts) -> bool:
    """Say whether they asked for a person and no worker has written since. Who rang or came has one."""
    if facts.wanted_at is None or facts.recorded_at is not None:
        return False
    return facts.contacted_at is None or facts.contacted_at < facts.wanted_at


def _is_to_be_confirmed(facts: QueueFacts) -> bool:
    """Say whether a professional who rang or came still waits for the written confirmation they were promised."""
    is_promised = facts.recorded_at is not None and facts.submitted_at is not None
    return is_promised and facts.audience is Audience.PROFESSIONAL and facts.confirmed_at is None


def _came(facts: QueueFacts) -> datetime:
    """Return when the enquiry came before us: when it was sent, or something in a draft could not wait."""
    earliest = [c.raised_at for c in facts.concerns]
    earliest.extend(at for at in (facts.submitted_at, facts.wanted_at) if at is not None)
    return min(earliest, default=facts.opened_at)


def _first_came(facts: QueueFacts) -> datetime:
    """Return when it first came before us, however often they have asked for a person since."""
    return min(_came(facts), facts.first_wanted_at or _came(facts))


def _waiting_since(facts: QueueFacts) -> datetime | None:
    """Return since when the person waits for a human being; None once one has written, and nothing came since."""
    if facts.contacted_at is None and facts.recorded_at is None:
        return _came(facts)
    return facts.wanted_at if _is_wanted(facts) else None


def _who_answered(facts: QueueFacts) -> DutyWorkerId | None:
    """Return who answered the last alert: they have it until somebody else takes it, or they are disabled."""
    answered = [a for a in facts.alerts if a.status is AlertStatus.ACKNOWLEDGED]
    return answered[-1].acknowledged_by if answered else None


def _is_listed(facts: QueueFacts, alert: AlertFacts | None) -> bool:
    """Say whether it is in the queue. A draft is, once it holds a worry or asks for a person.

    What was written down of a call is no draft: somebody rang.
    """
    if alert is not None:
        return True
    if facts.status is EnquiryStatus.CLOSED:
        return False
    worries = any(c.status is not ConcernStatus.RESOLVED for c in facts.concerns)
    is_in_hand = facts.status is not EnquiryStatus.OPEN
    came = facts.submitted_at is not None or facts.wanted_at is not None or facts.recorded_at is not None
    return came or worries or is_in_hand

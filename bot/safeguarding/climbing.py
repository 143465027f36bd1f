"""Climbs an alert's ladder inside one unit of work: begins it, takes its steps, ends it with an answer."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.rota import Rota
from bot.safeguarding.alert_messages import CHAT, AlertMessages, refs_of, rings_chat
from bot.safeguarding.doorbell import DutyDoorbell
from bot.safeguarding.ladder import HOLDER_RUNG, Ladder, OnDuty, Step, Taken, climb_of, next_step, with_holder
from bot.safeguarding.telling import is_closed
from nlu.base import Urgency
from storage.alerts import AlertRecord, AlertStatus, AlertStepRecord, StepOutcome
from storage.concerns import ConcernStatus
from storage.duty_workers import DutyWorkerRecord, Role
from storage.enquiries import EnquiryRecord
from storage.identifiers import AlertId, ConversationId, EnquiryId
from storage.incidents import IncidentKind
from storage.outbox import NewOutbox, OutboxKind, OutboxRecord, OutboxStatus
from storage.repository import NotFound
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

READ_IN_THE_CHAT = frozenset({Role.DUTY_WORKER, Role.OUT_OF_HOURS})
"""Roles whose people sit before the duty chat while on shift: to ring it is to tell them."""

MAY_ANSWER = frozenset({Role.DUTY_WORKER, Role.OUT_OF_HOURS, Role.MANAGER, Role.HEAD_OF_SERVICE, Role.LADO})
TRIES_BEFORE_A_CHANNEL_FAILS = 2
LOOKING = timedelta(seconds=20)
"""Who had the enquiry open so lately sees there what is new."""


class MayNotAnswer(Exception):
    """An auditor reads and an administrator keeps settings: neither answers an alert."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Who has an alert. `is_first` is False where somebody had it before, and then `by` is that one.

    `rows` are the messages that tell of it, this process's own.
    """

    alert_id: AlertId
    reference: str
    by: DutyWorkerRecord
    at: datetime
    is_first: bool
    rows: tuple[OutboxRecord, ...] = ()


@dataclass(slots=True)
class _Sent:
    """What one unit has sent so far: the chat is rung once in it, and the person told once.

    `must_ring`: somebody is rung, whatever the settings say.
    """

    rows: list[NewOutbox]
    must_ring: bool = False
    chat_rung: bool = False
    person_told: bool = False


class _NobodyOnDuty:
    """Stands in for a rota that cannot be read: then as if nobody were on shift."""

    def on_duty(self, role: Role, at: datetime) -> tuple[DutyWorkerRecord, ...]:
        del role, at
        return ()

    def named(self, who: str) -> DutyWorkerRecord | None:
        del who
        return None


@dataclass(frozen=True, slots=True)
class Climber:
    """Everything done to alerts in one unit of work. What comes back is to be put in the outbox, or was."""

    uow: UnitOfWork
    doorbell: DutyDoorbell
    now: datetime

    @property
    def _say(self) -> AlertMessages:
        return AlertMessages(self.doorbell, self.now)

    def alert(
        self,
        enquiry_id: EnquiryId,
        urgency: Urgency,
        *,
        conversation_id: ConversationId | None,
        channel: str,
        indicators: str,
    ) -> list[NewOutbox]:
        """Raise the enquiry's alert, or let it climb anew for something worse, and take what is due at once.

        An alert that climbs for as much already goes on climbing, and the chat is told of what is new.
        """
        standing = self.uow.alerts.open_for(enquiry_id)
        if standing is None:
            alert = self.uow.alerts.raise_(
                enquiry_id=enquiry_id, conversation_id=conversation_id, urgency=urgency.value, now=self.now
            )
            self._note(alert, "alert.raised", {"urgency": urgency.value})
        elif urgency.rank > Urgency(standing.urgency.value).rank:
            self.uow.alerts.climb_anew(standing.id, urgency.value, self.now)
            alert = self.uow.alerts.get(standing.id)
            self._note(alert, "alert.raised_higher", {"urgency": urgency.value})
        elif is_closed(self.uow, enquiry_id):
            # Those few to whom it climbs see on the desk what is new; who was not told before is told now.
            return self.take_due(standing)
        else:
            enquiry = self.uow.enquiries.get(enquiry_id)
            return [
                self.doorbell.ring(
                    "duty_concern",
                    enquiry,
                    self.now,
                    channel=channel,
                    indicators=indicators,
                    urgent=True,
                    alert_id=standing.id,
                )
            ]
        enquiry = self.uow.enquiries.get(enquiry_id)
        text = self.doorbell.words("duty_concern", enquiry, channel=channel, indicators=indicators)
        # What the person is told at once is for the turn to say.
        return self._climb(alert, enquiry, text, _Sent([], must_ring=True, person_told=True))

    def take_due(self, alert: AlertRecord) -> list[NewOutbox]:
        """Take every step that is due of an alert this unit holds."""
        enquiry = self.uow.enquiries.get(alert.enquiry_id)
        minutes = str(int((self.now - alert.raised_at).total_seconds() // 60))
        text = self.doorbell.words("duty_waiting", enquiry, minutes=minutes)
        return self._climb(alert, enquiry, text, _Sent([]))

    def acknowledge(
        self, alert_id: AlertId, worker: DutyWorkerRecord, shown: tuple[str, str] = ("", "")
    ) -> Answer:
        """Record who has an alert, once; a later one is told who has it. `shown` names the message that was
        tapped, by its address and the channel's reference: it is changed to say who has it as well.

        Raises `NotFound`, and `MayNotAnswer`.
        """
        if worker.role not in MAY_ANSWER or worker.disabled_at is not None:
            raise MayNotAnswer
        if not self._is_theirs_to_answer(alert_id, worker):
            raise MayNotAnswer
        is_first = self.uow.alerts.acknowledge(alert_id, worker.id, self.now)
        alert = self.uow.alerts.get(alert_id)
        enquiry = self.uow.enquiries.get(alert.enquiry_id)
        if not is_first:
            return self._already(alert, enquiry, worker, shown)
        for concern in self.uow.concerns.of(alert.enquiry_id):
            if concern.status is ConcernStatus.RAISED and Urgency(concern.urgency.value).raises_alert:
                self.uow.concerns.set_status(concern.id, ConcernStatus.IN_HAND)
        self._note(alert, "alert.acknowledged", {"rung": alert.rung}, actor=worker.id)
        rows = [*self._taken_over(alert, enquiry, worker, shown), *self._person_told_seen(alert, enquiry, worker)]
        put = tuple(self.uow.outbox.put(rows))
        return Answer(alert.id, enquiry.reference, worker, self.now, True, put)

    def close(self, alert_id: AlertId, worker: DutyWorkerRecord, reason: str) -> Answer:
        """End an alert; who closes one that nobody had answered has answered it. Raises as `acknowledge` does."""
        answer = self.acknowledge(alert_id, worker)
        if self.uow.alerts.close(alert_id, worker.id, self.now):
            self._note(self.uow.alerts.get(alert_id), "alert.closed", {}, actor=worker.id, reason=reason)
        return answer

    def note_failure(self, row: OutboxRecord, channel: str) -> None:
        """A message of an alert does not go: raise an incident, and where nothing of its step does, climb on."""
        alert = self.uow.alerts.get(AlertId(row.payload["alert"]), hold=True)
        self._incident(IncidentKind.CHANNEL_FAILED, alert, f"{alert.id}:{channel}", {"channel": channel})
        steps = self.uow.alerts.steps_of(alert.id)
        step = next((s for s in steps if s.number == row.payload.get("step")), None)
        if alert.status is not AlertStatus.RAISED or step is None or step.climb != alert.climb:
            return
        if step.outcome is not StepOutcome.TOLD or any(self._may_arrive(m["id"], row) for m in step.messages):
            return
        self.uow.alerts.set_outcome(alert.id, step.number, StepOutcome.FAILED)
        failed = [replace(s, outcome=StepOutcome.FAILED) if s.id == step.id else s for s in steps]
        ladder = self._ladder(alert, failed)
        upcoming = next_step(climb_of(alert, failed), ladder, self._rota(alert), self.now)
        if upcoming is not None and alert.next_step_at is not None:
            self.uow.alerts.wake_at(alert.id, min(upcoming.due_at, alert.next_step_at))

    # -- climbing ------------------------------------------------------------------------------------------

    def _climb(self, alert: AlertRecord, enquiry: EnquiryRecord, text: str, sent: _Sent) -> list[NewOutbox]:
        steps = self.uow.alerts.steps_of(alert.id)
        ladder, rota = self._ladder(alert, steps), self._rota(alert)
        climb = climb_of(alert, steps)
        while (step := next_step(climb, ladder, rota, self.now)) is not None and step.due_at <= self.now:
            rows = self._say.of_step(step, alert, enquiry, text, may_ring_chat=not sent.chat_rung)
            sent.chat_rung = sent.chat_rung or rings_chat(step)
            outcome = self._outcome(step, alert, rows)
            climb = climb.then(Taken(step.rung.number, self.now, outcome is StepOutcome.TOLD))
            following = next_step(climb, ladder, rota, self.now)
            assert following is not None
            self._write(step, alert, rows, outcome, following.due_at)
            alert = self.uow.alerts.get(alert.id)
            sent.rows.extend(rows)
            sent.must_ring = True
            sent.rows.extend(self._person_told_waiting(step, alert, enquiry, sent))
        if step is not None and alert.next_step_at != step.due_at:
            self.uow.alerts.wake_at(alert.id, step.due_at)
        if sent.must_ring and not any(row.kind is OutboxKind.DUTY for row in sent.rows):
            closed = any(rung.is_closed for rung in ladder.rungs)
            say = self._say
            sent.rows.append(say.nameless(alert, enquiry) if closed else say.to_chat(text, alert, enquiry))
        return sent.rows

    def _ladder(self, alert: AlertRecord, steps: Sequence[AlertStepRecord]) -> Ladder:
        """Return the area's ladder; with a rung before it, where a worker had the conversation as it was begun."""
        closed = is_closed(self.uow, alert.enquiry_id)
        ladder = self.doorbell.ladder(alert.urgency.value, is_closed=closed)
        taken = [step for step in steps if step.climb == alert.climb]
        if taken:
            first = next((step for step in taken if step.rung == HOLDER_RUNG), None)
            told = "" if first is None else next((m["to"] for m in first.messages if m["to"] != CHAT), "")
            return ladder if first is None else with_holder(ladder, told, Role(first.role))
        holder = self._who_has_the_conversation(alert)
        if holder is None or (closed and holder.role is not Role.LADO):
            return ladder
        return with_holder(ladder, holder.id, holder.role)

    def _who_has_the_conversation(self, alert: AlertRecord) -> DutyWorkerRecord | None:
        held = None if alert.conversation_id is None else self.uow.handoffs.open_for(alert.conversation_id)
        if held is None:
            return None
        worker = self.uow.duty_workers.get(held.worker_id)
        return worker if worker.disabled_at is None and worker.role in MAY_ANSWER else None

    def _is_theirs_to_answer(self, alert_id: AlertId, worker: DutyWorkerRecord) -> bool:
        """Say whether a worker may answer an alert: of the closed queue only who was told, or who may see it."""
        alert = self.uow.alerts.get(alert_id)
        if (
            worker.role is Role.LADO
            or alert.urgency.value == Urgency.EMERGENCY
            or not is_closed(self.uow, alert.enquiry_id)
        ):
            return True
        told = {message["to"] for step in self.uow.alerts.steps_of(alert.id) for message in step.messages}
        return worker.id in told or alert.enquiry_id in self.uow.broken_glass.open_to(worker.id, self.now)

    def _outcome(self, step: Step, alert: AlertRecord, rows: Sequence[NewOutbox]) -> StepOutcome:
        """Say whether a named person was told, and raise what stands in the way of it."""
        about: dict[str, str | int] = {"rung": step.rung.number, "role": step.rung.role.value}
        if step.is_stand_in:
            self._incident(IncidentKind.EMPTY_LADDER, alert, alert.urgency.value, about)
        if step.repeats:
            self._incident(IncidentKind.NOBODY_ANSWERED, alert, f"{alert.id}:{alert.climb}", about)
        if step.rung.is_holders:
            return self._outcome_of_holder(step, alert, rows)
        if not step.workers:
            key = f"{alert.id}:{alert.climb}:{step.rung.number}"
            self._incident(IncidentKind.NOBODY_ON_SHIFT, alert, key, about)
            return StepOutcome.NOBODY
        is_personal = any(row.payload["to"] != CHAT for row in rows)
        if is_personal or ("telegram" in step.rung.by and step.rung.role in READ_IN_THE_CHAT):
            return StepOutcome.TOLD
        key = f"{alert.id}:{step.rung.number}"
        self._incident(IncidentKind.NO_WAY_TO_TELL, alert, key, about)
        return StepOutcome.NOBODY

    def _outcome_of_holder(self, step: Step, alert: AlertRecord, rows: Sequence[NewOutbox]) -> StepOutcome:
        """Whoever has the conversation is told by themselves, or by the page that they have open."""
        here = {p.worker_id for p in self.uow.presences.here(alert.enquiry_id, self.now - LOOKING)}
        is_told = bool(rows) or any(worker.id in here for worker in step.workers)
        return StepOutcome.TOLD if is_told else StepOutcome.NOBODY

    def _write(
        self, step: Step, alert: AlertRecord, rows: Sequence[NewOutbox], outcome: StepOutcome, following: datetime
    ) -> None:
        taken = self.uow.alerts.note_step(
            alert,
            rung=step.rung.number,
            role=step.rung.role.value,
            due_at=step.due_at,
            messages=[{"id": str(r.id), "channel": r.channel, "to": r.payload["to"]} for r in rows],
            outcome=outcome,
            next_step_at=following,
            now=self.now,
        )
        details = {"step": taken.number, "rung": taken.rung, "role": taken.role, "outcome": outcome.value}
        self._note(alert, "alert.step", details)

    def _rota(self, alert: AlertRecord) -> OnDuty:
        try:
            return Rota(self.uow.shifts.at(self.now), self.uow.duty_workers.list_all(), self.doorbell.working_time)
        except Exception:
            log.exception("alert.rota_unreadable", extra={"alert_id": alert.id})
            self._incident(IncidentKind.ROTA_UNREADABLE, alert, "rota", {})
            return _NobodyOnDuty()

    # -- answering -----------------------------------------------------------------------------------------

    def _already(
        self, alert: AlertRecord, enquiry: EnquiryRecord, worker: DutyWorkerRecord, shown: tuple[str, str]
    ) -> Answer:
        by = alert.acknowledged_by or alert.closed_by
        at = alert.acknowledged_at or alert.closed_at
        assert by is not None
        assert at is not None
        holder = worker if by == worker.id else self.uow.duty_workers.get(by)
        rows = [self._say.changed(shown, alert, enquiry, holder)] if all(shown) else []
        return Answer(alert.id, enquiry.reference, holder, at, False, tuple(self.uow.outbox.put(rows)))

    def _taken_over(
        self, alert: AlertRecord, enquiry: EnquiryRecord, worker: DutyWorkerRecord, shown: tuple[str, str]
    ) -> list[NewOutbox]:
        """Take back what still waits to be sent, and change what was sent to say who has it."""
        sent = [m for step in self.uow.alerts.steps_of(alert.id) for m in self._kept(step)]
        self.uow.outbox.cancel([row.id for row in sent])
        places = [(row.address, str(ref)) for row in sent if row.channel == "telegram" for ref in refs_of(row)]
        places.extend([shown] if all(shown) else [])
        return [self._say.changed(place, alert, enquiry, worker) for place in dict.fromkeys(places)]

    def _kept(self, step: AlertStepRecord) -> list[OutboxRecord]:
        found = []
        for message in step.messages:
            row = self._row(message["id"])
            found.extend([] if row is None else [row])
        return found

    def _row(self, outbox_id: Any) -> OutboxRecord | None:
        try:
            return self.uow.outbox.get(outbox_id)
        except NotFound:
            return None

    def _may_arrive(self, outbox_id: str, failing: OutboxRecord) -> bool:
        row = self._row(outbox_id)
        if row is None or row.id == failing.id:
            return False
        is_waiting = row.status is OutboxStatus.PENDING and row.attempts < TRIES_BEFORE_A_CHANNEL_FAILS
        return row.status is OutboxStatus.SENT or is_waiting

    # -- the person ----------------------------------------------------------------------------------------

    def _person_told_waiting(
        self, step: Step, alert: AlertRecord, enquiry: EnquiryRecord, sent: _Sent
    ) -> list[NewOutbox]:
        if not step.rung.tell_person or step.repeats or sent.person_told:
            return []
        sent.person_told = True
        return self._to_person("alert_waiting", alert, enquiry)

    def _person_told_seen(
        self, alert: AlertRecord, enquiry: EnquiryRecord, worker: DutyWorkerRecord
    ) -> list[NewOutbox]:
        role = self.doorbell.wording.text(f"role_{worker.role.value}")
        return self._to_person("alert_seen", alert, enquiry, role=role)

    def _to_person(self, key: str, alert: AlertRecord, enquiry: EnquiryRecord, **values: str) -> list[NewOutbox]:
        if alert.conversation_id is None:
            return []
        conversation = self.uow.conversations.get(alert.conversation_id)
        return self._say.to_person(key, conversation, enquiry, **values)

    # -- the record ----------------------------------------------------------------------------------------

    def _incident(self, kind: IncidentKind, alert: AlertRecord, key: str, details: dict[str, str | int]) -> None:
        self.uow.incidents.raise_(
            kind, key=key, now=self.now, enquiry_id=alert.enquiry_id, alert_id=alert.id, details=details
        )

    def _note(
        self,
        alert: AlertRecord,
        act: str,
        details: dict[str, Any],
        *,
        actor: str = "front_door",
        reason: str | None = None,
    ) -> None:
        self.uow.audit.write(
            chain=alert.enquiry_id,
            at=self.now,
            actor=actor,
            act=act,
            record_type="alert",
            record_id=alert.id,
            reason=reason,
            details=details,
        )

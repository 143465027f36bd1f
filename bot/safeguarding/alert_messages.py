"""The messages of an alert: to the duty chat, to one worker by each way that reaches them, to the person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.safeguarding.doorbell import DutyDoorbell
from bot.safeguarding.ladder import Step
from storage.alerts import AlertRecord
from storage.conversations import ConversationRecord, ConversationStatus
from storage.duty_workers import DutyWorkerRecord
from storage.enquiries import EnquiryRecord
from storage.outbox import NewOutbox, OutboxKind, OutboxRecord
from storage.recordings import RECORDED

CHAT = "chat"
"""Stands for the duty chat where a message's `to` is no worker's id."""

PERSONAL = ("telegram", "sms", "email")


@dataclass(frozen=True, slots=True)
class AlertMessages:
    """Makes them; whoever asks puts them in the outbox."""

    doorbell: DutyDoorbell
    now: datetime

    def of_step(
        self, step: Step, alert: AlertRecord, enquiry: EnquiryRecord, text: str, *, may_ring_chat: bool
    ) -> list[NewOutbox]:
        """Return what a step sends. Nothing of the closed queue is said in a chat that others read."""
        if step.rung.ring:
            text = f"{text}\n{self.doorbell.words('duty_ring', enquiry, number=step.rung.ring)}"
        rows = []
        if may_ring_chat and rings_chat(step):
            rows.append(self.to_chat(text, alert, enquiry, alert.steps + 1))
        for worker in step.workers:
            rows.extend(self._to_worker(worker, step, alert, enquiry, text))
        return rows

    def to_chat(self, text: str, alert: AlertRecord, enquiry: EnquiryRecord, number: int = 0) -> NewOutbox:
        payload = self.doorbell.answerable(text, alert.id, number) | {"to": CHAT}
        return self.doorbell.message(self.doorbell.channel, self.doorbell.address, payload, enquiry, self.now)

    def nameless(self, alert: AlertRecord, enquiry: EnquiryRecord) -> NewOutbox:
        """Return what the chat is told where nobody could be told by themselves: no reference, and no button."""
        text = self.doorbell.wording.text("duty_closed")
        payload = {"text": text, "to": CHAT, "alert": alert.id, "step": 0}
        return self.doorbell.message(self.doorbell.channel, self.doorbell.address, payload, enquiry, self.now)

    def changed(
        self, place: tuple[str, str], alert: AlertRecord, enquiry: EnquiryRecord, worker: DutyWorkerRecord
    ) -> NewOutbox:
        """Return what changes a message that was sent, to say who has it."""
        address, ref = place
        since = self.doorbell.time_of(alert.acknowledged_at or self.now)
        text = self.doorbell.words("alert_taken", enquiry, worker=worker.name, since=since)
        payload = {"text": text, "replaces": ref}
        changed = self.doorbell.message("telegram", address, payload, enquiry, self.now, urgent=False)
        return replace(changed, kind=OutboxKind.NOTICE)  # a courtesy: given up where it cannot be done

    def to_person(
        self, key: str, conversation: ConversationRecord, enquiry: EnquiryRecord, **values: str
    ) -> list[NewOutbox]:
        """Tell the person where they wrote, unless they have stopped: then it may not be safe to."""
        if conversation.status is not ConversationStatus.ACTIVE or conversation.blocked_at is not None:
            return []
        if conversation.channel in RECORDED:  # they rang or came, and a worker is with them
            return []
        text = self.doorbell.voice(self.now).fixed(key, enquiry.audience.value, values)
        return [
            NewOutbox(
                channel=conversation.channel,
                address=conversation.address,
                kind=OutboxKind.NOTICE,
                payload={"text": text},
                conversation_id=conversation.id,
                enquiry_id=enquiry.id,
                created_at=self.now,
                claimed_by=self.doorbell.owner,
                claimed_until=self.now + self.doorbell.lease,
            )
        ]

    def _to_worker(
        self, worker: DutyWorkerRecord, step: Step, alert: AlertRecord, enquiry: EnquiryRecord, text: str
    ) -> list[NewOutbox]:
        addresses = {"telegram": worker.telegram, "sms": worker.phone, "email": worker.email}
        rows = []
        for way in PERSONAL:
            address = addresses[way]
            if way not in step.rung.by or way not in self.doorbell.ways or not address:
                continue
            if (way, address) == (self.doorbell.channel, self.doorbell.address):
                continue
            payload: dict[str, Any] = self.doorbell.answerable(text, alert.id, alert.steps + 1) | {"to": worker.id}
            if way != "telegram":  # no button there: the way to answer is the desk
                payload = {name: value for name, value in payload.items() if name != "choices"}
                payload["text"] = "\n".join(filter(None, (text, self.doorbell.desk_url)))
                payload["subject"] = self.doorbell.words("alert_subject", enquiry)
            rows.append(self.doorbell.message(way, address, payload, enquiry, self.now))
        return rows


def rings_chat(step: Step) -> bool:
    """Say whether a step rings the duty chat. Whoever has the conversation is told by themselves."""
    return "telegram" in step.rung.by and not step.rung.is_closed and not step.rung.is_holders


def refs_of(row: OutboxRecord) -> list[str]:
    return [str(ref) for ref in (row.receipt or {}).get("refs", ())]

"""The doorbell: what duty workers are told, and where. A reference and kinds, never a person's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.safeguarding.ladder import Ladder, ladder_of
from bot.safeguarding.whom_they_told import ALLEGATION
from bot.working_time import WorkingTime
from flows.area import Area
from flows.catalog import Indicator
from flows.voice import Voice
from flows.wording import Wording
from storage.enquiries import EnquiryRecord
from storage.identifiers import AlertId, OutboxId, new_id
from storage.outbox import NewOutbox, OutboxKind

CLOSED_QUEUE = frozenset({ALLEGATION})
"""Indicators that only the officer for allegations may see: a doorbell does not name them."""

OWN_INDICATORS = {
    "danger_answer": "They said someone may be in danger now",
    "cannot_talk": "They said it is not safe to talk",
    "worry_unnamed": "Their words read like a worry of no clear kind",
    "language_unknown": "They wrote in a language that the program cannot judge",
    "screening_broken": "A message could not be screened",
    "turn_broken": "A message could not be answered: read it yourself",
}
"""Worries of our own beside those of the domain's list, in words for duty workers."""

ANSWER = "ack."
"""What the id of the button that answers an alert begins with; the alert's id follows."""


@dataclass(frozen=True, slots=True)
class DutyDoorbell:
    """Where duty workers are told, and in which words.

    Its messages are born claimed by `owner`, so that they go the moment they are committed. `ways` are the
    channels by which one worker can be told apart from the others: telegram, sms, email.
    """

    channel: str
    address: str
    wording: Wording
    indicators: dict[str, Indicator]
    owner: str
    lease: timedelta
    area: Area
    ways: frozenset[str] = frozenset()
    desk_url: str = ""
    working_time: WorkingTime = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "working_time", WorkingTime(self.area))

    def ring(
        self,
        key: str,
        enquiry: EnquiryRecord,
        now: datetime,
        *,
        channel: str,
        urgent: bool,
        indicators: str = "",
        alert_id: AlertId | None = None,
    ) -> NewOutbox:
        """Return the message that tells the duty chat; of an alert, with the button that answers it."""
        text = self.words(key, enquiry, channel=channel, indicators=indicators)
        payload = {"text": text} if alert_id is None else self.answerable(text, alert_id)
        return self.message(self.channel, self.address, payload, enquiry, now, urgent=urgent)

    def message(
        self,
        channel: str,
        address: str,
        payload: Mapping[str, Any],
        enquiry: EnquiryRecord,
        now: datetime,
        *,
        urgent: bool = True,
    ) -> NewOutbox:
        return NewOutbox(
            id=OutboxId(new_id()),
            channel=channel,
            address=address,
            kind=OutboxKind.DUTY,
            payload=dict(payload),
            enquiry_id=enquiry.id,
            urgent=urgent,
            created_at=now,
            claimed_by=self.owner,
            claimed_until=now + self.lease,
        )

    def words(self, key: str, enquiry: EnquiryRecord, **values: str) -> str:
        """Return words of words.yaml about an enquiry, for duty workers."""
        known = {
            "reference": enquiry.reference,
            "kind": self.wording.text(f"kind_{enquiry.audience.value}"),
            "urgency": self.wording.text(f"urgency_{enquiry.urgency.value}"),
        }
        return self.wording.text(key, values={**known, **values})

    def answerable(self, text: str, alert_id: AlertId, step: int = 0) -> dict[str, Any]:
        """Return what is sent: the words, the button that answers, and which step of which alert it is."""
        button = [f"{ANSWER}{alert_id}", self.wording.text("alert_button"), False]
        return {"text": text, "choices": [button], "alert": alert_id, "step": step}

    def voice(self, now: datetime) -> Voice:
        """Return how to speak to the person at this hour."""
        return Voice(self.wording, self.area.values(), self.working_time.is_open(now))

    def ladder(self, urgency: str, *, is_closed: bool = False) -> Ladder:
        return ladder_of(self.area, urgency, self.working_time, is_closed=is_closed)

    def label(self, indicator: str) -> str:
        if indicator in CLOSED_QUEUE:
            return self.wording.text("alert_closed_queue")
        known = self.indicators.get(indicator)
        return known.label if known else OWN_INDICATORS.get(indicator, indicator.replace("_", " "))

    def time_of(self, at: datetime) -> str:
        """Return the time of day where the area is, as people say it."""
        local = at.astimezone(ZoneInfo(self.area.timezone))
        return f"{local.hour % 12 or 12}.{local.minute:02}{'am' if local.hour < 12 else 'pm'}"

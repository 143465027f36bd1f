"""What every turn needs at hand: the area, the words, the flows, and who is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.routing import FlowShelf
from bot.safeguarding.doorbell import DutyDoorbell
from bot.working_time import WorkingTime
from flows.area import Area
from flows.catalog import Catalog
from flows.engine import Engine
from flows.model import Flow
from flows.voice import Voice
from flows.wording import Wording

SAID_ANYWAY = "emergency_999"


@dataclass(frozen=True, slots=True)
class House:
    """Everything a unit of work may read while it decides. Nothing here changes but caches.

    `at_desk`: a worker reads what is said, and asks the person in their own words.
    """

    area: Area
    wording: Wording
    catalog: Catalog
    shelf: FlowShelf
    doorbell: DutyDoorbell
    owner: str
    lease: timedelta
    at_desk: bool = False
    working_time: WorkingTime = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "working_time", WorkingTime(self.area))

    def voice(self, now: datetime, reference: str = "") -> Voice:
        """Return how to speak at this hour: what is promised out of hours is not what is promised in them."""
        is_open = self.working_time.is_open(now)
        opens = when_in_words(self.working_time.opens_next(now), now, self.area.timezone)
        values = {
            **self.area.values(),
            "reference": reference,
            "area.opens": opens,
            "area.reply": self.area.reply_same_day if is_open else opens,
        }
        return Voice(self.wording, values, is_open, self.at_desk)

    def engine(self, flow: Flow, now: datetime, reference: str) -> Engine:
        return Engine(flow, self.voice(now, reference))

    def helplines(self, ids: Sequence[str]) -> list[str]:
        """Return lines for the helplines the area has checked; others stay hidden, and 999 is said anyway."""
        checked = [i for i in ids if i in self.area.helplines and i in self.catalog.helplines and i != SAID_ANYWAY]
        return [self.catalog.helplines[i].line for i in checked]

    def today(self, now: datetime) -> date:
        """Return the day it is where the area is."""
        return now.astimezone(ZoneInfo(self.area.timezone)).date()


def when_in_words(at: datetime | None, now: datetime, timezone: str) -> str:
    """Return an instant as people say it: "8.30am tomorrow", "8.30am on Monday", "9am on 6 August"."""
    if at is None:
        return ""
    zone = ZoneInfo(timezone)
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    hour = local.hour % 12 or 12
    minutes = f".{local.minute:02}" if local.minute else ""
    time = f"{hour}{minutes}{'am' if local.hour < 12 else 'pm'}"
    ahead = (local.date() - today).days
    if ahead == 0:
        return f"{time} today"
    if ahead == 1:
        return f"{time} tomorrow"
    if ahead < 7:
        return f"{time} on {local:%A}"
    return f"{time} on {local.day} {local:%B}"

"""One area's own names, numbers, hours and words. Everything that varies by area is here and nowhere in code."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Hours(_Part):
    """One span of a day, in the area's own time. `until` is not included."""

    from_: time = Field(alias="from")
    until: time

    @model_validator(mode="after")
    def _forward(self) -> Hours:
        if self.until <= self.from_:
            raise ValueError("a span ends after it begins; for a night, write two spans")
        return self


class Phones(_Part):
    """Numbers shown to people. Test areas use numbers kept for drama."""

    duty: str
    out_of_hours: str
    duty_name: str = "the duty team"
    out_of_hours_name: str = "the emergency duty team"


class Retention(_Part):
    """How long things are kept, in days, until the area's own schedule says otherwise."""

    draft_days: int = Field(default=30, ge=1)


class Area(_Part):
    """What one area calls things, when it is open, and how it can be reached."""

    id: str
    name: str
    service_name: str
    team_name: str
    council_name: str
    timezone: str = "Europe/London"
    phones: Phones
    hours: dict[str, list[Hours]]
    closed_on: list[date] = []
    privacy_url: str = ""
    privacy_contact: str = ""
    exit_url: str = "https://www.bbc.co.uk/weather"
    languages: list[str] = ["en"]
    helplines: list[str] = Field(default=[], description="ids the area has checked; others stay hidden")
    reply_same_day: str = Field(description="what we promise when open and same day, e.g. `today`")
    retention: Retention = Retention()
    staff_notes: dict[str, str] = {}

    @model_validator(mode="after")
    def _week(self) -> Area:
        wrong = set(self.hours) - set(DAYS)
        if wrong:
            raise ValueError(f"hours: not a day: {', '.join(sorted(wrong))}")
        ZoneInfo(self.timezone)
        return self

    def is_open(self, now: datetime) -> bool:
        local = now.astimezone(ZoneInfo(self.timezone))
        return any(span.from_ <= local.time() < span.until for span in self._spans(local.date()))

    def opens_next(self, now: datetime) -> datetime | None:
        """Return when the team is next in, after `now`; None if no day in the coming month has hours."""
        zone = ZoneInfo(self.timezone)
        local = now.astimezone(zone)
        for ahead in range(32):
            day = local.date() + timedelta(days=ahead)
            for span in self._spans(day):
                opens = datetime.combine(day, span.from_, tzinfo=zone)
                if opens > local:
                    return opens
        return None

    def _spans(self, day: date) -> list[Hours]:
        if day in self.closed_on:
            return []
        return sorted(self.hours.get(DAYS[day.weekday()], []), key=lambda span: span.from_)

    def values(self) -> dict[str, str]:
        """Return what words may name of the area."""
        return {
            "area.name": self.name,
            "area.service": self.service_name,
            "area.team": self.team_name,
            "area.council": self.council_name,
            "area.duty_phone": self.phones.duty,
            "area.duty_name": self.phones.duty_name,
            "area.out_of_hours_phone": self.phones.out_of_hours,
            "area.out_of_hours_name": self.phones.out_of_hours_name,
            "area.privacy_url": self.privacy_url,
            "area.privacy_contact": self.privacy_contact,
            "area.draft_days": str(self.retention.draft_days),
        }

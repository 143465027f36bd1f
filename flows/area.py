"""One area's own names, numbers, hours and words. Everything that varies by area is here and nowhere in code."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Nation(StrEnum):
    """Whose bank holidays are kept."""

    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern_ireland"


class Hours(_Part):
    """One span of a day, in the area's own time. `until` is not included; 00:00 is the midnight at its end."""

    from_: time = Field(alias="from")
    until: time

    @model_validator(mode="after")
    def _forward(self) -> Hours:
        if self.until <= self.from_ and self.until != time(0):
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


class RungSettings(_Part):
    """Who is told of an alert, when, and by which ways. `minutes` count from the alert.

    A rung for `in_hours` or `out_of_hours` waits until it is so. `telegram` is the duty chat, and the person's own
    chat where we know it; `spoken` shows the number to ring, `number` or that of the out-of-hours team.
    """

    minutes: float = Field(ge=0, le=7 * 24 * 60)
    role: Literal["duty_worker", "manager", "head_of_service", "out_of_hours", "lado"]
    who: Literal["first", "second", "all"] = "first"
    by: list[Literal["telegram", "desk", "sms", "email", "spoken"]] = Field(
        default=["telegram", "desk", "sms"], min_length=1
    )
    when: Literal["always", "in_hours", "out_of_hours"] = "always"
    tell_person: bool = Field(default=False, description="whether the person is told that nobody has answered yet")
    number: str = ""


class LadderSettings(_Part):
    """One urgency's rungs. After the last one it is repeated every `repeat_minutes` until somebody answers."""

    rungs: list[RungSettings]
    repeat_minutes: float = Field(gt=0, le=24 * 60)


def _rung(minutes: float, role: str, **more: Any) -> RungSettings:
    return RungSettings.model_validate({"minutes": minutes, "role": role, **more})


class Ladders(_Part):
    """Who is told of a concern until somebody answers. The defaults are timescales FD03 to FD08."""

    emergency: LadderSettings = LadderSettings(
        rungs=[
            _rung(0, "out_of_hours", who="all", when="out_of_hours", by=["telegram", "desk", "sms", "spoken"]),
            _rung(0, "duty_worker", when="in_hours"),
            _rung(5, "duty_worker", who="second", when="in_hours"),
            _rung(5, "manager", by=["telegram", "desk", "sms", "email"]),
            _rung(15, "head_of_service", by=["telegram", "desk", "sms", "email", "spoken"], tell_person=True),
        ],
        repeat_minutes=5,
    )
    immediate: LadderSettings = LadderSettings(
        rungs=[
            _rung(0, "out_of_hours", who="all", when="out_of_hours", by=["telegram", "desk", "sms", "spoken"]),
            _rung(0, "duty_worker", when="in_hours"),
            _rung(15, "duty_worker", who="second", when="in_hours"),
            _rung(30, "manager", by=["telegram", "desk", "sms", "email"]),
            _rung(60, "head_of_service", by=["telegram", "desk", "sms", "email", "spoken"], tell_person=True),
        ],
        repeat_minutes=15,
    )


class DueTimes(_Part):
    """How soon each thing is due at the desk. The defaults are FD03, FD06, FD09 to FD11, FD14 and ST01 of the
    domain's timescales; hours and days are working ones.
    """

    emergency_minutes: float = Field(default=5, gt=0, description="an emergency is answered, and then rung")
    immediate_minutes: float = Field(default=15, gt=0, description="an immediate worry is answered, and then rung")
    wanted_minutes: float = Field(default=10, gt=0, description="somebody who asked for a person has one")
    same_day_hours: float = Field(default=4, gt=0, description="first human contact, and before close that day")
    young_person_hours: float = Field(default=2, gt=0, description="first human reply to a young person")
    advice_days: int = Field(default=1, ge=0, description="first human contact of every other enquiry")
    decision_days: int = Field(default=1, ge=0, description="what is to be done is decided")
    late_decision_hours: float = Field(default=2, gt=0, description="a late decision goes to the next manager")
    feedback_days: int = Field(default=1, ge=0, description="whoever wrote is told what was decided")


class Careful(_Part):
    """Shares from which screening calls a person. Only those below the measured ones count: never less careful."""

    alert: float = Field(default=1.0, gt=0, le=1)
    look: float = Field(default=1.0, gt=0, le=1)
    emergency: float = Field(default=1.0, gt=0, le=1)


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
    nation: Nation = Field(default=Nation.ENGLAND, description="whose bank holidays are kept")
    bank_holiday_hours: list[Hours] = Field(default=[], description="when the team is in on a bank holiday")
    half_days: dict[date, time] = Field(default={}, description="days on which the team goes early, and when")
    closed_on: list[date] = Field(default=[], description="days the office keeps closed besides bank holidays")
    closed_days_count: bool = Field(
        default=True, description="whether a day in `closed_on` is a working day by law all the same"
    )
    privacy_url: str = ""
    privacy_contact: str = ""
    exit_url: str = "https://www.bbc.co.uk/weather"
    languages: list[str] = ["en"]
    helplines: list[str] = Field(default=[], description="ids the area has checked; others stay hidden")
    reply_same_day: str = Field(description="what we promise when open and same day, e.g. `today`")
    retention: Retention = Retention()
    ladders: Ladders = Ladders()
    due: DueTimes = DueTimes()
    workers_decide: list[str] = Field(
        default=["IA"],
        description="what a duty worker may decide alone, where nothing is held; no referral",
    )
    staff_notes: dict[str, str] = {}
    screening: Careful | None = Field(default=None, description="to be more careful than measured, never less")

    @model_validator(mode="after")
    def _week(self) -> Area:
        wrong = set(self.hours) - set(DAYS)
        if wrong:
            raise ValueError(f"hours: not a day: {', '.join(sorted(wrong))}")
        ZoneInfo(self.timezone)
        return self

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

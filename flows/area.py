"""One area's own names, numbers, hours and words. Everything that varies by area is here and nowhere in code."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from flows.retention import Retention

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


class RungSettings(_Part):
    """Who is told of an alert, when, and by which ways. `minutes` count from the alert.

    A rung for `in_hours` or `out_of_hours` waits until it is so. `telegram` is the duty chat, and the person's own
    chat where we know it; `spoken` shows the number to ring, `number` or that of the out-of-hours team. `named` is
    the e-mail address of one worker who is told, on shift or not; who is on shift, once they may not sign in.
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
    named: str = ""


class LadderSettings(_Part):
    """One urgency's rungs. After the last one it is repeated every `repeat_minutes` until somebody answers.

    Where a worker has the conversation they are told first, and the rungs begin `holder_minutes` later.
    """

    rungs: list[RungSettings]
    repeat_minutes: float = Field(gt=0, le=24 * 60)
    holder_minutes: float = Field(default=2, ge=0, le=60)


def _rung(minutes: float, role: str, **more: Any) -> RungSettings:
    return RungSettings.model_validate({"minutes": minutes, "role": role, **more})


class Ladders(_Part):
    """Who is told of a concern until somebody answers. The defaults are timescales FD03 to FD08.

    `allegation` is that of the closed queue: an emergency there climbs both this one and that of emergencies.
    """

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
        holder_minutes=5,
    )
    allegation: LadderSettings = LadderSettings(
        rungs=[
            _rung(0, "lado", who="all", by=["telegram", "desk", "sms", "email"]),
            _rung(30, "manager", by=["telegram", "desk", "sms", "email"]),
            _rung(60, "head_of_service", by=["telegram", "desk", "sms", "email", "spoken"], tell_person=True),
        ],
        repeat_minutes=30,
        holder_minutes=5,
    )


class DueTimes(_Part):
    """How soon each thing is due at the desk. The defaults are FD03, FD06, FD09 to FD11, FD14, FD19, FD20, ST01
    and ST05 of the domain's timescales; hours and days are working ones, but for the written confirmation.
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
    allocated_days: int = Field(
        default=0, ge=0, description="the allocated worker has it; 0: the same working day"
    )
    other_area_days: int = Field(default=1, ge=0, description="the other area has said that it has it")
    step_days: int = Field(default=1, ge=0, description="who it was stepped up or down to has it")
    confirm_in_writing_hours: float = Field(
        default=24, gt=0, description="a professional who rang or came has it in writing"
    )
    recording_hours: float = Field(default=2, gt=0, description="a call or visit is written down and sent")


class FigureSettings(_Part):
    """How "How we are doing" counts. `places` names postcode districts, by a ward if you like: `DH1: Old Town`."""

    fewest: int = Field(default=5, ge=1, le=100, description="what fewer share is counted together with others")
    places: dict[str, str] = Field(default={}, description="names of postcode districts; none: the districts")


class Careful(_Part):
    """Shares from which screening calls a person. Only those below the measured ones count: never less careful."""

    alert: float = Field(default=1.0, gt=0, le=1)
    look: float = Field(default=1.0, gt=0, le=1)
    emergency: float = Field(default=1.0, gt=0, le=1)


class Overnight(_Part):
    """A time of the night, in the area's own time. `until` is not included. Both the same is none at all."""

    from_: time = Field(alias="from")
    until: time


class DaysOff(_Part):
    """Days one after another. `until` is included."""

    from_: date = Field(alias="from")
    until: date
    name: str = ""

    @model_validator(mode="after")
    def _forward(self) -> DaysOff:
        if self.until < self.from_:
            raise ValueError("days off end on or after the day they begin")
        return self


def _hours(from_: str, until: str) -> Hours:
    return Hours.model_validate({"from": from_, "until": until})


class SchoolYear(_Part):
    """When children are at school. After `known_until` nobody knows, and no weekday is surely one or the other."""

    hours: Hours = _hours("08:30", "15:30")
    either_side_minutes: int = Field(
        default=30, ge=0, le=120, description="how much earlier school may begin, and how much later it may end"
    )
    holidays: list[DaysOff] = []
    known_until: date | None = Field(default=None, description="the last day the list of holidays speaks of")


class Contacting(_Part):
    """When we may begin a message. What people told us of their own hours always counts besides."""

    quiet: Overnight = Overnight.model_validate({"from": "20:00", "until": "08:00"})
    on_bank_holidays: bool = Field(default=False, description="whether we begin anything on a bank holiday")
    mornings: Hours = _hours("09:00", "12:00")
    afternoons: Hours = _hours("12:00", "17:00")
    evenings: Hours = _hours("17:00", "20:00")
    school: SchoolYear = SchoolYear()
    shortest_minutes: int = Field(
        default=15, ge=2, le=240, description="a safe time shorter than this is a worker's to keep"
    )
    before_end_minutes: int = Field(
        default=5, ge=0, le=120, description="nothing is begun in the last minutes of a safe time"
    )
    look_ahead_days: int = Field(default=28, ge=1, le=366, description="no safe time by then, and a worker has it")

    @model_validator(mode="after")
    def _room(self) -> Contacting:
        if self.before_end_minutes >= self.shortest_minutes:
            raise ValueError("before_end_minutes is less than shortest_minutes, or the shortest time has no room")
        return self


class CallBacks(_Part):
    """Which times to be rung at are offered."""

    slot_minutes: int = Field(default=30, ge=5, le=240, description="how long a worker has for one call")
    lead_minutes: int = Field(default=60, ge=0, le=7 * 24 * 60, description="the soonest one may be asked for")
    interpreter_lead_minutes: int = Field(
        default=24 * 60, ge=0, le=31 * 24 * 60, description="the soonest where an interpreter has to be found"
    )
    days_ahead: int = Field(default=7, ge=1, le=60, description="how many days ahead times are offered")
    calls_at_once: int = Field(default=1, ge=1, le=10, description="how many calls one worker keeps at one time")
    kept_free: int = Field(default=0, ge=0, le=50, description="how many workers on duty are left free of calls")
    most_offered: int = Field(default=6, ge=1, le=20, description="how many times are offered at once")
    shows_number: bool = Field(default=False, description="whether the duty team's number shows when we ring")
    reminder_minutes: int = Field(default=60, ge=0, le=7 * 24 * 60, description="before a call; 0: no reminder")
    check_minutes: int = Field(default=30, ge=0, le=7 * 24 * 60, description="after it, they are asked if we rang")
    stands_hours: int = Field(default=24, ge=1, le=14 * 24, description="how long times that were offered stand")
    answer_days: int = Field(
        default=2,
        ge=1,
        le=30,
        description="working days after which a worker looks at what was not answered (FD18)",
    )


class Bells(_Part):
    """When a worker hears of a task: before it is due, when it is, and after. Days are working days; none is 0.

    With both minutes and days at 0 the bell is not rung, but for a manager, who is always told in the end.
    """

    before_minutes: float = Field(default=60, ge=0, le=31 * 24 * 60, description="its worker hears of it")
    before_days: int = Field(default=0, ge=0, le=60)
    again_minutes: float = Field(default=0, ge=0, le=31 * 24 * 60, description="late: its worker hears again")
    again_days: int = Field(default=0, ge=0, le=60)
    manager_minutes: float = Field(default=15, ge=0, le=31 * 24 * 60, description="late: a manager hears as well")
    manager_days: int = Field(default=0, ge=0, le=60)
    repeat_hours: float = Field(default=2, gt=0, le=80, description="and then the head of service, so often")


class DraftTimes(_Part):
    """What becomes of a draft left half way. How long it is kept is `retention.draft_days` (FD13)."""

    left_minutes: float = Field(
        default=15, gt=0, le=24 * 60, description="so long without a word, and it was left"
    )
    seen_minutes: float = Field(
        default=30, gt=0, le=24 * 60, description="FD12: with a worry, a worker has seen it"
    )
    words_are_a_worry: list[str] = Field(
        default=["young_person", "public", "professional"],
        description="whose own words of what is wrong are a worry by themselves",
    )
    nudge_hours: float = Field(default=24, ge=0, le=14 * 24, description="the one nudge without a worry; 0: none")
    ending_days: int = Field(default=3, ge=1, le=14, description="so long before it is deleted, they are told")


class FollowUpTimes(_Part):
    """How what we promised is kept, and how a worker's task climbs. The defaults are ST07, and for an action CE06
    to CE08, of the domain's timescales; hours are working ones.
    """

    per_second: float = Field(
        default=20, gt=0, le=1000, description="most messages of one process in a second, below the channel's rate"
    )
    retry_minutes: list[float] = Field(
        default=[1, 5, 15, 60], min_length=1, description="waits after each try that failed; then a worker has it"
    )
    task_hours: float = Field(default=4, gt=0, description="what we could not do ourselves, a worker has done")
    answer_days: int = Field(
        default=2, ge=1, le=30, description="FD18: working days after which we ask once more, then a worker does"
    )
    referrer_days: int = Field(
        default=3, ge=1, le=30, description="ST04: working days after which a professional would have to ask"
    )
    bells: Bells = Bells()
    bells_of: dict[str, Bells] = Field(
        default={
            "draft_worry": Bells(before_minutes=30, again_minutes=10, manager_minutes=20, repeat_hours=1),
            "chased": Bells(before_minutes=240, manager_minutes=60),
            "referrer_prompt": Bells(before_days=1, before_minutes=0, manager_minutes=60),
            "action": Bells(before_days=5, before_minutes=0, again_days=2, manager_days=5, manager_minutes=0),
            "meeting": Bells(before_days=1, before_minutes=0),
            "call_back": Bells(before_minutes=30, again_minutes=10, manager_minutes=35, repeat_hours=1),
        },
        description="kinds of task with bells of their own",
    )


class Afterwards(_Part):
    """What we ask once an enquiry is decided, and remind workers of before. EH11, EH13, DS03 and ST03 of the
    domain's timescales.
    """

    signpost_days: int = Field(default=14, ge=1, le=365, description="EH13: after advice we ask if it helped")
    closed_days: int = Field(default=42, ge=1, le=365, description="EH11: after any other end we ask how it is")
    feedback_days: int = Field(default=3, ge=1, le=365, description="others are asked how we did")
    look_minutes: float = Field(
        default=5, gt=0, le=24 * 60, description="we look whether what was decided has gone"
    )
    remind_hours: float = Field(
        default=2, gt=0, le=80, description="working hours before a decision is due, or somebody is to confirm"
    )
    consent_months: int = Field(default=12, ge=1, le=60, description="DS03: an agreement is asked again")
    per_minute: int = Field(default=30, ge=1, le=600, description="messages to a group in a minute, unless slower")
    group_days: int = Field(default=3, ge=1, le=28, description="a message to a group is not sent later than that")


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
    own_language: dict[str, str] = Field(
        default={},
        description="by language, approved translations of `own_language` in words.yaml; none is shown till given",
    )
    helplines: list[str] = Field(default=[], description="ids the area has checked; others stay hidden")
    reply_same_day: str = Field(description="what we promise when open and same day, e.g. `today`")
    retention: Retention = Retention()
    ladders: Ladders = Ladders()
    due: DueTimes = DueTimes()
    figures: FigureSettings = FigureSettings()
    contacting: Contacting = Contacting()
    call_backs: CallBacks = CallBacks()
    follow_ups: FollowUpTimes = FollowUpTimes()
    afterwards: Afterwards = Afterwards()
    drafts: DraftTimes = DraftTimes()
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
            "area.confirm_hours": f"{self.due.confirm_in_writing_hours:g}",
        }

"""Somebody who is to be rung, whoever is on the rota to ring them, and what each of them sees of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.clock import SteppedClock
from bot.followups.call_backs import CallBacks
from bot.followups.due import FollowUps
from bot.followups.registry import handlings, promises
from flows.area import Area
from storage.answers import AnswerRecord, Answers
from storage.call_backs import CallBackRecord, CallOutcome
from storage.database import Database
from storage.duty_workers import DutyWorkerRecord, Role
from storage.enquiries import EnquiryRecord
from storage.follow_ups import Actor, FollowUpRecord
from storage.identifiers import EnquiryId
from storage.incidents import IncidentRecord
from storage.shifts import NewShift, ShiftKind
from storage.unit_of_work import UnitOfWork
from tests.conversation.front import Front, Outside, Sender, build_front
from tests.followups.promising import ring
from tests.storage.builders import know

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
SENT = (
    "no", "a parent", "yes", "Rowan will not go to school and I am worn out", "short version",
    "reply in this chat and call my mobile", "07700 900123", "Alex", "yes", "send",
)  # fmt: skip
ANY_TIME = {"safe_times": {"is": "given", "value": ["any_time"], "words": "Any time"}}


def whose_answers(monkeypatch: pytest.MonkeyPatch) -> list[EnquiryId]:
    """Return a list in which every enquiry will stand whose answers are opened from here on."""
    read, current = list[EnquiryId](), Answers.current

    def noted(answers: Answers, enquiry_id: EnquiryId) -> list[AnswerRecord]:
        read.append(enquiry_id)
        return current(answers, enquiry_id)

    monkeypatch.setattr(Answers, "current", noted)
    return read


@dataclass
class Calling:
    """One process, a rota, and people who send enquiries."""

    database: Database
    clock: SteppedClock
    area: Area | None = None
    workers: Sequence[str] = ("Ash Okoro", "Bo Lindqvist")
    outside: Outside = field(default_factory=Outside)
    front: Front = field(init=False)
    follow_ups: FollowUps = field(init=False)
    staff: dict[str, DutyWorkerRecord] = field(init=False)

    def __post_init__(self) -> None:
        self.front = build_front(
            self.database, clock=self.clock, outside=self.outside, area=self.area, promises=promises()
        )
        self.follow_ups = FollowUps(
            database=self.database,
            house=self.front.house,
            handlings=handlings(),
            dispatcher=self.front.dispatcher,
            clock=self.clock,
        )
        self.staff = self.database.run_now(self._hire)

    def _hire(self, uow: UnitOfWork) -> dict[str, DutyWorkerRecord]:
        now, hired = self.clock.now(), {}
        for number, name in enumerate((*self.workers, "Cam Diaz")):
            role = Role.MANAGER if name == "Cam Diaz" else Role.DUTY_WORKER
            hired[name] = uow.duty_workers.add(
                name=name, email=f"w{number}@exampleshire.example", role=role, now=now, telegram=f"77{number}"
            )
        shifts = [NewShift(w.id, w.role, ShiftKind.ON, now - DAY, now + 30 * DAY) for w in hired.values()]
        uow.shifts.replace("rota", shifts, since=now - 2 * DAY, until=now + 40 * DAY, now=now)
        return hired

    def empty_rota(self) -> None:
        now = self.clock.now()
        self.do(lambda uow: uow.shifts.replace("rota", [], since=now - 99 * DAY, until=now + 99 * DAY, now=now))

    def person(self, address: str = "960001") -> Person:
        return Person(self, Sender(self.outside, self.clock, address))

    async def ring(self) -> int:
        return await ring(self.front, self.follow_ups)

    async def until(self, at: datetime, every: timedelta = 10 * MINUTE) -> None:
        """Let time pass with the bell ringing."""
        while self.clock.now() < at:
            self.clock.tick(min(every, at - self.clock.now()))
            await self.ring()

    def do(self, work: Any) -> Any:
        return self.database.run_now(work)

    def incidents(self) -> list[IncidentRecord]:
        found: list[IncidentRecord] = self.do(lambda uow: uow.incidents.standing())
        return found

    def told(self, name: str) -> list[str]:
        """Return what a worker was told in their own chat."""
        return [m.text for m in self.outside.to(str(self.staff[name].telegram))]


@dataclass
class Person:
    """One made-up person on the recording channel."""

    calling: Calling
    sender: Sender

    async def hears(self, message: Any) -> str:
        """Return what was said to a message."""
        self.calling.clock.tick(SECOND)
        before = len(self.sender.seen)
        await self.calling.front.accept(self.sender.says(message) if isinstance(message, str) else message)
        return "\n".join(m.text for m in self.sender.seen[before:])

    async def taps(self, label: str) -> str:
        return await self.hears(self.sender.taps(label))

    async def sends(self, *words: str, answers: dict[str, Any] | None = None) -> str:
        """Send an enquiry, with what they answered besides; return what was said to it."""
        for text in ("hello", *(words or SENT)[:-1]):
            await self.hears(text)
        self.knows(ANY_TIME if answers is None else answers)
        return await self.hears((words or SENT)[-1])

    def knows(self, answers: dict[str, Any]) -> None:
        """Let these be their answers besides."""
        conversation = self.calling.front.conversation(self.sender.address)
        self.calling.do(lambda uow: know(uow, conversation, answers, self.calling.clock.now()))

    @property
    def enquiry(self) -> EnquiryRecord:
        return self.calling.front.enquiry(self.calling.front.conversation(self.sender.address))

    @property
    def buttons(self) -> list[str]:
        """Return the labels of the newest question."""
        return [choice.label for choice in self.sender.last.choices]

    @property
    def times(self) -> list[str]:
        """Return the times offered last."""
        return [label for label in self.buttons if " on " in label]

    @property
    def calls(self) -> list[CallBackRecord]:
        enquiry_id = self.enquiry.id
        found: list[CallBackRecord] = self.calling.do(lambda uow: uow.call_backs.of(enquiry_id))
        return found

    @property
    def call(self) -> CallBackRecord:
        [standing] = [call for call in self.calls if call.stands]
        return standing

    def tasks(self, kind: str = "") -> list[FollowUpRecord]:
        """Return workers' tasks of theirs that stand."""
        enquiry_id = self.enquiry.id
        found: list[FollowUpRecord] = self.calling.do(lambda uow: uow.follow_ups.of(enquiry_id))
        return [f for f in found if f.done_at is None and f.actor is Actor.WORKER and f.kind == (kind or f.kind)]

    def promised(self) -> list[str]:
        """Return the kinds of what the front door does itself about calls, and stands."""
        enquiry_id = self.enquiry.id
        found: list[FollowUpRecord] = self.calling.do(lambda uow: uow.follow_ups.of(enquiry_id))
        ours = [f for f in found if f.done_at is None and f.actor is Actor.FRONT_DOOR]
        return sorted(f.kind for f in ours if f.kind.startswith("call_back"))

    def records(self, outcome: CallOutcome, name: str = "Ash Okoro") -> bool:
        """Let a worker say how the call went."""
        call, enquiry = self.calls[-1], self.enquiry

        def work(uow: UnitOfWork) -> bool:
            calls = CallBacks(uow, self.calling.front.house, self.calling.clock.now())
            return calls.record(enquiry, call, outcome, self.calling.staff[name])

        done: bool = self.calling.do(work)
        return done

"""One process with all its promises, made-up people who write to it, and a clock that moves when told to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from bot.channels.base import InboundMessage
from bot.clock import SteppedClock
from bot.followups.due import FollowUps
from bot.followups.kinds import FollowUpKind
from bot.followups.registry import handlings
from flows.area import Area
from storage.database import Database
from storage.enquiries import EnquiryRecord
from storage.follow_ups import FollowUpRecord
from tests.conversation.front import Front, Outside, Sender, build_front
from tests.storage.builders import know

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))

SAFE_IN_CHAT: dict[str, Any] = {
    "safe_contact_methods": ["reply_in_this_chat"],
    "safe_times": ["any_time"],
    "who_may_see": "no_one",
}


class House:
    """What a test of promises needs of the front door."""

    def __init__(self, database: Database, clock: SteppedClock, area: Area | None = None) -> None:
        self.clock = clock
        self.outside = Outside()
        self.front: Front = build_front(database, clock=clock, outside=self.outside, area=area)
        self.follow_ups = FollowUps(
            database=database,
            house=self.front.house,
            handlings=handlings(),
            dispatcher=self.front.dispatcher,
            clock=clock,
        )

    def person(self, address: str = "960001") -> Sender:
        return Sender(self.outside, self.clock, address)

    async def hears(self, person: Sender, message: InboundMessage | str) -> str:
        """Return what was said to a message."""
        self.clock.tick(SECOND)
        before = len(person.seen)
        await self.front.accept(person.says(message) if isinstance(message, str) else message)
        return "\n".join(m.text for m in person.seen[before:])

    async def rings(self) -> None:
        """Ring the bell once."""
        await self.follow_ups.tick()
        await self.front.settle()

    async def after(self, much: timedelta, every: timedelta = HOUR) -> None:
        """Let time pass, with the bell ringing."""
        end = self.clock.now() + much
        while self.clock.now() < end:
            self.clock.tick(min(every, end - self.clock.now()))
            await self.rings()

    def says_it_is_safe(self, person: Sender, answers: dict[str, Any] | None = None) -> None:
        """Note what they said of reaching them, as the flow would."""
        conversation = self.front.conversation(person.address)
        said = SAFE_IN_CHAT if answers is None else answers
        given = {key: {"is": "given", "value": value, "words": ""} for key, value in said.items()}
        self.front.database.run_now(lambda uow: know(uow, conversation, given, self.clock.now()))

    def enquiry(self, person: Sender) -> EnquiryRecord:
        return self.front.enquiry(self.front.conversation(person.address))

    def of(self, enquiry: EnquiryRecord, *kinds: FollowUpKind, standing: bool = True) -> list[FollowUpRecord]:
        """Return the follow-ups of an enquiry, of these kinds or all."""
        found = self.front.database.run_now(lambda uow: uow.follow_ups.of(enquiry.id))
        wanted: Iterable[FollowUpRecord] = (f for f in found if not kinds or f.kind in kinds)
        return [f for f in wanted if not standing or f.done_at is None]

    def looks(self, enquiry: EnquiryRecord) -> None:
        """Let a worker look at an enquiry."""
        self.front.database.run_now(
            lambda uow: uow.audit.write(
                chain=enquiry.id,
                at=self.clock.now(),
                actor="worker",
                act="enquiry.viewed",
                record_type="enquiry",
                record_id=enquiry.id,
            )
        )

    def kinds(self, enquiry: EnquiryRecord) -> list[str]:
        return [f.kind for f in self.of(enquiry)]

    async def sends_enquiry(self, person: Sender, audience: str = "parent") -> EnquiryRecord:
        """Let them write a whole enquiry and send it, passing most questions over."""
        await self.hears(person, person.starts(audience))
        for _ in range(150):
            conversation = self.front.conversation(person.address)
            expects = await self.front.database.run(
                lambda uow, c=conversation: self.front.line._expects(uow, c.id)  # type: ignore[misc]
            )
            if expects.finished or conversation.finished:
                return self.front.enquiry(conversation)
            name = expects.step.rsplit(".", 1)[-1]
            usual = "skip" if expects.optional else "no"
            await self.hears(person, REPLIES.get(name, usual))
        raise AssertionError("it was never sent")


REPLIES = {
    "reason_in_own_words": "We need help with getting him to school in the mornings",
    "check_answers": "send",
    "can_talk_safely": "yes",
    "safe_contact_methods": "reply in this chat",
    "safe_times": "any time",
    "professional_email": "k.example@school.example",
    "professional_phone": "01632 960 055",
}

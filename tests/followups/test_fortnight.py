"""A fortnight of every promise there is, from bell to bell, over Easter and the night the clocks go forward."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.clock import SteppedClock
from bot.desk.decisions import Choice, decide, turns_of
from bot.desk.feed import places_of
from bot.desk.holding import Evidence, hold
from bot.desk.queue import Placing, refresh
from bot.followups.campaigns import begin_campaign
from bot.followups.helped import Later
from bot.followups.kinds import FollowUpKind, promise
from bot.followups.reminders import set_task
from bot.followups.renewal import promise_renewal
from flows.area import Area
from flows.retention import RecordRule, Retention
from storage.campaigns import Chosen
from storage.database import Database
from storage.decisions import FeedbackWay
from storage.follow_ups import Actor, FollowUpRecord
from storage.incidents import IncidentKind
from storage.outbox import OutboxKind
from storage.unit_of_work import UnitOfWork
from tests.conversation.front import parts
from tests.followups.calling import DAY, MINUTE, SECOND, SENT, Calling, Person

BEGINS = datetime(2026, 3, 25, 10, 0, tzinfo=UTC)
CLOCKS_GO_FORWARD = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
ENDS = BEGINS + 14 * DAY
EASTER = {date(2026, 4, 3), date(2026, 4, 6)}
LONDON = ZoneInfo("Europe/London")
GOES = RecordRule(name="test", outcomes=["PF"], days=3, confirmed_by="Dee, records")
K = FollowUpKind
IN_CHAT = {
    "safe_contact_methods": {"is": "given", "value": ["reply_in_this_chat"], "words": ""},
    "safe_times": {"is": "given", "value": ["any_time"], "words": "Any time"},
}
NO_CALLS = tuple(text if "mobile" not in text else "reply in this chat" for text in SENT if text != "07700 900123")
EVIDENCE = Evidence((), "It may be neglect.", "", "", "", "", "", "4", "Hunger.")


def quick_area() -> Area:
    """The example area, with what takes months taking days, so that all of it is in the fortnight."""
    usual = parts()[0]
    return usual.model_copy(
        update={
            "retention": Retention(draft_days=9, soonest_days=3, again_days=1, records=[GOES]),
            "drafts": usual.drafts.model_copy(update={"ending_days": 2}),
            "afterwards": usual.afterwards.model_copy(
                update={"signpost_days": 4, "closed_days": 5, "feedback_days": 2}
            ),
        }
    )


class Fortnight:
    """Many people, one process, and a clock that goes from bell to bell."""

    def __init__(self, database: Database, clock: SteppedClock) -> None:
        self.calling = Calling(database, clock, quick_area())
        self.clock = clock
        self.front = self.calling.front

    async def until(self, at: datetime) -> None:
        """Go to each bell as it is due, and ring it then."""
        while self.clock.now() < at:
            upcoming = self.calling.do(lambda uow: uow.follow_ups.next_due_at()) or at
            self.clock.tick(min(max(upcoming, self.clock.now() + SECOND), at) - self.clock.now())
            await self.calling.ring()

    async def sent(self, address: str, words: tuple[str, ...] = NO_CALLS) -> Person:
        person = self.calling.person(address)
        await person.sends(*words)
        return person

    def decides(self, person: Person, outcome: str, *, may_ask: bool = True) -> None:
        """Let the manager decide, tell them in the chat, and allow that they are asked afterwards, or not."""
        placing = Placing(self.front.house.area)
        enquiry_id, now = person.enquiry.id, self.clock.now()

        def settle(uow: UnitOfWork) -> None:
            while uow.queue.has_marks():
                refresh(uow, placing)

        def work(uow: UnitOfWork) -> Any:
            enquiry = uow.enquiries.get(enquiry_id)
            choice = Choice(outcome, None, "Enough is known.", "", FeedbackWay.CHAT, "", Later(may_ask=may_ask))
            return decide(
                uow, self.front.house, enquiry, places_of(uow, placing, [enquiry_id])[enquiry_id],
                self.calling.staff["Cam Diaz"], choice, now,
                expected_version=enquiry.version, expected_turns=turns_of(uow, enquiry),
            )[1]  # fmt: skip

        self.calling.do(settle)
        self.front.dispatcher.offer(self.calling.do(work))

    def holds(self, person: Person) -> None:
        enquiry_id, now = person.enquiry.id, self.clock.now()

        def work(uow: UnitOfWork) -> None:
            enquiry = uow.enquiries.get(enquiry_id)
            hold(
                uow, self.front.house, enquiry, self.calling.staff["Ash Okoro"], EVIDENCE, "With her aunt.",
                self.calling.staff["Cam Diaz"].id, now, expected_version=enquiry.version,
            )  # fmt: skip

        self.calling.do(work)

    def all(self) -> list[FollowUpRecord]:
        def work(uow: UnitOfWork) -> list[FollowUpRecord]:
            rows = uow.connection.exec_driver_sql("SELECT DISTINCT enquiry_id FROM follow_up").all()
            return [follow_up for (enquiry_id,) in rows for follow_up in uow.follow_ups.of(enquiry_id)]

        found: list[FollowUpRecord] = self.calling.do(work)
        return found

    def begun(self, person: Person) -> list[tuple[datetime, str]]:
        """Return what we began ourselves in a chat, and when."""
        conversation = self.front.conversation(person.sender.address)
        rows = self.front.rows(conversation)
        return [
            (row.created_at, str(row.payload["text"]))
            for row in rows
            if row.kind in (OutboxKind.REPLY, OutboxKind.NOTICE) and row.turn_id is None and row.payload
        ]


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(BEGINS)


async def begins(fortnight: Fortnight) -> dict[str, Person]:
    """The first day: drafts, enquiries, calls asked for, and tasks that workers set themselves."""
    calling, clock = fortnight.calling, fortnight.clock
    people: dict[str, Person] = {}
    for name, address, opening, words in (
        ("calm", "960011", "parent", "We need school shoes"),
        ("worry", "960012", "public", "The boy upstairs is alone every night and he is about four"),
        ("stops", "960017", "parent", "We need a bed for the little one"),
    ):
        people[name] = person = calling.person(address)
        await person.hears(person.sender.starts(opening))
        await person.hears(words)
        person.knows(IN_CHAT)
    await people["stops"].hears("stop")
    for name, address in (("advised", "960021"), ("helped", "960022"), ("held", "960023"), ("renews", "960024")):
        people[name] = await fortnight.sent(address)
    people["offered"] = await fortnight.sent("960025", SENT)
    people["rung"] = await fortnight.sent("960026", SENT)
    await people["rung"].taps(people["rung"].times[-1])
    people["gone"] = await fortnight.sent("960027")
    people["later"] = calling.person("960029")
    await people["later"].sends(*NO_CALLS, answers={})
    await people["later"].taps("Any time in the day")
    people["professional"] = professional = calling.person("960028")
    await professional.hears(professional.sender.starts("professional"))
    for text in ("no", "He is late most days and tired"):
        await professional.hears(text)
    await finishes(fortnight, professional)
    fortnight.decides(people["advised"], "IA")
    fortnight.decides(people["helped"], "NFA")
    people["over"] = await fortnight.sent("960039")
    fortnight.decides(people["over"], "PF", may_ask=False)
    fortnight.holds(people["held"])
    tasks(fortnight, people["renews"])
    clock.tick(MINUTE)
    return people


async def finishes(fortnight: Fortnight, person: Person) -> None:
    for _ in range(80):
        conversation = fortnight.front.conversation(person.sender.address)
        if conversation.finished:
            return
        expects = await fortnight.front.database.run(
            lambda uow, c=conversation: fortnight.front.line._expects(uow, c.id)  # type: ignore[misc]
        )
        name = expects.step.rsplit(".", 1)[-1]
        usual = "skip" if expects.optional else "no"
        await person.hears({"check_answers": "send", "professional_phone": "01632 960 055"}.get(name, usual))
    raise AssertionError("never sent")


def tasks(fortnight: Fortnight, person: Person) -> None:
    """What workers wrote down: due on a bank holiday, in the hour that does not come, and at the end."""
    house, now = fortnight.front.house, fortnight.clock.now()
    ash = fortnight.calling.staff["Ash Okoro"].id
    enquiry = person.enquiry
    conversation = fortnight.front.conversation(person.sender.address)

    def work(uow: UnitOfWork) -> None:
        for kind, by in (
            (K.INFORMATION_REQUEST, datetime(2026, 4, 3, 11, 0, tzinfo=UTC)),
            (K.MEETING, datetime(2026, 3, 29, 1, 30, tzinfo=LONDON)),
            (K.ACTION, ENDS - DAY),
        ):
            set_task(uow, house, enquiry, kind, "as agreed", by, ash, ash, now)
        uow.consents.record(
            enquiry_id=enquiry.id, person_id=conversation.person_id, purpose="register", given="yes",
            wording_id="x", wording_version=1, wording="May we keep you on the list?", at=now - 300 * DAY,
        )  # fmt: skip
        assert promise_renewal(uow, house, enquiry, conversation, now, at=now + 5 * DAY) is not None
        for kind in (K.RECORD_DELETION, K.ALLOCATED):
            promise(uow, kind, enquiry_id=enquiry.id, due_at=CLOCKS_GO_FORWARD, now=now, key=f"test:{kind}")

    fortnight.calling.do(work)


def campaign(fortnight: Fortnight) -> None:
    now, worker = fortnight.clock.now(), fortnight.calling.staff["Cam Diaz"]
    chosen = Chosen(audiences=(), channels=(), heard_days=30)
    fortnight.calling.do(
        lambda uow: begin_campaign(
            uow, fortnight.front.house, worker, "own", "The number has changed.", chosen, 60, now
        )
    )


async def test_every_promise_of_a_fortnight_is_kept_or_somebody_has_it(
    database: Database, clock: SteppedClock
) -> None:
    """Bank holidays, a night without its second hour, people who answer, who do not, who stop and who are gone."""
    fortnight = Fortnight(database, clock)
    people = await begins(fortnight)
    await fortnight.until(BEGINS + 2 * DAY)
    await people["gone"].hears("You have the wrong person")
    await fortnight.until(BEGINS + 5 * DAY)
    assert "Nothing has been decided yet" in await people["professional"].hears("what happened to my referral?")
    campaign(fortnight)
    await fortnight.until(BEGINS + 6 * DAY)
    fortnight.decides(people["professional"], "NFA")
    await fortnight.until(ENDS)

    rows = fortnight.all()
    assert {row.kind for row in rows} == {str(kind) for kind in FollowUpKind}
    _nothing_is_lost(rows, clock.now())
    _nobody_is_disturbed(fortnight, people)
    _it_ended_as_it_had_to(fortnight, people, rows)


def _nothing_is_lost(rows: list[FollowUpRecord], now: datetime) -> None:
    """Each is done, and says how, or stands with a bell to come."""
    for row in rows:
        assert (row.done_at is None) is (row.outcome is None), row
        assert row.done_at is not None or row.due_at > now, row
        assert row.done_at is not None or row.claimed_by is None, row
        if row.promised_at is not None and row.done_at is not None and row.actor is Actor.FRONT_DOOR:
            assert row.done_at <= row.promised_at + MINUTE, row


def _nobody_is_disturbed(fortnight: Fortnight, people: dict[str, Person]) -> None:
    """Between eight and eight, on no bank holiday, and nothing a third time."""
    for name, person in people.items():
        if name in ("calm", "gone", "over", "stops"):
            continue  # deleted, closed or deleted by now: see below
        begun = fortnight.begun(person)
        for at, text in begun:
            local = at.astimezone(LONDON)
            assert 8 <= local.hour < 20, (name, local, text)
            assert local.date() not in EASTER, (name, local, text)
        said = Counter(
            text.removeprefix("We asked you this a few days ago. We will not ask again.\n") for _, text in begun
        )
        assert all(count <= 2 for count in said.values()), (name, said)


def _it_ended_as_it_had_to(fortnight: Fortnight, people: dict[str, Person], rows: list[FollowUpRecord]) -> None:
    ended = {(row.kind, row.outcome) for row in rows if row.outcome is not None}
    given = {(row.kind, row.why) for row in rows if row.done_at is None and row.actor is Actor.WORKER}
    assert {
        (K.DRAFT_NUDGE, "nudged"), (K.DRAFT_ENDING, "told"), (K.DRAFT_DELETION, "deleted"),
        (K.OUTCOME_TOLD, "told"), (K.HELPED_SIGNPOST, "asked"), (K.HELPED_LATER, "asked"), (K.FEEDBACK, "asked"),
        (K.CONSENT_RENEWAL, "asked"), (K.CAMPAIGN, "sent"), (K.RECORD_DELETION, "deleted"),
        (K.RECORD_DELETION, "stale.open"),
    } <= ended  # fmt: skip
    assert {
        (K.DRAFT_WORRY, "left_with_a_worry"), (K.HELP_TASK, "wrong_person"),
        (K.INFORMATION_REQUEST, "set"), (K.MEETING, "set"), (K.ACTION, "set"),
    } <= given  # fmt: skip
    for name in ("calm", "over", "stops"):
        address = people[name].sender.address
        gone = fortnight.calling.do(lambda uow, a=address: uow.conversations.find("telegram", a))
        assert gone is None, name
    assert people["stops"].sender.last.text.startswith("We have stopped.")
    assert people["gone"].sender.last.text.startswith("Thank you for telling us. We have stopped.")
    incidents = {incident.kind for incident in fortnight.calling.incidents()}
    assert IncidentKind.PROMISE_LATE not in incidents
    assert IncidentKind.TASK_LATE in incidents, "a worker's task was late, and nobody higher was told"
    assert IncidentKind.FOLLOW_UP_FAILED not in incidents
    assert any("manager" in told for told in fortnight.calling.told("Cam Diaz"))

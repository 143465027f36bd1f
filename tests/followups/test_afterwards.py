"""After a decision: they hear it, with proof; are asked kindly whether it helped; a "no" opens the door again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import SteppedClock
from bot.desk.decisions import Choice, decide, turns_of
from bot.desk.feed import places_of
from bot.desk.holding import Evidence, hold
from bot.desk.passing import Onward, pass_on
from bot.desk.queue import Placing, refresh
from bot.followups.acts import do_now, mark_of, take
from bot.followups.helped import Later
from bot.followups.told import note_told
from storage.database import Database
from storage.decisions import FeedbackRecord, FeedbackWay
from storage.enquiries import EnquiryStatus
from storage.figures import Period
from storage.follow_ups import Actor, FollowUpRecord
from storage.incidents import IncidentKind
from storage.opinions import Said
from storage.outbox import OutboxStatus
from storage.pass_ons import PassOnKind, PassOnRecord, ToldBy
from storage.sight import Sight
from storage.unit_of_work import UnitOfWork
from tests.followups.calling import ANY_TIME, DAY, HOUR, MINUTE, SENT, Calling, Person

ASKED = Later(may_ask=True)
EVIDENCE = Evidence((), "It may be neglect.", "", "", "", "", "", "4", "Hunger.")


@dataclass
class Deciding:
    """A manager who decides, and somebody in a chat who is told."""

    calling: Calling
    person: Person
    manager: str = "Cam Diaz"
    answers: dict[str, Any] = field(default_factory=dict)

    def decides(
        self, outcome: str = "IA", later: Later = ASKED, way: FeedbackWay = FeedbackWay.CHAT
    ) -> FeedbackRecord:
        front, now = self.calling.front, self.calling.clock.now()
        placing = Placing(front.house.area)

        enquiry_id = self.person.enquiry.id
        self.calling.do(lambda uow: _settle(uow, placing))

        def work(uow: UnitOfWork) -> FeedbackRecord:
            enquiry = uow.enquiries.get(enquiry_id)
            choice = Choice(outcome, None, "Enough is known.", "", way, "It would not be safe.", later)
            place = places_of(uow, placing, [enquiry.id])[enquiry.id]
            worker = self.calling.staff[self.manager]
            _, rows = decide(
                uow,
                front.house,
                enquiry,
                place,
                worker,
                choice,
                now,
                expected_version=enquiry.version,
                expected_turns=turns_of(uow, enquiry),
            )
            self.rows = rows
            return uow.decisions.feedback_of(enquiry.id)[-1]

        feedback: FeedbackRecord = self.calling.do(work)
        front.dispatcher.offer(self.rows)
        return feedback

    def holds(self) -> None:
        front, now = self.calling.front, self.calling.clock.now()

        enquiry_id = self.person.enquiry.id

        def work(uow: UnitOfWork) -> None:
            enquiry = uow.enquiries.get(enquiry_id)
            worker, decider = self.calling.staff["Ash Okoro"], self.calling.staff["Cam Diaz"]
            hold(
                uow, front.house, enquiry, worker, EVIDENCE, "With her aunt.", decider.id, now,
                expected_version=enquiry.version,
            )  # fmt: skip

        self.calling.do(work)

    def follow_ups(self, kind: str) -> list[FollowUpRecord]:
        enquiry_id = self.person.enquiry.id
        found: list[FollowUpRecord] = self.calling.do(lambda uow: uow.follow_ups.of(enquiry_id))
        return [f for f in found if f.kind == kind]

    async def passes(self, much: timedelta, every: timedelta = HOUR) -> None:
        await self.calling.until(self.calling.clock.now() + much, every)

    def opinions(self) -> dict[Said, int]:
        now = self.calling.clock.now()
        period = Period(now - 400 * DAY, now + DAY)
        self.calling.do(lambda uow: _settle(uow, Placing(self.calling.front.house.area)))
        found: dict[Said, int] = self.calling.do(lambda uow: uow.opinions.counts(Sight(ordinary=True), period))
        return found

    def acts(self) -> list[str]:
        enquiry_id = self.person.enquiry.id
        found: list[str] = self.calling.do(lambda uow: [entry.act for entry in uow.audit.of(enquiry_id)])
        return found


def _settle(uow: UnitOfWork, placing: Placing) -> None:
    while uow.queue.has_marks():
        refresh(uow, placing)


@pytest.fixture
async def deciding(database: Database, clock: SteppedClock) -> Deciding:
    """Somebody sent an enquiry, and said that this chat is safe at any time. They do not want to be rung."""
    calling = Calling(database, clock)
    person = calling.person()
    await person.sends(
        *(text if "mobile" not in text else "reply in this chat" for text in SENT if text != "07700 900123")
    )
    return Deciding(calling, person)


# -- did it help ---------------------------------------------------------------------------------------------


async def test_two_weeks_after_advice_they_are_asked_whether_it_helped(deciding: Deciding) -> None:
    """EH13: a signpost to a service that never answers is no help, and nobody would know."""
    deciding.decides("IA")
    [asking] = deciding.follow_ups("helped_signpost")
    await deciding.passes(13 * DAY)
    assert "Did what we told you" not in deciding.person.sender.words
    await deciding.passes(2 * DAY)
    assert deciding.person.sender.last.text.endswith("Did what we told you about help?")
    assert deciding.person.buttons == ["Yes", "A bit", "No", "I have not tried it yet"]
    assert asking.due_at - deciding.calling.clock.now() < timedelta(0)
    assert (await deciding.person.taps("Yes")).startswith("We are glad.")
    assert "Being listened to" in deciding.person.buttons
    await deciding.person.taps("Being listened to")
    assert await deciding.person.hears("The lady on the phone was kind") == (
        "Thank you. This helps us to do better."
    )
    assert deciding.opinions() == {Said("helped_signpost", "parent", "yes", "listened"): 1}
    assert deciding.person.enquiry.status is EnquiryStatus.CLOSED
    [task] = deciding.person.tasks("help_task")
    assert task.why == "words_beside_answer"


async def test_six_weeks_after_any_other_end(deciding: Deciding) -> None:
    """EH11."""
    deciding.decides("NFA")
    assert not deciding.follow_ups("helped_signpost")
    await deciding.passes(41 * DAY, 6 * HOUR)
    assert "Are things better now?" not in deciding.person.sender.words
    await deciding.passes(2 * DAY, 6 * HOUR)
    assert deciding.person.sender.last.text.endswith("Are things better now?")
    assert deciding.person.buttons[-1] == "It is too soon to say"


async def test_no_opens_the_door_again(deciding: Deciding) -> None:
    """Whoever says that it did not help has a worker's eye on it the same day, and is asked nothing more."""
    deciding.decides("IA")
    await deciding.passes(15 * DAY)
    said = await deciding.person.taps("No")
    assert "A worker will read this" in said
    assert "What mattered" not in said
    assert deciding.person.enquiry.status is EnquiryStatus.OPEN
    [task] = deciding.person.tasks("help_task")
    assert (task.actor, task.why) == (Actor.WORKER, "not_helped")
    assert deciding.opinions() == {Said("helped_signpost", "parent", "no", ""): 1}
    assert "enquiry.reopened" in deciding.acts()


async def test_no_after_yes_counts_once_and_opens_the_door(deciding: Deciding) -> None:
    """A button pressed by mistake is put right by the next."""
    deciding.decides("IA")
    await deciding.passes(15 * DAY)
    question = deciding.person.sender.last
    await deciding.person.taps("Yes")
    no = next(choice.id for choice in question.choices if choice.label == "No")
    await deciding.person.hears(deciding.person.sender.presses(no))
    assert deciding.opinions() == {Said("helped_signpost", "parent", "no", ""): 1}
    assert deciding.person.enquiry.status is EnquiryStatus.OPEN


async def test_nobody_is_asked_unless_a_worker_ticks_it(deciding: Deciding) -> None:
    deciding.decides("IA", Later())
    await deciding.passes(16 * DAY, 3 * HOUR)
    assert not deciding.follow_ups("helped_signpost")
    assert "Did what" not in deciding.person.sender.words


@pytest.mark.parametrize("worry", ["held", "concern", "outcome"])
async def test_after_a_worry_about_safety_nobody_is_asked_until_a_worker_allows_it(
    deciding: Deciding, worry: str
) -> None:
    """A message that lands on the wrong phone six weeks later may undo what was made safe."""
    if worry == "held":
        deciding.holds()
    if worry == "concern":
        await deciding.person.hears("my ex keeps turning up and he hit me last week in front of the children")
    outcome = "PF" if worry == "outcome" else "NFA"
    deciding.decides(outcome, ASKED)
    assert not deciding.follow_ups("helped_later")


async def test_a_worker_may_allow_it_and_that_is_on_the_record(deciding: Deciding) -> None:
    deciding.holds()
    deciding.decides("NFA", Later(may_ask=True, anyway=True))
    [asking] = deciding.follow_ups("helped_later")
    assert asking.details["anyway"] is True
    enquiry_id = deciding.person.enquiry.id
    entries = deciding.calling.do(lambda uow: uow.audit.of(enquiry_id))
    decided = next(entry for entry in entries if entry.act == "enquiry.decided")
    assert decided.details["though_about_safety"] == "yes"
    await deciding.passes(56 * DAY, 6 * HOUR)
    [awaited] = [f for f in deciding.follow_ups("answer_awaited") if f.done_at is None]
    assert (awaited.actor, awaited.why) == (Actor.WORKER, "no_answer")


async def test_a_worry_heard_after_the_decision_ends_it(deciding: Deciding) -> None:
    """What was calm when it was closed may not be calm when the question falls due."""
    deciding.decides("IA")
    await deciding.passes(3 * DAY)
    await deciding.person.hears("he hit me again last night and the children saw it")
    await deciding.passes(14 * DAY, 3 * HOUR)
    [asking] = deciding.follow_ups("helped_signpost")
    assert asking.outcome in ("stale.open_again", "stale.about_safety")
    assert "Did what" not in deciding.person.sender.words


async def test_where_it_is_not_safe_any_more_a_worker_has_it(deciding: Deciding) -> None:
    """FD17: read again at the moment it would go."""
    deciding.decides("IA")
    deciding.person.knows({"safe_contact_methods": {"is": "given", "value": ["none_is_safe"], "words": ""}})
    await deciding.passes(15 * DAY, 3 * HOUR)
    [asking] = deciding.follow_ups("helped_signpost")
    assert (asking.actor, asking.why) == (Actor.WORKER, "none_safe")
    assert "Did what" not in deciding.person.sender.words


async def test_now_means_now_where_that_is_safe(deciding: Deciding) -> None:
    """A worker who presses "do it now" does not send past what the person said is safe."""
    deciding.person.knows({"safe_times": {"is": "given", "value": ["evenings"], "words": "Evenings"}})
    deciding.decides("IA")
    calling, (asking,) = deciding.calling, deciding.follow_ups("helped_signpost")
    now, ash = calling.clock.now(), calling.staff["Ash Okoro"]

    def press(uow: UnitOfWork) -> None:
        held = take(uow, asking.id, "now", mark_of(asking), ash, now)
        do_now(uow, uow.enquiries.get(asking.enquiry_id), held, ash, now)

    calling.do(press)
    await deciding.passes(2 * HOUR, 10 * MINUTE)
    assert "Did what" not in deciding.person.sender.words
    await deciding.passes(6 * HOUR, 10 * MINUTE)
    assert "Did what" in deciding.person.sender.words


async def test_deciding_again_asks_once(deciding: Deciding) -> None:
    """Opened again and closed again: one question, for the last decision."""
    deciding.decides("IA")
    await deciding.passes(DAY)
    await deciding.person.hears("One more thing, he will not go to school on Fridays either")
    deciding.decides("NFA")
    standing = [f.kind for f in deciding.follow_ups("helped_signpost") if f.done_at is None]
    assert not standing
    assert len([f for f in deciding.follow_ups("helped_later") if f.done_at is None]) == 1


async def test_a_professional_is_asked_how_we_did_by_buttons_with_a_comment_if_they_like(
    deciding: Deciding,
) -> None:
    """Three days after; and where nobody answers it ends, with no task for anybody."""
    enquiry_id = deciding.person.enquiry.id
    deciding.calling.do(lambda uow: uow.enquiries.set_audience(enquiry_id, "professional"))
    deciding.decides("IA")
    await deciding.passes(4 * DAY)
    assert deciding.person.buttons == ["Good", "Not bad", "Not good"]
    await deciding.person.taps("Not good")
    assert "Knowing what happens next" in deciding.person.buttons
    await deciding.person.taps("Knowing what happens next")
    await deciding.person.taps("Nothing more")
    assert deciding.opinions() == {Said("feedback", "professional", "bad", "clear"): 1}
    assert not deciding.person.tasks("help_task")


async def test_feedback_is_never_a_workers_task(deciding: Deciding) -> None:
    enquiry_id = deciding.person.enquiry.id
    deciding.calling.do(lambda uow: uow.enquiries.set_audience(enquiry_id, "public"))
    deciding.decides("IA")
    deciding.person.knows({"safe_contact_methods": {"is": "given", "value": ["none_is_safe"], "words": ""}})
    await deciding.passes(5 * DAY)
    [asking] = deciding.follow_ups("feedback")
    assert asking.outcome == "stale.not_safe_to_ask"


# -- what was decided ----------------------------------------------------------------------------------------


async def test_the_proof_that_they_heard_is_kept(deciding: Deciding) -> None:
    """ST03: "we told them" is a time and a message, not a belief."""
    feedback = deciding.decides("IA")
    await deciding.calling.front.settle()
    await deciding.passes(6 * MINUTE, MINUTE)
    kept = deciding.calling.do(lambda uow: uow.decisions.feedback(feedback.id))
    assert kept.done_at is not None
    [promise] = deciding.follow_ups("outcome_told")
    assert promise.outcome == "told"
    assert promise.promised_at == feedback.due_at
    assert "feedback.sent" in deciding.acts()


async def test_where_it_could_not_go_the_worker_who_decided_is_told(deciding: Deciding) -> None:
    feedback = deciding.decides("IA")
    outbox_id = feedback.outbox_id
    assert outbox_id is not None
    await deciding.calling.front.settle()
    deciding.calling.do(lambda uow: _fail(uow, outbox_id))
    await deciding.passes(6 * MINUTE, MINUTE)
    [promise] = deciding.follow_ups("outcome_told")
    assert (promise.actor, promise.why) == (Actor.WORKER, "not_sent")
    assert promise.worker_id == deciding.calling.staff["Cam Diaz"].id
    assert IncidentKind.FEEDBACK_NOT_SENT in {i.kind for i in deciding.calling.incidents()}
    kept = deciding.calling.do(lambda uow: uow.decisions.feedback(feedback.id))
    assert kept.way is FeedbackWay.BY_HAND
    now = deciding.calling.clock.now()
    worker = deciding.calling.staff["Ash Okoro"].id
    assert deciding.calling.do(lambda uow: note_told(uow, feedback.id, worker, now))
    assert deciding.follow_ups("outcome_told")[0].outcome == "told_by_worker"


def _fail(uow: UnitOfWork, outbox_id: Any) -> None:
    from sqlalchemy import update

    from storage.columns import table_of
    from storage.outbox import OutboxMessage

    table = table_of(OutboxMessage)
    failed = update(table).where(table.c.id == outbox_id).values(status=OutboxStatus.FAILED, sent_at=None)
    uow.connection.execute(failed)


async def test_a_worker_who_is_to_tell_them_hears_of_it_until_it_is_done(deciding: Deciding) -> None:
    """By hand: a task with bells, and a manager once it is late."""
    feedback = deciding.decides("IA", way=FeedbackWay.BY_HAND)
    [task] = deciding.follow_ups("outcome_told")
    assert (task.actor, task.promised_at) == (Actor.WORKER, feedback.due_at)
    await deciding.calling.until(feedback.due_at + 30 * MINUTE, 15 * MINUTE)
    assert any("say what was decided" in text for text in deciding.calling.told("Cam Diaz"))
    assert IncidentKind.TASK_LATE in {i.kind for i in deciding.calling.incidents()}


async def test_not_told_for_a_reason_promises_nothing(deciding: Deciding) -> None:
    deciding.decides("IA", way=FeedbackWay.NOT_TOLD)
    assert not deciding.follow_ups("outcome_told")


# -- reminders -----------------------------------------------------------------------------------------------


async def test_a_decider_is_reminded_before_and_the_hold_climbs_after(deciding: Deciding) -> None:
    """One bell before; from then on the hold's own: nobody hears the same thing twice."""
    deciding.holds()
    enquiry_id = deciding.person.enquiry.id
    due_at = deciding.calling.do(lambda uow: uow.holds.standing_for(enquiry_id)).due_at
    [reminder] = deciding.follow_ups("decision_reminder")
    assert HOUR <= due_at - reminder.due_at <= 2 * HOUR
    assert deciding.calling.front.house.working_time.is_open(reminder.due_at)
    await deciding.calling.until(due_at - 10 * MINUTE)
    told = [text for text in deciding.calling.told("Cam Diaz") if "It is: decide" in text]
    assert len(told) == 1
    await deciding.calling.until(due_at + 3 * HOUR)
    assert len([text for text in deciding.calling.told("Cam Diaz") if "It is: decide" in text]) == 1
    assert deciding.follow_ups("decision_reminder")[0].outcome == "reminded"


async def test_a_decision_made_early_reminds_nobody(deciding: Deciding) -> None:
    deciding.holds()
    deciding.decides("NFA", Later())
    await deciding.passes(2 * DAY)
    assert deciding.follow_ups("decision_reminder")[0].outcome == "stale.decided"


async def test_whoever_passed_it_on_is_reminded_before_the_other_side_is_to_have_it(deciding: Deciding) -> None:
    """Before it is late, once; from then on the pass-on climbs by itself."""
    calling, enquiry_id = deciding.calling, deciding.person.enquiry.id
    placing, now = Placing(calling.front.house.area), calling.clock.now()
    ash = calling.staff["Ash Okoro"]
    onward = Onward(PassOnKind.OTHER_AREA, "The next council", ToldBy.PHONE, "They have moved.", "")

    def work(uow: UnitOfWork) -> PassOnRecord:
        enquiry = uow.enquiries.get(enquiry_id)
        place = places_of(uow, placing, [enquiry_id])[enquiry_id]
        version = enquiry.version
        return pass_on(uow, calling.front.house, enquiry, place, ash, onward, now, expected_version=version)

    passed = calling.do(work)
    await calling.until(passed.due_at - 10 * MINUTE)
    assert (
        len(
            [
                text
                for text in calling.told("Ash Okoro")
                if "comes due soon. It is: see that somebody has it" in text
            ]
        )
        == 1
    )
    await calling.until(passed.due_at + HOUR)
    assert (
        len(
            [
                text
                for text in calling.told("Ash Okoro")
                if "comes due soon. It is: see that somebody has it" in text
            ]
        )
        == 1
    )
    assert deciding.follow_ups("allocated")[0].outcome == "reminded"


def test_any_time_is_what_they_said() -> None:
    """The answers above are those of somebody who may be written to."""
    assert ANY_TIME["safe_times"]["value"] == ["any_time"]

"""A closed record goes when its rule says so, with everybody's words, and not while anybody needs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select, text

from bot.clock import SteppedClock
from bot.desk.decisions import Choice, decide, turns_of
from bot.desk.feed import places_of
from bot.desk.queue import Placing, refresh
from bot.desk.reading import read_enquiry
from bot.followups import acts
from bot.followups.helped import Later
from bot.followups.kinds import FollowUpKind, promise
from bot.followups.records import end_old_clocks, keep_rules, look, promise_missing
from flows.area import Area
from flows.retention import RecordRule, Retention
from storage.audit import RECORD_ERASED
from storage.columns import metadata
from storage.database import Database
from storage.decisions import FeedbackWay
from storage.enquiries import EnquiryRecord, EnquiryStatus
from storage.erasure import NOT_OF_PEOPLE, tables_with_words
from storage.figures import Period
from storage.follow_ups import Actor, FollowUpRecord
from storage.identifiers import EnquiryId
from storage.pass_ons import PassOnEnd, PassOnKind, ToldBy
from storage.rotation import sealed_tables
from storage.sight import Sight
from storage.unit_of_work import UnitOfWork
from tests.conversation.front import parts
from tests.followups.calling import ANY_TIME, DAY, HOUR, SENT, Calling, Person
from tests.storage.builders import close_queue

KIND = FollowUpKind.RECORD_DELETION
YEAR = timedelta(days=366)
NUMBER = "07700 900123"
RULE = RecordRule(name="test", outcomes=["NFA"], years=1, basis="schedule 4.2", confirmed_by="Dee, records")
THEIRS = ("Rowan", "worn out", "Alex", "07700", "960001", "Gran", "colour", "Enough is known")
"""Words and numbers of the people in it, and of workers about them."""


def area_with(*rules: RecordRule, **more: Any) -> Area:
    return parts()[0].model_copy(update={"retention": Retention(records=list(rules), **more)})


@pytest.fixture
def calling(database: Database, clock: SteppedClock) -> Calling:
    return Calling(database, clock, area_with(RULE))


async def sent(calling: Calling, address: str = "960001") -> Person:
    person = calling.person(address)
    words = (word if "mobile" not in word else "reply in this chat" for word in SENT if "07700" not in word)
    await person.sends(*words, answers={**ANY_TIME, "phone": {"is": "given", "value": NUMBER, "words": NUMBER}})
    return person


async def close(calling: Calling, enquiry_id: EnquiryId, outcome: str = "NFA") -> None:
    """Let the manager decide it, and tell them in the chat."""
    placing, now, house = Placing(calling.front.house.area), calling.clock.now(), calling.front.house

    def work(uow: UnitOfWork) -> Any:
        while uow.queue.has_marks():
            refresh(uow, placing)
        enquiry = uow.enquiries.get(enquiry_id)
        choice = Choice(outcome, None, "Enough is known.", "", FeedbackWay.CHAT, "", Later())
        place = places_of(uow, placing, [enquiry_id])[enquiry_id]
        return decide(
            uow, house, enquiry, place, calling.staff["Cam Diaz"], choice, now,
            expected_version=enquiry.version, expected_turns=turns_of(uow, enquiry),
        )[1]  # fmt: skip

    calling.front.dispatcher.offer(calling.do(work))
    await calling.front.settle()  # before hours pass at once: what is on its way then is not late


async def closed(calling: Calling, address: str = "960001") -> Person:
    person = await sent(calling, address)
    await close(calling, person.enquiry.id)
    await calling.until(calling.clock.now() + HOUR)
    return person


def clocks(calling: Calling, enquiry_id: EnquiryId) -> list[FollowUpRecord]:
    found: list[FollowUpRecord] = calling.do(lambda uow: uow.follow_ups.of(enquiry_id))
    return [f for f in found if f.kind == KIND and f.done_at is None]


def enquiry_of(calling: Calling, enquiry_id: EnquiryId) -> EnquiryRecord:
    found: EnquiryRecord = calling.do(lambda uow: uow.enquiries.get(enquiry_id))
    return found


def everything(uow: UnitOfWork) -> str:
    """Return all that the database holds, opened."""
    rows = []
    for table in metadata.sorted_tables:
        if table.name not in ("flow_version", "duty_worker", "shift"):
            rows += [f"{table.name}: {row}" for row in uow.connection.execute(select(table)).all()]
    return "\n".join(rows)


def written_about(calling: Calling, enquiry_id: EnquiryId) -> None:
    """Let workers write whatever they can about it, and finish all of it."""
    now, ash, cam = calling.clock.now(), calling.staff["Ash Okoro"].id, calling.staff["Cam Diaz"].id

    def work(uow: UnitOfWork) -> None:
        uow.notes.add(enquiry_id, ash, "Gran rang about Rowan.", now)
        raised = uow.notes.disagree(enquiry_id, ash, "Gran sees it otherwise.", now)
        uow.notes.answer(raised.id, enquiry_id, cam, "Gran was heard.", now)
        passed = uow.pass_ons.begin(
            enquiry_id=enquiry_id, worker_id=ash, kind=PassOnKind.STEP_DOWN, to_whom="Gran's key worker",
            told_by=ToldBy.PHONE, reason="Rowan asked.", agreed="Alex", due_at=now, due_because=[], now=now,
        )  # fmt: skip
        uow.pass_ons.end(
            passed.id, enquiry_id, PassOnEnd.CONFIRMED, ash, {"name": "Gran's worker", "when": "10"}, now
        )
        glass = uow.broken_glass.break_(cam, enquiry_id, reason="Gran asked", now=now, ends_at=now)
        uow.broken_glass.review(glass.id, ash, "Gran was right", now)
        held = uow.holds.begin(
            enquiry_id=enquiry_id, worker_id=ash, decider_id=cam, safety_plan="Gran's house", due_because=[],
            evidence={
                "quoted": [{"words": "Rowan said", "at": "", "hand": "first", "of_child": True}],
                "analysis": "Gran", "impact": "", "history": "", "tried": "", "strengths": "", "gaps": "",
                "threshold": "4", "threshold_why": "",
            },
            due_at=now, now=now,
        )  # fmt: skip
        uow.holds.end(held.id, now)
        task = uow.follow_ups.add(
            enquiry_id=enquiry_id, kind="action", due_at=now, now=now, details={"what": "Ring Gran"}
        )
        uow.follow_ups.done(task.id, "done_by_worker", now)
        uow.legal_holds.begin(enquiry_id, owner_id=cam, reason="Gran's solicitor", now=now)
        uow.legal_holds.end(enquiry_id, worker_id=cam, because="Gran let go", now=now)
        uow.decisions.enter(enquiry_id, ash, "colour-7", now)

    calling.do(work)


async def test_everybodys_words_go_and_what_is_counted_stays(calling: Calling) -> None:
    """Kept longer it is a breach; and next year's figures must not say that nobody ever asked for help."""
    person = await sent(calling)
    enquiry_id = person.enquiry.id
    written_about(calling, enquiry_id)
    await close(calling, enquiry_id)
    await calling.until(calling.clock.now() + HOUR)
    for words in THEIRS:
        assert words in calling.do(everything), f"{words}: the test looks for what was never there"
    period = Period(calling.clock.now() - DAY, calling.clock.now() + DAY)
    figures = calling.do(lambda uow: uow.figures.outcomes(Sight(ordinary=True), period))
    assert figures == {"NFA": 1}
    [clock] = clocks(calling, enquiry_id)
    assert clock.due_at.date() == date(2027, 3, 2)

    calling.clock.tick(clock.due_at - calling.clock.now() - timedelta(seconds=1))
    await calling.ring()
    assert enquiry_of(calling, enquiry_id).erased_at is None
    calling.clock.tick(timedelta(seconds=1))
    await calling.ring()
    standing = [f for f in calling.do(lambda uow: uow.follow_ups.of(enquiry_id)) if f.done_at is None]
    assert [(f.kind, f.why, f.due_at, f.claimed_by) for f in standing] == []
    left = calling.do(everything)
    for words in THEIRS:
        assert words not in left, [line for line in left.splitlines() if words in line]
    erased = enquiry_of(calling, enquiry_id)
    assert (erased.erased_at, erased.status) == (calling.clock.now(), EnquiryStatus.CLOSED)
    assert erased.reference == person_reference(calling, enquiry_id)
    assert calling.do(lambda uow: uow.figures.outcomes(Sight(ordinary=True), period)) == figures
    assert calling.do(lambda uow: uow.enquiry_keys.of(enquiry_id)) == []


def person_reference(calling: Calling, enquiry_id: EnquiryId) -> str:
    found: str = calling.do(lambda uow: uow.enquiries.get(enquiry_id).reference)
    return found


async def test_the_record_says_by_which_rule_and_stays_whole(calling: Calling) -> None:
    """A deletion certificate: what rule, when, who; not the content. And nobody can hide a change behind it."""
    person = await closed(calling)
    enquiry_id = person.enquiry.id
    calling.clock.tick(YEAR)
    await calling.ring()
    entries = calling.do(lambda uow: uow.audit.of(enquiry_id))
    assert all(entry.reason is None for entry in entries)
    assert {"enquiry.decided", "enquiry.submitted"} & {entry.act for entry in entries}
    [certificate] = [entry for entry in entries if entry.act == RECORD_ERASED]
    said = {"rule": "test", "kept": "1 years from closed", "basis": "schedule 4.2", "confirmed_by": "Dee, records"}
    assert certificate.details == {**said, "through": certificate.position - 1}
    assert entries[-1].act == "follow_up.done"
    assert calling.do(lambda uow: uow.audit.verify()) == []


@pytest.mark.parametrize("which", ["certificate", "after", "before"])
async def test_words_taken_out_of_the_audit_by_hand_are_noticed(calling: Calling, which: str) -> None:
    """Else whoever has something to hide would take the words out, and say a rule did."""
    person = await closed(calling)
    enquiry_id = person.enquiry.id
    if which != "before":
        calling.clock.tick(YEAR)
        await calling.ring()
    entries = calling.do(lambda uow: uow.audit.of(enquiry_id))
    places = {entry.act: entry.position for entry in entries}
    position = {"certificate": places.get(RECORD_ERASED, 0), "after": entries[-1].position, "before": 2}[which]

    def take_out(uow: UnitOfWork) -> None:
        table = metadata.tables["audit_entry"]
        uow.connection.execute(text("INSERT INTO audit_unlocked (id, purpose) VALUES ('x', 'tampering')"))
        which_one = (table.c.chain == enquiry_id, table.c.position == position)
        blank = {"reason": None, "details": {"details": {}, "forgotten": True}}
        uow.connection.execute(table.update().where(*which_one).values(**blank))
        uow.connection.execute(text("DELETE FROM audit_unlocked"))

    calling.do(take_out)
    broken = calling.do(lambda uow: uow.audit.verify())
    assert [b.chain for b in broken] == [enquiry_id]


def test_every_sealed_column_is_erased_or_says_why_not() -> None:
    """A table made next year is covered before anybody thinks of it."""
    covered = {table.name for table in tables_with_words()} | set(NOT_OF_PEOPLE)
    own_way = {"answer", "audit_entry", "consent", "conversation", "enquiry", "enquiry_key", "outbox_message"}
    of_nobody_outside = {"campaign", "duty_worker"}
    others = {table.name for table in sealed_tables()} - covered - own_way - of_nobody_outside
    assert others == {"person", "turn"}


async def test_the_page_of_it_still_opens(calling: Calling) -> None:
    """Somebody rings years later with the reference: a worker sees that there was something, and when it went."""
    person = await sent(calling)
    enquiry_id = person.enquiry.id
    written_about(calling, enquiry_id)
    await close(calling, enquiry_id)
    await calling.until(calling.clock.now() + HOUR)
    calling.clock.tick(YEAR)
    await calling.ring()
    erased, now = enquiry_of(calling, enquiry_id), calling.clock.now()
    house, worker = calling.front.house, calling.staff["Cam Diaz"].id
    view = calling.do(lambda uow: read_enquiry(uow, house, erased, worker, now))
    assert view.own_words == ()
    assert [decision.outcome for decision in view.decisions] == ["NFA"]


async def test_whoever_is_in_another_enquiry_stays_there(calling: Calling) -> None:
    """Their second enquiry is open: its worker must not find a person without a name."""
    person = await closed(calling)
    other = await sent(calling, "960002")
    mine, theirs = person.enquiry, other.enquiry

    def one_person(uow: UnitOfWork) -> str:
        conversation = uow.conversations.of_enquiry(theirs.id)[0]
        table = metadata.tables["conversation"]
        uow.connection.execute(
            table.update().where(table.c.id == conversation.id).values(person_id=mine.reporter_id)
        )
        return str(mine.reporter_id)

    kept = calling.do(one_person)
    calling.clock.tick(YEAR)
    await calling.ring()
    assert enquiry_of(calling, mine.id).erased_at is not None
    assert calling.do(lambda uow: uow.people.get(kept)).name == "Alex"
    assert any(turn.words for turn in calling.front.turns(calling.front.conversation("960002")))


# -- still needed ------------------------------------------------------------------------------------------------


def _alert(uow: UnitOfWork, calling: Calling, enquiry_id: EnquiryId) -> Callable[[UnitOfWork], object]:
    now, cam = calling.clock.now(), calling.staff["Cam Diaz"].id
    alert = uow.alerts.raise_(enquiry_id=enquiry_id, conversation_id=None, urgency="immediate", now=now)
    return lambda uow: uow.alerts.close(alert.id, cam, now)


def _legal_hold(uow: UnitOfWork, calling: Calling, enquiry_id: EnquiryId) -> Callable[[UnitOfWork], object]:
    now, cam = calling.clock.now(), calling.staff["Cam Diaz"].id
    uow.legal_holds.begin(enquiry_id, owner_id=cam, reason="The inquiry", now=now)
    return lambda uow: uow.legal_holds.end(enquiry_id, worker_id=cam, because="It is over", now=now)


def _disagreement(uow: UnitOfWork, calling: Calling, enquiry_id: EnquiryId) -> Callable[[UnitOfWork], object]:
    now, ash, cam = calling.clock.now(), calling.staff["Ash Okoro"].id, calling.staff["Cam Diaz"].id
    raised = uow.notes.disagree(enquiry_id, ash, "No", now)
    return lambda uow: uow.notes.answer(raised.id, enquiry_id, cam, "Yes", now)


def _promise(uow: UnitOfWork, calling: Calling, enquiry_id: EnquiryId) -> Callable[[UnitOfWork], object]:
    now = calling.clock.now()
    made = promise(uow, FollowUpKind.CONSENT_RENEWAL, enquiry_id=enquiry_id, due_at=now + 9 * YEAR, now=now)
    return lambda uow: uow.follow_ups.cancel_one(made.id, "withdrawn", now)


@pytest.mark.parametrize(
    ("needs", "why"),
    [(_alert, "alert_open"), (_legal_hold, "legal_hold"), (_disagreement, "disagreement"), (_promise, "promised")],
)
async def test_what_is_still_needed_is_kept_and_looked_at_again(
    calling: Calling, needs: Callable[..., Callable[[UnitOfWork], object]], why: str
) -> None:
    """Deleted too soon is evidence lost."""
    person = await closed(calling)
    enquiry_id = person.enquiry.id
    end = calling.do(lambda uow: needs(uow, calling, enquiry_id))
    calling.clock.tick(YEAR)
    await calling.ring()
    assert enquiry_of(calling, enquiry_id).erased_at is None
    [clock] = clocks(calling, enquiry_id)
    assert (clock.why, clock.due_at, clock.actor) == (why, calling.clock.now() + 30 * DAY, Actor.FRONT_DOOR)
    assert f"why_{why}" in calling.front.house.wording
    calling.do(end)
    calling.clock.tick(30 * DAY)
    await calling.ring()
    assert enquiry_of(calling, enquiry_id).erased_at == calling.clock.now()


async def test_nothing_is_deleted_while_the_area_holds_all(database: Database, clock: SteppedClock) -> None:
    """A national inquiry told councils to stop: one setting stops every deletion of a record."""
    calling = Calling(database, clock, area_with(RULE, hold="The national inquiry"))
    person = await closed(calling)
    calling.clock.tick(YEAR)
    await calling.ring()
    assert clocks(calling, person.enquiry.id)[0].why == "area_hold"


async def test_written_in_again_it_lives_and_counts_from_its_new_end(calling: Calling) -> None:
    """They came back: the old clock must not take their new words with it."""
    person = await closed(calling)
    enquiry_id = person.enquiry.id
    [first] = clocks(calling, enquiry_id)
    calling.clock.tick(200 * DAY)
    await person.hears("Rowan is at home again and I am worn out")
    assert enquiry_of(calling, enquiry_id).status is EnquiryStatus.OPEN
    calling.clock.tick(100 * DAY)
    await close(calling, enquiry_id)
    [second] = clocks(calling, enquiry_id)
    assert second.due_at.date() == first.due_at.date() + 300 * DAY
    await calling.until(calling.clock.now() + HOUR)
    await person.hears("Rowan is at home again")
    for follow_up in calling.do(lambda uow: uow.follow_ups.of(enquiry_id)):
        if follow_up.done_at is None and follow_up.kind != KIND:
            calling.do(lambda uow, f=follow_up: uow.follow_ups.cancel_one(f.id, "x", calling.clock.now()))
    calling.clock.tick(YEAR)
    await calling.ring()
    assert enquiry_of(calling, enquiry_id).erased_at is None
    ended = [f.outcome for f in calling.do(lambda uow: uow.follow_ups.of(enquiry_id)) if f.kind == KIND]
    assert ended == ["planned_anew", "stale.open"]


LONGER = RecordRule(name="longer", outcomes=["IA"], years=3, basis="schedule 4.3", confirmed_by="Dee, records")


@pytest.mark.parametrize(("rules", "years"), [([RULE], []), ([RULE, LONGER], [3])])
async def test_what_was_graver_before_is_kept_as_long(
    database: Database, clock: SteppedClock, rules: list[RecordRule], years: list[int]
) -> None:
    """Opened again and closed for less, it must not go by the shorter rule, nor where the graver has none."""
    calling = Calling(database, clock, area_with(*rules))
    person = await sent(calling)
    await close(calling, person.enquiry.id, "IA")
    await calling.until(calling.clock.now() + HOUR)
    await person.hears("Rowan is at home again and I am worn out")
    await close(calling, person.enquiry.id)
    found = clocks(calling, person.enquiry.id)
    assert [follow_up.due_at.year - calling.clock.now().year for follow_up in found] == years


async def test_what_was_decided_before_it_was_sent_has_its_day_too(calling: Calling) -> None:
    """Somebody asked for a person half way, and a worker closed it: it is no draft, and was nobody's to delete."""
    person = calling.person()
    await person.sends("no", "a parent", "yes", "Rowan will not go to school")
    await person.hears("person please")
    enquiry_id = person.enquiry.id
    assert enquiry_of(calling, enquiry_id).submitted_at is None
    await close(calling, enquiry_id)
    [clock] = clocks(calling, enquiry_id)
    calling.do(lambda uow: uow.follow_ups.cancel_one(clock.id, "x", calling.clock.now()))
    house = calling.front.house
    calling.do(lambda uow: promise_missing(uow, house.area, house.working_time, calling.clock.now()))
    assert [again.due_at for again in clocks(calling, enquiry_id)] == [clock.due_at]


async def test_deleting_that_fails_ends_with_somebody_who_can_have_it_tried_again(
    calling: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deletions are kept on time, or someone is told."""
    person = await closed(calling)
    enquiry_id = person.enquiry.id

    def breaks(*_: object) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as broken:
        broken.setattr("bot.followups.records.erase_record", breaks)
        calling.clock.tick(YEAR)
        await calling.until(calling.clock.now() + 2 * HOUR)
    assert enquiry_of(calling, enquiry_id).erased_at is None
    [task] = clocks(calling, enquiry_id)
    assert (task.actor, task.why) == (Actor.WORKER, "failed")
    assert acts.acts_for(task) == (acts.NOW,)
    now, cam = calling.clock.now(), calling.staff["Cam Diaz"]

    def again(uow: UnitOfWork) -> None:
        held = acts.take(uow, task.id, acts.NOW, acts.mark_of(task), cam, now)
        acts.do_now(uow, uow.enquiries.get(enquiry_id), held, cam, now)

    calling.do(again)
    await calling.ring()
    assert enquiry_of(calling, enquiry_id).erased_at is not None
    assert clocks(calling, enquiry_id) == []


# -- rules -------------------------------------------------------------------------------------------------------


async def test_a_rule_that_nobody_confirmed_deletes_nothing(database: Database, clock: SteppedClock) -> None:
    """A length from a list of examples is no law. It is off until the area says so."""
    calling = Calling(database, clock, area_with(RULE.model_copy(update={"confirmed_by": " "})))
    person = await closed(calling)
    assert clocks(calling, person.enquiry.id) == []
    calling.clock.tick(9 * YEAR)
    await calling.ring()
    assert enquiry_of(calling, person.enquiry.id).erased_at is None


async def test_rules_that_change_set_every_clock_anew(calling: Calling) -> None:
    """An area confirms its schedule a year after it opened: what was closed before has a clock too."""
    person = await closed(calling)
    enquiry_id, now = person.enquiry.id, calling.clock.now()
    working_time = calling.front.house.working_time

    def under(*rules: RecordRule) -> list[date]:
        area = area_with(*rules)
        while calling.do(lambda uow: end_old_clocks(uow, area.retention, now)):
            pass
        after = EnquiryId("")
        missing = partial(promise_missing, area=area, working_time=working_time, now=now)
        while found := calling.do(partial(missing, after=after)):
            after = found
        return [clock.due_at.date() for clock in clocks(calling, enquiry_id)]

    assert under(RULE) == [date(2027, 3, 2)]
    assert under(RULE.model_copy(update={"years": 3})) == [date(2029, 3, 2)]
    assert under(RULE.model_copy(update={"outcomes": ["EH"]})) == []
    assert under() == []
    assert under(RULE.model_copy(update={"outcomes": []})) == [date(2027, 3, 2)]
    assert len(calling.do(lambda uow: uow.follow_ups.of(enquiry_id))) >= 4


async def test_the_closed_queue_goes_by_rules_of_its_own(calling: Calling) -> None:
    """An allegation against somebody who works with children is kept for decades, whatever came of it."""
    person = await sent(calling)
    enquiry_id, now = person.enquiry.id, calling.clock.now()

    def raise_concern(uow: UnitOfWork) -> None:
        close_queue(uow, enquiry_id, now, urgency="advice")

    calling.do(raise_concern)
    await close(calling, enquiry_id)
    assert clocks(calling, enquiry_id) == []


async def test_what_is_looked_at_is_what_is_done(calling: Calling) -> None:
    """Nobody presses a button that deletes without having seen what it would delete."""
    gone, kept = [(await closed(calling, address)).enquiry for address in ("960001", "960002")]
    calling.do(lambda uow: _legal_hold(uow, calling, kept.id))
    calling.clock.tick(YEAR)
    area, time, now = calling.front.house.area, calling.front.house.working_time, calling.clock.now()
    seen = calling.do(lambda uow: look(uow, area, time, now))
    assert enquiry_of(calling, gone.id).erased_at is None
    done = calling.do(lambda uow: keep_rules(uow, area, time, now))
    assert [(each.reference, each.fate) for each in seen] == [(each.reference, each.fate) for each in done]
    assert enquiry_of(calling, gone.id).erased_at == now
    assert enquiry_of(calling, kept.id).erased_at is None
    assert calling.do(lambda uow: keep_rules(uow, area, time, now)) == []


DAYS = st.dates(date(2020, 1, 1), date(2060, 1, 1))


@given(
    closed_on=DAYS,
    births=st.lists(st.none() | st.dates(date(1990, 1, 1), date(2060, 1, 1)), max_size=4),
    years=st.integers(0, 100),
    days=st.integers(1, 3_000),
    counts_from=st.sampled_from(["closed", "birth"]),
    soonest=st.integers(1, 3_000),
)
def test_no_record_goes_before_its_length_is_over(
    closed_on: date, births: list[date | None], years: int, days: int, counts_from: Any, soonest: int
) -> None:
    """For any rule, any children and any day: never sooner than the rule says of the youngest, nor just after."""
    rule = RecordRule(name="x", years=years, days=days, counts_from=counts_from)
    retention = Retention(records=[rule], soonest_days=soonest)
    goes_on = retention.delete_on(rule, closed_on, births)
    assert goes_on >= closed_on + timedelta(days=soonest)
    begun = [closed_on] if counts_from == "closed" else [b for b in births if b] or [closed_on]
    for day in begun:
        assert (goes_on - day).days >= 365 * years + days
    later = retention.delete_on(rule, closed_on + timedelta(days=1), births)
    assert later >= goes_on


def test_twenty_five_years_from_birth_is_a_birthday() -> None:
    """Of the youngest child; of one whose birthday nobody knows, the latest that it can be."""
    rule = RecordRule(name="x", years=25, counts_from="birth")
    retention = Retention(records=[rule])
    closed_on = date(2026, 3, 2)
    assert retention.delete_on(rule, closed_on, [date(2012, 5, 1), date(2020, 2, 29)]) == date(2045, 3, 1)
    assert retention.delete_on(rule, closed_on, [date(2012, 5, 1), None]) == date(2052, 3, 2)
    assert retention.delete_on(rule, closed_on, []) == date(2052, 3, 2)
    assert retention.delete_on(rule, closed_on, [date(1999, 1, 1)]) == date(2027, 3, 2)


def test_two_rules_for_one_outcome_are_refused() -> None:
    """Which of them would delete is not left to chance."""
    with pytest.raises(ValidationError, match="two rules for NFA"):
        Retention(records=[RULE, RULE.model_copy(update={"name": "other"})])
    with pytest.raises(ValidationError, match="one name"):
        Retention(records=[RULE, RULE.model_copy(update={"outcomes": ["IA"]})])
    with pytest.raises(ValidationError, match="how many years or days"):
        RecordRule(name="x")


def test_an_outcome_of_an_unconfirmed_rule_does_not_fall_to_the_rule_for_others() -> None:
    """The area has still to say how long it keeps these: until then it keeps them."""
    off = RecordRule(name="off", outcomes=["REF"], years=75)
    others = RecordRule(name="others", years=1, confirmed_by="Dee")
    retention = Retention(records=[off, others])
    assert retention.rule_for("REF", closed_queue=False) is None
    assert retention.rule_for("NFA", closed_queue=False) == others
    assert retention.rule_for("NFA", closed_queue=True) is None

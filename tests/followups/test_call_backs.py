"""Somebody is rung when we said, or somebody knows why not: booked once, moved, cancelled, missed, asked about."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.clock import SteppedClock
from bot.desk.calls import read_calls
from bot.followups.call_backs import CallBacks, check_rota
from bot.followups.slots import CannotKeep
from flows.area import Area
from storage.call_backs import CallBackRecord, CallOutcome, Said
from storage.database import Database
from storage.identifiers import DutyWorkerId
from storage.incidents import IncidentKind
from storage.outbox import OutboxRecord
from storage.shifts import NewShift, ShiftKind
from storage.unit_of_work import UnitOfWork
from tests.app.rota_builders import at
from tests.followups.calling import ANY_TIME, DAY, HOUR, MINUTE, SENT, Calling, Person, whose_answers
from tests.safeguarding.rotas import area
from tests.storage.builders import close_queue

TOMORROW_AT_2 = "can you ring me tomorrow at 2pm"
NO_CALLS = {
    "safe_contact_methods": {"is": "given", "value": ["reply_in_this_chat"], "words": "reply in this chat"}
}


@pytest.fixture
def calling(database: Database, clock: SteppedClock) -> Calling:
    return Calling(database, clock)


@pytest.fixture
async def person(calling: Calling) -> Person:
    """Somebody who has just sent an enquiry, and said that a call to their mobile is safe."""
    person = calling.person()
    await person.sends()
    return person


@pytest.fixture
async def booked(person: Person) -> Person:
    """Somebody with a call at 2pm on Tuesday."""
    await person.hears(TOMORROW_AT_2)
    await person.taps("2pm on Tuesday 3 March")
    assert person.call.starts_at == datetime(2026, 3, 3, 14, tzinfo=UTC)
    return person


def _leaves(calling: Calling, worker_id: DutyWorkerId | None) -> None:
    """This worker is away from now on."""
    assert worker_id is not None
    now = calling.clock.now()
    away = NewShift(worker_id, None, ShiftKind.ABSENCE, now, now + 9 * DAY)
    calling.do(lambda uow: uow.shifts.replace("sick", [away], since=now - DAY, until=now + 9 * DAY, now=now))


def _looked_at(calling: Calling) -> list[OutboxRecord]:
    """Return what is told once the rota is looked at again."""
    told: list[OutboxRecord] = calling.do(lambda uow: check_rota(uow, calling.front.house, calling.clock.now()))
    return told


def _in_area(**call_backs: object) -> Area:
    return area(call_backs=call_backs)


# -- choosing --------------------------------------------------------------------------------------------


async def test_a_time_is_offered_booked_and_exactly_what_is_promised_is_said(person: Person) -> None:
    """A promise that is vague cannot be kept, and cannot be missed either."""
    assert "Would you like to choose a time?" in person.sender.last.text
    assert len(person.times) == 6
    assert person.buttons[-2:] == ["More times", "No call, thank you"]
    said = await person.taps("8.30am on Tuesday 3 March")
    assert "A worker will ring your mobile between 8.30am and 9am on Tuesday 3 March." in said
    assert "The number will not show" in said
    assert "we will not leave a message" in said
    assert person.buttons == ["Move the call", "Cancel the call", "Add it to my calendar"]
    [task] = person.tasks("call_back")
    assert task.promised_at == person.call.starts_at
    assert task.worker_id == person.call.worker_id
    assert person.promised() == ["call_back_check", "call_back_reminder"]


async def test_what_they_said_of_voicemail_and_a_safe_word_is_in_the_promise(calling: Calling) -> None:
    """Somebody else may hear the message: they read before what it will say."""
    person = calling.person()
    voicemail = {"is": "given", "value": "yes_but_only_a_first_name", "words": ""}
    word = {"is": "given", "value": "bluebell", "words": "bluebell"}
    await person.sends(answers={**ANY_TIME, "voicemail_ok": voicemail, "safe_word": word})
    said = await person.taps(person.times[0])
    assert "leave a message with a first name only" in said
    assert "We will say your safe word first." in said
    assert "bluebell" not in said


async def test_whoever_said_no_call_is_safe_is_offered_none(calling: Calling) -> None:
    """A call is a thing somebody else may answer."""
    person = calling.person()
    without = (*SENT[:5], "reply in this chat", *SENT[7:])
    said = await person.sends(*without)
    assert "Your reference is" in said
    assert "choose a time" not in person.sender.words
    said = await person.hears("can someone ring me")
    assert "You have not told us that it is safe to ring you" in said
    assert person.calls == []


async def test_danger_is_heard_first_whatever_was_asked(person: Person) -> None:
    """Words that could be read as a time may hold the worst of what they came to say."""
    said = await person.hears("tomorrow he will kill us, he said so, he has a knife")
    assert "999" in said
    assert "nearest" not in said
    assert person.calls == []
    assert person.calling.front.concerns(person.calling.front.conversation("960001"))


async def test_nobody_in_danger_is_asked_to_choose_a_time(calling: Calling) -> None:
    """A worker rings them without being asked to."""
    person = calling.person()
    await person.hears("hello")
    await person.hears("yes")
    assert "choose a time" not in person.sender.words


async def test_more_times_are_others(person: Person) -> None:
    """The first six may all be in school hours, or at work."""
    first = person.times
    await person.taps("More times")
    assert person.times
    assert not set(person.times) & set(first)


async def test_no_call_is_an_answer(person: Person) -> None:
    """Nobody has to be rung, and may change their mind."""
    assert "We will not ring you" in await person.taps("No call, thank you")
    assert person.promised() == []
    await person.hears("ring me")
    assert person.times


@pytest.mark.parametrize(
    ("words", "lead", "times"),
    [
        ("tomorrow afternoon", "We can ring you at these times", 6),
        ("tomorrow at 2pm", "Is this the time that you mean?", 1),
        ("Tuesday at 3", "Is this the time that you mean?", 1),
        ("half 3 on thursday please", "Is this the time that you mean?", 1),
        ("as soon as possible", "We can ring you at these times", 6),
        ("christmas day at 2pm", "That is too far ahead", 6),
        ("1 march at 2pm", "That time has passed", 6),
        ("today at 10.30am", "That is too soon", 6),
        ("tomorrow at 8pm", "The team is not in at that time", 6),
        ("saturday morning", "There is no time like that", 6),
        ("29 march at 01:30", "That time does not come", 6),
        ("25 october at 01:30", "That time comes twice", 6),
        ("the day before yesterday at 4", "We could not read a time in that", 6),
        ("not tomorrow", "We could not read a time in that", 6),
    ],
)
async def test_own_words_are_read_carefully(person: Person, words: str, lead: str, times: int) -> None:
    """What is not surely understood is asked again; what cannot be is told, with why."""
    said = await person.hears(words)
    assert lead in said
    assert len(person.times) == times
    assert person.calls == [], "nothing is promised before they see the time in our words"


async def test_words_that_are_not_read_twice_are_a_workers(person: Person) -> None:
    """A machine that keeps asking is a machine nobody wants to talk to."""
    await person.hears("not tomorrow, I am at the hospital in the morning")
    said = await person.hears("I said not in the morning on any day but Friday unless mum is in")
    assert "We have asked a worker to find a time with you" in said
    [task] = person.tasks("help_task")
    assert task.why == "call_no_time"


async def test_what_is_no_time_at_all_goes_its_own_way(person: Person) -> None:
    """They add to what they sent: a worker reads it, and the times stand."""
    offered = person.times
    said = await person.hears("I forgot to say that his nan lives with us as well")
    assert "We have added this to what you sent" in said
    await person.taps(offered[0])
    assert person.call


@pytest.mark.parametrize(
    ("now", "words", "lead"),
    [
        ("2026-12-21 10:00", "christmas day at 2pm", "That day is a bank holiday"),
        ("2026-12-21 10:00", "24 december at 2pm", "The team is not in at that time"),
        ("2026-10-20 10:00", "sunday at 01:30", "That time comes twice"),
        ("2026-12-21 10:00", "20 december at 2pm", "That time has passed"),
    ],
)
async def test_a_time_that_cannot_be_is_told_with_why(database: Database, now: str, words: str, lead: str) -> None:
    """Christmas Day, a half day, the night the clocks go back, and yesterday."""
    calling = Calling(database, SteppedClock(at(now)))
    person = calling.person()
    await person.sends()
    assert lead in await person.hears(words)
    assert person.times
    assert person.calls == []


async def test_a_time_named_to_refuse_it_is_not_booked(person: Person) -> None:
    """ "Not 8.30am on Tuesday 3 March, he is home then" has the words of a button in it."""
    await person.hears("not 8.30am on Tuesday 3 March, he is home then")
    assert person.calls == []


# -- two people and one place ----------------------------------------------------------------------------


async def test_a_time_somebody_else_took_meanwhile_is_not_given_twice(calling: Calling, person: Person) -> None:
    """There are two workers: the third to ask for one time is told, and offered others."""
    wanted = "8.30am on Tuesday 3 March"
    others = [calling.person("960002"), calling.person("960003")]
    for other in others:
        await other.sends()
        assert wanted in other.times
    for first in others:
        assert "Your call is booked" in await first.taps(wanted)
    said = await person.taps(wanted)
    assert "That time is taken" in said
    assert wanted not in person.times
    assert person.calls == []
    assert {other.call.worker_id for other in others} == {calling.staff[name].id for name in calling.workers}


async def test_two_at_once_cannot_both_have_the_last_place(database: Database, clock: SteppedClock) -> None:
    """On both databases, from several processes: a worker cannot ring two people at one time."""
    calling = Calling(database, clock, workers=("Ash Okoro",))
    people = [calling.person(f"96000{n}") for n in range(6)]
    for person in people:
        await person.sends()
    enquiries = [person.enquiry for person in people]
    starts_at, gate = datetime(2026, 3, 3, 14, tzinfo=UTC), threading.Barrier(len(people))
    made: list[CallBackRecord | object] = []
    others = [Database(str(database.engine.url.render_as_string(hide_password=False)), keyring=database.keyring)
              for _ in range(2)]  # fmt: skip

    def book(number: int) -> None:
        enquiry = enquiries[number]

        def work(uow: UnitOfWork) -> object:
            conversation = uow.conversations.of_enquiry(enquiry.id)[-1]
            calls = CallBacks(uow, calling.front.house, clock.now())
            return calls.book(enquiry, conversation.id, starts_at, by="person")

        gate.wait()
        made.append(others[number % 2].run_now(work))

    threads = [threading.Thread(target=book, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.dispose()
    assert len(made) == len(people)
    assert sum(isinstance(one, CallBackRecord) for one in made) == 1
    assert sum(isinstance(one, CannotKeep) for one in made) == len(people) - 1
    standing = database.run_now(lambda uow: uow.call_backs.standing(starts_at, starts_at + HOUR))
    assert len(standing) == 1


async def test_a_button_pressed_twice_books_once(person: Person) -> None:
    """Fingers slip, and channels repeat."""
    press = person.sender.taps("8.30am on Tuesday 3 March")
    await person.hears(press)
    again = person.sender.presses(press.choice or "", prompt=press.prompt)
    await person.hears(again)
    assert len(person.calls) == 1
    assert len(person.tasks("call_back")) == 1


async def test_a_rota_emptied_after_times_were_offered_is_said(calling: Calling, person: Person) -> None:
    """What was offered in the morning nobody may be there to keep in the afternoon."""
    calling.empty_rota()
    said = await person.taps(person.times[0])
    assert "We have asked a worker to find a time with you" in said
    assert person.calls == []
    assert [task.why for task in person.tasks("help_task")] == ["call_no_time"]


async def test_a_rota_emptied_after_a_call_was_booked_is_an_incident(calling: Calling, booked: Person) -> None:
    """Nobody waits by a phone that nobody will ring without a manager knowing before."""
    calling.empty_rota()
    told = calling.do(lambda uow: check_rota(uow, calling.front.house, calling.clock.now()))
    assert ["nobody on the rota" in row.payload["text"] for row in told] == [True]
    assert calling.do(lambda uow: check_rota(uow, calling.front.house, calling.clock.now())) == [], "told once"
    [incident] = calling.incidents()
    assert incident.kind is IncidentKind.CALL_BACK_UNKEPT
    assert booked.call, "it stands: a manager finds somebody, or tells them"


async def test_a_call_goes_to_another_worker_where_its_own_is_away(calling: Calling, booked: Person) -> None:
    """Sickness on the day is usual."""
    before = booked.call.worker_id
    _leaves(calling, before)
    assert _looked_at(calling) == []
    assert booked.call.worker_id not in (None, before)
    [task] = booked.tasks("call_back")
    assert task.worker_id == booked.call.worker_id
    assert calling.incidents() == []


@pytest.mark.parametrize(
    "since",
    [
        {"safe_times": {"is": "given", "value": ["mornings"], "words": "Mornings"}},
        {"unsafe_times_or_people": {"is": "given", "value": "not after 1pm", "words": "not after 1pm"}},
        NO_CALLS,
    ],
    ids=["hours", "to avoid", "way"],
)
async def test_who_is_to_ring_hears_that_it_is_not_safe_then_any_more(
    calling: Calling, booked: Person, since: dict[str, Any]
) -> None:
    """A phone that rings while he is at home can cost more than a call that does not come."""
    house = calling.front.house
    assert calling.do(lambda uow: check_rota(uow, house, calling.clock.now())) == []
    booked.knows(since)
    told = calling.do(lambda uow: check_rota(uow, house, calling.clock.now()))
    worker_id = booked.call.worker_id
    whose = calling.do(lambda uow: uow.duty_workers.get(worker_id))
    assert {row.address for row in told} == {whose.telegram, calling.staff["Cam Diaz"].telegram}
    assert all("may not be safe" in row.payload["text"] for row in told)
    assert calling.do(lambda uow: check_rota(uow, house, calling.clock.now())) == [], "told once"
    assert [i.kind for i in calling.incidents()] == [IncidentKind.CALL_BACK_UNKEPT]
    assert booked.call, "it stands: a worker decides"
    before = len(booked.sender.seen)
    await calling.until(booked.call.starts_at)
    assert len(booked.sender.seen) == before, "nobody is reminded of it"


async def test_one_that_is_not_safe_goes_to_another_worker_who_hears_of_it(
    calling: Calling, booked: Person
) -> None:
    """Its own worker heard, and went home ill: whoever has it now would ring without knowing."""
    booked.knows(NO_CALLS)
    assert len(_looked_at(calling)) == 2
    before = booked.call.worker_id
    _leaves(calling, before)
    [told] = _looked_at(calling)
    after = booked.call.worker_id
    assert after not in (None, before)
    [worker] = [w for w in calling.staff.values() if w.id == after]
    assert told.address == worker.telegram
    assert "may not be safe" in told.payload["text"]
    assert [task.worker_id for task in booked.tasks("call_back")] == [after]
    assert _looked_at(calling) == [], "told once"
    assert len(calling.incidents()) == 1


async def test_one_that_is_not_safe_and_nobody_can_make_is_said_to_be_both(
    calling: Calling, booked: Person
) -> None:
    """Whoever finds that nobody is in may find somebody, who then rings."""
    booked.knows(NO_CALLS)
    assert len(_looked_at(calling)) == 2
    calling.empty_rota()
    [told] = _looked_at(calling)
    assert "nobody on the rota" in told.payload["text"]
    assert {i.details["why"] for i in calling.incidents()} == {"not_safe_then", "nobody_in"}
    assert _looked_at(calling) == [], "told once"


async def test_a_place_that_is_not_safe_is_not_promised_twice(database: Database, clock: SteppedClock) -> None:
    """It may turn out safe: then one worker would have two people waiting at once."""
    calling = Calling(database, clock, area=_in_area(kept_free=0))
    both = calling.person("960001"), calling.person("960002")
    for person in both:
        await person.sends()
        await person.hears(TOMORROW_AT_2)
        await person.taps("2pm on Tuesday 3 March")
    before = [person.call.worker_id for person in both]
    assert len(set(before)) == 2
    both[0].knows(NO_CALLS)
    _leaves(calling, before[1])
    assert any("nobody on the rota" in row.payload["text"] for row in _looked_at(calling))
    assert [person.call.worker_id for person in both] == before


async def test_what_is_safe_for_one_person_is_read_of_nobody_else(
    calling: Calling, booked: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of one enquiry opens no other's answers, and a reminder does not either."""
    other = calling.person("960002")
    await other.sends()
    await other.hears("can you ring me tomorrow at 3pm")
    await other.taps("3pm on Tuesday 3 March")
    read = whose_answers(monkeypatch)
    house, now, call, enquiry = calling.front.house, calling.clock.now(), booked.call, booked.enquiry
    assert calling.do(lambda uow: CallBacks(uow, house, now).recheck(call)) is None
    assert set(read) == {enquiry.id}
    read.clear()
    calling.do(lambda uow: read_calls(uow, house, enquiry, now))
    assert set(read) == {enquiry.id}
    read.clear()
    calling.clock.tick(other.call.starts_at - MINUTE - now)
    assert _looked_at(calling) == []
    assert set(read) == {other.enquiry.id}, "the other one has begun"


# -- moving, cancelling, stopping --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["move my call", "Can I change the time please", "I can't make the call", "Move the call"]
)
async def test_it_is_moved_by_saying_so(booked: Person, words: str) -> None:
    """In their words, days later, or by the button."""
    await booked.hears("thank you")
    await booked.hears(words)
    assert booked.times
    said = await booked.taps(booked.times[-1])
    assert "Your call has moved." in said
    assert [call.outcome for call in booked.calls] == [CallOutcome.MOVED, None]
    assert len(booked.tasks("call_back")) == 1
    assert booked.promised() == ["call_back_check", "call_back_reminder"]


async def test_it_is_moved_to_a_time_said_in_one_breath(booked: Person) -> None:
    """Nobody is asked what they have just said."""
    await booked.hears("can we move the call to thursday at 11am")
    assert booked.times == ["11am on Thursday 5 March", "11am on Thursday 12 March"][: len(booked.times)]
    await booked.taps("11am on Thursday 5 March")
    assert booked.call.starts_at == datetime(2026, 3, 5, 11, tzinfo=UTC)


@pytest.mark.parametrize("words", ["cancel my call", "please don't ring me", "Cancel the call"])
async def test_it_is_cancelled_by_saying_so(booked: Person, words: str) -> None:
    """Somebody may be home by then. The place is free for another."""
    said = await booked.hears(words)
    assert "We have cancelled the call" in said
    assert booked.calls[-1].outcome is CallOutcome.CANCELLED
    assert booked.tasks("call_back") == []
    assert booked.promised() == []
    assert "You have no call booked" in await booked.hears("when is my call?")


async def test_stop_means_that_nobody_rings(booked: Person) -> None:
    """To write "stop" may be all that somebody can do."""
    await booked.hears("stop")
    assert booked.calls[-1].outcome is CallOutcome.CANCELLED
    assert booked.tasks() == []


async def test_who_leaves_in_a_hurry_is_rung_when_they_said(booked: Person) -> None:
    """The quick exit hides the page; they chose the hour because it is safe."""
    await booked.hears(booked.sender.presses("quick_exit"))
    assert booked.call
    assert booked.tasks("call_back")


async def test_a_phone_that_changed_hands_is_not_rung(booked: Person) -> None:
    """Whoever has it now is told nothing, and the call is off."""
    enquiry_id = booked.enquiry.id
    await booked.hears("wrong number")
    calls, promises = booked.calling.do(lambda uow: (uow.call_backs.of(enquiry_id), uow.follow_ups.of(enquiry_id)))
    assert calls[-1].outcome is CallOutcome.CANCELLED
    assert [f for f in promises if f.kind == "call_back" and f.done_at is None] == []


async def test_when_it_is_can_be_asked(booked: Person) -> None:
    """A message scrolls away."""
    assert "2pm and 2.30pm on Tuesday 3 March" in await booked.hears("what time are you ringing me?")
    assert "Cancel the call" in booked.buttons


async def test_nobody_moves_the_call_of_another(calling: Calling, booked: Person) -> None:
    """A button says by itself what it answers: it must be their own."""
    [other, press] = [calling.person("960002"), booked.sender.taps("Cancel the call")]
    await other.sends()
    await other.hears(other.sender.presses(press.choice or ""))
    assert booked.call


# -- the day itself --------------------------------------------------------------------------------------


async def test_the_worker_hears_before_and_at_the_time(calling: Calling, booked: Person) -> None:
    """A task that is only in a list is forgotten."""
    name = next(n for n, w in calling.staff.items() if w.id == booked.call.worker_id)
    await calling.until(booked.call.starts_at - 25 * MINUTE)
    assert len(calling.told(name)) == 1
    await calling.until(booked.call.starts_at + MINUTE)
    assert len(calling.told(name)) == 2
    assert all("Rowan" not in text and "07700" not in text for text in calling.told(name))


async def test_a_worker_who_was_told_hears_that_it_is_off(calling: Calling, booked: Person) -> None:
    """The phone may be in their hand already."""
    name = next(n for n, w in calling.staff.items() if w.id == booked.call.worker_id)
    await calling.until(booked.call.starts_at - 5 * MINUTE)
    await booked.hears("cancel my call")
    assert "is off, or has moved" in calling.told(name)[-1]


async def test_times_left_unchosen_do_not_hide_the_second_try(calling: Calling, booked: Person) -> None:
    """They began to move it, and left: nobody answered the call, and we still ask once more."""
    await booked.hears("move my call")
    await calling.until(booked.call.starts_at + 20 * MINUTE)
    before = len(booked.sender.seen)
    booked.records(CallOutcome.NO_ANSWER)
    await calling.ring()
    assert "We tried to ring you" in booked.sender.seen[before].text


async def test_of_the_closed_queue_no_duty_worker_is_to_ring(calling: Calling) -> None:
    """Whoever rings them would read what only the officer for allegations may."""
    person = calling.person()
    await person.hears("hello")
    enquiry_id = person.enquiry.id
    calling.do(lambda uow: close_queue(uow, enquiry_id, calling.clock.now()))
    for text in SENT[:-1]:
        await person.hears(text)
    await person.hears("send")
    assert "choose a time" not in person.sender.last.text
    await person.hears("ring me tomorrow at 2pm")
    assert person.calls == []


async def test_the_reminder_is_neutral_and_only_where_it_is_safe(calling: Calling, booked: Person) -> None:
    """It shows on a locked screen."""
    before = len(booked.sender.seen)
    await calling.until(booked.call.starts_at - 45 * MINUTE)
    [reminder] = booked.sender.seen[before:]
    assert reminder.text == "Your call is between 2pm and 2.30pm on Tuesday 3 March. You can change that here."
    assert await booked.taps("Move the call")


async def test_no_reminder_where_their_hours_are_not_known(calling: Calling) -> None:
    """They did not say when it is safe: a call when they chose it is, a message is not known to be."""
    person = calling.person()
    await person.sends(answers={"who_may_see": {"is": "given", "value": "partner", "words": ""}})
    await person.hears("can you ring me")
    await person.taps("8.30am on Tuesday 3 March")
    before = len(person.sender.seen)
    await calling.until(person.call.ends_at + HOUR)
    assert person.sender.seen[before:] == []


async def test_a_reminder_comes_in_their_safe_hours_or_not_at_all(calling: Calling, person: Person) -> None:
    """Their hours begin when the call does: an hour before it somebody else may hold the phone."""
    person.knows(
        {"safe_times": {"is": "given", "value": {"choice": None, "text": "2pm to 4pm"}, "words": "2pm to 4pm"}}
    )
    await person.hears(TOMORROW_AT_2)
    await person.taps("2pm on Tuesday 3 March")
    before = len(person.sender.seen)
    await calling.until(person.call.starts_at)
    assert person.sender.seen[before:] == []


async def test_safe_hours_nobody_can_meet_are_a_workers(calling: Calling) -> None:
    """ "Only 3 to 3.05" is an answer; a machine that rings at 3.10 has not read it."""
    person = calling.person()
    hours = {"is": "given", "value": {"choice": None, "text": "only 3 to 3.05"}, "words": "only 3 to 3.05"}
    await person.sends(answers={"safe_times": hours})
    assert "choose a time" not in person.sender.last.text
    said = await person.hears("can you ring me tomorrow at 3pm")
    assert "We have asked a worker to find a time with you" in said
    assert [task.why for task in person.tasks("help_task")] == ["call_no_time"]


async def test_a_missed_call_climbs_and_they_are_asked(calling: Calling, booked: Person) -> None:
    """The worker hears, then the manager; an incident stands; we ask, since it may only not be written down."""
    await calling.until(booked.call.ends_at + 31 * MINUTE)
    kinds = {incident.kind for incident in calling.incidents()}
    assert {IncidentKind.CALL_BACK_MISSED, IncidentKind.TASK_LATE} <= kinds
    assert any("missed" in text for text in calling.told("Cam Diaz"))
    assert "Did your call take place?" in booked.sender.last.text
    assert booked.buttons == ["Yes, we talked", "I missed the call", "I could not talk then", "Nobody rang"]


async def test_nobody_rang_is_put_right(calling: Calling, booked: Person) -> None:
    """We say that we are sorry once, a manager knows, and they choose again."""
    await calling.until(booked.call.ends_at + 31 * MINUTE)
    said = await booked.taps("Nobody rang")
    assert "We are sorry" in said
    assert booked.calls[0].outcome is CallOutcome.MISSED
    assert booked.calls[0].said is Said.NOT_RUNG
    assert booked.tasks("call_back") == [], "the old task is over"
    await booked.taps(booked.times[0])
    assert booked.call.tries == 1, "we owe them a call: it was no try of ours"


async def test_a_worker_says_reached_and_they_say_nobody_rang(calling: Calling, booked: Person) -> None:
    """A wrong tick, or a wrong number: a manager looks."""
    await calling.until(booked.call.ends_at)
    assert booked.records(CallOutcome.REACHED)
    await calling.until(booked.calls[-1].ends_at + 31 * MINUTE)
    assert calling.incidents() == []
    await booked.hears("nobody rang")
    [incident] = calling.incidents()
    assert incident.kind is IncidentKind.CALL_BACK_MISSED
    assert incident.details == {"said_by": "person", "recorded": "reached"}


async def test_we_talked_ends_it(calling: Calling, booked: Person) -> None:
    """The usual way: recorded, asked once, thanked."""
    await calling.until(booked.call.ends_at)
    booked.records(CallOutcome.REACHED)
    await calling.until(booked.calls[-1].ends_at + 31 * MINUTE)
    assert "Thank you for telling us" in await booked.hears("yes")
    assert booked.calls[-1].said is Said.TALKED
    assert booked.tasks() == []
    assert booked.promised() == []


async def test_could_not_talk_ends_every_try_until_a_worker_has_looked(calling: Calling, booked: Person) -> None:
    """It may not have been safe."""
    await calling.until(booked.call.ends_at + 31 * MINUTE)
    said = await booked.taps("I could not talk then")
    assert "We will not ring again until a worker has looked" in said
    assert booked.calls[-1].outcome is CallOutcome.NOT_SAFE
    assert [task.why for task in booked.tasks("help_task")] == ["call_could_not_talk"]
    assert booked.promised() == []


async def test_no_answer_is_tried_once_more_and_never_a_third_time(calling: Calling, booked: Person) -> None:
    """A phone that rings and rings tells somebody in the house that somebody wants to talk (FD18)."""
    await calling.until(booked.call.starts_at + 20 * MINUTE)
    booked.records(CallOutcome.NO_ANSWER)
    await calling.ring()
    assert "We tried to ring you, and could not get through" in booked.sender.last.text
    await booked.taps(booked.times[0])
    assert booked.call.tries == 2
    await calling.until(booked.call.starts_at + 10 * MINUTE)
    before = len(booked.sender.seen)
    booked.records(CallOutcome.NO_ANSWER)
    await calling.until(calling.clock.now() + 5 * DAY, every=2 * HOUR)
    assert booked.sender.seen[before:] == []
    assert [task.why for task in booked.tasks("help_task")] == ["call_two_tries"]
    assert not any(call.stands for call in booked.calls)


async def test_nobody_who_does_not_choose_again_is_asked_again(calling: Calling, booked: Person) -> None:
    """The second try was to ask: a worker looks at what to do."""
    await calling.until(booked.call.starts_at + 20 * MINUTE)
    booked.records(CallOutcome.NO_ANSWER)
    await calling.ring()
    before = len(booked.sender.seen)
    await calling.until(calling.clock.now() + 3 * DAY, every=2 * HOUR)
    assert booked.sender.seen[before:] == []
    assert [task.why for task in booked.tasks("call_back_slots")] == ["not_chosen"]


async def test_where_the_chat_is_not_safe_the_second_try_is_a_call_as_agreed(
    calling: Calling, person: Person
) -> None:
    """The agreed way is the phone: at the hour they chose, on another day."""
    person.knows({"safe_contact_methods": {"is": "given", "value": ["call_mobile"], "words": "Call my mobile"}})
    await person.hears(TOMORROW_AT_2)
    await person.taps("2pm on Tuesday 3 March")
    await calling.until(person.call.starts_at + 20 * MINUTE)
    before = len(person.sender.seen)
    person.records(CallOutcome.NO_ANSWER)
    await calling.ring()
    assert person.sender.seen[before:] == []
    assert person.call.starts_at == datetime(2026, 3, 4, 14, tzinfo=UTC)
    assert person.call.tries == 2


@pytest.mark.parametrize(
    ("outcome", "why"), [(CallOutcome.WRONG_NUMBER, "call_wrong_number"), (CallOutcome.NOT_SAFE, "call_not_safe")]
)
async def test_a_wrong_number_or_a_call_that_was_not_safe_is_looked_at(
    calling: Calling, booked: Person, outcome: CallOutcome, why: str
) -> None:
    """Nothing more is begun by us: whoever answered may be the one they are afraid of."""
    await calling.until(booked.call.starts_at + 20 * MINUTE)
    before = len(booked.sender.seen)
    booked.records(outcome)
    await calling.until(calling.clock.now() + 2 * DAY, every=2 * HOUR)
    assert booked.sender.seen[before:] == []
    assert [task.why for task in booked.tasks("help_task")] == [why]
    assert booked.promised() == []


async def test_what_was_recorded_is_not_recorded_again(calling: Calling, booked: Person) -> None:
    """Two workers, or two presses."""
    await calling.until(booked.call.ends_at)
    assert booked.records(CallOutcome.REACHED)
    assert not booked.records(CallOutcome.NO_ANSWER, "Bo Lindqvist")
    assert booked.calls[-1].outcome is CallOutcome.REACHED


async def test_the_question_is_asked_once_and_not_again(calling: Calling, booked: Person) -> None:
    """It is our record that counts; to ask twice is to press."""
    await calling.until(booked.call.ends_at)
    booked.records(CallOutcome.REACHED)
    await calling.until(booked.calls[-1].ends_at + 31 * MINUTE)
    before = len(booked.sender.seen)
    await calling.until(calling.clock.now() + 5 * DAY, every=2 * HOUR)
    assert booked.sender.seen[before:] == []
    assert booked.tasks() == []
    assert booked.promised() == []


async def test_a_machine_asleep_over_the_call_asks_and_tells_when_it_wakes(
    calling: Calling, booked: Person
) -> None:
    """Nothing that was promised is forgotten with the process."""
    calling.clock.tick(DAY + 6 * HOUR)
    await calling.ring()
    await calling.ring()
    assert IncidentKind.CALL_BACK_MISSED in {incident.kind for incident in calling.incidents()}
    assert "Did your call take place?" in booked.sender.last.text

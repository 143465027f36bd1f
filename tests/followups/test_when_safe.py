"""Whoever sends the short version is asked once when we may write again: and then what we begin reaches them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.clock import SteppedClock
from bot.desk.decisions import ways
from bot.followups import when_safe
from bot.followups.due import Moment
from bot.followups.helped import Later, promise_to_ask
from bot.followups.kinds import FollowUpKind
from bot.followups.reaching import contact_of, may_begin
from bot.followups.safe_contact import MAY_WRITE, Way
from bot.followups.safe_times import chosen, read_safe
from bot.followups.when_safe import CHOSEN
from bot.followups.windows import DAY, EVERY_DAY, WEEKDAYS, Window
from storage.alerts import AlertStatus
from storage.database import Database
from storage.decisions import FeedbackWay
from storage.enquiries import EnquiryStatus
from storage.follow_ups import Actor, FollowUpRecord
from storage.unit_of_work import UnitOfWork
from tests.conversation.front import parts
from tests.followups.calling import HOUR, MINUTE, SENT, Calling, Person

ASKED = "Can we write to you here later"
OFFERED = "Would you like to choose a time?"
BUTTONS = [
    "Any time in the day",
    "Only in school hours",
    "Only in the evening",
    "Other times",
    "Do not write to me here",
]
IN_CHAT = (
    "no", "a parent", "yes", "Rowan will not go to school and I am worn out", "short version",
    "reply in this chat", "Alex", "yes", "send",
)  # fmt: skip
BY_TEXT = (*IN_CHAT[:5], "text me", "07700 900123", *IN_CHAT[6:])
BY_A_NEIGHBOUR = (
    "no", "a neighbour", "A lot of shouting next door at night", "DH1 5UL", "keep it from the family",
    "reply in this chat", "Alex", "send it now", "send",
)  # fmt: skip
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOON)


@pytest.fixture
def calling(database: Database, clock: SteppedClock) -> Calling:
    return Calling(database, clock)


@pytest.fixture
def person(calling: Calling) -> Person:
    return calling.person()


def answers(person: Person) -> dict[str, Any]:
    """Return what stands of what this question asks: values, or what an answer was instead of one."""
    found = person.calling.front.answers(person.calling.front.conversation(person.sender.address))
    return {key: found[key].get("value", found[key]["is"]) for key in ("safe_times", MAY_WRITE) if key in found}


def asked(person: Person) -> list[FollowUpRecord]:
    enquiry_id = person.enquiry.id
    found: list[FollowUpRecord] = person.calling.do(lambda uow: uow.follow_ups.of(enquiry_id))
    return [f for f in found if f.kind == FollowUpKind.WHEN_SAFE]


def contact(person: Person) -> Any:
    house, enquiry = person.calling.front.house, person.enquiry
    return person.calling.do(lambda uow: contact_of(uow, house, enquiry))


def reminder(person: Person) -> FollowUpRecord:
    enquiry_id = person.enquiry.id
    found: list[FollowUpRecord] = person.calling.do(lambda uow: uow.follow_ups.of(enquiry_id))
    return next(f for f in found if f.kind == FollowUpKind.CALL_BACK_REMINDER)


async def helps(person: Person) -> FollowUpRecord:
    """Let it be closed with advice, and two weeks pass: what became of "did it help?"."""
    calling = person.calling
    enquiry_id, now = person.enquiry.id, calling.clock.now()
    conversation = calling.front.conversation(person.sender.address)

    def close(uow: UnitOfWork) -> FollowUpRecord | None:
        uow.enquiries.set_status(enquiry_id, EnquiryStatus.CLOSED, now)
        enquiry = uow.enquiries.get(enquiry_id)
        return promise_to_ask(uow, calling.front.house, enquiry, conversation, "IA", Later(may_ask=True), now)

    promised = calling.do(close)
    await calling.until(promised.due_at + HOUR, every=12 * HOUR)
    found: FollowUpRecord = calling.do(lambda uow: uow.follow_ups.get(promised.id))
    return found


async def test_it_is_asked_once_it_is_sent_and_what_we_begin_reaches_them(person: Person) -> None:
    """Without it, a worker would have every question and every reminder of the short version by hand."""
    said = await person.sends(*IN_CHAT, answers={})
    assert said.index("Your reference is") < said.index(ASKED)
    assert person.buttons == BUTTONS
    assert "at those times" in await person.taps("Any time in the day")
    assert answers(person) == {"safe_times": ["any_time"], MAY_WRITE: "yes"}
    assert contact(person).hours == (Window(EVERY_DAY, 0, DAY),)
    assert (await helps(person)).outcome == "asked"
    assert person.sender.last.text.endswith("Did what we told you about help?")


async def test_silence_is_not_known_and_a_worker_has_it(person: Person) -> None:
    """Nobody is written to because they did not say no."""
    await person.sends(*IN_CHAT, answers={})
    assert answers(person) == {}
    before = len(person.sender.seen)
    found = await helps(person)
    assert (found.actor, found.why) == (Actor.WORKER, "times_not_known")
    assert len(person.sender.seen) == before, "it was asked again"


async def test_who_asks_us_not_to_write_is_not_written_to(person: Person) -> None:
    """No contact is begun, and no worker is sent after them with a question that was ours to ask."""
    await person.sends(*IN_CHAT, answers={})
    assert "We will not be the first to write here" in await person.taps("Do not write to me here")
    assert answers(person) == {MAY_WRITE: "no"}
    before = len(person.sender.seen)
    assert (await helps(person)).outcome == "stale.asked_not_to_write"
    assert len(person.sender.seen) == before
    house, enquiry = person.calling.front.house, person.enquiry
    told = person.calling.do(lambda uow: {way.way: way.said_safe for way in ways(uow, house, enquiry)})
    assert told[FeedbackWay.CHAT] is False
    assert told[FeedbackWay.BY_HAND] is True


@pytest.mark.parametrize(
    ("label", "words"), [("evening", "evenings"), ("school", "school_hours"), ("day", "any_time")]
)
def test_a_button_is_read_as_the_choice_it_is_kept_as(label: str, words: str) -> None:
    """A label that was changed would be read as somebody's own words, and nothing would ever be sent."""
    area, wording, *_ = parts()
    read = read_safe(wording.text(f"when_safe_{label}"), area.contacting)
    assert CHOSEN[label] == words
    assert read is not None
    assert read.safe == chosen([words], area.contacting)


@pytest.mark.parametrize(
    ("typed", "times"),
    [
        ("evenings", ["evenings"]),
        ("any time", ["any_time"]),
        ("3", ["evenings"]),
        ("only 3 to 3.30", {"choice": None, "text": "only 3 to 3.30"}),
        ("weekday mornings after 10", {"choice": None, "text": "weekday mornings after 10"}),
    ],
)
async def test_times_may_be_typed_at_once(person: Person, typed: str, times: Any) -> None:
    """People type where there are buttons, and their own words count before any button."""
    await person.sends(*IN_CHAT, answers={})
    assert "at those times" in await person.hears(typed)
    assert answers(person) == {"safe_times": times, MAY_WRITE: "yes"}
    assert contact(person).is_known
    assert not person.tasks()


async def test_other_times_are_asked_for_and_read(person: Person) -> None:
    await person.sends(*IN_CHAT, answers={})
    assert "Use your own words" in await person.taps("Other times")
    assert "at those times" in await person.hears("mondays after 4pm")
    assert contact(person).hours == (Window(frozenset({0}), 16 * 60, DAY),)


async def test_a_plain_yes_is_asked_when(person: Person) -> None:
    """Yes is no time."""
    await person.sends(*IN_CHAT, answers={})
    assert "Use your own words" in await person.hears("yes please")
    assert answers(person) == {}


async def test_times_nobody_can_read_are_kept_and_a_worker_reads_them(person: Person) -> None:
    """ "When he is at work" is not a time that a program can tell."""
    await person.sends(*IN_CHAT, answers={})
    await person.taps("Other times")
    assert "A worker will read that" in await person.hears("when he is at work")
    assert answers(person) == {"safe_times": {"choice": None, "text": "when he is at work"}}  # that is no yes
    assert contact(person).hours is None
    [task] = person.tasks("help_task")
    assert task.why == "words_beside_answer"
    assert (await helps(person)).why == "times_not_read"


async def test_a_no_with_words_is_a_no_and_a_worker_reads_the_words(person: Person) -> None:
    """The safe reading of two is the one that writes to nobody."""
    await person.sends(*IN_CHAT, answers={})
    assert "We will not be the first" in await person.hears("no, he looks at my phone")
    assert answers(person) == {MAY_WRITE: "no"}
    assert person.tasks("help_task")


@pytest.mark.parametrize("passed_over", ["skip", "later", "rather not say", "i don't know"])
async def test_it_may_be_left_out(person: Person, passed_over: str) -> None:
    """They were told that they may."""
    await person.sends(*IN_CHAT, answers={})
    assert "That is fine" in await person.hears(passed_over)
    assert answers(person)["safe_times"] in ("skipped", "not_known", "prefer_not_to_say")
    assert not contact(person).is_known


@pytest.mark.parametrize(
    ("says", "hears"),
    [
        ("thank you", "Thank you for writing to us."),
        ("good morning", "I am here and reading"),
        ("one more thing, he has no shoes", "We have added this to what you sent"),
        ("what happens now?", ""),
    ],
)
async def test_what_is_about_something_else_is_no_answer(person: Person, says: str, hears: str) -> None:
    """ "Good morning" the next day does not say that mornings are safe."""
    await person.sends(*IN_CHAT, answers={})
    assert hears in await person.hears(says)
    assert answers(person) == {}
    assert "at those times" in await person.taps("Only in the evening"), "the question still stands"


async def test_words_of_danger_are_no_answer(person: Person) -> None:
    """It is screened like everything they write, and danger goes first."""
    await person.sends(*IN_CHAT, answers={})
    said = await person.hears("any time, he is hitting me now")
    assert "call 999" in said
    assert answers(person) == {}


async def test_stop_at_this_question_stops(person: Person) -> None:
    await person.sends(*IN_CHAT, answers={})
    assert "We have stopped" in await person.hears("stop")
    assert answers(person) == {}


# -- who is asked ------------------------------------------------------------------------------------------


async def test_who_has_said_it_is_not_asked(person: Person) -> None:
    """The long version asks it inside."""
    skipped = {"safe_times": {"is": "skipped", "words": "skip"}}
    for number, given in enumerate((None, skipped)):
        other = person.calling.person(f"96001{number}")
        assert ASKED not in await other.sends(*IN_CHAT, answers=given)
        assert asked(other) == []


@pytest.mark.parametrize("methods", ["none of these is safe", "i will contact you"])
async def test_who_is_not_to_be_contacted_is_not_asked(person: Person, methods: str) -> None:
    """They have said it already: to ask again would be to push."""
    words = tuple(methods if text == "reply in this chat" else text for text in IN_CHAT if text != "Alex")
    words = words if methods.startswith("none") else (*words[:6], "Alex", *words[6:])
    assert ASKED not in await person.sends(*words, answers={})


async def test_nobody_is_asked_who_is_in_danger(person: Person) -> None:
    """A worker speaks with them then."""
    for text in ("hello", "yes, he is hitting me", "at home", "no", "reply in this chat", "Alex", "no"):
        said = await person.hears(text)
    enquiry_id = person.enquiry.id
    assert any(
        a.status is not AlertStatus.CLOSED for a in person.calling.do(lambda uow: uow.alerts.of(enquiry_id))
    )
    for _ in range(8):
        if person.enquiry.submitted_at is not None:
            break
        said = await person.hears("no")
    assert person.enquiry.submitted_at is not None
    assert ASKED not in "\n".join(m.text for m in person.sender.seen)
    assert said
    assert asked(person) == []


async def test_a_professional_is_reached_at_work_and_not_asked(person: Person) -> None:
    await person.hears(person.sender.starts("professional"))
    for text in (
        "no", "Attendance has fallen since January", "short version", "Alex Made-Up", "01632 960 200",
        "Class teacher, Hill School", "Sam Made-Up, 9, DH1 5UL", "they want to talk first",
    ):  # fmt: skip
        await person.hears(text)
    said = await person.hears("send")
    assert "Your reference is" in said
    assert ASKED not in said


async def test_a_neighbour_is_not_asked_of_school_hours(person: Person) -> None:
    await person.sends(*BY_A_NEIGHBOUR, answers={})
    assert person.buttons == [label for label in BUTTONS if label != "Only in school hours"]


async def test_it_is_never_asked_twice(person: Person) -> None:
    """Sent again after danger, after a change, after anything."""
    await person.sends(*IN_CHAT, answers={})
    await person.hears("I will tell you more tomorrow")
    conversation = person.calling.front.conversation(person.sender.address)
    house, now = person.calling.front.house, person.calling.clock.now()

    def again(uow: UnitOfWork) -> Any:
        return when_safe.ask_after_sending(when_safe.Heard(uow, house, conversation, None, now))

    assert person.calling.do(again) is None
    assert len(asked(person)) == 1


async def test_a_yes_makes_the_chat_a_safe_way_for_who_named_another(person: Person) -> None:
    """They ticked a text only; asked whether we may write here, they said when."""
    said = await person.sends(*BY_TEXT, answers={})
    assert ASKED in said
    assert Way.CHAT not in contact(person).ways
    await person.taps("Any time in the day")
    assert contact(person).ways == {Way.CHAT, Way.TEXT}


# -- beside a call -----------------------------------------------------------------------------------------


async def test_a_call_is_offered_after_it_and_only_at_times_that_fit(person: Person) -> None:
    """One question at a time, and no time is offered that they have just called unsafe."""
    said = await person.sends(*SENT, answers={})
    assert ASKED in said
    assert OFFERED not in said
    assert OFFERED in await person.hears("mornings")
    assert person.times
    assert all("am on" in label for label in person.times), person.times
    assert "We will not ring you for now" in await person.taps("No call, thank you")
    await person.taps("Any time in the day")
    assert OFFERED not in person.sender.last.text, "they have said no to a call"


async def test_who_is_rung_may_still_ask_us_not_to_write(person: Person) -> None:
    """A call is their way; the reminder in the chat ends, and no worker writes it instead."""
    await person.sends(*SENT, answers={})
    assert OFFERED in await person.taps("Do not write to me here")
    await person.taps(person.times[-1])
    assert person.call.stands
    before = len(person.sender.seen)
    await person.calling.until(person.call.starts_at - 5 * MINUTE)
    assert reminder(person).outcome == "stale.not_safe_to_remind"
    assert len(person.sender.seen) == before
    assert person.tasks("call_back_reminder") == []


async def test_who_says_when_only_after_booking_is_reminded_all_the_same(person: Person) -> None:
    """What is safe is read when a message is due, not when it was promised."""
    await person.sends(*SENT, answers={})
    await person.hears("can you ring me tomorrow at 2pm")
    await person.taps(person.times[0])
    await person.taps("Any time in the day")
    await person.calling.until(person.call.starts_at - 5 * MINUTE)
    assert reminder(person).outcome == "reminded"
    assert person.sender.last.text.startswith("Your call is between")


async def test_the_answer_may_be_changed_by_its_buttons(person: Person) -> None:
    """Days later, on an old message: what they say last counts."""
    await person.sends(*IN_CHAT, answers={})
    await person.taps("Any time in the day")
    await person.calling.until(person.calling.clock.now() + 48 * HOUR, every=12 * HOUR)
    await person.taps("Do not write to me here")
    assert answers(person)[MAY_WRITE] == "no"
    await person.taps("Only in the evening")
    assert answers(person) == {"safe_times": ["evenings"], MAY_WRITE: "yes"}
    assert contact(person).hours == chosen(["evenings"], person.calling.front.house.area.contacting)
    assert contact(person).hours[0].days == WEEKDAYS


async def test_other_workers_promises_are_not_dropped_when_they_ask_us_not_to_write(person: Person) -> None:
    """What they were promised, a worker keeps by another way."""
    await person.sends(*IN_CHAT, answers={})
    await person.taps("Do not write to me here")
    conversation = person.calling.front.conversation(person.sender.address)
    enquiry, now = person.enquiry, person.calling.clock.now()

    def ask(uow: UnitOfWork) -> Any:
        told = uow.follow_ups.add(
            enquiry_id=enquiry.id, conversation_id=conversation.id, kind=FollowUpKind.OUTCOME_TOLD, weight=2,
            due_at=now, now=now,
        )  # fmt: skip
        return may_begin(Moment(uow, told, enquiry, conversation, person.calling.front.house, now))

    assert person.calling.do(ask).why == "asked_not_to_write"

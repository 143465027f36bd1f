"""Whoever sent something is told where it stands; nobody else learns so much as that it exists."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.base import InboundMessage
from bot.clock import SteppedClock
from bot.conversation.promises import Place
from bot.conversation.references import asks_after, is_like_a_reference, reference_in
from bot.followups.chasing import CHECK, MOST_FAILED
from bot.followups.kinds import FollowUpKind
from storage.database import Database
from storage.decisions import FeedbackWay
from storage.enquiries import EnquiryRecord, EnquiryStatus
from storage.follow_ups import Actor
from storage.identifiers import FollowUpId
from storage.reference import new_reference
from tests.followups.living import DAY, HOUR, MINUTE, House

K = FollowUpKind
ASKS = "what happened to my referral?"
EMAIL = "k.example@school.example"
MADE_UP = new_reference(b"12345678")
HANDED = "We cannot say more about it here."


@pytest.fixture
def house(database: Database, clock: SteppedClock) -> House:
    return House(database, clock)


def set_status(house: House, enquiry: EnquiryRecord, status: EnquiryStatus) -> None:
    house.front.database.run_now(lambda uow: uow.enquiries.set_status(enquiry.id, status, house.clock.now()))


def decided(
    house: House, enquiry: EnquiryRecord, words: str, *, told: bool = True, way: FeedbackWay = FeedbackWay.CHAT
) -> None:
    """Let a worker have decided, and what they were told have gone."""

    def work(uow: Any) -> None:
        now = house.clock.now()
        worker = uow.duty_workers.add(name="Ada Example", email="ada@example.org", role="manager", now=now)
        decision = uow.decisions.record(
            enquiry_id=enquiry.id,
            hold_id=None,
            worker_id=worker.id,
            outcome="IA",
            referral_outcome=None,
            reason="x",
            details={},
            now=now,
        )
        feedback = uow.decisions.tell(
            decision,
            way=way,
            outbox_id=None,
            wording_id="x",
            words=words,
            reason=None,
            due_at=now + DAY,
            now=now,
        )
        if told:
            uow.decisions.told(feedback.id, None, now)
        uow.enquiries.set_status(enquiry.id, EnquiryStatus.CLOSED, now)

    house.front.database.run_now(work)


async def sent_by_a_professional(house: House) -> EnquiryRecord:
    person = house.person()
    enquiry = await house.sends_enquiry(person, "professional")  # with a phone
    house.says_it_is_safe(person, {"professional_email": EMAIL})
    return enquiry


# -- in the same chat -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", ["parent", "professional", "young_person"])
async def test_in_the_same_chat_they_are_told_where_it_stands(house: House, audience: str) -> None:
    """Nobody has to find a reference to hear about what is above it on the same screen."""
    person = house.person()
    enquiry = await house.sends_enquiry(person, audience)
    said = await house.hears(person, ASKS)
    assert "Nothing has been decided yet" in said
    assert enquiry.reference in said
    [task] = house.of(enquiry, K.CHASED)
    assert (task.actor, task.why) == (Actor.WORKER, "they_asked")
    set_status(house, enquiry, EnquiryStatus.WITH_WORKER)
    assert "A worker has what you sent" in await house.hears(person, ASKS)
    assert len(house.of(enquiry, K.CHASED)) == 1, "a task for each time they asked"


async def test_the_worker_hears_of_it_at_once(house: House) -> None:
    person = house.person()
    enquiry = await house.sends_enquiry(person, "professional")
    await house.hears(person, ASKS)
    before = len(house.outside.duty)
    await house.after(2 * MINUTE, MINUTE)
    assert any(enquiry.reference in told for told in house.outside.duty[before:])


async def test_what_was_decided_is_said_again_in_the_words_they_were_sent(house: House) -> None:
    person = house.person()
    enquiry = await house.sends_enquiry(person)
    decided(house, enquiry, "We have asked the early help team to ring you.")
    said = await house.hears(person, ASKS)
    assert "We have asked the early help team to ring you." in said
    assert house.enquiry(person).status is EnquiryStatus.CLOSED, "to ask does not open it again"
    assert house.of(enquiry, K.CHASED) == []


async def test_what_they_were_not_told_yet_a_worker_tells_them(house: House) -> None:
    """A decision is never first heard of from us because somebody happened to ask."""
    person = house.person()
    enquiry = await house.sends_enquiry(person)
    decided(house, enquiry, "We have asked the police to ring you.", told=False)
    said = await house.hears(person, ASKS)
    assert "police" not in said
    assert "They will tell you in a way that is safe" in said
    assert house.of(enquiry, K.CHASED)


@pytest.mark.parametrize(("way", "told"), [(FeedbackWay.NOT_TOLD, False), (FeedbackWay.BY_HAND, True)])
async def test_nobody_is_promised_to_be_told_who_will_not_be(house: House, way: FeedbackWay, told: bool) -> None:
    """A worker wrote down why they are not told, or has told them: "they will tell you" would not be true."""
    person = house.person()
    enquiry = await house.sends_enquiry(person, "public")
    decided(house, enquiry, "", told=told, way=way)
    said = await house.hears(person, ASKS)
    assert "They will tell you" not in said
    assert "There is no more that we can tell you here." in said
    assert house.of(enquiry, K.CHASED)


async def test_an_earlier_enquiry_in_the_same_chat_is_theirs(house: House) -> None:
    person = house.person()
    first = await house.sends_enquiry(person)
    await house.hears(person, person.starts())
    await house.hears(person, "skip")
    assert house.enquiry(person).id != first.id
    said = await house.hears(person, f"any update on my referral {first.reference}?")
    assert first.reference in said
    assert "Nothing has been decided yet" in said


# -- from elsewhere ---------------------------------------------------------------------------------------------


async def chases_elsewhere(house: House, reference: str, check: str, address: str = "960009") -> str:
    """Ask from a chat in which nothing was sent; return what was said in the end."""
    person = house.person(address)
    said = await house.hears(person, "What happened to my referral?")
    assert "Type the reference" in said
    said = await house.hears(person, reference)
    assert "phone number or the email address" in said
    return await house.hears(person, check)


@pytest.mark.parametrize("check", [f"it was {EMAIL.upper()}", "01632 960055", "+44 1632 960 055 I think"])
async def test_a_professional_is_told_after_a_check_that_only_they_can_answer(house: House, check: str) -> None:
    enquiry = await sent_by_a_professional(house)
    said = await chases_elsewhere(house, enquiry.reference.lower().replace("-", " "), check)
    assert "Nothing has been decided yet" in said
    assert house.of(enquiry, K.CHASED)


@pytest.mark.parametrize(
    ("audience", "check"),
    [("professional", "someone.else@school.example"), ("parent", "07700 900 111"), ("young_person", "I forgot")],
)
async def test_nobody_else_learns_anything(house: House, audience: str, check: str) -> None:
    """The reference may have been seen on a fridge. The answer is the same as for one that does not exist."""
    enquiry = await house.sends_enquiry(house.person(), audience)
    said = await chases_elsewhere(house, enquiry.reference, check)
    assert said == await chases_elsewhere(house, MADE_UP, check, address="960010")
    assert HANDED in said
    assert enquiry.reference not in said
    [task] = house.of(enquiry, K.CHASED)
    assert (task.actor, task.why) == (Actor.WORKER, "not_checked")


async def test_a_family_is_answered_by_a_worker_even_with_the_right_phone(house: House) -> None:
    """Whoever shares their home knows their phone number too."""
    person = house.person()
    enquiry = await house.sends_enquiry(person)
    house.says_it_is_safe(person, {"phone": "07700 900 982"})
    assert HANDED in await chases_elsewhere(house, enquiry.reference, "07700 900 982")


async def test_nobody_tries_numbers_until_one_fits(house: House) -> None:
    enquiry = await sent_by_a_professional(house)
    for number in range(MOST_FAILED):
        said = await chases_elsewhere(house, enquiry.reference, f"guess{number}@school.example", f"96010{number}")
        assert HANDED in said
    assert HANDED in await chases_elsewhere(house, enquiry.reference, EMAIL, "960199")


async def test_without_the_reference_a_worker_looks(house: House) -> None:
    person = house.person()
    await house.hears(person, "What happened to my referral?")
    said = await house.hears(person, person.taps("I do not have it"))
    assert HANDED in said
    assert house.of(house.enquiry(person), K.CHASED)


async def test_whoever_says_something_else_goes_on(house: House) -> None:
    """Asked for a reference they tell us what is wrong: that is what they came for."""
    person = house.person()
    await house.hears(person, person.starts("public"))
    await house.hears(person, "What happened to my referral?")
    said = await house.hears(person, "There is a new family next door and the boy is hungry")
    assert HANDED not in said
    assert "hurt or in danger right now?" in said
    assert "new family" in house.front.turns(house.front.conversation(person.address))[-1].words


async def test_a_check_that_is_never_answered_goes_to_a_worker(house: House) -> None:
    enquiry = await house.sends_enquiry(house.person(), "professional")
    person = house.person("960009")
    await house.hears(person, f"what happened to my referral {enquiry.reference}?")
    await house.after(HOUR, 5 * MINUTE)
    [task] = house.of(enquiry, K.CHASED)
    assert (task.actor, task.why) == (Actor.WORKER, "not_checked")
    asker = house.enquiry(person)
    assert task.details == {"asked_in": asker.reference}


async def test_an_old_question_of_another_chat_is_not_answered(house: House) -> None:
    enquiry = await house.sends_enquiry(house.person(), "professional")
    asker = house.person("960009")
    await house.hears(asker, f"what happened to my referral {enquiry.reference}?")
    [row] = house.of(house.enquiry(asker), K.CHASED)
    stranger = house.person("960010")
    await house.hears(stranger, "hello")
    place = Place(FollowUpId(row.id), CHECK)
    said = await house.hears(stranger, stranger.presses(place.button("x")))
    assert "earlier question" in said


async def test_what_a_worker_writes_down_of_a_call_asks_nothing_of_us(house: House) -> None:
    """The mother on the phone asked it, and the worker answers her."""
    enquiry = await house.sends_enquiry(house.person(), "professional")
    line = house.front.line
    begun = await line.begin_recording(channel="phone", audience="parent", note=lambda uow, conversation: None)
    said = await line.hear(
        InboundMessage(
            channel="phone",
            address=begun.conversation,
            external_id="1",
            received_at=house.clock.now(),
            text=f"she asks what happened to her referral {enquiry.reference}",
        )
    )
    assert not any("phone number or the email" in message.text for message in said.messages)
    assert house.of(enquiry, K.CHASED) == []


def test_references_are_found_as_people_type_them() -> None:
    plain = MADE_UP.replace("-", "")
    for typed in (MADE_UP, MADE_UP.lower(), plain, f"my ref is {MADE_UP}.", MADE_UP.replace("-", " ")):
        assert reference_in(typed) == MADE_UP
    assert asks_after(f"any news of {plain}?")
    assert not asks_after("any news?")
    assert is_like_a_reference(MADE_UP[:-1])
    assert not is_like_a_reference("no idea")
    assert reference_in("what happened to them") is None
    assert reference_in("call this number 01632 960 001") is None


# -- before they have to ask ------------------------------------------------------------------------------------


async def test_the_team_hears_of_it_before_a_professional_has_to_ask(house: House) -> None:
    """ST04: three working days of silence, and the team is told the day before they are over."""
    person = house.person()
    enquiry = await house.sends_enquiry(person, "professional")
    [prompt] = house.of(enquiry, K.REFERRER_PROMPT)
    assert prompt.promised_at is not None
    assert prompt.promised_at - house.clock.now() < 3 * DAY + HOUR
    before, seen = len(house.outside.duty), len(person.seen)
    await house.after(2 * DAY + 2 * HOUR, HOUR)
    told = [t for t in house.outside.duty[before:] if "tell the one who wrote to us" in t]
    assert told
    assert len(person.seen) == seen, "the professional is not written to by this"


async def test_who_was_told_is_not_prompted_for(house: House) -> None:
    person = house.person()
    enquiry = await house.sends_enquiry(person, "professional")
    decided(house, enquiry, "x")
    await house.after(5 * DAY, 2 * HOUR)
    assert house.of(enquiry, K.REFERRER_PROMPT) == []


async def test_families_have_no_such_prompt(house: House) -> None:
    assert house.of(await house.sends_enquiry(house.person()), K.REFERRER_PROMPT) == []

""" "Stop" ends whatever would write to them and keeps what must be kept; so does "you have the wrong person"."""

from __future__ import annotations

import pytest

from bot.channels.base import RecipientUnreachable
from bot.clock import SteppedClock
from bot.followups.kinds import FollowUpKind, promise
from bot.followups.wrong_person import WRONG_PERSON, says_wrong_person
from storage.conversations import ConversationStatus
from storage.database import Database
from storage.follow_ups import Actor
from tests.conversation.front import Sender
from tests.followups.living import DAY, HOUR, MINUTE, SECOND, House
from tests.followups.test_drafts import begun, deleted

K = FollowUpKind


@pytest.fixture
def house(database: Database, clock: SteppedClock) -> House:
    return House(database, clock)


def promised(house: House, person: Sender, *kinds: FollowUpKind) -> None:
    """Promise each of these in an hour."""
    conversation = house.front.conversation(person.address)

    def work(uow: object) -> None:
        for kind in kinds:
            promise(
                uow,  # type: ignore[arg-type]
                kind,
                enquiry_id=conversation.enquiry_id,
                conversation_id=conversation.id,
                due_at=house.clock.now() + HOUR,
                now=house.clock.now(),
            )

    house.front.database.run_now(work)


# -- stop -------------------------------------------------------------------------------------------------------


async def test_stop_ends_what_would_write_to_them_and_says_so(house: House) -> None:
    person = house.person()
    await begun(house, person)
    house.says_it_is_safe(person)
    promised(house, person, K.DRAFT_NUDGE, K.FEEDBACK, K.CALL_BACK_REMINDER, K.HELPED_SIGNPOST)
    said = await house.hears(person, "stop")
    assert "We have stopped. We will not send you any more questions or reminders." in said
    assert sorted(house.kinds(house.enquiry(person))) == [K.DRAFT_DELETION, K.DRAFT_WORRY]
    seen = len(person.seen)
    await house.after(29 * DAY, 4 * HOUR)
    assert len(person.seen) == seen


async def test_a_worry_is_seen_though_they_said_stop(house: House) -> None:
    """We told them so: "if we are worried that someone is not safe, a worker will see it"."""
    person = house.person()
    await begun(house, person, "public", "The little girl upstairs has bruises and is always alone")
    await house.hears(person, "stop")
    await house.after(20 * MINUTE, MINUTE)
    [task] = house.of(house.enquiry(person), K.DRAFT_WORRY)
    assert task.actor is Actor.WORKER


async def test_what_was_kept_goes_when_we_said_it_would(house: House) -> None:
    """ "We keep what you wrote for 30 days" is a promise too."""
    person = house.person()
    await begun(house, person)
    await house.hears(person, "stop")
    await house.after(29 * DAY, 4 * HOUR)
    assert not deleted(house, person)
    await house.after(1 * DAY, 4 * HOUR)
    assert deleted(house, person)


async def test_whoever_has_to_be_told_is_told_by_a_worker(house: House) -> None:
    """Stopping the chat does not take away the duty to say what was decided."""
    person = house.person()
    enquiry = await house.sends_enquiry(person)
    promised(house, person, K.OUTCOME_TOLD)
    await house.hears(person, "stop")
    [told] = house.of(enquiry, K.OUTCOME_TOLD)
    assert (told.actor, told.why) == (Actor.WORKER, "stopped")


async def test_a_workers_task_outlives_stop(house: House) -> None:
    person = house.person()
    enquiry = await house.sends_enquiry(person, "professional")
    assert house.of(enquiry, K.REFERRER_PROMPT)
    await house.hears(person, "stop")
    assert house.of(enquiry, K.REFERRER_PROMPT)


async def test_coming_back_is_easy(house: House) -> None:
    """One word, and they are where they were, with the clock of a draft running again."""
    person = house.person()
    await begun(house, person)
    await house.hears(person, "stop")
    await house.after(2 * DAY, 2 * HOUR)
    said = await house.hears(person, "hello")
    assert "Welcome back" in said
    assert K.DRAFT_WORRY in house.kinds(house.enquiry(person))


async def test_leaving_in_a_hurry_is_quiet_for_good(house: House) -> None:
    """Somebody is looking at the screen: nothing may come after them."""
    person = house.person()
    await begun(house, person)
    house.says_it_is_safe(person)
    promised(house, person, K.DRAFT_NUDGE, K.FEEDBACK, K.CALL_BACK_REMINDER)
    await house.hears(person, "exit")
    seen = len(person.seen)
    await house.after(29 * DAY, 4 * HOUR)
    assert len(person.seen) == seen


# -- blocked ----------------------------------------------------------------------------------------------------


async def test_whoever_blocks_us_is_left_alone_and_what_was_promised_goes_to_a_worker(house: House) -> None:
    """The channel says so when a message does not go; nothing is tried there again."""
    person = house.person()
    enquiry = await house.sends_enquiry(person)
    promised(house, person, K.FEEDBACK, K.CONSENT_RENEWAL, K.CALL_BACK_SLOTS)
    house.outside.fails_at[person.address] = RecipientUnreachable("blocked")
    await house.hears(person, "thank you")
    assert house.front.conversation(person.address).blocked_at is not None
    tried = len([m for m in house.outside.tried if m.address == person.address])
    await house.after(20 * DAY, 4 * HOUR)
    assert len([m for m in house.outside.tried if m.address == person.address]) == tried
    assert all(f.actor is Actor.WORKER for f in house.of(enquiry))
    assert house.of(enquiry, K.FEEDBACK) == []


# -- a phone that changed hands ---------------------------------------------------------------------------------

SURE = [
    "wrong number",
    "Sorry, wrong number",
    "You have the wrong person.",
    "you've got the wrong number mate",
    "I think you have the wrong person",
    "Wrong number. I'm not Karen",
    "I'm not Karen, wrong number",
    "wrong number, i just got this phone",
]
ONLY_WHERE_WE_BEGAN = [
    "I'm not Karen",
    "This is not Karen",
    "I don't know who this is",
    "i just got this number",
    "I am not Karen. I just got this number last week",
    "this phone belongs to someone else now",
    "Nobody of that name here",
]
NEVER = [
    "I'm not safe",
    "I'm not OK",
    "I am not coping",
    "i'm not well",
    "This is not working",
    "This is my new number",
    "I have a new phone",
    "You have the wrong person, he did not touch her",
    "They arrested the wrong person and now the kids are with my mum",
    "I rang the wrong number and a man shouted at me",
    "The school has the wrong phone number for us",
    "I am not going back to Karen",
    "no",
    "stop",
    "",
    "It is my number but he reads it",
    "I don't know who to ask",
    "wrong",
]


@pytest.mark.parametrize("words", SURE)
def test_said_like_this_it_is_meant(words: str) -> None:
    assert says_wrong_person(words, begun=False)
    assert says_wrong_person(words, begun=True)


@pytest.mark.parametrize("words", ONLY_WHERE_WE_BEGAN)
def test_said_like_this_it_is_meant_where_we_wrote_first(words: str) -> None:
    """In answer to our own question "I'm not Karen" may be part of what they have to tell."""
    assert says_wrong_person(words, begun=True)
    assert not says_wrong_person(words, begun=False)


@pytest.mark.parametrize("words", NEVER)
def test_said_like_this_it_is_not_meant(words: str) -> None:
    """Nobody who asks for help may be taken for a stranger and sent away."""
    assert not says_wrong_person(words, begun=True)
    assert not says_wrong_person(words, begun=False)


async def test_a_phone_that_changed_hands_stops_everything_and_a_worker_is_told(house: House) -> None:
    """Whoever has the phone now learns nothing of whom we wanted, or of what."""
    person = house.person()
    enquiry = await house.sends_enquiry(person)
    house.says_it_is_safe(person)
    promised(house, person, K.FEEDBACK, K.CALL_BACK_REMINDER)
    conversation = house.front.conversation(person.address)
    said = await house.hears(person, "You have the wrong person. I just got this number")
    assert said == house.front.house.wording.text("wrong_person_done")
    for telling in (enquiry.reference, "Exampleshire", "worker", "child", "999"):
        assert telling not in said
    [task] = [f for f in house.of(enquiry, K.HELP_TASK) if f.why == WRONG_PERSON]
    assert task.actor is Actor.WORKER
    assert any("wrong person" in told and enquiry.reference in told for told in house.outside.duty)
    left = [f for f in house.of(enquiry) if f.actor is not Actor.WORKER]
    assert [f.kind for f in left] == [K.DRAFT_WORRY]  # it writes to nobody
    kept = house.front.database.run_now(lambda uow: uow.conversations.get(conversation.id))
    assert kept.status is ConversationStatus.CLOSED
    seen = len(person.seen)
    await house.after(10 * DAY, 4 * HOUR)
    assert len(person.seen) == seen


async def test_the_next_one_at_that_phone_begins_anew(house: House) -> None:
    """They may need us as well, and they must not find somebody else's words."""
    person = house.person()
    first = await house.sends_enquiry(person)
    await house.hears(person, "wrong number")
    said = await house.hears(person, "hello")
    assert "Welcome back" not in said
    assert house.enquiry(person).id != first.id
    assert first.reference not in await house.hears(person, "what happened to my referral?")
    said = await house.hears(person, f"what happened to my referral {first.reference}?")
    assert "phone number or the email" in said, "told to whoever has the phone now"


async def test_danger_is_heard_before_a_wrong_number(house: House) -> None:
    person = house.person()
    await house.sends_enquiry(person)
    house.clock.tick(SECOND)
    said = await house.hears(person, "wrong number but help he is strangling me right now")
    assert "999" in said
    assert house.front.concerns(house.front.conversation(person.address))

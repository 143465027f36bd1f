"""The same message to a group: only where it is safe, at its pace, never to closed queues, stopped at a word."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.base import ChannelDown
from bot.clock import SteppedClock
from bot.followups.campaigns import begin_campaign, reach_of, stop_campaign, waiting_of, words_of
from storage.campaigns import CampaignRecord, Chosen
from storage.database import Database
from storage.follow_ups import Actor
from storage.unit_of_work import UnitOfWork
from tests.followups.calling import ANY_TIME, DAY, HOUR, MINUTE, SECOND, Calling, Person
from tests.storage.builders import close_queue

SAFE = {**ANY_TIME, "safe_contact_methods": {"is": "given", "value": ["reply_in_this_chat"], "words": ""}}
NOT_SAFE = {**ANY_TIME, "safe_contact_methods": {"is": "given", "value": ["none_is_safe"], "words": ""}}
TEXT = "Our office is closed on Monday 31 August."


@pytest.fixture
def calling(database: Database, clock: SteppedClock) -> Calling:
    return Calling(database, clock)


async def people(calling: Calling, *answers: dict[str, Any]) -> list[Person]:
    """Let so many write to us, each with what they said of reaching them."""
    found = []
    for number, said in enumerate(answers):
        person = calling.person(f"96010{number}")
        await person.hears("hello")
        person.knows(said)
        found.append(person)
    return found


def begin(calling: Calling, chosen: Chosen | None = None, pace: int = 60) -> CampaignRecord:
    now, house = calling.clock.now(), calling.front.house
    worker = calling.staff["Cam Diaz"]
    campaign: CampaignRecord = calling.do(
        lambda uow: begin_campaign(uow, house, worker, "own", TEXT, chosen or Chosen(), pace, now)
    )
    return campaign


def state(calling: Calling, campaign: CampaignRecord) -> tuple[int, int, int]:
    kept = calling.do(lambda uow: uow.campaigns.get(campaign.id))
    return kept.sent, kept.skipped, kept.left


async def test_it_goes_where_it_is_safe_and_the_others_are_counted(calling: Calling) -> None:
    """Whoever is not safe is left out: nobody is tasked with a hundred calls about a bank holiday."""
    safe, unsafe, unknown = await people(calling, SAFE, NOT_SAFE, {})
    campaign = begin(calling)
    assert campaign.planned == 3
    await calling.until(calling.clock.now() + 2 * MINUTE, SECOND)
    assert TEXT in safe.sender.words
    assert TEXT not in unsafe.sender.words
    assert TEXT not in unknown.sender.words
    assert state(calling, campaign) == (1, 2, 0)
    tasks = calling.do(lambda uow: uow.follow_ups.standing(actor=Actor.WORKER, kinds=["campaign"]))
    assert tasks == []


async def test_it_keeps_its_pace(calling: Calling) -> None:
    """Ten in a minute is one each six seconds, so that a stop still means something."""
    await people(calling, *[SAFE] * 4)
    campaign = begin(calling, pace=10)
    await calling.until(calling.clock.now() + 7 * SECOND, SECOND)
    assert state(calling, campaign)[0] == 2
    await calling.until(calling.clock.now() + 12 * SECOND, SECOND)
    assert state(calling, campaign)[0] == 4


async def test_it_is_stopped_at_any_moment(calling: Calling) -> None:
    found = await people(calling, *[SAFE] * 4)
    campaign = begin(calling, pace=10)
    await calling.until(calling.clock.now() + 7 * SECOND, SECOND)
    now, worker = calling.clock.now(), calling.staff["Cam Diaz"]
    assert calling.do(lambda uow: stop_campaign(uow, campaign.id, worker, now)) == 2
    assert calling.do(lambda uow: stop_campaign(uow, campaign.id, worker, now)) is None
    await calling.until(calling.clock.now() + HOUR, MINUTE)
    assert sum(TEXT in person.sender.words for person in found) == 2


async def test_stopped_it_takes_back_what_waits_to_be_sent(calling: Calling) -> None:
    """The channel is slow, and the message was wrong: what has not gone does not go an hour later."""
    found = await people(calling, *[SAFE] * 3)
    for person in found[:2]:
        calling.outside.fails_at[person.sender.address] = ChannelDown("slow")
    campaign = begin(calling)
    await calling.until(calling.clock.now() + 4 * SECOND, SECOND)
    assert state(calling, campaign) == (3, 0, 0)
    [record] = calling.do(lambda uow: uow.campaigns.newest(1))
    assert calling.do(lambda uow: waiting_of(uow, [record])) == {campaign.id: 2}
    now, worker = calling.clock.now(), calling.staff["Cam Diaz"]
    assert calling.do(lambda uow: stop_campaign(uow, campaign.id, worker, now)) == 2
    assert state(calling, campaign) == (1, 0, 2)
    calling.outside.fails_at.clear()
    await calling.until(calling.clock.now() + HOUR, MINUTE)
    assert [TEXT in person.sender.words for person in found] == [False, False, True]
    assert calling.do(lambda uow: waiting_of(uow, [record])) == {campaign.id: 0}


async def test_what_never_went_is_counted_as_left_out(calling: Calling) -> None:
    """Nobody reads that sixty were written to where the channel took none."""
    (person,) = await people(calling, SAFE)
    calling.outside.fails_at[person.sender.address] = ChannelDown("slow")
    campaign = begin(calling)
    await calling.until(calling.clock.now() + 12 * HOUR, 10 * MINUTE)
    assert TEXT not in person.sender.words
    assert state(calling, campaign) == (0, 1, 0)


async def test_it_waits_for_a_safe_hour_but_not_for_ever(calling: Calling) -> None:
    """A closure told of at midnight wakes a house; told of a week later it is of no use."""
    evenings = {**SAFE, "safe_times": {"is": "given", "value": ["evenings"], "words": "Evenings"}}
    (person,) = await people(calling, evenings)
    campaign = begin(calling)
    await calling.until(calling.clock.now() + 4 * HOUR, 10 * MINUTE)
    assert TEXT not in person.sender.words
    await calling.until(calling.clock.now() + 5 * HOUR, 10 * MINUTE)
    assert TEXT in person.sender.words
    assert state(calling, campaign) == (1, 0, 0)


async def test_closed_queues_the_blocked_and_the_silent_are_not_in_it(calling: Calling) -> None:
    _, closed, blocked = await people(calling, SAFE, SAFE, SAFE)
    enquiry_id = closed.enquiry.id
    conversation = calling.front.conversation(blocked.sender.address)
    now = calling.clock.now()

    def change(uow: UnitOfWork) -> None:
        close_queue(uow, enquiry_id, now)
        uow.conversations.mark_blocked(conversation.id, now)

    calling.do(change)
    reach = calling.do(lambda uow: reach_of(uow, Chosen(), now))
    assert reach.count == 1
    assert calling.do(lambda uow: reach_of(uow, Chosen(heard_days=1), now + 3 * DAY)).count == 0


async def test_it_is_for_whom_was_chosen(calling: Calling) -> None:
    (first, _) = await people(calling, SAFE, SAFE)
    enquiry_id, now = first.enquiry.id, calling.clock.now()
    calling.do(lambda uow: uow.enquiries.set_audience(enquiry_id, "professional"))

    def count(chosen: Chosen) -> int:
        found: int = calling.do(lambda uow: reach_of(uow, chosen, now)).count
        return found

    assert count(Chosen()) == 2
    assert count(Chosen(audiences=("professional",))) == 1
    assert count(Chosen(stages=("closed",))) == 0
    assert count(Chosen(stages=("draft", "closed"))) == 2
    assert count(Chosen(channels=("webchat",))) == 0


def test_approved_words_are_filled_in(calling: Calling) -> None:
    now, house = calling.clock.now(), calling.front.house
    said = words_of(house, "group_shut", own="", when="on  Monday 31 August", now=now)
    assert said.startswith("Our office is closed on Monday 31 August.")
    assert words_of(house, "made_up", own="", when="", now=now) == ""

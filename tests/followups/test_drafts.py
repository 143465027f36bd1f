"""A draft left half way comes before a worker where there is a worry in it; otherwise it is asked about once,
kindly, and deleted when we said.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.clock import SteppedClock
from bot.followups.acts import NOW, acts_for
from bot.followups.drafts import LEFT_WITH_A_WORRY
from bot.followups.due import FAILED
from bot.followups.kinds import FollowUpKind, name_of
from bot.followups.retention import delete_old, find_old
from storage.conversations import ConversationStatus
from storage.database import Database
from storage.erasure import old_drafts
from storage.follow_ups import Actor
from tests.conversation.front import Sender, parts
from tests.followups.living import DAY, HOUR, MINUTE, House
from tests.storage.builders import erase_old_drafts

WORRY, NUDGE = FollowUpKind.DRAFT_WORRY, FollowUpKind.DRAFT_NUDGE
ENDING, DELETION = FollowUpKind.DRAFT_ENDING, FollowUpKind.DRAFT_DELETION


@pytest.fixture
def house(database: Database, clock: SteppedClock) -> House:
    return House(database, clock)


async def begun(
    house: House, person: Sender, audience: str = "parent", words: str = "We need school shoes"
) -> None:
    await house.hears(person, person.starts(audience))
    await house.hears(person, words)


def deleted(house: House, person: Sender) -> bool:
    found = house.front.database.run_now(lambda uow: uow.conversations.find("telegram", person.address))
    return found is None


async def test_one_row_for_a_whole_conversation(house: House) -> None:
    """A row for each turn would be thirty rows for each enquiry."""
    person = house.person()
    await begun(house, person)
    for words in ("back", "help", "something else", "skip"):
        house.clock.tick(4 * MINUTE)
        await house.hears(person, words)
    assert house.kinds(house.enquiry(person)) == [WORRY]


async def test_a_draft_with_a_worry_is_seen_in_thirty_minutes(house: House) -> None:
    """FD12: somebody frightened of finishing it still wrote it."""
    person = house.person()
    await begun(house, person, "public", "The baby next door is crying every night and they shout at her")
    left = house.clock.now()
    await house.after(14 * MINUTE, MINUTE)
    assert house.enquiry(person).submitted_at is None
    await house.after(2 * MINUTE, MINUTE)
    enquiry = house.enquiry(person)
    assert enquiry.submitted_at is not None
    [task] = house.of(enquiry, WORRY)
    assert (task.actor, task.why) == (Actor.WORKER, LEFT_WITH_A_WORRY)
    assert task.promised_at == left + 30 * MINUTE
    assert any(enquiry.reference in told for told in house.outside.duty)
    told = len(house.outside.duty)
    await house.after(HOUR, 5 * MINUTE)
    assert len(house.outside.duty) > told, "nobody has looked, and nobody was told again"


async def test_a_draft_is_called_a_worry_only_where_one_was_found(house: House) -> None:
    """The desk lists every draft that will be looked at: to call each a worry would cry wolf."""
    person, other = house.person(), house.person()
    await begun(house, person, "public", "The baby next door is crying every night and they shout at her")
    await begun(house, other)
    for each in (person, other):
        [ours] = house.of(house.enquiry(each), WORRY)
        assert name_of(house.front.house.wording, ours) == "look at what was begun and not sent"
    await house.after(16 * MINUTE, MINUTE)
    [theirs] = house.of(house.enquiry(person), WORRY)
    assert name_of(house.front.house.wording, theirs) == "read a worry that was never sent"
    assert name_of(house.front.house.wording, replace(theirs, why=FAILED)) == "look at what was begun and not sent"


async def test_a_worker_who_looks_ends_it(house: House) -> None:
    person = house.person()
    await begun(house, person, "young_person", "My mum gets so drunk I have to put her to bed")
    await house.after(16 * MINUTE, MINUTE)
    enquiry = house.enquiry(person)
    house.looks(enquiry)
    await house.after(HOUR, 5 * MINUTE)
    assert house.of(enquiry, WORRY) == []


async def test_what_a_worker_has_cannot_be_begun_again_from_the_desk(house: House) -> None:
    """Begun anew its bells would start from the first, and those above would hear of it later than promised."""
    person = house.person()
    await begun(house, person, "public", "The baby next door is crying every night and they shout at her")
    [ours] = house.of(house.enquiry(person), WORRY)
    assert acts_for(ours) == (NOW,)
    await house.after(16 * MINUTE, MINUTE)
    [theirs] = house.of(house.enquiry(person), WORRY)
    assert acts_for(theirs) == ()
    assert acts_for(replace(theirs, why=FAILED)) == (NOW,)


async def test_they_may_still_go_on_with_what_a_worker_has(house: House) -> None:
    """Back after an hour, they are at the question they had got to, and nobody tells them off."""
    person = house.person()
    await begun(house, person, "public", "The boy across the road is outside alone at night, he is about four")
    await house.after(HOUR, 5 * MINUTE)
    before = house.front.conversation(person.address)
    assert not before.finished
    said = await house.hears(person, "skip")
    assert "deleted" not in said
    assert house.front.conversation(person.address).status is ConversationStatus.ACTIVE


async def test_what_they_write_later_is_seen_as_well(house: House) -> None:
    """Sent for them once, and then they came back and wrote more."""
    person = house.person()
    await begun(house, person, "public", "The boy across the road is outside alone at night, he is about four")
    await house.after(HOUR, 5 * MINUTE)
    enquiry = house.enquiry(person)
    house.looks(enquiry)
    await house.after(2 * HOUR, 10 * MINUTE)
    assert house.of(enquiry, WORRY) == []
    await house.hears(person, "skip")
    await house.after(20 * MINUTE, MINUTE)
    [task] = house.of(enquiry, WORRY)
    assert task.actor is Actor.WORKER


async def test_a_draft_that_is_deleted_by_them_is_not_seen(house: House) -> None:
    """They took it back before anybody saw it: that counts, where nothing worrying was heard."""
    person = house.person()
    await begun(house, person)
    enquiry = house.enquiry(person)
    await house.hears(person, "delete")
    await house.hears(person, "yes")
    assert house.kinds(enquiry) == []
    await house.after(2 * HOUR, 10 * MINUTE)
    assert "You began" not in person.words


async def test_one_nudge_where_it_is_safe_then_the_end_is_said_and_kept(house: House) -> None:
    """FD13: gone on the day we named, and they were told that day twice."""
    person = house.person()
    await begun(house, person)
    house.says_it_is_safe(person)
    enquiry, left = house.enquiry(person), house.clock.now()
    await house.after(26 * DAY, 2 * HOUR)
    nudges = [m.text for m in person.seen if "You began to write something here" in m.text]
    assert len(nudges) == 1
    assert "Wednesday 1 April" in nudges[0]
    await house.after(1 * DAY + 6 * HOUR, HOUR)
    assert "will be deleted on Wednesday 1 April" in person.last.text
    await house.after(left + 30 * DAY - house.clock.now() - HOUR, HOUR)
    assert not deleted(house, person)
    await house.after(2 * HOUR, HOUR)
    assert deleted(house, person)
    assert house.kinds(enquiry) == []
    [gone] = house.of(enquiry, DELETION, standing=False)
    assert gone.outcome == "deleted"


async def test_nobody_is_nudged_where_that_is_not_known_to_be_safe(house: House) -> None:
    """A buzz on a shared phone: "you began to write something" can be enough."""
    person = house.person()
    await begun(house, person)
    seen = len(person.seen)
    await house.after(31 * DAY, 3 * HOUR)
    assert len(person.seen) == seen
    assert deleted(house, person)
    assert house.outside.duty == []


async def test_a_nudge_comes_in_their_hours_only(house: House) -> None:
    person = house.person()
    await begun(house, person)
    house.says_it_is_safe(
        person,
        {"safe_contact_methods": ["reply_in_this_chat"], "safe_times": ["evenings"], "who_may_see": "no_one"},
    )
    await house.after(3 * DAY, MINUTE * 30)
    [nudge] = [f for f in house.of(house.enquiry(person), NUDGE, standing=False) if f.outcome == "nudged"]
    assert nudge.done_at is not None
    assert 17 <= nudge.done_at.hour < 20


async def test_coming_back_puts_everything_off(house: House) -> None:
    """Thirty days from their last word, not from their first."""
    person = house.person()
    await begun(house, person)
    house.says_it_is_safe(person)
    await house.after(20 * DAY, 3 * HOUR)
    await house.hears(person, "I want to add that we also need a bed")
    back = house.clock.now()
    await house.after(15 * DAY, 3 * HOUR)
    assert not deleted(house, person)
    assert len([m for m in person.seen if "You began" in m.text]) == 1, "nudged a second time"
    await house.after(back + 30 * DAY - house.clock.now() + 3 * HOUR, 3 * HOUR)
    assert deleted(house, person)


async def test_a_worry_on_coming_back_is_seen_too(house: House) -> None:
    """The nudge brought them back, and what they wrote then is what they meant all along."""
    person = house.person()
    await begun(house, person)
    house.says_it_is_safe(person)
    await house.after(25 * HOUR, HOUR)
    assert "You began" in person.last.text
    await house.hears(person, "he says he will take the kids and we will never see them again")
    house.says_it_is_safe(person, {"worries": "That he takes the children"})
    await house.after(20 * MINUTE, MINUTE)
    assert house.enquiry(person).submitted_at is not None


async def test_the_net_leaves_a_draft_with_a_clock_alone(house: House) -> None:
    """One rule: told late, they have the days they were told of, whatever the hourly sweep thinks."""
    person = house.person()
    await begun(house, person)
    house.says_it_is_safe(person)
    await house.after(26 * HOUR, HOUR)
    house.clock.tick(30 * DAY)  # the machine slept
    now = house.clock.now()
    before = now - timedelta(days=30)
    assert house.front.database.run_now(lambda uow: old_drafts(uow, before)) == []
    await house.after(2 * HOUR, HOUR)
    assert "will be deleted on" in person.last.text
    assert house.front.database.run_now(lambda uow: erase_old_drafts(uow, before, house.clock.now())) == 0
    await house.after(2 * DAY + 20 * HOUR, HOUR)
    assert not deleted(house, person)
    await house.after(6 * HOUR, HOUR)
    assert deleted(house, person)


async def test_a_person_who_blocked_us_is_not_written_to(house: House) -> None:
    person = house.person()
    await begun(house, person)
    house.says_it_is_safe(person)
    conversation = house.front.conversation(person.address)
    house.front.database.run_now(lambda uow: uow.conversations.mark_blocked(conversation.id, house.clock.now()))
    tried = len(house.outside.tried)
    await house.after(31 * DAY, 3 * HOUR)
    assert len(house.outside.tried) == tried
    assert deleted(house, person)


async def test_an_area_may_nudge_nobody(database: Database, clock: SteppedClock) -> None:
    usual = parts()[0]
    area = usual.model_copy(update={"drafts": usual.drafts.model_copy(update={"nudge_hours": 0})})
    house = House(database, clock, area)
    person = house.person()
    await begun(house, person)
    house.says_it_is_safe(person)
    await house.after(5 * DAY, 2 * HOUR)
    assert "You began" not in person.words
    assert house.kinds(house.enquiry(person)) == [ENDING]


async def test_what_a_command_would_delete_is_what_goes(house: House) -> None:
    """The command, the clock of a draft and the hourly sweep delete by the same rule."""
    person = house.person()
    await begun(house, person)
    retention = house.front.house.area.retention
    await house.after(28 * DAY, 3 * HOUR)
    find = partial(find_old, retention=retention)
    assert house.front.database.run_now(lambda uow: find(uow, now=house.clock.now())) == []
    house.clock.tick(10 * DAY)  # the machine slept: the clock of the draft has not rung
    enquiry = house.enquiry(person)
    [old] = house.front.database.run_now(lambda uow: find(uow, now=house.clock.now()))
    assert old.reference == enquiry.reference
    assert [
        o.reference
        for o in house.front.database.run_now(lambda uow: delete_old(uow, retention, house.clock.now()))
    ]
    assert deleted(house, person)
    assert house.kinds(enquiry) == []

"""One message after another, each kept, answered and sent, whatever breaks on the way."""

from __future__ import annotations

import asyncio
import inspect
import logging
import random
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from bot.app import build_app
from bot.channels.base import (
    ChannelDown,
    MessageKind,
    MessageRefused,
    RecipientMoved,
    RecipientUnreachable,
    SlowDown,
)
from bot.channels.webchat import WEBCHAT
from bot.clock import SteppedClock
from bot.conversation.base import NoSuchConversation
from bot.conversation.deciding import Decider
from bot.conversation.effects import Doer
from bot.conversation.turn import TRIES_BEFORE_A_PERSON
from bot.logs import _Formatter
from bot.outbox.dispatcher import dead_owners, owner_name
from bot.safeguarding.screening import Screener
from bot.settings import Settings, new_key
from flows.effects import Effect
from flows.model import Ask
from nlu.base import NluUnavailable, Screening, Understanding
from storage.conversations import ConversationStatus
from storage.database import Database
from storage.outbox import OutboxStatus
from storage.unit_of_work import UnitOfWork
from tests.conversation.front import DUTY, Front, Outside, Sender, build_front, parts
from tests.flows.playing import front_door
from tests.storage.builders import decision_about, duty_worker, hold_of


async def begun(front: Front, person: Sender) -> None:
    await front.accept(person.starts())


async def said(front: Front, person: Sender, *texts: str) -> None:
    for text in texts:
        await front.accept(person.says(text))


# -- once, and in order ----------------------------------------------------------------------------


async def test_a_redelivered_message_is_kept_and_answered_once(front: Front, person: Sender) -> None:
    """Telegram repeats an update it did not see acknowledged."""
    await begun(front, person)
    message = person.says("no")
    await front.accept(message)
    seen = len(person.seen)
    await front.accept(message)
    await front.accept(message, message)
    assert len(person.seen) == seen
    assert [t.words for t in front.turns(front.conversation(person.address))] == ["/start", "no"]


async def test_the_web_chat_s_repeat_gets_the_same_result(front: Front, person: Sender) -> None:
    """A client that lost the answer asks again with the same id, and must not answer twice."""
    exchange, _ = await front.line.begin(channel=WEBCHAT)
    message = person.says("no", channel=WEBCHAT, address=exchange.conversation, order=0)
    first = await front.line.hear(message)
    again = await front.line.hear(message)
    assert first.messages == again.messages
    assert first.expects == again.expects
    assert first.messages


async def test_the_same_message_heard_at_the_same_moment_is_handled_once(front: Front, person: Sender) -> None:
    """A double click sends two requests at once."""
    exchange, _ = await front.line.begin(channel=WEBCHAT)
    message = person.says("no", channel=WEBCHAT, address=exchange.conversation, order=0)
    results = await asyncio.gather(*(front.line.hear(message) for _ in range(4)))
    assert {r.messages for r in results} == {results[0].messages}
    assert len(front.turns(exchange.conversation)) == 1


async def test_messages_of_one_moment_are_answered_in_the_order_sent(front: Front, person: Sender) -> None:
    """Thumbs are faster than servers; an answer must meet its own question."""
    await begun(front, person)
    messages = [person.says(t) for t in ("no", "mum", "yes", "my lad will not go to school", "short")]
    await asyncio.gather(*(front.line.accept([m]) for m in messages))
    await front.settle()
    answers = front.answers(front.conversation(person.address))
    assert answers["immediate_danger"]["value"] == "no"
    assert answers["role"]["value"] == "parent_or_carer"
    assert answers["reason_in_own_words"]["value"] == "my lad will not go to school"
    assert answers["depth"]["value"] == "quick"


async def test_messages_that_arrive_out_of_order_are_answered_in_order(front: Front, person: Sender) -> None:
    """Webhooks overtake each other; the channel's own order counts."""
    await begun(front, person)
    first, second, third = person.says("no"), person.says("mum"), person.says("yes")
    await front.accept(third, first, second)
    answers = front.answers(front.conversation(person.address))
    assert answers["immediate_danger"]["value"] == "no"
    assert answers["role"]["value"] == "parent_or_carer"
    assert answers["can_talk_safely"]["value"] == "yes"


async def test_two_first_messages_at_once_open_one_conversation(front: Front, person: Sender) -> None:
    """Two taps on Start are one person."""
    await asyncio.gather(*(front.line.accept([person.starts()]) for _ in range(3)))
    await front.settle()
    assert front.count("conversation") == 1
    assert front.count("enquiry") == 1


async def test_two_processes_answer_each_message_once_and_in_order(
    postgresql_url: str, clock: SteppedClock, outside: Outside, keyring: object
) -> None:
    """More than one process may hear one person; the database decides who answers."""
    databases = [Database(postgresql_url, keyring=keyring) for _ in range(2)]  # type: ignore[arg-type]
    fronts = [build_front(d, clock=clock, outside=outside, owner=f"host:{n}:{n}") for n, d in enumerate(databases)]
    person = Sender(outside, clock)
    await fronts[0].accept(person.starts())
    messages = [person.says(t) for t in ("no", "mum", "yes", "my lad will not go to school", "short", "text me")]
    for number, message in enumerate(messages):
        await fronts[number % 2].line._keep([message])
    await asyncio.gather(*(front.line.take_up_unhandled() for front in fronts))
    for front in fronts:
        await front.settle()
    conversation = fronts[0].conversation(person.address)
    turns = fronts[0].turns(conversation)
    assert all(t.handled_at for t in turns)
    assert len(turns) == 7
    assert fronts[0].answers(conversation)["safe_contact_methods"]["value"] == ["text"]
    by_turn = [r.turn_id for r in fronts[0].rows(conversation)]
    assert by_turn == sorted(by_turn, key=[t.id for t in sorted(turns, key=lambda t: t.sent_order)].index)
    for database in databases:
        database.dispose()


async def test_a_repeat_of_a_message_of_a_deleted_conversation_opens_no_new_one(
    front: Front, person: Sender
) -> None:
    """A channel that repeats an old message must not bring back what the person deleted."""
    await begun(front, person)
    message = person.says("no")
    await front.accept(message)
    await front.accept(person.presses("delete"))
    await front.accept(person.taps("yes"))
    await front.accept(message)
    assert front.count("conversation") == 1


async def test_a_deleted_web_chat_still_answers_the_repeat_of_its_last_message(
    front: Front, person: Sender
) -> None:
    """The answer that said it was deleted was lost on the way: the same request must not become an error."""
    exchange, _ = await front.line.begin(channel=WEBCHAT)
    place = {"channel": WEBCHAT, "address": exchange.conversation, "order": 0}
    asked = await front.line.hear(person.presses("delete", **place))
    sure = person.presses("yes", prompt=asked.expects.prompt, **place)
    done = await front.line.hear(sure)
    assert (await front.line.hear(sure)).messages == done.messages
    with pytest.raises(NoSuchConversation):
        await front.line.hear(person.says("hello", **place))


# -- what breaks -----------------------------------------------------------------------------------


async def test_a_turn_kept_and_never_answered_is_taken_up(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """A process died between keeping and answering; nobody may wait for ever."""
    await begun(front, person)
    kept = await front.line._keep([person.says("no")])
    assert not isinstance(kept[0], BaseException)
    later = build_front(front.database, clock=clock, outside=front.outside)
    clock.tick(10)
    assert await later.line.take_up_unhandled(timedelta(seconds=5)) == 1
    await later.settle()
    assert front.answers(front.conversation(person.address))["immediate_danger"]["value"] == "no"
    assert await later.line.take_up_unhandled() == 0


@dataclass
class Understands:
    """Fails, or never answers."""

    error: Exception | None = None
    name: str = "broken"

    async def understand(self, text: str, *, language: str = "en", audience: str | None = None) -> Understanding:
        if self.error is not None:
            raise self.error
        await asyncio.Event().wait()
        raise AssertionError


@pytest.mark.parametrize("error", [NluUnavailable(), ValueError("a model broke"), None])
async def test_without_understanding_the_words_are_the_answer(
    database: Database, clock: SteppedClock, outside: Outside, error: Exception | None
) -> None:
    """The front door never waits on a model, and never fails with it."""
    front = build_front(
        database,
        clock=clock,
        outside=outside,
        understander=Understands(error),
        patience=timedelta(milliseconds=20),
    )
    person = Sender(outside, clock)
    await begun(front, person)
    await said(front, person, "no", "mum")
    assert set(front.answers(front.conversation(person.address))) == {"immediate_danger", "role"}


@pytest.mark.parametrize(
    ("said_word", "heard"),
    [
        ("person", "We have asked a worker"),
        ("Talk to a person", "We have asked a worker"),
        ("STOP", "We have stopped"),
        ("back", "This is the first question"),
        ("change", "There are no answers to change yet"),
        ("help", "Say yes if anyone could be badly hurt now"),
        ("start again", "Do you want to start again?"),
        ("exit", "Done."),
    ],
)
async def test_the_words_we_tell_people_to_type_need_no_understanding(
    sqlite_database: Database, clock: SteppedClock, outside: Outside, said_word: str, heard: str
) -> None:
    """A promise such as 'type "person"' holds with every model broken."""
    broken = Understands(NluUnavailable())
    front = build_front(sqlite_database, clock=clock, outside=outside, understander=broken)
    person = Sender(outside, clock)
    await begun(front, person)
    seen = len(person.seen)
    await said(front, person, said_word)
    assert heard in "\n".join(m.text for m in person.seen[seen:])


class BrokenView:
    def screen(self, text: str, *, speaker: str | None = None) -> Screening:
        raise RuntimeError("the list could not be read")


async def test_a_broken_screening_brings_a_person_today_and_the_person_is_answered(
    database: Database, clock: SteppedClock, outside: Outside
) -> None:
    """A rule that breaks stops and brings a person; it is never skipped."""
    front = build_front(database, clock=clock, outside=outside, screener=Screener((BrokenView(),)))
    person = Sender(outside, clock)
    await begun(front, person)
    await said(front, person, "no")
    conversation = front.conversation(person.address)
    assert front.concerns(conversation) == [("screening_broken", "same_day")]
    assert front.answers(conversation)["immediate_danger"]["value"] == "no"
    assert any("same day" in text for text in outside.duty)


async def test_one_broken_view_does_not_silence_another(
    database: Database, clock: SteppedClock, outside: Outside
) -> None:
    """What one view hears stands, whatever another does."""
    usual = parts()[3]
    front = build_front(database, clock=clock, outside=outside, screener=Screener((BrokenView(), *usual.views)))
    person = Sender(outside, clock)
    await front.accept(person.says("my ex keeps hitting me and my son"))
    urgencies = dict(front.concerns(front.conversation(person.address)))
    assert urgencies["screening_broken"] == "same_day"
    assert "immediate" in urgencies.values()


async def test_a_turn_that_cannot_be_decided_is_given_to_a_person_and_the_conversation_goes_on(
    front: Front, person: Sender, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake of ours on one message must not lock a person out."""
    await begun(front, person)
    decide = Decider.decide

    def fails_on_one(self: Decider, turn: object, *rest: object) -> object:
        if getattr(turn, "words", "") == "poison":
            raise RuntimeError("a mistake of ours")
        return decide(self, turn, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Decider, "decide", fails_on_one)
    await front.accept(person.says("poison"))
    assert "Something went wrong" not in person.words
    for _ in range(TRIES_BEFORE_A_PERSON):
        clock.tick(10)
        await front.line.take_up_unhandled(timedelta(seconds=5))
        await front.settle()
    assert person.last.text.startswith("Something went wrong on our side. We have kept your words.")
    assert any("could not be answered" in text for text in front.outside.duty)
    await said(front, person, "no")
    turns = {t.words: t.outcome for t in front.turns(front.conversation(person.address))}
    assert turns["poison"] == "given_to_person"
    assert front.answers(front.conversation(person.address))["immediate_danger"]["value"] == "no"


async def test_a_conversation_whose_state_cannot_be_read_is_given_to_a_person(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """What broke may be the state itself; the way to a person must not need it."""
    await begun(front, person)
    conversation = front.conversation(person.address)
    front.database.run_now(
        lambda uow: uow.conversations.save(
            conversation.id,
            expected_version=conversation.version,
            state={"of": "another age"},
            status="active",
            finished=False,
            flow=conversation.flow,
            flow_version=conversation.flow_version,
            language="en",
            turns_handled=1,
            now=clock.now(),
            spoke=True,
        )
    )
    await front.accept(person.says("hello"))
    for _ in range(TRIES_BEFORE_A_PERSON):
        clock.tick(10)
        await front.line.take_up_unhandled(timedelta(seconds=5))
        await front.settle()
    assert person.last.text.startswith("Something went wrong on our side.")
    assert any("could not be answered" in text for text in front.outside.duty)


async def test_what_cannot_be_cleared_from_the_screen_stops_nothing(front: Front, person: Sender) -> None:
    """A quick exit that Telegram refuses is still a stop."""
    await begun(front, person)
    front.outside.breaks_clearing = ChannelDown("down")
    await front.accept(person.presses("quick_exit"))
    assert front.conversation(person.address).status is ConversationStatus.DORMANT
    assert person.last.text.startswith("Done.")


# -- sending ---------------------------------------------------------------------------------------


async def test_messages_wait_behind_one_that_did_not_go_and_stay_in_order(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """A question before its greeting makes no sense."""
    front.outside.fails.append(ChannelDown("down"))
    await front.accept(person.starts())
    assert person.seen == []
    clock.tick(5)
    await front.settle()
    assert [m.text.split()[0] for m in person.seen] == ["Hello.", "Workers", "Is"]
    assert [r.status for r in front.rows(front.conversation(person.address))] == [OutboxStatus.SENT] * 3


async def test_what_comes_while_one_is_put_off_is_sent_after_it(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """Nothing overtakes."""
    front.outside.fails.append(ChannelDown("down"))
    await front.accept(person.starts())
    await front.accept(person.says("no"))
    assert person.seen == []
    clock.tick(5)
    await front.settle()
    assert [m.text.split()[0] for m in person.seen] == ["Hello.", "Workers", "Is", "Who"]


async def test_a_channel_that_asks_us_to_wait_is_obeyed(front: Front, person: Sender, clock: SteppedClock) -> None:
    """Telegram shuts out bots that do not wait as told."""
    front.outside.fails.append(SlowDown("slow", retry_after=timedelta(seconds=30)))
    await front.accept(person.starts())
    tried = len(front.outside.tried)
    clock.tick(29)
    await front.settle()
    assert len(front.outside.tried) == tried
    clock.tick(2)
    await front.settle()
    assert len(person.seen) == 3


async def test_a_person_who_blocked_us_is_marked_and_not_tried_again(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """Trying again cannot help, and the record has to say that they were not told."""
    front.outside.fails_at[person.address] = RecipientUnreachable("blocked")
    await front.accept(person.starts())
    tried = len(front.outside.tried)
    assert front.conversation(person.address).blocked_at is not None
    assert {r.status for r in front.rows(front.conversation(person.address))} == {OutboxStatus.FAILED}
    clock.tick(timedelta(hours=2))
    await front.settle()
    assert len(front.outside.tried) == tried
    del front.outside.fails_at[person.address]
    await front.accept(person.says("no"))
    assert front.conversation(person.address).blocked_at is None
    assert person.seen


async def test_a_chat_that_moved_is_followed(front: Front, person: Sender) -> None:
    """What waits goes to the new address, and so does what comes later."""
    front.outside.fails_at[person.address] = RecipientMoved("960777")
    await front.accept(person.starts())
    assert len(front.outside.to("960777")) == 3
    assert front.conversation("960777").address == "960777"


async def test_a_message_the_channel_will_never_take_does_not_hold_up_the_next(
    front: Front, person: Sender
) -> None:
    """One bad message must not silence the rest."""
    front.outside.fails.append(MessageRefused("too odd"))
    await front.accept(person.starts())
    assert [m.text.split()[0] for m in person.seen] == ["Workers", "Is"]


async def test_a_channel_that_breaks_its_promise_is_tried_again(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """An adapter's own mistake costs time, not the message."""
    front.outside.fails.append(ZeroDivisionError("a mistake"))
    await front.accept(person.starts())
    clock.tick(5)
    await front.settle()
    assert [m.text.split()[0] for m in person.seen] == ["Hello.", "Workers", "Is"]


async def test_a_message_in_hand_is_not_sent_twice_when_its_lease_runs_out(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """A slow line outlasts a lease; within one process that is known."""
    gate = asyncio.Event()
    send = front.outside.send

    async def slow(message: object) -> object:
        await gate.wait()
        return await send(message)  # type: ignore[arg-type]

    front.outside.send = slow  # type: ignore[assignment,method-assign]
    await front.line.accept([person.starts()])
    await front.line.settle()
    clock.tick(60)
    await front.dispatcher.tick()
    gate.set()
    await front.settle()
    assert [m.text.split()[0] for m in person.seen] == ["Hello.", "Workers", "Is"]


def test_a_process_that_died_is_known_by_its_number_and_its_birth() -> None:
    """In a container every first process has the same number: an earlier life must not look alive."""
    mine = owner_name()
    host, birth, number = mine.rsplit(":", 2)
    earlier = f"{host}:{'0' * len(birth)}:{number}"
    assert dead_owners([mine, earlier, f"elsewhere:{birth}:1"], mine) == [earlier]


async def test_stopping_takes_back_what_was_not_sent(front: Front, person: Sender, clock: SteppedClock) -> None:
    """Nothing arrives after they asked us to stop, but the words that say so."""
    await begun(front, person)
    front.outside.fails.append(ChannelDown("down"))
    await front.accept(person.says("no"))
    seen = len(person.seen)
    await front.accept(person.says("stop"))
    clock.tick(60)
    await front.settle()
    assert [m.text.split(".")[0] for m in person.seen[seen:]] == ["We have stopped"]
    rows = front.rows(front.conversation(person.address))
    assert OutboxStatus.CANCELLED in {r.status for r in rows}


async def test_a_quick_exit_clears_both_sides_of_the_screen(front: Front, person: Sender) -> None:
    """Somebody may be about to look."""
    await begun(front, person)
    await said(front, person, "no")
    shown = len(person.seen)
    await front.accept(person.presses("quick_exit"))
    [(address, refs)] = front.outside.cleared
    assert address == person.address
    assert {f"r{n}" for n in range(1, shown + 1)} <= set(refs)
    assert {"t1", "t2", "t3"} <= set(refs)
    assert len(person.seen) == shown + 1


# -- privacy ---------------------------------------------------------------------------------------

SECRETS = (
    "Zebedee Quillfeather keeps shouting at the bairn",
    "Marigold Thistlewood",
    "07700 900456",
    "Larkspur Cottage DH1 5UL",
)


async def test_no_word_of_theirs_is_ever_logged(
    database: Database,
    clock: SteppedClock,
    outside: Outside,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Logs hold events and ids, not people, above all when something breaks."""
    caplog.set_level(logging.DEBUG)
    front = build_front(database, clock=clock, outside=outside, understander=Understands(ValueError(SECRETS[0])))
    person = Sender(outside, clock)
    outside.fails.extend([ChannelDown(SECRETS[1]), ZeroDivisionError(SECRETS[1])])
    await begun(front, person)
    await said(front, person, "no", "mum", "yes", SECRETS[0], "short", "text me", SECRETS[2], SECRETS[1])
    decide = Decider.decide

    def breaks(self: Decider, turn: object, *rest: object) -> object:
        raise RuntimeError(f"cannot take {getattr(turn, 'words', '')}")

    monkeypatch.setattr(Decider, "decide", breaks)
    for _ in range(TRIES_BEFORE_A_PERSON):
        await front.accept(person.says(SECRETS[3]))
    monkeypatch.setattr(Decider, "decide", decide)
    clock.tick(60)
    await front.settle()
    written = [_Formatter("%(asctime)s %(levelname)s %(name)s %(message)s").format(r) for r in caplog.records]
    assert any("turn.not_decided" in line for line in written)
    assert any("understanding.failed" in line for line in written)
    for word in " ".join(SECRETS).split():
        if len(word) > 4:
            assert not [line for line in written if word in line], word


async def test_duty_messages_hold_a_reference_and_kinds_and_no_word_of_theirs(
    front: Front, person: Sender
) -> None:
    """Bot chats are not end to end encrypted: the doorbell says that somebody is there, not who or what."""
    await begun(front, person)
    await said(front, person, "no", "mum", "yes", f"{SECRETS[0]} and he hits us", "at Larkspur Cottage", "no")
    await front.accept(person.sends(MessageKind.PHOTO, caption=SECRETS[3]))
    await said(front, person, "can I talk to a person", "text me", SECRETS[2], SECRETS[1], "no", "no")
    assert len(front.outside.duty) >= 3
    reference = front.enquiry(front.conversation(person.address)).reference
    for text in front.outside.duty:
        assert reference in text
        for word in " ".join(SECRETS).split():
            if len(word) > 4:
                assert word.casefold() not in text.casefold()


async def test_deleting_a_draft_leaves_no_word_of_it(front: Front, person: Sender) -> None:
    """They took it back, and nothing worrying was heard: what is left says only that something was erased."""
    await begun(front, person)
    await said(front, person, "no", "mum", "yes", "Zebedee is off school", "short", "text me", "07700 900456")
    conversation = front.conversation(person.address)
    await front.accept(person.presses("delete"))
    await front.accept(person.taps("yes"))
    assert person.last.text.startswith("We have deleted what you told us.")
    turns = front.turns(conversation)
    assert {t.words for t in turns} == {""}
    assert {t.choice for t in turns} == {None}
    assert front.answers(conversation) == {}
    kept = str([(r.payload, r.address) for r in front.rows(conversation)][:-1])
    assert "Zebedee" not in kept
    assert front.count("answer") == 0


async def asked_to_delete(front: Front, person: Sender, reply: str) -> bool:
    await begun(front, person)
    await said(front, person, "no", "mum", "yes", "Zebedee is off school")
    await front.accept(person.presses("delete"))
    await said(front, person, reply)
    return front.count("answer") == 0


@pytest.mark.parametrize(
    "reply",
    """
yes he might see it
yes my sister has my phone
yes so he doesnt see it
delete everything
delete it all
delete now
delete it quick
please delete
delete it quick please
""".strip().split("\n"),
)
async def test_whoever_is_watched_deletes_in_words_of_their_own(front: Front, person: Sender, reply: str) -> None:
    """They were asked the same again, with somebody looking over their shoulder."""
    assert await asked_to_delete(front, person, reply)


async def test_a_worry_told_with_the_yes_is_kept_as_any_other(front: Front, person: Sender) -> None:
    """Somebody who is controlled gets a worker's eye first: what raised it is a record, whatever was asked."""
    assert not await asked_to_delete(front, person, "yes he checks my phone")
    assert any("Nobody should feel controlled or watched." in m.text for m in person.seen)


@pytest.mark.parametrize(
    "reply",
    """
yes?
delete it?
is it gone
he says yes
mum said yes
dont delete it
delete it my mum said no
yes if he asks
ok thank u
""".strip().split("\n"),
)
async def test_a_question_or_somebody_elses_word_deletes_nothing(front: Front, person: Sender, reply: str) -> None:
    """What is erased by mistake cannot be had back."""
    assert not await asked_to_delete(front, person, reply)


async def test_a_draft_with_a_worry_in_it_is_not_deleted(front: Front, person: Sender) -> None:
    """What says that someone is not safe is kept, and they are told so."""
    await begun(front, person)
    await said(front, person, "no", "mum", "yes", "my ex keeps hitting me and my son")
    await front.accept(person.presses("delete"))
    assert any("We cannot delete this." in m.text for m in person.seen)
    # Nobody is asked whether they are sure of what we do not do.
    assert not any("cannot be undone" in m.text for m in person.seen)
    assert person.last.text.startswith("Where is your child now?")
    assert "reason_in_own_words" in front.answers(front.conversation(person.address))


@pytest.mark.parametrize("is_decided", [True, False], ids=["decided", "to be decided"])
async def test_a_draft_that_somebody_decides_about_is_not_deleted(
    front: Front, person: Sender, is_decided: bool
) -> None:
    """What a worker went by when they decided is a record: the person cannot take it from under the decision."""
    await begun(front, person)
    await said(front, person, "no", "mum", "yes", "Zebedee is off school")
    conversation = front.conversation(person.address)

    def decide(uow: UnitOfWork) -> None:
        worker = duty_worker(uow)
        if is_decided:
            decision_about(uow, conversation.enquiry_id, worker)
        else:
            hold_of(uow, conversation.enquiry_id, worker)

    await front.accept(person.presses("delete"))
    front.database.run_now(decide)
    await front.accept(person.taps("yes"))
    assert any("we must keep a record of what they decide" in m.text for m in person.seen)
    assert "reason_in_own_words" in front.answers(conversation)
    assert "Zebedee is off school" in {t.words for t in front.turns(conversation)}


# -- versions, settings, effects -------------------------------------------------------------------


async def test_a_conversation_keeps_the_flow_it_began_with(
    database: Database, clock: SteppedClock, outside: Outside
) -> None:
    """A change of the files strands nobody, and does not move the goal while they walk."""
    person = Sender(outside, clock)
    await begun(build_front(database, clock=clock, outside=outside), person)
    old = front_door()
    changed = old.model_copy(
        update={"steps": [_reworded(node, "role", "Say who you are, please") for node in old.steps]}
    )
    after = build_front(database, clock=clock, outside=outside, flow=changed)
    await said(after, person, "no")
    assert person.last.text.startswith("Who are you?")
    newcomer = Sender(outside, clock, "960002")
    await begun(after, newcomer)
    await said(after, newcomer, "no")
    assert newcomer.last.text.startswith("Say who you are, please")


def _reworded(node: object, name: str, words: str) -> object:
    if isinstance(node, Ask):
        return node.model_copy(update={"words": words}) if node.name == name else node
    steps = getattr(node, "steps", None)
    if steps is None:
        return node
    return node.model_copy(update={"steps": [_reworded(n, name, words) for n in steps]})  # type: ignore[attr-defined]


def test_every_setting_is_documented() -> None:
    """A setting nobody can find out about does not exist."""
    readme = Path("README.md").read_text(encoding="utf-8")
    for name, setting in Settings.model_fields.items():
        assert f"FRONTDOOR_{name.upper()}" in readme, name
        assert setting.description, name


def test_every_effect_of_a_flow_is_done() -> None:
    """An effect that nobody carries out is a promise broken in silence."""
    source = inspect.getsource(Doer.do)
    for effect in get_args(Effect):
        assert f"case {effect.__name__}(" in source


async def test_the_real_app_answers_and_hands_over_to_another_process(
    database_url: str, clock: SteppedClock, tmp_path: object
) -> None:
    """What `bot.app` puts together works as its parts do, over two processes one after the other."""
    written: list[str] = []
    keys = {"encryption_keys": new_key(), "session_secret": new_key()}
    settings = Settings(_env_file=None, database_url=database_url, **keys)  # type: ignore[call-arg,arg-type]
    conversation = ""
    for number, text in enumerate(("no", "a parent", "yes", "my lad will not go to school")):
        app = build_app(settings, clock=clock, write=written.append)
        await app.start(people=False)
        if not conversation:
            conversation = (await app.line.begin(channel=WEBCHAT))[0].conversation
        place = {"channel": WEBCHAT, "address": conversation, "order": 0}
        message = Sender(Outside(), clock).says(text, external_id=str(number), **place)
        exchange = await app.line.hear(message)
        assert exchange.messages
        await app.stop()
    assert exchange.expects.field == "depth"


async def test_random_failures_of_the_network_lose_and_double_nothing(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """Whatever the network does, each message that is said to have gone has gone, once, in order."""
    chance = random.Random(7)
    send = front.outside.send

    async def shaky(message: object) -> object:
        if chance.random() < 0.4:
            raise chance.choice([ChannelDown("down"), SlowDown("slow", retry_after=timedelta(seconds=3))])
        return await send(message)  # type: ignore[arg-type]

    front.outside.send = shaky  # type: ignore[assignment,method-assign]
    await begun(front, person)
    await said(front, person, "no", "mum", "yes", "my lad will not go to school", "short", "text me", "skip")
    for _ in range(60):
        clock.tick(30)
        await front.settle()
    rows = front.rows(front.conversation(person.address))
    assert {r.status for r in rows} == {OutboxStatus.SENT}
    assert [m.id for m in person.seen] == [r.id for r in rows]


async def test_the_same_danger_days_later_rings_again(front: Front, person: Sender, clock: SteppedClock) -> None:
    """Nobody can know that it is still the same one."""
    await front.accept(person.starts())
    await front.accept(person.says("i have taken an overdose"))
    rung = len(front.outside.duty)
    assert rung
    clock.tick(timedelta(days=20))
    await front.accept(person.says("i have taken an overdose"))
    assert len(front.outside.duty) > rung


async def test_a_duty_chat_that_refuses_is_tried_until_it_is_mended(
    front: Front, person: Sender, clock: SteppedClock
) -> None:
    """A bot thrown out of the group must not take an emergency with it."""
    front.outside.fails_at[DUTY] = RecipientUnreachable("thrown out")
    await front.accept(person.starts())
    await front.accept(person.taps("yes"))
    assert not front.outside.duty
    for _ in range(3):
        clock.tick(timedelta(hours=1))
        await front.dispatcher.tick()
        await front.settle()
    del front.outside.fails_at[DUTY]
    clock.tick(timedelta(minutes=6))
    await front.dispatcher.tick()
    await front.settle()
    assert any("Urgency: emergency" in text for text in front.outside.duty)

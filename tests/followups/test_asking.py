"""A question asked outside a flow is answered by a button or in words, screened first and by nobody else; and
where it is not answered, somebody knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import SteppedClock
from bot.conversation.promises import Place, Question, pressed
from bot.followups.asking import Answered, Askings, Asks, KeptPromises, Reaction, Setting, ask, awaiting
from bot.followups.due import FollowUps, Handling
from bot.followups.kinds import FollowUpKind
from bot.followups.stopping import quieten
from flows.effects import BringPerson
from flows.reading import Option
from storage.database import Database
from storage.follow_ups import Actor, FollowUpRecord
from tests.conversation.front import Front, Outside, Sender, build_front
from tests.followups.promising import kept, pass_time, promised, ring
from tests.storage.builders import know

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
KIND = FollowUpKind.HELPED_SIGNPOST
SAFE = {
    "safe_contact_methods": {"is": "given", "value": ["reply_in_this_chat"], "words": ""},
    "safe_times": {"is": "given", "value": ["any_time"], "words": ""},
}


def helped(setting: Setting) -> Question:
    del setting
    return Question("Did it help?", (Option("yes", "Yes"), Option("no", "No", ("not really",))))


def comment(setting: Setting) -> Question:
    del setting
    return Question("Is there more you want to say?", (Option("none", "Nothing more"),), own_words=True)


def react(answered: Answered) -> Reaction:
    if answered.part == "more":
        return Reaction("commented", says=("Thank you.",), took_words=True)
    if answered.option == "no":
        return Reaction("not_helped", says=("A worker will look.",), effects=(BringPerson("added"),), reopens=True)
    return Reaction("helped", says=("We are glad.",), asks="more")


ASKS = Asks("helped", {"helped": helped, "more": comment}, react, worker_if_silent=True)


class Asked:
    """One process that asks, and one made-up person whom it asks."""

    def __init__(self, database: Database, clock: SteppedClock, asks: Asks = ASKS) -> None:
        askings: Askings = {KIND: asks}
        self.clock = clock
        self.outside = Outside()
        self.front: Front = build_front(
            database,
            clock=clock,
            outside=self.outside,
            promises=KeptPromises(askings, quietening=(quieten,)),
        )
        self.follow_ups = FollowUps(
            database=database,
            house=self.front.house,
            handlings={
                KIND: Handling(act=lambda moment: ask(moment, asks)),
                FollowUpKind.ANSWER_AWAITED: awaiting(askings),
            },
            dispatcher=self.front.dispatcher,
            clock=clock,
        )
        self.person = Sender(self.outside, clock)

    async def begin(self, answers: Mapping[str, Any] = SAFE) -> FollowUpRecord:
        """Let them write, say what is safe, and be asked."""
        await self.front.accept(self.person.says("Hello"))
        conversation = self.front.conversation(self.person.address)
        self.front.database.run_now(lambda uow: know(uow, conversation, answers, self.clock.now()))
        made = promised(
            self.front,
            self.clock,
            kind=KIND,
            enquiry_id=conversation.enquiry_id,
            conversation_id=conversation.id,
        )
        self.clock.tick(SECOND)
        await ring(self.front, self.follow_ups)
        return made

    async def hears(self, message: Any) -> str:
        """Return what was said to a message."""
        self.clock.tick(SECOND)
        before = len(self.person.seen)
        await self.front.accept(message)
        return "\n".join(m.text for m in self.person.seen[before:])

    def standing(self, kind: FollowUpKind) -> list[FollowUpRecord]:
        conversation = self.front.conversation(self.person.address)
        found = self.front.database.run_now(lambda uow: uow.follow_ups.of_conversation(conversation.id))
        return [f for f in found if f.kind == kind]

    def answers_after(self) -> dict[str, str]:
        found = self.front.answers(self.front.conversation(self.person.address))
        return {key.rpartition(".")[2]: value["value"] for key, value in found.items() if key.startswith("after.")}


@pytest.fixture
def asked(database: Database, clock: SteppedClock) -> Asked:
    return Asked(database, clock)


async def test_a_button_answers_and_one_more_question_may_follow(asked: Asked) -> None:
    """Tapped on an old phone, days later: it still says by itself what it answers."""
    made = await asked.begin()
    assert kept(asked.front, made).outcome == "asked"
    assert asked.person.last.text == "Did it help?"
    said = await asked.hears(asked.person.taps("Yes"))
    assert said == "We are glad.\nIs there more you want to say?"
    assert not asked.standing(FollowUpKind.ANSWER_AWAITED)
    assert await asked.hears(asked.person.says("They were kind to my son")) == "Thank you."
    assert asked.answers_after() == {"helped": "yes", "more": "They were kind to my son"}
    assert not asked.standing(FollowUpKind.HELP_TASK)


@pytest.mark.parametrize(("words", "given"), [("no", "no"), ("Yes.", "yes"), ("not really", "no")])
async def test_words_answer_while_it_is_the_newest_question(asked: Asked, words: str, given: str) -> None:
    """People type where there are buttons."""
    await asked.begin()
    await asked.hears(asked.person.says(words))
    assert asked.answers_after() == {"helped": given}
    assert not asked.standing(FollowUpKind.HELP_TASK)


async def test_words_beside_an_answer_are_a_workers_to_read(asked: Asked) -> None:
    """What they add to "no" is often the most of it."""
    await asked.begin()
    said = await asked.hears(asked.person.says("No, they told us there is no room until spring"))
    assert said.startswith("A worker will look.")
    [task] = asked.standing(FollowUpKind.HELP_TASK)
    assert (task.actor, task.why) == (Actor.WORKER, "words_beside_answer")
    assert any("asks to talk" in told or "written more" in told for told in asked.outside.duty)


async def test_words_that_are_no_answer_go_on_to_the_flow(asked: Asked) -> None:
    """A question of ours must never stand between somebody and what they came to say."""
    await asked.begin()
    await asked.hears(asked.person.says("My name is Ann and I want to tell you about my neighbour's little boy"))
    assert asked.answers_after() == {}
    assert asked.standing(FollowUpKind.ANSWER_AWAITED)


async def test_danger_in_the_answer_is_heard_first_and_is_no_answer(asked: Asked) -> None:
    """ "Yes" beside a cry for help is not "yes"."""
    await asked.begin()
    said = await asked.hears(asked.person.says("yes but he is hitting me right now and I am bleeding"))
    assert "999" in said
    assert asked.front.concerns(asked.front.conversation(asked.person.address))
    assert asked.answers_after() == {}


async def test_stop_is_no_answer(asked: Asked) -> None:
    await asked.begin()
    await asked.hears(asked.person.says("stop"))
    assert asked.answers_after() == {}
    assert not asked.standing(FollowUpKind.ANSWER_AWAITED)


async def test_nobody_answers_for_another(asked: Asked) -> None:
    """A button forwarded, or an id guessed, says nothing and changes nothing."""
    made = await asked.begin()
    stranger = Sender(asked.outside, asked.clock, "960002")
    await asked.front.accept(stranger.says("Hello"))
    await asked.front.accept(stranger.presses(Place(made.id, "helped").button("no")))
    assert "earlier question" in stranger.words
    assert asked.answers_after() == {}


async def test_an_option_that_was_never_offered_is_not_taken(asked: Asked) -> None:
    made = await asked.begin()
    said = await asked.hears(asked.person.presses(Place(made.id, "helped").button("perhaps")))
    assert "earlier question" in said
    assert asked.answers_after() == {}


async def test_asked_once_more_and_never_a_third_time(asked: Asked) -> None:
    """FD18: the second try, then a worker."""
    await asked.begin()
    await pass_time(asked.front, asked.follow_ups, asked.clock, 12 * DAY, HOUR)
    questions = [m for m in asked.person.seen if "Did it help?" in m.text]
    assert len(questions) == 2
    assert "We will not ask again." in questions[1].text
    [awaited] = asked.standing(FollowUpKind.ANSWER_AWAITED)
    assert (awaited.actor, awaited.why) == (Actor.WORKER, "no_answer")


async def test_the_second_asking_is_answered_by_its_own_button(asked: Asked) -> None:
    await asked.begin()
    await pass_time(asked.front, asked.follow_ups, asked.clock, 5 * DAY, HOUR)
    await asked.hears(asked.person.taps("Yes"))
    assert asked.answers_after() == {"helped": "yes"}
    assert not asked.standing(FollowUpKind.ANSWER_AWAITED)


async def test_where_nothing_is_known_to_be_safe_a_worker_has_it(asked: Asked) -> None:
    """FD17: not known is not safe."""
    made = await asked.begin({})
    stood = kept(asked.front, made)
    assert (stood.actor, stood.why) == (Actor.WORKER, "not_asked")
    assert "Did it help?" not in asked.person.words


async def test_a_later_answer_takes_the_place_of_the_first(asked: Asked) -> None:
    """Somebody who tapped "yes" by mistake is heard."""
    await asked.begin()
    await asked.hears(asked.person.taps("Yes"))
    await asked.hears(asked.person.taps("No"))
    assert asked.answers_after()["helped"] == "no"


async def test_expects_shows_the_question_to_the_web_chat(asked: Asked) -> None:
    """The web chat draws its buttons from what is expected."""
    made = await asked.begin()
    conversation = asked.front.conversation(asked.person.address)
    shown = await asked.front.database.run(lambda uow: asked.front.line._expects(uow, conversation.id))
    assert [pressed(c.id) for c in shown.choices] == [
        (Place(made.id, "helped"), "yes"),
        (Place(made.id, "helped"), "no"),
    ]
    assert all(len(c.id) <= 63 for c in shown.choices)

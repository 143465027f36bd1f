"""Whatever is sent gets clear words, and is kept exactly as it was typed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from bot.channels.base import Attachment, MessageKind
from bot.channels.webchat import WEBCHAT
from bot.clock import SteppedClock
from storage.database import Database
from storage.sealed import Keyring
from tests.conversation.front import Front, Outside, Sender, build_front

_people = count(970001)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database of each kind for all the people of this file."""
    keyring = Keyring.generate()
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("bad") / "frontdoor.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        database = Database(f"sqlite:///{path}", keyring=keyring)
        yield database
        database.dispose()
        return
    server: Any = request.getfixturevalue("postgresql")
    name = f"test_bad_{os.getpid()}"
    server.do(f"CREATE DATABASE {name} TEMPLATE {server.template}")
    database = Database(server.url(name), keyring=keyring)
    yield database
    database.dispose()
    server.do(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def front(shared: Database) -> Front:
    return build_front(shared, clock=SteppedClock(datetime(2026, 3, 2, 10, 0, tzinfo=UTC)))


@pytest.fixture
def person(front: Front) -> Sender:
    return Sender(front.outside, SteppedClock(datetime(2026, 3, 2, 10, 0, tzinfo=UTC)), str(next(_people)))


async def asked(front: Front, person: Sender) -> str:
    conversation = front.conversation(person.address)
    expects = await front.database.run(lambda uow: front.line._expects(uow, conversation.id))
    return expects.step.rsplit(".", 1)[-1]


async def reach(front: Front, person: Sender, step: str, replies: Mapping[str, str]) -> None:
    """Answer, or pass over, every question before `step`."""
    await front.accept(person.starts("parent"))
    for _ in range(60):
        name = await asked(front, person)
        if name == step:
            return
        usual = {"immediate_danger": "no", "can_talk_safely": "yes", "reason_in_own_words": "He will not sleep"}
        await front.accept(person.says({**usual, **replies}.get(name, "skip")))
    raise AssertionError(f"{step} was never asked")


ODD = {
    "emoji": "😀😀😀👩‍👩‍👧‍👦",
    "right to left": "أنا لا أعرف ماذا أفعل",
    "mixed direction": "abc \u202eevil\u202c שלום",
    "zero width": "\u200b\u200d\ufeff",
    "control characters": "a\x01b\x07c\x1b[31m",
    "NUL": "before\x00after",
    "only NUL": "\x00",
    "half a letter": "before \ud83d after",
    "HTML": "<script>alert(1)</script><b>help</b>&amp;",
    "Markdown": "*bold* _it_ [link](http://example.com) `code` ||x||",
    "SQL": "Robert'); DROP TABLE turn; --",
    "500 digits": "9" * 500,
    "20,000 characters": ("He will not sleep. " * 1053)[:20_000],
    "one long word": "x" * 20_000,
    "combining marks": "z" + "\u0301" * 300,
    "line ends": "\r\n\n\r\n\u2028",
    "format holes": "{reference} {area.name} {0} %s %(x)s ${x}",
    "spaces": "    \t   ",
    "question marks": "????",
}
GOOD = ("no", "yes", "He will not sleep", "short", "reply here", "Jo", "yes")


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
async def test_odd_words_at_every_question_are_answered_and_kept_as_typed(
    front: Front, person: Sender, odd: str
) -> None:
    """At each question of a whole short conversation: something is said, nothing is lost, and it goes on."""
    await front.accept(person.starts("parent"))
    for good in GOOD:
        for text in (odd, good):
            seen = len(person.seen)
            await front.accept(person.says(text))
            assert len(person.seen) > seen
            assert all(m.text.strip() for m in person.seen[seen:])
    turns = front.turns(front.conversation(person.address))
    assert [t.words for t in turns][1:] == [text for good in GOOD for text in (odd, good)]
    assert all(t.handled_at for t in turns)
    assert "given_to_person" not in {t.outcome for t in turns}
    assert front.answers(front.conversation(person.address))["immediate_danger"]["value"] in ("no", "not_sure")


@pytest.mark.parametrize("odd", [*ODD.values(), ""], ids=[*ODD.keys(), "empty"])
async def test_odd_first_words_begin_a_conversation(front: Front, person: Sender, odd: str) -> None:
    """The first message may be anything."""
    await front.accept(person.says(odd))
    assert "Is anyone hurt or in danger right now?" in person.words or "hurt" in person.words
    assert [t.words for t in front.turns(front.conversation(person.address))] == [odd]


async def test_an_empty_message_is_said_to_be_empty(front: Front, person: Sender) -> None:
    """They may not know that nothing arrived."""
    await front.accept(person.starts())
    await front.accept(person.says(""))
    assert "had no words in it" in person.words
    assert "Is anyone hurt" in person.last.text


@pytest.mark.parametrize(
    ("step", "replies", "typed", "words"),
    [
        ("child_dob_or_age", {"depth": "more"}, "1 1 2099", "Date of birth must be in the past"),
        ("child_dob_or_age", {"depth": "more"}, "14/10/1066", "Date of birth must be of a child or young person"),
        ("child_dob_or_age", {"depth": "more"}, "31/2/2015", "Date of birth must be a real date"),
        ("child_dob_or_age", {"depth": "more"}, "9" * 500, "Enter an age in years"),
        ("phone", {"safe_contact_methods": "text"}, "12", "Enter a phone number"),
        ("phone", {"safe_contact_methods": "text"}, "9" * 500, "Enter a phone number"),
        ("email", {"safe_contact_methods": "email"}, "sam at example", "Enter an email address"),
        ("scale_0_10", {"depth": "more"}, "9" * 500, "Enter a number"),
        ("scale_0_10", {"depth": "more"}, "11", "Enter a number from 0 to 10"),
    ],
)
async def test_what_cannot_be_is_said_to_be_so(
    front: Front, person: Sender, step: str, replies: Mapping[str, str], typed: str, words: str
) -> None:
    """Each mistake has its own words that say how to put it right."""
    await reach(front, person, step, replies)
    seen = len(person.seen)
    await front.accept(person.says(typed))
    said = "\n".join(m.text for m in person.seen[seen:])
    assert words in said
    assert await asked(front, person) == step
    assert typed in [t.words for t in front.turns(front.conversation(person.address))]


async def test_another_country_s_number_is_kept_whole(front: Front, person: Sender) -> None:
    """Families live across borders."""
    await reach(front, person, "phone", {"safe_contact_methods": "text"})
    await front.accept(person.says("+33 1 99 00 12 34"))
    phone = front.answers(front.conversation(person.address))["phone"]
    assert phone["words"] == "+33 1 99 00 12 34"
    assert phone["value"]["e164"] == "+33199001234"


async def test_a_postcode_that_cannot_exist_is_kept_as_an_address_or_asked_again(
    front: Front, person: Sender
) -> None:
    """It is either said to be wrong or kept as typed, never mended in silence."""
    await reach(front, person, "child_address", {"depth": "more"})
    await front.accept(person.says("QQ99 9QQ"))
    answers = front.answers(front.conversation(person.address))
    if await asked(front, person) == "child_address":
        assert "postcode" in person.words
    else:
        assert answers["child_address"]["words"] == "QQ99 9QQ"


# -- presses ---------------------------------------------------------------------------------------


async def test_a_button_of_an_older_question_is_known_as_old(front: Front, person: Sender) -> None:
    """A late press must not answer a question it was never under."""
    await front.accept(person.starts())
    old = person.last.prompt
    await front.accept(person.taps("no"))
    await front.accept(person.taps("parent_or_carer"))
    await front.accept(person.presses("no", prompt=old))
    assert "That button is from an earlier question." in person.words
    answers = front.answers(front.conversation(person.address))
    assert answers["immediate_danger"]["value"] == "no"
    assert "can_talk_safely" not in answers


async def test_an_older_button_that_says_somebody_is_in_danger_counts(front: Front, person: Sender) -> None:
    """They typed no and then pressed Yes: nobody is told that it was too late."""
    await front.accept(person.starts())
    old = person.last.prompt
    await front.accept(person.says("no"))
    await front.accept(person.presses("yes", prompt=old))
    assert "call 999" in person.words
    assert any("Urgency: emergency" in text for text in front.outside.duty)
    answers = front.answers(front.conversation(person.address))
    assert answers["immediate_danger"]["value"] == "yes"


async def test_the_danger_question_takes_no_calm_from_an_alarming_no(front: Front, person: Sender) -> None:
    """ "No, I am not safe" answers another question than the one that was asked."""
    await front.accept(person.starts())
    await front.accept(person.says("no im not safe"))
    assert front.outside.duty
    assert front.answers(front.conversation(person.address))["immediate_danger"]["value"] == "not_sure"


async def test_a_button_of_the_same_question_asked_again_still_answers_it(front: Front, person: Sender) -> None:
    """The question was put again below; the first copy of its buttons is as good."""
    await front.accept(person.starts())
    first = person.last.prompt
    await front.accept(person.says("when are you open"))
    assert person.last.prompt != first
    await front.accept(person.presses("no", prompt=first))
    assert front.answers(front.conversation(person.address))["immediate_danger"]["value"] == "no"


@pytest.mark.parametrize("choice", ["made_up", "x" * 64, "\x00", "'; --", "parent_or_carer"])
async def test_a_choice_that_was_not_offered_is_no_answer(front: Front, person: Sender, choice: str) -> None:
    """A made-up press is told what the answers are."""
    await front.accept(person.starts())
    await front.accept(person.presses(choice, prompt=person.last.prompt))
    assert front.answers(front.conversation(person.address)) == {}
    assert await asked(front, person) == "immediate_danger"
    assert "Choose yes, no or not sure" in person.words
    assert front.turns(front.conversation(person.address))[-1].choice == choice


@pytest.mark.parametrize("choices", [("yes", "no"), (), ("made_up",), ("yes",) * 60])
async def test_several_choices_where_one_is_asked_for(
    front: Front, person: Sender, choices: tuple[str, ...]
) -> None:
    """Two answers to one question are none; the same answer twice is one."""
    await front.accept(person.starts())
    await front.accept(person.ticks(choices, prompt=person.last.prompt))
    answers = front.answers(front.conversation(person.address))
    assert set(answers) == ({"immediate_danger"} if set(choices) == {"yes"} else set())
    assert person.last.text.strip()


async def test_several_choices_where_several_are_asked_for(front: Front, person: Sender) -> None:
    """The web chat sends its ticks at once."""
    await reach(front, person, "safe_contact_methods", {"depth": "short"})
    await front.accept(person.ticks(("text", "reply_in_this_chat")))
    value = front.answers(front.conversation(person.address))["safe_contact_methods"]["value"]
    assert value == ["reply_in_this_chat", "text"]


async def test_none_is_safe_beside_a_way_to_reach_them_is_asked_again(front: Front, person: Sender) -> None:
    """Two things at once about safety are not guessed at."""
    await reach(front, person, "safe_contact_methods", {"depth": "short"})
    for choice in ("text", "none_is_safe", "done"):
        await front.accept(person.taps(choice))
    assert "safe_contact_methods" not in front.answers(front.conversation(person.address))
    assert "We will not contact you." not in person.words


async def test_done_typed_by_hand_settles_what_was_ticked(front: Front, person: Sender) -> None:
    """A button's words typed by hand are the button."""
    await reach(front, person, "safe_contact_methods", {"depth": "short"})
    await front.accept(person.taps("text"))
    await front.accept(person.says("Done"))
    assert front.answers(front.conversation(person.address))["safe_contact_methods"]["value"] == ["text"]


# -- odd around the words --------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en\x00", "x" * 200, "", "zz-ZZ-zz", "\ud800"])
async def test_an_odd_language_code_stops_nobody(front: Front, person: Sender, language: str) -> None:
    """What a person's telephone says about itself must not keep them out."""
    await front.accept(person.says("/start", kind=MessageKind.START, language=language))
    assert "Is anyone hurt" in person.words


async def test_an_odd_attachment_is_kept(front: Front, person: Sender) -> None:
    """Names and numbers inside an attachment are as odd as words."""
    await front.accept(person.starts())
    odd = Attachment(MessageKind.DOCUMENT, reference="r\x00", name="a\x00\ud800.pdf", data={"k\x00": "v\ud800"})
    await front.accept(person.says("", kind=MessageKind.DOCUMENT, attachment=odd))
    assert "We have kept your file." in person.words
    kept = front.turns(front.conversation(person.address))[-1].message["attachment"]
    assert kept["name"] == "a\x00\ud800.pdf"


async def test_a_deep_link_that_says_nothing_we_know_begins_as_any_other(front: Front, person: Sender) -> None:
    """Old leaflets and typing mistakes still open the door."""
    await front.accept(person.starts("\x00'; DROP TABLE--"))
    assert await asked(front, person) == "immediate_danger"


async def test_danger_deep_in_a_very_long_message_is_heard(front: Front, person: Sender) -> None:
    """The worst is often said last."""
    text = "He will not sleep. " * 900 + "my ex keeps hitting me and my son"
    await front.accept(person.says(text))
    assert ("domestic_abuse", "immediate") in front.concerns(front.conversation(person.address))
    assert front.turns(front.conversation(person.address))[0].words == text


async def test_the_web_chat_s_odd_words_are_read_back_as_they_were(front: Front) -> None:
    """Reading back shows both sides as they were."""
    exchange, _ = await front.line.begin(channel=WEBCHAT)
    person = Sender(Outside(), SteppedClock(datetime(2026, 3, 2, 10, 0, tzinfo=UTC)))
    for odd in ODD.values():
        await front.line.hear(person.says(odd, channel=WEBCHAT, address=exchange.conversation, order=0))
    shown = await front.line.read_back(exchange.conversation)
    mine = [m.text for m in shown.messages if m.speaker == "person"]
    assert mine == list(ODD.values())

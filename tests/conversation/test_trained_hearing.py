"""The front door with the trained files that ship: hints reach a person, ordinary words do not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.base import MessageKind
from bot.clock import SteppedClock
from bot.safeguarding.screening import Screener
from bot.settings import EXAMPLE_AREA
from bot.understanding import build_screener
from flows.area import Careful
from flows.loader import load_area, load_catalog
from nlu.base import RULE, Screening, Urgency
from storage.database import Database
from tests.conversation.front import Front, Outside, Sender, as_it_ships, build_front


@pytest.fixture(scope="module")
def screener() -> Screener:
    return as_it_ships()


@pytest.mark.parametrize(
    "words", ["cant talk hes back", "he used to hit me, he's out next week", "my stepdad hits me"]
)
async def test_a_hint_rings_the_duty_workers(
    database: Database,
    clock: SteppedClock,
    screener: Screener,
    words: str,
) -> None:
    """Promise one, with what ships."""
    outside = Outside()
    front = build_front(database, clock=clock, outside=outside, screener=screener)
    person = Sender(outside, clock)
    await front.accept(person.says(words))
    assert outside.duty


async def test_who_cannot_talk_is_told_of_the_silent_call(
    database: Database, clock: SteppedClock, screener: Screener
) -> None:
    """The models alone took it for a missing child as much as for what it is, and no word of 55 was said."""
    outside = Outside()
    front = build_front(database, clock=clock, outside=outside, screener=screener)
    person = Sender(outside, clock)
    await front.accept(person.says("cant talk hes back"))
    assert "press 55" in person.words


@pytest.mark.parametrize(
    "words",
    [
        "999", "9 9 9", "999 please", "nine nine nine", "999 hes here", "ring 999", "call 999 please",
        "can someone call 999",
    ],
)  # fmt: skip
def test_a_bare_call_for_help_is_no_matter_of_likelihood(screener: Screener, words: str) -> None:
    """The encoders have read few messages that are a number: what they make of it must not calm it."""
    assert screener.screen(words).urgency.raises_alert
    assert not screener.screen("999 years").urgency.raises_alert


@pytest.mark.parametrize(
    "words", ["help me pls", "please help me", "help us please", "omg help me please", "plz help me x"]
)
def test_a_bare_plea_is_read_today(screener: Screener, words: str) -> None:
    """It may be all that somebody can type. We ask about danger; whoever cannot answer is not left."""
    assert screener.screen(words).urgency is Urgency.SAME_DAY


@pytest.mark.parametrize(
    "words",
    ["help", "can someone help me please", "could you please help me", "help me please with the form", "pls help"],
)
def test_a_polite_request_is_no_plea(screener: Screener, words: str) -> None:
    assert screener.screen(words).urgency is Urgency.NONE


@pytest.mark.parametrize(
    "words",
    [
        "i drank bleach", "my sister just drank weedkiller", "my toddler swallowed a button battery", "sos",
        "house is on fire", "omg the kitchen is on fire what do i do", "my 4 year old is missing",
        "im on the tracks", "call the police",
    ],
)  # fmt: skip
def test_plain_danger_in_a_few_words_is_no_matter_of_likelihood(screener: Screener, words: str) -> None:
    """Who is in danger types little, and of messages so short the encoders have read few."""
    assert screener.screen(words).urgency.raises_alert


@pytest.mark.parametrize(
    "words",
    [
        "I'm going to jump off the bridge", "im going to step in front of a train", "on the ledge of flats bye",
        "tell my mum i love her", "no one would miss me", "swalowed a battery the round one from the remote",
        "she ate a dishwasher tablet", "my baby is having a fit", "fitting for ten mins never done it b4",
        "hes choking on a grape", "my toddler fell in the pond", "pulled her out the paddling pool shes blue",
        "kettle gone all down his front hes 2", "she fell out the window", "i want to smother her",
        "they shut me in the shed wen im bad n i dont get tea", "the night carer at my home gets in bed w us",
    ],
)  # fmt: skip
def test_plain_danger_is_heard_however_calm_a_model_is(screener: Screener, words: str) -> None:
    """Encoders outvoted a phrase that plainly heard an emergency: such messages stand as rules."""
    assert screener.screen(words).urgency.raises_alert


@pytest.mark.parametrize(
    "words",
    [
        "im going to jump off the diving board on saturday", "gonna jump on now", "we live by the railway line",
        "tell my mum i love her cooking", "on top of the world", "she swallowed a tooth, is that ok",
        "what dishwasher tablet should i buy", "he's fitting in well at nursery", "she had a fit of the giggles",
        "he's fitting the kitchen on tuesday", "his welly fell in the pond lol", "his eyes are blue",
        "spilt hot coffee over my laptop", "leaflet about choking on grapes for toddlers", "she is wearing blue",
        "i want to smother her in kisses and cuddles", "please hurry with the form", "we drank tea",
        "they put me in the cupboard for hide and seek", "my dad is dead on his feet after nights",
    ],
)  # fmt: skip
def test_a_word_more_or_less_is_no_rule(screener: Screener, words: str) -> None:
    """The twins of the messages above: what becomes of them is left to weighing."""
    assert not any(signal.by == RULE for signal in screener.screen(words).signals)


@pytest.mark.parametrize(
    "words",
    [
        "my daughter is missing her dad", "my son is missing school", "im on the bus", "the sofa is on offer",
        "we drank tea", "my 4 year old is missing a sock", "it needs a battery", "the bridge is shut",
    ],
)  # fmt: skip
def test_what_only_looks_like_plain_danger_is_no_alarm(screener: Screener, words: str) -> None:
    """One word more or less: they stand for themselves only where they are all that is said."""
    assert not screener.screen(words).urgency.raises_alert


@pytest.mark.parametrize(
    "words",
    [
        "gonna kill myself tonight lol",
        "i want to die haha jk",
        "my dad hits me lol",
        "lol i want to die",
        "kms lol",
    ],
)
def test_danger_laughed_away_is_danger(screener: Screener, words: str) -> None:
    """Who fears not to be believed makes a joke of it."""
    assert screener.screen(words, speaker="young_person").urgency.raises_alert


@pytest.mark.parametrize("words", ["maths is killing me haha", "could murder a pizza lol", "kms to go: 5", "lol"])
def test_a_joke_is_no_alarm(screener: Screener, words: str) -> None:
    assert not screener.screen(words, speaker="young_person").urgency.raises_alert


@pytest.mark.parametrize(
    ("words", "is_allegation"),
    [
        ("She told her teacher that dad hit her with a slipper", False),
        ("i told my teacher my dad hit me", False),
        ("Y4 pupil told our teaching assistant this morning that stepdad slaps her", False),
        ("He said dad hit him. Support staff saw a bruise on his arm.", False),
        ("he told the nursery worker that daddy hurts mummy", False),
        ("she told the police officer that dad hit her", False),
        ("she told the DSL that her uncle touched her", False),
        ("the police officer hit her and she told the teacher", True),
        ("child told me the nursery nurse bites her and her mum has seen marks", True),
        ("she told a teacher the caretaker touched her and her sister", True),
        ("the ta touched me", True),
        ("my teacher hit me", True),
        ("the TA hit him", True),
        ("She told her dad that her teacher hit her", True),
        ("i told my social worker that my brothers teacher hurt him", True),
    ],
)
def test_whoever_was_told_is_not_whoever_did_it(screener: Screener, words: str, is_allegation: bool) -> None:
    """An allegation against staff goes to a closed queue, and no duty worker would have read of the slipper."""
    heard = screener.screen(words)
    assert heard.urgency.raises_alert
    assert ("allegation_professional" in heard.indicators) is is_allegation


@pytest.mark.parametrize(
    "words", ["He will not sleep", "he used to hit me, he's in prison now, I need help with the school run"]
)
async def test_ordinary_words_are_no_alarm(
    database: Database,
    clock: SteppedClock,
    screener: Screener,
    words: str,
) -> None:
    """A tired parent is not an emergency."""
    outside = Outside()
    front = build_front(database, clock=clock, outside=outside, screener=screener)
    person = Sender(outside, clock)
    await front.accept(person.says(words))
    assert not screener.screen(words).urgency.raises_alert
    assert "Where is the person who may be in danger" not in person.words


# -- in answer to a question -----------------------------------------------------------------------------------


async def _asked_how_they_know(front: Front, person: Sender) -> None:
    """Bring a neighbour to a harmless question: did you see or hear this yourself?"""
    await front.accept(person.starts("worried"))
    for said in ("no", "next door", "They moved in last month and I would like to know who to ask", "DH1 5UL"):
        await front.accept(person.says(said))
    for _ in range(40):
        step = front.database.run_now(
            lambda uow: uow.conversations.find("telegram", person.address).state["state"]["at"]  # type: ignore[union-attr]
        )
        if step.endswith("seen_or_told"):
            return
        await front.accept(person.says(_REPLIES.get(step.rsplit(".", 1)[-1], "skip")))
    raise AssertionError("the question was never asked")


_REPLIES = {
    "wants_anonymity": "stay anonymous",
    "safe_contact_methods": "none",
    "depth": "more",
    "can_talk_safely": "yes",
    "another_child": "no",
    "relationship_to_child": "neighbour",
}


@pytest.fixture
async def asked(sqlite_database: Database, clock: SteppedClock, screener: Screener) -> tuple[Front, Sender]:
    outside = Outside()
    front = build_front(sqlite_database, clock=clock, outside=outside, screener=screener)
    person = Sender(outside, clock)
    await _asked_how_they_know(front, person)
    assert outside.duty == []
    return front, person


@pytest.mark.parametrize(
    "words",
    [
        "I saw it myself, he hit her",
        "he has gone out and left the baby alone",
        "he is here",
        "the child told me he films it",
        "he said if i tell anyone itll be worse",
    ],
)
async def test_danger_in_answer_to_a_harmless_question_rings(asked: tuple[Front, Sender], words: str) -> None:
    """Whatever was asked, what is told besides an answer is heard in full."""
    front, person = asked
    await front.accept(person.says(words))
    assert front.outside.duty


@pytest.mark.parametrize("words", ["I saw it myself", "the child told me", "with my own eyes"])
async def test_a_plain_answer_rings_nobody(asked: tuple[Front, Sender], screener: Screener, words: str) -> None:
    """The same words alone would: who answers a question has not raised an alarm by it."""
    front, person = asked
    assert screener.screen(words).urgency.raises_alert
    await front.accept(person.says(words))
    assert front.outside.duty == []


async def test_the_same_words_as_an_edit_are_heard_in_full(asked: tuple[Front, Sender]) -> None:
    """An edit answers nothing."""
    front, person = asked
    first = person.says("not sure")
    await front.accept(first)
    await front.accept(person.edits(first, "the child told me"))
    assert front.outside.duty


async def test_a_photo_with_such_words_is_heard_in_full(asked: tuple[Front, Sender]) -> None:
    """A caption tells of what is in the picture."""
    front, person = asked
    await front.accept(person.sends(MessageKind.PHOTO, "the child told me"))
    assert any("immediate" in told for told in front.outside.duty)


async def test_where_the_question_cannot_be_looked_up_every_view_is_heard(
    asked: tuple[Front, Sender], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not knowing what was asked fails toward a person."""
    front, person = asked

    def broken(*_: object) -> None:
        raise OSError("no disk")

    monkeypatch.setattr("bot.conversation.turn.conversation_at", broken)
    await front.accept(person.says("the child told me"))
    assert front.outside.duty


async def test_where_the_question_cannot_be_looked_up_in_time_nothing_is_heard_less(
    database: Database, clock: SteppedClock, outside: Outside
) -> None:
    """A database too slow to say that a professional was asked to report is no reason to leave it unread."""
    rushed = build_front(
        database, clock=clock, outside=outside, screener=as_it_ships(), looked_up_within=timedelta()
    )
    person = Sender(outside, clock)
    await rushed.accept(person.starts("professional"), person.says("no"))
    await rushed.accept(person.says("Home conditions are poor and appointments are missed."))
    assert rushed.concerns(rushed.conversation(person.address)) == [("neglect", "same_day")]


@pytest.mark.parametrize(
    ("link", "speaker"), [("professional", "professional"), ("worried", "public"), (None, None)]
)
async def test_screening_is_told_who_says_it_as_soon_as_we_know(
    database: Database, clock: SteppedClock, link: str | None, speaker: str | None
) -> None:
    """The same words of a teacher and of somebody passing by are not as often so."""
    told: list[str | None] = []

    class Noting:
        def screen(self, text: str, *, speaker: str | None = None) -> Screening:
            told.append(speaker)
            return Screening()

    outside = Outside()
    front = build_front(database, clock=clock, outside=outside, screener=Screener((Noting(),)))
    person = Sender(outside, clock)
    await front.accept(person.starts(link) if link else person.starts())
    told.clear()
    said = person.says("I saw something that I am not happy with")
    await front.accept(said)
    assert set(told) == {speaker}
    told.clear()
    await front.accept(person.edits(said, "I saw something that I am quite unhappy with"))
    assert set(told) == {speaker}


# -- an area's own care ----------------------------------------------------------------------------------------


def _of_an_area(**careful: float) -> Screener:
    """What hears in an area that set these under `screening` in its YAML."""
    area = load_area(EXAMPLE_AREA).model_copy(update={"screening": Careful(**careful)})
    return build_screener(load_catalog(), area)


def test_an_area_hears_more_carefully_and_never_less(screener: Screener) -> None:
    """What is a little short of an alert rings where an area wants it to; nothing rings less for what it sets."""
    words = "I had a drink before I picked them up. only 2 glasses. ok three"
    share = screener.screen(words).alert_share
    assert share is not None
    assert not screener.screen(words).urgency.raises_alert
    assert _of_an_area(alert=share - 0.01).screen(words).urgency.raises_alert
    assert _of_an_area(alert=1.0, look=1.0).screen(words).urgency is screener.screen(words).urgency
    assert _of_an_area(alert=1.0).screen("my stepdad hits me").urgency.raises_alert

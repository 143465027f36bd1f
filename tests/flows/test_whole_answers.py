"""What is an answer and nothing besides: strict, because screening hears such a message by rules alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest

from flows.answers import Given, NotKnown
from flows.engine import AN_EXAMPLE, Engine
from flows.model import Ask, Flow, in_words
from flows.reading import Expected, Option, whole_answer
from flows.reading.whole import LONGEST
from flows.state import Mode, State
from nlu.base import Urgency
from nlu.dataset import load
from tests.flows.playing import front_door, voice

TODAY = date(2026, 3, 2)
SEEN = Expected(
    kind="choice",
    options=(
        Option("saw_or_heard", "I saw or heard it", ("saw", "heard", "myself")),
        Option("child_told_me", "The child told me"),
        Option("someone_else_told_me", "Someone else told me", ("told me",)),
    ),
    or_text=True,
)
NEEDS = Expected(kind="choices", options=(Option("food", "Food"), Option("money", "Money or debt")))
EXAMPLE = "For example: mother, spoken, 6 August 2026, for both children"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("I saw it myself", "saw_or_heard"),
        ("heard", "saw_or_heard"),
        ("The child told me.", "child_told_me"),
    ],
)
def test_an_option_in_its_own_words_is_a_whole_answer(text: str, value: str) -> None:
    """Alone, "the child told me" reads like a disclosure; in answer to this question it is the answer."""
    assert whole_answer(text, SEEN, today=TODAY) == Given(value, text)


@pytest.mark.parametrize(
    "text",
    [
        "I saw it myself, he hit her",
        "the child told me he is scared",
        "he told me",
        "I never saw it",
        "saw him on her",
        "I saw it \N{CRYING FACE}",
        "heard " * 30,
        "",
    ],
)
def test_half_a_word_more_is_not_a_whole_answer(text: str) -> None:
    """What is told besides the answer is heard in full."""
    assert whole_answer(text, SEEN, today=TODAY) is None


def test_several_choices_may_be_named() -> None:
    """Each part is one option's own words."""
    assert whole_answer("food and money", NEEDS, today=TODAY) == Given(["food", "money"], "food and money")
    assert whole_answer("food and he hits me", NEEDS, today=TODAY) is None


def test_not_knowing_is_a_whole_answer_but_not_to_an_open_question() -> None:
    """ "I can't say" about what is wrong may be somebody who is not allowed to."""
    assert isinstance(whole_answer("I don't know", SEEN, today=TODAY), NotKnown)
    assert whole_answer("I can't tell you", Expected(kind="long_text"), today=TODAY) is None


@pytest.mark.parametrize("text", ["baby", "about 10", "8 months old", "27 March 2014", "not born yet"])
def test_a_plain_age_is_a_whole_answer(text: str) -> None:
    """ "Baby" alone reads like an emergency; to "how old?" it is an age."""
    assert whole_answer(text, Expected(kind="date", or_age=True, past=True), today=TODAY) is not None


@pytest.mark.parametrize("text", ["baby is blue", "he's 26", "2 and home alone", "7 and he bites"])
def test_more_than_an_age_is_not(text: str) -> None:
    """A child asked her own age who tells somebody else's is heard in full."""
    assert whole_answer(text, Expected(kind="date", or_age=True, past=True), today=TODAY) is None


def test_the_words_of_our_own_example_are_a_whole_answer() -> None:
    """Who answers as we showed them rings nobody."""
    asked = Expected(kind="long_text")
    assert whole_answer("Mother, spoken, today", asked, today=TODAY, example=EXAMPLE) is not None
    assert whole_answer("Mother, spoken, today, in tears", asked, today=TODAY, example=EXAMPLE) is None
    assert whole_answer("Mother, spoken, today", asked, today=TODAY) is None


# -- over the whole flow ---------------------------------------------------------------------------------------


@cache
def _flow() -> Flow:
    return front_door()


def _expected(ask: Ask, audience: str) -> Expected:
    options = tuple(
        Option(o.id, in_words(o.label, audience), tuple(o.also), o.ages, tuple(o.whole), tuple(o.by))
        for o in ask.options
    )
    return Expected(
        kind=ask.kind,
        options=options,
        optional=ask.optional,
        leave=frozenset(ask.leave),
        or_age=ask.or_age,
        or_text=ask.or_text,
        past=ask.past,
        minimum=ask.minimum,
        maximum=ask.maximum,
    )


def _questions() -> Iterator[tuple[Expected, str]]:
    """Every question whose answers raise nothing, for every audience, with its example."""
    for ask in _flow().asks():
        for audience in ("parent", "young_person", "public", "professional"):
            hint = in_words(ask.hint, audience) if ask.hint else ""
            if not ask.raises and ask.kind != "check":
                yield _expected(ask, audience), hint if hint.startswith(AN_EXAMPLE) else ""


def test_no_message_of_danger_is_a_mere_answer_to_any_question() -> None:
    """Of the development split: whatever was asked, what needs a person today is heard in full."""
    questions = set(_questions())
    dangers = [
        m.text for m in load("development") if m.urgency.rank >= Urgency.SAME_DAY.rank and len(m.text) <= LONGEST
    ]
    assert len(dangers) > 200
    assert len(questions) > 40
    taken = [
        (text, asked.kind)
        for text in dangers
        for asked, example in questions
        if whole_answer(text, asked, today=TODAY, example=example) is not None
    ]
    assert taken == []


def test_every_label_and_said_form_is_a_whole_answer_to_its_question() -> None:
    """A label typed by hand is no more alarming than the same label tapped."""
    for asked, _ in set(_questions()):
        for option in asked.options:
            shared = [o.id for o in asked.options if option.label == o.label]
            assert len(shared) > 1 or whole_answer(option.label, asked, today=TODAY) is not None, option


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("send it here", True),
        ("please reply back here", True),
        ("just message me in this chat", True),
        ("send here", True),
        ("send help here", False),
        ("send someone here", False),
        ("send it here and he will see", False),
    ],
)
def test_where_to_write_to_them_is_an_answer_and_no_cry_for_help(text: str, is_whole: bool) -> None:
    """ "Send it here" was heard with the words before it, and a worker was rung."""
    asked = next(_expected(ask, "parent") for ask in _flow().asks() if ask.name == "safe_contact_methods")
    found = whole_answer(text, asked, today=TODAY)
    assert found == (Given(["reply_in_this_chat"], text) if is_whole else None)


# -- at the question at hand -----------------------------------------------------------------------------------


def _engine() -> Engine:
    return Engine(_flow(), voice())


def _at(key: str, **more: object) -> State:
    given = {"safe_now": Given("yes"), "role": Given("young_person_under_18")}
    return State(flow="front_door", version=1, audience="young_person", at=key, answers=given, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "is_answer"),
    [("yes", True), ("i am alone", True), ("he has gone out", True), ("he is here", False), ("no", False)],
)
def test_an_answer_that_raises_a_worry_is_heard_in_full(text: str, is_answer: bool) -> None:
    """Where the answer itself is the danger, nothing is set aside."""
    state = _at("can_talk_safely")
    assert _engine().is_answered_wholly(state, text, today=TODAY) is is_answer


@pytest.mark.parametrize("mode", [Mode.FINISHED, Mode.HANDED_OVER, Mode.CHOOSING])
def test_where_no_question_stands_nothing_is_an_answer(mode: Mode) -> None:
    """After the end whatever comes is told, not answered."""
    assert not _engine().is_answered_wholly(_at("can_talk_safely", mode=mode), "i am alone", today=TODAY)


def test_a_paused_conversation_was_asked_what_paused_it() -> None:
    """ "He has gone out" is what they wait for before they write again."""
    answers = {**_at("").answers, "can_talk_safely": Given("no")}
    state = State("front_door", 1, audience="young_person", mode=Mode.PAUSED, answers=answers)
    assert _engine().is_answered_wholly(state, "he has gone out", today=TODAY)
    assert not _engine().is_answered_wholly(state, "he has gone out and left the baby", today=TODAY)

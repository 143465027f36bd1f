"""What the engine does with the real front door, where it matters most."""

from __future__ import annotations

import pytest

from flows.answers import Given, NotKnown, PreferNotToSay
from flows.effects import BringPerson, RaiseConcern, RecordConsent, SetAudience, Submit
from flows.state import Mode
from tests.flows.playing import Play, front_door


def begun(**how: object) -> Play:
    return Play.of(front_door(), **how)  # type: ignore[arg-type]


def safe_parent() -> Play:
    return begun().says("no", "a parent", "yes")


@pytest.mark.parametrize(
    ("reply", "urgency"),
    [
        ("yes", "emergency"),
        ("not sure", "immediate"),
        ("rather not say", "immediate"),
        ("i dont know", "immediate"),
    ],
)
def test_anything_but_no_to_danger_raises_a_worry(reply: str, urgency: str) -> None:
    """Unclear, refused and unknown raise attention, never lower it."""
    play = begun().say(reply)
    assert [c.urgency for c in play.asked_for(RaiseConcern)] == [urgency]
    assert play.at == "whereabouts_now"
    assert "999" in play.words


def test_danger_that_cannot_be_read_twice_is_taken_as_not_sure() -> None:
    """Two tries, then a person is told."""
    play = begun().say("hmm")
    assert not play.asked_for(RaiseConcern)
    play.say("qwrtp")
    assert [c.urgency for c in play.asked_for(RaiseConcern)] == ["immediate"]


def test_no_to_are_you_safe_is_danger_and_no_to_danger_is_not() -> None:
    """The two questions read the other way round; mixing them up would be the worst mistake of all."""
    assert begun(audience="young_person").say("no").state.concern == "emergency"
    assert begun(audience="parent").say("no").state.concern == "none"


def test_a_slip_on_the_danger_button_can_be_taken_back() -> None:
    """Back from the first danger question leads to what was tapped, and the worry stands for a person to see."""
    play = begun().tap("yes").back()
    assert play.at == "immediate_danger"
    play.tap("no")
    assert play.at == "whereabouts_now"
    assert play.answer("immediate_danger") == Given("no", "No")
    assert len(play.asked_for(RaiseConcern)) == 1


def test_danger_asks_only_what_sends_help_and_hands_over() -> None:
    """After a sign of serious harm: where, who needs a doctor, how to reach you, police. Then a person."""
    play = begun().says("yes", "at home", "no", "reply here", "Jo", "no", "stop here")
    assert play.state.mode is Mode.HANDED_OVER
    assert play.asked_for(Submit) == [Submit()]
    assert BringPerson("handover") in play.effects


def test_no_agreement_is_asked_for_where_a_worry_stands() -> None:
    """Agreement is never a condition where someone may be in danger."""
    play = safe_parent().say("his dad is hitting him", heard="immediate")
    while play.at != "check_answers":
        play.say("carry on" if play.at == "carry_on" else "skip")
        assert play.at != "consent_to_help"
    assert not [c for c in play.asked_for(RecordConsent) if c.purpose == "help"]


def test_an_agreement_given_before_a_worry_was_raised_stays_on_the_record() -> None:
    """They gave it; danger comes out afterwards, and its questions come first."""
    play = safe_parent().says("He will not sleep", "short", "reply here", "Jo", "yes")
    assert play.at == "check_answers"
    assert [c.purpose for c in play.asked_for(RecordConsent) if c.given == "yes"] == ["help"]
    play.say("his dad is hitting him", heard="immediate")
    assert play.at == "whereabouts_now"
    assert play.recorded["consent_to_help"] == Given("yes", "yes")


@pytest.mark.parametrize("reply", ["no", "not sure", "they are here", "rather not say"])
def test_anything_but_yes_to_safe_to_chat_ends_the_questions(reply: str) -> None:
    """Somebody may be reading: numbers, how to hide the chat, and no question."""
    play = begun().says("no", "a parent", reply)
    assert play.state.mode is Mode.PAUSED
    assert not any(m.asks for m in play.said)
    assert [c.indicator for c in play.asked_for(RaiseConcern)] == ["cannot_talk"]


def test_a_professional_is_never_asked_whether_it_is_safe_to_chat() -> None:
    """It is asked of those who may be overheard at home."""
    play = begun().says("no", "teacher")
    assert play.at == "reason_in_own_words"


def test_a_short_version_is_short() -> None:
    """About eight questions; a person in trouble has no more in them."""
    play, asked = begun(), 0
    replies = {"immediate_danger": "no", "role": "a parent", "can_talk_safely": "yes", "depth": "short"}
    while play.at != "check_answers":
        asked += 1
        play.say(replies.get(play.at, "skip"))
    assert asked <= 9


@pytest.mark.parametrize(
    ("reply", "audience"),
    [("mum", "parent"), ("im under 18", "young_person"), ("next door", "public"), ("teacher", "professional")],
)
def test_who_they_say_they_are_sets_the_words(reply: str, audience: str) -> None:
    """Each is spoken to in their own words."""
    play = begun().says("no", reply)
    assert play.asked_for(SetAudience) == [SetAudience(audience)]


def test_what_is_not_known_and_not_said_of_a_child_stay_apart() -> None:
    """A statutory return counts them apart."""
    play = safe_parent().says("He will not sleep", "more")
    while play.at != "children.0.child_sex":
        play.say("I don't know" if play.at == "children.0.child_dob_or_age" else "skip")
    play.say("rather not say")
    assert isinstance(play.answer("children.0.child_dob_or_age"), NotKnown)
    said = play.answer("children.0.child_sex")
    assert isinstance(said, PreferNotToSay) or said == Given("rather_not_say", "rather not say")


def test_enough_sends_what_there_is_from_any_question_of_the_long_version() -> None:
    """Nobody is held to sixty questions they agreed to."""
    play = safe_parent().says("He will not sleep", "more", "reply here", "Jo", "skip", "skip")
    play.tap("send_now")
    while play.at != "check_answers":
        assert play.at in ("consent_to_help",)
        play.say("yes")
    play.tap("send")
    assert play.state.mode is Mode.FINISHED


def test_at_night_no_duty_worker_is_promised() -> None:
    """Out of hours the words say who is there."""
    play = Play.of(front_door(), is_open=False).say("yes")
    assert "01632 960 002" in play.words
    assert "A duty worker is being told" not in play.words


def test_long_words_are_not_said_back_when_going_back() -> None:
    """Somebody else may be reading over their shoulder."""
    play = safe_parent().say("My partner shouts at the children every night").back()
    assert play.at == "reason_in_own_words"
    assert "shouts" not in play.words


def test_numbers_of_a_child_are_not_taken_for_another_question() -> None:
    """A number at check-your-answers changes that answer; at a question it is the answer."""
    play = safe_parent().says("He will not sleep", "short", "reply here", "7")
    assert play.at in ("contact_name", "consent_to_help")

"""What is said to us instead of an answer: heeded and kept, and never a worry, a consent or a danger."""

from __future__ import annotations

import pytest

from flows.answers import Given, Skipped, Unread
from flows.effects import RaiseConcern, RecordConsent
from flows.engine import Engine
from flows.reading import read, whole_answer
from flows.reading.asides import Aside, aside
from flows.state import Mode
from tests.flows.playing import CHECK, SUBMIT, TODAY, Play, ask, flow_of, front_door

WORRY = "reason_in_own_words"

ASKS_BACK = """
what do you mean|What do you mean?|why|what|whats the difference|dont understand|I don't understand the question
which team is that|im not sure what that means|idk what you mean|why do you need to know|why are you asking me
what does that mean|sorry what do you mean by that|why should i tell you
"""
ASKS_OF_US = """
what happens to what i write here|i want a real person not a stupid machine|is this confidential|who can see this
are you a real person|will you tell my mum|can i talk to a real person please|how long does this take
i changed my mind delete everything|idk if this is the right place|I don't know where to start
Not sure if you can help but I need some advice|can you call me please
"""
KEPT = """
sorry i have to go, bye|He will be eight on the 14th of March.|no i dont want anyone ringing me
i dont want to give my name|he is 14 and she is 3|he was born on the 14th of march 2015
please dont ring my house|id rather not give my number
"""
WORRIES = """
why does my dad hit me|idk why he hits me|i dont understand why he hits me|can you help my son he is being bullied
what do i do if he comes back|i dont want to go home|idk if this is the right place its my mums bf
not sure if you can help me he has locked me in|is it normal to feel like this all the time|i have to go he is back
I need someone to talk to im so low|why do you need to know my dad beats me
dont call the police|she is 14 and he is 40|i am 12 he is 19|goodnight i will do it|how do i make it stop
can someone share my nudes|do i tell you what coach did to me|why do they want pictures of me
i need to leave him
will you tell my dad he will kill me|i dont want to live|i dont know what to do|dont ring me he gets angry
my social worker never answers her phone its a joke|7|2
"""


def _split(table: str) -> list[str]:
    return [said for line in table.strip("\n").split("\n") for said in line.split("|")]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        *((said, Aside.ASKS_BACK) for said in _split(ASKS_BACK)),
        *((said, Aside.ASKS_OF_US) for said in _split(ASKS_OF_US)),
        *((said, Aside.KEPT) for said in _split(KEPT)),
    ],
)
def test_what_is_said_to_us_is_known(said: str, found: Aside) -> None:
    """A question, a wish or a goodbye is no answer and no worry."""
    assert aside(said) is found


@pytest.mark.parametrize("said", _split(WORRIES))
def test_what_hints_at_a_worry_is_never_set_aside(said: str) -> None:
    """Half a word of harm in a question makes it what they came to say."""
    assert aside(said) is None


@pytest.mark.parametrize("said", [one for one in _split(ASKS_OF_US) + _split(KEPT) if "ring" not in one])
def test_chatter_before_the_first_question_rings_nobody_and_is_no_worry(said: str) -> None:
    """False alarms cost duty workers the time of real ones, and the real question is still to be asked."""
    play = Play.of(front_door()).say(said)
    assert not play.asked_for(RaiseConcern)
    assert play.at == "immediate_danger"
    assert "Is anyone hurt or in danger" in play.last_words
    play.says("no", "mum", "yes")
    assert play.at == WORRY


@pytest.mark.parametrize(
    "said",
    [
        "not sure",
        "idk he might come back",
        "I don't know what to say",
        "not sure if you can help me he has locked me in",
        "he never lets me leave the house at night",
        "i dont know if she is safe",
    ],
)
def test_doubt_that_could_be_about_danger_still_rings(said: str) -> None:
    """Not sure about danger brings a person."""
    play = Play.of(front_door()).say(said)
    assert [c.urgency for c in play.asked_for(RaiseConcern)] == ["immediate"]


def test_a_complaint_that_holds_a_never_is_what_they_came_to_say() -> None:
    """ "She never answers her phone" is no "no" to whether somebody is in danger, and no doubt about it either."""
    said = "my social worker never answers her phone its a joke"
    play = Play.of(front_door()).say(said)
    assert not play.asked_for(RaiseConcern)
    assert play.answer(WORRY) == Given(said, said)
    assert play.at == "immediate_danger"


def test_chatter_without_end_about_danger_rings_in_the_end() -> None:
    """Nobody may be asked for ever, and what cannot be read about danger raises attention."""
    play = Play.of(front_door()).says(*["is this confidential"] * 3)
    assert [c.urgency for c in play.asked_for(RaiseConcern)] == ["immediate"]


def test_a_question_back_gets_the_help_of_the_question_and_the_question() -> None:
    """Whoever asks what is meant has made no mistake, and is not told "choose one of the answers"."""
    question = ask("q", "yes_no", help="Say yes if it is so.", errors={"yes_no": "Choose yes or no"})
    play = Play.of(flow_of(question, CHECK, SUBMIT)).say("what do you mean")
    assert [m.text for m in play.said] == ["Say yes if it is so.", "The q?"]
    assert play.asking.buttons
    assert play.at == "q"


def test_questions_back_without_end_never_loop() -> None:
    """It is helped twice and then goes on, as with anything that cannot be read."""
    play = Play.of(flow_of(ask("q", "yes_no"), CHECK, SUBMIT)).says("why", "why", "why")
    assert play.at == "check_answers"


@pytest.mark.parametrize(
    "said", ["why do you need to know", "Sorry, what do you mean by that?", "im not sure what that means"]
)
def test_a_question_back_is_never_kept_as_the_worry(said: str) -> None:
    """Six words of theirs are not always what they came to say."""
    play = Play.of(front_door()).says("no", said)
    assert play.at == "role"
    assert play.answer(WORRY) is None
    play.says("mum", "yes", said)
    assert play.at == WORRY


def test_a_number_that_cannot_be_read_is_told_how_to_put_it_right() -> None:
    """Figures where figures were asked are a mistake to mend, and nothing said to us."""
    question = ask("q", "number", errors={"number_unread": "In figures, please."})
    play = Play.of(flow_of(question, CHECK, SUBMIT)).say("he is 4 and she is 5")
    assert play.words == "In figures, please."


# -- agreement -------------------------------------------------------------------------------------------------


def _at_agreement(audience: str = "parent") -> Play:
    play = Play.of(front_door(), audience=audience)
    for said in ("no", "mum", "yes", "struggling with routines", "short", "here", "Pat"):
        play.say(said)
    assert play.at == "consent_to_help"
    return play


@pytest.mark.parametrize("said", ["which team is that", "im not sure what that means"])
def test_a_question_about_agreement_is_answered_and_agreement_asked_again(said: str) -> None:
    """Who does not know what they agree to has not agreed, nor asked for a talk."""
    play = _at_agreement().say(said)
    assert "The early help team supports families." in play.words
    assert "Do you agree" in play.last_words
    assert play.at == "consent_to_help"
    assert play.say("yes").answer("consent_to_help") == Given("yes", "yes")


def test_no_agreement_is_ever_written_for_somebody_who_did_not_say_it() -> None:
    """What could not be read stands as not answered, with their words; neither a yes, a no nor a wish to talk."""
    play = _at_agreement().says("pat@example.com", "send", "send")
    assert play.answer("consent_to_help") == Skipped("send")
    assert [c.given for c in play.asked_for(RecordConsent) if c.purpose == "help"] == ["skipped"]
    assert play.state.mode is Mode.ASKING


# -- plain answers that ring nobody ----------------------------------------------------------------------------


def _whole(engine: Engine, play: Play, said: str) -> bool:
    return engine.is_answered_wholly(play.state, said, today=TODAY)


@pytest.mark.parametrize(
    "said",
    _split(
        "No immediate danger|not in immediate danger|no immediate risk|no hes safe|No, he's safe"
        "|no im not in danger|no they are safe now|The child is not in immediate danger.|nobody is hurt"
        "|no one is in danger"
    ),
)
@pytest.mark.parametrize("audience", ["unknown", "public", "professional"])
def test_a_plain_no_about_danger_is_a_whole_answer(audience: str, said: str) -> None:
    """Alone "no hes safe" reads like a worry; in answer to this question it is the answer."""
    play = Play.of(front_door(), audience=audience)
    assert _whole(play.engine, play, said)
    play.say(said)
    assert play.answer("immediate_danger") == Given("no", said)
    assert not play.asked_for(RaiseConcern)


@pytest.mark.parametrize(
    "said",
    [
        "no hes not safe",
        "no hes safe but she isnt",
        "no hes safe, she isnt",
        "not immediate",
        "no immediate danger but he hits her",
        "im safe",
        "no he is in danger",
        "hes safe",
    ],
)
def test_more_or_less_than_a_plain_no_about_danger_is_not(said: str) -> None:
    """What is told besides, or told of one of several, is heard in full."""
    play = Play.of(front_door())
    assert not _whole(play.engine, play, said)


@pytest.mark.parametrize("said", ["no he is in danger", "no immediate danger but he hits her", "no hes not safe"])
def test_a_no_that_denies_itself_is_no_calm_answer(said: str) -> None:
    """ "No, he is in danger" must not be heard as no danger."""
    assert Play.of(front_door()).say(said).asked_for(RaiseConcern)


@pytest.mark.parametrize("said", ["yeah im safe", "Yes, I'm safe", "yes i am safe now"])
def test_a_young_person_who_says_yes_and_safe_is_heard_as_that(said: str) -> None:
    """A plain yes in two words more rings nobody."""
    play = Play.of(front_door(), audience="young_person")
    assert _whole(play.engine, play, said)
    assert play.say(said).answer("safe_now") == Given("yes", said)


@pytest.mark.parametrize("said", ["yeah im not safe", "yes im safe but he isnt", "im safe for now"])
def test_a_young_person_who_says_more_is_heard_in_full(said: str) -> None:
    """Only the plain words are the answer and nothing besides."""
    play = Play.of(front_door(), audience="young_person")
    assert not _whole(play.engine, play, said)


@pytest.mark.parametrize(
    "said", ["i dont want them to know who i am", "I don't want the family to know it was me"]
)
def test_wanting_not_to_be_known_to_the_family_is_a_whole_answer(said: str) -> None:
    """It is what was asked, and no worry about anybody."""
    play = Play.of(front_door(), audience="public").says("no", "neighbour", "they shout a lot", "DH1 5UL")
    assert _whole(play.engine, play, said)
    assert play.say(said).answer("wants_anonymity") == Given("keep_my_name_from_family", said)


@pytest.mark.parametrize("said", ["Mum said that is alright with her", "mum has agreed", "Dad said yes, thanks"])
def test_a_familys_agreement_in_a_professionals_words_is_a_whole_answer(said: str) -> None:
    """They were asked whether somebody else agreed."""
    play = Play.of(front_door(), audience="professional")
    place = next(p for p in play.engine.asker.way(play.state).questions() if p.key == "consent_to_help")
    expected = play.engine.asker.expected(play.state, place)
    assert whole_answer(said, expected, today=TODAY) == Given("yes", said)


@pytest.mark.parametrize("said", ["Mum said that is alright with her", "mum has agreed", "dad said yes"])
@pytest.mark.parametrize("audience", ["parent", "young_person"])
def test_somebody_elses_word_is_nobodys_own_agreement(audience: str, said: str) -> None:
    """A child's mother does not agree for the child who was asked, nor one parent for the other."""
    play = Play.of(front_door(), audience=audience)
    place = next(p for p in play.engine.asker.way(play.state).questions() if p.key == "consent_to_help")
    expected = play.engine.asker.expected(play.state, place)
    assert read(said, expected, today=TODAY) == Unread("yes_no")

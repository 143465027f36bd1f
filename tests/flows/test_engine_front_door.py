"""What the engine does with the real front door, where it matters most."""

from __future__ import annotations

import pytest

from flows.answers import Answer, Given, NotKnown, PreferNotToSay, Unread
from flows.effects import BringPerson, RaiseConcern, RecordConsent, SetAudience, Submit
from flows.state import Mode
from tests.flows.playing import SUBMIT, Play, flow_of, front_door


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


IN_DANGER = ("whereabouts_now", "medical_help_needed")


@pytest.mark.parametrize(
    "reply",
    [
        "in my house. no ones hurt im just exhausted",
        "hes in the kitchen with a knife",
        "14 Mill Rd DH1 5UL, with mum",
    ],
)
def test_a_place_told_in_words_of_danger_says_where_they_are(reply: str) -> None:
    """Whoever is in danger answers in its words; an address asked for twice is help that comes later."""
    play = safe_parent().say("his dad is hitting him", heard="immediate").say(reply, heard="immediate")
    assert play.at == "medical_help_needed"
    assert play.answer("whereabouts_now") == Given(reply, reply)


def test_a_question_of_danger_is_asked_twice_and_not_without_end() -> None:
    """Words of danger that tell no place leave it to be asked once more; then they stand as they were typed."""
    play = safe_parent().say("his dad is hitting him", heard="immediate")
    assert play.say("he comes in my room and sits on my bed", heard="immediate").at == "whereabouts_now"
    assert play.answer("whereabouts_now") is None
    assert play.say("please he is hitting him", heard="immediate").at == "medical_help_needed"
    assert play.answer("whereabouts_now") == Given(
        "please he is hitting him", "please he is hitting him", checked=False
    )


@pytest.mark.parametrize("reply", ["im 13", "Im 13", "sorry I am 13 years old", "I'm only 13"])
def test_a_child_who_says_her_age_where_a_place_was_asked_is_spoken_to_as_a_child(reply: str) -> None:
    """It is no place, and it is the one thing that changes every word that follows."""
    play = begun().say("not sure").say(reply)
    assert play.at == "whereabouts_now"
    assert play.state.audience == "young_person"
    assert "Where are you now?" in play.words


@pytest.mark.parametrize("reply", ["13", "he is 13", "im 13 minutes away", "I am at number 13"])
def test_another_number_is_not_their_own_age(reply: str) -> None:
    """A house, another child or a time says nothing of who writes."""
    play = begun().say("not sure").say(reply)
    assert play.at == "medical_help_needed"
    assert play.state.audience == "unknown"


def test_a_number_said_again_is_a_yes_to_it() -> None:
    """They were asked if it is right, and typed it once more."""
    play = safe_parent().says("He will not sleep", "short").say("text me", facts={"phone": "07700 900123"})
    assert "Is that right?" in play.words
    assert play.say("07700 900123", facts={"phone": "07700 900123"}).at == "contact_name"


@pytest.mark.parametrize(
    "reply",
    [
        "07700 900123 is my old number, he has it",
        "the name is Sara but 07700 900123 is his phone",
        "07700 900123?",
    ],
)
def test_a_number_said_again_among_other_words_is_no_yes(reply: str) -> None:
    """The words beside it may say that it is not safe to ring."""
    play = safe_parent().says("He will not sleep", "short").say("text me", facts={"phone": "07700 900123"})
    play.say(reply, facts={"phone": "07700 900123"})
    assert play.state.mode is Mode.CONFIRMING
    assert play.answer("phone") is None
    assert "Is that right?" in play.words


def test_one_of_two_facts_said_again_is_no_yes_to_both() -> None:
    """Only all that was offered, said again, settles it."""
    facts = {"phone": "07700 900123", "contact_name": "Sara"}
    play = safe_parent().says("He will not sleep", "short").say("text me", facts=facts)
    play.say("07700 900123", facts={"phone": "07700 900123"})
    assert play.state.mode is Mode.CONFIRMING
    assert play.answer("contact_name") is None
    play.say("Sara, 07700 900123", facts=facts)
    assert play.answer("phone") is not None
    assert play.answer("contact_name") == Given("Sara", "Sara")


@pytest.mark.parametrize("reply", ["just send it", "send it please", "no thanks"])
def test_send_it_ends_the_questions_of_danger(reply: str) -> None:
    """They have said all that they came to say."""
    play = begun().says("yes", "at home", "no", "reply here", "Jo", "no", reply)
    assert play.state.mode is Mode.HANDED_OVER


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("I would rather not give you my name at all", "do_not_give_my_name_to_anyone"),
        ("no name please", "do_not_give_my_name_to_anyone"),
        ("keep my name private", "keep_my_name_from_family"),
    ],
)
def test_a_neighbour_who_will_not_be_named_is_not_named(reply: str, kept: str) -> None:
    """To refuse a name is the answer to this question, and no refusal to answer it."""
    play = begun().says("no", "next door", "I hear him crying at night", "12 Church Lane", reply)
    answer = play.answer("wants_anonymity")
    assert isinstance(answer, Given)
    assert answer.value == kept


@pytest.mark.parametrize("reply", ["dont contact me", "I don't want any of that. You needn't contact me."])
def test_a_neighbour_may_ask_not_to_be_contacted(reply: str) -> None:
    """And nothing is said of safety to somebody who is in none."""
    play = begun().says("no", "next door", "I hear him crying at night", "12 Church Lane", "no name", reply)
    assert "You can write here again at any time." in play.words
    assert play.answer("safe_contact_methods") == Given(["none_is_safe"], reply)


def test_i_will_not_is_not_i_will() -> None:
    """ "I will not give my name" was read as "I will contact you"."""
    play = begun().says("no", "next door", "I hear him crying at night", "12 Church Lane", "no name")
    assert play.say("No thank you, I will not give my name.").at == "safe_contact_methods"


@pytest.mark.parametrize(
    ("reply", "at"),
    [
        ("nie", "role"),
        ("nu", "role"),
        ("ਨਹੀਂ", "role"),
        ("نہیں", "role"),
        ("tak", "whereabouts_now"),
        ("ہاں", "whereabouts_now"),
    ],
)
def test_yes_and_no_are_read_in_the_languages_of_the_first_page(reply: str, at: str) -> None:
    """ "Nie" to "is anyone in danger" rang everybody at night."""
    assert begun().say(reply).at == at


def test_a_number_told_with_the_way_is_not_asked_for_in_danger() -> None:
    """It stands for the question itself: nothing more is put before help."""
    play = begun().says("yes", "at home", "no").say("text me 07700 900123", facts={"phone": "07700 900123"})
    assert "Phone number: 07700 900123" in play.words
    assert play.say("yes").at == "contact_name"


@pytest.mark.parametrize(
    ("reply", "ways"),
    [
        ("please dont contact me at work, text me", ["text"]),
        ("no contact with dad, ring me", ["call_mobile"]),
        ("i have no contact with him, email me", ["email"]),
        ("dont contact me, i will ring you", ["i_will_contact_you"]),
        ("dont contact me by phone he checks it, email me", ["email"]),
        ("dont contact me on my landline", None),
        ("dont contact me before 9", None),
    ],
)
def test_a_way_that_is_not_safe_does_not_shut_the_others(reply: str, ways: list[str] | None) -> None:
    """They were told that we will not contact them, when they had said how."""
    play = safe_parent().says("He will not sleep", "short").say(reply)
    answer = play.answer("safe_contact_methods")
    assert answer == (None if ways is None else Given(ways, reply))


@pytest.mark.parametrize(
    "reply",
    [
        "my mama hits me",
        "mama is hurting me",
        "im scared of mama",
        "tata hits me",
        "moja mama mnie bije",
        "my mum hits me",
        "my dad hits me",
        "my mum is a teacher and she hits me",
        "mum hits me",
        "dad is hurting me",
        "scared of dad",
        "my uncle touches me",
        "my brother hits me",
        "grandad touches me",
        "my teacher hits me",
        "my foster carer hurts me",
        "my neighbour hits me",
    ],
)
def test_a_child_who_tells_on_a_parent_is_not_taken_for_one(reply: str) -> None:
    """Every question after it would be meant for who hurts them."""
    play = begun().say("no").say(reply)
    assert play.at == "role"
    assert play.state.audience == "unknown"


@pytest.mark.parametrize(
    "reply", ["mama", "Tata", "jestem mamą", "Jestem mamą dwójki dzieci", "sunt mama", "im a mama"]
)
def test_a_parent_says_so_in_polish_and_romanian(reply: str) -> None:
    assert begun().say("no").say(reply).state.audience == "parent"


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("I will give my name", "no"),
        ("I dont mind, give my name", "no"),
        ("give my name", "no"),
        ("I don't mind if you give my name", "no"),
        ("i will not give my name", "do_not_give_my_name_to_anyone"),
        ("I won't give my name", "do_not_give_my_name_to_anyone"),
        ("i dont want to give my name", "do_not_give_my_name_to_anyone"),
        ("do not give my name", "do_not_give_my_name_to_anyone"),
        ("I will never give my name", "do_not_give_my_name_to_anyone"),
    ],
)
def test_to_give_a_name_and_not_to_give_it_are_told_apart(reply: str, kept: str) -> None:
    """One "not" is all that stands between them."""
    play = begun().says("no", "next door", "I hear him crying at night", "12 Church Lane", reply)
    answer = play.answer("wants_anonymity")
    assert isinstance(answer, Given)
    assert answer.value == kept


@pytest.mark.parametrize(
    "reply",
    [
        "i will give my name but not to the family",
        "if you give my name he will kill me",
        "will you give my name to him?",
    ],
)
def test_a_name_given_on_conditions_is_asked_about_again(reply: str) -> None:
    """No name is passed on because of words inside a longer reply."""
    play = begun().says("no", "next door", "I hear him crying at night", "12 Church Lane").say(reply)
    answer = play.answer("wants_anonymity")
    assert answer is None or (isinstance(answer, Given) and answer.value != "no")


def test_how_to_reach_them_told_beside_another_question_is_kept_for_its_own() -> None:
    """ "07700 900123 text dont ring" was doubt about a doctor, and how to reach them was asked after it."""
    play = begun().says("yes", "at home")
    play.say("07700 900123 text dont ring", facts={"phone": "07700 900123"})
    assert play.at == "medical_help_needed"
    assert play.answer("medical_help_needed") is None
    assert "Safe ways to reach you: Text me" in play.say("no").words
    assert "Phone number: 07700 900123" in play.say("yes").words
    assert play.say("yes").at == "contact_name"
    assert play.on_path["safe_contact_methods"] == Given(["text"], "07700 900123 text dont ring")


def test_how_to_reach_them_is_not_the_worry() -> None:
    """Six words that cannot be read as an answer are what they came to say, but not these."""
    play = begun().says("yes", "at home").say("07700 900123 please text me dont ring")
    assert play.answer("reason_in_own_words") is None


@pytest.mark.parametrize(
    "reply",
    """
i dont know 07700 900123
not sure, 07700 900123
i dont know, ring me 07700 900123
no idea call me on 07700 900123
""".strip().split("\n"),
)
def test_doubt_beside_a_number_stays_doubt(reply: str) -> None:
    """Nobody is thought well because a number stands beside it."""
    assert begun().says("yes", "at home").say(reply).answer("medical_help_needed") == Given("not_sure", reply)


def _of_the_other_parent(reply: str) -> Answer | Unread | None:
    ask = next(a for a in front_door().asks() if a.name == "other_parent_contact_ok")
    small = Play.of(flow_of(ask.model_dump(exclude={"when"}, by_alias=True), SUBMIT))
    return small.say(reply).answer("other_parent_contact_ok")


@pytest.mark.parametrize(
    "reply",
    """
yes he is dangerous
yes it could put me at risk
yes i am scared of him
yes he beats me
yes he is violent
""".strip().split("\n"),
)
def test_a_yes_with_danger_behind_it_is_no_leave_to_talk_to_the_other_parent(reply: str) -> None:
    """Whoever hurts them would be the first to hear of it."""
    assert _of_the_other_parent(reply) == Given("not_sure", reply, checked=False)


@pytest.mark.parametrize("reply", ["yes", "yes please", "yes he is safe", "yes she knows"])
def test_a_yes_without_is_one(reply: str) -> None:
    assert _of_the_other_parent(reply) == Given("yes", reply)


def test_a_number_in_answer_to_danger_is_still_no_calm_answer() -> None:
    """Where doubt raises a worry, it raises one: whoever cannot be rung may be in danger."""
    play = begun().say("07700 900123 text dont ring")
    assert play.answer("immediate_danger") == Given("not_sure", "07700 900123 text dont ring")


@pytest.mark.parametrize(
    "reply", ["Worried about the little boy next door", "hi, im really worried about a child in my class"]
)
def test_about_whom_is_not_yet_the_worry(reply: str) -> None:
    """They are asked what it is, as anybody is."""
    play = begun().says("no", reply)
    assert play.answer("reason_in_own_words") is None
    assert begun().says("no", f"{reply}, he is always crying").answer("reason_in_own_words") is not None

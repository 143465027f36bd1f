"""What the engine does with any flow, shown on small ones."""

from __future__ import annotations

import pytest

from flows.answers import Given, NotKnown, PreferNotToSay, Skipped
from flows.effects import (
    BringPerson,
    Pause,
    RaiseConcern,
    RecordAnswer,
    RecordConsent,
    RetireAnswer,
    SetAudience,
    SetDepth,
    Submit,
)
from flows.state import Mode
from tests.flows.playing import CHECK, SUBMIT, Play, ask, flow_of

COLOURS = [
    {"id": "red", "label": "Red"},
    {"id": "blue", "label": "Blue"},
    {"id": "none", "label": "None of these"},
]


def small(*steps: object) -> Play:
    return Play.of(flow_of(*steps, CHECK, SUBMIT))  # type: ignore[arg-type]


# -- each kind of answer ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "typed", "value"),
    [
        (ask("q", "text"), "by the river", "by the river"),
        (ask("q", "long_text"), "Last week.\nThen it got worse.", "Last week.\nThen it got worse."),
        (ask("q", "name"), "my name is Sam Made-Up", "Sam Made-Up"),
        (ask("q", "yes_no"), "no i dont think so", "no"),
        (ask("q", "choice", options=COLOURS), "2nd one", "blue"),
        (ask("q", "choice", options=COLOURS), "red", "red"),
        (ask("q", "choices", options=COLOURS), "red and blue", ["red", "blue"]),
        (ask("q", "number"), "5", 5),
        (ask("q", "date", past=True), "14/3/15", "2015-03-14"),
    ],
)
def test_a_reply_typed_as_people_type_is_taken(question: dict[str, object], typed: str, value: object) -> None:
    """A question that only takes its own spelling of an answer turns people away."""
    play = small(question).say(typed)
    answer = play.answer("q")
    assert isinstance(answer, Given)
    if question["kind"] in ("yes_no", "date") and isinstance(answer.value, str):
        assert answer.value in (value, "not_sure")
    else:
        assert answer.value == value
    assert play.at == "check_answers"


@pytest.mark.parametrize(
    ("typed", "tapped", "taken"),
    [("skip", "skip", Skipped), ("I don't know", "not_known", NotKnown)],
)
def test_skip_and_not_known_are_different_facts_however_said(typed: str, tapped: str, taken: type) -> None:
    """A worker reads "passed over" and "asked, and does not know" differently."""
    assert isinstance(small(ask("q")).say(typed).answer("q"), taken)
    assert isinstance(small(ask("q")).tap(tapped).answer("q"), taken)


def test_rather_not_say_is_its_own_fact() -> None:
    """Refusing to say is not the same as skipping."""
    assert isinstance(small(ask("q")).say("rather not say").answer("q"), PreferNotToSay)


def test_every_answer_is_recorded_with_the_question_as_asked() -> None:
    """The record has to say what was asked, in the words that were shown."""
    play = small(ask("colour")).say("green")
    assert play.asked_for(RecordAnswer) == [
        RecordAnswer("colour", "colour", "The colour?", Given("green", "green"))
    ]


# -- several choices -------------------------------------------------------------------------------


def test_ticks_change_the_question_in_place_and_done_settles_them() -> None:
    """People choose several by tapping: each tap must show, and none may be lost."""
    play = small(ask("q", "choices", options=COLOURS))
    play.tap("blue")
    assert [m.in_place for m in play.said] == [True]
    assert [b.id for b in play.said[0].buttons if b.chosen] == ["blue"]
    play.tap("red").tap("done")
    assert play.answer("q") == Given(["red", "blue"], "Red, Blue") or play.answer("q").value == ["red", "blue"]  # type: ignore[union-attr]


def test_a_second_tap_takes_the_tick_back() -> None:
    """A slip of the thumb must be undone by the same thumb."""
    play = small(ask("q", "choices", options=COLOURS)).tap("blue").tap("red").tap("blue").tap("done")
    answer = play.answer("q")
    assert isinstance(answer, Given)
    assert answer.value == ["red"]


def test_none_of_these_beside_one_of_these_is_not_taken() -> None:
    """ "None is safe" together with "text me" says two things; guessing one could put someone at risk."""
    play = small(ask("q", "choices", options=COLOURS)).tap("red").tap("none").tap("done")
    assert play.answer("q") is None
    assert play.at == "q"


def test_done_with_nothing_chosen_goes_on_after_a_few_tries() -> None:
    """A person who only ever taps Done must not be held for ever."""
    play = small(ask("q", "choices", options=COLOURS))
    for _ in range(3):
        play.tap("done")
    assert play.at == "check_answers"


# -- misses ----------------------------------------------------------------------------------------


def test_an_unreadable_reply_is_told_how_then_helped_then_taken_as_typed() -> None:
    """It offers help and goes on; it never loops, and never throws words away."""
    play = small(ask("q", "number", help="A whole number.", errors={"number_unread": "In figures, please."}))
    play.say("purple")
    assert "In figures, please." in play.words
    play.say("purple")
    assert "A whole number." in play.words
    assert "person" in play.words
    play.say("purple")
    assert play.answer("q") == Given("purple", "purple", checked=False)
    assert play.at == "check_answers"


def test_a_reply_to_a_choice_that_fits_none_is_kept_as_typed_without_a_choice() -> None:
    """What they typed stands for the worker; no option is put in their mouth."""
    play = small(ask("q", "choice", options=COLOURS)).says("gdkjfg", "gdkjfg", "gdkjfg")
    answer = play.answer("q")
    assert isinstance(answer, Given)
    assert answer.value == {"choice": None, "text": "gdkjfg"}
    assert not answer.checked


def test_an_unreadable_reply_about_danger_is_taken_as_worry() -> None:
    """Fails toward people: what cannot be read about danger raises attention."""
    danger = ask(
        "danger",
        "yes_no",
        unreadable_as="not_sure",
        raises=[
            {
                "when": {"not": {"answer": "danger", "in": ["no"]}},
                "indicator": "danger_answer",
                "urgency": "immediate",
                "why": "They did not say no",
            }
        ],
    )
    play = small(danger).says("qwrtp", "qwrtp")
    assert play.asked_for(RaiseConcern) == [RaiseConcern("danger_answer", "immediate", "They did not say no")]
    assert play.state.concern == "immediate"


def test_after_three_questions_taken_as_typed_a_person_is_brought() -> None:
    """Somebody the questions do not fit needs a person, not more questions."""
    play = small(ask("a", "number"), ask("b", "number"), ask("c", "number"), ask("d", "number"))
    play.says(*["purple"] * 9)
    assert play.asked_for(BringPerson) == [BringPerson("not_understood")]
    assert play.at == "d"


def test_an_unreadable_reply_at_check_your_answers_never_sends() -> None:
    """Only a clear yes sends an enquiry; a person is brought instead."""
    play = small(ask("q")).says("x", "gdkjfg", "gdkjfg", "gdkjfg")
    assert not play.asked_for(Submit)
    assert play.asked_for(BringPerson) == [BringPerson("not_understood")]
    assert play.at == "check_answers"


def test_going_on_misreading_at_check_your_answers_rings_for_a_person_once() -> None:
    """Duty workers are rung once for one person who is stuck."""
    play = small(ask("q")).say("x").says(*["gdkjfg"] * 12)
    assert play.asked_for(BringPerson) == [BringPerson("not_understood")]


# -- back and change -------------------------------------------------------------------------------


def test_back_shows_the_answer_and_keeps_it_when_told_to() -> None:
    """Going back to look must not cost an answer."""
    play = small(ask("a"), ask("b")).say("one").back()
    assert play.at == "a"
    assert "one" in play.words
    assert "keep" in [c.id for c in play.said[-1].controls]
    before = len(play.effects)
    play.tap("keep")
    assert play.at == "b"
    assert play.answer("a") == Given("one", "one")
    assert len(play.effects) == before


def test_back_again_goes_further_back() -> None:
    """Two steps back are two steps."""
    play = small(ask("a"), ask("b"), ask("c")).says("one", "two").back().back()
    assert play.at == "a"


def test_back_at_the_first_question_says_so_and_asks_it_again() -> None:
    """Never silence."""
    play = small(ask("a")).back()
    assert play.at == "a"
    assert len(play.said) == 2


def test_a_changed_answer_replaces_the_old_and_the_rest_is_kept() -> None:
    """Changing one thing must not mean answering everything again."""
    play = small(ask("a", label="First thing"), ask("b", label="Second thing")).says("one", "two")
    play.say("1")
    assert play.at == "a"
    play.say("uno")
    assert play.at == "check_answers"
    assert [e.answer for e in play.asked_for(RecordAnswer) if e.key == "a"] == [
        Given("one", "one"),
        Given("uno", "uno"),
    ]


@pytest.mark.parametrize("how", ["2", "2.", "second thing", "Second thing"])
def test_an_answer_is_changed_by_its_number_or_its_name(how: str) -> None:
    """People answer a list by number or by saying what they mean."""
    play = small(ask("a", label="First thing"), ask("b", label="Second thing")).says("one", "two").tap("change")
    assert play.state.mode is Mode.CHOOSING
    assert play.say(how).at == "b"


def test_a_number_that_is_not_on_the_list_is_said_to_be_so_and_never_loops() -> None:
    """A wrong number twice means they would rather go on."""
    play = small(ask("a")).say("one").tap("change").say("9")
    assert "9" in play.words
    play.says("9", "9")
    assert play.state.mode is Mode.ASKING


def test_change_with_nothing_to_change_says_so() -> None:
    """Never silence."""
    play = small(ask("a")).change()
    assert play.at == "a"
    assert len(play.said) == 2


def test_a_change_that_turns_the_path_retires_what_fell_off_and_brings_back_what_returns() -> None:
    """An answer to a question that no longer applies must not stand in the enquiry, and comes back if it does."""
    play = small(ask("pet", "yes_no"), ask("pet_name", when={"answer": "pet", "in": ["yes"]}), ask("last")).says(
        "yes", "Rex", "end"
    )
    assert play.at == "check_answers"
    play.say("1").say("no")
    assert play.at == "check_answers"
    assert play.asked_for(RetireAnswer) == [RetireAnswer("pet_name")]
    assert "Rex" not in play.words
    assert set(play.recorded) == {"pet", "last"}
    play.say("1").say("yes")
    assert play.at == "check_answers"
    assert play.recorded["pet_name"] == Given("Rex", "Rex")


def test_a_button_label_typed_by_hand_at_check_is_the_button() -> None:
    """Its words typed by hand mean the same."""
    play = small(ask("a")).say("one")
    label = play.said[-1].buttons[0].label
    assert play.say(label).state.mode is Mode.FINISHED


# -- groups ----------------------------------------------------------------------------------------

CHILDREN = {
    "each": "children",
    "steps": [ask("child_name", "name"), ask("child_age", "age", words="How old is {child_name|the child}?")],
    "more": ask("another", "yes_no", check=False),
    "most": 3,
}


def test_each_child_is_asked_about_and_answers_do_not_mix() -> None:
    """Two children's ages must never be mistaken for each other."""
    play = small(CHILDREN).says("Ash", "7", "yes", "Robin", "9", "no")
    assert play.answer("children.0.child_name").value == "Ash"  # type: ignore[union-attr]
    assert play.answer("children.1.child_name").value == "Robin"  # type: ignore[union-attr]
    assert play.at == "check_answers"
    assert "(2)" in play.words


def test_questions_about_a_child_use_that_child_s_name() -> None:
    """A child's own name makes a question kinder, and the wrong one would be worse than none."""
    play = small(CHILDREN).says("Ash", "7", "yes", "Robin")
    assert "Robin" in play.last_words
    assert "Ash" not in play.last_words


def test_after_the_most_children_no_more_are_asked_for() -> None:
    """A group ends."""
    play = small(CHILDREN).says("A", "7", "yes", "B", "8", "yes", "C", "9")
    assert play.at == "check_answers"


def test_taking_back_another_child_retires_that_child_s_answers() -> None:
    """A child who was a slip must not stand in the enquiry."""
    play = small(CHILDREN).says("Ash", "7", "yes", "Robin", "9", "no")
    play.back()
    while play.at != "children.0.another":
        play.back()
    play.say("no")
    assert {e.key for e in play.asked_for(RetireAnswer)} >= {"children.1.child_name", "children.1.child_age"}
    assert set(play.recorded) == set(play.on_path)


# -- several facts in one message ------------------------------------------------------------------

FAMILY = (
    ask("reason", "long_text"),
    ask("child_name", "name", label="Name"),
    ask("child_age", "age", label="Age"),
)


def told() -> Play:
    return small(*FAMILY).say("It is about Ash, who is 7", facts={"child_name": "Ash", "child_age": "7"})


def test_facts_heard_in_one_message_are_offered_back() -> None:
    """Nobody should be asked again what they have just told us."""
    play = told()
    assert play.state.mode is Mode.CONFIRMING
    assert "Ash" in play.words
    assert "7" in play.words


def test_facts_confirmed_are_never_asked() -> None:
    """A yes settles them all."""
    play = told().say("yes")
    assert play.at == "check_answers"
    assert play.recorded["child_name"] == Given("Ash", "Ash")
    assert set(play.recorded) == {"reason", "child_name", "child_age"}


def test_a_correction_is_offered_back_with_the_rest() -> None:
    """ "no she's 8" keeps what was right and mends what was wrong."""
    play = told().say("no she's 8", facts={"child_age": "8"})
    assert play.state.mode is Mode.CONFIRMING
    assert "8" in play.words
    assert "Ash" in play.words
    play.say("yes")
    assert play.answer("child_name") == Given("Ash", "Ash")
    assert play.at == "check_answers"


def test_facts_refused_are_asked_instead() -> None:
    """We misheard: ask, and use nothing of it."""
    play = told().say("no")
    assert play.at == "child_name"
    assert set(play.recorded) == {"reason"}


def test_an_unclear_answer_to_an_offer_is_asked_once_more_and_then_dropped() -> None:
    """Never loops, and never takes doubt for a yes."""
    play = told().says("gdkjfg", "gdkjfg")
    assert play.at == "child_name"
    assert set(play.recorded) == {"reason"}


def test_the_same_facts_sent_again_and_again_do_not_loop() -> None:
    """A message repeated in anger must still be got past."""
    play = small(ask("colour", "choice", options=COLOURS), ask("phone", "phone"), ask("last"))
    for _ in range(8):
        play.say("ring 07700 900123", facts={"phone": "07700 900123"})
    assert play.at != "colour"
    assert play.state.mode is not Mode.CONFIRMING


# -- danger, the end, pauses -----------------------------------------------------------------------

DANGER = {**ask("where"), "when": {"concern": "immediate"}}


def test_danger_rising_mid_flow_puts_the_danger_question_first_and_then_comes_back() -> None:
    """As soon as a worry is raised its questions come before all others."""
    play = small(DANGER, ask("a", "number"), ask("b"))
    assert play.at == "a"
    play.say("he has a knife", heard="emergency")
    assert play.at == "where"
    assert play.answer("a") is None
    assert play.say("at home").at == "a"


def test_danger_said_in_answer_to_an_open_question_is_an_answer_too() -> None:
    """The words they were asked for are kept as the answer."""
    play = small(DANGER, ask("reason", "long_text")).say("he has a knife", heard="emergency")
    assert play.answer("reason") == Given("he has a knife", "he has a knife")
    assert play.at == "where"


def test_a_worry_is_raised_once_however_often_the_answer_is_given() -> None:
    """Going back and forth must not ring twice for one answer."""
    rule = {
        "when": {"answer": "hurt", "in": ["yes"]},
        "indicator": "danger_answer",
        "urgency": "immediate",
        "why": "Yes",
    }
    play = small(ask("hurt", "yes_no", raises=[rule]), ask("b"))
    play.say("yes").back().say("no").back().say("yes")
    assert len(play.asked_for(RaiseConcern)) == 1


def test_a_worry_raised_by_danger_takes_an_answer_off_the_path_off_the_record() -> None:
    """What no longer applies because someone is in danger must not stand in the enquiry."""
    consent = ask("agree", "consent", when={"not": {"concern": "immediate"}})
    play = small(consent, ask("reason", "long_text")).say("yes").say("he has a knife", heard="emergency")
    assert "agree" not in play.on_path
    assert "agree" not in play.recorded


def test_a_worry_raised_by_an_answer_takes_an_answer_off_the_path_off_the_record() -> None:
    """As above, where it is the answer that raises."""
    rule = {
        "when": {"answer": "hurt", "in": ["yes"]},
        "indicator": "danger_answer",
        "urgency": "immediate",
        "why": "Yes",
    }
    consent = ask("agree", "consent", when={"not": {"concern": "immediate"}})
    play = small(consent, ask("hurt", "yes_no", raises=[rule])).say("yes").say("yes")
    assert "agree" not in play.recorded


def test_a_pause_says_its_words_and_asks_nothing() -> None:
    """Not safe to talk: numbers, and nothing else."""
    play = paused()
    assert play.state.mode is Mode.PAUSED
    assert play.last_effects == (Pause(),) or Pause() in play.last_effects
    assert play.asking.kind == "none"
    assert not any(m.asks for m in play.said)


def paused(*before: str, reason_first: bool = False) -> Play:
    first = [ask("reason", "long_text")] if reason_first else []
    last = [] if reason_first else [ask("reason", "long_text")]
    play = small(
        *first,
        ask("safe", "yes_no"),
        {"finish": "pause", "say": ["cannot_talk"], "when": {"not": {"answer": "safe", "in": ["yes"]}}},
        *last,
    )
    return play.says(*before, "no")


def test_the_next_message_after_a_pause_asks_whether_it_is_safe_now() -> None:
    """Safety first, before anything they came to say."""
    play = paused("what happened", reason_first=True).say("hello again")
    assert play.at == "safe"
    assert play.say("yes").at == "check_answers"
    assert play.answer("reason") is not None


def test_a_pause_ends_when_later_questions_were_answered_before_it() -> None:
    """A first message that was already the worry must not lock the person out, nor be lost."""
    flow = flow_of(
        ask("safe", "yes_no"),
        {"finish": "pause", "say": ["cannot_talk"], "when": {"not": {"answer": "safe", "in": ["yes"]}}},
        ask("reason", "long_text"),
        CHECK,
        SUBMIT,
    )
    from flows.answers import Given as Told

    play = Play.of(flow, given={"reason": Told("my worry", "my worry")}).say("no")
    assert play.state.mode is Mode.PAUSED
    play.say("hello")
    assert play.at == "safe"
    play.say("yes")
    assert play.at == "check_answers"
    assert play.answer("reason") == Given("my worry", "my worry")


def test_not_safe_again_pauses_again() -> None:
    """However often it is not safe, it is not safe."""
    play = paused("x", reason_first=True).say("hello").say("no")
    assert play.state.mode is Mode.PAUSED


def test_check_your_answers_shows_every_answer_and_sending_submits_once() -> None:
    """They see what they send."""
    play = small(ask("a", label="First"), ask("b", label="Second")).says("one", "skip")
    assert "First: one" in play.words
    assert "Second: Not provided" in play.words
    play.tap("send")
    assert play.state.mode is Mode.FINISHED
    assert play.asked_for(Submit) == [Submit()]


def test_what_is_written_after_sending_is_added_and_answered() -> None:
    """Never silence, and never a second enquiry."""
    play = small(ask("a")).say("one").tap("send").say("one more thing")
    assert play.state.mode is Mode.FINISHED
    assert play.said
    assert len(play.asked_for(Submit)) == 1


def test_danger_after_sending_opens_the_danger_question() -> None:
    """It is never too late to say that someone is in danger."""
    play = small(DANGER, ask("a")).say("one").tap("send").say("he is back", heard="emergency")
    assert play.at == "where"


def test_a_flow_that_ends_nowhere_brings_a_person() -> None:
    """A mistake in a flow must not strand anyone."""
    play = Play.of(flow_of(ask("a"))).say("one")
    assert play.state.mode is Mode.HANDED_OVER
    assert play.asked_for(BringPerson) == [BringPerson("dead_end")]
    assert play.said


# -- who, how much, agreement ----------------------------------------------------------------------

WHO = ask(
    "role",
    "choice",
    sets="audience",
    maps={"mum": "parent", "me": "young_person"},
    options=[{"id": "mum", "label": "A parent"}, {"id": "me", "label": "A young person"}],
)


def test_who_they_are_changes_the_questions_and_their_words() -> None:
    """One flow speaks to each in their own words."""
    play = small(WHO, ask("a", words={"parent": "Your child?", "other": "You?"})).say("a parent")
    assert play.asked_for(SetAudience) == [SetAudience("parent")]
    assert play.words == "Your child?"


def test_a_change_of_who_they_are_works_the_path_out_anew() -> None:
    """A wrong tap on the second question must be mendable on the last."""
    only = ask("for_parents", when={"audience": ["parent"]})
    play = small(WHO, only, ask("last")).says("a parent", "x", "y")
    play.say("1").say("a young person")
    assert play.state.audience == "young_person"
    assert play.asked_for(RetireAnswer) == [RetireAnswer("for_parents")]
    assert play.recorded == play.on_path


def test_depth_decides_how_much_is_asked_and_may_be_changed() -> None:
    """Short is short, and more can be told later."""
    how_much = ask(
        "depth",
        "choice",
        sets="depth",
        options=[{"id": "quick", "label": "Short"}, {"id": "full", "label": "More"}],
    )
    play = small(how_much, ask("extra", depth="full")).say("short")
    assert play.at == "check_answers"
    play.say("1").say("more")
    assert play.asked_for(SetDepth) == [SetDepth("quick"), SetDepth("full")]
    assert play.at == "extra"


def test_agreement_is_recorded_with_the_words_shown() -> None:
    """An agreement nobody can show the wording of is none."""
    play = small(ask("agree", "consent", consent="help", words="Do you agree?")).say("no")
    consent = play.asked_for(RecordConsent)
    assert [(c.purpose, c.given, c.wording) for c in consent] == [("help", "no", "Do you agree?")]


def test_a_changed_agreement_is_recorded_anew() -> None:
    """The later answer counts, and both are on the record."""
    play = small(ask("agree", "consent", consent="help", label="Agreed")).say("yes").say("1").say("no")
    assert [c.given for c in play.asked_for(RecordConsent)] == ["yes", "no"]


def test_a_button_of_another_question_is_no_answer() -> None:
    """A made-up or stale choice must not be taken for something."""
    play = small(ask("q", "choice", options=COLOURS)).tap("not_there")
    assert play.answer("q") is None
    assert play.said


def test_skip_where_an_answer_is_needed_is_not_taken() -> None:
    """Whether someone is in danger is not passed over without a word."""
    play = small(ask("q", "yes_no", optional=False, unreadable_as="not_sure")).tap("skip")
    assert play.answer("q") is None
    assert play.at == "q"


def test_options_that_do_not_apply_are_not_offered_nor_taken() -> None:
    """What is not on the screen cannot be chosen."""
    options = [{"id": "a", "label": "Apple"}, {"id": "b", "label": "Banana", "when": {"audience": ["parent"]}}]
    play = small(ask("q", "choice", options=options))
    assert [b.id for b in play.asking.buttons] == ["a"]
    assert play.tap("b").answer("q") is None


def test_the_same_question_is_asked_the_same_whatever_was_saved_between() -> None:
    """State survives JSON between any two turns."""
    texts = ["yes", "Rex", "1", "no", "2", "back"]
    named = ask("pet_name", when={"answer": "pet", "in": ["yes"]})
    steps = (ask("pet", "yes_no"), named, ask("last"), CHECK, SUBMIT)
    saved, kept = Play.of(flow_of(*steps)), Play.of(flow_of(*steps), saves=False)
    for text in texts:
        saved.say(text)
        kept.say(text)
        assert saved.state == kept.state
        assert saved.said == kept.said


def test_going_back_to_several_choices_finds_them_ticked_still() -> None:
    """Done alone keeps what was chosen; nobody has to tick it all again."""
    several = ask("ways", "choices", options=[{"id": "text", "label": "Text"}, {"id": "call", "label": "Call"}])
    play = small(several, ask("name", "name")).tap("call").tap("done").back()
    assert [b.id for b in play.said[-1].buttons if b.chosen] == ["call"]
    assert play.say("done").recorded["ways"] == Given(["call"], "Call")

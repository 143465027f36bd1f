"""Typed replies to choice questions: by place, by name, by other words, by near misses; never by a guess."""

from __future__ import annotations

from datetime import date

import pytest

from flows.answers import Answer, Given, NotKnown, PreferNotToSay, Skipped, Unread
from flows.model import Option as WrittenOption
from flows.model import ways_of
from flows.reading import Expected, Option, read, read_choice_id, read_choice_ids

TODAY = date(2026, 3, 2)

ROLE = Expected(
    "choice",
    (
        Option("parent_or_carer", "I am a parent or carer", ("mum", "dad", "mother", "father", "mam")),
        Option("young_person", "I am a young person", ("child", "teenager", "kid", "im under 18")),
        Option("friend_or_neighbour", "I am a friend or neighbour", ("next door",)),
        Option(
            "professional", "I am a professional", ("teacher", "school", "social worker", "health visitor", "gp")
        ),
        Option("other", "Someone else"),
    ),
)
AGED = Expected(
    "choice",
    (
        Option("under_18", "I am under 18", ("kid",), ages=(5, 17)),
        Option("under_26", "I am 18 to 25", ages=(18, 25)),
        Option("parent", "A parent or carer", ("mum", "dad")),
    ),
)
CONTACT = Expected(
    "choices",
    (
        Option("text", "Text message", ("sms", "txt")),
        Option("call_mobile", "Call my mobile", ("phone", "ring me", "ring", "call", "call me")),
        Option("email", "Email", ("e-mail", "mail")),
        Option("letter", "Letter", ("post",)),
        Option("reply_in_this_chat", "Reply in this chat", ("here",)),
        Option("none_is_safe", "None of these is safe"),
    ),
)
SEEN = Expected(
    "choice",
    (
        Option("saw_or_heard", "I saw or heard it"),
        Option("child_told_me", "The child told me"),
        Option("someone_else_told_me", "Someone else told me"),
    ),
    or_text=True,
)
COUNT = Expected("choice", (Option("one", "1"), Option("few", "2 or 3"), Option("many", "4 or more")))
VOICEMAIL = Expected(
    "choice",
    (
        Option("yes_say_who_is_calling", "Yes, say who is calling"),
        Option("yes_but_only_a_first_name", "Yes, but only a first name"),
        Option("no", "No"),
    ),
)
WHO_SEES = Expected(
    "choice",
    (
        Option("no_one", "No one", ("nobody",)),
        Option("partner", "My partner", ("husband", "wife", "boyfriend", "girlfriend")),
        Option("parent", "A parent", ("mum", "dad")),
        Option("child", "My child"),
        Option("not_sure", "Not sure"),
    ),
)

ONE: list[tuple[Expected, str, str]] = [
    (
        ROLE,
        "parent_or_carer",
        "1|1.|1)|(1)|#1|one|option 1|option one|number 1|no 1|no. 1|first|the first|first one|the first one"
        "|1st|1st one|the 1st one|a|A|a)|option a|top one|the top one|1 please|1️⃣|parent|Parent|a parent"
        "|im a parent|I'm a parent"
        "|i am a parent|I am a parent or carer|parent or carer|parent/carer|mum|im his mum|I'm a mum|his mum"
        "|dad|i'm the dad"
        "|carer|im a carer|parnet|paretn|perant|mother|I am the mother|parent_or_carer"
        "|I AM A PARENT OR CARER|i am a parent or carrer"
        "|1 parent|1. parent|1 - parent|1 because im his mum|mam|parent x|i'm a parrent|parent.|‘parent’"
        "|a mum of two|hi im a parent",
    ),
    (
        ROLE,
        "young_person",
        "2|2nd|2nd one|the 2nd one|second|second one|the second|the second one|option 2|option b|b|b.|two"
        "|option two"
        "|young person|a young person|im a young person|yong person|young persn|youngperson|young|teenager"
        "|im a teenager|im a kid|child"
        "|i am a child|im under 18|number two|2 young person|(2)|the number 2|i am a young preson|2nd option"
        "|the second option please"
        "|i think the second one|no 2",
    ),
    (
        ROLE,
        "friend_or_neighbour",
        "3|third|the third one|c|friend|a friend|neighbour|freind|neighbor|nieghbour|im a neighbour|next door"
        "|i live next door|im the neighbour from across the road|friend or neighbour|i am a freind"
        "|middle one|3rd|the middle one"
        "|I'm a neighbour and I have been hearing shouting from next door for weeks now and im worried",
    ),
    (
        ROLE,
        "professional",
        "4|fourth|d|professional|profesional|proffesional|professinal|teacher|i'm a teacher|i am a teacher|school"
        "|social worker|health visitor|im a health visiter|gp|a professional|not a parent, a professional"
        "|not a parent but a teacher"
        "|i work at a school|fourth one|4th|4 professional",
    ),
    (
        ROLE,
        "other",
        "5|last|last one|the last one|e|someone else|bottom one|fifth|other|Someone Else|some one else"
        "|someone esle|5th one",
    ),
    (VOICEMAIL, "no", "no|No|3|nope|last one"),
    (
        VOICEMAIL,
        "yes_say_who_is_calling",
        "1|say who is calling|yes say who is calling|yes, say who's calling|who is calling",
    ),
    (
        VOICEMAIL,
        "yes_but_only_a_first_name",
        "2|only a first name|first name only|yes but only first name|first name",
    ),
    (WHO_SEES, "no_one", "no one|No one|nobody|no-one|1|noone|nobody can"),
    (WHO_SEES, "partner", "partner|my partner|my husband|husband|boyfriend|my boyfreind|my partner can|2"),
    (WHO_SEES, "not_sure", "not sure|im not sure|idk|dont know|unsure|last|no idea"),
    (
        SEEN,
        "saw_or_heard",
        "i saw it|saw it|heard it|I heard it|1|i saw or heard it|saw|i heard it through the wall last night",
    ),
    (SEEN, "child_told_me", "the child told me|child told me|2|the child|the chid told me"),
    (COUNT, "one", "1|option 1|first one"),
    (COUNT, "few", "2|3|2 or 3|option 2|second one|2nd"),
    (COUNT, "many", "4|4 or more|the last one|4 or mroe|third"),
]


@pytest.mark.parametrize(
    ("expected", "value", "reply"), [(e, v, r) for e, v, replies in ONE for r in replies.split("|")]
)
def test_one_choice_however_it_is_named(expected: Expected, value: str, reply: str) -> None:
    """A button's words typed by hand, its place, or what people call it."""
    assert read(reply, expected, today=TODAY) == Given(value, reply)


NOT_ONE: list[tuple[Expected, str]] = [
    (
        ROLE,
        "6|0|99|1 and 2|1 or 2|not 2|not the first one|not a parent|im not a parent|banana|?|...|😀|both"
        "|parent and neighbour|z|hello"
        "|yes|ok|mum and dad friend neighbour|f|9999999999999999999999|first two|i dont want any"
        "|what are these|2 kids"
        "|it started three weeks ago when my sister came round with a friend of hers and her mum|1 neighbour|2 3",
    ),
    (VOICEMAIL, "yes|yeah|ok|yes please"),
    (COUNT, "5|17|lots"),
    (WHO_SEES, "not my partner|yes|everyone"),
]


@pytest.mark.parametrize(("expected", "reply"), [(e, r) for e, replies in NOT_ONE for r in replies.split("|")])
def test_what_fits_more_than_one_or_none_is_asked_again(expected: Expected, reply: str) -> None:
    """A guess would be recorded as their word."""
    assert read(reply, expected, today=TODAY) == Unread("choose_one")


SOME: list[tuple[list[str], str]] = [
    (
        ["text"],
        "text|Text|sms|1|a|text message|txt|text me|by text|text please|txet|just text|text only|first one"
        "|text, after 3pm"
        "|only text|not email, text|text not email|text but not calls|text is best",
    ),
    (["email"], "email|e-mail|emial|3|c|by email|third|e mail|email me"),
    (
        ["text", "email"],
        "text and email|text, email|text email|email and text|1 and 3|1,3|1 3|1 & 3|1+3|1/3|a and c"
        "|text & email|text/email"
        "|text or email|1st and 3rd|first and third|one and three|text + email please"
        "|email or text but not calls|sms and e-mail|text and emial"
        "|both text and email|1 and email|option 1 and 3|options 1 and 3|numbers 1 and 3|3 and 1|text\nemail"
        "|- text\n- email|text, email."
        "|you can text or email me|1,3 please|text and email not phone|text; email|i'd like text and email",
    ),
    (
        ["text", "call_mobile"],
        "the first two|first two|first 2|1 and 2|1-2|1 to 2|text and call|text or ring me|call or text"
        "|top two|text or phone|1 2"
        "|ring or text|call and text please",
    ),
    (
        ["text", "call_mobile", "email"],
        "1,2,3|1 2 3|1-3|1 to 3|first three|text, call and email|text, phone, email|1, 2 and 3|a b c",
    ),
    (
        ["text", "call_mobile", "email", "letter", "reply_in_this_chat"],
        "all|all of them|all of the above|any|any of them|any is fine|everything|i don't mind|dont mind"
        "|whichever|all of them please|any of these",
    ),
    (
        ["text", "call_mobile", "letter", "reply_in_this_chat"],
        "anything but email|all except email|all but email|any apart from email|everything except email|all but 3",
    ),
    (
        ["none_is_safe"],
        "none|none of them|none of these|none of these is safe|nothing|no|none is safe|none of those|neither"
        "|6|last|none of the above",
    ),
    (["reply_in_this_chat"], "reply in this chat|this chat|here|in this chat|5"),
    (["call_mobile"], "call my mobile|ring me|phone|call|call me|mobile|phone me|2"),
]


@pytest.mark.parametrize(("value", "reply"), [(v, r) for v, replies in SOME for r in replies.split("|")])
def test_several_choices_in_one_reply(value: list[str], reply: str) -> None:
    """How it is safe to reach someone must be just what they said, and no more."""
    assert read(reply, CONTACT, today=TODAY) == Given(value, reply)


@pytest.mark.parametrize(
    "reply",
    [
        "7",
        "banana",
        "not email",
        "dont call me",
        "1 and 9",
        "?",
        "0",
        "text and none of these is safe",
        "hello",
        "😀",
        "😀😀",
        "pigeon and owl",
        "not by phone",
        "don't text",
    ],
)
def test_several_choices_unread(reply: str) -> None:
    """ "Not email" does not say what is safe."""
    assert read(reply, CONTACT, today=TODAY) == Unread("choose_some")


TIMES = Expected(
    "choices",
    (
        Option("mornings", "Mornings"),
        Option("afternoons", "Afternoons"),
        Option("evenings", "Evenings"),
        Option("school_hours", "In school hours"),
        Option("weekends", "Weekends"),
        Option("any_time", "Any time"),
    ),
    or_text=True,
)


@pytest.mark.parametrize(
    "reply",
    [
        "only 3 to 3.05",
        "3 to 3.05",
        "between 9.15 and 3",
        "9:10 to 3",
        "after 4.5 hours of sleep",
        "tuesday 3, not 5",
        "he works most evenings so it depends on which shift they give him that week",
    ],
)
def test_a_figure_or_a_word_in_passing_chooses_nothing(reply: str) -> None:
    """ "Only 3 to 3.05" has a five in it, and the fifth choice is weekends: the reply is kept as they wrote it."""
    assert read(reply, TIMES, today=TODAY) == Given({"choice": None, "text": reply}, reply)


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("1, 3", ["mornings", "evenings"]),
        ("the first and the third", ["mornings", "evenings"]),
        ("mornings. 3 as well", ["mornings"]),
        ("mornings 9.10", ["mornings"]),
        ("evenings after 7", ["evenings"]),
        ("weekends are best, I am at work otherwise", ["weekends"]),
    ],
)
def test_what_is_mostly_a_choice_is_one(reply: str, value: list[str]) -> None:
    """Figures are places where nothing else is said, and a few words more do not hide a name."""
    assert read(reply, TIMES, today=TODAY) == Given(value, reply)


def test_a_way_named_in_passing_is_not_a_way_to_reach_them() -> None:
    """To ring a phone that somebody else answers can put them at risk: it is asked again."""
    reply = "there is a mobile in the house which my husband and his mother use"
    assert read(reply, CONTACT, today=TODAY) == Unread("choose_some")


@pytest.mark.parametrize(
    "reply",
    ["text but not email", "text, not email", "text. do not ring", "text please never email", "text, dont email"],
)
def test_what_they_said_no_to_is_left_out(reply: str) -> None:
    """Contacting someone the wrong way can put them at risk."""
    assert read(reply, CONTACT, today=TODAY) == Given(["text"], reply)


def test_none_without_such_an_option_is_an_empty_list() -> None:
    """ "None of these" is an answer even where no button says so."""
    asked = Expected("choices", (Option("food", "Food"), Option("heating", "Heating")))
    assert read("none of them", asked, today=TODAY) == Given([], "none of them")


@pytest.mark.parametrize(
    "reply",
    ["a bit of each", "my sister rang me about it", "it was on facebook", "someone at work", "not the child"],
)
def test_their_own_words_are_kept_where_the_question_takes_them(reply: str) -> None:
    """Nothing they say is lost for want of a button."""
    assert read(reply, SEEN, today=TODAY) == Given({"choice": None, "text": reply}, reply)


@pytest.mark.parametrize(
    ("expected", "reply", "answer"),
    [
        (ROLE, "idk", NotKnown("idk")),
        (ROLE, "i dont know which one", NotKnown("i dont know which one")),
        (ROLE, "rather not say", PreferNotToSay("rather not say")),
        (ROLE, "skip", Skipped("skip")),
        (CONTACT, "don't know", NotKnown("don't know")),
        (CONTACT, "prefer not to say", PreferNotToSay("prefer not to say")),
        (WHO_SEES, "i dont know", Given("not_sure", "i dont know")),
        (SEEN, "cant remember", NotKnown("cant remember")),
        (Expected("choice", ROLE.options, optional=False), "skip", Unread("choose_one")),
    ],
)
def test_special_answers_to_choices(expected: Expected, reply: str, answer: Answer | Unread) -> None:
    """Not knowing is the option "not sure" where there is one."""
    assert read(reply, expected, today=TODAY) == answer


def test_an_option_of_those_words_comes_before_the_special_answer() -> None:
    """Census codes have their own "rather not say"."""
    asked = Expected(
        "choice", (Option("F", "Female"), Option("M", "Male"), Option("rather_not_say", "Rather not say"))
    )
    assert read("rather not say", asked, today=TODAY) == Given("rather_not_say", "rather not say")
    assert read("m", asked, today=TODAY) == Given("M", "m")
    assert read("male", asked, today=TODAY) == Given("M", "male")


def test_near_misses_of_two_options_are_not_guessed() -> None:
    """One wrong letter must not choose between two."""
    asked = Expected("choice", (Option("kate", "Kate"), Option("katy", "Katy")))
    assert read("katx", asked, today=TODAY) == Unread("choose_one")


@pytest.mark.parametrize(
    ("choice", "expected", "answer"),
    [
        ("professional", ROLE, Given("professional", "I am a professional")),
        ("not_known", ROLE, NotKnown()),
        ("prefer_not_to_say", ROLE, PreferNotToSay()),
        ("skip", ROLE, Skipped()),
        ("skip", Expected("choice", ROLE.options, optional=False), Unread("choose_one")),
        ("nonsense", ROLE, Unread("choose_one")),
        ("", ROLE, Unread("choose_one")),
        ("text", CONTACT, Given(["text"], "Text message")),
        ("nonsense", CONTACT, Unread("choose_some")),
        ("yes", Expected("yes_no"), Given("yes", "Yes")),
        ("maybe", Expected("yes_no"), Unread("yes_no")),
        ("not_known", Expected("date"), NotKnown()),
        ("skip", Expected("name"), Skipped()),
    ],
)
def test_a_pressed_button(choice: str, expected: Expected, answer: Answer | Unread) -> None:
    """A press is read by its id; an older question's button is not an answer to this one."""
    assert read_choice_id(choice, expected) == answer


@pytest.mark.parametrize(
    ("chosen", "expected", "answer"),
    [
        (["email", "text"], CONTACT, Given(["text", "email"], "Text message, Email")),
        (["text", "text"], CONTACT, Given(["text"], "Text message")),
        (["none_is_safe"], CONTACT, Given(["none_is_safe"], "None of these is safe")),
        (["none_is_safe", "text"], CONTACT, Unread("choose_some")),
        (["not_known"], CONTACT, NotKnown()),
        (["not_known", "text"], CONTACT, Unread("choose_some")),
        ([], CONTACT, Unread("choose_some")),
        (["professional"], ROLE, Given("professional", "I am a professional")),
        (["professional", "other"], ROLE, Unread("choose_one")),
    ],
)
def test_several_pressed_buttons(chosen: list[str], expected: Expected, answer: Answer | Unread) -> None:
    """ "None is safe" beside a way that is safe says two things at once, so it is asked again."""
    assert read_choice_ids(chosen, expected) == answer


@pytest.mark.parametrize(
    ("expected", "reply", "answer"),
    [
        (CONTACT, "text between 9 and 3", Given(["text"], "text between 9 and 3")),
        (CONTACT, "ring me after 6", Given(["call_mobile"], "ring me after 6")),
        (CONTACT, "not text or email, call me", Given(["call_mobile"], "not text or email, call me")),
        (CONTACT, "no calls text only", Unread("choose_some")),
        (CONTACT, "1 and banana", Unread("choose_some")),
        (WHO_SEES, "no one can see it", Given("no_one", "no one can see it")),
        (WHO_SEES, "only me", Unread("choose_one")),
        (ROLE, "teh second one", Given("young_person", "teh second one")),
        (ROLE, "a parent and a teacher", Unread("choose_one")),
    ],
)
def test_figures_and_noes_beside_a_choice(expected: Expected, reply: str, answer: Answer | Unread) -> None:
    """A time of day is not a third way to be reached."""
    assert read(reply, expected, today=TODAY) == answer


@pytest.mark.parametrize("reply", ["the child's nan told me", "my child's school told me", "i didn't see it"])
def test_a_near_miss_of_meaning_is_not_a_choice(reply: str) -> None:
    """Who told whom is evidence."""
    assert read(reply, SEEN, today=TODAY) == Given({"choice": None, "text": reply}, reply)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("im 15", "under_18"),
        ("I'm only fifteen and i need help", "under_18"),
        ("hi, I am 9 years old", "under_18"),
        ("i am 18", "under_26"),
        ("im 17 and a mum", "parent"),
        ("im 24 and a mum, my dad helps", "parent"),
        ("im 15 and my mum hits me", "under_18"),
        ("im 15 and 9 weeks pregnant", "under_18"),
        ("1", "under_18"),
        ("2", "under_26"),
        ("15", "under_18"),
        ("15!", "under_18"),
        ("fifteen", "under_18"),
        ("15 yrs", "under_18"),
        ("15yrs old", "under_18"),
        ("aged 9 years", "under_18"),
        ("nearly 16", "under_18"),
        ("22", "under_26"),
    ],
)
def test_their_age_says_who_they_are(said: str, meant: str) -> None:
    """A child says "im 15" when asked who they are, and would be asked again as a stranger."""
    assert read(said, AGED, today=TODAY) == Given(meant, said)


@pytest.mark.parametrize(
    "said",
    [
        "im 15 weeks pregnant",
        "im 7 and a half months",
        "im 8 to 9 weeks",
        "im 8.5 months gone",
        "I am 34",
        "im 10 minutes away",
        "45",
        "4",
        "6",
        "15 months",
        "15 boys",
    ],
)
def test_a_number_that_is_not_their_age_says_nothing_of_who_they_are(said: str) -> None:
    assert isinstance(read(said, AGED, today=TODAY), Unread)


@pytest.mark.parametrize(
    ("reply", "is_one"),
    [
        ("my son is 15", True),
        ("my boy is struggling at school", True),
        ("my son's school told me to message you", True),
        ("im a nurse but this is about my own kids", True),
        ("my lad is being rude", True),
        ("my foster child", True),
        ("its not my son its next doors", False),
        ("my kid brother", False),
        ("my sons friend", False),
        ("my daughter in law", False),
        ("the neighbour hit my son", False),
    ],
)
def test_whoever_says_my_son_is_his_parent(reply: str, is_one: bool) -> None:
    """A mother became a professional by saying "school". Whose son it is counts, and who else is named."""
    options = (*AGED.options, Option("friend", "A friend", ("neighbour",)), Option("works", "Work", ("nurse",)))
    asked = Expected(
        "choice", (*options[:2], Option("parent", "A parent or carer", ("mum", "parent")), *options[3:])
    )
    found = read(reply, asked, today=TODAY)
    assert (found == Given("parent", reply)) is is_one


@pytest.mark.parametrize("reply", ["yes its safe", "safe", "ok yes its safe", "these", "they are safe"])
def test_none_is_chosen_only_by_words_that_deny(reply: str) -> None:
    """ "Yes its safe" was kept as "none of these is safe", and nobody wrote to them again."""
    found = read(reply, CONTACT, today=TODAY)
    assert not isinstance(found, Given) or found.value != ["none_is_safe"]


@pytest.mark.parametrize("reply", ["nome of these", "noen of these", "none are safe"])
def test_none_nearly_spelled_is_still_none(reply: str) -> None:
    assert read(reply, CONTACT, today=TODAY) == Given(["none_is_safe"], reply)


@pytest.mark.parametrize("reply", ["no one", "No-one", "no one please"])
def test_no_one_is_not_the_first_choice(reply: str) -> None:
    """ "No one" chose the first way to reach them."""
    found = read(reply, CONTACT, today=TODAY)
    assert not isinstance(found, Given) or found.value == ["none_is_safe"]


@pytest.mark.parametrize(
    "reply",
    [
        "txt me pls 07700 900123 not after 8",
        "text 07700 900123 not before 9am",
        "text 07700 900123 but not between 3 and 4pm",
        "text me, not after 20:30",
    ],
)
def test_a_number_and_the_hours_to_avoid_do_not_hide_the_way_chosen(reply: str) -> None:
    """People say all of it at once."""
    assert read(reply, CONTACT, today=TODAY) == Given(["text"], reply)


def test_a_way_turned_down_stays_turned_down() -> None:
    """Only hours are set aside."""
    assert read("ring me, not text", CONTACT, today=TODAY) == Given(["call_mobile"], "ring me, not text")


REACH = Expected(
    "choices",
    (
        Option("text", "Text me", ("txt",)),
        Option("call_mobile", "Call my mobile", ("ring me", "call me")),
        Option("call_landline", "Call my home phone", ("landline",)),
        Option("i_will_contact_you", "I will contact you", ("i will ring you",)),
        Option(
            "none_is_safe",
            "Do not contact me",
            ("none of these", "do not contact me"),
            whole=("do not contact me", "dont contact me", "no contact", "no need to contact me"),
        ),
    ),
)


@pytest.mark.parametrize(
    "reply",
    [
        "dont contact me",
        "Please don't contact me, thanks",
        "do not contact me at all",
        "no contact please",
        "No thank you. No need to contact me.",
    ],
)
def test_whole_words_count_where_they_are_all_that_is_said(reply: str) -> None:
    """Courtesies aside."""
    assert read(reply, REACH, today=TODAY) == Given(["none_is_safe"], reply)


@pytest.mark.parametrize(
    ("reply", "ways"),
    [
        ("please dont contact me at work, text me", ["text"]),
        ("do not contact me at work, text me", ["text"]),
        ("no contact with dad, ring me", ["call_mobile"]),
        ("dont contact me, i will ring you", ["i_will_contact_you"]),
        ("dont contact me on my landline", None),
        ("dont contact me before 9", None),
        ("no need to contact me on my landline", None),
    ],
)
def test_whole_words_are_no_choice_inside_a_longer_reply(reply: str, ways: list[str] | None) -> None:
    """ "Not at work, text me" was taken for "do not contact me"."""
    found = read(reply, REACH, today=TODAY)
    assert found == (Unread("choose_some") if ways is None else Given(ways, reply))


def test_two_choices_said_whole_are_neither() -> None:
    """Nothing is guessed."""
    two = Expected("choice", (Option("a1", "Red", whole=("warm",)), Option("a2", "Blue", whole=("cold",))))
    assert read("warm", two, today=TODAY) == Given("a1", "warm")
    assert isinstance(read("warm cold", two, today=TODAY), Unread)


@pytest.mark.parametrize(
    "said",
    [
        "my mum hits me",
        "My dad is hurting me",
        "im scared of my step dad",
        "its my mum",
        "mum hits me",
        "mum is hurting me",
        "dad is hurting me",
        "scared of dad",
        "mum and dad hit me",
        "dad drinks",
        "i hate my dad",
        "my friends dad hits him",
    ],
)
def test_what_is_said_of_their_own_parent_is_not_who_they_are(said: str) -> None:
    """A child who tells on a parent is not one."""
    assert isinstance(read(said, AGED, today=TODAY), Unread)


@pytest.mark.parametrize(
    "said",
    [
        "mum",
        "im his mum",
        "my son hits me im mum",
        "im mum and my dad is here too",
        "dad here",
        "mum of two",
        "im a mum and my son hits me",
    ],
)
def test_a_parent_who_names_others_is_still_a_parent(said: str) -> None:
    assert read(said, AGED, today=TODAY) == Given("parent", said)


def test_words_of_a_flow_are_written_once_for_every_way_to_say_them() -> None:
    """A list of every way is read by nobody, and the one that is wrong in it is not seen."""
    assert ways_of("no im/i_am /not safe") == ["no im safe", "no im not safe", "no i am safe", "no i am not safe"]
    assert WrittenOption(id="yes", label="Yes", whole=["/a school"]).whole == ["school", "a school"]

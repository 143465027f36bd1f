"""Typed replies to yes-or-no questions: a negation is never a yes, and doubt is never a gap."""

from __future__ import annotations

from datetime import date

import pytest

from flows.answers import Answer, Given, NotKnown, PreferNotToSay, Skipped, Unread
from flows.reading import Expected, Option, read
from flows.reading.yes_no import sounds_doubtful

TODAY = date(2026, 3, 2)
SAFE = Expected("yes_no", (Option("yes", "Yes"), Option("no", "No"), Option("not_sure", "Not sure")))
PLAIN = Expected("yes_no", (Option("yes", "Yes"), Option("no", "No")))
CONSENT = Expected(
    "consent",
    (
        Option("yes", "Yes, I agree"),
        Option("no", "No"),
        Option("want_to_talk_first", "I want to talk to someone first", ("talk first",)),
    ),
)

YES = """
yes|Yes|YES|yes.|Yes!|y|Y|yeah|Yeh|yh|Yep|yup|ye|yea|yess|yesss|yeahh|yas|aye|Aye|aye he is|ya|yse|yed|ues
yes please
yes thanks|yeah sure|sure|ok|OK|okay|k|of course|definitely|definately|absolutely|correct|that's right
thats correct|i do
I am|he is|she does|they have|it is|we are|there is|yes i think so|yes i do|yes he is|yeah he is
yes she's at school
yes my mum is hurt|Yes, it is safe|yes it is|oh yes|um yes|er yeah|well yes|hi yes|yes sir|yes miss|ok yes
yes ok|yeah ok
yes of course|go ahead|please do|i agree|agreed|happy to|👍|👍🏽|✅|"yes"|*yes*|yes :)|y e s|mhm|yes x|i said yes
my answer is yes|yes he hits us|100|that is correct|yes I am|Yeah I am thanks|yes\u200b|  yes  |ＹＥＳ|indeed|true
defo|yes yes|yes yes yes|yeah yeah|for sure|please|alright|by all means|yess plz
"""

NO = """
no|No|NO|n|N|nope|nah|naw|nay|no thanks|no thank you|noo|nooo|no.|No!|no sorry|no i dont think so
no i don't think so
nope not really|no not really|not really safe no|no its not safe|no it's not safe|no im fine|no i'm fine thanks
no its ok
no thats ok|no we are ok|not yet|not now|not at the moment|not at all|never|none|nobody|i don't|i dont|he isn't
she doesn't
i'm not|im not|its not|they haven't|i haven't|it isn't|we can't|i do not|he is not|definitely not
absolutely not|no way
no chance|certainly not|no one is hurt|nobody is hurt|no no|no no no|👎|❌|no not yet|no he isn't|no she has not
no never
no i am safe|nah mate|nah ur alright|no need|no longer|nope sorry|not any more|not anymore|not today|false
incorrect
neither|no he's fine|no probably not|na|nae|no x|i don't want to|i do not agree|no it isn’t
no not at the moment thanks
of course not|nowt
"""

UNSURE = """
yes and no|yes no|no yes|yeah no|no yeah|maybe|perhaps|possibly|i guess so|i guess|yeah i guess|i suppose
suppose so
probably|i think so|think so|i dont think so|I don't think so|not really|sort of|kind of|kinda|sometimes
it depends
depends|yes but im scared|yes but he might come back|no but im scared|yes for now|no not sure|yes maybe
not sure|Not sure
unsure|i'm not sure|im not too sure|idk|dunno|don't know|i dont know|no idea|not a clue|yes im not ok
yes i'm not safe
i'm not ok|im not okay|its not safe|it's not safe here|not safe|not ok|not good|i dont feel safe
i do not feel safe
we're not ok|he wont let me say|not always|mostly|a bit|half|hopefully|hope so|might be|no problem|no worries
why not
probably not|i doubt it|not that i know of|hard to say|dont know if he is|who knows|can't tell|yes if he's out
only when he is out, yes but not always|yes unless he comes home|i cant say for sure|i don't know what to say
"""

NEITHER = """
im ok|I'm fine|we are ok|we're fine|everyone is fine|its ok|all good thanks|im safe|he is hurting me|hello|hi
what|why
what do you mean|tomorrow|7|07700 900123
my son is 7|help|banana|😀|...|?|???|<i>|' OR 1=1 --|مرحبا|🏠🏠|he hit me yesterday|i want to go home|come now
"""


def _split(table: str) -> list[str]:
    return [reply for line in table.strip("\n").split("\n") for reply in line.split("|")]


def _read(reply: str, expected: Expected) -> Answer | Unread:
    return read(reply, expected, today=TODAY)


@pytest.mark.parametrize("reply", _split(YES))
def test_yes_in_the_words_people_use(reply: str) -> None:
    """Nobody should be asked twice because they typed "yh"."""
    assert _read(reply, PLAIN) == Given("yes", reply)
    assert _read(reply, SAFE) == Given("yes", reply)


@pytest.mark.parametrize("reply", _split(NO))
def test_no_in_the_words_people_use(reply: str) -> None:
    """ "No it's not safe" is how people answer; it must not be heard as anything but no."""
    assert _read(reply, PLAIN) == Given("no", reply)


@pytest.mark.parametrize("reply", _split(UNSURE))
def test_doubt_is_not_sure_where_that_is_offered(reply: str) -> None:
    """Not sure about danger brings a person, so doubt must never be smoothed into yes or no."""
    assert _read(reply, SAFE) == Given("not_sure", reply)


@pytest.mark.parametrize("reply", _split(NEITHER))
def test_what_says_neither_is_asked_again(reply: str) -> None:
    """ "I'm ok" is yes to one question and no to another: we cannot know, so we ask."""
    assert _read(reply, SAFE) == Unread("yes_no")


NEGATED = """
i'm not ok|im not ok|no its not safe|not really safe no|its not safe|not ok|i am not safe|isnt safe|never safe
not fine
i don't agree|dont agree|i do not agree to this|cant say yes|i wont say yes|yes i am not|nobody is safe|not yes
not sure yes
i can't|don't|not happy to|im not happy for you to share it|i'm not happy with that|no i do not|without agreeing
"""


@pytest.mark.parametrize("reply", _split(NEGATED))
@pytest.mark.parametrize("expected", [PLAIN, SAFE, CONSENT], ids=["plain", "safe", "consent"])
def test_a_negation_is_never_a_yes(reply: str, expected: Expected) -> None:
    """The worst misreading this file could make."""
    answer = _read(reply, expected)
    assert not (isinstance(answer, Given) and answer.value == "yes")


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("yes", "yes"),
        ("yes i agree", "yes"),
        ("I agree", "yes"),
        ("i consent", "yes"),
        ("ok", "yes"),
        ("happy for you to pass it on", "yes"),
        ("go ahead", "yes"),
        ("no", "no"),
        ("i don't agree", "no"),
        ("i do not consent", "no"),
        ("no thanks", "no"),
        ("i want to talk to someone first", "want_to_talk_first"),
        ("can i talk first", "want_to_talk_first"),
        ("talk to someone first", "want_to_talk_first"),
        ("3", "want_to_talk_first"),
        ("the last one", "want_to_talk_first"),
    ],
)
def test_agreement_is_read_when_it_is_plain(reply: str, value: str) -> None:
    """People agree in their own words, and may ask to talk first."""
    assert _read(reply, CONSENT) == Given(value, reply)


@pytest.mark.parametrize(
    "reply",
    [
        "i guess so",
        "i suppose",
        "yeah i guess",
        "yes but dont tell his dad",
        "if you have to",
        "probably",
        "whatever",
        "maybe",
        "yes and no",
        "do i have to",
        "i think so",
        "only if mum says",
    ],
)
def test_half_an_agreement_is_not_consent(reply: str) -> None:
    """Consent is a clear yes, or it is asked for again."""
    assert _read(reply, CONSENT) == Unread("yes_no")


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("i guess so", "yes"),
        ("probably", "yes"),
        ("i think so", "yes"),
        ("yeah i guess", "yes"),
        ("i dont think so", "no"),
        ("not really", "no"),
        ("probably not", "no"),
        ("yes but by text", "yes"),
    ],
)
def test_leaning_one_way_is_enough_where_nothing_hangs_on_it(reply: str, value: str) -> None:
    """Where "not sure" is not on offer the question is an ordinary one."""
    assert _read(reply, PLAIN) == Given(value, reply)


@pytest.mark.parametrize("reply", ["yes and no", "yes no", "maybe", "sometimes", "its not safe", "yes im not ok"])
def test_contradiction_without_a_not_sure_is_asked_again(reply: str) -> None:
    """We do not choose for them."""
    assert _read(reply, PLAIN) == Unread("yes_no")


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("idk", NotKnown("idk")),
        ("don't know", NotKnown("don't know")),
        ("not sure", NotKnown("not sure")),
        ("rather not say", PreferNotToSay("rather not say")),
        ("skip", Skipped("skip")),
    ],
)
def test_the_four_facts_stay_apart(reply: str, answer: Answer) -> None:
    """Not known, not said and passed over are different things to a worker."""
    assert _read(reply, PLAIN) == answer


def test_rather_not_say_is_kept_even_where_not_sure_is_offered() -> None:
    """Refusing is not doubt."""
    assert _read("id rather not say", SAFE) == PreferNotToSay("id rather not say")


def test_a_story_is_not_searched_for_a_yes() -> None:
    """What follows the part we look at could take the yes back."""
    reply = "yes " + "and then " * 60 + "no he is still here"
    assert _read(reply, SAFE) == Unread("yes_no")


def test_other_words_of_an_option_settle_what_its_question_means() -> None:
    """A flow's author knows that "I'm ok" is yes to "Are you safe?"."""
    asked = Expected(
        "yes_no", (Option("yes", "Yes", ("im ok", "i'm safe")), Option("no", "No"), Option("not_sure", "Not sure"))
    )
    assert _read("I'm OK", asked) == Given("yes", "I'm OK")
    assert _read("im not ok", asked) == Given("not_sure", "im not ok")


def test_a_choice_question_of_yes_and_no_hears_them_too() -> None:
    """Many questions are written as a choice of yes, no and something more."""
    asked = Expected("choice", SAFE.options)
    assert _read("yh", asked) == Given("yes", "yh")
    assert _read("not really", asked) == Given("not_sure", "not really")


@pytest.mark.parametrize(
    "reply",
    ["never mind", "nevermind", "aye right", "yeah right", "yes i wish", "both", "yes but only when he's out"],
)
def test_sarcasm_and_giving_up_are_not_an_answer(reply: str) -> None:
    """ "Never mind" from someone who was asked about danger is not a no."""
    assert _read(reply, SAFE) == Given("not_sure", reply)


@pytest.mark.parametrize("reply", ["thats it", "thats it ta", "that is it thanks"])
def test_that_is_it_ends_what_they_say_and_says_no_yes(reply: str) -> None:
    """ "Thats it ta" to "have the police been called?" is no yes: a worker would rely on it."""
    assert _read(reply, PLAIN) == Unread("yes_no")
    assert _read(reply, SAFE) == Unread("yes_no")


@pytest.mark.parametrize(
    "reply",
    ["my social worker never answers her phone its a joke", "the school never answer when i leave a message"],
)
def test_a_never_in_passing_is_neither_no_nor_doubt(reply: str) -> None:
    """What is told of a service answers another question."""
    assert _read(reply, SAFE) == Unread("yes_no")


@pytest.mark.parametrize(
    "reply",
    [
        "hi im looking for help with my son who has no friends at school",
        "Referral please, attendance is low, there is no routine at home and mum wants parenting support",
    ],
)
def test_a_no_that_tells_of_a_lack_is_no_answer(reply: str) -> None:
    """A mother was taken not to be safe to talk, and a worker was rung, for a son who has no friends."""
    assert _read(reply, SAFE) == Unread("yes_no")


@pytest.mark.parametrize(
    "reply",
    [
        "sorry i said no he is in the room with me now",
        "im telling you no i am scared he will see",
        "no im not safe",
    ],
)
def test_a_no_beside_a_hint_of_danger_stays_doubt_or_a_no(reply: str) -> None:
    """Who cannot talk is not asked again."""
    found = _read(reply, SAFE)
    assert isinstance(found, Given)
    assert found.value in ("no", "not_sure")


@pytest.mark.parametrize(
    "reply",
    [
        "he never lets me leave the house at night",
        "my social worker never answers and i am scared",
        "you never know if he will do it again",
        "my dad never lets me go to school with the others",
        "my school never does anything when i get beaten up",
        "at school nobody ever wants to sit next to me",
    ],
)
def test_a_never_beside_a_hint_of_danger_stays_doubt(reply: str) -> None:
    """Nothing that hints at danger is made calmer."""
    assert _read(reply, SAFE) == Given("not_sure", reply)


@pytest.mark.parametrize(
    ("reply", "doubtful"),
    [
        ("no immediate danger", False),
        ("there is no current danger", False),
        ("not in danger", False),
        ("no he is in danger", True),
        ("no danger but he hurts her", True),
        ("no immediate help she is scared", True),
    ],
)
def test_danger_denied_is_no_sound_of_danger(reply: str, doubtful: bool) -> None:
    """ "No" before "danger" denies it only where nothing but its kind stands between."""
    assert sounds_doubtful(reply) is doubtful


@pytest.mark.parametrize("reply", ["no its only me", "no i'm alone", "course not"])
def test_a_no_with_its_reason_is_still_no(reply: str) -> None:
    """Over-reading doubt would alarm people for nothing."""
    assert _read(reply, SAFE) == Given("no", reply)

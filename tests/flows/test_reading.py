"""Reading as a whole: special answers, open questions, and what holds for any text at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.answers import Given, NotKnown, PreferNotToSay, Skipped, Unread, from_json, to_json
from flows.reading import ERRORS, Expected, Option, read, read_choice_id, read_choice_ids

TODAY = date(2026, 3, 2)
OPTIONS = (Option("yes", "Yes"), Option("no", "No"), Option("not_sure", "Not sure"))
WAYS = (
    Option("text", "Text message", ("sms",)),
    Option("call", "Call my mobile or home"),
    Option("none_is_safe", "None is safe"),
)
KINDS = (
    "choice",
    "choices",
    "yes_no",
    "text",
    "long_text",
    "name",
    "date",
    "age",
    "number",
    "phone",
    "email",
    "postcode",
    "address",
    "consent",
    "file",
    "none",
)
EVERY_QUESTION = (
    *(Expected(kind, OPTIONS) for kind in KINDS),
    *(Expected(kind) for kind in KINDS),
    Expected("choice", WAYS),
    Expected("choice", WAYS, or_text=True),
    Expected("choices", WAYS),
    Expected("choices", WAYS, or_text=True, optional=False),
    Expected("date", or_age=True, past=True),
    Expected("date", past=False),
    Expected("date", past=True, optional=False),
    Expected("number", minimum=0, maximum=10),
)

NOT_KNOWN = """
dont know|don't know|Don’t know|i dont know|I do not know|idk|IDK|idk sorry|dunno|duno|i dunno|no idea|No idea.
not a clue|no clue
haven't a clue|havent got a clue|n/k|nk|N.K.|not known|unknown|cant remember|can't remember|I cannot remember
i forgot|forgotten
not sure|im not sure|I'm not sure sorry|not sure tbh|unsure|i dont really know|i really dont know
honestly dont know|dont no|i dont no
sorry i dont know|i don't know it|dont know that|idk lol|dunno mate|we dont know|not certain|who knows
dont remember|i don't recall|dk
erm not sure|i have no idea|god knows|dont know yet|no idea sorry|um idk|i didnt know that
"""
PREFER_NOT = """
rather not say|id rather not|I'd rather not say|i would rather not say|prefer not to say|Prefer not to say
prefer not|i prefer not to
dont want to say|i don't want to say|I do not want to tell you|dont wanna say|none of your business
none of ur business
thats none of your business|private|its private|that's private|personal|confidential|im not saying
not telling you|not saying|no comment
i wont say|can't say|i cant tell you|mind your own business|pass|ill pass|i refuse to say
not comfortable sharing that|id prefer not to answer
i dont feel comfortable saying|rather not|perfer not to say|no id rather not say|not going to say
dont want to answer that
"""
SKIP = """
skip|Skip|SKIP|skip this|skip it|skip please|skip this one|skip this question|can i skip|can we skip this|next
next question|next please
leave it|leave it blank|leave this one|leave that for now|move on|lets move on|n/a|not applicable
come back to it|ask me later|skipp
miss this one|blank|just skip|i'll skip this|please skip
"""


def _split(table: str) -> list[str]:
    return [reply for line in table.strip("\n").split("\n") for reply in line.split("|")]


@pytest.mark.parametrize(
    "kind", ["text", "date", "phone", "choice", "long_text", "name", "number", "address", "file"]
)
@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        *((reply, NotKnown(reply)) for reply in _split(NOT_KNOWN)),
        *((reply, PreferNotToSay(reply)) for reply in _split(PREFER_NOT)),
        *((reply, Skipped(reply)) for reply in _split(SKIP)),
    ],
)
def test_special_answers_to_every_kind(kind: str, reply: str, answer: NotKnown | PreferNotToSay | Skipped) -> None:
    """They are answers, each a different one, whatever was asked."""
    assert read(reply, Expected(kind, WAYS), today=TODAY) == answer


@pytest.mark.parametrize(
    "reply",
    [
        "I don't know what to do any more, he won't stop",
        "i dont know how to say this but my dad hits me",
        "not sure if this counts but he locks her in her room",
        "I'd rather not say his name but he is my uncle",
        "skip school every day because they are bullying him",
        "he skips school",
        "next door are shouting again",
        "private hire driver keeps following her",
        "no idea where she is, she has not come home",
        "I can't remember the last time she ate a meal",
        "leave it to me he said and then he hit her",
        "dont know dont know dont know i just want it to stop",
        "i dont want to go home",
        "i dont want to say it out loud but he touches me",
        "i dont know im scared",
        "pass out drunk every night, she does",
        "help",
        "no",
        "nothing",
        "he told me its a secret",
        "secret",
        "😢",
        "???",
        "😢😢😢",
        "7",
        "None",
    ],
)
@pytest.mark.parametrize("kind", ["text", "long_text"])
def test_their_own_words_are_never_taken_for_a_shrug(reply: str, kind: str) -> None:
    """The worst loss there could be: a disclosure filed as "don't know"."""
    assert read(reply, Expected(kind), today=TODAY) == Given(reply, reply)


@pytest.mark.parametrize(
    "reply",
    [
        "anonymous",
        "anon",
        "i want to stay anonymous",
        "no name",
        "id rather not give my name",
        "dont want to give my name",
    ],
)
def test_a_name_may_be_withheld(reply: str) -> None:
    """Anyone may tell us without saying who they are."""
    assert read(reply, Expected("name"), today=TODAY) == PreferNotToSay(reply)


@pytest.mark.parametrize(
    "reply", ["", " ", "\n\n", "\u200b", "\u200b\u200d\ufeff", "\x00\x01", "\u202e", "\u3164", "\t"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_to_see_is_empty(reply: str, kind: str) -> None:
    """Invisible characters are not an answer."""
    assert read(reply, Expected(kind, WAYS), today=TODAY) == Unread("empty")


@pytest.mark.parametrize("kind", KINDS)
def test_more_than_is_kept_is_too_long(kind: str) -> None:
    """The edge keeps long words in parts; reading says plainly when one part is too long."""
    assert read("a" * 20001, Expected(kind, WAYS), today=TODAY) == Unread("too_long")
    assert read("a" * 11, Expected(kind, WAYS, longest=10), today=TODAY) == Unread("too_long")


def test_a_long_story_is_kept_whole() -> None:
    """There is no upper limit that loses text."""
    story = ("He would not stop. " * 1100)[:20000].strip()
    assert read(story, Expected("long_text"), today=TODAY) == Given(story, story)


@pytest.mark.parametrize("gap", [" ", "\n", "\u200b"])
def test_words_far_below_a_shrug_are_not_lost(gap: str) -> None:
    """A phone can put a screenful of blank lines between "idk" and what matters."""
    reply = "idk" + gap * 2000 + "he hits me"
    answer = read(reply, Expected("long_text"), today=TODAY)
    assert isinstance(answer, Given)
    assert answer.words == reply
    assert not isinstance(read(reply, Expected("choice", WAYS), today=TODAY), Given)


def test_a_question_that_cannot_be_passed_over_does_not_read_skip() -> None:
    """Not knowing and not saying remain."""
    asked = Expected("date", optional=False)
    assert read("skip", asked, today=TODAY) == Unread("date_unread")
    assert read("idk", asked, today=TODAY) == NotKnown("idk")
    assert read("rather not say", asked, today=TODAY) == PreferNotToSay("rather not say")


def test_typing_where_a_file_is_wanted() -> None:
    """They may not know how to send one."""
    assert read("here it is", Expected("file"), today=TODAY) == Unread("file_expected")


_SCRAPS = """
yes no not don't know 7 14 3 2015 march tuesday next last ago in weeks months about or and year 8 half first second
one two hundred thousand text call none all but except @ . , / + 07700 900123 at dot com DH1 5UL due pregnant born
the of ½ '14 1/2 6/52 turned
"""
ODD = st.one_of(
    st.text(max_size=400),
    st.text(alphabet=st.characters(), max_size=60),
    st.text(alphabet="0123456789/.-: ", max_size=60),
    st.text(alphabet="\u200b\u200d\u202e\u2066\x00\x1f\ufeff\u0301a1 ", max_size=60),
    st.text(alphabet="אبجם1٣/ ", max_size=60),
    st.lists(
        st.sampled_from(_SCRAPS.split()),
        max_size=14,
    ).map(" ".join),
)


@settings(max_examples=400, deadline=None)
@given(text=ODD, question=st.sampled_from(EVERY_QUESTION), language=st.sampled_from(["en", "pl", "ar", "", "zz"]))
def test_reading_never_raises_and_always_answers(text: str, question: Expected, language: str) -> None:
    """A reply that broke reading would be a person left without an answer."""
    answer = read(text, question, today=TODAY, language=language)
    if isinstance(answer, Unread):
        assert answer.why in ERRORS
    else:
        assert answer.words == text
        assert from_json(to_json(answer)) == answer
        assert read(text, question, today=TODAY, language=language) == answer


@settings(max_examples=100, deadline=None)
@given(text=ODD, today=st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 12, 31)))
def test_a_birth_is_never_read_in_the_future(text: str, today: date) -> None:
    """Whatever was typed, and whatever the day."""
    answer = read(text, Expected("date", past=True), today=today)
    if isinstance(answer, Given):
        assert isinstance(answer.value, str)
        assert answer.value <= today.isoformat()


@settings(max_examples=100, deadline=None)
@given(
    before=st.sampled_from(
        ["not", "i'm not", "its not", "never", "no its not", "we are not", "isn't", "do not feel"]
    ),
    word=st.sampled_from(["ok", "safe", "fine", "yes", "alright", "good", "sure", "happy", "right"]),
    after=st.sampled_from(["", " here", " really", " thanks", " at all"]),
)
def test_no_negation_is_a_yes(before: str, word: str, after: str) -> None:
    """Whichever good word follows the "not"."""
    for expected in (Expected("yes_no", OPTIONS), Expected("yes_no"), Expected("consent")):
        answer = read(f"{before} {word}{after}", expected, today=TODAY)
        assert not (isinstance(answer, Given) and answer.value == "yes")


LONG = (
    "a" * 20000,
    "1" * 20000,
    "9" * 500,
    "yes " * 5000,
    "not " * 5000,
    "1/" * 10000,
    "3 march " * 2500,
    " " * 19999 + "x",
    "\u200b" * 19999 + "x",
    "a@" * 10000,
    "@" * 20000,
    "(" * 20000,
    "d h 1 " * 3000,
    "twenty " * 2800,
    "no no no " * 2200,
    "and " * 5000,
    "i dont really " * 1400,
    "\u202e" * 20000,
    "\U0001f600" * 20000,
    "'" * 20000,
    "seven hundred and " * 1100,
    "-1 " * 6000,
    "0" * 300,
    "07700 900" * 2000,
    "\u0301" * 20000,
)


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_long_and_hostile_replies_are_read_all_the_same(text: str) -> None:
    """20,000 of anything, to every kind of question; a slow one would run into the suite's time limit."""
    for question in EVERY_QUESTION:
        answer = read(text, question, today=TODAY)
        assert not isinstance(answer, Unread) or answer.why in ERRORS


def test_half_a_character_does_not_break_reading() -> None:
    """A lone surrogate can come out of JSON."""
    for question in EVERY_QUESTION:
        for text in ("\ud800", "a\udfff@example.com", "07700 900123\ud800", "14/3/15\udc00"):
            answer = read(text, question, today=TODAY)
            assert not isinstance(answer, Unread) or answer.why in ERRORS


@settings(max_examples=100, deadline=None)
@given(
    ids=st.lists(
        st.one_of(st.text(max_size=20), st.sampled_from(["text", "call", "none_is_safe", "skip", "not_known"])),
        max_size=5,
    ),
    question=st.sampled_from(EVERY_QUESTION),
)
def test_pressed_buttons_never_raise(ids: list[str], question: Expected) -> None:
    """Anyone can send any id."""
    for answer in (read_choice_ids(ids, question), *(read_choice_id(one, question) for one in ids)):
        assert not isinstance(answer, Unread) or answer.why in ERRORS


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        ("Priya Nair 07700 900456", "Priya Nair"),
        ("my name is Priya Nair, 07700 900456", "Priya Nair"),
        ("Jo jo@example.com", "Jo"),
        ("jay, text me on 07700900123", "jay"),
        ("and text me on 07700 900123", None),
        ("07700 900456", None),
    ],
)
def test_a_number_beside_a_name_is_no_part_of_it(reply: str, name: str | None) -> None:
    """A worker who rings must not ask for "and text me on"."""
    found = read(reply, Expected("name"), today=TODAY)
    assert found == (Unread("name_unread") if name is None else Given(name, reply))


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        ("07700 900123 Sarah", "Sarah"),
        ("my number is 07700900123 sarah", "sarah"),
        ("Sarah and Tom Smith 07700900123", "Sarah and Tom Smith"),
        ("Mum is Sarah, her number is 07700900123", "Mum is Sarah"),
        ("my name is Sarah and my number is 07700900123", "Sarah"),
        ("her mobile is +44 7700 900123 and her name is Ann Lee", "Ann Lee"),
        ("you can reach me on 07700900123, Sarah", "Sarah"),
        ("Jo (07700900123)", "Jo"),
        ("Jo (Joanna) 07700900123", "Jo (Joanna)"),
        ("Can Yilmaz 07700900123", "Can Yilmaz"),
        ("07700 900123 or jo@example.com, Jo", "Jo"),
        ("Sarah, dont ring 07700900123", "Sarah"),
        ("sarah, im on 07700900123", "sarah"),
        ("Sarah, safe to ring on 07700900123", "Sarah"),
        ("Sarah you can get me on 07700900123", "Sarah"),
        ("sarah, you can find me on 07700900123", "sarah"),
        ("07700900123 Sarah but dont ring", "Sarah"),
        ("07700900123 (Sarah) thanks", "Sarah"),
        ("07700900123 ask for Sarah", "Sarah"),
        ("Dawn May 07700900123", "Dawn May"),
        ("Sunday Okafor 07700900123", "Sunday Okafor"),
        ("Hope Green 07700900123", "Hope Green"),
        ("An Nguyen 07700900123", "An Nguyen"),
    ],
)
def test_a_name_on_either_side_of_a_number_is_kept_whole(reply: str, name: str) -> None:
    """Who has told us a name is not asked for it again."""
    assert read(reply, Expected("name"), today=TODAY) == Given(name, reply)


@pytest.mark.parametrize(
    "reply",
    [
        "my number is 07700900123",
        "just text 07700900123",
        "call me on 07700900123 after 5",
        "call me later on 07700900123",
        "jo@example.com is my email",
        "no 07700900123",
        "Best number is 07700900123",
        "07700900123 thanks",
        "07700900123 but dont ring",
        "07700900123 anytime after school",
        "07700900123 not evenings",
        "07700900123 text dont ring",
        "07700900123 when he is out",
        "07700900123 he has my phone",
        "07700900123 my husband may answer",
        "07700900123 leave a message",
        "07700900123 no voicemail",
        "07700900123 hope that helps",
        "jo@example.com dont email at work",
        "sarah you can find me on 07700900123",
    ],
)
def test_words_about_a_number_are_no_name(reply: str) -> None:
    """A worker who rings must not ask for "best"."""
    assert read(reply, Expected("name"), today=TODAY) == Unread("name_unread")


@pytest.mark.parametrize(
    "reply", ["Tom Smith (born 2010-03-12)", "Tom 2010-03-12", "Tom Smith (born 12-03-2010)", "Tom 12 03 2010"]
)
def test_a_date_beside_a_name_is_no_number(reply: str) -> None:
    """It stays as it was typed: cut off, it looked like half a note."""
    assert read(reply, Expected("name"), today=TODAY) == Given(reply, reply)


@pytest.mark.parametrize(
    "reply", ["not giving it 07700900123", "prefer not to say 07700900123", "07700900123 no name"]
)
def test_a_name_refused_beside_a_number_is_refused(reply: str) -> None:
    """Nobody is called "not giving it"."""
    assert read(reply, Expected("name"), today=TODAY) == PreferNotToSay(reply)


def test_a_long_reply_with_a_number_is_read_at_once() -> None:
    """Only its beginning is looked at."""
    assert read("07700 900123 " + "a" * 19_000, Expected("name"), today=TODAY) != Unread("too_long")

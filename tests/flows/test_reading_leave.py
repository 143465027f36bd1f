"""Typed replies that let us do something: reach somebody, name them, share. Nothing is taken that nobody gave."""

from __future__ import annotations

from functools import cache

import pytest
from pydantic import ValidationError

from flows.answers import Answer, Given, Unread
from flows.asking import Asker
from flows.model import Ask
from flows.path import Place
from flows.reading import Expected, read
from flows.reading.choices import is_own_age
from flows.reading.leave import tells_of_danger
from flows.reading.special import tells_of_doubt
from flows.reading.worries import names_only_whom
from flows.reading.yes_no import is_thanks, sounds_doubtful
from flows.state import State
from tests.flows.playing import TODAY, front_door, voice

LETTING = (
    "consent_to_help",
    "feedback_wanted",
    "other_parent_contact_ok",
    "reading_writing_help",
    "reminders_ok",
    "safe_contact_methods",
    "share_with_agencies",
    "text_ok",
    "voicemail_ok",
    "wants_anonymity",
)


@cache
def _question(name: str, audience: str) -> Expected:
    """Return what is expected where the front door asks it."""
    ask = next(a for a in front_door().asks() if a.name == name)
    state = State(flow="front_door", version=1, audience=audience)
    return Asker(front_door(), voice()).expected(state, Place(name, ask, "front_door"))


def _read(reply: str, name: str, audience: str = "parent") -> Answer | Unread:
    return read(reply, _question(name, audience), today=TODAY)


def _value(reply: str, name: str, audience: str = "parent") -> object:
    found = _read(reply, name, audience)
    return found.value if isinstance(found, Given) else None


# -- how to reach them -----------------------------------------------------------------------------------------

NO_CONTACT = """
do not contact me, he checks my phone
no contact, he reads my texts and my phone
do not contact me, i just want to report it
please dont contact me my partner reads my messages
no contact. he has my phone
no contact because he checks my mobile
Do not contact me. My husband has my email.
none of these, he checks my phone
none is safe. he has my mobile and my email
nothing, he sees my phone
no way is safe, he checks my phone
it is not safe to contact me
I'd rather you didn't contact me
""".strip().split("\n")


@pytest.mark.parametrize("reply", NO_CONTACT)
@pytest.mark.parametrize("audience", ["parent", "public", "young_person", "unknown"])
def test_whoever_says_not_to_contact_them_and_why_is_not_contacted(reply: str, audience: str) -> None:
    """ "Do not contact me, he checks my phone" was kept as "call my mobile"."""
    assert _read(reply, "safe_contact_methods", audience) == Given(["none_is_safe"], reply)


@pytest.mark.parametrize(
    "reply",
    """
my husband sees my phone
he checks my texts
my ex reads my emails and texts
my mum checks my phone
he took my phone
i lost my phone
my phone is broken
my phone is shared
i share my phone with my mum
its my husbands mobile
the kids use my phone
my phone gets checked
calls come up on the tv
email is on the family ipad
text is not safe
text isn't safe
he goes through my phone so no
call? no
landline no
will you ring me?
what if he sees the text
if you text me he will see
ring and he will kill me
text me, he checks my phone
ring me, he reads my texts
text but he might see it
you could text but its risky
maybe text
ring my mum
do not contact me but text my sister
do not contact me, he checks my phone but you can email me
no texts
no texts, no calls
not by phone
my english is not so good for calls
husband look phone
husband looks at phone
partner goes on my phone
ring but husband will answer
ring and my husband will pick up
call me but my mum will answer
the landline but my wife might answer
im scared to talk on phone
call not ok
can i call you
i tried to call you
texts pop up on his watch
""".strip().split("\n"),
)
def test_a_warning_or_a_question_is_no_way_to_reach_them(reply: str) -> None:
    """They are asked once more: a call that somebody else answers can put them at risk."""
    assert _value(reply, "safe_contact_methods") is None


@pytest.mark.parametrize(
    ("reply", "ways"),
    [
        ("only email", ["email"]),
        ("email only, he checks my phone", ["email"]),
        ("email is safe, he reads my texts", ["email"]),
        ("text because he listens to calls", ["text"]),
        ("dont contact me, i will ring you", ["i_will_contact_you"]),
        ("no contact please, i will call you", ["i_will_contact_you"]),
        ("text me but not when hes home", ["text"]),
        ("not my mobile, my landline", ["call_landline"]),
        ("can you ring me?", ["call_mobile"]),
        ("i need someone to ring me", ["call_mobile"]),
        ("text me, my mum knows im talking to you", ["text"]),
        ("call me i have my phone all day", ["call_mobile"]),
        ("my mobile is 07700 900123", ["call_mobile"]),
        ("text me on 07700 900123 so he cant hear", ["text"]),
        ("anything but calls", ["reply_in_this_chat", "text", "email"]),
        ("email please my english is not so good for phone", ["email"]),
        ("email please, my english is so bad for phone", ["email"]),
        ("email, im not so good on the phone", ["email"]),
        ("text because he answers my calls", ["text"]),
        ("email, my husband answers the phone", ["email"]),
        ("im scared to talk on the phone so text me", ["text"]),
        ("i rang before, text me", ["text"]),
        ("email it is", ["email"]),
        ("text but not when my mum is there", ["text"]),
    ],
)
def test_what_is_plainly_allowed_is_still_allowed(reply: str, ways: list[str]) -> None:
    """ "Calls" are calls to any phone; a way that is safe is not lost to the warning beside it."""
    assert _read(reply, "safe_contact_methods") == Given(ways, reply)


@pytest.mark.parametrize(
    "reply",
    """
yes its safe
safe
ok yes its safe
no
nope
nah
no thanks
No, thank you
these
contact me
""".strip().split("\n"),
)
@pytest.mark.parametrize("audience", ["parent", "public", "young_person"])
def test_not_to_be_contacted_has_to_be_plainly_said(reply: str, audience: str) -> None:
    """A child's "no", or a mother's "yes its safe", ended with "we will not contact you"."""
    assert _read(reply, "safe_contact_methods", audience) == Unread("choose_some")


def test_a_bare_no_still_keeps_a_service_out() -> None:
    """There it can only mean one thing, and the safe one."""
    assert _value("no", "share_with_agencies") == ["none_yet"]


@pytest.mark.parametrize("reply", ["no one", "nobody", "none", "neither", "nothing", "none of them"])
@pytest.mark.parametrize("audience", ["parent", "public", "young_person"])
def test_no_one_and_nothing_are_plain(reply: str, audience: str) -> None:
    """ "No one" was read as number one: reply in this chat."""
    assert _read(reply, "safe_contact_methods", audience) == Given(["none_is_safe"], reply)


def test_no_one_gives_no_leave_for_a_voicemail() -> None:
    assert _value("no one", "voicemail_ok") != "yes_say_who_is_calling"


@pytest.mark.parametrize(
    "reply",
    """
send
send it
All correct, please send it.
message me
msg me
send me a message
send it to my phone
message my phone
whatsapp
whatsapp me
text me on whatsapp
call me on whatsapp
whatsapp call
msg me on snapchat
make sure its safe to text me
if its safe to ring me
would it be safe to text
is it safe to ring me
its hardly safe to text
its safe to ring him
text her
not safe to text
""".strip().split("\n"),
)
@pytest.mark.parametrize("audience", ["parent", "young_person"])
def test_what_names_no_way_of_ours_lets_us_do_nothing(reply: str, audience: str) -> None:
    """ "Send" was leave to text. We have no WhatsApp, and a text is not one: it comes up on a locked screen."""
    assert _value(reply, "safe_contact_methods", audience) is None


@pytest.mark.parametrize(
    ("reply", "way"),
    [
        ("send it here", "reply_in_this_chat"),
        ("send me a message on here", "reply_in_this_chat"),
        ("just msg me here", "reply_in_this_chat"),
        ("message here", "reply_in_this_chat"),
        ("send a text", "text"),
        ("text message", "text"),
        ("text my mobile", "text"),
        ("text me on my phone", "text"),
        ("reply by text", "text"),
        ("Please telephone me", "call_mobile"),
        ("its safe to ring me", "call_mobile"),
        ("yes its safe to ring me", "call_mobile"),
        ("ring me, it's safe", "call_mobile"),
        ("safe to text", "text"),
        ("whatsapp or text", "text"),
    ],
)
@pytest.mark.parametrize("audience", ["parent", "young_person"])
def test_one_way_that_is_said_is_one_way(reply: str, way: str, audience: str) -> None:
    """ "Just msg me here" let us text as well, and a number was asked for that they had not meant to give."""
    assert _read(reply, "safe_contact_methods", audience) == Given([way], reply)


@pytest.mark.parametrize(
    ("reply", "ways"),
    [
        ("my home phone is safe", ["call_landline"]),
        ("telephone my home", ["call_landline"]),
        ("send me an email", ["email"]),
        ("reply to my email", ["email"]),
        ("text me on my mobile, or call my mobile", ["call_mobile", "text"]),
    ],
)
def test_a_way_said_with_its_verb_is_no_other_way(reply: str, ways: list[str]) -> None:
    """ "Send me an email" let us text."""
    assert _read(reply, "safe_contact_methods") == Given(ways, reply)


# -- who they are, which decides what they are asked ------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "role"),
    [
        ("my boy is struggling at school", "parent_or_carer"),
        ("my son's school told me to message you", "parent_or_carer"),
        ("im a nurse but this is about my own kids", "parent_or_carer"),
        ("i work at my sons school", "parent_or_carer"),
        ("special guardian", "parent_or_carer"),
        ("foster carer", "parent_or_carer"),
        ("school", "professional"),
        ("im from the school", "professional"),
        ("i work at a primary school", "professional"),
        ("I work at Hillside School", "professional"),
        ("im a teacher and one of my kids told me", "professional"),
        ("I am his grandfather.", "other_family"),
        ("grandmother", "other_family"),
        ("great nan", "other_family"),
        ("dads girlfriend", "other_family"),
        ("his nan, my daughter cant cope", "other_family"),
        ("im 15 and my son is 1", "young_person_under_18"),
        ("im fifteen", "young_person_under_18"),
        ("15", "young_person_under_18"),
        ("15 yrs", "young_person_under_18"),
        ("7 yrs", "young_person_under_18"),
    ],
)
def test_who_they_are_is_heard_as_they_say_it(reply: str, role: str) -> None:
    """A mother who said "school" was asked as a professional, and never asked how it is safe to reach her."""
    assert _value(reply, "role", "unknown") == role


@pytest.mark.parametrize(
    "reply",
    [
        "im struggling at school",
        "i get bullied at school",
        "school told me to contact you",
        "primary school",
        "mums boyfriend hits me",
        "its my mums boyfriend",
        "nana hits me",
        "grandma is mean to me",
        "my neighbours kids",
        "my sons friend",
    ],
)
@pytest.mark.parametrize("audience", ["unknown", "young_person", "parent"])
def test_of_whom_and_where_they_tell_is_not_who_they_are(reply: str, audience: str) -> None:
    """A child bullied at school was taken for somebody who works there."""
    assert _value(reply, "role", audience) in (None, "friend_or_neighbour" if "sons friend" in reply else None)


@pytest.mark.parametrize("audience", ["parent", "young_person", "public"])
def test_a_figure_just_past_the_list_is_no_age(audience: str) -> None:
    assert _value("9", "role", audience) is None


def test_not_before_nine_is_not_never() -> None:
    """A comma does not turn hours to avoid into no contact at all."""
    assert _value("do not contact me, before 9", "safe_contact_methods") is None


@pytest.mark.parametrize(
    "reply", ["my mum works at my school", "i dont trust my school", "my gp is my dads friend", "i trust no one"]
)
def test_a_young_persons_warning_about_a_service_is_no_way_to_reach_them(reply: str) -> None:
    """Whoever would tell their mother is not whom we write to."""
    assert _value(reply, "safe_contact_methods", "young_person") is None


# -- their name ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    """
No, dont tell them my name
never tell them
no, please dont tell them
No, dont give it
no, keep it private
nope, keep it secret
no not to the family
no, not my name
please dont say it was me
i dont want them to know
i dont mind the police but not the family
""".strip().split("\n"),
)
def test_to_refuse_a_name_is_a_refusal(reply: str) -> None:
    """ "No, dont tell them my name" was kept as leave to give it."""
    assert _value(reply, "wants_anonymity", "public") in (
        "keep_my_name_from_family",
        "do_not_give_my_name_to_anyone",
    )


@pytest.mark.parametrize(
    "reply",
    """
give my name?
you give my name?
you give my name
give you my name
can you give my name?
happy to give my name?
no give my name
please no tell them
no tell them
no say my name
never
don't
no dont
no never
no you can't
no i want to stay anonymous
no, he would kill me
no im scared
no to giving my name
i mind
i do mind
yes you can
you can
of course not
""".strip().split("\n"),
)
def test_no_name_is_given_by_a_question_or_by_half_a_no(reply: str) -> None:
    """Two readings of it are possible, and one of them cannot be taken back."""
    assert _value(reply, "wants_anonymity", "public") != "no"


@pytest.mark.parametrize(
    "reply",
    """
no
no thanks
no thank you
no thank u
no thankyou
no thx
no i dont care
no, i dont mind
no, give my name
you can give my name
3
dont mind
""".strip().split("\n"),
)
def test_a_plain_no_is_one(reply: str) -> None:
    """They were asked whether to keep it, and said no."""
    assert _value(reply, "wants_anonymity", "public") == "no"


# -- agreeing --------------------------------------------------------------------------------------------------

NO_AGREEMENT = """
yes?
ok?
i agree?
that's fine?
is that ok?
he says yes
mum said yes
he can
he will
everyone can
yes he will see
do i have to?
what if i agree
yes if he doesnt find out
never
""".strip().split("\n")


@pytest.mark.parametrize("reply", NO_AGREEMENT)
@pytest.mark.parametrize("name", ["consent_to_help", "text_ok", "other_parent_contact_ok", "reminders_ok"])
def test_a_question_or_somebody_elses_word_is_no_consent(reply: str, name: str) -> None:
    assert _value(reply, name) != "yes"


@pytest.mark.parametrize("name", ["consent_to_help", "text_ok", "other_parent_contact_ok", "reminders_ok"])
@pytest.mark.parametrize("reply", ["yes", "yes please", "ok", "sure", "go ahead", "yes my son needs it"])
def test_a_plain_yes_is_one(reply: str, name: str) -> None:
    assert _value(reply, name) == "yes"


@pytest.mark.parametrize("name", ["consent_to_help", "other_parent_contact_ok"])
@pytest.mark.parametrize(
    "reply",
    [
        "yes my dad hits me",
        "yes please he hits us",
        "yes mum said i should",
        "yes he wants it too",
        "yes she knows",
    ],
)
def test_what_is_told_behind_a_yes_of_their_own_takes_nothing_back(reply: str, name: str) -> None:
    """Whoever tells us of danger as they say yes was asked again, as if they had said nothing."""
    assert _value(reply, name) == "yes"


@pytest.mark.parametrize(
    "reply",
    """
yes its his phone
yes shared phone
yes its a family phone
yes he has my phone
yes he checks my phone
ok but its my mums phone
""".strip().split("\n"),
)
@pytest.mark.parametrize("name", ["text_ok", "reminders_ok"])
def test_a_phone_that_is_not_theirs_alone_takes_no_text(reply: str, name: str) -> None:
    assert _value(reply, name) != "yes"


@pytest.mark.parametrize(
    "reply", ["yes its my own phone", "yes to my mobile", "yes he is at work", "yes mum knows"]
)
def test_a_phone_of_their_own_does(reply: str) -> None:
    assert _value(reply, "text_ok") == "yes"


def test_a_voicemail_on_a_family_phone_says_nothing() -> None:
    assert _value("yes say who but its a family phone", "voicemail_ok") is None


@pytest.mark.parametrize("reply", ["she said yes", "mum says yes", "yes mum agreed", "they said yes"])
def test_a_professional_tells_of_somebody_elses_consent(reply: str) -> None:
    """ "Has a parent agreed?" is asked of them."""
    assert _value(reply, "consent_to_help", "professional") == "yes"


def test_to_anybody_else_somebody_elses_consent_is_none() -> None:
    assert _value("she said yes", "consent_to_help", "parent") is None


@pytest.mark.parametrize("reply", ["yes?", "has she agreed?", "is that a yes"])
def test_a_professionals_question_is_no_consent_either(reply: str) -> None:
    """Their agreement is what we act on."""
    assert _value(reply, "consent_to_help", "professional") != "yes"


@pytest.mark.parametrize("reply", ["school?", "maybe school", "who is camhs", "school if you have to"])
def test_a_professionals_doubt_about_a_service_covers_none(reply: str) -> None:
    assert _value(reply, "share_with_agencies", "professional") is None


def test_a_professional_tells_which_services_a_parent_agreed_to() -> None:
    reply = "mum agreed to school and gp"
    assert _value(reply, "share_with_agencies", "professional") == ["school_or_nursery", "gp"]
    assert _value(reply, "share_with_agencies", "parent") is None


@pytest.mark.parametrize(
    "reply", ["say who is calling?", "who is calling?", "first name?", "who would be calling"]
)
def test_to_ask_who_would_be_calling_is_no_leave_to_say_so(reply: str) -> None:
    """A voicemail may be heard by anybody at home."""
    assert _value(reply, "voicemail_ok") is None


# -- sharing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    """
school must not know
my school doesnt know
school isnt safe
school?
is school told?
will you tell the gp?
he works at the school
my ex works for housing
the school already know, dont talk to them
ive got camhs but dont want them told
the gp is his friend
keep school out of it
school if you have to
maybe school
who are camhs
the school reported me
""".strip().split("\n"),
)
def test_what_is_told_of_a_service_is_no_leave_to_talk_to_it(reply: str) -> None:
    """ "He works at the school" was leave to tell the school."""
    assert _value(reply, "share_with_agencies") is None


@pytest.mark.parametrize(
    ("reply", "services"),
    [
        ("gp yes, school no", ["gp"]),
        ("dont talk to school, gp is fine", ["gp"]),
        ("no one, my mum works at the school", ["none_yet"]),
        ("anyone but school", ["gp", "camhs_or_mental_health", "housing", "ask_me_each_time"]),
        ("his school and the gp", ["school_or_nursery", "gp"]),
        ("he goes to hill school", ["school_or_nursery"]),
        ("ask me first", ["ask_me_each_time"]),
        ("school but ask me first", ["school_or_nursery", "ask_me_each_time"]),
        ("gp, but ask me before", ["gp", "ask_me_each_time"]),
    ],
)
def test_only_the_services_they_allow(reply: str, services: list[str]) -> None:
    assert _read(reply, "share_with_agencies") == Given(services, reply)


# -- the rest --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "ok thank you",
        "thank u",
        "thankyou xx",
        "ok thanks",
        "okay ta",
        "fine, thanks",
        "Thank you",
        "great thanks bye",
    ],
)
def test_thanks_with_a_bare_ok_are_only_thanks(said: str) -> None:
    assert is_thanks(said)


@pytest.mark.parametrize("said", ["ok", "yes thank you", "ok delete", "thanks, delete it", "no thanks", ""])
def test_thanks_with_anything_else_are_more(said: str) -> None:
    assert not is_thanks(said)


@pytest.mark.parametrize("said", ["thanks " + "x" * 60 + " mum", "thanks " + "k" * 200 + " mum"])
def test_thanks_with_a_row_of_kisses_are_read_at_once(said: str) -> None:
    """Each kiss doubled the time it took: one message could hold a process for good."""
    assert not is_thanks(said)


HOSTILE = tuple(
    (unit * 2000)[:2000] + end
    for unit in (
        "x",
        "ok ",
        "okk",
        "i",
        "its ",
        "no",
        "my mum ",
        "so ",
        "not ",
        "thanks ",
        "town is ",
        "1",
        "1 ",
        ", ",
        " ",
        "a b ",
        "?",
    )
    for end in ("", " mum", "!")
)


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_no_reader_of_answers_is_held_by_hostile_words(said: str) -> None:
    """A hang ends the suite."""
    for reply in (said, f"thanks {said[:200]} mum", f"yes {said}", f"text me {said}"):
        for name in LETTING:
            for audience in ("parent", "public", "young_person", "professional"):
                _read(reply, name, audience)
        read(reply, Expected("address"), today=TODAY)
        read(reply, Expected("postcode"), today=TODAY)
        is_thanks(reply)
        sounds_doubtful(reply)
        tells_of_danger(reply)
        tells_of_doubt(reply)
        names_only_whom(reply)
        is_own_age(reply)


def test_leave_names_options_that_are_there() -> None:
    """A slip of the pen would take the care away."""
    options = [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}]
    with pytest.raises(ValidationError, match="leave names an option"):
        Ask.model_validate(
            {"ask": "text_ok", "kind": "yes_no", "words": "Well?", "options": options, "leave": ["yess"]}
        )


def test_every_question_that_lets_us_do_something_says_which_answers_do() -> None:
    """Where it is forgotten, a question is read as an answer again. Whoever adds one writes its name here."""
    assert sorted({ask.name for ask in front_door().asks() if ask.leave}) == list(LETTING)
    assert not [ask.name for ask in front_door().asks() if ask.consent and not ask.leave]


def test_what_carries_a_way_is_said_where_it_is_defined() -> None:
    """A way that nobody marked would stay open to whoever holds the phone."""
    options = _question("safe_contact_methods", "parent").options
    assert {one.id: one.by for one in options if one.by} == {
        "call_mobile": ("mobile", "voice"),
        "call_landline": ("voice",),
        "text": ("mobile",),
    }

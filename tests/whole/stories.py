"""Whole conversations of made-up people, one for each audience, told the same way on every channel."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Taps:
    """They tap these buttons, one after another."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Types:
    """They type this."""

    words: str


@dataclass(frozen=True, slots=True)
class Story:
    """`moves` are pairs: what they are asked, in part, and what they do. `said` are values in the end.

    `ends` is what they hear last of all.
    """

    name: str
    audience: str
    moves: tuple[tuple[str, Taps | Types], ...]
    said: dict[str, object] = field(default_factory=dict)
    ends: str = "Your reference is"


def taps(*labels: str) -> Taps:
    return Taps(labels)


STORIES = (
    Story(
        "a parent who is worn out, and changes their mind about a name",
        "parent",
        (
            ("in danger right now?", taps("No")),
            ("Who are you?", taps("A parent or carer")),
            ("safe for you to chat", Types("yeah its fine")),
            ("What would you like help with?", Types("Rowan will not go to school and I am worn out")),
            ("short version", taps("Short version")),
            ("How is it safe", taps("Reply in this chat", "Text me", "Done")),
            ("What number", Types("07700 900123")),
            ("What name", Types("Aleks")),
            ("Do you agree", taps("Yes, I agree")),
            ("Check your answers", taps("Change an answer")),
            ("Reply with the number", Types("your name")),
            ("What name", Types("Alex")),
            ("Check your answers", taps("Send to the duty team")),
            ("Can we write to you here later", taps("Any time in the day")),
        ),
        {
            "role": "parent_or_carer",
            "reason_in_own_words": "Rowan will not go to school and I am worn out",
            "safe_contact_methods": ["reply_in_this_chat", "text"],
            "contact_name": "Alex",
            "consent_to_help": "yes",
            "safe_times": ["any_time"],
        },
        ends="it will be at those times",
    ),
    Story(
        "a young person who types everything by hand",
        "young_person",
        (
            ("in danger right now?", Types("no")),
            ("Who are you?", Types("im under 18")),
            ("OK for you to message", Types("yh")),
            ("What's going on?", Types("everyone argues at home and i cant do my homework")),
            ("OK for us to contact", Types("reply in this chat")),
            ("What name", Types("skip")),
            ("passing this to a worker", Types("yes")),
            ("tell us more", Types("no just send it")),
            ("Check your answers", Types("send")),
            ("Can we write to you here later", Types("other times")),
            ("Use your own words", Types("after 4pm")),
        ),
        {
            "role": "young_person_under_18",
            "consent_to_help": "yes",
            "contact_name": None,
            "safe_times": {"choice": None, "text": "after 4pm"},
        },
        ends="it will be at those times",
    ),
    Story(
        "a neighbour who goes back once",
        "public",
        (
            ("in danger right now?", taps("No")),
            ("Who are you?", taps("A friend or neighbour")),
            ("What are you worried about?", Types("A lot of shouting next door and the little one looks tired")),
            ("Where does the child live", Types("dh15ul")),
            ("keep your name", taps("Go back")),
            ("Where does the child live", Types("12 Made Up Street, DH1 5UL")),
            ("keep your name", taps("Keep it from the family")),
            ("How can we reach you", taps("I will contact you", "Done")),
            ("tell us more", Types("send it now")),
            ("Check your answers", taps("Send to the duty team")),
        ),
        {"role": "friend_or_neighbour", "wants_anonymity": "keep_my_name_from_family"},
    ),
    Story(
        "a teacher between two lessons",
        "professional",
        (
            ("at immediate risk", taps("No")),
            ("makes you get in touch now", Types("Rowan in Year 4 is often hungry, and said so again today")),
            ("short version", taps("Short version")),
            ("your full name", Types("Priya Example")),
            ("work phone", Types("01632 960123")),
            ("job title", Types("Year 4 teacher, Exampleshire Primary")),
            ("Which child", Types("Rowan Example, born 27 3 2017, DH1 5UL")),
            ("agreed to this request", taps("Yes")),
            ("Check your answers", taps("Send to the duty team")),
        ),
        {
            "role": "professional",
            "professional_role_agency": "Year 4 teacher, Exampleshire Primary",
            "contact_name": "Priya Example",
        },
    ),
)

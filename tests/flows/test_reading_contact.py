"""Typed phone numbers, e-mail addresses, postcodes, addresses, names and numbers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from flows.answers import Answer, Given, NotKnown, PreferNotToSay, Skipped, Unread
from flows.reading import Expected, read
from flows.reading.places import AREAS

TODAY = date(2026, 3, 2)


def _read(reply: str, kind: str, **more: Any) -> Answer | Unread:
    return read(reply, Expected(kind, **more), today=TODAY)


MOBILE = "+447700900123"
PHONES: list[tuple[str, str, str]] = [
    ("07700 900123", "07700 900123", MOBILE),
    ("07700900123", "07700900123", MOBILE),
    ("07700 900 123", "07700 900 123", MOBILE),
    ("O7700 9OO123", "O7700 9OO123", MOBILE),
    ("o77oo 9oo123", "o77oo 9oo123", MOBILE),
    ("077OO9OOl23", "077OO9OOl23", MOBILE),
    ("07700-900-123", "07700-900-123", MOBILE),
    ("07700.900.123", "07700.900.123", MOBILE),
    ("(07700) 900123", "(07700) 900123", MOBILE),
    ("+44 7700 900123", "+44 7700 900123", MOBILE),
    ("+44 (0)7700 900123", "+44 (0)7700 900123", MOBILE),
    ("+447700900123", "+447700900123", MOBILE),
    ("0044 7700 900123", "0044 7700 900123", MOBILE),
    ("44 7700 900123", "44 7700 900123", MOBILE),
    ("07700 900123 but only after 3", "07700 900123", MOBILE),
    ("its 07700 900123 thanks", "07700 900123", MOBILE),
    ("my number is 07700 900123.", "07700 900123", MOBILE),
    ("07700 900123, ask for Sam", "07700 900123", MOBILE),
    ("call me on 07700900123 after 3pm please", "07700900123", MOBILE),
    ("mob: 07700900123", "07700900123", MOBILE),
    ("tel:07700900123", "07700900123", MOBILE),
    ("7700 900123", "7700 900123", MOBILE),
    ("0 7 7 0 0 9 0 0 1 2 3", "0 7 7 0 0 9 0 0 1 2 3", MOBILE),
    ("07700\u00a0900123", "07700 900123", MOBILE),
    ("\u202a07700 900123\u202c", "07700 900123", MOBILE),
    ("07700 900123\u200b", "07700 900123", MOBILE),
    ("٠٧٧٠٠ ٩٠٠١٢٣", "07700 900123", MOBILE),
    (
        "oh seven seven hundred nine hundred one two three",
        "oh seven seven hundred nine hundred one two three",
        MOBILE,
    ),
    (
        "oh double seven double oh nine double oh one two three",
        "oh double seven double oh nine double oh one two three",
        MOBILE,
    ),
    (
        "it's zero seven seven zero zero nine zero zero one two three",
        "it's zero seven seven zero zero nine zero zero one two three",
        MOBILE,
    ),
    ("not 07700 900456 use 07700 900123", "07700 900123", MOBILE),
    ("01632 960001", "01632 960001", "+441632960001"),
    ("01632 960 001", "01632 960 001", "+441632960001"),
    ("(01632) 960001", "(01632) 960001", "+441632960001"),
    ("school is 01632 960001", "01632 960001", "+441632960001"),
    ("mum 07700 900123 dad 07700 900456", "07700 900123", MOBILE),
    ("07700 900123 or 01632 960001", "07700 900123", MOBILE),
    ("i am 7, ring 07700 900123", "07700 900123", MOBILE),
]


@pytest.mark.parametrize(("reply", "typed", "e164"), PHONES)
def test_a_phone_number_is_kept_as_typed_and_made_diallable(reply: str, typed: str, e164: str) -> None:
    """A worker dials one and sees the other; what else they said stays in their words."""
    assert _read(reply, "phone") == Given({"typed": typed, "e164": e164, "region": "GB"}, reply)


@pytest.mark.parametrize(
    ("reply", "e164", "region"),
    [
        ("+48 512 345 678", "+48512345678", "PL"),
        ("0048 512 345 678", "+48512345678", "PL"),
        ("+40 712 034 567", "+40712034567", "RO"),
        ("+353 85 012 3456", "+353850123456", "IE"),
        ("+1 202 555 0123", "+12025550123", "US"),
    ],
)
def test_another_countrys_phone_is_kept_with_its_region(reply: str, e164: str, region: str) -> None:
    """Families live across borders."""
    assert _read(reply, "phone") == Given({"typed": reply, "e164": e164, "region": region}, reply)


def test_an_extension_is_kept() -> None:
    """School offices have them."""
    reply = "01632 960001 ext 12"
    value = {"typed": "01632 960001", "e164": "+441632960001", "region": "GB", "extension": "12"}
    assert _read(reply, "phone") == Given(value, reply)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("0770090012", "phone_not_possible"),
        ("077009001234", "phone_not_possible"),
        ("12345", "phone_not_possible"),
        ("900123", "phone_not_possible"),
        ("999", "phone_not_possible"),
        ("1" * 500, "phone_not_possible"),
        ("+999 123 456 789", "phone_not_possible"),
        ("14/3/15", "phone_not_possible"),
        ("ring my mum", "phone_unread"),
        ("hello", "phone_unread"),
        ("😀", "phone_unread"),
        ("same as before", "phone_unread"),
        ("yes", "phone_unread"),
        ("not 07700 900123", "phone_not_possible"),
        ("don't ring 07700 900123", "phone_not_possible"),
    ],
)
def test_what_is_not_a_phone_number(reply: str, why: str) -> None:
    """A number with a figure missing must be caught while the person is still here."""
    assert _read(reply, "phone") == Unread(why)


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("name@example.com", "name@example.com"),
        ("Name@Example.COM", "Name@example.com"),
        ("name@example.com.", "name@example.com"),
        ("my email is name@example.com thanks", "name@example.com"),
        ("mailto:name@example.com", "name@example.com"),
        ("Sam <sam.jones@example.co.uk>", "sam.jones@example.co.uk"),
        ("sam+school@example.org", "sam+school@example.org"),
        ("name @ example.com", "name@example.com"),
        ("name@ example.com", "name@example.com"),
        ("name at example dot com", "name@example.com"),
        ("sam dot jones at example dot co dot uk", "sam.jones@example.co.uk"),
        ("sam underscore jones at example dot com", "sam_jones@example.com"),
        ("name(at)example.com", "name@example.com"),
        ("name@example,com", "name@example.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("one@example.com or two@example.com", "one@example.com"),
        ("name@example.com\u200b", "name@example.com"),
        ("work: t.smith@school.example.sch.uk", "t.smith@school.example.sch.uk"),
    ],
)
def test_an_email_address(reply: str, value: str) -> None:
    """Typed, pasted or dictated."""
    assert _read(reply, "email") == Given(value, reply)


@pytest.mark.parametrize(
    "reply",
    [
        "name",
        "name@",
        "@example.com",
        "name@example",
        "name@@example.com",
        "name.example.com",
        "hello there",
        "😀@😀",
        "a" * 65 + "@example.com",
        "name@" + "a" * 250 + ".com",
        "meet me at home",
        "07700 900123",
        "@@@@@@",
        "a@b@c",
    ],
)
def test_what_is_not_an_email_address(reply: str) -> None:
    """A reply we cannot send to is asked for again, with an example."""
    assert _read(reply, "email") == Unread("email_unread")


POSTCODES = {
    "DH1 5UL": "DH1 5UL|dh1 5ul|dh15ul|DH15UL|Dh1 5Ul|its dh1 5ul thanks|DH1  5UL|dh1-5ul|DH1.5UL"
    "|d h 1 5 u l|DHI 5UL|dhl 5ul|dh one five ul|postcode DH1 5UL"
    "|DH1 5UL.|my postcode is dh15ul|dh1 5ul x|Flat 2, 5 High Street, Durham DH1 5UL|D H1 5UL"
    "|DH1 5UL (my mums)|ＤＨ１ ５ＵＬ|dh1\u200b5ul"
    "|not sure but i think dh1 5ul",
    "SW1A 1AA": "SW1A 1AA|sw1a1aa|sw1a 1aa",
    "M1 1AE": "M1 1AE|m11ae|M1  1ae",
    "B33 8TH": "B33 8TH|b338th",
    "CR2 6XH": "CR2 6XH|cr26xh",
    "DN55 1PT": "DN55 1PT|dn551pt",
    "W1A 0AX": "W1A 0AX|w1a0ax|W1A OAX",
    "EC1A 1BB": "EC1A 1BB|ec1a1bb",
    "GIR 0AA": "GIR 0AA|gir0aa",
    "TS1 3BA": "TS1 3BA|ts13ba|TS13BA",
    "PE1 1XN": "PE1 1XN",
    "PL1 2AA": "pl1 2aa|pl12aa",
    "N1C 4AG": "N1C 4AG",
    "DT1 1XJ": "dt1 1xj|DT11XJ",
}


@pytest.mark.parametrize(
    ("reply", "value"), [(r, v) for v, replies in POSTCODES.items() for r in replies.split("|")]
)
def test_a_postcode_in_any_case_with_spaces_or_none(reply: str, value: str) -> None:
    """It finds the right team, so it is put in one form."""
    assert _read(reply, "postcode") == Given(value, reply)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("ZZ1 1ZZ", "postcode_not_real"),
        ("DH1 5CK", "postcode_not_real"),
        ("DX1 1AA", "postcode_not_real"),
        ("QQ1 1AA", "postcode_not_real"),
        ("DH1I 5UL", "postcode_not_real"),
        ("DH1X 5UL", "postcode_not_real"),
        ("DH1 5UIL", "postcode_unread"),
        ("12345", "postcode_unread"),
        ("90210", "postcode_unread"),
        ("DH1 5UL or DH1 4AA", "postcode_unread"),
        ("yes", "postcode_unread"),
        ("what do you mean", "postcode_unread"),
        ("why", "postcode_unread"),
        ("help", "postcode_unread"),
        ("😀", "postcode_unread"),
        ("7", "postcode_unread"),
        ("i am scared to say where i am", "postcode_unread"),
    ],
)
def test_what_is_not_a_postcode(reply: str, why: str) -> None:
    """One that cannot exist is told apart from one we cannot see."""
    assert _read(reply, "postcode") == Unread(why)


@pytest.mark.parametrize(
    ("reply", "town"),
    [
        ("Durham", "Durham"),
        ("durham", "durham"),
        ("i live in durham", "durham"),
        ("Bishop Auckland", "Bishop Auckland"),
        ("near Newton Aycliffe", "Newton Aycliffe"),
        ("Newcastle upon Tyne", "Newcastle upon Tyne"),
        ("its in peterborough", "peterborough"),
        ("somewhere in Plymouth", "Plymouth"),
        ("St. Helens", "St. Helens"),
        ("Weston-super-Mare", "Weston-super-Mare"),
        ("Durham area", "Durham"),
        ("we live in Stockton-on-Tees", "Stockton-on-Tees"),
        ("King's Lynn", "King's Lynn"),
        ("dorchester, dorset", "dorchester, dorset"),
    ],
)
def test_a_town_in_place_of_a_postcode(reply: str, town: str) -> None:
    """A neighbour may not know the postcode; the town still finds the team."""
    assert _read(reply, "postcode") == Given({"town": town}, reply)


@pytest.mark.parametrize(
    "reply",
    [
        "no fixed address",
        "No fixed abode",
        "nfa",
        "homeless",
        "sofa surfing at the moment",
        "im homeless",
        "living in my car",
        "we are rough sleeping",
    ],
)
def test_no_fixed_address_is_an_answer(reply: str) -> None:
    """A family without an address must not be stopped by a box that wants one."""
    assert _read(reply, "postcode") == Given({"no_fixed_address": True, "text": reply}, reply)


def test_the_first_half_of_a_postcode_stands_for_a_place() -> None:
    """People give "DH1" when they will not say more."""
    assert _read("dh1", "postcode") == Given({"town": "DH1", "outward": "DH1"}, "dh1")


def test_every_postcode_area_is_known() -> None:
    """124 areas, the islands among them."""
    assert len(AREAS) == 124


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("5 High Street, Durham, DH1 5UL", {"postcode": "DH1 5UL"}),
        ("5 high st\ndurham\ndh15ul", {"postcode": "DH1 5UL"}),
        ("Flat 2, The Old Mill", {}),
        ("the caravan site by the river", {}),
        ("he lives at 12 church lane but stays with his nan", {}),
        ("no fixed address", {"no_fixed_address": True}),
        ("Women's refuge", {}),
        ("i dont know the postcode, 4 Church St Durham", {}),
        ("٥ شارع الملك", {}),
    ],
)
def test_an_address_is_kept_as_typed(reply: str, value: dict[str, Any]) -> None:
    """Hostels, boats and caravan sites are addresses too."""
    assert _read(reply, "address") == Given({"text": reply, **value}, reply)


@pytest.mark.parametrize(
    "reply",
    [
        "Sam",
        "sam jones",
        "Zoë",
        "O'Neil",
        "Anne-Marie",
        "Nguyễn Văn An",
        "محمد",
        "Łukasz Żółć",
        "王芳",
        "J",
        "Mr T. Smith",
        "Sam Jones-Smith III",
        "D’Arcy",
        "Sam2",
        "آرش‌نیا",
        "no name yet baby Jones",
        "Null",
        "Skipper",
        "Noah",
        "Ida Know",
        "Nextor",
        "Robert'); DROP TABLE people;--",
        "María José",
    ],
)
def test_a_name_is_any_letters_as_typed(reply: str) -> None:
    """Nobody's name is wrong."""
    assert _read(reply, "name") == Given(reply, reply)


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("  Sam  ", "Sam"),
        ("my name is Sam", "Sam"),
        ("My name's Sam Jones", "Sam Jones"),
        ("his name is Zoë", "Zoë"),
        ("she's called Anne-Marie", "Anne-Marie"),
        ("I'm Sam", "Sam"),
        ("call me Sam", "Sam"),
        ("it's Sam", "Sam"),
        ("name: Sam", "Sam"),
        ("Sam\x00\x07", "Sam"),
        ("\u202eSam", "Sam"),
    ],
)
def test_a_name_comes_without_the_words_before_it(reply: str, value: str) -> None:
    """It is used in the next questions: "What is Sam's date of birth?"."""
    assert _read(reply, "name") == Given(value, reply)


@pytest.mark.parametrize("reply", ["123", "😀", "😀😀", "07700 900123", "...", "?", "-", "!!!"])
def test_a_name_has_a_letter(reply: str) -> None:
    """The only thing a name must have."""
    assert _read(reply, "name") == Unread("name_unread")


NUMBERS: list[tuple[str, int]] = [
    (reply, value)
    for replies, value in (
        (
            "7|seven|7/10|7 / 10|7 out of 10|seven out of ten|about 7|7ish|maybe 7|id say 7|I'd say a 7|7."
            "|7!|(7)|its a 7|7 i think|7.0|7 x"
            "|probably about a seven|7 because things are better|7 cos he is 3 now|*7*|7️⃣|٧|7/10 today"
            "|around 7 out of 10|a 7|number 7",
            7,
        ),
        ("0|zero|none|nil|nothing|0/10|zero out of ten|nought|0 out of 10", 0),
        ("10|ten|10/10|ten out of ten|10 out of 10", 10),
        ("a couple|2|two|two kids|2 kids|just the two|we have 2 children", 2),
        ("1|one|just one|just 1|only one|just the 1", 1),
    )
    for reply in replies.split("|")
]


@pytest.mark.parametrize(("reply", "value"), NUMBERS)
def test_a_number_in_words_or_figures(reply: str, value: int) -> None:
    """The scale is asked of every family, and answered in every way."""
    assert _read(reply, "number", minimum=0, maximum=10) == Given(value, reply)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("11", "number_out_of_range"),
        ("-1", "number_out_of_range"),
        ("minus 3", "number_out_of_range"),
        ("100", "number_out_of_range"),
        ("9" * 500, "number_out_of_range"),
        ("6 or 7", "number_unread"),
        ("6-7", "number_unread"),
        ("between 3 and 5", "number_unread"),
        ("3/5", "number_unread"),
        ("70%", "number_unread"),
        ("7 and a half", "number_unread"),
        ("7.5", "number_unread"),
        ("bad", "number_unread"),
        ("not good", "number_unread"),
        ("😀", "number_unread"),
        ("2 boys and 1 girl", "number_unread"),
    ],
)
def test_what_is_not_one_whole_number_in_bounds(reply: str, why: str) -> None:
    """A range is not a number, and we do not choose an end of it."""
    answer = _read(reply, "number", minimum=0, maximum=10)
    assert isinstance(answer, Unread)
    assert answer.why == why


def test_the_bounds_are_there_to_be_said() -> None:
    """ "Enter a number from 0 to 10"."""
    assert _read("11", "number", minimum=0, maximum=10) == Unread(
        "number_out_of_range", {"minimum": "0", "maximum": "10"}
    )


@pytest.mark.parametrize(
    ("reply", "value"), [("1,200", 1200), ("two thousand", 2000), ("twenty five", 25), ("-4", -4), ("a dozen", 12)]
)
def test_a_number_without_bounds(reply: str, value: int) -> None:
    """Not every number is a scale."""
    assert _read(reply, "number") == Given(value, reply)


@pytest.mark.parametrize("kind", ["phone", "email", "postcode"])
@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("no", Skipped),
        ("none", Skipped),
        ("i haven't got one", Skipped),
        ("dont have one", Skipped),
        ("no thanks", Skipped),
        ("skip", Skipped),
        ("n/a", Skipped),
        ("idk", NotKnown),
        ("i dont know it", NotKnown),
        ("i can't remember it sorry", NotKnown),
        ("rather not say", PreferNotToSay),
        ("i dont want to give it", PreferNotToSay),
        ("i'd rather not give that out just now", PreferNotToSay),
        ("it's private", PreferNotToSay),
        ("it's a secret", PreferNotToSay),
    ],
)
def test_a_contact_question_need_not_be_answered(kind: str, reply: str, answer: type) -> None:
    """Many people have no phone of their own, or cannot be rung."""
    assert _read(reply, kind) == answer(reply)


@pytest.mark.parametrize("reply", ["dont call me", "please don't ring", "no calls please", "don't phone me"])
def test_do_not_call_is_a_refusal(reply: str) -> None:
    """It is the safest answer some people can give."""
    assert _read(reply, "phone") == PreferNotToSay(reply)


@pytest.mark.parametrize(
    ("kind", "reply", "answer"),
    [
        ("name", "no", PreferNotToSay("no")),
        ("name", "I'm scared", Given("I'm scared", "I'm scared")),
        ("name", "call me later", Given("call me later", "call me later")),
        ("number", "not 7", Unread("number_unread")),
        ("postcode", "refuge", Unread("postcode_unread")),
        (
            "postcode",
            "dont know the postcode but its in shildon",
            Given({"town": "shildon"}, "dont know the postcode but its in shildon"),
        ),
    ],
)
def test_words_that_only_look_like_the_answer(kind: str, reply: str, answer: Answer | Unread) -> None:
    """ "I'm scared" is not somebody called Scared."""
    assert _read(reply, kind) == answer


def test_two_numbers_with_a_stroke_give_the_first() -> None:
    """The second stays in their words."""
    reply = "07700 900123/07700 900124"
    assert _read(reply, "phone") == Given({"typed": "07700 900123", "e164": MOBILE, "region": "GB"}, reply)

"""Typed dates and ages, as parents, children, teachers and nurses write them. Today is Monday 2 March 2026."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from flows.answers import Given, NotKnown, PreferNotToSay, Skipped, Unread
from flows.reading import Expected, read

TODAY = date(2026, 3, 2)
AS_OF = "2026-03-02"
BIRTH = Expected("date", or_age=True, past=True)
EVENT = Expected("date", past=True)
DUE = Expected("date", past=False)
ANY = Expected("date")
AGE = Expected("age")

WHOLE = {
    "2015-03-14": """14/3/15|14/03/2015|14.3.15|14-03-2015|14 3 15|14 3 2015|14/3/2015|14 / 3 / 15|14\\3\\15
    14,3,15|14_3_15
        14th march 2015|14 march 2015|14 mar 15|14mar2015|14MAR15|march 14 2015|March 14th, 2015|mar 14 2015
        14th of march 2015
        the 14th of march 2015|14 of march 2015|14th March '15|14-mar-2015|14 Mar. 2015|2015-03-14|2015/3/14
        2015 march 14
        14032015|140315|20150314|sat 14 march 2015|saturday 14th march 2015|fourteenth of march twenty fifteen
        the fourteenth of march two thousand and fifteen|fourteen three fifteen|14th 3rd 2015
        14th of the 3rd 2015|14 3rd 15
        her dob is 14/3/15|dob 14/03/15|DOB: 14/03/2015|born 14/3/15|he was born on the 14th of march 2015
        14/3/15 x
        14/3/15 thanks|its 14/3/15|D.O.B 14.03.2015|14//3//15|14–3–15|14/3/’15|１４/３/１５|١٤/٣/٢٠١٥|14 marhc 2015
        14 Mrach 2015
        14/03/15 (10 years old)|14/3/15 so he's 10|14/3/15 i think|not sure but i think 14/3/15|14\u200b/3/15
        3/14/2015
        born on 14 March 2015 at 7 am|14 march 2015 he is 10 now|14:3:15|14. 3. 2015|14 . 03 . 15
        14 of the 3 15""",
    "2014-03-27": """27 3 2014|27/3/14|27 march 2014|27th of march 2014
    the twenty seventh of march twenty fourteen|27 mar 14
        twenty seven march 2014|27.03.2014|27-3-14|march 27th 2014|27032014|3/27/2014|27 / 03 / 2014""",
    "2025-03-03": "3rd march last year|the 3rd of march last year|3 march last year|march 3rd last year",
    "2024-02-29": "29/2/24|29 feb 2024|29th of february 2024|29 febuary 2024|29th feburary 2024",
    "1998-12-01": "1/12/98|1st december 1998|01.12.98|1 dec nineteen ninety eight"
    "|first of december nineteen ninety eight",
    "2025-09-05": "5/9/25|5th september 2025|5 sept 2025|5 sep 25|5th of setember 2025|5 spetember 2025",
    "2026-03-01": "yesterday|born yesterday|she was born yesterday|1/3/26|last night",
    "2026-03-02": "today|2/3/26|this morning|born today",
}

PART = {
    "2014-03": "march 2014|mar 2014|March, 2014|in march 2014|march of 2014|03/2014|3/2014|3.2014|3-2014"
    "|2014-03|march '14"
    "|2014 march|born march 2014|sometime in march 2014|march 2014 i think|i think it was march 2014"
    "|not sure what day, march 2014"
    "|i dont know the exact day but march 2014|marhc 2014|march 2014 so hes 11",
    "2014": "2014|born in 2014|in 2014|2014 i think|sometime in 2014|he was born in 2014|born 2014"
    "|twenty fourteen"
    "|two thousand and fourteen|2014?|around 2014|I dont know when, 2014|born in '14",
    "2025": "last year|born last year|he was born last year",
    "2025-12": "last december|december last year|dec last year",
}


def _rows(table: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (reply.strip(" "), value)
        for value, replies in table.items()
        for line in replies.split("\n")
        for reply in line.split("|")
        if reply.strip()
    ]


@pytest.mark.parametrize(("reply", "value"), _rows(WHOLE))
def test_dates_of_birth_in_every_order_and_dress(reply: str, value: str) -> None:
    """Days come before months here, and a phone's keyboard puts anything between them."""
    assert read(reply, BIRTH, today=TODAY) == Given(value, reply)


@pytest.mark.parametrize(("reply", "value"), _rows(PART))
def test_part_of_a_date_is_kept_as_far_as_it_goes(reply: str, value: str) -> None:
    """A neighbour may know the year only; a made-up day would be false."""
    assert read(reply, BIRTH, today=TODAY) == Given(value, reply)


AGES: list[tuple[str, dict[str, Any]]] = [
    (replies, value)
    for replies, value in (
        (
            "7|he's 7|hes 7|she is 7|7 years old|7yrs|7 yrs old|7yo|7 y/o|7 y.o|aged 7|age 7|Age: 7|seven"
            "|he is seven|7 years|7y"
            "|she's seven years old|just turned 7|7 last week|7 today|turned 7 in january"
            "|he was 7 in january|was 7 last month|7.|im 7"
            "|I'm 7|i am seven|my son is 7|7 year old|a 7 year old boy|seven year old|7yr old|7-year-old"
            "|my little one is 7|7 x|(7)",
            {"age": 7},
        ),
        (
            "7 next month|he's 7 next month|turning 7 next month|he'll be 7 next month"
            "|she will be seven next month|7 in april"
            "|turns 7 in april|he is 7 in april|7 on the 3rd of april|he's 7 on 3 april|7 on april 3rd"
            "|going to be 7 in april",
            {"age": 6, "turns": 7, "birthday_month": "2026-04"},
        ),
        (
            "nearly 7|almost 7|coming up to 7|not quite 7|7 soon|nearly seven|turning 7|about to turn 7"
            "|going on 7|shes nearly 7",
            {"age": 6, "turns": 7},
        ),
        (
            "7 this month|7 tomorrow|7 next week|he's 7 on friday|7 on 20th march|7 later this month|7 in march",
            {"age": 6, "turns": 7, "birthday_month": "2026-03"},
        ),
        ("7 in january|he's 7 in january", {"age": 6, "turns": 7, "birthday_month": "2027-01"}),
        (
            "about 8|8ish|around 8|8 or so|i think 8|8 i think|maybe 8|roughly 8|approx 8|looks about 8"
            "|probably 8|~8|about eight"
            "|he looks about 8|must be about 8 years old|not sure, about 8|dont know exactly, about 8|8-ish"
            "|like 8|approx. 8 yrs",
            {"age": 8, "about": True, "age_from": 7, "age_to": 9},
        ),
        (
            "8 or 9|8-9|8 to 9|8/9|eight or nine|between 8 and 9|8 - 9|8 or 9 years old|8 maybe 9"
            "|about 8 or 9|8 or 9 i think"
            "|he must be 8 or 9",
            {"age_from": 8, "age_to": 9},
        ),
        ("between 8 and 11|8 to 11|8-11", {"age_from": 8, "age_to": 11}),
        (
            "eight and a half|8 and a half|8 1/2|8½|8.5|8 ½|8 and a half years old|8.5 years|hes 8 and a half",
            {"age": 8, "months": 102},
        ),
        (
            "year 4|yr 4|y4|Y4|in year 4|year four|he's in year 4|yr4|Year 4 at school|school year 4|hes in yr 4",
            {"age_from": 8, "age_to": 9, "school_year": 4},
        ),
        ("year 11|yr 11|y11|year eleven|she's in year 11", {"age_from": 15, "age_to": 16, "school_year": 11}),
        ("reception|in reception|year r|reception class", {"age_from": 4, "age_to": 5, "school_year": 0}),
        ("teenager|a teenager|teen|hes a teenager|teenage boy", {"age_from": 13, "age_to": 19}),
        ("toddler|a toddler|just a toddler", {"age_from": 1, "age_to": 3}),
        ("baby|a baby|just a baby|little baby", {"age_from": 0, "age_to": 1}),
        ("newborn|new born|new-born baby|just born", {"age": 0, "months": 0}),
        ("6/52|6 weeks|6 weeks old|6wks|six weeks|6 wks old|6 week old baby", {"age": 0, "months": 1, "weeks": 6}),
        ("3 months|3 months old|3mths|three months|3 month old|3m|3 mths old", {"age": 0, "months": 3}),
        (
            "18 months|18 months old|18mths|a year and a half|1.5 years|one and a half|18m",
            {"age": 1, "months": 18},
        ),
        (
            "2 years 3 months|2 years and 3 months|2y 3m|2yrs 3mths|two years three months|2 yr 3 mth",
            {"age": 2, "months": 27},
        ),
        ("10 days|10 days old|ten days old", {"age": 0, "months": 0, "days": 10}),
        ("a month old|1 month|one month old", {"age": 0, "months": 1}),
        ("a year old|1 year old|one|1", {"age": 1}),
        ("under 5|less than 5", {"age_from": 0, "age_to": 4}),
        ("over 16|at least 17|older than 16", None),
        ("0|zero", {"age": 0}),
        ("sixteen|16", {"age": 16}),
        ("primary school|primary school age", {"age_from": 4, "age_to": 11}),
    )
    if value is not None
]


@pytest.mark.parametrize(
    ("reply", "value"), [(reply, value) for replies, value in AGES for reply in replies.split("|")]
)
def test_an_age_in_place_of_a_date_of_birth(reply: str, value: dict[str, Any]) -> None:
    """ "An age is fine if you do not know": told as people tell it, with the day it was true."""
    assert read(reply, BIRTH, today=TODAY) == Given({**value, "as_of": AS_OF}, reply)


@pytest.mark.parametrize(
    ("reply", "value"), [(reply, value) for replies, value in AGES for reply in replies.split("|")]
)
def test_an_age_question_reads_the_same(reply: str, value: dict[str, Any]) -> None:
    """ "How old are you?" takes what the date question takes."""
    assert read(reply, AGE, today=TODAY) == Given({**value, "as_of": AS_OF}, reply)


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("14/3/15", {"age": 10, "born": "2015-03-14"}),
        ("1 march 2015", {"age": 11, "born": "2015-03-01"}),
        ("2014", {"age": 12, "born": "2014"}),
        ("6/12", {"age": 0, "months": 6}),
        ("3/7", {"age": 0, "months": 0, "days": 3}),
        ("over 16", {"age_from": 16}),
        ("16+", {"age_from": 16}),
        ("in her 30s", {"age_from": 30, "age_to": 39}),
        ("early 20s", {"age_from": 20, "age_to": 23}),
        ("2-3 months", {"age_from": 0, "age_to": 0}),
    ],
)
def test_an_age_question_takes_a_date_and_the_rest(reply: str, value: dict[str, Any]) -> None:
    """Health visitors write 6/12 for six months; others give a birthday."""
    assert read(reply, AGE, today=TODAY) == Given({**value, "as_of": AS_OF}, reply)


UNBORN: list[tuple[str, dict[str, Any]]] = [
    ("not born yet", {}),
    ("unborn", {}),
    ("she's pregnant", {}),
    ("im pregnant", {}),
    ("hasn't been born yet", {}),
    ("due in june", {"due": "2026-06"}),
    ("due june", {"due": "2026-06"}),
    ("baby is due in June", {"due": "2026-06"}),
    ("due 3/6/26", {"due": "2026-06-03"}),
    ("due on the 3rd of june", {"due": "2026-06-03"}),
    ("EDD 03/06/2026", {"due": "2026-06-03"}),
    ("due next month", {"due": "2026-04"}),
    ("she's due in january", {"due": "2027-01"}),
    ("expecting in august", {"due": "2026-08"}),
    ("20 weeks pregnant", {"due": "2026-07", "weeks_pregnant": 20}),
    ("I'm 20 weeks gone", {"due": "2026-07", "weeks_pregnant": 20}),
    ("pregnant 12 wks", {"due": "2026-09", "weeks_pregnant": 12}),
    ("due in 6 weeks", {"due": "2026-04"}),
    ("5 months pregnant", {"due": "2026-07"}),
    ("bump", {}),
]


@pytest.mark.parametrize(("reply", "value"), UNBORN)
def test_a_child_not_yet_born(reply: str, value: dict[str, Any]) -> None:
    """An unborn baby is a child this may be about; no date of birth must not be an error."""
    expected = Given({"unborn": True, "as_of": AS_OF, **value}, reply)
    assert read(reply, BIRTH, today=TODAY) == expected
    assert read(reply, AGE, today=TODAY) == expected


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("june", "2026-06"),
        ("in june", "2026-06"),
        ("3rd june", "2026-06-03"),
        ("3/6/26", "2026-06-03"),
        ("3/6", "2026-06-03"),
        ("june 2026", "2026-06"),
        ("january", "2027-01"),
        ("20 weeks pregnant", "2026-07"),
        ("in 6 weeks", "2026-04"),
        ("20 weeks gone", "2026-07"),
        ("next month", "2026-04"),
        ("the 1st of february", "2027-02-01"),
        ("due 3 june 2026", "2026-06-03"),
    ],
)
def test_when_a_baby_is_due(reply: str, value: str) -> None:
    """A due date looks forward."""
    assert read(reply, DUE, today=TODAY) == Given(value, reply)


@pytest.mark.parametrize(
    ("expected", "reply", "value"),
    [
        (EVENT, "last tuesday", "2026-02-24"),
        (EVENT, "tuesday", "2026-02-24"),
        (EVENT, "on friday", "2026-02-27"),
        (EVENT, "yesterday", "2026-03-01"),
        (EVENT, "the day before yesterday", "2026-02-28"),
        (EVENT, "3 days ago", "2026-02-27"),
        (EVENT, "two weeks ago", "2026-02-16"),
        (EVENT, "a fortnight ago", "2026-02-16"),
        (EVENT, "a couple of weeks ago", "2026-02-16"),
        (EVENT, "about a month ago", "2026-02"),
        (EVENT, "6 months ago", "2025-09"),
        (EVENT, "2 years ago", "2024"),
        (EVENT, "last month", "2026-02"),
        (EVENT, "in november", "2025-11"),
        (EVENT, "3rd november", "2025-11-03"),
        (EVENT, "the 3rd of march", "2025-03-03"),
        (EVENT, "14/2", "2026-02-14"),
        (EVENT, "it happened on 14 feb", "2026-02-14"),
        (EVENT, "last monday", "2026-02-23"),
        (EVENT, "1 month and 2 weeks ago", "2026-01-19"),
        (ANY, "next tuesday", "2026-03-03"),
        (ANY, "next monday", "2026-03-09"),
        (ANY, "this friday", "2026-03-06"),
        (ANY, "friday", "2026-03-06"),
        (ANY, "tuesday week", "2026-03-10"),
        (ANY, "tomorrow", "2026-03-03"),
        (ANY, "tmrw", "2026-03-03"),
        (ANY, "in 2 weeks", "2026-03-16"),
        (ANY, "in 3 days time", "2026-03-05"),
        (ANY, "3rd march", "2026-03-03"),
        (ANY, "the 3rd of march", "2026-03-03"),
        (ANY, "day after tomorrow", "2026-03-04"),
        (ANY, "27th of this month", "2026-03-27"),
    ],
)
def test_days_told_from_today(expected: Expected, reply: str, value: str) -> None:
    """People say when by how long ago, and by the day of the week."""
    assert read(reply, expected, today=TODAY) == Given(value, reply)


@pytest.mark.parametrize(
    ("expected", "reply", "why"),
    [
        (BIRTH, "31/2/2015", "date_not_real"),
        (BIRTH, "29/2/2015", "date_not_real"),
        (BIRTH, "31 june 2014", "date_not_real"),
        (BIRTH, "14/15/2014", "date_not_real"),
        (BIRTH, "00/00/0000", "date_not_real"),
        (BIRTH, "99/99/9999", "date_not_real"),
        (BIRTH, "14/10/1066", "date_too_old"),
        (BIRTH, "1066", "date_too_old"),
        (BIRTH, "14 october 1066", "date_too_old"),
        (BIRTH, "1/1/1890", "date_too_old"),
        (BIRTH, "14/3/2030", "date_in_future"),
        (BIRTH, "3/3/2026", "date_in_future"),
        (BIRTH, "april 2026", "date_in_future"),
        (BIRTH, "2050", "date_in_future"),
        (BIRTH, "tomorrow", "date_in_future"),
        (EVENT, "14/3/2027", "date_in_future"),
        (DUE, "14/3/2015", "date_in_past"),
        (DUE, "yesterday", "date_in_past"),
        (DUE, "january 2026", "date_in_past"),
        (BIRTH, "the 27th", "date_needs_month"),
        (BIRTH, "27th", "date_needs_month"),
        (BIRTH, "14th of march", "date_unread"),
        (BIRTH, "14/3", "date_unread"),
        (BIRTH, "march", "date_unread"),
        (BIRTH, "march 14", "date_unread"),
        (BIRTH, "blue", "date_unread"),
        (BIRTH, "he is at school", "date_unread"),
        (BIRTH, "14/3/15 and 16/4/17", "date_unread"),
        (BIRTH, "7 and 9", "date_unread"),
        (BIRTH, "one is 7 and one is 9", "date_unread"),
        (BIRTH, "150", "age_out_of_range"),
        (BIRTH, "999", "age_out_of_range"),
        (BIRTH, "year 14", "age_out_of_range"),
        (BIRTH, "9" * 500, "age_out_of_range"),
        (BIRTH, "07700 900123", "date_unread"),
        (BIRTH, "DH1 5UL", "date_unread"),
        (EVENT, "7", "date_unread"),
        (EVENT, "ages ago", "date_unread"),
        (DUE, "soon", "date_unread"),
        (AGE, "7 and 9", "age_unread"),
        (AGE, "old enough", "age_unread"),
        (AGE, "150", "age_out_of_range"),
        (AGE, "9" * 500, "age_out_of_range"),
        (AGE, "he may be in", "age_unread"),
        (Expected("age", minimum=0, maximum=25), "40", "age_out_of_range"),
        (BIRTH, "😀", "date_unread"),
        (BIRTH, "<b>hello</b>", "date_unread"),
        (BIRTH, "we may go on sat", "date_unread"),
    ],
)
def test_what_is_wrong_with_a_date_is_said(expected: Expected, reply: str, why: str) -> None:
    """The error words depend on it: "must be a real date" helps, "not understood" does not."""
    answer = read(reply, expected, today=TODAY)
    assert isinstance(answer, Unread)
    assert answer.why == why


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("i dont know his date of birth", NotKnown),
        ("no idea sorry", NotKnown),
        ("dont know when he was born", NotKnown),
        ("cant remember", NotKnown),
        ("n/k", NotKnown),
        ("not sure", NotKnown),
        ("i'd rather not give his date of birth", PreferNotToSay),
        ("dont want to say", PreferNotToSay),
        ("skip", Skipped),
        ("leave it for now", Skipped),
    ],
)
def test_a_date_question_need_not_be_answered(reply: str, kind: type) -> None:
    """Nothing may block a worried person."""
    assert read(reply, BIRTH, today=TODAY) == kind(reply)


def test_a_birthday_today_is_not_in_the_future() -> None:
    """The edge of "must be in the past" is today."""
    assert read("2/3/2026", BIRTH, today=TODAY) == Given("2026-03-02", "2/3/2026")


def test_a_month_in_their_own_language() -> None:
    """The person chose Polish on the first screen."""
    assert read("14 marca 2015", BIRTH, today=TODAY, language="pl") == Given("2015-03-14", "14 marca 2015")


def test_a_language_nobody_knows_is_no_trouble() -> None:
    """A language code comes from outside."""
    assert read("14/3/15", BIRTH, today=TODAY, language="xx-Zzzz") == Given("2015-03-14", "14/3/15")
    assert isinstance(read("7 somethings", EVENT, today=TODAY, language="??"), Unread)


@pytest.mark.parametrize(
    ("expected", "reply", "value"),
    [
        (BIRTH, "l4/3/15", "2015-03-14"),
        (BIRTH, "14/o3/15", "2015-03-14"),
        (EVENT, "monday 23rd feb", "2026-02-23"),
        (EVENT, "2 hours ago", "2026-03-02"),
        (EVENT, "a week last tuesday", "2026-02-17"),
        (EVENT, "not sure, last tuesday maybe", "2026-02-24"),
        (ANY, "a week today", "2026-03-09"),
        (ANY, "a week on tuesday", "2026-03-10"),
        (ANY, "wed 4th march", "2026-03-04"),
    ],
)
def test_dates_that_are_easily_taken_for_another(expected: Expected, reply: str, value: str) -> None:
    """The figures before a named day, the letter l for a one, the week after next."""
    assert read(reply, expected, today=TODAY) == Given(value, reply)


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("5 weeks premature 3 months old", {"age": 0, "months": 3}),
        ("8 in the summer", {"age": 7, "turns": 8}),
        ("a few weeks old", {"age_from": 0, "age_to": 1}),
        ("12 going on 13", {"age": 12, "turns": 13}),
        ("he was born in march, he is 11", {"age": 11}),
        ("she was 16 in may", {"age": 16}),
        ("she's due to turn 7 in june", {"age": 6, "turns": 7, "birthday_month": "2026-06"}),
    ],
)
def test_ages_that_are_easily_taken_for_another(reply: str, value: dict[str, Any]) -> None:
    """Other numbers stand beside the age."""
    assert read(reply, BIRTH, today=TODAY) == Given({**value, "as_of": AS_OF}, reply)


@pytest.mark.parametrize(
    ("expected", "reply", "why"),
    [
        (BIRTH, "its in 2 weeks", "date_in_future"),
        (BIRTH, "36+4", "date_unread"),
        (BIRTH, "p4", "date_unread"),
        (BIRTH, "year 2 and year 5", "date_unread"),
        (BIRTH, "2014 or 2015", "date_unread"),
        (BIRTH, "2014/15", "date_unread"),
        (EVENT, "6 weeks", "date_unread"),
        (ANY, "not monday", "date_unread"),
        (ANY, "any day but friday", "date_unread"),
    ],
)
def test_what_could_be_two_dates_or_none_is_asked_again(expected: Expected, reply: str, why: str) -> None:
    """A wrong date looks just like a right one."""
    assert read(reply, expected, today=TODAY) == Unread(why)

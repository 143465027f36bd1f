"""People's own words about safe times."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.followups.safe_times import chosen, read_avoid, read_safe
from bot.followups.windows import DAY, EVERY_DAY, WEEKDAYS, WEEKEND, Window
from flows.area import Contacting

CONTACTING = Contacting()
MON, TUE, WED, FRI, SAT = (frozenset({day}) for day in (0, 1, 2, 4, 5))


def clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def window(days: frozenset[int], from_: str, until: str, *, school: bool = False) -> Window:
    return Window(days, clock(from_), clock(until), school)


@pytest.mark.parametrize(
    ("words", "windows"),
    [
        ("any time", [window(EVERY_DAY, "0:00", "24:00")]),
        ("Whenever, thanks", [window(EVERY_DAY, "0:00", "24:00")]),
        ("only 3 to 3.05", [window(WEEKDAYS, "15:00", "15:05")]),
        ("weekday mornings after 9.30", [window(WEEKDAYS, "9:30", "12:00")]),
        ("after 9.30am on weekdays", [window(WEEKDAYS, "9:30", "24:00")]),
        ("mornings or evenings", [window(WEEKDAYS, "9:00", "12:00"), window(WEEKDAYS, "17:00", "20:00")]),
        ("mon-fri 9-5", [window(WEEKDAYS, "9:00", "17:00")]),
        ("Monday to Wednesday, 10 to 2", [window(MON | TUE | WED, "10:00", "14:00")]),
        ("3 to 5pm", [window(WEEKDAYS, "15:00", "17:00")]),
        ("9 to 5pm", [window(WEEKDAYS, "9:00", "17:00")]),
        ("9am to 11", [window(WEEKDAYS, "9:00", "11:00")]),
        ("6 to 8pm every day", [window(EVERY_DAY, "18:00", "20:00")]),
        ("between half past nine and three", [window(WEEKDAYS, "9:30", "15:00")]),
        ("after 9am and before 3pm", [window(WEEKDAYS, "9:00", "15:00")]),
        ("before 9am and after 5pm", [window(WEEKDAYS, "0:00", "9:00"), window(WEEKDAYS, "17:00", "24:00")]),
        ("saturdays", [window(SAT, "0:00", "24:00")]),
        ("weekends 12 to 2", [window(WEEKEND, "12:00", "14:00")]),
        ("in school hours", [window(WEEKDAYS, "9:00", "15:00", school=True)]),
        ("after school", [window(WEEKDAYS, "16:00", "18:00", school=True)]),
        ("Monday 9am to 12, Tuesdays after 2pm", [window(MON, "9:00", "12:00"), window(TUE, "14:00", "24:00")]),
        ("15:00-15:05", [window(WEEKDAYS, "15:00", "15:05")]),
    ],
)
def test_words_that_are_sure_are_read(words: str, windows: list[Window]) -> None:
    """What people type when they are asked when it is safe."""
    times = read_safe(words, CONTACTING)
    assert times is not None
    assert list(times.safe) == windows
    assert not times.avoid


@pytest.mark.parametrize(
    "words",
    [
        "not when he's home, he works nights",
        "when I'm at school",
        "usually mornings",
        "mornings, but text first",
        "only when i say",
        "mornings if he is at work",
        "9 to 11",  # in the morning or at night
        "between 10 and 12",
        "after 9",
        "at 3",  # a moment, not a time in which anybody can be rung
        "not mornings",  # says when not, and not when
        "weekday mornings, afternoons at weekends and fridays",
        "tomorrow at 5pm",
        "25 to 26",
        "9.75am to 10am",
        "5pm to 3pm",
        "13pm to 14pm",
        "call me mornings",  # a text in the morning may be another matter
        "he works 9 to 5",
        "",
        "???",
        "morning " * 100,
    ],
)
def test_words_that_are_not_sure_are_not_read(words: str) -> None:
    """One word not understood may be the one that matters. A worker reads it instead."""
    assert read_safe(words, CONTACTING) is None


def test_of_several_readings_the_smallest_is_taken() -> None:
    """Nobody is contacted on a day or at a time that one reading of their words leaves out."""
    times = read_safe("Mondays and Wednesday mornings", CONTACTING)
    assert times is not None
    assert times.safe == (window(MON | WED, "9:00", "12:00"),)


def test_what_is_taken_out_is_avoided_as_widely_as_anybody_may_mean_it() -> None:
    """Evenings begin before five in somebody's house."""
    times = read_safe("any time except evenings and Fridays", CONTACTING)
    assert times is not None
    assert times.safe == (window(EVERY_DAY, "0:00", "24:00"),)
    assert window(EVERY_DAY, "16:00", "24:00") in times.avoid
    assert window(FRI, "0:00", "24:00") in times.avoid


@pytest.mark.parametrize(
    ("words", "windows"),
    [
        ("No", []),
        ("none, thanks", []),
        ("nothing", []),
        ("evenings", [window(EVERY_DAY, "16:00", "24:00")]),
        ("not after 5pm", [window(EVERY_DAY, "17:00", "24:00")]),
        ("please don't ring before 10", [window(EVERY_DAY, "0:00", "10:00"), window(EVERY_DAY, "0:00", "22:00")]),
        ("9 to 11", [window(EVERY_DAY, "9:00", "11:00"), window(EVERY_DAY, "21:00", "23:00")]),
        ("Wednesday evenings", [window(WED, "16:00", "24:00")]),
        ("Mondays and evenings", [window(MON, "0:00", "24:00"), window(EVERY_DAY, "16:00", "24:00")]),
        ("school hours", [window(EVERY_DAY, "8:00", "16:00")]),
        ("my dad", None),
        ("when he is home", None),
        ("safe after 6pm", None),  # the other way round
        ("only evenings", None),
        ("any time", None),
    ],
)
def test_what_to_avoid_is_read_widely_or_not_at_all(words: str, windows: list[Window] | None) -> None:
    """Of two times that may be meant, both are kept free."""
    found = read_avoid(words, CONTACTING)
    assert (None if found is None else list(found)) == windows


def test_times_of_day_that_were_ticked_are_of_weekdays_unless_weekends_were_too() -> None:
    """Who is alone on a weekday morning may not be on a Saturday."""
    assert chosen(["mornings"], CONTACTING) == (window(WEEKDAYS, "9:00", "12:00"),)
    assert chosen(["mornings", "weekends"], CONTACTING) == (window(EVERY_DAY, "9:00", "12:00"),)
    assert chosen(["weekends"], CONTACTING) == (window(WEEKEND, "0:00", "24:00"),)
    assert chosen(["any_time"], CONTACTING) == (window(EVERY_DAY, "0:00", "24:00"),)
    assert chosen(["any_time", "evenings"], CONTACTING) == (window(WEEKDAYS, "17:00", "20:00"),)
    assert chosen(["only_when_i_say", "mornings"], CONTACTING) == ()
    assert chosen([], CONTACTING) == ()


WORDS = """mornings afternoons evenings weekdays weekends monday fri sat after before until to - and or , not
except 9 9.30 3 3.05 5pm 11am noon 12 only any time school hours between half past please 13:00 26 onwards"""
_said = st.lists(st.sampled_from(WORDS.split()), max_size=9).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(st.one_of(_said, st.text(max_size=60)))
@example("from 9 to 5 to 3")
def test_whatever_is_typed_is_read_as_real_times_or_not_at_all(words: str) -> None:
    """A window that ends before it begins would be safe never, or for ever."""
    times = read_safe(words, CONTACTING)
    avoid = read_avoid(words, CONTACTING)
    for each in (*(times.safe + times.avoid if times else ()), *(avoid or ())):
        assert 0 <= each.from_ < each.until <= DAY
        assert each.days <= EVERY_DAY
        assert each.days


@settings(max_examples=200, deadline=None)
@given(_said, st.integers(0, 6), st.integers(0, DAY - 1))
def test_taking_times_out_never_adds_any(words: str, weekday: int, minute: int) -> None:
    """ "... but not Fridays" makes it less, whatever stood before."""

    def is_safe(text: str) -> bool | None:
        times = read_safe(text, CONTACTING)
        if times is None:
            return None
        inside = any(w.holds(weekday, minute, is_school_day=True) for w in times.safe)
        return inside and not any(w.holds(weekday, minute, is_school_day=True) for w in times.avoid)

    before, after = is_safe(words), is_safe(f"{words} but not fridays")
    if after is not None and before is not None:
        assert before or not after
        assert not (after and weekday == 4)

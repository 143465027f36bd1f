"""When somebody would like to be rung, read from their own words: surely, or not at all."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.followups.call_back_reading import Wish, read_wish
from flows.area import Contacting

MONDAY = date(2026, 3, 2)
CONTACTING = Contacting()


def _read(text: str) -> Wish | None:
    return read_wish(text, today=MONDAY, contacting=CONTACTING)


def _days(*days: int) -> frozenset[date]:
    return frozenset(date(2026, 3, day) for day in days)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("tomorrow", Wish(_days(3))),
        ("tomorrow afternoon", Wish(_days(3), ((720, 1020),))),
        ("tmrw morning pls", Wish(_days(3), ((540, 720),))),
        ("this afternoon", Wish(_days(2), ((720, 1020),))),
        ("today at 3pm", Wish(_days(2), ((900, 901),), True)),
        ("Wednesday after 3", Wish(_days(4, 11), ((900, 1440),))),
        ("next tuesday at 10.30am", Wish(_days(3, 10), ((630, 631),), True)),
        ("half 4 on the 5th", Wish(_days(5), ((270, 271), (990, 991)), True)),
        ("between 2 and 4 tomorrow", Wish(_days(3), ((840, 960),))),
        ("lunchtime tomorrow", Wish(_days(3), ((720, 840),))),
        ("the day after tomorrow at noon", Wish(_days(4), ((720, 721),), True)),
        ("friday 6th march at 11am", Wish(_days(6), ((660, 661),), True)),
        ("any time", Wish()),
        ("as soon as you can", Wish()),
        ("could we do 4pm instead?", Wish(None, ((960, 961),), True)),
    ],
)
def test_what_is_sure_is_read(text: str, wish: Wish) -> None:
    """The day and the time that most people would understand; where two may be meant, both."""
    assert _read(text) == wish


@pytest.mark.parametrize(
    "text",
    [
        "not tomorrow",
        "any day but tomorrow",
        "I can't do tomorrow",
        "never in the morning",
        "tomorrow unless he is in",
        "monday or tuesday",
        "the 31st of february",
        "yesterday at 3",
        "3",
        "my dad comes home at 3",
        "sometime",
        "",
        "?",
    ],
)
def test_what_is_not_sure_is_not_read(text: str) -> None:
    """One word that we do not know may turn all the others round."""
    assert _read(text) is None


def test_christmas_is_the_one_to_come() -> None:
    """In January "Christmas Day" is not last week's, but a date just gone was a slip and is past."""
    assert _read("christmas day") == Wish(frozenset({date(2026, 12, 25)}))
    assert _read("1 march") == Wish(_days(1))


def test_a_time_on_the_clock_is_an_instant_to_be_looked_at() -> None:
    """Why it cannot be is told of the very time they named."""
    wish = _read("tomorrow at 01:30")
    assert wish is not None
    assert wish.instants == [datetime(2026, 3, 3, 1, 30)]
    assert Wish(_days(3), ((720, 1020),)).instants == []


@given(st.text(max_size=200))
def test_nothing_anybody_types_breaks_it(text: str) -> None:
    """Whatever arrives is read or is not."""
    wish = _read(text)
    assert wish is None or isinstance(wish, Wish)


_SAFE = st.sampled_from(["tomorrow", "tomorrow at 2pm", "friday morning", "the 5th at 10.30am", "today after 3"])
_TURNED = st.sampled_from(
    ["not {}", "never {}", "{} is no good", "anything but {}", "do not ring {}", "{} he is home"]
)


@given(_SAFE, _TURNED)
def test_a_time_that_is_refused_is_never_read_as_wanted(text: str, turned: str) -> None:
    """To ring somebody when they said not to is the worst that can be made of their words."""
    assert _read(turned.format(text)) is None

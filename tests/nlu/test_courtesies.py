"""What is courtesy and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.courtesies import without_courtesies, without_laughter


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Hello. he hit me", "he hit me"),
        ("hi, sorry to bother you, he hit me thanks", "he hit me"),
        ("he hit me. Many thanks, Jo", "he hit me"),
        ("Dear all,\n\nhe hit me\n\nKind regards,\nJo", "he hit me"),
        ("he hit me x", "he hit me"),
        ("he hit me", "he hit me"),
        ("thanks", "thanks"),
        ("hello thanks bye", "thanks"),
        ("no thanks to him I am alive", "no thanks to him I am alive"),
        ("highly worried about him", "highly worried about him"),
    ],
)
def test_greetings_and_thanks_are_taken_off_the_ends(text: str, bare: str) -> None:
    """Only whole words, only at the ends, and never everything."""
    assert without_courtesies(text) == bare


@given(st.text(alphabet="hi tanksxo.,\n!", max_size=200))
def test_what_is_left_is_part_of_what_was_said(text: str) -> None:
    """Nothing is put in anybody's mouth, and something is always left."""
    bare = without_courtesies(text)
    assert bare in text
    assert bool(bare.strip()) == bool(text.strip())


@pytest.mark.parametrize(
    ("text", "serious"),
    [
        ("gonna kill myself tonight lol", "gonna kill myself tonight"),
        ("i want to die. haha jk", "i want to die"),
        ("hahaha my dad hits me", "my dad hits me"),
        ("my dad hits me 😂😂", "my dad hits me"),
        ("he hits me lol, just joking", "he hits me"),
        ("lol", "lol"),
        ("the halal shop", "the halal shop"),
    ],
)
def test_a_laugh_before_or_after_is_left_out(text: str, serious: str) -> None:
    """Of the words between nothing is lost."""
    assert without_laughter(text) == serious

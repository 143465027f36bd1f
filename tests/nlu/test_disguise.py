"""Words dressed up, and words that only look so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.disguise import is_spelt_out, undisguised


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\u200b".join("he hit me"), "he hit me"),
        ("he h\u00adit me", "he hit me"),
        (" ".join("he hit me"), "he hit me"),
        ("h e h i t m e", "hehitme"),
        ("ok   h e   h i t   m e", "ok   he hit me"),
        ("ｈｅ ｈｉｔ", "he hit"),
        ("plan A B or C", "plan A B or C"),
        ("🏳\u200d🌈", "🏳\u200d🌈"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_words_are_read_as_they_look(text: str, plain: str) -> None:
    """What is joined by letters that cannot be seen, or apart by spaces, a person reads without noticing."""
    assert undisguised(text) == plain


def test_letters_apart_are_noticed() -> None:
    """Where words end cannot be told then, and the phrases' view stands."""
    assert is_spelt_out("h e h i t m e")
    assert not is_spelt_out("I am in year 5 B and so is he")


@given(st.text(max_size=200))
def test_any_text_can_be_undressed(text: str) -> None:
    """And once is enough."""
    assert is_spelt_out(text) or undisguised(undisguised(text)) == undisguised(text)

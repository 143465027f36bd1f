"""A bare address is an answer; anything more is read by every view."""

from __future__ import annotations

import pytest

from nlu.bare import is_bare_fact
from nlu.dataset import load


@pytest.mark.parametrize(
    "text",
    [
        "DH1 5UL",
        "12 Made Up Street, DH1 5UL",
        "14 Station Road",
        "Flat 2, 18 Park Lane",
        "07700 900123",
        "3/4/2019",
        "jo@example.com",
        "Sam Made-Up, 9, DH1 5UL",
        "7",
    ],
)
def test_bare_facts_are_known(text: str) -> None:
    """They are what people answer to plain questions."""
    assert is_bare_fact(text)


@pytest.mark.parametrize(
    "text",
    [
        "he is at 12 Made Up Street",
        "12 Made Up Street help",
        "come to DH1 5UL now",
        "999",
        "9 9 9",
        "(999)",
        "999 999",
        "999 now",
        "he",
        "12 times he hit me",
        "He Hit Me",
        "He, Hit, Me",
        "He hit Sam, 9",
        "14 Station Road he is outside",
    ],
)
def test_a_word_more_and_it_is_not_bare(text: str) -> None:
    """Somebody who names a place may be asking for help there."""
    assert not is_bare_fact(text)


def test_no_message_of_danger_is_taken_for_a_bare_fact() -> None:
    """Over all messages of training and development that need an alert."""
    messages = (*load("training"), *load("development"))
    urgent = [m for m in messages if m.urgency.raises_alert]
    assert urgent
    assert [m.id for m in urgent if is_bare_fact(m.text)] == []

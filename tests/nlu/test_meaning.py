"""Intents and needs, counted by hand."""

from __future__ import annotations

import pytest

from nlu.base import Understanding, Urgency
from nlu.dataset import Labelled
from nlu.evaluation import Rate
from nlu.meaning import Found, Meant, meanings, most_confused
from nlu.reporting import meaning


def meant(
    intent: str, understood: str, needs: str = "", named: str = "", *, sure: float = 0.9, language: str = "en"
) -> Meant:
    message = Labelled(
        f"{intent}-{understood}-{needs}-{named}", "blue teapots", "parent", language, intent, Urgency.NONE,
        needs=tuple(needs.split()),
    )  # fmt: skip
    return Meant(message, Understanding(understood, sure, needs=tuple(named.split())))


RESULT = (
    meant("stop", "stop"),
    meant("stop", "thanks"),
    meant("thanks", "thanks", language="pl"),
    meant("inform", "inform", "DEBT HOUSING", "DEBT"),
    meant("inform", "out_of_scope", "DEBT", "DA"),
    meant("out_of_scope", "out_of_scope"),
    meant("out_of_scope", "inform", sure=0.2),
    meant("out_of_scope", "inform", sure=0.8),
)


def test_intents_are_counted_each_and_together() -> None:
    """A rare intent counts as much as a frequent one in macro-F1."""
    found = meanings(RESULT)
    assert found.accuracy == Rate(4, 8)
    assert found.intents["stop"] == Found(Rate(1, 2), Rate(1, 1))
    assert found.intents["inform"] == Found(Rate(1, 2), Rate(1, 3))
    assert found.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 0.4 + 0.4) / 4)
    assert found.languages == {"en": Rate(3, 7), "pl": Rate(1, 1)}


def test_out_of_scope_is_known_where_nothing_wrong_would_be_done() -> None:
    """Named so, or too unsure to act on; and ordinary words taken for it are the price."""
    found = meanings(RESULT)
    assert found.strange_known == Rate(2, 3)
    assert found.strange_wrongly == Rate(1, 5)


def test_needs_are_found_and_named_apart() -> None:
    """A need that is never named has a perfect record otherwise."""
    found = meanings(RESULT)
    assert found.needs["DEBT"] == Found(Rate(1, 2), Rate(1, 1))
    assert found.needs["HOUSING"] == Found(Rate(0, 1), Rate(0, 0))
    assert found.needs_together == Found(Rate(1, 3), Rate(1, 2))


def test_the_most_frequent_mistake_comes_first() -> None:
    """Mend that one first."""
    assert most_confused(meanings(RESULT), 1) == [("out_of_scope", "inform", 2)]


def test_the_report_holds_no_words() -> None:
    """It is passed on; words are not."""
    text = meaning(meanings(RESULT), title="Embedded on own.jsonl")
    assert "* Intents right: 0.500" in text
    assert "| stop | 0.667 | 0.500" in text
    assert "teapots" not in text

"""Two results over the same messages, told apart by hand."""

from __future__ import annotations

import pytest

from nlu.base import Urgency
from nlu.comparison import Flips, Moved, compare_in_full
from nlu.dataset import Labelled
from nlu.evaluation import Scored


def heard(id: str, urgency: Urgency, as_: Urgency, *indicators: str) -> Scored:
    return Scored(Labelled(id, "words", "parent", "en", "inform", urgency, indicators), as_)


BEFORE = (
    heard("1", Urgency.EMERGENCY, Urgency.NONE, "weapon"),
    heard("2", Urgency.IMMEDIATE, Urgency.IMMEDIATE, "neglect"),
    heard("3", Urgency.IMMEDIATE, Urgency.SAME_DAY, "neglect"),
    heard("4", Urgency.NONE, Urgency.IMMEDIATE),
    heard("5", Urgency.ADVICE, Urgency.NONE),
)
AFTER = (
    heard("1", Urgency.EMERGENCY, Urgency.EMERGENCY, "weapon"),
    heard("2", Urgency.IMMEDIATE, Urgency.NONE, "neglect"),
    heard("3", Urgency.IMMEDIATE, Urgency.IMMEDIATE, "neglect"),
    heard("4", Urgency.NONE, Urgency.NONE),
    heard("5", Urgency.ADVICE, Urgency.ADVICE),
)


def test_alerts_gained_and_lost_are_told_apart() -> None:
    """Two gained and one lost is not one gained: somebody is no longer heard."""
    found = compare_in_full(BEFORE, AFTER)
    assert found.heard == Flips(only_before=1, only_after=2)
    assert found.false == Flips(only_before=1, only_after=0)
    assert found.change.worse == ("2",)


def test_what_moved_is_told_by_urgency_and_indicator() -> None:
    """A better whole may hide a worse part."""
    found = compare_in_full(BEFORE, AFTER)
    assert found.cuts["indicator"] == {"neglect": Moved(2, 1, 1), "weapon": Moved(1, 1, 0)}
    assert list(found.cuts["urgency"]) == ["none", "advice", "immediate", "emergency"]
    assert found.cuts["urgency"]["advice"] == Moved(1, 0, 0)


@pytest.mark.parametrize(
    ("before", "after", "chance"), [(0, 0, 1.0), (0, 6, 0.03125), (1, 9, 0.021484375), (5, 5, 1.0)]
)
def test_the_chance_is_mcnemars_exact(before: int, after: int, chance: float) -> None:
    """The two-sided binomial test at one half: none of six is 1 in 32."""
    assert Flips(before, after).chance == chance
    assert Flips(after, before).chance == chance


def test_results_of_other_messages_are_refused() -> None:
    """The difference would be of the messages, not of the models."""
    with pytest.raises(ValueError, match="different messages"):
        compare_in_full(BEFORE, AFTER[1:])

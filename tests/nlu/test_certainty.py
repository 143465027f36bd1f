"""Shares known by hand: whether they can be believed, and what other thresholds would give."""

from __future__ import annotations

import pytest

from nlu.base import Urgency
from nlu.certainty import Guess, curves, guesses, reliability
from nlu.dataset import Labelled
from nlu.evaluation import Rate, Scored


def heard(id: str, urgency: Urgency, alert: float | None, look: float | None = None) -> Scored:
    """A message heard as an alert from one half on."""
    says = Urgency.IMMEDIATE if (alert or 0) >= 0.5 else Urgency.NONE
    return Scored(Labelled(id, "words", "parent", "en", "inform", urgency), says, (), alert, look)


RESULT = (
    heard("e", Urgency.EMERGENCY, 0.9, 0.95),
    heard("i", Urgency.IMMEDIATE, 0.4, 0.6),
    heard("s", Urgency.SAME_DAY, 0.3, 0.4),
    heard("a", Urgency.ADVICE, 0.6, 0.7),
    heard("n", Urgency.NONE, 0.1, 0.1),
)


def test_shares_that_come_true_have_no_error() -> None:
    """Of ten messages thought likely at 0.3, three were: nothing to mend."""
    found = reliability([Guess(0.3, n < 3) for n in range(10)])
    assert found.error == pytest.approx(0.0)
    assert found.brier == pytest.approx(found.brier_of_base) == pytest.approx(0.21)
    assert found.bins[0].was == Rate(3, 10)


def test_a_screener_too_sure_of_itself_is_found_out() -> None:
    """A threshold is only worth what the share behind it is."""
    found = reliability([Guess(0.95, n < 5) for n in range(10)] + [Guess(0.05, False)] * 10)
    assert [(b.low, b.was) for b in found.bins] == [(0.0, Rate(0, 10)), (0.9, Rate(5, 10))]
    assert found.error == pytest.approx((10 * 0.45 + 10 * 0.05) / 20)
    assert found.brier == pytest.approx((5 * 0.05**2 + 5 * 0.95**2 + 10 * 0.05**2) / 20)


def test_a_share_of_one_stands_in_the_last_bin() -> None:
    """The ends of the scale are where it matters most."""
    assert [b.low for b in reliability([Guess(1.0, True), Guess(0.0, False)]).bins] == [0.0, 0.9]


def test_of_nothing_no_figure_is_made() -> None:
    """No error at all would look like good news."""
    with pytest.raises(ValueError, match="no shares"):
        reliability([])


def test_a_guess_is_true_where_the_label_calls_for_it() -> None:
    """An alert is due from `immediate` on, a person today from `same_day` on."""
    assert [g.is_so for g in guesses(RESULT, "alert")] == [True, True, False, False, False]
    assert [g.is_so for g in guesses(RESULT, "look")] == [True, True, True, False, False]
    assert guesses([heard("p", Urgency.NONE, None)], "alert") == []


def test_a_curve_goes_from_hearing_nothing_to_calling_for_everything() -> None:
    """Whoever chooses a threshold has to see both ends."""
    emergency, immediate = curves(RESULT, "alert")
    assert emergency.urgency is Urgency.EMERGENCY
    assert emergency.points == ((0.0, 0.0), (0.0, 1.0), (0.5, 1.0), (1.0, 1.0))
    assert immediate.points == ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (1.0, 1.0))
    assert (emergency.works_at, immediate.works_at) == ((0.5, 1.0), (0.5, 0.0))
    assert [c.urgency for c in curves(RESULT, "look")][-1] is Urgency.SAME_DAY


def test_equal_shares_fall_on_one_side_of_a_threshold_together() -> None:
    """A point between two equal shares promises what no threshold can give."""
    tied = (heard("e", Urgency.EMERGENCY, 0.5), heard("n", Urgency.NONE, 0.5))
    assert curves(tied, "alert")[0].points == ((0.0, 0.0), (1.0, 1.0))


def test_phrases_alone_have_no_curve() -> None:
    """A share that was never said must not be read as nought."""
    assert curves([heard("p", Urgency.NONE, None), heard("q", Urgency.EMERGENCY, None)], "alert") == ()
    assert curves(RESULT[:2], "alert") == ()


def test_a_message_of_which_no_share_was_said_takes_no_curve_away() -> None:
    """A bare name is not weighed; the thousand others still are. It counts as thought unlikely."""
    emergency, _ = curves([*RESULT, heard("p", Urgency.NONE, None)], "alert")
    assert emergency.points[-1] == (1.0, 1.0)
    assert emergency.works_at == (pytest.approx(1 / 3), 1.0)

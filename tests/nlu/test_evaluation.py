"""Figures known by hand: a tiny screener that hears three words."""

from __future__ import annotations

import pytest

from nlu.base import Screening, Urgency
from nlu.dataset import Labelled
from nlu.evaluation import (
    Rate,
    Scored,
    compare,
    false_alarms,
    figures,
    figures_by,
    length_band,
    misses,
    report,
    score,
)

_HEARS = {"knife": Urgency.EMERGENCY, "hit": Urgency.IMMEDIATE, "hungry": Urgency.SAME_DAY}


def hear(message: Labelled) -> Screening:
    return Screening(next((urgency for word, urgency in _HEARS.items() if word in message.text), Urgency.NONE))


def told(
    id: str, text: str, urgency: Urgency, *indicators: str, speaker: str = "parent", style: str = ""
) -> Labelled:
    return Labelled(
        id, text, speaker, "en", "inform", urgency, indicators=indicators, style=(style,) if style else ()
    )


MESSAGES = (
    told("e1", "he has a knife", Urgency.EMERGENCY, "weapon"),
    told("e2", "cant talk hes back", Urgency.EMERGENCY, "domestic_abuse", style="hinted"),
    told("i1", "he hit me", Urgency.IMMEDIATE, "domestic_abuse"),
    told("i2", "we are hungry and he shuts us in", Urgency.IMMEDIATE, "domestic_abuse", "neglect"),
    told("s1", "the kids are hungry", Urgency.SAME_DAY, "neglect"),
    told("s2", "no gas on the meter", Urgency.SAME_DAY, "neglect", speaker="young_person"),
    told("a1", "sleep help please", Urgency.ADVICE),
    told("a2", "he is always hungry at three, is that right", Urgency.ADVICE),
    told("n1", "thanks", Urgency.NONE),
    told("n2", "that song is a hit", Urgency.NONE, style="false_alarm"),
)


@pytest.fixture
def result() -> tuple[Scored, ...]:
    return score(hear, MESSAGES)


def test_the_whole_is_counted(result: tuple[Scored, ...]) -> None:
    """Recall is of those that call for it; false alarms are of the calm ones."""
    found = figures(result)
    assert found.alert_recall == Rate(2, 4)
    assert found.same_day_recall == Rate(4, 6)
    assert found.false_alerts == Rate(1, 4)
    assert found.false_same_days == Rate(2, 4)


def test_a_message_of_two_indicators_counts_under_both(result: tuple[Scored, ...]) -> None:
    """A screener weak on one danger must not hide behind another."""
    found = figures_by(result, "indicator")
    assert list(found) == ["domestic_abuse", "neglect", "weapon"]
    assert found["domestic_abuse"].alert_recall == Rate(1, 3)
    assert found["neglect"].alert_recall == Rate(0, 1)
    assert found["neglect"].same_day_recall == Rate(2, 3)


@pytest.mark.parametrize(
    ("cut", "value", "same_day", "false_alerts"),
    [
        ("urgency", "emergency", Rate(1, 2), Rate(0, 0)),
        ("urgency", "none", Rate(0, 0), Rate(1, 2)),
        ("speaker", "young_person", Rate(0, 1), Rate(0, 0)),
        ("language", "en", Rate(4, 6), Rate(1, 4)),
        ("length", "1 word", Rate(0, 0), Rate(0, 1)),
        ("length", "2 to 5 words", Rate(3, 5), Rate(1, 2)),
        ("style", "hinted", Rate(0, 1), Rate(0, 0)),
        ("style", "false_alarm", Rate(0, 0), Rate(1, 1)),
    ],
)
def test_each_cut_counts_its_own(
    result: tuple[Scored, ...], cut: str, value: str, same_day: Rate, false_alerts: Rate
) -> None:
    """Whom it hears badly matters more than the average."""
    found = figures_by(result, cut)[value]
    assert found.same_day_recall == same_day
    assert found.false_alerts == false_alerts


def test_urgencies_and_lengths_stand_in_their_own_order(result: tuple[Scored, ...]) -> None:
    """A reader looks for the end of a scale at the end."""
    assert list(figures_by(result, "urgency")) == ["none", "advice", "same_day", "immediate", "emergency"]
    assert list(figures_by(result, "length")) == ["1 word", "2 to 5 words", "6 to 25 words"]


def test_an_unknown_cut_is_refused(result: tuple[Scored, ...]) -> None:
    """An empty table would look like good news."""
    with pytest.raises(ValueError, match="no such cut"):
        figures_by(result, "weather")


def test_the_worst_misses_come_first(result: tuple[Scored, ...]) -> None:
    """An emergency met with silence is read before a late reading."""
    assert [s.message.id for s in misses(result)] == ["e2", "s2", "i2"]
    assert [s.message.id for s in false_alarms(result)] == ["n2", "a2"]


def test_the_interval_is_wilsons() -> None:
    """Published figures: 8 of 10 is 0.490 to 0.943; none of 10 is 0 to 0.278; of nothing, anything."""
    assert Rate(8, 10).interval == pytest.approx((0.490, 0.943), abs=0.001)
    assert Rate(0, 10).interval == pytest.approx((0.0, 0.278), abs=0.001)
    assert Rate(10, 10).interval == pytest.approx((0.722, 1.0), abs=0.001)
    assert Rate(0, 0).interval == (0.0, 1.0)


def test_lengths_are_banded_by_words() -> None:
    """One word and a hundred and fifty are different tasks."""
    bands = [length_band("word " * n) for n in (1, 2, 5, 6, 25, 26, 80, 81)]
    assert bands == [
        "1 word",
        *["2 to 5 words"] * 2,
        *["6 to 25 words"] * 2,
        *["26 to 80 words"] * 2,
        "over 80 words",
    ]


def test_a_comparison_names_what_got_better_and_worse(result: tuple[Scored, ...]) -> None:
    """A better average can hide a person no longer heard."""
    changed = {"e2": Urgency.SAME_DAY, "i1": Urgency.NONE, "n2": Urgency.NONE, "a1": Urgency.SAME_DAY}
    after = score(lambda m: Screening(changed.get(m.id, hear(m).urgency)), MESSAGES)
    change = compare(result, after)
    assert change.better == ("e2", "n2")
    assert change.worse == ("a1", "i1")
    with pytest.raises(ValueError, match="different messages"):
        compare(result, after[1:])


def test_a_report_shows_ids_and_no_words_unless_asked(result: tuple[Scored, ...]) -> None:
    """A report is passed on; words are not."""
    change = compare(result, result)
    text = report(result, title="Screening", change=change)
    assert "# Screening" in text
    assert "`e2` emergency, heard none (domestic_abuse)" in text
    assert "| all | 0.500 (0.150 to 0.850), 2 of 4 |" in text
    assert "0 better, 0 worse" in text
    assert not any(m.text in text for m in MESSAGES if len(m.text.split()) > 1)
    assert "cant talk hes back" in report(result, title="Screening", show_words=True)

"""Pictures of figures: readable aloud, without colour, and without fetching or running anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest

from nlu import pictures
from nlu.base import Urgency
from nlu.certainty import curves, guesses, reliability
from nlu.dataset import Labelled
from nlu.evaluation import Scored, confusion, figures_by
from nlu.pictures import Picture

_SVG = "{http://www.w3.org/2000/svg}"


def _result() -> list[Scored]:
    levels = list(Urgency)
    return [
        Scored(
            Labelled(str(n), "words", "parent", "en", "inform", levels[n % 5], ("neglect",) if n % 5 < 3 else ()),
            levels[(n // 5) % 5],
            alert_share=(n * 37 % 100) / 100,
            look_share=(n * 53 % 100) / 100,
        )
        for n in range(100)
    ]


@pytest.fixture(scope="module")
def drawn() -> Sequence[Picture]:
    result = _result()
    return (
        pictures.urgencies(confusion(result)),
        pictures.trade_off(curves(result, "alert"), "alert"),
        pictures.trade_off(curves(result, "look"), "look"),
        pictures.reliable(reliability(guesses(result, "look")), "look"),
        pictures.indicators(figures_by(result, "indicator")),
        pictures.intents({("stop", "stop"): 3, ("stop", "thanks"): 1}),
    )


def test_each_says_in_words_what_it_shows(drawn: Sequence[Picture]) -> None:
    """Whoever hears a report read aloud gets the same figures."""
    for picture in drawn:
        root = ElementTree.fromstring(picture.svg)
        title, about = root[0], root[1]
        assert (title.tag, about.tag) == (f"{_SVG}title", f"{_SVG}desc")
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{title.get('id')} {about.get('id')}"
        assert title.text == picture.title
        assert any(c.isdigit() for c in about.text or "")


def test_none_fetches_or_runs_anything(drawn: Sequence[Picture]) -> None:
    """A report is opened in places with rules of their own."""
    for picture in drawn:
        assert "script" not in picture.svg
        assert "http" not in picture.svg.replace("http://www.w3.org/", "")
        assert "href" not in picture.svg


def test_the_same_figures_give_the_same_picture(drawn: Sequence[Picture]) -> None:
    """A change of a picture in `docs/` is then a change of a figure."""
    assert pictures.urgencies(confusion(_result())) == drawn[0]


def test_lines_are_told_apart_without_colour(drawn: Sequence[Picture]) -> None:
    """One in twelve men sees red and green alike, and reports are printed in grey."""
    look = drawn[2].svg
    for words in ("emergency: whole line", "immediate: long dashes", "same_day: dots"):
        assert words in look
    assert {"10,5", "2,4"} <= set(re.findall(r"stroke-dasharray:([0-9,]+)", look.replace(" ", "")))


def test_every_count_is_written_out(drawn: Sequence[Picture]) -> None:
    """The size of a disc is not a number."""
    root = ElementTree.fromstring(drawn[5].svg)
    words = {e.text for e in root.iter(f"{_SVG}text")}
    assert {"3", "1", "stop", "thanks"} <= words


def test_each_is_written_as_a_file(drawn: Sequence[Picture], tmp_path: Path) -> None:
    """Beside the report, under the name the report gives."""
    pictures.write(drawn, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(f"{p.name}.svg" for p in drawn)

"""A message in a language we cannot judge fails toward a person."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.safeguarding.screening import Screener
from bot.understanding import build_screener
from flows.loader import load_catalog
from nlu.base import Urgency
from nlu.dataset import load
from nlu.language import LanguageFinder
from nlu.unknown_language import INDICATOR, LEARNT, UnknownLanguage
from tests.conversation.front import as_it_ships

FEWEST = 40

NOT_LEARNT = {
    "Greek": "ο πατέρας μου χτυπάει τη μητέρα μου με μαχαίρι, βοήθεια",
    "Hungarian": "az apám késsel veri az anyámat, segítség",
    "Latvian": "mans tēvs sit manu māti ar nazi, palīgā",
    "Finnish": "isäni hakkaa äitiäni veitsellä, apua",
    "Hebrew": "האבא שלי מכה את אמא שלי עם סכין",
    "Dutch": "mijn vader slaat mijn moeder met een mes, help",
    "Swahili": "baba anampiga mama na kisu, tafadhali njooni",
    "Basque": "nire aitak ama jotzen du aiztoarekin",
    "Japanese": "父が母をナイフで殴っています",
    "Greek, two words": "με χτυπάει",
}


@pytest.fixture(scope="module", params=["with models", "without"])
def screener(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Screener:
    if request.param == "with models":
        return as_it_ships()
    nowhere: Path = tmp_path_factory.mktemp("no-models")
    return build_screener(load_catalog(), models=nowhere)


@pytest.mark.parametrize("words", NOT_LEARNT.values(), ids=NOT_LEARNT)
def test_what_we_cannot_judge_is_read_today(screener: Screener, words: str) -> None:
    """Greek for "my father hits my mother with a knife" was calm, and nobody read it."""
    heard = screener.screen(words)
    assert heard.urgency.rank >= Urgency.SAME_DAY.rank
    assert INDICATOR in heard.indicators


@pytest.mark.parametrize(
    "words",
    [
        "can anyone help with nappies please",
        "Γεια σας",
        "Nguyễn Thị Minh Khai",
        "Олена Шевченко",
        "14 Mill Road, Durham, DH1 9ZZ",
        "dzień dobry, szukam grupy dla mamy z dzieckiem",
        "\N{THUMBS UP SIGN}" * 8,
        "zzzzzz",
        "",
    ],
)
def test_what_we_can_judge_or_is_too_little_to_tell_is_not(words: str) -> None:
    """A name, a greeting and a language we learnt say nothing more than they say."""
    assert UnknownLanguage(LanguageFinder()).screen(words).signals == ()


def test_english_is_not_taken_for_it() -> None:
    """Over the development split: a tired parent is not read twice for a language that is their own."""
    view = UnknownLanguage(LanguageFinder())
    taken = [m.id for m in load("development") if m.language == "en" and view.screen(m.text).signals]
    assert len(taken) <= 1


def test_learnt_is_what_we_have_messages_of() -> None:
    """A language that gets its messages is to be taken from the others, and none is claimed that has none."""
    counts = Counter(m.language for m in load("training"))
    assert {language for language, count in counts.items() if count >= FEWEST} == LEARNT

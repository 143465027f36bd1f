"""The made-up messages keep their promises: known labels, nobody real, nothing shared between splits."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from nlu.base import Urgency
from nlu.dataset import NEAR, SPLITS, Labelled, Split, load, near_repeats, plain

_ROOT = Path(__file__).resolve().parents[2]
_DATA = _ROOT / "nlu" / "training" / "data"
_FEWEST = {"training": 40, "development": 4, "sealed": 4}
"""Messages of each indicator, below which a split teaches or measures nothing of it."""

_SPEAKERS = {"parent", "young_person", "family", "public", "professional", "unknown"}
_INTENTS = {
    *("inform", "answer", "ask_for_person", "chase_enquiry", "wrong_service", "ask_about_bot", "ask_privacy"),
    *("ask_hours", "stop", "help", "go_back", "start_again", "delete_data", "quick_exit", "change_answer"),
    *("thanks", "greeting", "abuse_of_bot", "out_of_scope"),
}
_STYLES = {
    *("straight", "hinted", "minimised", "denied", "retracted", "for_a_friend", "past_over", "past_not_over"),
    *("hypothetical", "answer", "slang", "misspelt", "dictated", "emoji", "caps", "second_language", "regional"),
    *("professional", "long", "one_word", "false_alarm", "no_alarming_word"),
}
_DRAMA_NUMBERS = re.compile(r"(?:01632960|07700900)\d{3}")


@pytest.fixture(scope="module")
def messages() -> list[Labelled]:
    return [message for split in SPLITS for message in load(split)]


@pytest.fixture(scope="module")
def split_of() -> dict[str, str]:
    return {message.id: split for split in SPLITS for message in load(split)}


def _flows(name: str) -> str:
    return (_ROOT / "flows" / "definitions" / name).read_text(encoding="utf-8")


def test_each_id_is_used_once(messages: list[Labelled]) -> None:
    """Reports name messages by id and show no words."""
    assert [i for i, n in Counter(m.id for m in messages).items() if n > 1] == []


def test_labels_are_ones_we_know(messages: list[Labelled]) -> None:
    """A misspelt label is a class of its own that no model learns."""
    indicators = {each["id"] for each in yaml.safe_load(_flows("safeguarding-indicators.yaml"))["indicators"]}
    needs = {row["code"] for row in csv.DictReader(_flows("code-lists/need_categories.csv").splitlines())}
    for m in messages:
        assert set(m.indicators) <= indicators, m.id
        assert set(m.needs) <= needs, m.id
        assert m.speaker in _SPEAKERS, m.id
        assert m.intent in _INTENTS, m.id
        assert set(m.style) <= _STYLES, m.id
        assert re.fullmatch("[a-z]{2,3}", m.language), m.id


def test_calm_messages_name_no_danger(messages: list[Labelled]) -> None:
    """Only bullying is both an indicator and an ordinary enquiry for help."""
    calm = [m for m in messages if m.urgency.rank < Urgency.SAME_DAY.rank]
    assert [m.id for m in calm if set(m.indicators) - {"bullying"}] == []


def test_what_needs_a_person_says_what_for(messages: list[Labelled]) -> None:
    """A worker is told an indicator or a need, never only how soon."""
    urgent = [m for m in messages if m.urgency.rank >= Urgency.SAME_DAY.rank]
    assert [m.id for m in urgent if not m.indicators and not m.needs] == []


@pytest.mark.parametrize("split", SPLITS)
def test_every_indicator_is_there_often_enough(split: Split) -> None:
    """A danger with no messages is neither learnt nor measured."""
    count = Counter(indicator for m in load(split) for indicator in m.indicators)
    known = [each["id"] for each in yaml.safe_load(_flows("safeguarding-indicators.yaml"))["indicators"]]
    assert {i: count[i] for i in known if count[i] < _FEWEST[split]} == {}


def test_other_languages_are_marked_for_review(messages: list[Labelled]) -> None:
    """No native speaker has read them yet."""
    assert [m.id for m in messages if m.language != "en" and "for review" not in m.why] == []


def test_messages_of_one_group_stay_in_one_split(messages: list[Labelled], split_of: dict[str, str]) -> None:
    """A model that learnt one of a pair knows half the other."""
    where: dict[str, set[str]] = {}
    for m in messages:
        where.setdefault(m.group, set()).add(split_of[m.id])
    assert [group for group, splits in where.items() if len(splits) > 1] == []


def test_no_text_stands_twice(messages: list[Labelled]) -> None:
    """Not even with other capitals or stops, in one split or in two."""
    count = Counter(plain(m.text) or m.text for m in messages)
    assert [m.id for m in messages if count[plain(m.text) or m.text] > 1] == []


@pytest.mark.timeout(600)  # half a minute of one core; a busy machine may share it out
def test_no_near_repeat_stands_in_two_splits(messages: list[Labelled], split_of: dict[str, str]) -> None:
    """Figures on messages a model has nearly seen would flatter it."""
    found = near_repeats([m.text for m in messages])
    pairs = [(messages[a].id, messages[b].id) for a, b in found]
    assert pairs
    assert [(a, b) for a, b in pairs if split_of[a] != split_of[b]] == []


def test_near_repeats_are_found_and_others_are_not() -> None:
    """The check above is only as good as this."""
    texts = [
        "my stepdad hits me when mum is out",
        "the hub was lovely today, thank you",
        "My stepdad hits me when Mum's out",
        "my stepdad makes me tea when mum is out at work",
        "ok",
        "OK.",
        "ok 👍",
    ]
    assert set(near_repeats(texts)) == {(0, 2), (4, 5)}
    assert plain(texts[6]) != plain(texts[5]) == plain(texts[4])
    assert 0 < NEAR < 1


def test_phone_numbers_are_only_those_kept_for_drama(messages: list[Labelled]) -> None:
    """Nobody real is rung."""
    found = 0
    for m in messages:
        for number in re.findall(r"(?<!\d)(?:\+44|0)(?:[ ().-]*\d){9,}", m.text):
            assert _DRAMA_NUMBERS.fullmatch(re.sub(r"\D", "", number)), m.id
            found += 1
    assert found


def test_no_message_holds_an_address_on_the_web(messages: list[Labelled]) -> None:
    """A made-up link may be somebody's."""
    address = re.compile(r"https?:|www\.|\b\w+\.(?:com|org|net|co\.uk)\b|\w@\w+\.\w", re.I)
    assert [m.id for m in messages if address.search(m.text)] == []


_LATER = ("p", "r", "z")
"""What the ids of messages begin with that were written once the splits were made."""


def test_the_splits_have_their_proportions(messages: list[Labelled]) -> None:
    """76, 12 and 12 in a hundred, made once by a hash of the group. What came later is for training alone."""
    dealt = {split: [m for m in load(split) if not m.id.startswith(_LATER)] for split in get_args(Split)}
    shares = {split: len(found) / sum(map(len, dealt.values())) for split, found in dealt.items()}
    assert {m.id[0] for m in messages if m.id.startswith(_LATER)} == set(_LATER)
    assert all(len(dealt[split]) == len(load(split)) for split in ("development", "sealed"))
    assert shares["training"] == pytest.approx(0.76, abs=0.02)
    assert shares["development"] == pytest.approx(0.12, abs=0.015)
    assert shares["sealed"] == pytest.approx(0.12, abs=0.015)


def test_the_files_are_as_rasa_reads_them() -> None:
    """One set of data feeds every engine. No brackets that Rasa would take for a marked word."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    paths = sorted(_DATA.rglob("*.yml"))
    assert paths
    for path in paths:
        assert path.stat().st_size < 1_100_000, path.name
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
        assert content["version"] == "3.1"
        assert set(content) == {"version", "nlu"}
        for block in content["nlu"]:
            assert set(block) == {"intent", "examples"}
            for example in block["examples"]:
                assert set(example) == {"text", "metadata"}
                assert example["text"].strip()
                assert not re.search(r"\[[^\]]+\][({]", example["text"])

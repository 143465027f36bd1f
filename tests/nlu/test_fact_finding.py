"""Facts stated in one message, offered back to confirm."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlu.base import Understander
from nlu.embedded import EmbeddedUnderstander
from nlu.facts import find_facts
from nlu.fallback import FallbackUnderstander
from nlu.keywords import KeywordUnderstander
from nlu.rasa import RasaUnderstander


@pytest.mark.parametrize(
    ("text", "audience", "facts"),
    [
        ("my son Jaden is 7", None, {"child_name": "Jaden", "child_dob_or_age": "7"}),
        ("my 7yo keeps biting", "parent", {"child_dob_or_age": "7"}),
        ("My daughter is 14 and she's in Year 9", "parent", {"child_dob_or_age": "14"}),
        ("my baby is 3 months old", "parent", {"child_dob_or_age": "3 months old"}),
        (
            "my daughter called Aisha, dob 12/03/2016",
            None,
            {"child_name": "Aisha", "child_dob_or_age": "12/03/2016"},
        ),
        (
            "I'm his nan, call me on 07700 900123 or nan@example.com, we live at DH1 5UL",
            "public",
            {
                "phone": "07700 900123",
                "email": "nan@example.com",
                "child_address": "DH1 5UL",
                "relationship_to_child": "grandparent",
            },
        ),
        (
            "HV here, 6/52 baby, bruise to cheek, mum has agreed",
            "professional",
            {
                "professional_role_agency": "HV",
                "relationship_to_child": "professional",
                "consent_to_help": "yes",
                "child_dob_or_age": "6/52",
            },
        ),
        (
            "My name is Priya and I'm a health visitor at Exampleshire NHS.",
            "professional",
            {
                "contact_name": "Priya",
                "professional_role_agency": "health visitor at Exampleshire NHS",
                "relationship_to_child": "professional",
            },
        ),
        (
            "Hi I'm Mrs Khan, Year 2 teacher at St Mary's Primary School",
            None,
            {
                "contact_name": "Mrs Khan",
                "professional_role_agency": "Year 2 teacher at St Mary's Primary School",
                "relationship_to_child": "professional",
            },
        ),
        (
            "He goes to Exampleshire Primary School in Year 4",
            "parent",
            {"school_or_setting": "Exampleshire Primary School", "child_dob_or_age": "Year 4"},
        ),
        ("mum has not consented", "professional", {"consent_to_help": "no"}),
        ("I'm a single mum of a 7 year old", None, {"relationship_to_child": "mother", "child_dob_or_age": "7"}),
        (
            "I'm 14 and my name is Zed",
            "young_person",
            {"contact_name": "Zed", "child_name": "Zed", "child_dob_or_age": "14"},
        ),
    ],
)
def test_facts_are_found_as_stated(text: str, audience: str | None, facts: dict[str, str]) -> None:
    """Nobody should be asked again for what they have just said."""
    assert find_facts(text, audience=audience) == facts


@pytest.mark.parametrize(
    "text",
    [
        "my son is tired", "My Son Is Tired", "I am Worried about my son", "I'm Sad", "my son Autistic needs help",
        "she is 7 minutes late", "my partner is 35", "he has 2 phones", "my daughter Is struggling", "mum agreed",
        "my kids Sam and Ella are 4 and 6", "my son Tom is 7 and my daughter Ella is 4",
        "ring 07700 900123 or 07700 900124", "", "it is 12/03/2026 today",
    ],
)  # fmt: skip
def test_nothing_is_guessed(text: str) -> None:
    """A wrong name on a child's record is worse than a question."""
    assert find_facts(text) == {}


@pytest.mark.parametrize(
    ("text", "audience", "facts"),
    [
        ("Im 17 and my baby wont sleep", "parent", {}),
        ("Im 17 and my baby wont sleep", None, {}),
        ("Im 17 years old and my baby wont sleep", None, {}),
        ("Im 17 and my baby wont sleep", "young_person", {"child_dob_or_age": "17"}),
        ("im 14 and i cant go home", None, {"child_dob_or_age": "14"}),
        ("my son Jaden is 7", "young_person", {}),
        ("mum has not consented", "parent", {}),
        ("Parents Lisa Brown and Mark Brown agree", "professional", {"consent_to_help": "yes"}),
        ("mum and dad agree it is hard", "professional", {}),
        ("my partner is called Dave", "parent", {"adult_name": "Dave"}),
        ("my partner is called Dave", "professional", {}),
        ("he lives at 14 Oak Road", "parent", {"child_address": "14 Oak Road"}),
        ("address 14 Oak Road, Durham", None, {"child_address": "14 Oak Road, Durham"}),
        ("my ex hits me, he lives at 14 Oak Road", "parent", {}),
        ("school is St Bede's", "parent", {"school_or_setting": "St Bede's"}),
        ("im sams auntie", "public", {"relationship_to_child": "other_relative"}),
    ],
)
def test_who_speaks_decides_whose_fact_it_is(text: str, audience: str | None, facts: dict[str, str]) -> None:
    """A young mother's own age, offered back as her baby's, tells her that nobody listened."""
    assert find_facts(text, audience=audience) == facts


def _needs_no_model() -> EmbeddedUnderstander:
    return EmbeddedUnderstander(model=None, keywords=KeywordUnderstander([]))


def _no_server() -> RasaUnderstander:
    return RasaUnderstander(lambda: None, beside=_needs_no_model())


@pytest.mark.parametrize(
    "understander",
    [KeywordUnderstander([]), _needs_no_model(), FallbackUnderstander(_no_server(), _needs_no_model())],
    ids=["keywords", "embedded", "fallback"],
)
async def test_every_understander_is_told_who_speaks(understander: Understander) -> None:
    """Facts read without it are read as anybody's."""
    said = "mum has not consented"
    assert (await understander.understand(said, audience="professional")).facts == {"consent_to_help": "no"}
    assert (await understander.understand(said)).facts == {}


@pytest.mark.parametrize(
    "text", ["my son A{}9", "child is A{}!", "Mum A{} A{}!", "name's dave a{}9", "kid a{} is"]
)
def test_one_long_word_is_read_like_any_other(text: str) -> None:
    """Tried in every way it can be cut up, a word of thirty letters would stop the front door for all."""
    assert "child_dob_or_age" not in find_facts(text.replace("{}", "a" * 400))


@given(st.text(max_size=300), st.sampled_from([None, "parent", "young_person", "public", "professional"]))
def test_no_text_breaks_it(text: str, audience: str | None) -> None:
    """Facts are a help; they must never stop a message being handled."""
    assert all(isinstance(value, str) and value for value in find_facts(text, audience=audience).values())


_LABELLED = yaml.safe_load((Path(__file__).parent / "data/facts.yaml").read_text(encoding="utf-8"))
_WORDED = {"what_tried", "professional_role_agency", "child_address"}
"""Facts whose words may be taken a little longer or shorter."""


def _figures(part: str) -> tuple[float, float]:
    right = found = there = 0
    for row in _LABELLED[part]:
        got, wanted = find_facts(row["text"], audience=row["audience"]), row["facts"]
        right += sum(field in wanted and _same(field, got[field], wanted[field]) for field in got)
        found, there = found + len(got), there + len(wanted)
    return right / found, right / there


def _same(field: str, got: str, wanted: str) -> bool:
    one, other = " ".join(got.casefold().split()), " ".join(wanted.casefold().split())
    return one == other or (field in _WORDED and (one in other or other in one))


@pytest.mark.parametrize("part", ["development", "held_out"])
def test_facts_of_labelled_messages_are_mostly_found_and_hardly_ever_wrong(part: str) -> None:
    """They are offered back to confirm: a wrong one is corrected by hand, a missed one is asked again."""
    precision, recall = _figures(part)
    assert precision >= 0.97
    assert recall >= 0.93

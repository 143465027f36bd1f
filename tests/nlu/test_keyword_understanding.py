"""What a message is for, by keywords alone."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.keywords import KeywordUnderstander, NeedWords, find_language

_NEEDS = Path(__file__).resolve().parents[2] / "flows/definitions/code-lists/need_categories.csv"


@pytest.fixture(scope="module")
def understander() -> KeywordUnderstander:
    with _NEEDS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return KeywordUnderstander([NeedWords(row["code"], row["label"], row["plain_words"]) for row in rows])


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("stop", "stop"), ("Stop please.", "stop"), ("i want to stop now", "stop"), ("leave me alone", "stop"),
        ("please help, he won't stop", "inform"), ("he wont leave me alone", "inform"), ("dont stop", "inform"),
        ("i cant stop crying", "inform"), ("he told me to stop", "inform"), ("make it stop", "inform"),
        ("help", "help"), ("help me", "inform"), ("back", "go_back"), ("I went back to him", "inform"),
        ("can i talk to a real person", "ask_for_person"),
        ("I need to talk to a person about my son", "ask_for_person"),
        ("can someone call me", "ask_for_person"), ("no one has got back to me", "chase_enquiry"),
        ("any update on my referral?", "chase_enquiry"), ("my bins haven't been collected", "wrong_service"),
        ("are you a bot", "ask_about_bot"), ("who will see this?", "ask_privacy"),
        ("what time do you open", "ask_hours"), ("delete my data", "delete_data"),
        ("he will delete my messages", "inform"), ("start again", "start_again"), ("quick exit", "quick_exit"),
        ("I made a mistake", "change_answer"), ("thanks", "thanks"), ("hi there", "greeting"),
        ("thank you, my son hits his sister", "inform"), ("fuck off bot", "abuse_of_bot"),
        ("tell me a joke", "out_of_scope"), ("goodbye", "inform"), ("", "inform"),
    ],
)  # fmt: skip
def test_an_interrupt_must_be_the_point_of_the_message(
    understander: KeywordUnderstander, text: str, intent: str
) -> None:
    """Taking "he won't stop" for "stop" would end the conversation that matters most."""
    assert understander.read(text).intent == intent


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("we argue about debt and my son won't go to school", {"FAMCONFLICT", "DEBT", "ATTEND"}),
        ("we are being evicted by the landlord", {"HOUSING"}),
        ("I look after my mum, she is in a wheelchair", {"YCARER"}),
        ("could we get a stair gate and a car seat", {"BABYKIT"}),
        ("postnatal depression, not coping", {"MH_P"}),
    ],
)
def test_needs_are_named_by_plain_words(understander: KeywordUnderstander, text: str, needs: set[str]) -> None:
    """The need suggests which questions are worth asking; people do not name codes."""
    assert needs <= set(understander.read(text).needs)


async def test_it_answers_as_an_understander(understander: KeywordUnderstander) -> None:
    """The other engines stand behind the same protocol."""
    found = await understander.understand("My name is Priya and my son Jaden is 7")
    assert found.facts == {"contact_name": "Priya", "child_name": "Jaden", "child_dob_or_age": "7"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("please can you help my son", "en"), ("ok", "en"), ("12345", "en"), ("", "en"),
        ("Mam problem, moja córka nie je, proszę o pomoc", "pl"), ("mi hijo necesita ayuda por favor", "es"),
        ("ਮੇਰੇ ਬੱਚੇ ਲਈ ਮਦਦ", "pa"), ("আমার ছেলে", "bn"), ("моя донька потребує допомоги", "uk"),
        ("أحتاج مساعدة لابني", "ar"), ("مجھے مدد چاہیے", "ur"), ("benim oğlum için yardım lütfen", "tr"),
    ],
)  # fmt: skip
def test_language_is_told_by_script_and_common_words(text: str, language: str) -> None:
    """Unsure means English: a wrong guess would answer someone in a language they do not read."""
    assert find_language(text) == language


@given(st.text(max_size=300))
def test_no_text_breaks_it(understander: KeywordUnderstander, text: str) -> None:
    """It is the understander that works when nothing else does."""
    assert 0 <= understander.read(text).confidence <= 1

"""Danger is heard by phrases and rules alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu import lexicon
from nlu.base import Urgency
from nlu.phrase_lines import IndicatorPhrases
from nlu.phrases import PhraseScreener
from tests.nlu.conftest import Labelled, labelled

TUNED = labelled("tuned")
HELD_OUT = labelled("held_out")
HARMLESS = (
    "hello", "Hi,", "thank you", "Thanks so much for your help", "I hope that is ok", "please", "ok", "x", "xx",
    "sorry to bother you", "we live near the park", "it is a sunny day today", "um", "and", "Kind regards, Priya",
    "I have a question about the library", "a b c", "I like tea and cake", "good morning", "he is 7", "lol",
    "my mum is at work", "the football was on", "we had pizza for tea", "is that all right", "the baby is asleep",
    "to the park", "in the morning", "at school", "games", "the school is lovely", "Reference 12345.",
)  # fmt: skip

messages = st.sampled_from(TUNED + HELD_OUT)
harmless = st.lists(st.sampled_from(HARMLESS), max_size=3).map(" ".join)
Hear = Callable[[str], Urgency]


@pytest.mark.parametrize("message", TUNED, ids=lambda m: m.text[:60])
def test_message_is_heard_within_its_bounds(message: Labelled, urgency_of: Hear) -> None:
    """Minimal pairs: the same words harmless and harmful. Too low misses a child; too high tires a worker."""
    heard = urgency_of(message.text)
    assert message.at_least.rank <= heard.rank <= message.at_most.rank


def test_messages_it_was_not_tuned_on_hold_the_figures_we_report(urgency_of: Hear) -> None:
    """The tuned messages flatter it. These were written before they were run and are not tuned on."""
    danger = [m for m in HELD_OUT if m.at_least.raises_alert]
    calm = [m for m in HELD_OUT if m.at_most.rank <= Urgency.ADVICE.rank]
    assert sum(urgency_of(m.text).raises_alert for m in danger) / len(danger) >= 0.65
    assert sum(urgency_of(m.text).rank >= Urgency.SAME_DAY.rank for m in danger) / len(danger) >= 0.75
    assert sum(urgency_of(m.text).raises_alert for m in calm) / len(calm) <= 0.15


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("hes started wetting the bed since his mum got poorly", "weapon"),
        ("mój syn ma 5 lat i nie mówi jeszcze", "physical_abuse"),
        ("i told nan, thats it ta", "allegation_professional"),
        ("he came in with his nan", "domestic_abuse"),
        ("my ex wont let me see my kids", "parent_suicide_crisis"),
        ("He told the class that dad hit him", "allegation_professional"),
    ],
)
def test_words_are_not_taken_for_what_only_sounds_like_them(
    screener: PhraseScreener, text: str, indicator: str
) -> None:
    """A wrong indicator says the wrong words to the person, and may send them to the wrong queue."""
    assert indicator not in screener.screen(text).indicators


def test_every_fixed_phrase_is_heard_as_its_indicator(
    indicators: list[IndicatorPhrases], screener: PhraseScreener
) -> None:
    """Practitioners review the fixed phrases; one that does nothing would mislead them."""
    unheard = [
        (each.id, phrase)
        for each in indicators
        for phrase in (*each.lay, *each.youth, *each.professional)
        if each.id not in screener.screen(phrase).indicators
    ]
    assert unheard == []


def test_there_are_weak_phrases_only_for_phrases_that_exist(indicators: list[IndicatorPhrases]) -> None:
    """A phrase renamed in the indicators would otherwise quietly become strong, or stay weak by mistake."""
    phrases = {each.id: {*each.lay, *each.youth, *each.professional} for each in indicators}
    for indicator, listed in lexicon.WEAK.items():
        names = {item.rpartition("=")[0].strip() for item in listed.split(";")}
        assert names <= phrases[indicator], indicator


@given(st.text(max_size=400))
def test_no_text_at_all_breaks_it(screener: PhraseScreener, text: str) -> None:
    """Screening stands before everything else: if it fails on a message, nobody sees that message."""
    for signal in screener.screen(text).signals:
        assert 0 <= signal.start < signal.end <= len(text)


@given(st.text(alphabet="abeihtkmsu1!@$*' .\u200b\u0430\u0435", max_size=300))
def test_disguised_letters_do_not_break_it(screener: PhraseScreener, text: str) -> None:
    """Leetspeak, look-alikes and spaced letters take the longest way through."""
    screener.screen(text)


@settings(max_examples=400)
@given(messages, harmless, harmless)
def test_harmless_words_at_either_end_never_make_it_less_urgent(
    urgency_of: Hear, message: Labelled, before: str, after: str
) -> None:
    """Politeness around a disclosure, or padding put there by someone else, must not hide it."""
    assert urgency_of(f"{before} {message.text} {after}").rank >= urgency_of(message.text).rank


@given(messages, st.sampled_from(["upper", "lower", "title", "swapcase"]))
def test_case_never_makes_it_less_urgent(urgency_of: Hear, message: Labelled, change: str) -> None:
    """People in danger shout, or do not reach for the shift key."""
    assert urgency_of(getattr(message.text, change)()).rank >= urgency_of(message.text).rank


@given(messages, st.sampled_from(["", "!!!", "...", " ?", "’"]))
def test_punctuation_never_makes_it_less_urgent(urgency_of: Hear, message: Labelled, mark: str) -> None:
    """No message should turn on a comma or an apostrophe."""
    plain = message.text.replace("'", "’" if mark == "’" else "").replace(",", "")
    assert urgency_of(plain + mark).rank >= urgency_of(message.text).rank


@given(messages, st.sampled_from(["\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff"]))
def test_invisible_letters_never_make_it_less_urgent(urgency_of: Hear, message: Labelled, unseen: str) -> None:
    """Zero-width letters are one way to slip past a filter."""
    assert urgency_of(unseen.join(message.text)).rank >= urgency_of(message.text).rank


def test_a_signal_points_at_the_words_as_typed(screener: PhraseScreener) -> None:
    """The duty worker sees the person's own words marked, whatever was undone to read them."""
    text = "Hi. my d\u200bаd h1ts me, ok"
    found = [s for s in screener.screen(text).signals if s.indicator == "physical_abuse"]
    assert [text[s.start : s.end] for s in found] == ["d\u200bаd h1ts me"]
    assert found[0].by == "phrase"
    assert found[0].what.startswith("Physical abuse: like ")


def test_a_denial_waits_until_today_and_says_so(screener: PhraseScreener) -> None:
    """People in fear deny. Nobody is silenced by the word not."""
    screening = screener.screen("he doesn't hit me")
    assert screening.urgency is Urgency.SAME_DAY
    assert all("said not to happen" in s.what for s in screening.signals)


def test_an_everyday_expression_explains_only_its_own_words(urgency_of: Hear) -> None:
    """A false alarm may not silence the rest of the message."""
    assert urgency_of("he hit the target") is Urgency.NONE
    assert urgency_of("he hit the target and then he hit me").raises_alert


@pytest.mark.parametrize(
    ("calm", "worse"),
    [
        ("there is a gang near us", "a gang near us and they threatened my son"),
        ("he hits me", "he hits me and he has a knife"),
        ("bruise on her arm", "bruise on the baby's arm, she is floppy"),
    ],
)
def test_a_second_sign_makes_it_more_urgent(urgency_of: Hear, calm: str, worse: str) -> None:
    """A bare word may be nothing; beside another it is not."""
    assert urgency_of(worse).rank > urgency_of(calm).rank


@pytest.mark.parametrize(
    "call",
    [
        "999", "9 9 9", "9-9-9", "99 9", "(999)", "999!!!", "999 999", "999999", "nine nine nine", "999 please",
        "Hello, 999", "999 now", "help 999", "call 999", "need 999 now", "i need 999 plz", "police 999",
        "999 he is here", "999 im scared",
    ],
)  # fmt: skip
def test_a_bare_call_for_help_reaches_a_person_at_once(urgency_of: Hear, call: str) -> None:
    """Somebody who cannot speak types here what they would ring."""
    assert urgency_of(call).raises_alert


@pytest.mark.parametrize(
    "other",
    [
        "I know it is 999 if it is an emergency", "999 if it's an emergency", "is it 999 or 101", "0999", "0 999",
        "0999 496 0000", "01632 960 999", "it feels like 999 years", "999 years", "9", "9 9", "99", "1999", "9990",
        "he is 9, 9 and 9", "flat 999", "999 Made Up Road", "my reference is 999", "i have 999 coins", "£999",
        "are you 999", "no need for 999", "not 999", "9.99", "9.99 please", "it was 9:99", "9/9/9",
    ],
)  # fmt: skip
def test_the_number_in_other_words_is_no_call(urgency_of: Hear, other: str) -> None:
    """It stands in advice, in prices and in references, and in parts of telephone numbers."""
    assert urgency_of(other) is Urgency.NONE


def test_an_area_may_add_its_own_phrases(indicators: list[IndicatorPhrases]) -> None:
    """Young people's words are local and change every term."""
    own = PhraseScreener(indicators, {"child_criminal_exploitation": ["on a madting"]})
    assert own.screen("hes been on a madting").indicators == ("child_criminal_exploitation",)


def test_doubtful_languages_are_marked_for_review(screener: PhraseScreener) -> None:
    """A worker should know that nobody has yet checked the words that raised this."""
    assert any("not yet reviewed" in s.what for s in screener.screen("mąż mnie bije").signals)


def test_the_lexicon_names_only_indicators_there_are(indicators: list[IndicatorPhrases]) -> None:
    """Phrases under a mistyped name would never be read."""
    known = {each.id for each in indicators}
    named = {*lexicon.PHRASES, *lexicon.SILENT_HELP, *lexicon.ALONE, *lexicon.WEAK}
    named |= {name for language in lexicon.OTHER_LANGUAGES.values() for name in language}
    assert named <= known


def test_what_a_worker_is_shown_does_not_hang_on_the_process() -> None:
    """Two processes quoted other phrases for the same message: a worker who reloads doubts what they read."""
    script = (
        "from flows.loader import load_catalog; from bot.understanding import build_screener; "
        "view = build_screener(load_catalog()).views[0]; "
        "print([s.what for s in view.screen('he hits my mum now, he strangled her with a hammer').signals])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in range(3)
    }
    assert len(said) == 1

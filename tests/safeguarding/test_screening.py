"""What may be held back, and what never is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.safeguarding.screening import Screener, Trained, words_sound_urgent
from bot.understanding import build_screener, indicator_phrases
from flows.loader import load_catalog
from nlu.base import Screening, Signal, Urgency
from nlu.phrases import PhraseScreener
from nlu.stacking import ENGLISH, Scale, Scales, Stack
from nlu.trained import Reading


def test_words_that_any_speaker_s_would_be_heard_as_urgent_pass_every_limit() -> None:
    """The limit does not know who writes: what would be heard of a professional must not be held back."""

    class HearsProfessionals:
        def screen(self, text: str, *, speaker: str | None = None) -> Screening:
            if speaker != "professional" or "bruise" not in text:
                return Screening()
            return Screening(Urgency.SAME_DAY, (Signal("neglect", Urgency.SAME_DAY, "phrase", "bruise"),))

    screener = Screener((HearsProfessionals(),))
    assert words_sound_urgent(screener, "a bruise on the cheek")
    assert not words_sound_urgent(screener, "the bus was late")


def test_words_held_back_are_read_once_whoever_may_have_said_them() -> None:
    """A flood is weighed a message at a time: read anew for each kind of speaker it takes five times as long."""
    reader = CountingReader()
    scale = Scale(-20.0, {ENGLISH: 1.0}, {}, {"professional": 30.0})
    never = Scale(-20.0, {ENGLISH: 1.0}, {})
    stack = Stack({ENGLISH: Scales(alert=never, look=scale, emergency=never)})
    screener = Screener((), Trained({ENGLISH: reader}, stack, {}))

    assert words_sound_urgent(screener, "The bus was late on Monday")
    assert reader.asked == ["The bus was late on Monday"]
    assert words_sound_urgent(screener, "The bus was late on Tuesday")
    assert reader.asked[1:] == ["The bus was late on Tuesday"]


def test_a_reference_is_nothing_to_be_alarmed_about_whatever_its_letters_look_like() -> None:
    """Letters we drew look like a knife once in a while, and like nothing the models know often."""
    looks_like_a_knife = "f4c4-gkcj"
    phrases = Screener((PhraseScreener(indicator_phrases(load_catalog())),))
    for screener in (phrases, build_screener(load_catalog())):
        for text in (looks_like_a_knife, "6FTH-GMMM", f"any update on my referral {looks_like_a_knife.upper()}?"):
            assert screener.screen(text).urgency is Urgency.NONE
    fits_the_check = "Dad hurt Yung"
    assert screener.screen(fits_the_check, speaker="young_person").urgency is Urgency.IMMEDIATE
    said = f"{looks_like_a_knife} he has a knife at my throat"
    heard = phrases.screen(said)
    assert heard.urgency is Urgency.EMERGENCY
    assert "knife" in said[heard.signals[0].start : heard.signals[0].end]


class CountingReader:
    """Hears nothing, and counts what it was given to read."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, texts: Sequence[str]) -> list[Reading]:
        self.asked.extend(texts)
        return [Reading((0.9, 0.1, 0.0, 0.0, 0.0), {}, {}) for _ in texts]

    def gravest(self, text: str) -> str:
        return text

    def strangeness(self, _text: str) -> float:
        return 1.0

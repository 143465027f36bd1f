"""Notices a message in a language of which we learnt too little to judge it: a person reads it today."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from nlu.base import RULE, Screening, Signal, Urgency
from nlu.language import LanguageFinder

INDICATOR = "language_unknown"
"""Stands in place of an indicator: nothing is known of what they said."""

LEARNT = frozenset((
    "en", "ur", "pl", "ar", "fr", "pa", "bn", "es", "ro", "pt", "it", "uk", "tr", "hi", "zh", "gu", "ru", "de",
    "fa", "vi", "so", "sq", "ps",
))  # fmt: skip
"""Languages with forty training messages or more."""

_WORD = re.compile(r"[^\W\d_]+")
_WORDS_TO_TELL = 4
"""From as many, 6 of 22,579 English messages of ours are taken for a language that we did not learn."""

_LETTERS_TO_TELL = 8
_SCRIPTS_LEARNT = frozenset((
    "LATIN", "CYRILLIC", "ARABIC", "GURMUKHI", "BENGALI", "DEVANAGARI", "GUJARATI", "CJK", "MODIFIER", "FEMININE",
    "MASCULINE", "FULLWIDTH", "MATHEMATICAL",
))  # fmt: skip
"""First words of the Unicode names of letters that a name or a place may be written in without saying more."""


@dataclass(frozen=True, slots=True)
class UnknownLanguage:
    """Hears by language alone, so it speaks up with every model file missing too."""

    languages: LanguageFinder

    def screen(self, text: str, *, speaker: str | None = None) -> Screening:  # noqa: ARG002 - whoever says it
        """Return that a person must read it, where there is enough to tell that we cannot."""
        if not _is_enough(text) or (code := self.languages.find(text).code) in LEARNT:
            return Screening()
        what = f"Written in a language that the program cannot judge ({code}). Have it read by somebody who can."
        return Screening(Urgency.SAME_DAY, (Signal(INDICATOR, Urgency.SAME_DAY, RULE, what, 0, len(text)),))


def _is_enough(text: str) -> bool:
    words = _WORD.findall(text)
    if len(words) >= _WORDS_TO_TELL:
        return True
    return sum(_is_of_another_script(letter) for word in words for letter in word) >= _LETTERS_TO_TELL


def _is_of_another_script(letter: str) -> bool:
    return unicodedata.name(letter, "").split(" ")[0] not in _SCRIPTS_LEARNT

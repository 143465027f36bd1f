"""Says which language a message is in: served ones first, any other by name, and unknown said as such."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from nlu.base import KEPT, NluUnavailable
from nlu.keywords import find_language

UNKNOWN = "und"
"""ISO 639's own code for a language that could not be determined."""

SERVED = (
    "en", "pl", "ro", "pa", "ur", "pt", "es", "ar", "bn", "gu", "it", "uk", "fa", "ps", "ckb", "ti", "so", "sq",
    "vi", "zh",
)  # fmt: skip
"""The languages that areas name most; an area may serve fewer or others."""

_OTHERS = (
    "am", "bg", "ca", "cs", "cy", "da", "de", "el", "et", "fi", "fr", "he", "hi", "hr", "hu", "hy", "id", "ig",
    "ja", "ka", "kk", "ko", "ku", "lt", "lv", "mk", "ml", "mr", "ms", "ne", "nl", "no", "or", "ru", "rw", "si",
    "sk", "sl", "sn", "sr", "sv", "sw", "ta", "te", "th", "tl", "tr", "yo",
)  # fmt: skip
_SAME = {"ary": "ar", "arz": "ar", "sdh": "ckb", "wuu": "zh", "yue": "zh", "bs": "hr"}
"""Labels of the identifier that we take together with another."""


def _word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# These are mostly typed in English letters here, which the identifier has never seen.
_TYPED = {
    "ur": "hai hain hoon hun nahi nahin mujhe mera meri mere hamara hamari tum aap ka ki ke ko se kya kyun aur "
    "mein raha rahi rahe tha thi kar karo karna karte karti gaya gayi gaye kal raat ghar bachay bachche "
    "bachon bacha beta beti bete woh wo yeh ye apne apni unko usko usay liya diya kisi koi bahut bohat "
    "abhi bhai behen ammi abbu shohar madad chahiye kaise kahan kab phir lekin magar bhi sirf ne par wala "
    "wale wali kuch sab hum inko bolta",
    "pa": "naal mainu menu vich vichon da dee kol sadde sada meriyan munda kudi kuri puttar dhee karda kardi "
    "karde hunda hundi kutda kutde kutteya kuttda maarda marda saanu tuhanu oh ohna ohde ohdi fer kehnda "
    "kehndi gall dass janda jaan onda vekh vekheya bande kise assi asin tusi rehnda aan haan ton bhra te "
    "nu hun thodi ohnu lai nahi koi ghar kal raat mera mere meri sab ji kar main gaya aa ch si pata phone "
    "kiven bache",
    "bn": "amar amake ami amra amader tumi apnar apni apnara chele meye meyer baccha shami ache asche ashe "
    "ashbe ashbo korbo korbe kore korte korse koren nai na kotha kothay keno kichu theke basay basa taka "
    "dise diye diya bole bolse bolle amma abba ekta ekjon duita lagbo lagbe parbe parsi thik bhoy khub "
    "kal kalke gotokal porte jon mare mere felbe ki keu rat e er ar ta o",
    "gu": "mane mara mari maru chhe chhu chho nathi hati hato hata shake pan ane hu tame tamne dikro dikri "
    "chhokra chhokri balak ghar ma kai karvo karva joie aavyo aavya aave aavde pachhi kem thi sathe vaat "
    "kone badhu paisa rade gayu gai madad bandh ne nu ni na e roj pachho",
}
_WORDS_TYPED = {code: frozenset(words.split()) for code, words in _TYPED.items()}
_MINGLED = frozenset(
    {"e", "o", "na", "ma", "ta", "te", "ar", "er", "se", "ka", "ki", "ke", "ko", "ne", "da", "par"}
)
"""Words too short to count alone, as other languages have them too."""

_GREETINGS = {
    "bonjour": "fr", "merci": "fr", "oui": "fr", "merhaba": "tr", "evet": "tr", "guten tag": "de", "danke": "de",
    "dzien dobry": "pl", "dzień dobry": "pl", "cześć": "pl", "czesc": "pl", "dziękuję": "pl", "dziekuje": "pl",
    "hola": "es", "gracias": "es", "ciao": "it", "grazie": "it", "boa tarde": "pt", "bom dia": "pt",
    "obrigada": "pt", "obrigado": "pt", "buna ziua": "ro", "bună ziua": "ro", "multumesc": "ro", "mulțumesc": "ro",
    "pershendetje": "sq", "përshëndetje": "sq", "faleminderit": "sq", "mahadsanid": "so", "xin chào": "vi",
    "cảm ơn": "vi", "sat sri akal": "pa", "sat sri akal ji": "pa", "shukriya": "ur", "assalam o alaikum": "ur",
}  # fmt: skip
_OF_TIGRINYA = frozenset("ኣቐቑቒቓቕቖኸኹኻኽኾዕሕ")
_TOLD_BY_LETTERS = frozenset({"pa", "gu", "bn", "ckb"})
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 400

# Odds before a word is read. A short message says little, so these decide it; a long one overrules them.
_ODDS_ENGLISH, _ODDS_LAST, _ODDS_SERVED = 12.0, 12.0, 3.0
_ODDS_WORDS, _ADDED_BY_WORDS = 5.0, 0.5
_BY_LETTERS = 0.9
_VERY_SURE = 0.95
_WHOLE_SCRIPTS = frozenset({"uk", "zh", "ar", "ti"})
_SURE = 0.5
_FEW_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is two or three letters; `UNKNOWN` where there are words and none of ours fits them."""

    code: str
    confidence: float

    @property
    def is_known(self) -> bool:
        return self.code != UNKNOWN

    @property
    def is_served(self) -> bool:
        return self.code in SERVED


class LanguageFinder:
    """Language by letters alone where they settle it, else by pieces of words; the last language as a prior."""

    name = "py3langid"

    def __init__(self, languages: Iterable[str] = (*SERVED, *_OTHERS)) -> None:
        """Takes half a second. Raises `NluUnavailable` where the identifier is not installed."""
        try:
            from py3langid.langid import (  # type: ignore[import-untyped]
                MODEL_DIR,
                MODEL_FILE,
                LanguageIdentifier,
            )
            from py3langid.modelio import load_model  # type: ignore[import-untyped]

            weights, prior, labels, moves, row, found = load_model(MODEL_DIR / MODEL_FILE)
        except (ImportError, OSError, ValueError) as error:
            raise NluUnavailable(f"languages cannot be told: {type(error).__name__}") from error
        wanted = set(languages)
        columns = [i for i, label in enumerate(labels) if _SAME.get(label, label) in wanted]
        # The columns of the other languages, and most of the table of moves, are not needed in memory.
        self._identifier = LanguageIdentifier(
            np.ascontiguousarray(weights[:, columns]),
            prior[columns],
            [labels[i] for i in columns],
            _on_disk(moves),
            found,
            norm_probs=True,
            tk_row=row,
        )
        # screening and understanding ask of the same message
        self._ranked = lru_cache(maxsize=KEPT)(self._rank)

    def find(self, text: str, *, last: str = "en") -> Language:
        """Return the language. `last` is what the person wrote before: it settles what is too short to tell."""
        words = text[:_LONGEST]
        letters = len(_LETTER.findall(words))
        if letters == 0:
            return Language(last, 0.0)
        by_letters = find_language(words, last)
        if by_letters in _TOLD_BY_LETTERS and not words.isascii():
            return Language(by_letters, _BY_LETTERS)
        greeting = _GREETINGS.get(" ".join(_WORD.findall(words.casefold())))
        if greeting:
            return Language(greeting, _BY_LETTERS)
        scores, surest = self._scores(words, last)
        typed = _south_asian(words, last)
        if typed and surest < _VERY_SURE:
            return Language(typed, _BY_LETTERS)
        if by_letters != "en" and by_letters not in _WHOLE_SCRIPTS:
            # Our own lists know languages spelt in English letters, which the identifier has never seen.
            scores[by_letters] = scores.get(by_letters, 0.0) * _ODDS_WORDS + _ADDED_BY_WORDS
        code, best = max(scores.items(), key=lambda item: item[1])
        share = best / sum(scores.values())
        if share < _SURE and code != last:
            return Language(last if letters < _FEW_LETTERS else UNKNOWN, share)
        return Language(_ethiopic(code, words), share)

    def _scores(self, text: str, last: str) -> tuple[dict[str, float], float]:
        """Return a score for each language, and how sure the identifier is by itself of any one."""
        scores: dict[str, float] = {}
        for label, score in self._ranked(_calm(text)):
            code = _SAME.get(label, label)
            scores[code] = scores.get(code, 0.0) + score
        surest = max(scores.values())
        return {code: score * _odds(code, last) for code, score in scores.items()}, surest

    def _rank(self, calm: str) -> tuple[tuple[str, float], ...]:
        return tuple(self._identifier.rank(calm.encode("utf-8", "replace")))


def _south_asian(text: str, last: str) -> str:
    """Return which of four languages is spelt in English letters, or nothing."""
    words = [word for word in _WORD.findall(text.casefold()) if word.isascii()]
    counts = {code: sum(word in own for word in words) for code, own in _WORDS_TYPED.items()}
    code = max(counts, key=lambda c: counts[c])
    telling = sum(word in _WORDS_TYPED[code] and word not in _MINGLED for word in words)
    if telling < 2 or counts[code] * 7 < len(words) * 2:
        return ""
    return "hi" if code == "ur" and last == "hi" else code


def _odds(code: str, last: str) -> float:
    if code == last:
        return _ODDS_LAST
    if code == "en":
        return _ODDS_ENGLISH
    return _ODDS_SERVED if code in SERVED else 1.0


def _calm(text: str) -> str:
    """Capitals, runs of one letter and addresses tell nothing about the language."""
    plain = re.sub(r"\S*(?:@|://|\d)\S*", " ", text)
    return re.sub(r"(\w)\1{2,}", r"\1\1", plain.lower())


def _ethiopic(code: str, text: str) -> str:
    """The identifier knows Amharic only; Tigrinya has letters that Amharic hardly uses."""
    return "ti" if code == "am" and any(letter in _OF_TIGRINYA for letter in text) else code


class _NumbersOnDisk:
    """Numbers of four bytes, read one by one from an unnamed file: a message needs few of its 42 MB."""

    def __init__(self, numbers: array[int]) -> None:
        """Raises `OSError` where no file can be made."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this
        numbers.tofile(self._file)
        self._file.flush()
        self._number = self._file.fileno()

    def __getitem__(self, place: int) -> int:
        return int.from_bytes(os.pread(self._number, 4, 4 * place), sys.byteorder)


def _on_disk(numbers: array[int]) -> Any:
    """Return the same numbers on disk, or as they are where that cannot be."""
    if numbers.itemsize != 4 or not hasattr(os, "pread"):
        return numbers
    try:
        return _NumbersOnDisk(numbers)
    except OSError:
        return numbers

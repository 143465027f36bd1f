"""How hard a text is to read: sentences, syllables, and the school grade they come to."""

from __future__ import annotations

import re

_HOLDER = re.compile(r"\{[a-z0-9_.]+(?:\|([^{}]*))?\}")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n+")
_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_VOWELS = re.compile(r"[aeiouy]+")

NAMES_OF_THINGS = frozenset(
    {
        "automated", "emergency", "professional", "interpreter", "interpreters", "disability", "autistic",
        "responsibility", "religion", "religious", "exampleshire", "domestic", "safeguarding", "assessment",
        "assessments", "september",
    }
)  # fmt: skip
"""Names of services and things that have no shorter name. They count as two syllables, as known words do."""


def plain(text: str) -> str:
    """Return the text with each place-holder as one short word, and numbers left out."""
    filled = _HOLDER.sub(lambda m: m[1] or "it", text)
    return re.sub(r"[\d+@/][\w.@:/+-]*", "", filled)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a line is at least one."""
    filled = _HOLDER.sub(lambda m: m[1] or "it", text)
    return [s for s in _SENTENCE_END.split(filled.strip()) if _WORD.search(s)]


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """Return about how many syllables a word has."""
    lower = word.lower()
    if lower in NAMES_OF_THINGS:
        return 2
    count = len(_VOWELS.findall(lower))
    silent = (lower.endswith("e") and not lower.endswith(("le", "ee", "ye"))) or lower.endswith(("ed", "es"))
    if silent and not lower.endswith(("ted", "ded", "ses", "ces", "ges", "xes", "zes", "ches", "shes")):
        count -= 1
    return max(1, count)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid school grade. Grade 4 to 6 is read at 9 to 11."""
    all_sentences = [s for s in sentences(plain(text)) if words(s)]
    all_words = [w for s in all_sentences for w in words(s)]
    if not all_words:
        return 0.0
    heaviness = sum(syllables(w) for w in all_words) / len(all_words)
    return 0.39 * len(all_words) / len(all_sentences) + 11.8 * heaviness - 15.59

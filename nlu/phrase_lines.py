"""Makes the patterns that phrases are heard by: the indicators' fixed phrases, an area's own, and the lexicon."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nlu import lexicon
from nlu.base import Urgency
from nlu.patterns import PatternWords
from nlu.spelling import Speller, fold, stem

ALONE = "alone"
"""The kind of a line that is heard only where it is the whole message."""

PLAIN = "plain"
"""The kind of a line that stands whatever a model makes of the rest of the message."""

STANDING = frozenset({ALONE, PLAIN})
"""Kinds that are rules: no matter of weighing."""

_GAP = re.compile(r"~(\d)\s*$")
_PLAIN = re.compile(r"[^\w\s]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class IndicatorPhrases:
    """One indicator's fixed phrases, as its file gives them."""

    id: str
    label: str
    urgency: Urgency
    raise_to_emergency_if: str
    lay: tuple[str, ...]
    youth: tuple[str, ...]
    professional: tuple[str, ...]
    false_alarms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One pattern and what it is for.

    `danger`, `alone`, `plain`, `ordinary`, `cue`, `not_cue`, `safe_now` or `still_danger`.
    """

    kind: str
    written: str
    gap: int
    name: str = ""
    urgency: Urgency = Urgency.NONE
    strength: str = "strong"
    note: str = ""


WITH_NOT = {
    "do": "dont",
    "does": "dont",
    "did": "dont",
    "can": "cant",
    "could": "cant",
    "will": "wont",
    "would": "wont",
    "is": "isnt",
    "are": "isnt",
    "was": "isnt",
    "were": "isnt",
    "has": "hasnt",
    "have": "hasnt",
    "had": "hasnt",
}
"""What a word and "not" after it are read as."""


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SUBJECTS = word_set("he she they dad mum husband boyfriend partner someone hes shes theyre dads mums")
_OBJECTS = word_set("me him her them us")
_CHILDREN = word_set("son daughter kids children teenager kid")
_LANGUAGES = {
    "pl": "Polish",
    "ro": "Romanian",
    "pa": "Punjabi",
    "ur": "Urdu",
    "ar": "Arabic",
    "bn": "Bengali",
    "so": "Somali",
    "uk": "Ukrainian or Russian",
    "pt": "Portuguese",
    "es": "Spanish",
    "tr": "Turkish",
    "ku": "Kurdish",
    "gu": "Gujarati",
    "fa": "Farsi or Dari",
    "ps": "Pashto",
    "sq": "Albanian",
    "vi": "Vietnamese",
    "it": "Italian",
    "fr": "French",
    "ti": "Tigrinya",
    "zh": "Chinese",
}


def lines_of(indicators: Sequence[IndicatorPhrases], extra: Mapping[str, Sequence[str]]) -> list[Line]:
    """Return every pattern. `extra` maps an indicator's id to an area's own phrases, read as strong ones."""
    known = {each.id: each for each in indicators}
    return [*_fixed(indicators), *_extra(extra, known), *_from_lexicon(known)]


def speller_of(lines: Sequence[Line], indicators: Sequence[IndicatorPhrases]) -> Speller:
    """Return what puts typed words right into the words of these lines."""
    return Speller(
        words=_vocabulary(lines),
        as_written=_acronyms(indicators) | _foreign(lines),
        guessed=lexicon.GUESSED.split(),
        shorthand=lexicon.SHORTHAND,
        either=lexicon.EITHER,
        classes=_classes(),
        ordinary=lexicon.ORDINARY.split(),
    )


def reader_of_patterns() -> PatternWords:
    """Return what reads a written line into the ways it may be said."""
    return PatternWords(
        stem=stem,
        shorthand=lambda word: tuple(lexicon.SHORTHAND.get(word, word).split()),
        determiners=stems(lexicon.DETERMINERS),
        auxiliaries=stems(lexicon.AUXILIARIES),
        link_words=stems(lexicon.LINK_WORDS),
        common=stems(lexicon.LINK_WORDS, lexicon.COMMON),
    )


def at_most(urgency: Urgency, limit: Urgency) -> Urgency:
    return urgency if urgency.rank <= limit.rank else limit


def stems(*lists: str) -> frozenset[str]:
    return frozenset(stem(word) for words in lists for word in words.split())


def _fixed(indicators: Sequence[IndicatorPhrases]) -> Iterator[Line]:
    for each in indicators:
        weak = dict(_pair(item) for item in lexicon.WEAK.get(each.id, "").split(";") if "=" in item)
        for source, phrases in (
            ("lay", each.lay),
            ("young people", each.youth),
            ("professional", each.professional),
        ):
            for phrase in phrases:
                words = _lifted(phrase)
                alone = weak.get(phrase)
                urgency = Urgency(alone) if alone else each.urgency
                strength = _strength(urgency, each.urgency)
                note = "professional" if source == "professional" else ""
                yield Line("danger", words, _gap_of(words), each.id, urgency, strength, note)


def _pair(item: str) -> tuple[str, str]:
    phrase, _, level = item.rpartition("=")
    return phrase.strip(), level.strip()


def _strength(alone: Urgency, full: Urgency) -> str:
    if alone.rank >= full.rank:
        return "strong"
    return "weak" if alone is Urgency.SAME_DAY else "faint"


def _lifted(phrase: str) -> str:
    """Return a fixed phrase as a pattern: `my dad hits me` also means `she hits them`."""
    words = _PLAIN.sub(" ", fold(phrase)[0].replace("'", "")).split()
    while "not" in words[1:] and words[words.index("not", 1) - 1] in WITH_NOT:
        at = words.index("not", 1)
        words[at - 1 : at + 1] = [WITH_NOT[words[at - 1]]]
    out = []
    for at, word in enumerate(words):
        plain = lexicon.SHORTHAND.get(word, word)
        if word in _CHILDREN:
            out.append("{child}")
        elif at > 0 and word in _OBJECTS and len(words) > 1:
            out.append("{obj}")
        elif word in _SUBJECTS and len(words) > 1:
            out.append("{who}")
        else:
            out.append(plain)
    return " ".join(out)


def _gap_of(words: str) -> int:
    empty = f"{lexicon.DETERMINERS} {lexicon.AUXILIARIES}".split()
    return 1 if len([w for w in words.split() if w not in empty]) > 2 else 0


def _extra(phrases: Mapping[str, Sequence[str]], known: Mapping[str, IndicatorPhrases]) -> Iterator[Line]:
    for indicator, each in phrases.items():
        for phrase in each:
            words = _lifted(phrase)
            yield Line("danger", words, _gap_of(words), indicator, known[indicator].urgency)


def _from_lexicon(known: Mapping[str, IndicatorPhrases]) -> Iterator[Line]:
    for table in (lexicon.PHRASES, lexicon.SILENT_HELP):
        for indicator, blocks in table.items():
            if indicator in known:
                for strength, block in blocks.items():
                    yield from _block(indicator, strength, block, known[indicator].urgency)
    for kind, standing in ((ALONE, lexicon.ALONE), (PLAIN, lexicon.PLAIN)):
        for indicator, blocks in standing.items():
            if indicator in known:
                for strength, block in blocks.items():
                    for line in _block(indicator, strength, block, known[indicator].urgency):
                        yield replace(line, kind=kind)
    for language, indicators in lexicon.OTHER_LANGUAGES.items():
        note = f"{_LANGUAGES.get(language, language)}, not yet reviewed"
        for indicator, blocks in indicators.items():
            if indicator in known:
                for strength, block in blocks.items():
                    for line in _block(indicator, strength, block, known[indicator].urgency):
                        yield replace(line, note=note)
    yield from _plain_lines()


def _plain_lines() -> Iterator[Line]:
    for level, block in lexicon.NOT_DANGER.items():
        for words, _ in _written(block):
            # No words between: what is put before or after a message must not become part of an expression.
            yield Line("ordinary", words, 0, urgency=Urgency(level))
    for group, (_, block) in lexicon.CUES.items():
        for words, gap in _written(block):
            yield Line("cue", words, gap, name=group)
    for kind, block in (
        ("not_cue", lexicon.NOT_CUES),
        ("safe_now", lexicon.SAFE_NOW),
        ("still_danger", lexicon.STILL_DANGER),
    ):
        for words, gap in _written(block):
            yield Line(kind, words, gap)


def _block(indicator: str, strength: str, block: str, full: Urgency) -> Iterator[Line]:
    urgency, kind = full, "strong"
    if strength == "weak":
        urgency, kind = at_most(full, Urgency.SAME_DAY), "weak"
    elif strength == "faint":
        urgency, kind = Urgency.ADVICE, "faint"
    elif strength != "strong":
        urgency = Urgency(strength)
    for words, gap in _written(block):
        yield Line("danger", words, gap, indicator, urgency, kind)


def _written(block: str) -> Iterator[tuple[str, int]]:
    for raw in re.split(r"[\n;]", block):
        line = raw.strip()
        if not line:
            continue
        given = _GAP.search(line)
        words = _GAP.sub("", line).strip()
        words = " ".join(_fold_place(place) for place in words.split())
        default = 2 if len(words.split()) > 2 else 0
        yield words, int(given.group(1)) if given else (0 if default == 0 else 1)


def _fold_place(place: str) -> str:
    return "/".join(w if w.startswith("{") else fold(w)[0].replace("'", "") or w for w in place.split("/"))


def _words_in(lines: Iterable[Line]) -> set[str]:
    return {w for line in lines for w in re.split(r"[\s/]+", line.written) if w and not w.startswith("{")}


def _vocabulary(lines: Iterable[Line]) -> set[str]:
    words = _words_in(lines)
    for members in lexicon.CLASSES.values():
        words |= set(members.split())
    for text in (lexicon.FREE, lexicon.NEGATORS, " ".join(lexicon.SHORTHAND.values())):
        words |= set(text.split())
    return words


def _foreign(lines: Sequence[Line]) -> set[str]:
    ours = _words_in(line for line in lines if not line.note.endswith("reviewed"))
    return _words_in(line for line in lines if line.note.endswith("reviewed")) - ours


def _acronyms(indicators: Iterable[IndicatorPhrases]) -> set[str]:
    words = (
        word for each in indicators for phrase in each.professional for word in _PLAIN.sub(" ", phrase).split()
    )
    return {word.casefold() for word in words if word.isupper()} | set(lexicon.ACRONYMS.split())


def _classes() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, members in lexicon.CLASSES.items():
        for word in members.split():
            found[stem(word)].add(name)
    for name, parts in lexicon.GROUPS.items():
        for classes in found.values():
            if not classes.isdisjoint(parts.split()):
                classes.add(name)
    return {word: frozenset(classes) for word, classes in found.items()}

"""Hears danger by phrases and rules alone. Needs no model; words put before or after never make it less urgent.

How urgency is found:

* A phrase gives its indicator's urgency, or its own where the lexicon says so.
* Phrases too bare to alarm alone are *weak* (alone `same_day`, or as listed) or *faint* (alone `advice`). A weak
  one reaches the indicator's urgency when another weak phrase of that indicator is in the message, or a word of
  harm or fear is near; a faint one reaches `same_day` when such a word is near.
* A cue for the indicator's `raise_to_emergency_if` in the same message makes it an emergency. For an indicator
  that is `same_day` by itself, a cue that is a common word ("now", "baby") makes it `immediate`, any other an
  emergency.
* Said not to happen ("he doesn't hit me"), of someone's past and over, or as a figure of speech: `same_day`,
  never less.
* An everyday expression ("hit the target") explains only the words inside it.
* A bare call for help ("999") is heard where nothing but please, now and the like stands around it. It is the one
  thing that other words take away: with them it is advice, a price or a reference.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nlu import lexicon
from nlu.base import RULE, Screening, Signal, Urgency, most_urgent
from nlu.patterns import Found, Matcher, PatternWords
from nlu.spelling import Speller, Token, fold, stem


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
class _Line:
    """One pattern and what it is for.

    `danger`, `alone`, `ordinary`, `cue`, `not_cue`, `safe_now` or `still_danger`.
    """

    kind: str
    written: str
    gap: int
    name: str = ""
    urgency: Urgency = Urgency.NONE
    strength: str = "strong"
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Heard:
    line: _Line
    first: int
    last: int
    urgency: Urgency
    notes: tuple[str, ...] = ()


_COMMON_CUES = frozenset(
    {"now", "baby", "alone", "children_present", "leaving", "gas_cold", "meeting", "pregnant"}
)
_NEAR = 6
_ALONE = "alone"
_AMOUNT = re.compile(r"[£$€%]|\b9[.:,]99\b|\b9/9/9\b")
_GAP = re.compile(r"~(\d)\s*$")
_PLAIN = re.compile(r"[^\w\s]", re.UNICODE)


def _word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SUBJECTS = _word_set("he she they dad mum husband boyfriend partner someone hes shes theyre dads mums")
_OBJECTS = _word_set("me him her them us")
_CHILDREN = _word_set("son daughter kids children teenager kid")
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
_SAID_PLAINLY = {
    "{who}": "someone",
    "{whom}": "someone",
    "{hit}": "hits",
    "{grip}": "hurts",
    "{fear}": "scared of",
    "{child}": "a child",
    "{kid}": "a child",
    "{adult}": "an adult",
    "{staff}": "a worker",
    "{partner}": "a partner",
    "{parent}": "a parent",
    "{weapon}": "a weapon",
    "{drug}": "drugs",
    "{sib}": "a brother or sister",
    "{anyone}": "someone",
    "{self}": "me",
    "{friend}": "a friend",
    "{num}": "a number",
    "{family}": "family",
}


class PhraseScreener:
    """Screens one message by phrases and rules. Never raises on any text; time is linear in its length."""

    name = "phrase"

    def __init__(
        self, indicators: Sequence[IndicatorPhrases], extra_phrases: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """`extra_phrases` maps an indicator's id to an area's own phrases, read as strong ones."""
        self._indicators = {each.id: each for each in indicators}
        self._cues = {each.id: _cues_of(each.raise_to_emergency_if) for each in indicators}
        lines = [
            *_fixed(indicators),
            *_extra(extra_phrases or {}, self._indicators),
            *_from_lexicon(self._indicators),
        ]
        self._speller = Speller(
            words=_vocabulary(lines),
            as_written=_acronyms(indicators) | _foreign(lines),
            guessed=lexicon.GUESSED.split(),
            shorthand=lexicon.SHORTHAND,
            either=lexicon.EITHER,
            classes=_classes(),
            ordinary=lexicon.ORDINARY.split(),
        )
        self._free = _stems(lexicon.FREE, lexicon.DETERMINERS, lexicon.AUXILIARIES)
        self._matcher: Matcher[_Line] = Matcher(free=self._free)
        reader = PatternWords(
            stem=stem,
            shorthand=lambda word: tuple(lexicon.SHORTHAND.get(word, word).split()),
            determiners=_stems(lexicon.DETERMINERS),
            auxiliaries=_stems(lexicon.AUXILIARIES),
            link_words=_stems(lexicon.LINK_WORDS),
            common=_stems(lexicon.LINK_WORDS, lexicon.COMMON),
        )
        for line in lines:
            exact = line.kind == "ordinary"
            for reading in [reader.exact(line.written)] if exact else reader.readings(line.written, line.gap):
                self._matcher.add(reading, line.gap, line)
        self._negators = _stems(lexicon.NEGATORS)
        self._between = _stems(lexicon.BETWEEN_NEGATOR_AND_VERB)
        self._around = _stems(lexicon.AROUND_ALONE)

    def screen(self, text: str, *, speaker: str | None = None) -> Screening:
        """Return what these words alone call for. `speaker` never makes them less urgent."""
        tokens = _join_negation(self._speller.tokens(text))
        by_kind: dict[str, list[Found[_Line]]] = defaultdict(list)
        for found in self._matcher.find(tokens):
            by_kind[found.pattern.kind].append(found)
        ordinary = [f for f in by_kind["ordinary"] if f.pattern.urgency is Urgency.NONE]
        figures = [f for f in by_kind["ordinary"] if f.pattern.urgency is not Urgency.NONE]
        over = bool(by_kind["safe_now"]) and not by_kind["still_danger"]
        heard = [
            self._weigh(found, tokens, figures, over)
            for found in (*by_kind["danger"], *self._the_whole(by_kind[_ALONE], text, tokens))
            if not self._explained(found, tokens, ordinary)
        ]
        heard = self._with_company(heard, tokens, ordinary, speaker)
        cues = _cues_heard(by_kind["cue"], by_kind["not_cue"])
        heard = [self._raised(each, cues) for each in heard]
        return _screening(_clearest(heard), tokens, self._indicators)

    def _the_whole(
        self, found: Sequence[Found[_Line]], text: str, tokens: Sequence[Token]
    ) -> Sequence[Found[_Line]]:
        """Return those found, if nothing is said beside them: several may stand together."""
        if _AMOUNT.search(text):
            return ()
        inside = {at for each in found for at in range(each.first, each.last + 1)}
        beside = (token for at, token in enumerate(tokens) if at not in inside)
        return () if any(self._around.isdisjoint(token.keys) for token in beside) else found

    def _weigh(
        self, found: Found[_Line], tokens: Sequence[Token], figures: Sequence[Found[_Line]], over: bool
    ) -> _Heard:
        line = found.pattern
        notes = [line.note] if line.note else []
        lower = False
        if self._negated(found, tokens):
            notes.append("said not to happen")
            lower = True
        if over and _used_to(found, tokens):
            notes.append("said to be over")
            lower = True
        if _inside(found, figures):
            notes.append("may be a way of speaking, or a child doing it")
            lower = True
        urgency = _at_most(line.urgency, Urgency.SAME_DAY) if lower else line.urgency
        return _Heard(line, found.first, found.last, urgency, tuple(notes))

    def _explained(self, found: Found[_Line], tokens: Sequence[Token], spans: Sequence[Found[_Line]]) -> bool:
        """Do everyday expressions hold every telling word of the match? Who does it may stand outside."""
        telling = [
            at
            for at in range(found.first, found.last + 1)
            if _PEOPLE.isdisjoint(tokens[at].keys) and self._free.isdisjoint(tokens[at].keys)
        ]
        if not telling:
            return _inside(found, spans)
        return any(span.first <= telling[0] and telling[-1] <= span.last for span in spans)

    def _negated(self, found: Found[_Line], tokens: Sequence[Token]) -> bool:
        """Is the harm denied? Only by a negator right before one of its words; never by "doesn't just hit"."""
        written = set(re.split(r"[\s/]+", found.pattern.written))
        if any(lexicon.SHORTHAND.get(word, word) in self._negators for word in written):
            return False
        for at in range(max(0, found.first - 1), found.last):
            if not self._negators.isdisjoint(tokens[at].keys):
                after = at + 1
                while after < found.last and not self._between.isdisjoint(tokens[after].keys):
                    after += 1
                if not _DENIABLE.isdisjoint(tokens[after].keys):
                    return True
        return False

    def _with_company(
        self, heard: list[_Heard], tokens: Sequence[Token], ordinary: Sequence[Found[_Line]], speaker: str | None
    ) -> list[_Heard]:
        """Raise weak and faint phrases that do not stand alone."""
        harm = [
            at
            for at, token in enumerate(tokens)
            if "{harm}" in token.keys and not any(o.first <= at <= o.last for o in ordinary)
        ]
        weak: dict[str, set[str]] = defaultdict(set)
        for each in heard:
            if each.line.strength == "weak":
                weak[each.line.name].add(each.line.written)
        return [self._raise_weak(each, harm, len(weak[each.line.name]), speaker) for each in heard]

    def _raise_weak(self, each: _Heard, harm: Sequence[int], weak: int, speaker: str | None) -> _Heard:
        if each.line.strength == "strong" or (each.notes and each.notes[-1].startswith(("said", "may"))):
            return each
        near = any(
            each.first - _NEAR <= at <= each.last + _NEAR and not each.first <= at <= each.last for at in harm
        )
        full = self._indicators[each.line.name].urgency
        if each.line.strength == "faint":
            return (
                replace(each, urgency=most_urgent(each.urgency, _at_most(full, Urgency.SAME_DAY)))
                if near
                else each
            )
        if near or weak > 1:
            return replace(each, urgency=most_urgent(each.urgency, full), notes=(*each.notes, "with other signs"))
        if speaker == "professional" and each.line.note == "professional":
            return replace(each, urgency=most_urgent(each.urgency, full))
        return each

    def _raised(self, each: _Heard, cues: Mapping[str, str]) -> _Heard:
        own = self._indicators[each.line.name].urgency
        lowered = any(note.startswith(("said", "may")) for note in each.notes)
        if lowered or each.urgency.rank < own.rank or each.urgency is Urgency.EMERGENCY:
            return each
        if own.rank < Urgency.SAME_DAY.rank:
            return each
        groups = [group for group in self._cues[each.line.name] if group in cues]
        if not groups:
            return each
        if own is Urgency.SAME_DAY and _COMMON_CUES.issuperset(groups):
            urgency = most_urgent(each.urgency, Urgency.IMMEDIATE)
        else:
            urgency = Urgency.EMERGENCY
        return replace(each, urgency=urgency, notes=(*each.notes, f'with "{cues[groups[0]]}" in the same message'))


_PEOPLE = frozenset({"{who}", "{whom}"})
_DENIABLE = frozenset(
    {
        stem(word)
        for word in _word_set(
            "hit hurt harm touch abuse kill die cut threaten scared afraid violent alone bullied suicidal "
            "missing take carry marry bruise shout scream pregnant force selfharm self drunk drink "
        )
    }
    | {"{hit}", "{grip}", "{fear}", "{sexact}"}
)  # fmt: skip


def _stems(*lists: str) -> frozenset[str]:
    return frozenset(stem(word) for words in lists for word in words.split())


def _fixed(indicators: Sequence[IndicatorPhrases]) -> Iterator[_Line]:
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
                yield _Line("danger", words, _gap_of(words), each.id, urgency, strength, note)


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
    while "not" in words[1:] and words[words.index("not", 1) - 1] in _WITH_NOT:
        at = words.index("not", 1)
        words[at - 1 : at + 1] = [_WITH_NOT[words[at - 1]]]
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


def _extra(phrases: Mapping[str, Sequence[str]], known: Mapping[str, IndicatorPhrases]) -> Iterator[_Line]:
    for indicator, each in phrases.items():
        for phrase in each:
            words = _lifted(phrase)
            yield _Line("danger", words, _gap_of(words), indicator, known[indicator].urgency)


def _from_lexicon(known: Mapping[str, IndicatorPhrases]) -> Iterator[_Line]:
    for table in (lexicon.PHRASES, lexicon.SILENT_HELP):
        for indicator, blocks in table.items():
            if indicator in known:
                for strength, block in blocks.items():
                    yield from _block(indicator, strength, block, known[indicator].urgency)
    for indicator, blocks in lexicon.ALONE.items():
        if indicator in known:
            for strength, block in blocks.items():
                for line in _block(indicator, strength, block, known[indicator].urgency):
                    yield replace(line, kind=_ALONE)
    for language, indicators in lexicon.OTHER_LANGUAGES.items():
        note = f"{_LANGUAGES.get(language, language)}, not yet reviewed"
        for indicator, blocks in indicators.items():
            if indicator in known:
                for strength, block in blocks.items():
                    for line in _block(indicator, strength, block, known[indicator].urgency):
                        yield replace(line, note=note)
    yield from _plain_lines()


def _plain_lines() -> Iterator[_Line]:
    for level, block in lexicon.NOT_DANGER.items():
        for words, _ in _written(block):
            # No words between: what is put before or after a message must not become part of an expression.
            yield _Line("ordinary", words, 0, urgency=Urgency(level))
    for group, (_, block) in lexicon.CUES.items():
        for words, gap in _written(block):
            yield _Line("cue", words, gap, name=group)
    for kind, block in (
        ("not_cue", lexicon.NOT_CUES),
        ("safe_now", lexicon.SAFE_NOW),
        ("still_danger", lexicon.STILL_DANGER),
    ):
        for words, gap in _written(block):
            yield _Line(kind, words, gap)


def _block(indicator: str, strength: str, block: str, full: Urgency) -> Iterator[_Line]:
    urgency, kind = full, "strong"
    if strength == "weak":
        urgency, kind = _at_most(full, Urgency.SAME_DAY), "weak"
    elif strength == "faint":
        urgency, kind = Urgency.ADVICE, "faint"
    elif strength != "strong":
        urgency = Urgency(strength)
    for words, gap in _written(block):
        yield _Line("danger", words, gap, indicator, urgency, kind)


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


def _words_in(lines: Iterable[_Line]) -> set[str]:
    return {w for line in lines for w in re.split(r"[\s/]+", line.written) if w and not w.startswith("{")}


def _vocabulary(lines: Iterable[_Line]) -> set[str]:
    words = _words_in(lines)
    for members in lexicon.CLASSES.values():
        words |= set(members.split())
    for text in (lexicon.FREE, lexicon.NEGATORS, " ".join(lexicon.SHORTHAND.values())):
        words |= set(text.split())
    return words


def _foreign(lines: Sequence[_Line]) -> set[str]:
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


def _cues_of(raise_if: str) -> tuple[str, ...]:
    words = raise_if.casefold()
    return tuple(
        group
        for group, (triggers, _) in lexicon.CUES.items()
        if any(trigger in words for trigger in triggers.split("|"))
    )


def _cues_heard(cues: Sequence[Found[_Line]], not_cues: Sequence[Found[_Line]]) -> dict[str, str]:
    heard: dict[str, str] = {}
    for found in cues:
        if not _inside(found, not_cues):
            heard.setdefault(found.pattern.name, _plainly(found.pattern.written))
    return heard


def _join_negation(tokens: list[Token]) -> list[Token]:
    """Read `do not` as `dont` and `can not` as `cant`."""
    out: list[Token] = []
    for token in tokens:
        if token.word == "not" and out and out[-1].word in _WITH_NOT:
            before = out.pop()
            word = _WITH_NOT[before.word]
            out.append(Token(word, (word,), before.start, token.end))
        else:
            out.append(token)
    return out


_WITH_NOT = {
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


def _used_to(found: Found[_Line], tokens: Sequence[Token]) -> bool:
    return any(
        "use" in tokens[at].keys or "used" in tokens[at].keys for at in range(max(0, found.first - 2), found.last)
    )


def _inside(found: Found[_Line], spans: Sequence[Found[_Line]]) -> bool:
    return any(span.first <= found.first and found.last <= span.last for span in spans)


def _at_most(urgency: Urgency, limit: Urgency) -> Urgency:
    return urgency if urgency.rank <= limit.rank else limit


def _clearest(heard: Sequence[_Heard]) -> list[_Heard]:
    """Keep, of matches of one indicator that share words, the most urgent, then the longest.

    A bare call for help stands beside a phrase that holds it: models may calm the phrase and not the call.
    """
    kept: list[_Heard] = []
    taken: dict[tuple[str, bool], set[int]] = defaultdict(set)
    for each in sorted(heard, key=lambda h: (-h.urgency.rank, h.first - h.last, h.first)):
        words = set(range(each.first, each.last + 1))
        same = taken[each.line.name, each.line.kind == _ALONE]
        if same.isdisjoint(words):
            same |= words
            kept.append(each)
    return kept


def _screening(
    heard: Sequence[_Heard], tokens: Sequence[Token], indicators: Mapping[str, IndicatorPhrases]
) -> Screening:
    signals = tuple(
        Signal(
            indicator=each.line.name,
            urgency=each.urgency,
            by=RULE if each.line.kind == _ALONE else PhraseScreener.name,
            what=_what(each, indicators[each.line.name].label),
            start=tokens[each.first].start,
            end=tokens[each.last].end,
        )
        for each in heard
    )
    return Screening(most_urgent(*(s.urgency for s in signals)), signals)


def _what(each: _Heard, label: str) -> str:
    notes = [note for note in each.notes if note != "professional"]
    more = f" ({'; '.join(notes)})" if notes else ""
    return f'{label}: like "{_plainly(each.line.written)}"{more}'


def _plainly(written: str) -> str:
    words = (place.split("/")[0] for place in written.split())
    return " ".join(_SAID_PLAINLY.get(word, word.strip("{}")) for word in words)

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
* A bare call for help ("999") and plain danger in a few words ("i drank bleach") are heard where nothing but
  please, now and the like stands around them. Only these do other words take away: they make it advice, a price
  or a story.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nlu import lexicon
from nlu.base import RULE, Screening, Signal, Urgency, most_urgent
from nlu.patterns import Found, Matcher
from nlu.phrase_lines import (
    ALONE,
    PLAIN,
    STANDING,
    WITH_NOT,
    IndicatorPhrases,
    Line,
    at_most,
    lines_of,
    reader_of_patterns,
    speller_of,
    stems,
    word_set,
)
from nlu.spelling import Token, stem


@dataclass(frozen=True, slots=True)
class _Heard:
    line: Line
    first: int
    last: int
    urgency: Urgency
    notes: tuple[str, ...] = ()


_COMMON_CUES = frozenset(
    {"now", "baby", "alone", "children_present", "leaving", "gas_cold", "meeting", "pregnant"}
)
_NEAR = 6
_AMOUNT = re.compile(r"[£$€%]|\b9[.:,]99\b|\b9/9/9\b")


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
        lines = lines_of(indicators, extra_phrases or {})
        self._speller = speller_of(lines, indicators)
        self._free = stems(lexicon.FREE, lexicon.DETERMINERS, lexicon.AUXILIARIES)
        self._matcher: Matcher[Line] = Matcher(free=self._free)
        reader = reader_of_patterns()
        for line in lines:
            exact = line.kind == "ordinary"
            for reading in [reader.exact(line.written)] if exact else reader.readings(line.written, line.gap):
                self._matcher.add(reading, line.gap, line)
        self._negators = stems(lexicon.NEGATORS)
        self._between = stems(lexicon.BETWEEN_NEGATOR_AND_VERB)
        self._around = stems(lexicon.AROUND_ALONE)
        self._around_told = self._around | stems(lexicon.AROUND_TOLD)

    def screen(self, text: str, *, speaker: str | None = None) -> Screening:
        """Return what these words alone call for. `speaker` never makes them less urgent."""
        tokens = _join_negation(self._speller.tokens(text))
        by_kind: dict[str, list[Found[Line]]] = defaultdict(list)
        for found in self._matcher.find(tokens):
            by_kind[found.pattern.kind].append(found)
        ordinary = [f for f in by_kind["ordinary"] if f.pattern.urgency is Urgency.NONE]
        figures = [f for f in by_kind["ordinary"] if f.pattern.urgency is not Urgency.NONE]
        over = bool(by_kind["safe_now"]) and not by_kind["still_danger"]
        heard = [
            self._weigh(found, tokens, figures, over)
            for found in (*by_kind["danger"], *by_kind[PLAIN], *self._the_whole(by_kind[ALONE], text, tokens))
            if not self._explained(found, tokens, ordinary)
        ]
        heard = self._with_company(heard, tokens, ordinary, speaker)
        cues = _cues_heard(by_kind["cue"], by_kind["not_cue"])
        heard = [self._raised(each, cues) for each in heard]
        return _screening(_clearest(heard), tokens, self._indicators)

    def _the_whole(
        self, found: Sequence[Found[Line]], text: str, tokens: Sequence[Token]
    ) -> Sequence[Found[Line]]:
        """Return those found, if nothing is said beside them: several may stand together."""
        if _AMOUNT.search(text):
            return ()
        inside = {at for each in found for at in range(each.first, each.last + 1)}
        beside = [token.keys for at, token in enumerate(tokens) if at not in inside]

        def stands(each: Found[Line]) -> bool:
            bare = each.pattern.name == lexicon.CALL_FOR_HELP or " " not in each.pattern.written
            around = self._around if bare else self._around_told
            return not any(around.isdisjoint(keys) for keys in beside)

        return [each for each in found if stands(each)]

    def _weigh(
        self, found: Found[Line], tokens: Sequence[Token], figures: Sequence[Found[Line]], over: bool
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
        urgency = at_most(line.urgency, Urgency.SAME_DAY) if lower else line.urgency
        return _Heard(line, found.first, found.last, urgency, tuple(notes))

    def _explained(self, found: Found[Line], tokens: Sequence[Token], spans: Sequence[Found[Line]]) -> bool:
        """Do everyday expressions hold every telling word of the match? Who does it may stand outside."""
        telling = [
            at
            for at in range(found.first, found.last + 1)
            if _PEOPLE.isdisjoint(tokens[at].keys) and self._free.isdisjoint(tokens[at].keys)
        ]
        if not telling:
            return _inside(found, spans)
        return any(span.first <= telling[0] and telling[-1] <= span.last for span in spans)

    def _negated(self, found: Found[Line], tokens: Sequence[Token]) -> bool:
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
        self, heard: list[_Heard], tokens: Sequence[Token], ordinary: Sequence[Found[Line]], speaker: str | None
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
                replace(each, urgency=most_urgent(each.urgency, at_most(full, Urgency.SAME_DAY))) if near else each
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
        for word in word_set(
            "hit hurt harm touch abuse kill die cut threaten scared afraid violent alone bullied suicidal "
            "missing take carry marry bruise shout scream pregnant force selfharm self drunk drink "
        )
    }
    | {"{hit}", "{grip}", "{fear}", "{sexact}"}
)  # fmt: skip


def _cues_of(raise_if: str) -> tuple[str, ...]:
    words = raise_if.casefold()
    return tuple(
        group
        for group, (triggers, _) in lexicon.CUES.items()
        if any(trigger in words for trigger in triggers.split("|"))
    )


def _cues_heard(cues: Sequence[Found[Line]], not_cues: Sequence[Found[Line]]) -> dict[str, str]:
    heard: dict[str, str] = {}
    for found in sorted(cues, key=lambda cue: (cue.first, cue.pattern.written)):
        if not _inside(found, not_cues):
            heard.setdefault(found.pattern.name, _plainly(found.pattern.written))
    return heard


def _join_negation(tokens: list[Token]) -> list[Token]:
    """Read `do not` as `dont` and `can not` as `cant`."""
    out: list[Token] = []
    for token in tokens:
        if token.word == "not" and out and out[-1].word in WITH_NOT:
            before = out.pop()
            word = WITH_NOT[before.word]
            out.append(Token(word, (word,), before.start, token.end))
        else:
            out.append(token)
    return out


def _used_to(found: Found[Line], tokens: Sequence[Token]) -> bool:
    return any(
        "use" in tokens[at].keys or "used" in tokens[at].keys for at in range(max(0, found.first - 2), found.last)
    )


def _inside(found: Found[Line], spans: Sequence[Found[Line]]) -> bool:
    return any(span.first <= found.first and found.last <= span.last for span in spans)


def _clearest(heard: Sequence[_Heard]) -> list[_Heard]:
    """Keep, of matches of one indicator that share words, the most urgent, then the longest.

    A bare call for help stands beside a phrase that holds it: models may calm the phrase and not the call.
    """
    kept: list[_Heard] = []
    taken: dict[tuple[str, bool], set[int]] = defaultdict(set)
    # the written words last, so that of equals the same is shown whichever way a process orders its sets
    for each in sorted(heard, key=lambda h: (-h.urgency.rank, h.first - h.last, h.first, h.line.written)):
        words = set(range(each.first, each.last + 1))
        same = taken[each.line.name, each.line.kind in STANDING]
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
            by=RULE if each.line.kind in STANDING else PhraseScreener.name,
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

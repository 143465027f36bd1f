"""Hears danger in every message, typed or tapped, in every state. Works with everything else broken."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import Any, Protocol

from bot.safeguarding.whom_they_told import without_whom_they_told
from nlu.bare import is_bare_fact
from nlu.base import RULE, Screening, Signal, Urgency, most_urgent
from nlu.courtesies import without_courtesies, without_laughter
from nlu.disguise import is_spelt_out, undisguised
from nlu.machine_lines import without_machine_lines
from nlu.shipped import tongue_of
from nlu.stacking import ENGLISH, MULTILINGUAL, WORDS, Stack, Tongue, Verdict
from nlu.trained import Reader, Reading
from storage.reference import without_references

log = logging.getLogger(__name__)

BROKEN = "screening_broken"
"""Stands in place of an indicator when a view failed: a person reads what it could not."""

SPEAKERS = (None, "parent", "young_person", "public", "professional")
"""Who a conversation may know it is with; None before they have told us."""

UNNAMED = "worry_unnamed"
"""Stands in place of an indicator when the trained view hears danger and cannot say of which kind."""

_NAMED_FROM = 0.5
"""Share from which an indicator is named: its own words are then said to the person."""

_MOST_NAMED = 3
_SEVERAL_WORDS = 4
_CLAUSES = re.compile(r"[^.!?;,\n]+")
_MOST_CLAUSES = 12


class View(Protocol):
    """One way of hearing danger. May fail; its failure brings a person."""

    def screen(self, text: str, *, speaker: str | None = None) -> Screening: ...


def _english(_text: str) -> str:
    return "en"


@dataclass(frozen=True, slots=True)
class Trained:
    """The tuned encoders at hand, how they are weighed with the phrases, and what each indicator is called."""

    readers: Mapping[str, Reader]
    stack: Stack
    names: Mapping[str, str]
    language_of: Callable[[str], str] = _english

    def screen(self, text: str, phrases: Screening, speaker: str | None = None) -> Screening:
        """Return the verdict of the whole. A second encoder reads what the first is unsure of."""
        seen = undisguised(text)
        written = without_machine_lines(seen)
        if not written.strip():
            return phrases
        verdict, readings = self._weigh_both(written, phrases.urgency, speaker)
        if is_spelt_out(text) or written != seen:  # phrases read more than the others did
            verdict = replace(verdict, urgency=most_urgent(verdict.urgency, phrases.urgency))
        own = self._signals(text, verdict, readings) if verdict.urgency.rank >= Urgency.SAME_DAY.rank else ()
        ruled = (s.urgency for s in phrases.signals if s.by == RULE)
        verdict = replace(verdict, urgency=most_urgent(verdict.urgency, *ruled))
        # a phrase alone is not more than the whole makes of it, but what it saw stays for the worker to read
        theirs = tuple(replace(s, urgency=_calmer(s.urgency, verdict.urgency)) for s in phrases.signals)
        return Screening(verdict.urgency, (*theirs, *own), verdict.alert, verdict.look)

    def _weigh_both(self, text: str, phrase: Urgency, speaker: str | None) -> tuple[Verdict, dict[str, Reading]]:
        """Return the graver verdict, with greetings, thanks and laughs and without: none may calm what is said."""
        found = [self._weigh(said, phrase, speaker) for said in dict.fromkeys((text, without_courtesies(text)))]
        serious = without_laughter(text)
        # most of what is laughed at is a joke: a laugh is left out only where a phrase hears danger too
        if serious != text and phrase.rank >= Urgency.SAME_DAY.rank:
            found.append(self._weigh(without_courtesies(serious), phrase, speaker))
        return max(found, key=lambda each: (each[0].urgency.rank, each[0].alert))

    def _weigh(self, text: str, phrase: Urgency, speaker: str | None) -> tuple[Verdict, dict[str, Reading]]:
        english = self.readers.get(ENGLISH)
        language = self.language_of(text)
        tongue = tongue_of(text, language, english) if english else Tongue.OTHER
        # of a long message one reader reads every part, and the others the part it finds gravest
        first = self.readers.get(ENGLISH if tongue is Tongue.ENGLISH else MULTILINGUAL)
        part = first.gravest(text) if first else text

        def ask(name: str) -> Reading:
            return self.readers[name].read([part])[0]

        return self.stack.weigh(ask, self.readers.keys(), phrase, tongue=tongue, speaker=speaker)

    def _signals(self, text: str, verdict: Verdict, readings: Mapping[str, Reading]) -> tuple[Signal, ...]:
        """Name what it is, and the clause that says it most."""
        shares: dict[str, float] = {}
        for reading in readings.values():
            for indicator, share in reading.indicators.items():
                shares[indicator] = max(share, shares.get(indicator, 0.0))
        likeliest = sorted(shares, key=lambda i: -shares[i])[:_MOST_NAMED]
        named = [i for i in likeliest if shares[i] >= _NAMED_FROM]
        maybe = " or ".join(self.names.get(i, i) for i in likeliest[:2])
        start, end = self._place(text, next(n for n in (*readings, "") if n != WORDS))
        if not named:
            what = f"Reads like a worry of no clear kind, perhaps: {maybe}. Please judge for yourself."
            return (Signal(UNNAMED, verdict.urgency, "model", what, start, end),)
        return tuple(
            Signal(
                indicator,
                verdict.urgency,
                "model",
                f"Reads like: {self.names.get(indicator, indicator)}. Please judge for yourself.",
                start,
                end,
            )
            for indicator in named
        )

    def _place(self, text: str, reader: str) -> tuple[int, int]:
        spans = [m.span() for m in _CLAUSES.finditer(text) if len(m.group().split()) >= _SEVERAL_WORDS]
        if reader not in self.readers or not 1 < len(spans) <= _MOST_CLAUSES:
            return 0, len(text)
        found = self.readers[reader].read([text[a:b] for a, b in spans])
        start, end = max(zip(spans, found, strict=True), key=lambda pair: pair[1].alert)[0]
        return start + len(text[start:end]) - len(text[start:end].lstrip()), end


@dataclass(frozen=True, slots=True)
class Screener:
    """Asks every view, and weighs them where the trained ones are there.

    Without them the most careful of the `views` stands: each can raise and none lower.
    """

    views: Sequence[View]
    trained: Trained | None = None

    def screen(self, text: str, *, speaker: str | None = None) -> Screening:
        """Return what was heard. Never raises: a broken view counts as something a person reads today.

        The letters of a reference were drawn by us, and whatever they look like says nothing.
        """
        text = without_references(text)
        if not text.strip():
            return Screening()
        heard, broken = self._by_rules(text, speaker)
        if self.trained is not None and not is_bare_fact(text):
            try:
                heard = self.trained.screen(text, heard, speaker)
            except Exception:
                log.exception("screening.view_failed", extra={"view": "Trained"})
                broken = True
        heard = without_whom_they_told(text, heard)
        return _unheard(heard) if broken else heard

    def by_rules(self, text: str, heard: Screening, speaker: str | None = None) -> Screening:
        """Return what is `heard` in a message without what the trained views alone heard.

        Never graver than before: what a phrase saw and the whole did not hear stays as the whole had it.
        """
        if BROKEN in heard.indicators:
            return heard
        alone, broken = self._by_rules(without_references(text), speaker)
        if broken:
            return heard
        signals = tuple(replace(s, urgency=_calmer(s.urgency, heard.urgency)) for s in alone.signals)
        return Screening(_calmer(alone.urgency, heard.urgency), signals)

    def with_rules(self, text: str, heard: Screening, speaker: str | None = None) -> Screening:
        """Return what is `heard`, and where rules hear a worry that the whole does not, a look today."""
        if heard.urgency.rank >= Urgency.SAME_DAY.rank:
            return heard
        alone, _ = self._by_rules(without_references(text), speaker)
        urgency = _calmer(alone.urgency, Urgency.SAME_DAY)
        if urgency is not Urgency.SAME_DAY:
            return heard
        signals = tuple(replace(s, urgency=_calmer(s.urgency, urgency)) for s in alone.signals)
        return replace(heard, urgency=urgency, signals=signals)

    def _by_rules(self, text: str, speaker: str | None) -> tuple[Screening, bool]:
        """Return what the views without a model hear, and whether one of them failed."""
        signals: list[Signal] = []
        broken = False
        for view in self.views:
            try:
                signals.extend(view.screen(text, speaker=speaker).signals)
            except Exception:
                log.exception("screening.view_failed", extra={"view": type(view).__name__})
                broken = True
        return Screening(most_urgent(*(s.urgency for s in signals)), tuple(signals)), broken


def _calmer(one: Urgency, other: Urgency) -> Urgency:
    return min(one, other, key=lambda urgency: urgency.rank)


def _unheard(heard: Screening) -> Screening:
    broken = Signal(BROKEN, Urgency.SAME_DAY, RULE, "Screening failed on this message: read it yourself.")
    return replace(heard, urgency=most_urgent(heard.urgency, Urgency.SAME_DAY), signals=(*heard.signals, broken))


@dataclass(frozen=True, slots=True)
class _ReadOnce:
    """A reader for one message: weighing it for another speaker reads nothing again."""

    reader: Reader
    _readings: dict[str, Reading] = field(default_factory=dict)
    _parts: dict[str, str] = field(default_factory=dict)

    def read(self, texts: Sequence[str]) -> list[Reading]:
        new = [text for text in dict.fromkeys(texts) if text not in self._readings]
        if new:
            self._readings.update(zip(new, self.reader.read(new), strict=True))
        return [self._readings[text] for text in texts]

    def gravest(self, text: str) -> str:
        if text not in self._parts:
            self._parts[text] = self.reader.gravest(text)
        return self._parts[text]

    def strangeness(self, text: str, /) -> float:
        return self.reader.strangeness(text)


def _for_one_message(trained: Trained) -> Trained:
    readers = {name: _ReadOnce(reader) for name, reader in trained.readers.items()}
    return replace(trained, readers=readers, language_of=cache(trained.language_of))


def words_sound_urgent(screener: Screener, text: str) -> bool:
    """Say whether words are of a kind that nothing may hold back, whoever says them. They are read once."""
    if screener.trained is not None:
        screener = replace(screener, trained=_for_one_message(screener.trained))
    return any(screener.screen(text, speaker=who).urgency.rank >= Urgency.SAME_DAY.rank for who in SPEAKERS)


def to_json(screening: Screening) -> dict[str, Any]:
    """Return what is kept with the turn."""
    return {"urgency": screening.urgency.value, "signals": [asdict(s) for s in screening.signals]}


def from_json(data: dict[str, Any]) -> Screening:
    """Undo `to_json`; an empty object is a message in which nothing was heard."""
    signals = tuple(Signal(**{**s, "urgency": Urgency(s["urgency"])}) for s in data.get("signals", ()))
    return Screening(Urgency(data.get("urgency", "none")), signals)

"""The default understander, in process: several views of one message, each counted for what it proved worth."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nlu.base import NluUnavailable, Understanding
from nlu.keywords import KeywordUnderstander, NeedWords, find_language
from nlu.language import Language, LanguageFinder
from nlu.sentences import SentenceEncoder, Vectors, open_universal
from nlu.tfidf import Vocabulary

FOLDER = Path(__file__).parent / "models" / "embedded"
"""What `frontdoor nlu train` writes."""

ARRAYS, CARD = "weights.npz", "card.json"
WORDS = "tfidf"
"""The name of the view by words and pieces of words; the other views are named for their encoders."""

EVERY_LANGUAGE, OTHER_LANGUAGES = frozenset({"use"}), frozenset({"multilingual"})
"""Encoders that read all we serve, and those asked where it is not English; any other reads English only."""

PASSIVE = frozenset({"inform", "answer"})
"""Intents that ask nothing of us: taking a message for one of them loses nothing."""

_ACTED_ON = 0.5
_OFFERED = 0.3
_IN_SO_MANY_WORDS = 0.95
_SOFTENED = 4.0
_MOST_RANKED = 5
_LAST_PARTS, _MOST_PARTS, _LONGEST_PART = 12, 2, 16
_PART = re.compile(
    r"[.!?\n;]+|,?\s+(?:and also|but also|also|oh and|btw|by the way|one more thing|another thing|ps)\b[, ]*",
    re.IGNORECASE,
)
_Scores = NDArray[np.float64]
_Ranked = tuple[tuple[str, float], ...]


class Verdict(StrEnum):
    """What the confidence allows: act on it, offer what it may be, or leave the words to a person."""

    UNDERSTOOD = "understood"
    ASK = "ask"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class View:
    """A linear reading of one way of seeing a message: intents first, then needs."""

    weights: NDArray[Any]
    bias: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Mixing:
    """How much each view counts among these, fitted on messages that trained none of them.

    The view by words counts in full where a message is as familiar as `high`, and not at all at `low`.
    """

    intents: Mapping[str, float]
    needs: Mapping[str, float]
    need_offset: float
    low: float
    high: float

    def share(self, familiar: NDArray[Any] | float) -> Any:
        """Return how much of its worth the view by words keeps for a message as familiar as this."""
        return np.clip((np.asarray(familiar) - self.low) / max(self.high - self.low, 1e-6), 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Sureness from which an intent is acted on, or at least offered; chance from which a need is named."""

    act: float
    ask: float
    needs: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Model:
    """All that was learned. `card` says from what, when with which versions, and how well."""

    intents: tuple[str, ...]
    needs: tuple[str, ...]
    vocabulary: Vocabulary
    views: Mapping[str, View]
    mixings: tuple[Mixing, ...]
    thresholds: Thresholds
    card: Mapping[str, Any]

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Raises `NluUnavailable` where the files are missing or are not ours."""
        try:
            card = json.loads((folder / CARD).read_text(encoding="utf-8"))
            with np.load(folder / ARRAYS, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            return _model(card, arrays)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NluUnavailable(f"the model cannot be read: {type(error).__name__}") from error

    def was_learned_with(self, encoder: SentenceEncoder) -> bool:
        """Is there a view over this encoder, with these very weights?"""
        known = self.card["encoders"]
        return encoder.name in self.views and isinstance(known, dict) and known[encoder.name] == encoder.made_of

    def scores(self, text: str, vectors: Mapping[str, Vectors]) -> tuple[_Scores, _Scores]:
        """Return the chance of each intent (together one) and of each need, from the encoders there are."""
        bag = self.vocabulary.bag(text)
        words = self.views[WORDS]
        seen = {WORDS: bag.weights @ words.weights[bag.columns].astype(np.float32) + words.bias}
        for name, vector in vectors.items():
            seen[name] = vector @ self.views[name].weights + self.views[name].bias
        rows = {name: score[None, :].astype(np.float64) for name, score in seen.items()}
        mixing = mixing_of(self.mixings, rows)
        return pool(rows, mixing, mixing.share(bag.familiar), len(self.intents))


def mixing_of(mixings: Sequence[Mixing], seen: Collection[str]) -> Mixing:
    """Return the mixing fitted for these views, or else the one that knows most of them and fewest others."""
    return max(mixings, key=lambda mixing: (len(mixing.intents.keys() & set(seen)), -len(mixing.intents)))


def pool(
    seen: Mapping[str, _Scores], mixing: Mixing, share: NDArray[Any] | float, intents: int
) -> tuple[_Scores, _Scores]:
    """Return chances from the views that are there; one that is not leaves its worth to the others.

    A view that the mixing does not know has none.
    """
    seen = {name: score for name, score in seen.items() if name in mixing.intents}
    chance = sum(
        _part(name, mixing.intents, share, seen) * log_softmax(score[:, :intents]) for name, score in seen.items()
    )
    needed = sum(_part(name, mixing.needs, share, seen) * score[:, intents:] for name, score in seen.items())
    return np.exp(log_softmax(np.asarray(chance))), sigmoid(np.asarray(needed) + mixing.need_offset)


def _part(name: str, worth: Mapping[str, float], share: NDArray[Any] | float, seen: Mapping[str, _Scores]) -> Any:
    there = sum(worth[other] for other in seen)
    whole = worth[name] * (sum(worth.values()) / there if there else 1.0)
    return whole * np.reshape(share, (-1, 1)) if is_gated(name, seen) else whole


def is_gated(name: str, seen: Collection[str]) -> bool:
    """Does the view count only as far as the message is familiar? Not where there is no other."""
    return name == WORDS and len(seen) > 1


def reads(encoder: str, language: str) -> bool:
    """Does the encoder learn from messages in this language, and is it asked about them?"""
    return encoder in EVERY_LANGUAGE or (language == "en") != (encoder in OTHER_LANGUAGES)


def log_softmax(scores: _Scores) -> _Scores:
    shifted = scores - scores.max(axis=1, keepdims=True)
    answer: _Scores = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return answer


def sureness(chances: _Scores) -> _Scores:
    """Return how sure each row's first intent is: its chance with all of them drawn together.

    Plain chances are near one even for what was never heard of before. Softened so, on the validation part of a
    public set, 0.98 of what is in scope was surer than what is not, against 0.95.
    """
    softened = log_softmax(np.log(np.clip(chances, 1e-30, None)) / _SOFTENED)
    answer: _Scores = np.exp(softened.max(axis=1))
    return answer


def sigmoid(scores: _Scores) -> _Scores:
    answer: _Scores = 1.0 / (1.0 + np.exp(-np.clip(scores, -30.0, 30.0)))
    return answer


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was understood of one message. `ranked` holds intents with their chances, likeliest first;
    `also` what else is asked in it; `confidence` is one half where acting on it begins, for every model alike."""

    ranked: _Ranked
    confidence: float
    verdict: Verdict
    also: tuple[str, ...]
    needs: tuple[str, ...]
    language: Language
    facts: Mapping[str, str]

    @property
    def intent(self) -> str:
        return self.ranked[0][0]


@dataclass(frozen=True, slots=True)
class _Main:
    """What the message as a whole is for."""

    ranked: _Ranked
    sure: float
    needs: tuple[str, ...]


class EmbeddedUnderstander:
    """The engine. Without its encoder it reads by words alone; without its model, by keywords. See `parts`."""

    def __init__(
        self,
        *,
        model: Model | None,
        encoders: Sequence[SentenceEncoder] = (),
        keywords: KeywordUnderstander,
        languages: LanguageFinder | None = None,
    ) -> None:
        self._model = model
        self._encoders = {e.name: e for e in encoders if model is not None and model.was_learned_with(e)}
        self._keywords = keywords
        self._languages = languages

    @classmethod
    def load(
        cls,
        folder: Path = FOLDER,
        *,
        needs: Sequence[NeedWords | tuple[str, str, str]],
        encoders: Sequence[SentenceEncoder] | None = None,
        languages: LanguageFinder | None = None,
    ) -> EmbeddedUnderstander:
        """Load what there is; never raises for what is not. `encoders` are opened here where none are given."""
        spoken = languages or _languages()
        try:
            model = Model.load(folder)
        except NluUnavailable:
            return cls(model=None, keywords=KeywordUnderstander(needs), languages=spoken)
        opened = open_encoders() if encoders is None else encoders
        return cls(model=model, encoders=opened, keywords=KeywordUnderstander(needs), languages=spoken)

    @property
    def name(self) -> str:
        return "embedded" if self._model is not None else self._keywords.name

    @property
    def parts(self) -> Mapping[str, Literal["ready", "missing"]]:
        """Say which parts are there: `model`, each encoder it was trained with, `language`."""
        wanted = [] if self._model is None else [name for name in self._model.views if name != WORDS]
        there = {
            "model": self._model is not None,
            **{name: name in self._encoders for name in wanted},
            "language": self._languages is not None,
        }
        return {name: "ready" if is_there else "missing" for name, is_there in there.items()}

    @property
    def card(self) -> Mapping[str, Any]:
        """Return what the model says of itself; nothing where there is none."""
        return {} if self._model is None else self._model.card

    async def understand(self, text: str, *, language: str = "en", audience: str | None = None) -> Understanding:
        read = self.read(text, language=language, audience=audience)
        return Understanding(
            intent=read.intent,
            confidence=read.confidence,
            language=read.language.code,
            needs=read.needs,
            facts=read.facts,
            also=read.also,
        )

    def read(self, text: str, *, language: str = "en", audience: str | None = None) -> Reading:
        """Return all that is understood. `language` is the one the person last wrote in."""
        spoken = self._language(text, language)
        by_words = self._keywords.read(text, language, audience)
        if self._model is None or not any(c.isalnum() for c in text):
            main = _Main(((by_words.intent, by_words.confidence),), by_words.confidence, by_words.needs)
            act, ask = _ACTED_ON, _OFFERED
        else:
            main = _with_our_own_words(self._main(self._model, text, spoken.code), by_words)
            act, ask = self._model.thresholds.act, self._model.thresholds.ask
        return Reading(
            ranked=main.ranked,
            confidence=_rescaled(main.sure, act),
            verdict=_verdict(main.sure, act, ask),
            also=tuple(dict.fromkeys(self._also(text, main.ranked[0][0], spoken.code))),
            needs=tuple(dict.fromkeys((*main.needs, *by_words.needs))),  # as found, and as said in so many words
            language=spoken,
            facts=by_words.facts,
        )

    def _language(self, text: str, last: str) -> Language:
        if self._languages is None:
            return Language(find_language(text, last), 0.0)
        return self._languages.find(text, last=last)

    def _main(self, model: Model, text: str, language: str) -> _Main:
        vectors = {
            name: encoder.encode([text])[0] for name, encoder in self._encoders.items() if reads(name, language)
        }
        intents, needs = model.scores(text, vectors)
        order = np.argsort(-intents[0])[:_MOST_RANKED]
        named = [
            code
            for code, chance in zip(model.needs, needs[0], strict=True)
            if chance >= model.thresholds.needs[code]
        ]
        ranked = tuple((model.intents[i], float(intents[0, i])) for i in order)
        return _Main(ranked, float(sureness(intents)[0]), tuple(named))

    def _also(self, text: str, main: str, language: str) -> Iterator[str]:
        """Yield what else is asked, each in a part of its own: "... and also how do I delete this"."""
        parts = [part.strip() for part in _PART.split(text)]
        parts = [part for part in parts if part and len(part.split()) <= _LONGEST_PART]
        if len(parts) + (len(text) > sum(map(len, parts)) + 20) < 2:
            return
        asking = [part for part in parts[-_LAST_PARTS:] if self._may_ask(part)]
        for part in asking[-_MOST_PARTS:]:  # what is asked mostly comes last
            intent = self._asked_in(part, language)
            if intent not in PASSIVE and intent != main:
                yield intent

    def _may_ask(self, part: str) -> bool:
        """Is there anything to ask the encoder about? By words alone, which costs a tenth of it."""
        if self._keywords.read(part).intent not in PASSIVE:
            return True
        if self._model is None:
            return False
        quick, _ = self._model.scores(part, {})
        return self._model.intents[int(quick[0].argmax())] not in PASSIVE

    def _asked_in(self, part: str, language: str) -> str:
        """Return the intent the model is sure of, or that the part says in so many words."""
        by_words = self._keywords.read(part)
        if self._model is None:
            return by_words.intent
        main = _with_our_own_words(self._main(self._model, part, language), by_words)
        return main.ranked[0][0] if main.sure >= self._model.thresholds.act else "inform"


def _with_our_own_words(main: _Main, by_words: Understanding) -> _Main:
    """Put first what the whole message says in so many words: our buttons tell people to type "stop"."""
    said = (by_words.intent, by_words.confidence)
    if said[0] in PASSIVE or said[1] < _IN_SO_MANY_WORDS or said[0] == main.ranked[0][0]:
        return main
    others = tuple(pair for pair in main.ranked if pair[0] != said[0])[: _MOST_RANKED - 1]
    return _Main((said, *others), 1.0, main.needs)


def _verdict(sure: float, act: float, ask: float) -> Verdict:
    if sure >= act:
        return Verdict.UNDERSTOOD
    return Verdict.ASK if sure >= ask else Verdict.HAND_OVER


def _rescaled(sure: float, act: float) -> float:
    if sure < act:
        return _ACTED_ON * sure / act
    return _ACTED_ON + (1.0 - _ACTED_ON) * (sure - act) / (1.0 - act) if act < 1.0 else 1.0


def open_encoders() -> tuple[SentenceEncoder, ...]:
    """Return those that are there of the encoders that ship: one of all languages, and the two of screening."""
    opened: list[SentenceEncoder] = []
    with contextlib.suppress(NluUnavailable):
        opened.append(open_universal())
    with contextlib.suppress(NluUnavailable, ImportError):  # what runs the tuned ones may not be installed
        from nlu.encoder import open_tuned

        opened += open_tuned()
    return tuple(opened)


def _languages() -> LanguageFinder | None:
    try:
        return LanguageFinder()
    except NluUnavailable:
        return None


def _model(card: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Model:
    learned = card["learned"]
    # one mixing of all views was all there was when screening's reader by words was fitted
    mixings, limits = learned.get("mixings") or [learned["mixing"]], learned["thresholds"]
    vocabulary = {key.removeprefix("vocabulary."): value for key, value in arrays.items() if "vocabulary." in key}
    return Model(
        intents=tuple(learned["intents"]),
        needs=tuple(learned["needs"]),
        vocabulary=Vocabulary.from_arrays(vocabulary),
        views={name: View(arrays[f"{name}.weights"], arrays[f"{name}.bias"]) for name in learned["views"]},
        mixings=tuple(Mixing(**mixing) for mixing in mixings),
        thresholds=Thresholds(**limits),
        card={key: value for key, value in card.items() if key != "learned"},
    )

"""Puts together what hears danger and what understands, from the files that ship."""

from __future__ import annotations

import contextlib
import ctypes
import logging
from dataclasses import replace
from functools import cache
from pathlib import Path

from bot.safeguarding.screening import Screener, Trained, View
from flows.area import Area
from flows.catalog import Catalog
from nlu import shipped
from nlu.base import NluUnavailable, Understander, Urgency
from nlu.embedded import EmbeddedUnderstander
from nlu.encoder import TunedSentences
from nlu.language import LanguageFinder
from nlu.phrase_lines import IndicatorPhrases
from nlu.phrases import PhraseScreener
from nlu.sentences import SentenceEncoder, open_universal
from nlu.stacking import Thresholds
from nlu.trained import FOLDER, ModelMissing, TunedReader
from nlu.unknown_language import UnknownLanguage

log = logging.getLogger(__name__)


def build_screener(catalog: Catalog, area: Area | None = None, *, models: Path = FOLDER) -> Screener:
    """Return every view of danger there is. Without the trained files phrases stand alone; `doctor` says so."""
    languages = _languages()
    views: tuple[View, ...] = (PhraseScreener(indicator_phrases(catalog)),)
    if languages is not None:
        views = (*views, UnknownLanguage(languages))
    try:
        loaded = _trained(models)
    except ModelMissing as missing:
        log.warning("screening.phrases_alone", extra={"reason": str(missing)})
        return Screener(views)
    stack = loaded.stack
    if area is not None and area.screening is not None:
        careful = Thresholds(**area.screening.model_dump())
        stack = replace(stack, thresholds=stack.thresholds.no_calmer_than(careful))
    names = {i.id: i.label for i in catalog.indicators.values()}

    def language_of(text: str) -> str:
        return languages.find(text).code if languages else "en"

    return Screener(views, Trained(loaded.readers, stack, names, language_of))


def give_back_memory() -> None:
    """Hand back what loading the models used and no longer needs: some 20 MB that the allocator would keep."""
    with contextlib.suppress(OSError, AttributeError):  # glibc only
        ctypes.CDLL("libc.so.6").malloc_trim(0)


@cache
def _sentence_encoder() -> SentenceEncoder | None:
    """One for screening and understanding, so that a message is encoded once."""
    try:
        return open_universal()
    except NluUnavailable:
        return None


@cache
def _trained(models: Path) -> shipped.Loaded:
    """One for screening and understanding: an encoder is in memory once, and reads a message once."""
    return shipped.load(models, _sentence_encoder())


def _encoders(models: Path) -> list[SentenceEncoder]:
    """Return the sentence encoders there are."""
    opened = [encoder] if (encoder := _sentence_encoder()) else []
    with contextlib.suppress(ModelMissing):
        readers = _trained(models).readers.values()
        opened += [TunedSentences(each.encoder) for each in readers if isinstance(each, TunedReader)]
    return opened


@cache
def _languages() -> LanguageFinder | None:
    try:
        return LanguageFinder()
    except NluUnavailable:
        return None


def indicator_phrases(catalog: Catalog) -> list[IndicatorPhrases]:
    """Return the domain's indicators as the phrase view reads them."""
    return [
        IndicatorPhrases(
            id=i.id,
            label=i.label,
            urgency=Urgency(i.urgency),
            raise_to_emergency_if=i.raise_to_emergency_if,
            lay=tuple(i.signals.get("lay", ())),
            youth=tuple(i.signals.get("youth", ())),
            professional=tuple(i.signals.get("professional", ())),
            false_alarms=tuple(i.typical_false_alarms),
        )
        for i in catalog.indicators.values()
    ]


def build_understander(catalog: Catalog, *, models: Path = FOLDER) -> Understander:
    """Return the embedded understander, with as many of its parts as there are."""
    needs = [(row["code"], row["label"], row["plain_words"]) for row in catalog.lists["need_categories"].rows]
    return EmbeddedUnderstander.load(needs=needs, encoders=_encoders(models), languages=_languages())

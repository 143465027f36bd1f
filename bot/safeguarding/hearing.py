"""Hears a message with what was said just before it: danger is often typed in pieces."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.safeguarding.screening import Screener
from nlu.bare import is_bare_fact
from nlu.base import Screening, Urgency
from nlu.machine_lines import on_one_line, without_machine_lines
from storage.reference import without_references

JOINED_WITHIN = timedelta(minutes=5)
MOST_PEOPLE = 2_000
MOST_WORDS = 40
"""Messages of this many words together are heard as one as well."""

_LONG = 2_000
"""Characters from which screening takes long enough to be moved out of the way of other people's turns."""


@dataclass(frozen=True, slots=True)
class _Words:
    words: str
    at: datetime


class Said(StrEnum):
    """What a message is to the question just asked."""

    ANYTHING = "anything"
    ANSWER = "answer"  # all of it a plain answer, which raises no worry by itself
    REPORT = "report"  # what a professional was asked to tell


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a message before it is judged: what it is to the question just asked, and who says it."""

    said: Said = Said.ANYTHING
    speaker: str | None = None


COULD_NOT_LOOK_UP = Known(Said.REPORT)
"""What was asked is not known: the words are heard as the kind that is heard most carefully."""


async def _nothing() -> Known:
    return Known()


@dataclass(slots=True)
class Hearing:
    """Screens messages of many people. What was said is held in memory for minutes and never kept here."""

    screener: Screener
    _said: OrderedDict[Hashable, _Words] = field(default_factory=OrderedDict)

    async def hear(
        self,
        who: Hashable,
        text: str,
        now: datetime,
        known: Callable[[], Awaitable[Known]] = _nothing,
    ) -> Screening:
        """Return what is heard in the message, or in it and the calm ones just before it, whichever is worse.

        `known` tells what it is to the question just asked, and who says it. A plain answer is heard by rules
        alone, and is no piece of anything: answers to several questions, read as one, tell what nobody said.
        Nor is a bare number, postcode, address or reference, nor a command.
        """
        if not text.strip():
            return Screening()
        told = await known()
        alone = await self._screen(text, told.speaker)
        if told.said is Said.ANSWER:
            return self.screener.by_rules(text, alone, told.speaker)
        if told.said is Said.REPORT:
            alone = self.screener.with_rules(text, alone, told.speaker)
        if _is_heard(alone):
            self._said.pop(who, None)  # it has been heard: what follows is not heard through it
            return alone
        if is_bare_fact(text) or _is_command(text) or not without_references(text).strip():
            return alone
        before = self._before(who, now)
        together = f"{before}\n{text}" if before else text
        self._remember(who, without_machine_lines(together), now)
        if not before or len(together.split()) > MOST_WORDS:
            return alone
        joined = await self._screen(together, told.speaker)
        if not _is_heard(joined):
            return alone
        self._said.pop(who, None)
        return _in_the_last(joined, len(before) + 1)

    async def _screen(self, text: str, speaker: str | None) -> Screening:
        if len(text) < _LONG:
            return self.screener.screen(text, speaker=speaker)
        return await asyncio.to_thread(self.screener.screen, text, speaker=speaker)

    def _before(self, who: Hashable, now: datetime) -> str:
        said = self._said.get(who)
        return said.words if said and now - said.at <= JOINED_WITHIN else ""

    def _remember(self, who: Hashable, words: str, now: datetime) -> None:
        # what several messages told stands on one line here, and is not set aside with a program's line in it
        self._said[who] = _Words(on_one_line(words.split()[-MOST_WORDS:]), now)
        self._said.move_to_end(who)
        while len(self._said) > MOST_PEOPLE:
            self._said.popitem(last=False)


def _is_command(text: str) -> bool:
    """Say whether it is a command and nothing more: with more after it, it is their words."""
    return text.startswith("/") and len(text.split()) == 1


def _is_heard(screening: Screening) -> bool:
    return screening.urgency.rank >= Urgency.SAME_DAY.rank


def _in_the_last(joined: Screening, begins: int) -> Screening:
    """Return the screening with its places moved to the last message, whose first letter stands at `begins`."""
    moved = tuple(
        replace(
            s,
            start=max(0, s.start - begins),
            end=max(0, s.end - begins),
            what=f"{s.what} (heard together with the message before)",
        )
        for s in joined.signals
    )
    return Screening(joined.urgency, moved)

"""What a turn has to know of promises: questions asked outside a flow, and what they were answered with.

Promises are kept above this package (`bot.followups`); a turn hears of them through `Promises` alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.conversation.house import House
from flows.effects import Effect
from flows.outcome import Button, Message
from flows.reading import Option
from storage.conversations import ConversationRecord
from storage.identifiers import FollowUpId, TurnId
from storage.outbox import NewOutbox
from storage.unit_of_work import UnitOfWork

_BUTTON = re.compile(r"fu:([0-9a-f]{32}):([a-z0-9_]{1,12})\.([A-Za-z0-9_-]{1,14})")


@dataclass(frozen=True, slots=True)
class Place:
    """Which question of which follow-up. It may ask several, each with a name of its own."""

    follow_up_id: FollowUpId
    part: str

    def __str__(self) -> str:
        return f"{self.follow_up_id}.{self.part}"

    @classmethod
    def from_text(cls, text: str) -> Place:
        """Undo `str`."""
        follow_up_id, _, part = text.partition(".")
        return cls(FollowUpId(follow_up_id), part)

    def button(self, option: str) -> str:
        """Return the id of the button of one answer. It says by itself what it answers, however old it is."""
        made = f"fu:{self.follow_up_id}:{self.part}.{option}"
        if not _BUTTON.fullmatch(made):
            raise ValueError(f"no button can be called {self.part}.{option}")
        return made


def pressed(choice: str | None) -> tuple[Place, str] | None:
    """Return which question a button answers, and with which option; None where it is no such button."""
    found = _BUTTON.fullmatch(choice or "")
    return (Place(FollowUpId(found[1]), found[2]), found[3]) if found else None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Without options whatever they write is the answer; with `own_words` beside them as well.

    `reads` says whether every word of a text is read as an answer in their own words: such a one tells nothing
    besides, and is screened as a plain answer (ADR 12).
    """

    text: str
    options: tuple[Option, ...] = ()
    own_words: bool = False
    reads: Callable[[str], bool] | None = None

    @property
    def takes_any_words(self) -> bool:
        return self.own_words or not self.options


@dataclass(frozen=True, slots=True)
class Heeded:
    """What an answer led to.

    `outcome` is a code. `asks` is what is asked now, where that is one more question. `goes_on`: the question of
    the flow they were at is put again. `reopens`: an enquiry that was closed comes back before a worker. `ends`:
    the conversation is over, whoever writes next begins anew.
    """

    outcome: str
    messages: tuple[Message, ...] = ()
    rows: tuple[NewOutbox, ...] = ()
    effects: tuple[Effect, ...] = ()
    asks: Place | None = None
    goes_on: bool = False
    reopens: bool = False
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """Where an answer was heard, and the unit of work in which it is dealt with."""

    uow: UnitOfWork
    house: House
    conversation: ConversationRecord
    turn_id: TurnId | None
    now: datetime


class Promises(Protocol):
    """Knows the promises of a conversation. Nothing here raises: what is not known is None."""

    def question(self, heard: Heard, place: Place) -> Question | None:
        """Return what is asked there; None where it is not asked any more, or is not this conversation's."""

    def answer(self, heard: Heard, place: Place, option: str, words: str) -> Heeded | None:
        """Take an answer: an option's id, or "" for their own words. `words` is what they wrote of their own.

        None where there is no such question in this conversation.
        """

    def words(self, heard: Heard, text: str) -> Heeded | None:
        """Take what they ask in their own words of a promise, as to be rung, or to move a call. None where it is
        nothing of the kind: then it goes its own way.
        """

    def sent(self, heard: Heard) -> Heeded | None:
        """Say what is offered to somebody who has just sent an enquiry, if anything."""

    def stopped(self, heard: Heard) -> None:
        """They asked us to stop: end what workers promised them as well."""

    def quietened(self, heard: Heard) -> None:
        """They asked us to stop, or left in a hurry: end whatever would write to them, and keep what has to be."""

    def went_on(self, heard: Heard, *, is_draft: bool) -> None:
        """They wrote and were answered; the conversation is as it stood before. `is_draft`: it is not finished."""

    def chased(self, heard: Heard, text: str) -> Heeded | None:
        """Take what they ask about something they sent before. None where we can only give a number to ring."""

    def mistaken(self, heard: Heard, text: str, *, begun: bool) -> Heeded | None:
        """Take it where they say that we have the wrong person: everything stops. None where they do not say so.

        `begun`: we wrote first, so that less is needed to mean it.
        """


class NoPromises:
    """Where there are none, as in a conversation in the terminal."""

    def question(self, heard: Heard, place: Place) -> Question | None:
        del heard, place
        return None

    def answer(self, heard: Heard, place: Place, option: str, words: str) -> Heeded | None:
        del heard, place, option, words
        return None

    def words(self, heard: Heard, text: str) -> Heeded | None:
        del heard, text
        return None

    def sent(self, heard: Heard) -> Heeded | None:
        del heard
        return None

    def stopped(self, heard: Heard) -> None:
        del heard

    def quietened(self, heard: Heard) -> None:
        del heard

    def went_on(self, heard: Heard, *, is_draft: bool) -> None:
        del heard, is_draft

    def chased(self, heard: Heard, text: str) -> Heeded | None:
        del heard, text
        return None

    def mistaken(self, heard: Heard, text: str, *, begun: bool) -> Heeded | None:
        del heard, text, begun
        return None


def asking_message(place: Place, question: Question) -> Message:
    """Return the message that asks, with a button for each option."""
    buttons = tuple(Button(place.button(o.id), o.label) for o in question.options)
    return Message(question.text, buttons)

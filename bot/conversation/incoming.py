"""One message as a turn is decided on it: what was sent, what it was understood to mean, what was heard in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.base import InboundMessage, MessageKind
from bot.conversation.interrupts import SURE, Interrupt, in_our_words, interrupt_of
from flows.outcome import Reply
from flows.reading.asides import aside, says_only_that_they_cannot_ring
from flows.reading.worries import names_only_whom
from nlu.base import Screening, Understanding, Urgency

ENOUGH_TO_BE_A_WORRY = 15
"""Characters of a first message from which it is taken as what they came to say."""


def _nothing(choice: str) -> bool:
    """No question is at hand that a button could answer."""
    del choice
    return False


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message, and what we make of it before the flow is asked."""

    message: InboundMessage
    understanding: Understanding
    heard: Screening

    @property
    def is_alerting(self) -> bool:
        """Say whether danger was heard in it: no other meaning comes before that."""
        return self.heard.urgency.raises_alert

    @property
    def is_a_worry(self) -> bool:
        """Say whether a first message is already what they came to say."""
        if self.message.kind is not MessageKind.TEXT or in_our_words(self.message.text) is not None:
            return False
        if not self.is_alerting and names_only_whom(self.message.text):
            return False  # of what, they are asked as anybody is
        if self.heard.urgency.rank >= Urgency.SAME_DAY.rank:
            return True
        if aside(self.message.text) is not None or says_only_that_they_cannot_ring(self.message.text):
            return False
        said_more = self.understanding.intent == "inform" or self.understanding.confidence < SURE
        return said_more and len(self.message.text.strip()) >= ENOUGH_TO_BE_A_WORRY

    @property
    def is_empty(self) -> bool:
        message = self.message
        return not message.text.strip() and message.choice is None and message.choices is None

    def interrupt(self, answers: Callable[[str], bool] = _nothing) -> Interrupt | None:
        """Return the interrupt it is. `answers` says which buttons answer the question at hand."""
        return interrupt_of(self.message, self.understanding, answers=answers)

    def reply(self) -> Reply:
        """Return it as the flow takes it."""
        return Reply(
            text=self.message.text,
            choice=self.message.choice,
            choices=self.message.choices,
            facts=tuple(self.understanding.facts.items()),
            heard=self.heard.urgency.value if self.heard.urgency.rank >= Urgency.SAME_DAY.rank else "none",
        )

"""What outranks any question, typed or tapped, in every state."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from bot.channels.base import InboundMessage
from nlu.base import Understanding
from storage.recordings import RECORDED


class Interrupt(StrEnum):
    """Something a person may say at any moment. The values are the ids of buttons and commands too."""

    PERSON = "person"
    HELP = "help"
    STOP = "stop"
    BACK = "back"
    CHANGE = "change"
    RESTART = "restart"
    DELETE = "delete"
    QUICK_EXIT = "quick_exit"
    PRIVACY = "privacy"
    ABOUT = "about"
    HOURS = "hours"
    CHASE = "chase"
    WRONG_SERVICE = "wrong_service"
    THANKS = "thanks"
    GREETING = "greeting"
    ABUSE = "abuse"
    COMPLAINT = "complaint"


DIGRESSIONS = frozenset(
    {
        Interrupt.PRIVACY,
        Interrupt.ABOUT,
        Interrupt.HOURS,
        Interrupt.CHASE,
        Interrupt.WRONG_SERVICE,
        Interrupt.THANKS,
        Interrupt.GREETING,
        Interrupt.ABUSE,
        Interrupt.COMPLAINT,
    }
)
"""Answered, and then the question at hand is put again."""

_BY_INTENT = {
    "ask_for_person": Interrupt.PERSON,
    "help": Interrupt.HELP,
    "stop": Interrupt.STOP,
    "go_back": Interrupt.BACK,
    "change_answer": Interrupt.CHANGE,
    "start_again": Interrupt.RESTART,
    "delete_data": Interrupt.DELETE,
    "quick_exit": Interrupt.QUICK_EXIT,
    "ask_privacy": Interrupt.PRIVACY,
    "ask_about_bot": Interrupt.ABOUT,
    "ask_hours": Interrupt.HOURS,
    "chase_enquiry": Interrupt.CHASE,
    "wrong_service": Interrupt.WRONG_SERVICE,
    "thanks": Interrupt.THANKS,
    "greeting": Interrupt.GREETING,
    "abuse_of_bot": Interrupt.ABUSE,
}

_BY_WORD = {
    "person": Interrupt.PERSON,
    "a person": Interrupt.PERSON,
    "real person": Interrupt.PERSON,
    "a real person": Interrupt.PERSON,
    "talk to a person": Interrupt.PERSON,
    "back": Interrupt.BACK,
    "go back": Interrupt.BACK,
    "change": Interrupt.CHANGE,
    "change an answer": Interrupt.CHANGE,
    "help": Interrupt.HELP,
    "help me": Interrupt.HELP,
    "stop": Interrupt.STOP,
    "start again": Interrupt.RESTART,
    "delete": Interrupt.DELETE,
    "exit": Interrupt.QUICK_EXIT,
    "exit this page": Interrupt.QUICK_EXIT,
}
"""The words that our own words and buttons tell people to type: they work with every understander broken."""

LONGEST_NAMED = 60
"""Characters; a longer message says something else."""

_COMPLAINT = re.compile(
    r"(?:(?:i|we) )?(?:(?:want|wish|need|like|how (?:do|can) i|where (?:do|can) i|can i|(?:i d|id|would) like)"
    r"(?: to)? )?(?:(?:make|put in|raise) )?(?:an? )?(?:formal )?compla(?:in|ints?)(?: (?:about|against)"
    r" (?:you|us|(?:(?:my|our|the|your|a) )?(?:duty |social |case )?(?:worker|council|team|service)))?"
)
"""Said by itself. It is no intent of the understanders', and a statutory right all the same."""

_NOT_LETTERS = re.compile(r"[^a-z]+")

_POLITE = frozenset({"please", "pls", "plz"})

SURE = 0.5
"""Below this an intent is not acted on: the words are taken as an answer."""

HALF_SURE = 0.35
"""From this it is acted on where the words answer nothing that was asked: better than not to understand."""

ASKED_OF_US = frozenset(
    {
        Interrupt.PERSON,
        Interrupt.DELETE,
        Interrupt.HELP,
        Interrupt.PRIVACY,
        Interrupt.ABOUT,
        Interrupt.HOURS,
        Interrupt.CHASE,
    }
)
"""What may be done half sure: it answers or asks them, and ends nothing."""

_TAPPED = frozenset(i.value for i in Interrupt) | {"exit"}


def interrupt_of(
    message: InboundMessage, understanding: Understanding, *, answers: Callable[[str], bool]
) -> Interrupt | None:
    """Return the interrupt a message is, or None where it is a reply.

    `answers` says whether an id is an answer to the question at hand: a button that answers it is a reply even
    where its id is also an interrupt's (`change` under check-your-answers). What a worker writes down of a call is
    what the person said to them: nothing in it is said to us.
    """
    if message.choice is not None:
        if message.choice not in _TAPPED or answers(message.choice):
            return None
        return Interrupt.QUICK_EXIT if message.choice == "exit" else Interrupt(message.choice)
    if message.choices is not None or message.channel in RECORDED:
        return None
    return in_our_words(message.text) or _meant(understanding, SURE)


def perhaps_asked_of_us(message: InboundMessage, understanding: Understanding) -> Interrupt | None:
    """Return what typed words may ask of us, where they answer nothing. Of several things a person comes first."""
    if message.choice is not None or message.choices is not None or message.channel in RECORDED:
        return None
    found = (_meant(understanding, HALF_SURE), *(_BY_INTENT.get(intent) for intent in understanding.also))
    asked = [interrupt for interrupt in found if interrupt in ASKED_OF_US]
    return Interrupt.PERSON if Interrupt.PERSON in asked else next(iter(asked), None)


def _meant(understanding: Understanding, sure: float) -> Interrupt | None:
    return _BY_INTENT.get(understanding.intent) if understanding.confidence >= sure else None


def in_our_words(text: str) -> Interrupt | None:
    """Return the interrupt that a whole message names in the words we gave people."""
    if len(text) > LONGEST_NAMED:
        return None
    words = _NOT_LETTERS.sub(" ", text.casefold()).split()
    said = " ".join(word for word in words if word not in _POLITE)
    return Interrupt.COMPLAINT if _COMPLAINT.fullmatch(said) else _BY_WORD.get(said)

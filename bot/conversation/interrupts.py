"""What outranks any question, typed or tapped, in every state."""

from __future__ import annotations

from enum import StrEnum

from bot.channels.base import InboundMessage
from nlu.base import Understanding


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

SURE = 0.5
"""Below this an intent is not acted on: the words are taken as an answer."""

_TAPPED = frozenset(i.value for i in Interrupt) | {"exit"}


def interrupt_of(
    message: InboundMessage, understanding: Understanding, *, offered: frozenset[str]
) -> Interrupt | None:
    """Return the interrupt a message is, or None where it is a reply.

    `offered` are the ids of the answers to the question at hand: a button that answers it is a reply even
    where its id is also an interrupt's (`change` under check-your-answers).
    """
    if message.choice is not None:
        if message.choice in offered or message.choice not in _TAPPED:
            return None
        return Interrupt.QUICK_EXIT if message.choice == "exit" else Interrupt(message.choice)
    if message.choices is not None or understanding.confidence < SURE:
        return None
    return _BY_INTENT.get(understanding.intent)

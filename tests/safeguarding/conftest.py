"""One front door on a real database of each kind, with text messages and e-mail besides Telegram."""

from __future__ import annotations

import pytest

from bot.channels.base import Channel
from bot.clock import SteppedClock
from storage.database import Database
from tests.conversation.front import Front, Outside, Sender, build_front


class Way(Outside):
    """Another way to duty workers, which fails when told to."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def sms() -> Way:
    return Way("sms")


@pytest.fixture
def email() -> Way:
    return Way("email")


@pytest.fixture
def front(database: Database, clock: SteppedClock, outside: Outside, sms: Way, email: Way) -> Front:
    others: dict[str, Channel] = {"sms": sms, "email": email}
    return build_front(database, clock=clock, outside=outside, others=others)


@pytest.fixture
def person(outside: Outside, clock: SteppedClock) -> Sender:
    return Sender(outside, clock)

"""One front door on a real database of each kind, and one made-up person before it."""

from __future__ import annotations

import pytest

from bot.clock import SteppedClock
from storage.database import Database
from tests.conversation.front import Front, Outside, Sender, build_front


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def front(database: Database, clock: SteppedClock, outside: Outside) -> Front:
    return build_front(database, clock=clock, outside=outside)


@pytest.fixture
def person(outside: Outside, clock: SteppedClock) -> Sender:
    return Sender(outside, clock)

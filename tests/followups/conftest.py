"""One process on a real database of each kind, and what it sends outside."""

from __future__ import annotations

import pytest

from bot.clock import SteppedClock
from storage.database import Database
from tests.conversation.front import Front, Outside, build_front


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def front(database: Database, clock: SteppedClock, outside: Outside) -> Front:
    return build_front(database, clock=clock, outside=outside)

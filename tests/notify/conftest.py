"""A Notify for the tests of what is sent by it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.notify.server import NotifyServer


@pytest.fixture
async def notify() -> AsyncIterator[NotifyServer]:
    server = NotifyServer()
    await server.start()
    yield server
    await server.stop()

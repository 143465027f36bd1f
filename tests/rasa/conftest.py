"""A real Rasa server, trained on our own messages and kept running for as long as a file of tests needs it."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future

import pytest

from bot.rasa.environment import install
from bot.rasa.server import RasaServer
from bot.rasa.training import RasaModel, train
from bot.settings import Settings
from bot.understanding import build_understander
from flows.loader import load_catalog
from nlu.base import Understander
from nlu.rasa import Endpoint, RasaUnderstander
from tests.transcripts.player import stories

READY_WITHIN = 150.0


class Running:
    """The server with its supervisor, on a loop of its own, so that tests with loops of theirs can share it."""

    def __init__(self, model: RasaModel, server: RasaServer) -> None:
        self.model = model
        self.server = server
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(server.start())
        self.wait_ready()

    def where(self) -> Endpoint | None:
        return self.server.endpoint

    @property
    def endpoint(self) -> Endpoint:
        found = self.server.endpoint
        assert found is not None
        return found

    @property
    def pid(self) -> int:
        pid = self.server.pid
        assert pid is not None
        return pid

    def wait_ready(self) -> None:
        self._do(self.server.wait_ready(READY_WITHIN))

    def kill(self) -> None:
        """Kill it as the kernel would, and wait until the supervisor has seen it."""
        os.kill(self.pid, signal.SIGKILL)
        while self.server.endpoint is not None:
            time.sleep(0.01)

    def close(self) -> None:
        self._do(self.server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _do(self, work: object) -> None:
        done: Future[object] = asyncio.run_coroutine_threadsafe(work, self._loop)  # type: ignore[arg-type]
        done.result(READY_WITHIN + 10)


@pytest.fixture(scope="session")
def rasa_model() -> RasaModel:
    """The model in the cache; made first where it is not there."""
    return train(install(Settings()), "default")


@pytest.fixture(scope="module")
def running(rasa_model: RasaModel) -> Iterator[Running]:
    server = RasaServer(python=install(Settings()), model=rasa_model.archive, sure=rasa_model.sure)
    found = Running(rasa_model, server)
    yield found
    found.close()


@pytest.fixture(scope="session")
def embedded() -> Understander:
    return build_understander(load_catalog())


@pytest.fixture
async def rasa(running: Running, embedded: Understander) -> AsyncIterator[RasaUnderstander]:
    """Rasa as the front door asks it, unhurried: what is tested is what it says, not how busy this machine is.

    Everybody in our conversations may ask at once: nobody is turned away for being one too many.
    """
    running.wait_ready()
    found = RasaUnderstander(running.where, beside=embedded, timeout=60, most_waiting=len(stories()))
    yield found
    await found.close()

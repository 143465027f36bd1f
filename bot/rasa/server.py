"""Starts Rasa's server as a child process on loopback, starts it again when it ends, and stops it with us."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nlu.rasa import Endpoint, RasaUnderstander, Silent

log = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("child.py")
HOST = "127.0.0.1"
READY_WITHIN = 180.0
STOPPED_WITHIN = 5.0
FIRST_PAUSE = 1.0
WATCH_EVERY = 20.0
MOST_MISSES = 3
LONGEST_PAUSE = 60.0

PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""What the child sees of our environment: none of our secrets, and none of anybody else's."""


class RasaDied(Exception):
    """The server ended, or did not become ready in time."""


@dataclass(slots=True)
class RasaServer:
    """One Rasa server, kept running from `start` to `stop`. Each time it starts, with another port and token.

    The token goes to the child on its standard input: it stands in no process list, environment or file.
    """

    python: Path
    model: Path
    sure: float
    host: str = HOST
    port: int = 0
    token: str = field(default="", repr=False)
    first_pause: float = FIRST_PAUSE
    watch_every: float = WATCH_EVERY
    _endpoint: Endpoint | None = None
    _child: asyncio.subprocess.Process | None = None
    _keeping: asyncio.Task[None] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def endpoint(self) -> Endpoint | None:
        """Where it answers, or None while it does not."""
        return self._endpoint

    @property
    def pid(self) -> int | None:
        return None if self._child is None else self._child.pid

    async def start(self) -> None:
        """Start it and return at once: it takes some ten seconds until there is an endpoint."""
        self._keeping = asyncio.create_task(self._keep_running())

    async def wait_ready(self, within: float = READY_WITHIN) -> Endpoint:
        """Wait until it answers. Raises `TimeoutError`."""
        async with asyncio.timeout(within):
            while self._endpoint is None:
                await self.changed()
        return self._endpoint

    async def changed(self) -> None:
        """Wait until it has come or gone."""
        self._changed.clear()
        await self._changed.wait()

    async def stop(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeping
            self._keeping = None

    async def _keep_running(self) -> None:
        pause = self.first_pause
        while True:
            was_ready = await self._run_once()
            pause = self.first_pause if was_ready else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _run_once(self) -> bool:
        """Run it until it ends; return whether it was ever ready."""
        folder = Path(tempfile.mkdtemp(prefix="frontdoor-rasa-"))
        was_ready = False
        try:
            endpoint = await self._spawn(folder)
            was_ready = True
            self._set(endpoint)
            log.info("rasa.ready", extra={"pid": self.pid})
            log.warning("rasa.ended", extra={"status": await self._ended(endpoint)})
        except (RasaDied, OSError) as error:
            log.error("rasa.failed", extra={"why": str(error)})
        finally:
            self._set(None)
            await self._end()
            shutil.rmtree(folder, ignore_errors=True)
        return was_ready

    async def _spawn(self, folder: Path) -> Endpoint:
        token = self.token or secrets.token_urlsafe(32)
        said = folder / "said.txt"
        with said.open("wb") as errors:
            self._child = await asyncio.create_subprocess_exec(
                *(self.python, "-I", CHILD, self.model, self.host, str(self.port)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                cwd=folder,
                env=environment_of_child(folder, os.environ),
                start_new_session=True,  # our own Ctrl-C is not its: it is stopped when we are done with it
            )
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(f"{token}\n".encode())
        try:
            async with asyncio.timeout(READY_WITHIN):
                line = await self._child.stdout.readline()
        except TimeoutError:
            raise RasaDied("it did not become ready in time") from None
        if not line:
            # Nobody's words can be in there: it has not answered anybody yet.
            raise RasaDied(_last_line(said))
        host = f"[{self.host}]" if ":" in self.host else self.host
        return Endpoint(f"http://{host}:{int(line)}", token, self.sure)

    async def _ended(self, endpoint: Endpoint) -> int:
        """Wait until it ends by itself; give it up where it is there and no longer answers."""
        assert self._child is not None
        misses = 0
        while misses < MOST_MISSES:
            try:
                async with asyncio.timeout(self.watch_every):
                    return await self._child.wait()
            except TimeoutError:
                misses = 0 if await _answers(endpoint, self.watch_every) else misses + 1
        raise RasaDied("it no longer answers")

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is None or child.returncode is not None:
            return
        assert child.stdin is not None
        child.stdin.close()
        try:
            async with asyncio.timeout(STOPPED_WITHIN):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()

    def _set(self, endpoint: Endpoint | None) -> None:
        self._endpoint = endpoint
        self._changed.set()


async def _answers(endpoint: Endpoint, within: float) -> bool:
    rasa = RasaUnderstander(lambda: endpoint, beside=Silent(), timeout=within)
    try:
        return await rasa.ready()
    finally:
        await rasa.close()


def environment_of_child(home: Path, ours: Mapping[str, str]) -> dict[str, str]:
    """Return what Rasa runs with: a home of its own, nothing reported to anybody, one thread of arithmetic."""
    passed = {name: ours[name] for name in PASSED_ON if name in ours}
    return passed | {
        "HOME": str(home),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
    }


def _last_line(path: Path) -> str:
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "it ended without a word"

"""Bots and a stand-in for Telegram, each a process of its own, as they run in earnest."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil

from bench.machine import HOME
from bench.people import Line, Stuck

TOKEN = "4242:TEST-token_for-tests"
SECRET = "made-up-secret"  # the header of a stand-in, on this machine only
READY_WITHIN = 60.0
STOPS_WITHIN = 3.0
QUIET_FOR = 0.3

Way = Literal["polling", "webhook"]


@dataclass(frozen=True, slots=True)
class Played:
    """What one round took: turns, the bot's processor seconds, the clock's, and calls to Telegram."""

    turns: int
    cpu: float
    seconds: float
    wait_median: float
    wait_95th: float
    calls: int

    @property
    def per_core_second(self) -> float:
        return self.turns / self.cpu


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot and the Telegram it alone talks to."""

    name: str
    process: psutil.Process
    telegram: str

    def cpu(self) -> float:
        """Return the processor seconds it has used, with everything it started."""
        used = self.process.cpu_times()
        total = used.user + used.system + used.children_user + used.children_system
        for child in self.process.children(recursive=True):
            its = child.cpu_times()
            total += its.user + its.system
        return float(total)

    def resident(self) -> float:
        """Return its memory in MB."""
        return float(self.process.memory_info().rss) / 2**20

    def play(self, script: Sequence[Line], *, people: int, conversations: int) -> Played:
        """Let people talk to it, and wait until it has finished with them. Raises `Stuck`."""
        calls, cpu = self._calls(), self.cpu()
        asked = {"script": script, "people": people, "conversations": conversations, "patience": 60}
        told = _ask(self.telegram, "play", asked)
        if told["stuck"]:
            raise Stuck(f"{self.name}: {told['stuck'][0]}")
        now = self._settled()
        return Played(
            told["turns"], self.cpu() - cpu, told["seconds"], told["wait_median"], told["wait_95th"], now - calls
        )

    def _calls(self) -> int:
        counts = _ask(self.telegram, "counters")["calls"]
        return sum(n for method, n in counts.items() if method != "getUpdates")

    def _settled(self) -> int:
        """Wait for calls that come after the last answer, and for its last commit."""
        before = -1
        while (now := self._calls()) != before:
            before = now
            time.sleep(QUIET_FOR)
        return now


@contextmanager
def front_door(folder: Path, *, way: Way = "polling") -> Iterator[Bot]:
    """`python -m bot serve`, as an operator starts it, on SQLite, with every default."""
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    with telegram() as root:
        settings = {
            "DATABASE_URL": f"sqlite:///{folder / 'frontdoor.db'}",
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": root,
            "TELEGRAM_MODE": way,
            "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram/webhook",
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
        }
        command = ["-m", "bot", "serve", "--port", str(port)]
        environment = {f"FRONTDOOR_{name}": value for name, value in settings.items()}
        with _started(command, folder / "front_door.log", environment) as process:
            _wait_until_ready(process, port, folder / "front_door.log")
            yield Bot("Front Door", process, root)


@contextmanager
def echo_bot(folder: Path, *, way: Way = "polling", keyboard: bool = False) -> Iterator[Bot]:
    folder.mkdir(parents=True, exist_ok=True)
    with telegram() as root:
        command = ["-m", "bench.echo_bot", TOKEN, root]
        port = _free_port()
        if way == "webhook":
            command += ["--webhook", str(port)]
        if keyboard:
            command.append("--keyboard")
        log = folder / f"echo_{way}_{keyboard}.log"
        with _started(command, log, {}) as process:
            if way == "webhook":
                _wait_until_ready(process, port, log)
            else:
                _wait_until_polling(root)
            yield Bot("bare echo, with buttons" if keyboard else "bare echo", process, root)


@contextmanager
def telegram() -> Iterator[str]:
    """A Bot API server that checks nothing; gives its root."""
    command = [sys.executable, "-m", "tests.telegram.bot_api_server", "--no-validate"]
    with subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@contextmanager
def _started(command: Sequence[str], log: Path, settings: dict[str, str]) -> Iterator[psutil.Process]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDOOR_")}
    with ExitStack() as stack:
        out = stack.enter_context(log.open("wb"))
        process = stack.enter_context(
            subprocess.Popen(
                [sys.executable, *command], cwd=HOME, env=clean | settings, stdout=out, stderr=subprocess.STDOUT
            )
        )
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            try:
                process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:  # PTB waits for the end of its long poll
                process.kill()


def _wait_until_ready(process: psutil.Process, port: int, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"not ready: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _wait_until_polling(root: str) -> None:
    until = time.monotonic() + READY_WITHIN
    while not _ask(root, "counters")["calls"].get("getUpdates"):
        if time.monotonic() > until:
            raise RuntimeError("the bot does not ask for updates")
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ask(root: str, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(f"{root}/control/{what}", data=json.dumps(body or {}).encode())
    with urllib.request.urlopen(request) as answer:
        told: dict[str, Any] = json.load(answer)
        return told

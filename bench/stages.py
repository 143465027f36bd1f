"""Where a turn's milliseconds go, stage by stage, by clocks put around the product's own functions."""

from __future__ import annotations

import functools
import inspect
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench import in_process, machine
from bench.people import PARENT, QuietChannel, hold
from bot.conversation.turn import Line
from bot.outbox.dispatcher import Dispatcher
from bot.process import App
from bot.safeguarding.screening import Screener
from flows.engine import Engine
from storage.database import Database
from storage.group_commit import Writer
from storage.repository import Repository
from storage.unit_of_work import UnitOfWork

PEOPLE = (1, 8)
ROUNDS = 3
WARM_UP = 16

PLACES: tuple[tuple[type, str, str], ...] = (
    (Line, "_keep", "hear"),
    (Line, "_keep_one", "keep"),
    (Line, "take_up", "take up"),
    (Line, "_understand", "understand"),
    (Line, "_decide", "decide"),
    (Dispatcher, "_send", "send"),
    (Dispatcher, "_mark_all", "mark"),
    (Screener, "screen", "screening"),
    (Writer, "_commit", "commit"),
)
"""Where the clocks go, besides every public method of the engine and of what keeps the tables."""


@dataclass(slots=True)
class _Frame:
    stage: str
    inner: float = 0.0


@dataclass(slots=True)
class Clocks:
    """Processor seconds by stage. `within` counts a stage by the stage around it, `wall` the clock's seconds."""

    whole: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    own: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    within: defaultdict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    wall: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    counting: bool = True
    _threads: threading.local = field(default_factory=threading.local)

    def at_hand(self) -> str:
        """Return the stage this thread is in."""
        stack = self._stack()
        return stack[-1].stage if stack else "other"

    def run(self, stage: str, work: Callable[[], Any]) -> Any:
        """Do `work` and count it to `stage`; what is in that stage already is counted there."""
        stack = self._stack()
        if stack and stack[-1].stage == stage:
            return work()
        frame = _Frame(stage)
        stack.append(frame)
        began = time.thread_time()
        try:
            return work()
        finally:
            spent = time.thread_time() - began
            stack.pop()
            self._add(stack, frame, spent)

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function` with its time counted to `stage`."""
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def timed_steps(*args: Any, **kwargs: Any) -> Any:
                began = time.perf_counter()
                try:
                    return await _Steps(self, stage, function(*args, **kwargs))
                finally:
                    self._add_wall(stage, time.perf_counter() - began)

            return timed_steps

        @functools.wraps(function)
        def timed_call(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return self.run(stage, functools.partial(function, *args, **kwargs))
            finally:
                self._add_wall(stage, time.perf_counter() - began)

        return timed_call

    def _add_wall(self, stage: str, seconds: float) -> None:
        if self.counting:
            self.wall[stage] += seconds

    def _stack(self) -> list[_Frame]:
        stack: list[_Frame] = self._threads.__dict__.setdefault("stack", [])
        return stack

    def _add(self, stack: list[_Frame], frame: _Frame, spent: float) -> None:
        if not self.counting:
            return
        self.own[frame.stage] += spent - frame.inner
        if stack:
            stack[-1].inner += spent
        self.whole[frame.stage] += spent
        for outer in stack:
            self.within[outer.stage, frame.stage] += spent


class _Steps(Awaitable[Any]):
    """Runs a coroutine and counts its steps, not what others do while it waits."""

    def __init__(self, clocks: Clocks, stage: str, work: Any) -> None:
        self._clocks, self._stage, self._work = clocks, stage, work

    def __await__(self) -> Generator[Any, Any, Any]:
        steps = self._work.__await__()
        step: Callable[[], Any] = functools.partial(next, steps)
        while True:
            try:
                waits_for = self._clocks.run(self._stage, step)
            except StopIteration as end:
                return end.value
            try:
                step = functools.partial(steps.send, (yield waits_for))
            except BaseException as error:
                step = functools.partial(steps.throw, error)


@contextmanager
def on_the_line(clocks: Clocks) -> Iterator[None]:
    """Put the clocks in their places, and take them away after. Fails where a place is no longer there."""
    places = [*PLACES, *((Engine, name, "engine") for name in _public(Engine)), *_storage()]
    before = [(owner, name, owner.__dict__[name]) for owner, name, _ in places]
    before.append((Database, "run", Database.__dict__["run"]))
    try:
        for owner, name, stage in places:
            setattr(owner, name, clocks.timed(stage, owner.__dict__[name]))
        setattr(Database, "run", _by_asker(clocks, Database.run))  # noqa: B010 - so that it reads as the others
        yield
    finally:
        for owner, name, was in before:
            setattr(owner, name, was)


def _by_asker(clocks: Clocks, run: Any) -> Any:
    """Count a unit of work, which runs in a thread, to the stage that asked for it."""

    def timed_run(database: Database, work: Callable[[UnitOfWork], Any]) -> Awaitable[Any]:
        stage = clocks.at_hand()
        return _Steps(clocks, stage, run(database, clocks.timed(f"{stage}'s unit", work)))

    return timed_run


def _storage() -> list[tuple[type, str, str]]:
    kinds = [k for k in Repository.__subclasses__() if k.__module__.startswith("storage.")]
    return [(kind, name, "storage") for kind in kinds for name in _public(kind)]


def _public(kind: type) -> list[str]:
    return [n for n, f in vars(kind).items() if inspect.isfunction(f) and not n.startswith("_")]


@dataclass(frozen=True, slots=True)
class Part:
    """One row: processor milliseconds for a turn, and the clock's where a person waits for it."""

    name: str
    cpu: float
    wall: float | None = None


def parts_of(clocks: Clocks, total: float) -> list[Part]:
    """Split what `total` seconds of processor went to, from the outside in."""
    own, within, wall = clocks.own, clocks.within, clocks.wall

    def rest_of(unit: str, *inner: str) -> float:
        return clocks.whole[unit] - sum(within[unit, name] for name in inner)

    decide = "decide's unit"
    units = {name: clocks.whole[f"{name}'s unit"] for name in ("keep", "decide", "mark")}
    line = {name: own[name] for name in ("hear", "keep", "take up", "understand", "decide", "send", "mark")}
    hearing = line["hear"] + line["keep"]
    measured = sum(units.values()) + sum(line.values()) + clocks.whole["screening"] + own["commit"]
    return [
        Part("keep and screen", hearing + clocks.whole["screening"] + units["keep"], wall["hear"]),
        Part("  screening", clocks.whole["screening"]),
        Part("  storage", within["keep's unit", "storage"]),
        Part("  the rest", hearing + rest_of("keep's unit", "storage")),
        Part("understand", line["understand"], wall["understand"]),
        Part("decide and record", line["take up"] + line["decide"] + units["decide"], wall["decide"]),
        Part("  engine", within[decide, "engine"]),
        Part("  storage", within[decide, "storage"]),
        Part("  the rest", line["take up"] + line["decide"] + rest_of(decide, "engine", "storage")),
        Part("send and mark", line["send"] + line["mark"] + units["mark"], wall["mark"]),
        Part("  storage", within["mark's unit", "storage"]),
        Part("  the rest", line["send"] + line["mark"] + rest_of("mark's unit", "storage")),
        Part("begin and commit", own["commit"], wall["commit"]),
        Part("event loop, threads, bench", total - measured),
        Part("in all", total),
    ]


async def _split(app: App, channel: QuietChannel, people: int, conversations: int) -> tuple[list[Part], float]:
    """Return the parts in milliseconds for a turn, and what the clocks themselves add."""
    clocks = Clocks()
    plain = with_clocks = 0.0
    for _ in range(ROUNDS):
        plain += await _cpu(app, channel, people, conversations)
        with on_the_line(clocks):
            # Python forgets what it learned of a class that changes: let it learn again, and do not count that.
            clocks.counting = False
            await hold(app, channel, people=people, conversations=WARM_UP)
            clocks.counting = True
            with_clocks += await _cpu(app, channel, people, conversations)
    turns = ROUNDS * conversations * len(PARENT)
    each = 1e3 / turns
    parts = [
        Part(p.name, p.cpu * each, None if p.wall is None else p.wall * each)
        for p in parts_of(clocks, with_clocks)
    ]
    return parts, with_clocks / plain - 1


async def _cpu(app: App, channel: QuietChannel, people: int, conversations: int) -> float:
    began = time.process_time()
    await hold(app, channel, people=people, conversations=conversations)
    return time.process_time() - began


async def _measure(url: str, conversations: int) -> dict[int, tuple[list[Part], float]]:
    async with in_process.opened(url) as (app, channel):
        return {people: await _split(app, channel, people, conversations) for people in PEOPLE}


def main(*, conversations: int) -> None:
    with machine.on_disk() as folder:
        print(f"Stages of a turn, in process, SQLite durable; {machine.disk_line(folder)}")
        found = in_process.run(_measure(in_process.sqlite_url(folder), conversations // 2))
    for people, (parts, clocks_add) in found.items():
        total = next(p.cpu for p in parts if p.name == "in all")
        rows = [
            [p.name, f"{p.cpu:.3f}", f"{p.cpu / total:.2f}", "" if p.wall is None else f"{p.wall:.2f}"]
            for p in parts
        ]
        print(f"  {people} at once; the clocks themselves add {clocks_add:.0%}")
        print(machine.table(["stage", "CPU ms a turn", "ratio", "clock ms"], rows))

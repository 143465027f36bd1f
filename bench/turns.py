"""Turns per second and per core-second, in process: everything but the channel, kept durably."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from bench import in_process, machine
from bench.people import QuietChannel, hold
from bot.process import App

PEOPLE = (1, 8, 32)
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """One round: seconds of our processor, of the database server's, and of the clock, for one turn."""

    ours: float
    server: float
    wall: float


async def measure(
    app: App, channel: QuietChannel, *, people: int, conversations: int, server: Callable[[], float]
) -> Measured:
    began, ours, theirs = time.perf_counter(), time.process_time(), server()
    turns = await hold(app, channel, people=people, conversations=conversations)
    return Measured(
        (time.process_time() - ours) / turns,
        (server() - theirs) / turns,
        (time.perf_counter() - began) / turns,
    )


async def _rounds(url: str, conversations: int, server: Callable[[], float]) -> dict[int, Measured]:
    """Return the middle round for each number of people, the rounds taken in turn."""
    seen: dict[int, list[Measured]] = {people: [] for people in PEOPLE}
    async with in_process.opened(url) as (app, channel):
        for _ in range(ROUNDS):
            for people in PEOPLE:
                many = max(conversations // 4, people) if people == 1 else max(conversations, 2 * people)
                seen[people].append(await measure(app, channel, people=people, conversations=many, server=server))
    return {
        people: Measured(*(median(getattr(m, part) for m in rounds) for part in ("ours", "server", "wall")))
        for people, rounds in seen.items()
    }


def main(*, conversations: int) -> None:
    with machine.on_disk() as folder:
        print(f"Turns in process: {ROUNDS} rounds, the middle one; {machine.disk_line(folder)}")
        found = {"SQLite": in_process.run(_rounds(in_process.sqlite_url(folder), conversations, lambda: 0.0))}
        with in_process.postgresql(folder) as (url, server):
            found["PostgreSQL"] = in_process.run(_rounds(url, conversations, server))
    base = found["SQLite"][PEOPLE[0]]
    rows = [
        [
            f"{name}, {people} at once",
            f"{1 / m.ours:.0f}",
            f"{base.ours / m.ours:.2f}",
            f"{m.ours * 1e3:.2f}",
            f"{m.server * 1e3:.2f}" if m.server else "-",
            f"{1 / m.wall:.0f}",
            f"{base.wall / m.wall:.2f}",
            f"{m.wall * people * 1e3:.1f}",
        ]
        for name, by_people in found.items()
        for people, m in by_people.items()
    ]
    heads = ["durable", "turns/core-s", "ratio", "CPU ms", "server's ms", "turns/s", "ratio", "ms a turn"]
    print(machine.table(heads, rows))
    print("  CPU ms: of our process for one turn. Server's ms: the database server's own, not in turns/core-s.")
    print("  ms a turn: from the person's message to the next one they can send, that many at once.")

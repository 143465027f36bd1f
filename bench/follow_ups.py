"""Promises: how soon what is due is kept with a million others waiting, what those cost, and a rush with alerts.

Each measurement is a process of its own, the real application with all its bells, so that its memory and its
processor time are its own: with no promise waiting, and with a million.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import psutil

from bench import in_process, machine
from bench.people import QuietChannel
from bench.waiting import fill_or_begin, people_of
from bot.channels.base import OutboundMessage, Receipt
from bot.conversation.speaking import row_in
from bot.followups.due import Done, FollowUps, Handling, Moment
from bot.followups.kinds import KINDS, FollowUpKind, Weight, promise
from bot.process import App
from bot.settings import new_key
from storage.database import Database
from storage.outbox import OutboxKind
from storage.sealed import Keyring
from storage.unit_of_work import UnitOfWork

ROWS = 1_000_000
SINGLE = 300
"""Promises that fall due one by one, at random, while nothing else happens."""
SINGLE_SECONDS = 30.0
RUSH = 10_000
RUSH_SECONDS = 60.0
RUSH_RATE = 250.0
"""Messages a second in the rush: a channel that could take it within the minute. Telegram takes about 30."""
ALERTS = 60
IDLE_SECONDS = 20.0
LEAD = 15.0
"""Time to make promises before the first falls due, on a busy machine."""
DUTY = "-8000099"
ALL_ANSWERED = "UPDATE alert SET status = 'closed', next_step_at = NULL"
SPEAKING = [kind for kind, of in KINDS.items() if of.speaks]


class NotingChannel(QuietChannel):
    """Notes when each message came, by its words."""

    def __init__(self) -> None:
        super().__init__()
        self.came: dict[str, datetime] = {}

    async def send(self, message: OutboundMessage) -> Receipt:
        now = datetime.now(UTC)
        key = message.choices[0].id if message.choices else message.text
        self.came.setdefault(key, now)
        return await super().send(message)


@dataclass(frozen=True, slots=True)
class Kept:
    """When one promise was due, was kept, and its message sent."""

    weight: int
    due_at: datetime
    kept_at: datetime
    sent_at: datetime


# -- one process ----------------------------------------------------------------------------------------


class Measured:
    """The real application on one database, with a channel that notes and promises that say their number."""

    def __init__(self, url: str, keys: str) -> None:
        self.app: App = in_process.built(url, keys)
        self.channel = NotingChannel()
        self.kept: dict[str, tuple[int, datetime, datetime]] = {}
        self._numbers = iter(range(10**9))
        app = self.app
        channels: dict[str, Any] = {**app.dispatcher._channels, self.channel.name: self.channel}
        app.dispatcher._channels = channels
        for name, value in (("channel", self.channel.name), ("address", DUTY)):
            object.__setattr__(app.house.doorbell, name, value)
        area = app.house.area
        fast = area.follow_ups.model_copy(update={"per_second": RUSH_RATE})
        app.follow_ups = FollowUps(
            database=app.database,
            house=replace(app.house, area=area.model_copy(update={"follow_ups": fast})),
            handlings=dict.fromkeys(FollowUpKind, Handling(self._keep)),
            dispatcher=app.dispatcher,
            clock=app.clock,
        )

    def _keep(self, moment: Moment) -> Done:
        key, conversation = str(moment.follow_up.details["n"]), moment.conversation
        assert conversation is not None
        self.kept[key] = (moment.follow_up.weight, moment.follow_up.due_at, moment.now)
        return Done("said", (row_in(conversation, OutboxKind.NOTICE, {"text": key}, moment.house, moment.now),))

    async def start(self) -> float:
        """Start with every bell, and ring ours once; return the seconds it took."""
        began = time.perf_counter()
        await self.app.start()
        await self.app.follow_ups.tick()
        return time.perf_counter() - began

    async def promise(self, how_many: int, seconds: float, kinds: Sequence[FollowUpKind]) -> list[str]:
        """Promise so many things for the next seconds, at random instants; return their keys."""
        chance, keys = random.Random(how_many), [str(next(self._numbers)) for _ in range(how_many)]
        people = await self.app.database.run(people_of)
        begins = self.app.clock.now() + timedelta(seconds=LEAD + how_many / 200)
        plan = iter([(key, begins + timedelta(seconds=chance.uniform(0, seconds))) for key in keys])

        def some(uow: UnitOfWork, batch: list[tuple[str, datetime]]) -> None:
            for key, due_at in batch:
                who = chance.choice(people)
                promise(
                    uow,
                    chance.choice(kinds),
                    enquiry_id=who.enquiry_id,
                    conversation_id=who.id,
                    due_at=due_at,
                    details={"n": key},
                    now=self.app.clock.now(),
                )

        while batch := list(islice(plan, 500)):
            await self.app.database.run(lambda uow, b=batch: some(uow, b))  # type: ignore[misc]
        left = (begins - self.app.clock.now()).total_seconds()
        assert left > 0, "the machine is so busy that promises fell due before they were made"
        await asyncio.sleep(left)
        return keys

    async def wait_for(self, keys: Sequence[str], seconds: float) -> list[Kept]:
        """Return how each was kept, once all of them are and their messages are sent."""
        async with asyncio.timeout(seconds):
            while not all(key in self.channel.came for key in keys):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        return [Kept(*self.kept[key], self.channel.came[key]) for key in keys]

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[list[float]]:
        """Note meanwhile how much longer than asked a short sleep takes: the machine is late then, not we."""
        late: list[float] = []

        async def watch() -> None:
            while True:
                began = time.perf_counter()
                await asyncio.sleep(0.05)
                late.append(time.perf_counter() - began - 0.05)

        watching = asyncio.create_task(watch())
        yield late
        watching.cancel()

    async def raise_alerts(self, how_many: int, seconds: float) -> list[float]:
        """Raise alerts one after another; return how long each took to reach the duty chat."""
        people, waits = await self.app.database.run(people_of), []
        gap = seconds / how_many
        for number in range(how_many):
            who, now = people[number], self.app.clock.now()
            alert = await self.app.database.run(
                lambda uow, w=who, n=now: uow.alerts.raise_(  # type: ignore[misc]
                    enquiry_id=w.enquiry_id, conversation_id=w.id, urgency="immediate", now=n
                )
            )
            waits.append((f"ack.{alert.id}", now))
            await asyncio.sleep(gap)
        async with asyncio.timeout(60):
            while not all(key in self.channel.came for key, _ in waits):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        return [(self.channel.came[key] - now).total_seconds() for key, now in waits]


async def one(url: str, keys: str, *, single: int, rush: int, say: Callable[[str], None]) -> dict[str, Any]:
    measured = Measured(url, keys)
    me = psutil.Process()
    gc.collect()
    before = me.memory_info().rss
    start_up = await measured.start()
    await asyncio.sleep(3)
    say("idle")
    cpu, began = me.cpu_times(), time.perf_counter()
    await asyncio.sleep(IDLE_SECONDS)
    used = me.cpu_times()
    idle = (used.user + used.system - cpu.user - cpu.system) / (time.perf_counter() - began)
    say("busy")
    resting = me.memory_info().rss
    keys_of_single = await measured.promise(single, SINGLE_SECONDS, SPEAKING)
    async with measured.watched() as machine_late:
        alone = await measured.wait_for(keys_of_single, SINGLE_SECONDS + 60)
    rushed: list[Kept] = []
    alerts: list[float] = []
    if rush:
        keys_of_rush = await measured.promise(rush, RUSH_SECONDS, SPEAKING)
        alerts, rushed = await asyncio.gather(
            measured.raise_alerts(ALERTS, RUSH_SECONDS), measured.wait_for(keys_of_rush, 600)
        )
    gc.collect()
    after = me.memory_info().rss
    await measured.app.database.run(lambda uow: uow.connection.exec_driver_sql(ALL_ANSWERED))
    await measured.app.stop()
    return {
        "start_up": start_up,
        "idle": idle,
        "memory": resting / 2**20,
        "memory_before": before / 2**20,
        "memory_after": after / 2**20,
        "single": _lateness(alone),
        "machine": _spread(machine_late),
        "rush": _by_weight(rushed),
        "rush_seconds": _drained(rushed),
        "alerts": _spread(alerts),
    }


def _lateness(kept: Sequence[Kept]) -> dict[str, float]:
    """Return how late the messages were sent."""
    return _spread([(k.sent_at - k.due_at).total_seconds() for k in kept])


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    """Return how many there are, and the least, median, 99th in a hundred and greatest of them."""
    values = sorted(seconds)
    if not values:
        return {"count": 0}
    marks = {"least": 0.0, "median": 0.5, "p99": 0.99, "worst": 1.0}
    found = {name: values[min(len(values) - 1, int(len(values) * share))] for name, share in marks.items()}
    return {"count": len(values), **found}


def _by_weight(kept: Sequence[Kept]) -> dict[str, dict[str, float]]:
    groups: dict[str, list[Kept]] = defaultdict(list)
    for k in kept:
        groups[Weight(k.weight).name].append(k)
    return {name: _lateness(group) for name, group in groups.items()}


def _drained(kept: Sequence[Kept]) -> float:
    if not kept:
        return 0.0
    return (max(k.sent_at for k in kept) - min(k.due_at for k in kept)).total_seconds()


# -- all of them ----------------------------------------------------------------------------------------


def measure(name: str, url: str, server_cpu: Callable[[], float], rows: int, rush: int) -> list[dict[str, Any]]:
    """Measure with people and no promise, then with so many waiting; return both."""
    keys, found = new_key(), []
    database = Database(url, keyring=Keyring.from_text(keys))
    database.upgrade()
    for how_many in (0, rows):
        began = time.perf_counter()
        fill_or_begin(database, how_many)
        if not database.is_sqlite:
            in_process.vacuum(url)  # else the server does so while we measure
        print(f"  {name}: {how_many:,} promises wait ({time.perf_counter() - began:.0f} s to make)", flush=True)
        found.append(_in_a_process(url, keys, server_cpu, rush) | {"engine": name, "rows": how_many})
        print(f"    {json.dumps(found[-1])}", flush=True)  # however the rest of it goes
    database.dispose()
    return found


def _in_a_process(url: str, keys: str, server_cpu: Callable[[], float], rush: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.follow_ups", "--one", url, "--rush", str(rush)]
    with subprocess.Popen(
        command, cwd=machine.HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(keys + "\n")
        child.stdin.flush()
        server = 0.0
        for line in child.stdout:
            if line == "idle\n":
                server -= server_cpu()
            elif line == "busy\n":
                server += server_cpu()
            elif line.startswith("{"):
                return {**json.loads(line), "server_idle": server / IDLE_SECONDS}
    raise SystemExit("a measurement ended without figures")


def _milliseconds(spread: Mapping[str, float]) -> list[str]:
    return [f"{1e3 * spread[name]:.0f}" for name in ("median", "p99", "worst")]


def tell(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Say what was found: a row for each measurement, and the ratios of a million to none."""
    heads = [
        "promises waiting",
        "start-up s",
        "idle CPU %",
        "with server %",
        "memory MB",
        "due: p50 ms",
        "p99 ms",
        "worst ms",
        "machine's own p99 ms",
    ]
    rows = [
        [
            f"{f['engine']}, {f['rows']:,}",
            f"{f['start_up']:.2f}",
            f"{100 * f['idle']:.2f}",
            f"{100 * (f['idle'] + f['server_idle']):.2f}",
            f"{f['memory']:.1f}",
            *_milliseconds(f["single"]),
            _milliseconds(f["machine"])[1],
        ]
        for f in found
    ]
    yield machine.table(heads, rows)
    for none, many in zip(found[::2], found[1::2], strict=True):
        yield (
            f"  {many['engine']}, many to none: start-up {many['start_up'] - none['start_up']:+.2f} s, "
            f"idle {100 * (many['idle'] + many['server_idle'] - none['idle'] - none['server_idle']):+.2f} points, "
            f"memory {many['memory'] / none['memory']:.2f}, "
            f"p99 {many['single']['p99'] / none['single']['p99']:.2f}"
        )
    for f in found:
        if not f["rush"]:
            continue
        how_many = sum(spread["count"] for spread in f["rush"].values())
        yield (
            f"\n  {f['engine']}, {f['rows']:,} waiting: {how_many:,} due within {RUSH_SECONDS:.0f} s, at most "
            f"{RUSH_RATE:.0f} messages a second; all were sent after {f['rush_seconds']:.0f} s; "
            f"memory {f['memory']:.1f} MB before, {f['memory_after']:.1f} MB after"
        )
        order = {weight.name: weight for weight in Weight}
        groups = [("alerts", f["alerts"])]
        groups += [(name.lower(), f["rush"][name]) for name in sorted(f["rush"], key=lambda name: order[name])]
        yield machine.table(
            ["late by", "median ms", "p99 ms", "worst ms"],
            [[f"{name} ({spread['count']})", *_milliseconds(spread)] for name, spread in groups],
        )


def main(*, rows: int = ROWS, rush: int = RUSH) -> None:
    with machine.on_disk() as folder:
        logging.getLogger("alembic").setLevel(logging.WARNING)
        print(f"Promises, in processes of their own with every bell; {machine.disk_line(folder)}")
        found = measure("SQLite", in_process.sqlite_url(folder), lambda: 0.0, rows, rush)
        with in_process.postgresql(Path(folder)) as (url, cpu):
            found += measure("PostgreSQL", url, cpu, rows, rush)
    for line in tell(found):
        print(line)


def _as_child(url: str, rush: int) -> None:
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    keys = sys.stdin.readline().strip()
    found = in_process.run(one(url, keys, single=SINGLE, rush=rush, say=lambda line: print(line, flush=True)))
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser(prog="python -m bench.follow_ups", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rush", type=int, default=RUSH)
    parser.add_argument("--one", metavar="URL", help=argparse.SUPPRESS)
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        if given.one:
            _as_child(given.one, given.rush)
        else:
            print(machine.line())
            main(rows=given.rows, rush=given.rush)

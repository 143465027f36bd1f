"""From a message received to the alert in the duty chat, while other conversations go on."""

from __future__ import annotations

import asyncio
import time
from itertools import count
from statistics import median

from bench import in_process, machine
from bench.people import PARENT, Person, QuietChannel
from bot.channels.base import InboundMessage, OutboundMessage, Receipt
from bot.process import App

OTHERS = 50
"""Turns a second of other people's conversations."""
ALARMS = 100
EVERY = 0.1
"""Seconds from one alarm to the next."""
IN_DANGER = "i have taken an overdose"

_alarms = count(1)


class DutyChannel(QuietChannel):
    """Where the duty chat is: notes when an alert of an address arrives there."""

    def __init__(self, chat: str) -> None:
        super().__init__()
        self.chat = chat
        self.arrived: dict[str, float] = {}
        self.rung = asyncio.Event()

    async def send(self, message: OutboundMessage) -> Receipt:
        if message.address == self.chat and message.choices:
            self.arrived.setdefault(message.choices[0].id, time.perf_counter())
            self.rung.set()
        return await super().send(message)


async def others(app: App, channel: QuietChannel, until: asyncio.Event, taken: list[int]) -> None:
    """Hold conversations at so many turns a second, whatever each of them waits for."""
    waiting: set[asyncio.Task[None]] = set()
    beats = time.perf_counter()

    async def hold() -> None:
        person = Person(app, channel)
        for line in PARENT:
            await person.says(line)
            taken.append(1)
            await asyncio.sleep(1)
        del channel.people[person.address]

    while not until.is_set():
        task = asyncio.create_task(hold())
        waiting.add(task)
        task.add_done_callback(waiting.discard)
        # Each takes a turn a second, so that so many talk at once; a new one takes the place of one that ended.
        beats += len(PARENT) / OTHERS
        await asyncio.sleep(max(0.0, beats - time.perf_counter()))
    for task in list(waiting):
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def alarm(app: App, channel: DutyChannel) -> float:
    """Somebody is in danger: return the seconds until the duty chat shows it."""
    number = next(_alarms)
    address = str(8_000_000 + number)
    message = InboundMessage(
        channel=QuietChannel.name,
        address=address,
        external_id=f"{address}-1",
        received_at=app.clock.now(),
        text=IN_DANGER,
        order=1,
        language="en",
    )
    began = time.perf_counter()
    known = set(channel.arrived)
    await app.line.accept([message])
    conversation = await app.database.run(lambda uow: uow.conversations.find(QuietChannel.name, address))
    assert conversation is not None
    enquiry_id = conversation.enquiry_id
    [alert] = await app.database.run(lambda uow: uow.alerts.of(enquiry_id))
    button = f"ack.{alert.id}"
    assert button not in known
    async with asyncio.timeout(30):
        while button not in channel.arrived:
            channel.rung.clear()
            await channel.rung.wait()
    return channel.arrived[button] - began


async def measure(url: str, alarms: int) -> tuple[list[float], float]:
    """Return how long each alarm took, and the turns a second of the others meanwhile."""
    async with in_process.opened(url) as (app, _):
        chat = "-8000099"
        channel = DutyChannel(chat)
        channels = {**app.dispatcher._channels, channel.name: channel}
        app.dispatcher._channels = channels
        app.line._channels = channels
        doorbell = app.house.doorbell
        object.__setattr__(doorbell, "channel", channel.name)
        object.__setattr__(doorbell, "address", chat)
        over, taken = asyncio.Event(), list[int]()
        busy = asyncio.create_task(others(app, channel, over, taken))
        await asyncio.sleep(len(PARENT))  # until as many talk as will
        del taken[:]
        began = time.perf_counter()
        ringing = []
        for _ in range(alarms):
            ringing.append(asyncio.create_task(alarm(app, channel)))
            await asyncio.sleep(EVERY)
        waits = await asyncio.gather(*ringing)
        rate = len(taken) / (time.perf_counter() - began)
        over.set()
        await busy
        return sorted(waits), rate


def main(*, alarms: int = ALARMS) -> None:
    print("Message received to alert in the duty chat, in process")
    found = in_process.on_each(lambda url: measure(url, alarms), with_postgresql=True)
    rows = [
        [
            name,
            f"{rate:.0f}",
            f"{median(waits) * 1e3:.0f}",
            f"{waits[len(waits) * 95 // 100] * 1e3:.0f}",
            f"{waits[min(len(waits) - 1, len(waits) * 99 // 100)] * 1e3:.0f}",
            f"{waits[-1] * 1e3:.0f}",
        ]
        for name, (waits, rate) in found.items()
    ]
    heads = [f"{alarms} alarms", "others' turns/s", "median ms", "p95 ms", "p99 ms", "worst ms"]
    print(machine.table(heads, rows))
    print(f"  The others begin {OTHERS} turns a second; where they took fewer, the machine had no more to give.")

"""One life of a process that climbs ladders, killed at the very place it is told to.

Run as `python -m tests.crash.climber`. Each line read is a life, as JSON; it is lived in a process of its own, and
the answer is how that one ended. What it sends is added to a file, which outlives it as a chat would.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from bot.channels.base import OutboundMessage, Receipt
from bot.clock import SteppedClock
from bot.conversation.speaking import outbound
from bot.outbox.dispatcher import Dispatcher, owner_name
from bot.safeguarding.alerts import Alerts, on_failure
from bot.safeguarding.doorbell import DutyDoorbell
from flows.loader import DEFINITIONS, load_area, load_wording
from storage.alerts import Alerts as StoredAlerts
from storage.database import Database
from storage.sealed import Keyring

PLACES = ("in_the_step", "committed", "sending", "sent")
"""The step is written and not committed; committed and not sent; about to be sent; sent, and nobody knows."""

DUTY = "-8000099"
AREA, WORDING = load_area(DEFINITIONS / "areas" / "exampleshire.yaml"), load_wording()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class FileChannel:
    """Adds what is sent to a file, a line each."""

    name = "telegram"

    def __init__(self, path: Path, place: str) -> None:
        self._path = path
        self._place = place

    async def send(self, message: OutboundMessage) -> Receipt:
        if self._place == "sending":
            die()
        with self._path.open("ab") as file:
            file.write(orjson.dumps([message.id, message.address, message.text]) + b"\n")
            file.flush()
        if self._place == "sent":
            die()
        return Receipt((message.id,))

    async def show_typing(self, address: str) -> None:
        del address

    async def clear(self, address: str, refs: tuple[str, ...]) -> int:
        del address, refs
        return 0


async def live(life: dict[str, Any]) -> None:
    """Ring the bells once, as `frontdoor worker` does, and die at the place."""
    clock, lease = SteppedClock(datetime.fromisoformat(life["now"])), timedelta(seconds=20)
    database = Database(life["url"], keyring=Keyring.from_text(life["keys"]))
    owner = owner_name()
    doorbell = DutyDoorbell("telegram", DUTY, WORDING, {}, owner, lease, AREA, ways=frozenset({"telegram"}))
    dispatcher = Dispatcher(
        database=database,
        channels={"telegram": FileChannel(Path(life["path"]), life["place"])},
        read=outbound,
        clock=clock,
        owner=owner,
        lease=lease,
        on_failure=partial(on_failure, doorbell),
    )
    if life["place"] == "in_the_step":
        _die_after_writing_a_step()
    if life["place"] == "committed":
        dispatcher.offer = lambda rows: die() if rows else None  # type: ignore[method-assign]
    alerts = Alerts(database=database, doorbell=doorbell, dispatcher=dispatcher, clock=clock)
    await alerts.tick()
    await dispatcher.settle()
    await dispatcher.tick()
    await dispatcher.settle()
    database.dispose()


def _die_after_writing_a_step() -> None:
    write = StoredAlerts.note_step

    def write_and_die(self: StoredAlerts, *given: Any, **named: Any) -> Any:
        write(self, *given, **named)
        die()

    StoredAlerts.note_step = write_and_die  # type: ignore[method-assign]


def main() -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            asyncio.run(live(orjson.loads(line)))
            os._exit(0)
        _, status = os.waitpid(number, 0)
        print("killed" if os.WIFSIGNALED(status) else f"ended {os.WEXITSTATUS(status)}", flush=True)


if __name__ == "__main__":
    main()

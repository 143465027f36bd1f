"""One life of a process that keeps promises, as `frontdoor worker` does, until it is killed or nothing is left.

Run as `python -m tests.crash.keeper`. Each line read is a life, as JSON; it is lived in a process of its own,
whose number is the answer. What it sends is added to a file, which outlives it as a chat would.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from bot.clock import SystemClock
from bot.conversation.house import House
from bot.conversation.routing import FlowShelf
from bot.conversation.speaking import outbound
from bot.followups.due import Done, FollowUps, Handling, Moment
from bot.followups.kinds import FollowUpKind
from bot.outbox.dispatcher import Dispatcher, owner_name
from bot.safeguarding.doorbell import DutyDoorbell
from flows.area import Area
from flows.loader import DEFINITIONS, load_area, load_catalog, load_wording
from storage.database import Database
from storage.sealed import Keyring
from tests.crash.climber import DUTY, FileChannel
from tests.flows.playing import front_door
from tests.followups.promising import message

FAST = 1000.0
"""Messages in a second: these tests are about who dies, not about a channel's rate."""
LONG_AFTER = datetime(2100, 1, 1, tzinfo=UTC)
WORDING, CATALOG, FLOW = load_wording(), load_catalog(), front_door()


def _area() -> Area:
    area = load_area(DEFINITIONS / "areas" / "exampleshire.yaml")
    return area.model_copy(update={"follow_ups": area.follow_ups.model_copy(update={"per_second": FAST})})


AREA = _area()


def keeps(moment: Moment) -> Done:
    """Keep it, and say which one it was where somebody is to hear of it."""
    number = moment.follow_up.details["n"]
    return Done("said", (message(moment, f"{number}"),) if moment.follow_up.details["speaks"] else ())


async def live(life: dict[str, Any]) -> None:
    """Ring the bells until nothing is left."""
    clock, lease, owner = SystemClock(), timedelta(seconds=20), owner_name()
    database = Database(life["url"], keyring=Keyring.from_text(life["keys"]))
    doorbell = DutyDoorbell("telegram", DUTY, WORDING, {}, owner, lease, AREA, ways=frozenset({"telegram"}))
    house = House(AREA, WORDING, CATALOG, FlowShelf(FLOW), doorbell, owner, lease)
    dispatcher = Dispatcher(
        database=database,
        channels={"telegram": FileChannel(Path(life["path"]), "")},
        read=outbound,
        clock=clock,
        owner=owner,
        lease=lease,
    )
    follow_ups = FollowUps(
        database=database,
        house=house,
        handlings=dict.fromkeys(FollowUpKind, Handling(keeps)),
        dispatcher=dispatcher,
        clock=clock,
    )
    while await database.run(lambda uow: uow.due.next(until=LONG_AFTER, limit=1)):
        await follow_ups.tick()
        await dispatcher.tick()
        await asyncio.sleep(0.02)
    await dispatcher.settle()
    database.dispose()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who are killed
    print("ready", flush=True)
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            asyncio.run(live(orjson.loads(line)))
            os._exit(0)
        print(number, flush=True)


if __name__ == "__main__":
    main()

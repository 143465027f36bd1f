"""Whatever else falls due, an alert waits for nothing: not for a slow channel, not for ten thousand promises."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.channels.base import OutboundMessage, Receipt
from bot.clock import SteppedClock
from bot.followups.kinds import FollowUpKind
from bot.outbox.dispatcher import SEND_AT_ONCE
from storage.database import Database
from storage.outbox import OutboxRecord
from tests.conversation.front import DUTY, Front, Outside, Sender, build_front
from tests.followups.promising import keeping, promised, ring
from tests.safeguarding.climbing import in_danger
from tests.storage.builders import NOW, outgoing


class Stuck(Outside):
    """A channel that takes the duty chat's messages, and keeps all others waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = 0
        self.open = asyncio.Event()

    async def send(self, message: OutboundMessage) -> Receipt:
        if message.address != DUTY:
            self.waiting += 1
            await self.open.wait()
        return await super().send(message)


def kept(front: Front) -> int:
    """Return how many promises are kept by now."""
    row = front.database.run_now(
        lambda uow: uow.connection.exec_driver_sql(
            "SELECT count(*) FROM follow_up WHERE kind = 'campaign' AND done_at IS NOT NULL"
        ).one()
    )
    return int(row[0])


async def test_an_alert_goes_past_all_that_is_stuck(sqlite_database: Database, clock: SteppedClock) -> None:
    """Telegram answers slowly to forty people: the duty chat hears of danger at once all the same."""
    outside = Stuck()
    front = build_front(sqlite_database, clock=clock, outside=outside)
    held = {"claimed_by": front.house.owner, "claimed_until": NOW + timedelta(minutes=1)}
    many = [outgoing(address=f"96{n:04}", **held) for n in range(SEND_AT_ONCE + 8)]

    def put(*rows: object) -> list[OutboxRecord]:
        return sqlite_database.run_now(lambda uow: uow.outbox.put(rows))  # type: ignore[arg-type]

    front.dispatcher.offer(put(*many))
    async with asyncio.timeout(10):
        while outside.waiting < SEND_AT_ONCE:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    # a reminder for the same chat waits in the line of all others
    front.dispatcher.offer(put(outgoing(address=DUTY, payload={"text": "a task"}, **held)))
    front.dispatcher.offer(put(outgoing(address=DUTY, urgent=True, payload={"text": "danger"}, **held)))
    async with asyncio.timeout(10):
        while "danger" not in outside.duty:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert outside.waiting == SEND_AT_ONCE
    outside.open.set()
    await front.dispatcher.settle()


async def test_an_alert_goes_before_promises_that_wait_to_be_sent(front: Front, clock: SteppedClock) -> None:
    """A hundred promises were decided and a worker rang: the worker's bell does not stand in the line."""
    for n in range(100):
        promised(front, clock, kind=FollowUpKind.CAMPAIGN, address=f"96{n + 100:04}")
    front.dispatcher.offer = lambda rows: None  # type: ignore[method-assign]  # all is left to the bell
    for _ in range(20):
        await keeping(front, clock).tick()
        clock.tick(timedelta(seconds=1))
    alert = await in_danger(front, Sender(front.outside, clock))
    clock.tick(front.house.lease + timedelta(seconds=1))
    claimed = front.database.run_now(
        lambda uow: uow.outbox.claim_due(now=clock.now(), owner="me", lease=timedelta(seconds=1), limit=200)
    )
    urgent = [row.urgent for row in claimed]
    assert any(urgent)
    assert urgent == sorted(urgent, reverse=True)
    assert alert.enquiry_id in {row.enquiry_id for row in claimed if row.urgent}


async def test_an_alert_is_raised_while_promises_are_kept(front: Front, clock: SteppedClock) -> None:
    """Ten thousand promises may be due: their unit of work is short, and the alert's comes between two of them."""
    for n in range(300):
        promised(front, clock, kind=FollowUpKind.CAMPAIGN, address=f"96{n + 100:04}", details={"n": n})
    follow_ups = keeping(front, clock)
    busy = asyncio.create_task(follow_ups.tick())
    await in_danger(front, Sender(front.outside, clock))
    assert any("Concern" in text for text in front.outside.duty)
    assert kept(front) < 300, "the promises were all kept first"
    await busy
    for _ in range(300):
        if kept(front) == 300:
            break
        clock.tick(timedelta(seconds=1))
        await ring(front, follow_ups)
    assert kept(front) == 300

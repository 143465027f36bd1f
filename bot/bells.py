"""The bells of one process: what is looked for again and again, and how often."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.clock import Clock
from bot.conversation.house import House
from bot.conversation.turn import Line
from bot.desk.feed import Feed
from bot.desk.holding import Holds
from bot.followups.call_backs import check_rota
from bot.followups.due import FollowUps
from bot.followups.records import end_old_clocks, promise_missing
from bot.followups.retention import delete_old
from bot.outbox.dispatcher import Dispatcher
from bot.safeguarding.alerts import Alerts
from bot.schedule import Bell
from storage.database import Database
from storage.identifiers import EnquiryId

OUTBOX_BELL = timedelta(seconds=1)
ALERTS_BELL = timedelta(seconds=0.5)
"""A step is taken within a second of falling due."""
QUEUE_BELL = timedelta(seconds=1)
CALLS_BELL = timedelta(minutes=1)
"""How soon a change of the rota is seen to leave a call that was promised without anybody to make it."""
HOLDS_BELL = timedelta(seconds=2)
FOLLOW_UPS_BELL = timedelta(seconds=0.5)
"""A promise is kept within a second of falling due."""
DRAFTS_BELL = timedelta(hours=1)
RECORDS_BELL = timedelta(hours=1)
"""How soon a change of the rules for records is seen. What falls due is a follow-up like any other."""
TURNS_BELL = timedelta(seconds=2)
TURN_IS_LATE_AFTER = timedelta(seconds=5)
"""A turn kept so long ago and not answered belonged to a process that died, or to a failure."""


def bells_of(
    *,
    database: Database,
    house: House,
    line: Line,
    dispatcher: Dispatcher,
    alerts: Alerts,
    holds: Holds,
    follow_ups: FollowUps,
    feed: Feed,
    clock: Clock,
) -> list[Bell]:
    """Return every bell there is."""
    return [
        Bell("outbox", OUTBOX_BELL, dispatcher.tick),
        Bell("alerts", ALERTS_BELL, alerts.tick),
        Bell("holds", HOLDS_BELL, holds.tick),
        Bell("follow_ups", FOLLOW_UPS_BELL, follow_ups.tick),
        Bell("queue", QUEUE_BELL, feed.refresh),
        Bell("calls", CALLS_BELL, partial(_check_rota, database, house, dispatcher, clock)),
        Bell("drafts", DRAFTS_BELL, partial(_erase_old_drafts, database, house, clock)),
        Bell("records", RECORDS_BELL, partial(_set_clocks_of_records, database, house, clock)),
        Bell("turns", TURNS_BELL, partial(line.take_up_unhandled, TURN_IS_LATE_AFTER)),
    ]


async def _check_rota(database: Database, house: House, dispatcher: Dispatcher, clock: Clock) -> int:
    """See that the rota can still keep every call we promised; return how many messages say otherwise."""
    now = clock.now()
    rows = await database.run(lambda uow: check_rota(uow, house, now))
    dispatcher.offer(rows)
    return len(rows)


async def _erase_old_drafts(database: Database, house: House, clock: Clock) -> int:
    """Delete drafts that were never sent and held no worry, as the person was told; return how many."""
    now = clock.now()
    return len(await database.run(lambda uow: delete_old(uow, house.area.retention, now)))


async def _set_clocks_of_records(database: Database, house: House, clock: Clock) -> None:
    """See that each closed record a rule is for has a clock, and by the rules of today."""
    now, after = clock.now(), EnquiryId("")
    while await database.run(lambda uow: end_old_clocks(uow, house.area.retention, now)):
        pass
    while found := await database.run(
        partial(promise_missing, area=house.area, working_time=house.working_time, now=now, after=after)
    ):
        after = found

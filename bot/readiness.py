"""Says whether messages can be taken and duty workers told."""

from __future__ import annotations

import asyncio
import logging

from bot.outbox.dispatcher import Dispatcher
from bot.rasa.engine import RasaEngine
from nlu.base import Understander
from storage.database import Database

log = logging.getLogger(__name__)

SECONDS = 5
"""A store that takes longer is not there."""


async def readiness_of(
    database: Database, dispatcher: Dispatcher, engine: RasaEngine | Understander
) -> dict[str, bool | str]:
    """Say of each part whether nothing waits long past its time, and name the understander that answers.

    One that is away does not make the front door unready.
    """
    understanding = await engine.answering() if isinstance(engine, RasaEngine) else engine.name
    try:
        oldest, duty = await asyncio.wait_for(
            database.run(lambda uow: (uow.outbox.oldest_pending_at(), uow.outbox.oldest_duty_at())), SECONDS
        )
    except Exception:
        log.exception("readiness.store_failed")
        return {"store": False, "outbox": False, "duty": False, "understanding": understanding}
    return {
        "store": True,
        "outbox": dispatcher.is_keeping_up(oldest),
        "duty": dispatcher.is_keeping_up(duty),
        "understanding": understanding,
    }

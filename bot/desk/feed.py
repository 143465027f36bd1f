"""The live feed of the desk: what changed and which alerts climb, told to each open page as its worker may see it.

One look at the database serves every page open in this process, so that it makes no difference which process a
person wrote to, or which one an alert climbs in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import orjson

from bot.channels.webchat import Hub, HubClosed, Listener
from bot.clock import Clock
from bot.desk.access import Act, may_see_incident
from bot.desk.queue import Placing, refresh
from bot.desk.settings import DeskSettings
from bot.desk.signing import SignedIn, Signing
from storage.database import Database
from storage.identifiers import EnquiryId
from storage.incidents import IncidentRecord
from storage.queue import Place
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

RETRY = b"retry: 1000\n\n"
SIGNED_OUT = b"event: signed-out\ndata: {}\n\n"
MOST_ALERTS = 200
MOST_CHANGES = 500
_PLACE = "desk"
"""Where the feed listens at the hub, which says when the server stops."""
_STILL_HERE_EVERY = 5.0
"""Seconds. A page that hears nothing for longer says that it has lost touch."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What one look at the database found."""

    change: int
    changed: list[Place]
    alerts: list[tuple[Place, str]]
    incidents: list[tuple[IncidentRecord, Place | None]]
    asked: frozenset[str]
    signed_in: dict[str, SignedIn]


@dataclass(slots=True, eq=False)
class _Seat:
    """One open page. `told` is what it was told last; `news` waits to be sent, the newest only."""

    session_id: str
    since: int
    told: dict[str, Any] | None = None
    has_changed: bool = False
    is_signed_out: bool = False
    is_over: bool = False
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class Feed:
    """Made once for a process; used from one event loop."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        placing: Placing,
        signing: Signing,
        settings: DeskSettings,
        hub: Hub,
    ) -> None:
        self._database = database
        self._clock = clock
        self._placing = placing
        self._signing = signing
        self._settings = settings
        self._hub = hub
        self._seats: set[_Seat] = set()
        self._woken = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._change = 0

    def wake(self) -> None:
        """Look at once: something was just done at the desk."""
        self._woken.set()

    async def refresh(self) -> int:
        """Work out anew the places that were marked, whether or not a page is open; return how many changed."""
        return await self._database.run(lambda uow: refresh(uow, self._placing))

    async def settle(self) -> None:
        """Work out every place that other clocks had worked out, or that was marked while nobody looked."""
        rules = self._placing.rules
        await self._database.run(lambda uow: uow.queue.mark_older_than(rules))
        while await self._database.run(lambda uow: (refresh(uow, self._placing), uow.queue.has_marks())[1]):
            continue

    async def stream(self, session_id: str, since: int) -> AsyncIterator[bytes]:
        """Yield events until the session or the server ends. `since`: the last change that the page shows."""
        yield RETRY
        seat = _Seat(session_id, since)
        self._seats.add(seat)
        try:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._keep_looking())
            self._woken.set()
            while not seat.is_over:
                with suppress(TimeoutError):
                    await asyncio.wait_for(seat.woken.wait(), _STILL_HERE_EVERY)
                seat.woken.clear()
                if seat.is_signed_out:
                    yield SIGNED_OUT
                    return
                if seat.told is not None and not seat.is_over:
                    news = _event(seat.told | {"changed": seat.has_changed})
                    seat.has_changed = False
                    yield news
        finally:
            self._seats.discard(seat)

    async def _keep_looking(self) -> None:
        """Look again and again, as long as a page is open and the server runs."""
        async with self._hub.subscribe(_PLACE) as listener:
            closing = asyncio.create_task(_closed(listener))
            while self._seats and not closing.done():
                try:
                    self._tell(await self._database.run(self._look))
                except Exception:
                    log.exception("desk.feed_failed")  # pages hear nothing, and say so
                await self._pause(closing)
            closing.cancel()
        for seat in self._seats:
            seat.is_over = True
            seat.woken.set()

    async def _pause(self, closing: asyncio.Task[None]) -> None:
        """Wait until it is time to look again, or to stop."""
        woken = asyncio.create_task(self._woken.wait())
        await asyncio.wait(
            {closing, woken},
            timeout=self._settings.look_again_seconds,
            return_when=asyncio.FIRST_COMPLETED,
        )
        woken.cancel()
        self._woken.clear()

    def _look(self, uow: UnitOfWork) -> _Look:
        now = self._clock.now()
        refresh(uow, self._placing)
        incidents = uow.incidents.standing()
        about = list({i.enquiry_id for i in incidents if i.enquiry_id is not None})
        places = places_of(uow, self._placing, about)
        asked = frozenset(seat.session_id for seat in self._seats.copy())
        signed_in = {}
        for session_id in asked:
            found = self._signing.standing(uow, session_id, now)
            if found is not None:
                signed_in[session_id] = found
        return _Look(
            change=uow.queue.last_change(),
            changed=uow.queue.changed_after(self._change, MOST_CHANGES),
            alerts=uow.queue.alerting(MOST_ALERTS),
            incidents=[(i, places.get(i.enquiry_id) if i.enquiry_id else None) for i in incidents],
            asked=asked,
            signed_in=signed_in,
        )

    def _tell(self, look: _Look) -> None:
        first_look, self._change = self._change == 0, look.change
        for seat in self._seats:
            if seat.session_id not in look.asked:  # it sat down during the look
                continue
            signed_in = look.signed_in.get(seat.session_id)
            if signed_in is None:
                seat.is_signed_out = True
                seat.woken.set()
                continue
            state = _state(look, signed_in)
            is_new = seat.told is None
            changed = look.change != seat.since if is_new else _concerns(look, signed_in, first_look)
            if changed or state != seat.told:
                seat.has_changed = seat.has_changed or changed
                seat.told = state
                seat.woken.set()


async def _closed(listener: Listener) -> None:
    """Return once the server stops."""
    with suppress(HubClosed):
        while True:
            await listener.next()


def places_of(uow: UnitOfWork, placing: Placing, ids: list[EnquiryId]) -> dict[EnquiryId, Place]:
    """Return where enquiries stand by what is kept at this moment, listed or not."""
    found = (placing.place(facts) for facts in uow.queue.facts(ids)) if ids else ()
    return {place.enquiry_id: place for place in found}


def _state(look: _Look, signed_in: SignedIn) -> dict[str, Any]:
    sees_queue = signed_in.allows(Act.SEE_QUEUE)
    alerts = [
        {"reference": reference, "urgency": place.urgency.value, "why": place.why}
        for place, reference in look.alerts
        if sees_queue and signed_in.sight.sees(place)
    ]
    incidents = sum(may_see_incident(signed_in.worker, place, signed_in.sight) for _, place in look.incidents)
    return {"alerts": alerts, "incidents": incidents, "rings": signed_in.allows(Act.ANSWER)}


def _concerns(look: _Look, signed_in: SignedIn, is_first_look: bool) -> bool:
    """Say whether this page may have to change. Of the closed queue nobody is told more than that."""
    if is_first_look or len(look.changed) >= MOST_CHANGES:
        return True
    return any(place.closed_queue or signed_in.sight.sees(place) for place in look.changed)


def _event(state: dict[str, Any]) -> bytes:
    return b"event: state\ndata: " + orjson.dumps(state) + b"\n\n"

"""The frame of every page of the desk: what they are made with, and what each shows besides its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.clock import Clock
from bot.conversation.house import House
from bot.conversation.turn import Line
from bot.desk.access import Act, may, may_see_incident
from bot.desk.feed import MOST_ALERTS, Feed, places_of
from bot.desk.queue import Placing, refresh
from bot.desk.settings import DeskSettings
from bot.desk.shown import Times, length
from bot.desk.signing import NotAllowed, SignedIn, Signing
from bot.outbox.dispatcher import Dispatcher
from bot.pages.assets import Assets, Pages
from bot.rota_drawing import TITLES
from bot.safeguarding.doorbell import DutyDoorbell
from flows.area import Area
from storage.database import Database
from storage.enquiries import EnquiryRecord
from storage.outbox import OutboxRecord
from storage.queue import Place, QueueView
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
SEE_OTHER = 303


class NotThere(Exception):
    """There is no such thing, or they may not see it: the two are answered alike."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the desk's pages are made with."""

    database: Database
    clock: Clock
    area: Area
    doorbell: DutyDoorbell
    dispatcher: Dispatcher
    signing: Signing
    feed: Feed
    placing: Placing
    settings: DeskSettings
    house: House
    line: Line

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.database.run(work)

    def sent(self, rows: Sequence[OutboxRecord]) -> None:
        """Send what a unit put in the outbox, and let every open desk see what was done."""
        self.dispatcher.offer(rows)
        self.feed.wake()

    def label(self, indicator: str) -> str:
        """Return an indicator's name, of the closed queue too: whoever reads it may see the enquiry."""
        known = self.doorbell.indicators.get(indicator)
        return known.label if known else self.doorbell.label(indicator)

    def place_of(self, uow: UnitOfWork, enquiry: EnquiryRecord) -> Place:
        """Return where an enquiry stands by what is kept at this moment."""
        return places_of(uow, self.placing, [enquiry.id])[enquiry.id]


class DeskPages:
    """Renders the desk's templates, with what each page says of whoever is signed in."""

    def __init__(self, desk: Desk, assets: Assets) -> None:
        self._desk = desk
        self.times = Times(desk.area.timezone)
        wording = desk.doorbell.wording
        self._pages = Pages(
            assets,
            {
                "area": desk.area,
                "words": wording.text,
                "titles": {role.value: title for role, title in TITLES.items()},
                "views": list(QueueView),
                "length": length,
            },
            folder=HERE / "templates",
        )

    def plain(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """Answer with a page for somebody who is not signed in."""
        return self._pages.render(request, template, status, secret=True, me=None, **values)

    async def render(
        self, request: Request, signed_in: SignedIn, template: str, status: int = 200, **values: Any
    ) -> Response:
        """Answer with a page that shows, whatever it is about, what nobody has answered."""
        standing = await self._desk.run(lambda uow: standing_of(uow, self._desk, signed_in))
        return self.rendered(request, signed_in, template, standing, status, **values)

    def rendered(
        self,
        request: Request,
        signed_in: SignedIn,
        template: str,
        standing: dict[str, Any],
        status: int = 200,
        **values: Any,
    ) -> Response:
        now = self._desk.clock.now()
        shared = {
            "me": signed_in.worker,
            "mark": signed_in.mark,
            "allows": lambda act: signed_in.allows(Act(act)),
            "now": now,
            "clock": self.times.clock,
            "when": lambda at: self.times.when(at, now),
            "span": lambda starts_at, ends_at: self.times.span(starts_at, ends_at, now),
            "said": request.query_params.get("said", ""),
        }
        return self._pages.render(request, template, status, secret=True, **{**shared, **standing, **values})


def standing_of(uow: UnitOfWork, desk: Desk, signed_in: SignedIn) -> dict[str, Any]:
    """Return what every page shows: alerts nobody has answered, how many incidents stand, and the last change."""
    refresh(uow, desk.placing)
    sees = signed_in.sight.sees if signed_in.allows(Act.SEE_QUEUE) else lambda _: False
    alerts = [(place, reference) for place, reference in uow.queue.alerting(MOST_ALERTS) if sees(place)]
    incidents = uow.incidents.standing()
    places = places_of(uow, desk.placing, [i.enquiry_id for i in incidents if i.enquiry_id])
    seen = [
        i
        for i in incidents
        if may_see_incident(signed_in.worker, places.get(i.enquiry_id) if i.enquiry_id else None, signed_in.sight)
    ]
    return {
        "alerts": alerts,
        "incident_count": len(seen),
        "change": uow.queue.last_change(),
        "reviews": len(uow.broken_glass.to_review()) if signed_in.allows(Act.SEE_GLASS) else 0,
    }


def sought(uow: UnitOfWork, desk: Desk, signed_in: SignedIn, reference: str) -> tuple[EnquiryRecord, Place]:
    """Return an enquiry that is seen, or for which the glass could be broken. Raises `NotThere`."""
    enquiry = uow.enquiries.by_reference(reference) if signed_in.allows(Act.SEE_QUEUE) else None
    if enquiry is None:
        raise NotThere
    place = desk.place_of(uow, enquiry)
    if signed_in.sight.sees(place) or may(signed_in.worker, Act.BREAK_GLASS, place, signed_in.sight.opened):
        return enquiry, place
    raise NotThere


async def allowed(desk: Desk, request: Request, act: Act) -> SignedIn:
    """Return who asks for a page, if they may do this at all. Raises `NotAllowed`."""
    return _who_may(await desk.signing.who(request), act)


async def checked(desk: Desk, request: Request, act: Act) -> SignedIn:
    """Return who sent a form, if it is our own and they may do this at all. Raises `NotAllowed`."""
    signed_in = await desk.signing.who(request)
    desk.signing.check(request, await request.form(), signed_in)
    return _who_may(signed_in, act)


def _who_may(signed_in: SignedIn, act: Act) -> SignedIn:
    if not signed_in.allows(act):
        raise NotAllowed
    return signed_in


def field(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""

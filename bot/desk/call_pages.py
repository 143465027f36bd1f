"""Call-backs at the desk: today's list, and from an enquiry's page to offer, book, move, cancel and record one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request, Response

from bot.desk.access import Act
from bot.desk.calls import OUTCOMES, CallShown, coming
from bot.desk.enquiry_view import back_to, gather, opened, render
from bot.desk.frame import Desk, DeskPages, checked, field, standing_of
from bot.desk.handoffs import open_conversation_of
from bot.desk.signing import NotAllowed, SignedIn
from bot.followups.call_back_due import TOLD
from bot.followups.call_back_words import day
from bot.followups.call_backs import CallBacks
from bot.followups.slots import CannotKeep, NoCalls
from bot.safeguarding.telling import note_act
from storage.call_backs import CallOutcome
from storage.enquiries import EnquiryRecord
from storage.unit_of_work import UnitOfWork

NOTHING_BOOKED = "There is no call booked any more. It was moved, cancelled or recorded meanwhile."
_TICK = 60


def call_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix="/desk", include_in_schema=False)

    @router.get("/calls")
    async def calls_page(request: Request) -> Response:
        signed_in = await desk.signing.who(request)
        if not signed_in.allows(Act.SEE_QUEUE):
            raise NotAllowed
        now = desk.clock.now()

        def read(uow: UnitOfWork) -> tuple[dict[str, Any], list[CallShown]]:
            return standing_of(uow, desk, signed_in), coming(uow, desk, signed_in, now)

        standing, shown = await desk.run(read)
        zone = desk.house.working_time.zone
        days = [
            (title, list(of_day))
            for title, of_day in groupby(
                shown, key=lambda one: "Late" if one.is_late else day(one.call.starts_at, zone)
            )
        ]
        return pages.rendered(request, signed_in, "calls.html", standing, days=days, mine=signed_in.worker.id)

    async def done(
        request: Request,
        reference: str,
        said: str,
        work: Callable[[UnitOfWork, EnquiryRecord, SignedIn, datetime], str],
    ) -> Response:
        """Do one thing to an enquiry's call-back; `work` returns why it could not be done, or nothing."""
        signed_in = await checked(desk, request, Act.WRITE)
        now = desk.clock.now()

        def whole(uow: UnitOfWork) -> str:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.WRITE)
            open_conversation_of(uow, enquiry)  # held first, as in a turn
            return work(uow, enquiry, signed_in, now)

        trouble = await desk.run(whole)
        if not trouble:
            desk.feed.wake()
            return back_to(reference, said, "calls")
        found = await desk.run(lambda uow: gather(uow, desk, signed_in, reference))
        return render(request, pages, desk, signed_in, found, status=409, trouble=trouble)

    @router.post("/enquiries/{reference}/calls/offer")
    async def offer(request: Request, reference: str) -> Response:
        def work(uow: UnitOfWork, enquiry: EnquiryRecord, signed_in: SignedIn, now: datetime) -> str:
            CallBacks(uow, desk.house, now).offer(enquiry, tries=1, part="desk", by=signed_in.worker.id)
            _note(uow, enquiry, signed_in, "call_back.offered", now)
            return ""

        return await done(request, reference, "call-offered", work)

    @router.post("/enquiries/{reference}/calls/book")
    async def book(request: Request, reference: str) -> Response:
        chosen = field(await request.form(), "time")
        if not chosen.isascii() or not chosen.isdigit() or len(chosen) > 12:
            chosen = ""

        def work(uow: UnitOfWork, enquiry: EnquiryRecord, signed_in: SignedIn, now: datetime) -> str:
            if not chosen:
                return "Choose a time for the call."
            calls, conversation = CallBacks(uow, desk.house, now), None
            conversation = calls.chat(enquiry)
            at = datetime.fromtimestamp(int(chosen) * _TICK, UTC)
            made = calls.book(enquiry, conversation.id if conversation else None, at, by=signed_in.worker.id)
            if isinstance(made, CannotKeep | NoCalls):
                return made.reason.in_words(desk.house.wording)
            if conversation is not None:
                calls.offer(enquiry, tries=made.tries, part=TOLD, by=signed_in.worker.id)
            return ""

        return await done(request, reference, "call-booked", work)

    @router.post("/enquiries/{reference}/calls/cancel")
    async def cancel(request: Request, reference: str) -> Response:
        def work(uow: UnitOfWork, enquiry: EnquiryRecord, signed_in: SignedIn, now: datetime) -> str:
            call = uow.call_backs.standing_of(enquiry.id)
            if call is None:
                return NOTHING_BOOKED
            CallBacks(uow, desk.house, now).cancel(enquiry, call, by=signed_in.worker.id)
            return ""

        return await done(request, reference, "call-cancelled", work)

    @router.post("/enquiries/{reference}/calls/mine")
    async def mine(request: Request, reference: str) -> Response:
        def work(uow: UnitOfWork, enquiry: EnquiryRecord, signed_in: SignedIn, now: datetime) -> str:
            call = uow.call_backs.standing_of(enquiry.id)
            if call is None:
                return NOTHING_BOOKED
            calls = CallBacks(uow, desk.house, now)
            calls.reassign(enquiry, call, signed_in.worker.id, by=signed_in.worker.id)
            return ""

        return await done(request, reference, "call-mine", work)

    @router.post("/enquiries/{reference}/calls/record")
    async def record(request: Request, reference: str) -> Response:
        form = await request.form()
        outcome, of = field(form, "outcome"), field(form, "call")

        def work(uow: UnitOfWork, enquiry: EnquiryRecord, signed_in: SignedIn, now: datetime) -> str:
            if outcome not in {each.value for each in OUTCOMES}:
                return "Choose how the call went."
            call = uow.call_backs.standing_of(enquiry.id)
            if call is None or call.id != of:
                return NOTHING_BOOKED
            CallBacks(uow, desk.house, now).record(enquiry, call, CallOutcome(outcome), signed_in.worker)
            return ""

        return await done(request, reference, "call-recorded", work)

    return router


def _note(uow: UnitOfWork, enquiry: EnquiryRecord, signed_in: SignedIn, act: str, now: datetime) -> None:
    note_act(uow, enquiry, signed_in.worker.id, act, ("enquiry", enquiry.id), now)

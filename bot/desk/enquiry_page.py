"""One enquiry's page: the person's words in order, who has it, and the glass before what is closed."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.desk.access import Act, may
from bot.desk.answering import LONGEST_REASON, SHORTEST_REASON, Taken, answer, break_glass
from bot.desk.frame import SEE_OTHER, Desk, DeskPages, NotThere, checked, field, sought, standing_of
from bot.desk.signing import SignedIn
from storage.enquiries import EnquiryRecord
from storage.outbox import OutboxRecord
from storage.queue import Place
from storage.turns import TurnRecord
from storage.unit_of_work import UnitOfWork


def enquiry_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix="/desk/enquiries/{reference}", include_in_schema=False)
    signing = desk.signing

    @router.get("")
    async def enquiry_page(request: Request, reference: str) -> Response:
        signed_in = await signing.who(request)
        now = desk.clock.now()

        def read(uow: UnitOfWork) -> tuple[dict[str, Any], EnquiryRecord, Place, list[TurnRecord], str]:
            enquiry, place = sought(uow, desk, signed_in, reference)
            standing = standing_of(uow, desk, signed_in)
            if not signed_in.sight.sees(place):
                return standing, enquiry, place, [], ""
            _note_view(uow, enquiry, signed_in, now)
            turns = [t for c in uow.conversations.of_enquiry(enquiry.id) for t in uow.turns.of(c.id)]
            holder = uow.duty_workers.get(place.worker_id).name if place.worker_id else ""
            return standing, enquiry, place, sorted(turns, key=lambda t: (t.received_at, t.id)), holder

        standing, enquiry, place, turns, holder = await desk.run(read)
        if not signed_in.sight.sees(place):
            return pages.rendered(
                request, signed_in, "closed.html", standing, 403, enquiry=enquiry, error="", reason=""
            )
        return pages.rendered(
            request,
            signed_in,
            "enquiry.html",
            standing,
            enquiry=enquiry,
            place=place,
            turns=turns,
            holder=holder,
            is_mine=place.worker_id == signed_in.worker.id,
        )

    @router.post("/acknowledge")
    async def acknowledge(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.ANSWER)
        now = desk.clock.now()

        def work(uow: UnitOfWork) -> Taken:
            enquiry, place = sought(uow, desk, signed_in, reference)
            if not may(signed_in.worker, Act.ANSWER, place, signed_in.sight.opened):
                raise NotThere
            return answer(uow, desk.doorbell, enquiry, signed_in.worker, now)

        taken = await desk.run(work)
        desk.sent(taken.rows)
        said = "yours" if taken.is_mine else "theirs"
        return RedirectResponse(f"/desk/enquiries/{quote(reference)}?said={said}", SEE_OTHER)

    @router.post("/glass")
    async def glass(request: Request, reference: str) -> Response:
        signed_in = await signing.who(request)
        form = await request.form()
        signing.check(request, form, signed_in)
        reason, now = field(form, "reason").strip()[:LONGEST_REASON], desk.clock.now()
        is_enough = len(reason) >= SHORTEST_REASON

        def work(uow: UnitOfWork) -> tuple[EnquiryRecord, dict[str, Any], list[OutboxRecord]]:
            enquiry, place = sought(uow, desk, signed_in, reference)
            if not may(signed_in.worker, Act.BREAK_GLASS, place, signed_in.sight.opened):
                raise NotThere
            if not is_enough:
                return enquiry, standing_of(uow, desk, signed_in), []
            ends_at = now + desk.settings.glass
            rows = break_glass(
                uow, desk.doorbell, enquiry, signed_in.worker, reason=reason, now=now, ends_at=ends_at
            )
            return enquiry, {}, rows

        enquiry, standing, rows = await desk.run(work)
        if not is_enough:
            return pages.rendered(
                request, signed_in, "closed.html", standing, 422, enquiry=enquiry, error="reason", reason=reason
            )
        desk.sent(rows)
        return RedirectResponse(f"/desk/enquiries/{quote(reference)}?said=glass", SEE_OTHER)

    return router


def _note_view(uow: UnitOfWork, enquiry: EnquiryRecord, signed_in: SignedIn, now: datetime) -> None:
    uow.audit.write(
        chain=enquiry.id,
        at=now,
        actor=signed_in.worker.id,
        act="enquiry.viewed",
        record_type="enquiry",
        record_id=enquiry.id,
    )

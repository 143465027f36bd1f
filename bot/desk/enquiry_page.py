"""Answering one enquiry, and breaking the glass before one that is closed."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.desk.access import Act, may
from bot.desk.answering import LONGEST_REASON, SHORTEST_REASON, Taken, answer, break_glass
from bot.desk.frame import SEE_OTHER, Desk, DeskPages, NotThere, checked, field, sought, standing_of
from storage.enquiries import EnquiryRecord
from storage.outbox import OutboxRecord
from storage.unit_of_work import UnitOfWork


def enquiry_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix="/desk/enquiries/{reference}", include_in_schema=False)
    signing = desk.signing

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
        if field(await request.form(), "from") == "recording":
            return RedirectResponse(f"/desk/recordings/{quote(reference)}?said={said}", SEE_OTHER)
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

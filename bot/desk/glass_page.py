"""Broken glass, listed for review."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.desk.access import Act
from bot.desk.answering import LONGEST_REASON
from bot.desk.feed import places_of
from bot.desk.frame import SEE_OTHER, Desk, DeskPages, NotThere, checked, field, standing_of
from bot.desk.signing import NotAllowed
from storage.identifiers import GlassId
from storage.unit_of_work import UnitOfWork


def glass_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix="/desk", include_in_schema=False, default_response_class=Response)
    signing = desk.signing

    @router.get("/glass")
    async def glass(request: Request) -> Response:
        signed_in = await signing.who(request)
        if not signed_in.allows(Act.SEE_GLASS):
            raise NotAllowed

        def read(uow: UnitOfWork) -> tuple[dict[str, Any], list[dict[str, Any]]]:
            standing, found = standing_of(uow, desk, signed_in), uow.broken_glass.to_review()
            places = places_of(uow, desk.placing, [g.enquiry_id for g in found])
            shown = []
            for broken in found:
                sees = signed_in.sight.sees(places[broken.enquiry_id])
                reference = uow.enquiries.get(broken.enquiry_id).reference if sees else ""
                who = uow.duty_workers.get(broken.worker_id)
                is_own = broken.worker_id == signed_in.worker.id
                shown.append({"glass": broken, "reference": reference, "who": who, "is_own": is_own})
            return standing, shown

        standing, shown = await desk.run(read)
        return pages.rendered(request, signed_in, "glass.html", standing, broken=shown)

    @router.post("/glass/{glass_id}/review")
    async def review(request: Request, glass_id: str) -> Response:
        signed_in = await checked(desk, request, Act.REVIEW_GLASS)
        form = await request.form()
        finding, now = field(form, "finding").strip()[:LONGEST_REASON], desk.clock.now()
        if not finding:
            return RedirectResponse("/desk/glass?said=no-finding", SEE_OTHER)

        def work(uow: UnitOfWork) -> None:
            broken = next((g for g in uow.broken_glass.to_review() if g.id == glass_id), None)
            if broken is None or not uow.broken_glass.review(GlassId(glass_id), signed_in.worker.id, finding, now):
                raise NotThere
            uow.audit.write(
                chain=broken.enquiry_id,
                at=now,
                actor=signed_in.worker.id,
                act="glass.reviewed",
                record_type="broken_glass",
                record_id=glass_id,
                reason=finding,
            )

        await desk.run(work)
        return RedirectResponse("/desk/glass?said=reviewed", SEE_OTHER)

    return router

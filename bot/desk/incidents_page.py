"""Incidents: what went wrong on the way to a person, standing until somebody has seen it."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.desk.access import Act, may_see_incident
from bot.desk.feed import places_of
from bot.desk.frame import SEE_OTHER, Desk, DeskPages, NotThere, checked, standing_of
from storage.audit import SYSTEM_CHAIN
from storage.identifiers import IncidentId
from storage.unit_of_work import UnitOfWork


def incident_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix="/desk", include_in_schema=False, default_response_class=Response)
    signing = desk.signing

    @router.get("/incidents")
    async def incidents(request: Request) -> Response:
        signed_in = await signing.who(request)

        def read(uow: UnitOfWork) -> tuple[dict[str, Any], list[dict[str, Any]]]:
            standing = standing_of(uow, desk, signed_in)
            found = uow.incidents.standing()
            places = places_of(uow, desk.placing, [i.enquiry_id for i in found if i.enquiry_id])
            shown = []
            for incident in found:
                place = places.get(incident.enquiry_id) if incident.enquiry_id else None
                if not may_see_incident(signed_in.worker, place, signed_in.sight):
                    continue
                sees = place is not None and signed_in.sight.sees(place) and signed_in.allows(Act.SEE_QUEUE)
                reference = uow.enquiries.get(place.enquiry_id).reference if place is not None and sees else ""
                is_closed = place is not None and place.closed_queue
                shown.append({"incident": incident, "reference": reference, "is_closed": is_closed})
            return standing, shown

        standing, shown = await desk.run(read)
        return pages.rendered(request, signed_in, "incidents.html", standing, incidents=shown)

    @router.post("/incidents/{incident_id}/seen")
    async def seen(request: Request, incident_id: str) -> Response:
        signed_in = await checked(desk, request, Act.MARK_INCIDENTS)
        now = desk.clock.now()

        def work(uow: UnitOfWork) -> bool:
            incident = next((i for i in uow.incidents.standing() if i.id == incident_id), None)
            if incident is None:
                return False
            about = [incident.enquiry_id] if incident.enquiry_id else []
            place = next(iter(places_of(uow, desk.placing, about).values()), None)
            if not may_see_incident(signed_in.worker, place, signed_in.sight):
                raise NotThere
            was_seen = uow.incidents.see(IncidentId(incident_id), signed_in.worker.id, now)
            uow.audit.write(
                chain=incident.enquiry_id or SYSTEM_CHAIN,
                at=now,
                actor=signed_in.worker.id,
                act="incident.seen",
                record_type="incident",
                record_id=incident.id,
            )
            return was_seen

        was_first = await desk.run(work)
        desk.feed.wake()
        return RedirectResponse(f"/desk/incidents?said={'seen' if was_first else 'seen-before'}", SEE_OTHER)

    return router

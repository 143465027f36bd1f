"""Taking an enquiry out: as JSON, as PDF, field by field for the case system; and finding one again."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Request, Response

from bot.desk.access import Act
from bot.desk.case_fields import CaseField, case_fields
from bot.desk.enquiry_view import back_to, gather, opened, render
from bot.desk.export import export_enquiry
from bot.desk.frame import Desk, DeskPages, checked, field, standing_of
from bot.desk.matching import MayBeSame, search
from bot.desk.reading import EnquiryView, read_enquiry
from bot.desk.signing import NotAllowed, SignedIn
from bot.safeguarding.telling import note_act
from storage.audit import SYSTEM_CHAIN
from storage.reference import parse_reference
from storage.unit_of_work import UnitOfWork

LONGEST_SEARCH = 200
LONGEST_SYSTEM_REFERENCE = 60


def record_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix="/desk", include_in_schema=False)
    signing = desk.signing

    async def exporting(request: Request) -> SignedIn:
        signed_in = await signing.who(request)
        if not signed_in.allows(Act.EXPORT):
            raise NotAllowed
        return signed_in

    @router.get("/enquiries/{reference}/export.json")
    async def as_json(request: Request, reference: str) -> Response:
        signed_in = await exporting(request)
        now = desk.clock.now()

        def read(uow: UnitOfWork) -> dict[str, Any]:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.EXPORT)
            record = ("enquiry", enquiry.id)
            note_act(uow, enquiry, signed_in.worker.id, "enquiry.exported", record, now, form="json")
            return export_enquiry(uow, enquiry)

        body = orjson.dumps(await desk.run(read), option=orjson.OPT_INDENT_2)
        return _file(body, "application/json", reference, "json")

    @router.get("/enquiries/{reference}/export.pdf")
    async def as_pdf(request: Request, reference: str) -> Response:
        signed_in = await exporting(request)
        now = desk.clock.now()

        def read(uow: UnitOfWork) -> tuple[EnquiryView, list[CaseField]]:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.EXPORT)
            record = ("enquiry", enquiry.id)
            note_act(uow, enquiry, signed_in.worker.id, "enquiry.exported", record, now, form="pdf")
            view = read_enquiry(uow, desk.house, enquiry, signed_in.worker.id, now)
            decision = view.decisions[-1] if view.decisions else None
            return view, case_fields(desk.house, enquiry, uow.answers.current(enquiry.id), decision)

        # its library takes 30 MB: only where it is used
        from bot.desk.pdf import pdf_of

        view, fields = await desk.run(read)
        body = await asyncio.to_thread(
            pdf_of, view, fields, now=now, when=partial(_dated, ZoneInfo(desk.area.timezone))
        )
        return _file(body, "application/pdf", reference, "pdf")

    @router.get("/enquiries/{reference}/case")
    async def case(request: Request, reference: str) -> Response:
        signed_in = await exporting(request)
        return await _case_page(request, reference, signed_in)

    @router.post("/enquiries/{reference}/case")
    async def entered(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.WRITE)
        form, now = await request.form(), desk.clock.now()
        system_reference = " ".join(field(form, "system_reference").split())
        if field(form, "entered") != "yes" or not 0 < len(system_reference) <= LONGEST_SYSTEM_REFERENCE:
            words = "Tick that it is entered, and give its reference there: at most 60 characters."
            return await _case_page(request, reference, signed_in, words, system_reference, 422)

        def work(uow: UnitOfWork) -> None:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.WRITE)
            entry = uow.decisions.enter(enquiry.id, signed_in.worker.id, system_reference, now)
            note_act(uow, enquiry, signed_in.worker.id, "enquiry.entered", ("case_entry", entry.id), now)

        await desk.run(work)
        return back_to(reference, "entered")

    async def _case_page(
        request: Request,
        reference: str,
        signed_in: SignedIn,
        trouble: str = "",
        system_reference: str = "",
        status: int = 200,
    ) -> Response:
        def read(uow: UnitOfWork) -> tuple[Any, list[CaseField]]:
            found = gather(uow, desk, signed_in, reference)
            decision = found.view.decisions[-1] if found.view.decisions else None
            answers = uow.answers.current(found.enquiry.id)
            return found, case_fields(desk.house, found.enquiry, answers, decision)

        found, fields = await desk.run(read)
        return render(
            request,
            pages,
            desk,
            signed_in,
            found,
            template="case.html",
            status=status,
            trouble=trouble,
            fields=fields,
            system_reference=system_reference,
        )

    @router.get("/search")
    async def search_form(request: Request) -> Response:
        return await _search_page(request, await _searching(request), "")

    @router.post("/search")
    async def searched(request: Request) -> Response:
        """Searched words go in the body: an address is kept in histories and logs."""
        signed_in = await checked(desk, request, Act.SEE_QUEUE)
        text = field(await request.form(), "text").strip()[:LONGEST_SEARCH]
        reference = parse_reference(text)
        if reference is not None:
            return back_to(reference)
        return await _search_page(request, signed_in, text)

    async def _searching(request: Request) -> SignedIn:
        signed_in = await signing.who(request)
        if not signed_in.allows(Act.SEE_QUEUE):
            raise NotAllowed
        return signed_in

    async def _search_page(request: Request, signed_in: SignedIn, text: str) -> Response:
        now = desk.clock.now()

        def read(uow: UnitOfWork) -> tuple[dict[str, Any], list[MayBeSame]]:
            found = search(uow, desk.placing, signed_in.sight, text) if text else []
            if text:
                uow.audit.write(
                    chain=SYSTEM_CHAIN,
                    at=now,
                    actor=signed_in.worker.id,
                    act="desk.searched",
                    record_type="search",
                    record_id="",
                    reason=text,
                    details={"found": len(found)},
                )
            return standing_of(uow, desk, signed_in), found

        standing, found = await desk.run(read)
        return pages.rendered(request, signed_in, "search.html", standing, text=text, found=found)

    return router


def _file(body: bytes, media_type: str, reference: str, ending: str) -> Response:
    known = parse_reference(reference) or "enquiry"
    headers = {"Content-Disposition": f'attachment; filename="{known}.{ending}"', "Cache-Control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)


def _dated(zone: ZoneInfo, at: datetime) -> str:
    local = at.astimezone(zone)
    return f"{local:%H:%M} on {local:%A} {local.day} {local:%B %Y}"

"""One enquiry as its page shows it: gathered, and shown again with what was typed when it could not be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.desk.access import Act, may
from bot.desk.calls import CallsView, read_calls
from bot.desk.decisions import may_record, outcomes
from bot.desk.follow_ups import Shown, of_enquiry, workers_to
from bot.desk.frame import SEE_OTHER, Desk, DeskPages, NotThere, sought, standing_of
from bot.desk.handoffs import first_name
from bot.desk.matching import MayBeSame, may_be_same
from bot.desk.passing import KINDS, TOLD_BY, kinds_for
from bot.desk.reading import EnquiryView, read_enquiry
from bot.desk.recording import HANDS, WAYS, Confirmation, confirmation_of
from bot.desk.signing import SignedIn
from storage.duty_workers import DutyWorkerRecord
from storage.enquiries import EnquiryRecord
from storage.legal_holds import LegalHoldRecord
from storage.pass_ons import PassOnKind
from storage.queue import Place
from storage.unit_of_work import UnitOfWork

CANNED = (
    "reply_hello", "reply_as_you_like", "reply_safe_now", "reply_where", "reply_with_you", "reply_reach_you",
    "reply_may_ring", "reply_share", "reply_wait", "reply_danger",
)  # fmt: skip
"""Approved words that a worker may put in the box, and change, before they send them."""

NO_DRAFTS: Mapping[str, Any] = {
    "write": "", "note": "", "summary": "", "disagree": "", "answer": "", "system": "",
    "name": "", "when": "", "why": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What one page of one enquiry is made of."""

    standing: dict[str, Any]
    enquiry: EnquiryRecord
    place: Place
    view: EnquiryView
    legal_hold: LegalHoldRecord | None
    matches: list[MayBeSame]
    may_record: list[str]
    may_pass_on: list[PassOnKind]
    confirmation: Confirmation | None
    calls: CallsView
    planned: list[Shown]
    workers: list[DutyWorkerRecord]


def opened(
    uow: UnitOfWork, desk: Desk, signed_in: SignedIn, reference: str, act: Act
) -> tuple[EnquiryRecord, Place]:
    """Return an enquiry to which somebody may do this. Raises `NotThere`."""
    enquiry, place = sought(uow, desk, signed_in, reference)
    if not may(signed_in.worker, act, place, signed_in.sight.opened):
        raise NotThere
    return enquiry, place


def gather(uow: UnitOfWork, desk: Desk, signed_in: SignedIn, reference: str) -> Found:
    """Return everything of an enquiry that somebody sees. Raises `NotThere`."""
    enquiry, place = sought(uow, desk, signed_in, reference)
    if not signed_in.sight.sees(place):
        raise NotThere
    return Found(
        standing=standing_of(uow, desk, signed_in),
        enquiry=enquiry,
        place=place,
        view=read_enquiry(uow, desk.house, enquiry, signed_in.worker.id, desk.clock.now()),
        legal_hold=uow.legal_holds.standing_for(enquiry.id),
        matches=may_be_same(uow, desk.placing, signed_in.sight, enquiry.id),
        may_record=may_record(uow, desk.house, signed_in.worker, place, enquiry.id),
        may_pass_on=kinds_for(uow, signed_in.worker, enquiry.id),
        confirmation=confirmation_of(uow, desk.house, enquiry, desk.clock.now()),
        calls=read_calls(uow, desk.house, enquiry, desk.clock.now()),
        planned=of_enquiry(uow, desk, signed_in, enquiry.id, desk.clock.now()),
        workers=workers_to(uow),
    )


def render(
    request: Request,
    pages: DeskPages,
    desk: Desk,
    signed_in: SignedIn,
    found: Found,
    *,
    template: str = "enquiry-desk.html",
    status: int = 200,
    trouble: str = "",
    drafts: Mapping[str, Any] | None = None,
    **values: Any,
) -> Response:
    """Answer with a page of an enquiry.

    `trouble` says what could not be done, and `drafts` keep what was typed.
    """
    place, worker = found.place, signed_in.worker
    role = desk.house.wording.text(f"role_{worker.role.value}") if worker.role.value in _SPEAKING else ""
    said = {"worker": first_name(worker), "role": role}
    voice = desk.house.voice(desk.clock.now(), found.enquiry.reference)
    canned = [(key, voice.fixed(key, found.enquiry.audience.value, said)) for key in CANNED] if role else []
    shared = {
        "enquiry": found.enquiry,
        "place": place,
        "holder": found.view.names.get(place.worker_id or "", ""),
        "is_mine": place.worker_id == worker.id,
        "view": found.view,
        "legal_hold": found.legal_hold,
        "matches": found.matches,
        "may_record": found.may_record,
        "may_pass_on": found.may_pass_on,
        "confirmation": found.confirmation,
        "pass_on_kinds": KINDS,
        "told_by_names": TOLD_BY,
        "recorded_ways": WAYS,
        "hand_names": HANDS,
        "calls": found.calls,
        "planned": found.planned,
        "workers": found.workers,
        "local": lambda at: at.astimezone(desk.house.working_time.zone),
        "outcomes": outcomes(desk.house),
        "canned": canned,
        "levels": desk.house.catalog.lists["levels_of_need"].rows,
        "trouble": trouble,
        "drafts": {**NO_DRAFTS, **(drafts or {})},
    }
    return pages.rendered(request, signed_in, template, found.standing, status, **{**shared, **values})


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody at a form of one enquiry; once they have sent it, what they sent and what was wrong with it."""

    request: Request
    reference: str
    signed_in: SignedIn
    form: FormData | None = None
    trouble: str = ""
    status: int = 200

    def gathered(self, uow: UnitOfWork, desk: Desk) -> Found:
        """Raises `NotThere`."""
        return gather(uow, desk, self.signed_in, self.reference)

    def answered(self, pages: DeskPages, desk: Desk, found: Found, template: str, **values: Any) -> Response:
        return render(
            self.request,
            pages,
            desk,
            self.signed_in,
            found,
            template=template,
            status=self.status,
            trouble=self.trouble,
            **values,
        )


async def again(
    desk: Desk, pages: DeskPages, asked: Asked, drafts: Mapping[str, Any] | None, **values: Any
) -> Response:
    """Answer with the enquiry's page once more: what could not be done, and what was typed. Raises `NotThere`."""
    found = await desk.run(lambda uow: asked.gathered(uow, desk))
    return asked.answered(pages, desk, found, "enquiry-desk.html", drafts=drafts, **values)


def back_to(reference: str, said: str = "", at: str = "") -> Response:
    """Go to the enquiry's page, which says what was done."""
    query = f"?said={quote(said)}" if said else ""
    return RedirectResponse(f"/desk/enquiries/{quote(reference)}{query}{'#' + at if at else ''}", SEE_OTHER)


def too_long(what: str, length: int, most: int) -> str:
    return (
        f"Your {what} has {length:,} characters. The most is {most:,}. It was not kept, and is still "
        "in the box below. Make it shorter, or send it in parts."
    )


_SPEAKING = frozenset({"duty_worker", "manager", "head_of_service", "out_of_hours", "lado"})

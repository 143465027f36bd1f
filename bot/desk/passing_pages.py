"""Passing an enquiry on, recording that the other side has it, and taking it back: the forms and what they do."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from bot.desk.access import Act
from bot.desk.enquiry_view import Asked, again, back_to, opened, too_long
from bot.desk.frame import Desk, DeskPages, NotThere, allowed, checked, field
from bot.desk.handoffs import EnquiryClosed
from bot.desk.passing import (
    KINDS,
    TOLD_BY,
    AlreadyPassedOn,
    MayNotPassOn,
    Onward,
    confirm,
    due_of,
    kinds_for,
    pass_on,
    take_back,
)
from bot.desk.signing import NotAllowed, SignedIn
from storage.enquiries import EnquiryChanged
from storage.identifiers import EnquiryId
from storage.pass_ons import PassOnKind, ToldBy
from storage.unit_of_work import UnitOfWork

LONGEST = 2_000
FIELDS = {
    "to_whom": "Who is to take it",
    "reason": "Why",
    "agreed": "Who of the family agreed, and when",
}
_TROUBLES: Mapping[type[Exception], str] = {
    EnquiryClosed: "Somebody has closed this enquiry. What was decided is on its page.",
    AlreadyPassedOn: "Somebody has passed this on already. What you wrote was not kept, and is still below.",
    EnquiryChanged: "This enquiry changed since you opened the page. Look at it again. Your form is as it was.",
}


def passing_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix="/desk/enquiries/{reference}", include_in_schema=False)

    @router.get("/pass-on")
    async def form_page(request: Request, reference: str) -> Response:
        signed_in = await allowed(desk, request, Act.PASS_ON)
        return await _form_page(Asked(request, reference, signed_in))

    @router.post("/pass-on")
    async def passed_on(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.PASS_ON)
        form, now = await request.form(), desk.clock.now()
        wrong = _wrong_in(form)
        if wrong:
            return await _form_page(Asked(request, reference, signed_in, form, wrong, 422))
        version = field(form, "version")

        def work(uow: UnitOfWork) -> None:
            enquiry, place = opened(uow, desk, signed_in, reference, Act.PASS_ON)
            pass_on(
                uow,
                desk.house,
                enquiry,
                place,
                signed_in.worker,
                _onward(form),
                now,
                expected_version=int(version) if version.isdecimal() and len(version) < 10 else -1,
            )

        try:
            await desk.run(work)
        except MayNotPassOn:
            raise NotAllowed from None
        except tuple(_TROUBLES) as trouble:
            return await _form_page(Asked(request, reference, signed_in, form, _TROUBLES[type(trouble)], 409))
        desk.feed.wake()
        return back_to(reference, "passed-on", "passed")

    async def _form_page(asked: Asked) -> Response:
        found = await desk.run(lambda uow: asked.gathered(uow, desk))
        now, urgency = desk.clock.now(), found.place.urgency
        return asked.answered(
            pages,
            desk,
            found,
            "pass-on.html",
            kinds={kind: KINDS[kind] for kind in KINDS if kind in found.may_pass_on},
            due={kind: due_of(desk.house, kind, urgency, now).at for kind in KINDS},
            told_by=TOLD_BY,
            kept={name: field(asked.form, name) if asked.form else "" for name in (*FIELDS, "kind", "told_by")},
        )

    @router.post("/pass-on/{pass_on_id}/confirm")
    async def confirmed(request: Request, reference: str, pass_on_id: str) -> Response:
        signed_in = await checked(desk, request, Act.PASS_ON)
        form, now = await request.form(), desk.clock.now()
        name, when = (" ".join(field(form, part).split()) for part in ("name", "when"))
        drafts = {"name": name, "when": when}
        if not name or not when:
            trouble = "Write the name of who has it, and when they said so."
            return await again(desk, pages, Asked(request, reference, signed_in, None, trouble, 422), drafts)
        if len(name) + len(when) > LONGEST:
            words = too_long("name and time", len(name) + len(when), LONGEST)
            return await again(desk, pages, Asked(request, reference, signed_in, None, words, 422), drafts)

        def work(uow: UnitOfWork) -> bool:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.PASS_ON)
            _of_this_enquiry(uow, enquiry.id, pass_on_id)
            return confirm(uow, enquiry, signed_in.worker, pass_on_id, name, when, now)

        return await _ended(request, reference, signed_in, await desk.run(work), "confirmed", drafts)

    @router.post("/pass-on/{pass_on_id}/take-back")
    async def taken_back(request: Request, reference: str, pass_on_id: str) -> Response:
        signed_in = await checked(desk, request, Act.PASS_ON)
        why, now = field(await request.form(), "why").replace("\r\n", "\n").strip(), desk.clock.now()
        drafts = {"why": why}
        if not why or len(why) > LONGEST:
            words = too_long("reason", len(why), LONGEST) if why else "Write why it stays with us."
            return await again(desk, pages, Asked(request, reference, signed_in, None, words, 422), drafts)

        def work(uow: UnitOfWork) -> bool:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.PASS_ON)
            passed = _of_this_enquiry(uow, enquiry.id, pass_on_id)
            if passed not in kinds_for(uow, signed_in.worker, enquiry.id):
                raise NotAllowed
            return take_back(uow, enquiry, signed_in.worker, pass_on_id, why, now)

        return await _ended(request, reference, signed_in, await desk.run(work), "taken-back", drafts)

    async def _ended(
        request: Request, reference: str, signed_in: SignedIn, is_first: bool, said: str, drafts: dict[str, str]
    ) -> Response:
        if not is_first:
            words = "Somebody has recorded what became of this already. It is below."
            return await again(desk, pages, Asked(request, reference, signed_in, None, words, 409), drafts)
        desk.feed.wake()
        return back_to(reference, said, "passed")

    return router


def _of_this_enquiry(uow: UnitOfWork, enquiry_id: EnquiryId, pass_on_id: str) -> PassOnKind:
    """Raises `NotThere`."""
    found = next((p for p in uow.pass_ons.of(enquiry_id) if p.id == pass_on_id), None)
    if found is None:
        raise NotThere
    return found.kind


def _wrong_in(form: FormData) -> str:
    if field(form, "kind") not in list(PassOnKind):
        return "Choose where it goes."
    if field(form, "told_by") not in list(ToldBy):
        return "Choose how they were told."
    for name, label in FIELDS.items():
        words = field(form, name).strip()
        if not words and (name != "agreed" or field(form, "kind") == PassOnKind.STEP_DOWN):
            return f"Write something under “{label}”."
        if len(words) > LONGEST:
            return too_long(f"text under “{label}”", len(words), LONGEST)
    return ""


def _onward(form: FormData) -> Onward:
    kind = PassOnKind(field(form, "kind"))
    return Onward(
        kind=kind,
        to_whom=" ".join(field(form, "to_whom").split()),
        told_by=ToldBy(field(form, "told_by")),
        reason=field(form, "reason").replace("\r\n", "\n").strip(),
        agreed=field(form, "agreed").strip() if kind is PassOnKind.STEP_DOWN else "",
    )

"""Writing down a call or a visit: the flow's own questions on a page of forms, one after another."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.datastructures import FormData

from bot.conversation.base import Exchange, Shown
from bot.conversation.routing import AUDIENCES
from bot.desk.access import Act, may_go_on_recording
from bot.desk.enquiry_view import back_to, opened
from bot.desk.frame import SEE_OTHER, Desk, DeskPages, NotThere, allowed, checked, field, standing_of
from bot.desk.reading import value_of
from bot.desk.recording import HANDS, WAYS, NothingToConfirm, begin_with, confirm, go_on_with, set_hand
from bot.desk.signing import SignedIn
from bot.pages.shown import SafetyWords
from bot.pages.wire import LONGEST_TEXT, NewMessage
from storage.alerts import AlertStatus
from storage.concerns import ConcernStatus
from storage.enquiries import EnquiryRecord, StoredUrgency
from storage.identifiers import DutyWorkerId
from storage.outbox import OutboxRecord
from storage.queue import Place
from storage.recordings import Hand, RecordedWay, RecordingRecord
from storage.repository import UniqueRace
from storage.unit_of_work import UnitOfWork

WHO = {
    "parent": "A parent or carer",
    "young_person": "A child or young person",
    "public": "Somebody else: family, a friend, a neighbour, the public",
    "professional": "A professional",
}
NOT_ON_A_CALL = frozenset({"reply_in_this_chat"})
"""Answers that mean nothing where there is no chat."""
FOR_THEMSELVES = frozenset({"person", "exit", "quick_exit"})
"""Quiet buttons for somebody who writes to us themselves."""
CHANGE, RESUME = "change", "resume"
CHECK = frozenset({"send", CHANGE})
"""The answers to check-your-answers. A number pressed there could mean an answer to change, and must not send."""
_NUMBERED = re.compile(r"1\. ")
ONE_LINE = frozenset({"name", "date", "age", "number", "phone", "email", "postcode"})
_TO_ALERT = (StoredUrgency.IMMEDIATE, StoredUrgency.EMERGENCY)


class Gone(NotThere):
    """They wrote it down and sent it, and it is in a queue that is closed to them."""


@dataclass(frozen=True, slots=True)
class Written:
    """One recording as its page shows it."""

    standing: dict[str, Any]
    enquiry: EnquiryRecord
    recording: RecordingRecord
    writer: str
    answers: list[tuple[str, str]]
    dangers: list[str]
    is_unanswered: bool
    answered_by: str
    sees: bool


def recording_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix="/desk", include_in_schema=False)
    safety = SafetyWords(desk.house.wording)

    # -- beginning -------------------------------------------------------------------------------------------

    @router.get("/recordings/new")
    async def new(request: Request) -> Response:
        signed_in = await allowed(desk, request, Act.RECORD)
        return await _new_page(request, signed_in, {"way": request.query_params.get("way", "")})

    @router.post("/recordings")
    async def begun(request: Request) -> Response:
        signed_in = await checked(desk, request, Act.RECORD)
        form, now = await request.form(), desk.clock.now()
        kept = {name: field(form, name) for name in ("way", "audience", "hand")}
        if kept["way"] not in list(RecordedWay) or kept["audience"] not in AUDIENCES:
            trouble = "Choose how they came to us, and who they are."
            return await _new_page(request, signed_in, kept, trouble)
        way, hand = RecordedWay(kept["way"]), _hand(kept["hand"])
        form_id = _form_id(form, signed_in.worker.id)
        known = await desk.run(lambda uow: _reference_of(uow, form_id))
        if known is None:
            note = begin_with(signed_in.worker, way, hand, form_id, now)
            with suppress(UniqueRace):  # the same form, sent twice: the first has begun it
                await desk.line.begin_recording(channel=way.value, audience=kept["audience"], note=note)
            known = await desk.run(lambda uow: _reference_of(uow, form_id))
            desk.feed.wake()
        return _to(known or "")

    async def _new_page(
        request: Request, signed_in: SignedIn, kept: dict[str, str], trouble: str = ""
    ) -> Response:
        return await pages.render(
            request,
            signed_in,
            "recording-new.html",
            422 if trouble else 200,
            kept={"way": "", "audience": "", "hand": Hand.UNKNOWN.value} | kept,
            trouble=trouble,
            ways=WAYS,
            who=WHO,
            hands=HANDS,
            nonce=secrets.token_urlsafe(12),
        )

    # -- one question after another ----------------------------------------------------------------------------

    @router.get("/recordings/{reference}")
    async def question(request: Request, reference: str) -> Response:
        signed_in = await allowed(desk, request, Act.RECORD)
        try:
            return await _page(request, reference, signed_in)
        except Gone:
            return RedirectResponse("/desk/?said=recording-gone", SEE_OTHER)

    @router.post("/recordings/{reference}")
    async def answered(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.RECORD)
        form = await request.form()
        _, recording = await desk.run(lambda uow: _writable(uow, desk, signed_in, reference))
        text = field(form, "text").replace("\r\n", "\n").strip()
        if recording.writer_id != signed_in.worker.id:
            words = "Another worker writes this down now. What you wrote was not kept, and is still below."
            return await _page(request, reference, signed_in, words, text, 409)
        if len(text) > LONGEST_TEXT:
            words = f"That is {len(text):,} characters. The most is {LONGEST_TEXT:,}. Write it down in parts."
            return await _page(request, reference, signed_in, words, text, 422)
        message_id = _form_id(form, signed_in.worker.id)[:40]
        conversation, way = recording.conversation_id, recording.way.value
        if await desk.run(lambda uow: uow.turns.by_external(way, conversation, message_id)) is not None:
            return _to(reference)  # the same form again: it is kept
        expects = await desk.line.expected(conversation)
        prompt = field(form, "prompt")
        if not expects.finished and expects.kind != "none" and prompt != str(expects.prompt):
            words = "This page was not the newest. Answer the question below. Your words are in the box."
            return await _page(request, reference, signed_in, words, text, 409)
        try:
            message = _message(form, message_id, text)
        except ValidationError:
            message = None
        offered = {c.id for c in (*expects.choices, *expects.controls)} - FOR_THEMSELVES - NOT_ON_A_CALL
        tapped = {message.choice, *(message.choices or ())} - {None} if message is not None else set()
        if message is None or not tapped <= offered | {CHANGE, RESUME}:
            return await _page(request, reference, signed_in, "That is not an answer to this.", text, 422)
        if message.is_empty:
            words = "Write what they said, choose an answer, or skip the question."
            return await _page(request, reference, signed_in, words, text, 422)
        await desk.line.hear(message.to_inbound(conversation, desk.clock.now(), way))
        desk.feed.wake()
        return _to(reference)

    async def _page(
        request: Request,
        reference: str,
        signed_in: SignedIn,
        trouble: str = "",
        draft: str = "",
        status: int = 200,
    ) -> Response:
        written = await desk.run(lambda uow: _written(uow, desk, signed_in, reference))
        exchange = await desk.line.read_back(written.recording.conversation_id)
        said, asked = _now(exchange)
        expects = exchange.expects
        question, hint, is_list = _question_of(asked.text if asked else "")
        is_check = {c.id for c in expects.choices} == CHECK
        return pages.rendered(
            request,
            signed_in,
            "recording.html",
            written.standing,
            status,
            w=written,
            is_mine=written.recording.writer_id == signed_in.worker.id,
            way_name=WAYS[written.recording.way],
            hands=HANDS,
            said_now=[(shown.text, safety.are_in(shown.text)) for shown in said],
            question=question,
            hint=hint,
            is_check=is_check,
            is_list=is_list or is_check,
            expects=expects,
            choices=[c for c in expects.choices if c.id not in NOT_ON_A_CALL],
            controls=[c for c in expects.controls if c.id not in FOR_THEMSELVES],
            is_paused=not expects.finished and expects.kind == "none",
            one_line=is_check or (expects.kind in ONE_LINE and not expects.choices),
            trouble=trouble,
            draft=draft,
            nonce=secrets.token_urlsafe(12),
        )

    @router.post("/recordings/{reference}/go-on")
    async def gone_on_with(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.RECORD)
        now = desk.clock.now()

        def work(uow: UnitOfWork) -> None:
            enquiry, recording = _writable(uow, desk, signed_in, reference)
            go_on_with(uow, enquiry, recording, signed_in.worker, now)

        await desk.run(work)
        return _to(reference)

    @router.post("/recordings/{reference}/hand")
    async def hand_set(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.RECORD)
        hand, now = _hand(field(await request.form(), "hand")), desk.clock.now()

        def work(uow: UnitOfWork) -> None:
            enquiry, recording = _writable(uow, desk, signed_in, reference)
            set_hand(uow, enquiry, recording, signed_in.worker, hand, now)

        await desk.run(work)
        return _to(reference, "hand")

    @router.post("/recordings/{reference}/send")
    async def sent_as_it_is(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.RECORD)
        _, recording = await desk.run(lambda uow: _writable(uow, desk, signed_in, reference))
        if recording.writer_id != signed_in.worker.id:
            words = "Another worker writes this down now."
            return await _page(request, reference, signed_in, words, status=409)
        await desk.line.send_as_it_is(recording.conversation_id)
        desk.feed.wake()
        return _to(reference)

    # -- the written confirmation --------------------------------------------------------------------------------

    @router.post("/enquiries/{reference}/confirmation")
    async def confirmed(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.WRITE)
        by_email, now = field(await request.form(), "how") == "email", desk.clock.now()

        def work(uow: UnitOfWork) -> list[OutboxRecord]:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.WRITE)
            recording = uow.recordings.of(enquiry.id)
            if recording is None:
                raise NotThere
            return confirm(uow, desk.house, enquiry, recording, signed_in.worker, now, by_email=by_email)

        try:
            desk.sent(await desk.run(work))
        except NothingToConfirm:
            return back_to(reference, "confirmed-before", "recorded")
        return back_to(reference, "confirming" if by_email else "confirmed-in-writing", "recorded")

    return router


def _to(reference: str, said: str = "") -> Response:
    """Go to the page of the recording: without a place in it, or the browser would focus no field."""
    query = f"?said={quote(said)}" if said else ""
    return RedirectResponse(f"/desk/recordings/{quote(reference)}{query}", SEE_OTHER)


def _found(
    uow: UnitOfWork, desk: Desk, signed_in: SignedIn, reference: str
) -> tuple[EnquiryRecord, RecordingRecord, Place]:
    """Return a recording that somebody may go on with, or see. Raises `NotThere`."""
    enquiry = uow.enquiries.by_reference(reference)
    recording = None if enquiry is None else uow.recordings.of(enquiry.id)
    if enquiry is None or recording is None:
        raise NotThere
    place = desk.place_of(uow, enquiry)
    is_over = enquiry.submitted_at is not None
    opened_glass = signed_in.sight.opened
    worker, writer = signed_in.worker, recording.writer_id
    if not may_go_on_recording(worker, place, writer, is_over=is_over, opened=opened_glass):
        raise Gone if worker.id == writer and is_over else NotThere
    return enquiry, recording, place


def _writable(
    uow: UnitOfWork, desk: Desk, signed_in: SignedIn, reference: str
) -> tuple[EnquiryRecord, RecordingRecord]:
    enquiry, recording, _ = _found(uow, desk, signed_in, reference)
    return enquiry, recording


def _written(uow: UnitOfWork, desk: Desk, signed_in: SignedIn, reference: str) -> Written:
    enquiry, recording, place = _found(uow, desk, signed_in, reference)
    alerts = uow.alerts.of(enquiry.id)
    concerns = [c for c in uow.concerns.of(enquiry.id) if c.status is not ConcernStatus.RESOLVED]
    dangers = [desk.doorbell.label(c.indicator) for c in concerns if c.urgency in _TO_ALERT]
    answered = [a for a in alerts if a.status is AlertStatus.ACKNOWLEDGED]
    names = {w.id: w.name for w in uow.duty_workers.list_all()}
    return Written(
        standing=standing_of(uow, desk, signed_in),
        enquiry=enquiry,
        recording=recording,
        writer=names.get(recording.writer_id, ""),
        answers=[
            (a.label or a.field.replace("_", " "), value_of(a.value)) for a in uow.answers.current(enquiry.id)
        ],
        dangers=list(dict.fromkeys(dangers)),
        is_unanswered=any(a.status is AlertStatus.RAISED for a in alerts),
        answered_by=_name(names, answered[-1].acknowledged_by) if answered else "",
        sees=signed_in.sight.sees(place),
    )


def _name(names: Mapping[DutyWorkerId, str], worker_id: DutyWorkerId | None) -> str:
    return "" if worker_id is None else names.get(worker_id, "")


def _question_of(text: str) -> tuple[str, str, bool]:
    """Return what is asked, what stands with it, and whether that is a list to choose a number from."""
    first, _, rest = text.partition("\n")
    if _NUMBERED.match(first):
        lines, _, last = text.rpartition("\n")
        return last, lines.strip(), True
    return first, rest.strip(), False


def _now(exchange: Exchange) -> tuple[list[Shown], Shown | None]:
    """Return what was said since the last answer, and what is asked."""
    messages = exchange.messages
    last = max((n for n, m in enumerate(messages) if m.speaker == "person"), default=-1)
    since = [m for m in messages[last + 1 :] if m.speaker == "bot"]
    asked = [m for m in messages if m.prompt is not None and m.prompt == exchange.expects.prompt]
    is_asking = not exchange.expects.finished and exchange.expects.kind != "none" and bool(asked)
    return [m for m in since if m.prompt is None], asked[-1] if is_asking else None


def _message(form: FormData, message_id: str, text: str) -> NewMessage:
    """Read a form as one message: what was chosen, and their words beside it. Raises `ValidationError`."""
    ticked = [value for value in form.getlist("choices") if isinstance(value, str)]
    prompt = field(form, "prompt")
    choice = field(form, "choice") or None
    return NewMessage(
        id=message_id,
        text=text or None,
        choice=choice,
        choices=ticked if ticked and choice is None else None,
        prompt=int(prompt) if choice != RESUME and prompt.isdecimal() and len(prompt) < 16 else None,
    )


def _hand(text: str) -> Hand:
    return Hand(text) if text in list(Hand) else Hand.UNKNOWN


def _form_id(form: FormData, worker_id: str) -> str:
    """Return the same id for the same form of the same worker sent twice; its nonce makes others differ."""
    said = [f"{name}={value}" for name, value in form.multi_items() if isinstance(value, str) and name != "mark"]
    return hashlib.sha256("\0".join([worker_id, *said]).encode("utf-8", "replace")).hexdigest()


def _reference_of(uow: UnitOfWork, form_id: str) -> str | None:
    recording = uow.recordings.by_form(form_id)
    return None if recording is None else uow.enquiries.get(recording.enquiry_id).reference

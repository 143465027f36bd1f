"""An enquiry's page, and what a worker does from it: take the conversation, write, hand it back, leave a note."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from bot.conversation.writing import Writing, person_writes_since
from bot.desk.access import Act
from bot.desk.enquiry_view import Asked, Found, again, back_to, gather, opened, render, too_long
from bot.desk.frame import Desk, DeskPages, checked, field, sought, standing_of
from bot.desk.handoffs import (
    LONGEST_WORDS,
    EnquiryClosed,
    HandedOver,
    MayNotBeSafe,
    NoConversation,
    NotYours,
    hand_back,
    open_conversation_of,
    take,
    write,
)
from bot.desk.reading import lines_of, who_else_is_here
from bot.desk.signing import SignedIn
from bot.safeguarding.telling import note_act
from storage.enquiries import EnquiryRecord
from storage.outbox import OutboxRecord
from storage.unit_of_work import UnitOfWork

LONGEST_NOTE = 20_000
MOST_LINES = 2_000

TROUBLES = {
    EnquiryClosed: "This enquiry is closed. What was decided is below.",
    NoConversation: "There is no chat to write in: it was cleared, or they have left it. Use a safe way below.",
    MayNotBeSafe: (
        "They left in a hurry or asked us to stop, and have not written since. It may not be safe to write. "
        "If you know that it is, tick the box and send again."
    ),
}


def talk_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix="/desk/enquiries/{reference}", include_in_schema=False)
    signing, writing = desk.signing, Writing(desk.database, desk.clock)

    @router.get("")
    async def enquiry_page(request: Request, reference: str) -> Response:
        signed_in = await signing.who(request)
        now = desk.clock.now()

        def read(uow: UnitOfWork) -> Found | tuple[dict[str, Any], EnquiryRecord]:
            enquiry, place = sought(uow, desk, signed_in, reference)
            if not signed_in.sight.sees(place):
                return standing_of(uow, desk, signed_in), enquiry
            note_act(uow, enquiry, signed_in.worker.id, "enquiry.viewed", ("enquiry", enquiry.id), now)
            uow.presences.beat(enquiry.id, signed_in.worker.id, now)
            return gather(uow, desk, signed_in, reference)

        found = await desk.run(read)
        if isinstance(found, Found):
            return render(request, pages, desk, signed_in, found)
        standing, enquiry = found
        return pages.rendered(
            request, signed_in, "closed.html", standing, 403, enquiry=enquiry, error="", reason=""
        )

    @router.get("/live")
    async def live(request: Request, reference: str) -> Response:
        """Return what came since, and who is here. Asked every few seconds by an open page."""
        signed_in = await signing.who(request, is_used=False)
        seen = set(request.query_params.get("after", "").split(",")[:1])
        now = desk.clock.now()

        def read(uow: UnitOfWork) -> dict[str, Any]:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.SEE_QUEUE)
            uow.presences.beat(enquiry.id, signed_in.worker.id, now)
            here = who_else_is_here(uow, enquiry.id, signed_in.worker.id, now)
            conversations = uow.conversations.of_enquiry(enquiry.id)
            turns = [t for c in conversations for t in uow.turns.of(c.id)]
            rows = [r for c in conversations for r in uow.outbox.of_conversation(c.id, limit=MOST_LINES)]
            lines = lines_of(turns, rows)
            said_at = max((t.kept_at for t in turns), default=None)
            last = max((n for n, line in enumerate(lines, 1) if line.id in seen), default=0)
            return {
                "here": [p.name for p in here],
                "version": enquiry.version,
                "typing": any(person_writes_since(uow, c.id, said_at, now) for c in conversations),
                "turns": sum(c.turns_kept for c in conversations),
                "lines": [
                    {"id": line.id, "from": line.speaker, "text": line.text, "at": pages.times.clock(line.at)}
                    for line in lines[last:]
                ],
            }

        return JSONResponse(await desk.run(read))

    @router.post("/typing")
    async def typing(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.WRITE)

        def read(uow: UnitOfWork) -> tuple[str, str, str]:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.WRITE)
            conversation = open_conversation_of(uow, enquiry)
            held = None if conversation is None else uow.handoffs.open_for(conversation.id)
            if conversation is None or held is None or held.worker_id != signed_in.worker.id:
                return "", "", ""
            return conversation.channel, conversation.address, conversation.id

        channel, address, conversation_id = await desk.run(read)
        if channel:
            await writing.worker_writes(conversation_id)
            await desk.dispatcher.show_typing(channel, address)
        return Response(status_code=204)

    @router.post("/take")
    async def taken(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.WRITE)
        is_over = field(await request.form(), "over") == "yes"
        now = desk.clock.now()

        def work(uow: UnitOfWork) -> HandedOver:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.WRITE)
            return take(uow, desk.house, enquiry, signed_in.worker, now, over=is_over)

        try:
            handed = await desk.run(work)
        except (EnquiryClosed, NoConversation) as trouble:
            return await _refused(request, reference, signed_in, TROUBLES[type(trouble)])
        desk.sent(handed.rows)
        if not handed.is_mine:
            words = f"{handed.by} has this conversation. Talk to them, or take it over from them below."
            return await _refused(request, reference, signed_in, words, may_take_over=True)
        return back_to(reference, "taken", "conversation")

    @router.post("/write")
    async def wrote(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.WRITE)
        form = await request.form()
        text, anyway = field(form, "text").replace("\r\n", "\n").strip(), field(form, "anyway") == "yes"
        drafts = {"write": text}
        if not text:
            return await _refused(request, reference, signed_in, "Write something first.", 422)
        if len(text) > LONGEST_WORDS:
            words = too_long("message", len(text), LONGEST_WORDS)
            return await _refused(request, reference, signed_in, words, 422, drafts)
        now = desk.clock.now()

        def work(uow: UnitOfWork) -> list[OutboxRecord]:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.WRITE)
            return write(uow, desk.house, enquiry, signed_in.worker, text, now, anyway=anyway)

        try:
            rows = await desk.run(work)
        except (NotYours, NoConversation, MayNotBeSafe) as trouble:
            return await _refused(request, reference, signed_in, _words_of(trouble), 409, drafts)
        desk.sent(rows)
        return back_to(reference, at="latest")

    @router.post("/hand-back")
    async def handed_back(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.WRITE)
        summary = field(await request.form(), "summary").replace("\r\n", "\n").strip()
        drafts = {"summary": summary}
        if not summary:
            words = "Say in a few words what you agreed. The person hears it as you hand back."
            return await _refused(request, reference, signed_in, words, 422)
        if len(summary) > LONGEST_WORDS:
            words = too_long("summary", len(summary), LONGEST_WORDS)
            return await _refused(request, reference, signed_in, words, 422, drafts)
        now = desk.clock.now()

        def work(uow: UnitOfWork) -> tuple[OutboxRecord, ...]:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.WRITE)
            return hand_back(uow, desk.house, enquiry, signed_in.worker, summary, now)

        try:
            rows = await desk.run(work)
        except (NotYours, NoConversation) as trouble:
            return await _refused(request, reference, signed_in, _words_of(trouble), 409, drafts)
        desk.sent(rows)
        return back_to(reference, "handed-back", "conversation")

    @router.post("/note")
    async def note(request: Request, reference: str) -> Response:
        signed_in = await checked(desk, request, Act.WRITE)
        words = field(await request.form(), "note").replace("\r\n", "\n").strip()
        if not words:
            return await _refused(request, reference, signed_in, "Write the note first.", 422)
        if len(words) > LONGEST_NOTE:
            trouble = too_long("note", len(words), LONGEST_NOTE)
            return await _refused(request, reference, signed_in, trouble, 422, {"note": words})
        now = desk.clock.now()

        def work(uow: UnitOfWork) -> None:
            enquiry, _ = opened(uow, desk, signed_in, reference, Act.WRITE)
            kept = uow.notes.add(enquiry.id, signed_in.worker.id, words, now)
            note_act(uow, enquiry, signed_in.worker.id, "note.added", ("note", kept.id), now)

        await desk.run(work)
        return back_to(reference, "noted", "notes")

    async def _refused(
        request: Request,
        reference: str,
        signed_in: SignedIn,
        trouble: str,
        status: int = 409,
        drafts: dict[str, str] | None = None,
        **values: Any,
    ) -> Response:
        asked = Asked(request, reference, signed_in, None, trouble, status)
        return await again(desk, pages, asked, drafts, **values)

    return router


def _words_of(trouble: Exception) -> str:
    if isinstance(trouble, NotYours):
        if not trouble.by:
            return "Nobody has this conversation. Take it before you write."
        return f"{trouble.by} has this conversation now. What you typed was not sent, and is still below."
    return TROUBLES[type(trouble)]

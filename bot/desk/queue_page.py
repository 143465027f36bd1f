"""The queue's page, its live stream, and finding an enquiry by its reference."""

from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from bot.desk.access import Act
from bot.desk.follow_ups import how_many_mine
from bot.desk.frame import SEE_OTHER, Desk, DeskPages, standing_of
from bot.desk.queue import refresh
from bot.desk.shown import row_shown
from bot.desk.signing import NotAllowed
from storage.queue import Cursor, Place, QueueRow, QueueView
from storage.reference import parse_reference
from storage.unit_of_work import UnitOfWork

_ROUNDS_OF_MARKS = 50


def queue_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix="/desk", include_in_schema=False, default_response_class=Response)
    signing = desk.signing

    @router.get("")
    async def without_slash() -> Response:
        return RedirectResponse("/desk/", SEE_OTHER)

    @router.get("/")
    async def queue(request: Request) -> Response:
        query = request.query_params
        is_part = query.get("part") == "queue"
        signed_in = await signing.who(request, is_used=not is_part)
        if not signed_in.allows(Act.SEE_QUEUE):
            return RedirectResponse("/desk/rota", SEE_OTHER)
        view, after = _view(query.get("view", "")), _cursor(query.get("after", ""))
        now = desk.clock.now()
        await _work_off_marks(desk)
        most = desk.settings.rows_of_a_page

        def read(uow: UnitOfWork) -> tuple[dict[str, Any], list[QueueRow], dict[QueueView, int], int]:
            standing, me = standing_of(uow, desk, signed_in), signed_in.worker.id
            standing["my_follow_ups"] = how_many_mine(uow, desk, signed_in, now)
            rows = uow.queue.page(signed_in.sight, view, worker_id=me, now=now, most=most + 1, after=after)
            counts = uow.queue.counts(signed_in.sight, worker_id=me, now=now)
            return standing, rows, counts, uow.queue.unanswered(signed_in.sight)

        standing, rows, counts, unanswered = await desk.run(read)
        shown = [
            row_shown(
                row,
                worker=signed_in.worker,
                view=view,
                now=now,
                times=pages.times,
                label=desk.label,
            )
            for row in rows[:most]
        ]
        return pages.rendered(
            request,
            signed_in,
            "_queue.html" if is_part else "queue.html",
            standing,
            rows=shown,
            view=view,
            counts=counts,
            unanswered=unanswered,
            here=_here(view, query.get("after", "") if after else ""),
            next_page=_here(view, _cursor_text(rows[most - 1].place)) if len(rows) > most else "",
            is_first_page=after is None,
            wrong_reference=query.get("said") == "no-reference",
        )

    @router.get("/find")
    async def find(request: Request) -> Response:
        signed_in = await signing.who(request)
        if not signed_in.allows(Act.SEE_QUEUE):
            raise NotAllowed
        reference = parse_reference(request.query_params.get("reference", "")[:100])
        if reference is None:
            return RedirectResponse("/desk/?said=no-reference", SEE_OTHER)
        return RedirectResponse(f"/desk/enquiries/{quote(reference)}", SEE_OTHER)

    @router.get("/events")
    async def events(request: Request) -> Response:
        signed_in = await signing.who(request, is_used=False)
        since = request.query_params.get("since", "")
        stream = desk.feed.stream(signed_in.session.id, int(since) if since.isdecimal() and len(since) < 16 else 0)
        return StreamingResponse(
            stream,
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @router.get("/here")
    async def here(request: Request) -> Response:
        """Somebody uses a page that stays open."""
        await signing.who(request)
        return Response(status_code=204)

    return router


async def _work_off_marks(desk: Desk) -> None:
    """Take the marks in short units before the page's own, where many wait: each is quick, and none is missed."""
    for _ in range(_ROUNDS_OF_MARKS):
        if not await desk.run(lambda uow: (refresh(uow, desk.placing), uow.queue.has_marks())[1]):
            return


def _view(name: str) -> QueueView:
    return next((view for view in QueueView if view.value == name), QueueView.ALL)


def _here(view: QueueView, after: str) -> str:
    return f"/desk/?{urlencode({'view': view.value} | ({'after': after} if after else {}))}"


def _cursor_text(place: Place) -> str:
    return f"{place.tier}~{place.due_at.isoformat()}~{place.enquiry_id}"


def _cursor(text: str) -> Cursor | None:
    tier, _, rest = text.partition("~")
    due_at, _, enquiry_id = rest.partition("~")
    try:
        at = datetime.fromisoformat(due_at)
        is_whole = at.utcoffset() is not None and tier.isdecimal() and len(tier) < 3 and enquiry_id.isalnum()
        return Cursor(int(tier), at, enquiry_id) if is_whole else None
    except ValueError:
        return None

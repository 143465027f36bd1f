"""The duty desk's pages, put together. Each asks who is there and what they may see before it reads anything."""

from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from bot.desk.call_pages import call_pages
from bot.desk.campaigns_page import campaign_pages
from bot.desk.doorstep import doorstep
from bot.desk.enquiry_page import enquiry_pages
from bot.desk.figures_page import figure_pages
from bot.desk.follow_ups_page import follow_up_pages
from bot.desk.frame import SEE_OTHER, Desk, DeskPages, NotThere
from bot.desk.glass_page import glass_pages
from bot.desk.hold_pages import hold_pages
from bot.desk.incidents_page import incident_pages
from bot.desk.opinions_page import opinion_pages
from bot.desk.passing_pages import passing_pages
from bot.desk.queue_page import queue_pages
from bot.desk.record_pages import record_pages
from bot.desk.recording_pages import recording_pages
from bot.desk.rota_page import rota_pages
from bot.desk.signing import MustChoosePassword, NotAllowed, NotSignedIn
from bot.desk.talk_pages import talk_pages
from bot.pages.assets import Assets
from bot.pages.errors import wants_page

PARTS = (
    doorstep, queue_pages, talk_pages, hold_pages, record_pages, enquiry_pages, incident_pages, rota_pages,
    glass_pages, figure_pages, passing_pages, recording_pages, call_pages,
    follow_up_pages, campaign_pages, opinion_pages,
)  # fmt: skip


def install_desk(app: FastAPI, desk: Desk, assets: Assets) -> DeskPages:
    """Add the desk to the web application; return what renders its pages."""
    pages = DeskPages(desk, assets)
    for part in PARTS:
        app.include_router(part(desk, pages))
    _answer_refusals(app, desk, pages)
    return pages


def _answer_refusals(app: FastAPI, desk: Desk, pages: DeskPages) -> None:
    async def not_signed_in(request: Request, _: Exception) -> Response:
        if request.method == "GET" and wants_page(request):
            path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/desk/sign-in?{urlencode({'next': path})}", SEE_OTHER)
        if wants_page(request):
            return pages.plain(request, "error.html", 401, message="signed_out")
        return PlainTextResponse("Sign in first.", 401)

    async def must_choose(_: Request, __: Exception) -> Response:
        return RedirectResponse("/desk/password", SEE_OTHER)

    async def not_allowed(request: Request, _: Exception) -> Response:
        return await refused(request, 403, "not_allowed")

    async def not_there(request: Request, _: Exception) -> Response:
        return await refused(request, 404, "not_there")

    async def refused(request: Request, status: int, message: str) -> Response:
        signed_in = await desk.signing.who(request)
        return await pages.render(request, signed_in, "error.html", status, message=message)

    app.add_exception_handler(NotSignedIn, not_signed_in)
    app.add_exception_handler(MustChoosePassword, must_choose)
    app.add_exception_handler(NotAllowed, not_allowed)
    app.add_exception_handler(NotThere, not_there)

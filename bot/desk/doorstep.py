"""The desk's doorstep: signing in and out, and choosing a password."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.desk.frame import SEE_OTHER, Desk, DeskPages, field
from bot.desk.passwords import what_is_wrong
from bot.desk.signing import SignedIn, TooManyTries


def doorstep(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix="/desk", include_in_schema=False, default_response_class=Response)
    signing = desk.signing

    def sign_in_page(request: Request, status: int = 200, *, next_: str, **values: Any) -> Response:
        shown = {"error": "", "email": "", "seconds": 0} | values
        mark = signing.sign_in_mark()
        return pages.plain(request, "sign-in.html", status, mark=mark, next=next_, **shown)

    @router.get("/sign-in")
    async def sign_in(request: Request) -> Response:
        return sign_in_page(request, next_=_within(request.query_params.get("next", "")))

    @router.post("/sign-in")
    async def let_in(request: Request) -> Response:
        form = await request.form()
        signing.check_sign_in(request, form)
        email, next_ = field(form, "email"), _within(field(form, "next"))
        try:
            session = await signing.sign_in(request, email, field(form, "password"))
        except TooManyTries as wait:
            page = sign_in_page(request, 429, next_=next_, error="too_many", email=email, seconds=wait.seconds)
            page.headers["Retry-After"] = str(wait.seconds)
            return page
        if session is None:
            return sign_in_page(request, 401, next_=next_, error="wrong", email=email)
        response = RedirectResponse("/desk/password" if session.one_time else next_, SEE_OTHER)
        signing.cookies.keep(response, session, email)
        return response

    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        signed_in = await signing.whoever(request)
        signing.check(request, await request.form(), signed_in)
        await signing.sign_out(signed_in)
        desk.feed.wake()
        response = RedirectResponse("/desk/sign-in", SEE_OTHER)
        signing.cookies.drop(response)
        return response

    def password_page(request: Request, signed_in: SignedIn, status: int = 200, error: str = "") -> Response:
        return pages.plain(
            request,
            "password.html",
            status,
            mark=signed_in.mark,
            error=error,
            must=signed_in.session.one_time,
            email=signed_in.worker.email,
        )

    @router.get("/password")
    async def password(request: Request) -> Response:
        return password_page(request, await signing.whoever(request))

    @router.post("/password")
    async def choose(request: Request) -> Response:
        signed_in = await signing.whoever(request)
        form = await request.form()
        signing.check(request, form, signed_in)
        old, new = field(form, "old"), field(form, "new")
        error = what_is_wrong(new)
        if not error and new != field(form, "again"):
            error = "the two new passwords are not the same"
        if not error and new == old:
            error = "choose one that is not the old one"
        if not error and not await signing.choose_password(signed_in, old, new):
            error = "the old password is not right"
        if error:
            return password_page(request, signed_in, 422, error)
        return RedirectResponse("/desk/?said=password", SEE_OTHER)

    return router


def _within(path: str) -> str:
    """Return a path of the desk to go on to, and never another site's address."""
    is_ours = path.startswith("/desk/") and "\\" not in path and "//" not in path and path.isprintable()
    return path if is_ours and not path.startswith("/desk/sign-") else "/desk/"

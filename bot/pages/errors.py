"""Errors as people and programs meet them: a code, words to act on, and never a trace or their own words."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.conversation.base import NoSuchConversation
from flows.area import Area

log = logging.getLogger(__name__)

NUMBERS = "You can ring {duty_name} on {duty}. If someone is in danger now, ring 999."
_GONE = "This chat is no longer here. Start a new one. If you sent it to a worker, they still have it."
WORDS = {
    "not_well_formed": "We could not read that. Send JSON as the API describes.",
    "not_signed_in": "Start a chat first, then send its token with each message.",
    "chat_closed": _GONE,
    "not_yours": "This token opens another chat.",
    "not_from_here": "This did not come from our own page. Go to the first page and start again. " + NUMBERS,
    "no_such_chat": _GONE,
    "not_found": "There is nothing at this address.",
    "wrong_method": "This address does not take that kind of request.",
    "conflict": "That could not be done now. Try again.",
    "too_long": "That is too long to send in one go. Send it in parts of up to 20,000 characters. " + NUMBERS,
    "not_understood": "Part of the message is missing or is not as expected: {detail}.",
    "empty": "Write a message or choose an answer.",
    "too_many": "Many messages came at once. Wait {seconds} seconds and try again. " + NUMBERS,
    "unavailable": "We cannot take messages at the moment. Try again in a few minutes. " + NUMBERS,
    "failed": "Something went wrong on our side. Try again. " + NUMBERS,
}
STATUS = {
    "not_well_formed": 400,
    "not_signed_in": 401,
    "chat_closed": 401,
    "not_yours": 403,
    "not_from_here": 403,
    "no_such_chat": 404,
    "not_found": 404,
    "wrong_method": 405,
    "conflict": 409,
    "too_long": 413,
    "not_understood": 422,
    "empty": 422,
    "too_many": 429,
    "unavailable": 503,
    "failed": 500,
}
_BY_STATUS = {
    400: "not_well_formed", 401: "not_signed_in", 403: "not_yours", 404: "not_found", 405: "wrong_method",
    409: "conflict", 413: "too_long", 422: "not_understood", 429: "too_many", 503: "unavailable",
}  # fmt: skip


@dataclass
class Refused(Exception):
    """A request answered with an error a person can act on."""

    code: str
    values: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


ErrorPage = Callable[[Request, int, str], Response]


class ErrorReplies:
    """Answers every error: JSON for programs, a page with the phone numbers for people."""

    def __init__(self, area: Area, page: ErrorPage) -> None:
        self._numbers = {"duty": area.phones.duty, "duty_name": area.phones.duty_name}
        self._page = page

    def message(self, code: str, **values: str) -> str:
        return WORDS[code].format(**{"seconds": "30", "detail": ""} | self._numbers | values)

    def answer(
        self,
        request: Request,
        code: str,
        values: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        status, words = STATUS[code], self.message(code, **(values or {}))
        if wants_page(request):
            response = self._page(request, status, words)
        else:
            response = JSONResponse({"error": {"code": code, "message": words}}, status)
        response.headers.update(headers or {})
        return response

    def failed(self, request: Request, error: BaseException, unavailable: tuple[type[Exception], ...]) -> Response:
        """Answer for what nobody foresaw. The log gets where it happened, never what was in it."""
        where = [f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)]
        code = "unavailable" if isinstance(error, unavailable) else "failed"
        log.error("web.failed", extra={"kind": type(error).__name__, "where": where[-8:], "code": code})
        headers = {"Retry-After": "30"} if code == "unavailable" else None
        return self.answer(request, code, headers=headers)

    def install(self, app: FastAPI) -> None:
        async def refused(request: Request, error: Exception) -> Response:
            assert isinstance(error, Refused)
            return self.answer(request, error.code, error.values, error.headers)

        async def gone(request: Request, _: Exception) -> Response:
            return self.answer(request, "no_such_chat")

        async def not_valid(request: Request, error: Exception) -> Response:
            assert isinstance(error, RequestValidationError)
            problems = error.errors()
            if any(p["type"] in ("json_invalid", "model_attributes_type", "model_type") for p in problems):
                return self.answer(request, "not_well_formed")
            names = sorted({str(p["loc"][1]) if len(p["loc"]) > 1 else "the message" for p in problems})
            known = [name for name in names if name.isidentifier() and len(name) < 40]
            return self.answer(request, "not_understood", {"detail": ", ".join(known) or "the message"})

        async def http(request: Request, error: Exception) -> Response:
            assert isinstance(error, HTTPException)
            code = _BY_STATUS.get(error.status_code, "failed" if error.status_code >= 500 else "not_well_formed")
            return self.answer(request, code, headers=dict(error.headers or {}))

        app.add_exception_handler(Refused, refused)
        app.add_exception_handler(NoSuchConversation, gone)
        app.add_exception_handler(RequestValidationError, not_valid)
        app.add_exception_handler(HTTPException, http)


def wants_page(request: Request) -> bool:
    """Say whether a person is looking: a browser asks for HTML, and never under /api."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")

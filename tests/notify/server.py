"""A GOV.UK Notify for made-up workers: it checks who calls and what is sent, and fails when told to.

https://docs.notifications.service.gov.uk/rest-api.html
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import jwt
import orjson

from tests.telegram.http_server import HttpServer, Request, Response

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
API_KEY = f"made_up_key-{SERVICE}-{SECRET}"
SMS_TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
EMAIL_TEMPLATE = "740e5834-3a29-46b4-9a6f-16142fde533a"
_LONGEST_SKEW = 30


@dataclass(frozen=True, slots=True)
class Notification:
    """What one worker was sent. `way` is "sms" or "email"."""

    way: str
    to: str
    personalisation: dict[str, str]
    reference: str

    @property
    def text(self) -> str:
        return self.personalisation["message"]


class Refused(Exception):
    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error


@dataclass
class NotifyServer:
    """`violations` holds each call that Notify itself would not have taken."""

    sent: list[Notification] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    calls: int = 0
    is_down: bool = False
    slow_by: float = 0.0
    url: str = ""
    _fails: deque[Refused] = field(default_factory=deque)
    _http: HttpServer | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self, port: int = 0) -> None:
        self._http = HttpServer(self._handle)
        self.url = f"http://127.0.0.1:{await self._http.start(port=port)}"

    async def stop(self) -> None:
        if self._http is not None:
            await self._http.stop()

    def fail_next(self, status: int, error: str = "Exception", message: str = "Internal server error") -> None:
        self._fails.append(Refused(status, error, message))

    async def expects(self, how_many: int, *, seconds: float = 10.0) -> None:
        async with asyncio.timeout(seconds):
            while len(self.sent) < how_many:
                self._changed.clear()
                await self._changed.wait()

    async def _handle(self, request: Request) -> Response | None:
        self.calls += 1
        if self.slow_by:
            await asyncio.sleep(self.slow_by)
        if self.is_down:
            return None
        try:
            _check_token(request.headers.get("authorization", ""))
            if self._fails:
                raise self._fails.popleft()
            return self._take(request)
        except Refused as error:
            if error.status < 429:
                self.violations.append(str(error))
            return _error(error)

    def _take(self, request: Request) -> Response:
        way = request.target.removeprefix("/v2/notifications/")
        if request.method != "POST" or way not in ("sms", "email"):
            raise Refused(404, "NoResultFound", f"no such address: {request.target}")
        body = orjson.loads(request.body)
        _check_body(way, body)
        to = body["phone_number" if way == "sms" else "email_address"]
        self.sent.append(Notification(way, to, body["personalisation"], body["reference"]))
        self._changed.set()
        answer = {"id": str(uuid4()), "reference": body["reference"], "template": {"id": body["template_id"]}}
        return Response(201, orjson.dumps(answer))


def _check_token(header: str) -> None:
    """Raises `Refused` on what Notify says is not a token of ours."""
    scheme, _, token = header.partition(" ")
    if scheme != "Bearer":
        raise Refused(401, "AuthError", "Unauthorized: authentication token must be provided")
    try:
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
    except jwt.InvalidTokenError:
        raise Refused(403, "AuthError", "Invalid token: signature, api token not found") from None
    if claims.get("iss") != SERVICE:
        raise Refused(403, "AuthError", "Invalid token: service not found")
    if abs(time.time() - claims.get("iat", 0)) > _LONGEST_SKEW:
        raise Refused(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")


def _check_body(way: str, body: Any) -> None:
    wanted = {"sms": ("phone_number", SMS_TEMPLATE), "email": ("email_address", EMAIL_TEMPLATE)}
    address, template = wanted[way]
    unknown = set(body) - {address, "template_id", "personalisation", "reference"}
    if unknown:
        raise Refused(400, "ValidationError", f"Additional properties are not allowed ({sorted(unknown)})")
    try:
        UUID(body["template_id"])
    except (KeyError, ValueError):
        raise Refused(400, "ValidationError", "template_id is not a valid UUID") from None
    if body["template_id"] != template:
        raise Refused(400, "BadRequestError", "Template not found")
    if way == "sms" and not body[address].removeprefix("+44").removeprefix("0").startswith("7700900"):
        raise Refused(400, "ValidationError", "phone_number Not a UK mobile number")
    if way == "email" and "@" not in body[address]:
        raise Refused(400, "ValidationError", "email_address Not a valid email address")
    places = {"sms": {"message"}, "email": {"message", "subject"}}[way]
    missing = places - set(body.get("personalisation", {}))
    if missing:
        raise Refused(400, "BadRequestError", f"Missing personalisation: {', '.join(sorted(missing))}")


def _error(error: Refused) -> Response:
    body = {"status_code": error.status, "errors": [{"error": error.error, "message": str(error)}]}
    return Response(error.status, orjson.dumps(body))

"""Signing in at the desk: the signed cookies, the tries that are let through, and who is signed in."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.clock import Clock
from bot.desk.access import Act, allows, sight_of
from bot.desk.passwords import Checked, check_password, hash_password
from bot.desk.settings import DeskSettings
from bot.pages.guard import RateLimit
from bot.pages.plain import Forms
from bot.pages.settings import WebSettings
from storage.audit import SYSTEM_CHAIN
from storage.database import Database
from storage.desk_sessions import DeskSessionRecord
from storage.duty_workers import DutyWorkerRecord
from storage.sight import Sight
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")

SIGN_IN_MARK = "sign-in"
LONGEST_EMAIL = 254
_HASHES_AT_ONCE = 2
"""Hashing takes a processor for a while: signing in never takes them all from the people who write to us."""
_USED_AFTER = 30.0
"""Seconds. A session used again sooner is not written again."""
_A_YEAR = 365 * 24 * 60 * 60


class NotSignedIn(Exception):
    """Nobody is signed in, or no longer."""


class MustChoosePassword(Exception):
    """Signed in with a password that works once: they choose one before anything else."""


class NotAllowed(Exception):
    """Their role does not let them do this."""


class TooManyTries(Exception):
    """Wait `seconds` and try again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds:.0f} s")
        self.seconds = max(1, math.ceil(seconds))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks, and what they may see. `mark` goes into each of their forms."""

    worker: DutyWorkerRecord
    session: DeskSessionRecord
    sight: Sight
    mark: str

    def allows(self, act: Act) -> bool:
        return allows(self.worker, act)


class Cookies:
    """The cookie that names a session, and the one by which a device is known again. Both are signed."""

    def __init__(self, settings: WebSettings) -> None:
        self._key = settings.secret.encode()
        self._is_https = settings.is_https
        prefix = "__Host-" if settings.is_https else ""
        self._session, self._device = f"{prefix}desk", f"{prefix}desk-device"

    def session_of(self, request: Request) -> str:
        """Return the id of the session, or nothing where the cookie is not ours."""
        return self._read("session", request.cookies.get(self._session, ""))

    def value_of(self, session_id: str) -> str:
        """Return what the cookie of a session says."""
        return self._signed("session", session_id)

    def device_of(self, request: Request, email: str) -> str:
        """Return the device's own name, if somebody signed in on it with this e-mail address before."""
        named = self._read("device", request.cookies.get(self._device, ""))
        device, _, whose = named.partition("~")
        return device if hmac.compare_digest(whose, self._whose(email)) else ""

    def keep(self, response: Response, session: DeskSessionRecord, email: str) -> None:
        self._set(response, self._session, self.value_of(session.id), None)
        device = f"{secrets.token_hex(8)}~{self._whose(email)}"
        self._set(response, self._device, self._signed("device", device), _A_YEAR)

    def drop(self, response: Response) -> None:
        """The device stays known: its worker is let in again though somebody else guesses at the account."""
        response.delete_cookie(self._session, path="/", httponly=True, secure=self._is_https, samesite="strict")

    def _set(self, response: Response, name: str, value: str, seconds: int | None) -> None:
        response.set_cookie(
            name, value, max_age=seconds, path="/", httponly=True, secure=self._is_https, samesite="strict"
        )

    def _whose(self, email: str) -> str:
        return self._sign("whose", email.strip().casefold())[:16]

    def _signed(self, use: str, value: str) -> str:
        return f"{value}.{self._sign(use, value)}"

    def _read(self, use: str, cookie: str) -> str:
        value, _, sign = cookie.rpartition(".")
        is_ours = hmac.compare_digest(sign.encode("utf-8", "replace"), self._sign(use, value).encode())
        return value if is_ours else ""

    def _sign(self, use: str, value: str) -> str:
        whole = f"desk:{use}:{value}".encode("utf-8", "replace")
        return hmac.new(self._key, whole, hashlib.sha256).hexdigest()


class Signing:
    """Lets workers in, and says who is in. Everything is on the record."""

    def __init__(self, *, database: Database, clock: Clock, web: WebSettings, settings: DeskSettings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._forms = Forms(web)
        self.cookies = Cookies(web)
        self._hashing = asyncio.Semaphore(_HASHES_AT_ONCE)
        own, address = settings.tries_at_once, settings.tries_at_once_from_one_address
        self._accounts = RateLimit(each_minute=settings.tries_a_minute, burst=own)
        self._devices = RateLimit(each_minute=settings.tries_a_minute, burst=own)
        self._addresses = RateLimit(each_minute=settings.tries_a_minute_from_one_address, burst=address)

    async def sign_in(self, request: Request, email: str, password: str) -> DeskSessionRecord | None:
        """Return a new session, or None where the e-mail address or the password is wrong.

        Raises `TooManyTries`. A device that was signed in before has tries of its own, so that nobody can keep
        a worker out by guessing at their account.
        """
        email = email.strip()[:LONGEST_EMAIL]
        self._count_try(request, email)
        worker = await self._database.run(lambda uow: uow.duty_workers.by_email(email))
        is_standing = worker is not None and worker.disabled_at is None
        checked = await self._check(worker.password_hash if worker is not None and is_standing else None, password)
        now = self._clock.now()
        if worker is None or not is_standing or not checked.is_right:
            await self._database.run(lambda uow: _note(uow, now, worker, "desk.sign_in_refused"))
            return None
        self._accounts.forget(email.casefold())
        return await self._database.run(lambda uow: _begin(uow, worker, checked, now))

    async def choose_password(self, signed_in: SignedIn, old: str, new: str) -> bool:
        """Keep a new password and end this worker's other sessions; False where the old one is wrong.

        What was begun with a one-time password becomes a session like any other.
        """
        worker, session = signed_in.worker, signed_in.session
        checked = await self._check(worker.password_hash, old)
        if not checked.is_right:
            return False
        kept = await self._hash(lambda: hash_password(new))
        now = self._clock.now()

        def work(uow: UnitOfWork) -> None:
            uow.duty_workers.set_password_hash(worker.id, kept)
            uow.desk_sessions.end_others(worker.id, session.id, now)
            uow.desk_sessions.trust(session.id)
            _note(uow, now, worker, "desk.password_chosen")

        await self._database.run(work)
        return True

    async def sign_out(self, signed_in: SignedIn) -> None:
        now = self._clock.now()

        def work(uow: UnitOfWork) -> None:
            if uow.desk_sessions.end(signed_in.session.id, now):
                _note(uow, now, signed_in.worker, "desk.signed_out")

        await self._database.run(work)

    async def who(self, request: Request, *, is_used: bool = True) -> SignedIn:
        """Return who asks. Raises `NotSignedIn` and `MustChoosePassword`.

        `is_used`: whether this is somebody at work, or a page that looks by itself.
        """
        signed_in = await self.whoever(request, is_used=is_used)
        if signed_in.session.one_time:
            raise MustChoosePassword
        return signed_in

    async def whoever(self, request: Request, *, is_used: bool = True) -> SignedIn:
        """As `who`, and lets in whoever has still to choose a password."""
        session_id = self.cookies.session_of(request)
        if not session_id:
            raise NotSignedIn
        now = self._clock.now()
        found = await self._database.run(lambda uow: self.standing(uow, session_id, now, is_used=is_used))
        if found is None:
            raise NotSignedIn
        return found

    def standing(
        self, uow: UnitOfWork, session_id: str, now: datetime, *, is_used: bool = False
    ) -> SignedIn | None:
        """Return who is signed in by a session, if it stands and its worker is not disabled."""
        idle, oldest = now - self._settings.idle, now - self._settings.longest
        found = uow.desk_sessions.standing(session_id, idle=idle, oldest=oldest)
        if found is None:
            return None
        session, worker = found
        if is_used and (now - session.seen_at).total_seconds() > _USED_AFTER:
            uow.desk_sessions.see(session.id, now)
        opened = uow.broken_glass.open_to(worker.id, now)
        return SignedIn(worker, session, sight_of(worker, opened), self._forms.mark(f"desk:{session.id}"))

    def sign_in_mark(self) -> str:
        return self._forms.mark(SIGN_IN_MARK)

    def check_sign_in(self, request: Request, form: FormData) -> None:
        """Raises `Refused` for a form that another site sent."""
        self._forms.check(request, form, SIGN_IN_MARK)

    def check(self, request: Request, form: FormData, signed_in: SignedIn) -> None:
        """Raises `Refused` for a form that another site sent, or that was another session's."""
        self._forms.check(request, form, f"desk:{signed_in.session.id}")

    def _count_try(self, request: Request, email: str) -> None:
        device = self.cookies.device_of(request, email)
        address = request.client.host if request.client else ""
        if device:
            wait = self._devices.wait(device)
        else:
            wait = max(self._addresses.wait(address), self._accounts.wait(email.casefold()))
        if wait:
            raise TooManyTries(wait)

    async def _check(self, kept: str | None, password: str) -> Checked:
        return await self._hash(lambda: check_password(kept, password))

    async def _hash(self, work: Callable[[], T]) -> T:
        async with self._hashing:
            return await asyncio.to_thread(work)


def _begin(uow: UnitOfWork, worker: DutyWorkerRecord, checked: Checked, now: datetime) -> DeskSessionRecord:
    if checked.kept_anew is not None:
        uow.duty_workers.set_password_hash(worker.id, checked.kept_anew)
    _note(uow, now, worker, "desk.signed_in")
    return uow.desk_sessions.begin(worker.id, now, one_time=checked.is_one_time)


def _note(uow: UnitOfWork, now: datetime, worker: DutyWorkerRecord | None, act: str) -> None:
    uow.audit.write(
        chain=SYSTEM_CHAIN,
        at=now,
        actor="unknown" if worker is None else worker.id,
        act=act,
        record_type="duty_worker",
        record_id="" if worker is None else worker.id,
    )

"""Signing in: tries, sessions and forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from bot.desk.passwords import hash_password
from storage.audit import SYSTEM_CHAIN
from storage.duty_workers import DutyWorkerRecord, Role
from tests.desk.conftest import HTML, PASSWORD, Worker, address_of
from tests.web.conftest import FrontDoorServer

PAGES = ["/desk/", "/desk/incidents", "/desk/rota", "/desk/glass", "/desk/enquiries/7K3M-P2WX", "/desk/password"]


def _try(client: httpx.Client, email: str, password: str, **more: str) -> httpx.Response:
    page = client.get("/desk/sign-in", headers=HTML)
    mark = page.text.split('name="mark" value="')[1].split('"')[0]
    form = {"mark": mark, "email": email, "password": password} | more
    return client.post("/desk/sign-in", data=form, headers=HTML)


@pytest.fixture
def client(front_door: FrontDoorServer, staff: object) -> httpx.Client:
    return httpx.Client(base_url=front_door.url, timeout=30)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_asks_who_is_there(client: httpx.Client, path: str) -> None:
    """A link from a message leads to the sign-in, and from there to where it pointed."""
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/desk/sign-in?next=")
    assert client.get("/desk/events").status_code == 401


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: httpx.Client) -> None:
    """What names a session must not be readable, nor sent by somebody else's page."""
    answer = _try(client, address_of(Role.DUTY_WORKER), PASSWORD)
    assert answer.status_code == 303
    for cookie in answer.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
    policy = client.get("/desk/", headers=HTML).headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_wrong_is_wrong_without_saying_what(client: httpx.Client) -> None:
    """Nobody learns who works here."""
    known = _try(client, address_of(Role.DUTY_WORKER), "not the password")
    unknown = _try(client, "nobody@exampleshire.example", "not the password")
    assert known.status_code == unknown.status_code == 401
    shown = known.text.replace(address_of(Role.DUTY_WORKER), "nobody@exampleshire.example")
    assert shown == unknown.text


def test_a_changed_cookie_opens_nothing(sign_in: Callable[..., Worker], front_door: FrontDoorServer) -> None:
    """The id of a session is no secret; the signature is what counts."""
    worker = sign_in(Role.DUTY_WORKER)
    value = worker.client.cookies["desk"]
    forged = value[:-1] + ("0" if value[-1] != "0" else "1")
    with httpx.Client(base_url=front_door.url, cookies={"desk": forged}) as other:
        assert other.get("/desk/", headers=HTML).status_code == 303


def test_guessing_is_slowed_and_keeps_nobody_out(
    sign_in: Callable[..., Worker], front_door: FrontDoorServer, client: httpx.Client
) -> None:
    """Whoever guesses at an account waits; its worker, on their own device, does not."""
    own = sign_in(Role.HEAD_OF_SERVICE, anew=True)
    answers = [_try(client, address_of(Role.HEAD_OF_SERVICE), f"guess {n}").status_code for n in range(6)]
    assert answers[-1] == 429
    slowed = _try(client, address_of(Role.HEAD_OF_SERVICE), PASSWORD)
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) <= 60
    own.post("/desk/sign-out")
    assert _try(own.client, address_of(Role.HEAD_OF_SERVICE), PASSWORD).status_code == 303


def test_signing_out_ends_the_session(sign_in: Callable[..., Worker], front_door: FrontDoorServer) -> None:
    """A copy of the cookie is worth nothing afterwards. Both are on the record."""
    worker = sign_in(Role.AUDITOR, anew=True)
    kept = dict(worker.client.cookies)
    assert worker.post("/desk/sign-out").status_code == 303
    with httpx.Client(base_url=front_door.url, cookies=kept) as other:
        assert other.get("/desk/", headers=HTML).status_code == 303
    entries = front_door.app.database.run_now(lambda uow: uow.audit.of(SYSTEM_CHAIN))
    acts = [entry.act for entry in entries if entry.actor == worker.record.id]
    assert acts[-2:] == ["desk.signed_in", "desk.signed_out"]


def test_a_session_ends_unused_and_ends_in_the_end(front_door: FrontDoorServer, staff: dict[Role, object]) -> None:
    """A browser left open on a train is closed by the clock."""
    worker: DutyWorkerRecord = staff[Role.MANAGER]  # type: ignore[assignment]
    signing, database = front_door.app.desk.signing, front_door.app.database
    now = front_door.app.clock.now()
    session = database.run_now(lambda uow: uow.desk_sessions.begin(worker.id, now))

    def stands(after: timedelta) -> bool:
        return database.run_now(lambda uow: signing.standing(uow, session.id, now + after)) is not None

    assert stands(timedelta(minutes=59))
    assert not stands(timedelta(minutes=61))
    database.run_now(lambda uow: uow.desk_sessions.see(session.id, now + timedelta(hours=11, minutes=50)))
    assert stands(timedelta(hours=11, minutes=59))
    assert not stands(timedelta(hours=12, minutes=1))


def test_a_disabled_worker_is_thrown_out(sign_in: Callable[..., Worker], front_door: FrontDoorServer) -> None:
    """At once, and from the middle of what they were doing."""
    worker = sign_in(Role.OUT_OF_HOURS)
    mark = worker.mark()
    database, now = front_door.app.database, front_door.app.clock.now()
    database.run_now(lambda uow: uow.duty_workers.disable(worker.record.id, now))
    assert worker.get("/desk/").status_code == 303
    refused = worker.client.post("/desk/enquiries/7K3M-P2WX/acknowledge", data={"mark": mark}, headers=HTML)
    assert refused.status_code == 401
    assert _try(worker.client, address_of(Role.OUT_OF_HOURS), PASSWORD).status_code == 401


def test_a_password_that_works_once_is_changed(front_door: FrontDoorServer, client: httpx.Client) -> None:
    """Whoever handed it over knows it."""
    email, once = "new.starter@exampleshire.example", "given out by hand"
    now = front_door.app.clock.now()
    kept = hash_password(once, is_one_time=True)
    front_door.app.database.run_now(
        lambda uow: uow.duty_workers.add(
            name="New Starter", email=email, role=Role.DUTY_WORKER, now=now, password_hash=kept
        )
    )
    begun = _try(client, email, once)
    assert begun.headers["location"] == "/desk/password"
    assert client.get("/desk/", headers=HTML).headers["location"] == "/desk/password"
    page = client.get("/desk/password", headers=HTML).text
    mark = page.split('name="mark" value="')[1].split('"')[0]

    def choose(old: str, new: str, again: str) -> httpx.Response:
        form = {"mark": mark, "old": old, "new": new, "again": again}
        return client.post("/desk/password", data=form, headers=HTML)

    assert choose(once, "short", "short").status_code == 422
    assert choose(once, "long enough to be kept", "but not the same again").status_code == 422
    assert choose("not what was given", "long enough to be kept", "long enough to be kept").status_code == 422
    assert choose(once, "long enough to be kept", "long enough to be kept").status_code == 303
    assert client.get("/desk/", headers=HTML).status_code == 200


@pytest.mark.parametrize("path", ["acknowledge", "glass"])
def test_a_forged_form_is_refused(
    sign_in: Callable[..., Worker], raise_concern: Callable[..., str], path: str
) -> None:
    """Another site's page, another session's mark, or none."""
    reference = raise_concern(closed_queue=path == "glass")
    worker, other = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER)
    url = f"/desk/enquiries/{reference}/{path}"
    for mark in ("", "0" * 64, other.mark()):
        form = {"mark": mark, "reason": "long enough to be one"}
        assert worker.client.post(url, data=form, headers=HTML).status_code == 403
    stranger = HTML | {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    form = {"mark": worker.mark(), "reason": "long enough to be one"}
    assert worker.client.post(url, data=form, headers=stranger).status_code == 403


@pytest.mark.parametrize("path", ["//elsewhere.example/", "https://elsewhere.example", "/\\elsewhere", "/chat"])
def test_signing_in_leads_to_the_desk_and_nowhere_else(client: httpx.Client, path: str) -> None:
    """A link to our own sign-in must not end on somebody else's page."""
    answer = _try(client, address_of(Role.DUTY_WORKER), PASSWORD, next=path)
    assert answer.headers["location"] == "/desk/"
    client.post("/desk/sign-out", headers=HTML)

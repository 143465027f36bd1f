"""The real front door with somebody of every role, and ways to be each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from bot.desk.passwords import hash_password
from storage.duty_workers import DutyWorkerRecord, Role
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import concern_about
from tests.web.conftest import FrontDoorServer, browser, front_door, open_context

__all__ = ["browser", "front_door", "open_context"]

PASSWORD = "four made up words"
_KEPT = hash_password(PASSWORD)
NAMES = {
    Role.DUTY_WORKER: "Alex Morgan",
    Role.MANAGER: "Sam Okafor",
    Role.HEAD_OF_SERVICE: "Robin Achebe",
    Role.OUT_OF_HOURS: "Kit Larsson",
    Role.LADO: "Noor Haddad",
    Role.AUDITOR: "Jo Penhale",
    Role.ADMINISTRATOR: "Max Lindqvist",
}
HTML = {"Accept": "text/html"}


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody signed in at the desk."""

    client: httpx.Client
    record: DutyWorkerRecord

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path, headers=HTML)

    def mark(self) -> str:
        """Return the mark that proves a form to be this session's own."""
        return self.get("/desk/rota").text.split('name="mark" value="')[1].split('"')[0]

    def post(self, path: str, **form: str) -> httpx.Response:
        return self.client.post(path, data={"mark": self.mark()} | form, headers=HTML)

    def references(self, view: str = "all") -> list[str]:
        """Return the references in a view of the queue, in order."""
        text = self.get(f"/desk/?view={view}").text
        return [part.split("<")[0] for part in text.split("data-open>")[1:]]


@pytest.fixture(scope="module")
def staff(front_door: FrontDoorServer) -> dict[Role, DutyWorkerRecord]:
    def hire(uow: UnitOfWork) -> dict[Role, DutyWorkerRecord]:
        return {
            role: uow.duty_workers.add(
                name=name,
                email=address_of(role),
                role=role,
                now=front_door.app.clock.now(),
                password_hash=_KEPT,
            )
            for role, name in NAMES.items()
        }

    return front_door.app.database.run_now(hire)


def address_of(role: Role) -> str:
    return f"{role.value}@exampleshire.example"


@pytest.fixture(scope="module")
def signed_in_before() -> dict[Role, httpx.Cookies]:
    return {}


@pytest.fixture
def sign_in(
    front_door: FrontDoorServer,
    staff: dict[Role, DutyWorkerRecord],
    signed_in_before: dict[Role, httpx.Cookies],
) -> Iterator[Callable[..., Worker]]:
    """Signs in with the form the first time, and goes on in that session after; `anew`: in one of its own."""
    clients: list[httpx.Client] = []

    def sign_in(role: Role, *, anew: bool = False) -> Worker:
        client = httpx.Client(base_url=front_door.url, timeout=30)
        clients.append(client)
        if role in signed_in_before and not anew:
            client.cookies = signed_in_before[role]
            return Worker(client, staff[role])
        page = client.get("/desk/sign-in", headers=HTML)
        mark = page.text.split('name="mark" value="')[1].split('"')[0]
        form = {"mark": mark, "email": address_of(role), "password": PASSWORD}
        answer = client.post("/desk/sign-in", data=form, headers=HTML)
        assert answer.status_code == 303, answer.text
        if not anew:
            signed_in_before[role] = client.cookies
        return Worker(client, staff[role])

    yield sign_in
    for client in clients:
        client.close()


@pytest.fixture
def disclose(front_door: FrontDoorServer) -> Callable[..., str]:
    """A person says something alarming in the web chat; returns the reference of their enquiry."""

    def disclose(text: str = "my dad is hitting me with a belt right now") -> str:
        with httpx.Client(base_url=front_door.url, timeout=30) as client:
            begun = client.post("/api/chat", json={}).json()
            headers = {"Authorization": f"Bearer {begun['token']}"}
            said = client.post(
                f"/api/chat/{begun['conversation']}/messages", json={"id": "1", "text": text}, headers=headers
            )
            assert said.status_code == 200, said.text

        def reference(uow: UnitOfWork) -> str:
            conversation = uow.conversations.get(begun["conversation"])
            return uow.enquiries.get(conversation.enquiry_id).reference

        return front_door.app.database.run_now(reference)

    return disclose


@pytest.fixture
def raise_concern(front_door: FrontDoorServer) -> Callable[..., str]:
    """A concern on an enquiry that was sent; returns its reference."""

    def raise_concern(**given: Any) -> str:
        now = front_door.app.clock.now()
        sent = given.pop("sent", True)
        concern = {"indicator": "neglect", "urgency": "same_day", "closed_queue": False} | given

        def work(uow: UnitOfWork) -> str:
            enquiry = uow.enquiries.open(audience="parent", area="exampleshire", reporter_id=None, now=now)
            if sent:
                uow.enquiries.submit(enquiry.id, summary={}, now=now)
            if concern["urgency"] != "none":
                concern_about(uow, enquiry.id, now, **concern)
                uow.enquiries.raise_urgency(enquiry.id, concern["urgency"])
            return enquiry.reference

        return front_door.app.database.run_now(work)

    return raise_concern


def sign_in_on(page: Page, role: Role, password: str = PASSWORD) -> None:
    page.goto("/desk/")
    page.get_by_label("E-mail address").fill(address_of(role))
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/")

"""A made-up person in the web chat, for tests of what workers do with what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

import httpx

from storage.enquiries import EnquiryRecord
from storage.identifiers import ConversationId
from storage.unit_of_work import UnitOfWork
from tests.web.conftest import FrontDoorServer

T = TypeVar("T")

DANGER = "my dad is hitting me with a belt right now"
_ids = count(1)


@dataclass(frozen=True, slots=True)
class Talker:
    """One conversation in the web chat."""

    front_door: FrontDoorServer
    conversation: str
    token: str

    def says(self, text: str = "", **more: Any) -> dict[str, Any]:
        body = {"id": f"said-{next(_ids)}", **({"text": text} if text else {}), **more}
        with httpx.Client(base_url=self.front_door.url, timeout=60) as client:
            answer = client.post(f"/api/chat/{self.conversation}/messages", json=body, headers=self._headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def sees(self) -> list[dict[str, Any]]:
        """Return everything in the chat, from both sides."""
        with httpx.Client(base_url=self.front_door.url, timeout=60) as client:
            answer = client.get(f"/api/chat/{self.conversation}", headers=self._headers)
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    @property
    def last(self) -> dict[str, Any]:
        return self.sees()[-1]

    @property
    def enquiry(self) -> EnquiryRecord:
        def read(uow: UnitOfWork) -> EnquiryRecord:
            return uow.enquiries.get(uow.conversations.get(ConversationId(self.conversation)).enquiry_id)

        return self.front_door.app.database.run_now(read)

    def kept(self, work: Callable[[UnitOfWork, EnquiryRecord], T]) -> T:
        """Return what is kept of their enquiry."""
        enquiry = self.enquiry
        return self.front_door.app.database.run_now(lambda uow: work(uow, enquiry))

    @property
    def reference(self) -> str:
        return self.enquiry.reference

    @property
    def path(self) -> str:
        return f"/desk/enquiries/{self.reference}"

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def begin_talk(front_door: FrontDoorServer, *words: str) -> Talker:
    """Somebody opens the web chat and says these things."""
    with httpx.Client(base_url=front_door.url, timeout=60) as client:
        begun = client.post("/api/chat", json={}).json()
    talker = Talker(front_door, begun["conversation"], begun["token"])
    for text in words:
        talker.says(text)
    return talker

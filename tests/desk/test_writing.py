"""Who is writing is shown to the other side, both ways, while a worker has the conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from bot.conversation.writing import LASTS, person_writes_since
from storage.database import Database
from storage.duty_workers import Role
from storage.identifiers import ConversationId
from storage.typing import Writer
from storage.unit_of_work import UnitOfWork
from tests.desk.conftest import Worker
from tests.desk.talking import Talker, begin_talk
from tests.storage.builders import NOW, begin
from tests.web.conftest import FrontDoorServer

SignIn = Callable[..., Worker]
SECOND = timedelta(seconds=1)


@pytest.fixture
def talker(front_door: FrontDoorServer) -> Talker:
    return begin_talk(front_door, "we argue a lot at home and i am worn out")


def types(talker: Talker, token: str = "") -> int:
    """The person types a little in the web chat."""
    with httpx.Client(base_url=talker.front_door.url, timeout=60) as client:
        headers = {"Authorization": f"Bearer {token or talker.token}"}
        return client.post(f"/api/chat/{talker.conversation}/typing", headers=headers).status_code


@contextmanager
def listening(talker: Talker) -> Iterator[Iterator[dict[str, Any]]]:
    """What an open page is told of typing."""
    with httpx.Client(base_url=talker.front_door.url, timeout=60) as client:
        headers = {"Authorization": f"Bearer {talker.token}"}
        path = f"/api/chat/{talker.conversation}/events"
        with client.stream("GET", path, headers=headers) as answer:

            def told() -> Iterator[dict[str, Any]]:
                name = ""
                for line in answer.iter_lines():
                    name = line.removeprefix("event: ") if line.startswith("event: ") else name
                    if name == "typing" and line.startswith("data: "):
                        yield orjson.loads(line.removeprefix("data: "))

            yield told()


def test_the_worker_sees_that_the_person_types(sign_in: SignIn, talker: Talker) -> None:
    """A worker who waits asks nothing twice; what was sent is not still being typed."""
    worker = sign_in(Role.DUTY_WORKER)
    assert types(talker) == 204
    assert worker.get(f"{talker.path}/live").json()["typing"] is False  # with the assistant: nobody to show it to
    worker.post(f"{talker.path}/take")
    assert types(talker) == 204
    assert worker.get(f"{talker.path}/live").json()["typing"] is True
    talker.says("he shouts and then he cries")
    assert worker.get(f"{talker.path}/live").json()["typing"] is False


def test_the_person_sees_that_the_worker_types_until_the_words_are_there(sign_in: SignIn, talker: Talker) -> None:
    """Somebody frightened waits more easily for a person who is writing than for a silence."""
    worker = sign_in(Role.DUTY_WORKER)
    worker.post(f"{talker.path}/take")
    with listening(talker) as told:
        assert worker.post(f"{talker.path}/typing").status_code == 204
        assert next(told) == {"on": True}
        worker.post(f"{talker.path}/write", text="Is he with you now?")
        assert next(told) == {"on": False}


def test_only_who_has_the_conversation_is_shown_typing(sign_in: SignIn, talker: Talker) -> None:
    """A colleague who looks in and types a note is not writing to the person."""
    sign_in(Role.DUTY_WORKER).post(f"{talker.path}/take")
    assert sign_in(Role.MANAGER).post(f"{talker.path}/typing").status_code == 204

    def writes(uow: UnitOfWork) -> bool:
        now = talker.front_door.app.clock.now()
        return uow.typing.until(ConversationId(talker.conversation), Writer.WORKER, now) is not None

    assert not talker.front_door.app.database.run_now(writes)


def test_nobody_types_in_anothers_chat(talker: Talker, front_door: FrontDoorServer) -> None:
    assert types(talker, token="not the key") == 401
    assert types(talker, token=begin_talk(front_door).token) == 403


def test_a_sign_of_writing_is_over_by_itself(database: Database) -> None:
    """A phone that went into a tunnel types for ever otherwise."""

    def work(uow: UnitOfWork) -> None:
        conversation = begin(uow)
        for at in (NOW, NOW + 3 * SECOND):
            uow.typing.note(conversation.id, Writer.PERSON, at + LASTS)
        assert person_writes_since(uow, conversation.id, NOW - SECOND, NOW + 9 * SECOND)
        assert not person_writes_since(uow, conversation.id, NOW + 4 * SECOND, NOW + 5 * SECOND)
        assert not person_writes_since(uow, conversation.id, None, NOW + 11 * SECOND)
        assert uow.typing.until(conversation.id, Writer.WORKER, NOW) is None
        assert uow.typing.forget_before(NOW + 60 * SECOND) == 1

    database.run_now(work)

"""Call-backs at the desk: seen before they are due, offered, booked, moved, cancelled, recorded by whoever may."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from storage.call_backs import CallBackRecord, CallOutcome
from storage.duty_workers import DutyWorkerRecord, Role
from storage.enquiries import EnquiryRecord
from storage.shifts import NewShift, ShiftKind
from storage.unit_of_work import UnitOfWork
from tests.desk.conftest import Worker
from tests.desk.talking import Talker, begin_talk
from tests.followups.calling import SENT, whose_answers
from tests.storage.builders import close_queue, know
from tests.web.conftest import FrontDoorServer

SignIn = Callable[..., Worker]
REST = timedelta(days=20)


@pytest.fixture
def rota(front_door: FrontDoorServer, staff: dict[Role, DutyWorkerRecord]) -> None:
    now = front_door.app.clock.now()

    def keep(uow: UnitOfWork) -> None:
        on = [
            NewShift(staff[role].id, role, ShiftKind.ON, now - timedelta(days=1), now + REST)
            for role in (Role.DUTY_WORKER, Role.MANAGER)
        ]
        uow.shifts.replace("rota", on, since=now - timedelta(days=2), until=now + REST, now=now)

    front_door.app.database.run_now(keep)


@pytest.fixture
def talker(front_door: FrontDoorServer, rota: None) -> Talker:
    """Somebody in the web chat who has sent an enquiry, and may be rung on their mobile."""
    return begin_talk(front_door, *SENT, "can you ring me")


def _calls(talker: Talker) -> list[CallBackRecord]:
    return talker.kept(lambda uow, enquiry: uow.call_backs.of(enquiry.id))


def _times(page: str) -> list[str]:
    return re.findall(r'<option value="(\d+)">', page)


def _press(talker: Talker, label: str) -> dict[str, object]:
    choice = next(c["id"] for c in talker.last["choices"] if c["label"] == label)
    return talker.says(choice=choice)


def test_a_worker_books_moves_and_cancels(sign_in: SignIn, talker: Talker) -> None:
    """On the phone with them, a worker agrees a time: it is kept as if they had chosen it."""
    worker = sign_in(Role.DUTY_WORKER)
    page = worker.get(talker.path).text
    first, second = _times(page)[4:6]
    assert worker.post(f"{talker.path}/calls/book", time=first).status_code == 303
    [call] = _calls(talker)
    assert call.stands
    assert call.made_by == worker.record.id
    assert talker.reference in worker.get("/desk/calls").text
    assert worker.post(f"{talker.path}/calls/book", time=second).status_code == 303
    assert [c.outcome for c in _calls(talker)] == [CallOutcome.MOVED, None]
    assert worker.post(f"{talker.path}/calls/cancel").status_code == 303
    assert [c.outcome for c in _calls(talker)] == [CallOutcome.MOVED, CallOutcome.CANCELLED]
    again = worker.post(f"{talker.path}/calls/cancel")
    assert again.status_code == 409
    assert "There is no call booked any more" in again.text


def test_a_time_that_went_meanwhile_is_refused_with_why(
    sign_in: SignIn, talker: Talker, front_door: FrontDoorServer
) -> None:
    """The page was open for an hour."""
    worker = sign_in(Role.DUTY_WORKER)
    [taken] = _times(worker.get(talker.path).text)[5:6]
    other = begin_talk(front_door, *SENT)
    assert worker.post(f"{other.path}/calls/book", time=taken).status_code == 303
    refused = worker.post(f"{talker.path}/calls/book", time=taken)
    assert refused.status_code == 409
    assert "That time is taken" in refused.text
    assert _calls(talker) == []
    for wrong in ("", "tomorrow", "9" * 20, "0"):
        assert worker.post(f"{talker.path}/calls/book", time=wrong).status_code == 409


def test_times_offered_from_the_desk_are_offered_when_it_is_safe(sign_in: SignIn, talker: Talker) -> None:
    """A worker offers; the front door asks where and when they said."""
    worker = sign_in(Role.DUTY_WORKER)
    _press(talker, "No call, thank you")
    assert worker.post(f"{talker.path}/calls/offer").status_code == 303
    talker.front_door.served.do(talker.front_door.app.follow_ups.tick())
    # They did not say when it is safe: a worker has it, and nothing was sent.
    tasks = talker.kept(lambda uow, enquiry: [f for f in uow.follow_ups.of(enquiry.id) if f.done_at is None])
    assert ("call_back_slots", "worker") in [(f.kind, f.actor.value) for f in tasks]
    assert "We will not ring you" in talker.last["text"]


def test_how_it_went_is_recorded_once(sign_in: SignIn, talker: Talker) -> None:
    """The second of two workers is told that it is done."""
    first = talker.last["choices"][0]["label"]
    _press(talker, first)
    worker, other = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER)
    call = _calls(talker)[-1]
    assert worker.post(f"{talker.path}/calls/record", call=call.id, outcome="danced").status_code == 409
    assert worker.post(f"{talker.path}/calls/record", call="x" * 32, outcome="reached").status_code == 409
    assert worker.post(f"{talker.path}/calls/record", call=call.id, outcome="reached").status_code == 303
    assert other.post(f"{talker.path}/calls/record", call=call.id, outcome="no_answer").status_code == 409
    assert _calls(talker)[-1].outcome is CallOutcome.REACHED
    assert "Reached: we talked" in worker.get(talker.path).text


def test_an_auditor_reads_and_rings_nobody(sign_in: SignIn, talker: Talker) -> None:
    """What may be done is asked by every form."""
    auditor = sign_in(Role.AUDITOR)
    assert auditor.get("/desk/calls").status_code == 200
    assert "Book a call" not in auditor.get(talker.path).text
    for act in ("book", "cancel", "offer", "mine", "record"):
        assert auditor.post(f"{talker.path}/calls/{act}").status_code == 403
    assert sign_in(Role.ADMINISTRATOR).get("/desk/calls").status_code == 403


def test_a_call_of_the_closed_queue_is_in_nobody_elses_list(sign_in: SignIn, talker: Talker) -> None:
    """A list that names its reference is open."""
    _press(talker, talker.last["choices"][0]["label"])
    talker.kept(lambda uow, enquiry: close_queue(uow, enquiry.id, talker.front_door.app.clock.now()))
    assert talker.reference not in sign_in(Role.DUTY_WORKER).get("/desk/calls").text
    assert talker.reference in sign_in(Role.LADO).get("/desk/calls").text


def test_the_answers_of_a_call_nobody_here_may_see_are_not_opened(
    sign_in: SignIn, talker: Talker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of others' calls is no reason to read what this person said."""
    _press(talker, talker.last["choices"][0]["label"])
    talker.kept(lambda uow, enquiry: close_queue(uow, enquiry.id, talker.front_door.app.clock.now()))
    worker, officer, enquiry_id = sign_in(Role.DUTY_WORKER), sign_in(Role.LADO), talker.enquiry.id
    read = whose_answers(monkeypatch)
    assert worker.get("/desk/calls").status_code == 200
    assert enquiry_id not in read
    assert officer.get("/desk/calls").status_code == 200
    assert enquiry_id in read


def test_a_call_that_is_not_safe_any_more_says_so_at_the_desk(sign_in: SignIn, talker: Talker) -> None:
    """The rota can make it, and whoever rings has to know."""
    worker = sign_in(Role.DUTY_WORKER)
    _press(talker, talker.last["choices"][0]["label"])
    not_safe = "That may not be a safe time"
    for path in ("/desk/calls", talker.path):
        assert not_safe not in worker.get(path).text
    ways = {"is": "given", "value": ["reply_in_this_chat"], "words": "reply in this chat"}

    def say(uow: UnitOfWork, enquiry: EnquiryRecord) -> None:
        [conversation] = uow.conversations.of_enquiry(enquiry.id)
        know(uow, conversation, {"safe_contact_methods": ways}, talker.front_door.app.clock.now())

    talker.kept(say)
    for path in ("/desk/calls", talker.path):
        said = _trouble(worker, talker, path)
        assert said.startswith(f"Look again before you make this call. {not_safe}")
        assert "Nobody" not in said


def test_a_call_that_nobody_on_the_rota_can_make_says_so_at_the_desk(sign_in: SignIn, talker: Talker) -> None:
    """A worker who thinks that somebody else has it would let it be missed."""
    worker = sign_in(Role.DUTY_WORKER)
    _press(talker, talker.last["choices"][0]["label"])
    now = talker.front_door.app.clock.now()
    talker.kept(
        lambda uow, _: uow.shifts.replace("rota", [], since=now - timedelta(days=2), until=now + REST, now=now)
    )

    for path in ("/desk/calls", talker.path):
        said = _trouble(worker, talker, path)
        assert said.startswith("Nobody on the rota can make this call as it stands. Nobody can call at that time")
        assert "Look again" not in said


def _trouble(worker: Worker, talker: Talker, path: str) -> str:
    """Return what is said of their call: on the list of all calls, beside its reference."""
    page = worker.get(path).text
    if path != talker.path:
        page = page.split(f'"{talker.path}#calls"')[1].split("</li>")[0]
    [said] = re.findall(r'<p class="trouble"[^>]*>([^<]*)</p>', page)
    return str(said)


def test_the_link_to_the_calendar_file_names_nobody_and_follows_a_move(talker: Talker) -> None:
    """It may stay in a browser's history: the token opens the file, and says nothing."""
    _press(talker, talker.last["choices"][0]["label"])
    said = _press(talker, "Add it to my calendar")
    [message] = [m for m in said["messages"] if "link" in m]  # type: ignore[attr-defined]
    href = message["link"]["href"]
    assert re.fullmatch(r"/calendar/[A-Za-z0-9_-]{32}", href)
    url = talker.front_door.url + href
    page = httpx.get(talker.front_door.url + "/chat", cookies={"chat": talker.token})
    assert f'<a href="{href}" download>' in page.text, "without scripts as well"
    before = httpx.get(url)
    assert before.headers["cache-control"] == "no-store"
    _press(talker, "Move the call")
    _press(talker, talker.last["choices"][2]["label"])
    after = httpx.get(url)
    uid = re.search(r"UID:(\S+)", before.text)
    assert uid is not None
    assert uid[1] in after.text
    assert re.search(r"DTSTART:(\S+)", before.text)[1] != re.search(r"DTSTART:(\S+)", after.text)[1]  # type: ignore[index]
    assert int(re.search(r"SEQUENCE:(\d+)", after.text)[1]) == 1  # type: ignore[index]
    talker.says("cancel my call")
    assert "STATUS:CANCELLED" in httpx.get(url).text

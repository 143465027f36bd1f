"""What is to be done about an enquiry of a closed queue is in no list, count or calendar of who may not see it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bot.desk import follow_ups
from bot.followups.kinds import FollowUpKind, promise
from flows.loader import DEFINITIONS
from storage.database import Database
from storage.duty_workers import DutyWorkerRecord, Role
from storage.follow_ups import FollowUpRecord
from storage.unit_of_work import UnitOfWork
from tests.desk.conftest import HTML, Worker
from tests.desk.test_follow_ups_page import database, do, now_of, promised, rows_of
from tests.storage.builders import concern_about
from tests.web.conftest import FrontDoorServer

__all__ = ["database", "promised"]

SignIn = Callable[..., Worker]
Promised = Callable[..., tuple[str, FollowUpRecord]]
CLOSED = {"indicator": "allegation_professional", "closed_queue": True}
OTHERS = [Role.DUTY_WORKER, Role.OUT_OF_HOURS, Role.MANAGER, Role.HEAD_OF_SERVICE, Role.AUDITOR]


def page_of(worker: Worker, path: str) -> str:
    answer = worker.client.get(path, headers=HTML)
    assert answer.status_code == 200, path
    return answer.text


def mine(worker: Worker) -> int:
    """Return how many of their own the queue says there are."""
    found = re.search(r'Today’s follow-ups <span class="count[^"]*">(\d+)<', page_of(worker, "/desk/"))
    assert found is not None
    return int(found[1])


def tried(worker: Worker) -> str:
    """Return what a run-through by today's own rules shows."""
    mark = page_of(worker, "/desk/follow-ups/run-through").split('name="mark" value="')[1].split('"')[0]
    rules = (DEFINITIONS / "areas" / "exampleshire.yaml").read_text(encoding="utf-8")
    form = {"mark": mark, "rules": rules}
    answer = worker.client.post("/desk/follow-ups/run-through", data=form, headers=HTML)
    assert answer.status_code == 200
    return answer.text


def test_a_task_of_ones_own_is_not_counted_once_the_queue_is_closed(
    sign_in: SignIn, promised: Promised, database: Database
) -> None:
    """It was theirs; then a concern closed the queue to them. The count must not go on telling of it."""
    worker = sign_in(Role.DUTY_WORKER)
    before = mine(worker)
    reference, _ = promised(what="Ring Hill School")
    assert mine(worker) == before + 1

    def close(uow: UnitOfWork) -> None:
        enquiry = uow.enquiries.by_reference(reference)
        assert enquiry is not None
        concern_about(uow, enquiry.id, enquiry.opened_at, **CLOSED)

    database.run_now(close)
    assert mine(worker) == before
    assert reference not in page_of(worker, "/desk/follow-ups?view=mine")


@pytest.mark.parametrize("role", OTHERS)
def test_no_page_shows_or_counts_it(sign_in: SignIn, promised: Promised, role: Role) -> None:
    """Each page is the same with it and without it, by whichever view, month or week."""
    worker, officer = sign_in(role), sign_in(Role.LADO)
    paths = [f"/desk/follow-ups?view={view}&kind=action" for view in ("today", "overdue", "tomorrow", "all")]
    paths += ["/desk/follow-ups/calendar", "/desk/follow-ups/calendar?week=2026-W10"]

    def counted() -> list[int]:
        pages = [page_of(worker, path) for path in paths]
        return [page.count('id="follow-up-') + page.count("do what was agreed") for page in pages]

    before = counted()
    reference, follow_up = promised(what="Meet the head", **CLOSED)
    assert counted() == before
    for path in paths:
        page = page_of(worker, path)
        assert reference not in page
        assert "Meet the head" not in page
        assert follow_up.id not in page
    assert reference in rows_of(page_of(officer, "/desk/follow-ups?view=all&kind=action"))
    assert "do what was agreed" in page_of(officer, "/desk/follow-ups/calendar").lower()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.HEAD_OF_SERVICE, Role.ADMINISTRATOR])
def test_a_run_through_counts_none_of_it(
    sign_in: SignIn, raise_concern: Callable[..., str], front_door: FrontDoorServer, role: Role
) -> None:
    """Of a kind that nothing else is promised of, there is not even a line."""
    worker = sign_in(role)
    reference, now = raise_concern(**CLOSED), front_door.app.clock.now()

    def work(uow: UnitOfWork) -> None:
        enquiry = uow.enquiries.by_reference(reference)
        assert enquiry is not None
        promise(uow, FollowUpKind.CONSENT_RENEWAL, enquiry_id=enquiry.id, due_at=now, now=now)

    front_door.app.database.run_now(work)
    shown = tried(worker)
    assert "Ask again if they still agree" not in shown
    assert reference not in shown


def test_what_they_do_not_see_takes_no_place_and_is_not_more(
    sign_in: SignIn, promised: Promised, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that is cut at so many, or says that there are more, must not do so for what is hidden."""
    worker = sign_in(Role.MANAGER)
    shown = rows_of(page_of(worker, "/desk/follow-ups?view=all")).count('id="follow-up-')
    for _ in range(3):
        promised(what="Meet the head", **CLOSED)
    reference, _ = promised(what="Ring Hill School")
    monkeypatch.setattr(follow_ups, "MOST", shown + 1)
    monkeypatch.setattr(follow_ups, "_MOST_OF_CALENDAR", shown + 1)
    page = page_of(worker, "/desk/follow-ups?view=all")
    assert reference in rows_of(page)
    assert rows_of(page).count('id="follow-up-') == shown + 1
    assert "There are more than" not in page
    assert "There is more than fits here" not in page_of(worker, "/desk/follow-ups/calendar")
    monkeypatch.setattr(follow_ups, "MOST", shown)
    assert "There are more than" in page_of(worker, "/desk/follow-ups?view=all")


def test_it_is_not_given_to_somebody_who_may_not_see_it(
    sign_in: SignIn,
    promised: Promised,
    front_door: FrontDoorServer,
    staff: dict[Role, DutyWorkerRecord],
) -> None:
    """The bells of a task name its enquiry to whoever has it."""
    reference, follow_up = promised(what="Meet the head", **CLOSED)
    officer = sign_in(Role.LADO)
    refused = do(officer, follow_up, "reassign", worker=staff[Role.MANAGER].id)
    assert refused.status_code == 409
    assert "They may not see this enquiry" in refused.text
    assert do(officer, follow_up, "reassign", worker=staff[Role.LADO].id).status_code == 303
    assert now_of(front_door, follow_up).worker_id == staff[Role.LADO].id
    page = page_of(officer, f"/desk/enquiries/{reference}")
    form = {
        "mark": page.split('name="mark" value="')[1].split('"')[0], "kind": "meeting", "what": "With the head",
        "day": "2027-03-03", "time": "10:00", "worker": staff[Role.MANAGER].id,
    }  # fmt: skip
    post = f"/desk/enquiries/{reference}/follow-ups"
    assert "follow-up-not-seen" in officer.client.post(post, data=form, headers=HTML).headers["location"]

"""Today's follow-ups at the desk: seen by who may, done once, put off, given and ended on the record; groups."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import yaml

from bot.followups import pieces
from bot.followups.kinds import FollowUpKind, promise
from bot.followups.reminders import set_task
from flows.loader import DEFINITIONS
from storage.database import Database
from storage.duty_workers import DutyWorkerRecord, Role
from storage.follow_ups import FollowUpRecord
from storage.identifiers import FollowUpId
from storage.unit_of_work import UnitOfWork
from tests.desk.conftest import HTML, Worker
from tests.web.conftest import FrontDoorServer

SignIn = Callable[..., Worker]
HOUR = timedelta(hours=1)


@pytest.fixture
def database(front_door: FrontDoorServer) -> Database:
    return front_door.app.database


@pytest.fixture
def promised(
    front_door: FrontDoorServer, raise_concern: Callable[..., str], staff: dict[Role, DutyWorkerRecord]
) -> Callable[..., tuple[str, FollowUpRecord]]:
    """Something a worker is to do; returns the reference of its enquiry and the follow-up."""

    def promised(
        *, what: str = "Ring Hill School", much: timedelta = HOUR / 60, **concern: Any
    ) -> tuple[str, FollowUpRecord]:
        reference, now = raise_concern(**concern), front_door.app.clock.now()

        def work(uow: UnitOfWork) -> FollowUpRecord:
            enquiry = uow.enquiries.by_reference(reference)
            assert enquiry is not None
            worker = staff[Role.DUTY_WORKER].id
            kind = FollowUpKind.ACTION
            return set_task(uow, front_door.app.house, enquiry, kind, what, now + much, worker, worker, now)

        return reference, front_door.app.database.run_now(work)

    return promised


def rows_of(page: str) -> str:
    return page.split('<ol class="rows promised">')[1].split("</ol>")[0]


def seen(worker: Worker, follow_up: FollowUpRecord, view: str = "all") -> dict[str, str]:
    """Return what a form of this follow-up holds, as the page gives it."""
    page = worker.client.get(f"/desk/follow-ups?view={view}&kind={follow_up.kind}", headers=HTML).text
    mark = page.split('name="mark" value="')[1].split('"')[0]
    part = page.split(f'id="follow-up-{follow_up.id}"')[1].split("</li>")[0]
    found = re.search(r'name="seen" value="([^"]*)"', part)
    assert found is not None
    return {"mark": mark, "seen": found[1], "view": "all", "kind": ""}


def do(who: Worker, follow_up: FollowUpRecord, act: str, **given: str) -> Any:
    form = {**seen(who, follow_up), **given}
    return who.client.post(f"/desk/follow-ups/{follow_up.id}/{act}", data=form, headers=HTML)


def now_of(front_door: FrontDoorServer, follow_up: FollowUpRecord) -> FollowUpRecord:
    return front_door.app.database.run_now(lambda uow: uow.follow_ups.get(follow_up.id))


def acts_of(front_door: FrontDoorServer, follow_up: FollowUpRecord) -> list[tuple[str, str | None]]:
    entries = front_door.app.database.run_now(lambda uow: uow.audit.of(follow_up.enquiry_id))
    return [(e.act, e.reason) for e in entries if e.act.startswith("follow_up.worker")]


def test_a_worker_sees_what_is_to_be_done_by_whom_and_why(sign_in: SignIn, promised: Any) -> None:
    """The list says it without a click: what, by when, who, and why it stands as it does."""
    reference, _ = promised(what="Ring Hill School about Monday")
    worker = sign_in(Role.DUTY_WORKER)
    rows = rows_of(worker.client.get("/desk/follow-ups?view=mine", headers=HTML).text)
    assert reference in rows
    assert "Ring Hill School about Monday" in rows
    assert "A worker wrote this down to be done." in rows
    assert "<b>you</b>" in rows


def test_done_is_done_once_and_on_the_record(sign_in: SignIn, promised: Any, front_door: FrontDoorServer) -> None:
    """Two workers at one follow-up: the second is told, and nothing is done twice."""
    _, follow_up = promised()
    alex, sam = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER)
    sams = seen(sam, follow_up)
    assert do(alex, follow_up, "done", reason="They rang back").status_code == 303
    late = sam.client.post(f"/desk/follow-ups/{follow_up.id}/done", data=sams, headers=HTML)
    assert late.status_code == 409
    assert "Somebody did something to this while you looked" in late.text
    assert now_of(front_door, follow_up).outcome == "done_by_worker"
    assert acts_of(front_door, follow_up) == [("follow_up.worker_done", "They rang back")]


def test_it_is_put_off_with_a_reason_and_its_bells_move(
    sign_in: SignIn, promised: Any, front_door: FrontDoorServer
) -> None:
    _, follow_up = promised()
    alex = sign_in(Role.DUTY_WORKER)
    later = front_door.app.clock.now() + timedelta(days=3)
    when = {"day": later.date().isoformat(), "time": "10:00"}
    assert do(alex, follow_up, "snooze", **when).status_code == 422
    assert (
        do(alex, follow_up, "snooze", reason="School is shut", day="2020-01-01", time="10:00").status_code == 409
    )
    assert do(alex, follow_up, "snooze", reason="School is shut", **when).status_code == 303
    moved = now_of(front_door, follow_up)
    assert moved.promised_at is not None
    assert moved.promised_at.date() == later.date()
    assert moved.steps == 0
    assert ("follow_up.worker_snooze", "School is shut") in acts_of(front_door, follow_up)


def test_it_is_given_to_another_and_the_first_page_is_old(
    sign_in: SignIn, promised: Any, front_door: FrontDoorServer, staff: dict[Role, DutyWorkerRecord]
) -> None:
    _, follow_up = promised()
    alex, sam = sign_in(Role.DUTY_WORKER), sign_in(Role.MANAGER)
    alexs = seen(alex, follow_up)
    given = do(sam, follow_up, "reassign", worker=staff[Role.MANAGER].id)
    assert given.status_code == 303
    assert now_of(front_door, follow_up).worker_id == staff[Role.MANAGER].id
    again = {**alexs, "reason": "Not needed"}
    late = alex.client.post(f"/desk/follow-ups/{follow_up.id}/cancel", data=again, headers=HTML)
    assert late.status_code == 409
    assert now_of(front_door, follow_up).done_at is None


def test_it_ends_only_with_a_reason(sign_in: SignIn, promised: Any, front_door: FrontDoorServer) -> None:
    _, follow_up = promised()
    alex = sign_in(Role.DUTY_WORKER)
    assert do(alex, follow_up, "cancel").status_code == 422
    assert now_of(front_door, follow_up).done_at is None
    assert do(alex, follow_up, "cancel", reason="They asked us not to").status_code == 303
    assert now_of(front_door, follow_up).outcome == "cancelled_by_worker"


def test_a_front_door_promise_is_not_put_off_past_its_time_nor_a_deletion_ended(
    sign_in: SignIn, raise_concern: Callable[..., str], front_door: FrontDoorServer
) -> None:
    """What was promised to a person is not a worker's to take back on a list."""
    reference, now = raise_concern(), front_door.app.clock.now()

    def work(uow: UnitOfWork) -> tuple[FollowUpRecord, FollowUpRecord]:
        enquiry = uow.enquiries.by_reference(reference)
        assert enquiry is not None
        by = now + 4 * HOUR
        kinds = (FollowUpKind.REFERRER_PROMPT, FollowUpKind.RECORD_DELETION)
        made = [
            promise(uow, kind, enquiry_id=enquiry.id, due_at=now + HOUR, promised_at=by, now=now) for kind in kinds
        ]
        return made[0], made[1]

    prompt, deletion = front_door.app.database.run_now(work)
    alex = sign_in(Role.DUTY_WORKER)
    day = (now + timedelta(days=2)).date().isoformat()
    refused = do(alex, prompt, "snooze", reason="Busy", day=day, time="10:00")
    assert refused.status_code == 409
    assert "They were promised this sooner" in refused.text
    page = alex.client.get("/desk/follow-ups?view=all&kind=record_deletion", headers=HTML).text
    assert "What to do" not in page.split(f'id="follow-up-{deletion.id}"')[1].split("</li>")[0]
    form = {"mark": seen(alex, prompt)["mark"], "seen": "", "reason": "x"}
    forced = alex.client.post(f"/desk/follow-ups/{deletion.id}/cancel", data=form, headers=HTML)
    assert forced.status_code == 409
    assert now_of(front_door, deletion).done_at is None


@pytest.mark.parametrize("act", ["done", "snooze", "reassign", "now", "cancel"])
def test_closed_queues_stay_closed(sign_in: SignIn, promised: Any, front_door: FrontDoorServer, act: str) -> None:
    """Not in a list, a count, a calendar, nor by its address."""
    reference, follow_up = promised(indicator="lado", closed_queue=True, what="Meet the head")
    manager, officer = sign_in(Role.MANAGER), sign_in(Role.LADO)
    for path in ("/desk/follow-ups?view=all", "/desk/follow-ups?view=overdue", "/desk/follow-ups/calendar"):
        page = manager.client.get(path, headers=HTML).text
        assert reference not in page
        assert "Meet the head" not in page
    assert reference in rows_of(officer.client.get("/desk/follow-ups?view=all", headers=HTML).text)
    mark = manager.client.get("/desk/follow-ups", headers=HTML).text.split('name="mark" value="')[1].split('"')[0]
    form = {"mark": mark, "seen": "", "reason": "x"}
    answer = manager.client.post(f"/desk/follow-ups/{follow_up.id}/{act}", data=form, headers=HTML)
    assert answer.status_code == 404
    assert now_of(front_door, follow_up).done_at is None


def test_who_sees_no_enquiry_sees_no_follow_up(sign_in: SignIn) -> None:
    administrator, auditor = sign_in(Role.ADMINISTRATOR), sign_in(Role.AUDITOR)
    for path in ("/desk/follow-ups", "/desk/follow-ups/calendar", "/desk/groups", "/desk/what-people-say"):
        assert administrator.client.get(path, headers=HTML).status_code == 403, path
    assert auditor.client.get("/desk/follow-ups", headers=HTML).status_code == 200
    assert auditor.client.get("/desk/groups", headers=HTML).status_code == 403


def test_a_request_a_meeting_and_an_action_are_set_from_the_enquiry(
    sign_in: SignIn, raise_concern: Callable[..., str], front_door: FrontDoorServer
) -> None:
    reference = raise_concern()
    alex = sign_in(Role.DUTY_WORKER)
    page = alex.client.get(f"/desk/enquiries/{reference}", headers=HTML).text
    assert "Set something to be done" in page
    mark = page.split('name="mark" value="')[1].split('"')[0]
    day = (front_door.app.clock.now() + timedelta(days=2)).date().isoformat()
    form = {"mark": mark, "kind": "meeting", "what": "With Hill School", "day": day, "time": "14:30"}
    post = f"/desk/enquiries/{reference}/follow-ups"
    assert "follow-up-set" in alex.client.post(post, data=form, headers=HTML).headers["location"]
    assert "With Hill School" in alex.client.get(f"/desk/enquiries/{reference}", headers=HTML).text
    past = {**form, "day": "2020-01-01"}
    assert "follow-up-wrong" in alex.client.post(post, data=past, headers=HTML).headers["location"]


def test_the_calendar_shows_the_month_and_the_week(sign_in: SignIn, promised: Any) -> None:
    reference, _ = promised()
    alex = sign_in(Role.DUTY_WORKER)
    month = alex.client.get("/desk/follow-ups/calendar", headers=HTML).text
    assert "do what was agreed" in month
    assert '<th scope="col">Monday</th>' in month
    week = re.search(r"/desk/follow-ups/calendar\?(week=[0-9W-]+)\">This week", month)
    assert week is not None
    assert reference in alex.client.get(f"/desk/follow-ups/calendar?{week[1]}", headers=HTML).text
    assert (
        alex.client.get("/desk/follow-ups/calendar?week=nonsense&month=2026-99", headers=HTML).status_code == 200
    )


def test_the_run_through_names_enquiries_to_managers_only(
    sign_in: SignIn, promised: Any, front_door: FrontDoorServer
) -> None:
    """An administrator keeps the rules, and sees what they change by counts alone."""
    reference, _ = promised(much=3 * HOUR)
    rules = yaml.safe_load((DEFINITIONS / "areas" / "exampleshire.yaml").read_text(encoding="utf-8"))
    rules["follow_ups"] = {"bells_of": {"action": {"before_minutes": 60}}}
    rules["contacting"] = {**rules.get("contacting", {}), "quiet": {"from": "18:00", "until": "10:00"}}
    text = yaml.safe_dump(rules)
    for role, sees in ((Role.MANAGER, True), (Role.ADMINISTRATOR, False)):
        worker = sign_in(role)
        page = worker.client.get("/desk/follow-ups/run-through", headers=HTML).text
        mark = page.split('name="mark" value="')[1].split('"')[0]
        form = {"mark": mark, "rules": text}
        shown = worker.client.post("/desk/follow-ups/run-through", data=form, headers=HTML)
        assert shown.status_code == 200
        assert "contacting.quiet.from_" in shown.text
        assert "Do what was agreed" in shown.text
        assert (reference in shown.text) is sees
        bad = worker.client.post("/desk/follow-ups/run-through", data={**form, "rules": "a: [\n"}, headers=HTML)
        assert bad.status_code == 422
    assert sign_in(Role.DUTY_WORKER).client.get("/desk/follow-ups/run-through", headers=HTML).status_code == 403


def test_trying_rules_holds_the_only_writer_for_a_piece_at_a_time(
    sign_in: SignIn, promised: Any, front_door: FrontDoorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A manager who tries rules must not keep a person in danger waiting."""
    _, first = promised()
    now, sizes, whole = front_door.app.clock.now(), list[int](), pieces.run_through

    def work(uow: UnitOfWork) -> None:
        for _ in range(2 * pieces.AT_ONCE):
            promise(uow, FollowUpKind.REFERRER_PROMPT, enquiry_id=first.enquiry_id, due_at=now + HOUR, now=now)

    def counted(uow: UnitOfWork, house: Any, other: Any, handlings: Any, found: Any, at: Any) -> Any:
        sizes.append(len(found))
        return whole(uow, house, other, handlings, found, at)

    front_door.app.database.run_now(work)
    monkeypatch.setattr(pieces, "run_through", counted)
    rules = (DEFINITIONS / "areas" / "exampleshire.yaml").read_text(encoding="utf-8")
    assert sign_in(Role.MANAGER).post("/desk/follow-ups/run-through", rules=rules).status_code == 200
    assert sum(sizes) > 2 * pieces.AT_ONCE
    assert max(sizes) <= pieces.AT_ONCE


def test_a_form_that_is_not_our_own_is_refused_before_it_is_asked_what_they_may_do(sign_in: SignIn) -> None:
    """Another site learns nothing of somebody's role from how it is refused."""
    auditor, worker = sign_in(Role.AUDITOR), sign_in(Role.DUTY_WORKER)
    for path in ("/desk/follow-ups/x/done", "/desk/follow-ups/run-through"):
        foreign = [who.client.post(path, data={"mark": "x"}, headers=HTML) for who in (auditor, worker)]
        assert foreign[0].status_code == foreign[1].status_code == 403
        assert foreign[0].text == foreign[1].text
        assert auditor.post(path).text != foreign[0].text


def test_the_queue_shows_how_many_are_mine(sign_in: SignIn, promised: Any) -> None:
    promised()
    page = sign_in(Role.DUTY_WORKER).client.get("/desk/", headers=HTML).text
    assert "Today’s follow-ups" in page


# -- to a group, and what people say ---------------------------------------------------------------------------

GROUP = {"words_id": "own", "own": "We are closed on Monday.", "when": "", "heard_days": "90", "pace": "60"}


def test_a_group_is_looked_at_before_it_is_written_to_and_can_be_stopped(
    sign_in: SignIn, front_door: FrontDoorServer, disclose: Callable[..., str]
) -> None:
    """Nothing goes that nobody has read and counted first; and whoever else may not."""
    disclose("hello")
    manager = sign_in(Role.MANAGER)
    page = manager.client.get("/desk/groups", headers=HTML).text
    form = {**GROUP, "mark": page.split('name="mark" value="')[1].split('"')[0]}
    looked = manager.client.post("/desk/groups/look", data=form, headers=HTML).text
    assert "We are closed on Monday." in looked
    counted = re.search(r'name="counted" value="(\d+)"', looked)
    assert counted is not None
    unread = {**form, "looked_at": "Something else", "counted": counted[1]}
    assert manager.client.post("/desk/groups/begin", data=unread, headers=HTML).status_code == 422
    read = {**form, "looked_at": "We are closed on Monday.", "counted": counted[1]}
    wrong = {**read, "counted": "900"}
    assert manager.client.post("/desk/groups/begin", data=wrong, headers=HTML).status_code == 409
    assert manager.client.post("/desk/groups/begin", data=read, headers=HTML).status_code == 303
    page = manager.client.get("/desk/groups", headers=HTML).text
    assert f"0 of {counted[1]}" in page
    stop = re.search(r'action="(/desk/groups/[0-9a-f]+/stop)"', page)
    assert stop is not None
    worker = sign_in(Role.DUTY_WORKER)
    assert worker.client.get("/desk/groups", headers=HTML).status_code == 403
    assert manager.client.post(stop[1], data=form, headers=HTML).headers["location"].endswith("group-stopped")
    assert manager.client.post(stop[1], data=form, headers=HTML).headers["location"].endswith("group-over")
    assert "stopped" in manager.client.get("/desk/groups", headers=HTML).text


def test_what_people_say_is_counted_and_few_are_hidden(
    sign_in: SignIn, front_door: FrontDoorServer, raise_concern: Callable[..., str]
) -> None:
    """Three people who felt unsafe must not be found by who asked in that week."""
    now = front_door.app.clock.now()

    def work(uow: UnitOfWork) -> None:
        for number, theme in enumerate(["listened"] * 6 + ["safe"] * 3):
            reference = raise_concern_in(uow, now)
            said = {"kind": "helped_signpost", "audience": "parent", "how": "yes", "theme": theme}
            uow.opinions.note(FollowUpId(f"{number:032x}"), reference, now=now, **said)

    front_door.app.database.run_now(work)
    front_door.served.do(front_door.app.desk.feed.settle())
    manager = sign_in(Role.MANAGER)
    page = manager.client.get("/desk/what-people-say", headers=HTML).text
    assert "Did it help?" in page
    assert "Feeling safe to tell us" not in page
    csv = manager.client.get("/desk/what-people-say/themes-families.csv", headers=HTML).text
    assert "Feeling safe" not in csv
    assert "Others, counted together" in csv
    assert manager.get("/desk/what-people-say/nothing.csv").status_code == 404
    assert sign_in(Role.DUTY_WORKER).client.get("/desk/what-people-say", headers=HTML).status_code == 403


def raise_concern_in(uow: UnitOfWork, now: Any) -> Any:
    """Return an enquiry that was sent."""
    enquiry = uow.enquiries.open(audience="parent", area="exampleshire", reporter_id=None, now=now)
    uow.enquiries.submit(enquiry.id, summary={}, now=now)
    return enquiry.id

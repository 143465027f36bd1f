"""What was promised, at the desk: seen, put off, done, set; calendar, groups and other rules; with pictures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from bot.followups.helped import Later, promise_to_ask
from bot.followups.kinds import FollowUpKind
from bot.followups.reminders import set_task
from flows.loader import DEFINITIONS
from storage.duty_workers import DutyWorkerRecord, Role
from storage.unit_of_work import UnitOfWork
from tests.desk.conftest import disclose, raise_concern, sign_in_on, staff
from tests.web.conftest import FrontDoorServer, browser, front_door, open_context
from tests.whole.test_at_the_desk import _check as check

__all__ = ["browser", "disclose", "front_door", "open_context", "raise_concern", "staff"]

pytestmark = pytest.mark.browser

OpenContext = Callable[..., BrowserContext]
DESK = {"width": 1280, "height": 800}
HOUR = timedelta(hours=1)


@pytest.fixture
def promised(
    front_door: FrontDoorServer,
    raise_concern: Callable[..., str],
    disclose: Callable[..., str],
    staff: dict[Role, DutyWorkerRecord],
) -> str:
    """A task of a worker's, and a question we are going to ask; returns the reference of the task's enquiry."""
    reference, other = raise_concern(), disclose("hello")
    now, house = front_door.app.clock.now(), front_door.app.house

    def work(uow: UnitOfWork) -> None:
        enquiry, asked = uow.enquiries.by_reference(reference), uow.enquiries.by_reference(other)
        assert enquiry is not None
        assert asked is not None
        worker, action = staff[Role.DUTY_WORKER].id, FollowUpKind.ACTION
        set_task(uow, house, enquiry, action, "Ring Hill School about Monday", now + HOUR, worker, worker, now)
        set_task(
            uow, house, enquiry, FollowUpKind.MEETING, "With the family", now + 50 * HOUR, worker, worker, now
        )
        conversation = uow.conversations.of_enquiry(asked.id)[-1]
        promise_to_ask(uow, house, asked, conversation, "IA", Later(may_ask=True), now - timedelta(days=14))

    front_door.app.database.run_now(work)
    return reference


def test_what_is_promised_is_seen_done_put_off_and_set(
    open_context: OpenContext, front_door: FrontDoorServer, promised: str
) -> None:
    """A worker's morning: what is due today, what each will say, and one click and a reason for each."""
    alex = open_context(viewport=DESK).new_page()
    sign_in_on(alex, Role.DUTY_WORKER)
    expect(alex.get_by_role("link", name="Today’s follow-ups")).to_be_visible()
    check(alex, "queue-with-follow-ups")
    alex.get_by_role("link", name="Today’s follow-ups").click()
    rows = alex.locator("ol.promised > li")
    expect(rows.filter(has_text="Ring Hill School about Monday")).to_have_count(1)
    expect(rows.filter(has_text="Did what we told you")).to_have_count(1)
    check(alex, "follow-ups")
    task = rows.filter(has_text="Ring Hill School about Monday")
    task.get_by_text("What to do").click()
    check(alex, "follow-ups-open")
    later = (front_door.app.clock.now() + timedelta(days=3)).date().isoformat()
    task.get_by_label("Day").fill(later)
    task.get_by_label("Why", exact=True).fill("The school is shut until then")
    task.get_by_role("button", name="Put it off").click()
    expect(alex.locator(".said").first).to_contain_text("It is put off.")
    alex.get_by_role("navigation", name="Views").get_by_role("link", name="Mine").click()
    task = alex.locator("ol.promised > li").filter(has_text="Ring Hill School about Monday")
    expect(task).to_contain_text("A worker put it off.")
    task.get_by_text("What to do").click()
    task.get_by_label("What you did").fill("They rang first")
    task.get_by_role("button", name="It is done").click()
    expect(alex.locator(".said").first).to_contain_text("Noted that it is done.")

    alex.goto(f"/desk/enquiries/{promised}")
    expect(alex.locator("#planned")).to_contain_text("With the family")
    alex.get_by_text("Set something to be done").click()
    alex.get_by_label("Kind").select_option("information_request")
    alex.get_by_label("What (not needed").fill("Ask the health visitor for dates")
    alex.get_by_label("By when: day").fill(later)
    check(alex, "enquiry-planned")
    alex.get_by_role("button", name="Set it").click()
    expect(alex.locator("#planned")).to_contain_text("Ask the health visitor for dates")

    alex.goto("/desk/follow-ups/calendar")
    check(alex, "calendar")
    alex.get_by_role("link", name="This week").click()
    expect(alex.locator("table.calendar")).to_contain_text("get a meeting ready")
    check(alex, "calendar-week")


def test_a_manager_writes_to_a_group_tries_rules_and_reads_what_people_say(
    open_context: OpenContext, front_door: FrontDoorServer, promised: str
) -> None:
    sam = open_context(viewport=DESK).new_page()
    sign_in_on(sam, Role.MANAGER)
    sam.goto("/desk/follow-ups")
    sam.get_by_role("link", name="Write to a group").click()
    sam.get_by_label("When (such as").fill("on Monday 31 August")
    check(sam, "groups")
    sam.get_by_role("button", name="Look at it first").click()
    expect(sam.locator(".look")).to_contain_text("Our office is closed on Monday 31 August.")
    check(sam, "groups-look")
    sam.get_by_role("button", name="Send it to").click()
    expect(sam.locator(".said").first).to_contain_text("You can stop it here.")
    check(sam, "groups-going")

    sam.goto("/desk/follow-ups/run-through")
    rules = (DEFINITIONS / "areas" / "exampleshire.yaml").read_text(encoding="utf-8")
    text = f"{rules}\nfollow_ups: {{bells: {{before_minutes: 30}}, bells_of: {{}}}}\n"
    sam.get_by_label("The new area file").fill(text)
    sam.get_by_role("button", name="Run through").click()
    expect(sam.locator("main")).to_contain_text("follow_ups.bells.before_minutes")
    check(sam, "run-through")
    sam.goto("/desk/what-people-say")
    check(sam, "what-people-say")
    sam.goto(f"/desk/enquiries/{promised}/decide")
    expect(sam.get_by_label("Ask, although it was about safety")).not_to_be_checked()
    check(sam, "decide-later")

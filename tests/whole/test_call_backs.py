"""A call-back in a real browser, from both sides: booked, moved by each of them, missed, and put right."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from storage.duty_workers import DutyWorkerRecord, Role
from storage.enquiries import EnquiryRecord
from storage.shifts import NewShift, ShiftKind
from storage.unit_of_work import UnitOfWork
from tests.desk.conftest import sign_in_on, staff
from tests.web.conftest import FrontDoorServer, MovingClock, browser, front_door, open_context
from tests.web.fitting import assert_fits

__all__ = ["browser", "front_door", "open_context", "staff"]

pytestmark = pytest.mark.browser

OpenContext = Callable[..., BrowserContext]
STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PICTURES = os.environ.get("FRONTDOOR_PICTURES", "")
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
MOVES = (
    ("in danger right now", "no"),
    ("Who are you", "a parent"),
    ("safe for you to chat", "yes"),
    ("What would you like help with", "Rowan will not go to school and I am worn out"),
    ("short version", "short version"),
    ("How is it safe", "reply in this chat and call my mobile"),
    ("What number", "07700 900123"),
    ("What name", "Jo"),
    ("Do you agree", "yes"),
    ("Check your answers", "send"),
)


def _check(page: Page, name: str, sizes: tuple[dict[str, int], ...] = (PHONE, DESK)) -> None:
    """The page is clean, fits a phone and a desk, and stands in the pictures."""
    for size in sizes:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert_fits(page, size["width"], name)
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"call-{name}-{size['width']}.png"), full_page=True)
    found = Axe().run(page, options=STANDARD)
    assert found.violations_count == 0, (name, found.generate_report())


def _ring(front_door: FrontDoorServer) -> None:
    """Ring the bells once: no clock runs in these tests but the one they move."""
    front_door.served.do(front_door.app.follow_ups.tick())
    front_door.served.do(front_door.app.dispatcher.tick())


def _pass_until(front_door: FrontDoorServer, at: datetime) -> None:
    clock = front_door.app.clock
    assert isinstance(clock, MovingClock)
    clock.jump(at)
    _ring(front_door)


def _rota(front_door: FrontDoorServer, staff: dict[Role, DutyWorkerRecord]) -> None:
    now = front_door.app.clock.now()

    def keep(uow: UnitOfWork) -> None:
        on = [
            NewShift(staff[role].id, role, ShiftKind.ON, now - timedelta(days=1), now + timedelta(days=20))
            for role in (Role.DUTY_WORKER, Role.MANAGER)
        ]
        uow.shifts.replace("rota", on, since=now - timedelta(days=2), until=now + timedelta(days=30), now=now)

    front_door.app.database.run_now(keep)


def _newest(front_door: FrontDoorServer) -> EnquiryRecord:
    def read(uow: UnitOfWork) -> EnquiryRecord:
        newest = uow.connection.exec_driver_sql(
            "SELECT id FROM conversation ORDER BY id DESC LIMIT 1"
        ).scalar_one()
        return uow.enquiries.get(uow.conversations.get(newest).enquiry_id)

    return front_door.app.database.run_now(read)


def _says(person: Page, text: str) -> None:
    person.locator("#text").fill(text)
    person.get_by_role("button", name="Send", exact=True).click()


def test_a_call_is_booked_moved_missed_and_put_right(
    open_context: OpenContext, front_door: FrontDoorServer, staff: dict[Role, DutyWorkerRecord]
) -> None:
    """What a person sees and what a worker sees of the same promise, at every turn it can take."""
    _rota(front_door, staff)
    person = open_context(viewport=PHONE, has_touch=True).new_page()
    person.goto("/")
    person.get_by_role("button", name="Start").first.click()
    for asked, does in MOVES[:-1]:
        expect(person.locator("#log")).to_contain_text(asked)
        _says(person, does)
    expect(person.locator("#log")).to_contain_text("Check your answers")
    enquiry = _newest(front_door)
    _says(person, "send")

    # They say when we may write to them: without it a reminder and "did we ring?" would not reach them.
    expect(person.locator("#log")).to_contain_text("Can we write to you here later")
    expect(person.get_by_role("button", name="Do not write to me here")).to_be_visible()
    _check(person, "when-safe", (PHONE,))
    person.get_by_role("button", name="Any time in the day", exact=True).click()
    expect(person.locator("#log")).to_contain_text("it will be at those times")

    # They choose, in their own words and then by a button.
    expect(person.locator("#log")).to_contain_text("Would you like to choose a time?")
    expect(person.get_by_role("button", name="More times")).to_be_visible()
    _check(person, "offered", (PHONE,))
    _says(person, "tomorrow afternoon")
    expect(person.locator("#log")).to_contain_text("We can ring you at these times")
    person.get_by_role("button", name="2pm on Tuesday 3 March", exact=True).click()
    expect(person.locator("#log")).to_contain_text(
        "will ring your mobile between 2pm and 2.30pm on Tuesday 3 March"
    )
    expect(person.locator("#log")).to_contain_text("we will not leave a message")
    _check(person, "booked", (PHONE,))

    # They keep it in a calendar that says nothing of us.
    person.get_by_role("button", name="Add it to my calendar").click()
    link = person.get_by_role("link", name="Save the date")
    expect(link).to_be_visible()
    href = link.get_attribute("href") or ""
    assert enquiry.reference not in href
    file = httpx.get(front_door.url + href)
    assert file.headers["content-disposition"] == 'attachment; filename="call.ics"'
    assert "DTSTART:20260303T140000Z" in file.text
    assert front_door.app.house.area.name not in file.text
    assert httpx.get(front_door.url + "/calendar/not-a-token").status_code == 404
    _check(person, "calendar", (PHONE,))

    # The worker has it before it is due.
    alex = open_context(viewport=DESK).new_page()
    sign_in_on(alex, Role.DUTY_WORKER)
    alex.get_by_role("link", name="Calls", exact=True).click()
    expect(alex.locator("main")).to_contain_text("Tuesday 3 March")
    _check(alex, "list")
    alex.get_by_role("link", name=enquiry.reference).click()
    box = alex.locator("#calls")
    expect(box).to_contain_text("07700")
    expect(box).to_contain_text("Leave no voicemail")
    _check(alex, "desk")

    # They move it; and then the worker does, and they see where to.
    person.get_by_role("button", name="Move the call").click()
    expect(person.locator("#log")).to_contain_text("Choose a time for the call")
    _says(person, "wednesday at 11am")
    person.get_by_role("button", name="11am on Wednesday 4 March", exact=True).click()
    expect(person.locator("#log")).to_contain_text("Your call has moved.")
    alex.reload()
    expect(box).to_contain_text("11:00am until 11:30am on Wednesday 4 March")
    alex.get_by_label("They moved it: to").select_option(label="3pm on Wednesday 4 March")
    alex.get_by_role("button", name="Move the call").click()
    expect(alex.locator(".said").first).to_contain_text("The call is booked")
    _ring(front_door)
    expect(person.locator("#log")).to_contain_text("between 3pm and 3.30pm on Wednesday 4 March")

    # Nobody rings. They are asked, and say so; a manager sees it; they choose again.
    _pass_until(front_door, datetime(2026, 3, 4, 16, 1, tzinfo=UTC))
    _ring(front_door)
    expect(person.locator("#log")).to_contain_text("Did your call take place?")
    _check(person, "asked", (PHONE,))
    person.get_by_role("button", name="Nobody rang").click()
    expect(person.locator("#log")).to_contain_text("We are sorry. We said that we would ring you.")
    _check(person, "missed", (PHONE,))
    sam = open_context(viewport=DESK).new_page()
    sign_in_on(sam, Role.MANAGER)
    sam.goto("/desk/incidents")
    expect(sam.locator("main")).to_contain_text("We did not ring somebody at the time we promised")
    sam.goto(f"/desk/enquiries/{enquiry.reference}#calls")
    expect(sam.locator("#calls")).to_contain_text("They say: nobody rang.")
    _check(sam, "missed-desk")
    person.locator("#options button").first.click()
    expect(person.locator("#log")).to_contain_text("Your call is booked")

    # The worker rings them, and writes down that they talked.
    sam.reload()
    sam.get_by_role("button", name="I will ring them").click()
    expect(sam.locator("#calls")).to_contain_text("you on their mobile")
    sam.get_by_label("Reached: we talked").check()
    sam.get_by_role("button", name="Keep how it went").click()
    expect(sam.locator(".said").first).to_contain_text("It is kept how the call went")
    expect(sam.locator("#calls")).to_contain_text("Reached: we talked")
    _check(sam, "recorded")

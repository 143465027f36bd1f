"""A professional rings, a worker writes it down, passes it on and closes it: in a real browser, with pictures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from storage.duty_workers import DutyWorkerRecord, Role
from tests.desk.conftest import sign_in_on, staff
from tests.web.conftest import FrontDoorServer, browser, front_door, open_context
from tests.whole.test_at_the_desk import _check as check

__all__ = ["browser", "front_door", "open_context", "staff"]

pytestmark = pytest.mark.browser

OpenContext = Callable[..., BrowserContext]
DESK = {"width": 1280, "height": 800}


def press(page: Page, question: str, key: str) -> None:
    """Press a key once the question stands there and its keys are at work."""
    expect(page.locator("#question")).to_contain_text(question)
    expect(page.locator("#keys-hint")).to_be_visible()
    page.keyboard.press(key)


def test_a_call_is_written_down_passed_on_confirmed_and_closed(
    open_context: OpenContext, front_door: FrontDoorServer, staff: dict[Role, DutyWorkerRecord]
) -> None:
    """The telephone in one hand: keys and presses, danger shown at once, nothing typed twice."""
    alex = open_context(viewport=DESK).new_page()
    sign_in_on(alex, Role.DUTY_WORKER)
    check(alex, "queue-with-record")
    alex.locator("h1").click()
    alex.keyboard.press("c")
    expect(alex.get_by_label("A phone call")).to_be_checked()
    check(alex, "recording-new")
    alex.get_by_label("A professional").check()
    alex.get_by_label("Second hand").check()
    alex.get_by_role("button", name="Start").click()
    expect(alex.locator("#question")).to_contain_text("at immediate risk")
    expect(alex.get_by_role("button", name="Yes")).to_be_focused()
    check(alex, "recording-choice")
    alex.get_by_role("button", name="Yes").focus()
    press(alex, "at immediate risk", "2")
    expect(alex.locator("#question")).to_contain_text("makes you get in touch now")
    expect(alex.locator("#text")).to_be_focused()
    check(alex, "recording-words")
    alex.keyboard.type("Rowan in Year 4 says that his dad hits him with a belt and he is scared to go home today")
    alex.keyboard.press("Control+Enter")
    expect(alex.locator(".danger-box")).to_contain_text("Nobody has answered it yet")
    expect(alex.locator(".prompt.urgent").first).to_be_visible()
    check(alex, "recording-danger")
    alex.get_by_role("button", name="I have this").click()
    expect(alex.locator(".danger-box")).to_contain_text("Alex Morgan has answered the alert")

    expect(alex.locator("#question")).to_contain_text("Where is the child now")
    alex.locator("#text").fill("At Hill School until 3.15, with his teacher")
    alex.locator("#text").press("Control+Enter")
    expect(alex.locator(".answers")).to_contain_text("At Hill School until 3.15")
    alex.get_by_role("button", name="Go back").click()
    expect(alex.locator("#question, .prompt").first).to_be_visible()
    alex.get_by_role("button", name="Keep this answer").last.click()
    expect(alex.locator("#question")).not_to_contain_text("Where is the child now")
    check(alex, "recording-so-far")
    alex.get_by_role("button", name="Send what there is").click()
    expect(alex.locator("h1")).to_contain_text("Sent to the duty team")
    check(alex, "recording-sent")

    alex.get_by_role("link", name="Open ").click()
    expect(alex.locator("#recorded")).to_contain_text("Written down by Alex Morgan")
    expect(alex.locator("#recorded")).to_contain_text("in writing by")
    check(alex, "recorded-enquiry")
    alex.get_by_role("button", name="I have sent it myself").click()
    expect(alex.locator("#recorded")).to_contain_text("Confirmed in writing")

    alex.get_by_role("link", name="Pass on").click()
    check(alex, "pass-on")
    alex.get_by_label("To the worker who has the family already").check()
    alex.get_by_label("Who is to take it").fill("Jo Example, Team 3, 01632 960 444")
    alex.get_by_label("How they were told").select_option(label="By phone")
    alex.get_by_label("Why").fill("Rowan has a plan with Team 3.")
    alex.get_by_role("button", name="Pass it on").click()
    expect(alex.locator("#passed")).to_contain_text("Nobody has confirmed yet.")
    check(alex, "passed-on")
    path = alex.url.split("?")[0]
    alex.goto("/desk/?view=passed_on")
    check(alex, "queue-passed-on")

    sam = open_context(viewport=DESK).new_page()
    sign_in_on(sam, Role.MANAGER)
    sam.goto(path)
    sam.get_by_role("link", name="Decide").click()
    expect(sam.locator("main")).to_contain_text("nobody has confirmed yet")
    sam.goto(path)
    sam.get_by_label("Who there says that they have it").fill("Jo Example")
    sam.get_by_label("When they said so").fill("11.20 today")
    sam.get_by_role("button", name="They have it").click()
    expect(sam.locator("#passed")).to_contain_text("They have it: Jo Example, 11.20 today")
    sam.get_by_role("link", name="Decide").click()
    sam.get_by_label("Added to existing referral").check()
    sam.get_by_label("The reason", exact=True).fill("With Team 3, who see Rowan today.")
    sam.get_by_label("A worker tells them").check()
    sam.get_by_role("button", name="Record the decision").click()
    expect(sam.locator(".said").first).to_contain_text("The decision is recorded")


def test_a_visit_is_read_back_before_it_is_sent(
    open_context: OpenContext, front_door: FrontDoorServer, staff: dict[Role, DutyWorkerRecord]
) -> None:
    """Several answers at once, a change, and the whole of it read aloud: each page clean at both sizes."""
    sam = open_context(viewport=DESK).new_page()
    sign_in_on(sam, Role.MANAGER)
    sam.get_by_role("link", name="Record a visit").click()
    sam.get_by_label("A parent or carer").check()
    sam.get_by_role("button", name="Start").click()
    press(sam, "hurt or in danger", "2")
    press(sam, "safe for them to talk to you", "2")
    expect(sam.locator("h1").last).to_contain_text("They cannot talk now")
    check(sam, "recording-paused")
    sam.get_by_role("button", name="They can talk now").click()
    press(sam, "safe for them to talk to you", "1")
    expect(sam.locator("#question")).to_contain_text("What would you like help with")
    sam.locator("#text").fill("We have no money for food until Friday")
    sam.locator("#text").press("Control+Enter")
    sam.get_by_role("button", name="Short version").click()
    sam.get_by_label("Text me").check()
    check(sam, "recording-several")
    sam.get_by_role("button", name="Keep this answer").click()
    sam.locator("#text").fill("07700 900123")
    sam.locator("#text").press("Enter")
    sam.get_by_role("button", name="Change an answer").click()
    expect(sam.locator("#question")).to_contain_text("Write the number")
    check(sam, "recording-change")
    sam.get_by_role("button", name="Go back").click()
    expect(sam.locator("#question")).to_contain_text("What name")
    sam.locator("#text").fill("Aleks")
    sam.locator("#text").press("Enter")
    expect(sam.locator("#question")).to_contain_text("Do you agree")
    sam.get_by_role("button", name="Yes").first.click()
    expect(sam.locator("#question")).to_contain_text("Read this back to them")
    check(sam, "recording-check")
    sam.locator("h1").last.click()
    sam.keyboard.press("1")  # a number here is an answer to change: it must not send
    sam.locator("#text").fill("7")
    sam.locator("#text").press("Enter")
    expect(sam.locator("#question, .prompt").first).to_be_visible()
    sam.locator("#text").fill("Alex")
    sam.locator("#text").press("Enter")
    expect(sam.locator("#hint")).to_contain_text("Alex")
    sam.get_by_role("button", name="Send to the duty team").click()
    expect(sam.locator("h1").last).to_contain_text("Sent to the duty team")


def test_a_visit_is_written_down_without_scripts_on_a_phone(
    open_context: OpenContext, front_door: FrontDoorServer, staff: dict[Role, DutyWorkerRecord]
) -> None:
    """The office computer is down, and a mother stands at the desk."""
    page: Page = open_context(viewport={"width": 360, "height": 740}, java_script_enabled=False).new_page()
    sign_in_on(page, Role.DUTY_WORKER)
    page.get_by_role("link", name="Record a visit").click()
    page.get_by_label("A parent or carer").check()
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="No", exact=False).first.click()
    expect(page.locator("#question")).to_contain_text("safe for them to talk to you")
    page.get_by_role("button", name="Yes").click()
    page.locator("#text").fill("We have no money for food until Friday")
    page.get_by_role("button", name="Keep this answer").click()
    page.get_by_role("button", name="Short version").click()
    assert page.locator("label.tick").count() > 1
    assert page.get_by_label("Reply in this chat").count() == 0
    page.get_by_label("Text me").check()
    page.get_by_role("button", name="Keep this answer").click()
    page.locator("#text").fill("07700 900123")
    page.locator("#text").press("Enter")
    expect(page.locator(".answers")).to_contain_text("07700 900123")
    page.get_by_role("button", name="Send what there is").click()
    expect(page.locator("h1")).to_contain_text("Sent to the duty team")

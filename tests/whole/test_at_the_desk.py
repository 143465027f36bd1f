"""From a child's words in the web chat to a manager's decision, in a real browser, with pictures of each page."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from storage.duty_workers import DutyWorkerRecord, Role
from tests.desk.conftest import sign_in_on, staff
from tests.web.conftest import FrontDoorServer, browser, front_door, open_context
from tests.web.fitting import assert_fits

__all__ = ["browser", "front_door", "open_context", "staff"]

pytestmark = pytest.mark.browser

OpenContext = Callable[..., BrowserContext]
STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PICTURES = os.environ.get("FRONTDOOR_PICTURES", "")


def _check(page: Page, name: str) -> None:
    """The page is clean, fits a phone and a desk, and stands in the pictures."""
    for width, height in ((360, 740), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        assert_fits(page, width, name)
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
    found = Axe().run(page, options=STANDARD)
    assert found.violations_count == 0, (name, found.generate_report())


def test_disclosed_taken_answered_held_decided_and_told(
    open_context: OpenContext, front_door: FrontDoorServer, staff: dict[Role, DutyWorkerRecord]
) -> None:
    """The whole of what this product is for, on two screens at once, and nobody loads a page again."""
    child = open_context(viewport={"width": 360, "height": 740}, has_touch=True).new_page()
    child.goto("/?as=young_person")
    child.get_by_role("button", name="Start").first.click()
    child.locator("#text").fill("my dad is hitting me with a belt right now")
    child.get_by_role("button", name="Send", exact=True).click()
    expect(child.locator(".m.urgent").first).to_be_visible()

    alex = open_context(viewport={"width": 1280, "height": 800}).new_page()
    sign_in_on(alex, Role.DUTY_WORKER)
    alex.locator("a[data-open]").first.click()
    expect(alex.locator("blockquote").first).to_contain_text("hitting me")
    expect(alex.locator("blockquote mark").first).to_be_visible()
    _check(alex, "enquiry")
    path = alex.url.split("?")[0]

    alex.get_by_role("button", name="Take the conversation").click()
    expect(alex.locator(".holder")).to_contain_text("You have this conversation")
    expect(child.locator("#log")).to_contain_text("Alex, a duty worker, has joined this chat")
    alex.get_by_text("Words to start from").click()
    alex.get_by_role("button", name="Are you safe right now?").click()
    box = alex.get_by_label("Write to them")
    expect(box).to_have_value("Are you safe right now?")
    box.fill("Are you safe right now? Can you lock a door?")
    expect(child.locator("#writes")).to_be_visible()
    alex.get_by_role("button", name="Send", exact=True).click()
    expect(child.locator(".m.worker").last).to_contain_text("Can you lock a door?")
    expect(child.locator("#writes")).to_be_hidden()

    child.locator("#text").fill("im in the bathroom and its locked")
    expect(alex.locator("#they-write")).to_be_visible()
    child.get_by_role("button", name="Send", exact=True).click()
    expect(alex.locator("#log")).to_contain_text("bathroom")
    _check(alex, "with-worker")

    alex.get_by_label("A note").fill("Rang 999 at 10.02.")
    alex.get_by_role("button", name="Keep the note").click()
    expect(alex.locator("#notes")).to_contain_text("Rang 999")
    expect(child.locator("#log")).not_to_contain_text("Rang 999")

    alex.get_by_role("link", name="Hold for a decision").click()
    _check(alex, "hold")
    alex.get_by_label("What you think is happening").fill("A child is being hurt at home now.")
    alex.get_by_label("Level that you think is met").select_option("4")
    alex.get_by_label("Why you think that level").fill("Significant harm, first hand.")
    alex.get_by_label("How the child is kept safe").fill("Police on the way. The child is behind a locked door.")
    alex.get_by_label("Who decides").select_option(label="Sam Okafor, manager")
    alex.get_by_role("button", name="Hold for a decision").click()
    expect(alex.locator(".said").first).to_contain_text("held for a decision")
    expect(alex.get_by_text("Held for Sam Okafor")).to_be_visible()

    sam = open_context(viewport={"width": 1280, "height": 800}).new_page()
    sign_in_on(sam, Role.MANAGER)
    sam.goto(path)
    expect(sam.locator("#here")).to_contain_text("Alex Morgan")
    _check(sam, "held")
    sam.get_by_role("link", name="Decide").click()
    _check(sam, "decide")
    sam.get_by_label("Child protection enquiry").check()
    sam.get_by_label("What the Referral leads to").select_option(
        label="Strategy discussion and/or Section 47 enquiry"
    )
    sam.get_by_label("The reason", exact=True).fill("A child says that they are being hurt. Strategy at 11.")
    sam.get_by_label("A worker tells them").check()
    sam.get_by_role("button", name="Record the decision").click()
    expect(sam.locator(".said").first).to_contain_text("The decision is recorded")
    expect(sam.locator("#decisions")).to_contain_text("tell them another way")
    sam.get_by_role("button", name="I have told them").click()
    expect(sam.locator("#decisions")).to_contain_text("by Sam Okafor")
    _check(sam, "decided")
    sam.get_by_role("link", name="For the case system").click()
    _check(sam, "case")
    sam.goto("/desk/search")
    sam.get_by_label("A reference, a name").fill("Nobody Here")
    sam.get_by_role("button", name="Search").click()
    expect(sam.locator("#found-title")).to_contain_text("0 found")
    _check(sam, "search")


def test_the_desk_tells_the_person_in_the_chat(
    open_context: OpenContext, front_door: FrontDoorServer, staff: dict[Role, DutyWorkerRecord]
) -> None:
    """Feedback in approved words by their safe route, seen arriving, and shown at the desk as gone."""
    person = open_context(viewport={"width": 360, "height": 740}).new_page()
    person.goto("/")
    person.get_by_role("button", name="Start").first.click()
    for asked, does in (
        ("in danger right now", "no"),
        ("Who are you", "a parent"),
        ("safe for you to chat", "yes"),
        ("What would you like help with", "Rowan will not go to school and I am worn out"),
        ("short version", "short version"),
        ("How is it safe", "reply in this chat"),
        ("What name", "Alex"),
        ("Do you agree", "yes"),
        ("Check your answers", "send"),
    ):
        expect(person.locator("#log")).to_contain_text(asked)
        person.locator("#text").fill(does)
        person.get_by_role("button", name="Send", exact=True).click()
    expect(person.locator("#log")).to_contain_text("Your reference is")

    sam = open_context(viewport={"width": 1280, "height": 800}).new_page()
    sign_in_on(sam, Role.MANAGER)
    sam.get_by_role("navigation", name="Views").get_by_role("link", name="All").click()
    sam.locator("a[data-open]").last.click()
    sam.get_by_role("link", name="Decide").click()
    sam.get_by_label("Information and advice").check()
    sam.get_by_label("The reason", exact=True).fill("Advice about school.")
    expect(sam.get_by_label("In the chat, where they wrote")).to_be_checked()
    sam.get_by_role("button", name="Record the decision").click()
    expect(person.locator("#log")).to_contain_text("advice is the best help for now")
    sam.reload()
    expect(sam.locator("#decisions")).to_contain_text("Sent ")

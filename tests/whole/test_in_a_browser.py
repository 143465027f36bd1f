"""A whole conversation for each audience in a real browser, on a phone and at a desk, with pictures."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from flows.answers import Given, from_json
from tests.web.conftest import FrontDoorServer, browser, front_door, open_context
from tests.whole.stories import STORIES, Story, Taps, Types

__all__ = ["browser", "front_door", "open_context"]

SIZES = {"phone": (360, 740), "desk": (1280, 800)}
PICTURES = os.environ.get("FRONTDOOR_PICTURES", "")
"""A folder to keep the pictures in, for somebody to look at."""


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.audience)
def test_each_audience_sends_an_enquiry_in_a_browser(
    story: Story, size: str, open_context: Callable[..., BrowserContext], front_door: FrontDoorServer
) -> None:
    """The same stories as on Telegram, by the buttons and boxes that a person sees."""
    width, height = SIZES[size]
    page = open_context(viewport={"width": width, "height": height}, has_touch=size == "phone").new_page()
    page.goto("/?as=professional" if story.audience == "professional" else "/")
    page.get_by_role("button", name="Start").first.click()
    seen = 0
    for number, (asked, does) in enumerate(story.moves):
        seen = _wait_until_asked(page, asked, seen)
        _picture(page, f"{story.audience}-{size}-{number:02}")
        _assert_fits(page, width)
        _does(page, does)
    expect(page.get_by_role("log")).to_contain_text(story.ends)
    done = page.get_by_text("Your reference is").last
    expect(done).to_be_visible()
    _picture(page, f"{story.audience}-{size}-sent")
    found = re.search(r"Your reference is (\S{4}-\S{4})", done.inner_text())
    assert found
    _assert_said(front_door, found[1], story)


def _wait_until_asked(page: Page, asked: str, seen: int) -> int:
    """Wait for a bubble of the bot's after the first `seen`; return how many there are."""
    page.wait_for_function(
        """([asked, seen]) => {
            const log = document.querySelector('[role=log]');
            if (!log) return false;
            const said = [...log.children].slice(seen).map(item => item.innerText).join('\\n');
            return said.includes(asked);
        }""",
        arg=[asked, seen],
    )
    return int(page.evaluate("document.querySelector('[role=log]').children.length"))


def _does(page: Page, does: Taps | Types) -> None:
    if isinstance(does, Types):
        page.get_by_role("textbox").fill(does.words)
        page.get_by_role("button", name="Send", exact=True).click()
        return
    for label in does.labels:
        ticks = page.get_by_role("checkbox", name=label, exact=True)
        if ticks.count():
            ticks.check()
        else:
            page.get_by_role("button", name=label, exact=True).last.click()


def _assert_fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def _assert_said(front_door: FrontDoorServer, reference: str, story: Story) -> None:
    database = front_door.app.database
    enquiry = database.run_now(lambda uow: uow.enquiries.by_reference(reference))
    assert enquiry is not None
    assert enquiry.submitted_at is not None
    assert enquiry.audience == story.audience
    given = {}
    for record in database.run_now(lambda uow: uow.answers.current(enquiry.id)):
        answer = from_json(record.value)
        given[record.field] = answer.value if isinstance(answer, Given) else None
    for name, value in story.said.items():
        assert given[name] == value, name

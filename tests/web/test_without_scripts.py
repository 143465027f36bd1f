"""The whole chat by plain forms: an old phone, or a line on which the script never arrived."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.web.conftest import AWAY

pytestmark = pytest.mark.browser


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _begin(page: Page, path: str = "/?as=parent") -> None:
    page.goto(path)
    _press(page, "Start")


def test_begin_answer_three_questions_and_go_back(plain_page: Page) -> None:
    """Everything a person needs works by forms alone."""
    _begin(plain_page)
    expect(plain_page.get_by_text("Is anyone hurt or in danger right now?")).to_be_visible()

    _press(plain_page, "No")
    expect(plain_page.get_by_text("Is it safe for you to chat here now?")).to_be_visible()
    _press(plain_page, "Yes")
    plain_page.get_by_label("Your message").fill("We need help with school mornings")
    _press(plain_page, "Send")
    expect(plain_page.locator(".m.person .t").last).to_have_text("We need help with school mornings")

    _press(plain_page, "Go back")
    expect(plain_page.locator("#log")).to_contain_text("We have gone back")
    assert "mornings" not in plain_page.url


def test_several_choices_are_ticked_and_sent(plain_page: Page) -> None:
    """Boxes to tick are real boxes."""
    _begin(plain_page)
    _press(plain_page, "No")
    _press(plain_page, "Yes")
    plain_page.get_by_label("Your message").fill("We need help with school mornings")
    _press(plain_page, "Send")
    _press(plain_page, "Short version")
    boxes = plain_page.get_by_role("checkbox")
    boxes.nth(0).check()
    _press(plain_page, "Done")

    expect(plain_page.get_by_role("checkbox")).to_have_count(0)


def test_only_what_came_last_is_shown_until_asked(plain_page: Page) -> None:
    """Someone else may hold the phone now."""
    _begin(plain_page)
    plain_page.get_by_label("Or write your answer").fill("no, nobody is hurt")
    _press(plain_page, "Send")
    plain_page.get_by_label("Or write your answer").fill("yes")
    _press(plain_page, "Send")

    expect(plain_page.locator("#log")).not_to_contain_text("nobody is hurt")
    plain_page.get_by_role("link", name="Show earlier messages").click()
    expect(plain_page.locator("#log")).to_contain_text("nobody is hurt")


def test_an_empty_message_is_told_and_nothing_is_lost(plain_page: Page) -> None:
    """The error says what to do, beside the box."""
    _begin(plain_page)
    _press(plain_page, "Send")

    expect(plain_page.get_by_role("alert")).to_have_text("Write a message or choose an answer.")
    expect(plain_page.get_by_role("button", name="No", exact=True)).to_be_visible()


def test_a_message_too_long_stays_in_the_box(plain_page: Page) -> None:
    """Nobody should have to write it twice."""
    _begin(plain_page)
    plain_page.get_by_label("Or write your answer").fill("word " * 4_100)
    _press(plain_page, "Send")

    expect(plain_page.get_by_role("alert")).to_contain_text("20,000")
    assert len(plain_page.get_by_label("Or write your answer").input_value()) == len("word " * 4_100)


def test_a_form_sent_twice_is_one_message(plain_page: Page) -> None:
    """A second tap on a slow phone, or a page loaded again."""
    _begin(plain_page)
    fields = plain_page.locator("#say input[type=hidden]")
    form = {field.get_attribute("name") or "": field.get_attribute("value") or "" for field in fields.all()} | {
        "text": "no, nobody"
    }
    for _ in range(2):
        plain_page.request.post("/chat", form=form)

    plain_page.goto("/chat?earlier=1")
    expect(plain_page.locator(".m.person")).to_have_count(1)


def test_exit_works_as_a_link_and_closes_the_chat(plain_page: Page) -> None:
    """It has to work when nothing else does."""
    _begin(plain_page)
    plain_page.locator("a.exit").click()
    plain_page.wait_for_url(f"{AWAY}**")

    plain_page.goto("/chat")
    expect(plain_page.get_by_role("heading", name="How can we help?")).to_be_visible()


def test_talk_to_a_person_is_one_press_from_the_first_page(plain_page: Page) -> None:
    """Nobody has to pass a computer's questions to reach a person."""
    plain_page.goto("/")
    _press(plain_page, "Talk to a person")

    expect(plain_page.locator(".m.person .t").last).to_have_text("Talk to a person")
    expect(plain_page.locator("#log")).to_contain_text("worker")


def test_clearing_the_chat_opens_it_no_more(plain_page: Page) -> None:
    """What was cleared stays cleared, by the Back button too."""
    _begin(plain_page)
    _press(plain_page, "No")
    _press(plain_page, "Clear it")
    expect(plain_page.get_by_role("heading", name="How can we help?")).to_be_visible()

    plain_page.goto("/chat")
    expect(plain_page.get_by_role("heading", name="How can we help?")).to_be_visible()


def test_coming_back_in_the_same_browser_is_offered_not_shown(plain_page: Page) -> None:
    """The first page says that there is a chat, and not what is in it."""
    _begin(plain_page)
    plain_page.get_by_label("Or write your answer").fill("no, nobody is hurt")
    _press(plain_page, "Send")

    plain_page.goto("/")
    expect(plain_page.get_by_role("heading", name="Welcome back")).to_be_visible()
    expect(plain_page.locator("body")).not_to_contain_text("nobody is hurt")
    plain_page.get_by_role("link", name="Carry on").click()
    expect(plain_page.locator("#reply")).to_be_visible()


def test_the_cookie_is_out_of_reach_of_scripts_and_ends_with_the_browser(
    open_context: Callable[..., BrowserContext],
) -> None:
    """A shared computer forgets when it is closed."""
    context = open_context(java_script_enabled=False)
    _begin(context.new_page())

    (cookie,) = context.cookies()
    assert cookie["httpOnly"] is True
    assert cookie["sameSite"] == "Strict"
    assert cookie["expires"] == -1


def test_who_deletes_is_told_that_it_was_deleted(plain_page: Page) -> None:
    """The answer that closes the chat is the last: it cannot be read back."""
    page = plain_page
    _begin(page)
    _press(page, "No")
    _press(page, "Yes")
    page.get_by_label("Your message").fill("We need help with school mornings")
    _press(page, "Send")
    page.get_by_label("Or write your answer").fill("delete everything")
    _press(page, "Send")
    _press(page, "Yes, delete it")

    expect(page.locator("#log")).to_contain_text("We have deleted what you told us.")
    assert "mornings" not in page.content()
    assert page.context.cookies() == []
    page.get_by_role("link", name="Go to the first page").click()
    expect(page.get_by_role("heading", name="How can we help?")).to_be_visible()
    expect(page.get_by_role("heading", name="Welcome back")).to_have_count(0)

"""What a person does in the live chat page, for every test of it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

WORRY = "We need help with school mornings"
BEHIND = "please do not tell my dad"
LOST = "We do not know if your last message reached us. If you are in danger, ring 999."
TRIES = 300


def start_chat(page: Page, path: str = "/?as=parent") -> None:
    page.goto(path)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#options .option").first).to_be_visible()


def tap(page: Page, name: str) -> None:
    page.locator("#options").get_by_role("button", name=name, exact=True).click()


def write(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def keep_a_chat(page: Page) -> None:
    """Come as far as a chat that this device keeps."""
    start_chat(page)
    tap(page, "No")
    expect(page.locator("#log")).to_contain_text("Is it safe for you to chat")


def to_own_words(page: Page) -> None:
    """Come to the question for what it is about."""
    keep_a_chat(page)
    tap(page, "Yes")
    expect(page.locator("#log")).to_contain_text("What would you like help with?")


def wait_for(page: Page, came: list[Any]) -> None:
    """Wait until something came. Raises `AssertionError` where nothing does."""
    for _ in range(TRIES):
        if came:
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing came")


def forget_elsewhere(page: Page) -> None:
    """The chat is cleared where this page hears nothing of it."""
    key = page.evaluate("JSON.parse(localStorage.getItem('chat'))")
    headers = {"Authorization": f"Bearer {key['token']}"}
    assert page.request.delete(f"/api/chat/{key['conversation']}", headers=headers).status == 204

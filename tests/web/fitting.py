"""Whether a page fits its window."""

from __future__ import annotations

from playwright.sync_api import Page

_TRIES, _MILLISECONDS = 100, 50


def assert_fits(page: Page, width: int, name: str = "") -> None:
    """Fail where the page stays wider than `width`. One that was just made narrower takes a moment to fit."""
    for _ in range(_TRIES):
        found = page.evaluate("document.documentElement.scrollWidth")
        if found <= width:
            return
        page.wait_for_timeout(_MILLISECONDS)
    raise AssertionError(f"{name} is {found} wide, in {width}")

"""Every page and every state of the chat: sound for assistive technology, small, and fit for a narrow screen."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.web.chatting import WORRY, start_chat, tap, to_own_words, write

pytestmark = pytest.mark.browser

PAGES = ["/", "/?language=ur", "/staying-safe", "/privacy", "/accessibility", "/nothing-here"]
STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
TEXT_SPACING = "* { line-height: 1.5 !important; letter-spacing: 2.2px !important; word-spacing: 3px !important }"


def _check(page: Page) -> None:
    found = Axe().run(page, options=STANDARD)
    assert found.violations_count == 0, found.generate_report()


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, open_context: Callable[..., BrowserContext]) -> Page:
    return open_context(viewport={"width": 360, "height": 740}, color_scheme=request.param).new_page()


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_clean(page: Page, path: str) -> None:
    """The law asks for level AA of everyone who serves the public."""
    page.goto(path)
    _check(page)


def test_each_state_of_the_chat_is_clean(page: Page) -> None:
    """A chat is many pages in one."""
    start_chat(page)
    _check(page)
    tap(page, "No")
    expect(page.locator("#log")).to_contain_text("Is it safe for you to chat")
    tap(page, "Yes")
    page.get_by_role("button", name="Send", exact=True).click()
    _check(page)
    write(page, "my dad is hitting me with a belt right now")
    expect(page.locator(".m.urgent")).to_be_visible()
    _check(page)
    page.goto("/")
    expect(page.locator("#welcome")).to_be_visible()
    _check(page)


def test_several_choices_are_clean(page: Page) -> None:
    """Boxes to tick have names and a legend."""
    to_own_words(page)
    write(page, WORRY)
    tap(page, "Short version")
    expect(page.get_by_role("checkbox").first).to_be_visible()
    expect(page.get_by_role("group", name="Choose all that fit")).to_be_visible()
    _check(page)


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_the_screen(
    open_context: Callable[..., BrowserContext], path: str, width: int
) -> None:
    """Nobody should have to scroll sideways, with wide text spacing either."""
    page = open_context(viewport={"width": width, "height": 640}).new_page()
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }",
        TEXT_SPACING,
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_chat_holds_at_320_pixels_and_at_twice_the_size(open_context: Callable[..., BrowserContext]) -> None:
    """1280 pixels at 400% are 320; and a person may set large text besides."""
    page = open_context(viewport={"width": 320, "height": 640}).new_page()
    to_own_words(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320

    desk = open_context(viewport={"width": 640, "height": 400}).new_page()
    to_own_words(desk)
    desk.evaluate(
        "() => { const s = new CSSStyleSheet(); s.replaceSync('html { font-size: 225% !important }');"
        " document.adoptedStyleSheets = [s]; }"
    )
    assert desk.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize("size", [(360, 740), (1280, 800), (640, 320)])
def test_exit_is_in_sight_however_far_down(
    open_context: Callable[..., BrowserContext], size: tuple[int, int]
) -> None:
    """The button is no use where it has to be looked for."""
    page = open_context(viewport={"width": size[0], "height": size[1]}).new_page()
    page.goto("/privacy")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")

    expect(page.locator(".exit")).to_be_in_viewport(ratio=1)


def test_what_has_focus_is_never_covered(open_context: Callable[..., BrowserContext]) -> None:
    """Someone on a keyboard must see where they are."""
    page = open_context(viewport={"width": 360, "height": 640}).new_page()
    to_own_words(page)
    write(page, WORRY)
    expect(page.locator("#options .option").first).to_be_visible()
    page.evaluate("window.scrollTo(0, 0)")
    for key in ["Tab"] * 24 + ["Shift+Tab"] * 24:
        page.keyboard.press(key)
        hidden = page.evaluate(
            """() => {
              const e = document.activeElement, r = e.getBoundingClientRect();
              if (e === document.body || e.closest('.top')) return '';
              const top = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
              return top && (e.contains(top) || top.contains(e)) ? '' : e.outerHTML;
            }"""
        )
        assert hidden == ""


def test_targets_are_big_enough_for_a_thumb(open_context: Callable[..., BrowserContext]) -> None:
    """44 pixels each way; links inside a sentence aside."""
    page = open_context(viewport={"width": 360, "height": 740}).new_page()
    for path in ("/", "/staying-safe"):
        page.goto(path)
        _check_targets(page)
    to_own_words(page)
    _check_targets(page)


def _check_targets(page: Page) -> None:
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, a, input, textarea, summary')].filter(e => {
          const r = e.getBoundingClientRect();
          const inSentence = e.tagName === 'A' && e.closest('p, .t, li');
          const visible = r.width > 1 && r.left >= 0 && getComputedStyle(e).visibility !== 'hidden';
          return visible && !inSentence && (r.height < 44 || r.width < 44);
        }).map(e => e.outerHTML)"""
    )
    assert small == [], small


def test_the_log_is_polite_and_the_page_speaks_english(phone_page: Page) -> None:
    """New messages are spoken without moving the focus."""
    to_own_words(phone_page)

    log = phone_page.get_by_role("log")
    assert log.get_attribute("aria-live") in (None, "polite")
    assert phone_page.locator("html").get_attribute("lang") == "en-GB"
    assert phone_page.locator(".m.person .t").last.get_attribute("dir") == "auto"


def test_the_typing_dots_are_off_for_those_who_want_no_motion(open_context: Callable[..., BrowserContext]) -> None:
    """Moving dots make some people ill."""
    page = open_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce").new_page()
    start_chat(page)
    page.route("**/messages", lambda route: None)
    tap(page, "No")
    expect(page.locator("#typing:not([hidden])")).to_have_count(1)

    expect(page.locator("#typing")).to_be_hidden()


def test_the_title_and_the_icon_say_nothing_that_shames(phone_page: Page) -> None:
    """They stand in the history and in the list of tabs."""
    for path in PAGES:
        phone_page.goto(path)
        title = phone_page.title().lower()
        assert "exampleshire" in title
        assert not re.search("protection|abuse|safeguard|violence", title)


def test_the_first_view_is_small(api: httpx.Client) -> None:
    """Some people pay for each megabyte. Bytes before compression: page, style and script together."""
    page = api.get("/")
    parts = {"/": len(page.content)}
    for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
        answer = api.get(path)
        assert "immutable" in answer.headers["cache-control"]
        parts[path] = len(answer.content)
    packed = sum(int(api.get(path).headers["content-length"]) for path in parts)

    assert len(parts) == 5
    assert sum(parts.values()) < 48_000, parts
    assert packed < 18_000

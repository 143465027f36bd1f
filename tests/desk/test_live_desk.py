"""The desk in a real browser: live, loud, by keyboard, and sound for everybody who uses it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from storage.duty_workers import DutyWorkerRecord, Role
from storage.incidents import IncidentKind
from tests.desk.conftest import sign_in_on
from tests.web.conftest import FrontDoorServer

pytestmark = pytest.mark.browser

OpenContext = Callable[..., BrowserContext]
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
PICTURES = os.environ.get("FRONTDOOR_PICTURES", "")
STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COUNT_SOUNDS = """
window.sounds = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) { window.sounds++; return start.apply(this, given); };
"""


@pytest.fixture
def desk(open_context: OpenContext, staff: dict[Role, DutyWorkerRecord]) -> Page:
    context = open_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(COUNT_SOUNDS)
    return context.new_page()


def test_a_disclosure_shows_and_sounds_on_another_screen_and_is_acknowledged(
    desk: Page, open_context: OpenContext, front_door: FrontDoorServer
) -> None:
    """The way from a child's words to a worker's answer, with nothing loaded again."""
    sign_in_on(desk, Role.DUTY_WORKER)
    expect(desk.locator("#sound-state")).to_contain_text("Sound is off")
    desk.get_by_role("button", name="Sound on").click()
    expect(desk.locator("#sound-state")).to_contain_text("Sound is on")
    desk.evaluate("window.loadedOnce = true; window.sounds = 0")

    child = open_context(viewport={"width": 360, "height": 740}).new_page()
    child.goto("/?as=young_person")
    child.get_by_role("button", name="Start").first.click()
    child.locator("#text").fill("my dad is hitting me with a belt right now")
    child.get_by_role("button", name="Send", exact=True).click()
    expect(child.locator(".m.urgent").first).to_be_visible()

    expect(desk.locator(".row.unanswered.emergency")).to_have_count(1)
    expect(desk.locator("#alarm")).to_be_visible()
    desk.wait_for_function("window.sounds > 0")
    desk.wait_for_function("document.title.includes('NOT ANSWERED')")
    expect(desk.locator("#at-once")).to_contain_text("Nobody has answered")
    assert desk.evaluate("window.loadedOnce")

    other = open_context(viewport={"width": 1280, "height": 800}).new_page()
    sign_in_on(other, Role.MANAGER)
    expect(other.locator("#alarm")).to_be_visible()
    desk.locator("#main").focus()
    desk.keyboard.press("j")
    desk.keyboard.press("a")
    desk.wait_for_url("**/desk/enquiries/**")
    expect(desk.locator(".said").first).to_contain_text("You have this enquiry")
    expect(desk.locator("blockquote").first).to_contain_text("hitting me")
    expect(desk.locator("#alarm")).to_be_hidden()
    expect(other.locator("#alarm")).to_be_hidden()
    expect(other.locator("[data-row]").first).to_contain_text("Alex Morgan")
    assert "NOT ANSWERED" not in other.title()


def test_keys_move_through_the_queue_and_rows_keep_the_focus(
    desk: Page, raise_concern: Callable[..., str], front_door: FrontDoorServer
) -> None:
    """Hands stay where they are, and a row that comes in moves nobody's place."""
    for _ in range(3):
        raise_concern()
    sign_in_on(desk, Role.MANAGER)
    desk.locator("#main").focus()
    rows = desk.locator("[data-row] [data-open]")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    desk.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    first = rows.nth(0).inner_text()
    count = rows.count()
    raise_concern()
    expect(rows).to_have_count(count + 1)
    assert desk.evaluate("document.activeElement.textContent") == first
    expect(desk.locator("#politely")).to_have_text("One enquiry was added to the queue.")
    desk.keyboard.press("/")
    expect(desk.locator("#reference")).to_be_focused()
    desk.locator("#main").focus()
    desk.keyboard.press("?")
    expect(desk.locator("#help")).to_be_visible()
    desk.locator("#keys-on").uncheck()
    desk.keyboard.press("Escape")
    desk.keyboard.press("j")
    assert not desk.evaluate("document.activeElement.matches('[data-open]')")
    desk.evaluate("localStorage.clear()")


def test_whoever_is_disabled_sees_that_nothing_comes_any_more(
    desk: Page, front_door: FrontDoorServer, staff: dict[Role, DutyWorkerRecord]
) -> None:
    """A page that looks live and is not would be the worst of all."""
    sign_in_on(desk, Role.OUT_OF_HOURS)
    expect(desk.locator("#lost")).to_be_hidden()
    database, now = front_door.app.database, front_door.app.clock.now()
    database.run_now(lambda uow: uow.duty_workers.disable(staff[Role.OUT_OF_HOURS].id, now))
    expect(desk.locator("#lost")).to_contain_text("You are signed out")
    desk.goto("/desk/")
    expect(desk.get_by_role("heading", name="Sign in to the desk")).to_be_visible()


def test_half_a_reply_is_not_lost_to_another_button_and_keys_send_it(
    desk: Page, open_context: OpenContext
) -> None:
    """A worker writes a note with a reply half done; and both hands are on the keys."""
    child = open_context(viewport={"width": 360, "height": 740}).new_page()
    child.goto("/?as=young_person")
    child.get_by_role("button", name="Start").first.click()
    child.locator("#text").fill("my dad is hitting me with a belt right now")
    child.get_by_role("button", name="Send", exact=True).click()
    expect(child.locator(".m.urgent").first).to_be_visible()
    sign_in_on(desk, Role.DUTY_WORKER)
    desk.locator(".row.unanswered a").first.click()
    desk.get_by_role("button", name="Take the conversation").click()
    desk.locator("#write").fill("Are you safe")
    desk.locator("[name=note]").fill("Rang the school.")
    asked: list[str] = []
    desk.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    desk.get_by_role("button", name="Keep the note").click()
    desk.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(desk.locator("#write")).to_have_value("Are you safe")

    desk.locator("[name=note]").fill("")
    desk.locator("#write").press("Control+Enter")
    expect(desk.locator("#log")).to_contain_text("Are you safe")
    expect(desk.locator("#write")).to_have_value("")


def test_the_desk_works_without_scripts(open_context: OpenContext, raise_concern: Callable[..., str]) -> None:
    """An old laptop with everything turned off still answers an alert."""
    reference = raise_concern(urgency="immediate")
    page = open_context(viewport={"width": 360, "height": 740}, java_script_enabled=False).new_page()
    sign_in_on(page, Role.DUTY_WORKER)
    page.locator("[data-row]", has_text=reference).get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".said").first).to_contain_text("You have this enquiry")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_page_is_clean_and_fits(
    size: str,
    scheme: str,
    open_context: OpenContext,
    front_door: FrontDoorServer,
    staff: dict[Role, DutyWorkerRecord],
    disclose: Callable[..., str],
    raise_concern: Callable[..., str],
) -> None:
    """Level AA, at a desk and on a phone, by day and by night."""
    emergency, closed = disclose(), raise_concern(indicator="allegation_professional", closed_queue=True)
    raise_concern(urgency="none")
    _incident(front_door)
    width, height = SIZES[size]
    page = open_context(viewport={"width": width, "height": height}, color_scheme=scheme).new_page()
    page.goto("/desk/sign-in")
    _check(page, f"sign-in-{size}-{scheme}", width)
    sign_in_on(page, Role.MANAGER)
    pages = {
        "queue": "/desk/",
        "queue-held": "/desk/?view=held",
        "enquiry": f"/desk/enquiries/{emergency}",
        "closed": f"/desk/enquiries/{closed}",
        "not-there": "/desk/enquiries/7K3M-P2WX",
        "incidents": "/desk/incidents",
        "rota": "/desk/rota",
        "glass": "/desk/glass",
        "password": "/desk/password",
    }
    for name, path in pages.items():
        page.goto(path)
        if name == "glass":
            _break_glass(page, closed)
            page.goto(path)
        _check(page, f"{name}-{size}-{scheme}", width)


def _break_glass(page: Page, reference: str) -> None:
    page.goto(f"/desk/enquiries/{reference}")
    page.get_by_label("Why you need to see it now").fill("The officer cannot be reached, and the child is there")
    page.get_by_role("button", name="Break the glass").click()
    expect(page.locator(".said").first).to_contain_text("The glass is broken")


def _incident(front_door: FrontDoorServer) -> None:
    now = front_door.app.clock.now()
    front_door.app.database.run_now(
        lambda uow: uow.incidents.raise_(IncidentKind.CHANNEL_FAILED, key="a", now=now, details={"channel": "sms"})
    )


def _check(page: Page, name: str, width: int) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"desk-{name}.png"), full_page=True)
    found = Axe().run(page, options=STANDARD)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, a, input:not([type=hidden]), textarea')].filter(e => {
          const r = e.getBoundingClientRect();
          const inSentence = e.tagName === 'A' && e.closest('p, dd, blockquote') && !e.closest('.back');
          const inLabel = e.closest('label');
          const visible = r.width > 1 && r.left >= 0;
          return visible && !inSentence && !inLabel && (r.height < 44 || r.width < 44);
        }).map(e => e.outerHTML)"""
    )
    assert small == [], (name, small)

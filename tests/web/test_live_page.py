"""The live chat page in a real browser: as a person holds a conversation, loses the line, and leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests.web.chatting import WORRY, start_chat, tap, to_own_words, write
from tests.web.conftest import AWAY, FrontDoorServer, MovingClock

pytestmark = pytest.mark.browser


def _tell_and_come_back(page: Page) -> None:
    to_own_words(page)
    write(page, WORRY)
    expect(page.locator(".state").last).to_have_text("Sent")
    page.goto("/")


def _kept(page: Page) -> str | None:
    return page.evaluate("localStorage.getItem('chat')")


def _conversation(page: Page) -> str:
    return page.evaluate("JSON.parse(localStorage.getItem('chat')).conversation")


def test_a_parent_sends_an_enquiry_on_a_phone(phone_page: Page) -> None:
    """The main job, end to end."""
    page = phone_page
    to_own_words(page)
    write(page, WORRY)
    tap(page, "Short version")
    page.get_by_label("Reply in this chat").check()
    page.get_by_role("button", name="Done", exact=True).click()
    for _ in range(6):
        expect(page.locator(".state").last).to_have_text("Sent")
        if page.locator("#options").get_by_role("button", name="Send to the duty team").count():
            break
        options = page.locator("#options .option")
        options.first.click() if options.count() else write(page, "Sam")
    tap(page, "Send to the duty team")

    expect(page.locator("#log")).to_contain_text("Your reference is")
    expect(page.locator(".m.person .t", has_text=WORRY)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_whole_conversation_by_keyboard_alone(desk_page: Page) -> None:
    """Many people cannot use a mouse; the focus must never be lost."""
    page = desk_page
    page.goto("/?as=parent")
    _tab_to(page, "Start")
    page.keyboard.press("Enter")
    expect(page.locator("#options .option").first).to_be_visible()
    _tab_to(page, "No")
    page.keyboard.press("Enter")
    expect(page.locator("#log")).to_contain_text("Is it safe for you to chat")
    _tab_to(page, "Yes")
    page.keyboard.press("Space")
    expect(page.locator("#log")).to_contain_text("What would you like help with?")
    page.keyboard.press("Tab")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type(WORRY)
    page.keyboard.press("Control+Enter")

    expect(page.locator("#options").get_by_role("button", name="Short version")).to_be_visible()
    expect(page.locator("#text")).to_be_focused()


def _tab_to(page: Page, name: str) -> None:
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"{name} was not reached by Tab")


def test_the_box_suits_what_is_asked(phone_page: Page) -> None:
    """The right keyboard on a phone, and no calendar to fight with."""
    page = phone_page
    page.route("**/messages", lambda route: _answer_with(route, page))
    start_chat(page)
    wanted = {
        "phone": ("INPUT", "tel", "tel"),
        "email": ("INPUT", "email", "email"),
        "date": ("INPUT", "text", "text"),
        "number": ("INPUT", "text", "numeric"),
        "long_text": ("TEXTAREA", "textarea", ""),
    }
    for kind, (tag, type_, mode) in wanted.items():
        page.evaluate("kind => { window.kindWanted = kind; }", kind)
        write(page, "next")
        expect(page.locator(".state").last).to_have_text("Sent")
        box = page.locator("#text")
        assert box.evaluate("e => e.tagName") == tag, kind
        assert box.evaluate("e => e.type") == type_, kind
        if mode and kind != "date":
            assert box.get_attribute("inputmode") == mode
        expect(page.get_by_label("Your message")).to_have_id("text")


def _answer_with(route: Route, page: Page) -> None:
    kind = page.evaluate("window.kindWanted")
    field = {"phone": "phone", "email": "email"}.get(kind, "x")
    expects = {
        "flow": "f", "step": kind, "field": field, "kind": kind, "hint": "", "choices": [], "controls": [],
        "multiple": False, "optional": True, "can_go_back": False, "finished": False, "with_worker": False,
        "prompt": None,
    }  # fmt: skip
    route.fulfill(json={"conversation": "c", "messages": [], "expects": expects})


def test_danger_is_answered_by_an_alert_that_stands_out(phone_page: Page) -> None:
    """A screen reader has to speak it at once, over anything else."""
    to_own_words(phone_page)
    write(phone_page, "my dad is hitting me with a belt right now")

    alert = phone_page.locator(".m.urgent[role=alert]")
    expect(alert).to_contain_text("999")
    expect(alert.get_by_role("link", name="999").first).to_have_attribute("href", "tel:999")


def test_words_are_shown_as_typed_and_never_run(phone_page: Page) -> None:
    """Markup from a person is words; from anyone it must not be code."""
    to_own_words(phone_page)
    odd = "<img src=x onerror=alert(1)> & <b>not bold</b>"
    write(phone_page, odd)

    expect(phone_page.locator(".m.person .t").last).to_have_text(odd)
    assert phone_page.locator("#log img, #log b").count() == 0


def test_an_empty_message_is_told_beside_the_box(phone_page: Page) -> None:
    """By words, not by colour alone."""
    to_own_words(phone_page)
    phone_page.get_by_role("button", name="Send", exact=True).click()

    expect(phone_page.locator("#wrong")).to_have_text("Write a message or choose an answer")
    expect(phone_page.locator("#text")).to_have_attribute("aria-invalid", "true")


# -- a bad line ------------------------------------------------------------------------------------------


def test_what_is_written_offline_is_sent_once_back_online(phone_page: Page) -> None:
    """A worried person writes in a lift."""
    page = phone_page
    to_own_words(page)
    page.context.set_offline(True)
    write(page, WORRY)
    expect(page.locator("#notice")).to_contain_text("You are offline")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.context.set_offline(False)

    expect(page.locator(".state").last).to_have_text("Sent")
    expect(page.locator("#notice")).to_be_empty()
    expect(page.locator("#log")).to_contain_text("Thank you for telling us")


def test_an_answer_lost_on_the_way_is_asked_for_again_with_the_same_id(
    phone_page: Page, front_door: FrontDoorServer
) -> None:
    """The server had it; sending it as a new message would say it twice."""
    page = phone_page
    to_own_words(page)
    sent: list[Any] = []

    def lose_the_first_answer(route: Route, request: Request) -> None:
        sent.append(request.post_data_json["id"])
        if len(sent) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/messages", lose_the_first_answer)
    write(page, WORRY)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".state").last).to_have_text("Sent")

    assert len(sent) == 2
    assert len(set(sent)) == 1
    expect(page.locator("#log .m.person .t", has_text=WORRY)).to_have_count(1)
    expect(page.locator("#log")).to_contain_text("Thank you for telling us")


def test_a_refused_message_goes_back_into_the_box(phone_page: Page) -> None:
    """Nothing typed is lost to an error."""
    page = phone_page
    to_own_words(page)
    write(page, "word " * 4_100)

    expect(page.locator("#wrong")).to_contain_text("20,000")
    assert len(page.locator("#text").input_value()) == len("word " * 4_100)


def test_service_trouble_shows_the_numbers_and_keeps_the_words(phone_page: Page) -> None:
    """The person is told whom to ring, and the message is tried again."""
    page = phone_page
    to_own_words(page)
    trouble = {"error": {"code": "unavailable", "message": "Ring the duty team on 01632 960 001, or 999."}}
    page.route("**/messages", lambda route: route.fulfill(status=503, json=trouble))
    write(page, WORRY)
    expect(page.locator("#notice")).to_contain_text("01632 960 001")
    page.unroute("**/messages")
    page.get_by_role("button", name="Try again").click()

    expect(page.locator(".state").last).to_have_text("Sent")


# -- a duty worker ---------------------------------------------------------------------------------------


def test_a_duty_workers_message_comes_by_itself_and_leaves_the_focus(
    phone_page: Page, front_door: FrontDoorServer
) -> None:
    """The person may be in the middle of a word."""
    page = phone_page
    to_own_words(page)
    page.locator("#text").focus()
    page.keyboard.type("I was just")
    front_door.worker_says(_conversation(page), "Hello, I am Sam, a duty worker.")

    expect(page.locator(".m.worker")).to_contain_text("Hello, I am Sam, a duty worker.")
    expect(page.locator(".m.worker .who")).to_have_text("Duty worker")
    expect(page.locator("#text")).to_be_focused()
    assert page.locator("#text").input_value() == "I was just"


# -- people who may be watched ---------------------------------------------------------------------------


def test_nothing_is_kept_before_something_was_sent(phone_page: Page) -> None:
    """Looking at the page leaves nothing on the phone."""
    start_chat(phone_page)
    assert _kept(phone_page) is None
    assert phone_page.context.cookies() == []

    tap(phone_page, "No")
    expect(phone_page.locator("#kept")).to_be_visible()
    expect(phone_page.locator("#kept")).to_contain_text("This chat is kept on this device")
    assert _kept(phone_page) is not None


def test_coming_back_shows_nothing_until_asked(phone_page: Page) -> None:
    """The other person may hold the phone."""
    page = phone_page
    _tell_and_come_back(page)

    expect(page.locator("#welcome")).to_be_visible()
    assert WORRY not in page.content()
    page.get_by_role("button", name="Carry on").click()
    expect(page.locator("#options .option").first).to_be_visible()
    assert WORRY not in page.content()

    page.goto("/")
    page.get_by_role("button", name="Show earlier messages").click()
    expect(page.locator(".m.person .t", has_text=WORRY)).to_be_visible()


def test_trouble_when_coming_back_does_not_lose_the_chat(phone_page: Page) -> None:
    """A minute without our store is no reason to throw away the key to what somebody told us."""
    page = phone_page
    _tell_and_come_back(page)
    trouble = {"error": {"code": "unavailable", "message": "Ring the duty team on 01632 960 001, or 999."}}
    there = "**/api/chat/*"
    page.route(there, lambda route: route.fulfill(status=503, json=trouble))
    page.get_by_role("button", name="Carry on").click()
    expect(page.locator("#notice")).to_contain_text("01632 960 001")
    assert _kept(page) is not None
    page.unroute(there)

    page.goto("/")
    page.get_by_role("button", name="Show earlier messages").click()
    expect(page.locator(".m.person .t", has_text=WORRY)).to_be_visible()


def test_clearing_takes_the_chat_off_the_device_and_closes_it(phone_page: Page) -> None:
    """The key is gone from the phone, and would open nothing if it were not."""
    page = phone_page
    start_chat(page)
    tap(page, "No")
    expect(page.locator("#kept")).to_be_visible()
    key = page.evaluate("JSON.parse(localStorage.getItem('chat'))")
    with page.expect_response(lambda r: r.request.method == "DELETE") as cleared:
        page.get_by_role("button", name="Clear it").click()

    assert cleared.value.status == 204
    expect(page.locator("#cleared")).to_be_focused()
    assert _kept(page) is None
    assert page.locator("#log").inner_text() == ""
    headers = {"Authorization": f"Bearer {key['token']}"}
    assert page.request.get(f"/api/chat/{key['conversation']}", headers=headers).status == 401


def test_exit_covers_clears_and_leaves_no_way_back(phone_page: Page) -> None:
    """Seconds count, and the Back button is the first thing tried."""
    page = phone_page
    page.goto("/staying-safe")
    start_chat(page)
    tap(page, "No")
    expect(page.locator("#kept")).to_be_visible()
    with page.expect_request(lambda r: r.method == "DELETE"):
        page.locator("a.exit").click()
    page.wait_for_url(f"{AWAY}**")

    page.go_back()
    assert "Is anyone hurt" not in page.content()
    page.goto("/")
    expect(page.get_by_role("heading", name="How can we help?")).to_be_visible()
    assert _kept(page) is None


def test_shift_three_times_leaves(desk_page: Page) -> None:
    """Hands are on the keyboard."""
    to_own_words(desk_page)
    desk_page.locator("#text").focus()
    for _ in range(3):
        desk_page.keyboard.press("Shift")

    desk_page.wait_for_url(f"{AWAY}**")


def test_capital_letters_do_not_leave(desk_page: Page) -> None:
    """Someone typing a name in capitals has not asked to go."""
    to_own_words(desk_page)
    desk_page.locator("#text").focus()
    for letter in "AMARA":
        desk_page.keyboard.down("Shift")
        desk_page.keyboard.press(letter)
        desk_page.keyboard.up("Shift")

    assert desk_page.locator("#text").input_value() == "AMARA"
    expect(desk_page.locator("#log")).to_be_visible()


def test_the_page_is_covered_before_the_other_site_answers(phone_page: Page) -> None:
    """A slow line must not leave the chat on the screen."""
    page = phone_page
    start_chat(page)
    page.route(f"{AWAY}**", lambda route: route.fulfill(status=204))  # a browser stays where it is
    page.locator("a.exit").click()

    expect(page.locator("body > *")).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.body).display") == "none"


# -- ways in ---------------------------------------------------------------------------------------------


def test_a_link_for_professionals_says_who_is_speaking(desk_page: Page) -> None:
    """Nobody is asked what the link already told."""
    desk_page.goto("/?as=professional")
    with desk_page.expect_request("**/api/chat") as begun:
        desk_page.get_by_role("button", name="Start", exact=True).click()

    assert begun.value.post_data_json == {"audience": "professional"}


def test_talk_to_a_person_from_the_first_page(phone_page: Page) -> None:
    """One press, before any question."""
    phone_page.goto("/")
    phone_page.get_by_role("button", name="Talk to a person").click()

    expect(phone_page.locator(".m.person .t").last).to_have_text("Talk to a person")
    expect(phone_page.locator(".state").last).to_have_text("Sent")


def test_languages_are_offered_by_their_own_names(phone_page: Page) -> None:
    """People know the name of their language in their language."""
    phone_page.goto("/")
    phone_page.get_by_role("navigation", name="Choose your language").get_by_text("Polski").click()

    expect(phone_page.locator("#interpreter")).to_contain_text("interpreter")
    expect(phone_page.locator("#interpreter h2")).to_have_attribute("lang", "pl")
    phone_page.goto("/?language=ur")
    expect(phone_page.locator("#interpreter h2")).to_have_attribute("dir", "rtl")


def test_nothing_personal_is_ever_in_an_address(open_context: Callable[..., BrowserContext]) -> None:
    """Addresses end in histories and logs."""
    page = open_context(viewport={"width": 360, "height": 740}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    to_own_words(page)
    write(page, WORRY)
    expect(page.locator(".state").last).to_have_text("Sent")
    token = page.evaluate("JSON.parse(localStorage.getItem('chat')).token")

    assert not [url for url in asked if "mornings" in url or token in url]


def test_a_chat_cleared_in_one_tab_shows_nothing_in_the_other(phone_page: Page) -> None:
    """Whoever left in a hurry has no time to look for a second tab, and the other person finds it."""
    page = phone_page
    to_own_words(page)
    open_there, waiting_there = page.context.new_page(), page.context.new_page()
    for other in (open_there, waiting_there):
        other.goto("/")
        expect(other.locator("#welcome")).to_be_visible()
    open_there.get_by_role("button", name="Show earlier messages").click()
    expect(open_there.locator("#log")).to_contain_text("Is it safe for you to chat")
    page.bring_to_front()
    page.locator("a.exit").click()
    page.wait_for_url(f"{AWAY}**")

    for other in (open_there, waiting_there):
        expect(other.get_by_role("heading", name="How can we help?")).to_be_visible()
        expect(other.locator("#log")).to_be_empty()
        expect(other.locator("main")).not_to_contain_text("with us")


def test_exit_in_words_leaves_as_the_button_does(phone_page: Page) -> None:
    """The first words say that it can be typed; everything would stay on the screen."""
    to_own_words(phone_page)
    write(phone_page, "Exit")
    phone_page.wait_for_url(f"{AWAY}**")


def test_the_number_at_the_top_is_answered_at_this_hour(phone_page: Page, front_door: FrontDoorServer) -> None:
    """At twenty to midnight the duty team's telephone rings in an empty room."""
    clock = cast(MovingClock, front_door.app.clock)
    now = clock.now()
    try:
        for at, number in ((now, "01632 960 001"), (datetime(2026, 3, 8, 23, 40, tzinfo=UTC), "01632 960 002")):
            clock.jump(at)
            phone_page.goto("/")
            expect(phone_page.locator(".reach a").first).to_contain_text(number)
    finally:
        clock.jump(now)


def test_nothing_is_asked_once_they_have_stopped(phone_page: Page) -> None:
    """A hint of a question that is not asked any more puzzles, and its buttons answer nothing."""
    page = phone_page
    start_chat(page)
    tap(page, "No")
    expect(page.locator("#log")).to_contain_text("Is it safe for you to chat")
    write(page, "stop")
    expect(page.locator("#log")).to_contain_text("We have stopped.")
    expect(page.locator("#options .option")).to_have_count(0)
    expect(page.locator("#hint")).to_be_hidden()

"""Messages that are on their way, in a real browser: each is sent once, in its order, and none goes missing."""

from __future__ import annotations

from typing import Any, cast

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.web.chatting import BEHIND, LOST, forget_elsewhere, keep_a_chat, start_chat, tap, wait_for, write

pytestmark = pytest.mark.browser

CLOSING = "You have the wrong person"


def _no_stream(page: Page) -> None:
    page.route("**/events", lambda route: route.abort("connectionreset"))


def _lose_the_line_once_it_was_heard(page: Page) -> None:
    """The next message is kept by the server, and the phone is in a tunnel before the answer."""

    def lose(route: Route) -> None:
        route.fetch()
        page.context.set_offline(True)
        route.abort("internetdisconnected")

    page.route("**/messages", lose, times=1)


def _sent_bodies(page: Page) -> list[dict[str, Any]]:
    bodies: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/messages"):
            bodies.append(cast(dict[str, Any], request.post_data_json))

    page.on("request", note)
    return bodies


def _hold(page: Page, pattern: str) -> list[Route]:
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route), times=1)
    return held


def _what_the_server_heard(page: Page) -> list[str]:
    key = page.evaluate("JSON.parse(localStorage.getItem('chat'))")
    headers = {"Authorization": f"Bearer {key['token']}"}
    told = page.request.get(f"/api/chat/{key['conversation']}", headers=headers).json()
    return [m["text"] for m in told["messages"] if m["from"] == "person"]


# -- the chat closed, and its answer was lost ------------------------------------------------------------


def test_words_whose_answer_was_lost_as_the_chat_closed_stay_in_sight(phone_page: Page) -> None:
    """We cannot tell them that it was heard, so they must have what they need to send it again."""
    page = phone_page
    _no_stream(page)
    keep_a_chat(page)
    _lose_the_line_once_it_was_heard(page)
    write(page, CLOSING)
    expect(page.locator(".m.person .state").last).to_have_text("Not sent")
    write(page, BEHIND)
    page.context.set_offline(False)

    expect(page.locator("#cleared")).to_contain_text(LOST)
    expect(page.locator(".m .t")).to_have_text([CLOSING, BEHIND])
    expect(page.locator(".m.person .state")).to_have_text(["", "Not sent"])
    assert page.evaluate("localStorage.length") == 0


def test_words_heard_for_certain_or_not_are_told_apart_when_they_are_cleared(phone_page: Page) -> None:
    """ "Did not reach us" would be a guess where only the answer was lost."""
    page = phone_page
    _no_stream(page)
    keep_a_chat(page)
    _lose_the_line_once_it_was_heard(page)
    write(page, CLOSING)
    expect(page.locator(".m.person .state").last).to_have_text("Not sent")
    page.context.set_offline(False)
    page.locator("#controls").get_by_role("button", name="Clear it").click()

    expect(page.locator("#start #cleared")).to_contain_text(LOST)
    expect(page.locator("#log")).to_be_empty()


def test_words_that_never_came_are_sent_to_a_new_chat_where_theirs_was_closed_meanwhile(
    phone_page: Page,
) -> None:
    """The page cannot know that they were not heard; only the person can send them again."""
    page = phone_page
    _no_stream(page)
    keep_a_chat(page)
    page.route("**/messages", lambda route: route.abort("connectionreset"))
    write(page, BEHIND)
    expect(page.locator(".m.person .state").last).to_have_text("Not sent")
    forget_elsewhere(page)
    page.unroute("**/messages")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#cleared")).to_contain_text(LOST)
    page.get_by_role("button", name="Start a new chat").click()

    expect(page.locator(".m.person .state")).to_have_text("Sent")
    assert _what_the_server_heard(page) == [BEHIND]


def test_a_lost_message_waits_for_a_press_where_the_stream_told_of_the_end(phone_page: Page) -> None:
    """It may be what closed the chat: sent again by itself, it would begin what they asked us to end."""
    page = phone_page
    keep_a_chat(page)
    lost: list[Route] = []

    def hold(route: Route) -> None:
        route.fetch()
        lost.append(route)

    page.route("**/messages", hold, times=1)
    write(page, CLOSING)
    expect(page.get_by_role("heading", name="How can we help?")).to_be_visible()
    wait_for(page, lost)
    bodies = _sent_bodies(page)
    lost[0].abort("connectionreset")

    expect(page.locator("#cleared")).to_contain_text(LOST)
    expect(page.locator(".m .t")).to_have_text([CLOSING])
    expect(page.get_by_role("button", name="Start a new chat")).to_be_visible()
    assert bodies == []


# -- while a chat is being begun -------------------------------------------------------------------------


def _begin_anew_on_a_slow_line(page: Page) -> list[Route]:
    """One message waits for a new chat, which is asked for and does not come."""
    _no_stream(page)
    keep_a_chat(page)
    forget_elsewhere(page)
    write(page, BEHIND)
    held = _hold(page, "**/api/chat")
    page.get_by_role("button", name="Start a new chat").click()
    wait_for(page, held)
    return held


def test_what_is_written_while_a_chat_begins_is_sent_in_its_order(phone_page: Page) -> None:
    """Nobody waits for a slow line before they go on."""
    page = phone_page
    held = _begin_anew_on_a_slow_line(page)
    write(page, "he gets home at six o'clock")
    write(page, "and he shouts at all of us")
    held[0].continue_()

    expect(page.locator(".m.person .state")).to_have_text(["Sent"] * 3)
    assert _what_the_server_heard(page) == [BEHIND, "he gets home at six o'clock", "and he shouts at all of us"]


def test_a_few_words_written_while_a_chat_begins_stand_in_the_box(phone_page: Page) -> None:
    """They would answer a question that was not asked yet; and they are not lost."""
    page = phone_page
    held = _begin_anew_on_a_slow_line(page)
    write(page, "oh no")
    page.locator("#text").fill("he is here")
    held[0].continue_()

    expect(page.locator(".m.person .state")).to_have_text(["Sent"])
    expect(page.locator("#text")).to_have_value("oh no he is here")
    assert _what_the_server_heard(page) == [BEHIND]


def test_what_is_written_while_no_chat_can_be_begun_waits_for_one(phone_page: Page) -> None:
    """The first try comes to nothing, and both messages are there for the next."""
    page = phone_page
    held = _begin_anew_on_a_slow_line(page)
    write(page, "he gets home at six o'clock")
    held[0].abort("connectionreset")
    expect(page.locator("#notice")).to_contain_text("We could not start the chat.")
    expect(page.locator(".m.person .state")).to_have_text(["Not sent", "Not sent"])
    page.get_by_role("button", name="Start a new chat").click()

    expect(page.locator(".m.person .state")).to_have_text(["Sent", "Sent"])
    assert _what_the_server_heard(page) == [BEHIND, "he gets home at six o'clock"]


def test_a_person_asked_for_while_a_chat_begins_anew_comes_after_what_was_written(phone_page: Page) -> None:
    """The press counts, and the worker who comes has their words."""
    page = phone_page
    held = _begin_anew_on_a_slow_line(page)
    page.locator(".person-form button").click()
    page.locator(".person-form button").click()
    held[0].continue_()

    expect(page.locator(".m.person .state")).to_have_text(["Sent", "Sent"])
    assert _what_the_server_heard(page) == [BEHIND, "Talk to a person"]


def test_start_pressed_twice_begins_one_chat(phone_page: Page) -> None:
    """A second chat would ask what they are answering in the first."""
    page = phone_page
    page.goto("/?as=parent")
    begun: list[Request] = []
    page.on("request", lambda r: begun.append(r) if r.url.endswith("/api/chat") else None)
    page.get_by_role("button", name="Start", exact=True).dblclick()
    expect(page.locator("#options .option").first).to_be_visible()

    assert len(begun) == 1


# -- pressed twice, pressed too soon ---------------------------------------------------------------------


def test_enter_pressed_twice_sends_once_and_finds_no_fault(desk_page: Page) -> None:
    """Hands shake. A message sent twice answers the next question; a fault found makes them doubt the first."""
    page = desk_page
    start_chat(page)
    bodies = _sent_bodies(page)
    held = _hold(page, "**/messages")
    page.locator("#text").fill("no")
    page.locator("#text").press("Enter")
    page.locator("#text").press("Enter")
    wait_for(page, held)
    expect(page.locator("#wrong")).to_be_empty()
    held[0].continue_()
    expect(page.locator(".m.person .state")).to_have_text(["Sent"])

    assert [b["text"] for b in bodies] == ["no"]
    assert _what_the_server_heard(page) == ["no"]


def test_what_is_sent_while_another_is_on_its_way_waits_for_it(desk_page: Page) -> None:
    """Two at once may come in the wrong order."""
    page = desk_page
    start_chat(page)
    bodies = _sent_bodies(page)
    held = _hold(page, "**/messages")
    write(page, "no")
    wait_for(page, held)
    page.locator("#text").fill("yes it is safe")
    page.locator("#text").press("Enter")
    assert len(bodies) == 1
    held[0].continue_()
    expect(page.locator(".m.person .state")).to_have_text(["Sent", "Sent"])

    assert _what_the_server_heard(page) == ["no", "yes it is safe"]


@pytest.mark.parametrize("nothing", ["", "   ", "\n \n"])
def test_nothing_is_sent_of_an_empty_box(phone_page: Page, nothing: str) -> None:
    """The server would refuse it, and the page would ask them to send it again."""
    page = phone_page
    start_chat(page)
    bodies = _sent_bodies(page)
    write(page, nothing)
    expect(page.locator("#wrong")).to_have_text("Write a message or choose an answer")
    tap(page, "No")
    expect(page.locator(".m.person .state")).to_have_text(["Sent"])

    assert [b.get("choice") for b in bodies] == ["no"]


def test_a_refused_message_is_kept_beside_what_is_written_since(phone_page: Page) -> None:
    """The next words are in the box by the time the first are refused."""
    page = phone_page
    keep_a_chat(page)
    held = _hold(page, "**/messages")
    write(page, BEHIND)
    wait_for(page, held)
    page.locator("#text").fill("and she is")
    refusal = {"error": {"code": "too_long", "message": "That is too long."}}
    held[0].fulfill(status=422, json=refusal)

    expect(page.locator("#wrong")).to_have_text("That is too long.")
    expect(page.locator("#text")).to_have_value(f"{BEHIND} and she is")


# -- many at once ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("first_answer_lost", [False, True])
def test_all_that_waits_is_sent_once_and_in_order_when_the_line_is_back(
    phone_page: Page, first_answer_lost: bool
) -> None:
    """Tapped and typed: an answer out of its place answers another question."""
    page = phone_page
    start_chat(page)
    bodies = _sent_bodies(page)
    if first_answer_lost:
        _lose_the_line_once_it_was_heard(page)
    else:
        page.context.set_offline(True)
    tap(page, "No")
    expect(page.locator("#notice")).to_contain_text("You are offline")
    write(page, "yes it is safe")
    write(page, "We need help with school mornings")
    page.locator(".person-form button").click()
    write(page, "my name is Sam")
    tries = len(bodies)
    page.context.set_offline(False)
    expect(page.locator(".m.person .state")).to_have_text(["Sent"] * 5)

    after = bodies[tries:]
    assert [b.get("text") or b["choice"] for b in after] == [
        "no",
        "yes it is safe",
        "We need help with school mornings",
        "person",
        "my name is Sam",
    ]
    assert len({b["id"] for b in bodies}) == 5
    assert _what_the_server_heard(page) == [
        "No",
        "yes it is safe",
        "We need help with school mornings",
        "Talk to a person",
        "my name is Sam",
    ]


def test_a_person_asked_for_where_the_kept_chat_is_gone_is_asked_for_in_a_new_one(phone_page: Page) -> None:
    """They come back for help, and that press is the one that must not come to nothing."""
    page = phone_page
    _no_stream(page)
    keep_a_chat(page)
    forget_elsewhere(page)
    page.goto("/?as=parent")
    expect(page.locator("#welcome")).to_be_visible()
    page.locator(".person-form button").click()

    expect(page.locator(".m.person .state")).to_have_text("Sent")
    assert _what_the_server_heard(page) == ["Talk to a person"]


def test_who_carries_on_in_a_chat_that_is_gone_is_told_so(phone_page: Page) -> None:
    """Else the first page comes back without a word, and they wonder what became of what they told."""
    page = phone_page
    _no_stream(page)
    keep_a_chat(page)
    forget_elsewhere(page)
    page.goto("/")
    page.get_by_role("button", name="Carry on").click()

    expect(page.locator("#cleared")).to_have_text("This chat is cleared from this device.")
    expect(page.locator("#cleared")).to_be_focused()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()


def test_trouble_in_beginning_is_forgotten_once_a_chat_was_begun(phone_page: Page) -> None:
    """Whoever clears a chat that went well must not read that it could not be started."""
    page = phone_page
    page.goto("/?as=parent")
    page.route("**/api/chat", lambda route: route.abort("connectionreset"), times=1)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#trouble")).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#options .option").first).to_be_visible()
    tap(page, "No")
    page.get_by_role("button", name="Clear it").click()

    expect(page.locator("#cleared")).to_be_focused()
    expect(page.locator("#trouble")).to_have_count(0)

"""A chat that ends, in a real browser: who ended it is told so, and another tab says nothing of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Page, Request, Route, expect

from tests.web.chatting import (
    BEHIND,
    LOST,
    WORRY,
    forget_elsewhere,
    start_chat,
    tap,
    to_own_words,
    wait_for,
    write,
)
from tests.web.conftest import AWAY

pytestmark = pytest.mark.browser

DELETED = "We have deleted what you told us. Messages may still be on your phone"
MISSED = "Your last message did not reach us. If you are in danger, ring 999."


def _answer(page: Page, name: str, *, then: str) -> None:
    tap(page, name)
    expect(page.locator("#log")).to_contain_text(then)


def _tell_a_worry(page: Page) -> None:
    to_own_words(page)
    write(page, WORRY)
    expect(page.locator("#options").get_by_role("button", name="Short version")).to_be_visible()


def _ask_to_delete(page: Page) -> None:
    write(page, "delete everything")
    expect(page.locator("#log")).to_contain_text("This cannot be undone.")


def _say_yes(page: Page) -> None:
    page.locator("#options").get_by_role("button", name="Yes, delete it").click()


def _say_yes_and_write_behind(page: Page, text: str = BEHIND) -> None:
    """The second is sent before anything comes back for the first."""
    page.locator("#text").fill(text)
    script = (
        "() => { document.querySelector('#options button').click(); document.querySelector('#send').click(); }"
    )
    expect(page.locator("#options button").first).to_have_text("Yes, delete it")
    page.evaluate(script)


def _second_tab(page: Page) -> Page:
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Show earlier messages").click()
    expect(other.locator("#log")).to_contain_text("Is it safe for you to chat")
    page.bring_to_front()
    return other


def _wait_for_the_end_of_its_stream(page: Page, ended: list[Request]) -> None:
    """The server closes the stream once it has said `cleared`."""
    wait_for(page, ended)


def _ended_streams(page: Page) -> list[Request]:
    ended: list[Request] = []

    def note(request: Request) -> None:
        if request.url.endswith("/events"):
            ended.append(request)

    page.on("requestfinished", note)
    page.on("requestfailed", note)
    return ended


def _hold_answers(page: Page) -> list[Callable[[], None]]:
    """Let the next message be heard and keep its answer on the way; it is let go by calling it."""
    answers: list[Callable[[], None]] = []

    def hold(route: Route) -> None:
        response = route.fetch()
        answers.append(lambda: route.fulfill(response=response))

    page.route("**/messages", hold, times=1)
    return answers


def _lose(route: Route) -> None:
    route.abort("connectionreset")


def _fail(route: Route) -> None:
    """Trouble may come of a message that was heard."""
    route.fulfill(status=503, json={"error": {"code": "unavailable", "message": "Try again"}})


def _is_told(page: Page, *words: str) -> None:
    """The answer stands by itself on the first page, and what was said before it is gone."""
    told = page.locator("#cleared")
    for each in words:
        expect(told).to_contain_text(each)
    expect(told).to_be_focused()
    expect(told).to_contain_text("This chat is cleared from this device.")
    expect(told).not_to_contain_text("still with us")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    _has_nothing_left(page)


def _is_silent(page: Page) -> None:
    expect(page.get_by_role("heading", name="How can we help?")).to_be_visible()
    expect(page.locator("#cleared")).to_have_count(0)
    _has_nothing_left(page)


def _has_nothing_left(page: Page) -> None:
    expect(page.locator("#log")).to_be_empty()
    expect(page.locator("#options")).to_be_empty()
    assert WORRY not in page.content()
    assert page.evaluate("localStorage.length") == 0


def test_who_deletes_is_told_that_it_was_deleted_and_another_tab_says_nothing(phone_page: Page) -> None:
    """They are told what may still be on their phone; a second tab is found by whoever looks at it next."""
    page = phone_page
    _tell_a_worry(page)
    other = _second_tab(page)
    _ask_to_delete(page)
    _say_yes(page)

    _is_told(page, DELETED, "You can write here again at any time.")
    _is_silent(other)
    page.wait_for_timeout(2_500)  # longer than the stream takes to read back
    _is_told(page, DELETED)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#options .option").first).to_be_visible()
    assert "We have deleted" not in page.content()


def test_a_chat_that_is_closed_before_the_answer_comes_waits_for_the_answer(phone_page: Page) -> None:
    """The stream is often quicker than the answer on its way."""
    page = phone_page
    _tell_a_worry(page)
    _ask_to_delete(page)
    ended = _ended_streams(page)
    answers = _hold_answers(page)
    _say_yes(page)
    _wait_for_the_end_of_its_stream(page, ended)
    _is_silent(page)  # what they deleted is gone at once
    answers[0]()

    _is_told(page, DELETED)


@pytest.mark.parametrize("come_to_nothing", [_lose, _fail])
def test_an_answer_lost_as_the_chat_closes_is_not_promised_away(
    phone_page: Page, come_to_nothing: Callable[[Route], None]
) -> None:
    """We must not say that their words are still with us where they may be deleted, nor try a second time."""
    page = phone_page
    _tell_a_worry(page)
    _ask_to_delete(page)
    ended = _ended_streams(page)
    losses: list[Route] = []

    def hold(route: Route) -> None:
        route.fetch()
        losses.append(route)

    page.route("**/messages", hold)
    _say_yes(page)
    _wait_for_the_end_of_its_stream(page, ended)
    come_to_nothing(losses[0])

    _is_told(page, LOST)


@pytest.mark.parametrize("come_to_nothing", [_lose, _fail])
def test_an_answer_lost_without_a_stream_is_told_when_it_is_asked_for_again(
    phone_page: Page, come_to_nothing: Callable[[Route], None]
) -> None:
    """The chat is closed by the time the second try finds it gone; it may have been by the first."""
    page = phone_page
    page.route("**/events", lambda route: route.abort("connectionreset"))
    _tell_a_worry(page)
    _ask_to_delete(page)

    def only_once(route: Route) -> None:
        route.fetch()
        page.unroute("**/messages")
        come_to_nothing(route)

    page.route("**/messages", only_once)
    _say_yes(page)

    _is_told(page, LOST)


def test_a_chat_closed_without_a_stream_ends_by_its_answer(phone_page: Page) -> None:
    """Some networks let no stream through."""
    page = phone_page
    page.route("**/events", lambda route: route.abort("connectionreset"))
    _tell_a_worry(page)
    _ask_to_delete(page)
    _say_yes(page)

    _is_told(page, DELETED)


def test_a_wrong_person_is_told_that_nothing_more_is_sent(phone_page: Page) -> None:
    """Their answer is the last there is: nobody can ask again."""
    page = phone_page
    _tell_a_worry(page)
    other = _second_tab(page)
    write(page, "You have the wrong person")

    _is_told(page, "Nothing more will be sent to you here.")
    _is_silent(other)


@pytest.mark.parametrize("cleared", [0, 1])
def test_clearing_one_chat_leaves_another_in_a_second_tab(phone_page: Page, cleared: int) -> None:
    """Two people at one computer, each in a tab: the device keeps the key of the later one alone."""
    tabs = [phone_page, phone_page.context.new_page()]
    for tab in tabs:
        start_chat(tab)
    for tab in tabs:
        tab.bring_to_front()
        _answer(tab, "No", then="Is it safe for you to chat")
    kept = tabs[0].evaluate("localStorage.getItem('chat')")
    tabs[cleared].get_by_role("button", name="Clear it").click()
    expect(tabs[cleared].locator("#cleared")).to_be_focused()
    left = tabs[1 - cleared]
    left.bring_to_front()

    _answer(left, "Yes", then="What would you like help with?")
    assert left.evaluate("localStorage.getItem('chat')") == (None if cleared else kept)


def test_leaving_in_a_hurry_wipes_every_chat_of_the_device(phone_page: Page) -> None:
    """Everything goes at once: nobody in a hurry knows which tab holds what."""
    first, second = phone_page, phone_page.context.new_page()
    for tab in (first, second):
        start_chat(tab)
    for tab in (first, second):
        tab.bring_to_front()
        _answer(tab, "No", then="Is it safe for you to chat")
    second.locator("a.exit").click()
    second.wait_for_url(f"{AWAY}**")

    _is_silent(first)


def test_an_answer_that_asks_nothing_goes_when_the_chat_is_cleared_in_another_tab(phone_page: Page) -> None:
    """Only the turn that closed a chat is told of; what was said last in one that is cleared goes with it."""
    page = phone_page
    _tell_a_worry(page)
    other = _second_tab(page)
    write(page, "stop")
    expect(page.locator("#log")).to_contain_text("We have stopped.")
    other.get_by_role("button", name="Clear it").click()
    expect(other.locator("#cleared")).to_be_focused()

    _is_silent(page)
    assert "We have stopped" not in page.content()


def test_clearing_in_another_tab_empties_this_one_before_its_answer_comes(phone_page: Page) -> None:
    """Whoever clears has no time to wait for a slow line; the answer that comes later shows nothing."""
    page = phone_page
    _tell_a_worry(page)
    other = _second_tab(page)
    answers = _hold_answers(page)
    write(page, "and she will not sleep")
    expect(page.locator(".m.person .t").last).to_have_text("and she will not sleep")
    other.get_by_role("button", name="Clear it").click()

    _is_silent(page)
    wait_for(page, answers)
    with page.expect_response("**/messages"):
        answers[0]()
    _is_silent(page)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#options .option").first).to_be_visible()


def test_a_message_not_heard_before_the_chat_was_cleared_elsewhere_is_told(phone_page: Page) -> None:
    """They wrote to us here, and would wait for help that nobody knows of."""
    page = phone_page
    _tell_a_worry(page)
    other = _second_tab(page)
    held: list[Route] = []
    page.route("**/messages", lambda route: held.append(route))
    write(page, BEHIND)
    expect(page.locator(".m.person .t").last).to_have_text(BEHIND)
    other.get_by_role("button", name="Clear it").click()
    _is_silent(page)
    held[0].continue_()

    expect(page.locator("#cleared")).to_contain_text(MISSED)
    _has_nothing_left(page)


@pytest.mark.parametrize("stream", [True, False])
def test_what_is_written_behind_the_closing_message_begins_a_new_chat(phone_page: Page, stream: bool) -> None:
    """Nothing a person told us is lost: writing again begins anew, and what was written already is no less."""
    page = phone_page
    if not stream:
        page.route("**/events", lambda route: route.abort("connectionreset"))
    _tell_a_worry(page)
    first = page.evaluate("JSON.parse(localStorage.getItem('chat')).conversation")
    _ask_to_delete(page)
    answers = _hold_answers(page)
    ended = _ended_streams(page)
    _say_yes_and_write_behind(page)
    if stream:
        _wait_for_the_end_of_its_stream(page, ended)
    wait_for(page, answers)
    answers[0]()

    expect(page.locator(".m.person .t")).to_have_text([BEHIND])
    expect(page.locator(".m.person .state")).to_have_text("Sent")
    expect(page.locator("#log")).to_contain_text(DELETED)
    assert page.evaluate("JSON.parse(localStorage.getItem('chat')).conversation") != first
    assert WORRY not in page.content()


def test_what_is_written_behind_waits_in_sight_where_no_chat_can_be_begun(phone_page: Page) -> None:
    """They are told that it was not sent, and can send it with one press."""
    page = phone_page
    _tell_a_worry(page)
    _ask_to_delete(page)
    answers = _hold_answers(page)
    page.route("**/api/chat", lambda route: route.abort("connectionreset"))
    _say_yes_and_write_behind(page)
    wait_for(page, answers)
    answers[0]()
    expect(page.locator("#notice")).to_contain_text("Start a new chat to send your last message.")
    expect(page.locator(".m.person .state")).to_have_text("Not sent")
    expect(page.locator("#log")).to_contain_text(DELETED)
    write(page, "and there is one thing more")
    page.unroute_all()
    page.get_by_role("button", name="Start a new chat").click()

    expect(page.locator(".m.person .t")).to_have_text([BEHIND, "and there is one thing more"])
    expect(page.locator(".m.person .state")).to_have_text(["Sent", "Sent"])


def test_a_few_words_behind_the_closing_message_answer_nothing_they_have_not_seen(phone_page: Page) -> None:
    """ "Yes" behind a deletion would be a yes to "Is anyone in danger?", and a key on a device just cleared."""
    page = phone_page
    _tell_a_worry(page)
    _ask_to_delete(page)
    answers = _hold_answers(page)
    _say_yes_and_write_behind(page, "yes")
    wait_for(page, answers)
    answers[0]()
    expect(page.locator("#log")).to_contain_text(DELETED)
    expect(page.locator(".m.person .state")).to_have_text("Not sent")
    assert page.evaluate("localStorage.getItem('chat')") is None
    page.unroute_all()
    page.get_by_role("button", name="Start a new chat").click()

    expect(page.locator("#options .option").first).to_be_visible()
    expect(page.locator("#text")).to_have_value("yes")
    expect(page.locator(".m.person")).to_have_count(0)


def test_what_was_not_sent_can_be_cleared(phone_page: Page) -> None:
    """Somebody else may hold the device next."""
    page = phone_page
    page.route("**/events", lambda route: route.abort("connectionreset"))
    _tell_a_worry(page)
    forget_elsewhere(page)
    write(page, BEHIND)
    expect(page.locator("#notice")).to_contain_text("Start a new chat to send your last message.")
    page.locator("#controls").get_by_role("button", name="Clear it").click()

    expect(page.locator("#cleared")).to_contain_text(MISSED)
    _has_nothing_left(page)


@pytest.mark.parametrize("comes", [True, False])
def test_a_chat_cleared_while_it_is_asked_for_does_not_come_back(phone_page: Page, comes: bool) -> None:
    """What the last person told must not stand in the next person's chat, nor a chat open where there is none."""
    page = phone_page
    _tell_a_worry(page)
    page.goto("/")
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if route.request.method == "GET":
            held.append((route, route.fetch()))
        else:
            route.continue_()

    page.route("**/api/chat/*", hold)
    page.get_by_role("button", name="Show earlier messages").click()
    wait_for(page, held)
    page.locator("#clear-first").click()
    expect(page.locator("#cleared")).to_be_visible()
    [(route, answer)] = held
    if not comes:
        route.abort("connectionreset")
        page.wait_for_timeout(200)
        expect(page.locator("#cleared")).to_be_visible()
        expect(page.locator("#talk")).to_be_hidden()
        return
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#options .option").first).to_be_visible()
    route.fulfill(response=answer)
    page.wait_for_timeout(300)

    assert WORRY not in page.content()


def test_a_person_asked_for_while_a_chat_begins_is_asked_for(phone_page: Page) -> None:
    """On a slow line that press is the one that must not go missing."""
    page = phone_page
    page.goto("/?as=parent")
    held: list[Route] = []
    page.route("**/api/chat", lambda route: held.append(route))
    page.get_by_role("button", name="Start", exact=True).click()
    wait_for(page, held)
    page.locator(".person-form button").click()
    held[0].continue_()

    expect(page.locator(".m.person .t")).to_have_text(["Talk to a person"])


def test_a_message_to_a_chat_that_is_gone_stays_alone_until_it_is_sent(phone_page: Page) -> None:
    """What was said in the chat goes; what was not heard yet is not lost."""
    page = phone_page
    page.route("**/events", lambda route: route.abort("connectionreset"))
    _tell_a_worry(page)
    forget_elsewhere(page)
    write(page, BEHIND)

    expect(page.locator("#notice")).to_contain_text("Start a new chat to send your last message.")
    expect(page.locator(".m.person .state")).to_have_text("Not sent")
    expect(page.locator(".m .t")).to_have_text([BEHIND])
    assert WORRY not in page.content()
    page.unroute_all()
    page.get_by_role("button", name="Start a new chat").click()
    expect(page.locator(".m.person .state")).to_have_text("Sent")


def test_a_stream_that_finds_the_chat_gone_empties_the_page(phone_page: Page) -> None:
    """A phone that slept through the end must not go on showing what was said."""
    page = phone_page
    page.route("**/events", lambda route: route.abort("connectionreset"))
    _tell_a_worry(page)
    forget_elsewhere(page)
    page.unroute_all()

    _is_silent(page)


def test_leaving_in_a_hurry_wipes_a_chat_whose_key_is_gone(phone_page: Page) -> None:
    """The device may hold no key any more, and a second tab still shows what was said."""
    first, second = phone_page, phone_page.context.new_page()
    for tab in (first, second):
        start_chat(tab)
    for tab in (first, second):
        tab.bring_to_front()
        _answer(tab, "No", then="Is it safe for you to chat")
    second.get_by_role("button", name="Clear it").click()
    expect(second.locator("#cleared")).to_be_focused()
    assert second.evaluate("localStorage.getItem('chat')") is None
    second.locator("a.exit").click()
    second.wait_for_url(f"{AWAY}**")

    _is_silent(first)


def test_clearing_with_a_message_on_its_way_says_that_we_do_not_know(phone_page: Page) -> None:
    """It would be no help to be told that all they sent is with us where one message may not be."""
    page = phone_page
    _tell_a_worry(page)
    page.route("**/messages", lambda route: route.abort("connectionreset"))
    write(page, BEHIND)
    expect(page.locator(".m.person .state").last).to_have_text("Not sent")
    page.get_by_role("button", name="Clear it").click()

    expect(page.locator("#cleared")).to_contain_text(LOST)
    _has_nothing_left(page)

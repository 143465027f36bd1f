"""The web chat API as a client meets it, against the real front door."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.web.conftest import Chat, FrontDoorServer

Begin = Callable[..., Chat]


def test_a_conversation_begins_with_a_token_words_and_what_is_expected(begin: Begin) -> None:
    """Every other client is written against this shape."""
    begun = begin().begun

    assert set(begun) == {"conversation", "token", "messages", "expects", "closed"}
    first = begun["messages"][0]
    assert first["from"] == "bot"
    assert {"id", "text", "sent_at"} <= set(first)
    assert begun["expects"]["field"] == "immediate_danger"
    assert begun["expects"]["kind"] == "yes_no"
    assert {"id": "no", "label": "No"} in begun["expects"]["choices"]


def test_the_first_message_says_it_is_automated_and_gives_999(begin: Begin) -> None:
    """A person in danger must not have to answer a question to see the number."""
    words = " ".join(m["text"] for m in begin().begun["messages"])

    assert "automated" in words
    assert "999" in words


def test_a_beginning_needs_no_body(api: httpx.Client) -> None:
    """The simplest client sends nothing at all."""
    assert api.post("/api/chat").status_code == 201


def test_the_same_id_again_gives_the_same_answer_and_is_handled_once(begin: Begin) -> None:
    """A phone on a bad line sends again what it did not see answered."""
    chat = begin()

    first = chat.say(id="one", choice="no")
    again = chat.say(id="one", choice="no")

    assert again == first
    said = [m for m in chat.read_back()["messages"] if m["from"] == "person"]
    assert len(said) == 1


def test_typed_words_stand_in_for_a_choice(begin: Begin) -> None:
    """Many people type where a button is offered."""
    assert begin().say(id="one", text="no")["expects"]["field"] != "immediate_danger"


def test_several_choices_are_taken_at_once(begin: Begin) -> None:
    """A page with boxes to tick sends them together."""
    chat = begin(audience="parent")
    expects = _answer_until(chat, "safe_contact_methods")

    assert expects["multiple"] is True
    after = chat.say(id="ticked", choices=["reply_in_this_chat", "email"])

    assert after["expects"]["field"] == "email"


def test_reading_back_gives_both_sides_in_order_with_labels(begin: Begin) -> None:
    """What was tapped is shown as the person read it, not as our code names it."""
    chat = begin()
    chat.say(id="one", choice="not_sure")

    told = chat.read_back()["messages"]

    sides = [m["from"] for m in told]
    assert sides[0] == "bot"
    assert sides[-1] == "bot"
    assert sides.count("person") == 1
    assert next(m["text"] for m in told if m["from"] == "person") == "Not sure"


def test_words_of_danger_are_answered_with_an_urgent_message(begin: Begin) -> None:
    """The page makes it stand out, and a screen reader speaks it at once."""
    chat = begin()
    chat.say(id="one", choice="no")
    told = chat.say(id="two", text="my dad is hitting me with a belt right now")

    urgent = [m for m in told["messages"] if m.get("urgent")]
    assert urgent
    assert "999" in urgent[0]["text"]


def test_twenty_thousand_characters_are_taken_and_kept(begin: Begin) -> None:
    """Some people need to write it all down in one go."""
    chat = begin()
    long = ("mornings are hard " * 1200)[:20_000]

    chat.say(id="long", text=long)

    assert next(m["text"] for m in chat.read_back()["messages"] if m["from"] == "person").strip() == long.strip()


@pytest.mark.parametrize(
    "text",
    [
        "\u202eright to left\u202c",
        "زبان",
        "a\u200bb\u0000c",
        "<b>bold</b> & _under_",
        "'; DROP TABLE turns; --",
        "9" * 500,
        "\U0001f622",
    ],
)
def test_whatever_was_typed_is_taken(begin: Begin, text: str) -> None:
    """Nobody's words are refused for the letters they are made of."""
    chat = begin()

    chat.say(id="odd", text=text)

    assert next(m["text"] for m in chat.read_back()["messages"] if m["from"] == "person") == text


def test_half_a_letter_does_not_lose_the_rest(begin: Begin) -> None:
    """Some keyboards cut an emoji in two; no store can hold the half."""
    chat = begin()
    body = b'{"id": "half", "text": "no \\ud83d"}'

    response = chat.client.post(
        f"/api/chat/{chat.conversation}/messages",
        content=body,
        headers={**chat.headers, "Content-Type": "application/json"},
    )

    assert response.status_code == 200


def test_a_cleared_chat_opens_no_more(begin: Begin) -> None:
    """Clearing has to mean that the next holder of the phone sees nothing."""
    chat = begin()
    chat.say(id="one", choice="no")

    assert chat.client.delete(f"/api/chat/{chat.conversation}", headers=chat.headers).status_code == 204

    answer = chat.post(id="two", text="hello")
    assert answer.status_code == 401
    assert _error(answer)["code"] == "chat_closed"


@pytest.mark.parametrize("words", ["delete everything", "You have the wrong person"])
def test_the_answer_that_closes_a_chat_says_so(begin: Begin, words: str) -> None:
    """It is the last there is: a page that does not know would take it away with the chat."""
    chat = begin(audience="parent")
    assert chat.begun["closed"] is False
    assert chat.say(id="one", choice="no")["closed"] is False
    said = chat.say(id="two", text=words)
    if not said["closed"]:
        said = chat.say(id="three", choice="yes", prompt=said["expects"]["prompt"])

    assert said["closed"] is True
    assert chat.post(id="four", text="hello").status_code == 401


def test_a_chat_that_only_stops_is_not_closed(begin: Begin) -> None:
    """They can write in it again."""
    chat = begin(audience="parent")
    chat.say(id="one", choice="no")

    assert chat.say(id="two", text="stop")["closed"] is False
    assert chat.read_back()["closed"] is False


def _answer_until(chat: Chat, field: str) -> dict[str, Any]:
    expects = chat.begun["expects"]
    for number in range(30):
        if expects["field"] == field:
            return expects
        ids = [c["id"] for c in expects["choices"]]
        if expects["field"] == "immediate_danger":
            body: dict[str, Any] = {"choice": "no"}
        elif ids:
            body = {"choice": ids[0]}
        else:
            body = {"text": "We need some help with school mornings"}
        expects = chat.say(id=f"step-{number}", **body)["expects"]
    raise AssertionError(f"{field} was never asked")


# -- errors ----------------------------------------------------------------------------------------------


def _error(response: httpx.Response) -> dict[str, str]:
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    return body["error"]


@pytest.mark.parametrize(
    "body", ["{bad", "[]", '"words"', "[" * 5000 + "]" * 5000, '{"a":' * 200 + "1" + "}" * 200]
)
def test_what_is_not_well_formed_gets_400(begin: Begin, body: str) -> None:
    """A broken client is told so, however deep the brackets go."""
    chat = begin()

    answer = chat.client.post(
        f"/api/chat/{chat.conversation}/messages",
        content=body,
        headers={**chat.headers, "Content-Type": "application/json"},
    )

    assert answer.status_code == 400
    assert _error(answer)["code"] == "not_well_formed"


@pytest.mark.parametrize(
    "body",
    [
        {"text": "no id"},
        {"id": "", "text": "x"},
        {"id": "i" * 65, "text": "x"},
        {"id": "a b", "text": "x"},
        {"id": "one"},
        {"id": "one", "text": "   "},
        {"id": "one", "text": 5},
        {"id": "one", "choice": "c" * 65},
        {"id": "one", "choices": "yes"},
        {"id": "one", "choices": ["x"] * 65},
    ],
)
def test_a_message_that_lacks_something_gets_422_that_says_what(begin: Begin, body: dict[str, Any]) -> None:
    """The sender can mend it only if told what is wrong, and their words never come back in an error."""
    answer = begin().post(**body)

    assert answer.status_code == 422
    assert _error(answer)["message"]


def test_the_words_of_a_person_are_not_in_the_error(begin: Begin) -> None:
    """Errors end in logs of other systems."""
    answer = begin().post(id="one", text=["he hits me"])

    assert answer.status_code == 422
    assert "hits" not in answer.text


def test_no_token_gets_401(begin: Begin) -> None:
    """A conversation is opened by its token and nothing else."""
    chat = begin()

    answer = chat.client.get(f"/api/chat/{chat.conversation}")

    assert answer.status_code == 401
    assert _error(answer)["code"] == "not_signed_in"


def test_a_token_nobody_gave_gets_401(begin: Begin) -> None:
    """A guessed token must not say whether the conversation is there."""
    chat = begin()
    for conversation in (chat.conversation, "nowhere"):
        answer = chat.client.get(f"/api/chat/{conversation}", headers={"Authorization": "Bearer guessed"})
        assert answer.status_code == 401
        assert _error(answer)["code"] == "chat_closed"


def test_the_token_of_another_chat_gets_403(begin: Begin) -> None:
    """One family must never read another's words."""
    mine, theirs = begin(), begin()

    for method, path in (("GET", ""), ("GET", "/events"), ("DELETE", ""), ("POST", "/messages")):
        body = {"id": "one", "text": "hello"} if method == "POST" else None
        answer = mine.client.request(
            method, f"/api/chat/{theirs.conversation}{path}", headers=mine.headers, json=body
        )
        assert answer.status_code == 403
        assert _error(answer)["code"] == "not_yours"


def test_more_than_twenty_thousand_characters_gets_413_with_the_numbers(begin: Begin) -> None:
    """They are told what to do, and who to ring, in the same breath."""
    answer = begin().post(id="long", text="x" * 20_001)

    assert answer.status_code == 413
    assert "20,000" in _error(answer)["message"]
    assert "999" in _error(answer)["message"]


def test_ten_megabytes_are_refused_without_being_read(front_door: FrontDoorServer, begin: Begin) -> None:
    """One sender must not fill the memory that everyone shares."""
    chat = begin()
    read = 0

    def endless() -> Any:
        nonlocal read
        for _ in range(10_000):
            read += 1024
            yield b"x" * 1024

    told = chat.client.post(
        f"/api/chat/{chat.conversation}/messages", content=b"x" * 10_000_000, headers=chat.headers
    )
    streamed = chat.client.post(f"/api/chat/{chat.conversation}/messages", content=endless(), headers=chat.headers)

    assert told.status_code == streamed.status_code == 413
    assert _error(told)["code"] == _error(streamed)["code"] == "too_long"
    assert read < 9_000_000


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/static/page.css", 404, "not_found"),
        ("PUT", "/api/chat", 405, "wrong_method"),
        ("GET", "/api/chat", 405, "wrong_method"),
    ],
)
def test_wrong_addresses_and_methods_get_the_same_envelope(
    api: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    """A client reads every error in one way."""
    answer = api.request(method, path)

    assert answer.status_code == status
    assert _error(answer)["code"] == code


def test_a_browser_that_goes_astray_sees_a_page_with_the_numbers(api: httpx.Client) -> None:
    """A person who mistypes an address may be the one who needs help."""
    answer = api.get("/nothing", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert "text/html" in answer.headers["content-type"]
    assert "tel:999" in answer.text


# -- what is around it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/staying-safe", "/privacy", "/accessibility", "/nothing", "/api/chat"])
def test_every_answer_carries_the_guarding_headers(api: httpx.Client, path: str) -> None:
    """Another site must not frame the chat, and nothing of it may stay in a cache or a referrer."""
    headers = api.get(path, headers={"Accept": "text/html"}).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "geolocation=()" in headers["permissions-policy"]


def test_health_readiness_and_metrics_answer(api: httpx.Client, begin: Begin) -> None:
    """Those who run it are woken by these, and no conversation may be named in them."""
    chat = begin()
    chat.say(id="one", text="a very particular sentence")

    assert api.get("/healthz").json() == {"status": "alive"}
    assert api.get("/readyz").status_code == 200
    metrics = api.get("/metrics").text
    assert 'route="/api/chat/{conversation}/messages"' in metrics
    assert chat.conversation not in metrics
    assert "particular" not in metrics


def test_openapi_describes_the_chat(api: httpx.Client) -> None:
    """Partners write their clients from it."""
    described = api.get("/api/v1/openapi.json").json()

    assert {"/api/chat", "/api/chat/{conversation}/messages"} <= set(described["paths"])
    assert "ErrorOut" in json.dumps(described)

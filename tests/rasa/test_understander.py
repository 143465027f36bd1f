"""What is asked of a Rasa server, and what becomes of a message when it does not answer as it should."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from nlu.base import NluUnavailable, Understanding
from nlu.breaker import Breaker
from nlu.dataset import load
from nlu.fallback import FallbackUnderstander
from nlu.rasa import EVEN, INTENTS, LONGEST, Endpoint, Heard, RasaUnderstander, fit_sure

WORDS = "my name is Priya and he hits me"

Answer = Callable[[bytes], Awaitable[bytes]]


class Beside:
    """What runs in process beside Rasa."""

    name = "beside"

    def __init__(self, confidence: float = 0.0) -> None:
        self.confidence = confidence

    async def understand(self, text: str, *, language: str = "en", audience: str | None = None) -> Understanding:
        return Understanding("stop", self.confidence, needs=("HOUSING",), facts={"child_name": "Sam"})


@asynccontextmanager
async def listening(answer: Answer) -> AsyncIterator[Endpoint]:
    """A socket that takes requests and answers each as told."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            size = next(
                int(x.split(b":")[1]) for x in head.split(b"\r\n") if x.lower().startswith(b"content-length")
            )
            answering = asyncio.ensure_future(answer(await reader.readexactly(size)))
            hung_up = asyncio.ensure_future(reader.read())  # whoever gave up is under way no longer
            await asyncio.wait((answering, hung_up), return_when=asyncio.FIRST_COMPLETED)
            hung_up.cancel()
            if answering.cancel():
                return
            writer.write(answering.result())
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield Endpoint(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "a-token")
    server.close()


def saying(body: object, status: str = "200 OK") -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def answer(_: bytes) -> bytes:
        return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(content), content)

    return answer


def parsed(intent: object, confidence: object) -> Answer:
    return saying({"text": "x", "intent": {"name": intent, "confidence": confidence}, "entities": []})


async def never(_: bytes) -> bytes:
    await asyncio.sleep(3600)
    return b""


async def ask(endpoint: Endpoint | None, beside: Beside | None = None, text: str = WORDS) -> Understanding:
    rasa = RasaUnderstander(lambda: endpoint, beside=beside or Beside(), timeout=5)
    try:
        return await rasa.understand(text)
    finally:
        await rasa.close()


# -- what comes back -------------------------------------------------------------------------------------------


async def test_the_intent_is_rasas_and_the_rest_is_found_beside_it() -> None:
    """Needs and facts are the same with every engine."""
    async with listening(parsed("greeting", 0.9)) as endpoint:
        found = await ask(endpoint)
    assert found == Understanding("greeting", pytest.approx(0.9), needs=("HOUSING",), facts={"child_name": "Sam"})


async def test_where_rasa_is_not_sure_the_one_beside_it_may_be() -> None:
    """`Stop` is understood though a network shrugs."""
    async with listening(parsed("greeting", 0.3)) as endpoint:
        assert (await ask(endpoint, Beside(0.95))).intent == "stop"
        assert (await ask(endpoint, Beside(0.4))).intent == "greeting"


async def test_confidence_is_on_the_scale_the_conversation_acts_on() -> None:
    """Every engine has a scale of its own: what is fitted for Rasa is shown as even."""
    async with listening(parsed("greeting", 0.8)) as endpoint:
        found = await ask(Endpoint(endpoint.url, "t", sure=0.8))
    assert found.confidence == pytest.approx(EVEN)


@pytest.mark.parametrize(("intent", "confidence"), [("book_flight", 0.99), (None, 0.0), ("stop", 7)])
async def test_an_intent_that_is_not_ours_is_not_acted_on(intent: object, confidence: object) -> None:
    """A server trained on something else changes nobody's conversation."""
    async with listening(parsed(intent, confidence)) as endpoint:
        found = await ask(endpoint)
    assert (found.intent, found.confidence) == ("inform", 0.0)


async def test_only_the_beginning_of_a_long_message_is_sent() -> None:
    """Rasa sets no limit; twenty thousand characters would hold up everybody's."""
    sent: list[bytes] = []

    async def note(body: bytes) -> bytes:
        sent.append(body)
        return await parsed("inform", 0.9)(body)

    async with listening(note) as endpoint:
        await ask(endpoint, text="a" * 20_000)
    assert len(json.loads(sent[0])["text"]) == LONGEST


def test_the_intents_are_those_of_our_messages() -> None:
    """A new intent in the data is one the adapter lets through."""
    assert {m.intent for m in load("training")} == INTENTS


# -- when it does not answer as it should ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        saying({"error": WORDS}, "500 Internal Server Error"),
        saying({"reason": "NotAuthenticated"}, "401 Unauthorized"),
        saying(b"<html>" + WORDS.encode()),
        saying([WORDS]),
        saying({"intent": WORDS}),
        parsed("inform", "much"),
        saying(b"", "302 Found\r\nLocation: http://192.0.2.1/"),
    ],
    ids=["broken", "refused", "not-json", "a-list", "no-intent", "no-number", "elsewhere"],
)
async def test_a_wrong_answer_is_no_answer_and_quotes_nobody(answer: Answer) -> None:
    """Errors are logged; a person's words and our token are not."""
    async with listening(answer) as endpoint:
        with pytest.raises(NluUnavailable) as caught:
            await ask(endpoint)
    chain = f"{caught.value!r} {caught.value.__cause__!r}"
    assert "Priya" not in chain
    assert "a-token" not in chain


async def test_nobody_there_is_no_answer() -> None:
    """A refused connection, and a server that has not started yet."""
    async with listening(never) as endpoint:
        pass
    for where in (endpoint, None):
        with pytest.raises(NluUnavailable):
            await ask(where)


async def test_a_server_that_never_answers_is_left_alone_and_tried_again() -> None:
    """A real socket that takes the message and says nothing: each call ends, and soon none is made."""
    breaker = Breaker(most=3, pause=1)
    async with listening(never) as endpoint:
        rasa = RasaUnderstander(lambda: endpoint, beside=Beside(), timeout=1, breaker=breaker)
        for _ in range(3):
            with pytest.raises(NluUnavailable, match="in time"):
                await rasa.understand(WORDS)
        assert breaker.is_open
        with pytest.raises(NluUnavailable, match="left alone"):
            await rasa.understand(WORDS)
    async with listening(parsed("greeting", 0.9)) as answering:
        endpoint = answering
        await asyncio.sleep(1.2)
        assert (await rasa.understand(WORDS)).intent == "greeting"
    assert not breaker.is_open
    await rasa.close()


async def test_a_wave_on_a_slow_server_is_bounded_in_number_and_in_waiting() -> None:
    """Sixty-eight people at once: four are asked about, none waits longer than the time we give."""
    under_way = most = 0

    async def slow(body: bytes) -> bytes:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            return await never(body)
        finally:
            under_way -= 1

    async with listening(slow) as endpoint:
        rasa = RasaUnderstander(lambda: endpoint, beside=Beside(), timeout=2)
        async with asyncio.timeout(10):
            found = await asyncio.gather(*(rasa.understand(WORDS) for _ in range(68)), return_exceptions=True)
        await rasa.close()
    assert all(isinstance(one, NluUnavailable) for one in found)
    assert sum("waiting" in str(one) for one in found) == 4
    assert most == 4


async def test_readiness_asks_the_server() -> None:
    """`/readyz` names the engine that answers now."""
    async with listening(never) as endpoint:
        rasa = RasaUnderstander(lambda: endpoint, beside=Beside(), timeout=0.1)
        assert not await rasa.ready()
        await rasa.close()


# -- falling back ----------------------------------------------------------------------------------------------


class Changing:
    """Answers, or does not."""

    name = "changing"

    def __init__(self) -> None:
        self.is_there = True

    async def understand(self, text: str, *, language: str = "en", audience: str | None = None) -> Understanding:
        if not self.is_there:
            raise NluUnavailable("away")
        return Understanding("greeting", 0.9)


async def test_the_second_answers_and_a_change_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """An hour without Rasa is one line in the log, not one for each message, and none holds words."""
    caplog.set_level(logging.INFO)
    first, counted = Changing(), []
    both = FallbackUnderstander(first, Beside(), count=counted.append)
    intents = []
    for is_there in (True, False, False, False, True, True):
        first.is_there = is_there
        intents.append((await both.understand(WORDS)).intent)
    assert intents == ["greeting", "stop", "stop", "stop", "greeting", "greeting"]
    assert counted == ["changing", "beside", "beside", "beside", "changing", "changing"]
    assert [r.message for r in caplog.records] == ["understanding.fell_back", "understanding.came_back"]
    assert "Priya" not in str([r.__dict__ for r in caplog.records])


async def test_an_error_of_ours_is_not_taken_for_an_absence() -> None:
    """Only what is meant to be stood in for is."""

    class Wrong(Changing):
        async def understand(
            self, text: str, *, language: str = "en", audience: str | None = None
        ) -> Understanding:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await FallbackUnderstander(Wrong(), Beside()).understand(WORDS)


# -- the breaker -----------------------------------------------------------------------------------------------


def test_the_breaker_opens_after_failures_in_a_row_and_waits_longer_each_time() -> None:
    """A server that is down is asked less and less, and one call at a time."""
    breaker = Breaker(most=2, pause=5, longest=15)
    breaker.failed(0)
    breaker.succeeded()
    breaker.failed(1)
    assert breaker.lets_through(1)
    breaker.failed(2)
    assert not breaker.lets_through(6)
    assert breaker.lets_through(7)
    assert not breaker.lets_through(7)
    breaker.failed(8)
    assert not breaker.lets_through(17)
    assert breaker.lets_through(18)
    breaker.failed(19)
    assert not breaker.lets_through(33)
    assert breaker.lets_through(34)
    breaker.succeeded()
    assert breaker.lets_through(34)
    assert breaker.lets_through(34)


def test_a_try_that_says_nothing_is_tried_again() -> None:
    """A probe that was cut short must not keep the breaker open for ever."""
    breaker = Breaker(most=1, pause=1)
    breaker.failed(0)
    assert breaker.lets_through(1)
    breaker.given_up()
    assert breaker.lets_through(1)


# -- how sure it has to be -------------------------------------------------------------------------------------


def test_sure_is_fitted_so_that_nine_of_ten_interrupts_are_one() -> None:
    """`Inform` taken for `stop` ends a conversation: a rare mistake only."""
    right = [Heard("stop", "stop", 0.9 + n / 1000) for n in range(18)]
    wrong = [Heard("inform", "stop", 0.8), Heard("inform", "stop", 0.7), Heard("inform", "stop", 0.6)]
    kept = [Heard("stop", "inform", 0.99), Heard("answer", "answer", 0.99)]
    assert fit_sure([*right, *wrong, *kept]) == pytest.approx(0.7)
    assert fit_sure(wrong) == 1.0
    assert fit_sure([]) == 1.0

"""Understands by asking a Rasa 3.6 server over HTTP: bounded in time and number, and never trusted to be there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from nlu.base import NluUnavailable, Understander, Understanding
from nlu.breaker import Breaker

LONGEST = 2000
"""Characters sent: what a message is for is said by then, and Rasa sets no limit of its own."""

AT_ONCE = 4
"""Rasa answers on one core: more calls at once only wait there instead of here."""

MOST_WAITING = 60
"""Calls that may wait for one of those; a further one is told at once that it has to do without."""

INTENTS = frozenset(
    {
        "abuse_of_bot", "answer", "ask_about_bot", "ask_for_person", "ask_hours", "ask_privacy", "change_answer",
        "chase_enquiry", "delete_data", "go_back", "greeting", "help", "inform", "out_of_scope", "quick_exit",
        "start_again", "stop", "thanks", "wrong_service",
    }
)  # fmt: skip
"""The intents of `nlu/training/`. A server that names another was trained on something else."""

NOT_ACTED_ON = frozenset({"inform", "answer", "out_of_scope"})
"""Intents that leave a message what it would be anyway: the reply to the question at hand."""

EVEN = 0.5
"""The confidence from which the conversation acts on an intent."""

RIGHT_ENOUGH = 0.9
"""Of the messages taken for an interrupt, the share that must be one: taking words for `stop` ends a chat."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a Rasa server answers, with the token it wants, and how sure it has to be before it is acted on.

    `sure` is fitted on held-out messages when the model is trained, and is shown to the conversation as `EVEN`.
    """

    url: str
    token: str = field(repr=False)
    sure: float = EVEN


class Silent:
    """Nobody beside Rasa: what comes back is Rasa's own, as for measuring it."""

    name = "silent"

    async def understand(self, text: str, *, language: str = "en", audience: str | None = None) -> Understanding:
        del text, audience
        return Understanding(language=language)


class RasaUnderstander:
    """Intents by Rasa; needs, facts and language by the understander `beside` it, which runs in process.

    Where Rasa is not sure and the one beside it is, its intent stands.
    `where` says where the server is now, or None while it is not there. See Rasa's HTTP API, `/model/parse`:
    rasa.com/docs/rasa/pages/http-api.
    """

    name = "rasa"

    def __init__(
        self,
        where: Callable[[], Endpoint | None],
        *,
        beside: Understander,
        timeout: float = 1.0,
        at_once: int = AT_ONCE,
        most_waiting: int = MOST_WAITING,
        breaker: Breaker | None = None,
    ) -> None:
        self._where = where
        self._beside = beside
        self._timeout = timeout
        self._room = asyncio.Semaphore(at_once)
        self._most = at_once + most_waiting
        self._in_hand = 0
        self._breaker = breaker or Breaker()
        # No proxy of the machine's may see a person's words.
        self._client = httpx.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False)

    async def understand(self, text: str, *, language: str = "en", audience: str | None = None) -> Understanding:
        if not text.strip():
            return await self._beside.understand(text, language=language, audience=audience)
        intent, confidence = await self._bounded(_sendable(text))
        found = await self._beside.understand(text, language=language, audience=audience)
        if confidence < EVEN <= found.confidence:
            return found
        return replace(found, intent=intent, confidence=confidence)

    async def ready(self) -> bool:
        """Say whether the server answers now, with its model loaded and to our token. Asks only for that."""
        endpoint = self._where()
        if endpoint is None:
            return False
        try:
            async with asyncio.timeout(self._timeout):
                answer = await self._client.get(f"{endpoint.url}/status", params={"token": endpoint.token})
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            return False
        return answer.status_code == httpx.codes.OK

    async def close(self) -> None:
        await self._client.aclose()

    async def _bounded(self, text: str) -> tuple[str, float]:
        """Ask within the timeout, waiting for a turn included. Raises `NluUnavailable`."""
        endpoint = self._where()
        if endpoint is None:
            raise NluUnavailable("the server is not running")
        if self._in_hand >= self._most:
            raise NluUnavailable("too many messages are waiting")
        self._in_hand += 1
        try:
            async with asyncio.timeout(self._timeout), self._room:
                return await self._guarded(endpoint, text)
        except TimeoutError:
            raise NluUnavailable("no answer in time") from None
        finally:
            self._in_hand -= 1

    async def _guarded(self, endpoint: Endpoint, text: str) -> tuple[str, float]:
        now = asyncio.get_running_loop().time
        if not self._breaker.lets_through(now()):
            raise NluUnavailable("left alone for a while after failing")
        started = now()
        try:
            understood = await self._ask(endpoint, text)
        except NluUnavailable:
            self._breaker.failed(now())
            raise
        except BaseException:
            # Most often out of time. Where most of that went into waiting for a turn, the server is only busy.
            if now() - started >= self._timeout / 2:
                self._breaker.failed(now())
            else:
                self._breaker.given_up()
            raise
        self._breaker.succeeded()
        return understood

    async def _ask(self, endpoint: Endpoint, text: str) -> tuple[str, float]:
        try:
            answer = await self._client.post(
                f"{endpoint.url}/model/parse", params={"token": endpoint.token}, json={"text": text}
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # The kind only: an error of the library's may quote the address, which holds the token.
            raise NluUnavailable(type(error).__name__) from None
        if answer.status_code != httpx.codes.OK:
            raise NluUnavailable(f"status {answer.status_code}")
        try:
            return _read(answer.json(), endpoint.sure)
        except (ValueError, TypeError, KeyError):
            raise NluUnavailable("an answer that is not Rasa's") from None


def _sendable(text: str) -> str:
    """Return the beginning of a message, without halves of characters that no JSON reader takes."""
    return text[:LONGEST].encode("utf-8", "replace").decode("utf-8")


def _read(answer: Mapping[str, Any], sure: float) -> tuple[str, float]:
    intent, confidence = answer["intent"]["name"], float(answer["intent"]["confidence"])
    if intent not in INTENTS or not 0 <= confidence <= 1:
        return "inform", 0.0
    return intent, _on_our_scale(confidence, sure)


def _on_our_scale(confidence: float, sure: float) -> float:
    """Return the confidence drawn out so that `sure` comes to `EVEN`, 0 to 0 and 1 to 1."""
    if confidence >= sure:
        return 1.0 if sure >= 1 else EVEN + (confidence - sure) / (1 - sure) * (1 - EVEN)
    return confidence / sure * EVEN


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message is for, and what the model took it for."""

    truth: str
    intent: str
    confidence: float


def fit_sure(heard: Sequence[Heard]) -> float:
    """Return the lowest confidence from which enough of what would be acted on is right; 1 where there is none."""
    acted_on = sorted((h for h in heard if h.intent not in NOT_ACTED_ON), key=lambda h: -h.confidence)
    right, sure = 0, 1.0
    for count, one in enumerate(acted_on, 1):
        right += one.truth == one.intent
        if right >= RIGHT_ENOUGH * count and one.confidence >= EVEN:
            sure = one.confidence
    return sure

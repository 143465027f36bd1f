"""Brings updates in without losing or reordering any: our own long poll, and the order of a webhook's arrivals."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any, Generic, TypeVar

import telegram
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.telegram_calls import retry_after
from bot.channels.telegram_updates import ALLOWED_UPDATES, BadUpdate, parse_update

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_PAUSE = timedelta(seconds=0.5)
LONGEST_PAUSE = timedelta(seconds=30)


class TelegramPoller:
    """Asks Telegram for updates, for ever, and moves on only once they are kept.

    PTB's own Updater puts updates on a queue in memory and asks for the next ones at once, which tells Telegram to
    forget the first: a crash then loses what people wrote. Here the next request, which is what confirms a batch,
    is made only after `accept` has returned. Where `accept` raises, the same updates come again.
    """

    def __init__(
        self,
        bot: telegram.Bot,
        accept: Callable[[Sequence[telegram.Update]], Awaitable[None]],
        *,
        timeout: timedelta = timedelta(seconds=25),
        allowed_updates: Sequence[str] = ALLOWED_UPDATES,
        pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._accept = accept
        self._timeout = timeout
        self._allowed = list(allowed_updates)
        self._sleep = pause
        self._offset = 0
        self._failures = 0
        self._is_stopping = False
        self._waiting: asyncio.Task[Any] | None = None

    async def run(self) -> None:
        """Poll until stopped or cancelled. What is being kept when `stop` is called is kept."""
        while not self._is_stopping:
            pause = await self._turn()
            if pause is not None:
                await self._interruptibly(self._sleep(pause.total_seconds()))

    def stop(self) -> None:
        self._is_stopping = True
        if self._waiting is not None:
            self._waiting.cancel()

    async def _turn(self) -> timedelta | None:
        """Fetch and keep once. Return how long to wait before the next turn, None for not at all."""
        try:
            raw = await self._interruptibly(self._fetch())
        except RetryAfter as error:
            return self._slow_down(error)
        except TelegramError as error:
            return self._failed(error)
        except Exception as error:  # an answer in no form the library knows, as a proxy may give
            log.error("telegram.not_understood", extra={"error": type(error).__name__})
            return self._next_pause()
        if raw:
            try:
                await self._accept(self._parse(raw))
            except Exception as error:
                # the words of the error may be a person's: its kind is enough here
                log.error("telegram.updates_not_kept", extra={"error": type(error).__name__})
                return self._next_pause()
            self._offset = raw[-1]["update_id"] + 1
        self._failures = 0
        return None

    async def _fetch(self) -> list[dict[str, Any]]:
        # By `_post`, not `get_updates`: that reads a batch whole or not at all, so one update it cannot read would
        # hold up every person's words for ever, and it writes them to the log.
        seconds = int(self._timeout.total_seconds())
        fields = {"offset": self._offset, "timeout": seconds, "allowed_updates": self._allowed}
        found: list[dict[str, Any]] = await self._bot._post(
            "getUpdates", fields, read_timeout=seconds + (self._bot.request.read_timeout or 10.0)
        )
        if not isinstance(found, list) or not all(_is_update(data) for data in found):
            raise NetworkError("what came are not updates")
        return found

    def _parse(self, raw: list[dict[str, Any]]) -> list[telegram.Update]:
        updates = []
        for data in raw:
            try:
                updates.append(parse_update(data, self._bot))
            except BadUpdate:
                log.error("telegram.update_not_read", extra={"update_id": data["update_id"]})
        return updates

    async def _interruptibly(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Await `work`; return None where `stop` ended it."""
        task = asyncio.ensure_future(work)
        self._waiting = task
        try:
            return await task
        except asyncio.CancelledError:
            if not self._is_stopping:
                raise
            return None
        finally:
            self._waiting = None

    def _slow_down(self, error: RetryAfter) -> timedelta:
        wait = retry_after(error)
        log.warning("telegram.poll_slowed", extra={"seconds": wait.total_seconds()})
        return wait

    def _failed(self, error: TelegramError) -> timedelta:
        if isinstance(error, Conflict):
            why = "another process is polling with the same token, or a webhook is set"
            log.error("telegram.poll_conflict", extra={"why": why})
        elif isinstance(error, InvalidToken):
            log.error("telegram.token_refused")
        else:
            log.warning("telegram.poll_failed", extra={"error": type(error).__name__})
        return self._next_pause()

    def _next_pause(self) -> timedelta:
        pause = min(FIRST_PAUSE * 2.0 ** min(self._failures, 16), LONGEST_PAUSE)
        self._failures += 1
        return pause


def _is_update(data: object) -> bool:
    return isinstance(data, dict) and type(data.get("update_id")) is int


FAR_BEHIND = 10_000
"""An id so much lower than the last is not late: Telegram begins anew at random after a week without updates."""


class ArrivalOrder(Generic[T]):
    """Puts items that arrive nearly in order into order. Pure: it is told the time, in seconds.

    An item is given out once its forerunner has been, or once it has waited `patience`. What comes after its
    successors have gone, and what comes again, is given out at once: what is a repeat is for the store to say.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._next: int | None = None
        self._arrivals = 0
        self._held: list[tuple[int, int, float, T]] = []  # a heap of id, arrival, deadline, item

    def arrive(self, update_id: int, item: T, now: float) -> list[T]:
        """Take `item` in; return what may go now, in order."""
        if self._next is not None and update_id < self._next:
            if update_id > self._next - FAR_BEHIND:
                return [*self.due(now), item]
            self._next = None
        self._arrivals += 1
        heapq.heappush(self._held, (update_id, self._arrivals, now + self._patience, item))
        return self.due(now)

    def due(self, now: float) -> list[T]:
        """Return what may go now, in order."""
        patience_ended_at = max((held[0] for held in self._held if held[2] <= now), default=None)
        free: list[T] = []
        while self._held and self._may_go(self._held[0][0], patience_ended_at):
            update_id, _, _, item = heapq.heappop(self._held)
            free.append(item)
            self._next = update_id + 1
        return free

    def next_due_at(self) -> float | None:
        """Return when `due` will give something that no arrival has freed before."""
        return min((held[2] for held in self._held), default=None)

    def _may_go(self, update_id: int, patience_ended_at: int | None) -> bool:
        if patience_ended_at is not None and update_id <= patience_ended_at:
            return True
        return self._next is not None and update_id <= self._next


class UpdateSequencer:
    """Makes concurrent webhook requests go on in the order of their updates.

    For one process that hears every update: where several share the webhook each sees only some ids, and every gap
    would cost the full patience. There, order is the store's to restore, by `InboundMessage.order`.
    """

    def __init__(self, patience: timedelta = timedelta(seconds=0.25)) -> None:
        self._order: ArrivalOrder[asyncio.Future[None]] = ArrivalOrder(patience.total_seconds())
        self._timer: asyncio.TimerHandle | None = None

    async def wait_for_turn(self, update_id: int) -> None:
        """Return when this update may be handled. Callers go on in order, each up to its next `await`."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._let_go(loop, self._order.arrive(update_id, turn, loop.time()))
        await turn

    def _let_go(self, loop: asyncio.AbstractEventLoop, turns: list[asyncio.Future[None]]) -> None:
        for turn in turns:
            # Not at once: who finds their turn come already would overtake those told, who have not yet woken.
            loop.call_soon(_give, turn)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due_at = self._order.next_due_at()
        if due_at is not None:
            self._timer = loop.call_at(due_at, self._patience_ended, loop)

    def _patience_ended(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        self._let_go(loop, self._order.due(loop.time()))


def _give(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)

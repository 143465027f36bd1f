"""The straight line a message travels: keep and screen, understand, decide and record, send. Read this first."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.channels.base import Channel, InboundMessage, MessageKind, SendError
from bot.clock import Clock
from bot.conversation.base import Exchange, Expects, NoSuchConversation
from bot.conversation.decided import Decided
from bot.conversation.deciding import Decider
from bot.conversation.house import House
from bot.conversation.keeping import Kept, conversation_at, keep, open_conversation, words_to_screen
from bot.conversation.memory import Memory
from bot.conversation.one_at_a_time import OneAtATime
from bot.conversation.promises import NoPromises, Promises
from bot.conversation.read_back import both_sides, replies
from bot.outbox.dispatcher import Dispatcher
from bot.safeguarding.hearing import COULD_NOT_LOOK_UP, Hearing, Known, Said
from bot.safeguarding.screening import Screener
from nlu.base import NluUnavailable, Screening, Understander, Understanding
from storage.conversations import ConversationChanged, ConversationRecord, ConversationStatus
from storage.database import Database
from storage.identifiers import ConversationId, new_id
from storage.recordings import RECORDED
from storage.repository import NotFound
from storage.turns import TurnRecord
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

TRIES_BEFORE_A_PERSON = 3
"""A turn that cannot be decided so often is brought to a person, and the conversation goes on."""

AT_ONCE = 64
"""Conversations taken up at the same time in one process."""

LOOKED_UP_WITHIN = timedelta(seconds=3)
"""So long screening waits to know what was asked and who writes; then every view hears the message in full."""

SLOW_AFTER = timedelta(seconds=0.7)
"""After so long without an answer the person is shown that one is coming."""

TRY_AGAIN_AFTER = timedelta(seconds=2)

UNDERSTOOD_WITHIN = timedelta(seconds=5)
"""An understander that takes longer is not waited for: the words stand as the reply."""


class Line:
    """Hears messages and answers them, one turn at a time for each conversation."""

    def __init__(
        self,
        *,
        database: Database,
        house: House,
        screener: Screener,
        understander: Understander,
        dispatcher: Dispatcher,
        clock: Clock,
        channels: Mapping[str, Channel],
        promises: Promises | None = None,
        patience: timedelta = UNDERSTOOD_WITHIN,
        looked_up_within: timedelta = LOOKED_UP_WITHIN,
    ) -> None:
        self._database = database
        self._house = house
        self._house_at_desk = replace(house, at_desk=True)
        self._hearing = Hearing(screener)
        self._understander = understander
        self._dispatcher = dispatcher
        self._clock = clock
        self._channels = channels
        self._promises = promises or NoPromises()
        self._patience = patience
        self._looked_up_within = looked_up_within
        self._one_at_a_time = OneAtATime()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    # -- hearing -------------------------------------------------------------------------------------------

    async def hear(self, message: InboundMessage) -> Exchange:
        """Keep, screen, decide, record; return what was said to it. See `bot.conversation.base.FrontDoor`."""
        kept = (await self._keep([message]))[0]
        if isinstance(kept, BaseException):
            raise kept
        decided = await self.take_up(kept.turn.conversation_id, kept.turn)
        if decided is not None and decided.expects is not None:
            said = replies(decided.to_send)
            return Exchange(decided.conversation_id, said, decided.expects, decided.closed)
        return await self._exchange_of(kept.turn)

    async def accept(self, messages: Sequence[InboundMessage]) -> None:
        """Keep messages, all in one commit, and take them up. Returns once they are safe, not once answered.

        A message that cannot be kept raises only after the others are safe: the channel sends it again.
        """
        failed: BaseException | None = None
        for kept in await self._keep(messages):
            if isinstance(kept, BaseException):
                failed = kept
            else:
                self._take_up_soon(kept.turn.conversation_id, kept.turn if kept.is_new else None)
        if failed is not None:
            raise failed

    async def take_up_unhandled(self, older_than: timedelta = timedelta(), limit: int = 500) -> int:
        """Take up turns that were kept and never answered, as after a crash; return how many conversations."""
        before = self._clock.now() - older_than
        waiting = await self._database.run(lambda uow: uow.turns.conversations_with_unhandled(before, limit))
        for conversation_id in waiting:
            self._take_up_soon(conversation_id, None)
        return len(waiting)

    async def settle(self) -> None:
        """Wait until everything taken up has been answered."""
        while self._tasks:
            await asyncio.gather(*list(self._tasks), return_exceptions=True)

    # -- 1 keep and screen ---------------------------------------------------------------------------------

    async def _keep(self, messages: Sequence[InboundMessage]) -> list[Kept | BaseException]:
        now = self._clock.now()
        works = [self._keep_one(message, now) for message in messages]
        # Each message is a unit of its own, so that one that fails takes none with it; on SQLite units that
        # wait together share one commit.
        kept = await asyncio.gather(*works, return_exceptions=True)
        for one in kept:
            if not isinstance(one, BaseException):
                self._dispatcher.offer(one.to_send)
        return kept

    async def _hear(self, message: InboundMessage, now: datetime) -> Screening:
        """Screen a message, in the light of the question just asked and of who says it."""
        known = partial(self._known_of, message, now)
        return await self._hearing.hear((message.channel, message.address), words_to_screen(message), now, known)

    async def _known_of(self, message: InboundMessage, now: datetime) -> Known:
        """Look up what was asked and who writes.

        Without it 91 of the 500 answers that we offer ourselves would be heard as a worry when typed (ADR 12), and
        no speaker would be weighed (ADR 19). An alert waits for it for `looked_up_within` at the most, and
        only where the database is slow that has to keep it in any case.
        """

        def work(uow: UnitOfWork) -> Known:
            conversation = conversation_at(uow, message)
            if conversation is None:
                return Known()
            known = self._decider(uow, conversation, now).known_of(conversation, message.text)
            # an edit or a caption answers nothing, whoever sent it
            return known if message.kind is MessageKind.TEXT else replace(known, said=Said.ANYTHING)

        try:
            async with asyncio.timeout(self._looked_up_within.total_seconds()):
                return await self._database.run(work)
        except NoSuchConversation:
            return Known()
        except TimeoutError:
            log.warning("screening.question_too_slow")
        except Exception:
            log.exception("screening.question_unknown")
        return COULD_NOT_LOOK_UP

    async def _keep_one(self, message: InboundMessage, now: datetime) -> Kept:
        # One after the other for each person: side by side, a later message could be heard and answered first.
        async with self._one_at_a_time.hold(f"keep {message.channel} {message.address}"):
            heard = await self._hear(message, now)
            return await self._database.run(
                partial(keep, message=message, heard=heard, house=self._house, now=now)
            )

    # -- 2 understand, 3 decide and record, 4 send ---------------------------------------------------------

    async def take_up(self, conversation_id: ConversationId, wanted: TurnRecord | None = None) -> Decided | None:
        """Answer the turns of a conversation that wait, in order, up to `wanted`; without one, all of them.

        Returns what `wanted` led to, where it was decided here and now.
        """
        async with self._one_at_a_time.hold(conversation_id), self._typing_if_slow(wanted):
            upcoming = wanted
            while upcoming := upcoming or await self._next_turn(conversation_id):
                result = await self._decide(upcoming, await self._understand(upcoming))
                if isinstance(result, TurnRecord):
                    upcoming = result
                elif result is None or (wanted is not None and result.turn_id == wanted.id):
                    return result
                else:
                    upcoming = None
        return None

    async def _understand(self, turn: TurnRecord) -> Understanding:
        if turn.choice is not None or not turn.words.strip():
            return Understanding()
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                audience = await self._database.run(partial(_audience_of, turn))
                return await self._understander.understand(turn.words, audience=audience)
        except NluUnavailable:
            log.warning("understanding.unavailable", extra={"turn_id": turn.id})
        except TimeoutError:
            log.warning("understanding.too_slow", extra={"turn_id": turn.id})
        except Exception:
            log.exception("understanding.failed", extra={"turn_id": turn.id})
        # Not understood is not lost: the words stand as the reply to the question, and a person reads them.
        return Understanding()

    async def _decide(self, turn: TurnRecord, understanding: Understanding) -> Decided | TurnRecord | None:
        """Decide a turn, or give back the one that has to come before it; None when there is nothing to do now."""
        now = self._clock.now()

        def work(uow: UnitOfWork) -> Decided | TurnRecord | None:
            conversation = uow.conversations.get_for_update(turn.conversation_id)
            first = uow.turns.next_unhandled(conversation.id)
            if first is None or first.id != turn.id:
                return first
            return self._decider(uow, conversation, now).decide(first, conversation, understanding)

        try:
            decided = await self._database.run(work)
        except ConversationChanged:
            return turn
        except Exception:
            log.exception("turn.not_decided", extra={"turn_id": turn.id})
            return await self._could_not_decide(turn)
        if isinstance(decided, Decided):
            await self._send(decided)
        return decided

    async def _could_not_decide(self, turn: TurnRecord) -> Decided | None:
        """Leave it to the bell for a little; after a few tries bring a person, and let the conversation go on."""
        now = self._clock.now()
        # Counted by itself: if telling a person fails as well, the try still counts.
        tries = await self._database.run(lambda uow: uow.turns.note_failure(turn.id, now, now + TRY_AGAIN_AFTER))
        if tries < TRIES_BEFORE_A_PERSON:
            return None

        def work(uow: UnitOfWork) -> Decided:
            conversation = uow.conversations.get_for_update(turn.conversation_id)
            return self._decider(uow, conversation, now).give_to_person(turn, conversation)

        decided = await self._database.run(work)
        await self._send(decided)
        return decided

    async def _send(self, decided: Decided) -> None:
        self._dispatcher.offer(decided.to_send)
        if decided.clears is not None:
            channel = self._channels.get(decided.clears.channel)
            if channel is not None:
                await self._dispatcher.settle_address(decided.clears.channel, decided.clears.address)
                try:
                    await channel.clear(decided.clears.address, decided.clears.refs)
                except SendError as error:
                    log.warning("screen.not_cleared", extra={"error": type(error).__name__})

    # -- the web chat and the console ----------------------------------------------------------------------

    async def begin(
        self, *, channel: str, audience: str | None = None, language: str | None = None
    ) -> tuple[Exchange, str]:
        token = secrets.token_urlsafe(32)
        return await self._begin(channel, audience, language=language, token=token), token

    async def begin_recording(
        self, *, channel: str, audience: str | None, note: Callable[[UnitOfWork, ConversationRecord], None]
    ) -> Exchange:
        """Begin to write down a call or a visit. `note` keeps who does, in the same unit; no token opens it."""
        return await self._begin(channel, audience, note=note)

    async def send_as_it_is(self, conversation: str) -> None:
        """Send what was written down of a call or a visit, unfinished, once all of it is decided."""
        conversation_id, now = ConversationId(conversation), self._clock.now()
        await self.take_up(conversation_id)

        def work(uow: UnitOfWork) -> Decided:
            record = uow.conversations.get_for_update(conversation_id)
            return self._decider(uow, record, now).send_as_it_is(record)

        async with self._one_at_a_time.hold(conversation_id):
            await self._send(await self._database.run(work))

    async def _begin(
        self,
        channel: str,
        audience: str | None,
        *,
        language: str | None = None,
        token: str | None = None,
        note: Callable[[UnitOfWork, ConversationRecord], None] | None = None,
    ) -> Exchange:
        now = self._clock.now()
        conversation_id = ConversationId(new_id())

        def work(uow: UnitOfWork) -> Decided:
            conversation = open_conversation(
                uow,
                self._house,
                now,
                channel=channel,
                address=conversation_id,
                language=language,
                conversation_id=conversation_id,
                token=token,
            )
            if note is not None:
                note(uow, conversation)
            return self._decider(uow, conversation, now).begin(conversation, audience)

        decided = await self._database.run(work)
        self._dispatcher.offer(decided.to_send)
        return Exchange(conversation_id, replies(decided.to_send), decided.expects or Expects())

    async def read_back(self, conversation: str, *, after: int = 0) -> Exchange:
        def work(uow: UnitOfWork) -> Exchange:
            record = self._readable(uow, conversation)
            rows = uow.outbox.of_conversation(record.id, after_sequence=after, limit=1000)
            messages = both_sides(uow.turns.of(record.id), rows) if after == 0 else replies(rows)
            return Exchange(conversation, messages, self._expects(uow, record.id), _is_closed(record))

        return await self._database.run(work)

    async def expected(self, conversation: str) -> Expects:
        """Return what is expected now, without reading what was said."""

        def work(uow: UnitOfWork) -> Expects:
            return self._expects(uow, self._readable(uow, conversation).id)

        return await self._database.run(work)

    async def find(self, token: str) -> str | None:
        def work(uow: UnitOfWork) -> str | None:
            found = uow.conversations.find_by_token(token)
            return None if found is None or _is_closed(found) else found.id

        return await self._database.run(work)

    async def forget(self, conversation: str) -> None:
        await self._database.run(lambda uow: uow.conversations.set_token(ConversationId(conversation), None))

    async def _exchange_of(self, turn: TurnRecord) -> Exchange:
        def work(uow: UnitOfWork) -> Exchange:
            rows = uow.outbox.of_turn(turn.id)
            record = uow.conversations.get(turn.conversation_id)
            return Exchange(record.id, replies(rows), self._expects(uow, record.id), _is_closed(record))

        return await self._database.run(work)

    def _expects(self, uow: UnitOfWork, conversation_id: ConversationId) -> Expects:
        conversation = uow.conversations.get(conversation_id)
        return self._decider(uow, conversation, self._clock.now()).expects(conversation)

    def _decider(self, uow: UnitOfWork, conversation: ConversationRecord, now: datetime) -> Decider:
        house = self._house_at_desk if conversation.channel in RECORDED else self._house
        return Decider(uow, house, now, self._promises)

    def _readable(self, uow: UnitOfWork, conversation: str) -> ConversationRecord:
        try:
            return uow.conversations.get(ConversationId(conversation))
        except NotFound:
            raise NoSuchConversation from None

    @asynccontextmanager
    async def _typing_if_slow(self, turn: TurnRecord | None) -> AsyncIterator[None]:
        """Show that an answer is coming, where it does not come at once."""
        channel = self._channels.get(turn.channel) if turn is not None else None
        if turn is None or channel is None:
            yield
            return
        address = str(turn.message.get("address", ""))
        timer = asyncio.get_running_loop().call_later(
            SLOW_AFTER.total_seconds(), lambda: self._soon(channel.show_typing(address))
        )
        try:
            yield
        finally:
            timer.cancel()

    # -- taking up -----------------------------------------------------------------------------------------

    async def _next_turn(self, conversation_id: ConversationId) -> TurnRecord | None:
        return await self._database.run(lambda uow: uow.turns.next_unhandled(conversation_id))

    def _take_up_soon(self, conversation_id: ConversationId, turn: TurnRecord | None) -> None:
        self._soon(self._take_up_quietly(conversation_id, turn))

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take_up_quietly(self, conversation_id: ConversationId, turn: TurnRecord | None) -> None:
        async with self._room:
            try:
                await self.take_up(conversation_id, turn)
            except Exception:
                # The turn is kept; the bell takes it up again.
                log.exception("turn.not_taken_up", extra={"conversation_id": conversation_id})


def _audience_of(turn: TurnRecord, uow: UnitOfWork) -> str | None:
    """Return who writes, as far as they told us before this turn."""
    state = Memory.from_json(uow.conversations.get(turn.conversation_id).state).state
    return None if state is None or state.audience == "unknown" else state.audience


def _is_closed(conversation: ConversationRecord) -> bool:
    return conversation.status is ConversationStatus.CLOSED

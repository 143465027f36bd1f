"""What the tests of promises do again and again: promise something, let time pass, look at what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.clock import SteppedClock
from bot.conversation.speaking import row_in
from bot.followups.due import Done, FollowUps, Handler, Handling, Moment
from bot.followups.kinds import FollowUpKind, promise
from storage.follow_ups import FollowUpRecord
from storage.identifiers import ConversationId, EnquiryId
from storage.incidents import IncidentRecord
from storage.outbox import NewOutbox, OutboxKind
from storage.unit_of_work import UnitOfWork
from tests.conversation.front import Front
from tests.storage.builders import begin

NUDGE = FollowUpKind.DRAFT_NUDGE


def message(moment: Moment, text: str) -> NewOutbox:
    """Return a message to the person whom a follow-up is about, held by this process."""
    conversation = moment.conversation
    assert conversation is not None
    return row_in(conversation, OutboxKind.NOTICE, {"text": text}, moment.house, moment.now)


def says(moment: Moment) -> Done:
    """Keep a promise by saying which one it is."""
    return Done("said", (message(moment, f"about {moment.follow_up.details.get('n', 0)}"),))


def keeping(front: Front, clock: SteppedClock, act: Handler | Handling = says, **kinds: Handling) -> FollowUps:
    """Return one process's part in what was promised, with `act` for every kind that has none of its own."""
    usual = act if isinstance(act, Handling) else Handling(act)
    handlings = {kind: kinds.get(kind.value, usual) for kind in FollowUpKind}
    return FollowUps(
        database=front.database,
        house=front.house,
        handlings=handlings,
        dispatcher=front.dispatcher,
        clock=clock,
    )


def promised(front: Front, clock: SteppedClock, **given: Any) -> FollowUpRecord:
    """Promise something to somebody new, due now unless told."""

    def work(uow: UnitOfWork) -> FollowUpRecord:
        values: dict[str, Any] = {"kind": NUDGE, "due_at": clock.now(), "now": clock.now(), **given}
        address = values.pop("address", "960001")
        if "enquiry_id" not in values:
            conversation = begin(uow, address)
            values |= {"enquiry_id": conversation.enquiry_id, "conversation_id": conversation.id}
        return promise(uow, values.pop("kind"), **values)

    return front.database.run_now(work)


async def ring(front: Front, follow_ups: FollowUps) -> int:
    """Ring the bell once, and let what it sent go."""
    count = await follow_ups.tick()
    await front.settle()
    return count


async def pass_time(
    front: Front, follow_ups: FollowUps, clock: SteppedClock, much: timedelta, every: timedelta
) -> None:
    """Let time pass with the bell ringing."""
    end = clock.now() + much
    while clock.now() < end:
        clock.tick(min(every, end - clock.now()))
        await ring(front, follow_ups)


def kept(front: Front, follow_up: FollowUpRecord) -> FollowUpRecord:
    return front.database.run_now(lambda uow: uow.follow_ups.get(follow_up.id))


def standing_incidents(front: Front) -> list[IncidentRecord]:
    return front.database.run_now(lambda uow: uow.incidents.standing())


def acts(front: Front, enquiry_id: EnquiryId | str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return what is on an enquiry's record of follow-ups: each act with its details."""
    entries = front.database.run_now(lambda uow: uow.audit.of(enquiry_id))
    return [(e.act, e.details) for e in entries if e.act.startswith("follow_up.")]


def stop(front: Front, conversation_id: ConversationId | None, clock: SteppedClock) -> int:
    assert conversation_id is not None
    return front.database.run_now(lambda uow: uow.follow_ups.cancel(conversation_id, "stopped", clock.now()))

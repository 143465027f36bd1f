"""Hears of a message we began that will never go: nothing was asked, and a worker has what was promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.channels.base import RecipientUnreachable, SendError
from bot.conversation.house import House
from bot.conversation.memory import Memory
from bot.conversation.promises import Place
from bot.followups.asking import NOT_SENT, TOO_LATE, awaited_key
from bot.followups.call_back_due import TOLD
from bot.followups.climbing import give, give_task
from bot.followups.kinds import FollowUpKind
from bot.outbox.dispatcher import TooLate
from storage.conversations import ConversationStatus
from storage.follow_ups import Actor, FollowUpRecord
from storage.identifiers import CampaignId, ConversationId
from storage.outbox import OutboxRecord, OutboxStatus
from storage.repository import NotFound
from storage.unit_of_work import UnitOfWork

_K = FollowUpKind
ENDS_QUIETLY = frozenset(
    {_K.DRAFT_NUDGE, _K.DRAFT_ENDING, _K.CALL_BACK_REMINDER, _K.CALL_BACK_CHECK, _K.FEEDBACK, _K.CAMPAIGN}
)
"""Nobody is tasked with these where they are not safe either: see each kind's own file."""


def on_given_up(house: House, uow: UnitOfWork, row: OutboxRecord, error: SendError, now: datetime) -> None:
    """Write down what becomes of it, in the unit that notes that the message will not go."""
    if row.follow_up_id is None or uow.outbox.get(row.id).status is not OutboxStatus.PENDING:
        return
    if row.conversation_id is not None:
        _unask(uow, row.conversation_id, row.follow_up_id, now)
    try:
        follow_up = uow.follow_ups.get(row.follow_up_id)
    except NotFound:
        return
    if follow_up.kind == FollowUpKind.CAMPAIGN:
        uow.campaigns.take_back(CampaignId(str(follow_up.details["campaign"])), 1, skipped=True)
    if follow_up.details.get("kind", follow_up.kind) in ENDS_QUIETLY:
        return
    why = TOO_LATE if isinstance(error, TooLate) else NOT_SENT
    if follow_up.kind == FollowUpKind.CALL_BACK_SLOTS and follow_up.outcome == TOLD:
        _ring_instead(uow, house, follow_up, why, now)
        return
    if isinstance(error, RecipientUnreachable):
        return  # whoever cannot be reached at all is dealt with when the answer is looked for
    standing = _standing(uow, follow_up)
    if standing is not None and standing.actor is Actor.FRONT_DOOR:
        give(uow, house, standing, None, why=why, now=now)


def _ring_instead(uow: UnitOfWork, house: House, told: FollowUpRecord, why: str, now: datetime) -> None:
    """They were to be told and asked nothing, so that nothing stands any more: a worker tells them."""
    give_task(
        uow,
        house,
        FollowUpKind(told.kind),
        enquiry_id=told.enquiry_id,
        conversation_id=told.conversation_id,
        now=now,
        why=why,
        key=f"not_sent:{told.id}",
        details=told.details,
    )


def _standing(uow: UnitOfWork, follow_up: FollowUpRecord) -> FollowUpRecord | None:
    """Return the promise that stands: itself, or the one to look for the answer."""
    return follow_up if follow_up.done_at is None else uow.follow_ups.by_key(awaited_key(follow_up.id))


def _unask(uow: UnitOfWork, conversation_id: ConversationId, follow_up_id: str, now: datetime) -> None:
    """What they write next answers no question that they never saw."""
    conversation = uow.conversations.get_for_update(conversation_id)
    if conversation.status is ConversationStatus.CLOSED or not conversation.state.get("outside"):
        return
    memory = Memory.from_json(conversation.state)
    asked = Place.from_text(memory.outside).follow_up_id
    awaited = uow.follow_ups.by_key(awaited_key(asked))
    if follow_up_id not in (asked, None if awaited is None else awaited.id):
        return
    uow.conversations.save(
        conversation.id,
        expected_version=conversation.version,
        state=replace(memory, outside="", begun=False).to_json(),
        status=conversation.status,
        finished=conversation.finished,
        flow=conversation.flow,
        flow_version=conversation.flow_version,
        language=conversation.language,
        turns_handled=conversation.turns_handled,
        now=now,
        spoke=False,
    )

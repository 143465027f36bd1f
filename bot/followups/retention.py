"""Deletes by rule what was kept long enough: the clocks of drafts that are due, and the net under them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.followups.kinds import FollowUpKind
from flows.retention import Retention
from storage.erasure import erase_old_draft, is_old_draft, old_drafts
from storage.follow_ups import FollowUpRecord
from storage.identifiers import ConversationId
from storage.unit_of_work import UnitOfWork

AT_ONCE = 200
"""In one unit of work."""


@dataclass(frozen=True, slots=True)
class Old:
    """A draft the rule deletes: its reference, and when it was written in last."""

    conversation_id: ConversationId
    reference: str
    last_heard_at: datetime
    clock: FollowUpRecord | None = None


def find_old(uow: UnitOfWork, retention: Retention, now: datetime, limit: int = AT_ONCE) -> list[Old]:
    """Return what the rule deletes now, as `delete_old` would find it. Changes nothing."""
    before = now - timedelta(days=retention.draft_days)
    just_after = now + timedelta(microseconds=1)
    due = uow.follow_ups.standing(kinds=[FollowUpKind.DRAFT_DELETION], until=just_after, limit=limit)
    with_clocks = {f.conversation_id: f for f in due if f.conversation_id is not None}
    found: list[Old] = []
    for conversation_id in [*with_clocks, *old_drafts(uow, before, limit)][:limit]:
        if not is_old_draft(uow, conversation_id, before):
            continue
        conversation = uow.conversations.get(conversation_id)
        reference = uow.enquiries.get(conversation.enquiry_id).reference
        last = conversation.last_heard_at or conversation.updated_at
        found.append(Old(conversation_id, reference, last, with_clocks.get(conversation_id)))
    return found


def delete_old(uow: UnitOfWork, retention: Retention, now: datetime, limit: int = AT_ONCE) -> list[Old]:
    """Delete it, and end the clocks of what is gone; return what went."""
    before = now - timedelta(days=retention.draft_days)
    gone: list[Old] = []
    for old in find_old(uow, retention, now, limit):
        if not erase_old_draft(uow, old.conversation_id, before, now):
            continue
        if old.clock is not None:
            uow.follow_ups.cancel_one(old.clock.id, "deleted", now)
        uow.follow_ups.cancel_of(uow.conversations.get(old.conversation_id).enquiry_id, "erased", now)
        gone.append(old)
    return gone

"""Erasing: what a person takes back before it was sent. What is left says only that something was erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, exists, func, select, update

from storage.answers import Answer
from storage.audit import PERSON_WANTED, AuditEntry
from storage.columns import table_of
from storage.concerns import Concern
from storage.consents import Consent
from storage.conversations import Conversation, ConversationRecord, ConversationStatus
from storage.enquiries import Enquiry, EnquiryStatus, StoredUrgency
from storage.follow_ups import FollowUp
from storage.identifiers import ConversationId
from storage.outbox import OutboxMessage, OutboxStatus
from storage.people import Person
from storage.recordings import RECORDED
from storage.turns import Turn
from storage.unit_of_work import UnitOfWork

_turn, _answer, _outbox = table_of(Turn), table_of(Answer), table_of(OutboxMessage)
_person, _enquiry, _consent = table_of(Person), table_of(Enquiry), table_of(Consent)
_conversation, _concern = table_of(Conversation), table_of(Concern)
_audit, _follow_up = table_of(AuditEntry), table_of(FollowUp)
MOST_AT_ONCE = 200
_of: BindParameter[str] = bindparam("of_conversation")


def erase_draft(
    uow: UnitOfWork, conversation: ConversationRecord, now: datetime, *, actor: str = "person"
) -> None:
    """Erase a draft's words and answers, and close its enquiry.

    The ids of its messages stay, without words, so that a message the channel repeats is known and not taken
    for a new one. Their reporter is blanked unless another conversation is theirs too.
    """
    connection = uow.connection
    of = {"of_conversation": conversation.id}
    connection.execute(delete(_answer).where(_answer.c.conversation_id == _of), of)
    connection.execute(delete(_consent).where(_consent.c.enquiry_id == conversation.enquiry_id))
    uow.enquiry_keys.forget_all(conversation.enquiry_id)
    blank_turn: dict[str, Any] = {"words": "", "choice": None, "message": {}, "screening": {}}
    connection.execute(update(_turn).where(_turn.c.conversation_id == _of).values(**blank_turn), of)
    connection.execute(
        update(_outbox).where(_outbox.c.conversation_id == _of).values(payload={}, address="", receipt=None),
        of,
    )
    connection.execute(
        update(_outbox)
        .where(_outbox.c.conversation_id == _of, _outbox.c.status == OutboxStatus.PENDING)
        .values(status=OutboxStatus.CANCELLED, claimed_by=None, claimed_until=None),
        of,
    )
    connection.execute(
        update(_enquiry)
        .where(_enquiry.c.id == conversation.enquiry_id)
        .values(status=EnquiryStatus.CLOSED, closed_at=now, summary=None)
    )
    others = connection.execute(
        select(_conversation.c.id).where(
            _conversation.c.person_id == conversation.person_id, _conversation.c.id != conversation.id
        )
    ).first()
    if others is None:
        blank_person = dict.fromkeys(
            ("name", "phone", "phone_index", "email", "email_index", "date_of_birth", "surname_dob_index")
        )
        connection.execute(
            update(_person).where(_person.c.id == conversation.person_id).values(details={}, **blank_person)
        )
    uow.audit.write(
        chain=conversation.enquiry_id,
        at=now,
        actor=actor,
        act="draft.erased",
        record_type="conversation",
        record_id=conversation.id,
    )


_old_drafts = (
    select(_conversation.c.id)
    .join(_enquiry, _enquiry.c.id == _conversation.c.enquiry_id)
    .where(
        _conversation.c.status.in_([ConversationStatus.ACTIVE, ConversationStatus.DORMANT]),
        _conversation.c.finished.is_(False),
        _conversation.c.channel.not_in(RECORDED),  # somebody rang or came: that is no draft
        func.coalesce(_conversation.c.last_heard_at, _conversation.c.updated_at) <= bindparam("before"),
        ~exists().where(_turn.c.conversation_id == _conversation.c.id, _turn.c.handled_at.is_(None)),
        _enquiry.c.submitted_at.is_(None),
        _enquiry.c.urgency.in_([StoredUrgency.NONE, StoredUrgency.ADVICE]),
        ~exists().where(_concern.c.enquiry_id == _enquiry.c.id),
        ~exists().where(_audit.c.chain == _enquiry.c.id, _audit.c.act == PERSON_WANTED),
    )
    .order_by(_conversation.c.updated_at)
)
_still_old = _old_drafts.where(_conversation.c.id == bindparam("conversation"))
_of_no_clock = _old_drafts.where(
    ~exists().where(
        _follow_up.c.conversation_id == _conversation.c.id,
        _follow_up.c.done_at.is_(None),
        _follow_up.c.kind.startswith("draft_"),
    )
)
"""A draft with a promise of its own goes by that: they were told when."""


def old_drafts(uow: UnitOfWork, before: datetime, limit: int = MOST_AT_ONCE) -> list[ConversationId]:
    """Return drafts nobody has touched since `before`, with no worry in them, nobody asked for and no clock."""
    found = uow.connection.execute(_of_no_clock.limit(limit), {"before": before})
    return [ConversationId(row[0]) for row in found]


def erase_old_drafts(uow: UnitOfWork, before: datetime, now: datetime) -> int:
    """Erase and close such drafts; return how many. The net under the clocks that each draft has."""
    return sum(erase_old_draft(uow, conversation_id, before, now) for conversation_id in old_drafts(uow, before))


def is_old_draft(uow: UnitOfWork, conversation_id: ConversationId, before: datetime) -> bool:
    """Say whether the rule deletes it, whatever clock it has."""
    still = {"before": before, "conversation": conversation_id}
    return uow.connection.execute(_still_old, still).first() is not None


def erase_old_draft(uow: UnitOfWork, conversation_id: ConversationId, before: datetime, now: datetime) -> bool:
    """Erase and close one draft, where the rule still says so once it is held: they may have just come back."""
    conversation = uow.conversations.get_for_update(conversation_id)
    if not is_old_draft(uow, conversation_id, before):
        return False
    erase_draft(uow, conversation, now, actor="front_door")
    uow.conversations.forget(conversation_id, now)
    return True

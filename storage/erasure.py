"""Erasing: what a person takes back before it was sent. What is left says only that something was erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, select, update

from storage.answers import Answer
from storage.columns import table_of
from storage.consents import Consent
from storage.conversations import Conversation, ConversationRecord
from storage.enquiries import Enquiry, EnquiryStatus
from storage.outbox import OutboxMessage, OutboxStatus
from storage.people import Person
from storage.turns import Turn
from storage.unit_of_work import UnitOfWork

_turn, _answer, _outbox = table_of(Turn), table_of(Answer), table_of(OutboxMessage)
_person, _enquiry, _consent = table_of(Person), table_of(Enquiry), table_of(Consent)
_conversation = table_of(Conversation)
_of: BindParameter[str] = bindparam("of_conversation")


def erase_draft(uow: UnitOfWork, conversation: ConversationRecord, now: datetime) -> None:
    """Erase a draft's words and answers, and close its enquiry.

    The ids of its messages stay, without words, so that a message the channel repeats is known and not taken
    for a new one. Their reporter is blanked unless another conversation is theirs too.
    """
    connection = uow.connection
    of = {"of_conversation": conversation.id}
    connection.execute(delete(_answer).where(_answer.c.conversation_id == _of), of)
    connection.execute(delete(_consent).where(_consent.c.enquiry_id == conversation.enquiry_id))
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
        actor="person",
        act="draft.erased",
        record_type="conversation",
        record_id=conversation.id,
    )

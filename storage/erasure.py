"""Erasing: what a person takes back before it was sent, drafts left half way, and records kept long enough.

What is left says that something was erased, by which rule, and counts: times, codes, and who of us did what.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Table, bindparam, delete, exists, func, or_, select, update

from storage.answers import Answer
from storage.audit import DRAFT_ERASED, PERSON_WANTED, RECORD_ERASED, AuditEntry
from storage.blind_index import Purpose
from storage.columns import metadata, table_of
from storage.concerns import Concern
from storage.consents import Consent
from storage.conversations import Conversation, ConversationRecord, ConversationStatus
from storage.decisions import Decision
from storage.enquiries import Enquiry, EnquiryRecord, EnquiryStatus, StoredUrgency
from storage.enquiry_keys import ONLY_COUNTED, EnquiryKey
from storage.follow_ups import FollowUp
from storage.holds import Hold
from storage.households import Household, HouseholdMember
from storage.identifiers import ConversationId, EnquiryId
from storage.legal_holds import LegalHold
from storage.outbox import OutboxMessage, OutboxStatus
from storage.people import Person
from storage.recordings import RECORDED
from storage.sealed import SealedJson, SealedText
from storage.turns import Turn
from storage.unit_of_work import UnitOfWork

_turn, _answer, _outbox = table_of(Turn), table_of(Answer), table_of(OutboxMessage)
_person, _enquiry, _consent = table_of(Person), table_of(Enquiry), table_of(Consent)
_conversation, _concern, _decision = table_of(Conversation), table_of(Concern), table_of(Decision)
_audit, _follow_up, _legal_hold = table_of(AuditEntry), table_of(FollowUp), table_of(LegalHold)
_hold = table_of(Hold)
_key, _household, _member = table_of(EnquiryKey), table_of(Household), table_of(HouseholdMember)
MOST_AT_ONCE = 200
NOT_OF_PEOPLE = {
    "alert_step": "ids of messages and of duty workers",
    "incident": "codes of what went wrong",
}
"""Tables about an enquiry whose sealed columns hold nobody's words, with what they hold instead."""
_OWN_WAY = {"answer", "consent", "conversation", "enquiry_key", "turn", "outbox_message"}
_BLANK_PERSON: dict[str, Any] = dict.fromkeys(
    ("name", "phone", "phone_index", "email", "email_index", "date_of_birth", "surname_dob_index")
)
_BLANK_TURN: dict[str, Any] = {"words": "", "choice": None, "message": {}, "screening": {}}
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
    connection.execute(update(_turn).where(_turn.c.conversation_id == _of).values(**_BLANK_TURN), of)
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
        connection.execute(
            update(_person).where(_person.c.id == conversation.person_id).values(details={}, **_BLANK_PERSON)
        )
    uow.audit.write(
        chain=conversation.enquiry_id,
        at=now,
        actor=actor,
        act=DRAFT_ERASED,
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
        ~exists().where(_decision.c.enquiry_id == _enquiry.c.id),  # decided: a record, with a rule of its own
        ~exists().where(_hold.c.enquiry_id == _enquiry.c.id, _hold.c.ended_at.is_(None)),  # to be decided
        ~exists().where(_audit.c.chain == _enquiry.c.id, _audit.c.act == PERSON_WANTED),
        ~exists().where(_legal_hold.c.enquiry_id == _enquiry.c.id, _legal_hold.c.ended_at.is_(None)),
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


def is_old_draft(uow: UnitOfWork, conversation_id: ConversationId, before: datetime) -> bool:
    """Say whether the rule deletes it, whatever clock it has."""
    still = {"before": before, "conversation": conversation_id}
    return uow.connection.execute(_still_old, still).first() is not None


def erase_old_draft(uow: UnitOfWork, conversation_id: ConversationId, before: datetime, now: datetime) -> bool:
    """Erase and close one draft, where the rule still says so once it is held: they may have just come back."""
    conversation = uow.conversations.get_for_update(conversation_id)
    uow.enquiries.get_for_update(conversation.enquiry_id)  # a legal hold is set under the same lock
    if not is_old_draft(uow, conversation_id, before):
        return False
    erase_draft(uow, conversation, now, actor="front_door")
    _forget_addresses(uow, [conversation_id])
    uow.conversations.forget(conversation_id, now)
    return True


_closed_without_a_clock = (
    select(_enquiry.c.id)
    .where(
        _enquiry.c.status == EnquiryStatus.CLOSED,
        # a worker may decide what was never sent; a draft that nobody decided has a rule of its own
        or_(_enquiry.c.submitted_at.is_not(None), exists().where(_decision.c.enquiry_id == _enquiry.c.id)),
        _enquiry.c.erased_at.is_(None),
        ~exists().where(
            _follow_up.c.enquiry_id == _enquiry.c.id,
            _follow_up.c.kind == bindparam("of_kind"),
            _follow_up.c.done_at.is_(None),
        ),
    )
    .order_by(_enquiry.c.id)
)


def closed_without_a_clock(uow: UnitOfWork, kind: str, *, after: EnquiryId, limit: int) -> list[EnquiryId]:
    """Return closed enquiries, after this one, that are not erased and have no follow-up of this kind."""
    found = _closed_without_a_clock.where(_enquiry.c.id > after)
    return [EnquiryId(row[0]) for row in uow.connection.execute(found.limit(limit), {"of_kind": str(kind)})]


# -- records that were sent -------------------------------------------------------------------------------------


def erase_record(uow: UnitOfWork, enquiry: EnquiryRecord, now: datetime, rule: Mapping[str, str]) -> None:
    """Erase everybody's words of a closed enquiry, and whatever it could be found by.

    What stays: the enquiry with its reference, times and codes; what was decided; places, needs and opinions,
    which are counted; and on the record who did what, and when, without their words. The last entry is the
    certificate: by which `rule`, and when. Whoever is in another enquiry as well stays there.
    """
    connection, of = uow.connection, enquiry.id
    conversations = [conversation.id for conversation in uow.conversations.of_enquiry(of)]
    connection.execute(delete(_answer).where(_answer.c.enquiry_id == of))
    connection.execute(delete(_consent).where(_consent.c.enquiry_id == of))
    connection.execute(delete(_key).where(_key.c.enquiry_id == of, _key.c.kind.not_in(ONLY_COUNTED)))
    connection.execute(update(_turn).where(_turn.c.conversation_id.in_(conversations)).values(**_BLANK_TURN))
    _forget_addresses(uow, conversations)
    _blank_outbox(uow, enquiry, conversations)
    for table in tables_with_words():
        _blank(uow, table, enquiry)
    _blank_people(uow, enquiry)
    for conversation_id in conversations:
        uow.conversations.forget(conversation_id, now)
    connection.execute(
        update(_enquiry)
        .where(_enquiry.c.id == of)
        .values(summary=None, erased_at=now, version=_enquiry.c.version + 1)
    )
    through = uow.audit.forget_words(of)
    uow.audit.write(
        chain=of,
        at=now,
        actor="front_door",
        act=RECORD_ERASED,
        record_type="enquiry",
        record_id=of,
        details={**rule, "through": through},
    )


def tables_with_words() -> list[Table]:
    """Return every table, those to come too, whose rows are about one enquiry and hold words under lock."""
    others = {*NOT_OF_PEOPLE, *_OWN_WAY}
    about_one = (table for table in metadata.sorted_tables if "enquiry_id" in table.c)
    return [table for table in about_one if _sealed(table) and table.name not in others]


def _sealed(table: Table) -> list[str]:
    return [column.name for column in table.columns if isinstance(column.type, SealedText | SealedJson)]


def _blank(uow: UnitOfWork, table: Table, enquiry: EnquiryRecord) -> None:
    """Take the words out of every sealed value, and leave its shape: pages go on showing what is left."""
    names = _sealed(table)
    of_enquiry = select(table.c.id, *(table.c[name] for name in names)).where(table.c.enquiry_id == enquiry.id)
    for row in uow.connection.execute(of_enquiry).all():
        without = {name: _without_words(row._mapping[name]) for name in names}
        uow.connection.execute(update(table).where(table.c.id == row.id).values(**without))


def _without_words(value: Any) -> Any:
    match value:
        case str():
            return ""
        case list():
            return []
        case dict():
            return {name: _without_words(each) for name, each in value.items()}
        case _:
            return value if value is None or isinstance(value, bool) else 0


def _blank_outbox(uow: UnitOfWork, enquiry: EnquiryRecord, conversations: list[ConversationId]) -> None:
    is_of_it = or_(_outbox.c.enquiry_id == enquiry.id, _outbox.c.conversation_id.in_(conversations))
    uow.connection.execute(update(_outbox).where(is_of_it).values(payload={}, address="", receipt=None))
    uow.connection.execute(
        update(_outbox)
        .where(is_of_it, _outbox.c.status == OutboxStatus.PENDING)
        .values(status=OutboxStatus.CANCELLED, claimed_by=None, claimed_until=None)
    )


def _forget_addresses(uow: UnitOfWork, conversations: list[ConversationId]) -> None:
    """A message the channel repeats is known by its address and number: long after, no channel repeats it."""
    found = select(_turn.c.id).where(_turn.c.conversation_id.in_(conversations))
    for (turn_id,) in uow.connection.execute(found).all():
        name = f"erased {turn_id}"
        index = uow.turns.keyring.index(Purpose.MESSAGE, name)
        uow.connection.execute(
            update(_turn).where(_turn.c.id == turn_id).values(external=name, external_index=index)
        )


def _blank_people(uow: UnitOfWork, enquiry: EnquiryRecord) -> None:
    """Blank whoever was named in it, unless they are in an enquiry that is kept."""
    spoke = select(_conversation.c.person_id).where(_conversation.c.enquiry_id == enquiry.id)
    named = (
        select(_member.c.person_id)
        .join(_household, _household.c.id == _member.c.household_id)
        .where(_household.c.enquiry_id == enquiry.id)
    )
    people = {row[0] for row in uow.connection.execute(spoke.union(named))} | {enquiry.reporter_id}
    is_kept = (_enquiry.c.id != enquiry.id, _enquiry.c.erased_at.is_(None))
    speaks_elsewhere = (
        exists()
        .where(_conversation.c.person_id == _person.c.id, _enquiry.c.id == _conversation.c.enquiry_id, *is_kept)
        .correlate(_person)
    )
    named_elsewhere = (
        exists()
        .where(
            _member.c.person_id == _person.c.id,
            _household.c.id == _member.c.household_id,
            _enquiry.c.id == _household.c.enquiry_id,
            *is_kept,
        )
        .correlate(_person)
    )
    uow.connection.execute(
        update(_person)
        .where(_person.c.id.in_(sorted(p for p in people if p)), ~speaks_elsewhere, ~named_elsewhere)
        .values(details={}, **_BLANK_PERSON)
    )

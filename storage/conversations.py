"""Conversations: one person on one channel, about one enquiry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, bindparam, func, insert, select, update

from storage.blind_index import Purpose, address_text, token_digest
from storage.columns import (
    StoredTable,
    blind_index,
    code,
    columns_of,
    instant,
    link,
    primary_id,
    sealed_json,
    sealed_text,
    table_of,
    values_of,
    whole,
    yes_no,
)
from storage.identifiers import ConversationId, EnquiryId, PersonId, new_id
from storage.prepared import Prepared
from storage.repository import Findable, NotFound, Repository
from storage.sealed import Keyring


class ConversationStatus(StrEnum):
    ACTIVE = "active"
    WITH_WORKER = "with_worker"
    DORMANT = "dormant"
    CLOSED = "closed"


class ConversationChanged(Exception):
    """Somebody else saved this conversation since we read it. Read it again and decide again."""


class Conversation(StoredTable, table=True):
    __tablename__ = "conversation"
    __table_args__ = (Index(None, "address_index", "status"),)

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    person_id: str = link("person.id")
    channel: str = code(20)
    address: str = sealed_text("conversation.address")
    address_index: str = blind_index(index=False)
    status: str = code(20, ConversationStatus)
    flow: str = code(80)
    flow_version: int = whole()
    language: str = code(35)
    state: dict[str, Any] = sealed_json("conversation.state")
    version: int = whole()
    turns_kept: int = whole()
    turns_handled: int = whole()
    finished: bool = yes_no()
    last_heard_at: datetime | None = instant(nullable=True)
    last_spoke_at: datetime | None = instant(nullable=True)
    created_at: datetime = instant()
    updated_at: datetime = instant()
    token_digest: str | None = sealed_text("conversation.token_digest", nullable=True)
    token_index: str | None = blind_index(nullable=True, unique=True)
    blocked_at: datetime | None = instant(nullable=True)


@dataclass(frozen=True, slots=True)
class ConversationRecord:
    """`version` rises with each save; `turns_kept` is the last position given to a turn."""

    id: ConversationId
    enquiry_id: EnquiryId
    person_id: PersonId
    channel: str
    address: str
    status: ConversationStatus
    flow: str
    flow_version: int
    language: str
    state: dict[str, Any]
    version: int
    turns_kept: int
    turns_handled: int
    finished: bool
    last_heard_at: datetime | None
    last_spoke_at: datetime | None
    created_at: datetime
    updated_at: datetime
    blocked_at: datetime | None


_conversations = table_of(Conversation)
_c = _conversations.c
_of_id = _c.id == bindparam("conversation_id")
_record = select(*columns_of(_conversations, ConversationRecord))
_get = Prepared(_record.where(_of_id))
_get_for_update = Prepared(_record.where(_of_id).with_for_update())
_not_closed = _record.where(_c.status != ConversationStatus.CLOSED).order_by(_c.id.desc()).limit(1)
_find = Findable(_not_closed, _c.address_index)
_find_by_token = Findable(_record, _c.token_index)
_enquiries_at = Findable(select(_c.enquiry_id).order_by(_c.id.desc()).limit(20), _c.address_index)
_of_enquiry = Prepared(_record.where(_c.enquiry_id == bindparam("enquiry_id")).order_by(_c.id))
_begin = Prepared(insert(_conversations))
_change = update(_conversations).where(_of_id)
_save = Prepared(update(_conversations).where(_of_id).where(_c.version == bindparam("expected_version")))
_give_position = Prepared(
    update(_conversations)
    .where(_of_id)
    .values(turns_kept=_c.turns_kept + 1, last_heard_at=bindparam("heard_at"))
    .returning(_c.turns_kept)
)
_versions_in_use = Prepared(
    select(_c.flow, _c.flow_version, func.count())
    .where(_c.finished.is_(False), _c.status != ConversationStatus.CLOSED)
    .group_by(_c.flow, _c.flow_version)
)


class Conversations(Repository):
    __slots__ = ()

    def find(self, channel: str, address: str) -> ConversationRecord | None:
        """Return the newest conversation at this address that is not closed.

        When there is none, the address is held until the unit ends, so that two first messages from one
        person begin one conversation.
        """
        found = self._find(channel, address)
        if found is None and self._is_postgresql:
            self._lock_name(self.keyring.index(Purpose.ADDRESS, address_text(channel, address)))
            found = self._find(channel, address)
        return found

    def find_by_token(self, token: str) -> ConversationRecord | None:
        """Return the conversation a web chat's bearer token belongs to, closed or not."""
        rows = self._found(_find_by_token, Purpose.TOKEN, token_digest(token))
        return ConversationRecord(*rows[0]) if rows else None

    def get(self, conversation_id: ConversationId) -> ConversationRecord:
        """Raises `NotFound`."""
        return self._got(_get, conversation_id)

    def get_for_update(self, conversation_id: ConversationId) -> ConversationRecord:
        """As `get`, and nobody else may change the conversation until the unit ends."""
        return self._got(_get_for_update, conversation_id)

    def of_enquiry(self, enquiry_id: EnquiryId) -> list[ConversationRecord]:
        return [ConversationRecord(*row) for row in self._all(_of_enquiry, {"enquiry_id": enquiry_id})]

    def enquiries_at(self, conversation: ConversationRecord) -> list[EnquiryId]:
        """Return the enquiries of the conversations at this very address, closed or not, the newest first."""
        place = address_text(conversation.channel, conversation.address)
        rows = self._found(_enquiries_at, Purpose.ADDRESS, place)
        return list(dict.fromkeys(EnquiryId(row[0]) for row in rows))

    def begin(
        self,
        *,
        channel: str,
        address: str,
        enquiry_id: EnquiryId,
        person_id: PersonId,
        flow: str,
        flow_version: int,
        language: str,
        state: dict[str, Any],
        now: datetime,
        token: str | None = None,
        conversation_id: ConversationId | None = None,
    ) -> ConversationRecord:
        """Begin a conversation. The web chat's address is the conversation's own id, made beforehand."""
        begun = ConversationRecord(
            id=conversation_id or ConversationId(new_id()),
            enquiry_id=enquiry_id,
            person_id=person_id,
            channel=channel,
            address=address,
            status=ConversationStatus.ACTIVE,
            flow=flow,
            flow_version=flow_version,
            language=language,
            state=state,
            version=1,
            turns_kept=0,
            turns_handled=0,
            finished=False,
            last_heard_at=None,
            last_spoke_at=None,
            created_at=now,
            updated_at=now,
            blocked_at=None,
        )
        values = values_of(begun)
        values["token_digest"] = token_digest(token) if token else None
        self._change(_begin, {**values, **conversation_indexes(self.keyring, values)})
        return begun

    def save(
        self,
        conversation_id: ConversationId,
        *,
        expected_version: int,
        state: dict[str, Any],
        status: ConversationStatus | str,
        finished: bool,
        flow: str,
        flow_version: int,
        language: str,
        turns_handled: int,
        now: datetime,
        spoke: bool,
    ) -> int:
        """Keep where the conversation stands; return its new version. Raises `ConversationChanged`."""
        values: dict[str, Any] = {
            "conversation_id": conversation_id,
            "expected_version": expected_version,
            "version": expected_version + 1,
            "state": state,
            "status": status,
            "finished": finished,
            "flow": flow,
            "flow_version": flow_version,
            "language": language,
            "turns_handled": turns_handled,
            "updated_at": now,
        }
        if spoke:
            values["last_spoke_at"] = now
        if self._change(_save, values) != 1:
            raise ConversationChanged(f"conversation {conversation_id}")
        return expected_version + 1

    def give_position(self, conversation_id: ConversationId, now: datetime) -> int:
        """Return the position of the turn being kept, and hold the conversation until the unit ends."""
        row = self._one(_give_position, {"conversation_id": conversation_id, "heard_at": now})
        if row is None:
            raise NotFound(f"conversation {conversation_id}")
        return int(row[0])

    def set_token(self, conversation_id: ConversationId, token: str | None) -> None:
        """Give the web chat a new bearer token, or take it away; the old one stops working."""
        digest = token_digest(token) if token else None
        index = self.keyring.index_if_any(Purpose.TOKEN, digest)
        self._set(conversation_id, token_digest=digest, token_index=index)

    def move_address(self, conversation_id: ConversationId, new_address: str) -> None:
        channel = self.get(conversation_id).channel
        index = self.keyring.index(Purpose.ADDRESS, address_text(channel, new_address))
        self._set(conversation_id, address=new_address, address_index=index)

    def mark_blocked(self, conversation_id: ConversationId, now: datetime) -> None:
        """The channel says the person cannot be reached there any more."""
        self._set(conversation_id, blocked_at=now, updated_at=now)

    def mark_reachable(self, conversation_id: ConversationId, now: datetime) -> None:
        """The person wrote again."""
        self._set(conversation_id, blocked_at=None, updated_at=now)

    def set_status(self, conversation_id: ConversationId, status: ConversationStatus, now: datetime) -> None:
        """Hand it to a worker or back; whoever read it before must read it again."""
        self._set(conversation_id, status=status, updated_at=now, version=_c.version + 1)

    def close(self, conversation_id: ConversationId, now: datetime) -> None:
        """Close it; whoever read it before must read it again."""
        self._set(conversation_id, status=ConversationStatus.CLOSED, updated_at=now, version=_c.version + 1)

    def forget(self, conversation_id: ConversationId, now: datetime) -> None:
        """Close it and keep nothing of where it stood."""
        self._set(conversation_id, state={}, address="", address_index="", token_digest=None, token_index=None)
        self.close(conversation_id, now)

    def versions_in_use(self) -> dict[tuple[str, int], int]:
        """Return how many unfinished conversations hold each version of each flow."""
        return {(flow, version): count for flow, version, count in self._all(_versions_in_use, {})}

    def _find(self, channel: str, address: str) -> ConversationRecord | None:
        rows = self._found(_find, Purpose.ADDRESS, address_text(channel, address))
        return ConversationRecord(*rows[0]) if rows else None

    def _got(self, statement: Any, conversation_id: ConversationId) -> ConversationRecord:
        row = self._one(statement, {"conversation_id": conversation_id})
        if row is None:
            raise NotFound(f"conversation {conversation_id}")
        return ConversationRecord(*row)

    def _set(self, conversation_id: ConversationId, **values: Any) -> None:
        if self._change(_change.values(**values), {"conversation_id": conversation_id}) != 1:
            raise NotFound(f"conversation {conversation_id}")


def conversation_indexes(keyring: Keyring, row: Mapping[str, Any]) -> dict[str, str | None]:
    return {
        "address_index": keyring.index(Purpose.ADDRESS, address_text(row["channel"], row["address"])),
        "token_index": keyring.index_if_any(Purpose.TOKEN, row["token_digest"]),
    }

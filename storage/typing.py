"""Typing: who is writing just now, kept for seconds, so that it shows whichever process each side is at."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, bindparam, delete, insert, select, update
from sqlmodel import Field

from storage.columns import StoredTable, code, instant, table_of
from storage.identifiers import ID_LENGTH, ConversationId
from storage.prepared import Prepared
from storage.repository import Repository


class Writer(StrEnum):
    PERSON = "person"
    WORKER = "worker"


class Typing(StoredTable, table=True):
    """Nobody's record: it says nothing once `until_at` is over."""

    __tablename__ = "typing"

    conversation_id: str = Field(sa_type=String(ID_LENGTH), primary_key=True)
    speaker: str = Field(sa_type=code(20, Writer).sa_type, primary_key=True)
    until_at: datetime = instant()


_typing = table_of(Typing)
_t = _typing.c
_key = (_t.conversation_id == bindparam("conversation"), _t.speaker == bindparam("by"))
_again = Prepared(update(_typing).where(*_key).values(until_at=bindparam("until")))
_new = Prepared(insert(_typing))
_still = Prepared(select(_t.until_at).where(*_key, _t.until_at > bindparam("now")))
_stop = Prepared(delete(_typing).where(*_key))
_forget = Prepared(delete(_typing).where(_t.until_at < bindparam("before")))


class TypingSigns(Repository):
    __slots__ = ()

    def note(self, conversation_id: ConversationId, by: Writer, until: datetime) -> None:
        """Say that somebody writes. On PostgreSQL a race of two first ones raises `UniqueRace`."""
        if self._change(_again, {"conversation": conversation_id, "by": by, "until": until}) == 0:
            self._change(_new, {"conversation_id": conversation_id, "speaker": by, "until_at": until})

    def until(self, conversation_id: ConversationId, by: Writer, now: datetime) -> datetime | None:
        """Return until when somebody is taken to be writing; None where they are not."""
        row = self._one(_still, {"conversation": conversation_id, "by": by, "now": now})
        return None if row is None else row[0]

    def stop(self, conversation_id: ConversationId, by: Writer) -> None:
        self._change(_stop, {"conversation": conversation_id, "by": by})

    def forget_before(self, before: datetime) -> int:
        return self._change(_forget, {"before": before})

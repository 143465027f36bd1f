"""The audit: who did what to which record, when and why. Only ever added to, and chained by hashes.

Each enquiry has a chain of its own, and what belongs to none is in "system", so that two enquiries never wait
for each other. An entry's hash covers the entry before it and all of the entry but its sealed words; those it
covers by `content_hash`, salted so that nothing can be guessed from it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import (
    Column,
    LargeBinary,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    type_coerce,
    update,
)

from storage.columns import (
    StoredTable,
    code,
    columns_of,
    instant,
    long_whole,
    primary_id,
    sealed_json,
    sealed_text,
    table_of,
)
from storage.identifiers import AuditEntryId, new_id
from storage.prepared import Prepared
from storage.repository import Repository
from storage.sealed import CannotOpen, SealedJson, SealedText

SYSTEM_CHAIN = "system"
PERSON_WANTED = "person.wanted"
"""The act that says somebody asked for a worker, or that a worker has to look."""
DRAFT_ERASED = "draft.erased"
RECORD_ERASED = "record.erased"
"""The act that says a record was deleted by rule. Its details name the rule, and `through`: the last entry of the
chain whose words went with it. Any other entry without its words is a broken chain."""
_FORGOTTEN = "forgotten"
_START = "0" * 64


class AuditEntry(StoredTable, table=True):
    """`position` counts within one chain, from 1."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("chain", "position"),)

    id: str = primary_id()
    chain: str = code(40)
    position: int = long_whole()
    at: datetime = instant()
    actor: str = code(80)
    act: str = code(80)
    record_type: str = code(40)
    record_id: str = code(80)
    reason: str | None = sealed_text("audit_entry.reason", nullable=True)
    details: dict[str, Any] = sealed_json("audit_entry.details")
    content_hash: str = code(64)
    previous_hash: str = code(64)
    hash: str = code(64)


class AuditUnlocked(StoredTable, table=True):
    """The named way past the triggers: while a row is here, in one transaction, entries may be re-sealed."""

    __tablename__ = "audit_unlocked"

    id: str = primary_id()
    purpose: str = code(40)


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """`actor` is a duty worker's id, "person", or "system:" and the rule that acted."""

    id: AuditEntryId
    chain: str
    position: int
    at: datetime
    actor: str
    act: str
    record_type: str
    record_id: str
    reason: str | None
    details: dict[str, Any]
    content_hash: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class BrokenChain:
    """A place at which the audit is not what it was. `why` holds no words of the entry."""

    chain: str
    position: int
    why: str


_entries, _unlocked = table_of(AuditEntry), table_of(AuditUnlocked)
_e = _entries.c
_last = Prepared(
    select(_e.position, _e.hash).where(_e.chain == bindparam("of_chain")).order_by(_e.position.desc()).limit(1)
)
_new = Prepared(insert(_entries))
_record = select(*columns_of(_entries, AuditRecord))
_of = _record.where(_e.chain == bindparam("of_chain")).order_by(_e.position)
_of_sealed = (
    select(
        *(column for column in _entries.columns if column.name not in ("reason", "details")),
        type_coerce(_e.reason, LargeBinary).label("reason"),
        type_coerce(_e.details, LargeBinary).label("details"),
    )
    .where(_e.chain == bindparam("of_chain"))
    .order_by(_e.position)
)
_certificates = _of_sealed.where(_e.act == bindparam("certificate"))
_of_record = _record.where(_e.record_type == bindparam("kind"), _e.record_id == bindparam("of_record")).order_by(
    _e.at, _e.id
)
_every_chain = select(_e.chain).distinct().order_by(_e.chain)


class Audit(Repository):
    __slots__ = ()

    def write(
        self,
        *,
        chain: str,
        at: datetime,
        actor: str,
        act: str,
        record_type: str,
        record_id: str,
        reason: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> AuditRecord:
        """Add an entry to a chain: an enquiry's id, or `SYSTEM_CHAIN`."""
        self._lock_name(f"audit:{chain}")
        position, previous = self._one(_last, {"of_chain": chain}) or (0, _START)
        salted = {"salt": secrets.token_hex(16), "details": details or {}}
        entry: dict[str, Any] = {
            "id": new_id(),
            "chain": chain,
            "position": position + 1,
            "at": at,
            "actor": actor,
            "act": act,
            "record_type": record_type,
            "record_id": record_id,
            "content_hash": _content_hash(reason, salted),
            "previous_hash": previous,
        }
        entry["hash"] = _entry_hash(entry)
        self._change(_new, {**entry, "reason": reason, "details": salted})
        return AuditRecord(**{**entry, "reason": reason, "details": details or {}})

    def of(self, chain: str) -> list[AuditRecord]:
        """Return a chain's entries, oldest first."""
        return [_opened(row) for row in self._all(_of, {"of_chain": chain})]

    def of_record(self, record_type: str, record_id: str) -> list[AuditRecord]:
        """Return what was done to one record, and by whom."""
        return [_opened(row) for row in self._all(_of_record, {"kind": record_type, "of_record": record_id})]

    def forget_words(self, chain: str) -> int:
        """Take the reasons and the details out of a chain so far; return its last position.

        Who did what to which record, and when, stays, and the chain stays whole: its hashes cover the words by a
        hash of their own. Write `RECORD_ERASED` after it, in the same unit: without that the chain is broken.
        """
        self._lock_name(f"audit:{chain}")
        last = self._one(_last, {"of_chain": chain})
        self._connection.execute(insert(_unlocked), {"id": new_id(), "purpose": "erasure"})
        self._connection.execute(
            update(_entries)
            .where(_e.chain == chain)
            .values(reason=None, details={"details": {}, _FORGOTTEN: True})
        )
        self._connection.execute(delete(_unlocked))
        return 0 if last is None else int(last[0])

    def chains(self) -> list[str]:
        return [row[0] for row in self._all(_every_chain, {})]

    def verify(self) -> list[BrokenChain]:
        """Walk every chain; return where each first breaks. Nothing returned: the audit is whole."""
        return [broken for chain in self.chains() for broken in self.verify_chain(chain)]

    def verify_chain(self, chain: str) -> Iterator[BrokenChain]:
        """Say where a chain first breaks, if it does."""
        previous, forgotten = _START, self._forgotten_through(chain)
        for position, row in enumerate(self._all(_of_sealed, {"of_chain": chain}), start=1):
            why = self._what_is_wrong(row, position, previous, is_forgotten=position <= forgotten)
            if why:
                yield BrokenChain(chain, position, why)
                return
            previous = row.hash

    def _forgotten_through(self, chain: str) -> int:
        """Return the last entry whose words a certificate of this chain says are gone; 0 where there is none."""
        found = 0
        for row in self._all(_certificates, {"of_chain": chain, "certificate": RECORD_ERASED}):
            with suppress(CannotOpen):
                reason, salted = self._opened(_e.reason, row.reason), self._opened(_e.details, row.details)
                if "salt" in salted and row.content_hash == _content_hash(reason, salted):
                    found = max(found, min(int(salted["details"].get("through", 0)), row.position - 1))
        return found

    def _what_is_wrong(self, row: Any, position: int, previous: str, *, is_forgotten: bool) -> str:
        try:
            reason = self._opened(_e.reason, row.reason)
            salted = self._opened(_e.details, row.details)
        except CannotOpen as error:
            return str(error)
        if is_forgotten and reason is None and _FORGOTTEN in salted and not salted["details"]:
            return _what_is_wrong(row, position, previous, row.content_hash)
        if "salt" not in salted:
            return "the reason or the details were taken out"
        return _what_is_wrong(row, position, previous, _content_hash(reason, salted))

    def _opened(self, column: Column[Any], value: Any) -> Any:
        return cast("SealedText | SealedJson", column.type).process_result_value(value, self._connection.dialect)


def _what_is_wrong(row: Any, position: int, previous: str, content_hash: str) -> str:
    if row.position != position:
        return "an entry is missing"
    if row.previous_hash != previous:
        return "the entry does not follow the one before it"
    if row.content_hash != content_hash:
        return "the reason or the details were changed"
    if row.hash != _entry_hash(row._mapping):
        return "the entry was changed"
    return ""


def _opened(row: Any) -> AuditRecord:
    return AuditRecord(**{**row._mapping, "details": row.details["details"]})


def _content_hash(reason: str | None, salted: dict[str, Any]) -> str:
    return _digest([salted["salt"], reason, salted["details"]])


def _entry_hash(entry: Any) -> str:
    names = (
        "id",
        "chain",
        "position",
        "actor",
        "act",
        "record_type",
        "record_id",
        "content_hash",
        "previous_hash",
    )
    return _digest([entry["at"].astimezone(UTC).isoformat(), *(entry[name] for name in names)])


def _digest(content: list[Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

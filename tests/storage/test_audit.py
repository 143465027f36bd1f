"""The audit is only ever added to, and any change to it shows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.audit import SYSTEM_CHAIN, AuditRecord
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import NOW


def test_untouched_audit_is_whole(database: Database) -> None:
    """A proof that cries wolf is switched off."""
    written = [database.run_now(_write) for _ in range(3)]
    database.run_now(lambda uow: _write(uow, chain="another"))
    assert database.run_now(lambda uow: uow.audit.verify()) == []
    assert database.run_now(lambda uow: uow.audit.of(SYSTEM_CHAIN)) == written
    assert database.run_now(lambda uow: uow.audit.of_record("enquiry", "7")) != []


def test_writers_at_once_make_one_chain(database: Database) -> None:
    """Two entries after the same one would be a fork, and a fork is a place to hide."""
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: database.run_now(_write), range(40)))
    entries = database.run_now(lambda uow: uow.audit.of(SYSTEM_CHAIN))
    assert [entry.position for entry in entries] == list(range(1, 41))
    assert database.run_now(lambda uow: uow.audit.verify()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'somebody'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE position = 2",
    ],
)
def test_entries_cannot_be_changed_or_taken_away(database: Database, statement: str) -> None:
    """Not by a slip in our own code, nor by hand."""
    written = [database.run_now(_write) for _ in range(2)]
    with pytest.raises(DBAPIError, match="only ever added"), database.engine.begin() as connection:
        connection.execute(text(statement))
    assert database.run_now(lambda uow: uow.audit.of(SYSTEM_CHAIN)) == written


def test_entries_cannot_be_truncated_either(postgresql_database: Database) -> None:
    """TRUNCATE passes row triggers by."""
    postgresql_database.run_now(_write)
    with pytest.raises(DBAPIError, match="only ever added"), postgresql_database.engine.begin() as connection:
        connection.execute(text("TRUNCATE audit_entry"))


@pytest.mark.parametrize(
    ("tampering", "position"),
    [
        ("UPDATE audit_entry SET actor = 'somebody' WHERE position = 2", 2),
        ("UPDATE audit_entry SET at = '2026-03-02 10:00:01.000000' WHERE position = 2", 2),
        ("UPDATE audit_entry SET record_id = '8' WHERE position = 3", 3),
        ("UPDATE audit_entry SET reason = NULL WHERE position = 2", 2),
        ("UPDATE audit_entry SET reason = 'spoiled' WHERE position = 2", 2),
        ("UPDATE audit_entry SET content_hash = 'x' WHERE position = 1", 1),
        ("DELETE FROM audit_entry WHERE position = 2", 2),
        ("DELETE FROM audit_entry WHERE position = 1", 1),
        ("UPDATE audit_entry SET position = position + 10 WHERE position = 3", 3),
    ],
)
def test_tampering_shows_where_it_was_done(database: Database, tampering: str, position: int) -> None:
    """Whoever can pass the triggers can change a row, but not the hashes after it in secret."""
    for _ in range(3):
        database.run_now(_write)
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO audit_unlocked (id, purpose) VALUES ('x', 'tampering')"))
        connection.execute(text(tampering))
        connection.execute(text("DELETE FROM audit_unlocked"))
    broken = database.run_now(lambda uow: uow.audit.verify())
    assert [(b.chain, b.position) for b in broken] == [(SYSTEM_CHAIN, position)]


def test_only_the_chain_that_was_changed_is_broken(database: Database) -> None:
    """One family's record in doubt must not put every other in doubt."""
    database.run_now(_write)
    database.run_now(lambda uow: _write(uow, chain="another"))
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO audit_unlocked (id, purpose) VALUES ('x', 'tampering')"))
        connection.execute(text("UPDATE audit_entry SET act = 'x' WHERE chain = 'another'"))
    assert [b.chain for b in database.run_now(lambda uow: uow.audit.verify())] == ["another"]


def test_odd_reason_does_not_stop_an_entry(database: Database) -> None:
    """A worker's typed reason is kept whatever is in it."""
    written = database.run_now(lambda uow: _write(uow, reason="half \ud83d", details={"é": [1, None]}))
    assert database.run_now(lambda uow: uow.audit.of(SYSTEM_CHAIN)) == [written]
    assert database.run_now(lambda uow: uow.audit.verify()) == []


def _write(uow: UnitOfWork, **given: Any) -> AuditRecord:
    values: dict[str, Any] = {
        "chain": SYSTEM_CHAIN,
        "at": NOW,
        "actor": "system:test",
        "act": "opened",
        "record_type": "enquiry",
        "record_id": "7",
        "reason": "asked by phone",
        "details": {"from": "desk"},
    }
    return uow.audit.write(**{**values, **given})

"""The steps make the tables the code was written for, on both engines, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from storage.columns import metadata
from storage.database import Database
from storage.decisions import FeedbackWay
from storage.duty_workers import Role
from storage.follow_ups import Actor
from storage.sealed import Keyring
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import NOW, begin


@pytest.fixture(params=["sqlite", "sqlite in memory", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path, keyring: Keyring) -> Iterator[Database]:
    urls = {"sqlite": f"sqlite:///{tmp_path}/folder/that/is/not/there/new.db", "sqlite in memory": "sqlite://"}
    url = urls.get(request.param) or request.getfixturevalue("empty_postgresql_url")
    database = Database(url, keyring=keyring)
    yield database
    database.dispose()


def test_new_database_says_what_it_needs(empty_database: Database) -> None:
    """The first thing an operator sees must be what to do."""
    assert any("frontdoor db upgrade" in problem for problem in empty_database.check())


def test_steps_make_the_tables_the_code_expects(empty_database: Database) -> None:
    """A column added to the code and forgotten in the steps works in no real database."""
    empty_database.upgrade()
    with empty_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert empty_database.check() == []


def test_missing_column_would_be_noticed(empty_database: Database) -> None:
    """Proves that the test above can fail."""
    empty_database.upgrade()
    with empty_database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE consent DROP COLUMN wording_version")
    with empty_database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) != []


def test_upgrading_again_changes_nothing(empty_database: Database) -> None:
    """Each start of the front door upgrades first."""
    empty_database.upgrade()
    conversation = empty_database.run_now(begin)
    empty_database.upgrade()
    assert empty_database.run_now(lambda uow: uow.conversations.get(conversation.id)) == conversation


def test_steps_can_be_taken_back_and_taken_again(empty_database: Database) -> None:
    """A release that goes wrong is undone with its tables."""
    empty_database.upgrade()
    empty_database.downgrade("base")
    assert set(inspect(empty_database.engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    empty_database.upgrade()
    assert empty_database.check() == []


def test_an_answer_owed_since_before_there_were_promises_is_one_now(empty_database: Database) -> None:
    """Decided before step 10, and nobody told: it would never have come due, and been counted for ever."""
    empty_database.upgrade()
    conversation = empty_database.run_now(begin)

    def decided(uow: UnitOfWork) -> dict[str, str]:
        boss = uow.duty_workers.add(name="Cam", email="cam@x.example", role=Role.MANAGER, now=NOW)
        found = {}
        for way in (FeedbackWay.CHAT, FeedbackWay.BY_HAND, FeedbackWay.NOT_TOLD):
            decision = uow.decisions.record(
                enquiry_id=conversation.enquiry_id, hold_id=None, worker_id=boss.id, outcome="NFA",
                referral_outcome=None, reason="", details={}, now=NOW,
            )  # fmt: skip
            feedback = uow.decisions.tell(
                decision, way=way, outbox_id=None, wording_id="x", words="x", reason=None,
                due_at=NOW + timedelta(days=1), now=NOW,
            )  # fmt: skip
            found[way.value] = feedback.id
        return {**found, "boss": boss.id}

    made = empty_database.run_now(decided)
    empty_database.downgrade("0010")
    with empty_database.engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM due WHERE source = 'feedback'")).scalar_one() == 3
    empty_database.upgrade()
    promised = {f.key: f for f in empty_database.run_now(lambda uow: uow.follow_ups.of(conversation.enquiry_id))}
    assert set(promised) == {f"told:{made['chat']}", f"told:{made['by_hand']}"}
    ours, theirs = promised[f"told:{made['chat']}"], promised[f"told:{made['by_hand']}"]
    assert (ours.actor, ours.promised_at, ours.details["feedback"]) == (Actor.FRONT_DOOR, None, made["chat"])
    assert (theirs.actor, theirs.worker_id, theirs.why) == (Actor.WORKER, made["boss"], "by_hand")
    seen = empty_database.run_now(lambda uow: uow.due.next(until=NOW + timedelta(days=9), limit=9))
    assert sorted(row.id for row in seen) == sorted([ours.id, theirs.id])


def test_database_in_memory_works_like_any_other() -> None:
    """Tests of other parts use one, and rehearsals."""
    database = Database("sqlite://", keyring=Keyring.generate())
    database.upgrade()
    conversation: Any = database.run_now(begin)
    assert database.run_now(lambda uow: uow.conversations.find("telegram", "960001")) == conversation
    database.dispose()

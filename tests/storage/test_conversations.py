"""A conversation is found again, saved by one at a time, and never lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select

from storage.columns import metadata
from storage.conversations import ConversationChanged, ConversationRecord, ConversationStatus
from storage.database import Database
from storage.identifiers import ConversationId, new_id
from storage.repository import NotFound
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import NOW, begin

LATER = NOW + timedelta(minutes=1)


def test_conversation_is_found_by_its_address(database: Database) -> None:
    """A person who comes back goes on where they left off."""
    begun = database.run_now(begin)
    assert database.run_now(lambda uow: uow.conversations.find("telegram", "960001")) == begun
    assert database.run_now(lambda uow: uow.conversations.find("webchat", "960001")) is None
    assert database.run_now(lambda uow: uow.conversations.find("telegram", "960002")) is None


def test_closed_conversation_is_not_found_again(database: Database) -> None:
    """What a person closed is not replayed to whoever holds the phone next."""
    begun = database.run_now(begin)
    database.run_now(lambda uow: uow.conversations.close(begun.id, LATER))
    assert database.run_now(lambda uow: uow.conversations.find("telegram", "960001")) is None
    again = database.run_now(begin)
    assert database.run_now(lambda uow: uow.conversations.find("telegram", "960001")) == again


def test_web_chat_is_found_by_its_token_and_no_other(database: Database) -> None:
    """The token is all that stands between a stranger and a conversation."""
    own_id = ConversationId(new_id())
    begun = database.run_now(
        lambda uow: begin(uow, own_id, channel="webchat", conversation_id=own_id, token="the token")
    )
    assert begun.id == begun.address == own_id
    assert database.run_now(lambda uow: uow.conversations.find_by_token("the token")) == begun
    assert database.run_now(lambda uow: uow.conversations.find_by_token("The token")) is None
    assert database.run_now(lambda uow: uow.conversations.find_by_token("")) is None
    database.run_now(lambda uow: uow.conversations.set_token(begun.id, None))
    assert database.run_now(lambda uow: uow.conversations.find_by_token("the token")) is None


def test_save_keeps_where_the_conversation_stands(database: Database) -> None:
    """State written and read back is the same state."""
    begun = database.run_now(begin)
    state = {"path": ["a", 1, None], "words": "ë \ud83d"}
    version = database.run_now(lambda uow: _save(uow, begun, state=state, finished=True, language="cy"))
    saved = database.run_now(lambda uow: uow.conversations.get(begun.id))
    assert (saved.version, saved.state, saved.finished, saved.language) == (version, state, True, "cy")
    assert (saved.last_spoke_at, saved.updated_at) == (LATER, LATER)


def test_second_save_of_one_reading_is_refused(database: Database) -> None:
    """Two processes that decided from the same state must not both be believed."""
    begun = database.run_now(begin)
    database.run_now(lambda uow: _save(uow, begun, state={"by": "first"}))
    with pytest.raises(ConversationChanged):
        database.run_now(lambda uow: _save(uow, begun, state={"by": "second"}))
    assert database.run_now(lambda uow: uow.conversations.get(begun.id)).state == {"by": "first"}


def test_refused_save_takes_the_whole_unit_with_it(database: Database) -> None:
    """New state and outgoing messages are one: neither is kept without the other."""
    begun = database.run_now(begin)

    def decide(uow: UnitOfWork) -> None:
        uow.enquiries.raise_urgency(begun.enquiry_id, "emergency")
        _save(uow, begun, expected_version=99)

    with pytest.raises(ConversationChanged):
        database.run_now(decide)
    assert database.run_now(lambda uow: uow.enquiries.get(begun.enquiry_id)).urgency == "none"


def test_moved_chat_is_found_at_its_new_address_only(database: Database) -> None:
    """Telegram gives a group a new number when it grows."""
    begun = database.run_now(begin)
    database.run_now(lambda uow: uow.conversations.move_address(begun.id, "-100960001"))
    found = database.run_now(lambda uow: uow.conversations.find("telegram", "-100960001"))
    assert found is not None
    assert found.id == begun.id
    assert database.run_now(lambda uow: uow.conversations.find("telegram", "960001")) is None


def test_blocked_chat_is_marked_and_can_come_back(database: Database) -> None:
    """A duty worker must know when a person can no longer be reached here."""
    begun = database.run_now(begin)
    database.run_now(lambda uow: uow.conversations.mark_blocked(begun.id, LATER))
    assert database.run_now(lambda uow: uow.conversations.get(begun.id)).blocked_at == LATER
    database.run_now(lambda uow: uow.conversations.mark_reachable(begun.id, LATER))
    assert database.run_now(lambda uow: uow.conversations.get(begun.id)).blocked_at is None


def test_flow_versions_in_use_are_those_of_unfinished_conversations(database: Database) -> None:
    """A version may be taken away only when it strands nobody."""
    for address, version in (("1", 1), ("2", 2), ("3", 2)):
        database.run_now(lambda uow, a=address, v=version: begin(uow, a, flow_version=v))
    finished = database.run_now(lambda uow: begin(uow, "4", flow_version=1))
    database.run_now(lambda uow: _save(uow, finished, finished=True))
    closed = database.run_now(lambda uow: begin(uow, "5", flow_version=3))
    database.run_now(lambda uow: uow.conversations.close(closed.id, LATER))
    assert database.run_now(lambda uow: uow.conversations.versions_in_use()) == {
        ("family", 1): 1,
        ("family", 2): 2,
    }


def test_status_that_is_none_of_ours_is_refused(database: Database) -> None:
    """A table class checks nothing: the column does, the same on both engines."""
    begun = database.run_now(begin)
    with pytest.raises(Exception, match="not a valid ConversationStatus"):
        database.run_now(lambda uow: _save(uow, begun, status="asleep"))


@pytest.mark.parametrize("language", ["e" * 36, "en gb", "é", "en\x00"])
def test_code_that_is_no_code_is_refused_alike_on_both_engines(database: Database, language: str) -> None:
    """SQLite would take anything and PostgreSQL would not: what passes tests on one must pass on the other."""
    with pytest.raises(Exception, match="not a code"):
        database.run_now(lambda uow: begin(uow, language=language))


def test_instants_come_back_as_they_went_in(database: Database) -> None:
    """SQLite has no time zones; a clock that comes back naive or shifted breaks every deadline."""
    begun = database.run_now(begin)
    found = database.run_now(lambda uow: uow.conversations.get(begun.id))
    assert found.created_at == NOW
    assert found.created_at.utcoffset() == timedelta(0)


def test_instants_from_other_zones_are_the_same_instants(database: Database) -> None:
    """Whole seconds, fractions and summer time all sort and compare as time does."""
    summer = timezone(timedelta(hours=1))
    given = [
        datetime(2026, 6, 1, 9, 30, tzinfo=summer),
        datetime(2026, 6, 1, 8, 30, 0, 1, tzinfo=UTC),
        datetime(2026, 6, 1, 9, 30, 1, tzinfo=summer),
    ]
    ids = [database.run_now(lambda uow, at=at, n=n: begin(uow, str(n), now=at)).id for n, at in enumerate(given)]
    found = [database.run_now(lambda uow, i=i: uow.conversations.get(i)).created_at for i in ids]
    assert found == given
    assert {at.utcoffset() for at in found} == {timedelta(0)}
    since = database.run_now(lambda uow: _created_after(uow, given[1]))
    assert since == {ids[2]}


def test_instant_without_a_zone_is_refused(database: Database) -> None:
    """An hour's doubt twice a year is not kept."""
    with pytest.raises(Exception, match="timezone"):
        database.run_now(lambda uow: begin(uow, now=NOW.replace(tzinfo=None)))


def test_conversation_that_never_was_is_not_found(database: Database) -> None:
    """A wrong id is told plainly, whatever was asked of it."""
    nobody = ConversationId(new_id())
    for ask in (
        lambda uow: uow.conversations.get(nobody),
        lambda uow: uow.conversations.get_for_update(nobody),
        lambda uow: uow.conversations.close(nobody, NOW),
        lambda uow: uow.conversations.give_position(nobody, NOW),
    ):
        with pytest.raises(NotFound):
            database.run_now(ask)


def _save(uow: UnitOfWork, begun: ConversationRecord, **given: Any) -> int:
    values: dict[str, Any] = {
        "expected_version": begun.version,
        "state": begun.state,
        "status": ConversationStatus.ACTIVE,
        "finished": begun.finished,
        "flow": begun.flow,
        "flow_version": begun.flow_version,
        "language": begun.language,
        "turns_handled": 1,
        "now": LATER,
        "spoke": True,
    }
    return uow.conversations.save(begun.id, **{**values, **given})


def _created_after(uow: UnitOfWork, at: datetime) -> set[str]:
    conversations = metadata.tables["conversation"]
    return set(uow.connection.execute(select(conversations.c.id).where(conversations.c.created_at > at)).scalars())

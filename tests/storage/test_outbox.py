"""What we decided to send is sent in order, by one sender, and never forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.conversations import ConversationRecord
from storage.database import Database
from storage.identifiers import new_id
from storage.outbox import OutboxRecord, OutboxStatus
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import NOW, begin, outgoing

LEASE = timedelta(seconds=30)


def test_messages_come_back_as_put_and_in_order(database: Database) -> None:
    """Two parts of one reply arrive in the order they were written."""
    conversation = database.run_now(begin)
    put = _put(database, *(outgoing(conversation, payload={"text": str(n)}) for n in range(5)))
    assert [record.sequence for record in put] == sorted(record.sequence for record in put)
    assert database.run_now(lambda uow: uow.outbox.of_conversation(conversation.id)) == put
    after = database.run_now(lambda uow: uow.outbox.of_conversation(conversation.id, put[2].sequence, 1))
    assert after == put[3:4]


def test_sequence_is_never_used_again(database: Database) -> None:
    """A web page that has read up to a number must not miss what comes later under the same one."""
    last = _put(database, outgoing())[0]
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM outbox_message")
    assert _put(database, outgoing())[0].sequence > last.sequence


def test_only_what_is_due_is_claimed(database: Database) -> None:
    """A message put off for a rate limit is not sent before its time."""
    now_due, later = _put(database, outgoing(), outgoing(due_at=NOW + timedelta(seconds=1)))
    assert _claim(database) == [now_due.id]
    assert _claim(database, now=NOW + timedelta(seconds=1)) == [later.id]


def test_urgent_messages_are_claimed_first(database: Database) -> None:
    """An alert does not wait behind a hundred greetings."""
    _put(database, *(outgoing() for _ in range(10)))
    urgent = _put(database, outgoing(urgent=True))[0]
    assert _claim(database, limit=1) == [urgent.id]


def test_urgent_message_brings_what_waits_before_it(database: Database) -> None:
    """Its conversation keeps its order, and goes before the others."""
    _put(database, *(outgoing() for _ in range(10)))
    conversation = database.run_now(begin)
    waiting, urgent = _put(database, outgoing(conversation), outgoing(conversation, urgent=True))
    assert _claim(database, limit=2) == [waiting.id, urgent.id]


def test_message_never_overtakes_another_of_its_conversation(database: Database) -> None:
    """Message two sent before message one reads like nonsense, or worse."""
    conversation = database.run_now(begin)
    first, second = _put(
        database, outgoing(conversation, due_at=NOW + timedelta(minutes=1)), outgoing(conversation)
    )
    assert _claim(database) == []
    assert _claim(database, now=NOW + timedelta(minutes=1)) == [first.id, second.id]


def test_message_waits_while_the_one_before_it_is_being_sent(database: Database) -> None:
    """Whoever holds the first also decides when the second may go."""
    conversation = database.run_now(begin)
    first, second = _put(database, outgoing(conversation), outgoing(conversation))
    assert _claim(database, limit=1) == [first.id]
    assert _claim(database, owner="another") == []
    database.run_now(lambda uow: uow.outbox.mark_sent([(first.id, {"refs": ["1"]})], NOW))
    assert _claim(database, owner="another") == [second.id]


def test_claim_that_ran_out_can_be_claimed_again(database: Database) -> None:
    """A sender that died mid-sentence is followed by another."""
    put = _put(database, outgoing())
    assert _claim(database) == [put[0].id]
    assert _claim(database, now=NOW + LEASE - timedelta(seconds=1)) == []
    assert _claim(database, now=NOW + LEASE) == [put[0].id]


@pytest.mark.parametrize("limit", [1, 3, 20])
def test_two_claimers_never_hold_one_message(database: Database, limit: int) -> None:
    """An alert twice is harmless; every reply twice is not."""
    conversations = [database.run_now(lambda uow, n=n: begin(uow, str(n))) for n in range(4)]
    put = _put(database, *(outgoing(conversations[n % 5] if n % 5 < 4 else None) for n in range(60)))
    start = Barrier(4)

    def claim_all(owner: str) -> list[str]:
        start.wait()
        mine: list[str] = []
        idle = 0
        while idle < 3:
            claimed = _claim(database, owner=owner, limit=limit)
            idle = 0 if claimed else idle + 1
            mine += claimed
            _mark_sent(database, claimed)
        return mine

    with ThreadPoolExecutor(4) as threads:
        held = list(threads.map(claim_all, ["a", "b", "c", "d"]))
    everything = [name for mine in held for name in mine]
    assert len(everything) == len(set(everything))
    left = _claim_all_that_is_left(database)
    assert sorted(everything + left) == sorted(record.id for record in put)
    for mine in held:
        for conversation in conversations:
            of_it = [r.id for r in put if r.conversation_id == conversation.id]
            assert [name for name in mine if name in of_it] == [name for name in of_it if name in mine]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 3), st.booleans(), st.integers(-1, 1), st.booleans()), min_size=1, max_size=12
    ),
    limit=st.integers(1, 6),
)
def test_whatever_waits_claims_keep_every_order(
    sqlite_database: Database, rows: list[tuple[int, bool, int, bool]], limit: int
) -> None:
    """For any mixture of urgent, late and held messages, a claim is a beginning of what waits in each place."""
    with sqlite_database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM outbox_message")
    conversations = [
        sqlite_database.run_now(
            lambda uow, n=n: uow.conversations.find("telegram", f"p{n}") or begin(uow, f"p{n}")
        )
        for n in range(3)
    ]
    put = _put(
        sqlite_database,
        *(
            outgoing(
                conversations[where] if where < 3 else None,
                urgent=urgent,
                due_at=NOW + timedelta(minutes=due),
                claimed_by="another" if held else None,
                claimed_until=NOW + LEASE if held else None,
            )
            for where, urgent, due, held in rows
        ),
    )
    claimed = _claim(sqlite_database, limit=limit)
    assert len(claimed) <= limit
    for conversation in conversations:
        waiting = [record for record in put if record.conversation_id == conversation.id]
        of_it = [name for name in claimed if name in {record.id for record in waiting}]
        assert of_it == [record.id for record in waiting][: len(of_it)]
    ready = [record for record in put if record.due_at <= NOW and record.claimed_by is None]
    assert set(claimed) <= {record.id for record in ready}
    if any(record.conversation_id is None for record in ready):
        assert claimed


def test_claim_does_not_read_all_that_waits(sqlite_database: Database) -> None:
    """After an outage everything waits at once, and that is when each claim must stay cheap."""
    steps = [_steps_of_a_claim(sqlite_database, more) for more in (300, 1_200)]
    assert steps[1] < 2 * steps[0]


def test_message_may_be_born_claimed(database: Database) -> None:
    """The process that decided it sends it at once, without asking the database again."""
    conversation = database.run_now(begin)
    born = _put(database, outgoing(conversation, claimed_by="me", claimed_until=NOW + LEASE))
    assert born[0].claimed_by == "me"
    assert _claim(database, owner="another") == []


def test_message_is_not_born_claimed_behind_one_that_waits(database: Database) -> None:
    """Sent at once it would overtake the message put off a moment before."""
    conversation = database.run_now(begin)
    _put(database, outgoing(conversation, due_at=NOW + timedelta(minutes=1)))
    born = _put(database, outgoing(conversation, claimed_by="me", claimed_until=NOW + LEASE))
    assert born[0].claimed_by is None


def test_message_is_born_claimed_behind_one_its_owner_holds(database: Database) -> None:
    """One sender keeps its own order."""
    conversation = database.run_now(begin)
    for _ in range(2):
        born = _put(database, outgoing(conversation, claimed_by="me", claimed_until=NOW + LEASE))
        assert born[0].claimed_by == "me"


def test_message_put_off_is_anybodys_when_due(database: Database) -> None:
    """Retry after, as the channel asked."""
    record = _put(database, outgoing())[0]
    _claim(database)
    later = NOW + timedelta(seconds=7)
    database.run_now(lambda uow: uow.outbox.put_off(record.id, due_at=later, error_code="slow_down", now=NOW))
    assert _claim(database) == []
    assert _claim(database, now=later, owner="another") == [record.id]
    found = database.run_now(lambda uow: uow.outbox.get(record.id))
    assert (found.attempts, found.error_code) == (1, "slow_down")


def test_message_that_failed_lets_the_next_go(database: Database) -> None:
    """One message a channel will never take must not silence a conversation."""
    conversation = database.run_now(begin)
    first, second = _put(database, outgoing(conversation), outgoing(conversation))
    database.run_now(lambda uow: uow.outbox.fail(first.id, "refused", NOW))
    assert _claim(database) == [second.id]
    failed = database.run_now(lambda uow: uow.outbox.get(first.id))
    assert (failed.status, failed.failed_at, failed.error_code) == (OutboxStatus.FAILED, NOW, "refused")


def test_sent_message_keeps_its_receipt_and_is_sent_once(database: Database) -> None:
    """The channel's own id is what a later edit or clearing needs."""
    record = _put(database, outgoing())[0]
    database.run_now(lambda uow: uow.outbox.mark_sent([(record.id, {"refs": ["41"]})], NOW))
    later = NOW + timedelta(hours=1)
    database.run_now(lambda uow: uow.outbox.mark_sent([(record.id, {"refs": ["42"]})], later))
    database.run_now(lambda uow: uow.outbox.fail(record.id, "late", later))
    sent = database.run_now(lambda uow: uow.outbox.get(record.id))
    assert (sent.status, sent.sent_at, sent.receipt) == (OutboxStatus.SENT, NOW, {"refs": ["41"]})


def test_what_waits_can_be_taken_back(database: Database) -> None:
    """Quick exit: nothing more appears on the screen."""
    conversation = database.run_now(begin)
    sent, _ = _put(database, outgoing(conversation), outgoing(conversation))
    other = _put(database, outgoing())[0]
    database.run_now(lambda uow: uow.outbox.mark_sent([(sent.id, None)], NOW))
    assert database.run_now(lambda uow: uow.outbox.cancel_pending(conversation.id, NOW)) == 1
    assert _claim(database) == [other.id]


def test_what_a_dead_owner_held_is_given_back(database: Database) -> None:
    """After a restart nothing waits for a lease that nobody will use."""
    _put(database, outgoing(claimed_by="dead", claimed_until=NOW + LEASE))
    _put(database, outgoing(claimed_by="alive", claimed_until=NOW + LEASE))
    assert database.run_now(lambda uow: uow.outbox.owners()) == ["alive", "dead"]
    assert database.run_now(lambda uow: uow.outbox.release("dead")) == 1
    assert len(_claim(database)) == 1
    assert database.run_now(lambda uow: uow.outbox.release_owners([])) == 0


def test_what_waits_is_counted(database: Database) -> None:
    """Doctor and metrics ask how much waits, and since when."""
    assert _waiting(database) == (0, None)
    sent, *_ = _put(database, outgoing(), outgoing(due_at=NOW + timedelta(hours=1)))
    assert _waiting(database) == (2, NOW)
    database.run_now(lambda uow: uow.outbox.mark_sent([(sent.id, None)], NOW))
    assert _waiting(database) == (1, NOW + timedelta(hours=1))


def test_moved_chat_takes_its_waiting_messages_along(database: Database) -> None:
    """Otherwise they would be refused at the old address, one after another."""
    conversation: ConversationRecord = database.run_now(begin)
    record = _put(database, outgoing(conversation))[0]
    assert database.run_now(lambda uow: uow.outbox.move_pending(conversation.id, "-100960001")) == 1
    assert database.run_now(lambda uow: uow.outbox.get(record.id)).address == "-100960001"


def _steps_of_a_claim(database: Database, more: int) -> int:
    """Put more in the outbox, one of them urgent, and count the steps SQLite takes to claim five."""
    conversations = [database.run_now(lambda uow: begin(uow, new_id())) for _ in range(more // 3)]
    _put(database, outgoing(conversations[-1], urgent=True))
    _put(database, *(outgoing(conversation) for conversation in conversations * 3))
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    def claim(uow: UnitOfWork) -> None:
        driver: Any = uow.connection.connection.dbapi_connection
        driver.set_progress_handler(count, 10)
        uow.outbox.claim_due(now=NOW, owner="me", lease=LEASE, limit=5)
        driver.set_progress_handler(None, 0)

    database.run_now(claim)
    database.run_now(lambda uow: uow.outbox.release("me"))
    return steps


def _put(database: Database, *rows: Any) -> list[OutboxRecord]:
    return database.run_now(lambda uow: uow.outbox.put(rows))


def _claim(database: Database, now: datetime = NOW, owner: str = "me", limit: int = 100) -> list[str]:
    claimed = database.run_now(lambda uow: uow.outbox.claim_due(now=now, owner=owner, lease=LEASE, limit=limit))
    return [record.id for record in claimed]


def _claim_all_that_is_left(database: Database) -> list[str]:
    left: list[str] = []
    while claimed := _claim(database):
        left += claimed
        _mark_sent(database, claimed)
    return left


def _mark_sent(database: Database, claimed: list[str]) -> None:
    database.run_now(lambda uow: uow.outbox.mark_sent([(name, None) for name in claimed], NOW))


def _waiting(database: Database) -> tuple[int, datetime | None]:
    return database.run_now(lambda uow: (uow.outbox.pending_count(), uow.outbox.oldest_pending_at()))

"""Keys can be changed while the front door is open, and nothing is lost with the old one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from storage.audit import SYSTEM_CHAIN
from storage.database import Database
from storage.rotation import sealed_tables
from storage.sealed import CannotOpen, Keyring
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import NOW, answer, begin, keep, outgoing

Open = Callable[[Keyring], Database]


@pytest.fixture
def open_with(database_url: str) -> Iterator[Open]:
    """Open the one database with a given keyring, as after a restart."""
    opened: list[Database] = []

    def open_with(keyring: Keyring) -> Database:
        for before in opened:
            before.dispose()
        opened.append(Database(database_url, keyring=keyring))
        return opened[-1]

    yield open_with
    for database in opened:
        database.dispose()


def test_after_rotation_the_new_key_is_enough(open_with: Open) -> None:
    """An old key that leaked must become worthless."""
    old = Keyring.generate()
    open_with(old).run_now(_fill)
    both = old.with_new_key()
    counts = open_with(both).rotate(batch=2)
    assert counts == {table.name: _rows(counts, table.name) for table in sealed_tables()}
    assert counts["turn"] == 5
    only_new = Keyring.from_text(both.as_text().split(",")[0])
    database = open_with(only_new)
    assert database.check() == []
    database.run_now(_read_everything)


def test_everything_is_found_before_during_and_after_rotation(open_with: Open) -> None:
    """Rotation takes time, and people keep writing while it runs."""
    old = Keyring.generate()
    open_with(old).run_now(_fill)
    both = old.with_new_key()
    database = open_with(both)
    database.run_now(_find_everything)
    rounds = 0

    def stop_half_way(work: Callable[[UnitOfWork], int]) -> int:
        nonlocal rounds
        rounds += 1
        if rounds > 4:
            raise KeyboardInterrupt
        return database.run_now(work)

    from storage.rotation import rotate

    with pytest.raises(KeyboardInterrupt):
        rotate(stop_half_way, 2)
    database.run_now(_find_everything)
    assert sum(database.rotate(batch=3).values()) > 0
    database.run_now(_find_everything)
    assert sum(database.rotate(batch=3).values()) == 0


def test_message_kept_under_the_old_key_is_still_the_same_message(open_with: Open) -> None:
    """A redelivery that spans a change of keys is answered once."""
    old = Keyring.generate()
    conversation = open_with(old).run_now(begin)
    open_with(old).run_now(lambda uow: keep(uow, conversation, external_id="7"))
    database = open_with(old.with_new_key())
    assert database.run_now(lambda uow: keep(uow, conversation, external_id="7"))[1] is False


def test_audit_is_whole_after_rotation(open_with: Open) -> None:
    """Sealing anew is not tampering, and leaves the triggers in force."""
    old = Keyring.generate()
    open_with(old).run_now(_fill)
    database = open_with(old.with_new_key())
    assert database.rotate()["audit_entry"] == 3
    assert database.run_now(lambda uow: uow.audit.verify()) == []
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit_unlocked")).scalar_one() == 0


def test_wrong_key_is_told_before_anybody_is_answered(open_with: Open) -> None:
    """A front door that cannot read its own records must say so at the start, not in a conversation."""
    open_with(Keyring.generate()).run_now(_fill)
    database = open_with(Keyring.generate())
    problems = database.check()
    assert any(problem.startswith("turn: ") for problem in problems)
    assert all("Robin" not in problem for problem in problems)
    with pytest.raises(CannotOpen):
        database.run_now(lambda uow: uow.enquiries.list_for_export())


def _fill(uow: UnitOfWork) -> None:
    conversation = begin(uow, "960001", token="the token")
    for number in range(5):
        keep(uow, conversation, external_id=str(number))
    answer(uow, conversation)
    uow.people.new("child", NOW, name="Robin Núñez", phone="07700 900123", date_of_birth="2015-03-14")
    uow.outbox.put([outgoing(conversation)])
    uow.duty_workers.add(name="Alex", email="alex@example.org", role="duty_worker", now=NOW, telegram="960500")
    for number in range(3):
        uow.audit.write(
            chain=SYSTEM_CHAIN,
            at=NOW,
            actor="system",
            act="opened",
            record_type="enquiry",
            record_id=str(number),
            reason="because" if number else None,
        )


def _find_everything(uow: UnitOfWork) -> None:
    conversation = uow.conversations.find("telegram", "960001")
    assert conversation is not None
    assert uow.conversations.find_by_token("the token") == conversation
    assert all(uow.turns.by_external("telegram", "960001", str(number)) for number in range(5))
    assert uow.enquiries.by_reference(uow.enquiries.get(conversation.enquiry_id).reference)
    assert uow.people.find_by_phone("07700900123")
    assert uow.people.find_by_surname_and_dob("nunez", "2015-03-14")
    assert uow.duty_workers.by_email("alex@example.org")
    assert uow.duty_workers.by_telegram("960500")


def _read_everything(uow: UnitOfWork) -> None:
    _find_everything(uow)
    for enquiry in uow.enquiries.list_for_export():
        uow.answers.history(enquiry.id)
        for conversation in uow.conversations.of_enquiry(enquiry.id):
            assert len(uow.turns.of(conversation.id)) == 5
            assert len(uow.outbox.of_conversation(conversation.id)) == 1
    assert len(uow.audit.of(SYSTEM_CHAIN)) == 3


def _rows(counts: dict[str, int], table: str) -> int:
    return {"turn": 5, "audit_entry": 3, "person": 2}.get(
        table, 1 if table in ("answer", "conversation", "duty_worker", "enquiry", "outbox_message") else 0
    )

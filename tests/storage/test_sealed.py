"""Personal words are sealed on disk, whatever they are, and only the right keys open them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import JSON, String, Table, Text, create_engine, text

from storage.blind_index import Purpose
from storage.columns import Code, metadata
from storage.database import Database
from storage.rotation import INDEXES, sealed_columns, sealed_tables
from storage.sealed import CannotOpen, Keyring, SealedJson, SealedText, use_keyring
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import NOW, answer, begin, keep, outgoing

SECRET = "xylophoneSecret"

IDS = {"id", "conversation_id", "enquiry_id", "person_id", "reporter_id", "household_id", "turn_id"}
IDS |= {"edits_turn_id", "replaces_id", "worker_id", "decider_id", "hold_id", "decision_id", "outbox_id"}
IDS |= {"done_by", "answered_by", "reviewed_by", "acknowledged_by", "closed_by", "seen_by", "alert_id"}
IDS |= {"follow_up_id", "begun_by", "stopped_by", "ended_by", "writer_id", "confirmed_by", "owner_id"}
PLAIN_ON_PURPOSE = {("flow_version", "content")}
"""The flows are the area's own published words: no person's."""


def test_every_column_of_words_is_sealed() -> None:
    """A new column of free text, forgotten in the clear, would be found by nobody until it leaked."""
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, SealedText | SealedJson | Code):
                continue
            is_words = isinstance(column.type, String | Text | JSON)
            allowed = column.name in IDS or column.name.endswith("_index")
            assert not is_words or allowed or (table.name, column.name) in PLAIN_ON_PURPOSE, (
                f"{table.name}.{column.name} holds words in the clear"
            )


def test_every_sealed_column_is_sealed_for_its_own_place() -> None:
    """Sealing binds a value to its column: copied with another column's name it would open in both."""
    for table in sealed_tables():
        for name in sealed_columns(table):
            kind: Any = table.c[name].type
            assert kind.column == f"{table.name}.{name}"


def test_every_blind_index_can_be_made_anew() -> None:
    """Rotation makes indexes from the row alone; one left out would be lost with the old key."""
    keyring = Keyring.generate()
    for table in metadata.tables.values():
        named = {column.name for column in table.columns if column.name.endswith("_index")}
        row = dict.fromkeys((column.name for column in table.columns), "x")
        made = set(INDEXES[table.name](keyring, row)) if table.name in INDEXES else set()
        assert made == named, table.name


def test_nothing_a_person_said_can_be_read_from_the_database(database: Database, tmp_path: Path) -> None:
    """A stolen disk or backup must show no names, numbers, words or answers."""
    database.run_now(_fill_with_secrets)
    assert SECRET not in _everything_stored(database)
    database.dispose()
    for path in tmp_path.iterdir():
        assert SECRET.encode() not in path.read_bytes(), path.name


def test_search_of_everything_stored_would_find_words_in_the_clear(database: Database) -> None:
    """Proves that the test above can fail."""
    with database.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO audit_unlocked (id, purpose) VALUES ('x', :purpose)"), {"purpose": SECRET}
        )
    assert SECRET in _everything_stored(database)


@given(st.text(st.characters(codec=None)))
@example("half of an emoji \ud83d, a nought \x00, \u202e and \u200b")
def test_any_text_comes_back_as_typed(words: str) -> None:
    """Half an emoji, a control character, an empty message: what was typed is kept."""
    dialect = create_engine("sqlite://").dialect
    use_keyring(dialect, Keyring.generate())
    kind = SealedText("turn.words")
    assert kind.process_result_value(kind.process_bind_param(words, dialect), dialect) == words


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec=None)), inner, max_size=3)
    ),
)


@given(st.dictionaries(st.text(), json_values))
@example({"text": "\ud83d", "number": 10**499})
def test_any_json_comes_back_as_kept(value: dict[str, Any]) -> None:
    """The whole message is kept as JSON, and people send numbers of 500 digits."""
    dialect = create_engine("sqlite://").dialect
    use_keyring(dialect, Keyring.generate())
    kind = SealedJson("turn.message")
    assert kind.process_result_value(kind.process_bind_param(value, dialect), dialect) == value


def test_same_words_sealed_twice_look_different() -> None:
    """Equal values that look equal would tell who said the same thing."""
    keyring = Keyring.generate()
    assert keyring.seal(b"yes", b"a.b") != keyring.seal(b"yes", b"a.b")


def test_wrong_key_opens_nothing_and_tells_nothing() -> None:
    """The error of a wrong key reaches logs, so it may not carry what it could not open."""
    token = Keyring.generate().seal(SECRET.encode(), b"turn.words")
    with pytest.raises(CannotOpen) as caught:
        Keyring.generate().open(token, b"turn.words")
    assert str(caught.value) == "turn.words: sealed with a key we do not have"


@pytest.mark.parametrize("place", [0, 1, 5, 20, -1])
def test_damaged_value_does_not_open(place: int) -> None:
    """A changed byte anywhere must be noticed, and not decode to other words."""
    keyring = Keyring.generate()
    token = bytearray(keyring.seal(SECRET.encode(), b"turn.words"))
    token[place] ^= 1
    with pytest.raises(CannotOpen):
        keyring.open(bytes(token), b"turn.words")


def test_value_moved_to_another_column_does_not_open() -> None:
    """Somebody who can write to the database must not have it open a secret in a place that is shown."""
    keyring = Keyring.generate()
    with pytest.raises(CannotOpen):
        keyring.open(keyring.seal(b"words", b"person.name"), b"enquiry.reference")


@pytest.mark.parametrize("token", [b"", b"\x01", b"\x01abcd", b"\x02" + bytes(40)])
def test_what_was_never_sealed_does_not_open(token: bytes) -> None:
    """A truncated row is a `CannotOpen` like any other, not a crash of another kind."""
    keyring = Keyring.generate()
    with pytest.raises(CannotOpen):
        keyring.open(token, b"turn.words")
    with pytest.raises(CannotOpen):
        keyring.open(keyring.newest_head + token[:3], b"turn.words")


def test_keyring_comes_back_from_its_text() -> None:
    """ENCRYPTION_KEYS is how an operator hands the keys over, newest first."""
    keyring = Keyring.generate().with_new_key()
    again = Keyring.from_text(f" {keyring.as_text().replace(',', ' , ')} ")
    assert again.heads == keyring.heads
    assert again.newest_head == keyring.newest_head


@pytest.mark.parametrize("given_text", ["", ",", "c2hvcnQ=", "not base64 at all", "a" * 44])
def test_keys_that_are_none_are_refused_without_being_shown(given_text: str) -> None:
    """A key with a slip in it is nearly the key: the error may not show it."""
    with pytest.raises(ValueError, match="key") as caught:
        Keyring.from_text(given_text)
    assert not given_text.strip(",") or given_text not in str(caught.value)


def test_keyring_does_not_show_its_keys() -> None:
    """Settings are printed and logged."""
    keyring = Keyring.generate()
    assert repr(keyring) == "<Keyring of 1>"


@pytest.mark.parametrize(
    ("purpose", "one", "another"),
    [
        (Purpose.PHONE, "07700 900123", "+44 7700 900123"),
        (Purpose.PHONE, "(01632) 960001", "01632960001"),
        (Purpose.EMAIL, " Robin@Example.ORG", "robin@example.org"),
        (Purpose.SURNAME_DOB, "Núñez 2015-03-14", "NUNEZ 2015-03-14"),
        (Purpose.SURNAME_DOB, "O'Hara 2015-03-14", "ohara 2015-03-14"),
        (Purpose.REFERENCE, "7KM4-29QX", "7km429qx"),
    ],
)
def test_same_thing_written_two_ways_has_one_index(purpose: Purpose, one: str, another: str) -> None:
    """People write their own number three ways, and must be found by each."""
    keyring = Keyring.generate()
    assert keyring.index(purpose, one) == keyring.index(purpose, another)


def test_index_differs_between_purposes_and_keys() -> None:
    """One value in two columns, or in two areas' databases, must not be linkable."""
    one, other = Keyring.generate(), Keyring.generate()
    seen = {ring.index(purpose, "7") for ring in (one, other) for purpose in Purpose}
    assert len(seen) == 2 * len(Purpose)


def test_channel_address_is_told_apart_by_case() -> None:
    """An address is the channel's own id, and only people's own writing is folded."""
    keyring = Keyring.generate()
    assert keyring.index(Purpose.ADDRESS, "webchat:a") != keyring.index(Purpose.ADDRESS, "webchat:A")


def test_two_databases_in_one_process_keep_their_own_keys(sqlite_url: str, tmp_path: Path) -> None:
    """Keys belong to a database, not to the process."""
    first = Database(sqlite_url, keyring=Keyring.generate())
    second = Database(f"sqlite:///{tmp_path}/second.db", keyring=Keyring.generate())
    second.upgrade()
    one = first.run_now(lambda uow: begin(uow, "1"))
    other = second.run_now(lambda uow: begin(uow, "1"))
    assert first.run_now(lambda uow: uow.conversations.get(one.id)) == one
    assert second.run_now(lambda uow: uow.conversations.get(other.id)) == other
    first.dispose()
    second.dispose()


def _fill_with_secrets(uow: UnitOfWork) -> None:
    conversation = begin(uow, SECRET, state={"answers": SECRET}, token=SECRET)
    turn, _ = keep(
        uow,
        conversation,
        external_id=SECRET,
        words=SECRET,
        choice=SECRET,
        message={"attachment": {"reference": SECRET}},
        screening={"signals": [SECRET]},
    )
    answer(uow, conversation, label=SECRET, words=SECRET, answer={"is": "given", "value": SECRET})
    person = uow.people.new(
        "child", NOW, name=SECRET, phone=SECRET, email=SECRET, date_of_birth=SECRET, details={"school": SECRET}
    )
    enquiry_id = conversation.enquiry_id
    uow.enquiries.submit(enquiry_id, summary={"worry": SECRET}, now=NOW)
    rows = uow.outbox.put([outgoing(conversation, payload={"text": SECRET}, address=SECRET, turn_id=turn.id)])
    uow.outbox.mark_sent([(rows[0].id, {"refs": [SECRET]})], NOW)
    uow.concerns.raise_(
        enquiry_id=enquiry_id,
        conversation_id=conversation.id,
        turn_id=turn.id,
        indicator="neglect",
        urgency="immediate",
        source="screening",
        reasons=[{"what": SECRET}],
        now=NOW,
    )
    uow.consents.record(
        enquiry_id=enquiry_id,
        person_id=person.id,
        purpose="early_help",
        given="yes",
        wording_id="agree",
        wording_version=1,
        wording=SECRET,
        at=NOW,
    )
    uow.follow_ups.add(
        enquiry_id=enquiry_id, conversation_id=None, kind="check", due_at=NOW, now=NOW, details={"to": SECRET}
    )
    uow.duty_workers.add(
        name=SECRET, email=SECRET, role="duty_worker", now=NOW, telegram=SECRET, password_hash=SECRET
    )
    uow.audit.write(
        chain=enquiry_id,
        at=NOW,
        actor="person",
        act="told",
        record_type="turn",
        record_id=turn.id,
        reason=SECRET,
        details={"words": SECRET},
    )


def _everything_stored(database: Database) -> str:
    """Return every value of every row as the database itself holds it, below our column types."""
    found: list[str] = []
    with database.engine.connect() as connection:
        for table in metadata.tables.values():
            rows = connection.execute(text(f"SELECT * FROM {_quoted(table, database)}"))
            for row in rows:
                found += [_as_text(value) for value in row]
    assert len(found) > 1
    return "\n".join(found)


def _quoted(table: Table, database: Database) -> str:
    return database.engine.dialect.identifier_preparer.format_table(table)


def _as_text(value: Any) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)

"""What a person sends is kept once, in order, and handled in order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import NOW, begin, keep


def test_turn_is_kept_whole(database: Database) -> None:
    """The person's own words, to the letter, are what everything later rests on."""
    conversation = database.run_now(begin)
    turn, is_new = database.run_now(
        lambda uow: keep(
            uow,
            conversation,
            words="  he said 'go' \x00 \ud83d",
            choice="yes",
            message={"text": "\ud83d", "attachment": None},
            screening={"urgency": "same_day"},
            urgency="same_day",
            order=2**40,
            kind="edit",
        )
    )
    assert is_new
    assert database.run_now(lambda uow: uow.turns.of(conversation.id)) == [turn]
    assert turn.words == "  he said 'go' \x00 \ud83d"
    assert database.run_now(lambda uow: uow.conversations.get(conversation.id)).last_heard_at == NOW


def test_same_message_again_is_the_same_turn(database: Database) -> None:
    """Telegram repeats an update it did not see acknowledged."""
    conversation = database.run_now(begin)
    first = database.run_now(lambda uow: keep(uow, conversation, external_id="7"))
    again = database.run_now(lambda uow: keep(uow, conversation, external_id="7", words="Hello?"))
    assert first == (again[0], True)
    assert again[1] is False
    assert database.run_now(lambda uow: uow.conversations.get(conversation.id)).turns_kept == 1


def test_same_message_at_once_from_many_sides_is_kept_once(database: Database) -> None:
    """Two processes may be handed one update; a person must not be answered twice."""
    conversation = database.run_now(begin)

    def deliver(_: int) -> bool:
        return database.run_now(lambda uow: keep(uow, conversation, external_id="7"))[1]

    with ThreadPoolExecutor(8) as threads:
        kept = list(threads.map(deliver, range(32)))
    assert kept.count(True) == 1
    assert [turn.position for turn in database.run_now(lambda uow: uow.turns.of(conversation.id))] == [1]


def test_messages_at_once_take_positions_without_gaps(database: Database) -> None:
    """Someone who sends ten messages in a breath must have all ten, each in its own place."""
    conversation = database.run_now(begin)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: database.run_now(lambda uow: keep(uow, conversation)), range(24)))
    turns = database.run_now(lambda uow: uow.turns.of(conversation.id))
    assert [turn.position for turn in turns] == list(range(1, 25))
    assert database.run_now(lambda uow: uow.conversations.get(conversation.id)).turns_kept == 24


def test_two_first_messages_begin_one_conversation(database: Database) -> None:
    """A person who types twice before we answer is one person."""

    def hear(uow: UnitOfWork) -> str:
        found = uow.conversations.find("telegram", "960002")
        return (found or begin(uow, "960002")).id

    with ThreadPoolExecutor(8) as threads:
        begun = set(threads.map(lambda _: database.run_now(hear), range(16)))
    assert len(begun) == 1


def test_next_turn_is_the_first_sent_not_the_first_kept(database: Database) -> None:
    """Webhooks overtake each other on the way to us."""
    conversation = database.run_now(begin)
    for order in (12, 11, 13):
        database.run_now(lambda uow, order=order: keep(uow, conversation, order=order))
    assert _handle_all(database, conversation.id) == [11, 12, 13]


def test_next_turn_without_an_order_is_the_first_kept(database: Database) -> None:
    """The web chat tells no order, and what came first is first."""
    conversation = database.run_now(begin)
    kept = [database.run_now(lambda uow: keep(uow, conversation))[0].position for _ in range(3)]
    assert kept == [1, 2, 3]
    first = database.run_now(lambda uow: uow.turns.next_unhandled(conversation.id))
    assert first is not None
    assert first.position == 1


def test_turn_never_answered_is_found_by_the_bell(database: Database) -> None:
    """A crash after keeping and before answering must not leave a person waiting."""
    conversation = database.run_now(begin)
    turn, _ = database.run_now(lambda uow: keep(uow, conversation))
    early, late = NOW - timedelta(seconds=1), NOW
    assert database.run_now(lambda uow: uow.turns.conversations_with_unhandled(early, 10)) == []
    assert database.run_now(lambda uow: uow.turns.conversations_with_unhandled(late, 10)) == [conversation.id]
    database.run_now(lambda uow: uow.turns.mark_handled(turn.id, "answered", NOW))
    assert database.run_now(lambda uow: uow.turns.conversations_with_unhandled(late, 10)) == []
    assert database.run_now(lambda uow: uow.turns.next_unhandled(conversation.id)) is None


def test_turn_that_failed_waits_but_keeps_its_place(database: Database) -> None:
    """A turn that cannot be handled is left alone for a while, and is still handled before what follows it."""
    conversation = database.run_now(begin)
    turn, _ = database.run_now(lambda uow: keep(uow, conversation))
    later = NOW + timedelta(minutes=5)
    assert database.run_now(lambda uow: uow.turns.note_failure(turn.id, NOW, later)) == 1
    assert database.run_now(lambda uow: uow.turns.note_failure(turn.id, NOW, later)) == 2
    assert database.run_now(lambda uow: uow.turns.conversations_with_unhandled(NOW, 10)) == []
    assert database.run_now(lambda uow: uow.turns.conversations_with_unhandled(later, 10)) == [conversation.id]
    waiting = database.run_now(lambda uow: uow.turns.next_unhandled(conversation.id))
    assert waiting is not None
    assert (waiting.id, waiting.attempts) == (turn.id, 2)


def test_one_external_id_at_two_addresses_is_two_messages(database: Database) -> None:
    """Telegram numbers messages within a chat, so two people send a message 7."""
    one, other = database.run_now(begin), database.run_now(lambda uow: begin(uow, "960003"))
    for conversation in (one, other):
        assert database.run_now(lambda uow, c=conversation: keep(uow, c, external_id="7"))[1]


def _handle_all(database: Database, conversation_id: str) -> list[int]:
    handled = []
    while turn := database.run_now(lambda uow: uow.turns.next_unhandled(conversation_id)):
        handled.append(turn.sent_order)
        database.run_now(lambda uow, turn=turn: uow.turns.mark_handled(turn.id, "answered", NOW))
    return handled

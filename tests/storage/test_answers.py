"""Every answer ever given is kept; one at each place stands."""

from __future__ import annotations

from datetime import timedelta

from storage.database import Database
from tests.storage.builders import NOW, answer, begin

LATER = NOW + timedelta(minutes=1)


def test_changed_answer_keeps_the_one_before(database: Database) -> None:
    """The worker sees that an answer changed, and what it was."""
    conversation = database.run_now(begin)
    first = database.run_now(lambda uow: answer(uow, conversation, words="Robin"))
    second = database.run_now(lambda uow: answer(uow, conversation, words="Robyn", now=LATER))
    history = database.run_now(lambda uow: uow.answers.history(conversation.enquiry_id))
    assert [(a.words, a.superseded_at, a.replaces_id) for a in history] == [
        ("Robin", LATER, None),
        ("Robyn", None, first.id),
    ]
    assert database.run_now(lambda uow: uow.answers.current(conversation.enquiry_id)) == [second]


def test_answers_at_two_places_stand_side_by_side(database: Database) -> None:
    """The first child's name is not the second's."""
    conversation = database.run_now(begin)
    for number in range(3):
        database.run_now(lambda uow, n=number: answer(uow, conversation, key=f"children.{n}.child_name"))
    current = database.run_now(lambda uow: uow.answers.current(conversation.enquiry_id))
    assert [a.key for a in current] == [f"children.{n}.child_name" for n in range(3)]


def test_answer_off_the_path_is_history(database: Database) -> None:
    """A question that no longer applies is not shown as answered, nor forgotten."""
    conversation = database.run_now(begin)
    given = database.run_now(lambda uow: answer(uow, conversation))
    assert database.run_now(lambda uow: uow.answers.retire(conversation.id, given.key, LATER)) is True
    assert database.run_now(lambda uow: uow.answers.retire(conversation.id, given.key, LATER)) is False
    assert database.run_now(lambda uow: uow.answers.current(conversation.enquiry_id)) == []
    history = database.run_now(lambda uow: uow.answers.history(conversation.enquiry_id))
    assert [a.superseded_at for a in history] == [LATER]
    again = database.run_now(lambda uow: answer(uow, conversation))
    assert again.replaces_id is None

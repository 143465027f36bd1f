"""Drafts that nobody came back to: gone when we said they would be, and only those."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import SteppedClock
from storage.conversations import ConversationStatus
from storage.database import Database
from storage.enquiries import EnquiryStatus
from storage.identifiers import ConversationId
from storage.unit_of_work import UnitOfWork
from tests.storage.builders import (
    begin,
    concern_about,
    decision_about,
    duty_worker,
    erase_old_drafts,
    hold_of,
    keep,
)


def _draft(uow: UnitOfWork, clock: SteppedClock) -> ConversationId:
    conversation = begin(uow, now=clock.now())
    turn, _ = keep(uow, conversation, words="The made-up child will not sleep", now=clock.now())
    uow.turns.mark_handled(turn.id, "answered", clock.now())
    return conversation.id


def test_a_draft_nobody_touched_is_erased_after_its_time(database: Database, clock: SteppedClock) -> None:
    """People are told in advance that it will be."""
    conversation_id = database.run_now(lambda uow: _draft(uow, clock))
    clock.tick(timedelta(days=31))
    before = clock.now() - timedelta(days=30)
    assert database.run_now(lambda uow: erase_old_drafts(uow, before, clock.now())) == 1
    conversation = database.run_now(lambda uow: uow.conversations.get(conversation_id))
    assert conversation.status is ConversationStatus.CLOSED
    assert conversation.address == ""
    assert [t.words for t in database.run_now(lambda uow: uow.turns.of(conversation_id))] == [""]
    enquiry = database.run_now(lambda uow: uow.enquiries.get(conversation.enquiry_id))
    assert enquiry.status is EnquiryStatus.CLOSED
    assert database.run_now(lambda uow: erase_old_drafts(uow, before, clock.now())) == 0


@pytest.mark.parametrize(
    "why", ["young", "worry", "sent", "decided", "to be decided", "person wanted", "just back"]
)
def test_what_is_not_an_old_draft_without_a_worry_stays(why: str, database: Database, clock: SteppedClock) -> None:
    """A worry, or something sent, is never deleted by a clock."""
    conversation_id = database.run_now(lambda uow: _draft(uow, clock))

    def keep_it(uow: UnitOfWork) -> None:
        conversation = uow.conversations.get(conversation_id)
        if why == "worry":
            concern_about(uow, conversation.enquiry_id, clock.now(), source="screening")
        if why == "person wanted":
            uow.audit.write(
                chain=conversation.enquiry_id,
                at=clock.now(),
                actor="front_door",
                act="person.wanted",
                record_type="enquiry",
                record_id=conversation.enquiry_id,
            )
        if why == "decided":
            decision_about(uow, conversation.enquiry_id, duty_worker(uow), clock.now())
        if why == "to be decided":
            hold_of(uow, conversation.enquiry_id, duty_worker(uow), clock.now())
        if why == "sent":
            uow.enquiries.submit(conversation.enquiry_id, summary={}, now=clock.now())

    database.run_now(keep_it)
    clock.tick(timedelta(days=29 if why == "young" else 400))
    if why == "just back":
        database.run_now(lambda uow: keep(uow, uow.conversations.get(conversation_id), now=clock.now()))
    before = clock.now() - timedelta(days=30)
    assert database.run_now(lambda uow: erase_old_drafts(uow, before, clock.now())) == 0
    assert [t.words for t in database.run_now(lambda uow: uow.turns.of(conversation_id))] != [""]

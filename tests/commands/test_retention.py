"""What an operator runs to delete by rule, and to see first what would go."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.commands.opened import open_database
from storage.conversations import ConversationRecord
from storage.unit_of_work import UnitOfWork
from tests.commands.conftest import Run
from tests.storage.builders import begin, keep


def _drafts(uow: UnitOfWork) -> list[ConversationRecord]:
    """One draft long untouched, and one of today."""
    now = SystemClock().now()
    made = []
    for address, at in (("960001", now - timedelta(days=40)), ("960002", now)):
        conversation = begin(uow, address, now=at)
        turn, _ = keep(uow, conversation, words="The made-up boy needs shoes", now=at)
        uow.turns.mark_handled(turn.id, "answered", at)
        made.append(uow.conversations.get(conversation.id))
    return made


def test_a_dry_run_says_what_would_go_and_deletes_nothing(run: Run, tmp_path: Path) -> None:
    """Nobody presses a button that deletes without having seen what it would delete. No words are shown."""
    assert run("db", "upgrade").exit_code == 0
    with open_database() as database:
        old, new = database.run_now(_drafts)
        references = [
            database.run_now(lambda uow, c=c: uow.enquiries.get(c.enquiry_id).reference) for c in (old, new)
        ]
    said = run("retention", "run", "--dry-run")
    assert said.exit_code == 0
    assert "would delete 1 draft, kept for 30 days" in said.output
    assert references[0] in said.output
    assert references[1] not in said.output
    assert "shoes" not in said.output
    again = run("retention", "run")
    assert "deleted 1 draft, kept for 30 days" in again.output
    assert "deleted 0 drafts" in run("retention", "run").output
    with open_database() as database:
        assert [t.words for t in database.run_now(lambda uow: uow.turns.of(old.id))] == [""]
        assert [t.words for t in database.run_now(lambda uow: uow.turns.of(new.id))] == [
            "The made-up boy needs shoes"
        ]

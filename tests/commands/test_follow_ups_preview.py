"""What would be sent to whom, shown before a change of rules takes effect, and nothing changed by looking."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import keyring_of
from bot.clock import SystemClock
from bot.followups import pieces
from bot.followups.kinds import FollowUpKind
from bot.settings import Settings
from flows.loader import DEFINITIONS
from storage.database import Database
from storage.follow_ups import Actor, FollowUpRecord
from storage.unit_of_work import UnitOfWork
from tests.commands.conftest import Run
from tests.storage.builders import close_queue


def promised(*, closed_queue: bool = False, many: int = 1) -> tuple[str, FollowUpRecord]:
    """A worker's task in three days, or so many of them, in the database of the command."""
    settings = Settings()
    database = Database(settings.database_url, keyring=keyring_of(settings))
    now = SystemClock().now()

    def work(uow: UnitOfWork) -> tuple[str, FollowUpRecord]:
        enquiry = uow.enquiries.open(audience="parent", area="exampleshire", reporter_id=None, now=now)
        if closed_queue:
            close_queue(uow, enquiry.id, now)
        by = now + timedelta(days=3)
        task = {"kind": FollowUpKind.ACTION, "actor": Actor.WORKER, "due_at": by, "promised_at": by}
        made = [uow.follow_ups.add(enquiry_id=enquiry.id, now=now, **task) for _ in range(many)]
        return enquiry.reference, made[0]

    try:
        return database.run_now(work)
    finally:
        database.dispose()


def test_a_run_through_lists_what_would_move_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    """Whoever changes an hour sees whose messages it moves before anybody is written to."""
    assert run("db", "upgrade").exit_code == 0
    reference, made = promised()
    hidden, _ = promised(closed_queue=True)
    rules = yaml.safe_load((DEFINITIONS / "areas" / "exampleshire.yaml").read_text(encoding="utf-8"))
    rules["follow_ups"] = {"bells_of": {"action": {"before_minutes": 90}}}
    new = tmp_path / "new.yaml"
    new.write_text(yaml.safe_dump(rules), encoding="utf-8")
    result = run("follow-ups", "preview", "--area", str(new))
    assert result.exit_code == 0, result.output
    assert "setting follow_ups.bells_of.action.before_minutes: 0.0 -> 90.0" in result.output
    assert f"{reference}: do what was agreed (parent or carer)" in result.output
    assert hidden not in result.output
    assert "1 of a closed queue are not listed." in result.output
    settings = Settings()
    database = Database(settings.database_url, keyring=keyring_of(settings))
    kept = database.run_now(lambda uow: uow.follow_ups.get(made.id))
    database.dispose()
    assert kept == made


def test_the_same_rules_move_nothing(run: Run) -> None:
    assert run("db", "upgrade").exit_code == 0
    reference, _ = promised()
    area = str(DEFINITIONS / "areas" / "exampleshire.yaml")
    result = run("follow-ups", "preview", "--area", area)
    assert reference not in result.output
    assert "0 would move" in result.output
    assert reference in run("follow-ups", "preview", "--area", area, "--all").output


def test_a_run_through_of_many_is_cut_into_pieces(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs beside the front door, which has the same one writer."""
    assert run("db", "upgrade").exit_code == 0
    many, sizes, whole = 2 * pieces.AT_ONCE + 1, list[int](), pieces.run_through
    promised(many=many)

    def counted(uow: UnitOfWork, house: Any, other: Any, handlings: Any, found: Any, at: Any) -> Any:
        sizes.append(len(found))
        return whole(uow, house, other, handlings, found, at)

    monkeypatch.setattr(pieces, "run_through", counted)
    result = run("follow-ups", "preview", "--area", str(DEFINITIONS / "areas" / "exampleshire.yaml"))
    assert f"{many} promised in 14 days; 0 would move, 0 be reworded." in result.output
    assert sizes == [pieces.AT_ONCE, pieces.AT_ONCE, 1]

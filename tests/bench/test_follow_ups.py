"""What the bench of promises says was kept was kept, and what waits still waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import follow_ups, in_process, waiting
from bot.settings import new_key
from storage.database import Database
from storage.sealed import Keyring
from storage.unit_of_work import UnitOfWork


def test_bench_keeps_what_is_due_and_leaves_what_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure for a promise that was not kept, or for a million that were, would flatter us."""
    for name, value in {
        "IDLE_SECONDS": 0.1,
        "SINGLE_SECONDS": 1,
        "RUSH_SECONDS": 2,
        "ALERTS": 3,
    }.items():
        monkeypatch.setattr(follow_ups, name, value)
    monkeypatch.setattr(waiting, "PEOPLE", 70)
    url, keys = in_process.sqlite_url(tmp_path), new_key()
    database = Database(url, keyring=Keyring.from_text(keys))
    database.upgrade()
    waiting.fill(database, 200)
    said: list[str] = []
    found = in_process.run(follow_ups.one(url, keys, single=5, rush=20, say=said.append))
    assert said == ["idle", "busy"]
    assert found["single"]["count"] == 5
    assert found["single"]["least"] >= 0
    assert sum(spread["count"] for spread in found["rush"].values()) == 20
    assert found["alerts"]["count"] == 3
    assert database.run_now(_standing) == 200
    database.dispose()
    both = [found | {"engine": "SQLite", "rows": rows, "server_idle": 0.0} for rows in (0, 200)]
    told = "\n".join(follow_ups.tell(both))
    assert "SQLite, 200" in told
    assert "alerts (3)" in told


def _standing(uow: UnitOfWork) -> int:
    return len(uow.follow_ups.standing(limit=1_000))

"""A figure is worth nothing where the conversation behind it did not go as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import end_to_end, figures, in_process, stages
from bench.people import PARENT, Stuck, hold
from bench.processes import echo_bot, front_door
from bot.settings import new_key
from flows.engine import Engine
from storage.unit_of_work import UnitOfWork


@pytest.fixture(autouse=True)
def without_warming_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_process, "WARM_UP", 1)


def test_each_conversation_ends_with_an_enquiry_that_was_sent(tmp_path: Path) -> None:
    """A change of the flow must stop the bench, not make it faster."""

    async def play() -> int:
        async with in_process.opened(in_process.sqlite_url(tmp_path)) as (app, channel):
            before = await app.database.run(_sent)
            assert await hold(app, channel, people=2, conversations=3) == 3 * len(PARENT)
            return await app.database.run(_sent) - before

    assert in_process.run(play()) == 3


def test_a_conversation_that_goes_another_way_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a question that is no longer asked would wait for ever, or be left out of the figures."""
    monkeypatch.setattr("bench.people.PATIENCE", 0.5)

    async def play() -> None:
        async with in_process.opened(in_process.sqlite_url(tmp_path)) as (app, channel):
            await hold(app, channel, people=1, conversations=1, script=("/start", {"tap": "not_a_button"}))

    with pytest.raises(ExceptionGroup) as told:
        in_process.run(play())
    assert told.group_contains(Stuck, match="not_a_button")


def test_the_clocks_hear_every_stage_and_leave_nothing_behind(tmp_path: Path) -> None:
    """A method that was renamed would leave a stage at nothing, which reads as free."""
    reply = Engine.reply
    clocks = stages.Clocks()

    async def play() -> None:
        async with in_process.opened(in_process.sqlite_url(tmp_path)) as (app, channel):
            with stages.on_the_line(clocks):
                await hold(app, channel, people=2, conversations=2)

    in_process.run(play())
    assert [part.name for part in stages.parts_of(clocks, 1.0) if part.cpu <= 0] == []
    assert Engine.reply is reply


@pytest.mark.parametrize("way", ["polling", "webhook"])
def test_whole_bots_hold_the_conversations_they_are_compared_by(tmp_path: Path, way: end_to_end.Way) -> None:
    """Ours to the sent enquiry, and the bare echo bot as many turns."""
    with front_door(tmp_path, way=way) as bot:
        ours = bot.play(PARENT, people=2, conversations=2)
    with echo_bot(tmp_path, way=way) as bot:
        bare = bot.play(end_to_end.WORDS, people=2, conversations=2)
    with echo_bot(tmp_path, way=way, keyboard=True) as bot:
        tapped = bot.play(end_to_end.WITH_BUTTONS, people=2, conversations=2)
    assert ours.turns == bare.turns == tapped.turns == 2 * len(PARENT)
    assert bare.calls == bare.turns
    assert tapped.calls == tapped.turns + 2 * sum(isinstance(line, dict) for line in PARENT)


def _sent(uow: UnitOfWork) -> int:
    return sum(enquiry.submitted_at is not None for enquiry in uow.enquiries.list_for_export())


def test_the_bench_of_the_figures_counts_what_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It fills tables by itself: a column that was renamed would leave a page of nothing, which is fast."""
    in_process.run(figures._measure(in_process.sqlite_url(tmp_path), 60, 1))
    said = capsys.readouterr().out
    for name in ("waits", "alerts", "outcomes", "needs", "areas", "repeats", "page of a year"):
        assert name in said


@pytest.mark.parametrize("with_postgresql", [False, True])
def test_each_database_is_measured_and_named(with_postgresql: bool) -> None:
    """A figure under the wrong name compares a database with itself."""

    async def measure(url: str) -> str:
        app = in_process.built(url, new_key())
        app.database.upgrade()
        dialect = app.database.engine.dialect.name
        app.database.dispose()
        return dialect

    found = in_process.on_each(measure, with_postgresql=with_postgresql)
    assert found == {"SQLite": "sqlite"} | ({"PostgreSQL": "postgresql"} if with_postgresql else {})

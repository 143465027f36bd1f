"""Kill the process between any two steps of a ladder: the next step is still taken, and taken once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from itertools import dropwhile
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.clock import SteppedClock
from bot.settings import new_key
from flows.loader import DEFINITIONS
from storage.alerts import AlertStepRecord
from storage.database import Database
from storage.outbox import OutboxStatus
from storage.sealed import Keyring
from tests.conversation.front import Sender, build_front
from tests.crash.climber import PLACES
from tests.crash.killing import DUTY_CHAT, HERE, SECONDS, Bot, KillingServer, environment, opened
from tests.safeguarding.climbing import EMERGENCY, in_danger
from tests.safeguarding.rotas import staff

RUNGS = 4
LADDER = """
ladders:
  emergency:
    repeat_minutes: 0.03
    rungs:
      - {minutes: 0, role: duty_worker}
      - {minutes: 0.03, role: manager}
      - {minutes: 0.06, role: head_of_service}
      - {minutes: 0.09, role: lado}
"""
"""Steps two seconds apart. Nobody is on the rota, so that each step rings the duty chat and no one else."""


@pytest.fixture
async def server() -> AsyncIterator[KillingServer]:
    server = KillingServer()
    await server.start()
    group = server.group("Duty")
    group.id = int(DUTY_CHAT)
    server.chats[group.id] = group
    yield server
    await server.stop()
    assert server.violations == []


@pytest.fixture(params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest, tmp_path: Path, server: KillingServer) -> dict[str, str]:
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    else:
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), tmp_path / "frontdoor.db")
        url = f"sqlite:///{tmp_path / 'frontdoor.db'}"
    example = (DEFINITIONS / "areas" / "exampleshire.yaml").read_text(encoding="utf-8")
    before, _, after = example.partition("\nladders:")
    others = dropwhile(lambda line: line.startswith((" ", "#")) or not line, after.splitlines()[1:])
    kept = "\n".join(others)
    (tmp_path / "area.yaml").write_text(f"{before}\n{kept}\n{LADDER}", encoding="utf-8")
    given = environment(url, tmp_path, telegram=server.root_url, token=server.token)
    return {**given, "FRONTDOOR_AREA": str(tmp_path / "area.yaml")}


@pytest.fixture
async def bot(told: dict[str, str], server: KillingServer, tmp_path: Path) -> AsyncIterator[Bot]:
    bot = Bot(told, tmp_path / "log.txt")
    server.kill = bot.kill
    await bot.begin()
    yield bot
    await bot.end()


def kept(told: dict[str, str]) -> list[AlertStepRecord]:
    """Return the steps taken, once the process is dead."""
    database = opened(told)

    def read(uow: Any) -> Any:
        [alert] = uow.alerts.standing()
        return uow.alerts.steps_of(alert.id)

    found: list[AlertStepRecord] = database.run_now(read)
    database.dispose()
    return found


async def rung(server: KillingServer, times: int) -> None:
    duty = server.chats[int(DUTY_CHAT)]
    await duty.expects(lambda chat: len(chat.from_bot) >= times, seconds=SECONDS)


def lived(climber: subprocess.Popen[str], **life: str) -> str:
    """Live one life of the process, and return how it ended."""
    assert climber.stdin is not None
    assert climber.stdout is not None
    climber.stdin.write(orjson.dumps(life).decode() + "\n")
    climber.stdin.flush()
    return climber.stdout.readline().strip()


@pytest.fixture(scope="module")
def climber() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.crash.climber"]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as made:
        assert made.stdout is not None
        assert made.stdout.readline() == "ready\n"
        yield made
        made.kill()


@pytest.mark.parametrize("place", PLACES)
async def test_killed_at_every_step_of_the_ladder(
    database_url: str, tmp_path: Path, clock: SteppedClock, climber: subprocess.Popen[str], place: str
) -> None:
    """In the step, before it is sent, while it is sent, after: the next process takes it, or has it, once."""
    keys, path = new_key(), tmp_path / "sent"
    database = Database(database_url, keyring=Keyring.from_text(keys))
    staff(database)
    front = build_front(database, clock=clock)
    alert = await in_danger(front, Sender(front.outside, clock))
    database.dispose()
    for at in (timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=5)):
        clock.tick(at)
        life = {"url": database_url, "keys": keys, "path": str(path), "now": clock.now().isoformat()}
        assert lived(climber, place=place, **life) == "killed"
        assert lived(climber, place="", **life) == "ended 0"
    database = Database(database_url, keyring=Keyring.from_text(keys))
    steps = database.run_now(lambda uow: uow.alerts.steps_of(alert.id))
    rows = [database.run_now(lambda uow, i=m["id"]: uow.outbox.get(i)) for s in steps for m in s.messages]  # type: ignore[misc]
    whole = database.run_now(lambda uow: uow.alerts.get(alert.id))
    database.dispose()
    assert [(s.number, s.rung) for s in steps] == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 4)]
    assert whole.next_step_at == clock.now() + timedelta(minutes=5)
    later = [row for row in rows if row.channel == "telegram" and row.created_at > alert.raised_at]
    assert {row.status for row in later} == {OutboxStatus.SENT}
    told = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    to_staff = Counter(message_id for message_id, address, _ in told if address != "960001")
    assert to_staff.keys() == {row.id for row in later}
    assert max(to_staff.values()) <= 2
    [waiting] = {text for _, address, text in told if address == "960001"}
    assert "No worker has answered yet." in waiting


async def test_killed_while_it_waits_for_the_next_step(
    server: KillingServer, told: dict[str, str], bot: Bot
) -> None:
    """Nothing is being done at all: what is due is in the database, and not in the process that died."""
    await server.person().says(EMERGENCY)
    kills = (1, 2)
    for times in kills:
        await rung(server, times)
        bot.kill()
    await rung(server, RUNGS + len(kills))  # what was sent as it died, and not yet marked so, is sent once more
    bot.kill()
    steps = kept(told)
    assert [s.rung for s in steps[:RUNGS]] == list(range(RUNGS))
    assert [s.number for s in steps] == list(range(1, len(steps) + 1))

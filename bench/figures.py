"""`python -m bench.figures`: the page "How we are doing" with many enquiries, and each of its counts."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import httpx
from sqlalchemy import delete, insert

from bench import machine
from bench.in_process import built, on_each
from bot.process import App
from bot.settings import new_key
from storage.columns import StoredTable, table_of
from storage.decisions import Decision
from storage.duty_workers import Role
from storage.enquiries import Enquiry, enquiry_indexes
from storage.enquiry_keys import PURPOSES, EnquiryKey, KeyKind
from storage.figures import Period
from storage.identifiers import new_id
from storage.queue import QueueMark, QueuePlace
from storage.sight import Sight
from storage.unit_of_work import UnitOfWork

AT_ONCE = 1_000
BORN = date(1900, 1, 1)
"""Children are told apart by their day of birth here: made-up names that differ in a number sound alike."""
DAYS = 365
EVERY_ALERT, EVERY_CLOSED, EVERY_REPEAT = 20, 250, 5
"""One enquiry in so many had an alert, is in the closed queue, is about a child known before."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.figures", description=__doc__)
    parser.add_argument("--enquiries", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL as well")
    given = parser.parse_args()
    print(machine.line())
    on_each(lambda url: _measure(url, given.enquiries, given.rounds), with_postgresql=given.postgresql)


async def _measure(url: str, enquiries: int, rounds: int) -> None:
    app = built(url, new_key())
    app.database.upgrade()
    await app.start(clocks=False)
    try:
        await _fill(app, enquiries)
        await _time_counts(app, rounds)
        cookie = await _sign_in(app)
        transport = httpx.ASGITransport(app=app.web)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk", cookies=cookie) as client:
            for period in ("month", "year"):
                await _time_page(client, period, rounds)
    finally:
        await app.stop()


async def _fill(app: App, enquiries: int) -> None:
    """Keep enquiries of a year as they stand once they are closed, by statements of many rows."""
    now, chance = app.clock.now(), random.Random(12)
    worker_id = await app.database.run(
        lambda uow: (
            uow.duty_workers.add(name="Sam", email="sam@exampleshire.example", role=Role.MANAGER, now=now).id
        )
    )
    for first in range(0, enquiries, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, enquiries))
        await app.database.run(_some(numbers, enquiries, now, worker_id, chance))


def _some(
    numbers: range, of: int, now: datetime, worker_id: str, chance: random.Random
) -> Callable[[UnitOfWork], None]:
    def work(uow: UnitOfWork) -> None:
        keyring = uow.enquiry_keys.keyring
        enquiries, places, keys, decisions = [], [], [], []
        for number in numbers:
            came = now - timedelta(days=DAYS) * (number / of)
            enquiry = _enquiry(came) | enquiry_indexes(keyring, {"reference": (ref := _reference(number))})
            enquiries.append(enquiry | {"reference": ref})
            places.append(_place(enquiry["id"], number, came, chance))
            child = number // EVERY_REPEAT if number % EVERY_REPEAT < 2 else number
            for kind, value in (
                (KeyKind.CHILD, f"Robin Vale|{BORN + timedelta(days=child)}"),
                (KeyKind.HOME, f"{child} DH1 5UL"),
                (KeyKind.NAME, f"Robin Vale{child}"),
                (KeyKind.SOUND, f"Robin Vale{child}"),
                (KeyKind.POSTCODE, "DH1 5UL"),
                (KeyKind.DISTRICT, f"DH{chance.randrange(1, 25)}"),
                (KeyKind.NEED, f"NEED{chance.randrange(30)}"),
                (KeyKind.NEED, f"NEED{chance.randrange(30)}"),
            ):
                index = keyring.index(PURPOSES[kind], value)
                row = {"id": new_id(), "enquiry_id": enquiry["id"], "source": "bench", "kind": kind}
                keys.append(row | {"value": value, "value_index": index})
            decisions.append(_decision(enquiry["id"], worker_id, came, chance))
        for table, rows in ((Enquiry, enquiries), (QueuePlace, places), (EnquiryKey, keys), (Decision, decisions)):
            _insert(uow, table, rows)
        for number, enquiry in zip(numbers, enquiries, strict=True):
            if number % EVERY_ALERT == 0:
                uow.alerts.raise_(
                    enquiry_id=enquiry["id"], conversation_id=None, urgency="immediate", now=enquiry["opened_at"]
                )
        uow.connection.execute(delete(table_of(QueueMark)))

    return work


def _insert(uow: UnitOfWork, table: type[StoredTable], rows: list[dict[str, Any]]) -> None:
    uow.connection.execute(insert(table_of(table)), rows)


def _reference(number: int) -> str:
    """References of their own: by chance two of so many would be the same."""
    return f"BENCH{number:08}"


def _enquiry(came: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "audience": "parent",
        "depth": "quick",
        "status": "closed",
        "urgency": "none",
        "opened_at": came,
        "submitted_at": came,
        "area": "exampleshire",
        "version": 1,
    }


def _place(enquiry_id: str, number: int, came: datetime, chance: random.Random) -> dict[str, Any]:
    answered = came + timedelta(minutes=chance.expovariate(1 / 90)) if chance.random() < 0.95 else None
    return {
        "enquiry_id": enquiry_id,
        "tier": 4,
        "due_at": came,
        "due": "decide",
        "why": "to_decide",
        "urgency": "none",
        "audience": "parent",
        "status": "closed",
        "closed_queue": number % EVERY_CLOSED == 1,
        "unanswered": False,
        "listed": False,
        "rules": "x",
        "change": number + 1,
        "came_at": came,
        "answered_at": answered,
        "channel": chance.choice(("telegram", "webchat")),
        "passed_on": False,
    }


def _decision(enquiry_id: str, worker_id: str, came: datetime, chance: random.Random) -> dict[str, Any]:
    return {
        "id": new_id(),
        "enquiry_id": enquiry_id,
        "worker_id": worker_id,
        "outcome": chance.choice(("IA", "EH", "REF", "CPE", "NFA")),
        "reason": "a reason",
        "details": {},
        "at": came,
    }


async def _time_counts(app: App, rounds: int) -> None:
    now = app.clock.now()
    sight, year = Sight(ordinary=True), Period(now - timedelta(days=DAYS), now)
    counts: dict[str, Callable[[UnitOfWork], object]] = {
        "waits": lambda uow: uow.figures.waits(sight, year),
        "alerts": lambda uow: uow.figures.alerts(sight, year),
        "outcomes": lambda uow: uow.figures.outcomes(sight, year),
        "needs": lambda uow: uow.figures.kinds(sight, year, KeyKind.NEED),
        "areas": lambda uow: uow.figures.kinds(sight, year, KeyKind.DISTRICT),
        "repeats": lambda uow: uow.figures.repeats(sight, year, now - timedelta(days=2 * DAYS)),
    }
    for name, work in counts.items():
        taken = []
        for _ in range(rounds):
            began = time.perf_counter()
            await app.database.run(work)
            taken.append(1000 * (time.perf_counter() - began))
        print(f"  {name:<16} median {median(taken):6.0f} ms   longest {max(taken):6.0f} ms, a whole year")


async def _sign_in(app: App) -> dict[str, str]:
    now = app.clock.now()

    def work(uow: UnitOfWork) -> str:
        worker = uow.duty_workers.by_email("sam@exampleshire.example")
        assert worker is not None
        return uow.desk_sessions.begin(worker.id, now).id

    return {"desk": app.desk.signing.cookies.value_of(await app.database.run(work))}


async def _time_page(client: httpx.AsyncClient, period: str, rounds: int) -> None:
    taken = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        answer = await client.get(f"/desk/how-we-are-doing?period={period}", headers={"Accept": "text/html"})
        taken.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200, answer.text
        assert answer.text.count('class="chart"') >= 3
    print(f"  page of a {period:<8} median {median(taken[1:]):6.0f} ms   longest {max(taken[1:]):6.0f} ms")


if __name__ == "__main__":
    main()

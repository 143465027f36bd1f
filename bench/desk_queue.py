"""`python -m bench.desk_queue`: the queue's page with many open enquiries, and how soon a change is on screen."""

from __future__ import annotations

import argparse
import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median

import httpx

from bench import machine
from bench.in_process import built, on_each
from bot.process import App
from bot.settings import new_key
from storage.duty_workers import Role
from storage.unit_of_work import UnitOfWork

AT_ONCE = 500
EVERY_CONCERN, EVERY_ALERT, EVERY_CLOSED = 5, 400, 250
"""One enquiry in so many holds a concern, an alert that nobody has answered, a concern of the closed queue."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.desk_queue", description=__doc__)
    parser.add_argument("--enquiries", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL as well")
    given = parser.parse_args()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    print(machine.line())
    on_each(lambda url: _measure(url, given.enquiries, given.rounds), with_postgresql=given.postgresql)


async def _measure(url: str, enquiries: int, rounds: int) -> None:
    app = built(url, new_key())
    app.database.upgrade()
    await app.start(clocks=False)
    try:
        await _fill(app, enquiries)
        began = time.perf_counter()
        await app.desk.feed.settle()
        print(f"  places worked out anew: {enquiries / (time.perf_counter() - began):,.0f} enquiries a second")
        cookie = await _sign_in(app)
        transport = httpx.ASGITransport(app=app.web)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk", cookies=cookie) as client:
            for name, path in await _paths(client):
                await _time(client, name, path, rounds)
        await _time_change(app, cookie["desk"])
    finally:
        await app.stop()


async def _fill(app: App, enquiries: int) -> None:
    now = app.clock.now()
    for first in range(0, enquiries, AT_ONCE):
        await app.database.run(_some(range(first, min(first + AT_ONCE, enquiries)), now))


def _some(numbers: range, now: datetime) -> Callable[[UnitOfWork], None]:
    def work(uow: UnitOfWork) -> None:
        for number in numbers:
            came = now - timedelta(minutes=number % 3000)
            enquiry = uow.enquiries.open(audience="parent", area="exampleshire", reporter_id=None, now=came)
            uow.enquiries.submit(enquiry.id, summary={}, now=came)
            is_alert, is_closed = number % EVERY_ALERT == 0, number % EVERY_CLOSED == 1
            if number % EVERY_CONCERN and not is_alert and not is_closed:
                continue
            uow.concerns.raise_(
                enquiry_id=enquiry.id,
                conversation_id=None,
                turn_id=None,
                indicator="allegation_professional" if is_closed else "neglect",
                urgency="immediate" if is_alert else "same_day",
                source="screening",
                reasons=[],
                now=came,
                closed_queue=is_closed,
            )
            if is_alert:
                uow.alerts.raise_(enquiry_id=enquiry.id, conversation_id=None, urgency="immediate", now=came)

    return work


async def _sign_in(app: App) -> dict[str, str]:
    now = app.clock.now()

    def work(uow: UnitOfWork) -> str:
        worker = uow.duty_workers.add(
            name="Alex Morgan", email="alex@exampleshire.example", role=Role.DUTY_WORKER, now=now
        )
        return uow.desk_sessions.begin(worker.id, now).id

    session_id = await app.database.run(work)
    return {"desk": app.desk.signing.cookies.value_of(session_id)}


async def _paths(client: httpx.AsyncClient) -> list[tuple[str, str]]:
    """The first page, its rows alone as a live page asks for them, a page further on, and a view."""
    page = (await client.get("/desk/", headers={"Accept": "text/html"})).text
    further = page.split('href="/desk/?')[-1].split('"')[0].replace("&amp;", "&")
    return [
        ("first page", "/desk/"),
        ("its rows alone", "/desk/?view=all&part=queue"),
        ("second page", f"/desk/?{further}"),
        ("view: overdue", "/desk/?view=overdue"),
        ("view: held", "/desk/?view=held"),
    ]


async def _time(client: httpx.AsyncClient, name: str, path: str, rounds: int) -> None:
    taken = []
    for _ in range(rounds + 3):
        began = time.perf_counter()
        answer = await client.get(path, headers={"Accept": "text/html"})
        taken.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200, answer.text
        assert "data-open>" in answer.text
    taken = sorted(taken[3:])
    worst = taken[min(len(taken) - 1, int(len(taken) * 0.95))]
    print(f"  {name:<16} median {median(taken):6.1f} ms   p95 {worst:6.1f} ms")


async def _time_change(app: App, cookie: str) -> None:
    """From the commit that raises a concern until the event that makes an open page read its rows again."""
    session_id, taken = cookie.rpartition(".")[0], []
    stream = app.desk.feed.stream(session_id, 0)
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def listen() -> None:
        async for event in stream:
            heard.put_nowait(event)

    listening = asyncio.create_task(listen())
    await asyncio.sleep(2)
    for number in range(1, 11):
        while not heard.empty():
            heard.get_nowait()
        await app.database.run(_some(range(number * EVERY_CONCERN, number * EVERY_CONCERN + 1), app.clock.now()))
        began = time.perf_counter()
        while b'"changed":true' not in await heard.get():
            continue
        taken.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(0.13 * number % 0.5)
    listening.cancel()
    print(f"  {'told of a change':<16} median {median(taken):6.1f} ms   most {max(taken):6.1f} ms")


if __name__ == "__main__":
    main()

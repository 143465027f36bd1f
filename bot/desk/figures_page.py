""" "How we are doing": charts of a period with the tables behind them, for managers; each as CSV too."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from bot.desk import figures
from bot.desk.access import Act
from bot.desk.charts import draw
from bot.desk.figures import Cell, Figure
from bot.desk.frame import Desk, DeskPages, NotThere, allowed
from bot.desk.queue import RECORDED
from bot.desk.signing import SignedIn
from bot.rota_drawing import TITLES
from storage.enquiry_keys import KeyKind
from storage.figures import Period, Wait
from storage.sight import Sight
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

PATH = "/desk/how-we-are-doing"
PERIODS: Mapping[str, tuple[str, int]] = {
    "week": ("The last 7 days", 7),
    "month": ("The last 4 weeks", 28),
    "quarter": ("The last 13 weeks", 91),
    "year": ("The last 12 months", 365),
}
USUAL = "month"
LONGEST = timedelta(days=5 * 366)
PIECE = timedelta(days=14)
LOOKED_BACK = timedelta(days=365)
"""An earlier enquiry about the same child or home counts as one for a year before the period."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The days that are looked at; `until` is the last of them. `name` is that of a usual period, if it is one."""

    name: str
    since: date
    until: date
    trouble: str = ""

    @property
    def query(self) -> str:
        return f"from={self.since.isoformat()}&until={self.until.isoformat()}"


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom figures are made, and of when."""

    sight: Sight
    chosen: Chosen
    period: Period


Every = Callable[[Asked], Awaitable[list[Figure]]]
One = Callable[[Asked, str], Awaitable[Figure | None]]


def figure_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    making = Making(desk)
    return charted(desk, pages, PATH, "How we are doing", making.every, making.one)


def charted(desk: Desk, pages: DeskPages, path: str, heading: str, every: Every, one: One) -> APIRouter:
    """Return a page of figures of a period, and each table behind them as CSV."""
    router = APIRouter(prefix=path, include_in_schema=False, default_response_class=Response)

    @router.get("")
    async def page(request: Request) -> Response:
        signed_in = await allowed(desk, request, Act.SEE_FIGURES)
        what = asked_of(desk, signed_in, request.query_params)
        made = await every(what)
        return await pages.render(
            request,
            signed_in,
            "figures.html",
            heading=heading,
            here=path,
            figures=[(figure, Markup(draw(figure))) for figure in made],  # noqa: S704 - drawn and escaped by pygal
            chosen=what.chosen,
            periods={name: label for name, (label, _) in PERIODS.items()},
            cell=_in_words,
            fewest=desk.area.figures.fewest,
        )

    @router.get("/{name}.csv")
    async def table(request: Request, name: str) -> Response:
        signed_in = await allowed(desk, request, Act.SEE_FIGURES)
        what = asked_of(desk, signed_in, request.query_params)
        figure = await one(what, name)
        if figure is None:
            raise NotThere
        file = f"{name}-{what.chosen.since.isoformat()}-{what.chosen.until.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "no-store"}
        return Response(as_csv(figure), media_type="text/csv; charset=utf-8", headers=headers)

    return router


class Making:
    """Makes each figure in units of work that are short: on SQLite a person's message waits for one, no longer."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._zone = ZoneInfo(desk.area.timezone)
        self._titles = {role.value: title for role, title in TITLES.items()}
        self.figures: Mapping[str, Callable[[Asked], Awaitable[Figure]]] = {
            "first-answer": self._first_answer,
            "alerts": self._alerts,
            "by-hour": self._by_hour,
            "by-channel": self._by_channel,
            "outcomes": self._outcomes,
            "needs": self._needs,
            "areas": self._areas,
            "repeats": self._repeats,
        }

    async def every(self, asked: Asked) -> list[Figure]:
        waits = await self._waits(asked)
        shared = self._of_waits(waits, asked)
        return [shared.get(name) or await make(asked) for name, make in self.figures.items()]

    async def one(self, asked: Asked, name: str) -> Figure | None:
        make = self.figures.get(name)
        return None if make is None else await make(asked)

    def _of_waits(self, waits: list[Wait], asked: Asked) -> dict[str, Figure]:
        chosen = asked.chosen
        return {
            "first-answer": figures.first_answers(waits, chosen.since, chosen.until, self._zone),
            "by-hour": figures.waits_by_hour(waits, self._zone),
            "by-channel": figures.waits_by_channel(waits),
        }

    async def _waits(self, asked: Asked) -> list[Wait]:
        """Return the waits. Whoever rang or came was answered as they spoke, and waited for nobody."""
        pieces = await each_piece(self._desk, asked, lambda uow, period: uow.figures.waits(asked.sight, period))
        return [wait for piece in pieces for wait in piece if wait.channel != RECORDED]

    async def _first_answer(self, asked: Asked) -> Figure:
        return self._of_waits(await self._waits(asked), asked)["first-answer"]

    async def _by_hour(self, asked: Asked) -> Figure:
        return self._of_waits(await self._waits(asked), asked)["by-hour"]

    async def _by_channel(self, asked: Asked) -> Figure:
        return self._of_waits(await self._waits(asked), asked)["by-channel"]

    async def _alerts(self, asked: Asked) -> Figure:
        pieces = await each_piece(self._desk, asked, lambda uow, period: uow.figures.alerts(asked.sight, period))
        found = [alert for piece in pieces for alert in piece]
        return figures.alerts_by_rung(found, self._desk.area, self._titles)

    async def _outcomes(self, asked: Asked) -> Figure:
        counts = await summed(self._desk, asked, lambda uow, period: uow.figures.outcomes(asked.sight, period))
        return figures.outcomes(counts, self._labels("contact_outcome", "description"), self._fewest)

    async def _needs(self, asked: Asked) -> Figure:
        counts = await summed(self._desk, asked, lambda uow, at: uow.figures.kinds(asked.sight, at, KeyKind.NEED))
        return figures.needs(counts, self._labels("need_categories", "label"), self._fewest)

    async def _areas(self, asked: Asked) -> Figure:
        counts = await summed(
            self._desk, asked, lambda uow, at: uow.figures.kinds(asked.sight, at, KeyKind.DISTRICT)
        )
        return figures.areas(counts, self._desk.area.figures.places, self._fewest)

    async def _repeats(self, asked: Asked) -> Figure:
        looked_back = asked.period.since - LOOKED_BACK
        counts = await summed(self._desk, asked, lambda uow, at: uow.figures.repeats(asked.sight, at, looked_back))
        return figures.repeats(counts, self._fewest)

    @property
    def _fewest(self) -> int:
        return self._desk.area.figures.fewest

    def _labels(self, of: str, column: str) -> Callable[[str], str]:
        labels = {row["code"]: row[column] for row in self._desk.house.catalog.lists[of].rows}
        return lambda code: labels.get(code, code)


def asked_of(desk: Desk, signed_in: SignedIn, query: Mapping[str, str]) -> Asked:
    """Return what is asked for. Glass that is broken opens one enquiry, and no counts."""
    zone = ZoneInfo(desk.area.timezone)
    chosen = chosen_of(query, desk.clock.now().astimezone(zone).date())
    period = Period(_midnight(chosen.since, zone), _midnight(chosen.until + timedelta(days=1), zone))
    return Asked(replace(signed_in.sight, opened=frozenset()), chosen, period)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


async def summed(desk: Desk, asked: Asked, work: Callable[[UnitOfWork, Period], Mapping[K, int]]) -> Counter[K]:
    """Add up what each piece counts: an enquiry comes once, and so is in one of them."""
    total: Counter[K] = Counter()
    for counts in await each_piece(desk, asked, work):
        total.update(counts)
    return total


async def each_piece(desk: Desk, asked: Asked, work: Callable[[UnitOfWork, Period], T]) -> list[T]:
    """Do some work for each piece of the period, each in a unit of its own."""
    return [await desk.run(partial(_swapped, work, piece)) for piece in pieces_of(asked.period)]


def _swapped(work: Callable[[UnitOfWork, Period], T], period: Period, uow: UnitOfWork) -> T:
    return work(uow, period)


def pieces_of(period: Period) -> list[Period]:
    """Cut a period into pieces, so that a year is no longer unit of work than a month."""
    found, since = [], period.since
    while since < period.until:
        until = min(since + PIECE, period.until)
        found.append(Period(since, until))
        since = until
    return found


def chosen_of(query: Mapping[str, str], today: date) -> Chosen:
    """Read a period: one of the usual ones, or the days from and until. Says what is wrong with it."""
    name = query.get("period", "")
    since, until = query.get("from", ""), query.get("until", "")
    if name in PERIODS or not (since or until):
        name = name if name in PERIODS else USUAL
        return _usual(name, today)
    try:
        first = date.fromisoformat(since)
        last = date.fromisoformat(until) if until else today
    except ValueError:
        return _wrong(today, "Choose a day in each box.")
    if last < first:
        return _wrong(today, "The last day is before the first.")
    if last - first > LONGEST or first.year < 2000 or last.year > today.year + 1:
        return _wrong(today, "Choose at most five years.")
    return Chosen("", first, last)


def as_csv(figure: Figure) -> str:
    """Return the table behind a figure. Waits are in minutes; nothing in it is read as a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    spans = [any(isinstance(row[place], timedelta) for row in figure.rows) for place in range(len(figure.columns))]
    writer.writerow(
        f"{column} (minutes)" if is_span else column for column, is_span in zip(figure.columns, spans, strict=True)
    )
    writer.writerows([_in_csv(cell) for cell in row] for row in figure.rows)
    return text.getvalue()


def _usual(name: str, today: date) -> Chosen:
    return Chosen(name, today - timedelta(days=PERIODS[name][1] - 1), today)


def _wrong(today: date, trouble: str) -> Chosen:
    return replace(_usual(USUAL, today), trouble=trouble)


def _in_words(cell: Cell) -> str:
    match cell:
        case None:
            return "none"
        case timedelta():
            return figures.spoken(cell)
        case _:
            return str(cell)


def _in_csv(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case timedelta():
            return f"{cell.total_seconds() / 60:.1f}"
        case str() if cell.startswith(_FORMULA):
            return f"'{cell}"
        case _:
            return str(cell)

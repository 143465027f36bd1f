"""What people say of us, for managers: counts with the tables behind them, each as CSV too, and nobody named."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from bot.desk import figures
from bot.desk.access import Act
from bot.desk.charts import draw
from bot.desk.figures import Figure
from bot.desk.figures_page import PERIODS, Making, as_csv, pieces_of
from bot.desk.figures_page import Asked as AskedFor
from bot.desk.frame import Desk, DeskPages, NotThere
from bot.desk.signing import NotAllowed, SignedIn
from storage.figures import Period
from storage.opinions import Said
from storage.unit_of_work import UnitOfWork

HERE = "/desk/what-people-say"


def opinion_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix=HERE, include_in_schema=False, default_response_class=Response)
    making = Making(desk)

    async def asked(request: Request) -> tuple[SignedIn, AskedFor]:
        signed_in = await desk.signing.who(request)
        if not signed_in.allows(Act.SEE_FIGURES):
            raise NotAllowed
        return signed_in, making.asked(signed_in, request.query_params)

    async def made(what: AskedFor) -> list[Figure]:
        counts: Counter[Said] = Counter()
        for piece in pieces_of(what.period):
            counts += await desk.run(lambda uow, at=piece: _counted(uow, what, at))  # type: ignore[misc]
        wording = desk.house.wording

        def words(key: str, audience: str) -> str:
            return wording.text(key, audience or "other")

        return figures.opinions(counts, words, desk.area.figures.fewest)

    @router.get("")
    async def page(request: Request) -> Response:
        signed_in, what = await asked(request)
        found = await made(what)
        return await pages.render(
            request,
            signed_in,
            "figures.html",
            heading="What people say",
            here=HERE,
            figures=[(figure, Markup(draw(figure))) for figure in found],  # noqa: S704 - drawn and escaped by pygal
            chosen=what.chosen,
            periods={name: label for name, (label, _) in PERIODS.items()},
            cell=str,
            fewest=desk.area.figures.fewest,
        )

    @router.get("/{name}.csv")
    async def table(request: Request, name: str) -> Response:
        _, what = await asked(request)
        figure = next((one for one in await made(what) if one.name == name), None)
        if figure is None:
            raise NotThere
        file = f"{name}-{what.chosen.since.isoformat()}-{what.chosen.until.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "no-store"}
        return Response(as_csv(figure), media_type="text/csv; charset=utf-8", headers=headers)

    return router


def _counted(uow: UnitOfWork, what: AskedFor, period: Period) -> Counter[Said]:
    return uow.opinions.counts(what.sight, period)

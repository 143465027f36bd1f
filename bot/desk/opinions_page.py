"""What people say of us, for managers: counts with the tables behind them, each as CSV too, and nobody named."""

from __future__ import annotations

from fastapi import APIRouter

from bot.desk import figures
from bot.desk.figures import Figure
from bot.desk.figures_page import Asked, charted, summed
from bot.desk.frame import Desk, DeskPages

HERE = "/desk/what-people-say"


def opinion_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    wording = desk.house.wording

    def words(key: str, audience: str) -> str:
        return wording.text(key, audience or "other")

    async def every(asked: Asked) -> list[Figure]:
        counts = await summed(desk, asked, lambda uow, period: uow.opinions.counts(asked.sight, period))
        return figures.opinions(counts, words, desk.area.figures.fewest)

    async def one(asked: Asked, name: str) -> Figure | None:
        return next((figure for figure in await every(asked) if figure.name == name), None)

    return charted(desk, pages, HERE, "What people say", every, one)

"""The rota's page: who is on now, and the gaps of the week."""

import asyncio
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from bot.desk.frame import Desk, DeskPages, standing_of
from bot.rota import ON_THE_ROTA, Rota
from bot.rota_drawing import gaps
from bot.working_time import WorkingTime
from storage.unit_of_work import UnitOfWork

A_WEEK = timedelta(days=7)


def rota_pages(desk: Desk, pages: DeskPages) -> APIRouter:
    router = APIRouter(prefix="/desk", include_in_schema=False, default_response_class=Response)
    signing = desk.signing

    @router.get("/rota")
    async def rota(request: Request) -> Response:
        signed_in = await signing.who(request)
        now = desk.clock.now()
        working_time = WorkingTime(desk.area)

        def read(uow: UnitOfWork) -> tuple[dict[str, Any], Rota]:
            shifts = uow.shifts.between(now, now + A_WEEK)
            return standing_of(uow, desk, signed_in), Rota(shifts, uow.duty_workers.list_all(), working_time)

        standing, timetable = await desk.run(read)
        on_now = [(role.value, timetable.on_duty(role, now)) for role in ON_THE_ROTA]
        found = await asyncio.to_thread(gaps, timetable, now, now + A_WEEK)
        return pages.rendered(
            request,
            signed_in,
            "rota.html",
            standing,
            on_now=on_now,
            gaps=found,
            is_open=working_time.is_open(now),
        )

    return router

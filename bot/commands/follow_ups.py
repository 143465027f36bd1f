"""`frontdoor follow-ups`: what would be sent to whom, and when, before a change of rules takes effect."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.app import build_app
from bot.conversation.house import House
from bot.desk.queue import Placing
from bot.followups.pieces import Through, in_pieces
from bot.followups.preview import MOST, RunThrough, changed_settings, window, with_rules
from bot.settings import Settings, with_own_secrets
from flows.area import Area
from flows.loader import BadDefinition, load_area
from storage.database import Database
from storage.follow_ups import FollowUpRecord
from storage.unit_of_work import UnitOfWork

app = typer.Typer(help="What is promised to people.", no_args_is_help=True)


@app.callback()
def _commands() -> None:
    """What is promised to people."""


@app.command("preview")
def preview(
    area: Annotated[Path, typer.Option(help="the area file as it would be")],
    days: Annotated[int, typer.Option(min=1, max=366, help="how many days to look ahead")] = 14,
    every: Annotated[bool, typer.Option("--all", help="also what does not change")] = False,
) -> None:
    """Show what of the coming days would go at another time, in other words or to a worker. Changes nothing.

    Closed queues are counted and not listed.
    """
    other_area = load_area(area)
    settings, _ = with_own_secrets(Settings(), may_make=True)
    built = build_app(settings)
    try:
        house, now = built.house, built.clock.now()
        if other_area.id != house.area.id:
            raise BadDefinition(f"{area.name} is the file of another area: {other_area.id}")
        for path, before, after in changed_settings(house.area, other_area):
            typer.echo(f"setting {path}: {before} -> {after}")
        through = asyncio.run(_run_through(built.database, house, other_area, days, now))
        _say(through.lines, house, every=every)
        _say_counts(through, days)
    finally:
        built.database.dispose()


async def _run_through(database: Database, house: House, area: Area, days: int, now: datetime) -> Through:
    placing = Placing(house.area)

    def choose(uow: UnitOfWork, found: Sequence[FollowUpRecord]) -> list[FollowUpRecord]:
        ids = list({f.enquiry_id for f in found})
        closed = {p.enquiry_id for p in map(placing.place, uow.queue.facts(ids)) if p.closed_queue} if ids else ()
        return [f for f in found if f.enquiry_id not in closed]

    other, until = with_rules(house, area), window(now, days)
    return await in_pieces(database, house, other, choose, until=until, now=now, most=MOST)


def _say(lines: Sequence[RunThrough], house: House, *, every: bool) -> None:
    zone, text = ZoneInfo(house.area.timezone), house.wording.text
    for line in lines:
        if not (every or line.is_moved or line.is_reworded):
            continue
        name = text(f"follow_up_{line.follow_up.kind}")
        to = text(f"kind_{line.enquiry.audience.value}") + (f", {line.channel}" if line.channel else "")
        typer.echo(f"{line.enquiry.reference}: {name} ({to})")
        for label, goes in (("today", line.today), ("then", line.then)):
            at = f"{goes.at.astimezone(zone):%a %d %b %H:%M}" if goes.at is not None else "a worker has it"
            why = f" {text(goes.why)}" if goes.why else ""
            typer.echo(f"  {label}: {at}.{why}")
        for label, goes in (("says today", line.today), ("says then", line.then)):
            if line.is_reworded:
                typer.echo(f"  {label}: {goes.says}")


def _say_counts(through: Through, days: int) -> None:
    lines, closed = through.lines, through.left_out
    moved = Counter(line.follow_up.kind for line in lines if line.is_moved)
    reworded = sum(line.is_reworded for line in lines)
    typer.echo(f"{len(lines)} promised in {days} days; {sum(moved.values())} would move, {reworded} be reworded.")
    for kind, many in sorted(moved.items()):
        typer.echo(f"  {kind}: {many}")
    if closed:
        typer.echo(f"{closed} of a closed queue are not listed.")

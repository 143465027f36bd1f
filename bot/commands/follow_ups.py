"""`frontdoor follow-ups`: what would be sent to whom, and when, before a change of rules takes effect."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.app import build_app
from bot.conversation.house import House
from bot.desk.queue import Placing
from bot.followups.preview import MOST, RunThrough, changed_settings, run_through, window, with_rules
from bot.followups.registry import handlings
from bot.settings import Settings, with_own_secrets
from flows.area import Area
from flows.loader import BadDefinition, load_area
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
        lines, closed = built.database.run_now(lambda uow: _lines(uow, house, other_area, days, now))
        _say(lines, house, every=every)
        _say_counts(lines, closed, days)
    finally:
        built.database.dispose()


def _lines(uow: UnitOfWork, house: House, area: Area, days: int, now: datetime) -> tuple[list[RunThrough], int]:
    found = uow.follow_ups.standing(until=window(now, days), limit=MOST)
    placing = Placing(house.area)
    ids = list({f.enquiry_id for f in found})
    closed = {p.enquiry_id for p in map(placing.place, uow.queue.facts(ids)) if p.closed_queue} if ids else set()
    kept = [f for f in found if f.enquiry_id not in closed]
    lines = list(run_through(uow, house, with_rules(house, area), handlings(), kept, now))
    return lines, len(found) - len(kept)


def _say(lines: list[RunThrough], house: House, *, every: bool) -> None:
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


def _say_counts(lines: list[RunThrough], closed: int, days: int) -> None:
    moved = Counter(line.follow_up.kind for line in lines if line.is_moved)
    reworded = sum(line.is_reworded for line in lines)
    typer.echo(f"{len(lines)} promised in {days} days; {sum(moved.values())} would move, {reworded} be reworded.")
    for kind, many in sorted(moved.items()):
        typer.echo(f"  {kind}: {many}")
    if closed:
        typer.echo(f"{closed} of a closed queue are not listed.")

"""Commands about how long things are kept."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.clock import SystemClock
from bot.commands.opened import open_database
from bot.followups.retention import AT_ONCE, Old, delete_old, find_old
from bot.settings import Settings
from flows.area import Area
from flows.loader import load_area

app = typer.Typer(help="Deletion by rule.", no_args_is_help=True)

MOST_SHOWN = 20


@app.callback()
def retention() -> None:
    """Deletion by rule."""


@app.command("run")
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would go, and delete nothing")] = False,
) -> None:
    """Delete drafts that were left half way, hold no worry, and were kept as long as the area says.

    The front door and its workers do this by themselves, each draft when its time has come.
    """
    area = load_area(Settings().area)
    now = SystemClock().now()
    with open_database() as database:
        if dry_run:
            old = database.run_now(lambda uow: find_old(uow, area.retention, now, AT_ONCE * 50))
            _say(f"would delete {_drafts(len(old))}", old, area)
            return
        gone: list[Old] = []
        while batch := database.run_now(lambda uow: delete_old(uow, area.retention, now)):
            gone += batch
    _say(f"deleted {_drafts(len(gone))}", gone, area)


def _drafts(count: int) -> str:
    return "1 draft" if count == 1 else f"{count} drafts"


def _say(what: str, old: list[Old], area: Area) -> None:
    typer.echo(f"{what}, kept for {area.retention.draft_days} days")
    zone = ZoneInfo(area.timezone)
    for each in old[:MOST_SHOWN]:
        typer.echo(f"  {each.reference}: last written in on {each.last_heard_at.astimezone(zone):%d %B %Y}")
    if len(old) > MOST_SHOWN:
        typer.echo(f"  and {len(old) - MOST_SHOWN} more")

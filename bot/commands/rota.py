"""`frontdoor rota`: takes a rota in from a file, and shows who is on duty."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.commands.opened import open_database
from bot.rota import Rota
from bot.rota_drawing import draw, gap_in_words, gaps
from bot.rota_files.base import Timetable, WrongRota
from bot.rota_files.calendar_file import read_calendar
from bot.rota_files.csv_file import read_csv
from bot.settings import BadSettings, Settings
from bot.working_time import WorkingTime
from flows.loader import load_area
from storage.audit import SYSTEM_CHAIN
from storage.database import Database
from storage.duty_workers import DutyWorkerRecord, Role
from storage.shifts import Replaced, ShiftRecord
from storage.unit_of_work import UnitOfWork

app = typer.Typer(help="The rota: import, show.", no_args_is_help=True)

OPERATOR = "system:operator"
"""Who acted, of what is done by a command: somebody at the machine, who did not sign in."""

LOOKED_AHEAD = timedelta(days=7)
MOST_DAYS = 62
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


@app.command("import")
def import_rota(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="FILE.csv or FILE.ics")],
    source: Annotated[
        str, typer.Option(help="what this rota is called; importing it again replaces it (the file's name)")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what is wrong with the file")] = False,
) -> None:
    """Take in a rota. Nothing is taken in while anything in it is wrong, and the same again changes nothing.

    CSV has the columns email,role,starts,ends,kind, with times as 2026-03-02 08:30 in the area's own time, and
    the kind on, cover or absence. In a calendar, invite the worker and call the event `Duty worker`,
    `Cover: manager` or `Absence`.
    """
    now, working_time = SystemClock().now(), WorkingTime(load_area(Settings().area))
    data = file.read_bytes()
    called = _NOT_PLAIN.sub("-", source or file.name)[:120]
    with open_database() as database:
        database.upgrade()
        workers = database.run_now(lambda uow: uow.duty_workers.list_all())
        try:
            timetable = _read(file, data, workers, working_time, now)
        except WrongRota as wrong:
            _refuse(file, wrong)
        for note in timetable.notes:
            typer.echo(note)
        if dry_run:
            typer.echo(f"{file.name} is in order: {len(timetable.shifts)} shifts; nothing was taken in")
            return
        done = database.run_now(lambda uow: keep_rota(uow, called, timetable, now, actor=OPERATOR))
    typer.echo(
        f"{called}: {done.added} added, {done.removed} taken out, {done.unchanged} as before"
        + (f"; {done.outside} of other weeks left as they were" if done.outside else "")
    )


def keep_rota(uow: UnitOfWork, source: str, timetable: Timetable, now: datetime, *, actor: str) -> Replaced:
    """Make what a source says of its time exactly this, and put it on the record."""
    done = uow.shifts.replace(source, timetable.shifts, since=timetable.since, until=timetable.until, now=now)
    uow.audit.write(
        chain=SYSTEM_CHAIN,
        at=now,
        actor=actor,
        act="rota.imported",
        record_type="rota",
        record_id=source[:80],
        details={
            "added": done.added,
            "removed": done.removed,
            "unchanged": done.unchanged,
            "since": timetable.since.isoformat(),
            "until": timetable.until.isoformat(),
        },
    )
    return done


@app.command("show")
def show(
    first: Annotated[str, typer.Option("--from", help="the first day, as 2026-03-02 (today)")] = "",
    days: Annotated[int, typer.Option(help="how many days", min=1, max=MOST_DAYS)] = 7,
) -> None:
    """Draw who is on duty, role by role, and where nobody is."""
    working_time = WorkingTime(load_area(Settings().area))
    day = _date(first) if first else working_time.date_of(SystemClock().now())
    since, until = working_time.midnight(day), working_time.midnight(day + timedelta(days=days))
    with open_database() as database:
        rota = load_rota(database, working_time, since, until)
    typer.echo(draw(rota, working_time, day, days))


def rota_problems(database: Database, working_time: WorkingTime, now: datetime) -> list[str]:
    """Return what an operator should mend: no duty worker, no manager, gaps in the coming week."""
    until = now + LOOKED_AHEAD
    workers, _ = _stored(database, now, until)
    able = {worker.role for worker in workers if worker.disabled_at is None}
    problems = []
    if Role.DUTY_WORKER not in able:
        problems.append("no duty worker: add one with `frontdoor staff add --role duty_worker`")
    if Role.MANAGER not in able:
        problems.append("no manager, so nothing can be decided: `frontdoor staff add --role manager`")
    found = gaps(load_rota(database, working_time, now, until), now, until)
    if found:
        rest = f", and {len(found) - 1} more: see `frontdoor rota show`" if len(found) > 1 else ""
        problems.append(f"rota: {gap_in_words(found[0], working_time)}{rest}")
    return problems


def load_rota(database: Database, working_time: WorkingTime, since: datetime, until: datetime) -> Rota:
    workers, shifts = _stored(database, since, until)
    return Rota(shifts, workers, working_time)


def _stored(
    database: Database, since: datetime, until: datetime
) -> tuple[list[DutyWorkerRecord], list[ShiftRecord]]:
    return database.run_now(lambda uow: (uow.duty_workers.list_all(), uow.shifts.between(since, until)))


def _read(
    file: Path, data: bytes, workers: list[DutyWorkerRecord], working_time: WorkingTime, now: datetime
) -> Timetable:
    match file.suffix.lower():
        case ".csv":
            return read_csv(data, workers, working_time.zone)
        case ".ics" | ".ical":
            return read_calendar(data, workers, working_time.zone, now)
        case _:
            raise BadSettings(f"{file.name}: a rota is a .csv or an .ics file")


def _refuse(file: Path, wrong: WrongRota) -> None:
    for mistake in wrong.mistakes:
        typer.echo(mistake, err=True)
    count = len(wrong.mistakes)
    raise BadSettings(f"{file.name}: {count} mistake{'s' if count > 1 else ''} to mend; nothing was taken in")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadSettings("--from: write the day as 2026-03-02") from None

"""Commands about how long things are kept: deletion by rule, and legal holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.clock import SystemClock
from bot.commands.opened import open_database
from bot.followups.records import Goes, Looked, Stays, keep_rules, look
from bot.followups.retention import AT_ONCE, Old, delete_old, find_old
from bot.safeguarding.telling import note_act
from bot.settings import BadSettings, Settings
from bot.working_time import WorkingTime
from flows.area import Area
from flows.loader import load_area, load_wording
from storage.audit import DRAFT_ERASED
from storage.database import Database
from storage.duty_workers import DutyWorkerRecord
from storage.enquiries import EnquiryRecord
from storage.legal_holds import LegalHoldRecord
from storage.unit_of_work import UnitOfWork

app = typer.Typer(help="Deletion by rule, and legal holds.", no_args_is_help=True)

MOST_SHOWN = 20
MOST_LOOKED_AT = AT_ONCE * 50


@app.callback()
def retention() -> None:
    """Deletion by rule, and legal holds."""


@app.command("run")
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would go, and delete nothing")] = False,
) -> None:
    """Delete what was kept as long as the area says: drafts left half way with no worry in them, and closed
    records whose rule somebody has confirmed, unless they are still needed.

    The front door and its workers do this by themselves, each when its time has come.
    """
    area = load_area(Settings().area)
    with open_database() as database:
        _drafts(database, area, dry_run=dry_run)
        _records(database, area, dry_run=dry_run)


@app.command("hold")
def hold(
    reference: Annotated[str, typer.Argument(help="the enquiry's reference")],
    reason: Annotated[str, typer.Option(help="why nothing of it may be deleted")],
    owner: Annotated[str, typer.Option(help="the e-mail address of whoever answers for the hold")],
) -> None:
    """Let nothing of an enquiry be deleted: by no rule, and not if somebody asks for it."""
    now = SystemClock().now()

    def work(uow: UnitOfWork) -> str:
        enquiry, worker = _found(uow, reference), _worker(uow, owner)
        enquiry = uow.enquiries.get_for_update(enquiry.id)
        erased = any(entry.act == DRAFT_ERASED for entry in uow.audit.of(enquiry.id))
        if erased or enquiry.erased_at is not None:
            raise BadSettings("that record was deleted before")
        if uow.legal_holds.standing_for(enquiry.id) is not None:
            raise BadSettings("that enquiry is under a legal hold already")
        begun = uow.legal_holds.begin(enquiry.id, owner_id=worker.id, reason=reason.strip(), now=now)
        note_act(uow, enquiry, worker.id, "legal_hold.begun", ("legal_hold", begun.id), now)
        return enquiry.reference

    if not reason.strip():
        raise BadSettings("--reason: say why")
    with open_database() as database:
        typer.echo(f"{database.run_now(work)}: nothing of it is deleted until the hold is ended")


@app.command("unhold")
def unhold(
    reference: Annotated[str, typer.Argument(help="the enquiry's reference")],
    because: Annotated[str, typer.Option(help="why it need not be kept any more")],
    by: Annotated[str, typer.Option(help="the e-mail address of whoever ends the hold")],
) -> None:
    """End a legal hold. What its rule would have deleted meanwhile goes when it is looked at next."""
    now = SystemClock().now()

    def work(uow: UnitOfWork) -> str:
        enquiry, worker = _found(uow, reference), _worker(uow, by)
        standing = uow.legal_holds.standing_for(enquiry.id)
        if standing is None:
            raise BadSettings("that enquiry is under no legal hold")
        uow.legal_holds.end(enquiry.id, worker_id=worker.id, because=because.strip(), now=now)
        note_act(uow, enquiry, worker.id, "legal_hold.ended", ("legal_hold", standing.id), now)
        return enquiry.reference

    if not because.strip():
        raise BadSettings("--because: say why")
    with open_database() as database:
        typer.echo(f"{database.run_now(work)}: the hold is ended")


@app.command("holds")
def holds() -> None:
    """List the legal holds that stand, with who answers for each."""
    zone = ZoneInfo(load_area(Settings().area).timezone)

    def work(uow: UnitOfWork) -> list[tuple[LegalHoldRecord, str, str]]:
        names = {worker.id: worker.name for worker in uow.duty_workers.list_all()}
        return [
            (each, uow.enquiries.get(each.enquiry_id).reference, names.get(each.owner_id, ""))
            for each in uow.legal_holds.standing()
        ]

    with open_database() as database:
        found = database.run_now(work)
    typer.echo(f"{_many(len(found), 'legal hold')}")
    for each, reference, name in found:
        typer.echo(f"  {reference}: since {each.begun_at.astimezone(zone):%d %B %Y}, {name}")


def _drafts(database: Database, area: Area, *, dry_run: bool) -> None:
    now = SystemClock().now()
    if dry_run:
        old = database.run_now(lambda uow: find_old(uow, area.retention, now, MOST_LOOKED_AT))
    else:
        old = []
        while batch := database.run_now(lambda uow: delete_old(uow, area.retention, now)):
            old += batch
    said = f"{_verb(dry_run)} {_many(len(old), 'draft')}, kept for {area.retention.draft_days} days"
    _list(said, (_draft_line(each, area) for each in old))


def _records(database: Database, area: Area, *, dry_run: bool) -> None:
    """Each unit deletes some and moves the rest on, so that the next finds others."""
    now, working_time = SystemClock().now(), WorkingTime(area)
    if dry_run:
        looked = database.run_now(lambda uow: look(uow, area, working_time, now, MOST_LOOKED_AT))
    else:
        looked = []
        while batch := database.run_now(lambda uow: keep_rules(uow, area, working_time, now)):
            looked += batch
    gone = [each for each in looked if isinstance(each.fate, Goes)]
    kept = [each for each in looked if isinstance(each.fate, Stays)]
    _list(f"{_verb(dry_run)} {_many(len(gone), 'record')}", (_gone_line(each, area) for each in gone))
    if kept:
        _list(f"kept {_many(len(kept), 'record')} all the same", (_kept_line(each) for each in kept))
    if not any(rule.is_on for rule in area.retention.records):
        typer.echo("no rule for records is on: see `retention.records` in the area's settings")


def _list(said: str, lines: Iterable[str]) -> None:
    typer.echo(said)
    every = list(lines)
    for line in every[:MOST_SHOWN]:
        typer.echo(f"  {line}")
    if len(every) > MOST_SHOWN:
        typer.echo(f"  and {len(every) - MOST_SHOWN} more")


def _draft_line(old: Old, area: Area) -> str:
    return f"{old.reference}: last written in on {old.last_heard_at.astimezone(ZoneInfo(area.timezone)):%d %B %Y}"


def _gone_line(looked: Looked, area: Area) -> str:
    rule = looked.fate.rule.certificate() if isinstance(looked.fate, Goes) else {}
    closed = f"{looked.closed_at.astimezone(ZoneInfo(area.timezone)):%d %B %Y}"
    return f"{looked.reference}: closed on {closed}, rule {rule.get('rule')} ({rule.get('kept')})"


def _kept_line(looked: Looked) -> str:
    why = looked.fate.why if isinstance(looked.fate, Stays) else ""
    wording, key = load_wording(), f"why_{why}"
    return f"{looked.reference}: {wording.text(key) if key in wording else why}"


def _verb(dry_run: bool) -> str:
    return "would delete" if dry_run else "deleted"


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"


def _found(uow: UnitOfWork, reference: str) -> EnquiryRecord:
    enquiry = uow.enquiries.by_reference(reference)
    if enquiry is None:
        raise BadSettings("there is no enquiry with that reference: check each letter and number")
    return enquiry


def _worker(uow: UnitOfWork, email: str) -> DutyWorkerRecord:
    worker = uow.duty_workers.by_email(email.strip())
    if worker is None or worker.disabled_at is not None:
        raise BadSettings("nobody who may sign in has that e-mail address: see `frontdoor staff list`")
    return worker

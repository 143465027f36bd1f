"""`frontdoor staff`: who may sign in and be on duty."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import phonenumbers
import typer
from email_validator import EmailNotValidError, validate_email

from bot.clock import SystemClock
from bot.commands.opened import open_database
from bot.commands.rota import OPERATOR
from bot.desk.passwords import hash_password, new_password, what_is_wrong
from bot.settings import BadSettings, Settings
from flows.loader import load_area
from storage.audit import SYSTEM_CHAIN
from storage.database import Database
from storage.duty_workers import DutyWorkerRecord, Role
from storage.repository import UniqueRace
from storage.shifts import ShiftKind
from storage.unit_of_work import UnitOfWork

app = typer.Typer(help="Staff: add, list, disable, password, phone.", no_args_is_help=True)

MOST_TRIES = 3
_LONGEST_NAME = 200


@app.command("add")
def add(
    name: Annotated[str, typer.Option(help="as people will read it")],
    email: Annotated[str, typer.Option(help="what they sign in with, and what a rota names them by")],
    role: Annotated[Role, typer.Option(help="what they are trusted with")],
    telegram: Annotated[str, typer.Option(help="their chat id in Telegram, where they are told")] = "",
    phone: Annotated[str, typer.Option(help="their mobile number, to which Notify texts")] = "",
) -> None:
    """Let somebody sign in, and be on duty. Asks for a first password, or prints one that works once."""
    shown, address = _name(name), _email(email)
    chat, number = _chat(telegram), _phone(phone)
    now = SystemClock().now()
    with open_database() as database:
        database.upgrade()
        if database.run_now(lambda uow: uow.duty_workers.by_email(address)) is not None:
            raise BadSettings("somebody has that e-mail address already: see `frontdoor staff list`")
        password, is_one_time = _first_password()
        kept = hash_password(password, is_one_time=is_one_time)

        def work(uow: UnitOfWork) -> None:
            worker = uow.duty_workers.add(
                name=shown, email=address, role=role, now=now, telegram=chat, password_hash=kept, phone=number
            )
            _write(uow, worker, "staff.added", now, role=role.value)

        try:
            database.run_now(work)
        except UniqueRace:
            raise BadSettings("somebody has that e-mail address already: see `frontdoor staff list`") from None
    typer.echo(f"added {shown}, {role.value}")
    _say(password, is_one_time)


@app.command("list")
def list_staff() -> None:
    """List who may sign in, and who no longer may."""
    with open_database() as database:
        database.upgrade()
        workers = database.run_now(lambda uow: uow.duty_workers.list_all())
    if not workers:
        typer.echo("nobody yet: add the first with `frontdoor staff add`")
    for worker in sorted(workers, key=lambda w: (w.disabled_at is not None, w.name.casefold())):
        told = ", ".join((_has("Telegram", worker.telegram), _has("phone", worker.phone)))
        state = f"disabled {worker.disabled_at:%Y-%m-%d}" if worker.disabled_at else "may sign in"
        typer.echo(f"{worker.name}  {worker.email}  {worker.role}  {told}  {state}")


@app.command("disable")
def disable(email: Annotated[str, typer.Argument(help="the e-mail address they sign in with")]) -> None:
    """Stop somebody signing in, being on duty and being told; say what they still hold."""
    now = SystemClock().now()
    with open_database() as database:
        database.upgrade()
        worker = _worker(database, email)
        if worker.disabled_at is not None:
            raise BadSettings("they were disabled before; nothing was changed")

        def work(uow: UnitOfWork) -> list[str]:
            undecided = set(uow.holds.without_decider(now))
            uow.duty_workers.disable(worker.id, now)
            undecided = set(uow.holds.without_decider(now)) - undecided
            held = what_they_hold(uow, worker, now, undecided=len(undecided))
            _write(uow, worker, "staff.disabled", now, held=held)
            return held

        held = database.run_now(work)
        left = database.run_now(lambda uow: uow.duty_workers.list_all())
    typer.echo(f"disabled {worker.name}: they can no longer sign in, and are not on duty")
    for line in held:
        typer.echo(f"still theirs: {line}")
    if not held:
        typer.echo("nothing is still theirs")
    if not any(w.role is worker.role and w.disabled_at is None for w in left):
        typer.echo(f"to mend: nobody else is {worker.role.value}", err=True)


@app.command("password")
def password(email: Annotated[str, typer.Argument(help="the e-mail address they sign in with")]) -> None:
    """Set a new password for somebody who has lost theirs."""
    now = SystemClock().now()
    with open_database() as database:
        database.upgrade()
        worker = _worker(database, email)
        chosen, is_one_time = _first_password()
        kept = hash_password(chosen, is_one_time=is_one_time)

        def work(uow: UnitOfWork) -> None:
            uow.duty_workers.set_password_hash(worker.id, kept)
            _write(uow, worker, "staff.password_set", now)

        database.run_now(work)
    typer.echo(f"a new password is set for {worker.name}")
    _say(chosen, is_one_time)


@app.command("phone")
def phone(
    email: Annotated[str, typer.Argument(help="the e-mail address they sign in with")],
    number: Annotated[str, typer.Argument(help="their mobile number; nothing takes it away")] = "",
) -> None:
    """Change the number to which somebody is texted."""
    now, kept = SystemClock().now(), _phone(number)
    with open_database() as database:
        database.upgrade()
        worker = _worker(database, email)

        def work(uow: UnitOfWork) -> None:
            uow.duty_workers.set_phone(worker.id, kept)
            _write(uow, worker, "staff.phone_set", now, has_one=kept is not None)

        database.run_now(work)
    typer.echo(f"{worker.name}: {'a new phone is kept' if kept else 'the phone is taken away'}")


def what_they_hold(uow: UnitOfWork, worker: DutyWorkerRecord, now: datetime, *, undecided: int) -> list[str]:
    """Return a line for each thing of a worker just disabled that somebody else has to take over."""
    zone = load_area(Settings().area).timezone
    enquiries = [e for e in uow.enquiries.held_by_the_disabled() if e.worker_id == worker.id]
    talking = [h for h in uow.handoffs.orphaned() if h.worker_id == worker.id]
    lines = [
        f"enquiry {enquiry.reference}: it goes back to the queue, to be taken by somebody else"
        for enquiry in enquiries
    ]
    if talking:
        lines.append(f"{_many(len(talking), 'conversation')} with a person: the front door answers again")
    if undecided:
        lines.append(f"{_many(undecided, 'decision')} to make: name somebody else")
    return [*lines, *_shifts_held(uow, worker, now, zone)]


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count > 1 else ''}"


def _shifts_held(uow: UnitOfWork, worker: DutyWorkerRecord, now: datetime, timezone: str) -> list[str]:
    shifts = [s for s in uow.shifts.of(worker.id, now) if s.kind is not ShiftKind.ABSENCE]
    if not shifts:
        return []
    first = max(shifts[0].starts_at, now).astimezone(ZoneInfo(timezone))
    count = _many(len(shifts), "shift")
    return [f"{count} on the rota, the first from {first:%H:%M} on {first:%Y-%m-%d}: somebody has to cover"]


def _worker(database: Database, email: str) -> DutyWorkerRecord:
    worker = database.run_now(lambda uow: uow.duty_workers.by_email(email.strip()))
    if worker is None:
        raise BadSettings("nobody has that e-mail address: see `frontdoor staff list`")
    return worker


def _write(uow: UnitOfWork, worker: DutyWorkerRecord, act: str, now: datetime, **details: object) -> None:
    uow.audit.write(
        chain=SYSTEM_CHAIN,
        at=now,
        actor=OPERATOR,
        act=act,
        record_type="duty_worker",
        record_id=worker.id,
        details=dict(details),
    )


def _first_password() -> tuple[str, bool]:
    """Return a password, and whether it works only once: one asked for at a terminal is its owner's own."""
    if not _is_at_a_terminal():
        return new_password(), True
    for _ in range(MOST_TRIES):
        typed: str = typer.prompt("First password", hide_input=True, confirmation_prompt=True)
        wrong = what_is_wrong(typed)
        if not wrong:
            return typed, False
        typer.echo(wrong, err=True)
    raise BadSettings("no password was set, and nothing was changed")


def _is_at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _say(password: str, is_one_time: bool) -> None:
    if is_one_time:
        typer.echo(f"  one-time password  {password}")
        typer.echo("  It is shown only now. At their first sign-in they choose their own.")


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadSettings(f"--name: write a name of at most {_LONGEST_NAME} letters")
    return name


def _email(text: str) -> str:
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise BadSettings("--email: that is not an e-mail address") from None


def _has(what: str, value: str | None) -> str:
    return what if value else f"no {what}"


def _phone(text: str) -> str | None:
    """Return a number as it is dialled from anywhere."""
    if not text.strip():
        return None
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number) or _is_short(number):
        raise BadSettings("--phone: that is not a phone number; write one such as 07700 900123")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_short(number: phonenumbers.PhoneNumber) -> bool:
    """Say whether a number of this country has a figure too few for a mobile."""
    return number.country_code == 44 and len(str(number.national_number)) < 10


def _chat(text: str) -> str | None:
    chat = text.strip()
    if chat and not chat.removeprefix("-").isdecimal():
        raise BadSettings("--telegram: a chat id is a number")
    return chat or None

"""Commands about what is kept: the database, exports, the audit, keys, screening of files, and the doctor."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.clock import SystemClock
from bot.commands.kept_until import calendars_that_end, what_is_deleted
from bot.commands.opened import open_database
from bot.commands.overdue import what_is_due
from bot.commands.rota import rota_problems
from bot.desk.export import export_enquiry
from bot.rasa.engine import build_engine, is_private
from bot.rasa.environment import installed_python
from bot.rasa.training import trained_model
from bot.rota import ON_THE_ROTA
from bot.settings import BadSettings, Settings, new_key, with_own_secrets
from bot.understanding import build_screener, build_understander
from bot.working_time import WorkingTime
from flows.loader import load_area, load_catalog, load_files, load_wording
from nlu import shipped
from nlu.base import NluUnavailable, Screening, Understander, Understanding
from nlu.embedded import FOLDER, Model
from nlu.trained import ModelMissing

database_app = typer.Typer(help="The database: upgrade, check, rotate keys.", no_args_is_help=True)
audit_app = typer.Typer(help="The audit record.", no_args_is_help=True)
keys_app = typer.Typer(help="Encryption keys.", no_args_is_help=True)

UNHURRIED = 4.5
"""Seconds that Rasa is waited for where no person is."""


class Engine(StrEnum):
    """What may understand messages."""

    EMBEDDED = "embedded"
    RASA = "rasa"


@database_app.command("upgrade")
def upgrade() -> None:
    """Bring the tables up to date."""
    with open_database() as database:
        database.upgrade()
    typer.echo("the database is up to date")


@database_app.command("check")
def check() -> None:
    """Check tables and keys."""
    with open_database() as database:
        problems = database.check()
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo("the database is sound")


@database_app.command("rotate-keys")
def rotate_keys() -> None:
    """Seal everything anew under the newest key, once every process has been restarted with it.

    A process that does not know the key finds nobody whose row was sealed with it.
    """
    with open_database() as database:
        for table, count in database.rotate().items():
            typer.echo(f"{table}: {count}")


@keys_app.command("new")
def new() -> None:
    """Print a new key. Put it first in FRONTDOOR_ENCRYPTION_KEYS, restart all, then run `db rotate-keys`."""
    typer.echo(new_key())


@audit_app.command("verify")
def verify() -> None:
    """Prove that nothing in the audit record was changed or taken out."""
    with open_database() as database:
        broken = database.run_now(lambda uow: uow.audit.verify())
    for chain in broken:
        typer.echo(f"chain {chain.chain} at {chain.position}: {chain.why}", err=True)
    if broken:
        raise typer.Exit(1)
    typer.echo("the audit record is whole")


def export(
    reference: Annotated[str, typer.Argument(help="one enquiry's reference; without it, all that were sent")] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="write here instead of the terminal")
    ] = None,
) -> None:
    """Export enquiries whole, as JSON: answers and their changes, words, concerns, consents, what we said."""
    with open_database() as database:
        if reference:
            found = database.run_now(lambda uow: uow.enquiries.by_reference(reference))
            if found is None:
                raise BadSettings("there is no enquiry with that reference: check each letter and number")
            content: Any = database.run_now(lambda uow: export_enquiry(uow, found))
        else:
            content = database.run_now(
                lambda uow: [export_enquiry(uow, e) for e in uow.enquiries.list_for_export() if e.submitted_at]
            )
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
    if output is None:
        typer.echo(text)
    else:
        handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.fchmod(handle, 0o600)  # also where the file was there before
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        typer.echo(f"wrote {output}: it holds personal words; keep it safe")


def screen(
    source: Annotated[Path, typer.Option("--in", help="JSON objects, one a line: id, text, speaker, language")],
    target: Annotated[Path, typer.Option("--out", help="where the results go, one a line, in the same order")],
    understander: Annotated[
        Engine, typer.Option(help="what understands; danger is always heard in process")
    ] = Engine.EMBEDDED,
) -> None:
    """Screen and understand messages from a file, offline."""
    typer.echo(f"screened {asyncio.run(_screen(source, target, understander))} messages")


async def _screen(source: Path, target: Path, understander: Engine) -> int:
    settings, catalog = Settings(), load_catalog()
    models = settings.screening_models
    screener = build_screener(catalog, load_area(settings.area), models=models)
    embedded = build_understander(catalog, models=models)
    count = 0
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as out:
        async with open_engine(understander, embedded) as reader:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                message = _message_of(line, number)
                heard = screener.screen(message["text"], speaker=message.get("speaker"))
                meant = await _understand(reader, message)
                out.write(json.dumps(_result(message, heard, meant), ensure_ascii=False) + "\n")
                count += 1
    return count


@asynccontextmanager
async def open_engine(understander: Engine, embedded: Understander) -> AsyncIterator[Understander]:
    """Give what understands; for Rasa the server as well, ours for so long or the one that is set."""
    if understander is Engine.EMBEDDED:
        yield embedded
        return
    engine = build_engine(Settings(rasa_timeout=UNHURRIED), embedded)
    await engine.start()
    try:
        await engine.wait_ready()
        yield engine.rasa
    except (NluUnavailable, TimeoutError) as error:
        raise BadSettings(
            f"Rasa does not answer ({str(error) or 'not in time'}): see `frontdoor doctor`"
        ) from None
    finally:
        await engine.stop()


def _message_of(line: str, number: int) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except json.JSONDecodeError:
        raise BadSettings(f"line {number} is not JSON") from None
    if not isinstance(message, dict) or not isinstance(message.get("text"), str) or "id" not in message:
        raise BadSettings(f"line {number} needs an `id` and a `text`")
    return message


async def _understand(reader: Understander, message: dict[str, Any]) -> Understanding:
    return await reader.understand(message["text"], language=message.get("language") or "en")


def _result(message: dict[str, Any], heard: Screening, meant: Understanding) -> dict[str, Any]:
    urgency = heard.urgency.value
    if urgency == "none" and meant.needs:
        urgency = "advice"
    return {
        "id": message["id"],
        "urgency": urgency,
        "indicators": list(heard.indicators),
        "needs": list(meant.needs),
        "intent": meant.intent,
        "confidence": round(meant.confidence, 3),
        "language": message.get("language") or meant.language,
        "reasons": [{"by": s.by, "what": s.what, "from": s.start, "to": s.end} for s in heard.signals],
    }


def _rasa(settings: Settings) -> tuple[str, list[str]]:
    """Return a line about Rasa, and what to mend."""
    if settings.understander != "rasa":
        return "Rasa: off (FRONTDOOR_UNDERSTANDER is embedded)", []
    try:
        if settings.rasa_url:
            return asyncio.run(_rasa_elsewhere(settings))
        python, model = installed_python(), trained_model(settings.rasa_recipe)
    except BadSettings as error:
        return "Rasa: not usable; the embedded understander would answer", [str(error)]
    return f"Rasa: {python.parent.parent.name}, {model.archive.parent.name}, started by `frontdoor serve`", []


async def _rasa_elsewhere(settings: Settings) -> tuple[str, list[str]]:
    engine = build_engine(settings, build_understander(load_catalog()))
    answers = await engine.rasa.ready()
    await engine.stop()
    problems = [] if answers else ["Rasa at FRONTDOOR_RASA_URL does not answer, or not to FRONTDOOR_RASA_TOKEN"]
    if not is_private(settings.rasa_url):
        problems.append(
            "FRONTDOOR_RASA_URL: words would travel readable; use https://, or a server on this machine"
        )
    return f"Rasa: at {settings.rasa_url}, {'answers' if answers else 'does not answer'}", problems


def doctor() -> None:
    """Check settings, database, keys, channels and flows; say what to mend."""
    problems: list[str] = []
    settings = Settings()
    problems += _secrets(settings)
    area = load_area(settings.area)
    load_wording()
    typer.echo(f"flows: {len(load_files())} files read")
    typer.echo(what_is_deleted(area))
    problems_of_days = calendars_that_end(area, WorkingTime(area).date_of(SystemClock().now()))
    if not problems:
        with open_database() as database:
            problems += database.check()
            if not problems:
                problems += rota_problems(database, WorkingTime(area), SystemClock().now())
                line, late = what_is_due(database, SystemClock().now(), area.timezone)
                typer.echo(line)
                problems += late
    problems += problems_of_days
    if settings.telegram_token is None:
        typer.echo("Telegram: off (FRONTDOOR_TELEGRAM_TOKEN is not set)")
    if not settings.telegram_duty_chat_id:
        problems.append("no duty chat: set FRONTDOOR_TELEGRAM_DUTY_CHAT_ID, or concerns are only printed here")
    line, notify_problems = _notify(settings)
    typer.echo(line)
    problems += notify_problems
    line, screening_problems = _screening(settings.screening_models)
    typer.echo(line)
    problems += screening_problems
    line, understanding_problems = _understanding()
    typer.echo(line)
    problems += understanding_problems
    line, rasa_problems = _rasa(settings)
    typer.echo(line)
    problems += rasa_problems
    for problem in problems:
        typer.echo(f"to mend: {problem}", err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo("all is well")


def _screening(models: Path) -> tuple[str, list[str]]:
    try:
        loaded = shipped.load(models)
    except ModelMissing as missing:
        return "screening: phrases and rules alone", [f"{missing}; danger without alarming words goes unheard"]
    at = loaded.stack.thresholds
    names = ", ".join(sorted(loaded.readers))
    heard = f"screening: phrases and rules, and the trained models are here ({names})"
    return f"{heard}; alert from {at.alert:.2f}, same day from {at.look:.2f}", []


def _understanding() -> tuple[str, list[str]]:
    try:
        Model.load(FOLDER)
    except NluUnavailable as missing:
        return "understanding: keywords alone", [f"{missing}; what people want is known by keywords alone"]
    return "understanding: the embedded engine, and its trained model is here", []


def _notify(settings: Settings) -> tuple[str, list[str]]:
    """Return a line about GOV.UK Notify, and who of those on a ladder it cannot reach."""
    if settings.notify_api_key is None:
        return "Notify: off (FRONTDOOR_NOTIFY_API_KEY is not set): no text messages, no e-mail", []
    templates = {
        "text messages": (settings.notify_sms_template, "FRONTDOOR_NOTIFY_SMS_TEMPLATE"),
        "e-mail": (settings.notify_email_template, "FRONTDOOR_NOTIFY_EMAIL_TEMPLATE"),
    }
    sends = [name for name, (template, _) in templates.items() if template]
    problems = [
        f"no {name}: {setting} is not set" for name, (template, setting) in templates.items() if not template
    ]
    if settings.notify_sms_template:
        problems += _without_a_phone()
    return f"Notify: on, sends {' and '.join(sends) or 'nothing'}, at {settings.notify_url}", problems


def _without_a_phone() -> list[str]:
    """Everybody signs in with an e-mail address; a phone may be missing."""
    with open_database() as database:
        if database.check():
            return []
        workers = database.run_now(lambda uow: uow.duty_workers.list_all())
    missing = [w for w in workers if w.disabled_at is None and w.role in ON_THE_ROTA and not w.phone]
    return [
        f"{w.name} ({w.role.value}) has no phone, so no text message reaches them: `frontdoor staff phone`"
        for w in missing
    ]


def _secrets(settings: Settings) -> list[str]:
    try:
        with_own_secrets(settings, may_make=False)
    except BadSettings as error:
        return [str(error)]
    return []

"""Commands about what is kept: the database, exports, the audit, keys, screening of files, and the doctor."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.app import build_screener, build_understander, keyring_of
from bot.desk.export import export_enquiry
from bot.settings import BadSettings, Settings, new_key, with_own_secrets
from flows.loader import load_area, load_catalog, load_files, load_wording
from nlu.base import Screening, Understander, Understanding
from storage.database import Database

database_app = typer.Typer(help="The database: upgrade, check, rotate keys.", no_args_is_help=True)
audit_app = typer.Typer(help="The audit record.", no_args_is_help=True)
keys_app = typer.Typer(help="Encryption keys.", no_args_is_help=True)


@contextmanager
def _database() -> Iterator[Database]:
    settings, _ = with_own_secrets(Settings(), may_make=True)
    database = Database(settings.database_url, keyring=keyring_of(settings))
    try:
        yield database
    finally:
        database.dispose()


@database_app.command("upgrade")
def upgrade() -> None:
    """Bring the tables up to date."""
    with _database() as database:
        database.upgrade()
    typer.echo("the database is up to date")


@database_app.command("check")
def check() -> None:
    """Check tables and keys."""
    with _database() as database:
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
    with _database() as database:
        for table, count in database.rotate().items():
            typer.echo(f"{table}: {count}")


@keys_app.command("new")
def new() -> None:
    """Print a new key. Put it first in FRONTDOOR_ENCRYPTION_KEYS, restart all, then run `db rotate-keys`."""
    typer.echo(new_key())


@audit_app.command("verify")
def verify() -> None:
    """Prove that nothing in the audit record was changed or taken out."""
    with _database() as database:
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
    with _database() as database:
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
    understander: Annotated[str, typer.Option(help="embedded; rasa comes with its own engine")] = "embedded",
) -> None:
    """Screen and understand messages from a file, offline."""
    if understander != "embedded":
        raise BadSettings("--understander: only `embedded` is there in this version")
    catalog = load_catalog()
    screener, reader = build_screener(catalog), build_understander(catalog)
    count = 0
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as out:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            message = _message_of(line, number)
            heard = screener.screen(message["text"], speaker=message.get("speaker"))
            meant = asyncio.run(_understand(reader, message))
            out.write(json.dumps(_result(message, heard, meant), ensure_ascii=False) + "\n")
            count += 1
    typer.echo(f"screened {count} messages")


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


def doctor() -> None:
    """Check settings, database, keys, channels and flows; say what to mend."""
    problems: list[str] = []
    settings = Settings()
    problems += _secrets(settings)
    load_area(settings.area)
    load_wording()
    typer.echo(f"flows: {len(load_files())} files read")
    if not problems:
        with _database() as database:
            problems += database.check()
    if settings.telegram_token is None:
        typer.echo("Telegram: off (FRONTDOOR_TELEGRAM_TOKEN is not set)")
    if not settings.telegram_duty_chat_id:
        problems.append("no duty chat: set FRONTDOOR_TELEGRAM_DUTY_CHAT_ID, or concerns are only printed here")
    typer.echo("screening: phrases (no model in this version)")
    for problem in problems:
        typer.echo(f"to mend: {problem}", err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo("all is well")


def _secrets(settings: Settings) -> list[str]:
    try:
        with_own_secrets(settings, may_make=False)
    except BadSettings as error:
        return [str(error)]
    return []

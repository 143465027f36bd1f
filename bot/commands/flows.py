"""`frontdoor flows`: checks, pictures and lists of the flows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.app import keyring_of
from bot.conversation.routing import ENTRY
from bot.settings import BadSettings, Settings, with_own_secrets
from flows.checks.whole import check_flows
from flows.drawing.picture import draw as draw_flow
from flows.loader import assemble, load_catalog, load_files, load_wording
from flows.schema import write_schema
from storage.database import Database

app = typer.Typer(help="The flows: check, draw, list.", no_args_is_help=True)


@app.command("check")
def check(
    offline: Annotated[
        bool, typer.Option("--offline", help="do not look at conversations in the database")
    ] = False,
) -> None:
    """Find mistakes in the flows: dead ends, unreachable steps, unknown fields, missing words, strandings."""
    in_use, stored = ({}, {}) if offline else _in_use()
    findings = check_flows(
        load_files(),
        [ENTRY],
        catalog=load_catalog(),
        wording=load_wording(),
        versions_in_use=in_use,
        stored_versions=stored,
    )
    for finding in findings:
        typer.echo(str(finding))
    errors = sum(f.severity == "error" for f in findings)
    typer.echo(f"{errors} errors, {len(findings) - errors} warnings")
    if errors:
        raise typer.Exit(1)


def _in_use() -> tuple[dict[tuple[str, int], int], dict[tuple[str, int], str]]:
    """Return how many conversations are in each kept version, and what was kept of each."""
    try:
        settings, _ = with_own_secrets(Settings(), may_make=False)
    except BadSettings:
        return {}, {}  # no database yet, so nobody is in a flow
    database = Database(settings.database_url, keyring=keyring_of(settings))
    try:
        if database.check():
            return {}, {}
        return database.run_now(lambda uow: (uow.conversations.versions_in_use(), uow.flow_versions.contents()))
    finally:
        database.dispose()


@app.command("draw")
def draw(
    flow: Annotated[str, typer.Argument(help="the flow's id, as `flows list` shows it")],
    output: Annotated[Path, typer.Option("--output", "-o", help="the SVG to write")],
    audience: Annotated[str, typer.Option("--as", help="draw it in the words for one audience")] = "",
) -> None:
    """Draw a flow as an SVG that a practitioner can read."""
    picture = draw_flow(assemble(flow, load_files()), load_wording(), audience or None)
    output.write_text(picture, encoding="utf-8")
    typer.echo(f"wrote {output}")


@app.command("list")
def list_flows() -> None:
    """List the flows with their versions."""
    for name, file in sorted(load_files().items()):
        kind = "part" if file.part else "flow"
        typer.echo(f"{name}  version {file.version}  {kind}  {file.title}")


@app.command("schema")
def schema() -> None:
    """Write the JSON Schema that editors complete flow files from."""
    typer.echo(f"wrote {write_schema()}")

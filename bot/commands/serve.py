"""`frontdoor serve` and `frontdoor worker`."""

from __future__ import annotations

import asyncio
import signal
from typing import Annotated

import typer

from bot.app import build_app
from bot.desk.first_sign_in import make_first_sign_in
from bot.logs import set_up_logs
from bot.process import App
from bot.rota_drawing import TITLES
from bot.settings import BadSettings, Settings, with_own_secrets

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on; 0 takes a free one", min=0, max=65535)] = 8000,
    no_clocks: Annotated[
        bool, typer.Option("--no-clocks", help="answer people only; let `frontdoor worker` ring the bells")
    ] = False,
) -> None:
    """Run the front door: web chat, API, and Telegram where a token is set."""
    settings, made = with_own_secrets(Settings(), may_make=True)
    set_up_logs(settings.log_level)
    for line in made:
        typer.echo(line)
    app = build_app(settings, write=typer.echo)
    _make_ready(app)
    if not settings.is_public:
        _say_first_sign_in(app)
    shown = "127.0.0.1" if host in LOCAL or host in ("0.0.0.0", "::") else host  # noqa: S104 - not bound here

    def on_ready(bound: int) -> None:
        typer.echo(f"Front Door for {app.house.area.name} is open.")
        typer.echo(f"  Web chat  {settings.public_url or f'http://{shown}:{bound}/'}")
        typer.echo(f"  Desk      {(settings.public_url or f'http://{shown}:{bound}').rstrip('/')}/desk/")
        telegram = f"on, by {settings.telegram_mode}" if app.telegram else "off: set FRONTDOOR_TELEGRAM_TOKEN"
        typer.echo(f"  Telegram  {telegram}")
        told = "a Telegram chat" if app.house.doorbell.channel == "telegram" else "this terminal, as [duty] lines"
        typer.echo(f"  Duty workers are told in {told}")

    run(app.serve(host, port, on_ready=on_ready, clocks=not no_clocks))


def worker() -> None:
    """Ring the bells only: send what waits, take up turns that were kept and not answered."""
    settings, _ = with_own_secrets(Settings(), may_make=False)
    set_up_logs(settings.log_level)
    app = build_app(settings, write=typer.echo)
    _make_ready(app)
    typer.echo("Front Door's worker is running.")
    run(_until_told(app))


def _say_first_sign_in(app: App) -> None:
    """Say it as soon as it is kept: a port that is taken must not cost the only showing of the passwords."""
    made = make_first_sign_in(app.database, app.house.area, app.clock.now())
    for who in made:
        typer.echo(f"Sign in as {who.name}, {TITLES[who.role].lower()}: {who.email}  password {who.password}")
    if made:
        typer.echo("These two are made up, and their passwords are shown only this once.")


def _make_ready(app: App) -> None:
    app.database.upgrade()
    if not app.database.opens():
        raise BadSettings(
            "FRONTDOOR_ENCRYPTION_KEYS do not open what is stored. "
            "Put back the keys it was sealed with, newest first."
        )


async def _until_told(app: App) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    await app.start(people=False)
    try:
        await stop.wait()
    finally:
        await app.stop()


def run(work: object) -> None:
    """Run on uvloop where there is one; it does the same work with less of the processor."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(work)  # type: ignore[arg-type]
    else:
        uvloop.run(work)  # type: ignore[arg-type]

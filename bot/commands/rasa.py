"""Commands about Rasa, the second understanding engine: install it, train it, run it by itself."""

from __future__ import annotations

import asyncio
import signal
from typing import Annotated

import typer

from bot.logs import set_up_logs
from bot.rasa.engine import build_server
from bot.rasa.environment import install as make_environment
from bot.rasa.environment import installed_python
from bot.rasa.training import RasaModel
from bot.rasa.training import train as train_model
from bot.settings import BadSettings, Settings

app = typer.Typer(help="Rasa, the second understanding engine: install, train, serve.", no_args_is_help=True)


@app.callback()
def rasa() -> None:
    """Rasa, the second understanding engine: install, train, serve."""


@app.command("install")
def install() -> None:
    """Make Rasa's own environment (Python 3.10) in the cache folder, unless it is there."""
    python = make_environment(Settings(), typer.echo)
    typer.echo(f"Rasa is installed: {python}")


@app.command("train")
def train() -> None:
    """Train Rasa on our own messages, unless it has been done for them as they are now."""
    settings = Settings()
    model = train_model(installed_python(), settings.rasa_recipe, typer.echo)
    typer.echo(f"Rasa is trained: {describe(model)}")


def describe(model: RasaModel) -> str:
    """Return one line about a model."""
    return f"{100 * model.right:.1f} % of the development messages right; acts on intents from {model.sure:.3f} on"


@app.command("serve")
def serve(
    host: Annotated[str, typer.Option(help="address to listen on; never one the public reaches")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on", min=1, max=65535)] = 5005,
) -> None:
    """Run Rasa's server by itself, for front doors elsewhere. Its token is FRONTDOOR_RASA_TOKEN."""
    settings = Settings()
    if settings.rasa_token is None:
        raise BadSettings("FRONTDOOR_RASA_TOKEN is not set: choose a long random one, and give it to both sides")
    set_up_logs(settings.log_level)
    server = build_server(settings, host=host, port=port)

    async def until_told() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, stop.set)
        await server.start()
        try:
            await stop.wait()
        finally:
            await server.stop()

    typer.echo(f"Rasa is starting on {host}:{port}; FRONTDOOR_RASA_SURE for it is {server.sure:.3f}")
    asyncio.run(until_told())

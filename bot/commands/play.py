"""`frontdoor play`: a conversation in the terminal."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from bot.app import build_app
from bot.channels.base import Choice, InboundMessage, MessageKind
from bot.channels.console import CONSOLE
from bot.conversation.base import Exchange, NoSuchConversation
from bot.logs import set_up_logs
from bot.process import App
from bot.settings import BadSettings, Settings, new_key, with_own_secrets

AUDIENCE_OF_FLOW = {
    "family": "parent",
    "young_person": "young_person",
    "public": "public",
    "professional": "professional",
}


def play(
    flow: Annotated[str, typer.Argument(help="family, young_person, public, professional, or front_door")] = "",
    speaker: Annotated[str, typer.Option("--as", help="parent, young_person, public or professional")] = "",
    keep: Annotated[bool, typer.Option("--keep", help="keep the conversation in the database")] = False,
) -> None:
    """Talk to the front door in the terminal. Nothing is kept unless asked. An empty line ends it."""
    audience = speaker or AUDIENCE_OF_FLOW.get(flow, "")
    if flow not in ("", "front_door", *AUDIENCE_OF_FLOW):
        raise BadSettings(f"there is no flow {flow}; there are front_door, {', '.join(AUDIENCE_OF_FLOW)}")
    if audience and audience not in AUDIENCE_OF_FLOW.values():
        raise BadSettings(f"--as takes one of {', '.join(AUDIENCE_OF_FLOW.values())}")
    set_up_logs("ERROR")
    if keep:
        settings, _ = with_own_secrets(Settings(), may_make=True)
        asyncio.run(_talk(_offline(settings), audience))
        return
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'play.db'}"
        settings = Settings(
            database_url=database, encryption_keys=SecretStr(new_key()), session_secret=SecretStr(new_key())
        )
        asyncio.run(_talk(_offline(settings), audience))


def _offline(settings: Settings) -> Settings:
    """A conversation in the terminal tells nobody on Telegram."""
    return settings.model_copy(update={"telegram_token": None})


async def _talk(settings: Settings, audience: str) -> None:
    app = build_app(settings, write=typer.echo)
    app.database.upgrade()
    await app.start(clocks=False)
    try:
        exchange, _ = await app.line.begin(channel=CONSOLE, audience=audience or None)
        await _show(app, exchange)
        number = 0
        while text := await asyncio.to_thread(_ask):
            number += 1
            try:
                exchange = await app.line.hear(_message(app, exchange, text, number))
            except NoSuchConversation:  # they had it deleted: these words are the first of another
                exchange, _ = await app.line.begin(channel=CONSOLE, audience=audience or None)
                exchange = await app.line.hear(_message(app, exchange, text, number))
            await _show(app, exchange)
    finally:
        await app.stop()


def _ask() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""


async def _show(app: App, exchange: Exchange) -> None:
    """The replies are printed by the channel; wait for them before the next line is asked for."""
    del exchange
    await app.dispatcher.settle()


def _message(app: App, exchange: Exchange, text: str, number: int) -> InboundMessage:
    expected = exchange.expects
    tapped = _tapped(text, (*expected.choices, *expected.controls))
    return InboundMessage(
        channel=CONSOLE,
        address=exchange.conversation,
        external_id=str(number),
        received_at=app.clock.now(),
        text=text,
        kind=MessageKind.CHOICE if tapped else MessageKind.TEXT,
        choice=tapped,
        prompt=expected.prompt if tapped else None,
    )


def _tapped(text: str, choices: tuple[Choice, ...]) -> str | None:
    """`[skip]`, as the quiet buttons are printed, taps one; anything else is typed."""
    if not (text.startswith("[") and text.endswith("]")):
        return None
    wanted = text[1:-1].strip().casefold()
    return next((c.id for c in choices if wanted in (c.id.casefold(), c.label.casefold())), None)

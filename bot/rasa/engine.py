"""Rasa as the front door uses it: the server where it is ours to run, and what answers while it is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.rasa.environment import installed_python
from bot.rasa.server import RasaServer
from bot.rasa.training import trained_model
from bot.settings import BadSettings, Settings
from nlu.base import Understander
from nlu.fallback import FallbackUnderstander
from nlu.rasa import Endpoint, RasaUnderstander


@dataclass(frozen=True, slots=True)
class RasaEngine:
    """Understands by Rasa while it answers. Messages are never held back for it, at start or later."""

    understander: FallbackUnderstander
    rasa: RasaUnderstander
    server: RasaServer | None
    stand_in: str

    async def start(self) -> None:
        if self.server is not None:
            await self.server.start()

    async def wait_ready(self) -> None:
        """Wait for a server of ours. Raises `TimeoutError`."""
        if self.server is not None:
            await self.server.wait_ready()

    async def stop(self) -> None:
        await self.rasa.close()
        if self.server is not None:
            await self.server.stop()

    async def answering(self) -> str:
        """Name the understander that the next message meets."""
        return self.rasa.name if await self.rasa.ready() else self.stand_in


def build_engine(
    settings: Settings, stand_in: Understander, *, count: Callable[[str], None] | None = None
) -> RasaEngine:
    """Build it. Raises `BadSettings` where Rasa is ours to run and is not installed or not trained."""
    server, elsewhere = None, None
    if settings.rasa_url:
        elsewhere = endpoint_elsewhere(settings)
    else:
        server = build_server(settings)
    rasa = RasaUnderstander(
        lambda: elsewhere if server is None else server.endpoint, beside=stand_in, timeout=settings.rasa_timeout
    )
    return RasaEngine(FallbackUnderstander(rasa, stand_in, count=count), rasa, server, stand_in.name)


def build_server(settings: Settings, *, host: str = "127.0.0.1", port: int = 0) -> RasaServer:
    """Build our own server on the trained model, with the token of the settings or one of its own."""
    python, model = installed_python(), trained_model(settings.rasa_recipe)
    token = settings.rasa_token.get_secret_value() if settings.rasa_token else ""
    return RasaServer(python=python, model=model.archive, sure=model.sure, host=host, port=port, token=token)


def is_private(url: str) -> bool:
    """Say whether words on their way there are sealed, or never leave this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in ("127.0.0.1", "::1", "localhost")


def endpoint_elsewhere(settings: Settings) -> Endpoint:
    """Return the server of `RASA_URL`. Raises `BadSettings` where it has no token or is no address."""
    url = settings.rasa_url.rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise BadSettings("FRONTDOOR_RASA_URL begins with http:// or https://")
    if settings.rasa_token is None:
        raise BadSettings(
            "FRONTDOOR_RASA_TOKEN is not set: a Rasa server without a token takes orders from anybody"
        )
    return Endpoint(url, settings.rasa_token.get_secret_value(), settings.rasa_sure)

"""Everything an operator may set, from the environment or `.env`, with defaults that work on a laptop."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from nlu.trained import FOLDER

HERE = Path(__file__).resolve().parent
EXAMPLE_AREA = HERE.parent / "flows" / "definitions" / "areas" / "exampleshire.yaml"


class BadSettings(Exception):
    """A setting is missing or wrong. The message names it and says what to do."""


class Settings(BaseSettings):
    """Settings as `docs` and the README list them. Secrets are never shown when printed."""

    model_config = SettingsConfigDict(
        env_prefix="FRONTDOOR_",
        env_ignore_empty=True,
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
    )

    database_url: str = Field(
        default="sqlite:///data/frontdoor.db", description="SQLite, or PostgreSQL by psycopg"
    )
    area: Path = Field(default=EXAMPLE_AREA, description="the area's YAML")
    telegram_token: SecretStr | None = Field(default=None, description="the bot's token; none: no Telegram")
    telegram_api_url: str = Field(default="https://api.telegram.org", description="the root of a Bot API server")
    telegram_mode: Literal["polling", "webhook"] = Field(default="polling", description="how updates come")
    telegram_webhook_url: str = Field(default="", description="public address of /telegram/webhook")
    telegram_webhook_secret: SecretStr | None = Field(
        default=None, description="checked on every webhook call; 1 to 256 letters, digits, _ and -"
    )
    telegram_duty_chat_id: str = Field(default="", description="the chat where duty workers are told")
    notify_api_key: SecretStr | None = Field(
        default=None, description="GOV.UK Notify's key, by which duty workers are told by text message and e-mail"
    )
    notify_url: str = Field(default="https://api.notifications.service.gov.uk", description="where Notify is")
    notify_sms_template: str = Field(
        default="", description="the id of Notify's text message template: its body is ((message))"
    )
    notify_email_template: str = Field(
        default="", description="the id of Notify's e-mail template: subject ((subject)), body ((message))"
    )
    encryption_keys: SecretStr | None = Field(
        default=None, description="32-byte keys in base64, newest first, by commas"
    )
    session_secret: SecretStr | None = Field(default=None, description="signs the web chat's cookies")
    public_url: str = Field(default="", description="where people reach the web chat")
    screening_models: Path = Field(
        default=FOLDER, description="the folder of screening's trained files; without them phrases stand alone"
    )
    understander: Literal["embedded", "rasa"] = Field(
        default="embedded", description="what understands messages; danger is always heard in process"
    )
    rasa_url: str = Field(
        default="", description="a Rasa server that is run elsewhere; empty: `serve` starts its own on loopback"
    )
    rasa_token: SecretStr | None = Field(default=None, description="the token of the server at RASA_URL")
    rasa_timeout: float = Field(default=1.0, gt=0, le=4.5, description="seconds Rasa is waited for")
    rasa_sure: float = Field(
        default=0.9,
        gt=0,
        le=1,
        description="with RASA_URL: act on intents from this confidence on, as `frontdoor rasa train` printed it",
    )
    rasa_recipe: Literal["default", "diet"] = Field(
        default="default", description="which of nlu/training/rasa/ is trained: regression, or the slow network"
    )
    rasa_python: str = Field(default="", description="a Python 3.10 to install Rasa with; empty: looked for")
    desk_idle_minutes: float = Field(
        default=60, gt=0, description="a desk session nobody used for so long ends; a page that is watched is used"
    )
    desk_longest_hours: float = Field(default=12, gt=0, description="a desk session ends after so long, used too")
    desk_glass_minutes: float = Field(
        default=60, gt=0, description="how long one enquiry of a closed queue stays open once the glass is broken"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="how much is logged"
    )
    lease_seconds: float = Field(default=20.0, gt=1, description="how long a worker holds what it has claimed")

    @property
    def is_public(self) -> bool:
        return self.public_url.lower().startswith("https://")

    @property
    def data_folder(self) -> Path:
        """The folder beside the database where `make run` keeps what it makes for itself."""
        if self.database_url.startswith("sqlite:///"):
            return Path(self.database_url.removeprefix("sqlite:///")).parent
        return Path("data")


def with_own_secrets(settings: Settings, *, may_make: bool) -> tuple[Settings, list[str]]:
    """Fill in missing secrets from files beside the database, making them on first use.

    Returns the settings and what was made, in words. Raises `BadSettings` where secrets are missing and may
    not be made (a public address), so that no real enquiry is ever kept under a key nobody chose.
    """
    made: list[str] = []
    filled: dict[str, SecretStr] = {}
    for name in ("encryption_keys", "session_secret"):
        if getattr(settings, name) is not None:
            continue
        if settings.is_public:
            raise BadSettings(
                f"FRONTDOOR_{name.upper()} is not set. With a public address it has to be: "
                "make one with `frontdoor keys new` and keep it outside the database."
            )
        path = settings.data_folder / f"{name}.txt"
        if not path.exists():
            if not may_make:
                raise BadSettings(f"FRONTDOOR_{name.upper()} is not set and {path} is not there.")
            _write_secret(path)
            made.append(f"made {path}: keep it with the database, and a copy apart")
        filled[name] = SecretStr(path.read_text(encoding="ascii").strip())
    return settings.model_copy(update=filled), made


def new_key() -> str:
    """Return 32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def _write_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(new_key() + "\n")

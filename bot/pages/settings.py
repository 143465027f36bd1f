"""What the web application is told from outside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Defaults work on a laptop. Limits are for one process, and generous: a school shares one address.

    `secret` signs the no-script forms. Cookies are for https only where `public_url` is https.
    """

    secret: str
    public_url: str = ""
    most_bytes: int = 256 * 1024
    begins_a_minute: int = 120
    messages_a_minute: int = 60
    messages_a_minute_from_one_address: int = 1200
    wrong_tokens_a_minute: int = 60
    keep_alive_seconds: float = 15.0
    read_back_seconds: float = 2.0

    @property
    def is_https(self) -> bool:
        return self.public_url.lower().startswith("https://")

"""What the desk is told from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """Tries are for one process. They slow guessing down and never shut anybody out for good."""

    idle: timedelta = timedelta(minutes=60)
    longest: timedelta = timedelta(hours=12)
    glass: timedelta = timedelta(minutes=60)
    tries_at_once: int = 5
    tries_a_minute: float = 2
    tries_at_once_from_one_address: int = 40
    tries_a_minute_from_one_address: float = 20
    rows_of_a_page: int = 50
    look_again_seconds: float = 0.5
    keep_alive_seconds: float = 15.0

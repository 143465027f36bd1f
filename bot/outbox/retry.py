"""When to try a message again, and when to stop."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.channels.base import SendError

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)
LONGEST_URGENT_WAIT = timedelta(seconds=30)
MOST_ATTEMPTS = 40
"""About three hours of trying, then it is on the record that it could not be delivered."""


def next_attempt(
    error: SendError, attempts: int, now: datetime, *, urgent: bool = False, whatever: bool = False
) -> datetime | None:
    """Return when to try again after `attempts` failed tries, or None to give up.

    The channel's own "wait" is obeyed. Urgent messages are never given up while trying can help. With `whatever` a
    message is never given up at all: a duty chat that refuses us may be mended by somebody who reads the log.
    """
    if not error.retryable and not whatever:
        return None
    if attempts >= MOST_ATTEMPTS and not urgent:
        return None
    longest = LONGEST_URGENT_WAIT if urgent else LONGEST_WAIT
    wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 12), longest) if attempts > 0 else FIRST_WAIT
    return now + max(wait, error.retry_after or timedelta())

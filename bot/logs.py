"""Structured logs: events and ids, never people's words."""

from __future__ import annotations

import logging
import re
import sys
from types import TracebackType

from pythonjsonlogger.json import JsonFormatter

_TOKEN = re.compile(r"\d{5,}:[\w-]{20,}")
"""A Telegram bot token, which stands in the address of every call to it."""

QUIET = ("httpx", "httpcore", "telegram", "apscheduler", "uvicorn", "alembic")


class _Formatter(JsonFormatter):
    """Names where an error happened, without the values that were in its hands."""

    def formatException(  # noqa: N802 - the library's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        # A library's message may quote what a person wrote (a bad value, an SQL parameter): keep the kind and
        # the place, which is what mending it takes.
        kind, _, trace = ei
        places: list[str] = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename.rsplit('/', 3)[-1]}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return f"{kind.__name__ if kind else 'error'} at " + " < ".join(reversed(places[-8:]))

    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub("<token>", super().format(record))


def set_up_logs(level: str) -> None:
    """Send every log to standard error, one JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)

"""Reads a child not yet born, and when the baby is due: "due in march", "20 weeks gone"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from flows.answers import Answer, Given
from flows.reading import dates
from flows.reading.from_today import months_on
from flows.reading.partial import Asked, Partial

_WEEKS_OF_PREGNANCY = 40
_UNBORN = re.compile(
    r"\bunborn\b|\b(?:not|isnt|isn't|hasn't been|hasnt been|yet to be|before"
    r"|havent been) (?:yet )?born\b|\bpreg(?:nant|gers|nancy)?\b"
    r"|\bexpecting\b(?! (?:him|her|them|you|to)\b)|\boverdue\b|\bprego\b|\bin the womb\b|\bbump\b"
    r"|\bto be born\b|\bbaby(?:'s| is)? (?:not here"
    r"|on the way)\b"
    r"|\b(?:edd|due date|due)\b(?! to\b)|\bnot here yet\b|\b\d{1,2} ?(?:weeks|wks) (?:gone|along)\b"
)
_WEEKS = re.compile(r"(?<!\d)(\d{1,2})(?: ?\+ ?[0-6])? ?(?:weeks?|wks?|w|/40)\b")
_WEEKS_LEFT = re.compile(
    r"(?:\bin |due in )(\d{1,2}) ?(?:weeks?|wks?)|(\d{1,2}) ?(?:weeks?|wks?) (?:left|to go|time|away)"
)
_MONTHS_GONE = re.compile(r"(?<!\d)(\d) ?(?:months?|mths?) (?:pregnant|preg|gone|along)")


def unborn(canon: str, text: str, asked: Asked) -> Answer | None:
    """Read a child not yet born, with the month or day the baby is due if they say it."""
    if _UNBORN.search(canon) is None:
        return None
    value: dict[str, Any] = {"unborn": True, "as_of": asked.today.isoformat()}
    due = due_date(canon, asked.today)
    if due is not None:
        value["due"] = due
    gone = _WEEKS.search(canon)
    if gone and not _WEEKS_LEFT.search(canon) and int(gone[1]) <= _WEEKS_OF_PREGNANCY + 4:
        value["weeks_pregnant"] = int(gone[1])
    return Given(value, text)


def is_of_a_birth_to_come(canon: str) -> bool:
    return bool(_UNBORN.search(canon) or _WEEKS_LEFT.search(canon))


def due_date(canon: str, today: date) -> str | None:
    """Return when a baby is due, from a date, a month, or weeks of pregnancy."""
    ahead = Asked(today, past=False)
    left = _WEEKS_LEFT.search(canon)
    if left:
        return _month_after(today, int(left[1] or left[2]))
    gone = _WEEKS.search(canon)
    if gone and int(gone[1]) <= _WEEKS_OF_PREGNANCY + 4:
        return _month_after(today, max(0, _WEEKS_OF_PREGNANCY - int(gone[1])))
    months_gone = _MONTHS_GONE.search(canon)
    if months_gone:
        return months_on(today, max(0, 9 - int(months_gone[1]))).iso
    for read in (dates.exact, dates.in_part):
        found = read(canon, "", ahead)
        if isinstance(found, Given):
            return str(found.value)
    found = dates.rest(canon, "", "", ahead, "en")
    return str(found.value) if isinstance(found, Given) else None


def _month_after(today: date, weeks: int) -> str:
    day = today + timedelta(weeks=weeks)
    return Partial(day.year, day.month).iso

"""What the desk shows of times and rows, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.access import Act, allows
from storage.duty_workers import DutyWorkerRecord
from storage.queue import QueueRow, QueueView, is_in_view

_MINUTE, _HOUR, _DAY = 60, 60 * 60, 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the queue. `is_outside` the view: it is shown because nobody has answered its concern.

    `act` is what the button does: `acknowledge`, `take`, or nothing where there is no button.
    """

    id: str
    reference: str
    urgency: str
    audience: str
    status: str
    why: str
    indicators: tuple[str, ...]
    waiting: str
    due: str
    due_at: str
    due_in: str
    is_overdue: bool
    holder: str
    is_mine: bool
    is_unanswered: bool
    is_closed_queue: bool
    is_outside: bool
    act: str


class Times:
    """Times as people say them, where the area is."""

    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)

    def clock(self, at: datetime) -> str:
        """Return the time of day: 10:05am."""
        local = at.astimezone(self._zone)
        return f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"

    def when(self, at: datetime, now: datetime) -> str:
        """Return the time, with its day where that is not today."""
        local, today = at.astimezone(self._zone), now.astimezone(self._zone).date()
        if local.date() == today:
            return self.clock(at)
        if local.date() == today + timedelta(days=1):
            return f"{self.clock(at)} tomorrow"
        if local.date() == today - timedelta(days=1):
            return f"{self.clock(at)} yesterday"
        return f"{self.clock(at)} on {local:%A} {local.day} {local:%B}"

    def span(self, starts_at: datetime, ends_at: datetime, now: datetime) -> str:
        """Return from when until when, with the day said once where it is one."""
        first, last = (at.astimezone(self._zone).date() for at in (starts_at, ends_at))
        starts = self.clock(starts_at) if first == last else self.when(starts_at, now)
        return f"{starts} until {self.when(ends_at, now)}"


def length(span: timedelta) -> str:
    """Return how long, roughly: what matters is whether it is minutes, hours or days."""
    seconds = int(abs(span).total_seconds())
    if seconds < _MINUTE:
        return "less than a minute"
    if seconds < _HOUR:
        return _count(seconds // _MINUTE, "minute")
    if seconds < _DAY:
        hours, minutes = divmod(seconds // _MINUTE, 60)
        return _count(hours, "hour") + (f" {_count(minutes, 'minute')}" if minutes and hours < 10 else "")
    return _count(seconds // _DAY, "day")


def row_shown(
    row: QueueRow,
    *,
    worker: DutyWorkerRecord,
    view: QueueView,
    now: datetime,
    times: Times,
    label: Callable[[str], str],
) -> Row:
    """Return what a row says. `label` gives an indicator's name."""
    place = row.place
    is_overdue = place.due_at <= now
    apart = length(place.due_at - now)
    return Row(
        id=place.enquiry_id,
        reference=row.reference,
        urgency=place.urgency.value,
        audience=place.audience.value,
        status=place.status.value,
        why=place.why,
        indicators=tuple(dict.fromkeys(label(indicator) for indicator in row.indicators)),
        waiting="" if place.waiting_since is None else length(now - place.waiting_since),
        due=place.due,
        due_at=times.when(place.due_at, now),
        due_in=f"{apart} ago" if is_overdue else f"in {apart}",
        is_overdue=is_overdue,
        holder=row.holder,
        is_mine=place.worker_id == worker.id,
        is_unanswered=place.unanswered,
        is_closed_queue=place.closed_queue,
        is_outside=not is_in_view(place, view, worker_id=worker.id, now=now),
        act=_act(row, worker),
    )


def _act(row: QueueRow, worker: DutyWorkerRecord) -> str:
    if not allows(worker, Act.ANSWER):
        return ""
    if row.place.unanswered:
        return "acknowledge"
    return "take" if row.place.worker_id is None else ""


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"

"""The views of the queue: what each shows, said once of a place in Python and once of many in SQL.

A new view is a name in `QueueView`, an entry in `_VIEWS`, and its words in the desk's `_words.html`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, true

from storage.columns import table_of
from storage.enquiries import EnquiryStatus
from storage.identifiers import DutyWorkerId
from storage.queue_places import Place, QueuePlace


class QueueView(StrEnum):
    """`held`: waits for a manager's decision. `passed_on`: waits until somebody else says that they have it."""

    ALL = "all"
    MINE = "mine"
    UNOWNED = "unowned"
    HELD = "held"
    PASSED_ON = "passed_on"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who looks at a view, and when."""

    worker_id: DutyWorkerId
    now: datetime


@dataclass(frozen=True, slots=True)
class _View:
    """One view twice over; a test compares the two."""

    holds: Callable[[Place, Asked], bool]
    condition: Callable[[Asked], ColumnElement[bool]]


_p = table_of(QueuePlace).c
_VIEWS: Mapping[QueueView, _View] = {
    QueueView.ALL: _View(lambda _place, _asked: True, lambda _asked: true()),
    QueueView.MINE: _View(
        lambda place, asked: place.worker_id == asked.worker_id,
        lambda asked: _p.worker_id == asked.worker_id,
    ),
    QueueView.UNOWNED: _View(
        lambda place, _asked: place.worker_id is None,
        lambda _asked: _p.worker_id.is_(None),
    ),
    QueueView.HELD: _View(
        lambda place, _asked: place.status is EnquiryStatus.AWAITING_DECISION,
        lambda _asked: _p.status == EnquiryStatus.AWAITING_DECISION,
    ),
    QueueView.PASSED_ON: _View(lambda place, _asked: place.passed_on, lambda _asked: _p.passed_on),
    QueueView.OVERDUE: _View(
        lambda place, asked: place.due_at <= asked.now,
        lambda asked: _p.due_at <= asked.now,
    ),
}


def is_in_view(place: Place, view: QueueView, *, worker_id: DutyWorkerId, now: datetime) -> bool:
    """Say of one place what the views say in SQL."""
    return _VIEWS[view].holds(place, Asked(worker_id, now))


def in_view(view: QueueView, worker_id: DutyWorkerId, now: datetime) -> ColumnElement[bool]:
    return _VIEWS[view].condition(Asked(worker_id, now))

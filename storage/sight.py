"""Sight: which enquiries somebody may see. One rule, asked of a record in Python and of many in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, and_, false, or_

from storage.identifiers import DutyWorkerId, EnquiryId


class Seen(Protocol):
    """What the rule asks of a record."""

    @property
    def enquiry_id(self) -> EnquiryId: ...

    @property
    def closed_queue(self) -> bool: ...

    @property
    def worker_id(self) -> DutyWorkerId | None: ...


class SeenColumns(Protocol):
    """The same of a table."""

    enquiry_id: ColumnElement[str]
    closed_queue: ColumnElement[bool]
    worker_id: ColumnElement[str | None]


@dataclass(frozen=True, slots=True)
class Sight:
    """`ordinary`: every enquiry outside the closed queue. `closed`: every one inside it. `own`: those that this
    worker holds, outside the closed queue. `opened`: those for which the glass is broken.
    """

    ordinary: bool = False
    closed: bool = False
    own: DutyWorkerId | None = None
    opened: frozenset[EnquiryId] = frozenset()

    def sees(self, record: Seen) -> bool:
        if record.enquiry_id in self.opened:
            return True
        if record.closed_queue:
            return self.closed
        return self.ordinary or (self.own is not None and record.worker_id == self.own)

    def condition(self, columns: SeenColumns) -> ColumnElement[bool]:
        """Return `sees` as a condition."""
        ways: list[ColumnElement[bool]] = [false()]
        if self.ordinary:
            ways.append(columns.closed_queue.is_(False))
        if self.closed:
            ways.append(columns.closed_queue.is_(True))
        if self.own is not None and not self.ordinary:
            ways.append(and_(columns.closed_queue.is_(False), columns.worker_id == self.own))
        if self.opened:
            ways.append(columns.enquiry_id.in_(sorted(self.opened)))
        return or_(*ways)

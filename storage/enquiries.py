"""Enquiries: one approach to the front door, from the first message to its outcome."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from storage.blind_index import Purpose
from storage.columns import (
    StoredTable,
    blind_index,
    code,
    columns_of,
    instant,
    link,
    plain_id,
    primary_id,
    sealed_json,
    sealed_text,
    table_of,
    whole,
)
from storage.duty_workers import DutyWorker
from storage.identifiers import DutyWorkerId, EnquiryId, HouseholdId, PersonId, new_id
from storage.prepared import Prepared
from storage.reference import new_reference, parse_reference
from storage.repository import Findable, NotFound, Repository
from storage.sealed import Keyring


class Audience(StrEnum):
    PARENT = "parent"
    YOUNG_PERSON = "young_person"
    PUBLIC = "public"
    PROFESSIONAL = "professional"
    UNKNOWN = "unknown"


class EnquiryStatus(StrEnum):
    OPEN = "open"
    WITH_WORKER = "with_worker"
    AWAITING_DECISION = "awaiting_decision"
    CLOSED = "closed"


class StoredUrgency(StrEnum):
    """The urgencies, lowest first: their order here is their order."""

    NONE = "none"
    ADVICE = "advice"
    SAME_DAY = "same_day"
    IMMEDIATE = "immediate"
    EMERGENCY = "emergency"

    @property
    def below(self) -> list[str]:
        every = [str(urgency) for urgency in StoredUrgency]
        return every[: every.index(self)]


class Enquiry(StoredTable, table=True):
    __tablename__ = "enquiry"

    id: str = primary_id()
    reference_index: str = blind_index(unique=True)
    reference: str = sealed_text("enquiry.reference")
    audience: str = code(20, Audience)
    depth: str = code(20)
    status: str = code(20, EnquiryStatus)
    urgency: str = code(20, StoredUrgency)
    opened_at: datetime = instant()
    submitted_at: datetime | None = instant(nullable=True)
    closed_at: datetime | None = instant(nullable=True)
    reporter_id: str | None = link("person.id", nullable=True)
    household_id: str | None = plain_id(nullable=True)
    area: str = code(60)
    summary: dict[str, Any] | None = sealed_json("enquiry.summary", nullable=True)
    worker_id: str | None = plain_id(nullable=True, index=True)
    version: int = whole()
    erased_at: datetime | None = instant(nullable=True)


@dataclass(frozen=True, slots=True)
class EnquiryRecord:
    """`summary` is what was sent, as it stood when the person sent it; None before.

    `worker_id` is the duty worker who holds it. `version` rises with each change. `erased_at`: its words were
    deleted by rule, and what is left names nobody.
    """

    id: EnquiryId
    reference: str
    audience: Audience
    depth: str
    status: EnquiryStatus
    urgency: StoredUrgency
    opened_at: datetime
    submitted_at: datetime | None
    closed_at: datetime | None
    reporter_id: PersonId | None
    household_id: HouseholdId | None
    area: str
    summary: dict[str, Any] | None
    worker_id: DutyWorkerId | None = None
    version: int = 0
    erased_at: datetime | None = None


_ATTEMPTS_AT_A_REFERENCE = 5

_enquiries, _workers = table_of(Enquiry), table_of(DutyWorker)
_record = select(*columns_of(_enquiries, EnquiryRecord))
_of_id = _enquiries.c.id == bindparam("enquiry_id")
_get = Prepared(_record.where(_of_id))
_get_for_update = Prepared(_record.where(_of_id).with_for_update())
_by_reference = Findable(_record, _enquiries.c.reference_index)
_new = Prepared(insert(_enquiries))
_changed = {"version": _enquiries.c.version + 1}
_set = Prepared(update(_enquiries).where(_of_id).values(_changed))
_move = Prepared(update(_enquiries).where(_of_id, _enquiries.c.version == bindparam("expected")).values(_changed))
_orphaned = Prepared(
    _record.join(_workers, _workers.c.id == _enquiries.c.worker_id)
    .where(_workers.c.disabled_at.is_not(None), _enquiries.c.status != EnquiryStatus.CLOSED)
    .limit(100)
)
_is_lower = _enquiries.c.urgency.in_(bindparam("lower", expanding=True))
_raise = update(_enquiries).where(_of_id, _is_lower).values(_changed)


class EnquiryChanged(Exception):
    """Somebody changed the enquiry since it was read: look at it again, and decide again."""


class Enquiries(Repository):
    __slots__ = ()

    def open(
        self,
        *,
        audience: Audience | str,
        area: str,
        reporter_id: PersonId | None,
        now: datetime,
        depth: str = "quick",
    ) -> EnquiryRecord:
        enquiry = EnquiryRecord(
            id=EnquiryId(new_id()),
            reference=self._unused_reference(),
            audience=Audience(audience),
            depth=depth,
            status=EnquiryStatus.OPEN,
            urgency=StoredUrgency.NONE,
            opened_at=now,
            submitted_at=None,
            closed_at=None,
            reporter_id=reporter_id,
            household_id=None,
            area=area,
            summary=None,
        )
        self._change(
            _new,
            {
                "id": enquiry.id,
                "reference": enquiry.reference,
                "audience": enquiry.audience,
                "depth": depth,
                "status": enquiry.status,
                "urgency": enquiry.urgency,
                "opened_at": now,
                "reporter_id": reporter_id,
                "area": area,
                "version": 0,
                **enquiry_indexes(self.keyring, {"reference": enquiry.reference}),
            },
        )
        return enquiry

    def get(self, enquiry_id: EnquiryId) -> EnquiryRecord:
        """Raises `NotFound`."""
        row = self._one(_get, {"enquiry_id": enquiry_id})
        if row is None:
            raise NotFound(f"enquiry {enquiry_id}")
        return EnquiryRecord(*row)

    def get_for_update(self, enquiry_id: EnquiryId) -> EnquiryRecord:
        """As `get`, and nobody else may change the enquiry until the unit ends. Raises `NotFound`."""
        row = self._one(_get_for_update, {"enquiry_id": enquiry_id})
        if row is None:
            raise NotFound(f"enquiry {enquiry_id}")
        return EnquiryRecord(*row)

    def by_reference(self, text: str) -> EnquiryRecord | None:
        """Find an enquiry by its reference as somebody typed or read it out."""
        reference = parse_reference(text)
        return self._with_reference(reference) if reference else None

    def submit(self, enquiry_id: EnquiryId, *, summary: dict[str, Any], now: datetime) -> None:
        """Keep what was sent. Sent again after a change, the summary is the new one and the first time stays."""
        before = self.get(enquiry_id)
        self._set(enquiry_id, summary=summary, submitted_at=before.submitted_at or now)

    def set_audience(self, enquiry_id: EnquiryId, audience: Audience | str, depth: str | None = None) -> None:
        self._set(enquiry_id, audience=audience, **({} if depth is None else {"depth": depth}))

    def set_status(self, enquiry_id: EnquiryId, status: EnquiryStatus | str, now: datetime) -> None:
        closed_at = now if status == EnquiryStatus.CLOSED else None
        self._set(enquiry_id, status=status, closed_at=closed_at)

    def move(self, enquiry_id: EnquiryId, status: EnquiryStatus, now: datetime, *, expected_version: int) -> None:
        """Set the status of an enquiry that is as it was when it was read. Raises `EnquiryChanged`."""
        closed_at = now if status is EnquiryStatus.CLOSED else None
        values = {"enquiry_id": enquiry_id, "expected": expected_version, "status": status, "closed_at": closed_at}
        if self._change(_move, values) != 1:
            raise EnquiryChanged(f"enquiry {enquiry_id}")

    def set_household(self, enquiry_id: EnquiryId, household_id: HouseholdId) -> None:
        self._set(enquiry_id, household_id=household_id)

    def set_worker(self, enquiry_id: EnquiryId, worker_id: DutyWorkerId | None) -> None:
        """Say which duty worker holds it; None: nobody does."""
        self._set(enquiry_id, worker_id=worker_id)

    def held_by_the_disabled(self) -> list[EnquiryRecord]:
        """Return enquiries, not closed, whose duty worker was disabled meanwhile."""
        return [EnquiryRecord(*row) for row in self._all(_orphaned, {})]

    def raise_urgency(self, enquiry_id: EnquiryId, urgency: str) -> bool:
        """Raise to `urgency`; say whether that changed anything. Never lowers."""
        raised = StoredUrgency(urgency)
        values = {"enquiry_id": enquiry_id, "lower": raised.below, "urgency": raised}
        return self._change(_raise, values) == 1

    def list_for_export(self, since: datetime | None = None) -> list[EnquiryRecord]:
        """Return enquiries in the order they were opened: all, or those opened or sent at or after `since`."""
        statement = _record.order_by(_enquiries.c.opened_at, _enquiries.c.id)
        if since is not None:
            statement = statement.where(or_(_enquiries.c.opened_at >= since, _enquiries.c.submitted_at >= since))
        return [EnquiryRecord(*row) for row in self._all(statement, {})]

    def _set(self, enquiry_id: EnquiryId, **values: Any) -> None:
        if self._change(_set, {"enquiry_id": enquiry_id, **values}) != 1:
            raise NotFound(f"enquiry {enquiry_id}")

    def _with_reference(self, reference: str) -> EnquiryRecord | None:
        rows = self._found(_by_reference, Purpose.REFERENCE, reference)
        return EnquiryRecord(*rows[0]) if rows else None

    def _unused_reference(self) -> str:
        for _ in range(_ATTEMPTS_AT_A_REFERENCE):
            reference = new_reference(secrets.token_bytes(16))
            if self._with_reference(reference) is None:
                return reference
        raise RuntimeError("no unused reference found")


def enquiry_indexes(keyring: Keyring, row: Mapping[str, Any]) -> dict[str, str | None]:
    return {"reference_index": keyring.index(Purpose.REFERENCE, row["reference"])}

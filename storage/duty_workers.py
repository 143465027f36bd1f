"""Duty workers: who may answer people and sign in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.blind_index import Purpose, address_text
from storage.columns import (
    StoredTable,
    blind_index,
    code,
    columns_of,
    instant,
    primary_id,
    sealed_text,
    table_of,
    values_of,
)
from storage.identifiers import DutyWorkerId, new_id
from storage.repository import Findable, NotFound, Repository
from storage.sealed import Keyring


class Role(StrEnum):
    """What somebody is trusted with. Only a manager decides; `head_of_service` is a manager's manager."""

    DUTY_WORKER = "duty_worker"
    MANAGER = "manager"
    HEAD_OF_SERVICE = "head_of_service"
    OUT_OF_HOURS = "out_of_hours"
    LADO = "lado"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class DutyWorker(StoredTable, table=True):
    __tablename__ = "duty_worker"

    id: str = primary_id()
    name: str = sealed_text("duty_worker.name")
    email: str = sealed_text("duty_worker.email")
    email_index: str = blind_index(unique=True)
    role: Role = code(40, Role)
    telegram: str | None = sealed_text("duty_worker.telegram", nullable=True)
    telegram_index: str | None = blind_index(nullable=True)
    password_hash: str | None = sealed_text("duty_worker.password_hash", nullable=True)
    disabled_at: datetime | None = instant(nullable=True)
    created_at: datetime = instant()
    phone: str | None = sealed_text("duty_worker.phone", nullable=True)


@dataclass(frozen=True, slots=True)
class DutyWorkerRecord:
    """`telegram` is the worker's chat id there."""

    id: DutyWorkerId
    name: str
    email: str
    role: Role
    telegram: str | None
    password_hash: str | None
    disabled_at: datetime | None
    created_at: datetime
    phone: str | None = None


_workers = table_of(DutyWorker)
_w = _workers.c
_record = select(*columns_of(_workers, DutyWorkerRecord))
_get = _record.where(_w.id == bindparam("worker_id"))
_all = _record.order_by(_w.id)
_by_email = Findable(_record, _w.email_index)
_by_telegram = Findable(_record.where(_w.disabled_at.is_(None)).order_by(_w.id), _w.telegram_index)
_new = insert(_workers)
_change = update(_workers).where(_w.id == bindparam("worker_id"))


class DutyWorkers(Repository):
    __slots__ = ()

    def add(
        self,
        *,
        name: str,
        email: str,
        role: Role,
        now: datetime,
        telegram: str | None = None,
        password_hash: str | None = None,
        phone: str | None = None,
    ) -> DutyWorkerRecord:
        """Raises `UniqueRace` when somebody has that e-mail address already."""
        worker = DutyWorkerRecord(
            id=DutyWorkerId(new_id()),
            name=name,
            email=email,
            role=role,
            telegram=telegram,
            password_hash=password_hash,
            disabled_at=None,
            created_at=now,
            phone=phone,
        )
        values = values_of(worker)
        self._connection.execute(_new, {**values, **duty_worker_indexes(self.keyring, values)})
        return worker

    def get(self, worker_id: DutyWorkerId) -> DutyWorkerRecord:
        """Raises `NotFound`."""
        row = self._one(_get, {"worker_id": worker_id})
        if row is None:
            raise NotFound(f"duty worker {worker_id}")
        return DutyWorkerRecord(*row)

    def by_email(self, email: str) -> DutyWorkerRecord | None:
        """Return the worker of this address, disabled or not."""
        rows = self._found(_by_email, Purpose.EMAIL, email)
        return DutyWorkerRecord(*rows[0]) if rows else None

    def by_telegram(self, chat: str) -> DutyWorkerRecord | None:
        """Return the worker who answers from this chat, unless disabled."""
        rows = self._found(_by_telegram, Purpose.ADDRESS, address_text("telegram", chat))
        return DutyWorkerRecord(*rows[0]) if rows else None

    def list_all(self) -> list[DutyWorkerRecord]:
        return [DutyWorkerRecord(*row) for row in self._all(_all, {})]

    def set_password_hash(self, worker_id: DutyWorkerId, password_hash: str) -> None:
        self._set(worker_id, password_hash=password_hash)

    def set_phone(self, worker_id: DutyWorkerId, phone: str | None) -> None:
        self._set(worker_id, phone=phone)

    def disable(self, worker_id: DutyWorkerId, now: datetime) -> None:
        self._set(worker_id, disabled_at=now)

    def _set(self, worker_id: DutyWorkerId, **values: Any) -> None:
        if self._change(_change, {"worker_id": worker_id, **values}) != 1:
            raise NotFound(f"duty worker {worker_id}")


def duty_worker_indexes(keyring: Keyring, row: Mapping[str, Any]) -> dict[str, str | None]:
    telegram = row["telegram"]
    return {
        "email_index": keyring.index(Purpose.EMAIL, row["email"]),
        "telegram_index": keyring.index(Purpose.ADDRESS, address_text("telegram", telegram)) if telegram else None,
    }

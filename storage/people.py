"""People we talk to or about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.blind_index import Purpose, surname_and_dob_text
from storage.columns import (
    StoredTable,
    blind_index,
    code,
    columns_of,
    instant,
    primary_id,
    sealed_json,
    sealed_text,
    table_of,
)
from storage.identifiers import PersonId, new_id
from storage.prepared import Prepared
from storage.repository import Findable, NotFound, Repository
from storage.sealed import Keyring


class PersonKind(StrEnum):
    REPORTER = "reporter"
    CHILD = "child"
    ADULT = "adult"
    PROFESSIONAL = "professional"


class Person(StoredTable, table=True):
    __tablename__ = "person"

    id: str = primary_id()
    kind: str = code(20, PersonKind)
    name: str | None = sealed_text("person.name", nullable=True)
    surname_dob_index: str | None = blind_index(nullable=True)
    phone: str | None = sealed_text("person.phone", nullable=True)
    phone_index: str | None = blind_index(nullable=True)
    email: str | None = sealed_text("person.email", nullable=True)
    email_index: str | None = blind_index(nullable=True)
    date_of_birth: str | None = sealed_text("person.date_of_birth", nullable=True)
    details: dict[str, Any] = sealed_json("person.details")
    created_at: datetime = instant()
    updated_at: datetime = instant()


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """`date_of_birth` is ISO 8601 where known to the day."""

    id: PersonId
    kind: PersonKind
    name: str | None
    phone: str | None
    email: str | None
    date_of_birth: str | None
    created_at: datetime
    updated_at: datetime
    details: dict[str, Any] = field(default_factory=dict)


_people = table_of(Person)
_record = select(*columns_of(_people, PersonRecord))
_get = Prepared(_record.where(_people.c.id == bindparam("id")))
_new = Prepared(insert(_people))
_in_order = _record.order_by(_people.c.id)
_by_phone = Findable(_in_order, _people.c.phone_index)
_by_email = Findable(_in_order, _people.c.email_index)
_by_surname_dob = Findable(_in_order, _people.c.surname_dob_index)


class People(Repository):
    __slots__ = ()

    def new(
        self,
        kind: PersonKind | str,
        now: datetime,
        *,
        name: str | None = None,
        phone: str | None = None,
        email: str | None = None,
        date_of_birth: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> PersonRecord:
        person = PersonRecord(
            PersonId(new_id()),
            PersonKind(kind),
            name,
            phone,
            email,
            date_of_birth,
            created_at=now,
            updated_at=now,
            details=details or {},
        )
        self._change(
            _new,
            {
                "id": person.id,
                "kind": person.kind,
                "details": person.details,
                "created_at": now,
                "updated_at": now,
                **self._findable(name, phone, email, date_of_birth),
            },
        )
        return person

    def get(self, person_id: PersonId) -> PersonRecord:
        """Raises `NotFound`."""
        row = self._one(_get, {"id": person_id})
        if row is None:
            raise NotFound(f"person {person_id}")
        return PersonRecord(*row)

    def describe(
        self,
        person_id: PersonId,
        *,
        now: datetime,
        name: str | None = None,
        phone: str | None = None,
        email: str | None = None,
        date_of_birth: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> PersonRecord:
        """Write what is now known. None leaves a fact as it was, "" takes it away; details are merged."""
        before = self.get(person_id)
        facts = {
            "name": before.name if name is None else name,
            "phone": before.phone if phone is None else phone,
            "email": before.email if email is None else email,
            "date_of_birth": before.date_of_birth if date_of_birth is None else date_of_birth,
        }
        self._connection.execute(
            update(_people).where(_people.c.id == person_id),
            {"details": {**before.details, **(details or {})}, "updated_at": now, **self._findable(**facts)},
        )
        return self.get(person_id)

    def find_by_phone(self, phone: str) -> list[PersonRecord]:
        return self._people_found(_by_phone, Purpose.PHONE, phone)

    def find_by_email(self, email: str) -> list[PersonRecord]:
        return self._people_found(_by_email, Purpose.EMAIL, email)

    def find_by_surname_and_dob(self, surname: str, date_of_birth: str) -> list[PersonRecord]:
        """Return people with this surname born on this ISO 8601 day."""
        return self._people_found(
            _by_surname_dob, Purpose.SURNAME_DOB, surname_and_dob_text(surname, date_of_birth)
        )

    def _people_found(self, statement: Findable, purpose: Purpose, value: str) -> list[PersonRecord]:
        if not value:
            return []
        return [PersonRecord(*row) for row in self._found(statement, purpose, value)]

    def _findable(
        self, name: str | None, phone: str | None, email: str | None, date_of_birth: str | None
    ) -> dict[str, Any]:
        facts = {
            "name": name or None,
            "phone": phone or None,
            "email": email or None,
            "date_of_birth": date_of_birth or None,
        }
        return {**facts, **person_indexes(self.keyring, facts)}


def person_indexes(keyring: Keyring, row: Mapping[str, Any]) -> dict[str, str | None]:
    """Return a person's blind indexes, from their sealed facts."""
    surname_and_dob = surname_and_dob_text(row["name"] or "", row["date_of_birth"] or "")
    return {
        "phone_index": keyring.index_if_any(Purpose.PHONE, row["phone"]),
        "email_index": keyring.index_if_any(Purpose.EMAIL, row["email"]),
        "surname_dob_index": keyring.index_if_any(Purpose.SURNAME_DOB, surname_and_dob),
    }

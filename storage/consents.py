"""Consents: dated agreements and refusals, each for one purpose, with the wording that was shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage.columns import (
    StoredTable,
    code,
    columns_of,
    instant,
    link,
    primary_id,
    sealed_text,
    table_of,
    values_of,
)
from storage.identifiers import ConsentId, EnquiryId, PersonId, new_id
from storage.prepared import Prepared
from storage.repository import NotFound, Repository


class Consent(StoredTable, table=True):
    __tablename__ = "consent"

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    person_id: str | None = link("person.id", nullable=True)
    purpose: str = code(80)
    given: str = code(40)
    wording_id: str = code(120)
    wording_version: str = code(40)
    wording: str = sealed_text("consent.wording")
    at: datetime = instant()
    withdrawn_at: datetime | None = instant(nullable=True)


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """`given` is "yes", "no", "talk_first" or another code of the question's own."""

    id: ConsentId
    enquiry_id: EnquiryId
    person_id: PersonId | None
    purpose: str
    given: str
    wording_id: str
    wording_version: str
    wording: str
    at: datetime
    withdrawn_at: datetime | None


_consents = table_of(Consent)
_c = _consents.c
_of = Prepared(
    select(*columns_of(_consents, ConsentRecord))
    .where(_c.enquiry_id == bindparam("enquiry"))
    .order_by(_c.at, _c.id)
)
_new = Prepared(insert(_consents))
_withdraw = update(_consents).where(_c.id == bindparam("consent_id"), _c.withdrawn_at.is_(None))


class Consents(Repository):
    __slots__ = ()

    def record(
        self,
        *,
        enquiry_id: EnquiryId,
        person_id: PersonId | None,
        purpose: str,
        given: str,
        wording_id: str,
        wording_version: str | int,
        wording: str,
        at: datetime,
    ) -> ConsentRecord:
        """Keep what was agreed or refused. Earlier ones stay: the newest of a purpose is the one that counts."""
        consent = ConsentRecord(
            id=ConsentId(new_id()),
            enquiry_id=enquiry_id,
            person_id=person_id,
            purpose=purpose,
            given=given,
            wording_id=wording_id,
            wording_version=str(wording_version),
            wording=wording,
            at=at,
            withdrawn_at=None,
        )
        self._change(_new, values_of(consent))
        return consent

    def withdraw(self, consent_id: ConsentId, now: datetime) -> None:
        if self._change(_withdraw, {"consent_id": consent_id, "withdrawn_at": now}) != 1:
            raise NotFound(f"consent {consent_id} that stands")

    def of(self, enquiry_id: EnquiryId) -> list[ConsentRecord]:
        return [ConsentRecord(*row) for row in self._all(_of, {"enquiry": enquiry_id})]

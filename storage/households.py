"""Households: people who live together, and how they are related."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, bindparam, insert, select
from sqlmodel import Field

from storage.columns import StoredTable, code, columns_of, instant, link, primary_id, table_of
from storage.identifiers import ID_LENGTH, EnquiryId, HouseholdId, PersonId, new_id
from storage.repository import Repository


class Household(StoredTable, table=True):
    __tablename__ = "household"

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id", index=True)
    created_at: datetime = instant()


class HouseholdMember(StoredTable, table=True):
    __tablename__ = "household_member"

    household_id: str = Field(sa_type=String(ID_LENGTH), foreign_key="household.id", primary_key=True)
    person_id: str = Field(sa_type=String(ID_LENGTH), foreign_key="person.id", primary_key=True)
    relationship: str = code(60)


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """`relationship` is a code of the area's list, as seen from the child."""

    household_id: HouseholdId
    person_id: PersonId
    relationship: str


_households = table_of(Household)
_members = table_of(HouseholdMember)
_of_enquiry = (
    select(*columns_of(_members, MemberRecord))
    .join_from(_members, _households, _members.c.household_id == _households.c.id)
    .where(_households.c.enquiry_id == bindparam("enquiry"))
    .order_by(_members.c.person_id)
)


class Households(Repository):
    __slots__ = ()

    def new(self, enquiry_id: EnquiryId, now: datetime) -> HouseholdId:
        household_id = HouseholdId(new_id())
        values = {"id": household_id, "enquiry_id": enquiry_id, "created_at": now}
        self._connection.execute(insert(_households), values)
        return household_id

    def add(self, household_id: HouseholdId, person_id: PersonId, relationship: str) -> MemberRecord:
        member = MemberRecord(household_id, person_id, relationship)
        values = {"household_id": household_id, "person_id": person_id, "relationship": relationship}
        self._connection.execute(insert(_members), values)
        return member

    def of_enquiry(self, enquiry_id: EnquiryId) -> list[MemberRecord]:
        return [MemberRecord(*row) for row in self._all(_of_enquiry, {"enquiry": enquiry_id})]

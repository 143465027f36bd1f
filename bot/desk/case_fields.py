"""What is entered in the case-record system, field by field, with the census's own codes where there are any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.conversation.finding import text_of
from bot.conversation.house import House
from bot.desk.reading import value_of
from flows.answers import from_json
from storage.answers import AnswerRecord
from storage.decisions import DecisionRecord
from storage.enquiries import Audience, EnquiryRecord

SOURCES = {Audience.PARENT: "1A", Audience.YOUNG_PERSON: "1C", Audience.PUBLIC: "1B"}
"""Who got in touch, by the codes of the census. A professional's agency is for a worker to choose."""

OF_A_CHILD = {
    "child_name": ("Name", ""),
    "child_dob_or_age": ("Date of birth", ""),
    "child_sex": ("Sex", "sex"),
    "child_address": ("Address", ""),
    "ethnicity": ("Ethnicity", "ethnicity"),
    "disability": ("Disability", "cin_disability"),
    "school_or_setting": ("School or setting", ""),
    "first_language": ("First language", ""),
}
"""A child's fields, with the code list that each is read from."""

_CHILD = re.compile(r"^children\.(\d+)\.(\w+)$")


@dataclass(frozen=True, slots=True)
class CaseField:
    """One field to copy. `code` is the census's, where it has one."""

    label: str
    value: str
    code: str = ""


def case_fields(
    house: House, enquiry: EnquiryRecord, answers: list[AnswerRecord], decision: DecisionRecord | None
) -> list[CaseField]:
    """Return the fields in the order in which a case system asks for them."""
    return [field for field in _fields(house, enquiry, answers, decision) if field.value]


def _fields(
    house: House, enquiry: EnquiryRecord, answers: list[AnswerRecord], decision: DecisionRecord | None
) -> Iterator[CaseField]:
    zone = ZoneInfo(house.area.timezone)
    yield CaseField("Our reference", enquiry.reference)
    yield CaseField("Date of contact", _day(enquiry.opened_at, zone))
    source = SOURCES.get(enquiry.audience, "")
    label = _description(house, "cin_referral_source", source) or house.wording.text(f"kind_{enquiry.audience}")
    yield CaseField("Source of contact", label, source)
    yield from _children(house, answers)
    yield from _own(answers)
    if decision is not None:
        yield CaseField("Date of decision", _day(decision.at, zone))
        described = _description(house, "contact_outcome", decision.outcome)
        yield CaseField("Contact outcome", described, decision.outcome)
        yield CaseField("Reason for the decision", decision.reason)


def _children(house: House, answers: list[AnswerRecord]) -> Iterator[CaseField]:
    for answer in answers:
        found = _CHILD.match(answer.key)
        name = found[2] if found else answer.key
        if name not in OF_A_CHILD:
            continue
        label, listed = OF_A_CHILD[name]
        who = f"Child {int(found[1]) + 1}" if found else "Child"
        codes = _codes(house, listed, answer.value)
        yield CaseField(f"{who}: {label.lower()}", value_of(answer.value), codes)


def _own(answers: list[AnswerRecord]) -> Iterator[CaseField]:
    given = {answer.field: answer for answer in answers}
    for field, label in (
        ("children", "Child, as described"),
        ("contact_name", "Name of who got in touch"),
        ("professional_role_agency", "Role and agency"),
        ("relationship_to_child", "Relationship to the child"),
        ("reason_in_own_words", "Reason, in their own words"),
    ):
        if field in given:
            yield CaseField(label, value_of(given[field].value))


def _codes(house: House, listed: str, value: Mapping[str, object]) -> str:
    """Return the codes of an answer that are in a list of the census."""
    if not listed:
        return ""
    known = {row["code"] for row in house.catalog.lists[listed].rows}
    said = text_of(from_json(dict(value))).split(", ")
    return ", ".join(code for code in said if code in known)


def _description(house: House, listed: str, code: str) -> str:
    rows = house.catalog.lists[listed].rows
    return next((row["description"] for row in rows if row["code"] == code), "")


def _day(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d/%m/%Y}"

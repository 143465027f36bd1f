"""How somebody may be rung: what they said of it, and the numbers they gave. Their answers are opened once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.house import House
from bot.followups.reasons import Held
from bot.followups.safe_contact import SafeContact, Way, safe_contact_of
from bot.followups.slots import NoCalls
from flows.answers import Given, from_json
from storage.enquiries import EnquiryRecord
from storage.unit_of_work import UnitOfWork

IN_THE_ORDER = (Way.MOBILE, Way.LANDLINE, Way.WORK_PHONE)
NUMBERS = {Way.MOBILE: "phone", Way.LANDLINE: "phone", Way.WORK_PHONE: "professional_phone"}
"""Which answer holds the number of each way."""


@dataclass(frozen=True, slots=True)
class Reach:
    contact: SafeContact
    numbers: Mapping[Way, Given]

    @property
    def way(self) -> Way | None:
        """Return the way to ring them: the first they allow and gave a number for."""
        return next((way for way in IN_THE_ORDER if way in self.contact.calls and way in self.numbers), None)

    @property
    def no_calls(self) -> NoCalls:
        """Return why they cannot be rung, where there is no way to."""
        return NoCalls(next(iter(self.contact.held), Held.NO_CALLS))


def reach_of(uow: UnitOfWork, house: House, enquiry: EnquiryRecord) -> Reach:
    """Read anew how they may be rung."""
    records = uow.answers.current(enquiry.id)
    contact = safe_contact_of(records, audience=enquiry.audience.value, contacting=house.area.contacting)
    answers = {record.key: from_json(record.value) for record in records}
    found = {way: answers.get(key) for way, key in NUMBERS.items()}
    return Reach(contact, {way: given for way, given in found.items() if isinstance(given, Given)})

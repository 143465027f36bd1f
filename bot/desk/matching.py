"""Enquiries that may be about the same people, and search. Nothing is joined, and no reporter is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.conversation.finding import homes_in
from bot.desk.feed import places_of
from bot.desk.queue import Placing
from storage.enquiry_keys import FoundKey, KeyKind
from storage.identifiers import EnquiryId
from storage.sight import Sight
from storage.unit_of_work import UnitOfWork

WHYS = {
    KeyKind.CHILD: "a child born on the same day whose name is the same, or sounds like it",
    KeyKind.HOME: "the same house",
    KeyKind.PHONE: "the same phone number",
    KeyKind.EMAIL: "the same e-mail address",
    KeyKind.NAME: "somebody of the same name",
    KeyKind.SOUND: "somebody whose name sounds like it",
    KeyKind.POSTCODE: "the same postcode",
}
"""Why two enquiries may be about the same, the strongest first."""

MOST_MATCHES = 20
_LONG_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class MayBeSame:
    """Another enquiry, by what it has in common with this one. Who reported it stands on its own page only."""

    reference: str
    opened_at: datetime
    status: str
    outcome: str
    whys: tuple[str, ...]


def may_be_same(uow: UnitOfWork, placing: Placing, sight: Sight, enquiry_id: EnquiryId) -> list[MayBeSame]:
    """Return other enquiries that a worker may see and that share something with this one; the likeliest first."""
    shared: dict[EnquiryId, set[KeyKind]] = {}
    for match in uow.enquiry_keys.like(enquiry_id):
        shared.setdefault(match.enquiry_id, set()).add(match.kind)
    return _shown(uow, placing, sight, shared)


def search(uow: UnitOfWork, placing: Placing, sight: Sight, text: str) -> list[MayBeSame]:
    """Find enquiries by a reference, name, phone number, e-mail address, postcode or address."""
    shared: dict[EnquiryId, set[KeyKind]] = {}
    for key in keys_in(text):
        for found in uow.enquiry_keys.find(key):
            shared.setdefault(found, set()).add(key.kind)
    return _shown(uow, placing, sight, shared)


def keys_in(text: str) -> list[FoundKey]:
    """Return everything that a searched text may be."""
    text = " ".join(text.split())
    if len(text) < _LONG_ENOUGH:
        return []
    homes = list(homes_in(text))
    figures = sum(letter.isdigit() for letter in text)
    if homes:
        return [key for key in homes if key.kind is KeyKind.HOME] or homes
    if "@" in text:
        return [FoundKey(KeyKind.EMAIL, text)]
    if figures > len(text) / 2:
        return [FoundKey(KeyKind.PHONE, text)]
    return [FoundKey(KeyKind.NAME, text), FoundKey(KeyKind.SOUND, text)]


def _shown(
    uow: UnitOfWork, placing: Placing, sight: Sight, shared: dict[EnquiryId, set[KeyKind]]
) -> list[MayBeSame]:
    places = places_of(uow, placing, list(shared))
    seen = [enquiry_id for enquiry_id in shared if enquiry_id in places and sight.sees(places[enquiry_id])]
    seen.sort(reverse=True)  # the newest first; then the likeliest
    seen.sort(key=lambda enquiry_id: _strength(shared[enquiry_id]))
    return [_match(uow, enquiry_id, shared[enquiry_id]) for enquiry_id in seen[:MOST_MATCHES]]


def _strength(kinds: set[KeyKind]) -> tuple[int, int]:
    order: Sequence[KeyKind] = list(WHYS)
    return min(order.index(kind) for kind in kinds), -len(kinds)


def _match(uow: UnitOfWork, enquiry_id: EnquiryId, kinds: set[KeyKind]) -> MayBeSame:
    enquiry = uow.enquiries.get(enquiry_id)
    decisions = uow.decisions.of(enquiry_id)
    weaker = {KeyKind.SOUND: {KeyKind.CHILD, KeyKind.NAME}, KeyKind.POSTCODE: {KeyKind.HOME}}
    said = [kind for kind in WHYS if kind in kinds and not weaker.get(kind, set()) & kinds]
    return MayBeSame(
        reference=enquiry.reference,
        opened_at=enquiry.opened_at,
        status=enquiry.status.value,
        outcome=decisions[-1].outcome if decisions else "",
        whys=tuple(WHYS[kind] for kind in said),
    )

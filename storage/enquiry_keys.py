"""Enquiry keys: what an enquiry can be found by, and known again by: names, dates of birth, numbers, homes.

Each is kept sealed with a blind index. Two enquiries with the same one *may* be about the same people: that is
shown to a worker, and nothing is ever joined by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, bindparam, delete, insert, select

from storage.blind_index import Purpose
from storage.columns import StoredTable, blind_index, code, link, primary_id, sealed_text, table_of
from storage.identifiers import EnquiryId, new_id
from storage.prepared import Prepared
from storage.repository import Findable, Repository
from storage.sealed import Keyring


class KeyKind(StrEnum):
    """`child`: a child's name as it sounds, with the date of birth. `sound`: a name as it sounds. `home`: a house
    number and a postcode. `district` and `need` are only ever counted: nobody is found by them.
    """

    NAME = "name"
    SOUND = "sound"
    CHILD = "child"
    PHONE = "phone"
    EMAIL = "email"
    POSTCODE = "postcode"
    HOME = "home"
    DISTRICT = "district"
    NEED = "need"


PURPOSES: Mapping[str, Purpose] = {
    KeyKind.NAME: Purpose.NAME,
    KeyKind.SOUND: Purpose.SOUND,
    KeyKind.CHILD: Purpose.CHILD,
    KeyKind.PHONE: Purpose.PHONE,
    KeyKind.EMAIL: Purpose.EMAIL,
    KeyKind.POSTCODE: Purpose.POSTCODE,
    KeyKind.HOME: Purpose.HOME,
    KeyKind.DISTRICT: Purpose.DISTRICT,
    KeyKind.NEED: Purpose.NEED,
}
ONLY_COUNTED = frozenset({KeyKind.DISTRICT, KeyKind.NEED})


class EnquiryKey(StoredTable, table=True):
    """`source` is the answer it was taken from."""

    __tablename__ = "enquiry_key"
    __table_args__ = (Index(None, "enquiry_id", "kind", "value_index"), Index(None, "value_index", "enquiry_id"))

    id: str = primary_id()
    enquiry_id: str = link("enquiry.id")
    source: str = code(200)
    kind: str = code(20, KeyKind)
    value: str = sealed_text("enquiry_key.value")
    value_index: str = blind_index(index=False)


@dataclass(frozen=True, slots=True)
class FoundKey:
    """One key by which an enquiry is found."""

    kind: KeyKind
    value: str


@dataclass(frozen=True, slots=True)
class Match:
    """Another enquiry that has one of the same keys."""

    enquiry_id: EnquiryId
    kind: KeyKind


_keys = table_of(EnquiryKey)
_k = _keys.c
_new = Prepared(insert(_keys))
_forget = Prepared(delete(_keys).where(_k.enquiry_id == bindparam("enquiry"), _k.source == bindparam("of_source")))
_forget_all = Prepared(delete(_keys).where(_k.enquiry_id == bindparam("enquiry")))
_of = Prepared(select(_k.kind, _k.value).where(_k.enquiry_id == bindparam("enquiry")).order_by(_k.id))
_by_kind = {
    kind: Findable(
        select(_k.enquiry_id, _k.kind).where(_k.kind == kind).order_by(_k.enquiry_id.desc()).limit(200),
        _k.value_index,
    )
    for kind in KeyKind
}


class EnquiryKeys(Repository):
    __slots__ = ()

    def note(self, enquiry_id: EnquiryId, source: str, keys: Iterable[FoundKey]) -> None:
        """Keep what an answer lets the enquiry be found by, in place of what it did before."""
        self.forget(enquiry_id, source)
        for key in dict.fromkeys(keys):
            values = {"kind": key.kind, "value": key.value}
            row = {"id": new_id(), "enquiry_id": enquiry_id, "source": source, **values}
            self._change(_new, {**row, **enquiry_key_indexes(self.keyring, row)})

    def forget(self, enquiry_id: EnquiryId, source: str) -> None:
        self._change(_forget, {"enquiry": enquiry_id, "of_source": source})

    def forget_all(self, enquiry_id: EnquiryId) -> None:
        self._change(_forget_all, {"enquiry": enquiry_id})

    def of(self, enquiry_id: EnquiryId) -> list[FoundKey]:
        rows = self._all(_of, {"enquiry": enquiry_id})
        return list(dict.fromkeys(FoundKey(KeyKind(kind), value) for kind, value in rows))

    def find(self, key: FoundKey) -> list[EnquiryId]:
        """Return the enquiries that have this key, the newest first."""
        rows = self._found(_by_kind[key.kind], PURPOSES[key.kind], key.value)
        return list(dict.fromkeys(EnquiryId(row[0]) for row in rows))

    def like(self, enquiry_id: EnquiryId) -> Sequence[Match]:
        """Return other enquiries that share a key with this one, and which kinds they share."""
        telling = [key for key in self.of(enquiry_id) if key.kind not in ONLY_COUNTED]
        found = [Match(other, key.kind) for key in telling for other in self.find(key)]
        return list(dict.fromkeys(match for match in found if match.enquiry_id != enquiry_id))


def enquiry_key_indexes(keyring: Keyring, row: Mapping[str, Any]) -> dict[str, str | None]:
    purpose = PURPOSES.get(row["kind"], Purpose.NAME)
    return {"value_index": keyring.index(purpose, row["value"])}

"""Which flow a person is in: the newest for a new conversation, the one it began with for any other."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from flows.answers import Answer, Given
from flows.asking import OWN_WORDS
from flows.loader import flow_from_json, flow_to_json
from flows.model import Flow
from storage.unit_of_work import UnitOfWork

ENTRY: Final = "front_door"
"""The flow every conversation begins with; the others are parts of it."""

AUDIENCES: Final = ("parent", "young_person", "public", "professional")

_LINKS: Final = {
    "parent": "parent",
    "family": "parent",
    "carer": "parent",
    "young_person": "young_person",
    "young": "young_person",
    "me": "young_person",
    "public": "public",
    "worried": "public",
    "professional": "professional",
    "school": "professional",
}

_ROLE_OF: Final = {"parent": "parent_or_carer", "professional": "professional"}


def audience_of_link(payload: str) -> str | None:
    """Return who a deep link is for, e.g. `/start professional`; None where it says nothing we know."""
    return _LINKS.get(payload.strip().lower().replace("-", "_"))


def known_from(audience: str | None) -> dict[str, Answer]:
    """Return what a deep link tells us, so that it is not asked again."""
    role = _ROLE_OF.get(audience or "")
    return {"role": Given(role)} if role else {}


class FlowShelf:
    """Flows by version. A version is kept in the database the first time it is used, so that a later change
    of the files strands nobody."""

    def __init__(self, current: Flow) -> None:
        self._current = current
        self._content = flow_to_json(current)
        self._number: int | None = None
        self._cache: dict[tuple[str, int], Flow] = {}

    def current(self, uow: UnitOfWork, now: datetime) -> Flow:
        """Return the newest flow, numbered by its content."""
        if self._number is None:
            number = uow.flow_versions.number_of(self._current.flow, self._content, now)
            self._cache[(self._current.flow, number)] = self._current.model_copy(update={"version": number})
            self._number = number
        return self._cache[(self._current.flow, self._number)]

    def pinned(self, uow: UnitOfWork, name: str, number: int) -> Flow:
        """Return the flow a conversation began with. Raises `NotFound` where it was never kept."""
        key = (name, number)
        if key not in self._cache:
            content = uow.flow_versions.content(name, number)
            self._cache[key] = flow_from_json(content).model_copy(update={"version": number})
        return self._cache[key]


def begun_with_words(text: str) -> dict[str, Any]:
    """Return what a first message that is already the worry answers: it is never asked for again."""
    return {OWN_WORDS: Given(text, text)}

"""What a flow asks the system to do. The engine only names these; `bot/conversation/effects.py` does them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from flows.answers import Answer


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """Keep this answer; the one it replaces, if any, stays on the record. `label` is the question as asked."""

    key: str
    field: str
    label: str
    answer: Answer
    source: str = "person"


@dataclass(frozen=True, slots=True)
class RetireAnswer:
    """This answer is off the path now: it stays on the record and out of the enquiry."""

    key: str


@dataclass(frozen=True, slots=True)
class RaiseConcern:
    """A worry from an answer. `why` is for the worker."""

    indicator: str
    urgency: str
    why: str


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """A dated agreement or refusal. `wording` is the question as it was shown, `version` the flow's."""

    purpose: str
    given: str
    wording_id: str
    version: int
    wording: str


@dataclass(frozen=True, slots=True)
class SetAudience:
    """We know who is speaking."""

    audience: str


@dataclass(frozen=True, slots=True)
class SetDepth:
    """They chose how much to tell."""

    depth: str


@dataclass(frozen=True, slots=True)
class BringPerson:
    """A person is wanted or needed. `why`: `asked`, `added` (more after sending), `not_understood`,
    `handover`, `dead_end`, `unreadable`, `broken`."""

    why: str


@dataclass(frozen=True, slots=True)
class Submit:
    """Send the enquiry to the duty team."""


@dataclass(frozen=True, slots=True)
class Pause:
    """It is not safe to talk: say nothing more until they write."""


Effect: TypeAlias = (
    RecordAnswer
    | RetireAnswer
    | RaiseConcern
    | RecordConsent
    | SetAudience
    | SetDepth
    | BringPerson
    | Submit
    | Pause
)

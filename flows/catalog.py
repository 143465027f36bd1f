"""The domain's own lists: fields that may be asked, indicators of harm, codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Requirement = Literal["ask_always", "optional", "conditional", "not_asked"]

OWN_INDICATORS = {
    "danger_answer": "They said that someone is in danger",
    "cannot_talk": "They said that it is not safe to talk",
}
"""What an answer may raise besides the indicators of safeguarding-indicators.yaml."""


class Field(BaseModel):
    """One field of enquiry-fields.yaml: what may be asked, of whom, and how carefully it is shown."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    group: str = ""
    question: dict[str, str] = {}
    why: str = ""
    type: str = "text"
    values: Any = None
    requirement: dict[str, Requirement] = {}
    sensitivity: Literal["none", "personal", "special_category", "criminal_offence", "safety"] = "personal"
    stage: str = "core"
    notes: str = ""


class Indicator(BaseModel):
    """One entry of safeguarding-indicators.yaml."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    label: str
    definition: str = ""
    who_should_receive: str = ""
    urgency: Literal["emergency", "immediate", "same_day", "advice"]
    raise_to_emergency_if: str = ""
    bot_says_now: str
    bot_says_now_young_person: str
    signals: dict[str, list[str]] = {}
    typical_false_alarms: list[str] = []
    helplines: list[str] = []


class Helpline(BaseModel):
    """One entry of helplines.yaml. Shown only where the area has checked it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    name: str
    contacts: dict[str, str] = {}

    @property
    def line(self) -> str:
        """Name and number, on one line."""
        reach = self.contacts.get("phone") or self.contacts.get("text") or self.contacts.get("web") or ""
        return f"{self.name}: {reach}" if reach else self.name


@dataclass(frozen=True, slots=True)
class CodeList:
    """One CSV of code-lists, a row a mapping."""

    name: str
    rows: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything the domain names."""

    fields: Mapping[str, Field]
    indicators: Mapping[str, Indicator]
    lists: Mapping[str, CodeList] = field(default_factory=dict)
    helplines: Mapping[str, Helpline] = field(default_factory=dict)

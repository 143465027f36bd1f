"""The flows ask what the domain says, of whom it says, in an order that keeps people safe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import pytest

from flows.answers import Answer, Given
from flows.catalog import Catalog
from flows.catalog import Field as CatalogField
from flows.conditions import All, Any, AudienceIs, Condition, DepthIs, Not
from flows.effects import RaiseConcern, RecordConsent, Submit
from flows.engine import Engine
from flows.loader import DEFINITIONS, assemble, flow_from_json, flow_to_json, load_area, load_catalog, load_files, load_wording
from flows.model import Ask, Finish, Flow, Group, Node, Say, Section, in_words
from flows.outcome import Asking, Outcome, Reply
from flows.state import Mode, State
from flows.voice import Voice

AUDIENCES = ("parent", "young_person", "public", "professional")
ROLE_OF = {"parent": "parent_or_carer", "professional": "professional"}
TODAY = date(2026, 8, 6)

NOT_BY_THE_BOT = {"nationality_immigration", "alleged_source_of_harm"}
"""It frightens people away, or it investigates. A worker asks."""

NOT_ASKED_AS_A_QUESTION = {
    "privacy_notice_seen": "a record: the words who_reads are said",
    "referral_source_code": "worked out from the role",
    "equality_monitoring": "after sending, stored apart",
    "experience_feedback": "later, and only if a worker allows it",
    "assessment_factors_suspected": "the assessor's own list; what they saw is asked in words",
}

MOST_BUTTONS = 8
LONG_LISTS = {"disability", "child_status", "specific_risks", "need_categories", "worker_safety_risks", "practical_needs"}
"""Code lists of the census and professionals' checklists, which are asked as they stand."""

MOST_QUESTIONS_QUICK = 9
BEFORE_A_PERSON = 6
MOST_BUBBLES = 3


# -- where each question stands ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """A question or words in the whole front door, with every condition it stands behind."""

    node: Ask | Say | Finish
    guards: tuple[Condition, ...]
    depths: tuple[str, ...]
    groups: tuple[str, ...] = field(default=())

    def possible(self, audience: str, depth: str) -> bool:
        """Whether someone of this audience at this depth may ever come here."""
        return all(d == depth for d in self.depths) and all(_can(g, audience, depth)[0] for g in self.guards)


def _can(condition: Condition, audience: str, depth: str) -> tuple[bool, bool]:
    """Return whether a condition can hold, and whether it can fail, when nothing is known of the answers."""
    match condition:
        case AudienceIs():
            return audience in condition.audience, audience not in condition.audience
        case DepthIs():
            return condition.depth == depth, condition.depth != depth
        case All():
            parts = [_can(c, audience, depth) for c in condition.all]
            return all(p[0] for p in parts), any(p[1] for p in parts)
        case Any():
            parts = [_can(c, audience, depth) for c in condition.any]
            return any(p[0] for p in parts), all(p[1] for p in parts)
        case Not():
            holds, fails = _can(condition.not_, audience, depth)
            return fails, holds
        case _:
            return True, True


def _placed(
    nodes: list[Node], guards: tuple[Condition, ...], depths: tuple[str, ...], groups: tuple[str, ...]
) -> Iterator[Placed]:
    for node in nodes:
        own = (*guards, node.when) if node.when is not None else guards
        deep = (*depths, node.depth) if not isinstance(node, Finish) and node.depth else depths
        match node:
            case Section():
                yield from _placed(node.steps, own, deep, groups)
            case Group():
                yield from _placed(node.steps, own, deep, (*groups, node.group))
                yield Placed(node.more, own, deep, (*groups, node.group))
            case _:
                yield Placed(node, own, deep, groups)


@cache
def front_door() -> Flow:
    return assemble("front_door", load_files())


@cache
def placed() -> tuple[Placed, ...]:
    return tuple(_placed(front_door().steps, (), (), ()))


def asked_of(audience: str, depth: str) -> Iterator[tuple[Placed, Ask]]:
    for place in placed():
        if isinstance(place.node, Ask) and place.possible(audience, depth):
            yield place, place.node


def fields() -> list[CatalogField]:
    return list(load_catalog().fields.values())


# -- playing the flows ---------------------------------------------------------------------------------------------------

GENTLE = {
    "immediate_danger": "no", "safe_now": "yes", "can_talk_safely": "yes", "carry_on": "yes",
    "consent_to_help": "yes", "another_child": "no", "another_adult": "no", "household": "yes",
    "need_categories": "OTHER", "practical_needs": "none", "specific_risks": "neglect", "dsr_prompt": "no",
    "enough_1": "go_on", "enough_2": "go_on", "safe_contact_methods": "call_mobile",
}  # fmt: skip
"""Answers that raise no alert and ask for no shortcut."""

TYPED = {
    "name": "Sam", "date": "27 3 2019", "age": "34", "number": "5", "phone": "07700 900 982",
    "email": "name@example.com", "postcode": "DH1 5UL", "address": "DH1 5UL", "text": "a few words",
    "long_text": "a few words", "file": "skip",
}  # fmt: skip

ONE_CHILD_ALONE = {"household": "no", "other_parent": "no", "pregnancy": "no", "has_disability": "no",
                   "autism_or_ld": "no", "allocated_worker": "no"}  # fmt: skip


@dataclass
class Played:
    """A conversation from first words to end: the questions in order, what was said, and what came of it."""

    steps: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    bubbles: list[int] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def state(self) -> State:
        return self.outcomes[-1].state

    def effects[T](self, kind: type[T]) -> list[T]:
        return [e for o in self.outcomes for e in o.effects if isinstance(e, kind)]

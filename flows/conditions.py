"""Structured conditions: when a step is asked, and why it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field

from flows.answers import Answer, Given, NotKnown, PreferNotToSay, Skipped

Audience = Literal["parent", "young_person", "public", "professional", "unknown"]
Depth = Literal["quick", "full"]
ConcernLevel = Literal["same_day", "immediate", "emergency"]

AUDIENCES: tuple[str, ...] = get_args(Audience)
DEPTHS: tuple[str, ...] = get_args(Depth)

_LEVELS: tuple[str, ...] = ("none", "advice", "same_day", "immediate", "emergency")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a condition may look at. `answer` finds the answer nearest to the step that asks."""

    answer: Callable[[str], Answer | None]
    audience: str
    depth: str
    concern: str


@dataclass(frozen=True, slots=True)
class Held:
    """Whether a condition held, and why, in words a worker can read."""

    holds: bool
    because: tuple[str, ...]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class AnswerIs(_Part):
    """The answer is this value, or one of these. A multi-choice answer holds when it has any of them."""

    answer: str
    one_of: list[str] = Field(alias="in", min_length=1)

    def held(self, facts: Facts) -> Held:
        found = facts.answer(self.answer)
        values = chosen(found)
        hits = [v for v in values if v in self.one_of]
        said = ", ".join(values) if values else _state_of(found)
        return Held(bool(hits), (f"{self.answer} is {said}",))


class AnswerState(_Part):
    """The question was answered in this way: given, not_known, prefer_not_to_say, skipped, or asked at all."""

    answer: str
    state: Literal["given", "not_known", "prefer_not_to_say", "skipped", "asked"]

    def held(self, facts: Facts) -> Held:
        state = _state_of(facts.answer(self.answer))
        holds = state != "not asked" if self.state == "asked" else state == self.state
        return Held(holds, (f"{self.answer} is {state}",))


class AudienceIs(_Part):
    """The person is one of these."""

    audience: list[Audience] = Field(min_length=1)

    def held(self, facts: Facts) -> Held:
        return Held(facts.audience in self.audience, (f"the person is {facts.audience}",))


class DepthIs(_Part):
    """The person chose this depth."""

    depth: Depth

    def held(self, facts: Facts) -> Held:
        return Held(facts.depth == self.depth, (f"depth is {facts.depth}",))


class ConcernStands(_Part):
    """A worry of at least this urgency was raised in this conversation."""

    concern: ConcernLevel

    def held(self, facts: Facts) -> Held:
        holds = _LEVELS.index(facts.concern) >= _LEVELS.index(self.concern)
        return Held(holds, (f"the worry so far is {facts.concern}",))


class All(_Part):
    """Every part holds. The reasons are those of every part, or of the first that failed."""

    all: list[Condition] = Field(min_length=1)

    def held(self, facts: Facts) -> Held:
        reasons: list[str] = []
        for part in self.all:
            result = part.held(facts)
            if not result.holds:
                return result
            reasons.extend(result.because)
        return Held(True, tuple(reasons))


class Any(_Part):
    """One part holds. The reasons are those of the first that held, or of all that failed."""

    any: list[Condition] = Field(min_length=1)

    def held(self, facts: Facts) -> Held:
        reasons: list[str] = []
        for part in self.any:
            result = part.held(facts)
            if result.holds:
                return result
            reasons.extend(result.because)
        return Held(False, tuple(reasons))


class Not(_Part):
    """The part does not hold."""

    not_: Condition = Field(alias="not")

    def held(self, facts: Facts) -> Held:
        result = self.not_.held(facts)
        return Held(not result.holds, result.because)


Condition: TypeAlias = Annotated[
    AnswerIs | AnswerState | AudienceIs | DepthIs | ConcernStands | All | Any | Not,
    Field(union_mode="left_to_right"),
]

All.model_rebuild()
Any.model_rebuild()
Not.model_rebuild()


def holds(condition: Condition | None, facts: Facts) -> bool:
    """No condition always holds."""
    return condition is None or condition.held(facts).holds


def explain(condition: Condition | None, facts: Facts) -> Held:
    return Held(True, ()) if condition is None else condition.held(facts)


def made_of(condition: Condition) -> Sequence[Condition]:
    """Return the conditions that this one joins or turns round; nothing for one that stands by itself."""
    match condition:
        case All(all=parts) | Any(any=parts):
            return parts
        case Not(not_=part):
            return (part,)
        case _:
            return ()


def parts_of(condition: Condition, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Condition]]:
    """Yield the condition and every part of it."""
    yield path, condition
    for number, part in enumerate(made_of(condition)):
        yield from parts_of(part, (*path, number))


def chosen(answer: Answer | None) -> Sequence[str]:
    """Return the values of an answer as choice ids; nothing where nothing was given."""
    match answer:
        case Given(list() as values):
            return [str(v) for v in values]
        case Given(dict() as parts):
            choice = parts.get("choice")
            return [str(choice)] if choice else []
        case Given(value):
            return [str(value)]
        case _:
            return []


def at_least(left: str, right: str) -> str:
    """Return the higher of two levels of worry."""
    return max(left, right, key=_LEVELS.index)


def _state_of(answer: Answer | None) -> str:
    match answer:
        case None:
            return "not asked"
        case Given():
            return "given"
        case NotKnown():
            return "not_known"
        case PreferNotToSay():
            return "prefer_not_to_say"
        case Skipped():
            return "skipped"

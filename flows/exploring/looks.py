"""What the conditions of a flow look at, seen without following anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flows.conditions import AnswerIs, AnswerState, ConcernStands, DepthIs, parts_of
from flows.exploring.flat import Item, Key, conditions_of
from flows.exploring.possible import SEND
from flows.exploring.sightings import Sightings
from flows.foretelling import CONCERNS
from flows.model import Ask, Finish


def names_that_decide(items: Sequence[Item]) -> set[str]:
    """Return the questions on which an end depends, directly or by the conditions around it."""
    deciding: set[str] = set()
    inside: list[tuple[int, set[str]]] = []
    for at, item in enumerate(items):
        inside = [(past, names) for past, names in inside if past > at]
        used = {part.answer for _, part in answer_parts(item)}
        if item.op == "open":
            inside.append((item.past, used))
        if isinstance(item.step, Finish):
            deciding |= used.union(*(names for _, names in inside))
    return deciding


def answer_parts(item: Item) -> Iterator[tuple[str, AnswerIs | AnswerState]]:
    for of, condition in conditions_of(item.step):
        for _, part in parts_of(condition):
            if isinstance(part, AnswerIs | AnswerState):
                yield of, part


def levels_told_apart(items: Sequence[Item]) -> list[str]:
    named = {
        part.concern
        for item in items
        for _, condition in conditions_of(item.step)
        for _, part in parts_of(condition)
        if isinstance(part, ConcernStands)
    }
    return [level for level in CONCERNS if level == "none" or level in named]


def looks_at_depth(items: Sequence[Item]) -> bool:
    return any(
        (not isinstance(item.step, Finish) and item.step.depth)
        or any(isinstance(part, DepthIs) for _, whole in conditions_of(item.step) for _, part in parts_of(whole))
        for item in items
    )


def keep_looks(items: Sequence[Item], seen: Sightings) -> None:
    """Note which questions each condition looks at, and whether they are asked before it here."""
    asked: dict[Key, list[int]] = {}
    for at, item in enumerate(items):
        if item.ask:
            asked.setdefault((item.scope, item.ask.name), []).append(at)
    for at, item in enumerate(items):
        for of, part in answer_parts(item):
            keys = [(item.scope, part.answer), ("", part.answer)]
            limit = at + 1 if of.startswith("raises") else at
            before = [ask for key in keys for n in asked.get(key, ()) if n < limit and (ask := items[n].ask)]
            found = "before" if before else _elsewhere(part, keys, asked)
            seen.looked.setdefault((item.where, of, part.answer), set()).add(found)
            for value in part.one_of if isinstance(part, AnswerIs) else ():
                fits = not before or any(_can_be(ask, value) for ask in before)
                seen.values.setdefault((item.where, of, part.answer, value), set()).add(fits)


def _elsewhere(part: AnswerIs | AnswerState, keys: Sequence[Key], asked: Mapping[Key, Sequence[int]]) -> str:
    if any(key in asked for key in keys):
        is_meant = (
            isinstance(part, AnswerState) and part.state == "asked"
        )  # `not asked before` looks ahead on purpose
        return "before" if is_meant else "later"
    return "inside" if any(part.answer == name for _, name in asked) else "nowhere"


def _can_be(ask: Ask, value: str) -> bool:
    if ask.kind == "check":
        return value == SEND
    return not ask.options or any(option.id == value for option in ask.options)

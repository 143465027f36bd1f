"""What still matters at each line of a flow, for one who is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from flows.conditions import AnswerIs, AnswerState, Condition, made_of
from flows.exploring.flat import Item, Key, conditions_of
from flows.foretelling import foretell
from flows.model import Ask, Each, Finish, Step

SAFE_CONTACT = "safe_contact_methods"
NUMBERS = ("phone", "email")


@dataclass(frozen=True, slots=True)
class Who:
    """Who is there at the end, how much they chose to tell, and the worry that stands by then."""

    audience: str
    depth: str
    concern: str


Line: TypeAlias = tuple[int, Item]
"""A line and the last place at which it may be met: in a group that is its end, as it may begin again."""


def lines_in_force(items: Sequence[Item], who: Who) -> list[Line]:
    lines: list[Line] = []
    off_until = group_until = 0
    for at, item in enumerate(items):
        if at < off_until:
            continue
        if has_other_depth(item.step, who) or foretold(item.step.when, who) is False:
            off_until = item.past if item.op == "open" else off_until
            continue
        if at >= group_until and isinstance(item.step, Each):
            group_until = item.past
        lines.append((max(at, group_until - 1), item))
    return lines


def has_other_depth(step: Step, who: Who) -> bool:
    return not isinstance(step, Finish) and step.depth is not None and step.depth != who.depth


def foretold(condition: Condition | None, who: Who) -> bool | None:
    return foretell(condition, who.audience, who.depth, who.concern)


def parts_that_count(
    condition: Condition, who: Who, path: tuple[int, ...] = (), *, decided: bool = False
) -> Iterator[tuple[tuple[int, ...], Condition]]:
    """Yield the parts that can be judged: in one that is decided already, answers are no longer followed."""
    told = foretold(condition, who) is not None
    if told or not decided:
        yield path, condition
    for number, part in enumerate(made_of(condition)):
        yield from parts_that_count(part, who, (*path, number), decided=decided or told)


def undecided(condition: Condition, who: Who) -> Iterator[AnswerIs | AnswerState]:
    """Yield the looks at answers on which the condition still depends."""
    if foretold(condition, who) is None:
        if isinstance(condition, AnswerIs | AnswerState):
            yield condition
        for part in made_of(condition):
            yield from undecided(part, who)


def looks(item: Item, who: Who, *, raises: bool = True) -> Iterator[AnswerIs | AnswerState]:
    for of, condition in conditions_of(item.step):
        if raises or not of.startswith("raises"):
            yield from undecided(condition, who)


def asks(lines: Sequence[Line]) -> Iterator[Ask]:
    return (item.ask for _, item in lines if item.ask)


def atoms_by_name(lines: Sequence[Line], who: Who) -> dict[str, list[Condition]]:
    atoms: dict[str, list[Condition]] = {}
    for _, item in lines:
        for part in looks(item, who):
            if part not in atoms.setdefault(part.answer, []):
                atoms[part.answer].append(part)
    return atoms


def tests_by_key(lines: Sequence[Line], who: Who) -> dict[Key, list[tuple[int, Condition]]]:
    """Return what looks at each answer, and the last place that does so."""
    last: dict[Key, dict[str, tuple[int, Condition]]] = {}
    for until, item in lines:
        for part in looks(item, who):
            for key in ((item.scope, part.answer), ("", part.answer)):
                tests = last.setdefault(key, {})
                before, _ = tests.get(repr(part), (-1, part))
                tests[repr(part)] = (max(until, before), part)
    return {key: list(tests.values()) for key, tests in last.items()}


def last_presence(lines: Sequence[Line]) -> dict[Key, int]:
    """Return the last place at which it matters whether a question was answered at all."""
    last: dict[Key, int] = {}
    for until, item in lines:
        if item.ask:
            wanted = {(item.scope, item.ask.name)} | ({("", SAFE_CONTACT)} if item.ask.ask in NUMBERS else set())
            last.update({key: max(until, last.get(key, -1)) for key in wanted})
    return last


def looked_at_early(lines: Sequence[Line], who: Who) -> dict[Key, Ask]:
    """Return the questions, outside any group, that a condition looks at before they were ever asked."""
    wanted: set[str] = set()
    asked: set[Key] = set()
    early: dict[Key, Ask] = {}
    for _, item in lines:
        own = item.ask.name if item.ask else ""
        for part in looks(item, who, raises=False):
            if part.answer != own and not asked & {(item.scope, part.answer), ("", part.answer)}:
                wanted.add(part.answer)
        if item.ask:
            key = (item.scope, item.ask.name)
            if not item.scope and item.ask.name in wanted and key not in asked:
                early[key] = item.ask
            asked.add(key)
    return early


def looks_at_itself(item: Item, who: Who) -> bool:
    """Whether a question is asked as long as it was answered once: then it is followed both ways, there."""
    if item.step.when is None or item.ask is None or has_other_depth(item.step, who):
        return False
    return any(part.answer == item.ask.name for part in undecided(item.step.when, who))

"""A flow laid out flat, with every part in place, and where each step is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from flows.conditions import Condition
from flows.model import Ask, Each, FlowFile, Step, Use


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A step where it is written: the file and the way down to the step, as people count, from 1."""

    file: str
    path: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.path)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a flow laid out flat. `past` is the line after its inside, `back` where a group begins again."""

    op: Literal["open", "step", "more"]
    step: Step
    where: Where
    scope: str = ""
    past: int = 0
    back: int = 0

    @property
    def ask(self) -> Ask | None:
        return self.step if isinstance(self.step, Ask) else None


Key: TypeAlias = tuple[str, str]
"""A group's name, or nothing, and a question's."""


def lay_flat(name: str, files: Mapping[str, FlowFile]) -> list[Item]:
    """Return the flow with every part in place, one line a step. Raises `KeyError` for a part that is missing."""
    items: list[Item] = []
    _lay(files[name].steps, files, name, (), "", items)
    return items


def _lay(
    steps: Sequence[Step],
    files: Mapping[str, FlowFile],
    file: str,
    path: tuple[str, ...],
    scope: str,
    items: list[Item],
) -> None:
    for where, step in steps_of(steps, file, path):
        match step:
            case Use(use=name):
                at = _open(step, where, scope, items)
                _lay(files[name].steps, files, name, (), scope, items)
                items[at] = Item("open", step, where, scope, len(items))
            case Each():
                _lay_group(step, files, where, scope, items)
            case _:
                items.append(Item("step", step, where, scope, len(items) + 1))


def _lay_group(step: Each, files: Mapping[str, FlowFile], where: Where, scope: str, items: list[Item]) -> None:
    at = _open(step, where, scope, items)
    inner = f"{scope}{step.each}."
    _lay(step.steps, files, where.file, where.path, inner, items)
    if step.most > 1:
        items.append(Item("more", step.more, more_of(step, where), inner, len(items) + 1, at + 1))
    items[at] = Item("open", step, where, scope, len(items))


def _open(step: Step, where: Where, scope: str, items: list[Item]) -> int:
    items.append(Item("open", step, where, scope))
    return len(items) - 1


def steps_of(steps: Sequence[Step], file: str, path: tuple[str, ...] = ()) -> Iterator[tuple[Where, Step]]:
    """Yield the steps of one list with where each is written."""
    for number, step in enumerate(steps, 1):
        yield Where(file, (*path, f"step {number} ({name_of(step)})")), step


def more_of(step: Each, where: Where) -> Where:
    return Where(where.file, (*where.path, f"more ({step.more.name})"))


def name_of(step: Step) -> str:
    match step:
        case Use(use=name):
            return f"use {name}"
        case Each(each=group):
            return f"each {group}"
        case _:
            return step.name


def conditions_of(step: Step) -> Iterator[tuple[str, Condition]]:
    """Yield every condition of a step and which it is."""
    if step.when is not None:
        yield "when", step.when
    if isinstance(step, Ask):
        for option in step.options:
            if option.when is not None:
                yield f"option {option.id}", option.when
        for number, worry in enumerate(step.raises, 1):
            yield f"raises {number}", worry.when

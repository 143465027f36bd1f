"""The way through a flow, worked out anew from the answers each time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from flows.answers import Answer
from flows.conditions import Condition, Facts, Held, chosen, explain
from flows.model import Ask, Finish, Flow, Group, Node, Say, Section
from flows.state import State

AGAIN = "yes"
"""The answer to a group's `more` question that begins the next one."""


@dataclass(frozen=True, slots=True)
class Place:
    """One step on the path. `key` names its answer, `section` the flow it was written in, `prefix` its group."""

    key: str
    node: Ask | Say | Finish
    section: str
    prefix: str = ""

    @property
    def instance(self) -> int:
        """Which of a group this is, from 0."""
        return int(self.prefix.rstrip(".").rsplit(".", 1)[-1]) if self.prefix else 0


def facts(state: State, prefix: str = "") -> Facts:
    """Return what conditions may look at, nearest group first."""
    if not prefix:
        return Facts(state.answers.get, state.audience, state.depth, state.concern)

    def nearest(name: str) -> Answer | None:
        found = state.answers.get(prefix + name)
        return state.answers.get(name) if found is None else found

    return Facts(nearest, state.audience, state.depth, state.concern)


def places(flow: Flow, state: State) -> Iterator[Place]:
    """Yield every step whose conditions hold, in order, past the question at hand as far as is known."""
    yield from _walk(flow.steps, state, flow.flow, "", facts(state))


def _walk(nodes: list[Node], state: State, section: str, prefix: str, seen: Facts) -> Iterator[Place]:
    for node in nodes:
        if not _is_on(node, state, seen):
            continue
        match node:
            case Ask():
                yield Place(prefix + node.name, node, section, prefix)
            case Say() | Finish():
                yield Place(node.name, node, section, prefix)
            case Section():
                yield from _walk(node.steps, state, node.section, prefix, seen)
            case Group():
                yield from _each(node, state, section, prefix)
            case _:
                assert_never(node)


def _each(group: Group, state: State, section: str, prefix: str) -> Iterator[Place]:
    for number in range(group.most):
        inner = f"{prefix}{group.group}.{number}."
        yield from _walk(group.steps, state, section, inner, facts(state, inner))
        more = Place(inner + group.more.name, group.more, section, inner)
        if number + 1 < group.most:
            yield more
        if AGAIN not in chosen(state.answers.get(more.key)):
            return


def _is_on(node: Node, state: State, seen: Facts) -> bool:
    depth = None if isinstance(node, Finish) else node.depth
    if depth is not None and depth != state.depth:
        return False
    return node.when is None or node.when.held(seen).holds


def why(condition: Condition | None, state: State, prefix: str = "") -> Held:
    """Return why a step is or is not on the path, in words a worker can read."""
    return explain(condition, facts(state, prefix))


class Way:
    """The path of one state, walked once and only as far as anyone has asked."""

    __slots__ = ("_ahead", "_answers", "_walked")

    def __init__(self, flow: Flow, state: State) -> None:
        self._answers = state.answers
        self._walked: list[Place] = []
        self._ahead = places(flow, state)

    def __iter__(self) -> Iterator[Place]:
        position = 0
        while True:
            if position == len(self._walked):
                place = next(self._ahead, None)
                if place is None:
                    return
                self._walked.append(place)
            yield self._walked[position]
            position += 1

    def questions(self) -> Iterator[Place]:
        return (place for place in self if isinstance(place.node, Ask))

    def answered(self) -> dict[str, Place]:
        """Return the questions on the path that have an answer, by key, in order."""
        return {place.key: place for place in self.questions() if place.key in self._answers}

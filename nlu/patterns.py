"""Finds many short patterns of words in a message in one pass, letting a few words stand in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from nlu.spelling import Token

T = TypeVar("T")
_ENOUGH = 1.6
"""How many of the remaining places must be telling words, on the whole, for a link word's place to be empty."""


@dataclass(slots=True)
class _Node(Generic[T]):
    to: dict[str, _Node[T]] = field(default_factory=dict)
    ends: list[T] = field(default_factory=list)


class Found(NamedTuple, Generic[T]):
    """A pattern that stands in the message from token `first` to token `last`, both included."""

    pattern: T
    first: int
    last: int


class _State(NamedTuple):
    gap: int
    first: int


class Matcher(Generic[T]):
    """Holds patterns as tries, one for each number of words that may stand between.

    `free` words (determiners, auxiliaries, swear words) may stand between any two words of a pattern.
    Words put before or after a match do not change it.
    """

    def __init__(self, *, free: frozenset[str]) -> None:
        self._free = free
        self._roots: dict[int, _Node[T]] = {}
        self._sets: dict[frozenset[str], str] = {}
        self._member_of: dict[str, set[str]] = {}

    def add(self, elements: Sequence[Sequence[str]], gap: int, pattern: T) -> None:
        """Add a pattern: at each place any of the keys given there may stand."""
        node = self._roots.setdefault(gap if len(elements) > 1 else 0, _Node())
        for keys in elements:
            node = node.to.setdefault(self._edge(frozenset(keys)), _Node())
        node.ends.append(pattern)

    def _edge(self, keys: frozenset[str]) -> str:
        edge = self._sets.setdefault(keys, f"#{len(self._sets)}")
        for key in keys:
            self._member_of.setdefault(key, set()).add(edge)
        return edge

    def find(self, tokens: Sequence[Token]) -> list[Found[T]]:
        """Return every pattern found. Edges no word of the message could follow are never walked."""
        of_keys: dict[tuple[str, ...], frozenset[str]] = {}
        for token in tokens:
            if token.keys not in of_keys:
                of_keys[token.keys] = frozenset().union(*(self._member_of.get(key, ()) for key in token.keys))
        edges = [of_keys[token.keys] for token in tokens]
        present = frozenset().union(*of_keys.values())
        free = [not self._free.isdisjoint(token.keys) for token in tokens]
        found: list[Found[T]] = []
        for gap, root in self._roots.items():
            self._walk(edges, free, present, root, gap, found)
        return found

    def _walk(
        self,
        edges: list[frozenset[str]],
        free: list[bool],
        present: frozenset[str],
        root: _Node[T],
        gap: int,
        found: list[Found[T]],
    ) -> None:
        useful: dict[int, tuple[tuple[str, _Node[T]], ...]] = {}
        begun: dict[int, tuple[_Node[T], ...]] = {}
        active: dict[int, tuple[_Node[T], _State]] = {}
        for at, here in enumerate(edges):
            nxt: dict[int, tuple[_Node[T], _State]] = {}
            first = begun.get(id(here))
            if first is None:
                first = tuple(root.to[edge] for edge in here if edge in root.to)
                first = begun[id(here)] = tuple(n for n in first if n.ends or _onward(n, useful, present))
            for child in first:
                _enter(child, _State(gap, at), at, nxt, useful, present, found)
            is_free = free[at]
            for node, state in active.values():
                for edge, child in useful[id(node)]:
                    if edge in here:
                        _enter(child, state, at, nxt, useful, present, found)
                if is_free:
                    _keep(nxt, node, state)
                elif state.gap:
                    _keep(nxt, node, _State(state.gap - 1, state.first))
            active = nxt


def _enter(
    node: _Node[T],
    state: _State,
    at: int,
    states: dict[int, tuple[_Node[T], _State]],
    useful: dict[int, tuple[tuple[str, _Node[T]], ...]],
    present: frozenset[str],
    found: list[Found[T]],
) -> None:
    for pattern in node.ends:
        found.append(Found(pattern, state.first, at))
    if _onward(node, useful, present):
        _keep(states, node, state)


def _onward(
    node: _Node[T], useful: dict[int, tuple[tuple[str, _Node[T]], ...]], present: frozenset[str]
) -> tuple[tuple[str, _Node[T]], ...]:
    """Return the edges out of `node` that some word of the message could follow."""
    onward = useful.get(id(node))
    if onward is None:
        onward = useful[id(node)] = tuple((edge, to) for edge, to in node.to.items() if edge in present)
    return onward


def _keep(states: dict[int, tuple[_Node[T], _State]], node: _Node[T], state: _State) -> None:
    """Keep the way of reaching `node` that leaves most room; of equals, the one that began latest."""
    other = states.get(id(node))
    if other is None or state > other[1]:
        states[id(node)] = (node, state)


@dataclass(frozen=True, slots=True)
class PatternWords:
    """How a written pattern is read: `a/b` is either word, `{name}` any word of a class."""

    stem: Callable[[str], str]
    shorthand: Callable[[str], tuple[str, ...]]
    determiners: frozenset[str]
    auxiliaries: frozenset[str]
    link_words: frozenset[str]
    common: frozenset[str]

    def readings(self, pattern: str, gap: int) -> list[list[tuple[str, ...]]]:
        """Return the ways to read `pattern`, each as the keys at each place.

        Determiners are left out where two words remain, auxiliaries where three do. A pattern is taken as written
        if no words may stand between its own. Any other must hold two telling
        words whichever alternatives are taken. If not, link words ("and", "to") no longer count where there is a
        choice, and their place may be empty if the rest still tells enough.
        """
        places = [tuple(self._keys(place)) for place in self._spread(pattern)]
        if gap == 0 or sum(self.common.isdisjoint(place) for place in places) >= 2:
            return [self._without_empty(places)]
        readings = [self._without_empty([self._telling(place) for place in places])]
        for at, place in enumerate(places):
            rest = [self._telling(other) for other in (*places[:at], *places[at + 1 :])]
            if not self.link_words.isdisjoint(place) and sum(map(self._weight, rest)) >= _ENOUGH:
                readings.append(self._without_empty(rest))
        return readings

    def exact(self, pattern: str) -> list[tuple[str, ...]]:
        """Return the keys at each place, nothing but determiners left out."""
        places = [tuple(self._keys(place)) for place in self._spread(pattern)]
        meant = [place for place in places if not self.determiners.issuperset(place)]
        return meant if len(meant) >= 2 else places

    def _without_empty(self, places: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        for empty, least in ((self.determiners, 2), (self.auxiliaries, 3)):
            meant = [place for place in places if not empty.issuperset(place)]
            if len(meant) >= least:
                places = meant
        return places

    def _weight(self, place: tuple[str, ...]) -> float:
        return sum(key not in self.common for key in place) / len(place)

    def _telling(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(key for key in keys if key not in self.link_words) or keys

    def _spread(self, pattern: str) -> Iterable[str]:
        for place in pattern.split():
            if "/" in place or place.startswith("{"):
                yield place
            else:
                yield from self.shorthand(place)

    def _keys(self, place: str) -> Iterable[str]:
        for word in place.split("/"):
            yield word if word.startswith("{") else self.stem(self.shorthand(word)[0])

"""Plays a flow over every combination of answers that its conditions look at, and keeps what it saw."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Literal, TypeAlias, get_args

from flows.answers import Answer, Given, NotKnown, PreferNotToSay, Skipped
from flows.conditions import (
    All,
    AnswerIs,
    AnswerState,
    Any,
    Audience,
    AudienceIs,
    ConcernStands,
    Condition,
    Depth,
    DepthIs,
    Facts,
    Not,
    chosen,
)
from flows.model import Ask, Each, Finish, FlowFile, Option, Step, Use, in_words
from flows.path import AGAIN
from flows.plain_words import DEPTHS as SETS
from flows.plain_words import PEOPLE, either

MOST_SITUATIONS = 4_000
"""How many situations are followed at one step. What is beyond it is not looked at, and that is said."""

MOST_DEAD_ENDS = 3
CONCERNS = ("none", "same_day", "immediate", "emergency")
AUDIENCES: tuple[str, ...] = get_args(Audience)
DEPTHS: tuple[str, ...] = get_args(Depth)
SEND = "send"
TYPED = "their own words"


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


@dataclass(frozen=True, slots=True)
class Look:
    """A condition of a step, or a part of one. `of` says which: its `when`, an option's, a worry's."""

    where: Where
    of: str
    path: tuple[int, ...]


@dataclass(slots=True)
class Seen:
    """What became of one condition."""

    condition: Condition
    held: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A way on which nothing more is asked and nothing ends it. `how` is who and which answers lead there."""

    flow: str
    how: tuple[str, ...]


@dataclass(slots=True)
class Sightings:
    """What was seen over every flow explored: a shared part is judged by all the flows that use it."""

    arrived: set[Where] = field(default_factory=set)
    reached: dict[Where, set[str]] = field(default_factory=dict)
    conditions: dict[Look, Seen] = field(default_factory=dict)
    offered: dict[Where, set[tuple[str, frozenset[int]]]] = field(default_factory=dict)
    audiences: dict[Where, set[str]] = field(default_factory=dict)
    looked: dict[tuple[Where, str, str], set[str]] = field(default_factory=dict)
    values: dict[tuple[Where, str, str, str], set[bool]] = field(default_factory=dict)
    asked_again: dict[Where, str] = field(default_factory=dict)
    out_of_order: dict[Where, str] = field(default_factory=dict)
    dead_ends: dict[tuple[str, str], list[DeadEnd]] = field(default_factory=dict)
    longest: dict[tuple[str, str], int] = field(default_factory=dict)
    cut_short: set[str] = field(default_factory=set)


# Laying a flow out flat


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


def parts_of(condition: Condition, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Condition]]:
    """Yield the condition and every part of it."""
    yield path, condition
    for number, part in enumerate(_inner(condition)):
        yield from parts_of(part, (*path, number))


# What a question can be answered


@dataclass(frozen=True, slots=True)
class Possible:
    """One kind of answer to a question; every answer that no condition can tell from it is the same to us."""

    answer: Answer
    words: str


def possible_answers(ask: Ask, atoms: Iterable[Condition], offered: frozenset[int]) -> list[Possible]:
    """Return one answer of each kind that the conditions on this question can tell apart."""
    alike: dict[tuple[bool, ...], list[Possible]] = {}
    tests = list(atoms)
    for possible in _every_answer(ask, tests, offered):
        alike.setdefault(_signature(possible.answer, tests), []).append(possible)
    return [
        Possible(kind[0].answer, either(list(dict.fromkeys(p.words for p in kind)))) for kind in alike.values()
    ]


def _every_answer(ask: Ask, tests: Sequence[Condition], offered: frozenset[int]) -> Iterator[Possible]:
    singles = [Possible(Given(o.id), f'"{_label(o)}"') for n, o in enumerate(ask.options) if n in offered]
    if ask.kind == "check":
        singles = [Possible(Given(SEND), '"send"')]
    yield from singles
    if ask.kind == "choices":
        yield from _sets_of(singles)
    if not singles:
        named = {value for test in tests if isinstance(test, AnswerIs) for value in test.one_of}
        yield from (Possible(Given(value), f'"{value}"') for value in sorted(named))
        yield Possible(Given(TYPED), "anything else")
    if ask.kind == "check":
        return
    yield Possible(NotKnown(), '"I do not know"')
    yield Possible(PreferNotToSay(), '"rather not say"')
    if ask.optional or not ask.unreadable_as:  # where nothing is to be skipped, silence is still taken as a skip
        yield Possible(Skipped(), "skipped")
    if singles:
        yield _unread(ask)


def _sets_of(singles: Sequence[Possible]) -> Iterator[Possible]:
    """Yield pairs and the whole: with the single ones, enough for conditions that ask `has any of`."""
    values = [str(chosen(p.answer)[0]) for p in singles]
    for number, left in enumerate(singles):
        for right in range(number + 1, len(singles)):
            both: list[str] = [values[number], values[right]]
            yield Possible(Given(both), f"{left.words} and {singles[right].words}")
    if len(singles) > 2:
        yield Possible(Given(list(values)), "every one of them")


def _unread(ask: Ask) -> Possible:
    if ask.unreadable_as:
        return Possible(Given(ask.unreadable_as, checked=False), "something we cannot read")
    kept = Given({"choice": None, "text": TYPED}, checked=False)
    return Possible(kept, "something we cannot read, kept as typed")


def _label(option: Option) -> str:
    return in_words(option.label, "other") or option.id


def _signature(answer: Answer | None, tests: Sequence[Condition]) -> tuple[bool, ...]:
    seen = Facts(lambda _: answer, "", "", "none")
    return tuple(test.held(seen).holds for test in tests)


# Following every way


@dataclass(frozen=True, slots=True)
class Who:
    """Who is there at the end, how much they chose to tell, and the worry that stands by then."""

    audience: str
    depth: str
    concern: str


Answers: TypeAlias = tuple[tuple[Key, int], ...]
"""What was answered, as far as anything further on looks at it: a question and the number of a possible answer."""

Trail: TypeAlias = tuple["Trail", str, str] | None
"""The way back to the beginning: what came before, the question, what was answered."""


def foretell(
    condition: Condition | None, audience: str, depth: str | None = None, concern: str | None = None
) -> bool | None:
    """Return whether the condition holds whatever is answered; None where that depends."""
    match condition:
        case None:
            return True
        case AudienceIs(audience=people):
            return audience in people
        case DepthIs(depth=wanted):
            return None if depth is None else depth == wanted
        case ConcernStands(concern=least):
            return None if concern is None else CONCERNS.index(concern) >= CONCERNS.index(least)
        case All(all=parts):
            told = [foretell(part, audience, depth, concern) for part in parts]
            return False if False in told else None if None in told else True
        case Any(any=parts):
            told = [foretell(part, audience, depth, concern) for part in parts]
            return True if True in told else None if None in told else False
        case Not(not_=part):
            inner = foretell(part, audience, depth, concern)
            return None if inner is None else not inner
        case _:
            return None


class Exploration:
    """One flow followed every way for one `Who`. The path is worked out anew from the end each time, so these are
    those at the end, and an answer that would have made them someone else is not followed."""

    def __init__(self, flow: str, items: Sequence[Item], who: Who, levels: Sequence[str], seen: Sightings) -> None:
        self._flow = flow
        self._items = items
        self._who = who
        self._levels = levels
        self._seen = seen
        self._lines = lines = _lines_in_force(items, who)
        self._atoms = _atoms_by_name(lines, who)
        self._tests = _tests_by_key(lines, who)
        self._presence = _last_presence(lines)
        self._foreseen = _looked_at_early(lines, who)
        self._own = {at for at, item in enumerate(items) if item.ask and _looks_at_itself(item, who)}
        self._setters = {kind: sum(a.sets == kind for a in _asks(lines)) for kind in ("audience", "depth")}
        self._possible: list[Possible] = []
        self._index: dict[tuple[Key, str], int] = {}
        self._alike: dict[tuple[Key, int, int], int | None] = {}
        self._firsts: dict[tuple[Key, int, tuple[bool, ...]], int] = {}
        self._parts: dict[tuple[Where, str], list[tuple[Condition, Seen]]] = {}
        self._ahead: list[dict[Answers, tuple[int, Trail]]] = [{} for _ in items]
        self._followed: list[set[Answers]] = [set() for _ in items]
        self._waiting: list[int] = []

    def run(self) -> None:
        for start in self._foresee():
            self._arrive(0, start, 0, None)
        while self._waiting:
            at = heapq.heappop(self._waiting)
            waiting, self._ahead[at] = self._ahead[at], {}
            for answers, (count, trail) in waiting.items():
                if answers not in self._followed[at]:
                    self._followed[at].add(answers)
                    self._follow(at, answers, count, trail)

    def _foresee(self) -> Iterator[Answers]:
        """Where a condition looks at a question that comes later, begin once with each answer it may get."""
        choices: list[list[tuple[Key, int] | None]] = []
        for key, ask in self._foreseen.items():
            offered = frozenset(range(len(ask.options)))
            answers = possible_answers(ask, self._atoms.get(ask.name, []), offered)
            choices.append([None, *((key, self._number(key, possible)) for possible in answers)])
        for guess in product(*choices):
            yield tuple(sorted(pair for pair in guess if pair is not None))

    def _arrive(self, at: int, answers: Answers, count: int, trail: Trail) -> None:
        if at == len(self._items):
            self._end(count, trail, dead=True)
            return
        slim = tuple(self._still_told_apart(at, answers))
        ahead = self._ahead[at]
        if slim not in ahead and len(ahead) + len(self._followed[at]) >= MOST_SITUATIONS:
            self._seen.cut_short.add(self._flow)
            return
        if not ahead:
            heapq.heappush(self._waiting, at)
        before = ahead.get(slim)
        if before is None or before[0] < count:
            ahead[slim] = (count, before[1] if before else trail)

    def _still_told_apart(self, at: int, answers: Answers) -> Iterator[tuple[Key, int]]:
        """Yield the answers that matter from here on, each as the first of those that are alike from here on."""
        for key, number in answers:
            told = (key, number, at)
            if told not in self._alike:
                self._alike[told] = self._first_alike(key, number, at)
            alike = self._alike[told]
            if alike is not None:
                yield key, alike

    def _first_alike(self, key: Key, number: int, at: int) -> int | None:
        """Return the first answer that nothing from here on tells from this one; None if it is as if not asked."""
        tests = [test for until, test in self._tests.get(key, ()) if until >= at]
        signature = _signature(self._possible[number].answer, tests)
        if self._presence.get(key, -1) < at and signature == _signature(None, tests):
            return None
        return self._firsts.setdefault((key, len(tests), signature), number)

    def _follow(self, at: int, answers: Answers, count: int, trail: Trail) -> None:
        item = self._items[at]
        self._seen.arrived.add(item.where)
        self._seen.audiences.setdefault(item.where, set()).add(self._who.audience)
        if not self._is_on(item, answers):
            self._arrive(item.past, answers, count, trail)
            if at not in self._own:
                return
        self._seen.reached.setdefault(item.where, set()).add(self._who.audience)
        match item.step:
            case Finish():
                self._end(count, trail, dead=False)
            case Ask() as ask:
                self._answer(at, ask, answers, count, trail)
            case _:
                self._arrive(at + 1, answers, count, trail)

    def _is_on(self, item: Item, answers: Answers) -> bool:
        step = item.step
        if _has_other_depth(step, self._who):
            return False
        return step.when is None or self._look(item.where, "when", step.when, self._facts(answers, item.scope))

    def _look(self, where: Where, of: str, condition: Condition, facts: Facts) -> bool:
        parts = self._parts.get((where, of))
        if parts is None:
            parts = self._parts[where, of] = [
                (part, self._seen.conditions.setdefault(Look(where, of, path), Seen(part)))
                for path, part in _parts_that_count(condition, self._who)
            ]
        for part, seen in parts:
            if not (seen.held and seen.failed):
                held = part.held(facts).holds
                seen.held, seen.failed = seen.held or held, seen.failed or not held
        return condition.held(facts).holds

    def _facts(self, answers: Answers, scope: str) -> Facts:
        by_key = {key: self._possible[number].answer for key, number in answers}

        def nearest(name: str) -> Answer | None:
            found = by_key.get((scope, name)) if scope else None
            return by_key.get(("", name)) if found is None else found

        return Facts(nearest, self._who.audience, self._who.depth, self._who.concern)

    def _answer(self, at: int, ask: Ask, answers: Answers, count: int, trail: Trail) -> None:
        item = self._items[at]
        key = (item.scope, ask.name)
        answered = dict(answers)
        if key in answered and key not in self._foreseen and item.op != "more":
            if any(_is_other_question(ask, other) for _, line in self._lines if (other := line.ask)):
                self._seen.asked_again[item.where] = ask.name
            self._arrive(at + 1, answers, count, trail)
            return
        if _is_unsafe(ask, answered, self._who.audience):
            self._seen.out_of_order[item.where] = ask.ask
        for possible in self._possibles(item, ask, key, answers):
            if not self._agrees(ask, possible):
                continue
            after = tuple(sorted({**answered, key: self._number(key, possible)}.items()))
            if self._raises_too_much(item, ask, after) or (at in self._own and not self._is_on(item, after)):
                continue
            told = trail if possible is _ANY else (trail, ask.name, possible.words)
            again = item.op == "more" and AGAIN in chosen(possible.answer)
            fresh = tuple(pair for pair in after if not again or not pair[0][0].startswith(item.scope))
            self._arrive(item.back if again else at + 1, fresh, count + (ask.kind != "check"), told)

    def _possibles(self, item: Item, ask: Ask, key: Key, answers: Answers) -> list[Possible]:
        offered = self._offer(item, ask, answers)
        atoms = self._atoms.get(ask.name, [])
        if ask.sets or item.op == "more":
            atoms = [*atoms, *(_is_answer(ask.name, option.id) for option in ask.options)]
        possibles = possible_answers(ask, atoms, offered) if atoms else [_ANY]
        if key not in self._foreseen:
            return possibles
        foreseen = dict(answers).get(key)
        return [p for p in possibles if self._number(key, p) == foreseen]

    def _offer(self, item: Item, ask: Ask, answers: Answers) -> frozenset[int]:
        offered = range(len(ask.options))
        if any(option.when for option in ask.options):
            facts = self._facts(answers, item.scope)
            offered_now = [number for number in offered if self._is_offered(item, ask, number, facts)]
        else:
            offered_now = list(offered)
        self._seen.offered.setdefault(item.where, set()).add((self._who.audience, frozenset(offered_now)))
        return frozenset(offered_now)

    def _is_offered(self, item: Item, ask: Ask, number: int, facts: Facts) -> bool:
        option = ask.options[number]
        return option.when is None or self._look(item.where, f"option {option.id}", option.when, facts)

    def _raises_too_much(self, item: Item, ask: Ask, after: Answers) -> bool:
        """Whether the answer raises a worry above the one that stands at the end: then it was not this answer."""
        facts = self._facts(after, item.scope)
        too_much = False
        for number, worry in enumerate(ask.raises, 1):
            raised = self._look(item.where, f"raises {number}", worry.when, facts)
            too_much |= raised and self._level(worry.urgency) > self._level(self._who.concern)
        return too_much

    def _level(self, urgency: str) -> int:
        """Return how many of the levels that conditions tell apart this urgency comes up to."""
        return sum(CONCERNS.index(level) <= CONCERNS.index(urgency) for level in self._levels)

    def _agrees(self, ask: Ask, possible: Possible) -> bool:
        """Whether the answer makes them who they are at the end, where only this question could make them so."""
        if ask.sets not in ("audience", "depth") or self._setters[ask.sets] > 1:
            return True
        known, now = (
            (AUDIENCES, self._who.audience) if ask.sets == "audience" else (DEPTHS, self._who.depth)
        )  # fmt: skip
        values = chosen(possible.answer)
        made = ask.maps.get(values[0], values[0]) if values else ""
        return made not in known or made == now

    def _number(self, key: Key, possible: Possible) -> int:
        name = (key, repr(possible.answer))
        known = self._index.get(name)
        if known is None:
            known = self._index[name] = len(self._possible)
            self._possible.append(possible)
        return known

    def _end(self, count: int, trail: Trail, *, dead: bool) -> None:
        if self._who.depth == "quick" and self._who.concern == "none":
            way = (self._flow, self._who.audience)
            self._seen.longest[way] = max(self._seen.longest.get(way, 0), count)
        told = self._seen.dead_ends.setdefault((self._flow, self._who.audience), [])
        if dead and len(told) < MOST_DEAD_ENDS:
            end = DeadEnd(self._flow, self._how(trail))
            told.extend([] if end in told else [end])

    def _how(self, trail: Trail) -> tuple[str, ...]:
        deciding = _names_that_decide(self._items)
        told: list[str] = []
        while trail is not None:
            trail, name, words = trail
            if name in deciding:
                told.append(f"{name} is {words}")
        who = [PEOPLE[self._who.audience]]
        if _looks_at_depth(self._items):
            who.append(SETS[self._who.depth])
        if len(self._levels) > 1:
            worry = f"a worry of `{self._who.concern}`"
            who.append("no worry heard" if self._who.concern == "none" else worry)
        return (*who, *reversed(told))


SAFE_CONTACT = "safe_contact_methods"
NUMBERS = ("phone", "email")
_ANY = Possible(Given(TYPED), "anything")


def _is_unsafe(ask: Ask, answered: Mapping[Key, int], audience: str) -> bool:
    """Whether a number is asked before we know how it is safe to reach them. A professional is reached at work."""
    return ask.ask in NUMBERS and ("", SAFE_CONTACT) not in answered and audience != "professional"


def _is_other_question(ask: Ask, other: Ask) -> bool:
    """Whether two questions share an answer and yet ask for different things."""
    same = ask.kind == other.kind and [o.id for o in ask.options] == [o.id for o in other.options]
    return ask.name == other.name and not same


def _is_answer(name: str, value: str) -> Condition:
    return AnswerIs.model_validate({"answer": name, "in": [value]})


# What still matters at each line, for one `Who`

Line: TypeAlias = tuple[int, Item]
"""A line and the last place at which it may be met: in a group that is its end, as it may begin again."""


def _lines_in_force(items: Sequence[Item], who: Who) -> list[Line]:
    lines: list[Line] = []
    off_until = group_until = 0
    for at, item in enumerate(items):
        if at < off_until:
            continue
        if _has_other_depth(item.step, who) or _foretold(item.step.when, who) is False:
            off_until = item.past if item.op == "open" else off_until
            continue
        if at >= group_until and isinstance(item.step, Each):
            group_until = item.past
        lines.append((max(at, group_until - 1), item))
    return lines


def _has_other_depth(step: Step, who: Who) -> bool:
    return not isinstance(step, Finish) and step.depth is not None and step.depth != who.depth


def _foretold(condition: Condition | None, who: Who) -> bool | None:
    return foretell(condition, who.audience, who.depth, who.concern)


def _parts_that_count(
    condition: Condition, who: Who, path: tuple[int, ...] = (), *, decided: bool = False
) -> Iterator[tuple[tuple[int, ...], Condition]]:
    """Yield the parts that can be judged: in one that is decided already, answers are no longer followed."""
    told = _foretold(condition, who) is not None
    if told or not decided:
        yield path, condition
    for number, part in enumerate(_inner(condition)):
        yield from _parts_that_count(part, who, (*path, number), decided=decided or told)


def _inner(condition: Condition) -> Sequence[Condition]:
    match condition:
        case All(all=parts) | Any(any=parts):
            return parts
        case Not(not_=part):
            return (part,)
        case _:
            return ()


def _undecided(condition: Condition, who: Who) -> Iterator[AnswerIs | AnswerState]:
    """Yield the looks at answers on which the condition still depends."""
    if _foretold(condition, who) is None:
        if isinstance(condition, AnswerIs | AnswerState):
            yield condition
        for part in _inner(condition):
            yield from _undecided(part, who)


def _looks(item: Item, who: Who, *, raises: bool = True) -> Iterator[AnswerIs | AnswerState]:
    for of, condition in conditions_of(item.step):
        if raises or not of.startswith("raises"):
            yield from _undecided(condition, who)


def _asks(lines: Sequence[Line]) -> Iterator[Ask]:
    return (item.ask for _, item in lines if item.ask)


def _atoms_by_name(lines: Sequence[Line], who: Who) -> dict[str, list[Condition]]:
    atoms: dict[str, list[Condition]] = {}
    for _, item in lines:
        for part in _looks(item, who):
            if part not in atoms.setdefault(part.answer, []):
                atoms[part.answer].append(part)
    return atoms


def _tests_by_key(lines: Sequence[Line], who: Who) -> dict[Key, list[tuple[int, Condition]]]:
    """Return what looks at each answer, and the last place that does so."""
    last: dict[Key, dict[str, tuple[int, Condition]]] = {}
    for until, item in lines:
        for part in _looks(item, who):
            for key in ((item.scope, part.answer), ("", part.answer)):
                tests = last.setdefault(key, {})
                before, _ = tests.get(repr(part), (-1, part))
                tests[repr(part)] = (max(until, before), part)
    return {key: list(tests.values()) for key, tests in last.items()}


def _last_presence(lines: Sequence[Line]) -> dict[Key, int]:
    """Return the last place at which it matters whether a question was answered at all."""
    last: dict[Key, int] = {}
    for until, item in lines:
        if item.ask:
            wanted = {(item.scope, item.ask.name)} | ({("", SAFE_CONTACT)} if item.ask.ask in NUMBERS else set())
            last.update({key: max(until, last.get(key, -1)) for key in wanted})
    return last


def _looked_at_early(lines: Sequence[Line], who: Who) -> dict[Key, Ask]:
    """Return the questions, outside any group, that a condition looks at before they were ever asked."""
    wanted: set[str] = set()
    asked: set[Key] = set()
    early: dict[Key, Ask] = {}
    for _, item in lines:
        own = item.ask.name if item.ask else ""
        for part in _looks(item, who, raises=False):
            if part.answer != own and not asked & {(item.scope, part.answer), ("", part.answer)}:
                wanted.add(part.answer)
        if item.ask:
            key = (item.scope, item.ask.name)
            if not item.scope and item.ask.name in wanted and key not in asked:
                early[key] = item.ask
            asked.add(key)
    return early


def _looks_at_itself(item: Item, who: Who) -> bool:
    """Whether a question is asked as long as it was answered once: then it is followed both ways, there."""
    if item.step.when is None or item.ask is None or _has_other_depth(item.step, who):
        return False
    return any(part.answer == item.ask.name for part in _undecided(item.step.when, who))


# What is seen without following anything


def _names_that_decide(items: Sequence[Item]) -> set[str]:
    """Return the questions on which an end depends, directly or by the conditions around it."""
    deciding: set[str] = set()
    inside: list[tuple[int, set[str]]] = []
    for at, item in enumerate(items):
        inside = [(past, names) for past, names in inside if past > at]
        used = {part.answer for _, part in _answer_parts(item)}
        if item.op == "open":
            inside.append((item.past, used))
        if isinstance(item.step, Finish):
            deciding |= used.union(*(names for _, names in inside))
    return deciding


def _answer_parts(item: Item) -> Iterator[tuple[str, AnswerIs | AnswerState]]:
    for of, condition in conditions_of(item.step):
        for _, part in parts_of(condition):
            if isinstance(part, AnswerIs | AnswerState):
                yield of, part


def _levels_told_apart(items: Sequence[Item]) -> list[str]:
    named = {
        part.concern
        for item in items
        for _, condition in conditions_of(item.step)
        for _, part in parts_of(condition)
        if isinstance(part, ConcernStands)
    }
    return [level for level in CONCERNS if level == "none" or level in named]


def _looks_at_depth(items: Sequence[Item]) -> bool:
    return any(
        (not isinstance(item.step, Finish) and item.step.depth)
        or any(isinstance(part, DepthIs) for _, whole in conditions_of(item.step) for _, part in parts_of(whole))
        for item in items
    )


def _keep_looks(items: Sequence[Item], seen: Sightings) -> None:
    """Note which questions each condition looks at, and whether they are asked before it here."""
    asked: dict[Key, list[int]] = {}
    for at, item in enumerate(items):
        if item.ask:
            asked.setdefault((item.scope, item.ask.name), []).append(at)
    for at, item in enumerate(items):
        for of, part in _answer_parts(item):
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


def _audiences(flow: FlowFile, items: Sequence[Item]) -> list[str]:
    """Return who can be there: a flow for everyone may also be begun by a link that says who they are."""
    if flow.audience == "unknown":
        return list(AUDIENCES)
    made = {
        ask.maps.get(option.id, option.id)
        for item in items
        if (ask := item.ask) and ask.sets == "audience"
        for option in ask.options
    }
    return [name for name in AUDIENCES if name == flow.audience or name in made]


def explore(entries: Iterable[str], files: Mapping[str, FlowFile]) -> Sightings:
    """Follow each entry flow every way and return what was seen over them all."""
    seen = Sightings()
    for name in entries:
        items = lay_flat(name, files)
        levels = _levels_told_apart(items)
        depths = DEPTHS if _looks_at_depth(items) else DEPTHS[:1]
        for audience, depth, level in product(_audiences(files[name], items), depths, levels):
            Exploration(name, items, Who(audience, depth, level), levels, seen).run()
        _keep_looks(items, seen)
    return seen

"""Follows flows every way they can go, for everyone who can be there."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import TypeAlias

from flows.answers import Answer, Given
from flows.conditions import AUDIENCES, DEPTHS, AnswerIs, Condition, Facts, chosen
from flows.exploring.flat import Item, Key, Where, lay_flat
from flows.exploring.lines import (
    NUMBERS,
    SAFE_CONTACT,
    Who,
    asks,
    atoms_by_name,
    has_other_depth,
    last_presence,
    lines_in_force,
    looked_at_early,
    looks_at_itself,
    parts_that_count,
    tests_by_key,
)
from flows.exploring.looks import keep_looks, levels_told_apart, looks_at_depth, names_that_decide
from flows.exploring.possible import TYPED, Possible, possible_answers, signature
from flows.exploring.sightings import DeadEnd, Look, Seen, Sightings
from flows.foretelling import CONCERNS
from flows.model import Ask, Finish, FlowFile
from flows.path import AGAIN
from flows.plain_words import DEPTHS as SETS
from flows.plain_words import PEOPLE

MOST_SITUATIONS = 4_000
"""How many situations are followed at one step. What is beyond it is not looked at, and that is said."""

MOST_DEAD_ENDS = 3
_ANY = Possible(Given(TYPED), "anything")


Answers: TypeAlias = tuple[tuple[Key, int], ...]
"""What was answered, as far as anything further on looks at it: a question and the number of a possible answer."""

Trail: TypeAlias = tuple["Trail", str, str] | None
"""The way back to the beginning: what came before, the question, what was answered."""


class Exploration:
    """One flow followed every way for one `Who`. The path is worked out anew from the end each time, so these are
    those at the end, and an answer that would have made them someone else is not followed."""

    def __init__(self, flow: str, items: Sequence[Item], who: Who, levels: Sequence[str], seen: Sightings) -> None:
        self._flow = flow
        self._items = items
        self._who = who
        self._levels = levels
        self._seen = seen
        self._lines = lines = lines_in_force(items, who)
        self._atoms = atoms_by_name(lines, who)
        self._tests = tests_by_key(lines, who)
        self._presence = last_presence(lines)
        self._foreseen = looked_at_early(lines, who)
        self._own = {at for at, item in enumerate(items) if item.ask and looks_at_itself(item, who)}
        self._setters = {kind: sum(a.sets == kind for a in asks(lines)) for kind in ("audience", "depth")}
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
        told = signature(self._possible[number].answer, tests)
        if self._presence.get(key, -1) < at and told == signature(None, tests):
            return None
        return self._firsts.setdefault((key, len(tests), told), number)

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
        if has_other_depth(step, self._who):
            return False
        return step.when is None or self._look(item.where, "when", step.when, self._facts(answers, item.scope))

    def _look(self, where: Where, of: str, condition: Condition, facts: Facts) -> bool:
        parts = self._parts.get((where, of))
        if parts is None:
            parts = self._parts[where, of] = [
                (part, self._seen.conditions.setdefault(Look(where, of, path), Seen(part)))
                for path, part in parts_that_count(condition, self._who)
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
        deciding = names_that_decide(self._items)
        told: list[str] = []
        while trail is not None:
            trail, name, words = trail
            if name in deciding:
                told.append(f"{name} is {words}")
        who = [PEOPLE[self._who.audience]]
        if looks_at_depth(self._items):
            who.append(SETS[self._who.depth])
        if len(self._levels) > 1:
            worry = f"a worry of `{self._who.concern}`"
            who.append("no worry heard" if self._who.concern == "none" else worry)
        return (*who, *reversed(told))


def _is_unsafe(ask: Ask, answered: Mapping[Key, int], audience: str) -> bool:
    """Whether a number is asked before we know how it is safe to reach them. A professional is reached at work."""
    return ask.ask in NUMBERS and ("", SAFE_CONTACT) not in answered and audience != "professional"


def _is_other_question(ask: Ask, other: Ask) -> bool:
    """Whether two questions share an answer and yet ask for different things."""
    same = ask.kind == other.kind and [o.id for o in ask.options] == [o.id for o in other.options]
    return ask.name == other.name and not same


def _is_answer(name: str, value: str) -> Condition:
    return AnswerIs.model_validate({"answer": name, "in": [value]})


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
        levels = levels_told_apart(items)
        depths = DEPTHS if looks_at_depth(items) else DEPTHS[:1]
        for audience, depth, level in product(_audiences(files[name], items), depths, levels):
            Exploration(name, items, Who(audience, depth, level), levels, seen).run()
        keep_looks(items, seen)
    return seen

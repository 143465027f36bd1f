"""What a question can be answered: one answer of each kind that conditions can tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flows.answers import Answer, Given, NotKnown, PreferNotToSay, Skipped
from flows.conditions import AnswerIs, Condition, Facts, chosen
from flows.model import Ask, Option, in_words
from flows.plain_words import either

SEND = "send"
TYPED = "their own words"


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
        alike.setdefault(signature(possible.answer, tests), []).append(possible)
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


def signature(answer: Answer | None, tests: Sequence[Condition]) -> tuple[bool, ...]:
    seen = Facts(lambda _: answer, "", "", "none")
    return tuple(test.held(seen).holds for test in tests)

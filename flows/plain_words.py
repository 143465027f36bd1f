"""Conditions in words a practitioner reads: for the drawing and for what the checks find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.conditions import All, AnswerIs, AnswerState, Any, AudienceIs, ConcernStands, Condition, DepthIs, Not
from flows.model import Ask, in_words
from flows.wording import fill

PEOPLE = {
    "parent": "a parent or carer",
    "young_person": "a young person",
    "public": "a member of the public",
    "professional": "a professional",
    "unknown": "someone we do not know yet",
}
DEPTHS = {"quick": "the shorter set", "full": "the fuller set"}
URGENCY = {"same_day": "same day", "immediate": "immediate", "emergency": "emergency"}
_STATES = {
    "given": "{question} was answered",
    "not_known": "{question} is not known",
    "prefer_not_to_say": "they would rather not say {question}",
    "skipped": "{question} was skipped",
    "asked": "{question} was asked",
}
_NOT_STATES = {
    "given": "{question} was not answered",
    "not_known": "{question} is not `not known`",
    "prefer_not_to_say": "they did not decline to say {question}",
    "skipped": "{question} was not skipped",
    "asked": "{question} was not asked",
}


class Labels:
    """Short names for questions and their options, for one audience."""

    def __init__(self, asks: Iterable[Ask], audience: str = "other") -> None:
        self._asks: Mapping[str, Ask] = {ask.name: ask for ask in asks}
        self._audience = audience

    def question(self, name: str) -> str:
        ask = self._asks.get(name)
        label = label_of(ask, self._audience) if ask else name.replace("_", " ").capitalize()
        return f"‘{label}’"

    def option(self, name: str, value: str) -> str:
        ask = self._asks.get(name)
        labels = {o.id: in_words(o.label, self._audience) for o in ask.options} if ask else {}
        return labels.get(value) or value.replace("_", " ")


def label_of(ask: Ask, audience: str = "other") -> str:
    """Return the question's short name: its own label, or its id as words."""
    return fill(in_words(ask.label, audience), {}) or ask.name.replace("_", " ").capitalize()


def describe(condition: Condition, labels: Labels, *, holds: bool = True) -> str:
    """Say the condition, or its opposite, as the end of a sentence that begins `only if`."""
    match condition:
        case AnswerIs(answer=name, one_of=values):
            said = either([f"“{labels.option(name, value)}”" for value in values])
            return f"{labels.question(name)} is {'' if holds else 'not '}{said}"
        case AnswerState(answer=name, state=state):
            pattern = (_STATES if holds else _NOT_STATES)[state]
            return pattern.format(question=labels.question(name))
        case AudienceIs(audience=people):
            return f"the person is {'' if holds else 'not '}{either([PEOPLE[p] for p in people])}"
        case DepthIs(depth=depth):
            return f"they {'chose' if holds else 'did not choose'} {DEPTHS[depth]}"
        case ConcernStands(concern=level):
            least = "" if level == "emergency" else " or more"
            return f"a worry of {URGENCY[level]}{least} {'has' if holds else 'has not'} been heard"
        case All(all=parts):
            return _joined(parts, labels, holds, "and" if holds else "or")
        case Any(any=parts):
            return _joined(parts, labels, holds, "or" if holds else "and")
        case Not(not_=part):
            return describe(part, labels, holds=not holds)


def _joined(parts: Iterable[Condition], labels: Labels, holds: bool, word: str) -> str:
    said = [(part, describe(part, labels, holds=holds)) for part in parts]
    return f" {word} ".join(f"({text})" if _is_mixed(part) and len(said) > 1 else text for part, text in said)


def _is_mixed(part: Condition) -> bool:
    while isinstance(part, Not):
        part = part.not_
    return isinstance(part, All | Any)


def either(words: list[str]) -> str:
    """Return `a`, `a or b`, `a, b or c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"

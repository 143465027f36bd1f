"""Makes the options of a question ready to compare with what people type."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from flows.reading import words
from flows.reading.expected import Option

STOP = words.listed(
    "a an the i im am is are it its this that to of or and in on at my our your me we us you he she "
    "his her they with "
    "for by be been do does please pls thanks thank ta sorry think guess would id like want need say "
    "one ones both "
    "option number choice answer use best ok okay hi hello well so just mine it'd them via through from as get "
    "prefer maybe probably yes yeah x xx xxx"
)
NEGATORS = re.compile(
    r"\b(?:not|no|noone|never|dont|doesnt|isnt|cant|cannot|wont|aint|nor|neither|without|except|excluding"
    r"|but not|apart from"
    r"|anything but|all but|other than|rather than|instead of|dnt|arent|didnt)\b"
)


@dataclass(frozen=True, slots=True)
class Menu:
    """The options of one question, made ready to compare."""

    ids: tuple[str, ...]
    exact: dict[str, int]
    shared: frozenset[str]
    phrases: tuple[tuple[str, int], ...]
    content: tuple[frozenset[str], ...]
    vocabulary: tuple[str, ...]
    numbered: bool
    negated: tuple[tuple[str, int], ...] = field(default=())
    whole: tuple[tuple[str, int], ...] = field(default=())
    by: tuple[frozenset[str], ...] = field(default=())


@lru_cache(maxsize=1024)
def menu_of(options: tuple[Option, ...]) -> Menu:
    exact: dict[str, int] = {}
    shared: set[str] = set()
    phrases: list[tuple[str, int]] = []
    content: list[frozenset[str]] = []
    whole: list[tuple[str, int]] = []
    for at, option in enumerate(options):
        alone = dict.fromkeys(words.plain(words.normalise(f)) for f in option.whole)
        whole += [(form, at) for form in alone if form]
        named = [words.plain(words.normalise(f)) for f in (option.label, option.id, *option.also)]
        forms = dict.fromkeys(form for form in named if form not in alone)
        for form in forms:
            if exact.setdefault(form, at) != at:
                shared.add(form)
        phrases += [(form, at) for form in forms if form]
        content.append(frozenset(content_of(" ".join(named))) - frozenset(alone))
    for form in shared:
        del exact[form]
    phrases += [(part, at) for part, at in _either_parts(options) if part not in exact and part not in shared]
    return Menu(
        ids=tuple(option.id for option in options),
        exact=exact,
        shared=frozenset(shared),
        phrases=tuple(sorted((p for p in phrases if p[0] not in shared), key=lambda p: -len(p[0]))),
        content=tuple(content),
        vocabulary=tuple(dict.fromkeys(w for c in content for w in sorted(c) if len(w) > 3)),
        numbered=any(_has_place(form, len(options)) for form, _ in phrases),
        negated=tuple(p for p in phrases if " " in p[0] and NEGATORS.search(p[0])),
        whole=tuple(sorted(whole, key=lambda p: -len(p[0]))),
        by=tuple(frozenset(option.by) for option in options),
    )


_THANKS = re.compile(rf"\b{words.THANKS}\b")
_POLITE = words.COURTESIES | words.listed("no nope ok okay so at all now")


def wholly(plain: str, menu: Menu) -> int | None:
    """Return the option whose own `whole` words are all that is said, courtesies aside."""
    found: set[int] = set()
    rest = f" {_THANKS.sub('thanks', plain).replace(' ', '  ')} "
    for form, at in menu.whole:
        spaced = f" {form.replace(' ', '  ')} "
        if spaced in rest:
            found.add(at)
            rest = rest.replace(spaced, " ")
    return found.pop() if len(found) == 1 and _POLITE.issuperset(rest.split()) else None


def _either_parts(options: tuple[Option, ...]) -> list[tuple[str, int]]:
    """Return the two halves of labels such as "a friend or neighbour", where only one option has them."""
    found: list[tuple[str, int]] = []
    for at, option in enumerate(options):
        for half in words.plain(words.normalise(option.label)).split(" or ")[:4]:
            part = " ".join(content_of(half))
            if part and " or " in words.normalise(option.label):
                found.append((part, at))
    owners = {part: {at for other, at in found if other == part} for part, _ in found}
    return [(part, at) for part, at in found if len(owners[part]) == 1]


def _has_place(form: str, count: int) -> bool:
    return any(token.isdecimal() and int(token[:4]) <= count for token in form.split())


def content_of(plain: str) -> list[str]:
    return [token for token in plain.split() if token not in STOP]


def forms_of(menu: Menu) -> list[list[str]]:
    return [[phrase for phrase, at in menu.phrases if at == here] for here in range(len(menu.ids))]

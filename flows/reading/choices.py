"""Reads which choice or choices a reply names: by label, place, other words, or a near miss that "
"fits only one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from flows.answers import Answer, Given, NotKnown, PreferNotToSay, Skipped, Unread
from flows.reading import words
from flows.reading.expected import Expected, Option
from flows.reading.yes_no import Said, hear

YES_OR_NO = (Option("yes", "Yes"), Option("no", "No"))
_STOP = words.listed(
    "a an the i im am is are it its this that to of or and in on at my our your me we us you he she "
    "his her they with "
    "for by be been do does please pls thanks thank ta sorry think guess would id like want need say "
    "one ones both "
    "option number choice answer use best ok okay hi hello well so just mine it'd them via through from as get "
    "prefer maybe probably yes yeah x xx xxx"
)
_NEGATORS = re.compile(
    r"\b(?:not|no|noone|never|dont|doesnt|isnt|cant|cannot|wont|aint|nor|neither|without|except|excluding"
    r"|but not|apart from"
    r"|anything but|all but|other than|rather than|instead of|dnt|arent|didnt)\b"
)
_CLAUSES = re.compile(r"[,;.!?\n]+|\bbut(?! not)\b")
_PARTS = re.compile(r"[,;/&+|\n]+|\b(?:and|or|plus|also|then)\b")
_NONE = re.compile(
    r"(?:no|nope|nah|none|nothing|nil|neither|not any|zero|no one|nobody)"
    r"(?: (?:of|those|them|these|the|above|that|really|thanks|thank you|applies|apply|options?|at all"
    r"|here|it))*"
)
_ALL = re.compile(
    r"(?:(?:yes|all|every|any|the|both|they|literally|im|i|am|happy|with|dont|do not) )*"
    r"(?:all|both|everything|every one|any|anything|either|mind|lot|whichever|whatever|anyway)"
    r"(?: (?:of|them|those|these|the|above|is|are|fine|ok|okay|good|apply|please|one|way|options?"
    r"|three|four|five|it"
    r"|works?|will|do))*"
)
_SETS_ASIDE = frozenset({"none", "not_sure", "dont_know", "not_known", "other", "rather_not_say", "no"})
_ALL_BUT = re.compile(
    r"^(?:all|any|anything|everything|any of them|all of them)\b.*?\b(?:but|except|apart from|other than)\b"
)
_MOST_LETTERS = 8
_NEAR, _CLEAR_BY, _MOST_EXTRA = 84.0, 8.0, 2


@dataclass(frozen=True, slots=True)
class _Menu:
    """The options of one question, made ready to compare."""

    ids: tuple[str, ...]
    exact: dict[str, int]
    shared: frozenset[str]
    phrases: tuple[tuple[str, int], ...]
    content: tuple[frozenset[str], ...]
    vocabulary: tuple[str, ...]
    numbered: bool
    negated: tuple[tuple[str, int], ...] = field(default=())


def yes_or_no(normal: str, text: str, expected: Expected) -> Answer | Unread:
    """Read a yes-or-no or consent reply. Doubt is the option `not_sure` where there is one."""
    options = expected.options or YES_OR_NO
    if len(normal) >= words.LOOK_AT:
        return _own_words(text, expected)
    plain = words.plain(normal)
    menu = _menu(options)
    at = _exactly(plain, menu)
    if at is None and _polar_id(hear(plain), menu, expected.kind) is None:
        at = _by_name_only(normal, menu)
    if at is not None:
        return Given(menu.ids[at], text)
    chosen = _polar_id(hear(plain), menu, expected.kind)
    return Given(chosen, text) if chosen else _own_words(text, expected)


def choice(normal: str, text: str, expected: Expected) -> Answer | Unread:
    """Read a reply that names one choice."""
    menu = _menu(expected.options)
    if {"yes", "no"} <= set(menu.ids):
        return yes_or_no(normal, text, expected)
    plain = words.plain(normal)
    exact = _exactly(plain, menu)
    if exact is not None:
        return Given(menu.ids[exact], text)
    if not plain or len(normal) >= words.LOOK_AT:
        return _own_words(text, expected)
    found = _single(normal, plain, menu)
    if len(found) == 1:
        return Given(menu.ids[found.pop()], text)
    said = _only_polar(plain, menu) if not found else None
    return Given(said, text) if said else _own_words(text, expected)


def choices(normal: str, text: str, expected: Expected) -> Answer | Unread:
    """Read a reply that names any number of choices, none among them."""
    menu = _menu(expected.options)
    plain = words.plain(normal)
    exact = _exactly(plain, menu)
    if exact is not None:
        return Given([menu.ids[exact]], text)
    if not plain or not menu.ids or len(normal) >= words.LOOK_AT:
        return _own_words(text, expected)
    if _NONE.fullmatch(plain):
        return Given(_none_of(menu), text)
    found = _many(normal, plain, menu)
    if not found or not _go_together([menu.ids[i] for i in found]):
        return _own_words(text, expected)
    return Given([menu.ids[i] for i in sorted(found)], text)


def names_exactly(plain: str, expected: Expected) -> bool:
    """Say whether the whole reply is one option's label, id or other words."""
    return plain in _menu(expected.options).exact


def is_of_one_option(plain: str, expected: Expected, *, around: frozenset[str]) -> bool:
    """Say whether every word but those `around` is a word of one and the same option, nothing denied."""
    menu = _menu(expected.options)
    if plain in menu.exact:
        return True
    said = {token for token in plain.split() if token not in around}
    if not said or _NEGATORS.search(plain):
        return False
    return any(said <= {token for phrase in forms for token in phrase.split()} for forms in _forms_of(menu))


def _forms_of(menu: _Menu) -> list[list[str]]:
    return [[phrase for phrase, at in menu.phrases if at == here] for here in range(len(menu.ids))]


def tapped(ids: Sequence[str], expected: Expected) -> Answer | Unread:
    """Read pressed buttons: option ids, or one of the control ids on its own."""
    known = {option.id: option.label for option in _offered(expected)}
    if len(ids) == 1 and ids[0] not in known:
        return _control(ids[0], expected) or Unread(_unread_why(expected))
    if not ids or any(one not in known for one in ids) or not _go_together(list(ids)):
        return Unread(_unread_why(expected))
    chosen = [one for one in known if one in ids]
    said = ", ".join(known[one] for one in chosen)
    if expected.kind == "choices":
        return Given(chosen, said)
    return Given(chosen[0], said) if len(chosen) == 1 else Unread(_unread_why(expected))


def _offered(expected: Expected) -> tuple[Option, ...]:
    if not expected.options and expected.kind in ("yes_no", "consent"):
        return YES_OR_NO
    return expected.options


def _control(control: str, expected: Expected) -> Answer | None:
    if control == "not_known":
        return NotKnown()
    if control == "prefer_not_to_say":
        return PreferNotToSay()
    return Skipped() if control == "skip" and expected.optional else None


def _unread_why(expected: Expected) -> str:
    if expected.kind in ("yes_no", "consent"):
        return "yes_no"
    return "choose_some" if expected.kind == "choices" else "choose_one"


def _own_words(text: str, expected: Expected) -> Answer | Unread:
    if expected.or_text:
        return Given({"choice": None, "text": words.keep(text)}, text)
    return Unread(_unread_why(expected))


def _polar_id(said: Said, menu: _Menu, kind: str) -> str | None:
    unsure = "not_sure" if "not_sure" in menu.ids else None
    match said:
        case Said.YES:
            return "yes"
        case Said.NO:
            return "no"
        case Said.WEAK_YES:
            return unsure or (None if kind == "consent" else "yes")
        case Said.WEAK_NO:
            return unsure or "no"
        case Said.DOUBT:
            return unsure
        case Said.UNCLEAR:
            return None


def _only_polar(plain: str, menu: _Menu) -> str | None:
    """Hear a yes or no that only one option begins with."""
    start = {Said.YES: "yes", Said.NO: "no"}.get(hear(plain), "")
    begins = [
        one for one in menu.ids if start and one.split("_")[0] == start and one not in ("not_sure", "no_one")
    ]
    return begins[0] if len(begins) == 1 else None


@lru_cache(maxsize=1024)
def _menu(options: tuple[Option, ...]) -> _Menu:
    exact: dict[str, int] = {}
    shared: set[str] = set()
    phrases: list[tuple[str, int]] = []
    content: list[frozenset[str]] = []
    for at, option in enumerate(options):
        forms = dict.fromkeys(words.plain(words.normalise(f)) for f in (option.label, option.id, *option.also))
        for form in forms:
            if exact.setdefault(form, at) != at:
                shared.add(form)
        phrases += [(form, at) for form in forms if form]
        content.append(frozenset(_content(" ".join(forms))))
    for form in shared:
        del exact[form]
    phrases += [(part, at) for part, at in _either_parts(options) if part not in exact and part not in shared]
    return _Menu(
        ids=tuple(option.id for option in options),
        exact=exact,
        shared=frozenset(shared),
        phrases=tuple(sorted((p for p in phrases if p[0] not in shared), key=lambda p: -len(p[0]))),
        content=tuple(content),
        vocabulary=tuple(dict.fromkeys(w for c in content for w in sorted(c) if len(w) > 3)),
        numbered=any(_has_place(form, len(options)) for form, _ in phrases),
        negated=tuple(p for p in phrases if " " in p[0] and _NEGATORS.search(p[0])),
    )


def _either_parts(options: tuple[Option, ...]) -> list[tuple[str, int]]:
    """Return the two halves of labels such as "a friend or neighbour", where only one option has them."""
    found: list[tuple[str, int]] = []
    for at, option in enumerate(options):
        for half in words.plain(words.normalise(option.label)).split(" or ")[:4]:
            part = " ".join(_content(half))
            if part and " or " in words.normalise(option.label):
                found.append((part, at))
    owners = {part: {at for other, at in found if other == part} for part, _ in found}
    return [(part, at) for part, at in found if len(owners[part]) == 1]


def _has_place(form: str, count: int) -> bool:
    return any(token.isdecimal() and int(token[:4]) <= count for token in form.split())


def _content(plain: str) -> list[str]:
    return [token for token in plain.split() if token not in _STOP]


def _exactly(plain: str, menu: _Menu) -> int | None:
    at = menu.exact.get(plain)
    if at is None and plain not in menu.shared:
        places = _places(plain.split(), menu)
        at = places[0] if places is not None and len(places) == 1 else None
    return at


def _by_name_only(normal: str, menu: _Menu) -> int | None:
    """Find an option past yes and no ("I want to talk first"), where no yes or no was heard."""
    others = {i for i, one in enumerate(menu.ids) if one not in ("yes", "no", "not_sure")}
    found = _single(normal, words.plain(normal), menu) & others if others else set()
    return found.pop() if len(found) == 1 else None


# Places: "2", "the second one", "b", "last".

_PLACE_LEAD = words.listed(
    "option options number numbers no nos answer choice choices the and or both please pls to one ones i "
    "id say would think its thanks teh"
)
_BEFORE_ONE = frozenset({"", "and", "or", "to", "option", "number", "no", "answer", "choice", "say", "think"})
_RUN_OF_PLACES = re.compile(r"(\d{1,2}) ?- ?(\d{1,2})")
_JOINS = frozenset({"and", "or", "to"})
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_ORDINAL_NAMES = {
    name: i
    for i, name in enumerate(words.in_turn("first second third fourth fifth sixth seventh eighth ninth tenth"))
}
_CARDINAL_NAMES = {
    name: i for i, name in enumerate(words.in_turn("one two three four five six seven eight nine ten"))
}
_ENDS = {"top": 0, "last": -1, "bottom": -1}
_FIRST_OR_LAST = re.compile(
    r"(?:the |your )?(first|top|last|bottom) (two|three|four|2|3|4)(?: ones| options| please)?"
)


def _places(tokens: list[str], menu: _Menu) -> list[int] | None:
    """Return the places a reply names if it says nothing else, or None. None of them here is an empty list."""
    count = len(menu.ids)
    if not count or not 0 < len(tokens) <= 24 or _JOINS & {tokens[0], tokens[-1]}:
        return None
    run = _FIRST_OR_LAST.fullmatch(" ".join(tokens))
    if run:
        size = int(run[2]) if run[2].isdigit() else _CARDINAL_NAMES[run[2]] + 1
        places = range(size) if run[1] in ("first", "top") else range(count - size, count)
        return list(places) if size <= count else None
    found: list[int] = []
    before = ""
    for said in tokens:
        place = 0 if said == "one" and before in _BEFORE_ONE and not menu.numbered else _place(said, count, menu)
        if place is not None:
            found.append(place)
        elif said not in _PLACE_LEAD:
            return None
        before = said
    if any(not 0 <= place < count for place in found):
        return []
    if "to" in tokens and len(found) == 2:
        return list(range(found[0], found[1] + 1))
    return list(dict.fromkeys(found)) or None


def _place(said: str, count: int, menu: _Menu) -> int | None:
    if said.isdecimal():
        return None if menu.numbered else int(said[:4]) - 1
    ordinal = _ORDINAL.fullmatch(said)
    if ordinal:
        return int(ordinal[1]) - 1
    if said in _ORDINAL_NAMES:
        return _ORDINAL_NAMES[said]
    if said in _ENDS:
        return _ENDS[said] % count
    if said == "middle" and count % 2:
        return count // 2
    if len(said) == 1 and "a" <= said < chr(ord("a") + min(count, _MOST_LETTERS)):
        return ord(said) - ord("a")
    return None if said == "one" or menu.numbered else _CARDINAL_NAMES.get(said)


# Names: labels and other words, whole or in part, rightly or nearly spelled.

_LEADING_PLACE = re.compile(
    r"(?:option |number |no\.? ?|#)?(\d{1,2}(?= ?[.):-]| )|[a-h](?= ?[.):]| - ))[ .):-]*(?=[^\W\d])"
)
_BECAUSE = re.compile(r"[,-]? ?(?:because|cos|cuz|coz|as|since)\b")


def _single(normal: str, plain: str, menu: _Menu) -> set[int]:
    """Return the options a reply points to: one if it is clear, several or none if not."""
    places = _places(plain.split(), menu)
    if places is not None:
        return set(places)
    lead = _LEADING_PLACE.match(normal)
    if lead:
        led = _led(lead, normal, menu)
        if led is not None:
            return led
    negated = _named(plain, menu.negated)
    if len(negated) == 1:
        return negated
    wanted, unwanted = _wanted(normal)
    found: set[int] = set()
    for clause in wanted:
        found |= _in_words(clause, menu)
    turned_down = {i for clause in unwanted for i in _in_words(clause, menu)}
    if not found and not unwanted:
        found = _nearly_whole(plain, menu)
    return found - turned_down


def _led(lead: re.Match[str], normal: str, menu: _Menu) -> set[int] | None:
    places = _places([lead[1]], menu)
    rest = normal[lead.end() :]
    if places is None or _NEGATORS.search(rest):
        return None
    if _BECAUSE.match(rest):
        return set(places)
    named = _in_words(words.plain(rest), menu)
    return named | set(places) if named else None


def _many(normal: str, plain: str, menu: _Menu) -> set[int]:
    places = _places(words.plain(_RUN_OF_PLACES.sub(r"\1 to \2", normal)).split(), menu)
    if places is not None:
        return set(places)
    if _ALL_BUT.match(plain):
        unwanted = _parts_named(_ALL_BUT.sub("", normal), menu)
        return set(_all_of(menu)) - unwanted if unwanted else set()
    if _ALL.fullmatch(plain):
        return set(_all_of(menu))
    negated = _named(plain, menu.negated)
    if negated:
        return negated
    wanted, unwanted_clauses = _wanted(normal)
    found: set[int] = set()
    for clause in wanted:
        part = _parts_named(clause, menu)
        if -1 in part:
            return set()
        found |= part
    for clause in unwanted_clauses:
        found -= _parts_named(clause, menu)
    if not found and not unwanted_clauses:
        found = _nearly_whole(plain, menu)
        return found if len(found) == 1 else set()
    return found


def _parts_named(clause: str, menu: _Menu) -> set[int]:
    """Return the options a clause names, with -1 among them where a part fits more than one.

    Figures are places only if all the rest is read: "text between 9 and 3" names no third choice.
    """
    rest = words.plain(clause)
    found: set[int] = set()
    rest = _take_named(rest, menu, found)
    placed: set[int] = set()
    all_read = True
    parts = _PARTS.split(clause) if not found else _PARTS.split(rest)
    for part in parts:
        plain = words.plain(part)
        if not _content(plain) and not any(t.isdecimal() for t in plain.split()):
            continue
        places = _places(plain.split(), menu)
        if places is not None:
            placed.update(places or (-1,))
            continue
        named = _in_words(plain, menu)
        if len(named) > 1 and not named & found:
            found.add(-1)
        elif len(named) == 1:
            found |= named
        all_read = all_read and bool(named)
    return found | placed if all_read else found


def _take_named(plain: str, menu: _Menu, found: set[int]) -> str:
    rest = f" {plain} "
    for phrase, at in menu.phrases:
        if _nameable(phrase) and f" {phrase} " in rest:
            found.add(at)
            rest = rest.replace(f" {phrase} ", " , ")
    return rest


def _wanted(normal: str) -> tuple[list[str], list[str]]:
    """Split a reply into what it says for and what it says after a "not"."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for clause in _CLAUSES.split(normal):
        closed_up = clause.replace("'", "")
        turn = _NEGATORS.search(closed_up)
        wanted.append(closed_up[: turn.start()] if turn else closed_up)
        if turn:
            unwanted.append(closed_up[turn.end() :])
    return [c for c in wanted if c.strip()], [c for c in unwanted if c.strip()]


def _in_words(clause: str, menu: _Menu) -> set[int]:
    plain = words.plain(clause)
    if not plain:
        return set()
    for candidate in (plain, _corrected(plain, menu)):
        if candidate is None:
            continue
        if candidate in menu.exact:
            return {menu.exact[candidate]}
        named = _named(candidate, menu.phrases)
        if named:
            return named
        partly = _partly(candidate, menu)
        if partly:
            return partly
    return set()


def _nameable(phrase: str) -> bool:
    return any(t not in _STOP and t not in ("other", "none", "no", "not", "any", "all") for t in phrase.split())


def _named(plain: str, phrases: Iterable[tuple[str, int]]) -> set[int]:
    """Return the options whose words stand in the reply; a longer name hides a shorter one inside it."""
    rest = f" {plain} "
    found: set[int] = set()
    for phrase, at in phrases:
        if f" {phrase} " not in rest or not (_nameable(phrase) or _NEGATORS.search(phrase)):
            continue
        if _placed_well(rest, phrase):
            found.add(at)
        rest = rest.replace(f" {phrase} ", " , ")
    return found


def _placed_well(rest: str, phrase: str) -> bool:
    """A name deep in a long story is not a choice."""
    before = rest[: rest.index(f" {phrase} ")].count(" ")
    return before <= 5 or rest.count(" ") <= 13


def _partly(plain: str, menu: _Menu) -> set[int]:
    content = set(_content(plain))
    if not content or len(content) > 8:
        return set()
    return {at for at, own in enumerate(menu.content) if content <= own}


def _corrected(plain: str, menu: _Menu) -> str | None:
    """Return the reply with near misses of the options' words put right, or None if there were none."""
    changed = False
    tokens = plain.split()[:24]
    for i, token in enumerate(tokens):
        if len(token) > 3 and token not in menu.vocabulary and token not in _STOP:
            near = _nearest(token, menu)
            if near is not None:
                tokens[i], changed = near, True
    return " ".join(tokens) if changed else None


def _nearest(token: str, menu: _Menu) -> str | None:
    best: list[str] = []
    least = 2 if len(token) >= 8 else 1
    for word in menu.vocabulary:
        if token[0] not in word[:2] or abs(len(word) - len(token)) > least:
            continue
        distance = 1 if sorted(token) == sorted(word) else OSA.distance(token, word, score_cutoff=least)
        if distance < least or (distance == least and not best):
            best = [word]
            least = distance
        elif distance == least:
            best.append(word)
    return best[0] if len(best) == 1 else None


def _nearly_whole(plain: str, menu: _Menu) -> set[int]:
    if not 5 <= len(plain) <= 60:
        return set()
    scores: dict[int, float] = {}
    joined = plain.replace(" ", "")
    for phrase, at in menu.phrases:
        as_long = abs(len(phrase.replace(" ", "")) - len(joined)) <= _MOST_EXTRA
        if len(phrase) >= 5 and as_long and bool(_NEGATORS.search(phrase)) == bool(_NEGATORS.search(plain)):
            scores[at] = max(scores.get(at, 0.0), fuzz.ratio(plain, phrase, score_cutoff=60))
    ranked = sorted(scores.items(), key=lambda s: -s[1])
    if not ranked or ranked[0][1] < _NEAR or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLEAR_BY):
        return set()
    return {ranked[0][0]}


# None and all.


def _says_none(option_id: str) -> bool:
    return option_id == "none" or option_id.startswith("none_")


def _none_of(menu: _Menu) -> list[str]:
    return next(([one] for one in menu.ids if _says_none(one)), [])


def _all_of(menu: _Menu) -> list[int]:
    return [i for i, one in enumerate(menu.ids) if not _says_none(one) and one not in _SETS_ASIDE]


def _go_together(ids: list[str]) -> bool:
    """ "None of these" beside one of these says two things at once."""
    return len(set(ids)) == 1 or not any(_says_none(one) for one in ids)

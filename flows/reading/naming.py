"""Reads which options a reply names by labels and other words: whole or in part, rightly or nearly spelled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from flows.reading import words
from flows.reading.menu import NEGATORS, STOP, Menu, content_of
from flows.reading.positions import positions

_CLAUSES = re.compile(r"[,;.!?\n]+|\bbut(?! not)\b")
_PARTS = re.compile(r"[,;/&+|\n]+|\b(?:and|or|plus|also|then)\b")
_ALL = re.compile(
    r"(?:(?:yes|all|every|any|the|both|they|literally|im|i|am|happy|with|dont|do not) )*"
    r"(?:all|both|everything|every one|any|anything|either|mind|lot|whichever|whatever|anyway)"
    r"(?: (?:of|them|those|these|the|above|is|are|fine|ok|okay|good|apply|please|one|way|options?"
    r"|three|four|five|it"
    r"|works?|will|do))*"
)
_SETS_ASIDE = frozenset({"none", "not_sure", "dont_know", "not_known", "other", "rather_not_say", "no"})
_ALL_BUT = re.compile(
    r"^(?:all|any|anything|everything|anyone|everyone|any of them|all of them)\b.*?"
    r"\b(?:but|except|apart from|other than)\b"
)
_ENOUGH = 1 / 4
"""So much of a part of a reply has to be of a choice: the rest of it may say another thing."""
_NEAR, _CLEAR_BY, _MOST_EXTRA = 84.0, 8.0, 2
_OF_THE_NOT = re.compile(r"\b(?:(?:i|we|you|they|he|she|it) )?(?:will|would|shall|can|could|should|must) *$")
"""What a "not" begins with: "I will not" says nothing of what will be."""
_CLOCK = re.compile(r"\d[.:]\d\d\b")
_RUN_OF_PLACES = re.compile(r"(\d{1,2}) ?- ?(\d{1,2})")
_LEADING_PLACE = re.compile(
    r"(?:option |number |no\.? ?|#)?(\d{1,2}(?= ?[.):-]| )|[a-h](?= ?[.):]| - ))[ .):-]*(?=[^\W\d])"
)
_DENIES = re.compile(rf"{NEGATORS.pattern}|\b(?:none|non|nun|nothing|neither|nobody|nowt|neednt)\b")
_NO_ONE = re.compile(r"\bno one\b")
_BECAUSE = re.compile(r"[,-]? ?(?:because|cos|cuz|coz|as|since)\b")


def single(normal: str, plain: str, menu: Menu) -> set[int]:
    """Return the options a reply points to: one if it is clear, several or none if not."""
    places = None if _CLOCK.search(normal) else places_in(plain, menu)
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
    found = _enough(found, wanted, menu)
    turned_down = {i for clause in unwanted for i in _in_words(clause, menu)}
    if not found and not unwanted:
        found = _nearly_whole(plain, menu)
    return found - turned_down


def places_in(plain: str, menu: Menu) -> list[int] | None:
    """Return the places that are all a reply names, as `positions` does. "No one" is nobody, and not the first."""
    return None if _NO_ONE.search(plain) else positions(plain.split(), menu)


def _led(lead: re.Match[str], normal: str, menu: Menu) -> set[int] | None:
    places = positions([lead[1]], menu)
    rest = normal[lead.end() :]
    if places is None or NEGATORS.search(rest):
        return None
    if _BECAUSE.match(rest):
        return set(places)
    named = _in_words(words.plain(rest), menu)
    return named | set(places) if named else None


def many(normal: str, plain: str, menu: Menu) -> set[int]:
    is_clock = _CLOCK.search(normal) is not None
    places = None if is_clock else places_in(words.plain(_RUN_OF_PLACES.sub(r"\1 to \2", normal)), menu)
    if places is not None:
        return set(places)
    if _ALL_BUT.match(plain):
        but = _ALL_BUT.sub("", normal)
        unwanted = _parts_named(but, menu).options | _all_meant(but, menu)
        return set(_all_of(menu)) - unwanted if unwanted else set()
    if _ALL.fullmatch(plain):
        return set(_all_of(menu))
    negated = _named(plain, menu.negated)
    if negated:
        return negated
    wanted, unwanted_clauses = _wanted(normal)
    parts = [_parts_named(clause, menu) for clause in wanted]
    named = {at for part in parts for at in part.named}
    are_places = not is_clock and all(part.is_read for part in parts)
    placed = {at for part in parts for at in part.placed} if are_places else set()
    if -1 in named | placed:
        return set()
    found = _enough(named, wanted, menu) | placed
    for clause in unwanted_clauses:
        found -= _parts_named(clause, menu).options
    if not found and not unwanted_clauses:
        found = _nearly_whole(plain, menu)
        return found if len(found) == 1 else set()
    return found


@dataclass(frozen=True, slots=True)
class _Parts:
    """The options a clause names in words and by their places, -1 among them where a part fits more than one.

    Figures are places only if all the rest of the reply is read: "text between 9 and 3" names no third choice,
    and "only 3 to 3.05" no fifth.
    """

    named: frozenset[int]
    placed: frozenset[int]
    is_read: bool

    @property
    def options(self) -> frozenset[int]:
        return self.named | self.placed if self.is_read else self.named


def _enough(found: set[int], clauses: Sequence[str], menu: Menu) -> set[int]:
    """Return those of the options found that enough of some part of the reply is about.

    "There is a mobile in the house that my husband uses" names a mobile, and does not choose it.
    """
    parts = [content_of(words.plain(part)) for clause in clauses for part in _PARTS.split(clause)]
    return {at for at in found if any(_is_mostly(part, menu.content[at], menu) for part in parts)}


def _is_mostly(said: Sequence[str], own: frozenset[str], menu: Menu) -> bool:
    of_it = sum(token in own or _nearest(token, menu) in own for token in said)
    return of_it > 0 and of_it >= _ENOUGH * len(said)


def _parts_named(clause: str, menu: Menu) -> _Parts:
    rest = words.plain(clause)
    found: set[int] = set()
    rest = _take_named(rest, menu, found)
    placed: set[int] = set()
    all_read = True
    parts = _PARTS.split(clause) if not found else _PARTS.split(rest)
    for part in parts:
        plain = words.plain(part)
        if not content_of(plain) and not any(t.isdecimal() for t in plain.split()):
            continue
        places = places_in(plain, menu)
        if places is not None:
            placed.update(places or (-1,))
            continue
        named = _in_words(plain, menu)
        if len(named) > 1 and not named & found:
            found.add(-1)
        elif len(named) == 1:
            found |= named
        all_read = all_read and bool(named)
    return _Parts(frozenset(found), frozenset(placed), all_read)


def named_in(clause: str, menu: Menu) -> set[int]:
    """Return the options a clause names in words, -1 among them where a part fits more than one."""
    return set(_parts_named(clause, menu).named)


def _all_meant(clause: str, menu: Menu) -> set[int]:
    """Return each option that all its words fit: "calls" are calls to any phone."""
    said = [_nearest(token, menu) or token for token in content_of(words.plain(clause))]
    return {at for at, own in enumerate(menu.content) if said and own.issuperset(said)}


def _take_named(plain: str, menu: Menu, found: set[int]) -> str:
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
        turn = NEGATORS.search(closed_up)
        wanted.append(_OF_THE_NOT.sub("", closed_up[: turn.start()]) if turn else closed_up)
        if turn:
            unwanted.append(closed_up[turn.end() :])
    return [c for c in wanted if c.strip()], [c for c in unwanted if c.strip()]


def _in_words(clause: str, menu: Menu) -> set[int]:
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
    return any(t not in STOP and t not in ("other", "none", "no", "not", "any", "all") for t in phrase.split())


def _named(plain: str, phrases: Iterable[tuple[str, int]]) -> set[int]:
    """Return the options whose words stand in the reply; a longer name hides a shorter one inside it."""
    rest = f" {plain} "
    found: set[int] = set()
    for phrase, at in phrases:
        if f" {phrase} " not in rest or not (_nameable(phrase) or NEGATORS.search(phrase)):
            continue
        if _placed_well(rest, phrase):
            found.add(at)
        rest = rest.replace(f" {phrase} ", " , ")
    return found


def _placed_well(rest: str, phrase: str) -> bool:
    """A name deep in a long story is not a choice."""
    before = rest[: rest.index(f" {phrase} ")].count(" ")
    return before <= 5 or rest.count(" ") <= 13


def _partly(plain: str, menu: Menu) -> set[int]:
    content = set(content_of(plain))
    if not content or len(content) > 8:
        return set()
    return {at for at, own in enumerate(menu.content) if content <= own}


def _corrected(plain: str, menu: Menu) -> str | None:
    """Return the reply with near misses of the options' words put right, or None if there were none."""
    changed = False
    tokens = plain.split()[:24]
    for i, token in enumerate(tokens):
        if len(token) > 3 and token not in menu.vocabulary and token not in STOP:
            near = _nearest(token, menu)
            if near is not None:
                tokens[i], changed = near, True
    return " ".join(tokens) if changed else None


def _nearest(token: str, menu: Menu) -> str | None:
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


def _nearly_whole(plain: str, menu: Menu) -> set[int]:
    if not 5 <= len(plain) <= 60:
        return set()
    scores: dict[int, float] = {}
    joined = plain.replace(" ", "")
    for phrase, at in menu.phrases:
        as_long = abs(len(phrase.replace(" ", "")) - len(joined)) <= _MOST_EXTRA
        if len(phrase) >= 5 and as_long and bool(NEGATORS.search(phrase)) == bool(NEGATORS.search(plain)):
            scores[at] = max(scores.get(at, 0.0), fuzz.ratio(plain, phrase, score_cutoff=60))
    ranked = sorted(scores.items(), key=lambda s: -s[1])
    if not ranked or ranked[0][1] < _NEAR or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLEAR_BY):
        return set()
    return {ranked[0][0]}


def _says_none(option_id: str) -> bool:
    return option_id == "none" or option_id.startswith("none_")


def none_of(menu: Menu) -> list[str]:
    return next(([one] for one in menu.ids if _says_none(one)), [])


def is_none_unsaid(found: Iterable[int], plain: str, menu: Menu) -> bool:
    """Say whether "none" was read where nothing was denied: "yes its safe" is not "none of these is safe"."""
    if not all(_says_none(menu.ids[at]) for at in found):
        return False
    return not any(_DENIES.search(said) for said in (plain, _corrected(plain, menu)) if said)


def _all_of(menu: Menu) -> list[int]:
    return [i for i, one in enumerate(menu.ids) if not _says_none(one) and one not in _SETS_ASIDE]


def go_together(ids: list[str]) -> bool:
    """ "None of these" beside one of these says two things at once."""
    return len(set(ids)) == 1 or not any(_says_none(one) for one in ids)

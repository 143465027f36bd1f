"""Reads which choice or choices a reply names: by label, place, other words, or a near miss that fits only one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flows.answers import Answer, Given, NotKnown, PreferNotToSay, Skipped, Unread
from flows.reading import words
from flows.reading.expected import Expected, Option
from flows.reading.leave import allowed, is_plain, is_question
from flows.reading.menu import NEGATORS, Menu, forms_of, menu_of, wholly
from flows.reading.naming import go_together, is_none_unsaid, many, none_of, places_in, single
from flows.reading.yes_no import Said, hear

YES_OR_NO = (Option("yes", "Yes"), Option("no", "No"))
_NONE = re.compile(
    r"(?:no|nope|nah|none|nothing|nil|neither|not any|zero|no one|nobody)"
    r"(?: (?:of|those|them|these|the|above|that|really|thanks|thank you|applies|apply|options?|at all"
    r"|here|it))*"
)
_ONLY_NO = re.compile(r"(?:no|nope|nah|nil|zero)(?: (?:that|really|thanks|thank you|at all|here|it))*")
""" "No" to "how can we reach you?" may be that no way is safe, or no answer to it at all."""

_OWN_AGE = re.compile(
    r"\b(?:im|i am) (?:only |just )?(\d{1,2})\b"
    r"(?!(?: and a half| (?:to|or) \d{1,2}| odd| \d{1,2})?"
    r" ?(?:weeks?|wks?|months?|mths?|days?|hours?|hrs?|min(?:ute)?s?|miles?)\b)"
)
_BARE_AGE = re.compile(
    r"(?:(?:hi|hello|hey|well|yes|ok|okay|only|just|nearly|almost|aged?|about) )*(\d{1,2}) ?"
    r"(years? old|year olds?|yrs? old|yrs?|years?|yo|y o|and a half|next \w+|nearly \d{1,2})?"
)
_OWN_CHILD = re.compile(
    r"\bmy (?:own |little |eldest |oldest |youngest |older |younger |middle |teenage |adopted |foster |step ?"
    r"|two |three )*(?:boys?|girls|sons?|lads?|daughters?|kids?|child(?:ren)?s?|bab(?:y|ys|ies)|twins|teenager)\b"
    rf"(?! (?:in law|(?:bro|sis|friend|mate|girlfriend|boyfriend|gf|bf|partner|wife|husband|{words.KIN})s?|who i"
    r"|protection|minder|line|support|services?|in need)\b)"
)
""" "My son" says whose parent they are. "My sons friend" and "my kid brother" do not."""
_SAYS_WHO = re.compile(r"(?:^|[,.;!\n] ?|\band )(?:(?:hi|hello|hey|well|yes|no) )*(?:im|i am|as|his|her|their)\b")
_AT_A_SCHOOL = re.compile(
    r"\bwork(?:ing)? (?:at|in|for) (?:(?!(?:my|his|her|their|and|but)\b)\w+ ){0,4}(?:schools?|nursery|college)\b"
)
_HERE_FOR_OWN = re.compile(rf"\bmy own\b|\bbut\b.*{_OWN_CHILD.pattern}")
"""A nurse who comes about her own children comes as their mother."""
_BESIDE = re.compile(
    r"\+?\d[\d -]{7,}\d|\S+@\S+"
    r"|\b(?:but )?not (?:before|after|until|till|between|past) \d{1,2}(?:[.:]\d\d)?(?: ?(?:am|pm|oclock|o'clock))?"
    r"(?: (?:and|to|-) \d{1,2}(?:[.:]\d\d)?(?: ?(?:am|pm))?)?"
)
"""A number, an address or the hours to avoid, said beside the way that is chosen."""
_ONLY_OWN_AGE = re.compile(
    r"(?:(?:hi|hello|hey|well|sorry|but|and|ok|okay) )*(?:im|i am) (?:only |just |nearly |almost )?\d{1,2}"
    r"(?: (?:years? old|yrs? old|yrs?|yo))?"
)
_KIN = (
    rf"(?:(?:step|foster|birth|real|big|little) ?)?(?:{words.KIN}|nana|granny|grandpa|grandmother|grandfather"
    r"|guardian|parents|coach)s?"
)
_ONES_OWN = r"(?<!\bim )(?<!\bam )(?<!\ba )(?<!\bthe )(?<!\bhis )(?<!\bher )"
_TOLD_OF = re.compile(
    r"\bmy (?:(?:step|foster|birth|real|best|big|little|older|younger) ?)?\w+"
    r"(?:(?<=s)'?s? (?:kids?|child(?:ren)?)\b)?"
    r"|\b(?:scared|afraid|frightened|terrified|worried|concerned) (?:of|about|for)\b[^,.;!?\n]*"
    r"|\bhate\b[^,.;!?\n]*"
    rf"|\b{_ONES_OWN}{_KIN}(?: and (?:my )?{_KIN})?"
    r"(?: (?!(?:and|he|she|they|to|for|with|but|please|help|text|ring|call|of)\b)\w+){1,3} me\b"
    rf"|\b{_ONES_OWN}{_KIN} (?:is|was|keeps)\b"
    rf"|\b{_ONES_OWN}{_KIN} (?!(?:thanks|yes|this|plus|kids|boys|girls|twins|always)\b)[a-z]{{3,}}s\b"
)
"""Others whom they tell of, and what those do: "my mum hits me", "scared of dad". That is not who writes."""


def is_own_age(text: str) -> bool:
    """Say whether all that is said is how old they are themselves."""
    plain = words.plain(words.normalise(text[: words.LOOK_AT]))
    return _ONLY_OWN_AGE.fullmatch(words.digits(plain)) is not None


def yes_or_no(normal: str, text: str, expected: Expected) -> Answer | Unread:
    """Read a yes-or-no or consent reply. Doubt is the option `not_sure` where there is one."""
    options = expected.options or YES_OR_NO
    if len(normal) >= words.LOOK_AT:
        return _own_words(text, expected)
    plain = words.plain(normal)
    menu = menu_of(options)
    at = _exactly(plain, menu)
    if at is None and _polar_id(hear(plain), menu, expected.kind) is None:
        at = _by_name_only(normal, menu)
    if at is not None:
        return Given(menu.ids[at], text)
    chosen = _polar_id(hear(plain), menu, expected.kind)
    return Given(chosen, text) if chosen else _own_words(text, expected)


def choice(normal: str, text: str, expected: Expected) -> Answer | Unread:
    """Read a reply that names one choice."""
    menu = menu_of(expected.options)
    if {"yes", "no"} <= set(menu.ids):
        return yes_or_no(normal, text, expected)
    plain = words.plain(normal)
    exact = _exactly(plain, menu)
    if exact is not None:
        return Given(menu.ids[exact], text)
    if not plain or len(normal) >= words.LOOK_AT:
        return _own_words(text, expected)
    aged = _of_their_age(plain, expected.options)
    if not aged and any(option.ages for option in expected.options):
        normal = _as_their_parent(_AT_A_SCHOOL.sub("work at school", normal), menu)
        plain = words.plain(normal)
    found = single(normal, plain, menu)
    if any(option.ages for option in expected.options) and _TOLD_OF.search(normal):
        own = _TOLD_OF.sub(" ", normal)
        of_them = single(own, words.plain(own), menu)
        if aged:
            found = of_them
        elif len(found) == 1:
            found &= of_them
    if len(found) == 1:
        return Given(menu.ids[found.pop()], text)
    if aged and (not found or aged in {menu.ids[i] for i in found}):
        return Given(aged, text)
    said = _only_polar(plain, menu) if not found else None
    return Given(said, text) if said else _own_words(text, expected)


def choices(normal: str, text: str, expected: Expected) -> Answer | Unread:
    """Read a reply that names any number of choices, none among them."""
    menu = menu_of(expected.options)
    plain = words.plain(normal)
    exact = _exactly(plain, menu)
    if exact is not None and not (menu.ids[exact] in expected.leave and is_question(normal)):
        return Given([menu.ids[exact]], text)
    if not plain or not menu.ids or len(normal) >= words.LOOK_AT:
        return _own_words(text, expected)
    if _NONE.fullmatch(plain):
        is_plain_none = not (any(menu.by) and _ONLY_NO.fullmatch(plain))
        return Given(none_of(menu), text) if is_plain_none else _own_words(text, expected)
    found = _several(normal, menu, expected)
    if not found and _BESIDE.search(normal):  # "text me on 07700 900123, not after 8"
        chosen = _BESIDE.sub(" ", normal)
        found = _several(chosen, menu, expected)
    if not found or is_none_unsaid(found, plain, menu) or not go_together([menu.ids[i] for i in found]):
        return _own_words(text, expected)
    return Given([menu.ids[i] for i in sorted(found)], text)


def _several(normal: str, menu: Menu, expected: Expected) -> set[int]:
    if expected.leave:
        return allowed(normal, menu, expected.leave, for_others=expected.for_others)
    return many(normal, words.plain(normal), menu)


def only_plain_leave(answer: Answer | Unread, normal: str, expected: Expected) -> Answer | Unread:
    """Return the answer, unless it is one choice that lets us do something and does not plainly say so."""
    chosen = answer.value if isinstance(answer, Given) else None
    if not isinstance(chosen, str) or chosen not in expected.leave:
        return answer
    options = expected.options or YES_OR_NO
    option = next(one for one in options if one.id == chosen)
    is_exact = _exactly(words.plain(normal), menu_of(options)) is not None
    is_given = is_plain(normal, option, is_exact=is_exact, for_others=expected.for_others)
    return answer if is_given else Unread(_unread_why(expected))


def names_exactly(plain: str, expected: Expected) -> bool:
    """Say whether the whole reply is one option's label, id or other words."""
    menu = menu_of(expected.options)
    return plain in menu.exact or wholly(plain, menu) is not None


def is_of_one_option(plain: str, expected: Expected, *, around: frozenset[str]) -> bool:
    """Say whether every word but those `around` is a word of one and the same option, nothing denied."""
    menu = menu_of(expected.options)
    if names_exactly(plain, expected):
        return True
    said = {token for token in plain.split() if token not in around}
    if not said or NEGATORS.search(plain):
        return False
    return any(said <= {token for phrase in forms for token in phrase.split()} for forms in forms_of(menu))


def tapped(ids: Sequence[str], expected: Expected) -> Answer | Unread:
    """Read pressed buttons: option ids, or one of the control ids on its own."""
    known = {option.id: option.label for option in _offered(expected)}
    if len(ids) == 1 and ids[0] not in known:
        return _control(ids[0], expected) or Unread(_unread_why(expected))
    if not ids or any(one not in known for one in ids) or not go_together(list(ids)):
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


def _of_their_age(plain: str, options: Sequence[Option]) -> str | None:
    """Return the choice that is for people as old as they say they are: "im 15"."""
    in_figures = words.digits(plain)
    said = _OWN_AGE.search(in_figures)
    if said is None:
        said = _BARE_AGE.fullmatch(in_figures)
        if said is None or (not said[2] and int(said[1]) <= max(9, len(options))):  # or it is a place
            return None
    age = int(said[1])
    return next((o.id for o in options if o.ages and o.ages[0] <= age <= o.ages[1]), None)


def _as_their_parent(normal: str, menu: Menu) -> str:
    """Put "parent" where somebody says "my son", unless they say that they are somebody else."""
    closed_up = normal.replace("'", "")
    if "parent" not in menu.exact or not _OWN_CHILD.search(closed_up):
        return normal
    own, rest = _OWN_CHILD.sub("parent", closed_up), _OWN_CHILD.sub(" ", closed_up)
    if menu.exact["parent"] not in single(own, words.plain(own), menu):  # "it is not my son"
        return rest
    of_them = _TOLD_OF.sub(" ", rest)
    if _HERE_FOR_OWN.search(closed_up) or not single(of_them, words.plain(of_them), menu):
        return "parent"
    return rest if _SAYS_WHO.search(closed_up) else own


def _unread_why(expected: Expected) -> str:
    if expected.kind in ("yes_no", "consent"):
        return "yes_no"
    return "choose_some" if expected.kind == "choices" else "choose_one"


def _own_words(text: str, expected: Expected) -> Answer | Unread:
    if expected.or_text:
        return Given({"choice": None, "text": words.keep(text)}, text)
    return Unread(_unread_why(expected))


def _polar_id(said: Said, menu: Menu, kind: str) -> str | None:
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


def _only_polar(plain: str, menu: Menu) -> str | None:
    """Hear a yes or no that only one option begins with."""
    start = {Said.YES: "yes", Said.NO: "no"}.get(hear(plain), "")
    begins = [
        one for one in menu.ids if start and one.split("_")[0] == start and one not in ("not_sure", "no_one")
    ]
    return begins[0] if len(begins) == 1 else None


def _exactly(plain: str, menu: Menu) -> int | None:
    at = menu.exact.get(plain)
    if at is None:
        at = wholly(plain, menu)
    if at is None and plain not in menu.shared:
        places = places_in(plain, menu)
        at = places[0] if places is not None and len(places) == 1 else None
    return at


def _by_name_only(normal: str, menu: Menu) -> int | None:
    """Find an option past yes and no ("I want to talk first"), where no yes or no was heard."""
    others = {i for i, one in enumerate(menu.ids) if one not in ("yes", "no", "not_sure")}
    found = single(normal, words.plain(normal), menu) & others if others else set()
    return found.pop() if len(found) == 1 else None

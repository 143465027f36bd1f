"""Reads a reply as an answer to what was asked: the one way in to reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from flows.answers import Answer, Given, NotKnown, Unread
from flows.reading import ages, asides, choices, contact, numbers, places, special, words
from flows.reading.expected import Expected

_OPEN = frozenset({"text", "long_text", "name", "none"})
_POLAR = frozenset({"yes_no", "consent"})
_CHOOSING = frozenset({"choice", "choices"}) | _POLAR
_WHY_UNREAD = {"yes_no": "yes_no", "consent": "yes_no", "choice": "choose_one", "choices": "choose_some"}
_GIVES_CONTACT = frozenset({"phone", "email", "postcode"})
_FAULTS = frozenset(
    {"age_out_of_range", "date_in_future", "date_in_past", "date_not_real", "date_too_old", "number_out_of_range"}
)


def read(text: str, expected: Expected, *, today: date, language: str = "en") -> Answer | Unread:
    """Return what `text` answers. Never raises, and takes no longer for a long reply to a closed question."""
    if len(text) > expected.longest:
        return Unread("too_long")
    if expected.kind in _OPEN:
        return _open(text, expected)
    normal = words.normalise(text)[: words.LOOK_AT]
    if not normal:
        return Unread("empty")
    plain = words.plain(normal)
    if expected.kind in _CHOOSING:
        return _choosing(normal, plain, text, expected)
    said = special.whole(plain, kind=expected.kind, optional=expected.optional)
    if said is None and expected.kind in _GIVES_CONTACT:
        said = special.nothing_to_give(plain, optional=expected.optional)
    if said is not None:
        return said(text)
    return _closed(normal, plain, text, expected, today=today, language=language)


def tells_a_way(text: str, ways: Expected, *, today: date) -> bool:
    """Say whether a short reply to another question gives a number or an address with how to use it."""
    if len(text) > _LONGEST_WAY or not _CONTACT.search(text):
        return False
    found = read(text, ways, today=today)
    return isinstance(found, Given) and isinstance(found.value, list) and not ways.leave.isdisjoint(found.value)


def read_choice_id(choice: str, expected: Expected) -> Answer | Unread:
    """Return what one pressed button answers: an option id, "not_known", "prefer_not_to_say" or "skip"."""
    return choices.tapped((choice,), expected)


def read_choice_ids(chosen: Sequence[str], expected: Expected) -> Answer | Unread:
    """Return what several pressed buttons answer together."""
    return choices.tapped(tuple(chosen), expected)


def _choosing(normal: str, plain: str, text: str, expected: Expected) -> Answer | Unread:
    if not choices.names_exactly(plain, expected):
        if asides.asks_back(plain) or (expected.kind in _POLAR and asides.is_of_another_matter(plain)):
            return Unread(_WHY_UNREAD[expected.kind])
        said = special.whole(plain, kind=expected.kind, optional=expected.optional)
        if said is not None:
            return _or_unsure(said(text), text, expected)
    if expected.kind in _POLAR:
        answer = choices.yes_or_no(normal, text, expected)
    elif expected.kind == "choices":
        answer = choices.choices(normal, text, expected)
    else:
        answer = choices.choice(normal, text, expected)
    answer = choices.only_plain_leave(answer, normal, expected)
    if isinstance(answer, Unread):
        said = special.among(plain)
        return _or_unsure(said(text), text, expected) if said else answer
    return answer


def _or_unsure(answer: Answer, text: str, expected: Expected) -> Answer:
    """Not knowing is the option "not sure" where there is one, so that doubt about safety is never a gap."""
    if isinstance(answer, NotKnown) and any(option.id == "not_sure" for option in expected.options):
        return Given(["not_sure"] if expected.kind == "choices" else "not_sure", text)
    return answer


def _closed(
    normal: str, plain: str, text: str, expected: Expected, *, today: date, language: str
) -> Answer | Unread:
    answer = _by_kind(normal, text, expected, today=today, language=language)
    if not isinstance(answer, Unread) or answer.why in _FAULTS:
        return answer
    said = special.among(plain) if expected.kind != "file" else None
    return said(text) if said else answer


def _by_kind(normal: str, text: str, expected: Expected, *, today: date, language: str) -> Answer | Unread:
    match expected.kind:
        case "date" | "age":
            return ages.date_or_age(normal, text, expected, today, language)
        case "number":
            return numbers.number(normal, text, expected)
        case "phone":
            return contact.phone(text)
        case "email":
            return contact.email(text)
        case "postcode":
            return places.postcode(text)
        case "address":
            return places.address(text)
        case _:
            return Unread("file_expected")


# Open questions: nearly anything is an answer.

_NAME_LEAD = re.compile(
    r"(?:(?:hi|hello|hey)[ ,]+)?(?:(?:my|his|her|their|the child'?s|the baby'?s|our|child'?s|full"
    r"|first) name(?:'?s| is| are|:)|name:"
    r"|(?:i am|i'm|im|he is|he's|hes|she is|she's|shes|they are|they're|it's|its|we are) called"
    r"|call me|it's|its|it is|this is|i'm"
    r"(?= (?-i:[A-Z])))[ ,]+(?=\S)",
    re.IGNORECASE,
)
_MOST_NAMES = 5
_SHORT = 300
_CONTACT = re.compile(r"\+?\(?\d(?:[ ()-]*\d){8,}|\S+@\S+")
"""An address, or a number of nine figures or more: a date has eight at most."""
_LONGEST_WAY = 80
_JOINS_NAMES = words.listed("on at to or and my is the of from")
_OF_A_NUMBER = _JOINS_NAMES | words.listed(
    "me us you can i we his her our their your no number numbers phone mobile mob tel landline text txt call ring "
    "email reach contact message whatsapp best just use try its it this that work home please pls after before "
    "until till between not only am pm here him them later back now asap anytime any time times but dont do never "
    "thanks thank ta cheers ok okay school evening evenings morning mornings afternoon afternoons night nights "
    "weekday weekdays weekend weekends day days daytime hour hours when if so cos because he she they hes shes "
    "theyre im ill ive id am was be has have had may might out in at home safe leave a an voicemail voicemails "
    "msg messages texts calls ringing texting that thats which who husband partner answers answer checks reads "
    "first always usually ask for get got reached reachable via during term lunch tea dinner today tomorrow "
    "tonight hope helps works ideally prefer preferably sometimes cant wont mums dads wifes husbands"
)
"""Beside a number or an address these tell how to reach somebody, and are no part of a name."""
_ALSO_NAMES = words.listed("can my to an may hope ill so do day")
_MOST_BESIDE = 8
_EDGES = " ,.:;-\u2013"
_FEWEST_OF_A_QUESTION = 3
_WRITTEN_AS_A_NAME = re.compile(r"[^.!?\s]\s+[A-Z\u00C0-\u00DE][a-z\u00DF-\u024F]+|[.!?]\s+[A-Z][a-z]+$")
"""A capital within a sentence, or one word behind it: "I dont want you to ring. Jo"."""
_CONTROLS = words.listed("send done yes change keep")
"""What is typed to us at other questions, and is nobody's name alone."""
_GIVES_A_NAME = re.compile(r"\b(?:names?|called|call me)\b")
_NO_NAME = re.compile(
    r"(?:(?:no|sorry|please|actually|and|but|i|we) )*(?:dont|do not|dnt) (?:want|wanna|wish|like)\b.*"
    r"|(?:(?:no|sorry|wait|oops|actually) )*(?:he|she|they|it|i|we|hes|shes|theyre|its|im)\b.* \d.*"
)
"""A wish ("dont want my boss knowing") or a correction ("no sorry he is 7 not 6")."""
_JOB = re.compile(
    r"[\s,;(\u2013-]+direct (?:line|dial)\b.*"
    r"|\s+(?-i:DSL|DDSL|SENCO)\b.*"
    r"|(?:\s*[,;(\u2013]\s*|\s+-\s+)(?:[\w']+ ){0,3}"
    r"(?:d?dsl|senco|(?:head)?teacher|nurse|midwife|gp|doctor|(?:social|support) worker|health visitor)\b.*"
    r"|^(?:(?:the|a|school|class|head|y\d+) )*"
    r"(?:d?dsl|senco|(?:head)?teacher|nurse|midwife|gp|doctor|social worker)$",
    re.IGNORECASE,
)
"""Beside a number, a job set apart from the name: "Ann Roe, DSL". "Jane Nurse" is a name."""
_NOT_NAMES = frozenset({"me", "us", "him", "her", "later", "back", "mine"})


def _open(text: str, expected: Expected) -> Answer | Unread:
    kept = words.keep(text)
    head = words.normalise(text[:_SHORT])
    if not head and not words.tidy(text):
        return Unread("empty")
    if expected.kind != "none" and len(text) <= _SHORT:
        plain = words.plain(head)
        if asides.asks_back(plain):
            return Unread("empty")
        said = special.whole(plain, kind=expected.kind, optional=expected.optional)
        if said is not None:
            return said(text)
    return _name(kept, text, optional=expected.optional) if expected.kind == "name" else Given(kept, text)


def _name(kept: str, text: str, *, optional: bool) -> Answer | Unread:
    if not any(character.isalpha() for character in kept[: words.LOOK_AT]):
        return Unread("name_unread")
    if _is_no_name(kept[: words.LOOK_AT]):
        return Unread("name_unread")
    if _CONTACT.search(kept[: words.LOOK_AT]):
        return _beside_a_contact(kept[: words.LOOK_AT], text, optional=optional)
    return Given(_without_lead(kept), text)


def _is_no_name(kept: str) -> bool:
    plain = words.plain(words.normalise(kept))
    if plain in _CONTROLS or (kept.rstrip().endswith("?") and len(plain.split()) >= _FEWEST_OF_A_QUESTION):
        return True
    is_named = _CONTACT.search(kept) or _GIVES_A_NAME.search(plain) or _WRITTEN_AS_A_NAME.search(kept)
    return not is_named and _NO_NAME.fullmatch(plain) is not None


def _without_lead(kept: str) -> str:
    lead = _NAME_LEAD.match(kept.replace("\u2019", "'")[: words.LOOK_AT])
    rest = kept[lead.end() :] if lead else ""
    named = 0 < len(rest.split()) <= _MOST_NAMES and any(character.isalpha() for character in rest)
    named = named and rest.casefold() not in _NOT_NAMES
    return rest if named else kept


def _beside_a_contact(kept: str, text: str, *, optional: bool) -> Answer | Unread:
    """Read the name that stands beside a number or an address; none where only a way to reach them does."""
    said = [part for part in _CONTACT.split(kept) if part.strip()]
    for part in said:
        plain = words.plain(words.normalise(part))
        refused = special.whole(plain, kind="name", optional=optional)
        if refused is not None and not _is_of_a_number(plain):
            return refused(text)
        name = _name_in(part)
        if name:
            return Given(name, text)
    return Unread("name_unread")


def _name_in(said: str) -> str:
    tokens = _JOB.sub("", _without_lead(re.sub(r"^\W*(?:and\b)?\W*", "", said))).split()
    while tokens and _is_of_a_number(tokens[0]) and not _begins_a_name(tokens):
        tokens.pop(0)
    tokens = _up_to_what_is_told(tokens)
    while tokens and _is_of_a_number(tokens[-1]) and not _ends_a_name(tokens):
        tokens.pop()
    if not 0 < len(tokens) <= _MOST_BESIDE:
        return ""
    name = " ".join(tokens).strip(_EDGES)
    return name if name.count("(") == name.count(")") else name.strip("()" + _EDGES)


def _up_to_what_is_told(tokens: list[str]) -> list[str]:
    """Cut where something is told of the number: "Sarah, dont ring".

    Without a comma or a capital letter nobody can say where a name ends, and none is read.
    """
    for at, token in enumerate(tokens):
        plain = words.plain(words.normalise(token))
        may_join = plain in _JOINS_NAMES or (token.istitle() and plain in _ALSO_NAMES)
        if at == 0 or may_join or not _OF_A_NUMBER.issuperset(plain.split()):
            continue
        rest = tokens[at:]
        is_parted = tokens[at - 1][-1] in ",.;:)-\u2013" or all(map(_is_of_a_number, rest))
        return tokens[:at] if is_parted or tokens[0][:1].isupper() else []
    return tokens


def _begins_a_name(tokens: list[str]) -> bool:
    """Tell Can Yilmaz from "can you ring me"."""
    return tokens[0].casefold() in _ALSO_NAMES and all(token.istitle() for token in tokens[:2]) and len(tokens) > 1


def _ends_a_name(tokens: list[str]) -> bool:
    """Tell Dawn May from "may"."""
    return tokens[-1].casefold() in _ALSO_NAMES and all(token.istitle() for token in tokens)


def _is_of_a_number(token: str) -> bool:
    plain = words.plain(words.normalise(token))
    return not any(character.isalpha() for character in plain) or _OF_A_NUMBER.issuperset(plain.split())

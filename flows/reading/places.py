"""Reads a postcode, a town in place of one, and an address."""

from __future__ import annotations

import re

from flows.answers import Answer, Given, Unread
from flows.reading import words

AREAS = words.listed(
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E "
    "EC EH EN EX FK FY G "
    "GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N "
    "NE NG NN NP NR NW "
    "OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR "
    "TS TW UB W WA WC "
    "WD WF WN WR WS WV YO ZE"
)
"""Every postcode area of the United Kingdom, Jersey, Guernsey and the Isle of Man."""

_OUTWARD = r"[A-Z]{1,2}[0-9][0-9A-Z]?"
_SHAPE = re.compile(rf"(?<![A-Z0-9])({_OUTWARD})[\s.,\-]{{0,3}}([0-9][A-Z]{{2}})(?![A-Z0-9])")
_GIRO = re.compile(r"(?<![A-Z0-9])GIR ?0AA(?![A-Z0-9])")
_INWARD = re.compile(r"[0-9][ABD-HJLNP-UW-Z]{2}")
_OUTWARD_ONLY = re.compile(
    rf"(?:IT(?:S|'S)? |IN |THE |NEAR |POSTCODE )*({_OUTWARD})(?: AREA| POSTCODE| SOMEWHERE)?"
)
_THIRD_LETTER = frozenset("ABCDEFGHJKPSTUW")
_FOURTH_LETTER = frozenset("ABEHMNPRVWXY")
_MISTYPED = re.compile(r"([A-Z]{1,2})([0-9OIL])([0-9A-Z]?)([0-9OIL])([A-Z]{2})")
_TO_FIGURE = str.maketrans("OIL", "011")

_NO_FIXED = re.compile(
    r"\b(?:no fixed (?:address|abode)|nfa|homeless|rough sleep\w*|sleep\w* rough|sofa surf\w*|on the streets?"
    r"|(?:in|out of) (?:my|our|a|the|his|her) (?:car|van|tent)|no address|nowhere|(?:we )?move around"
    r"|of no fixed|"
    r"between (?:houses|homes|places)|staying with different)\b"
)
_TOWN_LEAD = re.compile(
    r"^(?:(?:well|um|er|oh|hi|it|its|it's|i|im|i'm|we|we're|were|he|she|they|live|lives|living|stay"
    r"|staying|based|am|is|are"
    r"|just|in|at|near|nr|around|outside|somewhere|from|the town|town|area is"
    r"|the area is|over"
    r"|not far from|close to|next to|by|the postcode is|postcode)[\s:]+)+",
    re.IGNORECASE,
)
_POSTCODE_NOT_KNOWN = re.compile(
    r"^(?:sorry |i )*(?:dont|don't|do not|not sure of|cant remember|can't remember)(?: know)?(?: (?:the|my"
    r"|our|their|his|her))?"
    r" post ?code(?: sorry)?[ ,.]*(?:but )?",
    re.IGNORECASE,
)
_TOWN_END = re.compile(r"(?:[\s,]+(?:area|somewhere|thanks|thank you|please|sorry|i think|way))+$", re.IGNORECASE)
_TOWN = re.compile(r"[^\W\d_]+(?:[ .'\-,]{1,2}[^\W\d_]+){0,4}\.?")
_NOT_A_TOWN = words.listed(
    "i im my me you your u is are am was what why who how when where not dont do does no nope yes "
    "yeah yep ok okay help "
    "hello hi hey please stop scared because want need have has had he she they them him her it know "
    "tell say said can "
    "cant will wont would going this that here there home house mum dad thanks thank sorry nothing "
    "none idk and but if "
    "havent hasnt isnt arent wasnt doesnt didnt got one any really refuge hostel boat caravan go back quit"
    " exit start cancel again"
    " agree fine sure maybe skip next"
)

_BEFORE_A_PLACE = (
    "sorry|i|im|i'm|he|hes|he's|she|shes|she's|they|theyre|they're|we|were|we're|it|its|is|am|are|the|my|both|all"
    "|still|just|right|now|currently|kids?|child|children|baby|boys?|girls?|sons?|daughters?|hiding|hid|locked"
    "|stuck|sat|asleep|safe|alone|back|up|with|mum|dad|nan|gran|him|her|them|me|his|their|upstairs|downstairs"
)
_ROOMS = (
    "home|house|flat|bed|bedroom|room|bathroom|toilet|kitchen|loft|garden|shed|garage|car|van|school|nursery"
    "|college|work|shops?|park|street|road|bus|train|station|hospital|a&e|pub|library|town|caravan|tent|hotel"
    "|hostel|refuge|door|mums?|dads?|nans?|grans?"
)
_IS_THERE = re.compile(
    rf"(?:\b(?:{_BEFORE_A_PLACE})\b[\s,.]*){{0,8}}"
    rf"(?:\b(?:at|in|on|inside|outside|near|nr|by|under|behind)\b (?:\w+ ){{0,3}}?(?:{_ROOMS})\b"
    r"|\b(?:home|upstairs|downstairs|next door|outside)\b)"
)
_STREET = re.compile(
    r"\b\d{1,4}[a-z]?,? (?:\w+ ){1,3}(?:street|st|road|rd|lane|ln|avenue|ave|close|drive|court|way|terrace"
    r"|crescent|grove|mews|gardens|place|square|hill)\b"
)


def names_a_place(text: str) -> bool:
    """Say whether words that may tell of anything begin with a place, or hold a postcode or a house number."""
    tidy = words.tidy(text)[: words.LOOK_AT]
    low = tidy.casefold()
    return bool(_postcodes(tidy)[0] or _STREET.search(low) or _IS_THERE.match(low))


def postcode(text: str) -> Answer | Unread:
    """Read a full postcode, or the town or "no fixed address" given in its place."""
    tidy = words.tidy(text)[: words.LOOK_AT]
    found, seen_unreal = _postcodes(tidy)
    if len(found) == 1:
        return Given(found[0], text)
    if found:
        return Unread("postcode_unread")
    mended = _mended(tidy)
    if mended:
        return Given(mended, text)
    if seen_unreal:
        return Unread("postcode_not_real")
    return _in_place_of_one(tidy, text)


def address(text: str) -> Answer | Unread:
    """Keep an address as typed, with its postcode where one is found."""
    kept = words.keep(text)
    tidy = words.tidy(text)
    if not any(c.isalpha() for c in tidy):
        return Unread("empty")
    found, _ = _postcodes(tidy[: words.LOOK_AT])
    value: dict[str, object] = {"text": kept}
    if len(found) == 1:
        value["postcode"] = found[0]
    elif _NO_FIXED.search(tidy[: words.LOOK_AT].casefold()):
        value["no_fixed_address"] = True
    return Given(value, text)


def _postcodes(tidy: str) -> tuple[list[str], bool]:
    """Return the different real postcodes in the text, and whether something of their shape was not real."""
    upper = tidy.upper()
    found = {"GIR 0AA": None} if _GIRO.search(upper) else {}
    unreal = False
    for outward, inward in _SHAPE.findall(upper):
        if is_real(outward, inward):
            found[f"{outward} {inward}"] = None
        else:
            unreal = True
    return list(found), unreal


def is_real(outward: str, inward: str) -> bool:
    """Say whether a postcode of this shape could exist: its area does, and its letters are ones in use."""
    letters = outward.rstrip("0123456789") if outward[-1].isdigit() else outward[:-1].rstrip("0123456789")
    if letters not in AREAS or _INWARD.fullmatch(inward) is None:
        return False
    if outward[-1].isdigit():
        return True
    allowed = _THIRD_LETTER if len(letters) == 1 else _FOURTH_LETTER
    return outward[-1] in allowed and letters in _LETTERED


_LETTERED = frozenset({"E", "EC", "N", "NW", "SE", "SW", "W", "WC"})


def _mended(tidy: str) -> str | None:
    """Read "DHI 5UL", "D H 1 5 U L" and "dh one five ul", where the reply is nothing but a postcode."""
    upper = words.digits(tidy.casefold()).upper()
    for lead in ("IT'S ", "ITS ", "POSTCODE IS ", "POSTCODE ", "MY POSTCODE IS "):
        upper = upper.removeprefix(lead)
    compact = re.sub(r"[\s.,\-]+", "", upper)
    if not 5 <= len(compact) <= 7 or not any(c.isdigit() for c in compact):
        return None
    match = _MISTYPED.fullmatch(compact)
    if match is None:
        return None
    area, first, second, third, unit = match.groups()
    outward = area + first.translate(_TO_FIGURE) + (second if second.isdigit() else second.replace("O", "0"))
    inward = third.translate(_TO_FIGURE) + unit
    return f"{outward} {inward}" if is_real(outward, inward) else None


def _in_place_of_one(tidy: str, text: str) -> Answer | Unread:
    outward = _OUTWARD_ONLY.fullmatch(tidy.upper())
    if outward and outward[1].rstrip("0123456789") in AREAS:
        return Given({"town": outward[1], "outward": outward[1]}, text)
    if _NO_FIXED.search(tidy.casefold()):
        return Given({"no_fixed_address": True, "text": words.keep(text)}, text)
    told = _POSTCODE_NOT_KNOWN.sub("", tidy)
    town = _TOWN_END.sub("", _TOWN_LEAD.sub("", told)).strip(" ,.")
    said = words.plain(town.casefold()).split()
    if len(town) > 2 and _TOWN.fullmatch(town) and not _NOT_A_TOWN.intersection(said):
        return Given({"town": town}, text)
    return Unread("postcode_unread")

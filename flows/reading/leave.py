"""Reads what somebody allows us to do. A question, a warning or what somebody else says is no leave.

What speaks against a choice is a list of what people were seen to type, and no more: words that nobody foresaw,
with a way or a service named among them, may still be read as choosing it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from flows.reading import words
from flows.reading.expected import Option
from flows.reading.menu import NEGATORS, Menu, wholly
from flows.reading.naming import many, named_in, none_of

_TOO = (
    r"(?<!\bnot )(?<!n't )(?<!nt )(?<!\bi[sm] )(?<!\bam )(?<!'[sm] )(?<!\bits )(?<!\bhes )(?<!\bare )(?<!\bwas )"
    r"(?<!\bfeel )"
)
"""Before the "so" of "so good" and "so scared", which begins no clause."""
_MY_OWN = r"my (?:english|hearing|speech|spelling|reading|writing)\b"
_CLAUSES = re.compile(rf"([,;.!?\n]+(?!\d)|\b(?:but(?! not)|{_TOO}so|because|cos|cuz|coz)\b|(?= {_MY_OWN}))")
_SPOUSE = r"(?:ex|husband|hubby|wife|partner|boyfriend|girlfriend|bf|gf)"
_KIN = (
    rf"(?:step ?)?(?:{_SPOUSE}|{words.KIN}s?|parents?|sons?|daughters?|kids?|child|children|family|in laws|mates?"
    r"|flatmate|housemate|boss)"
)
_OTHERS = re.compile(
    r"\b(?:he|hes|hed|she|shes|shed|they|theyre|theyd|every(?:one|body)|some(?:one|body)|any(?:one|body)|people"
    rf"|(?:my|the|his|her|our|their) {_KIN}|mum|mam|dad|mother in law|{_SPOUSE})\b"
)
_LOOKING = (
    r"sees?|seen|reads?|reading|checks?|checking|looks?(?! after)|through|tracks?|watch(?:es)?|opens?|monitors?"
    r"|listens?|hears?|picks? up"
)
_HAVING = (
    r"has(?! (?:gone|left|moved))|have|had|got|takes?|took|answers?|uses?|shares?|controls?|gets?|finds?|keeps?"
    r"|hides?|steals?|stole|smashe[sd]|breaks?|broke|hacked|pays?|goes on|plays?|blocks?"
)
_TELLING = r"knows?|works?|teaches|hurts?|hits?|says?|said|wants?|agrees?|agreed|thinks?|told|runs"
_LOOKS = re.compile(rf"\b(?:{_LOOKING})\b")
_HANDLES = re.compile(rf"\b(?:{_LOOKING}|{_HAVING})\b")
_HOLDS = re.compile(rf"\b(?:{_LOOKING}|{_HAVING}|{_TELLING})\b")
"""What somebody else does with a phone, or says in their place."""
_NOBODY = re.compile(r"(?!)")
_PICKS_UP = re.compile(r"\b(?:answers?|picks? (?:it )?up)\b")
_OWN_YES = re.compile(r"(?:yes|yeah|yep|yh|yea|ye|ok|okay|sure|i agree)\b")
"""Behind it stands what they tell us, and no longer why it would be no leave."""
_NO_THEN = re.compile(r"\bno+ (?:give|say|tell|use)\b")
""" "No tell them" is "do not tell them" to many who learned English late."""
_ASKED_OF_US = re.compile(
    r"\b(?:text|txt|ring|call|phone|e ?-?mail|mail|message|msg|contact|reach|reply)(?: to)? (?:me|us|my|on|here)\b"
    r"|\b(?:talk|speak) (?:to|with)\b"
)
_GOOD = (
    r"(?: (?:always|the|my|a|very|really|all|usually|most|more|probably))*"
    r"(?: (?:safe|safer|safest|fine|ok|okay|best|good|better|easiest|easier|great|private|mine|working|free"
    r"|on(?= *$| all\b| me\b| now\b)"
    r"|quickest|alright|cool|perfect|preferred|secure|own|only)\b| ?[\d+]| \S+@)"
)
_STATED = re.compile(
    r"\b(?:isnt|arent|wasnt|aint|hasnt|doesnt|wont|cant|cannot|mustnt|shouldnt)\b"
    r"|\b(?:is|are|was|were|gets?|has|have|must|should|knows?|knew|hurts?|says?|said|tells?|told|already|might"
    r"|belongs|broken?|shared|hacked|monitored|tracked|tapped|bugged|lost|smashed|locked|reported|lied|ignored|excluded"
    r"|shows?|comes?|pops?|flash(?:es)?|scares?|keeps|listens|sees|reads"
    rf"|not (?:safe|ok|okay|good|great|allowed|possible|private))\b(?!{_GOOD})"
)
"""What is told of a way or a service: "my phone is shared", "the school already know"."""
_A_SUBJECT = re.compile(r"\b(?:i|we|you|u|it|that|this|there) *$")
_NOT_THEIRS = re.compile(
    r"\b(?:shar(?:e|es|ed|ing)|family|joint|borrow\w*|his|hers?|their|mums|dads|husbands|wifes|partners"
    r"|\w+ elses?|lost|broke|smashed|took|taken|stolen?|not allowed)\b"
)
_DOUBTED = re.compile(
    r"\b(?:if (?:you|u) (?:must|have to|need to|really)|maybe|perhaps|might|possibly|not sure|unsure|dunno|idk"
    r"|depends|unless|only if"
    r"|(?:if|when|whenever|once|until|till|whether|check|make sure|hardly|barely)(?: \w+){0,2} safer? to"
    r" (?:text|txt|ring|call|phone|telephone|e ?-?mail|message|msg|contact))\b"
)
_RISK = r"risky?|danger|dangerous|unsafe|in trouble|finds? out|catch(?:es)? me"
_AT_RISK = re.compile(rf"\b(?:{_RISK})\b")
_DANGER = re.compile(
    rf"\b(?:{_RISK}|violent|angry|aggressive|abusive|hits?|hitting|hurts?|hurting|beats?|beating|beaten|batters?"
    r"|attack(?:s|ed)?|threaten(?:s|ed|ing)?|scared|afraid|frightened|terrified|kills?|police)\b"
)
_KEPT_OUT = re.compile(
    r"\b(?:(?:keep|leave|kept)\b.*\bout|stay away|rather (?:you|u) (?:didnt|not)|hate|scared of|afraid of"
    rf"|worried about|trust (?:no|nobody|noone)|kills? me|goes mad|{_RISK})\b"
)
_OF_MYSELF = re.compile(
    rf"\b(?:{_MY_OWN}|(?:scared|afraid|nervous|hard|hate)(?: (?:for me|of|to))* (?:talk|speak|answer)"
    r"|i(?:ve| have)? (?:tried|called|rang|phoned|texted|emailed|messaged)\b)"
)
"""Why it is hard for them, or what they tried: that way is not chosen, and no other is less safe for it."""
_CALLED_SAFE = re.compile(
    r"\b(?<!none )(?:is|are) (?:the |always |very |all )?safe(?:st|r)?\b"
    r"|(?:^|(?<=[,.;!\n])) *(?:(?:yes|yeah|yep|yh|ok|okay|and|its|it's|it is|also|only|i think) )*"
    r"safe(?:st|r)? (?:to|for)\b"
    r"|[,.]? (?:its|it's|it is|thats|that's|that is) safe(?: yes| now)?[.! ]*$"
)
"""Said of the way beside it: "email is safe", "its safe to ring me"."""
_APP = r"(?:wh?ats? ?app|snap(?:chat)?|insta(?:gram)?|facebook|fb|messenger|signal|discord|tiktok|facetime|teams)"
_ON_AN_APP = re.compile(
    rf"\b(?:on|by|via|through|over|using|with) (?:my )?{_APP}\b"
    rf"|\b{_APP} (?:me|call|text|message|msg|video|voice)\b"
)
"""What we do not have: whoever asks for it has not said that a plain text or call would be safe."""
_WRITTEN_TO = re.compile(
    r"\b((?:text|txt|sms|message|msg|e ?-?mail|send|write)"
    r"(?: (?:me|it|a|an|text|txt|message|msg|e ?-?mail|to|on|at))*?)(?: (?:to|on|at))?"
    r" (?:my|the) (?:mobile |cell )?(?:phone|mobile|cell)\b(?! calls?\b)"
)
"""A text to a mobile rings nobody."""
_REPLIED_BY = re.compile(r"\breply(?: to (?:me|us))?(?= (?:by|via|with|through|to my|on my)\b)")
_OF_A_PHONE = re.compile(r"\b(?:phone|mobile|cell|texts?|messages?|msgs?|txts?)\b")
_ENDS_IN_NO = re.compile(r"\b(?:no|nope|nah|not|never) *$")
_OF_ANOTHER = re.compile(
    rf"\b(?:ring|call|text|txt|phone|telephone|e ?-?mail|message|contact)s? (?:my|his|her|the|our|their) {_KIN}\b"
    r"|\b(?:ring|call|text|txt|phone|telephone|e ?-?mail|message|contact) (?:him|her|them)\b(?! (?:phone|mobile))"
)
_POINTS_BACK = re.compile(r"\b(?:dont|do not|dnt|never|not|wont)\b.*\b(?:them|it|that)\b")
"""What is taken back of a choice made before: "but dont want them told"."""
_ON_CONDITION = re.compile(r"(?:if|when|whenever|every ?time|each time|any ?time)\b")
_ITS = re.compile(r"\b(?:it|them|that|everything|mine)\b")
_NONE_SAID = re.compile(
    r"(?:no )?(?:none|nothing|neither|nobody|no one|no ways?)(?: (?:of|those|them|these|the|above|that|really"
    r"|is|are|feels?|safe|ok|okay|at|all|for|me|here|ways?|options?|thanks|please))*"
)
_GOES_ON = re.compile(
    r"(?:before|after|between|until|till|at|on|by|with|unless|except|if|when|while|in|from|via|only)\b"
)
_QUESTION = re.compile(
    r"(?:(?:and|but|so|ok|okay|well|hi|hello|please|sorry) )*"
    r"(?:will|(?:can|could|may) i (?:call|ring|phone|text|txt|e ?-?mail|message) (?:you|u)"
    r"|(?:will|would|should|could|can) (?:it|that|this) be"
    r"|do (?:i|you|u|we|they)|does|did|is|isnt|are|arent|what|whats|who|whos|why|how|which|where)\b"
)
_REQUEST = re.compile(r"(?:please |pls )?(?:can|could|would) (?:you|u|someone|somebody|we|they)\b")
_THEIR_WORD = re.compile(
    rf"{_OTHERS.pattern} (?:is|are|was|were|am|can|could|will|would|does|do|did|has|have|may|might) *$"
)
_PLAIN_NO = re.compile(
    rf"(?:(?:no+|nope|nah|naw|not really|no need|{words.THANKS}|sorry|(?:its|it is|thats|that is) "
    r"(?:fine|ok|okay|alright)|(?:im |i am )?not (?:bothered|fussed|worried)|(?:i )?(?:dont|do not) (?:mind|care)"
    r"|(?:you can )?(?:tell them|say|give|use)(?: (?:it|me|my|name|who|i|am|was|its))*)(?: |$))+"
)
"""A "no" that lets us do something has nothing behind it that could take it back."""


@dataclass(slots=True)
class _Heard:
    """What the clauses of a reply say: what is for a choice, what stands against one."""

    menu: Menu
    others: re.Pattern[str]
    kept: list[str] = field(default_factory=list)
    whole: set[int] = field(default_factory=set)
    against: set[int] = field(default_factory=set)
    is_cut: bool = False
    is_unclear: bool = False
    is_phone_held: bool = False
    points_back: bool = False


def is_question(normal: str) -> bool:
    return "?" in normal or _QUESTION.match(normal.replace("'", "")) is not None


def tells_of_danger(text: str) -> bool:
    """Say whether a yes has a danger behind it, which says what the yes does not: "yes he beats me"."""
    return _DANGER.search(words.plain(words.normalise(text[: words.LOOK_AT]))) is not None


def is_plain(normal: str, option: Option, *, is_exact: bool, for_others: bool) -> bool:
    """Say whether a reply that was read as `option` lets us do it: their own word, asking nothing back.

    `is_exact`: it is all of the option's words, or its place. A "no" that lets us do something has to be.
    `for_others`: somebody else's word is what was asked for.
    """
    plain = words.plain(normal)
    is_no = option.id.split("_")[0] == "no"
    if is_question(normal) or (is_no and _NO_THEN.search(normal)):
        return False
    if not for_others and (_is_theirs(plain, option) or (option.by and _NOT_THEIRS.search(plain))):
        return False
    return is_exact or not is_no or _PLAIN_NO.fullmatch(plain) is not None


def _is_theirs(plain: str, option: Option) -> bool:
    """Say whether it is somebody else's word, or tells what somebody else does with what we would send."""
    if _THEIR_WORD.search(plain):
        return True
    does = _HOLDS
    if _OWN_YES.match(plain):
        does = _HANDLES if option.by else _LOOKS
    others = _OTHERS.search(plain)
    return others is not None and does.search(plain, others.end()) is not None


def allowed(normal: str, menu: Menu, leave: frozenset[str], *, for_others: bool = False) -> set[int]:
    """Return the choices a reply makes: none where it also speaks against them, or is not clear."""
    heard = _heard(normal, _Heard(menu, _NOBODY if for_others else _OTHERS))
    found = _chosen(", ".join(heard.kept) if heard.is_cut else normal, menu) if heard.kept else set()
    if heard.is_unclear:
        return set()
    lets = {at for at in found if menu.ids[at] in leave}
    none = {menu.ids.index(one) for one in none_of(menu)}
    if heard.whole & none:
        return set() if lets else (found - none) or none
    if lets and (heard.points_back or _stands_against(heard, lets, menu)):
        return set()
    return found | heard.whole


def _chosen(normal: str, menu: Menu) -> set[int]:
    said = _CALLED_SAFE.sub(" ", normal)  # or it would also be of "none is safe"
    if _is_of_ways(menu):
        said = _WRITTEN_TO.sub(r"\1", _REPLIED_BY.sub(" ", said))
    return many(said, words.plain(said), menu)


def _stands_against(heard: _Heard, lets: set[int], menu: Menu) -> bool:
    return bool(lets & heard.against) or (heard.is_phone_held and bool(lets & _going_by("mobile", menu)))


def _going_by(carrier: str, menu: Menu) -> set[int]:
    return {at for at, by in enumerate(menu.by) if carrier in by}


def _heard(normal: str, heard: _Heard) -> _Heard:
    parts = _CLAUSES.split(normal)
    for clause, end in zip(parts[::2], [*parts[1::2], ""], strict=True):
        closed_up = clause.replace("'", "").strip()
        if closed_up:
            _hear_clause(closed_up, heard, is_asked="?" in end)
    return heard


def _hear_clause(clause: str, heard: _Heard, *, is_asked: bool) -> None:
    plain, menu = words.plain(clause), heard.menu
    whole = _whole_of(plain, heard)
    if whole is not None and not is_asked:
        heard.whole.add(whole)
        heard.is_cut = True
        return
    if heard.whole and _GOES_ON.match(plain):  # "do not contact me, before 9"
        heard.is_unclear = True
    if _is_asked(clause, is_asked=is_asked):
        heard.is_cut = True
        return
    head, against = _for_and_against(clause, plain, heard)
    if _is_of_ways(menu) and (_OF_ANOTHER.search(plain) or _ON_AN_APP.search(plain)):
        heard.is_unclear = True
    if not named_in(clause, menu) and _takes_back(plain, heard.others):
        heard.points_back = True
    others = heard.others.search(plain)
    if others and _PICKS_UP.search(plain, others.end()) and not NEGATORS.search(plain, others.end()):
        heard.against |= _going_by("voice", menu)
    heard.against |= against
    told = clause.removeprefix(head)
    is_of_a_phone = _OF_A_PHONE.search(told) is not None and not _OF_MYSELF.search(told)
    heard.is_phone_held |= is_of_a_phone and not against.isdisjoint(_going_by("mobile", menu))
    heard.is_cut |= head != clause
    if head.strip():
        heard.kept.append(head)


def _takes_back(plain: str, whoever: re.Pattern[str]) -> bool:
    """Say whether a clause that names nothing speaks against what was named: "but he might see it"."""
    if _AT_RISK.search(plain):
        return True
    others = whoever.search(plain)
    if others is None:
        return _POINTS_BACK.search(plain) is not None
    held = _HOLDS.search(plain, others.end())
    return held is not None and _ITS.search(plain, held.end()) is not None and not NEGATORS.search(plain)


def _whole_of(plain: str, heard: _Heard) -> int | None:
    menu = heard.menu
    none = none_of(menu)
    if none and _NONE_SAID.fullmatch(plain):
        return menu.ids.index(none[0])
    own, _ = _without_the_others(plain, heard)
    return wholly(words.plain(own), menu) if own.strip() else None


def _is_asked(clause: str, *, is_asked: bool) -> bool:
    if _REQUEST.match(clause) and _ASKED_OF_US.search(clause):
        return False
    return is_asked or _QUESTION.match(clause) is not None


def _for_and_against(clause: str, plain: str, heard: _Heard) -> tuple[str, set[int]]:
    """Part a clause into what may choose, and the choices that the rest of it speaks against."""
    menu = heard.menu
    if _DOUBTED.search(plain) or _KEPT_OUT.search(plain) or _OF_MYSELF.search(plain):
        return "", named_in(clause, menu)
    own, against = _without_the_others(clause, heard)
    stated = _STATED.search(own) or _ENDS_IN_NO.search(own)
    if stated:
        before = own[: stated.start()]
        of_it = named_in(before, menu)
        if of_it and not _ASKED_OF_US.search(before) and not _A_SUBJECT.search(before):
            return "", against | of_it
    not_theirs = _NOT_THEIRS.search(own) if _is_of_ways(menu) else None
    if not_theirs and named_in(own[not_theirs.end() :], menu):
        return "", against | named_in(own, menu)
    return own, against


def _without_the_others(clause: str, heard: _Heard) -> tuple[str, set[int]]:
    """Cut off what somebody else does: "he checks my phone" chooses no phone."""
    menu = heard.menu
    for others in heard.others.finditer(clause):
        tail = clause[others.end() :]
        named = named_in(tail, menu)
        holds = _HOLDS.search(tail) is not None
        is_their_doing = holds or (_is_of_ways(menu) and not _ASKED_OF_US.search(tail))
        if (named or holds) and is_their_doing and tail.strip():
            head = clause[: others.start()]
            if _ON_CONDITION.match(head) and not NEGATORS.search(tail):  # "if you text me he will see"
                return "", named | named_in(head, menu)
            return head, named
    return clause, set()


def _is_of_ways(menu: Menu) -> bool:
    return any(menu.by)

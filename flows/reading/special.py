"""Hears "don't know", "rather not say" and "skip" in their many typed forms."""

from __future__ import annotations

import re
from typing import TypeAlias

from flows.answers import NotKnown, PreferNotToSay, Skipped
from flows.reading import words

Special: TypeAlias = type[NotKnown] | type[PreferNotToSay] | type[Skipped]

_LONGEST = 80
_BEFORE = (
    r"(?:(?:sorry|really|genuinely|still|um+|er+m*|hmm*|well|oh|honestly|tbh|no|nah|nope|actually|im afraid"
    r"|afraid|lol|just|please|can"
    r"|could|we|i|id|ill|lets|let|me|sir|miss|hi|ok|okay|and|but|to be honest) )*"
)
_AFTER = (
    r"(?: (?:sorry|thanks|thank you|ta|tbh|lol|please|pls|plz|x+|mate|love|really|honestly"
    r"|at the moment|atm|yet"
    r"|right now|for now|to be honest|im afraid|exactly|for sure|though|tho|either|anymore|any more))*"
)
_NEG = r"(?:dont|do not|dont|dnt|didnt|did not|wouldnt|would not|doesnt|does not|dint|never)"
_NOT_KNOWN = (
    rf"{_NEG}(?: really| actually| even| quite| honestly)?(?: know| no| kno| knw| remember| recall| have a clue"
    r"| have an? idea)(?: it| that| this| them| yet| when| where| what| which| how old| his| hers| theirs| mine"
    r"| any of (?:it|that)| anything)?"
    r"|dont have (?:that|the|this|any) (?:info|information|details?)"
    r"|idk|idek|iunno|dk|d k|dunno|duno|donno|dno|dont no|no idea|no clue|not a clue|have no (?:idea|clue)"
    r"|havent (?:got )?a clue|havent (?:got )?an? idea|not got a clue|clueless|(?:im "
    r"|am )?not (?:100 |too |really |"
    r"quite |entirely |that )?(?:sure|certain)|(?:im )?unsure|n k|nk|not known|unknown|cant remember"
    r"|cannot remember"
    r"|cant recall|cannot recall|can not remember|(?:ive )?(?:forgot|forgotten|forget)(?: it)?"
    r"|who knows|god knows"
    r"|no one knows|couldnt tell (?:you|u)|wouldnt know|not known to me|tbc|not a scooby|haven t a clue"
    r"|(?:cant|couldnt) say for (?:sure|certain)|not my child so (?:i )?dont know|have to check|need to check"
    r"|would have to check"
)
_REFUSED = (
    r"(?:would |d |much )*(?:rather|prefer|perfer|preffer|prefere)(?: not| you didnt| didnt)"
    r"(?: to)?(?: say| tell| answer| give| share| disclose| talk about| discuss)?"
    r"(?: it| that| this| you| u| my name| my number| my email| my address| my age| them| those)?"
    rf"|{_NEG} (?:really )?(?:want|wanna|wish|like|feel comfortable|feel like|feel ok|feel safe|wnt)(?: to)?"
    r"(?: say| saying| tell| telling| answer| answering| give| giving| share| sharing| disclose| discuss"
    r"| talk about)(?: it| that| this| you| u| my name| my number| my email| my address| my age| them)?"
    r"|(?:thats |its )?none of (?:your|ur|yr) (?:business|buisness|biz|beeswax)|nunya|mind (?:your"
    r"|ur) own(?: business)?"
    r"|(?:im |am )?not (?:telling|saying|sharing|giving|answering|comfortable saying|comfortable sharing)"
    r"(?: you| u| that| it| this| my name| my number| my email| my address)*"
    r"|(?:im )?not (?:gonna|going to) (?:say|tell|answer|give)(?: you| that| it)?"
    r"|(?:its |thats )?(?:private|confidential|personal)|no comment|(?:wont|will not|cant) (?:say"
    r"|tell (?:you|u))"
    r"|pass(?: on (?:that|this)(?: one)?)?|refuse(?: to (?:say|answer))?|prefer to keep (?:it|that) private"
    r"|(?:want to )?keep (?:it|that) (?:private|to myself)|refused|prefer not"
)
_SKIPPED = (
    r"skip+(?:ed)?(?: (?:it|this|that|one|question|to|the|next|for|now))*|next(?: question| one)?"
    r"|leave (?:it|this|that)?(?: one)?(?: ?out| ?blank| ?for now)?|move on(?: to the next(?: one| question)?)?"
    r"|moving on|miss (?:it|this|that)(?: one)?(?: out)?|blank|n a|not applicable|dont bother"
    r"|come back to (?:it|this)"
    r"|(?:do|ask|tell you) (?:it|me|this|you)?(?: again)? ?later|can (?:we|i) (?:skip|leave"
    r"|miss)(?: this| it| that)?"
)
_SKIPPED_OPEN = r"na|later|carry on|continue|go on|not now|no thanks|no thank you|no ta|no thankyou|maybe later"
_NAMELESS = (
    r"anon|anonymous(?:ly)?|(?:want to |like to |d like to |wanna )?(?:stay|remain|be|keep) (?:anon|anonymous)"
    r"|no names?|nope|nah|no|no(?: thanks| thank you| ta)|dont use my name|not my name|without (?:my|a) name"
)


def _whole(*forms: str) -> re.Pattern[str]:
    return re.compile(rf"{_BEFORE}(?:{'|'.join(forms)}){_AFTER}")


_FORMS: tuple[tuple[re.Pattern[str], Special], ...] = (
    (_whole(_NOT_KNOWN), NotKnown),
    (_whole(_REFUSED), PreferNotToSay),
    (_whole(_SKIPPED), Skipped),
)
_WHOLE_SKIPPED_OPEN = _whole(_SKIPPED_OPEN)
_WHOLE_NAMELESS = _whole(_NAMELESS)
_SECRET = _whole("(?:its |thats )?(?:a )?secret")
_HINT = re.compile(
    r"know|kno|\bno\b|idk|idek|iunno|dk|d k|dun|don|dno|idea|clue|sure|certain|n k|nk|remember|recall"
    r"|forg|tell|tbc"
    r"|scooby|say|rather|prefer|perfer|want|wanna|wish|like|feel|business|buisness|biz|beeswax|nunya"
    r"|own|not|private"
    r"|confidential|personal|comment|pass|refuse|keep|skip|next|leave|mov|miss|blank|n a|applicable"
    r"|later|secret"
    r"|anon|name|na\b|carry|continue|go on|thank|ta\b|come back|check|wnt|bother"
)

_LOOSE_NOT_KNOWN = re.compile(
    r"\b(?:(?:dont|do not|dnt|didnt|doesnt|wouldnt) (?:really |actually |even |quite )?(?:know|no|kno"
    r"|remember|recall)"
    r"|no idea|no clue|not (?:too |really |quite |100 )?(?:sure|certain)|unsure|idk|dunno|forgotten|not known"
    r"|(?:cant|cannot|can not) (?:quite )?(?:remember|recall)|havent a clue|unknown)\b"
)
_LOOSE_REFUSED = re.compile(
    r"\b(?:(?:rather|prefer) not|rather you didnt|(?:dont|do not|dnt) (?:really )?(?:want|wanna|wish"
    r"|feel (?:safe|ok"
    r"|comfortable))(?: to)? (?:say|tell|give|share|giving|saying|sharing|telling)|none of (?:your|ur) business"
    r"|not (?:telling|saying|giving)|not (?:going to|gonna) (?:say|tell|give)|wont (?:say|tell|give))\b"
)
_NONE_TO_GIVE = re.compile(
    r"(?:(?:no|nope|nah|none|n a|nothing|nil|sorry|oh|well|we|i|she|he|they) )*"
    r"(?:no|nope|nah|none|nothing|nil|(?:dont|do not|havent|have not|not|aint|doesnt|hasnt) (?:have"
    r"|got|use|own|got an?"
    r"|have an?|have any|got any|have one|got one|use one|use it)|without one|no (?:e ?mail|phone|number|mobile"
    r"|landline|postcode)s?)"
    r"(?: (?:one|an?|any|e ?mail|phone|number|mobile|address|postcode|it|sorry|thanks|thank you"
    r"|either|at the moment"
    r"|atm|yet))*"
)
_NO_CALLS = re.compile(
    r"(?:(?:no|please|sorry|i|just) )*(?:dont|do not|no|not)(?: (?:want|any|to|be|me|you))*"
    r" (?:calls?|ring|phone|called|calling|email|emailed|contact|contacted|texts?)(?: (?:me|us|please"
    r"|thanks|at all))*"
)


def whole(plain: str, *, kind: str, optional: bool) -> Special | None:
    """Return what the reply says if that is all it says. `plain` is from `words.plain`."""
    if len(plain) > _LONGEST or _HINT.search(plain) is None:
        return None
    for form, special in _FORMS:
        if form.fullmatch(plain):
            return special if optional or special is not Skipped else None
    if kind == "name" and _WHOLE_NAMELESS.fullmatch(plain):
        return PreferNotToSay
    if kind in _POLAR:
        return None
    if kind not in _OPEN and _SECRET.fullmatch(plain):
        return PreferNotToSay
    return Skipped if optional and _WHOLE_SKIPPED_OPEN.fullmatch(plain) else None


def among(plain: str) -> Special | None:
    """Return what a reply to a closed question says when nothing else in it could be read."""
    if tells_of_refusal(plain):
        return PreferNotToSay
    return NotKnown if _LOOSE_NOT_KNOWN.search(plain) else None


def tells_of_refusal(plain: str) -> bool:
    """Say whether "I would rather not say" is anywhere in it."""
    return _LOOSE_REFUSED.search(plain) is not None


def tells_of_doubt(text: str) -> bool:
    """Say whether "I don't know" is anywhere in it."""
    return _LOOSE_NOT_KNOWN.search(words.plain(words.normalise(text[: words.LOOK_AT]))) is not None


def nothing_to_give(plain: str, *, optional: bool) -> Special | None:
    """Hear "I haven't got one" and "don't call me", where a number, e-mail or postcode was asked."""
    if len(plain) > _LONGEST:
        return None
    if _NONE_TO_GIVE.fullmatch(plain):
        return Skipped if optional else NotKnown
    return PreferNotToSay if _NO_CALLS.fullmatch(plain) else None


_POLAR = frozenset({"yes_no", "consent", "choice", "choices"})
_OPEN = frozenset({"text", "long_text", "name"})

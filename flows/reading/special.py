"""Hears "don't know", "rather not say" and "skip" in their many typed forms, and what is said to us instead."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TypeAlias

from flows.answers import NotKnown, PreferNotToSay, Skipped
from flows.reading import words
from flows.reading.yes_no import holds_danger

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


_FIRST = r"(?:(?:sorry|but|and|so|well|um+|er+m*|oh|ok|okay|hi|hello|hey|wait|hang on|please|pls) )*"
_LAST = r"(?: (?:please|pls|sorry|thanks|thank you|though|tho|exactly|then|here|now|mate|love|x+))*"
_DOUBT = (
    r"(?:(?:i|im|am|really|honestly) )*(?:not (?:\w+ )?(?:sure|certain)|unsure|idk|dunno|no idea|unclear|confused"
    r"|(?:dont|do not|dnt) (?:\w+ )?(?:know|no|kno))"
)
_IT = r"(?:that|this|it|these|those|they|you|u|yous|(?:the|your) question|any of (?:it|this|that))"
_WHATS = r"(?:whats|what is|what are|what does|what do)"
_ASKS_BACK = re.compile(
    rf"{_FIRST}(?:why|what|eh|huh|pardon|come again|say (?:that )?again|what for|how come|meaning"
    r"|(?:(?:can|could) (?:you|u) )?(?:explain|rephrase|repeat)(?: (?:that|this|it|the question|what (?:you"
    r"|that|it)"
    r"|means?))*"
    rf"|(?:what|wot|wat|how) (?:do|did|does|would) (?:{_IT})(?: (?:even|actually"
    rf"|all))? mean(?: by(?: \w+){{1,4}})?"
    rf"|{_WHATS} (?:the )?(?:difference|diff)(?: (?:between|with|in)(?: \w+){{1,6}})?"
    rf"|{_WHATS}(?: \w+){{1,4}} means?"
    rf"|{_WHATS} (?:that|this|it)(?: (?:for|about|mean|supposed to mean))?"
    rf"|what (?:do (?:you|u) need|is) {_IT} for"
    r"|(?:which|what) (?:team|worker|service|child|one|person|people|agency|request)"
    r"(?: (?:is|are|do|does|did|will|would|that|this|it|these|you|u|mean|about|asking))*"
    r"|(?:i |we )?(?:really |still |just )?(?:dont|do not|dnt|cant|didnt) (?:\w+ )?"
    rf"(?:understand|follow|get (?={_IT}\b))"
    rf"(?: (?:{_IT}|what (?:{_IT}|is|are|means?|asking|saying|asked|want|wants)(?: (?:means?|is|are|asking"
    r"|saying))*))?"
    rf"|{_DOUBT}(?: (?:on|about|of))? (?:what|which) {_IT}(?: (?:means?|meant|is|are|asking|saying|wants?"
    r"|about|for))+"
    r"|why (?:do|are|would|should|did) (?:you|u|yous) (?:need|want|ask|asking|have|got|keep|keeping|wanting)"
    r"(?: \w+){0,6}"
    r"|why (?:should|do|must|would) i (?:have to|need to|tell|say|answer|give)(?: \w+){0,5}"
    rf"|why (?:is|does) {_IT} (?:matter|important|needed|asked|relevant|necessary)){_LAST}"
)
"""A question back: what is meant, and why we ask."""

_TO_BEGIN = re.compile(
    rf"{_FIRST}{_DOUBT}"
    r"(?: (?:if|whether|that) (?:(?:this|it|here) is|this|it|im|i am|ive got|ive come to|i should)"
    r"(?: (?:even|really|actually|in|to|at|the|a|right|correct|wrong|place|thing|people|service|website|site"
    r"|number"
    r"|chat|contacting|messaging|asking|writing|be|here|for me|for this|you|can|could|help|with))+"
    r"| (?:if|whether|that) (?:you|u|yous|anyone|anybody|someone|this|it) (?:can|could|will|would"
    r"|are able to|able to"
    r"|do) (?:even |really |actually )?(?:help|advise|do anything)(?: (?:me|us|or not|with this|with that|here))*"
    r"| (?:where|how) to (?:start|begin|put (?:it|this)|explain(?: (?:it|this))?|word (?:it|this))"
    r"| how (?:this|it) works"
    r"| who (?:else )?(?:to|i should|i need to) (?:talk|speak|turn|go|ask|contact|message|write)(?: to)?)"
    r"(?:(?: (?:but|so|and|or not))? (?:i|we)(?: (?:just|really|do))* (?:need|want|would like|d like"
    r"|could do with"
    r"|am after|hope for)(?: to ask(?: for)?)?(?: (?:some|a bit of|your|a little|any))*(?: (?:help|advice|support"
    r"|information|info|guidance))+)?"
    rf"{_LAST}"
)
"""Doubt about us and how to begin, and no answer to whether somebody is in danger. Half a word more, and it is."""

_MY_OWN_FACTS = re.compile(r"\bmy (?:real |full |own )?(?:name|number|e ?mail|address|age|details)\b")


def asks_back(plain: str) -> bool:
    """Say whether they ask what a question means, or why it is asked. `plain` is from `words.plain`."""
    return _ASKS_BACK.fullmatch(plain) is not None and not holds_danger(plain)


def is_of_another_matter(plain: str) -> bool:
    """Say whether a doubt or a refusal is not of a yes-or-no question: where to begin, or their own name."""
    if _MY_OWN_FACTS.search(plain) and _LOOSE_REFUSED.search(plain):
        return not holds_danger(plain)
    return _TO_BEGIN.fullmatch(plain) is not None


class Aside(Enum):
    """What is said to us beside the questions, and is neither an answer nor a worry."""

    ASKS_BACK = auto()  # what is meant, why it is asked
    ASKS_OF_US = auto()  # about us or this chat, or to do something
    KEPT = auto()  # leave taken, an age or a date alone, a wish not to be rung or named


_LONGEST_ASIDE = 120
_OF_SOMEBODY = re.compile(
    r"\b(?:he|hes|hed|him|his|she|shes|shed|her|hers|them|their|kids?|child|childs|children|bab(?:y|ies)|sons?"
    r"|daughters?|boys?|girls?|bf|gf|boyfriend|girlfriend|ex|partner|husband|wife|neighbours?|niece|nephew"
    rf"|grand\w+|{words.KIN}s?|parents?|family|pupils?|students?|about|because|cos|with my)\b"
)
"""What makes a question or a wish a worry as well: then it is kept as one."""
_HINTS = re.compile(
    r"\b(?:coach|nudes?|pics?|pictures?|photos?|married|secret|save me|keep me|make it stop|get out|sleep)\b"
)
_TOLD_TO = re.compile(
    rf"\b(?:tell|telling|told|ring|call|contact|inform|speak to|talk to|let) (?:my|his|her|their|the) {words.KIN}"
    r"|\b(?:tell|telling|ring|call|contact|inform|let) (?:my|the) (?:parents|family|school)"
)
_ASKS_OF_US = re.compile(
    rf"{_FIRST}(?:(?:why|how (?:long|soon|many|much|does|do|will)) .*\b(?:you|u|your|this|it|reply|answer"
    r"|questions?)\b.*"
    r"|what (?:happens|will happen|would happen|(?:do|will|would|can) (?:you|u) (?:do|use|keep)|are (?:you"
    r"|u) (?:going"
    r"|gonna|doing))\b.*\b(?:(?:i|we) (?:write|type|say|tell|told|send|put|said|wrote|answer)|my (?:words|data"
    r"|messages?|answers?|details|information|info|name|number)|next|this|it)\b.*"
    r"|who (?:is|are|will|can|could|gets?|reads?|sees?|am|does|has)\b.*\b(?:you|u|this|it|here"
    r"|my (?:messages?|words"
    r"|answers?|details)|i (?:write|type|say|tell|told|send))\b.*"
    r"|(?:is|are|am) (?:this|these|it|you|u|i|anyone|anybody|someone|somebody|there)\b.*\b(?:confidential|private"
    r"|anonymous|secret|secure|recorded|recording|real|human|person|bot|robot|computer|machine|ai|automated"
    r"|listening"
    r"|reading|monitored|saved|kept)\b.*"
    r"|(?:will|would|do|does|can|could|are|should) (?:you|u|yous|they|anyone|anybody|someone|somebody|people"
    r"|it|this"
    r"|i)\b.*\b(?:tell|telling|share|sharing|pass|ring|call|phone|text|contact|email|keep|store|save|delete"
    r"|record"
    r"|trace|track|reply|write back|get back|know who|know my)\b.*)"
)
_A_REAL_PERSON = re.compile(
    r"\b(?:(?:want|wanna|need|prefer|rather|like|speak|talk|chat|get)\b.*\b(?:(?:real|actual|proper|live|human)"
    r" (?:person|people|human|one|worker|being)|human)"
    r"|(?:dont|do not|not|hate|instead of|rather than)\b.*\b(?:machine|robot|bot|chatbot|computer))\b"
)
_UNDONE = re.compile(
    r"(?:(?:i|ive|have|please|pls|sorry|just|actually|no|can|could|you|want|to) )*"
    r"(?:changed? my mind|(?:delete|erase|forget|scrap|cancel|wipe|remove) (?:it|this|that|everything|all|my))"
    r"(?: (?:and|so|please|sorry|now|delete|erase|forget|scrap|cancel|wipe|remove|it|this|that|everything"
    r"|all|of|my"
    r"|messages?|chat|data|answers?|details|i|said|wrote|what|have|ive|want|to|you|can))*"
)
_LET_ALONE = re.compile(
    r"(?:(?:no|please|pls|and|but|so|just|sorry|i|we|id|would|d|much) )*"
    r"(?:dont|do not|dnt|never|wont|will not|rather not|rather you didnt|prefer not)(?: \w+){0,4}"
    r" (?:ring\w*|call(?:s|ed|ing)?|phon(?:e|ed|ing)|text(?:s|ed|ing)?|contact(?:ed|ing)?|visit(?:s|ed|ing)?"
    r"|e ?mail\w*"
    r"|letters?|my (?:real |full )?(?:name|number|e ?mail|address|age|details))"
    r"(?: (?:me|us|to|my|house|home|the|at|number|phone|mobile|please|thanks|thank you|you|yet|ever|now|back"
    r"|again))*"
)
_LEAVES = re.compile(
    r"(?:(?:sorry|ok|okay|right|well|i|ive|im|we|but|anyway|think|really|got|have|need|better|should|must"
    r"|going|gonna"
    r"|gotta|had|to) )*(?:(?:got to|have to|need to|gotta|must|should|better) (?:go|log off|stop|dash)|gtg"
    r"|g2g|bye+"
    r"|goodbye|see (?:you|ya)|(?:talk|speak) (?:to you )?(?:later|soon|tomorrow)|(?:come|be) back (?:later"
    r"|tomorrow"
    r"|soon)|good ?night)"
    r"(?: (?:now|sorry|bye+|goodbye|thanks|thank you|ta|for now|later|soon|x+|then|to work|to bed|to sleep"
    r"|ill|i|will"
    r"|come|be|back|tomorrow|and|again|off|the|shop|work|night))*"
)
_OF_A_FACT = words.listed(
    "he hes she shes they theyre i im it its the a an my his her our their and of in on at to is was will be "
    "are am ll "
    "turn turns turned turning born birthday birth date dob age aged old year years yr yrs month months week "
    "weeks day "
    "days today tomorrow next last this just nearly almost around son daughter child boy girl lad baby "
    "eldest youngest "
    "kid number phone mobile landline monday tuesday wednesday thursday friday saturday sunday january "
    "february march "
    "april may june july august september october november december jan feb mar apr jun jul aug sep sept oct "
    "nov dec"
)
_FEWEST_OF_A_FACT = 3
_GROWN_UP = 18
_ORDINAL_END = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")


def aside(text: str) -> Aside | None:
    """Return what a message said to us is, where it holds nothing of what they came to say."""
    if len(text) > _LONGEST_ASIDE:
        return None
    plain = words.plain(words.normalise(text))
    if asks_back(plain):
        return Aside.ASKS_BACK
    if _LEAVES.fullmatch(plain) or _is_a_bare_fact(plain):
        return Aside.KEPT
    told = _TOLD_TO.sub("tell", plain)
    if holds_danger(plain) or _OF_SOMEBODY.search(told) or _HINTS.search(plain):
        return None
    if (
        _TO_BEGIN.fullmatch(plain)
        or _ASKS_OF_US.fullmatch(told)
        or _A_REAL_PERSON.search(told)
        or _UNDONE.fullmatch(told)
    ):
        return Aside.ASKS_OF_US
    return Aside.KEPT if _LET_ALONE.fullmatch(told) else None


def _is_a_bare_fact(plain: str) -> bool:
    """An age, a date, a number: "he will be eight on the 14th of March". Not "she is 14 and he is 40"."""
    said = _ORDINAL_END.sub("", words.digits(plain)).split()
    ages = [int(word) for word in said if word.isdecimal()]
    if len(ages) > 1 and min(ages) < _GROWN_UP <= max(ages):
        return False
    if len(said) < _FEWEST_OF_A_FACT or not any(word.isdecimal() for word in said):
        return False
    return all(word.isdecimal() or word in _OF_A_FACT for word in said)


def among(plain: str) -> Special | None:
    """Return what a reply to a closed question says when nothing else in it could be read."""
    if _LOOSE_REFUSED.search(plain):
        return PreferNotToSay
    return NotKnown if _LOOSE_NOT_KNOWN.search(plain) else None


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

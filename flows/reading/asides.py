"""Knows what is said to us beside the questions: a question back, a wish, a goodbye. See ADR 20."""

from __future__ import annotations

import re
from enum import Enum, auto

from flows.reading import words
from flows.reading.special import tells_of_refusal
from flows.reading.yes_no import holds_danger

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
    if _MY_OWN_FACTS.search(plain) and tells_of_refusal(plain):
        return not holds_danger(plain)
    return _TO_BEGIN.fullmatch(plain) is not None


_CANT = r"(?:cant|cannot|can not|am not able to|im not able to|am unable to|im unable to)"
_BY_PHONE = r"(?:ring|call|phone|dial)"
_FOR_HELP = (
    rf"(?:{_BY_PHONE} (?:999|112|(?:the )?police|an ambulance|any ?one|any ?body|no ?one|nobody"
    r"|some ?one|some ?body|for help|help)(?! (?:on|about|again|for (?:this|that|every))\b)"
    rf"|{_BY_PHONE}(?=$| (?:im|i am|ive|i have|because|cos|bc|as|he|hes|she|shes|they|theyre|theres|no|my phone|so"
    r"|how|can|what|but|and|right now|now|please|pls)\b)"
    r"|(?:talk|speak|say anything) (?:out loud|aloud|out|loud))"
)
_I_MYSELF = r"i (?:really |just |still |also )?"
_NOT_ABLE = rf"(?:{_I_MYSELF}|(?:^|deaf |mute |credit |so |but |and )){_CANT} {_FOR_HELP}"
_TO_TEXT = (
    r"(?:(?:can|could|do|how (?:do|can|could)) (?:i|you|u|we) (?:just )?(?:text|txt|message)"
    r"|is there a (?:text )?number to text|is it ok to text) (?:to )?(?:999|112|(?:the )?police)"
)
_UNSPOKEN = (
    rf"how (?:do|can|could) (?:i|you|u|we) (?:{_BY_PHONE}|get) (?:999|(?:the )?police|help)"
    r"(?: (?:without (?:talking|speaking|a phone|my phone|credit|making (?:a )?noise)|with no (?:credit|phone)"
    rf"|(?:if|when) i (?:{_CANT} (?:talk|speak|hear|{_BY_PHONE})|have no (?:credit|phone)|am deaf)|if im deaf))"
)
_PLEADS = re.compile(rf"\b(?:{_NOT_ABLE}|{_TO_TEXT}|{_UNSPOKEN})\b")
_WHY_NOT = (
    r"(?:(?:i am|im) (?:deaf|mute|non ?verbal|hard of hearing|scared|hiding)"
    r"|(?:(?:ive|i have|i ve|im|i am) )?(?:got )?(?:no|out of|run out of) (?:phone )?"
    r"(?:credit|battery|signal|phone)"
    r"|(?:he|she|they|hes|shes|theyve|someone|mum|dad)(?: has| have)?"
    r" (?:took|taken|got|broke|broken|has|smashed) my (?:phone|mobile)"
    r"|my phone(?: is|s)? (?:dead|broken|gone|flat)"
    r"|(?:im|i am) (?:using|on) (?:my|the|a) (?:school |work )?(?:laptop|computer|tablet|ipad)"
    rf"|how (?:do|can|could) i (?:get help|{_BY_PHONE} (?:999|(?:the )?police|for help|help))"
    r"|what (?:do|can|should) i do"
    r"|(?:please |pls )?help(?: me)?)"
)
_ONLY_PLEADS = re.compile(
    rf"{_FIRST}(?:(?:(?:{_I_MYSELF})?{_CANT} {_FOR_HELP}|{_TO_TEXT}|{_UNSPOKEN}|{_WHY_NOT})"
    r"(?: (?:because|cos|bc|as|so|but|and|or|then|now|right now|instead|please|pls|sorry))*(?: |$))+"
)
_LONGEST_PLEA = 300
"""A plea: they cannot ring, or not speak on a call, and want help. Whom somebody lets them ring is none."""


def cannot_ring(text: str) -> bool:
    """Say whether they say that they cannot ring for help or speak on a call, or ask to text 999."""
    return _PLEADS.search(words.plain(words.normalise(text[: words.LOOK_AT]))) is not None


def says_only_that_they_cannot_ring(text: str) -> bool:
    """Say whether that, why, and how to get help then is all they say: then it answers nothing that was asked."""
    if len(text) > _LONGEST_PLEA or not cannot_ring(text):
        return False
    return _ONLY_PLEADS.fullmatch(words.plain(words.normalise(text))) is not None


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
_OF_A_DATE = words.listed(
    "born birthday birth date dob monday tuesday wednesday thursday friday saturday sunday january february march "
    "april june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec"
)
_OF_A_FACT = _OF_A_DATE | words.listed(
    "he hes she shes they theyre i im it its the a an my his her our their and of in on at to is was will be "
    "are am ll turn turns turned turning aged age old year years yr yrs month months week weeks day days today "
    "tomorrow next last this just nearly almost around son daughter child boy girl lad baby eldest youngest "
    "kid number phone mobile landline may"
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
    if len(said) < _FEWEST_OF_A_FACT or not any(word.isdecimal() for word in said):
        return False
    return all(word.isdecimal() or word in _OF_A_FACT for word in said) and not _is_an_age_gap(said)


def _is_an_age_gap(said: list[str]) -> bool:
    ages = [int(word) for word in said if word.isdecimal()]
    return _OF_A_DATE.isdisjoint(said) and min(ages) < _GROWN_UP <= max(ages)

"""Hears yes, no and doubt. A negation is never heard as yes; both at once are doubt."""

from __future__ import annotations

import re
from enum import Enum, auto

from flows.reading import words

MOST_WORDS_OF_DOUBT = 6
"""A longer reply without a yes or a no is about something else, whatever "not" it holds: it is asked again."""


class Said(Enum):
    """What a reply to a yes-or-no question says. WEAK is leaning one way ("I guess so")."""

    YES = auto()
    NO = auto()
    WEAK_YES = auto()
    WEAK_NO = auto()
    DOUBT = auto()
    UNCLEAR = auto()


_YES = words.listed(
    "yes y yeah yea yep yup yh ye yeh ya yas yess yeas yse yed ues yws yees yesh yeap yepp yip yus "
    "yar yer yeee aye ay "
    "uhuh mhm mmhm affirmative yessir yesss yeahh "
)
_NO = words.listed("no n nope nop nah naw nay nae noo na nooo noe negative nahh nopey never nobody none nowt")
_YES_ELSEWHERE = frozenset(words.plain(words.normalise(word)) for word in ("tak", "da", "haan", "ਹਾਂ", "ہاں"))
_NO_ELSEWHERE = frozenset(words.plain(words.normalise(word)) for word in ("nie", "nu", "nahi", "ਨਹੀਂ", "نہیں"))
"""Polish, Romanian, Punjabi and Urdu: only where it is all that is said."""
_POLITE = words.COURTESIES | words.listed(
    "thank you thankyou thx cheers mate love hun pal sir miss mrs mr um umm er erm ermm hmm hm oh lol haha "
    "honestly actually tbh afraid u ah aww"
)
_FILLER = _POLITE | words.listed(
    "ok okay of course so and really very much it is obviously obvs right definitely defo"
)
_NEGATION = re.compile(
    r"\b(?:not|never|no|nor|neither|without|cannot|dont|doesnt|didnt|isnt|arent|wasnt|werent|aint"
    r"|havent|hasnt|hadnt"
    r"|cant|couldnt|wont|wouldnt|shouldnt|mustnt|dnt|nothing|nobody|none|hardly|barely|unsafe|refuse"
    r"|disagree)\b"
)
_WHO = r"(?:i|we|he|she|they|it|you|there|that|this|mum|mam|dad|everyone|everybody|some)"
_SOFT_YES = re.compile(
    r"(?:(?:ok|okay|fine|alright)(?: (?:then|fine|sure|go on))+|definitely|definately|defo|deffo|absolutely"
    r"|indeed|totally|ok|okay|okey|oki|k|kk|sure|fine|alright"
    r"|all right|right|correct|true|of course|course"
    r"|certainly|100|sounds good"
    r"|(?:thats|that is) (?:right|correct|true|fine|ok|okay)|thats good|please|please do|go ahead"
    r"|go for it|do it"
    r"|crack on|yes sure|for sure|sure thing|agreed|good|very much(?: so)?|always|carry on|continue"
    r"|go on|by all means"
    rf"|(?:of course |course )?{_WHO} (?:am|is|are|was|were|do|does|did|have|has|had|can|could|will"
    rf"|would)(?: so| too| yes)?"
    r"|(?:i |we )?(?:do )?(?:agree|consent|accept|give (?:my |you )?(?:permission|consent|agreement))"
    r"(?: (?:to|with) (?:this|that|it|all of it|sharing))?"
    r"|(?:im |i am |were |we are )?(?:more than )?happy (?:to|with that|with this|for (?:you|that"
    r"|this)(?: to)?)"
    r"(?: \w+){0,8}|(?:im |i am )?(?:ok|okay|fine|cool|good) (?:with|for) (?:that|this|it|you)(?: \w+){0,6})"
)
_SOFT_NO = re.compile(
    rf"(?:{_WHO} )?(?:am |is |are |do |does |did |was |were |have |has |can |will |would )?not"
    r"|(?:im|hes|shes|its|theyre|youre|thats|theres) not"
    rf"|(?:{_WHO} )?(?:dont|doesnt|didnt|isnt|arent|wasnt|werent|aint|havent|hasnt|cant|cannot|wont"
    rf"|wouldnt|dnt)"
    r"|not (?:yet|now|today|at the moment|atm|right now|at all|at this time|any ?more|me|us|ever"
    r"|for me|likely|a chance"
    r"|that i want)"
    r"|(?:certainly|definitely|absolutely|of course|obviously|most definitely|obvs|defo|definately) not"
    r"|course not|nothing|neither|nowhere|false|incorrect|wrong|thats wrong|(?:i )?disagree|(?:i )?refuse"
    r"|(?:i |we )?(?:dont|do not|cant|cannot|wont|will not) (?:agree|consent|accept|give (?:my "
    r"|you )?(?:permission|"
    r"consent))(?: (?:to|with) (?:this|that|it))?"
    r"|(?:i |we )?(?:dont|do not) (?:want to|want that|want this|want it|want you to|need to|need it"
    r"|need one|have one"
    r"|have any|have that|want any)"
)
_WEAK_YES = re.compile(
    r"(?:i |we |id |would )*(?:guess|suppose|spose|think|believe|reckon|hope|would say|say)(?: so| yes| yeah)"
    r"|(?:guess|suppose|spose|think) so|probably|probs|prob|most likely|very likely|should be"
    r"|should do|pretty much"
    r"|more or less|if (?:you|u) (?:want|like|have to|must)|whatever|go on then|hopefully|why not"
    r"|i guess|i suppose"
    r"|i think|suppose|guess"
)
_WEAK_NO = re.compile(
    r"(?:i |we )?(?:dont|do not|didnt|wouldnt|dnt) (?:really )?(?:think|believe|reckon|guess)(?: so)?"
    r"|i wouldnt say so|not really|(?:probably|probs|prob|hopefully|maybe|perhaps) not|(?:i )?(?:guess"
    r"|suppose|hope|think) not"
    r"|not that (?:i|we) (?:know|no|am aware)(?: of| about)?|not as far as (?:i|we) know|not to my knowledge"
    r"|(?:i )?doubt (?:it|that)|not especially|not much|not so much|hardly|not particularly"
    r"|not (?:too|very) much"
    r"|id rather (?:you didnt|not)|dont think"
)
_DOUBT = re.compile(
    r"\b(?:maybe|mabye|mayb|perhaps|possibly|possible|might|depends|depending|sometimes|sort of|kind of|kinda"
    r"|sorta"
    r"|unsure|not (?:\w+ )?(?:sure|certain)|(?:dont|do not|dnt) (?:\w+ )?(?:know|no|kno)|idk|dunno"
    r"|cant (?:tell|say)"
    r"|hard to say|who knows|no idea|not always|half|mostly|usually|in a way|yes and no|no and yes|yes no"
    r"|^both$|a bit"
    r"|a little|never mind|nevermind|wish|(?:yes|yeah|yh|aye) right$|if|unless|except|either|confused"
    r"|no (?:problem|problems|worries|bother|probs)|not a problem|why not|want to talk)\b"
)
_HEDGE = re.compile(
    r"\b(?:but|guess|suppose|spose|probably|prob|probs|for now|hopefully|hope|at the moment|only$"
    r"|only (?:if|when|by|for|after|at|on|until|to)|to the \w+ only|though|tho|however|should be|as long as"
    r"|just not"
    r"|supposedly|apparently|almost|nearly)\b"
)
_NO_AND_SO = re.compile(
    r"(?:(?:i|we|really|its|it|is|im|thats|am) )*(?:(?:dont|do not|didnt) (?:really )?(?:think|believe|reckon)"
    r"(?: so)?|not really|probably not|not (?:that i know(?: of)?|at the moment|right now|at all|yet"
    r"|now)|guess not)"
)
_NEVER_OF_A_SERVICE = re.compile(
    r"\b(?:social worker|worker|sw|council|school|college|nursery|gp|doctors?|nurse|health visitor|camhs|nhs|team"
    r"|services?|office|housing|landlord|court|solicitor|you|u)"
    r"(?: (?:has|have|had|just|ever|even|they|she|he))* never\b"
)
"""A "never" that is told of a service is no answer; elsewhere it is a "no", or doubt."""
_REPEATS = re.compile(r"(.)\1+")


def hear(plain: str) -> Said:
    """Return what the reply says. `plain` is from `words.plain`."""
    tokens = plain.split()
    if not tokens:
        return Said.UNCLEAR
    if plain in _YES_ELSEWHERE or plain in _NO_ELSEWHERE:
        return Said.YES if plain in _YES_ELSEWHERE else Said.NO
    lead = [token for token in tokens if token not in _FILLER]
    core = " ".join(token for token in tokens if token not in _POLITE)
    if _SOFT_YES.fullmatch(plain):
        return Said.YES
    says_yes, says_no = _explicit(lead, _YES), _explicit(lead, _NO)
    if says_yes or says_no:
        return _weigh_explicit(plain, lead, says_yes=says_yes, says_no=says_no)
    return _weigh_indirect(core, plain)


_THANKS = re.compile(
    r"(?:(?:ok|okay|okey|oki|k|kk|fine|alright|all right|right|good|great|perfect|lovely|then|so|much|very"
    rf"|{words.THANKS}|a lot|for that|bye|x+)(?: |$))*"
)
_THANKED = re.compile(rf"\b{words.THANKS}\b")


def is_thanks(text: str) -> bool:
    """Say whether there is nothing but thanks: "ok thank you" takes leave, and says yes to nothing."""
    plain = words.plain(words.normalise(text[: words.LOOK_AT]))
    return _THANKED.search(plain) is not None and _THANKS.fullmatch(plain) is not None


def _explicit(lead: list[str], forms: frozenset[str]) -> bool:
    return any(token in forms or _REPEATS.sub(r"\1", token) in forms for token in lead)


def _weigh_explicit(plain: str, lead: list[str], *, says_yes: bool, says_no: bool) -> Said:
    if says_yes and says_no:
        return Said.DOUBT
    forms = _YES if says_yes else _NO
    at = [i for i, token in enumerate(lead) if token in forms or _REPEATS.sub(r"\1", token) in forms]
    if at[0] > 0 and not (at[-1] == len(lead) - 1 and len(lead) <= 8):
        if {lead[i] for i in at} == {"never"} and _is_of_a_service(plain):
            return Said.UNCLEAR
        if {lead[i] for i in at} == {"no"} and _is_of_a_lack(plain):
            return Said.UNCLEAR
        return Said.DOUBT if _NEGATION.search(plain) or _DOUBT.search(plain) else Said.UNCLEAR
    rest = " ".join(token for i, token in enumerate(lead) if i not in at)
    if _DOUBT.search(plain):
        return Said.DOUBT
    return _weigh_yes(rest) if says_yes else _weigh_no(rest)


def _is_of_a_service(plain: str) -> bool:
    """Know "my social worker never answers her phone" for no answer. What hints at danger stays doubt."""
    if len(plain.split()) <= MOST_WORDS_OF_DOUBT or not _NEVER_OF_A_SERVICE.search(plain):
        return False
    return not _DOUBT.search(plain) and not holds_danger(plain)


def _is_of_a_lack(plain: str) -> bool:
    """Know "he has no friends at school" in a story for no answer. What hints at danger stays doubt."""
    asked_for = re.sub(r"\bhelp\b", " ", plain)
    return (
        len(plain.split()) > MOST_WORDS_OF_DOUBT and not _DOUBT.search(plain) and not _sounds_of_danger(asked_for)
    )


def _weigh_yes(rest: str) -> Said:
    if _NEGATION.search(rest):
        return Said.DOUBT
    return Said.WEAK_YES if _HEDGE.search(rest) else Said.YES


def _weigh_no(rest: str) -> Said:
    if _NO_AND_SO.fullmatch(rest):
        return Said.NO
    return Said.WEAK_NO if _HEDGE.search(rest) else Said.NO


def _weigh_indirect(core: str, plain: str) -> Said:
    for form, said in (
        (_SOFT_YES, Said.YES),
        (_SOFT_NO, Said.NO),
        (_WEAK_YES, Said.WEAK_YES),
        (_WEAK_NO, Said.WEAK_NO),
    ):
        if form.fullmatch(plain) or (core and form.fullmatch(core)):
            return said
    if len(plain.split()) <= MOST_WORDS_OF_DOUBT and (_DOUBT.search(plain) or _NEGATION.search(plain)):
        return Said.DOUBT
    return Said.UNCLEAR


_SOUNDS_OF_DANGER = words.listed(
    "help hurt hurts hurting bleeding scared frightened afraid terrified danger dangerous unsafe here back near "
    "outside "
    "room coming watching listening longer yet knife gun kill die police ambulance hiding trapped locked crying"
)
_NOT_WELL = re.compile(
    r"\b(?:not|isnt|aint|arent|wasnt|werent|none|never|nobody|nothing|dont|doesnt|hardly|barely)\b"
    r"(?: \w+){0,4} (?:safe|ok|okay|fine|alright|good|well|sure)\b"
)


_NO_DANGER = re.compile(
    r"\b(?:(?:not|isnt|aint|arent|nobody|noone|no one|none|never|nothing|dont)(?: \w+){0,3} "
    r"(?:hurt|hurting|danger|dangerous|bleeding|scared|afraid|frightened|unsafe)"
    r"|no (?:(?:immediate|imminent|current|present|known|obvious|apparent|real|actual) )*danger"
    r"(?=(?: (?:now|right now|at all|here|thanks|thank you|at (?:this|the) (?:time|moment)))* *$))\b"
)


_SAID_OF_US_TOO = words.listed("help here")
_OF_HARM = re.compile(
    r"\b(?:bull\w+|worr\w+|depress\w+|struggl\w+|cop(?:e|ing)"
    r"|hit\w*|beat\w*|abus\w+|touch\w+|harm\w*|cuts?|cutting|bruis\w+|blood|dead|dying|suicid\w*|starv\w+|hungry"
    r"|homeless|evict\w+|alone|lonely|sad|cry|angry|drunk|drinks?|drugs?|shout\w*|scream\w*|threat\w*|missing"
    r"|pregnant|ill|sick|pain|rap(?:e|es|ed|ing)|strang\w+|burn\w*|blades?|sex\w*|nudes?|groom\w*|disappear|stopped)\b"
)


def holds_danger(plain: str) -> bool:
    """Say whether a word of danger or harm is in it, denied or not. `plain` is from `words.plain`."""
    heard = not (_SOUNDS_OF_DANGER - _SAID_OF_US_TOO).isdisjoint(plain.split())
    return heard or _OF_HARM.search(plain) is not None


def sounds_doubtful(text: str) -> bool:
    """Say whether a reply, whatever yes or no it holds, also holds a word that no calm answer needs."""
    return _sounds_of_danger(words.plain(words.normalise(text)))


def _sounds_of_danger(plain: str) -> bool:
    left = _NO_DANGER.sub(" ", plain)
    return bool(_NOT_WELL.search(left)) or not _SOUNDS_OF_DANGER.isdisjoint(left.split())

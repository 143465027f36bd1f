# ruff: noqa: E501
"""Understands by keywords: what a message is for, which needs it names, which language. Works with no model files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlu.base import Understanding
from nlu.facts import find_facts
from nlu.spelling import fold


@dataclass(frozen=True, slots=True)
class NeedWords:
    """One need category, as the list of codes gives it."""

    code: str
    label: str
    plain_words: str


_POLITE = (
    r"(?:(?:please|pls|plz|ok|okay|oh|um|hi|hello|hey|sorry|no|yes|yeah|actually|so|and|but|now|just|right now|"
    r"thanks|thank you|thx|cheers|ta|mate|bot|bye|for now|today|again|at once|straight away|i said|love)\s+)*"
)
_AFTER = _POLITE.replace(r")\s+)*", r"))*").replace("(?:(?:", r"(?:\s+(?:", 1)
_WISH = (
    r"(?:(?:can|could|may) (?:i|we|you|u) |i(?:d| would)? (?:want|wanna|need|like|have|wish) (?:to )?|i wanna |"
    r"i would like (?:to )?|id like (?:to )?|lets |let me |how (?:do|can) i |i m going to |im going to |i will |ill |"
    r"i think i want to |is there a way to |would you |will you )?"
)
_PERSON = (
    r"(?:a |an |the |some |any |your |my )?(?:real |actual |live |human |duty |proper |different )*"
    r"(?:person|human(?: being)?|someone(?: real| else)?|somebody(?: real)?|social worker|worker|staff|adviser|advisor|"
    r"operator|agent|people|lady|woman|man|one of (?:you|your team|the team)|member of staff|duty worker|the team|team)"
)
_TALK = r"(?:speak|speek|talk|chat|be put through|get through|put me through|connect me|message|speak directly|transfer me)"
# Fullmatched against the whole message, politeness apart: a word in a sentence is not an interrupt.
_WHOLE: tuple[tuple[str, str], ...] = (
    ("quick_exit", r"(?:quick exit|exit(?: quickly)?|leave (?:this )?(?:page|site|chat)(?: quickly)?|hide (?:this|page|chat)|close (?:this|page|the page|the site|this page))"),
    ("delete_data", r"(?:delete|erase|remove|wipe|forget|clear)(?: all)?(?: of)? (?:(?:my|the|this|our|what|everything|it|all)\s*(?:data|details|answers|messages|chat|conversation|information|info|history|draft|records?|i (?:said|wrote|told you|typed)|all)?(?: about me)?(?: i (?:said|wrote|told you|typed))?)"),
    ("start_again", r"(?:start (?:again|over|afresh|from (?:the )?(?:beginning|start|scratch))|restart|reset|begin again|new (?:chat|conversation))"),
    ("go_back", r"(?:go(?:ing)? back(?: (?:one|a|to the last|to the previous)?\s*(?:step|question|one|page)?)?|back|previous(?: question| step)?|last question|undo)"),
    ("change_answer", r"(?:(?:change|correct|edit|fix|alter|redo|update) (?:my |the |that |an |a |what |last |previous )*(?:answers?|reply|that|it|last one|name|age|number|phone|address|mistake|i (?:said|put|wrote))|i (?:made|did) a (?:mistake|typo)|that(?:s| is| was)? (?:wrong|not right|a mistake|incorrect)|i (?:meant|put) (?:the )?wrong(?: (?:thing|one|answer|button))?|wrong (?:answer|button))"),
    ("stop", r"(?:stop(?: (?:it|this|now|chatting|talking|messaging me|the chat|asking(?: me)?(?: questions)?|there|here|that))?|quit|end(?: (?:chat|this|this chat|the chat|conversation|the conversation))?|cancel(?: (?:this|it))?|unsubscribe|finish(?: (?:here|now|this))?|i(?:m| am)? (?:done|finished)|dont want to (?:carry on|continue|do this|chat|talk|answer)(?: (?:any ?more|anymore|now|with this|this))*|dont message me(?: again)?|no more(?: questions)?|leave me alone|forget it|nevermind|never mind)"),
    ("help", r"(?:help|what can (?:i|you) (?:do|say|ask)|what do i do(?: now)?|how (?:does|do) (?:this|it|you) work|what are my options|menu|options|commands|how do i use this)"),
    ("thanks", r"(?:thanks?|thank (?:you|u)|ty|thx|cheers|ta|much appreciated|appreciate (?:it|that)|thats? (?:great|helpful|brilliant|kind|lovely)|brilliant|perfect|great|lovely|nice one|thank you (?:so|very) much|thanks (?:a lot|so much|very much|for (?:your |the |all your )?help(?:ing)?(?: me)?|for that|for listening))"),
    ("greeting", r"(?:hi+|hello+|hey+|hiya|hya|yo|good (?:morning|afternoon|evening|day)|morning|afternoon|evening|ay up|ey up|alright|you ok|is (?:any ?one|somebody|someone) there|hello there|hi there|start|/start|salaam|salam|assalamu alaikum|as ?salaam ?u ?alaikum)"),
)  # fmt: skip
# Searched anywhere: these stay what the message is for, with the rest kept beside.
_ANYWHERE: tuple[tuple[str, str, float], ...] = (
    ("ask_for_person", rf"\b{_TALK}(?: (?:to|with|2|directly to|through to))* {_PERSON}\b", 0.9),
    ("ask_for_person", r"\b(?:want|need|get me|give me|prefer|like) (?:to (?:see|have) )?(?:a|an|some) (?:real|actual|live|human|proper) ?(?:person|human|being|worker)?\b", 0.9),
    ("ask_for_person", r"\b(?:can|could|will|would) (?:someone|somebody|a person|a worker|a social worker|you|u) (?:please )?(?:ring|call|phone|contact|message) (?:me|us)\b", 0.85),
    ("ask_for_person", r"\b(?:(?:can|could|will|would) (?:you|u|someone|somebody) (?:please |pls |plz )?|(?:please|pls|plz|just) )send (?:some ?one|somebody|anyone|help|a (?:person|worker|social worker))\b", 0.9),
    ("ask_for_person", r"\b(?:call|ring|phone) me back\b|\bcall ?back\b|\b(?:not|dont want (?:to talk to )?|no) a? ?(?:bot|robot|machine|computer)\b", 0.75),
    ("chase_enquiry", r"\b(?:any|an|got an?|have an?) (?:update|news)\b|\b(?:chas(?:e|ing)|follow(?:ing)? up|check(?:ing)? (?:on|the progress|progress))\b.{0,40}\b(?:referral|enquiry|request|application|case|contact|form|it)\b", 0.85),
    ("chase_enquiry", r"\b(?:no ?one|nobody|not|havent|hasnt|never|still waiting|waiting).{0,30}\b(?:got back|called (?:me )?back|rung (?:me )?back|rang (?:me )?back|been in touch|heard (?:back|anything|from)|for (?:a )?(?:call ?back|reply|response))\b", 0.85),
    ("chase_enquiry", r"\bwhat(?:s| is| has)? happen(?:ed|ing) (?:with|to|about) (?:my|our|the) (?:referral|enquiry|request|application|form|case)\b|\bmy reference (?:is|number)\b|\bi (?:contacted|messaged|rang|called|referred|sent|filled).{0,40}\b(?:last week|weeks? ago|days? ago|yesterday|month).{0,60}\b(?:heard|update|news|happen|reply|back)\b", 0.85),
    ("ask_privacy", r"\b(?:who (?:will|can|does|gets to|might|else)? ?(?:see|sees|read|reads|know|look)|is (?:this|it|the chat) (?:private|confidential|secret|anonymous|safe to tell|recorded|secure)|will (?:you|u|anyone|they|my \w+) (?:tell|know|find out|see this|be told)|do you (?:tell|share|keep|store|record)|(?:my|our) (?:data|privacy|information) (?:safe|kept|used|stored|shared|protected)|what (?:do you|will you|happens).{0,15}(?:do )?(?:with|to) (?:my|the|this) (?:data|information|info|details|answers|messages)|stay anonymous|gdpr|privacy (?:notice|policy)|how long do you keep|can i be anonymous|without giving my name)\b", 0.8),
    ("ask_about_bot", r"\b(?:are|r) (?:you|u) (?:a |an )?(?:real|bot|robot|human|machine|computer|ai|chatgpt|person|an? actual|alive|automated|program|chatbot)\b|\b(?:is this|am i (?:talking|speaking|chatting) to) (?:a |an )?(?:real|bot|robot|human|machine|computer|ai|person|automated|chatbot)\b|\bwho (?:are|r) (?:you|u)\b|\bwhat (?:are|r) (?:you|u)\b|\bwho (?:made|built|runs) (?:you|this)\b|\bwhats? (?:is )?this (?:for|chat|service|thing)\b", 0.85),
    ("ask_hours", r"\b(?:what time|when|what days|what hours|until when).{0,25}\b(?:open|close|closed|shut|available|working|in the office|start)\b|\bopening (?:hours|times)\b|\bare you open\b|\boffice hours\b|\bopen (?:today|now|tomorrow|at weekends?|on (?:saturday|sunday|bank))\b", 0.85),
    ("wrong_service", r"\b(?:council tax|bin (?:collection|day)|bins? (?:not|havent|werent|wasnt|hasnt|missed|emptied|collect\w*)|missed bin|pothole|parking (?:ticket|permit|fine)|blue badge|planning permission|library (?:book|card)|street ?light|fly ?tipp\w*|dog fouling|electoral roll|register to vote|birth certificate|death certificate|passport (?:renewal|office|application)|driving licen[cs]e|school (?:admissions?|place|transfer) (?:form|application|appeal|deadline)|garden waste|allotment|planning application|registry office|wedding venue)\b", 0.8),
    ("out_of_scope", r"\b(?:weather (?:today|tomorrow|forecast)|football (?:score|result)|tell me a joke|play (?:a )?(?:song|music)|what(?:s| is) (?:the capital|\d+ ?[x*+] ?\d+)|recipe for|bitcoin|lottery numbers|write me (?:a|an) (?:poem|essay|story|song|code)|order (?:me )?(?:a )?(?:taxi|pizza)|buy (?:crypto|followers)|who won)\b", 0.7),
)  # fmt: skip
_ABUSE = re.compile(
    r"\b(?:you|u|ur|youre|this|fuck|piss|bot) (?:are |r |is |a )*(?:stupid|useless|shit|crap|rubbish|dumb|thick|idiot|"
    r"off|fucking useless|fucking stupid|wanker|cunt|prick|bitch|off bot|you|u|waste of (?:time|space))(?: bot| robot)?"
)
_LONG = 12
_SHORT = 6

_NEEDS: dict[str, str] = {
    "PARENTING": r"parenting|routine|routines|bedtime|boundar\w+|discipline|naughty step|strict|struggling as a (?:mum|dad|parent)|parent(?:ing)? (?:class|course|programme|support)",
    "BEHAVIOUR": r"behavio\w+|tantrum\w*|meltdown\w*|kick(?:s|ing) off|wont (?:listen|do as)|out of control|lash\w* out|acting up|defian\w+|angry outbursts?|hard to manage|cant control|playing up",
    "FAMCONFLICT": r"argu(?:e|es|ing|ments?)|not getting on|row(?:s|ing)|family breakdown|falling out|fall out with|separat(?:ed|ing|ion)|divorc\w+|custody|contact (?:dispute|arrangements?)|mediation|relationship breakdown",
    "REUNIFY": r"(?:coming|come|return\w*|moving|move) (?:back )?(?:home )?(?:to live with us|from (?:foster )?care)|reunif\w+|back from foster",
    "DA": r"domestic (?:abuse|violence)|\bdv\b|\bda\b|hits? me|hitting me|scared of (?:him|her|my (?:husband|partner|ex|boyfriend|wife))|controlling|coercive|refuge|marac|idva|abusive|violent (?:partner|ex|husband|relationship)",
    "SUBSTANCE_P": r"(?:mum|dad|mother|father|parents?|partner|husband|wife|ex|he|she|i)\b.{0,25}\b(?:drink(?:s|ing)?|drunk|alcohol\w*|drugs?|heroin|crack|cocaine|using again|addict\w*)|alcoholic|rehab",
    "SUBSTANCE_C": r"(?:son|daughter|teen\w*|child|lad|\bi\b|young person|brother|sister)\b.{0,30}\b(?:weed|cannabis|smok\w+ weed|vap\w+ (?:thc|spice)|ket|spice|drugs?|drinking)",
    "MH_P": r"postnatal|post natal|\bpnd\b|(?:my|mums?|dads?|parental|wifes?|husbands?) (?:own )?(?:mental health|depression|anxiety)|(?:im|i am|i feel|mum is|dad is|mums|dads) (?:so )?(?:depressed|anxious|not coping|struggling|overwhelmed|exhausted)|cant cope|not coping|breakdown|bipolar|schizo\w+|psychosis",
    "MH_C": r"camhs|anxi(?:ety|ous)|self.?harm\w*|depress\w+|suicid\w+|low mood|panic attacks?|eating disorder|anorexi\w+|wont eat|(?:his|her|childs?|sons?|daughters?|my|their) (?:emotional |mental )?(?:health|wellbeing)|feel(?:s|ing)? (?:sad|low|down|worthless)|worr(?:y|ies) (?:a lot|all the time)|ocd|sad all the time|nightmares",
    "NEGLECT": r"neglect\w*|filthy|hoard\w*|home conditions|rubbish everywhere|hygiene|nits|unkempt|dirty (?:house|clothes|home)|house (?:is )?(?:a tip|a mess|disgusting|out of control)",
    "CSE": r"\bcse\b|sexual(?:ly)? exploit\w*|older (?:boyfriend|men|man)|groom\w+",
    "ATTEND": r"attendance|(?:wont|not|refus\w+|stopped|wouldnt|doesnt|cant get \w+|missing|never|dont|scared to) (?:go(?:ing|es)?|attend\w*|get)? ?(?:to |into |in )?school|school refus\w+|ebsa|truant\w*|skiv\w+|bunking|persistent(?:ly)? absen\w+|school run|off school",
    "ATTAIN": r"falling behind|ehcp|\bsend(?:co)?\b|dyslexi\w*|grades|cant read|learning support|exclu(?:ded|sion)|suspended|behind (?:at|in) school|special needs",
    "ASB": r"anti.?social|\basb\b|neighbou?rs? complain\w*|neighbourhood|nuisance|hanging (?:round|around) (?:the )?(?:streets|shops)",
    "OFFEND": r"arrest\w*|police (?:again|caution)|in trouble with (?:the )?police|court|offend\w*|shoplift\w*|steal\w*|youth (?:justice|offending)|gang|county lines|knife|criminal\w*",
    "WORK": r"(?:find|need|looking for|get|lost (?:my|his|her)) (?:a |some )?(?:job|work)|unemploy\w*|jobcentre|training course|apprenticeship|out of work|neet\b|back to work",
    "DEBT": r"debts?|bills?|budget\w*|bailiff\w*|arrears|money (?:worries|problems|trouble)|skint|loan shark|owe money|no money|struggling (?:with money|financially|to pay)|cost of living|cant afford|rent",
    "BENEFITS": r"benefits?|universal credit|\buc\b|\bpip\b|\bdla\b|child benefit|carers allowance|entitle\w+|sanction(?:ed)?|free school meals|healthy start",
    "HOUSING": r"hous(?:ing|ed)|homeless\w*|evict\w*|landlord|damp|mould|overcrowd\w*|nowhere to (?:live|stay|sleep|go)|temporary accommodation|kicked out|tenancy|section 21|sofa.?surf\w*|refuge|council house|b&b|sleeping in (?:the |my |our )?car",
    "DISAB": r"disab(?:led|ility|ilities)|complex needs|autis\w+|\basd\b|\badhd\b|downs|cerebral palsy|wheelchair|special needs|short breaks|respite|learning difficult\w+|epilep\w+|global delay",
    "EQUIP": r"equipment|hoist|specialist (?:bed|chair)|occupational therap\w+|\bot\b assessment|walking frame|bath seat|aids",
    "ADAPT": r"adaptations?|ramps?\b|grab rail|stair ?lift|\bdfg\b|wet ?room|(?:a|hand|grab) rail",
    "BABYKIT": r"pram|pushchair|buggy|cot\b|car seat|safety gates?|stair ?gate|nappies|moses basket|baby (?:clothes|bank|stuff|things)|sterilis\w+|formula|high ?chair",
    "PFA": r"adult services|transition|preparing for adulthood|turn(?:s|ing) 18|moving to adult|after school leaver|post.?16|supported living|leaving care",
    "DSR": r"\bdsr\b|cetr|sectioned|section him|section her|psychiatric (?:hospital|ward|unit)|mental health hospital|tier 4|dynamic support",
    "HEALTH": r"doctor|\bgp\b|hospital|asthma|diabet\w+|health (?:worries|problem|issue)|sexual health|contracepti\w+|dentist|teeth|medication|pregnan\w+|weight|immunis\w+|continence|bed ?wetting|school nurse|toilet training",
    "EARLYYEARS": r"toddler|baby (?:group|development|not|isnt|is not|wont)|nursery|not talking|speech|weaning|wont sleep|sleep training|health visitor|crawling|milestones?|early years|toilet training|potty|breastfeed\w*|pre.?school|playgroup",
    "EDGE_CARE": r"(?:go|going|put|taken|coming) into (?:foster )?care|foster\w*|looked after|live (?:somewhere|elsewhere)|cant (?:have|keep) (?:him|her|them) (?:at home|here)|placement|kinship|special guardian\w*|\bsgo\b|social services",
    "STEPDOWN": r"social worker (?:has )?(?:finished|closed|left|stopped)|step(?:ped|ping)? down|case (?:was |has been |is )?clos\w+|after (?:the |our )?social worker",
    "ISOLATION": r"lonely|isolat\w+|no friends|meet (?:other|new) (?:people|parents|mums|families)|groups? (?:for|near|to)|things to do|activities|clubs?|dont know anyone|new to the area|holiday club",
    "ADULT_NEED": r"(?:my|our) (?:mum|dad|nan|gran\w*|grandad|uncle|aunt\w*|husband|wife|mother|father) (?:has|needs|with|is) .{0,30}(?:dementia|care|disab\w+|stroke|frail|alzheimer\w*)|adult (?:social )?care|carers? assessment|elderly",
    "YCARER": r"young carer|(?:i|he|she|son|daughter|child|sister|brother) (?:have to |has to )?(?:look(?:s|ing)? after|car(?:e|es|ing) for|help(?:s|ing)? look after) (?:my |his |her |their |the )?(?:mum|dad|nan|brother|sister|little|parents?|siblings?)",
    "CRISIS": r"crisis|cant cope|at breaking point|end of (?:my|our) tether|wits end|cant (?:take|do) (?:it|this) any ?more|all too much|desperate|falling apart|rock bottom",
    "EMERGENCY": r"flood(?:ed|ing)?|house fire|evacuat\w+|gas leak|burst pipe|storm damage",
}  # fmt: skip
_NEED_PATTERNS = {code: re.compile(rf"\b(?:{words})\b") for code, words in _NEEDS.items()}
_STOP = {
    "the", "a", "an", "and", "or", "my", "of", "to", "in", "is", "at", "with", "for", "her", "his", "how", "such", "as",
    "may", "have", "what", "am", "be", "child", "children", "young", "person", "support", "family", "something", "else",
    "after", "from", "into", "i", "us", "it", "all", "too", "much", "today", "not", "on", "being", "now", "home", "by",
}  # fmt: skip


class KeywordUnderstander:
    """The understander that needs no model. Sure of little; what it finds is offered back to the person."""

    name = "keywords"

    def __init__(self, needs: Sequence[NeedWords | tuple[str, str, str]]) -> None:
        self._needs: list[tuple[str, re.Pattern[str] | None, frozenset[str]]] = []
        for need in needs:
            code, label, plain = need if isinstance(need, tuple) else (need.code, need.label, need.plain_words)
            self._needs.append((code, _NEED_PATTERNS.get(code), _own_words(f"{label} {plain}")))

    async def understand(self, text: str, *, language: str = "en", audience: str | None = None) -> Understanding:
        return self.read(text, language, audience)

    def read(self, text: str, language: str = "en", audience: str | None = None) -> Understanding:
        """Return what `text` is for. `language` is what we thought it was; a clear other language wins."""
        plain = _plain(text)
        intent, confidence = _intent(plain)
        spoken = find_language(text, expected=language)
        return Understanding(
            intent=intent,
            confidence=confidence,
            language=spoken,
            needs=tuple(self._needs_in(plain)) if spoken == "en" else (),
            facts=find_facts(text, audience=audience),
        )

    def _needs_in(self, plain: str) -> Iterable[str]:
        words = frozenset(plain.split())
        for code, pattern, own in self._needs:
            if (pattern is not None and pattern.search(plain)) or (len(own) > 1 and own <= words):
                yield code


def _own_words(text: str) -> frozenset[str]:
    return frozenset(word for word in _plain(text).split() if word not in _STOP)


def _plain(text: str) -> str:
    folded = fold(text[:20000])[0].replace("'", "")
    return " ".join(re.sub(r"[^\w\s/&+*]", " ", folded).split())


def _intent(plain: str) -> tuple[str, float]:
    words = len(plain.split())
    if words == 0:
        return "inform", 0.3
    if words <= _LONG:
        for intent, pattern in _COMPILED_WHOLE:
            if pattern.fullmatch(plain):
                return intent, 0.95 if words <= _SHORT else 0.85
    for intent, search, confidence in _COMPILED_ANYWHERE:
        if search.search(plain):
            return intent, confidence if words <= 2 * _LONG else confidence - 0.1
    if words <= _LONG and _ABUSE.search(plain):
        return "abuse_of_bot", 0.8
    return "inform", 0.6 if words >= _SHORT else 0.5


_COMPILED_WHOLE = tuple((name, re.compile(_POLITE + _WISH + pattern + _AFTER)) for name, pattern in _WHOLE)
_COMPILED_ANYWHERE = tuple((name, re.compile(pattern), sure) for name, pattern, sure in _ANYWHERE)

_SCRIPTS = (
    ("pa", "\u0a00", "\u0a7f"), ("gu", "\u0a80", "\u0aff"), ("bn", "\u0980", "\u09ff"), ("ti", "\u1200", "\u137f"),
    ("zh", "\u4e00", "\u9fff"), ("uk", "\u0400", "\u04ff"), ("ar", "\u0600", "\u06ff"),
)  # fmt: skip
_LETTERS_OF = (
    ("ckb", "ەێۆڕڵڤ"), ("ur", "ٹڈڑںےھہ"), ("ps", "ټډړښږځڅ"), ("fa", "پچژگ"),
)  # fmt: skip
_COMMON_WORDS: dict[str, str] = {
    "pl": "nie jest się sie mam mnie moja mój mój moj dziecko jak czy proszę prosze pomoc pomocy dla bardzo że ze co jestem jego syn córka corka bije boję boje mąż maz",
    "ro": "nu este sunt mă si și cu pentru copil copilul meu mea vă rog ajutor am avem ce fiica fiul foarte ma sa să bate frică",
    "pt": "não nao uma meu minha filho filha por favor ajuda estou muito com para ele ela tenho preciso que me bate medo",
    "es": "mi hijo hija por favor ayuda estoy muy con para él ella tengo necesito que el la los pega miedo me no una",
    "it": "mio mia figlio figlia per favore aiuto sono molto con che non ho bisogno una il lo la gli picchia paura mi",
    "tr": "bir ve için icin çok cok yardım yardim benim oğlum oglum kızım kizim değil degil beni lütfen lutfen var yok istiyorum çocuk cocuk bana",
    "so": "waxaan waa iyo ilmahayga caawimaad caawi mahadsanid ku ka la wuu way igu carruurta ma i aan haa fadlan",
    "sq": "dhe është eshte nuk kam ndihmë ndihme fëmija femija im ju lutem për per me të te djali vajza një",
    "vi": "tôi không con của và giúp là có xin cho em bị người toi khong",
    "ku": "ez min te û alîkarî zarok kur keç li me ji bo nav dixwazim alikari ditirsim",
    "fr": "je suis mon ma fils fille aide besoin pour avec est pas une les des que il elle merci bonjour",
    "ur": "mera meri mujhe hai hain nahi nahin madad beta beti ka ki ko se kya aur ghar bachay mein",
    "pa": "mera meri mainu menu hai nahi madad puttar dhee da di nu te ki ghar vich",
}  # fmt: skip


def _word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ENGLISH = _word_set(
    "the a an i my is are to and of in it he she they you we for on with at this that me have has "
    "was be not do but so im can need help son daughter child kids mum dad he's she's please what "
    "how when her him his who if or no yes ok am hi hello school about just get been want dont "
    "cant"
)
_WORDS_OF = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}


def _by_letters(text: str) -> str:
    for code, letters in _LETTERS_OF:
        if any(letter in text for letter in letters):
            return code
    letters_in = [c for c in text if c.isalpha()]
    for code, first, last in _SCRIPTS:
        if letters_in and sum(first <= c <= last for c in letters_in) * 2 > len(letters_in):
            return code
    return ""


def find_language(text: str, expected: str = "en") -> str:
    """Return a two-letter code (`ckb` for Sorani). Unsure gives `expected` if its words are seen, else `en`."""
    by_letters = "" if text.isascii() else _by_letters(text)
    if by_letters:
        return by_letters
    words = re.findall(r"[^\W\d_]+", text.casefold())
    english = sum(word in _ENGLISH for word in words)
    scores = {language: sum(word in own for word in words) for language, own in _WORDS_OF.items()}
    if expected in scores:
        scores[expected] += 1 if scores[expected] else 0
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] >= 2 and scores[best] > english else "en"

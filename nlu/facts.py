# ruff: noqa: E501
"""Facts stated in one message, to be offered back to the person. Leaves out what is not plain; never guesses a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

_LONGEST = 20_000
_SMALL = r"[a-z\u00DF-\u00F6\u00F8-\u024F]"
# Each part of a name begins with a mark or a capital: could it begin anywhere, one long word would take for ever.
_NAME = rf"[A-Z\u00C0-\u00DE](?:['’][A-Z\u00C0-\u00DE])?{_SMALL}+(?:['’-][A-Z\u00C0-\u00DE]?{_SMALL}+|[A-Z\u00C0-\u00DE]{_SMALL}+)*"
_TYPED_NAME = r"[A-Za-z\u00C0-\u024F][a-z\u00C0-\u024F'’-]+"
_NAME_ENDS = r"(?=\s*(?:[,.;!?)\n]|$|(?:and|n|im|i'm|i’m|but|btw|from|here|who|he|she|hes|shes|he's|she's)\b))"
_FULL_NAME = rf"{_NAME}(?:\s+{_NAME}){{0,2}}"
_NUMBER = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
)
_AGE = rf"(?:1[0-9]|[1-9]|{_NUMBER})"
_BOY_OR_GIRL = (
    r"(?:step\s?-?)?(?:son|daughter|lad|lass|boy|girl|kid|child|little one|youngest|eldest|oldest|baby|toddler|teenager|"
    r"grandson|granddaughter|grandchild|niece|nephew|foster (?:son|daughter|child)|bairn|newborn)"
)


def _word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NOT_NAMES = _word_set(
    "I I'm Im The This That He She It We They And But So My Our Your His Her Is Was Has Who Not "
    "Just Year Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March "
    "April May June July August September October November December School Primary Academy Mum "
    "Dad Nan Help Please Thanks Thank Hello Hi Hey Sorry Very Really Always Never Nobody Someone "
    "Autistic Adhd ADHD Asd Camhs Autism Social Health Yes No Ok Okay Got Getting Going Being "
    "Having Currently Still Now Today Refusing Struggling Attending English Polish Muslim "
    "Christian Black White British Asian Romanian Somali Pakistani Bangladeshi Indian Tired "
    "Scared Worried Concerned Looking Calling Writing Anonymous Sad Pregnant Hungry Angry Upset "
    "Fine Good Bad Disabled Dr Mr Mrs Ms Miss Prof Rev What When Where Why How Because If "
    "Reception Nursery Teacher Midwife Nurse Doctor Missing Telling Asking"
)
_COMMON = _word_set(
    "a about abused again alone also am an and angry anxious any asking at autistic away back bad black blind busy but "
    "by confused cross dead deaf depressed desperate different dont done down everyone fat fed fine for free from fuming "
    "gay getting going gone good gutted happy hard he her here hes his home homeless how hungry i ill im important in "
    "is it its just kind late later lonely looking lost mad me missing my new no nobody none not now numb of off ok okay "
    "old on out over poor pregnant private quite ready really right sad safe says scared secret she shes shy sick single "
    "sly so sorry still stressed stuck suicidal sure texting that the their they thinks thick this tired to tomorrow "
    "trans trapped trying unsafe unwell up upset very vile was well what who white with withheld worse worried wrong you "
    "your told tells wants needs keeps hates loves reckons knows hit hits anonymous confidential nothing something"
)
_MAY_BE_PHONE = re.compile(r"\d[\d ()-]{7}")
_PHONE = re.compile(r"(?:\(?0[12378]|\+|00)(?:[\d ()-]){8,}")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}(?![\w@-])")
_POSTCODE = re.compile(r"(?<![\w])([A-Z]{1,2}[0-9][A-Z0-9]?\s?[0-9][ABD-HJLNP-UW-Z]{2})(?!\w)", re.IGNORECASE)
_CHILD_NAMES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:[Mm]y|[Oo]ur) (?:\w+[- ])?{_BOY_OR_GIRL},? ({_FULL_NAME})\b",
        rf"\b(?:[Mm]y|[Oo]ur|[Tt]he) (?:\w+ )?{_BOY_OR_GIRL}(?:'s|’s|s)? name is ({_FULL_NAME})\b",
        rf"\b{_BOY_OR_GIRL},? (?:is )?called ({_FULL_NAME})\b",
        rf"\b(?:[Hh]is|[Hh]er|[Tt]heir|[Cc]hild'?s|[Ss]on'?s|[Dd]aughter'?s) name(?:'s| is|:) ({_FULL_NAME})\b",
        rf"\b(?:re|Re|RE|regarding|Regarding|[Cc]hild(?:'s name)?|[Pp]upil|[Pp]atient):?(?: is)? ({_NAME} {_NAME})\b",
        rf"\b(?:[Mm]u?[mMa]m?m?y?|[Dd]ad|[Mm]other|[Ff]ather|[Nn]an|[Gg]ran) (?:of|to) ({_NAME})\b",
        rf"\b(?:about|with|for) ({_FULL_NAME}),? (?:(?:he|she|they)(?:'s|’s|s| is)|who is|who's|whos|aged?) ",
        rf"\b(?:[Mm]y|[Oo]ur|[Tt]he) (?:\w+ )?{_BOY_OR_GIRL} is ({_NAME}) *(?:[.,!]|$)",
    )
)
# In these places even a word without a capital is a name: people type as they talk.
_TYPED_CHILD_NAMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:his|her|their|child'?s|son'?s|daughter'?s) name(?:'s|’s|s| is|:) ({_TYPED_NAME}){_NAME_ENDS}",
        rf"\b{_BOY_OR_GIRL},? (?:is )?called ({_TYPED_NAME}){_NAME_ENDS}",
        rf"\bmy (?:\w+ )?{_BOY_OR_GIRL},? ({_TYPED_NAME}),? (?:is|(?:s?he|who)(?:'s|’s|s| is)|aged) {_AGE}\b",
    )
)
_TYPED_OWN_NAMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bmy (?:full |first )?name(?:'s|’s|s| is) ({_TYPED_NAME}){_NAME_ENDS}",
        rf"^(?:hi |hello |hey |hiya )?(?:the )?name(?:'s|’s|s) ({_TYPED_NAME}(?: {_TYPED_NAME})?){_NAME_ENDS}",
        rf"^(?:hi |hello |hey |hiya )?(?:i'm|i’m|im|i am) ({_TYPED_NAME})(?:,| and| n)? (?:i'm|i’m|im|i am) {_AGE}\b",
    )
)
_OWN_NAMES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b[Mm]y (?:full )?name(?:'s|’s|s| is) ({_FULL_NAME})\b",
        rf"\b(?:I'm|I’m|Im|I am|[Tt]his is|[Ii]t's|[Ii]ts) ((?:Mrs?|Ms|Miss|Mx|Dr|Rev)\.? {_NAME}(?: {_NAME})?)\b",
        rf"\b(?:[Ii]'m|[Ii]’m|[Ii]m|[Ii] am) called ({_FULL_NAME})\b",
        rf"\b[Cc]all me ({_NAME})\b",
        rf"^(?:[Hh]i|[Hh]ello|[Hh]ey|[Gg]ood \w+)[,.!]? ?(?:I'm|I’m|Im|I am|it's|this is) ({_FULL_NAME})\b(?= *(?:[,.!]|$|and\b|from\b|here\b))",
        rf"\b(?:[Tt]his is|[Ii]t's) ({_FULL_NAME}) (?:from|at|here)\b",
        rf"^(?:(?:[Hh]i|[Hh]ello|[Hh]ey|[Gg]ood \w+)[,.!]? ?)?(?:[Tt]his is|I'm|I’m|I am) ({_NAME} {_NAME})(?=,)",
        rf"(?:[Rr]egards|[Ss]incerely|[Ff]aithfully)[,.]?\s+((?:(?:Mrs?|Ms|Miss|Mx|Dr|Rev)\.? (?:[A-Z]\.? )?)?{_FULL_NAME})(?=,|\n|$)",
    )
)  # fmt: skip
_AGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b({_AGE}(?: and a half)?)[- ]?(?:years?|yrs?)[- ]?old\b",
        r"\b([1-9]|1[0-9])[- ]?(?:yo|y/o|yr ?old)\b",
        rf"\baged? ({_AGE})\b",
        r"\b(\d{1,2}[- ]?(?:months?|mths?|weeks?|wks?|days?)[- ]old)\b",
        r"\b(?:s?he|baby|bairn|infant)(?:'s|’s|s| is) (\d{1,2} ?(?:months?|mths?)(?:[- ]old)?)\b(?! (?:late|early|ago|behind|pregnant|gone|into))",
        rf"\b{_BOY_OR_GIRL} (?:of |is )(?:about |around |maybe |only |just )?({_AGE})(?=\s*(?:[,.;:!)]|$|and\b|but\b|out\b|alone\b|carrying\b|with\b|in\b|on\b|who\b))",
        rf"\b(?:dad|mum|mother|father|mam)(?: here)? (?:with|of|to) (?:a|an) ({_AGE}) ?-?(?:yr|year|y)",
        r"\b(\d{1,2}/(?:52|12))\b(?=[^/]{0,20}\b(?:baby|infant|old|boy|girl|bub|m\b|f\b))",
        rf"\b{_BOY_OR_GIRL}(?:,? {_TYPED_NAME})?,? (?:is |who is |who's |whos )({_AGE})(?=\s*(?:[,.;!)]|$|and\b|but\b|now\b|years?\b|in\b|with\b))",
        rf"\b(?:s?he(?:'s|’s|s| is)) ({_AGE}(?: and a half)?)(?=\s*(?:[,.;!)]|$|and\b|but\b|now\b|in\b))",
        rf"\b{_BOY_OR_GIRL} \(({_AGE})\)",
        r"\b(?:dob|d\.o\.b\.?|date of birth|born(?: on)?|birthday)(?: is)?:? ?(\d{1,2}[/.\- ]\d{1,2}[/.\- ](?:19|20)?\d\d|\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (?:19|20)\d\d)",
    )
)  # fmt: skip
_I_AM = r"(?:i'm|i’m|im|i am)"
_YEARS_OLD = r"(?:[- ]?(?:years?|yrs?)(?:[- ]?old)?|[- ]?y/?o)"
_OWN_AGE = re.compile(
    rf"\b{_I_AM} (?:only |just |nearly |about )?({_AGE})(?=\s*(?:[,.;!)]|$|and\b|n\b|but\b|now\b|years?\b|in year\b|with (?:a|my)\b))"
    rf"|\b{_I_AM} an? ({_AGE}){_YEARS_OLD}\b",
    re.IGNORECASE,
)
_SPEAKERS_BIRTH = re.compile(
    rf"\b{_I_AM} (?:only |just |nearly |about |an? )?{_AGE}{_YEARS_OLD}\b"
    r"|\b(?:my (?:dob|d\.o\.b\.?|date of birth|birthday)(?: is)?|i was born(?: on)?):? ?\d{1,2}\S* ?(?:of )?\w* ?\d*",
    re.IGNORECASE,
)
_GROWN_UP = (
    r"(?:mum|mam|mom|dad|mother|father|parent|partner|husband|wife|boyfriend|girlfriend|bf|gf|fianc[eé]e?|ex)"
)
_GROWN_UPS_AGE = re.compile(
    rf"\b{_GROWN_UP},? (?:(?:is|who is|who's|whos|aged?) ){{0,2}}{_AGE}(?:{_YEARS_OLD})?\b"
    rf"|\b{_AGE}{_YEARS_OLD} (?:single |young )?{_GROWN_UP}\b",
    re.IGNORECASE,
)
_SPEAKERS_CHILD = re.compile(
    rf"\b(?:my|our) (?!(?:\w+ )?(?:baby|little|big|kid) (?:brother|sister|cousin))(?:[\w-]+ ){{0,2}}(?:{_BOY_OR_GIRL}|kids?|children|twins)\b"
    r"|\b(?:the|this|new|have a|got a|had a|with a) (?:baby|newborn|toddler|bairn|child)\b(?! (?:brother|sister|cousin))"
    rf"|\b(?:my|our) {_AGE} ?(?:years?|yrs?|yo|y/o|months?|weeks?)\b|\bsingle (?:mum|mam|dad|parent|mother|father)\b",
    re.IGNORECASE,
)
_ANOTHER_PERSON = re.compile(
    r"\b(?:(?:brother|sister|sibling|mate|friend|bestie|cousin|niece|nephew|baby|bairn|son|daughter|boyfriend|girlfriend|bf|gf|"
    rf"{_GROWN_UP}|uncle|aunt|auntie)s?|(?:s?he|her|his|they|their|them|him)(?:['’]?s|['’]re)?)\b",
    re.IGNORECASE,
)
_CLAUSE_ENDS = re.compile(r"[.;!?](?:\s|$)|\n|,? (?:and|but|n) (?=(?:i|i'm|i’m|im|my)\b)", re.IGNORECASE)
_YEAR_GROUP = re.compile(
    r"\b(?:[Ii]n |[Hh]e's |[Ss]he's |a )?([Yy](?:ea)?r? ?(?:1[0-3]|[1-9]))\b(?! (?:old|teacher|lead|tutor|head|team|class|years?|ta)\b)"
)
_SIBLINGS = re.compile(
    r"\b(?:my|our|the|their|her|his) (?:\w+ )?(?:kids|children|sons|daughters|twins|boys|girls|grandchildren|grandkids|nieces|nephews|lads|pupils|siblings)\b"
    r"|\b(?:two|three|four|five|six|both|2|3|4|5|6) (?:\w+ )?(?:kids|children|sons|daughters|boys|girls|siblings)\b",
    re.IGNORECASE,
)
_ONE_CHILD = re.compile(rf"\b(?:my|our|the|a|his|her|their) (?:[\w-]+ )?({_BOY_OR_GIRL})\b", re.IGNORECASE)
_SCHOOL_WORD = r"(?:Primary|Infants?|Juniors?|Secondary|High|Nursery|Academy|College|School|Pre-?school|Grammar|Comprehensive|Sixth Form)"
_SCHOOLS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:at|to|attends?|from|pupil of|goes to|on roll at) ((?:(?:St\.?|The|{_NAME})\s+){{1,4}}(?:C of E |CofE |RC |Catholic )?(?:{_SCHOOL_WORD}\s?){{1,3}})(?!\w)",
        rf"\b[Ss]chool: ?((?:(?:St\.?|The|{_NAME})\s+){{1,4}}(?:{_SCHOOL_WORD}\s?){{1,3}})(?!\w)",
    )
)
_TYPED_SCHOOL = re.compile(
    r"\b(?:goes to|attends|is at|he's at|she's at|hes at|shes at|i go to|in) ((?:[a-z']+ ){1,3}(?:nursery|pre-?school|playgroup|primary|academy|infants|juniors))\b",
    re.IGNORECASE,
)
_SAINT = re.compile(
    r"\b(?:school|nursery|college)(?:'s|’s|s| is|:)(?: called)? (st\.? ((?!(?:the|a)\b)[a-z]{3,}(?:['’]?s)?)"
    r"(?: (?:rc|c of e|cofe|catholic|primary|infants?|juniors?|high|secondary|academy|college|school))*)(?![\w'’])",
    re.IGNORECASE,
)
_NOT_SCHOOL_NAMES = _word_set(
    "a an the his her my their our your school local new same different another big special mainstream private any no "
    "some day to at in from after before with and or but not bed work primary secondary nursery he she it is up "
    "council first last this that which what infant junior state free normal"
)
_DATE = (
    r"\d{1,2}[/.\-]\d{1,2}[/.\-](?:20)?\d\d|\d{1,2}(?:st|nd|rd|th)? (?:of )?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?: 20\d\d)?"
)
_DUE = re.compile(
    rf"\b(?:(?:i'm|im|i am|she's|shes|she is|is|baby|baby's|babys)? ?due(?: date)?(?: is| on|:)?|edd:?|expected date of delivery:?) ({_DATE})\b",
    re.IGNORECASE,
)
_STREET = (
    r"(?:street|st|road|rd|avenue|ave|drive|close|lane|terrace|crescent|court|view|place|way|gardens|grove|square|row|"
    r"park|hill|walk|green|mews|rise|bank)"
)
_HOUSE = rf"(?:flat \w{{1,4}},? )?\d{{1,4}}[a-z]?,? (?:[a-z'’]+ ){{1,3}}?{_STREET}\b"
_TOWN = r"(?:, (?-i:[A-Z][a-z]{2,}(?:[ -][A-Z][a-z]+)?)(?=\s*(?:[.;!?\n]|$)))?"
_WITH_POSTCODE = r"(?:,? [a-z'’ ]{2,30}?)?,? [A-Z]{1,2}[0-9][A-Z0-9]?\s?[0-9][ABD-HJLNP-UW-Z]{2}(?!\w)"
_WHOLE_HOUSE = rf"{_HOUSE}(?:{_WITH_POSTCODE}|{_TOWN})"
_FULL_ADDRESS = re.compile(
    rf"({_HOUSE}{_WITH_POSTCODE})"
    rf"|\b(?:(?:we|i) live at|(?:my|our|home|the) address is|address:) ({_WHOLE_HOUSE})",
    re.IGNORECASE,
)
_CHILDS_HOUSE = re.compile(
    rf"\b(?:(s?he|they|the (?:child|children|kids|family|baby)|(?:my|our) {_BOY_OR_GIRL})(?: (?:all|both|now))? (?:lives?|is living|are living) at"
    rf"|(?:(?:his|her|their|child'?s|family|home) )?address(?: is|:)?) ({_WHOLE_HOUSE})",
    re.IGNORECASE,
)
_NOT_THEIR_ADDRESS = re.compile(
    r"(?:\b(?:my|our|work|school|office|surgery|e-?mail|previous|old|last|former|'s|’s|\w{3,}s)) $", re.IGNORECASE
)
_REFUGE = re.compile(r"\brefuge\b", re.IGNORECASE)
_HE = re.compile(
    r"\b(?:(?:step ?-?)?(?:dad|father)|ex|partner|husband|boyfriend|bf|grandad|uncle|man|bloke|guy|brother|cousin|friend|mate|"
    r"neighbou?r|lodger|abuser|perp\w*|offender|suspect)s?\b",
    re.IGNORECASE,
)
_SHE = re.compile(
    r"\b(?:(?:step ?-?)?(?:mum|mam|mom|mother)|ex|partner|wife|girlfriend|gf|nan|nana|gran|grandma|aunt|auntie|woman|lady|sister|"
    r"cousin|friend|mate|neighbou?r|lodger|abuser|perp\w*|offender|suspect)s?\b",
    re.IGNORECASE,
)
_TRIED_ENDS = (
    r"(?=\s*(?:[.;!?\n]|$|,? but\b|,? nothing\b|,? nobody\b|,? no ?one\b|,? with no\b|,? so\b|"
    r"(?:,| and) (?:nowt|nothing|none|no|it|he|she|they|still|nobody)\b))"
)
_TRIED = tuple(
    re.compile(pattern + _TRIED_ENDS, re.IGNORECASE)
    for pattern in (
        r"\b(?:i|we|i've|we've|i’ve|we’ve|ive|weve|school|nursery|staff|parents|family)(?: have| has)?(?: already| also| all)? tried (?!to\b|everything|it\b|that\b|this\b|and\b|so\b|all\b|my best|our best|hard|again|him\b|her\b|them\b|in\b|on\b|at\b|when\b|last\b|once\b|twice\b|a bit\b|some\b|weed|999|111|101)([^.;!?\n]{4,160}?)",
        r"\b(?:i|we|i've|we've|i’ve|we’ve|ive|weve)(?: have)? already ((?:been to|spoken to|talked to|told|asked|rung|rang|called|phoned|contacted|seen|emailed) [^.;!?\n]{3,160}?)",
        r"\b(?:i|we)(?:'ve|’ve|ve| have)? (told (?:my|our|the|a) (?:teacher|nan|gran|school|form tutor|head|tutor|aunt\w*|counsellor|gp|doctor|friend)[^.;!?\n]{0,80}?)(?= but)",
    )
)  # fmt: skip
_RELATIONSHIPS = tuple(
    (re.compile(pattern, re.IGNORECASE), value)
    for pattern, value in (
        (r"(?:\b(?:i'm|im|i am|i’m) (?:(?:his|her|their|there|the (?:child|baby|boy|girl)'?s) |a |the )?(?:single )?|^single )(?:mum|mother|mam|mom|mummy)\b(?!['’]| of a friend|-in-law| in law)|^(?:mum|mam|mother) of\b", "mother"),
        (r"(?:\b(?:i'm|im|i am|i’m) (?:(?:his|her|their|there|the (?:child|baby|boy|girl)'?s) |a |the )?(?:single )?|^single )(?:dad|father|daddy)\b(?!['’]|-in-law| in law)|^(?:dad|father) of\b", "father"),
        (r"\b(?:i'm|im|i am|i’m) (?:his|her|their|there|the|a) (?:step ?-?(?:mum|dad|mother|father|parent))\b", "step_parent"),
        (r"\b(?:i'm|im|i am|i’m) (?:his|her|their|there|the (?:child|baby|boy|girl)'?s|the|a) (?:great )?(?:nan|nana|nanna|gran|granny|grandma|grandmother|grandad|grandpa|grandfather|grandparent)\b", "grandparent"),
        (r"\b(?:my|our) (?:great ?-?)?(?:grandson|granddaughter|grandchild|grandkid)\b", "grandparent"),
        (r"\b(?:i'm|im|i am|i’m) (?:his|her|their|there|the (?:child|baby|boy|girl)'?s|the|an?) (?:aunt|auntie|aunty|uncle|cousin|big (?:brother|sister)|older (?:brother|sister))\b", "other_relative"),
        (r"\b(?:is )?my (?:niece|nephew)\b", "other_relative"),
        (r"\b(?:i'm|im|i am|i’m) (?:his|her|their|the|a) foster (?:carer|mum|dad|parent)\b", "foster_carer"),
        (r"\b(?:my|our) foster (?:son|daughter|child)\b", "foster_carer"),
        (r"\b(?:i'm|im|i am|i’m) (?:his|her|their|the|a) (?:special guardian|kinship carer)\b|\b(?:we|i) have (?:an? )?(?:sgo|special guardianship)\b", "special_guardian_or_kinship_carer"),
        (r"\b(?:i'm|im|i am|i’m) (?:his|her|their|the|a) (?:next door )?neighbou?r\b|\bi live next door to\b", "neighbour"),
        (r"\b(?:i'm|im|i am|i’m) (?:his|her|their|a) (?:family )?friend\b", "friend"),
    )
)  # fmt: skip
_KIN = {
    r"mum|mother|mam|mom|mummy": "mother",
    r"dad|father|daddy": "father",
    r"step ?-?(?:mum|dad|mother|father|parent)": "step_parent",
    r"(?:great ?-?)?(?:nan|nana|nanna|gran|granny|grandma|grandmother|grandad|grandpa|grandfather)": "grandparent",
    r"aunt|auntie|aunty|uncle|cousin|big (?:brother|sister)|older (?:brother|sister)": "other_relative",
    r"foster (?:carer|mum|dad|parent)": "foster_carer",
    r"special guardian|kinship carer": "special_guardian_or_kinship_carer",
}
_NAMED_CHILDS = re.compile(
    rf"\b{_I_AM} ([a-z\u00DF-\u024F]{{2,20}}['’]?s) (?:{'|'.join(f'({kin})' for kin in _KIN)})\b(?!['’]|-in-law| in law| of\b| figure)",
    re.IGNORECASE,
)
_NO_CHILDS = _word_set(
    "always sometimes perhaps plus yes his hers its this thus theirs yours ours as us is was has does s "
    "mums mams dads parents partners exs exes sisters brothers husbands wifes wives friends mates bosses nans grans "
    "everyones somebodys someones nobodys todays tonights mothers fathers uncles aunts neighbours ladys girlfriends boyfriends lots loads besides regards"
)
_ROLE = (
    r"health visitor|hv|midwife|community midwife|school nurse|social worker|family support worker|early help worker|teacher|headteacher|"
    r"head teacher|deputy head|assistant head|class teacher|form tutor|head of year|dsl|deputy dsl|ddsl|designated safeguarding lead|senco|"
    r"sendco|teaching assistant|ta|pastoral lead|nursery manager|nursery worker|childminder|gp|doctor|paediatrician|nurse|a&e nurse|"
    r"practice nurse|police officer|pc|pcso|paramedic|youth worker|yot worker|youth justice worker|camhs worker|camhs nurse|psychologist|"
    r"speech therapist|salt|occupational therapist|ot|housing officer|idva|probation officer|drug worker|support worker|family worker|"
    r"sw|police officer|health care assistant|key ?worker|outreach worker|refuge worker|family practitioner|early years practitioner|"
    r"attendance officer|education welfare officer|ewo|dentist|pharmacist|learning mentor|safeguarding lead|safeguarding officer|portage worker|counsellor"
)
_ROLES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:i'm|im|i am|i’m)(?: also)? (?:an?|the) ((?:[a-z0-9-]+ ){{0,2}}(?:{_ROLE})(?: (?:at|in|for|from|with) (?:the )?[A-Z0-9][\w'&. ]{{2,40}}?(?=[,.;\n]|$| and | who | re ))?)",
        rf"(?:^|[,.;] ?)((?:(?:class|year \d+) )?(?:{_ROLE}) (?:at|for|from|with) (?:the )?[A-Z][\w'&. ]{{2,40}}?)(?=[,.;\n]|$| and | who | re | here\b)",
        rf"^(?:hi|hello|hey)?[,. ]*((?:{_ROLE})(?: (?:at|for|from|with) [\w'& ]{{3,40}}?)?) here\b",
        rf"^(?:(?:hi|hello|hey|good \w+)[,. ]+)?((?:(?:community|class|form|year \d+|lead|senior|specialist) )?(?:{_ROLE}))(?=[,:.;]| re\b)",
        r"^(?:(?:hi|hello)[,. ]+)?(pc \d{2,5}(?: [A-Z][a-z]+)?)(?=[,:.;]| )",
        rf"(?:[Rr]egards|[Tt]hanks)[,.]?\s+[\w.' -]{{3,40}},\s*((?:{_ROLE}))\b",
        rf"\b(?:calling|ringing|writing|messaging|contacting you|referring) as (?:an?|the) ((?:[a-z-]+ )?(?:{_ROLE}))\b",
    )
)  # fmt: skip
_PARENT = r"(?:mum|mam|dad|mother|father|parents?|carers?|family|nan|gran)"
_NAMED = rf"(?-i:(?: {_NAME}){{1,3}})"
_GIVER = rf"(?:both parents|{_PARENT}(?:,?{_NAMED}(?: and(?: {_PARENT})?{_NAMED})?)?)"
_THIS = (
    r"(?:(?:(?:this|the|an?|our|your|my|any|all) )*(?:referral|request|early help|support|services?|help|offers?|assessment|plan|sharing|"
    r"contact(?! (?:order|cent|with|between|arrange)))|this)\b"
)
_TO_THIS = (
    rf"(?: to (?:{_THIS}|(?:be|being) (?:contacted|referred|rung|called)\b|(?:refer|share|sharing|speak|talk|engage|work)\b|us\b|you (?:ring|call|contact|speak))"
    rf"| with {_THIS}| for (?:us|me|you|{_THIS}))"
)
_SAID_SO = rf"(?={_TO_THIS}|\s*(?:[.;!?\n]|$)|,? (?:and|but|so)\b)"
# "She had not consented" may be told of what was done to her: that is no answer of ours.
_CONSENT_TO = rf"(?:(?={_TO_THIS})|(?! to\b))"
_AGREED = re.compile(
    rf"\b((?:{_GIVER}(?: had)?|she|they|he) (?:have |has )?(?:fully )?(?:consent(?:ed|s){_CONSENT_TO}|given (?:verbal |written )?consent|gave (?:verbal |written )?consent"
    r"|(?:is |are )?(?:aware and )?(?:in agreement|consenting)|(?:is |are )?aware and happy"
    rf"|agree[sd]?(?={_TO_THIS})|(?:is|are) happy(?={_TO_THIS}))(?: (?:to (?:this|the|a) \w+|for \w+ \w+))?)"
    # What a mere "she agreed" agrees to is anybody's guess.
    rf"|\b({_GIVER} (?:have |has |had )?(?:fully )?agree[sd]?(?:{_SAID_SO}|(?<=agreed)(?=,| \w+day\b)))"
    r"|\b(consent (?:has been |was )?(?:gained|obtained|given|received)|(?:verbal|written) consent (?:gained|obtained|given))\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    rf"\b((?:{_GIVER}(?: had)?|she|they|he) (?:has |have )?(?:not (?:yet )?(?:consented{_CONSENT_TO}|given consent)|refused consent|declined consent|withdr(?:ew|awn) consent"
    rf"|(?:does not|doesn['’]?t|do not|don['’]?t|has not|hasn['’]?t|have not|haven['’]?t|not(?: yet)?) (?:given consent\b|consent(?:ed)?\b{_CONSENT_TO}"
    rf"|agreed?{_SAID_SO}))"
    rf"|{_GIVER} (?:has |have |had )?(?:refused|declined)(?: (?:of )?{_THIS}| (?:our|the|any) offers?\b| to (?:consent|agree|be referred)\b)"
    rf"|^{_GIVER} (?:(?:has |have )?(?:refused|declined)|(?:did not|didn['’]?t) (?:agree|consent))(?=[.!]?$)"
    r"|no consent\b|consent (?:not (?:gained|given|sought|obtained)|refused|declined)\b)",
    re.IGNORECASE,
)
# Names of the grown-ups at home, asked for one by one: a message that names two is left to be asked.
_PARTNERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:[Mm]y|[Oo]ur) (?:partner|husband|wife|boyfriend|girlfriend|bf|gf)(?:'s|’s|s)?(?: is)?(?: name is|,? called) ({_FULL_NAME})\b",
    )
)
_TYPED_PARTNERS = (
    re.compile(
        rf"\bmy (?:partner|husband|wife|boyfriend|girlfriend|bf|gf)(?:'s|’s|s)?(?: is)?(?: name is|,? called) (?!(?:names?|round|in|upon|back|into)\b)({_TYPED_NAME}){_NAME_ENDS}",
        re.IGNORECASE,
    ),
)
_NAMED_ADULT = re.compile(
    rf"\b([Mm]um|[Mm]am|[Mm]other|[Dd]ad|[Ff]ather|[Pp]artner|[Ss]tep-?(?:dad|mum|father|mother)|[Gg]rand(?:mother|father))(?: is|:| is called| called)? ({_NAME}(?: {_NAME}){{1,2}})\b(?!['’])"
)


def find_facts(text: str, *, audience: str | None = None) -> dict[str, str]:
    """Return catalogue field ids with the words that state them. `audience` is who writes, where that is known.

    `relationship_to_child` and `consent_to_help` give the catalogue's own value. With more than one child in the
    message, or two different answers to one question, the child's facts are left out: a person sorts them out.
    """
    words = text[:_LONGEST]
    facts = _contact(words, audience) | _speaker(words, audience) | _said(words) | _adult(words, audience)
    if audience == "young_person":
        facts |= _young_person(words)
    elif not _SIBLINGS.search(words) and len({m.casefold() for m in _ONE_CHILD.findall(words)}) <= 1:
        facts |= _child(words, audience)
    return facts


def _contact(text: str, audience: str | None) -> dict[str, str]:
    facts: dict[str, str] = {}
    phones = _phones(text)
    if len(phones) == 1:
        facts["phone"] = phones[0]
    for field, pattern in (("email", _EMAIL), ("child_address", _POSTCODE)):
        found = list(dict.fromkeys(match.group().strip() for match in pattern.finditer(text)))
        if len(found) == 1:
            facts[field] = found[0]
    whole = [match.group(1) or match.group(2) for match in _FULL_ADDRESS.finditer(text)]
    if audience in {"public", "professional"}:  # "I live at" is then their own house
        whole = [match.group(1) for match in _FULL_ADDRESS.finditer(text) if match.group(1)]
    if audience != "young_person":
        whole.extend(house for house in _childs_houses(text) if not any(house in other for other in whole))
    if len(whole) == 1 and facts.get("child_address", "") in whole[0]:
        facts["child_address"] = whole[0]
    return facts


def _childs_houses(text: str) -> Iterator[str]:
    """Yield where the child is said to live; not where `he` lives who may be somebody's ex."""
    if _REFUGE.search(text):
        return
    for match in _CHILDS_HOUSE.finditer(text):
        who = (match.group(1) or "").casefold()
        another = _HE if who == "he" else _SHE if who == "she" else None
        if another is not None and another.search(text):
            continue
        if not who and _NOT_THEIR_ADDRESS.search(text[: match.start()]):
            continue
        yield match.group(2)


def _phones(text: str) -> list[str]:
    if not _MAY_BE_PHONE.search(text):  # the library is slow, and most messages hold no number
        return []
    # Possible rather than valid: the numbers kept for made-up people are not valid ones.
    matches = PhoneNumberMatcher(text, "GB", leniency=Leniency.POSSIBLE)
    return list(dict.fromkeys(match.raw_string for match in matches if _PHONE.match(match.raw_string)))


def _adult(text: str, audience: str | None) -> dict[str, str]:
    """Return the one grown-up of the household who is named: by a parent their partner, by a professional anybody."""
    if audience in {"parent", None}:
        name = _only_name(_PARTNERS, text) or _only_name(_TYPED_PARTNERS, text)
        return {"adult_name": name} if name else {}
    if audience != "professional":
        return {}
    named = [(match.group(1), _trimmed(match.group(2))) for match in _NAMED_ADULT.finditer(text)]
    if len(named) != 1 or " " not in named[0][1] or any(w.endswith(("ed", "ing")) for w in named[0][1].split()):
        return {}
    return {"adult_name": named[0][1], "adult_relationship": named[0][0]}


def _said(text: str) -> dict[str, str]:
    """Return what was tried already and when a baby is due, where either is said once."""
    facts: dict[str, str] = {}
    tried = [match.group(1).strip(" ,") for pattern in _TRIED for match in pattern.finditer(text)]
    if len(tried) == 1:
        facts["what_tried"] = tried[0]
    due = list(dict.fromkeys(match.group(1) for match in _DUE.finditer(text)))
    if len(due) == 1:
        facts["unborn_due_date"] = due[0]
    return facts


def _speaker(text: str, audience: str | None) -> dict[str, str]:
    facts: dict[str, str] = {}
    name = _own_name(text)
    if name:
        facts["contact_name"] = name
    role = _first(_ROLES, text)
    if role and audience in {None, "professional"}:
        facts["professional_role_agency"] = role
        facts["relationship_to_child"] = "professional"
    if audience not in {"young_person", "professional"} and not role:
        relation = _relationship(text)
        if relation:
            facts["relationship_to_child"] = relation
    if audience == "professional" or (audience is None and role):
        if _REFUSED.search(text):
            facts["consent_to_help"] = "no"
        elif _AGREED.search(text):
            facts["consent_to_help"] = "yes"
    return facts


def _own_name(text: str) -> str:
    return _only_name(_OWN_NAMES, text) or _only_name(_TYPED_OWN_NAMES, text)


def _relationship(text: str) -> str:
    found = {value for pattern, value in _RELATIONSHIPS if pattern.search(text)}
    for match in _NAMED_CHILDS.finditer(text):  # "im sams auntie"
        whose = re.sub("['’]", "", match.group(1).casefold())
        if whose not in _NO_CHILDS and whose not in _COMMON and match.lastindex is not None:
            found.add(list(_KIN.values())[match.lastindex - 2])
    for legal in ("special_guardian_or_kinship_carer", "foster_carer"):
        if legal in found:  # a grandparent may be one as well; this is what gives a right to ask
            return legal
    return found.pop() if len(found) == 1 else ""


def _young_person(text: str) -> dict[str, str]:
    """Return what young people say of themselves; nothing of a friend, a brother or a baby of their own."""
    facts: dict[str, str] = {}
    name = _own_name(text)
    if name:
        facts["child_name"] = name
    about_me = ". ".join(part for part in _CLAUSE_ENDS.split(text) if not _ANOTHER_PERSON.search(part))
    age = _age(about_me, _own_ages(text))
    if age:
        facts["child_dob_or_age"] = age
    school = _school(about_me)
    if school:
        facts["school_or_setting"] = school
    return facts


def _own_ages(text: str) -> list[str]:
    return [(match.group(1) or match.group(2)).strip() for match in _OWN_AGE.finditer(text)]


def _of_the_child(text: str, audience: str | None) -> tuple[str, list[str]]:
    """Return the text without the ages of grown-ups, and the speaker's own where it may be the child's."""
    rest = _GROWN_UPS_AGE.sub(" ", text)
    if audience is None and not _SPEAKERS_CHILD.search(text) and not _relationship(text):
        return rest, _own_ages(text)  # who writes may be the child
    return _SPEAKERS_BIRTH.sub(" ", rest), []


def _child(text: str, audience: str | None) -> dict[str, str]:
    facts: dict[str, str] = {}
    name = _only_name(_CHILD_NAMES, text) or _only_name(_TYPED_CHILD_NAMES, text)
    if name:
        facts["child_name"] = name
    age = _age(*_of_the_child(text, audience)) or _age_beside(name, text)
    if age:
        facts["child_dob_or_age"] = age
    school = _school(text)
    if school and not _theirs(school, text):
        facts["school_or_setting"] = school
    return facts


def _school(text: str) -> str:
    return _first(_SCHOOLS, text) or _typed_school(text) or _saint(text)


def _saint(text: str) -> str:
    """Return a school named for a saint, which nobody needs to call a school: `school is St Bede's`."""
    found = _SAINT.search(text)
    if found is None or found.group(2).casefold() in _COMMON:
        return ""
    return found.group(1)


def _age_beside(name: str, text: str) -> str:
    """Return an age said straight after the child's name: `Millie, 8`, `Ezra who is 3`."""
    if not name:
        return ""
    beside = (
        rf"\b{re.escape(name)},? (?:is |who is |who's |whos |aged )?\(?({_AGE})(?=\s*(?:[,.;!)]|$|and\b|but\b))"
    )
    found = re.search(beside, text, re.IGNORECASE)
    return found.group(1) if found else ""


def _typed_school(text: str) -> str:
    found = _TYPED_SCHOOL.search(text)
    if found is None or _NOT_SCHOOL_NAMES & set(found.group(1).casefold().split()[:-1]):
        return ""
    return found.group(1)


def _theirs(school: str, text: str) -> bool:
    """Is it where a professional works, not where the child goes?"""
    return school in _first(_ROLES, text)


def _age(text: str, own: Iterable[str] = ()) -> str:
    ages = list(own)
    for pattern in _AGES:
        ages.extend(match.group(1).strip() for match in pattern.finditer(text))
    different = list(dict.fromkeys(age.casefold() for age in ages))
    if len(different) == 1:
        return ages[0]
    if different:
        return ""
    years = list(dict.fromkeys(match.group(1) for match in _YEAR_GROUP.finditer(text)))
    return years[0] if len(years) == 1 else ""


def _only_name(patterns: tuple[re.Pattern[str], ...], text: str) -> str:
    names: list[str] = []
    for pattern in patterns:
        for match in pattern.finditer(text):
            name = _trimmed(match.group(1))
            if name:
                names.append(name)
    different = {name.casefold() for name in names}
    return max(names, key=len) if len(different) == 1 else ""


def _trimmed(name: str) -> str:
    """Drop what follows the first word that is no name: `Jaden Year`, `Sam Is`."""
    kept: list[str] = []
    for word in name.split():
        bare = word.strip(".,'’")
        if bare[:1].islower() and (bare in _COMMON or bare.endswith(("ing", "ed"))):
            break
        if bare.isupper() and bare.casefold() in _COMMON:
            break
        if bare in {"Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Rev"} and not kept:
            kept.append(word)
        elif bare in _NOT_NAMES or bare.removesuffix("'s").removesuffix("’s") in _NOT_NAMES:
            break
        else:
            kept.append(word.removesuffix("'s").removesuffix("’s"))
    if kept and kept[-1].rstrip(".") in {"Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Rev"}:
        return ""
    return " ".join(kept)


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str:
    for pattern in patterns:
        match = pattern.search(text)
        if match:
            return match.group(1).strip(" ,.;")
    return ""

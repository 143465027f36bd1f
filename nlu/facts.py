# ruff: noqa: E501
"""Facts stated in one message, to be offered back to the person. Leaves out what is not plain; never guesses a name."""

from __future__ import annotations

import re

from phonenumbers import Leniency, PhoneNumberMatcher

_LONGEST = 20_000
_NAME = r"[A-Z][a-z\u00C0-\u024F]+(?:['’-][A-Z]?[a-z\u00C0-\u024F]+)*"
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
_PHONE = re.compile(r"(?:\(?0[12378]|\+|00)(?:[\d ()-]){8,}")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}(?![\w@-])")
_POSTCODE = re.compile(r"(?<![\w])([A-Z]{1,2}[0-9][A-Z0-9]?\s?[0-9][ABD-HJLNP-UW-Z]{2})(?!\w)", re.IGNORECASE)
_CHILD_NAMES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b[Mm]y (?:\w+[- ])?{_BOY_OR_GIRL},? ({_FULL_NAME})\b",
        rf"\b(?:[Mm]y|[Oo]ur|[Tt]he) (?:\w+ )?{_BOY_OR_GIRL}(?:'s|’s|s)? name is ({_FULL_NAME})\b",
        rf"\b{_BOY_OR_GIRL},? (?:is )?called ({_FULL_NAME})\b",
        rf"\b(?:[Hh]is|[Hh]er|[Tt]heir|[Cc]hild'?s|[Ss]on'?s|[Dd]aughter'?s) name(?:'s| is|:) ({_FULL_NAME})\b",
        rf"\b(?:re|Re|RE|regarding|Regarding|[Cc]hild(?:'s name)?|[Pp]upil|[Pp]atient):? ({_NAME} {_NAME})\b",
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
        rf"^(?:[Tt]his is|[Ii]t's) ({_FULL_NAME}) (?:from|at|here)\b",
    )
)  # fmt: skip
_AGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b({_AGE}(?: and a half)?)[- ]?(?:years?|yrs?)[- ]?old\b",
        r"\b([1-9]|1[0-9])[- ]?(?:yo|y/o|yr ?old)\b",
        rf"\baged? ({_AGE})\b",
        r"\b(\d{1,2}[- ]?(?:months?|mths?|weeks?|wks?|days?)[- ]old)\b",
        r"\b(\d{1,2}/(?:52|12))\b(?=[^/]{0,20}\b(?:baby|infant|old|boy|girl|bub|m\b|f\b))",
        rf"\b{_BOY_OR_GIRL}(?:,? {_NAME.replace('a-z', 'A-Za-z')})?,? (?:is |who is |who's |whos )({_AGE})(?=\s*(?:[,.;!)]|$|and\b|but\b|now\b|years?\b|in\b|with\b))",
        rf"\b(?:s?he(?:'s|’s|s| is)) ({_AGE})(?=\s*(?:[,.;!)]|$|and\b|but\b|now\b|in\b|next\b))",
        rf"\b{_BOY_OR_GIRL} \(({_AGE})\)",
        rf"\b(?:i'm|i’m|im|i am) ({_AGE})(?=\s*(?:[,.;!)]|$|and\b|but\b|now\b|years?\b|in year\b))",
        r"\b(?:dob|d\.o\.b\.?|date of birth|born(?: on)?|birthday)(?: is)?:? ?(\d{1,2}[/.\- ]\d{1,2}[/.\- ](?:19|20)?\d\d|\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (?:19|20)\d\d)",
    )
)  # fmt: skip
_SELF_AGE = 8
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
    )
)  # fmt: skip
_RELATIONSHIPS = tuple(
    (re.compile(pattern, re.IGNORECASE), value)
    for pattern, value in (
        (r"\b(?:i'm|im|i am|i’m) (?:(?:his|her|their|the (?:child|baby|boy|girl)'?s) |a |the )?(?:single )?(?:mum|mother|mam|mom|mummy)\b(?! of a friend)", "mother"),
        (r"\b(?:i'm|im|i am|i’m) (?:(?:his|her|their|the (?:child|baby|boy|girl)'?s) |a |the )?(?:single )?(?:dad|father|daddy)\b", "father"),
        (r"\b(?:i'm|im|i am|i’m) (?:his|her|their|the|a) (?:step ?-?(?:mum|dad|mother|father|parent))\b", "step_parent"),
        (r"\b(?:i'm|im|i am|i’m) (?:his|her|their|the|a) (?:great )?(?:nan|nana|nanna|gran|granny|grandma|grandmother|grandad|grandpa|grandfather|grandparent)\b", "grandparent"),
        (r"\bmy (?:great ?-?)?(?:grandson|granddaughter|grandchild|grandkid)\b", "grandparent"),
        (r"\b(?:i'm|im|i am|i’m) (?:his|her|their|the|an?) (?:aunt|auntie|aunty|uncle|cousin|big (?:brother|sister)|older (?:brother|sister))\b", "other_relative"),
        (r"\bmy (?:niece|nephew)\b", "other_relative"),
        (r"\b(?:i'm|im|i am|i’m) (?:his|her|their|the|a) foster (?:carer|mum|dad|parent)\b", "foster_carer"),
        (r"\bmy foster (?:son|daughter|child)\b", "foster_carer"),
        (r"\b(?:i'm|im|i am|i’m) (?:his|her|their|the|a) (?:special guardian|kinship carer)\b", "special_guardian_or_kinship_carer"),
        (r"\b(?:i'm|im|i am|i’m) (?:his|her|their|the|a) (?:next door )?neighbou?r\b|\bi live next door to\b", "neighbour"),
        (r"\b(?:i'm|im|i am|i’m) (?:his|her|their|a) (?:family )?friend\b", "friend"),
    )
)  # fmt: skip
_ROLE = (
    r"health visitor|hv|midwife|community midwife|school nurse|social worker|family support worker|early help worker|teacher|headteacher|"
    r"head teacher|deputy head|assistant head|class teacher|form tutor|head of year|dsl|deputy dsl|ddsl|designated safeguarding lead|senco|"
    r"sendco|teaching assistant|ta|pastoral lead|nursery manager|nursery worker|childminder|gp|doctor|paediatrician|nurse|a&e nurse|"
    r"practice nurse|police officer|pc|pcso|paramedic|youth worker|yot worker|youth justice worker|camhs worker|camhs nurse|psychologist|"
    r"speech therapist|salt|occupational therapist|ot|housing officer|idva|probation officer|drug worker|support worker|family worker|"
    r"attendance officer|education welfare officer|ewo|dentist|pharmacist|learning mentor|safeguarding lead|safeguarding officer|portage worker|counsellor"
)
_ROLES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:i'm|im|i am|i’m)(?: also)? (?:an?|the) ((?:[a-z0-9-]+ ){{0,2}}(?:{_ROLE})(?: (?:at|in|for|from|with) (?:the )?[A-Z0-9][\w'&. ]{{2,40}}?(?=[,.;\n]|$| and | who ))?)",
        rf"(?:^|[,.;] ?)((?:year \d+ )?(?:{_ROLE}) (?:at|for|from) (?:the )?[A-Z][\w'&. ]{{2,40}}?)(?=[,.;\n]|$| and | who )",
        rf"^(?:hi|hello|hey)?[,. ]*((?:{_ROLE})) here\b",
        rf"\b(?:calling|ringing|writing|messaging|contacting you|referring) as (?:an?|the) ((?:[a-z-]+ )?(?:{_ROLE}))\b",
    )
)  # fmt: skip
_AGREED = re.compile(
    r"\b((?:mum|dad|mother|father|parents?|carer|family|both parents|nan|gran|she|they|he) (?:have |has |had )?(?:fully )?(?:consent(?:ed|s)|agreed?|given (?:verbal |written )?consent|is happy|are happy|gave (?:verbal |written )?consent)(?: (?:to (?:this|the|a) \w+|for \w+ \w+))?)"
    r"|\b(consent (?:has been |was )?(?:gained|obtained|given|received)|(?:verbal|written) consent (?:gained|obtained|given))\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b((?:mum|dad|mother|father|parents?|carer|family|she|they|he) (?:has |have |had )?(?:not (?:yet )?(?:consented|agreed|given consent)|refused(?: consent)?|declined|does not (?:consent|agree)|doesn'?t (?:consent|agree)|do not (?:consent|agree)|hasn'?t (?:consented|agreed)|haven'?t (?:consented|agreed)|withdr(?:ew|awn) consent)"
    r"|no consent|consent (?:not (?:gained|given|sought|obtained)|refused|declined))\b",
    re.IGNORECASE,
)


def find_facts(text: str, *, audience: str | None = None) -> dict[str, str]:
    """Return catalogue field ids with the words that state them.

    `relationship_to_child` and `consent_to_help` give the catalogue's own value. With more than one child in the
    message, or two different answers to one question, the child's facts are left out: a person sorts them out.
    """
    words = text[:_LONGEST]
    facts = _contact(words) | _speaker(words, audience)
    if not _SIBLINGS.search(words) and len({m.casefold() for m in _ONE_CHILD.findall(words)}) <= 1:
        facts |= _child(words, audience)
    return facts


def _contact(text: str) -> dict[str, str]:
    facts: dict[str, str] = {}
    # Possible rather than valid: the numbers kept for made-up people are not valid ones.
    matches = PhoneNumberMatcher(text, "GB", leniency=Leniency.POSSIBLE)
    phones = list(dict.fromkeys(match.raw_string for match in matches if _PHONE.match(match.raw_string)))
    if len(phones) == 1:
        facts["phone"] = phones[0]
    for field, pattern in (("email", _EMAIL), ("child_address", _POSTCODE)):
        found = list(dict.fromkeys(match.group().strip() for match in pattern.finditer(text)))
        if len(found) == 1:
            facts[field] = found[0]
    return facts


def _speaker(text: str, audience: str | None) -> dict[str, str]:
    facts: dict[str, str] = {}
    name = _only_name(_OWN_NAMES, text)
    if name:
        facts["contact_name"] = name
    role = _first(_ROLES, text)
    if role and audience in {None, "professional"}:
        facts["professional_role_agency"] = role
        facts["relationship_to_child"] = "professional"
    if audience != "young_person" and not role:
        relation = _relationship(text)
        if relation:
            facts["relationship_to_child"] = relation
    if audience == "professional" or (audience is None and role):
        if _REFUSED.search(text):
            facts["consent_to_help"] = "no"
        elif _AGREED.search(text):
            facts["consent_to_help"] = "yes"
    return facts


def _relationship(text: str) -> str:
    found = {value for pattern, value in _RELATIONSHIPS if pattern.search(text)}
    return found.pop() if len(found) == 1 else ""


def _child(text: str, audience: str | None) -> dict[str, str]:
    facts: dict[str, str] = {}
    name = _only_name(_CHILD_NAMES, text)
    if name:
        facts["child_name"] = name
    age = _age(text, audience)
    if age:
        facts["child_dob_or_age"] = age
    school = _first(_SCHOOLS, text)
    if school and not _theirs(school, text):
        facts["school_or_setting"] = school
    if audience == "young_person" and "contact_name" not in facts and not name:
        own = _only_name(_OWN_NAMES, text)
        if own:
            facts["child_name"] = own
    return facts


def _theirs(school: str, text: str) -> bool:
    """Is it where a professional works, not where the child goes?"""
    return school in _first(_ROLES, text)


def _age(text: str, audience: str | None) -> str:
    ages: list[str] = []
    for index, pattern in enumerate(_AGES):
        if index == _SELF_AGE and audience not in {"young_person", None}:
            continue
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

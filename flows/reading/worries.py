"""Knows a worry that says about whom and nothing of what: the person is asked to say more."""

from __future__ import annotations

import re

from flows.reading import words

_LONGEST = 120
_WHO = (
    r"(?:child|children|kids?|boys?|girls?|bab(?:y|ies)|toddlers?|teenagers?|lad|lads|lass|ones?|sons?|daughters?"
    r"|nephews?|nieces?|grandsons?|granddaughters?|grandchild(?:ren)?|grandkids|brothers?|sisters?|cousins?"
    r"|neighbours?|family|families|mum|dad|friends?|pupils?|students?|stepson|stepdaughter|old)"
)
_OF_THEM = (
    r"(?:a|an|the|my|our|his|her|their|your|some|one|two|three|four|both|of|little|small|young|older|younger|big"
    r"|wee|new|neighbours|friends|sisters|brothers|other|poor|\d{1,2}|year|yr)"
)
_WHERE = (
    r"(?:next door|upstairs|downstairs|opposite|(?:over|across|down|up) the (?:road|street)|nearby"
    r"|round the corner"
    r"|(?:on|in) (?:my|our|the|his|her) (?:street|road|estate|class|school|family|flats|building|block)"
    r"|near (?:me|us|here|by)|at (?:number|no) \d+|at (?:my|our|the|his|her) school"
    r"|from (?:school|church|next door|my class)|here|too|please)"
)
_ONLY_WHOM = re.compile(
    r"(?:(?:hi|hello|hey|please|good|morning|afternoon|evening|there) )*"
    r"(?:(?:i am|im|i have been|ive been|i|we are|were|we) )?(?:(?:a|bit|really|very|so|just|getting|quite) )*"
    r"(?:worried|concerned|worry|anxious|scared|worries|concern) (?:about|for|over)"
    rf"(?: {_OF_THEM})*(?: {_WHO})+"
    rf"(?: (?:and|or)(?: {_OF_THEM})*(?: {_WHO})+)*(?: (?:who )?(?:lives? )?{_WHERE})*"
)


def names_only_whom(text: str) -> bool:
    """Say whether all that is said is that somebody is worried, and about whom: "the little boy next door"."""
    if len(text) > _LONGEST:
        return False
    return _ONLY_WHOM.fullmatch(words.plain(words.normalise(text))) is not None

"""Tells whoever was told of harm from whoever did it: a child who tells a teacher accuses nobody at school.

An allegation about someone who works with children goes to a closed queue, which few people read.
"""

from __future__ import annotations

import re
from dataclasses import replace

from nlu.base import Screening

ALLEGATION = "allegation_professional"

_STAFF = (
    r"(?:(?:head ?|class )?teacher|teaching assistant|ta|tutor|coach|nursery(?: nurse| worker)?|childminder|"
    r"key ?worker|social worker|youth worker|support worker|school nurse|staff|counsellor|school|imam|"
    r"priest|pastor|vicar|police(?: officer|man|woman)?|pcso|dsl|gp|doctor|nurse|midwife|health visitor|hv|"
    r"foster carer|carer)"
)
_FAMILY = (
    r"(?:(?:step)?(?:mum(?:my)?|mom(?:my)?|mam|dad(?:dy)?|father|mother|brother|sister)"
    r"(?:'?s (?:boyfriend|girlfriend|partner))?|"
    r"grand(?:ad|dad|ma|pa|father|mother)|nan|uncle|aunt(?:ie|y)?|cousin|parents?)"
)
_TOLD = re.compile(
    r"\b(?:told|tells?|telling|disclosed to|said to|spoke to|talked to|confided in)"
    rf"(?: (?:a|an|the|my|his|her|their|our))?(?: (?:class|form|school))? {_STAFF}"
    r"(?: (?:yesterday|today|(?:this|last|on) \w+))?(?: that)?"
    rf"(?: (?:my|his|her|their|the))? (?P<whoever>{_FAMILY})\b",
    re.IGNORECASE,
)
"""Who was told, and next whoever did it: with more between them it may be staff who did."""


def without_whom_they_told(text: str, heard: Screening) -> Screening:
    """Return what was heard without an allegation that only the mention of whoever was told gave rise to.

    It stays where a phrase names harm by staff, and where nothing else was heard that rings as soon.
    """
    others = [s.urgency.rank for s in heard.signals if s.indicator != ALLEGATION]
    told = _TOLD.search(text)
    if ALLEGATION not in heard.indicators or max(others, default=0) < heard.urgency.rank or told is None:
        return heard
    # a phrase that reaches from whoever was told over the family to the harm took the one for the other
    said = (
        s
        for s in heard.signals
        if s.indicator == ALLEGATION and s.by != "model" and not s.start < told.start("whoever") < s.end
    )
    if any(s.urgency.raises_alert for s in said):
        return heard
    return replace(heard, signals=tuple(s for s in heard.signals if s.indicator != ALLEGATION))

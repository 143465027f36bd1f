"""Finds what a message says beside greetings, thanks and laughs, which must not make danger sound calmer."""

from __future__ import annotations

import re

_OPENINGS = (
    r"hello(?: there| again| everyone| all)?", r"hi(?: there| again| all| team)?", r"hiya", r"hey(?: there)?",
    r"heya",
    r"good (?:morning|afternoon|evening|day)", r"morning", r"evening", r"afternoon",
    r"dear (?:all|sir|madam|sir or madam|team|duty team)", r"to whom it may concern",
    r"(?:i )?hope (?:you are|you're|youre|this finds you) (?:well|ok|okay)",
    r"(?:i am |i'm |im )?(?:so )?sorry to (?:bother|trouble|disturb) you", r"excuse me", r"um+", r"erm+", r"er",
    r"(?:ok|okay|right|well|so)(?: so| then)?", r"(?:just )?a quick (?:message|question|one)",
    r"thanks for (?:your (?:message|reply|email|call)|getting back to me)(?: yesterday| today)?",
    r"please read this(?: when you can)?", r"please",
)  # fmt: skip
_CLOSINGS = (
    r"(?:many |a lot of )?(?:thanks|thank you)"
    r"(?: a lot| so much| very much| again| in advance| for (?:reading|listening|your (?:help|time)))?",
    r"thx", r"ta", r"cheers", r"(?:kind |best |warm )?(?:regards|wishes)", r"yours (?:sincerely|faithfully)",
    r"bye(?: for now)?", r"goodbye", r"see you(?: soon| later)?",
    r"have a (?:nice|good|lovely|great) (?:day|evening|weekend|week|one)", r"x+", r"xo+",
    r"(?:i am |i'm |im )?sorry (?:for|about) (?:the |my |this )?"
    r"(?:long message|typos|spelling|ramble|rambling|essay)",
    r"sent from my (?:phone|iphone|ipad|mobile|samsung)", r"(?:that is|that's|thats) (?:all|it)",
    r"(?:i )?hope (?:that|this) makes sense",
    r"please (?:reply|call back|get back to me|answer)(?: when you can| soon)?",
)  # fmt: skip
_LAUGH = r"(?:lol+|lmf?ao+|rofl|jks?|(?:just |only )?(?:joking|kidding)|(?:a?ha)+h*|hehe+|xd)"
_LAUGHING = "[😂🤣😅😆]"
_LAUGHED_AT_THE_START = re.compile(rf"\s*(?:{_LAUGH}[\s,.:;!?-]+|{_LAUGHING}\s*)+", re.IGNORECASE)
_LAUGHED_AT_THE_END = re.compile(rf"(?:[\s,.;:!?-]+{_LAUGH}|\s*{_LAUGHING})+[\s,.!]*$", re.IGNORECASE)
_FROM_THE_START = re.compile(rf"\s*(?:{'|'.join(_OPENINGS)})(?:[\s,.:;!?-]+|$)", re.IGNORECASE)
_TO_THE_END = re.compile(
    # a name of one word may stand below the closing
    rf"(?:^|[\s,.;!?-]+)(?:{'|'.join(_CLOSINGS)})(?:,?\s+(?-i:[A-Z])[a-z]+)?[\s,.!]*$",
    re.IGNORECASE,
)
_MOST = 6
_LONGEST_END = 80
"""Letters from the end within which a closing stands: nothing further back is searched."""


def without_courtesies(text: str) -> str:
    """Return what is left once openings and closings are taken off; the text itself where nothing would be."""
    bare = text
    for _ in range(_MOST):
        shorter = _shortened(bare)
        if shorter == bare or not shorter.strip():
            break
        bare = shorter
    return bare


def _shortened(text: str) -> str:
    opening = _FROM_THE_START.match(text)
    rest = text[opening.end() :] if opening else text
    begins = max(0, len(rest) - _LONGEST_END)
    return rest[:begins] + _TO_THE_END.sub("", rest[begins:])


def without_laughter(text: str) -> str:
    """Return the words without a laugh before or after them: who fears not to be believed laughs it away."""
    opening = _LAUGHED_AT_THE_START.match(text)
    rest = text[opening.end() :] if opening else text
    begins = max(0, len(rest) - _LONGEST_END)
    bare = rest[:begins] + _LAUGHED_AT_THE_END.sub("", rest[begins:])
    return bare if bare.strip() else text

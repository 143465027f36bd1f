"""A phone or a chat that is somebody else's now: they say so, everything stops, and a worker is told."""

from __future__ import annotations

import re

from bot.conversation.promises import Heard, Heeded
from bot.followups.call_backs import PERSON, CallBacks
from bot.followups.climbing import give_task
from bot.followups.kinds import FollowUpKind
from bot.followups.stopping import quieten
from bot.safeguarding.telling import note_act
from flows.outcome import Message
from flows.reading import words
from storage.recordings import RECORDED

WRONG_PERSON = "wrong_person"
LONGEST_SAID = 160
"""Characters. Whoever says more has something to tell."""

_BEFORE = (
    r"(?:(?:hi|hello|hey|sorry|no|um|i think|im afraid|i am afraid) )*"
    r"(?:(?:you have|youve|you got|you have got|youve got) )?"
)
_SURELY = re.compile(
    rf"{_BEFORE}(?:(?:this is|its|it is|thats|that is|you are writing to|you are texting) )?(?:the )?"
    r"wrong (?:number|person|phone|chat|man|woman|lady|guy)(?: mate| love| pal| please| stop)*"
)
"""Nobody answers a question of ours like this."""
_MAYBE = re.compile(
    rf"{_BEFORE}(?:"
    r"i(?:m| am) not who you think(?: i am)?"
    r"|(?:i|we) (?:do not|dont) know (?:who (?:this|that|you) (?:is|are)|who you mean)"
    r"|(?:i|we) (?:do not|dont) know any(?:one|body) called \w+(?: \w+)?"
    r"|(?:i|we)(?: have|ve)?(?: just| only)? (?:got|bought|was given) (?:this|a new) (?:number|phone|sim)"
    r"(?: today| yesterday| last \w+| this \w+| from .{2,30})?"
    r"|(?:this|that) (?:number|phone|chat|account) (?:is not|isnt) (?:hers|his|theirs) (?:now|any ?more)"
    r"|(?:this|that) (?:number|phone|chat|account) belongs to (?:me|someone else|somebody else)(?: now)?"
    r"|(?:there is )?(?:no one|nobody) (?:called|of) that name(?: here)?"
    r")"
)
"""Meant like this where we wrote first, or where they have sent what they had to say."""
_NAMED = re.compile(r"(?:I'?m|I am|This is|This isn'?t|It'?s) (?:not )?(?:[A-Z][a-z]{2,19})(?: [A-Z][a-z]{2,19})?")
"""With a name, so that "I'm not safe" and "I'm not OK" are never taken for it."""
_NOT_A_NAME = re.compile(r"\bnot\b|isn'?t", re.IGNORECASE)
_COURTESY = re.compile(r"(?:hi|hello|hey|sorry|no|please|thanks|thank you)", re.IGNORECASE)
_PARTS = re.compile(r"[,.;!?\n]+")


def says_wrong_person(text: str, *, begun: bool) -> bool:
    """Say whether a message says that it is not theirs who we write to. `begun`: we wrote first.

    Every part of it is made of such words: whoever says more has something to tell.
    """
    if not 0 < len(text.strip()) <= LONGEST_SAID:
        return False
    said = (part.strip() for part in _PARTS.split(words.tidy(text)))
    parts = [part for part in said if part and not _COURTESY.fullmatch(part)]
    if not parts:
        return False
    surely = [_SURELY.fullmatch(words.plain(part.casefold())) is not None for part in parts]
    if all(surely):
        return True
    also = any(surely) or begun
    return also and all(sure or _may_mean_it(part) for sure, part in zip(surely, parts, strict=True))


def _may_mean_it(part: str) -> bool:
    if _MAYBE.fullmatch(words.plain(part.casefold())):
        return True
    return _NAMED.fullmatch(part) is not None and _NOT_A_NAME.search(part) is not None


def mistaken(heard: Heard, text: str, *, begun: bool) -> Heeded | None:
    """Stop everything where they say so, tell a worker, and say nothing of whom we wanted or who we are.

    The conversation ends: whoever writes here next begins anew, and sees nothing of what was said before.
    """
    if heard.conversation.channel in RECORDED or not says_wrong_person(text, begun=begun):
        return None
    uow, now, conversation = heard.uow, heard.now, heard.conversation
    enquiry = uow.enquiries.get(conversation.enquiry_id)
    quieten(heard, WRONG_PERSON)
    CallBacks(uow, heard.house, now).end_with(conversation, by=PERSON)
    uow.conversations.set_token(conversation.id, None)
    note_act(uow, enquiry, "person", "conversation.wrong_person", ("conversation", conversation.id), now)
    give_task(
        uow,
        heard.house,
        FollowUpKind.HELP_TASK,
        enquiry_id=enquiry.id,
        conversation_id=conversation.id,
        why=WRONG_PERSON,
        key=f"wrong_person:{conversation.id}",
        now=now,
    )
    channel = conversation.channel
    duty = heard.house.doorbell.ring("duty_wrong_person", enquiry, now, channel=channel, urgent=False)
    said = Message(heard.house.voice(now).fixed("wrong_person_done", "unknown"))
    return Heeded(WRONG_PERSON, messages=(said,), rows=(duty,), ends=True)

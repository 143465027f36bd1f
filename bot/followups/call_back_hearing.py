"""Hears what people ask of a call-back in their own words; offers a call to who has just sent an enquiry."""

from __future__ import annotations

import re
from datetime import datetime

from bot.conversation.house import House
from bot.conversation.memory import Memory
from bot.conversation.promises import Heard, Heeded, Place
from bot.followups.asking import Reaction
from bot.followups.call_back_reach import reach_of
from bot.followups.call_back_reading import Wish, read_wish
from bot.followups.call_back_talk import MINE, SLOT, CallTalk
from bot.followups.call_backs import PERSON, CallBacks
from flows.effects import BringPerson
from flows.outcome import Message
from flows.reading import words as typed
from nlu.base import Urgency
from storage.enquiries import EnquiryStatus
from storage.follow_ups import Actor
from storage.recordings import RECORDED

MISSES_BEFORE_A_WORKER = 2
LONGEST_ASKED = 140

_WHO = r"(?:you|someone|somebody|anyone|anybody|a worker|a person|a social worker|the worker|they)"
_RING = r"(?:ring|call|phone|telephone|give)(?: (?:me|us))?(?: a (?:ring|call))?(?: back)?"
_CALL = r"(?:call|call ?back|phone ?call|appointment)"
_MAY = r"(?:(?:can|could|please|may|i|we|you|need|want|to|would|like|have|'d) )*"
_ASKS = re.compile(
    rf"(?:hi |hello |please |ok |yes )*(?:(?:can|could|would|will) {_WHO} (?:please )?{_RING}"
    rf"|(?:please )?(?:ring|call|phone) (?:me|us)(?: back)?"
    rf"|i(?:'d| would| want| need)?(?: to| like| like to| want| want to)*(?: book| have| get)? (?:a|the) {_CALL}"
    rf"|(?:i(?:'d| would)? (?:like|want) to (?:talk|speak)(?: to {_WHO})? on the phone)"
    rf"|(?:can|could) i (?:have|get|book) a {_CALL}|book a {_CALL}|call ?back)(?: please)?"
)
_MOVES = re.compile(
    rf"{_MAY}(?:move|change|rearrange|re-?arrange|reschedule|postpone)"
    rf" (?:the|my|our|that) (?:{_CALL}|time|time of (?:the|my) {_CALL})(?: please)?"
    rf"|i (?:can'?t|cannot|can not) (?:make|do|take) (?:the|my|that|it) ?(?:{_CALL}|time)?"
)
_CANCELS = re.compile(
    rf"{_MAY}cancel (?:the|my|our|that|it) ?(?:{_CALL})?(?: please)?"
    r"|(?:please )?(?:do not|don'?t) (?:ring|call|phone) (?:me|us)(?: back)?(?: please)?"
    r"|i (?:do not|don'?t) want (?:the|a|that|my) call(?: any ?more)?"
)
_WHEN = re.compile(
    rf"(?:when|what time) (?:is|was) (?:my|the|our) {_CALL}"
    r"|(?:when|what time) (?:will|are) (?:you|they|someone|somebody) (?:going to )?"
    r"(?:ring|call|phone|ringing|calling|phoning)(?: me| us)?"
)
_ABOUT_TIME = re.compile(
    r"\d|\b(?:today|tomorrow|tonight|morning|afternoon|evening|noon|lunch|week|weekend"
    r"|mon|tues?|wednes|thurs?|fri|satur|sun)"
)


def listen(heard: Heard, text: str) -> Heeded | None:
    """Hear what somebody asks of a call-back in their own words; None where it is nothing of the kind.

    Most of what people write is not, and nothing is read from the database to find that out.
    """
    normal = typed.normalise(text).strip(" .?")
    if not normal or len(normal) > LONGEST_ASKED or heard.conversation.channel in RECORDED:
        return None
    if any(each.match(normal) for each in (_WHEN, _CANCELS, _MOVES, _ASKS)):
        return _of_a_call(heard, text, normal)
    return _time(heard, text)


def _of_a_call(heard: Heard, text: str, normal: str) -> Heeded | None:
    talk = CallTalk.of(heard)
    if _WHEN.fullmatch(normal):
        return _when(talk)
    standing = talk.standing
    if standing is not None and _CANCELS.fullmatch(normal):
        return _heeded(talk.cancelled())
    moved = _MOVES.match(normal) if standing is not None else None
    asked = moved or _ASKS.match(normal)
    if asked is not None:
        return _asked(talk, normal[asked.end() :])
    return _time(heard, text)


def _asked(talk: CallTalk, rest: str) -> Heeded | None:
    """They want a call, or another time for it: at a time they name, or one of those we offer."""
    wish = _wish(talk.house, talk.now, rest) if rest.strip(" .,?") else None
    if wish is None and rest.strip(" .,?") and not _ABOUT_TIME.search(rest):
        return None  # "call me stupid" asks for nothing
    tries = talk.standing.tries if talk.standing is not None else 1
    place = talk.offer("asked", tries=tries) if wish is None else talk.offer_like(wish, tries=tries)
    if place is not None:
        return Heeded("call_asked", asks=place, reopens=True)
    if reach_of(talk.uow, talk.house, talk.enquiry).way is None:
        says = Message(talk.words.say("call_not_safe"))
        return Heeded("call_not_safe", messages=(says,), effects=(BringPerson("asked"),), reopens=True)
    return _heeded(talk.no_time(), reopens=True)


def _time(heard: Heard, text: str) -> Heeded | None:
    """A time in their own words, where we have offered some and they have not chosen."""
    wish, is_about_time = _wish(heard.house, heard.now, text), _ABOUT_TIME.search(typed.normalise(text))
    if wish is None and is_about_time is None:
        return None
    standing = heard.uow.follow_ups.by_key(f"call_slots:{heard.conversation.enquiry_id}")
    if standing is None or not standing.details.get("asked") or standing.actor is Actor.WORKER:
        return None
    talk = CallTalk.of(heard)
    if wish is not None:
        place = talk.offer_like(wish)
        return _heeded(talk.no_time()) if place is None else Heeded("call_wish", asks=place)
    newest = Memory.from_json(talk.conversation.state).outside
    if newest != str(Place(standing.id, SLOT)):
        return None
    if int(standing.details.get("misses", 0)) + 1 >= MISSES_BEFORE_A_WORKER:
        return _heeded(talk.no_time())
    place = talk.offer_again(standing, "unread")
    return _heeded(talk.no_time()) if place is None else Heeded("call_unread", asks=place)


def _wish(house: House, now: datetime, text: str) -> Wish | None:
    return read_wish(text, today=house.today(now), contacting=house.area.contacting)


def _when(talk: CallTalk) -> Heeded | None:
    """Say when the call is, with what can be done about it."""
    if talk.standing is None:
        return Heeded("call_none", messages=(Message(talk.words.say("call_none_booked")),))
    check = talk.uow.follow_ups.by_key(f"call_check:{talk.standing.id}")
    if check is None or check.conversation_id != talk.conversation.id:
        says = talk.words.say("call_now_booked", when=talk.words.when(talk.standing))
        return Heeded("call_when", messages=(Message(says),))
    return Heeded("call_when", asks=Place(check.id, MINE))


def _heeded(reaction: Reaction, *, reopens: bool = False) -> Heeded:
    return Heeded(
        reaction.outcome,
        messages=tuple(Message(text) for text in reaction.says),
        rows=reaction.rows,
        effects=reaction.effects,
        asks=reaction.at,
        reopens=reopens,
    )


def offer_after_sending(heard: Heard) -> Heeded | None:
    """Offer a call to somebody who has just sent an enquiry, where a call is safe and the rota can keep it."""
    talk = CallTalk.of(heard)
    if heard.conversation.channel in RECORDED or Urgency(talk.enquiry.urgency.value).raises_alert:
        return None  # in danger a worker rings without being asked to
    if talk.enquiry.status is EnquiryStatus.CLOSED or talk.standing is not None:
        return None
    place = talk.offer("offer")
    return None if place is None else Heeded("call_offered", asks=place)


def stop(heard: Heard) -> None:
    """They asked us to stop: nobody rings them."""
    CallBacks(heard.uow, heard.house, heard.now).end_with(heard.conversation, by=PERSON)

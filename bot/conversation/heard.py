"""Says what was heard in a message, and lets the flow know of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.conversation.draft import Draft
from bot.conversation.incoming import Incoming
from bot.conversation.scene import Scene
from flows.engine import Engine
from flows.outcome import Message
from flows.state import State
from nlu.base import Urgency
from storage.concerns import ConcernRecord, ConcernSource
from storage.outbox import OutboxStatus

MOST_HELPLINES = 2

OWN_LIFE_OF = {"young_person": "child_self_harm_suicide", "parent": "parent_suicide_crisis"}
OWN_LIFE = frozenset(OWN_LIFE_OF.values())

STILL_READ = timedelta(hours=1)
"""How long what was said is taken to stand before their eyes."""

_MOST_MESSAGES = 1000

_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_PROMISE = re.compile(
    r"\b(?:workers?|(?:real|special) person|team|the officer|passing|sending|we will)\b", re.IGNORECASE
)
_SAID_BESIDE = re.compile(
    r"thank you for |if (?:you are|anyone is|they are) in danger(?: now)?, call 999", re.IGNORECASE
)


def say_what_was_heard(scene: Scene, draft: Draft, incoming: Incoming) -> None:
    """Say the approved words for the most urgent worry this message raised, once for each worry."""
    if incoming.heard.urgency.rank < Urgency.SAME_DAY.rank:
        return
    raised = [
        concern
        for concern in scene.uow.concerns.of(scene.conversation.enquiry_id)
        if concern.turn_id == scene.turn_id and concern.source is ConcernSource.SCREENING
    ]
    if not raised:
        return
    # Somebody who may harm themself hears that first, whatever else was heard; but where another worry rings now
    # and this one does not, nobody is told "today". A worker hears the most urgent.
    most = max(_rank(concern) for concern in raised)
    worst = max(
        sorted(raised, key=lambda c: c.indicator),
        key=lambda c: (
            _is_own_life(scene, c) and _is_as_soon(c, most),
            _rank(c),
            c.indicator == OWN_LIFE_OF.get(_audience(draft)),  # of equals, what is said of whoever writes,
            _views_of(incoming, c),  # what most views heard,
            bool(_lines(scene, c)),  # and what has help of its own to name
        ),
    )
    _say(scene, draft, worst)


def leave_out_what_is_said_twice(scene: Scene, draft: Draft) -> None:
    """Where an answer is danger too, its own words are enough: two alarms in one breath say the same."""
    if scene.house.at_desk:
        return
    danger = _words(scene, draft, "danger_now")
    if any(message.text in danger for message in draft.messages):
        plain = _words(scene, draft, "heard_emergency", "heard_immediate", "heard_same_day", "heard_again")
        draft.messages = [message for message in draft.messages if message.text not in plain]
    next_words = _words(scene, draft, "danger_next")
    for at, message in enumerate(draft.messages):
        if message.text in next_words and any("999" in before.text for before in draft.messages[:at]):
            draft.messages[at] = Message(scene.words(draft.memory, "danger_next_after"))


def let_the_flow_know(draft: Draft, engine: Engine, incoming: Incoming) -> State:
    """Let the flow know of a worry heard outside an answer. What it says is said; it asks nothing yet."""
    if incoming.is_alerting:
        heeded = engine.heed(draft.state, incoming.heard.urgency.value)
        draft.take(replace(heeded, messages=tuple(m for m in heeded.messages if not m.asks)))
    return draft.state


def _rank(concern: ConcernRecord) -> int:
    return Urgency(concern.urgency.value).rank


def _views_of(incoming: Incoming, concern: ConcernRecord) -> int:
    """Return how many views named it: one that a model alone names may be a guess at which it is."""
    return len({signal.by for signal in incoming.heard.signals if signal.indicator == concern.indicator})


def _is_as_soon(concern: ConcernRecord, most: int) -> bool:
    return _rank(concern) >= min(most, Urgency.IMMEDIATE.rank)


def _is_own_life(scene: Scene, concern: ConcernRecord) -> bool:
    return concern.indicator in OWN_LIFE and not scene.house.at_desk


def _audience(draft: Draft) -> str:
    state = draft.memory.state
    return "unknown" if state is None else state.audience


def _lines(scene: Scene, concern: ConcernRecord) -> tuple[str, ...]:
    indicator = scene.house.catalog.indicators.get(concern.indicator)
    return tuple(scene.house.helplines(indicator.helplines if indicator else ()))


def _say(scene: Scene, draft: Draft, concern: ConcernRecord) -> None:
    indicator = scene.house.catalog.indicators.get(concern.indicator)
    young = _audience(draft) == "young_person"
    says = ""
    # Its own words promise what its own urgency brings: a lesser worry is told in general words.
    if indicator is not None and Urgency(indicator.urgency).rank <= Urgency(concern.urgency.value).rank:
        says = indicator.bot_says_now_young_person if young else indicator.bot_says_now
    lines = _lines(scene, concern)
    key = f"heard_{concern.urgency.value}"
    values = {
        "says": without_questions(says),
        "help": without_promises(says),
        "lines": "\n".join(lines[:MOST_HELPLINES]),
    }
    # Of help that is named, and to whoever may harm themself, all is said each time.
    may_be_short = not lines and not scene.house.at_desk and concern.indicator not in OWN_LIFE
    if may_be_short and _was_just_said(scene, scene.words(draft.memory, key, values)):
        draft.say(scene, "heard_again")
    else:
        draft.say(scene, key, values)


def without_questions(says: str) -> str:
    """Return approved words without what they ask: the flow asks its own question next, and hears only that."""
    return " ".join(sentence for sentence in _SENTENCE.split(says.strip()) if not sentence.endswith("?"))


def without_promises(says: str) -> str:
    """Return of approved words the help that is there at any hour: nothing we would do, nothing said beside it."""
    return " ".join(
        sentence
        for sentence in _SENTENCE.split(without_questions(says))
        if not _PROMISE.search(sentence) and not _SAID_BESIDE.match(sentence)
    )


def _was_just_said(scene: Scene, text: str) -> bool:
    """Say whether one message said every line of it a moment ago: read again and again it is no longer read."""
    lines = set(text.split("\n"))
    return any(
        lines <= set(str(row.payload.get("text", "")).split("\n"))
        and scene.now - row.created_at < STILL_READ
        and row.status in (OutboxStatus.SENT, OutboxStatus.PENDING)
        for row in scene.uow.outbox.of_conversation(scene.conversation.id, limit=_MOST_MESSAGES)
    )


def _words(scene: Scene, draft: Draft, *keys: str) -> set[str]:
    """Return the words of these, to whoever this was and is."""
    return {scene.words(memory, key) for memory in (draft.memory, draft.before) for key in keys}

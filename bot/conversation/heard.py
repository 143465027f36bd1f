"""Says what was heard in a message, and lets the flow know of it."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.draft import Draft
from bot.conversation.incoming import Incoming
from bot.conversation.scene import Scene
from flows.engine import Engine
from flows.state import State
from nlu.base import Urgency
from storage.concerns import ConcernRecord, ConcernSource

MOST_HELPLINES = 2

OWN_LIFE = frozenset({"child_self_harm_suicide", "parent_suicide_crisis"})


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
    # Somebody who may harm themself hears that first, whatever else was heard; a worker hears the most urgent.
    worst = max(raised, key=lambda c: (_is_own_life(scene, c), Urgency(c.urgency.value).rank))
    _say(scene, draft, worst)


def let_the_flow_know(draft: Draft, engine: Engine, incoming: Incoming) -> State:
    """Let the flow know of a worry heard outside an answer. What it says is said; it asks nothing yet."""
    if incoming.is_alerting:
        heeded = engine.heed(draft.state, incoming.heard.urgency.value)
        draft.take(replace(heeded, messages=tuple(m for m in heeded.messages if not m.asks)))
    return draft.state


def _is_own_life(scene: Scene, concern: ConcernRecord) -> bool:
    return concern.indicator in OWN_LIFE and not scene.house.at_desk


def _say(scene: Scene, draft: Draft, concern: ConcernRecord) -> None:
    indicator = scene.house.catalog.indicators.get(concern.indicator)
    state = draft.memory.state
    young = state is not None and state.audience == "young_person"
    says = ""
    # Its own words promise what its own urgency brings: a lesser worry is told in general words.
    if indicator is not None and Urgency(indicator.urgency).rank <= Urgency(concern.urgency.value).rank:
        says = indicator.bot_says_now_young_person if young else indicator.bot_says_now
    lines = scene.house.helplines(indicator.helplines if indicator else ())
    draft.say(scene, f"heard_{concern.urgency.value}", {"says": says, "lines": "\n".join(lines[:MOST_HELPLINES])})

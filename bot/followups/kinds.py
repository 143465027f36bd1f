"""What we promise: each kind of follow-up, how urgent it is, and whether it speaks to the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from flows.wording import Wording
from storage.follow_ups import Actor, FollowUpRecord
from storage.identifiers import ConversationId, EnquiryId
from storage.unit_of_work import UnitOfWork


class Weight(IntEnum):
    """What is due of one weight is done before anything of the next."""

    SAFETY = 0
    """A worry, and somebody who may need us."""
    PROMISED_HOUR = 1
    """A named hour was promised to a person."""
    DECISION = 2
    """Somebody waits to hear what was decided, or to decide."""
    TASK = 3
    """A worker's task, whatever it was before it became one: the most a task weighs."""
    REMINDER = 4
    QUESTION = 5
    """How it went, and whether it helped."""
    NUDGE = 6
    CAMPAIGN = 8
    """The same message to a group."""
    TIDYING = 9
    """Nobody waits for it."""


class FollowUpKind(StrEnum):
    """Each has words of its own in words.yaml, `follow_up_<kind>`: what workers read it is called."""

    DRAFT_WORRY = "draft_worry"
    """A draft with a worry in it comes before a worker (FD12)."""
    DRAFT_NUDGE = "draft_nudge"
    DRAFT_ENDING = "draft_ending"
    """The person is told that their draft will be deleted (FD13)."""
    DRAFT_DELETION = "draft_deletion"

    CALL_BACK = "call_back"
    """A worker rings the person at the hour promised."""
    CALL_BACK_SLOTS = "call_back_slots"
    """Slots were offered, and the person has not picked one yet."""
    CALL_BACK_REMINDER = "call_back_reminder"
    CALL_BACK_CHECK = "call_back_check"
    """Did we ring?"""

    OUTCOME_TOLD = "outcome_told"
    """The person or the referrer hears what was decided (ST03)."""
    REFERRER_PROMPT = "referrer_prompt"
    """A professional has heard nothing: the team hears of it before they chase (ST04)."""
    CHASED = "chased"
    """Somebody asked what happened to a referral, and a worker answers."""
    ANSWER_AWAITED = "answer_awaited"
    """A message of ours was not answered: the second try, then a worker (FD18)."""

    WHEN_SAFE = "when_safe"
    """When may we write to them again? Asked of whoever has just sent something, where nobody has asked."""
    HELPED_SIGNPOST = "helped_signpost"
    """Did it help? Two weeks after a signpost (EH13)."""
    HELPED_LATER = "helped_later"
    """Did it help? Six weeks after closing (EH11)."""
    FEEDBACK = "feedback"
    """How was it? To families, children and professionals."""

    DECISION_REMINDER = "decision_reminder"
    """A held decision comes due; once it is late the hold itself climbs."""
    ALLOCATED = "allocated"
    """The worker an enquiry was given to has not begun (FD19)."""
    INFORMATION_REQUEST = "information_request"
    MEETING = "meeting"
    ACTION = "action"
    """An action to chase (CE06 to CE08)."""
    HELP_TASK = "help_task"
    """Words somebody wrote beside an answer, or a "no": a worker reads them."""

    CONSENT_RENEWAL = "consent_renewal"
    """An agreement to be asked again (DS03)."""
    CAMPAIGN = "campaign"
    RECORD_DELETION = "record_deletion"


@dataclass(frozen=True, slots=True)
class KindOf:
    """`speaks`: it says something to the person, so that safe contact is read again first."""

    weight: Weight
    speaks: bool
    actor: Actor = Actor.FRONT_DOOR


_K, _W = FollowUpKind, Weight
KINDS: Mapping[FollowUpKind, KindOf] = {
    _K.DRAFT_WORRY: KindOf(_W.SAFETY, speaks=False),
    _K.DRAFT_NUDGE: KindOf(_W.NUDGE, speaks=True),
    _K.DRAFT_ENDING: KindOf(_W.NUDGE, speaks=True),
    _K.DRAFT_DELETION: KindOf(_W.TIDYING, speaks=False),
    _K.CALL_BACK: KindOf(_W.PROMISED_HOUR, speaks=False, actor=Actor.WORKER),
    _K.CALL_BACK_SLOTS: KindOf(_W.PROMISED_HOUR, speaks=True),
    _K.CALL_BACK_REMINDER: KindOf(_W.REMINDER, speaks=True),
    _K.CALL_BACK_CHECK: KindOf(_W.QUESTION, speaks=True),
    _K.OUTCOME_TOLD: KindOf(_W.DECISION, speaks=True),
    _K.REFERRER_PROMPT: KindOf(_W.DECISION, speaks=False, actor=Actor.WORKER),
    _K.CHASED: KindOf(_W.DECISION, speaks=False, actor=Actor.WORKER),
    _K.ANSWER_AWAITED: KindOf(_W.REMINDER, speaks=True),
    _K.WHEN_SAFE: KindOf(_W.QUESTION, speaks=False),
    _K.HELPED_SIGNPOST: KindOf(_W.QUESTION, speaks=True),
    _K.HELPED_LATER: KindOf(_W.QUESTION, speaks=True),
    _K.FEEDBACK: KindOf(_W.QUESTION, speaks=True),
    _K.DECISION_REMINDER: KindOf(_W.DECISION, speaks=False, actor=Actor.WORKER),
    _K.ALLOCATED: KindOf(_W.DECISION, speaks=False, actor=Actor.WORKER),
    _K.INFORMATION_REQUEST: KindOf(_W.TASK, speaks=False, actor=Actor.WORKER),
    _K.MEETING: KindOf(_W.TASK, speaks=False, actor=Actor.WORKER),
    _K.ACTION: KindOf(_W.TASK, speaks=False, actor=Actor.WORKER),
    _K.HELP_TASK: KindOf(_W.TASK, speaks=False, actor=Actor.WORKER),
    _K.CONSENT_RENEWAL: KindOf(_W.NUDGE, speaks=True),
    _K.CAMPAIGN: KindOf(_W.CAMPAIGN, speaks=True),
    _K.RECORD_DELETION: KindOf(_W.TIDYING, speaks=False),
}


def kind_of(code: str) -> FollowUpKind | None:
    """Return a kind by its code. None: a newer version of the front door promised it."""
    return FollowUpKind(code) if code in KINDS else None


def speaks(code: str) -> bool:
    """Say whether a kind says something to the person."""
    kind = kind_of(code)
    return kind is not None and KINDS[kind].speaks


def name_of(wording: Wording, follow_up: FollowUpRecord) -> str:
    """Return what workers read it is called: a task by why it is one, where that has a name, else by its kind."""
    keys = (f"task_{follow_up.why}", f"follow_up_{follow_up.kind}", "follow_up_unknown")
    return wording.text(next(key for key in keys if key in wording))


def promise(
    uow: UnitOfWork,
    kind: FollowUpKind,
    *,
    enquiry_id: EnquiryId,
    due_at: datetime,
    now: datetime,
    conversation_id: ConversationId | None = None,
    promised_at: datetime | None = None,
    key: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> FollowUpRecord:
    """Promise what the front door does itself at `due_at`, kept if it is done by `promised_at`.

    A key, such as "draft:<conversation>", stands once: the promise that stands comes back, as it is. For a
    worker's task ask `bot.followups.climbing.give_task`.
    """
    return uow.follow_ups.add(
        enquiry_id=enquiry_id,
        conversation_id=conversation_id,
        kind=kind,
        weight=KINDS[kind].weight,
        due_at=due_at,
        promised_at=promised_at,
        key=key,
        details=details,
        now=now,
    )

"""They stop us, or leave in a hurry: whatever would write to them ends, and what must be kept is kept."""

from __future__ import annotations

from bot.conversation.promises import Heard
from bot.followups.climbing import give
from bot.followups.drafts import keep_what_must_be
from bot.followups.kinds import FollowUpKind, kind_of, speaks
from storage.follow_ups import Actor

STOPPED = "stopped"
HAVE_TO_BE_TOLD = frozenset({FollowUpKind.OUTCOME_TOLD, FollowUpKind.CONSENT_RENEWAL})
"""Somebody has to tell them or ask them, by another way than this."""


def quieten(heard: Heard, why: str = STOPPED) -> None:
    """End what would write to them in this conversation.

    What workers promised stays theirs: a worker decides. A worry, and a deletion that was promised, are kept.
    """
    for follow_up in heard.uow.follow_ups.of_conversation(heard.conversation.id):
        kind = kind_of(follow_up.kind)
        if follow_up.actor is Actor.WORKER or not speaks(follow_up.kind):
            continue
        if kind in HAVE_TO_BE_TOLD:
            give(heard.uow, heard.house, follow_up, None, why=why, now=heard.now)
        else:
            heard.uow.follow_ups.cancel_one(follow_up.id, why, heard.now)
    keep_what_must_be(heard)

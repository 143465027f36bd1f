"""Every kind of follow-up that the front door keeps itself or asks about, and the file that keeps it."""

from __future__ import annotations

from bot.followups import (
    call_back_due,
    call_back_hearing,
    call_back_talk,
    campaigns,
    chasing,
    drafts,
    helped,
    records,
    reminders,
    renewal,
    stopping,
    told,
    when_safe,
    wrong_person,
)
from bot.followups.asking import Askings, KeptPromises, awaiting
from bot.followups.due import Handlings
from bot.followups.kinds import FollowUpKind


def handlings() -> Handlings:
    """Return how each kind is kept. A kind that is not here is a worker's task from the moment it is due."""
    return {
        FollowUpKind.ANSWER_AWAITED: awaiting(askings()),
        **call_back_due.HANDLINGS,
        **campaigns.HANDLINGS,
        **chasing.HANDLINGS,
        **drafts.HANDLINGS,
        **helped.HANDLINGS,
        **records.HANDLINGS,
        **reminders.HANDLINGS,
        **renewal.HANDLINGS,
        **told.HANDLINGS,
    }


def askings() -> Askings:
    """Return what each kind asks, and what becomes of the answers."""
    return {
        **call_back_talk.ASKINGS,
        **chasing.ASKINGS,
        **helped.ASKINGS,
        **renewal.ASKINGS,
        **when_safe.ASKINGS,
    }


def promises() -> KeptPromises:
    """Return the promises as a turn hears of them."""
    return KeptPromises(
        askings(),
        listening=(call_back_hearing.listen,),
        offering=(when_safe.ask_after_sending, call_back_hearing.offer_after_sending),
        stopping=(call_back_hearing.stop,),
        quietening=(stopping.quieten,),
        going_on=(drafts.go_on,),
        sending=(chasing.prompt_before_they_chase,),
        chasing=chasing.chased,
        mistaking=wrong_person.mistaken,
    )

"""The same message to a group: counted first, sent at a pace, each where it is safe, stopped at any moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.house import House
from bot.followups.due import Done, ForWorker, Handling, Moment, PutOff, Result, Stale
from bot.followups.kinds import FollowUpKind, promise
from bot.followups.reaching import Safe, begin, may_begin
from flows.outcome import Message
from storage.campaigns import CampaignRecord, Chosen
from storage.duty_workers import DutyWorkerRecord
from storage.identifiers import CampaignId
from storage.unit_of_work import UnitOfWork

APPROVED = ("group_shut", "group_number", "group_slow")
"""Approved words. `{when}` is filled in by whoever sends them."""
OWN = "own"
MOST = 5_000
"""So many at once: they are written down in one unit of work."""
LONGEST = 600
_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Reach:
    """How many it would be for, by audience and channel."""

    count: int
    by_audience: Counter[str]
    by_channel: Counter[str]
    is_too_many: bool


def words_of(house: House, words_id: str, *, own: str, when: str, now: datetime) -> str:
    """Return the message as it would go; "" where there is none."""
    if words_id == OWN:
        return "\n".join(line.strip() for line in own.replace("\r\n", "\n").strip().split("\n"))
    if words_id not in APPROVED:
        return ""
    return house.voice(now).fixed(words_id, "unknown", {"when": " ".join(when.split())})


def reach_of(uow: UnitOfWork, chosen: Chosen, now: datetime) -> Reach:
    found = uow.campaigns.reach(chosen, heard_since=now - timedelta(days=chosen.heard_days), most=MOST + 1)
    audiences, channels = (Counter(row[place] for row in found) for place in (2, 3))
    return Reach(len(found), audiences, channels, len(found) > MOST)


def begin_campaign(
    uow: UnitOfWork,
    house: House,
    worker: DutyWorkerRecord,
    words_id: str,
    words: str,
    chosen: Chosen,
    pace: int,
    now: datetime,
) -> CampaignRecord:
    """Plan one message for each, so many in a minute. What is safe is read again for each when it is due."""
    found = uow.campaigns.reach(chosen, heard_since=now - timedelta(days=chosen.heard_days), most=MOST)
    gap = timedelta(seconds=_MINUTE / pace)
    campaign = uow.campaigns.begin(
        words_id=words_id,
        words=words,
        chosen=chosen,
        pace=pace,
        planned=len(found),
        begun_by=worker.id,
        until_at=now + len(found) * gap + timedelta(days=house.area.afterwards.group_days),
        now=now,
    )
    for place, (conversation_id, enquiry_id, _, _) in enumerate(found):
        promise(
            uow,
            FollowUpKind.CAMPAIGN,
            enquiry_id=enquiry_id,
            conversation_id=conversation_id,
            due_at=now + place * gap,
            key=f"{_keys(campaign.id)}{conversation_id}",
            details={"campaign": campaign.id},
            now=now,
        )
    return campaign


def stop_campaign(uow: UnitOfWork, campaign_id: CampaignId, worker: DutyWorkerRecord, now: datetime) -> int | None:
    """Stop it: nobody else is written to, and what waits to be sent is taken back. Return how many are not written
    to, None where it is over or was stopped before. What has been handed to the channel goes.
    """
    keys = _keys(campaign_id)
    waiting = uow.campaigns.withdraw(campaign_id, keys=keys, now=now)
    if not uow.campaigns.stop(campaign_id, worker.id, now):
        return None
    left = uow.follow_ups.cancel_keyed(FollowUpKind.CAMPAIGN, keys, "campaign_stopped", now)
    # What was being written as this began has been by now.
    return left + waiting + uow.campaigns.withdraw(campaign_id, keys=keys, now=now)


def waiting_of(uow: UnitOfWork, campaigns: Sequence[CampaignRecord]) -> dict[CampaignId, int]:
    """Return how many messages of each have been written and wait to be sent."""
    return {campaign.id: uow.campaigns.waiting(keys=_keys(campaign.id)) for campaign in campaigns}


def _keys(campaign_id: CampaignId) -> str:
    return f"campaign:{campaign_id}:"


def _campaign(moment: Moment) -> CampaignRecord:
    return moment.uow.campaigns.get(CampaignId(str(moment.follow_up.details["campaign"])))


def _send(moment: Moment) -> Result:
    campaign = _campaign(moment)
    safe = may_begin(moment)
    if isinstance(safe, PutOff) and safe.due_at <= campaign.until_at:
        return safe
    moment.uow.campaigns.count(campaign.id, was_sent=isinstance(safe, Safe))
    if isinstance(safe, Safe):
        return Done("sent", begin(moment, safe, [Message(campaign.words)]))
    if isinstance(safe, ForWorker | Stale):
        return Done(f"skipped.{safe.why}"[:60])
    return Done("skipped.too_late")


def _is_stopped(moment: Moment) -> str | None:
    return "campaign_stopped" if _campaign(moment).stopped_at is not None else None


def _says(moment: Moment) -> str:
    return _campaign(moment).words


HANDLINGS = {FollowUpKind.CAMPAIGN: Handling(act=_send, stale=_is_stopped, says=_says)}

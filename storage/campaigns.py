"""Campaigns: the same message to a group, how far it has got, and whether it was stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from storage.columns import (
    StoredTable,
    code,
    columns_of,
    instant,
    link,
    primary_id,
    sealed_json,
    sealed_text,
    table_of,
    values_of,
    whole,
)
from storage.concerns import Concern
from storage.conversations import Conversation, ConversationStatus
from storage.enquiries import Audience, Enquiry, EnquiryStatus
from storage.follow_ups import FollowUp
from storage.identifiers import CampaignId, ConversationId, DutyWorkerId, EnquiryId, new_id
from storage.outbox import OutboxMessage, OutboxStatus
from storage.prepared import Prepared
from storage.recordings import RECORDED
from storage.repository import NotFound, Repository


class Stage(StrEnum):
    """How far an enquiry has got."""

    DRAFT = "draft"
    SENT = "sent"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom a campaign is for; nothing chosen of a kind is all of it. `heard_days`: they wrote so recently."""

    audiences: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    heard_days: int = 90


class Campaign(StoredTable, table=True):
    __tablename__ = "campaign"

    id: str = primary_id()
    words_id: str = code(120)
    words: str = sealed_text("campaign.words")
    chosen: dict[str, Any] = sealed_json("campaign.chosen")
    pace: int = whole()
    planned: int = whole()
    sent: int = whole()
    skipped: int = whole()
    begun_by: str = link("duty_worker.id")
    begun_at: datetime = instant()
    until_at: datetime = instant()
    stopped_by: str | None = link("duty_worker.id", nullable=True)
    stopped_at: datetime | None = instant(nullable=True)


@dataclass(frozen=True, slots=True)
class CampaignRecord:
    """`words_id` is that of approved words, or "own". `pace` is how many in a minute. What is not safe before
    `until_at` is skipped, and counted.
    """

    id: CampaignId
    words_id: str
    words: str
    chosen: dict[str, Any]
    pace: int
    planned: int
    sent: int
    skipped: int
    begun_by: DutyWorkerId
    begun_at: datetime
    until_at: datetime
    stopped_by: DutyWorkerId | None = None
    stopped_at: datetime | None = None

    @property
    def left(self) -> int:
        return max(0, self.planned - self.sent - self.skipped)

    @property
    def is_going(self) -> bool:
        return self.stopped_at is None and self.left > 0


_campaigns, _outbox, _follow_ups = table_of(Campaign), table_of(OutboxMessage), table_of(FollowUp)
_conversations, _enquiries, _concerns = table_of(Conversation), table_of(Enquiry), table_of(Concern)
_m, _c, _e = _campaigns.c, _conversations.c, _enquiries.c
_record = select(*columns_of(_campaigns, CampaignRecord))
_this = _m.id == bindparam("campaign")
_new = Prepared(insert(_campaigns))
_get = Prepared(_record.where(_this))
_newest = Prepared(_record.order_by(_m.begun_at.desc(), _m.id.desc()).limit(bindparam("most")))
_sent = Prepared(update(_campaigns).where(_this).values(sent=_m.sent + 1))
_skipped = Prepared(update(_campaigns).where(_this).values(skipped=_m.skipped + 1))
_take_back = Prepared(
    update(_campaigns)
    .where(_this)
    .values(sent=_m.sent - bindparam("many"), skipped=_m.skipped + bindparam("as_skipped"))
)
_waits = and_(
    _outbox.c.status == text("'pending'"),
    _outbox.c.follow_up_id.is_not(None),
    exists().where(
        _follow_ups.c.id == _outbox.c.follow_up_id,
        _follow_ups.c.key.startswith(bindparam("prefix", type_=String)),
    ),
)
_waiting = Prepared(select(func.count()).select_from(_outbox).where(_waits))
_withdraw = Prepared(
    update(_outbox)
    .where(_waits, or_(_outbox.c.claimed_by.is_(None), _outbox.c.claimed_until <= bindparam("now")))
    .values(status=OutboxStatus.CANCELLED, claimed_by=None, claimed_until=None)
)
_stop = Prepared(
    update(_campaigns)
    .where(_this, _m.stopped_at.is_(None), _m.planned > _m.sent + _m.skipped)
    .values(stopped_by=bindparam("worker"), stopped_at=bindparam("now"))
)
_stages = {
    Stage.DRAFT: _e.submitted_at.is_(None) & (_e.status != EnquiryStatus.CLOSED),
    Stage.SENT: _e.submitted_at.is_not(None) & (_e.status != EnquiryStatus.CLOSED),
    Stage.CLOSED: _e.status == EnquiryStatus.CLOSED,
}


class Campaigns(Repository):
    __slots__ = ()

    def begin(
        self,
        *,
        words_id: str,
        words: str,
        chosen: Chosen,
        pace: int,
        planned: int,
        begun_by: DutyWorkerId,
        until_at: datetime,
        now: datetime,
    ) -> CampaignRecord:
        campaign = CampaignRecord(
            id=CampaignId(new_id()),
            words_id=words_id,
            words=words,
            chosen=asdict(chosen),
            pace=pace,
            planned=planned,
            sent=0,
            skipped=0,
            begun_by=begun_by,
            begun_at=now,
            until_at=until_at,
        )
        self._change(_new, values_of(campaign))
        return campaign

    def get(self, campaign_id: CampaignId) -> CampaignRecord:
        """Raises `NotFound`."""
        row = self._one(_get, {"campaign": campaign_id})
        if row is None:
            raise NotFound(f"campaign {campaign_id}")
        return CampaignRecord(*row)

    def newest(self, most: int) -> list[CampaignRecord]:
        return [CampaignRecord(*row) for row in self._all(_newest, {"most": most})]

    def count(self, campaign_id: CampaignId, *, was_sent: bool) -> None:
        """One more was written to, or skipped."""
        self._change(_sent if was_sent else _skipped, {"campaign": campaign_id})

    def take_back(self, campaign_id: CampaignId, many: int, *, skipped: bool) -> None:
        """So many that were counted as sent have not gone after all, and will not."""
        values = {"campaign": campaign_id, "many": many, "as_skipped": many if skipped else 0}
        self._change(_take_back, values)

    def waiting(self, *, keys: str) -> int:
        """Return how many messages wait in the outbox of follow-ups whose keys begin so."""
        row = self._one(_waiting, {"prefix": keys})
        return 0 if row is None else int(row[0])

    def withdraw(self, campaign_id: CampaignId, *, keys: str, now: datetime) -> int:
        """Take back its messages that wait in the outbox and are in nobody's hands; return how many.

        `keys` is how the keys of its follow-ups begin.
        """
        many = self._change(_withdraw, {"prefix": keys, "now": now})
        self.take_back(campaign_id, many, skipped=False)
        return many

    def stop(self, campaign_id: CampaignId, worker_id: DutyWorkerId, now: datetime) -> bool:
        """Stop it; False where it is over or was stopped before."""
        return self._change(_stop, {"campaign": campaign_id, "worker": worker_id, "now": now}) == 1

    def reach(
        self, chosen: Chosen, *, heard_since: datetime, most: int
    ) -> list[tuple[ConversationId, EnquiryId, str, str]]:
        """Return whom it would be for: one open chat of each person, with its audience and channel.

        Closed queues are not in it, nor whoever has blocked us.
        """
        newest = (
            select(func.max(_c.id))
            .join(_enquiries, _e.id == _c.enquiry_id)
            .where(*_wanted(chosen, heard_since))
            .group_by(_c.address_index)
        )
        statement = (
            select(_c.id, _c.enquiry_id, _e.audience, _c.channel)
            .join(_enquiries, _e.id == _c.enquiry_id)
            .where(_c.id.in_(newest))
            .order_by(_c.id)
            .limit(most)
        )
        return [
            (ConversationId(row[0]), EnquiryId(row[1]), str(row[2]), str(row[3]))
            for row in self._all(statement, {})
        ]


def _wanted(chosen: Chosen, heard_since: datetime) -> Sequence[ColumnElement[bool]]:
    is_closed_queue = exists().where(_concerns.c.enquiry_id == _e.id, _concerns.c.closed_queue.is_(True))
    wanted: list[ColumnElement[bool]] = [
        _c.status != ConversationStatus.CLOSED,
        _c.channel.not_in(RECORDED),
        _c.blocked_at.is_(None),
        _c.last_heard_at >= heard_since,
        ~is_closed_queue,
    ]
    if chosen.audiences:
        wanted.append(_e.audience.in_([Audience(audience) for audience in chosen.audiences]))
    if chosen.channels:
        wanted.append(_c.channel.in_(chosen.channels))
    if chosen.stages:
        first, *others = [_stages[Stage(stage)] for stage in chosen.stages]
        for other in others:
            first = first | other
        wanted.append(first)
    return wanted

"""A run-through: what is promised for the coming days, as it would go by today's rules and by other ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.conversation.house import House
from bot.followups.climbing import bells_of
from bot.followups.due import Handlings, Moment
from bot.followups.kinds import kind_of, speaks
from bot.followups.planning import Calendar, Planned, plan
from bot.followups.reaching import contact_of
from bot.followups.reasons import words_id
from bot.followups.safe_contact import Way
from flows.area import Area
from storage.enquiries import EnquiryRecord
from storage.follow_ups import Actor, FollowUpRecord
from storage.unit_of_work import UnitOfWork

MOST = 5_000


@dataclass(frozen=True, slots=True)
class Goes:
    """How one follow-up goes by one set of rules. `at` is None where a worker has it; `why` names words."""

    at: datetime | None
    why: str
    says: str


@dataclass(frozen=True, slots=True)
class RunThrough:
    """One follow-up by today's rules and by the others."""

    follow_up: FollowUpRecord
    enquiry: EnquiryRecord
    channel: str
    today: Goes
    then: Goes

    @property
    def is_moved(self) -> bool:
        return (self.today.at, self.today.why) != (self.then.at, self.then.why)

    @property
    def is_reworded(self) -> bool:
        return self.today.says != self.then.says


def with_rules(house: House, area: Area) -> House:
    """Return the same house with another area's rules."""
    return replace(house, area=area)


def run_through(
    uow: UnitOfWork,
    house: House,
    other: House,
    handlings: Handlings,
    found: Sequence[FollowUpRecord],
    now: datetime,
) -> Iterator[RunThrough]:
    """Yield each of these, by the rules of one house and of the other. Nothing is changed."""
    for follow_up in found:
        enquiry = uow.enquiries.get(follow_up.enquiry_id)
        sides = [_goes(uow, side, handlings, follow_up, enquiry, now) for side in (house, other)]
        channel = ""
        if follow_up.conversation_id is not None:
            channel = uow.conversations.get(follow_up.conversation_id).channel
        yield RunThrough(follow_up, enquiry, channel, *sides)


def changed_settings(today: Area, then: Area) -> list[tuple[str, str, str]]:
    """Return each setting that differs, with what it is today and what it would be."""
    return sorted(_differences(today.model_dump(mode="json"), then.model_dump(mode="json"), ""))


def says_of(uow: UnitOfWork, house: House, handlings: Handlings, follow_up: FollowUpRecord, now: datetime) -> str:
    """Return what it will say to the person; "" where it says nothing, or that is not known before."""
    kind = kind_of(follow_up.kind)
    handling = None if kind is None else handlings.get(kind)
    if handling is None or handling.says is None:
        return ""
    conversation = None
    if follow_up.conversation_id is not None:
        conversation = uow.conversations.get(follow_up.conversation_id)
    moment = Moment(uow, follow_up, uow.enquiries.get(follow_up.enquiry_id), conversation, house, now)
    return handling.says(moment)


def _goes(
    uow: UnitOfWork,
    house: House,
    handlings: Handlings,
    follow_up: FollowUpRecord,
    enquiry: EnquiryRecord,
    now: datetime,
) -> Goes:
    due_at = max(follow_up.due_at, now)
    if follow_up.actor is Actor.WORKER:
        return Goes(_next_bell(house, follow_up, now), "", "")
    if not speaks(follow_up.kind):
        return Goes(due_at, "", "")
    planned = plan(
        due_at,
        contact=contact_of(uow, house, enquiry),
        way=Way.CHAT,
        calendar=Calendar(house.area, house.working_time),
        now=now,
        latest=follow_up.promised_at,
    )
    says = says_of(uow, house, handlings, follow_up, now)
    if isinstance(planned, Planned):
        return Goes(planned.at, planned.reasons[0].words_id, says)
    return Goes(None, words_id(planned.why), says)


def _next_bell(house: House, follow_up: FollowUpRecord, now: datetime) -> datetime:
    """Return when its worker hears of it next; by other rules it is the first bell that is still to come."""
    times = house.area.follow_ups
    by = follow_up.promised_at or follow_up.due_at
    bells = bells_of(times.bells_of.get(follow_up.kind, times.bells), by, house.working_time)
    return next((bell.at for bell in bells if bell.at > now), max(follow_up.due_at, now))


def window(now: datetime, days: int) -> datetime:
    return now + timedelta(days=days)


def _differences(today: Any, then: Any, path: str) -> Iterator[tuple[str, str, str]]:
    if today == then:
        return
    if isinstance(today, Mapping) or isinstance(then, Mapping):
        today, then = ({} if side is None else side for side in (today, then))
        for name in {*today, *then}:
            yield from _differences(today.get(name), then.get(name), f"{path}.{name}" if path else str(name))
        return
    yield path, _plain(today), _plain(then)


def _plain(value: Any) -> str:
    if value is None:
        return "not set"
    text = str(value)
    return text if len(text) <= 120 else f"{text[:117]}..."

"""A closed record is deleted when its rule says so, unless somebody still needs it; and that is on the record."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from bot.followups.due import Done, Handling, Handlings, Moment, PutOff, Result, Stale
from bot.followups.kinds import FollowUpKind, promise
from bot.safeguarding.telling import is_closed
from bot.working_time import WorkingTime
from flows.area import Area
from flows.retention import RecordRule, Retention
from storage.alerts import AlertStatus
from storage.enquiries import EnquiryRecord, EnquiryStatus
from storage.erasure import closed_without_a_clock, erase_record
from storage.follow_ups import FollowUpRecord
from storage.identifiers import EnquiryId
from storage.unit_of_work import UnitOfWork

KIND = FollowUpKind.RECORD_DELETION
AT_ONCE = 50
"""In one unit of work."""
FEW = 5
"""Records deleted in one unit by the command: an alert must not wait for a hundred of them on SQLite."""
OWNER = "retention"
NO_RULE = "no_rule"
_FIRST = EnquiryId("")
"""Before every record: ids are never empty."""


@dataclass(frozen=True, slots=True)
class Goes:
    """It is deleted now, by this rule."""

    rule: RecordRule


@dataclass(frozen=True, slots=True)
class Stays:
    """It is kept because of `why`, a code, and looked at again then; never, where there is no time."""

    why: str
    again_at: datetime | None = None


Fate: TypeAlias = Goes | Stays


@dataclass(frozen=True, slots=True)
class Looked:
    """A record whose time has come: its reference, when it was closed, and what becomes of it."""

    reference: str
    closed_at: datetime
    fate: Fate


# -- promised --------------------------------------------------------------------------------------------------


def promise_deletion(
    uow: UnitOfWork, area: Area, working_time: WorkingTime, enquiry_id: EnquiryId, now: datetime
) -> FollowUpRecord | None:
    """Promise to delete a record that is closed, when its rule says so; None where no rule is on for it."""
    enquiry = uow.enquiries.get(enquiry_id)
    found = _reckoned(uow, area.retention, working_time, enquiry)
    if found is None:
        return None
    rule, due_at = found
    standing = _standing(uow, enquiry_id)
    if standing is not None:
        uow.follow_ups.cancel_one(standing.id, "planned_anew", now)
    return promise(
        uow,
        KIND,
        enquiry_id=enquiry_id,
        due_at=max(due_at, now),
        key=f"{_keys(enquiry_id)}{mark_of(area.retention)}",
        details={"rule": rule.name},
        now=now,
    )


def end_old_clocks(uow: UnitOfWork, retention: Retention, now: datetime) -> int:
    """End clocks that other rules than those of today set; return how many. Asked again until none is left."""
    old = uow.follow_ups.keyed_unlike(KIND, f":{mark_of(retention)}", limit=AT_ONCE)
    return sum(uow.follow_ups.cancel_one(follow_up.id, "rule_changed", now) for follow_up in old)


def promise_missing(
    uow: UnitOfWork, area: Area, working_time: WorkingTime, now: datetime, *, after: EnquiryId = _FIRST
) -> EnquiryId | None:
    """Give a clock to closed records that have none; return after which to go on, None where there is no more."""
    if not any(rule.is_on for rule in area.retention.records):
        return None
    found = closed_without_a_clock(uow, KIND, after=after, limit=AT_ONCE)
    for enquiry_id in found:
        promise_deletion(uow, area, working_time, enquiry_id, now)
    return found[-1] if found else None


def mark_of(retention: Retention) -> str:
    """Return what tells these rules from others: clocks that other rules gave are set anew."""
    rules = "\n".join(rule.model_dump_json() for rule in retention.records if rule.is_on)
    return hashlib.sha256(f"{retention.soonest_days}\n{rules}".encode()).hexdigest()[:8]


# -- kept ------------------------------------------------------------------------------------------------------


def fate_of(uow: UnitOfWork, area: Area, working_time: WorkingTime, enquiry: EnquiryRecord, now: datetime) -> Fate:
    """Return what becomes of a record now: read anew, whatever was true when it was promised."""
    found = _reckoned(uow, area.retention, working_time, enquiry)
    if found is None:
        return Stays(_why_no_clock(enquiry))
    rule, due_at = found
    if due_at > now:
        return Stays("kept_longer", due_at)
    why = why_needed(uow, area.retention, enquiry)
    if why:
        return Stays(why, now + timedelta(days=area.retention.again_days))
    return Goes(rule)


def why_needed(uow: UnitOfWork, retention: Retention, enquiry: EnquiryRecord) -> str:
    """Return why a closed record is still needed, as a code; nothing where it is not."""
    if retention.hold.strip():
        return "area_hold"
    if uow.legal_holds.standing_for(enquiry.id) is not None:
        return "legal_hold"
    if uow.holds.standing_for(enquiry.id) is not None:
        return "decision_awaited"
    if any(alert.status is not AlertStatus.CLOSED for alert in uow.alerts.of(enquiry.id)):
        return "alert_open"
    if uow.pass_ons.standing_for(enquiry.id) is not None:
        return "not_confirmed"
    if any(disagreement.answered_at is None for disagreement in uow.notes.disagreements(enquiry.id)):
        return "disagreement"
    if any(uow.turns.next_unhandled(c.id) is not None for c in uow.conversations.of_enquiry(enquiry.id)):
        return "they_wrote"
    others = (f for f in uow.follow_ups.of(enquiry.id) if f.done_at is None and f.kind != KIND)
    return "promised" if any(others) else ""


def look(
    uow: UnitOfWork, area: Area, working_time: WorkingTime, now: datetime, limit: int = AT_ONCE
) -> list[Looked]:
    """Return the records whose time has come, and what becomes of each. Changes nothing."""
    enquiries = (uow.enquiries.get(follow_up.enquiry_id) for follow_up in _due(uow, now, limit))
    return [_looked(enquiry, fate_of(uow, area, working_time, enquiry, now)) for enquiry in enquiries]


def keep_rules(
    uow: UnitOfWork, area: Area, working_time: WorkingTime, now: datetime, limit: int = FEW
) -> list[Looked]:
    """Do with the records whose time has come what the rules say; return what became of each."""
    done = []
    for follow_up in _due(uow, now, limit):
        if uow.follow_ups.take(follow_up.id, owner=OWNER, now=now) is None:
            continue  # a process is at it
        enquiry = uow.enquiries.get(follow_up.enquiry_id)
        fate = _do(uow, area, working_time, enquiry.id, now)
        match fate:
            case Goes():
                uow.follow_ups.done(follow_up.id, "deleted", now)
            case Stays(why, None):
                uow.follow_ups.done(follow_up.id, f"stale.{why}", now)
            case Stays(why, datetime() as again_at):
                uow.follow_ups.put_off(follow_up.id, due_at=again_at, why=why)
        done.append(_looked(enquiry, fate))
    return done


def _due(uow: UnitOfWork, now: datetime, limit: int) -> Sequence[FollowUpRecord]:
    return uow.follow_ups.standing(kinds=[KIND], until=now + timedelta(microseconds=1), limit=limit)


def _looked(enquiry: EnquiryRecord, fate: Fate) -> Looked:
    return Looked(enquiry.reference, enquiry.closed_at or enquiry.opened_at, fate)


def _delete(moment: Moment) -> Result:
    house = moment.house
    match _do(moment.uow, house.area, house.working_time, moment.enquiry.id, moment.now):
        case Goes():
            return Done("deleted")
        case Stays(why, again_at):
            return Stale(why) if again_at is None else PutOff(again_at, why)


def _do(uow: UnitOfWork, area: Area, working_time: WorkingTime, enquiry_id: EnquiryId, now: datetime) -> Fate:
    """Delete it, where nobody is writing in it at this moment and it is to go all the same."""
    for conversation in uow.conversations.of_enquiry(enquiry_id):
        uow.conversations.get_for_update(conversation.id)
    enquiry = uow.enquiries.get_for_update(enquiry_id)
    fate = fate_of(uow, area, working_time, enquiry, now)
    if isinstance(fate, Goes):
        erase_record(uow, enquiry, now, fate.rule.certificate())
    return fate


def _is_over(moment: Moment) -> str | None:
    """A worker has it where deleting failed: it is over once it is deleted, or open again."""
    return _why_no_clock(moment.enquiry) if _has_no_clock(moment.enquiry) else None


def _has_no_clock(enquiry: EnquiryRecord) -> bool:
    is_closed = enquiry.status is EnquiryStatus.CLOSED and enquiry.closed_at is not None
    return enquiry.erased_at is not None or not is_closed


def _why_no_clock(enquiry: EnquiryRecord) -> str:
    if enquiry.erased_at is not None:
        return "erased"
    return "open" if _has_no_clock(enquiry) else NO_RULE


# -- reckoned --------------------------------------------------------------------------------------------------


def _reckoned(
    uow: UnitOfWork, retention: Retention, working_time: WorkingTime, enquiry: EnquiryRecord
) -> tuple[RecordRule, datetime] | None:
    """Return the rule that is on for a closed record, and when it goes: as that day begins where the area is."""
    if _has_no_clock(enquiry) or enquiry.closed_at is None:
        return None
    outcomes = {decision.outcome for decision in uow.decisions.of(enquiry.id)}
    if not outcomes and enquiry.submitted_at is None:
        return None  # a draft, which has a rule of its own
    outcomes = outcomes or {""}
    closed = is_closed(uow, enquiry.id)
    births, closed_on = _births(uow, enquiry), working_time.date_of(enquiry.closed_at)
    days = []
    # Decided more than once, it is kept for the longest of them: what was graver before stays so.
    for outcome in sorted(outcomes):
        rule = retention.rule_for(outcome, closed_queue=closed)
        if rule is None:
            return None
        born = births if rule.counts_from == "birth" else []
        days.append((retention.delete_on(rule, closed_on, born), rule))
    day, rule = max(days, key=lambda each: each[0])
    return rule, working_time.midnight(day)


def _births(uow: UnitOfWork, enquiry: EnquiryRecord) -> list[date | None]:
    """Return the children's days of birth; None for a child of whom we do not know it to the day."""
    members = uow.households.of_enquiry(enquiry.id)
    children = [uow.people.get(m.person_id) for m in members if m.relationship.startswith("children.")]
    return [_day(child.date_of_birth) for child in children]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _keys(enquiry_id: EnquiryId) -> str:
    return f"record:{enquiry_id}:"


def _standing(uow: UnitOfWork, enquiry_id: EnquiryId) -> FollowUpRecord | None:
    return next((f for f in uow.follow_ups.of(enquiry_id) if f.kind == KIND and f.done_at is None), None)


HANDLINGS: Handlings = {KIND: Handling(act=_delete, stale=_is_over, by_itself=True)}

"""Begins a message to a person where it is safe at this very moment; else later, or a worker has it (FD17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.conversation.house import House
from bot.conversation.memory import Memory
from bot.conversation.promises import Place
from bot.conversation.speaking import rows_of
from bot.followups.due import ForWorker, Moment, PutOff, Stale
from bot.followups.kinds import Weight
from bot.followups.planning import Calendar, Plan, Planned, plan
from bot.followups.reasons import Held, words_id
from bot.followups.safe_contact import SafeContact, Way, safe_contact_of
from flows.outcome import Message
from flows.state import Mode
from storage.conversations import ConversationRecord, ConversationStatus
from storage.enquiries import EnquiryRecord
from storage.outbox import NewOutbox
from storage.recordings import RECORDED
from storage.unit_of_work import UnitOfWork

WITH_WORKER_FOR = timedelta(hours=1)
"""While a worker writes with them we say nothing in between, and look again after so long."""


def contact_of(uow: UnitOfWork, house: House, enquiry: EnquiryRecord) -> SafeContact:
    """Read anew what they told us of reaching them safely."""
    answers = uow.answers.current(enquiry.id)
    return safe_contact_of(answers, audience=enquiry.audience.value, contacting=house.area.contacting)


@dataclass(frozen=True, slots=True)
class Safe:
    """A message may be begun in the chat now. `until`: when that ends for what has not gone by then."""

    until: datetime


def may_begin(moment: Moment) -> Safe | PutOff | ForWorker | Stale:
    """Say that a message may be begun in the chat now, or what becomes of it.

    Ask it in the unit that writes the message, each time: what was safe when it was planned may not be any more.
    """
    if (refused := _not_in_chat(moment.conversation, moment)) is not None:
        return refused
    planned = _plan(moment)
    if not isinstance(planned, Planned):
        if planned.why is Held.ASKED_NOT_TO_WRITE:
            return _unreachable(moment, planned.why.value)
        return ForWorker(planned.why.value, by=planned.by)
    if planned.at > moment.now:
        return PutOff(planned.at, planned.reasons[0].code.value)
    return Safe(planned.until)


def _plan(moment: Moment) -> Plan:
    return plan(
        moment.now,
        contact=contact_of(moment.uow, moment.house, moment.enquiry),
        way=Way.CHAT,
        calendar=Calendar(moment.house.area, moment.house.working_time),
        now=moment.now,
        latest=moment.follow_up.promised_at,
    )


@dataclass(frozen=True, slots=True)
class Wished:
    """When something is to be begun, and the codes of why then (`Moved`) or of why a worker would hold it."""

    at: datetime
    reasons: tuple[str, ...]


def planned_for(
    uow: UnitOfWork, house: House, enquiry: EnquiryRecord, wanted_at: datetime, now: datetime, way: Way = Way.CHAT
) -> Wished:
    """Return the first safe time that is not before `wanted_at`, by what they have said so far; that time itself
    where there is none, and then a worker has it. Read again when it is due: see `may_begin`.
    """
    calendar = Calendar(house.area, house.working_time)
    contact = contact_of(uow, house, enquiry)
    planned = plan(wanted_at, contact=contact, way=way, calendar=calendar, now=now)
    if isinstance(planned, Planned):
        return Wished(planned.at, tuple(reason.words_id for reason in planned.reasons))
    return Wished(wanted_at, (words_id(planned.why),))


def begin(
    moment: Moment,
    safe: Safe,
    messages: Sequence[Message],
    asks: Place | None = None,
    *,
    by: datetime | None = None,
) -> tuple[NewOutbox, ...]:
    """Return the rows of a message we begin. `asks` is the question it asks: words may answer it from now on.

    `safe` is what `may_begin` says at this moment. What has not gone when it is not safe any more, or after `by`,
    is given up: see `given_up`. Raises `ValueError` where there is no chat.
    """
    conversation = moment.conversation
    if conversation is None:
        raise ValueError("there is no chat to write in")
    memory = replace(Memory.from_json(conversation.state), begun=True)
    if asks is not None:
        memory = replace(memory, outside=str(asks))
    moment.uow.conversations.save(
        conversation.id,
        expected_version=conversation.version,
        state=memory.to_json(),
        status=conversation.status,
        finished=conversation.finished,
        flow=conversation.flow,
        flow_version=conversation.flow_version,
        language=conversation.language,
        turns_handled=conversation.turns_handled,
        now=moment.now,
        spoke=True,
    )
    ends = [at for at in (safe.until, by, moment.follow_up.promised_at) if at is not None]
    rows = rows_of(messages, conversation, None, memory, moment.house, moment.now)
    return tuple(replace(row, not_after=min(ends), follow_up_id=moment.follow_up.id) for row in rows)


def _not_in_chat(conversation: ConversationRecord | None, moment: Moment) -> PutOff | ForWorker | Stale | None:
    if conversation is None or conversation.channel in RECORDED:
        return _unreachable(moment, "no_chat")
    if conversation.status is ConversationStatus.CLOSED:
        return _unreachable(moment, "chat_closed")
    if conversation.blocked_at is not None:
        return _unreachable(moment, "blocked")
    memory = Memory.from_json(conversation.state)
    if memory.stopped:
        return Stale("stopped")
    if memory.state is not None and memory.state.mode is Mode.PAUSED:
        return ForWorker("not_safe_in_chat")
    if conversation.status is ConversationStatus.WITH_WORKER:
        return PutOff(moment.now + WITH_WORKER_FOR, "with_worker")
    return None


def _unreachable(moment: Moment, why: str) -> ForWorker | Stale:
    """What they were promised a worker keeps; what we only wanted to ask or say ends."""
    return ForWorker(why) if moment.follow_up.weight < Weight.REMINDER else Stale(why)

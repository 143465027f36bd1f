"""A conversation in a worker's hands: taken, written in, handed back, and fallen back when its worker is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.deciding import Decider
from bot.conversation.house import House
from bot.conversation.memory import Memory
from bot.conversation.speaking import row_in
from bot.desk.answering import answer
from bot.safeguarding.climbing import Climber
from bot.safeguarding.telling import note_act
from nlu.base import Urgency, most_urgent
from storage.concerns import ConcernStatus
from storage.conversations import ConversationRecord, ConversationStatus
from storage.duty_workers import DutyWorkerRecord
from storage.enquiries import EnquiryRecord, EnquiryStatus
from storage.handoffs import HandoffEnd, HandoffRecord
from storage.incidents import IncidentKind
from storage.outbox import NewOutbox, OutboxKind, OutboxRecord
from storage.recordings import RECORDED
from storage.typing import Writer
from storage.unit_of_work import UnitOfWork

LONGEST_WORDS = 4_000
"""Characters of one message to a person: longer ones are not read."""


class NoConversation(Exception):
    """There is nowhere to write: the chat was closed, cleared, or the person has blocked us there."""


class EnquiryClosed(Exception):
    """The enquiry was closed with a decision."""


class NotYours(Exception):
    """`by` has the conversation; nobody where that is empty."""

    def __init__(self, by: str) -> None:
        super().__init__("another worker has it, or nobody")
        self.by = by


class MayNotBeSafe(Exception):
    """They left in a hurry or asked us to stop, and have not written since."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Who has the conversation. Offer `rows` to the dispatcher."""

    by: str
    is_mine: bool
    is_new: bool
    rows: tuple[OutboxRecord, ...] = ()


def take(
    uow: UnitOfWork,
    house: House,
    enquiry: EnquiryRecord,
    worker: DutyWorkerRecord,
    now: datetime,
    *,
    over: bool = False,
) -> HandedOver:
    """Take a conversation out of the bot's hands; `over`: out of another worker's too, which is on the record.

    Whoever comes second is told who has it. Raises `EnquiryClosed` and `NoConversation`.
    """
    if enquiry.status is EnquiryStatus.CLOSED:
        raise EnquiryClosed
    conversation = open_conversation_of(uow, enquiry)
    if conversation is None:
        raise NoConversation
    answered = answer(uow, house.doorbell, enquiry, worker, now)
    held = uow.handoffs.open_for(conversation.id)
    if held is not None and held.worker_id == worker.id:
        return HandedOver(worker.name, True, False, answered.rows)
    if held is not None:
        holder = uow.duty_workers.get(held.worker_id)
        if holder.disabled_at is None and not over:
            return HandedOver(holder.name, False, False, answered.rows)
        uow.handoffs.end(held.id, HandoffEnd.TAKEN_OVER, now)
        note_act(uow, enquiry, worker.id, "conversation.taken_over", ("handoff", held.id), now)
    elif not answered.is_mine and not over:
        return HandedOver(answered.by, False, False, answered.rows)
    handoff = uow.handoffs.take(enquiry.id, conversation.id, worker.id, now)
    uow.enquiries.set_worker(enquiry.id, worker.id)
    if enquiry.status is EnquiryStatus.OPEN:
        uow.enquiries.set_status(enquiry.id, EnquiryStatus.WITH_WORKER, now)
    uow.conversations.set_status(conversation.id, ConversationStatus.WITH_WORKER, now)
    note_act(uow, enquiry, worker.id, "conversation.taken", ("handoff", handoff.id), now)
    rows = uow.outbox.put(_said_that_one_is_here(house, enquiry, conversation, worker, now))
    return HandedOver(worker.name, True, True, (*answered.rows, *rows))


def write(
    uow: UnitOfWork,
    house: House,
    enquiry: EnquiryRecord,
    worker: DutyWorkerRecord,
    text: str,
    now: datetime,
    *,
    anyway: bool = False,
) -> list[OutboxRecord]:
    """Write to the person where they are.

    Raises `NotYours`, `NoConversation` and, unless `anyway`, `MayNotBeSafe`.
    """
    conversation, _ = _in_hand(uow, enquiry, worker)
    if not anyway and Memory.from_json(conversation.state).stopped:
        raise MayNotBeSafe
    uow.typing.stop(conversation.id, Writer.WORKER)
    rows = uow.outbox.put([message_to(conversation, OutboxKind.WORKER, text, house, now)])
    note_act(uow, enquiry, worker.id, "worker.wrote", ("outbox_message", rows[0].id), now)
    return rows


def hand_back(
    uow: UnitOfWork, house: House, enquiry: EnquiryRecord, worker: DutyWorkerRecord, summary: str, now: datetime
) -> tuple[OutboxRecord, ...]:
    """Give the conversation back to the bot, saying aloud what was agreed. Raises as `write` does."""
    conversation, handoff = _in_hand(uow, enquiry, worker)
    is_quiet = Memory.from_json(conversation.state).stopped
    aloud = [] if is_quiet else [message_to(conversation, OutboxKind.WORKER, summary, house, now)]
    decided = Decider(uow, house, now).hand_back(conversation, "handed_back", aloud)
    uow.handoffs.end(handoff.id, HandoffEnd.HANDED_BACK, now, summary)
    if enquiry.status is EnquiryStatus.WITH_WORKER:
        uow.enquiries.set_status(enquiry.id, EnquiryStatus.OPEN, now)
    note_act(uow, enquiry, worker.id, "conversation.handed_back", ("handoff", handoff.id), now)
    return decided.to_send


def fall_back(uow: UnitOfWork, house: House, now: datetime) -> list[OutboxRecord]:
    """Bring back before everybody what disabled workers hold, with an incident; return what is to be sent."""
    rows: list[OutboxRecord] = []
    for handoff in uow.handoffs.orphaned():
        enquiry = uow.enquiries.get(handoff.enquiry_id)
        conversation = uow.conversations.get_for_update(handoff.conversation_id)
        uow.handoffs.end(handoff.id, HandoffEnd.FELL_BACK, now)
        note_act(uow, enquiry, "front_door", "conversation.fell_back", ("handoff", handoff.id), now)
        if conversation.status is ConversationStatus.WITH_WORKER:
            rows.extend(Decider(uow, house, now).hand_back(conversation, "worker_gone", wanted=True).to_send)
    for enquiry in uow.enquiries.held_by_the_disabled():
        worker_id = enquiry.worker_id or ""
        uow.enquiries.set_worker(enquiry.id, None)
        if enquiry.status is EnquiryStatus.WITH_WORKER:
            uow.enquiries.set_status(enquiry.id, EnquiryStatus.OPEN, now)
        note_act(uow, enquiry, "front_door", "enquiry.fell_back", ("enquiry", enquiry.id), now, worker=worker_id)
        uow.incidents.raise_(
            IncidentKind.WORKER_GONE, key=f"{enquiry.id}:{worker_id}", now=now, enquiry_id=enquiry.id
        )
        rows.extend(uow.outbox.put(_alerted_again(uow, house, enquiry, now)))
    for enquiry_id in uow.alerts.answered_by_the_gone():
        enquiry = uow.enquiries.get(enquiry_id)
        uow.incidents.raise_(
            IncidentKind.WORKER_GONE, key=f"{enquiry.id}:answered", now=now, enquiry_id=enquiry.id
        )
        rows.extend(uow.outbox.put(_alerted_again(uow, house, enquiry, now)))
    return rows


def open_conversation_of(uow: UnitOfWork, enquiry: EnquiryRecord) -> ConversationRecord | None:
    """Return the newest conversation of an enquiry that can be written in, and hold its row."""
    found = [c for c in uow.conversations.of_enquiry(enquiry.id) if can_be_written_in(c)]
    return uow.conversations.get_for_update(found[-1].id) if found else None


def can_be_written_in(conversation: ConversationRecord) -> bool:
    """Say whether the person reads what is written there: not where a worker wrote down what they said."""
    return conversation.status is not ConversationStatus.CLOSED and conversation.channel not in RECORDED


def message_to(
    conversation: ConversationRecord, kind: OutboxKind, text: str, house: House, now: datetime
) -> NewOutbox:
    return row_in(conversation, kind, {"text": text}, house, now)


def first_name(worker: DutyWorkerRecord) -> str:
    return worker.name.split()[0] if worker.name.split() else ""


def _in_hand(
    uow: UnitOfWork, enquiry: EnquiryRecord, worker: DutyWorkerRecord
) -> tuple[ConversationRecord, HandoffRecord]:
    conversation = open_conversation_of(uow, enquiry)
    if conversation is None or conversation.blocked_at is not None:
        raise NoConversation
    held = uow.handoffs.open_for(conversation.id)
    if held is None:
        raise NotYours("")
    if held.worker_id != worker.id:
        raise NotYours(uow.duty_workers.get(held.worker_id).name)
    return conversation, held


def _said_that_one_is_here(
    house: House, enquiry: EnquiryRecord, conversation: ConversationRecord, worker: DutyWorkerRecord, now: datetime
) -> list[NewOutbox]:
    if conversation.blocked_at is not None or Memory.from_json(conversation.state).stopped:
        return []
    role = house.wording.text(f"role_{worker.role.value}")
    values = {"worker": first_name(worker), "role": role}
    text = house.voice(now, enquiry.reference).fixed("worker_here", enquiry.audience.value, values)
    return [message_to(conversation, OutboxKind.NOTICE, text, house, now)]


def _alerted_again(uow: UnitOfWork, house: House, enquiry: EnquiryRecord, now: datetime) -> list[NewOutbox]:
    """Danger that was in hand is in nobody's now: its alert begins anew."""
    danger = [
        c
        for c in uow.concerns.of(enquiry.id)
        if c.status is not ConcernStatus.RESOLVED and Urgency(c.urgency.value).raises_alert
    ]
    if not danger:
        return []
    for concern in danger:
        uow.concerns.set_status(concern.id, ConcernStatus.RAISED)
    worst = most_urgent(*(Urgency(c.urgency.value) for c in danger))
    conversations = uow.conversations.of_enquiry(enquiry.id)
    labels = "; ".join(dict.fromkeys(house.doorbell.label(c.indicator) for c in danger))
    newest = conversations[-1] if conversations else None
    return Climber(uow, house.doorbell, now).alert(
        enquiry.id,
        worst,
        conversation_id=newest.id if newest else None,
        channel=newest.channel if newest else "desk",
        indicators=labels,
    )

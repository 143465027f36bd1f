"""Writing down a call or a visit: who does, what a professional gets in writing, and what became of that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.finding import text_of
from bot.conversation.house import House, when_in_words
from bot.conversation.speaking import notice_to
from bot.safeguarding.telling import note_act
from flows.answers import from_json
from storage.conversations import ConversationRecord
from storage.duty_workers import DutyWorkerRecord
from storage.enquiries import Audience, EnquiryRecord, EnquiryStatus
from storage.incidents import IncidentKind
from storage.outbox import NewOutbox, OutboxRecord
from storage.recordings import Hand, RecordedWay, RecordingRecord
from storage.unit_of_work import UnitOfWork

WAYS = {RecordedWay.PHONE: "A phone call", RecordedWay.VISIT: "A visit to the office"}
HANDS = {
    Hand.FIRST: "First hand: they saw, heard or lived it",
    Hand.SECOND: "Second hand: somebody told them",
    Hand.UNKNOWN: "Not known yet",
}


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a professional is to have in writing, by when. `email`: where it can be sent; `is_going`: it was."""

    words: str
    by: datetime
    email: str
    is_going: bool


class NothingToConfirm(Exception):
    """It is not a professional's, was not sent yet, or is confirmed already or on its way."""


def begin_with(
    worker: DutyWorkerRecord, way: RecordedWay, hand: Hand, form: str, now: datetime
) -> Callable[[UnitOfWork, ConversationRecord], None]:
    """Return what keeps, in the unit that opens the conversation, who writes it down. The enquiry is theirs."""

    def note(uow: UnitOfWork, conversation: ConversationRecord) -> None:
        recording = uow.recordings.begin(
            enquiry_id=conversation.enquiry_id,
            conversation_id=conversation.id,
            worker_id=worker.id,
            form=form,
            way=way,
            hand=hand,
            now=now,
        )
        uow.enquiries.set_worker(conversation.enquiry_id, worker.id)
        uow.enquiries.set_status(conversation.enquiry_id, EnquiryStatus.WITH_WORKER, now)
        enquiry = uow.enquiries.get(conversation.enquiry_id)
        note_act(uow, enquiry, worker.id, "recording.begun", ("recording", recording.id), now, way=way.value)

    return note


def go_on_with(
    uow: UnitOfWork, enquiry: EnquiryRecord, recording: RecordingRecord, worker: DutyWorkerRecord, now: datetime
) -> None:
    """Go on with what another worker began to write down, which is on the record."""
    if recording.writer_id == worker.id or enquiry.submitted_at is not None:
        return
    uow.recordings.set_writer(recording.id, worker.id)
    uow.enquiries.set_worker(enquiry.id, worker.id)
    if enquiry.status is EnquiryStatus.OPEN:
        uow.enquiries.set_status(enquiry.id, EnquiryStatus.WITH_WORKER, now)
    note_act(uow, enquiry, worker.id, "recording.gone_on_with", ("recording", recording.id), now)


def set_hand(
    uow: UnitOfWork,
    enquiry: EnquiryRecord,
    recording: RecordingRecord,
    worker: DutyWorkerRecord,
    hand: Hand,
    now: datetime,
) -> None:
    uow.recordings.set_hand(recording.id, hand)
    record = ("recording", recording.id)
    note_act(uow, enquiry, worker.id, "recording.hand_set", record, now, hand=hand.value)


# -- the written confirmation --------------------------------------------------------------------------------


def confirm_by(house: House, enquiry: EnquiryRecord, recording: RecordingRecord) -> datetime | None:
    """Return when a professional is to have it in writing; None where that is done, or not promised."""
    is_promised = enquiry.audience is Audience.PROFESSIONAL and enquiry.submitted_at is not None
    if not is_promised or recording.confirmed_at is not None:
        return None
    return recording.began_at + timedelta(hours=house.area.due.confirm_in_writing_hours)


def confirmation_of(uow: UnitOfWork, house: House, enquiry: EnquiryRecord, now: datetime) -> Confirmation | None:
    """Return what is still to be confirmed in writing; None where nothing is."""
    recording = uow.recordings.of(enquiry.id)
    by = None if recording is None else confirm_by(house, enquiry, recording)
    if recording is None or by is None:
        return None
    words = confirmation_words(house, enquiry, recording, now)
    return Confirmation(words, by, work_email(uow, house, enquiry), recording.outbox_id is not None)


def confirmation_words(house: House, enquiry: EnquiryRecord, recording: RecordingRecord, now: datetime) -> str:
    """Return the approved words of the confirmation: a reference, and nothing of what was said."""
    when = when_in_words(recording.began_at, now, house.area.timezone)
    return house.voice(now, enquiry.reference).fixed("confirm_in_writing", "professional", {"when": f"at {when}"})


def work_email(uow: UnitOfWork, house: House, enquiry: EnquiryRecord) -> str:
    """Return where it can be sent by e-mail, if they gave a work address and we can send."""
    if "email" not in house.doorbell.ways:
        return ""
    answers = [a for a in uow.answers.current(enquiry.id) if a.key.rpartition(".")[2] == "professional_email"]
    return text_of(from_json(answers[-1].value)) if answers else ""


def confirm(
    uow: UnitOfWork,
    house: House,
    enquiry: EnquiryRecord,
    recording: RecordingRecord,
    worker: DutyWorkerRecord,
    now: datetime,
    *,
    by_email: bool,
) -> list[OutboxRecord]:
    """Send the confirmation by e-mail, or note that a worker has sent it. Raises `NothingToConfirm`."""
    if confirm_by(house, enquiry, recording) is None:
        raise NothingToConfirm
    words = confirmation_words(house, enquiry, recording, now)
    record = ("recording", recording.id)
    if not by_email:
        uow.recordings.confirm_with(recording.id, words, None)
        if not uow.recordings.confirmed(recording.id, worker.id, now):
            raise NothingToConfirm
        note_act(uow, enquiry, worker.id, "recording.confirmed", record, now, way="by_hand")
        return []
    address = work_email(uow, house, enquiry)
    rows = uow.outbox.put([_email(house, enquiry, address, words, now)]) if address else []
    if not rows or not uow.recordings.confirm_with(recording.id, words, rows[0].id):
        raise NothingToConfirm
    note_act(uow, enquiry, worker.id, "recording.confirming", record, now, way="email")
    return rows


def note_confirmations(uow: UnitOfWork, now: datetime) -> None:
    """Note what has gone, and give back to a worker what no channel would take."""
    for recording_id, sent_at in uow.recordings.delivered():
        uow.recordings.confirmed(recording_id, None, sent_at)
    for recording in uow.recordings.not_delivered():
        enquiry = uow.enquiries.get(recording.enquiry_id)
        uow.recordings.confirm_by_hand(recording.id)
        kind = IncidentKind.CONFIRMATION_NOT_SENT
        uow.incidents.raise_(kind, key=recording.id, now=now, enquiry_id=enquiry.id)
        note_act(uow, enquiry, "front_door", "recording.not_delivered", ("recording", recording.id), now)


def _email(house: House, enquiry: EnquiryRecord, address: str, words: str, now: datetime) -> NewOutbox:
    subject = house.wording.text("confirm_subject", values={"reference": enquiry.reference})
    return notice_to("email", address, subject, words, enquiry, house, now)

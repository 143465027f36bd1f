"""The file that puts a call in somebody's calendar: sent where a chat takes files, else behind a link."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from bot.channels.base import SentFile
from bot.conversation.house import House
from bot.conversation.speaking import row_in
from bot.followups.calendar_file import CONTENT_TYPE, FILE_NAME, Appointment, write
from bot.followups.call_back_words import CallWords
from storage.call_backs import CallBackRecord, CallOutcome
from storage.conversations import ConversationRecord
from storage.identifiers import TurnId
from storage.outbox import NewOutbox, OutboxKind
from storage.unit_of_work import UnitOfWork

TAKES_FILES = frozenset({"telegram"})
LENGTH_OF_TOKEN = 24


def file_row(
    uow: UnitOfWork,
    house: House,
    conversation: ConversationRecord,
    call: CallBackRecord,
    turn_id: TurnId | None,
    now: datetime,
) -> NewOutbox:
    """Return the message with the file. Only the newest link to it opens."""
    words = CallWords(house, uow.enquiries.get(call.enquiry_id), now)
    token = secrets.token_urlsafe(LENGTH_OF_TOKEN)
    uow.call_backs.set_token(call.id, token)
    file = {"name": FILE_NAME, "type": CONTENT_TYPE, "label": words.say("call_file_link"), "token": token}
    if conversation.channel in TAKES_FILES:
        file["content"] = _written(house, call, now).decode()
    payload = {"text": words.say("call_file_here"), "file": file}
    return row_in(conversation, OutboxKind.REPLY, payload, house, now, turn_id)


def open_file(uow: UnitOfWork, house: House, token: str, now: datetime) -> SentFile | None:
    """Return what a link opens: the call as it stands now, or that it is cancelled; None for no such link."""
    call = uow.call_backs.by_token(token)
    if call is None:
        return None
    newest = uow.call_backs.of(call.enquiry_id)[-1]
    return SentFile(FILE_NAME, CONTENT_TYPE, _written(house, newest, now).decode())


def _written(house: House, call: CallBackRecord, now: datetime) -> bytes:
    over = call.outcome in (CallOutcome.CANCELLED, CallOutcome.MOVED)
    appointment = Appointment(
        uid=hashlib.sha256(f"call:{call.enquiry_id}".encode()).hexdigest()[:32],
        starts_at=call.starts_at,
        ends_at=call.ends_at,
        title=house.wording.text("calendar_title"),
        sequence=call.sequence,
        is_cancelled=over,
    )
    return write(appointment, now)

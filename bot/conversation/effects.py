"""Does what a flow asked for, in the unit of work that records the turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.conversation.finding import BIRTHS, NAMES, key_of_child, keys_of, text_of
from bot.conversation.house import House
from bot.conversation.summary import describe_people, summarise
from bot.safeguarding.escalation import Worry, raise_worries
from bot.safeguarding.telling import tell_duty
from flows.answers import Answer, from_json, to_json
from flows.effects import (
    BringPerson,
    Effect,
    Pause,
    RaiseConcern,
    RecordAnswer,
    RecordConsent,
    RetireAnswer,
    SetAudience,
    SetDepth,
    Submit,
)
from nlu.base import Urgency
from storage.answers import AnswerRecord
from storage.conversations import ConversationRecord
from storage.enquiries import EnquiryRecord
from storage.identifiers import TurnId
from storage.outbox import NewOutbox
from storage.unit_of_work import UnitOfWork

DUTY_WORDS = {"unreadable": "duty_unreadable", "added": "duty_added", "not_understood": "duty_not_understood"}


@dataclass(frozen=True, slots=True)
class Doer:
    """Carries effects out for one turn. Each method returns what is to be sent to duty workers."""

    uow: UnitOfWork
    house: House
    conversation: ConversationRecord
    turn_id: TurnId | None
    now: datetime

    def do_all(self, effects: Sequence[Effect]) -> list[NewOutbox]:
        rows: list[NewOutbox] = []
        for effect in effects:
            rows.extend(self.do(effect))
        return rows

    def do(self, effect: Effect) -> list[NewOutbox]:
        match effect:
            case RecordAnswer():
                self._record_answer(effect)
            case RetireAnswer(key=key):
                self.uow.answers.retire(self.conversation.id, key, self.now)
                self.uow.enquiry_keys.forget(self.conversation.enquiry_id, self._source(key))
            case RaiseConcern():
                return self._raise_concern(effect)
            case RecordConsent():
                self._record_consent(effect)
            case SetAudience(audience=audience):
                self.uow.enquiries.set_audience(self.conversation.enquiry_id, audience)
            case SetDepth(depth=depth):
                enquiry = self.uow.enquiries.get(self.conversation.enquiry_id)
                self.uow.enquiries.set_audience(self.conversation.enquiry_id, enquiry.audience, depth)
            case BringPerson(why=why):
                return self.bring_person(why)
            case Submit():
                return self._submit()
            case Pause():
                self._note("conversation.paused")
            case _:
                assert_never(effect)
        return []

    def bring_person(self, why: str) -> list[NewOutbox]:
        """Tell the duty workers that somebody is wanted; `why` is on the record."""
        self._note("person.wanted", why=why)
        if why == "handover":  # the enquiry itself has just been sent to them
            return []
        enquiry = self.uow.enquiries.get(self.conversation.enquiry_id)
        key = DUTY_WORDS.get(why, "duty_person")
        urgent = Urgency(enquiry.urgency.value).raises_alert
        return self._tell_duty(key, enquiry, urgent=urgent)

    def _record_answer(self, effect: RecordAnswer) -> None:
        self.uow.answers.record(
            enquiry_id=self.conversation.enquiry_id,
            conversation_id=self.conversation.id,
            turn_id=self.turn_id,
            key=effect.key,
            field=effect.field,
            label=effect.label,
            answer=to_json(effect.answer),
            words=effect.answer.words,
            source=effect.source,
            now=self.now,
        )
        self._note_keys(effect.key, effect.field, effect.answer)

    def _note_keys(self, key: str, field: str, answer: Answer) -> None:
        """Let the enquiry be found by an answer, and a child be known again by a name and a date of birth."""
        keys = keys_of(field, answer)
        if field in BIRTHS or field in NAMES:
            group = key.rpartition(".")[0]
            near = {a.field: from_json(a.value) for a in self._answers_in(group)}
            child = key_of_child(text_of(near.get("child_name")), text_of(near.get("child_dob_or_age")))
            keys = [*keys, child] if child and group else keys
        if keys:
            self.uow.enquiry_keys.note(self.conversation.enquiry_id, self._source(key), keys)
        else:
            self.uow.enquiry_keys.forget(self.conversation.enquiry_id, self._source(key))

    def _answers_in(self, group: str) -> list[AnswerRecord]:
        answers = self.uow.answers.current(self.conversation.enquiry_id) if group else []
        return [a for a in answers if a.key.rpartition(".")[0] == group]

    def _source(self, key: str) -> str:
        """An enquiry may have two conversations with an answer at the same place."""
        return f"{self.conversation.id[-8:]}.{key}"[:200]

    def _raise_concern(self, effect: RaiseConcern) -> list[NewOutbox]:
        worry = Worry(
            effect.indicator,
            Urgency(effect.urgency),
            "answer",
            ({"by": "answer", "what": effect.why, "from": 0, "to": 0},),
        )
        return raise_worries(self.uow, [worry], self.conversation, self.turn_id, self.house.doorbell, self.now)

    def _record_consent(self, effect: RecordConsent) -> None:
        self.uow.consents.record(
            enquiry_id=self.conversation.enquiry_id,
            person_id=self.conversation.person_id,
            purpose=effect.purpose,
            given=effect.given,
            wording_id=effect.wording_id,
            wording_version=effect.version,
            wording=effect.wording,
            at=self.now,
        )

    def _submit(self) -> list[NewOutbox]:
        enquiry_id = self.conversation.enquiry_id
        describe_people(self.uow, self.conversation, self.now)
        self.uow.enquiries.submit(enquiry_id, summary=summarise(self.uow, enquiry_id), now=self.now)
        self._note("enquiry.submitted")
        enquiry = self.uow.enquiries.get(enquiry_id)
        return self._tell_duty("duty_enquiry", enquiry, urgent=False)

    def _tell_duty(self, key: str, enquiry: EnquiryRecord, *, urgent: bool) -> list[NewOutbox]:
        channel = self.conversation.channel
        return tell_duty(self.uow, key, enquiry, self.house.doorbell, self.now, channel=channel, urgent=urgent)

    def _note(self, act: str, **details: str) -> None:
        self.uow.audit.write(
            chain=self.conversation.enquiry_id,
            at=self.now,
            actor="front_door",
            act=act,
            record_type="enquiry",
            record_id=self.conversation.enquiry_id,
            details=dict(details),
        )

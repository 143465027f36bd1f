"""Decides one turn: what the message was, what the flow says to it, and what is said back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.channels.base import Attachment, InboundMessage, MessageKind
from bot.conversation.base import Expects
from bot.conversation.effects import Doer
from bot.conversation.house import House
from bot.conversation.interrupts import DIGRESSIONS, SURE, Interrupt, in_our_words, interrupt_of
from bot.conversation.keeping import FINDS_BY_ID, from_turn, open_conversation
from bot.conversation.memory import Memory
from bot.conversation.promises import (
    Heard,
    Heeded,
    NoPromises,
    Place,
    Promises,
    Question,
    asking_message,
    pressed,
)
from bot.conversation.references import asks_after, is_a_reference
from bot.conversation.routing import audience_of_link, begun_with_words, known_from
from bot.conversation.speaking import expects, rows_of
from bot.safeguarding import screening as screens
from bot.safeguarding.escalation import Worry, raise_worries
from bot.safeguarding.hearing import Said
from flows.answers import Answer, Given, Unread
from flows.asking import ALERTING
from flows.effects import BringPerson, Effect, Submit
from flows.engine import OPEN_WORDS, Engine
from flows.outcome import Asking, Button, Message, Outcome, Reply
from flows.reading import Expected, Option, read, whole_answer
from flows.state import Mode, State
from flows.voice import Voice
from nlu.base import Screening, Understanding, Urgency
from storage.concerns import ConcernRecord, ConcernSource
from storage.conversations import ConversationRecord, ConversationStatus
from storage.enquiries import EnquiryStatus
from storage.erasure import erase_draft
from storage.identifiers import ConversationId, TurnId
from storage.outbox import NewOutbox, OutboxRecord
from storage.recordings import RECORDED
from storage.turns import TurnRecord
from storage.unit_of_work import UnitOfWork

ENOUGH_TO_BE_A_WORRY = 15
"""Characters of a first message from which it is taken as what they came to say."""

KEPT_WORDS = {
    MessageKind.PHOTO: "photo_kept",
    MessageKind.VIDEO: "video_kept",
    MessageKind.VOICE: "voice_kept",
    MessageKind.DOCUMENT: "document_kept",
    MessageKind.LOCATION: "location_kept",
    MessageKind.CONTACT: "contact_kept",
    MessageKind.STICKER: "sticker_kept",
    MessageKind.OTHER: "other_kept",
}

DIGRESSION_WORDS = {
    Interrupt.PRIVACY: "privacy_short",
    Interrupt.ABOUT: "about_bot",
    Interrupt.HOURS: "hours_open",
    Interrupt.CHASE: "chase_ask",
    Interrupt.WRONG_SERVICE: "wrong_service",
    Interrupt.THANKS: "thanks_back",
    Interrupt.GREETING: "greeting_back",
    Interrupt.ABUSE: "abuse_calm",
}

AT_THE_START = frozenset({Interrupt.GREETING, Interrupt.HELP, Interrupt.BACK, Interrupt.CHANGE, Interrupt.RESTART})
"""Said as a first message these only open the conversation, which has just begun."""

_SURE = Expected(kind="yes_no", options=(Option("yes", "Yes", ("delete it", "start again")), Option("no", "No")))

ALWAYS_HONOURED = frozenset({"person", "stop", "quick_exit", "exit", "delete", "help"})
"""Buttons that mean the same on any message, however old."""

LEAVES_CLOSED = frozenset({"thanks", "greeting", "privacy", "about", "hours", "help", "stop", "quick_exit"})
"""What may be said after a decision without bringing the enquiry back."""

MOST_HELPLINES = 2

SAID_TO_US = frozenset({Interrupt.PERSON, Interrupt.STOP, Interrupt.QUICK_EXIT, Interrupt.DELETE, Interrupt.CHASE})
"""Never taken as somebody's own words about how it went."""

OWN_LIFE = frozenset({"child_self_harm_suicide", "parent_suicide_crisis"})


@dataclass(frozen=True, slots=True)
class Clears:
    """Messages of one chat, by the channel's own references."""

    channel: str
    address: str
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A turn that is decided and recorded. `to_send` are this process's own rows of the outbox; `clears` names
    what to take from the person's screen, as far as the channel can; `expects` is worked out for the channels that
    show it."""

    turn_id: TurnId | None
    conversation_id: ConversationId
    to_send: tuple[OutboxRecord, ...]
    clears: Clears | None = None
    expects: Expects | None = None


@dataclass(slots=True)
class _Draft:
    """What one turn is becoming while it is decided."""

    memory: Memory
    outcome_code: str
    messages: list[Message] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    rows: list[NewOutbox] = field(default_factory=list)
    status: ConversationStatus = ConversationStatus.ACTIVE
    clears: Clears | None = None
    reopens: bool | None = None  # unless said, by what they did: see LEAVES_CLOSED


@dataclass(frozen=True, slots=True)
class _Answered:
    """A question asked outside the flow, and the answer to it that a message holds."""

    place: Place
    option: str
    words: str


@dataclass(frozen=True, slots=True)
class Decider:
    """Decides one turn inside one unit of work."""

    uow: UnitOfWork
    house: House
    now: datetime
    promises: Promises = field(default_factory=NoPromises)

    def decide(self, turn: TurnRecord, conversation: ConversationRecord, understanding: Understanding) -> Decided:
        """Record what a turn led to. The caller holds the conversation and knows this turn is the next."""
        message = from_turn(turn, conversation)
        if self._begins_anew(message, conversation, understanding, turn.urgency.value):
            return self._in_new_conversation(turn, message, conversation, understanding)
        return self._decide_in(turn, message, conversation, understanding)

    def begin(self, conversation: ConversationRecord, audience: str | None) -> Decided:
        """Open the flow without a message: the web chat speaks first."""
        memory = Memory.from_json(conversation.state)
        draft = _Draft(memory, "begun")
        self._open_flow(draft, conversation, audience)
        return self._record(draft, conversation, None, "")

    def expects(self, conversation: ConversationRecord) -> Expects:
        """Return what a conversation expects now, as it stands in the database."""
        return self._expects(conversation, Memory.from_json(conversation.state), conversation.status)

    def said(self, conversation: ConversationRecord, text: str) -> Said:
        """Return what `text` is to the question this conversation was just asked."""
        memory = Memory.from_json(conversation.state)
        with_worker = conversation.status is ConversationStatus.WITH_WORKER
        if memory.state is None or memory.pending or memory.stopped or with_worker:
            return Said.ANYTHING
        asked = self._asked_outside(conversation, memory)
        if asked is not None:
            is_answer = whole_answer(text, _expected(asked[1]), today=self._today()) is not None
            return Said.ANSWER if is_answer else Said.ANYTHING
        flow = self.house.shelf.pinned(self.uow, conversation.flow, conversation.flow_version)
        engine = self.house.engine(flow, self.now, memory.reference)
        if engine.is_answered_wholly(memory.state, text, today=self._today()):
            return Said.ANSWER
        asks_for_all = engine.asking(memory.state).kind in OPEN_WORDS
        return Said.REPORT if asks_for_all and memory.state.audience == "professional" else Said.ANYTHING

    def give_to_person(self, turn: TurnRecord, conversation: ConversationRecord) -> Decided:
        """A turn we failed on again and again: tell them so, with the numbers, and bring a worker to it."""
        # Nothing of the state is read or written: it may be what broke.
        said = Message(self.house.voice(self.now).fixed("service_trouble", "unknown"))
        broken = Worry("turn_broken", Urgency.IMMEDIATE, "screening")
        duty = raise_worries(self.uow, [broken], conversation, turn.id, self.house.doorbell, self.now)
        replies = rows_of([said], conversation, turn.id, Memory(reference=""), self.house, self.now)
        to_send = self.uow.outbox.put([*duty, *replies])
        self.uow.turns.mark_handled(turn.id, "given_to_person", self.now)
        return Decided(turn.id, conversation.id, tuple(to_send))

    # -- which way a message goes --------------------------------------------------------------------------

    def _decide_in(
        self,
        turn: TurnRecord,
        message: InboundMessage,
        conversation: ConversationRecord,
        understanding: Understanding,
    ) -> Decided:
        memory = Memory.from_json(conversation.state)
        heard = screens.from_json(turn.screening)
        draft = _Draft(memory, "answered", status=_status_now(conversation))
        if conversation.status is ConversationStatus.WITH_WORKER:
            if not self._press_outside(draft, conversation, turn, message):
                self._with_worker(draft, conversation, message, understanding)
            return self._record(draft, conversation, turn, message.ref)
        self._say_what_was_heard(draft, conversation, turn, heard)
        answered = self._answered_outside(conversation, message, understanding, heard, memory)
        if (
            self._heed_mistake(draft, conversation, turn, message, heard)
            or (answered is not None and self._heed_outside(draft, conversation, turn, answered))
            or self._heed_words(draft, conversation, turn, message, heard)
            or self._heed_chase(draft, conversation, turn, message, understanding, heard)
        ):
            pass
        elif memory.state is None:
            self._first_message(draft, conversation, message, understanding, heard)
        elif memory.stopped or memory.state.mode is Mode.PAUSED:
            self._come_back(draft, conversation, message, understanding, heard)
        else:
            self._route(draft, conversation, message, understanding, heard)
        return self._record(draft, conversation, turn, message.ref)

    def _with_worker(
        self,
        draft: _Draft,
        conversation: ConversationRecord,
        message: InboundMessage,
        understanding: Understanding,
    ) -> None:
        """A worker has it: we are quiet, but for leaving in a hurry and for stopping, which work at all times."""
        draft.outcome_code = "with_worker"
        leaves = interrupt_of(message, understanding, answers=_nothing)
        if leaves not in (Interrupt.QUICK_EXIT, Interrupt.STOP):
            draft.memory = replace(draft.memory, stopped=False)
            return
        draft.outcome_code = leaves.value
        if leaves is Interrupt.QUICK_EXIT:
            draft.clears = self._on_screen(conversation)
        self._stop(draft, conversation, "quick_exit_done" if leaves is Interrupt.QUICK_EXIT else "stop_done_sent")
        draft.status = ConversationStatus.WITH_WORKER

    def hand_back(
        self, conversation: ConversationRecord, words: str, said: Sequence[NewOutbox] = (), *, wanted: bool = False
    ) -> Decided:
        """Go on after a worker: what they said last, our own `words`, and then the question we had got to.

        `wanted`: nobody has it now, and another worker is wanted.
        """
        memory = Memory.from_json(conversation.state)
        draft = _Draft(memory, "handed_back", rows=list(said))
        if wanted:
            draft.effects.append(BringPerson("asked"))
        state = memory.state
        if memory.stopped or conversation.blocked_at is not None:  # it may not be safe to write to them
            draft.status = ConversationStatus.DORMANT
        else:
            draft.messages.append(Message(self._words(draft, words)))
            if state is not None and not state.is_over:
                self._take(
                    draft, self._engine(draft, conversation).repeat(state, self._words(draft, "also_heard"))
                )
        return self._record(draft, conversation, None, "")

    def send_as_it_is(self, conversation: ConversationRecord) -> Decided:
        """Send what a worker has written down so far: whoever rang or came has gone."""
        draft = _Draft(Memory.from_json(conversation.state), "sent_as_it_is")
        self._take(draft, self._engine(draft, conversation).send_as_it_is(_state(draft)))
        return self._record(draft, conversation, None, "")

    def _route(
        self,
        draft: _Draft,
        conversation: ConversationRecord,
        message: InboundMessage,
        understanding: Understanding,
        heard: Screening,
    ) -> None:
        engine = self._engine(draft, conversation)
        state = _state(draft)
        if draft.memory.pending and self._is_about_being_sure(draft, message, understanding, heard):
            self._settle_pending(draft, conversation, message, engine)
            return
        draft.memory = replace(draft.memory, pending="")
        if message.kind is MessageKind.START:
            self._start_again_or_resume(draft, message, engine)
            return
        if message.kind is MessageKind.EDIT:
            self._edited(draft, engine, heard)
            return
        if message.kind in KEPT_WORDS and not self._answers_with_it(draft, engine, message, heard):
            self._attachment(draft, engine, message, heard)
        if message.kind in KEPT_WORDS:
            return
        if _is_old_press(message, draft.memory):
            raising = self._raising_press(conversation, engine, state, message)
            draft.outcome_code = "old_button" if raising is None else "answered"
            if raising is not None:
                self._take(draft, raising)
                return
            self._take(draft, engine.repeat(state, self._words(draft, "old_button")))
            return

        def answers(choice: str) -> bool:
            return any(button.id == choice for button in engine.asking(state).buttons)

        interrupt = interrupt_of(message, understanding, answers=answers)
        if interrupt is not None and not (message.choice is None and engine.names_an_answer(state, message.text)):
            self._interrupt(draft, conversation, engine, interrupt, heard)
            return
        if not message.text.strip() and message.choice is None and message.choices is None:
            draft.outcome_code = "empty"
            self._take(draft, engine.repeat(state, self._words(draft, "empty_message")))
            return
        self._take(draft, engine.reply(state, _reply(message, understanding, heard), today=self._today()))

    # -- what was asked outside the flow -------------------------------------------------------------------

    def _asked_outside(self, conversation: ConversationRecord, memory: Memory) -> tuple[Place, Question] | None:
        """Return the question outside the flow that was asked last of all, where it is still asked."""
        if not memory.outside:
            return None
        place = Place.from_text(memory.outside)
        question = self.promises.question(self._heard(conversation, None), place)
        return None if question is None else (place, question)

    def _answered_outside(
        self,
        conversation: ConversationRecord,
        message: InboundMessage,
        understanding: Understanding,
        heard: Screening,
        memory: Memory,
    ) -> _Answered | None:
        """Return the answer a message is to such a question: by its button at any time, in words while it is the
        newest. Words of danger are no answer, nor is what we are asked to do.
        """
        tapped = pressed(message.choice)
        if tapped is not None:
            return _Answered(*tapped, "" if message.kind is MessageKind.CHOICE else message.text)
        if message.kind is not MessageKind.TEXT or message.choice is not None or memory.pending:
            return None
        asked = None if heard.urgency.value in ALERTING else self._asked_outside(conversation, memory)
        if asked is None or not message.text.strip():
            return None
        place, question = asked
        expected = _expected(question)
        whole = _option(whole_answer(message.text, expected, today=self._today()))
        if whole:
            return _Answered(place, whole, "")
        interrupt = interrupt_of(message, understanding, answers=_nothing)
        if interrupt in SAID_TO_US or (interrupt is not None and not question.takes_any_words):
            return None
        option = _option(read(message.text, expected, today=self._today())) if question.options else ""
        return _Answered(place, option, message.text) if option or question.takes_any_words else None

    def _press_outside(
        self, draft: _Draft, conversation: ConversationRecord, turn: TurnRecord, message: InboundMessage
    ) -> bool:
        """Take an answer by a button while a worker has the conversation. Words are said to the worker."""
        tapped = pressed(message.choice)
        return tapped is not None and self._heed_outside(draft, conversation, turn, _Answered(*tapped, ""))

    def _heed_outside(
        self, draft: _Draft, conversation: ConversationRecord, turn: TurnRecord, answered: _Answered
    ) -> bool:
        """Do what an answer leads to; say whether there was such a question."""
        heeded = self.promises.answer(
            self._heard(conversation, turn), answered.place, answered.option, answered.words
        )
        if heeded is None:
            return False
        self._take_heeded(draft, conversation, heeded)
        return True

    def _heed_words(
        self,
        draft: _Draft,
        conversation: ConversationRecord,
        turn: TurnRecord,
        message: InboundMessage,
        heard: Screening,
    ) -> bool:
        """Do what they ask of a promise in their own words, where no flow and no danger comes first."""
        state = draft.memory.state
        if message.kind is not MessageKind.TEXT or message.choice is not None or message.choices is not None:
            return False
        is_over = state is not None and state.is_over and not draft.memory.pending
        if not is_over or heard.urgency.value in ALERTING or in_our_words(message.text) is not None:
            return False
        heeded = self.promises.words(self._heard(conversation, turn), message.text)
        if heeded is None:
            return False
        self._take_heeded(draft, conversation, heeded)
        return True

    def _heed_chase(
        self,
        draft: _Draft,
        conversation: ConversationRecord,
        turn: TurnRecord,
        message: InboundMessage,
        understanding: Understanding,
        heard: Screening,
    ) -> bool:
        """Say what became of something they sent before, where they ask that, and no answer of theirs is in it."""
        state = draft.memory.state
        if message.kind is not MessageKind.TEXT or heard.urgency.value in ALERTING or draft.memory.pending:
            return False
        if conversation.channel in RECORDED:  # it was said to the worker who writes it down
            return False
        asks = interrupt_of(message, understanding, answers=_nothing) is Interrupt.CHASE or asks_after(
            message.text
        )
        if not asks and not (is_a_reference(message.text) and (state is None or state.is_over)):
            return False
        if state is not None and self._engine(draft, conversation).names_an_answer(state, message.text):
            return False
        heeded = self.promises.chased(self._heard(conversation, turn), message.text)
        if heeded is not None:
            self._take_heeded(draft, conversation, heeded)
        return heeded is not None

    def _heed_mistake(
        self,
        draft: _Draft,
        conversation: ConversationRecord,
        turn: TurnRecord,
        message: InboundMessage,
        heard: Screening,
    ) -> bool:
        """Stop everything where they say that we have the wrong person, and say nothing of whom we wanted."""
        if message.kind is not MessageKind.TEXT or heard.urgency.value in ALERTING:
            return False
        state = draft.memory.state
        begun = draft.memory.begun or (state is not None and state.is_over)
        heeded = self.promises.mistaken(self._heard(conversation, turn), message.text, begun=begun)
        if heeded is None:
            return False
        self.uow.outbox.cancel_pending(conversation.id, self.now)
        draft.messages.clear()
        self._take_heeded(draft, conversation, heeded)
        return True

    def _offer(self, draft: _Draft, conversation: ConversationRecord, turn: TurnRecord | None) -> None:
        """Say what is offered to somebody who has just sent an enquiry."""
        heeded = self.promises.sent(self._heard(conversation, turn))
        if heeded is None or heeded.asks is None:
            return
        question = self.promises.question(self._heard(conversation, None), heeded.asks)
        if question is not None:
            draft.messages.append(asking_message(heeded.asks, question))
            draft.memory = replace(draft.memory, outside=str(heeded.asks))

    def _take_heeded(self, draft: _Draft, conversation: ConversationRecord, heeded: Heeded) -> None:
        draft.outcome_code = heeded.outcome
        draft.messages.extend(heeded.messages)
        draft.rows.extend(heeded.rows)
        draft.effects.extend(heeded.effects)
        draft.reopens = heeded.reopens
        state = draft.memory.state
        draft.memory = replace(draft.memory, stopped=False, outside="")
        if heeded.asks is not None:
            question = self.promises.question(self._heard(conversation, None), heeded.asks)
            if question is not None:
                draft.messages.append(asking_message(heeded.asks, question))
                draft.memory = replace(draft.memory, outside=str(heeded.asks))
        elif heeded.goes_on and state is not None and not state.is_over:
            engine = self._engine(draft, conversation)
            self._take(draft, engine.resume(state) if state.mode is Mode.PAUSED else engine.repeat(state))
        if state is not None and state.mode is Mode.PAUSED and not heeded.goes_on:
            draft.status = ConversationStatus.DORMANT
        if heeded.ends:
            draft.memory = replace(draft.memory, stopped=True, pending="")
            draft.status = ConversationStatus.CLOSED

    def _heard(self, conversation: ConversationRecord, turn: TurnRecord | None) -> Heard:
        return Heard(self.uow, self.house, conversation, turn.id if turn else None, self.now)

    # -- beginning -----------------------------------------------------------------------------------------

    def _first_message(
        self,
        draft: _Draft,
        conversation: ConversationRecord,
        message: InboundMessage,
        understanding: Understanding,
        heard: Screening,
    ) -> None:
        """Greet; take a first message that is already the worry as the worry."""
        audience = audience_of_link(message.payload) if message.kind is MessageKind.START else None
        worry = message.text if _is_a_worry(message, understanding, heard) else ""
        facts = understanding.facts if worry else {}
        self._open_flow(draft, conversation, audience, worry=worry, facts=facts, heard=heard)
        draft.outcome_code = "begun"
        if message.kind in (MessageKind.START, MessageKind.EDIT) or worry:
            return
        engine = self._engine(draft, conversation)
        if message.kind in KEPT_WORDS:
            _without_question(draft)
            self._attachment(draft, engine, message, heard)
            return
        interrupt = interrupt_of(message, understanding, answers=_nothing)
        if interrupt is not None and interrupt not in AT_THE_START:
            _without_question(draft)
            self._interrupt(draft, conversation, engine, interrupt, heard)

    def _open_flow(
        self,
        draft: _Draft,
        conversation: ConversationRecord,
        audience: str | None,
        *,
        worry: str = "",
        facts: Mapping[str, str] | None = None,
        heard: Screening | None = None,
    ) -> None:
        flow = self.house.shelf.pinned(self.uow, conversation.flow, conversation.flow_version)
        engine = self.house.engine(flow, self.now, draft.memory.reference)
        given = {**known_from(audience), **(begun_with_words(worry) if worry else {})}
        outcome = engine.begin(
            audience=audience or "unknown",
            language=conversation.language,
            given=given,
            concern=heard.urgency.value if heard else "none",
            told={name: (words, self._today().isoformat()) for name, words in (facts or {}).items()},
        )
        if audience:
            self.uow.enquiries.set_audience(conversation.enquiry_id, audience)
        self._take(draft, outcome)

    def _begins_anew(
        self,
        message: InboundMessage,
        conversation: ConversationRecord,
        understanding: Understanding,
        turn_urgency: str,
    ) -> bool:
        """To start again after an enquiry was sent opens a new one, except where the address is the old id."""
        if message.channel in FINDS_BY_ID or not conversation.finished:
            return False
        if Urgency(turn_urgency).raises_alert:  # danger belongs to what a worker already has
            return False
        if message.kind is MessageKind.START:
            return True
        return interrupt_of(message, understanding, answers=_nothing) is Interrupt.RESTART

    def _in_new_conversation(
        self,
        turn: TurnRecord,
        message: InboundMessage,
        conversation: ConversationRecord,
        understanding: Understanding,
    ) -> Decided:
        self.uow.conversations.close(conversation.id, self.now)
        fresh = open_conversation(
            self.uow,
            self.house,
            self.now,
            channel=conversation.channel,
            address=conversation.address,
            language=conversation.language,
            person=conversation,
        )
        draft = _Draft(Memory.from_json(fresh.state), "begun_anew")
        self._open_flow(draft, fresh, audience_of_link(message.payload))
        del understanding
        decided = self._record(draft, fresh, turn, "")
        return replace(decided, conversation_id=fresh.id)

    def _start_again_or_resume(self, draft: _Draft, message: InboundMessage, engine: Engine) -> None:
        state = _state(draft)
        draft.outcome_code = "resumed"
        del message
        if state.mode is Mode.PAUSED:
            self._take(draft, engine.resume(state))
        elif state.is_over:
            self._take(draft, Outcome(state, (Message(self._words(draft, "after_sent")),)))
        else:
            self._take(draft, engine.repeat(state, self._words(draft, "resume")))

    def _come_back(
        self,
        draft: _Draft,
        conversation: ConversationRecord,
        message: InboundMessage,
        understanding: Understanding,
        heard: Screening,
    ) -> None:
        """They asked us to stop, or it was not safe, and they have written again: go on where we were."""
        draft.memory = replace(draft.memory, stopped=False)
        draft.status = ConversationStatus.ACTIVE
        engine = self._engine(draft, conversation)
        interrupt = interrupt_of(message, understanding, answers=_nothing)
        if interrupt in (Interrupt.STOP, Interrupt.QUICK_EXIT, Interrupt.DELETE, Interrupt.PERSON):
            self._interrupt(draft, conversation, engine, interrupt, heard)
        elif heard.urgency.value in ALERTING or (message.choice is not None and message.prompt is not None):
            self._route(draft, conversation, message, understanding, heard)
        else:
            if message.kind in KEPT_WORDS:
                self._say_it_is_kept(draft, message)
            self._start_again_or_resume(draft, message, engine)

    # -- interrupts ----------------------------------------------------------------------------------------

    def _interrupt(
        self,
        draft: _Draft,
        conversation: ConversationRecord,
        engine: Engine,
        interrupt: Interrupt,
        heard: Screening,
    ) -> None:
        state = self._heed(draft, engine, heard)
        draft.outcome_code = interrupt.value
        if interrupt in DIGRESSIONS:
            lead = self._words(draft, DIGRESSION_WORDS[interrupt])
            self._take(draft, engine.repeat(state, lead))
            return
        match interrupt:
            case Interrupt.BACK:
                self._take(draft, engine.back(state))
            case Interrupt.CHANGE:
                self._take(draft, engine.change(state))
            case Interrupt.HELP:
                self._take(draft, engine.help(state))
            case Interrupt.PERSON:
                draft.effects.append(BringPerson("asked"))
                self._take(draft, engine.repeat(state, self._words(draft, "person_open")))
            case Interrupt.STOP:
                self._stop(draft, conversation, "stop_done_sent" if state.is_over else "stop_done")
            case Interrupt.QUICK_EXIT:
                draft.clears = self._on_screen(conversation)
                self._stop(draft, conversation, "quick_exit_done")
            case Interrupt.RESTART | Interrupt.DELETE:
                self._ask_whether_sure(draft, interrupt)

    def _stop(self, draft: _Draft, conversation: ConversationRecord, words: str) -> None:
        self.uow.outbox.cancel_pending(conversation.id, self.now)
        self.promises.quietened(self._heard(conversation, None))
        if words != "quick_exit_done":  # who leaves in a hurry may still want to be rung when they said
            self.promises.stopped(self._heard(conversation, None))
        said = Message(self._words(draft, words))
        # A quick exit says nothing else: somebody may be looking over their shoulder.
        draft.messages = [said] if words == "quick_exit_done" else [*draft.messages, said]
        draft.memory = replace(draft.memory, stopped=True, pending="")
        draft.status = ConversationStatus.DORMANT

    def _ask_whether_sure(self, draft: _Draft, interrupt: Interrupt) -> None:
        name = "restart" if interrupt is Interrupt.RESTART else "delete"
        draft.memory = replace(draft.memory, pending="restart" if name == "restart" else "delete")
        buttons = sure_of(draft.memory, self.house.voice(self.now)).buttons
        draft.messages.append(Message(self._words(draft, f"{name}_ask"), buttons, asks=True))

    def _is_about_being_sure(
        self, draft: _Draft, message: InboundMessage, understanding: Understanding, heard: Screening
    ) -> bool:
        """Whatever outranks a question outranks this one too, and a button of another question is no yes."""
        if message.kind not in (MessageKind.TEXT, MessageKind.CHOICE) or heard.urgency.value in ALERTING:
            return False
        if _is_old_press(message, draft.memory):
            return False
        if _says_yes(message):
            return True
        interrupt = interrupt_of(message, understanding, answers=lambda choice: choice in ("yes", "no"))
        return interrupt is None or interrupt is Interrupt.BACK

    def _settle_pending(
        self, draft: _Draft, conversation: ConversationRecord, message: InboundMessage, engine: Engine
    ) -> None:
        pending = draft.memory.pending
        draft.memory = replace(draft.memory, pending="")
        if not _says_yes(message):
            draft.outcome_code = f"{pending}_refused"
            self._take(draft, engine.repeat(_state(draft), self._words(draft, "also_heard")))
            return
        draft.outcome_code = pending
        if pending == "restart":
            self._restart(draft, conversation)
        else:
            self._delete(draft, conversation)

    def _restart(self, draft: _Draft, conversation: ConversationRecord) -> None:
        state = _state(draft)
        if state.is_over:
            self._take(draft, Outcome(state, (Message(self._words(draft, "start_another")),)))
            return
        for key in state.answers:
            self.uow.answers.retire(conversation.id, key, self.now)
        draft.messages.append(Message(self._words(draft, "restart_done")))
        flow = self.house.shelf.pinned(self.uow, conversation.flow, conversation.flow_version)
        engine = self.house.engine(flow, self.now, draft.memory.reference)
        # What was heard stays heard: beginning again does not take a worry back.
        self._take(draft, engine.begin(language=state.language, concern=state.concern))

    def _delete(self, draft: _Draft, conversation: ConversationRecord) -> None:
        """A draft in which nothing worrying was heard goes; anything else is kept, and they are told why."""
        enquiry = self.uow.enquiries.get(conversation.enquiry_id)
        # Left half way with a worry in it, it was sent for them.
        sent_for_them = enquiry.submitted_at is not None and not conversation.finished
        worried = sent_for_them or bool(self.uow.concerns.of(conversation.enquiry_id))
        if worried or enquiry.submitted_at is not None:
            draft.messages.append(Message(self._words(draft, "delete_kept" if worried else "delete_kept_sent")))
            return
        draft.clears = self._on_screen(conversation)
        erase_draft(self.uow, conversation, self.now)
        self.uow.follow_ups.cancel_of(conversation.enquiry_id, "erased", self.now)
        draft.messages = [Message(self._words(draft, "delete_done"))]
        draft.memory = Memory(reference="")
        draft.status = ConversationStatus.CLOSED

    def _on_screen(self, conversation: ConversationRecord) -> Clears:
        """Return what both sides have sent in this chat, by the channel's references."""
        ours = [
            str(ref)
            for row in self.uow.outbox.of_conversation(conversation.id, limit=1000)
            for ref in (row.receipt or {}).get("refs", ())
        ]
        theirs = [str(turn.message["ref"]) for turn in self.uow.turns.of(conversation.id) if "ref" in turn.message]
        return Clears(conversation.channel, conversation.address, tuple(dict.fromkeys([*ours, *theirs])))

    def _raising_press(
        self, conversation: ConversationRecord, engine: Engine, state: State, message: InboundMessage
    ) -> Outcome | None:
        """A button of an older question counts all the same where it says that somebody is in danger."""
        for row in reversed(self.uow.outbox.of_conversation(conversation.id, limit=1000)):
            if row.payload.get("prompt") == message.prompt and message.choice is not None:
                return engine.press_again(
                    state, str(row.payload.get("step", "")), message.choice, today=self._today()
                )
        return None

    # -- what is not words ---------------------------------------------------------------------------------

    def _edited(self, draft: _Draft, engine: Engine, heard: Screening) -> None:
        """The old words and the new are both kept; the question at hand stands."""
        state = _state(draft)
        draft.outcome_code = "edited"
        heeded = engine.heed(state, heard.urgency.value) if heard.urgency.value in ALERTING else Outcome(state)
        if heeded.messages:
            self._take(draft, heeded)
            return
        draft.messages.append(Message(self._words(draft, "edited_kept")))
        draft.memory = replace(draft.memory, state=heeded.state)

    def _answers_with_it(self, draft: _Draft, engine: Engine, message: InboundMessage, heard: Screening) -> bool:
        """Take a file where one is asked for, a contact card's number for a phone, a place for an address."""
        state, sent = _state(draft), message.attachment
        if sent is None or heard.urgency.value in ALERTING:
            return False
        asking = engine.asking(state)
        words = _words_of_attachment(asking, message.kind, sent)
        if not words:
            return False
        draft.outcome_code = "answered"
        file = words if asking.kind == "file" else ""
        reply = Reply(text=message.text if file else words, file=file)
        self._take(draft, engine.reply(state, reply, today=self._today()))
        return True

    def _attachment(self, draft: _Draft, engine: Engine, message: InboundMessage, heard: Screening) -> None:
        draft.outcome_code = message.kind.value
        state = self._heed(draft, engine, heard)
        self._say_it_is_kept(draft, message)
        self._take(draft, engine.repeat(state))

    def _say_it_is_kept(self, draft: _Draft, message: InboundMessage) -> None:
        draft.messages.append(Message(self._words(draft, KEPT_WORDS[message.kind])))
        if message.kind is not MessageKind.STICKER:
            draft.effects.append(BringPerson("unreadable"))

    # -- danger --------------------------------------------------------------------------------------------

    def _say_what_was_heard(
        self, draft: _Draft, conversation: ConversationRecord, turn: TurnRecord, heard: Screening
    ) -> None:
        """Say the approved words for the most urgent worry this message raised, once for each worry."""
        if heard.urgency.rank < Urgency.SAME_DAY.rank:
            return
        raised = [
            c
            for c in self.uow.concerns.of(conversation.enquiry_id)
            if c.turn_id == turn.id and c.source is ConcernSource.SCREENING
        ]
        if not raised:
            return
        # Somebody who may harm themself hears that first, whatever else was heard; a worker hears the most urgent.
        worst = max(raised, key=lambda c: (self._is_own_life(c), Urgency(c.urgency.value).rank))
        draft.messages.append(Message(self._heard_words(draft, worst)))

    def _is_own_life(self, concern: ConcernRecord) -> bool:
        return concern.indicator in OWN_LIFE and not self.house.at_desk

    def _heed(self, draft: _Draft, engine: Engine, heard: Screening) -> State:
        """Let the flow know of a worry heard outside an answer. What it says is said; it asks nothing yet."""
        if heard.urgency.value in ALERTING:
            heeded = engine.heed(_state(draft), heard.urgency.value)
            self._take(draft, replace(heeded, messages=tuple(m for m in heeded.messages if not m.asks)))
        return _state(draft)

    def _heard_words(self, draft: _Draft, concern: ConcernRecord) -> str:
        indicator = self.house.catalog.indicators.get(concern.indicator)
        state = draft.memory.state
        young = state is not None and state.audience == "young_person"
        says = ""
        # Its own words promise what its own urgency brings: a lesser worry is told in general words.
        if indicator is not None and Urgency(indicator.urgency).rank <= Urgency(concern.urgency.value).rank:
            says = indicator.bot_says_now_young_person if young else indicator.bot_says_now
        lines = self.house.helplines(indicator.helplines if indicator else ())
        return self._words(
            draft, f"heard_{concern.urgency.value}", {"says": says, "lines": "\n".join(lines[:MOST_HELPLINES])}
        )

    # -- recording -----------------------------------------------------------------------------------------

    def _take(self, draft: _Draft, outcome: Outcome) -> None:
        draft.messages.extend(outcome.messages)
        draft.effects.extend(outcome.effects)
        draft.memory = replace(draft.memory, state=outcome.state)
        if outcome.state.mode is Mode.PAUSED:
            draft.status = ConversationStatus.DORMANT

    def _record(
        self, draft: _Draft, conversation: ConversationRecord, turn: TurnRecord | None, ref: str
    ) -> Decided:
        memory = _numbered(draft, Memory.from_json(conversation.state))
        turn_id = turn.id if turn else None
        if any(m.asks for m in draft.messages):  # the flow has asked since
            memory = replace(memory, outside="")
        if turn is not None:
            memory = replace(memory, begun=False)
        reopens = draft.outcome_code not in LEAVES_CLOSED if draft.reopens is None else draft.reopens
        if turn is not None and memory.decided and reopens:
            memory = replace(memory, decided=False)
            self._reopen(draft, conversation)
        duty = [*draft.rows, *self._doer(conversation, turn).do_all(draft.effects)]
        if any(isinstance(effect, Submit) for effect in draft.effects):
            self._offer(draft, conversation, turn)
            memory = replace(memory, outside=draft.memory.outside)
        replies = rows_of(draft.messages, conversation, turn_id, memory, self.house, self.now, ref)
        to_send = self.uow.outbox.put([*duty, *replies])
        state = memory.state
        self.uow.conversations.save(
            conversation.id,
            expected_version=conversation.version,
            state=memory.to_json(),
            status=draft.status,
            finished=state is not None and state.is_over,
            flow=conversation.flow,
            flow_version=conversation.flow_version,
            language=conversation.language if state is None else state.language,
            turns_handled=conversation.turns_handled + (1 if turn else 0),
            now=self.now,
            spoke=bool(replies),
        )
        if turn is not None:
            self.uow.turns.mark_handled(turn.id, draft.outcome_code, self.now)
            is_draft = state is not None and not state.is_over and draft.status is not ConversationStatus.CLOSED
            self.promises.went_on(self._heard(conversation, turn), is_draft=is_draft)
        expected = None
        if conversation.channel in FINDS_BY_ID:
            expected = self._expects(conversation, memory, draft.status)
        return Decided(turn_id, conversation.id, tuple(to_send), draft.clears, expected)

    def _reopen(self, draft: _Draft, conversation: ConversationRecord) -> None:
        """They have written more since the enquiry was closed: it comes back before a worker."""
        enquiry = self.uow.enquiries.get(conversation.enquiry_id)
        if enquiry.status is not EnquiryStatus.CLOSED:
            return
        self.uow.enquiries.set_status(enquiry.id, EnquiryStatus.OPEN, self.now)
        self.uow.audit.write(
            chain=enquiry.id,
            at=self.now,
            actor="front_door",
            act="enquiry.reopened",
            record_type="enquiry",
            record_id=enquiry.id,
        )
        if not any(isinstance(effect, BringPerson) for effect in draft.effects):
            draft.effects.append(BringPerson("added"))

    def _expects(self, conversation: ConversationRecord, memory: Memory, status: ConversationStatus) -> Expects:
        with_worker = status is ConversationStatus.WITH_WORKER
        state = memory.state
        if state is None:
            return Expects(finished=status is ConversationStatus.CLOSED, with_worker=with_worker)
        asked = None if memory.pending else self._asked_outside(conversation, memory)
        if asked is not None:
            outside = _asking_outside(*asked)
            return expects(outside, memory, finished=state.is_over, with_worker=with_worker)
        flow = self.house.shelf.pinned(self.uow, conversation.flow, conversation.flow_version)
        engine = self.house.engine(flow, self.now, memory.reference)
        asking = sure_of(memory, engine.voice) if memory.pending else engine.asking(state)
        return expects(asking, memory, finished=state.is_over, with_worker=with_worker)

    # -- small things --------------------------------------------------------------------------------------

    def _engine(self, draft: _Draft, conversation: ConversationRecord) -> Engine:
        flow = self.house.shelf.pinned(self.uow, conversation.flow, conversation.flow_version)
        return self.house.engine(flow, self.now, draft.memory.reference)

    def _doer(self, conversation: ConversationRecord, turn: TurnRecord | None) -> Doer:
        return Doer(self.uow, self.house, conversation, turn.id if turn else None, self.now)

    def _words(self, draft: _Draft, key: str, values: dict[str, str] | None = None) -> str:
        audience = draft.memory.state.audience if draft.memory.state else "unknown"
        return self.house.voice(self.now, draft.memory.reference).fixed(key, audience, values)

    def _today(self) -> date:
        return self.house.today(self.now)


def sure_of(memory: Memory, voice: Voice) -> Asking:
    """Return what is asked while we wait for them to be sure."""
    audience = memory.state.audience if memory.state else "unknown"
    buttons = tuple(
        Button(answer, voice.fixed(f"{memory.pending}_{answer}", audience)) for answer in ("yes", "no")
    )
    name = f"confirm_{memory.pending}"
    return Asking(step=name, field=name, kind="yes_no", buttons=buttons)


def _asking_outside(place: Place, question: Question) -> Asking:
    return Asking(
        step=str(place),
        field=place.part,
        kind="choice" if question.options else "long_text",
        buttons=asking_message(place, question).buttons,
    )


def _expected(question: Question) -> Expected:
    return Expected(kind="choice" if question.options else "long_text", options=question.options, optional=False)


def _option(found: Answer | Unread | None) -> str:
    return found.value if isinstance(found, Given) and isinstance(found.value, str) else ""


def _nothing(choice: str) -> bool:
    """No question is at hand that a button could answer."""
    del choice
    return False


def _state(draft: _Draft) -> State:
    if draft.memory.state is None:
        raise ValueError("the flow has not begun")
    return draft.memory.state


def _status_now(conversation: ConversationRecord) -> ConversationStatus:
    """A message wakes a dormant conversation; what the turn decides may send it back to sleep."""
    dormant = conversation.status is ConversationStatus.DORMANT
    return ConversationStatus.ACTIVE if dormant else conversation.status


def _reply(message: InboundMessage, understanding: Understanding, heard: Screening) -> Reply:
    return Reply(
        text=message.text,
        choice=message.choice,
        choices=message.choices,
        facts=tuple(understanding.facts.items()),
        heard=heard.urgency.value if heard.urgency.rank >= Urgency.SAME_DAY.rank else "none",
    )


def _words_of_attachment(asking: Asking, kind: MessageKind, sent: Attachment) -> str:
    if asking.kind == "file" and kind in (MessageKind.DOCUMENT, MessageKind.PHOTO):
        return sent.name or kind.value
    if asking.kind == "phone" and kind is MessageKind.CONTACT:
        return sent.data.get("phone_number", "")
    if kind is MessageKind.LOCATION and (asking.kind == "address" or asking.field == "whereabouts_now"):
        return ", ".join(sent.data[name] for name in ("latitude", "longitude") if name in sent.data)
    return ""


def _is_a_worry(message: InboundMessage, understanding: Understanding, heard: Screening) -> bool:
    if message.kind is not MessageKind.TEXT or in_our_words(message.text) is not None:
        return False
    if heard.urgency.rank >= Urgency.SAME_DAY.rank:
        return True
    said_more = understanding.intent == "inform" or understanding.confidence < SURE
    return said_more and len(message.text.strip()) >= ENOUGH_TO_BE_A_WORRY


def _is_old_press(message: InboundMessage, memory: Memory) -> bool:
    """A button of a question that is no longer the one at hand."""
    if pressed(message.choice) is not None:
        return True
    if message.choice is None or message.prompt is None or message.choice in ALWAYS_HONOURED:
        return False
    return not memory.since <= message.prompt <= memory.prompt


def _says_yes(message: InboundMessage) -> bool:
    if message.choice is not None:
        return message.choice == "yes"
    found = read(message.text, _SURE, today=date.min)
    return isinstance(found, Given) and found.value == "yes"


def _without_question(draft: _Draft) -> None:
    draft.messages = [m for m in draft.messages if not m.asks]


def _numbered(draft: _Draft, before: Memory) -> Memory:
    """Give a new number to whatever asks; keep the count of those that ask the same."""
    memory = draft.memory
    if not any(m.asks and not m.in_place for m in draft.messages):
        return memory
    number = before.prompt + 1
    same = _question(before) == _question(memory)
    return replace(memory, prompt=number, since=before.since if same else number)


def _question(memory: Memory) -> tuple[str, str, str]:
    state = memory.state
    return (memory.pending, "" if state is None else state.mode.value, "" if state is None else state.at)

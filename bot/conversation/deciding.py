"""Decides one turn: sees where the conversation stands, lets whoever it concerns answer, and records what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.conversation.base import Expects
from bot.conversation.beginning import begins_anew, come_back, first_message, open_flow
from bot.conversation.decided import Decided, record
from bot.conversation.draft import Draft
from bot.conversation.endings import leave_in_a_hurry, stop
from bot.conversation.heard import leave_out_what_is_said_twice, say_what_was_heard
from bot.conversation.heeding import heed_press, heed_promises
from bot.conversation.house import House
from bot.conversation.incoming import Incoming
from bot.conversation.interrupts import Interrupt
from bot.conversation.just_asked import expected_next, known_of
from bot.conversation.keeping import from_turn, open_conversation
from bot.conversation.languages import note_language, welcome_language, written_in
from bot.conversation.memory import Memory
from bot.conversation.plea import tell_who_cannot_ring
from bot.conversation.promises import NoPromises, Promises
from bot.conversation.replying import reply
from bot.conversation.routing import audience_of_link
from bot.conversation.scene import Scene
from bot.conversation.speaking import rows_of
from bot.safeguarding import screening as screens
from bot.safeguarding.escalation import Worry, raise_worries
from bot.safeguarding.hearing import Known
from flows.effects import BringPerson
from flows.outcome import Message
from flows.state import Mode
from nlu.base import Understanding, Urgency
from storage.conversations import ConversationRecord, ConversationStatus
from storage.outbox import NewOutbox
from storage.turns import TurnRecord
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Decider:
    """Decides one turn inside one unit of work."""

    uow: UnitOfWork
    house: House
    now: datetime
    promises: Promises = field(default_factory=NoPromises)

    def decide(self, turn: TurnRecord, conversation: ConversationRecord, understanding: Understanding) -> Decided:
        """Record what a turn led to. The caller holds the conversation and knows this turn is the next."""
        heard = screens.from_json(turn.screening)
        incoming = Incoming(from_turn(turn, conversation), understanding, heard)
        scene = self._scene(conversation, turn)
        if begins_anew(scene, incoming):
            return _in_new_conversation(scene, incoming)
        draft = Draft(Memory.from_json(conversation.state), "answered", status=_status_now(conversation))
        if scene.is_with_worker:
            _with_worker(scene, draft, incoming)
        else:
            _answer(scene, draft, incoming)
        return record(scene, draft, incoming.message.ref)

    def begin(self, conversation: ConversationRecord, audience: str | None) -> Decided:
        """Open the flow without a message: the web chat speaks first."""
        scene, draft = self._scene(conversation), Draft(Memory.from_json(conversation.state), "begun")
        open_flow(scene, draft, audience)
        return record(scene, draft)

    def expects(self, conversation: ConversationRecord) -> Expects:
        """Return what a conversation expects now, as it stands in the database."""
        memory = Memory.from_json(conversation.state)
        return expected_next(self._scene(conversation), memory, conversation.status)

    def known_of(self, conversation: ConversationRecord, text: str) -> Known:
        """Return what `text` is to the question this conversation was just asked, and who says it."""
        return known_of(self._scene(conversation), text)

    def hand_back(
        self, conversation: ConversationRecord, words: str, said: Sequence[NewOutbox] = (), *, wanted: bool = False
    ) -> Decided:
        """Go on after a worker: what they said last, our own `words`, and then the question we had got to.

        `wanted`: nobody has it now, and another worker is wanted.
        """
        scene = self._scene(conversation)
        draft = Draft(Memory.from_json(conversation.state), "handed_back", rows=list(said))
        if wanted:
            draft.effects.append(BringPerson("asked"))
        state = draft.memory.state
        if draft.memory.stopped or conversation.blocked_at is not None:  # it may not be safe to write to them
            draft.status = ConversationStatus.DORMANT
        else:
            draft.say(scene, words)
            if state is not None and not state.is_over:
                again = scene.words(draft.memory, "also_heard")
                draft.take(scene.engine(draft.memory).repeat(state, again))
        return record(scene, draft)

    def send_as_it_is(self, conversation: ConversationRecord) -> Decided:
        """Send what a worker has written down so far: whoever rang or came has gone."""
        scene, draft = self._scene(conversation), Draft(Memory.from_json(conversation.state), "sent_as_it_is")
        draft.take(scene.engine(draft.memory).send_as_it_is(draft.state))
        return record(scene, draft)

    def give_to_person(self, turn: TurnRecord, conversation: ConversationRecord) -> Decided:
        """A turn we failed on again and again: tell them so, with the numbers, and bring a worker to it."""
        # Nothing of the state is read or written: it may be what broke.
        told = Message(self.house.voice(self.now).fixed("service_trouble", "unknown"))
        broken = Worry("turn_broken", Urgency.IMMEDIATE, "screening")
        duty = raise_worries(self.uow, [broken], conversation, turn.id, self.house.doorbell, self.now)
        replies = rows_of([told], conversation, turn.id, Memory(reference=""), self.house, self.now)
        to_send = self.uow.outbox.put([*duty, *replies])
        self.uow.turns.mark_handled(turn.id, "given_to_person", self.now)
        return Decided(turn.id, conversation.id, tuple(to_send))

    def _scene(self, conversation: ConversationRecord, turn: TurnRecord | None = None) -> Scene:
        return Scene(self.uow, self.house, self.promises, conversation, turn, self.now)


def _answer(scene: Scene, draft: Draft, incoming: Incoming) -> None:
    language = written_in(scene, draft, incoming)
    note_language(draft, language)
    say_what_was_heard(scene, draft, incoming)
    _hear_out(scene, draft, incoming)
    note_language(draft, language)  # of a first message too: there was nothing to note it in
    leave_out_what_is_said_twice(scene, draft)
    tell_who_cannot_ring(scene, draft, incoming)
    welcome_language(scene, draft, language)


def _hear_out(scene: Scene, draft: Draft, incoming: Incoming) -> None:
    if heed_promises(scene, draft, incoming):
        return
    state = draft.memory.state
    if state is None:
        first_message(scene, draft, incoming)
    elif draft.memory.stopped or state.mode is Mode.PAUSED:
        come_back(scene, draft, incoming)
    else:
        reply(scene, draft, incoming)


def _with_worker(scene: Scene, draft: Draft, incoming: Incoming) -> None:
    """A worker has it: we are quiet, but for the buttons of a promise, for leaving in a hurry and for stopping."""
    if heed_press(scene, draft, incoming):
        return
    draft.outcome_code = "with_worker"
    leaves = incoming.interrupt()
    if leaves is Interrupt.QUICK_EXIT:
        leave_in_a_hurry(scene, draft)
    elif leaves is Interrupt.STOP:
        stop(scene, draft, "stop_done_sent")
    else:
        draft.memory = replace(draft.memory, stopped=False)
        return
    draft.outcome_code = leaves.value
    draft.status = ConversationStatus.WITH_WORKER


def _in_new_conversation(scene: Scene, incoming: Incoming) -> Decided:
    before = scene.conversation
    scene.uow.conversations.close(before.id, scene.now)
    fresh = open_conversation(
        scene.uow,
        scene.house,
        scene.now,
        channel=before.channel,
        address=before.address,
        language=before.language,
        person=before,
    )
    scene, draft = replace(scene, conversation=fresh), Draft(Memory.from_json(fresh.state), "begun_anew")
    open_flow(scene, draft, audience_of_link(incoming.message.payload))
    return record(scene, draft)


def _status_now(conversation: ConversationRecord) -> ConversationStatus:
    """A message wakes a dormant conversation; what the turn decides may send it back to sleep."""
    dormant = conversation.status is ConversationStatus.DORMANT
    return ConversationStatus.ACTIVE if dormant else conversation.status

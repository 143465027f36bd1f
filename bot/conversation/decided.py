"""A turn that is decided, and how it is recorded: the state, what is sent, and what is asked of duty workers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.conversation.base import Expects
from bot.conversation.draft import Clears, Draft
from bot.conversation.effects import Doer
from bot.conversation.heeding import offer
from bot.conversation.just_asked import expected_next
from bot.conversation.keeping import FINDS_BY_ID
from bot.conversation.memory import Memory
from bot.conversation.scene import Scene
from bot.conversation.speaking import rows_of
from flows.effects import BringPerson, Submit
from storage.conversations import ConversationStatus
from storage.enquiries import EnquiryStatus
from storage.identifiers import ConversationId, TurnId
from storage.outbox import OutboxRecord

LEAVES_CLOSED = frozenset({"thanks", "greeting", "privacy", "about", "hours", "help", "stop", "quick_exit"})
"""What may be said after a decision without bringing the enquiry back."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A turn that is decided and recorded. `to_send` are this process's own rows of the outbox; `clears` names
    what to take from the person's screen, as far as the channel can; `expects` is worked out for the channels that
    show it; `closed` says that the conversation ended with it."""

    turn_id: TurnId | None
    conversation_id: ConversationId
    to_send: tuple[OutboxRecord, ...]
    clears: Clears | None = None
    expects: Expects | None = None
    closed: bool = False


def record(scene: Scene, draft: Draft, ref: str = "") -> Decided:
    """Keep what the draft came to. `ref` is the message a button was pressed on, as the channel knows it."""
    conversation, turn = scene.conversation, scene.turn
    memory = _numbered(draft, draft.before)
    if any(m.asks for m in draft.messages):  # the flow has asked since
        memory = replace(memory, outside="")
    if turn is not None:
        memory = replace(memory, begun=False)
    if turn is not None and memory.decided and _brings_back(draft):
        memory = replace(memory, decided=False)
        _reopen(scene, draft)
    doer = Doer(scene.uow, scene.house, conversation, scene.turn_id, scene.now)
    duty = [*draft.rows, *doer.do_all(draft.effects)]
    if any(isinstance(effect, Submit) for effect in draft.effects):
        offer(scene, draft)
        memory = replace(memory, outside=draft.memory.outside)
    replies = rows_of(draft.messages, conversation, scene.turn_id, memory, scene.house, scene.now, ref)
    to_send = scene.uow.outbox.put([*duty, *replies])
    _save(scene, draft, memory, spoke=bool(replies))
    if turn is not None:
        state = memory.state
        scene.uow.turns.mark_handled(turn.id, draft.outcome_code, scene.now)
        is_draft = state is not None and not state.is_over and draft.status is not ConversationStatus.CLOSED
        scene.promises.went_on(scene.heard, is_draft=is_draft)
    shows = conversation.channel in FINDS_BY_ID
    expected = expected_next(scene, memory, draft.status) if shows else None
    closed = draft.status is ConversationStatus.CLOSED
    return Decided(scene.turn_id, conversation.id, tuple(to_send), draft.clears, expected, closed)


def _brings_back(draft: Draft) -> bool:
    return draft.outcome_code not in LEAVES_CLOSED if draft.reopens is None else draft.reopens


def _reopen(scene: Scene, draft: Draft) -> None:
    """They have written more since the enquiry was closed: it comes back before a worker."""
    enquiry = scene.uow.enquiries.get(scene.conversation.enquiry_id)
    if enquiry.status is not EnquiryStatus.CLOSED:
        return
    scene.uow.enquiries.set_status(enquiry.id, EnquiryStatus.OPEN, scene.now)
    scene.uow.audit.write(
        chain=enquiry.id,
        at=scene.now,
        actor="front_door",
        act="enquiry.reopened",
        record_type="enquiry",
        record_id=enquiry.id,
    )
    if not any(isinstance(effect, BringPerson) for effect in draft.effects):
        draft.effects.append(BringPerson("added"))


def _save(scene: Scene, draft: Draft, memory: Memory, *, spoke: bool) -> None:
    conversation, state = scene.conversation, memory.state
    scene.uow.conversations.save(
        conversation.id,
        expected_version=conversation.version,
        state=memory.to_json(),
        status=draft.status,
        finished=state is not None and state.is_over,
        flow=conversation.flow,
        flow_version=conversation.flow_version,
        language=conversation.language if state is None else state.language,
        turns_handled=conversation.turns_handled + (1 if scene.turn else 0),
        now=scene.now,
        spoke=spoke,
    )


def _numbered(draft: Draft, before: Memory) -> Memory:
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

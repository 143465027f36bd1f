"""The question just asked, in the flow or outside it: what a message is to it, and what is expected next."""

from __future__ import annotations

from bot.conversation.base import Expects
from bot.conversation.memory import Memory
from bot.conversation.promises import Place, Question, asking_message
from bot.conversation.scene import Scene
from bot.conversation.speaking import expects
from bot.safeguarding.hearing import Known, Said
from flows.asking import OPEN_WORDS
from flows.outcome import Asking, Button
from flows.reading import Expected, whole_answer
from flows.voice import Voice
from storage.conversations import ConversationStatus


def asked_outside(scene: Scene, memory: Memory) -> tuple[Place, Question] | None:
    """Return the question outside the flow that was asked last of all, where it is still asked."""
    if not memory.outside:
        return None
    place = Place.from_text(memory.outside)
    question = scene.promises.question(scene.heard, place)
    return None if question is None else (place, question)


def expected_of(question: Question) -> Expected:
    """Return what can be read as an answer to a question outside the flow."""
    return Expected(kind=_kind(question), options=question.options, optional=False)


def sure_of(memory: Memory, voice: Voice) -> Asking:
    """Return what is asked while we wait for them to be sure."""
    audience = memory.state.audience if memory.state else "unknown"
    buttons = tuple(
        Button(answer, voice.fixed(f"{memory.pending}_{answer}", audience)) for answer in ("yes", "no")
    )
    name = f"confirm_{memory.pending}"
    return Asking(step=name, field=name, kind="yes_no", buttons=buttons)


def known_of(scene: Scene, text: str) -> Known:
    """Return what `text` is to the question just asked, and who says it, as far as they told us."""
    memory = Memory.from_json(scene.conversation.state)
    audience = memory.state.audience if memory.state else "unknown"
    return Known(_said_to_it(scene, memory, text), None if audience == "unknown" else audience)


def _said_to_it(scene: Scene, memory: Memory, text: str) -> Said:
    if memory.state is None or memory.pending or memory.stopped or scene.is_with_worker:
        return Said.ANYTHING
    asked = asked_outside(scene, memory)
    if asked is not None:
        return Said.ANSWER if _answers_wholly(scene, asked[1], text) else Said.ANYTHING
    engine = scene.engine(memory)
    if engine.is_answered_wholly(memory.state, text, today=scene.today):
        return Said.ANSWER
    asks_for_all = engine.asking(memory.state).kind in OPEN_WORDS
    return Said.REPORT if asks_for_all and memory.state.audience == "professional" else Said.ANYTHING


def _answers_wholly(scene: Scene, question: Question, text: str) -> bool:
    if question.reads is not None and question.reads(text):
        return True
    return whole_answer(text, expected_of(question), today=scene.today) is not None


def expected_next(scene: Scene, memory: Memory, status: ConversationStatus) -> Expects:
    """Return what the next message is expected to be."""
    with_worker = status is ConversationStatus.WITH_WORKER
    state = memory.state
    if state is None:
        return Expects(finished=status is ConversationStatus.CLOSED, with_worker=with_worker)
    asked = None if memory.pending else asked_outside(scene, memory)
    if asked is not None:
        return expects(_asking_outside(*asked), memory, finished=state.is_over, with_worker=with_worker)
    engine = scene.engine(memory)
    asking = sure_of(memory, engine.voice) if memory.pending else engine.asking(state)
    if with_worker or memory.stopped:  # nothing is asked now: no button of a question before stands for it
        asking = Asking(flow=asking.flow)
    return expects(asking, memory, finished=state.is_over, with_worker=with_worker)


def _asking_outside(place: Place, question: Question) -> Asking:
    buttons = asking_message(place, question).buttons
    return Asking(step=str(place), field=place.part, kind=_kind(question), buttons=buttons)


def _kind(question: Question) -> str:
    return "choice" if question.options else "long_text"

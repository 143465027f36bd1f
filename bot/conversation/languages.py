"""Notices which language somebody writes in, and says once that they may go on in it."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.channels.base import MessageKind
from bot.conversation.draft import Draft
from bot.conversation.incoming import Incoming
from bot.conversation.scene import Scene
from flows.asking import FREE_WORDS, OPEN_WORDS
from flows.outcome import Message
from nlu.language import UNKNOWN

_WORD = re.compile(r"[^\W\d_]+")
_OTHER_LETTER = re.compile(r"[^\W\d_A-Za-zÀ-ɏḀ-ỿ]")
_WORDS_TO_TELL = 4
"""From as many, 3 of 19,567 English messages of ours are taken for another language."""

_LETTERS_TO_TELL = 6
"""So many letters that are not Latin tell as much."""

_WELCOME = "own_language"


def written_in(scene: Scene, draft: Draft, incoming: Incoming) -> str:
    """Return the language; nothing for English, and where the message is too short or a name that tells none."""
    text, language = incoming.message.text, incoming.understanding.language
    if incoming.message.kind is not MessageKind.TEXT or language in ("en", UNKNOWN) or _is_a_name(scene, draft):
        return ""
    enough = len(_WORD.findall(text)) >= _WORDS_TO_TELL or len(_OTHER_LETTER.findall(text)) >= _LETTERS_TO_TELL
    return language if enough else ""


def note_language(draft: Draft, language: str) -> None:
    """Remember the language they just wrote in, where it could be told and is not English.

    Whoever chose Urdu on the page, or wrote it before, speaks it however much English they write.
    """
    state = draft.memory.state
    if language and state is not None:
        draft.memory = replace(draft.memory, state=replace(state, language=language))


def welcome_language(scene: Scene, draft: Draft, language: str) -> None:
    """Say before the next question, once in a conversation, that they may write as they do.

    In plain English, and in their own language where the area has approved a translation. Which language it is
    is not said: it may be a neighbour of the one they speak.
    """
    state = draft.memory.state
    asks = next((at for at, message in enumerate(draft.messages) if message.asks), None)
    if not language or asks is None or state is None or _WELCOME in state.said or scene.house.at_desk:
        return
    approved = scene.house.area.own_language.get(language, "")
    text = "\n\n".join(filter(None, (scene.words(draft.memory, _WELCOME), approved)))
    draft.messages.insert(asks, Message(text))
    draft.memory = replace(draft.memory, state=replace(state, said=(*state.said, _WELCOME)))


def _is_a_name(scene: Scene, draft: Draft) -> bool:
    """Say whether a name, a place or a short text was asked for: of those a language is not told."""
    before = draft.before
    if before.state is None or before.pending or before.outside or before.state.is_over:
        return False
    kind = scene.engine(before).asking(before.state).kind
    return kind in FREE_WORDS and kind not in OPEN_WORDS

"""What one step of the engine gives back: the next state, words to say, effects, and what is asked now."""

from __future__ import annotations

from dataclasses import dataclass

from flows.effects import Effect
from flows.state import State


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to tap. Its words typed by hand mean the same."""

    id: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to say. The one that asks carries the buttons.

    `in_place`: it is the last question again with other buttons ticked, to be changed where it stands.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    controls: tuple[Button, ...] = ()
    multiple: bool = False
    asks: bool = False
    in_place: bool = False
    step: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked now. `kind` is `none` when nothing is."""

    flow: str = ""
    step: str = ""
    field: str = ""
    kind: str = "none"
    buttons: tuple[Button, ...] = ()
    controls: tuple[Button, ...] = ()
    hint: str = ""
    optional: bool = True
    can_go_back: bool = False
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """One step taken."""

    state: State
    messages: tuple[Message, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person sent, as the engine sees it.

    `facts` maps fields to the words that state them, found anywhere in the message. `heard` is the urgency
    screening gave this message. `file` names something sent that is not words.
    """

    text: str = ""
    choice: str | None = None
    choices: tuple[str, ...] | None = None
    facts: tuple[tuple[str, str], ...] = ()
    heard: str = "none"
    file: str = ""

"""Takes a flow, a state and a reply; gives back the next state, words and effects. No clock, disk or network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from flows import changing
from flows.answering import answer, settle
from flows.answers import Answer, Unread
from flows.asking import ALERTING, TO_CHECK, TO_CONFIRM, Asker, ask_of
from flows.conditions import at_least
from flows.confirming import confirm
from flows.effects import Effect, Submit
from flows.going_on import after_the_end, ask_again, go_on, paused_by, resume
from flows.model import Ask, Flow
from flows.outcome import Asking, Message, Outcome, Reply
from flows.path import Place
from flows.plea import unless_a_plea
from flows.reading import read_choice_id, whole_answer
from flows.reading.choices import names_exactly
from flows.reading.words import normalise, plain
from flows.state import Mode, State
from flows.taking import record, turned, would_raise
from flows.told import remember
from flows.voice import Voice

AN_EXAMPLE = "For example"
"""How a hint begins that shows an answer."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Plays one flow in one voice. Every method is a pure function of its arguments."""

    flow: Flow
    voice: Voice
    asker: Asker = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "asker", Asker(self.flow, self.voice))

    # -- what a person can do ------------------------------------------------------------------------------

    def begin(
        self,
        *,
        audience: str = "unknown",
        language: str = "en",
        given: Mapping[str, Answer] | None = None,
        concern: str = "none",
        depth: str = "quick",
        told: Mapping[str, tuple[str, str]] | None = None,
    ) -> Outcome:
        """Open the flow. `given` are answers already known (the role in a deep link, a worry typed first), `told`
        the facts found in that worry, as the state holds them.
        """
        state = State(
            flow=self.flow.flow,
            version=self.flow.version,
            audience=audience,
            language=language,
            concern=concern,
            depth=depth,
            told=told or {},
        )
        effects: list[Effect] = []
        asks = {ask.name: ask for ask in self.flow.asks()}
        for key, known in (given or {}).items():
            if key in asks:
                state = state.with_answer(key, known)
                place = Place(key, asks[key], self.flow.flow)
                effects.append(record(self.asker, place, known, state, "inferred"))
        return go_on(self.asker, state, effects=effects)

    def reply(self, state: State, reply: Reply, *, today: date) -> Outcome:
        """Take what they sent as what the state says it is. Never raises on anything a person can send."""
        state = remember(state, reply, today)
        if reply.heard == "none":
            return self._reply(state, state, reply, today)
        raised = replace(state, concern=at_least(state.concern, reply.heard))
        return turned(self.asker, state, self._reply(state, raised, reply, today))

    def _reply(self, before: State, state: State, reply: Reply, today: date) -> Outcome:
        if state.is_over:
            return after_the_end(self.asker, before, state)
        match state.mode:
            case Mode.CONFIRMING:
                led_to = confirm(self.asker, state, reply, today)
            case Mode.CHOOSING:
                led_to = changing.choose_change(self.asker, state, reply)
            case Mode.PAUSED:
                return resume(self.asker, state)
            case _:
                led_to = answer(self.asker, state, reply, today)
        return unless_a_plea(self.asker, state, reply, led_to)

    def back(self, state: State) -> Outcome:
        """Ask the question before this one again, with the answer it has."""
        return changing.back(self.asker, state)

    def change(self, state: State, number: int | None = None) -> Outcome:
        """Offer the answers that can be changed, or open one by its number on the list."""
        return changing.change(self.asker, state, number)

    def press_again(self, state: State, key: str, choice: str, *, today: date) -> Outcome | None:
        """Take a button of an earlier question, where what it says raises a worry; None where it does not."""
        place = next((p for p in self.asker.way(state).questions() if p.key == key), None)
        if place is None or state.is_over:
            return None
        found = read_choice_id(choice, self.asker.expected(state, place))
        if isinstance(found, Unread) or not would_raise(state, place, found):
            return None
        opened = replace(state, mode=Mode.ASKING, offered={}, misses=0, picked=())
        settled = settle(self.asker, opened, place, found, Reply(choice=choice), today)
        return turned(self.asker, state, settled)

    def repeat(self, state: State, lead_in: str = "") -> Outcome:
        """Put the question at hand again, after a digression."""
        return ask_again(self.asker, state, lead_in)

    def help(self, state: State) -> Outcome:
        """Say what helps with the question at hand, and put it again."""
        place = self.asker.place(state)
        own = self.voice.flow(place.node.help, state.audience) if place and isinstance(place.node, Ask) else ""
        return ask_again(self.asker, state, own or self.asker.fixed("help_general", state))

    def heed(self, state: State, urgency: str) -> Outcome:
        """A worry was heard outside any answer (an edit, a caption): work out the path anew."""
        raised = replace(state, concern=at_least(state.concern, urgency))
        if raised.concern == state.concern or urgency not in ALERTING:
            return turned(self.asker, state, Outcome(raised))
        opened = replace(raised, mode=Mode.ASKING, offered={})
        return turned(self.asker, state, go_on(self.asker, opened))

    def resume(self, state: State) -> Outcome:
        """Begin again where a paused conversation stopped: with the question that paused it."""
        return resume(self.asker, state)

    def send_as_it_is(self, state: State) -> Outcome:
        """Send what there is: they hung up or left, and nobody can be asked the rest."""
        if state.is_over:
            return Outcome(state)
        sent = replace(state, mode=Mode.FINISHED, at="", offered={}, picked=())
        return Outcome(sent, (Message(self.asker.fixed("sent", sent)),), (Submit(),))

    # -- looking -------------------------------------------------------------------------------------------

    def asking(self, state: State) -> Asking:
        """Return what the next message is expected to be."""
        return self.asker.asking(state)

    def names_an_answer(self, state: State, text: str) -> bool:
        """Say whether `text` is, word for word, an answer offered by the question at hand."""
        return self.asker.names_an_answer(state, text)

    def is_answered_wholly(self, state: State, text: str, *, today: date) -> bool:
        """Say whether all of `text` is an answer to the question just asked, one that raises no worry.

        Word for word an option, in the words of one or of our own example, a plain age or date, "I don't know".
        Where an answer can raise a worry only its own said words will do. A paused conversation was asked what
        paused it.
        """
        match state.mode:
            case Mode.CONFIRMING:
                return whole_answer(text, TO_CONFIRM, today=today) is not None
            case Mode.ASKING:
                place = self.asker.place(state)
            case Mode.PAUSED:
                place = paused_by(self.asker, state)
            case _:
                return False
        return place is not None and isinstance(place.node, Ask) and self._is_whole(state, place, text, today)

    def _is_whole(self, state: State, place: Place, text: str, today: date) -> bool:
        ask = ask_of(place)
        expected = TO_CHECK if ask.kind == "check" else self.asker.expected(state, place)
        if ask.raises and not names_exactly(plain(normalise(text)), expected):
            return False
        hint = self.voice.flow(ask.hint, state.audience)
        found = whole_answer(text, expected, today=today, example=hint if hint.startswith(AN_EXAMPLE) else "")
        return found is not None and not would_raise(state, place, found)

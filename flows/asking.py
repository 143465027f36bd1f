"""What is asked of a person, and in which words: the part of the engine that only looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.answers import Given, Unread
from flows.model import Ask, Flow, Option
from flows.outcome import Asking, Button, Message
from flows.path import Place, Way, facts
from flows.reading import Expected
from flows.reading import Option as Readable
from flows.reading.choices import names_exactly
from flows.reading.words import normalise, plain
from flows.state import Mode, State
from flows.voice import Voice

LONGEST_NAME_SAID = 40
ALERTING = ("immediate", "emergency")

OPEN_WORDS = ("long_text",)  # whatever is said here is an answer, danger or not
TAKEN_WHOLE = ("long_text", "text")  # in their own words: a fact found in them is a part, never a better answer
FREE_WORDS = (*TAKEN_WHOLE, "name", "address")

WAYS = "safe_contact_methods"
"""The question that asks how to reach them."""
OWN_WORDS = "reason_in_own_words"
"""The question that asks for the worry itself."""

_SEND = Readable(
    "send", "Send", ("send it", "yes", "yes send", "submit", "done", "ok", "okay", "all good", "correct")
)
_CHANGE = Readable("change", "Change an answer", ("change", "no", "edit", "fix", "change something"))
_YES = Readable("yes", "Yes", ("yes thats right", "right", "correct", "all right"))
_NO = Readable("no", "No", ("thats wrong", "wrong", "not right", "incorrect"))
TO_CHECK = Expected(kind="choice", options=(_SEND, _CHANGE), optional=False)
TO_CONFIRM = Expected(kind="yes_no", options=(_YES, _NO))


@dataclass(frozen=True, slots=True)
class Asker:
    """One flow in one voice."""

    flow: Flow
    voice: Voice
    _ways: dict[tuple[int, str, str, str], tuple[State, Way]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def asking(self, state: State) -> Asking:
        """Return what the next message is expected to be."""
        match state.mode:
            case Mode.CONFIRMING:
                buttons = self._confirm_buttons(state)
                return Asking(self.flow.flow, "confirm_facts", "confirm_facts", "yes_no", buttons)
            case Mode.CHOOSING:
                controls = self._controls(state, None)
                return Asking(self.flow.flow, "change_answer", "change_answer", "number", controls=controls)
            case Mode.ASKING:
                place = self.place(state)
                return self._asking(state, place) if place and isinstance(place.node, Ask) else Asking()
            case _:
                return Asking(self.flow.flow)

    def names_an_answer(self, state: State, text: str) -> bool:
        """Say whether `text` is, word for word, an answer offered by the question at hand."""
        place = self.place(state) if state.mode is Mode.ASKING else None
        if place is None or not isinstance(place.node, Ask) or not place.node.options:
            return False
        return names_exactly(plain(normalise(text)), self.expected(state, place))

    def _asking(self, state: State, place: Place) -> Asking:
        ask = ask_of(place)
        return Asking(
            flow=place.section,
            step=place.key,
            field=ask.ask,
            kind="choice" if ask.kind == "check" else ask.kind,
            buttons=self._buttons(state, place),
            controls=self._controls(state, place),
            hint=self.voice.flow(ask.hint, state.audience),
            optional=ask.optional,
            can_go_back=self.before(state) is not None,
            multiple=ask.kind == "choices",
        )

    def _buttons(self, state: State, place: Place) -> tuple[Button, ...]:
        ask = ask_of(place)
        if ask.kind == "check":
            return (
                Button("send", self.fixed("check_send", state)),
                Button("change", self.fixed("check_change", state)),
            )
        return tuple(
            Button(o.id, self.voice.flow(o.label, state.audience), o.id in state.picked)
            for o in self.options(state, place)
        )

    def options(self, state: State, place: Place) -> list[Option]:
        ask = ask_of(place)
        if ask.sets and place.key in state.answers:
            return list(ask.options)  # changing who they are opens every way again
        seen = facts(state, place.prefix)
        return [o for o in ask.options if o.when is None or o.when.held(seen).holds]

    def _controls(self, state: State, place: Place | None) -> tuple[Button, ...]:
        names: list[str] = []
        if place is not None:
            ask = ask_of(place)
            if place.key in state.answers:
                names.append("keep")
            if ask.not_known and not ask.options and ask.kind not in ("long_text", "check", "file"):
                names.append("not_known")
            if ask.optional and ask.kind != "check":
                names.append("skip")
            if state.depth == "full" and not state.enough and ask.kind != "check":
                names.append("send_now")
        if state.mode is not Mode.ASKING or self.before(state) is not None:
            names.append("back")
        names.append("person")
        labels = {name: self.fixed("keep" if name == "keep" else f"control_{name}", state) for name in names}
        return tuple(Button(name, label) for name, label in labels.items())

    def _confirm_buttons(self, state: State) -> tuple[Button, ...]:
        return (
            Button("yes", self.fixed("offer_facts_yes", state)),
            Button("no", self.fixed("offer_facts_no", state)),
        )

    def expected(self, state: State, place: Place) -> Expected:
        ask = ask_of(place)
        options = tuple(
            Readable(
                o.id, self.voice.flow(o.label, state.audience), tuple(o.also), o.ages, tuple(o.whole), tuple(o.by)
            )
            for o in self.options(state, place)
        )
        return Expected(
            kind=ask.kind,
            options=options,
            optional=ask.optional,
            or_age=ask.or_age,
            or_text=ask.or_text,
            leave=frozenset(ask.leave),
            for_others=state.audience == "professional",
            past=ask.past,
            minimum=ask.minimum,
            maximum=ask.maximum,
        )

    # -- words ---------------------------------------------------------------------------------------------

    def question(self, state: State, place: Place) -> Message:
        ask = ask_of(place)
        if ask.kind == "check":
            intro, outro = self.fixed("check_intro", state), self.fixed("check_outro", state)
            lines = "\n".join(self.lines(state))
            return self.asking_message(state, "\n\n".join(p for p in (intro, lines, outro) if p))
        text = self.voice.flow(ask.words, state.audience, self.names(state, place.prefix))
        hint = self.voice.flow(ask.hint, state.audience)
        return self.asking_message(state, f"{text}\n{hint}" if hint else text)

    def asking_message(self, state: State, text: str) -> Message:
        asking = self.asking(state)
        return Message(text, asking.buttons, asking.controls, asking.multiple, asks=True, step=asking.step)

    def offer_words(self, state: State) -> str:
        by_key = {p.key: p for p in self.way(state) if isinstance(p.node, Ask)}
        lines = [
            f"{self.label(by_key[key], state)}: {self.voice.answer(answer, ask_of(by_key[key]), state.audience)}"
            for key, answer in state.offered.items()
            if key in by_key
        ]
        return self.fixed("offer_facts", state, {"facts": "\n".join(lines)})

    def lines(self, state: State) -> list[str]:
        return [
            f"{number}. {self.label(place, state)}: "
            f"{self.voice.answer(state.answers[place.key], ask_of(place), state.audience)}"
            for number, place in enumerate(self.changeable(state), 1)
        ]

    def changeable(self, state: State) -> list[Place]:
        return [p for p in self.way(state).answered().values() if ask_of(p).check and ask_of(p).kind != "check"]

    def label(self, place: Place, state: State) -> str:
        ask = ask_of(place)
        label = self.voice.flow(ask.label, state.audience, self.names(state, place.prefix))
        label = label or ask.name.replace("_", " ").capitalize()
        return f"{label} ({place.instance + 1})" if place.instance else label

    def error(self, ask: Ask, unread: Unread, state: State) -> str:
        if ask.kind == "check":  # nothing is skipped here: it is sent, or changed
            return self.fixed("check_unread", state)
        if unread.why in ask.errors:
            return self.voice.flow(ask.errors[unread.why], state.audience)
        for key in (f"error_{unread.why}", unread.why, "miss_again"):
            if key in self.voice.wording:
                return self.fixed(key, state, unread.values)
        return ""

    def helping(self, ask: Ask, state: State) -> str:
        if ask.kind == "check":
            return self.fixed("check_unread", state)
        example = f"example_{ask.kind}"
        values = {
            "help": self.voice.flow(ask.help, state.audience),
            "example": self.fixed(example, state) if example in self.voice.wording else "",
        }
        return self.fixed("miss_help", state, values).strip()

    def fixed(self, key: str, state: State, values: Mapping[str, str] | None = None) -> str:
        return self.voice.fixed(key, state.audience, values)

    def names(self, state: State, prefix: str) -> dict[str, str]:
        """Return the names questions may use: a child's own name makes a question kinder."""
        names: dict[str, str] = {}
        for key, answer in state.answers.items():
            short = key.removeprefix(prefix)
            if "." in short or not short.endswith("name") or not isinstance(answer, Given):
                continue
            if answer.checked and isinstance(answer.value, str) and len(answer.value) <= LONGEST_NAME_SAID:
                names[short] = answer.value
        return names

    # -- places --------------------------------------------------------------------------------------------

    def way(self, state: State) -> Way:
        """Return the path of a state: only what conditions look at decides it, so few states differ in it."""
        key = (id(state.answers), state.audience, state.depth, state.concern)
        if key not in self._ways:
            self._ways[key] = (state, Way(self.flow, state))  # the state is held, so that its ids stay its own
        return self._ways[key][1]

    def place(self, state: State) -> Place | None:
        """Return the place of the question at hand, or of the first unanswered one if it left the path."""
        first: Place | None = None
        for place in self.way(state):
            if isinstance(place.node, Ask):
                if place.key == state.at:
                    return place
                if first is None and place.key not in state.answers:
                    first = place
        return first

    def before(self, state: State) -> Place | None:
        earlier: Place | None = None
        for place in self.way(state):
            if not isinstance(place.node, Ask):
                continue
            if place.key == state.at:
                break
            if place.key in state.answers:
                earlier = place
        return earlier or self._before_the_danger(state)

    def _before_the_danger(self, state: State) -> Place | None:
        """Danger questions come first on the path, but somebody was asked something before them."""
        if state.concern not in ALERTING:
            return None
        given = list(state.answers)
        given = given[: given.index(state.at)] if state.at in given else given
        standing = self.way(state).answered()
        return next((standing[key] for key in reversed(given) if key in standing), None)


def ask_of(place: Place) -> Ask:
    if not isinstance(place.node, Ask):
        raise TypeError(f"{place.key} is not a question")
    return place.node

"""Turns a flow into what is to be drawn of it: questions, answers, conditions, ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from flows.conditions import AudienceIs, Condition
from flows.drawing.pieces import Band, Card, Chips, Close, Open, Paragraph, Piece, Row
from flows.foretelling import narrowed
from flows.model import Ask, Finish, Flow, Group, Node, Say, Section, Words, in_words
from flows.plain_words import DEPTHS, PEOPLE, URGENCY, Labels, describe, label_of
from flows.wording import Wording

MOST_CHIPS = 14
MOST_SAID_LINES = 5

ENDS = {
    "submit": "End: sent to the duty team",
    "handover": "End: handed to a duty worker",
    "pause": "Pause: nothing more is asked until they write again",
}
ASKED = {
    "choice": "choose one", "choices": "choose any", "yes_no": "yes or no", "consent": "agreement",
    "check": "check answers",
}  # fmt: skip
TYPED = {
    "text": "They type a few words",
    "long_text": "They tell it in their own words",
    "name": "They type a name",
    "date": "They type a date",
    "age": "They type an age",
    "number": "They type a number",
    "phone": "They type a phone number",
    "email": "They type an email address",
    "postcode": "They type a postcode",
    "address": "They type an address",
    "file": "They send a file or a photo",
    "check": "Their answers are listed; they send them or change one",
}
_HOLDER = re.compile(r"\{([a-z0-9_.]+)(?:\|[^{}]*)?\}")


class Plan:
    """Turns a flow into pieces, in order, for one audience or for all."""

    def __init__(self, flow: Flow, wording: Wording) -> None:
        self._wording = wording
        self._asks = list(flow.asks())
        self._times = Counter(name for name, _ in _sections(flow.steps))
        self._drawn: dict[str, tuple[list[Node], int, int]] = {}
        self.pieces: list[Piece] = []
        self.count = 0
        self.questions = 0

    def put(self, nodes: Sequence[Node], audience: str | None) -> None:
        for node in nodes:
            when = narrowed(node.when, audience)
            if when is False:
                continue
            guard = self._guard(node, None if when is True else when, audience)
            match node:
                case Ask():
                    self._card("card", self._ask_rows(node, audience), guard)
                    self.questions += 1
                case Say():
                    self._card("say", self._say_rows(node.say, audience), guard)
                case Finish():
                    self._card("end", [Paragraph(ENDS[node.finish], bold=True)], guard, ends=True)
                case Section():
                    self._section(node, guard, audience)
                case Group():
                    self._group(node, guard, audience)

    def _card(self, style: str, rows: list[Row], guard: str, *, ends: bool = False, again: bool = False) -> None:
        self.count += 1
        self.pieces.append(Card(self.count, style, rows, guard, ends, again))

    def _section(self, node: Section, guard: str, audience: str | None) -> None:
        known = self._drawn.get(node.section)
        if known and known[0] == node.steps:
            _, first, last = known
            text = f"{node.title}: the same as steps {first} to {last}"
            self._card("same", [Paragraph(text, bold=True)], guard)
            return
        opened = Open(node.title, "frame", guard)
        self.pieces.append(opened)
        first = self.count + 1
        self.put(node.steps, audience if self._times[node.section] > 1 else _only(node.when) or audience)
        self._drawn[node.section] = (node.steps, first, self.count)
        opened.after = self.count + 1
        self.pieces.append(Close())

    def _group(self, node: Group, guard: str, audience: str | None) -> None:
        title = f"For each: {node.group.replace('_', ' ')}, up to {node.most}"
        opened = Open(title, "repeat", guard)
        self.pieces.append(opened)
        self.put(node.steps, audience)
        again = Paragraph("Yes asks these questions again for the next", size=11, style="quiet")
        self._card("card", [*self._ask_rows(node.more, audience), again], "", again=True)
        self.questions += 1
        opened.after = self.count + 1
        self.pieces.append(Close())

    def _labels(self, audience: str | None) -> Labels:
        return Labels(self._asks, audience or "other")

    def _guard(self, node: Node, when: Condition | None, audience: str | None) -> str:
        depth = None if isinstance(node, Finish) else node.depth
        said = [f"only in {DEPTHS[depth]}"] if depth else []
        if when is not None:
            said.append(f"only if {describe(when, self._labels(audience))}")
        return " and ".join(said)[:1].upper() + " and ".join(said)[1:]

    def _say_rows(self, key: str, audience: str | None) -> list[Row]:
        words: Words = self._wording.entry(key).text if key in self._wording else f"(no words for {key})"
        text = f"Says: {_readable(in_words(words, audience or 'other'))}"
        return [Paragraph(text, size=12, most=MOST_SAID_LINES)]

    def _ask_rows(self, ask: Ask, audience: str | None) -> list[Row]:
        rows: list[Row] = [Paragraph(label_of(ask, audience or "other"), bold=True)]
        if ask.kind in ASKED:
            rows.append(Paragraph(f"({ASKED[ask.kind]})", size=11, style="quiet"))
        if ask.kind != "check":
            rows.extend(Paragraph(text) for text in _variants(ask.words, audience))
        hint = _readable(in_words(ask.hint, audience or "other"))
        if hint:
            rows.append(Paragraph(hint, size=11, style="quiet"))
        rows.extend(self._answer_rows(ask, audience))
        rows.extend(self._effect_rows(ask, audience))
        return rows

    def _answer_rows(self, ask: Ask, audience: str | None) -> Iterator[Row]:
        labels: list[str] = []
        sometimes: dict[str, list[str]] = {}
        for option in ask.options:
            when = narrowed(option.when, audience)
            if when is False:
                continue
            label = _readable(in_words(option.label, audience or "other"))
            labels.append(label)
            if not isinstance(when, bool):
                sometimes.setdefault(describe(when, self._labels(audience)), []).append(f"“{label}”")
        if len(labels) > MOST_CHIPS:
            labels = [*labels[: MOST_CHIPS - 1], f"and {len(labels) - MOST_CHIPS + 1} more"]
        if labels:
            yield Chips(tuple(labels))
        typed = _typed(ask)
        if typed:
            yield Chips((typed,), "typed")
        for cause, named in sometimes.items():
            yield Paragraph(f"{', '.join(named)} only if {cause}", size=11, style="quiet")
        quiet = _quiet(ask)
        if quiet:
            yield Paragraph(quiet, size=11, style="quiet")

    def _effect_rows(self, ask: Ask, audience: str | None) -> Iterator[Row]:
        for worry in ask.raises:
            when = narrowed(worry.when, audience)
            if when is not False:
                cause = "" if when is True else f" if {describe(when, self._labels(audience))}"
                yield Band(f"Tells a duty worker: {URGENCY[worry.urgency]}{cause}", "worry")
        if ask.consent:
            yield Paragraph(f"Recorded as agreement: {ask.consent.replace('_', ' ')}", size=11, style="quiet")
        if ask.sets:
            what = {"audience": "who they are", "depth": "how much is asked", "language": "the language"}[ask.sets]
            yield Paragraph(f"The answer decides {what} from here on", size=11, style="quiet")


def _only(condition: Condition | None) -> str | None:
    """Return the one audience that a condition lets through, if it is one."""
    if isinstance(condition, AudienceIs) and len(condition.audience) == 1:
        return condition.audience[0]
    return None


def _sections(nodes: Sequence[Node]) -> Iterator[tuple[str, list[Node]]]:
    for node in nodes:
        if isinstance(node, Section):
            yield node.section, node.steps
        if isinstance(node, Section | Group):
            yield from _sections(node.steps)


def _variants(words: Words, audience: str | None) -> list[str]:
    if audience is not None or isinstance(words, str):
        return [_readable(in_words(words, audience or "other"))]
    names = {**PEOPLE, "desk": "a worker who writes it down", "other": "everyone else"}
    return [f"To {names[str(key)]}: {_readable(text)}" for key, text in words.items()]


def _readable(text: str) -> str:
    """Show a place-holder as what will stand there."""
    return _HOLDER.sub(lambda match: f"[{match[1].removeprefix('area.').replace('_', ' ')}]", text)


def _typed(ask: Ask) -> str:
    if ask.kind == "number" and ask.minimum is not None and ask.maximum is not None:
        return f"They type a number from {ask.minimum} to {ask.maximum}"
    typed = TYPED.get(ask.kind, "They may answer in their own words" if ask.or_text else "")
    return f"{typed}, or an age" if ask.or_age else typed


def _quiet(ask: Ask) -> str:
    ways = []
    if ask.not_known and not ask.options and ask.kind not in ("long_text", "check", "file"):
        ways.append("say they do not know")
    if ask.optional and ask.kind != "check":
        ways.append("skip it")
    quiet = f"They can {' or '.join(ways)}." if ways else ""
    if ask.unreadable_as:
        label = next(in_words(o.label, "other") for o in ask.options if o.id == ask.unreadable_as)
        quiet = f"{quiet} Unclear twice counts as “{label}”.".strip()
    return quiet

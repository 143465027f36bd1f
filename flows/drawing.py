"""Draws a flow as a picture that a practitioner can read and print: questions, answers, conditions, ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from math import ceil, log, sqrt
from typing import Literal, TypeAlias

from flows.conditions import All, Any, AudienceIs, Condition, Not
from flows.exploring import foretell
from flows.measuring import width_of, wrap
from flows.model import Ask, Finish, Flow, Group, Node, Say, Section, Words, in_words
from flows.plain_words import DEPTHS, PEOPLE, URGENCY, Labels, describe, label_of
from flows.wording import Wording

COLUMN = 400.0
GUTTER = 56.0
MARGIN = 32.0
INDENT = 12.0
LANE = 16.0
GAP = 30.0
PAD = 10.0
PAPER = 1.414
"""How much wider than high the whole is: a sheet of A3 or A4 on its side."""

MOST_CHIPS = 14
MOST_SAID_LINES = 5

COLOURS: dict[str, tuple[str, str, str]] = {
    "card": ("#ffffff", "#0b0c0c", "#0b0c0c"),
    "say": ("#eef4f8", "#0b0c0c", "#7a98ab"),
    "end": ("#12324a", "#ffffff", "#12324a"),
    "same": ("#f3f2f1", "#0b0c0c", "#505a5f"),
    "chip": ("#f3f2f1", "#0b0c0c", "#8a9299"),
    "typed": ("#ffffff", "#0b0c0c", "#505a5f"),
    "guard": ("#fff3cd", "#4d3a00", "#b58900"),
    "worry": ("#fbe3e1", "#7a0c05", "#b3261e"),
    "frame": ("#fafafa", "#0b0c0c", "#6b7780"),
    "repeat": ("#f4f0fa", "#0b0c0c", "#5a3d91"),
    "page": ("#ffffff", "#0b0c0c", "none"),
    "quiet": ("#ffffff", "#505a5f", "none"),
}
"""For each kind of box its fill, its words and its line. Words on fill have a contrast of 4.5 to 1 or more."""

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


# What is on the sheet


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle. `parent` is the number of the box it stands in; None on the open sheet."""

    x: float
    y: float
    width: float
    height: float
    style: str
    parent: int | None = None
    radius: float = 4

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words. `y` is its base line, `box` the number of the box it stands in."""

    x: float
    y: float
    text: str
    size: float
    style: str
    box: int | None = None
    bold: bool = False

    @property
    def width(self) -> float:
        return width_of(self.text, self.size, bold=self.bold)


@dataclass(frozen=True, slots=True)
class Way:
    """A line from step to step. `kind` is `on`, `out` (of a frame), `skip` or `again`."""

    points: tuple[tuple[float, float], ...]
    kind: Literal["on", "out", "skip", "again"] = "on"


@dataclass(slots=True)
class Sheet:
    """Everything drawn, with its place."""

    width: float = 0
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)

    def add(self, box: Box) -> int:
        self.boxes.append(box)
        return len(self.boxes) - 1


# What is to be drawn, before it has a place


@dataclass(slots=True)
class Card:
    """One step. `rows` are written from top to bottom."""

    number: int
    style: str
    rows: list[Row]
    guard: str = ""
    ends: bool = False
    again: bool = False


@dataclass(slots=True)
class Open:
    """The top of a frame around steps. `after` is the number of the first step after it."""

    title: str
    style: str
    guard: str
    after: int = 0


@dataclass(slots=True)
class Close:
    """The foot of a frame."""


Piece: TypeAlias = Card | Open | Close


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: str
    size: float = 13
    bold: bool = False
    style: str = ""
    most: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """A coloured strip with words."""

    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Chips:
    """Answers, side by side."""

    labels: tuple[str, ...]
    style: str = "chip"


Row: TypeAlias = Paragraph | Band | Chips


# From the flow to pieces


class _Plan:
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


def narrowed(condition: Condition | None, audience: str | None) -> Condition | bool:
    """Return what is left to decide once the audience is known: True or False where nothing is."""
    if condition is None:
        return True
    if audience is None:
        return condition
    told = foretell(condition, audience)
    if told is not None:
        return told
    match condition:
        case All(all=parts) | Any(any=parts):
            left = [n for part in parts if not isinstance(n := narrowed(part, audience), bool)]
            if len(left) == 1:
                return left[0]
            return All(all=left) if isinstance(condition, All) else Any(any=left)
        case Not(not_=part):
            inner = narrowed(part, audience)
            return condition if isinstance(inner, bool) else Not.model_validate({"not": inner})
        case _:
            return condition


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


# From pieces to places


def _card_height(card: Card, width: float) -> float:
    return _fill(Sheet(), card, 0, 0, width, None)


def _fill(sheet: Sheet, card: Card, x: float, y: float, width: float, parent: int | None) -> float:
    """Put a card on the sheet and return its height."""
    number = sheet.add(Box(x, y, width, 0, card.style, parent))
    room = width - 2 * PAD
    at = y + 6
    rows: list[Row] = [Band(card.guard, "guard"), *card.rows] if card.guard else card.rows
    for index, row in enumerate(rows):
        badge = f"{card.number}. " if index == (1 if card.guard else 0) else ""
        at = _row(sheet, row, badge, x + PAD, at, room, number, card.style)
    radius = 18.0 if card.style == "end" else 4.0
    sheet.boxes[number] = Box(x, y, width, at + 6 - y, card.style, parent, radius)
    return at + 6 - y


def _row(sheet: Sheet, row: Row, badge: str, x: float, y: float, room: float, box: int, style: str) -> float:
    """Write one row from `y` down and return where it ends."""
    match row:
        case Paragraph():
            return _paragraph(sheet, row, badge, x, y, room, box, row.style or style)
        case Band(text=text, style=band):
            lines = wrap(text, 12, room - 16)
            strip = sheet.add(Box(x, y + 3, room, len(lines) * 15 + 8, band, box, 2))
            for index, line in enumerate(lines):
                sheet.lines.append(Line(x + 8, y + 17 + index * 15, line, 12, band, strip))
            return y + len(lines) * 15 + 14
        case Chips():
            return _chips(sheet, row, x, y + 3, room, box)


def _paragraph(
    sheet: Sheet, row: Paragraph, badge: str, x: float, y: float, room: float, box: int, style: str
) -> float:
    step = ceil(row.size * 1.3)
    for line in wrap(badge + row.text, row.size, room, bold=row.bold, most=row.most):
        y += step
        sheet.lines.append(Line(x, y - step * 0.25, line, row.size, style, box, row.bold))
    return y + 2


def _chips(sheet: Sheet, row: Chips, x: float, y: float, room: float, box: int) -> float:
    """Lay answers side by side, in as many rows as they need."""
    left, top, tall = x, y, 0.0
    for label in row.labels:
        lines = wrap(label, 12, room - 16) or [""]
        width = max(width_of(line, 12) for line in lines) + 16
        if left > x and left + width > x + room:
            left, top, tall = x, top + tall + 5, 0.0
        height = len(lines) * 15 + 6.0
        chip = sheet.add(Box(left, top, width, height, row.style, box, 10))
        for index, line in enumerate(lines):
            sheet.lines.append(Line(left + 8, top + 14.5 + index * 15, line, 12, row.style, chip))
        left, tall = left + width + 6, max(tall, height)
    return top + tall + 4


@dataclass(slots=True)
class _Frame:
    """A frame that is open: where it began in this column, and which box it is there."""

    opened: Open
    box: int
    skip_from: float | None
    first: tuple[float, float] | None = None
    """Where its first step begins, for the way back."""

    continued: bool = False


class _Layout:
    """Puts pieces into columns, top to bottom, and draws the ways between them."""

    def __init__(self, pieces: Sequence[Piece], top: float, limit: float) -> None:
        self.sheet = Sheet()
        self._pieces = pieces
        self._top = top
        self._limit = limit
        self._column = 0
        self._at = top
        self._frames: list[_Frame] = []
        self._from: tuple[float, float] | None = None
        self._lowest = top
        self._skips: list[tuple[float, float]] = []

    def run(self) -> Sheet:
        for number, piece in enumerate(self._pieces):
            match piece:
                case Open():
                    self._open(piece, self._next_height(number))
                case Card():
                    self._card(piece, self._ahead_is_close(number))
                case Close():
                    self._close()
        self.sheet.width = MARGIN * 2 + (self._column + 1) * COLUMN + self._column * GUTTER
        self.sheet.height = self._lowest + MARGIN
        return self.sheet

    @property
    def _left(self) -> float:
        return MARGIN + self._column * (COLUMN + GUTTER)

    @property
    def _inset(self) -> float:
        return len(self._frames) * INDENT

    @property
    def _middle(self) -> float:
        return self._left + COLUMN / 2

    @property
    def _parent(self) -> int | None:
        return self._frames[-1].box if self._frames else None

    def _next_height(self, number: int) -> float:
        """Return how high the first step inside a frame is, with the tops of the frames between."""
        high = 0.0
        for depth, piece in enumerate(self._pieces[number + 1 :], 1):
            inset = self._inset + depth * INDENT
            if isinstance(piece, Card):
                return high + _card_height(piece, COLUMN - 2 * inset - LANE - 8)
            if isinstance(piece, Open):
                high += _header_height(piece, COLUMN - 2 * inset) + GAP
        return high

    def _ahead_is_close(self, number: int) -> bool:
        return number + 1 < len(self._pieces) and isinstance(self._pieces[number + 1], Close)

    def _make_room(self, height: float) -> None:
        """Go on at the top of the next column where this one has no room for so much more."""
        if self._at + height <= self._limit or self._at <= self._top + 1:
            return
        frames = [frame.opened for frame in self._frames]
        start = self._from
        foot = self._at
        for frame in reversed(self._frames):
            self._end_frame(frame)
            foot = self.sheet.boxes[frame.box].bottom
        self._frames = []
        self._lowest = max(self._lowest, foot)
        self._column += 1
        self._at = self._top
        self._skips = []
        for opened in frames:
            self._begin_frame(opened, continued=True)
        if start is not None:
            gutter = self._left - GUTTER / 2
            top = self._top - 14
            self.sheet.ways.append(
                Way((start, (start[0], foot + 10), (gutter, foot + 10), (gutter, top), (self._middle, top)), "on")
            )
            self._from = (self._middle, top)
            if frames:
                self._from = (self._middle, self._at - GAP + 16)
                self.sheet.ways.append(Way(((self._middle, top), (self._middle, self._top))))

    def _begin_frame(self, opened: Open, *, continued: bool = False) -> None:
        inset = self._inset
        x, width = self._left + inset, COLUMN - 2 * inset
        self._note_first(x, self._at)
        box = self.sheet.add(Box(x, self._at, width, 0, opened.style, self._parent, 12))
        at = self._at + 6
        for row in _header_rows(opened, continued=continued):
            at = _row(self.sheet, row, "", x + PAD, at, width - 2 * PAD, box, opened.style)
        self._frames.append(_Frame(opened, box, None, continued=continued))
        self._at = at + GAP - 12

    def _open(self, opened: Open, first: float) -> None:
        height = _header_height(opened, COLUMN - 2 * self._inset) + first + 2 * GAP
        self._make_room(height)
        self._arrow_to(self._at)
        top = self._at
        self._begin_frame(opened)
        frame = self._frames[-1]
        frame.skip_from = top - 12 if opened.guard else None
        self._from = (self._middle, self._at - GAP + 16)

    def _card(self, card: Card, is_last: bool) -> None:
        inset = self._inset
        width = COLUMN - 2 * inset - LANE - 8
        self._make_room(_card_height(card, width) + GAP + (GAP * len(self._frames) if is_last else 0))
        x = self._left + self._inset + 8
        self._arrow_to(self._at)
        top = self._at
        height = _fill(self.sheet, card, x, top, width, self._parent)
        self._at = top + height
        self._note_first(x, top)
        if card.again and self._frames:
            self._again(self._frames[-1], x, top + height / 2)
        self._leave(card, x + width, top, top + height)
        self._at += GAP
        self._lowest = max(self._lowest, self._at - GAP)

    def _note_first(self, x: float, top: float) -> None:
        if self._frames and self._frames[-1].first is None:
            self._frames[-1].first = (x, top)

    def _again(self, frame: _Frame, x: float, y: float) -> None:
        if frame.first and not frame.continued:
            lane = min(x, frame.first[0]) - 6
            target = frame.first[1] + 14
            self.sheet.ways.append(Way(((x, y), (lane, y), (lane, target), (frame.first[0], target)), "again"))

    def _leave(self, card: Card, right: float, top: float, bottom: float) -> None:
        """Note where the way goes on from, and draw the way round a step that is not always asked."""
        always_ends = card.ends and not card.guard
        self._from = None if always_ends else (self._middle, bottom)
        if not card.guard:
            return
        lane = right + LANE / 2
        below = bottom + 11
        start = (self._middle, top - 12)
        self.sheet.ways.append(Way((start, (lane, start[1]), (lane, below), (self._middle + 1, below)), "skip"))
        if card.ends:
            self._from = (self._middle, below)

    def _close(self) -> None:
        frame = self._frames.pop()
        self._at -= GAP
        bottom = self._end_frame(frame)
        self._at = bottom + GAP
        ended = self._from is None
        self._from = None if ended else (self._middle, bottom)
        self._lowest = max(self._lowest, bottom)
        if not ended:
            self.sheet.ways.append(Way(((self._middle, bottom - 14), (self._middle, bottom)), "out"))
        if frame.skip_from is not None:
            box = self.sheet.boxes[frame.box]
            lane = box.right + INDENT / 2
            below = bottom + 11
            start = (self._middle, frame.skip_from)
            self.sheet.ways.append(
                Way((start, (lane, start[1]), (lane, below), (self._middle + 1, below)), "skip")
            )
            self._from = (self._middle, bottom if not ended else below)

    def _end_frame(self, frame: _Frame) -> float:
        """Give the frame its height and return where it ends."""
        box = self.sheet.boxes[frame.box]
        inside = [b.bottom for b in self.sheet.boxes if b.parent == frame.box]
        bottom = max([box.y + 30, *inside]) + 14
        self.sheet.boxes[frame.box] = Box(
            box.x, box.y, box.width, bottom - box.y, box.style, box.parent, box.radius
        )
        return bottom

    def _arrow_to(self, top: float) -> None:
        if self._from is not None and top - self._from[1] > 2:
            self.sheet.ways.append(Way((self._from, (self._middle, top))))


def _header_rows(opened: Open, *, continued: bool = False) -> list[Row]:
    title = f"{opened.title}, continued" if continued else opened.title
    rows: list[Row] = [Paragraph(title, size=15, bold=True)]
    if opened.guard and not continued:
        rows.append(Band(f"{opened.guard}. If not: on to step {opened.after}", "guard"))
    return rows


def _header_height(opened: Open, width: float) -> float:
    sheet = Sheet()
    at = 6.0
    for row in _header_rows(opened):
        at = _row(sheet, row, "", PAD, at, width - 2 * PAD, 0, "frame")
    return at


# The whole picture


def lay_out(flow: Flow, wording: Wording, audience: str | None = None) -> Sheet:
    """Return everything drawn with its place: what `draw` writes as SVG."""
    return _laid_out(flow, wording, _reader(flow, audience))[0]


def draw(flow: Flow, wording: Wording, audience: str | None = None) -> str:
    """Return an SVG of the flow as one audience meets it, or as all do where none is named and it is for all."""
    who = _reader(flow, audience)
    sheet, plan = _laid_out(flow, wording, who)
    parts = sum(isinstance(piece, Open) for piece in plan.pieces)
    whom = PEOPLE[who] if who else "everyone"
    about = (
        f"The flow {flow.title}, version {flow.version}, as {whom} meets it: {plan.questions} questions "
        f"in {parts} parts, from top to bottom, then on to the next column. "
        "Steps that are not always asked say when they are."
    )
    return _svg(sheet, flow.title, about)


def _reader(flow: Flow, audience: str | None) -> str | None:
    return audience or (None if flow.audience == "unknown" else flow.audience)


def _laid_out(flow: Flow, wording: Wording, audience: str | None) -> tuple[Sheet, _Plan]:
    plan = _Plan(flow, wording)
    plan.put(flow.steps, audience)
    heights = [_piece_height(piece) for piece in plan.pieces]
    likely = max(1, round(sqrt(sum(heights) * PAPER / (COLUMN + GUTTER))))
    room = max(2, likely - 1) * COLUMN
    head = Sheet()
    _write_head(head, flow, audience, room)
    top = max(box.bottom for box in head.boxes) + 36
    sheet = _best_sheet(plan.pieces, top, likely, heights)
    _write_head(sheet, flow, audience, room)
    sheet.width = max(sheet.width, 2 * MARGIN + room)
    return sheet, plan


def _best_sheet(pieces: Sequence[Piece], top: float, likely: int, heights: Sequence[float]) -> Sheet:
    """Try several numbers of columns and return the sheet whose shape is nearest to paper's."""
    sheets = []
    for columns in range(max(1, likely - 1), likely + 2):
        for spare in (1.0, 1.05, 1.1, 1.15):
            limit = top + max(sum(heights) / columns * spare, max(heights, default=0) + 3 * GAP) + GAP
            sheets.append(_Layout(pieces, top, limit).run())
    return min(
        sheets, key=lambda sheet: abs(log(sheet.width / sheet.height / PAPER)) + sheet.width * sheet.height / 1e8
    )


def _piece_height(piece: Piece) -> float:
    match piece:
        case Card():
            return _card_height(piece, COLUMN - 4 * INDENT - LANE) + GAP
        case Open():
            return _header_height(piece, COLUMN - 2 * INDENT) + GAP
        case Close():
            return 14


def _write_head(sheet: Sheet, flow: Flow, audience: str | None, room: float) -> None:
    """Write the title and what the shapes mean."""
    whom = f"as {PEOPLE[audience]} meets it" if audience else "for everyone"
    sheet.lines.append(Line(MARGIN, MARGIN + 18, flow.title, 24, "page", None, bold=True))
    told = f"Version {flow.version}, {whom}. Read down each column, then on to the next."
    sheet.lines.append(Line(MARGIN, MARGIN + 40, told, 13, "page"))
    x, y = MARGIN, MARGIN + 54
    for text, style in _LEGEND:
        width = width_of(text, 12) + 20
        if x > MARGIN and x + width > MARGIN + room:
            x, y = MARGIN, y + 30
        number = sheet.add(Box(x, y, width, 24, style, None, 12 if style in ("end", "chip") else 4))
        sheet.lines.append(Line(x + 10, y + 16, text, 12, style, number))
        x += width + 10


_LEGEND = (
    ("Question", "card"),
    ("An answer to choose", "chip"),
    ("Words that are said", "say"),
    ("Only sometimes: the condition", "guard"),
    ("A duty worker is told", "worry"),
    ("A part of the flow", "frame"),
    ("Asked again for each", "repeat"),
    ("The end", "end"),
    ("Thin broken line: the way round a step that is passed over", "quiet"),
)


# Writing SVG


def _svg(sheet: Sheet, title: str, about: str) -> str:
    width, height = round(sheet.width), round(sheet.height)
    body = "\n".join([*_boxes(sheet), *map(_way, sheet.ways), *map(_line, sheet.lines)])
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img" aria-labelledby="title about" lang="en-GB">
<title id="title">{escape(title)}</title>
<desc id="about">{escape(about)}</desc>
<style>{_style()}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
<path d="M0 0 8 4 0 8z" fill="#0b0c0c"/></marker></defs>
<rect width="{width}" height="{height}" fill="#ffffff"/>
{body}
</svg>
"""


def _style() -> str:
    rules = [
        "text{font-family:Arial,Helvetica,sans-serif}",
        ".bold{font-weight:bold}",
        "rect{stroke-width:1}",
        ".way{fill:none;stroke:#0b0c0c;stroke-width:1.4}",
        ".skip{stroke:#7a5c00;stroke-dasharray:4 3;stroke-width:1.1}",
        ".again{stroke:#5a3d91;stroke-width:1.4}",
        ".b-card{stroke-width:1.4}.b-frame,.b-repeat{stroke-width:1.6}.b-typed{stroke-dasharray:3 2}",
        "@page{size:A3 landscape;margin:8mm}",
        "@media print{svg{width:100%;height:auto;max-height:100%}}",
    ]
    for name, (fill, ink, edge) in COLOURS.items():
        rules.append(f".b-{name}{{fill:{fill};stroke:{edge}}}.t-{name}{{fill:{ink}}}")
    return "".join(rules)


def _boxes(sheet: Sheet) -> Iterator[str]:
    for box in sheet.boxes:
        yield (
            f'<rect class="b-{box.style}" x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" '
            f'height="{box.height:.1f}" rx="{box.radius:g}"/>'
        )


def _line(line: Line) -> str:
    """The width is written too, so that another font fills the same room."""
    classes = f"t-{line.style} bold" if line.bold else f"t-{line.style}"
    return (
        f'<text class="{classes}" x="{line.x:.1f}" y="{line.y:.1f}" font-size="{line.size:g}" '
        f'textLength="{line.width:.1f}" lengthAdjust="spacingAndGlyphs">{escape(line.text)}</text>'
    )


def _way(way: Way) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in way.points)
    head = "" if way.kind == "out" else ' marker-end="url(#head)"'
    return f'<polyline class="way {way.kind}" points="{points}"{head}/>'

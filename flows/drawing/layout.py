"""Puts what is to be drawn into columns, top to bottom, and draws the ways between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flows.drawing.cards import card_height, header_height, header_rows, put_card, put_row
from flows.drawing.pieces import Card, Close, Open, Piece
from flows.drawing.sheet import COLUMN, GAP, GUTTER, INDENT, LANE, MARGIN, PAD, Box, Sheet, Way


@dataclass(slots=True)
class _Frame:
    """A frame that is open: where it began in this column, and which box it is there."""

    opened: Open
    box: int
    skip_from: float | None
    first: tuple[float, float] | None = None
    """Where its first step begins, for the way back."""

    continued: bool = False


class Layout:
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
                return high + card_height(piece, COLUMN - 2 * inset - LANE - 8)
            if isinstance(piece, Open):
                high += header_height(piece, COLUMN - 2 * inset) + GAP
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
        for row in header_rows(opened, continued=continued):
            at = put_row(self.sheet, row, "", x + PAD, at, width - 2 * PAD, box, opened.style)
        self._frames.append(_Frame(opened, box, None, continued=continued))
        self._at = at + GAP - 12

    def _open(self, opened: Open, first: float) -> None:
        height = header_height(opened, COLUMN - 2 * self._inset) + first + 2 * GAP
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
        self._make_room(card_height(card, width) + GAP + (GAP * len(self._frames) if is_last else 0))
        x = self._left + self._inset + 8
        self._arrow_to(self._at)
        top = self._at
        height = put_card(self.sheet, card, x, top, width, self._parent)
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

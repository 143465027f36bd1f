"""The whole picture of a flow: in the shape of a sheet of paper, with its title and what the shapes mean."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, sqrt

from flows.drawing.cards import piece_height
from flows.drawing.layout import Layout
from flows.drawing.measuring import width_of
from flows.drawing.pieces import Open, Piece
from flows.drawing.plan import Plan
from flows.drawing.sheet import COLUMN, GAP, GUTTER, MARGIN, Box, Line, Sheet
from flows.drawing.svg import write_svg
from flows.model import Flow
from flows.plain_words import PEOPLE
from flows.wording import Wording

PAPER = 1.414
"""How much wider than high the whole is: a sheet of A3 or A4 on its side."""

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
    return write_svg(sheet, flow.title, about)


def _reader(flow: Flow, audience: str | None) -> str | None:
    return audience or (None if flow.audience == "unknown" else flow.audience)


def _laid_out(flow: Flow, wording: Wording, audience: str | None) -> tuple[Sheet, Plan]:
    plan = Plan(flow, wording)
    plan.put(flow.steps, audience)
    heights = [piece_height(piece) for piece in plan.pieces]
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
            sheets.append(Layout(pieces, top, limit).run())
    return min(
        sheets, key=lambda sheet: abs(log(sheet.width / sheet.height / PAPER)) + sheet.width * sheet.height / 1e8
    )


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

"""Writes cards and the heads of frames on the sheet, and tells how high each is."""

from __future__ import annotations

from math import ceil

from flows.drawing.measuring import width_of, wrap
from flows.drawing.pieces import Band, Card, Chips, Close, Open, Paragraph, Piece, Row
from flows.drawing.sheet import COLUMN, GAP, INDENT, LANE, PAD, Box, Line, Sheet


def card_height(card: Card, width: float) -> float:
    return put_card(Sheet(), card, 0, 0, width, None)


def put_card(sheet: Sheet, card: Card, x: float, y: float, width: float, parent: int | None) -> float:
    """Put a card on the sheet and return its height."""
    number = sheet.add(Box(x, y, width, 0, card.style, parent))
    room = width - 2 * PAD
    at = y + 6
    rows: list[Row] = [Band(card.guard, "guard"), *card.rows] if card.guard else card.rows
    for index, row in enumerate(rows):
        badge = f"{card.number}. " if index == (1 if card.guard else 0) else ""
        at = put_row(sheet, row, badge, x + PAD, at, room, number, card.style)
    radius = 18.0 if card.style == "end" else 4.0
    sheet.boxes[number] = Box(x, y, width, at + 6 - y, card.style, parent, radius)
    return at + 6 - y


def put_row(sheet: Sheet, row: Row, badge: str, x: float, y: float, room: float, box: int, style: str) -> float:
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


def header_rows(opened: Open, *, continued: bool = False) -> list[Row]:
    title = f"{opened.title}, continued" if continued else opened.title
    rows: list[Row] = [Paragraph(title, size=15, bold=True)]
    if opened.guard and not continued:
        rows.append(Band(f"{opened.guard}. If not: on to step {opened.after}", "guard"))
    return rows


def header_height(opened: Open, width: float) -> float:
    sheet = Sheet()
    at = 6.0
    for row in header_rows(opened):
        at = put_row(sheet, row, "", PAD, at, width - 2 * PAD, 0, "frame")
    return at


def piece_height(piece: Piece) -> float:
    match piece:
        case Card():
            return card_height(piece, COLUMN - 4 * INDENT - LANE) + GAP
        case Open():
            return header_height(piece, COLUMN - 2 * INDENT) + GAP
        case Close():
            return 14

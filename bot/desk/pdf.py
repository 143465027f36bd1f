"""One enquiry as a PDF to file or to hand on: their own words first, as they wrote them."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from bot.desk.case_fields import CaseField
from bot.desk.passing import KINDS, TOLD_BY
from bot.desk.reading import EnquiryView
from bot.desk.recording import HANDS, WAYS

FONTS = Path(__file__).resolve().parent / "fonts"
_FAMILY = "DejaVu"
_LINE = 5.5
_MARGIN = 18

# The font's own glyph tables are spoken of in hundreds of lines otherwise.
logging.getLogger("fontTools").setLevel(logging.ERROR)
logging.getLogger("fpdf").setLevel(logging.ERROR)


class _Sheet(FPDF):
    """A4, with the reference and the page's number at the foot of each."""

    def __init__(self, reference: str) -> None:
        super().__init__(format="A4")
        self.reference = reference
        self.add_font(_FAMILY, "", FONTS / "DejaVuSans.ttf")
        self.add_font(_FAMILY, "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_text_shaping(True)
        self.set_margin(_MARGIN)
        self.set_auto_page_break(True, margin=_MARGIN + 4)
        self.set_title(f"Enquiry {reference}")
        self.set_lang("en-GB")
        self.add_page()

    def footer(self) -> None:
        self.set_y(-_MARGIN)
        self.set_font(_FAMILY, "", 8)
        self.cell(0, 5, f"{self.reference} · OFFICIAL-SENSITIVE · page {self.page_no()}", align="C")

    def heading(self, text: str, size: float = 13) -> None:
        self.ln(3)
        self.set_font(_FAMILY, "B", size)
        self._write(text, 7)

    def paragraph(self, text: str, *, bold: bool = False, small: bool = False) -> None:
        self.set_font(_FAMILY, "B" if bold else "", 8.5 if small else 10)
        self._write(text, _LINE - (1 if small else 0))

    def fact(self, label: str, value: str) -> None:
        self.paragraph(label, small=True)
        self.paragraph(value or "-")

    def _write(self, text: str, height: float) -> None:
        self.multi_cell(0, height, drawable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def drawable(text: str) -> str:
    """Return a text without what no page can show: control characters and halves of letters."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(c for c in whole if c in "\n\t" or unicodedata.category(c)[0] != "C")


def pdf_of(
    view: EnquiryView, fields: Iterable[CaseField], *, now: datetime, when: Callable[[datetime], str]
) -> bytes:
    """Return the PDF. `when` says a time as people do, with its day."""
    sheet = _Sheet(view.enquiry.reference)
    sheet.heading(f"Enquiry {view.enquiry.reference}", 16)
    sheet.paragraph(f"Made {when(now)}. From: {view.enquiry.audience.value.replace('_', ' ')}.", small=True)
    _safe_contact(sheet, view)
    _own_words(sheet, view, when)
    _answers(sheet, view)
    _decisions(sheet, view, when)
    _conversation(sheet, view, when)
    sheet.heading("For the case system")
    for field in fields:
        sheet.fact(field.label, f"{field.value} [{field.code}]" if field.code else field.value)
    return bytes(sheet.output())


def _safe_contact(sheet: _Sheet, view: EnquiryView) -> None:
    sheet.heading("Safe contact: read this before you ring or write")
    if not view.safe_contact:
        sheet.paragraph("They have not said what is safe.", bold=True)
    for answer in view.safe_contact:
        sheet.fact(answer.label, answer.value or "not answered")


def _own_words(sheet: _Sheet, view: EnquiryView, when: Callable[[datetime], str]) -> None:
    if view.recording is not None:
        sheet.heading(WAYS[view.recording.way])
        by = view.names.get(view.recording.worker_id, "")
        sheet.paragraph(f"Written down by {by}, {when(view.recording.began_at)}. {HANDS[view.recording.hand]}.")
    sheet.heading("Their own words" if view.recording is None else "What they said, as it was written down")
    for said in view.own_words:
        sheet.paragraph(when(said.turn.received_at), small=True)
        sheet.paragraph(said.turn.words or f"(sent: {said.attachment})")
        for reason in said.reasons:
            sheet.paragraph(f"Noticed by {reason.noticed_by}: {reason.sign}. {reason.what}", small=True)


def _answers(sheet: _Sheet, view: EnquiryView) -> None:
    sheet.heading("Answers")
    for answer in view.answers:
        sheet.fact(answer.label, answer.value or "not answered")
    for member in view.household:
        sheet.fact(member["role"], " ".join(filter(None, (member["name"], member["born"]))))
    for consent in view.consents:
        sheet.fact(f"Agreement: {consent.purpose.replace('_', ' ')}", f"{consent.given}. Asked: {consent.wording}")


def _decisions(sheet: _Sheet, view: EnquiryView, when: Callable[[datetime], str]) -> None:
    if view.hold is not None:
        sheet.heading("Held for a decision")
        sheet.fact("Interim safety plan", view.hold.safety_plan)
        for name in ("analysis", "impact", "history", "tried", "strengths", "gaps", "threshold", "threshold_why"):
            sheet.fact(name.replace("_", " ").capitalize(), str(view.hold.evidence.get(name, "")))
    for passed in view.pass_ons:
        sheet.heading(f"Passed on: {KINDS[passed.kind].lower()}")
        told = f"{TOLD_BY[passed.told_by].lower()}, {when(passed.passed_at)}"
        sheet.fact(f"To {passed.to_whom}, {told}, by {view.names.get(passed.worker_id, '')}", passed.reason)
        said = ", ".join(str(words) for words in (passed.ending or {}).values())
        became = {"confirmed": "They have it", "taken_back": "It stayed with us"}
        sheet.fact(became.get(str(passed.ended_as), "Nobody has confirmed"), said)
    for decision in view.decisions:
        sheet.heading("Decision")
        who = view.names.get(decision.worker_id, "")
        sheet.fact(f"{when(decision.at)}, {who}", f"{decision.outcome}. {decision.reason}")
    for note in view.notes:
        sheet.fact(f"Note, {view.names.get(note.worker_id, '')}, {when(note.at)}", note.words)


def _conversation(sheet: _Sheet, view: EnquiryView, when: Callable[[datetime], str]) -> None:
    sheet.heading("The whole conversation")
    speakers = {"person": "They", "worker": "Worker", "bot": "Assistant"}
    for line in view.lines:
        state = f" ({line.state})" if line.state else ""
        sheet.paragraph(f"{speakers[line.speaker]}, {when(line.at)}{state}", small=True)
        sheet.paragraph(line.text)

"""A rota in CSV: a line for each shift, cover or absence, in the area's own time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.rota_files.base import (
    BIGGEST_FILE,
    MOST_SHIFTS,
    Mistake,
    Placed,
    Staff,
    Timetable,
    WrongRota,
    kind_of,
    names,
    overlapping,
    role_of,
    shift_of,
)
from bot.working_time import instant_of
from storage.duty_workers import DutyWorkerRecord
from storage.shifts import NewShift

COLUMNS = ("email", "role", "starts", "ends", "kind")
_HOW_TO_WRITE = "write it as 2026-03-02 08:30"
_TIME = re.compile(
    r"(?:(?P<year>20\d\d)-(?P<month>\d\d?)-(?P<day>\d\d?)|(?P<day2>\d\d?)/(?P<month2>\d\d?)/(?P<year2>20\d\d))"
    r"[ T]+(?P<hour>\d\d?):(?P<minute>\d\d)(?::00)?\s*(?P<offset>Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)


def read_csv(data: bytes, workers: Iterable[DutyWorkerRecord], zone: ZoneInfo) -> Timetable:
    """Return what the file says. Raises `WrongRota` with every mistake there is."""
    staff, placed, mistakes, notes = Staff(workers), list[Placed](), list[str](), list[str]()
    for place, cells, columns in _lines(data):
        try:
            shift, said = _shift(_row(cells, columns), staff, zone)
        except Mistake as mistake:
            mistakes.append(f"{place}: {mistake}")
        else:
            placed.append(Placed(place, shift))
            notes += [f"{place}: {note}" for note in said]
    mistakes += overlapping(placed)
    if not placed and not mistakes:
        mistakes.append("there is no shift in this file")
    if mistakes:
        raise WrongRota(mistakes)
    shifts = tuple(each.shift for each in placed)
    since, until = min(s.starts_at for s in shifts), max(s.ends_at for s in shifts)
    return Timetable(shifts, since, until, tuple(notes))


def _lines(data: bytes) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield each line that is not empty, with its place and the columns. Raises `WrongRota` if it is no table."""
    reader = csv.reader(io.StringIO(_text(data), newline=""), strict=True)
    columns: list[str] | None = None
    try:
        for count, cells in enumerate(reader):
            place = f"line {reader.line_num}"
            if columns is None:
                columns = _columns(cells)
            elif any(cell.strip() for cell in cells):
                if count > MOST_SHIFTS:
                    raise WrongRota([f"{place}: a file holds at most {MOST_SHIFTS} shifts; make several"])
                yield place, cells, columns
    except csv.Error:
        raise WrongRota([f"line {reader.line_num}: this is not CSV: look for a quotation mark too many"]) from None
    if columns is None:
        raise WrongRota(["the file is empty"])


def _row(cells: list[str], columns: list[str]) -> Mapping[str, str]:
    if len(cells) != len(columns):
        raise Mistake(f"it has {len(cells)} columns, and the first line has {len(columns)}")
    return dict(zip(columns, cells, strict=True))


def _text(data: bytes) -> str:
    if len(data) > BIGGEST_FILE:
        raise WrongRota([f"the file is bigger than {BIGGEST_FILE // 1_000_000} MB: no rota is"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongRota(["the file is not UTF-8 text: save it as CSV UTF-8"]) from None


def _columns(cells: list[str]) -> list[str]:
    found = [cell.strip().casefold() for cell in cells]
    wrong = sorted(set(found) - set(COLUMNS))
    missing = [name for name in COLUMNS if name not in found]
    if not wrong and not missing and len(found) == len(COLUMNS):
        return found
    said = [f"line 1: the columns are {','.join(COLUMNS)}, separated by commas"]
    if missing:
        said.append(f"missing: {names(missing)}")
    if wrong:
        said.append(f"{len(wrong)} not known")
    if len(found) > len(set(found)):
        said.append("one is there twice")
    raise WrongRota(["; ".join(said)])


def _shift(row: Mapping[str, str], staff: Staff, zone: ZoneInfo) -> tuple[NewShift, list[str]]:
    worker = staff.named(row["email"])
    kind, role = kind_of(row["kind"]), role_of(row["role"])
    notes: list[str] = []
    starts_at = _instant("starts", row["starts"], zone, notes)
    ends_at = _instant("ends", row["ends"], zone, notes)
    return shift_of(worker, role, kind, starts_at, ends_at), notes


def _instant(column: str, text: str, zone: ZoneInfo, notes: list[str]) -> datetime:
    if not text.strip():
        why = "a shift does not go on for ever; " if column == "ends" else ""
        raise Mistake(f"`{column}` is empty: {why}{_HOW_TO_WRITE}")
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise Mistake(f"`{column}` is not a time: {_HOW_TO_WRITE}")
    try:
        local = datetime(  # noqa: DTZ001 - local time, which becomes an instant below
            int(match["year"] or match["year2"]),
            int(match["month"] or match["month2"]),
            int(match["day"] or match["day2"]),
            int(match["hour"]),
            int(match["minute"]),
        )
        if match["offset"]:
            return datetime.fromisoformat(f"{local.isoformat()}{match['offset']}").astimezone(UTC)
    except ValueError:
        raise Mistake(f"`{column}` is not a time there is: {_HOW_TO_WRITE}") from None
    return _local_instant(column, local, zone, notes)


def _local_instant(column: str, local: datetime, zone: ZoneInfo, notes: list[str]) -> datetime:
    early, late = instant_of(local, zone), instant_of(local, zone, is_end=True)
    if early.astimezone(zone).replace(tzinfo=None) != local:
        raise Mistake(f"`{column}`: there is no {local:%H:%M} on this day, for the clocks go forward over it")
    is_end = column == "ends"
    if early != late:
        taken = "second" if is_end else "first"
        offset = (late if is_end else early).astimezone(zone).strftime("%z")
        written = f"{local:%Y-%m-%d %H:%M}{offset[:3]}:{offset[3:]}"
        notes.append(
            f"`{column}`: {local:%H:%M} comes twice as the clocks go back; the {taken} was taken ({written})"
        )
    return late if is_end else early

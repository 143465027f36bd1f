"""How we are doing: the figures of a period, each with the table that stands behind its chart. Pure.

Nothing here names anybody. What could point at a family because so few are like them (needs, areas, outcomes,
repeats) is counted together with others until it is at least as many as the area says.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TypeAlias
from zoneinfo import ZoneInfo

from flows.area import Area
from storage.figures import AlertClimbed, Wait
from storage.opinions import Said

Cell: TypeAlias = str | int | timedelta | None
"""What stands in a table: words, a count, how long something took, or nothing to say."""

MEDIAN, NINE_IN_TEN = 0.5, 0.9
UNLISTED = "Other places"
TOGETHER = "Others, counted together"
_DAYS_BY_DAY, _DAYS_BY_WEEK = 14, 26 * 7
_WEEK = 7

CHANNELS = {"telegram": "Telegram", "webchat": "Web chat", "console": "Terminal", "": "No chat"}
TIMES = ("First time", "Second time", "Third time", "Fourth time or more")


@dataclass(frozen=True, slots=True)
class Series:
    """Values beside each other in a chart, one for each row; None where there is nothing to draw."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart and its table. `is_upright`: columns side by side in time; else bars, one under another."""

    name: str
    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    is_upright: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(value for series in self.series for value in series.values)


def centile(seconds: Sequence[int], part: float) -> timedelta | None:
    """Return the wait that so large a part did not exceed (the nearest rank)."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    return timedelta(seconds=max(0, ordered[max(1, math.ceil(part * len(ordered))) - 1]))


def with_few_together(counts: Mapping[str, int], fewest: int) -> list[tuple[str, Cell]]:
    """Return counts, the highest first, with those below `fewest` counted together, and more until it is enough.

    So no count that is shown, and no difference of two, tells of fewer than `fewest`.
    """
    ordered = sorted(((n, label) for label, n in counts.items() if n > 0), key=lambda each: (-each[0], each[1]))
    shown = [each for each in ordered if each[0] >= fewest]
    rest = sum(n for n, _ in ordered) - sum(n for n, _ in shown)
    while 0 < rest < fewest and shown:
        rest += shown.pop()[0]
    found: list[tuple[str, Cell]] = [(label, n) for n, label in shown]
    if 0 < rest < fewest:
        return [(TOGETHER, f"fewer than {fewest}")]
    return [*found, (TOGETHER, rest)] if rest else found


# -- waits ---------------------------------------------------------------------------------------------------


def first_answers(waits: Sequence[Wait], since: date, until: date, zone: ZoneInfo) -> Figure:
    """Return how long people waited for a worker's first message, by day, week or month."""
    starts = _spans(since, until)
    groups: dict[date, list[Wait]] = {start: [] for start in starts}
    for wait in waits:
        day = _local(wait.came, zone).date()
        start = max((s for s in starts if s <= day), default=starts[0])
        groups[start].append(wait)
    rows = [(_day(start), *_waited(found)) for start, found in groups.items()]
    labels = [f"{start.day} {start:%b}" for start in groups]
    seconds = [w.seconds for w in waits if w.seconds is not None]
    median, most = centile(seconds, MEDIAN), centile(seconds, NINE_IN_TEN)
    return _wait_figure(
        "first-answer", "Time to the first human answer", _in_short(median, most), "From", rows, labels
    )


def waits_by_hour(waits: Sequence[Wait], zone: ZoneInfo) -> Figure:
    hours: dict[int, int] = {}
    groups: dict[int, list[Wait]] = {hour: [] for hour in range(24)}
    for wait in waits:
        whole_hour = wait.came // 3600
        if whole_hour not in hours:
            hours[whole_hour] = _local(wait.came, zone).hour
        groups[hours[whole_hour]].append(wait)
    rows = [(_hour(hour), *_waited(found)) for hour, found in groups.items()]
    busiest = max(groups, key=lambda hour: len(groups[hour])) if waits else None
    about = "Nobody came." if busiest is None else f"Most came from {_hour(busiest)}."
    return _wait_figure(
        "by-hour", "Waits by hour of the day", about, "Came from", rows, [_named(hour) for hour in groups]
    )


def waits_by_channel(waits: Sequence[Wait]) -> Figure:
    groups: defaultdict[str, list[Wait]] = defaultdict(list)
    for wait in waits:
        groups[wait.channel].append(wait)
    ordered = sorted(groups.items(), key=lambda each: (-len(each[1]), each[0]))
    rows = [(CHANNELS.get(channel, channel.capitalize()), *_waited(found)) for channel, found in ordered]
    about = f"Most came by {rows[0][0]}." if rows else "Nobody came."
    return _wait_figure("by-channel", "Waits by channel", about, "Channel", rows)


def _wait_figure(
    name: str,
    title: str,
    about: str,
    first: str,
    rows: Sequence[tuple[Cell, ...]],
    labels: Sequence[str] = (),
) -> Figure:
    """`labels` are shorter than the rows' own where columns stand side by side."""
    unit, size = _unit([row[place] for row in rows for place in (3, 4)])
    return Figure(
        name=name,
        title=title,
        about=about,
        columns=(first, "Came", "Not answered yet", "Half within", "Nine in ten within"),
        rows=tuple(rows),
        labels=tuple(labels) or tuple(str(row[0]) for row in rows),
        series=(
            Series("Half within", tuple(_sized(row[3], size) for row in rows)),
            Series("Nine in ten within", tuple(_sized(row[4], size) for row in rows)),
        ),
        unit=unit,
        is_upright=bool(labels),
    )


def _waited(found: Sequence[Wait]) -> tuple[Cell, ...]:
    seconds = [wait.seconds for wait in found if wait.seconds is not None]
    return len(found), len(found) - len(seconds), centile(seconds, MEDIAN), centile(seconds, NINE_IN_TEN)


def _in_short(median: timedelta | None, most: timedelta | None) -> str:
    if median is None or most is None:
        return "Nobody has been answered yet."
    return f"Of those answered, half waited at most {spoken(median)}, nine in ten at most {spoken(most)}."


# -- alerts --------------------------------------------------------------------------------------------------


def alerts_by_rung(alerts: Sequence[AlertClimbed], area: Area, titles: Mapping[str, str]) -> Figure:
    """Return how far alerts climbed before somebody answered, and how long that took."""
    groups: defaultdict[tuple[int, str], list[AlertClimbed]] = defaultdict(list)
    for alert in alerts:
        groups[_rung_of(alert, area, titles)].append(alert)
    rows: list[tuple[Cell, ...]] = []
    for (_, label), found in sorted(groups.items()):
        seconds = [alert.seconds for alert in found if alert.seconds is not None]
        unanswered = len(found) - len(seconds)
        rows.append((label, len(found), unanswered, centile(seconds, MEDIAN), centile(seconds, NINE_IN_TEN)))
    seconds = [alert.seconds for alert in alerts if alert.seconds is not None]
    median = centile(seconds, MEDIAN)
    about = "There was no alert." if not alerts else "No alert has been answered yet."
    if median is not None:
        about = f"Of {len(alerts)}, half of those answered were answered within {spoken(median)}."
    return Figure(
        name="alerts",
        title="Alerts, by how far they climbed",
        about=about,
        columns=("Reached", "Alerts", "Not answered yet", "Half answered within", "Nine in ten within"),
        rows=tuple(rows),
        labels=tuple(str(row[0]) for row in rows),
        series=(Series("Alerts", tuple(_counted(row[1]) for row in rows)),),
        unit="alerts",
    )


def _rung_of(alert: AlertClimbed, area: Area, titles: Mapping[str, str]) -> tuple[int, str]:
    """Return a rung as an order and a name: the ladder's own where it still fits the record."""
    if not alert.role:
        return -2, "Nobody told yet"
    title = titles.get(alert.role, alert.role)
    if alert.rung < 0:
        return -1, "Whoever had the conversation"
    ladder = area.ladders.emergency if alert.urgency == "emergency" else area.ladders.immediate
    rung = ladder.rungs[alert.rung] if alert.rung < len(ladder.rungs) else None
    if rung is None or rung.role != alert.role or rung.role != "duty_worker":
        return 10 + _ORDER.index(alert.role) if alert.role in _ORDER else 99, title
    names = {
        "first": f"First {title.lower()}",
        "second": f"Second {title.lower()}",
        "all": f"Every {title.lower()}",
    }
    return ["first", "second", "all"].index(rung.who), names[rung.who]


_ORDER = ["duty_worker", "out_of_hours", "lado", "manager", "head_of_service"]


# -- counts --------------------------------------------------------------------------------------------------


def outcomes(counts: Mapping[str, int], label: Callable[[str], str], fewest: int) -> Figure:
    return _counts("outcomes", "What was decided", "Outcome", counts, label, fewest, "decisions")


def needs(counts: Mapping[str, int], label: Callable[[str], str], fewest: int) -> Figure:
    return _counts("needs", "What people asked for help with", "Need", counts, label, fewest, "enquiries")


def areas(counts: Mapping[str, int], places: Mapping[str, str], fewest: int) -> Figure:
    """Return where enquiries came from: the area's own names for postcode districts, or the districts."""
    named = {district.upper(): name for district, name in places.items()}

    def label(district: str) -> str:
        return named.get(district, UNLISTED) if named else district

    return _counts("areas", "Where children live", "Area", counts, label, fewest, "enquiries")


def opinions(counts: Mapping[Said, int], words: Callable[[str, str], str], fewest: int) -> list[Figure]:
    """Return what people say of us: whether it helped, how we did, and what mattered most to whom.

    `words` gives those of a button, for an audience.
    """
    helped: Counter[str] = Counter()
    how: Counter[str] = Counter()
    themes: dict[str, Counter[str]] = {name: Counter() for name in OPINIONS_OF}
    for said, many in counts.items():
        if said.how:
            (how if said.kind == "feedback" else helped)[said.how] += many
        group = next((name for name, (_, who) in OPINIONS_OF.items() if said.audience in who), "")
        if said.theme and group:
            themes[group][said.theme] += many
    found = [
        _counts("helped", "Did it help?", "Answer", helped, lambda o: words(f"helped_{o}", ""), fewest, "people"),
        _counts("how", "How we did", "Answer", how, lambda o: words(f"feedback_{o}", ""), fewest, "people"),
    ]
    for group, (title, who) in OPINIONS_OF.items():
        label = partial(_theme, words, who[0])
        found.append(_counts(group, title, "Theme", themes[group], label, fewest, "people"))
    return found


def _theme(words: Callable[[str, str], str], audience: str, theme: str) -> str:
    return words(f"theme_{theme}", audience)


OPINIONS_OF: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "themes-families": ("What mattered most to families", ("parent", "unknown")),
    "themes-children": ("What mattered most to children and young people", ("young_person",)),
    "themes-professionals": ("What mattered most to professionals", ("professional",)),
    "themes-public": ("What mattered most to others who told us of a worry", ("public",)),
}


def repeats(counts: Mapping[int, int], fewest: int) -> Figure:
    """Return how many enquiries were about a child or a home that had been named in one before."""
    by_time: Counter[str] = Counter()
    for earlier, many in counts.items():
        by_time[TIMES[min(earlier, len(TIMES) - 1)]] += many
    again, of = sum(by_time.values()) - by_time[TIMES[0]], sum(by_time.values())
    about = "No enquiry named a child or a home."
    if of:
        share = "fewer than " + str(fewest) if 0 < again < fewest else str(again)
        about = f"Of {_count(of, fewest)} that named a child or a home, {share} were not the first."
    found = dict(with_few_together(by_time, fewest))
    ordered = [(label, found[label]) for label in (*TIMES, TOGETHER) if label in found]
    return _count_figure("repeats", "Same child or same home again", about, "Contact", ordered, "enquiries")


def _counts(
    name: str,
    title: str,
    first: str,
    counts: Mapping[str, int],
    label: Callable[[str], str],
    fewest: int,
    unit: str,
) -> Figure:
    labelled: Counter[str] = Counter()
    for code, many in counts.items():
        labelled[label(code)] += many
    rows = with_few_together(labelled, fewest)
    about = f"Most often: {rows[0][0]}." if rows and rows[0][0] != TOGETHER else "Too few to show apart."
    return _count_figure(name, title, about if rows else "There is nothing to count.", first, rows, unit)


def _count_figure(
    name: str, title: str, about: str, first: str, rows: Sequence[tuple[str, Cell]], unit: str
) -> Figure:
    return Figure(
        name=name,
        title=title,
        about=about,
        columns=(first, unit.capitalize()),
        rows=tuple(rows),
        labels=tuple(label for label, _ in rows),
        series=(Series(unit.capitalize(), tuple(_counted(many) for _, many in rows)),),
        unit=unit,
    )


def _count(number: int, fewest: int) -> str:
    return f"fewer than {fewest}" if 0 < number < fewest else str(number)


# -- words and sizes -----------------------------------------------------------------------------------------


def spoken(span: timedelta) -> str:
    """Return how long, in words, as closely as it matters."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 1:
        return "a minute"
    if minutes < 120:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    hours = minutes / 60
    return (
        f"{hours:.1f}".removesuffix(".0") + " hours"
        if hours < 48
        else f"{hours / 24:.1f}".removesuffix(".0") + " days"
    )


def _unit(cells: Sequence[Cell]) -> tuple[str, float]:
    """Return the unit in which the longest can be read, and its seconds."""
    longest = max((cell.total_seconds() for cell in cells if isinstance(cell, timedelta)), default=0)
    if longest < 3 * 3600:
        return "minutes", 60
    return ("hours", 3600) if longest < 96 * 3600 else ("days", 86400)


def _sized(cell: Cell, size: float) -> float | None:
    return round(cell.total_seconds() / size, 2) if isinstance(cell, timedelta) else None


def _counted(cell: Cell) -> float | None:
    return cell if isinstance(cell, int) else None


def _spans(since: date, until: date) -> list[date]:
    """Return the days on which each day, week or month of the period begins."""
    days = (until - since).days + 1
    if days <= _DAYS_BY_DAY:
        return [since + timedelta(days=n) for n in range(days)]
    if days <= _DAYS_BY_WEEK:
        return [since + timedelta(days=n) for n in range(0, days, _WEEK)]
    starts = [since]
    while (following := _next_month(starts[-1])) <= until:
        starts.append(following)
    return starts


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _local(seconds: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone)


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _hour(hour: int) -> str:
    return f"{_named(hour)} to {_named(hour + 1)}"


def _named(hour: int) -> str:
    at = hour % 24
    return f"{at % 12 or 12}{'am' if at < 12 else 'pm'}"

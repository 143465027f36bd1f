"""Scores a screener on labelled messages: danger heard, false alarms, what was missed, what changed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlu.base import Screening, Urgency
from nlu.dataset import Labelled

Screen = Callable[[Labelled], Screening]

_Z = 1.959964  # 95 %
_LENGTHS = ((1, "1 word"), (5, "2 to 5 words"), (25, "6 to 25 words"), (80, "26 to 80 words"))
_CUTS = ("urgency", "indicator", "speaker", "language", "length", "style")


@dataclass(frozen=True, slots=True)
class Scored:
    """A labelled message and how it was heard; the shares are None where phrases stood alone."""

    message: Labelled
    heard: Urgency
    indicators: tuple[str, ...] = ()
    alert_share: float | None = None
    look_share: float | None = None

    @property
    def is_calm(self) -> bool:
        return self.message.urgency.rank < Urgency.SAME_DAY.rank

    @property
    def needs_alert(self) -> bool:
        return self.message.urgency.raises_alert

    @property
    def is_alerted(self) -> bool:
        return self.heard.raises_alert

    @property
    def is_read_today(self) -> bool:
        """An alert is read today as well."""
        return self.heard.rank >= Urgency.SAME_DAY.rank

    @property
    def cost(self) -> int:
        """0 is right; 1 a day late or a needless reading; 2 silence on what needed an alert, or a false alert."""
        if self.is_calm:
            return int(self.is_read_today) + int(self.is_alerted)
        if self.needs_alert:
            return 2 - int(self.is_read_today) - int(self.is_alerted)
        return int(not self.is_read_today)


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many, with Wilson's 95 % interval."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Return the whole range where nothing was measured."""
        if not self.of:
            return 0.0, 1.0
        square = _Z * _Z / self.of
        middle = (self.share + square / 2) / (1 + square)
        half = _Z * math.sqrt(self.share * (1 - self.share) / self.of + square / self.of / 4) / (1 + square)
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        if not self.of:
            return "–"
        low, high = self.interval
        return f"{self.share:.3f} ({low:.3f} to {high:.3f}), {self.hits} of {self.of}"


@dataclass(frozen=True, slots=True)
class Figures:
    """What matters of some messages. Recall is of those that call for it; false alarms are of calm ones."""

    alert_recall: Rate
    same_day_recall: Rate
    false_alerts: Rate
    false_same_days: Rate


@dataclass(frozen=True, slots=True)
class Change:
    """Ids that one result hears better, or worse, than another."""

    better: tuple[str, ...]
    worse: tuple[str, ...]


def score(screen: Screen, messages: Iterable[Labelled]) -> tuple[Scored, ...]:
    """Ask the screener about every message."""
    return tuple(scored(message, screen(message)) for message in messages)


def scored(message: Labelled, heard: Screening) -> Scored:
    """Put what was heard beside what should have been."""
    return Scored(message, heard.urgency, heard.indicators, heard.alert_share, heard.look_share)


def confusion(result: Iterable[Scored]) -> Counter[tuple[Urgency, Urgency]]:
    """Count each pair of what was labelled and what was heard."""
    return Counter((s.message.urgency, s.heard) for s in result)


@dataclass(frozen=True, slots=True)
class Naming:
    """How well one indicator is named: of those heard that have it, and of those named so."""

    recall: Rate
    precision: Rate


def naming(result: Sequence[Scored]) -> Mapping[str, Naming]:
    """Return each labelled indicator's naming, among messages of danger that a person would read today."""
    heard = [s for s in result if s.is_read_today and s.message.indicators]
    ids = sorted({i for s in heard for i in s.message.indicators})
    return {i: _naming(i, heard) for i in ids}


def named_right(result: Iterable[Scored]) -> Rate:
    """Of dangers that a person would read today: those of which at least one indicator was named."""
    heard = [s for s in result if s.is_read_today and s.message.indicators and not s.is_calm]
    return Rate(sum(bool(set(s.indicators) & set(s.message.indicators)) for s in heard), len(heard))


def _naming(indicator: str, heard: Sequence[Scored]) -> Naming:
    both = sum(indicator in s.indicators and indicator in s.message.indicators for s in heard)
    return Naming(
        Rate(both, sum(indicator in s.message.indicators for s in heard)),
        Rate(both, sum(indicator in s.indicators for s in heard)),
    )


def figures(result: Iterable[Scored]) -> Figures:
    """Count. `same_day_recall` is of every message labelled `same_day` or more."""
    scored = tuple(result)
    calm = [s for s in scored if s.is_calm]
    danger = [s for s in scored if not s.is_calm]
    urgent = [s for s in danger if s.needs_alert]
    return Figures(
        alert_recall=Rate(sum(s.is_alerted for s in urgent), len(urgent)),
        same_day_recall=Rate(sum(s.is_read_today for s in danger), len(danger)),
        false_alerts=Rate(sum(s.is_alerted for s in calm), len(calm)),
        false_same_days=Rate(sum(s.is_read_today for s in calm), len(calm)),
    )


def figures_by(result: Sequence[Scored], cut: str) -> Mapping[str, Figures]:
    """Return figures by `urgency`, `indicator`, `speaker`, `language`, `length` or `style`.

    A message with two indicators counts under both, and one with none under no indicator.
    """
    parts: dict[str, list[Scored]] = {}
    for scored in result:
        for value in cut_values(scored.message, cut):
            parts.setdefault(value, []).append(scored)
    return {value: figures(parts[value]) for value in in_order(parts)}


def misses(result: Iterable[Scored]) -> tuple[Scored, ...]:
    """Return messages of danger heard as too little, worst first: furthest below, then most urgent."""
    found = [s for s in result if not s.is_calm and s.cost]
    return tuple(sorted(found, key=_badness))


def false_alarms(result: Iterable[Scored]) -> tuple[Scored, ...]:
    """Return calm messages that called a person, the loudest first."""
    found = [s for s in result if s.is_calm and s.cost]
    return tuple(sorted(found, key=lambda s: (-s.heard.rank, s.message.id)))


def compare(before: Iterable[Scored], after: Iterable[Scored]) -> Change:
    """Say which messages got better and worse. Both must be of the same messages."""
    old = {s.message.id: s.cost for s in before}
    new = {s.message.id: s.cost for s in after}
    if old.keys() != new.keys():
        raise ValueError("the two results are of different messages")
    return Change(
        better=tuple(sorted(i for i in old if new[i] < old[i])),
        worse=tuple(sorted(i for i in old if new[i] > old[i])),
    )


def report(
    result: Sequence[Scored],
    *,
    title: str,
    change: Change | None = None,
    show_words: bool = False,
    more: Sequence[str] = (),
) -> str:
    """Return Markdown. Ids stand for the messages; `show_words` is for made-up messages only.

    `more` is lines that stand after the first table: see `nlu/reporting.py`.
    """
    lines = [f"# {title}", "", f"{len(result)} messages. In brackets: 95 % intervals (Wilson).", ""]
    lines += [*_table("Messages", {"all": figures(result)}), *more]
    for cut in _CUTS:
        lines += [f"## By {cut}", "", *_table(cut.capitalize(), figures_by(result, cut))]
    if change is not None:
        lines += _changed(change)
    lines += _listed("Missed, worst first", misses(result), show_words=show_words)
    lines += _listed("False alarms, loudest first", false_alarms(result), show_words=show_words)
    return "\n".join(lines).rstrip() + "\n"


def cut_values(message: Labelled, cut: str) -> Iterator[str]:
    """Yield what a message counts under. Raises ValueError for an unknown cut."""
    match cut:
        case "urgency":
            yield message.urgency.value
        case "indicator":
            yield from message.indicators
        case "speaker":
            yield message.speaker
        case "language":
            yield message.language
        case "length":
            yield length_band(message.text)
        case "style":
            yield from message.style
        case _:
            raise ValueError(f"no such cut: {cut}")


def length_band(text: str) -> str:
    """Name the band of length a message falls in."""
    words = len(text.split())
    return next((name for most, name in _LENGTHS if words <= most), "over 80 words")


def in_order(values: Iterable[str]) -> list[str]:
    """Return urgencies and lengths in their own order, all else by name."""
    return sorted(values, key=_order)


def _order(value: str) -> tuple[int, str]:
    own = [*reversed([u.value for u in Urgency]), *(name for _, name in _LENGTHS), "over 80 words"]
    return (own.index(value) if value in own else len(own), value)


def _badness(scored: Scored) -> tuple[int, int, str]:
    wanted = scored.message.urgency.rank
    return -(wanted - scored.heard.rank), -wanted, scored.message.id


def _table(heading: str, rows: Mapping[str, Figures]) -> list[str]:
    head = (heading, "Alerts heard", "Same day or more", "False alerts", "Calm, same day or more")
    lines = [" | ".join(head), " | ".join(["---"] * len(head))]
    for name, each in rows.items():
        cells = (each.alert_recall, each.same_day_recall, each.false_alerts, each.false_same_days)
        lines.append(" | ".join([name, *map(str, cells)]))
    return [f"| {line} |" for line in lines] + [""]


def _changed(change: Change) -> list[str]:
    lines = [f"## What changed: {len(change.better)} better, {len(change.worse)} worse", ""]
    for name, ids in (("Worse", change.worse), ("Better", change.better)):
        lines += [f"{name}: {', '.join(ids) or 'none'}", ""]
    return lines


def _listed(heading: str, found: Sequence[Scored], *, show_words: bool) -> list[str]:
    lines = [f"## {heading}: {len(found)}", ""]
    for scored in found:
        line = f"* `{scored.message.id}` {scored.message.urgency.value}, heard {scored.heard.value}"
        if scored.message.indicators:
            line += f" ({', '.join(scored.message.indicators)})"
        lines.append(f"{line}: {' / '.join(scored.message.text.splitlines())}" if show_words else line)
    return [*lines, ""]

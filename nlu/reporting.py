"""What a report says beyond its tables of recall: pictures, shares, names of indicators, comparison, meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nlu.certainty import KINDS, Kind, curves, guesses, reliability
from nlu.comparison import Comparison, Flips, Moved
from nlu.evaluation import Scored, named_right, naming
from nlu.meaning import Found, Meanings, most_confused
from nlu.pictures import Picture

_CALLS: Mapping[Kind, str] = {"alert": "An alert", "look": "A person today"}


def with_pictures(pictures: Sequence[Picture]) -> list[str]:
    """Return lines that show each picture and say it in words."""
    lines = ["## Pictures", ""]
    for picture in pictures:
        lines += [f"![{picture.title}]({picture.name}.svg)", "", f"{picture.title}. {picture.about}.", ""]
    return lines if pictures else []


def certainty(result: Sequence[Scored]) -> list[str]:
    """Return how far the shares can be believed; says so where there are none."""
    lines = ["## How far its shares can be believed", ""]
    if not guesses(result, "alert"):
        return [*lines, "Phrases alone give no shares.", ""]
    for kind in KINDS:
        found = reliability(guesses(result, kind))
        lines += [
            f"{_CALLS[kind]}: calibration error {found.error:.3f}, Brier score {found.brier:.3f} "
            f"({found.brier_of_base:.3f} for one who always says the overall share).",
            "",
        ]
        rows = [(f"{b.low:.1f} to {b.high:.1f}", f"{b.thought:.3f}", str(b.was)) for b in found.bins]
        lines += _table((f"{_CALLS[kind]}: share", "Thought, on average", "Was so"), rows)
        lines += _working_points(result, kind)
    return lines


def _working_points(result: Sequence[Scored], kind: Kind) -> list[str]:
    found = curves(result, kind)
    return [
        *(
            f"* As it stands, {c.works_at[1]:.3f} of {c.urgency.value} for {c.works_at[0]:.3f} of the calm."
            for c in found
        ),
        "",
    ]


def names(result: Sequence[Scored]) -> list[str]:
    """Return how well indicators are named, the least well first."""
    found = sorted(naming(result).items(), key=lambda each: (each[1].recall.share, each[0]))
    rows = [(name, str(each.recall), str(each.precision)) for name, each in found]
    return [
        "## Indicators named",
        "",
        f"Of dangers read today or sooner, at least one indicator is right: {named_right(result)}.",
        "",
        *_table(("Indicator", "Named, of those that have it", "Right, of those named so"), rows),
    ]


def compared(found: Comparison) -> list[str]:
    """Return what got better and worse, where, and how likely chance alone would do that."""
    lines = [
        "## Beside the other result",
        "",
        f"{len(found.change.better)} messages are heard better, {len(found.change.worse)} worse.",
        "",
        f"* Alerts that are due: {_flipped(found.heard, 'heard')}",
        f"* Calm messages: {_flipped(found.false, 'alerted')}",
        "",
    ]
    for cut, parts in found.cuts.items():
        moved = {name: each for name, each in parts.items() if each.better or each.worse}
        lines += _table((cut.capitalize(), "Messages", "Better", "Worse"), [_row(n, m) for n, m in moved.items()])
    return lines


def _flipped(flips: Flips, how: str) -> str:
    return (
        f"{flips.only_after} {how} only now, {flips.only_before} {how} only before "
        f"(McNemar's exact test: p = {flips.chance:.3f})"
    )


def _row(name: str, moved: Moved) -> tuple[str, ...]:
    return name, str(moved.of), str(moved.better), str(moved.worse)


def meaning(found: Meanings, *, title: str, pictures: Sequence[Picture] = ()) -> str:
    """Return the whole report on intents and needs, as Markdown. It holds no words of any message."""
    lines = [
        f"# {title}",
        "",
        f"{found.accuracy.of} messages. In brackets: 95 % intervals (Wilson).",
        "",
        f"* Intents right: {found.accuracy}",
        f"* Macro-F1 of intents: {found.macro_f1:.3f}",
        f"* Out of scope, known as such or not acted on: {found.strange_known}",
        f"* In scope, taken for out of scope: {found.strange_wrongly}",
        f"* Needs found: {found.needs_together.recall}",
        f"* Needs named that are so: {found.needs_together.precision}",
        "",
        *with_pictures(pictures),
    ]
    lines += ["## By intent", "", *_found("Intent", found.intents), "## Most often mistaken", ""]
    lines += _table(("Labelled", "Understood", "Times"), [(a, b, str(n)) for a, b, n in most_confused(found)])
    lines += ["## By need", "", *_found("Need", found.needs), "## Intents right, by language", ""]
    lines += _table(("Language", "Right"), [(code, str(rate)) for code, rate in found.languages.items()])
    return "\n".join(lines).rstrip() + "\n"


def _found(heading: str, parts: Mapping[str, Found]) -> list[str]:
    rows = [(name, f"{each.f1:.3f}", str(each.recall), str(each.precision)) for name, each in parts.items()]
    return _table((heading, "F1", "Recall", "Precision"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return ["None.", ""]
    lines = [" | ".join(each) for each in (head, ["---"] * len(head), *rows)]
    return [f"| {line} |" for line in lines] + [""]

"""Draws the figures of an evaluation as SVG that reads in black and white, and aloud.

pygal is used here only, and only once a picture is drawn: https://www.pygal.org/en/stable/documentation/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pygal
from pygal.style import Style

from nlu.base import Urgency
from nlu.certainty import Curve, Kind, Reliability
from nlu.evaluation import Figures, Rate

_INK, _FAINT = "#0b0c0c", "#8a9299"
_PALE = "#b8cfdf"  # black words on it have a contrast of 12 to 1
_LINES = ("#12324a", "#b3261e", "#5a3d91")
_DASHES = ("", "10, 5", "2, 4")
_DASH_NAMES = ("whole line", "long dashes", "dots")
_SVG = "http://www.w3.org/2000/svg"
_IN_WORDS: Mapping[Kind, str] = {"alert": "an alert", "look": "a person today"}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its file's name, its title, what it shows in words, and itself."""

    name: str
    title: str
    about: str
    svg: str


def write(pictures: Sequence[Picture], folder: Path) -> None:
    """Write each as `NAME.svg`."""
    for picture in pictures:
        (folder / f"{picture.name}.svg").write_text(picture.svg, encoding="utf-8")


def urgencies(counts: Mapping[tuple[Urgency, Urgency], int]) -> Picture:
    """Draw labelled urgency against the heard one, each pair a disc as large as it is frequent."""
    names = [u.value for u in sorted(Urgency, key=lambda u: u.rank, reverse=True)]
    rows = {a: [counts.get((Urgency(a), Urgency(b)), 0) for b in names] for a in names}
    about = "; ".join(
        f"labelled {a}: " + ", ".join(f"{n} heard {b}" for b, n in zip(names, row, strict=True) if n)
        for a, row in rows.items()
        if any(row)
    )
    return _discs("urgencies", "Urgency: labelled (rows) against heard (columns)", about, names, rows, 460)


def intents(counts: Mapping[tuple[str, str], int]) -> Picture:
    """Draw labelled intent against the understood one."""
    names = sorted({name for pair in counts for name in pair})
    rows = {a: [counts.get((a, b), 0) for b in names] for a in names}
    wrong = sorted(((n, a, b) for (a, b), n in counts.items() if a != b), reverse=True)[:10]
    about = "Most often mistaken: " + "; ".join(f"{a} for {b}, {n} times" for n, a, b in wrong)
    title = "Intent: labelled (rows) against understood (columns)"
    return _discs("intents", title, about, names, rows, 160 + 44 * len(names))


def trade_off(found: Sequence[Curve], kind: Kind) -> Picture:
    """Draw what each threshold would hear against what it would cost; discs mark where the screener stands."""
    limit = max(0.3, *(2 * c.works_at[0] for c in found))
    chart = pygal.XY(
        **_config(_LINES[: len(found)] * 2, height=560),
        x_title="Part of calm messages that would call a person",
        y_title="Part heard",
        xrange=(0, limit),
        range=(0, 1),
        legend_at_bottom=True,
        legend_at_bottom_columns=1,
    )
    told = []
    for number, curve in enumerate(found):
        inside = [p for p in curve.points if p[0] <= limit]
        label = f"{curve.urgency.value}: {_DASH_NAMES[number]}"
        stroke = {"width": 3, "dasharray": _DASHES[number]}
        chart.add(label, inside, show_dots=False, stroke_style=stroke)
        false, heard = curve.works_at
        told.append(f"{curve.urgency.value}: {heard:.3f} heard at {false:.3f} false alarms")
    for curve in found:
        chart.add(f"{curve.urgency.value}: as it stands (disc)", [curve.works_at], dots_size=8)
    title = f"Trade-off for {_IN_WORDS[kind]}: heard against false alarms"
    return _picture(chart, f"trade-off-{kind}", title, "As it stands, " + "; ".join(told))


def reliable(found: Reliability, kind: Kind) -> Picture:
    """Draw how often it was so against how likely it was thought, with the line on which both agree."""
    chart = pygal.XY(
        **_config((_FAINT, _LINES[0]), height=560),
        x_title="How likely it was thought",
        y_title="How often it was so",
        xrange=(0, 1),
        range=(0, 1),
        legend_at_bottom=True,
    )
    chart.add(
        "both agree: dashes", [(0, 0), (1, 1)], show_dots=False, stroke_style={"width": 2, "dasharray": "8, 5"}
    )
    points = [(b.thought, b.was.share) for b in found.bins]
    chart.add("as measured: whole line with discs", points, dots_size=6, stroke_style={"width": 3})
    told = "; ".join(f"thought {b.thought:.2f}, was {b.was.share:.2f} of {b.was.of}" for b in found.bins)
    title = f"How far shares for {_IN_WORDS[kind]} can be believed"
    return _picture(chart, f"reliability-{kind}", title, f"Calibration error {found.error:.3f}. {told}")


def indicators(found: Mapping[str, Figures]) -> Picture:
    """Draw how much danger of each indicator gets a person today, with its interval, the least first."""
    rates = {name: each.same_day_recall for name, each in found.items() if each.same_day_recall.of}
    return _bars("indicators", "Danger read today or sooner, by indicator", rates)


def needs(recalls: Mapping[str, Rate]) -> Picture:
    """Draw how often each need is found, with its interval, the least first."""
    return _bars("needs", "Needs found, by need", recalls)


def _bars(name: str, title: str, rates: Mapping[str, Rate]) -> Picture:
    ordered = sorted(rates.items(), key=lambda each: (each[1].share, each[0]))
    chart = pygal.HorizontalBar(
        **_config((_PALE,), height=120 + 26 * len(ordered)),
        show_legend=False,
        print_values=False,
        range=(0, 1),
        x_title="Part, with its 95 % interval",
    )
    chart.x_labels = [f"{key} ({rate.share:.2f} of {rate.of})" for key, rate in reversed(ordered)]
    values = [(rate.share, *rate.interval) for _, rate in reversed(ordered)]
    chart.add("part", [{"value": share, "ci": {"low": low, "high": high}} for share, low, high in values])
    return _picture(chart, name, title, "; ".join(f"{key}: {rate}" for key, rate in ordered))


def _discs(
    name: str, title: str, about: str, columns: Sequence[str], rows: Mapping[str, Sequence[int]], height: int
) -> Picture:
    chart = pygal.Dot(
        **_config((_PALE,) * len(rows), height=height),
        show_legend=False,
        print_values=True,
        x_label_rotation=0 if len(columns) < 8 else 45,
        formatter=lambda n: f"{n:g}" if n else "",
    )
    chart.x_labels = columns
    for label, row in rows.items():
        chart.add(label, row)
    return _picture(chart, name, title, about)


def _config(colours: Sequence[str], *, height: int) -> dict[str, Any]:
    size = {f"{part}_font_size": 14 for part in ("label", "major_label", "value", "legend", "tooltip")}
    style = Style(
        background="#ffffff",
        plot_background="#ffffff",
        foreground=_INK,
        foreground_strong=_INK,
        foreground_subtle=_FAINT,
        guide_stroke_color="#d4d8da",
        major_guide_stroke_color="#d4d8da",
        colors=tuple(colours),
        value_colors=(_INK,) * len(colours),
        ci_colors=(_INK,) * len(colours),
        stroke_width="2.5",
        opacity="1",
        opacity_hover="1",
        transition="0s",
        font_family="Arial, Helvetica, sans-serif",
        title_font_size=18,
        **size,
    )
    return {"style": style, "js": [], "width": 900, "height": height, "no_prefix": True, "truncate_label": -1,
            "truncate_legend": -1}  # fmt: skip


def _picture(chart: Any, name: str, title: str, about: str) -> Picture:
    chart.title = title
    chart.uuid = name
    root = chart.render_tree()
    root.set("id", f"picture-{name}")
    root.set("role", "img")
    root.set("aria-labelledby", f"title-{name} about-{name}")
    root.set("lang", "en-GB")
    _without_remarks(root)
    for place, (tag, words) in enumerate((("title", title), ("desc", about))):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}" if root.tag.startswith("{") else tag)
        element.set("id", f"{'title' if tag == 'title' else 'about'}-{name}")
        element.text = words
        root.insert(place, element)
    return Picture(name, title, about, ElementTree.tostring(root, encoding="unicode") + "\n")


def _without_remarks(root: Any) -> None:
    """Take out the day it was drawn, links and scripts: the same figures give the same file."""
    for parent in list(root.iter()):
        for element in [e for e in parent if not isinstance(e.tag, str) or e.tag.endswith("script")]:
            parent.remove(element)

"""Draws a figure as SVG that stands in a page: its looks are the desk's style sheet, so that dark stays dark.

pygal is used in `bot` here only: https://www.pygal.org/en/stable/documentation/
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from bot.desk.figures import Figure

WIDTH, FONT = 400, 16
"""The style sheet sets letters of the same size: the room for labels is measured with it."""
MOST_BARS = 16
"""More are in the table only: further down nobody reads a chart."""

MEASURED = ("minutes", "hours", "days")
"""Units that come in parts; all others are counted, and no axis says 0.4 of a person."""
_LONGEST_LABEL = 22
_LABELS_IN_A_ROW = 5
_SVG = "http://www.w3.org/2000/svg"
_UNWANTED = ("script", "defs", "desc", "title")


def draw(figure: Figure) -> str:
    """Return the figure as one SVG element; "" where there is nothing to draw."""
    if figure.is_empty:
        return ""
    chart = _columns(figure) if figure.is_upright else _bars(figure)
    chart.uuid = figure.name
    return _element(chart.render_tree(), figure)


def _columns(figure: Figure) -> Any:
    every = max(1, -(-len(figure.labels) // _LABELS_IN_A_ROW))
    chart = _pygal().Bar(**_config(figure, height=260), show_minor_x_labels=False)
    chart.x_labels = list(figure.labels)
    chart.x_labels_major = list(chart.x_labels)[::every]
    for series in figure.series:
        chart.add(series.name, [{"value": value} if value is not None else None for value in series.values])
    return chart


def _bars(figure: Figure) -> Any:
    many = min(len(figure.labels), MOST_BARS)
    many_series = len(figure.series)
    chart = _pygal().HorizontalBar(
        **_config(figure, height=70 + many * (20 + 14 * many_series)), print_values=many_series == 1
    )
    chart.x_labels = [_short(label) for label in reversed(figure.labels[:many])]
    for series in figure.series:
        chart.add(series.name, list(reversed(series.values[:many])))
    return chart


def _pygal() -> Any:
    """Its library takes a while to load: only once a chart is drawn."""
    import pygal

    return pygal


def _config(figure: Figure, *, height: int) -> dict[str, Any]:
    write = _in_parts if figure.unit in MEASURED else _whole
    return {
        "js": [],
        "style": _pygal().style.Style(**{f"{part}_font_size": FONT for part in ("label", "major_label", "value")}),
        "width": WIDTH,
        "height": height,
        "margin": 6,
        "no_prefix": True,
        "truncate_label": -1,
        "truncate_legend": -1,
        "show_legend": False,
        "min_scale": 2,
        "max_scale": 6,
        "include_x_axis": True,
        "formatter": write,
        "value_formatter": write,
    }


def _whole(number: float) -> str:
    return f"{number:.0f}" if float(number).is_integer() else ""


def _in_parts(number: float) -> str:
    return f"{number:g}"


def _element(root: Any, figure: Figure) -> str:
    _without(root, _UNWANTED)
    for element in root.iter():
        element.attrib.pop("style", None)
    root.set("class", "chart")
    root.set("role", "img")
    root.set("aria-labelledby", f"{figure.name}-title {figure.name}-about")
    root.set("id", f"{figure.name}-chart")
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _without(root: Any, names: tuple[str, ...]) -> None:
    """Take out remarks, scripts, styles and hints: the page has its own of each, and allows no others."""
    for parent in list(root.iter()):
        for element in list(parent):
            if not isinstance(element.tag, str) or element.tag.rpartition("}")[2] in names:
                parent.remove(element)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1].rstrip() + "…"

"""Writes a sheet as SVG, in colours that can be read and printed."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from flows.drawing.sheet import Line, Sheet, Way

COLOURS: dict[str, tuple[str, str, str]] = {
    "card": ("#ffffff", "#0b0c0c", "#0b0c0c"),
    "say": ("#eef4f8", "#0b0c0c", "#7a98ab"),
    "end": ("#12324a", "#ffffff", "#12324a"),
    "same": ("#f3f2f1", "#0b0c0c", "#505a5f"),
    "chip": ("#f3f2f1", "#0b0c0c", "#8a9299"),
    "typed": ("#ffffff", "#0b0c0c", "#505a5f"),
    "guard": ("#fff3cd", "#4d3a00", "#b58900"),
    "worry": ("#fbe3e1", "#7a0c05", "#b3261e"),
    "frame": ("#fafafa", "#0b0c0c", "#6b7780"),
    "repeat": ("#f4f0fa", "#0b0c0c", "#5a3d91"),
    "page": ("#ffffff", "#0b0c0c", "none"),
    "quiet": ("#ffffff", "#505a5f", "none"),
}
"""For each kind of box its fill, its words and its line. Words on fill have a contrast of 4.5 to 1 or more."""


def write_svg(sheet: Sheet, title: str, about: str) -> str:
    width, height = round(sheet.width), round(sheet.height)
    body = "\n".join([*_boxes(sheet), *map(_way, sheet.ways), *map(_line, sheet.lines)])
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img" aria-labelledby="title about" lang="en-GB">
<title id="title">{escape(title)}</title>
<desc id="about">{escape(about)}</desc>
<style>{_style()}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
<path d="M0 0 8 4 0 8z" fill="#0b0c0c"/></marker></defs>
<rect width="{width}" height="{height}" fill="#ffffff"/>
{body}
</svg>
"""


def _style() -> str:
    rules = [
        "text{font-family:Arial,Helvetica,sans-serif}",
        ".bold{font-weight:bold}",
        "rect{stroke-width:1}",
        ".way{fill:none;stroke:#0b0c0c;stroke-width:1.4}",
        ".skip{stroke:#7a5c00;stroke-dasharray:4 3;stroke-width:1.1}",
        ".again{stroke:#5a3d91;stroke-width:1.4}",
        ".b-card{stroke-width:1.4}.b-frame,.b-repeat{stroke-width:1.6}.b-typed{stroke-dasharray:3 2}",
        "@page{size:A3 landscape;margin:8mm}",
        "@media print{svg{width:100%;height:auto;max-height:100%}}",
    ]
    for name, (fill, ink, edge) in COLOURS.items():
        rules.append(f".b-{name}{{fill:{fill};stroke:{edge}}}.t-{name}{{fill:{ink}}}")
    return "".join(rules)


def _boxes(sheet: Sheet) -> Iterator[str]:
    for box in sheet.boxes:
        yield (
            f'<rect class="b-{box.style}" x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" '
            f'height="{box.height:.1f}" rx="{box.radius:g}"/>'
        )


def _line(line: Line) -> str:
    """The width is written too, so that another font fills the same room."""
    classes = f"t-{line.style} bold" if line.bold else f"t-{line.style}"
    return (
        f'<text class="{classes}" x="{line.x:.1f}" y="{line.y:.1f}" font-size="{line.size:g}" '
        f'textLength="{line.width:.1f}" lengthAdjust="spacingAndGlyphs">{escape(line.text)}</text>'
    )


def _way(way: Way) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in way.points)
    head = "" if way.kind == "out" else ' marker-end="url(#head)"'
    return f'<polyline class="way {way.kind}" points="{points}"{head}/>'

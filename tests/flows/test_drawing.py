"""The picture of a flow: all of it is there, nothing lies on anything else, and it can be read and printed."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from flows.drawing.measuring import width_of, wrap
from flows.drawing.picture import draw, lay_out
from flows.drawing.sheet import Box, Line, Sheet
from flows.drawing.svg import COLOURS
from flows.loader import assemble, load_files, load_wording
from flows.model import Flow, FlowFile
from flows.wording import FixedWords, Wording

SVG = "{http://www.w3.org/2000/svg}"
WORDING = Wording({"hello": FixedWords(id="hello", text="Hello from {area.team}. " * 20)})
YES_NO = [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}]

STEPS: list[Any] = [
    {"say": "hello"},
    {"ask": "danger", "kind": "yes_no", "words": "Is anyone in danger?", "options": YES_NO, "unreadable_as": "yes",
     "raises": [{"when": {"answer": "danger", "in": ["yes"]}, "indicator": "x", "urgency": "emergency",
                 "why": "They said so"}]},
    {"ask": "role", "kind": "choice", "sets": "audience",
     "words": {"parent": "Hello, parent", "other": "Who are you?"},
     "options": [{"id": "parent", "label": "A parent or carer"},
                 {"id": "public", "label": "A neighbour", "when": {"audience": ["public"]}}]},
    {"use": "part", "when": {"answer": "danger", "in": ["no"]}},
    {"ask": "only_public", "kind": "text", "words": "What did you see?", "when": {"audience": ["public"]}},
    {"ask": "feelings", "kind": "long_text", "words": "How are things?", "depth": "full",
     "when": {"concern": "immediate"}},
    {"use": "part"},
    {"finish": "handover", "when": {"concern": "emergency"}},
    {"finish": "submit"},
]  # fmt: skip
PART: list[Any] = [
    {"each": "children", "most": 3,
     "steps": [{"ask": "child_name", "kind": "name", "words": "What is their name?"}],
     "more": {"ask": "another", "kind": "yes_no", "words": "Another child?", "options": YES_NO}},
]  # fmt: skip


def flow(steps: list[Any] = STEPS, audience: str = "unknown") -> Flow:
    files = {
        "main": {"flow": "main", "title": "Asking <for> help", "version": 3, "audience": audience, "steps": steps},
        "part": {"flow": "part", "title": "The children", "version": 1, "part": True, "steps": PART},
    }
    return assemble("main", {name: FlowFile.model_validate(file) for name, file in files.items()})


def long_flow(questions: int) -> Flow:
    """Many questions of many shapes, some inside parts that are not always played."""
    words = "Would you tell us a little about how things have been at home since the summer? "
    step = {
        "kind": "choices",
        "options": [{"id": f"o{n}", "label": f"Answer {n} " * (n % 4 + 1)} for n in range(9)],
    }
    steps: list[Any] = []
    for number in range(questions):
        guard = {"when": {"answer": "q_0", "in": ["o1", "o2"]}} if number % 3 == 1 else {}
        steps.append({"ask": f"q_{number}", "words": words * (number % 3 + 1), **step, **guard})
        if number % 10 == 9:
            steps.append({"use": "part", "when": {"answer": "q_0", "in": ["o3"]}})
    return flow([*steps, {"finish": "submit"}])


SHEETS = {
    "small": lay_out(flow(), WORDING),
    "for a parent": lay_out(flow(), WORDING, "parent"),
    "one question": lay_out(flow([STEPS[1]]), WORDING),
    "sixty questions": lay_out(long_flow(60), WORDING),
    "our own for a parent": lay_out(assemble("front_door", load_files()), load_wording(), "parent"),
    "our own for everyone": lay_out(assemble("front_door", load_files()), load_wording()),
}


@pytest.fixture(params=list(SHEETS.values()), ids=list(SHEETS))
def sheet(request: pytest.FixtureRequest) -> Sheet:
    return request.param  # type: ignore[no-any-return]


def words_of(svg: str) -> str:
    return " ".join(element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text"))


def overlap(left: Box, right: Box) -> bool:
    return (
        left.x < right.right - 0.01
        and right.x < left.right - 0.01
        and left.y < right.bottom - 0.01
        and right.y < left.bottom - 0.01
    )


def test_no_two_boxes_lie_on_each_other(sheet: Sheet) -> None:
    """A question half under another cannot be reviewed."""
    by_parent: dict[int | None, list[Box]] = {}
    for box in sheet.boxes:
        by_parent.setdefault(box.parent, []).append(box)
    for boxes in by_parent.values():
        for left, right in combinations(boxes, 2):
            assert not overlap(left, right), (left, right)


def test_every_box_stands_inside_the_one_around_it_and_on_the_sheet(sheet: Sheet) -> None:
    """A step outside its frame looks as if it belonged to another part; one off the sheet is not printed."""
    whole = Box(0, 0, sheet.width, sheet.height, "page")
    for box in sheet.boxes:
        around = whole if box.parent is None else sheet.boxes[box.parent]
        assert box.x >= around.x
        assert box.right <= around.right
        assert box.y >= around.y
        assert box.bottom <= around.bottom


def test_every_line_of_words_fits_its_box(sheet: Sheet) -> None:
    """Words that run out of their box run into the next."""
    for line in sheet.lines:
        box = sheet.boxes[line.box] if line.box is not None else Box(0, 0, sheet.width, sheet.height, "page")
        assert line.x >= box.x
        assert line.x + line.width <= box.right + 0.01, line
        assert line.y - line.size * 0.8 >= box.y, line
        assert line.y + line.size * 0.25 <= box.bottom, line


def test_no_two_lines_of_words_lie_on_each_other(sheet: Sheet) -> None:
    """Nor on the strips and chips between them."""
    by_box: dict[int | None, list[Line]] = {}
    for line in sheet.lines:
        by_box.setdefault(line.box, []).append(line)
    for number, lines in by_box.items():
        inner = [box for box in sheet.boxes if box.parent == number] if number is not None else []
        areas = [Box(w.x, w.y - w.size * 0.75, w.width, w.size * 0.95, "") for w in lines]
        for left, right in combinations(areas, 2):
            assert not overlap(left, right)
        for area in areas:
            assert not any(overlap(area, box) for box in inner)


def test_ways_run_straight_and_on_the_sheet(sheet: Sheet) -> None:
    """Slanting lines cross what they should lead round."""
    for way in sheet.ways:
        for (x, y), (to_x, to_y) in pairwise(way.points):
            assert x == pytest.approx(to_x, abs=1) or y == pytest.approx(to_y, abs=1)
        for x, y in way.points:
            assert 0 <= x <= sheet.width
            assert 0 <= y <= sheet.height


def test_ways_do_not_cross_the_words_of_a_step(sheet: Sheet) -> None:
    """A line through a question makes it look struck out."""
    steps = [box for box in sheet.boxes if box.style in ("card", "say", "end", "same")]
    for way in sheet.ways:
        for (x, y), (to_x, to_y) in pairwise(way.points):
            path = Box(min(x, to_x), min(y, to_y), abs(x - to_x), abs(y - to_y), "")
            for box in steps:
                inside = Box(box.x + 2, box.y + 2, box.width - 4, box.height - 4, "")
                assert not overlap(path, inside) or path.width == path.height == 0, (way, box)


def test_a_long_flow_has_the_shape_of_paper(sheet: Sheet) -> None:
    """One column of sixty questions would print as a ribbon."""
    if len(sheet.boxes) > 100:
        assert 1.0 < sheet.width / sheet.height < 2.0


def test_everything_a_practitioner_reviews_is_there() -> None:
    """Questions, answers, conditions in plain words, who is told, and the ends."""
    said = words_of(draw(flow(), WORDING))
    for words in (
        "Asking <for> help", "Version 3", "Is anyone in danger?", "Says: Hello from [team]", "A parent or carer",
        "To a parent or carer: Hello, parent", "To everyone else: Who are you?", "For each: children, up to 3",
        "Tells a duty worker: emergency if ‘Danger’ is “Yes”", "“A neighbour” only if the person is a member of",
        "Only if ‘Danger’ is “No”. If not: on to step 6",
        "Only in the fuller set and only if a worry of immediate",
        "The children: the same as steps 4 to 5", "End: handed to a duty worker", "End: sent to the duty team",
        "Unclear twice counts as “Yes”", "skip it",
    ):  # fmt: skip
        assert words in said


def test_a_picture_for_one_audience_leaves_out_what_they_never_meet() -> None:
    """A practitioner who works with parents reviews what parents see, and no condition that is settled by that."""
    said = words_of(draw(flow(), WORDING, "parent"))
    assert "Hello, parent" in said
    assert "What did you see?" not in said
    assert "A neighbour" not in said
    assert "What did you see?" in words_of(draw(flow(), WORDING, "public"))
    assert "only if the person" not in words_of(draw(flow(), WORDING, "public"))


def test_a_step_that_may_be_passed_over_has_a_way_round_it() -> None:
    """The picture shows the order with the step, and the order without."""
    plain: list[Any] = [STEPS[1], {**STEPS[4], "when": {"answer": "danger", "in": ["no"]}}, {"finish": "submit"}]
    assert [way.kind for way in lay_out(flow(plain), WORDING).ways].count("skip") == 1
    plain[1] = {**plain[1], "when": None}
    assert [way.kind for way in lay_out(flow(plain), WORDING).ways].count("skip") == 0


def test_nothing_leads_on_from_an_end() -> None:
    """An arrow out of the end would say that more is asked."""
    ways = lay_out(flow([STEPS[1], {"finish": "submit"}]), WORDING).ways
    assert len(ways) == 1


def test_the_picture_tells_what_it_is_to_those_who_do_not_see_it() -> None:
    """A screen reader says the title and the description; the words are words, not shapes."""
    root = ElementTree.fromstring(draw(flow(), WORDING, "parent"))
    assert root.get("role") == "img"
    ids = {element.get("id"): element.text for element in root if element.get("id")}
    assert [ids[name] for name in str(root.get("aria-labelledby")).split()] == [ids["title"], ids["about"]]
    assert ids["title"] == "Asking <for> help"
    assert "as a parent or carer meets it" in str(ids["about"])


def test_the_picture_brings_nothing_with_it() -> None:
    """It opens anywhere, without a network, a font or a script."""
    svg = draw(flow(), WORDING)
    assert "<script" not in svg
    assert "href" not in svg
    assert "@import" not in svg
    assert set(re.findall(r"url\(([^)]*)\)", svg)) == {"#head"}
    assert "sans-serif" in svg
    assert re.search(r"@page\{size:A3 landscape", svg)


@pytest.mark.parametrize("style", COLOURS)
def test_words_stand_out_from_what_is_behind_them(style: str) -> None:
    """WCAG asks 4.5 to 1; people read this on worn screens and office printers."""
    fill, ink, _ = COLOURS[style]
    assert contrast(fill, ink) >= 4.5


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_words_are_wrapped_without_losing_any() -> None:
    """Even a word wider than its box, such as a web address, is broken rather than cut."""
    text = "Go to https://www.example.org/a/very/long/address/that/does/not/end and read it"
    lines = wrap(text, 12, 120)
    assert all(width_of(line, 12) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert wrap("one two three four five six", 12, 60, most=2)[-1].endswith("…")


def test_the_same_flow_gives_the_same_picture() -> None:
    """So that a change in a picture under review is a change in the flow."""
    assert draw(flow(), WORDING) == draw(flow(), WORDING)
